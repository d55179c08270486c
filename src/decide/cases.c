/* Cases: a request with the keys of its determination that matter (docs/cases.md).
 *
 * Expected objects are compared key by key, expected arrays as a whole; null stands for an absent
 * key. `error_field` names one field that must be among the errors, `error_fields` all of them.
 */
#include <string.h>

#include "decide/session.h"

typedef struct Document {
  const JsonToken *tokens;
  uint32_t count;
} Document;

typedef struct CaseComparison {
  Arena *arena;
  Document expected, found;
  Buffer difference;
} CaseComparison;

static Text text_of_token(const JsonToken *token) { return (Text){token->text, token->length}; }

static const JsonToken *member(Document document, const JsonToken *object, const char *name) {
  if (object == NULL || object->kind != JSON_OBJECT) return NULL;
  for (const JsonToken *key = object + 1; key < document.tokens + object->end;
       key = document.tokens + (key + 1)->end) {
    if (text_is(text_of_token(key), name)) return key + 1;
  }
  return NULL;
}

static bool same(const CaseComparison *c, const JsonToken *expected, const JsonToken *found);

static bool same_object(const CaseComparison *c, const JsonToken *expected,
                        const JsonToken *found) {
  for (const JsonToken *key = expected + 1; key < c->expected.tokens + expected->end;
       key = c->expected.tokens + (key + 1)->end) {
    if (!same(c, key + 1, member(c->found, found, arena_copy(c->arena, key->text, key->length))))
      return false;
  }
  return true;
}

static bool same_array(const CaseComparison *c, const JsonToken *expected, const JsonToken *found) {
  const JsonToken *a = expected + 1, *b = found + 1, *end_a = c->expected.tokens + expected->end,
                  *end_b = c->found.tokens + found->end;
  while (a < end_a && b < end_b) {
    if (!same(c, a, b)) return false;
    a = c->expected.tokens + a->end;
    b = c->found.tokens + b->end;
  }
  return a == end_a && b == end_b;
}

static bool same(const CaseComparison *c, const JsonToken *expected, const JsonToken *found) {
  if (found == NULL) return expected->kind == JSON_NULL;
  if (expected->kind != found->kind) return false;
  switch ((JsonKind)expected->kind) {
    case JSON_NULL:
    case JSON_FALSE:
    case JSON_TRUE:
      return true;
    case JSON_NUMBER:
    case JSON_STRING:
    case JSON_KEY:
      return text_equal(text_of_token(expected), text_of_token(found));
    case JSON_ARRAY:
      return same_array(c, expected, found);
    case JSON_OBJECT:
      return same_object(c, expected, found);
  }
  return false;
}

static void differ(CaseComparison *c, Text key, const JsonToken *expected, const JsonToken *found) {
  buffer_text(&c->difference, key);
  buffer_string(&c->difference, ": expected ");
  buffer_append(&c->difference, expected->raw, expected->raw_length);
  buffer_string(&c->difference, ", found ");
  if (found == NULL) {
    buffer_string(&c->difference, "nothing");
  } else {
    buffer_append(&c->difference, found->raw, found->raw_length);
  }
  buffer_character(&c->difference, '\n');
}

/* ---- Errors ---- */

static bool names_field(const CaseComparison *c, const JsonToken *errors, Text field) {
  for (const JsonToken *error = errors + 1; error < c->found.tokens + errors->end;
       error = c->found.tokens + error->end) {
    const JsonToken *name = member(c->found, error, "field");
    if (name != NULL && text_equal(text_of_token(name), field)) return true;
  }
  return false;
}

static bool lists_field(const CaseComparison *c, const JsonToken *fields, Text field) {
  for (const JsonToken *item = fields + 1; item < c->expected.tokens + fields->end;
       item = c->expected.tokens + item->end) {
    if (text_equal(text_of_token(item), field)) return true;
  }
  return false;
}

static bool same_fields(const CaseComparison *c, const JsonToken *fields, const JsonToken *errors) {
  for (const JsonToken *item = fields + 1; item < c->expected.tokens + fields->end;
       item = c->expected.tokens + item->end) {
    if (!names_field(c, errors, text_of_token(item))) return false;
  }
  for (const JsonToken *error = errors + 1; error < c->found.tokens + errors->end;
       error = c->found.tokens + error->end) {
    const JsonToken *name = member(c->found, error, "field");
    if (name == NULL || !lists_field(c, fields, text_of_token(name))) return false;
  }
  return true;
}

