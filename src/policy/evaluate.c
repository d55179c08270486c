/* evaluate: terms and conditions on the facts of one request.
 *
 * Conditions are evaluated in Kleene's strong three-valued logic (Introduction to Metamathematics,
 * 1952), connective by connective: an AND fails with its first operand that fails, an OR holds with
 * its first that holds, and what neither settles is unknown. Terms are evaluated in interval
 * arithmetic: a quantity that is not known lies between the bounds of its fact, and a comparison
 * whose intervals do not meet is settled all the same.
 *
 * Invariant: an answer of yes or no stays when more becomes known. The converse does not hold
 * (`a or not a` is unknown here while `a` is); answers that are exact in this sense are the
 * diagram's.
 */
#include "policy/evaluate.h"

#include <assert.h>

#include "base/unreachable.h"

#define FAR INT64_C(4000000000000000000)

void fact_bounds(const Fact *fact, Amount *low, Amount *high) {
  *low = -FAR;
  *high = FAR;
  if (fact->has_range) {
    *low = fact->low;
    *high = fact->high;
    return;
  }
  switch (fact->type.dimension) {
    case DIMENSION_COUNT:
      *low = 0;
      return;
    case DIMENSION_PERCENT:
      *low = 0;
      *high = 100 * AMOUNT_ONE;
      return;
    case DIMENSION_RATIO:
    case DIMENSION_NUMBER:
      return;
    case DIMENSION_MASS:
    case DIMENSION_LENGTH:
    case DIMENSION_AREA:
    case DIMENSION_VOLUME:
    case DIMENSION_TIME:
    case DIMENSION_MASS_PER_AREA:
    case DIMENSION_MASS_PER_TIME:
    case DIMENSION_VOLUME_PER_TIME:
    case DIMENSION_MASS_PER_AREA_TIME:
    case DIMENSION_MASS_PER_MASS:
    case DIMENSION_MASS_PER_MASS_TIME:
    case DIMENSION_MASS_PER_VOLUME:
      *low = 1;
      return; /* above zero */
    case DIMENSION_COUNT_OF:
      break;
  }
  UNREACHABLE();
}

bool duration_reaches(Date from, Date to, Span length) { return date_add(from, length) <= to; }

static TermValue unknown_value(void) { return (TermValue){.low = -FAR, .high = FAR}; }
static TermValue point(Amount amount) {
  return (TermValue){.known = true, .low = amount, .high = amount};
}

static TermValue fact_term(const Term *term, const Facts *facts) {
  const FactValue *value = &facts->values[term->fact->index];
  TermValue result = unknown_value();
  if (!value->known) {
    if (term->value == VALUE_AMOUNT) fact_bounds(term->fact, &result.low, &result.high);
    return result;
  }
  if (value->is_none) return (TermValue){.known = true, .none = true};
  switch (term->value) {
    case VALUE_AMOUNT:
      return point(value->amount);
    case VALUE_DATE:
      return point(value->date);
    case VALUE_DURATION:
      result = point(0);
      result.from = facts->values[FACT_START].date;
      result.to = date_add(result.from, value->span);
      return result;
  }
  UNREACHABLE();
}

/* ---- Series ---- */

static bool in_window(const Query *query, const Observation *observation, const Facts *facts) {
  Date start = facts->values[FACT_START].date;
  const FactValue *anchor = query->anchor == NULL ? NULL : &facts->values[query->anchor->index];
  switch (query->window) {
    case WINDOW_ALL:
      return observation->date <= start;
    case WINDOW_WITHIN_BEFORE_START:
      return observation->date <= start &&
             observation->date >=
                 date_add(start, (Span){-query->length.months, -query->length.days});
    case WINDOW_AFTER_AT_LEAST:
      return anchor->known && !anchor->is_none && observation->date <= start &&
             observation->date >= date_add(anchor->date, query->length);
    case WINDOW_BEFORE:
      return anchor->known && !anchor->is_none && observation->date <= start &&
             observation->date < anchor->date;
  }
  UNREACHABLE();
}

