/* http: see http.h. libmicrohttpd, a thread for each connection: measured, that takes more small
 * posts a second here than its event loops, with a shorter tail (docs/dependencies.md).
 *
 *     connection ---> begin: an Exchange ---> its body, piece by piece ---> exchange_perform --->
 * answer
 *
 * The invariant: a body is kept only up to LIMIT_REQUEST_BYTES, and every exchange that began is
 * freed when its connection is done with it.
 */
#include "serve/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"

#define CONNECTIONS_MOST 1024
#define TIMEOUT_S 30
#define STOP_MS 10000
/* Of a body that is too large, this much is read before the connection is cut. */
#define BODY_MOST (8u * LIMIT_REQUEST_BYTES)

struct HttpServer {
  struct MHD_Daemon *daemon;
  const Service *service;
  atomic_int exchanges; /* that have begun and are not answered */
  atomic_bool is_stopping;
};

typedef struct HttpExchange {
  Exchange exchange;
  Buffer body;
  size_t received;
} HttpExchange;

/* ---- What HTTP says ---- */

static const char *lookup(void *connection, enum MHD_ValueKind kind, const char *name) {
  const char *value = MHD_lookup_connection_value(connection, kind, name);
  return value == NULL ? "" : value;
}
static const char *header(void *connection, const char *name) {
  return lookup(connection, MHD_HEADER_KIND, name);
}
static const char *cookie(void *connection, const char *name) {
  return lookup(connection, MHD_COOKIE_KIND, name);
}
static const char *parameter(void *connection, const char *name) {
  return lookup(connection, MHD_GET_ARGUMENT_KIND, name);
}

/* ---- Answering ---- */

static void add(struct MHD_Response *response, const char *name, const char *value) {
  if (value != NULL) MHD_add_response_header(response, name, value);
}

static enum MHD_Result answer(struct MHD_Connection *connection, const HttpServer *server,
                              const Exchange *exchange) {
  /* The library requires a pointer that it could change; with MUST_COPY it does not. */
  struct MHD_Response *response = MHD_create_response_from_buffer(
      exchange->content.length, (void *)(uintptr_t)exchange->content.at, MHD_RESPMEM_MUST_COPY);
  if (response == NULL) return MHD_NO;
  const bool is_problem = exchange->refusal.kind != REFUSAL_NONE;
  if (exchange->status != 204)
    add(response, "Content-Type", is_problem ? "application/problem+json" : "application/json");
  add(response, "Cache-Control", "no-store");
  add(response, "X-Content-Type-Options", "nosniff");
  add(response, "Location", exchange->location);
  add(response, "ETag", exchange->etag);
  add(response, "Set-Cookie", exchange->cookie);
  if (exchange->refusal.kind == REFUSAL_UNAUTHENTICATED)
    add(response, "WWW-Authenticate", "Bearer");
  if (exchange->is_too_large || atomic_load(&server->is_stopping))
    add(response, "Connection", "close");
  const enum MHD_Result queued =
      MHD_queue_response(connection, (unsigned)exchange->status, response);
  MHD_destroy_response(response);
  return queued;
}

/* ---- The body ---- */

typedef struct Piece {
  HttpExchange *http;
  const char *bytes;
  size_t length;
} Piece;

static void keep_piece(void *context) {
  const Piece *piece = context;
  buffer_append(&piece->http->body, piece->bytes, piece->length);
}

/* False where the connection is to be cut. */
static bool take_piece(HttpExchange *http, const char *bytes, size_t length) {
  Exchange *exchange = &http->exchange;
  const Piece piece = {http, bytes, length};
  Piece context = piece;
  http->received += length;
  if (http->received > LIMIT_REQUEST_BYTES) exchange->is_too_large = true;
  if (exchange->is_too_large) return http->received <= BODY_MOST;
  return arena_attempt(&exchange->arena, keep_piece, &context);
}

static void open_body(void *context) {
  HttpExchange *http = context;
  buffer_open(&http->body, &http->exchange.arena, 4096);
}

/* ---- From begin to end ---- */

