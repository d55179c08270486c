/* The header of a CSV file: what each of its columns means, with the options that say how the file
 * differs from what licet writes.
 *
 * Columns are read one by one, then linked: a fact to the columns of its document and source, the
 * fields of a list's entries to one another, in the order of the entries' numbers. Invariant: what
 * is wrong with a header is found here, before any record is read. */
#include <string.h>

#include "columns/csv_date.h"
#include "columns/csv_internal.h"
#include "columns/table.h"

/* ---- Names ---- */

static const Fact *find_fact(const licet_library *library, Text name) {
  const Fact *fact = NULL;
  for (uint32_t i = 0; i < library->vocabularies.count && fact == NULL; i++)
    fact = vocabulary_fact(library->vocabularies.items[i], name);
  return fact == NULL || fact->index < BUILTIN_FACTS ? NULL : fact;
}

static bool ends_with(Text text, Text end, Text *rest) {
  if (text.length <= end.length ||
      memcmp(text.at + text.length - end.length, end.at, end.length) != 0)
    return false;
  *rest = (Text){text.at, text.length - end.length};
  return true;
}

static const Field *find_field(const Fact *list, Text name) {
  for (uint32_t i = 0; i < list->field_count; i++)
    if (text_equal(list->fields[i].name, name)) return &list->fields[i];
  return NULL;
}

/* "prior_therapies[1].agent". */
static bool read_entry_name(const licet_library *library, Text name, CsvColumn *column) {
  const char *open = memchr(name.at, '[', name.length), *end = name.at + name.length;
  if (open == NULL) return false;
  const char *at = open + 1;
  uint32_t number = 0;
  for (; at < end && *at >= '0' && *at <= '9' && number < 10000; at++)
    number = number * 10 + (uint32_t)(*at - '0');
  if (at == open + 1 || end - at < 3 || at[0] != ']' || at[1] != '.') return false;
  column->fact = find_fact(library, (Text){name.at, (uint32_t)(open - name.at)});
  column->entry = number;
  column->field = (Text){at + 2, (uint32_t)(end - at - 2)};
  if (column->fact == NULL || column->fact->type.kind != TYPE_LIST) return false;
  const Field *field = find_field(column->fact, column->field);
  column->type = field == NULL ? NULL : &field->type;
  column->use = CSV_ENTRY;
  return field != NULL;
}

static CsvColumn column_of(const licet_library *library, Text name) {
  CsvColumn column = {.use = CSV_VALUE, .name = name, .document = UINT32_MAX, .source = UINT32_MAX};
  Text rest;
  if (text_is(name, "id")) column.use = CSV_ID;
  for (int i = 0; i < HEAD_COLUMNS; i++)
    if (text_equal(name, head_column_names[i])) column.use = CSV_HEAD;
  if (column.use != CSV_VALUE || read_entry_name(library, name, &column)) return column;
  column.use = CSV_VALUE;
  column.fact = NULL;
  if (ends_with(name, TEXT(".document"), &rest)) {
    column.use = CSV_DOCUMENT;
    column.name = rest;
  } else if (ends_with(name, TEXT(".source"), &rest)) {
    column.use = CSV_SOURCE;
    column.name = rest;
  } else {
    column.fact = find_fact(library, name);
    column.type = column.fact == NULL ? NULL : &column.fact->type;
  }
  return column;
}

/* Which name the header must have meant. */
static const char *no_such_name(const licet_library *library, Text name, Arena *arena) {
  LIST(Text) names = {0};
  LIST_PUSH(arena, names, TEXT("id"));
  for (int i = 0; i < HEAD_COLUMNS; i++) LIST_PUSH(arena, names, head_column_names[i]);
  for (uint32_t v = 0; v < library->vocabularies.count; v++)
    for (uint32_t f = BUILTIN_FACTS; f < library->vocabularies.items[v]->facts.count; f++)
      LIST_PUSH(arena, names, library->vocabularies.items[v]->facts.items[f]->name);
  const int near = text_nearest(name, names.items, names.count);
  if (near < 0)
    return arena_format(arena, "the header names `%.*s`, which is not a fact", (int)name.length,
                        name.at);
  return arena_format(arena, "the header names `%.*s`, which is not a fact; did you mean `%.*s`?",
                      (int)name.length, name.at, (int)names.items[near].length,
                      names.items[near].at);
}

