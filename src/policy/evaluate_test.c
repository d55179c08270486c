/* evaluate_test: what terms and conditions result in on facts. */
#include "policy/fixture.h"

static void a_duration_is_told_in_completed_units(void **state) {
  Fixture *f =
      vocabulary(*state, "  fact born: date\n  derive age: duration = from born to start\n");
  say_date(f, "born", "2007-06-16");
  assert_int_equal(holds(f, "age >= 18 years"), TRUTH_NO);
  say_date(f, "born", "2007-06-15");
  assert_int_equal(holds(f, "age >= 18 years"), TRUTH_YES);
  assert_int_equal(holds(f, "age > 18 years"), TRUTH_NO);
  assert_int_equal(holds(f, "age <= 18 years"), TRUTH_YES);
  assert_int_equal(holds(f, "age = 18 years"), TRUTH_YES);
  assert_int_equal(holds(f, "age is not 17 years"), TRUTH_YES);
  assert_int_equal(holds(f, "18 years < age"), TRUTH_NO);
  say_date(f, "born", "2006-06-16"); /* the day before 19 */
  assert_int_equal(holds(f, "age <= 18 years"), TRUTH_YES);
}

static void someone_born_on_a_leap_day_completes_a_year_on_the_last_of_february(void **state) {
  Fixture *f =
      vocabulary(*state, "  fact born: date\n  derive age: duration = from born to start\n");
  say_date(f, "born", "2008-02-29");
  say(f, "start")->date = day("2026-02-27");
  assert_int_equal(holds(f, "age >= 18 years"), TRUTH_NO);
  say(f, "start")->date = day("2026-02-28");
  assert_int_equal(holds(f, "age >= 18 years"), TRUTH_YES);
  say(f, "start")->date = day("2028-02-28"); /* a leap year has the day itself */
  assert_int_equal(holds(f, "age >= 20 years"), TRUTH_NO);
}

static void no_comparison_holds_of_what_is_not_there(void **state) {
  Fixture *f = vocabulary(*state,
                          "  fact onset: date or none\n  fact born: date\n  fact dose: mass or "
                          "none\n  fact stay: duration or none\n"
                          "  derive age_then: duration = from born to onset\n");
  say_date(f, "born", "2020-01-01");
  say_none(f, "onset");
  say_none(f, "dose");
  say_none(f, "stay");
  static const char *const tests[] = {"onset before start", "onset after start",
                                      "dose < 5 mg",        "dose >= 5 mg",
                                      "dose is not 5 mg",   "age_then < 1 year",
                                      "age_then >= 1 year", "stay <= 5 days",
                                      "stay is not 5 days", "onset within 1 year before start",
                                      "age_then is 1 year"};
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
    if (holds(f, tests[i]) != TRUTH_NO) fail_msg("%s", tests[i]);
  }
  assert_int_equal(holds(f, "onset is none and dose is none and stay is none"), TRUTH_YES);
}

static void within_counts_both_ends(void **state) {
  Fixture *f = vocabulary(*state, "  fact seen: date\n");
  static const struct {
    const char *date;
    Truth expected;
  } cases[] = {{"2025-03-14", TRUTH_NO},
               {"2025-03-15", TRUTH_YES},
               {"2025-06-15", TRUTH_YES},
               {"2025-06-16", TRUTH_NO}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    say_date(f, "seen", cases[i].date);
    assert_int_equal(holds(f, "seen within 3 months before start"), cases[i].expected);
  }
  say_date(f, "seen", "2025-06-01");
  assert_int_equal(
      holds(
          f,
          "seen on or after received and seen on or before received and not seen before received"),
      TRUTH_YES);
  assert_int_equal(holds(f, "seen after 2025-05-31 and seen on or before 2 weeks before start"),
                   TRUTH_YES);
}

