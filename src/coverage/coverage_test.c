/* Which criteria cases show to decide, and the cases that are suggested. */
#include "licet/coverage.h"

#include <stdbool.h>

#include "decide/fixture.h"

#define TWO                           \
  POLICY_HEAD("P", "Payer")           \
  "  version 2026-01-01 \"first\"\n"  \
  "A \"A\" all of\n"                  \
  "  approve 6 months\n"              \
  "  1 \"Visits\": visits >= 2\n"     \
  "  2 \"Green or blue\" any of\n"    \
  "    a \"Green\": color is green\n" \
  "    b \"Blue\": color is blue\n"

typedef struct Run {
  Fixture f;
  licet_coverage *coverage;
} Run;

static void run_open(Run *run, const char *policy) {
  fixture_policy(&run->f, policy);
  assert_int_equal(licet_coverage_open(run->f.library, &run->coverage), LICET_OK);
}

static licet_status take(Run *run, const char *facts) {
  char text[2048];
  snprintf(text, sizeof text, "{'name':'n','request':{" HEAD ",'facts':{%s}},'expect':{}}", facts);
  const char *json = quoted(&run->f, text);
  return licet_coverage_case(run->coverage, json, strlen(json));
}

static void run_close(Run *run) {
  licet_coverage_close(run->coverage);
  fixture_close(&run->f);
}

/* "A.1 met; A.2.b not met": what is shown. */
static const char *shown(const Run *run) {
  static char text[1024];
  text[0] = '\0';
  licet_covered covered;
  for (size_t i = 0; (covered = licet_coverage_at(run->coverage, i)).policy != NULL; i++) {
    if (covered.shown_met) strcat(strcat(text, covered.criterion.path), "+ ");
    if (covered.shown_not_met) strcat(strcat(text, covered.criterion.path), "- ");
  }
  return text;
}

static void a_criterion_is_shown_where_it_alone_decides(void **state) {
  (void)state;
  Run run;
  run_open(&run, TWO);
  assert_int_equal(take(&run, "'visits':2,'color':'green'"), LICET_OK);
  assert_string_equal(shown(&run), "A.1+ A.2.a+ ");
  assert_int_equal(take(&run, "'visits':1,'color':'green'"), LICET_OK);
  assert_string_equal(shown(&run), "A.1+ A.1- A.2.a+ ");
  assert_int_equal(take(&run, "'visits':1,'color':'red'"),
                   LICET_OK); /* two are unmet: none decides alone */
  assert_string_equal(shown(&run), "A.1+ A.1- A.2.a+ ");
  assert_int_equal(take(&run, "'visits':2,'color':'red'"), LICET_OK);
  assert_string_equal(shown(&run), "A.1+ A.1- A.2.a+ A.2.a- A.2.b- ");
  licet_covered first = licet_coverage_at(run.coverage, 0);
  assert_int_equal(first.met, 2);
  assert_int_equal(first.not_met, 2);
  run_close(&run);
}

/* What is not known is neither met nor not met. */
static void what_is_open_shows_nothing(void **state) {
  (void)state;
  Run run;
  run_open(&run, TWO);
  assert_int_equal(take(&run, "'color':'green'"), LICET_OK);
  assert_string_equal(shown(&run), "A.2.a+ "); /* were it not green, nothing could approve */
  assert_int_equal(take(&run, "'colour':'green'"), LICET_BAD_REQUEST);
  const char *broken = "{'request'";
  assert_int_equal(licet_coverage_case(run.coverage, broken, strlen(broken)), LICET_BAD_REQUEST);
  run_close(&run);
}

static void a_prerequisite_that_is_not_asked_again_shows_nothing(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n"
                                           "A \"A\" all of\n  approve 6 months\n"
                                           "  1 \"Visits\" prerequisite: visits >= 2\n  2 \"Green\": color is green\n");
  const char *json = quoted(&run.f,
                            "{'payer':'Payer','line':'commercial','drug':'alpha','kind':'"
                            "continuation','received':'2026-03-10',"
                            "'facts':{'visits':1,'color':'green'}}");
  assert_int_equal(licet_coverage_case(run.coverage, json, strlen(json)), LICET_OK);
  assert_string_equal(shown(&run), "A.2+ ");
  run_close(&run);
}

static void suggestions_show_what_is_missing_and_pass(void **state) {
  (void)state;
  Run run;
  const char *line;
  run_open(&run, TWO);
  assert_int_equal(take(&run, "'visits':5,'color':'green'"), LICET_OK);
  size_t count = 0;
  for (; (line = licet_coverage_suggestion(run.coverage, count)) != NULL; count++) {
    const char *name, *difference;
    const licet_determination *d;
    assert_int_equal(licet_check_case(run.f.session, line, strlen(line), &name, &difference, &d),
                     LICET_OK);
    assert_string_equal(difference, "");
    assert_non_null(strstr(line, "to confirm"));
  }
  assert_string_equal(shown(&run), "A.1+ A.1- A.2.a+ A.2.a- A.2.b+ A.2.b- ");
  licet_coverage *again;
  assert_int_equal(licet_coverage_open(run.f.library, &again), LICET_OK);
  bool at_1 = false, at_2 = false;
  for (size_t i = 0; i < count; i++) {
    line = licet_coverage_suggestion(run.coverage, i);
    at_1 = at_1 || strstr(line, "\"visits\":1") != NULL;
    at_2 = at_2 || strstr(line, "\"visits\":2") != NULL;
  }
  assert_true(at_1 && at_2);
  licet_coverage_close(again);
  run_close(&run);
}

