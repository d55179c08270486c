/* The calendar: one day after the other, what falls due, what stands still, when a cycle ends.
 *
 * The doses of a cycle are laid out once for each of its rules (DueDose, one for each day); then a
 * walk goes over the dates, with the count of the cycle's days beside it. The date always moves on;
 * the count stands still while a due dose waits for an interruption. So no dose is lost but in a
 * cycle that an interruption ends.
 *
 *     date    02 03 04 05 06 07        D a dose, x interrupted, - free
 *     day      1  2  2  2  3  4
 *     kind     D  x  x  D  D  -
 */
#include <string.h>

#include "base/limits.h"
#include "compile/variable.h"
#include "dosing/plan.h"
#include "policy/model.h"

/* ---- What falls due in a cycle ---- */

/* The condition is not known. A body measure or another amount is never assumed: the first that
 * is not given is reported as an error. False then. */
static bool may_assume(DosePlan *plan, const Condition *when) {
  FactList facts = {0};
  facts_of_condition(plan->arena, &facts, when);
  for (uint32_t i = 0; i < facts.count; i++) {
    const Fact *fact = facts.items[i];
    if (plan->request->facts->values[fact->index].known || fact->type.kind != TYPE_QUANTITY)
      continue;
    licet_dose_finding_kind kind =
        fact == plan->tables->roles[DOSING_WEIGHT] ? LICET_DOSE_NO_WEIGHT : LICET_DOSE_NOT_GIVEN;
    plan_find(plan, kind, fact->name, "%.*s is required to calculate the dose",
              TEXT_ARGS(fact->name));
    return false;
  }
  return true;
}

static const char *unknown_facts(const DosePlan *plan, const Condition *when) {
  FactList facts = {0};
  Buffer out;
  buffer_open(&out, plan->arena, 32);
  facts_of_condition(plan->arena, &facts, when);
  for (uint32_t i = 0; i < facts.count; i++) {
    if (plan->request->facts->values[facts.items[i]->index].known) continue;
    if (out.length > 0) buffer_string(&out, ", ");
    buffer_text(&out, facts.items[i]->name);
  }
  return buffer_finish(&out);
}

Truth plan_holds(const DosePlan *plan, const Condition *when) {
  return when == NULL ? TRUTH_YES : evaluate_condition(when, plan->request->facts);
}

static void assume(DosePlan *plan, const Condition *when, const char *what) {
  const char *facts = unknown_facts(plan, when);
  const char *message = arena_format(plan->arena, "not known: %s; %s", facts, what);
  for (uint32_t i = 0; i < plan->findings.count; i++) {
    if (plan->findings.items[i].kind == LICET_DOSE_ASSUMED &&
        text_is(text_of(plan->findings.items[i].message), message))
      return;
  }
  const char *comma = strchr(facts, ',');
  Text first = comma == NULL ? text_of(facts) : (Text){facts, (uint32_t)(comma - facts)};
  plan_find(plan, LICET_DOSE_ASSUMED, first, "%s", message);
}

/* The rule that holds; where that is open, of those still possible the one with the shortest cycle,
 * which needs the drug soonest. NULL, reported, where none does. */
static const CycleRule *rule_for(DosePlan *plan, const Regimen *regimen, uint32_t number) {
  const CycleRule *open = NULL;
  for (uint32_t i = 0; i < regimen->rules.count; i++) {
    const CycleRule *rule = &regimen->rules.items[i];
    if (number < rule->first || number > rule->last) continue;
    Truth truth = plan_holds(plan, rule->when);
    if (truth == TRUTH_YES) return rule;
    if (truth == TRUTH_NO) continue;
    if (!may_assume(plan, rule->when)) return NULL;
    if (open == NULL || rule->days < open->days) open = rule;
  }
  if (open != NULL) {
    bool is_first = number == open->first ||
                    number == plan->first_cycle; /* reported once for the cycles of a rule */
    if (is_first)
      assume(plan, open->when,
             arena_format(plan->arena, "cycle %u is planned with %d days", number, open->days));
    return open;
  }
  return NULL;
}

