/* Packing: requests of NDJSON or CSV into a column file. Bad ones are found as a run finds them: a
 * few rows at a time are decided in columns, what columns leave open is read alone. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "columns/gather.h"
#include "bulk/reject.h"
#include "bulk/run.h"

typedef struct Packing {
  Run *run;
  Builder *check, *segment; /* a few rows to look for errors in; all rows of the segment */
  Gather *gather;           /* from one into the other */
  Binder *binder;
  licet_session *session;
  FILE *out;
  const char *first; /* what `out` is called until it is whole; NULL: no file of ours */
  ColumnWriter writer;
  Chunk chunk;
  Arena row; /* of the record that is read */
  uint16_t *verdicts;
  Text texts[PROGRAM_BLOCK_ROWS];   /* requests as JSON */
  Text records[PROGRAM_BLOCK_ROWS]; /* as they were read */
  uint64_t lines[PROGRAM_BLOCK_ROWS];
  uint32_t count, rows; /* in check, in segment */
  licet_status status;  /* what came of it */
} Packing;

static licet_status no_memory(Packing *p) { return result_no_memory(p->run->result); }

static licet_status output_failed(Packing *p) {
  return result_fail(p->run->result, LICET_IO, "%s: %s", shown_output(p->run->options->output),
                     strerror(errno));
}

static licet_status end_segment(Packing *p) {
  if (!column_writer_add(&p->writer, builder_table(p->segment))) return output_failed(p);
  p->rows = 0;
  builder_begin(p->segment);
  return LICET_OK;
}

/* ---- Rows ---- */

static bool is_to_be_reported(const Packing *p) {
  return p->run->options->strict || p->run->result->request_error[0] == '\0';
}

/* A strict packing ends at the first. */
static licet_status report(Packing *p, const char *request_error) {
  result_note_request_error(p->run->result, request_error);
  if (!p->run->options->strict) return LICET_OK;
  return result_fail(p->run->result, LICET_BAD_REQUEST, "%s: %s", shown_input(p->run->input.path),
                     request_error);
}

static licet_status read_alone(Packing *p, const licet_policy *by, Text text) {
  const Task task = {.json = text.at, .length = text.length, .depth = DEPTH_ANSWER};
  p->session->by = by;
  return session_run(p->session, &task);
}

static bool says(const BulkTable *table, uint32_t row, HeadColumn which) {
  const Column *column = table_column(table, head_column_names[which], COLUMN_OF_HEAD);
  return column != NULL && column_code(column, row) != 0;
}

/* Whom a request without payer and policy is put to is said when it is decided: it is sound if some
 * policy can read it. */
static licet_status examine(Packing *p, const BulkTable *table, uint32_t row) {
  const Text text = p->texts[row];
  const licet_library *library = p->run->library;
  const bool open = !says(table, row, HEAD_COLUMN_PAYER) && !says(table, row, HEAD_COLUMN_POLICY);
  licet_status status = LICET_BAD_REQUEST;
  for (uint32_t i = 0; i < library->policies.count && open && status == LICET_BAD_REQUEST; i++)
    status = read_alone(p, library->policies.items[i], text);
  return status == LICET_BAD_REQUEST ? read_alone(p, NULL, text) : status;
}

static licet_status too_wide(Packing *p) {
  return result_fail(p->run->result, LICET_BAD_REQUEST,
                     "%s: a request has more facts than a column file has columns",
                     shown_input(p->run->input.path));
}

/* What one segment has no column for, the next has. */
static licet_status gather(Packing *p, const BulkTable *table, uint32_t row) {
  if (builder_row_needs_exact(p->check, row)) return too_wide(p);
  GatherStatus gathered = gather_row(p->gather, table, row);
  if (gathered == GATHER_FULL) {
    const licet_status status = end_segment(p);
    if (status != LICET_OK) return status;
    gathered = gather_row(p->gather, table, row);
  }
  if (gathered == GATHER_NO_MEMORY) return no_memory(p);
  if (gathered == GATHER_FULL) return too_wide(p);
  return ++p->rows == COLUMN_SEGMENT_ROWS ? end_segment(p) : LICET_OK;
}

/* A row that needs the exact reader has errors, which are found here: add_request made sure that no
 * sound row needs it. */
static licet_status pack_row(Packing *p, const BulkTable *table, uint32_t row) {
  p->run->result->requests++;
  const licet_status status = p->verdicts[row] != 0 ? LICET_OK : examine(p, table, row);
  if (status == LICET_NO_MEMORY) return no_memory(p);
  if (status != LICET_OK) {
    const Rejected rejected = {p->lines[row], p->records[row]};
    p->run->result->rejected++;
    if (p->run->options->rejects != NULL)
      reject_write_request(p->session, &rejected, p->run->output.rejects_format, &p->chunk.rejects);
    return is_to_be_reported(p)
               ? report(p, reject_report_request(p->session, p->lines[row], &p->chunk.arena))
               : LICET_OK;
  }
  return gather(p, table, row);
}

