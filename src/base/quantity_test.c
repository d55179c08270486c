#include "base/quantity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define ONE AMOUNT_ONE

static Arena arena;

static int open_arena(void **state) {
  (void)state;
  arena_open(&arena);
  return 0;
}

static int close_arena(void **state) {
  (void)state;
  arena_close(&arena);
  return 0;
}

static const char *written(Amount amount, Dimension dimension) {
  Buffer buffer;
  buffer_open(&buffer, &arena, 0);
  quantity_write(&buffer, amount, dimension);
  return buffer_finish(&buffer);
}

static const char *number_written(Amount amount) {
  Buffer buffer;
  buffer_open(&buffer, &arena, 0);
  amount_write(&buffer, amount);
  return buffer_finish(&buffer);
}

static Amount parsed(const char *text, Dimension dimension) {
  Amount amount = -1;
  QuantityError request_error = quantity_parse(text_of(text), dimension, &amount);
  if (request_error) fail_msg("%s: fault %d", text, (int)request_error);
  return amount;
}

static void refuses(const char *text, Dimension dimension, QuantityError expected) {
  Amount amount;
  QuantityError request_error = quantity_parse(text_of(text), dimension, &amount);
  if (request_error != expected)
    fail_msg("\"%s\" as %s: fault %d, not %d", text, dimension_name(dimension), (int)request_error,
             (int)expected);
}

/* A generator good enough to vary digits, and the same on every machine. */
static uint64_t next_random(uint64_t *seed) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  return *seed >> 11 ^ *seed << 21;
}

/* Of every size from one digit to nineteen. */
static Amount random_amount(uint64_t *seed) {
  uint64_t bits = next_random(seed) & INT64_MAX;
  return (Amount)(bits >> next_random(seed) % 63);
}

static void decimals_are_read_exactly(void **state) {
  (void)state;
  const struct {
    const char *text;
    Amount amount;
  } cases[] = {
      {"0", 0},
      {"-0", 0},
      {"1", ONE},
      {"007", 7 * ONE},
      {"0.1", ONE / 10},
      {"-0.000000001", -1},
      {"0.10000000000000000000000000000000000", ONE / 10},
      {"9223372036.854775807", INT64_MAX},
      {"-9223372036.854775808", INT64_MIN},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Amount amount = 42;
    assert_int_equal(amount_parse(text_of(cases[i].text), &amount), QUANTITY_OK);
    assert_int_equal(amount, cases[i].amount);
  }
}

static void nothing_is_rounded(void **state) {
  (void)state;
  Amount amount;
  assert_int_equal(amount_parse(TEXT("0.0000000001"), &amount), QUANTITY_TOO_FINE);
  assert_int_equal(amount_parse(TEXT("0.9999999999"), &amount), QUANTITY_TOO_FINE);
  assert_int_equal(amount_parse(TEXT("0.00000000000000000000000000000000000001"), &amount),
                   QUANTITY_TOO_FINE);
  assert_int_equal(amount_parse(TEXT("1234567890.12345678901234567890123456789"), &amount),
                   QUANTITY_TOO_FINE);
  assert_int_equal(amount_parse(TEXT("9223372036.854775808"), &amount), QUANTITY_TOO_LARGE);
  assert_int_equal(amount_parse(TEXT("-9223372036.854775809"), &amount), QUANTITY_TOO_LARGE);
  assert_int_equal(amount_parse(TEXT("99999999999999999999999999999999999999999"), &amount),
                   QUANTITY_TOO_LARGE);
  refuses("9999999999999999999999999999 kg", DIMENSION_MASS, QUANTITY_TOO_LARGE);
  refuses("1.000000000000000000000000001 kg", DIMENSION_MASS, QUANTITY_TOO_FINE);
  refuses("0.00000000001 h", DIMENSION_TIME, QUANTITY_TOO_FINE);
  refuses("0.0000000001 mg/week", DIMENSION_MASS_PER_TIME, QUANTITY_TOO_FINE);
}

static void what_is_no_plain_decimal_is_no_number(void **state) {
  (void)state;
  const char *const request_errors[] = {"",   "abc", "1e3", "1E3",   "1.",    ".5",
                                        "+1", "--1", "-",   "1.2.3", "1,000", "0x10",
                                        " 1", "1 ",  "inf", "nan",   "1-"};
  for (size_t i = 0; i < sizeof request_errors / sizeof *request_errors; i++) {
    Amount amount;
    if (amount_parse(text_of(request_errors[i]), &amount) != QUANTITY_NOT_A_NUMBER)
      fail_msg("\"%s\"", request_errors[i]);
    if (request_errors[i][0] != '0')
      refuses(request_errors[i], DIMENSION_NUMBER, QUANTITY_NOT_A_NUMBER);
  }
  refuses("1e3 kg", DIMENSION_MASS, QUANTITY_NOT_A_NUMBER);
  refuses("1,000 mg", DIMENSION_MASS, QUANTITY_NOT_A_NUMBER);
}

