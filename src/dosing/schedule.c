/* The days a request states, laid out as a regimen of their own; and how they differ from the
 * regimen named.
 *
 * What the entries leave open is taken from the regimen: the length of a cycle, which never depends
 * on the body, and how long an interruption may last. A schedule that contradicts itself is an
 * error of the plan; what it orders is still read by criteria (ordered.c).
 */
#include "base/limits.h"
#include "dosing/plan.h"
#include "policy/model.h"

static int field_index(const Fact *list, Text name) {
  const Field *field = dosing_field(list, name);
  return field == NULL || field->type.kind != TYPE_QUANTITY ||
                 field->type.dimension != DIMENSION_COUNT
             ? -1
             : (int)field->index;
}

ScheduleFields schedule_fields(const Fact *list) {
  return (ScheduleFields){field_index(list, TEXT("cycle")), field_index(list, TEXT("cycle_days")),
                          field_index(list, TEXT("first_day")),
                          field_index(list, TEXT("last_day"))};
}

uint32_t schedule_count(const Entry *entry, int field) {
  if (field < 0 || !entry->fields[field].known) return 0;
  int64_t count = entry->fields[field].amount / AMOUNT_ONE;
  return count > LIMIT_PLAN_DAYS ? LIMIT_PLAN_DAYS + 1 : (uint32_t)count;
}

static void bad(DosePlan *plan, uint32_t entry, const char *what) {
  Text field = role_field(plan, DOSING_SCHEDULE);
  const char *place = arena_format(plan->arena, "%.*s[%u]", TEXT_ARGS(field), entry);
  plan_find(plan, LICET_DOSE_BAD_SCHEDULE, text_of(place), "%s", what);
}

/* The one dose an entry states. */
static bool read_dose(DosePlan *plan, const Fact *list, const Entry *entry, uint32_t at,
                      DoseLine *line) {
  uint32_t doses = 0;
  for (uint32_t i = 0; i < list->field_count; i++) {
    if (!entry->fields[i].known || list->fields[i].type.kind != TYPE_QUANTITY ||
        !is_dose_dimension(list->fields[i].type.dimension))
      continue;
    line->amount = entry->fields[i].amount;
    line->dimension = list->fields[i].type.dimension;
    line->ordered = text_of(amount_text(plan, line->amount, line->dimension));
    doses++;
  }
  if (doses != 1) bad(plan, at, doses == 0 ? "the dose is missing" : "one dose, not several");
  return doses == 1;
}

static bool read_days(DosePlan *plan, const ScheduleFields *fields, const Entry *entry, uint32_t at,
                      DoseLine *line) {
  uint32_t first = schedule_count(entry, fields->first_day),
           last = schedule_count(entry, fields->last_day);
  if (last == 0) last = first;
  if (first == 0 || last < first || last > LIMIT_CYCLE_DAYS) {
    bad(plan, at,
        first == 0 ? "`first_day` is missing"
                   : "the days are in the wrong order, or exceed the longest cycle");
    return false;
  }
  line->is_range = true;
  LIST_PUSH(plan->arena, line->days, first);
  LIST_PUSH(plan->arena, line->days, last);
  return true;
}

static bool overlaps(const CycleRule *rule, const DoseLine *line) {
  for (uint32_t i = 0; i < rule->lines.count; i++) {
    const DoseLine *other = &rule->lines.items[i];
    if (line->days.items[0] <= other->days.items[1] && other->days.items[0] <= line->days.items[1])
      return true;
  }
  return false;
}

/* How long a cycle lasts, where the entries do not say: as the regimen has it; else as long as
 * there are doses. */
static int32_t length_of(DosePlan *plan, const CycleRule *stated, uint32_t number) {
  uint32_t last = 0;
  if (stated->days > 0) return stated->days;
  if (plan->regimen != NULL && number <= plan->regimen->cycles) {
    int32_t days = cycle_length(plan, plan->regimen, number);
    if (days > 0) return days;
  }
  for (uint32_t i = 0; i < stated->lines.count; i++) {
    if (stated->lines.items[i].days.items[1] > last) last = stated->lines.items[i].days.items[1];
  }
  return (int32_t)last;
}

