/* dose: the plan of what a determination authorizes, over the authorized cycles and held against
 * the policy's limits. (The doses that a request states are read before: stated_dose.h.)
 */
#ifndef DECIDE_DOSE_H
#define DECIDE_DOSE_H

#include "decide/determination.h"
#include "dosing/plan.h"
#include "json/writer.h"
#include "licet/dose.h"

struct licet_dose_plan {
  const licet_determination *determination;
  DoseRequest request;
  const DosePlan *plan;
  Buffer json;
};

/* Plans the treatment where a regimen is stated or granted; else the determination has none. */
void determination_dose(licet_determination *determination);
/* The plan by these options (NULL: none), whether anything is stated or granted or not. */
licet_dose_plan *dose_plan_for(const licet_determination *determination,
                               const licet_dose_options *options);

/* As the public header shows them; under a guard of the plan's arena. */
licet_dose_totals dose_totals_view(const licet_dose_plan *plan, const DoseTotals *totals);

/* The plan as JSON: with its days and the comparison of preparations, or without; or that
 * comparison alone. */
typedef enum DoseDetail { DOSE_SUMMARY, DOSE_DAYS, DOSE_COMPARISON } DoseDetail;
void dose_write(JsonWriter *json, const licet_dose_plan *plan, DoseDetail detail);

#endif
