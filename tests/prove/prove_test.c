/* The prover against brute force: random small policies, every patient there is.
 *
 *     prove_test --count N [--seed S]
 *
 * Each policy reads a handful of facts with few cases. All their combinations are walked with the
 * plain evaluator of src/policy, the outline as it stands on the page; nothing here knows of cells
 * or diagrams. Then, for every version and kind of request:
 *
 *   nothing invented   each finding is true of these patients
 *   nothing missed     each truth of these patients is a finding, or follows from one
 *   shown              whatever some patient shows has a witness (which the prover has replayed)
 *   compared           versions and policies relate as their patients do
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "prove/defects.h"

enum { PATIENTS = 4000, CRITERIA = 64 };

/* ---- Chance ---- */

static uint64_t chance;

static uint32_t below(uint32_t n) {
  chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(chance >> 33) % n;
}

static bool in_100(uint32_t percent) { return below(100) < percent; }

/* ---- Texts ---- */

static const char vocabulary_head[] =
    "vocabulary v \"Small\"\n\n"
    "  fact birth_date: date from requester\n"
    "  fact color: red | green | blue from requester\n"
    "  fact shape: round | square | other from requester\n"
    "  fact ready: yes | no from requester\n"
    "  fact known: yes | no from requester\n"
    "  fact judged: yes | no judgment, from reviewer\n"
    "  fact steps: count from requester\n    range 0 to 5\n"
    "  fact weight: mass from requester\n"
    "  fact parts: set of p | q | r from requester\n"
    "  derive age: duration = from birth_date to start\n"
    "  never birth_date after start \"b\"\n"
    "  never age >= 130 years \"o\"\n"
    "  drug d \"D\"\n    hcpcs J0000 = 1 mg\n"
    "    labelled age >= 1 year \"age\"\n    labelled color in red, blue \"color\"\n"
    "    labelled weight <= 20 kg \"weight\"\n    labelled parts includes p \"parts\"\n    vial 1 "
    "mg\n";

typedef struct Writer {
  char text[16384];
  size_t length;
  uint32_t facts[3]; /* those a policy may ask of */
  uint32_t labels, interpretations;
} Writer;

static void put(Writer *w, const char *text) {
  size_t length = strlen(text);
  assert(w->length + length < sizeof w->text);
  memcpy(w->text + w->length, text, length + 1);
  w->length += length;
}

static void put_test(Writer *w) {
  static const char *const tests[8][7] = {
      {"age >= 18 years", "age < 18 years", "age >= 1 year", "age < 1 year", "age >= 65 years",
       "age < 65 years", "age >= 1 year"},
      {"color is red", "color is green", "color in red, blue", "color is not red", "color is blue",
       "color in green, blue", "color is red"},
      {"shape is round", "shape is square", "shape is not round", "shape in round, square",
       "shape is other", "shape is other", "shape is round"},
      {"ready", "not ready", "ready", "known", "not known", "known", "ready and known"},
      {"judged", "not judged", "judged", "ready", "not ready", "judged", "ready or judged"},
      {"steps >= 3", "steps < 3", "steps <= 1", "steps > 1", "steps + 1 <= 4", "steps >= 5",
       "steps < 6"},
      {"weight >= 10 kg", "weight < 10 kg", "weight > 20 kg", "weight <= 20 kg", "weight is given",
       "weight >= 20 kg", "weight < 20 kg"},
      {"parts includes p", "parts is {}", "not parts includes p", "parts is {p}",
       "parts includes q", "parts is {p, q}", "parts includes p"}};
  put(w, tests[w->facts[below(3)]][below(7)]);
}

static void put_condition(Writer *w) {
  put_test(w);
  if (in_100(65)) return;
  put(w, in_100(50) ? " and " : " or ");
  put_test(w);
}

static void indent(Writer *w, uint32_t depth) {
  for (uint32_t i = 0; i < depth; i++) put(w, "  ");
}

static const char *const dates[] = {"", "", "", "", " until 2024-12-31", " from 2025-01-01"};

static void put_interpretation(Writer *w, uint32_t depth, bool group) {
  char line[64];
  snprintf(line, sizeof line, "interpretation R-%u \"r\"\n", ++w->interpretations);
  indent(w, depth);
  put(w, line);
  indent(w, depth + 1);
  if (group) {
    put(w, in_100(50) ? "literally all of\n" : "literally any of\n");
    return;
  }
  put(w, "literally: ");
  put_condition(w);
  put(w, "\n");
}

static void put_leaf(Writer *w, uint32_t depth, bool dated) {
  indent(w, depth);
  put(w, "- \"x\"");
  if (in_100(6)) put(w, " prerequisite");
  if (dated) put(w, dates[below(6)]);
  put(w, ": ");
  put_condition(w);
  put(w, "\n");
  if (in_100(12)) put_interpretation(w, depth + 1, false);
}

