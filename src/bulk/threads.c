/* The caller's thread cuts the input and writes what came of it, in order; in between it decides,
 * as the others do all the time. Chunks go round in a ring of slots.
 */
#include <pthread.h>
#include <unistd.h>

#include "bulk/run.h"

enum { THREADS_MOST = 256 };

typedef struct Slot {
  Chunk chunk;
  bool done;
} Slot;

typedef struct Team {
  Run *run;
  pthread_mutex_t lock;
  pthread_cond_t ready, done;
  Slot *slots;
  uint32_t slot_count;
  uint64_t cut, taken,
      finished; /* chunks cut, begun, written: finished <= taken <= cut <= finished + slot_count */
  uint32_t others; /* threads other than the caller's */
  Worker *own;     /* the caller's */
  bool stopping, worker_failed;
} Team;

/* The next chunk that nobody has begun; NULL where there is none. */
static Slot *take(Team *team) {
  return team->taken == team->cut ? NULL : &team->slots[team->taken++ % team->slot_count];
}

static void *work(void *argument) {
  Team *team = argument;
  Worker *worker = worker_open(&team->run->order);
  pthread_mutex_lock(&team->lock);
  team->worker_failed = team->worker_failed || worker == NULL;
  while (worker != NULL) {
    Slot *slot;
    while ((slot = take(team)) == NULL && !team->stopping)
      pthread_cond_wait(&team->ready, &team->lock);
    if (slot == NULL) break;
    pthread_mutex_unlock(&team->lock);
    worker_run(worker, &slot->chunk);
    pthread_mutex_lock(&team->lock);
    slot->done = true;
    pthread_cond_signal(&team->done);
  }
  pthread_cond_signal(&team->done);
  pthread_mutex_unlock(&team->lock);
  worker_close(worker);
  return NULL;
}

/* *waiting: the chunks that nobody has begun. */
static licet_status cut(Team *team, bool *more, uint64_t *waiting) {
  Run *run = team->run;
  Slot *slot = &team->slots[team->cut % team->slot_count];
  const licet_status status = input_cut(&run->input, &slot->chunk, more);
  pthread_mutex_lock(&team->lock);
  if (status == LICET_OK && *more) {
    slot->done = false;
    team->cut++;
    pthread_cond_signal(&team->ready);
  }
  *waiting = team->cut - team->taken;
  pthread_mutex_unlock(&team->lock);
  return status;
}

/* A chunk by the caller's own worker, if one waits. */
static bool decide_one(Team *team) {
  pthread_mutex_lock(&team->lock);
  Slot *slot = take(team);
  pthread_mutex_unlock(&team->lock);
  if (slot == NULL) return false;
  worker_run(team->own, &slot->chunk);
  pthread_mutex_lock(&team->lock);
  slot->done = true;
  pthread_mutex_unlock(&team->lock);
  return true;
}

/* Is the oldest chunk decided? *failed: a thread has no memory. */
static bool oldest_is_done(Team *team, bool waits, bool *failed) {
  const Slot *slot = &team->slots[team->finished % team->slot_count];
  pthread_mutex_lock(&team->lock);
  while (waits && !slot->done && !team->worker_failed) pthread_cond_wait(&team->done, &team->lock);
  *failed = team->worker_failed;
  const bool done = slot->done;
  pthread_mutex_unlock(&team->lock);
  return done;
}

/* Writes what is decided, from the oldest on; waits for that one where it `waits`. */
static licet_status finish_decided(Team *team, bool waits,
                                   licet_status (*finish)(Run *run, Chunk *chunk)) {
  licet_status status = LICET_OK;
  bool failed = false;
  while (status == LICET_OK && team->finished < team->cut && oldest_is_done(team, waits, &failed)) {
    Chunk *chunk = &team->slots[team->finished++ % team->slot_count].chunk;
    status = finish(team->run, chunk);
    chunk_release(chunk);
    waits = false;
  }
  return failed && status == LICET_OK ? result_no_memory(team->run->result) : status;
}

typedef struct Feeding {
  Team *team;
  licet_status (*finish)(Run *run, Chunk *chunk);
  licet_status status;
} Feeding;

/* The others come first: they are to find chunks enough while the caller decides one. */
static licet_status feed(Team *team, licet_status (*finish)(Run *run, Chunk *chunk)) {
  licet_status status = LICET_OK;
  bool more = true;
  while (status == LICET_OK && (more || team->finished < team->cut)) {
    uint64_t waiting = 0;
    if (more && team->cut - team->finished < team->slot_count) {
      status = cut(team, &more, &waiting);
      if (status != LICET_OK || (more && waiting <= 2 * team->others)) continue;
    }
    const bool decided = decide_one(team);
    status = finish_decided(team, !decided, finish);
  }
  return status;
}

static void feed_within(void *feeding) {
  Feeding *f = feeding;
  f->status = feed(f->team, f->finish);
}

/* Under a guard of its own: memory may run out while others work, and then they end first. */
static licet_status try_to_feed(Team *team, licet_status (*finish)(Run *run, Chunk *chunk)) {
  Feeding feeding = {team, finish, LICET_OK};
  return arena_attempt(&team->run->result->arena, feed_within, &feeding)
             ? feeding.status
             : result_no_memory(team->run->result);
}

static uint32_t thread_count(const licet_bulk_options *options) {
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  const uint32_t wanted = options->threads > 0 ? options->threads
                          : online > 0         ? (uint32_t)online
                                               : 1;
  return wanted > THREADS_MOST ? THREADS_MOST : wanted;
}

static void open_team(Team *team, Run *run, uint32_t threads) {
  *team = (Team){.run = run, .slot_count = 2 * threads + 1};
  team->slots = ARENA_ARRAY(&run->result->arena, Slot, team->slot_count);
  for (uint32_t i = 0; i < team->slot_count; i++) chunk_open(&team->slots[i].chunk);
  pthread_mutex_init(&team->lock, NULL);
  pthread_cond_init(&team->ready, NULL);
  pthread_cond_init(&team->done, NULL);
}

static void close_team(Team *team) {
  worker_close(team->own);
  for (uint32_t i = 0; i < team->slot_count; i++) chunk_close(&team->slots[i].chunk);
  pthread_cond_destroy(&team->ready);
  pthread_cond_destroy(&team->done);
  pthread_mutex_destroy(&team->lock);
}

licet_status run_threads(Run *run, licet_status (*finish)(Run *run, Chunk *chunk)) {
  const uint32_t threads = thread_count(run->options);
  pthread_t ids[THREADS_MOST];
  Team team;
  open_team(&team, run, threads);
  while (team.others + 1 < threads && pthread_create(&ids[team.others], NULL, work, &team) == 0)
    team.others++;
  team.own = worker_open(&run->order);
  licet_status status =
      team.own == NULL ? result_no_memory(run->result) : try_to_feed(&team, finish);
  pthread_mutex_lock(&team.lock);
  team.stopping = true;
  if (status != LICET_OK) team.taken = team.cut; /* what nobody has begun is left */
  pthread_cond_broadcast(&team.ready);
  pthread_mutex_unlock(&team.lock);
  for (uint32_t i = 0; i < team.others; i++) pthread_join(ids[i], NULL);
  close_team(&team);
  return status;
}
