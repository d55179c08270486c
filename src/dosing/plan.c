/* plan: the steps in their order, findings, and how amounts are written.
 *
 * Each step reads what those before it left and adds to the plan; an error ends it, and then the
 * plan has no days, totals or limits.
 */
#include "dosing/plan.h"

#include <stdarg.h>
#include <stdio.h>

#include "dosing/ordered.h"

licet_severity finding_severity(licet_dose_finding_kind kind) {
  static const licet_severity severities[] = {
#define LICET_DOSE_FINDING(symbol, word, severity, text) LICET_SEVERITY_##severity,
#include "licet/dose_finding.def"
  };
  return severities[kind];
}

void plan_find(DosePlan *plan, licet_dose_finding_kind kind, Text field, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *message = arena_format_list(plan->arena, format, arguments);
  va_end(arguments);
  LIST_PUSH(plan->arena, plan->findings, ((Finding){kind, field, message}));
  if (finding_severity(kind) == LICET_SEVERITY_ERROR) plan->has_errors = true;
}

Text role_field(const DosePlan *plan, DosingRole role) {
  const Fact *fact = plan->tables->roles[role];
  return fact == NULL ? (Text){0} : fact->name;
}

const char *amount_text(const DosePlan *plan, Amount amount, Dimension dimension) {
  Buffer out;
  buffer_open(&out, plan->arena, 24);
  quantity_write(&out, amount, dimension);
  return buffer_finish(&out);
}

/* "mg" of "25 mg/m2": the unit of the regimen's first dose; empty where there is none. */
static Text unit_ordered(const DosePlan *plan) {
  const Regimen *regimen = plan->regimen;
  if (regimen == NULL || regimen->rules.count == 0 || regimen->rules.items[0].lines.count == 0)
    return (Text){0};
  Text ordered = regimen->rules.items[0].lines.items[0].ordered;
  uint32_t first = 0, end;
  while (first < ordered.length && ordered.at[first] != ' ') first++;
  if (first < ordered.length) first++;
  for (end = first; end < ordered.length && ordered.at[end] != '/';) end++;
  return (Text){ordered.at + first, end - first};
}

/* One drug, one unit, that of its vials or else of its doses: an amount that changes its unit from
 * line to line is misread. */
const char *drug_text(const DosePlan *plan, Amount amount) {
  Buffer out;
  const Drug *drug = plan->drug;
  Text unit = drug->presentations.count == 0
                  ? unit_ordered(plan)
                  : drug->presentations.items[0].syntax->content.unit.text;
  buffer_open(&out, plan->arena, 24);
  if (unit.length == 0 || !quantity_write_in(&out, amount, DIMENSION_MASS, unit))
    quantity_write(&out, amount, DIMENSION_MASS);
  return buffer_finish(&out);
}

const char *date_text(const DosePlan *plan, Date date) {
  char *text = arena_allocate(plan->arena, 11);
  date_write(date, text);
  return text;
}

/* ---- Doses stated beside the regimen ---- */

static void compare_dose(DosePlan *plan, const OrderedDoses *doses, const Fact *fact,
                         uint32_t day) {
  const FactValue *value = &plan->request->facts->values[fact->index];
  if (!value->known || value->is_none || value->computed) return;
  OrderedDose planned = ordered_dose(doses, day, fact->type.dimension);
  if (!planned.is_certain || planned.least == value->amount) return;
  plan_find(plan, LICET_DOSE_DOSE_DIFFERS, fact->name, "%s stated; %.*s gives %s",
            amount_text(plan, value->amount, fact->type.dimension),
            (int)plan->regimen->title.length, plan->regimen->title.at,
            amount_text(plan, planned.least, fact->type.dimension));
}

static void compare_doses(DosePlan *plan) {
  const OrderedDoses *doses = ordered_by_plan(plan);
  for (uint32_t i = 0; i < plan->tables->highest_doses.count; i++)
    compare_dose(plan, doses, plan->tables->highest_doses.items[i], 0);
  for (uint32_t i = 0; i < plan->tables->doses_on_days.count; i++)
    compare_dose(plan, doses, plan->tables->doses_on_days.items[i].fact,
                 plan->tables->doses_on_days.items[i].day);
}

DosePlan *dose_plan_open(Arena *arena, const DoseRequest *request) {
  DosePlan *plan = ARENA_NEW(arena, DosePlan);
  plan->arena = arena;
  plan->request = request;
  plan->tables = &request->facts->vocabulary->dosing;
  return plan;
}

const PlannedCycle *cycle_of_day(const DosePlan *plan, uint32_t day) {
  uint32_t first = 0, end = plan->cycles.count;
  while (end - first > 1) {
    uint32_t middle = first + (end - first) / 2;
    if (plan->cycles.items[middle].first_day <= day) {
      first = middle;
    } else {
      end = middle;
    }
  }
  return &plan->cycles.items[first];
}

DosePlan *dose_plan(Arena *arena, const DoseRequest *request) {
  DosePlan *plan = dose_plan_open(arena, request);
  plan_choose(plan);
  if (!plan->has_errors) plan_calendar(plan);
  if (!plan->has_errors) {
    plan_vials(plan, plan->preparation);
    if (plan->labelled != NULL) plan_compare_label(plan);
    compare_doses(plan);
  }
  if (!plan->has_errors) plan_limits(plan);
  if (plan->has_errors) {
    plan->day_count = plan->laid.count = plan->cycles.count = plan->limits.count = 0;
    plan->totals = (DoseTotals){0};
  }
  return plan;
}