static void a_quantity_says_what_is_wrong_with_its_unit(void **state) {
  (void)state;
  refuses("70", DIMENSION_MASS, QUANTITY_MISSING_UNIT);
  refuses("0.1", DIMENSION_PERCENT, QUANTITY_MISSING_UNIT);
  refuses("70 ", DIMENSION_MASS, QUANTITY_NOT_A_NUMBER);
  refuses("70 stone", DIMENSION_MASS, QUANTITY_UNKNOWN_UNIT);
  refuses("70  kg", DIMENSION_MASS, QUANTITY_UNKNOWN_UNIT);
  refuses("70 kg ", DIMENSION_MASS, QUANTITY_UNKNOWN_UNIT);
  refuses("70 Kg", DIMENSION_MASS, QUANTITY_UNKNOWN_UNIT);
  refuses("70 cm", DIMENSION_MASS, QUANTITY_WRONG_DIMENSION);
  refuses("28 mcg", DIMENSION_MASS_PER_TIME, QUANTITY_WRONG_DIMENSION);
  refuses("3 mg", DIMENSION_COUNT, QUANTITY_WRONG_DIMENSION);
  refuses("3 cycles", DIMENSION_COUNT, QUANTITY_UNKNOWN_UNIT);
  refuses("1.5", DIMENSION_COUNT, QUANTITY_TOO_FINE);
  assert_int_equal(parsed("3.0", DIMENSION_COUNT), 3 * ONE);
  assert_int_equal(parsed("1.5", DIMENSION_NUMBER), 3 * ONE / 2);
}

static void units_are_exact(void **state) {
  (void)state;
  assert_int_equal(parsed("1 lb", DIMENSION_MASS), INT64_C(453592370000000));
  assert_int_equal(parsed("16 oz", DIMENSION_MASS), parsed("1 lb", DIMENSION_MASS));
  assert_int_equal(parsed("1 in", DIMENSION_LENGTH), parsed("2.54 cm", DIMENSION_LENGTH));
  assert_int_equal(parsed("70 kg", DIMENSION_MASS), parsed("70000000mg", DIMENSION_MASS));
  assert_int_equal(parsed("1000 ng", DIMENSION_MASS), parsed("1 mcg", DIMENSION_MASS));
  assert_int_equal(parsed("1 g/L", DIMENSION_MASS_PER_VOLUME),
                   parsed("1 mg/mL", DIMENSION_MASS_PER_VOLUME));
  assert_int_equal(parsed("1 g/dL", DIMENSION_MASS_PER_VOLUME),
                   parsed("10 mg/mL", DIMENSION_MASS_PER_VOLUME));
  assert_int_equal(parsed("1000 ng/mL", DIMENSION_MASS_PER_VOLUME),
                   parsed("1 mg/L", DIMENSION_MASS_PER_VOLUME));
  assert_int_equal(parsed("1 mg/g", DIMENSION_MASS_PER_MASS),
                   parsed("1000 mg/kg", DIMENSION_MASS_PER_MASS));
  assert_int_equal(parsed("1 mcg/h", DIMENSION_MASS_PER_TIME),
                   parsed("24 mcg/day", DIMENSION_MASS_PER_TIME));
  assert_int_equal(parsed("7 mg/week", DIMENSION_MASS_PER_TIME),
                   parsed("1 mg/day", DIMENSION_MASS_PER_TIME));
  assert_int_equal(parsed("3 hours", DIMENSION_TIME), parsed("0.125 days", DIMENSION_TIME));
  assert_int_equal(parsed("2 weeks", DIMENSION_TIME), parsed("14 d", DIMENSION_TIME));
  assert_int_equal(parsed("500 kg", DIMENSION_MASS), INT64_C(500000000) * ONE);
}

