/* dose: what a dose plan costs, step by step, and against a calendar written by hand.
 *
 *     make bench BENCH=dose
 *
 * The plan is the longest of policies/: nine cycles of blinatumomab for relapsed disease, 546 days,
 * for an adult by fixed doses and for a child by body surface (DuBois). Sections: 1  a request,
 * JSON in: the plan; the plan as JSON with every day; the determination that carries it, and one
 * where no regimen is named 2  facts bound: the plan alone, and each of its steps (aim: the plan in
 * less than 20 µs) 3  facts bound: the plan alone against nine cycles written out in C
 *
 * Rivals run in turns in one process; figures are medians of the turns. What is compared is first
 * checked to agree, day by day.
 */
#include <stdbool.h>
#include <string.h>

#include "decide/dose.h"
#include "measure.h"
#include "reference/infusion.h"

#define REQUEST(payer, body)                                                                       \
  "{\"payer\":\"" payer                                                                            \
  "\",\"line\":\"commercial\",\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"received\":\"2026-" \
  "11-02\","                                                                                       \
  "\"facts\":{\"dose_regimen\":\"blinatumomab_relapsed\",\"dose_preparation\":\"bag_24_"           \
  "hours\"," body "}}"
#define UNDOSED(body)                                                                  \
  "{\"payer\":\"OHSU Health "                                                          \
  "Services\",\"line\":\"commercial\",\"drug\":\"blinatumomab\",\"kind\":\"initial\"," \
  "\"received\":"                                                                      \
  "\"2026-11-02\",\"facts\":{" body "}}"
#define ADULT "\"weight\":\"70 kg\""
#define CHILD "\"weight\":\"20 kg\",\"height\":\"110 cm\",\"body_surface_formula\":\"dubois\""

typedef struct Patient {
  const char *name, *json, *with_policy, *without_regimen;
} Patient;

static const Patient patients[] = {
    {"an adult, 70 kg, fixed doses", REQUEST("Nobody", ADULT),
     REQUEST("OHSU Health Services", ADULT), UNDOSED(ADULT)},
    {"a child, 20 kg, by surface (DuBois)", REQUEST("Nobody", CHILD),
     REQUEST("OHSU Health Services", CHILD), UNDOSED(CHILD)},
};
enum { PATIENTS = sizeof patients / sizeof *patients, TURNS = 2001, WARMING = 100 };

static void fail(const char *what, const char *about) {
  fprintf(stderr, "dose: %s: %s\n", what, about);
  exit(1);
}

static licet_library *open_library(void) {
  licet_library *library;
  licet_report *report;
  if (licet_library_open("policies", NULL, &library, &report) != LICET_OK)
    fail("policies", report == NULL ? "no memory" : licet_report_text(report));
  licet_report_free(report);
  return library;
}

static const licet_dose_plan *plan_of(licet_session *session, const char *json) {
  const licet_dose_plan *plan;
  if (licet_dose(session, json, strlen(json), NULL, &plan) != LICET_OK)
    fail(json, licet_session_error_json(session, NULL));
  if (licet_dose_plan_cycle(plan, INFUSION_CYCLES - 1).title == NULL)
    fail(json, "has no nine cycles");
  return plan;
}

/* ---- 1  A request ---- */

static void measure_request(licet_session *session, const Patient *patient, double clock) {
  static double planned[TURNS], written[TURNS], decided[TURNS], undosed[TURNS];
  size_t length = 0;
  for (int t = -WARMING; t < TURNS; t++) {
    const licet_determination *determination;
    double at[5];
    at[0] = now_ns();
    const licet_dose_plan *plan = plan_of(session, patient->json);
    at[1] = now_ns();
    licet_dose_json(plan, &length);
    at[2] = now_ns();
    licet_decide(session, patient->with_policy, strlen(patient->with_policy), &determination);
    at[3] = now_ns();
    licet_decide(session, patient->without_regimen, strlen(patient->without_regimen),
                 &determination);
    at[4] = now_ns();
    if (t < 0) continue;
    planned[t] = at[1] - at[0] - clock;
    written[t] = at[2] - at[1] - clock;
    decided[t] = at[3] - at[2] - clock;
    undosed[t] = at[4] - at[3] - clock;
  }
  printf("%-36s %10.1f %10.1f %10.1f %10.1f   (%zu bytes of JSON)\n", patient->name,
         median_of(planned, TURNS) / 1000, median_of(written, TURNS) / 1000,
         median_of(decided, TURNS) / 1000, median_of(undosed, TURNS) / 1000, length);
}

/* ---- 2  Facts bound: each step ---- */

enum { STEP_CHOOSE, STEP_CALENDAR, STEP_VIALS, STEP_LIMITS, STEPS };

