/* Messages live in the result's arena, but for the one that says there is no memory. */
#include "bulk/result.h"

#include <stdio.h>
#include <string.h>

licet_bulk_result *result_open(void) {
  licet_bulk_result *result = memory_allocate(sizeof *result);
  if (result == NULL) return NULL;
  memset(result, 0, sizeof *result);
  arena_open(&result->arena);
  result->message = result->text = result->request_error = "";
  result->json = "{}";
  return result;
}

licet_status result_fail(licet_bulk_result *result, licet_status status, const char *format, ...) {
  char words[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  result->message = arena_copy(&result->arena, words, strlen(words));
  return status;
}

licet_status result_no_memory(licet_bulk_result *result) {
  result->message = "out of memory"; /* takes none */
  return LICET_NO_MEMORY;
}

void result_note_request_error(licet_bulk_result *result, const char *request_error) {
  if (result->request_error[0] == '\0')
    result->request_error = arena_copy(&result->arena, request_error, strlen(request_error));
}

static bool is_standard(const char *path) { return strcmp(path, "-") == 0; }
const char *shown_input(const char *path) { return is_standard(path) ? "standard input" : path; }
const char *shown_output(const char *path) { return is_standard(path) ? "standard output" : path; }

uint64_t licet_bulk_result_requests(const licet_bulk_result *result) { return result->requests; }
uint64_t licet_bulk_result_rejected(const licet_bulk_result *result) { return result->rejected; }
const char *licet_bulk_result_message(const licet_bulk_result *result) { return result->message; }
const char *licet_bulk_result_error(const licet_bulk_result *result) {
  return result->request_error;
}
const char *licet_bulk_result_text(const licet_bulk_result *result) { return result->text; }
const char *licet_bulk_result_json(const licet_bulk_result *result) { return result->json; }

void licet_bulk_result_free(licet_bulk_result *result) {
  if (result == NULL) return;
  arena_close(&result->arena);
  memory_free(result);
}
