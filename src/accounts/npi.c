/* npi: see npi.h. The Luhn algorithm (ISO/IEC 7812-1); the constant 24 is what the prefix 80840
 * adds to the sum. */
#include "accounts/npi.h"

#define NPI_DIGITS 10u
#define PREFIX_SUM 24

bool npi_is_valid(Text text) {
  if (text.length != NPI_DIGITS) return false;
  int sum = PREFIX_SUM;
  for (uint32_t i = 0; i < NPI_DIGITS; i++) {
    if (!is_ascii_digit(text.at[i])) return false;
    const int digit = text.at[i] - '0';
    const int doubled = 2 * digit > 9 ? 2 * digit - 9 : 2 * digit;
    sum += i % 2 == 0 ? doubled : digit;
  }
  return sum % 10 == 0;
}