/* On equal dates the later entry counts; on equal values the earlier. */
static bool picks(QueryPick pick, const Observation *candidate, const Observation *chosen) {
  switch (pick) {
    case PICK_LATEST:
      return candidate->date >= chosen->date;
    case PICK_EARLIEST:
      return candidate->date < chosen->date;
    case PICK_LOWEST:
      return candidate->value < chosen->value;
    case PICK_HIGHEST:
      return candidate->value > chosen->value;
    case PICK_BASELINE:
      return candidate->date < chosen->date;
  }
  UNREACHABLE();
}

static const Observation *observe(const Query *query, const Facts *facts) {
  const FactValue *series = &facts->values[query->series->index];
  const Observation *chosen = NULL;
  for (uint32_t i = 0; series->known && i < series->observation_count; i++) {
    const Observation *candidate = &series->observations[i];
    if (query->pick == PICK_BASELINE && !candidate->is_baseline) continue;
    if (!in_window(query, candidate, facts)) continue;
    if (chosen == NULL || picks(query->pick, candidate, chosen)) chosen = candidate;
  }
  return chosen;
}

/* "After at least 12 weeks of" what never began: there is no such observation, and none will come.
 */
static bool has_no_anchor(const Query *query, const Facts *facts) {
  if (query->anchor == NULL) return false;
  const FactValue *anchor = &facts->values[query->anchor->index];
  return anchor->known && anchor->is_none;
}

/* One and the same observation: there is no second one to compare it with. */
static bool are_one_observation(const Term *a, const Term *b, const Facts *facts) {
  if (a->kind != TERM_QUERY || b->kind != TERM_QUERY) return false;
  const Observation *observation = observe(&a->query, facts);
  return observation != NULL && observation == observe(&b->query, facts);
}

static TermValue percent_change(const Term *term, const Facts *facts) {
  if (are_one_observation(term->a, term->b, facts)) return unknown_value();
  TermValue from = evaluate_term(term->a, facts), to = evaluate_term(term->b, facts);
  Amount change;
  if (from.none || to.none || !from.known || !to.known || from.low <= 0) return unknown_value();
  if (!amount_multiply(to.low - from.low, DIMENSION_NUMBER, 100 * AMOUNT_ONE, DIMENSION_NUMBER,
                       &change, NULL))
    return unknown_value();
  if (!amount_divide(change, DIMENSION_NUMBER, from.low, DIMENSION_NUMBER, &change, NULL))
    return unknown_value();
  return point(change);
}

/* ---- Arithmetic ---- */

static Amount far_clamp(Amount amount) {
  return amount > FAR ? FAR : amount < -FAR ? -FAR : amount;
}

static TermValue product(const Term *term, TermValue a, TermValue b) {
  TermValue result = unknown_value();
  Amount low, high;
  if (a.low < 0 || b.low < 0) {
    if (!a.known || !b.known) return result;
  }
  bool fits = amount_multiply(a.low, term->a->dimension, b.low, term->b->dimension, &low, NULL);
  if (!fits) return result;
  result.low = low;
  if (amount_multiply(a.high, term->a->dimension, b.high, term->b->dimension, &high, NULL))
    result.high = high;
  result.known = a.known && b.known && result.low == result.high;
  return result;
}

static TermValue quotient(const Term *term, TermValue a, TermValue b) {
  Amount amount;
  bool is_exact =
      a.known && b.known && b.low != 0 &&
      amount_divide(a.low, term->a->dimension, b.low, term->b->dimension, &amount, NULL);
  return is_exact ? point(amount) : unknown_value();
}

static TermValue pair(const Term *term, const Facts *facts) {
  TermValue a = evaluate_term(term->a, facts), b = evaluate_term(term->b, facts),
            result = unknown_value();
  if (a.none || b.none) return unknown_value();
  switch (term->kind) {
    case TERM_ADD:
      result.low = far_clamp(a.low + b.low);
      result.high = far_clamp(a.high + b.high);
      break;
    case TERM_SUBTRACT:
      result.low = far_clamp(a.low - b.high);
      result.high = far_clamp(a.high - b.low);
      break;
    case TERM_LEAST:
      result.low = a.low < b.low ? a.low : b.low;
      result.high = a.high < b.high ? a.high : b.high;
      break;
    case TERM_GREATEST:
      result.low = a.low > b.low ? a.low : b.low;
      result.high = a.high > b.high ? a.high : b.high;
      break;
    case TERM_MULTIPLY:
      return product(term, a, b);
    case TERM_DIVIDE:
      return quotient(term, a, b);
    case TERM_FACT:
    case TERM_AMOUNT:
    case TERM_DATE:
    case TERM_SPAN:
    case TERM_BODY_SURFACE:
    case TERM_FROM_TO:
    case TERM_SHIFTED:
    case TERM_QUERY:
    case TERM_PERCENT_CHANGE:
    case TERM_UPPER_LIMIT:
      UNREACHABLE();
  }
  result.known = a.known && b.known;
  return result;
}

