#include "render/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void a_day_has_its_number(void **state) {
  (void)state;
  assert_int_equal(civil_number("1970-01-01"), 0);
  assert_int_equal(civil_number("2000-03-01") - civil_number("2000-02-29"), 1);
  assert_int_equal(civil_number("2101-03-01") - civil_number("2100-02-28"), 366);
  assert_int_equal(civil_number("no date"), 0);
}

static void every_day_of_four_centuries_follows_the_one_before(void **state) {
  (void)state;
  int first = civil_number("1900-01-01"), last = civil_number("2300-01-01");
  Civil expected = {1900, 1, 1};
  for (int number = first; number <= last; number++) {
    Civil civil = civil_of(number);
    assert_int_equal(civil.year, expected.year);
    assert_int_equal(civil.month, expected.month);
    assert_int_equal(civil.day, expected.day);
    assert_int_equal(civil_number(civil_text(number).text), number);
    if (++expected.day <= civil_month_length(expected.year, expected.month)) continue;
    expected.day = 1;
    if (++expected.month <= MONTHS) continue;
    expected = (Civil){expected.year + 1, 1, 1};
  }
}

static void months_have_their_lengths(void **state) {
  (void)state;
  assert_int_equal(civil_month_length(2024, 2), 29);
  assert_int_equal(civil_month_length(2026, 2), 28);
  assert_int_equal(civil_month_length(2100, 2), 28);
  assert_int_equal(civil_month_length(2000, 2), 29);
  assert_int_equal(civil_month_length(2026, 11), 30);
  assert_int_equal(civil_month_length(2026, 12), 31);
}

static void weeks_begin_on_monday(void **state) {
  (void)state;
  assert_string_equal(civil_weekday_name(civil_weekday(civil_number("2026-11-09"))), "Monday");
  assert_string_equal(civil_weekday_name(civil_weekday(civil_number("2026-11-15"))), "Sunday");
  assert_string_equal(civil_weekday_name(civil_weekday(civil_number("1969-12-28"))), "Sunday");
  assert_string_equal(civil_month_name(11), "November");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_day_has_its_number),
      cmocka_unit_test(every_day_of_four_centuries_follows_the_one_before),
      cmocka_unit_test(months_have_their_lengths),
      cmocka_unit_test(weeks_begin_on_monday),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
