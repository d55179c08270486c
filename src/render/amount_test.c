#include "render/amount.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void assert_shown(const char *exact, const char *expected) {
  assert_string_equal(amount_shown(exact, AMOUNT_DECIMALS).text, expected);
}

static void decimals_are_rounded(void **state) {
  (void)state;
  assert_shown("0.781735959 m2", "0.782 m2");
  assert_shown("11.7 mcg", "11.7 mcg");
  assert_shown("1.2345 mg", "1.235 mg");
  assert_shown("1.2344999 mg", "1.234 mg");
  assert_shown("9.9996 mg", "10 mg");
  assert_shown("999.99951 mg", "1000 mg");
  assert_shown("-0.9995 mg", "-1 mg");
  assert_shown("0.5004 mg", "0.5 mg");
}

static void whole_numbers_stay(void **state) {
  (void)state;
  assert_shown("100 mcg", "100 mcg");
  assert_shown("28", "28");
  assert_shown("0 mg", "0 mg");
  assert_shown("20.000 kg", "20 kg");
}

static void other_texts_stay(void **state) {
  (void)state;
  assert_shown("", "");
  assert_shown("none", "none");
  assert_shown(".5 mg", ".5 mg");
}

static void long_amounts_are_cut_at_their_room(void **state) {
  (void)state;
  char text[400];
  for (size_t i = 0; i < sizeof text - 1; i++) text[i] = '9';
  text[200] = '.';
  text[sizeof text - 1] = '\0';
  ShownAmount shown = amount_shown(text, AMOUNT_DECIMALS);
  assert_true(shown.text[AMOUNT_BYTES - 1] == '\0');
}

static void a_narrow_place_costs_decimals(void **state) {
  (void)state;
  assert_string_equal(amount_number("11.702 mcg", 5).text, "11.7");
  assert_string_equal(amount_number("11.782 mcg", 5).text, "11.78");
  assert_string_equal(amount_number("0.9128 mg", 5).text, "0.913");
  assert_string_equal(amount_number("1234.567 mg", 5).text, "1235");
  assert_string_equal(amount_number("1234567 mg", 5).text, "");
  assert_string_equal(amount_number("none", 5).text, "");
}

static void an_amount_is_never_shown_as_nothing(void **state) {
  (void)state;
  assert_string_equal(amount_number("0.0004 mg", 5).text, "");
  assert_string_equal(amount_number("0.4 mg", 2).text, "");
  assert_string_equal(amount_number("0 mg", 5).text, "0");
}

static void units_stand_behind_the_number(void **state) {
  (void)state;
  assert_string_equal(amount_unit("28 mcg"), "mcg");
  assert_string_equal(amount_unit("28"), "");
}

static void areas_are_shown_in_square_meters(void **state) {
  (void)state;
  assert_string_equal(amount_squared(amount_shown("1.829 m2", 2)).text, "1.83 m\xC2\xB2");
  assert_string_equal(amount_squared(amount_shown("28 mcg", 2)).text, "28 mcg");
  assert_string_equal(amount_squared(amount_shown("m2", 2)).text, "m2");
  assert_string_equal(amount_squared(amount_shown("", 2)).text, "");
}

static void amounts_are_ordered(void **state) {
  (void)state;
  assert_true(amount_compare("9 mcg", "28 mcg") < 0);
  assert_true(amount_compare("28 mcg", "9 mcg") > 0);
  assert_true(amount_compare("28 mcg", "28.0 mcg") == 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(decimals_are_rounded),
      cmocka_unit_test(whole_numbers_stay),
      cmocka_unit_test(other_texts_stay),
      cmocka_unit_test(long_amounts_are_cut_at_their_room),
      cmocka_unit_test(a_narrow_place_costs_decimals),
      cmocka_unit_test(an_amount_is_never_shown_as_nothing),
      cmocka_unit_test(units_stand_behind_the_number),
      cmocka_unit_test(areas_are_shown_in_square_meters),
      cmocka_unit_test(amounts_are_ordered),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
