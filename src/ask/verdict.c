/* Building verdicts, in three walks.
 *
 *   1. `enough`: what stands fast whatever a judgment says: over the judgments that will not be
 * answered, for all of them, does the policy approve? A request pends only where answers can bring
 * that about; otherwise it is for a clinician.
 *   2. All functions side by side. Variables that may be answered branch; those that will not are
 * gone through, and what was seen there is kept together as a set of profiles: which functions held
 * at once.
 *   3. Each set of profiles becomes a verdict.
 */
#include "ask/verdict.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/unreachable.h"
#include "decide/authorization.h"
#include "decide/verdict.h"
#include "diagram/builder.h"

/* The roots: the functions of the whole policy by their numbers (function.def), then `enough`, then
 * the single outcomes. */
enum { ROOTS_MAX = 60, APPROVES = FUNCTION_approve, ENOUGH = POLICY_FUNCTIONS, OUTCOMES_FROM };

/* Which functions hold: a bit per root. */
typedef uint64_t Profile;

typedef struct ProfileSet {
  const Profile *items; /* ascending */
  uint32_t count;
} ProfileSet;

/* Numbers by a key of words. */
typedef struct Table {
  Arena *arena;
  uint32_t key_words;
  uint32_t *slots; /* index + 1 into keys and values */
  uint32_t mask;
  LIST(uint32_t) keys;
  LIST(uint32_t) values;
} Table;

typedef struct NodeTable {
  uint32_t *slots; /* where the node begins, + 1 */
  uint32_t mask, count;
} NodeTable;

typedef struct Builder {
  Arena *arena;
  const licet_determination *d;
  const CompiledPolicy *compiled;
  const bool *closed;
  Verdicts *verdicts;
  uint32_t roots; /* functions walked, `possible` first */
  uint32_t approvals, routes, referrals;
  VerdictRef enough; /* of the first walk: leaf 1 where it holds */
  bool by_judgments; /* the first walk: only judgments are gone through */
  bool has_enough;   /* else no judgment is left unanswered, and `enough` is the approval itself */
  LIST(uint32_t) words; /* nodes of the walks; leaves are numbers of sets */
  LIST(ProfileSet) sets;
  NodeTable unique;
  Table walked, joined, set_table;
  bool too_large;
} Builder;

/* ---- Tables ---- */

static void table_open(Table *table, Arena *arena, uint32_t key_words) {
  *table = (Table){.arena = arena, .key_words = key_words, .mask = 1023};
  table->slots = ARENA_ARRAY(arena, uint32_t, table->mask + 1);
}

