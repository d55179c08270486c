/* The quick way into a table. Nearly every request is written by a program, without white space or
 * with one space behind each comma and colon, and says again what others said. Such a text is
 * walked once, no token made and nothing copied: names are predicted, and simdjson's indexes say
 * where values end.
 *
 *     ,"weight":{"value":"68 kg","document":"att-4701","date":"2026-02-11","source":"requester"}
 *       │                 └ 32 bytes or less: compared as four words with what the column saw
 * lately, beside │ └ compared in the same way with the fact that came next last time └ which of
 * three
 *
 * Whatever is not plainly so (other white space, a key twice, a word where none may stand) makes it
 * give up, and the whole request is read by builder.c. So this may be strict, but must never take
 * what that would not, nor make another entry of it.
 *
 * Where the walk stands and the index of just that place go forward together. No walk leaves its
 * line: texts that are compared hold no end of a line, and a value that holds one is none. No walk
 * leaves the text: behind it stand JSON_INDEX_PADDING bytes that may be read, and behind the last
 * index the text's length JSON_INDEX_BEHIND times, more than is ever read ahead.
 *
 * Reading order: quick_add, read_facts, plain_evidence. */
#include "base/limits.h"
#include "columns/builder_internal.h"

#define INLINE static inline __attribute__((always_inline))

/* Where the walk stands, twice said: `next` is the index of just that place. */
typedef struct Walk {
  const char *at;
  const uint32_t *next;
} Walk;

enum { SOURCE_REQUESTER = 1, SOURCE_REVIEWER, SOURCE_RECORD };
static const Text sources[] = {
    {"", 0}, {"\"requester\"", 11}, {"\"reviewer\"", 10}, {"\"record\"", 8}};

/* Texts of 4 to 16 bytes that are known here, so that each is a number or two in the code. */
INLINE bool begins(const char *at, const char *with, size_t length) {
  if (length < 8)
    return ((text_half_word(at) ^ text_half_word(with)) |
            (text_half_word(at + length - 4) ^ text_half_word(with + length - 4))) == 0;
  return ((text_word(at) ^ text_word(with)) |
          (text_word(at + length - 8) ^ text_word(with + length - 8))) == 0;
}
#define BEGINS(at, literal) begins((at), (literal), sizeof(literal) - 1)
/* How a request is written: its gap, the white space behind commas and colons, is 0 or 1 bytes. */
#define BEGINS_AS(at, gap, close, spaced) ((gap) == 0 ? BEGINS(at, close) : BEGINS(at, spaced))

/* ---- Short texts as words ---- */

static const uint8_t ones_then_zeros[2 * QUICK_KEY_BYTES] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

typedef uint64_t Pair __attribute__((vector_size(16), aligned(1), may_alias));

INLINE Pair load_pair(const void *at) {
  Pair pair;
  memcpy(&pair, at, sizeof pair);
  return pair;
}
INLINE bool is_zero(Pair pair) { return (pair[0] | pair[1]) == 0; }

/* The first `length` bytes of those that begin `part` bytes behind `at`, zeros behind them. */
INLINE Pair masked_pair(const char *at, uint32_t length, uint32_t part) {
  return load_pair(at + part) & load_pair(ones_then_zeros + QUICK_KEY_BYTES - length + part);
}

INLINE bool is_key_of(const char *at, const QuickColumn *column) {
  const uint32_t length = column->key_length;
  const char *key = (const char *)column->key;
  return is_zero((masked_pair(at, length, 0) ^ load_pair(key)) |
                 (masked_pair(at, length, 16) ^ load_pair(key + 16)) |
                 (masked_pair(at, length, 32) ^ load_pair(key + 32)));
}

/* A text of QUICK_BYTES or less. */
typedef struct Short {
  Pair low, high;
} Short;

