/* Memory that runs out: at each allocation in turn, opening, deciding and explaining say so, leak
 * nothing, and continue afterwards as if nothing had been.
 *
 * Only the builds with LICET_FAIL_ALLOCATIONS can make an allocation fail (base/arena.h); elsewhere
 * what stays is that nothing is held in the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "library/library.h"
#include "base/arena.h"
#include "licet/dose.h"

static const char *const REQUESTS[] = {
    /* approved; pended, with sets of facts and documents to find; another policy; nothing known;
       bad in many ways; no JSON */
    "{\"id\":\"a\",\"payer\":\"OHSU Health "
    "Services\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"received\":"
    "\"2026-11-02\","
    "\"facts\":{\"birth_date\":\"2001-04-05\",\"diagnosis\":\"acute_lymphoblastic_leukemia\","
    "\"icd10\":\"C91.02\",\"lineage\":\"b_"
    "cell_precursor\","
    "\"disease_status\":\"relapsed\",\"philadelphia\":{\"value\":\"negative\",\"document\":\"lab-"
    "77\"},\"regimen\":[],\"live_"
    "vaccine_last\":\"none\","
    "\"live_vaccine_planned\":false,\"prior_therapies\":[{\"agent\":\"imatinib\",\"outcome\":"
    "\"refractory\"}],\"prior_therapies_"
    "complete\":true}}",
    "{\"id\":\"b\",\"policy\":\"CP.PHAR.312\",\"line\":\"commercial\",\"drug\":\"blinatumomab\","
    "\"kind\":\"initial\",\"received\":"
    "\"2026-11-02\","
    "\"facts\":{\"diagnosis\":\"acute_lymphoblastic_leukemia\",\"prescriber_specialty\":"
    "\"oncology\",\"mrd\":\"positive\",\"dose_"
    "supported\":true,"
    "\"prior_therapies\":[{\"class\":\"tki\"}]}}",
    "{\"id\":\"c\",\"policy\":\"PA.CP.PHAR.359\",\"line\":\"medicaid\",\"drug\":\"inotuzumab_"
    "ozogamicin\",\"kind\":"
    "\"continuation\",\"received\":\"2026-11-02\","
    "\"facts\":{\"diagnosis\":\"other\"}}",
    "{\"policy\":\"aspirus-blincyto\",\"line\":\"commercial\",\"drug\":\"blinatumomab\",\"kind\":"
    "\"initial\",\"received\":\"2026-"
    "11-02\"}",
    "{\"payer\":7,\"drug\":\"blinatumomab\",\"kind\":\"first\",\"received\":\"2026-13-01\","
    "\"facts\":{\"weight\":\"70 "
    "cm\",\"nope\":1,\"mrd\":[]}}",
    "{\"facts\":",
};
enum { REQUESTS_COUNT = sizeof REQUESTS / sizeof *REQUESTS };

static licet_library *open_library(void) {
  licet_library *library;
  licet_report *report;
  assert_int_equal(licet_library_open("policies", NULL, &library, &report), LICET_OK);
  licet_report_free(report);
  return library;
}

static licet_session *open_session(const licet_library *library) {
  licet_session *session;
  assert_int_equal(licet_session_open(library, SESSION_OF_PLAN, &session), LICET_OK);
  return session;
}

static licet_status decide(licet_session *session, int which, const licet_determination **d) {
  return licet_decide(session, REQUESTS[which], strlen(REQUESTS[which]), d);
}

/* Yours: the answer or the error. */
static char *answer(licet_session *session, int which) {
  const licet_determination *d;
  licet_status status = decide(session, which, &d);
  assert_true(status == LICET_OK || status == LICET_BAD_REQUEST);
  const char *text = status == LICET_OK ? licet_determination_json(d, NULL)
                                        : licet_session_error_json(session, NULL);
  assert_true(text[0] == '{');
  char *copy = malloc(strlen(text) + 1);
  assert_non_null(copy);
  return strcpy(copy, text);
}

static void decide_all(void) {
  licet_library *library = open_library();
  licet_session *session = open_session(library);
  for (int which = 0; which < REQUESTS_COUNT; which++) free(answer(session, which));
  licet_session_close(session);
  licet_library_close(library);
}

