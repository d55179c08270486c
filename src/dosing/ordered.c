/* ordered: the doses as ordered, as bounds.
 *
 * The order is read once into lines: a stretch of days, the cycles it is for, and the dose for this
 * body. A schedule's entries are lines each for itself, read even where the schedule contradicts
 * itself and cannot be planned: a broken entry must not hide a sound one. A regimen's lines stand
 * under the rules of its cycles.
 *
 *     a schedule    entry 0 ── days 1 to 7 ── 9 mcg/day       on a day: the sum of the entries
 *                   entry 1 ── days 8 to 28 ─ 56 mcg/day      that fall on it; of all days
 *                                                             the highest
 *     a regimen     rule 0 (cycle 1) ── line, line            in a cycle: the least and the most
 *                   rule 1 (cycle 1) ── line                  over the rules that may apply in it;
 *                   rule 2 (cycles 2 to 5) ── line            of all cycles the highest
 *
 * The truth of a rule and of a line is three-valued (Kleene): what may hold raises the most, what
 * does hold raises the least as well. The dose is certain where both bounds meet.
 *
 * The invariant: with more said of dates, interruptions, preparations or cycles asked for, no bound
 * changes.
 */
#include "dosing/ordered.h"

#include "base/limits.h"
#include "policy/model.h"

typedef struct OrderedLine {
  const DoseLine *line;
  uint32_t cycle;    /* of a schedule: its cycle, or 0 for every cycle */
  uint32_t at;       /* of a schedule: its entry */
  Truth truth;       /* whether it is given */
  bool is_weighed;   /* `due` is the dose for this body; else a measure of it is missing */
  bool is_day_known; /* its days are known */
  DueDose due;
} OrderedLine;

typedef struct OrderedRule {
  const CycleRule *rule;
  Truth truth;
  uint32_t first_line, lines; /* of OrderedDoses */
} OrderedRule;

struct OrderedDoses {
  DosePlan *plan;
  bool is_schedule;
  bool is_open;        /* something of the order is not known: no dose is certain */
  uint32_t next_cycle; /* of a regimen */
  LIST(OrderedLine) lines;
  LIST(OrderedRule) rules; /* of a regimen */
};

/* The bounds of a highest dose; `most` counts only where `is_bounded`. */
typedef struct Bounds {
  Amount least, most;
  bool is_bounded, is_exact;
} Bounds;

/* ---- Reading the order ---- */

static void add_line(OrderedDoses *doses, OrderedLine line) {
  line.is_weighed = line_dose(doses->plan, line.line, &line.due) == LINE_WEIGHED;
  LIST_PUSH(doses->plan->arena, doses->lines, line);
}

/* The number of the next cycle, the earlier where the record contradicts itself; 0: not known. */
static int64_t next_cycle(const DosePlan *plan) {
  int64_t next = plan_count(plan, DOSING_NEXT_CYCLE),
          after = plan_count(plan, DOSING_CYCLES_RECEIVED) + 1;
  if (next > 0 && after > 0) return next < after ? next : after;
  if (next > 0 || after > 0) return next > 0 ? next : after;
  return plan_must_know_cycle(plan) ? 0 : 1;
}

static void read_rule(OrderedDoses *doses, const CycleRule *rule) {
  OrderedRule ordered = {
      .rule = rule, .truth = plan_holds(doses->plan, rule->when), .first_line = doses->lines.count};
  if (ordered.truth == TRUTH_NO) return;
  for (uint32_t i = 0; i < rule->lines.count; i++) {
    const DoseLine *line = &rule->lines.items[i];
    Truth truth = plan_holds(doses->plan, line->when);
    if (truth != TRUTH_NO)
      add_line(doses, (OrderedLine){.line = line, .truth = truth, .is_day_known = true});
  }
  ordered.lines = doses->lines.count - ordered.first_line;
  LIST_PUSH(doses->plan->arena, doses->rules, ordered);
}

/* From the next cycle to the regimen's last: an authorization is not bound by the number of cycles
 * asked for. Where the next cycle is not known, only what the last one gives is sure to come. */
static void read_regimen(OrderedDoses *doses) {
  const Regimen *regimen = doses->plan->regimen;
  int64_t next = next_cycle(doses->plan);
  doses->is_open = next == 0 || next > regimen->cycles;
  doses->next_cycle = doses->is_open ? regimen->cycles : (uint32_t)next;
  for (uint32_t i = 0; i < regimen->rules.count; i++) {
    if (regimen->rules.items[i].last >= doses->next_cycle)
      read_rule(doses, &regimen->rules.items[i]);
  }
}

