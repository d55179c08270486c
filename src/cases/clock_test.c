/* The clock of cases, with a time that the test sets: which rule runs, what changes it, what it
 * does, and that it does it once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "cases/cases.h"
#include "store/limits.h"

static Arena arena;
static Cases cases;
static Clocks *clocks;
static const char *path;
static int64_t now_ms;
static Account office, clerk, lee, kim;

static int64_t test_now(void *context) { return *(int64_t *)context; }

static int64_t instant_of(const char *text) {
  int64_t instant;
  assert_true(instant_parse(text_of(text), &instant));
  return instant;
}

static void at(const char *text) { now_ms = instant_of(text); }

static Account add_account(const char *name, Role role) {
  AccountRecord record = {.name = text_of(name),
                          .kind = TEXT("person"),
                          .roles = text_of(role_name(role)),
                          .organization = role == ROLE_REQUESTER ? TEXT("1234567893") : TEXT(""),
                          .specialty = TEXT("oncology"),
                          .license = TEXT(""),
                          .reports_to = TEXT(""),
                          .password = TEXT("")};
  assert_int_equal(store_add_account(cases.store, &record), STORE_OK);
  assert_int_equal(store_find_account(cases.store, &arena, record.name, &record), STORE_OK);
  return (Account){.id = record.id,
                   .name = record.name,
                   .is_person = true,
                   .roles = ROLE_BIT(role),
                   .organization = record.organization,
                   .specialty = record.specialty,
                   .license = record.license,
                   .reports_to = record.reports_to};
}

static int open_all(void **context) {
  const char *why;
  (void)context;
  arena_open(&arena);
  path = arena_format(&arena, "/tmp/licet-clock-%d.db", (int)getpid());
  const StoreRules rules = event_rules(&arena);
  assert_int_equal(
      store_open(arena_format(&arena, "sqlite:%s", path), &rules, &arena, &cases.store, &why),
      STORE_OK);
  assert_int_equal(engine_open(cases.store, "policies", &arena, &cases.engine, &why), LICET_OK);
  clocks = clocks_open("policies/plan.clocks", &arena, &why);
  assert_non_null(clocks);
  cases.clocks = clocks;
  cases.time = (CasesTime){test_now, &now_ms};
  office = add_account("office", ROLE_REQUESTER);
  clerk = add_account("clerk", ROLE_CLERK);
  lee = add_account("dr-lee", ROLE_PHYSICIAN);
  kim = add_account("dr-kim", ROLE_PHYSICIAN);
  return 0;
}

static int close_all(void **context) {
  (void)context;
  engine_close(cases.engine);
  clocks_close(clocks);
  store_close(cases.store);
  unlink(path);
  unlink(arena_format(&arena, "%s-wal", path));
  unlink(arena_format(&arena, "%s-shm", path));
  arena_close(&arena);
  return 0;
}

/* ---- Saying things ---- */

static JsonValue json_of(const char *text) {
  JsonValue value;
  JsonFault fault;
  const Text kept = text_copy(&arena, text_of(text));
  assert_true(json_keep(&arena, PAYLOAD_LIMITS, kept, &value, &fault));
  return value;
}

/* Facts on which the engine asks for more, and facts that it hands to a person. */
#define PENDED                                                                               \
  "\"birth_date\":\"1967-03-16\",\"prescriber_specialty\":\"hematology\",\"diagnosis\":"     \
  "\"acute_lymphoblastic_leukemia\",\"icd10\":\"C91.01\",\"lineage\":\"b_cell_precursor\","  \
  "\"infant_all\":false,\"disease_status\":\"remission\",\"remission_number\":1,"            \
  "\"treatment_phase\":\"consolidation\",\"induction_response\":\"complete\","               \
  "\"at_or_after_end_of_consolidation\":false,\"regimen\":[],\"philadelphia\":\"negative\"," \
  "\"ph_like\":false,\"live_vaccine_last\":\"none\",\"live_vaccine_planned\":false"