static void unknown_is_neither(void **state) {
  Fixture *f = vocabulary(*state, "  fact a: yes | no\n  fact b: yes | no\n");
  assert_int_equal(holds(f, "a"), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "not a"), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "a is given"), TRUTH_UNKNOWN); /* another request could give it */
  say_choice(f, "b", 0);
  assert_int_equal(holds(f, "a or b"), TRUTH_YES);
  assert_int_equal(holds(f, "a and b"), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "if not b then a"), TRUTH_YES);
  say_choice(f, "b", 1);
  assert_int_equal(holds(f, "a and b"), TRUTH_NO);
}

static void bounds_settle_what_is_not_known(void **state) {
  Fixture *f = vocabulary(
      *state,
      "  fact n: count\n    range 0 to 5\n  fact m: count\n    range 0 to 5\n  fact w: mass\n");
  assert_int_equal(holds(f, "n <= 5"), TRUTH_YES);
  assert_int_equal(holds(f, "n + m <= 10"), TRUTH_YES);
  assert_int_equal(holds(f, "n + m > 10"), TRUTH_NO);
  say_amount(f, "n", "4");
  assert_int_equal(holds(f, "n + m >= 4"), TRUTH_YES);
  assert_int_equal(holds(f, "n + m >= 5"), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "least of n and m <= 4"), TRUTH_YES);
  assert_int_equal(holds(f, "greatest of n and m >= 4"), TRUTH_YES);
  assert_int_equal(holds(f, "w > 0 mg"), TRUTH_YES); /* a mass is more than nothing */
}

static void quantities_keep_their_dimensions(void **state) {
  Fixture *f = vocabulary(*state,
                          "  fact weight: mass\n  fact height: length\n  fact dose: mass\n  fact "
                          "share: percent\n  fact titer: ratio\n");
  say_amount(f, "weight", "10 kg");
  say_amount(f, "height", "90 cm");
  say_amount(f, "dose", "200 mg");
  assert_int_equal(holds(f, "dose <= 20 mg/kg * weight"), TRUTH_YES);
  assert_int_equal(holds(f, "dose < 20 mg/kg * weight"), TRUTH_NO);
  assert_int_equal(holds(f, "dose / weight = 20 mg/kg"), TRUTH_YES);
  assert_int_equal(holds(f, "body_surface(height, weight) = 0.5 m2"), TRUTH_YES);
  say_amount(f, "share", "0.1 %");
  assert_int_equal(holds(f, "share >= 0.1 % and share <= 0.1 %"), TRUTH_YES);
  say_amount(f, "titer", "5");
  assert_int_equal(holds(f, "titer in 3, 5 and not titer in 4"), TRUTH_YES);
}

static void codes_lie_in_ranges(void **state) {
  Fixture *f = vocabulary(
      *state, "  fact icd10: code ICD-10-CM\n  codes listed: ICD-10-CM = C83.50 to C83.59, C91\n");
  static const struct {
    const char *code;
    Truth expected;
  } cases[] = {{"C8350", TRUTH_YES}, {"C8355", TRUTH_YES}, {"C8359", TRUTH_YES},
               {"C8360", TRUTH_NO},  {"C91", TRUTH_YES},   {"C9100", TRUTH_NO}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    say(f, "icd10")->code = text_of(cases[i].code);
    assert_int_equal(holds(f, "icd10 in listed"), cases[i].expected);
  }
  assert_int_equal(holds(f, "icd10 is c91.00"), TRUTH_YES); /* written another way */
}

static void sets_include_or_are_exactly(void **state) {
  Fixture *f = vocabulary(*state, "  fact parts: set of head | hand | foot\n");
  say(f, "parts")->members = 3;
  assert_int_equal(holds(f, "parts includes head"), TRUTH_YES);
  assert_int_equal(holds(f, "parts includes foot"), TRUTH_NO);
  assert_int_equal(holds(f, "parts is {hand, head}"), TRUTH_YES);
  assert_int_equal(holds(f, "parts is not {head}"), TRUTH_YES);
  assert_int_equal(holds(f, "parts is {}"), TRUTH_NO);
}

