/* quantify: universal quantification. diagram_forall takes away some variables and leaves the
 * function of all others that holds where the given one does in each of their cells.
 *
 * One recursion down the diagram with a memo of results: a node of a variable that stays is made
 * again over its quantified children, a node of one that goes becomes the AND of them. */
#include "diagram/scratch.h"

#include <assert.h>

typedef struct Quantified {
  Diagram *diagram;
  const uint64_t *cells;
  Memo *built;
} Quantified;

/* The words may move whenever a node is made: they are read again each time. */
static DiagramRef forall(Quantified *q, DiagramRef at) {
  uint32_t before;
  if (at <= DIAGRAM_TRUE) return at;
  if (memo_find(q->built, at, at, 0, &before)) return before;
  const uint32_t variable = q->diagram->words[at], arity = q->diagram->arity[variable];
  DiagramRef result = DIAGRAM_TRUE;
  if (q->cells[variable] == 0) {
    DiagramRef children[64];
    for (uint32_t c = 0; c < arity; c++) children[c] = forall(q, q->diagram->words[at + 1 + c]);
    result = diagram_node(q->diagram, variable, children);
  } else {
    for (uint64_t cells = q->cells[variable]; cells != 0 && result != DIAGRAM_FALSE;
         cells &= cells - 1)
      result = diagram_and(q->diagram, result,
                           forall(q, q->diagram->words[at + 1 + cells_first(cells)]));
  }
  memo_keep(q->built, at, at, 0, result);
  return result;
}

DiagramRef diagram_forall(Diagram *diagram, DiagramRef function, const uint64_t *cells,
                          DiagramScratch *scratch) {
  assert(function < diagram->word_count);
  Quantified q = {diagram, cells, &scratch->built};
  memo_forget(q.built);
  return forall(&q, function);
}
