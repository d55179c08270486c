/* The table of events against an independent reading of the contract: every event × role × state.
 * The reading below is words, taken from docs/service.md's sentences and not from event.def. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cases/table.h"

typedef struct Reading {
  const char *event, *from, *to, *by;
} Reading;

#define OPEN_STATES "information_requested in_review"
#define ANY_STATE                                                                      \
  "draft information_requested in_review approved partially_approved denied appealed " \
  "withdrawn dismissed"
#define STAFF_NAMES "clerk nurse pharmacist physician lead"
#define CLINICIAN_NAMES "nurse pharmacist physician"

static const Reading readings[] = {
    {"drafted", "nothing", "draft", "requester clerk"},
    {"submitted", "nothing draft", "submitted", "requester clerk program"},
    {"decided", "submitted " OPEN_STATES, "outcome", "engine"},
    {"facts_supplied", "draft appealed " OPEN_STATES, "same",
     "requester clerk program " CLINICIAN_NAMES},
    {"document_added", "draft denied partially_approved appealed " OPEN_STATES, "same",
     "requester program " STAFF_NAMES},
    {"information_requested", "in_review", "information_requested", CLINICIAN_NAMES},
    {"assigned", "in_review appealed", "same", "lead " CLINICIAN_NAMES},
    {"released", "in_review appealed", "same", "lead " CLINICIAN_NAMES},
    {"escalated", "in_review", "same", "nurse pharmacist"},
    {"noted", ANY_STATE, "same", STAFF_NAMES},
    {"message_sent", ANY_STATE, "same", "requester " STAFF_NAMES},
    {"authorization_changed", "approved partially_approved", "same", "requester physician"},
    {"renewed_from", "nothing", "draft", "requester clerk"},
    {"peer_to_peer_offered", "in_review denied partially_approved", "same", "physician"},
    {"peer_to_peer_scheduled", "in_review denied partially_approved", "same",
     "requester physician"},
    {"peer_to_peer_held", "in_review denied partially_approved", "same", "physician"},
    {"peer_to_peer_declined", "in_review denied partially_approved", "same", "requester physician"},
    {"approved", OPEN_STATES, "approved", CLINICIAN_NAMES},
    {"partially_approved", OPEN_STATES, "partially_approved", "physician pharmacist"},
    {"denied", OPEN_STATES, "denied", "physician pharmacist"},
    {"urgency_changed", "appealed " OPEN_STATES, "same", "requester " STAFF_NAMES},
    {"extended", "appealed " OPEN_STATES, "same", STAFF_NAMES},
    {"reminded", "appealed " OPEN_STATES, "same", "clock"},
    {"deadline_missed", "appealed " OPEN_STATES, "consequence", "clock"},
    {"withdrawn", "draft appealed " OPEN_STATES, "withdrawn", "requester clerk"},
    {"dismissed", OPEN_STATES, "dismissed", STAFF_NAMES},
    {"appealed", "denied partially_approved", "appealed", "requester clerk program"},
    {"overturned", "appealed", "approved", "physician"},
    {"partially_overturned", "appealed", "partially_approved", "physician"},
    {"upheld", "appealed", "as before", "physician"},
    {"reopened", "approved partially_approved denied dismissed", "in_review", "physician lead"},
    {"letter_issued", ANY_STATE, "same", "service " STAFF_NAMES},
    {"notified", ANY_STATE, "same", "service " STAFF_NAMES},
};
#define READING_COUNT (sizeof readings / sizeof *readings)

static bool has_word(const char *words, const char *word) {
  const size_t length = strlen(word);
  for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
    if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) return true;
  return false;
}

static const Reading *reading_of(EventType type) {
  for (size_t i = 0; i < READING_COUNT; i++)
    if (strcmp(readings[i].event, event_name(type)) == 0) return &readings[i];
  fail_msg("%s is not in the reading", event_name(type));
  return NULL;
}

static void every_event_of_the_reading_is_in_the_table(void **context) {
  (void)context;
  assert_int_equal(READING_COUNT, EVENT_TYPE_COUNT);
  for (size_t i = 0; i < READING_COUNT; i++)
    assert_int_not_equal(event_find(text_of(readings[i].event)), EVENT_TYPE_COUNT);
}

static void every_event_role_and_state_is_allowed_as_read(void **context) {
  (void)context;
  for (EventType type = 0; type < EVENT_TYPE_COUNT; type++) {
    const Reading *reading = reading_of(type);
    for (Role role = 0; role < ROLE_COUNT; role++) {
      for (State from = 0; from < STATE_COUNT; from++) {
        const bool expected =
            has_word(reading->by, role_name(role)) && has_word(reading->from, state_name(from));
        if (event_is_allowed(type, role, from) != expected)
          fail_msg("%s by %s from %s", event_name(type), role_name(role), state_name(from));
      }
    }
  }
}

static State read_to(const Reading *reading, State from) {
  if (strcmp(reading->to, "same") == 0) return from;
  if (strcmp(reading->to, "outcome") == 0) return STATE_INFORMATION_REQUESTED; /* it pends, below */
  if (strcmp(reading->to, "consequence") == 0) return from;                    /* it escalates */
  if (strcmp(reading->to, "as before") == 0) return STATE_PARTIALLY_APPROVED;
  for (State state = 0; state < STATE_COUNT; state++)
    if (strcmp(reading->to, state_name(state)) == 0) return state;
  fail_msg("%s is no state", reading->to);
  return STATE_COUNT;
}