static void put_group(Writer *w, uint32_t depth, uint32_t levels) {
  static const char *const connectives[] = {"all of", "any of", "any of", "none of",
                                            "at least 2 of"};
  uint32_t which = below(5), children = which == 4 ? 3 : 1 + below(3);
  indent(w, depth);
  if (in_100(15)) {
    char label[32];
    snprintf(label, sizeof label, "%c \"g\" if ", (char)('k' + w->labels++ % 10));
    put(w, label);
    put_test(w);
    put(w, " then ");
  }
  put(w, connectives[which]);
  put(w, "\n");
  if (which < 3 && in_100(15)) put_interpretation(w, depth + 1, true);
  for (uint32_t i = 0; i < children; i++) {
    if (levels > 0 && in_100(30)) {
      put_group(w, depth + 1, levels - 1);
    } else {
      put_leaf(w, depth + 1, i > 0 && which != 4);
    }
  }
}

static void put_pathway(Writer *w, char label) {
  char line[64];
  snprintf(line, sizeof line, "  %c \"use\" all of\n    approve %u months\n", label,
           3 * (1 + below(2)));
  put(w, line);
  for (uint32_t i = 0, children = 1 + below(3); i < children; i++) {
    if (in_100(45)) {
      put_group(w, 2, 1);
    } else {
      put_leaf(w, 2, i > 0);
    }
  }
}

static void write_policy(Writer *w, const char *id, const uint32_t *facts) {
  char line[256];
  *w = (Writer){.length = 0};
  memcpy(w->facts, facts, sizeof w->facts);
  snprintf(line, sizeof line,
           "policy %s \"P\"\n  payer \"%s\"\n  lines medicaid\n  drug d\n  vocabulary v\n"
           "  version 2024-01-01 \"a\"\n  version 2025-01-01 \"b\"\n\n",
           id, id);
  put(w, line);
  put(w, in_100(50) ? "all of\n" : "any of\n");
  bool all = strcmp(w->text + w->length - 7, "all of\n") == 0;
  if (all) {
    put_leaf(w, 1, false);
    put(w, "  any of\n");
    Writer inner = {.length = 0, .interpretations = w->interpretations};
    memcpy(inner.facts, facts, sizeof inner.facts);
    for (uint32_t i = 0, uses = 1 + below(3); i < uses; i++) put_pathway(&inner, (char)('A' + i));
    w->interpretations = inner.interpretations;
    for (char *at = inner.text; *at != '\0';) { /* one level deeper */
      char *end = strchr(at, '\n');
      *end = '\0';
      put(w, "  ");
      put(w, at);
      put(w, "\n");
      at = end + 1;
    }
    return;
  }
  for (uint32_t i = 0, uses = 1 + below(3); i < uses; i++) put_pathway(w, (char)('A' + i));
}

static void write_file(const char *folder, const char *name, const char *text) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  assert(file != NULL);
  fputs(text, file);
  fclose(file);
}

/* ---- Patients ---- */

typedef struct World {
  Arena arena;
  const Vocabulary *vocabulary;
  Facts patients[PATIENTS];
  uint32_t count;
} World;

static Date start_day(void) { return date_from_civil(2024, 6, 15); }

static void add_cases(World *world, const Fact *const *facts, uint32_t count, uint32_t at,
                      FactValue *row) {
  static const int births[] = {2024, 2020, 1990, 1950};
  static const int weights[] = {5, 10, 15, 20, 25};
  if (at == count) {
    assert(world->count < PATIENTS);
    Facts *patient = &world->patients[world->count++];
    *patient =
        (Facts){.vocabulary = world->vocabulary,
                .values = ARENA_ARRAY(&world->arena, FactValue, world->vocabulary->facts.count)};
    memcpy(patient->values, row, world->vocabulary->facts.count * sizeof *row);
    return;
  }
  const Fact *fact = facts[at];
  FactValue *value = &row[fact->index];
  *value = (FactValue){.present = true, .known = true};
  uint32_t cases = fact->type.kind == TYPE_ENUMERATION       ? fact->type.value_count
                   : fact->type.kind == TYPE_SET             ? 8
                   : fact->type.kind == TYPE_DATE            ? 4
                   : fact->type.dimension == DIMENSION_COUNT ? 6
                                                             : 10; /* five masses, stated or not */
  for (uint32_t n = 0; n < cases; n++) {
    value->known = value->present = true;
    value->choice = n;
    value->members = n;
    value->date = fact->type.kind == TYPE_DATE ? date_from_civil(births[n], 6, 1) : 0;
    value->amount = fact->type.dimension == DIMENSION_COUNT
                        ? (Amount)n * AMOUNT_ONE
                        : weights[n % 5] * INT64_C(1000000) * AMOUNT_ONE;
    if (fact->type.kind == TYPE_QUANTITY && fact->type.dimension == DIMENSION_MASS && n >= 5)
      value->present = false;
    add_cases(world, facts, count, at + 1, row);
  }
  *value = (FactValue){0};
}

