/* Outcomes and rejects are written to NAME.new and renamed at the end, so that nobody takes a part
 * for the whole; with a checkpoint NAME.new stays where a run ended early, and the next continues
 * with it. What is no regular file (the standard output, a pipe) is written to as it stands.
 */
#include "bulk/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulk/input.h"
#include "bulk/reject.h"
#include "columns/file_type.h"

static bool is_own(int fd) { return fd > STDERR_FILENO; }

static licet_status failed(const Output *o, const char *path) {
  return result_fail(o->result, LICET_IO, "%s: %s", shown_output(path), strerror(errno));
}

static bool write_all(int fd, const char *bytes, size_t length, uint64_t *written) {
  while (length > 0) {
    ssize_t count = write(fd, bytes, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes += count;
    length -= (size_t)count;
    *written += (uint64_t)count;
  }
  return true;
}

static bool write_file(OutputFile *file, const char *bytes, size_t length) {
  return file->fd < 0 || write_all(file->fd, bytes, length, &file->written);
}

/* ---- Names and formats ---- */

void output_open(Output *o, const licet_bulk_options *options, licet_bulk_result *result) {
  *o = (Output){.options = options,
                .result = result,
                .format = options->output_format,
                .rejects_format = LICET_BULK_NDJSON,
                .outcomes = {.path = options->output, .fd = -1},
                .rejects = {.path = options->rejects, .fd = -1},
                .summary = -1};
  if (o->format == LICET_BULK_AUTO)
    o->format = options->output == NULL ? LICET_BULK_NDJSON : format_of_name(options->output);
  if (options->rejects != NULL && format_of_name(options->rejects) == LICET_BULK_CSV)
    o->rejects_format = LICET_BULK_CSV;
}

const char *output_first_name(const char *path, Arena *arena) {
  struct stat status;
  if (path == NULL || strcmp(path, "-") == 0) return NULL;
  if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) return NULL;
  return arena_format(arena, "%s.new", path);
}

licet_status output_choose_names(Output *o) {
  const char *paths[] = {o->options->output, o->options->rejects, o->options->summary};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    const char *reason = paths[i] == NULL ? NULL : ending_not_written(paths[i]);
    if (reason != NULL)
      return result_fail(o->result, LICET_BAD_OPTIONS, "%s: %s", paths[i], reason);
  }
  if (o->options->rejects != NULL && format_of_name(o->options->rejects) == LICET_BULK_COLUMNS)
    return result_fail(o->result, LICET_BAD_OPTIONS,
                       "%s: rejects can only be written as NDJSON or CSV", o->options->rejects);
  o->outcomes.first = output_first_name(o->outcomes.path, &o->result->arena);
  o->rejects.first = output_first_name(o->rejects.path, &o->result->arena);
  return LICET_OK;
}

/* ---- Opening ---- */

/* A checkpoint looks back at what was written. */
static int access_of(const Output *o) { return o->options->checkpoint != NULL ? O_RDWR : O_WRONLY; }

static licet_status open_output(Output *o, OutputFile *file, int flags) {
  if (file->path == NULL) return LICET_OK;
  const char *name = file->first != NULL ? file->first : file->path;
  file->fd = strcmp(name, "-") == 0 ? STDOUT_FILENO
                                    : open(name, access_of(o) | flags | O_CREAT | O_CLOEXEC, 0666);
  return file->fd >= 0 ? LICET_OK : failed(o, file->path);
}

static licet_status begin(Output *o, OutputFile *file, const char *heading) {
  const licet_status status = open_output(o, file, O_TRUNC);
  if (status != LICET_OK || write_file(file, heading, strlen(heading))) return status;
  return failed(o, file->path);
}

licet_status output_open_summary(Output *o) {
  const char *path = o->options->summary;
  if (path == NULL) return LICET_OK;
  o->summary =
      strcmp(path, "-") == 0 ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  return o->summary >= 0 ? LICET_OK : failed(o, path);
}

licet_status output_begin_rejects(Output *o) {
  return begin(o, &o->rejects, o->rejects_format == LICET_BULK_CSV ? reject_csv_heading : "");
}

