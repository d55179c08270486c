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
 * `json_raw`. What never changes is written once, ahead of time, and copied by `json_members`; what
 * comes again in one text (a fact that several criteria cite) is a JsonSpan of it.
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
  JSON_LEVEL_KEYED = 8 /* of an object: a key is written, its value is not */
};

typedef struct JsonWriter {
  Buffer *out;
  uint32_t depth;
  uint8_t levels[JSON_LEVELS]; /* of levels 0 to depth */
} JsonWriter;

/* A text alone as JSON, quotes included, in the arena. */
static inline Text json_quoted(Arena *arena, Text text) {
  Buffer out;
  buffer_open(&out, arena, text.length + 2);
  buffer_json_string(&out, text);
  return buffer_contents(&out);
}

static inline void json_writer_open(JsonWriter *json, Buffer *out) {
  json->out = out;
  json->depth = 0;
  json->levels[0] = 0;
}

/* Bug of ours where the value is not whole. The next value goes through a writer of its own. */
static inline void json_writer_close(const JsonWriter *json) {
  assert(json->depth == 0 && json->levels[0] == JSON_LEVEL_FILLED);
}

/* Room for `extra` bytes, looked for once for a key or a bracket with its comma. */
static inline char *json_room(JsonWriter *json, size_t extra) {
  Buffer *out = json->out;
  if (out->capacity - out->length < extra) buffer_reserve(out, extra);
  return out->at + out->length;
}
static inline void json_wrote_to(JsonWriter *json, const char *end) {
  json->out->length = (size_t)(end - json->out->at);
}

/* Before each value: 1 where a comma has to stand before it. Asserts that it may stand here. */
static inline uint32_t json_comma_before_value(JsonWriter *json) {
  uint8_t *level = &json->levels[json->depth];
  const uint8_t before = *level;
  *level = (uint8_t)((before & ~JSON_LEVEL_KEYED) | JSON_LEVEL_FILLED);
  if (before & (JSON_LEVEL_KEYED | JSON_LEVEL_ARRAY))
    return before >> 2 & before & JSON_LEVEL_FILLED;
  assert(before == 0); /* the text itself, still empty */
  return 0;
}
static inline void json_before_value(JsonWriter *json) {
  if (json_comma_before_value(json)) buffer_character(json->out, ',');
}

/* ---- Objects and arrays ---- */

static inline void json_bracket(JsonWriter *json, char bracket) {
  const uint32_t comma = json_comma_before_value(json);
  char *at = json_room(json, 2);
  at[0] = ',';
  at[comma] = bracket;
  json_wrote_to(json, at + comma + 1);
}

static inline void json_push(JsonWriter *json, uint8_t level) {
  assert(json->depth + 1 < JSON_LEVELS);
  json->levels[++json->depth] = level;
}

static inline void json_begin_object(JsonWriter *json) {
  json_bracket(json, '{');
  json_push(json, JSON_LEVEL_OBJECT);
}

static inline void json_end_object(JsonWriter *json) {
  assert((json->levels[json->depth] & ~JSON_LEVEL_FILLED) == JSON_LEVEL_OBJECT);
  json->depth--;
  buffer_character(json->out, '}');
}

static inline void json_begin_array(JsonWriter *json) {
  json_bracket(json, '[');
  json_push(json, JSON_LEVEL_ARRAY);
}

static inline void json_end_array(JsonWriter *json) {
  assert((json->levels[json->depth] & ~JSON_LEVEL_FILLED) == JSON_LEVEL_ARRAY);
  json->depth--;
  buffer_character(json->out, ']');
}

/* ---- Keys ---- */

/* 1 where a comma has to stand before the key. */
static inline uint32_t json_comma_before_key(JsonWriter *json, uint8_t then) {
  uint8_t *level = &json->levels[json->depth];
  const uint8_t before = *level;
  assert((before & ~JSON_LEVEL_FILLED) == JSON_LEVEL_OBJECT);
  *level = before | then;
  return before & JSON_LEVEL_FILLED;
}

/* A key of the program's own: nothing in it needs an escape, and its length is known when the
 * program is compiled. */
static inline __attribute__((always_inline)) void json_key(JsonWriter *json, const char *key) {
  const size_t length = strlen(key);
  const uint32_t comma = json_comma_before_key(json, JSON_LEVEL_KEYED);
  char *at = json_room(json, length + 4);
  at[0] = ',';
  at += comma;
  at[0] = '"';
  memcpy(at + 1, key, length);
  at[length + 1] = '"';
  at[length + 2] = ':';
  json_wrote_to(json, at + length + 3);
}

