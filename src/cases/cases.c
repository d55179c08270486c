/* cases: see cases.h.
 *
 * The invariant: an event enters the ledger only behind event_is_allowed, fields_check and
 * rules_check, all against the events that the append expects; the store checks the first again,
 * and that nothing came between.
 */
#include "cases/cases.h"

#include "cases/facts.h"
#include "cases/fields.h"
#include "cases/identifier.h"
#include "cases/rules.h"
#include "cases/submission.h"
#include "cases/timing.h"
#include "json/writer.h"
#include "store/limits.h"

int64_t cases_now(const Cases *cases) {
  return cases->time.now == NULL ? instant_now() : cases->time.now(cases->time.context);
}

/* ---- Reading ---- */

static bool load(const Cases *cases, Arena *arena, Text id, Case *now, Events *events,
                 Refusal *refusal) {
  case_open(now, arena);
  if (!refuse_status(refusal, store_read_events(cases->store, arena, id, events))) return false;
  for (uint32_t i = 0; i < events->count; i++) case_apply(now, &events->items[i]);
  return true;
}

bool cases_load(const Cases *cases, Arena *arena, const Account *account, Text id, Case *now,
                Events *events, Refusal *refusal) {
  if (!load(cases, arena, id, now, events, refusal)) return false;
  if (rules_may_see(account, now->organization)) return true;
  return refuse(refusal, REFUSAL_NOT_FOUND, NULL);
}

bool cases_list(const Cases *cases, Arena *arena, const Account *account, StoreFilter filter,
                CaseRows *rows, Refusal *refusal) {
  *rows = (CaseRows){NULL, 0, 0};
  const bool sees_all = rules_may_see(account, (Text){"", 0});
  if (!sees_all && !rules_may_see(account, account->organization)) return true;
  if (!sees_all) filter.organization = account->organization;
  return refuse_status(refusal, store_list(cases->store, arena, &filter, rows));
}

/* An open case, or one under appeal, of the same member, drug and kind. */
static bool is_duplicate(const CaseRow *row, const Case *now) {
  const CaseRow own = case_row(now);
  const State state = state_find(row->state);
  return !text_equal(row->id, now->id) && text_equal(row->kind, own.kind) &&
         (state_is_open(state) || state == STATE_APPEALED);
}

#define DUPLICATES_MOST 100

bool cases_duplicates(const Cases *cases, const Account *account, const Case *now, Texts *ids,
                      Refusal *refusal) {
  CaseRows rows;
  const CaseRow own = case_row(now);
  *ids = (Texts){NULL, 0, 0};
  if (own.member.length == 0 || own.drug.length == 0 || !state_is_open(now->state)) return true;
  const StoreFilter filter = {.member = own.member, .drug = own.drug, .limit = DUPLICATES_MOST};
  if (!cases_list(cases, now->arena, account, filter, &rows, refusal)) return false;
  for (uint32_t i = 0; i < rows.count; i++)
    if (is_duplicate(&rows.items[i], now)) LIST_PUSH(now->arena, *ids, rows.items[i].id);
  return true;
}

/* ---- New events ---- */

/* Events that are to be appended to a case, already applied to it. */
typedef struct Draft {
  const Cases *cases;
  Case *now;
  Events events;
  int64_t expected;
  int64_t instant;
} Draft;

static void draft_open(Draft *draft, const Cases *cases, Case *now) {
  *draft = (Draft){.cases = cases,
                   .now = now,
                   .events = {NULL, 0, 0},
                   .expected = now->last.number,
                   .instant = cases_now(cases)};
}

static bool add_event(Draft *draft, EventType type, const Account *account, Role role, Text payload,
                      Refusal *refusal) {
  Arena *arena = draft->now->arena;
  const char *why;
  const Timing timing = {.clocks = draft->cases->clocks,
                         .now = draft->now,
                         .type = type,
                         .role = role,
                         .instant = draft->instant};
  Event event = {.case_id = draft->now->id,
                 .instant = draft->instant,
                 .type = text_of(event_name(type)),
                 .actor = account == NULL ? text_of(role_name(role)) : account->name,
                 .role = text_of(role_name(role)),
                 .account = account == NULL ? 0 : account->id,
                 .payload = ledger_canonical(arena, timing_stamp(&timing, payload), &why)};
  if (event.payload.at == NULL) return refuse_at(arena, refusal, "", (Text){"", 0}, why);
  ledger_link(arena, &event, draft->now->last.number == 0 ? NULL : &draft->now->last);
  case_apply(draft->now, &event);
  LIST_PUSH(arena, draft->events, event);
  return true;
}

