/* tree_walk: the decision a programmer would write without diagrams, to measure the engine against.
 *
 * A policy's criteria stay the tree they are on the page. Each leaf's condition is a small tree of
 * tests; a test looks whether the cell of one variable is in a mask. Every node's status is kept,
 * so nothing that has a status is skipped; conditions within a leaf stop as soon as they are
 * settled. All facts are known. The outcome is read off the statuses in the order of
 * src/decide/outcome.def (complete.h).
 *
 * It is built from the policy's model, not from the diagram, and so also checks it.
 */
#ifndef BENCH_REFERENCE_TREE_WALK_H
#define BENCH_REFERENCE_TREE_WALK_H

#include "complete.h"

typedef struct TreeWalk TreeWalk;

TreeWalk *tree_walk_open(const CompiledPolicy *compiled, Arena *arena);
/* cells: of each variable; status: 1 met, 0 not met, for each compiled criterion. */
Conclusion tree_walk(const TreeWalk *tree, const uint8_t *cells, uint8_t *status);

#endif