static HttpExchange *begin(HttpServer *server, struct MHD_Connection *connection, const char *url,
                           const char *method) {
  HttpExchange *http = memory_allocate(sizeof *http);
  if (http == NULL) return NULL;
  memset(http, 0, sizeof *http);
  Exchange *exchange = &http->exchange;
  arena_open(&exchange->arena);
  exchange->service = server->service;
  exchange->source = (ExchangeSource){connection, header, cookie, parameter};
  exchange->method = text_of(method);
  exchange->path = text_of(url);
  exchange->session = (Text){"", 0};
  if (arena_attempt(&exchange->arena, open_body, http)) {
    atomic_fetch_add(&server->exchanges, 1);
    return http;
  }
  arena_close(&exchange->arena);
  memory_free(http);
  return NULL;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *length, void **state) {
  HttpServer *server = context;
  HttpExchange *http = *state;
  (void)version;
  if (http == NULL) {
    *state = begin(server, connection, url, method);
    return *state == NULL ? MHD_NO : MHD_YES;
  }
  if (*length > 0) {
    const bool is_taken = take_piece(http, bytes, *length);
    *length = 0;
    return is_taken ? MHD_YES : MHD_NO;
  }
  http->exchange.body = (Text){http->body.at, (uint32_t)http->body.length};
  exchange_perform(&http->exchange);
  return answer(connection, server, &http->exchange);
}

static void end(void *context, struct MHD_Connection *connection, void **state,
                enum MHD_RequestTerminationCode code) {
  HttpServer *server = context;
  HttpExchange *http = *state;
  (void)connection;
  (void)code;
  if (http == NULL) return;
  arena_close(&http->exchange.arena);
  memory_free(http);
  *state = NULL;
  atomic_fetch_sub(&server->exchanges, 1);
}

/* ---- Listening ---- */

/* Host and port of "127.0.0.1:8080" or "[::1]:8080"; NULL where it is neither. */
static struct addrinfo *resolve(const char *listen) {
  char host[128], *port = NULL;
  struct addrinfo *found = NULL;
  const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                 .ai_socktype = SOCK_STREAM,
                                 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
  if (snprintf(host, sizeof host, "%s", listen) >= (int)sizeof host) return NULL;
  port = strrchr(host, ':');
  if (port == NULL) return NULL;
  *port++ = '\0';
  char *name = host;
  if (*name == '[' && port[-2] == ']') {
    port[-2] = '\0';
    name++;
  }
  return getaddrinfo(name, port, &hints, &found) == 0 ? found : NULL;
}

bool http_is_loopback(const char *listen) {
  struct addrinfo *address = resolve(listen);
  bool is_loopback = false;
  if (address != NULL && address->ai_family == AF_INET) {
    struct sockaddr_in in;
    memcpy(&in, address->ai_addr, sizeof in);
    is_loopback = ntohl(in.sin_addr.s_addr) >> 24 == 127;
  } else if (address != NULL && address->ai_family == AF_INET6) {
    struct sockaddr_in6 in;
    memcpy(&in, address->ai_addr, sizeof in);
    is_loopback = IN6_IS_ADDR_LOOPBACK(&in.sin6_addr);
  }
  if (address != NULL) freeaddrinfo(address);
  return is_loopback;
}

HttpServer *http_start(const Service *service, const char *listen, const char **why) {
  struct addrinfo *address = resolve(listen);
  *why = "not an address to listen on; one looks like 127.0.0.1:8080";
  if (address == NULL) return NULL;
  HttpServer *server = memory_allocate(sizeof *server);
  if (server == NULL) {
    freeaddrinfo(address);
    *why = "memory is short";
    return NULL;
  }
  memset(server, 0, sizeof *server);
  server->service = service;
  unsigned flags =
      MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC;
  if (address->ai_family == AF_INET6) flags |= MHD_USE_IPv6;
  server->daemon =
      MHD_start_daemon(flags, 0, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, address->ai_addr,
                       MHD_OPTION_NOTIFY_COMPLETED, end, server, MHD_OPTION_CONNECTION_LIMIT,
                       (unsigned)CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT,
                       (unsigned)TIMEOUT_S, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
  freeaddrinfo(address);
  if (server->daemon != NULL) return server;
  memory_free(server);
  *why = "the address cannot be listened on";
  return NULL;
}

int http_port(const HttpServer *server) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
  return info == NULL ? 0 : info->port;
}

void http_stop(HttpServer *server) {
  atomic_store(&server->is_stopping, true);
  const MHD_socket listening = MHD_quiesce_daemon(server->daemon);
  if (listening != MHD_INVALID_SOCKET) close(listening);
  for (int waited = 0; atomic_load(&server->exchanges) > 0 && waited < STOP_MS; waited += 5)
    usleep(5000);
  MHD_stop_daemon(server->daemon);
  memory_free(server);
}
