/* sqlite_read: what readers do. A reader borrows a connection, copies what it read into the
 * caller's arena, and gives the connection back at rest, so that no snapshot stays open. */
#include "store/sqlite.h"

/* ---- Borrowing a connection ---- */

static Connection *borrow(SqliteStore *store) {
  pthread_mutex_lock(&store->lock);
  while (store->idle == NULL) pthread_cond_wait(&store->read, &store->lock);
  Connection *reader = store->idle;
  store->idle = reader->next;
  pthread_mutex_unlock(&store->lock);
  return reader;
}

static void give_back(SqliteStore *store, Connection *reader) {
  connection_rest(reader);
  pthread_mutex_lock(&store->lock);
  reader->next = store->idle;
  store->idle = reader;
  pthread_cond_signal(&store->read);
  pthread_mutex_unlock(&store->lock);
}

typedef struct Reading {
  ReadWork *work;
  Read read;
  StoreStatus status;
} Reading;

static void perform(void *context) {
  Reading *reading = context;
  reading->status = reading->work(&reading->read);
}

/* The connection is given back also where the caller's arena runs out. */
StoreStatus reader_run(SqliteStore *store, ReadWork *work, Arena *arena, const void *query,
                       void *answer) {
  Reading reading = {
      .work = work, .read = {borrow(store), arena, query, answer}, .status = STORE_FAILED};
  const bool is_done = arena_attempt(arena, perform, &reading);
  give_back(store, reading.read.reader);
  if (!is_done) arena_exhaust(arena);
  return reading.status;
}

static StoreStatus one_row(const Read *read, sqlite3_stmt *statement) {
  const int code = sqlite3_step(statement);
  if (code == SQLITE_DONE) return STORE_NOT_FOUND;
  return connection_status(read->reader, code);
}

/* ---- Cases ---- */

static bool take_event(Arena *arena, sqlite3_stmt *statement, Event *event) {
  event->case_id = column_text(arena, statement, 0);
  event->number = sqlite3_column_int64(statement, 1);
  event->instant = sqlite3_column_int64(statement, 2);
  event->type = column_text(arena, statement, 3);
  event->actor = column_text(arena, statement, 4);
  event->role = column_text(arena, statement, 5);
  event->account = sqlite3_column_int64(statement, 6);
  event->place = 0;
  event->payload = column_text(arena, statement, 7);
  return column_digest(statement, 8, &event->previous) &&
         column_digest(statement, 9, &event->digest);
}

static StoreStatus read_events(const Read *read) {
  Events *events = read->answer;
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_READ_EVENTS);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, *(const Text *)read->query);
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    Event event;
    if (!take_event(read->arena, statement, &event)) return STORE_FAILED;
    LIST_PUSH(read->arena, *events, event);
  }
  if (code != SQLITE_DONE) return STORE_FAILED;
  return events->count > 0 ? STORE_OK : STORE_NOT_FOUND;
}

StoreStatus sqlite_read_events(Store *store, Arena *arena, Text case_id, Events *events) {
  *events = (Events){NULL, 0, 0};
  return reader_run((SqliteStore *)store, read_events, arena, &case_id, events);
}

static StoreStatus read_row(const Read *read) {
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_ROW_READ);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, *(const Text *)read->query);
  const StoreStatus status = one_row(read, statement);
  if (status == STORE_OK) column_row(read->arena, statement, read->answer);
  return status;
}

StoreStatus sqlite_read_row(Store *store, Arena *arena, Text case_id, CaseRow *row) {
  return reader_run((SqliteStore *)store, read_row, arena, &case_id, row);
}

static StoreStatus find_case(const Read *read) {
  const Text *query = read->query;
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_FIND_CASE);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, query[0]);
  bind_text(statement, 2, query[1]);
  const StoreStatus status = one_row(read, statement);
  if (status == STORE_OK) *(Text *)read->answer = column_text(read->arena, statement, 0);
  return status;
}

