/* chunk: a part of the input, as it goes from who cuts it (input.h) to who decides it (worker.h) to
 * who writes the results (output.h). */
#ifndef BULK_CHUNK_H
#define BULK_CHUNK_H

#include "columns/column_file.h"
#include "bulk/tally.h"

typedef struct Chunk {
  /* As cut: whole records, in memory of the chunk's own; or rows of a table. */
  char *text;
  size_t length, capacity;
  uint64_t first_line;
  const BulkTable *table; /* NULL: records */
  ColumnSegment *segment; /* of the table; the chunk's, until it is released */
  uint32_t first_row, rows;
  uint64_t next_offset, next_line; /* of the input, behind this chunk */
  /* As decided: */
  Arena arena;
  Buffer output, rejects;
  Tally tally;
  uint64_t requests, rejected;
  const char *request_error; /* of the first bad request; NULL: none was bad */
  bool failed;               /* no memory */
} Chunk;

void chunk_open(Chunk *chunk);
void chunk_close(Chunk *chunk);
/* It is written: what it was cut from is needed no more. */
void chunk_release(Chunk *chunk);
/* Room for `length` bytes of text, and JSON_INDEX_PADDING behind. False where memory is short. */
bool chunk_reserve(Chunk *chunk, size_t length);
/* A record of nothing but spaces, tabs and ends of lines is none. */
bool record_is_blank(const char *text, size_t length);

#endif
