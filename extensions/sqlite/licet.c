/* licet for SQLite: a loadable extension.
 *
 *     .load licet
 *     SELECT licet_policies('/srv/policies');
 *     SELECT licet_outcome(request) FROM requests;
 *
 * A connection has a library of policies of its own and one session. SQLite runs a connection in
 * one thread at a time, so neither needs a lock. Without licet_policies() the folder is that of the
 * environment, LICET_POLICIES, read when it is first needed.
 *
 * No function is flagged deterministic: SQLite would then take them in indexes and generated
 * columns, which would keep what the policies of another day decided. They change nothing
 * and read nothing but their arguments and the policies, so views and triggers may use them
 * (innocuous); licet_policies, which chooses a folder, only whoever writes the statement.
 */
#include <stdlib.h>
#include <string.h>

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include <licet/outcome.h>

typedef struct Connection {
  licet_library *library; /* NULL before it is first needed */
  licet_session *session;
  int holders; /* functions that were registered with it */
} Connection;

static void close_library(Connection *connection) {
  licet_session_close(connection->session);
  licet_library_close(connection->library);
  connection->session = NULL;
  connection->library = NULL;
}

/* A function is gone: its connection is closed, or the extension was loaded again. */
static void release(void *held) {
  Connection *connection = held;
  if (--connection->holders > 0) return;
  close_library(connection);
  sqlite3_free(connection);
}

/* ---- Errors ---- */

/* The message is SQLite's to free. */
static void result_message(sqlite3_context *context, char *message) {
  if (message == NULL) {
    sqlite3_result_error_nomem(context);
    return;
  }
  sqlite3_result_error(context, message, -1);
  sqlite3_free(message);
}

static void result_not_opened(sqlite3_context *context, const char *folder, licet_status status,
                              const licet_report *report) {
  if (status == LICET_NO_MEMORY) {
    sqlite3_result_error_nomem(context);
    return;
  }
  const char *why = licet_status_text(status);
  if (report != NULL && licet_report_errors(report) > 0) why = licet_report_text(report);
  result_message(
      context, sqlite3_mprintf("licet: the policies in \"%s\" cannot be opened: %s", folder, why));
}

/* Every error, in one line each. */
static void result_request_errors(sqlite3_context *context, licet_session *session) {
  sqlite3_str *words = sqlite3_str_new(sqlite3_context_db_handle(context));
  sqlite3_str_appendall(words, "licet: the request cannot be decided");
  licet_request_error request_error = licet_session_error(session, 0);
  for (size_t i = 1; request_error.field != NULL;
       request_error = licet_session_error(session, i++)) {
    sqlite3_str_appendf(words, "\n%s: found %s, expected %s",
                        request_error.field[0] == '\0' ? "request" : request_error.field,
                        request_error.found, request_error.expected);
    if (request_error.nearest[0] != '\0')
      sqlite3_str_appendf(words, "; nearest: %s", request_error.nearest);
  }
  result_message(context, sqlite3_str_finish(words));
}

/* ---- The library ---- */

/* The library that was open stays open where the new one cannot be. */
static int open_library(sqlite3_context *context, Connection *connection, const char *folder) {
  licet_library *library;
  licet_session *session;
  licet_report *report;
  licet_status status = licet_library_open(folder, NULL, &library, &report);
  if (status == LICET_OK) {
    status =
        licet_session_open(library,
                           &(licet_session_options){.size = sizeof(licet_session_options),
                                                    .vouched_by = LICET_VOUCHED_BY_PLAN,
                                                    .request_digest = LICET_REQUEST_DIGEST_SHA256},
                           &session);
    if (status != LICET_OK) licet_library_close(library);
  }
  if (status == LICET_OK) {
    close_library(connection);
    connection->library = library;
    connection->session = session;
  } else {
    result_not_opened(context, folder, status, report);
  }
  licet_report_free(report);
  return status == LICET_OK;
}

static int is_ready(sqlite3_context *context, Connection *connection) {
  if (connection->library != NULL) return 1;
  const char *folder = getenv("LICET_POLICIES");
  if (folder != NULL && folder[0] != '\0') return open_library(context, connection, folder);
  result_message(
      context,
      sqlite3_mprintf(
          "licet: no folder of policies is set: SELECT licet_policies('/path/to/policies'), or set "
          "LICET_POLICIES in the environment"));
  return 0;
}

