/* diagram: building a reduced ordered multi-valued decision diagram (Bryant, Graph-Based Algorithms
 * for Boolean Function Manipulation, 1986; for variables of several values Kam and others,
 * Multi-Valued Decision Diagrams, 1998).
 *
 * Every node is made once, by looking it up in a unique table (diagram_node), so equal functions
 * have equal refs. NOT, AND, OR and the join of functions with more values than yes and no (multi-
 * terminal diagrams: Clarke, McMillan, Zhao, Fujita and Yang, Spectral Transforms for Large Boolean
 * Functions, 1993) are one recursion over both functions at once with a memo of results (apply), so
 * an operation takes at most as many steps as there are pairs of nodes.
 * Recursion is as deep as there are variables on a path. Freezing copies what the roots need, in
 * depth-first order.
 *
 * Invariant: along every path variables ascend, no node has all children equal, no two nodes are
 * equal. Only diagram_node makes nodes, and it asserts what it can of this.
 *
 * A table is replaced only after its successor was allocated: the arena may jump away instead, and
 * sets.c opens its builders again after that.
 *
 * Reading order: diagram_node, apply, the public operations, diagram_freeze.
 */
#include "diagram/builder.h"

#include <assert.h>
#include <string.h>

#include "base/unreachable.h"

enum { FIRST_WORDS = 256, FIRST_UNIQUE = 128, FIRST_APPLIED = 128 };
#define EPOCH_END (1u << 30)            /* a stamp keeps the operation in its two lowest bits */
#define WORDS_END (DIAGRAM_VALUES - 65) /* places of nodes lie before the values */

typedef enum Operation { OPERATION_NOT, OPERATION_AND, OPERATION_OR, OPERATION_JOIN } Operation;

Diagram *diagram_open(Arena *arena, const uint8_t *arity, uint32_t variables, uint32_t node_limit) {
  Diagram *diagram = ARENA_NEW(arena, Diagram);
  diagram->arena = arena;
  diagram->word_capacity = FIRST_WORDS;
  diagram->words = ARENA_ARRAY(arena, uint32_t, FIRST_WORDS);
  diagram->unique_capacity = FIRST_UNIQUE;
  diagram->unique = ARENA_ARRAY(arena, UniqueSlot, FIRST_UNIQUE);
  diagram->applied_reserved = FIRST_APPLIED;
  diagram->applied = ARENA_ARRAY(arena, AppliedSlot, FIRST_APPLIED);
  diagram_reopen(diagram, arity, variables, node_limit);
  return diagram;
}

/* Epochs start at 1, so zeroed slots are empty. */
static void step_epoch(Diagram *diagram) {
  if (++diagram->epoch < EPOCH_END) return;
  memset(diagram->unique, 0, sizeof(UniqueSlot) * diagram->unique_capacity);
  memset(diagram->applied, 0, sizeof(AppliedSlot) * diagram->applied_reserved);
  diagram->epoch = 1;
}

void diagram_reopen(Diagram *diagram, const uint8_t *arity, uint32_t variables,
                    uint32_t node_limit) {
  if (variables > diagram->arity_capacity) {
    diagram->arity = ARENA_ARRAY(diagram->arena, uint8_t, 2 * (size_t)variables);
    diagram->arity_capacity = 2 * variables;
  }
  for (uint32_t v = 0; v < variables; v++) {
    assert(arity[v] >= 1 && arity[v] <= 64);
    diagram->arity[v] = arity[v];
  }
  diagram->variables = variables;
  diagram->node_limit = node_limit;
  diagram->node_count = 0;
  diagram->applied_capacity = FIRST_APPLIED; /* so that work does not depend on what was before */
  diagram->work = 0;
  diagram->join = NULL;
  diagram->too_large = false;
  diagram->word_count = DIAGRAM_FIRST;
  step_epoch(diagram);
}

bool diagram_too_large(const Diagram *diagram) { return diagram->too_large; }
uint32_t diagram_nodes(const Diagram *diagram) { return diagram->node_count; }
const uint32_t *diagram_words(const Diagram *diagram) { return diagram->words; }

uint32_t diagram_word_count(const Diagram *diagram) { return diagram->word_count; }

