/* sqlite_write: what the writer's thread does, a job each.
 *
 * The invariant: a job checks what it rests on inside the transaction that writes, so that two
 * writers for one number cannot both be right; and the schema's triggers check it again.
 */
#include "store/sqlite.h"

/* ---- Events ---- */

static StoreStatus last_number(Connection *writer, Text case_id, int64_t *number) {
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_LAST_NUMBER);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, case_id);
  const int code = sqlite3_step(statement);
  *number = sqlite3_column_int64(statement, 0);
  const StoreStatus status = connection_status(writer, code);
  sqlite3_reset(statement);
  return status;
}

static StoreStatus add_event(Connection *writer, const Event *event) {
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_ADD_EVENT);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, event->case_id);
  bind_number(statement, 2, event->number);
  bind_number(statement, 3, event->instant);
  bind_text(statement, 4, event->type);
  bind_text(statement, 5, event->actor);
  bind_text(statement, 6, event->role);
  bind_number(statement, 7, event->account);
  bind_text(statement, 8, event->payload);
  bind_digest(statement, 9, event->previous);
  bind_digest(statement, 10, event->digest);
  return connection_run(writer, statement);
}

static StoreStatus write_row(Connection *writer, const CaseRow *row) {
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_ROW_WRITE);
  if (statement == NULL) return STORE_FAILED;
  bind_row(statement, row);
  return connection_run(writer, statement);
}

static StoreStatus append(Connection *writer, const void *argument) {
  const StoreAppend *what = argument;
  int64_t number;
  StoreStatus status = last_number(writer, what->row->id, &number);
  if (status != STORE_OK) return status;
  if (number != what->expected) return STORE_STALE;
  for (uint32_t i = 0; i < what->count && status == STORE_OK; i++)
    status = add_event(writer, &what->events[i]);
  return status == STORE_OK ? write_row(writer, what->row) : status;
}

StoreStatus sqlite_append(Store *store, const StoreAppend *what) {
  return writer_run((SqliteStore *)store, append, what);
}

static StoreStatus put_row(Connection *writer, const void *argument) {
  return write_row(writer, argument);
}

StoreStatus sqlite_put_row(Store *store, const CaseRow *row) {
  return writer_run((SqliteStore *)store, put_row, row);
}

static StoreStatus add_checkpoint(Connection *writer, const void *argument) {
  const StoredCheckpoint *checkpoint = argument;
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_ADD_CHECKPOINT);
  if (statement == NULL) return STORE_FAILED;
  bind_number(statement, 1, (int64_t)checkpoint->size);
  bind_number(statement, 2, checkpoint->instant);
  bind_bytes(statement, 3, checkpoint->frontier.at, checkpoint->frontier.length);
  bind_text(statement, 4, checkpoint->note);
  bind_text(statement, 5, checkpoint->key);
  return connection_run(writer, statement);
}

StoreStatus sqlite_add_checkpoint(Store *store, const StoredCheckpoint *checkpoint) {
  return writer_run((SqliteStore *)store, add_checkpoint, checkpoint);
}

/* ---- Contents ---- */

typedef struct Content {
  Digest digest;
  Text bytes;
} Content;

static StoreStatus keep(Connection *writer, const void *argument) {
  const Content *content = argument;
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_KEEP);
  if (statement == NULL) return STORE_FAILED;
  bind_digest(statement, 1, content->digest);
  bind_bytes(statement, 2, content->bytes.at, content->bytes.length);
  return connection_run(writer, statement);
}

StoreStatus sqlite_keep(Store *store, Text bytes, Digest digest) {
  const Content content = {digest, bytes};
  return writer_run((SqliteStore *)store, keep, &content);
}

typedef struct PolicyFiles {
  Text policy;
  const StoredFiles *files;
} PolicyFiles;

