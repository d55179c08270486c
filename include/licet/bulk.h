/* licet/bulk.h: many requests at once.
 *
 * A run reads requests (a line each, a table with a header, or a column file), decides each by one
 * policy or several, and writes an outcome for each and a summary of all. Outcome, reason and
 * pathway are those of licet_decide, request for request. What is written does not depend on the
 * number of threads. Memory does not grow with the number of requests.
 *
 *     const licet_bulk_options options = {.input = "requests.ndjson", .output = "outcomes.csv"};
 *     licet_bulk_result *result;
 *     if (licet_bulk_run(library, &options, &result) != LICET_OK)
 * puts(licet_bulk_result_message(result)); puts(licet_bulk_result_text(result));
 *     licet_bulk_result_free(result);
 *
 * Three rules hold for all of it. Options are the caller's, are not changed, and must stand until
 * the call returns; zero and NULL mean the usual. A result is the caller's and is freed once; the
 * texts it gives belong to it. A library may serve any number of runs at a time, from any threads;
 * each run starts threads of its own and ends them before it returns.
 */
#ifndef LICET_BULK_H
#define LICET_BULK_H

#include <stdint.h>

#include <licet/licet.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- What a run is asked for ---- */

typedef enum licet_bulk_format {
#define LICET_BULK_FORMAT(symbol, word) LICET_BULK_##symbol,
#include <licet/words.def>
} licet_bulk_format;
LICET_API const char *licet_bulk_format_name(licet_bulk_format value);

typedef enum licet_registers {
#define LICET_REGISTERS(symbol, word) LICET_REGISTERS_##symbol,
#include <licet/words.def>
} licet_registers;
LICET_API const char *licet_registers_name(licet_registers value);

typedef struct licet_bulk_progress {
  uint64_t requests; /* decided so far, bad ones included */
  uint64_t done;     /* how far the input is read: bytes; of a column file, requests */
  uint64_t total;    /* of the same unit; 0 where it is not known, as of a pipe */
} licet_bulk_progress;

typedef struct licet_bulk_options {
  /* Files. "-" is the standard input or output. Each is a file of its own. */
  const char *input; /* must be named; so must what a packing writes */
  licet_bulk_format input_format;
  const char *output; /* NULL: no outcomes, only the summary. Written to "OUTPUT.new" until it is
                         whole, as are rejects */
  licet_bulk_format output_format;
  const char
      *rejects; /* bad requests, a line each: {"line":…,"request":…,"errors":[…],"input":…}; as CSV
                   where the name ends in .csv, a record for each error; NULL: nowhere */
  const char
      *summary; /* the summary as JSON, once all is decided; opened at the start; NULL: nowhere */
  int strict;   /* stop at the first bad request; else it is counted, and the run continues */
  const char *max_rejects; /* "250" or "2.5%" of the requests: with more rejects all is written, and
                              the status is LICET_BAD_REQUEST; NULL: any number, but not all */

  /* How a CSV is written (docs/bulk.md); lists end in NULL, and NULL is an empty one. */
  const char *const *csv_nulls;   /* unquoted fields that say nothing, as "NA"; an empty one never
                                     says anything */
  const char *const *csv_ignored; /* columns that are not read; "" is the column without a name */
  const char *const *csv_names;   /* "COLUMN=NAME": the key or fact that a column is */
  const char *const *csv_units;   /* "FACT=UNIT": of numbers without a unit */
  const char *csv_date_format;    /* "%m/%d/%Y", in the letters of strftime; NULL: YYYY-MM-DD */

  /* What decides: policies as "ID", the version in force when a request was received, or
   * "ID@YYYY-MM-DD", the version of that day.
   */
  const char *const *policies; /* NULL-terminated, each once: decide by each; NULL: by the policy
                                  that covers a request */
  const char *against; /* one more, to compare the only one of `policies` with: who gains, who
                          loses; NULL: none */

  /* What the summary counts as well. */
  int criteria; /* how often each criterion alone is unmet; `against` counts this too */
  int missing;  /* which facts are missing: a search for each request that pends, some ten
                   microseconds */

  /* How. */
  unsigned
      threads; /* 1 to 256 (more are 256), the caller's among them; 0: one for each processor */
  licet_registers
      registers; /* none wider than these; LICET_NOT_FOUND where the processor has none */

  /* A long run: a file that remembers, about twice a second, how far it came, and is removed at the
   * end. Input and output must be files, the output no columns. */
  const char *checkpoint;
  int resume; /* continue where the checkpoint says; begin where there is no such file yet */

  /* Called about ten times a second and once at the end, from the caller's thread; it may not free
   * what the run uses. NULL: not. */
  void (*progress)(void *context, const licet_bulk_progress *progress);
  void *context;
} licet_bulk_options;

/* ---- Running ---- */

typedef struct licet_bulk_result licet_bulk_result;

/* Decides the requests of `input`. *result is set whatever happens (NULL only on LICET_NO_MEMORY),
 * and its message then says what went wrong:
 *
 *     LICET_OK           all was read, and every request without error decided
 *     LICET_BAD_REQUEST  nothing was decided, or more than max_rejects was rejected: all files are
 *                        written; or strict, and a request was bad; or the input is not in the
 *                        expected format, or the checkpoint is another run's: no file is written
 *     LICET_NOT_FOUND    no such input, policy or version of that day, or the processor does not
 *                        have these registers
 *     LICET_BAD_OPTIONS  options conflict, library or input is NULL, an output's name ends like a
 *                        format that is not written, or one file would be two of input, output,
 *                        rejects, summary and checkpoint: no file is written
 *     LICET_IO           reading or writing failed: no file appears under its name, and a
 *                        checkpoint continues from where the run came
 *     LICET_NO_MEMORY    as LICET_IO
 */
LICET_API licet_status licet_bulk_run(const licet_library *library,
                                      const licet_bulk_options *options,
                                      licet_bulk_result **result);

/* Writes the requests of NDJSON or CSV as a column file to `output`; takes of the options input,
 * input_format, output, rejects, strict, registers and progress. The file appears under its name
 * when it is whole: it is written to "OUTPUT.new" first. Statuses and *result as above; the summary
 * stays empty. */
LICET_API licet_status licet_bulk_pack(const licet_library *library,
                                       const licet_bulk_options *options,
                                       licet_bulk_result **result);

/* ---- What came of it ---- */

/* How many were read, bad ones included, and how many were bad. */
LICET_API uint64_t licet_bulk_result_requests(const licet_bulk_result *result);
LICET_API uint64_t licet_bulk_result_rejected(const licet_bulk_result *result);
/* What went wrong, "" where nothing did. */
LICET_API const char *licet_bulk_result_message(const licet_bulk_result *result);
/* Of the first bad request that this run met: its line, what was found there and what was expected;
 * "" where none was bad. */
LICET_API const char *licet_bulk_result_error(const licet_bulk_result *result);
/* The summary for people, of several lines, and as one JSON object; "" and "{}" where nothing was
 * decided. */
LICET_API const char *licet_bulk_result_text(const licet_bulk_result *result);
LICET_API const char *licet_bulk_result_json(const licet_bulk_result *result);
/* NULL is allowed. */
LICET_API void licet_bulk_result_free(licet_bulk_result *result);

#ifdef __cplusplus
}
#endif
#endif