static char *all_policies(const licet_library *library) {
  sqlite3_str *names = sqlite3_str_new(NULL);
  for (size_t i = 0; i < licet_library_policy_count(library); i++)
    sqlite3_str_appendf(names, "%s%s", i == 0 ? "" : ", ",
                        licet_policy_id(licet_library_policy(library, i)));
  return sqlite3_str_finish(names);
}

/* The second argument, where there is one that is not NULL, is the policy to decide by. */
static int choose_policy(sqlite3_context *context, Connection *connection, int count,
                         sqlite3_value **arguments) {
  const char *id = count > 1 ? (const char *)sqlite3_value_text(arguments[1]) : NULL;
  const licet_policy *policy =
      id == NULL ? NULL : licet_library_policy_by_id(connection->library, id);
  if (id != NULL && policy == NULL) {
    char *names = all_policies(connection->library);
    result_message(context,
                   sqlite3_mprintf("licet: unknown policy \"%!.128s%s\"; the library has: %s", id,
                                   strlen(id) > 128 ? "..." : "", names));
    sqlite3_free(names);
    return 0;
  }
  licet_session_decide_by(connection->session, policy);
  return 1;
}

/* ---- The functions ---- */

/* What a function needs before it can decide: a request, a library, a policy. NULL: there is
 * nothing more to do. */
static const char *request_text(sqlite3_context *context, int count, sqlite3_value **arguments,
                                size_t *length) {
  Connection *connection = sqlite3_user_data(context);
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return NULL; /* and so is the result */
  if (!is_ready(context, connection) || !choose_policy(context, connection, count, arguments))
    return NULL;
  const char *json = (const char *)sqlite3_value_text(arguments[0]);
  *length = (size_t)sqlite3_value_bytes(arguments[0]);
  if (json == NULL) sqlite3_result_error_nomem(context);
  return json;
}

static licet_session *session_of(sqlite3_context *context) {
  return ((Connection *)sqlite3_user_data(context))->session;
}

static void result_failed(sqlite3_context *context, licet_status status) {
  if (status == LICET_NO_MEMORY) {
    sqlite3_result_error_nomem(context);
  } else {
    result_request_errors(context, session_of(context));
  }
}