/* Twice: what the JSON reader's library keeps for good, it takes the first time. */
static void everything_is_given_back_in_the_end(void **state) {
  (void)state;
  decide_all();
  size_t before = memory_held();
  decide_all();
  assert_int_equal(memory_held(), before);
}

#ifdef LICET_FAIL_ALLOCATIONS

static void assert_same_answer(licet_session *session, int which, const char *expected) {
  char *again = answer(session, which);
  assert_string_equal(again, expected);
  free(again);
}

enum {
  FEW = 300
}; /* up to here every allocation is made to fail, beyond it a growing part of them */

static long next_to_fail(long n) { return n < FEW ? n + 1 : n + 1 + n / 40; }

static void opening_without_memory_says_so_and_leaks_nothing(void **state) {
  (void)state;
  size_t before = memory_held();
  licet_status status = LICET_NO_MEMORY;
  long n = 1;
  for (; status == LICET_NO_MEMORY; n = next_to_fail(n)) {
    licet_library *library = NULL;
    licet_report *report = NULL;
    memory_fail_after(n);
    status = licet_library_open("policies", NULL, &library, &report);
    memory_fail_after(0);
    assert_true(status == LICET_OK || status == LICET_NO_MEMORY);
    assert_true((status == LICET_OK) == (library != NULL));
    licet_library_close(library);
    licet_report_free(report);
    assert_int_equal(memory_held(), before);
  }
  assert_true(n > 2);
}

static void opening_a_session_without_memory_says_so_and_leaks_nothing(void **state) {
  (void)state;
  licet_library *library = open_library();
  size_t before = memory_held();
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status == LICET_NO_MEMORY; n++) {
    licet_session *session = NULL;
    memory_fail_after(n);
    status = licet_session_open(library, SESSION_OF_PLAN, &session);
    memory_fail_after(0);
    assert_true((status == LICET_OK) == (session != NULL));
    licet_session_close(session);
    assert_int_equal(memory_held(), before);
  }
  assert_int_equal(status, LICET_OK);
  licet_library_close(library);
}

/* A new session, so that there is something to allocate; after the failure the same session gives
 * the same bytes. `expected`: see two_answers. */
static void fail_each(const licet_library *library, int which, const char *expected) {
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status == LICET_NO_MEMORY; n = next_to_fail(n)) {
    const licet_determination *d = NULL;
    licet_session *session = open_session(library);
    memory_fail_after(n);
    status = decide(session, which, &d);
    memory_fail_after(0);
    assert_true((status == LICET_OK) == (d != NULL));
    assert_same_answer(session, which, expected);
    assert_same_answer(session, (which + 1) % REQUESTS_COUNT, expected + strlen(expected) + 1);
    licet_session_close(session);
  }
  assert_true(status == LICET_OK || status == LICET_BAD_REQUEST);
}

/* Of a library that nobody has used yet, the first request compiles a version. */
static void a_first_use_without_memory_says_so_and_the_next_one_goes_on(void **state) {
  (void)state;
  size_t before = memory_held();
  licet_library *untouched = open_library();
  licet_session *session = open_session(untouched);
  char *expected = answer(session, 0);
  licet_session_close(session);
  licet_library_close(untouched);
  licet_status status = LICET_NO_MEMORY;
  long n = 1;
  for (; status == LICET_NO_MEMORY; n += 1 + n / 10) {
    const licet_determination *d = NULL;
    licet_library *library = open_library();
    session = open_session(library);
    memory_fail_after(n);
    status = decide(session, 0, &d);
    memory_fail_after(0);
    assert_true((status == LICET_OK) == (d != NULL));
    assert_same_answer(session, 0, expected);
    licet_session_close(session);
    licet_library_close(library);
    assert_int_equal(memory_held(), before);
  }
  assert_true(n > 10);
  free(expected);
}

/* The answers to a request and to the one after it, one behind the other. */
static char *two_answers(licet_session *session, int which) {
  char *first = answer(session, which), *second = answer(session, (which + 1) % REQUESTS_COUNT);
  char *both = malloc(strlen(first) + strlen(second) + 2);
  assert_non_null(both);
  strcpy(both, first);
  strcpy(both + strlen(first) + 1, second);
  free(first);
  free(second);
  return both;
}

