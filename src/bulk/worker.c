/* A chunk goes through in blocks of PROGRAM_BLOCK_ROWS: records become rows of the builder's table,
 * the binder decides the block in columns, and each row is concluded in order: what columns left
 * open is decided by the session, then the row is written and counted.
 *
 * Invariant: nothing but the chunk decides what is written for it; what a worker keeps between
 * chunks (entries, tails, verdict numbers) only saves time.
 */
#include "bulk/worker.h"

#include <stdio.h>
#include <string.h>

#include "bulk/outcome_line.h"
#include "bulk/reject.h"
#include "columns/builder.h"
#include "vector/sole_unmet.h"

enum { OUTCOMES = 4 };

struct Worker {
  const WorkOrder *order;
  licet_session *session;
  Builder *builder;
  Binder *binder;
  Arena kept, row;
  Arena requests; /* of CSV: the rows of the table, as JSON */
  uint16_t *verdicts[PLAN_TARGETS_MOST];
  OutcomeLines lines;
  LIST(uint64_t) counts[PLAN_TARGETS_MOST]; /* by verdict, of this chunk */
  uint64_t moved[OUTCOMES][OUTCOMES];
  Text examples[OUTCOMES][OUTCOMES][TALLY_EXAMPLES];
  uint32_t example_counts[OUTCOMES][OUTCOMES];
  BuilderLine texts[PROGRAM_BLOCK_ROWS];
  Text records[PROGRAM_BLOCK_ROWS]; /* of CSV: what `texts` was made from */
  uint32_t text_count;
  Chunk *chunk;
};

static void make_verdicts(void *worker) {
  Worker *w = worker;
  for (uint32_t t = 0; t < w->order->plan->target_count; t++)
    w->verdicts[t] = ARENA_ARRAY(&w->kept, uint16_t, PROGRAM_BLOCK_ROWS);
}

Worker *worker_open(const WorkOrder *order) {
  Worker *w = memory_allocate(sizeof *w);
  if (w == NULL) return NULL;
  memset(w, 0, sizeof *w);
  w->order = order;
  arena_open(&w->kept);
  arena_open(&w->row);
  arena_open(&w->requests);
  if (licet_session_open(order->plan->library, SESSION_OF_PLAN, &w->session) != LICET_OK ||
      !arena_attempt(&w->kept, make_verdicts, w)) {
    worker_close(w);
    return NULL;
  }
  w->builder = builder_open(order->plan->library, PROGRAM_BLOCK_ROWS);
  w->binder = binder_open(order->plan, order->path);
  if (outcome_lines_open(&w->lines, order->plan, order->output, &w->kept) && w->builder != NULL &&
      w->binder != NULL)
    return w;
  worker_close(w);
  return NULL;
}

void worker_close(Worker *w) {
  if (w == NULL) return;
  licet_session_close(w->session);
  builder_close(w->builder);
  binder_close(w->binder);
  outcome_lines_close(&w->lines);
  arena_close(&w->kept);
  arena_close(&w->row);
  arena_close(&w->requests);
  memory_free(w);
}

/* ---- Writing ---- */

static void write_line(Worker *w, uint64_t line, Text id, uint32_t target, uint16_t number) {
  const OutcomeLine one = {line, id, target, number, binder_verdict(w->binder, target, number)};
  if (w->order->options->output != NULL) outcome_line_write(&w->lines, &one, &w->chunk->output);
}

/* The first of a chunk is reported. */
static bool is_to_be_reported(const Worker *w) { return w->chunk->request_error == NULL; }

/* ---- Deciding ---- */

static bool decide_alone(Worker *w, uint32_t target, Text text) {
  const Target *by = &w->order->plan->targets[target];
  w->session->by = by->policy;
  w->session->by_on = by->on;
  licet_status status = session_run(
      w->session, &(Task){.json = text.at, .length = text.length, .depth = DEPTH_ANSWER});
  if (status == LICET_NO_MEMORY) arena_exhaust(&w->chunk->arena);
  return status == LICET_OK;
}

/* Of the request that the session just read. */
static void reject(Worker *w, const Rejected *rejected) {
  w->chunk->rejected++;
  if (is_to_be_reported(w))
    w->chunk->request_error = reject_report_request(w->session, rejected->line, &w->chunk->arena);
  if (w->order->options->rejects != NULL)
    reject_write_request(w->session, rejected, w->order->rejects, &w->chunk->rejects);
}