/* A length that is not given does not shorten an authorization: the least of those known counts. */
static TermValue duration_pair(const Term *term, const Facts *facts) {
  TermValue a = evaluate_term(term->a, facts), b = evaluate_term(term->b, facts);
  if (!a.known || a.none) return b;
  if (!b.known || b.none) return a;
  return (a.to <= b.to) == (term->kind == TERM_LEAST) ? a : b;
}

static bool is_fact(const Term *term, const Fact *fact) {
  return term->kind == TERM_FACT && fact != NULL && term->fact == fact;
}

/* What doses rest on, criteria must too: a surface that is stated and near enough to the computed
 * one (dosing/choose.c). */
static const Fact *accepted_surface(const Term *term, const Facts *facts, Amount computed) {
  const Fact *const *roles = facts->vocabulary->dosing.roles, *surface = roles[DOSING_BODY_SURFACE];
  if (surface == NULL || !is_fact(term->a, roles[DOSING_HEIGHT]) ||
      !is_fact(term->b, roles[DOSING_WEIGHT]))
    return NULL;
  const FactValue *stated = &facts->values[surface->index];
  return stated->known && !stated->is_none && is_within_a_twentieth(stated->amount, computed)
             ? surface
             : NULL;
}

/* The surface is not known, and one is stated that the computed one may turn out to be near: it may
 * lie beyond what can be computed. */
static TermValue with_stated(const Term *term, const Facts *facts, TermValue range) {
  const Fact *surface = facts->vocabulary->dosing.roles[DOSING_BODY_SURFACE];
  if (accepted_surface(term, facts, range.low) != NULL &&
      facts->values[surface->index].amount < range.low)
    range.low = facts->values[surface->index].amount;
  if (accepted_surface(term, facts, range.high) != NULL &&
      facts->values[surface->index].amount > range.high)
    range.high = facts->values[surface->index].amount;
  return range;
}

static TermValue body_surface(const Term *term, const Facts *facts) {
  TermValue height = evaluate_term(term->a, facts), weight = evaluate_term(term->b, facts),
            result = unknown_value();
  Amount low, high;
  if (height.none || weight.none || height.low <= 0 || weight.low <= 0) return result;
  if (amount_body_surface_mosteller(height.low, weight.low, &low)) result.low = low;
  if (amount_body_surface_mosteller(height.high, weight.high, &high)) result.high = high;
  result.known = height.known && weight.known && result.low == result.high;
  if (!result.known) return with_stated(term, facts, result);
  const Fact *stated = accepted_surface(term, facts, result.low);
  return stated == NULL ? result : point(facts->values[stated->index].amount);
}

static const Fact *surface_fact_in(const Term *term, const Facts *facts) {
  Amount computed;
  if (term == NULL) return NULL;
  if (term->kind != TERM_BODY_SURFACE) {
    const Fact *in_a = surface_fact_in(term->a, facts);
    return in_a != NULL ? in_a : surface_fact_in(term->b, facts);
  }
  TermValue height = evaluate_term(term->a, facts), weight = evaluate_term(term->b, facts);
  bool is_computed = height.known && weight.known &&
                     amount_body_surface_mosteller(height.low, weight.low, &computed);
  return is_computed ? accepted_surface(term, facts, computed) : NULL;
}

const Fact *surface_fact_read(const Condition *condition, const Facts *facts) {
  const Fact *fact = surface_fact_in(condition->left, facts);
  if (fact == NULL) fact = surface_fact_in(condition->right, facts);
  if (condition->kind == CONDITION_COUNT) return fact; /* the operand speaks of an entry's fields */
  for (uint32_t i = 0; i < condition->operands.count && fact == NULL; i++)
    fact = surface_fact_read(condition->operands.items[i], facts);
  return fact;
}