static uint32_t hash_key(const uint32_t *key, uint32_t words) {
  uint64_t hash = UINT64_C(0x9E3779B97F4A7C15);
  for (uint32_t i = 0; i < words; i++)
    hash = (hash ^ key[i]) * UINT64_C(0xBF58476D1CE4E5B9), hash ^= hash >> 29;
  return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t *table_slot(const Table *table, const uint32_t *key) {
  uint32_t at = hash_key(key, table->key_words) & table->mask;
  while (table->slots[at] != 0 &&
         memcmp(table->keys.items + (size_t)(table->slots[at] - 1) * table->key_words, key,
                table->key_words * sizeof *key) != 0)
    at = (at + 1) & table->mask;
  return &table->slots[at];
}

static bool table_find(const Table *table, const uint32_t *key, uint32_t *value) {
  uint32_t slot = *table_slot(table, key);
  if (slot != 0) *value = table->values.items[slot - 1];
  return slot != 0;
}

static void table_grow(Table *table) {
  table->mask = table->mask * 4 + 3;
  table->slots = ARENA_ARRAY(table->arena, uint32_t, table->mask + 1);
  for (uint32_t i = 0; i < table->values.count; i++)
    *table_slot(table, table->keys.items + (size_t)i * table->key_words) = i + 1;
}

static void table_keep(Table *table, const uint32_t *key, uint32_t value) {
  if (table->values.count * 2 > table->mask) table_grow(table);
  uint32_t *slot = table_slot(table, key);
  for (uint32_t i = 0; i < table->key_words; i++) LIST_PUSH(table->arena, table->keys, key[i]);
  LIST_PUSH(table->arena, table->values, value);
  *slot = table->values.count;
}

/* ---- Nodes ---- */

/* Nodes by their content, which lies in the words themselves. */
static uint32_t *node_slot(const NodeTable *table, const uint32_t *words, const uint32_t *key,
                           uint32_t length) {
  uint32_t at = hash_key(key, length) & table->mask;
  while (table->slots[at] != 0) {
    const uint32_t *there = words + table->slots[at] - 1;
    if (there[0] == key[0] && memcmp(there, key, length * sizeof *key) == 0) break;
    at = (at + 1) & table->mask;
  }
  return &table->slots[at];
}

static void nodes_open(NodeTable *table, Arena *arena, uint32_t mask) {
  table->mask = mask;
  table->slots = ARENA_ARRAY(arena, uint32_t, mask + 1);
}

static void nodes_grow(NodeTable *table, Arena *arena, const uint8_t *arity, const uint32_t *words,
                       uint32_t word_count) {
  nodes_open(table, arena, table->mask * 2 + 1);
  for (uint32_t at = 0; at < word_count; at += 1u + arity[words[at]])
    *node_slot(table, words, words + at, 1u + arity[words[at]]) = at + 1;
}

static uint32_t arity_of(const Builder *b, uint32_t variable) {
  return b->compiled->diagram.arity[variable];
}

/* All children equal: that child. A node made before: that node. Cells that are not open any more
 * lead nowhere. */
static VerdictRef node(Builder *b, uint32_t variable, const VerdictRef *children) {
  const uint64_t allowed = b->d->allowed[variable];
  const VerdictRef first = children[cells_first(allowed)];
  uint32_t arity = arity_of(b, variable), found, key[LIMIT_CELLS + 1];
  key[0] = variable;
  bool same = true;
  for (uint32_t i = 0; i < arity; i++) {
    const bool is_open = (allowed >> i) & 1;
    same = same && (!is_open || children[i] == first);
    key[i + 1] = is_open ? children[i] : VERDICT_NONE;
  }
  if (same) return first;
  if (b->unique.count * 2 > b->unique.mask)
    nodes_grow(&b->unique, b->arena, b->compiled->diagram.arity, b->words.items, b->words.count);
  uint32_t *slot = node_slot(&b->unique, b->words.items, key, arity + 1);
  if (*slot != 0) return *slot - 1;
  if (b->words.count + arity > LIMIT_VERDICT_WORDS) return b->too_large = true, VERDICT_NONE;
  found = b->words.count;
  for (uint32_t i = 0; i <= arity; i++) LIST_PUSH(b->arena, b->words, key[i]);
  *slot = found + 1;
  b->unique.count++;
  return found;
}

static uint32_t variable_of(const Builder *b, VerdictRef ref) {
  return ref & VERDICT_LEAF ? UINT32_MAX : b->words.items[ref];
}

static VerdictRef branch(const Builder *b, VerdictRef ref, uint32_t variable, uint32_t cell) {
  return variable_of(b, ref) == variable ? b->words.items[ref + 1 + cell] : ref;
}

/* ---- Sets of profiles ---- */

static VerdictRef leaf(Builder *b, const Profile *items, uint32_t count) {
  uint32_t hash = 2166136261u, found;
  for (uint32_t i = 0; i < count; i++)
    hash = (hash ^ (uint32_t)items[i] ^ (uint32_t)(items[i] >> 32)) * 16777619u;
  for (uint32_t probe = 0;; probe++) { /* sets with the same hash stand behind one another */
    const uint32_t key[2] = {hash, probe};
    if (!table_find(&b->set_table, key, &found)) {
      Profile *kept = ARENA_ARRAY(b->arena, Profile, count);
      if (count > 0) memcpy(kept, items, count * sizeof *items);
      LIST_PUSH(b->arena, b->sets, ((ProfileSet){kept, count}));
      table_keep(&b->set_table, key, b->sets.count - 1);
      return VERDICT_LEAF | (b->sets.count - 1);
    }
    const ProfileSet *set = &b->sets.items[found];
    if (set->count == count && memcmp(set->items, items, count * sizeof *items) == 0)
      return VERDICT_LEAF | found;
  }
}

static VerdictRef join_leaves(Builder *b, VerdictRef a, VerdictRef c) {
  const ProfileSet first = b->sets.items[a & ~VERDICT_LEAF],
                   second = b->sets.items[c & ~VERDICT_LEAF];
  Profile *all = ARENA_ARRAY(b->arena, Profile, first.count + second.count + 1);
  uint32_t count = 0, i = 0, j = 0;
  while (i < first.count || j < second.count) {
    bool take_first = j == second.count || (i < first.count && first.items[i] <= second.items[j]);
    Profile next = take_first ? first.items[i++] : second.items[j++];
    if (count == 0 || all[count - 1] != next) all[count++] = next;
  }
  return leaf(b, all, count);
}

/* In the first walk there is one profile: whether it holds. For all: it must hold in each. */
static VerdictRef join_all(VerdictRef a, VerdictRef c) {
  return a == VERDICT_NONE || c == VERDICT_NONE ? VERDICT_NONE : a;
}

static VerdictRef join(Builder *b, VerdictRef a, VerdictRef c) {
  if (a == c || b->too_large) return a;
  if (a & c & VERDICT_LEAF) return b->by_judgments ? join_all(a, c) : join_leaves(b, a, c);
  const uint32_t key[2] = {a < c ? a : c, a < c ? c : a};
  uint32_t found;
  if (table_find(&b->joined, key, &found)) return found;
  uint32_t va = variable_of(b, a), vc = variable_of(b, c), variable = va < vc ? va : vc;
  VerdictRef children[LIMIT_CELLS];
  for (uint32_t cell = 0; cell < arity_of(b, variable); cell++)
    children[cell] = join(b, branch(b, a, variable, cell), branch(b, c, variable, cell));
  found = node(b, variable, children);
  table_keep(&b->joined, key, found);
  return found;
}

/* ---- Walking side by side ---- */

/* refs[0] is `possible`, refs[1 + n] root n; root ENOUGH is a node of the first walk. */
static void pass_known(const Builder *b, uint32_t *refs) {
  const uint32_t *words = b->compiled->diagram.words;
  const uint64_t *allowed = b->d->allowed;
  for (uint32_t i = 0; i <= b->roots; i++) {
    if (i == 1 + ENOUGH) continue; /* knows no cell that is not open */
    while (refs[i] > DIAGRAM_TRUE && !cells_many(allowed[words[refs[i]]]))
      refs[i] = words[refs[i] + 1 + cells_first(allowed[words[refs[i]]])];
  }
}

/* What no longer bears on the verdict is forgotten, so that more places are the same place. */
static void forget(const Builder *b, uint32_t *refs) {
  const uint32_t approves = refs[1 + APPROVES];
  if (approves > DIAGRAM_TRUE) return;
  for (uint32_t i = 1; i <= b->roots; i++) {
    if (i == 1 + APPROVES || i == 1 + ENOUGH) continue;
    bool authorizations = i >= 1 + OUTCOMES_FROM && i < 1 + OUTCOMES_FROM + b->approvals;
    if (authorizations != (approves == DIAGRAM_TRUE)) refs[i] = DIAGRAM_FALSE;
  }
  if (approves == DIAGRAM_FALSE) refs[1 + ENOUGH] = VERDICT_NONE;
}

static uint32_t first_variable(const Builder *b, const uint32_t *refs) {
  const uint32_t *words = b->compiled->diagram.words;
  uint32_t first = UINT32_MAX;
  for (uint32_t i = 0; i <= b->roots; i++) {
    uint32_t variable = i == 1 + ENOUGH ? variable_of(b, refs[i]) : node_variable(words, refs[i]);
    if (variable < first) first = variable;
  }
  return first;
}

static VerdictRef profile_of(Builder *b, const uint32_t *refs) {
  if (b->by_judgments)
    return refs[1 + APPROVES] == DIAGRAM_TRUE ? (VERDICT_LEAF | 1u) : VERDICT_NONE;
  Profile profile = 0;
  for (uint32_t i = 0; i < b->roots; i++) {
    bool holds = i == ENOUGH && b->has_enough
                     ? refs[i + 1] != VERDICT_NONE
                     : refs[(i == ENOUGH ? APPROVES : i) + 1] == DIAGRAM_TRUE;
    if (holds) profile |= UINT64_C(1) << i;
  }
  return leaf(b, &profile, 1);
}

static bool goes_through(const Builder *b, uint32_t variable) {
  if (!b->by_judgments) return b->closed[variable];
  const CompiledPolicy *compiled = b->compiled;
  for (uint32_t i = 0; i < compiled->set.facts.count; i++) {
    const Fact *fact = compiled->set.facts.items[i];
    bool judged = fact->supplier == SUPPLIER_REVIEWER && !b->d->facts.values[fact->index].known;
    if (judged && ((compiled->set.variables.items[variable]->facts >> i) & 1))
      return b->closed[variable];
  }
  return false;
}

static VerdictRef walk(Builder *b, const uint32_t *from) {
  uint32_t refs[ROOTS_MAX + 1], found;
  memcpy(refs, from, (b->roots + 1) * sizeof *refs);
  pass_known(b, refs);
  if (refs[0] == DIAGRAM_FALSE) return b->by_judgments ? (VERDICT_LEAF | 1u) : VERDICT_NONE;
  if (!b->by_judgments) forget(b, refs);
  uint32_t variable = first_variable(b, refs);
  if (variable == UINT32_MAX) return profile_of(b, refs);
  if (b->too_large || table_find(&b->walked, refs, &found))
    return b->too_large ? VERDICT_NONE : found;
  const bool through = goes_through(b, variable);
  const uint64_t allowed = b->d->allowed[variable];
  VerdictRef children[LIMIT_CELLS];
  VerdictRef together = UINT32_MAX, last = VERDICT_NONE;
  uint32_t next[2][ROOTS_MAX + 1], turn = 0;
  bool first = true;
  for (uint32_t cell = 0; cell < arity_of(b, variable); cell++) {
    children[cell] = VERDICT_NONE;
    if (!((allowed >> cell) & 1)) continue;
    for (uint32_t i = 0; i <= b->roots; i++)
      next[turn][i] = i == 1 + ENOUGH
                          ? branch(b, refs[i], variable, cell)
                          : node_branch(b->compiled->diagram.words, refs[i], variable, cell);
    /* neighbouring cells often lead to the same place */
    children[cell] = !first && memcmp(next[0], next[1], (b->roots + 1) * sizeof *refs) == 0
                         ? last
                         : walk(b, next[turn]);
    if (through && children[cell] != together)
      together = together == UINT32_MAX ? children[cell] : join(b, together, children[cell]);
    last = children[cell];
    first = false;
    turn = 1 - turn;
  }
  found = through ? together : node(b, variable, children);
  table_keep(&b->walked, refs, found);
  return found;
}

static void tables_open(Builder *b) {
  table_open(&b->walked, b->arena, b->roots + 1);
  table_open(&b->joined, b->arena, 2);
}

/* ---- From profiles to verdicts ---- */

typedef struct Ranked {
  const Outcome *outcome;
  Authorization authorization;
  uint32_t equal; /* the first approval that grants the same */
  uint32_t same;  /* the first that names the same pathway besides */
  bool open;      /* what it grants is reckoned from facts that are not known */
} Ranked;

typedef struct Classes {
  Builder *b;
  Ranked *approvals;
  uint32_t *order;               /* the better grant first */
  Table table;                   /* key → verdict */
  LIST(uint64_t) authorizations; /* per verdict */
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
  Builder *b = classes->b;
  classes->approvals = ARENA_ARRAY(b->arena, Ranked, b->approvals + 1);
  classes->order = ARENA_ARRAY(b->arena, uint32_t, b->approvals + 1);
  Authorization *authorizations = ARENA_ARRAY(b->arena, Authorization, b->approvals + 1);
  for (uint32_t i = 0; i < b->approvals; i++) {
    Ranked *ranked = &classes->approvals[i];
    *ranked = (Ranked){.outcome = b->compiled->approvals.items[i].outcome, .equal = i, .same = i};
    ranked->authorization = authorization_of(b->d, ranked->outcome);
    for (uint32_t item = 0; item < ranked->outcome->items.count; item++)
      ranked->open = ranked->open || reads_unknown(b->d, ranked->outcome->items.items[item].amount);
    for (uint32_t j = i; j-- > 0;) {
      if (!same_authorization(ranked, &classes->approvals[j])) continue;
      ranked->equal = j;
      if (text_equal(ranked->outcome->pathway->path, classes->approvals[j].outcome->pathway->path))
        ranked->same = j;
    }
    authorizations[i] = ranked->authorization;
  }
  authorizations_sort(authorizations, b->approvals, classes->order);
}

/* The first word of a verdict's key: approvals by one pathway and by several, then the other
 * conclusions. */
enum { CLASS_ONE_PATHWAY = 1, CLASS_SEVERAL_PATHWAYS, CLASS_FROM };

static uint32_t class_of(Classes *classes, const uint32_t key[VERDICT_KEY_WORDS],
                         uint64_t authorization) {
  uint32_t found;
  if (table_find(&classes->table, key, &found)) return found;
  LIST_PUSH(classes->b->arena, classes->authorizations, authorization);
  table_keep(&classes->table, key, classes->authorizations.count);
  return classes->authorizations.count;
}

static Profile approval_bits(const Builder *b, Profile profile) {
  return (profile >> OUTCOMES_FROM) & ((UINT64_C(1) << b->approvals) - 1);
}

/* All complete: the best pathway that is certain; or else those that are best somewhere, the first
 * on the page and the least grant.
 */
static uint32_t classify_approval(Classes *classes, const ProfileSet *set) {
  Builder *b = classes->b;
  Profile certain = ~UINT64_C(0), needed = 0, open = 0;
  for (uint32_t i = 0; i < set->count; i++) certain &= approval_bits(b, set->items[i]);
  for (uint32_t i = 0; i < b->approvals; i++)
    open |= classes->approvals[i].open ? UINT64_C(1) << i : 0;
  for (uint32_t i = 0; i < b->approvals; i++) {
    uint32_t at = classes->order[i];
    if ((certain >> at) & 1)
      return class_of(classes,
                      (uint32_t[]){CLASS_ONE_PATHWAY, classes->approvals[at].same,
                                   (uint32_t)(certain & open), 0},
                      (certain & open) | UINT64_C(1) << at);
  }
  uint32_t last = 0;
  for (uint32_t i = 0; i < b->approvals; i++) {
    uint32_t at = classes->order[i];
    bool best = false;
    for (uint32_t p = 0; p < set->count && !best; p++) {
      Profile ahead = 0, bits = approval_bits(b, set->items[p]);
      for (uint32_t j = 0; j < i; j++) ahead |= UINT64_C(1) << classes->order[j];
      best = ((bits >> at) & 1) && !(bits & ahead);
    }
    if (best) needed |= UINT64_C(1) << at, last = at;
  }
  for (uint32_t i = 0; i < b->approvals;
       i++) { /* what has no end is never the least beside what has one */
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
  const Builder *b = classes->b;
  const CompiledRoute *routes = b->compiled->routes.items;
  Profile some, all;
  seen_of(set, OUTCOMES_FROM + b->approvals, b->routes, &some, &all);
  uint32_t first = some == 0 ? 0 : (uint32_t)__builtin_ctzll(some),
           pathway = some == 0 ? 0 : path_number(routes, first);
  for (uint32_t i = 0; i < b->routes; i++) {
    if (((some >> i) & 1) && path_number(routes, i) != pathway) pathway = UINT32_MAX;
  }
  bool one = some != 0 && !cells_many(some) && (all & some) == some;
  return class_of(
      classes,
      (uint32_t[]){CLASS_FROM + CONCLUDE_OTHER_POLICY, pathway, one ? first : UINT32_MAX, 0}, 0);
}

static uint32_t classify_referral(Classes *classes, const ProfileSet *set) {
  const Builder *b = classes->b;
  Profile some, all;
  seen_of(set, OUTCOMES_FROM + b->approvals + b->routes, b->referrals, &some, &all);
  const uint32_t first = some == 0 ? 0 : (uint32_t)__builtin_ctzll(some);
  return class_of(classes,
                  (uint32_t[]){CLASS_FROM + CONCLUDE_CASE_BY_CASE,
                               path_number(b->compiled->referrals.items, first), 0, 0},
                  0);
}

/* ---- Asking: the completions of a leaf ---- */

/* The rows of this asker are the leaf, or nothing: every completion of it comes to one verdict. */
enum { NOT_THE_LEAF = 0, THE_LEAF = 1 };

typedef struct LeafAsker {
  Classes *classes;
  const ProfileSet *set;
  Profile some, all; /* what holds in some profile, and in every one */
  uint32_t verdict;
} LeafAsker;

static Rows part_of_leaf(void *context, PolicyFunction function, Quantification quantifier,
                         Rows rows) {
  const LeafAsker *asker = context;
  switch (quantifier) {
    case QUANTIFY_MUST:
      return (asker->all >> function) & 1 ? rows : NOT_THE_LEAF;
    case QUANTIFY_ENOUGH: /* `enough` was walked for the approval, the only function asked so */
      assert(function == FUNCTION_approve);
      return (asker->some >> APPROVES) & (asker->some >> ENOUGH) & 1 ? rows : NOT_THE_LEAF;
    case QUANTIFY_CAN:
      return (asker->some >> function) & 1 ? rows : NOT_THE_LEAF;
    case QUANTIFY_OTHERWISE:
      break;
  }
  UNREACHABLE();
}

static Rows rest_of_leaf(void *context, Rows rows, Rows part) {
  (void)context;
  return rows & ~part;
}

static void conclude_leaf(void *context, Conclusion conclusion, Rows rows) {
  static uint32_t (*const details[CONCLUSIONS])(Classes *, const ProfileSet *) = {
      [CONCLUDE_APPROVED] = classify_approval,
      [CONCLUDE_CASE_BY_CASE] = classify_referral,
      [CONCLUDE_OTHER_POLICY] = classify_route,
  };
  LeafAsker *asker = context;
  (void)rows;
  asker->verdict =
      details[conclusion] != NULL
          ? details[conclusion](asker->classes, asker->set)
          : class_of(asker->classes, (uint32_t[]){CLASS_FROM + conclusion, 0, 0, 0}, 0);
}

static uint32_t classify(Classes *classes, const ProfileSet *set) {
  LeafAsker asker = {.classes = classes, .set = set, .all = ~UINT64_C(0)};
  for (uint32_t i = 0; i < set->count; i++) {
    asker.some |= set->items[i];
    asker.all &= set->items[i];
  }
  verdict_walk(&(Asker){&asker, NOT_THE_LEAF, part_of_leaf, rest_of_leaf, conclude_leaf}, THE_LEAF);
  return asker.verdict;
}

/* The diagram again, with verdicts for leaves and nothing that is not reached. */
static VerdictRef number_nodes(Builder *b, Classes *classes, Table *done, const uint32_t *old,
                               VerdictRef at) {
  uint32_t found;
  if (at == VERDICT_NONE) return at;
  if (table_find(done, &at, &found)) return found;
  if (at & VERDICT_LEAF) {
    found = VERDICT_LEAF | classify(classes, &b->sets.items[at & ~VERDICT_LEAF]);
  } else {
    uint32_t variable = old[at];
    VerdictRef children[LIMIT_CELLS];
    for (uint32_t cell = 0; cell < arity_of(b, variable); cell++)
      children[cell] = number_nodes(b, classes, done, old, old[at + 1 + cell]);
    found = node(b, variable, children);
  }
  table_keep(done, &at, found);
  return found;
}

static void number(Builder *b, VerdictRef root) {
  Classes classes = {.b = b};
  Table done;
  const uint32_t *walked = b->words.items;
  rank(&classes);
  table_open(&classes.table, b->arena, VERDICT_KEY_WORDS);
  table_open(&done, b->arena, 1);
  b->words.items = NULL; /* the nodes are made anew */
  b->words.count = b->words.capacity = 0;
  b->unique.count = 0;
  nodes_open(&b->unique, b->arena, 1023);
  b->verdicts->root = number_nodes(b, &classes, &done, walked, root);
  b->verdicts->words.items = b->words.items;
  b->verdicts->words.count = b->words.count;
  for (uint32_t at = 0; at < b->words.count; at += 1 + arity_of(b, b->words.items[at]))
    LIST_PUSH(b->arena, b->verdicts->nodes, at);
  b->verdicts->count = classes.authorizations.count;
  b->verdicts->keys = classes.table.keys.items; /* verdict n came n-th */
  b->verdicts->authorizations = ARENA_ARRAY(b->arena, uint64_t, classes.authorizations.count + 1);
  for (uint32_t i = 0; i < classes.authorizations.count; i++)
    b->verdicts->authorizations[i + 1] = classes.authorizations.items[i];
}

/* ---- All of it ---- */

static uint32_t fill_roots(const Builder *b, uint32_t *refs) {
  const CompiledPolicy *compiled = b->compiled;
  uint32_t count = 1;
  refs[0] = compiled->possible;
  for (uint32_t f = 0; f < POLICY_FUNCTIONS; f++) refs[count++] = compiled->whole.at[f];
  refs[count++] = b->enough;
  for (uint32_t i = 0; i < b->approvals; i++) refs[count++] = compiled->approvals.items[i].holds;
  for (uint32_t i = 0; i < b->routes; i++) refs[count++] = compiled->routes.items[i].holds;
  for (uint32_t i = 0; i < b->referrals; i++) refs[count++] = compiled->referrals.items[i].holds;
  return count - 1;
}

Verdicts *verdicts_build(Arena *arena, const licet_determination *d, const bool *closed) {
  const CompiledPolicy *compiled = d->compiled;
  Builder b = {.arena = arena,
               .d = d,
               .compiled = compiled,
               .closed = closed,
               .approvals = compiled->approvals.count,
               .routes = compiled->routes.count,
               .referrals = compiled->referrals.count};
  uint32_t refs[ROOTS_MAX + 1] = {compiled->possible, compiled->whole.approve};
  if (OUTCOMES_FROM + b.approvals + b.routes + b.referrals > ROOTS_MAX || b.approvals > 31)
    return NULL;
  nodes_open(&b.unique, arena, 1023);
  table_open(&b.set_table, arena, 2);
  b.verdicts = ARENA_NEW(arena, Verdicts);
  *b.verdicts = (Verdicts){.arena = arena, .compiled = compiled, .allowed = d->allowed};
  leaf(&b, NULL, 0); /* set 0: no patient */
  b.by_judgments = true;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++)
    b.has_enough = b.has_enough || goes_through(&b, v);
  b.enough = VERDICT_NONE;
  b.roots = 1;
  tables_open(&b);
  if (b.has_enough) b.enough = walk(&b, refs);
  b.by_judgments = false;
  b.roots = fill_roots(&b, refs);
  tables_open(&b);
  VerdictRef root = walk(&b, refs);
  if (b.too_large) return NULL;
  number(&b, root);
  return b.verdicts;
}

/* ---- Asking ---- */

uint32_t verdicts_certain(const Verdicts *verdicts) {
  uint32_t only = verdicts->root & VERDICT_LEAF ? verdicts->root & ~VERDICT_LEAF : 0;
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    const uint32_t at = verdicts->nodes.items[n], *words = verdicts->words.items;
    for (uint32_t cell = 0; cell < verdicts->compiled->diagram.arity[words[at]]; cell++) {
      const VerdictRef child = words[at + 1 + cell];
      if (!(child & VERDICT_LEAF) || child == VERDICT_NONE) continue;
      if (only != 0 && only != (child & ~VERDICT_LEAF)) return 0;
      only = child & ~VERDICT_LEAF;
    }
  }
  return only;
}

