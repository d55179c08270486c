/* case_api: cases over HTTP. Each handler takes an exchange apart, asks cases/, and writes the
 * view. */
#include "serve/exchange.h"

#include "cases/view.h"

/* ---- Answers ---- */

static void answer_case(Exchange *exchange, int status, const Case *now) {
  Texts duplicates;
  JsonWriter json;
  if (!cases_duplicates(&exchange->service->cases, &exchange->account, now, &duplicates,
                        &exchange->refusal))
    return;
  exchange->status = status;
  exchange->etag = arena_format(&exchange->arena, "\"%lld\"", (long long)now->last.number);
  json_writer_open(&json, &exchange->answer);
  view_case(&json, &exchange->account, now, &duplicates);
  json_writer_close(&json);
}

void serve_submit(Exchange *exchange) {
  Case now;
  bool is_new;
  if (!cases_submit(&exchange->service->cases, &exchange->arena, &exchange->account, exchange->json,
                    &now, &is_new, &exchange->refusal))
    return;
  answer_case(exchange, is_new ? 201 : 200, &now);
  exchange->location = arena_format(&exchange->arena, "/api/v1/cases/%.*s", TEXT_ARGS(now.id));
}

void serve_read_case(Exchange *exchange) {
  Case now;
  Events events;
  if (cases_load(&exchange->service->cases, &exchange->arena, &exchange->account, exchange->id,
                 &now, &events, &exchange->refusal))
    answer_case(exchange, 200, &now);
}

void serve_read_events(Exchange *exchange) {
  Case now;
  Events events;
  JsonWriter json;
  if (!cases_load(&exchange->service->cases, &exchange->arena, &exchange->account, exchange->id,
                  &now, &events, &exchange->refusal))
    return;
  exchange->status = 200;
  exchange->etag = arena_format(&exchange->arena, "\"%lld\"", (long long)now.last.number);
  json_writer_open(&json, &exchange->answer);
  view_events(&json, &exchange->account, &events);
  json_writer_close(&json);
}

/* ---- Events ---- */

/* "17", as ETag gave it. */
static bool read_if_match(Exchange *exchange, int64_t *number) {
  const Text tag = exchange_header(exchange, "If-Match");
  if (tag.length == 0)
    return refuse(&exchange->refusal, REFUSAL_NO_IF_MATCH,
                  "Send the ETag of the case as If-Match.");
  *number = 0;
  bool is_number =
      tag.length > 2 && tag.length < 18 && tag.at[0] == '"' && tag.at[tag.length - 1] == '"';
  for (uint32_t i = 1; is_number && i + 1 < tag.length; i++) {
    is_number = is_ascii_digit(tag.at[i]);
    *number = *number * 10 + (tag.at[i] - '0');
  }
  return is_number || refuse(&exchange->refusal, REFUSAL_STALE, "No ETag of a case is like that.");
}

static bool check_event_body(Exchange *exchange) {
  for (JsonMember m = json_first(exchange->json); json_is_there(m.value); m = json_next(m))
    if (!text_is(m.name, "type") && !text_is(m.name, "payload"))
      refuse_at(&exchange->arena, &exchange->refusal,
                arena_format(&exchange->arena, "/%.*s", TEXT_ARGS(m.name)), json_value_raw(m.value),
                "type and payload only");
  return exchange->refusal.kind == REFUSAL_NONE;
}

void serve_add_event(Exchange *exchange) {
  Case now;
  Act act = {.case_id = exchange->id,
             .type = json_text_of(json_member(exchange->json, "type")),
             .payload = json_member(exchange->json, "payload")};
  if (read_if_match(exchange, &act.expected) && check_event_body(exchange) &&
      cases_act(&exchange->service->cases, &exchange->arena, &exchange->account, &act, &now,
                &exchange->refusal))
    answer_case(exchange, 200, &now);
}

/* ---- The worklist ---- */

#define LIST_LIMIT 50
#define LIST_LIMIT_MOST 500

static bool read_limit(Exchange *exchange, uint32_t *limit) {
  const Text text = exchange_parameter(exchange, "limit");
  *limit = text.length == 0 ? LIST_LIMIT : 0;
  if (text.length == 0) return true;
  for (uint32_t i = 0; i < text.length && i < 4; i++)
    *limit = is_ascii_digit(text.at[i]) ? *limit * 10 + (uint32_t)(text.at[i] - '0') : 10000;
  if (*limit >= 1 && *limit <= LIST_LIMIT_MOST && text.length < 4) return true;
  return refuse_at(&exchange->arena, &exchange->refusal, "limit", text, "a number from 1 to 500");
}

static bool read_due_before(Exchange *exchange, int64_t *instant) {
  const Text text = exchange_parameter(exchange, "due_before");
  *instant = 0;
  if (text.length == 0 || instant_parse(text, instant)) return true;
  return refuse_at(&exchange->arena, &exchange->refusal, "due_before", text,
                   "an instant, as 2026-11-02T15:04:00Z");
}

void serve_list_cases(Exchange *exchange) {
  CaseRows rows;
  JsonWriter json;
  StoreFilter filter = {.after = exchange_parameter(exchange, "after"),
                        .organization = exchange_parameter(exchange, "requester"),
                        .state = exchange_parameter(exchange, "state"),
                        .assigned_to = exchange_parameter(exchange, "assigned_to"),
                        .payer = exchange_parameter(exchange, "payer"),
                        .drug = exchange_parameter(exchange, "drug"),
                        .member = exchange_parameter(exchange, "member")};
  if (!read_limit(exchange, &filter.limit) || !read_due_before(exchange, &filter.due_before) ||
      !cases_list(&exchange->service->cases, &exchange->arena, &exchange->account, filter, &rows,
                  &exchange->refusal))
    return;
  exchange->status = 200;
  json_writer_open(&json, &exchange->answer);
  view_rows(&json, &exchange->account, &rows, filter.limit);
  json_writer_close(&json);
}
