/* dose: the dose plan of a request, before and after it is decided.
 *
 * Before: a regimen or a schedule that is stated says what facts such as the highest daily dose
 * are, where the request leaves them out; criteria read them like any other. After: the plan over
 * the authorized cycles, held against the policy's limits.
 */
#ifndef DECIDE_DOSE_H
#define DECIDE_DOSE_H

#include "decide/session.h"
#include "dosing/plan.h"
#include "licet/dose.h"

struct licet_dose_plan {
  const licet_determination *determination;
  DoseRequest request;
  const DosePlan *plan;
  Buffer json;
};

/* Fills in the facts that follow from what is stated. */
void session_compute_doses(licet_session *session, Facts *facts);
/* Plans the treatment where a regimen is stated or granted; else the determination has none. */
void session_dose(licet_session *session);

/* The plan as JSON: with its days and the comparison of preparations, or without; or that
 * comparison alone. */
typedef enum DoseDetail { DOSE_SUMMARY, DOSE_DAYS, DOSE_COMPARISON } DoseDetail;
void dose_write(Buffer *out, const licet_dose_plan *plan, DoseDetail detail);

#endif
