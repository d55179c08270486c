/* A jsonb container is a header with a count, one entry of 32 bits for each child, and then the
 * children's bytes:
 *
 *     array    header n · entry … entry (n)  · bytes of each
 *     object   header n · entry … entry (2n) · bytes of the keys, then of the values in the keys'
 * order
 *
 * An entry has the child's type and its length, or now and then the offset of its end instead
 * (utils/jsonb.h). Numbers and containers are aligned to four bytes; what is skipped for that
 * counts to their length.
 */
#include "jsonb_tokens.h"

#include <fmgr.h>
#include <utils/builtins.h>
#include <utils/memutils.h>
#include <utils/numeric.h>

/* Whatever keeps to these, the request's text keeps to its own limits, even where every character
 * of it is an escape. A child's entry takes four bytes, so the size bounds the number of tokens. */
enum { MOST_SIZE = 1 << 17, MOST_DEPTH = 15, MOST_DIGITS = 1 << 17 };

static void reserve(TokenRow *row, uint32 count) {
  if (count <= row->capacity) return;
  const Size size = count * sizeof *row->tokens;
  row->tokens = row->tokens == NULL ? MemoryContextAlloc(TopMemoryContext, size)
                                    : repalloc(row->tokens, size);
  row->capacity = count;
}

/* ---- The steps put tokens from index `next` on, and say which index is the next then; 0: beyond a
 * limit. ---- */

static inline uint32 put(TokenRow *row, uint32 next, licet_token_kind kind, const char *text,
                         uint32 length) {
  row->tokens[next] = (licet_token){text, text, length, length, next + 1, (uint8_t)kind};
  return next + 1;
}

static uint32 put_container(TokenRow *row, uint32 next, const JsonbContainer *container, int depth);

/* Most numbers of a request are whole and below ten thousand. Such a number is stored as a header
 * of two bytes and one digit of base 10000, and zero as the header alone; their format has not
 * changed since PostgreSQL 9.1 and cannot without every table's being rewritten. -1 for any other
 * number. */
static inline int small_number(const char *at) {
  enum { SHORT_POSITIVE_WHOLE = 0x8000, SHORT_WEIGHT_OF_ONE_DIGIT = 0 };
  struct {
    uint16 header, digit;
  } number = {0};
  if (!VARATT_IS_4B_U(at)) return -1;
  if (VARSIZE_4B(at) == VARHDRSZ + sizeof number) {
    memcpy(&number, VARDATA_4B(at), sizeof number);
  } else if (VARSIZE_4B(at) == VARHDRSZ + sizeof number.header) {
    memcpy(&number.header, VARDATA_4B(at), sizeof number.header);
  }
  return number.header == (SHORT_POSITIVE_WHOLE | SHORT_WEIGHT_OF_ONE_DIGIT) ? number.digit : -1;
}

/* All four digits, of which only the last `length` are read: without a question whose answer nobody
 * can foresee. */
static inline uint32 put_small_number(TokenRow *row, uint32 next, int number) {
  char *digits = row->small[row->small_count++];
  const int high = number / 100, low = number % 100;
  digits[0] = (char)('0' + high / 10);
  digits[1] = (char)('0' + high % 10);
  digits[2] = (char)('0' + low / 10);
  digits[3] = (char)('0' + low % 10);
  const uint32 length = 1 + (number >= 10) + (number >= 100) + (number >= 1000);
  return put(row, next, LICET_TOKEN_NUMBER, digits + SMALL_DIGITS - length, length);
}

static inline uint32 put_number(TokenRow *row, uint32 next, const char *at) {
  const int small = row->small_count < SMALL_NUMBERS ? small_number(at) : -1;
  if (small >= 0) return put_small_number(row, next, small);
  const char *text = DatumGetCString(DirectFunctionCall1(numeric_out, PointerGetDatum(at)));
  const uint32 length = (uint32)strlen(text);
  row->digits += length;
  return row->digits > MOST_DIGITS ? 0 : put(row, next, LICET_TOKEN_NUMBER, text, length);
}

/* Where the child of `entry` ends that begins at `offset`. */
static inline uint32 end_of(JEntry entry, uint32 offset) {
  const uint32 field = JBE_OFFLENFLD(entry);
  return JBE_HAS_OFF(entry) ? field : offset + field;
}

static inline uint32 put_child(TokenRow *row, uint32 next, JEntry entry, const char *bytes,
                               uint32 offset, uint32 end, int depth) {
  const char *aligned = bytes + INTALIGN(offset);
  if (JBE_ISBOOL(entry)) /* without asking which: it is anyone's guess */
    return put(row, next, (licet_token_kind)(LICET_TOKEN_FALSE + JBE_ISBOOL_TRUE(entry)), "", 0);
  if (JBE_ISNUMERIC(entry)) return put_number(row, next, aligned);
  if (JBE_ISSTRING(entry)) return put(row, next, LICET_TOKEN_STRING, bytes + offset, end - offset);
  if (JBE_ISCONTAINER(entry))
    return put_container(row, next, (const JsonbContainer *)(const void *)aligned, depth + 1);
  return put(row, next, LICET_TOKEN_NULL, "", 0);
}

static uint32 put_elements(TokenRow *row, uint32 next, const JsonbContainer *container, int depth) {
  const uint32 count = JsonContainerSize(container);
  const char *bytes = (const char *)&container->children[count];
  uint32 offset = 0;
  for (uint32 i = 0; i < count && next != 0; i++) {
    const uint32 end = end_of(container->children[i], offset);
    next = put_child(row, next, container->children[i], bytes, offset, end, depth);
    offset = end;
  }
  return next;
}

static uint32 put_members(TokenRow *row, uint32 next, const JsonbContainer *container, int depth) {
  const uint32 count = JsonContainerSize(container);
  const JEntry *keys = container->children, *values = keys + count;
  const char *bytes = (const char *)(values + count);
  uint32 key = 0, value = 0;                                         /* offsets */
  for (uint32 i = 0; i < count; i++) value = end_of(keys[i], value); /* past the keys */
  for (uint32 i = 0; i < count && next != 0; i++) {
    const uint32 key_end = end_of(keys[i], key), value_end = end_of(values[i], value);
    next = put(row, next, LICET_TOKEN_KEY, bytes + key, key_end - key);
    next = put_child(row, next, values[i], bytes, value, value_end, depth);
    key = key_end;
    value = value_end;
  }
  return next;
}

static uint32 put_container(TokenRow *row, uint32 next, const JsonbContainer *container,
                            int depth) {
  const uint32 self = next;
  if (depth > MOST_DEPTH) return 0;
  if (JsonContainerIsObject(container)) {
    next = put_members(row, put(row, next, LICET_TOKEN_OBJECT, "", 0), container, depth);
  } else {
    next = put_elements(row, put(row, next, LICET_TOKEN_ARRAY, "", 0), container, depth);
  }
  row->tokens[self].end = next;
  return next;
}

bool jsonb_tokens(const Jsonb *request, TokenRow *row) {
  if (JsonContainerIsScalar(&request->root) || VARSIZE(request) > MOST_SIZE) return false;
  row->small_count = row->digits = 0;
  reserve(row, (uint32)(VARSIZE(request) / sizeof(JEntry)));
  row->count = put_container(row, 0, &request->root, 0);
  return row->count != 0;
}
