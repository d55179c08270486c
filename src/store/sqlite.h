/* sqlite: the parts of the SQLite store, for its own files.
 *
 *     threads that read     one of READERS connections each; in WAL a reader never waits for the
 * writer threads that write    put a Job in the queue and wait the writer's thread   begin; every
 * job that waits, each in a savepoint; commit; wake them
 *
 * Reading order: here, sqlite_writer.c, sqlite_write.c, sqlite_read.c, sqlite_schema.c.
 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>

#include "store/operations.h"

/* ---- Connections (sqlite_connection.c) ---- */

#define ACCOUNT_COLUMNS                                                                      \
  "a.id, a.name, a.kind, (select group_concat(role, ' ') from account_role where account = " \
  "a.id), a.organization, a.specialty, a.license, a.reports_to, a.password, a.disabled"

typedef enum StatementId {
#define STATEMENT(symbol, sql) STATEMENT_##symbol,
#include "store/statement.def"
#undef STATEMENT
  STATEMENT_ROW_READ, /* over the columns of row.def */
  STATEMENT_ROW_WRITE,
  STATEMENT_COUNT
} StatementId;

typedef struct Connection {
  sqlite3 *database;
  sqlite3_stmt *statements[STATEMENT_COUNT]; /* prepared when they are first used */
  sqlite3_stmt *passing;                     /* of one call, made for it */
  struct Connection *next;                   /* in the list of those that nobody uses */
} Connection;

/* The columns of row.def, "id, organization, ...", and how many there are. */
extern const char *const row_columns;
extern const int row_column_count;

StoreStatus connection_open(const char *path, Connection *connection);
void connection_close(Connection *connection);
/* Ready to be bound; NULL where it cannot be prepared. */
sqlite3_stmt *connection_statement(Connection *connection, StatementId id);
/* No statement holds a lock or a snapshot any more. */
void connection_rest(Connection *connection);
/* What a result code, after a step of this connection, means. */
StoreStatus connection_status(const Connection *connection, int code);
/* Steps a statement that gives no rows. */
StoreStatus connection_run(const Connection *connection, sqlite3_stmt *statement);
/* Several statements of the program's own. */
StoreStatus connection_script(const Connection *connection, const char *sql);

/* Parameters are numbered from 1, columns from 0. */
void bind_text(sqlite3_stmt *statement, int at, Text text);
void bind_number(sqlite3_stmt *statement, int at, int64_t number);
void bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t length);
void bind_digest(sqlite3_stmt *statement, int at, Digest digest);
Text column_text(Arena *arena, sqlite3_stmt *statement, int at);
bool column_digest(sqlite3_stmt *statement, int at, Digest *digest);
void column_row(Arena *arena, sqlite3_stmt *statement, CaseRow *row);
void bind_row(sqlite3_stmt *statement, const CaseRow *row);

/* ---- The store ---- */

#define READERS 16

typedef StoreStatus JobRun(Connection *writer, const void *argument);

typedef struct Job {
  JobRun *run;
  const void *argument;
  StoreStatus status;
  sem_t done;
  struct Job *next;
} Job;

typedef struct SqliteStore {
  Store store;
  Connection writer;
  pthread_t thread;
  pthread_mutex_t lock; /* over what follows */
  pthread_cond_t work;  /* a job came, or the store closes */
  pthread_cond_t read;  /* a reader is free */
  Job *first, *last;
  bool is_closing;
  Connection readers[READERS];
  Connection *idle;
} SqliteStore;

/* Brings the database to this program's schema, and its rules to `rules`. */
StoreStatus schema_update(Connection *writer, const StoreRules *rules, Arena *arena,
                          const char **why);

bool writer_start(SqliteStore *store);
/* Finishes what waits. */
void writer_stop(SqliteStore *store);
/* Runs a job in the writer's next transaction; returns when that is durable. */
StoreStatus writer_run(SqliteStore *store, JobRun *run, const void *argument);

/* Runs `work` with a reader's connection. */
typedef struct Read {
  Connection *reader;
  Arena *arena;
  const void *query;
  void *answer;
} Read;
typedef StoreStatus ReadWork(const Read *read);
StoreStatus reader_run(SqliteStore *store, ReadWork *work, Arena *arena, const void *query,
                       void *answer);

/* The operations, in sqlite_write.c and sqlite_read.c. */
StoreStatus sqlite_append(Store *store, const StoreAppend *append);
StoreStatus sqlite_add_checkpoint(Store *store, const StoredCheckpoint *checkpoint);
StoreStatus sqlite_put_row(Store *store, const CaseRow *row);
StoreStatus sqlite_keep(Store *store, Text bytes, Digest digest);
StoreStatus sqlite_keep_policy(Store *store, Text policy, const StoredFiles *files);
StoreStatus sqlite_add_account(Store *store, const AccountRecord *account);
StoreStatus sqlite_add_credential(Store *store, const Credential *credential);
StoreStatus sqlite_end_credential(Store *store, Digest secret);

StoreStatus sqlite_read_events(Store *store, Arena *arena, Text case_id, Events *events);
StoreStatus sqlite_read_row(Store *store, Arena *arena, Text case_id, CaseRow *row);
StoreStatus sqlite_find_case(Store *store, Arena *arena, Text organization, Text request,
                             Text *case_id);
StoreStatus sqlite_list(Store *store, Arena *arena, const StoreFilter *filter, CaseRows *rows);
StoreStatus sqlite_case_ids(Store *store, Arena *arena, Text after, uint32_t limit, Texts *ids);
StoreStatus sqlite_due(Store *store, Arena *arena, int64_t now, uint32_t limit, Texts *ids);
StoreStatus sqlite_read_ledger(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                               Events *events);
StoreStatus sqlite_last_checkpoint(Store *store, Arena *arena, StoredCheckpoint *checkpoint);
StoreStatus sqlite_read_checkpoints(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                                    StoredCheckpoints *checkpoints);
StoreStatus sqlite_contents(Store *store, Arena *arena, const Digest *after, uint32_t limit,
                            Digests *digests);
StoreStatus sqlite_fetch(Store *store, Arena *arena, Digest digest, Text *bytes);
StoreStatus sqlite_fetch_policy(Store *store, Arena *arena, Text policy, StoredFiles *files);
StoreStatus sqlite_find_account(Store *store, Arena *arena, Text name, AccountRecord *account);
StoreStatus sqlite_find_credential(Store *store, Arena *arena, const Credential *credential,
                                   int64_t now, AccountRecord *account);

#endif