typedef struct Conflict {
  const Verdicts *verdicts;
  Table met;
} Conflict;

static uint32_t variable_at(const Verdicts *verdicts, VerdictRef ref) {
  return ref & VERDICT_LEAF ? UINT32_MAX : verdicts->words.items[ref];
}

/* Do two functions come to different verdicts for some patient that both know? */
static bool conflict(Conflict *c, VerdictRef a, VerdictRef b) {
  if (a == b || a == VERDICT_NONE || b == VERDICT_NONE) return false;
  if (a & b & VERDICT_LEAF) return true;
  const Verdicts *verdicts = c->verdicts;
  const uint32_t key[2] = {a < b ? a : b, a < b ? b : a};
  uint32_t found;
  if (table_find(&c->met, key, &found)) return false; /* gone through before, without finding one */
  table_keep(&c->met, key, 1);
  uint32_t va = variable_at(verdicts, a), vb = variable_at(verdicts, b),
           variable = va < vb ? va : vb;
  for (uint32_t cell = 0; cell < verdicts->compiled->diagram.arity[variable]; cell++) {
    VerdictRef left = va == variable ? verdicts->words.items[a + 1 + cell] : a;
    VerdictRef right = vb == variable ? verdicts->words.items[b + 1 + cell] : b;
    if (conflict(c, left, right)) return true;
  }
  return false;
}

