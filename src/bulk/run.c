/* A run step by step: options are checked and files opened before anything is decided; then chunks
 * go through the threads and come back in order; then files get their names and the summary is
 * made.
 */
#include "bulk/run.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "bulk/distinct_files.h"
#include "bulk/summary.h"

/* ---- What every run does ---- */

void run_report_progress(Run *run, bool at_end) {
  const licet_bulk_options *options = run->options;
  const double time = clock_seconds();
  if (options->progress == NULL || (!at_end && time - run->last_progress < 0.1)) return;
  run->last_progress = time;
  licet_bulk_progress progress = {run->result->requests,
                                  at_end ? run->input.total : run->input.offset, run->input.total};
  options->progress(options->context, &progress);
}

static licet_status use_registers(Run *run, ProgramPath path) {
  if (!program_path_available(path))
    return result_fail(run->result, LICET_NOT_FOUND, "this processor does not support %s",
                       program_path_name(path));
  run->order.path = path;
  return LICET_OK;
}

licet_status run_choose_registers(Run *run) {
  const licet_registers widest = run->options->registers;
  run->order.path = program_path_best();
  switch (widest) {
    case LICET_REGISTERS_WIDEST:
      return LICET_OK;
    case LICET_REGISTERS_PORTABLE:
      return use_registers(run, PROGRAM_PORTABLE);
    case LICET_REGISTERS_AVX2:
      return use_registers(run, PROGRAM_AVX2);
    case LICET_REGISTERS_AVX512:
      return use_registers(run, PROGRAM_AVX512);
  }
  return result_fail(run->result, LICET_BAD_OPTIONS, "%d is no value of `registers`", (int)widest);
}

licet_status run_check_distinct_files(Run *run) {
  const licet_bulk_options *o = run->options;
  const char *checkpoint =
      o->checkpoint == NULL ? NULL : arena_format(&run->result->arena, "%s.new", o->checkpoint);
  const RunFile files[] = {
      {"the input", o->input, STDIN_FILENO},
      {"the output", o->output, STDOUT_FILENO},
      {"the file the output is written to first", run->output.outcomes.first, STDOUT_FILENO},
      {"the rejects file", o->rejects, STDOUT_FILENO},
      {"the file the rejects are written to first", run->output.rejects.first, STDOUT_FILENO},
      {"the summary", o->summary, STDOUT_FILENO},
      {"the checkpoint", o->checkpoint, -1},
      {"the file the checkpoint is written to first", checkpoint, -1}};
  static_assert(sizeof files / sizeof *files <= RUN_FILES_MOST, "files_not_distinct has room");
  const RunFile *other, *one = files_not_distinct(files, sizeof files / sizeof *files, &other);
  if (one == NULL) return LICET_OK;
  return result_fail(run->result, LICET_BAD_OPTIONS,
                     "%s: %s is also %s; each needs a file of its own", shown_output(one->path),
                     one->what, other->what);
}

/* ---- How many rejects are too many ---- */

/* "250" or "2.5%", of at most four decimals. */
static bool parse_limit(const char *text, RejectsLimit *limit) {
  uint64_t number = 0, scale = 1;
  bool fraction = false;
  const char *at = text;
  for (; (*at >= '0' && *at <= '9') || (*at == '.' && !fraction && at > text); at++) {
    if (number > UINT64_C(1) << 50 || scale > 1000) return false;
    fraction = fraction || *at == '.';
    if (*at == '.') continue;
    number = number * 10 + (uint64_t)(*at - '0');
    if (fraction) scale *= 10;
  }
  const bool percent = at[0] == '%' && at[1] == '\0';
  *limit = (RejectsLimit){true, percent, number, scale};
  return at > text && at[-1] != '.' && (percent || (*at == '\0' && !fraction));
}

licet_status run_read_rejects_limit(Run *run, RejectsLimit *limit) {
  const char *text = run->options->max_rejects;
  *limit = (RejectsLimit){0};
  if (text == NULL || parse_limit(text, limit)) return LICET_OK;
  return result_fail(run->result, LICET_BAD_OPTIONS,
                     "'%s' is not a number of rejects such as 250, or a part such as 2.5%%", text);
}

