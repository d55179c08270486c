/* Canonical JSON: RFC 8785, JSON Canonicalization Scheme (Rundgren, Jordan, Erdtman, 2020).
 *
 * A walk over the tokens. An object's members are gathered, sorted and written; the recursion is as
 * deep as the reader lets a text be. Strings are those of buffer_json_string, whose escapes are the
 * ones the RFC asks for; numbers follow Number::toString of ECMAScript over the shortest digits.
 */
#include "json/canonical.h"

#include <stdlib.h>

#include "base/unreachable.h"
#include "json/number.h"
#include "json/text.h"
#include "json/writer.h"

typedef struct Canonical {
  JsonWriter json;
  JsonCanonical status;
} Canonical;

/* ---- Numbers ---- */

/* The digits as written, without zeros at either end, and where the point stands. */
static bool is_written_exactly(Text number, const JsonDigits *digits) {
  uint32_t seen = 0, zeros = 0;
  int64_t point = 0, exponent = 0;
  bool behind_point = false;
  for (uint32_t at = number.at[0] == '-'; at < number.length; at++) {
    const char c = number.at[at];
    if (c == '.') {
      behind_point = true;
    } else if (is_ascii_digit(c)) {
      if (!behind_point && (seen + zeros > 0 || c != '0')) point++;
      if (behind_point && seen + zeros == 0 && c == '0') point--;
      if (c == '0') {
        zeros += seen > 0 || zeros > 0;
        continue;
      }
      for (; zeros > 0; zeros--, seen++)
        if (seen >= digits->count || digits->digits[seen] != '0') return false;
      if (seen >= digits->count || digits->digits[seen] != c) return false;
      seen++;
    } else { /* the exponent */
      const bool is_negative = number.at[++at] == '-';
      if (!is_ascii_digit(number.at[at])) at++;
      for (; at < number.length && exponent < 100000; at++)
        exponent = exponent * 10 + (number.at[at] - '0');
      if (is_negative) exponent = -exponent;
      break;
    }
  }
  return seen == digits->count && (seen == 0 || point + exponent == digits->point);
}

static void put_zeros(Buffer *out, int32_t count) {
  for (; count > 0; count--) buffer_character(out, '0');
}

/* ECMAScript: plain from 1e-6 to below 1e21, else with an exponent. */
static void write_digits(Buffer *out, const JsonDigits *number) {
  const int32_t count = (int32_t)number->count, point = number->point;
  if (count == 0) {
    buffer_character(out, '0');
    return;
  }
  if (number->is_negative) buffer_character(out, '-');
  if (point > 21 || point <= -6) {
    buffer_character(out, number->digits[0]);
    if (count > 1) buffer_character(out, '.');
    buffer_append(out, number->digits + 1, (size_t)count - 1);
    buffer_string(out, point > 0 ? "e+" : "e");
    buffer_integer(out, point - 1);
  } else if (point <= 0) {
    buffer_string(out, "0.");
    put_zeros(out, -point);
    buffer_append(out, number->digits, (size_t)count);
  } else if (count <= point) {
    buffer_append(out, number->digits, (size_t)count);
    put_zeros(out, point - count);
  } else {
    buffer_append(out, number->digits, (size_t)point);
    buffer_character(out, '.');
    buffer_append(out, number->digits + point, (size_t)(count - point));
  }
}

static void write_number(Canonical *canonical, const JsonToken *token) {
  const Text written = token_raw(token);
  JsonDigits digits;
  if (!json_shortest_digits(written.at, written.length, &digits)) {
    canonical->status = JSON_CANONICAL_OUT_OF_RANGE;
    return;
  }
  if (!is_written_exactly(written, &digits) && canonical->status == JSON_CANONICAL_EXACT)
    canonical->status = JSON_CANONICAL_ROUNDED;
  json_before_value(&canonical->json);
  write_digits(canonical->json.out, &digits);
}

/* ---- Members in order ---- */

/* UTF-8 sorts by code points. UTF-16 differs where one of two characters lies above U+FFFF, and is
 * written from U+D800 on: before those from U+E000, whose first bytes are EE and EF. */
static uint32_t rank_of_byte(unsigned char byte) {
  return byte == 0xEE || byte == 0xEF ? byte + 0x100u : byte;
}

static int compare_utf16(Text a, Text b) {
  const uint32_t least = a.length < b.length ? a.length : b.length;
  for (uint32_t i = 0; i < least; i++) {
    const uint32_t first = rank_of_byte((unsigned char)a.at[i]),
                   second = rank_of_byte((unsigned char)b.at[i]);
    if (first != second) return first < second ? -1 : 1;
  }
  return (a.length > b.length) - (a.length < b.length);
}

static int by_key(const void *a, const void *b) {
  const JsonToken *const *first = a, *const *second = b;
  return compare_utf16(token_text(*first), token_text(*second));
}

/* ---- The walk ---- */

static const JsonToken *write_value(Canonical *canonical, const JsonToken *tokens,
                                    const JsonToken *token);

static void write_object(Canonical *canonical, const JsonToken *tokens, const JsonToken *object) {
  LIST(const JsonToken *) keys = {0};
  Arena *arena = canonical->json.out->arena;
  const JsonToken *const end = tokens + object->end;
  for (const JsonToken *key = object + 1; key < end; key = tokens + key[1].end)
    LIST_PUSH(arena, keys, key);
  if (keys.count > 0) qsort(keys.items, keys.count, sizeof *keys.items, by_key);
  json_begin_object(&canonical->json);
  for (uint32_t i = 0; i < keys.count; i++) {
    if (i > 0 && by_key(&keys.items[i - 1], &keys.items[i]) == 0) {
      canonical->status = JSON_CANONICAL_REPEATED_KEY;
      return;
    }
    json_key_text(&canonical->json, token_text(keys.items[i]));
    if (write_value(canonical, tokens, keys.items[i] + 1) == NULL) return;
  }
  json_end_object(&canonical->json);
}

static void write_array(Canonical *canonical, const JsonToken *tokens, const JsonToken *array) {
  const JsonToken *const end = tokens + array->end;
  json_begin_array(&canonical->json);
  for (const JsonToken *entry = array + 1; entry < end;) {
    entry = write_value(canonical, tokens, entry);
    if (entry == NULL) return;
  }
  json_end_array(&canonical->json);
}

/* The token behind the value; NULL where it has no canonical form. */
static const JsonToken *write_value(Canonical *canonical, const JsonToken *tokens,
                                    const JsonToken *token) {
  switch ((JsonKind)token->kind) {
    case JSON_NULL:
      json_null(&canonical->json);
      break;
    case JSON_FALSE:
      json_boolean(&canonical->json, false);
      break;
    case JSON_TRUE:
      json_boolean(&canonical->json, true);
      break;
    case JSON_NUMBER:
      write_number(canonical, token);
      break;
    case JSON_STRING:
      json_text(&canonical->json, token_text(token));
      break;
    case JSON_ARRAY:
      write_array(canonical, tokens, token);
      break;
    case JSON_OBJECT:
      write_object(canonical, tokens, token);
      break;
    case JSON_KEY:
      UNREACHABLE();
  }
  return canonical->status > JSON_CANONICAL_ROUNDED ? NULL : tokens + token->end;
}

JsonCanonical json_canonical(Buffer *out, const JsonToken *tokens) {
  Canonical canonical = {.status = JSON_CANONICAL_EXACT};
  const size_t before = out->length;
  json_writer_open(&canonical.json, out);
  if (write_value(&canonical, tokens, tokens) == NULL)
    out->length = before;
  else
    json_writer_close(&canonical.json);
  return canonical.status;
}
