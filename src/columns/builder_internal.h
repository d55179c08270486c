/* builder_internal: what builder.c and fast_path.c share. Private to src/columns. */
#ifndef COLUMNS_BUILDER_INTERNAL_H
#define COLUMNS_BUILDER_INTERNAL_H

#include "columns/builder.h"
#include "json/reader.h"

#define QUICK_BYTES                                                                              \
  32u /* a value in so many bytes is compared as words; JSON_INDEX_PADDING says that they may be \
         read */
#define QUICK_KEY_BYTES 48u
#define QUICK_PAYERS 16u
#define QUICK_SLOTS (2 * BUILDER_COLUMNS_MOST)
#define QUICK_VALUES 64u /* at first, and at the most; powers of two */
#define QUICK_VALUES_MOST 512u

/* A short value as written, and the entries it results in, by what stands around it (around_of in
 * fast_path.c). A line of the cache. */
typedef struct QuickValue {
  uint64_t words[QUICK_BYTES / 8]; /* zeros behind it */
  uint32_t codes[8];               /* 0: not met yet */
} QuickValue;

/* What the quick way needs of a column, in a line of the cache. */
typedef struct QuickColumn {
  uint64_t key[QUICK_KEY_BYTES / 8]; /* "name": as a request has it, zeros behind it; of a column
                                        that is no fact's, what none has */
  uint32_t key_length;
  uint32_t slots;     /* of values, each where its hash says */
  QuickValue *values; /* what was met lately */
} QuickColumn;

typedef struct BuilderColumn {
  Text name;
  ColumnPlace place;
  bool is_list;
  uint32_t *codes;     /* of the blocks that are full */
  uint32_t driven_out; /* of its values, by others, since it has so many slots */
  Dictionary dictionary;
} BuilderColumn;

struct Builder {
  const licet_library *library;
  uint32_t capacity, padded;
  Arena entries, kept, row, scratch;
  JsonReader *reader, *lines;
  LIST(BuilderColumn) columns;
  QuickColumn *quick; /* of each column */
  /* The column that came after each last time, of requests of the same payer (nearly); before all,
   * the one that came first. */
  uint16_t after[QUICK_PAYERS][BUILDER_COLUMNS_MOST + 1];
  uint8_t head_after[HEAD_COLUMNS + 3];     /* of the request's own keys, which came after each last
                                               time; first the one before all */
  uint32_t heads[HEAD_COLUMNS];             /* their columns + 1 */
  uint32_t slots[4 * BUILDER_COLUMNS_MOST]; /* name → column + 1 */
  uint32_t quick_slots[QUICK_SLOTS]; /* a short name of a fact → column + 1; the last one met */
  uint64_t *needs_exact;
  uint32_t rows, exact_rows;
  uint32_t *block; /* the codes of BLOCK_ROWS rows, row by row, `stride` apart; zeros where nothing
                      has been said */
  uint32_t stride;
  uint64_t by_tokens; /* requests that the quick way left */
  char *ids;
  size_t id_capacity, id_length;
  uint32_t *id_ends;
  Column *shown;
  Buffer text; /* of `scratch`: an entry being written */
  BulkTable table;
  uint64_t generation;
};

/* The column of a name, made if it is new. UINT32_MAX where there are too many. */
uint32_t builder_column(Builder *builder, Text name, ColumnPlace place);
uint32_t builder_head(Builder *builder, HeadColumn which);
/* So many slots for short values, all empty. */
void builder_make_values(Builder *builder, uint32_t column, uint32_t slots);

/* Codes come row by row and are wanted by column. Were they written there at once, a row would
 * touch a line of the cache for each of its facts; so a few rows are kept together, and then
 * turned:
 *
 *     block                    columns' codes
 *                 col 0  1  2                rows 0 … 15 │ 16 … 31 │
 *       row  0  │  1  0  4 …       col 0   │ 1 1 2 …   │         │
 *       row  1  │  1  3  0 …   ──>  col 1   │ 0 3 0 …   │         │
 *       …       │ stride ──>        col 2   │ 4 0 4 …   │         │
 *       row 15  │  2  0  4 …
 */
#define BLOCK_ROWS 16u

static inline uint32_t *builder_row(const Builder *b) {
  return b->block + b->rows % BLOCK_ROWS * b->stride;
}

/* The row's code, which is never 0; false where the row has one already. */
static inline bool builder_set(Builder *b, uint32_t column, uint32_t code) {
  uint32_t *at = builder_row(b) + column;
  if (*at != 0) return false;
  *at = code;
  return true;
}

/* What was set since the last row is undone. */
void builder_forget_row(Builder *builder);
/* What was set since the last row is one, of this id. False where memory is short. */
bool builder_end_row(Builder *builder, Text id);

/* Texts being walked. */
typedef struct Quick {
  Builder *b;
  const char *text, *end; /* indexes count from `text` */
  const uint32_t *next;   /* the index of what comes next */
  const char *escape; /* the first backslash that has not been passed; `end` where there is none */
} Quick;

/* fast_path.c: the request that begins at the next index, where it is written plainly; what comes
 * next is then behind its last bracket. False where it is not, or may not be in order: then nothing
 * is said about it, and codes may stand in its row. */
bool quick_add(Quick *quick, Text *id);

#endif
