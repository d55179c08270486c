/* compare_authorizations: requests that both sides approve, for different authorizations.
 *
 * Each pair of outcomes that some request has on the two sides is compared by the rule that chooses
 * among authorizations (decide/authorization.h), as functions of the diagram: an outcome less all
 * that are known to go before it.
 *
 * Invariant: a pair of authorizations that is written differently is never left out; where no
 * request is found that shows the difference, it is reported without one.
 */
#include <string.h>

#include "decide/authorization.h"
#include "prove/compare.h"

enum { AUTHORIZATIONS_SHOWN = 4 };

/* Approved by this outcome and by none whose authorization is written differently, where there is
 * such a request.
 */
static DiagramRef by_itself(const Comparing *c, int side, uint32_t outcome) {
  const CompiledOutcome *all = c->sides[side]->approvals.items;
  DiagramRef alone = all[outcome].holds;
  for (uint32_t i = 0; i < c->sides[side]->approvals.count; i++) {
    if (i != outcome && !text_equal(all[i].outcome->line, all[outcome].outcome->line))
      alone = space_and_not(c->space, alone, all[i].holds);
  }
  return alone;
}

/* Where both hold, is the other known to be the one authorized (decide/authorization.h)? */
static bool goes_before(const Outcome *other, const Outcome *outcome, bool is_earlier) {
  const AuthorizationOrder order = outcomes_order(other, outcome);
  return order == AUTHORIZATION_BETTER || (order == AUTHORIZATION_EQUAL && is_earlier);
}

/* Approved by this outcome, and by none that is known to go before it. */
static DiagramRef authorized_by(const Comparing *c, int side, uint32_t outcome) {
  const CompiledOutcome *all = c->sides[side]->approvals.items;
  DiagramRef left = all[outcome].holds;
  for (uint32_t i = 0; i < c->sides[side]->approvals.count; i++) {
    if (i != outcome && goes_before(all[i].outcome, all[outcome].outcome, i < outcome))
      left = space_and_not(c->space, left, all[i].holds);
  }
  return left;
}

/* A pair of authorizations that some request may have, written differently, is reported with a
 * request that shows the difference, or else without one. */
static void compare_authorizations(Comparing *c, uint32_t a, uint32_t b) {
  const CompiledOutcome *first = &c->sides[0]->approvals.items[a],
                        *second = &c->sides[1]->approvals.items[b];
  if (c->policies[0] == c->policies[1] && first->outcome == second->outcome) return;
  if (first->outcome->none || second->outcome->none ||
      outcomes_authorize_same(first->outcome, second->outcome))
    return;
  DiagramRef both = diagram_and(c->space->diagram, first->holds, second->holds);
  DiagramRef authorized =
      diagram_and(c->space->diagram, authorized_by(c, 0, a), authorized_by(c, 1, b));
  DiagramRef alone = diagram_and(c->space->diagram, by_itself(c, 0, a), by_itself(c, 1, b));
  if (!space_some(c->space, authorized)) return;
  SideClaim claim = {.approved = {true, true},
                     .pathways = {first->outcome, second->outcome},
                     .authorizations_differ = true};
  bool found = space_some(c->space, alone) && find_sides(c, alone, alone, &claim);
  if (!found) found = find_sides(c, authorized, authorized, &claim);
  licet_authorization_difference difference = {.share = space_share(c->space, both)};
  const Outcome *outcomes[SIDES] = {first->outcome, second->outcome};
  for (int i = 0; i < SIDES; i++) {
    difference.pathway[i] = shown(c->arena, outcomes[i]->pathway->path);
    difference.authorization[i] = shown(c->arena, outcomes[i]->line);
    difference.witness[i] = found ? shown(c->arena, text_of(claim.requests[i])) : "";
    difference.shows[i] = found ? shown(c->arena, text_of(claim.shows[i])) : "";
  }
  LIST_PUSH(c->arena, c->view->authorizations, difference);
}

/* Do both sides approve by the same outcomes, in the same order, each where the other does? Then
 * a request's authorization is the same on both sides, however an overlap is settled. Diagrams are
 * canonical: functions that are equal have one reference. */
static bool same_approvals(const Comparing *c) {
  const CompiledPolicy *first = c->sides[0], *second = c->sides[1];
  if (first->approvals.count != second->approvals.count) return false;
  for (uint32_t i = 0; i < first->approvals.count; i++) {
    const CompiledOutcome *a = &first->approvals.items[i], *b = &second->approvals.items[i];
    const bool same = a->outcome == b->outcome || (a->outcome->none == b->outcome->none &&
                                                   outcomes_authorize_same(a->outcome, b->outcome));
    if (!same || a->holds != b->holds) return false;
  }
  return true;
}

void find_authorizations(Comparing *c, DiagramRef both) {
  if (same_approvals(c)) return;
  double of = space_share(c->space, both);
  for (uint32_t a = 0; a < c->sides[0]->approvals.count; a++) {
    for (uint32_t b = 0; b < c->sides[1]->approvals.count; b++) compare_authorizations(c, a, b);
  }
  licet_authorization_difference *items = c->view->authorizations.items;
  for (uint32_t i = 0; i < c->view->authorizations.count; i++) {
    if (of > 0) items[i].share /= of;
    for (uint32_t j = i; j > 0 && items[j].share > items[j - 1].share; j--) {
      licet_authorization_difference swap = items[j];
      items[j] = items[j - 1];
      items[j - 1] = swap;
    }
  }
  if (c->view->authorizations.count <= AUTHORIZATIONS_SHOWN) return;
  c->view->more += c->view->authorizations.count - AUTHORIZATIONS_SHOWN;
  c->view->authorizations.count = AUTHORIZATIONS_SHOWN;
}
