/* ticker: see ticker.h. It asks the store, several times a second, on which cases the clock is to
 * act by now; the question is one look into an index, so nothing has to be remembered between two
 * of them, and what became due while the program was down is found with the first.
 *
 * The invariant: each act is an append that expects the case's last event, so of several programs
 * over one store one acts, and the next look does not find the case again.
 */
#include "daemon/ticker.h"

#include <pthread.h>
#include <time.h>

#include "daemon/options.h"

#define LOOK_MS 200
#define CASES_AT_ONCE 256

struct Ticker {
  const Cases *cases;
  Arena arena, work; /* a look's ids; one case */
  pthread_t thread;
  pthread_mutex_t lock; /* over `is_stopping` */
  pthread_cond_t stop;
  bool is_stopping;
  bool has_complained; /* since the clock last acted */
};

/* A store that cannot be written says so once, not five times a second. */
static void complain_of(Ticker *ticker, Text id, const Refusal *refusal) {
  if (!ticker->has_complained)
    complain("the clock cannot act on case %.*s: %s", TEXT_ARGS(id), refusal_title(refusal->kind));
  ticker->has_complained = true;
}

/* How many cases the clock has acted on. */
static uint32_t act_on_all(Ticker *ticker, const Texts *ids) {
  uint32_t acted = 0;
  for (uint32_t i = 0; i < ids->count; i++) {
    Refusal refusal = {.kind = REFUSAL_NONE};
    arena_reset(&ticker->work);
    if (cases_clock(ticker->cases, &ticker->work, ids->items[i], &refusal))
      acted++;
    else if (refusal.kind != REFUSAL_NONE)
      complain_of(ticker, ids->items[i], &refusal);
  }
  if (acted > 0) ticker->has_complained = false;
  return acted;
}

/* While a look finds as many cases as it may, there may be more. */
static void look(void *context) {
  Ticker *ticker = context;
  Texts ids;
  uint32_t acted;
  do {
    arena_reset(&ticker->arena);
    if (store_due(ticker->cases->store, &ticker->arena, cases_now(ticker->cases), CASES_AT_ONCE,
                  &ids) != STORE_OK)
      return;
    acted = act_on_all(ticker, &ids);
  } while (acted == CASES_AT_ONCE);
}

/* False once it is to stop. */
static bool rest(Ticker *ticker) {
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += LOOK_MS * 1000000L;
  until.tv_sec += until.tv_nsec / 1000000000L;
  until.tv_nsec %= 1000000000L;
  pthread_mutex_lock(&ticker->lock);
  while (!ticker->is_stopping &&
         pthread_cond_timedwait(&ticker->stop, &ticker->lock, &until) == 0) {
  }
  const bool goes_on = !ticker->is_stopping;
  pthread_mutex_unlock(&ticker->lock);
  return goes_on;
}

static void *tick(void *context) {
  Ticker *ticker = context;
  Arena *const arenas[] = {&ticker->arena, &ticker->work};
  do {
    if (!arenas_attempt(arenas, 2, look, ticker) && !ticker->has_complained) {
      complain("the clock cannot act: memory is short");
      ticker->has_complained = true;
    }
  } while (rest(ticker));
  return NULL;
}

static void ticker_free(Ticker *ticker) {
  arena_close(&ticker->work);
  arena_close(&ticker->arena);
  pthread_cond_destroy(&ticker->stop);
  pthread_mutex_destroy(&ticker->lock);
  memory_free(ticker);
}

Ticker *ticker_start(const Cases *cases) {
  pthread_condattr_t monotonic;
  Ticker *ticker = memory_allocate(sizeof *ticker);
  if (ticker == NULL) return NULL;
  memset(ticker, 0, sizeof *ticker);
  ticker->cases = cases;
  arena_open(&ticker->arena);
  arena_open(&ticker->work);
  pthread_mutex_init(&ticker->lock, NULL);
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&ticker->stop, &monotonic);
  pthread_condattr_destroy(&monotonic);
  if (pthread_create(&ticker->thread, NULL, tick, ticker) == 0) return ticker;
  ticker_free(ticker);
  return NULL;
}

void ticker_stop(Ticker *ticker) {
  if (ticker == NULL) return;
  pthread_mutex_lock(&ticker->lock);
  ticker->is_stopping = true;
  pthread_cond_signal(&ticker->stop);
  pthread_mutex_unlock(&ticker->lock);
  pthread_join(ticker->thread, NULL);
  ticker_free(ticker);
}
