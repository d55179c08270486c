/* table: many requests as columns.
 *
 * A request says something of a few of many facts, and over many requests the same things are said
 * again and again. So a column keeps each different thing that was said once, as JSON (its
 * entries), and for every row only the number of its entry:
 *
 *     column lineage    entries  0 (nothing said)   1 "b_cell_precursor"   2
 * {"value":"t_cell","document":"…"} codes    1 1 0 2 1 …
 *
 * Entry 0 is always "nothing said". What a thing means is worked out once per entry, by the same
 * code that reads a single request. Codes come in three forms: as planes of bits (few entries), as
 * 16-bit or as 32-bit numbers.
 *
 * Columns of the request itself (payer, line, received, …) carry the name of their key and
 * their place; all others are facts.
 */
#ifndef COLUMNS_TABLE_H
#define COLUMNS_TABLE_H

#include <assert.h>

#include "base/text.h"
#include "planes/program.h"

typedef enum HeadColumn {
  HEAD_COLUMN_PAYER,
  HEAD_COLUMN_POLICY,
  HEAD_COLUMN_LINE,
  HEAD_COLUMN_DRUG,
  HEAD_COLUMN_KIND,
  HEAD_COLUMN_URGENCY,
  HEAD_COLUMN_RECEIVED,
  HEAD_COLUMN_START,
  HEAD_COLUMNS
} HeadColumn;
extern const Text head_column_names[HEAD_COLUMNS];

typedef enum CodeForm { CODES_ABSENT, CODES_PLANES, CODES_16, CODES_32 } CodeForm;

/* Columns of so many entries are kept as planes. */
#define COLUMN_PLANES_MOST 64u
#define COLUMN_BITS_MOST 6u
static_assert(1u << COLUMN_BITS_MOST == COLUMN_PLANES_MOST,
              "so many planes number so many entries");

/* A key of the request, or a fact. */
typedef enum ColumnPlace { COLUMN_OF_FACTS, COLUMN_OF_HEAD } ColumnPlace;

typedef struct Column {
  Text name;
  ColumnPlace place;
  const Text *entries; /* entries[0] is empty */
  uint32_t entry_count;
  bool is_whole; /* no row has code 0 */
  CodeForm form;
  uint32_t bits;          /* of CODES_PLANES: how many planes */
  const uint64_t *planes; /* block by block: in each, plane after plane (column_plane) */
  size_t plane_words;     /* of one plane, padded with zeros to LINE_PAD_ROWS rows */
  const uint16_t *codes16;
  const uint32_t *codes32;
} Column;

typedef struct BulkTable {
  uint32_t rows;
  Column *columns;
  uint32_t column_count;
  const uint32_t *id_ends; /* row r's id is the bytes from id_ends[r - 1] (0 for row 0) to
                              id_ends[r], as JSON; may be NULL */
  const char *ids;
  const uint64_t *needs_exact; /* a plane, padded as others: rows that only the exact reader may
                                  answer; may be NULL */
  uint64_t
      generation; /* another number when entries may have changed; the same while they only grow */
} BulkTable;

/* NULL where there is none. */
const Column *table_column(const BulkTable *table, Text name, ColumnPlace place);
uint32_t column_code(const Column *column, uint32_t row);
/* Where plane `bit` stands in a block of LINE_BLOCK_ROWS rows (the last block may be shorter): bit
 * r % 64 of word r / 64 is the bit of the block's row r. Planes of one block lie together, so that
 * a run reads each column from its beginning to its end. */
static inline size_t column_plane(size_t plane_words, uint32_t bits, uint32_t block, uint32_t bit) {
  const size_t before = (size_t)block * PROGRAM_BLOCK_WORDS, left = plane_words - before;
  return before * bits + bit * (left < PROGRAM_BLOCK_WORDS ? left : PROGRAM_BLOCK_WORDS);
}
/* As JSON; empty where the request has none. */
Text table_id(const BulkTable *table, uint32_t row);
/* The row as a request. */
void table_write_row(const BulkTable *table, uint32_t row, Buffer *out);

/* ---- Things said, each once ---- */

typedef struct Dictionary {
  Arena *arena;
  LIST(Text) entries;
  uint64_t *slots; /* where the hash says: its upper half, and the entry + 1 below it */
  uint32_t slot_count;
  size_t bytes;
} Dictionary;

void dictionary_open(Dictionary *dictionary, Arena *arena);
/* The number of an entry, made if it is new (its text is copied). Empty text: 0. */
uint32_t dictionary_find(Dictionary *dictionary, Text text);
static inline uint64_t bulk_hash(const char *at, size_t length) {
  uint64_t hash = length * UINT64_C(0x9E3779B97F4A7C15), word;
  for (; length >= 8; at += 8, length -= 8) {
    memcpy(&word, at, 8);
    hash = (hash ^ word) * UINT64_C(0xD6E8FEB86659FD93);
    hash ^= hash >> 32;
  }
  word = 0;
  if (length > 0) memcpy(&word, at, length);
  hash = (hash ^ word) * UINT64_C(0xD6E8FEB86659FD93);
  return hash ^ hash >> 32;
}

#endif