INLINE Short short_of(const char *at, uint32_t length) {
  return (Short){masked_pair(at, length, 0), masked_pair(at, length, 16)};
}
INLINE bool is_same(Short a, const uint64_t *words) {
  return is_zero((a.low ^ load_pair(words)) | (a.high ^ load_pair(words + 2)));
}
/* In its upper bits. */
INLINE uint64_t quick_hash(Short a) {
  return (a.low[0] ^ a.high[0] >> 7 ^ a.high[0] << 57) * UINT64_C(0x9E3779B97F4A7C15) +
         (a.low[1] ^ a.high[1] >> 7 ^ a.high[1] << 57) * UINT64_C(0xD6E8FEB86659FD93);
}
INLINE uint64_t hash_short(Short a, uint64_t also) {
  uint64_t one =
      (a.low[0] ^ also) * UINT64_C(0x9E3779B97F4A7C15) + a.low[1] * UINT64_C(0xC2B2AE3D27D4EB4F);
  uint64_t two =
      a.high[0] * UINT64_C(0x165667B19E3779F9) + a.high[1] * UINT64_C(0xD6E8FEB86659FD93);
  one ^= two ^ two >> 29;
  return (one ^ one >> 32) * UINT64_C(0xD6E8FEB86659FD93);
}

/* ---- Days ---- */

static bool is_parsed_day(const char *at) {
  Date date;
  return date_parse((Text){at, 10}, &date);
}

/* Eight bytes: below ten where `shape` has a 0, else as there. */
INLINE bool has_shape(const char *at, const char *shape, const char *lifts) {
  const uint64_t apart = text_word(at) ^ text_word(shape);
  return (((apart + text_word(lifts)) | apart) & UINT64_C(0x8080808080808080)) == 0;
}

/* 2026-02-11, at once where every month has such a day. */
INLINE bool is_day(const char *at) {
  const uint32_t month = 10u * (uint8_t)(at[5] - '0') + (uint8_t)(at[6] - '0');
  const uint32_t ten = (uint8_t)(at[8] - '0'), one = (uint8_t)(at[9] - '0'), day = 10 * ten + one;
  const bool digits = has_shape(at, "0000-00-", "\x76\x76\x76\x76\x7f\x76\x76\x7f");
  if (digits && month - 1 < 12 && one < 10 && day - 1 < 28 &&
      text_half_word(at) != text_half_word("0000"))
    return true;
  return is_parsed_day(at);
}

/* T10:23:54Z" and nothing behind it. */
INLINE bool is_plain_time(const char *at, uint32_t length) {
  return length == 11 && *at == 'T' &&
         has_shape(at + 1, "00:00:00", "\x76\x76\x7f\x76\x76\x7f\x76\x76") &&
         (at[1] < '2' || (at[1] == '2' && at[2] < '4')) && at[4] < '6' && at[7] < '6' &&
         at[9] == 'Z' && at[10] == '"';
}

/* ---- Steps ---- */

static inline const char *here(const Quick *q) { return q->text + *q->next; }
/* Behind a bracket: nothing stands before what comes next. */
static inline bool is_near(const Quick *q) { return here(q) == q->text + q->next[-1] + 1; }
INLINE bool is_gap(const char *at, const uint32_t gap) { return gap == 0 || *at == ' '; }

static bool is_number(const char *at, const char *end) {
  if (*at == '-') at++;
  const char *whole = at;
  while (*at >= '0' && *at <= '9') at++;
  if (at == whole || (*whole == '0' && at - whole > 1)) return false;
  if (*at == '.') {
    const char *fraction = ++at;
    while (*at >= '0' && *at <= '9') at++;
    if (at == fraction) return false;
  }
  return at == end; /* powers of ten are left to the other reader */
}

static bool is_scalar(Text text) {
  if (*text.at == '"') return text.length > 1 && text.at[text.length - 1] == '"';
  if (text.length == 4 && (BEGINS(text.at, "true") || BEGINS(text.at, "null"))) return true;
  return (text.length == 5 && BEGINS(text.at, "false")) ||
         is_number(text.at, text.at + text.length);
}

/* What reaches to the next index, as written. */
INLINE Text next_text(Quick *q) {
  const char *at = here(q);
  q->next++;
  return (Text){at, (uint32_t)(here(q) - at)};
}

