/* A policy that has ended: it decides the requests of its time, and no others. */
#include "decide/fixture.h"

#define OLD                                             \
  POLICY_HEAD("OLD", "Payer")                           \
  "  version 2025-01-01\n"                              \
  "  version 2025-07-01\n"                              \
  "  until 2026-06-30\n"                                \
  "  evidence documented until 2025-06-30\n"            \
  "  evidence documented for initial from 2025-07-01\n" \
  "A \"Use\": color is red\n"                           \
  "  approve 6 months\n"
#define NEW                    \
  POLICY_HEAD("NEW", "Payer")  \
  "  version 2026-07-01\n"     \
  "A \"Use\": color is blue\n" \
  "  approve 6 months\n"

static int open_fixture(void **state) {
  Fixture *f = *state = malloc(sizeof *f);
  assert_non_null(f);
  fixture_open(f);
  fixture_file(f, "clinic.licet", CLINIC);
  fixture_file(f, "old.licet", OLD);
  fixture_file(f, "new.licet", NEW);
  fixture_load(f, f->folder, NULL);
  return 0;
}

static const licet_determination *decide_on(void **state, const char *kind, const char *day) {
  char text[512];
  snprintf(text, sizeof text,
           "{'payer':'Payer','line':'medicaid','drug':'alpha','kind':'%s','received':'%s',"
           "'facts':{'color':'red'}}",
           kind, day);
  return decide_request(*state, text);
}

static void its_last_day_is_the_last_that_it_decides(void **state) {
  const licet_determination *d = decide_on(state, "continuation", "2026-06-30");
  assert_string_equal(licet_policy_id(licet_determination_policy(d)), "OLD");
  assert_outcome(d, "approve", "");
  d = decide_on(state, "continuation", "2026-07-01");
  assert_string_equal(licet_policy_id(licet_determination_policy(d)), "NEW");
  assert_outcome(d, "refer", "criteria_not_met");
}

static void the_one_that_follows_it_does_not_overlap(void **state) {
  const Fixture *f = *state;
  assert_int_equal(licet_report_warnings(f->report), 0);
}

static void a_request_of_later_is_shown_its_last_day(void **state) {
  const licet_determination *d = decide_request(
      *state,
      "{'policy':'OLD','line':'medicaid','drug':'alpha','kind':'initial','received':'2026-07-01',"
      "'facts':{'color':'red'}}");
  assert_outcome(d, "no_policy", "not_in_force");
  assert_string_equal(licet_determination_next(d, 0).nearest, "2026-06-30");
}

static void the_end_is_shown(void **state) {
  const Fixture *f = *state;
  assert_string_equal(licet_policy_until(licet_library_policy_by_id(f->library, "OLD")),
                      "2026-06-30");
  assert_string_equal(licet_policy_until(licet_library_policy_by_id(f->library, "NEW")), "");
  assert_null(licet_library_find(f->library, "Payer", "alpha", "medicaid", "2024-12-31"));
}

static void evidence_is_required_as_on_the_day(void **state) {
  assert_outcome(decide_on(state, "continuation", "2025-06-30"), "pend", "");
  assert_outcome(decide_on(state, "continuation", "2025-07-01"), "approve", "");
  assert_outcome(decide_on(state, "initial", "2025-07-01"), "pend", "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(its_last_day_is_the_last_that_it_decides),
      cmocka_unit_test(the_one_that_follows_it_does_not_overlap),
      cmocka_unit_test(a_request_of_later_is_shown_its_last_day),
      cmocka_unit_test(the_end_is_shown),
      cmocka_unit_test(evidence_is_required_as_on_the_day),
  };
  return cmocka_run_group_tests(tests, open_fixture, fixture_free);
}