/* Files that were kept for a policy stay: its digest stands for them. */
static StoreStatus keep_policy(Connection *writer, const void *argument) {
  const PolicyFiles *kept = argument;
  sqlite3_stmt *files = connection_statement(writer, STATEMENT_FETCH_POLICY);
  if (files == NULL) return STORE_FAILED;
  bind_text(files, 1, kept->policy);
  const int code = sqlite3_step(files);
  StoreStatus status = connection_status(writer, code);
  sqlite3_reset(files);
  if (code == SQLITE_ROW) return STORE_OK;
  for (uint32_t i = 0; i < kept->files->count && status == STORE_OK; i++) {
    sqlite3_stmt *statement = connection_statement(writer, STATEMENT_KEEP_POLICY);
    if (statement == NULL) return STORE_FAILED;
    bind_text(statement, 1, kept->policy);
    bind_text(statement, 2, kept->files->items[i].name);
    bind_digest(statement, 3, kept->files->items[i].digest);
    status = connection_run(writer, statement);
  }
  return status;
}

StoreStatus sqlite_keep_policy(Store *store, Text policy, const StoredFiles *files) {
  const PolicyFiles kept = {policy, files};
  return writer_run((SqliteStore *)store, keep_policy, &kept);
}

/* ---- Accounts ---- */

static StoreStatus add_roles(Connection *writer, int64_t account, Text roles) {
  StoreStatus status = STORE_OK;
  while (roles.length > 0 && status == STORE_OK) {
    const char *space = memchr(roles.at, ' ', roles.length);
    const uint32_t length = space == NULL ? roles.length : (uint32_t)(space - roles.at);
    sqlite3_stmt *statement = connection_statement(writer, STATEMENT_ADD_ROLE);
    if (statement == NULL) return STORE_FAILED;
    bind_number(statement, 1, account);
    bind_text(statement, 2, (Text){roles.at, length});
    status = connection_run(writer, statement);
    const uint32_t passed = space == NULL ? length : length + 1;
    roles = (Text){roles.at + passed, roles.length - passed};
  }
  return status;
}

static StoreStatus add_account(Connection *writer, const void *argument) {
  const AccountRecord *account = argument;
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_ADD_ACCOUNT);
  if (statement == NULL) return STORE_FAILED;
  bind_text(statement, 1, account->name);
  bind_text(statement, 2, account->kind);
  bind_text(statement, 3, account->organization);
  bind_text(statement, 4, account->specialty);
  bind_text(statement, 5, account->license);
  bind_text(statement, 6, account->reports_to);
  bind_text(statement, 7, account->password);
  const StoreStatus status = connection_run(writer, statement);
  if (status != STORE_OK) return status;
  return add_roles(writer, sqlite3_last_insert_rowid(writer->database), account->roles);
}

StoreStatus sqlite_add_account(Store *store, const AccountRecord *account) {
  return writer_run((SqliteStore *)store, add_account, account);
}

static StoreStatus add_credential(Connection *writer, const void *argument) {
  const Credential *credential = argument;
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_ADD_CREDENTIAL);
  if (statement == NULL) return STORE_FAILED;
  bind_digest(statement, 1, credential->secret);
  bind_text(statement, 2, credential->kind);
  bind_number(statement, 3, credential->account);
  bind_number(statement, 4, credential->expires);
  return connection_run(writer, statement);
}

StoreStatus sqlite_add_credential(Store *store, const Credential *credential) {
  return writer_run((SqliteStore *)store, add_credential, credential);
}

static StoreStatus end_credential(Connection *writer, const void *argument) {
  sqlite3_stmt *statement = connection_statement(writer, STATEMENT_END_CREDENTIAL);
  if (statement == NULL) return STORE_FAILED;
  bind_digest(statement, 1, *(const Digest *)argument);
  return connection_run(writer, statement);
}

StoreStatus sqlite_end_credential(Store *store, Digest secret) {
  return writer_run((SqliteStore *)store, end_credential, &secret);
}
