/* One thread cuts the input and writes what came of it, in order; the others decide. Pieces go round in a ring of slots. */
#include <pthread.h>
#include <unistd.h>

#include "bulk/run.h"

enum { THREADS_MOST = 256 };

typedef struct Slot {
  Piece piece;
  bool done;
} Slot;

typedef struct Team {
  Run *run;
  pthread_mutex_t lock;
  pthread_cond_t ready, done;
  Slot *slots;
  uint32_t slot_count;
  uint64_t cut, taken, finished; /* pieces cut, given to workers, written: finished <= taken <= cut <= finished + slot_count */
  bool stopping, worker_failed;
} Team;

static void *work(void *argument) {
  Team *team = argument;
  Worker *worker = worker_open(&team->run->order);
  pthread_mutex_lock(&team->lock);
  team->worker_failed = team->worker_failed || worker == NULL;
  while (worker != NULL) {
    while (team->taken == team->cut && !team->stopping) pthread_cond_wait(&team->ready, &team->lock);
    if (team->taken == team->cut) break;
    Slot *slot = &team->slots[team->taken++ % team->slot_count];
    pthread_mutex_unlock(&team->lock);
    worker_run(worker, &slot->piece);
    pthread_mutex_lock(&team->lock);
    slot->done = true;
    pthread_cond_broadcast(&team->done);
  }
  pthread_cond_broadcast(&team->done);
  pthread_mutex_unlock(&team->lock);
  worker_close(worker);
  return NULL;
}

/* Waits for the oldest piece. */
static licet_status finish_one(Team *team, licet_status (*finish)(Run *run, Piece *piece)) {
  Slot *slot = &team->slots[team->finished % team->slot_count];
  pthread_mutex_lock(&team->lock);
  while (!slot->done && !team->worker_failed) pthread_cond_wait(&team->done, &team->lock);
  const bool failed = !slot->done;
  pthread_mutex_unlock(&team->lock);
  if (failed) return result_no_memory(team->run->result);
  team->finished++;
  const licet_status status = finish(team->run, &slot->piece);
  piece_release(&slot->piece);
  return status;
}

static licet_status feed(Team *team, licet_status (*finish)(Run *run, Piece *piece)) {
  Run *run = team->run;
  licet_status status = LICET_OK;
  for (bool more = true; status == LICET_OK && more;) {
    if (team->cut - team->finished == team->slot_count) status = finish_one(team, finish);
    if (status != LICET_OK) break;
    Slot *slot = &team->slots[team->cut % team->slot_count];
    status = input_cut(&run->input, &slot->piece, &more, run->result);
    if (status != LICET_OK || !more) break;
    pthread_mutex_lock(&team->lock);
    slot->done = false;
    team->cut++;
    pthread_cond_signal(&team->ready);
    pthread_mutex_unlock(&team->lock);
  }
  while (status == LICET_OK && team->finished < team->cut) status = finish_one(team, finish);
  return status;
}

/* Memory may run out while others work: then they end first. */
static licet_status feed_guarded(Team *team, licet_status (*finish)(Run *run, Piece *piece)) {
  licet_bulk_result *result = team->run->result;
  Arena outside;
  arena_open(&outside);
  arena_guard_with(&outside, &result->arena);
  const licet_status status = ARENA_GUARD(&result->arena) ? result_no_memory(result) : feed(team, finish);
  arena_guard_with(&result->arena, &outside);
  return status;
}

static uint32_t thread_count(const licet_bulk_options *options) {
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  const uint32_t wanted = options->threads > 0 ? options->threads : online > 0 ? (uint32_t)online : 1;
  return wanted > THREADS_MOST ? THREADS_MOST : wanted;
}

static void open_team(Team *team, Run *run, uint32_t threads) {
  *team = (Team){.run = run, .slot_count = 2 * threads + 1};
  team->slots = ARENA_ARRAY(&run->result->arena, Slot, team->slot_count);
  for (uint32_t i = 0; i < team->slot_count; i++) piece_open(&team->slots[i].piece);
  pthread_mutex_init(&team->lock, NULL);
  pthread_cond_init(&team->ready, NULL);
  pthread_cond_init(&team->done, NULL);
}

static void close_team(Team *team) {
  for (uint32_t i = 0; i < team->slot_count; i++) piece_close(&team->slots[i].piece);
  pthread_cond_destroy(&team->ready);
  pthread_cond_destroy(&team->done);
  pthread_mutex_destroy(&team->lock);
}

licet_status run_threads(Run *run, licet_status (*finish)(Run *run, Piece *piece)) {
  const uint32_t threads = thread_count(run->options);
  pthread_t ids[THREADS_MOST];
  uint32_t started = 0;
  Team team;
  open_team(&team, run, threads);
  while (started < threads && pthread_create(&ids[started], NULL, work, &team) == 0) started++;
  licet_status status =
      started == 0 ? result_fail(run->result, LICET_NO_MEMORY, "no thread could be started") : feed_guarded(&team, finish);
  pthread_mutex_lock(&team.lock);
  team.stopping = true;
  if (status != LICET_OK) team.taken = team.cut; /* what nobody has begun is left */
  pthread_cond_broadcast(&team.ready);
  pthread_mutex_unlock(&team.lock);
  for (uint32_t i = 0; i < started; i++) pthread_join(ids[i], NULL);
  close_team(&team);
  return status;
}