/* ---- Columns that belong together ---- */

/* A part of a fact beside the fact's column. */
static bool is_beside(CsvUse use) { return use == CSV_DOCUMENT || use == CSV_SOURCE; }

static const char *link_column(Csv *csv, uint32_t index, Arena *arena) {
  const CsvColumn *part = &csv->columns.items[index];
  bool found = !is_beside(part->use);
  if (part->use == CSV_IGNORED) return NULL;
  for (uint32_t j = 0; j < csv->columns.count; j++) {
    CsvColumn *other = &csv->columns.items[j];
    if (j == index || other->use == CSV_IGNORED || !text_equal(other->name, part->name)) continue;
    if (other->use == part->use)
      return arena_format(arena, "the header names `%.*s` twice", (int)part->name.length,
                          part->name.at);
    if (other->use != CSV_VALUE) continue;
    found = true;
    *(part->use == CSV_DOCUMENT ? &other->document : &other->source) = index;
  }
  return found ? NULL
               : arena_format(arena, "the header has `%.*s` but not the column it belongs to",
                              (int)part->name.length, part->name.at);
}

/* Entries of one list, in the order of their numbers, whatever the header's. */
static const char *link_entry(Csv *csv, uint32_t index, Arena *arena) {
  CsvColumn *one = &csv->columns.items[index];
  uint32_t before = UINT32_MAX;
  one->next = UINT32_MAX;
  for (uint32_t j = 0; j < csv->columns.count; j++) {
    const CsvColumn *other = &csv->columns.items[j];
    if (j == index || other->fact != one->fact) continue;
    if (other->use == CSV_VALUE)
      return arena_format(arena, "the header has `%.*s` both as one column and by its fields",
                          (int)other->name.length, other->name.at);
    if (other->use != CSV_ENTRY) continue;
    if (other->entry < one->entry || (other->entry == one->entry && j < index)) {
      before = j;
    } else if (one->next == UINT32_MAX || other->entry < csv->columns.items[one->next].entry) {
      one->next = j;
    }
  }
  one->first = before == UINT32_MAX;
  return NULL;
}

static const char *link_columns(Csv *csv, Arena *arena) {
  const char *message = NULL;
  for (uint32_t i = 0; i < csv->columns.count && message == NULL; i++)
    message = csv->columns.items[i].use == CSV_ENTRY ? link_entry(csv, i, arena) : NULL;
  for (uint32_t i = 0; i < csv->columns.count && message == NULL; i++)
    message = link_column(csv, i, arena);
  return message;
}

/* ---- Options ---- */

bool csv_is_listed(const char *const *list, Text name) {
  for (; list != NULL && *list != NULL; list++)
    if (text_equal(text_of(*list), name)) return true;
  return false;
}

/* What stands behind NAME= in the list; NULL: nothing. */
static const char *value_for(const char *const *list, Text name) {
  for (; list != NULL && *list != NULL; list++) {
    const char *equals = strrchr(*list, '=');
    if (equals != NULL && text_equal((Text){*list, (uint32_t)(equals - *list)}, name))
      return equals + 1;
  }
  return NULL;
}

/* Of "NAME=…" for each the header has NAME, so that a slip of the pen is found. `taken`: per
 * column, what it was called. */
static const char *check_pairs(const char *option, const char *const *list, const Text *taken,
                               uint32_t count, Arena *arena) {
  for (; list != NULL && *list != NULL; list++) {
    const char *equals = strrchr(*list, '=');
    bool found = false;
    if (equals == NULL || equals[1] == '\0')
      return arena_format(arena, "%s '%s': expected NAME=VALUE", option, *list);
    for (uint32_t i = 0; i < count; i++)
      found = found || text_equal(taken[i], (Text){*list, (uint32_t)(equals - *list)});
    if (!found) return arena_format(arena, "%s '%s': the header has no such column", option, *list);
  }
  return NULL;
}

