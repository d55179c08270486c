/* builder: the inside of a Diagram, for this folder only.
 *
 * A node is a run of words: its variable, then one ref for each of the variable's cells. A ref is
 * the place where a node begins, or a value; 0 and 1 are FALSE and TRUE, so nodes begin at 2. The
 * function
 * "v0 is in cell 2, or v1 is in cell 1", where v0 has three cells and v1 has two:
 *
 *     words    0  1 | 2   3  4 | 5   6  7  8
 *              -  - | v1  0  1 | v0  2  2  1          refs: v1's node 2, v0's node 5
 *                     ^node 2    ^node 5
 *
 *     unique   hash of (variable, children)    ->  ref          every node there is
 *     applied  hash of (operation, a, b)       ->  result       the latest of each hash
 *
 * Children are made before their parents, so a builder's refs point to the left; freezing turns
 * this around (a walk then reads forwards).
 *
 * sets.c builds functions too, afresh for every question. It therefore keeps its builders and opens
 * them again (diagram_reopen): that forgets the nodes in constant time, by stepping an epoch with
 * which every table entry is stamped, and keeps the memory.
 */
#ifndef DIAGRAM_BUILDER_H
#define DIAGRAM_BUILDER_H

#include "diagram/diagram.h"

/* Where a node lies, found by its content. Slots of another epoch are empty. */
typedef struct UniqueSlot {
  uint32_t epoch;
  DiagramRef node;
} UniqueSlot;

/* What an operation gave before. One slot per hash, overwritten on a clash: losing an answer costs
 * time, never truth. */
typedef struct AppliedSlot {
  DiagramRef a, b;
  uint32_t stamp; /* epoch and operation */
  DiagramRef result;
} AppliedSlot;

struct Diagram {
  Arena *arena;
  uint8_t *arity;
  uint32_t variables, arity_capacity;
  uint32_t node_limit, node_count;
  bool too_large;
  uint32_t *words;
  uint32_t word_count, word_capacity;
  UniqueSlot *unique;
  uint32_t unique_capacity; /* a power of two, at least twice node_count */
  AppliedSlot *applied;
  uint32_t applied_capacity; /* a power of two; of these are in use since the builder was opened */
  uint32_t applied_reserved;
  uint32_t epoch;
  const ValueJoin *join; /* the only one since the builder was opened; NULL: none so far */
  uint64_t work; /* steps that operations took since the builder was opened: what took time is not
                    always what made nodes */
};

/* As after diagram_open, in the memory the builder already has. */
void diagram_reopen(Diagram *diagram, const uint8_t *arity, uint32_t variables,
                    uint32_t node_limit);

#endif
