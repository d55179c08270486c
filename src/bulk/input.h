/* input: what a run reads, cut into chunks.
 *
 * NDJSON and CSV are read from a file, a pipe or the standard input, and cut between records at
 * about CHUNK_BYTES or CHUNK_LINES_MOST lines; a column file is read a segment at a time, and
 * segments are cut between rows. Where a chunk ends depends on the input alone.
 */
#ifndef BULK_INPUT_H
#define BULK_INPUT_H

#include "columns/column_file.h"
#include "columns/csv.h"
#include "bulk/chunk.h"
#include "bulk/result.h"

typedef struct Input {
  const char *path;          /* "-": the standard input */
  licet_bulk_result *result; /* where failures are explained */
  licet_bulk_format format;
  int fd;
  const Csv *csv;         /* of LICET_BULK_CSV */
  ColumnFile *columns;    /* of LICET_BULK_COLUMNS */
  ColumnSegment *segment; /* that is being cut; NULL: none, the next begins a chunk */
  uint32_t segment_index, segment_row;
  char *held; /* read and not yet in a chunk */
  size_t held_length, held_capacity;
  bool at_end, is_regular;
  uint64_t offset, line; /* all before it was cut; of a column file both are rows */
  uint64_t total;        /* bytes, or rows of a column file; 0 where it is not known */
} Input;

/* What a file of this name holds, where nothing else says so. */
licet_bulk_format format_of_name(const char *path);

/* Opens `path` and finds out what it is; input->fd is -1 before, and the caller closes whatever
 * comes of it. */
licet_status input_open(Input *input, const char *path, licet_bulk_format format,
                        licet_bulk_result *result);
/* Of CSV: reads the header; the options outlive the input. */
licet_status input_read_header(Input *input, const licet_library *library,
                               const CsvOptions *options);
/* The next chunk. *more: there was one. */
licet_status input_cut(Input *input, Chunk *chunk, bool *more);
/* Goes on at a place that a chunk ended at. */
licet_status input_go_on(Input *input, uint64_t offset, uint64_t line);
/* Could a chunk have ended there? */
bool input_may_end_at(const Input *input, uint64_t offset, uint64_t line);
void input_close(Input *input);

#endif
