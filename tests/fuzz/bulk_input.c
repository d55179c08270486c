/* Fuzz target: bulk input, as NDJSON or (first byte 'c') as CSV; 'e': each line
 * by itself. Whatever the bytes: each record is decided as licet_decide decides
 * it, or is rejected where licet_decide refuses it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "vector/bind.h"
#include "columns/builder.h"
#include "columns/csv.h"
#include "json/reader.h"

static licet_library *library;
static licet_session *session;
static Builder *builder;
static Binder *binder;
static Plan *plan;

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void close_all(void) {
  binder_close(binder);
  plan_close(plan);
  builder_close(builder);
  licet_session_close(session);
  licet_library_close(library);
}

int LLVMFuzzerInitialize(int *count, char ***words) {
  licet_report *report;
  const Target own = {NULL, DATE_NONE, ""};
  (void)count;
  (void)words;
  if (licet_library_open("policies", NULL, &library, &report) != LICET_OK) abort();
  licet_report_free(report);
  if (licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK)
    abort();
  builder = builder_open(library, PROGRAM_BLOCK_ROWS);
  plan = plan_open(library, &own, 1, false);
  binder = plan == NULL ? NULL : binder_open(plan, program_path_best());
  if (builder == NULL || binder == NULL) abort();
  atexit(close_all);
  return 0;
}

static void check(const Text *rows, uint32_t count) {
  static uint16_t verdicts[PROGRAM_BLOCK_ROWS];
  uint16_t *targets[1] = {verdicts};
  const BulkTable *table = builder_table(builder);
  if (count == 0) return;
  if (!binder_bind(binder, table) || !binder_run(binder, table, 0, count, targets)) abort();
  for (uint32_t r = 0; r < count; r++) {
    if (verdicts[r] == 0) continue;
    const BulkVerdict *verdict = binder_verdict(binder, 0, verdicts[r]);
    assert(session_run(session, &(Task){.json = rows[r].at,
                                        .length = rows[r].length,
                                        .depth = DEPTH_ANSWER}) == LICET_OK);
    assert(session->determination.outcome == verdict->outcome);
    assert(session->determination.reason == verdict->reason);
    assert(strcmp(session->determination.pathway, verdict->pathway) == 0);
  }
}

/* NDJSON, as lines; where the first byte is an 'e', each line alone, from behind it. */
static uint32_t add_lines(const char *at, size_t length, Text *rows, Arena *arena) {
  static BuilderLine where[PROGRAM_BLOCK_ROWS];
  const bool each = length > 0 && *at == 'e';
  char *text = memcpy(arena_allocate(arena, length + JSON_INDEX_PADDING), at + each, length - each);
  BuilderLines lines = {text, text + length - each, 1, where};
  if (!builder_add_lines(builder, &lines)) abort();
  const uint32_t count = builder_rows(builder);
  for (uint32_t r = 0; r < count; r++) rows[r] = (Text){where[r].at, (uint32_t)where[r].length};
  if (each) builder_begin(builder);
  for (uint32_t r = 0; each && r < count; r++)
    if (!builder_add_json(builder, rows[r].at, rows[r].length)) abort();
  return count;
}

static uint32_t add_csv(const char *at, const char *end, Text *rows, Arena *arena) {
  const char *message;
  uint32_t count = 0;
  const char separator = csv_separator(at, (size_t)(end - at));
  size_t length = csv_record(separator, at, (size_t)(end - at), true);
  static const char *const nulls[] = {"NA", NULL}, *const ignored[] = {"", "x", NULL},
                           *const names[] = {"n=weight", NULL},
                           *const units[] = {"weight=kg", NULL};
  const CsvOptions plain = {.policy = TEXT("OHSU-0382")};
  const CsvOptions exported = {TEXT(""), nulls, ignored, names, units, "%m/%d/%Y"};
  const bool is_exported = length > 1 && at[0] == 'n' && at[1] == separator;
  const Csv *csv = csv_open(library, at, length, is_exported ? &exported : &plain, arena, &message);
  for (at += length; csv != NULL && at < end && count < 64; at += length) {
    Buffer out;
    length = csv_record(separator, at, (size_t)(end - at), true);
    buffer_open(&out, arena, 2 * length + 64);
    if (!csv_write_request(csv, at, length, arena, &out, &message)) continue;
    if (!builder_add_json(builder, out.at, out.length)) abort();
    rows[count++] = (Text){out.at, (uint32_t)out.length};
  }
  return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Text rows[PROGRAM_BLOCK_ROWS];
  const char *at = (const char *)data;
  Arena arena;
  arena_open(&arena);
  builder_begin(builder);
  const bool csv = size > 0 && *at == 'c';
  check(rows, csv ? add_csv(at + 1, at + size, rows, &arena) : add_lines(at, size, rows, &arena));
  arena_close(&arena);
  return 0;
}
