/* body_surface_test: the four formulas against values computed with 80 digits, to the last decimal
 * place. */
#include "dosing/body_surface.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static Amount parsed(const char *text, Dimension dimension) {
  Amount amount = 0;
  assert_int_equal(quantity_parse(text_of(text), dimension, &amount), QUANTITY_OK);
  return amount;
}

typedef struct Surface {
  Formula formula;
  const char *height, *weight, *area; /* rounded down to the ninth place, m2 */
} Surface;

/* The extremes that may be stated, children, adults, surfaces that are whole in the ninth place,
 * and bodies just off others. */
static const Surface surfaces[] = {
    {FORMULA_MOSTELLER, "20 cm", "0.2 kg", "0.033333333"},
    {FORMULA_MOSTELLER, "20 cm", "500 kg", "1.666666666"},
    {FORMULA_MOSTELLER, "300 cm", "0.2 kg", "0.129099444"},
    {FORMULA_MOSTELLER, "300 cm", "500 kg", "6.454972243"},
    {FORMULA_MOSTELLER, "50 cm", "3.2 kg", "0.210818510"},
    {FORMULA_MOSTELLER, "100 cm", "16 kg", "0.666666666"},
    {FORMULA_MOSTELLER, "109.512 cm", "20 kg", "0.780000000"},
    {FORMULA_MOSTELLER, "132.3 cm", "30 kg", "1.050000000"},
    {FORMULA_MOSTELLER, "160 cm", "75 kg", "1.825741858"},
    {FORMULA_MOSTELLER, "170 cm", "70 kg", "1.818118685"},
    {FORMULA_MOSTELLER, "175.26 cm", "81.6466266 kg", "1.993697554"},
    {FORMULA_MOSTELLER, "196 cm", "100 kg", "2.333333333"},
    {FORMULA_MOSTELLER, "299.9999999 cm", "499.999999999 kg", "6.454972242"},
    {FORMULA_MOSTELLER, "180 cm", "45.000000001 kg", "1.500000000"},
    {FORMULA_DUBOIS, "20 cm", "0.2 kg", "0.031809058"},
    {FORMULA_DUBOIS, "20 cm", "500 kg", "0.884454146"},
    {FORMULA_DUBOIS, "300 cm", "0.2 kg", "0.226577604"},
    {FORMULA_DUBOIS, "300 cm", "500 kg", "6.300013573"},
    {FORMULA_DUBOIS, "50 cm", "3.2 kg", "0.200820626"},
    {FORMULA_DUBOIS, "100 cm", "16 kg", "0.657835514"},
    {FORMULA_DUBOIS, "109.512 cm", "20 kg", "0.772527257"},
    {FORMULA_DUBOIS, "132.3 cm", "30 kg", "1.052625154"},
    {FORMULA_DUBOIS, "160 cm", "75 kg", "1.783422937"},
    {FORMULA_DUBOIS, "170 cm", "70 kg", "1.809707801"},
    {FORMULA_DUBOIS, "175.26 cm", "81.6466266 kg", "1.975195617"},
    {FORMULA_DUBOIS, "196 cm", "100 kg", "2.334812315"},
    {FORMULA_DUBOIS, "299.9999999 cm", "499.999999999 kg", "6.300013572"},
    {FORMULA_DUBOIS, "180 cm", "45.000000001 kg", "1.563342765"},
    {FORMULA_HAYCOCK, "20 cm", "0.2 kg", "0.033481315"},
    {FORMULA_HAYCOCK, "20 cm", "500 kg", "2.250166497"},
    {FORMULA_HAYCOCK, "300 cm", "0.2 kg", "0.097950147"},
    {FORMULA_HAYCOCK, "300 cm", "500 kg", "6.582899568"},
    {FORMULA_HAYCOCK, "50 cm", "3.2 kg", "0.213856110"},
    {FORMULA_HAYCOCK, "100 cm", "16 kg", "0.668892031"},
    {FORMULA_HAYCOCK, "109.512 cm", "20 kg", "0.781838134"},
    {FORMULA_HAYCOCK, "132.3 cm", "30 kg", "1.048002765"},
    {FORMULA_HAYCOCK, "160 cm", "75 kg", "1.849700458"},
    {FORMULA_HAYCOCK, "170 cm", "70 kg", "1.825677124"},
    {FORMULA_HAYCOCK, "175.26 cm", "81.6466266 kg", "2.007319710"},
    {FORMULA_HAYCOCK, "196 cm", "100 kg", "2.340079447"},
    {FORMULA_HAYCOCK, "299.9999999 cm", "499.999999999 kg", "6.582899567"},
    {FORMULA_HAYCOCK, "180 cm", "45.000000001 kg", "1.472543071"},
    {FORMULA_GEHAN_GEORGE, "20 cm", "0.2 kg", "0.036394770"},
    {FORMULA_GEHAN_GEORGE, "20 cm", "500 kg", "2.039308829"},
    {FORMULA_GEHAN_GEORGE, "300 cm", "0.2 kg", "0.114259021"},
    {FORMULA_GEHAN_GEORGE, "300 cm", "500 kg", "6.402277775"},
    {FORMULA_GEHAN_GEORGE, "50 cm", "3.2 kg", "0.223225961"},
    {FORMULA_GEHAN_GEORGE, "100 cm", "16 kg", "0.684825369"},
    {FORMULA_GEHAN_GEORGE, "109.512 cm", "20 kg", "0.798209424"},
    {FORMULA_GEHAN_GEORGE, "132.3 cm", "30 kg", "1.065146995"},
    {FORMULA_GEHAN_GEORGE, "160 cm", "75 kg", "1.849489686"},
    {FORMULA_GEHAN_GEORGE, "170 cm", "70 kg", "1.831289313"},
    {FORMULA_GEHAN_GEORGE, "175.26 cm", "81.6466266 kg", "2.007895214"},
    {FORMULA_GEHAN_GEORGE, "196 cm", "100 kg", "2.336546143"},
    {FORMULA_GEHAN_GEORGE, "299.9999999 cm", "499.999999999 kg", "6.402277775"},
    {FORMULA_GEHAN_GEORGE, "180 cm", "45.000000001 kg", "1.494539218"},
};

