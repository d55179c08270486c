/* Errors of a request: collected up to a limit, with their places written out, and as JSON. */
#include "request/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "json/writer.h"

#define FOUND_LENGTH 80

/* Cut between two characters. */
static Text cut_short(Arena *arena, Text found) {
  if (found.length <= FOUND_LENGTH) return found;
  uint32_t cut = FOUND_LENGTH;
  while (cut > 0 && ((unsigned char)found.at[cut] & 0xC0) == 0x80) cut--;
  return text_of(arena_format(arena, "%.*s…", (int)cut, found.at));
}

RequestError *request_error_add(RequestErrors *errors, licet_request_error_code code, Text field,
                                Text pointer, Text found, const char *expected, ...) {
  char words[1024];
  va_list arguments;
  va_start(arguments, expected);
  vsnprintf(words, sizeof words, expected, arguments);
  va_end(arguments);
  const RequestError error = {.code = code,
                              .field = field,
                              .pointer = pointer,
                              .found = cut_short(errors->arena, found),
                              .expected = text_of(arena_copy(errors->arena, words, strlen(words)))};
  if (errors->list.count >= LIMIT_REQUEST_ERRORS) { /* counted, and handed out for filling in */
    errors->dropped++;
    RequestError *spare = ARENA_NEW(errors->arena, RequestError);
    *spare = error;
    return spare;
  }
  LIST_PUSH(errors->arena, errors->list, error);
  return &errors->list.items[errors->list.count - 1];
}

static void write_error(JsonWriter *json, const RequestError *error) {
  json_begin_object(json);
  json_string_member(json, "code", licet_request_error_code_name(error->code));
  json_text_member(json, "field", error->field);
  json_text_member(json, "pointer", error->pointer);
  if (error->line > 0) {
    json_integer_member(json, "line", error->line);
    json_integer_member(json, "column", error->column);
    json_integer_member(json, "byte", error->byte);
  }
  json_text_member(json, "found", error->found);
  json_text_member(json, "expected", error->expected);
  if (error->nearest.length > 0) json_text_member(json, "nearest", error->nearest);
  json_end_object(json);
}

void request_errors_write(Buffer *out, const RequestErrors *errors, Text id_raw) {
  JsonWriter json;
  json_writer_open(&json, out);
  json_begin_object(&json);
  json_raw_or_null_member(&json, "request", id_raw);
  json_array_member(&json, "errors");
  for (uint32_t i = 0; i < errors->list.count; i++) write_error(&json, &errors->list.items[i]);
  json_end_array(&json);
  if (errors->dropped > 0) json_integer_member(&json, "more_errors", errors->dropped);
  json_end_object(&json);
  json_writer_close(&json);
}

/* ---- Places ---- */

static void write_pointer(Buffer *out, const RequestPlace *place) {
  if (place == NULL) return;
  write_pointer(out, place->above);
  buffer_character(out, '/');
  if (place->index >= 0) {
    buffer_integer(out, place->index);
    return;
  }
  for (uint32_t i = 0; i < place->key.length; i++) {
    char c = place->key.at[i];
    if (c == '~' || c == '/') {
      buffer_string(out, c == '~' ? "~0" : "~1");
    } else {
      buffer_character(out, c);
    }
  }
}

static void write_field(Buffer *out, const RequestPlace *place) {
  if (place == NULL) return;
  if (!place->is_fact) write_field(out, place->above);
  if (place->unnamed) return;
  if (place->index >= 0) {
    buffer_format(out, "[%lld]", (long long)place->index);
    return;
  }
  if (out->length > 0) buffer_character(out, '.');
  buffer_text(out, place->key);
}

RequestError *request_error_at(RequestErrors *errors, const RequestPlace *place,
                               const JsonToken *token, Expectation expected) {
  Buffer field, pointer;
  buffer_open(&field, errors->arena, 32);
  buffer_open(&pointer, errors->arena, 32);
  write_field(&field, place);
  write_pointer(&pointer, place);
  Text found = token == NULL ? TEXT("nothing") : token_raw(token);
  buffer_finish(&field);
  buffer_finish(&pointer);
  return request_error_add(errors, expected.code, (Text){field.at, (uint32_t)field.length},
                           (Text){pointer.at, (uint32_t)pointer.length}, found, "%s",
                           expected.words);
}

void request_error_nearest(RequestErrors *errors, const RequestPlace *place, const JsonToken *token,
                           Expectation expected, const Text *names, uint32_t count) {
  RequestError *error = request_error_at(errors, place, token, expected);
  if (token->kind != JSON_STRING && token->kind != JSON_KEY) return;
  const int index = text_nearest(token_text(token), names, count);
  if (index >= 0) error->nearest = names[index];
}

const char *request_choices(Arena *arena, const Text *values, uint32_t count) {
  Buffer out;
  buffer_open(&out, arena, 64);
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) buffer_string(&out, " | ");
    buffer_text(&out, values[i]);
  }
  return buffer_finish(&out);
}
