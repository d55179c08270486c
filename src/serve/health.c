/* health: for whoever watches the service; no account, no personal data. */
#include "serve/exchange.h"

static void answer_status(Exchange *exchange, const char *status) {
  JsonWriter json;
  exchange->status = 200;
  json_writer_open(&json, &exchange->answer);
  json_begin_object(&json);
  json_string_member(&json, "status", status);
  json_end_object(&json);
  json_writer_close(&json);
}

void serve_health(Exchange *exchange) { answer_status(exchange, "up"); }

/* Ready is a store that answers; that it can also be written shows with the first change. */
void serve_ready(Exchange *exchange) {
  Texts ids;
  const StoreStatus status =
      store_case_ids(exchange->service->cases.store, &exchange->arena, (Text){"", 0}, 1, &ids);
  if (refuse_status(&exchange->refusal, status)) answer_status(exchange, "ready");
}
