/* sole_unmet: a criterion is the only unmet one where its outcome would come with it met and does
 * not without it; read off the tree of criteria, for one determination and for the gates alike. */
#include "vector/sole_unmet.h"

bool sole_unmet_ends_at(const CompiledCriterion *criterion) {
  return criterion->connective != CONNECTIVE_ALL || criterion->subtree == 0 ||
         criterion->criterion->guard != NULL;
}

/* ---- What an outcome demands ---- */

static uint32_t parent_of(const CompiledPolicy *compiled, uint32_t criterion) {
  for (uint32_t i = criterion; i-- > 0;)
    if (compiled->criteria.items[i].depth < compiled->criteria.items[criterion].depth) return i;
  return UINT32_MAX;
}

uint32_t sole_unmet_demands(const CompiledPolicy *compiled, const Outcome *outcome,
                            uint32_t *list) {
  uint32_t count = 0, criterion = 0;
  while (criterion < compiled->criteria.count &&
         compiled->criteria.items[criterion].criterion != outcome->criterion)
    criterion++;
  if (criterion == compiled->criteria.count) return 0;
  list[count++] = criterion;
  for (uint32_t below = criterion, group = parent_of(compiled, criterion); group != UINT32_MAX;
       below = group, group = parent_of(compiled, group)) {
    const CompiledCriterion *at = &compiled->criteria.items[group];
    const bool literal = at->connective != at->criterion->connective;
    if (at->connective != CONNECTIVE_ALL) continue;
    for (uint32_t i = group + 1; i <= group + at->subtree && count < DEMANDS_MOST;
         i += 1 + compiled->criteria.items[i].subtree)
      if (i != below && (literal || !compiled->criteria.items[i].criterion->holds_outcome))
        list[count++] = i;
  }
  return count;
}

/* ---- One determination ---- */

static bool may_fail(const licet_determination *d, DiagramRef function) {
  return diagram_evaluate(&d->compiled->diagram, function, d->compiled->possible, d->allowed,
                          d->scratch) != HOLDS_ALWAYS;
}

static bool unmet(const licet_determination *d, uint32_t criterion) {
  return may_fail(d, d->compiled->criteria.items[criterion].holds);
}

/* `criterion` is unmet, and all that else is demanded is met. */
static void add_sole_unmet(const licet_determination *d, uint32_t criterion, bool *sole_unmet) {
  const CompiledPolicy *compiled = d->compiled;
  const CompiledCriterion *at = &compiled->criteria.items[criterion];
  uint32_t only = 0, count = 0;
  if (sole_unmet_ends_at(at)) {
    sole_unmet[criterion] = true;
    return;
  }
  for (uint32_t i = criterion + 1; i <= criterion + at->subtree;
       i += 1 + compiled->criteria.items[i].subtree) {
    if (!unmet(d, i)) continue;
    only = i;
    count++;
  }
  if (count == 1) add_sole_unmet(d, only, sole_unmet);
}

static void sole_unmet_outcome(const licet_determination *d, const Outcome *outcome,
                               bool *sole_unmet) {
  uint32_t list[DEMANDS_MOST], only = 0, unmets = 0;
  const uint32_t count = sole_unmet_demands(d->compiled, outcome, list);
  for (uint32_t i = 0; i < count; i++) {
    if (!unmet(d, list[i])) continue;
    only = list[i];
    unmets++;
  }
  if (unmets == 1) add_sole_unmet(d, only, sole_unmet);
}

bool *sole_unmet_determination(const licet_determination *d, Arena *arena) {
  if (d->compiled == NULL || !may_fail(d, d->compiled->whole.approve)) return NULL;
  bool *sole_unmet = ARENA_ARRAY(arena, bool, d->compiled->criteria.count + 1);
  for (uint32_t i = 0; i < d->compiled->approvals.count; i++)
    sole_unmet_outcome(d, d->compiled->approvals.items[i].outcome, sole_unmet);
  return sole_unmet;
}
