/* verdict: sets of profiles become verdicts.
 *
 * The profiles are found by the walk of profile.c. A set of profiles is then decided as a request
 * is, question by question (decide/verdict.h), where a question is about all profiles of the set;
 * and what the interview promises to keep (outcome, reason, pathway, authorization, route) is the
 * verdict's key. Replacing each set by its verdict's number gives the diagram that is asked
 * (diagram_map).
 *
 * Invariant: two sets with the same key have the same number, so a fact that leads from one to the
 * other only is never asked.
 */
#include "ask/verdict.h"

#include <assert.h>
#include <string.h>

#include "ask/profile.h"
#include "base/unreachable.h"
#include "decide/authorization.h"
#include "decide/verdict.h"

/* ---- Classes ---- */

typedef struct Ranked {
  const Outcome *outcome;
  Authorization authorization;
  uint32_t equal; /* the first approval that authorizes the same */
  uint32_t same;  /* the first of those that names the same pathway */
  bool open;      /* what it authorizes depends on facts that are not known */
} Ranked;

typedef struct Classes {
  const Profiles *profiles;
  const licet_determination *d;
  const CompiledPolicy *compiled;
  Arena *arena;
  Ranked *approvals;
  uint32_t *order;               /* the better authorization first */
  WordMap numbers;               /* key → verdict */
  LIST(uint64_t) authorizations; /* per verdict; of no verdict first */
} Classes;

static bool reads_unknown(const licet_determination *d, const Term *term) {
  if (term == NULL) return false;
  if (term->kind == TERM_FACT && !d->facts.values[term->fact->index].known) return true;
  return reads_unknown(d, term->a) || reads_unknown(d, term->b);
}

static bool same_authorization(const Ranked *a, const Ranked *c) {
  return !a->open && !c->open && authorizations_equal(&a->authorization, &c->authorization);
}

static void rank(Classes *classes) {
  const uint32_t approvals = classes->compiled->approvals.count;
  classes->approvals = ARENA_ARRAY(classes->arena, Ranked, approvals + 1);
  classes->order = ARENA_ARRAY(classes->arena, uint32_t, approvals + 1);
  Authorization *authorizations = ARENA_ARRAY(classes->arena, Authorization, approvals + 1);
  for (uint32_t i = 0; i < approvals; i++) {
    Ranked *ranked = &classes->approvals[i];
    const Outcome *outcome = classes->compiled->approvals.items[i].outcome;
    *ranked = (Ranked){.outcome = outcome, .equal = i, .same = i};
    ranked->authorization = authorization_of(classes->d, outcome);
    for (uint32_t item = 0; item < outcome->items.count; item++)
      ranked->open = ranked->open || reads_unknown(classes->d, outcome->items.items[item].amount);
    for (uint32_t j = i; j-- > 0;) {
      if (!same_authorization(ranked, &classes->approvals[j])) continue;
      ranked->equal = j;
      if (text_equal(ranked->outcome->pathway->path, classes->approvals[j].outcome->pathway->path))
        ranked->same = j;
    }
    authorizations[i] = ranked->authorization;
  }
  authorizations_sort(authorizations, approvals, classes->order);
}

/* The first word of a verdict's key: approvals by one pathway and by several, then the other
 * conclusions. */
enum { CLASS_NONE, CLASS_ONE_PATHWAY, CLASS_SEVERAL_PATHWAYS, CLASS_FROM };

static uint32_t class_of(Classes *classes, const uint32_t key[VERDICT_KEY_WORDS],
                         uint64_t authorization) {
  uint32_t found;
  if (word_map_find(&classes->numbers, key, &found)) return found;
  LIST_PUSH(classes->arena, classes->authorizations, authorization);
  word_map_keep(&classes->numbers, key, classes->authorizations.count - 1);
  return classes->authorizations.count - 1;
}

static Profile approval_bits(const Classes *classes, Profile profile) {
  const uint32_t approvals = classes->compiled->approvals.count;
  return (profile >> PROFILE_OUTCOMES) & ((UINT64_C(1) << approvals) - 1);
}

/* In every completion: the best pathway that is certain; or else those that are best somewhere, the
 * first on the page and the least authorization. */
