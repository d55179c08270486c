/* Cases: what is compared, what is not, and how a difference is reported. */
#include "decide/fixture.h"

#define POLICY                     \
  POLICY_HEAD("T-1", "Payer")      \
  "  version 2026-01-01\n"         \
  "A \"Use\" all of\n"             \
  "  approve 6 months, 5 cycles\n" \
  "  1 \"Red\": color is red\n"    \
  "  2 \"Heavy\": weight >= 50 kg\n"

static int open_fixture(void **state) { return fixture_new(state, POLICY); }

typedef struct Checked {
  const char *name, *difference;
  const licet_determination *determination;
} Checked;

static licet_status check_text(Fixture *f, const char *text, Checked *checked) {
  const char *json = quoted(f, text);
  return licet_check_case(f->session, json, strlen(json), &checked->name, &checked->difference,
                          &checked->determination);
}

static Checked check(Fixture *f, const char *facts, const char *expect) {
  static char text[4096];
  Checked checked;
  assert_true(snprintf(text, sizeof text,
                       "{'name':'a case','request':{" HEAD ",'facts':{%s}},'expect':{%s}}", facts,
                       expect) < (int)sizeof text);
  assert_int_equal(check_text(f, text, &checked), LICET_OK);
  assert_string_equal(checked.name, "a case");
  return checked;
}

static void assert_passes(Fixture *f, const char *facts, const char *expect) {
  assert_string_equal(check(f, facts, expect).difference, "");
}

static void assert_differs(Fixture *f, const char *facts, const char *expect,
                           const char *difference) {
  char found[4096];
  assert_true(strlen(check(f, facts, expect).difference) < sizeof found);
  strcpy(found, check(f, facts, expect).difference);
  for (char *at = found; *at != '\0'; at++) {
    if (*at == '"') *at = '\'';
  }
  assert_string_equal(found, difference);
}

#define APPROVED "'color':'red','weight':'70 kg'"

static void a_case_passes_where_all_that_is_named_is_so(void **state) {
  assert_passes(*state, APPROVED,
                "'outcome':'approve','pathway':'A','authorization':{'cycles':5,'months':6},'"
                "missing':[],'policy':{'id':'T-1'}");
  assert_passes(*state, APPROVED, "");
}

static void null_stands_for_a_key_that_is_null_or_absent(void **state) {
  assert_passes(
      *state, APPROVED,
      "'route':null,'no_such_key':null,'authorization':{'weeks':null,'renewals_left':null}");
  assert_differs(*state, APPROVED, "'outcome':null", "outcome: expected null, found 'approve'\n");
}

static void what_differs_is_told_key_by_key(void **state) {
  assert_differs(
      *state, APPROVED,
      "'outcome':'pend','pathway':'A','authorization':{'cycles':6},'route':'X','other':true",
      "outcome: expected 'pend', found 'approve'\n"
      "authorization: expected {'cycles':6}, found "
      "{'start':'2026-03-10','end':'2026-09-09','months':6,'cycles':5,'renewals_left':null,'limits'"
      ":[]}\n"
      "route: expected 'X', found null\n"
      "other: expected true, found nothing\n");
}

static void arrays_are_compared_as_a_whole(void **state) {
  assert_passes(*state, "'color':'red'", "'missing':[['weight']]");
  assert_differs(*state, "'color':'red'", "'missing':[]",
                 "missing: expected [], found [['weight']]\n");
  assert_differs(*state, "'color':'red'", "'missing':[['weight'],['height']]",
                 "missing: expected [['weight'],['height']], found [['weight']]\n");
  assert_differs(*state, "'color':'red'", "'missing':[['height']]",
                 "missing: expected [['height']], found [['weight']]\n");
}

static void numbers_are_compared_as_written(void **state) {
  assert_differs(*state, APPROVED, "'authorization':{'cycles':5.0}",
                 "authorization: expected {'cycles':5.0}, found "
                 "{'start':'2026-03-10','end':'2026-09-09','months':6,'cycles':5,'renewals_left':"
                 "null,'limits':[]}\n");
}

static void the_criteria_are_not_compared(void **state) {
  assert_differs(*state, APPROVED, "'criteria':[]", "criteria: expected [], found nothing\n");
}

static void a_case_that_was_decided_gives_the_determination(void **state) {
  const Checked checked = check(*state, APPROVED, "'outcome':'pend'");
  assert_non_null(checked.determination);
  assert_outcome(checked.determination, "approve", "");
  assert_true(licet_determination_criterion_count(checked.determination) > 0);
}

/* ---- Faults ---- */

static void a_fault_that_is_expected_passes(void **state) {
  assert_passes(*state, "'weight':70,'color':'rad'", "'error_field':'weight'");
  assert_passes(*state, "'weight':70,'color':'rad'", "'error_fields':['color','weight']");
}

static void a_fault_that_is_not_there_or_not_named_is_a_difference(void **state) {
  const char *found = "[{'field':'weight','pointer':'/facts/weight','found':'70','expected':'";
  static const char *const expects[] = {"'error_field':'height'",
                                        "'error_fields':['weight','height']", "'error_fields':[]",
                                        "'error_fields':['color']"};
  for (size_t i = 0; i < sizeof expects / sizeof *expects; i++) {
    const Checked checked = check(*state, "'weight':70", expects[i]);
    assert_true(strncmp(checked.difference, "error_field", 11) == 0);
    assert_null(checked.determination);
    (void)found;
  }
  assert_differs(*state, APPROVED, "'error_field':'weight'",
                 "error_field: expected 'weight', found nothing\n");
}

static void a_fault_where_none_is_expected_is_shown(void **state) {
  const Checked checked = check(*state, "'agreed':1", "'outcome':'approve'");
  assert_true(strncmp(checked.difference, "errors: [{\"code\":\"wrong_type\",\"field\":\"agreed\"",
                      46) == 0);
  assert_null(checked.determination);
}

/* ---- Cases that are none ---- */

static void what_is_no_case_cannot_be_run(void **state) {
  static const char *const texts[] = {
      "{'name':'x'",    "[]", "{'name':'x','expect':{}}", "{'request':{},'expect':[]}",
      "{'request':{}}", ""};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    Checked checked;
    assert_int_equal(check_text(*state, texts[i], &checked), LICET_BAD_REQUEST);
    assert_string_equal(checked.difference, "");
    assert_null(checked.determination);
  }
}

static void a_case_needs_no_name(void **state) {
  Checked checked;
  assert_int_equal(
      check_text(*state, "{'name':7,'request':{" HEAD "},'expect':{'outcome':'pend'}}", &checked),
      LICET_OK);
  assert_string_equal(checked.name, "");
  assert_string_equal(checked.difference, "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_case_passes_where_all_that_is_named_is_so),
      cmocka_unit_test(null_stands_for_a_key_that_is_null_or_absent),
      cmocka_unit_test(what_differs_is_told_key_by_key),
      cmocka_unit_test(arrays_are_compared_as_a_whole),
      cmocka_unit_test(numbers_are_compared_as_written),
      cmocka_unit_test(the_criteria_are_not_compared),
      cmocka_unit_test(a_case_that_was_decided_gives_the_determination),
      cmocka_unit_test(a_fault_that_is_expected_passes),
      cmocka_unit_test(a_fault_that_is_not_there_or_not_named_is_a_difference),
      cmocka_unit_test(a_fault_where_none_is_expected_is_shown),
      cmocka_unit_test(what_is_no_case_cannot_be_run),
      cmocka_unit_test(a_case_needs_no_name),
  };
  return cmocka_run_group_tests(tests, open_fixture, fixture_free);
}