static void deciding_without_memory_says_so_and_the_session_goes_on_with_the_same_bytes(
    void **state) {
  (void)state;
  size_t before = memory_held();
  licet_library *library = open_library();
  licet_session *untouched = open_session(library);
  for (int which = 0; which < REQUESTS_COUNT; which++) {
    char *expected = two_answers(untouched, which);
    fail_each(library, which, expected);
    free(expected);
  }
  licet_session_close(untouched);
  licet_library_close(library);
  assert_int_equal(memory_held(), before);
}

/* What explains is read from the determination on demand, in the session's memory. */
static size_t read_explanation(const licet_determination *d) {
  size_t sum = 0;
  for (size_t i = 0; i < licet_determination_criterion_count(d); i++) {
    for (size_t f = 0; licet_determination_evidence(d, i, f).fact != NULL; f++)
      sum += licet_determination_evidence(d, i, f).is_known != 0;
  }
  for (size_t i = 0; licet_determination_missing(d, i) != NULL; i++) sum += 2;
  for (size_t i = 0; licet_determination_documents(d, i) != NULL; i++) sum += 3;
  return sum;
}

static void explaining_needs_no_memory_that_can_fail_it(void **state) {
  (void)state;
  licet_library *library = open_library();
  for (int which = 0; which < 4; which++) {
    const licet_determination *d;
    licet_session *session = open_session(library);
    assert_int_equal(decide(session, which, &d), LICET_OK);
    size_t expected = read_explanation(d);
    assert_int_equal(decide(session, which, &d), LICET_OK);
    memory_fail_after(1);
    size_t read = read_explanation(d);
    memory_fail_after(0);
    assert_int_equal(read, expected);
    licet_session_close(session);
  }
  licet_library_close(library);
}

static const char CASE[] =
    "{\"name\":\"x\",\"why\":\"y\",\"request\":{\"policy\":\"OHSU-0382\",\"line\":\"medicaid\","
    "\"drug\":\"blinatumomab\",\"kind\":"
    "\"initial\","
    "\"received\":\"2026-11-02\",\"facts\":{\"icd10\":\"C91.02\"}},\"expect\":{\"outcome\":"
    "\"approve\",\"pathway\":\"adult.A5\"}}";

static void checking_a_case_without_memory_says_so(void **state) {
  (void)state;
  licet_library *library = open_library();
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status == LICET_NO_MEMORY; n = next_to_fail(n)) {
    const licet_determination *d;
    const char *name, *difference;
    licet_session *session = open_session(library);
    memory_fail_after(n);
    status = licet_check_case(session, CASE, strlen(CASE), &name, &difference, &d);
    memory_fail_after(0);
    assert_int_equal(licet_check_case(session, CASE, strlen(CASE), &name, &difference, &d),
                     LICET_OK);
    assert_true(difference[0] != '\0');
    licet_session_close(session);
  }
  assert_int_equal(status, LICET_OK);
  licet_library_close(library);
}

/* A child, with an interruption, under an authorization: every part of a plan has something in it.
 */
static const char DOSED[] =
    "{\"payer\":\"OHSU Health "
    "Services\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\",\"kind\":\"initial\",\"received\":"
    "\"2026-11-02\",\"facts\":{\"birth_date\":\"2001-04-05\",\"diagnosis\":\"acute_lymphoblastic_"
    "leukemia\",\"icd10\":\"C91.02\","
    "\"lineage\":\"b_cell_precursor\",\"disease_status\":\"relapsed\",\"philadelphia\":{\"value\":"
    "\"negative\",\"document\":"
    "\"lab-77\"},\"regimen\":[],\"live_vaccine_last\":\"none\",\"live_vaccine_planned\":false,"
    "\"dose_regimen\":"
    "\"blinatumomab_relapsed\",\"dose_preparation\":\"bag_72_hours\",\"weight\":{\"value\":\"20 "
    "kg\",\"date\":\"2026-10-30\"},"
    "\"height\":\"110 cm\",\"body_surface_area\":\"0.78 m2\",\"dose_per_day\":\"11.5 "
    "mcg/day\",\"interruptions\":[{\"first_day\":"
    "\"2026-11-10\",\"last_day\":\"2026-11-12\"},{\"first_day\":\"2027-01-04\",\"last_day\":\"2027-"
    "01-12\"}]}}";

static const licet_dose_plan *plan_of(licet_session *session) {
  const licet_dose_plan *plan;
  assert_int_equal(licet_dose(session, DOSED, strlen(DOSED), NULL, &plan), LICET_OK);
  return plan;
}

