/* worker: one thread's part of a run: a chunk of the input in, lines of output, rejects and a tally
 * out.
 *
 * What is written for a chunk depends on the chunk alone, so chunks may be worked on in any order
 * and are written in their own.
 */
#ifndef BULK_WORKER_H
#define BULK_WORKER_H

#include "vector/bind.h"
#include "columns/csv.h"
#include "bulk/chunk.h"
#include "licet/bulk.h"

/* What all workers share, frozen while they work. */
typedef struct WorkOrder {
  const Plan *plan;
  const licet_bulk_options *options;
  licet_bulk_format input, output, rejects;
  const Csv *csv; /* of LICET_BULK_CSV */
  ProgramPath path;
  bool compares; /* the second target is what the first is compared with */
} WorkOrder;

typedef struct Worker Worker;

Worker *worker_open(const WorkOrder *order);
void worker_close(Worker *worker);
/* The chunk's arena is reset first; the results live there until the chunk is worked on again. */
void worker_run(Worker *worker, Chunk *chunk);

#endif
