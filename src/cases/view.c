/* view: see view.h. */
#include "cases/view.h"

static bool sees_inside(const Account *account) {
  return (account->roles & ~roles_of_kind(OFFICE)) != 0;
}

static void raw_or_null(JsonWriter *json, const char *key, Text value) {
  json_key(json, key);
  if (value.length > 0)
    json_raw(json, value);
  else
    json_null(json);
}

static void instant_or_null(JsonWriter *json, const char *key, int64_t instant) {
  json_key(json, key);
  if (instant > 0)
    json_text(json, instant_text(json->out->arena, instant));
  else
    json_null(json);
}

/* ---- One case ---- */

/* Who acts next, and on which facts where the engine said so. */
static void write_next(JsonWriter *json, const Case *now) {
  json_object_member(json, "next");
  json_string_or_null_member(json, "who", state_who(now->state));
  json_string_or_null_member(json, "what", state_what(now->state));
  if (state_is_open(now->state))
    raw_or_null(json, "engine", json_value_raw(json_member(now->determination, "next")));
  const bool is_timed = state_is_open(now->state) || now->state == STATE_APPEALED;
  instant_or_null(json, "due", is_timed ? now->clock.due : 0);
  json_text_or_null_member(json, "rule", is_timed ? now->clock.rule : (Text){"", 0});
  json_text_or_null_member(json, "source", is_timed ? now->clock.source : (Text){"", 0});
  json_end_object(json);
}

static void write_facts(JsonWriter *json, const Case *now) {
  json_object_member(json, "facts");
  for (uint32_t i = 0; i < now->facts.count; i++) {
    json_key_text(json, now->facts.items[i].name);
    json_raw(json, now->facts.items[i].value);
  }
  json_end_object(json);
}

/* An authorization shows only while it stands. */
static Text standing(const Case *now) {
  const bool stands = now->state == STATE_APPROVED || now->state == STATE_PARTIALLY_APPROVED ||
                      (now->state == STATE_APPEALED && now->authorization.length > 0);
  return stands ? now->authorization : (Text){"", 0};
}

static void write_ids(JsonWriter *json, const char *key, const Texts *ids) {
  json_array_member(json, key);
  for (uint32_t i = 0; i < ids->count; i++) json_text(json, ids->items[i]);
  json_end_array(json);
}

void view_case(JsonWriter *json, const Account *account, const Case *now, const Texts *duplicates) {
  json_begin_object(json);
  json_text_member(json, "id", now->id);
  json_integer_member(json, "seq", now->last.number);
  json_string_member(json, "state", state_name(now->state));
  json_string_member(json, "line_for_people", state_line(now->state));
  write_next(json, now);
  json_text_or_null_member(json, "program", now->program);
  json_text_or_null_member(json, "benefit", now->benefit);
  json_text_or_null_member(json, "urgency", now->urgency);
  instant_or_null(json, "received", now->received);
  raw_or_null(json, "submission", json_value_raw(now->submission));
  write_facts(json, now);
  raw_or_null(json, "determination", json_value_raw(now->determination));
  raw_or_null(json, "authorization", standing(now));
  if (sees_inside(account)) {
    json_text_or_null_member(json, "assigned_to", now->assigned_to);
    json_text_or_null_member(json, "level", now->level);
  }
  write_ids(json, "possible_duplicates", duplicates);
  json_end_object(json);
}

/* ---- The history ---- */

static bool is_internal(Text type) {
  return text_is(type, event_name(EVENT_NOTED)) || text_is(type, event_name(EVENT_ESCALATED)) ||
         text_is(type, event_name(EVENT_REMINDED));
}

static void write_event(JsonWriter *json, const Event *event) {
  char previous[DIGEST_DIGITS + 1], digest[DIGEST_DIGITS + 1];
  digest_write(event->previous, previous);
  digest_write(event->digest, digest);
  json_begin_object(json);
  json_integer_member(json, "number", event->number);
  json_text_member(json, "instant", instant_text(json->out->arena, event->instant));
  json_text_member(json, "type", event->type);
  json_text_member(json, "actor", event->actor);
  json_text_member(json, "role", event->role);
  json_raw_member(json, "payload", event->payload);
  json_string_or_null_member(json, "previous", event->number == 1 ? "" : previous);
  json_string_member(json, "digest", digest);
  json_end_object(json);
}

void view_events(JsonWriter *json, const Account *account, const Events *events) {
  const bool sees_all = sees_inside(account);
  json_begin_object(json);
  json_array_member(json, "events");
  for (uint32_t i = 0; i < events->count; i++)
    if (sees_all || !is_internal(events->items[i].type)) write_event(json, &events->items[i]);
  json_end_array(json);
  json_end_object(json);
}

/* ---- The worklist ---- */

static void write_row(JsonWriter *json, const Account *account, const CaseRow *row) {
  json_begin_object(json);
  json_text_member(json, "id", row->id);
  json_integer_member(json, "seq", row->seq);
  json_text_member(json, "state", row->state);
  json_text_or_null_member(json, "organization", row->organization);
  json_text_or_null_member(json, "request", row->request);
  json_text_or_null_member(json, "member", row->member);
  json_text_or_null_member(json, "payer", row->payer);
  json_text_or_null_member(json, "drug", row->drug);
  json_text_or_null_member(json, "kind", row->kind);
  json_text_or_null_member(json, "program", row->program);
  json_text_or_null_member(json, "benefit", row->benefit);
  json_text_or_null_member(json, "urgency", row->urgency);
  instant_or_null(json, "received", row->received);
  instant_or_null(json, "due", row->due);
  if (sees_inside(account)) {
    json_text_or_null_member(json, "assigned_to", row->assigned_to);
    json_text_or_null_member(json, "level", row->level);
  }
  json_end_object(json);
}

void view_rows(JsonWriter *json, const Account *account, const CaseRows *rows, uint32_t limit) {
  json_begin_object(json);
  json_array_member(json, "cases");
  for (uint32_t i = 0; i < rows->count; i++) write_row(json, account, &rows->items[i]);
  json_end_array(json);
  json_text_or_null_member(json, "after",
                           rows->count == limit ? rows->items[rows->count - 1].id : (Text){"", 0});
  json_end_object(json);
}
