/* Tables, tallies, CSV and column files. */
#include "bulk/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulk/builder.h"
#include "bulk/column_file.h"
#include "bulk/csv.h"
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
  assert_false(ARENA_GUARD(&arena));
  dictionary_open(&dictionary, &arena);
  assert_int_equal(dictionary_find(&dictionary, TEXT("")), 0);
  for (uint32_t i = 1; i < 2000; i++) assert_int_equal(dictionary_find(&dictionary, text_of(arena_format(&arena, "%u", i * 7))), i);
  for (uint32_t i = 1; i < 2000; i++) assert_int_equal(dictionary_find(&dictionary, text_of(arena_format(&arena, "%u", i * 7))), i);
}

static const char request_a[] =
    "{\"id\":\"A\",\"payer\":\"Centene\",\"received\":\"2026-02-12T10:00:00Z\",\"facts\":{\"lineage\":{\"value\":\"t_cell\","
    "\"document\":\"chart-9\",\"date\":\"2026-01-01\"},\"prior_therapies\":[{\"agent\":\"imatinib\",\"document\":\"x\",\"date\":"
    "\"2025-01-01\"}]}}";
static const char request_b[] =
    "{\"payer\":\"Centene\",\"received\":\"2026-02-12\",\"start\":\"2026-02-20\",\"facts\":{\"lineage\":{\"document\":\"other\","
    "\"value\":\"t_cell\"},"
    "\"weight\":\"70 kg\"}}";

static void what_does_not_matter_is_left_out(void **state) {
  (void)state;
  Builder *builder = builder_open(library, 100);
  assert_true(builder_begin(builder));
  assert_true(builder_add_json(builder, request_a, strlen(request_a)));
  assert_true(builder_add_json(builder, request_b, strlen(request_b)));
  const BulkTable *table = builder_table(builder);
  const Column *lineage = table_column(table, TEXT("lineage"), false), *received = table_column(table, TEXT("received"), true);
  assert_int_equal(column_code(lineage, 0), column_code(lineage, 1)); /* documents by other names */
  assert_int_equal(column_code(received, 0), column_code(received, 1));
  assert_false(builder_row_is_odd(builder, 0) || builder_row_is_odd(builder, 1));
  assert_false(ARENA_GUARD(&arena));
  Buffer out;
  buffer_open(&out, &arena, 64);
  table_write_row(table, 0, &out);
  assert_string_equal(
      buffer_finish(&out),
      "{\"id\":\"A\",\"payer\":\"Centene\",\"received\":\"2026-02-12\",\"start\":\"2026-02-12\",\"facts\":{\"lineage\":{\"value\":"
      "\"t_cell\",\"document\":\"d\"},\"prior_therapies\":[{\"agent\":\"imatinib\",\"document\":\"d\"}]}}");
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
  assert_true(builder_begin(builder));
  for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    assert_true(builder_add_json(builder, texts[i], strlen(texts[i])));
    assert_true(builder_row_is_odd(builder, i));
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
  assert_true(builder_begin(builder));
  const uint64_t generation = builder_table(builder)->generation;
  while (!builder_is_full(builder) && builder_rows(builder) < most) assert_true(builder_add_json(builder, request, length));
  assert_true(builder_is_full(builder));
  assert_in_range(builder_rows(builder), BUILDER_ID_BYTES_MOST / LIMIT_REQUEST_BYTES, BUILDER_ID_BYTES_MOST / length + 1);
  assert_true(builder_begin(builder));
  assert_false(builder_is_full(builder));
  assert_int_equal(builder_table(builder)->generation, generation);
  builder_close(builder);
  free(request);
}

static void tallies_merge_in_order(void **state) {
  (void)state;
  Tally a, b;
  assert_false(ARENA_GUARD(&arena));
  tally_open(&a, &arena);
  tally_open(&b, &arena);
  for (int i = 0; i < 4; i++) tally_add(&a, TEXT("moved\tpend\tapprove"), 1, text_of(arena_format(&arena, "a%d", i)));
  for (int i = 0; i < 4; i++) tally_add(&b, TEXT("moved\tpend\tapprove"), 2, text_of(arena_format(&arena, "b%d", i)));
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
  assert_false(ARENA_GUARD(&arena));
  tally_open(&a, &arena);
  tally_open(&b, &arena);
  for (int i = 0; i < 8; i++) tally_add(&a, TEXT("moved\tpend\tapprove"), 1, i < 7 ? TEXT("\"A-1\"") : TEXT("\"A-2\""));
  tally_add(&b, TEXT("moved\tpend\tapprove"), 1, TEXT("\"A-2\""));
  tally_merge(&a, &b);
  assert_int_equal(a.entries.items[0].count, 9);
  assert_int_equal(a.entries.items[0].example_count, 2);
}

static const char *converted(const char *header, const char *record) {
  const char *message = NULL;
  Buffer out;
  Csv *csv = csv_open(library, header, strlen(header), TEXT(""), &arena, &message);
  if (csv == NULL) return message;
  buffer_open(&out, &arena, 64);
  return csv_write_request(csv, record, strlen(record), &out, &message) ? buffer_finish(&out) : message;
}

