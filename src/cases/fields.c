/* fields: see fields.h. A description such as "level:pharmacist|physician question:text" is read
 * again for each payload; it is a line long. */
#include "cases/fields.h"

#include "base/date.h"

typedef struct Field {
  Text name, type;
  bool is_optional;
} Field;

/* Takes the first field off the description; false where it is used up. */
static bool next_field(Text *rest, Field *field) {
  while (rest->length > 0 && *rest->at == ' ') *rest = (Text){rest->at + 1, rest->length - 1};
  if (rest->length == 0) return false;
  const char *space = memchr(rest->at, ' ', rest->length);
  const uint32_t length = space == NULL ? rest->length : (uint32_t)(space - rest->at);
  const char *colon = memchr(rest->at, ':', length);
  const uint32_t name = (uint32_t)(colon - rest->at);
  field->is_optional = colon[-1] == '?';
  field->name = (Text){rest->at, field->is_optional ? name - 1 : name};
  field->type = (Text){colon + 1, length - name - 1};
  *rest = (Text){rest->at + length, rest->length - length};
  return true;
}

/* ---- Types ---- */

static bool is_text(JsonValue value) { return text_trim(json_text_of(value)).length > 0; }
static bool is_date(JsonValue value) {
  Date date;
  return date_parse(json_text_of(value), &date);
}
static bool is_instant(JsonValue value) {
  int64_t instant;
  return instant_parse(json_text_of(value), &instant);
}
static bool is_count(JsonValue value) {
  int64_t count;
  return json_integer_of(value, &count) && count > 0;
}
static bool is_flag(JsonValue value) {
  return json_is(value, JSON_TRUE) || json_is(value, JSON_FALSE);
}
static bool is_object(JsonValue value) { return json_is(value, JSON_OBJECT); }
static bool is_list(JsonValue value) {
  return json_is(value, JSON_ARRAY) && json_is_there(json_first(value).value);
}
static bool is_digest(JsonValue value) {
  Digest digest;
  return digest_read(json_text_of(value), &digest);
}

static const struct {
  const char *name;
  bool (*is)(JsonValue value);
  const char *expected;
} types[] = {
    {"text", is_text, "a text that says something"},
    {"date", is_date, "a date, as 2026-11-02"},
    {"instant", is_instant, "an instant, as 2026-11-02T15:04:00Z"},
    {"count", is_count, "a whole number above 0"},
    {"flag", is_flag, "true or false"},
    {"object", is_object, "an object"},
    {"list", is_list, "an array that holds something"},
    {"digest", is_digest, "a SHA-256 in 64 hexadecimal digits"},
    {"account", is_text, "the name of an account"},
};

/* Of a description that allows words. */
static bool is_one_of(Text words, Text word) {
  while (words.length > 0) {
    const char *bar = memchr(words.at, '|', words.length);
    const uint32_t length = bar == NULL ? words.length : (uint32_t)(bar - words.at);
    if (text_equal((Text){words.at, length}, word)) return true;
    const uint32_t passed = bar == NULL ? length : length + 1;
    words = (Text){words.at + passed, words.length - passed};
  }
  return false;
}

/* NULL where the value is of the type, else what was expected. */
static const char *expected_instead(Arena *arena, Text type, JsonValue value) {
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (text_is(type, types[i].name)) return types[i].is(value) ? NULL : types[i].expected;
  if (is_one_of(type, json_text_of(value))) return NULL;
  return arena_format(arena, "one of %.*s", TEXT_ARGS(type));
}

/* ---- Checking ---- */

static void check_field(Arena *arena, const Field *field, JsonValue payload, const char *prefix,
                        Refusal *refusal) {
  const char *name = arena_format(arena, "%.*s", TEXT_ARGS(field->name));
  const JsonValue value = json_member(payload, name);
  if (!json_is_stated(value) && field->is_optional) return;
  const char *expected = expected_instead(arena, field->type, value);
  if (expected != NULL)
    refuse_at(arena, refusal, arena_format(arena, "%s/%s", prefix, name), json_value_raw(value),
              expected);
}

static bool is_described(Text carries, Text name) {
  Field field;
  while (next_field(&carries, &field))
    if (text_equal(field.name, name)) return true;
  return false;
}

bool fields_check(Arena *arena, const char *carries, JsonValue payload, const char *prefix,
                  Refusal *refusal) {
  Text rest = text_of(carries);
  Field field;
  while (next_field(&rest, &field)) check_field(arena, &field, payload, prefix, refusal);
  for (JsonMember m = json_first(payload); json_is_there(m.value); m = json_next(m))
    if (!is_described(text_of(carries), m.name))
      refuse_at(arena, refusal, arena_format(arena, "%s/%.*s", prefix, TEXT_ARGS(m.name)),
                json_value_raw(m.value), "no such field here");
  return refusal->kind == REFUSAL_NONE;
}
