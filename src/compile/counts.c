/* counts: tests that add up several counts, worked out exactly.
 *
 * A count has few values, so whether a test distinguishes n from n + 1 is found by trying all
 * values of the others; where it does, n is a threshold of that count. The test is then a function
 * of the cells of its counts, built cell by cell into the diagram. */
#include "base/unreachable.h"
#include "compile/variable_internal.h"

#define JOINT_FACTS 3
#define JOINT_WORK 300000
#define COUNTED_WORK 30000000

static bool sums_counts(const Term *term) {
  switch (term->kind) {
    case TERM_AMOUNT:
      return true;
    case TERM_FACT:
      return term->fact->type.kind == TYPE_QUANTITY &&
             term->fact->type.dimension == DIMENSION_COUNT && term->fact->has_range &&
             !term->fact->type.or_none;
    case TERM_ADD:
    case TERM_SUBTRACT:
    case TERM_MULTIPLY:
    case TERM_LEAST:
    case TERM_GREATEST:
      return sums_counts(term->a) && sums_counts(term->b);
    case TERM_DATE:
    case TERM_SPAN:
    case TERM_DIVIDE:
    case TERM_BODY_SURFACE:
    case TERM_FROM_TO:
    case TERM_SHIFTED:
    case TERM_QUERY:
    case TERM_PERCENT_CHANGE:
    case TERM_UPPER_LIMIT:
      return false;
  }
  UNREACHABLE();
}

static int64_t values_of(const Fact *fact) { return (fact->high - fact->low) / AMOUNT_ONE + 1; }

/* Counts with few enough values to be worked out one by one. */
bool is_countable(Arena *arena, const Condition *test, FactList *facts) {
  *facts = open_facts(arena, test->left, test->right);
  if (test->kind != CONDITION_COMPARE || facts->count > JOINT_FACTS || !sums_counts(test->left) ||
      !sums_counts(test->right))
    return false;
  int64_t work = 1;
  for (uint32_t i = 0; i < facts->count; i++) {
    work *= values_of(facts->items[i]);
    if (work > JOINT_WORK) return false;
  }
  return true;
}

/* A row of facts with nothing but the counts of a joint test filled in. */
static Facts blank_facts(const VariableSet *set, Arena *arena) {
  const Vocabulary *vocabulary = set->policy->vocabulary;
  return (Facts){.vocabulary = vocabulary,
                 .values = ARENA_ARRAY(arena, FactValue, vocabulary->facts.count)};
}

static void set_count(Facts *facts, const Fact *fact, int64_t step) {
  facts->values[fact->index].known = true;
  facts->values[fact->index].amount = fact->low + step * AMOUNT_ONE;
}

/* Does the test tell count `step` of facts[which] from the next one, whatever the others are? */
static bool differs(const Condition *test, const FactList *facts, uint32_t which, int64_t step,
                    Facts *row) {
  int64_t others = 1;
  for (uint32_t i = 0; i < facts->count; i++) others *= i == which ? 1 : values_of(facts->items[i]);
  for (int64_t n = 0; n < others; n++) {
    int64_t rest = n;
    for (uint32_t i = 0; i < facts->count; i++) {
      if (i == which) continue;
      set_count(row, facts->items[i], rest % values_of(facts->items[i]));
      rest /= values_of(facts->items[i]);
    }
    set_count(row, facts->items[which], step);
    Truth here = evaluate_condition(test, row);
    set_count(row, facts->items[which], step + 1);
    if (evaluate_condition(test, row) != here) return true;
  }
  return false;
}

static const Term *count_term(Arena *arena, const Fact *fact) {
  Term *term = ARENA_NEW(arena, Term);
  term->kind = TERM_FACT;
  term->value = VALUE_AMOUNT;
  term->dimension = DIMENSION_COUNT;
  term->fact = fact;
  return term;
}

/* What working out a test costs; false, reported, where all of them together cost too much. */
static bool may_count(VariableSet *set, const FactList *facts) {
  int64_t work = 1;
  for (uint32_t i = 0; i < facts->count; i++) work *= values_of(facts->items[i]);
  set->counted += work * facts->count;
  if (set->counted <= COUNTED_WORK) return true;
  Diagnostic *d = diagnose(set->diagnostics, DIAGNOSTIC_TOO_MANY_CELLS, set->span,
                           "the conditions add counts in too many ways");
  diagnostic_expect(set->diagnostics, d, "fewer such conditions, or narrower ranges of the counts");
  return false;
}

void cut_counts(VariableSet *set, const Condition *test, const FactList *facts) {
  if (!may_count(set, facts)) return;
  Facts row = blank_facts(set, set->arena);
  for (uint32_t i = 0; i < facts->count; i++) {
    Variable *variable =
        term_variable(set, VARIABLE_ORDERED, count_term(set->arena, facts->items[i]), NULL);
    for (int64_t step = 0; step + 1 < values_of(facts->items[i]); step++) {
      if (!differs(test, facts, i, step, &row)) continue;
      LIST_PUSH(set->arena, variable->thresholds,
                ((Threshold){.amount = facts->items[i]->low + step * AMOUNT_ONE}));
    }
  }
}

/* A value in the cell, for counts. */
static Amount representative(const Variable *variable, uint32_t plain) {
  if (plain % 2 == 1) return variable->thresholds.items[plain / 2].amount;
  if (plain == 0) {
    Amount low, high;
    fact_bounds(variable->fact, &low, &high);
    return low;
  }
  return variable->thresholds.items[plain / 2 - 1].amount + AMOUNT_ONE;
}

static DiagramRef joint_over(const VariableSet *set, const Condition *test, Diagram *diagram,
                             const FactList *facts, uint32_t at, Facts *row) {
  if (at == facts->count)
    return evaluate_condition(test, row) == TRUTH_YES ? DIAGRAM_TRUE : DIAGRAM_FALSE;
  const Variable *variable = NULL;
  for (uint32_t i = 0; i < set->plain.count; i++) {
    const Variable *candidate = set->plain.items[i];
    if (candidate->kind == VARIABLE_ORDERED && candidate->anchor == NULL &&
        candidate->term->kind == TERM_FACT && candidate->term->fact == facts->items[at])
      variable = candidate;
  }
  uint32_t index = index_of(set, variable->product == NULL ? variable : variable->product);
  DiagramRef result = DIAGRAM_FALSE;
  for (uint32_t cell = 0; cell < variable->arity; cell++) {
    if (!((variable->cells >> cell) & 1)) continue;
    row->values[facts->items[at]->index].known = true;
    row->values[facts->items[at]->index].amount = representative(variable, cell);
    DiagramRef rest = joint_over(set, test, diagram, facts, at + 1, row);
    const uint64_t bit_of = UINT64_C(1) << cell;
    result = diagram_or(
        diagram, result,
        diagram_and(
            diagram,
            diagram_literal(diagram, index,
                            variable->product == NULL ? bit_of : product_lift(variable, bit_of)),
            rest));
  }
  return result;
}

DiagramRef variables_joint(const VariableSet *set, const Condition *test, Diagram *diagram) {
  FactList facts = open_facts(set->arena, test->left, test->right);
  Facts row = blank_facts(set, set->arena);
  return joint_over(set, test, diagram, &facts, 0, &row);
}