static size_t text_sum(const char *text) { return text == NULL ? 0 : strlen(text); }

static size_t totals_sum(licet_dose_totals totals) {
  return text_sum(totals.administered) + (size_t)totals.vials + (size_t)totals.billed_units +
         totals.dose_days;
}

/* Every member of every part. */
static size_t read_plan(const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  licet_dose_regimen regimen = licet_dose_plan_regimen(plan);
  licet_dose_preparation preparation = licet_dose_plan_preparation(plan);
  licet_dose_body body = licet_dose_plan_body(plan);
  licet_dose_cycle cycle;
  licet_dose_day day;
  licet_dose_line line;
  licet_dose_limit limit;
  licet_dose_finding finding;
  licet_dose_comparison row;
  size_t sum = text_sum(drug.name) + text_sum(drug.title) + text_sum(drug.hcpcs) +
               text_sum(drug.unit) + text_sum(drug.vials);
  sum += text_sum(drug.ndcs) + text_sum(regimen.name) + text_sum(regimen.title) +
         (size_t)regimen.chosen_by;
  sum += text_sum(preparation.name) + text_sum(preparation.title) + text_sum(body.weight) +
         text_sum(body.weight_date);
  sum += text_sum(body.height) + (size_t)body.formula + text_sum(body.computed) +
         text_sum(body.stated) + text_sum(body.used);
  sum += totals_sum(licet_dose_plan_totals(plan)) +
         (size_t)licet_dose_plan_record(plan).cycles_planned;
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(plan, i)).title != NULL; i++)
    sum += text_sum(cycle.title) + text_sum(cycle.start) + text_sum(cycle.end) +
           text_sum(cycle.last_dose) + totals_sum(cycle.totals);
  for (size_t i = 0; (day = licet_dose_plan_day(plan, i)).date != NULL; i++)
    sum += text_sum(day.dose) + text_sum(day.ordered) + text_sum(day.preparation) +
           text_sum(day.notice) + (size_t)day.vials;
  for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs != NULL; i++)
    sum += (size_t)line.modifier + (size_t)line.units;
  for (size_t i = 0; (limit = licet_dose_plan_limit(plan, i)).text != NULL; i++)
    sum += text_sum(limit.text) + text_sum(limit.passed);
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message != NULL; i++)
    sum += text_sum(finding.message) + text_sum(finding.field);
  for (size_t i = 0; (row = licet_dose_plan_comparison(plan, i)).preparation != NULL; i++)
    sum += text_sum(row.title) + text_sum(row.not_allowed) + totals_sum(row.totals);
  return sum;
}

static void planning_doses_without_memory_says_so(void **state) {
  (void)state;
  licet_library *library = open_library();
  licet_session *untouched = open_session(library);
  size_t expected = read_plan(plan_of(untouched));
  licet_status status = LICET_NO_MEMORY;
  long n = 1;
  for (; status == LICET_NO_MEMORY; n = next_to_fail(n)) {
    const licet_dose_plan *plan = NULL;
    licet_session *session = open_session(library);
    memory_fail_after(n);
    status = licet_dose(session, DOSED, strlen(DOSED), NULL, &plan);
    memory_fail_after(0);
    assert_true((status == LICET_OK) == (plan != NULL));
    assert_int_equal(read_plan(plan_of(session)), expected);
    licet_session_close(session);
  }
  assert_int_equal(status, LICET_OK);
  assert_true(n > 2);
  licet_session_close(untouched);
  licet_library_close(library);
}

/* A view that finds no memory is empty; the plan stays, and shows all of itself again once there is
 * some. */
static void a_plan_is_shown_without_memory_and_stays_whole(void **state) {
  (void)state;
  licet_library *library = open_library();
  licet_session *untouched = open_session(library);
  const licet_dose_plan *whole = plan_of(untouched);
  size_t expected = read_plan(whole);
  const char *json = licet_dose_json(whole, NULL);
  bool was_short = true;
  long n = 1;
  for (; was_short; n++) {
    size_t length = 1;
    licet_session *session = open_session(library);
    const licet_dose_plan *plan = plan_of(session);
    memory_fail_after(n);
    was_short = read_plan(plan) != expected;
    memory_fail_after(n);
    const char *text = licet_dose_json(plan, &length);
    memory_fail_after(0);
    if (text == NULL) {
      assert_int_equal(length, 0);
      was_short = true;
    } else {
      assert_string_equal(text, json);
    }
    assert_int_equal(read_plan(plan), expected);
    assert_string_equal(licet_dose_json(plan, NULL), json);
    licet_session_close(session);
  }
  assert_true(n > 2);
  licet_session_close(untouched);
  licet_library_close(library);
}

