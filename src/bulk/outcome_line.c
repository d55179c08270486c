/* What a verdict says is written once and copied for each request with that verdict; a run has
 * thousands of requests for each. */
#include "bulk/outcome_line.h"

#include <assert.h>
#include <string.h>

#include "base/unreachable.h"
#include "columns/csv.h"

bool outcome_lines_open(OutcomeLines *lines, const Plan *plan, licet_bulk_format format,
                        Arena *arena) {
  *lines = (OutcomeLines){.plan = plan, .format = format, .arena = arena, .reader = json_open()};
  return lines->reader != NULL;
}

void outcome_lines_close(OutcomeLines *lines) { json_close(lines->reader); }

/* ---- The tail ---- */

enum { TAIL_VALUES = 5 };
static const char *const names[TAIL_VALUES] = {"policy", "version", "outcome", "reason", "pathway"};

static void tail_values(const BulkVerdict *verdict, Text values[TAIL_VALUES]) {
  values[0] = verdict->policy == NULL ? TEXT("") : verdict->policy->model->id;
  values[1] = text_of(verdict->version == NULL ? "" : verdict->version->text);
  values[2] = text_of(licet_outcome_text(verdict->outcome));
  values[3] = text_of(licet_reason_name(verdict->reason));
  values[4] = text_of(verdict->pathway);
}

static void write_member(Buffer *out, const char *name, Text value) {
  buffer_string(out, ",\"");
  buffer_string(out, name);
  buffer_string(out, "\":");
  if (value.length > 0) buffer_json_string(out, value);
  if (value.length == 0) buffer_string(out, "null");
}

static void write_ndjson_tail(Buffer *out, Text by, const Text *values) {
  if (by.length > 0) write_member(out, "by", by);
  for (int i = 0; i < TAIL_VALUES; i++) write_member(out, names[i], values[i]);
  buffer_string(out, "}\n");
}

static void write_csv_tail(const OutcomeLines *lines, Buffer *out, Text by, const Text *values) {
  for (int i = 0; i < TAIL_VALUES; i++) {
    buffer_character(out, ',');
    csv_write_field(out, values[i]);
  }
  if (lines->plan->target_count > 1) {
    buffer_character(out, ',');
    csv_write_field(out, by);
  }
  buffer_character(out, '\n');
}

/* A row of outcome_columns.h: what a verdict does not say has no member. */
static void write_columns_tail(Buffer *out, Text by, const Text *values) {
  if (by.length > 0) write_member(out, "by", by);
  for (int i = 0; i < TAIL_VALUES; i++)
    if (values[i].length > 0) write_member(out, names[i], values[i]);
  buffer_string(out, "}}\n");
}

static Text make_tail(const OutcomeLines *lines, const OutcomeLine *line) {
  const Text by = text_of(lines->plan->targets[line->target].name);
  Text values[TAIL_VALUES];
  Buffer out;
  buffer_open(&out, lines->arena, 256);
  tail_values(line->verdict, values);
  switch (lines->format) {
    case LICET_BULK_CSV:
      write_csv_tail(lines, &out, by, values);
      break;
    case LICET_BULK_COLUMNS:
      write_columns_tail(&out, by, values);
      break;
    case LICET_BULK_NDJSON:
      write_ndjson_tail(&out, by, values);
      break;
    case LICET_BULK_AUTO:
      UNREACHABLE(); /* chosen before the run */
  }
  return (Text){out.at, (uint32_t)out.length};
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

void outcome_line_write(OutcomeLines *lines, const OutcomeLine *line, Buffer *out) {
  const Text id = line->id.length > 0 ? line->id : TEXT("null");
  switch (lines->format) {
    case LICET_BULK_CSV:
      buffer_integer(out, (int64_t)line->line);
      buffer_character(out, ',');
      csv_write_field(out, characters_of(lines, line->id));
      break;
    case LICET_BULK_COLUMNS:
      buffer_string(out, "{\"id\":");
      buffer_put(out, id);
      buffer_string(out, ",\"facts\":{\"line\":");
      buffer_integer(out, (int64_t)line->line);
      break;
    case LICET_BULK_NDJSON:
      buffer_string(out, "{\"line\":");
      buffer_integer(out, (int64_t)line->line);
      buffer_string(out, ",\"request\":");
      buffer_put(out, id);
      break;
    case LICET_BULK_AUTO:
      UNREACHABLE(); /* chosen before the run */
  }
  buffer_put(out, tail_of(lines, line));
}
