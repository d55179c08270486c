/* The decision: what follows from the facts, exactly.
 *
 * Order of questions (domain rules in docs/determination.md):
 *   1. Does every completion of what is not known approve?            → approve, by the pathway
 * with the best grant …and does it still where clinical facts without a document are taken as not
 * known, if the policy demands evidence? else → pend
 *   2. Can some completion approve?                                   → pend where no judgment is
 * needed for it, else refer
 *   3. None can: another policy, case by case, a use not renewable, or criteria not met.
 */
#include "decide/decide.h"

#include <string.h>

#include "decide/authorization.h"
#include "decide/bind.h"
#include "decide/evidence.h"
#include "decide/missing.h"

/* ---- Approving ---- */

static const char *pathway_name(licet_determination *d, const Outcome *outcome) {
  return arena_copy(d->arena, outcome->pathway->path.at, outcome->pathway->path.length);
}

static void add_also_met(licet_determination *d, const Outcome *outcome) {
  const char *name = pathway_name(d, outcome);
  if (strcmp(name, d->pathway) == 0) return;
  for (uint32_t i = 0; i < d->also_met.count; i++) {
    if (strcmp(d->also_met.items[i], name) == 0) return;
  }
  LIST_PUSH(d->arena, d->also_met, name);
}

static void approve(licet_determination *d, Authorization authorization, const Outcome *outcome) {
  d->outcome = LICET_APPROVE;
  d->authorized = true;
  d->authorized_by = outcome;
  d->authorization = authorization;
  d->pathway = pathway_name(d, outcome);
}

/* A single pathway is met whatever the unknown facts are: the best of them is granted. NULL where
 * there is none. */
static const CompiledOutcome *best_certain(const licet_determination *d,
                                           Authorization *authorization) {
  const CompiledOutcome *best = NULL;
  for (uint32_t i = 0; i < d->compiled->approvals.count; i++) {
    const CompiledOutcome *candidate = &d->compiled->approvals.items[i];
    if (determination_asks(d, candidate->holds, d->allowed) != HOLDS_ALWAYS) continue;
    Authorization authorized = authorization_of(d, candidate->outcome);
    if (best != NULL && !better_authorization(&authorized, authorization)) continue;
    best = candidate;
    *authorization = authorized;
  }
  return best;
}

static void name_also_met(licet_determination *d) {
  for (uint32_t i = 0; i < d->compiled->approvals.count; i++) {
    const CompiledOutcome *other = &d->compiled->approvals.items[i];
    if (determination_asks(d, other->holds, d->allowed) == HOLDS_ALWAYS)
      add_also_met(d, other->outcome);
  }
}

/* No pathway is certain, but together they cover every completion. Each completion would be granted
 * the best pathway it meets; those that are best somewhere are named, and the least of their grants
 * is given. */
static void approve_covered(licet_determination *d) {
  const CompiledPolicy *compiled = d->compiled;
  uint32_t count = compiled->approvals.count;
  Arena *arena = d->arena;
  Authorization *authorizations = ARENA_ARRAY(arena, Authorization, count), least = {0};
  uint32_t *order = ARENA_ARRAY(arena, uint32_t, count);
  bool *needed = ARENA_ARRAY(arena, bool, count);
  for (uint32_t i = 0; i < count; i++) {
    authorizations[i] = authorization_of(d, compiled->approvals.items[i].outcome);
    order[i] = i;
    for (uint32_t j = i;
         j > 0 && better_authorization(&authorizations[order[j]], &authorizations[order[j - 1]]);
         j--) {
      uint32_t swap = order[j];
      order[j] = order[j - 1];
      order[j - 1] = swap;
    }
  }
  const CompiledOutcome *first = NULL;
  DiagramRef *ahead = ARENA_ARRAY(arena, DiagramRef, count);
  for (uint32_t i = 0; i < count;
       i++) { /* best somewhere: some completion meets it and nothing better */
    ahead[i] = compiled->approvals.items[order[i]].holds;
    needed[order[i]] = diagram_any_excluding(&compiled->diagram, ahead[i], ahead, i,
                                             compiled->possible, d->allowed);
  }
  bool any = false;
  for (uint32_t i = 0; i < count; i++) {
    if (!needed[i]) continue;
    if (first == NULL) first = &compiled->approvals.items[i];
    if (!any || better_authorization(&least, &authorizations[i])) least = authorizations[i];
    any = true;
  }
  approve(d, least, first->outcome);
  d->authorized_by = NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (needed[i]) add_also_met(d, compiled->approvals.items[i].outcome);
  }
}

static void pend_for_documents(licet_determination *d) {
  d->outcome = LICET_PEND;
  d->authorized = false;
  d->authorized_by = NULL;
  d->pathway = "";
  d->also_met.count = 0;
}

