/* licet/bulk.h: many requests at once.
 *
 * A run reads requests (a line each, a table with a header, or a column file), decides each by one policy or several, and writes an
 * outcome for each and a summary of all. Outcome, reason and pathway are those of licet_decide, request for request. Memory is
 * bounded whatever the size of the input; what is written does not depend on the number of threads.
 *
 *     licet_bulk_options options = {.input = "requests.ndjson", .output = "outcomes.csv"};
 *     licet_bulk_result *result;
 *     if (licet_bulk_run(library, &options, &result) != LICET_OK) puts(licet_bulk_result_message(result));
 *     puts(licet_bulk_result_text(result));
 *     licet_bulk_result_free(result);
 */
#ifndef LICET_BULK_H
#define LICET_BULK_H

#include <stdint.h>

#include <licet/licet.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum licet_bulk_format {
  LICET_BULK_AUTO, /* by the end of the file's name (.csv, .columns), else NDJSON; a column file is known by its first bytes */
  LICET_BULK_NDJSON,
  LICET_BULK_CSV,
  LICET_BULK_COLUMNS
} licet_bulk_format;

typedef struct licet_bulk_progress {
  uint64_t requests;    /* decided so far */
  uint64_t done, total; /* bytes of the input (requests of a column file); total is 0 where it is not known */
} licet_bulk_progress;

/* Zero means: the usual. Paths may be "-" for standard input or output. */
typedef struct licet_bulk_options {
  const char *input;
  licet_bulk_format input_format;
  const char *output;              /* NULL: no outcomes, only the summary */
  licet_bulk_format output_format; /* of columns there is no checkpoint */
  const char *rejects;             /* where bad requests go, each with its faults; NULL: nowhere */
  const char *summary;             /* where the summary goes as JSON once all is decided; opened at the start; NULL: nowhere */
  const char *const
      *policies;          /* "ID" or "ID@YYYY-MM-DD", NULL-terminated: decide by each; NULL: by the policy that covers a request */
  const char *against;    /* one more of these, to compare the first (or the covering one) with: who gains, who loses */
  unsigned threads;       /* 0: one for each processor */
  int strict;             /* stop at the first bad request */
  int criteria;           /* count which criterion alone stands in the way */
  int missing;            /* count which facts are missing: a search for each request that pends */
  const char *checkpoint; /* a file that remembers how far the run came; needs an output that is a file */
  int resume;             /* go on where the checkpoint says */
  const char *path;       /* "portable", "avx2", "avx512": use no wider registers; NULL: the widest there are */
  void (*progress)(void *context, const licet_bulk_progress *progress); /* called now and then, from the caller's thread */
  void *context;
} licet_bulk_options;

typedef struct licet_bulk_result licet_bulk_result;

/* LICET_OK: all was read, and every request without fault decided. LICET_BAD_REQUEST: stopped at a bad request (strict), or the
 * input is no such file; LICET_BAD_OPTIONS: one file would be two of input, output, rejects, summary and checkpoint, or options
 * contradict each other: nothing was written; LICET_NOT_FOUND: no such file or policy; LICET_IO: reading or writing failed. *result
 * is set whatever happens (NULL only on LICET_NO_MEMORY); free it. */
LICET_API licet_status licet_bulk_run(const licet_library *library, const licet_bulk_options *options, licet_bulk_result **result);
/* Requests (or lines) of NDJSON or CSV into a column file: uses input, input_format, output, rejects, strict, progress. */
LICET_API licet_status licet_bulk_pack(const licet_library *library, const licet_bulk_options *options, licet_bulk_result **result);

LICET_API uint64_t licet_bulk_result_requests(const licet_bulk_result *result);
LICET_API uint64_t licet_bulk_result_rejected(const licet_bulk_result *result);
/* What went wrong, "" where nothing did. */
LICET_API const char *licet_bulk_result_message(const licet_bulk_result *result);
/* The summary for people, and as one JSON object. */
LICET_API const char *licet_bulk_result_text(const licet_bulk_result *result);
LICET_API const char *licet_bulk_result_json(const licet_bulk_result *result);
LICET_API void licet_bulk_result_free(licet_bulk_result *result);

#ifdef __cplusplus
}
#endif
#endif
