/* The quick way into a table. Nearly every request is written by a program, without white space or escapes, and says again what
 * others said. Such a text is walked once, from one of simdjson's indexes to the next, no token made and nothing copied:
 *
 *     "weight":{"value":"68 kg","document":"att-4701","date":"2026-02-11","source":"requester"}
 *      │                 └ 32 bytes or less: compared as four words with what the column saw lately, beside │
 *      └ compared in the same way with the fact that came next last time                                    └ which of three
 *
 * Whatever is not plainly so (white space, a backslash, a key twice, a word where none may stand) makes it give up, and the whole
 * request is read by builder.c. So this may be strict, but must never take what that would not, nor make another entry of it.
 *
 * Every step reads the index behind a character that is not zero: behind the text stands a zero, so no step goes past it.
 *
 * Reading order: quick_add, fact, evidence. */
#include "base/limits.h"
#include "bulk/builder_internal.h"

typedef struct Words {
  uint64_t at[QUICK_BYTES / 8];
} Words;

typedef struct Quick {
  Builder *b;
  const char *text;
  const uint32_t *next;
} Quick;

enum { SOURCE_REQUESTER = 1, SOURCE_REVIEWER, SOURCE_RECORD };
static const Text sources[] = {{"", 0}, {"\"requester\"", 11}, {"\"reviewer\"", 10}, {"\"record\"", 8}};

/* ---- Short texts as words ------------------------------------------------------------------------------------------------------
 */

static const uint8_t ones_then_zeros[2 * QUICK_BYTES] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                                                         255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
                                                         255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

static inline Words words_of(const char *at, uint32_t length) {
  Words words, mask;
  memcpy(&words, at, sizeof words);
  memcpy(&mask, ones_then_zeros + QUICK_BYTES - length, sizeof mask);
  for (uint32_t i = 0; i < QUICK_BYTES / 8; i++) words.at[i] &= mask.at[i];
  return words;
}

static inline bool same_words(const Words *words, const uint64_t *others) {
  uint64_t differ = 0;
  for (uint32_t i = 0; i < QUICK_BYTES / 8; i++) differ |= words->at[i] ^ others[i];
  return differ == 0;
}

static inline uint64_t hash_words(const Words *words, uint64_t also) {
  uint64_t one = (words->at[0] ^ also) * UINT64_C(0x9E3779B97F4A7C15) + words->at[1] * UINT64_C(0xC2B2AE3D27D4EB4F);
  uint64_t two = words->at[2] * UINT64_C(0x165667B19E3779F9) + words->at[3] * UINT64_C(0xD6E8FEB86659FD93);
  one ^= two ^ two >> 29;
  return (one ^ one >> 32) * UINT64_C(0xD6E8FEB86659FD93);
}

/* ---- Steps ---------------------------------------------------------------------------------------------------------------------
 */

static inline const char *here(const Quick *q) { return q->text + *q->next; }
static inline bool begins(const char *at, const char *with, size_t length) { return memcmp(at, with, length) == 0; }
#define BEGINS(at, literal) begins((at), (literal), sizeof(literal) - 1)

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

/* A scalar that reaches to the next index; *text is it as written. */
static inline bool scalar(Quick *q, Text *text) {
  const char *at = here(q);
  if (*at == '\0') return false;
  const char *end = q->text + *++q->next;
  *text = (Text){at, (uint32_t)(end - at)};
  if (*at == '"') return end[-1] == '"';
  if (text->length == 4 && (BEGINS(at, "true") || BEGINS(at, "null"))) return true;
  return (text->length == 5 && BEGINS(at, "false")) || is_number(at, end);
}

/* A key and its colon; *name without quotes. */
static inline bool key(Quick *q, Text *name) {
  const char *at = here(q);
  if (*at != '"') return false;
  const char *colon = q->text + q->next[1];
  if (*colon != ':' || colon[-1] != '"') return false;
  *name = (Text){at + 1, (uint32_t)(colon - at) - 2};
  q->next += 2;
  return here(q) == colon + 1;
}

/* After a value: true on a comma or the closing bracket, *more on the comma. */
static inline bool separator(Quick *q, char closing, bool *more) {
  const char *at = here(q);
  *more = *at == ',';
  if (!*more && *at != closing) return false;
  q->next++;
  return !*more || here(q) == at + 1;
}

