/* value: a document that stays, and ways around in it.
 *
 * json_read's tokens last until the reader's next text. What stays is a copy of the row in an
 * arena:
 *
 *     JsonValue body;
 *     if (!json_keep(arena, limits, text, &body, &error)) ... error.message at error.offset ...
 *     Text drug = json_text_of(json_member(json_member(body, "request"), "drug"));
 *
 * A value is a place in its row, so it is passed by value and costs nothing; one that is not there
 * has no row, and whatever is asked of it is not there either. Nothing changes a document: another
 * is written (writer.h), copying with json_value_raw what stays as it was.
 */
#ifndef JSON_VALUE_H
#define JSON_VALUE_H

#include "base/text.h"
#include "json/reader.h"

typedef struct JsonValue {
  const JsonToken *row; /* NULL: there is no such value */
  uint32_t at;
} JsonValue;

#define JSON_NOTHING ((JsonValue){NULL, 0})

typedef struct JsonFault {
  JsonStatus status;
  const char *message; /* static text */
  size_t offset;
} JsonFault;

/* Reads one document into the arena. False, and the error, where it is none. */
bool json_keep(Arena *arena, JsonLimits limits, Text text, JsonValue *value, JsonFault *fault);

static inline bool json_is_there(JsonValue value) { return value.row != NULL; }
/* Neither absent nor null. */
bool json_is_stated(JsonValue value);
bool json_is(JsonValue value, JsonKind kind);
/* Of an object; nothing where it has no such member or is no object. */
JsonValue json_member(JsonValue object, const char *name);
/* A string's text; empty for everything else. */
Text json_text_of(JsonValue value);
/* The value as it was written. */
Text json_value_raw(JsonValue value);
/* A whole number of at most 15 digits. */
bool json_integer_of(JsonValue value, int64_t *integer);

/* The members of an object or the elements of an array, in order:
 *     for (JsonMember m = json_first(v); json_is_there(m.value); m = json_next(m)) ... */
typedef struct JsonMember {
  JsonValue value;
  Text name;      /* empty in an array */
  uint32_t index; /* from 0 */
  uint32_t end;   /* of the container, in the row */
  bool is_named;
} JsonMember;
JsonMember json_first(JsonValue container);
JsonMember json_next(JsonMember member);

#endif
