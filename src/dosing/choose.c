/* What is given, how, to what body, and where in its course the treatment stands.
 *
 * Each choice goes by rank: what the caller names, then the request, then the authorization, then
 * what the drug leaves no choice of. What is skipped or contradicts is a finding.
 */
#include "base/limits.h"
#include "dosing/plan.h"
#include "policy/model.h"

/* ---- Facts by their role ---- */

/* NULL where the request does not say it. */
static const FactValue *value_of(const DosePlan *plan, DosingRole role) {
  const Fact *fact = plan->tables->roles[role];
  if (fact == NULL) return NULL;
  const FactValue *value = &plan->request->facts->values[fact->index];
  return value->known && !value->is_none ? value : NULL;
}

int64_t plan_count(const DosePlan *plan, DosingRole role) {
  const FactValue *value = value_of(plan, role);
  return value == NULL ? -1 : value->amount / AMOUNT_ONE;
}

/* Empty where the request does not say it. */
static Text name_of(const DosePlan *plan, DosingRole role) {
  const FactValue *value = value_of(plan, role);
  return value == NULL ? (Text){0} : value->word;
}

/* ---- Drug, regimen, preparation ---- */

typedef LIST(Text) Names;

static const char *nearest(const DosePlan *plan, Text word, const Names *names) {
  int index = text_nearest(word, names->items, names->count);
  if (index >= 0)
    return arena_format(plan->arena, "; nearest: %.*s", TEXT_ARGS(names->items[index]));
  Buffer out;
  buffer_open(&out, plan->arena, 64);
  for (uint32_t i = 0; i < names->count; i++) {
    buffer_string(&out, i == 0 ? "; there are: " : ", ");
    buffer_text(&out, names->items[i]);
  }
  return buffer_finish(&out);
}

static Names regimen_names(const DosePlan *plan) {
  Names names = {0};
  for (uint32_t i = 0; i < plan->tables->regimens.count; i++) {
    if (plan->tables->regimens.items[i]->drug == plan->drug)
      LIST_PUSH(plan->arena, names, plan->tables->regimens.items[i]->name);
  }
  return names;
}

static void choose_named_regimen(DosePlan *plan, Text name, licet_chosen_by by) {
  const Regimen *regimen = dose_table_regimen(plan->tables, name);
  if (regimen != NULL && regimen->drug == plan->drug) {
    plan->regimen = regimen;
    plan->regimen_by = by;
    return;
  }
  Names names = regimen_names(plan);
  plan_find(plan, LICET_DOSE_UNKNOWN_REGIMEN, role_field(plan, DOSING_REGIMEN),
            "%.*s has no regimen \"%.*s\"%s", TEXT_ARGS(plan->drug->title), TEXT_ARGS(name),
            nearest(plan, name, &names));
}

static void choose_regimen(DosePlan *plan) {
  const DoseRequest *request = plan->request;
  Text stated = name_of(plan, DOSING_REGIMEN);
  Names names = regimen_names(plan);
  if (request->regimen.length > 0) {
    choose_named_regimen(plan, request->regimen, LICET_CHOSEN_BY_OPTION);
  } else if (stated.length > 0) {
    choose_named_regimen(plan, stated, LICET_CHOSEN_BY_REQUEST);
  } else if (request->authorized != NULL && request->authorized->drug == plan->drug) {
    plan->regimen = request->authorized;
    plan->regimen_by = LICET_CHOSEN_BY_AUTHORIZATION;
  } else if (names.count == 1) {
    choose_named_regimen(plan, names.items[0], LICET_CHOSEN_BY_DRUG);
  }
  if (plan->regimen != NULL && request->authorized != NULL &&
      plan->regimen != request->authorized && plan->regimen_by != LICET_CHOSEN_BY_AUTHORIZATION)
    plan_find(plan, LICET_DOSE_REGIMEN_NOT_AUTHORIZED, role_field(plan, DOSING_REGIMEN),
              "%.*s is planned; the authorization is for %.*s", TEXT_ARGS(plan->regimen->name),
              TEXT_ARGS(request->authorized->name));
}

