/* order: the variables of a policy's versions, all in one order.
 *
 * Where a policy has several versions, each asks its own tests, and would meet them in an order of
 * its own: a line that is no longer in force may have been the first to ask for a fact. So that
 * what two versions share is the same function of the same variables in the same order, the order
 * is that of the page with all its lines, in force or not: a version's variables are then a part of
 * those of all versions together, in their order. survey.c rests on this.
 *
 * Variables that may become parts of one product (product.c) take their place together, at the
 * first test of their fact, whichever of them a version has.
 *
 * Invariant: of two variables that two versions both have, the same one comes first in both.
 */
#include "compile/compiler.h"

/* ---- Which variable a test asks ---- */

/* What cuts one fact into an order: variables on the same one belong together. NULL: not so. */
static const Fact *cut_fact(Compiler *c, const Condition *test) {
  Cut cut;
  const Term *term = NULL;
  if (test->kind == CONDITION_NONE) return test->fact;
  if (test->kind == CONDITION_REACHED) term = test->left;
  if (test->kind == CONDITION_COMPARE && cut_of(test, c->arena, &cut)) term = cut.term;
  if (term == NULL) return NULL;
  const FactList facts = open_facts(c->arena, term, NULL);
  return facts.count == 1 ? facts.items[0] : NULL;
}

static bool is_cut(const Variable *variable) {
  return variable->kind == VARIABLE_ORDERED || variable->kind == VARIABLE_LENGTH;
}

static void take_place(Variable *variable, uint32_t place) {
  if (variable == NULL) return;
  if (variable->place.group == 0) variable->place.group = place;
  if (variable->place.own == 0) variable->place.own = place;
}

static void place_fact(VariableSet *set, const Fact *fact, uint32_t place) {
  for (uint32_t i = 0; i < set->plain.count; i++) {
    Variable *variable = set->plain.items[i];
    if (is_cut(variable) && variable->fact == fact && variable->place.group == 0)
      variable->place.group = place;
  }
}

static void place_counts(VariableSet *set, const FactList *counts, uint32_t place) {
  for (uint32_t n = 0; n < counts->count; n++) place_fact(set, counts->items[n], place);
}

static void place_comparison(Compiler *c, const Condition *test, uint32_t place) {
  Cut cut;
  FactList counts;
  bool negated;
  if (cut_of(test, c->arena, &cut)) {
    take_place(find_term_variable(c->set, VARIABLE_ORDERED, cut.term, cut.anchor), place);
  } else if (is_countable(c->arena, test, &counts)) {
    place_counts(c->set, &counts, place);
  } else {
    take_place(find_joint(c->set, test, &negated), place);
  }
}

static void place_length(Compiler *c, const Condition *test, uint32_t place) {
  bool negated;
  Variable *length = find_term_variable(c->set, VARIABLE_LENGTH, test->left, NULL);
  take_place(length != NULL ? length : find_joint(c->set, test, &negated), place);
}

static void place_test(Compiler *c, const Condition *test) {
  const uint32_t place = ++c->set->places;
  const Fact *fact = cut_fact(c, test);
  if (fact != NULL) place_fact(c->set, fact, place);
  switch (test->kind) {
    case CONDITION_TRUE:
    case CONDITION_FALSE:
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
    case CONDITION_MET:
      return;
    case CONDITION_ENUM_IN:
      take_place(find_fact_variable(c->set, VARIABLE_CHOICE, test->fact), place);
      return;
    case CONDITION_NONE:
    case CONDITION_NAME_IN:
    case CONDITION_CODE_IN:
    case CONDITION_INCLUDES:
    case CONDITION_SET_IS:
    case CONDITION_COUNT:
      take_place(find_fact_variable(c->set, VARIABLE_PATTERN, test->fact), place);
      return;
    case CONDITION_GIVEN:
      take_place(find_fact_variable(c->set, VARIABLE_GIVEN, test->fact), place);
      return;
    case CONDITION_DOCUMENTED:
      take_place(find_fact_variable(c->set, VARIABLE_DOCUMENTED, test->fact), place);
      return;
    case CONDITION_REACHED:
      place_length(c, test, place);
      return;
    case CONDITION_COMPARE:
      place_comparison(c, test, place);
      return;
  }
}

static void place_condition(Compiler *c, const Condition *condition) {
  if (condition == NULL) return;
  if (condition->kind != CONDITION_AND && condition->kind != CONDITION_OR &&
      condition->kind != CONDITION_NOT) {
    place_test(c, condition);
    return;
  }
  for (uint32_t i = 0; i < condition->operands.count; i++)
    place_condition(c, condition->operands.items[i]);
}

/* ---- The page ---- */

typedef enum Lines { LINES_OF_KIND, LINES_OF_ANOTHER } Lines;

static Lines lines_of(const Compiler *c, const Criterion *criterion) {
  for (; criterion != NULL; criterion = criterion->parent)
    if (criterion->kind >= 0 && criterion->kind != c->kind) return LINES_OF_ANOTHER;
  return LINES_OF_KIND;
}

/* Lines of the other kind are asked only where some line refers to them: they come last. */
static void place_criteria(Compiler *c, Lines lines) {
  const Policy *policy = c->compiled->policy;
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    if (lines_of(c, policy->criteria.items[i]) == lines)
      compiler_each_condition(c, policy->criteria.items[i], place_condition);
  }
}

static bool comes_before(const Variable *a, const Variable *b) {
  return a->place.group != b->place.group ? a->place.group < b->place.group
                                          : a->place.own < b->place.own;
}

void compiler_order(Compiler *c) {
  const Vocabulary *vocabulary = c->compiled->policy->vocabulary;
  place_criteria(c, LINES_OF_KIND);
  place_criteria(c, LINES_OF_ANOTHER);
  for (uint32_t i = 0; i < vocabulary->nevers.count; i++)
    place_condition(c, vocabulary->nevers.items[i]->condition);
  Variable **plain = c->set->plain.items;
  for (uint32_t i = 1; i < c->set->plain.count; i++) {
    Variable *moved = plain[i];
    uint32_t at = i;
    for (; at > 0 && comes_before(moved, plain[at - 1]); at--) plain[at] = plain[at - 1];
    plain[at] = moved;
  }
}
