/* criteria: findings about single criteria.
 *
 *   unsatisfiable, contradiction   holds AND possible is empty
 *   always met                     possible implies holds
 *   subsumed                       an alternative implies another alternative of its group
 *   redundant                      the policy compiled without the criterion has the same outcomes
 *
 * All are questions of emptiness to a decision diagram within its care set (`possible`, space.h).
 * "Redundant" is the field's redundant literal or cube: one that can be removed and leaves the
 * function as it is (Brayton and others, Logic Minimization Algorithms for VLSI Synthesis, 1984).
 *
 * Invariant: a finding that only follows from another is not reported. A group is unsatisfiable
 * because its only criterion is: the criterion alone is listed. */
#include "base/unreachable.h"
#include "prove/check.h"
#include "prove/claim.h"
#include "prove/core.h"

/* ---- Each criterion by itself ---- */

typedef bool (*Property)(const PolicyCheck *check, uint32_t index);
static bool is_unsatisfiable(const PolicyCheck *check, uint32_t index) {
  return check->unsatisfiable[index];
}
static bool is_always(const PolicyCheck *check, uint32_t index) { return check->always[index]; }

/* Some child, or every child, has the property; a group without children has it not. */
static bool some_child(const PolicyCheck *check, uint32_t group, Property has) {
  for (uint32_t i = group + 1; i <= group + check->base->criteria.items[group].subtree; i++) {
    if (check->parent[i] == group && has(check, i)) return true;
  }
  return false;
}

static bool every_child(const PolicyCheck *check, uint32_t group, Property has) {
  if (check->base->criteria.items[group].subtree == 0) return false;
  for (uint32_t i = group + 1; i <= group + check->base->criteria.items[group].subtree; i++) {
    if (check->parent[i] == group && !has(check, i)) return false;
  }
  return true;
}

static bool follows_unsatisfiable(const PolicyCheck *check, uint32_t i) {
  switch (check->base->criteria.items[i].connective) {
    case CONNECTIVE_ANY:
      return every_child(check, i, is_unsatisfiable);
    case CONNECTIVE_NONE:
      return some_child(check, i, is_always);
    case CONNECTIVE_ALL:
    case CONNECTIVE_LEAF:
    case CONNECTIVE_AT_LEAST:
      return some_child(check, i, is_unsatisfiable);
  }
  UNREACHABLE();
}

static bool follows_always(const PolicyCheck *check, uint32_t i) {
  switch (check->base->criteria.items[i].connective) {
    case CONNECTIVE_ANY:
      return some_child(check, i, is_always);
    case CONNECTIVE_NONE:
      return every_child(check, i, is_unsatisfiable);
    case CONNECTIVE_ALL:
    case CONNECTIVE_LEAF:
    case CONNECTIVE_AT_LEAST:
      return every_child(check, i, is_always);
  }
  UNREACHABLE();
}

/* The text of the condition, where it is short. */
static const char *condition_words(const PolicyCheck *check, const Criterion *criterion) {
  if (criterion->condition_text.length == 0 || criterion->condition_text.length > 100) return "";
  return arena_format(check->run->passing, " (%.*s)", (int)criterion->condition_text.length,
                      criterion->condition_text.at);
}

/* Whoever would be approved, were it not for the criterion. */
static void add_nearest(PolicyCheck *check, Defect *defect, const Criterion *criterion) {
  CompiledPolicy *authorized = check_compile(check, (Change){.authorized = criterion});
  if (authorized == NULL) return;
  DiagramRef but_for =
      space_and_not(check->space, authorized->whole.approve, check->base->whole.approve);
  if (space_some(check->space, but_for))
    add_witness(check, defect, but_for, authorized->whole.approve,
                (Claim){.not_approved = true, .unmet = criterion});
}

static void report_unsatisfiable(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  Arena *arena = check->run->passing;
  Core core = {.count = 0};
  add_parts(check, i, false, &core);
  bool group = core.count > 1 && contradict(check, &core, UINT32_MAX);
  if (group) shrink(check, &core);
  const char *why =
      group ? arena_format(
                  arena,
                  "%s cannot be met together, and %s requires them all: no patient can meet it.",
                  list_core(check, &core), check_name(check, one->criterion))
            : arena_format(arena, "No patient can meet %s%s.", check_name(check, one->criterion),
                           condition_words(check, one->criterion));
  Defect *defect =
      add_defect(check, group ? LICET_CONTRADICTION : LICET_UNSATISFIABLE, one->criterion, why);
  if (group)
    defect->other = text_copy(check->run->arena, core.parts[core.count - 1].criterion->path);
  add_nearest(check, defect, one->criterion);
}