#define REVIEWED                                                          \
  PENDED                                                                  \
  ",\"candidate_for_multiagent_chemotherapy\":true,\"mrd\":\"negative\"," \
  "\"induction_regimen\":\"other\",\"mrd_persistent_or_rising\":false"

/* A case of the program, submitted now. */
static Case submitted(const char *program, const char *urgency, const char *facts) {
  static int number;
  Case now;
  bool is_new;
  Refusal refusal = {.kind = REFUSAL_NONE};
  number++;
  const char *body = arena_format(
      &arena,
      "{\"request\":{\"id\":\"R-%d\",\"payer\":\"Aspirus Health Plan\",\"line\":\"commercial\","
      "\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"start\":\"2026-12-07\",\"urgency\":\"%s\","
      "\"facts\":{%s}},\"member\":{\"id\":\"M-%d\",\"state\":\"OR\"},\"requester\":"
      "{\"organization\":\"1234567893\",\"prescriber\":{\"npi\":\"1234567893\"}},"
      "\"program\":\"%s\",\"benefit\":\"medical\",\"channel\":\"portal\"}",
      number, urgency, facts, number, program);
  if (!cases_submit(&cases, &arena, &office, json_of(body), &now, &is_new, &refusal))
    fail_msg("%s: %s", refusal_title(refusal.kind),
             refusal.errors.count > 0 ? refusal.errors.items[0].pointer : "");
  return now;
}

static RefusalKind try(Case *now, const Account *account, const char *type, const char *payload) {
  Refusal refusal = {.kind = REFUSAL_NONE};
  const Act act = {.case_id = now->id,
                   .expected = now->last.number,
                   .type = text_of(type),
                   .payload = json_of(payload)};
  Case after;
  if (cases_act(&cases, &arena, account, &act, &after, &refusal)) *now = after;
  return refusal.kind;
}

static void act(Case *now, const Account *account, const char *type, const char *payload) {
  const RefusalKind kind = try(now, account, type, payload);
  if (kind != REFUSAL_NONE) fail_msg("%s: %s", type, refusal_title(kind));
}

static void assert_due(const Case *now, const char *rule, const char *due) {
  const Text text = instant_text(&arena, now->clock.due);
  if (!text_is(now->clock.rule, rule) || !text_is(text, due))
    fail_msg("%.*s, %.*s", TEXT_ARGS(now->clock.rule), TEXT_ARGS(text));
}

static Case reloaded(const Case *now) {
  Case again;
  Events events;
  Refusal refusal = {.kind = REFUSAL_NONE};
  assert_true(cases_load(&cases, &arena, &clerk, now->id, &again, &events, &refusal));
  return again;
}

/* Lets the clock act as the thread of the daemon does: on every case that the store lists. Acts on
 * this one are counted. */
static int ticked(Case *now) {
  Texts ids;
  int acted = 0;
  assert_int_equal(store_due(cases.store, &arena, now_ms, 1000, &ids), STORE_OK);
  for (uint32_t i = 0; i < ids.count; i++) {
    Refusal refusal = {.kind = REFUSAL_NONE};
    const bool has_acted = cases_clock(&cases, &arena, ids.items[i], &refusal);
    assert_int_equal(refusal.kind, REFUSAL_NONE);
    acted += has_acted && text_equal(ids.items[i], now->id);
  }
  *now = reloaded(now);
  return acted;
}

/* ---- Which rule runs ---- */

