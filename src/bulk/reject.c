#include "bulk/reject.h"

Reject reject_request(licet_session *session, uint64_t line, Text input) {
  size_t length;
  const char *faults = licet_session_error_json(session, &length);
  return (Reject){line, input, {faults, (uint32_t)length}};
}

Reject reject_record(const char *message, uint64_t line, Text input, Arena *arena) {
  Buffer faults;
  buffer_open(&faults, arena, 256);
  buffer_string(&faults, "{\"request\":null,\"errors\":[{\"field\":\"\",\"pointer\":\"\",\"found\":");
  buffer_json_string(&faults, text_of(message));
  buffer_string(&faults, ",\"expected\":\"a record as the header has it\"}]}");
  return (Reject){line, input, {faults.at, (uint32_t)faults.length}};
}

static Text without_line_end(Text text) {
  while (text.length > 0 && (text.at[text.length - 1] == '\n' || text.at[text.length - 1] == '\r')) text.length--;
  return text;
}

void reject_write(const Reject *reject, Buffer *out) {
  buffer_string(out, "{\"line\":");
  buffer_integer(out, (int64_t)reject->line);
  buffer_string(out, ",\"faults\":");
  buffer_text(out, reject->faults);
  buffer_string(out, ",\"input\":");
  buffer_json_string(out, without_line_end(reject->input));
  buffer_string(out, "}\n");
}

const char *reject_tell_request(licet_session *session, uint64_t line, Arena *arena) {
  Buffer out;
  licet_fault fault;
  buffer_open(&out, arena, 256);
  buffer_format(&out, "line %llu: ", (unsigned long long)line);
  for (size_t i = 0; (fault = licet_session_fault(session, i)).field != NULL; i++) {
    buffer_format(&out, "%s%s: found %s, expected %s", i == 0 ? "" : "; ", *fault.field != '\0' ? fault.field : "request",
                  fault.found, fault.expected);
    if (*fault.nearest != '\0') buffer_format(&out, " (nearest: %s)", fault.nearest);
  }
  return buffer_finish(&out);
}

const char *reject_tell_record(const char *message, uint64_t line, Arena *arena) {
  return arena_format(arena, "line %llu: %s", (unsigned long long)line, message);
}