static bool scalar(Quick *q, Text *text) {
  *text = next_text(q);
  return is_scalar(*text);
}

/* A key, its colon and the gap; *name without quotes. */
INLINE bool key(Quick *q, const uint32_t gap, Text *name) {
  const char *at = here(q), *colon = q->text + q->next[1];
  if (*at != '"' || *colon != ':' || colon[-1] != '"' || colon - at < 2) return false;
  *name = (Text){at + 1, (uint32_t)(colon - at) - 2};
  q->next += 2;
  return is_gap(colon + 1, gap) && here(q) == colon + 1 + gap;
}

/* After a value: true on a comma or the closing bracket with nothing behind it, *more on the comma.
 */
INLINE bool separator(Quick *q, const uint32_t gap, char closing, bool *more) {
  const char *at = here(q);
  *more = *at == ',';
  if (!*more && *at != closing) return false;
  q->next++;
  return *more ? is_gap(at + 1, gap) && here(q) == at + 1 + gap : is_near(q);
}

static bool is_null(Text text) { return text.length == 4 && text.at[0] == 'n'; }
static bool is_day_text(Text text) {
  return text.length == 12 && text.at[0] == '"' && is_day(text.at + 1);
}

static int source_of(Text text) {
  for (int i = 1; i <= SOURCE_RECORD; i++)
    if (text_equal(text, sources[i])) return i;
  return is_null(text) ? 0 : -1;
}

/* A document, with its quotes: a name without white space around it, nothing, or null. Anything
 * else is left to the other reader. */
INLINE bool document_of(Text text, bool *documented) {
  *documented = text.at[0] == '"' && text.length > 2;
  if (!*documented) return text.at[0] == '"' || is_null(text);
  return !text_has_margin((Text){text.at + 1, text.length - 2});
}

/* ---- Entries ---- */

#define NO_CODE 0u

static uint32_t code_of_text(Quick *q, uint32_t column, Text text) {
  return dictionary_find(&q->b->columns.items[column].dictionary, text);
}

/* What stands around a value, as a number: whether there is a document, and whose word it is.
 * 0: nothing. */
static inline uint32_t around_of(bool documented, int source) {
  return (uint32_t)source << 1 | (uint32_t)documented;
}
static inline bool around_documented(uint32_t around) { return around & 1; }
static inline uint32_t around_source(uint32_t around) { return around >> 1; }

/* The entry as builder.c writes it. */
static uint32_t code_of_evidence(Quick *q, uint32_t column, Text value, uint32_t around) {
  Buffer *out = &q->b->text;
  if (around == 0) return code_of_text(q, column, value);
  const size_t start = out->length; /* the value may stand in front of it */
  buffer_string(out, "{\"value\":");
  if (start == 0) buffer_text(out, value);
  if (start > 0) {
    buffer_reserve(out, start);
    buffer_text(out, (Text){out->at, (uint32_t)start});
  }
  if (around_documented(around)) buffer_string(out, ",\"document\":\"d\"");
  if (around_source(around) > 0) buffer_string(out, ",\"source\":");
  buffer_text(out, sources[around_source(around)]);
  buffer_character(out, '}');
  return code_of_text(q, column, (Text){out->at + start, (uint32_t)(out->length - start)});
}

static uint32_t code_of_long(Quick *q, uint32_t column, Text value, uint32_t around) {
  q->b->text.length = 0;
  return code_of_evidence(q, column, value, around);
}

/* A value that the column has not met lately, or not with this around it. */
static uint32_t code_of_new(Quick *q, uint32_t column, QuickValue *kept, Text value,
                            uint32_t around) {
  Short words = short_of(value.at, value.length);
  BuilderColumn *into = &q->b->columns.items[column];
  const uint32_t slots = q->b->quick[column].slots;
  const uint32_t code = code_of_long(q, column, value, around);
  if (!is_same(words, kept->words)) {
    into->driven_out += kept->words[0] != 0;
    memcpy(kept->words, &words, sizeof kept->words);
    memset(kept->codes, 0, sizeof kept->codes);
  }
  kept->codes[around] = code;
  if (into->driven_out > 4 * slots && slots < QUICK_VALUES_MOST)
    builder_make_values(q->b, column, 2 * slots);
  return code;
}