static bool append(const Draft *draft, Refusal *refusal) {
  const CaseRow row = case_row(draft->now);
  const StoreAppend what = {.events = draft->events.items,
                            .count = draft->events.count,
                            .expected = draft->expected,
                            .row = &row};
  return refuse_status(refusal, store_append(draft->cases->store, &what));
}

/* ---- The engine ---- */

/* The number that the case has or, with its first authorization, gets. */
static Text number_for(const Case *now) {
  return now->authorization_number.length > 0 ? now->authorization_number
                                              : identifier_of_authorization(now->arena);
}

static void write_authorization(JsonWriter *json, JsonValue granted, Text number) {
  json_object_member(json, "authorization");
  for (JsonMember m = json_first(granted); json_is_there(m.value); m = json_next(m)) {
    json_key_text(json, m.name);
    json_raw(json, json_value_raw(m.value));
  }
  json_text_member(json, "number", number);
  json_end_object(json);
}

/* The payload of `decided`. */
static Text decided_payload(const Case *now, const Decision *decision) {
  Buffer out;
  JsonWriter json;
  JsonValue determination;
  JsonFault fault;
  json_keep(now->arena, PAYLOAD_LIMITS, decision->determination, &determination, &fault);
  buffer_open(&out, now->arena, decision->determination.length + 512);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_raw_member(&json, "determination", decision->determination);
  json_text_member(&json, "engine", json_text_of(json_member(determination, "engine")));
  if (decision->policy.length > 0) json_text_member(&json, "policy", decision->policy);
  if (text_is(decision->outcome, "approve"))
    write_authorization(&json, json_member(determination, "authorization"), number_for(now));
  if (case_is_touched(now)) json_boolean_member(&json, "after_review", true);
  json_end_object(&json);
  json_writer_close(&json);
  return (Text){out.at, (uint32_t)out.length};
}

/* Lets the engine decide the case as it stands now; `prefix` points to the request in what was
 * sent. */
static bool decide(Draft *draft, const char *prefix, Refusal *refusal) {
  const Case *now = draft->now;
  Decision decision;
  if (!engine_decide(draft->cases->engine, now->arena, now->policy, case_current_request(now),
                     prefix, &decision, refusal))
    return false;
  return add_event(draft, EVENT_DECIDED, NULL, ROLE_ENGINE, decided_payload(now, &decision),
                   refusal);
}

/* ---- Submitting ---- */

static bool is_draft(JsonValue body) { return json_is(json_member(body, "draft"), JSON_TRUE); }

/* { "submission": { the body but for "draft" } } */
static Text submission_payload(Arena *arena, JsonValue body) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, json_value_raw(body).length + 64);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_object_member(&json, "submission");
  for (JsonMember m = json_first(body); json_is_there(m.value); m = json_next(m)) {
    if (text_is(m.name, "draft")) continue;
    json_key_text(&json, m.name);
    json_raw(&json, json_value_raw(m.value));
  }
  json_end_object(&json);
  json_end_object(&json);
  json_writer_close(&json);
  return (Text){out.at, (uint32_t)out.length};
}

/* The role that the account causes the event in: the first that may. ROLE_COUNT where none may. */
static Role acting_role(const Account *account, EventType type) {
  Role role = 0;
  while (role < ROLE_COUNT && (account->roles & event_by(type) & ROLE_BIT(role)) == 0) role++;
  return role;
}

/* The organization has submitted under this id before: the same case, or another one. */
static bool submit_again(const Cases *cases, Arena *arena, const Account *account, Text id,
                         JsonValue submission, Case *now, Refusal *refusal) {
  Events events;
  if (!cases_load(cases, arena, account, id, now, &events, refusal)) return false;
  submission_compare(arena, now->submission, submission, "", refusal);
  if (refusal->kind == REFUSAL_NONE) return true;
  return refuse(refusal, REFUSAL_CONFLICT,
                "The organization has submitted another request under this id.");
}

static bool submit_new(const Cases *cases, const Account *account, Role role, EventType type,
                       Text payload, Case *now, Refusal *refusal) {
  Draft draft;
  case_open(now, now->arena);
  draft_open(&draft, cases, now);
  now->id = identifier_of_case(now->arena, draft.instant);
  if (!add_event(&draft, type, account, role, payload, refusal)) return false;
  if (type == EVENT_SUBMITTED && !decide(&draft, "/request", refusal)) return false;
  return append(&draft, refusal);
}