static void every_event_leads_where_it_is_read_to_lead(void **context) {
  (void)context;
  for (EventType type = 0; type < EVENT_TYPE_COUNT; type++) {
    for (State from = 0; from < STATE_COUNT; from++) {
      const Leading leading = {.from = from,
                               .before_appeal = STATE_PARTIALLY_APPROVED,
                               .outcome = TEXT("pend"),
                               .consequence = TEXT("escalate")};
      assert_int_equal(event_leads_to(type, &leading), read_to(reading_of(type), from));
    }
  }
}

static void the_engine_approves_or_hands_on(void **context) {
  static const struct {
    const char *outcome;
    State state;
  } outcomes[] = {{"approve", STATE_APPROVED},
                  {"pend", STATE_INFORMATION_REQUESTED},
                  {"refer", STATE_IN_REVIEW},
                  {"no_policy", STATE_IN_REVIEW}};
  (void)context;
  for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
    const Leading leading = {.from = STATE_SUBMITTED, .outcome = text_of(outcomes[i].outcome)};
    assert_int_equal(event_leads_to(EVENT_DECIDED, &leading), outcomes[i].state);
  }
}

static void a_missed_deadline_denies_only_where_the_law_deems_it(void **context) {
  Leading leading = {.from = STATE_IN_REVIEW, .consequence = TEXT("deemed_denied")};
  (void)context;
  assert_int_equal(event_leads_to(EVENT_DEADLINE_MISSED, &leading), STATE_DENIED);
  leading.consequence = TEXT("forward_to_review_entity");
  assert_int_equal(event_leads_to(EVENT_DEADLINE_MISSED, &leading), STATE_IN_REVIEW);
}

/* What leads to less than was asked, by any state and outcome, is adverse or the clock's; and what
 * is adverse is a clinician's. */
static void only_clinicians_decide_against_a_request(void **context) {
  const Roles clinicians = ROLE_BIT(ROLE_PHYSICIAN) | ROLE_BIT(ROLE_PHARMACIST);
  (void)context;
  for (EventType type = 0; type < EVENT_TYPE_COUNT; type++) {
    if (event_is_adverse(type)) assert_int_equal(event_by(type) & ~clinicians, 0);
    if (event_is_adverse(type) || type == EVENT_DEADLINE_MISSED) continue;
    for (State from = 0; from < STATE_COUNT; from++) {
      const Leading leading = {.from = from, .outcome = TEXT("refer")};
      const State to = event_leads_to(type, &leading);
      assert_true(to == from || (to != STATE_DENIED && to != STATE_PARTIALLY_APPROVED));
    }
  }
}

/* ---- The database's own rules ---- */

typedef struct Fixture {
  Arena arena;
  Store *store;
  char path[64];
} Fixture;

static int open_store(void **context) {
  Fixture *fixture = calloc(1, sizeof *fixture);
  const char *why;
  arena_open(&fixture->arena);
  snprintf(fixture->path, sizeof fixture->path, "/tmp/licet-table-%d.db", (int)getpid());
  const StoreRules rules = event_rules(&fixture->arena);
  assert_int_equal(store_open(arena_format(&fixture->arena, "sqlite:%s", fixture->path), &rules,
                              &fixture->arena, &fixture->store, &why),
                   STORE_OK);
  *context = fixture;
  return 0;
}

static int close_store(void **context) {
  Fixture *fixture = *context;
  store_close(fixture->store);
  unlink(fixture->path);
  unlink(arena_format(&fixture->arena, "%s-wal", fixture->path));
  unlink(arena_format(&fixture->arena, "%s-shm", fixture->path));
  arena_close(&fixture->arena);
  free(fixture);
  return 0;
}

