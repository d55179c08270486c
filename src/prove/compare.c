/* Comparing two policies, or one at two dates: one space, two functions, and what lies in the one
 * and not in the other, told by the criteria that make the difference.
 *
 * A region is what the one side approves and the other would approve as well, were it not for one
 * criterion. The largest is taken first, and what it holds is not told again; what several criteria
 * keep out at once is left to the smallest groups that hold them.
 */
#include <string.h>

#include "licet/prove.h"
#include "decide/authorization.h"
#include "prove/terms.h"
#include "prove/witness.h"
#include "prove/words.h"

enum { REGIONS_SHOWN = 6, REGIONS_SOUGHT = 16, AUTHORIZATIONS_SHOWN = 4, SIDES = 2 };

typedef struct KindView {
  licet_relation relation;
  LIST(licet_region) regions;
  LIST(licet_authorization_difference) authorizations;
  size_t more;
} KindView;

struct licet_comparison {
  Arena arena, passing;
  const char *error, *scope;
  licet_unshared unshared;
  TermsList terms;
  licet_side_view sides[SIDES];
  KindView kinds[KINDS];
};

typedef struct Comparing {
  licet_comparison *comparison;
  Arena *arena, *passing;
  Replay *replay;
  const Policy *policies[SIDES];
  const Version *versions[SIDES];
  /* of one kind of request */
  Space *space;
  CompileSubject subjects[SIDES];
  CompiledPolicy *sides[SIDES];
  double distinguished; /* the share of all that one side alone approves */
  KindView *view;
} Comparing;

static const char *shown(Arena *arena, Text text) {
  return arena_copy(arena, text.at, text.length);
}

/* ---- Witnesses ---- */

typedef struct SideClaim {
  Comparing *c;
  bool approved[SIDES];
  const Outcome *pathways[SIDES]; /* that the decision must name first, or NULL */
  bool authorizations_differ;
  bool undocumented[SIDES]; /* pends there for documents alone, none being given */
  const char *requests[SIDES], *shows[SIDES];
  licet_authorization authorizations[SIDES];
} SideClaim;

static const char *authorization_words(Arena *arena, licet_authorization authorization) {
  Buffer out;
  buffer_open(&out, arena, 64);
  if (authorization.length > 0)
    buffer_format(&out, " for %d %s", authorization.length,
                  licet_length_unit_name(authorization.unit));
  if (authorization.cycles >= 0)
    buffer_format(&out, ", %d cycle%s", authorization.cycles, authorization.cycles == 1 ? "" : "s");
  if (authorization.renewals_left >= 0)
    buffer_format(&out, ", %d renewal%s left", authorization.renewals_left,
                  authorization.renewals_left == 1 ? "" : "s");
  return buffer_finish(&out);
}

static bool same_authorization(const licet_authorization *a, const licet_authorization *b) {
  return a->length == b->length && a->unit == b->unit && a->cycles == b->cycles &&
         a->renewals_left == b->renewals_left;
}

static bool comes_out(const SideClaim *claim, int side, const licet_determination *determination) {
  const licet_outcome outcome = licet_determination_outcome(determination);
  if (claim->undocumented[side])
    return outcome == LICET_PEND && licet_determination_missing(determination, 0) == NULL &&
           licet_determination_documents(determination, 0) != NULL;
  if ((outcome == LICET_APPROVE) != claim->approved[side]) return false;
  const Outcome *pathway = claim->pathways[side];
  return pathway == NULL ||
         text_is(pathway->pathway->path, licet_determination_pathway(determination));
}