StoreStatus sqlite_find_case(Store *store, Arena *arena, Text organization, Text request,
                             Text *case_id) {
  const Text query[] = {organization, request};
  return reader_run((SqliteStore *)store, find_case, arena, query, case_id);
}

/* ---- Lists ---- */

static void and_equals(Buffer *sql, const char *column, int place, Text value) {
  if (value.length > 0) buffer_format(sql, " and %s = ?%d", column, place);
}

static const char *list_sql(Arena *arena, const StoreFilter *filter) {
  Buffer sql;
  buffer_open(&sql, arena, 512);
  buffer_format(&sql, "select %s from case_row where id > ?1", row_columns);
  and_equals(&sql, "organization", 2, filter->organization);
  and_equals(&sql, "state", 3, filter->state);
  and_equals(&sql, "assigned_to", 4, filter->assigned_to);
  and_equals(&sql, "payer", 5, filter->payer);
  and_equals(&sql, "drug", 6, filter->drug);
  and_equals(&sql, "member", 7, filter->member);
  if (filter->due_before != 0) buffer_string(&sql, " and due > 0 and due < ?8");
  buffer_string(&sql, " order by id limit ?9");
  return buffer_finish(&sql);
}

static void bind_filter(sqlite3_stmt *statement, const StoreFilter *filter) {
  const Text texts[] = {filter->after, filter->organization, filter->state, filter->assigned_to,
                        filter->payer, filter->drug,         filter->member};
  for (int i = 0; i < 7; i++) bind_text(statement, i + 1, texts[i]);
  bind_number(statement, 8, filter->due_before);
  bind_number(statement, 9, filter->limit);
}

static StoreStatus list(const Read *read) {
  CaseRows *rows = read->answer;
  Connection *reader = read->reader;
  const char *sql = list_sql(read->arena, read->query);
  if (sqlite3_prepare_v2(reader->database, sql, -1, &reader->passing, NULL) != SQLITE_OK)
    return STORE_FAILED;
  bind_filter(reader->passing, read->query);
  int code;
  while ((code = sqlite3_step(reader->passing)) == SQLITE_ROW) {
    CaseRow row;
    column_row(read->arena, reader->passing, &row);
    LIST_PUSH(read->arena, *rows, row);
  }
  return connection_status(reader, code);
}

StoreStatus sqlite_list(Store *store, Arena *arena, const StoreFilter *filter, CaseRows *rows) {
  *rows = (CaseRows){NULL, 0, 0};
  return reader_run((SqliteStore *)store, list, arena, filter, rows);
}

typedef struct IdsQuery {
  Text after;
  uint32_t limit;
} IdsQuery;

/* The first column of every row. */
static StoreStatus take_ids(const Read *read, sqlite3_stmt *statement) {
  Texts *ids = read->answer;
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW)
    LIST_PUSH(read->arena, *ids, column_text(read->arena, statement, 0));
  return connection_status(read->reader, code);
}

static StoreStatus case_ids(const Read *read) {
  const IdsQuery *query = read->query;
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_CASE_IDS);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, query->after);
  bind_number(statement, 2, query->limit);
  return take_ids(read, statement);
}

StoreStatus sqlite_case_ids(Store *store, Arena *arena, Text after, uint32_t limit, Texts *ids) {
  const IdsQuery query = {after, limit};
  *ids = (Texts){NULL, 0, 0};
  return reader_run((SqliteStore *)store, case_ids, arena, &query, ids);
}

typedef struct DueQuery {
  int64_t now;
  uint32_t limit;
} DueQuery;

static StoreStatus due(const Read *read) {
  const DueQuery *query = read->query;
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_DUE);
  if (statement == NULL) return STORE_FAILED;
  bind_number(statement, 1, query->now);
  bind_number(statement, 2, query->limit);
  return take_ids(read, statement);
}

