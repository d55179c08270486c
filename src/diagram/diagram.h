/* diagram: functions over facts that fall into finitely many cells, in canonical form.
 *
 * A variable is one thing a policy asks of one fact ("the age", "the regimen", "is the weight
 * given"); its cells are the cases that the policy can distinguish (under 1 month, 1 month to 14
 * years, …), at most 64. A node branches on one variable, one child per cell; variables are met in
 * ascending order on every path, and no two nodes are equal, so two functions are the same exactly
 * when their refs are.
 *
 *        [disease_status] ── relapsed, refractory ──────────────→ TRUE
 *               └─ remission → [mrd_level] ── at least 0.1 % ──→ TRUE
 *                                   └──────── below ───────────→ FALSE
 *
 * "Not known" is not a cell: it is a set of cells that are still possible. Asking over sets
 * (diagram_evaluate) therefore answers exactly: does the function hold in every completion, in
 * some, in none.
 *
 * Most functions answer yes or no. A function may also answer with a number (a multi-terminal
 * diagram: diagram_value); its paths then end in more than two places.
 *
 * Nodes lie in one array of words: node n is  words[n] = variable, words[n + 1 + c] = child for
 * cell c.  A ref is a node's place or a value:
 *
 *     0  1 │ 2 ……………………………………… 2^31 - 1 │ 2^31 + 2 ……………
 *     no yes │ places of nodes            │ the values 2, 3, …
 *
 * A frozen diagram is only read, by any number of threads.
 */
#ifndef DIAGRAM_DIAGRAM_H
#define DIAGRAM_DIAGRAM_H

#include "base/arena.h"
#include "base/bits.h"

typedef uint32_t DiagramRef;
#define DIAGRAM_FALSE 0u
#define DIAGRAM_TRUE 1u
#define DIAGRAM_FIRST 2u /* where nodes begin; the words before are never read */
#define DIAGRAM_VALUES (1u << 31)

/* The function that is `number` everywhere, below 2^31. Yes and no are the values 1 and 0. */
static inline DiagramRef diagram_value(uint32_t number) {
  return number <= DIAGRAM_TRUE ? number : DIAGRAM_VALUES | number;
}
/* Nodes lie between yes and no and all other values: one comparison. */
static inline bool diagram_is_value(DiagramRef ref) {
  return ref - DIAGRAM_FIRST >= DIAGRAM_VALUES - DIAGRAM_FIRST;
}
/* The number of a value. */
static inline uint32_t diagram_number(DiagramRef value) { return value & ~DIAGRAM_VALUES; }

typedef struct Diagram Diagram;
/* Scratch for questions: one per thread; grows to the largest diagram asked and then allocates no
 * more. */
typedef struct DiagramScratch DiagramScratch;

/* A builder in `arena`; `arity[v]` cells of variable v (1 to 64). `node_limit` bounds its size:
 * beyond it every operation returns FALSE and diagram_too_large() says so. */
Diagram *diagram_open(Arena *arena, const uint8_t *arity, uint32_t variables, uint32_t node_limit);
bool diagram_too_large(const Diagram *diagram);
uint32_t diagram_nodes(const Diagram *diagram);

/* The nodes as they stand, laid out as those of a frozen diagram; only until the next operation. */
const uint32_t *diagram_words(const Diagram *diagram);
uint32_t diagram_word_count(const Diagram *diagram);

/* Functions that answer yes or no.
 *
 * A literal holds exactly where the variable's cell is in `cells`. */
DiagramRef diagram_literal(Diagram *diagram, uint32_t variable, uint64_t cells);
DiagramRef diagram_not(Diagram *diagram, DiagramRef a);
DiagramRef diagram_and(Diagram *diagram, DiagramRef a, DiagramRef b);
DiagramRef diagram_or(Diagram *diagram, DiagramRef a, DiagramRef b);
/* At least n of the functions hold. */
DiagramRef diagram_at_least(Diagram *diagram, uint32_t n, const DiagramRef *functions,
                            uint32_t count);

/* The function that is children[c], of one value for each cell, where the variable's cell is c. All
 * children ask later variables only, or none. */
DiagramRef diagram_node(Diagram *diagram, uint32_t variable, const DiagramRef *children);

/* Functions of any value.
 *
 * A join says which value two values make together. It must be the join of a semilattice with
 * DIAGRAM_FALSE at its bottom: commutative, associative, a value joined with itself or with FALSE
 * is that value. A builder knows one join: its memory of results is of that one. */
typedef struct ValueJoin {
  DiagramRef (*of)(void *context, DiagramRef a, DiagramRef b); /* of two values, never equal */
  void *context;
} ValueJoin;
DiagramRef diagram_join(Diagram *diagram, const ValueJoin *join, DiagramRef a, DiagramRef b);

/* The same function with each value replaced by another, as a function of `into`, which has the
 * same variables. `of` is called once for each value that the function can have. */
typedef struct ValueMap {
  DiagramRef (*of)(void *context, DiagramRef value);
  void *context;
} ValueMap;
DiagramRef diagram_map(Diagram *into, const Diagram *from, DiagramRef function,
                       const ValueMap *map);

/* Are there two completions that differ in this variable alone, for which one of the diagram's
 * functions has two values, neither of them FALSE? */
bool diagram_depends(const Diagram *diagram, uint32_t variable);

/* The nodes that `roots` need, compacted into `arena`; the roots are renumbered in place. */
typedef struct FrozenDiagram {
  const uint32_t *words;
  uint32_t word_count;
  uint32_t node_count;
  uint32_t variables;
  const uint8_t *arity;
} FrozenDiagram;
FrozenDiagram diagram_freeze(const Diagram *diagram, Arena *arena, DiagramRef *roots,
                             uint32_t count);

