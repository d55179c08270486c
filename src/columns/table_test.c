/* Tables, tallies, CSV and column files. */
#include "columns/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vector/bind.h"
#include "columns/builder.h"
#include "columns/column_file.h"
#include "columns/csv.h"
#include "columns/csv_date.h"
#include "bulk/tally.h"

static Arena arena;
static licet_library *library;

static int open_all(void **state) {
  licet_report *report;
  (void)state;
  arena_open(&arena);
  int status = (int)licet_library_open("policies", NULL, &library, &report);
  licet_report_free(report);
  return status;
}

static int close_all(void **state) {
  (void)state;
  arena_close(&arena);
  licet_library_close(library);
  return 0;
}

static void a_thing_said_twice_has_one_number(void **state) {
  (void)state;
  Dictionary dictionary;
  dictionary_open(&dictionary, &arena);
  assert_int_equal(dictionary_find(&dictionary, TEXT("")), 0);
  for (uint32_t i = 1; i < 2000; i++)
    assert_int_equal(dictionary_find(&dictionary, text_of(arena_format(&arena, "%u", i * 7))), i);
  for (uint32_t i = 1; i < 2000; i++)
    assert_int_equal(dictionary_find(&dictionary, text_of(arena_format(&arena, "%u", i * 7))), i);
}

static const char request_a[] =
    "{\"id\":\"A\",\"payer\":\"Centene\",\"received\":\"2026-02-12T10:00:00Z\",\"facts\":{"
    "\"lineage\":{\"value\":\"t_cell\","
    "\"document\":\"chart-9\",\"date\":\"2026-01-01\"},\"prior_therapies\":[{\"agent\":"
    "\"imatinib\",\"document\":\"x\",\"date\":"
    "\"2025-01-01\"}]}}";
static const char request_b[] =
    "{\"payer\":\"Centene\",\"received\":\"2026-02-12\",\"start\":\"2026-02-20\",\"facts\":{"
    "\"lineage\":{\"document\":\"other\","
    "\"value\":\"t_cell\"},"
    "\"weight\":\"70 kg\"}}";

static void what_does_not_matter_is_left_out(void **state) {
  (void)state;
  Builder *builder = builder_open(library, 100);
  builder_begin(builder);
  assert_true(builder_add_json(builder, request_a, strlen(request_a)));
  assert_true(builder_add_json(builder, request_b, strlen(request_b)));
  const BulkTable *table = builder_table(builder);
  const Column *lineage = table_column(table, TEXT("lineage"), COLUMN_OF_FACTS),
               *received = table_column(table, TEXT("received"), COLUMN_OF_HEAD);
  assert_int_equal(column_code(lineage, 0), column_code(lineage, 1)); /* documents by other names */
  assert_int_equal(column_code(received, 0), column_code(received, 1));
  assert_false(builder_row_needs_exact(builder, 0) || builder_row_needs_exact(builder, 1));
  Buffer out;
  buffer_open(&out, &arena, 64);
  table_write_row(table, 0, &out);
  assert_string_equal(buffer_finish(&out),
                      "{\"id\":\"A\",\"payer\":\"Centene\",\"received\":\"2026-02-12\",\"start\":"
                      "\"2026-02-12\",\"facts\":{\"lineage\":{\"value\":"
                      "\"t_cell\",\"document\":\"d\"},\"prior_therapies\":[{\"agent\":\"imatinib\","
                      "\"document\":\"d\"}]}}");
  builder_close(builder);
}

static void what_is_not_in_order_is_odd(void **state) {
  static const char *const texts[] = {"",
                                      "[]",
                                      "{",
                                      "{\"facts\":[]}",
                                      "{\"payer\":\"A\",\"payer\":\"A\"}",
                                      "{\"facts\":{\"a\":1,\"a\":1}}",
                                      "{\"nonsense\":1}",
                                      "{\"id\":7}"};
  (void)state;
  Builder *builder = builder_open(library, 100);
  builder_begin(builder);
  for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    assert_true(builder_add_json(builder, texts[i], strlen(texts[i])));
    assert_true(builder_row_needs_exact(builder, i));
  }
  builder_close(builder);
}