static void read_entry(OrderedDoses *doses, const Fact *list, const ScheduleFields *fields,
                       const Entry *entry, uint32_t at) {
  uint32_t found = doses->lines.count;
  uint32_t first = schedule_count(entry, fields->first_day),
           last = schedule_count(entry, fields->last_day);
  if (last == 0) last = first;
  for (uint32_t i = 0; i < list->field_count; i++) {
    Dimension dimension = list->fields[i].type.dimension;
    if (!entry->fields[i].known || list->fields[i].type.kind != TYPE_QUANTITY ||
        !is_dose_dimension(dimension))
      continue;
    DoseLine *line = ARENA_NEW(doses->plan->arena, DoseLine);
    *line = (DoseLine){.is_range = true, .amount = entry->fields[i].amount, .dimension = dimension};
    LIST_PUSH(doses->plan->arena, line->days, first);
    LIST_PUSH(doses->plan->arena, line->days, last);
    add_line(doses, (OrderedLine){.line = line,
                                  .cycle = schedule_count(entry, fields->cycle),
                                  .at = at,
                                  .truth = TRUTH_YES,
                                  .is_day_known = first > 0 && last >= first});
  }
  bool is_sound = doses->lines.count == found + 1 && doses->lines.items[found].is_day_known;
  if (!is_sound) doses->is_open = true;
}

/* The last cycle that an entry names; 0 where each is for every cycle. */
static uint32_t last_named(const OrderedDoses *doses) {
  uint32_t last = 0;
  for (uint32_t i = 0; i < doses->lines.count; i++) {
    if (doses->lines.items[i].cycle > last) last = doses->lines.items[i].cycle;
  }
  return last;
}

/* Of cycles that are over nothing is ordered. Where every cycle named would be over, and the
 * regimen has no later one, the record says something else than the schedule: then every entry
 * counts, and none is certain. */
static void drop_past(OrderedDoses *doses) {
  const Regimen *regimen = doses->plan->regimen;
  int64_t next = next_cycle(doses->plan);
  uint32_t kept = 0, named = last_named(doses);
  bool is_over = named > 0 && next > named && (regimen == NULL || next > regimen->cycles);
  for (uint32_t i = 0; i < doses->lines.count && !is_over; i++) {
    const OrderedLine *line = &doses->lines.items[i];
    if (line->cycle == 0 || line->cycle >= next) doses->lines.items[kept++] = *line;
  }
  if (kept > 0) doses->lines.count = kept;
  if (kept == 0) doses->is_open = true;
}

static void read_schedule(OrderedDoses *doses, const FactValue *schedule) {
  const Fact *list = doses->plan->tables->roles[DOSING_SCHEDULE];
  ScheduleFields fields = schedule_fields(list);
  doses->is_schedule = true;
  for (uint32_t i = 0; i < schedule->entry_count; i++)
    read_entry(doses, list, &fields, &schedule->entries[i], i);
  drop_past(doses);
}

OrderedDoses *ordered_by_plan(DosePlan *plan) {
  OrderedDoses *doses = ARENA_NEW(plan->arena, OrderedDoses);
  const FactValue *schedule = plan_schedule(plan);
  doses->plan = plan;
  if (schedule != NULL) {
    read_schedule(doses, schedule);
  } else if (plan->regimen != NULL) {
    read_regimen(doses);
  } else {
    doses->is_open = true;
  }
  return doses;
}

OrderedDoses *ordered_doses(Arena *arena, const DoseRequest *request) {
  return ordered_by_plan(plan_stated(arena, request));
}

/* ---- Bounds ---- */

/* A dose of a day, in the dimension by time; as it is in any other. */
static bool by_day(Amount *amount, Dimension of, Dimension wanted) {
  return !is_by_time(wanted) ||
         amount_divide(*amount, of, AMOUNT_DAY, DIMENSION_TIME, amount, NULL);
}

/* The dose in another dimension; false where it is not known. A dose a day and a dose at a time
 * are not compared. */
static bool dose_as(const DosePlan *plan, const DueDose *due, Dimension dimension, Amount *amount) {
  *amount = due->line->amount;
  if (is_by_time(due->line->dimension) != is_by_time(dimension)) return false;
  if (due->line->dimension == dimension && !due->is_capped) return true;
  *amount = due->given;
  if (dimension == DIMENSION_MASS || dimension == DIMENSION_MASS_PER_TIME)
    return by_day(amount, DIMENSION_MASS, dimension);
  if (dimension == DIMENSION_MASS_PER_AREA || dimension == DIMENSION_MASS_PER_AREA_TIME)
    return plan->body.used > 0 &&
           amount_divide(due->given, DIMENSION_MASS, plan->body.used, DIMENSION_AREA, amount,
                         NULL) &&
           by_day(amount, DIMENSION_MASS_PER_AREA, dimension);
  if (dimension == DIMENSION_MASS_PER_MASS || dimension == DIMENSION_MASS_PER_MASS_TIME)
    return plan->body.weight > 0 &&
           amount_divide(due->given, DIMENSION_MASS, plan->body.weight, DIMENSION_MASS, amount,
                         NULL) &&
           by_day(amount, DIMENSION_MASS_PER_MASS, dimension);
  return false;
}

