/* A rejects file in NDJSON takes the errors as the session wrote them, so that they are those of
 * `licet decide`; CSV has the same ones field by field. */
#include "bulk/reject.h"

#include "columns/csv.h"
#include "json/writer.h"

const char reject_csv_heading[] = "line,column,request,code,field,found,expected,nearest,input\n";
static const char expected_record[] = "a record with the header's columns";

static Text without_line_end(Text text) {
  while (text.length > 0 && (text.at[text.length - 1] == '\n' || text.at[text.length - 1] == '\r'))
    text.length--;
  return text;
}

static void begin_ndjson(JsonWriter *json, const Rejected *rejected, Buffer *out) {
  json_writer_open(json, out);
  json_begin_object(json);
  json_integer_member(json, "line", (int64_t)rejected->line);
}

static void end_ndjson(JsonWriter *json, const Rejected *rejected) {
  json_text_member(json, "input", without_line_end(rejected->input));
  json_end_object(json);
  json_writer_close(json);
  buffer_character(json->out, '\n');
}

static void write_csv(Text request, licet_request_error error, const Rejected *rejected,
                      Buffer *out) {
  const Text fields[] = {request,
                         text_of(licet_request_error_code_name(error.code)),
                         text_of(error.field),
                         text_of(error.found),
                         text_of(error.expected),
                         text_of(error.nearest),
                         without_line_end(rejected->input)};
  buffer_integer(out, (int64_t)rejected->line);
  buffer_character(out, ',');
  if (error.line > 0) buffer_integer(out, error.column);
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
  JsonWriter json;
  const char *object = licet_session_error_json(session, &length);
  begin_ndjson(&json, rejected, out);
  json_members(&json, json_members_of((Text){object, (uint32_t)length}));
  end_ndjson(&json, rejected);
}

void reject_write_record(const char *message, const Rejected *rejected, licet_bulk_format format,
                         Buffer *out) {
  if (format == LICET_BULK_CSV) {
    const licet_request_error error = {.code = LICET_ERROR_BAD_RECORD,
                                       .field = "",
                                       .pointer = "",
                                       .found = message,
                                       .expected = expected_record,
                                       .nearest = ""};
    write_csv((Text){0}, error, rejected, out);
    return;
  }
  JsonWriter json;
  begin_ndjson(&json, rejected, out);
  json_null_member(&json, "request");
  json_array_member(&json, "errors");
  json_begin_object(&json);
  json_string_member(&json, "code", licet_request_error_code_name(LICET_ERROR_BAD_RECORD));
  json_string_member(&json, "field", "");
  json_string_member(&json, "pointer", "");
  json_string_member(&json, "found", message);
  json_string_member(&json, "expected", expected_record);
  json_end_object(&json);
  json_end_array(&json);
  end_ndjson(&json, rejected);
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
