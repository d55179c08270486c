/* Column evaluation against licet_decide, row for row, on generated requests.
 *
 *     bulk_test [--count N] [--seed S] [--jobs J] [FOLDER…]
 *
 * N requests (1,000,000) over the policies of the first FOLDER, a fiftieth over those of each other
 * one (policies and tests/good/<each>). Each is decided alone, by the policy that covers it and by
 * one that is named; then in tables by every path the processor has. Outcome, reason, pathway and
 * version must be the same, and what is left to the exact diagram is counted.
 */
#define _GNU_SOURCE
#pragma GCC diagnostic ignored "-Wunused-function"
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "../property/generate.h"
#include "vector/bind.h"
#include "vector/sole_unmet.h"
#include "columns/builder.h"
#include "columns/column_file.h"
#include "json/reader.h"

/* A table is more than a block. */
enum { ROWS = 4500, SUBJECTS = 5, TARGETS = 2, FOLDERS = 64 };

typedef struct Run {
  const licet_library *library;
  uint64_t seed;
  uint32_t tables;
  atomic_uint next;
  atomic_ullong rows, left_open, wrong, faulty;
  pthread_mutex_t lock;
} Run;

typedef struct Alone {
  bool faulty;
  BulkVerdict verdict;
  char pathway[64];
} Alone;

typedef struct Worker {
  Run *run;
  licet_session *session;
  Builder *builder;
  Binder *binders[PROGRAM_PATHS], *packed[PROGRAM_PATHS];
  Target targets[TARGETS];
  Plan *plan;
  Arena arena;
  Text rows[ROWS];
  Alone expected[TARGETS][ROWS];
  uint32_t count;
} Worker;

static void decide_alone(Worker *w, uint32_t target, uint32_t row) {
  Alone *into = &w->expected[target][row];
  w->session->by = w->targets[target].policy;
  w->session->by_on = w->targets[target].on;
  licet_status status = session_run(
      w->session,
      &(Task){.json = w->rows[row].at, .length = w->rows[row].length, .depth = DEPTH_ANSWER});
  const licet_determination *d = &w->session->determination;
  *into = (Alone){.faulty = status != LICET_OK};
  if (status != LICET_OK) return;
  into->verdict = (BulkVerdict){d->outcome, d->reason, NULL, d->policy, d->version};
  snprintf(into->pathway, sizeof into->pathway, "%s", d->pathway);
}

static void differ(Worker *w, ProgramPath path, uint32_t target, uint32_t row,
                   const BulkVerdict *said) {
  const Alone *expected = &w->expected[target][row];
  if (w->run->wrong++ > 10) return;
  pthread_mutex_lock(&w->run->lock);
  printf("FAILED  %s, target %u: alone %s %s %s %s, in columns %s %s %s %s\n        %.*s\n",
         program_path_name(path), target,
         expected->faulty ? "faulty" : licet_outcome_name(expected->verdict.outcome),
         expected->faulty ? "" : licet_reason_name(expected->verdict.reason), expected->pathway,
         expected->verdict.version == NULL ? "" : expected->verdict.version->text,
         licet_outcome_name(said->outcome), licet_reason_name(said->reason), said->pathway,
         said->version == NULL ? "" : said->version->text, (int)w->rows[row].length,
         w->rows[row].at);
  pthread_mutex_unlock(&w->run->lock);
}

static void compare(Worker *w, const BulkTable *table, Binder *binder, ProgramPath path) {
  static _Thread_local uint16_t space[TARGETS][ROWS + PROGRAM_BLOCK_ROWS];
  uint16_t *verdicts[TARGETS];
  for (uint32_t t = 0; t < TARGETS; t++) verdicts[t] = space[t];
  if (!binder_bind(binder, table) || !binder_run(binder, table, 0, table->rows, verdicts)) abort();
  for (uint32_t t = 0; t < TARGETS; t++) {
    for (uint32_t r = 0; r < w->count; r++) {
      const Alone *expected = &w->expected[t][r];
      w->run->rows++;
      if (expected->faulty) w->run->faulty++;
      if (verdicts[t][r] == 0) {
        if (!expected->faulty) w->run->left_open++;
        continue;
      }
      const BulkVerdict *said = binder_verdict(binder, t, verdicts[t][r]);
      bool same = !expected->faulty && said->outcome == expected->verdict.outcome &&
                  said->reason == expected->verdict.reason &&
                  strcmp(said->pathway, expected->pathway) == 0 &&
                  said->policy == expected->verdict.policy &&
                  said->version == expected->verdict.version;
      if (!same) differ(w, path, t, r, said);
    }
  }
}

