/* body_surface: body surface area (BSA) by four formulas, in whole numbers.
 *
 * Mosteller is a square root. The others are power laws, computed by binary logarithms whose places
 * are found by repeated squaring (Knuth, The Art of Computer Programming 1, 1.2.2), and a search
 * for the number that has the logarithm: every machine gets the same last decimal.
 */
#include "dosing/body_surface.h"

#include <math.h>

typedef __int128 Wide;
typedef unsigned __int128 UnsignedWide;

typedef struct PowerLaw {
  const char *word, *name;
  int64_t factor;                           /* millionths */
  int64_t height_exponent, weight_exponent; /* hundred-thousandths */
} PowerLaw;

static const PowerLaw laws[FORMULAS] = {
    [FORMULA_MOSTELLER] = {"mosteller", "Mosteller", 0, 0,
                           0}, /* a square root: no law of logarithms needed */
    [FORMULA_DUBOIS] = {"dubois", "DuBois", 7184, 72500, 42500},
    [FORMULA_HAYCOCK] = {"haycock", "Haycock", 24265, 39640, 53780},
    [FORMULA_GEHAN_GEORGE] = {"gehan_george", "Gehan-George", 23500, 42246, 51456},
};

Text formula_word(Formula formula) { return text_of(laws[formula].word); }
const char *formula_name(Formula formula) { return laws[formula].name; }

static bool is_joint(char c) { return c == ' ' || c == '-' || c == '_'; }

static bool same_name(const char *word, Text name) {
  uint32_t at = 0;
  for (; *word != '\0'; word++) {
    if (is_joint(*word)) continue;
    while (at < name.length && is_joint(name.at[at])) at++;
    if (at == name.length || ascii_lower(name.at[at++]) != *word) return false;
  }
  return at == name.length;
}

bool formula_named(Text name, Formula *formula) {
  for (int i = 0; i < FORMULAS; i++) {
    if (!same_name(laws[i].word, name)) continue;
    *formula = (Formula)i;
    return true;
  }
  return false;
}

#define LOGARITHM_PLACES 60

/* log2 of a whole number above 0, in units of 2^-60, rounded down; off by less than 2^-54. Squaring
 * a number between 1 and 2 doubles its logarithm: whether the square passes 2 is the logarithm's
 * next binary place. */
static Wide logarithm(int64_t number) {
  int exponent = 63 - __builtin_clzll((uint64_t)number);
  uint64_t mantissa = (uint64_t)number << (62 - exponent);
  Wide result = exponent;
  for (int place = 0; place < LOGARITHM_PLACES; place++) {
    mantissa = (uint64_t)(((UnsignedWide)mantissa * mantissa) >> 62);
    int passes = mantissa >> 63 & 1;
    mantissa >>= passes;
    result = result * 2 + passes;
  }
  return result;
}

#define MOST_BILLIONTHS (INT64_C(1) << 41) /* 2000 m2 */

/* The largest whole number above 0 whose logarithm is at most `wanted`; 0 where there is none. A
 * binary fraction guesses where it is, and may guess wrong: what it is, the whole logarithms say.
 */
static int64_t antilogarithm(Wide wanted) {
  double exponent = (double)wanted / (double)(INT64_C(1) << LOGARITHM_PLACES);
  if (exponent < 0) return 0;
  int64_t number = exponent < 41 ? (int64_t)exp2(exponent) : MOST_BILLIONTHS;
  while (number > 0 && logarithm(number) > wanted) number--;
  while (number < MOST_BILLIONTHS && logarithm(number + 1) <= wanted) number++;
  return number;
}

/* The logarithm of an amount in a unit that is 10^-places of the amount's last place. */
static Wide logarithm_in(Amount amount, int places) {
  int64_t scale = 1;
  while (places-- > 0) scale *= 10;
  return logarithm(amount) - logarithm(scale);
}

bool body_surface(Formula formula, Amount height_m, Amount weight_mg, Amount *area_m2) {
  if (formula == FORMULA_MOSTELLER)
    return amount_body_surface_mosteller(height_m, weight_mg, area_m2);
  if (height_m <= 0 || weight_mg <= 0) return false;
  const PowerLaw *law = &laws[formula];
  Wide height_cm = logarithm_in(height_m, 7), weight_kg = logarithm_in(weight_mg, 15);
  Wide powers = (height_cm * law->height_exponent + weight_kg * law->weight_exponent) / 100000;
  *area_m2 = antilogarithm(logarithm(law->factor) + logarithm(1000) +
                           powers); /* millionths of m2 to billionths */
  return *area_m2 > 0 && *area_m2 < MOST_BILLIONTHS;
}
