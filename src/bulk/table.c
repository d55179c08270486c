#include "bulk/table.h"

const Text head_column_names[HEAD_COLUMNS] = {{"payer", 5}, {"policy", 6},  {"line", 4},     {"drug", 4},
                                              {"kind", 4},  {"urgency", 7}, {"received", 8}, {"start", 5}};

const Column *table_column(const BulkTable *table, Text name, bool is_head) {
  for (uint32_t i = 0; i < table->column_count; i++) {
    const Column *column = &table->columns[i];
    if (column->is_head == is_head && text_equal(column->name, name)) return column;
  }
  return NULL;
}

static uint64_t plane_word(const Column *column, uint32_t bit, uint32_t word) {
  const uint32_t block = word / LINE_BLOCK_WORDS;
  return column->planes[column_plane(column->plane_words, column->bits, block, bit) + word % LINE_BLOCK_WORDS];
}

uint32_t column_code(const Column *column, uint32_t row) {
  uint32_t code = 0;
  switch (column->form) {
    case CODES_ABSENT:
      return 0;
    case CODES_PLANES:
      for (uint32_t b = 0; b < column->bits; b++) code |= (uint32_t)((plane_word(column, b, row / 64) >> (row % 64)) & 1) << b;
      return code;
    case CODES_16:
      return column->codes16[row];
    case CODES_32:
      return column->codes32[row];
  }
  return code;
}

Text table_id(const BulkTable *table, uint32_t row) {
  if (table->id_ends == NULL) return (Text){"", 0};
  uint32_t start = row == 0 ? 0 : table->id_ends[row - 1];
  return (Text){table->ids + start, table->id_ends[row] - start};
}

static void write_member(Buffer *out, Text name, Text value, bool *first) {
  if (!*first) buffer_character(out, ',');
  *first = false;
  buffer_json_string(out, name);
  buffer_character(out, ':');
  buffer_text(out, value);
}

static void write_columns(const BulkTable *table, uint32_t row, bool is_head, Buffer *out, bool *first) {
  for (uint32_t i = 0; i < table->column_count; i++) {
    const Column *column = &table->columns[i];
    if (column->is_head != is_head) continue;
    uint32_t code = column_code(column, row);
    if (code != 0 && code < column->entry_count) write_member(out, column->name, column->entries[code], first);
  }
}

void table_write_row(const BulkTable *table, uint32_t row, Buffer *out) {
  bool first = true;
  buffer_character(out, '{');
  Text id = table_id(table, row);
  if (id.length > 0) write_member(out, TEXT("id"), id, &first);
  write_columns(table, row, true, out, &first);
  write_member(out, TEXT("facts"), TEXT("{"), &first);
  first = true;
  write_columns(table, row, false, out, &first);
  buffer_string(out, "}}");
}

/* ---- Things said, each once ---------------------------------------------------------------------------------------------------
 */

void dictionary_open(Dictionary *dictionary, Arena *arena) {
  *dictionary = (Dictionary){.arena = arena, .slot_count = 64};
  dictionary->slots = ARENA_ARRAY(arena, uint32_t, dictionary->slot_count);
  LIST_PUSH(arena, dictionary->entries, ((Text){"", 0}));
}

static uint32_t find_slot(const Dictionary *dictionary, Text text) {
  uint32_t mask = dictionary->slot_count - 1, at = (uint32_t)bulk_hash(text.at, text.length) & mask;
  while (dictionary->slots[at] != 0 && !text_equal(dictionary->entries.items[dictionary->slots[at] - 1], text))
    at = (at + 1) & mask;
  return at;
}

static void widen(Dictionary *dictionary) {
  dictionary->slot_count *= 2;
  dictionary->slots = ARENA_ARRAY(dictionary->arena, uint32_t, dictionary->slot_count);
  for (uint32_t i = 1; i < dictionary->entries.count; i++)
    dictionary->slots[find_slot(dictionary, dictionary->entries.items[i])] = i + 1;
}

uint32_t dictionary_find(Dictionary *dictionary, Text text) {
  if (text.length == 0) return 0;
  uint32_t slot = find_slot(dictionary, text);
  if (dictionary->slots[slot] != 0) return dictionary->slots[slot] - 1;
  if (2 * dictionary->entries.count > dictionary->slot_count) {
    widen(dictionary);
    slot = find_slot(dictionary, text);
  }
  Text copy = {arena_copy(dictionary->arena, text.at, text.length), text.length};
  LIST_PUSH(dictionary->arena, dictionary->entries, copy);
  dictionary->bytes += text.length + 1;
  dictionary->slots[slot] = dictionary->entries.count;
  return dictionary->entries.count - 1;
}