const FactValue *plan_schedule(const DosePlan *plan) {
  const FactValue *schedule = value_of(plan, DOSING_SCHEDULE);
  bool counts = schedule != NULL && schedule->entry_count > 0 && plan->request->regimen.length == 0;
  return counts ? schedule : NULL;
}

/* The days stated are laid out, and the regimen named is what they are held against. */
static void choose_schedule(DosePlan *plan) {
  if (plan_schedule(plan) == NULL) return;
  const Regimen *labelled = plan->regimen;
  const Regimen *stated = schedule_read(plan);
  if (stated == NULL) return;
  plan->labelled = labelled;
  plan->regimen = stated;
  plan->regimen_by = LICET_CHOSEN_BY_SCHEDULE;
}

bool preparation_is_allowed(const Preparation *preparation, const Facts *facts) {
  return preparation->when == NULL || evaluate_condition(preparation->when, facts) == TRUTH_YES;
}

static void refuse_preparation(DosePlan *plan, const Preparation *preparation) {
  plan_find(plan, LICET_DOSE_PREPARATION_NOT_ALLOWED, role_field(plan, DOSING_PREPARATION),
            "%.*s is given only if %.*s", TEXT_ARGS(preparation->title),
            TEXT_ARGS(preparation->when_text));
}

static void choose_named_preparation(DosePlan *plan, Text name, licet_chosen_by by) {
  Names names = {0};
  for (uint32_t i = 0; i < plan->tables->preparations.count; i++) {
    const Preparation *preparation = plan->tables->preparations.items[i];
    if (preparation->drug != plan->drug) continue;
    LIST_PUSH(plan->arena, names, preparation->name);
    if (!text_equal_ignoring_case(preparation->name, name)) continue;
    plan->preparation = preparation;
    plan->preparation_by = by;
    if (!preparation_is_allowed(preparation, plan->request->facts))
      refuse_preparation(plan, preparation);
    return;
  }
  plan_find(plan, LICET_DOSE_UNKNOWN_PREPARATION, role_field(plan, DOSING_PREPARATION),
            "%.*s has no preparation \"%.*s\"%s", TEXT_ARGS(plan->drug->title), TEXT_ARGS(name),
            nearest(plan, name, &names));
}

static void choose_preparation(DosePlan *plan) {
  Text stated = name_of(plan, DOSING_PREPARATION);
  if (plan->request->preparation.length > 0) {
    choose_named_preparation(plan, plan->request->preparation, LICET_CHOSEN_BY_OPTION);
    return;
  }
  if (stated.length > 0) {
    choose_named_preparation(plan, stated, LICET_CHOSEN_BY_REQUEST);
    return;
  }
  for (uint32_t i = 0; i < plan->tables->preparations.count; i++) {
    const Preparation *preparation = plan->tables->preparations.items[i];
    if (preparation->drug != plan->drug ||
        !preparation_is_allowed(preparation, plan->request->facts))
      continue;
    plan->preparation = preparation;
    plan->preparation_by = LICET_CHOSEN_BY_DRUG;
    return;
  }
}

/* ---- The body ---- */

static void choose_formula(DosePlan *plan) {
  Text name =
      plan->request->formula.length > 0 ? plan->request->formula : name_of(plan, DOSING_FORMULA);
  if (name.length == 0 || formula_named(name, &plan->body.formula)) return;
  Names names = {0};
  for (int i = 0; i < FORMULAS; i++) LIST_PUSH(plan->arena, names, formula_word((Formula)i));
  plan_find(plan, LICET_DOSE_UNKNOWN_FORMULA, role_field(plan, DOSING_FORMULA),
            "unknown formula \"%.*s\"%s", TEXT_ARGS(name), nearest(plan, name, &names));
}

/* Used all the same, since nothing speaks against it; a reviewer should know. */
static void report_unchecked(DosePlan *plan) {
  const Body *body = &plan->body;
  const char *missing = body->weight == 0 && body->height == 0 ? "no weight and height are given"
                        : body->weight == 0                    ? "no weight is given"
                                                               : "no height is given";
  plan_find(plan, LICET_DOSE_BODY_SURFACE_UNCHECKED, role_field(plan, DOSING_BODY_SURFACE),
            "%s is used as stated: %s to check it", amount_text(plan, body->stated, DIMENSION_AREA),
            missing);
}