/* "2026-02-11" with its quotes. */
static bool is_day(Text text) {
  Date date;
  return text.length == 12 && text.at[0] == '"' && date_parse((Text){text.at + 1, 10}, &date);
}

static inline bool is_null(Text text) { return text.length == 4 && text.at[0] == 'n'; }

static int source_of(Text text) {
  for (int i = 1; i <= SOURCE_RECORD; i++)
    if (text_equal(text, sources[i])) return i;
  return is_null(text) ? 0 : -1;
}

/* ---- Entries -------------------------------------------------------------------------------------------------------------------
 */

static uint32_t code_of_text(Quick *q, uint32_t column, Text text) {
  return dictionary_find(&q->b->columns.items[column].dictionary, text);
}

/* The entry as builder.c writes it. */
static uint32_t code_of_evidence(Quick *q, uint32_t column, Text value, bool documented, int source) {
  Buffer *out = &q->b->text;
  if (!documented && source == 0) return code_of_text(q, column, value);
  const size_t start = out->length; /* the value may stand in front of it */
  buffer_string(out, "{\"value\":");
  if (start == 0) buffer_text(out, value);
  if (start > 0) {
    buffer_reserve(out, start);
    buffer_text(out, (Text){out->at, (uint32_t)start});
  }
  if (documented) buffer_string(out, ",\"document\":\"d\"");
  if (source > 0) buffer_string(out, ",\"source\":");
  buffer_text(out, sources[source]);
  buffer_character(out, '}');
  return code_of_text(q, column, (Text){out->at + start, (uint32_t)(out->length - start)});
}

static inline uint32_t code_of_scalar(Quick *q, uint32_t column, Text value, bool documented, int source) {
  q->b->text.length = 0;
  if (value.length > QUICK_BYTES) return code_of_evidence(q, column, value, documented, source);
  const uint32_t around = value.length | (uint32_t)documented << 8 | (uint32_t)source << 9;
  const Words words = words_of(value.at, value.length);
  QuickValue *kept = &q->b->columns.items[column].quick[hash_words(&words, around) >> 40 & (QUICK_VALUES - 1)];
  if (kept->around == around && same_words(&words, kept->words)) return kept->code;
  const uint32_t code = code_of_evidence(q, column, value, documented, source);
  *kept = (QuickValue){.around = around, .code = code};
  memcpy(kept->words, words.at, sizeof kept->words);
  return code;
}

/* ---- Lists and sets ------------------------------------------------------------------------------------------------------------
 */

typedef struct EntryState {
  bool documented;
  uint32_t count;
  uint64_t seen[16]; /* hashes of the keys: two alike are left to the other reader */
} EntryState;

static bool is_new_key(EntryState *state, Text name) {
  if (name.length > QUICK_BYTES || state->count == sizeof state->seen / sizeof *state->seen) return false;
  const Words words = words_of(name.at, name.length);
  const uint64_t hash = hash_words(&words, name.length);
  for (uint32_t i = 0; i < state->count; i++)
    if (state->seen[i] == hash) return false;
  state->seen[state->count++] = hash;
  return true;
}

static bool entry_member(Quick *q, EntryState *state, bool *first) {
  Text name, value;
  if (!key(q, &name) || !is_new_key(state, name) || !scalar(q, &value)) return false;
  if (text_equal(name, TEXT("document"))) {
    state->documented = value.at[0] == '"' && value.length > 2;
    return value.at[0] == '"' || is_null(value);
  }
  if (text_equal(name, TEXT("date"))) return is_null(value) || is_day(value);
  if (text_equal(name, TEXT("source"))) return source_of(value) >= 0;
  if (!*first) buffer_character(&q->b->text, ',');
  *first = false;
  buffer_text(&q->b->text, (Text){name.at - 1, (uint32_t)(value.at + value.length - name.at) + 1}); /* nothing stands between */
  return true;
}

static bool list_entry(Quick *q) {
  Buffer *out = &q->b->text;
  EntryState state;
  bool more = true, first = true;
  state.documented = false;
  state.count = 0;
  if (*here(q) != '{') return false;
  q->next++;
  buffer_character(out, '{');
  while (more)
    if (!entry_member(q, &state, &first) || !separator(q, '}', &more)) return false;
  if (state.documented) buffer_string(out, first ? "\"document\":\"d\"" : ",\"document\":\"d\"");
  buffer_character(out, '}');
  return true;
}