/* ---- Nodes ---- */

static uint32_t node_hash(uint32_t variable, const DiagramRef *children, uint32_t arity) {
  uint64_t hash = variable + 1;
  for (uint32_t c = 0; c < arity; c++)
    hash = (hash ^ children[c]) * UINT64_C(0x9E3779B97F4A7C15), hash ^= hash >> 32;
  return (uint32_t)hash;
}

static void unique_grow(Diagram *diagram) {
  diagram->unique = ARENA_ARRAY(diagram->arena, UniqueSlot, 2 * (size_t)diagram->unique_capacity);
  diagram->unique_capacity *= 2;
  const uint32_t mask = diagram->unique_capacity - 1;
  for (DiagramRef node = DIAGRAM_FIRST; node < diagram->word_count;) {
    const uint32_t variable = diagram->words[node], arity = diagram->arity[variable];
    uint32_t slot = node_hash(variable, diagram->words + node + 1, arity) & mask;
    while (diagram->unique[slot].epoch == diagram->epoch) slot = (slot + 1) & mask;
    diagram->unique[slot] = (UniqueSlot){diagram->epoch, node};
    node += 1 + arity;
  }
}

static void words_reserve(Diagram *diagram, uint32_t extra) {
  if (diagram->word_count + extra <= diagram->word_capacity) return;
  const uint32_t capacity =
      diagram->word_capacity > WORDS_END / 2 ? DIAGRAM_VALUES : 2 * diagram->word_capacity;
  uint32_t *words = arena_allocate_raw(diagram->arena, sizeof(uint32_t) * (size_t)capacity);
  memcpy(words, diagram->words, sizeof(uint32_t) * (size_t)diagram->word_count);
  diagram->words = words;
  diagram->word_capacity = capacity;
}

static DiagramRef node_append(Diagram *diagram, uint32_t variable, const DiagramRef *children,
                              uint32_t arity) {
  words_reserve(diagram, 1 + arity);
  const DiagramRef node = diagram->word_count;
  diagram->words[node] = variable;
  memcpy(diagram->words + node + 1, children, sizeof(DiagramRef) * arity);
  diagram->word_count += 1 + arity;
  diagram->node_count++;
  return node;
}

static bool all_equal(const DiagramRef *children, uint32_t arity) {
  for (uint32_t c = 1; c < arity; c++)
    if (children[c] != children[0]) return false;
  return true;
}

DiagramRef diagram_node(Diagram *diagram, uint32_t variable, const DiagramRef *children) {
  assert(variable < diagram->variables);
  if (diagram->too_large) return DIAGRAM_FALSE;
  const uint32_t arity = diagram->arity[variable];
  if (all_equal(children, arity)) return children[0];
  const uint32_t mask = diagram->unique_capacity - 1;
  uint32_t slot = node_hash(variable, children, arity) & mask;
  for (; diagram->unique[slot].epoch == diagram->epoch; slot = (slot + 1) & mask) {
    const DiagramRef node = diagram->unique[slot].node;
    if (diagram->words[node] == variable &&
        memcmp(diagram->words + node + 1, children, sizeof(DiagramRef) * arity) == 0)
      return node;
  }
  if (diagram->node_count >= diagram->node_limit || diagram->word_count >= WORDS_END) {
    diagram->too_large = true;
    return DIAGRAM_FALSE;
  }
  const DiagramRef node = node_append(diagram, variable, children, arity);
  diagram->unique[slot] = (UniqueSlot){diagram->epoch, node};
  if (diagram->node_count * UINT64_C(2) > diagram->unique_capacity) unique_grow(diagram);
  return node;
}

/* ---- Operations ---- */

static AppliedSlot *applied_slot(const Diagram *diagram, Operation operation, DiagramRef a,
                                 DiagramRef b) {
  const uint64_t key = ((uint64_t)a << 32 | b) + operation;
  return &diagram->applied[(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) &
                           (diagram->applied_capacity - 1)];
}

/* As many slots as nodes keeps clashes rare. The answers are not moved: they come back soon enough.
 */
