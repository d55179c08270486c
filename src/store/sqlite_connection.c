/* sqlite_connection: one connection to the database: its settings, its prepared statements, and how
 * texts, digests and rows go in and come out.
 *
 * The invariant: WAL with synchronous FULL, so that a commit that returned is on the disk.
 */
#include "store/sqlite.h"

#include <stdio.h>

#define BUSY_MS 10000 /* another program, such as a backup or `account add`, has the write lock */

/* ---- Statements ---- */

static const char *const statements[] = {
#define STATEMENT(symbol, sql) sql,
#include "store/statement.def"
#undef STATEMENT
};

static const char columns[] = "id"
#define ROW_TEXT(name) ", " #name
#define ROW_NUMBER(name) ", " #name
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
    ;
/* The id stands twice in these lists, so that every name of row.def can have its comma before it.
 */
const char *const row_columns = columns + sizeof "id, " - 1;

const int row_column_count = 0
#define ROW_TEXT(name) +1
#define ROW_NUMBER(name) +1
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
    ;

static const char updates[] = "id = excluded.id"
#define ROW_TEXT(name) ", " #name " = excluded." #name
#define ROW_NUMBER(name) ", " #name " = excluded." #name
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
    ;

static const char *const row_updates = updates + sizeof "id = excluded.id, " - 1;

static const char places[] =
#define ROW_TEXT(name) ", ?"
#define ROW_NUMBER(name) ", ?"
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
    ;

static sqlite3_stmt *prepare(Connection *connection, StatementId id) {
  char sql[4096];
  if (id == STATEMENT_ROW_READ)
    snprintf(sql, sizeof sql, "select %s from case_row where id = ?1", row_columns);
  else if (id == STATEMENT_ROW_WRITE)
    snprintf(sql, sizeof sql,
             "insert into case_row (%s) values (%s) on conflict (id) do update set %s", row_columns,
             places + sizeof ", " - 1, row_updates);
  else
    snprintf(sql, sizeof sql, "%s", statements[id]);
  sqlite3_stmt *statement = NULL;
  sqlite3_prepare_v3(connection->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
  return statement;
}

sqlite3_stmt *connection_statement(Connection *connection, StatementId id) {
  sqlite3_stmt **statement = &connection->statements[id];
  if (*statement == NULL) *statement = prepare(connection, id);
  if (*statement != NULL) sqlite3_reset(*statement);
  return *statement;
}

void connection_rest(Connection *connection) {
  for (int id = 0; id < STATEMENT_COUNT; id++)
    if (connection->statements[id] != NULL) sqlite3_reset(connection->statements[id]);
  sqlite3_finalize(connection->passing);
  connection->passing = NULL;
}

/* ---- Opening ---- */

StoreStatus connection_script(const Connection *connection, const char *sql) {
  return connection_status(connection, sqlite3_exec(connection->database, sql, NULL, NULL, NULL));
}

StoreStatus connection_open(const char *path, Connection *connection) {
  memset(connection, 0, sizeof *connection);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path, &connection->database, flags, NULL) != SQLITE_OK) return STORE_FAILED;
  sqlite3_extended_result_codes(connection->database, 1);
  sqlite3_busy_timeout(connection->database, BUSY_MS);
  return connection_script(connection,
                           "pragma journal_mode = wal; pragma synchronous = full;"
                           "pragma foreign_keys = on; pragma trusted_schema = off;");
}

void connection_close(Connection *connection) {
  connection_rest(connection);
  for (int id = 0; id < STATEMENT_COUNT; id++) sqlite3_finalize(connection->statements[id]);
  sqlite3_close(connection->database);
  memset(connection, 0, sizeof *connection);
}

StoreStatus connection_status(const Connection *connection, int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return STORE_OK;
  switch (sqlite3_extended_errcode(connection->database)) {
    case SQLITE_CONSTRAINT_TRIGGER:
    case SQLITE_CONSTRAINT_CHECK:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return STORE_REFUSED;
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return STORE_TAKEN;
    default:
      return STORE_FAILED;
  }
}

StoreStatus connection_run(const Connection *connection, sqlite3_stmt *statement) {
  if (statement == NULL) return STORE_FAILED;
  const StoreStatus status = connection_status(connection, sqlite3_step(statement));
  sqlite3_reset(statement);
  return status;
}

/* ---- Parameters and columns ---- */

/* What is bound stays where it is until the statement has run. */
void bind_text(sqlite3_stmt *statement, int at, Text text) {
  sqlite3_bind_text(statement, at, text.length > 0 ? text.at : "", (int)text.length, SQLITE_STATIC);
}
void bind_number(sqlite3_stmt *statement, int at, int64_t number) {
  sqlite3_bind_int64(statement, at, number);
}
void bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t length) {
  sqlite3_bind_blob64(statement, at, length > 0 ? bytes : "", length, SQLITE_STATIC);
}
/* Copied: a digest may be the caller's own variable. */
void bind_digest(sqlite3_stmt *statement, int at, Digest digest) {
  sqlite3_bind_blob(statement, at, digest.bytes, sizeof digest.bytes, SQLITE_TRANSIENT);
}

Text column_text(Arena *arena, sqlite3_stmt *statement, int at) {
  const char *text = sqlite3_column_blob(statement, at);
  const int length = sqlite3_column_bytes(statement, at);
  return (Text){arena_copy(arena, text == NULL ? "" : text, (size_t)length), (uint32_t)length};
}

bool column_digest(sqlite3_stmt *statement, int at, Digest *digest) {
  const void *bytes = sqlite3_column_blob(statement, at);
  if (sqlite3_column_bytes(statement, at) != sizeof digest->bytes) return false;
  memcpy(digest->bytes, bytes, sizeof digest->bytes);
  return true;
}

void column_row(Arena *arena, sqlite3_stmt *statement, CaseRow *row) {
  int at = 0;
#define ROW_TEXT(name) row->name = column_text(arena, statement, at++);
#define ROW_NUMBER(name) row->name = sqlite3_column_int64(statement, at++);
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
}

void bind_row(sqlite3_stmt *statement, const CaseRow *row) {
  int at = 1;
#define ROW_TEXT(name) bind_text(statement, at++, row->name);
#define ROW_NUMBER(name) bind_number(statement, at++, row->name);
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
}
