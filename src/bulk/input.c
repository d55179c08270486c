#include "bulk/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "columns/file_type.h"
#include "json/reader.h"
#include "planes/program.h"

enum { PIECE_ROWS = 16 * PROGRAM_BLOCK_ROWS };
#define PIECE_BYTES (1u << 20)
#define RECORD_BYTES_MOST (4u << 20)

/* ---- Opening ---- */

/* In either case of letters: R.CSV too. */
static bool ends_in(const char *path, const char *end) {
  size_t length = strlen(path), tail = strlen(end);
  return length >= tail && strcasecmp(path + length - tail, end) == 0;
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

/* Reads until `wanted` bytes are held or the input ends. */
static bool hold(Input *in, size_t wanted) {
  while (in->held_length < wanted && !in->at_end) {
    if (in->held_capacity < wanted) {
      char *held = memory_resize(in->held, wanted + JSON_INDEX_PADDING);
      if (held == NULL) return errno = ENOMEM, false;
      in->held = held;
      in->held_capacity = wanted;
    }
    ssize_t count =
        read_some(in->fd, in->held + in->held_length, in->held_capacity - in->held_length);
    if (count < 0) return false;
    in->held_length += (size_t)count;
    in->at_end = count == 0;
  }
  return true;
}

static void drop(Input *in, size_t length) {
  memmove(in->held, in->held + length, in->held_length - length);
  in->held_length -= length;
  in->offset += length;
}

static void skip_byte_order_mark(Input *in) {
  if (in->held_length >= 3 && memcmp(in->held, "\xEF\xBB\xBF", 3) == 0) drop(in, 3);
}

static licet_status refuse_columns(const Input *in, const char *message,
                                   licet_bulk_result *result) {
  if (message == column_file_no_memory) return result_no_memory(result);
  return result_fail(result, LICET_BAD_REQUEST, "%s: %s", shown_input(in->path), message);
}

static licet_status open_columns(Input *in, licet_bulk_result *result) {
  const char *message;
  in->columns = column_file_map(in->fd, &message);
  if (in->columns == NULL) return refuse_columns(in, message, result);
  in->total = column_file_rows(in->columns);
  return LICET_OK;
}

licet_status input_open(Input *in, const char *path, licet_bulk_format format,
                        licet_bulk_result *result) {
  struct stat status;
  in->path = path;
  in->format = format == LICET_BULK_AUTO ? format_of_name(path) : format;
  in->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (in->fd < 0)
    return result_fail(result, errno == ENOENT ? LICET_NOT_FOUND : LICET_IO, "%s: %s", path,
                       strerror(errno));
  if (fstat(in->fd, &status) == 0 && S_ISDIR(status.st_mode))
    return result_fail(result, LICET_IO, "%s: is a folder", path);
  in->total = fstat(in->fd, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
  if (!hold(in, 4096))
    return result_fail(result, LICET_IO, "%s: %s", shown_input(path), strerror(errno));
  if (column_file_begins(in->held, in->held_length))
    return in->format = LICET_BULK_COLUMNS, open_columns(in, result);
  const char *foreign = foreign_kind(in->held, in->held_length);
  if (foreign != NULL)
    return result_fail(result, LICET_BAD_REQUEST, "%s: %s", shown_input(path), foreign);
  skip_byte_order_mark(in);
  return in->format == LICET_BULK_COLUMNS ? open_columns(in, result) : LICET_OK;
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

licet_status input_read_header(Input *in, const licet_library *library, Text policy,
                               licet_bulk_result *result) {
  const char *message, *name = shown_input(in->path);
  size_t length = 0;
  if (in->format != LICET_BULK_CSV) return LICET_OK;
  while (in->held_length < RECORD_BYTES_MOST) {
    length =
        csv_record(csv_separator(in->held, in->held_length), in->held, in->held_length, in->at_end);
    if (length > 0 || in->at_end) break;
    if (!hold(in, in->held_length + 4096))
      return result_fail(result, LICET_IO, "%s: %s", name, strerror(errno));
  }
  if (length == 0) return result_fail(result, LICET_BAD_REQUEST, "%s: there is no header", name);
  in->csv = csv_open(library, in->held, length, policy, &result->arena, &message);
  if (in->csv == NULL) return result_fail(result, LICET_BAD_REQUEST, "%s:1: %s", name, message);
  in->line += count_lines(in->held, length);
  drop(in, length);
  return LICET_OK;
}

/* ---- Cutting ---- */

/* How many bytes of what is held are whole records; *lines: the lines they are. */
static size_t whole_records(const Input *in, size_t length, uint64_t *lines) {
  const bool at_end = in->at_end && length == in->held_length;
  size_t whole = 0;
  if (in->csv != NULL) {
    const char separator = csv_separator_of(in->csv);
    for (size_t record; whole < length; whole += record)
      if ((record = csv_record(separator, in->held + whole, length - whole, at_end)) == 0) break;
  } else {
    whole = length;
    while (!at_end && whole > 0 && in->held[whole - 1] != '\n') whole--;
  }
  *lines = count_lines(in->held, whole);
  return whole;
}

/* Of a record that has not ended where it must have: its first line, as csv_record has it where a
 * quote closes nothing. */
static size_t unclosed_record(const Input *in, uint64_t *lines) {
  const char *end = memchr(in->held, '\n', in->held_length);
  *lines = end != NULL;
  return end == NULL ? 0 : (size_t)(end - in->held) + 1;
}

/* A record longer than may be: it is handed on cut short, so that its fault is told, and the rest
 * is passed over. */
static bool skip_record(Input *in) {
  for (;;) {
    char *end = memchr(in->held, '\n', in->held_length);
    if (end != NULL) {
      drop(in, (size_t)(end - in->held)); /* its line end closes the record that was cut */
      return true;
    }
    drop(in, in->held_length);
    if (in->at_end) return true;
    if (!hold(in, PIECE_BYTES)) return false;
  }
}

/* The first `length` bytes held become the piece's, with zeros behind; the few that are left change
 * over into its memory, and that is what is held. */
static bool hand_over(Input *in, Chunk *chunk, size_t length) {
  const size_t left = in->held_length - length;
  if (!chunk_reserve(chunk, left > PIECE_BYTES ? left : PIECE_BYTES)) return errno = ENOMEM, false;
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
  return true;
}

/* The next piece of records. *more: there was one. */
static bool cut_records(Input *in, Chunk *chunk, bool *more) {
  uint64_t lines = 0;
  size_t length = 0, wanted = PIECE_BYTES;
  while (length == 0) {
    if (!hold(in, wanted)) return false;
    if (in->held_length == 0) return *more = false, true;
    length = whole_records(in, in->held_length < wanted ? in->held_length : wanted, &lines);
    if (length == 0 && wanted >= RECORD_BYTES_MOST) break;
    wanted *= 2;
  }
  if (length == 0) length = unclosed_record(in, &lines);
  const bool too_long = length == 0;
  if (too_long) {
    length = in->held_length;
    lines = 0;
  }
  if (!hand_over(in, chunk, length)) return false;
  chunk->first_line = in->line + 1;
  in->line += lines;
  *more = true;
  return !too_long || skip_record(in);
}

/* The rows left of the segment that is being cut, or of the next. */
static bool open_segment(Input *in, const char **message) {
  if (in->segment == NULL)
    in->segment = column_segment_open(in->columns, in->segment_index, message);
  return in->segment != NULL;
}

static void end_segment(Input *in) {
  column_segment_close(in->segment);
  in->segment = NULL;
  in->segment_index++;
  in->segment_row = 0;
}

static bool cut_rows(Input *in, Chunk *chunk, bool *more, const char **message) {
  *more = in->segment_index < column_file_segments(in->columns);
  if (!*more) return true;
  if (!open_segment(in, message)) return false;
  const uint32_t left = column_file_segment_rows(in->columns, in->segment_index) - in->segment_row;
  chunk->segment = column_segment_share(in->segment);
  chunk->table = column_segment_table(in->segment);
  chunk->first_row = in->segment_row;
  chunk->rows = left < PIECE_ROWS ? left : PIECE_ROWS;
  chunk->length = 64 * (size_t)chunk->rows; /* about what its output will take */
  chunk->first_line = in->line + 1;
  in->line += chunk->rows;
  in->offset += chunk->rows;
  in->segment_row += chunk->rows;
  if (chunk->rows == left) end_segment(in);
  return true;
}

licet_status input_cut(Input *in, Chunk *chunk, bool *more, licet_bulk_result *result) {
  const char *refused = NULL; /* what is said against a column file */
  const bool fine =
      in->columns != NULL ? cut_rows(in, chunk, more, &refused) : cut_records(in, chunk, more);
  chunk->next_offset = in->offset;
  chunk->next_line = in->line;
  if (fine) return LICET_OK;
  if (refused != NULL) return refuse_columns(in, refused, result);
  return errno == ENOMEM
             ? result_no_memory(result)
             : result_fail(result, LICET_IO, "%s: %s", shown_input(in->path), strerror(errno));
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

licet_status input_go_on(Input *in, uint64_t offset, uint64_t line, licet_bulk_result *result) {
  if (in->columns != NULL) return go_on_at_row(in, offset), LICET_OK;
  if (lseek(in->fd, (off_t)offset, SEEK_SET) < 0)
    return result_fail(result, LICET_IO, "%s: %s", in->path, strerror(errno));
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
