/* The decision: what follows from the facts, exactly.
 *
 * The order of questions is outcome.def's, walked by verdict.c; here stands what a question means
 * for one request (holds a function in every completion of what is not known, in some, in none?),
 * and what each conclusion carries in addition to outcome and reason: the pathway with the best
 * authorization and its documents, the missing facts, the route. Domain rules:
 * docs/determination.md.
 */
#include "decide/decide.h"

#include <string.h>

#include "decide/authorization.h"
#include "decide/bind.h"
#include "decide/evidence.h"
#include "decide/missing.h"
#include "decide/verdict.h"
#include "base/unreachable.h"

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

/* A single pathway is met in every completion of these cells: the best of them. False where there
 * is none. */
static bool approve_certain(licet_determination *d, const uint64_t *cells) {
  const CompiledOutcome *best = NULL;
  Authorization authorization = {0};
  for (uint32_t i = 0; i < d->compiled->approvals.count; i++) {
    const CompiledOutcome *candidate = &d->compiled->approvals.items[i];
    if (determination_asks(d, candidate->holds, cells) != HOLDS_ALWAYS) continue;
    Authorization authorized = authorization_of(d, candidate->outcome);
    if (best != NULL && !better_authorization(&authorized, &authorization)) continue;
    best = candidate;
    authorization = authorized;
  }
  if (best == NULL) return false;
  approve(d, authorization, best->outcome);
  for (uint32_t i = 0; i < d->compiled->approvals.count; i++) {
    const CompiledOutcome *other = &d->compiled->approvals.items[i];
    if (determination_asks(d, other->holds, cells) == HOLDS_ALWAYS) add_also_met(d, other->outcome);
  }
  return true;
}

/* No pathway is certain, but together they cover every completion. Each completion would be granted
 * the best pathway it meets; those that are best somewhere are named, and the least of their
 * authorizations is given. */
