/* Comparing two policies, or one at two dates: one space, two functions, and what lies in the one and not in the other, told by the
 * criteria that make the difference.
 *
 * A region is what the one side approves and the other would approve as well, were it not for one criterion. The largest is taken
 * first, and what it holds is not told again; what several criteria keep out at once is left to the smallest groups that hold them.
 */
#include <string.h>

#include "licet/prove.h"
#include "prove/terms.h"
#include "prove/witness.h"
#include "prove/words.h"

enum { REGIONS_TOLD = 6, REGIONS_SOUGHT = 16, GRANTS_TOLD = 4, SIDES = 2 };

typedef struct KindView {
  licet_relation relation;
  LIST(licet_region) regions;
  LIST(licet_grant_difference) grants;
  size_t more;
} KindView;

struct licet_comparison {
  Arena arena, passing;
  const char *error, *apart, *scope;
  TermsList terms;
  licet_side_view sides[SIDES];
  KindView kinds[KINDS];
};

typedef struct Comparing {
  licet_comparison *comparison;
  Arena *arena, *passing;
  Judges *judges;
  const Policy *policies[SIDES];
  const Version *versions[SIDES];
  /* of one kind of request */
  Space *space;
  CompileSubject subjects[SIDES];
  CompiledPolicy *sides[SIDES];
  double told_apart; /* the share of all that one side alone approves */
  KindView *view;
} Comparing;

static const char *shown(Arena *arena, Text text) { return arena_copy(arena, text.at, text.length); }

/* ---- Witnesses -----------------------------------------------------------------------------------------------------------------
 */

typedef struct SideClaim {
  Comparing *c;
  bool approved[SIDES];
  const Outcome *pathways[SIDES]; /* that the decision must name first, or NULL */
  bool grants_differ;
  const char *requests[SIDES], *shows[SIDES];
} SideClaim;

static const char *grant_words(Arena *arena, licet_authorization grant) {
  Buffer out;
  buffer_open(&out, arena, 64);
  if (grant.length > 0) buffer_format(&out, " for %d %s", grant.length, grant.unit);
  if (grant.cycles >= 0) buffer_format(&out, ", %d cycle%s", grant.cycles, grant.cycles == 1 ? "" : "s");
  if (grant.renewals_left >= 0)
    buffer_format(&out, ", %d renewal%s left", grant.renewals_left, grant.renewals_left == 1 ? "" : "s");
  return buffer_finish(&out);
}

static bool same_grant(const licet_authorization *a, const licet_authorization *b) {
  return a->length == b->length && strcmp(a->unit, b->unit) == 0 && a->cycles == b->cycles && a->renewals_left == b->renewals_left;
}

static bool check_sides(void *context, const Patient *patient) {
  SideClaim *claim = context;
  Comparing *c = claim->c;
  licet_authorization grants[SIDES];
  for (int i = 0; i < SIDES; i++) {
    Text request = patient_request(c->space, patient, c->policies[i], c->space->received_by[i]);
    const licet_determination *determination = judge_request(c->judges, TEXT(""), request);
    if (determination == NULL) return false;
    if ((licet_determination_outcome(determination) == LICET_APPROVE) != claim->approved[i]) return false;
    const char *pathway = licet_determination_pathway(determination);
    if (claim->pathways[i] != NULL && !text_is(claim->pathways[i]->pathway->path, pathway)) return false;
    grants[i] = licet_determination_authorization(determination);
    if (licet_determination_outcome(determination) == LICET_APPROVE)
      grants[i].unit = arena_format(c->passing, "%s", grants[i].unit);
    Text words = judge_words(c->passing, determination);
    claim->requests[i] = shown(c->passing, request);
    claim->shows[i] = arena_format(c->passing, "%.*s%s", (int)words.length, words.at,
                                   claim->approved[i] ? grant_words(c->passing, grants[i]) : "");
  }
  return !claim->grants_differ || !same_grant(&grants[0], &grants[1]);
}

static bool find_sides(Comparing *c, DiagramRef function, DiagramRef claimed, SideClaim *claim) {
  Patient patient;
  claim->c = c;
  return witness_find(c->space, function, claimed, (Shows){check_sides, claim}, &patient);
}

/* ---- Regions -------------------------------------------------------------------------------------------------------------------
 */

typedef struct Way {
  const CompiledCriterion *criterion;
  DiagramRef approve; /* of the other side, were it not for the criterion */
  bool leaf, spent;
} Way;

typedef struct Ways {
  Way *items;
  uint32_t count;
} Ways;

