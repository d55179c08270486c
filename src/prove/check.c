/* check: what every check of a policy stands on.
 *
 * A check asks questions of one version and kind, which space.h has as functions of one diagram.
 * Here are what they share: how a finding is reported, the bounds of memory and time, and the
 * policy compiled with one thing changed. "Would it be decided the same without this?" is then the
 * question whether two functions are the same.
 *
 * Invariant: once a bound is reached, no question is asked of this version and kind any more, and
 * the report lists what was not examined. */
#include "prove/check.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "prove/words.h"

/* ---- Findings ---- */

Defect *add_defect(PolicyCheck *check, licet_finding_kind kind, const Criterion *criterion,
                   const char *why) {
  Defect defect = {.kind = kind,
                   .is_defect = true,
                   .policy = check->policy,
                   .first = check->version,
                   .last = check->version};
  defect.kinds = 1u << check->kind;
  defect.criterion = criterion;
  defect.span = criterion == NULL ? check->policy->syntax->id.span : criterion->syntax->span;
  defect.why = text_of(arena_copy(check->run->arena, why, strlen(why)));
  LIST_PUSH(check->run->arena, *check->run->found, defect);
  return &check->run->found->items[check->run->found->count - 1];
}

const char *check_name(const PolicyCheck *check, const Criterion *criterion) {
  Text words = words_of_criterion(check->run->passing, criterion);
  return arena_format(check->run->passing, "“%.*s”", (int)words.length, words.at);
}

/* ---- Bounds ---- */

/* Asked before each question. Once it is false it stays so until the next version or kind: what is
 * left of this one is then listed, not examined. `from`: the first that is left, or NULL. */
bool within_bounds(PolicyCheck *check, const char *what, const Criterion *from) {
  const ProofRun *run = check->run;
  if (arena_used(run->passing) <= run->memory && clock_seconds() - run->began_at <= run->seconds)
    return true;
  buffer_format(&check->left_out, "%s%s", check->left_out.length > 0 ? "; " : "", what);
  if (from != NULL) buffer_format(&check->left_out, " from %s on", check_name(check, from));
  return false;
}

/* To the thousandth, with a point in every locale: the fractions of printf have the locale's. */
static const char *written_seconds(Arena *arena, double seconds) {
  double most = 1e15;
  unsigned long long thousandths =
      (unsigned long long)((seconds < most ? seconds : most) * 1000 + 0.5);
  unsigned long long whole = thousandths / 1000, rest = thousandths % 1000;
  return rest == 0 ? arena_format(arena, "%llu", whole)
                   : arena_format(arena, "%llu.%03llu", whole, rest);
}

void report_left_out(PolicyCheck *check) {
  if (check->left_out.length == 0) return;
  Arena *arena = check->run->passing;
  const char *why = arena_format(
      arena, "The limit on memory (%zu MB) or time (%s s) was reached. Not examined: %s.",
      check->run->memory >> 20, written_seconds(arena, check->run->seconds),
      buffer_finish(&check->left_out));
  add_defect(check, LICET_NOT_PROVED, NULL, why)->is_defect = false;
}

/* ---- Changed policies ---- */

CompiledPolicy *check_compile(PolicyCheck *check, Change change) {
  CompileSubject subject = {.policy = check->policy,
                            .version = &check->policy->versions.items[check->version],
                            .kind = check->kind,
                            .change = change};
  return compile_subject(check->space->shared, &subject);
}

/* Do the two have the same outcomes, on the same pathways, in every possible request? */
bool same_outcomes(const PolicyCheck *check, const CompiledPolicy *a, const CompiledPolicy *b) {
  if (!space_same(check->space, a->whole.approve, b->whole.approve)) return false;
  for (uint32_t i = 0; i < a->approvals.count; i++) {
    if (!space_same(check->space, a->approvals.items[i].holds, b->approvals.items[i].holds))
      return false;
    if (!space_same(check->space, a->approvals.items[i].not_now, b->approvals.items[i].not_now))
      return false;
  }
  for (uint32_t i = 0; i < a->routes.count; i++) {
    if (!space_same(check->space, a->routes.items[i].holds, b->routes.items[i].holds)) return false;
  }
  for (uint32_t i = 0; i < a->referrals.count; i++) {
    if (!space_same(check->space, a->referrals.items[i].holds, b->referrals.items[i].holds))
      return false;
  }
  return true;
}

/* Interpretations are compared by what is decided: approved is who is, regardless of what is not
 * given. */
void make_certain(const PolicyCheck *check, CompiledPolicy *policy) {
  policy->whole.approve = space_certain(check->space, policy->whole.approve);
  for (uint32_t i = 0; i < policy->approvals.count; i++)
    policy->approvals.items[i].holds =
        space_certain(check->space, policy->approvals.items[i].holds);
}

/* ---- The outline ---- */

void find_parents(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) check->parent[i] = UINT32_MAX;
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    for (uint32_t j = i + 1; j <= i + check->base->criteria.items[i].subtree; j++)
      check->parent[j] = i; /* the nearest comes last */
  }
}

bool is_demanded_all(const CompiledCriterion *group) {
  return group->connective == CONNECTIVE_ALL || group->connective == CONNECTIVE_LEAF;
}