static size_t read_determination(const licet_determination *d) {
  licet_authorization authorization = licet_determination_authorization(d);
  licet_limit limit;
  size_t sum = text_sum(licet_determination_request(d)) + text_sum(authorization.start) +
               text_sum(authorization.end);
  for (size_t i = 0; (limit = licet_determination_limit(d, i)).amount != NULL; i++)
    sum += text_sum(limit.amount) + text_sum(limit.unit) + text_sum(limit.code);
  for (size_t i = 0; licet_determination_missing(d, i) != NULL; i++) sum++;
  for (size_t i = 0; licet_determination_documents(d, i) != NULL; i++) sum++;
  for (size_t c = 0; c < licet_determination_criterion_count(d); c++) {
    licet_evidence evidence;
    for (size_t i = 0; (evidence = licet_determination_evidence(d, c, i)).fact != NULL; i++)
      sum += text_sum(evidence.value) + text_sum(evidence.document);
  }
  return sum;
}

/* `licet dose` shows the determination first and its plan after: nothing that the first part did
 * is where the second goes when memory runs out. */
static void a_plan_without_memory_returns_to_its_caller_regardless_of_what_was_shown_before(
    void **state) {
  (void)state;
  licet_library *library = open_library();
  licet_session *untouched = open_session(library);
  size_t expected = read_plan(plan_of(untouched));
  size_t shown = 0;
  bool was_short = true;
  long n = 1;
  for (; was_short; n++) {
    licet_session *session = open_session(library);
    const licet_dose_plan *plan = plan_of(session);
    const licet_determination *determination = licet_dose_determination(plan);
    if (shown == 0) shown = read_determination(determination);
    assert_true(shown > 0);
    assert_int_equal(read_determination(determination), shown);
    memory_fail_after(n);
    was_short = read_plan(plan) != expected;
    memory_fail_after(n);
    was_short = read_determination(determination) != shown || was_short;
    memory_fail_after(0);
    assert_int_equal(read_plan(plan), expected);
    assert_int_equal(read_determination(determination), shown);
    licet_session_close(session);
  }
  assert_true(n > 2);
  licet_session_close(untouched);
  licet_library_close(library);
}

static void formatting_without_memory_says_so(void **state) {
  (void)state;
  static const char source[] =
      "policy p \"P\"\n  payer   \"A\"\n\nA \"x\":   b # c\n  approve 6 months\n";
  size_t before = memory_held();
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status == LICET_NO_MEMORY; n = next_to_fail(n)) {
    char *text = NULL;
    licet_report *report = NULL;
    memory_fail_after(n);
    status = licet_format("p.licet", source, strlen(source), &text, &report);
    memory_fail_after(0);
    assert_true((status == LICET_OK) == (text != NULL));
    licet_text_free(text);
    licet_report_free(report);
    assert_int_equal(memory_held(), before);
  }
  assert_int_equal(status, LICET_OK);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(everything_is_given_back_in_the_end),
#ifdef LICET_FAIL_ALLOCATIONS
      cmocka_unit_test(opening_without_memory_says_so_and_leaks_nothing),
      cmocka_unit_test(opening_a_session_without_memory_says_so_and_leaks_nothing),
      cmocka_unit_test(a_first_use_without_memory_says_so_and_the_next_one_goes_on),
      cmocka_unit_test(deciding_without_memory_says_so_and_the_session_goes_on_with_the_same_bytes),
      cmocka_unit_test(explaining_needs_no_memory_that_can_fail_it),
      cmocka_unit_test(checking_a_case_without_memory_says_so),
      cmocka_unit_test(planning_doses_without_memory_says_so),
      cmocka_unit_test(a_plan_is_shown_without_memory_and_stays_whole),
      cmocka_unit_test(
          a_plan_without_memory_returns_to_its_caller_regardless_of_what_was_shown_before),
      cmocka_unit_test(formatting_without_memory_says_so),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