/* False where the request is bad, and was rejected. */
static bool decide_exactly(Worker *w, uint32_t target, uint32_t row, uint64_t line, Text text) {
  if (!decide_alone(w, target, text)) {
    const bool was_csv = w->chunk->table == NULL && w->order->csv != NULL;
    reject(w, &(Rejected){line, was_csv ? w->records[row] : text});
    return false;
  }
  const licet_determination *d = &w->session->determination;
  BulkVerdict verdict = {d->outcome, d->reason, d->pathway, d->policy, d->version};
  w->verdicts[target][row] = binder_verdict_number(w->binder, target, &verdict);
  if (w->verdicts[target][row] == 0) arena_exhaust(&w->chunk->arena);
  return true;
}

static void count_sole_unmet(Worker *w, const char *prefix, const CompiledPolicy *compiled,
                             uint32_t criterion) {
  const Criterion *at = compiled->criteria.items[criterion].criterion;
  const Text id = compiled->policy->id, path = at->path, title = at->title;
  const char *name =
      arena_format(&w->row, "%s\t%.*s\t%s\t%.*s\t%.*s", prefix, (int)id.length, id.at,
                   compiled->version->text, (int)path.length, path.at, (int)title.length, title.at);
  tally_add(&w->chunk->tally, text_of(name), 1, (Text){0});
}

/* What the binder counts for rows it decides, of one that it left. */
static void count_criteria(Worker *w, uint32_t target, bool alone, bool change, Text text) {
  const char *change_prefix = target == 0 ? "change\tlose" : "change\tgain";
  if ((!alone && !change) || !decide_alone(w, target, text)) return;
  const licet_determination *d = &w->session->determination;
  const bool *sole_unmet = sole_unmet_determination(d, &w->row);
  for (uint32_t i = 0; sole_unmet != NULL && i < d->compiled->criteria.count; i++) {
    if (sole_unmet[i] && alone)
      count_sole_unmet(w, arena_format(&w->row, "only_unmet\t%u", target), d->compiled, i);
    if (sole_unmet[i] && change) count_sole_unmet(w, change_prefix, d->compiled, i);
  }
}

static bool approves(Worker *w, uint32_t target, uint32_t row) {
  return binder_verdict(w->binder, target, w->verdicts[target][row])->outcome == LICET_APPROVE;
}

/* `exact`: the targets for which the row was left to the exact diagram, a bit each. */
static void count_criteria_of_row(Worker *w, uint32_t row, uint64_t exact, Text text) {
  const Plan *plan = w->order->plan;
  if (!plan->with_criteria) return;
  for (uint32_t t = 0; t < plan->target_count; t++) {
    const bool change = plan->target_count == 2 && approves(w, 1 - t, row);
    count_criteria(w, t, exact >> t & 1, change, text);
  }
}

static void count_missing(Worker *w, uint32_t target, Text text) {
  if (!decide_alone(w, target, text)) return;
  const licet_determination *d = &w->session->determination;
  uint64_t facts = 0;
  for (uint32_t i = 0; i < d->missing.count; i++) facts |= d->missing.items[i];
  for (; facts != 0; facts &= facts - 1) {
    Text fact = d->compiled->set.facts.items[__builtin_ctzll(facts)]->name;
    tally_add(
        &w->chunk->tally,
        text_of(arena_format(&w->row, "missing\t%u\t%.*s", target, (int)fact.length, fact.at)), 1,
        (Text){0});
  }
}

static void count_move(Worker *w, uint32_t row, Text id) {
  licet_outcome to = binder_verdict(w->binder, 0, w->verdicts[0][row])->outcome;
  licet_outcome from = binder_verdict(w->binder, 1, w->verdicts[1][row])->outcome;
  const uint32_t kept = w->example_counts[from][to];
  w->moved[from][to]++;
  if (from == to || kept == TALLY_EXAMPLES || id.length == 0) return;
  for (uint32_t e = 0; e < kept; e++)
    if (text_equal(w->examples[from][to][e], id)) return; /* one request, sent twice */
  w->examples[from][to][w->example_counts[from][to]++] = text_copy(&w->chunk->arena, id);
}

static Text text_of_row(Worker *w, const BulkTable *table, uint32_t row) {
  if (w->chunk->table == NULL) return (Text){w->texts[row].at, (uint32_t)w->texts[row].length};
  Buffer out;
  buffer_open(&out, &w->row, 4096);
  table_write_row(table, row, &out);
  return (Text){out.at, (uint32_t)out.length};
}