static void ids_fill_a_table_and_are_not_remembered(void **state) {
  const uint32_t length = LIMIT_REQUEST_BYTES - 16, most = 2 * BUILDER_ID_BYTES_MOST / length;
  char *request = malloc(LIMIT_REQUEST_BYTES);
  (void)state;
  Builder *builder = builder_open(library, most);
  assert_true(request != NULL && builder != NULL);
  memset(request, 'i', LIMIT_REQUEST_BYTES);
  memcpy(request, "{\"id\":\"", 7);
  memcpy(request + length - 2, "\"}", 2);
  builder_begin(builder);
  const uint64_t generation = builder_table(builder)->generation;
  while (!builder_is_full(builder) && builder_rows(builder) < most)
    assert_true(builder_add_json(builder, request, length));
  assert_true(builder_is_full(builder));
  assert_in_range(builder_rows(builder), BUILDER_ID_BYTES_MOST / LIMIT_REQUEST_BYTES,
                  BUILDER_ID_BYTES_MOST / length + 1);
  builder_begin(builder);
  assert_false(builder_is_full(builder));
  assert_int_equal(builder_table(builder)->generation, generation);
  builder_close(builder);
  free(request);
}

static void tallies_merge_in_order(void **state) {
  (void)state;
  Tally a, b;
  tally_open(&a, &arena);
  tally_open(&b, &arena);
  for (int i = 0; i < 4; i++)
    tally_add(&a, TEXT("moved\tpend\tapprove"), 1, text_of(arena_format(&arena, "a%d", i)));
  for (int i = 0; i < 4; i++)
    tally_add(&b, TEXT("moved\tpend\tapprove"), 2, text_of(arena_format(&arena, "b%d", i)));
  tally_merge(&a, &b);
  assert_int_equal(a.entries.items[0].count, 12);
  assert_int_equal(a.entries.items[0].example_count, TALLY_EXAMPLES);
  assert_true(text_is(a.entries.items[0].examples[4], "b0"));
  assert_true(text_is(tally_field(a.entries.items[0].name, 2), "approve"));
  assert_int_equal(tally_field(a.entries.items[0].name, 3).length, 0);
}

static void an_example_is_kept_once(void **state) {
  (void)state;
  Tally a, b;
  tally_open(&a, &arena);
  tally_open(&b, &arena);
  for (int i = 0; i < 8; i++)
    tally_add(&a, TEXT("moved\tpend\tapprove"), 1, i < 7 ? TEXT("\"A-1\"") : TEXT("\"A-2\""));
  tally_add(&b, TEXT("moved\tpend\tapprove"), 1, TEXT("\"A-2\""));
  tally_merge(&a, &b);
  assert_int_equal(a.entries.items[0].count, 9);
  assert_int_equal(a.entries.items[0].example_count, 2);
}

static const char *converted_by(const CsvOptions *options, const char *header, const char *record) {
  const char *message = NULL;
  Buffer out;
  Csv *csv = csv_open(library, header, strlen(header), options, &arena, &message);
  if (csv == NULL) return message;
  buffer_open(&out, &arena, 64);
  return csv_write_request(csv, record, strlen(record), &arena, &out, &message)
             ? buffer_finish(&out)
             : message;
}

static const char *converted(const char *header, const char *record) {
  static const CsvOptions options = {0};
  return converted_by(&options, header, record);
}

