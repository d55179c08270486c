/* A run and a packing whose every allocation fails in turn; what both make of the same bad
 * requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "licet/bulk.h"

typedef licet_status Work(const licet_library *library, const licet_bulk_options *options,
                          licet_bulk_result **result);

static char folder[] = "/tmp/licet-run-XXXXXX";
static char output_path[64], first_path[64], rejects_path[64], input_path[64];
static licet_library *library;

static int open_all(void **state) {
  licet_report *report;
  (void)state;
  int status = (int)licet_library_open("policies", NULL, &library, &report);
  licet_report_free(report);
  if (mkdtemp(folder) == NULL) return -1;
  snprintf(input_path, sizeof input_path, "%s/input", folder);
  snprintf(output_path, sizeof output_path, "%s/output", folder);
  snprintf(first_path, sizeof first_path, "%s/output.new", folder);
  snprintf(rejects_path, sizeof rejects_path, "%s/rejects", folder);
  return status;
}

static int close_all(void **state) {
  (void)state;
  unlink(input_path);
  unlink(output_path);
  unlink(rejects_path);
  rmdir(folder);
  licet_library_close(library);
  return 0;
}

static void write_input(const char *text) {
  FILE *out = fopen(input_path, "w");
  assert_non_null(out);
  fputs(text, out);
  fclose(out);
}

static char *read_all(const char *path) {
  char *text = calloc(1, 1 << 16);
  FILE *in = fopen(path, "r");
  assert_non_null(text);
  assert_non_null(in);
  assert_true(fread(text, 1, (1 << 16) - 1, in) > 0);
  fclose(in);
  return text;
}

static licet_bulk_options options_for(licet_bulk_format format) {
  return (licet_bulk_options){.input = input_path,
                              .input_format = format,
                              .output = output_path,
                              .rejects = rejects_path,
                              .threads = 1};
}

/* ---- Bad requests ---- */

static const char bad_lines[] =
    "{\"id\":1}\n{\"payer\":\"Centene\",\"drug\":\"blinatumomab\",\"facts\":{\"linage\":\"x\"}}"
    "\n\nno request\n";
static const char bad_records[] =
    "id,payer,drug,lineage\nA,Centene,blinatumomab,nonsense\nB,Centene\n\"C,Centene,blinatumomab,"
    "\n";

static char *rejects_of(Work *work, licet_bulk_format format) {
  const licet_bulk_options options = options_for(format);
  licet_bulk_result *result;
  assert_int_equal(work(library, &options, &result), LICET_BAD_REQUEST); /* all of them are bad */
  assert_int_equal(licet_bulk_result_rejected(result), 3);
  licet_bulk_result_free(result);
  return read_all(rejects_path);
}

static void are_rejected_alike(const char *input, licet_bulk_format format) {
  write_input(input);
  char *run = rejects_of(licet_bulk_run, format), *packed = rejects_of(licet_bulk_pack, format);
  assert_string_equal(run, packed);
  assert_non_null(strstr(run, ",\"errors\":["));
  free(run);
  free(packed);
}

static void packing_rejects_what_a_run_rejects(void **state) {
  (void)state;
  are_rejected_alike(bad_lines, LICET_BULK_NDJSON);
  are_rejected_alike(bad_records, LICET_BULK_CSV);
}

static char *reported_by(Work *work, licet_bulk_format format) {
  licet_bulk_options options = options_for(format);
  licet_bulk_result *result;
  options.strict = 1;
  assert_int_equal(work(library, &options, &result), LICET_BAD_REQUEST);
  assert_int_equal(licet_bulk_result_rejected(result), 1);
  char *reported = strdup(licet_bulk_result_message(result));
  licet_bulk_result_free(result);
  assert_non_null(reported);
  return reported;
}

/* A run that continues past bad requests reports the first of them, with the words in which a
 * strict one ends. */
static void tells_the_first(Work *work, const char *reported) {
  licet_bulk_options options = options_for(LICET_BULK_NDJSON);
  licet_bulk_result *result;
  assert_int_equal(work(library, &options, &result), LICET_BAD_REQUEST); /* all of them are bad */
  assert_true(licet_bulk_result_error(result)[0] != '\0');
  assert_non_null(strstr(reported, licet_bulk_result_error(result)));
  licet_bulk_result_free(result);
}

static void the_first_bad_request_is_told(void **state) {
  (void)state;
  write_input(bad_lines);
  char *reported = reported_by(licet_bulk_run, LICET_BULK_NDJSON);
  tells_the_first(licet_bulk_run, reported);
  tells_the_first(licet_bulk_pack, reported);
  free(reported);
}

static void are_written_alike(const char *input, licet_bulk_format format, const char *part) {
  write_input(input);
  char *run = reported_by(licet_bulk_run, format), *packed = reported_by(licet_bulk_pack, format);
  assert_string_equal(run, packed);
  assert_non_null(strstr(run, part));
  assert_null(strchr(run, '{')); /* no JSON */
  free(run);
  free(packed);
}

static void a_strict_packing_tells_what_a_strict_run_tells(void **state) {
  (void)state;
  are_written_alike(bad_lines, LICET_BULK_NDJSON, "line 1: ");
  are_written_alike(bad_records, LICET_BULK_CSV, "line 2: ");
}

/* ---- Options ---- */