static void the_ninth_decimal_is_exact_and_rounded_down(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++) {
    const Surface *row = &surfaces[i];
    Amount area = 0, expected = 0;
    assert_true(body_surface(row->formula, parsed(row->height, DIMENSION_LENGTH),
                             parsed(row->weight, DIMENSION_MASS), &area));
    assert_int_equal(amount_parse(text_of(row->area), &expected), QUANTITY_OK);
    if (area != expected)
      fail_msg("%s, %s, %s: %s expected, %lld billionths computed", formula_name(row->formula),
               row->height, row->weight, row->area, (long long)area);
  }
}

static void no_body_is_without_height_or_weight(void **state) {
  (void)state;
  Amount metre = AMOUNT_ONE, kilogram = 1000000 * AMOUNT_ONE, area;
  for (int formula = 0; formula < FORMULAS; formula++) {
    assert_false(body_surface((Formula)formula, 0, kilogram, &area));
    assert_false(body_surface((Formula)formula, metre, 0, &area));
    assert_false(body_surface((Formula)formula, -metre, kilogram, &area));
    assert_false(body_surface((Formula)formula, metre, -kilogram, &area));
    assert_true(body_surface((Formula)formula, metre, kilogram, &area));
  }
}

/* What no body is has no surface rather than the largest that fits. */
static void a_surface_that_does_not_fit_is_none(void **state) {
  (void)state;
  Amount area, most = INT64_MAX;
  for (int formula = FORMULA_DUBOIS; formula < FORMULAS; formula++)
    assert_false(body_surface((Formula)formula, most, most, &area));
  assert_true(body_surface(FORMULA_DUBOIS, 3 * AMOUNT_ONE, most, &area));
}

/* A taller or heavier body never has less surface. */
static void surface_grows_with_height_and_weight(void **state) {
  (void)state;
  Amount centimetre = AMOUNT_ONE / 100, kilogram = 1000000 * AMOUNT_ONE;
  for (int formula = 0; formula < FORMULAS; formula++) {
    Amount before = 0, area = 0;
    for (int step = 20; step <= 300; step++, before = area) {
      assert_true(body_surface((Formula)formula, step * centimetre, 60 * kilogram, &area));
      assert_true(area > before);
    }
    before = 0;
    for (int step = 1; step <= 500; step++, before = area) {
      assert_true(body_surface((Formula)formula, 170 * centimetre, step * kilogram, &area));
      assert_true(area > before);
    }
  }
}

static void formulas_are_named_as_people_write_them(void **state) {
  (void)state;
  static const struct {
    const char *name;
    Formula formula;
  } names[] = {{"mosteller", FORMULA_MOSTELLER},
               {"Mosteller", FORMULA_MOSTELLER},
               {"DuBois", FORMULA_DUBOIS},
               {"Du Bois", FORMULA_DUBOIS},
               {"du-bois", FORMULA_DUBOIS},
               {"HAYCOCK", FORMULA_HAYCOCK},
               {"Gehan-George", FORMULA_GEHAN_GEORGE},
               {"gehan_george", FORMULA_GEHAN_GEORGE},
               {"gehangeorge", FORMULA_GEHAN_GEORGE}};
  Formula formula = FORMULAS;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    assert_true(formula_named(text_of(names[i].name), &formula));
    assert_int_equal(formula, names[i].formula);
  }
  static const char *const strangers[] = {"", "boyd", "mostelle", "mostellers", "gehan", "dubois2"};
  for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
    assert_false(formula_named(text_of(strangers[i]), &formula));
  for (int i = 0; i < FORMULAS; i++) {
    assert_true(formula_named(formula_word((Formula)i), &formula));
    assert_int_equal(formula, i);
    assert_true(formula_named(text_of(formula_name((Formula)i)), &formula));
    assert_int_equal(formula, i);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_ninth_decimal_is_exact_and_rounded_down),
      cmocka_unit_test(no_body_is_without_height_or_weight),
      cmocka_unit_test(a_surface_that_does_not_fit_is_none),
      cmocka_unit_test(surface_grows_with_height_and_weight),
      cmocka_unit_test(formulas_are_named_as_people_write_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
