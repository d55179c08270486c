#include "backend.h"

#include <lib/stringinfo.h>
#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/guc.h>
#include <utils/memutils.h>

typedef struct Backend {
  char *setting; /* licet.policies */
  bool stale;    /* the setting changed since the library was opened */
  char *folder;  /* of the open library */
  licet_library *library;
  licet_session *session;
  text *policy; /* by which the session decides; NULL: as each request names */
} Backend;

static Backend backend = {.stale = true};

const char *to_database(const char *words) {
  return pg_any_to_server(words, strlen(words), PG_UTF8);
}

const char *to_licet(const char *words, size_t *length) {
  const char *converted = pg_server_to_any(words, *length, PG_UTF8);
  if (converted != words) *length = strlen(converted);
  return converted;
}

/* ---- The library ---- */

static void forget_policy(void) {
  if (backend.policy != NULL) pfree(backend.policy);
  backend.policy = NULL;
}

static void close_library(void) {
  licet_session_close(backend.session);
  licet_library_close(backend.library);
  backend.session = NULL;
  backend.library = NULL;
  forget_policy();
}

/* What a failed opening says: the report, or the reason. Frees the report. */
static const char *why_not(licet_status status, licet_report *report) {
  const char *why = licet_status_text(status);
  if (report != NULL && licet_report_errors(report) > 0) why = licet_report_text(report);
  why = pstrdup(why);
  licet_report_free(report);
  return why;
}

static int is_cancelled(void *context) {
  (void)context;
  return QueryCancelPending || ProcDiePending;
}

/* A cancelled statement or a server that shuts down ends the opening. Where interrupts are held
 * back they come later, and the opening starts over and is not asked again. */
static licet_status open_interruptibly(const char *folder, licet_library **library,
                                       licet_report **report) {
  licet_library_options options = {.size = sizeof options, .interrupted = is_cancelled};
  licet_status status = licet_library_open(folder, &options, library, report);
  if (status != LICET_INTERRUPTED) return status;
  licet_report_free(*report);
  CHECK_FOR_INTERRUPTS();
  return licet_library_open(folder, NULL, library, report);
}

/* The library that was open stays open until the new one is. */
static void open_library(int level) {
  licet_library *library;
  licet_report *report;
  const char *folder = backend.setting == NULL ? "" : backend.setting;
  if (folder[0] == '\0') {
    ereport(level, errcode(ERRCODE_CONFIG_FILE_ERROR),
            errmsg("licet.policies names no folder of policies"),
            errhint("SET licet.policies = '/path/to/policies', or set it in postgresql.conf."));
    return;
  }
  const licet_status status = open_interruptibly(folder, &library, &report);
  if (status != LICET_OK) {
    const char *why = why_not(status, report);
    ereport(level, errcode(ERRCODE_CONFIG_FILE_ERROR),
            errmsg("the policies in \"%s\" cannot be opened", folder),
            errdetail_internal("%s", to_database(why)));
    return;
  }
  licet_report_free(report);
  char *kept = MemoryContextStrdup(TopMemoryContext, folder);
  close_library();
  if (backend.folder != NULL) pfree(backend.folder);
  backend.folder = kept;
  backend.library = library;
  backend.stale = false;
}

static bool is_current(void) {
  if (backend.library == NULL) return false;
  if (backend.stale && strcmp(backend.folder, backend.setting == NULL ? "" : backend.setting) == 0)
    backend.stale = false;
  return !backend.stale;
}

static void use_library(void) {
  if (!is_current()) open_library(ERROR);
  if (backend.session == NULL &&
      licet_session_open(backend.library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &backend.session) != LICET_OK)
    ereport(ERROR, errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"));
}

size_t backend_reload(void) {
  open_library(ERROR);
  return licet_library_policy_count(backend.library);
}

/* ---- The policy ---- */

static bool is_same_text(const text *a, const text *b) {
  if (a == NULL || b == NULL) return a == b;
  return VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
         memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
}

static const char *all_policies(void) {
  StringInfoData names;
  initStringInfo(&names);
  for (size_t i = 0; i < licet_library_policy_count(backend.library); i++)
    appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ",
                     licet_policy_id(licet_library_policy(backend.library, i)));
  return to_database(names.data);
}

/* A name short enough for the server's log, whoever chose it. */
static const char *cut(const char *name) {
  enum { MOST = 128 };
  const int length = pg_mbcliplen(name, (int)strlen(name), MOST);
  return name[length] == '\0' ? name : psprintf("%.*s...", length, name);
}

static void decide_by(const text *policy) {
  const licet_policy *chosen = NULL;
  if (policy != NULL) {
    char *id = text_to_cstring(policy);
    size_t length = strlen(id);
    chosen = licet_library_policy_by_id(backend.library, to_licet(id, &length));
    if (chosen == NULL)
      ereport(ERROR, errcode(ERRCODE_UNDEFINED_OBJECT),
              errmsg("there is no policy \"%s\"", cut(id)),
              errdetail("The policies in \"%s\" are: %s.", backend.folder, all_policies()));
    pfree(id);
  }
  text *kept = NULL;
  if (policy != NULL) {
    kept = MemoryContextAlloc(TopMemoryContext, VARSIZE_ANY(policy));
    memcpy(kept, policy, VARSIZE_ANY(policy));
  }
  forget_policy();
  backend.policy = kept;
  licet_session_decide_by(backend.session, chosen);
}

licet_session *backend_session(const text *policy) {
  use_library();
  if (!is_same_text(policy, backend.policy)) decide_by(policy);
  return backend.session;
}

/* ---- The setting ---- */

static void policies_assigned(const char *value, void *extra) {
  (void)value;
  (void)extra;
  backend.stale = true;
}

/* Whoever may choose the folder may have the server read .licet files anywhere and be told lines of
 * them: superusers, and whom they grant SET ON PARAMETER. */
void backend_start(void) {
  DefineCustomStringVariable("licet.policies", "The folder of the policies that licet decides by.",
                             NULL, &backend.setting, "", PGC_SUSET, 0, NULL, policies_assigned,
                             NULL);
  MarkGUCPrefixReserved("licet");
  if (process_shared_preload_libraries_in_progress && backend.setting != NULL &&
      backend.setting[0] != '\0')
    open_library(WARNING);
}
