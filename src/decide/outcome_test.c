/* The outcome alone: of a text, of tokens, by a policy of the caller's choice. That it is the
 * determination's for requests of every kind, the property tests show. */
#include "decide/fixture.h"

#include "base/limits.h"
#include "licet/outcome.h"

#define POLICY                                                \
  POLICY_HEAD("T-1", "Payer")                                 \
  "  version 2026-01-01\n  evidence documented for initial\n" \
  "A \"Use\" all of\n"                                        \
  "  approve 6 months\n"                                      \
  "  1 \"Red\": color is red\n"                               \
  "  2 \"Judged\": judged\n"                                  \
  "B \"Blue\": color is blue and not agreed\n"                \
  "  route X-9\n"

static int open_fixture(void **state) { return fixture_new(state, POLICY); }

static licet_answer outcome_of(Fixture *f, const char *facts) {
  char request[4096];
  licet_answer answer;
  snprintf(request, sizeof request, "{" HEAD ",'facts':{%s}}", facts);
  const char *json = quoted(f, request);
  if (licet_decide_outcome(f->session, json, strlen(json), &answer) != LICET_OK)
    fail_msg("%s", licet_session_error_json(f->session, NULL));
  return answer;
}

static void assert_answer(licet_answer answer, const char *outcome, const char *reason) {
  assert_string_equal(licet_outcome_name(answer.outcome), outcome);
  assert_string_equal(licet_reason_name(answer.reason), reason);
}

static void every_outcome_is_told_with_its_reason(void **state) {
  Fixture *f = *state;
  assert_answer(
      outcome_of(
          f, "'color':{'value':'red','document':'d'},'judged':{'value':true,'source':'reviewer'}"),
      "approve", "");
  assert_answer(outcome_of(f, "'color':'red','judged':{'value':true,'source':'reviewer'}"), "pend",
                "");
  assert_answer(outcome_of(f, "'judged':{'value':true,'source':'reviewer'}"), "pend", "");
  assert_answer(outcome_of(f, "'color':'red'"), "refer", "judgment");
  assert_answer(outcome_of(f, "'color':'green'"), "refer", "criteria_not_met");
  assert_answer(outcome_of(f, "'color':'blue'"), "refer", "other_policy");
}

static void the_policy_that_decided_is_named(void **state) {
  Fixture *f = *state;
  licet_answer answer = outcome_of(f, "");
  assert_string_equal(licet_policy_id(answer.policy), "T-1");
  const char *json = quoted(f,
                            "{'payer':'Nobody','line':'commercial','drug':'alpha','kind':'initial',"
                            "'received':'2026-03-10'}");
  assert_int_equal(licet_decide_outcome(f->session, json, strlen(json), &answer), LICET_OK);
  assert_answer(answer, "no_policy", "unknown_payer");
  assert_null(answer.policy);
}

static void faults_are_those_of_a_determination(void **state) {
  Fixture *f = *state;
  licet_answer answer;
  char expected[4096];
  const char *request = "{" HEAD ",'facts':{'color':'rad'}}";
  const char *json = quoted(f, request);
  assert_int_equal(licet_decide_outcome(f->session, json, strlen(json), &answer),
                   LICET_BAD_REQUEST);
  snprintf(expected, sizeof expected, "%s", licet_session_error_json(f->session, NULL));
  const licet_determination *d;
  assert_int_equal(licet_decide(f->session, json, strlen(json), &d), LICET_BAD_REQUEST);
  assert_string_equal(licet_session_error_json(f->session, NULL), expected);
  assert_string_equal(licet_session_error(f->session, 0).nearest, "red");
}

static void a_session_decides_by_the_policy_it_was_told(void **state) {
  Fixture *f = *state;
  licet_answer answer;
  const char *json = quoted(
      f,
      "{'policy':'Z','line':'commercial','drug':'alpha','kind':'initial','received':'2026-03-10'}");
  licet_session_decide_by(f->session, licet_library_policy_by_id(f->library, "T-1"));
  assert_int_equal(licet_decide_outcome(f->session, json, strlen(json), &answer), LICET_OK);
  assert_answer(answer, "refer", "judgment");
  const char *without =
      quoted(f, "{'line':'commercial','drug':'alpha','kind':'initial','received':'2026-03-10'}");
  assert_int_equal(licet_decide_outcome(f->session, without, strlen(without), &answer), LICET_OK);
  assert_answer(answer, "refer", "judgment");
  const licet_determination *d;
  assert_int_equal(licet_decide(f->session, without, strlen(without), &d), LICET_OK);
  assert_json_has(d, "'id':'T-1'");
  licet_session_decide_by(f->session, NULL);
  assert_int_equal(licet_decide_outcome(f->session, without, strlen(without), &answer),
                   LICET_BAD_REQUEST);
}

#define WORD(kind, word, end) \
  { word, word, sizeof word - 1, sizeof word - 1, end, LICET_TOKEN_##kind }

static void tokens_are_decided_as_their_text_would_be(void **state) {
  Fixture *f = *state;
  licet_token row[] = {
      {NULL, "{", 0, 1, 17, LICET_TOKEN_OBJECT},
      WORD(KEY, "payer", 2),
      WORD(STRING, "Payer", 3),
      WORD(KEY, "line", 4),
      WORD(STRING, "medicaid", 5),
      WORD(KEY, "drug", 6),
      WORD(STRING, "alpha", 7),
      WORD(KEY, "kind", 8),
      WORD(STRING, "initial", 9),
      WORD(KEY, "received", 10),
      WORD(STRING, "2026-03-10", 11),
      WORD(KEY, "facts", 12),
      {NULL, "{", 0, 1, 17, LICET_TOKEN_OBJECT},
      WORD(KEY, "visits", 14),
      WORD(NUMBER, "3", 15),
      WORD(KEY, "color", 16),
      WORD(STRING, "green", 17),
  };
  licet_answer answer;
  assert_int_equal(licet_decide_tokens(f->session, row, 17, &answer), LICET_OK);
  assert_answer(answer, "refer", "criteria_not_met");
  row[16].text = row[16].raw = "grey!";
  assert_int_equal(licet_decide_tokens(f->session, row, 17, &answer), LICET_BAD_REQUEST);
  assert_string_equal(licet_session_error(f->session, 0).found, "grey!");
  row[14] = (licet_token){NULL, "true", 0, 4, 15, LICET_TOKEN_TRUE};
  row[16].text = "green";
  assert_int_equal(licet_decide_tokens(f->session, row, 17, &answer), LICET_BAD_REQUEST);
  assert_string_equal(licet_session_error(f->session, 0).field, "visits");
}

static void no_tokens_and_too_many_are_faults(void **state) {
  Fixture *f = *state;
  licet_answer answer;
  assert_int_equal(licet_decide_tokens(f->session, NULL, 0, &answer), LICET_BAD_REQUEST);
  assert_int_equal(licet_decide_tokens(f->session, NULL, (size_t)LIMIT_REQUEST_TOKENS + 1, &answer),
                   LICET_BAD_REQUEST);
  assert_non_null(strstr(licet_session_error_json(f->session, NULL), "at most"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_outcome_is_told_with_its_reason),
      cmocka_unit_test(the_policy_that_decided_is_named),
      cmocka_unit_test(faults_are_those_of_a_determination),
      cmocka_unit_test(a_session_decides_by_the_policy_it_was_told),
      cmocka_unit_test(tokens_are_decided_as_their_text_would_be),
      cmocka_unit_test(no_tokens_and_too_many_are_faults),
  };
  return cmocka_run_group_tests(tests, open_fixture, fixture_free);
}
