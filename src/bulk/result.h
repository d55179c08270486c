/* result: what a run hands back: how many requests, the summary, and what went wrong. */
#ifndef BULK_RESULT_H
#define BULK_RESULT_H

#include "base/arena.h"
#include "licet/bulk.h"

struct licet_bulk_result {
  Arena arena; /* of the run too: what lives as long as it */
  uint64_t requests, rejected;
  const char *message, *text, *json, *request_error;
};

/* NULL where memory is short. */
licet_bulk_result *result_open(void);
/* Notes what went wrong, and returns `status`: return result_fail(result, LICET_IO, "%s: %s", path,
 * strerror(errno)). */
licet_status result_fail(licet_bulk_result *result, licet_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
licet_status result_no_memory(licet_bulk_result *result);
/* Of the first bad request; later ones are skipped. */
void result_note_request_error(licet_bulk_result *result, const char *request_error);
/* How messages call a file: "-" is the standard input or output. */
const char *shown_input(const char *path);
const char *shown_output(const char *path);

#endif