static void make_patients(World *world, const Vocabulary *vocabulary, const uint32_t *kinds) {
  static const char *const names[8][2] = {
      {"birth_date", NULL}, {"color", NULL}, {"shape", NULL},  {"ready", "known"},
      {"judged", "ready"},  {"steps", NULL}, {"weight", NULL}, {"parts", NULL}};
  const Fact *facts[8];
  uint32_t count = 0;
  for (uint32_t i = 0; i < 3; i++) {
    for (uint32_t n = 0; n < 2; n++) {
      if (names[kinds[i]][n] == NULL) continue;
      const Fact *fact = vocabulary_fact(vocabulary, text_of(names[kinds[i]][n]));
      bool there = false;
      for (uint32_t f = 0; f < count; f++) there = there || facts[f] == fact;
      if (!there) facts[count++] = fact;
    }
  }
  arena_open(&world->arena);
  world->vocabulary = vocabulary;
  world->count = 0;
  FactValue *row = ARENA_ARRAY(&world->arena, FactValue, vocabulary->facts.count);
  for (uint32_t i = 0; i < BUILTIN_FACTS; i++) row[i] = (FactValue){.present = true, .known = true};
  row[FACT_START].date = row[FACT_RECEIVED].date = start_day();
  add_cases(world, facts, count, 0, row);
}

/* ---- The page, walked ---- */

typedef struct Page {
  const Policy *policy;
  Date day;
  int kind;
  const Criterion *without;
  Text literal;
  bool asked;
} Page;

static bool stands(const Page *page, const Criterion *criterion) {
  return in_force_on(criterion->in_force, page->day) &&
         (criterion->kind < 0 || criterion->kind == page->kind);
}

/* A fact that the request does not state (`present`) has some value all the same. */
static bool condition_holds(const Condition *condition, const Facts *patient) {
  switch (condition->kind) {
    case CONDITION_GIVEN:
      return patient->values[condition->fact->index].present;
    case CONDITION_AND:
      for (uint32_t i = 0; i < condition->operands.count; i++) {
        if (!condition_holds(condition->operands.items[i], patient)) return false;
      }
      return true;
    case CONDITION_OR:
      for (uint32_t i = 0; i < condition->operands.count; i++) {
        if (condition_holds(condition->operands.items[i], patient)) return true;
      }
      return false;
    case CONDITION_NOT:
      return !condition_holds(condition->operands.items[0], patient);
    default:
      return evaluate_condition(condition, patient) == TRUTH_YES;
  }
}

static const Interpretation *literal_of(const Page *page, const Criterion *criterion, bool always) {
  for (uint32_t i = 0; i < criterion->interpretations.count; i++) {
    if (always || text_equal(criterion->interpretations.items[i]->id, page->literal))
      return criterion->interpretations.items[i];
  }
  return NULL;
}

static bool holds(const Page *page, const Criterion *criterion, const Facts *patient,
                  bool literally);

static bool group_holds(const Page *page, const Criterion *criterion, const Facts *patient,
                        const Interpretation *literal) {
  uint32_t count = 0, met = 0;
  Connective connective =
      literal != NULL && literal->has_connective ? literal->connective : criterion->connective;
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    const Criterion *child = criterion->children.items[i];
    if (!stands(page, child) || child == page->without) continue;
    count++;
    met += holds(page, child, patient, false);
  }
  switch (connective) {
    case CONNECTIVE_ANY:
      return met > 0;
    case CONNECTIVE_NONE:
      return met == 0;
    case CONNECTIVE_AT_LEAST:
      return met >= criterion->at_least;
    default:
      return met == count;
  }
}

static bool holds(const Page *page, const Criterion *criterion, const Facts *patient,
                  bool literally) {
  if (criterion->prerequisite && page->kind == KIND_CONTINUATION && !page->asked) return true;
  const Interpretation *literal = literal_of(page, criterion, literally);
  bool met =
      literal != NULL && literal->condition != NULL ? condition_holds(literal->condition, patient)
      : criterion->connective == CONNECTIVE_LEAF    ? condition_holds(criterion->condition, patient)
                                                 : group_holds(page, criterion, patient, literal);
  return met || (criterion->guard != NULL && !condition_holds(criterion->guard, patient));
}

static bool outcome_holds(const Page *page, const Outcome *outcome, const Facts *patient) {
  const Criterion *below_ = outcome->criterion;
  if (!holds(page, below_, patient, false)) return false;
  for (const Criterion *group = below_->parent; group != NULL;
       below_ = group, group = group->parent) {
    if (group->connective != CONNECTIVE_ALL) continue;
    for (uint32_t i = 0; i < group->children.count; i++) {
      const Criterion *sibling = group->children.items[i];
      if (sibling == below_ || sibling == page->without || !stands(page, sibling) ||
          sibling->holds_outcome)
        continue;
      if (!holds(page, sibling, patient, false)) return false;
    }
  }
  return true;
}