static void a_unit_has_many_spellings_and_one_meaning(void **state) {
  (void)state;
  const struct {
    Dimension dimension;
    const char *spellings[12];
  } cases[] = {
      {DIMENSION_MASS, {"28 mcg", "28mcg", "28 ug", "28 \xc2\xb5g", "28 \xce\xbcg"}},
      {DIMENSION_MASS_PER_TIME,
       {"24 mcg/day", "24 mcg/d", "24 mcg per day", "24 ug per d", "1 mcg/h", "1 mcg/hour",
        "1 \xc2\xb5g per hour"}},
      {DIMENSION_MASS_PER_AREA,
       {"0.8 mg/m2", "0.8 mg/m\xc2\xb2", "0.8 mg per m2", "0.8mg per m\xc2\xb2", "800 mcg/m2"}},
      {DIMENSION_MASS_PER_AREA_TIME,
       {"15 mcg/m2/day", "15 mcg/day/m2", "15 mcg per m2 per day", "15 mcg/m\xc2\xb2 per day"}},
      {DIMENSION_MASS_PER_MASS_TIME,
       {"24 mg/kg/day", "1 mg/kg/h", "24 mg per kg per day", "24000 mcg/kg/d"}},
      {DIMENSION_PERCENT, {"0.1 %", "0.1%"}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Amount first = parsed(cases[i].spellings[0], cases[i].dimension);
    for (int k = 1; cases[i].spellings[k]; k++)
      assert_int_equal(parsed(cases[i].spellings[k], cases[i].dimension), first);
  }
}

static void what_measures_nothing_here_is_no_unit(void **state) {
  (void)state;
  const char *const request_errors[] = {"",         "/day",
                                        "per day",  "mg/",
                                        "mg//day",  "mg per",
                                        "mg per ",  "mg per  day",
                                        "mg /day",  "mg/ day",
                                        "mg/days",  "mg/day/day",
                                        "%/day",    "mg/%",
                                        "m2/m",     "L/m2",
                                        "mL/kg",    "mg/m",
                                        "cm/cm",    "day/day",
                                        "mg/m2/kg", "mg/kg/kg/kg",
                                        "mgday",    "MG",
                                        "mg\n",     "mg/m2/day/m2/day"};
  for (size_t i = 0; i < sizeof request_errors / sizeof *request_errors; i++) {
    Dimension dimension;
    int64_t numerator, denominator;
    if (unit_find(text_of(request_errors[i]), &dimension, &numerator, &denominator))
      fail_msg("\"%s\"", request_errors[i]);
  }
}

static void a_unit_is_a_reduced_fraction_of_base_units(void **state) {
  (void)state;
  Dimension dimension;
  int64_t numerator, denominator;
  assert_true(unit_find(TEXT("mcg/kg/h"), &dimension, &numerator, &denominator));
  assert_int_equal(dimension, DIMENSION_MASS_PER_MASS_TIME);
  assert_int_equal(numerator, 21);
  assert_int_equal(denominator, 125);
}

static void a_literal_says_its_own_dimension(void **state) {
  (void)state;
  Dimension dimension;
  Amount amount;
  assert_int_equal(quantity_from_unit(TEXT("28"), TEXT("mcg/day"), &dimension, &amount),
                   QUANTITY_OK);
  assert_int_equal(dimension, DIMENSION_MASS_PER_TIME);
  assert_int_equal(amount, 7 * 28 * ONE / 1000);
  assert_int_equal(quantity_from_unit(TEXT("5"), TEXT(""), &dimension, &amount), QUANTITY_OK);
  assert_int_equal(dimension, DIMENSION_NUMBER);
  assert_int_equal(quantity_from_unit(TEXT("5"), TEXT("stone"), &dimension, &amount),
                   QUANTITY_UNKNOWN_UNIT);
  assert_int_equal(quantity_from_unit(TEXT("5x"), TEXT("mg"), &dimension, &amount),
                   QUANTITY_NOT_A_NUMBER);
  assert_int_equal(quantity_from_unit(TEXT("0.00000000001"), TEXT("h"), &dimension, &amount),
                   QUANTITY_TOO_FINE);
}

static void dimensions_go_by_their_names(void **state) {
  (void)state;
  for (int i = 0; i < DIMENSION_COUNT_OF; i++) {
    Dimension dimension;
    assert_true(dimension_named(text_of(dimension_name((Dimension)i)), &dimension));
    assert_int_equal(dimension, i);
  }
  Dimension dimension;
  assert_false(dimension_named(TEXT("force"), &dimension));
}

static void every_unit_offered_for_a_dimension_is_one_of_it(void **state) {
  (void)state;
  for (int i = 0; i < DIMENSION_COUNT_OF; i++) {
    char *units = arena_format(&arena, "%s", dimension_units((Dimension)i));
    for (char *rest, *unit = strtok_r(units, ", ", &rest); unit;
         unit = strtok_r(NULL, ", ", &rest)) {
      Dimension dimension;
      int64_t numerator, denominator;
      if (!unit_find(text_of(unit), &dimension, &numerator, &denominator) ||
          dimension != (Dimension)i)
        fail_msg("%s", unit);
    }
  }
}

static void quantities_are_written_in_the_unit_that_reads_best(void **state) {
  (void)state;
  const struct {
    const char *read;
    Dimension dimension;
    const char *written;
  } cases[] = {
      {"70 kg", DIMENSION_MASS, "70 kg"},
      {"70.5 kg", DIMENSION_MASS, "70.5 kg"},
      {"154 lb", DIMENSION_MASS, "69.85322498 kg"},
      {"0.9 kg", DIMENSION_MASS, "900 g"},
      {"35 mcg", DIMENSION_MASS, "35 mcg"},
      {"980 mcg", DIMENSION_MASS, "980 mcg"},
      {"900 mcg", DIMENSION_MASS, "0.9 mg"},
      {"0.85 mg", DIMENSION_MASS, "850 mcg"},
      {"375 mg", DIMENSION_MASS, "375 mg"},
      {"0.5 mcg", DIMENSION_MASS, "500 ng"},
      {"-35 mcg", DIMENSION_MASS, "-35 mcg"},
      {"0 kg", DIMENSION_MASS, "0 mg"},
      {"28 mcg/day", DIMENSION_MASS_PER_TIME, "28 mcg/day"},
      {"0.5 mcg/h", DIMENSION_MASS_PER_TIME, "12 mcg/day"},
      {"600 mg/day", DIMENSION_MASS_PER_TIME, "600 mg/day"},
      {"0.8 mg/m2", DIMENSION_MASS_PER_AREA, "0.8 mg/m2"},
      {"1.8 mg/m2", DIMENSION_MASS_PER_AREA, "1.8 mg/m2"},
      {"3 g/m2", DIMENSION_MASS_PER_AREA, "3000 mg/m2"},
      {"25.5 kg/m2", DIMENSION_MASS_PER_AREA, "25.5 kg/m2"},
      {"15 mcg/m2/day", DIMENSION_MASS_PER_AREA_TIME, "15 mcg/m2/day"},
      {"0.25 mg/kg", DIMENSION_MASS_PER_MASS, "250 mcg/kg"},
      {"0.5 mg/kg/day", DIMENSION_MASS_PER_MASS_TIME, "0.5 mg/kg/day"},
      {"1.2 mg/dL", DIMENSION_MASS_PER_VOLUME, "1.2 mg/dL"},
      {"12.5 mcg/mL", DIMENSION_MASS_PER_VOLUME, "1.25 mg/dL"},
      {"300 ng/mL", DIMENSION_MASS_PER_VOLUME, "300 ng/mL"},
      {"1.7 m", DIMENSION_LENGTH, "170 cm"},
      {"5 mm", DIMENSION_LENGTH, "5 mm"},
      {"1.73 m2", DIMENSION_AREA, "1.73 m2"},
      {"250 mL", DIMENSION_VOLUME, "250 mL"},
      {"1.5 L", DIMENSION_VOLUME, "1.5 L"},
      {"1 day", DIMENSION_TIME, "1 day"},
      {"2 weeks", DIMENSION_TIME, "14 days"},
      {"6 h", DIMENSION_TIME, "6 hours"},
      {"25 h", DIMENSION_TIME, "25 hours"},
      {"36 h", DIMENSION_TIME, "1.5 days"},
      {"50 minutes", DIMENSION_TIME, "50 minutes"},
      {"1.5 h", DIMENSION_TIME, "1.5 hours"},
      {"1 mg/week", DIMENSION_MASS_PER_TIME, "1 mg/week"},
      {"200 mcg/week", DIMENSION_MASS_PER_TIME, "200 mcg/week"},
      {"1 mcg/min", DIMENSION_MASS_PER_TIME, "1.44 mg/day"},
      {"1.5 mcg/kg/min", DIMENSION_MASS_PER_MASS_TIME, "2.16 mg/kg/day"},
      {"2.5 mL/h", DIMENSION_VOLUME_PER_TIME, "2.5 mL/h"},
      {"1 L/day", DIMENSION_VOLUME_PER_TIME, "1000 mL/day"},
      {"0.1%", DIMENSION_PERCENT, "0.1 %"},
      {"100 %", DIMENSION_PERCENT, "100 %"},
      {"3", DIMENSION_COUNT, "3"},
      {"0.25", DIMENSION_RATIO, "0.25"},
      {"-1.50", DIMENSION_NUMBER, "-1.5"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_string_equal(written(parsed(cases[i].read, cases[i].dimension), cases[i].dimension),
                        cases[i].written);
  }
}

static void every_amount_of_every_dimension_is_read_as_it_is_written(void **state) {
  (void)state;
  uint64_t seed = 1;
  for (int i = 0; i < DIMENSION_COUNT_OF; i++) {
    for (int k = 0; k < 3000; k++) {
      Amount amount = k == 0 ? INT64_MAX : k == 1 ? INT64_MIN : k == 2 ? 0 : random_amount(&seed);
      if (i == DIMENSION_COUNT) amount -= amount % ONE;
      if (k % 5 == 4) amount = -amount;
      Amount back = parsed(written(amount, (Dimension)i), (Dimension)i);
      if (back != amount) fail_msg("%s", written(amount, (Dimension)i));
    }
  }
}

/* Any number of up to six places, of any unit of time or of a rate, is kept; and what it amounts to
 * in one unit is the same in every other. */
static void every_unit_of_time_is_whole_in_every_smaller_one(void **state) {
  (void)state;
  static const struct {
    const char *unit;
    int minutes;
  } units[] = {{"minutes", 1}, {"h", 60}, {"days", 1440}, {"weeks", 10080}};
  static const struct {
    const char *unit;
    int per_week;
  } rates[] = {{"week", 1}, {"day", 7}, {"h", 168}, {"min", 10080}};
  static const struct {
    const char *unit;
    Dimension dimension;
  } rated[] = {{"mg", DIMENSION_MASS_PER_TIME},
               {"mL", DIMENSION_VOLUME_PER_TIME},
               {"mg/m2", DIMENSION_MASS_PER_AREA_TIME},
               {"mg/kg", DIMENSION_MASS_PER_MASS_TIME}};
  uint64_t seed = 3;
  for (int k = 0; k < 2000; k++) {
    const Amount millionths = (Amount)(next_random(&seed) % 100000000);
    const char *digits = number_written(millionths * (ONE / 1000000));
    char number[64];
    snprintf(number, sizeof number, "%s", digits);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
      const char *text = arena_format(&arena, "%s %s", number, units[i].unit);
      assert_int_equal(parsed(text, DIMENSION_TIME), millionths * 1000 * units[i].minutes);
    }
    for (size_t r = 0; r < sizeof rated / sizeof *rated; r++)
      for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const char *text = arena_format(&arena, "%s %s/%s", number, rated[r].unit, rates[i].unit);
        const Amount amount = parsed(text, rated[r].dimension);
        assert_int_equal(amount, millionths * 1000 * rates[i].per_week);
        assert_int_equal(parsed(written(amount, rated[r].dimension), rated[r].dimension), amount);
      }
  }
}

