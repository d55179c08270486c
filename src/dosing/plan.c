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

const char *date_text(const DosePlan *plan, Date date) {
  char *text = arena_allocate(plan->arena, 11);
  date_write(date, text);
  return text;
}

DosePlan *dose_plan(Arena *arena, const DoseRequest *request) {
  DosePlan *plan = ARENA_NEW(arena, DosePlan);
  plan->arena = arena;
  plan->request = request;
  plan->tables = &request->facts->vocabulary->dosing;
  plan_choose(plan);
  if (!plan->has_errors) plan_calendar(plan);
  if (!plan->has_errors) {
    plan_vials(plan, plan->preparation);
    if (plan->labelled != NULL) plan_compare_label(plan);
  }
  if (!plan->has_errors) plan_limits(plan);
  if (plan->has_errors) {
    plan->days.count = plan->cycles.count = plan->limits.count = 0;
    plan->totals = (DoseTotals){0};
  }
  return plan;
}

/* ---- What the plan says of facts that stand for doses ------------------------------------------------------------------------ */

/* The dose in another dimension: by the day or not is the same number for one day. */
static bool dose_as(const DosePlan *plan, const DueDose *due, Dimension dimension, Amount *amount) {
  *amount = due->line->amount;
  if (due->line->dimension == dimension && !due->is_capped) return true;
  switch (dimension) {
    case DIMENSION_MASS:
    case DIMENSION_MASS_PER_TIME:
      *amount = due->given;
      return true;
    case DIMENSION_MASS_PER_AREA:
    case DIMENSION_MASS_PER_AREA_TIME:
      return plan->body.used > 0 && amount_divide(due->given, DIMENSION_MASS, plan->body.used, DIMENSION_AREA, amount, NULL);
    case DIMENSION_MASS_PER_MASS:
    case DIMENSION_MASS_PER_MASS_TIME:
      return plan->body.weight > 0 && amount_divide(due->given, DIMENSION_MASS, plan->body.weight, DIMENSION_MASS, amount, NULL);
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
    if (planned->kind != DAY_DOSE || (day != 0 && planned->day != day) || planned->due == last) continue;
    last = planned->due;
    if (!dose_as(plan, planned->due, dimension, &here)) return false;
    if (!found || here > *amount) *amount = here;
    found = true;
  }
  return found;
}

bool dose_on_day(const DosePlan *plan, uint32_t day, Dimension dimension, Amount *amount) {
  return highest_on(plan, day, dimension, amount);
}

bool highest_dose(const DosePlan *plan, Dimension dimension, Amount *amount) { return highest_on(plan, 0, dimension, amount); }
