/* run: what the parts of a run share.
 *
 *     input.c ── chunks ──> threads.c: workers ──> chunks decided, in order ──> output.c
 *                                                        └── tally, checkpoint (resume.c)
 */
#ifndef BULK_RUN_H
#define BULK_RUN_H

#include "bulk/input.h"
#include "bulk/output.h"
#include "vector/plan.h"
#include "bulk/worker.h"

typedef struct Run {
  const licet_library *library;
  const licet_bulk_options *options;
  licet_bulk_result *result;
  Target targets[PLAN_TARGETS_MOST];
  uint32_t target_count;
  Plan *plan;
  WorkOrder order;
  Input input;
  CsvOptions csv;
  Output output;
  Tally tally;
  uint64_t fingerprint; /* with a checkpoint */
  double last_progress, last_checkpoint;
} Run;

/* Does `work` as a run over `library`, and closes what is left open, where memory ran out as well.
 * *result is made. */
licet_status run_attempt(const licet_library *library, const licet_bulk_options *options,
                         licet_bulk_result **result, licet_status (*work)(Run *run));

/* By the options; ProgramPath is the widest there is where they do not say. */
licet_status run_choose_registers(Run *run);
/* No file of the run is another, those that appear under another name first included. */
licet_status run_check_distinct_files(Run *run);
/* How many rejects a run may have and still succeed; not one that is nothing but rejects. */
typedef struct RejectsLimit {
  bool is_set, percent;
  uint64_t number, scale; /* the limit is number / scale */
} RejectsLimit;
licet_status run_read_rejects_limit(Run *run, RejectsLimit *limit);
/* LICET_BAD_REQUEST where all was read and written, and too little of it decided. */
licet_status run_judge_rejects(Run *run, const RejectsLimit *limit);
/* How the CSV is written, by the options; `policy` as in CsvOptions. */
const CsvOptions *run_csv_options(Run *run, Text policy);
/* Called now and then, and once at the end. */
void run_report_progress(Run *run, bool at_end);

/* targets.c: "ID" and "ID@DATE" of the options. */
licet_status run_find_targets(Run *run);

/* threads.c: every chunk of the input is decided by a worker, and `finish` called with it, in
 * order, from the caller's thread. */
licet_status run_threads(Run *run, licet_status (*finish)(Run *run, Chunk *chunk));

/* resume.c: of a run with a checkpoint. */
/* Goes on where the checkpoint says, if the options ask for it and there is one (*resumed). */
licet_status run_resume(Run *run, bool *resumed);
/* Twice a second: all up to the end of `chunk` is written. */
licet_status run_save_checkpoint(Run *run, const Chunk *chunk);

#endif