/* Does the patient come out on both sides as claimed? What was decided is kept. */
static bool decide_sides(SideClaim *claim, const Patient *patient) {
  Comparing *c = claim->c;
  for (int i = 0; i < SIDES; i++) {
    Text request = patient_request(c->space, patient, c->policies[i], c->space->received_by[i]);
    const licet_determination *determination = replay_request(c->replay, TEXT(""), request);
    if (determination == NULL || !comes_out(claim, i, determination)) return false;
    const bool approved = licet_determination_outcome(determination) == LICET_APPROVE;
    claim->authorizations[i] = licet_determination_authorization(determination);
    Text words = replay_words(c->passing, determination);
    claim->requests[i] = shown(c->passing, request);
    claim->shows[i] =
        arena_format(c->passing, "%.*s%s%s", (int)words.length, words.at,
                     approved ? authorization_words(c->passing, claim->authorizations[i]) : "",
                     claim->undocumented[i] ? " for documents" : "");
  }
  return true;
}

static Patient copy_of(const Comparing *c, const Patient *patient) {
  Patient copy = *patient;
  const uint32_t count = c->space->vocabulary->facts.count;
  copy.facts.values = ARENA_ARRAY(c->passing, FactValue, count);
  memcpy(copy.facts.values, patient->facts.values, count * sizeof(FactValue));
  return copy;
}

enum { AMOUNTS_TRIED = 24 };

/* What a grant is reckoned from is no matter to the diagram: small counts and plain lengths are
 * tried. */
static bool differs_by(SideClaim *claim, const Patient *patient, const Fact *fact) {
  static const Span lengths[] = {{1, 0}, {2, 0}, {3, 0}, {6, 0}, {12, 0}, {24, 0}, {0, 28}};
  Patient other = copy_of(claim->c, patient);
  FactValue *value = &other.facts.values[fact->index];
  const bool is_count = fact->type.kind == TYPE_QUANTITY && fact->type.dimension == DIMENSION_COUNT;
  const uint32_t tried = is_count                           ? AMOUNTS_TRIED
                         : fact->type.kind == TYPE_DURATION ? sizeof lengths / sizeof *lengths
                                                            : 0;
  for (uint32_t n = 0; n < tried; n++) {
    value->present = value->known = true;
    value->is_none = false;
    if (is_count) value->amount = n * AMOUNT_ONE;
    if (!is_count) value->span = lengths[n];
    if (decide_sides(claim, &other) &&
        !same_authorization(&claim->authorizations[0], &claim->authorizations[1]))
      return true;
  }
  return false;
}

static bool differs_by_amounts(SideClaim *claim, const Patient *patient) {
  FactList facts = {0};
  for (int i = 0; i < SIDES && claim->pathways[i] != NULL; i++)
    for (uint32_t n = 0; n < claim->pathways[i]->items.count; n++)
      facts_of_term(claim->c->passing, &facts, claim->pathways[i]->items.items[n].amount);
  for (uint32_t f = 0; f < facts.count; f++)
    if (facts.items[f]->index >= BUILTIN_FACTS && differs_by(claim, patient, facts.items[f]))
      return true;
  return false;
}

/* The same patient, of whom nothing is documented. */
static Patient without_documents(const Comparing *c, const Patient *patient) {
  Patient bare = copy_of(c, patient);
  for (uint32_t i = 0; i < c->space->vocabulary->facts.count; i++) {
    FactValue *value = &bare.facts.values[i];
    Entry *entries = ARENA_ARRAY(c->passing, Entry, value->entry_count + 1);
    for (uint32_t e = 0; e < value->entry_count; e++)
      entries[e] = (Entry){.fields = value->entries[e].fields};
    value->documented = false;
    value->entries = entries;
  }
  return bare;
}

static bool check_sides(void *context, const Patient *patient) {
  SideClaim *claim = context;
  if (claim->undocumented[0] || claim->undocumented[1]) {
    const Patient bare = without_documents(claim->c, patient);
    return decide_sides(claim, &bare);
  }
  if (!decide_sides(claim, patient)) return false;
  return !claim->authorizations_differ ||
         !same_authorization(&claim->authorizations[0], &claim->authorizations[1]) ||
         differs_by_amounts(claim, patient);
}

static bool find_sides(Comparing *c, DiagramRef function, DiagramRef claimed, SideClaim *claim) {
  Patient patient;
  claim->c = c;
  return witness_find(c->space, function, claimed, (Shows){check_sides, claim}, &patient);
}