licet_status output_begin(Output *o, const licet_library *library, bool has_targets) {
#define VERDICT "line,request,policy,version,outcome,reason,pathway"
#define PROVENANCE ",version_digest,engine\n"
  const char *heading = o->format != LICET_BULK_CSV ? ""
                        : has_targets               ? VERDICT ",by" PROVENANCE
                                                    : VERDICT PROVENANCE;
#undef VERDICT
#undef PROVENANCE
  licet_status status = begin(o, &o->outcomes, heading);
  if (status == LICET_OK) status = output_begin_rejects(o);
  if (status != LICET_OK || o->outcomes.fd < 0 || o->format != LICET_BULK_COLUMNS) return status;
  o->columns = outcome_columns_open(library, o->outcomes.fd);
  return o->columns != NULL ? LICET_OK : failed(o, o->outcomes.path);
}

static licet_status cut_at(Output *o, OutputFile *file, uint64_t length) {
  struct stat status;
  const licet_status opened = open_output(o, file, 0);
  file->written = length;
  if (opened != LICET_OK || file->fd < 0) return opened;
  if (fstat(file->fd, &status) != 0 || (uint64_t)status.st_size < length)
    return result_fail(o->result, LICET_IO,
                       "%s: the file is shorter than when the checkpoint was written", file->first);
  const bool fine =
      ftruncate(file->fd, (off_t)length) == 0 && lseek(file->fd, (off_t)length, SEEK_SET) >= 0;
  return fine ? LICET_OK : failed(o, file->path);
}

licet_status output_go_on(Output *o, uint64_t written, uint64_t rejects_written) {
  const licet_status status = cut_at(o, &o->outcomes, written);
  return status == LICET_OK ? cut_at(o, &o->rejects, rejects_written) : status;
}

/* ---- Writing ---- */

licet_status output_write_rejects(Output *o, const Buffer *rejects) {
  return write_file(&o->rejects, rejects->at, rejects->length) ? LICET_OK
                                                               : failed(o, o->rejects.path);
}

licet_status output_write_chunk(Output *o, const Chunk *chunk) {
  const Buffer *lines = &chunk->output;
  const bool fine = o->columns != NULL ? outcome_columns_add(o->columns, lines->at, lines->length)
                                       : write_file(&o->outcomes, lines->at, lines->length);
  return fine ? output_write_rejects(o, &chunk->rejects) : failed(o, o->outcomes.path);
}

/* ---- The end ---- */

static bool close_one(int *fd) {
  const bool fine = !is_own(*fd) || close(*fd) == 0;
  *fd = -1;
  return fine;
}

/* It is whole. */
static licet_status finish_file(Output *o, OutputFile *file) {
  if (file->fd < 0) return LICET_OK;
  if (!close_one(&file->fd)) return failed(o, file->path);
  if (file->first != NULL && rename(file->first, file->path) != 0) return failed(o, file->path);
  file->first = NULL;
  return LICET_OK;
}

licet_status output_finish_rejects(Output *o) { return finish_file(o, &o->rejects); }

licet_status output_finish(Output *o) {
  if (o->columns != NULL && !outcome_columns_finish(o->columns)) return failed(o, o->outcomes.path);
  const licet_status status = finish_file(o, &o->outcomes);
  return status == LICET_OK ? output_finish_rejects(o) : status;
}

licet_status output_write_summary(Output *o) {
  const char *json = o->result->json;
  struct stat status;
  uint64_t written = 0;
  if (o->summary < 0) return LICET_OK;
  bool fine = !is_own(o->summary) || (fstat(o->summary, &status) == 0 &&
                                      (!S_ISREG(status.st_mode) || ftruncate(o->summary, 0) == 0));
  fine = fine && write_all(o->summary, json, strlen(json), &written) &&
         write_all(o->summary, "\n", 1, &written);
  const int reason = errno;
  if (!close_one(&o->summary) && fine) return failed(o, o->options->summary);
  errno = reason;
  return fine ? LICET_OK : failed(o, o->options->summary);
}

static void leave_file(const Output *o, OutputFile *file) {
  if (file->first != NULL && file->fd >= 0 && o->options->checkpoint == NULL) unlink(file->first);
  close_one(&file->fd);
}

void output_close(Output *o) {
  outcome_columns_close(o->columns);
  leave_file(o, &o->outcomes);
  leave_file(o, &o->rejects);
  close_one(&o->summary);
}