bool verdicts_hang_on(const Verdicts *verdicts, uint32_t variable) {
  Conflict c = {.verdicts = verdicts};
  table_open(&c.met, verdicts->arena, 2);
  const uint32_t *words = verdicts->words.items,
                 arity = verdicts->compiled->diagram.arity[variable];
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    const uint32_t at = verdicts->nodes.items[n];
    if (words[at] != variable) continue;
    for (uint32_t i = 0; i < arity; i++) {
      for (uint32_t j = i + 1; j < arity; j++) {
        if (conflict(&c, words[at + 1 + i], words[at + 1 + j])) return true;
      }
    }
  }
  return false;
}

/* ---- What an answer tells ---- */

typedef struct Masses {
  const Verdicts *verdicts;
  const uint64_t *allowed;
  uint32_t count;   /* verdicts */
  double *below;    /* per node and verdict: how likely from here */
  double *reach;    /* per node: how likely it is come by */
  uint32_t *number; /* per word: the node that begins there */
} Masses;

static void add_mass(const Masses *m, VerdictRef ref, double weight, double *into) {
  if (ref == VERDICT_NONE) return;
  if (ref & VERDICT_LEAF) {
    into[(ref & ~VERDICT_LEAF) - 1] += weight;
    return;
  }
  const double *from = m->below + (size_t)m->number[ref] * m->count;
  for (uint32_t i = 0; i < m->count; i++) into[i] += weight * from[i];
}