static bool is_exceeded(const RejectsLimit *limit, uint64_t rejected, uint64_t requests) {
  if (!limit->is_set) return false;
  if (!limit->percent) return rejected > limit->number;
  return (double)rejected * 100 * (double)limit->scale > (double)limit->number * (double)requests;
}

licet_status run_judge_rejects(Run *run, const RejectsLimit *limit) {
  licet_bulk_result *result = run->result;
  const char *input = shown_input(run->input.path);
  if (result->requests == 0)
    return result_fail(result, LICET_BAD_REQUEST, "%s: contains no request", input);
  if (result->requests == result->rejected)
    return result_fail(result, LICET_BAD_REQUEST, "%s: every request was rejected", input);
  if (is_exceeded(limit, result->rejected, result->requests))
    return result_fail(result, LICET_BAD_REQUEST,
                       "%s: %" PRIu64 " of %" PRIu64 " requests were rejected; %s are allowed",
                       input, result->rejected, result->requests, run->options->max_rejects);
  return LICET_OK;
}

const CsvOptions *run_csv_options(Run *run, Text policy) {
  const licet_bulk_options *o = run->options;
  run->csv = (CsvOptions){policy,       o->csv_nulls, o->csv_ignored,
                          o->csv_names, o->csv_units, o->csv_date_format};
  return &run->csv;
}

static Run *open_run(const licet_library *library, const licet_bulk_options *options,
                     licet_bulk_result *result) {
  Run *run = memory_allocate(sizeof *run);
  if (run == NULL) return NULL;
  memset(run, 0, sizeof *run);
  run->library = library;
  run->options = options;
  run->result = result;
  run->input.fd = -1;
  output_open(&run->output, options, result);
  return run;
}

static void close_run(Run *run) {
  output_close(&run->output);
  input_close(&run->input);
  plan_close(run->plan);
  memory_free(run);
}

static bool is_format(licet_bulk_format format) {
  return format >= LICET_BULK_AUTO && format <= LICET_BULK_COLUMNS;
}

/* What only a program can get wrong. */
static licet_status check_call_and_work(Run *run, licet_status (*work)(Run *run)) {
  const licet_bulk_options *options = run->options;
  if (run->library == NULL)
    return result_fail(run->result, LICET_BAD_OPTIONS, "there is no library");
  if (options->input == NULL)
    return result_fail(run->result, LICET_BAD_OPTIONS, "no input file is given");
  if (!is_format(options->input_format) || !is_format(options->output_format))
    return result_fail(run->result, LICET_BAD_OPTIONS, "unknown format number");
  return work(run);
}

typedef struct Attempt {
  Run *run;
  licet_status (*work)(Run *run);
  licet_status status;
} Attempt;

static void work_on(void *attempt) {
  Attempt *a = attempt;
  a->status = check_call_and_work(a->run, a->work);
}

licet_status run_attempt(const licet_library *library, const licet_bulk_options *options,
                         licet_bulk_result **result, licet_status (*work)(Run *run)) {
  static const licet_bulk_options none = {0};
  *result = result_open();
  if (*result == NULL) return LICET_NO_MEMORY;
  if (options == NULL) options = &none;
  Run *run = open_run(library, options, *result);
  if (run == NULL) return result_no_memory(*result);
  Attempt attempt = {run, work, LICET_OK};
  const bool done = arena_attempt(&(*result)->arena, work_on, &attempt);
  close_run(run);
  return done ? attempt.status : result_no_memory(*result);
}

/* ---- licet_bulk_run ---- */

/* One there is, or that can be made. */
static bool is_file(const char *path) {
  struct stat status;
  return path != NULL && strcmp(path, "-") != 0 &&
         (stat(path, &status) != 0 || S_ISREG(status.st_mode));
}