static void report_always(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  const char *why =
      arena_format(check->run->passing, "%s%s is always true, so it has no effect.",
                   check_name(check, one->criterion), condition_words(check, one->criterion));
  Defect *defect = add_defect(check, LICET_ALWAYS_MET, one->criterion, why);
  add_witness(check, defect, DIAGRAM_TRUE, DIAGRAM_TRUE, (Claim){.met = {one->criterion}});
}

void check_each(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    const CompiledCriterion *one = &check->base->criteria.items[i];
    if (!within_bounds(check, "criteria that every patient or no patient meets", NULL)) return;
    check->unsatisfiable[i] = !space_some(check->space, demanded_by(check, i));
    check->always[i] =
        !one->not_asked && space_implies(check->space, DIAGRAM_TRUE, one->holds) &&
        space_implies(check->space, DIAGRAM_TRUE, check->asked->criteria.items[i].holds);
  }
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    if (check->unsatisfiable[i] && !follows_unsatisfiable(check, i)) report_unsatisfiable(check, i);
    /* a group that carries outcomes distinguishes cases: that each request is one of them is no
     * defect */
    if (check->always[i] && !check->base->criteria.items[i].criterion->holds_outcome &&
        !follows_always(check, i))
      report_always(check, i);
  }
}

/* ---- Alternatives ---- */

static void report_subsumed(PolicyCheck *check, uint32_t small, uint32_t large) {
  const Criterion *inner = check->base->criteria.items[small].criterion,
                  *outer = check->base->criteria.items[large].criterion;
  bool same = space_same(check->space, check->base->criteria.items[small].holds,
                         check->base->criteria.items[large].holds);
  const char *why =
      arena_format(check->run->passing,
                   same ? "%s is met exactly when %s is, and one of the two is enough."
                        : "Every patient who meets %s also meets %s, and one of the two is enough.",
                   check_name(check, inner), check_name(check, outer));
  Defect *defect = add_defect(check, LICET_SUBSUMED, inner, why);
  defect->is_defect = false;
  defect->other = text_copy(check->run->arena, outer->path);
  add_witness(check, defect, check->base->criteria.items[small].holds,
              check->base->criteria.items[large].holds, (Claim){.met = {inner, outer}});
}

/* Alternatives of one group; of two that are the same the later is reported. */
void check_alternatives(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    uint32_t group = check->parent[i];
    if (!within_bounds(check, "alternatives", check->base->criteria.items[i].criterion)) return;
    if (group == UINT32_MAX || check->unsatisfiable[i] || check->always[i]) continue;
    if (check->base->criteria.items[group].connective != CONNECTIVE_ANY) continue;
    for (uint32_t j = group + 1;
         j <= group + check->base->criteria.items[group].subtree && !check->subsumed[i]; j++) {
      if (check->parent[j] != group || j == i || check->subsumed[j] || check->always[j]) continue;
      DiagramRef mine = check->base->criteria.items[i].holds,
                 its = check->base->criteria.items[j].holds;
      if (!space_implies(check->space, mine, its) ||
          (j > i && space_implies(check->space, its, mine)))
        continue;
      if (!space_implies(check->space, check->asked->criteria.items[i].holds,
                         check->asked->criteria.items[j].holds))
        continue;
      check->subsumed[i] = true;
      report_subsumed(check, i, j);
    }
  }
}

/* ---- Redundant criteria ---- */

static bool above_is_redundant(const PolicyCheck *check, uint32_t i) {
  for (uint32_t up = check->parent[i]; up != UINT32_MAX; up = check->parent[up]) {
    if (check->redundant[up] || check->unsatisfiable[up]) return true;
  }
  return false;
}

/* What is reported of the criterion already, or of what stands in it, explains it. */
static bool is_explained(const PolicyCheck *check, uint32_t i) {
  for (uint32_t j = i; j <= i + check->base->criteria.items[i].subtree; j++) {
    if (check->unsatisfiable[j] || check->always[j]) return true;
  }
  return check->subsumed[i] || above_is_redundant(check, i);
}

