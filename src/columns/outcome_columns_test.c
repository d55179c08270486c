/* Outcomes as columns, against the same as lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "columns/column_file.h"
#include "licet/bulk.h"

static char folder[] = "/tmp/licet-outcomes-XXXXXX";
static char lines_path[64], columns_path[64];
static licet_library *library;

static int open_all(void **state) {
  licet_report *report;
  (void)state;
  int status = (int)licet_library_open("policies", NULL, &library, &report);
  licet_report_free(report);
  if (mkdtemp(folder) == NULL) return -1;
  snprintf(lines_path, sizeof lines_path, "%s/outcomes.ndjson", folder);
  snprintf(columns_path, sizeof columns_path, "%s/outcomes.columns", folder);
  return status;
}

static int close_all(void **state) {
  (void)state;
  unlink(lines_path);
  unlink(columns_path);
  rmdir(folder);
  licet_library_close(library);
  return 0;
}

static licet_status run_to(const char *output, const char *input, const char *const *policies,
                           const char *checkpoint) {
  licet_bulk_options options = {.input = input,
                                .input_format = LICET_BULK_NDJSON,
                                .output = output,
                                .policies = policies,
                                .checkpoint = checkpoint};
  licet_bulk_result *result;
  licet_status status = licet_bulk_run(library, &options, &result);
  licet_bulk_result_free(result);
  return status;
}

/* The value of a member of a flat object without commas in its texts; empty where it is null or
 * missing. */
static Text member(const char *line, const char *name) {
  char key[32];
  snprintf(key, sizeof key, "\"%s\":", name);
  const char *at = strstr(line, key);
  if (at == NULL || strncmp(at + strlen(key), "null", 4) == 0) return (Text){"", 0};
  at += strlen(key);
  return (Text){at, (uint32_t)strcspn(at, ",}\n")};
}

static Text entry(const BulkTable *table, const char *name, uint32_t row) {
  const Column *column = table_column(table, text_of(name), COLUMN_OF_FACTS);
  return column == NULL ? (Text){"", 0} : column->entries[column_code(column, row)];
}

static void must_be_equal(Text a, Text b, const char *line) {
  if (!text_equal(a, b)) fail_msg("%.*s in columns, in lines %s", (int)b.length, b.at, line);
}

static void compare(const char *const *policies, uint32_t expected) {
  static const char *const names[] = {"line",   "by",      "policy",         "version", "outcome",
                                      "reason", "pathway", "version_digest", "engine"};
  char line[1024];
  const char *message;
  assert_int_equal(run_to(lines_path, "examples/requests.ndjson", policies, NULL), LICET_OK);
  assert_int_equal(run_to(columns_path, "examples/requests.ndjson", policies, NULL), LICET_OK);
  ColumnFile *file = column_file_open(columns_path, &message);
  assert_non_null(file);
  assert_int_equal(column_file_rows(file), expected);
  ColumnSegment *segment = column_segment_open(file, 0, &message);
  assert_non_null(segment);
  const BulkTable *table = column_segment_table(segment);
  FILE *lines = fopen(lines_path, "r");
  for (uint32_t row = 0; row < expected; row++) {
    assert_non_null(fgets(line, sizeof line, lines));
    must_be_equal(member(line, "request"), table_id(table, row), line);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
      must_be_equal(member(line, names[i]), entry(table, names[i], row), line);
  }
  fclose(lines);
  column_segment_close(segment);
  column_file_close(file);
}

static void columns_say_what_lines_say(void **state) {
  (void)state;
  compare(NULL, 10);
}

static void several_policies_are_reported_apart(void **state) {
  static const char *const policies[] = {"OHSU-0382", "CP.PHAR.312@2026-01-01", NULL};
  (void)state;
  compare(policies, 20);
}

/* As long as a request may be: the line of its outcome is longer. */
static void write_longest_request(const char *path) {
  static const char rest[] =
      "\",\"payer\":\"OHSU\",\"drug\":\"blinatumomab\",\"line\":\"medicaid\",\"kind\":\"initial\","
      "\"received\":\"2026-02-12\",\"facts\":{}}";
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs("{\"id\":\"", file);
  for (size_t i = 7 + strlen(rest); i < LIMIT_REQUEST_BYTES; i++) fputc('i', file);
  fprintf(file, "%s\n", rest);
  fclose(file);
}

static void the_outcome_of_the_longest_request_has_its_row(void **state) {
  const char *message;
  (void)state;
  write_longest_request(lines_path);
  assert_int_equal(run_to(columns_path, lines_path, NULL, NULL), LICET_OK);
  ColumnFile *file = column_file_open(columns_path, &message);
  assert_non_null(file);
  assert_int_equal(column_file_rows(file), 1);
  ColumnSegment *segment = column_segment_open(file, 0, &message);
  assert_non_null(segment);
  const BulkTable *table = column_segment_table(segment);
  assert_in_range(table_id(table, 0).length, LIMIT_REQUEST_BYTES - 200, LIMIT_REQUEST_BYTES);
  assert_true(text_is(entry(table, "outcome", 0), "\"no_policy\""));
  column_segment_close(segment);
  column_file_close(file);
}

static void no_requests_are_no_rows(void **state) {
  const char *message;
  (void)state;
  assert_int_equal(run_to(columns_path, "/dev/null", NULL, NULL),
                   LICET_BAD_REQUEST); /* nothing is decided */
  ColumnFile *file = column_file_open(columns_path, &message);
  assert_non_null(file);
  assert_int_equal(column_file_rows(file), 0);
  column_file_close(file);
}

static void a_checkpoint_is_refused(void **state) {
  (void)state;
  assert_int_equal(
      run_to(columns_path, "examples/requests.ndjson", NULL, "/nonexistent/checkpoint"),
      LICET_BAD_OPTIONS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_say_what_lines_say),
      cmocka_unit_test(several_policies_are_reported_apart),
      cmocka_unit_test(the_outcome_of_the_longest_request_has_its_row),
      cmocka_unit_test(no_requests_are_no_rows),
      cmocka_unit_test(a_checkpoint_is_refused),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
