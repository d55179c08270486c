/* The treatment that was granted, or else stated, laid out day by day (src/dosing/) and held
 * against the policy's limits. It is planned after deciding and changes no outcome.
 */
#include "decide/dose.h"

#include "decide/stated_dose.h"

static const Regimen *regimen_authorized(const licet_determination *d) {
  const Criterion *at =
      d->authorized && d->authorized_by != NULL ? d->authorized_by->criterion : NULL;
  while (at != NULL && at->dosed_as == NULL) at = at->parent;
  return at == NULL ? NULL : at->dosed_as;
}

static void set_limits(DoseRequest *request, const licet_determination *d) {
  for (uint32_t i = 0; d->policy != NULL && i < d->policy->model->limits.count; i++) {
    const Limit *limit = &d->policy->model->limits.items[i];
    if (in_force_on(limit->in_force, d->version->date)) LIST_PUSH(d->arena, request->limits, limit);
  }
}

licet_dose_plan *dose_plan_for(const licet_determination *d, const licet_dose_options *options) {
  licet_dose_plan *dose = ARENA_NEW(d->arena, licet_dose_plan);
  DoseRequest *request = &dose->request;
  *request = (DoseRequest){.facts = &d->facts,
                           .drug = d->request.drug,
                           .start = d->request.start,
                           .is_authorized = d->authorized,
                           .authorized = regimen_authorized(d),
                           .has_end = d->authorization.has_length,
                           .end = d->authorization.end,
                           .has_cycles = d->authorization.has_cycles,
                           .cycles = d->authorization.cycles};
  if (options != NULL && options->regimen != NULL) request->regimen = text_of(options->regimen);
  if (options != NULL && options->preparation != NULL)
    request->preparation = text_of(options->preparation);
  if (options != NULL && options->formula != NULL) request->formula = text_of(options->formula);
  set_limits(request, d);
  dose->determination = d;
  dose->plan = dose_plan(d->arena, request);
  return dose;
}

void determination_dose(licet_determination *d) {
  if (d->compiled == NULL || d->facts.vocabulary->dosing.regimens.count == 0) return;
  if (states_treatment(&d->facts) || regimen_authorized(d) != NULL)
    d->dose = dose_plan_for(d, NULL);
}

const licet_dose_plan *licet_determination_dose(const licet_determination *determination) {
  return determination->dose;
}
const licet_determination *licet_dose_determination(const licet_dose_plan *plan) {
  return plan->determination;
}
