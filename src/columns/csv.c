#include "columns/csv.h"

#include <string.h>

#include "columns/table.h"

typedef enum CsvUse { CSV_ID, CSV_HEAD, CSV_VALUE, CSV_DOCUMENT, CSV_SOURCE } CsvUse;

typedef struct CsvColumn {
  CsvUse use;
  Text name;                 /* of the key or fact */
  const Fact *fact;          /* of a value */
  uint32_t document, source; /* of a value: the columns beside it; UINT32_MAX where there is none */
} CsvColumn;

struct Csv {
  char separator;
  LIST(CsvColumn) columns;
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

static CsvColumn column_of(const licet_library *library, Text name) {
  CsvColumn column = {.use = CSV_VALUE, .name = name, .document = UINT32_MAX, .source = UINT32_MAX};
  Text rest;
  if (text_is(name, "id")) column.use = CSV_ID;
  for (int i = 0; i < HEAD_COLUMNS; i++)
    if (text_equal(name, head_column_names[i])) column.use = CSV_HEAD;
  if (ends_with(name, TEXT(".document"), &rest))
    column = (CsvColumn){CSV_DOCUMENT, rest, NULL, UINT32_MAX, UINT32_MAX};
  if (ends_with(name, TEXT(".source"), &rest))
    column = (CsvColumn){CSV_SOURCE, rest, NULL, UINT32_MAX, UINT32_MAX};
  if (column.use == CSV_VALUE) column.fact = find_fact(library, name);
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

static const char *link_columns(Csv *csv, Arena *arena) {
  for (uint32_t i = 0; i < csv->columns.count; i++) {
    const CsvColumn *part = &csv->columns.items[i];
    bool found = part->use < CSV_DOCUMENT;
    for (uint32_t j = 0; j < csv->columns.count; j++) {
      CsvColumn *other = &csv->columns.items[j];
      if (!text_equal(other->name, part->name) || i == j) continue;
      if (other->use == part->use)
        return arena_format(arena, "the header names `%.*s` twice", (int)part->name.length,
                            part->name.at);
      if (other->use != CSV_VALUE) continue;
      found = true;
      *(part->use == CSV_DOCUMENT ? &other->document : &other->source) = i;
    }
    if (!found)
      return arena_format(arena, "the header has `%.*s` beside no column of that name",
                          (int)part->name.length, part->name.at);
  }
  return NULL;
}

char csv_separator_of(const Csv *csv) { return csv->separator; }

Csv *csv_open(const licet_library *library, const char *header, size_t length, Text policy,
              Arena *arena, const char **message) {
  Csv *csv = ARENA_NEW(arena, Csv);
  Buffer field;
  bool more = true, names_policy = false;
  buffer_open(&field, arena, 256);
  csv->separator = csv_separator(header, length);
  const char *at = header, *end = header + trim(header, length);
  *message = "the first line is no header but 'sep=', which spreadsheets write; leave it out";
  if (end - at >= 4 && memcmp(at, "sep=", 4) == 0) return NULL;
  while (more) {
    *message = "the header's quotes do not close";
    if (!next_field(csv->separator, &at, end, &field, &more)) return NULL;
    *message = arena_format(arena, "column %u of the header has no name", csv->columns.count + 1);
    if (field.length == 0) return NULL;
    *message = "the header has too many columns";
    if (csv->columns.count == CSV_COLUMNS_MOST) return NULL;
    CsvColumn column = column_of(
        library, (Text){arena_copy(arena, field.at, field.length), (uint32_t)field.length});
    if (column.use == CSV_VALUE && column.fact == NULL)
      return *message = no_such_name(library, column.name, arena), NULL;
    names_policy = names_policy || (column.use == CSV_HEAD && (text_is(column.name, "payer") ||
                                                               text_is(column.name, "policy")));
    LIST_PUSH(arena, csv->columns, column);
  }
  *message = link_columns(csv, arena);
  if (*message != NULL) return NULL;
  if (!names_policy) csv->policy = policy;
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

/* Spreadsheets write TRUE for true. */
static bool is_either(Text word, Text one, Text other) {
  return text_equal_ignoring_case(word, one) || text_equal_ignoring_case(word, other);
}

static void write_word(const Type *type, Text word, Buffer *out) {
  const bool yes_no = type != NULL && type->value_count == 2 && text_is(type->values[0], "yes") &&
                      text_is(type->values[1], "no");
  if (yes_no && is_either(word, TEXT("true"), TEXT("yes"))) {
    buffer_string(out, "true");
  } else if (yes_no && is_either(word, TEXT("false"), TEXT("no"))) {
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

static void write_value(const CsvColumn *column, Text text, Buffer *out) {
  const Type *type = column->fact == NULL ? NULL : &column->fact->type;
  if (text.at[0] == '{' || text.at[0] == '[') {
    for (uint32_t i = 0; i < text.length; i++)
      buffer_character(out, text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i]);
  } else if (type != NULL && type->kind == TYPE_SET) {
    write_set(type, text, out);
  } else if (type != NULL && type->kind == TYPE_QUANTITY && is_number(text) &&
             dimension_units(type->dimension)[0] == '\0') {
    buffer_text(out, text);
  } else {
    write_word(type != NULL && type->kind == TYPE_ENUMERATION ? type : NULL, text, out);
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

static void write_fact(const CsvColumn *column, Text field, const Text *fields, Buffer *out) {
  bool evidence = (column->document != UINT32_MAX && fields[column->document].length > 0) ||
                  (column->source != UINT32_MAX && fields[column->source].length > 0);
  buffer_json_string(out, column->name);
  buffer_character(out, ':');
  if (evidence) buffer_string(out, "{\"value\":");
  write_value(column, field, out);
  if (!evidence) return;
  write_evidence(column, fields, out);
  buffer_character(out, '}');
}

static void write_keys(const Csv *csv, const Text *fields, Buffer *out) {
  for (uint32_t i = 0; i < csv->columns.count; i++) {
    const CsvColumn *column = &csv->columns.items[i];
    if (column->use > CSV_HEAD || fields[i].length == 0) continue;
    buffer_json_string(out, column->name);
    buffer_character(out, ':');
    buffer_json_string(out, fields[i]);
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
    if (!next_field(csv->separator, &at, end, &field, &more)) break;
    *message = "another number of fields than the header has";
    if (count == csv->columns.count) break;
    fields[count++] = (Text){arena_copy(scratch, field.at, field.length), (uint32_t)field.length};
    fine = !more;
  }
  /* A separator behind the last field adds an empty one, which says nothing. */
  const bool ends_in_separator = count == csv->columns.count && !more && at == end &&
                                 field.length == 0 && end[-1] == csv->separator;
  if ((!fine && !ends_in_separator) || count != csv->columns.count) {
    *message = report_lines(*message, record, length, scratch);
    return false;
  }
  buffer_character(out, '{');
  write_keys(csv, fields, out);
  buffer_string(out, "\"facts\":{");
  for (uint32_t i = 0; i < count; i++) {
    if (csv->columns.items[i].use != CSV_VALUE || fields[i].length == 0) continue;
    if (!first) buffer_character(out, ',');
    first = false;
    write_fact(&csv->columns.items[i], fields[i], fields, out);
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
