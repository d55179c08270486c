/* choose: which question next? The fact whose answer says most about the verdict (gain.c) for what
 * it costs to find out, among those that could still change it: information gain over cost, as in
 * growing a decision tree (Quinlan 1986). Only one question ahead is looked at, as the best order
 * of all questions is too costly to find.
 *
 * Invariant: a fact that can no longer change the verdict is never asked. */
#include "ask/interview.h"

#include <string.h>

static const FactValue *value_of(const licet_interview *interview, const Fact *fact) {
  return &interview->determination->facts.values[fact->index];
}

static bool was_answered(const licet_interview *interview, const Fact *fact) {
  for (uint32_t i = 0; i < interview->answers.count; i++) {
    if (interview->answers.items[i].fact == fact) return true;
  }
  return false;
}

static bool can_say(const licet_interview *interview, const Fact *fact) {
  return fact->supplier == SUPPLIER_REQUESTER || interview->answerer == LICET_ASK_REVIEWER;
}

/* A history may be whole and leave as much open as before, where an entry does not say how it
 * ended. */
static uint64_t cells_if_whole(const licet_interview *interview, uint32_t v) {
  const licet_determination *d = interview->determination;
  const Variable *variable = d->compiled->set.variables.items[v];
  FactValue *value = &interview->session->determination.facts.values[variable->fact->index];
  const bool before = value->complete;
  value->complete = true;
  uint64_t cells = variable_cells(
      variable, &d->facts, d->compiled->policy->not_known[variable->fact->index], ENTRIES_ALL);
  value->complete = before;
  return cells & d->allowed[v];
}

static bool is_given_list(const licet_interview *interview, uint32_t v) {
  const Variable *variable = interview->determination->compiled->set.variables.items[v];
  return variable->kind == VARIABLE_PATTERN && variable->fact->type.kind == TYPE_LIST &&
         value_of(interview, variable->fact)->known;
}

/* What has to be asked so that the fact becomes known: itself; or, of a list that is given, whether
 * it is whole. NULL: it will not.
 */
static const Fact *question_for(const licet_interview *interview, const Fact *fact) {
  const FactValue *value = value_of(interview, fact);
  if (!value->known)
    return can_say(interview, fact) && !was_answered(interview, fact) ? fact : NULL;
  const Fact *whole = fact->complete_when;
  if (fact->type.kind != TYPE_LIST || value->complete || whole == NULL) return NULL;
  bool said = value_of(interview, whole)->present;
  return !said && can_say(interview, whole) && !was_answered(interview, whole) ? whole : NULL;
}

static const Fact *list_of(const licet_interview *interview, const Fact *asked) {
  const Vocabulary *vocabulary = interview->determination->facts.vocabulary;
  for (uint32_t i = 0; i < vocabulary->lists.count; i++) {
    if (vocabulary->lists.items[i]->complete_when == asked &&
        value_of(interview, vocabulary->lists.items[i])->known)
      return vocabulary->lists.items[i];
  }
  return NULL;
}

/* ---- What may be answered ---- */

/* The facts that could be asked so that the variable becomes known. 0: it cannot be, or is known.
 */
static uint64_t askable_facts(const licet_interview *interview, uint32_t v) {
  const licet_determination *d = interview->determination;
  const CompiledPolicy *compiled = d->compiled;
  if (!cells_many(d->allowed[v])) return 0;
  if (is_given_list(interview, v) && cells_many(cells_if_whole(interview, v)))
    return 0; /* see narrowing_list */
  uint64_t asked = 0, unknown = 0;
  for (uint64_t bits = compiled->set.variables.items[v]->facts; bits != 0; bits &= bits - 1) {
    if (!value_of(interview, compiled->set.facts.items[__builtin_ctzll(bits)])->known)
      unknown |= bits & -bits;
  }
  for (uint64_t bits = unknown != 0 ? unknown : compiled->set.variables.items[v]->facts; bits != 0;
       bits &= bits - 1) {
    const Fact *fact = compiled->set.facts.items[__builtin_ctzll(bits)];
    if (unknown == 0 && fact->type.kind != TYPE_LIST && fact->type.kind != TYPE_SERIES) continue;
    if (question_for(interview, fact) == NULL)
      return 0; /* where one will not be answered, the others do not settle it */
    asked |= bits & -bits;
  }
  return asked;
}

