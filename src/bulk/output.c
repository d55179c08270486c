#include "bulk/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulk/input.h"

static bool is_own(int fd) { return fd > STDERR_FILENO; }

static licet_status failed(const char *path, licet_bulk_result *result) {
  return result_fail(result, LICET_IO, "%s: %s", shown_output(path), strerror(errno));
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

/* ---- Opening ---- */

void output_open(Output *o, const licet_bulk_options *options) {
  *o = (Output){.options = options,
                .format = options->output_format,
                .outcomes = -1,
                .rejects = -1,
                .summary = -1};
  if (o->format == LICET_BULK_AUTO)
    o->format = options->output == NULL ? LICET_BULK_NDJSON : format_of_name(options->output);
}

static bool open_one(const char *path, int access, int *fd) {
  if (path != NULL)
    *fd = strcmp(path, "-") == 0 ? STDOUT_FILENO : open(path, access | O_CREAT | O_CLOEXEC, 0666);
  return path == NULL || *fd >= 0;
}

licet_status output_open_summary(Output *o, licet_bulk_result *result) {
  const char *path = o->options->summary;
  return open_one(path, O_WRONLY, &o->summary) ? LICET_OK : failed(path, result);
}

/* A checkpoint looks back at what was written. */
static int access_of(const Output *o) { return o->options->checkpoint != NULL ? O_RDWR : O_WRONLY; }

licet_status output_begin_rejects(Output *o, licet_bulk_result *result) {
  const char *path = o->options->rejects;
  return open_one(path, access_of(o) | O_TRUNC, &o->rejects) ? LICET_OK : failed(path, result);
}

static licet_status write_heading(Output *o, bool has_targets, licet_bulk_result *result) {
  const char *heading = has_targets ? "line,request,policy,version,outcome,reason,pathway,by\n"
                                    : "line,request,policy,version,outcome,reason,pathway\n";
  const bool fine = write_all(o->outcomes, heading, strlen(heading), &o->written);
  return fine ? LICET_OK : failed(o->options->output, result);
}

licet_status output_begin(Output *o, const licet_library *library, bool has_targets,
                          licet_bulk_result *result) {
  const char *path = o->options->output;
  if (!open_one(o->first != NULL ? o->first : path, access_of(o) | O_TRUNC, &o->outcomes))
    return failed(path, result);
  licet_status status = output_begin_rejects(o, result);
  if (status != LICET_OK || o->outcomes < 0) return status;
  if (o->format == LICET_BULK_CSV) return write_heading(o, has_targets, result);
  if (o->format != LICET_BULK_COLUMNS) return LICET_OK;
  o->columns = outcome_columns_open(library, o->outcomes);
  return o->columns != NULL ? LICET_OK : failed(path, result);
}

static licet_status cut_at(Output *o, const char *path, int *fd, uint64_t length,
                           licet_bulk_result *result) {
  struct stat status;
  if (path == NULL) return LICET_OK;
  if (!open_one(path, access_of(o), fd)) return failed(path, result);
  if (fstat(*fd, &status) != 0 || (uint64_t)status.st_size < length)
    return result_fail(result, LICET_IO, "%s: shorter than when the checkpoint was written", path);
  const bool fine = ftruncate(*fd, (off_t)length) == 0 && lseek(*fd, (off_t)length, SEEK_SET) >= 0;
  return fine ? LICET_OK : failed(path, result);
}

licet_status output_go_on(Output *o, uint64_t written, uint64_t rejects_written,
                          licet_bulk_result *result) {
  licet_status status = cut_at(o, o->options->output, &o->outcomes, written, result);
  if (status == LICET_OK)
    status = cut_at(o, o->options->rejects, &o->rejects, rejects_written, result);
  o->written = written;
  o->rejects_written = rejects_written;
  return status;
}

/* ---- Writing ---- */

licet_status output_write_rejects(Output *o, const Buffer *rejects, licet_bulk_result *result) {
  if (o->rejects < 0 || write_all(o->rejects, rejects->at, rejects->length, &o->rejects_written))
    return LICET_OK;
  return failed(o->options->rejects, result);
}

licet_status output_write_chunk(Output *o, const Chunk *chunk, licet_bulk_result *result) {
  const Buffer *lines = &chunk->output;
  const bool fine = o->columns != NULL ? outcome_columns_add(o->columns, lines->at, lines->length)
                                       : o->outcomes < 0 || write_all(o->outcomes, lines->at,
                                                                      lines->length, &o->written);
  return fine ? output_write_rejects(o, &chunk->rejects, result)
              : failed(o->options->output, result);
}

static bool close_one(int *fd) {
  const bool fine = !is_own(*fd) || close(*fd) == 0;
  *fd = -1;
  return fine;
}

/* It is whole. */
static bool name_file(Output *o) {
  if (o->first == NULL || rename(o->first, o->options->output) == 0) return true;
  const int reason = errno;
  unlink(o->first);
  errno = reason;
  return false;
}

licet_status output_finish(Output *o, licet_bulk_result *result) {
  if (o->columns != NULL && !outcome_columns_finish(o->columns))
    return failed(o->options->output, result);
  if (!close_one(&o->outcomes)) return failed(o->options->output, result);
  if (!name_file(o)) return failed(o->options->output, result);
  return close_one(&o->rejects) ? LICET_OK : failed(o->options->rejects, result);
}

licet_status output_write_summary(Output *o, licet_bulk_result *result) {
  const char *json = result->json;
  struct stat status;
  uint64_t written = 0;
  if (o->summary < 0) return LICET_OK;
  bool fine = !is_own(o->summary) || (fstat(o->summary, &status) == 0 &&
                                      (!S_ISREG(status.st_mode) || ftruncate(o->summary, 0) == 0));
  fine = fine && write_all(o->summary, json, strlen(json), &written) &&
         write_all(o->summary, "\n", 1, &written);
  const int reason = errno;
  if (!close_one(&o->summary) && fine) return failed(o->options->summary, result);
  errno = reason;
  return fine ? LICET_OK : failed(o->options->summary, result);
}

void output_close(Output *o) {
  outcome_columns_close(o->columns);
  if (o->outcomes >= 0 && o->first != NULL) unlink(o->first); /* it never became whole */
  close_one(&o->outcomes);
  close_one(&o->rejects);
  close_one(&o->summary);
}
