/* core: which criteria contradict each other.
 *
 * What a group demands is a conjunction. Where no request meets it, the smallest part of it that
 * still contradicts itself is what a reader must see: a minimal unsatisfiable subset (in the field:
 * MUS, or unsatisfiable core), found by deletion (Chinneck and Dravnieks 1991). Each criterion is
 * left out once, and stays out where the others still contradict each other. That takes one
 * question for each criterion.
 *
 * Invariant after shrink: without any one of its parts the core can be met. */
#include "prove/core.h"

#include <string.h>

/* A group that only gathers outcomes: each outcome under it demands the criteria beside it that
 * carry none, never the other outcomes. What such a group demands of every request are the criteria
 * without outcomes. */
static bool gathers_outcomes(const PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  const Criterion *criterion = one->criterion;
  bool as_adopted = one->connective == criterion->connective;
  if (criterion->connective != CONNECTIVE_ALL || !as_adopted || criterion->outcomes.count > 0)
    return false;
  return criterion->holds_outcome;
}

DiagramRef demanded_by(const PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  DiagramRef all = DIAGRAM_TRUE;
  if (!gathers_outcomes(check, i)) return one->holds;
  for (uint32_t j = i + 1; j <= i + one->subtree; j++) {
    if (check->parent[j] != i || check->base->criteria.items[j].criterion->holds_outcome) continue;
    all = diagram_and(check->space->diagram, all, check->base->criteria.items[j].holds);
  }
  return all;
}

/* What a group demands, down to criteria that are no `all of` themselves. */
void add_parts(const PolicyCheck *check, uint32_t index, bool literal_group, Core *core) {
  const CompiledCriterion *one = &check->base->criteria.items[index];
  bool opens =
      (literal_group || (one->connective == CONNECTIVE_ALL && one->criterion->guard == NULL)) &&
      one->subtree > 0;
  if (!opens) {
    if (core->count < CORE_PARTS) core->parts[core->count++] = (Part){one->criterion, one->holds};
    return;
  }
  for (uint32_t i = index + 1; i <= index + one->subtree; i++) {
    if (check->parent[i] != index) continue;
    if (!literal_group && gathers_outcomes(check, index) &&
        check->base->criteria.items[i].criterion->holds_outcome)
      continue;
    add_parts(check, i, false, core);
  }
}

bool contradict(const PolicyCheck *check, const Core *core, uint32_t except) {
  DiagramRef all = DIAGRAM_TRUE;
  for (uint32_t i = 0; i < core->count; i++) {
    if (i != except) all = diagram_and(check->space->diagram, all, core->parts[i].holds);
  }
  return !space_some(check->space, all);
}

/* Leaves a smallest set that still contradicts itself: none of it can be left out. */
void shrink(const PolicyCheck *check, Core *core) {
  for (uint32_t i = core->count; i-- > 0;) {
    if (!contradict(check, core, i)) continue;
    memmove(&core->parts[i], &core->parts[i + 1], (core->count - i - 1) * sizeof(Part));
    core->count--;
  }
}

const char *list_core(const PolicyCheck *check, const Core *core) {
  Buffer out;
  buffer_open(&out, check->run->passing, 128);
  for (uint32_t i = 0; i < core->count; i++) {
    buffer_string(&out, i == 0 ? "" : i + 1 == core->count ? " and " : ", ");
    buffer_string(&out, check_name(check, core->parts[i].criterion));
  }
  return buffer_finish(&out);
}
