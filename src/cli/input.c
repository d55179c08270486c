/* Files and the standard input, read to a limit, whole or line by line.
 *
 * A buffer grows by doubling up to the limit; what is left of a line that is too long is skipped.
 * Invariant: stdout is flushed before waiting for more, so that a program at the other end of a
 * pipe has every answer before its next question. */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CAPACITY = 64 << 10 };

const char *input_name(const char *path) {
  return strcmp(path, "-") == 0 ? "standard input" : path;
}

static int open_input(const char *path) {
  return strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
}

static void close_input(int fd) {
  int kept = errno; /* closing must not change why reading failed */
  if (fd != STDIN_FILENO) close(fd);
  errno = kept;
}

/* read, started again where a signal broke it off. */
static ssize_t read_some(int fd, char *at, size_t room) {
  ssize_t count;
  do count = read(fd, at, room);
  while (count < 0 && errno == EINTR);
  return count;
}

/* Doubles the buffer, to at most `most` bytes. */
static bool grow(char **buffer, size_t *capacity, size_t most) {
  size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
  if (wanted > most) wanted = most;
  char *moved = realloc(*buffer, wanted);
  if (!moved) return errno = ENOMEM, false;
  *buffer = moved;
  *capacity = wanted;
  return true;
}

bool input_whole(const char *path, size_t limit, char **bytes, size_t *length) {
  size_t capacity = 0;
  ssize_t count = 1;
  *bytes = NULL;
  *length = 0;
  int fd = open_input(path);
  if (fd < 0) return false;
  while (count > 0 && *length <= limit) {
    if (*length + 1 >= capacity && !grow(bytes, &capacity, limit + 2))
      count = -1;
    else
      count = read_some(fd, *bytes + *length, capacity - 1 - *length);
    if (count > 0) *length += (size_t)count;
  }
  close_input(fd);
  if (count < 0) return free(*bytes), *bytes = NULL, false;
  if (*length >= 3 && memcmp(*bytes, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark */
    memmove(*bytes, *bytes + 3, *length -= 3);
  (*bytes)[*length] = '\0';
  return true;
}

bool lines_open(Lines *lines, const char *path, size_t limit) {
  memset(lines, 0, sizeof *lines);
  lines->limit = limit;
  lines->fd = open_input(path);
  return lines->fd >= 0;
}

void lines_close(Lines *lines) {
  close_input(lines->fd);
  free(lines->buffer);
}

/* Reads more behind `end`; what is left moves to the front first. */
static bool fill(Lines *lines) {
  if (lines->start > 0) {
    memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->start = 0;
  }
  if (lines->end == lines->capacity && !grow(&lines->buffer, &lines->capacity, lines->limit + 2))
    return false;
  fflush(stdout);
  ssize_t count = read_some(lines->fd, lines->buffer + lines->end, lines->capacity - lines->end);
  if (count < 0) return false;
  lines->end += (size_t)count;
  lines->ended = count == 0;
  return true;
}

/* Skips what is left of a line that was too long. */
static bool finish_cut_line(Lines *lines) {
  while (lines->cutting) {
    char *end = lines->start < lines->end
                    ? memchr(lines->buffer + lines->start, '\n', lines->end - lines->start)
                    : NULL;
    lines->start = end ? (size_t)(end - lines->buffer) + 1 : lines->end;
    lines->cutting = !end && !lines->ended;
    if (lines->cutting && !fill(lines)) return false;
  }
  return true;
}

/* A byte order mark at the start of the input is no part of its first line. Whoever types is not
 * waited for longer than it takes to see that there is none. */
static bool skip_mark(Lines *lines) {
  static const char mark[] = "\xEF\xBB\xBF";
  const size_t most = sizeof mark - 1;
  while (lines->end < most && !lines->ended && memcmp(lines->buffer, mark, lines->end) == 0)
    if (!fill(lines)) return false;
  if (lines->end >= most && memcmp(lines->buffer, mark, most) == 0) lines->start = most;
  lines->begun = true;
  return true;
}

/* The next line, blank or not. */
static LinesResult next(Lines *lines, const char **line, size_t *length) {
  if (!lines->begun && !(fill(lines) && skip_mark(lines))) return LINES_FAILED;
  if (!finish_cut_line(lines)) return LINES_FAILED;
  for (size_t seen = 0;;) { /* bytes of this line in which there is no line end */
    size_t held = lines->end - lines->start;
    char *end = held > seen ? memchr(lines->buffer + lines->start + seen, '\n', held - seen) : NULL;
    bool whole = end != NULL || (lines->ended && held > 0);
    if (whole || held > lines->limit) {
      *line = lines->buffer + lines->start;
      *length = end ? (size_t)(end - *line) : held;
      lines->start += *length + (end != NULL);
      lines->cutting = !whole;
      lines->number++;
      return LINES_LINE;
    }
    if (lines->ended) return LINES_END;
    seen = held;
    if (!fill(lines)) return LINES_FAILED;
  }
}

/* A line too long is none, whatever its first bytes are. */
static bool is_blank(const Lines *lines, const char *line, size_t length) {
  if (length > lines->limit) return false;
  while (length > 0 &&
         (line[length - 1] == ' ' || line[length - 1] == '\t' || line[length - 1] == '\r'))
    length--;
  return length == 0;
}

LinesResult lines_next(Lines *lines, const char **line, size_t *length) {
  LinesResult result;
  do result = next(lines, line, length);
  while (result == LINES_LINE && is_blank(lines, *line, *length));
  return result;
}
