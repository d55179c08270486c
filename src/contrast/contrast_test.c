/* One request under several policies; and what would have been approved. */
#include "licet/contrast.h"

#include "decide/fixture.h"

/* With tiny limits the search stops after less, and a list holds less. */
#ifdef LICET_TINY_LIMITS
enum { MANY_ENTRIES = 32, SEARCHES_END = 0 };
#else
enum { MANY_ENTRIES = 432, SEARCHES_END = 1 };
#endif

/* `fixed` says who the patient is. Weight is measured, level a result, with and past what else is
 * given. */
#define CONTRAST_FACTS                                     \
  "vocabulary clinic \"Facts for tests\"\n"                \
  "  fact birth_date: date    fixed\n"                     \
  "  fact dose: mass/time\n"                               \
  "  fact level: percent      clinical\n"                  \
  "  fact result: positive | negative\n"                   \
  "  fact color: red | green | blue\n"                     \
  "  fact visits: count\n"                                 \
  "  fact with: set of tea | milk | sugar\n"               \
  "  fact past: list complete when past_complete\n"        \
  "    field agent: name\n"                                \
  "    field ended: failed | helped\n"                     \
  "  fact agreed: yes | no  judgment\n"                    \
  "  fact past_complete: yes | no\n"                       \
  "  fact code: code ICD-10-CM\n"                          \
  "  codes listed: ICD-10-CM = C91.00 to C91.02, C83.50\n" \
  "  never result is negative and level >= 1 %  \"A level of 1 % is positive.\"\n"

#define POLICY_OF(id, payer, lines, drug, condition)                                 \
  "policy " id " \"" id "\"\n  payer \"" payer "\"\n  lines " lines "\n  drug " drug \
  "\n  vocabulary clinic\n  version 2026-01-01\nA \"A\" all of\n  approve 6 months\n" condition

static void open_with(Fixture *f, const char *policy) {
  fixture_open(f);
  fixture_file(f, "clinic.licet", CONTRAST_FACTS);
  fixture_file(f, "policy.licet", policy);
  fixture_load(f, f->folder, NULL);
}

static const char *request_of(Fixture *f, const char *facts) {
  static char request[4096];
  snprintf(request, sizeof request, "{" HEAD ",'facts':{%s}}", facts);
  return quoted(f, request);
}

static licet_contrast *why_not(Fixture *f, const char *facts) {
  licet_contrast *contrast;
  const char *json = request_of(f, facts);
  assert_int_equal(licet_why_not(f->session, json, strlen(json), &contrast), LICET_OK);
  return contrast;
}

/* "dose: at most 28 mcg/day; visits: at least 2 | …" */
static const char *changes_of(const licet_contrast *contrast) {
  static char text[2048];
  text[0] = '\0';
  licet_change change;
  for (size_t a = 0; licet_contrast_at(contrast, a).request != NULL; a++) {
    if (a > 0) strcat(text, " | ");
    for (size_t i = 0; (change = licet_contrast_change(contrast, a, i)).fact != NULL; i++) {
      if (i > 0) strcat(text, "; ");
      strcat(strcat(strcat(text, change.fact), ": "), change.words);
    }
  }
  return text;
}

static void assert_changes(const char *conditions, const char *facts, const char *expected) {
  Fixture f;
  open_with(&f, conditions);
  licet_contrast *contrast = why_not(&f, facts);
  assert_string_equal(changes_of(contrast), expected);
  for (size_t a = 0; licet_contrast_at(contrast, a).request != NULL;
       a++) { /* reported as decided */
    const licet_alternative alternative = licet_contrast_at(contrast, a);
    const licet_determination *d;
    assert_int_equal(licet_decide(f.session, alternative.request, strlen(alternative.request), &d),
                     LICET_OK);
    assert_int_equal(licet_determination_outcome(d), alternative.outcome);
  }
  licet_contrast_close(contrast);
  fixture_close(&f);
}

#define P(condition) POLICY_OF("P", "Payer", "commercial", "alpha", condition)

