/* output: what a run writes: outcomes, rejects and the summary, each a file, or the standard
 * output. */
#ifndef BULK_OUTPUT_H
#define BULK_OUTPUT_H

#include "columns/outcome_columns.h"
#include "bulk/chunk.h"
#include "bulk/result.h"

/* A file that appears under its name when it is whole; until then it is called `first`. */
typedef struct OutputFile {
  const char *path;  /* NULL: not written */
  const char *first; /* NULL: as `path`: the standard output, a pipe or a device */
  int fd;            /* -1: not open */
  uint64_t written;
} OutputFile;

typedef struct Output {
  const licet_bulk_options *options;
  licet_bulk_result *result; /* where failures are explained */
  licet_bulk_format format, rejects_format;
  OutputFile outcomes, rejects;
  int summary;             /* -1: not written */
  OutcomeColumns *columns; /* where outcomes are written as columns */
} Output;

/* `format`: of outcomes, by the options or the name. Nothing is opened. */
void output_open(Output *output, const licet_bulk_options *options, licet_bulk_result *result);
/* What an output is called until it is whole; NULL where it is written to as it stands. */
const char *output_first_name(const char *path, Arena *arena);
/* Chooses the names the files are written under first. Refused are names of files that licet does
 * not write. */
licet_status output_choose_names(Output *output);
/* Opened before the work, so that a place that cannot be written is reported then; what stands
 * there is kept until there is another. */
licet_status output_open_summary(Output *output);
/* Emptied, and the headings written. */
licet_status output_begin(Output *output, const licet_library *library, bool has_targets);
licet_status output_begin_rejects(Output *output);
/* Cut to what was written of them. */
licet_status output_go_on(Output *output, uint64_t written, uint64_t rejects_written);
licet_status output_write_chunk(Output *output, const Chunk *chunk);
licet_status output_write_rejects(Output *output, const Buffer *rejects);
/* All but the summary is written; outcomes and rejects get their names. */
licet_status output_finish(Output *output);
licet_status output_finish_rejects(Output *output);
licet_status output_write_summary(Output *output);
/* What never became whole is removed, unless a checkpoint can continue with it. */
void output_close(Output *output);

#endif
