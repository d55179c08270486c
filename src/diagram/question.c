/* question: which answers does a function still have, within a care set, when facts are only known
 * to lie in sets of cells? (diagram_evaluate)
 *
 * A depth-first walk of the function and the care set side by side into every allowed cell, each
 * pair of nodes once (the product construction of Bryant's apply, without making nodes), until both
 * answers were met. Nothing needs to be remembered of a pair but that it was entered: what it can
 * answer was noted then. A completion outside the care set answers nothing.
 */
#include "diagram/scratch.h"

#include <assert.h>

enum { SEEN_TRUE = 1, SEEN_FALSE = 2, SEEN_BOTH = 3 };

typedef struct Walk {
  const FrozenDiagram *diagram;
  const uint64_t *allowed;
  Memo *visited;
  unsigned seen;
} Walk;

static void walk_pair(Walk *walk, DiagramRef function, DiagramRef care);

static void walk_branches(Walk *walk, DiagramRef function, DiagramRef care) {
  const uint32_t *words = walk->diagram->words,
                 variable = node_first_variable(words, function, care);
  DiagramRef last_function = UINT32_MAX, last_care = UINT32_MAX;
  uint64_t cells = walk->allowed[variable] & cells_all(walk->diagram->arity[variable]);
  for (; cells != 0 && walk->seen != SEEN_BOTH; cells &= cells - 1) {
    const DiagramRef f = node_branch(words, function, variable, cells_first(cells));
    const DiagramRef a = node_branch(words, care, variable, cells_first(cells));
    if (f == last_function && a == last_care)
      continue; /* neighboring cells often lead to the same place */
    walk_pair(walk, last_function = f, last_care = a);
  }
}

static void walk_pair(Walk *walk, DiagramRef function, DiagramRef care) {
  function = node_pass_known(walk->diagram->words, function, walk->allowed);
  care = node_pass_known(walk->diagram->words, care, walk->allowed);
  if (care == DIAGRAM_FALSE) return;
  if (function <= DIAGRAM_TRUE) {
    const unsigned answer = function == DIAGRAM_TRUE ? SEEN_TRUE : SEEN_FALSE;
    if (walk->seen & answer) return;
    if (care == DIAGRAM_TRUE) {
      walk->seen |= answer;
      return;
    }
  }
  if (memo_enter(walk->visited, function, care)) walk_branches(walk, function, care);
}

Holds diagram_evaluate(const FrozenDiagram *diagram, DiagramRef function, DiagramRef care,
                       const uint64_t *allowed, DiagramScratch *scratch) {
  assert(function <= DIAGRAM_TRUE || function < diagram->word_count);
  assert(care <= DIAGRAM_TRUE || care < diagram->word_count);
  function = node_pass_known(diagram->words, function, allowed);
  care = node_pass_known(diagram->words, care, allowed);
  if (function == DIAGRAM_FALSE || care == DIAGRAM_FALSE) return HOLDS_NEVER;
  if (function == DIAGRAM_TRUE && care == DIAGRAM_TRUE) return HOLDS_ALWAYS;
  Walk walk = {diagram, allowed, &scratch->visited, 0};
  memo_forget(walk.visited);
  walk_pair(&walk, function, care);
  if (!(walk.seen & SEEN_TRUE)) return HOLDS_NEVER;
  return walk.seen == SEEN_BOTH ? HOLDS_SOMETIMES : HOLDS_ALWAYS;
}

/* diagram_any_excluding walks any number of functions side by side, depth first; it is asked
 * rarely, of few open variables. */

enum { OTHERS = 32, WITHOUT_STEPS = 1 << 18 };

typedef struct Without {
  const FrozenDiagram *diagram;
  const uint64_t *allowed;
  uint32_t count; /* refs walked: function, care, then the others */
  uint32_t steps;
} Without;

static bool some_without(Without *walk, const DiagramRef *refs) {
  DiagramRef here[OTHERS + 2], next[OTHERS + 2];
  uint32_t variable = UINT32_MAX;
  for (uint32_t i = 0; i < walk->count; i++) {
    here[i] = node_pass_known(walk->diagram->words, refs[i], walk->allowed);
    if (here[i] == (i < 2 ? DIAGRAM_FALSE : DIAGRAM_TRUE)) return false;
    if (here[i] > DIAGRAM_TRUE && walk->diagram->words[here[i]] < variable)
      variable = walk->diagram->words[here[i]];
  }
  if (variable == UINT32_MAX || walk->steps++ > WITHOUT_STEPS) return true;
  for (uint64_t cells = walk->allowed[variable] & cells_all(walk->diagram->arity[variable]);
       cells != 0; cells &= cells - 1) {
    for (uint32_t i = 0; i < walk->count; i++)
      next[i] = node_branch(walk->diagram->words, here[i], variable, cells_first(cells));
    if (some_without(walk, next)) return true;
  }
  return false;
}

bool diagram_any_excluding(const FrozenDiagram *diagram, DiagramRef function,
                           const DiagramRef *others, uint32_t count, DiagramRef care,
                           const uint64_t *allowed) {
  DiagramRef refs[OTHERS + 2] = {function, care};
  if (count > OTHERS) return true;
  for (uint32_t i = 0; i < count; i++) refs[i + 2] = others[i];
  Without walk = {diagram, allowed, count + 2, 0};
  return some_without(&walk, refs);
}
