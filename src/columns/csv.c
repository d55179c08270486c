#include "columns/csv.h"

#include <string.h>

#include "columns/csv_date.h"
#include "columns/table.h"

typedef enum CsvUse {
  CSV_ID,
  CSV_HEAD,
  CSV_VALUE,
  CSV_ENTRY, /* a field of an entry of a list */
  CSV_DOCUMENT,
  CSV_SOURCE,
  CSV_IGNORED
} CsvUse;

typedef struct CsvColumn {
  CsvUse use;
  Text name;        /* of the key or fact */
  const Fact *fact; /* of a value; of an entry, the list */
  Text unit;        /* of numbers that have none; "" where they need none */
  uint32_t entry;   /* of an entry: its number, which orders entries */
  Text field;       /* of an entry: the field's name */
  const Type *type; /* of a value or an entry's field; NULL: a text */
  uint32_t next;    /* of an entry: the column of the list's next field, by entry; UINT32_MAX */
  bool first;       /* of an entry: no other of its list comes before, by entry */
  uint32_t document, source; /* of a value: the columns beside it; UINT32_MAX where there is none */
} CsvColumn;

struct Csv {
  char separator;
  LIST(CsvColumn) columns;
  const CsvOptions *options;
  Text policy; /* written where no column names payer or policy */
};

char csv_separator(const char *header, size_t length) {
  bool quoted = false;
  for (size_t i = 0; i < length && (quoted || header[i] != '\n'); i++) {
    if (header[i] == '"') quoted = !quoted;
    if (!quoted && (header[i] == ',' || header[i] == ';' || header[i] == '\t')) return header[i];
  }
  return ',';
}

/* The record's first line alone; 0 where its end is not there yet. */
static size_t first_line(const char *text, size_t length, bool at_end) {
  const char *end = memchr(text, '\n', length);
  return end != NULL ? (size_t)(end - text) + 1 : at_end ? length : 0;
}

size_t csv_record(char separator, const char *text, size_t length, bool at_end) {
  bool quoted = false, begins = true; /* within quotes; at the first byte of a field */
  for (size_t i = 0; i < length; i++) {
    const char c = text[i], next = i + 1 < length ? text[i + 1] : '\n';
    if (quoted && c == '"') {
      if (i + 1 == length && !at_end) return 0;
      if (next == '"' && i + 1 < length) {
        i++;
        continue;
      }
      quoted = false;
      if (next != separator && next != '\r' && next != '\n')
        return first_line(text, length, at_end); /* it closed nothing */
    } else if (!quoted && c == '\n') {
      return i + 1;
    } else if (begins && c == '"') {
      quoted = true;
    }
    begins = !quoted && c == separator;
  }
  return at_end && quoted ? first_line(text, length, true) : at_end ? length : 0;
}

/* The next field, unquoted into `out`. False where a quote does not close or text stands around it.
 */
static bool next_field(char separator, const char **at, const char *end, Buffer *out, bool *more) {
  const char *p = *at;
  out->length = 0;
  if (p < end && *p == '"') {
    for (p++;; p++) {
      if (p == end) return false;
      if (*p == '"' && (p + 1 == end || p[1] != '"')) break;
      if (*p == '"') p++;
      buffer_character(out, *p);
    }
    p++;
  } else {
    while (p < end && *p != separator) {
      if (*p == '"') return false;
      buffer_character(out, *p++);
    }
  }
  if (p < end && *p != separator) return false;
  *more = p < end;
  *at = p < end ? p + 1 : p;
  return true;
}

