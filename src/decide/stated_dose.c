/* Doses that follow from the treatment a request states, before it is decided.
 *
 * The stated regimen or schedule is planned (dosing/plan.h), and facts such as the highest daily
 * dose are read off the plan where the request leaves them out; criteria then read them like any
 * other. A dose that is stated beside a treatment that gives another is a request error.
 */
#include "decide/stated_dose.h"

#include "dosing/plan.h"

static bool is_said(const Facts *facts, DosingRole role) {
  const Fact *fact = facts->vocabulary->dosing.roles[role];
  return fact != NULL && facts->values[fact->index].known;
}

bool states_treatment(const Facts *facts) {
  return is_said(facts, DOSING_REGIMEN) || is_said(facts, DOSING_SCHEDULE);
}

/* The fact that says how the drug is given. */
static Text treatment_field(const Facts *facts) {
  return facts->vocabulary->dosing
      .roles[is_said(facts, DOSING_SCHEDULE) ? DOSING_SCHEDULE : DOSING_REGIMEN]
      ->name;
}

static void contradict(const StatedDose *stated, const Facts *facts, const Fact *fact,
                       const char *given) {
  Text by = treatment_field(facts);
  Text pointer = text_of(arena_format(stated->arena, "/facts/%.*s", TEXT_ARGS(fact->name)));
  request_error_add(stated->errors, fact->name, pointer, facts->values[fact->index].raw,
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
static void fill_in(const StatedDose *stated, Facts *facts, const Fact *fact, Amount amount) {
  FactValue *value = &facts->values[fact->index];
  Arena *arena = stated->arena;
  Buffer raw;
  if (value->known && !value->is_none && !is_within_a_twentieth(value->amount, amount))
    contradict(stated, facts, fact, quantity_text(arena, amount, fact->type.dimension));
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

static void fill_in_days(const StatedDose *stated, Facts *facts, DosePlan *plan) {
  const DoseTables *tables = &facts->vocabulary->dosing;
  uint32_t unreported = untold_day(plan);
  Amount amount;
  for (uint32_t i = 0; i < tables->doses_on_days.count; i++) {
    const DoseOnDay *on = &tables->doses_on_days.items[i];
    if (!dose_on_day(plan, on->day, on->fact->type.dimension, &amount)) continue;
    if (unreported == 0) {
      fill_in(stated, facts, on->fact, amount);
    } else if (facts->values[on->fact->index].known) {
      contradict(stated, facts, on->fact,
                 arena_format(stated->arena, "a dose on day %u too", unreported));
    }
  }
}

void compute_doses(const StatedDose *stated, Facts *facts) {
  const DoseTables *tables = &facts->vocabulary->dosing;
  if (!states_treatment(facts)) return;
  DoseRequest request = {
      .facts = facts, .drug = stated->drug, .start = stated->start, .doses_alone = true};
  DosePlan *plan = dose_plan(stated->arena, &request);
  Amount amount;
  for (uint32_t i = 0; i < tables->highest_doses.count; i++) {
    const Fact *fact = tables->highest_doses.items[i];
    if (highest_dose(plan, fact->type.dimension, &amount)) fill_in(stated, facts, fact, amount);
  }
  fill_in_days(stated, facts, plan);
}