static void choose_surface(DosePlan *plan) {
  Body *body = &plan->body;
  const FactValue *stated = value_of(plan, DOSING_BODY_SURFACE);
  if (body->weight > 0 && body->height > 0 &&
      !body_surface(body->formula, body->height, body->weight, &body->computed))
    plan_find(plan, LICET_DOSE_TOO_LARGE, role_field(plan, DOSING_HEIGHT),
              "body surface area (BSA) cannot be calculated from this height and weight");
  body->stated = stated == NULL ? 0 : stated->amount;
  body->used = body->stated > 0 ? body->stated : body->computed;
  if (body->stated > 0 && body->computed == 0) report_unchecked(plan);
  if (body->stated > 0 && body->computed > 0 &&
      !is_within_a_twentieth(body->stated, body->computed)) {
    body->used = body->computed;
    plan_find(plan, LICET_DOSE_BODY_SURFACE_DIFFERS, role_field(plan, DOSING_BODY_SURFACE),
              "stated %s; %s gives %s, which is used",
              amount_text(plan, body->stated, DIMENSION_AREA), formula_name(body->formula),
              amount_text(plan, body->computed, DIMENSION_AREA));
  }
}

static void choose_body(DosePlan *plan) {
  Body *body = &plan->body;
  body->weight_fact = value_of(plan, DOSING_WEIGHT);
  body->height_fact = value_of(plan, DOSING_HEIGHT);
  body->weight = body->weight_fact == NULL ? 0 : body->weight_fact->amount;
  body->height = body->height_fact == NULL ? 0 : body->height_fact->amount;
  choose_formula(plan);
  choose_surface(plan);
}

/* ---- Where the treatment stands ---- */

static void choose_first_dose(DosePlan *plan) {
  const DoseRequest *request = plan->request;
  const FactValue *stated = value_of(plan, DOSING_FIRST_DOSE);
  plan->first_dose = stated == NULL ? request->start : stated->date;
  if (request->is_authorized && plan->first_dose < request->start)
    plan_find(plan, LICET_DOSE_BEFORE_AUTHORIZATION, role_field(plan, DOSING_FIRST_DOSE),
              "the first dose is on %s; the authorization begins on %s",
              date_text(plan, plan->first_dose), date_text(plan, request->start));
  if (request->is_authorized && request->has_end && plan->first_dose > request->end)
    plan_find(plan, LICET_DOSE_AFTER_AUTHORIZATION, role_field(plan, DOSING_FIRST_DOSE),
              "the first dose is on %s; the authorization ends on %s",
              date_text(plan, plan->first_dose), date_text(plan, request->end));
}

static void read_record(DosePlan *plan) {
  plan->received = plan_count(plan, DOSING_CYCLES_RECEIVED);
  plan->renewals_granted = plan_count(plan, DOSING_RENEWALS_GRANTED);
  plan->requested = plan_count(plan, DOSING_CYCLES_REQUESTED);
}

bool plan_must_know_cycle(const DosePlan *plan) {
  return plan->request->facts->values[FACT_KIND].choice == KIND_CONTINUATION &&
         (plan->tables->roles[DOSING_NEXT_CYCLE] != NULL ||
          plan->tables->roles[DOSING_CYCLES_RECEIVED] != NULL);
}