/* The same through a column file, whose codes are planes. */
static void compare_packed(Worker *w, const BulkTable *table) {
  char *bytes = NULL;
  size_t length = 0;
  const char *message;
  ColumnWriter writer;
  FILE *out = open_memstream(&bytes, &length);
  if (out == NULL || !column_writer_open(&writer, out) || !column_writer_add(&writer, table) ||
      !column_writer_finish(&writer))
    abort();
  column_writer_close(&writer);
  fclose(out);
  ColumnFile *file = column_file_over(bytes, length, &message);
  if (file == NULL) {
    printf("FAILED  a column file that was just written: %s\n", message);
    w->run->wrong++;
  } else if (column_file_segments(file) == 1) {
    ColumnSegment *segment = column_segment_open(file, 0, &message);
    if (segment == NULL) abort();
    for (ProgramPath path = 0; path < PROGRAM_PATHS; path++)
      if (w->packed[path] != NULL) compare(w, column_segment_table(segment), w->packed[path], path);
    column_segment_close(segment);
  }
  column_file_close(file);
  free(bytes);
}

typedef LIST(SoleUnmetCount) BlamedCounts;

static void add_blamed(Worker *w, BlamedCounts *counts, SoleUnmetCount one) {
  for (uint32_t i = 0; i < counts->count; i++) {
    SoleUnmetCount *there = &counts->items[i];
    if (there->target != one.target || there->criterion != one.criterion ||
        there->compiled != one.compiled || there->change != one.change)
      continue;
    there->rows += one.rows;
    return;
  }
  LIST_PUSH(&w->arena, *counts, one);
}

static void blame_alone(Worker *w, uint32_t target, uint32_t row, bool change,
                        BlamedCounts *counts) {
  decide_alone(w, target, row);
  const licet_determination *d = &w->session->determination;
  const bool *sole_unmet = sole_unmet_determination(d, &w->arena);
  for (uint32_t i = 0; sole_unmet != NULL && i < d->compiled->criteria.count; i++) {
    if (!sole_unmet[i]) continue;
    add_blamed(w, counts, (SoleUnmetCount){target, i, d->compiled, false, 1});
    if (change) add_blamed(w, counts, (SoleUnmetCount){target, i, d->compiled, true, 1});
  }
}

/* The criteria that alone are unmet, counted in columns and one by one, of the rows that
 * columns decide. */
static void compare_criteria(Worker *w, const BulkTable *table) {
  static _Thread_local uint16_t space[TARGETS][ROWS + PROGRAM_BLOCK_ROWS];
  uint16_t *verdicts[TARGETS];
  BlamedCounts alone = {0};
  uint32_t count;
  Plan *plan = plan_open(w->run->library, w->targets, TARGETS, true);
  Binder *binder = binder_open(plan, program_path_best());
  for (uint32_t t = 0; t < TARGETS; t++) verdicts[t] = space[t];
  if (!binder_bind(binder, table) || !binder_run(binder, table, 0, table->rows, verdicts)) abort();
  for (uint32_t t = 0; t < TARGETS; t++) {
    for (uint32_t r = 0; r < w->count; r++) {
      const uint16_t other = verdicts[1 - t][r];
      const bool change =
          other != 0 && binder_verdict(binder, 1 - t, other)->outcome == LICET_APPROVE;
      if (verdicts[t][r] != 0) blame_alone(w, t, r, change, &alone);
    }
  }
  const SoleUnmetCount *columns = binder_take_counts(binder, &count);
  for (uint32_t i = 0; i < count; i++) { /* what is left over is a difference */
    SoleUnmetCount less = columns[i];
    less.rows = -less.rows;
    add_blamed(w, &alone, less);
  }
  for (uint32_t i = 0; i < alone.count; i++) {
    if (alone.items[i].rows == 0 || w->run->wrong++ > 10) continue;
    printf(
        "FAILED  criterion %u alone in the way, target %u, %s: alone and in columns differ by "
        "%lld\n",
        alone.items[i].criterion, alone.items[i].target, alone.items[i].change ? "change" : "all",
        (long long)alone.items[i].rows);
  }
  binder_close(binder);
  plan_close(plan);
}

