/* restate: copies a request token by token and replaces the members that are changed.
 *
 * Invariant: what is not named in the restatement keeps its bytes, so that a restated request is
 * decided differently only because of what was changed. */
#include "suppose/restate.h"

#include <assert.h>

#include "json/writer.h"

const JsonToken *token_member(const JsonToken *tokens, const JsonToken *object, Text name) {
  if (object == NULL || object->kind != JSON_OBJECT) return NULL;
  for (const JsonToken *key = object + 1; key < tokens + object->end;
       key = tokens + (key + 1)->end) {
    if (text_equal(token_text(key), name)) return key + 1;
  }
  return NULL;
}

static const Restated *find(const Restated *items, uint32_t count, Text name) {
  for (uint32_t i = 0; i < count; i++) {
    if (text_equal(items[i].name, name)) return &items[i];
  }
  return NULL;
}

static void write_member(JsonWriter *json, Text name, Text value) {
  json_key_text(json, name);
  json_raw(json, value);
}

/* {"value":…,"document":…} with another value inside. A plain value is replaced, and so is all of
 * it where the new value has evidence of its own. */
static void write_restated(JsonWriter *json, const JsonToken *tokens, const JsonToken *old,
                           Text value) {
  if (old->kind != JSON_OBJECT || value.at[0] == '{') {
    json_raw(json, value);
    return;
  }
  json_begin_object(json);
  for (const JsonToken *key = old + 1; key < tokens + old->end; key = tokens + (key + 1)->end)
    write_member(json, token_text(key),
                 text_is(token_text(key), "value") ? value : token_raw(key + 1));
  json_end_object(json);
}

/* Those that are not there yet. */
static void write_added(JsonWriter *json, const JsonToken *tokens, const JsonToken *object,
                        const Restated *items, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    if (items[i].json.length > 0 && token_member(tokens, object, items[i].name) == NULL)
      write_member(json, items[i].name, items[i].json);
  }
}

static void write_facts(JsonWriter *json, const JsonToken *tokens, const JsonToken *facts,
                        const Restatement *changes) {
  json_object_member(json, "facts");
  for (const JsonToken *key = facts == NULL ? NULL : facts + 1;
       key != NULL && key < tokens + facts->end; key = tokens + (key + 1)->end) {
    const Restated *changed = find(changes->facts, changes->fact_count, token_text(key));
    if (changed != NULL && changed->json.length == 0) continue;
    json_key_text(json, token_text(key));
    if (changed == NULL)
      json_raw(json, token_raw(key + 1));
    else
      write_restated(json, tokens, key + 1, changed->json);
  }
  write_added(json, tokens, facts, changes->facts, changes->fact_count);
  json_end_object(json);
}

Text restate(Arena *arena, const JsonToken *tokens, const Restatement *changes) {
  Buffer out;
  JsonWriter json;
  const JsonToken *facts = NULL;
  assert(tokens->kind == JSON_OBJECT);
  buffer_open(&out, arena, tokens->raw_length + 256);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  for (const JsonToken *key = tokens + 1; key < tokens + tokens->end;
       key = tokens + (key + 1)->end) {
    const Restated *changed = find(changes->head, changes->head_count, token_text(key));
    if (text_is(token_text(key), "facts")) {
      if ((key + 1)->kind == JSON_OBJECT) facts = key + 1;
    } else if (changed == NULL || changed->json.length > 0) {
      write_member(&json, token_text(key), changed == NULL ? token_raw(key + 1) : changed->json);
    }
  }
  write_added(&json, tokens, tokens, changes->head, changes->head_count);
  write_facts(&json, tokens, facts, changes);
  json_end_object(&json);
  json_writer_close(&json);
  buffer_finish(&out);
  return buffer_contents(&out);
}

Text supplied_json(Arena *arena, const Fact *fact, Text value) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, value.length + 32);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_raw_member(&json, "value", value);
  json_string_member(&json, "source", fact->supplier == SUPPLIER_REVIEWER ? "reviewer" : "record");
  json_end_object(&json);
  json_writer_close(&json);
  return buffer_contents(&out);
}