/* The regimen has no more for this patient: an error where it has nothing at all, else the plan
 * ends there. */
static void report_no_rule(DosePlan *plan, uint32_t number) {
  bool at_all = plan->cycles.count > 0;
  if (plan->has_errors) return;
  plan_find(plan, at_all ? LICET_DOSE_REGIMEN_ENDS : LICET_DOSE_NO_RULE, (Text){0},
            "%.*s has no doses for this patient in cycle %u%s", TEXT_ARGS(plan->regimen->title),
            number, at_all ? ": the plan ends before it" : "");
}

static bool gives_something(const DueDose *due, uint32_t days) {
  for (uint32_t day = 1; day <= days; day++) {
    if (due[day].line != NULL) return true;
  }
  return false;
}

LineDose line_dose(const DosePlan *plan, const DoseLine *line, DueDose *due) {
  const Body *body = &plan->body;
  Dimension by = DIMENSION_AREA, dimension = line->dimension;
  Amount factor = 0;
  *due = (DueDose){.line = line, .given = line->amount};
  if (!dose_of_day(&due->given, &dimension)) return LINE_TOO_LARGE;
  if (dimension == DIMENSION_MASS_PER_AREA) {
    if (body->used == 0) return body->weight == 0 ? LINE_NEEDS_WEIGHT : LINE_NEEDS_HEIGHT;
    factor = body->used;
  } else if (dimension == DIMENSION_MASS_PER_MASS) {
    if (body->weight == 0) return LINE_NEEDS_WEIGHT;
    by = DIMENSION_MASS;
    factor = body->weight;
  }
  if (factor > 0 && !amount_multiply(due->given, dimension, factor, by, &due->given, NULL))
    return LINE_TOO_LARGE;
  due->is_capped = line->at_most > 0 && due->given > line->at_most;
  if (due->is_capped) due->given = line->at_most;
  return LINE_WEIGHED;
}

/* What the line gives to this body; false, reported, where something is missing. */
static bool weigh(DosePlan *plan, const DoseLine *line, DueDose *due) {
  bool by_area =
      line->dimension == DIMENSION_MASS_PER_AREA || line->dimension == DIMENSION_MASS_PER_AREA_TIME;
  switch (line_dose(plan, line, due)) {
    case LINE_WEIGHED:
      return true;
    case LINE_NEEDS_WEIGHT:
      plan_find(plan, LICET_DOSE_NO_WEIGHT, role_field(plan, DOSING_WEIGHT),
                by_area ? "weight is required to calculate the body surface area (BSA) for %.*s"
                        : "weight is required to calculate %.*s",
                TEXT_ARGS(line->ordered));
      return false;
    case LINE_NEEDS_HEIGHT:
      plan_find(plan, LICET_DOSE_NO_HEIGHT, role_field(plan, DOSING_HEIGHT),
                "height is required to calculate the body surface area (BSA) for %.*s",
                TEXT_ARGS(line->ordered));
      return false;
    case LINE_TOO_LARGE:
      break;
  }
  plan_find(plan, LICET_DOSE_TOO_LARGE, (Text){0},
            "%.*s results in an amount that is too large to calculate", TEXT_ARGS(line->ordered));
  return false;
}

/* A line that may hold gives way to one that does, and among those that may to the largest dose. */
static void place(DueDose *due, const DueDose *dose, bool is_certain, bool *certain) {
  bool better = due->line == NULL || (is_certain && !*certain) ||
                (!is_certain && !*certain && dose->given > due->given);
  if (!better) return;
  *due = *dose;
  *certain = is_certain;
}

static bool lay_line(DosePlan *plan, const DoseLine *line, DueDose *due, bool *certain) {
  Truth truth = plan_holds(plan, line->when);
  DueDose dose;
  if (truth == TRUTH_NO) return true;
  if (truth == TRUTH_UNKNOWN && !may_assume(plan, line->when)) return false;
  if (!weigh(plan, line, &dose)) return false;
  uint32_t first = line->days.items[0], last = line->days.items[line->days.count - 1];
  if (line->is_range) {
    for (uint32_t day = first; day <= last; day++)
      place(&due[day], &dose, truth == TRUTH_YES, &certain[day]);
  } else {
    for (uint32_t i = 0; i < line->days.count; i++)
      place(&due[line->days.items[i]], &dose, truth == TRUTH_YES, &certain[line->days.items[i]]);
  }
  return true;
}

