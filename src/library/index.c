/* index: a hash table with open addressing over groups of policies that share a key (Knuth, The Art
 * of Computer Programming 3, 6.4, algorithm L). A library is written once and asked for every
 * request, so groups are only ever added.
 *
 * Invariant: at most half of the slots are taken, so a search ends.
 */
#include "library/index.h"

static uint32_t slot_of(const PolicyIndex *index, Text key) {
  uint32_t slot = text_hash(key) & index->mask;
  while (index->slots[slot] != 0 &&
         !text_equal(index->groups.items[index->slots[slot] - 1]->key, key))
    slot = (slot + 1) & index->mask;
  return slot;
}

static void grow(PolicyIndex *index, Arena *arena) {
  const uint32_t count = index->slots == NULL ? 16 : 2 * (index->mask + 1);
  index->slots = ARENA_ARRAY(arena, uint32_t, count);
  index->mask = count - 1;
  for (uint32_t i = 0; i < index->groups.count; i++)
    index->slots[slot_of(index, index->groups.items[i]->key)] = i + 1;
}

void index_add(PolicyIndex *index, Arena *arena, Text key, const licet_policy *policy) {
  if (index->slots == NULL || 2 * (index->groups.count + 1) > index->mask) grow(index, arena);
  const uint32_t slot = slot_of(index, key);
  if (index->slots[slot] == 0) {
    PolicyGroup *group = ARENA_NEW(arena, PolicyGroup);
    group->key = key;
    LIST_PUSH(arena, index->groups, group);
    index->slots[slot] = index->groups.count;
  }
  LIST_PUSH(arena, index->groups.items[index->slots[slot] - 1]->policies, policy);
}

const PolicyGroup *index_find(const PolicyIndex *index, Text key) {
  if (index->slots == NULL) return NULL;
  const uint32_t place = index->slots[slot_of(index, key)];
  return place == 0 ? NULL : index->groups.items[place - 1];
}
