/* Authorizations: what an outcome authorizes on the facts of a request, and which of two is better.
 */
#include "decide/authorization.h"

#include <assert.h>

#include "base/unreachable.h"

/* The length a term results in, in calendar units, and the unit it is given in. */
static bool length_of(const Term *term, const Facts *facts, Span *length, Span *unit) {
  Span other, other_unit;
  Date start = facts->values[FACT_START].date;
  switch (term->kind) {
    case TERM_SPAN:
      *length = term->span;
      *unit = term->unit;
      return true;
    case TERM_FACT:
      if (!facts->values[term->fact->index].known || facts->values[term->fact->index].is_none)
        return false;
      *length = facts->values[term->fact->index].span;
      *unit = length->months != 0     ? (Span){1, 0}
              : length->days % 7 == 0 ? (Span){0, 7}
                                      : (Span){0, 1};
      return true;
    case TERM_LEAST:
    case TERM_GREATEST:
      if (!length_of(term->a, facts, length, unit)) return length_of(term->b, facts, length, unit);
      if (!length_of(term->b, facts, &other, &other_unit)) return true;
      if ((date_add(start, other) < date_add(start, *length)) == (term->kind == TERM_LEAST)) {
        *length = other;
        *unit = other_unit;
      }
      return true;
    case TERM_AMOUNT:
    case TERM_DATE:
    case TERM_ADD:
    case TERM_SUBTRACT:
    case TERM_MULTIPLY:
    case TERM_DIVIDE:
    case TERM_BODY_SURFACE:
    case TERM_FROM_TO:
    case TERM_SHIFTED:
    case TERM_QUERY:
    case TERM_PERCENT_CHANGE:
    case TERM_UPPER_LIMIT:
      return false; /* not a length that the language takes here */
  }
  UNREACHABLE();
}

Authorization authorization_of(const licet_determination *d, const Outcome *outcome) {
  Authorization authorization = {0};
  for (uint32_t i = 0; i < outcome->items.count; i++) {
    const AuthorizationItem *item = &outcome->items.items[i];
    TermValue value = evaluate_term(item->amount, &d->facts);
    switch (item->kind) {
      case AUTHORIZATION_LENGTH:
        authorization.has_length =
            length_of(item->amount, &d->facts, &authorization.length, &authorization.unit);
        if (authorization.has_length)
          authorization.end = date_last_of(d->request.start, authorization.length);
        break;
      case AUTHORIZATION_CYCLES: /* where a count is open, the least it can be */
        authorization.has_cycles = true;
        authorization.cycles = value.low < 0 ? 0 : value.low / AMOUNT_ONE;
        break;
      case AUTHORIZATION_RENEWALS:
        authorization.has_renewals = true;
        authorization.renewals = value.low < 0 ? 0 : value.low / AMOUNT_ONE;
        break;
    }
  }
  return authorization;
}

/* ---- The rule ---- */

static AuthorizationOrder order_of(int64_t a, int64_t b) {
  return a > b ? AUTHORIZATION_BETTER : a < b ? AUTHORIZATION_WORSE : AUTHORIZATION_EQUAL;
}

static AuthorizationOrder by_rule(AuthorizationOrder length, AuthorizationOrder renewals) {
  return length == AUTHORIZATION_EQUAL ? renewals : length;
}

static AuthorizationOrder order_on_facts(const Authorization *a, const Authorization *b) {
  const int64_t end_a = a->has_length ? a->end : INT64_MAX,
                end_b = b->has_length ? b->end : INT64_MAX;
  return by_rule(order_of(end_a, end_b),
                 order_of(a->has_renewals ? a->renewals : 0, b->has_renewals ? b->renewals : 0));
}

bool better_authorization(const Authorization *a, const Authorization *b) {
  return order_on_facts(a, b) == AUTHORIZATION_BETTER;
}

void authorizations_sort(const Authorization *authorizations, uint32_t count, uint32_t *order) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at = i;
    for (; at > 0 && better_authorization(&authorizations[i], &authorizations[order[at - 1]]); at--)
      order[at] = order[at - 1];
    order[at] = i;
  }
}

bool authorizations_equal(const Authorization *a, const Authorization *b) {
  return a->has_length == b->has_length && (!a->has_length || a->end == b->end) &&
         a->has_cycles == b->has_cycles && a->has_renewals == b->has_renewals &&
         a->cycles == b->cycles && a->renewals == b->renewals;
}

/* ---- For every request ---- */

static bool same_term(const Term *a, const Term *b) {
  if (a == NULL || b == NULL) return a == b;
  if (a->query.series != NULL || b->query.series != NULL)
    return false; /* windows are not looked into */
  return a->kind == b->kind && a->fact == b->fact && a->amount == b->amount && a->date == b->date &&
         a->span.months == b->span.months && a->span.days == b->span.days &&
         same_term(a->a, b->a) && same_term(a->b, b->b);
}

bool outcomes_authorize_same(const Outcome *a, const Outcome *b) {
  if (a->items.count != b->items.count) return false;
  for (uint32_t i = 0; i < a->items.count; i++) {
    const AuthorizationItem *one = &a->items.items[i], *other = &b->items.items[i];
    if (one->kind != other->kind || one->unit.months != other->unit.months ||
        one->unit.days != other->unit.days || !same_term(one->amount, other->amount))
      return false;
  }
  return true;
}

/* NULL: the outcome says nothing of the kind. */
static const Term *item_of(const Outcome *outcome, AuthorizationItemKind kind) {
  for (uint32_t i = 0; i < outcome->items.count; i++)
    if (outcome->items.items[i].kind == kind) return outcome->items.items[i].amount;
  return NULL;
}

/* A length is written in months or in days, never in both (parse_cursor.c reads one unit); which of
 * the two kinds is longer depends on the calendar. */
static AuthorizationOrder lengths_order(const Term *a, const Term *b) {
  if (same_term(a, b)) return AUTHORIZATION_EQUAL;
  if (a == NULL || b == NULL) return a == NULL ? AUTHORIZATION_BETTER : AUTHORIZATION_WORSE;
  if (a->kind != TERM_SPAN || b->kind != TERM_SPAN) return AUTHORIZATION_OPEN;
  assert(a->span.months == 0 || a->span.days == 0);
  assert(b->span.months == 0 || b->span.days == 0);
  if (a->span.months == b->span.months) return order_of(a->span.days, b->span.days);
  return a->span.days == 0 && b->span.days == 0 ? order_of(a->span.months, b->span.months)
                                                : AUTHORIZATION_OPEN;
}

static int64_t whole(const Term *amount) {
  return amount == NULL || amount->amount < 0 ? 0 : amount->amount / AMOUNT_ONE;
}

static AuthorizationOrder renewals_order(const Term *a, const Term *b) {
  if (same_term(a, b)) return AUTHORIZATION_EQUAL;
  if ((a != NULL && a->kind != TERM_AMOUNT) || (b != NULL && b->kind != TERM_AMOUNT))
    return AUTHORIZATION_OPEN;
  return order_of(whole(a), whole(b));
}

AuthorizationOrder outcomes_order(const Outcome *a, const Outcome *b) {
  return by_rule(
      lengths_order(item_of(a, AUTHORIZATION_LENGTH), item_of(b, AUTHORIZATION_LENGTH)),
      renewals_order(item_of(a, AUTHORIZATION_RENEWALS), item_of(b, AUTHORIZATION_RENEWALS)));
}
