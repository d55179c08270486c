/* text: slices, the distance between two words, and the buffer all output is written to. */
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

Text text_of(const char *zero_terminated) {
  size_t length = strlen(zero_terminated);
  assert(length <= UINT32_MAX);
  return (Text){zero_terminated, (uint32_t)length};
}

/* ASCII only, and not by the locale's leave. */
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool text_equal_ignoring_case(Text a, Text b) {
  if (a.length != b.length) return false;
  if (text_equal(a, b)) return true; /* as names nearly always are written */
  for (uint32_t i = 0; i < a.length; i++) {
    if (lower(a.at[i]) != lower(b.at[i])) return false;
  }
  return true;
}

static bool is_narrow_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* White space that is more than a byte in UTF-8; none of its bytes is one of ASCII. */
static const Text wide_spaces[] = {{"\xC2\x85", 2},     {"\xC2\xA0", 2},     {"\xE1\x9A\x80", 3},
                                   {"\xE2\x80\x80", 3}, {"\xE2\x80\x81", 3}, {"\xE2\x80\x82", 3},
                                   {"\xE2\x80\x83", 3}, {"\xE2\x80\x84", 3}, {"\xE2\x80\x85", 3},
                                   {"\xE2\x80\x86", 3}, {"\xE2\x80\x87", 3}, {"\xE2\x80\x88", 3},
                                   {"\xE2\x80\x89", 3}, {"\xE2\x80\x8A", 3}, {"\xE2\x80\x8B", 3},
                                   {"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3}, {"\xE2\x80\xAF", 3},
                                   {"\xE2\x81\x9F", 3}, {"\xE3\x80\x80", 3}, {"\xEF\xBB\xBF", 3}};
enum { WIDE_SPACES = sizeof wide_spaces / sizeof *wide_spaces };

static bool is_ascii(char c) { return (c & 0x80) == 0; }

static uint32_t space_at_start(Text text) {
  if (text.length == 0) return 0;
  if (is_ascii(text.at[0])) return is_narrow_space(text.at[0]) ? 1 : 0;
  for (uint32_t i = 0; i < WIDE_SPACES; i++) {
    const uint32_t length = wide_spaces[i].length;
    if (length <= text.length && memcmp(text.at, wide_spaces[i].at, length) == 0) return length;
  }
  return 0;
}

static uint32_t space_at_end(Text text) {
  if (text.length == 0) return 0;
  const char last = text.at[text.length - 1];
  if (is_ascii(last)) return is_narrow_space(last) ? 1 : 0;
  for (uint32_t i = 0; i < WIDE_SPACES; i++) {
    const uint32_t length = wide_spaces[i].length;
    if (length <= text.length &&
        memcmp(text.at + text.length - length, wide_spaces[i].at, length) == 0)
      return length;
  }
  return 0;
}

Text text_trim(Text text) {
  uint32_t space;
  while ((space = space_at_start(text)) > 0) text = (Text){text.at + space, text.length - space};
  while ((space = space_at_end(text)) > 0) text.length -= space;
  return text;
}

bool text_says_none(Text text) {
  static const Text words[] = {{"none", 4}, {"no", 2}, {"never", 5}, {"nothing", 7}};
  for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (text_equal_ignoring_case(text, words[i])) return true;
  }
  return false;
}