static void add_entry(DosePlan *plan, CycleRule *rule, const Entry *entry,
                      const ScheduleFields *fields, const DoseLine *line, uint32_t at) {
  uint32_t days = schedule_count(entry, fields->cycle_days);
  if (days > LIMIT_CYCLE_DAYS) {
    bad(plan, at, "the cycle is too long");
    return;
  }
  if (days > 0 && rule->days > 0 && (uint32_t)rule->days != days)
    bad(plan, at, "an entry above gives the cycle a different length");
  if (days > 0) rule->days = (int32_t)days;
  if (overlaps(rule, line)) bad(plan, at, "an entry above already has a dose on one of these days");
  LIST_PUSH(plan->arena, rule->lines, *line);
}

static uint32_t last_cycle(const DosePlan *plan, const FactValue *schedule,
                           const ScheduleFields *fields) {
  uint32_t last = plan->regimen == NULL ? 0 : plan->regimen->cycles;
  for (uint32_t i = 0; i < schedule->entry_count; i++) {
    uint32_t cycle = schedule_count(&schedule->entries[i], fields->cycle);
    if (cycle > last) last = cycle;
  }
  return last;
}

/* As long as the regimen named lets a cycle wait. Where none is named, as the drug's regimens do:
 * the shortest of them, which ends a cycle soonest. */
static int32_t interruption_of(const DosePlan *plan) {
  int32_t shortest = -1;
  if (plan->regimen != NULL) return plan->regimen->interruption_days;
  for (uint32_t i = 0; i < plan->tables->regimens.count; i++) {
    const Regimen *regimen = plan->tables->regimens.items[i];
    if (regimen->drug != plan->drug || regimen->interruption_days < 0) continue;
    if (shortest < 0 || regimen->interruption_days < shortest)
      shortest = regimen->interruption_days;
  }
  return shortest;
}

/* An entry without a cycle is for every cycle; one with a cycle for that alone, beside those for
 * every cycle. */
const Regimen *schedule_read(DosePlan *plan) {
  const Fact *list = plan->tables->roles[DOSING_SCHEDULE];
  const FactValue *schedule = &plan->request->facts->values[list->index];
  ScheduleFields fields = schedule_fields(list);
  Regimen *regimen = ARENA_NEW(plan->arena, Regimen);
  regimen->name = (Text){0};
  regimen->title = TEXT("Stated days");
  regimen->drug = plan->drug;
  regimen->interruption_days = interruption_of(plan);
  regimen->cycles = last_cycle(plan, schedule, &fields);
  bool is_for_all = regimen->cycles == 0; /* no cycle is named anywhere: as many as are asked for */
  if (is_for_all) regimen->cycles = LIMIT_CYCLES;
  if (regimen->cycles > LIMIT_CYCLES) {
    bad(plan, 0, "too many cycles for a regimen");
    return NULL;
  }
  for (uint32_t cycle = 1; cycle <= (is_for_all ? 1 : regimen->cycles); cycle++) {
    CycleRule rule = {.first = cycle, .last = is_for_all ? LIMIT_CYCLES : cycle};
    for (uint32_t i = 0; i < schedule->entry_count; i++) {
      const Entry *entry = &schedule->entries[i];
      uint32_t of = schedule_count(entry, fields.cycle);
      DoseLine line = {0};
      if (of != 0 && of != cycle) continue;
      if (!read_days(plan, &fields, entry, i, &line) || !read_dose(plan, list, entry, i, &line))
        return NULL;
      add_entry(plan, &rule, entry, &fields, &line, i);
    }
    if (rule.lines.count == 0) continue; /* said where the cycle is planned */
    rule.days = length_of(plan, &rule, cycle);
    for (uint32_t i = 0; i < rule.lines.count; i++) {
      if (rule.lines.items[i].days.items[1] > (uint32_t)rule.days)
        bad(plan, i, "a dose falls after the cycle's last day");
    }
    LIST_PUSH(plan->arena, regimen->rules, rule);
    if (plan->has_errors) return NULL;
  }
  return regimen;
}

