/* identifier: see identifier.h. Crockford's base 32 leaves out I, L, O and U, which people mistake.
 */
#include "cases/identifier.h"

#include <sodium.h>

static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

#define CASE_DIGITS 16
#define TIME_BYTES 6
#define CASE_BYTES 10

Text identifier_of_case(Arena *arena, int64_t instant) {
  uint8_t bytes[CASE_BYTES];
  for (int i = 0; i < TIME_BYTES; i++) bytes[i] = (uint8_t)(instant >> (8 * (TIME_BYTES - 1 - i)));
  randombytes_buf(bytes + TIME_BYTES, sizeof bytes - TIME_BYTES);
  char *text = arena_format(arena, "c-%*s", CASE_DIGITS, "");
  for (uint32_t i = 0, bit = 0; i < CASE_DIGITS; i++, bit += 5) {
    const uint32_t next = bit / 8 + 1 < CASE_BYTES ? bytes[bit / 8 + 1] : 0;
    text[2 + i] = digits[((uint32_t)bytes[bit / 8] << 8 | next) >> (11 - bit % 8) & 31];
  }
  return text_of(text);
}

#define AUTHORIZATION_DIGITS 10

Text identifier_of_authorization(Arena *arena) {
  char *text = arena_format(arena, "A-%*s", AUTHORIZATION_DIGITS, "");
  for (int i = 0; i < AUTHORIZATION_DIGITS; i++)
    text[2 + i] = ascii_upper(digits[randombytes_uniform(sizeof digits - 1)]);
  return text_of(text);
}