static void numbers_are_read_as_they_are_written(void **state) {
  (void)state;
  uint64_t seed = 2;
  for (int k = 0; k < 20000; k++) {
    Amount amount = random_amount(&seed) * (k % 2 ? 1 : -1), back;
    assert_int_equal(amount_parse(text_of(number_written(amount)), &back), QUANTITY_OK);
    assert_int_equal(back, amount);
  }
  assert_string_equal(number_written(INT64_MIN), "-9223372036.854775808");
  assert_string_equal(number_written(1), "0.000000001");
  assert_string_equal(number_written(10 * ONE), "10");
}

static void sums_stop_at_the_ends(void **state) {
  (void)state;
  Amount sum;
  assert_true(amount_add(2 * ONE, -3 * ONE, &sum));
  assert_int_equal(sum, -ONE);
  assert_false(amount_add(INT64_MAX, 1, &sum));
  assert_false(amount_add(INT64_MIN, -1, &sum));
}

#define D(symbol) DIMENSION_##symbol

static void dimensions_multiply_and_divide_as_units_do(void **state) {
  (void)state;
  const struct {
    Dimension a, b, product;
  } cases[] = {
      {D(MASS_PER_AREA), D(AREA), D(MASS)},
      {D(MASS_PER_TIME), D(TIME), D(MASS)},
      {D(MASS_PER_AREA_TIME), D(AREA), D(MASS_PER_TIME)},
      {D(MASS_PER_AREA_TIME), D(TIME), D(MASS_PER_AREA)},
      {D(MASS_PER_MASS), D(MASS), D(MASS)},
      {D(MASS_PER_MASS_TIME), D(MASS), D(MASS_PER_TIME)},
      {D(MASS_PER_MASS_TIME), D(TIME), D(MASS_PER_MASS)},
      {D(MASS_PER_VOLUME), D(VOLUME), D(MASS)},
      {D(AREA), D(LENGTH), D(VOLUME)},
      {D(VOLUME_PER_TIME), D(TIME), D(VOLUME)},
      {D(MASS_PER_VOLUME), D(VOLUME_PER_TIME), D(MASS_PER_TIME)},
      {D(LENGTH), D(LENGTH), D(AREA)},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Dimension result;
    assert_true(dimension_product(cases[i].a, cases[i].b, &result));
    assert_int_equal(result, cases[i].product);
    assert_true(dimension_product(cases[i].b, cases[i].a, &result));
    assert_int_equal(result, cases[i].product);
    assert_true(dimension_quotient(cases[i].product, cases[i].a, &result));
    assert_int_equal(result, cases[i].b);
    assert_true(dimension_quotient(cases[i].product, cases[i].b, &result));
    assert_int_equal(result, cases[i].a);
  }
}