static void decide(sqlite3_context *context, int count, sqlite3_value **arguments) {
  const licet_determination *determination;
  size_t length;
  const char *json = request_text(context, count, arguments, &length);
  if (json == NULL) return;
  const licet_status status = licet_decide(session_of(context), json, length, &determination);
  if (status != LICET_OK) {
    result_failed(context, status);
    return;
  }
  const char *answer = licet_determination_json(determination, &length);
  sqlite3_result_text64(context, answer, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static int answer_of(sqlite3_context *context, int count, sqlite3_value **arguments,
                     licet_answer *answer) {
  size_t length;
  const char *json = request_text(context, count, arguments, &length);
  if (json == NULL) return 0;
  const licet_status status = licet_decide_outcome(session_of(context), json, length, answer);
  if (status != LICET_OK) result_failed(context, status);
  return status == LICET_OK;
}

static void outcome(sqlite3_context *context, int count, sqlite3_value **arguments) {
  licet_answer answer;
  if (answer_of(context, count, arguments, &answer))
    sqlite3_result_text(context, licet_outcome_name(answer.outcome), -1, SQLITE_STATIC);
}

static void reason(sqlite3_context *context, int count, sqlite3_value **arguments) {
  licet_answer answer;
  if (answer_of(context, count, arguments, &answer) && answer.reason != LICET_REASON_NONE)
    sqlite3_result_text(context, licet_reason_name(answer.reason), -1, SQLITE_STATIC);
}

/* NULL where there is none. */
static void request_errors(sqlite3_context *context, int count, sqlite3_value **arguments) {
  licet_answer answer;
  size_t length;
  const char *json = request_text(context, count, arguments, &length);
  if (json == NULL) return;
  const licet_status status = licet_decide_outcome(session_of(context), json, length, &answer);
  if (status == LICET_NO_MEMORY) sqlite3_result_error_nomem(context);
  if (status != LICET_BAD_REQUEST) return;
  const char *errors = licet_session_error_json(session_of(context), &length);
  sqlite3_result_text64(context, errors, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* {"outcome": …, "reason": …, "errors": …, "version_digest": …, "engine": …} of one deciding, null
 * where there is none: a function of SQLite returns one value. Outcomes and reasons are words that
 * JSON needs nothing escaped in. */
static void answer(sqlite3_context *context, int count, sqlite3_value **arguments) {
  licet_answer decided;
  size_t length;
  const char *json = request_text(context, count, arguments, &length);
  if (json == NULL) return;
  const licet_status status = licet_decide_outcome(session_of(context), json, length, &decided);
  if (status == LICET_NO_MEMORY) {
    sqlite3_result_error_nomem(context);
    return;
  }
  sqlite3_str *words = sqlite3_str_new(sqlite3_context_db_handle(context));
  if (status != LICET_OK) {
    sqlite3_str_appendf(words,
                        "{\"outcome\":null,\"reason\":null,\"errors\":%s,"
                        "\"version_digest\":null,\"engine\":\"licet %s\"}",
                        licet_session_error_json(session_of(context), NULL), licet_version());
  } else {
    const int has_reason = decided.reason != LICET_REASON_NONE;
    const int has_version = decided.version_digest[0] != '\0';
    const char *quote = has_reason ? "\"" : "", *digest_quote = has_version ? "\"" : "";
    sqlite3_str_appendf(words,
                        "{\"outcome\":\"%s\",\"reason\":%s%s%s,\"errors\":null,"
                        "\"version_digest\":%s%s%s,\"engine\":\"licet %s\"}",
                        licet_outcome_name(decided.outcome), quote,
                        has_reason ? licet_reason_name(decided.reason) : "null", quote,
                        digest_quote, has_version ? decided.version_digest : "null", digest_quote,
                        licet_version());
  }
  const int size = sqlite3_str_length(words);
  char *text = sqlite3_str_finish(words);
  if (text == NULL) {
    sqlite3_result_error_nomem(context);
  } else {
    sqlite3_result_text(context, text, size, sqlite3_free);
  }
}

/* Opens the folder, again where it is open already; says how many policies it holds. */
static void policies(sqlite3_context *context, int count, sqlite3_value **arguments) {
  Connection *connection = sqlite3_user_data(context);
  (void)count;
  const char *folder = (const char *)sqlite3_value_text(arguments[0]);
  if (folder == NULL) {
    result_message(context, sqlite3_mprintf("licet: licet_policies requires the path of a folder"));
    return;
  }
  if (open_library(context, connection, folder))
    sqlite3_result_int64(context, (sqlite3_int64)licet_library_policy_count(connection->library));
}

static void version(sqlite3_context *context, int count, sqlite3_value **arguments) {
  (void)count;
  (void)arguments;
  sqlite3_result_text(context, licet_version(), -1, SQLITE_STATIC);
}

/* ---- Loading ---- */

typedef struct Function {
  const char *name;
  int arguments, flags;
  void (*call)(sqlite3_context *, int, sqlite3_value **);
} Function;

static const Function functions[] = {
    {"licet_decide", 1, SQLITE_INNOCUOUS, decide},
    {"licet_decide", 2, SQLITE_INNOCUOUS, decide},
    {"licet_outcome", 1, SQLITE_INNOCUOUS, outcome},
    {"licet_outcome", 2, SQLITE_INNOCUOUS, outcome},
    {"licet_reason", 1, SQLITE_INNOCUOUS, reason},
    {"licet_reason", 2, SQLITE_INNOCUOUS, reason},
    {"licet_errors", 1, SQLITE_INNOCUOUS, request_errors},
    {"licet_errors", 2, SQLITE_INNOCUOUS, request_errors},
    {"licet_answer", 1, SQLITE_INNOCUOUS, answer},
    {"licet_answer", 2, SQLITE_INNOCUOUS, answer},
    {"licet_policies", 1, SQLITE_DIRECTONLY, policies},
    {"licet_version", 0, SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC, version},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

int sqlite3_licet_init(sqlite3 *database, char **message, const sqlite3_api_routines *api);

/* Whatever becomes of a registration, SQLite releases what it was given. */
__attribute__((visibility("default"))) int sqlite3_licet_init(sqlite3 *database, char **message,
                                                              const sqlite3_api_routines *api) {
  SQLITE_EXTENSION_INIT2(api);
  (void)message;
  Connection *connection = sqlite3_malloc(sizeof *connection);
  if (connection == NULL) return SQLITE_NOMEM;
  *connection = (Connection){.holders = 1};
  int status = SQLITE_OK;
  for (int i = 0; i < FUNCTIONS && status == SQLITE_OK; i++) {
    const Function *function = &functions[i];
    connection->holders++;
    status = sqlite3_create_function_v2(database, function->name, function->arguments,
                                        SQLITE_UTF8 | function->flags, connection, function->call,
                                        NULL, NULL, release);
  }
  release(connection);
  return status;
}