static void compare(CaseComparison *c, const JsonToken *expect) {
  const JsonToken *found = c->found.tokens, *errors = member(c->found, found, "errors");
  if (errors != NULL && member(c->expected, expect, "error_field") == NULL &&
      member(c->expected, expect, "error_fields") == NULL) {
    buffer_string(&c->difference, "errors: ");
    buffer_append(&c->difference, errors->raw, errors->raw_length);
    buffer_character(&c->difference, '\n');
    return;
  }
  for (const JsonToken *key = expect + 1; key < c->expected.tokens + expect->end;
       key = c->expected.tokens + (key + 1)->end) {
    const JsonToken *value = key + 1;
    Text name = text_of_token(key);
    bool one = text_is(name, "error_field"), all = text_is(name, "error_fields");
    if (one || all) {
      bool fits = errors != NULL && (one ? names_field(c, errors, text_of_token(value))
                                         : same_fields(c, value, errors));
      if (!fits) differ(c, name, value, errors);
      continue;
    }
    const JsonToken *actual = member(c->found, found, arena_copy(c->arena, name.at, name.length));
    if (!same(c, value, actual)) differ(c, name, value, actual);
  }
}

/* ---- Running one ---- */

static licet_status read_document(JsonReader **reader, const char *text, size_t length,
                                  Document *document) {
  if (*reader == NULL) *reader = json_open();
  if (*reader == NULL) return LICET_NO_MEMORY;
  const char *message;
  size_t offset;
  JsonStatus status =
      json_read(*reader, text, length, &document->tokens, &document->count, &message, &offset);
  if (status == JSON_NO_MEMORY) return LICET_NO_MEMORY;
  return status == JSON_OK ? LICET_OK : LICET_BAD_REQUEST;
}

/* What licet_check_case was asked and what it found. */
typedef struct CaseCheck {
  licet_session *session;
  const char *json;
  size_t length;
  const char **name, **difference;
  const licet_determination **determination;
  licet_status status;
} CaseCheck;

static licet_status check(const CaseCheck *asked) {
  licet_session *session = asked->session;
  Arena *arena = &session->case_arena;
  CaseComparison c = {.arena = arena};
  licet_status status =
      read_document(&session->case_reader, asked->json, asked->length, &c.expected);
  if (status != LICET_OK) return status;
  const JsonToken *request = member(c.expected, c.expected.tokens, "request"),
                  *expect = member(c.expected, c.expected.tokens, "expect");
  const JsonToken *title = member(c.expected, c.expected.tokens, "name");
  if (request == NULL || expect == NULL || expect->kind != JSON_OBJECT) return LICET_BAD_REQUEST;
  if (title != NULL && title->kind == JSON_STRING)
    *asked->name = arena_copy(arena, title->text, title->length);
  status = licet_decide(session, request->raw, request->raw_length, asked->determination);
  if (status != LICET_OK && status != LICET_BAD_REQUEST) return status;
  Buffer answer = session->errors;
  if (status == LICET_OK) {
    buffer_open(&answer, arena, 1024);
    determination_write(&answer, *asked->determination,
                        DETAIL_ANSWER); /* expectations do not reach into the criteria */
  }
  status = read_document(&session->answer_reader, answer.at, answer.length, &c.found);
  if (status != LICET_OK) return status;
  buffer_open(&c.difference, arena, 256);
  compare(&c, expect);
  *asked->difference = buffer_finish(&c.difference);
  return LICET_OK;
}

static void check_case(void *context) {
  CaseCheck *asked = context;
  asked->status = check(asked);
}

licet_status licet_check_case(licet_session *session, const char *json, size_t length,
                              const char **name, const char **difference,
                              const licet_determination **determination) {
  *name = "";
  *difference = "";
  *determination = NULL;
  arena_reset(&session->case_arena);
  CaseCheck asked = {session, json, length, name, difference, determination, LICET_OK};
  return arena_attempt(&session->case_arena, check_case, &asked) ? asked.status : LICET_NO_MEMORY;
}
