/* tally: counts by name in a table of open addressing, as each chunk counts for itself; the counts
 * of chunks are added up in order, so that any number of threads gives the same summary. */
#include "bulk/tally.h"

void tally_open(Tally *tally, Arena *arena) {
  *tally = (Tally){.arena = arena, .slot_count = 64};
  tally->slots = ARENA_ARRAY(arena, uint32_t, tally->slot_count);
}

static uint32_t slot_of(const Tally *tally, Text name) {
  for (uint32_t at = text_hash(name) & (tally->slot_count - 1);;
       at = (at + 1) & (tally->slot_count - 1))
    if (tally->slots[at] == 0 || text_equal(tally->entries.items[tally->slots[at] - 1].name, name))
      return at;
}

static TallyEntry *find(Tally *tally, Text name) {
  uint32_t slot = slot_of(tally, name);
  if (tally->slots[slot] != 0) return &tally->entries.items[tally->slots[slot] - 1];
  if (2 * tally->entries.count + 2 > tally->slot_count) {
    tally->slot_count *= 2;
    tally->slots = ARENA_ARRAY(tally->arena, uint32_t, tally->slot_count);
    for (uint32_t i = 0; i < tally->entries.count; i++)
      tally->slots[slot_of(tally, tally->entries.items[i].name)] = i + 1;
    slot = slot_of(tally, name);
  }
  TallyEntry entry = {.name = text_copy(tally->arena, name)};
  LIST_PUSH(tally->arena, tally->entries, entry);
  tally->slots[slot] = tally->entries.count;
  return &tally->entries.items[tally->entries.count - 1];
}

static bool has_example(const TallyEntry *entry, Text example) {
  for (uint32_t i = 0; i < entry->example_count; i++)
    if (text_equal(entry->examples[i], example)) return true;
  return false;
}

void tally_add(Tally *tally, Text name, uint64_t count, Text example) {
  TallyEntry *entry = find(tally, name);
  entry->count += count;
  if (example.length > 0 && entry->example_count < TALLY_EXAMPLES && !has_example(entry, example))
    entry->examples[entry->example_count++] = text_copy(tally->arena, example);
}

void tally_merge(Tally *into, const Tally *from) {
  for (uint32_t i = 0; i < from->entries.count; i++) {
    const TallyEntry *entry = &from->entries.items[i];
    tally_add(into, entry->name, entry->count, (Text){0});
    for (uint32_t e = 0; e < entry->example_count; e++)
      tally_add(into, entry->name, 0, entry->examples[e]);
  }
}

Text tally_field(Text name, uint32_t n) {
  uint32_t start = 0;
  for (uint32_t i = 0; i <= name.length; i++) {
    if (i < name.length && name.at[i] != '\t') continue;
    if (n-- == 0) return (Text){name.at + start, i - start};
    start = i + 1;
  }
  return (Text){"", 0};
}
