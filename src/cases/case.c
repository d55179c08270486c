/* case: see case.h. Event sourcing (Fowler 2005): the state is a fold over the events.
 *
 * The invariant: case_apply depends on the case before and on the event alone, never on the time,
 * the store or a policy, so that the same events give the same case for ever.
 */
#include "cases/case.h"

#include "base/unreachable.h"
#include "cases/submission.h"
#include "json/writer.h"
#include "store/limits.h"

void case_open(Case *now, Arena *arena) {
  memset(now, 0, sizeof *now);
  now->arena = arena;
  now->id = now->organization = now->program = now->benefit = now->channel = now->urgency =
      now->policy = now->authorization = now->authorization_number = now->assigned_to = now->level =
          now->clock.rule = (Text){"", 0};
  for (int i = 0; i < CASE_URGENCIES; i++) now->clock_of[i] = now->clock;
}

/* ---- What a submission says ---- */

JsonValue case_request(const Case *now) { return json_member(now->submission, "request"); }

static void set_fact(Case *now, Text name, Text value) {
  for (uint32_t i = 0; i < now->facts.count; i++) {
    if (!text_equal(now->facts.items[i].name, name)) continue;
    now->facts.items[i].value = value;
    return;
  }
  const CaseFact fact = {name, value};
  LIST_PUSH(now->arena, now->facts, fact);
}

static void set_facts(Case *now, JsonValue facts) {
  for (JsonMember m = json_first(facts); json_is_there(m.value); m = json_next(m))
    set_fact(now, m.name, json_value_raw(m.value));
}

static void take_submission(Case *now, JsonValue submission) {
  now->submission = submission;
  const JsonValue request = case_request(now);
  now->organization =
      json_text_of(json_member(json_member(submission, "requester"), "organization"));
  now->program = submission_program(submission);
  now->benefit = json_text_of(json_member(submission, "benefit"));
  now->channel = json_text_of(json_member(submission, "channel"));
  const Text urgency = json_text_of(json_member(request, "urgency"));
  now->urgency = urgency.length > 0 ? urgency : TEXT("standard");
  now->facts.count = 0;
  set_facts(now, json_member(request, "facts"));
}

/* A fax may have been received before it was entered. */
static void take_receipt(Case *now, int64_t entered) {
  int64_t stated;
  const Text text = json_text_of(json_member(case_request(now), "received"));
  now->received = instant_parse(text, &stated) && stated < entered ? stated : entered;
}

void case_take_submission(Case *now, JsonValue submission, int64_t entered) {
  take_submission(now, submission);
  take_receipt(now, entered);
}

/* ---- Its clock ---- */

CaseUrgency case_urgency(Text urgency) {
  return text_is(urgency, "expedited") ? CASE_EXPEDITED : CASE_STANDARD;
}

bool case_is_timed(const Case *now) {
  return now->clock.due > 0 && (state_is_open(now->state) || now->state == STATE_APPEALED);
}

static bool restarts_clock(EventType type) {
  return type == EVENT_SUBMITTED || type == EVENT_APPEALED || type == EVENT_REOPENED;
}

/* What the event says of the clock, behind what else it says. */
static void take_clock(Case *now, EventType type, JsonValue payload) {
  const JsonValue clock = json_member(payload, "clock");
  int64_t percent;
  if (restarts_clock(type)) {
    now->clock = (CaseClock){.rule = {"", 0}};
    for (int i = 0; i < CASE_URGENCIES; i++) now->clock_of[i] = now->clock;
  }
  if (json_is(clock, JSON_OBJECT)) now->clock = clock_read(clock);
  if (type == EVENT_DEADLINE_MISSED) now->clock.is_missed = true;
  if (type == EVENT_REMINDED && json_integer_of(json_member(payload, "percent"), &percent))
    now->clock.reminded = percent;
  now->clock_of[case_urgency(now->urgency)] = now->clock;
}

/* ---- What was decided ---- */

static void take_authorization(Case *now, JsonValue authorization) {
  now->authorization = json_value_raw(authorization);
  const Text number = json_text_of(json_member(authorization, "number"));
  if (number.length > 0) now->authorization_number = number;
}

static void take_determination(Case *now, JsonValue payload) {
  now->determination = json_member(payload, "determination");
  if (now->policy.length == 0) now->policy = json_text_of(json_member(payload, "policy"));
  take_authorization(now, json_member(payload, "authorization"));
}

/* ---- Who took part ---- */

bool case_is_touched(const Case *now) { return now->participants.count > 0; }

/* A note or a message is no part of the review. */
static bool is_part_of_review(EventType type) {
  return type != EVENT_NOTED && type != EVENT_MESSAGE_SENT && type != EVENT_LETTER_ISSUED &&
         type != EVENT_NOTIFIED;
}

static void take_participant(Case *now, EventType type, const Event *event) {
  const Role role = role_find(event->role);
  if (role == ROLE_COUNT || role_kind(role) != CLINICIAN || !is_part_of_review(type)) return;
  const Participant participant = {event->account, event->actor, event->number};
  LIST_PUSH(now->arena, now->participants, participant);
}

bool case_took_part(const Case *now, Text account) {
  for (uint32_t i = 0; i < now->participants.count; i++)
    if (now->participants.items[i].number < now->appealed &&
        text_equal(now->participants.items[i].name, account))
      return true;
  return false;
}

/* ---- Events ---- */