static const char *set_unit(const CsvOptions *options, CsvColumn *column, Arena *arena) {
  const char *unit = value_for(options->units, column->name);
  Amount amount;
  if (unit == NULL) return NULL;
  column->unit = text_of(unit);
  const char *one = arena_format(arena, "1 %s", unit);
  if (column->type != NULL && column->type->kind == TYPE_QUANTITY &&
      quantity_parse(text_of(one), column->type->dimension, &amount) == QUANTITY_OK)
    return NULL;
  return arena_format(arena, "'%s' is not a unit of `%.*s`", unit, (int)column->name.length,
                      column->name.at);
}

char csv_separator_of(const Csv *csv) { return csv->separator; }

static const char *add_column(Csv *csv, const licet_library *library, Text name, Arena *arena) {
  const CsvOptions *options = csv->options;
  const char *renamed = value_for(options->names, name);
  CsvColumn column = {.use = CSV_IGNORED, .name = name};
  if (csv->columns.count == CSV_COLUMNS_MOST) return "the header has too many columns";
  if (!csv_is_listed(options->ignored, name)) {
    if (renamed == NULL && name.length == 0)
      return arena_format(arena,
                          "column %u of the header has no name; leave out row numbers, as pandas "
                          "and R write them, with --ignore-columns ''",
                          csv->columns.count + 1);
    column = column_of(library, renamed != NULL ? text_of(renamed) : name);
    if (column.use == CSV_VALUE && column.fact == NULL)
      return no_such_name(library, column.name, arena);
  }
  const char *message = column.use == CSV_IGNORED ? NULL : set_unit(options, &column, arena);
  LIST_PUSH(arena, csv->columns, column);
  return message;
}

static bool names_policy(const Csv *csv) {
  for (uint32_t i = 0; i < csv->columns.count; i++) {
    const CsvColumn *column = &csv->columns.items[i];
    if (column->use == CSV_HEAD &&
        (text_is(column->name, "payer") || text_is(column->name, "policy")))
      return true;
  }
  return false;
}

static const char *check_options(const Csv *csv, const Text *names, Arena *arena) {
  const CsvOptions *options = csv->options;
  Text *called = ARENA_ARRAY(arena, Text, csv->columns.count + 1);
  for (uint32_t i = 0; i < csv->columns.count; i++) called[i] = csv->columns.items[i].name;
  if (options->date_format != NULL && !csv_date_format_is_sound(options->date_format))
    return arena_format(arena,
                        "--date-format '%s': expected %%Y, %%m or %%b, and %%d, once each; for a "
                        "time %%H %%I %%M %%S %%p %%z",
                        options->date_format);
  const char *message = check_pairs("--map", options->names, names, csv->columns.count, arena);
  return message != NULL ? message
                         : check_pairs("--unit", options->units, called, csv->columns.count, arena);
}

Csv *csv_open(const licet_library *library, const char *header, size_t length,
              const CsvOptions *options, Arena *arena, const char **message) {
  Csv *csv = ARENA_NEW(arena, Csv);
  LIST(Text) names = {0};
  Buffer field;
  buffer_open(&field, arena, 256);
  csv->options = options;
  csv->separator = csv_separator(header, length);
  const char *at = header, *end = header + csv_trim(header, length);
  *message = "the first line is 'sep=', which spreadsheets write, and not a header; remove it";
  if (end - at >= 4 && memcmp(at, "sep=", 4) == 0) return NULL;
  for (bool more = true; more;) {
    *message = "a quote in the header is not closed";
    if (!csv_next_field(csv->separator, &at, end, &field, &more)) return NULL;
    const Text name = {arena_copy(arena, field.at, field.length), (uint32_t)field.length};
    LIST_PUSH(arena, names, name);
    *message = add_column(csv, library, name, arena);
    if (*message != NULL) return NULL;
  }
  *message = check_options(csv, names.items, arena);
  if (*message == NULL) *message = link_columns(csv, arena);
  if (*message != NULL) return NULL;
  if (!names_policy(csv)) csv->policy = options->policy;
  return csv;
}
