/* submission: see submission.h. */
#include "cases/submission.h"

#include "accounts/npi.h"
#include "cases/facts.h"
#include "cases/fields.h"
#include "clocks/rule.h"

#define SUBMISSION_CARRIES                                                                \
  "request:object member:object requester:object program?:text benefit:medical|pharmacy " \
  "channel:portal|api|fhir|fax|phone received_reason?:text"
#define DRAFT_CARRIES                                                                        \
  "request?:object member?:object requester:object program?:text benefit?:medical|pharmacy " \
  "channel?:portal|api|fhir|fax|phone received_reason?:text"
#define MEMBER_CARRIES "id:text name?:text birth_date?:date state?:text"
#define REQUESTER_CARRIES "organization:text prescriber:object contact?:object"
#define DRAFT_REQUESTER_CARRIES "organization:text prescriber?:object contact?:object"
#define PRESCRIBER_CARRIES "npi:text name?:text"

typedef struct Check {
  Arena *arena;
  const Account *account;
  Role role;
  JsonValue submission;
  const char *prefix;
  Refusal *refusal;
} Check;

static void fault(const Check *check, const char *pointer, JsonValue found, const char *expected) {
  refuse_at(check->arena, check->refusal,
            arena_format(check->arena, "%s%s", check->prefix, pointer), json_value_raw(found),
            expected);
}

static void check_part(const Check *check, const char *carries, JsonValue part,
                       const char *pointer) {
  if (!json_is(part, JSON_OBJECT)) return; /* reported with the whole */
  fields_check(check->arena, carries, part,
               arena_format(check->arena, "%s%s", check->prefix, pointer), check->refusal);
}

static void check_npi(const Check *check, JsonValue npi, const char *pointer) {
  if (json_is_stated(npi) && !npi_is_valid(json_text_of(npi)))
    fault(check, pointer, npi, "an NPI: ten digits with their check digit");
}

/* An office's account submits for its own organization alone. */
static void check_requester(const Check *check) {
  const JsonValue requester = json_member(check->submission, "requester");
  const JsonValue organization = json_member(requester, "organization");
  check_npi(check, organization, "/requester/organization");
  check_npi(check, json_member(json_member(requester, "prescriber"), "npi"),
            "/requester/prescriber/npi");
  if (role_kind(check->role) == OFFICE &&
      !text_equal(json_text_of(organization), check->account->organization))
    fault(check, "/requester/organization", organization, "the organization of this account");
}

Text submission_program(JsonValue submission) {
  const Text program = json_text_of(json_member(submission, "program"));
  const Text line = json_text_of(json_member(json_member(submission, "request"), "line"));
  if (program.length > 0) return program;
#define LINE(name, program) \
  if (text_is(line, name)) return TEXT(program);
#include "cases/line.def"
#undef LINE
  return (Text){"", 0};
}

/* The word is one of a selector's, as the file of clocks has it. */
static void check_word(const Check *check, Selector selector, JsonValue word, const char *pointer,
                       const char *what) {
  if (selector_find(selector, json_text_of(word)) < 0)
    fault(check, pointer, word,
          arena_format(check->arena, "%s: %s", what, selector_words(check->arena, selector)));
}

static void check_program(const Check *check) {
  const JsonValue program = json_member(check->submission, "program");
  if (json_is_stated(program))
    check_word(check, SELECTOR_PROGRAM, program, "/program", "a program of coverage");
}

/* A request without a program would have no clock. */
static void check_has_program(const Check *check) {
  if (submission_program(check->submission).length == 0)
    fault(check, "/program", json_member(check->submission, "program"),
          "a program of coverage, since the request's line of business does not state one");
}

static void check_state(const Check *check) {
  const JsonValue state = json_member(json_member(check->submission, "member"), "state");
  if (json_is_stated(state))
    check_word(check, SELECTOR_STATE, state, "/member/state", "a state by its postal code");
}

static void check_channel(const Check *check) {
  const JsonValue channel = json_member(check->submission, "channel");
  const Text name = json_text_of(channel);
  if ((text_is(name, "fax") || text_is(name, "phone")) && role_kind(check->role) == OFFICE)
    fault(check, "/channel", channel,
          "portal, api or fhir: a clerk enters what came by fax or phone");
}