static void a_boundary_that_is_tested_is_not_suggested(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n"
                                           "A \"Heavy\": weight >= 45 kg\n  approve 6 months\n");
  assert_int_equal(take(&run, "'weight':'44.9 kg'"), LICET_OK);
  assert_int_equal(take(&run, "'weight':'45 kg'"), LICET_OK);
  assert_null(
      licet_coverage_suggestion(run.coverage, 0)); /* nothing turns between 45 kg and more */
  run_close(&run);
}

/* What is from the plan's record counts only as such, also where the vocabulary has a default. */
static void a_suggestion_states_what_is_on_record_as_the_record(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n"
                                           "A \"A\" all of\n"
                                           "  approve 6 months\n"
                                           "  1 \"Not warned\": not warned\n");
  assert_int_equal(take(&run, "'color':'red'"), LICET_OK);
  const char *line = licet_coverage_suggestion(run.coverage, 0);
  assert_non_null(line);
  assert_non_null(strstr(line, "\"warned\":{\"value\":true,\"source\":\"record\"}"));
  assert_string_equal(shown(&run), "A.1+ A.1- ");
  run_close(&run);
}

/* "weight \"44.9 kg\" pend; weight \"45 kg\" approve; ": the boundaries suggested, and what they
 * come out as. */
static const char *boundaries(Run *run) {
  static char text[2048];
  const char *line;
  text[0] = '\0';
  for (size_t i = 0; (line = licet_coverage_suggestion(run->coverage, i)) != NULL; i++) {
    const char *outcome = strstr(line, "\"outcome\":\"");
    if (strstr(line, "a boundary") == NULL) continue;
    strncat(text, line + strlen("{\"name\":\""), strcspn(line + strlen("{\"name\":\""), ",") - 1);
    strcat(text, " ");
    strncat(text, outcome + strlen("\"outcome\":\""),
            strcspn(outcome + strlen("\"outcome\":\""), "\""));
    strcat(text, "; ");
  }
  return text;
}

/* The first case is refused for its color, whatever the weight; only on the second does the weight
 * decide. */
static void a_boundary_is_suggested_on_a_request_that_turns_there(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n"
                                           "A \"A\" all of\n  approve 6 months\n"
                                           "  1 \"Heavy\": weight >= 45 kg\n  2 \"Green\": color is green\n");
  assert_int_equal(take(&run, "'weight':'60 kg','color':'red'"), LICET_OK);
  assert_string_equal(boundaries(&run),
                      "weight \\\"44.9 kg\\\" refer; weight \\\"45 kg\\\" approve; ");
  assert_string_equal(licet_coverage_remark(run.coverage, 0),
                      "P: 1 boundary that no decision depends on (proved): weight");
  run_close(&run);
}

/* Who is green needs no weight. */
static void a_boundary_that_never_matters_is_told_and_not_suggested(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n"
                                           "A \"A\" any of\n  approve 6 months\n"
                                           "  1 \"Green\": color is green\n"
                                           "  2 \"Green and heavy\": color is green and weight >= 45 kg\n");
  assert_int_equal(take(&run, "'weight':'60 kg','color':'green'"), LICET_OK);
  assert_string_equal(boundaries(&run), "");
  assert_string_equal(licet_coverage_remark(run.coverage, 0),
                      "P: 2 boundaries that no decision depends on (proved): weight");
  assert_null(licet_coverage_remark(run.coverage, 1));
  run_close(&run);
}

static void the_day_before_a_birthday_is_suggested(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n  derive age: duration = from birth_date to start\n"
                                           "A \"Grown\": age >= 18 years\n  approve 6 months\n");
  assert_int_equal(take(&run, "'birth_date':'1990-01-01'"), LICET_OK);
  bool birthday = false, day_before = false;
  const char *line;
  for (size_t i = 0; (line = licet_coverage_suggestion(run.coverage, i)) != NULL; i++) {
    birthday = birthday || (strstr(line, "2008-03-10") != NULL && strstr(line, "approve") != NULL);
    day_before = day_before ||
                 (strstr(line, "2008-03-11") != NULL && strstr(line, "criteria_not_met") != NULL);
  }
  assert_true(birthday && day_before);
  run_close(&run);
}

