/* recall: a direct-mapped cache of answers. A question's hash says the one place where its answer
 * can be; a later question of the same place overwrites it. The whole question is the key: nothing
 * is taken for equal that only has the same hash.
 *
 * Invariant: a place whose question has words holds the whole answer to it. So a place is emptied
 * before it is written, and its question is written last: memory may run out in between. */
#include "diagram/recall.h"

#include <assert.h>
#include <string.h>

enum { PLACES = 64 }; /* a power of two */

typedef struct Row {
  uint64_t *words;
  uint32_t count, capacity;
} Row;

typedef struct Place {
  Row question, answer; /* a question of no words: nothing is kept here */
} Place;

struct Recall {
  Arena *arena;
  Row asking;
  Place *place; /* of the question last looked for */
  Place places[PLACES];
};

/* The old words of a row that grows stay in the arena; capacities double, so they are at most as
 * many again. */
static void row_resize(Arena *arena, Row *row, uint32_t count) {
  row->count = 0; /* nothing, should memory run out */
  if (count > row->capacity) {
    const uint32_t capacity = count > 2 * row->capacity ? count : 2 * row->capacity;
    row->words = ARENA_ARRAY(arena, uint64_t, capacity);
    row->capacity = capacity;
  }
  row->count = count;
}

Recall *recall_open(Arena *arena) {
  Recall *recall = ARENA_NEW(arena, Recall);
  recall->arena = arena;
  return recall;
}

uint64_t *recall_question(Recall *recall, uint32_t words) {
  row_resize(recall->arena, &recall->asking, words);
  return recall->asking.words;
}

static uint64_t hash_of(const Row *row) {
  uint64_t hash = row->count;
  for (uint32_t i = 0; i < row->count; i++) {
    hash = (hash ^ row->words[i]) * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 32;
  }
  return hash;
}

static bool is_same(const Row *a, const Row *b) {
  return a->count == b->count && memcmp(a->words, b->words, a->count * sizeof *a->words) == 0;
}

const uint64_t *recall_find(Recall *recall, uint32_t *count) {
  recall->place = &recall->places[hash_of(&recall->asking) & (PLACES - 1)];
  if (recall->asking.count == 0 || !is_same(&recall->place->question, &recall->asking)) return NULL;
  *count = recall->place->answer.count;
  return recall->place->answer.words;
}

/* `count` words, and as many more if there are more. */
void recall_keep(Recall *recall, const uint64_t *answer, const uint64_t *more, uint32_t count) {
  Place *place = recall->place;
  assert(place != NULL);     /* recall_find came before: it says where */
  place->question.count = 0; /* until both are written */
  row_resize(recall->arena, &place->answer, more == NULL ? count : 2 * count);
  if (count > 0) memcpy(place->answer.words, answer, count * sizeof *answer);
  if (more != NULL) memcpy(place->answer.words + count, more, count * sizeof *more);
  row_resize(recall->arena, &place->question, recall->asking.count);
  memcpy(place->question.words, recall->asking.words,
         recall->asking.count * sizeof *recall->asking.words);
}
