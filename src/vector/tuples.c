/* Tuples hash into an open-addressed table of numbers; runs of rows with one tuple are looked up
 * once each. The number of a tuple never changes while the table stands.
 */
#include "vector/tuples.h"

#include <string.h>

enum { FIRST_SLOTS = 1024, ROWS_AT_ONCE = 64 };

void tuples_open(Tuples *tuples, Arena *arena) {
  *tuples = (Tuples){.arena = arena,
                     .slot_count = FIRST_SLOTS,
                     .slots = ARENA_ARRAY(arena, TupleSlot, FIRST_SLOTS)};
}

static inline uint32_t hash_of(const Tuple *tuple) {
  uint64_t low, high;
  memcpy(&low, tuple->codes, 8);
  memcpy(&high, tuple->codes + 2, 8);
  uint64_t hash = (low ^ high * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
  return (uint32_t)(hash >> 32);
}

static inline bool same(const Tuple *a, const Tuple *b) {
  uint64_t x[2], y[2];
  memcpy(x, a, sizeof x);
  memcpy(y, b, sizeof y);
  return x[0] == y[0] && x[1] == y[1];
}

/* The tuple's own slot, or the empty one where it belongs. */
static inline TupleSlot *slot_of(const Tuples *tuples, const Tuple *tuple, uint32_t hash) {
  for (uint32_t at = hash;; at++) {
    TupleSlot *slot = &tuples->slots[at & (tuples->slot_count - 1)];
    if (slot->number == 0 || same(&slot->tuple, tuple)) return slot;
  }
}

static void widen(Tuples *tuples) {
  const TupleSlot *before = tuples->slots;
  const uint32_t count = tuples->slot_count;
  tuples->slots = ARENA_ARRAY(tuples->arena, TupleSlot, 2 * (size_t)count);
  tuples->slot_count = 2 * count;
  for (uint32_t i = 0; i < count; i++)
    if (before[i].number != 0)
      *slot_of(tuples, &before[i].tuple, hash_of(&before[i].tuple)) = before[i];
}

static uint32_t add(Tuples *tuples, const Tuple *tuple) {
  if (2 * tuples->met.count + 2 > tuples->slot_count) widen(tuples);
  LIST_PUSH(tuples->arena, tuples->met, *tuple);
  *slot_of(tuples, tuple, hash_of(tuple)) = (TupleSlot){*tuple, tuples->met.count};
  return tuples->met.count - 1;
}

static inline uint32_t number_of(Tuples *tuples, const Tuple *tuple, uint32_t hash) {
  const TupleSlot *slot = slot_of(tuples, tuple, hash);
  return slot->number != 0 ? slot->number - 1 : add(tuples, tuple);
}

uint32_t tuples_number(Tuples *tuples, const Tuple *tuple) {
  return number_of(tuples, tuple, hash_of(tuple));
}

/* Where each row's slot lies is known before the first is looked at, so that they come from memory
 * side by side. */
void tuples_number_rows(Tuples *tuples, const uint32_t *const *codes, uint32_t columns,
                        uint32_t rows, uint32_t *numbers) {
  Tuple some[ROWS_AT_ONCE];
  uint32_t hashes[ROWS_AT_ONCE];
  memset(some, 0, sizeof some);
  for (uint32_t first = 0; first < rows; first += ROWS_AT_ONCE) {
    const uint32_t count = rows - first < ROWS_AT_ONCE ? rows - first : ROWS_AT_ONCE;
    for (uint32_t c = 0; c < columns; c++)
      for (uint32_t r = 0; r < count; r++) some[r].codes[c] = codes[c][first + r];
    for (uint32_t r = 0; r < count; r++) {
      hashes[r] = hash_of(&some[r]);
      __builtin_prefetch(&tuples->slots[hashes[r] & (tuples->slot_count - 1)]);
    }
    for (uint32_t r = 0; r < count; r++)
      numbers[first + r] = number_of(tuples, &some[r], hashes[r]);
  }
}
