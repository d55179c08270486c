#include "bulk/reject.h"

Reject reject_request(licet_session *session, uint64_t line, Text input) {
  size_t length;
  const char *request_errors = licet_session_error_json(session, &length);
  return (Reject){line, input, {request_errors, (uint32_t)length}};
}

Reject reject_record(const char *message, uint64_t line, Text input, Arena *arena) {
  Buffer request_errors;
  buffer_open(&request_errors, arena, 256);
  buffer_string(&request_errors,
                "{\"request\":null,\"errors\":[{\"field\":\"\",\"pointer\":\"\",\"found\":");
  buffer_json_string(&request_errors, text_of(message));
  buffer_string(&request_errors, ",\"expected\":\"a record as the header has it\"}]}");
  return (Reject){line, input, {request_errors.at, (uint32_t)request_errors.length}};
}

static Text without_line_end(Text text) {
  while (text.length > 0 && (text.at[text.length - 1] == '\n' || text.at[text.length - 1] == '\r'))
    text.length--;
  return text;
}

void reject_write(const Reject *reject, Buffer *out) {
  buffer_string(out, "{\"line\":");
  buffer_integer(out, (int64_t)reject->line);
  buffer_string(out, ",\"faults\":");
  buffer_text(out, reject->request_errors);
  buffer_string(out, ",\"input\":");
  buffer_json_string(out, without_line_end(reject->input));
  buffer_string(out, "}\n");
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
