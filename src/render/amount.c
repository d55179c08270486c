/* Exact decimals, read from their text and rounded in it, digit by digit: half away from zero.
 *
 * Invariant: no binary fraction comes between the engine's amount and what is shown. */
#include "render/amount.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a decimal in its text ---- */

typedef struct Decimal {
  bool negative;
  const char *whole, *fraction; /* digits; fraction may be empty */
  size_t whole_length, fraction_length;
  const char *rest; /* what follows: the unit, with the space before it */
} Decimal;

static size_t digits(const char *at) { return strspn(at, "0123456789"); }

static bool decimal_read(const char *text, Decimal *decimal) {
  *decimal = (Decimal){.negative = *text == '-'};
  decimal->whole = text + decimal->negative;
  decimal->whole_length = digits(decimal->whole);
  decimal->fraction = decimal->whole + decimal->whole_length;
  if (*decimal->fraction == '.') decimal->fraction_length = digits(++decimal->fraction);
  decimal->rest = decimal->fraction + decimal->fraction_length;
  return decimal->whole_length > 0;
}

/* Adds one to the last of the digits; true where it carries out of the first. */
static bool carry(char *text, size_t length) {
  while (length-- > 0) {
    if (text[length] == '.') continue;
    if (text[length] != '9') return text[length]++, false;
    text[length] = '0';
  }
  return true;
}

/* The number rounded to `decimals`, without its unit. */
static void write_rounded(const Decimal *decimal, int decimals, char *out, size_t capacity) {
  size_t kept =
      decimal->fraction_length < (size_t)decimals ? decimal->fraction_length : (size_t)decimals;
  bool up = kept < decimal->fraction_length && decimal->fraction[kept] >= '5';
  int length = snprintf(out, capacity, "%s0%.*s.%.*s", decimal->negative ? "-" : "",
                        (int)decimal->whole_length, decimal->whole, (int)kept, decimal->fraction);
  if (length < 0 || (size_t)length >= capacity) return;
  char *first = out + decimal->negative; /* a zero that takes what is carried */
  if (up) carry(first, strlen(first));
  if (*first == '0') memmove(first, first + 1, strlen(first));
  char *end = out + strlen(out);
  while (end[-1] == '0') *--end = '\0';
  if (end[-1] == '.') *--end = '\0';
}

/* ---- what is shown ---- */

ShownAmount amount_shown(const char *exact, int decimals) {
  ShownAmount shown;
  Decimal decimal;
  if (!decimal_read(exact, &decimal)) {
    snprintf(shown.text, sizeof shown.text, "%s", exact);
    return shown;
  }
  write_rounded(&decimal, decimals, shown.text, sizeof shown.text);
  size_t length = strlen(shown.text);
  snprintf(shown.text + length, sizeof shown.text - length, "%s", decimal.rest);
  return shown;
}

ShownAmount amount_squared(ShownAmount amount) {
  static const char plain[] = " m2", squared[] = " m\xC2\xB2";
  const size_t length = strlen(amount.text);
  if (length < strlen(plain) || length + sizeof squared - sizeof plain >= sizeof amount.text)
    return amount;
  char *unit = amount.text + length - strlen(plain);
  if (strcmp(unit, plain) == 0) memcpy(unit, squared, sizeof squared);
  return amount;
}

ShownAmount amount_number(const char *exact, int width) {
  ShownAmount shown = {""};
  Decimal decimal;
  if (!decimal_read(exact, &decimal)) return shown;
  for (int decimals = AMOUNT_DECIMALS; decimals >= 0; decimals--) {
    write_rounded(&decimal, decimals, shown.text, sizeof shown.text);
    bool vanished =
        strcmp(shown.text, "0") == 0 && strspn(decimal.fraction, "0") < decimal.fraction_length;
    if (strlen(shown.text) <= (size_t)width && !vanished) return shown;
  }
  return (ShownAmount){""};
}

const char *amount_unit(const char *exact) {
  const char *space = strchr(exact, ' ');
  return space ? space + 1 : "";
}

int amount_compare(const char *a, const char *b) {
  /* A binary fraction is enough to choose among tints. */
  double x = strtod(a, NULL), y = strtod(b, NULL);
  return (x > y) - (x < y);
}