static void make_rows(Worker *w, uint32_t table) {
  Chance chance = {w->run->seed * UINT64_C(0x9E3779B97F4A7C15) + table};
  arena_reset(&w->arena);
  w->count = 0;
  for (uint32_t i = 0; i < SUBJECTS; i++) {
    Subject *s = subject_new(
        w->run->library->policies.items[(table + i) % w->run->library->policies.count], &chance);
    if (!s->has_series) {
      Pool pool = pool_new(s, &chance);
      for (uint32_t n = 0; n < ROWS / SUBJECTS; n++) {
        Draft draft = draft_new(&w->arena, s, &pool, &chance, w->count);
        w->rows[w->count++] = draft_json(&w->arena, &draft, NULL, NULL);
      }
    }
    subject_free(s);
  }
}

static void open_plan(Worker *w, uint32_t table) {
  const licet_library *library = w->run->library;
  const licet_policy *named = library->policies.items[table % library->policies.count];
  w->targets[0] = (Target){NULL, DATE_NONE, ""};
  w->targets[1] =
      (Target){named,
               table % 3 == 0 ? named->model->versions.items[named->model->versions.count - 1].date
                              : DATE_NONE,
               ""};
  w->plan = plan_open(library, w->targets, TARGETS, false);
  for (ProgramPath path = 0; path < PROGRAM_PATHS; path++)
    if (program_path_available(path)) {
      w->binders[path] = binder_open(w->plan, path);
      w->packed[path] = binder_open(w->plan, path);
    }
}

static void close_plan(Worker *w) {
  for (ProgramPath path = 0; path < PROGRAM_PATHS; path++) {
    binder_close(w->binders[path]);
    binder_close(w->packed[path]);
    w->binders[path] = w->packed[path] = NULL;
  }
  plan_close(w->plan);
}

/* With a space behind each comma and colon, as many programs write. */
static void put_spaced(Buffer *out, Text json) {
  bool inside = false;
  for (uint32_t i = 0; i < json.length; i++) {
    buffer_character(out, json.at[i]);
    if (inside && json.at[i] == '\\') {
      buffer_character(out, json.at[++i]);
    } else if (json.at[i] == '"') {
      inside = !inside;
    } else if (!inside && (json.at[i] == ',' || json.at[i] == ':')) {
      buffer_character(out, ' ');
    }
  }
}

static void add_lines(Worker *w, uint32_t table) {
  static _Thread_local BuilderLine where[ROWS];
  Buffer text;
  buffer_open(&text, &w->arena, 1 << 16);
  for (uint32_t r = 0; r < w->count; r++) {
    if ((r + table) % 4 < 2)
      put_spaced(&text, w->rows[r]);
    else
      buffer_text(&text, w->rows[r]);
    buffer_character(&text, '\n');
  }
  memset(buffer_reserve(&text, JSON_INDEX_PADDING), 0, JSON_INDEX_PADDING);
  BuilderLines lines = {text.at, text.at + text.length, 1, where};
  while (lines.at < lines.end)
    if (!builder_add_lines(w->builder, &lines)) abort();
  if (builder_rows(w->builder) != w->count) abort();
}

static void add_rows(Worker *w) {
  for (uint32_t r = 0; r < w->count; r++)
    if (!builder_add_json(w->builder, w->rows[r].at, w->rows[r].length)) abort();
}

/* Several tables by one plan, so that binders see entries grow. */
enum { TABLES_OF_A_PLAN = 8 };