static void is_refused(Work *work, licet_bulk_options options, licet_status wanted,
                       const char *reported) {
  licet_bulk_result *result;
  unlink(output_path);
  assert_int_equal(work(library, &options, &result), wanted);
  assert_non_null(strstr(licet_bulk_result_message(result), reported));
  assert_string_equal(licet_bulk_result_text(result), "");
  assert_string_equal(licet_bulk_result_json(result), "{}");
  assert_int_equal(access(output_path, F_OK), -1);
  licet_bulk_result_free(result);
}

static void options_that_cannot_be_met_are_refused_before_anything_is_written(void **state) {
  const char *const undated[] = {"OHSU-0382@soon", NULL},
                    *const early[] = {"OHSU-0382@1999-01-01", NULL},
                    *const unknown[] = {"OHSU-0383", NULL},
                    *const one[] = {"OHSU-0382@2026-01-01", NULL},
                    *const twice[] = {"OHSU-0382", "CP.PHAR.312", "OHSU-0382", NULL};
  licet_bulk_options options = options_for(LICET_BULK_NDJSON), changed;
  (void)state;
  write_input(bad_lines);
#define REFUSED(member, value, wanted, reported) \
  changed = options, changed.member = (value), is_refused(licet_bulk_run, changed, wanted, reported)
  REFUSED(input, NULL, LICET_BAD_OPTIONS, "no input");
  REFUSED(input, "/nonexistent/input", LICET_NOT_FOUND, "/nonexistent/input: No such file");
  REFUSED(policies, undated, LICET_BAD_OPTIONS, "'soon' is not a date");
  REFUSED(policies, early, LICET_NOT_FOUND, "not in force");
  REFUSED(policies, unknown, LICET_NOT_FOUND, "did you mean 'OHSU-0382'?");
  REFUSED(against, "OHSU-0383", LICET_NOT_FOUND, "did you mean 'OHSU-0382'?");
  REFUSED(policies, twice, LICET_BAD_OPTIONS, "'OHSU-0382' is named twice");
  options.policies = one;
  REFUSED(against, one[0], LICET_BAD_OPTIONS, "'OHSU-0382@2026-01-01' is named twice");
  options.policies = NULL;
  REFUSED(registers, (licet_registers)9, LICET_BAD_OPTIONS, "9 is no value of `registers`");
  REFUSED(resume, 1, LICET_BAD_OPTIONS, "requires the checkpoint");
  REFUSED(rejects, input_path, LICET_BAD_OPTIONS, "a file of its own");
#undef REFUSED
  options.output = NULL;
  is_refused(licet_bulk_pack, options, LICET_BAD_OPTIONS, "no output");
}

/* ---- No memory ---- */

#ifdef LICET_FAIL_ALLOCATIONS
static int open_descriptors(void) {
  DIR *all = opendir("/proc/self/fd");
  int count = 0;
  assert_non_null(all);
  while (readdir(all) != NULL) count++;
  closedir(all);
  return count;
}

static void without_memory(Work *work, const char *input, licet_bulk_format format) {
  licet_status status = LICET_NO_MEMORY;
  const licet_bulk_options options = options_for(format);
  licet_bulk_result *result;
  write_input(input);
  /* Not LICET_OK where every request is rejected. */
  const licet_status with_memory = work(library, &options, &result);
  licet_bulk_result_free(result);
  for (long n = 1; status != with_memory; n++) {
    const size_t held = memory_held();
    const int descriptors = open_descriptors();
    memory_fail_after(n);
    status = work(library, &options, &result);
    memory_fail_after(0);
    if (status != LICET_OK && result != NULL)
      assert_int_not_equal(licet_bulk_result_message(result)[0], '\0');
    licet_bulk_result_free(result);
    assert_int_equal(memory_held(), held);
    assert_int_equal(open_descriptors(), descriptors);
    assert_int_equal(access(first_path, F_OK), -1);
  }
}
#endif

static void memory_that_runs_out_is_told_and_none_is_lost(void **state) {
  (void)state;
#ifdef LICET_FAIL_ALLOCATIONS
  char *requests = read_all("examples/requests.ndjson");
  without_memory(licet_bulk_run, requests, LICET_BULK_NDJSON);
  without_memory(licet_bulk_pack, requests, LICET_BULK_NDJSON);
  without_memory(licet_bulk_run, bad_records, LICET_BULK_CSV);
  without_memory(licet_bulk_pack, bad_records, LICET_BULK_CSV);
  free(requests);
#endif
}

static void a_call_that_cannot_be_is_refused(void **state) {
  licet_bulk_options options = options_for(LICET_BULK_NDJSON);
  licet_bulk_result *result;
  (void)state;
  assert_int_equal(licet_bulk_run(NULL, &options, &result), LICET_BAD_OPTIONS);
  licet_bulk_result_free(result);
  assert_int_equal(licet_bulk_run(library, NULL, &result), LICET_BAD_OPTIONS);
  licet_bulk_result_free(result);
  options.output_format = (licet_bulk_format)77;
  assert_int_equal(licet_bulk_run(library, &options, &result), LICET_BAD_OPTIONS);
  licet_bulk_result_free(result);
  options = options_for((licet_bulk_format)-3);
  assert_int_equal(licet_bulk_pack(library, &options, &result), LICET_BAD_OPTIONS);
  licet_bulk_result_free(result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(packing_rejects_what_a_run_rejects),
      cmocka_unit_test(a_strict_packing_tells_what_a_strict_run_tells),
      cmocka_unit_test(the_first_bad_request_is_told),
      cmocka_unit_test(a_call_that_cannot_be_is_refused),
      cmocka_unit_test(options_that_cannot_be_met_are_refused_before_anything_is_written),
      cmocka_unit_test(memory_that_runs_out_is_told_and_none_is_lost),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
