/* Interviews about small policies: what is asked, in which order, when it stops, and what is taken
 * for an answer. */
#include "licet/ask.h"

#include "decide/fixture.h"

#define ONE_POLICY                                   \
  POLICY_HEAD("P", "Payer")                          \
  "  version 2026-01-01 \"first\"\n"                 \
  "A \"Grown\" all of\n"                             \
  "  approve 6 months\n"                             \
  "  1 \"Green\": color is green\n"                  \
  "  2 \"Heavy\": weight >= 45 kg\n"                 \
  "  3 \"Agreed, or judged so\": agreed or judged\n" \
  "B \"Blue\": color is blue\n"                      \
  "  approve 12 months\n"

typedef struct Talk {
  Fixture f;
  licet_interview *interview;
} Talk;

#define BEGIN                                                                                      \
  "{'payer':'Payer','line':'commercial','drug':'alpha','kind':'initial','received':'2026-03-10','" \
  "facts':{%s}}"

static licet_status talk_begin(Talk *talk, const char *policy, const char *facts,
                               licet_answerer answerer) {
  char request[1024];
  fixture_policy(&talk->f, policy);
  snprintf(request, sizeof request, BEGIN, facts);
  const char *json = quoted(&talk->f, request);
  const licet_interview_options options = {
      .size = sizeof options, .answerer = answerer, .vouched_by = LICET_VOUCHED_BY_PLAN};
  return licet_interview_open(talk->f.library, json, strlen(json), &options, &talk->interview);
}

static void talk_end(Talk *talk) {
  licet_interview_close(talk->interview);
  fixture_close(&talk->f);
}

static void assert_asked(Talk *talk, const char *fact) {
  const licet_question *question = licet_interview_question(talk->interview);
  if (question == NULL) fail_msg("%s should be asked; it ended", fact);
  assert_string_equal(question->fact, fact);
}

static void say(Talk *talk, const char *words) {
  if (licet_interview_answer_text(talk->interview, words) != LICET_OK)
    fail_msg("%s: %s", words, licet_interview_error_text(talk->interview));
}

static void assert_ended(Talk *talk, const char *outcome, const char *reason) {
  const licet_question *question = licet_interview_question(talk->interview);
  if (question != NULL) fail_msg("it goes on with %s", question->fact);
  assert_outcome(licet_interview_determination(talk->interview), outcome, reason);
}

static void what_settles_most_is_asked_first(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(talk_begin(&talk, ONE_POLICY, "", LICET_ASK_REQUESTER), LICET_OK);
  assert_int_equal(licet_interview_askable(talk.interview), 3);
  assert_asked(&talk, "color");
  say(&talk, "blue");
  assert_ended(&talk, "approve", "");
  assert_string_equal(licet_determination_pathway(licet_interview_determination(talk.interview)),
                      "B");
  assert_int_equal(licet_interview_answered(talk.interview), 1);
  talk_end(&talk);
}

static void nothing_is_asked_that_cannot_matter(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(talk_begin(&talk, ONE_POLICY, "'color':'red'", LICET_ASK_REQUESTER), LICET_OK);
  assert_ended(&talk, "refer", "criteria_not_met");
  assert_null(licet_interview_question(talk.interview));
  talk_end(&talk);
}

/* The requester cannot judge; once it depends on that alone, no further question helps. */
static void a_judgment_is_asked_of_a_reviewer_alone(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(
      talk_begin(&talk, ONE_POLICY, "'color':'green','weight':'50 kg'", LICET_ASK_REQUESTER),
      LICET_OK);
  assert_asked(&talk, "agreed");
  say(&talk, "no");
  assert_ended(&talk, "refer", "judgment");
  talk_end(&talk);
  assert_int_equal(talk_begin(&talk, ONE_POLICY, "'color':'green','weight':'50 kg','agreed':false",
                              LICET_ASK_REVIEWER),
                   LICET_OK);
  assert_asked(&talk, "judged");
  say(&talk, "y");
  assert_ended(&talk, "approve", "");
  assert_non_null(strstr(licet_interview_request(talk.interview, NULL), "\"source\":\"reviewer\""));
  talk_end(&talk);
}