static void plain_numbers_scale_and_like_by_like_is_a_ratio(void **state) {
  (void)state;
  Dimension result;
  assert_true(dimension_product(D(NUMBER), D(MASS), &result) && result == D(MASS));
  assert_true(dimension_product(D(MASS_PER_MASS), D(PERCENT), &result) &&
              result == D(MASS_PER_MASS));
  assert_true(dimension_product(D(NUMBER), D(COUNT), &result) && result == D(COUNT));
  assert_true(dimension_product(D(PERCENT), D(PERCENT), &result) && result == D(PERCENT));
  assert_true(dimension_product(D(PERCENT), D(COUNT), &result) && result == D(RATIO));
  assert_true(dimension_quotient(D(VOLUME), D(VOLUME), &result) && result == D(RATIO));
  assert_true(dimension_quotient(D(MASS_PER_MASS), D(MASS_PER_MASS), &result) &&
              result == D(RATIO));
  assert_true(dimension_quotient(D(MASS), D(COUNT), &result) && result == D(MASS));
  assert_true(dimension_quotient(D(NUMBER), D(NUMBER), &result) && result == D(NUMBER));
  assert_true(dimension_quotient(D(COUNT), D(COUNT), &result) && result == D(RATIO));
}

static void what_has_no_meaning_has_no_dimension(void **state) {
  (void)state;
  Dimension result;
  assert_false(dimension_product(D(MASS), D(MASS), &result));
  assert_false(dimension_product(D(MASS_PER_MASS), D(AREA), &result));
  assert_false(dimension_product(D(TIME), D(TIME), &result));
  assert_false(dimension_quotient(D(NUMBER), D(TIME), &result));
  assert_false(dimension_quotient(D(MASS), D(LENGTH), &result));
  assert_false(dimension_quotient(D(MASS_PER_MASS_TIME), D(MASS_PER_MASS), &result));
  Amount amount;
  assert_false(amount_multiply(ONE, D(MASS), ONE, D(MASS), &amount, NULL));
  assert_false(amount_divide(ONE, D(NUMBER), ONE, D(TIME), &amount, NULL));
  assert_false(amount_divide(ONE, D(MASS), 0, D(NUMBER), &amount, NULL));
}