/* ---- Truths ---- */

typedef struct Truths {
  const World *world;
  Page page;
  const Criterion *criteria[CRITERIA];
  uint32_t count;
  const Outcome *outcomes[8];
  uint32_t outcome_count;
  const DefectList *found;
  uint32_t version;
} Truths;

static uint64_t failures;
static const char *reported_policy, *reported_other;

static void fail(const Truths *t, const char *what, const Criterion *criterion) {
  failures++;
  if (failures > 5) return;
  printf("# %s: version %u, %s, line %u\n%s\n", what, t->version,
         t->page.kind == KIND_INITIAL ? "initial" : "continuation",
         criterion == NULL ? 0 : criterion->index, reported_policy);
  if (reported_other != NULL) printf("%s\n", reported_other);
}

static void note_criteria(Truths *t, const Criterion *criterion) {
  if (!stands(&t->page, criterion)) return;
  assert(t->count < CRITERIA);
  t->criteria[t->count++] = criterion;
  for (uint32_t i = 0; i < criterion->outcomes.count; i++)
    t->outcomes[t->outcome_count++] = criterion->outcomes.items[i];
  if (criterion->prerequisite && t->page.kind == KIND_CONTINUATION) return;
  for (uint32_t i = 0; i < criterion->children.count; i++)
    note_criteria(t, criterion->children.items[i]);
}

/* What a group that only gathers outcomes demands of every request: its criteria without outcomes.
 */
static bool demands_met(const Truths *t, const Criterion *criterion, const Facts *patient) {
  if (criterion->connective != CONNECTIVE_ALL || !criterion->holds_outcome ||
      criterion->outcomes.count > 0)
    return holds(&t->page, criterion, patient, false);
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    const Criterion *child = criterion->children.items[i];
    if (stands(&t->page, child) && !child->holds_outcome && !holds(&t->page, child, patient, false))
      return false;
  }
  return true;
}

static bool never_met(const Truths *t, const Criterion *criterion) {
  for (uint32_t i = 0; i < t->world->count; i++) {
    if (demands_met(t, criterion, &t->world->patients[i])) return false;
  }
  return true;
}

static bool always_met_on(const Truths *t, const Page *page, const Criterion *criterion) {
  for (uint32_t i = 0; i < t->world->count; i++) {
    if (!holds(page, criterion, &t->world->patients[i], false)) return false;
  }
  return true;
}

static Page asked_page(const Truths *t) {
  Page page = t->page;
  page.asked = true;
  return page;
}

static bool always_met(const Truths *t, const Criterion *criterion) {
  Page asked = asked_page(t);
  if (criterion->prerequisite && t->page.kind == KIND_CONTINUATION) return false;
  return always_met_on(t, &t->page, criterion) && always_met_on(t, &asked, criterion);
}

static bool implies_on(const Truths *t, const Page *page, const Criterion *a, const Criterion *b) {
  for (uint32_t i = 0; i < t->world->count; i++) {
    if (holds(page, a, &t->world->patients[i], false) &&
        !holds(page, b, &t->world->patients[i], false))
      return false;
  }
  return true;
}

static bool idle_on(const Truths *t, const Page *page, const Criterion *criterion) {
  Page without = *page;
  without.without = criterion;
  for (uint32_t o = 0; o < t->outcome_count; o++) {
    for (uint32_t i = 0; i < t->world->count; i++) {
      const Facts *patient = &t->world->patients[i];
      if (outcome_holds(page, t->outcomes[o], patient) !=
          outcome_holds(&without, t->outcomes[o], patient))
        return false;
    }
  }
  return true;
}

static bool is_idle(const Truths *t, const Criterion *criterion) {
  Page asked = asked_page(t);
  if (criterion->parent == NULL || criterion->holds_outcome) return false;
  if (criterion->prerequisite && t->page.kind == KIND_CONTINUATION) return false;
  if (criterion->parent->connective != CONNECTIVE_ALL) { /* the only alternative is not taken out */
    uint32_t beside = 0;
    for (uint32_t i = 0; i < criterion->parent->children.count; i++)
      beside += stands(&t->page, criterion->parent->children.items[i]);
    if (beside == 1) return false;
  }
  return idle_on(t, &t->page, criterion) && idle_on(t, &asked, criterion);
}

/* ---- What was found ---- */

static bool is_within(const Criterion *criterion, const Criterion *above) {
  for (; criterion != NULL; criterion = criterion->parent) {
    if (criterion == above) return true;
  }
  return false;
}

static bool here(const Truths *t, const Defect *defect) {
  return defect->policy == t->page.policy && defect->first <= t->version &&
         t->version <= defect->last && ((defect->kinds >> t->page.kind) & 1);
}