static void the_rule_is_chosen_at_receipt_and_kept_in_the_event(void **context) {
  Events events;
  (void)context;
  at("2026-11-27T20:00:00Z");
  const Case now = submitted("medicare_advantage", "standard", PENDED);
  assert_int_equal(now.state, STATE_INFORMATION_REQUESTED);
  assert_due(&now, "ma-partb-standard", "2026-11-30T20:00:00.000Z");
  assert_int_equal(store_read_events(cases.store, &arena, now.id, &events), STORE_OK);
  const JsonValue clock = json_member(
      json_of(arena_copy(&arena, events.items[0].payload.at, events.items[0].payload.length)),
      "clock");
  assert_true(text_is(json_text_of(json_member(clock, "rule")), "ma-partb-standard"));
  assert_true(text_is(json_text_of(json_member(clock, "source")), "42 CFR 422.568(b)(2)"));
  assert_true(json_text_of(json_member(clock, "file")).length == strlen("sha256:") + 64);
}

static void a_fax_runs_from_the_day_it_came(void **context) {
  Case now;
  bool is_new;
  Refusal refusal = {.kind = REFUSAL_NONE};
  (void)context;
  at("2026-11-29T10:00:00Z");
  const char *body =
      "{\"request\":{\"id\":\"F-1\",\"payer\":\"Aspirus Health Plan\",\"line\":\"commercial\","
      "\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"start\":\"2026-12-07\",\"received\":"
      "\"2026-06-30T20:00:00-07:00\",\"facts\":{" PENDED
      "}},\"member\":{\"id\":\"M-F\"},"
      "\"requester\":{\"organization\":\"1234567893\",\"prescriber\":{\"npi\":\"1234567893\"}},"
      "\"benefit\":\"medical\",\"channel\":\"fax\",\"received_reason\":\"found in the tray\"}";
  assert_true(cases_submit(&cases, &arena, &clerk, json_of(body), &now, &is_new, &refusal));
  assert_due(&now, "commercial-standard-before", "2026-07-16T06:59:59.999Z");
}

/* ---- What stops no clock ---- */

static void what_software_asks_for_stops_no_clock_and_keeps_no_case_from_a_person(void **context) {
  (void)context;
  at("2026-11-27T20:00:00Z");
  Case now = submitted("medicaid_managed_care", "standard", PENDED);
  assert_int_equal(now.state, STATE_INFORMATION_REQUESTED);
  assert_false(case_is_touched(&now));
  assert_due(&now, "medicaid-managed", "2026-11-28T20:00:00.000Z");
  at("2026-11-28T10:00:00Z");
  act(&now, &office, "facts_supplied", "{\"facts\":{\"mrd\":\"negative\"}}");
  assert_int_equal(now.state, STATE_INFORMATION_REQUESTED);
  assert_due(&now, "medicaid-managed", "2026-11-28T20:00:00.000Z");
  Case taken_up = submitted("medicaid_managed_care", "standard", PENDED);
  act(&taken_up, &lee, "denied",
      "{\"criterion\":\"adult.A1\",\"reason\":\"x\",\"evidence\":[\"chart\"],\"would_change\":"
      "\"x\"}");
  assert_int_equal(taken_up.state, STATE_DENIED);
  at("2026-11-28T20:00:00.001Z");
  assert_int_equal(ticked(&now), 1);
  assert_int_equal(now.state, STATE_DENIED);
}

static void what_a_person_asks_for_stops_no_clock_that_may_not_stop(void **context) {
  (void)context;
  at("2026-11-27T20:00:00Z");
  Case now = submitted("medicare_advantage", "standard", REVIEWED);
  assert_int_equal(now.state, STATE_IN_REVIEW);
  at("2026-11-27T21:00:00Z");
  act(&now, &lee, "information_requested",
      "{\"asked\":[{\"fact\":\"mrd\",\"criterion\":\"adult.A1\"}],\"due\":\"2026-12-20\"}");
  assert_due(&now, "ma-partb-standard", "2026-11-30T20:00:00.000Z");
}

/* ---- What changes it ---- */

