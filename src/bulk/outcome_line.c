/* What a verdict says is written once and copied for each request with that verdict; a run has
 * thousands of requests for each. */
#include "bulk/outcome_line.h"

#include <assert.h>
#include <string.h>

#include "base/unreachable.h"
#include "columns/csv.h"
#include "json/writer.h"

bool outcome_lines_open(OutcomeLines *lines, const Plan *plan, licet_bulk_format format,
                        Arena *arena) {
  *lines = (OutcomeLines){.plan = plan, .format = format, .arena = arena, .reader = json_open()};
  return lines->reader != NULL;
}

void outcome_lines_close(OutcomeLines *lines) { json_close(lines->reader); }

/* ---- The tail: a row of CSV from its first comma on, or members of an object ---- */

enum { TAIL_VERDICT = 5, TAIL_VALUES = 7 }; /* in CSV, `by` stands between verdict and provenance */
static const char *const names[TAIL_VALUES] = {"policy",  "version",        "outcome", "reason",
                                               "pathway", "version_digest", "engine"};

static void tail_values(const BulkVerdict *verdict, Text values[TAIL_VALUES]) {
  values[0] = verdict->policy == NULL ? TEXT("") : verdict->policy->model->id;
  values[1] = text_of(verdict->version == NULL ? "" : verdict->version->text);
  values[2] = text_of(licet_outcome_name(verdict->outcome));
  values[3] = text_of(licet_reason_name(verdict->reason));
  values[4] = text_of(verdict->pathway);
  values[5] = text_of(verdict->version == NULL ? "" : verdict->version->digest);
  values[6] = TEXT("licet " LICET_VERSION);
}

/* Null where the verdict does not say it. */
static Text ndjson_tail(const OutcomeLines *lines, Text by, const Text *values) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, lines->arena, 256);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  if (by.length > 0) json_text_member(&json, "by", by);
  for (int i = 0; i < TAIL_VALUES; i++) json_text_or_null_member(&json, names[i], values[i]);
  json_end_object(&json);
  json_writer_close(&json);
  return json_members_of(buffer_contents(&out));
}

/* A row of outcome_columns.h: what a verdict does not say has no member. */
static Text columns_tail(const OutcomeLines *lines, Text by, const Text *values) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, lines->arena, 256);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  if (by.length > 0) json_text_member(&json, "by", by);
  for (int i = 0; i < TAIL_VALUES; i++)
    if (values[i].length > 0) json_text_member(&json, names[i], values[i]);
  json_end_object(&json);
  json_writer_close(&json);
  return json_members_of(buffer_contents(&out));
}

static Text csv_tail(const OutcomeLines *lines, Text by, const Text *values) {
  Buffer out;
  buffer_open(&out, lines->arena, 256);
  for (int i = 0; i < TAIL_VALUES; i++) {
    if (i == TAIL_VERDICT && lines->plan->target_count > 1) {
      buffer_character(&out, ',');
      csv_write_field(&out, by);
    }
    buffer_character(&out, ',');
    csv_write_field(&out, values[i]);
  }
  buffer_character(&out, '\n');
  return buffer_contents(&out);
}

static Text make_tail(const OutcomeLines *lines, const OutcomeLine *line) {
  const Text by = text_of(lines->plan->targets[line->target].name);
  Text values[TAIL_VALUES];
  tail_values(line->verdict, values);
  switch (lines->format) {
    case LICET_BULK_CSV:
      return csv_tail(lines, by, values);
    case LICET_BULK_COLUMNS:
      return columns_tail(lines, by, values);
    case LICET_BULK_NDJSON:
      return ndjson_tail(lines, by, values);
    case LICET_BULK_AUTO:
      UNREACHABLE(); /* chosen before the run */
  }
  UNREACHABLE();
}

static Text tail_of(OutcomeLines *lines, const OutcomeLine *line) {
  while (lines->tails[line->target].count <= line->number)
    LIST_PUSH(lines->arena, lines->tails[line->target], ((Text){NULL, 0}));
  Text *tail = &lines->tails[line->target].items[line->number];
  if (tail->at == NULL) *tail = make_tail(lines, line);
  return *tail;
}

/* ---- The line ---- */

/* The characters of an id, which was read before as a JSON string. */
static Text characters_of(OutcomeLines *lines, Text id) {
  const JsonToken *tokens;
  const char *message;
  uint32_t count;
  size_t offset;
  if (id.length < 2) return id;
  if (memchr(id.at, '\\', id.length) == NULL) return (Text){id.at + 1, id.length - 2};
  const JsonStatus status =
      json_read(lines->reader, id.at, id.length, &tokens, &count, &message, &offset);
  if (status == JSON_NO_MEMORY) arena_exhaust(lines->arena);
  assert(status == JSON_OK && tokens[0].kind == JSON_STRING);
  return (Text){tokens[0].text, tokens[0].length};
}

static void write_csv(OutcomeLines *lines, const OutcomeLine *line, Buffer *out) {
  buffer_integer(out, (int64_t)line->line);
  buffer_character(out, ',');
  csv_write_field(out, characters_of(lines, line->id));
  buffer_put(out, tail_of(lines, line));
}

static void write_ndjson(OutcomeLines *lines, const OutcomeLine *line, Buffer *out) {
  JsonWriter json;
  json_writer_open(&json, out);
  json_begin_object(&json);
  json_integer_member(&json, "line", (int64_t)line->line);
  json_raw_or_null_member(&json, "request", line->id);
  json_members(&json, tail_of(lines, line));
  json_end_object(&json);
  json_writer_close(&json);
  buffer_character(out, '\n');
}

static void write_columns(OutcomeLines *lines, const OutcomeLine *line, Buffer *out) {
  JsonWriter json;
  json_writer_open(&json, out);
  json_begin_object(&json);
  json_raw_or_null_member(&json, "id", line->id);
  json_object_member(&json, "facts");
  json_integer_member(&json, "line", (int64_t)line->line);
  json_members(&json, tail_of(lines, line));
  json_end_object(&json);
  json_end_object(&json);
  json_writer_close(&json);
  buffer_character(out, '\n');
}

void outcome_line_write(OutcomeLines *lines, const OutcomeLine *line, Buffer *out) {
  switch (lines->format) {
    case LICET_BULK_CSV:
      write_csv(lines, line, out);
      return;
    case LICET_BULK_COLUMNS:
      write_columns(lines, line, out);
      return;
    case LICET_BULK_NDJSON:
      write_ndjson(lines, line, out);
      return;
    case LICET_BULK_AUTO:
      UNREACHABLE(); /* chosen before the run */
  }
  UNREACHABLE();
}
