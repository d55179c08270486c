/* value: see value.h. A row is copied together with its text; what a token points to is moved from
 * the reader's text to the copy, and strings that were unescaped elsewhere are copied one by one.
 */
#include "json/value.h"

/* The row in the arena. `from` is where the reader has the first character of the document. */
static JsonToken *copy_row(Arena *arena, const JsonToken *tokens, uint32_t count) {
  const char *from = tokens[0].raw;
  const char *copy = arena_copy(arena, from, tokens[0].raw_length);
  const char *end = from + tokens[0].raw_length;
  JsonToken *row = arena_allocate_raw(arena, count * sizeof *row);
  memcpy(row, tokens, count * sizeof *row);
  for (uint32_t i = 0; i < count; i++) {
    row[i].raw = copy + (tokens[i].raw - from);
    if (tokens[i].text == NULL) continue;
    const bool is_within = tokens[i].text >= from && tokens[i].text < end;
    row[i].text = is_within ? copy + (tokens[i].text - from)
                            : arena_copy(arena, tokens[i].text, tokens[i].length);
  }
  return row;
}

typedef struct Keeping {
  JsonReader *reader;
  Arena *arena;
  Text text;
  JsonValue value;
  JsonFault fault;
} Keeping;

static void keep(void *context) {
  Keeping *keeping = context;
  JsonFault *fault = &keeping->fault;
  const JsonToken *tokens;
  uint32_t count;
  fault->status = json_read(keeping->reader, keeping->text.at, keeping->text.length, &tokens,
                            &count, &fault->message, &fault->offset);
  if (fault->status == JSON_NO_MEMORY) arena_exhaust(keeping->arena);
  if (fault->status == JSON_OK)
    keeping->value = (JsonValue){copy_row(keeping->arena, tokens, count), 0};
}

bool json_keep(Arena *arena, JsonLimits limits, Text text, JsonValue *value, JsonFault *fault) {
  Keeping keeping = {.reader = json_open(), .arena = arena, .text = text};
  if (keeping.reader == NULL) arena_exhaust(arena);
  json_set_limits(keeping.reader, limits);
  const bool was_kept = arena_attempt(arena, keep, &keeping);
  json_close(keeping.reader);
  if (!was_kept) arena_exhaust(arena);
  *value = keeping.value;
  *fault = keeping.fault;
  return fault->status == JSON_OK;
}

static const JsonToken *token_of(JsonValue value) { return &value.row[value.at]; }

bool json_is(JsonValue value, JsonKind kind) {
  return value.row != NULL && token_of(value)->kind == kind;
}

bool json_is_stated(JsonValue value) { return value.row != NULL && !json_is(value, JSON_NULL); }

Text json_text_of(JsonValue value) {
  if (!json_is(value, JSON_STRING)) return (Text){"", 0};
  return (Text){token_of(value)->text, token_of(value)->length};
}

Text json_value_raw(JsonValue value) {
  if (value.row == NULL) return (Text){"", 0};
  return (Text){token_of(value)->raw, token_of(value)->raw_length};
}

bool json_integer_of(JsonValue value, int64_t *integer) {
  if (!json_is(value, JSON_NUMBER)) return false;
  const Text text = json_value_raw(value);
  if (text.length > 15) return false;
  int64_t sum = 0;
  const uint32_t first = text.at[0] == '-' ? 1 : 0;
  for (uint32_t i = first; i < text.length; i++) {
    if (!is_ascii_digit(text.at[i])) return false;
    sum = sum * 10 + (text.at[i] - '0');
  }
  *integer = first == 1 ? -sum : sum;
  return true;
}

/* ---- Members ---- */

static JsonMember member_at(JsonMember member, uint32_t at) {
  if (at >= member.end) return (JsonMember){.value = JSON_NOTHING};
  if (member.is_named) {
    member.name = (Text){member.value.row[at].text, member.value.row[at].length};
    at++;
  }
  member.value.at = at;
  return member;
}

JsonMember json_first(JsonValue container) {
  const bool is_object = json_is(container, JSON_OBJECT);
  if (!is_object && !json_is(container, JSON_ARRAY)) return (JsonMember){.value = JSON_NOTHING};
  const JsonMember member = {
      .value = container, .name = {"", 0}, .end = token_of(container)->end, .is_named = is_object};
  return member_at(member, container.at + 1);
}

JsonMember json_next(JsonMember member) {
  member.index++;
  return member_at(member, token_of(member.value)->end);
}

JsonValue json_member(JsonValue object, const char *name) {
  if (!json_is(object, JSON_OBJECT)) return JSON_NOTHING;
  JsonMember member = json_first(object);
  while (json_is_there(member.value) && !text_is(member.name, name)) member = json_next(member);
  return member.value;
}
