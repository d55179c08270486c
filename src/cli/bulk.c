/* licet bulk, licet pack: many requests at once. The library does the work; here are options,
 * progress and the summary. */
#include <licet/bulk.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "render/output.h"
#include "render/terminal.h"

static ExitCode parse_format(const Options *options, OptionId id, licet_bulk_format *format) {
  const char *wanted = options->value[id];
  if (wanted == NULL) return EXIT_FINE;
  for (licet_bulk_format f = LICET_BULK_NDJSON; *licet_bulk_format_name(f); f++) {
    if (strcmp(wanted, licet_bulk_format_name(f)) != 0) continue;
    *format = f;
    return EXIT_FINE;
  }
  complain("invalid format '%s': use ndjson, csv or columns", wanted);
  return EXIT_USAGE;
}

static ExitCode parse_registers(const Options *options, licet_registers *registers) {
  const char *wanted = options->value[OPTION_REGISTERS];
  if (wanted == NULL) return EXIT_FINE;
  for (licet_registers r = LICET_REGISTERS_PORTABLE; *licet_registers_name(r); r++) {
    if (strcmp(wanted, licet_registers_name(r)) != 0) continue;
    *registers = r;
    return EXIT_FINE;
  }
  complain("invalid value '%s': use portable, avx2 or avx512", wanted);
  return EXIT_USAGE;
}

static ExitCode parse_threads(const Options *options, unsigned *threads) {
  const char *wanted = options->value[OPTION_THREADS];
  char *end;
  if (wanted == NULL) return EXIT_FINE;
  unsigned long count = strtoul(wanted, &end, 10);
  *threads = (unsigned)count;
  if (wanted[0] >= '0' && wanted[0] <= '9' && *end == '\0' && count >= 1 && count <= 256)
    return EXIT_FINE;
  complain("--threads: '%s' is not a number from 1 to 256", wanted);
  return EXIT_USAGE;
}

/* ---- Progress ---- */

typedef struct Meter {
  double began;
  bool shown;
} Meter;

static void show_progress(void *context, const licet_bulk_progress *progress) {
  Meter *meter = context;
  const double spent = clock_seconds() - meter->began;
  const double rate = spent > 0 ? (double)progress->requests / spent : 0;
  if (spent < 0.5) return;
  meter->shown = true;
  fprintf(stderr, "\r\033[K%llu requests, %.0f per second", (unsigned long long)progress->requests,
          rate);
  if (progress->total > 0 && progress->done > 0) {
    const double left = spent * (double)(progress->total - progress->done) / (double)progress->done;
    fprintf(stderr, ", %.0f %%, %.0f s left",
            100.0 * (double)progress->done / (double)progress->total, left);
  }
  fflush(stderr);
}

static void clear_progress(const Meter *meter) {
  if (meter->shown) fputs("\r\033[K", stderr);
}

/* ---- The commands ---- */

static ExitCode exit_of(licet_status status) {
  if (status == LICET_BAD_OPTIONS) return EXIT_USAGE;
  return status == LICET_OK ? EXIT_FINE : status == LICET_BAD_REQUEST ? EXIT_ANSWER : EXIT_WORLD;
}

static ExitCode fill(const Options *options, licet_bulk_options *bulk, Meter *meter) {
  bulk->input = options->operand_count > 0 ? options->operands[0] : "-";
  bulk->output = options_has(options, OPTION_OUTPUT) ? options->value[OPTION_OUTPUT] : "-";
  bulk->rejects = options->value[OPTION_REJECTS];
  bulk->summary = options->value[OPTION_SUMMARY];
  bulk->csv_date_format = options->value[OPTION_DATE_FORMAT];
  bulk->max_rejects = options->value[OPTION_MAX_REJECTS];
  bulk->strict = options_has(options, OPTION_STRICT);
  bulk->policies = options->by[0] == NULL ? NULL : options->by;
  bulk->against = options->value[OPTION_AGAINST];
  bulk->criteria = options_has(options, OPTION_CRITERIA);
  bulk->missing = options_has(options, OPTION_MISSING);
  bulk->checkpoint = options->value[OPTION_CHECKPOINT];
  bulk->resume = options_has(options, OPTION_RESUME);
  if (options_has(options, OPTION_SUMMARY) && strcmp(options->value[OPTION_SUMMARY], "-") == 0 &&
      !options_has(options, OPTION_OUTPUT))
    bulk->output = NULL;
  if (bulk->resume && bulk->checkpoint == NULL)
    return complain("--resume requires the --checkpoint to continue from"), EXIT_USAGE;
  meter->began = clock_seconds();
  if (terminal_is(stderr)) {
    bulk->progress = show_progress;
    bulk->context = meter;
  }
  ExitCode code = parse_format(options, OPTION_FROM_FORMAT, &bulk->input_format);
  if (code == EXIT_FINE) code = parse_format(options, OPTION_TO_FORMAT, &bulk->output_format);
  if (code == EXIT_FINE) code = parse_registers(options, &bulk->registers);
  return code == EXIT_FINE ? parse_threads(options, &bulk->threads) : code;
}

/* What went wrong stands last, where it is seen. */
static void report(const licet_bulk_result *result, bool keeps_rejects, bool packs) {
  fputs(licet_bulk_result_text(result), stderr);
  if (packs && licet_bulk_result_requests(result) > 0)
    fprintf(stderr, "%llu requests, %llu rejected\n",
            (unsigned long long)licet_bulk_result_requests(result),
            (unsigned long long)licet_bulk_result_rejected(result));
  const char *first = licet_bulk_result_error(result), *message = licet_bulk_result_message(result);
  if (!keeps_rejects && first[0] != '\0' && strstr(message, first) == NULL)
    complain("the first bad request: %s; --rejects FILE writes all of them", first);
  if (message[0] != '\0') complain("%s", message);
}

static ExitCode run_with(const Options *options, licet_bulk_options bulk, bool packs) {
  licet_bulk_result *result;
  licet_library *library;
  Meter meter = {0};
  signal(SIGXFSZ, SIG_IGN); /* a limit of file sizes is an error of writing */
  ExitCode code = fill(options, &bulk, &meter);
  if (code == EXIT_FINE && packs && !options_has(options, OPTION_OUTPUT))
    return complain("pack requires --output, the column file to write"), EXIT_USAGE;
  if (code == EXIT_FINE) code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  licet_status status = (packs ? licet_bulk_pack : licet_bulk_run)(library, &bulk, &result);
  clear_progress(&meter);
  if (result == NULL) return licet_library_close(library), complain_status(bulk.input, status);
  report(result, options_has(options, OPTION_REJECTS), packs);
  code = exit_of(status);
  licet_bulk_result_free(result);
  licet_library_close(library);
  return code;
}

static ExitCode run(const Options *options, bool packs) {
  const char **nulls = options_every(options, OPTION_NULL_FIELD),
             **ignored = options_every(options, OPTION_IGNORE_COLUMNS),
             **names = options_every(options, OPTION_MAP),
             **units = options_every(options, OPTION_UNIT);
  const licet_bulk_options bulk = {
      .csv_nulls = nulls, .csv_ignored = ignored, .csv_names = names, .csv_units = units};
  const ExitCode code = run_with(options, bulk, packs);
  free(nulls);
  free(ignored);
  free(names);
  free(units);
  return code;
}

ExitCode command_bulk(const Options *options) { return run(options, false); }
ExitCode command_pack(const Options *options) { return run(options, true); }
