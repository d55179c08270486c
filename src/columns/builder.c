/* Requests by tokens, into rows of numbered entries: dictionary encoding, one dictionary a column.
 *
 * A row's codes go into a block of sixteen rows first, which is then turned (transposed), so that
 * writing touches few lines of the cache (builder_internal.h draws it). Invariant: a request that
 * is not plainly in order has a row all the same, marked, of which only the mark is used. */
#include "columns/builder_internal.h"
#include "planes/program.h"

/* ---- Opening ---- */

/* In whole lines of the cache. */
static void *allocate_lines(Arena *arena, size_t size) {
  char *memory = arena_allocate(arena, size + 64);
  return memory + (64 - (uintptr_t)memory % 64) % 64;
}

static void open_kept(void *context) {
  Builder *b = context;
  b->needs_exact = ARENA_ARRAY(&b->kept, uint64_t, b->padded / 64 + 1);
  b->id_ends = ARENA_ARRAY(&b->kept, uint32_t, b->capacity + 1);
  b->shown = ARENA_ARRAY(&b->kept, Column, BUILDER_COLUMNS_MOST);
  b->quick = allocate_lines(&b->kept, (BUILDER_COLUMNS_MOST + 1) * sizeof *b->quick);
}

Builder *builder_open(const licet_library *library, uint32_t capacity) {
  Builder *b = memory_allocate(sizeof *b);
  if (b == NULL) return NULL;
  memset(b, 0, sizeof *b);
  b->library = library;
  b->capacity = capacity;
  b->padded = (capacity + PROGRAM_PAD_ROWS - 1) / PROGRAM_PAD_ROWS * PROGRAM_PAD_ROWS;
  arena_open(&b->entries);
  arena_open(&b->kept);
  arena_open(&b->row);
  arena_open(&b->scratch);
  b->reader = json_open();
  b->lines = json_open();
  if (b->reader == NULL || b->lines == NULL || !arena_attempt(&b->kept, open_kept, b)) {
    builder_close(b);
    return NULL;
  }
  return b;
}

void builder_close(Builder *b) {
  if (b == NULL) return;
  json_close(b->reader);
  json_close(b->lines);
  arena_close(&b->entries);
  arena_close(&b->kept);
  arena_close(&b->row);
  arena_close(&b->scratch);
  memory_free(b->ids);
  memory_free(b);
}

void builder_set_longest(Builder *b, size_t bytes) {
  json_set_limits(b->reader, (JsonLimits){bytes, LIMIT_REQUEST_TOKENS, LIMIT_REQUEST_DEPTH});
}

/* ---- Columns ---- */

static bool is_list_fact(const licet_library *library, Text name) {
  for (uint32_t i = 0; i < library->vocabularies.count; i++) {
    const Fact *fact = vocabulary_fact(library->vocabularies.items[i], name);
    if (fact != NULL && fact->type.kind != TYPE_LIST) return false;
  }
  return true;
}

static uint32_t *column_slot(Builder *b, Text name, ColumnPlace place) {
  const uint32_t mask = 4 * BUILDER_COLUMNS_MOST - 1;
  for (uint32_t at = (uint32_t)bulk_hash(name.at, name.length) & mask;; at = (at + 1) & mask) {
    if (b->slots[at] == 0) return &b->slots[at];
    const BuilderColumn *there = &b->columns.items[b->slots[at] - 1];
    if (there->place == place && text_equal(there->name, name)) return &b->slots[at];
  }
}

/* As a request has it, where a name is short and there written as it reads; else what stands
 * nowhere. */
static void write_key(QuickColumn *quick, Text name, ColumnPlace place) {
  bool plain = place == COLUMN_OF_FACTS && name.length + 3 <= sizeof quick->key;
  for (uint32_t i = 0; plain && i < name.length; i++)
    plain = name.at[i] != '"' && name.at[i] != '\\' && (unsigned char)name.at[i] >= 0x20;
  char *key = (char *)quick->key;
  memset(key, 0, sizeof quick->key);
  quick->key_length = plain ? name.length + 3 : 1;
  if (!plain) return;
  key[0] = key[name.length + 1] = '"';
  memcpy(key + 1, name.at, name.length);
  key[name.length + 2] = ':';
}