static void records_become_requests(void **state) {
  (void)state;
  assert_string_equal(
      converted("id,payer,lineage\r\n", "7,\"Cent,\"\"ene\"\"\",t_cell\r\n"),
      "{\"id\":\"7\",\"payer\":\"Cent,\\\"ene\\\"\",\"facts\":{\"lineage\":\"t_cell\"}}");
  assert_string_equal(converted("lineage,lineage.document,lineage.source", "t_cell,lab-1,record"),
                      "{\"facts\":{\"lineage\":{\"value\":\"t_cell\",\"document\":\"lab-1\","
                      "\"source\":\"record\"}}}");
  assert_string_equal(
      converted("regimen_recommended,days_on_drug,weight", "yes,30,70 kg"),
      "{\"facts\":{\"regimen_recommended\":true,\"days_on_drug\":30,\"weight\":\"70 kg\"}}");
  assert_string_equal(converted("lineage", ""), "{\"facts\":{}}");
  assert_string_equal(converted("payer;lineage\r\n", "a,b;\"t_\"\"c;ell\"\r\n"),
                      "{\"payer\":\"a,b\",\"facts\":{\"lineage\":\"t_\\\"c;ell\"}}");
  assert_string_equal(converted("payer\tlineage", "a;b\tt_cell"),
                      "{\"payer\":\"a;b\",\"facts\":{\"lineage\":\"t_cell\"}}");
  assert_string_equal(converted("regimen_recommended", "TRUE"),
                      "{\"facts\":{\"regimen_recommended\":true}}");
  assert_string_equal(converted("regimen_recommended", "No"),
                      "{\"facts\":{\"regimen_recommended\":false}}");
  assert_string_equal(converted("lineage", "TRUE"), "{\"facts\":{\"lineage\":\"TRUE\"}}");
  assert_string_equal(
      converted("lineage,,mrd", ""),
      "column 2 of the header has no name; leave out row numbers, as pandas and R write "
      "them, with --ignore-columns ''");
  assert_string_equal(converted("linage", ""),
                      "the header names `linage`, which is not a fact; did you mean `lineage`?");
  assert_string_equal(converted("Payer,lineage", ""),
                      "the header names `Payer`, which is not a fact; did you mean `payer`?");
  assert_string_equal(
      converted("sep=;", ""),
      "the first line is 'sep=', which spreadsheets write, and not a header; remove it");
  assert_string_equal(converted("lineage,mrd", "t_cell"),
                      "a different number of fields than the header");
  assert_string_equal(converted("id,lineage", "J\xC3\xB6rg,t_cell"),
                      "{\"id\":\"J\xC3\xB6rg\",\"facts\":{\"lineage\":\"t_cell\"}}");
  assert_string_equal(converted("id,lineage", "J\xF6rg,t_cell"),
                      "text that is not UTF-8 (spreadsheets must be set to write UTF-8)");
  assert_string_equal(converted("lineage", "\"t_cell"),
                      "a quote that is not closed, or text outside quotes");
  assert_string_equal(converted("lineage,lineage", ""), "the header names `lineage` twice");
  assert_string_equal(converted("lineage.document", ""),
                      "the header has `lineage` but not the column it belongs to");
  assert_string_equal(converted("lineage,mrd", "t_cell,,,"),
                      "a different number of fields than the header");
  assert_string_equal(converted("days_on_drug", "18,5"),
                      "a different number of fields than the header");
  assert_string_equal(converted("days_on_drug", "18,\"\""),
                      "a different number of fields than the header");
  assert_string_equal(converted("days_on_drug", "18,"), "{\"facts\":{\"days_on_drug\":18}}");
  assert_int_equal(csv_record(',', "a,\"b\n\",c\nd", 11, false), 9);
  assert_int_equal(csv_record(',', "a,\"b\n", 5, false), 0);
  assert_int_equal(csv_record(';', "a;\"b\n\";c,\"\nd", 12, false), 11);
}

/* Before it there is memory of others. */
static void an_empty_record_is_read_from_its_first_byte_on(void **state) {
  (void)state;
  char *record = calloc(1, 1);
  assert_non_null(record);
  assert_string_equal(converted("lineage", record), "{\"facts\":{}}");
  free(record);
}