/* "A.1 A.2- ": criteria that no request shows, met (nothing behind it) or not met (-). */
static const char *never_shown(const Run *run) {
  static char text[1024];
  text[0] = '\0';
  licet_covered covered;
  for (size_t i = 0; (covered = licet_coverage_at(run->coverage, i)).policy != NULL; i++) {
    if (!covered.can_show_met) strcat(strcat(text, covered.criterion.path), "+ ");
    if (!covered.can_show_not_met) strcat(strcat(text, covered.criterion.path), "- ");
  }
  return text;
}

static void what_no_case_can_show_is_marked_so(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n"
                                           "A \"A\" all of\n  approve 6 months\n"
                                           "  1 \"Given\": weight is given\n"
                                           "  2 \"Either\" any of\n"
                                           "    a \"Green\": color is green\n"
                                           "    b \"Green, and seen\": color is green and visits >= 2\n"
                                           "    c \"Blue\": color is blue\n");
  assert_int_equal(take(&run, "'weight':'60 kg','color':'red','visits':1"), LICET_OK);
  assert_string_equal(never_shown(&run), "");
  assert_int_equal(licet_coverage_prove(run.coverage), LICET_OK);
  assert_string_equal(never_shown(&run), "A.1- A.2.b+ ");
  assert_non_null(strstr(licet_coverage_json(run.coverage, NULL), "\"never\":1,"));
  const char *colors[] = {"red", "green", "blue"}, *weights[] = {"", ",'weight':'60 kg'"};
  for (int i = 0; i < 18; i++) { /* every request there is: none shows what none can */
    char facts[128];
    snprintf(facts, sizeof facts, "'color':'%s'%s,'visits':%d", colors[i % 3], weights[i / 3 % 2],
             i / 6 + 1);
    assert_int_equal(take(&run, facts), LICET_OK);
  }
  assert_string_equal(shown(&run), "A.1+ A.2.a+ A.2.a- A.2.b- A.2.c+ A.2.c- ");
  assert_string_equal(never_shown(&run), "A.1- A.2.b+ ");
  assert_non_null(strstr(licet_coverage_json(run.coverage, NULL), "\"never\":2,"));
  run_close(&run);
}

/* With documents a request is decided twice, the second time on less: what is met at first may be
 * open then. */
static void nothing_is_claimed_that_documents_may_show(void **state) {
  (void)state;
  Run run;
  run_open(&run, POLICY_HEAD("P", "Payer") "  version 2026-01-01 \"first\"\n  evidence documented\n"
                                           "A \"A\" any of\n  approve 6 months\n"
                                           "  1 \"Green\": color is green\n"
                                           "  2 \"Green, and seen\": color is green and visits >= 2\n");
  assert_int_equal(take(&run, "'color':'red','visits':1"), LICET_OK);
  assert_int_equal(licet_coverage_prove(run.coverage), LICET_OK);
  assert_string_equal(never_shown(&run), "");
  run_close(&run);
}

#ifdef LICET_FAIL_ALLOCATIONS
void memory_fail_after(long n);

static void running_out_of_memory_is_told(void **state) {
  (void)state;
  Fixture f;
  fixture_policy(&f, TWO);
  const char *json = quoted(&f, "{" HEAD ",'facts':{'visits':1,'color':'blue'}}");
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status != LICET_OK && n < 2000; n++) {
    licet_coverage *coverage = NULL;
    memory_fail_after(n);
    status = licet_coverage_open(f.library, &coverage);
    if (status == LICET_OK) status = licet_coverage_case(coverage, json, strlen(json));
    if (status == LICET_OK && licet_coverage_suggestion(coverage, 0) == NULL)
      status = LICET_NO_MEMORY;
    if (status == LICET_OK && licet_coverage_json(coverage, NULL) == NULL) status = LICET_NO_MEMORY;
    memory_fail_after(0);
    licet_coverage_close(coverage);
    assert_true(status == LICET_OK || status == LICET_NO_MEMORY);
  }
  assert_int_equal(status, LICET_OK);
  fixture_close(&f);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_criterion_is_shown_where_it_alone_decides),
      cmocka_unit_test(what_is_open_shows_nothing),
      cmocka_unit_test(a_prerequisite_that_is_not_asked_again_shows_nothing),
      cmocka_unit_test(suggestions_show_what_is_missing_and_pass),
      cmocka_unit_test(a_suggestion_states_what_is_on_record_as_the_record),
      cmocka_unit_test(a_boundary_that_is_tested_is_not_suggested),
      cmocka_unit_test(a_boundary_is_suggested_on_a_request_that_turns_there),
      cmocka_unit_test(a_boundary_that_never_matters_is_told_and_not_suggested),
      cmocka_unit_test(the_day_before_a_birthday_is_suggested),
      cmocka_unit_test(what_no_case_can_show_is_marked_so),
      cmocka_unit_test(nothing_is_claimed_that_documents_may_show),
#ifdef LICET_FAIL_ALLOCATIONS
      cmocka_unit_test(running_out_of_memory_is_told),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
