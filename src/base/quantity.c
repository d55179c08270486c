/* quantity: exact decimals, the units they are written in, and their arithmetic.
 *
 * Reading: a text is cut into a Decimal (digits and places) and a unit; the unit is a fraction of
 * base units; the product is an Amount or an error. All intermediates have 128 bits, and the widest
 * product that can arise is named where it arises.
 */
#include "base/quantity.h"

#include <assert.h>
#include <string.h>

__extension__ typedef __int128 Wide;
#define WIDE_MOST ((((Wide)1 << 126) - 1) * 2 + 1)

#define PLACES 9      /* AMOUNT_ONE is 10^PLACES */
#define MORE_PLACES 5 /* of which a week in minutes, 10080, has factors of two */

/* 10^exponent, up to 10^38. */
static Wide power_of_ten(int exponent) {
  assert(exponent >= 0 && exponent <= 38);
  Wide power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

static Wide magnitude_of(Wide value) { return value < 0 ? -value : value; }

static bool fits(Wide value, Amount *amount) {
  if (value > INT64_MAX || value < INT64_MIN) return false;
  *amount = (Amount)value;
  return true;
}

/* Dimensions. */

static const struct {
  const char *name, *base;
  int mass, length, time; /* exponents */
  int power, parts;       /* a base unit is 10^power / parts of mg, m, day */
  const char *precision;
} dimensions[DIMENSION_COUNT_OF] = {
#define DIMENSION(symbol, name, m, l, t, base, power, parts)                                 \
  [DIMENSION_##symbol] = {name,                                                              \
                          base,                                                              \
                          m,                                                                 \
                          l,                                                                 \
                          t,                                                                 \
                          power,                                                             \
                          parts,                                                             \
                          sizeof(base) > 1 ? name " is stored in steps of 0.000000001 " base \
                                           : "numbers are stored to nine decimal places"},
#include "base/dimension.def"
#undef DIMENSION
};

/* What an author is offered; of units written in several ways, one. The test holds this against
 * unit.def. */
static const char *const offered_units[DIMENSION_COUNT_OF] = {
    [DIMENSION_MASS] = "kg, g, lb, oz, mg, mcg, ng",
    [DIMENSION_LENGTH] = "m, cm, mm, in",
    [DIMENSION_AREA] = "m2",
    [DIMENSION_VOLUME] = "L, dL, mL",
    [DIMENSION_TIME] = "weeks, days, hours, minutes",
    [DIMENSION_MASS_PER_AREA] = "mg/m2, mcg/m2, g/m2",
    [DIMENSION_MASS_PER_TIME] = "mcg/day, mg/day, mcg/h, mg/h, mcg/week, mg/week, mcg/min",
    [DIMENSION_VOLUME_PER_TIME] = "mL/h, mL/day, L/day, mL/min",
    [DIMENSION_MASS_PER_AREA_TIME] = "mcg/m2/day, mg/m2/day, mcg/m2/h, mg/m2/week",
    [DIMENSION_MASS_PER_MASS] = "mg/kg, mcg/kg",
    [DIMENSION_MASS_PER_MASS_TIME] = "mg/kg/day, mcg/kg/day, mcg/kg/h, mcg/kg/min, mg/kg/week",
    [DIMENSION_MASS_PER_VOLUME] =
        "mg/mL, mcg/mL, ng/mL, g/dL, mg/dL, mcg/dL, ng/dL, g/L, mg/L, mcg/L, ng/L",
    [DIMENSION_PERCENT] = "%",
    [DIMENSION_RATIO] = "",
    [DIMENSION_COUNT] = "",
    [DIMENSION_NUMBER] = "",
};

const char *dimension_name(Dimension dimension) { return dimensions[dimension].name; }
const char *dimension_units(Dimension dimension) { return offered_units[dimension]; }
const char *dimension_precision(Dimension dimension) { return dimensions[dimension].precision; }
Amount dimension_plain_step(Dimension dimension) { return dimensions[dimension].parts; }

bool dimension_named(Text name, Dimension *dimension) {
  for (int i = 0; i < DIMENSION_COUNT_OF; i++) {
    if (!text_is(name, dimensions[i].name)) continue;
    *dimension = (Dimension)i;
    return true;
  }
  return false;
}

/* Numbers that measure nothing. They scale what they multiply and divide. */
static bool is_plain(Dimension dimension) {
  return dimension == DIMENSION_PERCENT || dimension == DIMENSION_RATIO ||
         dimension == DIMENSION_COUNT || dimension == DIMENSION_NUMBER;
}

/* Per kilogram of body: the exponents of two masses cancel, so these are not found by exponents but
 * stand here. Otherwise 5 mg/kg times an area would be an area, and 2 per day a dose. */
static const struct {
  Dimension a, b, product;
} per_mass[] = {
    {DIMENSION_MASS_PER_MASS, DIMENSION_MASS, DIMENSION_MASS},
    {DIMENSION_MASS_PER_MASS_TIME, DIMENSION_MASS, DIMENSION_MASS_PER_TIME},
    {DIMENSION_MASS_PER_MASS_TIME, DIMENSION_TIME, DIMENSION_MASS_PER_MASS},
};
#define PER_MASS_COUNT (sizeof per_mass / sizeof *per_mass)

static bool is_per_mass(Dimension dimension) {
  return dimension == DIMENSION_MASS_PER_MASS || dimension == DIMENSION_MASS_PER_MASS_TIME;
}

/* a times b (sign 1) or a by b (sign -1), where exponents tell. */
static bool combined(Dimension a, Dimension b, int sign, Dimension *result) {
  int mass = dimensions[a].mass + sign * dimensions[b].mass;
  int length = dimensions[a].length + sign * dimensions[b].length;
  int time = dimensions[a].time + sign * dimensions[b].time;
  for (int i = 0; i < DIMENSION_COUNT_OF; i++) {
    if (is_plain((Dimension)i) || is_per_mass((Dimension)i)) continue;
    if (dimensions[i].mass != mass || dimensions[i].length != length || dimensions[i].time != time)
      continue;
    *result = (Dimension)i;
    return true;
  }
  return false;
}

/* A number is neutral, like keeps like, and what is mixed is a ratio. */
static Dimension plain_product(Dimension a, Dimension b) {
  if (a == DIMENSION_NUMBER) return b;
  return b == DIMENSION_NUMBER || a == b ? a : DIMENSION_RATIO;
}

bool dimension_product(Dimension a, Dimension b, Dimension *product) {
  if (is_plain(a) || is_plain(b)) {
    *product = is_plain(a) && is_plain(b) ? plain_product(a, b) : is_plain(a) ? b : a;
    return true;
  }
  for (size_t i = 0; i < PER_MASS_COUNT; i++) {
    bool found =
        (a == per_mass[i].a && b == per_mass[i].b) || (a == per_mass[i].b && b == per_mass[i].a);
    if (found) {
      *product = per_mass[i].product;
      return true;
    }
  }
  return !is_per_mass(a) && !is_per_mass(b) && combined(a, b, 1, product);
}

bool dimension_quotient(Dimension a, Dimension b, Dimension *quotient) {
  if (is_plain(b)) {
    *quotient = b == DIMENSION_NUMBER || !is_plain(a) ? a : DIMENSION_RATIO;
    return true;
  }
  for (size_t i = 0; i < PER_MASS_COUNT; i++) {
    if (a != per_mass[i].product) continue;
    if (b == per_mass[i].b) {
      *quotient = per_mass[i].a;
      return true;
    }
    if (b == per_mass[i].a) {
      *quotient = per_mass[i].b;
      return true;
    }
  }
  if (a == b) {
    *quotient = DIMENSION_RATIO;
    return true;
  }
  return !is_plain(a) && !is_per_mass(a) && !is_per_mass(b) && combined(a, b, -1, quotient);
}

/* Units. */

typedef struct Unit {
  Dimension dimension;
  int64_t numerator, denominator; /* base units of the dimension */
} Unit;

static const struct {
  Text spelling;
  Unit unit;
} simple_units[] = {
#define UNIT(spelling, dimension, numerator, denominator) \
  {{spelling, sizeof(spelling) - 1}, {DIMENSION_##dimension, numerator, denominator}},
#include "base/unit.def"
#undef UNIT
};

static bool simple_unit(Text spelling, Unit *unit) {
  for (size_t i = 0; i < sizeof simple_units / sizeof *simple_units; i++) {
    if (!text_equal(spelling, simple_units[i].spelling)) continue;
    *unit = simple_units[i].unit;
    return true;
  }
  return false;
}

static bool starts_with(Text text, Text start) {
  return text.length >= start.length && text_equal((Text){text.at, start.length}, start);
}

/* Cuts what stands before the first "/" or " per " off the front of `rest`; false when nothing is
 * left. */
static bool next_factor(Text *rest, Text *factor) {
  if (!rest->at) return false;
  for (uint32_t i = 0; i < rest->length; i++) {
    Text here = {rest->at + i, rest->length - i};
    uint32_t sign = starts_with(here, TEXT("/")) ? 1 : starts_with(here, TEXT(" per ")) ? 5 : 0;
    if (!sign) continue;
    *factor = (Text){rest->at, i};
    *rest = (Text){here.at + sign, here.length - sign};
    return true;
  }
  *factor = *rest;
  *rest = (Text){NULL, 0};
  return true;
}

static Wide greatest_common_divisor(Wide a, Wide b) {
  while (b) {
    Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* `unit` per `by`. One factor is at most 45359237 * 10^6 and is reduced before the next, so 128
 * bits do. */
static bool unit_per(Unit *unit, Unit by) {
  Dimension quotient;
  if (!dimension_quotient(unit->dimension, by.dimension, &quotient) || quotient == unit->dimension)
    return false;
  int power = dimensions[unit->dimension].power - dimensions[by.dimension].power -
              dimensions[quotient].power;
  Wide numerator = (Wide)unit->numerator * by.denominator * power_of_ten(power > 0 ? power : 0) *
                   dimensions[by.dimension].parts * dimensions[quotient].parts;
  Wide denominator = (Wide)unit->denominator * by.numerator * power_of_ten(power < 0 ? -power : 0) *
                     dimensions[unit->dimension].parts;
  Wide divisor = greatest_common_divisor(numerator, denominator);
  *unit = (Unit){quotient, 0, 0};
  return fits(numerator / divisor, &unit->numerator) &&
         fits(denominator / divisor, &unit->denominator);
}

/* "mg per day", not "mg per days". */
static bool is_plural(Text spelling) {
  return spelling.length > 1 && spelling.at[spelling.length - 1] == 's';
}

static bool parse_unit(Text spelling, Unit *unit) {
  Text factor;
  if (!next_factor(&spelling, &factor) || !simple_unit(factor, unit)) return false;
  const bool is_mass = unit->dimension == DIMENSION_MASS,
             is_volume = unit->dimension == DIMENSION_VOLUME;
  if (spelling.at && !is_mass && !is_volume)
    return false; /* nothing but mass and volume is measured per anything here */
  while (next_factor(&spelling, &factor)) {
    Unit by;
    if (is_plural(factor) || !simple_unit(factor, &by)) return false;
    if (is_volume && by.dimension != DIMENSION_TIME) return false; /* L/m2 is no length */
    if (!unit_per(unit, by)) return false;
  }
  return true;
}

bool unit_find(Text spelling, Dimension *dimension, int64_t *numerator, int64_t *denominator) {
  Unit unit;
  if (!parse_unit(spelling, &unit)) return false;
  *dimension = unit.dimension;
  *numerator = unit.numerator;
  *denominator = unit.denominator;
  return true;
}

/* Reading. */

/* digits / 10^places, without zeros at the end of the fraction. */
typedef struct Decimal {
  Wide digits;
  int places;
  bool negative;
} Decimal;

/* More digits than any Amount has in any unit, few enough that ten to their number fits. */
#define DIGITS_MOST 28

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static uint32_t digits_from(Text text, uint32_t at) {
  uint32_t end = at;
  while (end < text.length && is_digit(text.at[end])) end++;
  return end - at;
}

/* Takes the digits into the decimal; false when there are too many of them. */
static bool take_digits(Decimal *decimal, const char *digits, uint32_t count) {
  const Wide billion = 1000000000,
             most = billion * billion * billion; /* one digit less than DIGITS_MOST */
  if (decimal->digits == 0 && count <= 18) {     /* nearly always: in one register */
    int64_t narrow = 0;
    for (uint32_t i = 0; i < count; i++) narrow = narrow * 10 + (digits[i] - '0');
    decimal->digits = narrow;
    return true;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (decimal->digits >= most) return false;
    decimal->digits = decimal->digits * 10 + (digits[i] - '0');
  }
  return true;
}

static QuantityError parse_decimal(Text text, Decimal *decimal) {
  *decimal = (Decimal){0, 0, text.length > 0 && text.at[0] == '-'};
  uint32_t at = decimal->negative ? 1 : 0, whole = digits_from(text, at), point = at + whole,
           fraction = 0;
  if (whole == 0) return QUANTITY_NOT_A_NUMBER;
  if (point < text.length) {
    fraction = text.at[point] == '.' ? digits_from(text, point + 1) : 0;
    if (fraction == 0 || point + 1 + fraction != text.length) return QUANTITY_NOT_A_NUMBER;
  }
  while (fraction > 0 && text.at[point + fraction] == '0') fraction--;
  if (!take_digits(decimal, text.at + at, whole)) return QUANTITY_TOO_LARGE;
  if (fraction > DIGITS_MOST || !take_digits(decimal, text.at + point + 1, fraction))
    return QUANTITY_TOO_FINE;
  decimal->places = (int)fraction;
  return QUANTITY_OK;
}

/* The decimal times the unit, in base units: digits * numerator * 10^9 / (denominator * 10^places),
 * if that comes out even. The tens above and below are canceled first. If the product overflows
 * nonetheless, then either tens remain below, and no unit has the twos and fives to make so many
 * digits come out even; or none do, and the amount itself is too large. */
static QuantityError scale(Decimal decimal, Unit unit, Amount *amount) {
  int up = PLACES;
  for (; unit.numerator % 10 == 0; unit.numerator /= 10) up++;
  int canceled = decimal.places < up ? decimal.places : up;
  Wide above = unit.numerator * power_of_ten(up - canceled);
  Wide below = unit.denominator * power_of_ten(decimal.places - canceled);
  if (decimal.digits > WIDE_MOST / above)
    return decimal.places > up ? QUANTITY_TOO_FINE : QUANTITY_TOO_LARGE;
  Wide product = decimal.digits * above;
  if (product % below != 0) return QUANTITY_TOO_FINE;
  Wide value = product / below;
  return fits(decimal.negative ? -value : value, amount) ? QUANTITY_OK : QUANTITY_TOO_LARGE;
}

static const Unit no_unit = {DIMENSION_NUMBER, 1, 1};

QuantityError amount_parse(Text digits, Amount *amount) {
  if (amount_parse_short(digits, amount)) return QUANTITY_OK;
  Decimal decimal;
  QuantityError request_error = parse_decimal(digits, &decimal);
  return request_error ? request_error : scale(decimal, no_unit, amount);
}

/* Where the number ends. What looks like one that the language does not write (1e3, 1,000) is the
 * number's error, not the unit's: no unit begins with any of these. */
static uint32_t number_end(Text text) {
  uint32_t end = 0;
  while (end < text.length &&
         (is_digit(text.at[end]) || (text.at[end] && strchr("+-.,eE", text.at[end]))))
    end++;
  return end;
}

static QuantityError check_unit(Text unit_text, Dimension dimension, Unit *unit) {
  if (unit_text.length == 0) {
    *unit = no_unit;
    return dimension_has_units(dimension) ? QUANTITY_MISSING_UNIT : QUANTITY_OK;
  }
  if (!parse_unit(unit_text, unit)) return QUANTITY_UNKNOWN_UNIT;
  return unit->dimension == dimension ? QUANTITY_OK : QUANTITY_WRONG_DIMENSION;
}

QuantityError quantity_parse(Text text, Dimension dimension, Amount *amount) {
  uint32_t end = number_end(text), unit_start = end;
  Decimal decimal;
  QuantityError request_error = parse_decimal((Text){text.at, end}, &decimal);
  if (request_error) return request_error;
  if (unit_start < text.length && text.at[unit_start] == ' ') unit_start++;
  if (unit_start == text.length && unit_start > end) return QUANTITY_NOT_A_NUMBER; /* "70 " */
  Unit unit;
  request_error =
      check_unit((Text){text.at + unit_start, text.length - unit_start}, dimension, &unit);
  if (request_error) return request_error;
  if (dimension == DIMENSION_COUNT && decimal.places > 0)
    return QUANTITY_TOO_FINE; /* a count is whole */
  return scale(decimal, unit, amount);
}

/* A simple unit as it was meant: in another letter case, with a plural's s, or with a slip. */
static bool nearest_simple_unit(Text factor, Text *spelling) {
  enum { SIMPLE_UNITS = sizeof simple_units / sizeof *simple_units };
  Text names[SIMPLE_UNITS];
  const Text singular = {factor.at, is_plural(factor) ? factor.length - 1 : factor.length};
  for (size_t i = 0; i < SIMPLE_UNITS; i++) names[i] = simple_units[i].spelling;
  for (size_t i = 0; i < SIMPLE_UNITS; i++) {
    if (!text_equal_ignoring_case(names[i], factor) &&
        !text_equal_ignoring_case(names[i], singular))
      continue;
    *spelling = names[i];
    return true;
  }
  const int nearest = text_nearest(factor, names, SIMPLE_UNITS);
  if (nearest >= 0) *spelling = names[nearest];
  return nearest >= 0;
}

bool quantity_write_nearest(Buffer *out, Text text, Dimension dimension) {
  const uint32_t end = number_end(text);
  Text rest = text_trim((Text){text.at + end, text.length - end}), factor, spelling;
  Decimal decimal;
  if (rest.length == 0 || parse_decimal((Text){text.at, end}, &decimal) != QUANTITY_OK)
    return false;
  buffer_text(out, (Text){text.at, end});
  buffer_character(out, ' ');
  const size_t start = out->length;
  while (next_factor(&rest, &factor)) {
    if (!nearest_simple_unit(text_trim(factor), &spelling)) return false;
    if (out->length > start) buffer_character(out, '/');
    buffer_text(out, spelling);
  }
  Unit unit;
  return parse_unit((Text){out->at + start, (uint32_t)(out->length - start)}, &unit) &&
         unit.dimension == dimension;
}

QuantityError quantity_from_unit(Text digits, Text unit_text, Dimension *dimension,
                                 Amount *amount) {
  Decimal decimal;
  QuantityError request_error = parse_decimal(digits, &decimal);
  if (request_error) return request_error;
  Unit unit = no_unit;
  if (unit_text.length > 0 && !parse_unit(unit_text, &unit)) return QUANTITY_UNKNOWN_UNIT;
  *dimension = unit.dimension;
  return scale(decimal, unit, amount);
}

/* Writing. */

/* A rate of one a day, and of one an hour, in base units. */
#define DAILY (7 * AMOUNT_ONE)
#define HOURLY (168 * AMOUNT_ONE)

/* The first line of a dimension that an amount reaches, and is a whole number of steps of, has the
 * unit that it is written in; if there is none, the base unit. Tenths of a milligram stay
 * milligrams, as labels print them (0.9 mg, 0.8 mg/m2); a rate below a milligram a day is in
 * micrograms (28 mcg/day). Units stand here only if an Amount in them is a finite decimal. */
static const struct {
  Dimension dimension;
  const char *unit;
  Amount least, step;
} written_as[] = {
    {DIMENSION_MASS, "kg", AMOUNT_ONE * 1000000, 1},
    {DIMENSION_MASS, "g", AMOUNT_ONE * 1000, 1},
    {DIMENSION_MASS, "mg", AMOUNT_ONE, 1},
    {DIMENSION_MASS, "mg", AMOUNT_ONE / 10, AMOUNT_ONE / 10},
    {DIMENSION_MASS, "mcg", AMOUNT_ONE / 1000, 1},
    {DIMENSION_MASS, "ng", 1, 1},
    {DIMENSION_LENGTH, "m", AMOUNT_ONE * 10, 1},
    {DIMENSION_LENGTH, "cm", AMOUNT_ONE / 100, 1},
    {DIMENSION_LENGTH, "mm", 1, 1},
    {DIMENSION_VOLUME, "L", AMOUNT_ONE * 1000, 1},
    {DIMENSION_TIME, "days", AMOUNT_DAY, AMOUNT_DAY / 2},
    {DIMENSION_TIME, "hours", AMOUNT_DAY / 24, AMOUNT_DAY / 240},
    {DIMENSION_TIME, "minutes", 1, 1},
    {DIMENSION_MASS_PER_AREA, "kg/m2", AMOUNT_ONE * 1000000, 1},
    {DIMENSION_MASS_PER_AREA, "mg/m2", AMOUNT_ONE, 1},
    {DIMENSION_MASS_PER_AREA, "mg/m2", AMOUNT_ONE / 10, AMOUNT_ONE / 10},
    {DIMENSION_MASS_PER_AREA, "mcg/m2", 1, 1},
    {DIMENSION_MASS_PER_TIME, "mg/day", DAILY, 7},
    {DIMENSION_MASS_PER_TIME, "mcg/day", 0, 7},
    {DIMENSION_MASS_PER_TIME, "mg/week", AMOUNT_ONE, 1},
    {DIMENSION_MASS_PER_TIME, "mcg/week", 0, 1},
    {DIMENSION_VOLUME_PER_TIME, "mL/h", 0, HOURLY / 1000},
    {DIMENSION_VOLUME_PER_TIME, "mL/day", 0, 7},
    {DIMENSION_MASS_PER_AREA_TIME, "mg/m2/day", DAILY, 7},
    {DIMENSION_MASS_PER_AREA_TIME, "mcg/m2/day", 0, 7},
    {DIMENSION_MASS_PER_AREA_TIME, "mg/m2/week", AMOUNT_ONE, 1},
    {DIMENSION_MASS_PER_AREA_TIME, "mcg/m2/week", 0, 1},
    {DIMENSION_MASS_PER_MASS, "mg/kg", AMOUNT_ONE / 10, AMOUNT_ONE / 10},
    {DIMENSION_MASS_PER_MASS, "mg/kg", AMOUNT_ONE, 1},
    {DIMENSION_MASS_PER_MASS, "mcg/kg", 1, 1},
    {DIMENSION_MASS_PER_MASS_TIME, "mg/kg/day", DAILY / 10, DAILY / 10},
    {DIMENSION_MASS_PER_MASS_TIME, "mg/kg/day", DAILY, 7},
    {DIMENSION_MASS_PER_MASS_TIME, "mcg/kg/day", 1, 7},
    {DIMENSION_MASS_PER_MASS_TIME, "mg/kg/week", AMOUNT_ONE, 1},
    {DIMENSION_MASS_PER_MASS_TIME, "mcg/kg/week", 1, 1},
    {DIMENSION_MASS_PER_VOLUME, "mg/mL", AMOUNT_ONE, 1},
    {DIMENSION_MASS_PER_VOLUME, "mg/dL", AMOUNT_ONE / 1000, 1},
    {DIMENSION_MASS_PER_VOLUME, "ng/mL", 1, 1},
};

static const char *best_unit(Wide magnitude, Dimension dimension) {
  for (size_t i = 0; i < sizeof written_as / sizeof *written_as; i++) {
    if (written_as[i].dimension != dimension) continue;
    if (magnitude >= written_as[i].least && magnitude % written_as[i].step == 0)
      return written_as[i].unit;
  }
  return dimensions[dimension].base;
}

/* All digits but the last. Dividing is many times quicker in 64 bits, where most amounts fit. */
static Wide tenth_of(Wide digits, int *last) {
  if (digits > (Wide)UINT64_MAX) {
    *last = (int)(digits % 10);
    return digits / 10;
  }
  uint64_t narrow = (uint64_t)digits;
  *last = (int)(narrow % 10);
  return narrow / 10;
}

/* digits / 10^places, shortest. An Amount is below 10^19, a unit's denominator at most 10^6: 25
 * digits, a sign, a point and zeros before. */
static void write_decimal(Buffer *out, Wide digits, int places, bool negative) {
  char text[64];
  size_t start = sizeof text;
  int last, written = 0;
  Wide rest = tenth_of(digits, &last);
  for (; places > 0 && last == 0; places--) {
    digits = rest;
    rest = tenth_of(digits, &last);
  }
  for (; digits > 0 || written <= places; written++) {
    if (written == places && places > 0) text[--start] = '.';
    digits = tenth_of(digits, &last);
    text[--start] = (char)('0' + last);
  }
  if (negative) text[--start] = '-';
  buffer_append(out, text + start, sizeof text - start);
}

void amount_write(Buffer *out, Amount amount) {
  write_decimal(out, magnitude_of(amount), PLACES, amount < 0);
}

/* The amount in the unit, as a decimal; false, and nothing written, where that does not end. A unit
 * of 2^n times 5^m parts adds at most as many places as it has factors. */
static bool write_in_unit(Buffer *out, Amount amount, Unit unit) {
  Wide dividend = magnitude_of(amount) * unit.denominator;
  int places = PLACES;
  for (; unit.numerator % 10 == 0; unit.numerator /= 10) places++;
  for (int more = 0; dividend % unit.numerator != 0; more++, places++) {
    if (more == MORE_PLACES) return false;
    dividend *= 10;
  }
  write_decimal(out, dividend / unit.numerator, places, amount < 0);
  return true;
}

void quantity_write(Buffer *out, Amount amount, Dimension dimension) {
  if (!dimension_has_units(dimension)) {
    amount_write(out, amount);
    return;
  }
  Wide magnitude = magnitude_of(amount);
  const char *spelling = best_unit(magnitude, dimension);
  Unit unit;
  bool known = parse_unit(text_of(spelling), &unit);
  assert(known);
  known = write_in_unit(out, amount, unit);
  assert(known); /* the units of the table are those in which the decimal ends */
  buffer_character(out, ' ');
  buffer_string(out, dimension == DIMENSION_TIME && amount == AMOUNT_DAY ? "day" : spelling);
}

bool quantity_write_in(Buffer *out, Amount amount, Dimension dimension, Text spelling) {
  Unit unit;
  if (!parse_unit(spelling, &unit) || unit.dimension != dimension) return false;
  if (!write_in_unit(out, amount, unit)) return false;
  buffer_character(out, ' ');
  buffer_text(out, spelling);
  return true;
}

/* Arithmetic. */

/* The quotient rounded half to even. */
static Wide divide_rounding(Wide dividend, Wide divisor, bool *exact) {
  Wide quotient = dividend / divisor, rest = dividend % divisor;
  if (exact) *exact = rest == 0;
  Wide beyond = magnitude_of(rest),
       missing =
           magnitude_of(divisor) - beyond; /* compared so, because twice the rest might overflow */
  bool away = beyond > missing || (beyond == missing && quotient % 2 != 0);
  int sign = (dividend < 0) == (divisor < 0) ? 1 : -1;
  return away ? quotient + sign : quotient;
}

bool amount_add(Amount a, Amount b, Amount *sum) { return !__builtin_add_overflow(a, b, sum); }

bool amount_multiply(Amount a, Dimension da, Amount b, Dimension db, Amount *product, bool *exact) {
  Dimension result;
  if (!dimension_product(da, db, &result)) return false;
  /* a*b < 2^126 is in billionths of billionths; no product of dimensions gains nine tens, and none
   * has more parts than its factors, so it is always a division that is left. */
  int down = PLACES - (dimensions[da].power + dimensions[db].power - dimensions[result].power);
  int parts = dimensions[da].parts * dimensions[db].parts;
  assert(parts % dimensions[result].parts == 0);
  return fits(
      divide_rounding((Wide)a * b, power_of_ten(down) * (parts / dimensions[result].parts), exact),
      product);
}

bool amount_divide(Amount a, Dimension da, Amount b, Dimension db, Amount *quotient, bool *exact) {
  Dimension result;
  if (b == 0 || !dimension_quotient(da, db, &result)) return false;
  /* 10^15 at most, for masses by masses, or 10^9 times a week's minutes, for what is by time:
   * a * 10^15 < 2^113. */
  int up = PLACES + (dimensions[da].power - dimensions[db].power - dimensions[result].power);
  int parts = dimensions[db].parts * dimensions[result].parts;
  assert(parts % dimensions[da].parts == 0);
  return fits(divide_rounding(a * power_of_ten(up) * (parts / dimensions[da].parts), b, exact),
              quotient);
}

/* The largest whole number whose square is at most `value`: Newton's steps from above never pass
 * it. */
static Wide whole_square_root(Wide value) {
  if (value < 2) return value;
  Wide root = 1;
  while (root * root <= value / 4) root *= 2;
  root *= 2; /* now root * root > value */
  for (;;) {
    Wide better = (root + value / root) / 2;
    if (better >= root) return root;
    root = better;
  }
}

bool amount_body_surface_mosteller(Amount height_m, Amount weight_mg, Amount *area_m2) {
  if (height_m <= 0 || weight_mg <= 0) return false;
  /* cm = height * 10^-7 and kg = weight * 10^-15, so the area in billionths is sqrt(height * weight
   * / (3600 * 10^4)). */
  return fits(whole_square_root((Wide)height_m * weight_mg / 36000000), area_m2);
}