/* The entries of a list go to the builder's text; of other rows only that they are scalars is seen to. */
static bool array(Quick *q, bool is_list, Text *value) {
  const char *start = here(q);
  Buffer *out = &q->b->text;
  bool more = true;
  Text element;
  out->length = 0;
  if (is_list) buffer_character(out, '[');
  q->next++;
  if (*here(q) == ']') {
    q->next++;
    more = false;
  }
  while (more) {
    if (!(is_list ? list_entry(q) : scalar(q, &element)) || !separator(q, ']', &more)) return false;
    if (more && is_list) buffer_character(out, ',');
  }
  if (is_list) buffer_character(out, ']');
  *value = (Text){start, (uint32_t)(q->text + q->next[-1] + 1 - start)};
  return true;
}

static uint32_t code_of_array(Quick *q, uint32_t column, Text value, bool documented, int source) {
  Buffer *out = &q->b->text;
  if (!q->b->columns.items[column].is_list) return code_of_scalar(q, column, value, documented, source);
  if (!documented && source == 0) return code_of_text(q, column, (Text){out->at, (uint32_t)out->length});
  return code_of_evidence(q, column, (Text){out->at, (uint32_t)out->length}, documented, source);
}

/* ---- Facts ---------------------------------------------------------------------------------------------------------------------
 */

static bool evidence(Quick *q, uint32_t column, uint32_t *code) {
  enum { VALUE = 1, DOCUMENT = 2, DATE = 4, SOURCE = 8 };
  Text value = {0}, around;
  uint32_t seen = 0, which;
  bool more = true, documented = false, is_array = false;
  int source = 0;
  q->next++;
  for (; more; seen |= which) {
    const char *at = here(q);
    q->next += 2; /* each of these four keys has a colon, which is an index; the texts are compared before what follows is read */
    if (BEGINS(at, "\"value\":")) {
      which = VALUE;
      if (here(q) != at + 8) return false;
      is_array = *here(q) == '[';
      if (!(is_array ? array(q, q->b->columns.items[column].is_list, &value) : scalar(q, &value))) return false;
    } else if (BEGINS(at, "\"document\":")) {
      which = DOCUMENT;
      if (here(q) != at + 11 || !scalar(q, &around)) return false;
      documented = around.at[0] == '"' && around.length > 2;
      if (around.at[0] != '"' && !is_null(around)) return false;
    } else if (BEGINS(at, "\"date\":")) {
      which = DATE;
      if (here(q) != at + 7 || !scalar(q, &around) || !(is_day(around) || is_null(around))) return false;
    } else if (BEGINS(at, "\"source\":")) {
      which = SOURCE;
      if (here(q) != at + 9 || !scalar(q, &around)) return false;
      source = source_of(around);
      if (source < 0) return false;
    } else {
      return false;
    }
    if ((seen & which) != 0 || !separator(q, '}', &more)) return false;
  }
  if ((seen & VALUE) == 0) return false;
  *code = is_array ? code_of_array(q, column, value, documented, source) : code_of_scalar(q, column, value, documented, source);
  return true;
}

/* As in builder.c, the column that came next last time is tried first; then the one last met where the name's hash points. */
static uint32_t column_of(Builder *b, Text name, uint32_t previous) {
  if (name.length > QUICK_BYTES) return builder_column(b, name, false);
  const Words words = words_of(name.at, name.length);
  const BuilderColumn *columns = b->columns.items;
  if (previous != UINT32_MAX) {
    const BuilderColumn *guess = &columns[columns[previous].next];
    if (guess->name.length == name.length && same_words(&words, guess->name_words) && !guess->is_head)
      return columns[previous].next;
  }
  uint32_t *slot = &b->quick_slots[hash_words(&words, name.length) >> 40 & (QUICK_SLOTS - 1)];
  if (*slot == 0 || columns[*slot - 1].name.length != name.length || !same_words(&words, columns[*slot - 1].name_words))
    *slot = builder_column(b, name, false) + 1; /* 0 where there are too many */
  return *slot - 1;
}

