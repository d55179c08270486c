/* interpretations: what each interpretation of unclear wording changes.
 *
 * The policy is compiled once as adopted and once by the literal wording. The differences of the
 * two functions are the requests that the interpretation decides: approved as adopted alone, by the
 * literal wording alone, or by both on different pathways.
 *
 * Invariant: an interpretation that several criteria name is compared once for each version and
 * kind; its literal wording is checked at each criterion. */
#include "prove/check.h"
#include "prove/claim.h"
#include "prove/core.h"

static const Interpretation *interpretation_of(const Criterion *criterion, Text id) {
  for (uint32_t i = 0; i < criterion->interpretations.count; i++) {
    const Interpretation *interpretation = criterion->interpretations.items[i];
    if (text_equal(interpretation->id, id) &&
        (interpretation->condition != NULL || interpretation->has_connective))
      return interpretation;
  }
  return NULL;
}

static Defect *add_interpretation(PolicyCheck *check, licet_finding_kind kind, uint32_t i,
                                  const Interpretation *interpretation, const char *why) {
  Defect *defect = add_defect(check, kind, check->base->criteria.items[i].criterion, why);
  defect->is_defect = false;
  defect->interpretation = text_copy(check->run->arena, interpretation->id);
  return defect;
}

static void add_difference(PolicyCheck *check, Defect *defect, DiagramRef function, DiagramRef care,
                           Text literal) {
  add_plain_witness(check, defect, function, care, (Claim){.literal = literal, .differs = true});
}

/* The literal wording of the one criterion, held against all patients. True where nobody meets it.
 */
static bool check_literal(PolicyCheck *check, uint32_t i, const Interpretation *interpretation,
                          const CompiledPolicy *literally) {
  const CompiledCriterion *one = &check->base->criteria.items[i];
  DiagramRef wording = one->literal;
  const char *id =
      arena_copy(check->run->passing, interpretation->id.at, interpretation->id.length);
  if (!space_some(check->space, wording)) {
    const char *why;
    Core core = {.count = 0};
    if (interpretation->has_connective) add_parts(check, i, true, &core);
    if (core.count > 1 && contradict(check, &core, UINT32_MAX)) {
      shrink(check, &core);
      why = arena_format(
          check->run->passing,
          "By the literal wording (%s) no patient can meet %s: it requires %s together.", id,
          check_name(check, one->criterion), list_core(check, &core));
    } else {
      why = arena_format(check->run->passing,
                         "By the literal wording (%s: %.*s) no patient can meet %s.", id,
                         (int)interpretation->literal.length, interpretation->literal.at,
                         check_name(check, one->criterion));
    }
    Defect *defect =
        add_interpretation(check, LICET_INTERPRETATION_CONTRADICTS, i, interpretation, why);
    add_difference(
        check, defect,
        space_and_not(check->space, check->base->whole.approve, literally->whole.approve),
        check->base->whole.approve, interpretation->id);
    return true;
  }
  if (space_implies(check->space, DIAGRAM_TRUE, wording)) {
    const char *why = arena_format(check->run->passing,
                                   "By the literal wording (%s: %.*s) every patient meets %s.", id,
                                   (int)interpretation->literal.length, interpretation->literal.at,
                                   check_name(check, one->criterion));
    Defect *defect = add_interpretation(check, LICET_INTERPRETATION_ALWAYS, i, interpretation, why);
    add_difference(
        check, defect,
        space_and_not(check->space, literally->whole.approve, check->base->whole.approve),
        literally->whole.approve, interpretation->id);
  }
  return false;
}

/* Whom the interpretation concerns: who is approved by the one wording alone, or approved by both
 * on other pathways. */
static void check_effect(PolicyCheck *check, uint32_t i, const Interpretation *interpretation,
                         const CompiledPolicy *literally, bool contradicts) {
  DiagramRef gained =
                 space_and_not(check->space, check->base->whole.approve, literally->whole.approve),
             lost =
                 space_and_not(check->space, literally->whole.approve, check->base->whole.approve);
  const char *id =
      arena_copy(check->run->passing, interpretation->id.at, interpretation->id.length);
  bool gains = space_some(check->space, gained), loses = space_some(check->space, lost);
  if (gains && !contradicts) { /* else reported with the contradiction */
    Defect *defect = add_interpretation(
        check, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(check->run->passing,
                     "%s: some requests are approved that the literal wording would not approve.",
                     id));
    defect->other = TEXT("adopted");
    add_difference(check, defect, gained, check->base->whole.approve, interpretation->id);
  }
  if (loses) {
    Defect *defect = add_interpretation(
        check, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(check->run->passing,
                     "%s: some requests are not approved that the literal wording would approve.",
                     id));
    defect->other = TEXT("literal");
    add_difference(check, defect, lost, literally->whole.approve, interpretation->id);
  }
  if (gains || loses) return;
  if (same_outcomes(check, check->base, literally)) {
    add_interpretation(
        check, LICET_INTERPRETATION_SAME, i, interpretation,
        arena_format(check->run->passing,
                     "%s: by the literal wording, every request would be decided the same.", id));
    return;
  }
  for (uint32_t a = 0; a < check->base->approvals.count; a++) {
    DiagramRef mine = check->base->approvals.items[a].holds,
               its = literally->approvals.items[a].holds;
    DiagramRef other = diagram_or(check->space->diagram, space_and_not(check->space, mine, its),
                                  space_and_not(check->space, its, mine));
    other = diagram_and(check->space->diagram, other, check->base->whole.approve);
    if (!space_some(check->space, other)) continue;
    Defect *defect = add_interpretation(
        check, LICET_INTERPRETATION_DIFFERS, i, interpretation,
        arena_format(check->run->passing,
                     "%s: the same requests are approved, but not on the same pathways.", id));
    defect->other = TEXT("pathway");
    add_difference(check, defect, other, check->base->whole.approve, interpretation->id);
    return;
  }
}

void check_interpretations(PolicyCheck *check) {
  LIST(Text) seen = {0};
  for (uint32_t i = 0; i < check->base->criteria.count; i++) {
    const Criterion *criterion = check->base->criteria.items[i].criterion;
    for (uint32_t r = 0; r < criterion->interpretations.count; r++) {
      const Interpretation *interpretation =
          interpretation_of(criterion, criterion->interpretations.items[r]->id);
      if (interpretation == NULL || interpretation->is_literal ||
          check->base->criteria.items[i].not_asked)
        continue;
      if (!within_bounds(check, "interpretations", criterion)) return;
      CompiledPolicy *literally = check_compile(check, (Change){.literal = interpretation->id});
      if (literally == NULL) continue;
      make_certain(check, literally);
      bool contradicts = check_literal(check, i, interpretation, literally);
      bool reported = false;
      for (uint32_t s = 0; s < seen.count; s++)
        reported = reported || text_equal(seen.items[s], interpretation->id);
      if (reported) continue;
      LIST_PUSH(check->run->passing, seen, interpretation->id);
      check_effect(check, i, interpretation, literally, contradicts);
    }
  }
}
