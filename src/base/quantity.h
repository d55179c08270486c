/* quantity: exact amounts with a dimension.
 *
 * An amount is a whole number of billionths of its dimension's base unit (Amount, 64 bits), so sums
 * and comparisons are exact and cost one instruction; binary fractions never appear. Base units
 * were chosen so that medicine fits: mass in mg (1 Amount = 1 femtogram·1000 = a picogram; 500 kg
 * is 5e17 of at most 9.2e18), length in m, area in m2, volume in mL, time in minutes, rates per
 * week: so that 1 mg/week, 1 mcg/h and 20 minutes are all whole.
 *
 * A text with more digits than fit is refused, never rounded. Products and quotients that do not
 * come out even are rounded half to even at the last place and say so.
 */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include "base/text.h"

typedef int64_t Amount;
#define AMOUNT_ONE INT64_C(1000000000)
/* A day, of DIMENSION_TIME: what runs by time gives so much on a day (amount_multiply). */
#define AMOUNT_DAY (1440 * AMOUNT_ONE)

/* One line per dimension in dimension.def: DIMENSION(symbol, "name in the language", mass, length,
 * time exponents, base unit, power of ten and parts of the base unit against coherent mg, m, day).
 * One line per unit in unit.def: UNIT("spelling", dimension, numerator, denominator of base units).
 */
typedef enum Dimension {
#define DIMENSION(symbol, name, m, l, t, base, power, parts) DIMENSION_##symbol,
#include "base/dimension.def"
#undef DIMENSION
  DIMENSION_COUNT_OF
} Dimension;

const char *dimension_name(Dimension dimension);
/* Whether its amounts are written with a unit: not so counts, ratios and plain numbers. */
static inline bool dimension_has_units(Dimension dimension) {
#define DIMENSION(symbol, name, m, l, t, base, power, parts) sizeof(base) > 1,
  static const bool has_units[DIMENSION_COUNT_OF] = {
#include "base/dimension.def"
  };
#undef DIMENSION
  return has_units[dimension];
}
bool dimension_named(Text name, Dimension *dimension);
/* The spellings of the units of a dimension, for messages: "kg, g, lb, oz, mg, mcg". */
const char *dimension_units(Dimension dimension);
/* How finely amounts of a dimension are kept, for messages: "mass/time is stored in steps of
 * 0.000000001 mg/week". */
const char *dimension_precision(Dimension dimension);
/* Of how many billionths an amount must be a whole multiple to be written plainly, in the unit that
 * reads best: rates in days, time in days. */
Amount dimension_plain_step(Dimension dimension);

/* A unit's spelling ("mg/m2/day", "%", "ug/h", "per day" forms as fine-print lists them): its
 * dimension and how many base units it is. */
bool unit_find(Text spelling, Dimension *dimension, int64_t *numerator, int64_t *denominator);

typedef enum QuantityError {
  QUANTITY_OK,
  QUANTITY_NOT_A_NUMBER,    /* "abc", "", "1e3", "1." */
  QUANTITY_UNKNOWN_UNIT,    /* "70 stone" */
  QUANTITY_MISSING_UNIT,    /* "70" where the dimension has units */
  QUANTITY_WRONG_DIMENSION, /* "70 cm" for a mass */
  QUANTITY_TOO_FINE,        /* more digits than can be kept exactly */
  QUANTITY_TOO_LARGE
} QuantityError;

/* A decimal number: digits, optionally a point and digits, optionally a leading minus. No
 * exponents. */
QuantityError amount_parse(Text digits, Amount *amount);
/* The same for most numbers of a request: whole, and few digits. False, and nothing written, for
 * any other. */
static inline bool amount_parse_short(Text digits, Amount *amount) {
  Amount whole = 0;
  if (digits.length - 1 >= 9) return false;
  for (uint32_t i = 0; i < digits.length; i++) {
    const unsigned digit = (unsigned char)digits.at[i] - (unsigned)'0';
    if (digit > 9) return false;
    whole = whole * 10 + digit;
  }
  *amount = whole * AMOUNT_ONE;
  return true;
}
/* "70 kg", "28 mcg/day", "0.1 %": one optional space between number and unit. Count, number and
 * ratio take no unit, and a count is whole (else QUANTITY_TOO_FINE). The amount is in base units of
 * `dimension`. */
QuantityError quantity_parse(Text text, Dimension dimension, Amount *amount);
/* Of a text that has a number and a unit the dimension does not have: the same with the nearest
 * unit that it has ("45 KG" as 45 kg, "12.5 mcg/ml" as 12.5 mcg/mL). False where none is near. */
bool quantity_write_nearest(Buffer *out, Text text, Dimension dimension);
/* The number `digits` with the unit `unit`: for literals of the language, which say their own
 * dimension. No unit is a NUMBER. */
QuantityError quantity_from_unit(Text digits, Text unit, Dimension *dimension, Amount *amount);

/* Shortest exact decimal, then a space and the unit that reads best (28 mcg/day, 0.8 mg/m2, 70 kg,
 * 0.1 %). quantity_parse reads it back as the same amount (a count that is whole). */
void quantity_write(Buffer *out, Amount amount, Dimension dimension);
/* In the unit asked for; false, and nothing written, where the amount does not end as a decimal in
 * it (most amounts in lb, a third of a day in weeks). */
bool quantity_write_in(Buffer *out, Amount amount, Dimension dimension, Text unit);
void amount_write(Buffer *out, Amount amount);

/* Arithmetic. Each returns false on overflow or where the dimensions do not allow it. `exact` may
 * be NULL. Percent, ratio, count and number scale what they multiply or divide; mass by mass is
 * mass/mass (a dose per body weight), any other like by like a ratio. */
bool amount_add(Amount a, Amount b, Amount *sum);
bool dimension_product(Dimension a, Dimension b, Dimension *product);
bool dimension_quotient(Dimension a, Dimension b, Dimension *quotient);
bool amount_multiply(Amount a, Dimension da, Amount b, Dimension db, Amount *product, bool *exact);
bool amount_divide(Amount a, Dimension da, Amount b, Dimension db, Amount *quotient, bool *exact);
/* Body surface area (BSA) by Mosteller, sqrt(height_cm x weight_kg / 3600) m2, rounded down to the
 * last place kept. */
bool amount_body_surface_mosteller(Amount height_m, Amount weight_mg, Amount *area_m2);

#endif