/* The table as a column file, to be freed. */
static char *file_of_table(const BulkTable *table, size_t *length) {
  char *bytes = NULL;
  ColumnWriter writer;
  FILE *out = open_memstream(&bytes, length);
  assert_true(column_writer_open(&writer, out));
  assert_true(column_writer_add(&writer, table));
  assert_true(column_writer_finish(&writer));
  column_writer_close(&writer);
  fclose(out);
  return bytes;
}

static Builder *builder_of_two(void) {
  Builder *builder = builder_open(library, 100);
  builder_begin(builder);
  assert_true(builder_add_json(builder, request_a, strlen(request_a)));
  assert_true(builder_add_json(builder, request_b, strlen(request_b)));
  return builder;
}

/* Every byte of a small file spoilt, and every length it can be cut to. */
static void no_spoilt_column_file_is_read(void **state) {
  (void)state;
  size_t length = 0;
  const char *message;
  Builder *builder = builder_of_two();
  char *bytes = file_of_table(builder_table(builder), &length);
  ColumnFile *file = column_file_over(bytes, length, &message);
  assert_non_null(file);
  assert_int_equal(column_file_rows(file), 2);
  ColumnSegment *segment = column_segment_open(file, 0, &message);
  assert_non_null(segment);
  for (uint32_t r = 0; r < 2; r++) {
    Buffer was, is;
    buffer_open(&was, &arena, 64);
    buffer_open(&is, &arena, 64);
    table_write_row(builder_table(builder), r, &was);
    table_write_row(column_segment_table(segment), r, &is);
    assert_string_equal(buffer_finish(&was), buffer_finish(&is));
  }
  column_segment_close(segment);
  column_file_close(file);
  for (size_t i = 0; i < length; i++) {
    bytes[i] ^= 0x10;
    assert_null(column_file_over(bytes, length, &message));
    assert_non_null(message);
    bytes[i] ^= 0x10;
    assert_null(column_file_over(bytes, i, &message));
  }
  free(bytes);
  builder_close(builder);
}

static void refuses_with(char *bytes, size_t length, size_t at, uint64_t number, size_t size) {
  char was[8];
  const char *message;
  memcpy(was, bytes + at, size);
  memcpy(bytes + at, &number, size);
  assert_null(column_file_over(bytes, length, &message));
  assert_string_equal(message, "damaged: a segment's checksum does not match");
  memcpy(bytes + at, was, size);
}

/* Numbers that would be fine by themselves: fewer rows, fewer columns, no ids. */
static void the_head_of_a_segment_is_under_its_checksum(void **state) {
  enum { ROWS_AT = 64, COLUMNS_AT = 68, IDS_AT = 80 };
  (void)state;
  size_t length = 0;
  const char *message;
  uint32_t columns;
  Builder *builder = builder_of_two();
  char *bytes = file_of_table(builder_table(builder), &length);
  memcpy(&columns, bytes + COLUMNS_AT, sizeof columns);
  refuses_with(bytes, length, ROWS_AT, 1, 4);
  refuses_with(bytes, length, COLUMNS_AT, columns - 1, 4);
  refuses_with(bytes, length, IDS_AT, 0, 8);
  ColumnFile *file = column_file_over(bytes, length, &message);
  assert_non_null(file);
  column_file_close(file);
  free(bytes);
  builder_close(builder);
}

/* Column files that nobody packs, put together by hand: a row each, the columns as they are here.
 */
typedef struct Said {
  const char *name, *entry;
  ColumnPlace place;
} Said;

static char *file_of_row(const Said *said, uint32_t count, const char *id, size_t *length) {
  static const uint32_t codes[1] = {1};
  Text entries[16][2] = {0};
  Column columns[16] = {0};
  const uint32_t id_end = (uint32_t)strlen(id);
  assert_true(count <= 16);
  for (uint32_t i = 0; i < count; i++) {
    entries[i][1] = text_of(said[i].entry);
    columns[i] = (Column){.name = text_of(said[i].name),
                          .place = said[i].place,
                          .entries = entries[i],
                          .entry_count = 2,
                          .form = CODES_32,
                          .codes32 = codes};
  }
  return file_of_table(
      &(BulkTable){
          .rows = 1, .columns = columns, .column_count = count, .id_ends = &id_end, .ids = id},
      length);
}

