/* exchange: from an address to its handler; see exchange.h. route.def is the only list of
 * addresses. */
#include "serve/exchange.h"

#include "store/limits.h"

typedef enum Access { EVERYBODY, SIGNED_IN } Access;
typedef enum BodyKind { NO_BODY, JSON_BODY } BodyKind;

typedef struct Route {
  void (*handle)(Exchange *exchange);
  const char *method, *path;
  Access access;
  BodyKind body;
} Route;

static const Route routes[] = {
#define ROUTE(handler, method, path, access, body, summary) \
  {serve_##handler, method, path, access, body},
#include "serve/route.def"
#undef ROUTE
};
#define ROUTE_COUNT (sizeof routes / sizeof *routes)

/* ---- Finding the route ---- */

/* Does the path have the pattern's shape? What stands at {id} goes to `*id`. */
static bool matches(const char *pattern, Text path, Text *id) {
  uint32_t at = 0;
  *id = (Text){"", 0};
  while (*pattern != '\0') {
    if (*pattern == '{') {
      const uint32_t start = at;
      while (at < path.length && path.at[at] != '/') at++;
      if (at == start) return false;
      *id = (Text){path.at + start, at - start};
      while (*pattern != '}') pattern++;
    } else if (at == path.length || path.at[at] != *pattern) {
      return false;
    } else {
      at++;
    }
    pattern++;
  }
  return at == path.length;
}

/* NULL, and a refusal, where there is none. */
static const Route *find_route(Exchange *exchange) {
  bool is_path = false;
  for (size_t i = 0; i < ROUTE_COUNT; i++) {
    Text id;
    if (!matches(routes[i].path, exchange->path, &id)) continue;
    is_path = true;
    exchange->id = id;
    if (text_is(exchange->method, routes[i].method)) return &routes[i];
  }
  refuse(&exchange->refusal, is_path ? REFUSAL_METHOD_NOT_ALLOWED : REFUSAL_NOT_FOUND, NULL);
  return NULL;
}

/* ---- Reading the body ---- */

static bool is_json_type(Text type) {
  const Text json = TEXT("application/json");
  return type.length >= json.length &&
         text_equal_ignoring_case((Text){type.at, json.length}, json) &&
         (type.length == json.length || type.at[json.length] == ';' || type.at[json.length] == ' ');
}

static const JsonLimits body_limits = {LIMIT_REQUEST_BYTES, LIMIT_REQUEST_TOKENS,
                                       LIMIT_REQUEST_DEPTH + 4};

static bool read_body(Exchange *exchange) {
  JsonFault fault;
  Refusal *refusal = &exchange->refusal;
  if (exchange->is_too_large) return refuse(refusal, REFUSAL_TOO_LARGE, NULL);
  if (!is_json_type(exchange_header(exchange, "Content-Type")))
    return refuse(refusal, REFUSAL_NOT_JSON, "Send Content-Type: application/json.");
  if (json_keep(&exchange->arena, body_limits, exchange->body, &exchange->json, &fault))
    return true;
  return refuse(refusal, fault.status == JSON_TOO_LARGE ? REFUSAL_TOO_LARGE : REFUSAL_BAD_REQUEST,
                arena_format(&exchange->arena, "At byte %zu: %s.", fault.offset, fault.message));
}

/* ---- Performing ---- */

static void perform(void *context) {
  Exchange *exchange = context;
  buffer_open(&exchange->answer, &exchange->arena, 1024);
  const Route *route = find_route(exchange);
  if (route != NULL && (route->access == EVERYBODY || exchange_authenticate(exchange)) &&
      (route->body == NO_BODY || read_body(exchange)))
    route->handle(exchange);
  if (exchange->refusal.kind != REFUSAL_NONE) exchange_problem(exchange);
  exchange->content = (Text){exchange->answer.at, (uint32_t)exchange->answer.length};
}

static const char no_memory[] =
    "{\"type\":\"urn:licet:problem:unavailable\",\"title\":\"Memory is short\",\"status\":503}";

void exchange_perform(Exchange *exchange) {
  if (arena_attempt(&exchange->arena, perform, exchange)) return;
  exchange->refusal.kind = REFUSAL_UNAVAILABLE;
  exchange->status = refusal_http_status(REFUSAL_UNAVAILABLE);
  exchange->location = exchange->etag = exchange->cookie = NULL;
  exchange->content = text_of(no_memory);
}
