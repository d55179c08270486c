/* sqlite_writer: one thread writes, and commits for everybody who waits (group commit; Gray and
 * Reuter 1993, 9.4).
 *
 * A commit costs one write to the disk whether it holds one job or a hundred, and while it runs the
 * next jobs gather, so no job waits for a batch to fill:
 *
 *     jobs      a b c         d e f g              h
 *     writer    [begin a commit][begin b c commit ][begin d e f g commit]
 *
 * A job that fails is undone by its savepoint and does not touch its neighbors. The invariant: a
 * job is woken with STORE_OK only after the commit that holds it has returned.
 */
#include "store/sqlite.h"

#define BATCH_MOST 256

static StoreStatus step(Connection *writer, StatementId id) {
  return connection_run(writer, connection_statement(writer, id));
}

static StoreStatus run_job(Connection *writer, const Job *job) {
  StoreStatus status = step(writer, STATEMENT_SAVEPOINT);
  if (status != STORE_OK) return status;
  status = job->run(writer, job->argument);
  if (status != STORE_OK) step(writer, STATEMENT_ROLLBACK_JOB);
  const StoreStatus released = step(writer, STATEMENT_RELEASE);
  return status != STORE_OK ? status : released;
}

static StoreStatus run_batch(Connection *writer, Job *first) {
  StoreStatus status = step(writer, STATEMENT_BEGIN);
  if (status != STORE_OK) return status;
  for (Job *job = first; job != NULL; job = job->next) job->status = run_job(writer, job);
  status = step(writer, STATEMENT_COMMIT);
  if (status != STORE_OK) step(writer, STATEMENT_ROLLBACK);
  return status;
}

/* Of a batch that was not committed, nothing was. */
static void wake(Job *first, StoreStatus committed) {
  for (Job *job = first, *next; job != NULL; job = next) {
    next = job->next; /* the job is its waiter's, who may return at once */
    if (committed != STORE_OK) job->status = committed;
    sem_post(&job->done);
  }
}

/* Waits for jobs and takes at most BATCH_MOST of them; NULL once the store closes and none is left.
 */
static Job *take_batch(SqliteStore *store) {
  pthread_mutex_lock(&store->lock);
  while (store->first == NULL && !store->is_closing) pthread_cond_wait(&store->work, &store->lock);
  Job *first = store->first, *last = first;
  for (int i = 1; last != NULL && last->next != NULL && i < BATCH_MOST; i++) last = last->next;
  if (last != NULL) {
    store->first = last->next;
    if (store->first == NULL) store->last = NULL;
    last->next = NULL;
  }
  pthread_mutex_unlock(&store->lock);
  return first;
}

static void *write_batches(void *context) {
  SqliteStore *store = context;
  Job *first;
  while ((first = take_batch(store)) != NULL) wake(first, run_batch(&store->writer, first));
  return NULL;
}

bool writer_start(SqliteStore *store) {
  return pthread_create(&store->thread, NULL, write_batches, store) == 0;
}

void writer_stop(SqliteStore *store) {
  pthread_mutex_lock(&store->lock);
  store->is_closing = true;
  pthread_cond_signal(&store->work);
  pthread_mutex_unlock(&store->lock);
  pthread_join(store->thread, NULL);
}

StoreStatus writer_run(SqliteStore *store, JobRun *run, const void *argument) {
  Job job = {.run = run, .argument = argument, .status = STORE_FAILED};
  sem_init(&job.done, 0, 0);
  pthread_mutex_lock(&store->lock);
  if (store->last == NULL)
    store->first = &job;
  else
    store->last->next = &job;
  store->last = &job;
  pthread_cond_signal(&store->work);
  pthread_mutex_unlock(&store->lock);
  while (sem_wait(&job.done) != 0) {
  }
  sem_destroy(&job.done);
  return job.status;
}