/* What stands on days of which it is not certain was assumed. */
static void report_assumed(DosePlan *plan, const DueDose *due, const bool *certain, uint32_t days,
                           uint32_t number) {
  for (uint32_t day = 1; day <= days; day++) {
    if (due[day].line == NULL || certain[day]) continue;
    assume(plan, due[day].line->when,
           arena_format(plan->arena, "%.*s is planned starting with cycle %u, day %u",
                        TEXT_ARGS(due[day].line->ordered), number, day));
    while (day < days && due[day + 1].line == due[day].line) day++;
  }
}

static bool is_same(const DueDose *a, const DueDose *b) {
  return a->line != NULL && b->line != NULL && a->given == b->given &&
         is_by_time(a->line->dimension) == is_by_time(b->line->dimension);
}

/* The doses of each day, and of which of them it is certain; NULL, reported, where something is
 * missing. */
static DueDose *lay_lines(DosePlan *plan, const CycleRule *rule, bool *certain) {
  DueDose *due = ARENA_ARRAY(plan->arena, DueDose, (uint32_t)rule->days + 2);
  for (uint32_t i = 0; i < rule->lines.count; i++) {
    if (!lay_line(plan, &rule->lines.items[i], due, certain)) return NULL;
  }
  return due;
}

static const DueDose *lay_cycle(DosePlan *plan, const CycleRule *rule, uint32_t number) {
  uint32_t days = (uint32_t)rule->days;
  bool *certain = ARENA_ARRAY(plan->arena, bool, days + 1);
  DueDose *due = lay_lines(plan, rule, certain);
  if (due == NULL || !gives_something(due, days)) return NULL;
  report_assumed(plan, due, certain, days, number);
  for (uint32_t day = days; day >= 1; day--) {
    if (due[day].line != NULL)
      due[day].run = is_same(&due[day], &due[day + 1]) ? due[day + 1].run + 1 : 1;
  }
  return due;
}

int32_t cycle_length(const DosePlan *plan, const Regimen *regimen, uint32_t number) {
  int32_t shortest = 0;
  for (uint32_t i = 0; i < regimen->rules.count; i++) {
    const CycleRule *rule = &regimen->rules.items[i];
    if (number < rule->first || number > rule->last) continue;
    Truth truth = plan_holds(plan, rule->when);
    if (truth == TRUTH_YES) return rule->days;
    if (truth == TRUTH_UNKNOWN && (shortest == 0 || rule->days < shortest)) shortest = rule->days;
  }
  return shortest;
}

const DueDose *cycle_due(DosePlan *plan, const Regimen *regimen, uint32_t number,
                         const CycleRule **rule) {
  uint32_t findings = plan->findings.count;
  bool had_errors = plan->has_errors;
  *rule = rule_for(plan, regimen, number);
  const DueDose *due = *rule == NULL ? NULL : lay_cycle(plan, *rule, number);
  plan->findings.count = findings; /* it is only looked at */
  plan->has_errors = had_errors;
  return due;
}

/* ---- Interruptions ---- */

typedef struct Stretch {
  Date first, last;
  uint32_t held; /* days on which a dose waited for it */
} Stretch;

typedef LIST(Stretch) Stretches;