/* The service says when a request was received; a clerk may say that a fax came earlier. */
static void check_received(const Check *check) {
  int64_t instant;
  const JsonValue received = json_member(json_member(check->submission, "request"), "received");
  if (!json_is_stated(received)) return;
  if (role_kind(check->role) == OFFICE)
    fault(check, "/request/received", received, "nothing: the service states when it was received");
  else if (!instant_parse(json_text_of(received), &instant) || instant > instant_now())
    fault(check, "/request/received", received, "an instant that has passed");
  else if (!json_is_stated(json_member(check->submission, "received_reason")))
    fault(check, "/received_reason", JSON_NOTHING, "why it was received earlier");
}

static void check_facts(const Check *check) {
  Text kept;
  facts_take(check->arena, check->role,
             json_member(json_member(check->submission, "request"), "facts"),
             arena_format(check->arena, "%s/request/facts", check->prefix), &kept, check->refusal);
}

static bool check_all(const Check *check) {
  check_requester(check);
  check_program(check);
  check_state(check);
  check_channel(check);
  check_received(check);
  check_facts(check);
  return check->refusal->kind == REFUSAL_NONE;
}

bool submission_check(Arena *arena, const Account *account, Role role, JsonValue submission,
                      const char *prefix, Refusal *refusal) {
  const Check check = {arena, account, role, submission, prefix, refusal};
  const JsonValue requester = json_member(submission, "requester");
  const JsonValue request = json_member(submission, "request");
  fields_check(arena, SUBMISSION_CARRIES, submission, prefix, refusal);
  check_part(&check, MEMBER_CARRIES, json_member(submission, "member"), "/member");
  check_part(&check, REQUESTER_CARRIES, requester, "/requester");
  check_part(&check, PRESCRIBER_CARRIES, json_member(requester, "prescriber"),
             "/requester/prescriber");
  if (json_is(request, JSON_OBJECT)) check_has_program(&check);
  if (json_is(request, JSON_OBJECT) && json_text_of(json_member(request, "id")).length == 0)
    fault(&check, "/request/id", json_member(request, "id"), "a text, the organization's own id");
  return check_all(&check);
}

bool submission_check_draft(Arena *arena, const Account *account, Role role, JsonValue submission,
                            const char *prefix, Refusal *refusal) {
  const Check check = {arena, account, role, submission, prefix, refusal};
  fields_check(arena, DRAFT_CARRIES, submission, prefix, refusal);
  check_part(&check, DRAFT_REQUESTER_CARRIES, json_member(submission, "requester"), "/requester");
  return check_all(&check);
}

/* ---- Comparing ---- */

static JsonValue member_named(JsonValue object, Text name) {
  for (JsonMember m = json_first(object); json_is_there(m.value); m = json_next(m))
    if (text_equal(m.name, name)) return m.value;
  return JSON_NOTHING;
}

/* Both are canonical, so what is the same is the same text. */
void submission_compare(Arena *arena, JsonValue before, JsonValue after, const char *pointer,
                        Refusal *refusal) {
  if (text_equal(json_value_raw(before), json_value_raw(after))) return;
  if (!json_is(before, JSON_OBJECT) || !json_is(after, JSON_OBJECT)) {
    refuse_at(arena, refusal, pointer, json_value_raw(after), "what was submitted before");
    return;
  }
  for (JsonMember m = json_first(before); json_is_there(m.value); m = json_next(m))
    submission_compare(arena, m.value, member_named(after, m.name),
                       arena_format(arena, "%s/%.*s", pointer, TEXT_ARGS(m.name)), refusal);
  for (JsonMember m = json_first(after); json_is_there(m.value); m = json_next(m))
    if (!json_is_there(member_named(before, m.name)))
      refuse_at(arena, refusal, arena_format(arena, "%s/%.*s", pointer, TEXT_ARGS(m.name)),
                json_value_raw(m.value), "nothing, as submitted before");
}