void builder_make_values(Builder *b, uint32_t column, uint32_t slots) {
  b->columns.items[column].driven_out = 0;
  b->quick[column].values = allocate_lines(&b->entries, slots * sizeof(QuickValue));
  b->quick[column].slots = slots;
}

#define CODES_APART 64u

static void widen_block(Builder *b) {
  const uint32_t stride = b->stride == 0 ? 112 : 2 * b->stride + 16;
  uint32_t *block = ARENA_ARRAY(&b->entries, uint32_t, BLOCK_ROWS * stride);
  for (uint32_t r = 0; r < BLOCK_ROWS && b->block != NULL; r++)
    memcpy(block + r * stride, b->block + r * b->stride, b->stride * sizeof *block);
  b->block = block;
  b->stride = stride;
}

/* The block that begins with row `first` goes to the columns. */
static void turn_block(Builder *b, uint32_t first) {
  const uint32_t stride = b->stride;
  for (uint32_t c = 0; c < b->columns.count; c++) {
    const uint32_t *from = b->block + c;
    uint32_t *to = b->columns.items[c].codes + first;
    for (uint32_t r = 0; r < BLOCK_ROWS; r++) to[r] = from[r * stride];
  }
}

static void forget_block(Builder *b) {
  if (b->block != NULL) memset(b->block, 0, BLOCK_ROWS * b->stride * sizeof *b->block);
}

void builder_forget_row(Builder *b) {
  if (b->block != NULL) memset(builder_row(b), 0, b->stride * sizeof *b->block);
}

uint32_t builder_column(Builder *b, Text name, ColumnPlace place) {
  uint32_t *slot = column_slot(b, name, place);
  if (*slot != 0) return *slot - 1;
  if (b->columns.count == BUILDER_COLUMNS_MOST) return UINT32_MAX;
  BuilderColumn column = {.place = place,
                          .is_list = place == COLUMN_OF_FACTS && is_list_fact(b->library, name)};
  column.name = (Text){arena_copy(&b->entries, name.at, name.length), name.length};
  dictionary_open(&column.dictionary, &b->entries);
  /* Columns are written beside each other; they must not all be of one set of a cache. */
  column.codes = ARENA_ARRAY(&b->entries, uint32_t, b->padded + CODES_APART * BLOCK_ROWS) +
                 b->columns.count % CODES_APART * BLOCK_ROWS;
  if (b->columns.count == b->stride) widen_block(b);
  LIST_PUSH(&b->entries, b->columns, column);
  write_key(&b->quick[b->columns.count - 1], column.name, place);
  builder_make_values(b, b->columns.count - 1, QUICK_VALUES);
  *slot = b->columns.count;
  return b->columns.count - 1;
}

uint32_t builder_head(Builder *b, HeadColumn which) {
  if (b->heads[which] == 0)
    b->heads[which] = builder_column(b, head_column_names[which], COLUMN_OF_HEAD) + 1;
  return b->heads[which] - 1;
}

static bool set_text(Builder *b, uint32_t column, Text text) {
  return column != UINT32_MAX &&
         builder_set(b, column, dictionary_find(&b->columns.items[column].dictionary, text));
}

/* ---- What is said, without what does not matter ---- */

static Text raw_of(const JsonToken *token) { return (Text){token->raw, token->raw_length}; }
static Text word_of(const JsonToken *token) { return (Text){token->text, token->length}; }

static bool is_source(const JsonToken *token) {
  return token->kind == JSON_STRING &&
         (text_is(word_of(token), "requester") || text_is(word_of(token), "reviewer") ||
          text_is(word_of(token), "record"));
}

static bool is_day(const JsonToken *token) {
  Date date;
  return token->kind == JSON_STRING && date_parse(word_of(token), &date);
}

/* What stands around a value and in the entries of lists. False where it is not plainly in order.
 */
typedef struct Around {
  bool documented;
  Text source;
} Around;

static bool read_around(const JsonToken *key, Around *around, bool *mine) {
  const JsonToken *item = key + 1;
  const Text name = word_of(key);
  *mine = true;
  if (text_is(name, "document")) {
    around->documented = item->kind == JSON_STRING && item->length > 0;
    return item->kind == JSON_NULL ||
           (item->kind == JSON_STRING && !text_has_margin(word_of(item)));
  }
  if (text_is(name, "date")) return item->kind == JSON_NULL || is_day(item);
  if (text_is(name, "source")) {
    if (item->kind != JSON_NULL) around->source = raw_of(item);
    return item->kind == JSON_NULL || is_source(item);
  }
  *mine = false;
  return true;
}