/* ---- Regions ---- */

typedef struct Way {
  const CompiledCriterion *criterion;
  DiagramRef approve; /* of the other side, were it not for the criterion */
  bool leaf, spent;
} Way;

typedef struct Ways {
  Way *items;
  uint32_t count;
} Ways;

/* Every criterion that may stand in the way, and what would be approved without it. False where the
 * diagram grew too large. */
static bool find_ways(Comparing *c, int other, Ways *ways) {
  CompiledPolicy *side = c->sides[other];
  ways->items = ARENA_ARRAY(c->passing, Way, side->criteria.count + 1);
  ways->count = 0;
  for (uint32_t i = 0; i < side->criteria.count; i++) {
    const CompiledCriterion *one = &side->criteria.items[i];
    if (one->not_asked) continue;
    CompileSubject subject = c->subjects[other];
    subject.change.authorized = one->criterion;
    CompiledPolicy *authorized = compile_subject(c->space->shared, &subject);
    if (authorized == NULL) return false;
    authorized->whole.approve = space_certain(c->space, authorized->whole.approve);
    ways->items[ways->count++] = (Way){one, authorized->whole.approve, one->subtree == 0, false};
  }
  return true;
}

/* Of the criteria that can explain something of what is left: one by itself before a group, the
 * deeper group before the wider one, and there the one that explains most; of equals the later,
 * which says it more exactly. */
static Way *best_way(const Comparing *c, const Ways *ways, DiagramRef left, DiagramRef *region,
                     double *share) {
  Way *best = NULL;
  for (uint32_t i = 0; i < ways->count; i++) {
    Way *way = &ways->items[i];
    if (way->spent) continue;
    DiagramRef mine = diagram_and(c->space->diagram, left, way->approve);
    if (mine == DIAGRAM_FALSE) continue;
    double size = space_share(c->space, mine);
    bool better = best == NULL || way->leaf > best->leaf;
    if (!better && way->leaf == best->leaf) {
      uint32_t depth = way->criterion->depth, depth_best = best->criterion->depth;
      better = !way->leaf && depth != depth_best ? depth > depth_best : size >= *share;
    }
    if (!better) continue;
    best = way;
    *region = mine;
    *share = size;
  }
  return best;
}

static const Outcome *largest_pathway(const Comparing *c, int side, DiagramRef region,
                                      DiagramRef *within) {
  const Outcome *best = NULL;
  double most = -1;
  for (uint32_t i = 0; i < c->sides[side]->approvals.count; i++) {
    const CompiledOutcome *approval = &c->sides[side]->approvals.items[i];
    DiagramRef mine = diagram_and(c->space->diagram, region, approval->holds);
    double share = space_share(c->space, mine);
    if (mine == DIAGRAM_FALSE || share <= most) continue;
    most = share;
    best = approval->outcome;
    *within = mine;
  }
  return best;
}

static bool stands_beneath(const Criterion *criterion, const Criterion *above) {
  while (criterion != NULL && criterion != above) criterion = criterion->parent;
  return criterion != NULL;
}

/* Is the criterion demanded for the outcome: beneath its pathway, or beside it or what it stands
 * in? */
static bool is_demanded_for(const Criterion *criterion, const Criterion *pathway) {
  if (criterion->holds_outcome) return criterion == pathway && criterion->children.count == 0;
  const Criterion *above = criterion->parent;
  while (above != NULL && !above->holds_outcome) above = above->parent;
  return above == NULL || (above->connective != CONNECTIVE_ANY && stands_beneath(pathway, above));
}

/* "adult.A5, of which it lacks “U Universal criteria”": by the statuses that the other side's
 * decision on the witness tells. */
