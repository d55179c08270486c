/* word_map: numbers by keys of a fixed number of words, for walks that must not do a thing twice.
 *
 *     WordMap done;
 *     word_map_open(&done, arena, 2);
 *     uint32_t before;
 *     if (word_map_find(&done, (uint32_t[]){a, b}, &before)) return before;
 *
 * A hash table of places into two lists, which keep the order in which keys came:
 *
 *     slots   │  │ 2 │  │  │ 1 │  │        place + 1; 0: empty
 *     keys    │ a b │ c d │                 values  │ 7 │ 9 │
 */
#ifndef BASE_WORD_MAP_H
#define BASE_WORD_MAP_H

#include "base/arena.h"

typedef struct WordMap {
  Arena *arena;
  uint32_t key_words;
  uint32_t *slots;
  uint32_t mask; /* of the slots: a power of two, less one */
  LIST(uint32_t) keys;
  LIST(uint32_t) values;
} WordMap;

void word_map_open(WordMap *map, Arena *arena, uint32_t key_words);
bool word_map_find(const WordMap *map, const uint32_t *key, uint32_t *value);
/* The key must be new. */
void word_map_keep(WordMap *map, const uint32_t *key, uint32_t value);

#endif