static uint32_t classify_approval(Classes *classes, const ProfileSet *set) {
  const uint32_t approvals = classes->compiled->approvals.count;
  Profile certain = ~UINT64_C(0), needed = 0, open = 0;
  for (uint32_t i = 0; i < set->count; i++) certain &= approval_bits(classes, set->items[i]);
  for (uint32_t i = 0; i < approvals; i++)
    open |= classes->approvals[i].open ? UINT64_C(1) << i : 0;
  for (uint32_t i = 0; i < approvals; i++) {
    uint32_t at = classes->order[i];
    if ((certain >> at) & 1)
      return class_of(classes,
                      (uint32_t[]){CLASS_ONE_PATHWAY, classes->approvals[at].same,
                                   (uint32_t)(certain & open), 0},
                      (certain & open) | UINT64_C(1) << at);
  }
  uint32_t last = 0;
  for (uint32_t i = 0; i < approvals; i++) {
    uint32_t at = classes->order[i];
    bool best = false;
    for (uint32_t p = 0; p < set->count && !best; p++) {
      Profile ahead = 0, bits = approval_bits(classes, set->items[p]);
      for (uint32_t j = 0; j < i; j++) ahead |= UINT64_C(1) << classes->order[j];
      best = ((bits >> at) & 1) && !(bits & ahead);
    }
    if (best) needed |= UINT64_C(1) << at, last = at;
  }
  for (uint32_t i = 0; i < approvals; i++) { /* no end date is never the least beside an end date */
    if (!classes->approvals[i].authorization.has_length &&
        classes->approvals[last].authorization.has_length)
      open &= ~(UINT64_C(1) << i);
  }
  uint32_t first = needed == 0 ? 0 : (uint32_t)__builtin_ctzll(needed);
  return class_of(classes,
                  (uint32_t[]){CLASS_SEVERAL_PATHWAYS, classes->approvals[first].same,
                               classes->approvals[last].equal, (uint32_t)(needed & open)},
                  needed);
}

/* Which of several outcomes could hold, and which holds in every profile. */
static void seen_of(const ProfileSet *set, uint32_t from, uint32_t count, Profile *some,
                    Profile *all) {
  *some = 0;
  *all = ~UINT64_C(0);
  for (uint32_t i = 0; i < set->count; i++) {
    Profile bits = (set->items[i] >> from) & ((UINT64_C(1) << count) - 1);
    *some |= bits;
    *all &= bits;
  }
}

static uint32_t path_number(const CompiledRoute *routes, uint32_t at) {
  for (uint32_t i = 0; i < at; i++) {
    if (text_equal(routes[i].outcome->pathway->path, routes[at].outcome->pathway->path)) return i;
  }
  return at;
}

static uint32_t classify_route(Classes *classes, const ProfileSet *set) {
  const CompiledPolicy *compiled = classes->compiled;
  const CompiledRoute *routes = compiled->routes.items;
  Profile some, all;
  seen_of(set, PROFILE_OUTCOMES + compiled->approvals.count, compiled->routes.count, &some, &all);
  uint32_t first = some == 0 ? 0 : (uint32_t)__builtin_ctzll(some),
           pathway = some == 0 ? 0 : path_number(routes, first);
  for (uint32_t i = 0; i < compiled->routes.count; i++) {
    if (((some >> i) & 1) && path_number(routes, i) != pathway) pathway = UINT32_MAX;
  }
  bool one = some != 0 && !cells_many(some) && (all & some) == some;
  return class_of(
      classes,
      (uint32_t[]){CLASS_FROM + CONCLUDE_OTHER_POLICY, pathway, one ? first : UINT32_MAX, 0}, 0);
}

static uint32_t classify_referral(Classes *classes, const ProfileSet *set) {
  const CompiledPolicy *compiled = classes->compiled;
  Profile some, all;
  seen_of(set, PROFILE_OUTCOMES + compiled->approvals.count + compiled->routes.count,
          compiled->referrals.count, &some, &all);
  const uint32_t first = some == 0 ? 0 : (uint32_t)__builtin_ctzll(some);
  return class_of(classes,
                  (uint32_t[]){CLASS_FROM + CONCLUDE_CASE_BY_CASE,
                               path_number(compiled->referrals.items, first), 0, 0},
                  0);
}

/* ---- Asking: the completions of a set ---- */

/* The rows of this asker are the set as a whole, or nothing: all its completions have one verdict.
 */
enum { NOT_THE_SET = 0, THE_SET = 1 };

typedef struct SetAsker {
  Classes *classes;
  const ProfileSet *set;
  Profile some, all; /* what holds in some profile, and in every one */
  uint32_t verdict;
} SetAsker;

static Rows part_of_set(void *context, PolicyFunction function, Quantification quantifier,
                        Rows rows) {
  const SetAsker *asker = context;
  switch (quantifier) {
    case QUANTIFY_MUST:
      return (asker->all >> function) & 1 ? rows : NOT_THE_SET;
    case QUANTIFY_ENOUGH: /* `enough` was walked for the approval, the only function asked so */
      assert(function == FUNCTION_approve);
      return (asker->some >> FUNCTION_approve) & (asker->some >> PROFILE_ENOUGH) & 1 ? rows
                                                                                     : NOT_THE_SET;
    case QUANTIFY_CAN:
      return (asker->some >> function) & 1 ? rows : NOT_THE_SET;
    case QUANTIFY_OTHERWISE:
      break;
  }
  UNREACHABLE();
}

