/* A run: the input cut into pieces, the pieces worked on by threads, what came of them written in order.
 *
 *     input ── cut ──> piece, piece, … ── workers ──> output, rejects, tally ── in order ──> files, summary, checkpoint
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bulk/apart.h"
#include "bulk/builder.h"
#include "bulk/checkpoint.h"
#include "bulk/column_file.h"
#include "bulk/outcome_columns.h"
#include "bulk/summary.h"
#include "bulk/worker.h"

enum { THREADS_MOST = 256, TARGETS_MOST = 64, TABLE_PIECE_ROWS = 16 * LINE_BLOCK_ROWS };
#define PIECE_BYTES (1u << 20)
#define RECORD_BYTES_MOST (4u << 20)

struct licet_bulk_result {
  Arena arena;
  uint64_t requests, rejected;
  const char *message, *text, *json;
};

typedef enum SlotState { SLOT_FREE, SLOT_READY, SLOT_DONE } SlotState;

typedef struct Slot {
  SlotState state;
  Piece piece;
  char *bytes;
  uint64_t next_offset, next_line; /* behind this piece */
} Slot;

typedef struct Run {
  const licet_library *library;
  const licet_bulk_options *options;
  licet_bulk_result *result;
  WorkOrder order;
  Plan *plan;
  Target targets[TARGETS_MOST];
  uint32_t target_count;
  /* input */
  int in, out, rejects, summary;
  ColumnFile *columns;
  uint32_t segment, segment_row;
  char *held; /* read and not yet in a piece */
  size_t held_length, held_capacity;
  bool at_end, packs;
  uint64_t offset, line, total;
  /* output */
  uint64_t written, rejects_written, fingerprint;
  OutcomeColumns *outcomes; /* where they are written as columns */
  Tally tally;
  /* threads */
  pthread_mutex_t lock;
  pthread_cond_t ready, done;
  Slot *slots;
  uint32_t slot_count;
  uint64_t cut, taken, finished; /* pieces cut, given to workers, written */
  bool stopping, worker_failed;
  double last_progress, last_checkpoint;
} Run;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static licet_status fail(Run *run, licet_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
static licet_status fail(Run *run, licet_status status, const char *format, ...) {
  char words[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  run->result->message = arena_copy(&run->result->arena, words, strlen(words));
  return status;
}

static const char *shown(const char *path, const char *standard) { return strcmp(path, "-") == 0 ? standard : path; }

/* ---- Targets -------------------------------------------------------------------------------------------------------------------
 */

static licet_status add_target(Run *run, const char *name) {
  const char *at = strrchr(name, '@');
  const Text id = {name, at == NULL ? (uint32_t)strlen(name) : (uint32_t)(at - name)};
  Target target = {library_policy_named(run->library, id), DATE_NONE, name};
  if (run->target_count == TARGETS_MOST) return fail(run, LICET_NOT_FOUND, "more than %d policies at once", TARGETS_MOST);
  if (at != NULL && !date_parse(text_of(at + 1), &target.on))
    return fail(run, LICET_NOT_FOUND, "'%s': '%s' is no date such as 2026-11-02", name, at + 1);
  if (target.policy == NULL) {
    Text *ids = ARENA_ARRAY(&run->result->arena, Text, run->library->policies.count + 1);
    for (uint32_t i = 0; i < run->library->policies.count; i++) ids[i] = run->library->policies.items[i]->model->id;
    int near = text_nearest(id, ids, run->library->policies.count);
    if (near < 0) return fail(run, LICET_NOT_FOUND, "there is no policy '%.*s'", (int)id.length, id.at);
    return fail(run, LICET_NOT_FOUND, "there is no policy '%.*s'; did you mean '%.*s'?", (int)id.length, id.at,
                (int)ids[near].length, ids[near].at);
  }
  if (at != NULL && policy_version_on(target.policy->model, target.on) == NULL)
    return fail(run, LICET_NOT_FOUND, "'%s': the policy was not in force on that day", name);
  run->targets[run->target_count++] = target;
  return LICET_OK;
}

static licet_status find_targets(Run *run) {
  const licet_bulk_options *options = run->options;
  licet_status status = LICET_OK;
  for (size_t i = 0; options->policies != NULL && options->policies[i] != NULL && status == LICET_OK; i++)
    status = add_target(run, options->policies[i]);
  if (status == LICET_OK && run->target_count == 0) run->targets[run->target_count++] = (Target){NULL, DATE_NONE, ""};
  if (status != LICET_OK || options->against == NULL) return status;
  if (run->target_count > 1) return fail(run, LICET_BAD_OPTIONS, "only one policy can be compared with another");
  run->order.compares = true;
  return add_target(run, options->against);
}

/* ---- Input ---------------------------------------------------------------------------------------------------------------------
 */

static bool ends_in(const char *path, const char *end) {
  size_t length = strlen(path), tail = strlen(end);
  return length >= tail && strcmp(path + length - tail, end) == 0;
}

static licet_bulk_format format_of(const char *path) {
  return ends_in(path, ".csv") ? LICET_BULK_CSV : ends_in(path, ".columns") ? LICET_BULK_COLUMNS : LICET_BULK_NDJSON;
}

static ssize_t read_some(int fd, char *at, size_t room) {
  ssize_t count;
  do count = read(fd, at, room);
  while (count < 0 && errno == EINTR);
  return count;
}

/* Reads until `wanted` bytes are held or the input ends. */
static bool hold(Run *run, size_t wanted) {
  while (run->held_length < wanted && !run->at_end) {
    if (run->held_capacity < wanted) {
      char *held = memory_resize(run->held, wanted);
      if (held == NULL) return errno = ENOMEM, false;
      run->held = held;
      run->held_capacity = wanted;
    }
    ssize_t count = read_some(run->in, run->held + run->held_length, run->held_capacity - run->held_length);
    if (count < 0) return false;
    run->held_length += (size_t)count;
    run->at_end = count == 0;
  }
  return true;
}

static void drop(Run *run, size_t length) {
  memmove(run->held, run->held + length, run->held_length - length);
  run->held_length -= length;
  run->offset += length;
}

static licet_status open_columns(Run *run) {
  const char *message;
  run->columns = column_file_open(run->options->input, &message);
  if (run->columns == NULL) return fail(run, LICET_BAD_REQUEST, "%s: %s", run->options->input, message);
  run->total = column_file_rows(run->columns);
  return LICET_OK;
}

static licet_status open_input(Run *run) {
  const char *path = run->options->input;
  struct stat status;
  run->order.input = run->options->input_format;
  if (run->order.input == LICET_BULK_AUTO) run->order.input = format_of(path);
  run->in = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (run->in < 0) return fail(run, errno == ENOENT ? LICET_NOT_FOUND : LICET_IO, "%s: %s", path, strerror(errno));
  if (fstat(run->in, &status) == 0 && S_ISDIR(status.st_mode)) return fail(run, LICET_IO, "%s: is a folder", path);
  run->total = fstat(run->in, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
  if (!hold(run, 4096)) return fail(run, LICET_IO, "%s: %s", shown(path, "standard input"), strerror(errno));
  if (column_file_begins(run->held, run->held_length)) run->order.input = LICET_BULK_COLUMNS;
  if (run->order.input != LICET_BULK_COLUMNS) return LICET_OK;
  if (run->in == STDIN_FILENO) return fail(run, LICET_BAD_REQUEST, "a column file cannot be read from the standard input");
  return open_columns(run);
}

static uint64_t count_lines(const char *text, size_t length) {
  uint64_t lines = 0;
  for (const char *at = text, *end = text + length; at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) lines++;
  return lines + (length > 0 && text[length - 1] != '\n');
}

static licet_status read_header(Run *run) {
  const char *message;
  size_t length = 0;
  if (run->order.input != LICET_BULK_CSV) return LICET_OK;
  const size_t mark = run->held_length >= 3 && memcmp(run->held, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* of byte order */
  while ((length = csv_record(run->held + mark, run->held_length - mark, run->at_end)) == 0 && !run->at_end &&
         run->held_length < RECORD_BYTES_MOST)
    if (!hold(run, run->held_length + 4096)) return fail(run, LICET_IO, "%s", strerror(errno));
  if (length > 0) length += mark;
  const Text policy = run->targets[0].policy == NULL ? TEXT("") : run->targets[0].policy->model->id;
  if (length == 0) return fail(run, LICET_BAD_REQUEST, "%s: there is no header", shown(run->options->input, "standard input"));
  run->order.csv = csv_open(run->library, run->held, length, policy, &run->result->arena, &message);
  if (run->order.csv == NULL)
    return fail(run, LICET_BAD_REQUEST, "%s:1: %s", shown(run->options->input, "standard input"), message);
  run->line += count_lines(run->held, length);
  drop(run, length);
  return LICET_OK;
}

/* How many bytes of what is held are whole records; *lines: the lines they are. */
static size_t whole_records(const Run *run, size_t length, uint64_t *lines) {
  const bool at_end = run->at_end && length == run->held_length;
  size_t whole = 0;
  if (run->order.input == LICET_BULK_CSV) {
    for (size_t record; whole < length; whole += record)
      if ((record = csv_record(run->held + whole, length - whole, at_end)) == 0) break;
  } else {
    whole = length;
    while (!at_end && whole > 0 && run->held[whole - 1] != '\n') whole--;
  }
  *lines = count_lines(run->held, whole);
  return whole;
}

/* Of a record that has not ended where it must have: its first line, as csv_record has it where a quote closes nothing. */
static size_t unclosed_record(const Run *run, uint64_t *lines) {
  const char *end = memchr(run->held, '\n', run->held_length);
  *lines = end != NULL;
  return end == NULL ? 0 : (size_t)(end - run->held) + 1;
}

/* A record longer than may be: it is handed on cut short, so that its fault is told, and the rest is passed over. */
static bool skip_record(Run *run) {
  for (;;) {
    char *end = memchr(run->held, '\n', run->held_length);
    if (end != NULL) {
      drop(run, (size_t)(end - run->held)); /* its line end closes the record that was cut */
      return true;
    }
    drop(run, run->held_length);
    if (run->at_end) return true;
    if (!hold(run, PIECE_BYTES)) return false;
  }
}

/* The next piece of records. *more: there was one. */
static bool cut_records(Run *run, Slot *slot, bool *more) {
  uint64_t lines = 0;
  size_t length = 0, wanted = PIECE_BYTES;
  while (length == 0) {
    if (!hold(run, wanted)) return false;
    if (run->held_length == 0) return *more = false, true;
    length = whole_records(run, run->held_length < wanted ? run->held_length : wanted, &lines);
    if (length == 0 && wanted >= RECORD_BYTES_MOST) break;
    wanted *= 2;
  }
  if (length == 0) length = unclosed_record(run, &lines);
  const bool too_long = length == 0;
  if (too_long) {
    length = run->held_length;
    lines = 0;
  }
  char *bytes = memory_resize(slot->bytes, length + 64);
  if (bytes == NULL) return errno = ENOMEM, false;
  slot->bytes = bytes;
  memcpy(bytes, run->held, length);
  slot->piece.text = bytes;
  slot->piece.length = length;
  slot->piece.table = NULL;
  slot->piece.first_line = run->line + 1;
  drop(run, length);
  run->line += lines;
  *more = true;
  return !too_long || skip_record(run);
}

static bool cut_rows(Run *run, Slot *slot, bool *more) {
  *more = run->segment < column_file_segments(run->columns);
  if (!*more) return true;
  const BulkTable *table = column_file_segment(run->columns, run->segment);
  uint32_t rows = table->rows - run->segment_row < TABLE_PIECE_ROWS ? table->rows - run->segment_row : TABLE_PIECE_ROWS;
  slot->piece.table = table;
  slot->piece.first_row = run->segment_row;
  slot->piece.rows = rows;
  slot->piece.length = 64 * (size_t)rows;
  slot->piece.first_line = run->line - run->segment_row + 1;
  run->line += rows;
  run->offset += rows;
  run->segment_row += rows;
  if (run->segment_row == table->rows) {
    run->segment++;
    run->segment_row = 0;
  }
  return true;
}

static bool cut_piece(Run *run, Slot *slot, bool *more) {
  bool fine = run->columns != NULL ? cut_rows(run, slot, more) : cut_records(run, slot, more);
  slot->next_offset = run->offset;
  slot->next_line = run->line;
  return fine;
}

/* ---- Output --------------------------------------------------------------------------------------------------------------------
 */

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

/* Every file of the run, those that appear under another name first included, before any is cut. */
static licet_status check_apart(Run *run) {
  const licet_bulk_options *o = run->options;
  Arena *arena = &run->result->arena;
  const char *output_new = run->packs && strcmp(o->output, "-") != 0 ? arena_format(arena, "%s.new", o->output) : NULL;
  const char *checkpoint_new = o->checkpoint == NULL ? NULL : arena_format(arena, "%s.new", o->checkpoint);
  const RunFile files[] = {{"the input", o->input, STDIN_FILENO},
                           {"the output", o->output, STDOUT_FILENO},
                           {"the file the output is written to first", output_new, STDOUT_FILENO},
                           {"the rejects file", o->rejects, STDOUT_FILENO},
                           {"the summary", o->summary, STDOUT_FILENO},
                           {"the checkpoint", o->checkpoint, -1},
                           {"the file the checkpoint is written to first", checkpoint_new, -1}};
  const RunFile *other, *one = files_not_apart(files, sizeof files / sizeof *files, &other);
  if (one == NULL) return LICET_OK;
  return fail(run, LICET_BAD_OPTIONS, "%s: %s is also %s; each needs a file of its own", shown(one->path, "standard output"),
              one->what, other->what);
}

/* Opened before the work, so that a place that cannot be written is told then; what stands there is kept until there is another. */
static licet_status open_summary(Run *run) {
  const char *path = run->options->summary;
  if (path == NULL) return LICET_OK;
  run->summary = strcmp(path, "-") == 0 ? STDOUT_FILENO : open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  return run->summary >= 0 ? LICET_OK : fail(run, LICET_IO, "%s: %s", path, strerror(errno));
}

static licet_status write_summary(Run *run) {
  const char *json = run->result->json, *path = run->options->summary;
  struct stat status;
  uint64_t written = 0;
  if (run->summary < 0) return LICET_OK;
  const bool to_file = run->summary > STDERR_FILENO;
  bool fine = !to_file || (fstat(run->summary, &status) == 0 && (!S_ISREG(status.st_mode) || ftruncate(run->summary, 0) == 0));
  fine = fine && write_all(run->summary, json, strlen(json), &written) && write_all(run->summary, "\n", 1, &written);
  const int reason = errno;
  if (to_file && close(run->summary) != 0 && fine)
    fine = false;
  else if (!fine)
    errno = reason;
  run->summary = -1;
  return fine ? LICET_OK : fail(run, LICET_IO, "%s: %s", shown(path, "standard output"), strerror(errno));
}

static licet_status open_one(Run *run, const char *path, int *fd, bool resuming, uint64_t length) {
  struct stat status;
  const int access = run->options->checkpoint != NULL ? O_RDWR : O_WRONLY; /* a checkpoint looks back at what was written */
  if (path == NULL) return LICET_OK;
  *fd = strcmp(path, "-") == 0 ? STDOUT_FILENO : open(path, access | O_CREAT | O_CLOEXEC | (resuming ? 0 : O_TRUNC), 0666);
  if (*fd < 0) return fail(run, LICET_IO, "%s: %s", path, strerror(errno));
  if (!resuming) return LICET_OK;
  if (fstat(*fd, &status) != 0 || (uint64_t)status.st_size < length)
    return fail(run, LICET_IO, "%s: shorter than when the checkpoint was written", path);
  if (ftruncate(*fd, (off_t)length) != 0 || lseek(*fd, (off_t)length, SEEK_SET) < 0)
    return fail(run, LICET_IO, "%s: %s", path, strerror(errno));
  return LICET_OK;
}

static const char csv_heading[] = "line,request,policy,version,outcome,reason,pathway";

static licet_status output_failed(Run *run) {
  return fail(run, LICET_IO, "%s: %s", shown(run->options->output, "standard output"), strerror(errno));
}

static licet_status open_outcome_columns(Run *run) {
  run->outcomes = outcome_columns_open(run->library, run->out);
  return run->outcomes != NULL ? LICET_OK : output_failed(run);
}

static bool write_outcomes(Run *run, const Piece *piece) {
  if (run->outcomes != NULL) return outcome_columns_add(run->outcomes, piece->output.at, piece->output.length);
  return run->out < 0 || write_all(run->out, piece->output.at, piece->output.length, &run->written);
}

static licet_status open_outputs(Run *run, const Checkpoint *from) {
  const licet_bulk_options *options = run->options;
  if (run->order.output == LICET_BULK_COLUMNS && options->checkpoint != NULL)
    return fail(run, LICET_BAD_REQUEST, "a run that writes columns keeps no checkpoint; write NDJSON or CSV");
  licet_status status = open_one(run, options->output, &run->out, from != NULL, from == NULL ? 0 : from->output);
  if (status == LICET_OK) status = open_one(run, options->rejects, &run->rejects, from != NULL, from == NULL ? 0 : from->rejects);
  if (status == LICET_OK && run->out >= 0 && run->order.output == LICET_BULK_COLUMNS) return open_outcome_columns(run);
  if (status != LICET_OK || from != NULL || run->out < 0 || run->order.output != LICET_BULK_CSV) return status;
  const char *end = run->target_count > 1 ? ",by\n" : "\n";
  if (write_all(run->out, csv_heading, strlen(csv_heading), &run->written) && write_all(run->out, end, strlen(end), &run->written))
    return LICET_OK;
  return output_failed(run);
}

static void tell_progress(Run *run, bool at_end) {
  const licet_bulk_options *options = run->options;
  const double time = now();
  if (options->progress == NULL || (!at_end && time - run->last_progress < 0.1)) return;
  run->last_progress = time;
  licet_bulk_progress progress = {run->result->requests, at_end ? run->total : run->offset, run->total};
  options->progress(options->context, &progress);
}

static uint64_t mix(uint64_t sum, uint64_t number) { return (sum ^ number) * UINT64_C(0x9E3779B97F4A7C15) ^ sum >> 29; }
static uint64_t mix_text(uint64_t sum, const char *text) {
  return text == NULL ? mix(sum, 1) : mix(sum, bulk_hash(text, strlen(text)));
}

/* Which file the input is, when it was last written, and how it begins. */
static uint64_t input_mark(const Run *run) {
  static const size_t begin = 64 * 1024;
  struct stat status;
  uint64_t sum = run->total;
  if (fstat(run->in, &status) != 0) return sum;
  sum = mix(mix(sum, (uint64_t)status.st_ino), (uint64_t)status.st_dev);
  sum = mix(mix(sum, (uint64_t)status.st_mtim.tv_sec), (uint64_t)status.st_mtim.tv_nsec);
  char *bytes = arena_allocate(&run->result->arena, begin);
  ssize_t length = pread(run->in, bytes, begin, 0);
  return length <= 0 ? sum : mix(sum, bulk_hash(bytes, (size_t)length));
}

/* All that what is written depends on; not what it does not: threads and registers. */
static uint64_t fingerprint(const Run *run) {
  const licet_bulk_options *options = run->options;
  const char *texts[] = {options->input, options->output, options->rejects, LICET_VERSION};
  const bool flags[] = {options->strict != 0, options->criteria != 0, options->missing != 0, run->order.compares};
  uint64_t sum = mix(mix(input_mark(run), run->order.input), run->order.output);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) sum = mix_text(sum, texts[i]);
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) sum = mix(sum, flags[i]);
  for (uint32_t i = 0; i < run->target_count; i++) sum = mix_text(sum, run->targets[i].name);
  for (const char **id = run->library->literal_readings; id != NULL && *id != NULL; id++) sum = mix_text(sum, *id);
  for (uint32_t i = 0; i < run->library->policies.count; i++) sum = mix_text(sum, run->library->policies.items[i]->model->digest);
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

static licet_status save_checkpoint(Run *run, const Slot *slot, bool now_at_once) {
  const licet_bulk_options *options = run->options;
  if (options->checkpoint == NULL || (!now_at_once && now() - run->last_checkpoint < 0.5)) return LICET_OK;
  run->last_checkpoint = now();
  Checkpoint at = {.fingerprint = run->fingerprint,
                   .offset = slot->next_offset,
                   .line = slot->next_line,
                   .requests = run->result->requests,
                   .rejected = run->result->rejected,
                   .output = run->written,
                   .rejects = run->rejects_written};
  if (!tail_hash(run->out, at.output, &at.output_tail) || !tail_hash(run->rejects, at.rejects, &at.rejects_tail) ||
      (run->out >= 0 && fdatasync(run->out) != 0) || (run->rejects >= 0 && fdatasync(run->rejects) != 0) ||
      !checkpoint_save(options->checkpoint, &at, &run->tally))
    return fail(run, LICET_IO, "%s: %s", options->checkpoint, strerror(errno));
  return LICET_OK;
}

static licet_status write_piece(Run *run, Slot *slot) {
  const licet_bulk_options *options = run->options;
  Piece *piece = &slot->piece;
  if (piece->failed) return fail(run, LICET_NO_MEMORY, "out of memory");
  run->result->requests += piece->requests;
  run->result->rejected += piece->rejected;
  tally_merge(&run->tally, &piece->tally);
  if (!write_outcomes(run, piece)) return output_failed(run);
  if (run->rejects >= 0 && !write_all(run->rejects, piece->rejects.at, piece->rejects.length, &run->rejects_written))
    return fail(run, LICET_IO, "%s: %s", options->rejects, strerror(errno));
  if (piece->fault != NULL) return fail(run, LICET_BAD_REQUEST, "%s: %s", shown(options->input, "standard input"), piece->fault);
  tell_progress(run, false);
  return save_checkpoint(run, slot, false);
}

/* ---- Threads -------------------------------------------------------------------------------------------------------------------
 */

static void *work(void *argument) {
  Run *run = argument;
  Worker *worker = worker_open(&run->order);
  pthread_mutex_lock(&run->lock);
  run->worker_failed = run->worker_failed || worker == NULL;
  while (worker != NULL) {
    while (run->taken == run->cut && !run->stopping) pthread_cond_wait(&run->ready, &run->lock);
    if (run->taken == run->cut) break;
    Slot *slot = &run->slots[run->taken++ % run->slot_count];
    pthread_mutex_unlock(&run->lock);
    worker_run(worker, &slot->piece);
    pthread_mutex_lock(&run->lock);
    slot->state = SLOT_DONE;
    pthread_cond_broadcast(&run->done);
  }
  pthread_cond_broadcast(&run->done);
  pthread_mutex_unlock(&run->lock);
  worker_close(worker);
  return NULL;
}

/* Waits for the oldest piece and writes it. */
static licet_status finish_one(Run *run) {
  Slot *slot = &run->slots[run->finished % run->slot_count];
  pthread_mutex_lock(&run->lock);
  while (slot->state != SLOT_DONE && !run->worker_failed) pthread_cond_wait(&run->done, &run->lock);
  const bool failed = slot->state != SLOT_DONE;
  pthread_mutex_unlock(&run->lock);
  if (failed) return fail(run, LICET_NO_MEMORY, "out of memory");
  licet_status status = write_piece(run, slot);
  slot->state = SLOT_FREE;
  run->finished++;
  return status;
}

static licet_status feed(Run *run) {
  licet_status status = LICET_OK;
  bool more = true;
  while (status == LICET_OK && more) {
    if (run->cut - run->finished == run->slot_count) status = finish_one(run);
    if (status != LICET_OK) break;
    Slot *slot = &run->slots[run->cut % run->slot_count];
    if (!cut_piece(run, slot, &more))
      return fail(run, LICET_IO, "%s: %s", shown(run->options->input, "standard input"), strerror(errno));
    if (!more) break;
    pthread_mutex_lock(&run->lock);
    slot->state = SLOT_READY;
    run->cut++;
    pthread_cond_signal(&run->ready);
    pthread_mutex_unlock(&run->lock);
  }
  while (status == LICET_OK && run->finished < run->cut) status = finish_one(run);
  return status;
}

static uint32_t thread_count(const licet_bulk_options *options) {
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  uint32_t wanted = options->threads > 0 ? options->threads : online > 0 ? (uint32_t)online : 1;
  return wanted > THREADS_MOST ? THREADS_MOST : wanted;
}

static licet_status run_threads(Run *run) {
  const uint32_t threads = thread_count(run->options);
  pthread_t ids[THREADS_MOST];
  uint32_t started = 0;
  run->slot_count = 2 * threads + 1;
  run->slots = ARENA_ARRAY(&run->result->arena, Slot, run->slot_count);
  for (uint32_t i = 0; i < run->slot_count; i++) arena_open(&run->slots[i].piece.arena);
  pthread_mutex_init(&run->lock, NULL);
  pthread_cond_init(&run->ready, NULL);
  pthread_cond_init(&run->done, NULL);
  while (started < threads && pthread_create(&ids[started], NULL, work, run) == 0) started++;
  licet_status status = started == 0 ? fail(run, LICET_NO_MEMORY, "no thread could be started") : feed(run);
  pthread_mutex_lock(&run->lock);
  run->stopping = true;
  if (status != LICET_OK) run->taken = run->cut; /* what nobody has begun is left */
  pthread_cond_broadcast(&run->ready);
  pthread_mutex_unlock(&run->lock);
  for (uint32_t i = 0; i < started; i++) pthread_join(ids[i], NULL);
  for (uint32_t i = 0; i < run->slot_count; i++) {
    arena_close(&run->slots[i].piece.arena);
    memory_free(run->slots[i].bytes);
  }
  pthread_cond_destroy(&run->ready);
  pthread_cond_destroy(&run->done);
  pthread_mutex_destroy(&run->lock);
  return status;
}

/* ---- All of it -----------------------------------------------------------------------------------------------------------------
 */

static licet_status choose_path(Run *run) {
  run->order.path = line_path_best();
  const char *wanted = run->options->path;
  if (wanted == NULL) return LICET_OK;
  for (LinePath path = 0; path < LINE_PATHS; path++) {
    if (strcmp(wanted, line_path_name(path)) != 0) continue;
    if (!line_path_available(path)) return fail(run, LICET_NOT_FOUND, "this processor has no %s", wanted);
    run->order.path = path;
    return LICET_OK;
  }
  return fail(run, LICET_BAD_OPTIONS, "'%s' is none of portable, avx2, avx512", wanted);
}

static licet_status go_on_from(Run *run, const Checkpoint *from) {
  run->result->requests = from->requests;
  run->result->rejected = from->rejected;
  run->written = from->output;
  run->rejects_written = from->rejects;
  if (run->columns != NULL) {
    run->offset = run->line = from->offset;
    uint64_t left = from->offset;
    while (run->segment < column_file_segments(run->columns) && left >= column_file_segment(run->columns, run->segment)->rows)
      left -= column_file_segment(run->columns, run->segment++)->rows;
    run->segment_row = (uint32_t)left;
    return LICET_OK;
  }
  if (lseek(run->in, (off_t)from->offset, SEEK_SET) < 0) return fail(run, LICET_IO, "%s: %s", run->options->input, strerror(errno));
  run->held_length = 0;
  run->at_end = false;
  run->offset = from->offset;
  run->line = from->line;
  return LICET_OK;
}

/* Could the run have come to `at`? Before anything is cut. */
static bool is_plausible(const Run *run, const Checkpoint *at) {
  char around[2] = "\n\n";
  if (at->offset > run->total || at->line > at->offset || at->rejected > at->requests) return false;
  if (run->columns != NULL) return at->line == at->offset && at->requests == at->line;
  if (at->offset == 0 || at->offset == run->total) return true;
  if (pread(run->in, around, 2, (off_t)at->offset - 1) != 2) return false;
  return around[0] == '\n' || around[1] == '\n'; /* the latter: of a record too long, whose end is its own */
}

static bool tail_stands(const char *path, uint64_t end, uint64_t tail) {
  uint64_t hash;
  const int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (path != NULL && fd < 0) return false;
  const bool fine = tail_hash(fd, end, &hash) && hash == tail;
  if (fd >= 0) close(fd);
  return fine;
}

static licet_status check_checkpoint(Run *run, const Checkpoint *at) {
  const licet_bulk_options *o = run->options;
  if (at->fingerprint != run->fingerprint)
    return fail(run, LICET_BAD_REQUEST, "%s: belongs to another run (other input, options, readings or policies)", o->checkpoint);
  if (!is_plausible(run, at)) return fail(run, LICET_BAD_REQUEST, "%s: is no place in %s", o->checkpoint, o->input);
  const char *changed = !tail_stands(o->output, at->output, at->output_tail)      ? o->output
                        : !tail_stands(o->rejects, at->rejects, at->rejects_tail) ? o->rejects
                                                                                  : NULL;
  if (changed == NULL) return LICET_OK;
  return fail(run, LICET_BAD_REQUEST, "%s: is not what was written before %s", changed, o->checkpoint);
}

static licet_status prepare(Run *run, Checkpoint *from, bool *resuming) {
  const licet_bulk_options *options = run->options;
  licet_status status = choose_path(run);
  if (status == LICET_OK) status = find_targets(run);
  if (status == LICET_OK) status = check_apart(run);
  if (status == LICET_OK) status = open_input(run);
  if (status == LICET_OK) status = read_header(run);
  if (status != LICET_OK) return status;
  tally_open(&run->tally, &run->result->arena);
  run->order.output = options->output_format;
  if (run->order.output == LICET_BULK_AUTO)
    run->order.output = options->output == NULL ? LICET_BULK_NDJSON : format_of(options->output);
  if (options->checkpoint != NULL && (run->in == STDIN_FILENO || options->output == NULL || strcmp(options->output, "-") == 0))
    return fail(run, LICET_BAD_OPTIONS, "a checkpoint needs an input and an output that are files");
  if (options->checkpoint != NULL) run->fingerprint = fingerprint(run);
  if (options->resume && options->checkpoint != NULL) {
    const char *message = NULL;
    *resuming = checkpoint_load(options->checkpoint, from, &run->tally, &message);
    if (message != NULL) return fail(run, LICET_BAD_REQUEST, "%s: %s", options->checkpoint, message);
    if (*resuming) status = check_checkpoint(run, from);
    if (status != LICET_OK) return status;
  }
  status = open_summary(run);
  if (status == LICET_OK) status = open_outputs(run, *resuming ? from : NULL);
  return status == LICET_OK && *resuming ? go_on_from(run, from) : status;
}

static void close_files(Run *run) {
  outcome_columns_close(run->outcomes);
  if (run->in > STDIN_FILENO) close(run->in);
  if (run->out > STDERR_FILENO) close(run->out);
  if (run->rejects > STDERR_FILENO) close(run->rejects);
  if (run->summary > STDERR_FILENO) close(run->summary);
  column_file_close(run->columns);
  memory_free(run->held);
  plan_close(run->plan);
}

static void summarize(Run *run) {
  SummarySubject subject = {run->plan,
                            &run->tally,
                            run->result->requests,
                            run->result->rejected,
                            run->order.compares,
                            run->options->criteria || run->order.compares,
                            run->options->missing};
  run->result->text = summary_text(&subject, &run->result->arena);
  run->result->json = summary_json(&subject, &run->result->arena);
}

static licet_status run_all(Run *run) {
  Checkpoint from;
  bool resuming = false;
  licet_status status = prepare(run, &from, &resuming);
  if (status != LICET_OK) return status;
  run->plan = plan_open(run->library, run->targets, run->target_count, run->options->criteria || run->order.compares);
  if (run->plan == NULL) return fail(run, LICET_NO_MEMORY, "out of memory");
  run->order.plan = run->plan;
  run->order.options = run->options;
  status = run_threads(run);
  if (status == LICET_OK && run->outcomes != NULL && !outcome_columns_finish(run->outcomes)) status = output_failed(run);
  summarize(run);
  tell_progress(run, true);
  if (status == LICET_OK && run->out > STDERR_FILENO && close(run->out) != 0)
    status = fail(run, LICET_IO, "%s: %s", run->options->output, strerror(errno));
  if (status == LICET_OK && run->out > STDERR_FILENO) run->out = -1;
  if (status == LICET_OK) status = write_summary(run);
  if (status == LICET_OK && run->options->checkpoint != NULL) unlink(run->options->checkpoint);
  return status;
}

static licet_bulk_result *result_open(void) {
  licet_bulk_result *result = memory_allocate(sizeof *result);
  if (result == NULL) return NULL;
  memset(result, 0, sizeof *result);
  arena_open(&result->arena);
  result->message = result->text = "";
  result->json = "{}";
  return result;
}

/* ---- Packing -------------------------------------------------------------------------------------------------------------------
 */

typedef struct Packing {
  Run *run;
  Builder *check, *segment; /* a few rows to look for faults in; all rows of the segment */
  Binder *binder;
  licet_session *session;
  ColumnWriter writer;
  Arena arena; /* of the piece */
  uint16_t *verdicts;
  Text texts[LINE_BLOCK_ROWS];
  uint64_t lines[LINE_BLOCK_ROWS];
  uint32_t count, rows; /* in check, in segment */
} Packing;

static licet_status pack_failed(Packing *p) { return fail(p->run, LICET_IO, "%s: %s", p->run->options->output, strerror(errno)); }

static licet_status end_segment(Packing *p) {
  if (!column_writer_add(&p->writer, builder_table(p->segment))) return pack_failed(p);
  p->rows = 0;
  return builder_begin(p->segment) ? LICET_OK : fail(p->run, LICET_NO_MEMORY, "out of memory");
}

static licet_status reject_row(Packing *p, uint64_t line, Text faults, Text input) {
  Run *run = p->run;
  Buffer out;
  run->result->rejected++;
  if (run->options->strict)
    return fail(run, LICET_BAD_REQUEST, "%s: line %llu: %.*s", run->options->input, (unsigned long long)line, (int)faults.length,
                faults.at);
  if (run->rejects < 0) return LICET_OK;
  buffer_open(&out, &p->arena, input.length + 512);
  buffer_format(&out, "{\"line\":%llu,\"faults\":%.*s,\"input\":", (unsigned long long)line, (int)faults.length, faults.at);
  buffer_json_string(&out, input);
  buffer_string(&out, "}\n");
  if (write_all(run->rejects, out.at, out.length, &run->rejects_written)) return LICET_OK;
  return fail(run, LICET_IO, "%s: %s", run->options->rejects, strerror(errno));
}

static licet_status pack_row(Packing *p, uint32_t row) {
  const Text text = p->texts[row];
  p->run->result->requests++;
  if (p->verdicts[row] == 0 &&
      session_run(p->session, &(Task){.json = text.at, .length = text.length, .depth = DEPTH_ANSWER}) != LICET_OK) {
    size_t length;
    const char *faults = licet_session_error_json(p->session, &length);
    return reject_row(p, p->lines[row], (Text){faults, (uint32_t)length}, text);
  }
  if (!builder_add_json(p->segment, text.at, text.length)) return fail(p->run, LICET_NO_MEMORY, "out of memory");
  return ++p->rows == COLUMN_SEGMENT_ROWS ? end_segment(p) : LICET_OK;
}

static licet_status pack_rows(Packing *p) {
  licet_status status = LICET_OK;
  const BulkTable *table = builder_table(p->check);
  if (table->rows > 0 && (!binder_bind(p->binder, table) || !binder_run(p->binder, table, 0, table->rows, &p->verdicts)))
    return fail(p->run, LICET_NO_MEMORY, "out of memory");
  for (uint32_t r = 0; r < p->count && status == LICET_OK; r++) status = pack_row(p, r);
  p->count = 0;
  if (!builder_begin(p->check)) return fail(p->run, LICET_NO_MEMORY, "out of memory");
  return status;
}

static licet_status pack_record(Packing *p, const char *at, size_t length, uint64_t line) {
  Text text = {at, (uint32_t)length};
  if (p->run->order.input == LICET_BULK_CSV) {
    const char *message;
    Buffer request;
    buffer_open(&request, &p->arena, 2 * length + 1024);
    if (!csv_write_request(p->run->order.csv, at, length, &request, &message)) {
      Buffer faults;
      licet_status status = pack_rows(p);
      buffer_open(&faults, &p->arena, 256);
      buffer_json_string(&faults, text_of(message));
      p->run->result->requests++;
      return status != LICET_OK ? status : reject_row(p, line, (Text){faults.at, (uint32_t)faults.length}, text);
    }
    text = (Text){request.at, (uint32_t)request.length};
  }
  if (!builder_add_json(p->check, text.at, text.length)) return fail(p->run, LICET_NO_MEMORY, "out of memory");
  p->texts[p->count] = text;
  p->lines[p->count++] = line;
  return p->count == LINE_BLOCK_ROWS ? pack_rows(p) : LICET_OK;
}

static licet_status pack_piece(Packing *p, const Piece *piece) {
  licet_status status = LICET_OK;
  uint64_t line = piece->first_line;
  arena_reset(&p->arena);
  for (size_t at = 0; at < piece->length && status == LICET_OK;) {
    const char *text = piece->text + at, *stop = memchr(text, '\n', piece->length - at);
    size_t length = stop == NULL ? piece->length - at : (size_t)(stop - text) + 1, blanks = 0;
    if (p->run->order.input == LICET_BULK_CSV) length = csv_record(text, piece->length - at, true);
    while (blanks < length && strchr(" \t\r\n", text[blanks]) != NULL) blanks++;
    if (blanks < length) status = pack_record(p, text, length, line);
    for (size_t i = 0; i + 1 < length; i++) line += text[i] == '\n';
    line++;
    at += length;
  }
  return status == LICET_OK ? pack_rows(p) : status;
}

static licet_status pack_input(Packing *p) {
  Slot slot = {0};
  bool more = true;
  licet_status status = LICET_OK;
  while (status == LICET_OK && more) {
    if (!cut_piece(p->run, &slot, &more)) status = fail(p->run, LICET_IO, "%s: %s", p->run->options->input, strerror(errno));
    if (status == LICET_OK && more) status = pack_piece(p, &slot.piece);
    tell_progress(p->run, !more);
  }
  memory_free(slot.bytes);
  if (status == LICET_OK) status = end_segment(p);
  if (status == LICET_OK && !column_writer_finish(&p->writer)) status = pack_failed(p);
  return status;
}

static licet_status open_packing(Packing *p) {
  Run *run = p->run;
  run->targets[run->target_count++] = (Target){NULL, DATE_NONE, ""};
  licet_status status = choose_path(run);
  run->packs = true;
  if (status == LICET_OK) status = check_apart(run);
  if (status == LICET_OK) status = open_input(run);
  if (status == LICET_OK && run->order.input == LICET_BULK_COLUMNS)
    status = fail(run, LICET_BAD_REQUEST, "%s: is packed already", run->options->input);
  if (status == LICET_OK) status = read_header(run);
  if (status == LICET_OK) status = open_one(run, run->options->rejects, &run->rejects, false, 0);
  if (status != LICET_OK) return status;
  run->plan = plan_open(run->library, run->targets, 1, false);
  p->check = builder_open(run->library, LINE_BLOCK_ROWS);
  p->segment = builder_open(run->library, COLUMN_SEGMENT_ROWS);
  p->binder = run->plan == NULL ? NULL : binder_open(run->plan, run->order.path);
  p->verdicts = memory_allocate(LINE_BLOCK_ROWS * sizeof *p->verdicts);
  if (p->check == NULL || p->segment == NULL || p->binder == NULL || p->verdicts == NULL ||
      licet_session_open(run->library, &p->session) != LICET_OK || !builder_begin(p->check) || !builder_begin(p->segment))
    return fail(run, LICET_NO_MEMORY, "out of memory");
  return LICET_OK;
}

/* The file appears under its name when it is whole. */
static licet_status pack_file(Packing *p) {
  const char *path = p->run->options->output;
  const bool to_file = strcmp(path, "-") != 0;
  const char *name = to_file ? arena_format(&p->run->result->arena, "%s.new", path) : path;
  FILE *out = to_file ? fopen(name, "wb") : stdout;
  if (out == NULL) return fail(p->run, LICET_IO, "%s: %s", name, strerror(errno));
  licet_status status = column_writer_open(&p->writer, out) ? pack_input(p) : pack_failed(p);
  column_writer_close(&p->writer);
  if (!to_file) return status;
  if (fclose(out) != 0 && status == LICET_OK) status = pack_failed(p);
  if (status == LICET_OK && rename(name, path) != 0) status = pack_failed(p);
  if (status != LICET_OK) unlink(name);
  return status;
}

static licet_status pack_all(Packing *p) {
  arena_open(&p->arena);
  if (ARENA_GUARD(&p->arena)) return fail(p->run, LICET_NO_MEMORY, "out of memory");
  licet_status status = open_packing(p);
  if (status == LICET_OK) status = pack_file(p);
  return status;
}

static void close_packing(Packing *p) {
  builder_close(p->check);
  builder_close(p->segment);
  binder_close(p->binder);
  licet_session_close(p->session);
  memory_free(p->verdicts);
  arena_close(&p->arena);
  memory_free(p);
}

static Run *run_open(const licet_library *library, const licet_bulk_options *options, licet_bulk_result *result) {
  Run *run = memory_allocate(sizeof *run);
  if (run == NULL) return NULL;
  memset(run, 0, sizeof *run);
  run->library = library;
  run->options = options;
  run->result = result;
  run->in = run->out = run->rejects = run->summary = -1;
  return run;
}

licet_status licet_bulk_run(const licet_library *library, const licet_bulk_options *options, licet_bulk_result **result) {
  *result = result_open();
  Run *run = *result == NULL ? NULL : run_open(library, options, *result);
  if (run == NULL) return LICET_NO_MEMORY;
  licet_status status = LICET_NO_MEMORY;
  (*result)->message = "out of memory";
  if (!ARENA_GUARD(&(*result)->arena)) {
    (*result)->message = "";
    status = run_all(run);
  }
  close_files(run);
  memory_free(run);
  (*result)->arena.guarded = false;
  return status;
}

licet_status licet_bulk_pack(const licet_library *library, const licet_bulk_options *options, licet_bulk_result **result) {
  *result = result_open();
  Run *run = *result == NULL ? NULL : run_open(library, options, *result);
  Packing *packing = run == NULL ? NULL : memory_allocate(sizeof *packing);
  if (packing == NULL) {
    memory_free(run);
    return LICET_NO_MEMORY;
  }
  memset(packing, 0, sizeof *packing);
  packing->run = run;
  licet_status status = LICET_NO_MEMORY;
  (*result)->message = "out of memory";
  if (!ARENA_GUARD(&(*result)->arena)) {
    (*result)->message = "";
    status = pack_all(packing);
  }
  close_packing(packing);
  close_files(run);
  memory_free(run);
  (*result)->arena.guarded = false;
  return status;
}

uint64_t licet_bulk_result_requests(const licet_bulk_result *result) { return result->requests; }
uint64_t licet_bulk_result_rejected(const licet_bulk_result *result) { return result->rejected; }
const char *licet_bulk_result_message(const licet_bulk_result *result) { return result->message; }
const char *licet_bulk_result_text(const licet_bulk_result *result) { return result->text; }
const char *licet_bulk_result_json(const licet_bulk_result *result) { return result->json; }

void licet_bulk_result_free(licet_bulk_result *result) {
  if (result == NULL) return;
  arena_close(&result->arena);
  memory_free(result);
}