static size_t trim(const char *record, size_t length) {
  if (length > 0 && record[length - 1] == '\n') length--;
  if (length > 0 && record[length - 1] == '\r') length--;
  return length;
}

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
    return arena_format(arena, "the header names `%.*s`, which is no fact", (int)name.length,
                        name.at);
  return arena_format(arena, "the header names `%.*s`, which is no fact; did you mean `%.*s`?",
                      (int)name.length, name.at, (int)names.items[near].length,
                      names.items[near].at);
}

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
               : arena_format(arena, "the header has `%.*s` beside no column of that name",
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
      return arena_format(arena, "the header has `%.*s` as a whole and by its fields",
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

static bool is_listed(const char *const *list, Text name) {
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
    if (!found)
      return arena_format(arena, "%s '%s': the header has no column of that name", option, *list);
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
  if (!is_listed(options->ignored, name)) {
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
                        "--date-format '%s': expected %%Y, %%m or %%b, and %%d, once each; of a "
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
  const char *at = header, *end = header + trim(header, length);
  *message = "the first line is no header but 'sep=', which spreadsheets write; leave it out";
  if (end - at >= 4 && memcmp(at, "sep=", 4) == 0) return NULL;
  for (bool more = true; more;) {
    *message = "the header's quotes do not close";
    if (!next_field(csv->separator, &at, end, &field, &more)) return NULL;
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

/* ---- Values ---- */

static bool is_number(Text text) {
  uint32_t i = text.length > 0 && text.at[0] == '-', digits = 0;
  if (i + 1 < text.length && text.at[i] == '0' && text.at[i + 1] != '.') return false;
  for (; i < text.length && text.at[i] >= '0' && text.at[i] <= '9'; i++) digits++;
  if (digits == 0 || i == text.length) return digits > 0;
  if (text.at[i++] != '.') return false;
  for (digits = 0; i < text.length && text.at[i] >= '0' && text.at[i] <= '9'; i++) digits++;
  return digits > 0 && i == text.length;
}

/* TRUE is a spreadsheet's and R's, True pandas', t PostgreSQL's, 1 SQLite's. */
static bool is_yes(Text word) {
  return text_equal_ignoring_case(word, TEXT("true")) ||
         text_equal_ignoring_case(word, TEXT("yes")) || text_is(word, "t") || text_is(word, "1");
}
static bool is_no(Text word) {
  return text_equal_ignoring_case(word, TEXT("false")) ||
         text_equal_ignoring_case(word, TEXT("no")) || text_is(word, "f") || text_is(word, "0");
}

static void write_word(const Type *type, Text word, Buffer *out) {
  const bool yes_no = type != NULL && type->kind == TYPE_ENUMERATION && type->value_count == 2 &&
                      text_is(type->values[0], "yes") && text_is(type->values[1], "no");
  if (yes_no && is_yes(word)) {
    buffer_string(out, "true");
  } else if (yes_no && is_no(word)) {
    buffer_string(out, "false");
  } else {
    buffer_json_string(out, word);
  }
}

static void write_set(const Type *type, Text text, Buffer *out) {
  buffer_character(out, '[');
  for (uint32_t start = 0, i = 0; i <= text.length; i++) {
    if (i < text.length && text.at[i] != ';') continue;
    if (start > 0) buffer_character(out, ',');
    write_word(type, (Text){text.at + start, i - start}, out);
    start = i + 1;
  }
  buffer_character(out, ']');
}

/* A day as the options write it; else as it stands, for the request's reader to judge. */
static void write_day(const Csv *csv, Text text, Buffer *out) {
  const char *format = csv->options->date_format;
  char day[10];
  Date date;
  if (format != NULL && csv_date_parse(format, text, &date)) {
    date_write(date, day);
    text = (Text){day, sizeof day};
  }
  buffer_json_string(out, text);
}

static void write_json(Text text, Buffer *out) {
  for (uint32_t i = 0; i < text.length; i++)
    buffer_character(out, text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i]);
}

static void write_quantity(const CsvColumn *column, Text text, Buffer *out) {
  if (!is_number(text)) {
    buffer_json_string(out, text);
  } else if (column->unit.length > 0) {
    buffer_character(out, '"');
    buffer_text(out, text);
    buffer_character(out, ' ');
    buffer_text(out, column->unit); /* a unit's letters need no escapes: quantity_parse knows it */
    buffer_character(out, '"');
  } else if (dimension_units(column->type->dimension)[0] == '\0') {
    buffer_text(out, text);
  } else {
    buffer_json_string(out, text);
  }
}

static void write_value(const Csv *csv, const CsvColumn *column, Text text, Buffer *out) {
  if (text.at[0] == '{' || text.at[0] == '[') {
    write_json(text, out);
  } else if (column->type == NULL) {
    buffer_json_string(out, text);
  } else {
    switch (column->type->kind) {
      case TYPE_SET:
        write_set(column->type, text, out);
        break;
      case TYPE_QUANTITY:
        write_quantity(column, text, out);
        break;
      case TYPE_DATE:
        write_day(csv, text, out);
        break;
      case TYPE_ENUMERATION:
      case TYPE_DURATION:
      case TYPE_NAME:
      case TYPE_CODE:
      case TYPE_LIST:
      case TYPE_SERIES:
        write_word(column->type, text, out);
    }
  }
}

static void write_evidence(const CsvColumn *column, const Text *fields, Buffer *out) {
  Text document = column->document == UINT32_MAX ? (Text){0} : fields[column->document];
  Text source = column->source == UINT32_MAX ? (Text){0} : fields[column->source];
  if (document.length > 0) {
    buffer_string(out, ",\"document\":");
    buffer_json_string(out, document);
  }
  if (source.length > 0) {
    buffer_string(out, ",\"source\":");
    buffer_json_string(out, source);
  }
}

/* An entry of which no field says anything is none. */
static void write_entries(const Csv *csv, uint32_t first, const Text *fields, Buffer *out) {
  uint32_t entry = UINT32_MAX; /* that is open */
  for (uint32_t i = first; i != UINT32_MAX; i = csv->columns.items[i].next) {
    const CsvColumn *column = &csv->columns.items[i];
    if (fields[i].length == 0) continue;
    if (entry != column->entry) buffer_string(out, entry == UINT32_MAX ? "[{" : "},{");
    if (entry == column->entry) buffer_character(out, ',');
    entry = column->entry;
    buffer_json_string(out, column->field);
    buffer_character(out, ':');
    write_value(csv, column, fields[i], out);
  }
  buffer_string(out, "}]");
}

static bool has_entries(const Csv *csv, uint32_t first, const Text *fields) {
  for (uint32_t i = first; i != UINT32_MAX; i = csv->columns.items[i].next)
    if (fields[i].length > 0) return true;
  return false;
}

static void write_fact(const Csv *csv, uint32_t index, const Text *fields, Buffer *out) {
  const CsvColumn *column = &csv->columns.items[index];
  bool evidence = (column->document != UINT32_MAX && fields[column->document].length > 0) ||
                  (column->source != UINT32_MAX && fields[column->source].length > 0);
  buffer_json_string(out, column->use == CSV_ENTRY ? column->fact->name : column->name);
  buffer_character(out, ':');
  if (column->use == CSV_ENTRY) {
    write_entries(csv, index, fields, out);
    return;
  }
  if (evidence) buffer_string(out, "{\"value\":");
  write_value(csv, column, fields[index], out);
  if (!evidence) return;
  write_evidence(column, fields, out);
  buffer_character(out, '}');
}

static void write_keys(const Csv *csv, const Text *fields, Buffer *out) {
  for (uint32_t i = 0; i < csv->columns.count; i++) {
    const CsvColumn *column = &csv->columns.items[i];
    if (column->use > CSV_HEAD || fields[i].length == 0) continue;
    const bool is_day = text_is(column->name, "received") || text_is(column->name, "start");
    buffer_json_string(out, column->name);
    buffer_character(out, ':');
    if (is_day) write_day(csv, fields[i], out);
    if (!is_day) buffer_json_string(out, fields[i]);
    buffer_character(out, ',');
  }
  if (csv->policy.length == 0) return;
  buffer_string(out, "\"policy\":");
  buffer_json_string(out, csv->policy);
  buffer_character(out, ',');
}

/* Of a record of several lines how many it takes along: a quote that should not be there may have
 * made it one. */
static const char *report_lines(const char *message, const char *record, size_t length,
                                Arena *arena) {
  unsigned lines = 1;
  for (size_t i = 0; i + 1 < length; i++) lines += record[i] == '\n';
  return lines == 1 ? message : arena_format(arena, "%s, in a record of %u lines", message, lines);
}

/* What is not UTF-8 would become a request all the same, with other letters than were meant. */
static bool is_utf8(const char *record, size_t length) {
  const Text text = {record, (uint32_t)length};
  bool valid = true;
  for (uint32_t at = 0; at < length && valid;)
    at += (unsigned char)record[at] < 0x80 ? 1 : text_next(text, at, &valid);
  return valid;
}

bool csv_write_request(const Csv *csv, const char *record, size_t length, Arena *scratch,
                       Buffer *out, const char **message) {
  const char *at = record, *end = record + trim(record, length);
  Text *fields = ARENA_ARRAY(scratch, Text, csv->columns.count);
  bool more = true, first = true, fine = false;
  uint32_t count = 0;
  Buffer field;
  buffer_open(&field, scratch, 256);
  *message = "text that is not UTF-8, as spreadsheets write it unless told to";
  if (!is_utf8(record, length)) return false;
  while (more) {
    *message = "quotes that do not close, or text around them";
    const bool quoted = at < end && *at == '"';
    if (!next_field(csv->separator, &at, end, &field, &more)) break;
    if (!quoted && is_listed(csv->options->nulls, (Text){field.at, (uint32_t)field.length}))
      field.length = 0;
    *message = "another number of fields than the header has";
    if (count == csv->columns.count) break;
    fields[count++] = (Text){arena_copy(scratch, field.at, field.length), (uint32_t)field.length};
    fine = !more;
  }
  /* A separator behind the last field adds an empty one, which says nothing. */
  const bool ends_in_separator = count == csv->columns.count && !more && at == end &&
                                 field.length == 0 && end > record && end[-1] == csv->separator;
  if ((!fine && !ends_in_separator) || count != csv->columns.count) {
    *message = report_lines(*message, record, length, scratch);
    return false;
  }
  buffer_character(out, '{');
  write_keys(csv, fields, out);
  buffer_string(out, "\"facts\":{");
  for (uint32_t i = 0; i < count; i++) {
    const CsvColumn *column = &csv->columns.items[i];
    const bool says_something =
        (column->use == CSV_VALUE && fields[i].length > 0) ||
        (column->use == CSV_ENTRY && column->first && has_entries(csv, i, fields));
    if (!says_something) continue;
    if (!first) buffer_character(out, ',');
    first = false;
    write_fact(csv, i, fields, out);
  }
  buffer_string(out, "}}");
  return true;
}

/* ---- Writing fields ---- */

/* What a terminal would take as a command: control characters, of U+0080 to U+009F too. */
static bool is_control(Text text, uint32_t at) {
  const unsigned char c = (unsigned char)text.at[at];
  if (c == 0xC2 && at + 1 < text.length) return (unsigned char)text.at[at + 1] < 0xA0;
  return (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7F;
}

static bool needs_care(Text text) {
  for (uint32_t i = 0; i < text.length; i++) {
    const unsigned char c = (unsigned char)text.at[i];
    if (c < 0x20 || c == 0x7F || c == 0xC2 || c == '"' || c == ',') return true;
  }
  return text.length > 0 && memchr("=+-@", text.at[0], 4) != NULL;
}

void csv_write_field(Buffer *out, Text text) {
  if (!needs_care(text)) {
    buffer_put(out, text);
    return;
  }
  bool quoted = false;
  for (uint32_t i = 0; i < text.length; i++)
    quoted = quoted || memchr(",\"\r\n", text.at[i], 4) != NULL;
  if (quoted) buffer_character(out, '"');
  if (memchr("=+-@\t\r", text.at[0], 6) != NULL) buffer_character(out, '\'');
  for (uint32_t i = 0; i < text.length; i++) {
    if (is_control(text, i)) {
      i += (unsigned char)text.at[i] == 0xC2;
      buffer_string(out, "\xEF\xBF\xBD");
    } else {
      if (text.at[i] == '"') buffer_character(out, '"');
      buffer_character(out, text.at[i]);
    }
  }
  if (quoted) buffer_character(out, '"');
}
