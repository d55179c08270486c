/* Of a run with a checkpoint: which run it is, where it continues, how far it came.
 *
 * Invariant: what a checkpoint says was written is on the disk before the checkpoint is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "bulk/checkpoint.h"
#include "bulk/run.h"

/* ---- Which run it is ---- */

static uint64_t mix(uint64_t sum, uint64_t number) {
  return (sum ^ number) * UINT64_C(0x9E3779B97F4A7C15) ^ sum >> 29;
}
static uint64_t mix_text(uint64_t sum, const char *text) {
  return text == NULL ? mix(sum, 1) : mix(sum, bulk_hash(text, strlen(text)));
}

static uint64_t mix_list(uint64_t sum, const char *const *list) {
  for (; list != NULL && *list != NULL; list++) sum = mix_text(sum, *list);
  return mix_text(sum, NULL);
}

/* Which file the input is, when it was last written, and how it begins. */
static uint64_t input_mark(const Run *run) {
  static const size_t begin = 64 * 1024;
  struct stat status;
  uint64_t sum = run->input.total;
  if (fstat(run->input.fd, &status) != 0) return sum;
  sum = mix(mix(sum, (uint64_t)status.st_ino), (uint64_t)status.st_dev);
  sum = mix(mix(sum, (uint64_t)status.st_mtim.tv_sec), (uint64_t)status.st_mtim.tv_nsec);
  char *bytes = arena_allocate(&run->result->arena, begin);
  ssize_t length = pread(run->input.fd, bytes, begin, 0);
  return length <= 0 ? sum : mix(sum, bulk_hash(bytes, (size_t)length));
}

/* All that what is written depends on; not what it does not: threads and registers. */
static uint64_t fingerprint(const Run *run) {
  const licet_bulk_options *options = run->options;
  const char *texts[] = {options->input, options->output, options->rejects, LICET_VERSION,
                         options->csv_date_format};
  const bool flags[] = {options->strict != 0, options->criteria != 0, options->missing != 0,
                        run->order.compares};
  uint64_t sum = mix(mix(input_mark(run), run->input.format), run->output.format);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) sum = mix_text(sum, texts[i]);
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) sum = mix(sum, flags[i]);
  const char *const *const lists[] = {options->csv_nulls, options->csv_ignored, options->csv_names,
                                      options->csv_units};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) sum = mix_list(sum, lists[i]);
  for (uint32_t i = 0; i < run->target_count; i++) sum = mix_text(sum, run->targets[i].name);
  for (const char **id = run->library->literal_interpretations; id != NULL && *id != NULL; id++)
    sum = mix_text(sum, *id);
  for (uint32_t i = 0; i < run->library->policies.count; i++)
    sum = mix_text(sum, library_digest(run->library->policies.items[i]));
  return sum;
}

/* Of what was written last before `end`, so that another file of that name is known. */
static bool tail_hash(int fd, uint64_t end, uint64_t *hash) {
  char bytes[CHECKPOINT_TAIL];
  const size_t length = end < sizeof bytes ? (size_t)end : sizeof bytes;
  *hash = 0;
  if (fd < 0 || length == 0) return true;
  if (pread(fd, bytes, length, (off_t)(end - length)) != (ssize_t)length) return false;
  *hash = bulk_hash(bytes, length);
  return true;
}

/* ---- Going on ---- */

static bool tail_stands(const char *path, uint64_t end, uint64_t tail) {
  uint64_t hash;
  const int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (path != NULL && fd < 0) return false;
  const bool fine = tail_hash(fd, end, &hash) && hash == tail;
  if (fd >= 0) close(fd);
  return fine;
}

/* A run may have been ended after a file got its name and before its checkpoint was removed: then
 * the file takes its first name again. */
static bool is_as_written(const OutputFile *file, uint64_t end, uint64_t tail) {
  if (tail_stands(file->first, end, tail)) return true;
  return access(file->first, F_OK) != 0 && tail_stands(file->path, end, tail) &&
         rename(file->path, file->first) == 0;
}

/* Could the run have reached `at`? */
static bool is_plausible(const Run *run, const Checkpoint *at) {
  if (at->rejected > at->requests || !input_may_end_at(&run->input, at->offset, at->line))
    return false;
  return run->input.format != LICET_BULK_COLUMNS || at->requests == at->line;
}

/* Before anything is cut. */
static licet_status check_checkpoint(Run *run, const Checkpoint *at) {
  const licet_bulk_options *o = run->options;
  licet_bulk_result *result = run->result;
  if (at->fingerprint != run->fingerprint)
    return result_fail(
        result, LICET_BAD_REQUEST,
        "%s: belongs to another run (other input, options, interpretations or policies)",
        o->checkpoint);
  if (!is_plausible(run, at))
    return result_fail(result, LICET_BAD_REQUEST, "%s: does not point to a place in %s",
                       o->checkpoint, o->input);
  const char *changed = !is_as_written(&run->output.outcomes, at->output, at->output_tail)
                            ? run->output.outcomes.first
                        : !is_as_written(&run->output.rejects, at->rejects, at->rejects_tail)
                            ? run->output.rejects.first
                            : NULL;
  if (changed == NULL) return LICET_OK;
  return result_fail(result, LICET_BAD_REQUEST, "%s: is not what was written before %s", changed,
                     o->checkpoint);
}

licet_status run_resume(Run *run, bool *resumed) {
  const licet_bulk_options *options = run->options;
  const char *message = NULL;
  Checkpoint from;
  *resumed = false;
  if (options->checkpoint == NULL) return LICET_OK;
  run->fingerprint = fingerprint(run);
  if (!options->resume) return LICET_OK;
  *resumed = checkpoint_load(options->checkpoint, &from, &run->tally, &message);
  if (message != NULL)
    return result_fail(run->result, LICET_BAD_REQUEST, "%s: %s", options->checkpoint, message);
  if (!*resumed) return LICET_OK;
  licet_status status = check_checkpoint(run, &from);
  if (status == LICET_OK) status = output_open_summary(&run->output);
  if (status == LICET_OK) status = output_go_on(&run->output, from.output, from.rejects);
  if (status == LICET_OK) status = input_go_on(&run->input, from.offset, from.line);
  run->result->requests = from.requests;
  run->result->rejected = from.rejected;
  return status;
}

/* ---- How far it came ---- */

licet_status run_save_checkpoint(Run *run, const Chunk *chunk) {
  const licet_bulk_options *options = run->options;
  const Output *output = &run->output;
  const double time = clock_seconds();
  if (options->checkpoint == NULL || time - run->last_checkpoint < 0.5) return LICET_OK;
  run->last_checkpoint = time;
  Checkpoint at = {.fingerprint = run->fingerprint,
                   .offset = chunk->next_offset,
                   .line = chunk->next_line,
                   .requests = run->result->requests,
                   .rejected = run->result->rejected,
                   .output = output->outcomes.written,
                   .rejects = output->rejects.written};
  if (!tail_hash(output->outcomes.fd, at.output, &at.output_tail) ||
      !tail_hash(output->rejects.fd, at.rejects, &at.rejects_tail) ||
      (output->outcomes.fd >= 0 && fdatasync(output->outcomes.fd) != 0) ||
      (output->rejects.fd >= 0 && fdatasync(output->rejects.fd) != 0) ||
      !checkpoint_save(options->checkpoint, &at, &run->tally))
    return result_fail(run->result, LICET_IO, "%s: %s", options->checkpoint, strerror(errno));
  return LICET_OK;
}