/* Cheap facts before what has to be looked up and documented, before what a clinician has to judge;
 * a list takes longer to state. */
static double cost_of(const Fact *fact) {
  double cost = fact->supplier == SUPPLIER_REVIEWER ? 4 : fact->clinical ? 2 : 1;
  return fact->type.kind == TYPE_LIST || fact->type.kind == TYPE_SERIES ? cost * 1.5 : cost;
}

/* ---- Choosing ---- */

typedef struct Candidate {
  const Fact *fact; /* of the policy; what is asked may be whether it is whole */
  double score;
  uint64_t bit;
} Candidate;

static bool before(const Candidate *a, const Candidate *b) {
  const double difference = a->score - b->score, close = 1e-9;
  if (difference > close || difference < -close) return difference > 0;
  double cost_a = cost_of(a->fact), cost_b = cost_of(b->fact);
  return cost_a != cost_b ? cost_a < cost_b : a->fact->index < b->fact->index;
}

static bool depends_on(const licet_interview *interview, const Verdicts *verdicts,
                       const uint64_t *asked, uint64_t bit) {
  const CompiledPolicy *compiled = interview->determination->compiled;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    if ((asked[v] & bit) && verdicts_depend_on(verdicts, v)) return true;
  }
  return false;
}

static const Fact *best_of(const licet_interview *interview, const Verdicts *verdicts,
                           const uint64_t *asked) {
  const CompiledPolicy *compiled = interview->determination->compiled;
  Arena *arena = verdicts->arena;
  const uint32_t variables = compiled->set.variables.count;
  double *gains = ARENA_ARRAY(arena, double, variables + 1);
  Candidate candidates[LIMIT_POLICY_FACTS];
  uint32_t count = 0;
  verdicts_gains(verdicts, gains);
  for (uint32_t i = 0; i < compiled->set.facts.count; i++) {
    Candidate candidate = {.fact = compiled->set.facts.items[i], .bit = UINT64_C(1) << i};
    double most = 0;
    for (uint32_t v = 0; v < variables; v++) {
      if (!(asked[v] & candidate.bit)) continue;
      double gain = gains[v] / __builtin_popcountll(asked[v]);
      most = gain > most ? gain : most;
    }
    candidate.score = most / cost_of(candidate.fact);
    if (most <= 0) continue;
    uint32_t at = count++;
    for (; at > 0 && before(&candidate, &candidates[at - 1]); at--)
      candidates[at] = candidates[at - 1];
    candidates[at] = candidate;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (depends_on(interview, verdicts, asked, candidates[i].bit)) return candidates[i].fact;
  }
  return count > 0 ? candidates[0].fact : NULL; /* facts that can only change together */
}

/* An authorization whose amount is the least of what is known may be less once more is. */
static const Fact *fact_in_term(const licet_interview *interview, const Term *term) {
  if (term == NULL) return NULL;
  if (term->kind == TERM_FACT && term->fact->index >= BUILTIN_FACTS &&
      !value_of(interview, term->fact)->known)
    return question_for(interview, term->fact);
  const Fact *found = fact_in_term(interview, term->a);
  return found != NULL ? found : fact_in_term(interview, term->b);
}

static const Fact *authorization_fact(const licet_interview *interview, uint64_t approvals) {
  for (; approvals != 0; approvals &= approvals - 1) {
    const Outcome *outcome =
        interview->determination->compiled->approvals.items[__builtin_ctzll(approvals)].outcome;
    for (uint32_t i = 0; i < outcome->items.count; i++) {
      const Fact *fact = fact_in_term(interview, outcome->items.items[i].amount);
      if (fact != NULL) return fact;
    }
  }
  return NULL;
}

/* A list that would leave something open even if it were whole is asked about last, where that
 * could still change the verdict. */