/* The entropy of what is distributed so, times its whole mass: -Σ p log2(p / Σp). */
static double entropy(const double *mass, uint32_t count) {
  double sum = 0, bits = 0;
  for (uint32_t i = 0; i < count; i++) sum += mass[i];
  for (uint32_t i = 0; i < count; i++) {
    if (mass[i] > 0) bits -= mass[i] * log2(mass[i] / sum);
  }
  return bits;
}

/* Each node's variable, cells of equal weight. A path that passes a variable by learns nothing from
 * it. */
static double weight_of(const Masses *m, uint32_t variable) {
  return 1.0 / cells_count(m->allowed[variable] &
                           cells_all(m->verdicts->compiled->diagram.arity[variable]));
}

static void fill_masses(Masses *m) {
  const Verdicts *verdicts = m->verdicts;
  const uint32_t *words = verdicts->words.items;
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    const uint32_t at = verdicts->nodes.items[n], variable = words[at];
    const double weight = weight_of(m, variable);
    m->number[at] = n;
    for (uint32_t cell = 0; cell < verdicts->compiled->diagram.arity[variable]; cell++)
      add_mass(m, words[at + 1 + cell], weight, m->below + (size_t)n * m->count);
  }
  if (!(verdicts->root & VERDICT_LEAF)) m->reach[m->number[verdicts->root]] = 1;
  for (uint32_t n = verdicts->nodes.count; n-- > 0;) {
    const uint32_t at = verdicts->nodes.items[n], variable = words[at];
    const double weight = weight_of(m, variable);
    for (uint32_t cell = 0; cell < verdicts->compiled->diagram.arity[variable]; cell++) {
      const VerdictRef child = words[at + 1 + cell];
      if (!(child & VERDICT_LEAF)) m->reach[m->number[child]] += weight * m->reach[n];
    }
  }
}

