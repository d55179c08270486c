/* table: dictionary encoding: a column is its different entries, numbered, and a number per row. */
#include "columns/table.h"

#include "json/writer.h"

const Text head_column_names[HEAD_COLUMNS] = {{"payer", 5},    {"policy", 6}, {"line", 4},
                                              {"drug", 4},     {"kind", 4},   {"urgency", 7},
                                              {"received", 8}, {"start", 5}};

const Column *table_column(const BulkTable *table, Text name, ColumnPlace place) {
  for (uint32_t i = 0; i < table->column_count; i++) {
    const Column *column = &table->columns[i];
    if (column->place == place && text_equal(column->name, name)) return column;
  }
  return NULL;
}

static uint64_t plane_word(const Column *column, uint32_t bit, uint32_t word) {
  const uint32_t block = word / PROGRAM_BLOCK_WORDS;
  return column->planes[column_plane(column->plane_words, column->bits, block, bit) +
                        word % PROGRAM_BLOCK_WORDS];
}

uint32_t column_code(const Column *column, uint32_t row) {
  uint32_t code = 0;
  switch (column->form) {
    case CODES_ABSENT:
      return 0;
    case CODES_PLANES:
      for (uint32_t b = 0; b < column->bits; b++)
        code |= (uint32_t)((plane_word(column, b, row / 64) >> (row % 64)) & 1) << b;
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

static void write_columns(JsonWriter *json, const BulkTable *table, uint32_t row,
                          ColumnPlace place) {
  for (uint32_t i = 0; i < table->column_count; i++) {
    const Column *column = &table->columns[i];
    if (column->place != place) continue;
    const uint32_t code = column_code(column, row);
    if (code == 0 || code >= column->entry_count) continue;
    json_key_text(json, column->name);
    json_raw(json, column->entries[code]);
  }
}

void table_write_row(const BulkTable *table, uint32_t row, Buffer *out) {
  JsonWriter json;
  json_writer_open(&json, out);
  json_begin_object(&json);
  const Text id = table_id(table, row);
  if (id.length > 0) json_raw_member(&json, "id", id);
  write_columns(&json, table, row, COLUMN_OF_HEAD);
  json_object_member(&json, "facts");
  write_columns(&json, table, row, COLUMN_OF_FACTS);
  json_end_object(&json);
  json_end_object(&json);
  json_writer_close(&json);
}

/* ---- Things said, each once ---- */

void dictionary_open(Dictionary *dictionary, Arena *arena) {
  *dictionary = (Dictionary){.arena = arena, .slot_count = 64};
  dictionary->slots = ARENA_ARRAY(arena, uint64_t, dictionary->slot_count);
  LIST_PUSH(arena, dictionary->entries, ((Text){"", 0}));
}

/* As bulk_hash; of long texts four words at a time, which do not wait for each other. */
static uint64_t hash_of(Text text) {
  uint64_t words[4], sum = 0;
  while (text.length >= sizeof words) {
    memcpy(words, text.at, sizeof words);
    sum = (sum ^ sum >> 31) * UINT64_C(0xD6E8FEB86659FD93);
    sum +=
        (words[0] * UINT64_C(0x9E3779B97F4A7C15) ^ words[1] * UINT64_C(0xC2B2AE3D27D4EB4F) >> 7) +
        (words[2] * UINT64_C(0x165667B19E3779F9) ^ words[3] * UINT64_C(0xD6E8FEB86659FD93) >> 11);
    text.at += sizeof words;
    text.length -= (uint32_t)sizeof words;
  }
  return bulk_hash(text.at, text.length) ^ (sum ^ sum >> 32) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint32_t find_slot(const Dictionary *dictionary, uint64_t hash, Text text) {
  const uint32_t mask = dictionary->slot_count - 1;
  for (uint32_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
    const uint64_t slot = dictionary->slots[at];
    if (slot == 0) return at;
    if (slot >> 32 == hash >> 32 && text_equal(dictionary->entries.items[(uint32_t)slot - 1], text))
      return at;
  }
}

static void widen(Dictionary *dictionary) {
  dictionary->slot_count *= 2;
  dictionary->slots = ARENA_ARRAY(dictionary->arena, uint64_t, dictionary->slot_count);
  for (uint32_t i = 1; i < dictionary->entries.count; i++) {
    const uint64_t hash = hash_of(dictionary->entries.items[i]);
    dictionary->slots[find_slot(dictionary, hash, dictionary->entries.items[i])] =
        hash >> 32 << 32 | (i + 1);
  }
}

uint32_t dictionary_find(Dictionary *dictionary, Text text) {
  if (text.length == 0) return 0;
  const uint64_t hash = hash_of(text);
  uint32_t at = find_slot(dictionary, hash, text);
  if (dictionary->slots[at] != 0) return (uint32_t)dictionary->slots[at] - 1;
  if (2 * dictionary->entries.count > dictionary->slot_count) {
    widen(dictionary);
    at = find_slot(dictionary, hash, text);
  }
  Text copy = {arena_copy(dictionary->arena, text.at, text.length), text.length};
  LIST_PUSH(dictionary->arena, dictionary->entries, copy);
  dictionary->bytes += text.length + 1;
  dictionary->slots[at] = hash >> 32 << 32 | dictionary->entries.count;
  return dictionary->entries.count - 1;
}
