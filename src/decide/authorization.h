/* authorization: what an outcome authorizes, and which of two is better. */
#ifndef DECIDE_AUTHORIZATION_H
#define DECIDE_AUTHORIZATION_H

#include "decide/determination.h"

/* What an outcome would authorize on the facts as they stand. */
Authorization authorization_of(const licet_determination *determination, const Outcome *outcome);
/* The rule by which one authorization is chosen among several, everywhere: the longer one, where
 * one without an end is the longest; among equals the one with more renewals left; then page order.
 */
typedef enum AuthorizationOrder {
  AUTHORIZATION_BETTER,
  AUTHORIZATION_EQUAL, /* page order decides */
  AUTHORIZATION_WORSE,
  AUTHORIZATION_OPEN /* depends on the request's dates or facts */
} AuthorizationOrder;
bool better_authorization(const Authorization *a, const Authorization *b);
/* `order`: the numbers 0 to count - 1, the better one first, equals in page order. */
void authorizations_sort(const Authorization *authorizations, uint32_t count, uint32_t *order);
bool authorizations_equal(const Authorization *a, const Authorization *b);

/* The same rule for what two outcomes authorize, for every request at once. */
AuthorizationOrder outcomes_order(const Outcome *a, const Outcome *b);
/* Do both authorize the same, for every request? Terms are compared as written; what reads a series
 * counts as different. */
bool outcomes_authorize_same(const Outcome *a, const Outcome *b);

#endif
