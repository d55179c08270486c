/* number: the double nearest to a JSON number, in as few decimal digits as tell it from every other
 * double. Only canonical JSON needs one; everywhere else a number stays as written.
 *
 *     value = 0.DIGITS x 10^point        12.50  digits 125, point 2        0.007  digits 7, point
 * -2
 *
 * Zero has no digits.
 */
#ifndef JSON_NUMBER_H
#define JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_DIGITS_MOST 17

typedef struct JsonDigits {
  char digits[JSON_DIGITS_MOST];
  uint32_t count;
  int32_t point;
  bool is_negative;
} JsonDigits;

/* False where the number is larger than every double, or so near to zero that none is nearest but
 * zero. */
bool json_shortest_digits(const char *number, size_t length, JsonDigits *shortest);

#ifdef __cplusplus
}
#endif
#endif
