/* shape: is a comparison a cut, and of what?
 *
 * A comparison of one open term with something fixed cuts the term's values at a threshold.
 * Constants are moved to the fixed side first where that is exact, so that `n + 1 <= 7` and
 * `n <= 6` cut the same variable. */
#include "base/unreachable.h"
#include "compile/variable_internal.h"

bool same_term(const Term *a, const Term *b) {
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
    case TERM_SPAN:
    case TERM_ADD:
    case TERM_SUBTRACT:
    case TERM_MULTIPLY:
    case TERM_DIVIDE:
    case TERM_LEAST:
    case TERM_GREATEST:
    case TERM_BODY_SURFACE:
    case TERM_FROM_TO:
    case TERM_QUERY:
    case TERM_PERCENT_CHANGE:
    case TERM_UPPER_LIMIT:
      return false;
  }
  UNREACHABLE();
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

bool cut_of(const Condition *test, Arena *arena, Cut *cut) {
  bool left_constant = constant(test->left, &cut->threshold, &cut->anchor);
  if (!left_constant && !constant(test->right, &cut->threshold, &cut->anchor)) return false;
  cut->term = left_constant ? test->right : test->left;
  cut->holds_below = !left_constant;
  cut->or_equal = test->or_equal;
  if (cut->threshold.term->kind == TERM_AMOUNT) cut->term = isolate(cut->term, &cut->threshold);
  FactList counts;
  if (cut->term->kind != TERM_FACT && is_countable(arena, test, &counts))
    return false; /* distinguished by the count itself, exactly */
  return open_facts(arena, cut->term, NULL).count <= 1 || cut->term->kind == TERM_QUERY ||
         cut->term->kind == TERM_PERCENT_CHANGE;
}
