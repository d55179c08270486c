/* Which policies hold, from statement to statement.
 *
 *     statement begins ── looked = false
 *          │ first call      is there another mark, another folder? then open again
 *          │ later calls     as they are
 *     statement ends ──── looked = false
 *
 * A statement begins and ends where the executor runs at its outermost level. Before a statement
 * that may start parallel workers runs, its policies are opened and handed to them (workers.h).
 */
#include "backend.h"

#include <access/parallel.h>
#include <access/xact.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <nodes/plannodes.h>
#include <utils/guc.h>
#include <utils/syscache.h>

#include "reload.h"
#include "workers.h"

typedef struct Backend {
  char *setting;    /* licet.policies */
  Opened *opened;   /* by which statements decide */
  Opened *reloaded; /* from the next statement on; NULL: as before */
  ReloadMark mark;  /* of the moment before `opened`, or `reloaded`, was read */
  bool looked;      /* this statement has looked for changes */
  int depth;        /* of executors that run */
} Backend;

static Backend backend;
static ExecutorRun_hook_type next_executor_run;

static const char *folder_set(void) { return backend.setting == NULL ? "" : backend.setting; }

bool backend_names(const Opened *opened) {
  return strcmp(opened_folder_name(opened), folder_set()) == 0;
}

/* ---- Opening ---- */

static Opened *open_setting(int level) {
  if (folder_set()[0] == '\0') {
    ereport(level, errcode(ERRCODE_CONFIG_FILE_ERROR), errmsg("licet.policies is not set"),
            errhint("SET licet.policies = '/path/to/policies', or set it in postgresql.conf."));
    return NULL;
  }
  return opened_folder(folder_set(), level);
}

static void replace(Opened *by) {
  opened_release(backend.opened);
  backend.opened = by;
}

static void adopt_reloaded(void) {
  if (backend.reloaded == NULL) return;
  replace(backend.reloaded);
  backend.reloaded = NULL;
}

/* The mark is noted before the folder is read: a reload while it is read is seen afterwards. What
 * was open stays open until the new one is. */
static void look(int level) {
  adopt_reloaded();
  const ReloadMark mark = reload_mark();
  const bool is_current = backend.opened != NULL && backend_names(backend.opened) &&
                          reload_mark_equal(mark, backend.mark);
  if (!is_current) {
    Opened *opened = open_setting(level);
    if (opened == NULL) return;
    replace(opened);
    backend.mark = mark;
  }
  backend.looked = true;
}

Opened *backend_opened(void) {
  if (IsParallelWorker()) return workers_opened(folder_set());
  if (!backend.looked || !backend_names(backend.opened)) look(ERROR);
  return backend.opened;
}

size_t backend_reload(void) {
  Opened *opened = open_setting(ERROR);
  backend.mark = reload_mark_renew();
  opened_release(backend.reloaded);
  backend.reloaded = opened;
  return opened_policy_count(opened);
}

/* ---- Statements ---- */

/* Functions of extensions and users are noted in a plan, since it must be made again when they
 * change. One of them may be licet's, or call it. */
static bool may_decide(const PlannedStmt *plan) {
  const ListCell *cell;
  foreach (cell, plan->invalItems) {
    if (lfirst_node(PlanInvalItem, cell)->cacheId == PROCOID) return true;
  }
  return false;
}

/* Errors in the folder are those of the statement that needs it, if this is one: not reported here.
 */
static void prepare_workers(void) {
  if (!backend.looked || !backend_names(backend.opened)) look(DEBUG1);
  workers_follow(backend.looked && backend_names(backend.opened) ? backend.opened : NULL);
}

static void run(QueryDesc *query, ScanDirection direction, uint64 count, bool execute_once) {
  if (next_executor_run != NULL)
    next_executor_run(query, direction, count, execute_once);
  else
    standard_ExecutorRun(query, direction, count, execute_once);
}

static void executor_run(QueryDesc *query, ScanDirection direction, uint64 count,
                         bool execute_once) {
  if (backend.depth == 0) backend.looked = false;
  backend.depth++;
  PG_TRY();
  {
    if (query->plannedstmt->parallelModeNeeded && !IsInParallelMode() && !IsParallelWorker() &&
        may_decide(query->plannedstmt))
      prepare_workers();
    run(query, direction, count, execute_once);
  }
  PG_FINALLY();
  {
    backend.depth--;
    if (backend.depth == 0) backend.looked = false;
  }
  PG_END_TRY();
}

/* What is decided without the executor, as an assignment in PL/pgSQL is, looks once a transaction.
 */
static void transaction_ended(XactEvent event, void *context) {
  (void)event;
  (void)context;
  backend.looked = false;
}

/* Whoever may choose the folder may have the server read .licet files anywhere and see lines of
 * them: superusers, and users with SET ON PARAMETER. */
void backend_start(void) {
  DefineCustomStringVariable("licet.policies", "The folder with the policies that licet applies.",
                             NULL, &backend.setting, "", PGC_SUSET, 0, NULL, NULL, NULL);
  workers_start();
  MarkGUCPrefixReserved("licet");
  next_executor_run = ExecutorRun_hook;
  ExecutorRun_hook = executor_run;
  RegisterXactCallback(transaction_ended, NULL);
  if (process_shared_preload_libraries_in_progress && folder_set()[0] != '\0') {
    look(WARNING);
    if (backend.opened != NULL) workers_inherit(backend.opened);
  }
}
