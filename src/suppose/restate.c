/* restate: copies a request token by token and replaces the members that are changed.
 *
 * Invariant: what is not named in the restatement keeps its bytes, so that a restated request is
 * decided differently only because of what was changed. */
#include "suppose/restate.h"

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

static void write_member(Buffer *out, char open, Text name, Text json) {
  if (out->length > 0 && out->at[out->length - 1] != open) buffer_character(out, ',');
  buffer_json_string(out, name);
  buffer_character(out, ':');
  buffer_text(out, json);
}

/* {"value":…,"document":…} with another value inside; a plain value is replaced. */
static Text restate_value(Arena *arena, const JsonToken *tokens, const JsonToken *old, Text json) {
  if (old->kind != JSON_OBJECT) return json;
  Buffer out;
  buffer_open(&out, arena, 64);
  buffer_character(&out, '{');
  for (const JsonToken *key = old + 1; key < tokens + old->end; key = tokens + (key + 1)->end)
    write_member(&out, '{', token_text(key),
                 text_is(token_text(key), "value") ? json : token_raw(key + 1));
  buffer_character(&out, '}');
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

static void write_facts(Buffer *out, const JsonToken *tokens, const JsonToken *facts,
                        const Restatement *otherwise) {
  buffer_string(out, out->at[out->length - 1] == '{' ? "\"facts\":{" : ",\"facts\":{");
  for (const JsonToken *key = facts == NULL ? NULL : facts + 1;
       key != NULL && key < tokens + facts->end; key = tokens + (key + 1)->end) {
    const Restated *changed = find(otherwise->facts, otherwise->fact_count, token_text(key));
    if (changed != NULL && changed->json.length == 0) continue;
    write_member(out, '{', token_text(key),
                 changed == NULL ? token_raw(key + 1)
                                 : restate_value(out->arena, tokens, key + 1, changed->json));
  }
  for (uint32_t i = 0; i < otherwise->fact_count; i++) {
    const Restated *added = &otherwise->facts[i];
    if (added->json.length > 0 && token_member(tokens, facts, added->name) == NULL)
      write_member(out, '{', added->name, added->json);
  }
  buffer_character(out, '}');
}

Text restate(Arena *arena, const JsonToken *tokens, const Restatement *otherwise) {
  Buffer out;
  const JsonToken *facts = NULL;
  buffer_open(&out, arena, tokens->raw_length + 256);
  buffer_character(&out, '{');
  for (const JsonToken *key = tokens + 1; key < tokens + tokens->end;
       key = tokens + (key + 1)->end) {
    const Restated *changed = find(otherwise->head, otherwise->head_count, token_text(key));
    if (text_is(token_text(key), "facts")) {
      if ((key + 1)->kind == JSON_OBJECT) facts = key + 1;
    } else if (changed == NULL || changed->json.length > 0) {
      write_member(&out, '{', token_text(key),
                   changed == NULL ? token_raw(key + 1) : changed->json);
    }
  }
  for (uint32_t i = 0; i < otherwise->head_count; i++) {
    const Restated *added = &otherwise->head[i];
    if (added->json.length > 0 && token_member(tokens, tokens, added->name) == NULL)
      write_member(&out, '{', added->name, added->json);
  }
  write_facts(&out, tokens, facts, otherwise);
  buffer_character(&out, '}');
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}
