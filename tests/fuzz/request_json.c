/* Fuzz target: the JSON of a request, decided under the policies of the repository (found in
 * `policies`; start it at the top of the repository).
 *
 * Whatever the bytes: an answer or an error, each of them JSON; an answer's parts can all be read;
 * the same bytes twice give the same answer; and nothing denies.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json/reader.h"
#include "licet/licet.h"

static licet_library *library;
static licet_session *session;
static JsonReader *reader;

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void close_all(void) {
  json_close(reader);
  licet_session_close(session);
  licet_library_close(library);
}

int LLVMFuzzerInitialize(int *count, char ***words) {
  licet_report *report;
  (void)count;
  (void)words;
  if (licet_library_open("policies", NULL, &library, &report) != LICET_OK) abort();
  licet_report_free(report);
  if (licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK)
    abort();
  reader = json_open();
  if (reader == NULL) abort();
  atexit(close_all);
  return 0;
}

/* An answer shows a request's values, and so may be longer and deeper than a request may be. */
static void assert_json(const char *text, size_t length) {
  const JsonToken *tokens;
  uint32_t count;
  const char *message;
  size_t offset;
  JsonStatus status = json_read(reader, text, length, &tokens, &count, &message, &offset);
  assert(status != JSON_MALFORMED);
  assert(strlen(text) == length);
}

static void read_all(const licet_determination *d) {
  volatile size_t sum = 0; /* so that what is read is touched */
  for (size_t i = 0; i < licet_determination_criterion_count(d); i++) {
    sum += strlen(licet_determination_criterion(d, i).criterion.path);
    for (size_t f = 0; licet_determination_evidence(d, i, f).fact != NULL; f++)
      sum += strlen(licet_determination_evidence(d, i, f).value);
  }
  for (size_t i = 0; licet_determination_missing(d, i) != NULL; i++)
    sum += strlen(licet_determination_missing(d, i)[0]);
  for (size_t i = 0; licet_determination_documents(d, i) != NULL; i++)
    sum += strlen(licet_determination_documents(d, i)[0]);
  for (size_t i = 0; licet_determination_not_counted(d, i) != NULL; i++)
    sum += strlen(licet_determination_not_counted(d, i));
  (void)sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const licet_determination *d;
  const char *name, *difference;
  size_t length;
  licet_status status = licet_decide(session, (const char *)data, size, &d);
  assert(status == LICET_OK || status == LICET_BAD_REQUEST);
  assert((status == LICET_OK) == (d != NULL));
  const char *answer = status == LICET_OK ? licet_determination_json(d, &length)
                                          : licet_session_error_json(session, &length);
  assert_json(answer, length);
  if (status == LICET_OK) read_all(d);
  char *first = malloc(length + 1);
  if (first == NULL) abort();
  memcpy(first, answer, length + 1);
  status = licet_decide(session, (const char *)data, size, &d);
  answer = status == LICET_OK ? licet_determination_json(d, &length)
                              : licet_session_error_json(session, &length);
  assert(strcmp(first, answer) == 0);
  free(first);
  licet_check_case(session, (const char *)data, size, &name, &difference, &d);
  return 0;
}
