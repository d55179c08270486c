/* profile: all functions of a policy walked side by side (the product of several decision diagrams,
 * Bryant 1986), as one multi-terminal diagram whose values are sets of profiles.
 *
 *   1. `enough`: what is certain regardless of every judgment: over the judgments that will not be
 *      answered, for all of them, does the policy approve? A request pends only where answers can
 *      bring that about; otherwise it is sent to clinical review.
 *   2. All functions side by side. A variable that may be answered becomes a node. One that will
 * not is quantified: the sets of profiles under its cells become one set, their union, by
 *      diagram_join.
 *
 * Invariant: a place in the walk is the row of what remains of each function; equal rows are walked
 * once. What no longer bears on the verdict is left out of the row, so that more rows are equal.
 */
#include "ask/profile.h"

#include <assert.h>
#include <string.h>

/* A row: what is possible, then a function for each bit of a profile. All are places in the
 * policy's diagram, but `enough`, which is a function of the profiles' own. */
enum {
  AT_POSSIBLE,
  AT_BITS,
  AT_ENOUGH = AT_BITS + PROFILE_ENOUGH,
  ROW_MAX = AT_BITS + PROFILE_BITS
};

typedef struct Walk {
  Profiles *profiles;
  const licet_determination *d;
  const CompiledPolicy *compiled;
  const bool *closed;
  const uint64_t *open;  /* per variable: the cells that are open */
  uint32_t row;          /* how many functions are walked */
  uint32_t approvals_at; /* the first of them, */
  uint32_t routes_at;    /* and past the last */
  bool has_enough;       /* else no judgment is left unanswered: `enough` is the approval itself */
  WordMap walked;
} Walk;

/* ---- Sets of profiles ---- */

/* The value that stands for the set; sets with the same hash are numbered by `probe`. */
static DiagramRef value_of(Profiles *profiles, const Profile *items, uint32_t count) {
  uint32_t hash = 2166136261u, found;
  for (uint32_t i = 0; i < count; i++)
    hash = (hash ^ (uint32_t)items[i] ^ (uint32_t)(items[i] >> 32)) * 16777619u;
  for (uint32_t probe = 0;; probe++) {
    const uint32_t key[2] = {hash, probe};
    if (!word_map_find(&profiles->set_numbers, key, &found)) {
      Profile *kept = ARENA_ARRAY(profiles->arena, Profile, count);
      if (count > 0) memcpy(kept, items, count * sizeof *items);
      LIST_PUSH(profiles->arena, profiles->sets, ((ProfileSet){kept, count}));
      word_map_keep(&profiles->set_numbers, key, profiles->sets.count - 1);
      return diagram_value(profiles->sets.count - 1);
    }
    const ProfileSet *set = &profiles->sets.items[found];
    if (set->count == count && memcmp(set->items, items, count * sizeof *items) == 0)
      return diagram_value(found);
  }
}

/* The join of two sets is their union. */
static DiagramRef unite(void *context, DiagramRef a, DiagramRef b) {
  Profiles *profiles = context;
  const ProfileSet first = profiles->sets.items[diagram_number(a)],
                   second = profiles->sets.items[diagram_number(b)];
  Profile *all = ARENA_ARRAY(profiles->arena, Profile, first.count + second.count + 1);
  uint32_t count = 0, i = 0, j = 0;
  while (i < first.count || j < second.count) {
    const bool take_first =
        j == second.count || (i < first.count && first.items[i] <= second.items[j]);
    const Profile next = take_first ? first.items[i++] : second.items[j++];
    if (count == 0 || all[count - 1] != next) all[count++] = next;
  }
  return value_of(profiles, all, count);
}

/* ---- Enough ---- */

/* A judgment of the reviewer's that is not known and will not be. */
static bool is_closed_judgment(const Walk *walk, uint32_t variable) {
  const CompiledPolicy *compiled = walk->compiled;
  if (!walk->closed[variable]) return false;
  for (uint32_t i = 0; i < compiled->set.facts.count; i++) {
    const Fact *fact = compiled->set.facts.items[i];
    if (fact->supplier == SUPPLIER_REVIEWER && !walk->d->facts.values[fact->index].known &&
        ((compiled->set.variables.items[variable]->facts >> i) & 1))
      return true;
  }
  return false;
}