static const char *nearest_pathway(Comparing *c, int other, const char *request) {
  const licet_determination *determination = replay_request(c->replay, TEXT(""), text_of(request));
  const CompiledPolicy *side = c->sides[other];
  const char *best = "";
  uint32_t fewest = UINT32_MAX;
  if (determination == NULL) return "";
  for (uint32_t a = 0; a < side->approvals.count; a++) {
    const Outcome *outcome = side->approvals.items[a].outcome;
    Buffer unmet;
    uint32_t count = 0;
    buffer_open(&unmet, c->passing, 128);
    for (uint32_t i = 0; i < side->criteria.count; i++) {
      const CompiledCriterion *one = &side->criteria.items[i];
      const Criterion *parent = one->criterion->parent;
      bool top =
          parent == NULL || parent->holds_outcome; /* a group counts once, whatever stands in it */
      licet_criterion_status status;
      if (!top || !is_demanded_for(one->criterion, outcome->criterion)) continue;
      if (!replay_status(determination, one->criterion->index, &status) || status == LICET_MET)
        continue;
      Text words = words_of_criterion(c->passing, one->criterion);
      if (text_equal(words, outcome->pathway->path))
        words = TEXT("a line without a label"); /* neither label nor title */
      buffer_format(&unmet, "%s“%.*s”", count++ == 0 ? "" : ", ", (int)words.length, words.at);
    }
    if (count == 0 || count >= fewest) continue;
    fewest = count;
    best = arena_format(c->arena, "%s, where it lacks %s", shown(c->arena, outcome->pathway->path),
                        buffer_finish(&unmet));
  }
  return best;
}

static licet_region region_of(Comparing *c, int side, const Criterion *blocked, DiagramRef function,
                              double share) {
  licet_region region = {.approved_by = (licet_side)side,
                         .share = c->distinguished > 0 ? share / c->distinguished : 0};
  DiagramRef within = function;
  const Outcome *pathway = largest_pathway(c, side, function, &within);
  region.pathway = pathway == NULL ? "" : shown(c->arena, pathway->pathway->path);
  region.path = blocked == NULL ? "" : shown(c->arena, blocked->path);
  region.title = blocked == NULL ? "" : shown(c->arena, blocked->title);
  SourceSpan span = blocked == NULL ? c->policies[!side]->syntax->id.span : blocked->syntax->span;
  region.file = shown(c->arena, span.source->name);
  source_position(span.source, span.start, &region.line, &region.column);
  DiagramRef wider = within, plain = space_without_judgment(c->space, within),
             care = c->sides[side]->whole.approve;
  if (space_some(c->space, plain)) {
    within = plain;
    care = space_without_judgment(c->space, care);
  }
  region.common = shown(c->arena, words_in_common(c->space, within, care));
  SideClaim claim = {.approved = {side == 0, side == 1}};
  bool found = find_sides(c, within, wider, &claim) ||
               (within != wider && find_sides(c, wider, wider, &claim));
  for (int i = 0; i < SIDES; i++) {
    region.witness[i] = found ? shown(c->arena, text_of(claim.requests[i])) : "";
    region.shows[i] = found ? shown(c->arena, text_of(claim.shows[i])) : "";
  }
  region.nearest = blocked == NULL && found ? nearest_pathway(c, !side, region.witness[!side]) : "";
  return region;
}

typedef struct Found {
  const Criterion *criterion;
  DiagramRef function;
  double share;
} Found;

static void report_regions(Comparing *c, int side, Found *found, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    for (uint32_t j = i; j > 0 && found[j].share > found[j - 1].share; j--) {
      Found swap = found[j];
      found[j] = found[j - 1];
      found[j - 1] = swap;
    }
  }
  for (uint32_t i = 0; i < count && i < REGIONS_SHOWN; i++)
    LIST_PUSH(c->arena, c->view->regions,
              region_of(c, side, found[i].criterion, found[i].function, found[i].share));
  if (count > REGIONS_SHOWN) c->view->more += count - REGIONS_SHOWN;
}

