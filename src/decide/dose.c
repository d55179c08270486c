#include "decide/dose.h"

#include <string.h>

/* ---- Before deciding ---- */

static bool is_said(const Facts *facts, DosingRole role) {
  const Fact *fact = facts->vocabulary->dosing.roles[role];
  return fact != NULL && facts->values[fact->index].known;
}

static bool states_treatment(const Facts *facts) {
  return is_said(facts, DOSING_REGIMEN) || is_said(facts, DOSING_SCHEDULE);
}

/* The fact that says how the drug is given. */
static Text treatment_field(const Facts *facts) {
  return facts->vocabulary->dosing
      .roles[is_said(facts, DOSING_SCHEDULE) ? DOSING_SCHEDULE : DOSING_REGIMEN]
      ->name;
}

static void contradict(licet_session *session, const Facts *facts, const Fact *fact,
                       const char *given) {
  Text by = treatment_field(facts);
  Text pointer = text_of(arena_format(&session->arena, "/facts/%.*s", TEXT_ARGS(fact->name)));
  request_error_add(&session->request_errors, fact->name, pointer, facts->values[fact->index].raw,
                    "no contradiction with %.*s, which gives %s", TEXT_ARGS(by), given);
}

static const char *quantity_text(Arena *arena, Amount amount, Dimension dimension) {
  Buffer out;
  buffer_open(&out, arena, 32);
  quantity_write(&out, amount, dimension);
  return buffer_finish(&out);
}

/* A dose that is stated beside a treatment that gives another is a contradiction: neither may
 * decide alone. */
static void fill_in(licet_session *session, Facts *facts, const Fact *fact, Amount amount) {
  FactValue *value = &facts->values[fact->index];
  Arena *arena = &session->arena;
  Buffer raw;
  if (value->known && !value->is_none && !is_within_a_twentieth(value->amount, amount))
    contradict(session, facts, fact, quantity_text(arena, amount, fact->type.dimension));
  if (value->known || value->present) return; /* stated, or said not to be known */
  buffer_open(&raw, arena, 32);
  buffer_character(&raw, '"');
  quantity_write(&raw, amount, fact->type.dimension);
  buffer_character(&raw, '"');
  if (facts->touched != NULL) facts->touched[facts->touched_count++] = fact->index;
  *value = (FactValue){.present = true, .known = true, .computed = true, .amount = amount};
  value->raw = (Text){raw.at, (uint32_t)raw.length};
}

/* A day with a dose that no fact tells of; 0 where there is none. The facts for single days then do
 * not tell the treatment. */
static uint32_t untold_day(const DosePlan *plan) {
  for (uint32_t i = 0; i < plan->days.count; i++) {
    const PlannedDay *day = &plan->days.items[i];
    bool is_reported = day->kind != DAY_DOSE || is_by_time(day->due->line->dimension);
    for (uint32_t f = 0; f < plan->tables->doses_on_days.count && !is_reported; f++)
      is_reported = plan->tables->doses_on_days.items[f].day == day->day;
    if (!is_reported) return day->day;
  }
  return 0;
}

static void fill_in_days(licet_session *session, Facts *facts, DosePlan *plan) {
  const DoseTables *tables = &facts->vocabulary->dosing;
  uint32_t unreported = untold_day(plan);
  Amount amount;
  for (uint32_t i = 0; i < tables->doses_on_days.count; i++) {
    const DoseOnDay *on = &tables->doses_on_days.items[i];
    if (!dose_on_day(plan, on->day, on->fact->type.dimension, &amount)) continue;
    if (unreported == 0) {
      fill_in(session, facts, on->fact, amount);
    } else if (facts->values[on->fact->index].known) {
      contradict(session, facts, on->fact,
                 arena_format(&session->arena, "a dose on day %u too", unreported));
    }
  }
}