static void a_change_of_urgency_starts_the_other_clock_from_its_own_instant(void **context) {
  Events events;
  (void)context;
  at("2026-11-27T20:00:00Z");
  Case now = submitted("medicare_advantage", "standard", PENDED);
  at("2026-11-28T08:00:00Z");
  assert_int_equal(
      try(&now, &office, "urgency_changed", "{\"urgency\":\"standard\",\"reason\":\"x\"}"),
      REFUSAL_INVALID);
  act(&now, &office, "urgency_changed", "{\"urgency\":\"expedited\",\"reason\":\"worse\"}");
  assert_due(&now, "ma-partb-expedited", "2026-11-29T08:00:00.000Z");
  at("2026-11-28T09:00:00Z");
  assert_int_equal(
      try(&now, &clerk, "urgency_changed", "{\"urgency\":\"expedited\",\"reason\":\"x\"}"),
      REFUSAL_INVALID);
  act(&now, &clerk, "urgency_changed", "{\"urgency\":\"standard\",\"reason\":\"stable\"}");
  assert_due(&now, "ma-partb-standard", "2026-11-30T20:00:00.000Z"); /* as it was: no time won */
  assert_int_equal(store_read_events(cases.store, &arena, now.id, &events), STORE_OK);
  assert_non_null(
      strstr(arena_copy(&arena, events.items[2].payload.at, events.items[2].payload.length),
             "2026-11-29T08:00:00.000Z"));
}

static void expediting_makes_no_clock_later(void **context) {
  (void)context;
  at("2026-11-27T20:00:00Z");
  Case now = submitted("medicare_advantage", "standard", PENDED);
  at("2026-11-30T19:00:00Z");
  act(&now, &office, "urgency_changed", "{\"urgency\":\"expedited\",\"reason\":\"worse\"}");
  assert_due(&now, "ma-partb-expedited", "2026-11-30T20:00:00.000Z");
}

static void a_clock_is_extended_once_and_where_its_rule_allows(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("medicare_advantage", "standard", PENDED);
  assert_int_equal(try(&now, &clerk, "extended", "{\"days\":1,\"reason\":\"x\"}"),
                   REFUSAL_CONFLICT);
  now = submitted("employer_erisa", "standard", PENDED);
  assert_due(&now, "erisa-standard", "2026-12-06T07:59:59.999Z");
  assert_int_equal(try(&now, &clerk, "extended", "{\"days\":16,\"reason\":\"x\"}"),
                   REFUSAL_INVALID);
  act(&now, &clerk, "extended", "{\"days\":15,\"reason\":\"The chart is with another office.\"}");
  assert_due(&now, "erisa-standard", "2026-12-21T07:59:59.999Z");
  assert_int_equal(try(&now, &clerk, "extended", "{\"days\":1,\"reason\":\"x\"}"),
                   REFUSAL_CONFLICT);
  now = submitted("employer_erisa", "standard", PENDED);
  at("2026-12-06T08:00:00Z");
  assert_int_equal(try(&now, &clerk, "extended", "{\"days\":15,\"reason\":\"x\"}"),
                   REFUSAL_CONFLICT); /* it has run out */
}

#define ASK "{\"asked\":[{\"fact\":\"mrd\",\"criterion\":\"adult.A1\"}],\"due\":\"%s\"}"