static void applied_fit(Diagram *diagram) {
  const uint32_t capacity = diagram->applied_capacity;
  if (diagram->node_count <= capacity) return;
  if (capacity == diagram->applied_reserved) {
    AppliedSlot *grown = ARENA_ARRAY(diagram->arena, AppliedSlot, 2 * (size_t)capacity);
    memcpy(grown, diagram->applied, sizeof *grown * capacity);
    diagram->applied = grown;
    diagram->applied_reserved = 2 * capacity;
  }
  diagram->applied_capacity = 2 * capacity;
}

static bool join_outright(const ValueJoin *join, DiagramRef a, DiagramRef b, DiagramRef *result) {
  if (a == b || b == DIAGRAM_FALSE)
    *result = a;
  else if (a == DIAGRAM_FALSE)
    *result = b;
  else if (diagram_is_value(a) && diagram_is_value(b))
    *result = join->of(join->context, a, b);
  else
    return false;
  return true;
}

/* The answers that need no look inside. */
static bool apply_outright(const Diagram *diagram, Operation operation, DiagramRef a, DiagramRef b,
                           DiagramRef *result) {
  switch (operation) {
    case OPERATION_NOT:
      if (a > DIAGRAM_TRUE) return false;
      *result = !a;
      return true;
    case OPERATION_AND:
      if (a == DIAGRAM_FALSE || b == DIAGRAM_FALSE)
        *result = DIAGRAM_FALSE;
      else if (a == DIAGRAM_TRUE || a == b)
        *result = b;
      else if (b == DIAGRAM_TRUE)
        *result = a;
      else
        return false;
      return true;
    case OPERATION_OR:
      if (a == DIAGRAM_TRUE || b == DIAGRAM_TRUE)
        *result = DIAGRAM_TRUE;
      else if (a == DIAGRAM_FALSE || a == b)
        *result = b;
      else if (b == DIAGRAM_FALSE)
        *result = a;
      else
        return false;
      return true;
    case OPERATION_JOIN:
      return join_outright(diagram->join, a, b, result);
  }
  UNREACHABLE();
}

/* Negation is an operation whose second argument is always FALSE. */
static DiagramRef apply(Diagram *diagram, Operation operation, DiagramRef a, DiagramRef b) {
  DiagramRef result;
  if (apply_outright(diagram, operation, a, b, &result)) return result;
  if (diagram->too_large) return DIAGRAM_FALSE;
  if (operation != OPERATION_NOT && a > b) {
    const DiagramRef swap = a;
    a = b;
    b = swap;
  }
  const uint32_t stamp = diagram->epoch << 2 | (uint32_t)operation;
  const AppliedSlot *before = applied_slot(diagram, operation, a, b);
  if (before->a == a && before->b == b && before->stamp == stamp) return before->result;

  diagram->work++;
  const uint32_t variable = node_first_variable(diagram->words, a, b);
  assert(variable < diagram->variables); /* only a join is of values beyond yes and no */
  const uint32_t arity = diagram->arity[variable];
  DiagramRef children[64];
  for (uint32_t c = 0; c < arity; c++) {
    const DiagramRef ac = node_branch(diagram->words, a, variable, c),
                     bc = node_branch(diagram->words, b, variable, c);
    children[c] = apply(diagram, operation, ac, bc);
  }
  result = diagram_node(diagram, variable, children);
  applied_fit(diagram);
  *applied_slot(diagram, operation, a, b) = (AppliedSlot){a, b, stamp, result};
  return result;
}

static bool is_ref(const Diagram *diagram, DiagramRef ref) {
  return diagram_is_value(ref) || ref < diagram->word_count;
}

/* Once too large always FALSE, also where the answer would have been at hand: what was built no
 * longer means what was asked. */
static DiagramRef operate(Diagram *diagram, Operation operation, DiagramRef a, DiagramRef b) {
  assert(is_ref(diagram, a) && is_ref(diagram, b));
  const DiagramRef result = apply(diagram, operation, a, b);
  return diagram->too_large ? DIAGRAM_FALSE : result;
}

DiagramRef diagram_literal(Diagram *diagram, uint32_t variable, uint64_t cells) {
  assert(variable < diagram->variables);
  DiagramRef children[64];
  for (uint32_t c = 0; c < diagram->arity[variable]; c++) children[c] = cells >> c & 1;
  return diagram_node(diagram, variable, children);
}

