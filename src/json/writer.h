/* writer: JSON text, written value by value into a Buffer.
 *
 * The writer keeps the commas and checks by asserts that what it writes is one JSON value: in an
 * object every value follows a key, elsewhere none does, and what was begun is ended by its kind.
 *
 *     JsonWriter json;
 *     json_writer_open(&json, &buffer);
 *     json_begin_object(&json);                         {
 *     json_string_member(&json, "name", "Sprycel");      "name":"Sprycel"
 *     json_array_member(&json, "cycles");                ,"cycles":[
 *     json_integer(&json, 1);                             1
 *     json_integer(&json, 2);                             ,2
 *     json_end_array(&json);                             ]
 *     json_end_object(&json);                           }
 *     json_writer_close(&json);
 *
 * There is no white space. Amounts are exact, so a number that is no integer comes as text, through
 * `json_raw`; so does whatever was written before and is copied (a fact that several criteria cite,
 * the beginning of a criterion, which never changes: json_begin_object_with).
 *
 * Determinations are written by the million: what is small is inlined, and a level costs one byte.
 */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <assert.h>

#include "base/limits.h"
#include "base/text.h"

/* A criterion is an object in an array, so the deepest outline takes two levels for each of its
 * own; its facts and what surrounds it take the rest. */
#define JSON_LEVELS (2 * LIMIT_OUTLINE_DEPTH + 32)

/* What the writer knows of a level: bits of a byte. Level 0 is the text itself, which holds one
 * value. */
enum {
  JSON_LEVEL_FILLED = 1, /* a value stands in it: what follows needs a comma */
  JSON_LEVEL_OBJECT = 2,
  JSON_LEVEL_ARRAY = 4,
  JSON_LEVEL_KEYED = 8 /* of an object: its key is written, its value is not */
};

typedef struct JsonWriter {
  Buffer *out;
  uint32_t depth;
  uint8_t levels[JSON_LEVELS]; /* of levels 0 to depth */
} JsonWriter;

static inline void json_writer_open(JsonWriter *json, Buffer *out) {
  json->out = out;
  json->depth = 0;
  json->levels[0] = 0;
}

/* Bug of ours where the value is not whole. The next value goes through a writer of its own. */
static inline void json_writer_close(const JsonWriter *json) {
  assert(json->depth == 0 && json->levels[0] == JSON_LEVEL_FILLED);
}

/* Before each value: the comma, and whether a value may stand here. */
static inline void json_before_value(JsonWriter *json) {
  uint8_t *level = &json->levels[json->depth];
  switch (*level) {
    case JSON_LEVEL_OBJECT | JSON_LEVEL_KEYED:
    case JSON_LEVEL_OBJECT | JSON_LEVEL_KEYED | JSON_LEVEL_FILLED:
      *level = JSON_LEVEL_OBJECT | JSON_LEVEL_FILLED;
      break;
    case JSON_LEVEL_ARRAY | JSON_LEVEL_FILLED:
      buffer_character(json->out, ',');
      break;
    default:
      assert(*level == JSON_LEVEL_ARRAY || (*level == 0 && json->depth == 0));
      *level |= JSON_LEVEL_FILLED;
      break;
  }
}

/* ---- Objects and arrays ---- */

static inline void json_push(JsonWriter *json, uint8_t level) {
  assert(json->depth + 1 < JSON_LEVELS);
  json->levels[++json->depth] = level;
}

static inline void json_begin_object(JsonWriter *json) {
  json_before_value(json);
  buffer_character(json->out, '{');
  json_push(json, JSON_LEVEL_OBJECT);
}

/* An object whose beginning is written: `head` is its brace and at least one member. */
static inline void json_begin_object_with(JsonWriter *json, Text head) {
  assert(head.length > 2 && head.at[0] == '{');
  json_before_value(json);
  buffer_put(json->out, head);
  json_push(json, JSON_LEVEL_OBJECT | JSON_LEVEL_FILLED);
}

