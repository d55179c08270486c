/* text: borrowed slices of bytes, and a buffer to write into.
 *
 * A Text points into a source, an arena or a literal and never owns. A Buffer grows through an
 * arena's rules: it never returns an error; it jumps to its arena's guard when memory runs out.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <string.h>

#include "base/arena.h"

typedef struct Text {
  const char *at;
  uint32_t length;
} Text;

#define TEXT(literal) ((Text){(literal), sizeof(literal) - 1})

Text text_of(const char *zero_terminated);
static inline uint64_t text_word(const char *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word;
}
static inline uint32_t text_half_word(const char *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word;
}
/* These two are asked for every name of a request, so they are inlined, and names of 4 to 16 bytes
 * are compared as two words that may overlap, up to 3 by their first, middle and last byte; an
 * empty Text may hold NULL, which memcmp may not be handed. */
/* The line and the column, in characters and from 1, of what follows `before`. */
void text_position(Text before, uint32_t *line, uint32_t *column);
static inline bool text_equal(Text a, Text b) {
  const uint32_t length = a.length;
  if (length != b.length) return false;
  if (length >= 8 && length <= 16)
    return ((text_word(a.at) ^ text_word(b.at)) |
            (text_word(a.at + length - 8) ^ text_word(b.at + length - 8))) == 0;
  if (length >= 4 && length < 8) {
    const uint32_t rest = length - 4;
    return ((text_half_word(a.at) ^ text_half_word(b.at)) |
            (text_half_word(a.at + rest) ^ text_half_word(b.at + rest))) == 0;
  }
  if (length > 16) return memcmp(a.at, b.at, length) == 0;
  return length == 0 || (a.at[0] == b.at[0] && a.at[length / 2] == b.at[length / 2] &&
                         a.at[length - 1] == b.at[length - 1]);
}
static inline bool text_is(Text a, const char *zero_terminated) {
  return text_equal(a, (Text){zero_terminated, (uint32_t)strlen(zero_terminated)});
}
/* Letters and digits of ASCII. The functions of the C library depend on the locale that the
 * embedding program has set, and a decision must not: in Turkish, "I" is not the capital of "i". */
static inline bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool is_ascii_capital(char c) { return c >= 'A' && c <= 'Z'; }
static inline bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool is_ascii_word(char c) { return is_ascii_letter(c) || is_ascii_digit(c); }
static inline char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
static inline char ascii_upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}
/* ASCII letters compared without case. */
bool text_equal_ignoring_case(Text a, Text b);
/* White space at either end: ASCII's, and what Unicode also has (a no-break space, U+FEFF).
 * Nearly every text is settled by its first and last byte. */
Text text_trim(Text text);
static inline __attribute__((always_inline)) bool text_has_margin(Text text) {
  if (text.length == 0) return false;
  const unsigned char first = (unsigned char)text.at[0],
                      last = (unsigned char)text.at[text.length - 1];
  if (first > ' ' && first < 0xC2 && last > ' ' && last < 0x80) return false;
  return text_trim(text).length != text.length;
}
/* "none", "no", "never", "nothing", in any letter case: how people write that there is none. */
bool text_says_none(Text text);
/* < 0, 0, > 0 in byte order; a prefix comes first. */
int text_compare(Text a, Text b);
uint32_t text_hash(Text text);
Text text_copy(Arena *arena, Text text);
/* The bytes (1 to 4) of the UTF-8 character at `at`, or 0 where there is none. */
uint32_t text_character(Text text, uint32_t at);
/* The same for readers that continue: always at least 1, and whether those bytes are a character or
 * stand for one U+FFFD. */
uint32_t text_next(Text text, uint32_t at, bool *valid);

/* How many single-character edits (insert, delete, replace, swap neighbors) lead from a to b;
 * gives up above `limit` and returns limit + 1, as it does for words that differ over more than 128
 * bytes. */
int text_distance(Text a, Text b, int limit);
/* The index of the candidate nearest to `word` if it is near enough to be a slip (at most a third
 * of its letters, at most 8; letter case is free), else -1. Of two equally near the first. */
int text_nearest(Text word, const Text *candidates, uint32_t count);

typedef struct Buffer {
  Arena *arena; /* owns the bytes; abandons its attempt when memory runs out */
  char *at;
  size_t length, capacity;
} Buffer;

/* A buffer whose bytes live in `arena` until it is reset. */
void buffer_open(Buffer *buffer, Arena *arena, size_t capacity);
/* Room for `extra` more bytes; returns where to write. The caller adds what it wrote to `length`.
 */
char *buffer_reserve(Buffer *buffer, size_t extra);
void buffer_append(Buffer *buffer, const char *bytes, size_t length);
void buffer_text(Buffer *buffer, Text text);
/* buffer_append where the room is mostly there already: the writer of determinations lives on it.
 */
static inline void buffer_put(Buffer *buffer, Text text) {
  if (text.length > 0 && buffer->capacity - buffer->length > text.length) {
    memcpy(buffer->at + buffer->length, text.at, text.length);
    buffer->length += text.length;
  } else {
    buffer_append(buffer, text.at, text.length);
  }
}
static inline void buffer_string(Buffer *buffer, const char *zero_terminated) {
  buffer_put(buffer, (Text){zero_terminated, (uint32_t)strlen(zero_terminated)});
}
static inline void buffer_character(Buffer *buffer, char character) {
  if (buffer->length == buffer->capacity) buffer_reserve(buffer, 1);
  buffer->at[buffer->length++] = character;
}
void buffer_integer(Buffer *buffer, int64_t value);
void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The bytes as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD. */
void buffer_json_string(Buffer *buffer, Text text);
/* What was written, valid until more is. */
static inline Text buffer_contents(const Buffer *buffer) {
  return (Text){buffer->at, (uint32_t)buffer->length};
}
/* Adds a zero byte behind the end (not counted) and returns the start. */
const char *buffer_finish(Buffer *buffer);

/* For "%.*s" of printf. */
#define TEXT_ARGS(text) (int)(text).length, (text).at

#endif