static void records_become_requests(void **state) {
  (void)state;
  assert_false(ARENA_GUARD(&arena));
  assert_string_equal(converted("id,payer,lineage\r\n", "7,\"Cent,\"\"ene\"\"\",t_cell\r\n"),
                      "{\"id\":\"7\",\"payer\":\"Cent,\\\"ene\\\"\",\"facts\":{\"lineage\":\"t_cell\"}}");
  assert_string_equal(converted("lineage,lineage.document,lineage.source", "t_cell,lab-1,record"),
                      "{\"facts\":{\"lineage\":{\"value\":\"t_cell\",\"document\":\"lab-1\",\"source\":\"record\"}}}");
  assert_string_equal(converted("regimen_recommended,days_on_drug,weight", "yes,30,70 kg"),
                      "{\"facts\":{\"regimen_recommended\":true,\"days_on_drug\":30,\"weight\":\"70 kg\"}}");
  assert_string_equal(converted("lineage", ""), "{\"facts\":{}}");
  assert_string_equal(converted("payer;lineage\r\n", "a,b;\"t_\"\"c;ell\"\r\n"),
                      "{\"payer\":\"a,b\",\"facts\":{\"lineage\":\"t_\\\"c;ell\"}}");
  assert_string_equal(converted("payer\tlineage", "a;b\tt_cell"), "{\"payer\":\"a;b\",\"facts\":{\"lineage\":\"t_cell\"}}");
  assert_string_equal(converted("regimen_recommended", "TRUE"), "{\"facts\":{\"regimen_recommended\":true}}");
  assert_string_equal(converted("regimen_recommended", "No"), "{\"facts\":{\"regimen_recommended\":false}}");
  assert_string_equal(converted("lineage", "TRUE"), "{\"facts\":{\"lineage\":\"TRUE\"}}");
  assert_string_equal(converted("lineage,,mrd", ""), "column 2 of the header has no name");
  assert_string_equal(converted("linage", ""), "the header names `linage`, which is no fact; did you mean `lineage`?");
  assert_string_equal(converted("Payer,lineage", ""), "the header names `Payer`, which is no fact; did you mean `payer`?");
  assert_string_equal(converted("sep=;", ""), "the first line is no header but 'sep=', which spreadsheets write; leave it out");
  assert_string_equal(converted("lineage,mrd", "t_cell"), "another number of fields than the header has");
  assert_string_equal(converted("id,lineage", "J\xC3\xB6rg,t_cell"), "{\"id\":\"J\xC3\xB6rg\",\"facts\":{\"lineage\":\"t_cell\"}}");
  assert_string_equal(converted("id,lineage", "J\xF6rg,t_cell"), "text that is not UTF-8, as spreadsheets write it unless told to");
  assert_string_equal(converted("lineage", "\"t_cell"), "quotes that do not close, or text around them");
  assert_string_equal(converted("lineage,lineage", ""), "the header names `lineage` twice");
  assert_string_equal(converted("lineage.document", ""), "the header has `lineage` beside no column of that name");
  assert_int_equal(csv_record(',', "a,\"b\n\",c\nd", 11, false), 9);
  assert_int_equal(csv_record(',', "a,\"b\n", 5, false), 0);
  assert_int_equal(csv_record(';', "a;\"b\n\";c,\"\nd", 12, false), 11);
}

/* Every byte of a small file spoilt, and every length it can be cut to. */
static void no_spoilt_column_file_is_read(void **state) {
  (void)state;
  char *bytes = NULL;
  size_t length = 0;
  const char *message;
  ColumnWriter writer;
  Builder *builder = builder_open(library, 100);
  assert_true(builder_begin(builder));
  assert_true(builder_add_json(builder, request_a, strlen(request_a)));
  assert_true(builder_add_json(builder, request_b, strlen(request_b)));
  FILE *out = open_memstream(&bytes, &length);
  assert_true(column_writer_open(&writer, out));
  assert_true(column_writer_add(&writer, builder_table(builder)));
  assert_true(column_writer_finish(&writer));
  column_writer_close(&writer);
  fclose(out);
  ColumnFile *file = column_file_over(bytes, length, &message);
  assert_non_null(file);
  assert_int_equal(column_file_rows(file), 2);
  ColumnSegment *segment = column_segment_open(file, 0);
  assert_non_null(segment);
  for (uint32_t r = 0; r < 2; r++) {
    Buffer was, is;
    assert_false(ARENA_GUARD(&arena));
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

/* A file of so many segments of two rows, checked and mapped; how much memory that took. */
static ColumnFile *file_of(uint32_t segments, char **bytes, size_t *held) {
  size_t length = 0;
  const char *message;
  ColumnWriter writer;
  Builder *builder = builder_open(library, 100);
  FILE *out = open_memstream(bytes, &length);
  assert_true(column_writer_open(&writer, out));
  for (uint32_t i = 0; i < segments; i++) {
    assert_true(builder_begin(builder));
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
  ColumnFile *few = file_of(2, &few_bytes, &few_held), *many = file_of(200, &many_bytes, &many_held);
  assert_int_equal(few_held, many_held);
  const size_t before = memory_held();
  for (uint32_t i = 0; i < 200; i++) {
    ColumnSegment *segment = column_segment_open(many, i);
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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_thing_said_twice_has_one_number),
      cmocka_unit_test(what_does_not_matter_is_left_out),
      cmocka_unit_test(what_is_not_in_order_is_odd),
      cmocka_unit_test(ids_fill_a_table_and_are_not_remembered),
      cmocka_unit_test(tallies_merge_in_order),
      cmocka_unit_test(an_example_is_kept_once),
      cmocka_unit_test(records_become_requests),
      cmocka_unit_test(no_spoilt_column_file_is_read),
      cmocka_unit_test(no_more_is_held_of_a_column_file_than_the_open_segments),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