static void approve_covered(licet_determination *d, const uint64_t *cells) {
  const CompiledPolicy *compiled = d->compiled;
  uint32_t count = compiled->approvals.count;
  Arena *arena = d->arena;
  Authorization *authorizations = ARENA_ARRAY(arena, Authorization, count), least = {0};
  uint32_t *order = ARENA_ARRAY(arena, uint32_t, count);
  bool *needed = ARENA_ARRAY(arena, bool, count);
  for (uint32_t i = 0; i < count; i++)
    authorizations[i] = authorization_of(d, compiled->approvals.items[i].outcome);
  authorizations_sort(authorizations, count, order);
  const CompiledOutcome *first = NULL;
  DiagramRef *ahead = ARENA_ARRAY(arena, DiagramRef, count);
  for (uint32_t i = 0; i < count;
       i++) { /* best somewhere: some completion meets it and nothing better */
    ahead[i] = compiled->approvals.items[order[i]].holds;
    needed[order[i]] =
        diagram_any_excluding(&compiled->diagram, ahead[i], ahead, i, compiled->possible, cells);
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

/* An approval rests on what is documented: on every pathway, with the facts that are. */
static void approve_documented(licet_determination *d, const uint64_t *documented) {
  const uint64_t hidden = documented == d->allowed ? 0 : evidence_hide(d);
  if (!approve_certain(d, documented)) approve_covered(d, documented);
  evidence_restore(d, hidden);
}

/* Are the documents enough for the approval? The first decision asked of `allowed`. */
static bool are_enough(const licet_determination *d, const uint64_t *documented) {
  return documented == d->allowed ||
         determination_asks(d, d->compiled->whole.approve, documented) == HOLDS_ALWAYS;
}

static void decide_approved(licet_determination *d) {
  const uint64_t *documented = evidence_cells(d);
  if (are_enough(d, documented)) {
    approve_documented(d, documented);
  } else {
    d->outcome = LICET_PEND;
    find_documents(d, documented);
  }
}

/* ---- Not approving ---- */

static void pend(licet_determination *d) { find_documents_beside_missing(d); }

static void name_route(licet_determination *d) {
  const CompiledRoute *only = NULL;
  uint32_t possible = 0;
  for (uint32_t i = 0; i < d->compiled->routes.count; i++) {
    const CompiledRoute *route = &d->compiled->routes.items[i];
    Holds holds = determination_asks(d, route->holds, d->allowed);
    if (holds == HOLDS_NEVER) continue;
    const char *pathway = pathway_name(d, route->outcome);
    if (possible++ == 0) d->pathway = pathway;
    if (strcmp(pathway, d->pathway) != 0)
      d->pathway = ""; /* which of them it is depends on what is open */
    if (holds == HOLDS_ALWAYS) only = route;
  }
  if (possible == 1 && only != NULL) {
    d->route = arena_copy(d->arena, only->code.at, only->code.length);
    return;
  }
  for (uint32_t i = 0; i < d->compiled->routes.count; i++)
    find_missing(d, d->compiled->routes.items[i].holds);
}

static void name_referral(licet_determination *d) {
  uint32_t first = 0;
  while (determination_asks(d, d->compiled->referrals.items[first].holds, d->allowed) ==
         HOLDS_NEVER)
    first++;
  d->pathway = pathway_name(d, d->compiled->referrals.items[first].outcome);
}

/* ---- Asking: one request ---- */

/* The rows of this asker are the request, or nothing. */
enum { NOT_THE_REQUEST = 0, THE_REQUEST = 1 };

typedef struct RequestAsker {
  licet_determination *d;
  bool (*is_enough)(licet_determination *, DiagramRef);
  /* What else a conclusion carries; NULL: outcome and reason alone. */
  void (*const *details)(licet_determination *);
  /* What the last function asked for answered: questions about one stand beside each other. */
  PolicyFunction asked;
  Holds holds;
} RequestAsker;

static Holds holds_of(RequestAsker *asker, PolicyFunction function) {
  if (asker->asked != function) {
    asker->holds =
        determination_asks(asker->d, asker->d->compiled->whole.at[function], asker->d->allowed);
    asker->asked = function;
  }
  return asker->holds;
}

static Rows part_of_request(void *context, PolicyFunction function, Quantification quantifier,
                            Rows rows) {
  RequestAsker *asker = context;
  const Holds holds = holds_of(asker, function);
  bool is_so = false;
  switch (quantifier) {
    case QUANTIFY_MUST:
      is_so = holds == HOLDS_ALWAYS;
      break;
    case QUANTIFY_ENOUGH:
      is_so = holds != HOLDS_NEVER &&
              asker->is_enough(asker->d, asker->d->compiled->whole.at[function]);
      break;
    case QUANTIFY_CAN:
      is_so = holds != HOLDS_NEVER;
      break;
    case QUANTIFY_OTHERWISE:
      UNREACHABLE();
  }
  return is_so ? rows : NOT_THE_REQUEST;
}

static Rows rest_of_request(void *context, Rows rows, Rows part) {
  (void)context;
  return rows & ~part;
}

static void conclude_request(void *context, Conclusion conclusion, Rows rows) {
  RequestAsker *asker = context;
  (void)rows;
  asker->d->outcome = conclusions[conclusion].outcome;
  asker->d->reason = conclusions[conclusion].reason;
  if (asker->details[conclusion] != NULL) asker->details[conclusion](asker->d);
}

static void walk_request(RequestAsker *asker) {
  asker->asked = POLICY_FUNCTIONS;
  verdict_walk(&(Asker){asker, NOT_THE_REQUEST, part_of_request, rest_of_request, conclude_request},
               THE_REQUEST);
}

/* Whether answers can bring an approval about is whether a set of them is found, which is reported.
 */
static bool finds_missing(licet_determination *d, DiagramRef function) {
  find_missing(d, function);
  if (d->missing.count == 0) d->missing_cut = false;
  return d->missing.count > 0;
}

void decide(licet_determination *d) {
  static void (*const details[CONCLUSIONS])(licet_determination *) = {
      [CONCLUDE_APPROVED] = decide_approved,
      [CONCLUDE_OBTAINABLE] = pend,
      [CONCLUDE_CASE_BY_CASE] = name_referral,
      [CONCLUDE_OTHER_POLICY] = name_route,
  };
  d->outcome = LICET_NO_POLICY;
  if (d->compiled != NULL)
    walk_request(&(RequestAsker){.d = d, .is_enough = finds_missing, .details = details});
}

/* ---- The outcome alone ---- */

static void outcome_of_approved(licet_determination *d) {
  if (!are_enough(d, evidence_cells(d))) d->outcome = LICET_PEND;
}

/* Some set of facts is enough exactly if all of them together are (is_obtainable). */
void decide_outcome(licet_determination *d) {
  static void (*const details[CONCLUSIONS])(licet_determination *) = {
      [CONCLUDE_APPROVED] = outcome_of_approved,
  };
  d->outcome = LICET_NO_POLICY;
  if (d->compiled != NULL)
    walk_request(&(RequestAsker){.d = d, .is_enough = is_obtainable, .details = details});
}