static const Fact *narrowing_list(const licet_interview *interview, const Verdicts *verdicts,
                                  uint32_t certain, const bool *closed) {
  const licet_determination *d = interview->determination;
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    if (!cells_many(d->allowed[v]) || !is_given_list(interview, v)) continue;
    const Fact *list = d->compiled->set.variables.items[v]->fact;
    uint64_t open = d->allowed[v], whole = cells_if_whole(interview, v);
    if (whole == 0 || whole == open || question_for(interview, list) == NULL) continue;
    d->allowed[v] = whole;
    const Verdicts *then = verdicts_build(verdicts->arena, d, closed);
    d->allowed[v] = open;
    const uint32_t other = then == NULL ? 0 : verdicts_certain(then);
    if (other == 0 || !verdicts_same(then, other, verdicts, certain)) return list;
  }
  return NULL;
}

/* What the plan's record shows is asked of a reviewer also where the vocabulary has a default for
 * it: until then it is open. */
static void open_defaults(licet_interview *interview) {
  licet_determination *d = &interview->session->determination;
  const CompiledPolicy *compiled = d->compiled;
  uint64_t opened = 0;
  for (uint32_t i = 0; i < compiled->set.facts.count; i++) {
    const Fact *fact = compiled->set.facts.items[i];
    FactValue *value = &d->facts.values[fact->index];
    if (!value->defaulted || fact->supplier != SUPPLIER_RECORD || !can_say(interview, fact) ||
        was_answered(interview, fact))
      continue;
    *value = (FactValue){0};
    opened |= UINT64_C(1) << i;
  }
  for (uint32_t v = 0; opened != 0 && v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (!(variable->facts & opened)) continue;
    const uint64_t *not_known =
        variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
    d->allowed[v] = variable_cells(variable, &d->facts, not_known, ENTRIES_ALL);
  }
}

static const Fact *choose(licet_interview *interview) {
  const licet_determination *d = interview->determination;
  Arena *arena = &interview->step;
  const uint32_t variables = d->compiled->set.variables.count;
  uint64_t *asked = ARENA_ARRAY(arena, uint64_t, variables + 1), every = 0;
  bool *closed = ARENA_ARRAY(arena, bool, variables + 1);
  for (uint32_t v = 0; v < variables; v++) {
    asked[v] = askable_facts(interview, v);
    closed[v] = asked[v] == 0;
    every |= asked[v];
  }
  const Verdicts *verdicts = verdicts_build(arena, d, closed);
  if (verdicts == NULL) { /* too large: what is open, in alphabetical order */
    Holds approves =
        diagram_evaluate(&d->compiled->diagram, d->compiled->whole.approve, d->compiled->possible,
                         d->allowed, diagram_scratch_open(arena));
    return every == 0 || approves == HOLDS_ALWAYS
               ? NULL
               : d->compiled->set.facts.items[__builtin_ctzll(every)];
  }
  uint32_t certain = verdicts_certain(verdicts);
  if (certain == 0) return best_of(interview, verdicts, asked);
  const Fact *list = narrowing_list(interview, verdicts, certain, closed);
  return list != NULL ? list : authorization_fact(interview, verdicts->authorizations[certain]);
}

/* ---- The question ---- */

static const char *copy(Arena *arena, Text text) {
  return arena_copy(arena, text.length == 0 ? "" : text.at, text.length);
}

static const char *const *choices_of(Arena *arena, const Fact *fact) {
  const char **choices = ARENA_ARRAY(arena, const char *, fact->type.value_count + 1);
  uint32_t count = 0;
  bool has = fact->type.kind == TYPE_ENUMERATION || fact->type.kind == TYPE_SET;
  for (uint32_t i = 0; has && i < fact->type.value_count; i++) {
    if (!((fact->not_known >> i) & 1)) choices[count++] = copy(arena, fact->type.values[i]);
  }
  return choices;
}