DiagramRef diagram_not(Diagram *diagram, DiagramRef a) {
  return operate(diagram, OPERATION_NOT, a, DIAGRAM_FALSE);
}
DiagramRef diagram_and(Diagram *diagram, DiagramRef a, DiagramRef b) {
  return operate(diagram, OPERATION_AND, a, b);
}
DiagramRef diagram_or(Diagram *diagram, DiagramRef a, DiagramRef b) {
  return operate(diagram, OPERATION_OR, a, b);
}

DiagramRef diagram_join(Diagram *diagram, const ValueJoin *join, DiagramRef a, DiagramRef b) {
  assert(diagram->join == NULL || diagram->join == join);
  diagram->join = join;
  return operate(diagram, OPERATION_JOIN, a, b);
}

/* reached[j]: at least j of the functions met so far. Only the j that can still become n, and have
 * not passed it, are kept up. */
DiagramRef diagram_at_least(Diagram *diagram, uint32_t n, const DiagramRef *functions,
                            uint32_t count) {
  if (diagram->too_large || n > count) return DIAGRAM_FALSE;
  if (n == 0) return DIAGRAM_TRUE;
  DiagramRef *reached = ARENA_ARRAY(diagram->arena, DiagramRef, n + 1);
  reached[0] = DIAGRAM_TRUE;
  for (uint32_t met = 0; met < count; met++) {
    const uint32_t remaining = count - met - 1;
    const uint32_t highest = met + 1 < n ? met + 1 : n,
                   lowest = n > remaining + 1 ? n - remaining : 1;
    for (uint32_t j = highest; j >= lowest; j--)
      reached[j] =
          diagram_or(diagram, reached[j], diagram_and(diagram, functions[met], reached[j - 1]));
  }
  return reached[n];
}

/* ---- Freezing ---- */

/* Give every needed node its place, parents before children and first children near, then
 * copy. */

typedef struct Places {
  const Diagram *diagram;
  uint32_t *place; /* by old ref; 0: not needed so far */
  uint32_t next, nodes;
} Places;

static void place_node(Places *places, DiagramRef node) {
  if (diagram_is_value(node) || places->place[node] != 0) return;
  const uint32_t arity = places->diagram->arity[places->diagram->words[node]];
  places->place[node] = places->next;
  places->next += 1 + arity;
  places->nodes++;
  for (uint32_t c = 0; c < arity; c++) place_node(places, places->diagram->words[node + 1 + c]);
}

/* Values stay as they are. */
static DiagramRef placed(const Places *places, DiagramRef ref) {
  return diagram_is_value(ref) ? ref : places->place[ref];
}

static void copy_placed(const Places *places, uint32_t *words) {
  const Diagram *diagram = places->diagram;
  for (DiagramRef node = DIAGRAM_FIRST; node < diagram->word_count;) {
    const uint32_t *from = diagram->words + node, arity = diagram->arity[from[0]];
    if (places->place[node] != 0) {
      uint32_t *to = words + places->place[node];
      to[0] = from[0];
      for (uint32_t c = 1; c <= arity; c++) to[c] = placed(places, from[c]);
    }
    node += 1 + arity;
  }
}

FrozenDiagram diagram_freeze(const Diagram *diagram, Arena *arena, DiagramRef *roots,
                             uint32_t count) {
  Places places = {diagram, ARENA_ARRAY(diagram->arena, uint32_t, diagram->word_count),
                   DIAGRAM_FIRST, 0};
  assert(!diagram->too_large); /* what was built would not mean what was asked */
  for (uint32_t r = 0; r < count; r++) {
    assert(is_ref(diagram, roots[r]));
    place_node(&places, roots[r]);
  }

  uint32_t *words = ARENA_ARRAY(arena, uint32_t, places.next);
  copy_placed(&places, words);
  for (uint32_t r = 0; r < count; r++) roots[r] = placed(&places, roots[r]);
  uint8_t *arity = ARENA_ARRAY(arena, uint8_t, diagram->variables);
  if (diagram->variables != 0) memcpy(arity, diagram->arity, diagram->variables);
  return (FrozenDiagram){words, places.next, places.nodes, diagram->variables, arity};
}
