/* problem: what was refused, as problem details for HTTP (RFC 9457), with the errors of what was
 * sent as JSON pointers. */
#include "serve/exchange.h"

static void write_fault(JsonWriter *json, const Fault *fault) {
  json_begin_object(json);
  json_string_member(json, "pointer", fault->pointer);
  json_string_member(json, "found", fault->found);
  json_string_member(json, "expected", fault->expected);
  if (*fault->nearest != '\0') json_string_member(json, "nearest", fault->nearest);
  json_end_object(json);
}

void exchange_problem(Exchange *exchange) {
  const Refusal *refusal = &exchange->refusal;
  JsonWriter json;
  exchange->status = refusal_http_status(refusal->kind);
  exchange->location = exchange->etag = exchange->cookie = NULL;
  exchange->answer.length = 0;
  json_writer_open(&json, &exchange->answer);
  json_begin_object(&json);
  json_string_member(
      &json, "type",
      arena_format(&exchange->arena, "urn:licet:problem:%s", refusal_name(refusal->kind)));
  json_string_member(&json, "title", refusal_title(refusal->kind));
  json_integer_member(&json, "status", exchange->status);
  if (refusal->detail != NULL) json_string_member(&json, "detail", refusal->detail);
  if (refusal->errors.count > 0) {
    json_array_member(&json, "errors");
    for (uint32_t i = 0; i < refusal->errors.count; i++)
      write_fault(&json, &refusal->errors.items[i]);
    json_end_array(&json);
  }
  json_end_object(&json);
  json_writer_close(&json);
}