static bool read_stretch(DosePlan *plan, const Fact *list, const Entry *entry, uint32_t at,
                         Stretch *stretch) {
  const EntryField *first = &entry->fields[dosing_field(list, TEXT("first_day"))->index];
  const EntryField *last = &entry->fields[dosing_field(list, TEXT("last_day"))->index];
  const char *what = NULL;
  if (!first->known || !last->known) {
    what = first->known ? "`last_day` is missing" : "`first_day` is missing";
  } else if (last->date < first->date) {
    what = "the last day comes before the first";
  } else if (last->date - first->date >= LIMIT_CYCLE_DAYS) {
    what = "the interruption is too long to plan";
  }
  if (what != NULL) {
    plan_find(plan, LICET_DOSE_BAD_INTERRUPTION,
              text_of(arena_format(plan->arena, "%.*s[%u]", TEXT_ARGS(list->name), at)), "%s",
              what);
    return false;
  }
  *stretch = (Stretch){first->date, last->date, 0};
  return true;
}

/* In order of their first days. */
static Stretches read_interruptions(DosePlan *plan) {
  Stretches stretches = {0};
  const Fact *list = plan->tables->roles[DOSING_INTERRUPTIONS];
  if (list == NULL || !plan->request->facts->values[list->index].known) return stretches;
  const FactValue *value = &plan->request->facts->values[list->index];
  for (uint32_t i = 0; i < value->entry_count; i++) {
    Stretch stretch;
    if (!read_stretch(plan, list, &value->entries[i], i, &stretch)) continue;
    LIST_PUSH(plan->arena, stretches, stretch);
    for (uint32_t at = stretches.count - 1;
         at > 0 && stretches.items[at].first < stretches.items[at - 1].first; at--) {
      Stretch swap = stretches.items[at];
      stretches.items[at] = stretches.items[at - 1];
      stretches.items[at - 1] = swap;
    }
  }
  return stretches;
}

/* ---- The days ---- */

typedef struct Walk {
  DosePlan *plan;
  Stretches interruptions;
  uint32_t next; /* interruptions before it are over */
  Date date;
} Walk;

/* A plan ends before the last day that a date can be. */
static bool has_room(const Walk *walk, uint32_t days) {
  static const Date last = 2932896; /* 9999-12-31 */
  return walk->plan->day_count + days <= LIMIT_PLAN_DAYS && walk->date + (Date)days <= last;
}

static bool is_interrupted(Walk *walk) {
  while (walk->next < walk->interruptions.count &&
         walk->interruptions.items[walk->next].last < walk->date)
    walk->next++;
  /* later ones may overlap the one that is next, and end after it: they begin no earlier, so this
   * one says first */
  return walk->next < walk->interruptions.count &&
         walk->interruptions.items[walk->next].first <= walk->date;
}

static bool add_day(Walk *walk, uint32_t day, licet_dose_day_kind kind, const DueDose *due) {
  DosePlan *plan = walk->plan;
  if (!has_room(walk, 1)) {
    if (!plan->has_errors)
      plan_find(plan, LICET_DOSE_TOO_LARGE, (Text){0}, "the plan has more than %u days",
                LIMIT_PLAN_DAYS);
    return false;
  }
  LIST_PUSH(plan->arena, plan->laid,
            ((PlannedDay){.day = (uint16_t)day, .kind = (uint8_t)kind, .due = due}));
  plan->day_count++;
  walk->date++;
  return true;
}

/* A due dose waits while an interruption lasts. How long it has stood still is counted by `stood`;
 * false once that is longer than the regimen allows within a cycle that has begun. */
static bool may_go_on(const Walk *walk, bool has_begun, int32_t stood) {
  int32_t allowed = walk->plan->regimen->interruption_days;
  return allowed < 0 || !has_begun || stood <= allowed;
}

static void walk_cycle(Walk *walk, PlannedCycle *cycle, const DueDose *due) {
  DosePlan *plan = walk->plan;
  bool has_begun = false;
  int32_t stood = 0;
  for (uint32_t day = 1; day <= (uint32_t)cycle->rule->days;) {
    bool is_due = due[day].line != NULL;
    if (is_due && is_interrupted(walk)) {
      walk->interruptions.items[walk->next].held++;
      cycle->is_cut_short = !may_go_on(walk, has_begun, ++stood);
      if (!add_day(walk, day, LICET_DAY_INTERRUPTED, NULL)) return;
      continue;
    }
    if (cycle->is_cut_short) return; /* the drug is given again, in a new cycle */
    stood = 0;
    if (is_due) {
      has_begun = true;
      cycle->last_dose = plan->laid.count - cycle->first_laid;
    }
    if (!add_day(walk, day, is_due ? LICET_DAY_DOSE : LICET_DAY_FREE, is_due ? &due[day] : NULL))
      return;
    day++;
  }
}

