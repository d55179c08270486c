/* suggest: cases that are missing: requests of cases there are, with a fact or two changed, that
 * show what no case shows yet.
 *
 * A search by trying: each base with each value worth supposing of one fact, then of two, of which
 * the first is read by a criterion that is not shown; then both sides of each cut (cuts.c). It is
 * bounded by TRIES_MAX, so what is not suggested may still exist.
 *
 * Invariant: what is suggested is taken into account at once, so the next suggestion shows
 * something else. */
#include "coverage/cuts.h"

enum { TRIES_MAX = 20000 }; /* of one policy's criteria with one fact changed, and again with two */

/* ---- Criteria ---- */

static bool has_open(const Covered *covered) {
  const Policy *model = covered->policy->model;
  for (uint32_t i = 0; i < model->criteria.count; i++) {
    const Tally *tally = &covered->tallies[i];
    bool leaf = model->criteria.items[i]->connective == CONNECTIVE_LEAF &&
                model->criteria.items[i]->condition != NULL;
    if (leaf && !(tally->shown_met && tally->shown_not_met)) return true;
  }
  return false;
}

/* Does the session's determination show a criterion that was not shown so? All that it shows is
 * noted; true with the first. */
static bool shows_more(Suggest *suggest, Covered *covered, const Criterion **which, bool *met) {
  const licet_determination *d = &suggest->coverage->session->determination;
  bool shows = false;
  for (uint32_t i = 0; i < d->compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &d->compiled->criteria.items[i];
    if (!is_leaf(criterion) || d->explained[i].status == LICET_UNKNOWN) continue;
    Tally *tally = &covered->tallies[criterion->criterion->index];
    bool is_met = d->explained[i].status == LICET_MET,
         *shown = is_met ? &tally->shown_met : &tally->shown_not_met;
    if (*shown || !coverage_is_decisive(suggest->coverage, covered, i)) continue;
    *shown = true;
    if (!shows) *which = criterion->criterion, *met = is_met;
    shows = true;
  }
  return shows;
}

static void try_request(Suggest *suggest, Covered *covered, const Restated *changes,
                        uint32_t count) {
  const Criterion *which = NULL;
  bool met = false;
  Text request = suggest_with(suggest, changes, count);
  suggest->tries++;
  if (!suggest_decide(suggest, request) ||
      suggest->coverage->session->determination.policy != covered->policy)
    return;
  if (!shows_more(suggest, covered, &which, &met)) return;
  const char *name =
      arena_format(suggest->arena, "%.*s %s: %.*s", (int)which->path.length, which->path.at,
                   met ? "met" : "not met", (int)which->title.length, which->title.at);
  suggest_case(suggest, request, name,
               "suggested, to confirm: if only this criterion were different, the decision would "
               "be another");
}

/* Is the fact read by a criterion that is not shown both ways? */
static bool is_read_by_open(const Covered *covered, const CompiledPolicy *compiled,
                            const Fact *fact) {
  for (uint32_t i = 0; i < compiled->criteria.count; i++) {
    const CompiledCriterion *criterion = &compiled->criteria.items[i];
    const Tally *tally = &covered->tallies[criterion->criterion->index];
    if (!is_leaf(criterion) || (tally->shown_met && tally->shown_not_met)) continue;
    for (uint32_t f = 0; f < criterion->facts.count; f++) {
      if (criterion->facts.items[f] == fact) return true;
    }
  }
  return false;
}

static void show_by_one(Suggest *suggest, Covered *covered, const SupposedFacts *options) {
  for (uint32_t i = 0; i < options->count; i++) {
    for (uint32_t v = 0; v < options->items[i].values.count; v++) {
      const Restated change = {options->items[i].fact->name,
                               options->items[i].values.items[v].json};
      try_request(suggest, covered, &change, 1);
    }
  }
}

static void try_values(Suggest *suggest, Covered *covered, const SupposedFact *first,
                       const SupposedFact *second) {
  for (uint32_t v = 0; v < first->values.count; v++) {
    for (uint32_t w = 0; w < second->values.count && suggest->tries < TRIES_MAX; w++) {
      const Restated changes[2] = {{first->fact->name, first->values.items[v].json},
                                   {second->fact->name, second->values.items[w].json}};
      try_request(suggest, covered, changes, 2);
    }
  }
}

/* The first of the two is read by a criterion that is open. */
static void show_by_two(Suggest *suggest, Covered *covered, const SupposedFacts *options,
                        const CompiledPolicy *compiled) {
  for (uint32_t i = 0; i < options->count; i++) {
    if (!is_read_by_open(covered, compiled, options->items[i].fact)) continue;
    for (uint32_t j = 0; j < options->count; j++) {
      if (i != j) try_values(suggest, covered, &options->items[i], &options->items[j]);
    }
  }
}

static void show_criteria(Suggest *suggest, Covered *covered, uint32_t facts) {
  suggest->tries = 0;
  for (uint32_t r = 0;
       r < covered->requests.count && has_open(covered) && suggest->tries < TRIES_MAX; r++) {
    arena_reset(suggest->arena);
    if (!suggest_base(suggest, covered->requests.items[r]) ||
        !suggest_decide(suggest, covered->requests.items[r]))
      continue;
    const CompiledPolicy *compiled = suggest->coverage->session->determination.compiled;
    const SupposedFacts options = suggest_facts(suggest);
    if (facts == 1) show_by_one(suggest, covered, &options);
    if (facts == 2) show_by_two(suggest, covered, &options, compiled);
  }
}

/* ---- All of it ---- */

static void suggest_all(Suggest *suggest) {
  licet_coverage *coverage = suggest->coverage;
  for (uint32_t p = 0; p < coverage->policies.count; p++) {
    Covered *covered = &coverage->policies.items[p];
    show_criteria(suggest, covered, 1);
    show_criteria(suggest, covered, 2);
    suggest_cuts(suggest, covered);
  }
}

void coverage_suggest(licet_coverage *coverage) {
  Suggest suggest = {.coverage = coverage, .arena = &coverage->supposed};
  suggest_all(&suggest);
}