/* A number, true, a text, or a list of nothing. */
static bool is_plain(Text text) {
  return is_scalar(text) || (text.length == 2 && text.at[0] == '[' && text.at[1] == ']');
}

/* NO_CODE where it is not plain; what was met before was. */
INLINE uint32_t code_of_plain(Quick *q, uint32_t column, Text value, uint32_t around) {
  if (value.length > QUICK_BYTES)
    return is_scalar(value) ? code_of_long(q, column, value, around) : NO_CODE;
  const QuickColumn *quick = &q->b->quick[column];
  const Short words = short_of(value.at, value.length);
  QuickValue *kept = &quick->values[quick_hash(words) >> 55 & (quick->slots - 1)];
  const bool has_zero = value.at[(int64_t)value.length - 1] ==
                        '\0'; /* then its words may be those of a shorter one */
  if (is_same(words, kept->words) && kept->codes[around] != 0 && !has_zero)
    return kept->codes[around];
  return is_plain(value) ? code_of_new(q, column, kept, value, around) : NO_CODE;
}

/* ---- Lists and sets ---- */

typedef struct EntryState {
  bool documented;
  uint32_t count;
  uint64_t seen[16]; /* hashes of the keys: two alike are left to the other reader */
} EntryState;

static bool is_new_key(EntryState *state, Text name) {
  if (name.length > QUICK_BYTES || state->count == sizeof state->seen / sizeof *state->seen)
    return false;
  const uint64_t hash = hash_short(short_of(name.at, name.length), name.length);
  for (uint32_t i = 0; i < state->count; i++)
    if (state->seen[i] == hash) return false;
  state->seen[state->count++] = hash;
  return true;
}

/* The builder's text has room for all that is left of the lines, and what is copied a little too
 * far. */
INLINE char *put(char *out, const char *at, uint32_t length) {
  for (uint32_t done = 0; done < length; done += 16) memcpy(out + done, at + done, 16);
  return out + length;
}
#define PUT(out, literal) put((out), (literal "                "), sizeof(literal) - 1)

/* `first`: where the entry's first member was written. */
INLINE bool entry_member(Quick *q, const uint32_t gap, EntryState *state, char **out,
                         const char *first) {
  Text name;
  if (!key(q, gap, &name) || !is_new_key(state, name)) return false;
  const Text value = next_text(q);
  if (!is_scalar(value)) return false;
  if (name.length == 8 && BEGINS(name.at, "document")) {
    return document_of(value, &state->documented);
  }
  if (name.length == 4 && BEGINS(name.at, "date")) return is_null(value) || is_day_text(value);
  if (name.length == 6 && BEGINS(name.at, "source")) return source_of(value) >= 0;
  if (*out != first) *(*out)++ = ',';
  if (gap == 0) {
    *out = put(*out, name.at - 1, name.length + 3 + value.length);
  } else {
    *out = put(*out, name.at - 1, name.length + 3);
    *out = put(*out, value.at, value.length);
  }
  return true;
}

INLINE bool list_entry(Quick *q, const uint32_t gap, char **out) {
  EntryState state;
  bool more = true;
  state.documented = false;
  state.count = 0;
  if (*here(q) != '{') return false;
  q->next++;
  if (!is_near(q)) return false;
  *(*out)++ = '{';
  const char *first = *out;
  while (more)
    if (!entry_member(q, gap, &state, out, first) || !separator(q, gap, '}', &more)) return false;
  if (state.documented)
    *out = *out == first ? PUT(*out, "\"document\":\"d\"") : PUT(*out, ",\"document\":\"d\"");
  *(*out)++ = '}';
  return true;
}

/* From the opening bracket to behind the closing one. The entries of a list go to the builder's
 * text; of other rows only that they are scalars is seen to. */
