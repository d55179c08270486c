/* Variables: finding what each test asks of which fact, cutting the facts into cells, and telling
 * which cells a test holds in and a request leaves open.
 *
 * Reading order: variables_collect, variables_close (when a policy is compiled), variables_test
 * (when its functions are built), variable_cells (for every request). */
#include "compile/pattern.h"

/* ---- Which facts? ---- */

static void add_fact(Arena *arena, FactList *facts, const Fact *fact) {
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

static bool is_builtin(const Fact *fact) { return fact->index < BUILTIN_FACTS; }

/* The facts of a term that may be unknown. */
static FactList open_facts(Arena *arena, const Term *left, const Term *right) {
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

/* ---- Telling the shape of a test ---- */

static bool same_term(const Term *a, const Term *b) {
  if (a == b) return true;
  if (a == NULL || b == NULL || a->kind != b->kind || a->fact != b->fact ||
      a->amount != b->amount || a->date != b->date)
    return false;
  if (a->span.months != b->span.months || a->span.days != b->span.days) return false;
  if (a->query.pick != b->query.pick || a->query.series != b->query.series ||
      a->query.window != b->query.window || a->query.anchor != b->query.anchor ||
      a->query.length.months != b->query.length.months ||
      a->query.length.days != b->query.length.days) {
    return false;
  }
  return same_term(a->a, b->a) && same_term(a->b, b->b);
}

/* What a comparison comes to: `term` is cut at a threshold; `below` tells which side holds. */
typedef struct Cut {
  const Term *term;
  const Fact *anchor;
  Threshold threshold;
  bool holds_below; /* term < threshold, else term > threshold */
  bool or_equal;
} Cut;

/* The constant side of a comparison, as a threshold; false where it is none. */
static bool constant(const Term *term, Threshold *threshold, const Fact **anchor) {
  *anchor = NULL;
  *threshold = (Threshold){.term = term};
  switch (term->kind) {
    case TERM_AMOUNT:
      threshold->amount = term->amount;
      return true;
    case TERM_DATE:
      threshold->amount = term->date;
      return true;
    case TERM_FACT:
      *anchor = term->fact;
      return term->value == VALUE_DATE && is_builtin(term->fact);
    case TERM_SHIFTED:
      if (term->a->kind != TERM_FACT || !is_builtin(term->a->fact)) return false;
      *anchor = term->a->fact;
      threshold->span = term->span;
      return true;
    default:
      return false;
  }
}

/* x + 1 <= 7 is x <= 6: constants move to the constant side, so that equal things share a variable.
 */
static bool unscale(const Term **term, Threshold *threshold);

static const Term *isolate(const Term *term, Threshold *threshold) {
  while (unscale(&term, threshold)) continue;
  while (term->value == VALUE_AMOUNT && (term->kind == TERM_ADD || term->kind == TERM_SUBTRACT)) {
    if (term->b->kind == TERM_AMOUNT) {
      Amount moved = term->kind == TERM_ADD ? -term->b->amount : term->b->amount;
      if (!amount_add(threshold->amount, moved, &threshold->amount)) break;
      term = term->a;
    } else if (term->kind == TERM_ADD && term->a->kind == TERM_AMOUNT) {
      if (!amount_add(threshold->amount, -term->a->amount, &threshold->amount)) break;
      term = term->b;
    } else {
      break;
    }
  }
  return term;
}

/* w / 2 <= 25 kg is w <= 50 kg, where that comes out even: a quotient rounded at the last place
 * would blur the cut. */
static bool unscale(const Term **term, Threshold *threshold) {
  const Term *scaled = *term, *factor = scaled->b, *rest = scaled->a;
  if (scaled->value != VALUE_AMOUNT ||
      (scaled->kind != TERM_MULTIPLY && scaled->kind != TERM_DIVIDE))
    return false;
  if (scaled->kind == TERM_MULTIPLY && rest->kind == TERM_AMOUNT) {
    factor = scaled->a;
    rest = scaled->b;
  }
  bool plain = factor->kind == TERM_AMOUNT && factor->amount > 0 &&
               (factor->dimension == DIMENSION_NUMBER || factor->dimension == DIMENSION_COUNT ||
                factor->dimension == DIMENSION_RATIO);
  bool exact = false;
  Amount moved;
  if (!plain) return false;
  bool fits = scaled->kind == TERM_DIVIDE
                  ? amount_multiply(threshold->amount, rest->dimension, factor->amount,
                                    DIMENSION_NUMBER, &moved, &exact)
                  : amount_divide(threshold->amount, rest->dimension, factor->amount,
                                  DIMENSION_NUMBER, &moved, &exact);
  if (!fits || !exact) return false;
  threshold->amount = moved;
  *term = rest;
  return true;
}

static bool is_countable(Arena *arena, const Condition *test, FactList *facts);

static bool cut_of(const Condition *test, Arena *arena, Cut *cut) {
  bool left_constant = constant(test->left, &cut->threshold, &cut->anchor);
  if (!left_constant && !constant(test->right, &cut->threshold, &cut->anchor)) return false;
  cut->term = left_constant ? test->right : test->left;
  cut->holds_below = !left_constant;
  cut->or_equal = test->or_equal;
  if (cut->threshold.term->kind == TERM_AMOUNT) cut->term = isolate(cut->term, &cut->threshold);
  FactList counts;
  if (cut->term->kind != TERM_FACT && is_countable(arena, test, &counts))
    return false; /* told apart by the count itself, exactly */
  return open_facts(arena, cut->term, NULL).count <= 1 || cut->term->kind == TERM_QUERY ||
         cut->term->kind == TERM_PERCENT_CHANGE;
}

/* ---- Finding or making the variable of a test ---- */

static Variable *variable_new(VariableSet *set, VariableKind kind) {
  Variable *variable = ARENA_NEW(set->arena, Variable);
  variable->kind = kind;
  LIST_PUSH(set->arena, set->plain, variable);
  return variable;
}

static Variable *find_fact_variable(const VariableSet *set, VariableKind kind, const Fact *fact) {
  for (uint32_t i = 0; i < set->plain.count; i++) {
    Variable *variable = set->plain.items[i];
    if (variable->kind == kind && variable->fact == fact) return variable;
  }
  return NULL;
}

static Variable *find_term_variable(const VariableSet *set, VariableKind kind, const Term *term,
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
static Variable *find_joint(const VariableSet *set, const Condition *test, bool *negated) {
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

static Variable *term_variable(VariableSet *set, VariableKind kind, const Term *term,
                               const Fact *anchor) {
  Variable *variable = find_term_variable(set, kind, term, anchor);
  if (variable != NULL) return variable;
  variable = variable_new(set, kind);
  variable->term = term;
  variable->anchor = anchor;
  variable->fact = only_fact(set->arena, term);
  variable->has_none = term_may_be_none(term);
  return variable;
}

/* ---- Joint tests over counts ---- */

#define JOINT_FACTS 3
#define JOINT_WORK 300000

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
    default:
      return false;
  }
}

static int64_t values_of(const Fact *fact) { return (fact->high - fact->low) / AMOUNT_ONE + 1; }

/* Counts with few enough values to be worked out one by one. */
static bool is_countable(Arena *arena, const Condition *test, FactList *facts) {
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

#define COUNTED_WORK 30000000

/* What working out a test costs; false, told, where all of them together cost too much. */
static bool may_count(VariableSet *set, const FactList *facts) {
  int64_t work = 1;
  for (uint32_t i = 0; i < facts->count; i++) work *= values_of(facts->items[i]);
  set->counted += work * facts->count;
  if (set->counted <= COUNTED_WORK) return true;
  Diagnostic *d = diagnose(set->diagnostics, DIAGNOSTIC_TOO_MANY_CELLS, set->span,
                           "the conditions add up counts in too many ways");
  diagnostic_expect(set->diagnostics, d, "fewer such conditions, or narrower ranges of the counts");
  return false;
}

static void cut_counts(VariableSet *set, const Condition *test, const FactList *facts) {
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

/* ---- Collecting ---- */

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
    case CONDITION_AT_LEAST:
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

/* ---- Cells of ordered values ---- */

static int compare_spans(Span a, Span b) {
  return a.months != b.months ? (a.months < b.months ? -1 : 1)
                              : (a.days > b.days) - (a.days < b.days);
}

/* Lengths of months and of days are in the same order on every calendar only where they are far
 * enough apart. */
static bool spans_ordered(Span low, Span high) {
  if (low.months == high.months) return low.days <= high.days;
  return low.months * 31 + low.days <= high.months * 28 + high.days ||
         (low.months <= high.months && low.days <= high.days);
}

static int compare_thresholds(const Variable *variable, const Threshold *a, const Threshold *b) {
  if (variable->kind == VARIABLE_LENGTH)
    return spans_ordered(a->span, b->span) ? (compare_spans(a->span, b->span) == 0 ? 0 : -1) : 1;
  if (variable->anchor != NULL)
    return compare_spans(a->span, b->span) == 0 ? 0
           : spans_ordered(b->span, a->span)    ? -1
                                                : 1; /* longer before is earlier */
  return (a->amount > b->amount) - (a->amount < b->amount);
}

static bool sort_thresholds(VariableSet *set, Variable *variable) {
  Threshold *items = variable->thresholds.items;
  uint32_t count = variable->thresholds.count;
  for (uint32_t i = 1; i < count; i++) {
    for (uint32_t j = i; j > 0 && compare_thresholds(variable, &items[j - 1], &items[j]) > 0; j--) {
      Threshold swap = items[j];
      items[j] = items[j - 1];
      items[j - 1] = swap;
    }
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (kept == 0 || compare_thresholds(variable, &items[kept - 1], &items[i]) != 0)
      items[kept++] = items[i];
  }
  variable->thresholds.count = kept;
  bool spans = variable->kind == VARIABLE_LENGTH || variable->anchor != NULL;
  for (uint32_t i = 1; spans && i < kept; i++) {
    Span low = variable->kind == VARIABLE_LENGTH ? items[i - 1].span : items[i].span,
         high = variable->kind == VARIABLE_LENGTH ? items[i].span : items[i - 1].span;
    if (spans_ordered(low, high)) continue;
    Diagnostic *d = diagnose(set->diagnostics, DIAGNOSTIC_UNORDERED_SPANS, set->span,
                             "a number of days and a number of months limit the same length, and "
                             "which is longer depends on the month");
    diagnostic_expect(set->diagnostics, d, "both in months, or both in days or weeks");
    return false;
  }
  return true;
}

/* Cells of an ORDERED variable with thresholds t0 < t1 …: 2i is the gap below ti, 2i+1 is ti
 * itself, 2n the gap above the last; one further up where cell 0 is "none". */
static uint32_t ordered_cell(const Variable *variable, uint32_t plain) {
  return plain + (variable->has_none ? 1 : 0);
}

static bool gap_has_value(const Variable *variable, uint32_t index) {
  const Fact *fact = variable->term->kind == TERM_FACT ? variable->term->fact : NULL;
  if (fact == NULL || fact->type.kind != TYPE_QUANTITY) return true;
  Amount low, high;
  fact_bounds(fact, &low, &high);
  Amount step = fact->type.dimension == DIMENSION_COUNT ? AMOUNT_ONE : 1;
  uint32_t count = variable->thresholds.count;
  Amount from = index == 0 ? low : variable->thresholds.items[index - 1].amount + 1,
         to = index == count ? high : variable->thresholds.items[index].amount - 1;
  if (from < low) from = low;
  if (to > high) to = high;
  if (from > to) return false;
  Amount first = from >= 0 ? (from + step - 1) / step * step : from;
  return first <= to;
}

static bool point_has_value(const Variable *variable, uint32_t index) {
  const Fact *fact = variable->term->kind == TERM_FACT ? variable->term->fact : NULL;
  if (fact == NULL || fact->type.kind != TYPE_QUANTITY) return true;
  Amount low, high, at = variable->thresholds.items[index].amount;
  fact_bounds(fact, &low, &high);
  return at >= low && at <= high &&
         (fact->type.dimension != DIMENSION_COUNT || at % AMOUNT_ONE == 0);
}

static bool cut_ordered(VariableSet *set, Variable *variable) {
  if (!sort_thresholds(set, variable)) return true; /* told; the cells do not matter any more */
  uint32_t count = variable->thresholds.count, arity = 2 * count + 1 + (variable->has_none ? 1 : 0);
  if (arity > LIMIT_CELLS) return false;
  variable->arity = (uint8_t)arity;
  variable->cells = variable->has_none ? 1 : 0;
  for (uint32_t i = 0; i <= count; i++) {
    if (gap_has_value(variable, i)) variable->cells |= UINT64_C(1) << ordered_cell(variable, 2 * i);
    if (i < count && point_has_value(variable, i))
      variable->cells |= UINT64_C(1) << ordered_cell(variable, 2 * i + 1);
  }
  return true;
}

static bool cut_lengths(VariableSet *set, Variable *variable) {
  if (!sort_thresholds(set, variable)) return true;
  uint32_t arity = variable->thresholds.count + 1 + (variable->has_none ? 1 : 0);
  if (arity > LIMIT_CELLS) return false;
  variable->arity = (uint8_t)arity;
  variable->cells = arity == 64 ? ~UINT64_C(0) : (UINT64_C(1) << arity) - 1;
  return true;
}

/* ---- Closing ---- */

static bool cut(VariableSet *set, Variable *variable) {
  bool fits = true;
  switch (variable->kind) {
    case VARIABLE_CHOICE:
      variable->arity = (uint8_t)variable->fact->type.value_count;
      break;
    case VARIABLE_ORDERED:
      fits = cut_ordered(set, variable);
      break;
    case VARIABLE_LENGTH:
      fits = cut_lengths(set, variable);
      break;
    case VARIABLE_PATTERN:
      fits = pattern_cut(set, variable);
      break;
    case VARIABLE_PRODUCT: /* joined later, from these */
    case VARIABLE_GIVEN:
    case VARIABLE_DOCUMENTED:
    case VARIABLE_JOINT:
      variable->arity = 2;
      break;
  }
  if (!fits) {
    Diagnostic *d = diagnose(set->diagnostics, DIAGNOSTIC_TOO_MANY_CELLS, set->span,
                             "the conditions tell too many cases of `%.*s` apart",
                             (int)(variable->fact == NULL ? 0 : variable->fact->name.length),
                             variable->fact == NULL ? "" : variable->fact->name.at);
    diagnostic_expect(set->diagnostics, d, "at most %u", LIMIT_CELLS);
    variable->arity = 1;
  }
  if (variable->cells == 0)
    variable->cells = variable->arity == 64 ? ~UINT64_C(0) : (UINT64_C(1) << variable->arity) - 1;
  if (variable->kind == VARIABLE_CHOICE) {
    for (uint32_t v = 0; v < variable->arity; v++) {
      if ((variable->fact->not_known >> v) & 1) variable->cells &= ~(UINT64_C(1) << v);
    }
  }
  return fits;
}

static void sort_facts(VariableSet *set) {
  for (uint32_t i = 1; i < set->facts.count; i++) {
    for (uint32_t j = i;
         j > 0 && text_compare(set->facts.items[j - 1]->name, set->facts.items[j]->name) > 0; j--) {
      const Fact *swap = set->facts.items[j];
      set->facts.items[j] = set->facts.items[j - 1];
      set->facts.items[j - 1] = swap;
    }
  }
}

static void find_facts(VariableSet *set, Variable *variable) {
  FactList facts = {0};
  if (variable->kind == VARIABLE_JOINT) {
    facts_of_condition(set->arena, &facts, variable->joint);
  } else if (variable->term != NULL) {
    facts_of_term(set->arena, &facts, variable->term);
  } else {
    add_fact(set->arena, &facts, variable->fact);
  }
  for (uint32_t i = 0; i < facts.count; i++) variable->facts |= variables_fact(set, facts.items[i]);
}

bool variables_close(VariableSet *set) {
  if (set->facts.count > LIMIT_POLICY_FACTS) {
    Diagnostic *d = diagnose(set->diagnostics, DIAGNOSTIC_TOO_MANY_FACTS, set->span,
                             "the policy reads %u facts", set->facts.count);
    diagnostic_expect(set->diagnostics, d, "at most %u", LIMIT_POLICY_FACTS);
    return false;
  }
  sort_facts(set);
  bool fits = true;
  if (set->diagnostics->errors > set->errors) return false; /* told while tests were collected */
  for (uint32_t i = 0; i < set->plain.count; i++) {
    find_facts(set, set->plain.items[i]);
    fits = cut(set, set->plain.items[i]) && fits;
  }
  if (fits) variables_join(set);
  set->closed = true;
  return fits && set->diagnostics->errors == set->errors;
}

/* ---- From a test to cells ---- */

static uint32_t index_of(const VariableSet *set, const Variable *variable) {
  for (uint32_t i = 0; i < set->variables.count; i++) {
    if (set->variables.items[i] == variable) return i;
  }
  return 0;
}

static uint64_t ordered_cells(const Variable *variable, const Cut *cut_at) {
  uint64_t cells = 0;
  for (uint32_t i = 0; i < variable->thresholds.count; i++) {
    if (compare_thresholds(variable, &variable->thresholds.items[i], &cut_at->threshold) != 0)
      continue;
    for (uint32_t plain = 0; plain < 2 * variable->thresholds.count + 1; plain++) {
      bool holds =
          plain == 2 * i + 1 ? cut_at->or_equal : (plain < 2 * i + 1) == cut_at->holds_below;
      if (holds) cells |= UINT64_C(1) << ordered_cell(variable, plain);
    }
  }
  return cells;
}

static uint64_t length_cells(const Variable *variable, Span reached) {
  uint64_t cells = 0;
  for (uint32_t i = 0; i < variable->thresholds.count; i++) {
    if (compare_spans(variable->thresholds.items[i].span, reached) != 0) continue;
    for (uint32_t cell = i + 1; cell <= variable->thresholds.count; cell++)
      cells |= UINT64_C(1) << ordered_cell(variable, cell);
  }
  return cells;
}

static bool joint_test(const VariableSet *set, const Condition *test, uint32_t *variable,
                       uint64_t *cells) {
  bool negated;
  const Variable *joint = find_joint(set, test, &negated);
  if (joint == NULL) return false;
  *variable = index_of(set, joint);
  *cells = negated ? 1 : 2;
  return true;
}

bool variables_test(const VariableSet *set, const Condition *test, uint32_t *variable,
                    uint64_t *cells) {
  const Variable *found = NULL;
  Cut at;
  switch (test->kind) {
    case CONDITION_ENUM_IN:
      found = find_fact_variable(set, VARIABLE_CHOICE, test->fact);
      *cells = test->mask;
      break;
    case CONDITION_NONE:
      if (test->fact->type.kind != TYPE_NAME && test->fact->type.kind != TYPE_CODE) {
        for (uint32_t i = 0; i < set->plain.count && found == NULL; i++) {
          if (set->plain.items[i]->has_none && set->plain.items[i]->fact == test->fact)
            found = set->plain.items[i];
        }
        *cells = 1;
        break;
      }
      found = find_fact_variable(set, VARIABLE_PATTERN, test->fact);
      *cells = pattern_test(found, test);
      break;
    case CONDITION_NAME_IN:
    case CONDITION_CODE_IN:
    case CONDITION_INCLUDES:
    case CONDITION_SET_IS:
    case CONDITION_COUNT:
      found = find_fact_variable(set, VARIABLE_PATTERN, test->fact);
      *cells = pattern_test(found, test);
      break;
    case CONDITION_GIVEN:
      found = find_fact_variable(set, VARIABLE_GIVEN, test->fact);
      *cells = 2;
      break;
    case CONDITION_DOCUMENTED:
      found = find_fact_variable(set, VARIABLE_DOCUMENTED, test->fact);
      *cells = 2;
      break;
    case CONDITION_REACHED:
      found = find_term_variable(set, VARIABLE_LENGTH, test->left, NULL);
      if (found == NULL) return joint_test(set, test, variable, cells);
      *cells = length_cells(found, test->right->span);
      break;
    case CONDITION_COMPARE:
      if (!cut_of(test, set->arena, &at)) return joint_test(set, test, variable, cells);
      found = find_term_variable(set, VARIABLE_ORDERED, at.term, at.anchor);
      *cells = ordered_cells(found, &at);
      break;
    case CONDITION_TRUE:
    case CONDITION_FALSE:
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
    case CONDITION_AT_LEAST:
    case CONDITION_MET:
      return false;
  }
  if (found->product != NULL) {
    *cells = product_lift(found, *cells);
    found = found->product;
  }
  *variable = index_of(set, found);
  return true;
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

/* ---- From facts to cells ---- */

static uint64_t bit(uint32_t cell) { return UINT64_C(1) << cell; }

static Amount threshold_amount(const Variable *variable, const Threshold *threshold,
                               const Facts *facts) {
  if (variable->anchor == NULL) return threshold->amount;
  Date anchor = facts->values[variable->anchor->index].date;
  return date_add(anchor, (Span){-threshold->span.months, -threshold->span.days});
}

static uint32_t locate(const Variable *variable, Amount amount, const Facts *facts) {
  uint32_t count = variable->thresholds.count;
  for (uint32_t i = 0; i < count; i++) {
    Amount at = threshold_amount(variable, &variable->thresholds.items[i], facts);
    if (amount < at) return ordered_cell(variable, 2 * i);
    if (amount == at) return ordered_cell(variable, 2 * i + 1);
  }
  return ordered_cell(variable, 2 * count);
}

static uint64_t ordered_open(const Variable *variable, const Facts *facts) {
  TermValue value = evaluate_term(variable->term, facts);
  if (value.none) return variable->has_none ? 1 : variable->cells;
  if (value.known) return bit(locate(variable, value.low, facts));
  if (variable->term->value == VALUE_DATE || variable->term->kind == TERM_FACT)
    return variable->cells;
  uint64_t open = 0;
  for (uint32_t cell = locate(variable, value.low, facts);
       cell <= locate(variable, value.high, facts); cell++)
    open |= bit(cell);
  return open & variable->cells;
}

static uint64_t length_open(const Variable *variable, const Facts *facts) {
  TermValue value = evaluate_term(variable->term, facts);
  if (!value.known) return variable->cells;
  if (value.none) return bit(0); /* its own cell, or that of nothing reached */
  uint32_t cell = 0;
  while (cell < variable->thresholds.count &&
         duration_reaches(value.from, value.to, variable->thresholds.items[cell].span))
    cell++;
  return bit(ordered_cell(variable, cell));
}

uint64_t variable_cells(const Variable *variable, const Facts *facts, const uint64_t *not_known,
                        EntryUse use) {
  const FactValue *value = variable->fact == NULL ? NULL : &facts->values[variable->fact->index];
  switch (variable->kind) {
    case VARIABLE_CHOICE:
      return value->known ? bit(value->choice) : variable->cells;
    case VARIABLE_ORDERED:
      return ordered_open(variable, facts);
    case VARIABLE_LENGTH:
      return length_open(variable, facts);
    case VARIABLE_PATTERN:
      return pattern_open(variable, facts, not_known, use);
    case VARIABLE_PRODUCT:
      return product_cells(variable, facts);
    case VARIABLE_GIVEN:
      return value->known ? 2 : 3;
    case VARIABLE_DOCUMENTED:
      return value->known && (use == ENTRIES_ALL || value->documented) ? 2 : 3;
    case VARIABLE_JOINT:
      switch (evaluate_condition(variable->joint, facts)) {
        case TRUTH_NO:
          return 1;
        case TRUTH_YES:
          return 2;
        case TRUTH_UNKNOWN:
          return 3;
      }
  }
  return variable->cells;
}