bool cases_submit(const Cases *cases, Arena *arena, const Account *account, JsonValue body,
                  Case *now, bool *is_new, Refusal *refusal) {
  const EventType type = is_draft(body) ? EVENT_DRAFTED : EVENT_SUBMITTED;
  const Role role = acting_role(account, type);
  const char *why;
  JsonValue kept;
  JsonFault fault;
  if (role == ROLE_COUNT) return refuse(refusal, REFUSAL_FORBIDDEN, NULL);
  if (!json_is(body, JSON_OBJECT))
    return refuse_at(arena, refusal, "", json_value_raw(body), "an object");
  const Text payload = ledger_canonical(arena, submission_payload(arena, body), &why);
  if (payload.at == NULL) return refuse_at(arena, refusal, "", (Text){"", 0}, why);
  json_keep(arena, PAYLOAD_LIMITS, payload, &kept, &fault);
  const JsonValue submission = json_member(kept, "submission");
  if (!(is_draft(body) ? submission_check_draft : submission_check)(arena, account, role,
                                                                    submission, "", refusal))
    return false;
  const Text organization =
      json_text_of(json_member(json_member(submission, "requester"), "organization"));
  const Text request = json_text_of(json_member(json_member(submission, "request"), "id"));
  *is_new = false;
  /* Twice: another submission under the same id may come between the look and the append. */
  for (int attempt = 0; attempt < 2 && !*is_new; attempt++) {
    Text id;
    StoreStatus status = request.length == 0
                             ? STORE_NOT_FOUND
                             : store_find_case(cases->store, arena, organization, request, &id);
    if (status == STORE_OK)
      return submit_again(cases, arena, account, id, submission, now, refusal);
    if (status != STORE_NOT_FOUND) return refuse_status(refusal, status);
    now->arena = arena;
    *refusal = (Refusal){.kind = REFUSAL_NONE};
    *is_new = submit_new(cases, account, role, type, payload, now, refusal);
    if (!*is_new && refusal->kind != REFUSAL_CONFLICT) return false;
  }
  return *is_new;
}

/* ---- Acting ---- */

/* What this version does not do whole, it does not do at all. */
static bool is_done_here(EventType type) {
  return type != EVENT_DOCUMENT_ADDED && type != EVENT_AUTHORIZATION_CHANGED &&
         type != EVENT_RENEWED_FROM;
}

static bool grants(EventType type) {
  return type == EVENT_APPROVED || type == EVENT_PARTIALLY_APPROVED || type == EVENT_OVERTURNED ||
         type == EVENT_PARTIALLY_OVERTURNED;
}

/* The payload with one member replaced. */
static Text with_member(Arena *arena, JsonValue payload, const char *name, Text value) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, json_value_raw(payload).length + value.length + 64);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  for (JsonMember m = json_first(payload); json_is_there(m.value); m = json_next(m)) {
    if (text_is(m.name, name)) continue;
    json_key_text(&json, m.name);
    json_raw(&json, json_value_raw(m.value));
  }
  json_raw_member(&json, name, value);
  json_end_object(&json);
  json_writer_close(&json);
  return (Text){out.at, (uint32_t)out.length};
}

/* What a clinician authorizes gets the case's number, which nobody else may give. */
static bool numbered(const Intent *intent, Text *payload, Refusal *refusal) {
  Buffer out;
  JsonWriter json;
  const JsonValue granted = json_member(intent->payload, "authorization");
  const JsonValue number = json_member(granted, "number");
  if (json_is_stated(number))
    return refuse_at(intent->arena, refusal, "/payload/authorization/number",
                     json_value_raw(number), "nothing: the service gives the number");
  buffer_open(&out, intent->arena, 512);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  for (JsonMember m = json_first(granted); json_is_there(m.value); m = json_next(m)) {
    json_key_text(&json, m.name);
    json_raw(&json, json_value_raw(m.value));
  }
  json_text_member(&json, "number", number_for(intent->now));
  json_end_object(&json);
  json_writer_close(&json);
  *payload = with_member(intent->arena, intent->payload, "authorization",
                         (Text){out.at, (uint32_t)out.length});
  return true;
}

/* The payload as it is to be kept. */
static bool take_payload(const Intent *intent, Text *payload, Refusal *refusal) {
  *payload = json_is_there(intent->payload) ? json_value_raw(intent->payload) : TEXT("{}");
  if (intent->type == EVENT_SUBMITTED)
    return submission_check(intent->arena, intent->account, intent->role,
                            json_member(intent->payload, "submission"), "/payload/submission",
                            refusal);
  if (intent->type == EVENT_FACTS_SUPPLIED) {
    Text facts;
    if (!facts_take(intent->arena, intent->role, json_member(intent->payload, "facts"),
                    "/payload/facts", &facts, refusal))
      return false;
    *payload = with_member(intent->arena, intent->payload, "facts", facts);
  }
  return !grants(intent->type) || numbered(intent, payload, refusal);
}