static void what_is_not_known_stays_so(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(talk_begin(&talk, ONE_POLICY, "", LICET_ASK_REQUESTER), LICET_OK);
  assert_asked(&talk, "color");
  say(&talk, "-");
  const licet_question *question = licet_interview_question(talk.interview);
  for (int asked = 0; question != NULL; question = licet_interview_question(talk.interview)) {
    assert_string_not_equal(question->fact, "color");
    assert_true(++asked < 4);
    assert_int_equal(licet_interview_answer(talk.interview, NULL, 0), LICET_OK);
  }
  assert_ended(&talk, "pend", "");
  talk_end(&talk);
}

static void answers_are_taken_back(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(talk_begin(&talk, ONE_POLICY, "", LICET_ASK_REQUESTER), LICET_OK);
  assert_false(licet_interview_undo(talk.interview));
  say(&talk, "blue");
  assert_true(licet_interview_undo(talk.interview));
  assert_asked(&talk, "color");
  say(&talk, "green");
  assert_non_null(licet_interview_question(talk.interview));
  talk_end(&talk);
}

static void why_it_matters_is_reported(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(
      talk_begin(&talk, ONE_POLICY, "'color':'green','agreed':true", LICET_ASK_REQUESTER),
      LICET_OK);
  assert_asked(&talk, "weight");
  const licet_question *question = licet_interview_question(talk.interview);
  assert_string_equal(question->text, "How heavy is the patient?");
  assert_string_equal(question->range, "0.2 kg to 500 kg");
  assert_non_null(strstr(question->units, "kg"));
  assert_string_equal(question->criteria[0], "A.2");
  assert_string_equal(question->reasons[0], "Heavy");
  assert_null(question->criteria[1]);
  talk_end(&talk);
}

#define EVERY_TYPE                   \
  POLICY_HEAD("P", "Payer")          \
  "  version 2026-01-01 \"first\"\n" \
  "A \"All\" all of\n"               \
  "  approve 6 months\n"             \
  "  - \"x\": "

static void assert_said(const char *condition, const char *words, const char *json) {
  Talk talk;
  char policy[1024];
  snprintf(policy, sizeof policy, EVERY_TYPE "%s\n", condition);
  assert_int_equal(talk_begin(&talk, policy, "", LICET_ASK_REQUESTER), LICET_OK);
  say(&talk, words);
  const char *expected = quoted(&talk.f, json);
  if (strstr(licet_interview_request(talk.interview, NULL), expected) == NULL)
    fail_msg("no %s in %s", expected, licet_interview_request(talk.interview, NULL));
  talk_end(&talk);
}

static void assert_not_accepted(const char *condition, const char *words, const char *trouble) {
  Talk talk;
  char policy[1024];
  snprintf(policy, sizeof policy, EVERY_TYPE "%s\n", condition);
  assert_int_equal(talk_begin(&talk, policy, "", LICET_ASK_REQUESTER), LICET_OK);
  const char *fact = licet_interview_question(talk.interview)->fact;
  assert_int_equal(licet_interview_answer_text(talk.interview, words), LICET_BAD_REQUEST);
  if (strstr(licet_interview_error_text(talk.interview), trouble) == NULL)
    fail_msg("'%s': %s", words, licet_interview_error_text(talk.interview));
  assert_string_equal(licet_interview_question(talk.interview)->fact, fact);
  assert_int_equal(licet_interview_answered(talk.interview), 0);
  talk_end(&talk);
}

