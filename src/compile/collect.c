/* collect: the variables of a policy, found in its tests - the first of the four times of a
 * variable (variable.h).
 *
 * Each test is looked up by what it asks (the same term, the same fact) and adds its threshold or
 * pattern to the variable it belongs to; what asks for something new makes a variable. Nothing is
 * cut yet: that needs all thresholds of a variable at once. */
#include "compile/pattern.h"
#include "compile/variable_internal.h"

void add_fact(Arena *arena, FactList *facts, const Fact *fact) {
  for (uint32_t i = 0; i < facts->count; i++) {
    if (facts->items[i] == fact) return;
  }
  LIST_PUSH(arena, *facts, fact);
}

void facts_of_term(Arena *arena, FactList *facts, const Term *term) {
  if (term == NULL) return;
  if (term->fact != NULL) add_fact(arena, facts, term->fact);
  if (term->query.series != NULL) add_fact(arena, facts, term->query.series);
  if (term->query.anchor != NULL) add_fact(arena, facts, term->query.anchor);
  facts_of_term(arena, facts, term->a);
  facts_of_term(arena, facts, term->b);
}

void facts_of_condition(Arena *arena, FactList *facts, const Condition *condition) {
  if (condition->fact != NULL) add_fact(arena, facts, condition->fact);
  facts_of_term(arena, facts, condition->left);
  facts_of_term(arena, facts, condition->right);
  if (condition->kind == CONDITION_COUNT) return; /* the operand speaks of an entry's fields */
  for (uint32_t i = 0; i < condition->operands.count; i++)
    facts_of_condition(arena, facts, condition->operands.items[i]);
}

/* The facts of a term that may be unknown. */
FactList open_facts(Arena *arena, const Term *left, const Term *right) {
  FactList all = {0}, open = {0};
  facts_of_term(arena, &all, left);
  facts_of_term(arena, &all, right);
  for (uint32_t i = 0; i < all.count; i++) {
    if (!is_builtin(all.items[i])) LIST_PUSH(arena, open, all.items[i]);
  }
  return open;
}

static void note_facts(VariableSet *set, const FactList *facts) {
  for (uint32_t i = 0; i < facts->count; i++) {
    if (is_builtin(facts->items[i])) continue;
    bool there = false;
    for (uint32_t j = 0; j < set->facts.count; j++)
      there = there || set->facts.items[j] == facts->items[i];
    if (!there) LIST_PUSH(set->arena, set->facts, facts->items[i]);
  }
}

uint64_t variables_fact(const VariableSet *set, const Fact *fact) {
  for (uint32_t i = 0; i < set->facts.count; i++) {
    if (set->facts.items[i] == fact) return UINT64_C(1) << i;
  }
  return 0;
}

static Variable *variable_new(VariableSet *set, VariableKind kind) {
  Variable *variable = ARENA_NEW(set->arena, Variable);
  variable->kind = kind;
  LIST_PUSH(set->arena, set->plain, variable);
  return variable;
}

Variable *find_fact_variable(const VariableSet *set, VariableKind kind, const Fact *fact) {
  for (uint32_t i = 0; i < set->plain.count; i++) {
    Variable *variable = set->plain.items[i];
    if (variable->kind == kind && variable->fact == fact) return variable;
  }
  return NULL;
}

Variable *find_term_variable(const VariableSet *set, VariableKind kind, const Term *term,
                             const Fact *anchor) {
  for (uint32_t i = 0; i < set->plain.count; i++) {
    Variable *variable = set->plain.items[i];
    if (variable->kind == kind && variable->anchor == anchor && variable->term != NULL &&
        same_term(variable->term, term))
      return variable;
  }
  return NULL;
}

static bool term_may_be_none(const Term *term);

/* `a < b` says just what `b <= a` denies, where both are always something. */
static bool is_complemented(const Condition *joint, const Condition *test) {
  if (joint->kind != CONDITION_COMPARE || test->kind != CONDITION_COMPARE ||
      joint->or_equal == test->or_equal)
    return false;
  if (term_may_be_none(test->left) || term_may_be_none(test->right)) return false;
  return same_term(joint->left, test->right) && same_term(joint->right, test->left);
}

/* `*denied`: the variable's test is the opposite of this one. */
Variable *find_joint(const VariableSet *set, const Condition *test, bool *negated) {
  for (uint32_t i = 0; i < set->plain.count; i++) {
    Variable *variable = set->plain.items[i];
    if (variable->kind != VARIABLE_JOINT) continue;
    const Condition *joint = variable->joint;
    *negated = is_complemented(joint, test);
    if (*negated) return variable;
    bool same = joint->or_equal == test->or_equal && joint->kind == test->kind &&
                same_term(joint->left, test->left) && same_term(joint->right, test->right);
    if (same) return variable;
  }
  return NULL;
}

static void collect_joint(VariableSet *set, const Condition *test);

static const Fact *only_fact(Arena *arena, const Term *term) {
  FactList facts = open_facts(arena, term, NULL);
  return facts.count == 1 ? facts.items[0] : NULL;
}

static bool term_may_be_none(const Term *term) {
  if (term->kind == TERM_QUERY)
    return term->query.anchor != NULL && term->query.anchor->type.or_none;
  return term->kind == TERM_FACT && term->fact->type.or_none;
}

Variable *term_variable(VariableSet *set, VariableKind kind, const Term *term, const Fact *anchor) {
  Variable *variable = find_term_variable(set, kind, term, anchor);
  if (variable != NULL) return variable;
  variable = variable_new(set, kind);
  variable->term = term;
  variable->anchor = anchor;
  variable->fact = only_fact(set->arena, term);
  variable->has_none = term_may_be_none(term);
  return variable;
}

