/* cells: from a test to the cells it holds in, when functions are built; from the facts of a
 * request to the cells they leave open, for every request - the third and fourth times of a
 * variable. */
#include "compile/pattern.h"
#include "compile/variable_internal.h"

uint32_t index_of(const VariableSet *set, const Variable *variable) {
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

/* Of a date that is not known, the cells that some day falls into: each bound's own and the day
 * after it, and the days before them all. */
static uint64_t days_open(const Variable *variable, const Facts *facts) {
  uint64_t open = cells_one(ordered_cell(variable, 0));
  if (variable->has_none) open |= cells_one(0);
  for (uint32_t i = 0; i < variable->thresholds.count; i++) {
    const Amount day = threshold_amount(variable, &variable->thresholds.items[i], facts);
    open |= cells_one(locate(variable, day, facts)) | cells_one(locate(variable, day + 1, facts));
  }
  return open & variable->cells;
}

static uint64_t ordered_open(const Variable *variable, const Facts *facts) {
  TermValue value = evaluate_term(variable->term, facts);
  if (value.none) return variable->has_none ? 1 : variable->cells;
  if (value.known) return cells_one(locate(variable, value.low, facts));
  if (variable->term->value == VALUE_DATE) return days_open(variable, facts);
  if (variable->term->kind == TERM_FACT) return variable->cells;
  uint64_t open = 0;
  for (uint32_t cell = locate(variable, value.low, facts);
       cell <= locate(variable, value.high, facts); cell++)
    open |= cells_one(cell);
  return open & variable->cells;
}

static uint64_t length_open(const Variable *variable, const Facts *facts) {
  TermValue value = evaluate_term(variable->term, facts);
  if (!value.known) return variable->cells;
  if (value.none) return cells_one(0); /* its own cell, or that of nothing reached */
  uint32_t cell = 0;
  while (cell < variable->thresholds.count &&
         duration_reaches(value.from, value.to, variable->thresholds.items[cell].span))
    cell++;
  return cells_one(ordered_cell(variable, cell));
}

uint64_t variable_cells(const Variable *variable, const Facts *facts, const uint64_t *not_known,
                        EntryUse use) {
  const FactValue *value = variable->fact == NULL ? NULL : &facts->values[variable->fact->index];
  switch (variable->kind) {
    case VARIABLE_CHOICE:
      return value->known ? cells_one(value->choice) : variable->cells;
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
