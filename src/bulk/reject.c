/* A rejects file in NDJSON takes the errors as the session wrote them, so that they are those of
 * `licet decide`; CSV has the same ones field by field. */
#include "bulk/reject.h"

#include <assert.h>

#include "columns/csv.h"

const char reject_csv_heading[] = "line,request,field,found,expected,nearest,input\n";
static const char expected_record[] = "a record with the header's columns";

static Text without_line_end(Text text) {
  while (text.length > 0 && (text.at[text.length - 1] == '\n' || text.at[text.length - 1] == '\r'))
    text.length--;
  return text;
}

static void begin_ndjson(const Rejected *rejected, Buffer *out) {
  buffer_string(out, "{\"line\":");
  buffer_integer(out, (int64_t)rejected->line);
  buffer_character(out, ',');
}

static void end_ndjson(const Rejected *rejected, Buffer *out) {
  buffer_string(out, ",\"input\":");
  buffer_json_string(out, without_line_end(rejected->input));
  buffer_string(out, "}\n");
}

static void write_csv(Text request, licet_request_error error, const Rejected *rejected,
                      Buffer *out) {
  const Text fields[] = {request,
                         text_of(error.field),
                         text_of(error.found),
                         text_of(error.expected),
                         text_of(error.nearest),
                         without_line_end(rejected->input)};
  buffer_integer(out, (int64_t)rejected->line);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    buffer_character(out, ',');
    csv_write_field(out, fields[i]);
  }
  buffer_character(out, '\n');
}

void reject_write_request(licet_session *session, const Rejected *rejected,
                          licet_bulk_format format, Buffer *out) {
  if (format == LICET_BULK_CSV) {
    licet_request_error error;
    for (size_t i = 0; (error = licet_session_error(session, i)).field != NULL; i++)
      write_csv(session->determination.request.id, error, rejected, out);
    return;
  }
  size_t length;
  const char *object = licet_session_error_json(session, &length);
  assert(length > 2 && object[0] == '{' && object[length - 1] == '}');
  begin_ndjson(rejected, out);
  buffer_text(out, (Text){object + 1, (uint32_t)length - 2});
  end_ndjson(rejected, out);
}

void reject_write_record(const char *message, const Rejected *rejected, licet_bulk_format format,
                         Buffer *out) {
  if (format == LICET_BULK_CSV) {
    const licet_request_error error = {"", "", message, expected_record, ""};
    write_csv((Text){0}, error, rejected, out);
    return;
  }
  begin_ndjson(rejected, out);
  buffer_string(out, "\"request\":null,\"errors\":[{\"field\":\"\",\"pointer\":\"\",\"found\":");
  buffer_json_string(out, text_of(message));
  buffer_format(out, ",\"expected\":\"%s\"}]", expected_record);
  end_ndjson(rejected, out);
}

const char *reject_report_request(licet_session *session, uint64_t line, Arena *arena) {
  Buffer out;
  licet_request_error request_error;
  buffer_open(&out, arena, 256);
  buffer_format(&out, "line %llu: ", (unsigned long long)line);
  for (size_t i = 0; (request_error = licet_session_error(session, i)).field != NULL; i++) {
    buffer_format(&out, "%s%s: found %s, expected %s", i == 0 ? "" : "; ",
                  *request_error.field != '\0' ? request_error.field : "request",
                  request_error.found, request_error.expected);
    if (*request_error.nearest != '\0')
      buffer_format(&out, " (nearest: %s)", request_error.nearest);
  }
  return buffer_finish(&out);
}

const char *reject_report_record(const char *message, uint64_t line, Arena *arena) {
  return arena_format(arena, "line %llu: %s", (unsigned long long)line, message);
}
