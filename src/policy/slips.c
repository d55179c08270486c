/* slips: outlines that are well formed and say something else than their author meant, mostly
 * something that approves.
 *
 * Two forgotten words turn "all of these" into "any of these"; a guard among alternatives approves
 * everybody to whom it does not apply; an alternative that slipped out of its group by two spaces
 * is required of everybody. Each is refused, with the form that is meant: what decides about a
 * patient is written down, never assumed. A rule stands here only if what it refuses can be said in
 * another way that nobody misreads.
 *
 * A criterion is *bare* where neither it nor anything under it has an outcome: it counts toward the
 * outcome of a group above it, or is referred to by `met`. A group of which every member has
 * outcomes of its own is a section of the page, and needs no connective.
 */
#include "policy/scope.h"

static bool is_bare(const Criterion *criterion) { return !criterion->holds_outcome; }

static bool states_connective(const Criterion *group) {
  return group->syntax->connective_span.source != NULL;
}

/* ---- Groups ---- */

static const Criterion *first_bare(const Criterion *group) {
  for (uint32_t i = 0; i < group->children.count; i++) {
    if (is_bare(group->children.items[i])) return group->children.items[i];
  }
  return NULL;
}

static void check_connective(Scope *scope, const Criterion *group) {
  if (group->children.count < 2 || states_connective(group)) return;
  const Criterion *bare = first_bare(group);
  if (bare == NULL) return;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_NO_CONNECTIVE, group->syntax->span,
                           "this group does not say how many of its criteria must be met");
  diagnostic_expect(scope->diagnostics, d,
                    "`all of`, `any of`, `none of` or `at least N of` after the title");
  diagnostic_note(scope->diagnostics, d, bare->syntax->span, "its first criterion is here");
}

static bool is_alternative(const Criterion *criterion) {
  const Criterion *group = criterion->parent;
  if (group == NULL || group->children.count < 2) return false;
  switch (group->connective) {
    case CONNECTIVE_ANY:
    case CONNECTIVE_AT_LEAST:
      return true;
    case CONNECTIVE_ALL:
    case CONNECTIVE_NONE:
    case CONNECTIVE_LEAF:
      return false;
  }
  return false;
}

/* An outcome at or under a guarded criterion requires the guard, so only a bare one is met where
 * its guard does not hold. */
static void check_guard(Scope *scope, const Criterion *criterion) {
  const OutlineNode *node = criterion->syntax;
  const Expression *guard = node->guard;
  if (guard == NULL && node->condition != NULL && node->condition->kind == EXPRESSION_IF)
    guard = node->condition->operands.items[0];
  if (guard == NULL || !is_bare(criterion) || !is_alternative(criterion)) return;
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_GUARDED_ALTERNATIVE, guard->span,
               "this alternative counts as met for everyone to whom `if` does not apply");
  diagnostic_expect(scope->diagnostics, d,
                    "`all of` with both conditions, or `and` instead of `if … then`");
  diagnostic_note(scope->diagnostics, d, criterion->parent->syntax->span, "the group is here");
}

/* ---- Alternatives without an outcome ---- */

static bool has_outcome_above(const Criterion *criterion) {
  for (; criterion != NULL; criterion = criterion->parent) {
    if (criterion->outcomes.count > 0) return true;
  }
  return false;
}

static const Criterion *sibling_with_outcome(const Criterion *const *siblings, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (!is_bare(siblings[i])) return siblings[i];
  }
  return NULL;
}

static bool is_referred_to(const Criterion *criterion) {
  if (criterion->is_referred_to) return true;
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    if (is_referred_to(criterion->children.items[i])) return true;
  }
  return false;
}

static void check_leads_somewhere(Scope *scope, const Criterion *const *siblings, uint32_t count) {
  const Criterion *other = sibling_with_outcome(siblings, count);
  for (uint32_t i = 0; other != NULL && i < count; i++) {
    if (!is_bare(siblings[i]) || is_referred_to(siblings[i])) continue;
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_NO_OUTCOME, siblings[i]->syntax->span,
                             "nothing follows when this is met");
    diagnostic_expect(scope->diagnostics, d,
                      "an `approve`, `renew`, `route` or `refer` line under it, or `all of` in the "
                      "group above it");
    diagnostic_note(scope->diagnostics, d, other->syntax->span,
                    "this alternative beside it has an outcome");
  }
}

