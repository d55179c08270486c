/* Sessions: statuses, what is borrowed until when, and several at once. */
#include "decide/fixture.h"

#include <pthread.h>

#include "decide/session.h"

#define POLICY                  \
  POLICY_HEAD("T-1", "Payer")   \
  "  version 2026-01-01\n"      \
  "A \"Use\" all of\n"          \
  "  approve 6 months\n"        \
  "  1 \"Red\": color is red\n" \
  "  2 \"Heavy\": weight >= 50 kg\n"

static int open_fixture(void **state) { return fixture_new(state, POLICY); }

static void every_status_has_its_words(void **state) {
  (void)state;
  static const char *const words[] = {"ok",          "bad request",    "bad policy",
                                      "not found",   "cannot be read", "out of memory",
                                      "bad options", "interrupted"};
  for (int i = 0; i < 8; i++) assert_string_equal(licet_status_text((licet_status)i), words[i]);
  assert_string_equal(licet_status_text((licet_status)99), "");
}

static void every_outcome_and_criterion_status_has_its_word_on_the_wire(void **state) {
  (void)state;
  static const char *const outcomes[] = {"approve", "pend", "refer", "no_policy", ""},
                           *const statuses[] = {"met", "not_met", "unknown", ""};
  for (int i = 0; i < 5; i++)
    assert_string_equal(licet_outcome_name((licet_outcome)i), outcomes[i]);
  for (int i = 0; i < 4; i++)
    assert_string_equal(licet_criterion_status_name((licet_criterion_status)i), statuses[i]);
}

static void the_version_of_the_library_is_that_of_its_header(void **state) {
  const licet_determination *d = decide_facts(*state, "");
  char numbers[32];
  snprintf(numbers, sizeof numbers, "%d.%d.%d", LICET_VERSION_MAJOR, LICET_VERSION_MINOR,
           LICET_VERSION_PATCH);
  assert_string_equal(numbers, LICET_VERSION);
  assert_string_equal(licet_version(), LICET_VERSION);
  assert_json_has(d, "'engine':'licet " LICET_VERSION "'");
}

/* ---- Who vouches ---- */

/* Decides by a session of its own; the facts that are not counted, joined by blanks. */
static void not_counted_of(const Fixture *f, licet_vouched_by vouched_by, const char *facts,
                           char *names, licet_outcome *outcome) {
  const licet_session_options options = {.size = sizeof options, .vouched_by = vouched_by};
  licet_session *session;
  const licet_determination *d;
  const char *name;
  char json[2048];
  snprintf(json, sizeof json, "{" HEAD ",'facts':{%s}}", facts);
  for (char *c = json; *c != '\0'; c++) *c = *c == '\'' ? '"' : *c;
  assert_int_equal(licet_session_open(f->library, &options, &session), LICET_OK);
  assert_int_equal(licet_decide(session, json, strlen(json), &d), LICET_OK);
  *outcome = licet_determination_outcome(d);
  names[0] = '\0';
  for (size_t i = 0; (name = licet_determination_not_counted(d, i)) != NULL; i++)
    strcat(strcat(names, i == 0 ? "" : " "), name);
  licet_session_close(session);
}

static void a_requester_cannot_claim_another_source_in_any_spelling(void **state) {
  static const struct {
    const char *facts, *not_counted;
  } claims[] = {
      {"'judged':{'value':true,'source':'reviewer'}", "judged"},
      {"'judged':{'source':'reviewer','value':true}", "judged"},
      {"'judged':{'value':true,'source':'rev\\u0069ewer'}", "judged"},
      {"'judged':{'value':true,'sou\\u0072ce':'reviewer'}", "judged"},
      {"'jud\\u0067ed':{'value':true,'source':'reviewer'}", "judged"},
      {"'judged':{'value':true,'source':'reviewer','document':'d','date':'2026-03-01'}", "judged"},
      {"'judged':true", "judged"},
      {"'recorded':{'value':true,'source':'record'}", "recorded"},
      {"'recorded':{'value':true,'source':'reviewer'}", "recorded"},
      {"'warned':{'value':true,'source':'record'}", "warned"},
      {"'color':{'value':'red','source':'record'}", "color"},
      {"'color':{'value':'red','source':'reviewer'}", "color"},
      {"'with':{'value':['tea'],'source':'record'}", "with"},
      {"'last_seen':{'value':'none','source':'record'}", "last_seen"},
      {"'hba1c':{'value':[{'date':'2026-03-01','value':'7 %'}],'source':'record'}", "hba1c"},
      {"'past':{'value':[{'agent':'mint'}],'source':'record'}", "past"},
      {"'past':[{'agent':'mint'},{'agent':'sage','source':'record'},{'agent':'dill'}]", "past"},
      {"'past':{'source':'requester','value':[{'source':'reviewer','agent':'mint'}]}", "past"},
      {"'judged':{'value':true,'source':'reviewer'},'weight':'60 kg',"
       "'color':{'value':'red','source':'record'}",
       "color judged"},
  };
  Fixture *f = *state;
  char names[256];
  licet_outcome outcome;
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
    not_counted_of(f, LICET_VOUCHED_BY_REQUESTER, claims[i].facts, names, &outcome);
    assert_string_equal(names, claims[i].not_counted);
    assert_int_equal(outcome, LICET_PEND);
  }
}

