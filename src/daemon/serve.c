/* serve: opens the store and the policies, serves until it is asked to stop, and finishes what has
 * begun. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/checkpointer.h"
#include "daemon/key.h"
#include "daemon/state.h"
#include "daemon/ticker.h"
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
static ExitCode serve_until_told(const Service *service, const NoteKey *key, const char *listen,
                                 const sigset_t *signals) {
  const char *why = "a thread cannot be started";
  int received;
  Ticker *ticker = ticker_start(&service->cases);
  Checkpointer *checkpointer =
      ticker == NULL ? NULL : checkpointer_start(service->cases.store, key);
  HttpServer *server = checkpointer == NULL ? NULL : http_start(service, listen, &why);
  if (server != NULL) {
    announce(server, listen);
    sigwait(signals, &received);
    http_stop(server);
  } else {
    complain("%s: %s", listen, why);
  }
  ticker_stop(ticker);
  checkpointer_stop(checkpointer);
  return server == NULL ? EXIT_WORLD : EXIT_FINE;
}

typedef struct Serving {
  const Options *options;
  Arena arena;
  Service service;
  NoteKey key;
  Clocks *clocks;
  ExitCode code;
} Serving;

/* The file of clocks is kept in the store, as policies are: a case names it by its digest. */
static ExitCode open_clocks(Serving *serving, const char *policies) {
  Cases *cases = &serving->service.cases;
  Digest digest;
  const ExitCode code =
      state_open_clocks(serving->options, policies, &serving->arena, &serving->clocks);
  if (code != EXIT_FINE) return code;
  cases->clocks = serving->clocks;
  return state_exit("the file of clocks",
                    store_keep(cases->store, serving->clocks->source.text, &digest));
}

static void open_service(void *context) {
  Serving *serving = context;
  const char *why, *policies = policies_folder(serving->options);
  Cases *cases = &serving->service.cases;
  serving->code = state_open(serving->options, &serving->arena, &cases->store);
  if (serving->code == EXIT_FINE) serving->code = open_clocks(serving, policies);
  if (serving->code != EXIT_FINE) return;
  const licet_status status =
      engine_open(cases->store, policies, &serving->arena, &cases->engine, &why);
  if (status == LICET_OK) {
    serving->code = key_open(serving->options, cases->store, &serving->arena, &serving->key);
    return;
  }
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
  if (serving.code == EXIT_FINE)
    serving.code = serve_until_told(&serving.service, &serving.key, listen, &signals);
  sodium_memzero(&serving.key, sizeof serving.key);
  arena_close(&serving.arena);
  engine_close(serving.service.cases.engine);
  store_close(serving.service.cases.store);
  clocks_close(serving.clocks);
  return serving.code;
}
