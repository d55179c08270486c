/* word_map: a hash table with open addressing and linear probing, at most half full.
 *
 * Invariant: the slot of a key is the first from its hash on that holds the key or nothing, so a
 * key is there once. */
#include "base/word_map.h"

#include <assert.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

void word_map_open(WordMap *map, Arena *arena, uint32_t key_words) {
  *map = (WordMap){.arena = arena, .key_words = key_words, .mask = FIRST_SLOTS - 1};
  map->slots = ARENA_ARRAY(arena, uint32_t, FIRST_SLOTS);
}

static uint32_t hash_of(const WordMap *map, const uint32_t *key) {
  uint64_t hash = UINT64_C(0x9E3779B97F4A7C15);
  for (uint32_t i = 0; i < map->key_words; i++) {
    hash = (hash ^ key[i]) * UINT64_C(0xBF58476D1CE4E5B9);
    hash ^= hash >> 29;
  }
  return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t *slot_of(const WordMap *map, const uint32_t *key) {
  uint32_t at = hash_of(map, key) & map->mask;
  while (map->slots[at] != 0 &&
         memcmp(map->keys.items + (size_t)(map->slots[at] - 1) * map->key_words, key,
                map->key_words * sizeof *key) != 0)
    at = (at + 1) & map->mask;
  return &map->slots[at];
}

bool word_map_find(const WordMap *map, const uint32_t *key, uint32_t *value) {
  const uint32_t slot = *slot_of(map, key);
  if (slot != 0) *value = map->values.items[slot - 1];
  return slot != 0;
}

static void grow(WordMap *map) {
  map->slots = ARENA_ARRAY(map->arena, uint32_t, 4 * ((size_t)map->mask + 1));
  map->mask = map->mask * 4 + 3;
  for (uint32_t i = 0; i < map->values.count; i++)
    *slot_of(map, map->keys.items + (size_t)i * map->key_words) = i + 1;
}

void word_map_keep(WordMap *map, const uint32_t *key, uint32_t value) {
  if (map->values.count * 2 > map->mask) grow(map);
  uint32_t *slot = slot_of(map, key);
  assert(*slot == 0);
  for (uint32_t i = 0; i < map->key_words; i++) LIST_PUSH(map->arena, map->keys, key[i]);
  LIST_PUSH(map->arena, map->values, value);
  *slot = map->values.count;
}