INLINE bool array_as(Quick *q, const uint32_t gap, bool is_list, Text *value) {
  const char *start = here(q);
  Buffer *buffer = &q->b->text;
  bool more = true;
  Text element;
  buffer->length = 0;
  char *out = is_list ? buffer_reserve(buffer, (size_t)(q->end - start) + 64) : NULL;
  if (is_list) *out++ = '[';
  q->next++;
  if (!is_near(q)) return false;
  if (*here(q) == ']') {
    q->next++;
    more = false;
    if (!is_near(q)) return false;
  }
  while (more) {
    if (!(is_list ? list_entry(q, gap, &out) : scalar(q, &element)) ||
        !separator(q, gap, ']', &more))
      return false;
    if (more && is_list) *out++ = ',';
  }
  if (is_list) {
    *out++ = ']';
    buffer->length = (size_t)(out - buffer->at);
  }
  *value = (Text){start, (uint32_t)(q->text + q->next[-1] + 1 - start)};
  return true;
}

static bool array(Quick *q, const uint32_t gap, bool is_list, Text *value) {
  if (!is_list) return array_as(q, gap, false, value);
  return gap == 0 ? array_as(q, 0, true, value) : array_as(q, 1, true, value);
}

static uint32_t code_of_array(Quick *q, uint32_t column, Text value, uint32_t around) {
  Buffer *out = &q->b->text;
  if (!q->b->columns.items[column].is_list) return code_of_long(q, column, value, around);
  return code_of_evidence(q, column, buffer_contents(out), around);
}

/* ---- Evidence ---- */

/* In any order, and whatever the value; from the opening bracket. NO_CODE where it is not plain. */
static uint32_t evidence(Quick *q, const uint32_t gap, uint32_t column) {
  enum { VALUE = 1, DOCUMENT = 2, DATE = 4, SOURCE = 8 };
  Text name, value = {0}, member;
  uint32_t seen = 0, which;
  bool more = true, documented = false, is_array = false;
  int source = 0;
  q->next++;
  if (!is_near(q)) return NO_CODE;
  for (; more; seen |= which) {
    if (!key(q, gap, &name)) return NO_CODE;
    if (text_equal(name, TEXT("value"))) {
      which = VALUE;
      is_array = *here(q) == '[';
      if (!(is_array ? array(q, gap, q->b->columns.items[column].is_list, &value)
                     : scalar(q, &value)))
        return NO_CODE;
    } else if (text_equal(name, TEXT("document"))) {
      which = DOCUMENT;
      if (!scalar(q, &member)) return NO_CODE;
      if (!document_of(member, &documented)) return NO_CODE;
    } else if (text_equal(name, TEXT("date"))) {
      which = DATE;
      if (!scalar(q, &member) || !(is_day_text(member) || is_null(member))) return NO_CODE;
    } else if (text_equal(name, TEXT("source"))) {
      which = SOURCE;
      if (!scalar(q, &member)) return NO_CODE;
      source = source_of(member);
      if (source < 0) return NO_CODE;
    } else {
      return NO_CODE;
    }
    if ((seen & which) != 0 || !separator(q, gap, '}', &more)) return NO_CODE;
  }
  if ((seen & VALUE) == 0) return NO_CODE;
  return is_array ? code_of_array(q, column, value, around_of(documented, source))
                  : code_of_plain(q, column, value, around_of(documented, source));
}

/* A scalar, then document, date and source, of these any or none, but in this order. NO_CODE where
 * it is otherwise; *walk then stands anywhere. From the opening bracket. */