static inline bool fact(Quick *q, uint32_t *previous) {
  Text name, value;
  uint32_t code;
  if (!key(q, &name)) return false;
  const uint32_t column = column_of(q->b, name, *previous);
  if (column == UINT32_MAX) return false;
  if (*previous != UINT32_MAX) q->b->columns.items[*previous].next = column;
  *previous = column;
  if (*here(q) == '{') {
    if (!evidence(q, column, &code)) return false;
  } else if (*here(q) == '[') {
    if (!array(q, q->b->columns.items[column].is_list, &value)) return false;
    code = code_of_array(q, column, value, false, 0);
  } else {
    if (!scalar(q, &value)) return false;
    code = code_of_scalar(q, column, value, false, 0);
  }
  return builder_set(q->b, column, code);
}

static bool facts(Quick *q) {
  uint32_t previous = UINT32_MAX;
  bool more = true;
  if (*here(q) != '{') return false;
  if (*(here(q) + 1) == '}') {
    q->next += 2;
    return true;
  }
  q->next++;
  while (more)
    if (!fact(q, &previous) || !separator(q, '}', &more)) return false;
  return true;
}

/* ---- The request ---------------------------------------------------------------------------------------------------------------
 */

enum { SEEN_ID = HEAD_COLUMNS, SEEN_FACTS };

static int head_of(Text name) {
  for (int i = 0; i < HEAD_COLUMNS; i++)
    if (text_equal(head_column_names[i], name)) return i;
  if (text_equal(name, TEXT("id"))) return SEEN_ID;
  return text_equal(name, TEXT("facts")) ? SEEN_FACTS : -1;
}

/* The day alone is what an entry of `received` says. */
static uint32_t code_of_received(Quick *q, uint32_t column, Text value) {
  Date date;
  char day[QUICK_BYTES] = "\"";
  if (value.length <= 12 || value.at[0] != '"' || !date_parse_time((Text){value.at + 1, value.length - 2}, &date))
    return code_of_scalar(q, column, value, false, 0);
  date_write(date, day + 1);
  day[11] = '"';
  return code_of_scalar(q, column, (Text){day, 12}, false, 0);
}

static bool head(Quick *q, int which, Text value) {
  if (is_null(value)) return true;
  const uint32_t column = builder_head(q->b, (HeadColumn)which);
  if (column == UINT32_MAX) return false;
  return builder_set(
      q->b, column,
      which == HEAD_COLUMN_RECEIVED ? code_of_received(q, column, value) : code_of_scalar(q, column, value, false, 0));
}

static bool member(Quick *q, uint32_t *seen, Text *id) {
  Text name, value;
  if (!key(q, &name)) return false;
  const int which = head_of(name);
  if (which < 0 || (*seen & 1u << which) != 0) return false;
  *seen |= 1u << which;
  if (which == SEEN_FACTS) return facts(q);
  if (!scalar(q, &value)) return false;
  if (which != SEEN_ID) return head(q, which, value);
  if (!is_null(value)) *id = value;
  return is_null(value) || (value.at[0] == '"' && value.length > 2);
}

static bool has_code(const Builder *b, uint32_t column) { return b->columns.items[column].last_attempt == b->attempt; }

/* Where it does not say when it starts, it starts when it was received. */
static bool start_as_received(Quick *q) {
  Builder *b = q->b;
  const uint32_t received = builder_head(b, HEAD_COLUMN_RECEIVED), start = builder_head(b, HEAD_COLUMN_START);
  if (received == UINT32_MAX || start == UINT32_MAX) return false;
  if (has_code(b, start) || !has_code(b, received)) return true;
  const BuilderColumn *from = &b->columns.items[received];
  return builder_set(b, start, code_of_text(q, start, from->dictionary.entries.items[from->codes[b->rows]]));
}

bool quick_add(Builder *b, const char *text, size_t length, Text *id) {
  JsonIndex index;
  uint32_t seen = 0;
  bool more = true;
  if (b->text.arena == NULL) buffer_open(&b->text, &b->scratch, 4096);
  if (json_index(b->reader, text, length, &index) != JSON_OK) return false;
  if (index.has_escapes || index.count > LIMIT_REQUEST_TOKENS) return false;
  Quick q = {b, index.text, index.at};
  if (*here(&q) != '{') return false;
  q.next++;
  while (more)
    if (!member(&q, &seen, id) || !separator(&q, '}', &more)) return false;
  return q.next == index.at + index.count && start_as_received(&q);
}