static void answers_are_understood_as_people_type_them(void **state) {
  (void)state;
  assert_said("agreed", " Yes ", "'agreed':true");
  assert_said("agreed", "N", "'agreed':false");
  assert_said("color is red", "RED", "'color':'red'");
  assert_said("color is red", "2", "'color':'green'");
  assert_said("color is red", "bl", "'color':'blue'");
  assert_said("color is red", "red @ lab 7", "'color':{'value':'red','document':'lab 7'}");
  assert_said("color is red", "{\"value\": \"red\"}", "'color':{\"value\": \"red\"}");
  assert_said("weight >= 45 kg", "70kg", "'weight':'70kg'");
  assert_said("weight >= 45 kg", "70 kg", "'weight':'70 kg'");
  assert_said("level >= 0.1 %", "0.3", "'level':'0.3 %'");
  assert_said("visits >= 2", "3", "'visits':3");
  assert_said("birth_date before 2010-01-01", "2001-5-3", "'birth_date':'2001-05-03'");
  assert_said("birth_date before 2010-01-01", "3 May 2001", "'birth_date':'2001-05-03'");
  assert_said("birth_date before 2010-01-01", "may 3, 2001", "'birth_date':'2001-05-03'");
  assert_said("last_seen before 2010-01-01", "never", "'last_seen':'none'");
  assert_said("with includes tea", "tea, milk", "'with':['tea','milk']");
  assert_said("with includes tea", "none", "'with':[]");
  assert_said("helper is ann", "Ann", "'helper':'Ann'");
  assert_said("wanted >= 6 months", "6 months", "'wanted':'6 months'");
  assert_said("any past where class is herb and ended is failed",
              "mint, failed; thyme, class=pill, helped",
              "'past':[{'agent':'mint','ended':'failed'},{'agent':'thyme','class':'pill','ended':'"
              "helped'}]");
  assert_said("any past where class is herb", "none", "'past':[]");
  assert_said("any past where class is herb", "No", "'past':[]");
  assert_said("any past where class is herb", "never", "'past':[]");
  assert_said("with includes tea", "no", "'with':[]");
}

static void what_could_mean_two_things_is_not_guessed_at(void **state) {
  (void)state;
  assert_not_accepted("agreed", "maybe", "yes or no");
  assert_not_accepted("color is red", "purple", "one of the choices");
  assert_not_accepted("stage is 1", "", "an answer");
  assert_not_accepted("stage is 2A", "2", "one of the choices");
  assert_not_accepted("stage is 1", "3", "one of the choices");
  assert_not_accepted("weight >= 45 kg", "70", "with its unit");
  assert_not_accepted("weight >= 45 kg", "900 kg", "0.2 kg to 500 kg");
  assert_not_accepted("birth_date before 2010-01-01", "3/5/2001", "a date");
  assert_not_accepted("birth_date before 2010-01-01", "2001-02-29", "a date");
  assert_not_accepted("with includes tea", "tea, coffee", "choices");
  assert_not_accepted("visits >= 2", "two", "a number");
  assert_not_accepted("any past where class is herb", "mint, sage, thyme", "fields");
}

/* An answer is a value, not a piece of a request. */
static void an_answer_cannot_say_more_than_was_asked(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(talk_begin(&talk, ONE_POLICY, "", LICET_ASK_REQUESTER), LICET_OK);
  const char *more = "\"red\",\"agreed\":true";
  assert_int_equal(licet_interview_answer(talk.interview, more, strlen(more)), LICET_BAD_REQUEST);
  assert_non_null(strstr(licet_interview_error_json(talk.interview), "\"field\":\"color\""));
  assert_asked(&talk, "color");
  talk_end(&talk);
}

/* A history that may hold more is asked about once, and only where that could matter. */
static void whether_a_list_is_whole_is_asked_after_it(void **state) {
  (void)state;
  Talk talk;
  const char *policy = EVERY_TYPE "not any past where ended is failed\n";
  assert_int_equal(talk_begin(&talk, policy, "", LICET_ASK_REQUESTER), LICET_OK);
  assert_asked(&talk, "past");
  say(&talk, "mint, helped");
  assert_asked(&talk, "past_complete");
  assert_true(licet_interview_question(talk.interview)->is_completeness);
  say(&talk, "yes");
  assert_ended(&talk, "approve", "");
  talk_end(&talk);
  assert_int_equal(talk_begin(&talk, policy, "", LICET_ASK_REQUESTER), LICET_OK);
  say(&talk, "mint, failed");
  assert_ended(&talk, "refer", "criteria_not_met");
  talk_end(&talk);
}

/* What is observed after a day needs the day as well, whichever is stated first. */
static void a_series_is_asked_with_what_it_is_held_against(void **state) {
  (void)state;
  Talk talk;
  const char *policy = EVERY_TYPE "latest hba1c after at least 12 weeks of last_seen >= 7 %\n";
  assert_int_equal(talk_begin(&talk, policy, "'hba1c':[{'date':'2026-02-01','value':'8 %'}]",
                              LICET_ASK_REQUESTER),
                   LICET_OK);
  assert_asked(&talk, "last_seen");
  say(&talk, "2025-06-01");
  assert_ended(&talk, "approve", "");
  talk_end(&talk);
}