/* Is the drug given in this form, by time or at once, in any of its regimens? What is ordered in a
 * form that none has is out of the ordinary, and the facts for the drug's own form do not tell it.
 */
static bool has_form(const DosePlan *plan, bool by_time) {
  for (uint32_t i = 0; i < plan->tables->regimens.count; i++) {
    const Regimen *regimen = plan->tables->regimens.items[i];
    if (regimen->drug != plan->drug) continue;
    for (uint32_t r = 0; r < regimen->rules.count; r++) {
      for (uint32_t l = 0; l < regimen->rules.items[r].lines.count; l++)
        if (is_by_time(regimen->rules.items[r].lines.items[l].dimension) == by_time) return true;
    }
  }
  return false;
}

/* A dose given at once, of a drug that only runs by time, is at least that much on its day. */
static Amount least_by_time(const DosePlan *plan, const DueDose *due, Dimension dimension) {
  bool is_daily = dimension == DIMENSION_MASS_PER_TIME && !is_by_time(due->line->dimension);
  Amount least = due->given;
  if (!is_daily || !has_form(plan, true) || has_form(plan, false)) return 0;
  return by_day(&least, DIMENSION_MASS, dimension) ? least : INT64_MAX;
}

static bool falls_on(const OrderedLine *line, uint32_t day) {
  return day == 0 || !line->is_day_known || dose_line_falls_on(line->line, day);
}

/* What a line alone gives, as bounds. */
static Bounds bounds_of_line(const OrderedDoses *doses, const OrderedLine *line,
                             Dimension dimension) {
  Bounds bounds = {.is_exact = line->line->dimension == dimension};
  if (!line->is_weighed) return bounds;
  bounds.is_bounded = dose_as(doses->plan, &line->due, dimension, &bounds.most);
  bounds.least =
      bounds.is_bounded ? bounds.most : least_by_time(doses->plan, &line->due, dimension);
  return bounds;
}

static void raise_least(Bounds *bounds, Amount least, bool is_exact) {
  if (least <= bounds->least) return;
  bounds->least = least;
  bounds->is_exact = is_exact;
}

/* The entries that fall on the day on which `line` begins, this one included, in its cycle: in a
 * schedule that holds together there is one. */
static Bounds bounds_of_day(const OrderedDoses *doses, const OrderedLine *line, uint32_t day,
                            Dimension dimension) {
  Bounds sum = {.is_bounded = true, .is_exact = true};
  uint32_t doses_on_it = 0;
  for (uint32_t i = 0; i < doses->lines.count; i++) {
    const OrderedLine *other = &doses->lines.items[i];
    bool shares =
        other == line || (other->is_day_known && dose_line_falls_on(other->line, day) &&
                          (other->cycle == 0 || line->cycle == 0 || other->cycle == line->cycle));
    if (!shares) continue;
    Bounds one = bounds_of_line(doses, other, dimension);
    sum.is_bounded = sum.is_bounded && one.is_bounded && doses_on_it++ == 0;
    sum.is_exact = sum.is_exact && one.is_exact;
    if (!amount_add(sum.least, one.least, &sum.least)) sum.least = one.least;
  }
  sum.most = sum.least;
  return sum;
}

static Bounds bounds_of_schedule(const OrderedDoses *doses, uint32_t day, Dimension dimension) {
  Bounds all = {.is_bounded = true, .is_exact = true};
  for (uint32_t i = 0; i < doses->lines.count; i++) {
    const OrderedLine *line = &doses->lines.items[i];
    if (!falls_on(line, day)) continue;
    uint32_t on = day != 0 ? day : line->line->days.items[0];
    Bounds one = bounds_of_day(doses, line, on, dimension);
    all.is_bounded = all.is_bounded && one.is_bounded;
    if (one.most > all.most) all.most = one.most;
    if (day == 0 || line->is_day_known) raise_least(&all, one.least, one.is_exact);
  }
  return all;
}

