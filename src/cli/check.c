/* licet check: the errors of policy files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "render/output.h"
#include "cli/prove.h"

typedef struct Check {
  size_t read, errors, warnings; /* read: files and folders that could be */
  char *last; /* the report shown last: several files beside one bad vocabulary often say just
                 the same; owned */
} Check;

static void write_report(Check *check, const licet_report *report) {
  const char *text = licet_report_text(report);
  check->read++;
  if (check->last && strcmp(check->last, text) == 0) return;
  fputs(text, stderr);
  check->errors += licet_report_errors(report);
  check->warnings += licet_report_warnings(report);
  free(check->last);
  check->last = strdup(text); /* without memory the report is shown twice, no harm */
}

static ExitCode check_path(Check *check, const char *path) {
  licet_library *library = NULL;
  licet_report *report = NULL;
  licet_status status = licet_library_open(path, NULL, &library, &report);
  ExitCode code = EXIT_FINE;
  if (status == LICET_OK || status == LICET_BAD_POLICY)
    write_report(check, report);
  else
    code = complain_policies(path, status, report);
  licet_report_free(report);
  licet_library_close(library);
  return code;
}

static void write_count(size_t count, const char *singular, const char *after) {
  printf("%zu %s%s%s", count, singular, count == 1 ? "" : "s", after);
}

/* Either of these says nothing without --prove. */
static ExitCode complain_alone(const Options *options) {
  if (options_has(options, OPTION_PROVE)) return EXIT_FINE;
  if (!options_has(options, OPTION_JSON) && !options_has(options, OPTION_WITNESSES))
    return EXIT_FINE;
  complain("%s requires --prove", options_has(options, OPTION_JSON) ? "--json" : "--witnesses");
  return EXIT_USAGE;
}

ExitCode command_check(const Options *options) {
  if (complain_alone(options) != EXIT_FINE) return EXIT_USAGE;
  if (options_has(options, OPTION_PROVE)) return prove_policies(options);
  Check check = {0};
  ExitCode code = EXIT_FINE;
  for (size_t i = 0; i < options->operand_count; i++)
    code = worse(code, check_path(&check, options->operands[i]));
  if (options->operand_count == 0) code = check_path(&check, policies_folder_reported(options));
  free(check.last);
  if (check.read == 0) return code; /* "0 errors" would praise what was not seen */
  write_count(check.errors, "error", ", ");
  write_count(check.warnings, "warning", "\n");
  return check.errors > 0 ? worse(code, EXIT_ANSWER) : code;
}