/* NULL where the file is read, else what is said against it. */
static const char *refusal_of(const Said *said, uint32_t count, const char *id) {
  size_t length;
  const char *message = NULL;
  char *bytes = file_of_row(said, count, id, &length);
  column_file_close(column_file_over(bytes, length, &message));
  free(bytes);
  return message;
}

static void a_key_that_no_request_has_is_refused(void **state) {
  static const Said said[] = {{"payer", "\"Centene\"", COLUMN_OF_HEAD},
                              {"nonsense", "1", COLUMN_OF_HEAD},
                              {"nonsense", "1", COLUMN_OF_FACTS}};
  (void)state;
  assert_null(refusal_of(said, 1, ""));
  assert_string_equal(refusal_of(said, 2, ""), "a column is marked as an unknown request key");
  assert_null(refusal_of(&said[2], 1, ""));
}

static void an_id_that_is_no_text_is_refused(void **state) {
  static const char *const texts[] = {"", "\"A\"", "\"a\\\"b\\u00e9\"", "\"\303\251\""};
  static const char *const others[] = {"7",
                                       "null",
                                       "\"",
                                       "\"\"",
                                       "\"a",
                                       "a\"",
                                       " \"a\"",
                                       "\"a\" ",
                                       "\"a\"\"b\"",
                                       "\"a\\\"",
                                       "xa,}b\"\n",
                                       "\"a\nb\"",
                                       "\"a\",\"b\":\"\"",
                                       "\"\303\"",
                                       "\"\\x\"",
                                       "[\"a\"]"};
  static const Said said[] = {{"payer", "\"Centene\"", COLUMN_OF_HEAD}};
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    assert_null(refusal_of(said, 1, texts[i]));
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    const char *message = refusal_of(said, 1, others[i]);
    if (message == NULL) fail_msg("read: %s", others[i]);
    assert_string_equal(message, "damaged: an id is not a JSON string");
  }
}

static void a_segment_spoilt_since_says_what_is_wrong(void **state) {
  enum { NAME_LENGTH_AT = 64 + 32 + 24 };
  (void)state;
  size_t length = 0;
  const char *message;
  const uint32_t too_long = 5000;
  Builder *builder = builder_of_two();
  char *bytes = file_of_table(builder_table(builder), &length);
  ColumnFile *file = column_file_over(bytes, length, &message);
  assert_non_null(file);
  memcpy(bytes + NAME_LENGTH_AT, &too_long, sizeof too_long);
  assert_null(column_segment_open(file, 0, &message));
  assert_string_equal(message, "damaged: a column has no name");
  column_file_close(file);
  free(bytes);
  builder_close(builder);
}

/* The numbers of the verdicts of the first two rows. */
static void verdicts_of(const BulkTable *table, uint16_t *numbers) {
  static uint16_t space[PROGRAM_BLOCK_ROWS];
  uint16_t *const verdicts[] = {space};
  const Target target = {NULL, DATE_NONE, ""};
  Plan *plan = plan_open(library, &target, 1, false);
  Binder *binder = binder_open(plan, PROGRAM_PORTABLE);
  assert_true(binder_bind(binder, table));
  assert_true(binder_run(binder, table, 0, 2, verdicts));
  memcpy(numbers, space, 2 * sizeof *numbers);
  binder_close(binder);
  plan_close(plan);
}

/* Of a request, that is the day it was received (decide/request.h); a column that does not say so
 * is not taken at its word. */