/* Every criterion that may stand in the way, and what would be approved without it. False where the diagram grew too large. */
static bool find_ways(Comparing *c, int other, Ways *ways) {
  CompiledPolicy *side = c->sides[other];
  ways->items = ARENA_ARRAY(c->passing, Way, side->criteria.count + 1);
  ways->count = 0;
  for (uint32_t i = 0; i < side->criteria.count; i++) {
    const CompiledCriterion *one = &side->criteria.items[i];
    if (one->not_asked) continue;
    CompileSubject subject = c->subjects[other];
    subject.change.granted = one->criterion;
    CompiledPolicy *granted = compile_subject(c->space->shared, &subject);
    if (granted == NULL) return false;
    granted->approve = space_certain(c->space, granted->approve);
    ways->items[ways->count++] = (Way){one, granted->approve, one->subtree == 0, false};
  }
  return true;
}

/* Of the criteria that can explain something of what is left: one by itself before a group, the deeper group before the wider one,
 * and there the one that explains most; of equals the later, which says it more exactly. */
static Way *best_way(const Comparing *c, const Ways *ways, DiagramRef left, DiagramRef *region, double *share) {
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

static const Outcome *largest_pathway(const Comparing *c, int side, DiagramRef region, DiagramRef *within) {
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

/* Is the criterion demanded for the outcome: beneath its pathway, or beside it or what it stands in? */
static bool is_demanded_for(const Criterion *criterion, const Criterion *pathway) {
  if (criterion->holds_outcome) return criterion == pathway && criterion->children.count == 0;
  const Criterion *above = criterion->parent;
  while (above != NULL && !above->holds_outcome) above = above->parent;
  return above == NULL || (above->connective != CONNECTIVE_ANY && stands_beneath(pathway, above));
}

/* "adult.A5, of which it lacks “U Universal criteria”": by the statuses that the other side's decision on the witness tells. */
static const char *nearest_pathway(Comparing *c, int other, const char *request) {
  const licet_determination *determination = judge_request(c->judges, TEXT(""), text_of(request));
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
      bool top = parent == NULL || parent->holds_outcome; /* a group counts once, whatever stands in it */
      licet_criterion_status status;
      if (!top || !is_demanded_for(one->criterion, outcome->criterion)) continue;
      if (!judge_status(determination, one->criterion->index, &status) || status == LICET_MET) continue;
      Text words = words_of_criterion(c->passing, one->criterion);
      if (text_equal(words, outcome->pathway->path)) words = TEXT("a line without label"); /* neither label nor title */
      buffer_format(&unmet, "%s“%.*s”", count++ == 0 ? "" : ", ", (int)words.length, words.at);
    }
    if (count == 0 || count >= fewest) continue;
    fewest = count;
    best = arena_format(c->arena, "%s, of which it lacks %s", shown(c->arena, outcome->pathway->path), buffer_finish(&unmet));
  }
  return best;
}