void session_compute_doses(licet_session *session, Facts *facts) {
  const licet_determination *d = &session->determination;
  const DoseTables *tables = &facts->vocabulary->dosing;
  if (!states_treatment(facts)) return;
  DoseRequest request = {
      .facts = facts, .drug = d->request.drug, .start = d->request.start, .doses_alone = true};
  DosePlan *plan = dose_plan(&session->arena, &request);
  Amount amount;
  for (uint32_t i = 0; i < tables->highest_doses.count; i++) {
    const Fact *fact = tables->highest_doses.items[i];
    if (highest_dose(plan, fact->type.dimension, &amount)) fill_in(session, facts, fact, amount);
  }
  fill_in_days(session, facts, plan);
}

/* ---- After deciding ---- */

static const Regimen *regimen_authorized(const licet_determination *d) {
  const Criterion *at =
      d->authorized && d->authorized_by != NULL ? d->authorized_by->criterion : NULL;
  while (at != NULL && at->dosed_as == NULL) at = at->parent;
  return at == NULL ? NULL : at->dosed_as;
}

static void set_limits(DoseRequest *request, const licet_determination *d) {
  for (uint32_t i = 0; d->policy != NULL && i < d->policy->model->limits.count; i++) {
    const Limit *limit = &d->policy->model->limits.items[i];
    if (in_force_on(limit->in_force, d->version->date))
      LIST_PUSH(&d->session->arena, request->limits, limit);
  }
}

static licet_dose_plan *plan_for(licet_session *session, const licet_dose_options *options) {
  const licet_determination *d = &session->determination;
  licet_dose_plan *dose = ARENA_NEW(&session->arena, licet_dose_plan);
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
  dose->plan = dose_plan(&session->arena, request);
  return dose;
}

void session_dose(licet_session *session) {
  licet_determination *d = &session->determination;
  if (d->compiled == NULL || d->facts.vocabulary->dosing.regimens.count == 0) return;
  if (states_treatment(&d->facts) || regimen_authorized(d) != NULL)
    d->dose = plan_for(session, NULL);
}

const licet_dose_plan *licet_determination_dose(const licet_determination *determination) {
  return determination->dose;
}
const licet_determination *licet_dose_determination(const licet_dose_plan *plan) {
  return plan->determination;
}

/* ---- For its own sake ---- */

/* Where no policy covers the request, the drug's own vocabulary reads its facts; where none
 * declares it, the first. */
static bool read_without_policy(licet_session *session) {
  const licet_library *library = session->library;
  if (library->vocabularies.count == 0) {
    request_error_add(&session->request_errors, TEXT("drug"), TEXT("/drug"),
                      session->determination.request.drug_raw, "a drug that a vocabulary declares");
    return false;
  }
  const Vocabulary *vocabulary = library->vocabularies.items[0];
  for (uint32_t i = 0; i < library->vocabularies.count; i++) {
    if (dose_table_drug(&library->vocabularies.items[i]->dosing,
                        session->determination.request.drug) == NULL)
      continue;
    vocabulary = library->vocabularies.items[i];
    break;
  }
  session_read_facts(session, vocabulary);
  return session->request_errors.list.count == 0;
}

licet_status licet_dose(licet_session *session, const char *json, size_t length,
                        const licet_dose_options *options, const licet_dose_plan **plan) {
  const licet_determination *determination;
  *plan = NULL;
  licet_status status = licet_decide(session, json, length, &determination);
  if (status != LICET_OK) return status;
  if (ARENA_GUARD(&session->arena)) return session_recover(session);
  arena_guard_with(&session->kept, &session->arena);
  bool sound = determination->compiled != NULL || read_without_policy(session);
  if (sound) {
    session->determination.dose = plan_for(session, options);
    *plan = session->determination.dose;
  } else {
    session_write_errors(session);
  }
  session->arena.guarded = session->kept.guarded = false;
  return sound ? LICET_OK : LICET_BAD_REQUEST;
}