static void what_the_plan_vouches_for_counts_as_stated(void **state) {
  static const char *const facts =
      "'weight':'60 kg','color':{'value':'red','source':'record'},"
      "'judged':{'value':true,'source':'reviewer'},'past':[{'agent':'mint','source':'record'}]";
  Fixture *f = *state;
  char names[256];
  licet_outcome outcome;
  not_counted_of(f, LICET_VOUCHED_BY_PLAN, facts, names, &outcome);
  assert_string_equal(names, "");
  assert_int_equal(outcome, LICET_APPROVE);
  not_counted_of(f, LICET_VOUCHED_BY_REQUESTER, facts, names, &outcome);
  assert_string_equal(names, "color judged past");
  assert_int_equal(outcome, LICET_PEND);
}

static void a_requester_s_own_word_is_the_same_said_or_not(void **state) {
  Fixture *f = *state;
  char names[256];
  licet_outcome outcome;
  not_counted_of(f, LICET_VOUCHED_BY_REQUESTER,
                 "'weight':{'value':'60 kg','source':'requester'},'color':'red'", names, &outcome);
  assert_string_equal(names, "");
  assert_int_equal(outcome, LICET_APPROVE);
}

static void a_session_without_options_trusts_a_requester_s_word_alone(void **state) {
  static const char json[] =
      "{\"payer\":\"Payer\",\"line\":\"commercial\",\"drug\":\"alpha\",\"kind\":\"initial\","
      "\"received\":\"2026-03-10\",\"facts\":{\"weight\":\"60 kg\","
      "\"color\":{\"value\":\"red\",\"source\":\"record\"}}}";
  Fixture *f = *state;
  licet_session *session;
  const licet_determination *d;
  assert_int_equal(licet_session_open(f->library, NULL, &session), LICET_OK);
  assert_int_equal(licet_decide(session, json, sizeof json - 1, &d), LICET_OK);
  assert_string_equal(licet_determination_not_counted(d, 0), "color");
  licet_session_close(session);
  const licet_session_options odd = {.size = sizeof odd, .vouched_by = (licet_vouched_by)7};
  assert_int_equal(licet_session_open(f->library, &odd, &session), LICET_BAD_OPTIONS);
  assert_null(session);
}

static void before_the_first_request_there_are_no_errors(void **state) {
  Fixture *f = *state;
  licet_session *session;
  size_t length = 7;
  assert_int_equal(licet_session_open(f->library, SESSION_OF_PLAN, &session), LICET_OK);
  assert_string_equal(licet_session_error_json(session, &length), "");
  assert_int_equal(length, 0);
  licet_session_close(session);
}

static void a_session_serves_again_after_a_fault_of_every_kind(void **state) {
  Fixture *f = *state;
  static const char *const bad[] = {
      "", "{", "7", "{}", "{'facts':{'color':'red'}}", "{" HEAD ",'facts':{'color':'rad'}}"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const licet_determination *d;
    assert_int_equal(decide_status(f, bad[i], &d), LICET_BAD_REQUEST);
    assert_null(d);
    assert_true(strlen(licet_session_error_json(f->session, NULL)) > 0);
    assert_outcome(decide_facts(f, "'color':'red','weight':'70 kg'"), "approve", "");
    assert_string_equal(licet_session_error_json(f->session, NULL), "");
  }
}

static void a_request_need_not_end_with_a_zero_byte(void **state) {
  Fixture *f = *state;
  const char *request = quoted(f, "{" HEAD "}");
  const size_t length = strlen(request);
  char *exact = malloc(length);
  const licet_determination *d;
  memcpy(exact, request, length);
  assert_int_equal(licet_decide(f->session, exact, length, &d), LICET_OK);
  free(exact);
  assert_json_has(d, "'outcome':'pend'");
  assert_string_equal(licet_determination_request(d), "");
}