static void one_change_tells_all_values_that_would_do(void **state) {
  (void)state;
  assert_changes(P("  - \"x\": dose <= 28 mcg/day\n"), "'dose':'35 mcg/day'",
                 "dose: at most 28 mcg/day");
  assert_changes(P("  - \"x\": dose < 28 mcg/day\n"), "'dose':'28 mcg/day'",
                 "dose: less than 28 mcg/day");
  assert_changes(P("  - \"x\": level >= 0.1 %\n"), "'level':'0.05 %'", "level: at least 0.1 %");
  assert_changes(P("  - \"x\": visits >= 2 and visits < 5\n"), "'visits':9",
                 "visits: at least 2 and at most 4");
  assert_changes(P("  - \"x\": visits is 2 or visits >= 7\n"), "'visits':3",
                 "visits: 2 or at least 7");
  assert_changes(P("  - \"x\": color in red, blue\n"), "'color':'green'", "color: red or blue");
  assert_changes(P("  - \"x\": with includes tea\n"), "'with':['milk']", "with: any with tea");
  assert_changes(P("  - \"x\": any past where ended is failed\n"),
                 "'past':[{'agent':'mint'}],'past_complete':true",
                 "past: with one more entry: ended failed");
  assert_changes(P("  - \"x\": with is {}\n"), "'with':['milk']", "with: nothing");
  assert_changes(P("  - \"x\": with is {tea, milk}\n"), "'with':['milk']",
                 "with: tea and milk alone");
  assert_changes(P("  - \"x\": with includes tea and not with includes milk\n"), "'with':['milk']",
                 "with: any with tea, without milk");
  assert_changes(P("  - \"x\": not with includes milk and not with includes sugar\n"),
                 "'with':['milk']", "with: at most tea");
  assert_changes(P("  - \"x\": with is {} or with includes sugar\n"), "'with':['milk']",
                 "with: nothing; or any with sugar");
  assert_changes(P("  - \"x\": code in listed\n"), "'code':'C50'", "code: C9100 to C9102 or C8350");
  assert_changes(P("  - \"x\": any past where agent in mint, sage and ended is failed\n"),
                 "'past':[],'past_complete':true",
                 "past: with one more entry: agent mint or sage, ended failed");
  assert_changes(P("  - \"x\": any past where agent is mint or ended is failed\n"),
                 "'past':[],'past_complete':true",
                 "past: with one more entry: ended failed; or agent mint");
}

static void who_the_patient_is_is_never_changed(void **state) {
  (void)state;
  assert_changes(P("  - \"x\": birth_date before 2000-01-01\n"), "'birth_date':'2001-05-03'", "");
  assert_changes(
      P("  any of\n    - \"x\": birth_date before 2000-01-01\n    - \"y\": visits >= 2\n"),
      "'birth_date':'2001-05-03','visits':1", "visits: at least 2");
}

static void the_smallest_changes_are_reported(void **state) {
  (void)state;
  const char *policy =
      P("  any of\n    - \"x\": visits >= 2\n    - \"y\" all of\n      - \"a\": color is red\n"
        "      - \"b\": with includes tea\n");
  assert_changes(policy, "'visits':1,'color':'blue','with':[]",
                 "visits: at least 2 | color: red; with: any with tea");
  assert_changes(policy, "'visits':1,'color':'red','with':[]",
                 "visits: at least 2 | with: any with tea");
  assert_changes(P("  - \"a\": visits is 1\n  - \"b\": color is red\n  - \"c\": with includes "
                   "tea\n  - \"d\": dose < 1 mg/day\n"),
                 "'visits':2,'color':'blue','with':[],'dose':'2 mg/day'", ""); /* four */
}

/* A result that goes with a level changes with it. */
static void what_no_patient_is_like_is_not_proposed(void **state) {
  (void)state;
  assert_changes(P("  - \"x\": level >= 2 %\n"), "'result':'negative','level':'0.5 %'",
                 "level: at least 2 %; result: positive");
}

