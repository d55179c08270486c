#include "dosing/plan.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
  const char *id;
  FindingSeverity severity;
} findings[FINDINGS] = {
#define FINDING(symbol, id, severity, text) {id, FINDING_IS_##severity},
#include "dosing/finding.def"
#undef FINDING
};

const char *finding_id(FindingKind kind) { return findings[kind].id; }
FindingSeverity finding_severity(FindingKind kind) { return findings[kind].severity; }

void plan_find(DosePlan *plan, FindingKind kind, Text field, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *message = arena_format_list(plan->arena, format, arguments);
  va_end(arguments);
  LIST_PUSH(plan->arena, plan->findings, ((Finding){kind, field, message}));
  if (findings[kind].severity == FINDING_IS_ERROR) plan->has_errors = true;
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

static void compare_dose(DosePlan *plan, const Fact *fact, uint32_t day) {
  const FactValue *value = &plan->request->facts->values[fact->index];
  Amount planned;
  if (!value->known || value->is_none || value->computed) return;
  bool says = day == 0 ? highest_dose(plan, fact->type.dimension, &planned)
                       : dose_on_day(plan, day, fact->type.dimension, &planned);
  if (!says || planned == value->amount) return;
  plan_find(plan, FINDING_DOSE_DIFFERS, fact->name, "%s stated; %.*s gives %s",
            amount_text(plan, value->amount, fact->type.dimension),
            (int)plan->regimen->title.length, plan->regimen->title.at,
            amount_text(plan, planned, fact->type.dimension));
}

static void compare_doses(DosePlan *plan) {
  for (uint32_t i = 0; i < plan->tables->highest_doses.count; i++)
    compare_dose(plan, plan->tables->highest_doses.items[i], 0);
  for (uint32_t i = 0; i < plan->tables->doses_on_days.count; i++)
    compare_dose(plan, plan->tables->doses_on_days.items[i].fact,
                 plan->tables->doses_on_days.items[i].day);
}

DosePlan *dose_plan(Arena *arena, const DoseRequest *request) {
  DosePlan *plan = ARENA_NEW(arena, DosePlan);
  plan->arena = arena;
  plan->request = request;
  plan->tables = &request->facts->vocabulary->dosing;
  plan_choose(plan);
  if (!plan->has_errors) plan_calendar(plan);
  if (request->doses_alone) return plan;
  if (!plan->has_errors) {
    plan_vials(plan, plan->preparation);
    if (plan->labelled != NULL) plan_compare_label(plan);
    compare_doses(plan);
  }
  if (!plan->has_errors) plan_limits(plan);
  if (plan->has_errors) {
    plan->days.count = plan->cycles.count = plan->limits.count = 0;
    plan->totals = (DoseTotals){0};
  }
  return plan;
}

/* ---- What the plan says of facts that stand for doses ---- */

/* The dose in another dimension. A dose a day and a dose at a time are not compared. */
static bool dose_as(const DosePlan *plan, const DueDose *due, Dimension dimension, Amount *amount) {
  *amount = due->line->amount;
  if (is_by_time(due->line->dimension) != is_by_time(dimension)) return false;
  if (due->line->dimension == dimension && !due->is_capped) return true;
  switch (dimension) {
    case DIMENSION_MASS:
    case DIMENSION_MASS_PER_TIME:
      *amount = due->given;
      return true;
    case DIMENSION_MASS_PER_AREA:
    case DIMENSION_MASS_PER_AREA_TIME:
      return plan->body.used > 0 && amount_divide(due->given, DIMENSION_MASS, plan->body.used,
                                                  DIMENSION_AREA, amount, NULL);
    case DIMENSION_MASS_PER_MASS:
    case DIMENSION_MASS_PER_MASS_TIME:
      return plan->body.weight > 0 && amount_divide(due->given, DIMENSION_MASS, plan->body.weight,
                                                    DIMENSION_MASS, amount, NULL);
    default:
      return false;
  }
}

static bool highest_on(const DosePlan *plan, uint32_t day, Dimension dimension, Amount *amount) {
  bool found = false;
  const DueDose *last = NULL;
  for (uint32_t i = 0; i < plan->days.count; i++) {
    const PlannedDay *planned = &plan->days.items[i];
    Amount here;
    if (planned->kind != DAY_DOSE || (day != 0 && planned->day != day) || planned->due == last)
      continue;
    last = planned->due;
    if (!dose_as(plan, planned->due, dimension, &here)) return false;
    if (!found || here > *amount) *amount = here;
    found = true;
  }
  return found;
}

/* ---- Where something was assumed ---- */

typedef struct DoseRange {
  Amount least, most; /* whatever is not known; 0: none */
} DoseRange;

/* The highest that the days of one rule come to, and the highest of those that are certain. False
 * where that cannot be said. */
static bool range_of_days(const DosePlan *plan, const CycleRule *rule, const DueDose *due,
                          const bool *certain, uint32_t day, Dimension dimension,
                          DoseRange *range) {
  *range = (DoseRange){0};
  for (uint32_t here = 1; here <= (uint32_t)rule->days; here++) {
    Amount amount;
    if (due[here].line == NULL || (day != 0 && here != day)) continue;
    if (!dose_as(plan, &due[here], dimension, &amount)) return false;
    if (amount > range->most) range->most = amount;
    if (certain[here] && amount > range->least) range->least = amount;
  }
  return true;
}

/* Over every rule that may hold in the cycle. */
static bool range_of_cycle(DosePlan *plan, uint32_t number, uint32_t day, Dimension dimension,
                           DoseRange *range) {
  Truth truth = TRUTH_NO;
  *range = (DoseRange){INT64_MAX, 0};
  for (uint32_t i = 0; i < plan->regimen->rules.count && truth != TRUTH_YES; i++) {
    const CycleRule *rule = &plan->regimen->rules.items[i];
    const DueDose *due;
    const bool *certain;
    DoseRange one;
    truth = possible_due(plan, rule, number, &due, &certain);
    if (truth == TRUTH_NO) continue;
    if (due == NULL || !range_of_days(plan, rule, due, certain, day, dimension, &one)) return false;
    if (one.least < range->least) range->least = one.least;
    if (one.most > range->most) range->most = one.most;
  }
  return true;
}

/* The highest dose where it is the same whatever was assumed. */
static bool highest_of_all(DosePlan *plan, uint32_t day, Dimension dimension, Amount *amount) {
  DoseRange all = {0};
  for (uint32_t i = 0; i < plan->cycles.count; i++) {
    DoseRange one;
    if (plan->cycles.items[i].is_cut_short) return false;
    if (!range_of_cycle(plan, plan->cycles.items[i].number, day, dimension, &one)) return false;
    if (one.least > all.least) all.least = one.least;
    if (one.most > all.most) all.most = one.most;
  }
  *amount = all.most;
  return all.most > 0 && all.least == all.most;
}

static bool has_assumed(const DosePlan *plan) {
  for (uint32_t i = 0; i < plan->findings.count; i++) {
    if (plan->findings.items[i].kind == FINDING_ASSUMED) return true;
  }
  return false;
}

bool dose_on_day(DosePlan *plan, uint32_t day, Dimension dimension, Amount *amount) {
  return has_assumed(plan) ? highest_of_all(plan, day, dimension, amount)
                           : highest_on(plan, day, dimension, amount);
}

bool highest_dose(DosePlan *plan, Dimension dimension, Amount *amount) {
  return dose_on_day(plan, 0, dimension, amount);
}