static bool find_regions(Comparing *c, int side, DiagramRef only) {
  Ways ways;
  Found found[REGIONS_SOUGHT + 1];
  uint32_t count = 0;
  DiagramRef left = diagram_and(c->space->diagram, only, c->space->possible);
  if (left == DIAGRAM_FALSE) return true;
  if (!find_ways(c, !side, &ways)) return false;
  while (left != DIAGRAM_FALSE && count < REGIONS_SOUGHT) {
    DiagramRef region;
    double share;
    Way *way = best_way(c, &ways, left, &region, &share);
    if (way == NULL) break;
    way->spent = true;
    found[count++] = (Found){way->criterion->criterion, region, share};
    left = space_and_not(c->space, left, region);
  }
  if (left != DIAGRAM_FALSE) found[count++] = (Found){NULL, left, space_share(c->space, left)};
  report_regions(c, side, found, count);
  return true;
}

/* ---- Grants ---- */

/* Approved by this outcome and by none whose grant reads otherwise, where there is such a request.
 */
static DiagramRef by_itself(const Comparing *c, int side, uint32_t outcome) {
  const CompiledOutcome *all = c->sides[side]->approvals.items;
  DiagramRef alone = all[outcome].holds;
  for (uint32_t i = 0; i < c->sides[side]->approvals.count; i++) {
    if (i != outcome && !text_equal(all[i].outcome->line, all[outcome].outcome->line))
      alone = space_and_not(c->space, alone, all[i].holds);
  }
  return alone;
}

/* Where both hold, is it known to be the other that is granted (decide/decide.c)? */
static bool goes_before(const Outcome *other, const Outcome *outcome, bool is_earlier) {
  const AuthorizationOrder order = outcomes_order(other, outcome);
  return order == AUTHORIZATION_BETTER || (order == AUTHORIZATION_EQUAL && is_earlier);
}

/* Approved by this outcome, and by none that is known to go before it. */
static DiagramRef authorized_by(const Comparing *c, int side, uint32_t outcome) {
  const CompiledOutcome *all = c->sides[side]->approvals.items;
  DiagramRef left = all[outcome].holds;
  for (uint32_t i = 0; i < c->sides[side]->approvals.count; i++) {
    if (i != outcome && goes_before(all[i].outcome, all[outcome].outcome, i < outcome))
      left = space_and_not(c->space, left, all[i].holds);
  }
  return left;
}

/* A pair of grants that some request may earn, written otherwise, is told with a request that shows
 * the difference, or else without one; never left out. */
static void compare_authorizations(Comparing *c, uint32_t a, uint32_t b) {
  const CompiledOutcome *first = &c->sides[0]->approvals.items[a],
                        *second = &c->sides[1]->approvals.items[b];
  if (c->policies[0] == c->policies[1] && first->outcome == second->outcome) return;
  if (first->outcome->none || second->outcome->none ||
      outcomes_authorize_same(first->outcome, second->outcome))
    return;
  DiagramRef both = diagram_and(c->space->diagram, first->holds, second->holds);
  DiagramRef authorized =
      diagram_and(c->space->diagram, authorized_by(c, 0, a), authorized_by(c, 1, b));
  DiagramRef alone = diagram_and(c->space->diagram, by_itself(c, 0, a), by_itself(c, 1, b));
  if (!space_some(c->space, authorized)) return;
  SideClaim claim = {.approved = {true, true},
                     .pathways = {first->outcome, second->outcome},
                     .authorizations_differ = true};
  bool found = space_some(c->space, alone) && find_sides(c, alone, alone, &claim);
  if (!found) found = find_sides(c, authorized, authorized, &claim);
  licet_authorization_difference difference = {.share = space_share(c->space, both)};
  const Outcome *outcomes[SIDES] = {first->outcome, second->outcome};
  for (int i = 0; i < SIDES; i++) {
    difference.pathway[i] = shown(c->arena, outcomes[i]->pathway->path);
    difference.authorization[i] = shown(c->arena, outcomes[i]->line);
    difference.witness[i] = found ? shown(c->arena, text_of(claim.requests[i])) : "";
    difference.shows[i] = found ? shown(c->arena, text_of(claim.shows[i])) : "";
  }
  LIST_PUSH(c->arena, c->view->authorizations, difference);
}