/* The authorization is the least of what is known: that it could be less is a reason to ask. */
static void what_a_grant_hangs_on_is_asked(void **state) {
  (void)state;
  Talk talk;
  const char *policy = POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n"
                                                 "A \"Agreed\": agreed\n"
                                                 "  approve least of wanted and 6 months\n";
  assert_int_equal(talk_begin(&talk, policy, "'agreed':true", LICET_ASK_REQUESTER), LICET_OK);
  assert_asked(&talk, "wanted");
  say(&talk, "2 months");
  assert_ended(&talk, "approve", "");
  assert_int_equal(
      licet_determination_authorization(licet_interview_determination(talk.interview)).length, 2);
  talk_end(&talk);
}

static void a_faulty_beginning_is_reported(void **state) {
  (void)state;
  Talk talk;
  assert_int_equal(talk_begin(&talk, ONE_POLICY, "'colour':'red'", LICET_ASK_REQUESTER),
                   LICET_BAD_REQUEST);
  assert_non_null(strstr(licet_interview_error_json(talk.interview), "colour"));
  assert_null(licet_interview_question(talk.interview));
  talk_end(&talk);
}

static void without_a_policy_nothing_is_asked(void **state) {
  (void)state;
  Fixture f;
  licet_interview *interview;
  fixture_policy(&f, ONE_POLICY);
  const char *json = quoted(&f,
                            "{'payer':'Other','line':'commercial','drug':'alpha','kind':'initial','"
                            "received':'2026-03-10'}");
  assert_int_equal(licet_interview_open(f.library, json, strlen(json), NULL, &interview), LICET_OK);
  assert_null(licet_interview_question(interview));
  assert_int_equal(licet_determination_outcome(licet_interview_determination(interview)),
                   LICET_NO_POLICY);
  licet_interview_close(interview);
  fixture_close(&f);
}

#ifdef LICET_FAIL_ALLOCATIONS
void memory_fail_after(long n);

static licet_status try_interview(Fixture *f, const char *json, licet_interview **interview) {
  licet_status status = licet_interview_open(f->library, json, strlen(json), NULL, interview);
  if (status == LICET_OK) status = licet_interview_answer_text(*interview, "green");
  if (status == LICET_OK) status = licet_interview_answer_text(*interview, "50 kg");
  if (status == LICET_OK && licet_interview_determination(*interview) == NULL)
    status = LICET_NO_MEMORY;
  return status;
}

static void running_out_of_memory_is_told(void **state) {
  (void)state;
  Fixture f;
  fixture_policy(&f, ONE_POLICY);
  const char *json = quoted(&f, "{" HEAD "}");
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status != LICET_OK && n < 2000; n++) {
    licet_interview *interview = NULL;
    memory_fail_after(n);
    status = try_interview(&f, json, &interview);
    memory_fail_after(0);
    licet_interview_close(interview);
    assert_true(status == LICET_OK || status == LICET_NO_MEMORY);
  }
  assert_int_equal(status, LICET_OK);
  fixture_close(&f);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_settles_most_is_asked_first),
      cmocka_unit_test(nothing_is_asked_that_cannot_matter),
      cmocka_unit_test(a_judgment_is_asked_of_a_reviewer_alone),
      cmocka_unit_test(what_is_not_known_stays_so),
      cmocka_unit_test(answers_are_taken_back),
      cmocka_unit_test(why_it_matters_is_reported),
      cmocka_unit_test(answers_are_understood_as_people_type_them),
      cmocka_unit_test(what_could_mean_two_things_is_not_guessed_at),
      cmocka_unit_test(an_answer_cannot_say_more_than_was_asked),
      cmocka_unit_test(whether_a_list_is_whole_is_asked_after_it),
      cmocka_unit_test(a_series_is_asked_with_what_it_is_held_against),
      cmocka_unit_test(what_a_grant_hangs_on_is_asked),
      cmocka_unit_test(a_faulty_beginning_is_reported),
      cmocka_unit_test(without_a_policy_nothing_is_asked),
#ifdef LICET_FAIL_ALLOCATIONS
      cmocka_unit_test(running_out_of_memory_is_told),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
