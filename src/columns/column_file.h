/* column_file: tables on disk, mapped into memory as they stand (docs/column-file.md is the
 * format's description).
 *
 *     head      magic "licetcol", version, byte order, a checksum
 *     segment   up to COLUMN_SEGMENT_ROWS rows: per column its entries and its codes; then the ids;
 * a checksum … end       where each segment lies, rows in all, a checksum, magic
 *
 * A file without its end was cut short. All of it is checked when it is opened; checksums find
 * damage, and whoever may write a file may put any requests in it.
 */
#ifndef COLUMNS_COLUMN_FILE_H
#define COLUMNS_COLUMN_FILE_H

#include <stdio.h>

#include "columns/table.h"

#define COLUMN_FILE_VERSION 3u
#define COLUMN_SEGMENT_ROWS (1u << 19)

typedef struct ColumnFile ColumnFile;

/* Is this the beginning of a column file? */
bool column_file_begins(const char *bytes, size_t length);
/* The message where memory is short: this very one. */
extern const char column_file_no_memory[];
/* Reads and checks all of it. NULL with *message set (errno's own words where the system refused).
 */
ColumnFile *column_file_open(const char *path, const char **message);
/* The same of a file that is open: `fd` may be closed afterwards. */
ColumnFile *column_file_from(int fd, const char **message);
/* The same over bytes that the caller keeps (8-byte aligned): for tests and fuzzing. */
ColumnFile *column_file_over(const void *bytes, size_t length, const char **message);
void column_file_close(ColumnFile *file);
uint64_t column_file_rows(const ColumnFile *file);
uint32_t column_file_segments(const ColumnFile *file);
uint32_t column_file_segment_rows(const ColumnFile *file, uint32_t index);

/* A segment in memory, its entries indexed, 16 bytes each: no more of a file is held than the
 * segments that are open. Who opens a segment or shares it closes it; one thread at a time may do
 * either. Closed before its file. */
typedef struct ColumnSegment ColumnSegment;

/* NULL with *message set: memory is short, or the file is no longer what was checked. */
ColumnSegment *column_segment_open(const ColumnFile *file, uint32_t index, const char **message);
ColumnSegment *column_segment_share(ColumnSegment *segment);
/* NULL is allowed. */
void column_segment_close(ColumnSegment *segment);
const BulkTable *column_segment_table(const ColumnSegment *segment);

/* Writing: segments in order, then the end. */
typedef struct ColumnWriter {
  FILE *out;
  uint64_t offset, rows;
  Arena arena; /* where the segments lie */
  LIST(uint64_t) segments;
} ColumnWriter;

/* False where writing failed (errno). */
bool column_writer_open(ColumnWriter *writer, FILE *out);
bool column_writer_add(ColumnWriter *writer, const BulkTable *table);
/* Writes the end; the file stays open. */
bool column_writer_finish(ColumnWriter *writer);
/* Releases what the writer holds, finished or not; not the file. */
void column_writer_close(ColumnWriter *writer);

#endif