static void an_urgent_request_that_lacks_something_has_times_of_its_own(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("employer_erisa", "expedited", REVIEWED);
  assert_int_equal(now.state, STATE_IN_REVIEW);
  assert_due(&now, "erisa-expedited", "2026-11-23T20:00:00.000Z");
  Case longer = now, late = submitted("employer_erisa", "expedited", REVIEWED);
  longer = submitted("employer_erisa", "expedited", REVIEWED);
  at("2026-11-21T10:00:00Z");
  /* Asked in time: 48 hours to supply at least, and 48 to decide. */
  act(&now, &lee, "information_requested", arena_format(&arena, ASK, "2026-11-21"));
  assert_due(&now, "erisa-expedited", "2026-11-25T10:00:00.000Z");
  act(&longer, &lee, "information_requested", arena_format(&arena, ASK, "2026-11-25"));
  assert_due(&longer, "erisa-expedited", "2026-11-28T07:59:59.999Z");
  /* What the plan supplies is no supply; what the office does is, and once. */
  at("2026-11-21T12:00:00Z");
  act(&now, &lee, "facts_supplied", "{\"facts\":{\"mrd\":\"negative\"}}");
  assert_due(&now, "erisa-expedited", "2026-11-25T10:00:00.000Z");
  act(&now, &office, "facts_supplied", "{\"facts\":{\"weight\":\"83 kg\"}}");
  assert_due(&now, "erisa-expedited", "2026-11-23T12:00:00.000Z");
  at("2026-11-21T18:00:00Z");
  act(&now, &office, "facts_supplied", "{\"facts\":{\"weight\":\"84 kg\"}}");
  assert_due(&now, "erisa-expedited", "2026-11-23T12:00:00.000Z");
  /* Asked too late, nothing changes. */
  at("2026-11-21T20:00:00.001Z");
  act(&late, &lee, "information_requested", arena_format(&arena, ASK, "2026-12-25"));
  assert_due(&late, "erisa-expedited", "2026-11-23T20:00:00.000Z");
}

/* ---- What it does ---- */

static void a_deadline_is_missed_once_and_one_millisecond_after_it(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("medicare_advantage", "standard", PENDED);
  at("2026-11-23T19:59:59.999Z");
  assert_int_equal(ticked(&now), 1); /* a reminder: the latest that was due */
  assert_true(text_is(now.last.type, "reminded"));
  at("2026-11-23T20:00:00.000Z");
  assert_int_equal(ticked(&now), 0);
  at("2026-11-23T20:00:00.001Z");
  assert_int_equal(ticked(&now), 1);
  assert_true(text_is(now.last.type, "deadline_missed") && text_is(now.last.role, "clock"));
  assert_true(text_is(now.last.payload,
                      "{\"consequence\":\"deemed_denied\",\"due\":\"2026-11-23T20:00:00.000Z\","
                      "\"rule\":\"ma-partb-standard\"}"));
  assert_int_equal(now.state, STATE_DENIED);
  assert_false(case_is_touched(&now)); /* nobody's decision */
  at("2026-12-23T20:00:00.001Z");
  assert_int_equal(ticked(&now), 0);
}

static void what_was_missed_while_nobody_looked_fires_once(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("commercial", "standard", PENDED);
  at("2027-02-01T00:00:00Z");
  assert_int_equal(ticked(&now), 1); /* no reminder of what is over */
  assert_true(text_is(now.last.type, "deadline_missed"));
  assert_int_equal(now.state, STATE_INFORMATION_REQUESTED); /* it escalates */
  assert_int_equal(ticked(&now), 0);
  assert_due(&now, "commercial-standard", "2026-11-28T07:59:59.999Z"); /* overdue, and shown */
}

static void reminders_come_at_their_fractions(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("medicaid_fee_for_service", "standard", PENDED);
  at("2026-11-21T07:59:59.999Z");
  assert_int_equal(ticked(&now), 0);
  at("2026-11-21T08:00:00Z");
  assert_int_equal(ticked(&now), 1);
  assert_true(text_is(now.last.payload,
                      "{\"due\":\"2026-11-21T20:00:00.000Z\",\"percent\":50,"
                      "\"rule\":\"medicaid-state\"}"));
  assert_int_equal(ticked(&now), 0);
  at("2026-11-21T15:12:00Z");
  assert_int_equal(ticked(&now), 1);
  assert_int_equal(now.clock.reminded, 80);
  assert_int_equal(ticked(&now), 0);
}

static void what_is_decided_is_not_missed(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("medicare_advantage", "standard", PENDED);
  act(&now, &office, "withdrawn", "{}");
  at("2027-02-01T00:00:00Z");
  assert_int_equal(ticked(&now), 0);
}