static void run_tables(Worker *w, uint32_t first) {
  open_plan(w, first / TABLES_OF_A_PLAN);
  for (uint32_t table = first; table < first + TABLES_OF_A_PLAN && table < w->run->tables;
       table++) {
    make_rows(w, table);
    builder_begin(w->builder);
    if (table % 3 == 0)
      add_rows(w);
    else
      add_lines(w, table);
    for (uint32_t r = 0; r < w->count; r++)
      for (uint32_t t = 0; t < TARGETS; t++) decide_alone(w, t, r);
    for (ProgramPath path = 0; path < PROGRAM_PATHS; path++)
      if (w->binders[path] != NULL) compare(w, builder_table(w->builder), w->binders[path], path);
    if (table % 8 == 0) compare_packed(w, builder_table(w->builder));
    if (table % 8 == 1) compare_criteria(w, builder_table(w->builder));
  }
  close_plan(w);
}

static void *work(void *argument) {
  Worker *w = calloc(1, sizeof *w);
  if (w == NULL) abort();
  w->run = argument;
  arena_open(&w->arena);
  if (licet_session_open(w->run->library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &w->session) != LICET_OK)
    abort();
  w->builder = builder_open(w->run->library, ROWS);
  for (uint32_t first = w->run->next++ * TABLES_OF_A_PLAN; first < w->run->tables;
       first = w->run->next++ * TABLES_OF_A_PLAN)
    run_tables(w, first);
  builder_close(w->builder);
  licet_session_close(w->session);
  arena_close(&w->arena);
  free(w);
  return NULL;
}

static bool run_folder(const char *folder, uint32_t count, uint64_t seed, uint32_t jobs) {
  static Run run;
  licet_library *library;
  licet_report *report;
  pthread_t ids[64];
  memset(&run, 0, sizeof run);
  if (licet_library_open(folder, NULL, &library, &report) != LICET_OK) {
    printf("FAILED  %s does not open\n", folder);
    licet_report_free(report);
    return false;
  }
  licet_report_free(report);
  run.library = library;
  run.seed = seed;
  run.tables = (count + ROWS - 1) / ROWS;
  pthread_mutex_init(&run.lock, NULL);
  for (uint32_t j = 0; j < jobs; j++) pthread_create(&ids[j], NULL, work, &run);
  for (uint32_t j = 0; j < jobs; j++) pthread_join(ids[j], NULL);
  unsigned long long rows = run.rows, open = run.left_open, faulty = run.faulty, wrong = run.wrong;
  printf(
      "%s: %llu verdicts in columns, %llu of faulty requests, %llu left to the exact diagram, %llu "
      "differ\n",
      folder, rows, faulty, open, wrong);
  licet_library_close(library);
  return wrong == 0;
}

int main(int count, char **words) {
  uint32_t requests = 1000000, jobs = 2, passed = 0, failed = 0;
  uint64_t seed = 20261102;
  const char *folders[FOLDERS] = {"policies"};
  int folder_count = 0;
  for (int i = 1; i < count; i++) {
    if (strcmp(words[i], "--count") == 0 && i + 1 < count) {
      requests = (uint32_t)strtoul(words[++i], NULL, 10);
    } else if (strcmp(words[i], "--seed") == 0 && i + 1 < count) {
      seed = strtoull(words[++i], NULL, 10);
    } else if (strcmp(words[i], "--jobs") == 0 && i + 1 < count) {
      jobs = (uint32_t)strtoul(words[++i], NULL, 10);
    } else if (folder_count < FOLDERS) {
      folders[folder_count++] = words[i];
    }
  }
  if (folder_count == 0) folder_count = 1;
  if (jobs == 0 || jobs > 64) jobs = 1;
  printf("seed %llu\n", (unsigned long long)seed);
  for (int i = 0; i < folder_count; i++) {
    bool fine = run_folder(folders[i], i == 0 ? requests : requests / 50, seed, jobs);
    ++*(fine ? &passed : &failed);
  }
  printf("%u passed, %u failed\n", passed, failed);
  return failed > 0;
}
