/* compare_regions: what one side approves and the other does not, by the criteria that make the
 * difference.
 *
 * A region is what the one side approves and the other would approve as well, were it not for one
 * criterion. A greedy cover: the largest is taken first, and what it holds is not reported again;
 * what several criteria keep out at once is left to the smallest groups that hold them.
 *
 * Invariant: the regions of a side do not overlap, and together they are all that it alone
 * approves.
 */
#include <string.h>

#include "prove/compare.h"
#include "prove/words.h"

enum { REGIONS_SHOWN = 6, REGIONS_SOUGHT = 16 };

typedef struct Way {
  const CompiledCriterion *criterion;
  DiagramRef approve; /* of the other side, were it not for the criterion */
  bool leaf, spent;
} Way;

typedef struct Ways {
  Way *items;
  uint32_t count;
} Ways;

/* Every criterion that may be unmet, and what would be approved without it. False where the
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

/* Is the criterion demanded for the outcome: under its pathway, or beside it or what it stands
 * in? */
static bool is_demanded_for(const Criterion *criterion, const Criterion *pathway) {
  if (criterion->holds_outcome) return criterion == pathway && criterion->children.count == 0;
  const Criterion *above = criterion->parent;
  while (above != NULL && !above->holds_outcome) above = above->parent;
  return above == NULL || (above->connective != CONNECTIVE_ANY && stands_beneath(pathway, above));
}

/* "adult.A5, of which it lacks “U Universal criteria”": by the statuses that the other side's
 * decision on the witness says. */
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
      bool top = parent == NULL ||
                 parent->holds_outcome; /* a group counts once, with all that stands in it */
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

bool find_regions(Comparing *c, int side, DiagramRef only) {
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
