#pragma GCC diagnostic ignored \
    "-Wunused-function" /* the generator's header offers more than is used here */
#include "population.h"

#include "../../tests/property/generate.h"

enum { ROWS_OF_A_SUBJECT = 512 };

static void add_rows_of(Subject *subject, Builder *builder, uint32_t rows, Chance *chance) {
  Pool pool = pool_new(subject, chance);
  Arena arena;
  arena_open(&arena);
  for (uint32_t r = 0; r < rows; r++) {
    Draft draft = draft_new(&arena, subject, &pool, chance, r);
    const Text json = draft_json(&arena, &draft, NULL, NULL);
    if (!builder_add_json(builder, json.at, json.length)) abort();
    arena_reset(&arena);
  }
  arena_close(&arena);
}

void population_add(const licet_library *library, Builder *builder, uint32_t rows, uint64_t seed) {
  Chance chance = {seed};
  for (uint32_t added = 0, turn = 0; added < rows; turn++) {
    Subject *subject =
        subject_new(library->policies.items[turn % library->policies.count], &chance);
    const uint32_t count = rows - added < ROWS_OF_A_SUBJECT ? rows - added : ROWS_OF_A_SUBJECT;
    if (!subject->has_series) {
      add_rows_of(subject, builder, count, &chance);
      added += count;
    }
    subject_free(subject);
  }
}