static const char *product(const char *a, Dimension da, const char *b, Dimension db) {
  Dimension result;
  Amount amount;
  bool exact = false;
  assert_true(dimension_product(da, db, &result));
  assert_true(amount_multiply(parsed(a, da), da, parsed(b, db), db, &amount, &exact));
  assert_true(exact);
  return written(amount, result);
}

static const char *quotient(const char *a, Dimension da, const char *b, Dimension db) {
  Dimension result;
  Amount amount;
  bool exact = false;
  assert_true(dimension_quotient(da, db, &result));
  assert_true(amount_divide(parsed(a, da), da, parsed(b, db), db, &amount, &exact));
  assert_true(exact);
  return written(amount, result);
}

static void doses_come_out_exactly(void **state) {
  (void)state;
  assert_string_equal(product("15 mcg/m2/day", D(MASS_PER_AREA_TIME), "1.2 m2", D(AREA)),
                      "18 mcg/day");
  assert_string_equal(product("28 mcg/day", D(MASS_PER_TIME), "28 days", D(TIME)), "784 mcg");
  assert_string_equal(product("0.8 mg/m2", D(MASS_PER_AREA), "1.75 m2", D(AREA)), "1.4 mg");
  assert_string_equal(product("2 mg/kg", D(MASS_PER_MASS), "70 kg", D(MASS)), "140 mg");
  assert_string_equal(product("1 mg/week", D(MASS_PER_TIME), "3 weeks", D(TIME)), "3 mg");
  assert_string_equal(product("12.5 mcg/mL", D(MASS_PER_VOLUME), "2 mL/h", D(VOLUME_PER_TIME)),
                      "600 mcg/day");
  assert_string_equal(quotient("5 mg", D(MASS), "1 hour", D(TIME)), "120 mg/day");
  assert_string_equal(quotient("1 mg", D(MASS), "2 mg/week", D(MASS_PER_TIME)), "3.5 days");
  assert_string_equal(quotient("100 mL", D(VOLUME), "20 minutes", D(TIME)), "300 mL/h");
  assert_string_equal(product("1 mg/kg/h", D(MASS_PER_MASS_TIME), "10 kg", D(MASS)), "240 mg/day");
  assert_string_equal(product("12.5 mcg/mL", D(MASS_PER_VOLUME), "2.8 mL", D(VOLUME)), "35 mcg");
  assert_string_equal(product("50 %", D(PERCENT), "70 kg", D(MASS)), "35 kg");
  assert_string_equal(product("50 %", D(PERCENT), "50 %", D(PERCENT)), "25 %");
  assert_string_equal(product("50 %", D(PERCENT), "3", D(COUNT)), "1.5");
  assert_string_equal(product("2 m2", D(AREA), "10 cm", D(LENGTH)), "200 L");
  assert_string_equal(product("-3", D(NUMBER), "35 mcg", D(MASS)), "-105 mcg");
  assert_string_equal(quotient("784 mcg", D(MASS), "28 days", D(TIME)), "28 mcg/day");
  assert_string_equal(quotient("140 mg", D(MASS), "70 kg", D(MASS)), "2 mg/kg");
  assert_string_equal(quotient("80 kg", D(MASS), "3.2 m2", D(AREA)), "25 kg/m2");
  assert_string_equal(quotient("35 mcg", D(MASS), "2.8 mL", D(VOLUME)), "1.25 mg/dL");
  assert_string_equal(quotient("35 mcg", D(MASS), "12.5 mcg/mL", D(MASS_PER_VOLUME)), "2.8 mL");
  assert_string_equal(quotient("3", D(COUNT), "4", D(COUNT)), "0.75");
  assert_string_equal(quotient("1", D(NUMBER), "50 %", D(PERCENT)), "2");
  assert_string_equal(quotient("140 mg", D(MASS), "2 mg/kg", D(MASS_PER_MASS)), "70 kg");
}

