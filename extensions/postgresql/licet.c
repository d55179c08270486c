/* The functions of the extension. Each is read from jsonb in place where that can be, and else from
 * its text; whatever is returned is copied into the caller's memory context, so that nothing of
 * licet's own outlives the call. */
#include <postgres.h>

#include <access/htup_details.h>
#include <fmgr.h>
#include <funcapi.h>
#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/jsonb.h>

#include "backend.h"
#include "calls.h"
#include "jsonb_tokens.h"
#include "texts.h"

PG_MODULE_MAGIC;

/* The columns of licet_answer, as the script of the extension declares them. */
enum {
  ANSWER_OUTCOME,
  ANSWER_REASON,
  ANSWER_ERRORS,
  ANSWER_VERSION_DIGEST,
  ANSWER_ENGINE,
  ANSWER_COLUMNS
};

PG_FUNCTION_INFO_V1(licet_sql_decide);
PG_FUNCTION_INFO_V1(licet_sql_outcome);
PG_FUNCTION_INFO_V1(licet_sql_reason);
PG_FUNCTION_INFO_V1(licet_sql_errors);
PG_FUNCTION_INFO_V1(licet_sql_answer);
PG_FUNCTION_INFO_V1(licet_sql_reload);
PG_FUNCTION_INFO_V1(licet_sql_version);

void _PG_init(void);
void _PG_init(void) { backend_start(); }

/* ---- Errors ---- */

static void append_request_error(StringInfo words, const licet_request_error *request_error) {
  appendStringInfo(words, "%s%s: found %s, expected %s", words->len == 0 ? "" : "\n",
                   request_error->field[0] == '\0' ? "request" : request_error->field,
                   request_error->found, request_error->expected);
  if (request_error->nearest[0] != '\0')
    appendStringInfo(words, "; nearest: %s", request_error->nearest);
}

/* Every error of the session's last request, as an error. */
static void refuse(licet_session *session) {
  StringInfoData words;
  size_t count = 0;
  initStringInfo(&words);
  for (licet_request_error request_error = licet_session_error(session, 0);
       request_error.field != NULL; request_error = licet_session_error(session, ++count))
    append_request_error(&words, &request_error);
  ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the request cannot be decided"),
          errdetail_internal("%s", to_database(words.data)),
          errhint("licet_errors(request) returns the errors as jsonb."));
}

