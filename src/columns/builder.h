/* builder: requests, one after another, into a table.
 *
 * What does not bear on a decision is left out as a request comes in: the name of a document (that
 * there is one stays), the time of day, the day a fact was observed. So what is said again is
 * recognized as the same. A request that is not plainly in order is marked, and left to the
 * reader of single requests, which reports its errors.
 */
#ifndef COLUMNS_BUILDER_H
#define COLUMNS_BUILDER_H

#include "columns/table.h"
#include "library/library.h"

/* Columns a table may have; requests that name more facts need that reader. */
#define BUILDER_COLUMNS_MOST 2048u
/* Different things said, in bytes and in number, after which a builder forgets them and begins
 * again. */
#define BUILDER_BYTES_MOST (8u << 20)
#define BUILDER_ENTRIES_MOST (1u << 17)
/* Ids of a table, in bytes, after which it is time to end it: no fewer than BUILDER_BYTES_MOST, as
 * each row has its own. */
#define BUILDER_ID_BYTES_MOST (32u << 20)

typedef struct Builder Builder;

/* For tables of at most `capacity` rows. NULL where memory is short. */
Builder *builder_open(const licet_library *library, uint32_t capacity);
void builder_close(Builder *builder);
/* How long a text that is added may be; at first as long as a request. */
void builder_set_longest(Builder *builder, size_t bytes);
/* Begins the next table; entries are kept, unless there are too many. */
void builder_begin(Builder *builder);
/* One request. False where memory is short. */
bool builder_add_json(Builder *builder, const char *text, size_t length);
/* Lines that are a request each, and what became of them. */
typedef struct BuilderLine {
  const char *at;
  size_t length; /* without the end of the line */
  uint64_t line; /* its number */
} BuilderLine;
typedef struct BuilderLines {
  const char *at, *end; /* what is left; behind it JSON_INDEX_PADDING bytes that may be read, zero
                           where the last line has no end */
  uint64_t line;        /* the number of the next */
  BuilderLine *rows;    /* where each row of the table stands; room for its capacity */
} BuilderLines;
/* As many as there is room for; blank lines are no requests. False where memory is short. */
bool builder_add_lines(Builder *builder, BuilderLines *lines);
uint32_t builder_rows(const Builder *builder);
/* The table so far; stays the builder's, until the next begin. */
const BulkTable *builder_table(Builder *builder);
/* So many different things were said that the next begin forgets them, or so many bytes of ids:
 * time to end a table that may end anywhere. */
bool builder_is_full(const Builder *builder);
bool builder_row_needs_exact(const Builder *builder, uint32_t row);

#endif
