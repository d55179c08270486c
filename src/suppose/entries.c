/* entries: a list with one more entry, for each entry that the policy could distinguish; and many
 * entries in words, as few boxes.
 *
 * An entry is a choice in a grid that has a dimension for each field the policy reads. Entries that
 * are covered by boxes (boxes.c) are said box by box.
 *
 * Invariant: each value but the first, the list as it is, has all entries that the policy takes for
 * the same (Supposed.like), as far as they were looked at: SupposedList.is_cut.
 */
#include <string.h>

#include "json/writer.h"
#include "suppose/supposing.h"

static bool mentions(const Condition *condition, const Field *field) {
  if (condition->field == field) return true;
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    if (mentions(condition->operands.items[i], field)) return true;
  }
  return false;
}

static bool policy_mentions(const CompiledPolicy *compiled, const Fact *list, const Field *field) {
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (variable->fact != list || variable->kind != VARIABLE_PATTERN) continue;
    for (uint32_t t = 0; t < variable->tests.count; t++) {
      if (mentions(variable->tests.items[t]->operands.items[0], field)) return true;
    }
  }
  return false;
}

static void write_entry(JsonWriter *json, Buffer *words, Arena *arena, const Vocabulary *vocabulary,
                        const Fact *list, const Entry *entry) {
  json_begin_object(json);
  for (uint32_t f = 0; f < list->field_count; f++) {
    const Field *field = &list->fields[f];
    if (!entry->fields[f].known) continue;
    Text value = TEXT("another"), quoted;
    if (field->type.kind == TYPE_NAME && entry->fields[f].name > 0)
      value = vocabulary->names.items[entry->fields[f].name - 1];
    if (field->type.kind == TYPE_ENUMERATION) value = field->type.values[entry->fields[f].choice];
    quoted = field->type.kind == TYPE_ENUMERATION
                 ? choice_json(arena, &field->type, entry->fields[f].choice)
                 : json_quoted(arena, value);
    json_key_text(json, field->name);
    json_raw(json, quoted);
    buffer_string(words, words->length == 0 ? "with one more entry: " : ", ");
    buffer_text(words, field->name);
    buffer_character(words, ' ');
    buffer_text(words, value);
  }
  json_end_object(json);
}

/* The list as it is, and this entry. */
static void add_longer(Supposing *supposing, const Entry *more, uint32_t choice) {
  Arena *arena = supposing->arena;
  const Fact *list = supposing->fact;
  const FactValue *now = &supposing->now;
  Buffer out, words;
  JsonWriter json;
  Supposed longer = {.value = *now}, *same;
  longer.value.entries = ARENA_ARRAY(arena, Entry, now->entry_count + 1);
  if (now->entry_count > 0)
    memcpy(longer.value.entries, now->entries, now->entry_count * sizeof *now->entries);
  Entry *entry = &longer.value.entries[now->entry_count];
  entry->fields = ARENA_ARRAY(arena, EntryField, list->field_count);
  memcpy(entry->fields, more->fields, list->field_count * sizeof *more->fields);
  entry->documented = now->documented;
  longer.value.entry_count = now->entry_count + 1;
  buffer_open(&out, arena, 128);
  buffer_open(&words, arena, 64);
  json_writer_open(&json, &out);
  json_begin_array(&json);
  if (now->entry_count > 0) json_raw(&json, (Text){now->raw.at + 1, now->raw.length - 2});
  write_entry(&json, &words, arena, supposing->compiled->policy->vocabulary, list, entry);
  json_end_array(&json);
  json_writer_close(&json);
  buffer_finish(&out);
  buffer_finish(&words);
  longer.json = buffer_contents(&out);
  longer.words = buffer_contents(&words);
  suppose_if_new(supposing, longer, &same);
  LIST_PUSH(arena, same->like, choice);
}

/* The fields that the policy reads, and how many values each has. */
static void entry_fields(const CompiledPolicy *compiled, const Fact *list, EntryGrid *grid) {
  grid->grid = (Grid){.choices = 0};
  for (uint32_t f = 0; f < list->field_count && grid->grid.dimensions < GRID_DIMENSIONS; f++) {
    const Field *field = &list->fields[f];
    const bool is_word = field->type.kind == TYPE_NAME || field->type.kind == TYPE_ENUMERATION;
    if (!is_word || !policy_mentions(compiled, list, field)) continue;
    grid->fields[grid->grid.dimensions] = f;
    grid->grid.sizes[grid->grid.dimensions++] = field->type.kind == TYPE_NAME
                                                    ? compiled->policy->vocabulary->names.count + 1
                                                    : field->type.value_count;
  }
}

bool entry_grid(const CompiledPolicy *compiled, const Fact *list, EntryGrid *grid) {
  entry_fields(compiled, list, grid);
  const Grid sizes = grid->grid;
  grid->grid = grid_open();
  for (uint32_t d = 0; d < sizes.dimensions; d++)
    if (!grid_add(&grid->grid, sizes.sizes[d])) return false;
  return true;
}