static inline void json_end_object(JsonWriter *json) {
  assert((json->levels[json->depth] & ~JSON_LEVEL_FILLED) == JSON_LEVEL_OBJECT);
  json->depth--;
  buffer_character(json->out, '}');
}

static inline void json_begin_array(JsonWriter *json) {
  json_before_value(json);
  buffer_character(json->out, '[');
  json_push(json, JSON_LEVEL_ARRAY);
}

static inline void json_end_array(JsonWriter *json) {
  assert((json->levels[json->depth] & ~JSON_LEVEL_FILLED) == JSON_LEVEL_ARRAY);
  json->depth--;
  buffer_character(json->out, ']');
}

/* ---- Keys ---- */

static inline void json_before_key(JsonWriter *json) {
  uint8_t *level = &json->levels[json->depth];
  assert((*level & ~JSON_LEVEL_FILLED) == JSON_LEVEL_OBJECT);
  if (*level & JSON_LEVEL_FILLED) buffer_character(json->out, ',');
  *level |= JSON_LEVEL_KEYED;
}

/* A key of the program's own: nothing in it needs an escape. */
static inline void json_key(JsonWriter *json, const char *key) {
  json_before_key(json);
  buffer_character(json->out, '"');
  buffer_string(json->out, key);
  buffer_put(json->out, TEXT("\":"));
}

/* Any other. */
static inline void json_key_text(JsonWriter *json, Text key) {
  json_before_key(json);
  buffer_json_string(json->out, key);
  buffer_character(json->out, ':');
}

/* ---- Values ---- */

static inline void json_text(JsonWriter *json, Text text) {
  json_before_value(json);
  buffer_json_string(json->out, text);
}
static inline void json_string(JsonWriter *json, const char *text) {
  json_text(json, text_of(text));
}
static inline void json_integer(JsonWriter *json, int64_t value) {
  json_before_value(json);
  buffer_integer(json->out, value);
}
static inline void json_boolean(JsonWriter *json, bool value) {
  json_before_value(json);
  buffer_put(json->out, value ? TEXT("true") : TEXT("false"));
}
static inline void json_null(JsonWriter *json) {
  json_before_value(json);
  buffer_put(json->out, TEXT("null"));
}
/* A value that is JSON already. */
static inline void json_raw(JsonWriter *json, Text value) {
  assert(value.length > 0);
  json_before_value(json);
  buffer_put(json->out, value);
}
/* null where there is no text. */
static inline void json_text_or_null(JsonWriter *json, Text text) {
  if (text.length > 0)
    json_text(json, text);
  else
    json_null(json);
}
static inline void json_string_or_null(JsonWriter *json, const char *text) {
  json_text_or_null(json, text_of(text));
}

/* ---- Members ---- */

static inline void json_object_member(JsonWriter *json, const char *key) {
  json_key(json, key);
  json_begin_object(json);
}
static inline void json_array_member(JsonWriter *json, const char *key) {
  json_key(json, key);
  json_begin_array(json);
}
static inline void json_text_member(JsonWriter *json, const char *key, Text text) {
  json_key(json, key);
  json_text(json, text);
}
static inline void json_string_member(JsonWriter *json, const char *key, const char *text) {
  json_key(json, key);
  json_string(json, text);
}
static inline void json_text_or_null_member(JsonWriter *json, const char *key, Text text) {
  json_key(json, key);
  json_text_or_null(json, text);
}
static inline void json_string_or_null_member(JsonWriter *json, const char *key, const char *text) {
  json_key(json, key);
  json_string_or_null(json, text);
}
static inline void json_integer_member(JsonWriter *json, const char *key, int64_t value) {
  json_key(json, key);
  json_integer(json, value);
}
static inline void json_boolean_member(JsonWriter *json, const char *key, bool value) {
  json_key(json, key);
  json_boolean(json, value);
}
static inline void json_null_member(JsonWriter *json, const char *key) {
  json_key(json, key);
  json_null(json);
}
static inline void json_raw_member(JsonWriter *json, const char *key, Text value) {
  json_key(json, key);
  json_raw(json, value);
}

#endif
