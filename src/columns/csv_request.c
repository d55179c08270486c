/* A record of a CSV file as a request, in JSON.
 *
 * A field becomes what its column's type makes of the same word in a request; what it cannot be
 * stays a text, for the reader of requests to judge. Invariant: nothing is decided here about what
 * a value means, so a request from CSV has the errors that it would have as JSON. */
#include "base/unreachable.h"
#include "columns/csv_date.h"
#include "columns/csv_internal.h"
#include "json/writer.h"

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

static void write_word(JsonWriter *json, const Type *type, Text word) {
  const bool yes_no = type != NULL && type->kind == TYPE_ENUMERATION && type->value_count == 2 &&
                      text_is(type->values[0], "yes") && text_is(type->values[1], "no");
  if (yes_no && (is_yes(word) || is_no(word)))
    json_boolean(json, is_yes(word));
  else
    json_text(json, word);
}

/* People write "tki; ruxolitinib": blanks beside a semicolon are no part of a member. */
static void write_set(JsonWriter *json, const Type *type, Text text) {
  json_begin_array(json);
  for (uint32_t start = 0, i = 0; i <= text.length; i++) {
    if (i < text.length && text.at[i] != ';') continue;
    write_word(json, type, text_trim((Text){text.at + start, i - start}));
    start = i + 1;
  }
  json_end_array(json);
}

/* A day as the options write it; else as it stands, for the request's reader to judge. */
static void write_day(JsonWriter *json, const Csv *csv, Text text) {
  const char *format = csv->options->date_format;
  char day[10];
  Date date;
  if (format != NULL && csv_date_parse(format, text, &date)) {
    date_write(date, day);
    text = (Text){day, sizeof day};
  }
  json_text(json, text);
}

/* JSON as it stands, on one line. */
static void write_json(JsonWriter *json, Text text) {
  json_before_value(json);
  for (uint32_t i = 0; i < text.length; i++)
    buffer_character(json->out, text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i]);
}

static void write_quantity(JsonWriter *json, const CsvColumn *column, Text text) {
  if (!is_number(text)) {
    json_text(json, text);
  } else if (column->unit.length > 0) {
    json_before_value(json);
    buffer_character(json->out, '"');
    buffer_text(json->out, text);
    buffer_character(json->out, ' ');
    buffer_text(json->out, column->unit); /* its letters need no escapes: quantity_parse knows it */
    buffer_character(json->out, '"');
  } else if (dimension_units(column->type->dimension)[0] == '\0') {
    json_raw(json, text);
  } else {
    json_text(json, text);
  }
}

static void write_typed(JsonWriter *json, const Csv *csv, const CsvColumn *column, Text text) {
  switch (column->type->kind) {
    case TYPE_SET:
      write_set(json, column->type, text);
      return;
    case TYPE_QUANTITY:
      write_quantity(json, column, text);
      return;
    case TYPE_DATE:
      write_day(json, csv, text);
      return;
    case TYPE_ENUMERATION:
    case TYPE_DURATION:
    case TYPE_NAME:
    case TYPE_CODE:
    case TYPE_LIST:
    case TYPE_SERIES:
      write_word(json, column->type, text);
      return;
  }
  UNREACHABLE();
}

static void write_value(JsonWriter *json, const Csv *csv, const CsvColumn *column, Text text) {
  if (text.at[0] == '{' || text.at[0] == '[')
    write_json(json, text);
  else if (column->type == NULL)
    json_text(json, text);
  else
    write_typed(json, csv, column, text);
}

/* An entry of which no field says anything is none. */
static void write_entries(JsonWriter *json, const Csv *csv, uint32_t first, const Text *fields) {
  uint32_t entry = UINT32_MAX; /* that is open */
  json_begin_array(json);
  for (uint32_t i = first; i != UINT32_MAX; i = csv->columns.items[i].next) {
    const CsvColumn *column = &csv->columns.items[i];
    if (fields[i].length == 0) continue;
    if (entry != column->entry) {
      if (entry != UINT32_MAX) json_end_object(json);
      json_begin_object(json);
      entry = column->entry;
    }
    json_key_text(json, column->field);
    write_value(json, csv, column, fields[i]);
  }
  if (entry != UINT32_MAX) json_end_object(json);
  json_end_array(json);
}

static bool has_entries(const Csv *csv, uint32_t first, const Text *fields) {
  for (uint32_t i = first; i != UINT32_MAX; i = csv->columns.items[i].next)
    if (fields[i].length > 0) return true;
  return false;
}

static Text beside(const Text *fields, uint32_t column) {
  return column == UINT32_MAX ? (Text){0} : fields[column];
}

static void write_fact(JsonWriter *json, const Csv *csv, uint32_t index, const Text *fields) {
  const CsvColumn *column = &csv->columns.items[index];
  const bool is_entry = column->use == CSV_ENTRY;
  json_key_text(json, is_entry ? column->fact->name : column->name);
  if (is_entry) {
    write_entries(json, csv, index, fields);
    return;
  }
  const Text document = beside(fields, column->document), source = beside(fields, column->source);
  if (document.length == 0 && source.length == 0) {
    write_value(json, csv, column, fields[index]);
    return;
  }
  json_begin_object(json);
  json_key(json, "value");
  write_value(json, csv, column, fields[index]);
  if (document.length > 0) json_text_member(json, "document", document);
  if (source.length > 0) json_text_member(json, "source", source);
  json_end_object(json);
}

static void write_keys(JsonWriter *json, const Csv *csv, const Text *fields) {
  for (uint32_t i = 0; i < csv->columns.count; i++) {
    const CsvColumn *column = &csv->columns.items[i];
    if (column->use > CSV_HEAD || fields[i].length == 0) continue;
    json_key_text(json, column->name);
    if (text_is(column->name, "received") || text_is(column->name, "start"))
      write_day(json, csv, fields[i]);
    else
      json_text(json, fields[i]);
  }
  if (csv->policy.length > 0) json_text_member(json, "policy", csv->policy);
}

static void write_request(const Csv *csv, const Text *fields, Buffer *out) {
  JsonWriter json;
  json_writer_open(&json, out);
  json_begin_object(&json);
  write_keys(&json, csv, fields);
  json_object_member(&json, "facts");
  for (uint32_t i = 0; i < csv->columns.count; i++) {
    const CsvColumn *column = &csv->columns.items[i];
    const bool says_something =
        (column->use == CSV_VALUE && fields[i].length > 0) ||
        (column->use == CSV_ENTRY && column->first && has_entries(csv, i, fields));
    if (says_something) write_fact(&json, csv, i, fields);
  }
  json_end_object(&json);
  json_end_object(&json);
  json_writer_close(&json);
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
  bool more = true, fine = false;
  uint32_t count = 0;
  Buffer field;
  buffer_open(&field, scratch, 256);
  *message = "text that is not UTF-8 (spreadsheets must be set to write UTF-8)";
  if (!is_utf8(record, length)) return false;
  while (more) {
    *message = "a quote that is not closed, or text outside quotes";
    const bool quoted = at < end && *at == '"';
    if (!csv_next_field(csv->separator, &at, end, &field, &more)) break;
    if (!quoted && csv_is_listed(csv->options->nulls, (Text){field.at, (uint32_t)field.length}))
      field.length = 0;
    *message = "a different number of fields than the header";
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
  write_request(csv, fields, out);
  return true;
}