static bool conclude_row(Worker *w, const BulkTable *table, uint32_t first, uint32_t row) {
  const uint32_t targets = w->order->plan->target_count;
  const uint64_t line = w->chunk->table != NULL
                            ? w->chunk->first_line + (first - w->chunk->first_row) + row
                            : w->texts[row].line;
  const Text id = table_id(table, first + row);
  Text text = {0};
  uint64_t exact = 0;
  w->chunk->requests++;
  for (uint32_t t = 0; t < targets; t++) {
    if (w->verdicts[t][row] != 0) continue;
    if (text.at == NULL) text = text_of_row(w, table, first + row);
    if (!decide_exactly(w, t, row, line, text)) return false;
    exact |= UINT64_C(1) << t;
  }
  if (exact != 0) count_criteria_of_row(w, row, exact, text);
  for (uint32_t t = 0; t < targets; t++) {
    const uint16_t number = w->verdicts[t][row];
    while (w->counts[t].count <= number) LIST_PUSH(&w->kept, w->counts[t], 0);
    w->counts[t].items[number]++;
    write_line(w, line, id, t, number);
    if (!w->order->options->missing || binder_verdict(w->binder, t, number)->outcome != LICET_PEND)
      continue;
    count_missing(w, t, text.at != NULL ? text : text_of_row(w, table, first + row));
  }
  if (w->order->compares) count_move(w, row, id);
  return true;
}

/* False: strict, and a request was bad. */
static bool run_table(Worker *w, const BulkTable *table, uint32_t first, uint32_t rows) {
  if (rows == 0) return true;
  if (!binder_bind(w->binder, table)) arena_exhaust(&w->chunk->arena);
  for (uint32_t done = 0; done < rows; done += PROGRAM_BLOCK_ROWS) {
    const uint32_t count = rows - done < PROGRAM_BLOCK_ROWS ? rows - done : PROGRAM_BLOCK_ROWS;
    if (!binder_run(w->binder, table, first + done, count, w->verdicts))
      arena_exhaust(&w->chunk->arena);
    for (uint32_t r = 0; r < count; r++) {
      arena_reset(&w->row);
      if (!conclude_row(w, table, first + done, r) && w->order->options->strict) return false;
    }
  }
  return true;
}

/* ---- Records ---- */

static bool flush_rows(Worker *w) {
  const BulkTable *table = builder_table(w->builder);
  bool go_on = run_table(w, table, 0, table->rows);
  w->text_count = 0;
  arena_reset(&w->requests);
  builder_begin(w->builder);
  return go_on;
}

/* What came before is concluded first, so that rejects stand in order. */
static bool reject_record(Worker *w, const char *message, const Rejected *rejected) {
  char words[256]; /* the row's arena begins again with each row */
  snprintf(words, sizeof words, "%s", message);
  if (!flush_rows(w)) return false;
  arena_reset(&w->row);
  if (is_to_be_reported(w))
    w->chunk->request_error = reject_report_record(words, rejected->line, &w->chunk->arena);
  w->chunk->requests++;
  w->chunk->rejected++;
  if (w->order->options->rejects != NULL)
    reject_write_record(words, rejected, w->order->rejects, &w->chunk->rejects);
  return !w->order->options->strict;
}

static bool add_csv(Worker *w, Text record, uint64_t line) {
  const char *message;
  Buffer request;
  arena_reset(&w->row);
  buffer_open(&request, &w->requests, 2 * (size_t)record.length + 256);
  if (!csv_write_request(w->order->csv, record.at, record.length, &w->row, &request, &message))
    return reject_record(w, message, &(Rejected){line, record});
  if (!builder_add_json(w->builder, request.at, request.length)) arena_exhaust(&w->chunk->arena);
  w->records[w->text_count] = record;
  w->texts[w->text_count++] = (BuilderLine){request.at, request.length, line};
  return w->text_count < PROGRAM_BLOCK_ROWS || flush_rows(w);
}

static void run_csv(Worker *w) {
  const char *at = w->chunk->text, *end = at + w->chunk->length;
  uint64_t line = w->chunk->first_line;
  w->text_count = 0;
  arena_reset(&w->requests);
  while (at < end) {
    const size_t length = csv_record(csv_separator_of(w->order->csv), at, (size_t)(end - at), true);
    if (!record_is_blank(at, length) && !add_csv(w, (Text){at, (uint32_t)length}, line)) return;
    for (size_t i = 0; i + 1 < length; i++) line += at[i] == '\n';
    line++;
    at += length;
  }
  flush_rows(w);
}

static void run_lines(Worker *w) {
  const Chunk *chunk = w->chunk;
  BuilderLines lines = {chunk->text, chunk->text + chunk->length, chunk->first_line, w->texts};
  while (lines.at < lines.end) {
    if (!builder_add_lines(w->builder, &lines)) arena_exhaust(&w->chunk->arena);
    if (!flush_rows(w)) return;
  }
}

