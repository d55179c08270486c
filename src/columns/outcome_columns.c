/* Outcomes are collected as requests are, row by row, and written a segment at a time: the reader
 * of column files reads them too.
 */
#include "columns/outcome_columns.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#include "base/limits.h"
#include "columns/column_file.h"

/* A line has its request's id, and policy, version, reason and pathway as well: names of a policy,
 * which come from one source, and of what `--by` names. */
#define OUTCOME_BYTES_MOST ((size_t)LIMIT_REQUEST_BYTES + 4 * (size_t)LIMIT_SOURCE_BYTES)

struct OutcomeColumns {
  Builder *builder;
  ColumnWriter writer;
  FILE *out;
  uint32_t rows;
};

static bool short_of_memory(void) {
  errno = ENOMEM;
  return false;
}

OutcomeColumns *outcome_columns_open(const licet_library *library, int fd) {
  OutcomeColumns *o = memory_allocate(sizeof *o);
  if (o == NULL) return NULL;
  memset(o, 0, sizeof *o);
  o->builder = builder_open(library, COLUMN_SEGMENT_ROWS);
  const int own = dup(fd);
  o->out = own < 0 ? NULL : fdopen(own, "wb");
  if (own >= 0 && o->out == NULL) close(own);
  if (o->builder != NULL) {
    builder_set_longest(o->builder, OUTCOME_BYTES_MOST);
    builder_begin(o->builder);
  }
  if (o->builder != NULL && o->out != NULL && column_writer_open(&o->writer, o->out)) return o;
  outcome_columns_close(o);
  return NULL;
}

static bool end_segment(OutcomeColumns *o) {
  if (!column_writer_add(&o->writer, builder_table(o->builder))) return false;
  o->rows = 0;
  builder_begin(o->builder);
  return true;
}

bool outcome_columns_add(OutcomeColumns *o, const char *lines, size_t length) {
  for (const char *at = lines, *end; at < lines + length; at = end + 1) {
    end = memchr(at, '\n', (size_t)(lines + length - at));
    if (!builder_add_json(o->builder, at, (size_t)(end - at))) return short_of_memory();
    assert(!builder_row_needs_exact(o->builder, o->rows)); /* it is a line of our own */
    o->rows++;
    if ((o->rows == COLUMN_SEGMENT_ROWS || builder_is_full(o->builder)) && !end_segment(o))
      return false;
  }
  return true;
}

bool outcome_columns_finish(OutcomeColumns *o) {
  return end_segment(o) && column_writer_finish(&o->writer) && fflush(o->out) == 0;
}

void outcome_columns_close(OutcomeColumns *o) {
  if (o == NULL) return;
  builder_close(o->builder);
  if (o->writer.out != NULL) column_writer_close(&o->writer);
  if (o->out != NULL) fclose(o->out);
  memory_free(o);
}