static bool repeats(const JsonToken *tokens, const JsonToken *object, const JsonToken *key) {
  for (const JsonToken *k = object + 1; k < key; k = tokens + (k + 1)->end)
    if (text_equal(word_of(k), word_of(key))) return true;
  return false;
}

static bool write_entry(const JsonToken *tokens, const JsonToken *object, Buffer *out) {
  Around around = {0};
  bool first = true, mine;
  if (object->kind != JSON_OBJECT) return false;
  buffer_character(out, '{');
  for (const JsonToken *key = object + 1; key < tokens + object->end;
       key = tokens + (key + 1)->end) {
    if (repeats(tokens, object, key) || !read_around(key, &around, &mine)) return false;
    if (mine) continue;
    if ((key + 1)->kind == JSON_ARRAY || (key + 1)->kind == JSON_OBJECT) return false;
    if (!first) buffer_character(out, ',');
    first = false;
    buffer_text(out, raw_of(key));
    buffer_character(out, ':');
    buffer_text(out, raw_of(key + 1));
  }
  if (around.documented) buffer_string(out, first ? "\"document\":\"d\"" : ",\"document\":\"d\"");
  buffer_character(out, '}');
  return true;
}

static bool write_value(const JsonToken *tokens, const JsonToken *token, bool is_list,
                        Buffer *out) {
  if (token->kind == JSON_OBJECT) return false;
  if (token->kind != JSON_ARRAY || !is_list) {
    buffer_text(out, raw_of(token));
    return true;
  }
  buffer_character(out, '[');
  for (const JsonToken *item = token + 1; item < tokens + token->end; item = tokens + item->end) {
    if (item > token + 1) buffer_character(out, ',');
    if (!write_entry(tokens, item, out)) return false;
  }
  buffer_character(out, ']');
  return true;
}

static bool write_evidence(const JsonToken *tokens, const JsonToken *object, bool is_list,
                           Buffer *out) {
  const JsonToken *value = NULL;
  Around around = {0};
  for (const JsonToken *key = object + 1; key < tokens + object->end;
       key = tokens + (key + 1)->end) {
    bool mine;
    if (repeats(tokens, object, key) || !read_around(key, &around, &mine)) return false;
    if (!mine && !text_is(word_of(key), "value")) return false;
    if (!mine) value = key + 1;
  }
  if (value == NULL) return false;
  const bool bare = !around.documented && around.source.length == 0;
  if (!bare) buffer_string(out, "{\"value\":");
  if (!write_value(tokens, value, is_list, out)) return false;
  if (bare) return true;
  if (around.documented) buffer_string(out, ",\"document\":\"d\"");
  if (around.source.length > 0) {
    buffer_string(out, ",\"source\":");
    buffer_text(out, around.source);
  }
  buffer_character(out, '}');
  return true;
}

/* The value as it is kept; where it is not plainly in order, as it stands. */
static Text plain_value(Builder *b, const JsonToken *tokens, const JsonToken *token, bool is_list) {
  if (token->kind < JSON_ARRAY) return raw_of(token);
  if (token->kind == JSON_ARRAY && !is_list) return raw_of(token);
  Buffer out;
  buffer_open(&out, &b->row, token->raw_length + 64);
  bool plain = token->kind == JSON_OBJECT ? write_evidence(tokens, token, is_list, &out)
                                          : write_value(tokens, token, is_list, &out);
  return plain ? (Text){out.at, (uint32_t)out.length} : raw_of(token);
}

/* ---- Rows ---- */

static bool add_facts(Builder *b, const JsonToken *tokens, const JsonToken *object) {
  if (object->kind == JSON_NULL) return true;
  if (object->kind != JSON_OBJECT) return false;
  for (const JsonToken *key = object + 1; key < tokens + object->end;
       key = tokens + (key + 1)->end) {
    uint32_t column = builder_column(b, word_of(key), COLUMN_OF_FACTS);
    if (column == UINT32_MAX) return false;
    if (!set_text(b, column, plain_value(b, tokens, key + 1, b->columns.items[column].is_list)))
      return false;
  }
  return true;
}

