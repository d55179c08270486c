/* licet test: the cases of policies. One case is one JSON object on a line; the engine compares, this counts and shows. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "output.h"
#include "terminal.h"
#include "tree.h"

typedef struct Test {
  const licet_library *library;
  licet_session *session;
  Terminal terminal;
  size_t passed, failed;
} Test;

/* "FAIL  policies/x.cases:12: the day before the first birthday" */
static void write_failure(Test *test, const char *file, size_t line, const char *name) {
  char place[32];
  snprintf(place, sizeof place, ":%zu", line);
  terminal_begin(&test->terminal, 0, 6);
  terminal_put(&test->terminal, STYLE_BAD, "FAIL");
  terminal_put(&test->terminal, STYLE_PLAIN, " ");
  terminal_put(&test->terminal, STYLE_BOLD, file);
  terminal_put(&test->terminal, STYLE_BOLD, place);
  if (name && *name) {
    terminal_put(&test->terminal, STYLE_PLAIN, ": ");
    terminal_put(&test->terminal, STYLE_PLAIN, name);
  }
  terminal_end(&test->terminal);
}

/* One line of the terminal for each line of the difference. */
static void write_difference(Test *test, const char *difference) {
  while (*difference) {
    size_t length = strcspn(difference, "\n");
    terminal_begin(&test->terminal, 2, 4);
    terminal_put_span(&test->terminal, STYLE_PLAIN, difference, length);
    terminal_end(&test->terminal);
    difference += length + (difference[length] == '\n');
  }
}

static ExitCode run_case(Test *test, const char *file, size_t number, const char *line, size_t length) {
  const char *name = NULL, *difference = NULL;
  const licet_determination *determination = NULL;
  licet_status status = licet_check_case(test->session, line, length, &name, &difference, &determination);
  if (status != LICET_OK && status != LICET_BAD_REQUEST) return complain_status(file, status);
  if (status == LICET_OK && !*difference) return test->passed++, EXIT_FINE;
  test->failed++;
  write_failure(test, file, number, name);
  if (status == LICET_BAD_REQUEST) {
    terminal_line(&test->terminal, 2, STYLE_PLAIN, "the case cannot be read: it is no JSON object with request and expect");
  } else
    write_difference(test, difference);
  if (determination) tree_write(&test->terminal, test->library, determination);
  terminal_gap(&test->terminal);
  return EXIT_ANSWER;
}

static ExitCode run_file(Test *test, const char *path) {
  Lines lines;
  const char *line;
  size_t length;
  ExitCode code = EXIT_FINE;
  LinesResult result = LINES_END;
  if (!lines_open(&lines, path, CASE_BYTES_MAX)) return complain_unreadable(path);
  while (code != EXIT_WORLD && output_stands() && (result = lines_next(&lines, &line, &length)) == LINES_LINE)
    code = worse(code, run_case(test, input_name(path), lines.number, line, length));
  if (result == LINES_FAILED) code = complain_unreadable(path);
  lines_close(&lines);
  return code;
}

static ExitCode run_folder(Test *test, const char *folder) {
  char **files = files_within(folder, ".cases");
  ExitCode code = EXIT_FINE;
  if (!files) return complain_unreadable(folder);
  if (!*files) complain("%s: no *.cases files", folder);
  for (char **file = files; *file; file++) code = worse(code, run_file(test, *file));
  files_free(files);
  return code;
}

static ExitCode run_path(Test *test, const char *path) { return is_folder(path) ? run_folder(test, path) : run_file(test, path); }

ExitCode command_test(const Options *options) {
  licet_library *library;
  Options chosen = *options; /* the cases of a folder are tested against the policies beside them */
  bool beside = !options_has(options, OPTION_POLICIES) && options->operand_count > 0 && is_folder(options->operands[0]);
  if (beside) chosen.value[OPTION_POLICIES] = options->operands[0];
  ExitCode code = policies_open(&chosen, &library);
  if (code != EXIT_FINE) return code;
  Test test = {.library = library, .terminal = terminal_open(stdout, options_has(options, OPTION_ASCII))};
  licet_status status = licet_session_open(library, &test.session);
  if (status != LICET_OK) code = complain_status("test", status);
  for (size_t i = 0; status == LICET_OK && i < options->operand_count; i++)
    code = worse(code, run_path(&test, options->operands[i]));
  if (status == LICET_OK && options->operand_count == 0) code = run_path(&test, policies_folder(options));
  if (status == LICET_OK) printf("%zu passed, %zu failed\n", test.passed, test.failed);
  licet_session_close(test.session);
  licet_library_close(library);
  return code;
}