static void check_memory(licet_status status) {
  if (status == LICET_NO_MEMORY)
    ereport(ERROR, errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"));
}

/* ---- Requests ---- */

/* A page fills from its end, so a scan that goes through its rows in order finds each below the one
 * before (storage/bufpage.h). The row below is fetched from memory while this one is decided, else
 * most of a short request's time is waiting for it. Of a row of the same size; where another one
 * comes, no harm is done. */
static void fetch_next_row(Datum request) {
  enum { CACHE_LINE = 64, ROW_HEAD = 128, MOST_FETCHED = 4096 };
  const uintptr_t at = (uintptr_t)DatumGetPointer(request);
  const Size size = Min(VARSIZE_ANY(DatumGetPointer(request)) + ROW_HEAD, MOST_FETCHED);
  for (uintptr_t below = CACHE_LINE; below < size; below += CACHE_LINE)
    __builtin_prefetch((const void *)(at - below));
}

static const char *text_of_request(Jsonb *request, size_t *length) {
  const char *json = JsonbToCString(NULL, &request->root, VARSIZE(request));
  *length = strlen(json);
  return to_licet(json, length);
}

static licet_status outcome_of_text(licet_session *session, Jsonb *request, licet_answer *answer) {
  size_t length;
  const char *json = text_of_request(request, &length);
  const licet_status status = licet_decide_outcome(session, json, length, answer);
  check_memory(status);
  return status;
}

/* Tokens first: an error in them is looked at again in the text, whose reader quotes what it found.
 */
static licet_status outcome_of(licet_session *session, Jsonb *request, licet_answer *answer) {
  static TokenRow row;
  if (GetDatabaseEncoding() == PG_UTF8 && jsonb_tokens(request, &row)) {
    const licet_status status = licet_decide_tokens(session, row.tokens, row.count, answer);
    check_memory(status);
    if (status == LICET_OK) return status;
  }
  return outcome_of_text(session, request, answer);
}

static Jsonb *request_argument(FunctionCallInfo fcinfo) {
  fetch_next_row(PG_GETARG_DATUM(0));
  return PG_GETARG_JSONB_P(0);
}

static const text *policy_argument(FunctionCallInfo fcinfo) {
  return PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
}

static Datum jsonb_of(const char *json) {
  return DirectFunctionCall1(jsonb_in, CStringGetDatum(to_database(json)));
}

static Datum text_of(const char *words) { return PointerGetDatum(cstring_to_text(words)); }

/* ---- The functions ---- */

Datum licet_sql_decide(PG_FUNCTION_ARGS) {
  const licet_determination *determination;
  size_t length;
  CHECK_FOR_INTERRUPTS();
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  licet_session *session = call_session(fcinfo, policy_argument(fcinfo));
  const char *json = text_of_request(PG_GETARG_JSONB_P(0), &length);
  const licet_status status = licet_decide(session, json, length, &determination);
  check_memory(status);
  if (status != LICET_OK) refuse(session);
  const char *answer = licet_determination_json(determination, NULL);
  if (answer == NULL) check_memory(LICET_NO_MEMORY);
  return jsonb_of(answer);
}

/* False where there is no request. A request with errors ends the statement. */
static bool answer_or_refuse(FunctionCallInfo fcinfo, licet_answer *answer) {
  CHECK_FOR_INTERRUPTS();
  if (PG_ARGISNULL(0)) return false;
  licet_session *session = call_session(fcinfo, policy_argument(fcinfo));
  Jsonb *request = request_argument(fcinfo);
  if (outcome_of(session, request, answer) != LICET_OK) refuse(session);
  PG_FREE_IF_COPY(request, 0);
  return true;
}

Datum licet_sql_outcome(PG_FUNCTION_ARGS) {
  licet_answer answer;
  if (!answer_or_refuse(fcinfo, &answer)) PG_RETURN_NULL();
  return text_of(licet_outcome_name(answer.outcome));
}

Datum licet_sql_reason(PG_FUNCTION_ARGS) {
  licet_answer answer;
  if (!answer_or_refuse(fcinfo, &answer) || answer.reason == LICET_REASON_NONE) PG_RETURN_NULL();
  return text_of(licet_reason_name(answer.reason));
}

Datum licet_sql_errors(PG_FUNCTION_ARGS) {
  licet_answer answer;
  CHECK_FOR_INTERRUPTS();
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  licet_session *session = call_session(fcinfo, policy_argument(fcinfo));
  if (outcome_of(session, request_argument(fcinfo), &answer) == LICET_OK) PG_RETURN_NULL();
  return jsonb_of(licet_session_error_json(session, NULL));
}

/* Outcome and reason of one deciding; the errors instead of an error where there are any. */
Datum licet_sql_answer(PG_FUNCTION_ARGS) {
  licet_answer answer;
  Datum values[ANSWER_COLUMNS] = {0};
  bool nulls[ANSWER_COLUMNS] = {true, true, true, true, false};
  CHECK_FOR_INTERRUPTS();
  if (PG_ARGISNULL(0)) PG_RETURN_NULL();
  licet_session *session = call_session(fcinfo, policy_argument(fcinfo));
  if (outcome_of(session, request_argument(fcinfo), &answer) != LICET_OK) {
    values[ANSWER_ERRORS] = jsonb_of(licet_session_error_json(session, NULL));
    nulls[ANSWER_ERRORS] = false;
  } else {
    values[ANSWER_OUTCOME] = text_of(licet_outcome_name(answer.outcome));
    nulls[ANSWER_OUTCOME] = false;
    nulls[ANSWER_REASON] = answer.reason == LICET_REASON_NONE;
    nulls[ANSWER_VERSION_DIGEST] = answer.version_digest[0] == '\0';
    if (!nulls[ANSWER_VERSION_DIGEST])
      values[ANSWER_VERSION_DIGEST] = text_of(answer.version_digest);
    if (!nulls[ANSWER_REASON]) values[ANSWER_REASON] = text_of(licet_reason_name(answer.reason));
  }
  values[ANSWER_ENGINE] = text_of(psprintf("licet %s", licet_version()));
  PG_RETURN_DATUM(
      HeapTupleGetDatum(heap_form_tuple(call_row(fcinfo, ANSWER_COLUMNS), values, nulls)));
}

Datum licet_sql_reload(PG_FUNCTION_ARGS) {
  (void)fcinfo;
  PG_RETURN_INT32((int32)backend_reload());
}

Datum licet_sql_version(PG_FUNCTION_ARGS) {
  (void)fcinfo;
  return text_of(licet_version());
}
