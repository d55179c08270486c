/* The explanation: every criterion's status and the interpretations in play.
 *
 * The kernel gives all statuses at once (diagram/kernel.h), exactly: parts may be open that
 * together leave no doubt ("allowed for Ph-positive, allowed for Ph-negative").
 */
#include <string.h>

#include "decide/determination.h"

/* ---- Status ---- */

static licet_criterion_status status_of(Holds holds) {
  switch (holds) {
    case HOLDS_ALWAYS:
      return LICET_MET;
    case HOLDS_NEVER:
      return LICET_NOT_MET;
    case HOLDS_SOMETIMES:
      break;
  }
  return LICET_UNKNOWN;
}

static licet_criterion_status exact(const licet_determination *d, DiagramRef function) {
  return status_of(diagram_evaluate(&d->compiled->diagram, function, d->compiled->possible,
                                    d->allowed, d->scratch));
}

/* ---- Interpretations ---- */

/* An interpretation is in play where the literal wording would give another status. */
static void find_interpretations(licet_determination *d, uint32_t at) {
  const CompiledCriterion *criterion = &d->compiled->criteria.items[at];
  if (criterion->literal == criterion->holds ||
      exact(d, criterion->literal) == d->explained[at].status)
    return;
  Arena *arena = d->arena;
  uint32_t count = criterion->criterion->interpretations.count, found = 0;
  d->explained[at].interpretations = ARENA_ARRAY(arena, const char *, count + 1);
  for (uint32_t i = 0; i < count; i++) {
    const Interpretation *interpretation = criterion->criterion->interpretations.items[i];
    if (interpretation->condition == NULL && !interpretation->has_connective) continue;
    const char *id = arena_copy(arena, interpretation->id.at, interpretation->id.length);
    d->explained[at].interpretations[found++] = id;
    bool listed = false;
    for (uint32_t j = 0; j < d->interpretations.count; j++)
      listed = listed || strcmp(d->interpretations.items[j], id) == 0;
    if (!listed) LIST_PUSH(arena, d->interpretations, id);
  }
}

/* The status of what a criterion's authorizations are calculated from. */
static const char *authorization_of_criterion(const licet_determination *d,
                                              const CompiledCriterion *criterion) {
  static const char *const words[] = {"met", "not_met", "unknown"}; /* as licet_criterion_status */
  return criterion->calculates ? words[exact(d, criterion->authorizes)] : "";
}

void determination_explain(licet_determination *d) {
  if (d->compiled == NULL) return;
  uint32_t count = d->compiled->criteria.count;
  uint32_t words = d->compiled->kernel.words;
  uint64_t *met = ARENA_ARRAY(d->arena, uint64_t, words),
           *failed = ARENA_ARRAY(d->arena, uint64_t, words);
  kernel_run_open(&d->compiled->kernel, d->allowed, d->scratch, met, failed);
  d->explained = ARENA_ARRAY(d->arena, Explained, count);
  for (uint32_t i = 0; i < count; i++)
    d->explained[i].status = kernel_bit(met, i)      ? LICET_MET
                             : kernel_bit(failed, i) ? LICET_NOT_MET
                                                     : LICET_UNKNOWN;
  for (uint32_t i = 0; i < count; i++) {
    d->explained[i].authorization = authorization_of_criterion(d, &d->compiled->criteria.items[i]);
    find_interpretations(d, i);
  }
}

bool fact_is_implied(const licet_determination *d, const Fact *fact) {
  if (fact->index < BUILTIN_FACTS || d->facts.values[fact->index].known) return false;
  uint64_t bit = variables_fact(&d->compiled->set, fact);
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    const Variable *variable = d->compiled->set.variables.items[v];
    bool single = (d->allowed[v] & (d->allowed[v] - 1)) == 0;
    if (single && variable->facts == bit && bit != 0 && variable->arity > 1) return true;
  }
  return false;
}

/* Body surface area comes from height and weight, which are cited; a surface that was stated in its
 * place is cited beside them. */
const Fact *surface_cited(const licet_determination *d, const CompiledCriterion *criterion) {
  const Fact *surface = d->facts.vocabulary->dosing.roles[DOSING_BODY_SURFACE];
  if (surface == NULL || !d->facts.values[surface->index].known ||
      criterion->criterion->condition == NULL)
    return NULL;
  return surface_fact_read(criterion->criterion->condition, &d->facts);
}