static void decide_approved(licet_determination *d) {
  Authorization authorization;
  const CompiledOutcome *best = best_certain(d, &authorization);
  DiagramRef judged_by = d->compiled->approve;
  if (best != NULL) {
    approve(d, authorization, best->outcome);
    name_also_met(d);
    judged_by = best->holds;
  } else {
    approve_covered(d);
  }
  const uint64_t *without;
  if (is_documented(d, judged_by, &without)) return;
  find_documents(d, judged_by, without);
  pend_for_documents(d);
}

/* ---- Not approving ---- */

static void refer(licet_determination *d, const char *reason) {
  d->outcome = LICET_REFER;
  d->reason = reason;
}

static void decide_open(licet_determination *d) {
  find_missing(d, d->compiled->approve);
  if (d->missing.count == 0) {
    d->missing_cut = false;
    refer(d, "judgment");
    return;
  }
  d->outcome = LICET_PEND;
  find_documents_beside_missing(d);
}

static void decide_route(licet_determination *d) {
  const CompiledRoute *only = NULL;
  uint32_t possible = 0;
  for (uint32_t i = 0; i < d->compiled->routes.count; i++) {
    const CompiledRoute *route = &d->compiled->routes.items[i];
    Holds holds = determination_asks(d, route->holds, d->allowed);
    if (holds == HOLDS_NEVER) continue;
    const char *pathway = pathway_name(d, route->outcome);
    if (possible++ == 0) d->pathway = pathway;
    if (strcmp(pathway, d->pathway) != 0)
      d->pathway = ""; /* which of them it is hangs on what is open */
    if (holds == HOLDS_ALWAYS) only = route;
  }
  if (possible == 1 && only != NULL) {
    d->route = arena_copy(d->arena, only->code.at, only->code.length);
    return;
  }
  for (uint32_t i = 0; i < d->compiled->routes.count; i++)
    find_missing(d, d->compiled->routes.items[i].holds);
}

static const char *const reasons[] = {"case_by_case", "other_policy", "not_renewable",
                                      "criteria_not_met"};
typedef enum Reason { CASE_BY_CASE, OTHER_POLICY, NOT_RENEWABLE, CRITERIA_NOT_MET } Reason;

static bool can_hold(const licet_determination *d, DiagramRef function) {
  return determination_asks(d, function, d->allowed) != HOLDS_NEVER;
}

static Reason refer_closed(licet_determination *d) {
  const CompiledPolicy *compiled = d->compiled;
  const Reason reason = can_hold(d, compiled->case_by_case)    ? CASE_BY_CASE
                        : can_hold(d, compiled->other_policy)  ? OTHER_POLICY
                        : can_hold(d, compiled->not_renewable) ? NOT_RENEWABLE
                                                               : CRITERIA_NOT_MET;
  refer(d, reasons[reason]);
  return reason;
}

static void name_referral(licet_determination *d) {
  uint32_t first = 0;
  while (!can_hold(d, d->compiled->referrals.items[first].holds)) first++;
  d->pathway = pathway_name(d, d->compiled->referrals.items[first].outcome);
}

static void decide_closed(licet_determination *d) {
  const Reason reason = refer_closed(d);
  if (reason == CASE_BY_CASE) name_referral(d);
  if (reason == OTHER_POLICY) decide_route(d);
}

void decide(licet_determination *d) {
  if (d->compiled == NULL) {
    d->outcome = LICET_NO_POLICY;
    return;
  }
  switch (determination_asks(d, d->compiled->approve, d->allowed)) {
    case HOLDS_ALWAYS:
      decide_approved(d);
      return;
    case HOLDS_SOMETIMES:
      decide_open(d);
      return;
    case HOLDS_NEVER:
      decide_closed(d);
      return;
  }
}

/* ---- The outcome alone ---- */

/* Without demands of evidence every approval is like any other; with them, it is that of the
 * pathway with the best grant. */
static void outcome_of_approved(licet_determination *d) {
  Authorization authorization;
  const uint64_t *without;
  const bool demands = d->compiled->policy->evidence[d->compiled->kind];
  const CompiledOutcome *best = demands ? best_certain(d, &authorization) : NULL;
  d->outcome = is_documented(d, best == NULL ? d->compiled->approve : best->holds, &without)
                   ? LICET_APPROVE
                   : LICET_PEND;
}

/* Some set of facts is enough exactly where all of them together are. */
static void outcome_of_open(licet_determination *d) {
  if (is_obtainable(d, d->compiled->approve)) {
    d->outcome = LICET_PEND;
  } else {
    refer(d, "judgment");
  }
}

void decide_outcome(licet_determination *d) {
  d->outcome = LICET_NO_POLICY;
  if (d->compiled == NULL) return;
  switch (determination_asks(d, d->compiled->approve, d->allowed)) {
    case HOLDS_ALWAYS:
      outcome_of_approved(d);
      return;
    case HOLDS_SOMETIMES:
      outcome_of_open(d);
      return;
    case HOLDS_NEVER:
      refer_closed(d);
      return;
  }
}