static void collect_flag(VariableSet *set, const Condition *test) {
  VariableKind kind = test->kind == CONDITION_GIVEN ? VARIABLE_GIVEN : VARIABLE_DOCUMENTED;
  if (find_fact_variable(set, kind, test->fact) == NULL) variable_new(set, kind)->fact = test->fact;
}

/* The same condition on an entry, written twice. */
static bool same_where(const Condition *a, const Condition *b) {
  if (a == b) return true;
  bool same = a->kind == b->kind && a->field == b->field && a->mask == b->mask &&
              a->count == b->count && a->names.count == b->names.count &&
              a->operands.count == b->operands.count;
  for (uint32_t i = 0; same && i < a->names.count; i++)
    same = a->names.items[i] == b->names.items[i];
  for (uint32_t i = 0; same && i < a->operands.count; i++)
    same = same_where(a->operands.items[i], b->operands.items[i]);
  return same;
}

/* The same test; tests that count entries with the same property share it, whatever they ask of the
 * number. */
bool same_pattern(const Condition *a, const Condition *b) {
  return a == b || (a->kind == CONDITION_COUNT && b->kind == CONDITION_COUNT &&
                    same_where(a->operands.items[0], b->operands.items[0]));
}

static void collect_pattern(VariableSet *set, const Condition *test) {
  Variable *variable = find_fact_variable(set, VARIABLE_PATTERN, test->fact);
  if (variable == NULL) {
    variable = variable_new(set, VARIABLE_PATTERN);
    variable->fact = test->fact;
  }
  uint32_t at = 0;
  while (at < variable->tests.count && !same_pattern(variable->tests.items[at], test)) at++;
  if (test->kind == CONDITION_COUNT && at < 16 && test->count > variable->caps[at])
    variable->caps[at] = (uint8_t)(test->count > 15 ? 15 : test->count);
  if (at < variable->tests.count) return;
  LIST_PUSH(set->arena, variable->tests, test);
}

static void collect_comparison(VariableSet *set, const Condition *test) {
  Cut cut;
  FactList counts;
  if (cut_of(test, set->arena, &cut)) {
    Variable *variable = term_variable(set, VARIABLE_ORDERED, cut.term, cut.anchor);
    LIST_PUSH(set->arena, variable->thresholds, cut.threshold);
  } else if (is_countable(set->arena, test, &counts)) {
    cut_counts(set, test, &counts);
  } else {
    collect_joint(set, test);
  }
}

static void collect_joint(VariableSet *set, const Condition *test) {
  bool negated;
  if (find_joint(set, test, &negated) == NULL) variable_new(set, VARIABLE_JOINT)->joint = test;
}

static void collect_length(VariableSet *set, const Condition *test) {
  if (open_facts(set->arena, test->left, NULL).count > 1) {
    collect_joint(set, test);
    return;
  }
  Variable *variable = term_variable(set, VARIABLE_LENGTH, test->left, NULL);
  LIST_PUSH(set->arena, variable->thresholds,
            ((Threshold){.term = test->right, .span = test->right->span}));
}

/* "none" of an ordered fact is a cell of each variable on it; make sure there is one. */
static void collect_none(VariableSet *set, const Condition *test) {
  if (test->fact->type.kind == TYPE_NAME || test->fact->type.kind == TYPE_CODE) {
    collect_pattern(set, test);
    return;
  }
  for (uint32_t i = 0; i < set->plain.count; i++) {
    const Variable *variable = set->plain.items[i];
    if (variable->has_none && variable->fact == test->fact) return;
  }
  Term *term = ARENA_NEW(set->arena, Term);
  term->kind = TERM_FACT;
  static const ValueKind values[] = {
      [TYPE_QUANTITY] = VALUE_AMOUNT, [TYPE_DATE] = VALUE_DATE, [TYPE_DURATION] = VALUE_DURATION};
  term->value = values[test->fact->type.kind];
  term->dimension = test->fact->type.dimension;
  term->fact = test->fact;
  term_variable(set, term->value == VALUE_DURATION ? VARIABLE_LENGTH : VARIABLE_ORDERED, term,
                NULL);
}

void variables_collect(VariableSet *set, const Condition *test) {
  FactList facts = {0};
  switch (test->kind) {
    case CONDITION_TRUE:
    case CONDITION_FALSE:
    case CONDITION_MET:
      return;
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
      for (uint32_t i = 0; i < test->operands.count; i++)
        variables_collect(set, test->operands.items[i]);
      return;
    case CONDITION_ENUM_IN:
      if (find_fact_variable(set, VARIABLE_CHOICE, test->fact) == NULL)
        variable_new(set, VARIABLE_CHOICE)->fact = test->fact;
      break;
    case CONDITION_NAME_IN:
    case CONDITION_CODE_IN:
    case CONDITION_INCLUDES:
    case CONDITION_SET_IS:
    case CONDITION_COUNT:
      collect_pattern(set, test);
      break;
    case CONDITION_NONE:
      collect_none(set, test);
      break;
    case CONDITION_GIVEN:
    case CONDITION_DOCUMENTED:
      collect_flag(set, test);
      break;
    case CONDITION_REACHED:
      collect_length(set, test);
      break;
    case CONDITION_COMPARE:
      collect_comparison(set, test);
      break;
  }
  facts_of_condition(set->arena, &facts, test);
  note_facts(set, &facts);
}