StoreStatus sqlite_due(Store *store, Arena *arena, int64_t now, uint32_t limit, Texts *ids) {
  const DueQuery query = {now, limit};
  *ids = (Texts){NULL, 0, 0};
  return reader_run((SqliteStore *)store, due, arena, &query, ids);
}

/* ---- The ledger as one sequence ---- */

typedef struct PlacesQuery {
  uint64_t after;
  uint32_t limit;
} PlacesQuery;

static sqlite3_stmt *places_statement(const Read *read, StatementId id) {
  const PlacesQuery *query = read->query;
  sqlite3_stmt *statement = connection_statement(read->reader, id);
  if (statement == NULL) return NULL;
  bind_number(statement, 1, (int64_t)query->after);
  bind_number(statement, 2, query->limit);
  return statement;
}

static StoreStatus read_ledger(const Read *read) {
  Events *events = read->answer;
  sqlite3_stmt *statement = places_statement(read, STATEMENT_READ_LEDGER);
  if (statement == NULL) return STORE_FAILED;
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    Event event;
    if (!take_event(read->arena, statement, &event)) return STORE_FAILED;
    event.place = sqlite3_column_int64(statement, 10);
    LIST_PUSH(read->arena, *events, event);
  }
  return connection_status(read->reader, code);
}

StoreStatus sqlite_read_ledger(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                               Events *events) {
  const PlacesQuery query = {after, limit};
  *events = (Events){NULL, 0, 0};
  return reader_run((SqliteStore *)store, read_ledger, arena, &query, events);
}

static void take_checkpoint(Arena *arena, sqlite3_stmt *statement, StoredCheckpoint *checkpoint) {
  checkpoint->size = (uint64_t)sqlite3_column_int64(statement, 0);
  checkpoint->instant = sqlite3_column_int64(statement, 1);
  checkpoint->frontier = column_text(arena, statement, 2);
  checkpoint->note = column_text(arena, statement, 3);
  checkpoint->key = column_text(arena, statement, 4);
}

static StoreStatus last_checkpoint(const Read *read) {
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_LAST_CHECKPOINT);
  if (statement == NULL) return STORE_FAILED;
  const StoreStatus status = one_row(read, statement);
  if (status == STORE_OK) take_checkpoint(read->arena, statement, read->answer);
  return status;
}

StoreStatus sqlite_last_checkpoint(Store *store, Arena *arena, StoredCheckpoint *checkpoint) {
  return reader_run((SqliteStore *)store, last_checkpoint, arena, NULL, checkpoint);
}

static StoreStatus read_checkpoints(const Read *read) {
  StoredCheckpoints *checkpoints = read->answer;
  sqlite3_stmt *statement = places_statement(read, STATEMENT_READ_CHECKPOINTS);
  if (statement == NULL) return STORE_FAILED;
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    StoredCheckpoint checkpoint;
    take_checkpoint(read->arena, statement, &checkpoint);
    LIST_PUSH(read->arena, *checkpoints, checkpoint);
  }
  return connection_status(read->reader, code);
}

StoreStatus sqlite_read_checkpoints(Store *store, Arena *arena, uint64_t after, uint32_t limit,
                                    StoredCheckpoints *checkpoints) {
  const PlacesQuery query = {after, limit};
  *checkpoints = (StoredCheckpoints){NULL, 0, 0};
  return reader_run((SqliteStore *)store, read_checkpoints, arena, &query, checkpoints);
}

/* ---- Contents ---- */

typedef struct ContentsQuery {
  const Digest *after;
  uint32_t limit;
} ContentsQuery;

static StoreStatus contents(const Read *read) {
  const ContentsQuery *query = read->query;
  Digests *digests = read->answer;
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_CONTENTS);
  if (statement == NULL) return STORE_FAILED;
  bind_bytes(statement, 1, query->after == NULL ? "" : (const char *)query->after->bytes,
             query->after == NULL ? 0 : DIGEST_BYTES);
  bind_number(statement, 2, query->limit);
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    Digest digest;
    if (!column_digest(statement, 0, &digest)) return STORE_FAILED;
    LIST_PUSH(read->arena, *digests, digest);
  }
  return connection_status(read->reader, code);
}