static void plan_stepwise(Arena *arena, const DoseRequest *request, double *steps) {
  double at[STEPS + 1];
  DosePlan *plan = ARENA_NEW(arena, DosePlan);
  plan->arena = arena;
  plan->request = request;
  plan->tables = &request->facts->vocabulary->dosing;
  at[0] = now_ns();
  plan_choose(plan);
  at[1] = now_ns();
  plan_calendar(plan);
  at[2] = now_ns();
  plan_vials(plan, plan->preparation);
  at[3] = now_ns();
  plan_limits(plan);
  at[4] = now_ns();
  if (plan->has_errors) fail("a plan", "has errors");
  for (int s = 0; s < STEPS; s++) steps[s] = at[s + 1] - at[s];
}

static void measure_steps(licet_session *session, const Patient *patient, double clock) {
  static double whole[TURNS], steps[STEPS][TURNS];
  const licet_dose_plan *plan = plan_of(session, patient->with_policy);
  Arena arena;
  arena_open(&arena);
  for (int t = -WARMING; t < TURNS; t++) {
    double one[STEPS];
    arena_reset(&arena);
    plan_stepwise(&arena, &plan->request, one);
    arena_reset(&arena);
    const double begin = now_ns();
    dose_plan(&arena, &plan->request);
    const double end = now_ns();
    if (t < 0) continue;
    whole[t] = end - begin - clock;
    for (int s = 0; s < STEPS; s++) steps[s][t] = one[s] - clock;
  }
  arena_close(&arena);
  printf("%-36s", patient->name);
  for (int s = 0; s < STEPS; s++) printf(" %10.2f", median_of(steps[s], TURNS) / 1000);
  printf(" %10.2f\n", median_of(whole, TURNS) / 1000);
}

/* ---- 3  Facts bound: by hand ---- */

static void must_agree(const DosePlan *plan, const InfusionPlan *hand) {
  bool same = plan->day_count == hand->days && plan->cycles.count == INFUSION_CYCLES;
  for (uint32_t i = 0; same && i < hand->days; i++) {
    const PlannedCycle *cycle = cycle_of_day(plan, i);
    const PlannedDay *day = day_of_cycle(plan, cycle, i - cycle->first_day);
    const InfusionDay *other = &hand->day[i];
    same = date_of_day(cycle, i - cycle->first_day) - plan->first_dose == other->date &&
           day->day == other->day && day->vials == other->vials &&
           (day->due == NULL ? 0 : day->due->given) == other->dose && cycle->number == other->cycle;
  }
  same = same && plan->totals.administered == hand->dose && plan->totals.vials == hand->vials &&
         plan->totals.administered_units == hand->given_units &&
         plan->totals.billed_units == hand->billed_units;
  if (!same) fail("the calendar by hand", "is another");
}

static void measure_by_hand(licet_session *session, const Patient *patient, double clock) {
  enum { EACH = 16 }; /* several by hand between two looks at the clock */
  static double licet[TURNS], hand[TURNS];
  static InfusionPlan by_hand;
  const licet_dose_plan *plan = plan_of(session, patient->json);
  Arena arena;
  arena_open(&arena);
  for (int t = -WARMING; t < TURNS; t++) {
    arena_reset(&arena);
    double begin = now_ns();
    const DosePlan *computed = dose_plan(&arena, &plan->request);
    double end = now_ns();
    if (t >= 0) licet[t] = end - begin - clock;
    const Body *body = &computed->body;
    begin = now_ns();
    for (int i = 0; i < EACH; i++) {
      Amount surface = 0;
      if (body->height > 0) body_surface(body->formula, body->height, body->weight, &surface);
      infusion_plan(body->weight, surface, &by_hand);
    }
    end = now_ns();
    if (t >= 0) hand[t] = (end - begin - clock) / EACH;
    if (t == 0) must_agree(computed, &by_hand);
  }
  arena_close(&arena);
  double a = median_of(licet, TURNS), b = median_of(hand, TURNS);
  printf("%-36s %10.2f %10.2f %9.1fx\n", patient->name, a / 1000, b / 1000, a / b);
}

int main(void) {
  licet_library *library = open_library();
  licet_session *session;
  if (licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK)
    fail("session", "no memory");
  const double clock = clock_cost_ns();
  printf("nine cycles, 546 days; medians of %d in µs on one core\n", TURNS);
  printf("\n%-36s %10s %10s %10s %10s\n", "a request, JSON in", "plan", "its JSON", "decided",
         "undosed");
  for (int i = 0; i < PATIENTS; i++) measure_request(session, &patients[i], clock);
  printf("\n%-36s %10s %10s %10s %10s %10s   (aim: below 20 µs)\n", "facts bound", "choose",
         "calendar", "vials", "limits", "plan");
  for (int i = 0; i < PATIENTS; i++) measure_steps(session, &patients[i], clock);
  printf("\n%-36s %10s %10s %10s\n", "facts bound", "plan", "by hand", "ratio");
  for (int i = 0; i < PATIENTS; i++) measure_by_hand(session, &patients[i], clock);
  licet_session_close(session);
  licet_library_close(library);
  return 0;
}