/* Any other. */
static inline void json_key_text(JsonWriter *json, Text key) {
  if (json_comma_before_key(json, JSON_LEVEL_KEYED)) buffer_character(json->out, ',');
  buffer_json_string(json->out, key);
  buffer_character(json->out, ':');
}

/* What stands within the braces of an object, and such members added to another. */
static inline Text json_members_of(Text object) {
  assert(object.length > 2 && object.at[0] == '{' && object.at[object.length - 1] == '}');
  return (Text){object.at + 1, object.length - 2};
}
static inline void json_members(JsonWriter *json, Text members) {
  assert(members.length > 0);
  const uint32_t comma = json_comma_before_key(json, JSON_LEVEL_FILLED);
  char *at = json_room(json, members.length + 1);
  at[0] = ',';
  memcpy(at + comma, members.at, members.length);
  json_wrote_to(json, at + comma + members.length);
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
  if (value)
    buffer_put(json->out, TEXT("true"));
  else
    buffer_put(json->out, TEXT("false"));
}
static inline void json_null(JsonWriter *json) {
  json_before_value(json);
  buffer_put(json->out, TEXT("null"));
}
/* A value that is JSON already. */
static inline void json_raw(JsonWriter *json, Text value) {
  assert(value.length > 0);
  const uint32_t comma = json_comma_before_value(json);
  char *at = json_room(json, value.length + 1);
  at[0] = ',';
  memcpy(at + comma, value.at, value.length);
  json_wrote_to(json, at + comma + value.length);
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

/* The same of what is JSON already. */
static inline void json_raw_or_null(JsonWriter *json, Text value) {
  json_raw(json, value.length > 0 ? value : TEXT("null"));
}

/* ---- Written again ---- */

/* A value or members that this writer has written: where they stand in its buffer. */
typedef struct JsonSpan {
  size_t at;
  uint32_t length; /* 0: not written yet */
} JsonSpan;

/* Before the first of them is written, and after the last. */
static inline size_t json_span_begin(const JsonWriter *json) {
  const uint8_t level = json->levels[json->depth];
  return json->out->length +
         ((level & (JSON_LEVEL_FILLED | JSON_LEVEL_KEYED)) == JSON_LEVEL_FILLED);
}
static inline JsonSpan json_span_end(const JsonWriter *json, size_t begin) {
  return (JsonSpan){begin, (uint32_t)(json->out->length - begin)};
}
/* Room first: a buffer that grows moves what is to be copied. */
static inline void json_value_again(JsonWriter *json, JsonSpan value) {
  json_room(json, value.length + 1);
  json_raw(json, (Text){json->out->at + value.at, value.length});
}
static inline void json_members_again(JsonWriter *json, JsonSpan members) {
  json_room(json, members.length + 1);
  json_members(json, (Text){json->out->at + members.at, members.length});
}

/* ---- Members ---- */

#define JSON_MEMBER static inline __attribute__((always_inline))

JSON_MEMBER void json_object_member(JsonWriter *json, const char *key) {
  json_key(json, key);
  json_begin_object(json);
}
JSON_MEMBER void json_array_member(JsonWriter *json, const char *key) {
  json_key(json, key);
  json_begin_array(json);
}
JSON_MEMBER void json_text_member(JsonWriter *json, const char *key, Text text) {
  json_key(json, key);
  json_text(json, text);
}
JSON_MEMBER void json_string_member(JsonWriter *json, const char *key, const char *text) {
  json_key(json, key);
  json_string(json, text);
}
JSON_MEMBER void json_text_or_null_member(JsonWriter *json, const char *key, Text text) {
  json_key(json, key);
  json_text_or_null(json, text);
}
JSON_MEMBER void json_string_or_null_member(JsonWriter *json, const char *key, const char *text) {
  json_key(json, key);
  json_string_or_null(json, text);
}
JSON_MEMBER void json_integer_member(JsonWriter *json, const char *key, int64_t value) {
  json_key(json, key);
  json_integer(json, value);
}
JSON_MEMBER void json_boolean_member(JsonWriter *json, const char *key, bool value) {
  json_key(json, key);
  json_boolean(json, value);
}
JSON_MEMBER void json_null_member(JsonWriter *json, const char *key) {
  json_key(json, key);
  json_null(json);
}
JSON_MEMBER void json_raw_member(JsonWriter *json, const char *key, Text value) {
  json_key(json, key);
  json_raw(json, value);
}
JSON_MEMBER void json_raw_or_null_member(JsonWriter *json, const char *key, Text value) {
  json_key(json, key);
  json_raw_or_null(json, value);
}

#endif
