/* output: what a run writes: outcomes, rejects and the summary, each a file, or the standard
 * output. */
#ifndef BULK_OUTPUT_H
#define BULK_OUTPUT_H

#include "columns/outcome_columns.h"
#include "bulk/chunk.h"
#include "bulk/result.h"

typedef struct Output {
  const licet_bulk_options *options;
  licet_bulk_format format;
  int outcomes, rejects, summary; /* -1: not written */
  uint64_t written, rejects_written;
  OutcomeColumns *columns; /* where outcomes are written as columns */
  const char
      *first; /* what the file of outcomes is called until it is whole; NULL: as it will be */
} Output;

/* `format`: of outcomes, by the options or the name. Nothing is opened. */
void output_open(Output *output, const licet_bulk_options *options);
/* Opened before the work, so that a place that cannot be written is told then; what stands there is
 * kept until there is another. */
licet_status output_open_summary(Output *output, licet_bulk_result *result);
/* Emptied, and the heading written. */
licet_status output_begin(Output *output, const licet_library *library, bool has_targets,
                          licet_bulk_result *result);
/* Cut to what was written of them. */
licet_status output_go_on(Output *output, uint64_t written, uint64_t rejects_written,
                          licet_bulk_result *result);
licet_status output_begin_rejects(Output *output, licet_bulk_result *result);
licet_status output_write_chunk(Output *output, const Chunk *chunk, licet_bulk_result *result);
licet_status output_write_rejects(Output *output, const Buffer *rejects, licet_bulk_result *result);
/* All but the summary is written, and closed. */
licet_status output_finish(Output *output, licet_bulk_result *result);
licet_status output_write_summary(Output *output, licet_bulk_result *result);
void output_close(Output *output);

#endif
