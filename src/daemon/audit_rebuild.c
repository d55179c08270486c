/* audit rebuild: the worklist holds a row for each case, which follows from its events. This makes
 * every row again: with --check it shows what differs, without it puts it right. */
#include "cases/case.h"
#include "daemon/audit.h"

/* The first column in which they differ; NULL where they are alike. */
static const char *difference(const CaseRow *a, const CaseRow *b) {
#define ROW_TEXT(name) \
  if (!text_equal(a->name, b->name)) return #name;
#define ROW_NUMBER(name) \
  if (a->name != b->name) return #name;
#include "store/row.def"
#undef ROW_TEXT
#undef ROW_NUMBER
  return NULL;
}

static void rebuild_case(Audit *audit, Text id) {
  Events events;
  Case now;
  CaseRow kept;
  const char *column = "everything";
  audit->status = store_read_events(audit->store, &audit->work, id, &events);
  if (audit->status != STORE_OK) return;
  audit->cases++;
  case_open(&now, &audit->work);
  for (uint32_t i = 0; i < events.count; i++) case_apply(&now, &events.items[i]);
  const CaseRow row = case_row(&now);
  const StoreStatus status = store_read_row(audit->store, &audit->work, id, &kept);
  if (status == STORE_OK) column = difference(&kept, &row);
  if (status != STORE_OK && status != STORE_NOT_FOUND) audit->status = status;
  if (column == NULL || audit->status != STORE_OK) return;
  audit_fault(audit, "case %.*s: %s differs from its events", TEXT_ARGS(id), column);
  if (audit->options->values[OPTION_CHECK] == NULL)
    audit->status = store_put_row(audit->store, &row);
}

static void rebuild(Audit *audit) {
  audit_each_case(audit, rebuild_case);
  if (audit->status != STORE_OK) return;
  const bool is_check = audit->options->values[OPTION_CHECK] != NULL;
  printf("%s: cases %zu, rows %s %zu\n", is_check ? "checked" : "rebuilt", audit->cases,
         is_check ? "that differ" : "put right", audit->errors);
  if (!is_check) audit->errors = 0;
}

ExitCode command_audit_rebuild(const Options *options) { return audit_run(options, rebuild); }