static Bounds bounds_of_rule(const OrderedDoses *doses, const OrderedRule *rule, uint32_t day,
                             Dimension dimension) {
  Bounds all = {.is_bounded = true, .is_exact = true};
  for (uint32_t i = rule->first_line; i < rule->first_line + rule->lines; i++) {
    const OrderedLine *line = &doses->lines.items[i];
    if (!falls_on(line, day)) continue;
    Bounds one = bounds_of_line(doses, line, dimension);
    all.is_bounded = all.is_bounded && one.is_bounded;
    if (one.most > all.most) all.most = one.most;
    if (line->truth == TRUTH_YES) raise_least(&all, one.least, one.is_exact);
  }
  return all;
}

/* Over the rules that may hold in the cycle; false where none does: the regimen ends. */
static bool bounds_of_cycle(const OrderedDoses *doses, uint32_t cycle, uint32_t day,
                            Dimension dimension, Bounds *bounds) {
  bool any = false;
  *bounds = (Bounds){.least = INT64_MAX, .is_bounded = true, .is_exact = true};
  for (uint32_t i = 0; i < doses->rules.count; i++) {
    const OrderedRule *rule = &doses->rules.items[i];
    if (cycle < rule->rule->first || cycle > rule->rule->last) continue;
    Bounds one = bounds_of_rule(doses, rule, day, dimension);
    any = true;
    bounds->is_bounded = bounds->is_bounded && one.is_bounded;
    bounds->is_exact = bounds->is_exact && one.is_exact;
    if (one.least < bounds->least) bounds->least = one.least;
    if (one.most > bounds->most) bounds->most = one.most;
    if (rule->truth == TRUTH_YES) break;
  }
  return any;
}

/* Does a rule begin, or another end, with this cycle? Else it gives what the one before gives. */
static bool is_new(const OrderedDoses *doses, uint32_t cycle) {
  if (cycle == doses->next_cycle) return true;
  for (uint32_t i = 0; i < doses->rules.count; i++) {
    const CycleRule *rule = doses->rules.items[i].rule;
    if (rule->first == cycle || rule->last + 1 == cycle) return true;
  }
  return false;
}

static Bounds bounds_of_regimen(const OrderedDoses *doses, uint32_t day, Dimension dimension) {
  Bounds all = {.is_bounded = true, .is_exact = true}, one;
  for (uint32_t cycle = doses->next_cycle; cycle <= doses->plan->regimen->cycles; cycle++) {
    if (!is_new(doses, cycle)) continue;
    if (!bounds_of_cycle(doses, cycle, day, dimension, &one)) break;
    all.is_bounded = all.is_bounded && one.is_bounded;
    if (one.most > all.most) all.most = one.most;
    raise_least(&all, one.least, one.is_exact);
  }
  return all;
}

OrderedDose ordered_dose(const OrderedDoses *doses, uint32_t day, Dimension dimension) {
  if (!doses->is_schedule && doses->plan->regimen == NULL) return (OrderedDose){0};
  Bounds bounds = doses->is_schedule ? bounds_of_schedule(doses, day, dimension)
                                     : bounds_of_regimen(doses, day, dimension);
  return (OrderedDose){.least = bounds.least,
                       .is_certain = !doses->is_open && bounds.is_bounded && bounds.least > 0 &&
                                     bounds.least == bounds.most,
                       .is_exact = doses->is_schedule && bounds.is_exact};
}

/* ---- Days that no fact describes ---- */

static bool is_asked_for(const DosePlan *plan, uint32_t day) {
  for (uint32_t i = 0; i < plan->tables->doses_on_days.count; i++) {
    if (plan->tables->doses_on_days.items[i].day == day) return true;
  }
  return false;
}

static uint32_t untold_day_of(const DosePlan *plan, const DoseLine *line) {
  bool is_by_another_form = is_by_time(line->dimension);
  for (uint32_t i = 0; !line->is_range && i < line->days.count; i++) {
    if (is_by_another_form || !is_asked_for(plan, line->days.items[i])) return line->days.items[i];
  }
  if (!line->is_range) return 0;
  uint32_t first = line->days.items[0], last = line->days.items[line->days.count - 1];
  for (uint32_t day = first; day <= last && day <= LIMIT_CYCLE_DAYS; day++) {
    if (is_by_another_form || !is_asked_for(plan, day)) return day;
  }
  return 0;
}

uint32_t ordered_untold_day(const OrderedDoses *doses) {
  const DosePlan *plan = doses->plan;
  bool by_time = has_form(plan, true);
  for (uint32_t i = 0; i < doses->lines.count; i++) {
    const OrderedLine *line = &doses->lines.items[i];
    if (by_time && is_by_time(line->line->dimension)) continue; /* the highest dose says it */
    uint32_t day = untold_day_of(plan, line->line);
    if (day != 0) return day;
  }
  return 0;
}
