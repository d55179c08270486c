/* compare: two policies, or one at two dates, for one kind of request: one space, a function of
 * each side, and what lies in the one and not in the other (set difference on decision diagrams).
 *
 * Invariant: both sides are compared as they decide for certain: what is approved is approved
 * regardless of what is not given.
 */
#include "prove/compare.h"

#include <assert.h>
#include <string.h>

/* ---- Documents ---- */

/* Where one side requires documents and the other takes a request as it is stated: one that the
 * other approves, and this does not yet.
 */
static void find_undocumented(Comparing *c, DiagramRef both) {
  TermsList *terms = &c->comparison->terms;
  licet_terms_difference *difference = terms->count == 0 ? NULL : &terms->items[terms->count - 1];
  while (difference != NULL && difference->topic != LICET_TOPIC_EVIDENCE)
    difference = difference == terms->items ? NULL : difference - 1;
  if (difference == NULL ||
      difference->request != (c->space->kind == KIND_INITIAL ? LICET_INITIAL : LICET_CONTINUATION))
    return;
  SideClaim claim = {.approved = {true, true}};
  for (int i = 0; i < SIDES; i++) claim.undocumented[i] = c->versions[i]->evidence[c->space->kind];
  if (!find_sides(c, both, both, &claim)) return;
  for (int i = 0; i < SIDES; i++) {
    difference->witness[i] = shown(c->arena, text_of(claim.requests[i]));
    difference->shows[i] = shown(c->arena, text_of(claim.shows[i]));
  }
}

/* ---- All of it ---- */

static licet_relation relate(const Comparing *c, DiagramRef first_only, DiagramRef second_only,
                             DiagramRef both) {
  bool more_first = space_some(c->space, first_only),
       more_second = space_some(c->space, second_only);
  if (!more_first && !more_second) return LICET_EQUIVALENT;
  if (!more_first) return LICET_IMPLIES;
  if (!more_second) return LICET_IMPLIED;
  return space_some(c->space, both) ? LICET_OVERLAPPING : LICET_DISJOINT;
}

/* What is approved is approved regardless of what is not given. */
static void make_certain(Comparing *c, CompiledPolicy *side) {
  side->whole.approve = space_certain(c->space, side->whole.approve);
  for (uint32_t i = 0; i < side->approvals.count; i++)
    side->approvals.items[i].holds = space_certain(c->space, side->approvals.items[i].holds);
}

static licet_unshared unshared_by(const Space *space) {
  if (space->shares_drugs)
    return space->shares_lines ? LICET_UNSHARED_NOTHING : LICET_UNSHARED_LINES;
  return space->shares_lines ? LICET_UNSHARED_DRUGS : LICET_UNSHARED_DRUGS_AND_LINES;
}

bool compare_kind(Comparing *c, int kind) {
  Diagnostics diagnostics;
  assert(kind >= 0 && kind < KINDS);
  arena_reset(c->passing);
  diagnostics_open(&diagnostics, c->passing);
  c->view = &c->comparison->kinds[kind];
  for (int i = 0; i < SIDES; i++)
    c->subjects[i] =
        (CompileSubject){.policy = c->policies[i], .version = c->versions[i], .kind = kind};
  c->space = space_open(c->subjects, SIDES, c->passing, &diagnostics);
  for (int i = 0; i < SIDES && c->space != NULL; i++) {
    c->sides[i] = compile_subject(c->space->shared, &c->subjects[i]);
    if (c->sides[i] == NULL) return false;
    make_certain(c, c->sides[i]);
  }
  if (c->space == NULL) return false;
  DiagramRef first = c->sides[0]->whole.approve, second = c->sides[1]->whole.approve;
  DiagramRef first_only = space_and_not(c->space, first, second),
             second_only = space_and_not(c->space, second, first);
  DiagramRef both = diagram_and(c->space->diagram, first, second);
  c->distinguished = space_share(c->space, first_only) + space_share(c->space, second_only);
  c->view->relation = relate(c, first_only, second_only, both);
  if (!find_regions(c, 0, first_only) || !find_regions(c, 1, second_only)) return false;
  find_authorizations(c, both);
  if (kind == 0) terms_of_policies(c->subjects, c->arena, &c->comparison->terms);
  terms_of_kind(&(TermsSides){c->arena, c->space, c->sides, &c->comparison->terms});
  find_undocumented(c, both);
  c->comparison->scope = terms_scope(c->space, c->arena);
  c->comparison->unshared = unshared_by(c->space);
  return !diagram_too_large(c->space->diagram);
}
