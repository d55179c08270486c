/* Fuzz target: a column file. Whatever the bytes: a table all of whose parts can be read, or a
 * refusal with a message. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "columns/column_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const ColumnFile *file) {
  const char *message;
  Arena arena;
  Buffer out;
  arena_open(&arena);
  for (uint32_t s = 0; s < column_file_segments(file); s++) {
    ColumnSegment *segment = column_segment_open(file, s, &message);
    if (segment == NULL) abort();
    const BulkTable *table = column_segment_table(segment);
    for (uint32_t r = 0; r < table->rows; r += 1 + table->rows / 16) {
      buffer_open(&out, &arena, 256);
      table_write_row(table, r, &out);
      arena_reset(&arena);
    }
    column_segment_close(segment);
  }
  arena_close(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *message = NULL;
  void *bytes = aligned_alloc(64, (size + 127) / 64 * 64);
  if (bytes == NULL) abort();
  memcpy(bytes, data, size);
  ColumnFile *file = column_file_over(bytes, size, &message);
  assert((file == NULL) == (message != NULL));
  if (file != NULL) read_all(file);
  column_file_close(file);
  free(bytes);
  return 0;
}
