/* The shortest decimal digits of a double, through the C++ library (Ryu: Adams 2018), which neither
 * strtod nor printf gives without the host's locale in between. */
#include <charconv>
#include <system_error>

#include "json/number.h"

bool json_shortest_digits(const char *number, size_t length, JsonDigits *shortest) {
  double value = 0;
  const std::from_chars_result read = std::from_chars(number, number + length, value);
  if (read.ec != std::errc() || read.ptr != number + length) return false;

  char text[32]; /* -d.ddde±ddd */
  const std::to_chars_result written =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  const char *at = text;
  *shortest = JsonDigits{};
  if (*at == '-') {
    shortest->is_negative = true;
    ++at;
  }
  for (; *at != 'e'; ++at)
    if (*at != '.') shortest->digits[shortest->count++] = *at;
  ++at;
  if (*at == '+') ++at;
  int exponent = 0;
  std::from_chars(at, written.ptr, exponent);
  shortest->point = exponent + 1;
  if (shortest->count == 1 && shortest->digits[0] == '0') *shortest = JsonDigits{};
  return true;
}