int text_compare(Text a, Text b) {
  uint32_t shared = a.length < b.length ? a.length : b.length;
  int order = shared ? memcmp(a.at, b.at, shared) : 0;
  return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* FNV-1a, then a shuffle so that the low bits, which tables use, depend on all of it. */
static uint64_t mixed(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

/* Eight bytes at a time; the last word reaches back over the one before, or holds the few bytes
 * there are. */
uint32_t text_hash(Text text) {
  uint64_t hash = text.length, rest = 0;
  for (uint32_t i = 0; i + 8 < text.length; i += 8) hash = mixed(hash, text_word(text.at + i));
  if (text.length >= 8) {
    rest = text_word(text.at + text.length - 8);
  } else {
    for (uint32_t i = 0; i < text.length; i++) rest = rest << 8 | (unsigned char)text.at[i];
  }
  hash = mixed(mixed(hash, rest), text.length);
  return (uint32_t)(hash ^ hash >> 32);
}

Text text_copy(Arena *arena, Text text) {
  return (Text){arena_copy(arena, text.at, text.length), text.length};
}

/* UTF-8. */

typedef struct Utf8Lead {
  unsigned char first, last; /* the lead bytes */
  unsigned char second_least,
      second_most; /* what may follow: shuts out overlong forms, surrogates and > U+10FFFF */
  unsigned char length;
} Utf8Lead;

/* The Unicode Standard, table 3-7, "Well-formed UTF-8 byte sequences". */
static const Utf8Lead utf8_leads[] = {
    {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static const Utf8Lead *utf8_lead(unsigned char byte) {
  for (size_t i = 0; i < sizeof utf8_leads / sizeof *utf8_leads; i++) {
    if (byte >= utf8_leads[i].first && byte <= utf8_leads[i].last) return &utf8_leads[i];
  }
  return NULL;
}

/* How many bytes from `at` on belong together, and whether they are a character. What does not
 * belong to one is cut as Unicode (3.9, U+FFFD substitution of maximal subparts) does, so that
 * every reader counts the same number of errors. */
static uint32_t utf8_piece(Text text, uint32_t at, bool *valid) {
  const unsigned char *byte = (const unsigned char *)text.at + at;
  uint32_t left = text.length - at;
  const Utf8Lead *lead = utf8_lead(byte[0]);
  *valid = false;
  if (!lead) return 1;
  for (uint32_t i = 1; i < lead->length; i++) {
    unsigned char least = i == 1 ? lead->second_least : 0x80,
                  most = i == 1 ? lead->second_most : 0xbf;
    if (i == left || byte[i] < least || byte[i] > most) return i;
  }
  *valid = true;
  return lead->length;
}

uint32_t text_character(Text text, uint32_t at) {
  bool valid;
  uint32_t length = utf8_piece(text, at, &valid);
  return valid ? length : 0;
}

uint32_t text_next(Text text, uint32_t at, bool *valid) { return utf8_piece(text, at, valid); }

/* Distance. */

/* Words longer than this after what they share at both ends are not slips of one another. */
#define DISTANCE_MOST 128

static int least(int a, int b) { return a < b ? a : b; }

static void cut_shared_ends(Text *a, Text *b) {
  while (a->length && b->length && a->at[0] == b->at[0]) {
    a->at++, a->length--;
    b->at++, b->length--;
  }
  while (a->length && b->length && a->at[a->length - 1] == b->at[b->length - 1])
    a->length--, b->length--;
}

/* The edits from the first i letters of a to the first j of b, given the two rows before row i.
 * Neighbors may be swapped, but not edited after ("optimal string alignment"). */
static int edits_at(Text a, Text b, uint32_t i, uint32_t j, const int *before_last, const int *last,
                    const int *row) {
  bool same = a.at[i - 1] == b.at[j - 1];
  int edits = least(last[j - 1] + !same, least(last[j], row[j - 1]) + 1);
  bool swapped = i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1];
  return swapped ? least(edits, before_last[j - 2] + 1) : edits;
}

int text_distance(Text a, Text b, int limit) {
  cut_shared_ends(&a, &b);
  int apart = a.length > b.length ? (int)(a.length - b.length) : (int)(b.length - a.length);
  if (apart > limit) return limit + 1;
  if (a.length > DISTANCE_MOST || b.length > DISTANCE_MOST) return limit + 1;
  int rows[3][DISTANCE_MOST + 1];
  for (uint32_t j = 0; j <= b.length; j++) rows[0][j] = (int)j;
  for (uint32_t i = 1; i <= a.length; i++) {
    int *row = rows[i % 3];
    int nearest = row[0] = (int)i;
    for (uint32_t j = 1; j <= b.length; j++) {
      row[j] = edits_at(a, b, i, j, rows[(i + 1) % 3], rows[(i + 2) % 3], row);
      nearest = least(nearest, row[j]);
    }
    /* A swap reaches back two rows, at a cost of one: only beyond limit + 1 is nothing left to hope
     * for. */
    if (nearest > limit + 1) return limit + 1;
  }
  return least(rows[a.length % 3][b.length], limit + 1);
}

/* However long the word, this many edits make another word. */
#define SLIP_MOST 8

int text_nearest(Text word, const Text *candidates, uint32_t count) {
  int limit = least((int)(word.length / 3), SLIP_MOST), nearest = -1;
  for (uint32_t i = 0; i < count; i++) {
    if (text_equal_ignoring_case(word, candidates[i]))
      return (int)i; /* a slip of the shift key costs nothing */
    int distance = text_distance(word, candidates[i], limit);
    if (distance > limit || (nearest >= 0 && distance == limit)) continue;
    nearest = (int)i;
    limit = distance;
  }
  return nearest;
}

/* Buffer. */

#define BUFFER_LEAST 64

void buffer_open(Buffer *buffer, Arena *arena, size_t capacity) {
  *buffer = (Buffer){.arena = arena};
  if (capacity) buffer_reserve(buffer, capacity);
}

char *buffer_reserve(Buffer *buffer, size_t extra) {
  size_t needed = extra > SIZE_MAX / 4 - buffer->length ? SIZE_MAX / 4 : buffer->length + extra;
  if (needed > buffer->capacity || !buffer->at) {
    size_t grown = buffer->capacity * 2 > BUFFER_LEAST ? buffer->capacity * 2 : BUFFER_LEAST;
    if (grown < needed) grown = needed;
    buffer->at = arena_grow(buffer->arena, buffer->at, buffer->capacity, grown);
    buffer->capacity = grown;
  }
  return buffer->at + buffer->length;
}

void buffer_append(Buffer *buffer, const char *bytes, size_t length) {
  if (length == 0) return;
  memcpy(buffer_reserve(buffer, length), bytes, length);
  buffer->length += length;
}

void buffer_text(Buffer *buffer, Text text) { buffer_append(buffer, text.at, text.length); }

void buffer_integer(Buffer *buffer, int64_t value) {
  char digits[20];
  size_t start = sizeof digits;
  uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
  do digits[--start] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (value < 0) digits[--start] = '-';
  buffer_append(buffer, digits + start, sizeof digits - start);
}

void buffer_format(Buffer *buffer, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  assert(length >= 0);
  vsnprintf(buffer_reserve(buffer, (size_t)length + 1), (size_t)length + 1, format, again);
  va_end(again);
  buffer->length += (size_t)length;
}

static void json_escape(Buffer *buffer, unsigned char c) {
  switch (c) {
    case '"':
      buffer_append(buffer, "\\\"", 2);
      break;
    case '\\':
      buffer_append(buffer, "\\\\", 2);
      break;
    case '\b':
      buffer_append(buffer, "\\b", 2);
      break;
    case '\f':
      buffer_append(buffer, "\\f", 2);
      break;
    case '\n':
      buffer_append(buffer, "\\n", 2);
      break;
    case '\r':
      buffer_append(buffer, "\\r", 2);
      break;
    case '\t':
      buffer_append(buffer, "\\t", 2);
      break;
    default:
      buffer_format(buffer, "\\u%04x", c);
      break;
  }
}

static bool json_plain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

/* In each byte of the word: its highest bit where the byte is less than `limit` (at most 0x80), if
 * no byte before it is; so the sum is 0 only where none is. */
#define EACH_BYTE (UINT64_MAX / 0xff)
#define ANY_BELOW(word, limit) (((word)-EACH_BYTE * (limit)) & ~(word)&EACH_BYTE * 0x80)

/* How many bytes from `at` on are copied as they are: ASCII without quotes, backslashes and control
 * characters, looked at by eights. */
static uint32_t json_plain_run(Text text, uint32_t at) {
  uint32_t end = at;
  for (; text.length - end >= sizeof(uint64_t); end += (uint32_t)sizeof(uint64_t)) {
    const uint64_t word = text_word(text.at + end);
    const uint64_t quotes = word ^ EACH_BYTE * '"', slashes = word ^ EACH_BYTE * '\\';
    if ((word & EACH_BYTE * 0x80) | ANY_BELOW(word, 0x20) | ANY_BELOW(quotes, 1) |
        ANY_BELOW(slashes, 1))
      break;
  }
  while (end < text.length && json_plain((unsigned char)text.at[end])) end++;
  return end - at;
}

void buffer_json_string(Buffer *buffer, Text text) {
  char *start = buffer_reserve(buffer, (size_t)text.length + 2);
  *start = '"';
  buffer->length++;
  for (uint32_t at = 0; at < text.length;) {
    const uint32_t plain = json_plain_run(text, at);
    const unsigned char c = (unsigned char)text.at[at];
    if (plain > 0) {
      buffer_put(buffer, (Text){text.at + at, plain});
      at += plain;
    } else if (c < 0x80) {
      json_escape(buffer, c);
      at++;
    } else {
      bool valid;
      uint32_t length = utf8_piece(text, at, &valid);
      buffer_append(buffer, valid ? text.at + at : "\xef\xbf\xbd", valid ? length : 3);
      at += length;
    }
  }
  buffer_character(buffer, '"');
}

const char *buffer_finish(Buffer *buffer) {
  *buffer_reserve(buffer, 1) = '\0';
  return buffer->at;
}

void text_position(Text before, uint32_t *line, uint32_t *column) {
  bool valid;
  *line = *column = 1;
  for (uint32_t at = 0; at < before.length; at += text_next(before, at, &valid)) {
    if (before.at[at] == '\n') {
      (*line)++;
      *column = 1;
    } else {
      (*column)++;
    }
  }
}