/* Do both sides approve by the same outcomes, in the same order, each where the other does? Then
 * what a request is granted is the same on both sides, however an overlap is settled. Diagrams are
 * canonical: functions that are equal have one reference. */
static bool same_approvals(const Comparing *c) {
  const CompiledPolicy *first = c->sides[0], *second = c->sides[1];
  if (first->approvals.count != second->approvals.count) return false;
  for (uint32_t i = 0; i < first->approvals.count; i++) {
    const CompiledOutcome *a = &first->approvals.items[i], *b = &second->approvals.items[i];
    const bool same = a->outcome == b->outcome || (a->outcome->none == b->outcome->none &&
                                                   outcomes_authorize_same(a->outcome, b->outcome));
    if (!same || a->holds != b->holds) return false;
  }
  return true;
}

static void find_authorizations(Comparing *c, DiagramRef both) {
  if (same_approvals(c)) return;
  double of = space_share(c->space, both);
  for (uint32_t a = 0; a < c->sides[0]->approvals.count; a++) {
    for (uint32_t b = 0; b < c->sides[1]->approvals.count; b++) compare_authorizations(c, a, b);
  }
  licet_authorization_difference *items = c->view->authorizations.items;
  for (uint32_t i = 0; i < c->view->authorizations.count; i++) {
    if (of > 0) items[i].share /= of;
    for (uint32_t j = i; j > 0 && items[j].share > items[j - 1].share; j--) {
      licet_authorization_difference swap = items[j];
      items[j] = items[j - 1];
      items[j - 1] = swap;
    }
  }
  if (c->view->authorizations.count <= AUTHORIZATIONS_SHOWN) return;
  c->view->more += c->view->authorizations.count - AUTHORIZATIONS_SHOWN;
  c->view->authorizations.count = AUTHORIZATIONS_SHOWN;
}

/* ---- Documents ---- */

/* Where one side wants documents and the other takes a request as it is stated: one that the other
 * approves, and this does not yet.
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

/* ---- One kind of request ---- */

static licet_relation relate(const Comparing *c, DiagramRef first_only, DiagramRef second_only,
                             DiagramRef both) {
  bool more_first = space_some(c->space, first_only),
       more_second = space_some(c->space, second_only);
  if (!more_first && !more_second) return LICET_EQUIVALENT;
  if (!more_first) return LICET_IMPLIES;
  if (!more_second) return LICET_IMPLIED;
  return space_some(c->space, both) ? LICET_OVERLAPPING : LICET_DISJOINT;
}

/* What is approved is approved whatever is not given. */
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