static TermValue from_to(const Term *term, const Facts *facts) {
  TermValue from = evaluate_term(term->a, facts), to = evaluate_term(term->b, facts);
  if (from.none || to.none) return (TermValue){.known = true, .none = true};
  if (!from.known || !to.known) return unknown_value();
  TermValue result = point(0);
  result.from = (Date)from.low;
  result.to = (Date)to.low;
  return result;
}

TermValue evaluate_term(const Term *term, const Facts *facts) {
  TermValue value;
  const Observation *observation;
  switch (term->kind) {
    case TERM_FACT:
      return fact_term(term, facts);
    case TERM_AMOUNT:
      return point(term->amount);
    case TERM_DATE:
      return point(term->date);
    case TERM_SPAN:
      value = point(0);
      value.from = facts->values[FACT_START].date;
      value.to = date_add(value.from, term->span);
      return value;
    case TERM_LEAST:
    case TERM_GREATEST:
      if (term->value == VALUE_DURATION) return duration_pair(term, facts);
      return pair(term, facts);
    case TERM_ADD:
    case TERM_SUBTRACT:
    case TERM_MULTIPLY:
    case TERM_DIVIDE:
      return pair(term, facts);
    case TERM_BODY_SURFACE:
      return body_surface(term, facts);
    case TERM_FROM_TO:
      return from_to(term, facts);
    case TERM_SHIFTED:
      value = evaluate_term(term->a, facts);
      return value.known && !value.none
                 ? point(date_add((Date)value.low, (Span){-term->span.months, -term->span.days}))
                 : value;
    case TERM_QUERY:
      if (has_no_anchor(&term->query, facts)) return (TermValue){.known = true, .none = true};
      observation = observe(&term->query, facts);
      return observation == NULL ? unknown_value() : point(observation->value);
    case TERM_UPPER_LIMIT:
      observation = observe(&term->a->query, facts);
      return observation == NULL || !observation->has_upper_limit ? unknown_value()
                                                                  : point(observation->upper_limit);
    case TERM_PERCENT_CHANGE:
      return percent_change(term, facts);
  }
  UNREACHABLE();
}

/* ---- Conditions ---- */