INLINE uint32_t plain_evidence(Quick *q, const uint32_t gap, uint32_t column, Walk *walk) {
  const char *at = walk->at, *const text = q->text;
  const uint32_t *next = walk->next;
  bool documented = false;
  int source = 0;
  if (!BEGINS_AS(at, gap, "{\"value\":", "{\"value\": ")) return NO_CODE;
  at += 9 + gap;
  const uint32_t is_empty = at[0] == '[' && at[1] == ']'; /* two brackets are two indexes */
  const Text value = {at, (uint32_t)(text + next[4 + is_empty] - at)};
  at += value.length;
  next += 4 + is_empty;
  if (BEGINS_AS(at, gap, ",\"document\":\"", ", \"document\": \"")) {
    at += 12 + 2 * gap;
    const char *end = text + next[4];
    if (end[-1] != '"' || end - at < 2) return NO_CODE;
    if (!document_of((Text){at, (uint32_t)(end - at)}, &documented)) return NO_CODE;
    at = end;
    next += 4;
  }
  if (BEGINS_AS(at, gap, ",\"date\":\"", ", \"date\": \"")) {
    at += 9 + 2 * gap;
    if (!is_day(at) || at[10] != '"') return NO_CODE;
    at += 11;
    next += 4;
  }
  if (BEGINS_AS(at, gap, ",\"source\":\"re", ", \"source\": \"re")) {
    at += 13 + 2 * gap;
    if (BEGINS(at, "quester\"")) {
      source = SOURCE_REQUESTER;
      at += 8;
    } else if (BEGINS(at, "viewer\"")) {
      source = SOURCE_REVIEWER;
      at += 7;
    } else if (BEGINS(at, "cord\"")) {
      source = SOURCE_RECORD;
      at += 5;
    } else {
      return NO_CODE;
    }
    next += 4;
  }
  if (*at != '}') return NO_CODE;
  walk->next = next + 1;
  walk->at = at + 1;
  return code_of_plain(q, column, value, around_of(documented, source));
}

/* A scalar by itself, to behind it. */
INLINE uint32_t plain_value(Quick *q, uint32_t column, Walk *walk) {
  const Text value = {walk->at, (uint32_t)(q->text + walk->next[1] - walk->at)};
  walk->next++;
  walk->at += value.length;
  return code_of_plain(q, column, value, 0);
}

/* ---- Facts ---- */

INLINE bool is_fact(const QuickColumn *columns, const char *at, const uint32_t gap,
                    uint32_t column) {
  return is_key_of(at, &columns[column]) && is_gap(at + columns[column].key_length, gap);
}

/* The column last met where the name's hash points, or the one of that name. UINT32_MAX where it is
 * none of a plain fact. */
static uint32_t column_of(Quick *q, const uint32_t gap, const char *at) {
  Builder *b = q->b;
  Text name;
  if (at != here(q) || !key(q, gap, &name)) return UINT32_MAX;
  uint32_t found = 0, *slot = &found;
  if (name.length + 3 <= QUICK_KEY_BYTES) {
    const Pair last = masked_pair(at, name.length + 3, 32);
    const Short first = {masked_pair(at, name.length + 3, 0), masked_pair(at, name.length + 3, 16)};
    slot = &b->quick_slots[hash_short(first, last[0] ^ last[1] << 3 ^ name.length) >> 40 &
                           (QUICK_SLOTS - 1)];
  }
  if (*slot == 0 || !is_key_of(at, &b->quick[*slot - 1])) {
    if (memchr(name.at, '\\', name.length) != NULL)
      return UINT32_MAX;                                  /* it is another name when read */
    *slot = builder_column(b, name, COLUMN_OF_FACTS) + 1; /* 0 where there are too many */
  }
  return *slot - 1;
}

/* From a key to behind its gap. The fact that came next last time, or else the one after that:
 * facts are left out now and then. */
INLINE uint32_t next_column(Quick *q, const uint32_t gap, uint16_t *after, uint32_t previous,
                            Walk *walk) {
  const QuickColumn *columns = q->b->quick;
  uint32_t column = after[previous];
  if (!is_fact(columns, walk->at, gap, column)) {
    column = after[column + 1];
    if (!is_fact(columns, walk->at, gap, column)) {
      q->next = walk->next;
      column = column_of(q, gap, walk->at);
      if (column == UINT32_MAX) return column;
      after[previous] = (uint16_t)column;
      walk->at = here(q);
      walk->next = q->next;
      return column;
    }
  }
  walk->at += columns[column].key_length + gap;
  walk->next += 2;
  return column;
}