static void what_does_not_come_out_even_is_rounded_half_to_even_and_said(void **state) {
  (void)state;
  const struct {
    Amount a, b, expected; /* a billionths by b */
  } cases[] = {{1, 2, 0}, {3, 2, 2}, {5, 2, 2},   {-1, 2, 0},  {-3, 2, -2}, {-5, 2, -2},
               {2, 3, 1}, {1, 3, 0}, {-2, 3, -1}, {5, -2, -2}, {7, -2, -4}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Amount amount;
    bool exact = true;
    assert_true(amount_divide(cases[i].a, D(NUMBER), cases[i].b * ONE, D(NUMBER), &amount, &exact));
    assert_int_equal(amount, cases[i].expected);
    assert_false(exact);
    if (cases[i].b == 2) {
      assert_true(amount_multiply(cases[i].a, D(NUMBER), ONE / 2, D(NUMBER), &amount, &exact));
      assert_int_equal(amount, cases[i].expected);
      assert_false(exact);
    }
  }
}

static void products_and_quotients_stop_at_the_ends(void **state) {
  (void)state;
  Amount amount;
  assert_false(amount_multiply(INT64_MAX, D(NUMBER), 2 * ONE, D(NUMBER), &amount, NULL));
  assert_false(amount_multiply(INT64_MIN, D(NUMBER), INT64_MIN, D(NUMBER), &amount, NULL));
  assert_true(amount_multiply(INT64_MIN, D(NUMBER), ONE, D(NUMBER), &amount, NULL));
  assert_int_equal(amount, INT64_MIN);
  assert_false(amount_divide(INT64_MIN, D(NUMBER), -ONE, D(NUMBER), &amount, NULL));
  assert_false(amount_divide(ONE, D(MASS), 1, D(MASS), &amount, NULL));
}

/* The powers of ten left over must be representable whatever is combined: this visits every pair.
 */
