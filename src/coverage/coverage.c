/* coverage: which criteria matter in a case.
 *
 * Each case is decided once as the policy stands, and once for each criterion whose status is known
 * and that was not yet shown, by the policy with that criterion's own condition negated. Where the
 * two decisions differ, the case shows the criterion: modified condition/decision coverage (MC/DC,
 * Chilenski and Miller 1994), with each criterion as a condition and the determination as the
 * decision.
 *
 * Invariant: a policy and the policy with a criterion flipped have the same variables in the same
 * order, so that a request is bound once; and after each question the session's determination is as
 * it was before. */
#include "coverage/coverage.h"

#include <assert.h>
#include <string.h>

#include "decide/authorization.h"

bool is_leaf(const CompiledCriterion *criterion) {
  return criterion->criterion->connective == CONNECTIVE_LEAF &&
         criterion->criterion->condition != NULL && !criterion->not_asked;
}

uint32_t decision_function_count(const CompiledPolicy *compiled) {
  return POLICY_FUNCTIONS + compiled->approvals.count + compiled->routes.count +
         compiled->referrals.count;
}

bool decision_function(const CompiledPolicy *compiled, uint32_t index, DiagramRef *function) {
  if (index < POLICY_FUNCTIONS) return *function = compiled->whole.at[index], true;
  index -= POLICY_FUNCTIONS;
  if (index < compiled->approvals.count)
    return *function = compiled->approvals.items[index].holds, true;
  index -= compiled->approvals.count;
  if (index < compiled->routes.count) return *function = compiled->routes.items[index].holds, true;
  index -= compiled->routes.count;
  if (index < compiled->referrals.count)
    return *function = compiled->referrals.items[index].holds, true;
  return false;
}

/* ---- Flipping ---- */

static Turned *turned_of(licet_coverage *coverage, Covered *covered,
                         const CompiledPolicy *compiled) {
  for (uint32_t i = 0; i < covered->turned.count; i++) {
    if (covered->turned.items[i].compiled == compiled) return &covered->turned.items[i];
  }
  Turned turned = {compiled, ARENA_ARRAY(&coverage->arena, const CompiledPolicy *,
                                         compiled->criteria.count + 1)};
  LIST_PUSH(&coverage->arena, covered->turned, turned);
  return &covered->turned.items[covered->turned.count - 1];
}

static const CompiledPolicy *flipped(licet_coverage *coverage, Covered *covered,
                                     const CompiledPolicy *compiled, uint32_t criterion) {
  Turned *turned = turned_of(coverage, covered, compiled);
  if (turned->flipped[criterion] != NULL) return turned->flipped[criterion];
  Diagnostics diagnostics;
  arena_reset(&coverage->scratch);
  diagnostics_open(&diagnostics, &coverage->scratch);
  turned->flipped[criterion] =
      compile_policy_negating(compiled->policy, compiled->version, compiled->kind,
                              compiled->criteria.items[criterion].criterion, &coverage->arena,
                              &coverage->scratch, &diagnostics);
  return turned->flipped[criterion];
}

static Decision decision_of(const licet_determination *d) {
  return (Decision){d->outcome, d->reason, d->pathway, d->route, d->authorized, d->authorization};
}

static bool same_decision(const Decision *a, const Decision *b) {
  if (a->outcome != b->outcome || a->authorized != b->authorized || a->reason != b->reason)
    return false;
  if (strcmp(a->pathway, b->pathway) != 0 || strcmp(a->route, b->route) != 0) return false;
  if (!a->authorized) return true;
  return authorizations_equal(&a->authorization, &b->authorization);
}

/* The session's determination decided by another policy than its own. */
typedef struct Retrial {
  licet_session *session;
  const CompiledPolicy *other;
  bool is_same; /* the decision is */
} Retrial;

static void decide_by_other(void *context) {
  Retrial *retrial = context;
  licet_determination *d = &retrial->session->determination;
  const Decision now = decision_of(d);
  d->compiled = retrial->other;
  d->outcome = LICET_NO_POLICY;
  d->reason = LICET_REASON_NONE;
  d->pathway = d->route = "";
  d->authorized = false;
  d->missing.items = d->documents.items = NULL;
  d->missing.count = d->missing.capacity = d->documents.count = d->documents.capacity = 0;
  d->also_met.items = NULL;
  d->also_met.count = d->also_met.capacity = 0;
  session_decide(retrial->session);
  const Decision then = decision_of(d);
  retrial->is_same = same_decision(&now, &then);
}

bool coverage_is_decisive(licet_coverage *coverage, Covered *covered, uint32_t criterion) {
  licet_session *session = coverage->session;
  licet_determination *d = &session->determination;
  assert(d->compiled != NULL && criterion < d->compiled->criteria.count);
  const CompiledPolicy *other = flipped(coverage, covered, d->compiled, criterion);
  if (other == NULL) return false;
  const licet_determination before = *d;
  Retrial retrial = {session, other, true};
  if (!session_attempt(session, decide_by_other, &retrial)) arena_exhaust(&coverage->arena);
  *d = before;
  return !retrial.is_same;
}

/* ---- Taking cases into account ---- */

Covered *coverage_of(licet_coverage *coverage, const licet_policy *policy) {
  for (uint32_t i = 0; i < coverage->policies.count; i++) {
    if (coverage->policies.items[i].policy == policy) return &coverage->policies.items[i];
  }
  Covered covered = {
      .policy = policy,
      .tallies = ARENA_ARRAY(&coverage->arena, Tally, policy->model->criteria.count + 1)};
  LIST_PUSH(&coverage->arena, coverage->policies, covered);
  uint32_t at = coverage->policies.count - 1;
  for (; at > 0 && strcmp(coverage->policies.items[at - 1].policy->id, policy->id) > 0; at--) {
    coverage->policies.items[at] = coverage->policies.items[at - 1];
    coverage->policies.items[at - 1] = covered;
  }
  return &coverage->policies.items[at];
}

void coverage_tally(licet_coverage *coverage, Covered *covered) {
  const licet_determination *d = &coverage->session->determination;
  assert(d->compiled != NULL && d->policy == covered->policy);
  for (uint32_t i = 0; i < d->compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &d->compiled->criteria.items[i];
    if (!is_leaf(criterion) || d->explained[i].status == LICET_UNKNOWN) continue;
    Tally *tally = &covered->tallies[criterion->criterion->index];
    const bool met = d->explained[i].status == LICET_MET;
    ++*(met ? &tally->met : &tally->not_met);
    bool *shown = met ? &tally->shown_met : &tally->shown_not_met;
    if (!*shown) *shown = coverage_is_decisive(coverage, covered, i);
  }
}