static void choose_first_cycle(DosePlan *plan) {
  int64_t next = plan_count(plan, DOSING_NEXT_CYCLE);
  if (next <= 0 && plan->received < 0 && plan_must_know_cycle(plan))
    plan_find(plan, LICET_DOSE_NOT_GIVEN,
              role_field(plan, plan->tables->roles[DOSING_CYCLES_RECEIVED] != NULL
                                   ? DOSING_CYCLES_RECEIVED
                                   : DOSING_NEXT_CYCLE),
              "the treatment continues, but the number of cycles received is not given");
  if (next > 0 && plan->received >= 0 && next != plan->received + 1)
    plan_find(plan, LICET_DOSE_RECORD_CONFLICT, role_field(plan, DOSING_NEXT_CYCLE),
              "the next cycle is given as %lld; cycles received: %lld", (long long)next,
              (long long)plan->received);
  int64_t first = next > 0 ? next : plan->received >= 0 ? plan->received + 1 : 1;
  if (first > plan->regimen->cycles) {
    plan_find(plan, LICET_DOSE_CYCLE_OUT_OF_RANGE,
              role_field(plan, next > 0 ? DOSING_NEXT_CYCLE : DOSING_CYCLES_RECEIVED),
              "the next cycle is %lld, but %.*s has %u", (long long)first,
              TEXT_ARGS(plan->regimen->title), plan->regimen->cycles);
    first = plan->regimen->cycles;
  }
  plan->first_cycle = (uint32_t)first;
}

/* As many as are authorized; else as are requested; else the rest of the regimen. */
static void choose_cycle_count(DosePlan *plan) {
  const DoseRequest *request = plan->request;
  int64_t requested = plan->requested, left = plan->regimen->cycles - plan->first_cycle + 1;
  bool is_open = plan->regimen_by == LICET_CHOSEN_BY_SCHEDULE && plan->regimen->rules.count == 1 &&
                 plan->regimen->rules.items[0].last == LIMIT_CYCLES;
  int64_t wanted = requested > 0 ? requested
                   : is_open     ? 1
                                 : left; /* days that are for every cycle say nothing of how many */
  if (request->is_authorized && request->has_cycles) {
    if (requested > request->cycles)
      plan_find(plan, LICET_DOSE_MORE_THAN_AUTHORIZED, role_field(plan, DOSING_CYCLES_REQUESTED),
                "%lld cycles are requested, %lld authorized", (long long)requested,
                (long long)request->cycles);
    wanted = request->cycles;
  }
  if (wanted > left) {
    plan_find(plan, LICET_DOSE_CYCLES_BEYOND_REGIMEN, role_field(plan, DOSING_CYCLES_REQUESTED),
              "%lld cycles are planned starting with cycle %u, but %.*s has %u", (long long)wanted,
              plan->first_cycle, TEXT_ARGS(plan->regimen->title), plan->regimen->cycles);
    wanted = left;
  }
  plan->cycle_count = (uint32_t)wanted;
}

void plan_choose(DosePlan *plan) {
  plan->drug = dose_table_drug(plan->tables, plan->request->drug);
  read_record(plan);
  if (plan->drug == NULL) {
    plan_find(plan, LICET_DOSE_UNKNOWN_DRUG, TEXT("drug"),
              "no drug \"%.*s\" is declared in vocabulary %.*s", TEXT_ARGS(plan->request->drug),
              TEXT_ARGS(plan->request->facts->vocabulary->name));
    return;
  }
  choose_body(plan);
  choose_regimen(plan);
  choose_schedule(plan);
  choose_preparation(plan);
  choose_first_dose(plan);
  if (plan->regimen == NULL) {
    Names names = regimen_names(plan);
    if (!plan->has_errors)
      plan_find(plan, LICET_DOSE_NO_REGIMEN, role_field(plan, DOSING_REGIMEN),
                "no regimen is given%s", nearest(plan, TEXT(""), &names));
    return;
  }
  choose_first_cycle(plan);
  if (!plan->has_errors) choose_cycle_count(plan);
  if (!plan->request->is_authorized)
    plan_find(plan, LICET_DOSE_NOT_AUTHORIZED, (Text){0},
              "nothing is authorized; the plan shows what is requested");
  if (plan->drug->presentations.count == 0 || plan->drug->unit == 0)
    plan_find(plan, LICET_DOSE_NO_VIAL, (Text){0}, "no vial or billing unit is declared for %.*s",
              TEXT_ARGS(plan->drug->title));
}

DosePlan *plan_stated(Arena *arena, const DoseRequest *request) {
  DosePlan *plan = dose_plan_open(arena, request);
  plan->drug = dose_table_drug(plan->tables, request->drug);
  if (plan->drug == NULL) return plan;
  choose_body(plan);
  choose_regimen(plan);
  return plan;
}