static JsonValue payload_of(Arena *arena, const Event *event) {
  JsonValue payload;
  JsonFault fault;
  return json_keep(arena, PAYLOAD_LIMITS, event->payload, &payload, &fault) ? payload
                                                                            : JSON_NOTHING;
}

/* What the event changes beside the state. */
static void take_contents(Case *now, EventType type, const Event *event, JsonValue payload) {
  switch (type) {
    case EVENT_DRAFTED:
    case EVENT_RENEWED_FROM:
      take_submission(now, json_member(payload, "submission"));
      return;
    case EVENT_SUBMITTED:
      case_take_submission(now, json_member(payload, "submission"), event->instant);
      return;
    case EVENT_DECIDED:
      take_determination(now, payload);
      return;
    case EVENT_FACTS_SUPPLIED:
      set_facts(now, json_member(payload, "facts"));
      return;
    case EVENT_APPROVED:
    case EVENT_PARTIALLY_APPROVED:
    case EVENT_OVERTURNED:
    case EVENT_PARTIALLY_OVERTURNED:
      take_authorization(now, json_member(payload, "authorization"));
      return;
    case EVENT_DENIED:
      now->authorization = (Text){"", 0};
      return;
    case EVENT_ASSIGNED:
      now->assigned_to = json_text_of(json_member(payload, "account"));
      return;
    case EVENT_RELEASED:
      now->assigned_to = (Text){"", 0};
      return;
    case EVENT_ESCALATED:
      now->level = json_text_of(json_member(payload, "level"));
      now->assigned_to = (Text){"", 0};
      return;
    case EVENT_URGENCY_CHANGED:
      now->urgency = json_text_of(json_member(payload, "urgency"));
      return;
    case EVENT_APPEALED:
      now->appealed = event->number;
      now->before_appeal = now->state;
      now->urgency = json_text_of(json_member(payload, "urgency"));
      now->level = TEXT("appeal");
      now->assigned_to = (Text){"", 0};
      return;
    case EVENT_REOPENED:
      now->level = now->assigned_to = (Text){"", 0};
      return;
    case EVENT_DOCUMENT_ADDED:
    case EVENT_INFORMATION_REQUESTED:
    case EVENT_NOTED:
    case EVENT_MESSAGE_SENT:
    case EVENT_AUTHORIZATION_CHANGED:
    case EVENT_PEER_TO_PEER_OFFERED:
    case EVENT_PEER_TO_PEER_SCHEDULED:
    case EVENT_PEER_TO_PEER_HELD:
    case EVENT_PEER_TO_PEER_DECLINED:
    case EVENT_EXTENDED:
    case EVENT_DEADLINE_MISSED:
    case EVENT_REMINDED:
    case EVENT_WITHDRAWN:
    case EVENT_DISMISSED:
    case EVENT_UPHELD:
    case EVENT_LETTER_ISSUED:
    case EVENT_NOTIFIED:
      return;
    case EVENT_TYPE_COUNT:
      break;
  }
  UNREACHABLE();
}

void case_apply(Case *now, const Event *event) {
  const EventType type = event_find(event->type);
  const JsonValue payload = payload_of(now->arena, event);
  now->id = event->case_id;
  if (type != EVENT_TYPE_COUNT) {
    take_contents(now, type, event, payload);
    take_clock(now, type, payload);
    take_participant(now, type, event);
    const Leading leading = {.from = now->state,
                             .before_appeal = now->before_appeal,
                             .outcome = json_text_of(json_member(now->determination, "outcome")),
                             .consequence = json_text_of(json_member(payload, "consequence"))};
    now->state = event_leads_to(type, &leading);
  }
  now->last = *event;
}

/* ---- The request ---- */

static bool is_ours(Text key) {
  return text_is(key, "facts") || text_is(key, "received") || text_is(key, "urgency");
}

Text case_current_request(const Case *now) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, now->arena, 4096);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  for (JsonMember m = json_first(case_request(now)); json_is_there(m.value); m = json_next(m)) {
    if (is_ours(m.name)) continue;
    json_key_text(&json, m.name);
    json_raw(&json, json_value_raw(m.value));
  }
  json_text_member(&json, "urgency", now->urgency);
  json_text_member(&json, "received", instant_text(now->arena, now->received));
  json_object_member(&json, "facts");
  for (uint32_t i = 0; i < now->facts.count; i++) {
    json_key_text(&json, now->facts.items[i].name);
    json_raw(&json, now->facts.items[i].value);
  }
  json_end_object(&json);
  json_end_object(&json);
  json_writer_close(&json);
  return (Text){out.at, (uint32_t)out.length};
}

/* ---- The worklist ---- */

CaseRow case_row(const Case *now) {
  const JsonValue request = case_request(now);
  return (CaseRow){
      .id = now->id,
      .organization = now->organization,
      .request = json_text_of(json_member(request, "id")),
      .member = json_text_of(json_member(json_member(now->submission, "member"), "id")),
      .payer = json_text_of(json_member(request, "payer")),
      .drug = json_text_of(json_member(request, "drug")),
      .kind = json_text_of(json_member(request, "kind")),
      .program = now->program,
      .benefit = now->benefit,
      .urgency = now->urgency,
      .state = text_of(state_name(now->state)),
      .level = now->level,
      .assigned_to = now->assigned_to,
      .received = now->received,
      .due = case_is_timed(now) ? now->clock.due : 0,
      .acts_at = case_is_timed(now) ? clock_acts_at(&now->clock) : 0,
      .seq = now->last.number};
}