/* The day alone, where it is one. */
static Text plain_day(Builder *b, const JsonToken *token) {
  Date date;
  if (token->kind != JSON_STRING || !date_parse_time(word_of(token), &date)) return raw_of(token);
  char *text = arena_allocate_raw(&b->row, 12);
  text[0] = text[11] = '"';
  date_write(date, text + 1);
  return (Text){text, 12};
}

static bool keep_id(Builder *b, Text id) {
  if (b->id_length + id.length > b->id_capacity) {
    size_t capacity = 2 * (b->id_length + id.length) + 4096;
    char *ids = memory_resize(b->ids, capacity);
    if (ids == NULL) return false;
    b->ids = ids;
    b->id_capacity = capacity;
  }
  if (id.length > 0) memcpy(b->ids + b->id_length, id.at, id.length);
  b->id_length += id.length;
  return true;
}

static int find_head(Text key) {
  for (int i = 0; i < HEAD_COLUMNS; i++)
    if (text_equal(head_column_names[i], key)) return i;
  return -1;
}

static bool add_head(Builder *b, int which, const JsonToken *token, Text *received,
                     bool *has_start) {
  if (which < 0) return false;
  if (token->kind == JSON_NULL) return true;
  Text text = which == HEAD_COLUMN_RECEIVED ? plain_day(b, token) : raw_of(token);
  if (token->kind >= JSON_ARRAY) return false;
  if (which == HEAD_COLUMN_RECEIVED) *received = text;
  if (which == HEAD_COLUMN_START) *has_start = true;
  return set_text(b, builder_head(b, (HeadColumn)which), text);
}

static bool add_row(Builder *b, const JsonToken *tokens, uint32_t count, Text *id) {
  Text received = {0};
  bool has_start = false, fine = count > 0 && tokens[0].kind == JSON_OBJECT;
  for (const JsonToken *key = tokens + 1; fine && key < tokens + tokens[0].end;
       key = tokens + (key + 1)->end) {
    const Text name = word_of(key);
    const JsonToken *value = key + 1;
    if (repeats(tokens, tokens, key)) {
      fine = false;
    } else if (text_is(name, "facts")) {
      fine = add_facts(b, tokens, value);
    } else if (text_is(name, "id")) {
      fine = value->kind == JSON_NULL || (value->kind == JSON_STRING && value->length > 0);
      if (value->kind == JSON_STRING && fine) *id = raw_of(value);
    } else {
      fine = add_head(b, find_head(name), value, &received, &has_start);
    }
  }
  if (fine && !has_start && received.length > 0)
    fine = set_text(b, builder_head(b, HEAD_COLUMN_START), received);
  return fine;
}

static bool recover(Builder *b) {
  arena_reset(&b->entries);
  memset(b->after, 0, sizeof b->after);
  for (uint32_t i = 0; i < BUILDER_COLUMNS_MOST && b->quick != NULL; i++)
    b->quick[i] = (QuickColumn){.key_length = 1};
  b->block = NULL;
  b->stride = 0;
  memset(&b->columns, 0, sizeof b->columns);
  memset(b->slots, 0, sizeof b->slots);
  memset(b->quick_slots, 0, sizeof b->quick_slots);
  memset(b->heads, 0, sizeof b->heads);
  b->generation++;
  return false;
}

/* By tokens: whatever the quick way leaves, and what it set of the row before is undone. */
static JsonStatus add_tokens(Builder *b, const char *text, size_t length, Text *id) {
  const JsonToken *tokens;
  const char *message;
  size_t offset;
  uint32_t count = 0;
  b->by_tokens++;
  *id = (Text){"", 0};
  builder_forget_row(b);
  arena_reset(&b->row);
  JsonStatus status = json_read(b->reader, text, length, &tokens, &count, &message, &offset);
  if (status == JSON_NO_MEMORY) return status;
  return status == JSON_OK && add_row(b, tokens, count, id) ? JSON_OK : JSON_MALFORMED;
}

/* Runs `work`, of some lines, under a guard of the builder's arenas. False: memory ran out there or
 * elsewhere (`*done` is false then), and the builder begins again. */
static bool attempt(Builder *b, const bool *done, void (*work)(void *context), void *context) {
  Arena *const arenas[] = {&b->entries, &b->row, &b->scratch};
  return (arenas_attempt(arenas, 3, work, context) && *done) || recover(b);
}

