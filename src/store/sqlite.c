/* sqlite: the store in one file, for one machine: opening, closing, and the table of its
 * operations. */
#include "store/sqlite.h"

static void close_readers(SqliteStore *sqlite) {
  for (int i = 0; i < READERS; i++)
    if (sqlite->readers[i].database != NULL) connection_close(&sqlite->readers[i]);
}

static void sqlite_close(Store *store) {
  SqliteStore *sqlite = (SqliteStore *)store;
  writer_stop(sqlite);
  close_readers(sqlite);
  connection_close(&sqlite->writer);
  pthread_cond_destroy(&sqlite->read);
  pthread_cond_destroy(&sqlite->work);
  pthread_mutex_destroy(&sqlite->lock);
  memory_free(sqlite);
}

static const StoreOperations operations = {
    .close = sqlite_close,
    .append = sqlite_append,
    .read_events = sqlite_read_events,
    .read_row = sqlite_read_row,
    .find_case = sqlite_find_case,
    .list = sqlite_list,
    .case_ids = sqlite_case_ids,
    .due = sqlite_due,
    .read_ledger = sqlite_read_ledger,
    .add_checkpoint = sqlite_add_checkpoint,
    .last_checkpoint = sqlite_last_checkpoint,
    .read_checkpoints = sqlite_read_checkpoints,
    .put_row = sqlite_put_row,
    .contents = sqlite_contents,
    .keep = sqlite_keep,
    .fetch = sqlite_fetch,
    .keep_policy = sqlite_keep_policy,
    .fetch_policy = sqlite_fetch_policy,
    .add_account = sqlite_add_account,
    .find_account = sqlite_find_account,
    .add_credential = sqlite_add_credential,
    .find_credential = sqlite_find_credential,
    .end_credential = sqlite_end_credential,
};

static StoreStatus open_readers(SqliteStore *sqlite, const char *path) {
  StoreStatus status = STORE_OK;
  for (int i = 0; i < READERS && status == STORE_OK; i++) {
    Connection *reader = &sqlite->readers[i];
    status = connection_open(path, reader);
    reader->next = sqlite->idle;
    sqlite->idle = reader;
  }
  return status;
}

static StoreStatus give_up(SqliteStore *sqlite, Arena *arena, StoreStatus status,
                           const char **why) {
  if (*why == NULL)
    *why = sqlite->writer.database == NULL
               ? "the database cannot be opened"
               : arena_format(arena, "%s", sqlite3_errmsg(sqlite->writer.database));
  close_readers(sqlite);
  if (sqlite->writer.database != NULL) connection_close(&sqlite->writer);
  memory_free(sqlite);
  return status;
}

StoreStatus sqlite_open(const char *path, const StoreRules *rules, Arena *arena, Store **store,
                        const char **why) {
  SqliteStore *sqlite = memory_allocate(sizeof *sqlite);
  if (sqlite == NULL) arena_exhaust(arena);
  memset(sqlite, 0, sizeof *sqlite);
  sqlite->store.operations = &operations;
  StoreStatus status = connection_open(path, &sqlite->writer);
  if (status == STORE_OK) status = schema_update(&sqlite->writer, rules, arena, why);
  if (status == STORE_OK) status = open_readers(sqlite, path);
  if (status != STORE_OK) return give_up(sqlite, arena, status, why);
  pthread_mutex_init(&sqlite->lock, NULL);
  pthread_cond_init(&sqlite->work, NULL);
  pthread_cond_init(&sqlite->read, NULL);
  if (!writer_start(sqlite)) {
    *why = "the writer's thread cannot be started";
    return give_up(sqlite, arena, STORE_FAILED, why);
  }
  *store = &sqlite->store;
  return STORE_OK;
}
