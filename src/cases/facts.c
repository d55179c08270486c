/* facts: see facts.h. The invariant: no fact that is kept has the source "reviewer" unless a
 * clinician stated it, nor "record" at all. */
#include "cases/facts.h"

#include "json/writer.h"

typedef struct Stating {
  Arena *arena;
  Text source; /* the only one that may be claimed */
  Refusal *refusal;
} Stating;

/* Everywhere in a fact: entries of a list carry sources of their own. The depth is the reader's. */
static void check_sources(const Stating *stating, JsonValue value, const char *pointer) {
  for (JsonMember m = json_first(value); json_is_there(m.value); m = json_next(m)) {
    const char *inner = m.is_named
                            ? arena_format(stating->arena, "%s/%.*s", pointer, TEXT_ARGS(m.name))
                            : arena_format(stating->arena, "%s/%u", pointer, m.index);
    if (m.is_named && text_is(m.name, "source") && json_is_stated(m.value) &&
        !text_equal(json_text_of(m.value), stating->source))
      refuse_at(stating->arena, stating->refusal, inner, json_value_raw(m.value),
                arena_format(stating->arena, "\"%.*s\": what this account states is its own",
                             TEXT_ARGS(stating->source)));
    else
      check_sources(stating, m.value, inner);
  }
}

static bool has_value(JsonValue fact) { return json_is_there(json_member(fact, "value")); }

/* A clinician's fact says so, whether it came plain or with evidence. */
static void write_reviewed(JsonWriter *json, JsonValue fact) {
  json_begin_object(json);
  if (!has_value(fact)) {
    json_raw_member(json, "value", json_value_raw(fact));
  } else {
    for (JsonMember m = json_first(fact); json_is_there(m.value); m = json_next(m)) {
      if (text_is(m.name, "source")) continue;
      json_key_text(json, m.name);
      json_raw(json, json_value_raw(m.value));
    }
  }
  json_string_member(json, "source", "reviewer");
  json_end_object(json);
}

static Text write_facts(Arena *arena, JsonValue facts) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 1024);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  for (JsonMember m = json_first(facts); json_is_there(m.value); m = json_next(m)) {
    json_key_text(&json, m.name);
    if (json_is_stated(m.value))
      write_reviewed(&json, m.value);
    else
      json_null(&json);
  }
  json_end_object(&json);
  json_writer_close(&json);
  return (Text){out.at, (uint32_t)out.length};
}

bool facts_take(Arena *arena, Role role, JsonValue facts, const char *prefix, Text *kept,
                Refusal *refusal) {
  const bool is_clinician = role_kind(role) == CLINICIAN;
  const Stating stating = {.arena = arena,
                           .source = is_clinician ? TEXT("reviewer") : TEXT("requester"),
                           .refusal = refusal};
  check_sources(&stating, facts, prefix);
  *kept = is_clinician ? write_facts(arena, facts) : json_value_raw(facts);
  return refusal->kind == REFUSAL_NONE;
}
