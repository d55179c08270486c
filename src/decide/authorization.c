/* Authorizations: what an outcome grants on the facts of a request, and which of two is better. */
#include "decide/authorization.h"

/* The length a term comes to, in calendar units, and the unit it is told in. */
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
    default:
      return false;
  }
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

bool better_authorization(const Authorization *a, const Authorization *b) {
  int64_t end_a = a->has_length ? a->end : INT64_MAX, end_b = b->has_length ? b->end : INT64_MAX;
  if (end_a != end_b) return end_a > end_b;
  return (a->has_renewals ? a->renewals : 0) > (b->has_renewals ? b->renewals : 0);
}