static Truth truth(bool holds) { return holds ? TRUTH_YES : TRUTH_NO; }
static Truth truth_not(Truth t) {
  return t == TRUTH_UNKNOWN ? t : t == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

static bool span_holds(const CodeSpan *span, Text code) {
  if (!span->is_range) return text_equal(span->first, code);
  if (text_compare(span->first, code) > 0) return false;
  const Text head = {code.at, code.length < span->last.length ? code.length : span->last.length};
  return text_compare(head, span->last) <= 0;
}

bool code_in(const Condition *condition, Text code) {
  for (uint32_t i = 0; i < condition->codes.count; i++) {
    if (span_holds(&condition->codes.items[i], code)) return true;
  }
  return false;
}

/* By halves: they are in order. */
bool name_in(const Condition *condition, uint32_t name) {
  uint32_t low = 0, high = condition->names.count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (condition->names.items[middle] == name) return true;
    if (condition->names.items[middle] < name) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

static Truth compare(const Condition *condition, const Facts *facts) {
  TermValue left = evaluate_term(condition->left, facts),
            right = evaluate_term(condition->right, facts);
  if (left.none || right.none) return TRUTH_NO; /* no comparison holds of what is not there */
  if (condition->or_equal ? left.high <= right.low : left.high < right.low) return TRUTH_YES;
  if (condition->or_equal ? left.low > right.high : left.low >= right.high) return TRUTH_NO;
  return TRUTH_UNKNOWN;
}

static Truth reached(const Condition *condition, const Facts *facts) {
  TermValue duration = evaluate_term(condition->left, facts);
  if (!duration.known) return TRUTH_UNKNOWN;
  return truth(!duration.none &&
               duration_reaches(duration.from, duration.to, condition->right->span));
}

static Truth count_entries(const Condition *condition, const Facts *facts) {
  const FactValue *list = &facts->values[condition->fact->index];
  if (!list->known) return TRUTH_UNKNOWN;
  uint32_t yes = 0, open = 0;
  for (uint32_t i = 0; i < list->entry_count; i++) {
    Truth t = evaluate_entry(condition->operands.items[0], &list->entries[i]);
    yes += t == TRUTH_YES;
    open += t == TRUTH_UNKNOWN;
  }
  if (yes >= condition->count) return TRUTH_YES;
  return !list->complete || yes + open >= condition->count ? TRUTH_UNKNOWN : TRUTH_NO;
}

/* A single test on the facts of a request. */
static Truth test_facts(const Condition *test, const Facts *facts) {
  const FactValue *value = test->fact == NULL ? NULL : &facts->values[test->fact->index];
  if (value != NULL && !value->known && test->kind != CONDITION_COUNT) return TRUTH_UNKNOWN;
  switch (test->kind) {
    case CONDITION_ENUM_IN:
      return truth((test->mask >> value->choice) & 1);
    case CONDITION_NAME_IN:
      return truth(!value->is_none && name_in(test, value->name));
    case CONDITION_CODE_IN:
      return truth(!value->is_none && code_in(test, value->code));
    case CONDITION_INCLUDES:
      return truth((value->members & test->mask) == test->mask);
    case CONDITION_SET_IS:
      return truth(value->members == test->mask);
    case CONDITION_NONE:
      return truth(value->is_none);
    case CONDITION_GIVEN:
    case CONDITION_DOCUMENTED:
      return TRUTH_YES;
    case CONDITION_REACHED:
      return reached(test, facts);
    case CONDITION_COMPARE:
      return compare(test, facts);
    case CONDITION_COUNT:
      return count_entries(test, facts);
    case CONDITION_MET: /* only the diagram follows criteria */
      return TRUTH_UNKNOWN;
    case CONDITION_TRUE:
    case CONDITION_FALSE:
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
      break; /* no single test: evaluate() took it apart */
  }
  UNREACHABLE();
}

/* A single test on one entry of a list: its values and names alone can be tested. */
static Truth test_entry(const Condition *test, const Entry *entry) {
  const EntryField *field = test->field == NULL ? NULL : &entry->fields[test->field->index];
  if (field == NULL || !field->known) return TRUTH_UNKNOWN;
  if (test->kind == CONDITION_ENUM_IN) return truth((test->mask >> field->choice) & 1);
  if (test->kind == CONDITION_NAME_IN) return truth(name_in(test, field->name));
  return TRUTH_UNKNOWN;
}

/* What a condition is evaluated on: one entry of a list, or, where that is NULL, a request. */
typedef struct Subject {
  const Facts *facts;
  const Entry *entry;
} Subject;

static Truth evaluate(const Condition *condition, Subject subject);

/* Kleene's connectives: `settled` is the value of one operand that settles the whole. */
static Truth join(const Condition *condition, Subject subject, Truth settled) {
  Truth so_far = truth_not(settled);
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    Truth t = evaluate(condition->operands.items[i], subject);
    if (t == settled) return settled;
    if (t == TRUTH_UNKNOWN) so_far = TRUTH_UNKNOWN;
  }
  return so_far;
}

static Truth evaluate(const Condition *condition, Subject subject) {
  switch (condition->kind) {
    case CONDITION_TRUE:
      return TRUTH_YES;
    case CONDITION_FALSE:
      return TRUTH_NO;
    case CONDITION_AND:
      return join(condition, subject, TRUTH_NO);
    case CONDITION_OR:
      return join(condition, subject, TRUTH_YES);
    case CONDITION_NOT:
      return truth_not(evaluate(condition->operands.items[0], subject));
    case CONDITION_ENUM_IN:
    case CONDITION_NAME_IN:
    case CONDITION_CODE_IN:
    case CONDITION_INCLUDES:
    case CONDITION_SET_IS:
    case CONDITION_NONE:
    case CONDITION_GIVEN:
    case CONDITION_DOCUMENTED:
    case CONDITION_REACHED:
    case CONDITION_COMPARE:
    case CONDITION_COUNT:
    case CONDITION_MET:
      break;
  }
  return subject.entry != NULL ? test_entry(condition, subject.entry)
                               : test_facts(condition, subject.facts);
}

Truth evaluate_condition(const Condition *condition, const Facts *facts) {
  return evaluate(condition, (Subject){.facts = facts});
}

Truth evaluate_entry(const Condition *condition, const Entry *entry) {
  return evaluate(condition, (Subject){.entry = entry});
}