/* What is said of a fact in any other way. */
static uint32_t code_of_rest(Quick *q, const uint32_t gap, uint32_t column) {
  Text value;
  if (*here(q) == '{') return evidence(q, gap, column);
  if (*here(q) != '[' || !array(q, gap, q->b->columns.items[column].is_list, &value))
    return NO_CODE;
  return code_of_array(q, column, value, 0);
}

static uint16_t *facts_after(Builder *b) {
  const uint32_t payer = b->heads[HEAD_COLUMN_PAYER];
  return b->after[payer == 0 || b->block == NULL ? 0 : builder_row(b)[payer - 1] % QUICK_PAYERS];
}

INLINE uint32_t next_code(Quick *q, const uint32_t gap, uint32_t column, Walk *walk) {
  const uint32_t *start = walk->next;
  const uint32_t code =
      *walk->at == '{' ? plain_evidence(q, gap, column, walk) : plain_value(q, column, walk);
  if (code != NO_CODE) return code;
  q->next = start;
  const uint32_t rest = code_of_rest(q, gap, column);
  walk->at = here(q);
  walk->next = q->next;
  return rest;
}

/* From the opening bracket to behind the closing one. */
INLINE bool read_facts(Quick *q, const uint32_t gap) {
  uint16_t *after = facts_after(q->b);
  Walk walk = {here(q) + 1, q->next + 1};
  uint32_t previous = 0; /* the column + 1 */
  bool more = walk.at[0] != '}';
  if (walk.at[-1] != '{') return false;
  while (more) {
    const uint32_t column = next_column(q, gap, after, previous, &walk);
    if (column == UINT32_MAX) return false;
    const uint32_t code = next_code(q, gap, column, &walk);
    if (code == NO_CODE || !builder_set(q->b, column, code)) return false;
    previous = column + 1;
    more = *walk.at == ',';
    if (!more) break;
    if (!is_gap(walk.at + 1, gap)) return false;
    walk.at += 1 + gap;
    walk.next++;
  }
  q->next = walk.next + 1;
  return *walk.at == '}';
}

/* ---- The request ---- */

enum { SEEN_ID = HEAD_COLUMNS, SEEN_FACTS, SEEN_ALL };

/* In the order of HeadColumn, then SEEN_ID, SEEN_FACTS. */
static const char head_keys[SEEN_ALL][17] = {
    "\"payer\":",   "\"policy\":",   "\"line\":",  "\"drug\":", "\"kind\":",
    "\"urgency\":", "\"received\":", "\"start\":", "\"id\":",   "\"facts\":"};
static const uint8_t head_key_lengths[SEEN_ALL] = {8, 9, 7, 7, 7, 10, 11, 8, 5, 8};

INLINE bool is_head_key(const char *at, const uint32_t gap, uint32_t which) {
  const uint32_t length = head_key_lengths[which];
  return is_zero(masked_pair(at, length, 0) ^ load_pair(head_keys[which])) &&
         is_gap(at + length, gap);
}

/* The key that came next last time, or any other; q->next then stands on its value. SEEN_ALL where
 * it is not one of them. */
INLINE uint32_t next_head(Quick *q, const uint32_t gap, uint32_t previous) {
  const char *at = here(q);
  uint32_t which = q->b->head_after[previous];
  if (!is_head_key(at, gap, which)) {
    for (which = 0; which < SEEN_ALL && !is_head_key(at, gap, which);) which++;
    if (which < SEEN_ALL) q->b->head_after[previous] = (uint8_t)which;
  }
  const char *value = at + head_key_lengths[which < SEEN_ALL ? which : 0] + gap;
  q->next += 2;
  return here(q) == value ? which : SEEN_ALL;
}

