/* boxes: many choices said as few.
 *
 *     a grid                                    choices in it        as one box
 *     outcome: refractory | intolerant | …      (refractory, tki),   class tki, outcome
 *     class:   tki | chemotherapy               (intolerant, tki)    refractory or intolerant
 *
 * A grid has a number of dimensions, each with up to 64 values; a choice takes one value of each
 * and has a number: the first dimension's value, plus its size times the second's, and so on. A box
 * takes some values of each, and holds all their choices. */
#ifndef SUPPOSE_BOXES_H
#define SUPPOSE_BOXES_H

#include "base/arena.h"

enum { GRID_DIMENSIONS = 64, GRID_CHOICES = 4096, BOXES_MAX = 12 };

typedef struct Grid {
  uint32_t dimensions, sizes[GRID_DIMENSIONS];
  uint32_t choices; /* the product */
} Grid;

typedef struct Box {
  uint64_t values[GRID_DIMENSIONS];
} Box;

/* False where the grid would have more than GRID_CHOICES choices. */
bool grid_add(Grid *grid, uint32_t size);
static inline Grid grid_open(void) { return (Grid){.choices = 1}; }
/* Does the box hold a choice c with in[c]? */
bool box_has(const Grid *grid, const Box *box, const bool *in);
/* Takes the value out of one of the boxes, where the others hold all the choices that it loses. */
void grid_drop(const Grid *grid, Box *boxes, uint32_t count, uint32_t which, uint32_t dimension,
               uint32_t value);
/* Boxes that together hold exactly the choices c with in[c]; their number, or BOXES_MAX + 1 where
 * it takes more. */
uint32_t grid_cover(Arena *arena, const Grid *grid, const bool *in, Box boxes[BOXES_MAX]);

#endif