static void every_pair_of_dimensions_combines_or_is_refused(void **state) {
  (void)state;
  const Amount extremes[] = {1, -1, ONE, INT64_MAX, INT64_MIN};
  for (int a = 0; a < DIMENSION_COUNT_OF; a++) {
    for (int b = 0; b < DIMENSION_COUNT_OF; b++) {
      for (int i = 0; i < 25; i++) {
        Amount amount;
        Dimension result;
        bool meant = dimension_product((Dimension)a, (Dimension)b, &result);
        if (amount_multiply(extremes[i / 5], (Dimension)a, extremes[i % 5], (Dimension)b, &amount,
                            NULL))
          assert_true(meant);
        meant = dimension_quotient((Dimension)a, (Dimension)b, &result);
        if (amount_divide(extremes[i / 5], (Dimension)a, extremes[i % 5], (Dimension)b, &amount,
                          NULL))
          assert_true(meant);
      }
    }
  }
}

static Amount body_surface(const char *height, const char *weight) {
  Amount area = -1;
  assert_true(
      amount_body_surface_mosteller(parsed(height, D(LENGTH)), parsed(weight, D(MASS)), &area));
  return area;
}

static void body_surface_is_rounded_down_at_the_last_place(void **state) {
  (void)state;
  assert_int_equal(body_surface("180 cm", "80 kg"), 2 * ONE);    /* sqrt(180 * 80 / 3600) = 2 */
  assert_int_equal(body_surface("170 cm", "70 kg"), 1818118685); /* 1.81811868542... */
  assert_int_equal(body_surface("60 cm", "6 kg"), 316227766);    /* 0.31622776601... */
  Amount area;
  assert_false(amount_body_surface_mosteller(0, ONE, &area));
  assert_false(amount_body_surface_mosteller(ONE, -1, &area));
}

static void body_surface_is_the_whole_root_for_any_body(void **state) {
  (void)state;
  uint64_t seed = 3;
  for (int i = 0; i < 20000; i++) {
    Amount height = random_amount(&seed) + 1, weight = random_amount(&seed) + 1, area;
    if (height < 0 || weight < 0) continue;
    assert_true(amount_body_surface_mosteller(height, weight, &area));
    __extension__ unsigned __int128 product = (unsigned __int128)height * (unsigned __int128)weight;
    __extension__ unsigned __int128 root = (unsigned __int128)area;
    assert_true(root * root * 36000000 <= product && (root + 1) * (root + 1) * 36000000 > product);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(decimals_are_read_exactly),
      cmocka_unit_test(nothing_is_rounded),
      cmocka_unit_test(what_is_no_plain_decimal_is_no_number),
      cmocka_unit_test(a_quantity_says_what_is_wrong_with_its_unit),
      cmocka_unit_test(units_are_exact),
      cmocka_unit_test(a_unit_has_many_spellings_and_one_meaning),
      cmocka_unit_test(what_measures_nothing_here_is_no_unit),
      cmocka_unit_test(a_unit_is_a_reduced_fraction_of_base_units),
      cmocka_unit_test(a_literal_says_its_own_dimension),
      cmocka_unit_test(dimensions_go_by_their_names),
      cmocka_unit_test(every_unit_offered_for_a_dimension_is_one_of_it),
      cmocka_unit_test(quantities_are_written_in_the_unit_that_reads_best),
      cmocka_unit_test(every_amount_of_every_dimension_is_read_as_it_is_written),
      cmocka_unit_test(every_unit_of_time_is_whole_in_every_smaller_one),
      cmocka_unit_test(numbers_are_read_as_they_are_written),
      cmocka_unit_test(sums_stop_at_the_ends),
      cmocka_unit_test(dimensions_multiply_and_divide_as_units_do),
      cmocka_unit_test(plain_numbers_scale_and_like_by_like_is_a_ratio),
      cmocka_unit_test(what_has_no_meaning_has_no_dimension),
      cmocka_unit_test(doses_come_out_exactly),
      cmocka_unit_test(what_does_not_come_out_even_is_rounded_half_to_even_and_said),
      cmocka_unit_test(products_and_quotients_stop_at_the_ends),
      cmocka_unit_test(every_pair_of_dimensions_combines_or_is_refused),
      cmocka_unit_test(body_surface_is_rounded_down_at_the_last_place),
      cmocka_unit_test(body_surface_is_the_whole_root_for_any_body),
  };
  return cmocka_run_group_tests_name("base/quantity", tests, open_arena, close_arena);
}