static void nothing_is_proposed_where_nothing_stands_in_the_way(void **state) {
  (void)state;
  assert_changes(P("  - \"x\": visits >= 2\n"), "'visits':2", "");
  assert_changes(P("  - \"x\": visits >= 2\n"), "", "");
  assert_changes(P("  - \"x\": visits >= 2\n  - \"y\": color is red\n"), "'visits':1",
                 "visits: at least 2"); /* then color */
}

/* What only a clinician could then settle is distinguished, after what the requester can. */
static void what_a_judgment_would_be_left_with_comes_last(void **state) {
  (void)state;
  Fixture f;
  open_with(&f, P("  any of\n    - \"x\": dose <= 28 mcg/day and agreed\n    - \"y\": visits >= 2 "
                  "and color is red\n"));
  licet_contrast *contrast = why_not(&f, "'dose':'35 mcg/day','visits':1");
  assert_string_equal(changes_of(contrast), "visits: at least 2 | dose: at most 28 mcg/day");
  assert_int_equal(licet_contrast_at(contrast, 0).outcome, LICET_PEND);
  assert_string_equal(names_of(licet_contrast_missing(contrast, 0, 0)), "color");
  assert_int_equal(licet_contrast_at(contrast, 1).outcome, LICET_REFER);
  assert_int_equal(licet_contrast_at(contrast, 1).reason, LICET_REASON_JUDGMENT);
  licet_contrast_close(contrast);
  fixture_close(&f);
}

/* ---- Under every policy ---- */

static void open_three(Fixture *f) {
  fixture_open(f);
  fixture_file(f, "clinic.licet", CONTRAST_FACTS);
  fixture_file(f, "p.licet",
               POLICY_OF("P", "Payer", "commercial", "alpha", "  - \"x\": visits >= 2\n"));
  fixture_file(f, "q.licet",
               POLICY_OF("Q", "Quota", "medicaid, medicare", "alpha", "  - \"x\": color is red\n"));
  fixture_file(f, "r.licet",
               POLICY_OF("R", "Rota", "commercial", "beta", "  - \"x\": color is red\n"));
  fixture_load(f, f->folder, NULL);
}

static licet_panel *decide_all(Fixture *f, const char *request) {
  licet_panel *panel;
  const char *json = quoted(f, request);
  assert_int_equal(licet_compare_payers(f->session, json, strlen(json), &panel), LICET_OK);
  return panel;
}

static void every_policy_for_the_drug_decides(void **state) {
  (void)state;
  Fixture f;
  open_three(&f);
  licet_panel *panel = decide_all(&f, "{" HEAD ",'facts':{'visits':3}}");
  licet_panel_row p = licet_panel_at(panel, 0), q = licet_panel_at(panel, 1);
  assert_string_equal(p.policy, "P");
  assert_true(p.is_own && p.covers_line);
  assert_int_equal(p.outcome, LICET_APPROVE);
  assert_string_equal(p.authorization.end, "2026-09-09");
  assert_string_equal(q.policy, "Q");
  assert_false(q.is_own);
  assert_false(q.covers_line);
  assert_string_equal(q.line, "medicaid");
  assert_int_equal(q.outcome, LICET_PEND);
  assert_string_equal(names_of(licet_panel_missing(panel, 1, 0)), "color");
  assert_null(licet_panel_at(panel, 2).policy);
  licet_panel_close(panel);
  fixture_close(&f);
}

static void the_payer_need_not_be_named(void **state) {
  (void)state;
  Fixture f;
  open_three(&f);
  licet_panel *panel = decide_all(&f,
                                  "{'line':'medicaid','drug':'alpha','kind':'initial','received':'"
                                  "2026-03-10','facts':{'visits':3}}");
  assert_false(licet_panel_at(panel, 0).is_own || licet_panel_at(panel, 1).is_own);
  assert_true(licet_panel_at(panel, 1).covers_line);
  licet_panel_close(panel);
  const char *before =
      "{'line':'medicaid','drug':'alpha','kind':'initial','received':'2025-03-10'}";
  panel = decide_all(&f, before); /* none in force yet */
  assert_null(licet_panel_at(panel, 0).policy);
  assert_string_equal(licet_panel_nearest_drug(panel), "");
  licet_panel_close(panel);
  fixture_close(&f);
}

