/* serve: opens the store and the policies, serves until it is told to stop, and finishes what has
 * begun. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/state.h"
#include "serve/http.h"

#define LISTEN_DEFAULT "127.0.0.1:8080"

static const char *policies_folder(const Options *options) {
  if (options->values[OPTION_POLICIES] != NULL) return options->values[OPTION_POLICIES];
  const char *variable = getenv("LICET_POLICIES");
  return variable != NULL && *variable != '\0' ? variable : "policies";
}

static const char *listen_address(const Options *options) {
  return options->values[OPTION_LISTEN] != NULL ? options->values[OPTION_LISTEN] : LISTEN_DEFAULT;
}

/* The port is printed: with port 0, nobody knows it before. */
static void announce(const HttpServer *server, const char *listen) {
  const char *colon = strrchr(listen, ':');
  printf("licetd %s listens on http://%.*s:%d\n", licet_version(), (int)(colon - listen), listen,
         http_port(server));
  fflush(stdout);
}

/* The signals were blocked before any thread began, so this thread alone gets them. */
static ExitCode serve_until_told(const Service *service, const char *listen,
                                 const sigset_t *signals) {
  const char *why;
  int received;
  HttpServer *server = http_start(service, listen, &why);
  if (server == NULL) {
    complain("%s: %s", listen, why);
    return EXIT_WORLD;
  }
  announce(server, listen);
  sigwait(signals, &received);
  http_stop(server);
  return EXIT_FINE;
}

typedef struct Serving {
  const Options *options;
  Arena arena;
  Service service;
  ExitCode code;
} Serving;

static void open_service(void *context) {
  Serving *serving = context;
  const char *why;
  Cases *cases = &serving->service.cases;
  serving->code = state_open(serving->options, &serving->arena, &cases->store);
  if (serving->code != EXIT_FINE) return;
  const licet_status status = engine_open(cases->store, policies_folder(serving->options),
                                          &serving->arena, &cases->engine, &why);
  if (status == LICET_OK) return;
  complain("%s", *why == '\0' ? licet_status_text(status) : why);
  serving->code = EXIT_WORLD;
}

ExitCode command_serve(const Options *options) {
  const char *listen = listen_address(options);
  sigset_t signals;
  Serving serving = {.options = options, .code = EXIT_WORLD};
  if (!http_is_loopback(listen) && options->values[OPTION_INSECURE] == NULL) {
    complain("%s: without TLS this listens on loopback alone, or with --insecure", listen);
    return EXIT_USAGE;
  }
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  signal(SIGPIPE, SIG_IGN);
  arena_open(&serving.arena);
  if (!arena_attempt(&serving.arena, open_service, &serving)) {
    complain("memory is short");
    serving.code = EXIT_WORLD;
  }
  arena_close(&serving.arena);
  if (serving.code == EXIT_FINE)
    serving.code = serve_until_told(&serving.service, listen, &signals);
  engine_close(serving.service.cases.engine);
  store_close(serving.service.cases.store);
  return serving.code;
}