static void open_text(Builder *b) {
  if (b->text.arena == NULL) buffer_open(&b->text, &b->scratch, 4096);
}

bool builder_end_row(Builder *b, Text id) {
  if (!keep_id(b, id)) return false;
  b->id_ends[b->rows++] = (uint32_t)b->id_length;
  if (b->rows % BLOCK_ROWS != 0) return true;
  turn_block(b, b->rows - BLOCK_ROWS);
  forget_block(b);
  return true;
}

static bool add_slowly(Builder *b, const char *text, size_t length) {
  Text id;
  const JsonStatus status = add_tokens(b, text, length, &id);
  if (status == JSON_NO_MEMORY) return false;
  if (status != JSON_OK) {
    b->needs_exact[b->rows / 64] |= UINT64_C(1) << (b->rows % 64);
    b->exact_rows++;
  }
  return builder_end_row(b, id);
}

static bool add_alone(Builder *b, const char *text, size_t length) {
  JsonIndex index;
  Text id = {"", 0};
  if (json_index(b->reader, text, length, &index) != JSON_OK) return add_slowly(b, text, length);
  Quick q = {b, index.text, index.text + length, index.at, index.escape};
  if (!quick_add(&q, &id) || q.next != index.at + index.count) return add_slowly(b, text, length);
  return builder_end_row(b, id);
}

typedef struct Addition {
  Builder *b;
  const char *text;
  size_t length;
  bool done;
} Addition;

static void add_text(void *context) {
  Addition *addition = context;
  open_text(addition->b);
  addition->done = add_alone(addition->b, addition->text, addition->length);
}

bool builder_add_json(Builder *b, const char *text, size_t length) {
  Addition addition = {b, text, length, false};
  return attempt(b, &addition.done, add_text, &addition);
}

/* ---- Lines ---- */

static const char *line_end(const char *at, const char *end) {
  const char *stop = memchr(at, '\n', (size_t)(end - at));
  return stop == NULL ? end : stop + 1;
}

static bool is_blank(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')) at++;
  return at == end;
}

/* So many bytes are indexed at once: few enough that text and indexes stay near the processor. */
#define LINES_AT_ONCE ((size_t)128 << 10)

/* Whole lines. */
static const char *lines_at_once(const char *at, const char *end) {
  return (size_t)(end - at) <= LINES_AT_ONCE ? end : line_end(at + LINES_AT_ONCE - 1, end);
}

/* What the next indexing will read comes from memory meanwhile, as much of it as is read here. */
static void fetch_ahead(const BuilderLines *lines, const char *end) {
  const char *stop = (size_t)(lines->end - end) > LINES_AT_ONCE ? end + LINES_AT_ONCE : lines->end;
  if ((size_t)(lines->end - lines->at) <= LINES_AT_ONCE) return;
  for (const char *at = lines->at + LINES_AT_ONCE; at < stop; at += 64) __builtin_prefetch(at);
}

/* The end of a line is no part of its request, whose length has a limit. */
static size_t line_length(const char *at, const char *stop) {
  return (size_t)(stop - at) - (stop > at && stop[-1] == '\n');
}

static void begin_row(Builder *b, BuilderLines *lines, const char *end) {
  fetch_ahead(lines, end);
  lines->rows[b->rows] = (BuilderLine){lines->at, line_length(lines->at, end), lines->line++};
  lines->at = end;
}

static bool add_one_by_one(Builder *b, BuilderLines *lines, const char *end) {
  while (lines->at < end && b->rows < b->capacity) {
    const char *at = lines->at, *stop = line_end(at, end);
    begin_row(b, lines, stop);
    if (!is_blank(at, stop) && !add_alone(b, at, line_length(at, stop))) return false;
  }
  return true;
}

/* From behind a request to the end of its line. NULL where more stands there. */
static const char *rest_of_line(const Quick *q, const char *end) {
  const char *at = q->text + q->next[-1] + 1;
  if (at < end && *at == '\n') return at + 1;
  at = line_end(at, end);
  return q->text + *q->next >= at ? at : NULL;
}

