/* A jsonb container is a header with a count, one entry of 32 bits for each child, and then the children's bytes:
 *
 *     array    header n · entry … entry (n)  · bytes of each
 *     object   header n · entry … entry (2n) · bytes of the keys, then of the values in the keys' order
 *
 * An entry has the child's type and its length, or now and then the offset of its end instead (utils/jsonb.h). Numbers and
 * containers are aligned to four bytes; what is skipped for that counts to their length.
 */
#include "jsonb_tokens.h"

#include <fmgr.h>
#include <utils/builtins.h>
#include <utils/memutils.h>
#include <utils/numeric.h>

/* Whatever keeps to these, the request's text keeps to its own limits, even where every character of it is an escape. A child's
 * entry takes four bytes, so the size bounds the number of tokens. */
enum { MOST_SIZE = 1 << 17, MOST_DEPTH = 15, MOST_DIGITS = 1 << 17 };

/* Walks over the children's bytes. */
typedef struct Cursor {
  const JEntry *entry;
  const char *bytes;
  uint32 offset, length; /* of the child at hand */
} Cursor;

static void cursor_enter(Cursor *cursor) {
  const uint32 field = JBE_OFFLENFLD(*cursor->entry);
  cursor->length = JBE_HAS_OFF(*cursor->entry) ? field - cursor->offset : field;
}

static void cursor_next(Cursor *cursor) {
  cursor->offset += cursor->length;
  cursor->entry++;
}

static void reserve(TokenRow *row, uint32 count) {
  if (count <= row->capacity) return;
  const Size size = count * sizeof *row->tokens;
  row->tokens = row->tokens == NULL ? MemoryContextAlloc(TopMemoryContext, size) : repalloc(row->tokens, size);
  row->capacity = count;
}

static inline void push(TokenRow *row, licet_token_kind kind, const char *text, uint32 length) {
  const uint32 self = row->count++;
  row->tokens[self] = (licet_token){text, text, length, length, self + 1, (uint8_t)kind};
}

static bool push_container(TokenRow *row, const JsonbContainer *container, int depth);

/* Most numbers of a request are whole and below ten thousand. Such a number is stored as a header of two bytes and one digit of
 * base 10000, and zero as the header alone; their format has not changed since PostgreSQL 9.1 and cannot without every table's
 * being rewritten. -1 for any other number. */
static int small_number(const char *at) {
  enum { SHORT_POSITIVE_WHOLE = 0x8000, SHORT_WEIGHT_OF_ONE_DIGIT = 0 };
  uint16 words[2] = {0};
  const Size size = VARATT_IS_4B_U(at) ? VARSIZE_4B(at) - VARHDRSZ : 0;
  if (size != sizeof words[0] && size != sizeof words) return -1;
  memcpy(words, VARDATA_4B(at), size);
  return words[0] == (SHORT_POSITIVE_WHOLE | SHORT_WEIGHT_OF_ONE_DIGIT) ? words[1] : -1;
}

static uint32 write_digits(char *out, int number) {
  uint32 length = number >= 1000 ? 4 : number >= 100 ? 3 : number >= 10 ? 2 : 1;
  for (uint32 i = length; i-- > 0; number /= 10) out[i] = (char)('0' + number % 10);
  return length;
}

static bool push_number(TokenRow *row, const char *at) {
  const int small = row->small_count < SMALL_NUMBERS ? small_number(at) : -1;
  if (small >= 0) {
    char *digits = row->small[row->small_count++];
    push(row, LICET_TOKEN_NUMBER, digits, write_digits(digits, small));
    return true;
  }
  const char *text = DatumGetCString(DirectFunctionCall1(numeric_out, PointerGetDatum(at)));
  const uint32 length = (uint32)strlen(text);
  push(row, LICET_TOKEN_NUMBER, text, length);
  return (row->digits += length) <= MOST_DIGITS;
}

static inline bool push_child(TokenRow *row, const Cursor *cursor, int depth) {
  const JEntry entry = *cursor->entry;
  const char *at = cursor->bytes + cursor->offset, *aligned = cursor->bytes + INTALIGN(cursor->offset);
  if (JBE_ISNUMERIC(entry)) return push_number(row, aligned);
  if (JBE_ISCONTAINER(entry)) return push_container(row, (const JsonbContainer *)(const void *)aligned, depth + 1);
  if (JBE_ISSTRING(entry)) {
    push(row, LICET_TOKEN_STRING, at, cursor->length);
  } else if (JBE_ISBOOL(entry)) { /* without asking which: it is anyone's guess */
    push(row, (licet_token_kind)(LICET_TOKEN_FALSE + JBE_ISBOOL_TRUE(entry)), "", 0);
  } else {
    push(row, LICET_TOKEN_NULL, "", 0);
  }
  return true;
}

static bool push_elements(TokenRow *row, const JsonbContainer *container, int depth) {
  const uint32 count = JsonContainerSize(container);
  Cursor cursor = {container->children, (const char *)&container->children[count], 0, 0};
  for (uint32 i = 0; i < count; i++, cursor_next(&cursor)) {
    cursor_enter(&cursor);
    if (!push_child(row, &cursor, depth)) return false;
  }
  return true;
}

static bool push_members(TokenRow *row, const JsonbContainer *container, int depth) {
  const uint32 count = JsonContainerSize(container);
  Cursor key = {container->children, (const char *)&container->children[2 * count], 0, 0}, value = key;
  for (uint32 i = 0; i < count; i++, cursor_next(&value)) cursor_enter(&value); /* past the keys */
  for (uint32 i = 0; i < count; i++, cursor_next(&key), cursor_next(&value)) {
    cursor_enter(&key);
    cursor_enter(&value);
    push(row, LICET_TOKEN_KEY, key.bytes + key.offset, key.length);
    if (!push_child(row, &value, depth)) return false;
  }
  return true;
}

static bool push_container(TokenRow *row, const JsonbContainer *container, int depth) {
  const bool is_object = JsonContainerIsObject(container);
  const uint32 self = row->count;
  if (depth > MOST_DEPTH) return false;
  push(row, is_object ? LICET_TOKEN_OBJECT : LICET_TOKEN_ARRAY, "", 0);
  if (!(is_object ? push_members(row, container, depth) : push_elements(row, container, depth))) return false;
  row->tokens[self].end = row->count;
  return true;
}

bool jsonb_tokens(const Jsonb *request, TokenRow *row) {
  if (JsonContainerIsScalar(&request->root) || VARSIZE(request) > MOST_SIZE) return false;
  row->count = row->small_count = row->digits = 0;
  reserve(row, (uint32)(VARSIZE(request) / sizeof(JEntry)));
  return push_container(row, &request->root, 0);
}
