/* scratch: memos by a key of two refs and a number: hash tables with open addressing and linear
 * probing, at most half full.
 *
 * Invariant: a slot is taken when its epoch is the memo's. So forgetting everything is one step of
 * the epoch, and only when the epoch wraps around are the slots cleared. A table is replaced after
 * its successor was allocated. */
#include "diagram/scratch.h"

#include "base/limits.h"

#include <string.h>

enum { FIRST_SLOTS = 256 };

static void memo_open(Memo *memo, Arena *arena) {
  *memo = (Memo){.arena = arena,
                 .slots = ARENA_ARRAY(arena, MemoSlot, FIRST_SLOTS),
                 .capacity = FIRST_SLOTS,
                 .epoch = 1};
}

void memo_forget(Memo *memo) {
  memo->count = 0;
  if (++memo->epoch != 0) return;
  memset(memo->slots, 0, sizeof(MemoSlot) * memo->capacity);
  memo->epoch = 1;
}

/* The slot that holds the key, or the empty one where it belongs. */
static MemoSlot *memo_slot(const Memo *memo, DiagramRef a, DiagramRef b, uint32_t number) {
  const uint64_t key = ((uint64_t)a << 32 | b) + ((uint64_t)number << 24);
  const uint32_t mask = memo->capacity - 1;
  uint32_t at = (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
  for (;; at = (at + 1) & mask) {
    MemoSlot *slot = &memo->slots[at];
    if (slot->epoch != memo->epoch || (slot->a == a && slot->b == b && slot->number == number))
      return slot;
  }
}

static void memo_grow(Memo *memo) {
  const MemoSlot *old = memo->slots;
  const uint32_t old_capacity = memo->capacity;
  memo->slots = ARENA_ARRAY(memo->arena, MemoSlot, 2 * (size_t)old_capacity);
  memo->capacity = 2 * old_capacity;
  for (uint32_t i = 0; i < old_capacity; i++)
    if (old[i].epoch == memo->epoch) *memo_slot(memo, old[i].a, old[i].b, old[i].number) = old[i];
}

bool memo_find(const Memo *memo, DiagramRef a, DiagramRef b, uint32_t number, uint32_t *value) {
  const MemoSlot *slot = memo_slot(memo, a, b, number);
  if (slot->epoch != memo->epoch) return false;
  *value = slot->value;
  return true;
}

static bool memo_set(Memo *memo, MemoSlot entry) {
  MemoSlot *slot = memo_slot(memo, entry.a, entry.b, entry.number);
  const bool fresh = slot->epoch != memo->epoch;
  *slot = entry;
  if (fresh && ++memo->count * 2 >= memo->capacity) memo_grow(memo);
  return fresh;
}

void memo_keep(Memo *memo, DiagramRef a, DiagramRef b, uint32_t number, uint32_t value) {
  memo_set(memo, (MemoSlot){a, b, number, memo->epoch, value});
}

bool memo_enter(Memo *memo, DiagramRef a, DiagramRef b) {
  return memo_set(memo, (MemoSlot){a, b, 0, memo->epoch, 0});
}

DiagramScratch *diagram_scratch_open(Arena *arena) {
  DiagramScratch *scratch = ARENA_NEW(arena, DiagramScratch);
  scratch->arena = arena;
  memo_open(&scratch->visited, arena);
  memo_open(&scratch->built, arena);
  memo_open(&scratch->families, arena);
  memo_open(&scratch->settled, arena);
  memo_open(&scratch->least, arena);
  scratch->conditions = diagram_open(arena, NULL, 0, 0);
  scratch->enough = diagram_open(arena, NULL, 0, 0);
  scratch->sets = recall_open(arena);
  scratch->others = recall_open(arena);
  return scratch;
}

void diagram_scratch_allow(DiagramScratch *scratch) { scratch->spent = 0; }

uint64_t diagram_scratch_spent(const DiagramScratch *scratch) { return scratch->spent; }

uint64_t diagram_scratch_left(const DiagramScratch *scratch) {
  return scratch->spent < LIMIT_SEARCH_STEPS ? LIMIT_SEARCH_STEPS - scratch->spent : 0;
}

bool diagram_scratch_charge(DiagramScratch *scratch) {
  scratch->spent += 1 + scratch->visited.count;
  return scratch->spent < LIMIT_SEARCH_STEPS;
}

struct Recall *diagram_scratch_recall(DiagramScratch *scratch) {
  return scratch->others;
}
