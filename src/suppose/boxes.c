/* boxes: choices covered by few boxes.
 *
 * Each choice that is not covered yet is grown, value by value, for as long as the box holds no
 * choice that does not do. A box that cannot grow is a prime implicant of a function of many-valued
 * variables; taking them one after another is the greedy cover of two-level minimization (expand
 * and irredundant in Espresso: Brayton and others 1984; many-valued: Rudell and
 * Sangiovanni-Vincentelli 1987). It is not always the smallest cover.
 *
 * Invariant: a box never holds a choice that does not do, and the boxes together hold every choice
 * that does. */
#include "suppose/boxes.h"

#include <assert.h>

bool grid_add(Grid *grid, uint32_t size) {
  if (grid->dimensions == GRID_DIMENSIONS || size > 64 || size == 0 ||
      grid->choices > GRID_CHOICES / size)
    return false;
  grid->sizes[grid->dimensions++] = size;
  grid->choices *= size;
  return true;
}

static uint32_t value_of(const Grid *grid, uint32_t choice, uint32_t dimension) {
  for (uint32_t d = 0; d < dimension; d++) choice /= grid->sizes[d];
  return choice % grid->sizes[dimension];
}

static bool box_holds(const Grid *grid, const Box *box, uint32_t choice) {
  for (uint32_t d = 0; d < grid->dimensions; d++) {
    if (!((box->values[d] >> choice % grid->sizes[d]) & 1)) return false;
    choice /= grid->sizes[d];
  }
  return true;
}

bool box_has(const Grid *grid, const Box *box, const bool *in) {
  for (uint32_t c = 0; c < grid->choices; c++) {
    if (in[c] && box_holds(grid, box, c)) return true;
  }
  return false;
}

static bool is_within(const Grid *grid, const Box *box, const bool *in) {
  for (uint32_t c = 0; c < grid->choices; c++) {
    if (!in[c] && box_holds(grid, box, c)) return false;
  }
  return true;
}

/* The choice, and around it each value that can be let in without letting in a choice that does not
 * do. */
static Box grow(const Grid *grid, const bool *in, uint32_t choice) {
  Box box = {{0}};
  for (uint32_t d = 0; d < grid->dimensions; d++)
    box.values[d] = UINT64_C(1) << value_of(grid, choice, d);
  for (uint32_t d = 0; d < grid->dimensions; d++) {
    for (uint32_t v = 0; v < grid->sizes[d]; v++) {
      Box wider = box;
      wider.values[d] |= UINT64_C(1) << v;
      if (wider.values[d] != box.values[d] && is_within(grid, &wider, in)) box = wider;
    }
  }
  return box;
}

uint32_t grid_cover(Arena *arena, const Grid *grid, const bool *in, Box boxes[BOXES_MAX]) {
  assert(grid->dimensions <= GRID_DIMENSIONS && grid->choices <= GRID_CHOICES);
  bool *covered = ARENA_ARRAY(arena, bool, grid->choices);
  uint32_t count = 0;
  for (uint32_t c = 0; c < grid->choices; c++) {
    if (!in[c] || covered[c]) continue;
    if (count == BOXES_MAX) return BOXES_MAX + 1;
    boxes[count] = grow(grid, in, c);
    for (uint32_t other = c; other < grid->choices; other++)
      covered[other] = covered[other] || box_holds(grid, &boxes[count], other);
    count++;
  }
  return count;
}

void grid_drop(const Grid *grid, Box *boxes, uint32_t count, uint32_t which, uint32_t dimension,
               uint32_t value) {
  Box lost = boxes[which];
  lost.values[dimension] = UINT64_C(1) << value;
  for (uint32_t c = 0; c < grid->choices; c++) {
    bool is_held = !box_holds(grid, &lost, c);
    for (uint32_t b = 0; b < count && !is_held; b++)
      is_held = b != which && box_holds(grid, &boxes[b], c);
    if (!is_held) return;
  }
  boxes[which].values[dimension] &= ~lost.values[dimension];
}
