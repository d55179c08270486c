/* Reading holds what is not in a chunk yet; a chunk takes all whole records of what is held, and
 * the few bytes behind them change over into the chunk's old memory, so that nothing is copied
 * twice.
 *
 * Invariant: `offset` and `line` are those of the first byte held.
 */
#include "bulk/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "columns/file_type.h"
#include "json/reader.h"
#include "planes/program.h"

enum { CHUNK_ROWS = 16 * PROGRAM_BLOCK_ROWS };
#define CHUNK_BYTES (1u << 20)
#define RECORD_BYTES_MOST (4u << 20)
/* Each line may be a bad record, of which the rejects say some hundred bytes. */
#define CHUNK_LINES_MOST 32768u

/* ---- Opening ---- */

/* In either case of letters: R.CSV too. */
static bool ends_in(const char *path, const char *end) {
  size_t length = strlen(path), tail = strlen(end);
  return length >= tail && text_equal_ignoring_case(text_of(path + length - tail), text_of(end));
}

licet_bulk_format format_of_name(const char *path) {
  return ends_in(path, ".csv")       ? LICET_BULK_CSV
         : ends_in(path, ".columns") ? LICET_BULK_COLUMNS
                                     : LICET_BULK_NDJSON;
}

static ssize_t read_some(int fd, char *at, size_t room) {
  ssize_t count;
  do count = read(fd, at, room);
  while (count < 0 && errno == EINTR);
  return count;
}

static licet_status read_failed(const Input *in) {
  return result_fail(in->result, LICET_IO, "%s: %s", shown_input(in->path), strerror(errno));
}

static licet_status grow(Input *in, size_t wanted) {
  if (in->held_capacity >= wanted) return LICET_OK;
  char *held = memory_resize(in->held, wanted + JSON_INDEX_PADDING);
  if (held == NULL) return result_no_memory(in->result);
  in->held = held;
  in->held_capacity = wanted;
  return LICET_OK;
}

/* Reads until `wanted` bytes are held or the input ends. A file that ends before the length it had
 * when it was opened was cut by somebody: what is missing would be missed without a word. */
static licet_status hold(Input *in, size_t wanted) {
  while (in->held_length < wanted && !in->at_end) {
    const licet_status status = grow(in, wanted);
    if (status != LICET_OK) return status;
    const ssize_t count =
        read_some(in->fd, in->held + in->held_length, in->held_capacity - in->held_length);
    if (count < 0) return read_failed(in);
    in->held_length += (size_t)count;
    in->at_end = count == 0;
  }
  if (in->at_end && in->is_regular && in->offset + in->held_length < in->total)
    return result_fail(in->result, LICET_IO, "%s: the file became shorter while it was being read",
                       shown_input(in->path));
  return LICET_OK;
}

static void drop(Input *in, size_t length) {
  memmove(in->held, in->held + length, in->held_length - length);
  in->held_length -= length;
  in->offset += length;
}

static void skip_byte_order_mark(Input *in) {
  if (in->held_length >= 3 && memcmp(in->held, "\xEF\xBB\xBF", 3) == 0) drop(in, 3);
}

static licet_status refuse(const Input *in, const char *message) {
  if (message == column_file_no_memory) return result_no_memory(in->result);
  return result_fail(in->result, LICET_BAD_REQUEST, "%s: %s", shown_input(in->path), message);
}

static licet_status open_columns(Input *in) {
  const char *message;
  in->format = LICET_BULK_COLUMNS;
  in->columns = column_file_from(in->fd, &message);
  if (in->columns == NULL) return refuse(in, message);
  in->total = column_file_rows(in->columns);
  return LICET_OK;
}

static licet_status open_file(Input *in) {
  struct stat status;
  in->fd = strcmp(in->path, "-") == 0 ? STDIN_FILENO : open(in->path, O_RDONLY | O_CLOEXEC);
  if (in->fd < 0)
    return result_fail(in->result, errno == ENOENT ? LICET_NOT_FOUND : LICET_IO, "%s: %s", in->path,
                       strerror(errno));
  if (fstat(in->fd, &status) != 0) return read_failed(in);
  if (S_ISDIR(status.st_mode)) return result_fail(in->result, LICET_IO, "%s is a folder", in->path);
  in->is_regular = S_ISREG(status.st_mode);
  if (!in->is_regular) return LICET_OK;
  const off_t at = lseek(in->fd, 0, SEEK_CUR); /* of a standard input that was read before */
  in->total =
      at > 0 && at < status.st_size ? (uint64_t)(status.st_size - at) : (uint64_t)status.st_size;
  in->is_regular = at < status.st_size;
  return LICET_OK;
}