/* For walks of one's own: sets of cells, and the words of a diagram. */

static inline uint64_t cells_all(uint32_t arity) { return bits_all(arity); }
static inline uint64_t cells_one(uint32_t cell) { return UINT64_C(1) << cell; }
static inline bool cells_many(uint64_t cells) { return (cells & (cells - 1)) != 0; }
static inline uint32_t cells_first(uint64_t cells) { return (uint32_t)__builtin_ctzll(cells); }
static inline uint32_t cells_count(uint64_t cells) { return (uint32_t)__builtin_popcountll(cells); }

/* The variable a function asks first; values ask none and come last. */
static inline uint32_t node_variable(const uint32_t *words, DiagramRef at) {
  return diagram_is_value(at) ? UINT32_MAX : words[at];
}
static inline uint32_t node_first_variable(const uint32_t *words, DiagramRef a, DiagramRef b) {
  const uint32_t va = node_variable(words, a), vb = node_variable(words, b);
  return va < vb ? va : vb;
}
/* What remains of a function that asks nothing before `variable`, once that is `cell`. */
static inline DiagramRef node_branch(const uint32_t *words, DiagramRef at, uint32_t variable,
                                     uint32_t cell) {
  return node_variable(words, at) == variable ? words[at + 1 + cell] : at;
}

/* Down through the variables of which `open` leaves one cell: they are known. */
static inline DiagramRef node_pass_known(const uint32_t *words, DiagramRef at,
                                         const uint64_t *open) {
  while (at > DIAGRAM_TRUE && !cells_many(open[words[at]]))
    at = words[at + 1 + cells_first(open[words[at]])];
  return at;
}

/* Everything known: cells[v] is the cell of variable v. */
static inline bool diagram_walk(const uint32_t *words, DiagramRef at, const uint8_t *cells) {
  while (at > DIAGRAM_TRUE) at = words[at + 1 + cells[words[at]]];
  return at == DIAGRAM_TRUE;
}

typedef enum Holds { HOLDS_NEVER, HOLDS_SOMETIMES, HOLDS_ALWAYS } Holds;

DiagramScratch *diagram_scratch_open(Arena *arena);
/* A request may take so many steps in all its searches (LIMIT_SEARCH_STEPS); to be called before
 * each. Searches beyond it end at once, and say that they did not get there. The steps of a
 * question do not depend on what was asked before. */
void diagram_scratch_allow(DiagramScratch *scratch);
uint64_t diagram_scratch_spent(const DiagramScratch *scratch);
/* Charges the last diagram_evaluate as a part of a search; false: nothing is left to spend. */
bool diagram_scratch_charge(DiagramScratch *scratch);
/* Answers kept for those who ask many questions of the same open cells (recall.h). */
struct Recall *diagram_scratch_recall(DiagramScratch *scratch);

/* Over every completion (allowed[v]: the cells still possible, never 0) in which `care` holds too.
 * `care` = DIAGRAM_TRUE: over all. No completion at all counts as HOLDS_NEVER. Work is bounded by
 * the product of the two diagrams' sizes; a path of known facts costs one step per node. */
Holds diagram_evaluate(const FrozenDiagram *diagram, DiagramRef function, DiagramRef care,
                       const uint64_t *allowed, DiagramScratch *scratch);

/* In a diagram under construction: the function of all other variables that holds where this one
 * does in each of cells[v], for every variable with cells[v] not 0. */
DiagramRef diagram_forall(Diagram *diagram, DiagramRef function, const uint64_t *cells,
                          DiagramScratch *scratch);

/* Is there a completion that `care` permits in which `function` holds and none of the `others`?
 * Bounded: where the answer would take too long it is taken to be yes. */
bool diagram_any_excluding(const FrozenDiagram *diagram, DiagramRef function,
                           const DiagramRef *others, uint32_t count, DiagramRef care,
                           const uint64_t *allowed);

/* Which sets of facts would be enough?
 *
 * A set S is enough when values can be chosen for the facts in S (cells within `choice[v]`) so that
 * `function` holds in every completion of all other variables (cells within `allowed[v]`) that
 * `care` permits, at least one of which exists. Minimal sets only, smallest first, then in
 * ascending order of their members' ranks (bit 0 first: the caller numbers facts alphabetically),
 * at most `capacity`; returns how many. Each is verified to be enough before it is returned.
 *
 * facts[v]: the facts (bits) that choosing v costs; 0 with a choice: free. choice[v] = 0: v cannot
 * be chosen. choice[v] need not lie within allowed[v] only where both describe the same fact before
 * and after it is documented. */
typedef struct SetQuestion {
  const FrozenDiagram *diagram;
  DiagramRef function, care;
  const uint64_t *allowed, *choice, *facts;
  /* Where together[v]: choosing v does not pick one cell of choice[v], it only confines v to them
   * (a document settles what was said, not what was left open). NULL: nowhere. */
  const bool *together;
} SetQuestion;
/* *complete: these are all the minimal sets there are. Not so where there are more than `capacity`,
 * or where the search, whose work is bounded, gave up. */
uint32_t diagram_minimal_sets(const SetQuestion *question, DiagramScratch *scratch, uint64_t *sets,
                              uint32_t capacity, bool *complete);
/* Is this set of facts enough? A search that gave up has shown neither yes nor no. */
typedef enum Enough { ENOUGH_NO, ENOUGH_YES, ENOUGH_GAVE_UP } Enough;
Enough diagram_is_enough(const SetQuestion *question, uint64_t set, DiagramScratch *scratch);

#endif