static licet_region region_of(Comparing *c, int side, const Criterion *blocked, DiagramRef function, double share) {
  licet_region region = {.approved_by = (licet_side)side, .share = c->told_apart > 0 ? share / c->told_apart : 0};
  DiagramRef within = function;
  const Outcome *pathway = largest_pathway(c, side, function, &within);
  region.pathway = pathway == NULL ? "" : shown(c->arena, pathway->pathway->path);
  region.path = blocked == NULL ? "" : shown(c->arena, blocked->path);
  region.title = blocked == NULL ? "" : shown(c->arena, blocked->title);
  SourceSpan span = blocked == NULL ? c->policies[!side]->syntax->id.span : blocked->syntax->span;
  region.file = shown(c->arena, span.source->name);
  source_position(span.source, span.start, &region.line, &region.column);
  DiagramRef wider = within, plain = space_without_judgment(c->space, within), among = c->sides[side]->approve;
  if (space_some(c->space, plain)) {
    within = plain;
    among = space_without_judgment(c->space, among);
  }
  region.common = shown(c->arena, words_in_common(c->space, within, among));
  SideClaim claim = {.approved = {side == 0, side == 1}};
  bool found = find_sides(c, within, wider, &claim) || (within != wider && find_sides(c, wider, wider, &claim));
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

static void tell_regions(Comparing *c, int side, Found *found, uint32_t count) {
  for (uint32_t i = 1; i < count; i++) {
    for (uint32_t j = i; j > 0 && found[j].share > found[j - 1].share; j--) {
      Found swap = found[j];
      found[j] = found[j - 1];
      found[j - 1] = swap;
    }
  }
  for (uint32_t i = 0; i < count && i < REGIONS_TOLD; i++)
    LIST_PUSH(c->arena, c->view->regions, region_of(c, side, found[i].criterion, found[i].function, found[i].share));
  if (count > REGIONS_TOLD) c->view->more += count - REGIONS_TOLD;
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
  tell_regions(c, side, found, count);
  return true;
}

/* ---- Grants --------------------------------------------------------------------------------------------------------------------
 */

/* Approved by this outcome and by none whose grant reads otherwise, where there is such a request. */
static DiagramRef by_itself(const Comparing *c, int side, uint32_t outcome) {
  const CompiledOutcome *all = c->sides[side]->approvals.items;
  DiagramRef alone = all[outcome].holds;
  for (uint32_t i = 0; i < c->sides[side]->approvals.count; i++) {
    if (i != outcome && !text_equal(all[i].outcome->line, all[outcome].outcome->line))
      alone = space_and_not(c->space, alone, all[i].holds);
  }
  return alone;
}

static void compare_grants(Comparing *c, uint32_t a, uint32_t b) {
  const CompiledOutcome *first = &c->sides[0]->approvals.items[a], *second = &c->sides[1]->approvals.items[b];
  if (c->policies[0] == c->policies[1] && first->outcome == second->outcome) return;
  if (first->outcome->none || second->outcome->none) return;
  DiagramRef both = diagram_and(c->space->diagram, first->holds, second->holds);
  DiagramRef alone = diagram_and(c->space->diagram, by_itself(c, 0, a), by_itself(c, 1, b));
  if (!space_some(c->space, both)) return;
  SideClaim claim = {.approved = {true, true}, .pathways = {first->outcome, second->outcome}, .grants_differ = true};
  if (!space_some(c->space, alone)) alone = both;
  if (!find_sides(c, alone, alone, &claim)) return;
  licet_grant_difference difference = {.share = space_share(c->space, both)};
  const Outcome *outcomes[SIDES] = {first->outcome, second->outcome};
  for (int i = 0; i < SIDES; i++) {
    difference.pathway[i] = shown(c->arena, outcomes[i]->pathway->path);
    difference.grant[i] = shown(c->arena, outcomes[i]->line);
    difference.witness[i] = shown(c->arena, text_of(claim.requests[i]));
    difference.shows[i] = shown(c->arena, text_of(claim.shows[i]));
  }
  LIST_PUSH(c->arena, c->view->grants, difference);
}

static void find_grants(Comparing *c, DiagramRef both) {
  double of = space_share(c->space, both);
  for (uint32_t a = 0; a < c->sides[0]->approvals.count; a++) {
    for (uint32_t b = 0; b < c->sides[1]->approvals.count; b++) compare_grants(c, a, b);
  }
  licet_grant_difference *items = c->view->grants.items;
  for (uint32_t i = 0; i < c->view->grants.count; i++) {
    if (of > 0) items[i].share /= of;
    for (uint32_t j = i; j > 0 && items[j].share > items[j - 1].share; j--) {
      licet_grant_difference swap = items[j];
      items[j] = items[j - 1];
      items[j - 1] = swap;
    }
  }
  if (c->view->grants.count <= GRANTS_TOLD) return;
  c->view->more += c->view->grants.count - GRANTS_TOLD;
  c->view->grants.count = GRANTS_TOLD;
}

/* ---- One kind of request -------------------------------------------------------------------------------------------------------
 */

static licet_relation relate(const Comparing *c, DiagramRef first_only, DiagramRef second_only, DiagramRef both) {
  bool more_first = space_some(c->space, first_only), more_second = space_some(c->space, second_only);
  if (!more_first && !more_second) return LICET_EQUIVALENT;
  if (!more_first) return LICET_IMPLIES;
  if (!more_second) return LICET_IMPLIED;
  return space_some(c->space, both) ? LICET_OVERLAPPING : LICET_DISJOINT;
}

/* What is approved is approved whatever is not given. */
static void make_certain(Comparing *c, CompiledPolicy *side) {
  side->approve = space_certain(c->space, side->approve);
  for (uint32_t i = 0; i < side->approvals.count; i++)
    side->approvals.items[i].holds = space_certain(c->space, side->approvals.items[i].holds);
}

static bool compare_kind(Comparing *c, int kind) {
  Diagnostics diagnostics;
  arena_reset(c->passing);
  diagnostics_open(&diagnostics, c->passing);
  c->view = &c->comparison->kinds[kind];
  for (int i = 0; i < SIDES; i++)
    c->subjects[i] = (CompileSubject){.policy = c->policies[i], .version = c->versions[i], .kind = kind};
  c->space = space_open(c->subjects, SIDES, c->passing, &diagnostics);
  for (int i = 0; i < SIDES && c->space != NULL; i++) {
    c->sides[i] = compile_subject(c->space->shared, &c->subjects[i]);
    if (c->sides[i] == NULL) return false;
    make_certain(c, c->sides[i]);
  }
  if (c->space == NULL) return false;
  DiagramRef first = c->sides[0]->approve, second = c->sides[1]->approve;
  DiagramRef first_only = space_and_not(c->space, first, second), second_only = space_and_not(c->space, second, first);
  DiagramRef both = diagram_and(c->space->diagram, first, second);
  c->told_apart = space_share(c->space, first_only) + space_share(c->space, second_only);
  c->view->relation = relate(c, first_only, second_only, both);
  if (!find_regions(c, 0, first_only) || !find_regions(c, 1, second_only)) return false;
  find_grants(c, both);
  if (kind == 0) terms_of_policies(c->subjects, c->arena, &c->comparison->terms);
  terms_of_kind(&(TermsSides){c->arena, c->space, c->sides, &c->comparison->terms});
  c->comparison->scope = terms_scope(c->space, c->arena);
  c->comparison->apart =
      c->space->shares_drugs ? (c->space->shares_lines ? "" : "lines") : (c->space->shares_lines ? "drugs" : "drugs and lines");
  return !diagram_too_large(c->space->diagram);
}

/* ---- For the public header -----------------------------------------------------------------------------------------------------
 */

const char *licet_relation_text(licet_relation relation) {
  static const char *const words[] = {"equivalent", "implies", "implied", "disjoint", "overlapping"};
  return (size_t)relation < sizeof words / sizeof *words ? words[relation] : "";
}

static bool find_version(const licet_library *library, const char *id, const char *day, const Policy **policy,
                         const Version **version) {
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
    comparison->sides[i] = (licet_side_view){shown(c->arena, c->policies[i]->id), arena_copy(c->arena, c->versions[i]->text, 10),
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
    comparison->error = "the two policies together tell too many cases apart to be compared exactly";
    return LICET_BAD_POLICY;
  }
  return LICET_OK;
}

licet_status licet_compare(const licet_library *library, const char *first, const char *first_date, const char *second,
                           const char *second_date, licet_comparison **out) {
  *out = NULL;
  licet_comparison *comparison = memory_allocate(sizeof *comparison);
  if (comparison == NULL) return LICET_NO_MEMORY;
  memset(comparison, 0, sizeof *comparison);
  arena_open(&comparison->arena);
  arena_open(&comparison->passing);
  if (ARENA_GUARD(&comparison->arena)) {
    licet_comparison_free(comparison);
    return LICET_NO_MEMORY;
  }
  arena_guard_with(&comparison->passing, &comparison->arena);
  comparison->error = comparison->apart = comparison->scope = "";
  for (int i = 0; i < SIDES; i++) comparison->sides[i] = (licet_side_view){"", "", ""};
  Judges judges = {.arena = &comparison->arena, .library = library};
  Comparing *c = ARENA_NEW(&comparison->arena, Comparing);
  *c = (Comparing){.comparison = comparison, .arena = &comparison->arena, .passing = &comparison->passing, .judges = &judges};
  licet_status status = LICET_NOT_FOUND;
  if (find_version(library, first, first_date, &c->policies[0], &c->versions[0]) &&
      find_version(library, second, second_date, &c->policies[1], &c->versions[1]))
    status = compare(c);
  comparison->arena.guarded = comparison->passing.guarded = false;
  if (status == LICET_NOT_FOUND) {
    licet_comparison_free(comparison);
    return status;
  }
  *out = comparison;
  return status;
}

const char *licet_comparison_error(const licet_comparison *comparison) { return comparison->error; }
licet_side_view licet_comparison_side(const licet_comparison *comparison, licet_side side) { return comparison->sides[side]; }
const char *licet_comparison_apart(const licet_comparison *comparison) { return comparison->apart; }
licet_relation licet_comparison_relation(const licet_comparison *comparison, licet_request_kind kind) {
  return comparison->kinds[kind].relation;
}
size_t licet_comparison_more(const licet_comparison *comparison, licet_request_kind kind) { return comparison->kinds[kind].more; }

licet_region licet_comparison_region(const licet_comparison *comparison, licet_request_kind kind, size_t index) {
  const KindView *view = &comparison->kinds[kind];
  return index < view->regions.count ? view->regions.items[index] : (licet_region){0};
}

licet_grant_difference licet_comparison_grant(const licet_comparison *comparison, licet_request_kind kind, size_t index) {
  const KindView *view = &comparison->kinds[kind];
  return index < view->grants.count ? view->grants.items[index] : (licet_grant_difference){0};
}

licet_terms_difference licet_comparison_terms(const licet_comparison *comparison, size_t index) {
  return index < comparison->terms.count ? comparison->terms.items[index] : (licet_terms_difference){0};
}

const char *licet_comparison_scope(const licet_comparison *comparison) { return comparison->scope; }

void licet_comparison_free(licet_comparison *comparison) {
  if (comparison == NULL) return;
  arena_close(&comparison->passing);
  arena_close(&comparison->arena);
  memory_free(comparison);
}