static licet_status pack_rows(Packing *p) {
  licet_status status = LICET_OK;
  const BulkTable *table = builder_table(p->check);
  if (table->rows > 0 && (!binder_bind(p->binder, table) ||
                          !binder_run(p->binder, table, 0, table->rows, &p->verdicts)))
    return no_memory(p);
  for (uint32_t r = 0; r < p->count && status == LICET_OK; r++) status = pack_row(p, table, r);
  p->count = 0;
  if (status == LICET_OK && p->rows > 0 && builder_is_full(p->segment)) status = end_segment(p);
  builder_begin(p->check);
  return status;
}

static licet_status reject_csv(Packing *p, const char *message, Text record, uint64_t line) {
  licet_status status = pack_rows(p); /* in order */
  if (status != LICET_OK) return status;
  p->run->result->requests++;
  p->run->result->rejected++;
  if (p->run->options->rejects != NULL)
    reject_write_record(message, &(Rejected){line, record}, p->run->output.rejects_format,
                        &p->chunk.rejects);
  return is_to_be_reported(p) ? report(p, reject_report_record(message, line, &p->chunk.arena))
                              : LICET_OK;
}

/* Bad requests may have used up the columns by naming facts that nobody knows. A sound one behind
 * them is odd, and is added again to a table that begins with it. */
static licet_status add_request(Packing *p, Text text) {
  if (!builder_add_json(p->check, text.at, text.length)) return no_memory(p);
  if (p->count == 0 || !builder_row_needs_exact(p->check, p->count) || !builder_is_full(p->check))
    return LICET_OK;
  const licet_status status = pack_rows(p);
  if (status != LICET_OK) return status;
  return builder_add_json(p->check, text.at, text.length) ? LICET_OK : no_memory(p);
}

static licet_status pack_record(Packing *p, Text record, uint64_t line) {
  Text text = record;
  if (p->run->input.csv != NULL) {
    const char *message;
    Buffer request;
    arena_reset(&p->row);
    buffer_open(&request, &p->chunk.arena, 2 * (size_t)record.length + 256);
    if (!csv_write_request(p->run->input.csv, record.at, record.length, &p->row, &request,
                           &message))
      return reject_csv(p, message, record, line);
    text = buffer_contents(&request);
  } else if (text.length > 0 && text.at[text.length - 1] == '\n') {
    text.length--; /* the end of a line is no part of its request, whose length has a limit */
  }
  const licet_status status = add_request(p, text);
  if (status != LICET_OK) return status;
  p->texts[p->count] = text;
  p->records[p->count] = record;
  p->lines[p->count++] = line;
  return p->count == PROGRAM_BLOCK_ROWS ? pack_rows(p) : LICET_OK;
}

/* ---- The input ---- */

static licet_status pack_records(Packing *p) {
  const Chunk *chunk = &p->chunk;
  licet_status status = LICET_OK;
  uint64_t line = chunk->first_line;
  for (size_t at = 0; at < chunk->length && status == LICET_OK;) {
    const char *text = chunk->text + at, *stop = memchr(text, '\n', chunk->length - at);
    size_t length = stop == NULL ? chunk->length - at : (size_t)(stop - text) + 1;
    if (p->run->input.csv != NULL)
      length = csv_record(csv_separator_of(p->run->input.csv), text, chunk->length - at, true);
    if (!record_is_blank(text, length))
      status = pack_record(p, (Text){text, (uint32_t)length}, line);
    for (size_t i = 0; i + 1 < length; i++) line += text[i] == '\n';
    line++;
    at += length;
  }
  return status == LICET_OK ? pack_rows(p) : status;
}

static licet_status pack_chunk(Packing *p) {
  arena_reset(&p->chunk.arena);
  buffer_open(&p->chunk.rejects, &p->chunk.arena, 256);
  const licet_status status = pack_records(p);
  const licet_status written = output_write_rejects(&p->run->output, &p->chunk.rejects);
  return status == LICET_OK ? written : status;
}

static licet_status pack_input(Packing *p) {
  Run *run = p->run;
  licet_status status = LICET_OK;
  for (bool more = true; status == LICET_OK && more;) {
    status = input_cut(&run->input, &p->chunk, &more);
    if (status == LICET_OK && more) status = pack_chunk(p);
    run_report_progress(run, !more);
  }
  if (status == LICET_OK) status = end_segment(p);
  if (status == LICET_OK && !column_writer_finish(&p->writer)) status = output_failed(p);
  return status;
}

/* ---- The file ---- */