/* ---- Held against the regimen named ---- */

static const char *given_text(const DosePlan *plan, const DueDose *due) {
  return due->line == NULL ? "nothing" : drug_text(plan, due->given);
}

static const DueDose *on(const DueDose *due, const CycleRule *rule, int32_t day) {
  static const DueDose nothing;
  return day >= 1 && day <= rule->days ? &due[day] : &nothing;
}

/* Reported once for each stretch of days on which both give the same. */
static void compare_days(DosePlan *plan, uint32_t number, const DueDose *stated,
                         const CycleRule *rule, const DueDose *labelled,
                         const CycleRule *labelled_rule) {
  int32_t days = rule->days > labelled_rule->days ? rule->days : labelled_rule->days;
  for (int32_t day = 1; day <= days; day++) {
    const DueDose *here = on(stated, rule, day), *there = on(labelled, labelled_rule, day);
    int32_t first = day;
    while (day < days && on(stated, rule, day + 1)->given == here->given &&
           on(labelled, labelled_rule, day + 1)->given == there->given)
      day++;
    if (here->given == there->given) continue;
    plan_find(plan,
              here->given > there->given ? LICET_DOSE_ABOVE_REGIMEN : LICET_DOSE_BELOW_REGIMEN,
              role_field(plan, DOSING_SCHEDULE), "cycle %u, %s: %s stated, %s by %.*s", number,
              first == day ? arena_format(plan->arena, "day %d", day)
                           : arena_format(plan->arena, "days %d to %d", first, day),
              given_text(plan, here), given_text(plan, there), TEXT_ARGS(plan->labelled->name));
  }
}

/* A shorter cycle brings the next doses sooner. */
static void compare_lengths(DosePlan *plan, uint32_t number, const CycleRule *rule,
                            const CycleRule *labelled) {
  if (rule->days == labelled->days) return;
  plan_find(plan, rule->days < labelled->days ? LICET_DOSE_ABOVE_REGIMEN : LICET_DOSE_BELOW_REGIMEN,
            role_field(plan, DOSING_SCHEDULE), "cycle %u: %d days stated, %d by %.*s", number,
            rule->days, labelled->days, TEXT_ARGS(plan->labelled->name));
}

void plan_compare_label(DosePlan *plan) {
  for (uint32_t i = 0; i < plan->cycles.count && !plan->has_errors; i++) {
    const PlannedCycle *cycle = &plan->cycles.items[i];
    const CycleRule *labelled_rule = NULL, *rule = NULL;
    if (cycle->number > plan->labelled->cycles) {
      plan_find(plan, LICET_DOSE_ABOVE_REGIMEN, role_field(plan, DOSING_SCHEDULE),
                "cycle %u: %.*s has %u", cycle->number, TEXT_ARGS(plan->labelled->name),
                plan->labelled->cycles);
      continue;
    }
    const DueDose *stated = cycle_due(plan, plan->regimen, cycle->number, &rule);
    const DueDose *labelled = cycle_due(plan, plan->labelled, cycle->number, &labelled_rule);
    if (stated == NULL || labelled == NULL) {
      plan_find(plan, LICET_DOSE_LABEL_NOT_COMPARED, role_field(plan, DOSING_SCHEDULE),
                "cycle %u: the doses of %.*s cannot be calculated from the facts given",
                cycle->number, TEXT_ARGS(plan->labelled->name));
      continue;
    }
    compare_lengths(plan, cycle->number, rule, labelled_rule);
    compare_days(plan, cycle->number, stated, rule, labelled, labelled_rule);
  }
}
