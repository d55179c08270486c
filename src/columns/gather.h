/* gather: rows of one table, one after another, into a builder of another. What a row says is known
 * by number already, so nothing is read again: per column a number here is a number there. */
#ifndef COLUMNS_GATHER_H
#define COLUMNS_GATHER_H

#include "columns/builder.h"

typedef struct Gather Gather;

/* Into `builder`, which stays the caller's. NULL where memory is short. */
Gather *gather_open(Builder *builder);
void gather_close(Gather *gather);
typedef enum GatherStatus {
  GATHER_DONE,
  GATHER_FULL, /* more than BUILDER_COLUMNS_MOST columns; the builder is as before: once begun again
                  it has room */
  GATHER_NO_MEMORY
} GatherStatus;

/* The row of a builder's table, as builder_add_json would have it; not of a row that is odd. */
GatherStatus gather_row(Gather *gather, const BulkTable *table, uint32_t row);

#endif
