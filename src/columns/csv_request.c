/* A record of a CSV file as a request, in JSON.
 *
 * A field becomes what its column's type makes of the same word in a request; what it cannot be
 * stays a text, for the reader of requests to judge. Invariant: nothing is decided here about what
 * a value means, so a request from CSV has the errors that it would have as JSON. */
#include <string.h>

#include "columns/csv_date.h"
#include "columns/csv_internal.h"

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

/* People write "tki; ruxolitinib": blanks beside a semicolon are no part of a member. */
static void write_set(const Type *type, Text text, Buffer *out) {
  buffer_character(out, '[');
  for (uint32_t start = 0, i = 0; i <= text.length; i++) {
    if (i < text.length && text.at[i] != ';') continue;
    if (start > 0) buffer_character(out, ',');
    write_word(type, text_trim((Text){text.at + start, i - start}), out);
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

/* ---- The record ---- */

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
  const char *at = record, *end = record + csv_trim(record, length);
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
    if (!csv_next_field(csv->separator, &at, end, &field, &more)) break;
    if (!quoted && csv_is_listed(csv->options->nulls, (Text){field.at, (uint32_t)field.length}))
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
