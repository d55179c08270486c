/* Limits: the first day on which each is exceeded.
 *
 * One pass over the days for each limit. Units and vials count on the day on which they are
 * prepared, in periods that begin with the first vial of a supply. Cycles count with those before
 * this plan, by the record that names more of them.
 */
#include "dosing/plan.h"

static void report_passed(DosePlan *plan, const LimitCheck *check) {
  const char *date = date_text(plan, check->passed);
  switch (check->kind) {
    case LICET_LIMIT_UNITS:
    case LICET_LIMIT_VIALS:
      plan_find(plan, LICET_DOSE_LIMIT_PASSED, (Text){0}, "%s: %lld on %s (cycle %u, day %u)",
                check->text, (long long)check->amount, date, check->cycle, check->day);
      return;
    case LICET_LIMIT_CYCLES:
      plan_find(plan, LICET_DOSE_LIMIT_PASSED, (Text){0}, "%s: cycle %u would begin on %s",
                check->text, check->cycle, date);
      return;
    case LICET_LIMIT_AUTHORIZATION:
      plan_find(plan, LICET_DOSE_AUTHORIZATION_SHORT, (Text){0},
                "%s: a dose falls on %s (cycle %u, day %u)", check->text, date, check->cycle,
                check->day);
      return;
  }
}

/* The first time it is passed counts; `day` is of the cycle, from 0. */
static void pass(LimitCheck *check, const DosePlan *plan, const PlannedCycle *cycle, uint32_t day) {
  check->is_passed = true;
  check->passed = date_of_day(cycle, day);
  check->cycle = cycle->number;
  check->day = day_of_cycle(plan, cycle, day)->day;
}

static void add_check(DosePlan *plan, LimitCheck check) {
  LIST_PUSH(plan->arena, plan->limits, check);
  if (check.is_passed) report_passed(plan, &check);
}

/* ---- Units and vials in a time ---- */

static const char *limit_text(const DosePlan *plan, const Limit *limit) {
  Buffer out;
  buffer_open(&out, plan->arena, 48);
  buffer_integer(&out, limit->amount / AMOUNT_ONE);
  buffer_format(&out, " %.*s", TEXT_ARGS(limit->unit));
  if (limit->code.length > 0) buffer_format(&out, " of %.*s", TEXT_ARGS(limit->code));
  if (limit->every.days != 0 || limit->every.months != 0) {
    buffer_string(&out, " every ");
    limit_write_every(&out, limit);
  } else {
    buffer_string(&out, " in total");
  }
  if (limit->first_cycle != 0 && limit->first_cycle == limit->last_cycle)
    buffer_format(&out, " in cycle %u", limit->first_cycle);
  if (limit->first_cycle != limit->last_cycle)
    buffer_format(&out, " in cycles %u to %u", limit->first_cycle, limit->last_cycle);
  return buffer_finish(&out);
}

static bool counts_in(const Limit *limit, const PlannedCycle *cycle) {
  return limit->first_cycle == 0 ||
         (cycle->number >= limit->first_cycle && cycle->number <= limit->last_cycle);
}

static int64_t counted(const DosePlan *plan, licet_limit_kind kind, const PlannedDay *day) {
  return kind == LICET_LIMIT_VIALS ? day->vials : day->content / plan->drug->unit;
}

/* The first day after a period; none where all counts as one. */
static Date end_of(Date first, Span every) {
  bool in_all = every.days == 0 && every.months == 0;
  return in_all ? DATE_NONE : date_add(first, every);
}

/* What is prepared in the period that now runs. */
typedef struct Supply {
  Date end; /* the first day after it; DATE_NONE: it never ends */
  bool has_begun;
  int64_t sum;
} Supply;

static void count_cycle(const DosePlan *plan, const Limit *limit, const PlannedCycle *cycle,
                        Supply *supply, LimitCheck *check) {
  for (uint32_t i = 0; i < cycle->services; i++) {
    uint32_t day = plan->services.items[cycle->first_service + i];
    Date date = date_of_day(cycle, day);
    int64_t here = counted(plan, check->kind, day_of_cycle(plan, cycle, day));
    if (here == 0) continue;
    if (!supply->has_begun || (supply->end != DATE_NONE && date >= supply->end))
      *supply = (Supply){.end = end_of(date, limit->every), .has_begun = true};
    supply->sum += here;
    if (supply->sum > check->reached) check->reached = supply->sum;
    if (supply->sum > check->bound && !check->is_passed) {
      pass(check, plan, cycle, day);
      check->amount = supply->sum;
    }
  }
}

/* A limit is for a supply: its first period begins with the first vial, and each further one with
 * the first vial after the one before has ended. So a cycle that begins late, after an
 * interruption, has its whole supply. */
