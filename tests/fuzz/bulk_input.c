/* Fuzz target: bulk input, as NDJSON or (first byte 'c') as CSV. Whatever the bytes: each record is decided as licet_decide decides
 * it, or is rejected where licet_decide refuses it.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bulk/bind.h"
#include "bulk/builder.h"
#include "bulk/csv.h"

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
  if (licet_session_open(library, &session) != LICET_OK) abort();
  builder = builder_open(library, LINE_BLOCK_ROWS);
  plan = plan_open(library, &own, 1, false);
  binder = plan == NULL ? NULL : binder_open(plan, line_path_best());
  if (builder == NULL || binder == NULL) abort();
  atexit(close_all);
  return 0;
}

static void check(const Text *rows, uint32_t count) {
  static uint16_t verdicts[LINE_BLOCK_ROWS];
  uint16_t *targets[1] = {verdicts};
  const BulkTable *table = builder_table(builder);
  if (count == 0) return;
  if (!binder_bind(binder, table) || !binder_run(binder, table, 0, count, targets)) abort();
  for (uint32_t r = 0; r < count; r++) {
    if (verdicts[r] == 0) continue;
    const BulkVerdict *verdict = binder_verdict(binder, 0, verdicts[r]);
    assert(session_run(session, &(Task){.json = rows[r].at, .length = rows[r].length, .depth = DEPTH_ANSWER}) == LICET_OK);
    assert(session->determination.outcome == verdict->outcome);
    assert(strcmp(session->determination.reason, verdict->reason) == 0);
    assert(strcmp(session->determination.pathway, verdict->pathway) == 0);
  }
}

static uint32_t add(Text *rows, uint32_t count, Text row) {
  if (count == LINE_BLOCK_ROWS || !builder_add_json(builder, row.at, row.length)) abort();
  rows[count] = row;
  return count + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Text rows[LINE_BLOCK_ROWS];
  const char *at = (const char *)data, *end = at + size, *message;
  uint32_t count = 0;
  Arena arena;
  Csv *csv = NULL;
  arena_open(&arena);
  if (ARENA_GUARD(&arena) || !builder_begin(builder)) abort();
  if (size > 0 && *at == 'c') {
    size_t length = csv_record(csv_separator(at + 1, size - 1), at + 1, size - 1, true);
    at++;
    csv = csv_open(library, at, length, TEXT("OHSU-0382"), &arena, &message);
    at = csv == NULL ? end : at + length;
  }
  while (at < end && count < 64) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t length = csv != NULL    ? csv_record(csv_separator_of(csv), at, (size_t)(end - at), true)
                    : stop == NULL ? (size_t)(end - at)
                                   : (size_t)(stop - at) + 1;
    Text row = {at, (uint32_t)length};
    Buffer out;
    buffer_open(&out, &arena, 2 * length + 64);
    bool fine = csv == NULL || csv_write_request(csv, at, length, &out, &message);
    if (csv != NULL) row = (Text){out.at, (uint32_t)out.length};
    if (fine) count = add(rows, count, row);
    at += length;
  }
  check(rows, count);
  arena_close(&arena);
  return 0;
}