static int64_t add_account(Fixture *fixture, const char *name, const char *kind, Role role) {
  AccountRecord account = {.name = text_of(name),
                           .kind = text_of(kind),
                           .roles = text_of(role_name(role)),
                           .organization = TEXT(""),
                           .specialty = TEXT(""),
                           .license = TEXT(""),
                           .reports_to = TEXT(""),
                           .password = TEXT("")};
  assert_int_equal(store_add_account(fixture->store, &account), STORE_OK);
  assert_int_equal(store_find_account(fixture->store, &fixture->arena, account.name, &account),
                   STORE_OK);
  return account.id;
}

static StoreStatus append(Fixture *fixture, const char *type, const char *actor, Role role,
                          int64_t account) {
  static int cases;
  Arena *arena = &fixture->arena;
  CaseRow row = {.id = text_of(arena_format(arena, "c-%d", ++cases))};
  Event event = {.case_id = row.id,
                 .type = text_of(type),
                 .actor = text_of(actor),
                 .role = text_of(role_name(role)),
                 .account = account,
                 .payload = TEXT("{}")};
  ledger_link(arena, &event, NULL);
  const StoreAppend what = {.events = &event, .count = 1, .expected = 0, .row = &row};
  return store_append(fixture->store, &what);
}

static void the_store_takes_each_event_from_the_roles_as_read_alone(void **context) {
  Fixture *fixture = *context;
  for (Role role = 0; role < ROLE_COUNT; role++) {
    const bool is_service = role_kind(role) == SERVICE;
    const char *name =
        is_service ? role_name(role) : arena_format(&fixture->arena, "any-%s", role_name(role));
    const int64_t account = is_service ? 0 : add_account(fixture, name, "person", role);
    for (size_t i = 0; i < READING_COUNT; i++) {
      const bool expected = has_word(readings[i].by, role_name(role));
      const StoreStatus status = append(fixture, readings[i].event, name, role, account);
      if (status != (expected ? STORE_OK : STORE_REFUSED))
        fail_msg("%s by %s: %s", readings[i].event, role_name(role), store_status_text(status));
    }
  }
}

static void the_store_refuses_a_role_that_the_account_does_not_have(void **context) {
  Fixture *fixture = *context;
  const int64_t nurse = add_account(fixture, "a-nurse", "person", ROLE_NURSE);
  assert_int_equal(append(fixture, "denied", "a-nurse", ROLE_PHYSICIAN, nurse), STORE_REFUSED);
  assert_int_equal(append(fixture, "denied", "another", ROLE_PHYSICIAN, nurse), STORE_REFUSED);
  assert_int_equal(append(fixture, "denied", "nobody", ROLE_PHYSICIAN, 0), STORE_REFUSED);
  assert_int_equal(append(fixture, "decided", "a-nurse", ROLE_ENGINE, nurse), STORE_REFUSED);
  assert_int_equal(append(fixture, "decided", "a-nurse", ROLE_ENGINE, 0), STORE_REFUSED);
}

static void the_store_refuses_a_program_that_decides_against_a_request(void **context) {
  Fixture *fixture = *context;
  const int64_t program = add_account(fixture, "a-program", "program", ROLE_PHYSICIAN);
  assert_int_equal(append(fixture, "reopened", "a-program", ROLE_PHYSICIAN, program), STORE_OK);
  for (EventType type = 0; type < EVENT_TYPE_COUNT; type++)
    if (event_is_adverse(type))
      assert_int_equal(append(fixture, event_name(type), "a-program", ROLE_PHYSICIAN, program),
                       STORE_REFUSED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_event_of_the_reading_is_in_the_table),
      cmocka_unit_test(every_event_role_and_state_is_allowed_as_read),
      cmocka_unit_test(every_event_leads_where_it_is_read_to_lead),
      cmocka_unit_test(the_engine_approves_or_hands_on),
      cmocka_unit_test(a_missed_deadline_denies_only_where_the_law_deems_it),
      cmocka_unit_test(only_clinicians_decide_against_a_request),
      cmocka_unit_test_setup_teardown(the_store_takes_each_event_from_the_roles_as_read_alone,
                                      open_store, close_store),
      cmocka_unit_test_setup_teardown(the_store_refuses_a_role_that_the_account_does_not_have,
                                      open_store, close_store),
      cmocka_unit_test_setup_teardown(the_store_refuses_a_program_that_decides_against_a_request,
                                      open_store, close_store),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