static const char *const *fields_of(Arena *arena, const Fact *fact) {
  const char **fields = ARENA_ARRAY(arena, const char *, fact->field_count + 1);
  for (uint32_t f = 0; f < fact->field_count; f++) {
    Buffer out;
    buffer_open(&out, arena, 64);
    buffer_text(&out, fact->fields[f].name);
    for (uint32_t i = 0; i < fact->fields[f].type.value_count; i++) {
      buffer_string(&out, i == 0 ? ": " : " | ");
      buffer_text(&out, fact->fields[f].type.values[i]);
    }
    fields[f] = buffer_finish(&out);
  }
  return fields;
}

static bool reads(const CompiledCriterion *criterion, const Fact *fact) {
  for (uint32_t i = 0; i < criterion->facts.count; i++) {
    if (criterion->facts.items[i] == fact) return true;
  }
  return false;
}

/* The criteria that read the fact and are not settled: their paths and titles. */
static void find_criteria(licet_interview *interview, const Fact *fact) {
  const licet_determination *d = interview->determination;
  Arena *arena = &interview->step;
  const char **paths = ARENA_ARRAY(arena, const char *, d->compiled->criteria.count + 1);
  const char **titles = ARENA_ARRAY(arena, const char *, d->compiled->criteria.count + 1);
  uint32_t count = 0;
  for (uint32_t i = 0; i < d->compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &d->compiled->criteria.items[i];
    const bool settled = d->explained[i].status != LICET_UNKNOWN &&
                         !fact->has_default; /* decided by a default: it may differ */
    if (settled || !reads(criterion, fact)) continue;
    paths[count] = copy(arena, criterion->criterion->path);
    titles[count++] = copy(arena, criterion->criterion->title);
  }
  interview->question.criteria = paths;
  interview->question.reasons = titles;
}

static const char *text_for(Arena *arena, const Fact *fact, const Fact *list) {
  if (fact->question.length > 0) return copy(arena, fact->question);
  if (list != NULL)
    return arena_format(arena, "Is that all, with nothing missing from %.*s?",
                        (int)list->name.length, list->name.at);
  return arena_format(arena, "What is %.*s?", (int)fact->name.length, fact->name.at);
}

static void pose(licet_interview *interview, const Fact *fact) {
  Arena *arena = &interview->step;
  const Fact *list = list_of(interview, fact);
  bool measured = fact->type.kind == TYPE_QUANTITY || fact->type.kind == TYPE_SERIES;
  interview->question =
      (licet_question){.fact = copy(arena, fact->name),
                       .text = text_for(arena, fact, list),
                       .type = fact_type_of(&fact->type),
                       .choices = choices_of(arena, fact),
                       .fields = fields_of(arena, fact),
                       .units = measured ? dimension_units(fact->type.dimension) : "",
                       .range = copy(arena, fact->range),
                       .supplier = supplier_source(fact->supplier),
                       .is_clinical = fact->clinical,
                       .is_completeness = list != NULL,
                       .number = interview->answers.count + 1};
  const char *vocabulary = copy(arena, interview->determination->facts.vocabulary->name);
  licet_fact shown;
  interview->question.values = "";
  for (size_t i = 0;
       (shown = licet_vocabulary_fact(interview->library, vocabulary, i)).name != NULL; i++) {
    if (strcmp(shown.name, interview->question.fact) == 0)
      interview->question.values = shown.values;
  }
  find_criteria(interview, list != NULL ? list : fact);
}

static void count_askable(licet_interview *interview) {
  const CompiledPolicy *compiled = interview->determination->compiled;
  interview->askable = 0;
  for (uint32_t i = 0; i < compiled->set.facts.count; i++)
    interview->askable += question_for(interview, compiled->set.facts.items[i]) != NULL;
}

void interview_choose(licet_interview *interview) {
  interview->asked = NULL;
  if (interview->determination->compiled == NULL) return;
  open_defaults(interview);
  if (interview->answers.count == 0) count_askable(interview);
  const Fact *fact = choose(interview);
  if (fact == NULL) return;
  const Fact *asked = question_for(interview, fact);
  interview->asked = asked;
  if (asked != NULL) pose(interview, asked);
}
