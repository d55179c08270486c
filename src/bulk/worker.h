/* worker: one thread's part of a run: a piece of the input in, lines of output, rejects and a tally
 * out.
 *
 * What a piece comes to depends on the piece alone, so pieces may be worked on in any order and
 * written in their own.
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
  licet_bulk_format input, output;
  const Csv *csv; /* of LICET_BULK_CSV */
  ProgramPath path;
  bool compares; /* the second target is what the first is compared with */
} WorkOrder;

typedef struct Worker Worker;

Worker *worker_open(const WorkOrder *order);
void worker_close(Worker *worker);
/* The piece's arena is reset first; what came of it lives there until the piece is worked on again.
 */
void worker_run(Worker *worker, Chunk *chunk);

#endif
