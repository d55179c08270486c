/* diagram_whatever: what remains of a function when it must hold whatever some variables are. */
#include "diagram/scratch.h"

typedef struct Quantified {
  Diagram *diagram;
  const uint64_t *cells;
  Memo *built;
} Quantified;

/* The words may move whenever a node is made: they are read anew each time. */
static DiagramRef whatever(Quantified *q, DiagramRef at) {
  uint32_t before;
  if (at <= DIAGRAM_TRUE) return at;
  if (memo_find(q->built, at, at, 0, &before)) return before;
  const uint32_t variable = q->diagram->words[at], arity = q->diagram->arity[variable];
  DiagramRef result = DIAGRAM_TRUE;
  if (q->cells[variable] == 0) {
    DiagramRef children[64];
    for (uint32_t c = 0; c < arity; c++) children[c] = whatever(q, q->diagram->words[at + 1 + c]);
    result = diagram_node(q->diagram, variable, children);
  } else {
    for (uint64_t cells = q->cells[variable]; cells != 0 && result != DIAGRAM_FALSE;
         cells &= cells - 1)
      result = diagram_and(q->diagram, result,
                           whatever(q, q->diagram->words[at + 1 + cells_first(cells)]));
  }
  memo_keep(q->built, at, at, 0, result);
  return result;
}

DiagramRef diagram_forall(Diagram *diagram, DiagramRef function, const uint64_t *cells,
                          DiagramScratch *scratch) {
  Quantified q = {diagram, cells, &scratch->built};
  memo_forget(q.built);
  return whatever(&q, function);
}