static void a_drug_that_no_policy_is_for_may_be_a_slip(void **state) {
  (void)state;
  Fixture f;
  open_three(&f);
  licet_panel *panel =
      decide_all(&f, "{'line':'medicaid','drug':'alpah','kind':'initial','received':'2026-03-10'}");
  assert_null(licet_panel_at(panel, 0).policy);
  assert_string_equal(licet_panel_nearest_drug(panel), "alpha");
  licet_panel_close(panel);
  panel =
      decide_all(&f, "{'line':'medicaid','drug':'omega','kind':'initial','received':'2026-03-10'}");
  assert_string_equal(licet_panel_nearest_drug(panel), "");
  licet_panel_close(panel);
  fixture_close(&f);
}

static void request_errors_are_reported_once(void **state) {
  (void)state;
  static const char *const requests[] = {
      "{'drug':", "[]",
      "{'drug':'alpha','line':'commercial','kind':'first','received':'2026-03-10'}",
      "{" HEAD ",'facts':{'visits':'many'}}"};
  Fixture f;
  open_three(&f);
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    licet_panel *panel;
    licet_contrast *contrast;
    const char *json = quoted(&f, requests[i]);
    assert_int_equal(licet_compare_payers(f.session, json, strlen(json), &panel),
                     LICET_BAD_REQUEST);
    assert_null(panel);
    assert_non_null(strstr(licet_session_error_json(f.session, NULL), "errors"));
    assert_int_equal(licet_why_not(f.session, json, strlen(json), &contrast), LICET_BAD_REQUEST);
    assert_null(contrast);
  }
  fixture_close(&f);
}

#ifdef LICET_FAIL_ALLOCATIONS
void memory_fail_after(long n);

static void running_out_of_memory_is_told(void **state) {
  (void)state;
  Fixture f;
  open_three(&f);
  const char *json = quoted(&f, "{" HEAD ",'facts':{'visits':1,'color':'blue','with':[]}}");
  licet_status first = LICET_NO_MEMORY, second = LICET_NO_MEMORY;
  for (long n = 1; (first != LICET_OK || second != LICET_OK) && n < 2000; n++) {
    licet_panel *panel;
    licet_contrast *contrast;
    memory_fail_after(n);
    first = licet_compare_payers(f.session, json, strlen(json), &panel);
    memory_fail_after(n);
    second = licet_why_not(f.session, json, strlen(json), &contrast);
    memory_fail_after(0);
    assert_true(first == LICET_OK || first == LICET_NO_MEMORY);
    assert_true(second == LICET_OK || second == LICET_NO_MEMORY);
    licet_panel_close(panel);
    licet_contrast_close(contrast);
  }
  assert_int_equal(first, LICET_OK);
  assert_int_equal(second, LICET_OK);
  fixture_close(&f);
}
#endif

/* ---- A list of many entries ---- */

/* What a visit says of guidance and relief, in six ways of which none helped. */
static const char *const ends[] = {
    ",\"guided\":true,\"relieved\":false",
    ",\"guided\":false,\"relieved\":false",
    ",\"guided\":false,\"relieved\":true",
    ",\"guided\":false",
    ",\"relieved\":false",
    ",\"guided\":true",
};

/* `count` visits that all say something else. */
static licet_contrast *why_not_of_visits(Fixture *f, int count, const char *device) {
  static const char *const procedures[] = {"massage", "exercise", "brace",  "imaging", "block",
                                           "pump",    "counsel",  "review", "ablation"};
  static const char *const regions[] = {"neck", "shoulder", "elbow", "hand",
                                        "back", "hip",      "knee",  "foot"};
  static char request[65536];
  fixture_open(f);
  fixture_load(f, "tests/good/many_entries", NULL);
  size_t length = (size_t)snprintf(
      request, sizeof request,
      "{\"payer\":\"Meadow "
      "Plan\",\"line\":\"commercial\",\"drug\":\"stimulator\",\"kind\":\"initial\","
      "\"received\":\"2026-01-05\",\"facts\":{\"device\":\"%s\",\"visits_complete\":true,"
      "\"visits\":[",
      device);
  for (int i = 0; i < count; i++) {
    length += (size_t)snprintf(
        request + length, sizeof request - length,
        "%s{\"clinician\":\"reed\",\"procedure\":\"%s\",\"region\":\"%s\"%s}", i == 0 ? "" : ",",
        procedures[i % 9], regions[i / 9 % 8], ends[i / 72 % 6]);
  }
  length += (size_t)snprintf(request + length, sizeof request - length, "]}}");
  licet_contrast *contrast;
  assert_int_equal(licet_why_not(f->session, request, length, &contrast), LICET_OK);
  return contrast;
}