static licet_status check_options(Run *run) {
  const licet_bulk_options *options = run->options;
  if (options->checkpoint == NULL && options->resume)
    return result_fail(run->result, LICET_BAD_OPTIONS,
                       "to resume, a run requires the checkpoint to continue from");
  if (options->checkpoint == NULL) return LICET_OK;
  if (!is_file(options->input) || !is_file(options->output) || !is_file(options->checkpoint))
    return result_fail(run->result, LICET_BAD_OPTIONS,
                       "a checkpoint requires a file, and an input and an output that are files");
  if (options->rejects != NULL && !is_file(options->rejects))
    return result_fail(run->result, LICET_BAD_OPTIONS,
                       "with a checkpoint, rejects must be written to a file");
  if (run->output.format == LICET_BULK_COLUMNS)
    return result_fail(run->result, LICET_BAD_OPTIONS,
                       "a checkpoint cannot be used when writing columns; write NDJSON or CSV");
  return LICET_OK;
}

static Text first_policy(const Run *run) {
  return run->targets[0].policy == NULL ? TEXT("") : run->targets[0].policy->model->id;
}

static licet_status prepare(Run *run) {
  bool resumed = false;
  licet_status status = run_choose_registers(run);
  if (status == LICET_OK) status = run_find_targets(run);
  if (status == LICET_OK) status = check_options(run);
  if (status == LICET_OK) status = output_choose_names(&run->output);
  if (status == LICET_OK) status = run_check_distinct_files(run);
  if (status == LICET_OK)
    status = input_open(&run->input, run->options->input, run->options->input_format, run->result);
  if (status == LICET_OK)
    status = input_read_header(&run->input, run->library, run_csv_options(run, first_policy(run)));
  if (status != LICET_OK) return status;
  tally_open(&run->tally, &run->result->arena);
  status = run_resume(run, &resumed);
  if (status != LICET_OK || resumed) return status;
  status = output_open_summary(&run->output);
  return status == LICET_OK ? output_begin(&run->output, run->library, run->target_count > 1)
                            : status;
}

static licet_status make_plan(Run *run) {
  run->plan = plan_open(run->library, run->targets, run->target_count,
                        run->options->criteria || run->order.compares);
  if (run->plan == NULL) return result_no_memory(run->result);
  run->order.plan = run->plan;
  run->order.options = run->options;
  run->order.input = run->input.format;
  run->order.output = run->output.format;
  run->order.rejects = run->output.rejects_format;
  run->order.csv = run->input.csv;
  return LICET_OK;
}

static licet_status finish_chunk(Run *run, Chunk *chunk) {
  licet_bulk_result *result = run->result;
  if (chunk->failed) return result_no_memory(result);
  result->requests += chunk->requests;
  result->rejected += chunk->rejected;
  tally_merge(&run->tally, &chunk->tally);
  licet_status status = output_write_chunk(&run->output, chunk);
  if (status != LICET_OK) return status;
  if (chunk->request_error != NULL) result_note_request_error(result, chunk->request_error);
  if (chunk->request_error != NULL && run->options->strict)
    return result_fail(result, LICET_BAD_REQUEST, "%s: %s", shown_input(run->input.path),
                       chunk->request_error);
  run_report_progress(run, false);
  return run_save_checkpoint(run, chunk);
}

static void summarize(Run *run) {
  const SummarySubject subject = {run->plan,
                                  &run->tally,
                                  run->result->requests,
                                  run->result->rejected,
                                  run->order.compares,
                                  run->options->criteria || run->order.compares,
                                  run->options->missing};
  run->result->text = summary_text(&subject, &run->result->arena);
  run->result->json = summary_json(&subject, &run->result->arena);
}

static licet_status decide_all(Run *run) {
  RejectsLimit most;
  licet_status status = run_read_rejects_limit(run, &most);
  if (status == LICET_OK) status = prepare(run);
  if (status == LICET_OK) status = make_plan(run);
  if (status != LICET_OK) return status;
  status = run_threads(run, finish_chunk);
  if (status == LICET_OK) status = output_finish(&run->output);
  summarize(run);
  run_report_progress(run, true);
  if (status == LICET_OK) status = output_write_summary(&run->output);
  if (status == LICET_OK && run->options->checkpoint != NULL) unlink(run->options->checkpoint);
  return status == LICET_OK ? run_judge_rejects(run, &most) : status;
}

licet_status licet_bulk_run(const licet_library *library, const licet_bulk_options *options,
                            licet_bulk_result **result) {
  return run_attempt(library, options, result, decide_all);
}