/* Where `possible` holds, `approve` does, whatever the closed judgments are. */
static DiagramRef find_enough(Walk *walk, DiagramRef approve, DiagramRef possible) {
  const uint32_t *words = walk->compiled->diagram.words;
  Diagram *diagram = walk->profiles->diagram;
  DiagramRef found, children[LIMIT_CELLS], all = DIAGRAM_TRUE;
  approve = node_pass_known(walk->compiled->diagram.words, approve, walk->open);
  possible = node_pass_known(walk->compiled->diagram.words, possible, walk->open);
  if (approve == DIAGRAM_TRUE || possible == DIAGRAM_FALSE) return DIAGRAM_TRUE;
  if (approve == DIAGRAM_FALSE && possible == DIAGRAM_TRUE) return DIAGRAM_FALSE;
  const uint32_t key[2] = {approve, possible};
  if (diagram_too_large(diagram)) return DIAGRAM_FALSE;
  if (word_map_find(&walk->walked, key, &found)) return found;
  const uint32_t variable = node_first_variable(words, approve, possible);
  const bool is_judgment = is_closed_judgment(walk, variable);
  uint32_t count = 0;
  for (uint64_t cells = walk->open[variable]; cells != 0; cells &= cells - 1) {
    const uint32_t cell = cells_first(cells);
    children[count] = find_enough(walk, node_branch(words, approve, variable, cell),
                                  node_branch(words, possible, variable, cell));
    if (is_judgment) all = diagram_and(diagram, all, children[count]);
    count++;
  }
  found = is_judgment ? all : diagram_node(diagram, variable, children);
  word_map_keep(&walk->walked, key, found);
  return found;
}

static DiagramRef enough(Walk *walk) {
  for (uint32_t v = 0; v < walk->compiled->set.variables.count && !walk->has_enough; v++)
    walk->has_enough = is_closed_judgment(walk, v);
  if (!walk->has_enough) return DIAGRAM_FALSE;
  word_map_open(&walk->walked, walk->profiles->arena, 2);
  return find_enough(walk, walk->compiled->whole.approve, walk->compiled->possible);
}

/* ---- Side by side ---- */

/* A place in the walk: the row, and which of its functions still ask something, as bits; `enough`
 * is asked apart, since it is a function of another diagram. */
typedef struct Place {
  DiagramRef row[ROW_MAX];
  uint64_t open;
} Place;

static void pass_all_known(const Walk *walk, Place *place) {
  uint64_t open = 0;
  for (uint64_t bits = place->open; bits != 0; bits &= bits - 1) {
    const uint32_t i = cells_first(bits);
    place->row[i] = node_pass_known(walk->compiled->diagram.words, place->row[i], walk->open);
    if (!diagram_is_value(place->row[i])) open |= bits & -bits;
  }
  place->open = open;
}

/* What no longer bears on the verdict is forgotten: the approvals where there is none, everything
 * else where there is one. */
static void forget(const Walk *walk, Place *place) {
  const DiagramRef approves = place->row[AT_BITS + FUNCTION_approve];
  if (!diagram_is_value(approves)) return;
  for (uint32_t i = AT_BITS; i < walk->row; i++) {
    if (i == AT_BITS + FUNCTION_approve || i == AT_ENOUGH) continue;
    const bool is_approval = i >= walk->approvals_at && i < walk->routes_at;
    if (is_approval == (approves == DIAGRAM_TRUE)) continue;
    place->row[i] = DIAGRAM_FALSE;
    place->open &= ~(UINT64_C(1) << i);
  }
  if (approves == DIAGRAM_FALSE) place->row[AT_ENOUGH] = DIAGRAM_FALSE;
}

static uint32_t first_variable(const Walk *walk, const Place *place) {
  const uint32_t *words = walk->compiled->diagram.words;
  uint32_t first = node_variable(diagram_words(walk->profiles->diagram), place->row[AT_ENOUGH]);
  for (uint64_t bits = place->open; bits != 0; bits &= bits - 1) {
    const uint32_t variable = words[place->row[cells_first(bits)]];
    if (variable < first) first = variable;
  }
  return first;
}

/* `enough` knows only cells that are open, by their order among them. */
static void branch(const Walk *walk, const Place *place, uint32_t variable, uint32_t cell,
                   uint32_t order, Place *next) {
  const uint32_t *words = walk->compiled->diagram.words;
  memcpy(next->row, place->row, walk->row * sizeof *place->row);
  next->open = place->open;
  for (uint64_t bits = place->open; bits != 0; bits &= bits - 1) {
    const uint32_t i = cells_first(bits);
    if (words[place->row[i]] == variable) next->row[i] = words[place->row[i] + 1 + cell];
  }
  next->row[AT_ENOUGH] =
      node_branch(diagram_words(walk->profiles->diagram), place->row[AT_ENOUGH], variable, order);
}

/* Every function is a value. */
static DiagramRef profile_of(const Walk *walk, const DiagramRef *row) {
  Profile profile = 0;
  for (uint32_t i = AT_BITS; i < walk->row; i++) {
    const bool is_approval_itself = i == AT_ENOUGH && !walk->has_enough;
    if (row[is_approval_itself ? AT_BITS + FUNCTION_approve : i] == DIAGRAM_TRUE)
      profile |= UINT64_C(1) << (i - AT_BITS);
  }
  return value_of(walk->profiles, &profile, 1);
}

