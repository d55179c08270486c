/* patient: a request that falls into given cells: ordinary values, few facts; and its JSON.
 *
 * Values are tried from the most ordinary on, and each is held against the variables themselves
 * (variable_cells), so a patient that is found lies where it was asked to lie.
 */
#ifndef PROVE_PATIENT_H
#define PROVE_PATIENT_H

#include "prove/space.h"

typedef struct Patient {
  Facts facts; /* `present` for what the request states */
  Text drug, line;
  Date start;
} Patient;

/* A patient in these cells (NO_CELL: any). False where none was found; `conflict`, per variable,
 * then marks those that could not be met together. */
bool patient_find(Space *space, const uint8_t *cells, Patient *patient, bool *conflict);
/* Per variable the cells the patient's facts leave open, within what is allowed. */
void patient_cells(const Space *space, const Patient *patient, uint64_t *bound);
/* The request to a policy, received on a day: JSON on several lines. Borrowed from the space's
 * arena. */
Text patient_request(const Space *space, const Patient *patient, const Policy *policy,
                     Date received);

#endif
