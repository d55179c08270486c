/* stated_dose: a step of reading; facts that follow from the treatment a request states. */
#ifndef DECIDE_STATED_DOSE_H
#define DECIDE_STATED_DOSE_H

#include "request/request.h"

typedef struct StatedDose {
  Arena *arena;
  RequestErrors *errors;
  Text drug;
  Date start;
} StatedDose;

/* Does the request say how the drug is given? */
bool states_treatment(const Facts *facts);
/* Fills in the facts that follow from what is stated. */
void compute_doses(const StatedDose *stated, Facts *facts);

#endif