static Rows rest_of_set(void *context, Rows rows, Rows part) {
  (void)context;
  return rows & ~part;
}

static void conclude_set(void *context, Conclusion conclusion, Rows rows) {
  static uint32_t (*const details[CONCLUSIONS])(Classes *, const ProfileSet *) = {
      [CONCLUDE_APPROVED] = classify_approval,
      [CONCLUDE_CASE_BY_CASE] = classify_referral,
      [CONCLUDE_OTHER_POLICY] = classify_route,
  };
  SetAsker *asker = context;
  (void)rows;
  asker->verdict =
      details[conclusion] != NULL
          ? details[conclusion](asker->classes, asker->set)
          : class_of(asker->classes, (uint32_t[]){CLASS_FROM + conclusion, 0, 0, 0}, 0);
}

static uint32_t classify(Classes *classes, const ProfileSet *set) {
  SetAsker asker = {.classes = classes, .set = set, .all = ~UINT64_C(0)};
  for (uint32_t i = 0; i < set->count; i++) {
    asker.some |= set->items[i];
    asker.all &= set->items[i];
  }
  verdict_walk(&(Asker){&asker, NOT_THE_SET, part_of_set, rest_of_set, conclude_set}, THE_SET);
  return asker.verdict;
}

/* ---- All of it ---- */

/* The verdict of a set of profiles; no patient is no verdict. */
static DiagramRef verdict_of(void *context, DiagramRef set) {
  Classes *classes = context;
  if (set == DIAGRAM_FALSE) return DIAGRAM_FALSE;
  return diagram_value(classify(classes, &classes->profiles->sets.items[diagram_number(set)]));
}

static void find_nodes(Verdicts *verdicts, Arena *arena) {
  const uint32_t *words = diagram_words(verdicts->diagram);
  for (DiagramRef at = DIAGRAM_FIRST; at < diagram_word_count(verdicts->diagram);
       at += 1u + verdicts->arity[words[at]])
    LIST_PUSH(arena, verdicts->nodes, at);
}

Verdicts *verdicts_build(Arena *arena, const licet_determination *d, const bool *closed) {
  Profiles profiles;
  if (!profiles_build(&profiles, arena, d, closed, LIMIT_VERDICT_NODES)) return NULL;
  const CompiledPolicy *compiled = d->compiled;
  Classes classes = {.profiles = &profiles, .d = d, .compiled = compiled, .arena = arena};
  rank(&classes);
  word_map_open(&classes.numbers, arena, VERDICT_KEY_WORDS);
  class_of(&classes, (uint32_t[VERDICT_KEY_WORDS]){CLASS_NONE}, 0);
  Verdicts *verdicts = ARENA_NEW(arena, Verdicts);
  *verdicts = (Verdicts){.arena = arena, .compiled = compiled};
  verdicts->arity = profiles.arity;
  verdicts->diagram =
      diagram_open(arena, profiles.arity, compiled->set.variables.count, LIMIT_VERDICT_NODES);
  verdicts->root = diagram_map(verdicts->diagram, profiles.diagram, profiles.root,
                               &(ValueMap){verdict_of, &classes});
  find_nodes(verdicts, arena);
  verdicts->count = classes.authorizations.count - 1;
  verdicts->keys = classes.numbers.keys.items;
  verdicts->authorizations = classes.authorizations.items;
  return verdicts;
}

/* ---- Asking ---- */

uint32_t verdicts_certain(const Verdicts *verdicts) {
  const uint32_t *words = diagram_words(verdicts->diagram);
  DiagramRef only = diagram_is_value(verdicts->root) ? verdicts->root : DIAGRAM_FALSE;
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    const uint32_t *node = words + verdicts->nodes.items[n];
    for (uint32_t cell = 0; cell < verdicts->arity[node[0]]; cell++) {
      const DiagramRef child = node[1 + cell];
      if (!diagram_is_value(child) || child == DIAGRAM_FALSE) continue;
      if (only != DIAGRAM_FALSE && only != child) return 0;
      only = child;
    }
  }
  return diagram_number(only);
}

bool verdicts_depend_on(const Verdicts *verdicts, uint32_t variable) {
  return diagram_depends(verdicts->diagram, variable);
}

bool verdicts_same(const Verdicts *a, uint32_t one, const Verdicts *b, uint32_t other) {
  return memcmp(a->keys + (size_t)one * VERDICT_KEY_WORDS,
                b->keys + (size_t)other * VERDICT_KEY_WORDS,
                VERDICT_KEY_WORDS * sizeof *a->keys) == 0;
}