static void a_row_that_does_not_say_when_it_starts_is_left_to_the_exact_reader(void **state) {
  static const char request[] =
      "{\"payer\":\"Centene\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\",\"kind\":\"initial\","
      "\"received\":\"2026-02-12\","
      "\"facts\":{}}";
  static const uint32_t first_says[] = {1, 0};
  (void)state;
  uint16_t numbers[2];
  Builder *builder = builder_open(library, 100);
  builder_begin(builder);
  for (int i = 0; i < 2; i++) assert_true(builder_add_json(builder, request, strlen(request)));
  const BulkTable *full = builder_table(builder);
  verdicts_of(full, numbers);
  assert_true(numbers[0] != 0 && numbers[1] != 0);

  Column columns[64];
  BulkTable table = *full;
  assert_true(full->column_count <= 64);
  memcpy(columns, full->columns, full->column_count * sizeof *columns);
  table.columns = columns;
  Column *start = &columns[table_column(full, TEXT("start"), COLUMN_OF_HEAD) - full->columns];
  *start = (Column){.name = start->name,
                    .place = COLUMN_OF_HEAD,
                    .entries = start->entries,
                    .entry_count = 2,
                    .form = CODES_32};
  start->codes32 = first_says;
  verdicts_of(&table, numbers);
  assert_true(numbers[0] != 0 && numbers[1] == 0);

  *start = (Column){.name = start->name, .place = COLUMN_OF_HEAD};
  verdicts_of(&table, numbers);
  assert_true(numbers[0] == 0 && numbers[1] == 0);
  builder_close(builder);
}

/* A file of so many segments of two rows, checked and mapped; how much memory that took. */
static ColumnFile *file_of(uint32_t segments, char **bytes, size_t *held) {
  size_t length = 0;
  const char *message;
  ColumnWriter writer;
  Builder *builder = builder_open(library, 100);
  FILE *out = open_memstream(bytes, &length);
  assert_true(column_writer_open(&writer, out));
  for (uint32_t i = 0; i < segments; i++) {
    builder_begin(builder);
    assert_true(builder_add_json(builder, request_a, strlen(request_a)));
    assert_true(builder_add_json(builder, request_b, strlen(request_b)));
    assert_true(column_writer_add(&writer, builder_table(builder)));
  }
  assert_true(column_writer_finish(&writer));
  column_writer_close(&writer);
  builder_close(builder);
  fclose(out);
  *held = memory_held();
  ColumnFile *file = column_file_over(*bytes, length, &message);
  *held = memory_held() - *held;
  assert_non_null(file);
  assert_int_equal(column_file_segments(file), segments);
  assert_int_equal(column_file_rows(file), 2 * segments);
  return file;
}

static void no_more_is_held_of_a_column_file_than_the_open_segments(void **state) {
  (void)state;
  char *few_bytes, *many_bytes;
  size_t few_held, many_held;
  ColumnFile *few = file_of(2, &few_bytes, &few_held),
             *many = file_of(200, &many_bytes, &many_held);
  assert_int_equal(few_held, many_held);
  const size_t before = memory_held();
  for (uint32_t i = 0; i < 200; i++) {
    const char *message;
    ColumnSegment *segment = column_segment_open(many, i, &message);
    assert_int_equal(column_segment_table(segment)->rows, 2);
    column_segment_close(column_segment_share(segment));
    assert_true(memory_held() > before);
    column_segment_close(segment);
    assert_int_equal(memory_held(), before);
  }
  column_file_close(few);
  column_file_close(many);
  free(few_bytes);
  free(many_bytes);
}