static const char history[] =
    "  fact whole: yes | no\n  fact l: list complete when whole\n    field agent: name\n    field "
    "class: old | new\n";

static void entries_are_counted(void **state) {
  Fixture *f = vocabulary(*state, history);
  const Condition *two = condition(f, "at least 2 l where class is old");
  assert_int_equal(evaluate_condition(two, &f->facts), TRUTH_UNKNOWN);
  add_entry_of(f, "l")->fields[1] = (EntryField){.known = true, .choice = 0};
  assert_int_equal(evaluate_condition(two, &f->facts),
                   TRUTH_UNKNOWN); /* more may be missing from the list */
  say(f, "l")->complete = true;
  assert_int_equal(evaluate_condition(two, &f->facts), TRUTH_NO);
  add_entry_of(f, "l"); /* of which nothing is known */
  assert_int_equal(evaluate_condition(two, &f->facts), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "at most 2 l where class is old"), TRUTH_YES);
  assert_int_equal(holds(f, "every l where class is old"), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "exactly 1 l where class is old"), TRUTH_UNKNOWN);
  say(f, "l")->entries[1].fields[1] = (EntryField){.known = true, .choice = 1};
  assert_int_equal(holds(f, "exactly 1 l where class is old"), TRUTH_YES);
  assert_int_equal(holds(f, "every l where class is old"), TRUTH_NO);
}

static void names_are_compared_without_case(void **state) {
  Fixture *f = vocabulary(*state, history);
  const Condition *any = condition(f, "any l where agent is Imatinib");
  add_entry_of(f, "l")->fields[0] =
      (EntryField){.known = true, .name = vocabulary_name(f->vocabulary, TEXT("IMATINIB"))};
  assert_int_equal(evaluate_condition(any, &f->facts), TRUTH_YES);
}

static const char series[] =
    "  fact s: series of mass/volume\n  fact p: series of percent\n  fact begun: date or none\n";

static void a_window_chooses_among_observations(void **state) {
  Fixture *f = vocabulary(*state, series);
  observe_value(f, "s", "2025-06-10", "3 mg/dL", NULL);
  observe_value(f, "s", "2025-03-15", "9 mg/dL", NULL);
  observe_value(f, "s", "2025-03-14", "1 mg/dL", NULL);
  observe_value(f, "s", "2025-06-16", "50 mg/dL",
                NULL); /* after the start: nobody knows of it yet */
  assert_int_equal(holds(f, "latest s = 3 mg/dL"), TRUTH_YES);
  assert_int_equal(holds(f, "earliest s = 1 mg/dL"), TRUTH_YES);
  assert_int_equal(holds(f, "highest s = 9 mg/dL"), TRUTH_YES);
  assert_int_equal(holds(f, "lowest s within 3 months before start = 3 mg/dL"), TRUTH_YES);
  assert_int_equal(holds(f, "earliest s within 3 months before start = 9 mg/dL"), TRUTH_YES);
  assert_int_equal(holds(f, "latest s within 4 days before start > 1 mg/dL"), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "latest s after at least 12 weeks of begun > 1 mg/dL"), TRUTH_UNKNOWN);
  say_date(f, "begun", "2025-03-18"); /* 12 weeks are complete on 2025-06-10 */
  assert_int_equal(holds(f, "latest s after at least 12 weeks of begun = 3 mg/dL"), TRUTH_YES);
  assert_int_equal(holds(f, "highest s after at least 1 day of begun = 3 mg/dL"), TRUTH_YES);
  assert_int_equal(holds(f, "latest s before begun = 9 mg/dL"), TRUTH_YES);
  say_date(f, "begun", "2025-03-19");
  assert_int_equal(holds(f, "latest s after at least 12 weeks of begun = 3 mg/dL"), TRUTH_UNKNOWN);
  say_none(f, "begun");
  assert_int_equal(holds(f, "latest s after at least 12 weeks of begun = 3 mg/dL"), TRUTH_NO);
}