static bool compare_kind(Comparing *c, int kind) {
  Diagnostics diagnostics;
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

/* ---- For the public header ---- */

static bool find_version(const licet_library *library, const char *id, const char *day,
                         const Policy **policy, const Version **version) {
  const licet_policy *named = library_policy_named(library, text_of(id));
  Date date;
  if (named == NULL) return false;
  *policy = named->model;
  *version = &named->model->versions.items[named->model->versions.count - 1];
  if (day == NULL) return true;
  if (!date_parse(text_of(day), &date)) return false;
  *version = policy_version_on(named->model, date);
  return *version != NULL;
}

static licet_status compare(Comparing *c) {
  licet_comparison *comparison = c->comparison;
  for (int i = 0; i < SIDES; i++) {
    comparison->sides[i] = (licet_side_view){shown(c->arena, c->policies[i]->id),
                                             arena_copy(c->arena, c->versions[i]->text, 10),
                                             shown(c->arena, c->policies[i]->title)};
  }
  if (c->policies[0]->vocabulary != c->policies[1]->vocabulary) {
    comparison->error = "the two policies do not share a vocabulary";
    return LICET_BAD_POLICY;
  }
  for (int kind = 0; kind < KINDS; kind++) {
    if (compare_kind(c, kind)) continue;
    memset(comparison->kinds, 0, sizeof comparison->kinds);
    comparison->terms.count = 0;
    comparison->error =
        "the two policies together distinguish too many cases to be compared exactly";
    return LICET_BAD_POLICY;
  }
  return LICET_OK;
}

/* What licet_compare was asked, and how it went. */
typedef struct Asked {
  const licet_library *library;
  const char *policies[SIDES], *dates[SIDES];
  licet_comparison *comparison;
  licet_status status;
} Asked;

static void compare_asked(void *context) {
  Asked *asked = context;
  licet_comparison *comparison = asked->comparison;
  Replay replay = {.arena = &comparison->arena, .library = asked->library};
  Comparing *c = ARENA_NEW(&comparison->arena, Comparing);
  *c = (Comparing){.comparison = comparison,
                   .arena = &comparison->arena,
                   .passing = &comparison->passing,
                   .replay = &replay};
  asked->status = LICET_NOT_FOUND;
  for (int i = 0; i < SIDES; i++)
    if (!find_version(asked->library, asked->policies[i], asked->dates[i], &c->policies[i],
                      &c->versions[i]))
      return;
  asked->status = compare(c);
}

licet_status licet_compare(const licet_library *library, const char *first, const char *first_date,
                           const char *second, const char *second_date, licet_comparison **out) {
  *out = NULL;
  licet_comparison *comparison = memory_allocate(sizeof *comparison);
  if (comparison == NULL) return LICET_NO_MEMORY;
  memset(comparison, 0, sizeof *comparison);
  arena_open(&comparison->arena);
  arena_open(&comparison->passing);
  comparison->error = comparison->scope = "";
  for (int i = 0; i < SIDES; i++) comparison->sides[i] = (licet_side_view){"", "", ""};
  Arena *const arenas[] = {&comparison->arena, &comparison->passing};
  Asked asked = {library, {first, second}, {first_date, second_date}, comparison, LICET_OK};
  if (!arenas_attempt(arenas, 2, compare_asked, &asked)) {
    licet_comparison_free(comparison);
    return LICET_NO_MEMORY;
  }
  const licet_status status = asked.status;
  if (status == LICET_NOT_FOUND) {
    licet_comparison_free(comparison);
    return status;
  }
  *out = comparison;
  return status;
}

const char *licet_comparison_error(const licet_comparison *comparison) { return comparison->error; }
licet_side_view licet_comparison_side(const licet_comparison *comparison, licet_side side) {
  return comparison->sides[side];
}
licet_unshared licet_comparison_unshared(const licet_comparison *comparison) {
  return comparison->unshared;
}
licet_relation licet_comparison_relation(const licet_comparison *comparison,
                                         licet_request_kind kind) {
  return comparison->kinds[kind].relation;
}
size_t licet_comparison_more(const licet_comparison *comparison, licet_request_kind kind) {
  return comparison->kinds[kind].more;
}

licet_region licet_comparison_region(const licet_comparison *comparison, licet_request_kind kind,
                                     size_t index) {
  const KindView *view = &comparison->kinds[kind];
  return index < view->regions.count ? view->regions.items[index] : (licet_region){0};
}

licet_authorization_difference licet_comparison_authorization(const licet_comparison *comparison,
                                                              licet_request_kind kind,
                                                              size_t index) {
  const KindView *view = &comparison->kinds[kind];
  return index < view->authorizations.count ? view->authorizations.items[index]
                                            : (licet_authorization_difference){0};
}

licet_terms_difference licet_comparison_terms(const licet_comparison *comparison, size_t index) {
  return index < comparison->terms.count ? comparison->terms.items[index]
                                         : (licet_terms_difference){0};
}

const char *licet_comparison_scope(const licet_comparison *comparison) { return comparison->scope; }

void licet_comparison_free(licet_comparison *comparison) {
  if (comparison == NULL) return;
  arena_close(&comparison->passing);
  arena_close(&comparison->arena);
  memory_free(comparison);
}