static void report_cut(DosePlan *plan, const PlannedCycle *cycle) {
  const PlannedDay *last = day_of_cycle(plan, cycle, cycle->days - 1);
  plan_find(plan, LICET_DOSE_INTERRUPTION_ENDS_CYCLE, role_field(plan, DOSING_INTERRUPTIONS),
            "cycle %u ends on its day %u, %s: the interruption is longer than %d days",
            cycle->number, last->day, date_text(plan, last_date(cycle)),
            plan->regimen->interruption_days);
}

static void report_interruptions(DosePlan *plan, const Stretches *interruptions) {
  Text field = role_field(plan, DOSING_INTERRUPTIONS);
  for (uint32_t i = 0; i < interruptions->count; i++) {
    const Stretch *stretch = &interruptions->items[i];
    const char *first = date_text(plan, stretch->first), *last = date_text(plan, stretch->last);
    if (stretch->held == 0) {
      plan_find(plan, LICET_DOSE_INTERRUPTION_IDLE, field,
                "%s to %s: no dose is due, so nothing changes", first, last);
    } else {
      plan_find(plan, LICET_DOSE_INTERRUPTION_HELD, field, "%s to %s: the next dose waits %u %s",
                first, last, stretch->held, stretch->held == 1 ? "day" : "days");
    }
  }
}

/* No interruption is left that begins before the cycle's last day is over. */
static bool is_untouched(Walk *walk, const CycleRule *rule) {
  return !is_interrupted(walk) &&
         (walk->next == walk->interruptions.count ||
          walk->interruptions.items[walk->next].first >= walk->date + (Date)rule->days);
}

/* As the cycle before, some days later. */
static void repeat_cycle(Walk *walk, PlannedCycle *cycle, uint32_t alike) {
  const PlannedCycle *model = &walk->plan->cycles.items[alike];
  cycle->alike = alike;
  cycle->first_laid = model->first_laid;
  cycle->last_dose = model->last_dose;
  walk->plan->day_count += model->days;
  walk->date += (Date)model->days;
}

void plan_calendar(DosePlan *plan) {
  Walk walk = {.plan = plan, .interruptions = read_interruptions(plan), .date = plan->first_dose};
  const DueDose *due = NULL;
  const CycleRule *laid = NULL;
  int64_t model = -1; /* index of the cycle of rule `laid` that others repeat; -1: none yet */
  for (uint32_t i = 0; i < plan->cycle_count && !plan->has_errors; i++) {
    uint32_t number = plan->first_cycle + i;
    const CycleRule *rule = rule_for(plan, plan->regimen, number);
    if (rule != NULL && rule != laid) {
      due = lay_cycle(plan, rule, number); /* what several cycles share is laid out once */
      model = -1;
    }
    if (rule == NULL || due == NULL) {
      report_no_rule(plan, number);
      break;
    }
    laid = rule;
    PlannedCycle cycle = {.rule = rule,
                          .number = number,
                          .start = walk.date,
                          .first_day = plan->day_count,
                          .first_laid = plan->laid.count,
                          .alike = i};
    bool is_plain = is_untouched(&walk, rule);
    if (is_plain && model >= 0 && has_room(&walk, (uint32_t)rule->days)) {
      repeat_cycle(&walk, &cycle, (uint32_t)model);
    } else {
      walk_cycle(&walk, &cycle, due);
    }
    if (is_plain && model < 0) model = i;
    cycle.days = plan->day_count - cycle.first_day;
    LIST_PUSH(plan->arena, plan->cycles, cycle);
    if (cycle.is_cut_short) report_cut(plan, &cycle);
  }
  if (!plan->has_errors) report_interruptions(plan, &walk.interruptions);
}