licet_status input_open(Input *in, const char *path, licet_bulk_format format,
                        licet_bulk_result *result) {
  in->path = path;
  in->result = result;
  in->format = format == LICET_BULK_AUTO ? format_of_name(path) : format;
  licet_status status = open_file(in);
  if (status == LICET_OK) status = hold(in, 4096);
  if (status != LICET_OK) return status;
  if (column_file_begins(in->held, in->held_length)) return open_columns(in);
  const char *foreign = kind_not_read(in->held, in->held_length);
  if (foreign != NULL) return refuse(in, foreign);
  skip_byte_order_mark(in);
  if (in->format == LICET_BULK_COLUMNS) return open_columns(in);
  foreign = in->format == LICET_BULK_NDJSON ? json_layout(in->held, in->held_length) : NULL;
  return foreign != NULL ? refuse(in, foreign) : LICET_OK;
}

void input_close(Input *in) {
  if (in->fd > STDIN_FILENO) close(in->fd);
  column_segment_close(in->segment);
  column_file_close(in->columns);
  memory_free(in->held);
}

static uint64_t count_lines(const char *text, size_t length) {
  uint64_t lines = 0;
  for (const char *at = text, *end = text + length;
       at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
    lines++;
  return lines + (length > 0 && text[length - 1] != '\n');
}

licet_status input_read_header(Input *in, const licet_library *library, const CsvOptions *options) {
  const char *message;
  size_t length = 0;
  if (in->format != LICET_BULK_CSV) return LICET_OK;
  while (in->held_length < RECORD_BYTES_MOST) {
    length =
        csv_record(csv_separator(in->held, in->held_length), in->held, in->held_length, in->at_end);
    if (length > 0 || in->at_end) break;
    const licet_status status = hold(in, in->held_length + 4096);
    if (status != LICET_OK) return status;
  }
  if (length == 0) return refuse(in, "the header is missing");
  in->csv = csv_open(library, in->held, length, options, &in->result->arena, &message);
  if (in->csv == NULL)
    return result_fail(in->result, LICET_BAD_REQUEST, "%s:1: %s", shown_input(in->path), message);
  in->line += count_lines(in->held, length);
  drop(in, length);
  return LICET_OK;
}

/* ---- Cutting ---- */

/* The part of what is held that becomes a chunk. */
typedef struct Cut {
  size_t length;
  uint64_t lines;
} Cut;

/* Line ends are looked for once: the same walk counts them and stops at the most a chunk may have.
 */
static Cut cut_lines(const char *text, size_t length) {
  Cut cut = {0, 0};
  while (cut.length < length && cut.lines < CHUNK_LINES_MOST) {
    const char *end = memchr(text + cut.length, '\n', length - cut.length);
    if (end == NULL) return (Cut){length, cut.lines};
    cut.length = (size_t)(end - text) + 1;
    cut.lines++;
  }
  return cut;
}

/* Whole records of the first `length` bytes held, CHUNK_LINES_MOST lines or little more. */
static Cut whole_records(const Input *in, size_t length) {
  const bool at_end = in->at_end && length == in->held_length;
  if (in->csv != NULL) {
    const char separator = csv_separator_of(in->csv);
    size_t whole = 0, record;
    for (uint32_t records = 0; whole < length && records < CHUNK_LINES_MOST; records++) {
      if ((record = csv_record(separator, in->held + whole, length - whole, at_end)) == 0) break;
      whole += record;
    }
    return (Cut){whole, count_lines(in->held, whole)};
  }
  while (!at_end && length > 0 && in->held[length - 1] != '\n') length--;
  return cut_lines(in->held, length);
}

/* Of a record that has not ended where it must have: its first line, as csv_record has it where a
 * quote closes nothing. */
static Cut unclosed_record(const Input *in) {
  const char *end = memchr(in->held, '\n', in->held_length);
  return end == NULL ? (Cut){0, 0} : (Cut){(size_t)(end - in->held) + 1, 1};
}

/* A record longer than may be: it is handed on cut short, so that it is rejected, and the rest is
 * skipped. */
static licet_status skip_record(Input *in) {
  for (;;) {
    char *end = memchr(in->held, '\n', in->held_length);
    if (end != NULL) {
      drop(in, (size_t)(end - in->held)); /* its line end closes the record that was cut */
      return LICET_OK;
    }
    drop(in, in->held_length);
    if (in->at_end) return LICET_OK;
    const licet_status status = hold(in, CHUNK_BYTES);
    if (status != LICET_OK) return status;
  }
}

/* The first `length` bytes held become the chunk's, with zeros behind; the few that are left change
 * over into its memory, and that is what is held. */
static licet_status hand_over(Input *in, Chunk *chunk, size_t length) {
  const size_t left = in->held_length - length;
  if (!chunk_reserve(chunk, left > CHUNK_BYTES ? left : CHUNK_BYTES))
    return result_no_memory(in->result);
  memcpy(chunk->text, in->held + length, left);
  memset(in->held + length, 0, JSON_INDEX_PADDING);
  char *const text = in->held;
  const size_t capacity = in->held_capacity;
  in->held = chunk->text;
  in->held_capacity = chunk->capacity;
  in->held_length = left;
  in->offset += length;
  chunk->text = text;
  chunk->capacity = capacity;
  chunk->length = length;
  return LICET_OK;
}

/* *cut: the next chunk; of no length where a record is longer than may be. */
static licet_status measure_chunk(Input *in, Cut *cut) {
  *cut = (Cut){0, 0};
  for (size_t wanted = CHUNK_BYTES; cut->length == 0; wanted *= 2) {
    const licet_status status = hold(in, wanted);
    if (status != LICET_OK || in->held_length == 0) return status;
    *cut = whole_records(in, in->held_length < wanted ? in->held_length : wanted);
    if (wanted >= RECORD_BYTES_MOST) break;
  }
  return LICET_OK;
}

/* The next chunk of records. *more: there was one. */
static licet_status cut_records(Input *in, Chunk *chunk, bool *more) {
  Cut cut;
  licet_status status = measure_chunk(in, &cut);
  *more = status == LICET_OK && in->held_length > 0;
  if (!*more) return status;
  if (cut.length == 0) cut = unclosed_record(in);
  const bool too_long = cut.length == 0;
  chunk->first_line = in->line + 1;
  status = hand_over(in, chunk, too_long ? in->held_length : cut.length);
  in->line += cut.lines;
  return status == LICET_OK && too_long ? skip_record(in) : status;
}

static void end_segment(Input *in) {
  column_segment_close(in->segment);
  in->segment = NULL;
  in->segment_index++;
  in->segment_row = 0;
}

/* Of the segment that is being cut, or of the next. */
static licet_status cut_rows(Input *in, Chunk *chunk, bool *more) {
  const char *message;
  *more = in->segment_index < column_file_segments(in->columns);
  if (!*more) return LICET_OK;
  if (in->segment == NULL)
    in->segment = column_segment_open(in->columns, in->segment_index, &message);
  if (in->segment == NULL) return refuse(in, message);
  const uint32_t left = column_file_segment_rows(in->columns, in->segment_index) - in->segment_row;
  chunk->segment = column_segment_share(in->segment);
  chunk->table = column_segment_table(in->segment);
  chunk->first_row = in->segment_row;
  chunk->rows = left < CHUNK_ROWS ? left : CHUNK_ROWS;
  chunk->length = 64 * (size_t)chunk->rows; /* about what its output will take */
  chunk->first_line = in->line + 1;
  in->line += chunk->rows;
  in->offset += chunk->rows;
  in->segment_row += chunk->rows;
  if (chunk->rows == left) end_segment(in);
  return LICET_OK;
}

licet_status input_cut(Input *in, Chunk *chunk, bool *more) {
  const licet_status status =
      in->columns != NULL ? cut_rows(in, chunk, more) : cut_records(in, chunk, more);
  chunk->next_offset = in->offset;
  chunk->next_line = in->line;
  return status;
}

/* ---- Going on ---- */

static void go_on_at_row(Input *in, uint64_t row) {
  uint64_t left = row;
  in->offset = in->line = row;
  while (in->segment_index < column_file_segments(in->columns) &&
         left >= column_file_segment_rows(in->columns, in->segment_index))
    left -= column_file_segment_rows(in->columns, in->segment_index++);
  in->segment_row = (uint32_t)left;
}

licet_status input_go_on(Input *in, uint64_t offset, uint64_t line) {
  if (in->columns != NULL) {
    go_on_at_row(in, offset);
    return LICET_OK;
  }
  if (lseek(in->fd, (off_t)offset, SEEK_SET) < 0) return read_failed(in);
  in->held_length = 0;
  in->at_end = false;
  in->offset = offset;
  in->line = line;
  return LICET_OK;
}

bool input_may_end_at(const Input *in, uint64_t offset, uint64_t line) {
  char around[2] = "\n\n";
  if (offset > in->total || line > offset) return false;
  if (in->columns != NULL) return line == offset;
  if (offset == 0 || offset == in->total) return true;
  if (pread(in->fd, around, 2, (off_t)offset - 1) != 2) return false;
  return around[0] == '\n' ||
         around[1] == '\n'; /* the latter: of a record too long, whose end is its own */
}