/* The table's answer, and what was wrong in words. */
static bool check_table(const Intent *intent, Refusal *refusal) {
  if (intent->role == ROLE_COUNT)
    return refuse(refusal, REFUSAL_FORBIDDEN, "None of this account's roles may cause that event.");
  if (event_is_allowed(intent->type, intent->role, intent->now->state)) return true;
  return refuse(refusal, REFUSAL_CONFLICT,
                arena_format(intent->arena, "A case that is %s takes no event %s.",
                             state_name(intent->now->state), event_name(intent->type)));
}

static bool check(const Intent *intent, Refusal *refusal) {
  return check_table(intent, refusal) &&
         fields_check(intent->arena, event_carries(intent->type), intent->payload, "/payload",
                      refusal) &&
         rules_check(intent, refusal);
}

/* The engine decides again where something that it decides by has come. */
static bool asks_the_engine(EventType type, State before) {
  return type == EVENT_SUBMITTED || (type == EVENT_FACTS_SUPPLIED && state_is_open(before));
}

bool cases_act(const Cases *cases, Arena *arena, const Account *account, const Act *act, Case *now,
               Refusal *refusal) {
  Events events;
  Text payload;
  Draft draft;
  const EventType type = event_find(act->type);
  if (!cases_load(cases, arena, account, act->case_id, now, &events, refusal)) return false;
  if (type == EVENT_TYPE_COUNT)
    return refuse_at(arena, refusal, "/type", act->type, "an event of the table");
  if (!is_done_here(type)) return refuse(refusal, REFUSAL_NOT_YET, NULL);
  if (act->expected != now->last.number) return refuse_status(refusal, STORE_STALE);
  const Intent intent = {.arena = arena,
                         .store = cases->store,
                         .clocks = cases->clocks,
                         .instant = cases_now(cases),
                         .now = now,
                         .account = account,
                         .role = acting_role(account, type),
                         .type = type,
                         .payload = act->payload};
  if (!check(&intent, refusal) || !take_payload(&intent, &payload, refusal)) return false;
  const State before = now->state;
  draft_open(&draft, cases, now);
  if (!add_event(&draft, type, account, intent.role, payload, refusal)) return false;
  if (asks_the_engine(type, before) &&
      !decide(&draft, type == EVENT_SUBMITTED ? "/payload/submission/request" : "/payload",
              refusal))
    return false;
  return append(&draft, refusal);
}

/* ---- The clock ---- */

static Text clock_payload(const Case *now, const char *key, Text value) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, now->arena, 256);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_text_member(&json, "rule", now->clock.rule);
  json_text_member(&json, "due", instant_text(now->arena, now->clock.due));
  json_raw_member(&json, key, value);
  json_end_object(&json);
  json_writer_close(&json);
  return buffer_contents(&out);
}

/* A deadline that has passed leaves nothing to be reminded of. */
static bool add_clock_event(Draft *draft, Refusal *refusal) {
  const Case *now = draft->now;
  const int64_t percent = clock_reminder(&now->clock, draft->instant);
  if (clock_is_over(&now->clock, draft->instant))
    return add_event(draft, EVENT_DEADLINE_MISSED, NULL, ROLE_CLOCK,
                     clock_payload(now, "consequence", json_quoted(now->arena, now->clock.missed)),
                     refusal);
  return percent > 0 &&
         add_event(draft, EVENT_REMINDED, NULL, ROLE_CLOCK,
                   clock_payload(now, "percent",
                                 text_of(arena_format(now->arena, "%lld", (long long)percent))),
                   refusal);
}

bool cases_clock(const Cases *cases, Arena *arena, Text id, Refusal *refusal) {
  Case now;
  Events events;
  Draft draft;
  if (!load(cases, arena, id, &now, &events, refusal)) return false;
  if (!case_is_timed(&now) || now.clock.is_missed) return false;
  draft_open(&draft, cases, &now);
  if (!add_clock_event(&draft, refusal)) return false;
  if (append(&draft, refusal)) return true;
  if (refusal->kind == REFUSAL_STALE) *refusal = (Refusal){.kind = REFUSAL_NONE};
  return false;
}
