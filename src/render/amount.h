/* amount: exact decimals, short enough to read. JSON carries them whole; people see a few decimals,
 * rounded. */
#ifndef RENDER_AMOUNT_H
#define RENDER_AMOUNT_H

enum { AMOUNT_BYTES = 96, AMOUNT_DECIMALS = 3 };

typedef struct ShownAmount {
  char text[AMOUNT_BYTES]; /* cut where it is longer */
} ShownAmount;

/* "0.781735959 m2" with at most `decimals` of its decimals, rounded half away from zero, without
 * zeros at the end: "0.782 m2". What does not begin with a decimal is shown as it is. */
ShownAmount amount_shown(const char *exact, int decimals);
/* "1.83 m2" as "1.83 m²"; what does not end in a unit squared stays as it is. */
ShownAmount amount_squared(ShownAmount amount);
/* The number alone, "28" of "28 mcg", in at most `width` characters: it gives up decimals for that.
 * "" where it does not fit. */
ShownAmount amount_number(const char *exact, int width);
/* The unit, "mcg" of "28 mcg": what stands behind the first space, or "". */
const char *amount_unit(const char *exact);
/* Orders two amounts of one unit by their number: below, at or above zero. */
int amount_compare(const char *a, const char *b);

#endif