static void few_entries_are_searched_to_the_end(void **state) {
  (void)state;
  Fixture f;
  licet_contrast *contrast = why_not_of_visits(&f, 8, "55513-160-01");
  assert_int_equal(licet_contrast_is_complete(contrast), SEARCHES_END);
  if (SEARCHES_END) assert_non_null(strstr(changes_of(contrast), "visits: with one more entry: "));
  licet_contrast_close(contrast);
  fixture_close(&f);
}

/* Each way to change a list of many entries costs as much as all its entries. */
static void a_search_over_many_entries_stops_and_says_so(void **state) {
  (void)state;
  Fixture f;
  licet_contrast *contrast = why_not_of_visits(&f, MANY_ENTRIES, "55513-160-01");
  size_t length;
  assert_false(licet_contrast_is_complete(contrast));
  assert_non_null(strstr(licet_contrast_json(contrast, &length), "\"complete\":false"));
  licet_contrast_close(contrast);
  fixture_close(&f);
}

/* ---- Codes ---- */

/* A policy may write a code with hyphens; eleven digits are its one form. */
static void a_code_that_would_do_is_named_in_its_one_form(void **state) {
  (void)state;
  Fixture f;
  licet_contrast *contrast = why_not_of_visits(&f, 0, "55513-0161-01");
  assert_string_equal(changes_of(contrast), "device: 55513016001 or 55513016002 or 00002143380");
  assert_string_equal(licet_contrast_change(contrast, 0, 0).to, "\"55513016001\"");
  assert_int_equal(licet_contrast_at(contrast, 0).outcome, LICET_APPROVE);
  licet_contrast_close(contrast);
  fixture_close(&f);
}

static void a_code_that_is_met_already_is_not_named(void **state) {
  (void)state;
  static const char *const spellings[] = {"55513-160-01", "55513-0160-01", "55513016001"};
  for (int i = 0; i < 3; i++) {
    Fixture f;
    licet_contrast *contrast = why_not_of_visits(&f, 0, spellings[i]);
    assert_int_equal(licet_contrast_outcome(contrast), LICET_APPROVE);
    assert_string_equal(changes_of(contrast), "");
    licet_contrast_close(contrast);
    fixture_close(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_change_tells_all_values_that_would_do),
      cmocka_unit_test(who_the_patient_is_is_never_changed),
      cmocka_unit_test(the_smallest_changes_are_reported),
      cmocka_unit_test(what_no_patient_is_like_is_not_proposed),
      cmocka_unit_test(nothing_is_proposed_where_nothing_stands_in_the_way),
      cmocka_unit_test(what_a_judgment_would_be_left_with_comes_last),
      cmocka_unit_test(every_policy_for_the_drug_decides),
      cmocka_unit_test(the_payer_need_not_be_named),
      cmocka_unit_test(a_drug_that_no_policy_is_for_may_be_a_slip),
      cmocka_unit_test(request_errors_are_reported_once),
#ifdef LICET_FAIL_ALLOCATIONS
      cmocka_unit_test(running_out_of_memory_is_told),
#endif
      cmocka_unit_test(few_entries_are_searched_to_the_end),
      cmocka_unit_test(a_search_over_many_entries_stops_and_says_so),
      cmocka_unit_test(a_code_that_would_do_is_named_in_its_one_form),
      cmocka_unit_test(a_code_that_is_met_already_is_not_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
