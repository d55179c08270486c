/* http: the service on a socket. */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include "serve/exchange.h"

typedef struct HttpServer HttpServer;

/* Listens on "HOST:PORT", where HOST is an address and port 0 any free one. NULL, and why. */
HttpServer *http_start(const Service *service, const char *listen, const char **why);
int http_port(const HttpServer *server);
/* Takes no new connections, finishes every request that has begun, and closes. */
void http_stop(HttpServer *server);

/* Is the address one that only this machine can reach? */
bool http_is_loopback(const char *listen);

#endif
