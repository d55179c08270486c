/* json: a request's text as a flat row of tokens.
 *
 * simdjson (C++) reads and validates; this header is the one small door to it (reader.cpp).
 * Containers say where they end, so a reader can skip: tokens[i].end is the index just past the
 * last token inside.  {"a":[1,"x"]}  becomes
 *
 *     0 OBJECT end 6 · 1 KEY a · 2 ARRAY end 5 · 3 NUMBER 1 · 4 STRING x · …
 *
 * (a KEY is followed by its value). Texts stay valid until the next read with the same reader.
 */
#ifndef JSON_READER_H
#define JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "licet/outcome.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum JsonKind {
  JSON_NULL = LICET_TOKEN_NULL,
  JSON_FALSE = LICET_TOKEN_FALSE,
  JSON_TRUE = LICET_TOKEN_TRUE,
  JSON_NUMBER = LICET_TOKEN_NUMBER,
  JSON_STRING = LICET_TOKEN_STRING,
  JSON_ARRAY = LICET_TOKEN_ARRAY,
  JSON_OBJECT = LICET_TOKEN_OBJECT,
  JSON_KEY = LICET_TOKEN_KEY
} JsonKind;

/* The public one, so that a row of a caller's own is read where it lies. Here
 *     text                 STRING, KEY: unescaped; NUMBER: as written; containers: NULL
 *     raw                  scalars and keys: as written, quotes included; containers: the opening
 * bracket length, raw_length   containers: raw_length covers the whole container
 */
typedef licet_token JsonToken;

typedef enum JsonStatus {
  JSON_OK,
  JSON_MALFORMED,
  JSON_TOO_DEEP,
  JSON_TOO_MANY,
  JSON_TOO_LARGE,
  JSON_NO_MEMORY
} JsonStatus;

typedef struct JsonReader JsonReader;

/* NULL when memory is short. */
JsonReader *json_open(void);
void json_close(JsonReader *reader);
/* What a text may hold at most. A reader begins with the limits of a request; a program that reads
 * what licet wrote, whose criteria nest deeper than a request may, sets its own. */
typedef struct JsonLimits {
  size_t bytes;
  uint32_t tokens, depth;
} JsonLimits;
void json_set_limits(JsonReader *reader, JsonLimits limits);
/* Reads exactly one document (only white space may follow). On JSON_MALFORMED `*message` says what
 * is wrong (static text) and
 * `*offset` where (byte). `text` need
 * not be padded or zero-terminated. */
JsonStatus json_read(JsonReader *reader, const char *text, size_t length, const JsonToken **tokens,
                     uint32_t *count, const char **message, size_t *offset);

/* Where things begin, without the tokens: for a reader that knows what it expects and leaves all
 * else to json_read.
 *
 *     text      {"a":[12,"x"]}        behind it JSON_INDEX_PADDING bytes that may be read
 *     at        0 1 4 5 6 8 9 12 13   every bracket, colon, comma, and the first character of every
 * scalar; behind the last one the length, JSON_INDEX_BEHIND times
 *
 * Strings are closed and free of control characters and all is UTF-8; nothing else has been
 * checked. `escape` is the first backslash, or the end of the text. */
#define JSON_INDEX_PADDING 64
#define JSON_INDEX_BEHIND 16

typedef struct JsonIndex {
  const char *text, *escape;
  const uint32_t *at;
  uint32_t count;
} JsonIndex;

/* JSON_MALFORMED where json_read would say more. Valid until the next read with the same reader.
 * The text is copied, zeros behind it. */
JsonStatus json_index(JsonReader *reader, const char *text, size_t length, JsonIndex *index);
/* Of lines that are a document each, all at once and where they stand; behind them the padding must
 * be the caller's. As no string reaches past its line, the indexes are those of each line alone.
 * JSON_MALFORMED where one of them is. */
JsonStatus json_index_lines(JsonReader *reader, const char *text, size_t length, JsonIndex *index);
/* From a string's opening quote to behind its closing one: can every escape in it be read? */
bool json_escapes_are_sound(const char *at, const char *end);

#ifdef __cplusplus
}
#endif
#endif