static void exports_of_other_programs_become_requests(void **state) {
  static const char *const nulls[] = {"NA", "NaN", NULL}, *const ignored[] = {"", "note", NULL};
  static const char *const names[] = {"Member Weight=weight", "a=b=lineage", NULL};
  static const char *const units[] = {"weight=kg", NULL};
  const CsvOptions options = {{0}, nulls, ignored, names, units, "%m/%d/%Y"};
  const char *header = ",Member Weight,a=b,note,received,birth_date";
  (void)state;
  assert_string_equal(converted_by(&options, header, "1,70.5,t_cell,\"x, y\",2/12/2026,12/1/1960"),
                      "{\"received\":\"2026-02-12\",\"facts\":{\"weight\":\"70.5 kg\",\"lineage\":"
                      "\"t_cell\",\"birth_date\":\"1960-12-01\"}}");
  assert_string_equal(converted_by(&options, header, "2,NA,\"NA\",NaN,NaN,2026-02-12"),
                      "{\"facts\":{\"lineage\":\"NA\",\"birth_date\":\"2026-02-12\"}}");
  assert_string_equal(converted_by(&options, header, "3,154 lb,,,13/12/2026,"),
                      "{\"received\":\"13/12/2026\",\"facts\":{\"weight\":\"154 lb\"}}");
  assert_string_equal(converted_by(&options, "lineage", ""),
                      "--map 'Member Weight=weight': the header has no such column");
  static const char *const wrong[] = {"weight=cm", NULL};
  assert_string_equal(converted_by(&(CsvOptions){.units = wrong}, "weight", ""),
                      "'cm' is not a unit of `weight`");
  assert_string_equal(converted("regimen_recommended", "t"),
                      "{\"facts\":{\"regimen_recommended\":true}}");
  assert_string_equal(converted("regimen_recommended", "0"),
                      "{\"facts\":{\"regimen_recommended\":false}}");
  assert_non_null(strstr(converted_by(&(CsvOptions){.date_format = "%d/%m"}, "id", ""),
                         "--date-format '%d/%m': expected"));
}

static void entries_of_lists_have_columns(void **state) {
  const char *header =
      "prior_therapies[2].agent,id,prior_therapies[1].agent,"
      "prior_therapies[2].systemic,prior_therapies[10].agent";
  (void)state;
  assert_string_equal(converted(header, "imatinib,1,dasatinib,TRUE,ponatinib"),
                      "{\"id\":\"1\",\"facts\":{\"prior_therapies\":[{\"agent\":\"dasatinib\"},{"
                      "\"agent\":\"imatinib\",\"systemic\":true},{\"agent\":\"ponatinib\"}]}}");
  assert_string_equal(converted(header, ",1,,f,"),
                      "{\"id\":\"1\",\"facts\":{\"prior_therapies\":[{\"systemic\":false}]}}");
  assert_string_equal(converted(header, ",1,,,"), "{\"id\":\"1\",\"facts\":{}}");
  assert_string_equal(converted("prior_therapies,prior_therapies[1].agent", ""),
                      "the header has `prior_therapies` both as one column and by its fields");
  assert_string_equal(converted("prior_therapies[1].agent,prior_therapies[1].agent", ""),
                      "the header names `prior_therapies[1].agent` twice");
  assert_non_null(strstr(converted("prior_therapies[1].agnt", ""), "which is not a fact"));
  assert_non_null(strstr(converted("prior_therapies[x].agent", ""), "which is not a fact"));
}

static const char *day(const char *format, const char *text) {
  static char written[11];
  Date date;
  if (!csv_date_parse(format, text_of(text), &date)) return "none";
  date_write(date, written);
  return written;
}

