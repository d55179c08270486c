/* cut: the cells of each variable, once all tests are collected - the second of the four times of a
 * variable.
 *
 * Invariant: the cells of a variable partition the values its fact can have, and `cells` holds
 * exactly those cells that some value falls into. A cell without a value would be a completion that
 * no patient has, and the diagram would no longer be exact. */
#include "compile/pattern.h"
#include "compile/variable_internal.h"

int compare_spans(Span a, Span b) {
  return a.months != b.months ? (a.months < b.months ? -1 : 1)
                              : (a.days > b.days) - (a.days < b.days);
}

/* Lengths of months and of days are in the same order on every calendar only where they are far
 * enough apart. */
static bool spans_ordered(Span low, Span high) {
  const int64_t months = (int64_t)high.months - low.months; /* 28 to 31 days each */
  return low.days <= high.days + months * (months >= 0 ? 28 : 31);
}

int compare_thresholds(const Variable *variable, const Threshold *a, const Threshold *b) {
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
uint32_t ordered_cell(const Variable *variable, uint32_t plain) {
  return plain + (variable->has_none ? 1 : 0);
}

/* Days are counted: between one day and the next there is none. Between bounds given in months from
 * the request, that depends on the request (cells.c). */
static bool gap_has_day(const Variable *variable, uint32_t index) {
  if (index == 0 || index == variable->thresholds.count) return true;
  const Threshold *from = &variable->thresholds.items[index - 1],
                  *to = &variable->thresholds.items[index];
  if (variable->anchor == NULL) return to->amount - from->amount > 1;
  return from->span.months != to->span.months || from->span.days - to->span.days > 1;
}

static bool gap_has_value(const Variable *variable, uint32_t index) {
  if (variable->term->value == VALUE_DATE) return gap_has_day(variable, index);
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
  if (!sort_thresholds(set, variable)) return true; /* reported; the cells do not matter any more */
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
  variable->cells = cells_all(arity);
  return true;
}

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
                             "the conditions distinguish too many cases of `%.*s`",
                             (int)(variable->fact == NULL ? 0 : variable->fact->name.length),
                             variable->fact == NULL ? "" : variable->fact->name.at);
    diagnostic_expect(set->diagnostics, d, "at most %u", LIMIT_CELLS);
    variable->arity = 1;
  }
  if (variable->cells == 0) variable->cells = cells_all(variable->arity);
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
  if (set->diagnostics->errors > set->errors)
    return false; /* reported while tests were collected */
  for (uint32_t i = 0; i < set->plain.count; i++) {
    find_facts(set, set->plain.items[i]);
    fits = cut(set, set->plain.items[i]) && fits;
  }
  if (fits) variables_join(set);
  set->closed = true;
  return fits && set->diagnostics->errors == set->errors;
}