static void an_appeal_has_a_clock_of_its_own(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("medicare_advantage", "expedited", PENDED);
  at("2026-11-21T20:00:00.001Z");
  assert_int_equal(ticked(&now), 1);
  assert_int_equal(now.state, STATE_DENIED); /* by law: it may be appealed */
  at("2026-11-22T20:00:00Z");
  act(&now, &office, "appealed",
      "{\"level\":1,\"appellant\":\"prescriber\",\"urgency\":\"standard\",\"arguments\":\"x\"}");
  assert_due(&now, "ma-partb-appeal", "2026-11-30T07:59:59.999Z");
  at("2026-11-23T20:00:00Z");
  act(&now, &office, "urgency_changed", "{\"urgency\":\"expedited\",\"reason\":\"worse\"}");
  assert_due(&now, "ma-partb-appeal-expedited", "2026-11-26T20:00:00.000Z");
  at("2026-11-26T20:00:00.001Z");
  assert_int_equal(ticked(&now), 1);
  assert_true(text_is(now.last.type, "deadline_missed"));
  assert_int_equal(now.state, STATE_APPEALED); /* it goes to the independent review entity */
  act(&now, &kim, "overturned",
      "{\"authorization\":{\"start\":\"2026-12-07\"},\"reason\":\"Rising residual disease.\"}");
  at("2027-02-01T00:00:00Z");
  assert_int_equal(ticked(&now), 0);
}

static void a_reopened_case_has_a_new_clock(void **context) {
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("commercial", "standard", PENDED);
  act(&now, &clerk, "dismissed", "{\"reason\":\"duplicate\"}");
  at("2026-11-25T20:00:00Z");
  act(&now, &lee, "reopened",
      "{\"reason\":\"clerical_error\",\"explanation\":\"not a duplicate\"}");
  assert_due(&now, "commercial-standard", "2026-12-03T07:59:59.999Z");
}

static void the_row_of_the_worklist_is_what_the_events_tell(void **context) {
  CaseRow row;
  (void)context;
  at("2026-11-20T20:00:00Z");
  Case now = submitted("employer_erisa", "standard", PENDED);
  act(&now, &clerk, "extended", "{\"days\":15,\"reason\":\"x\"}");
  assert_int_equal(store_read_row(cases.store, &arena, now.id, &row), STORE_OK);
  const Case again = reloaded(&now);
  assert_int_equal(row.due, again.clock.due);
  assert_int_equal(row.acts_at, case_row(&again).acts_at);
  assert_true(row.acts_at > now_ms && row.acts_at < row.due);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_rule_is_chosen_at_receipt_and_kept_in_the_event),
      cmocka_unit_test(a_fax_runs_from_the_day_it_came),
      cmocka_unit_test(what_software_asks_for_stops_no_clock_and_keeps_no_case_from_a_person),
      cmocka_unit_test(what_a_person_asks_for_stops_no_clock_that_may_not_stop),
      cmocka_unit_test(a_change_of_urgency_starts_the_other_clock_from_its_own_instant),
      cmocka_unit_test(expediting_makes_no_clock_later),
      cmocka_unit_test(a_clock_is_extended_once_and_where_its_rule_allows),
      cmocka_unit_test(an_urgent_request_that_lacks_something_has_times_of_its_own),
      cmocka_unit_test(a_deadline_is_missed_once_and_one_millisecond_after_it),
      cmocka_unit_test(what_was_missed_while_nobody_looked_fires_once),
      cmocka_unit_test(reminders_come_at_their_fractions),
      cmocka_unit_test(what_is_decided_is_not_missed),
      cmocka_unit_test(an_appeal_has_a_clock_of_its_own),
      cmocka_unit_test(a_reopened_case_has_a_new_clock),
      cmocka_unit_test(the_row_of_the_worklist_is_what_the_events_tell),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