StoreStatus sqlite_contents(Store *store, Arena *arena, const Digest *after, uint32_t limit,
                            Digests *digests) {
  const ContentsQuery query = {after, limit};
  *digests = (Digests){NULL, 0, 0};
  return reader_run((SqliteStore *)store, contents, arena, &query, digests);
}

static StoreStatus fetch(const Read *read) {
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_FETCH);
  if (statement == NULL) return STORE_FAILED;
  bind_digest(statement, 1, *(const Digest *)read->query);
  const StoreStatus status = one_row(read, statement);
  if (status == STORE_OK) *(Text *)read->answer = column_text(read->arena, statement, 0);
  return status;
}

StoreStatus sqlite_fetch(Store *store, Arena *arena, Digest digest, Text *bytes) {
  return reader_run((SqliteStore *)store, fetch, arena, &digest, bytes);
}

static StoreStatus fetch_policy(const Read *read) {
  StoredFiles *files = read->answer;
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_FETCH_POLICY);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, *(const Text *)read->query);
  int code;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    StoredFile file = {.name = column_text(read->arena, statement, 0)};
    if (!column_digest(statement, 1, &file.digest)) return STORE_FAILED;
    LIST_PUSH(read->arena, *files, file);
  }
  if (code != SQLITE_DONE) return STORE_FAILED;
  return files->count > 0 ? STORE_OK : STORE_NOT_FOUND;
}

StoreStatus sqlite_fetch_policy(Store *store, Arena *arena, Text policy, StoredFiles *files) {
  *files = (StoredFiles){NULL, 0, 0};
  return reader_run((SqliteStore *)store, fetch_policy, arena, &policy, files);
}

/* ---- Accounts ---- */

/* The columns of ACCOUNT_COLUMNS. */
static void take_account(Arena *arena, sqlite3_stmt *statement, AccountRecord *account) {
  account->id = sqlite3_column_int64(statement, 0);
  account->name = column_text(arena, statement, 1);
  account->kind = column_text(arena, statement, 2);
  account->roles = column_text(arena, statement, 3);
  account->organization = column_text(arena, statement, 4);
  account->specialty = column_text(arena, statement, 5);
  account->license = column_text(arena, statement, 6);
  account->reports_to = column_text(arena, statement, 7);
  account->password = column_text(arena, statement, 8);
  account->is_disabled = sqlite3_column_int64(statement, 9) != 0;
}

static StoreStatus find_account(const Read *read) {
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_FIND_ACCOUNT);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, *(const Text *)read->query);
  const StoreStatus status = one_row(read, statement);
  if (status == STORE_OK) take_account(read->arena, statement, read->answer);
  return status;
}

StoreStatus sqlite_find_account(Store *store, Arena *arena, Text name, AccountRecord *account) {
  return reader_run((SqliteStore *)store, find_account, arena, &name, account);
}

typedef struct CredentialQuery {
  const Credential *credential;
  int64_t now;
} CredentialQuery;

static StoreStatus find_credential(const Read *read) {
  const CredentialQuery *query = read->query;
  sqlite3_stmt *statement = connection_statement(read->reader, STATEMENT_FIND_CREDENTIAL);
  if (statement == NULL) return STORE_FAILED;
  bind_digest(statement, 1, query->credential->secret);
  bind_text(statement, 2, query->credential->kind);
  bind_number(statement, 3, query->now);
  const StoreStatus status = one_row(read, statement);
  if (status == STORE_OK) take_account(read->arena, statement, read->answer);
  return status;
}

StoreStatus sqlite_find_credential(Store *store, Arena *arena, const Credential *credential,
                                   int64_t now, AccountRecord *account) {
  const CredentialQuery query = {credential, now};
  return reader_run((SqliteStore *)store, find_credential, arena, &query, account);
}