static const Defect *found(const Truths *t, licet_finding_kind kind, const Criterion *criterion) {
  for (uint32_t i = 0; i < t->found->count; i++) {
    const Defect *defect = &t->found->items[i];
    if (here(t, defect) && defect->kind == kind && defect->criterion == criterion) return defect;
  }
  return NULL;
}

static bool found_within(const Truths *t, licet_finding_kind kind, const Criterion *above) {
  for (uint32_t i = 0; i < t->found->count; i++) {
    const Defect *defect = &t->found->items[i];
    if (here(t, defect) && defect->kind == kind && is_within(defect->criterion, above)) return true;
  }
  return false;
}

static bool found_closed(const Truths *t, const Criterion *above) {
  return found_within(t, LICET_UNSATISFIABLE, above) || found_within(t, LICET_CONTRADICTION, above);
}

/* ---- Held against each other ---- */

static void check_criterion(const Truths *t, const Criterion *criterion) {
  bool never = never_met(t, criterion), always = always_met(t, criterion);
  bool reported_never = found(t, LICET_UNSATISFIABLE, criterion) != NULL ||
                        found(t, LICET_CONTRADICTION, criterion) != NULL;
  if (reported_never && !never) fail(t, "invented: no patient can meet it", criterion);
  if (never && !found_closed(t, criterion) && !found_within(t, LICET_ALWAYS_MET, criterion))
    fail(t, "missed: no patient can meet it", criterion);
  if (found(t, LICET_ALWAYS_MET, criterion) != NULL && !always)
    fail(t, "invented: every patient meets it", criterion);
  if (always && !criterion->holds_outcome && !found_within(t, LICET_ALWAYS_MET, criterion) &&
      !found_closed(t, criterion))
    fail(t, "missed: every patient meets it", criterion);
  if (found(t, LICET_ALWAYS_MET, criterion) != NULL &&
      found(t, LICET_ALWAYS_MET, criterion)->witness.length == 0 &&
      strstr(reported_policy, "is given") == NULL)
    fail(t, "no witness: every patient meets it", criterion);
}

static void check_idle(const Truths *t, const Criterion *criterion) {
  bool idle = is_idle(t, criterion), explained = found(t, LICET_SUBSUMED, criterion) != NULL ||
                                                 found_closed(t, criterion) ||
                                                 found_within(t, LICET_ALWAYS_MET, criterion);
  if (found(t, LICET_REDUNDANT, criterion) != NULL && !idle)
    fail(t, "invented: redundant", criterion);
  if (!idle || explained) return;
  for (const Criterion *up = criterion; up != NULL; up = up->parent) {
    if (found(t, LICET_REDUNDANT, up) != NULL || found(t, LICET_SUBSUMED, up) != NULL ||
        is_idle(t, up->parent == NULL ? up : up->parent) || never_met(t, up))
      return;
  }
  fail(t, "missed: redundant", criterion);
}

static void check_alternative(const Truths *t, const Criterion *criterion) {
  const Defect *reported = found(t, LICET_SUBSUMED, criterion);
  const Criterion *group = criterion->parent;
  Page asked = asked_page(t);
  bool subsumed = false, twin_reported = false;
  if (group == NULL || group->connective != CONNECTIVE_ANY) return;
  for (uint32_t i = 0; i < group->children.count; i++) {
    const Criterion *other = group->children.items[i];
    if (other == criterion || !stands(&t->page, other) || always_met(t, other)) continue;
    if (!implies_on(t, &t->page, criterion, other) || !implies_on(t, &asked, criterion, other))
      continue;
    subsumed = true;
    twin_reported =
        twin_reported ||
        (found(t, LICET_SUBSUMED, other) != NULL && implies_on(t, &t->page, other, criterion)) ||
        implies_on(t, &t->page, other,
                   criterion); /* of two that are the same the later is reported */
  }
  if (reported != NULL && !subsumed) fail(t, "invented: subsumed", criterion);
  if (subsumed && reported == NULL && !twin_reported && !never_met(t, criterion) &&
      !always_met(t, criterion))
    fail(t, "missed: subsumed", criterion);
  /* what can only be met by not stating something shows in no status */
  if (reported != NULL && reported->witness.length == 0 &&
      strstr(reported_policy, "is given") == NULL)
    fail(t, "no witness: subsumed", criterion);
}

/* By this outcome, or by any where it is NULL. */
static bool approved(const Truths *t, const Page *page, const Outcome *outcome,
                     const Facts *patient) {
  if (outcome != NULL) return outcome_holds(page, outcome, patient);
  for (uint32_t o = 0; o < t->outcome_count; o++) {
    if (outcome_holds(page, t->outcomes[o], patient)) return true;
  }
  return false;
}