/* ---- Indentation ---- */

/* "a" → "b", "9" → "10", "iii" is left alone. */
static bool follows(Text label, Text next) {
  if (label.length == 1 && next.length == 1)
    return next.at[0] == label.at[0] + 1 && label.at[0] != '9';
  uint32_t numbers[2] = {0, 0};
  const Text texts[2] = {label, next};
  for (int t = 0; t < 2; t++) {
    if (texts[t].length == 0 || texts[t].length > 6) return false;
    for (uint32_t i = 0; i < texts[t].length; i++) {
      if (texts[t].at[i] < '0' || texts[t].at[i] > '9') return false;
      numbers[t] = numbers[t] * 10 + (uint32_t)(texts[t].at[i] - '0');
    }
  }
  return numbers[1] == numbers[0] + 1;
}

/* A line that continues with the labels of the group above it, and not with those beside it. Within
 * a group that has no label itself, labels are those of the level outside. */
static void check_indentation(Scope *scope, const Criterion *const *siblings, uint32_t count) {
  for (uint32_t i = 0; i + 1 < count; i++) {
    const Criterion *group = siblings[i], *next = siblings[i + 1];
    if (group->children.count == 0 || group->label.length == 0 ||
        follows(group->label, next->label))
      continue;
    const Criterion *last = group->children.items[group->children.count - 1];
    if (!follows(last->label, next->label)) continue;
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_SLIPPED_OUT, next->syntax->label.span,
                             "`%.*s` continues the labels of the group above, but is not in it",
                             TEXT_ARGS(next->label));
    diagnostic_expect(
        scope->diagnostics, d,
        "the indentation of the line before, or a label that continues its own level");
    diagnostic_note(scope->diagnostics, d, last->syntax->span, "the group ends here");
  }
}

/* ---- More than the regimen has ---- */

static const Regimen *regimen_of(const Criterion *criterion) {
  for (; criterion != NULL; criterion = criterion->parent) {
    if (criterion->dosed_as != NULL) return criterion->dosed_as;
  }
  return NULL;
}

static void check_cycles(Scope *scope, const Criterion *criterion) {
  const Regimen *regimen = regimen_of(criterion);
  for (uint32_t o = 0; regimen != NULL && o < criterion->outcomes.count; o++) {
    const Outcome *outcome = criterion->outcomes.items[o];
    for (uint32_t i = 0; i < outcome->items.count; i++) {
      const AuthorizationItem *item = &outcome->items.items[i];
      if (item->kind != AUTHORIZATION_CYCLES || item->amount->kind != TERM_AMOUNT ||
          item->amount->amount <= (Amount)regimen->cycles * AMOUNT_ONE)
        continue;
      Diagnostic *d =
          diagnose(scope->diagnostics, DIAGNOSTIC_BAD_AUTHORIZATION,
                   criterion->syntax->outcomes.items[o]->span,
                   "more cycles are authorized than regimen `%.*s` has", TEXT_ARGS(regimen->name));
      diagnostic_expect(scope->diagnostics, d, "at most %u cycles", regimen->cycles);
    }
  }
}

/* ---- The outline ---- */

static void check_siblings(Scope *scope, const Criterion *const *siblings, uint32_t count,
                           const Criterion *group, uint32_t errors) {
  const bool are_alternatives = group == NULL || group->connective == CONNECTIVE_ANY;
  /* a broken line may be the outcome that is missed */
  if (scope->diagnostics->errors == errors && are_alternatives && !has_outcome_above(group))
    check_leads_somewhere(scope, siblings, count);
  check_indentation(scope, siblings, count);
}

void check_slips(Scope *scope, const Policy *policy, uint32_t errors) {
  check_siblings(scope, (const Criterion *const *)policy->top.items, policy->top.count, NULL,
                 errors);
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *criterion = policy->criteria.items[i];
    check_guard(scope, criterion);
    check_cycles(scope, criterion);
    if (criterion->children.count == 0) continue;
    check_connective(scope, criterion);
    check_siblings(scope, (const Criterion *const *)criterion->children.items,
                   criterion->children.count, criterion, errors);
  }
}
