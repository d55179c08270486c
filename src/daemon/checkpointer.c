/* checkpointer: see checkpointer.h. A checkpoint that fails is tried again a minute later: the
 * events are in the ledger in any case. */
#include "daemon/checkpointer.h"

#include <pthread.h>
#include <time.h>

#include "daemon/options.h"
#include "store/checkpoint.h"

#define INTERVAL_S 60

struct Checkpointer {
  Store *store;
  NoteKey key;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t stops;
  bool is_stopping;
};

typedef struct Making {
  const Checkpointer *checkpointer;
  Arena arena;
  StoreStatus status;
} Making;

static void make(void *context) {
  Making *making = context;
  Text note;
  making->status = checkpoint_make(making->checkpointer->store, &making->arena,
                                   &making->checkpointer->key, &note);
}

static void make_one(const Checkpointer *checkpointer) {
  Making making = {.checkpointer = checkpointer, .status = STORE_FAILED};
  arena_open(&making.arena);
  arena_attempt(&making.arena, make, &making);
  arena_close(&making.arena);
  if (making.status == STORE_REFUSED)
    complain(
        "no checkpoint is signed: the ledger is not what its digests say; 'licetd audit "
        "verify' shows where");
  else if (making.status != STORE_OK && making.status != STORE_TAKEN)
    complain("no checkpoint is signed: %s", store_status_text(making.status));
}

/* False once the service stops. */
static bool wait(Checkpointer *checkpointer) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += INTERVAL_S;
  pthread_mutex_lock(&checkpointer->lock);
  int status = 0;
  while (!checkpointer->is_stopping && status == 0)
    status = pthread_cond_timedwait(&checkpointer->stops, &checkpointer->lock, &until);
  const bool goes_on = !checkpointer->is_stopping;
  pthread_mutex_unlock(&checkpointer->lock);
  return goes_on;
}

static void *run(void *context) {
  Checkpointer *checkpointer = context;
  while (wait(checkpointer)) make_one(checkpointer);
  make_one(checkpointer);
  return NULL;
}

Checkpointer *checkpointer_start(Store *store, const NoteKey *key) {
  Checkpointer *checkpointer = memory_allocate(sizeof *checkpointer);
  if (checkpointer == NULL) return NULL;
  *checkpointer = (Checkpointer){.store = store, .key = *key};
  pthread_mutex_init(&checkpointer->lock, NULL);
  pthread_cond_init(&checkpointer->stops, NULL);
  if (pthread_create(&checkpointer->thread, NULL, run, checkpointer) == 0) return checkpointer;
  memory_free(checkpointer);
  return NULL;
}

void checkpointer_stop(Checkpointer *checkpointer) {
  if (checkpointer == NULL) return;
  pthread_mutex_lock(&checkpointer->lock);
  checkpointer->is_stopping = true;
  pthread_cond_signal(&checkpointer->stops);
  pthread_mutex_unlock(&checkpointer->lock);
  pthread_join(checkpointer->thread, NULL);
  sodium_memzero(&checkpointer->key, sizeof checkpointer->key);
  memory_free(checkpointer);
}