/* Those for which nothing but the criterion is open on its own branch: what is demanded beside it
 * and above is met, what may take its place beside it is not. */
static DiagramRef all_but(const PolicyCheck *check, uint32_t i) {
  DiagramRef rest = DIAGRAM_TRUE;
  for (uint32_t at = i; check->parent[at] != UINT32_MAX; at = check->parent[at]) {
    uint32_t group = check->parent[at];
    const CompiledCriterion *above = &check->base->criteria.items[group];
    bool demanded = is_demanded_all(above),
         alternative = above->connective == CONNECTIVE_ANY && at == i;
    for (uint32_t j = group + 1; j <= group + above->subtree; j++) {
      const CompiledCriterion *beside = &check->base->criteria.items[j];
      if (check->parent[j] != group || j == at || beside->criterion->holds_outcome) continue;
      if (demanded) rest = diagram_and(check->space->diagram, rest, beside->holds);
      if (alternative) rest = space_and_not(check->space, rest, beside->holds);
    }
  }
  return rest;
}

/* A request in which the criterion alone could have mattered, and does not: what is demanded is
 * best not met, though the request is approved; an alternative is best met. */
static void show_redundant(PolicyCheck *check, Defect *defect, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  bool demanded = is_demanded_all(&check->base->criteria.items[check->parent[i]]);
  const DiagramRef branches[] = {all_but(check, i), DIAGRAM_TRUE},
                   care[] = {DIAGRAM_TRUE, check->base->whole.approve};
  for (int branch = 0; branch < 2; branch++) {
    for (int approved = 1; approved >= 0; approved--) {
      for (int turn = 0; turn < 2; turn++) {
        bool met = (turn == 0) !=
                   (demanded && branch == 0); /* beyond its branch, one who meets it shows more */
        DiagramRef whom =
            diagram_and(check->space->diagram, branches[branch],
                        met ? one->holds : diagram_not(check->space->diagram, one->holds));
        if (approved) whom = diagram_and(check->space->diagram, whom, check->base->whole.approve);
        if (!space_some(check->space, whom)) continue;
        Claim claim = {.approved = approved == 1};
        if (met) claim.met[0] = one->criterion;
        if (!met) claim.unmet = one->criterion;
        if (add_witness(check, defect, whom, care[approved], claim)) return;
      }
    }
  }
}

static void report_redundant(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  bool demanded = is_demanded_all(&check->base->criteria.items[check->parent[i]]);
  const char *why =
      arena_format(check->run->passing, "Without %s%s, every request would be decided the same%s.",
                   check_name(check, one->criterion), condition_words(check, one->criterion),
                   demanded ? ": other criteria already exclude, or admit, the same requests" : "");
  Defect *defect = add_defect(check, LICET_REDUNDANT, one->criterion, why);
  defect->is_defect = false; /* it decides nothing wrongly, and a condition said once more may make
                                a page clearer */
  show_redundant(check, defect, i);
}

static bool is_redundant(PolicyCheck *check, uint32_t i) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  uint32_t group = check->parent[i];
  if (group == UINT32_MAX || one->criterion->holds_outcome || one->not_asked) return false;
  if (check->base->criteria.items[group].subtree == one->subtree + 1 && group + 1 == i &&
      !is_demanded_all(&check->base->criteria.items[group]))
    return false; /* the only alternative: without it nothing is left to choose from */
  CompiledPolicy *without = check_compile(check, (Change){.without = one->criterion});
  if (without == NULL || !same_outcomes(check, check->base, without)) return false;
  if (check->asked == check->base) return true;
  without = check_compile(check, (Change){.without = one->criterion, .asked = true});
  return without != NULL && same_outcomes(check, check->asked, without);
}

void check_branches(PolicyCheck *check) {
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    if (!within_bounds(check, "criteria that never matter",
                       check->base->criteria.items[i].criterion))
      return;
    if (above_is_redundant(check, i)) continue;
    check->redundant[i] = is_redundant(check, i);
    if (check->redundant[i] && !is_explained(check, i)) report_redundant(check, i);
  }
}