static DiagramRef walk_from(Walk *walk, const ValueJoin *join, Place *place);

/* Over the open cells: a node, or their join where the variable will not be answered. */
static DiagramRef walk_branches(Walk *walk, const ValueJoin *join, const Place *place,
                                uint32_t variable) {
  Diagram *diagram = walk->profiles->diagram;
  const size_t row_size = walk->row * sizeof *place->row;
  Place next;
  DiagramRef last[ROW_MAX], children[LIMIT_CELLS], together = DIAGRAM_FALSE;
  uint32_t count = 0;
  for (uint64_t cells = walk->open[variable]; cells != 0; cells &= cells - 1) {
    branch(walk, place, variable, cells_first(cells), count, &next);
    /* neighboring cells often lead to the same place */
    const bool is_same = count > 0 && memcmp(last, next.row, row_size) == 0;
    memcpy(last, next.row, row_size);
    children[count] = is_same ? children[count - 1] : walk_from(walk, join, &next);
    if (walk->closed[variable] && !is_same)
      together = diagram_join(diagram, join, together, children[count]);
    count++;
  }
  return walk->closed[variable] ? together : diagram_node(diagram, variable, children);
}

static DiagramRef walk_from(Walk *walk, const ValueJoin *join, Place *place) {
  DiagramRef found;
  pass_all_known(walk, place);
  if (place->row[AT_POSSIBLE] == DIAGRAM_FALSE) return DIAGRAM_FALSE;
  forget(walk, place);
  const uint32_t variable = first_variable(walk, place);
  if (variable == UINT32_MAX) return profile_of(walk, place->row);
  if (diagram_too_large(walk->profiles->diagram)) return DIAGRAM_FALSE;
  if (word_map_find(&walk->walked, place->row, &found)) return found;
  found = walk_branches(walk, join, place, variable);
  word_map_keep(&walk->walked, place->row, found);
  return found;
}

static void fill_row(Walk *walk, DiagramRef *row) {
  const CompiledPolicy *compiled = walk->compiled;
  uint32_t at = 0;
  row[at++] = compiled->possible;
  for (uint32_t f = 0; f < POLICY_FUNCTIONS; f++) row[at++] = compiled->whole.at[f];
  row[at++] = enough(walk);
  walk->approvals_at = at;
  for (uint32_t i = 0; i < compiled->approvals.count; i++)
    row[at++] = compiled->approvals.items[i].holds;
  walk->routes_at = at;
  for (uint32_t i = 0; i < compiled->routes.count; i++) row[at++] = compiled->routes.items[i].holds;
  for (uint32_t i = 0; i < compiled->referrals.count; i++)
    row[at++] = compiled->referrals.items[i].holds;
  walk->row = at;
}

/* ---- All of it ---- */

/* Only open cells exist: a function of them is then in canonical form. */
static void open_diagram(Walk *walk, uint32_t node_limit) {
  Profiles *profiles = walk->profiles;
  const FrozenDiagram *policy = &walk->compiled->diagram;
  uint64_t *open = ARENA_ARRAY(profiles->arena, uint64_t, policy->variables + 1);
  uint8_t *arity = ARENA_ARRAY(profiles->arena, uint8_t, policy->variables + 1);
  for (uint32_t v = 0; v < policy->variables; v++) {
    open[v] = walk->d->allowed[v] & cells_all(policy->arity[v]);
    assert(open[v] != 0);
    arity[v] = (uint8_t)cells_count(open[v]);
  }
  walk->open = open;
  profiles->arity = arity;
  profiles->diagram = diagram_open(profiles->arena, arity, policy->variables, node_limit);
}

bool profiles_build(Profiles *profiles, Arena *arena, const licet_determination *d,
                    const bool *closed, uint32_t node_limit) {
  const CompiledPolicy *compiled = d->compiled;
  Walk walk = {.profiles = profiles, .d = d, .compiled = compiled, .closed = closed};
  const ValueJoin join = {unite, profiles};
  Place place;
  if (compiled->approvals.count > APPROVALS_MAX || PROFILE_OUTCOMES + compiled->approvals.count +
                                                           compiled->routes.count +
                                                           compiled->referrals.count >
                                                       PROFILE_BITS)
    return false;
  *profiles = (Profiles){.arena = arena};
  open_diagram(&walk, node_limit);
  word_map_open(&profiles->set_numbers, arena, 2);
  value_of(profiles, NULL, 0); /* value 0: no patient */
  fill_row(&walk, place.row);
  place.open = ((UINT64_C(1) << walk.row) - 1) & ~(UINT64_C(1) << AT_ENOUGH);
  word_map_open(&walk.walked, arena, walk.row);
  profiles->root = walk_from(&walk, &join, &place);
  return !diagram_too_large(profiles->diagram);
}