static void days_are_read_as_other_programs_write_them(void **state) {
  (void)state;
  assert_string_equal(day("%m/%d/%Y", "2/9/2026"), "2026-02-09");
  assert_string_equal(day("%m/%d/%Y", "02/30/2026"), "none");
  assert_string_equal(day("%m/%d/%Y", "13/02/2026"), "none");
  assert_string_equal(day("%m/%d/%Y", "02/12/26"), "none");
  assert_string_equal(day("%m/%d/%Y", "02/12/2026 "), "none");
  assert_string_equal(day("%d%b%Y", "12FEB2026"), "2026-02-12");
  assert_string_equal(day("%d%b%Y", "12FEX2026"), "none");
  assert_string_equal(day("%Y-%m-%d %H:%M:%S%z", "2026-02-12 08:30:00+00"), "2026-02-12");
  assert_string_equal(day("%Y-%m-%d %H:%M:%S%z", "2026-02-12 23:30:00.25-05:30"), "2026-02-12");
  assert_string_equal(day("%m/%d/%Y %I:%M %p", "2/12/2026 8:30 AM"), "2026-02-12");
  assert_string_equal(day("%m/%d/%Y %I:%M %p", "2/12/2026 18:30 AM"), "none");
  assert_true(csv_date_format_is_sound("%Y%m%d"));
  assert_false(csv_date_format_is_sound("%Y%m"));
  assert_false(csv_date_format_is_sound("%Y%m%d%"));
  assert_false(csv_date_format_is_sound("%y%m%d"));
  assert_false(csv_date_format_is_sound("%Y%m%b%d"));
}

/* Two segments in a file that shrinks, or is written over, while it is open. */
static void a_file_that_changes_is_refused(void **state) {
  static const char request[] = "{\"id\":\"A\",\"payer\":\"Centene\",\"facts\":{}}";
  const char *message;
  char path[] = "/tmp/licet-columns-XXXXXX";
  const int fd = mkstemp(path);
  FILE *out = fdopen(fd, "w+b");
  ColumnWriter writer;
  (void)state;
  Builder *builder = builder_open(library, 64);
  assert_non_null(builder);
  assert_true(column_writer_open(&writer, out));
  for (int i = 0; i < 2; i++) {
    builder_begin(builder);
    assert_true(builder_add_json(builder, request, sizeof request - 1));
    assert_true(column_writer_add(&writer, builder_table(builder)));
  }
  assert_true(column_writer_finish(&writer));
  ColumnFile *file = column_file_open(path, &message);
  assert_non_null(file);
  ColumnSegment *segment = column_segment_open(file, 0, &message);
  assert_non_null(segment);
  assert_int_equal(pwrite(fd, "#", 1, 64 + 40), 1);
  assert_null(column_segment_open(file, 0, &message));
  assert_string_equal(message, "changed or became shorter while it was read");
  assert_int_equal(ftruncate(fd, 100), 0);
  assert_null(column_segment_open(file, 1, &message));
  assert_int_equal(column_segment_table(segment)->rows, 1); /* what was read stands */
  column_segment_close(segment);
  column_file_close(file);
  column_writer_close(&writer);
  builder_close(builder);
  fclose(out);
  unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_thing_said_twice_has_one_number),
      cmocka_unit_test(what_does_not_matter_is_left_out),
      cmocka_unit_test(what_is_not_in_order_is_odd),
      cmocka_unit_test(ids_fill_a_table_and_are_not_remembered),
      cmocka_unit_test(tallies_merge_in_order),
      cmocka_unit_test(an_example_is_kept_once),
      cmocka_unit_test(records_become_requests),
      cmocka_unit_test(exports_of_other_programs_become_requests),
      cmocka_unit_test(entries_of_lists_have_columns),
      cmocka_unit_test(a_file_that_changes_is_refused),
      cmocka_unit_test(an_empty_record_is_read_from_its_first_byte_on),
      cmocka_unit_test(days_are_read_as_other_programs_write_them),
      cmocka_unit_test(no_spoilt_column_file_is_read),
      cmocka_unit_test(the_head_of_a_segment_is_under_its_checksum),
      cmocka_unit_test(a_key_that_no_request_has_is_refused),
      cmocka_unit_test(an_id_that_is_no_text_is_refused),
      cmocka_unit_test(a_segment_spoilt_since_says_what_is_wrong),
      cmocka_unit_test(a_row_that_does_not_say_when_it_starts_is_left_to_the_exact_reader),
      cmocka_unit_test(no_more_is_held_of_a_column_file_than_the_open_segments),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