static double gain_of(const Masses *m, uint32_t variable, double before, const double *root) {
  const Verdicts *verdicts = m->verdicts;
  const uint32_t *words = verdicts->words.items,
                 arity = verdicts->compiled->diagram.arity[variable];
  const uint64_t allowed = m->allowed[variable] & cells_all(arity);
  double *here = ARENA_ARRAY(verdicts->arena, double, m->count),
         *passing = ARENA_ARRAY(verdicts->arena, double, m->count), after = 0;
  memcpy(passing, root, m->count * sizeof *root);
  bool asked = false;
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    if (words[verdicts->nodes.items[n]] != variable) continue;
    asked = true;
    for (uint32_t i = 0; i < m->count; i++)
      passing[i] -= m->reach[n] * m->below[(size_t)n * m->count + i];
  }
  if (!asked) return 0;
  for (uint64_t cells = allowed; cells != 0; cells &= cells - 1) {
    for (uint32_t i = 0; i < m->count; i++)
      here[i] = passing[i] > 0 ? passing[i] / cells_count(allowed) : 0;
    for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
      const uint32_t at = verdicts->nodes.items[n];
      if (words[at] == variable)
        add_mass(m, words[at + 1 + cells_first(cells)], m->reach[n] / cells_count(allowed), here);
    }
    after += entropy(here, m->count);
  }
  return before - after;
}

void verdicts_gains(const Verdicts *verdicts, double *gains) {
  const CompiledPolicy *compiled = verdicts->compiled;
  Masses m = {.verdicts = verdicts, .allowed = verdicts->allowed, .count = verdicts->count};
  m.below = ARENA_ARRAY(verdicts->arena, double, (size_t)verdicts->nodes.count *m.count + 1);
  m.reach = ARENA_ARRAY(verdicts->arena, double, verdicts->nodes.count + 1);
  m.number = ARENA_ARRAY(verdicts->arena, uint32_t, verdicts->words.count + 1);
  fill_masses(&m);
  double *root = ARENA_ARRAY(verdicts->arena, double, m.count + 1);
  add_mass(&m, verdicts->root, 1, root);
  double before = entropy(root, m.count);
  for (uint32_t v = 0; v < compiled->set.variables.count; v++)
    gains[v] = gain_of(&m, v, before, root);
}