static void contradictions_that_show_only_together_are_a_fault(void **state) {
  (void)state;
  Fixture f;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet",
               "vocabulary clinic \"Facts\"\n"
               "  fact a: yes | no\n"
               "  fact b: yes | no\n"
               "  fact c: yes | no\n"
               "  never a and c     \"One.\"\n"
               "  never b and not c \"Two.\"\n");
  fixture_file(
      &f, "policy.licet",
      POLICY_HEAD("T-1", "Payer") "  version 2026-01-01\nA \"Use\": c\n  approve 1 month\n");
  fixture_load(&f, f.folder, NULL);
  assert_string_equal(
      request_errors_of_facts(&f, "'a':true,'b':true"),
      NO_ERRORS_BUT(
          "{'field':'facts','pointer':'/facts','found':'facts that "
          "contradict each other','expected':'facts that can be true of one patient together'}"));
  assert_outcome(decide_facts(&f, "'a':true"), "refer", "criteria_not_met");
  assert_outcome(decide_facts(&f, "'b':true"), "approve", "");
  fixture_close(&f);
}

static void the_steps_one_by_one_come_to_what_decide_comes_to(void **state) {
  Fixture *f = *state;
  char whole[8192];
  assert_true(strlen(licet_determination_json(decide_facts(f, "'color':'red'"), NULL)) <
              sizeof whole);
  strcpy(whole, licet_determination_json(&f->session->determination, NULL));
  session_begin(f->session);
  const char *json = quoted(f, "{" HEAD ",'facts':{'color':'red'}}");
  assert_true(session_read(f->session, json, strlen(json)));
  assert_true(session_bind(f->session));
  session_decide(f->session);
  session_explain(f->session);
  session_write(f->session);
  assert_string_equal(licet_determination_json(&f->session->determination, NULL), whole);
}

typedef struct Worker {
  const licet_library *library;
  char *json;
  int same;
} Worker;

enum { WORKERS = 4, ROUNDS = 200 };

static void *work(void *argument) {
  Worker *worker = argument;
  licet_session *session;
  if (licet_session_open(worker->library, SESSION_OF_PLAN, &session) != LICET_OK) return NULL;
  const char *request =
      "{\"payer\":\"Payer\",\"line\":\"commercial\",\"drug\":\"alpha\",\"kind\":\"initial\","
      "\"received\":\"2026-03-10T09:00:00Z\","
      "\"facts\":{\"color\":\"red\"}}";
  for (int i = 0; i < ROUNDS; i++) {
    const licet_determination *d;
    if (licet_decide(session, request, strlen(request), &d) == LICET_OK)
      worker->same += strcmp(licet_determination_json(d, NULL), worker->json) == 0;
  }
  licet_session_close(session);
  return NULL;
}

static void a_library_is_shared_by_threads_each_with_a_session(void **state) {
  Fixture *f = *state;
  pthread_t threads[WORKERS];
  Worker workers[WORKERS];
  char *json = strdup(licet_determination_json(decide_facts(f, "'color':'red'"), NULL));
  for (int i = 0; i < WORKERS; i++) {
    workers[i] = (Worker){.library = f->library, .json = json};
    assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
  }
  for (int i = 0; i < WORKERS; i++) {
    pthread_join(threads[i], NULL);
    assert_int_equal(workers[i].same, ROUNDS);
  }
  free(json);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_status_has_its_words),
      cmocka_unit_test(every_outcome_and_criterion_status_has_its_word_on_the_wire),
      cmocka_unit_test(the_version_of_the_library_is_that_of_its_header),
      cmocka_unit_test(a_requester_cannot_claim_another_source_in_any_spelling),
      cmocka_unit_test(what_the_plan_vouches_for_counts_as_stated),
      cmocka_unit_test(a_requester_s_own_word_is_the_same_said_or_not),
      cmocka_unit_test(a_session_without_options_trusts_a_requester_s_word_alone),
      cmocka_unit_test(before_the_first_request_there_are_no_errors),
      cmocka_unit_test(a_session_serves_again_after_a_fault_of_every_kind),
      cmocka_unit_test(a_request_need_not_end_with_a_zero_byte),
      cmocka_unit_test(contradictions_that_show_only_together_are_a_fault),
      cmocka_unit_test(the_steps_one_by_one_come_to_what_decide_comes_to),
      cmocka_unit_test(a_library_is_shared_by_threads_each_with_a_session),
  };
  return cmocka_run_group_tests(tests, open_fixture, fixture_free);
}
