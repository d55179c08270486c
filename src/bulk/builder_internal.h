/* builder_internal: what builder.c and quick.c share. Private to src/bulk. */
#ifndef BULK_BUILDER_INTERNAL_H
#define BULK_BUILDER_INTERNAL_H

#include "bulk/builder.h"
#include "decide/json.h"

#define QUICK_VALUES 64u /* a power of two */
#define QUICK_BYTES 32u  /* what stands in so many bytes is compared as words; JSON_INDEX_PADDING says that they may be read */
#define QUICK_SLOTS (2 * BUILDER_COLUMNS_MOST)

/* A short value as written, what stands around it, and the entry both come to. */
typedef struct QuickValue {
  uint64_t words[QUICK_BYTES / 8]; /* zeros behind it */
  uint32_t around;                 /* its length and what stands around it; 0: nothing kept here */
  uint32_t code;
} QuickValue;

typedef struct BuilderColumn {
  uint64_t name_words[QUICK_BYTES / 8]; /* the name, zeros behind it, where it is no longer than that */
  Text name;
  bool is_head, is_list;
  uint32_t rows; /* codes are written so far */
  uint32_t next; /* the column that came after it last time */
  uint32_t *codes;
  QuickValue *quick;     /* QUICK_VALUES of them, each where its hash says */
  uint64_t last_attempt; /* that wrote it, so that a key that comes twice shows */
  Dictionary dictionary;
} BuilderColumn;

struct Builder {
  const licet_library *library;
  uint32_t capacity, padded;
  Arena entries, kept, row, scratch;
  JsonReader *reader;
  LIST(BuilderColumn) columns;
  uint32_t heads[HEAD_COLUMNS];             /* their columns + 1 */
  uint32_t slots[4 * BUILDER_COLUMNS_MOST]; /* name → column + 1 */
  uint32_t quick_slots[QUICK_SLOTS];        /* a short name of a fact → column + 1; the last one met */
  uint64_t *odd;
  uint32_t rows, odd_rows;
  uint64_t attempt; /* each reading of a request, by either way, is one */
  char *ids;
  size_t id_capacity, id_length;
  uint32_t *id_ends;
  Column *shown;
  Buffer text; /* of `scratch`: an entry being written */
  BulkTable table;
  uint64_t generation;
};

/* The column of a name, made if it is new. UINT32_MAX where there are too many. */
uint32_t builder_column(Builder *builder, Text name, bool is_head);
uint32_t builder_head(Builder *builder, HeadColumn which);

/* The row's code; false where this attempt has set one already. */
static inline bool builder_set(Builder *b, uint32_t column, uint32_t code) {
  BuilderColumn *into = &b->columns.items[column];
  if (into->last_attempt == b->attempt) return false;
  into->last_attempt = b->attempt;
  if (into->rows < b->rows) memset(into->codes + into->rows, 0, (b->rows - into->rows) * sizeof *into->codes);
  into->codes[b->rows] = code;
  into->rows = b->rows + 1;
  return true;
}

/* What was set since the last row is one, of this id. False where memory is short. */
bool builder_end_row(Builder *builder, Text id);

/* quick.c: a request that is written plainly, read where it stands. False where it is not, or may not be in order: then nothing is
 * said about it, and what was set so far is set again by who reads it next. */
bool quick_add(Builder *builder, const char *text, size_t length, Text *id);

#endif