static void run_records(Worker *w) {
  builder_begin(w->builder);
  (w->order->input == LICET_BULK_CSV ? run_csv : run_lines)(w);
}

/* ---- Counting ---- */

static void tally_text(Worker *w, uint64_t count, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void tally_text(Worker *w, uint64_t count, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const char *name = arena_format_list(&w->chunk->arena, format, arguments);
  va_end(arguments);
  tally_add(&w->chunk->tally, text_of(name), count, (Text){0});
}

static Text policy_id(const BulkVerdict *verdict) {
  return verdict->policy == NULL ? TEXT("") : verdict->policy->model->id;
}
static Text version_of(const BulkVerdict *verdict) {
  return text_of(verdict->version == NULL ? "" : verdict->version->text);
}

static void tally_verdicts(Worker *w) {
  for (uint32_t t = 0; t < w->order->plan->target_count; t++) {
    for (uint32_t v = 0; v < w->counts[t].count; v++) {
      if (w->counts[t].items[v] == 0) continue;
      const BulkVerdict *verdict = binder_verdict(w->binder, t, (uint16_t)v);
      Text policy = policy_id(verdict), version = version_of(verdict);
      tally_text(w, w->counts[t].items[v], "verdict\t%u\t%s\t%s\t%s\t%.*s\t%.*s", t,
                 licet_outcome_name(verdict->outcome), licet_reason_name(verdict->reason),
                 verdict->pathway, (int)policy.length, policy.at, (int)version.length, version.at);
      w->counts[t].items[v] = 0;
    }
  }
}

static void tally_sole_unmet(Worker *w) {
  uint32_t count;
  const SoleUnmetCount *counts = binder_take_counts(w->binder, &count);
  for (uint32_t i = 0; i < count; i++) {
    const SoleUnmetCount *one = &counts[i];
    const Criterion *criterion = one->compiled->criteria.items[one->criterion].criterion;
    const Text id = one->compiled->policy->id, path = criterion->path, title = criterion->title;
    if (one->change) {
      tally_text(w, one->rows, "change\t%s\t%.*s\t%s\t%.*s\t%.*s",
                 one->target == 0 ? "lose" : "gain", (int)id.length, id.at,
                 one->compiled->version->text, (int)path.length, path.at, (int)title.length,
                 title.at);
    } else {
      tally_text(w, one->rows, "only_unmet\t%u\t%.*s\t%s\t%.*s\t%.*s", one->target, (int)id.length,
                 id.at, one->compiled->version->text, (int)path.length, path.at, (int)title.length,
                 title.at);
    }
  }
}

static void tally_moves(Worker *w) {
  for (int from = 0; from < OUTCOMES; from++) {
    for (int to = 0; to < OUTCOMES; to++) {
      if (w->moved[from][to] == 0) continue;
      const char *name =
          arena_format(&w->chunk->arena, "moved\t%s\t%s", licet_outcome_name((licet_outcome)from),
                       licet_outcome_name((licet_outcome)to));
      tally_add(&w->chunk->tally, text_of(name), w->moved[from][to], (Text){0});
      for (uint32_t e = 0; e < w->example_counts[from][to]; e++)
        tally_add(&w->chunk->tally, text_of(name), 0, w->examples[from][to][e]);
    }
  }
  memset(w->moved, 0, sizeof w->moved);
  memset(w->example_counts, 0, sizeof w->example_counts);
}

static void decide_chunk(void *worker) {
  Worker *w = worker;
  Chunk *chunk = w->chunk;
  tally_open(&chunk->tally, &chunk->arena);
  buffer_open(&chunk->output, &chunk->arena, chunk->length + 4096);
  buffer_open(&chunk->rejects, &chunk->arena, 256);
  if (chunk->table != NULL) {
    run_table(w, chunk->table, chunk->first_row, chunk->rows);
  } else {
    run_records(w);
  }
  tally_verdicts(w);
  tally_sole_unmet(w);
  tally_moves(w);
}

void worker_run(Worker *w, Chunk *chunk) {
  w->chunk = chunk;
  arena_reset(&chunk->arena);
  chunk->requests = chunk->rejected = 0;
  chunk->request_error = NULL;
  Arena *const arenas[] = {&chunk->arena, &w->kept, &w->row, &w->requests};
  chunk->failed = !arenas_attempt(arenas, sizeof arenas / sizeof *arenas, decide_chunk, w);
}
