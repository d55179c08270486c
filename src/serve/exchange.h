/* exchange: one request over HTTP and its answer. All memory is the exchange's arena and goes with
 * it. Handlers read an Exchange and fill in its answer; only http.c knows the HTTP library. */
#ifndef SERVE_EXCHANGE_H
#define SERVE_EXCHANGE_H

#include "accounts/account.h"
#include "cases/cases.h"
#include "json/writer.h"

typedef struct Service {
  Cases cases;
  bool is_secure; /* behind TLS: cookies say so */
} Service;

typedef struct Exchange Exchange;

/* What HTTP said, through the one who knows it: "" where there is none. */
typedef struct ExchangeSource {
  void *connection;
  const char *(*header)(void *connection, const char *name);
  const char *(*cookie)(void *connection, const char *name);
  const char *(*parameter)(void *connection, const char *name);
} ExchangeSource;

struct Exchange {
  Arena arena;
  const Service *service;
  ExchangeSource source;

  Text method, path;
  Text body;
  bool is_too_large; /* the body was; then it is empty */

  /* Found on the way to the handler. */
  Text id; /* the part of the path at {id} */
  JsonValue json;
  Account account;
  Text session; /* the secret of the session; empty for a token */

  /* The answer. */
  Refusal refusal;
  int status;
  Buffer answer;                        /* what the handler writes */
  Text content;                         /* what is sent */
  const char *location, *etag, *cookie; /* headers; NULL where there is none */
};

static inline Text exchange_header(const Exchange *exchange, const char *name) {
  return text_of(exchange->source.header(exchange->source.connection, name));
}
static inline Text exchange_cookie(const Exchange *exchange, const char *name) {
  return text_of(exchange->source.cookie(exchange->source.connection, name));
}
static inline Text exchange_parameter(const Exchange *exchange, const char *name) {
  return text_of(exchange->source.parameter(exchange->source.connection, name));
}

/* Finds the route, who asks and the body; calls the handler; where something refuses, the answer is
 * the problem. The exchange's arena stands under a guard. */
void exchange_perform(Exchange *exchange);

/* Who asks: fills in account and session. False, and a refusal, where it is nobody. */
bool exchange_authenticate(Exchange *exchange);
#define SESSION_COOKIE "licet_session"

/* The answer becomes the problem details (RFC 9457) of the refusal. */
void exchange_problem(Exchange *exchange);

/* Handlers: one for each row of route.def. */
#define ROUTE(handler, method, path, access, body, summary) \
  void serve_##handler(Exchange *exchange);
#include "serve/route.def"
#undef ROUTE

#endif