static bool add_indexed(Builder *b, BuilderLines *lines, const JsonIndex *index, const char *end) {
  Quick q = {b, index->text, end, index->at, index->escape};
  const uint32_t *last = index->at + index->count;
  while (q.next < last && b->rows < b->capacity) {
    const uint32_t *first = q.next;
    Text id = {"", 0};
    const char *stop;
    while (index->text + *first != lines->at &&
           (stop = line_end(lines->at, end)) <= index->text + *first) { /* blank lines */
      lines->at = stop;
      lines->line++;
    }
    stop = quick_add(&q, &id) ? rest_of_line(&q, end) : NULL;
    if (stop != NULL && line_length(lines->at, stop) <= LIMIT_REQUEST_BYTES) {
      begin_row(b, lines, stop);
      if (!builder_end_row(b, id)) return false;
      continue;
    }
    stop = line_end(lines->at, end);
    const char *at = lines->at;
    begin_row(b, lines, stop);
    if (!add_slowly(b, at, line_length(at, stop))) return false;
    for (q.next = first; q.next < last && index->text + *q.next < stop;) q.next++;
    if (q.escape < stop && (q.escape = memchr(stop, '\\', (size_t)(end - stop))) == NULL)
      q.escape = end;
  }
  if (q.next == last && b->rows < b->capacity) { /* blank lines */
    for (; lines->at < end; lines->line++) lines->at = line_end(lines->at, end);
  }
  return true;
}

static bool add_lines(Builder *b, BuilderLines *lines) {
  JsonIndex index;
  while (lines->at < lines->end && b->rows < b->capacity) {
    const char *end = lines_at_once(lines->at, lines->end);
    const JsonStatus status =
        json_index_lines(b->lines, lines->at, (size_t)(end - lines->at), &index);
    if (status == JSON_NO_MEMORY) return false;
    const bool fine =
        status == JSON_OK ? add_indexed(b, lines, &index, end) : add_one_by_one(b, lines, end);
    if (!fine) return false;
  }
  return true;
}

typedef struct LinesAddition {
  Builder *b;
  BuilderLines *lines;
  bool done;
} LinesAddition;

static void add_all_lines(void *context) {
  LinesAddition *addition = context;
  open_text(addition->b);
  addition->done = add_lines(addition->b, addition->lines);
}

bool builder_add_lines(Builder *b, BuilderLines *lines) {
  LinesAddition addition = {b, lines, false};
  return attempt(b, &addition.done, add_all_lines, &addition);
}

uint32_t builder_rows(const Builder *b) { return b->rows; }

static bool has_enough_entries(const Builder *b) {
  size_t bytes = 0, entries = 0;
  for (uint32_t i = 0; i < b->columns.count; i++) {
    bytes += b->columns.items[i].dictionary.bytes;
    entries += b->columns.items[i].dictionary.entries.count;
  }
  return bytes > BUILDER_BYTES_MOST || entries > BUILDER_ENTRIES_MOST ||
         b->columns.count == BUILDER_COLUMNS_MOST;
}

bool builder_is_full(const Builder *b) {
  return b->id_length > BUILDER_ID_BYTES_MOST || has_enough_entries(b);
}

void builder_begin(Builder *b) {
  forget_block(b);
  if (b->generation == 0 || has_enough_entries(b)) recover(b);
  memset(b->needs_exact, 0, (b->padded / 64 + 1) * sizeof *b->needs_exact);
  b->rows = b->exact_rows = 0;
  b->id_length = 0;
}

const BulkTable *builder_table(Builder *b) {
  if (b->rows % BLOCK_ROWS != 0) turn_block(b, b->rows - b->rows % BLOCK_ROWS);
  for (uint32_t i = 0; i < b->columns.count; i++) {
    const BuilderColumn *from = &b->columns.items[i];
    b->shown[i] = (Column){.name = from->name,
                           .place = from->place,
                           .entries = from->dictionary.entries.items,
                           .entry_count = from->dictionary.entries.count,
                           .form = CODES_32,
                           .codes32 = from->codes};
  }
  b->table = (BulkTable){.rows = b->rows,
                         .columns = b->shown,
                         .column_count = b->columns.count,
                         .id_ends = b->id_ends,
                         .ids = b->ids,
                         .needs_exact = b->needs_exact,
                         .generation = b->generation};
  return &b->table;
}

bool builder_row_needs_exact(const Builder *b, uint32_t row) {
  return (b->needs_exact[row / 64] >> (row % 64)) & 1;
}