static void check_amount(DosePlan *plan, const Limit *limit, licet_limit_kind kind) {
  LimitCheck check = {
      .kind = kind, .text = limit_text(plan, limit), .bound = limit->amount / AMOUNT_ONE};
  Supply supply = {.end = DATE_NONE};
  for (uint32_t i = 0; i < plan->cycles.count; i++) {
    if (counts_in(limit, &plan->cycles.items[i]))
      count_cycle(plan, limit, &plan->cycles.items[i], &supply, &check);
  }
  add_check(plan, check);
}

/* ---- Cycles and the authorization's end ---- */

static void check_cycles(DosePlan *plan, int64_t bound, int64_t before, const char *text) {
  LimitCheck check = {.kind = LICET_LIMIT_CYCLES,
                      .text = text,
                      .bound = bound,
                      .reached = before + plan->cycles.count};
  if (check.reached > bound && plan->cycles.count > 0) {
    uint32_t first = bound > before ? (uint32_t)(bound - before) : 0;
    pass(&check, plan, &plan->cycles.items[first], 0);
    check.amount = before + first + 1;
  }
  add_check(plan, check);
}

/* Where the next cycle's number does not follow from the cycles received, the more of them. */
static int64_t cycles_before(const DosePlan *plan) {
  int64_t before = (int64_t)plan->first_cycle - 1;
  return plan->received > before ? plan->received : before;
}

/* Only what is authorized is planned: where more is requested and all that is authorized is
 * planned, the cycle after the plan is the first beyond it. */
static void check_authorized_cycles(DosePlan *plan) {
  int64_t bound = plan->request->cycles;
  LimitCheck check = {.kind = LICET_LIMIT_CYCLES, .bound = bound, .reached = plan->cycles.count};
  check.text = arena_format(plan->arena, "%lld %s authorized", (long long)bound,
                            bound == 1 ? "cycle" : "cycles");
  if (plan->requested > bound && plan->day_count > 0 && plan->cycles.count >= bound) {
    const PlannedCycle *last = &plan->cycles.items[plan->cycles.count - 1];
    check.is_passed = true;
    check.passed = last_date(last) + 1;
    check.cycle = last->number + 1;
    check.day = 1;
    check.reached = check.amount = plan->requested;
  }
  add_check(plan, check);
}

/* The first dose after the authorization has ended. */
static void find_dose_after(const DosePlan *plan, Date end, LimitCheck *check) {
  for (uint32_t i = 0; i < plan->cycles.count; i++) {
    const PlannedCycle *cycle = &plan->cycles.items[i];
    uint32_t day = cycle->start > end ? 0 : (uint32_t)(end - cycle->start) + 1;
    for (; day < cycle->days; day++) {
      if (day_of_cycle(plan, cycle, day)->kind != LICET_DAY_DOSE) continue;
      pass(check, plan, cycle, day);
      return;
    }
  }
}

static void check_authorization(DosePlan *plan) {
  const DoseRequest *request = plan->request;
  if (!request->has_end) return;
  LimitCheck check = {
      .kind = LICET_LIMIT_AUTHORIZATION,
      .text = arena_format(plan->arena, "authorized until %s", date_text(plan, request->end))};
  find_dose_after(plan, request->end, &check);
  add_check(plan, check);
  if (check.is_passed || plan->cycles.count == 0) return;
  const PlannedCycle *last = &plan->cycles.items[plan->cycles.count - 1];
  plan_find(plan, LICET_DOSE_AUTHORIZATION_ENOUGH, (Text){0},
            "the last dose is on %s; the authorization ends on %s",
            date_text(plan, date_of_day(last, last->last_dose)), date_text(plan, request->end));
}

void plan_limits(DosePlan *plan) {
  const DoseRequest *request = plan->request;
  bool has_vials = plan->drug->presentations.count > 0,
       has_units = has_vials && plan->drug->unit > 0;
  for (uint32_t i = 0; i < request->limits.count; i++) {
    const Limit *limit = request->limits.items[i];
    if (text_is(limit->unit, "cycles")) {
      check_cycles(plan, limit->amount / AMOUNT_ONE, cycles_before(plan), limit_text(plan, limit));
    } else if (has_vials && text_is(limit->unit, "vials")) {
      check_amount(plan, limit, LICET_LIMIT_VIALS);
    } else if (has_units && text_is(limit->unit, "units") &&
               text_equal(limit->code, plan->drug->hcpcs)) {
      check_amount(plan, limit, LICET_LIMIT_UNITS);
    } else if (!text_is(limit->unit, "vials") && !text_is(limit->unit, "units")) {
      plan_find(plan, LICET_DOSE_LIMIT_NOT_CHECKED, (Text){0}, "%s: the plan does not count %.*s",
                limit_text(plan, limit), TEXT_ARGS(limit->unit));
    }
  }
  if (!request->is_authorized) return;
  if (request->has_cycles) check_authorized_cycles(plan);
  check_authorization(plan);
}
