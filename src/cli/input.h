/* input: files and the standard input ("-"), whole or line by line, never more in memory than a
 * limit. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

enum {
  REQUEST_BYTES_MAX = 1 << 20, /* of licet_decide */
  CASE_BYTES_MAX = 2 << 20,    /* a request and what is expected of it */
  SOURCE_BYTES_MAX =
      16 << 20 /* well above what the compiler accepts, so that it reports its own limit */
};

/* How messages call the input: its path, or "standard input". */
const char *input_name(const char *path);

/* Reads all of `path`, zero-terminated; `*bytes` is yours. What is longer than `limit` is cut at
 * `limit` + 1 bytes: who takes at most `limit` bytes then says so. False with errno. */
bool input_whole(const char *path, size_t limit, char **bytes, size_t *length);

/* Lines of at most `limit` bytes. */
typedef struct Lines {
  int fd;
  size_t limit;
  char *buffer;
  size_t start, end, capacity; /* bytes [start, end) are read and not yet given out */
  bool begun;                  /* the byte order mark is behind us, if there was one */
  bool ended, cutting; /* the file is at its end; the rest of the line given out last is still to be
                          skipped */
  size_t number;       /* of the line given out last, from 1 */
} Lines;

typedef enum LinesResult { LINES_LINE, LINES_END, LINES_FAILED } LinesResult;

/* False with errno. Close only what was opened. */
bool lines_open(Lines *lines, const char *path, size_t limit);
/* The next line without its line end, borrowed until the next call; blank lines are counted and
 * skipped. A line longer than the limit comes with its first bytes only, more than `limit` of
 * them. LINES_FAILED with errno. stdout is flushed before waiting for more, so that a program at
 * both ends of the pipe gets each answer before it asks again. */
LinesResult lines_next(Lines *lines, const char **line, size_t *length);
void lines_close(Lines *lines);

#endif