/* A weight that is not stated is open: who is approved is approved whatever it is. */
static bool certainly(const Truths *t, const Page *page, const Outcome *outcome,
                      const Facts *patient) {
  const Fact *weight = vocabulary_fact(t->world->vocabulary, TEXT("weight"));
  FactValue *value = &patient->values[weight->index], before = *value;
  if (value->present || !value->known) return approved(t, page, outcome, patient);
  bool certain = true;
  for (int kilograms = 5; kilograms <= 25 && certain; kilograms += 5) {
    value->amount = kilograms * INT64_C(1000000) * AMOUNT_ONE;
    value->present = false;
    certain = approved(t, page, outcome, patient);
    value->present = true; /* it may yet be stated */
    certain = certain && approved(t, page, outcome, patient);
  }
  *value = before;
  return certain;
}

static bool some_patient(const Truths *t, const Outcome *a, const Outcome *b) {
  for (uint32_t i = 0; i < t->world->count; i++) {
    const Facts *patient = &t->world->patients[i];
    if (a == b ? outcome_holds(&t->page, a, patient)
               : certainly(t, &t->page, a, patient) && certainly(t, &t->page, b, patient))
      return true;
  }
  return false;
}

static const Defect *found_overlap(const Truths *t, const Outcome *a, const Outcome *b) {
  for (uint32_t i = 0; i < t->found->count; i++) {
    const Defect *defect = &t->found->items[i];
    if (here(t, defect) && defect->kind == LICET_OVERLAP && defect->criterion == a->criterion &&
        text_equal(defect->other, b->pathway->path))
      return defect;
  }
  return NULL;
}

static void check_outcomes(const Truths *t) {
  for (uint32_t a = 0; a < t->outcome_count; a++) {
    bool reached = some_patient(t, t->outcomes[a], t->outcomes[a]);
    bool reported = found(t, LICET_UNREACHABLE, t->outcomes[a]->criterion) != NULL;
    bool closed = false;
    for (uint32_t i = 0; i < t->count; i++) closed = closed || never_met(t, t->criteria[i]);
    if (reported && reached) fail(t, "invented: unreachable", t->outcomes[a]->criterion);
    if (!reached && !reported && !closed) fail(t, "missed: unreachable", t->outcomes[a]->criterion);
    for (uint32_t b = a + 1; b < t->outcome_count; b++) {
      bool differ = !text_equal(t->outcomes[a]->line, t->outcomes[b]->line);
      bool overlap = differ && some_patient(t, t->outcomes[a], t->outcomes[b]);
      const Defect *defect = found_overlap(t, t->outcomes[a], t->outcomes[b]);
      if ((defect != NULL) != overlap)
        fail(t, overlap ? "missed: overlap" : "invented: overlap", t->outcomes[a]->criterion);
      if (defect != NULL && defect->witness.length == 0)
        fail(t, "no witness: overlap", t->outcomes[a]->criterion);
    }
  }
}

static const Defect *found_interpretation(const Truths *t, licet_finding_kind kind, Text id,
                                          const char *other) {
  for (uint32_t i = 0; i < t->found->count; i++) {
    const Defect *defect = &t->found->items[i];
    if (here(t, defect) && defect->kind == kind && text_equal(defect->interpretation, id) &&
        (other == NULL || text_is(defect->other, other)))
      return defect;
  }
  return NULL;
}

static void check_interpretation(const Truths *t, const Criterion *criterion,
                                 const Interpretation *interpretation) {
  Page literal = t->page;
  literal.literal = interpretation->id;
  bool gains = false, loses = false, never = true, always = true;
  for (uint32_t i = 0; i < t->world->count; i++) {
    const Facts *patient = &t->world->patients[i];
    bool adopted = certainly(t, &t->page, NULL, patient),
         literally = certainly(t, &literal, NULL, patient),
         met = holds(&t->page, criterion, patient, true);
    gains = gains || (adopted && !literally);
    loses = loses || (literally && !adopted);
    never = never && !met;
    always = always && met;
  }
  const Defect *contradicts =
      found_interpretation(t, LICET_INTERPRETATION_CONTRADICTS, interpretation->id, NULL);
  const Defect *gained =
      found_interpretation(t, LICET_INTERPRETATION_DIFFERS, interpretation->id, "adopted");
  const Defect *lost =
      found_interpretation(t, LICET_INTERPRETATION_DIFFERS, interpretation->id, "literal");
  if ((contradicts != NULL) != never) fail(t, "literal wording: no patient", criterion);
  if ((found_interpretation(t, LICET_INTERPRETATION_ALWAYS, interpretation->id, NULL) != NULL) !=
      (always && !never))
    fail(t, "literal wording: every patient", criterion);
  if ((gained != NULL) != (gains && !never)) fail(t, "interpretation: approves more", criterion);
  if ((lost != NULL) != loses) fail(t, "interpretation: approves less", criterion);
  if ((gained != NULL && gained->witness.length == 0) ||
      (lost != NULL && lost->witness.length == 0) ||
      (contradicts != NULL && gains && contradicts->witness.length == 0))
    fail(t, "no witness: interpretation", criterion);
}