/* The values of a choice; false where one of them says that it is not known. */
static bool entry_of(const Fact *list, const EntryGrid *grid, uint32_t choice, Entry *entry) {
  bool real = true;
  for (uint32_t d = 0; d < grid->grid.dimensions; d++) {
    const uint32_t value = choice % grid->grid.sizes[d];
    const Field *field = &list->fields[grid->fields[d]];
    choice /= grid->grid.sizes[d];
    entry->fields[grid->fields[d]] = (EntryField){.known = true, .choice = value, .name = value};
    real = real && (field->type.kind == TYPE_NAME || !((field->not_known >> value) & 1));
  }
  return real;
}

enum { ENTRIES_MAX = 4096 }; /* of more, the first are supposed */

static bool same_entry(const Fact *list, const Entry *a, const Entry *b) {
  for (uint32_t f = 0; f < list->field_count; f++) {
    const EntryField *x = &a->fields[f], *y = &b->fields[f];
    if (x->known != y->known) return false;
    if (x->known && (x->choice != y->choice || x->name != y->name || x->date != y->date ||
                     x->amount != y->amount))
      return false;
  }
  return true;
}

uint32_t list_cost(const Fact *list, const FactValue *value) {
  uint32_t cost = 1 + value->entry_count / 16; /* to go by an entry takes a little too */
  for (uint32_t i = 0; i < value->entry_count; i++)
    cost += i == 0 || !same_entry(list, &value->entries[i], &value->entries[i - 1]);
  return cost;
}

/* As it is, then with each entry more. */
void suppose_lists(Supposing *supposing) {
  const Fact *list = supposing->fact;
  const uint32_t cost = supposing->variables.count * list_cost(list, &supposing->now);
  EntryGrid grid;
  uint64_t all = 1;
  Entry entry = {.fields = ARENA_ARRAY(supposing->arena, EntryField, list->field_count)};
  suppose_always(
      supposing,
      (Supposed){.value = supposing->now, .json = supposing->now.raw, .words = TEXT("as it is")});
  entry_fields(supposing->compiled, list, &grid);
  for (uint32_t d = 0; d < grid.grid.dimensions && all <= ENTRIES_MAX; d++)
    all *= grid.grid.sizes[d];
  supposing->list.is_cut = all > ENTRIES_MAX;
  for (uint32_t choice = 0; choice < all && choice < ENTRIES_MAX; choice++) {
    if (!entry_of(list, &grid, choice, &entry)) continue;
    if (supposing->list.work > SUPPOSE_WORK_MAX) {
      supposing->list.is_cut = true;
      return;
    }
    supposing->list.work += cost;
    add_longer(supposing, &entry, choice);
  }
}

/* ---- Entries in words ---- */

static Text entry_value_words(const Vocabulary *vocabulary, const Field *field, uint32_t value) {
  if (field->type.kind == TYPE_ENUMERATION) return field->type.values[value];
  return value == 0 ? TEXT("another") : vocabulary->names.items[value - 1];
}

/* "outcome refractory or intolerant"; nothing of a field of which any value does. */
static void write_box_field(Buffer *out, const Vocabulary *vocabulary, const Field *field,
                            uint64_t values, uint32_t size, const char *lead) {
  const uint64_t all = bits_all(size);
  const uint64_t known = field->type.kind == TYPE_NAME ? all : all & ~field->not_known;
  bool first = true;
  if ((values & known) == known) return;
  buffer_string(out, lead);
  buffer_text(out, field->name);
  for (uint32_t v = 0; v < size; v++) {
    if (!((values & known) >> v & 1)) continue;
    buffer_string(out, first ? " " : " or ");
    buffer_text(out, entry_value_words(vocabulary, field, v));
    first = false;
  }
}

Text suppose_entries(Arena *arena, const CompiledPolicy *compiled, const Fact *list,
                     const EntryGrid *grid, const bool *in) {
  Box boxes[BOXES_MAX];
  Buffer out;
  /* an entry with a value that says "not known" may lie in a box, and is not said */
  bool *wide = ARENA_ARRAY(arena, bool, grid->grid.choices);
  Entry entry = {.fields = ARENA_ARRAY(arena, EntryField, list->field_count)};
  for (uint32_t c = 0; c < grid->grid.choices; c++)
    wide[c] = in[c] || !entry_of(list, grid, c, &entry);
  const uint32_t count = grid_cover(arena, &grid->grid, wide, boxes);
  if (count > BOXES_MAX) return (Text){0};
  buffer_open(&out, arena, 128);
  for (uint32_t b = 0; b < count; b++) {
    const size_t before = out.length;
    if (!box_has(&grid->grid, &boxes[b], in)) continue;
    buffer_string(&out, out.length == 0 ? "with one more entry" : "; or");
    const size_t led = out.length;
    for (uint32_t d = 0; d < grid->grid.dimensions; d++)
      write_box_field(&out, compiled->policy->vocabulary, &list->fields[grid->fields[d]],
                      boxes[b].values[d], grid->grid.sizes[d],
                      out.length > led ? ", "
                      : before == 0    ? ": "
                                       : " ");
  }
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}
