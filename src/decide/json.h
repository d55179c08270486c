/* json: a request's text as a flat row of tokens.
 *
 * simdjson (C++) reads and validates; this header is the one small door to it (json.cpp). Containers say where they end, so a
 * reader can skip: tokens[i].end is the index just past the last token inside.  {"a":[1,"x"]}  becomes
 *
 *     0 OBJECT end 6 · 1 KEY a · 2 ARRAY end 5 · 3 NUMBER 1 · 4 STRING x · …
 *
 * (a KEY is followed by its value). Texts stay valid until the next read with the same reader.
 */
#ifndef DECIDE_JSON_H
#define DECIDE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum JsonKind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT, JSON_KEY } JsonKind;

typedef struct JsonToken {
  const char *text;            /* STRING, KEY: unescaped; NUMBER: as written; containers: NULL */
  const char *raw;             /* scalars and keys: as written, quotes included; containers: the opening bracket */
  uint32_t length, raw_length; /* containers: raw_length covers the whole container */
  uint32_t end;                /* index just past this value's tokens */
  uint8_t kind;                /* JsonKind */
} JsonToken;

typedef enum JsonStatus { JSON_OK, JSON_MALFORMED, JSON_TOO_DEEP, JSON_TOO_MANY, JSON_TOO_LARGE, JSON_NO_MEMORY } JsonStatus;

typedef struct JsonReader JsonReader;

/* NULL when memory is short. */
JsonReader *json_open(void);
void json_close(JsonReader *reader);
/* Reads exactly one document (only white space may follow). On JSON_MALFORMED `*message` says what is wrong (static text) and
 * `*offset` where (byte). The limits are those of base/limits.h (bytes, depth, tokens). `text` need not be padded or
 * zero-terminated. */
JsonStatus json_read(JsonReader *reader, const char *text, size_t length, const JsonToken **tokens, uint32_t *count,
                     const char **message, size_t *offset);

#ifdef __cplusplus
}
#endif
#endif