/* A patient whom the world does not distinguish by what the line speaks of is both within and
 * outside the label. */
static bool outside_label(const Truths *t, const Labelled *line, const Fact *fact, bool judged_no) {
  const Fact *judged = vocabulary_fact(t->world->vocabulary, TEXT("judged"));
  for (uint32_t i = 0; i < t->world->count; i++) {
    const Facts *patient = &t->world->patients[i];
    const FactValue *value = &patient->values[fact->index];
    bool outside = !value->known || (value->present && !condition_holds(line->condition, patient));
    bool skipped = judged_no && patient->values[judged->index].known &&
                   patient->values[judged->index].choice == 0;
    if (outside && !skipped && certainly(t, &t->page, NULL, patient)) return true;
  }
  return false;
}

/* Can the reviewer's word be done without, within the label? */
static bool dispensable(const Truths *t, const Labelled *line, const Fact *fact) {
  const Fact *judged = vocabulary_fact(t->world->vocabulary, TEXT("judged"));
  for (uint32_t i = 0; i < t->world->count; i++) {
    const Facts *patient = &t->world->patients[i];
    bool within = !patient->values[fact->index].known || condition_holds(line->condition, patient);
    bool without =
        !patient->values[judged->index].known || patient->values[judged->index].choice == 1;
    if (within && without && certainly(t, &t->page, NULL, patient)) return true;
  }
  return false;
}

static void check_labels(const Truths *t) {
  const Drug *drug = dose_table_drug(&t->world->vocabulary->dosing, TEXT("d"));
  static const char *const facts[] = {"birth_date", "color", "weight", "parts"};
  for (uint32_t i = 0; i < drug->labelled.count; i++) {
    const Labelled *line = &drug->labelled.items[i];
    const Fact *fact = vocabulary_fact(t->world->vocabulary, text_of(facts[i]));
    const Defect *reported = NULL;
    for (uint32_t d = 0; d < t->found->count; d++) {
      const Defect *defect = &t->found->items[d];
      if (here(t, defect) && defect->kind == LICET_OUTSIDE_LABEL &&
          text_equal(defect->label, line->text))
        reported = defect;
    }
    bool outside = outside_label(t, line, fact, dispensable(t, line, fact));
    if ((reported != NULL) != outside)
      fail(t, outside ? "missed: outside the label" : "invented: outside the label", NULL);
    if (reported != NULL && reported->witness.length == 0)
      fail(t, "no witness: outside the label", NULL);
  }
}

static void check_page(const World *world, const Policy *policy, uint32_t version, int kind,
                       const DefectList *defects) {
  Truths t = {.world = world, .found = defects, .version = version};
  t.page = (Page){.policy = policy, .day = policy->versions.items[version].date, .kind = kind};
  for (uint32_t i = 0; i < policy->top.count; i++) note_criteria(&t, policy->top.items[i]);
  for (uint32_t i = 0; i < t.count; i++) {
    check_criterion(&t, t.criteria[i]);
    check_idle(&t, t.criteria[i]);
    check_alternative(&t, t.criteria[i]);
    bool asked = !(t.criteria[i]->prerequisite && kind == KIND_CONTINUATION);
    for (uint32_t r = 0; r < t.criteria[i]->interpretations.count && asked; r++)
      check_interpretation(&t, t.criteria[i], t.criteria[i]->interpretations.items[r]);
  }
  check_outcomes(&t);
  check_labels(&t);
}

/* ---- Compared ---- */

static void check_comparison(const World *world, const licet_library *library,
                             const Policy *const policies[2], const uint32_t versions[2]) {
  licet_comparison *comparison = NULL;
  const char *ids[2], *days[2];
  Truths t[2];
  for (int i = 0; i < 2; i++) {
    ids[i] =
        i == 0 || policies[0] != policies[1] ? (policies[i]->id.at[1] == '1' ? "P1" : "P2") : "P1";
    days[i] = policies[i]->versions.items[versions[i]].text;
  }
  licet_status status = licet_compare(library, ids[0], days[0], ids[1], days[1], &comparison);
  assert(status == LICET_OK);
  for (int kind = 0; kind < KINDS; kind++) {
    bool only[2] = {false, false}, both = false;
    for (int i = 0; i < 2; i++) {
      t[i] = (Truths){.world = world, .version = versions[i]};
      t[i].page = (Page){.policy = policies[i],
                         .day = policies[i]->versions.items[versions[i]].date,
                         .kind = kind};
      for (uint32_t c = 0; c < policies[i]->top.count; c++)
        note_criteria(&t[i], policies[i]->top.items[c]);
    }
    for (uint32_t p = 0; p < world->count; p++) {
      bool a = certainly(&t[0], &t[0].page, NULL, &world->patients[p]),
           b = certainly(&t[1], &t[1].page, NULL, &world->patients[p]);
      only[0] = only[0] || (a && !b);
      only[1] = only[1] || (b && !a);
      both = both || (a && b);
    }
    licet_relation expected = !only[0]   ? (!only[1] ? LICET_EQUIVALENT : LICET_IMPLIES)
                              : !only[1] ? LICET_IMPLIED
                              : both     ? LICET_OVERLAPPING
                                         : LICET_DISJOINT;
    if (licet_comparison_relation(comparison, (licet_request_kind)kind) != expected)
      fail(&t[0], "compared otherwise", NULL);
    bool reported[2] = {false, false};
    for (size_t i = 0;; i++) {
      licet_region region = licet_comparison_region(comparison, (licet_request_kind)kind, i);
      if (region.pathway == NULL) break;
      reported[region.approved_by] = true;
      if (region.witness[0][0] == '\0') fail(&t[0], "no witness: region", NULL);
    }
    if (reported[0] != only[0] || reported[1] != only[1])
      fail(&t[0], "regions of the wrong side", NULL);
  }
  licet_comparison_free(comparison);
}