static void a_change_is_told_in_percent_of_where_it_began(void **state) {
  Fixture *f = vocabulary(*state, series);
  const char *change = "percent change of s from baseline to latest <= -50 %";
  observe_value(f, "s", "2025-05-10", "3 mg/dL", NULL);
  assert_int_equal(holds(f, change), TRUTH_UNKNOWN); /* there is no baseline */
  observe_value(f, "s", "2025-02-10", "6 mg/dL", NULL)->is_baseline = true;
  assert_int_equal(holds(f, change), TRUTH_YES);
  observe_value(f, "s", "2025-05-11", "3.01 mg/dL", NULL);
  assert_int_equal(holds(f, change), TRUTH_NO);
  assert_int_equal(
      holds(f,
            "percent change of s from (highest) to (lowest within 2 months before start) = -50 %"),
      TRUTH_YES);
}

static void an_observation_alone_has_not_changed_from_itself(void **state) {
  Fixture *f = vocabulary(*state, series);
  observe_value(f, "s", "2025-02-10", "6 mg/dL", NULL)->is_baseline = true;
  assert_int_equal(holds(f, "percent change of s from baseline to latest >= 0 %"), TRUTH_UNKNOWN);
  assert_int_equal(holds(f, "percent change of s from (highest) to (lowest) <= 0 %"),
                   TRUTH_UNKNOWN);
  observe_value(f, "s", "2025-05-10", "6 mg/dL", NULL); /* the same value again is a second one */
  assert_int_equal(holds(f, "percent change of s from baseline to latest >= 0 %"), TRUTH_YES);
}

static void a_value_is_held_against_its_own_laboratorys_upper_limit(void **state) {
  Fixture *f = vocabulary(*state, series);
  const char *within = "latest s <= 3 times upper_limit of latest s";
  observe_value(f, "s", "2025-05-10", "3 mg/dL", NULL);
  assert_int_equal(holds(f, within), TRUTH_UNKNOWN);
  observe_value(f, "s", "2025-05-11", "3 mg/dL", "1 mg/dL");
  assert_int_equal(holds(f, within), TRUTH_YES);
  observe_value(f, "s", "2025-05-12", "3.01 mg/dL", "1 mg/dL");
  assert_int_equal(holds(f, within), TRUTH_NO);
  assert_int_equal(holds(f, "latest s / upper_limit of latest s > 3"), TRUTH_YES);
}

static void the_least_of_two_lengths_passes_over_one_not_given(void **state) {
  Fixture *f = vocabulary(*state, "  fact asked: duration\n");
  const Policy *p = policy(f, "A \"x\": kind is initial\n  approve least of asked and 6 months\n");
  const Term *length = p->criteria.items[0]->outcomes.items[0]->items.items[0].amount;
  assert_int_equal(evaluate_term(length, &f->facts).to, day("2025-12-15"));
  say(f, "asked")->span = (Span){0, 28};
  assert_int_equal(evaluate_term(length, &f->facts).to, day("2025-07-13"));
  say(f, "asked")->span = (Span){9, 0};
  assert_int_equal(evaluate_term(length, &f->facts).to, day("2025-12-15"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_duration_is_told_in_completed_units),
      TEST(someone_born_on_a_leap_day_completes_a_year_on_the_last_of_february),
      TEST(no_comparison_holds_of_what_is_not_there),
      TEST(within_counts_both_ends),
      TEST(unknown_is_neither),
      TEST(bounds_settle_what_is_not_known),
      TEST(quantities_keep_their_dimensions),
      TEST(codes_lie_in_ranges),
      TEST(sets_include_or_are_exactly),
      TEST(entries_are_counted),
      TEST(names_are_compared_without_case),
      TEST(a_window_chooses_among_observations),
      TEST(a_change_is_told_in_percent_of_where_it_began),
      TEST(an_observation_alone_has_not_changed_from_itself),
      TEST(a_value_is_held_against_its_own_laboratorys_upper_limit),
      TEST(the_least_of_two_lengths_passes_over_one_not_given),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