static bool close_file(Packing *p) {
  const bool fine = p->out == NULL || p->out == stdout || fclose(p->out) == 0;
  p->out = NULL;
  return fine;
}

/* It is whole. */
static licet_status name_file(Packing *p) {
  if (p->first != NULL && rename(p->first, p->run->options->output) != 0) return output_failed(p);
  p->first = NULL;
  return LICET_OK;
}

/* What stays open or unfinished here is ended by close_packing, where memory ran out as well. */
static licet_status write_file(Packing *p, const char *first) {
  const char *name = first != NULL ? first : p->run->options->output;
  p->out = strcmp(name, "-") == 0 ? stdout : fopen(name, "wb");
  if (p->out == NULL) return result_fail(p->run->result, LICET_IO, "%s: %s", name, strerror(errno));
  p->first = first;
  licet_status status = column_writer_open(&p->writer, p->out) ? pack_input(p) : output_failed(p);
  if (status == LICET_OK && !close_file(p)) status = output_failed(p);
  if (status == LICET_OK) status = name_file(p);
  return status == LICET_OK ? output_finish_rejects(&p->run->output) : status;
}

static licet_status open_input(Run *run) {
  run->targets[run->target_count++] = (Target){NULL, DATE_NONE, ""};
  licet_status status = run_choose_registers(run);
  if (status == LICET_OK) status = output_choose_names(&run->output);
  if (status == LICET_OK) status = run_check_distinct_files(run);
  if (status == LICET_OK)
    status = input_open(&run->input, run->options->input, run->options->input_format, run->result);
  if (status == LICET_OK && run->input.format == LICET_BULK_COLUMNS)
    status =
        result_fail(run->result, LICET_BAD_REQUEST, "%s: is already packed", run->options->input);
  return status == LICET_OK
             ? input_read_header(&run->input, run->library, run_csv_options(run, TEXT("")))
             : status;
}

static bool open_packing(Packing *p) {
  Run *run = p->run;
  run->plan = plan_open(run->library, run->targets, run->target_count, false);
  p->check = builder_open(run->library, PROGRAM_BLOCK_ROWS);
  p->segment = builder_open(run->library, COLUMN_SEGMENT_ROWS);
  p->gather = p->segment == NULL ? NULL : gather_open(p->segment);
  p->binder = run->plan == NULL ? NULL : binder_open(run->plan, run->order.path);
  p->verdicts = memory_allocate(PROGRAM_BLOCK_ROWS * sizeof *p->verdicts);
  if (p->check == NULL || p->gather == NULL || p->binder == NULL || p->verdicts == NULL)
    return false;
  builder_begin(p->check);
  builder_begin(p->segment);
  return licet_session_open(run->library, SESSION_OF_PLAN, &p->session) == LICET_OK;
}

static void close_packing(Packing *p) {
  builder_close(p->check);
  gather_close(p->gather);
  builder_close(p->segment);
  binder_close(p->binder);
  licet_session_close(p->session);
  memory_free(p->verdicts);
  if (p->writer.out != NULL) column_writer_close(&p->writer);
  close_file(p);
  if (p->first != NULL) unlink(p->first);
  chunk_close(&p->chunk);
  arena_close(&p->row);
  memory_free(p);
}

static void pack_and_write(void *packing) {
  Packing *p = packing;
  p->status = open_packing(p) ? output_begin_rejects(&p->run->output) : no_memory(p);
  if (p->status == LICET_OK) p->status = write_file(p, p->run->output.outcomes.first);
}

/* Under a guard of its own: what packing holds is no arena's, and is closed by who called. */
static licet_status try_to_pack(Packing *p) {
  Arena *const arenas[] = {&p->chunk.arena, &p->run->result->arena, &p->row};
  return arenas_attempt(arenas, sizeof arenas / sizeof *arenas, pack_and_write, p) ? p->status
                                                                                   : no_memory(p);
}

static licet_status pack_all(Run *run) {
  if (run->options->output == NULL)
    return result_fail(run->result, LICET_BAD_OPTIONS, "no output file is given");
  RejectsLimit most;
  licet_status status = run_read_rejects_limit(run, &most);
  if (status == LICET_OK) status = open_input(run);
  if (status != LICET_OK) return status;
  Packing *p = memory_allocate(sizeof *p);
  if (p == NULL) return result_no_memory(run->result);
  memset(p, 0, sizeof *p);
  p->run = run;
  chunk_open(&p->chunk);
  arena_open(&p->row);
  status = try_to_pack(p);
  close_packing(p);
  return status == LICET_OK ? run_judge_rejects(run, &most) : status;
}

licet_status licet_bulk_pack(const licet_library *library, const licet_bulk_options *options,
                             licet_bulk_result **result) {
  return run_attempt(library, options, result, pack_all);
}