/* ---- One round ---- */

static void prove(const licet_library *library, const Policy *policy, Arena *arena, Arena *passing,
                  DefectList *found_here) {
  Replay replay = {.arena = arena, .library = library};
  ProofRun run = {.arena = arena,
                  .passing = passing,
                  .replay = &replay,
                  .found = found_here,
                  .memory = LICET_PROVE_MEMORY,
                  .seconds = 60,
                  .began_at = clock_seconds()};
  defects_find(&run, policy);
}

static bool round_of(const char *folder, World *world) {
  static Writer first, second;
  licet_library *library = NULL;
  licet_report *report = NULL;
  Arena arena, passing;
  uint32_t facts[3];
  for (int i = 0; i < 3; i++) facts[i] = below(8);
  write_policy(&first, "P1", facts);
  write_policy(&second, "P2", facts);
  write_file(folder, "p1.licet", first.text);
  write_file(folder, "p2.licet", second.text);
  if (licet_library_open(folder, NULL, &library, &report) != LICET_OK) {
    bool tolerable =
        true; /* a page the compiler refuses, such as a group all of whose lines ended */
    for (size_t i = 0; i < licet_report_count(report); i++)
      tolerable = tolerable && strcmp(licet_report_at(report, i).id, "L401") != 0;
    if (getenv("PROVE_REPORTS") != NULL) printf("%s\n", licet_report_text(report));
    licet_report_free(report);
    return !tolerable;
  }
  reported_policy = first.text;
  reported_other = NULL;
  const Policy *p1 = library->policies.items[0]->model, *p2 = library->policies.items[1]->model;
  make_patients(world, p1->vocabulary, facts);
  arena_open(&arena);
  arena_open(&passing);
  DefectList defects = {0};
  prove(library, p1, &arena, &passing, &defects);
  for (uint32_t version = 0; version < p1->versions.count; version++) {
    for (int kind = 0; kind < KINDS; kind++) check_page(world, p1, version, kind, &defects);
  }
  check_comparison(world, library, (const Policy *const[]){p1, p1}, (const uint32_t[]){0, 1});
  reported_other = second.text;
  check_comparison(world, library, (const Policy *const[]){p1, p2}, (const uint32_t[]){1, 1});
  arena_close(&passing);
  arena_close(&arena);
  arena_close(&world->arena);
  licet_report_free(report);
  licet_library_close(library);
  return true;
}

int main(int argc, char **argv) {
  uint64_t count = 10000, seed = 1, done = 0, refused = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (strcmp(argv[i], "--count") == 0) count = strtoull(argv[i + 1], NULL, 10);
    if (strcmp(argv[i], "--seed") == 0) seed = strtoull(argv[i + 1], NULL, 10);
  }
  char folder[] = "/tmp/licet-prove-XXXXXX";
  if (mkdtemp(folder) == NULL) return 1;
  World *world = malloc(sizeof *world);
  if (world == NULL) return 1;
  write_file(folder, "v.licet", vocabulary_head);
  chance = seed;
  while (done < count && failures < 5) {
    if (round_of(folder, world)) {
      done++;
    } else if (++refused > 100 + 10 * count) {
      break;
    }
  }
  free(world);
  static const char *const files[] = {"v.licet", "p1.licet", "p2.licet"};
  for (int i = 0; i < 3; i++) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, files[i]);
    unlink(path);
  }
  rmdir(folder);
  printf("# %llu policies from seed %llu, and %llu that the compiler refused\n",
         (unsigned long long)done, (unsigned long long)seed, (unsigned long long)refused);
  printf("%llu passed, %llu failed\n",
         (unsigned long long)(done - (done < failures ? done : failures)),
         (unsigned long long)failures);
  return failures > 0 || done < count;
}
