/* Fuzz target: the text of a vocabulary and of a policy, read, checked, compiled and formatted.
 *
 * The input is two files, parted by a line that starts with `----` (without one, all of it is the
 * policy's and the vocabulary is VOCABULARY below). They are written into a folder of this process
 * and opened as a library, which is what a user does. Whatever happens, nothing crashes, a bad
 * text says so, and what formats once formats again to the same bytes.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "licet/licet.h"

static const char VOCABULARY[] =
    "vocabulary v \"V\"\n"
    "  fact birth_date: date from requester\n"
    "  fact weight: mass from requester\n"
    "  fact cd19: positive | negative clinical, from requester\n"
    "  fact apt: yes | no judgment, from reviewer\n"
    "  fact code: code ICD-10-CM from requester\n"
    "  fact doses: count from requester\n    range 0 to 9\n"
    "  fact parts: set of a | b | c stated, from requester\n"
    "  fact tried: list complete when tried_complete from requester\n"
    "    field agent: name\n    field outcome: failed | responded | unknown\n      not known: "
    "unknown\n"
    "  fact tried_complete: yes | no from requester\n"
    "  fact a1c: series of percent from requester\n"
    "  derive age: duration = from birth_date to start\n"
    "  never birth_date after start \"born\"\n";

static char folder[64], vocabulary_path[96], policy_path[96];

static void remove_folder(void) {
  unlink(vocabulary_path);
  unlink(policy_path);
  rmdir(folder);
}

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***words) {
  (void)count;
  (void)words;
  const char *top = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  snprintf(folder, sizeof folder, "%s/licet-fuzz-XXXXXX", top);
  if (mkdtemp(folder) == NULL) abort();
  snprintf(vocabulary_path, sizeof vocabulary_path, "%s/a.licet", folder);
  snprintf(policy_path, sizeof policy_path, "%s/b.licet", folder);
  atexit(remove_folder);
  return 0;
}

static void write_file(const char *path, const void *text, size_t length) {
  FILE *file = fopen(path, "wb");
  if (file == NULL) abort();
  fwrite(text, 1, length, file);
  fclose(file);
}

/* What formats is stable under formatting. */
static void format_twice(const char *source, size_t length) {
  char *once, *twice;
  licet_report *report;
  if (licet_format("fuzz.licet", source, length, &once, &report) == LICET_OK) {
    licet_report_free(report);
    licet_status status = licet_format("fuzz.licet", once, strlen(once), &twice, &report);
    assert(status == LICET_OK);
    assert(strcmp(once, twice) == 0);
    licet_text_free(once);
    licet_text_free(twice);
  }
  licet_report_free(report);
}

static void open_library(void) {
  licet_library *library;
  licet_report *report;
  licet_status status = licet_library_open(folder, NULL, &library, &report);
  assert((status == LICET_OK) == (library != NULL));
  assert(report != NULL);
  assert((status != LICET_OK) == (licet_report_errors(report) > 0));
  for (size_t i = 0; i < licet_report_count(report); i++)
    assert(licet_report_at(report, i).message != NULL);
  for (size_t i = 0; library != NULL && licet_library_policy(library, i) != NULL; i++) {
    const licet_policy *policy = licet_library_policy(library, i);
    for (size_t c = 0; c < licet_policy_criterion_count(policy); c++)
      assert(licet_policy_criterion(policy, c).path != NULL);
  }
  licet_library_close(library);
  licet_report_free(report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *text = (const char *)data, *parting = memmem(data, size, "\n----", 5);
  const char *vocabulary = VOCABULARY, *policy = text;
  size_t vocabulary_length = sizeof VOCABULARY - 1, policy_length = size;
  if (parting != NULL) {
    const char *line_end = memchr(parting + 1, '\n', (size_t)(text + size - parting - 1));
    vocabulary = text;
    vocabulary_length = (size_t)(parting + 1 - text);
    policy = line_end == NULL ? text + size : line_end + 1;
    policy_length = (size_t)(text + size - policy);
  }
  write_file(vocabulary_path, vocabulary, vocabulary_length);
  write_file(policy_path, policy, policy_length);
  open_library();
  format_twice(policy, policy_length);
  if (parting != NULL) format_twice(vocabulary, vocabulary_length);
  return 0;
}