/* The day alone is what an entry of `received` says. */
static uint32_t code_of_received(Quick *q, uint32_t column, Text value) {
  Date date;
  char day[QUICK_BYTES + 16] = {0};
  if (value.length <= 12 || value.at[0] != '"') return code_of_plain(q, column, value, 0);
  const bool plain = is_plain_time(value.at + 11, value.length - 11) && is_day(value.at + 1);
  if (!plain && !date_parse_time((Text){value.at + 1, value.length - 2}, &date))
    return code_of_plain(q, column, value, 0);
  memcpy(day, value.at, 11);
  day[11] = '"';
  return code_of_plain(q, column, (Text){day, 12}, 0);
}

static bool head(Quick *q, int which, Text value) {
  if (is_null(value)) return is_scalar(value);
  const uint32_t column = builder_head(q->b, (HeadColumn)which);
  if (column == UINT32_MAX) return false;
  const uint32_t code = which == HEAD_COLUMN_RECEIVED ? code_of_received(q, column, value)
                                                      : code_of_plain(q, column, value, 0);
  return code != NO_CODE && builder_set(q->b, column, code);
}

INLINE bool member(Quick *q, const uint32_t gap, uint32_t which, Text *id) {
  if (which == SEEN_FACTS) return read_facts(q, gap) && is_near(q);
  const Text value = next_text(q);
  if (which != SEEN_ID) return head(q, (int)which, value);
  if (!is_scalar(value)) return false;
  if (!is_null(value)) *id = value;
  return is_null(value) || (value.at[0] == '"' && value.length > 2);
}

/* Where it does not say when it starts, it starts when it was received. */
static bool start_as_received(Quick *q) {
  Builder *b = q->b;
  const uint32_t received = builder_head(b, HEAD_COLUMN_RECEIVED),
                 start = builder_head(b, HEAD_COLUMN_START);
  if (received == UINT32_MAX || start == UINT32_MAX) return false;
  const uint32_t *row = builder_row(b);
  if (row[start] != 0 || row[received] == 0) return true;
  const Text day = b->columns.items[received].dictionary.entries.items[row[received]];
  return builder_set(b, start, code_of_text(q, start, day));
}

/* A backslash may stand in values, which are kept as written; not in a key, nor where what is
 * written is read. */
static bool escapes_are_plain(Quick *q, const uint32_t *first, const char *end) {
  const uint32_t *at = first + 1;
  while (q->escape < end) {
    while (q->text + at[1] <= q->escape) at++;
    const char *start = q->text + at[0], *stop = q->text + at[1];
    if (*stop == ':' || !json_escapes_are_sound(start, stop)) return false;
    if (q->text[at[-1]] == ':' && BEGINS(q->text + at[-2], "\"received\":")) return false;
    q->escape = memchr(stop, '\\', (size_t)(q->end - stop));
    if (q->escape == NULL) q->escape = q->end;
  }
  return true;
}

INLINE bool read_request(Quick *q, const uint32_t gap, Text *id) {
  uint32_t seen = 0, previous = 0; /* the key + 1 */
  bool more = true;
  q->next++;
  if (!is_near(q)) return false;
  for (;;) {
    const uint32_t which = next_head(q, gap, previous);
    if (which == SEEN_ALL || (seen & 1u << which) != 0 || !member(q, gap, which, id)) return false;
    seen |= 1u << which;
    previous = which + 1;
    if (*here(q) == '}') break;
    if (!separator(q, gap, '}', &more)) return false;
  }
  q->next++;
  return true;
}

static bool read_close(Quick *q, Text *id) { return read_request(q, 0, id); }
static bool read_spaced(Quick *q, Text *id) { return read_request(q, 1, id); }

bool quick_add(Quick *q, Text *id) {
  const uint32_t *first = q->next;
  if (*here(q) != '{') return false;
  const bool spaced = q->text[first[2]] == ':' && q->text[first[2] + 1] == ' ';
  if (!(spaced ? read_spaced(q, id) : read_close(q, id))) return false;
  const char *end = q->text + q->next[-1] + 1;
  if (q->next - first > LIMIT_REQUEST_TOKENS) return false;
  return (q->escape >= end || escapes_are_plain(q, first, end)) && start_as_received(q);
}
