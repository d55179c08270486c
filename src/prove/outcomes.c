/* outcomes: outcomes that no request can have, and pathways that one request can meet together.
 *
 * An outcome is unreachable where its function is empty. Two pathways overlap where the conjunction
 * of their certain approvals is not: certain is a universal quantification over what is not given
 * (space_certain). */
#include "prove/check.h"
#include "prove/claim.h"

static bool on_unsatisfiable(const PolicyCheck *check, const Criterion *criterion) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    const CompiledCriterion *one = &check->base->criteria.items[i];
    if (!check->unsatisfiable[i]) continue;
    for (const Criterion *up = criterion; up != NULL; up = up->parent) {
      if (up == one->criterion ||
          (one->criterion->parent == up && up->connective == CONNECTIVE_ALL))
        return true;
    }
  }
  return false;
}

static void report_unreachable(PolicyCheck *check, const Outcome *outcome) {
  if (on_unsatisfiable(check, outcome->criterion)) return;
  const char *why = arena_format(
      check->run->passing, "No request can have the outcome `%.*s` of %s.",
      (int)outcome->line.length, outcome->line.at, check_name(check, outcome->criterion));
  add_defect(check, LICET_UNREACHABLE, outcome->criterion, why);
}

/* Is the authorization calculated in the same way? The lines are compared as they are written. */
static bool same_line(const Outcome *a, const Outcome *b) {
  return text_equal(a->line, b->line) && a->none == b->none;
}

static void report_overlap(PolicyCheck *check, const CompiledOutcome *a, const CompiledOutcome *b,
                           DiagramRef both) {
  const Outcome *first = a->outcome, *second = b->outcome;
  const char *why = arena_format(
      check->run->passing,
      "One request can meet %s (%.*s) and %s (%.*s). The longer authorization is given.",
      check_name(check, first->pathway), (int)first->line.length, first->line.at,
      check_name(check, second->pathway), (int)second->line.length, second->line.at);
  Defect *defect = add_defect(check, LICET_OVERLAP, first->criterion, why);
  defect->is_defect = false;
  defect->other = text_copy(check->run->arena, second->pathway->path);
  defect->authorization[0] = text_copy(check->run->arena, first->line);
  defect->authorization[1] = text_copy(check->run->arena, second->line);
  add_plain_witness(check, defect, both, check->base->whole.approve,
                    (Claim){.approved = true, .pathways = {first, second}});
}

void check_outcomes(PolicyCheck *check) {
  CompiledPolicy *base = check->base;
  if (!within_bounds(check, "outcomes", NULL)) return;
  for (uint32_t i = 0; i < base->approvals.count; i++) {
    if (!base->approvals.items[i].outcome->none &&
        !space_some(check->space, base->approvals.items[i].holds))
      report_unreachable(check, base->approvals.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->routes.count; i++) {
    if (!space_some(check->space, base->routes.items[i].holds))
      report_unreachable(check, base->routes.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->referrals.count; i++) {
    if (!space_some(check->space, base->referrals.items[i].holds))
      report_unreachable(check, base->referrals.items[i].outcome);
  }
  for (uint32_t i = 0; i < base->approvals.count; i++) {
    for (uint32_t j = i + 1; j < base->approvals.count; j++) {
      const CompiledOutcome *a = &base->approvals.items[i], *b = &base->approvals.items[j];
      if (!within_bounds(check, "overlaps", a->outcome->criterion)) return;
      if (same_line(a->outcome, b->outcome) || a->outcome->pathway == b->outcome->pathway) continue;
      DiagramRef both = diagram_and(check->space->diagram, space_certain(check->space, a->holds),
                                    space_certain(check->space, b->holds));
      if (space_some(check->space, both)) report_overlap(check, a, b, both);
    }
  }
}
