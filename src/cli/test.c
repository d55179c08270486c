/* licet test: the cases of policies. One case is one JSON object on a line; the engine compares,
 * this counts and shows. */
#include <licet/coverage.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "render/output.h"
#include "render/terminal.h"
#include "render/tree.h"

typedef struct Test {
  const licet_library *library;
  licet_session *session;
  licet_coverage *coverage; /* NULL: not asked for */
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

/* The cases are taken into account instead of run: what they expect is not looked at. */
static ExitCode take_case(Test *test, const char *file, const char *line, size_t length) {
  licet_status status = licet_coverage_case(test->coverage, line, length);
  return status == LICET_OK || status == LICET_BAD_REQUEST ? EXIT_FINE
                                                           : complain_status(file, status);
}

static ExitCode run_case(Test *test, const char *file, size_t number, const char *line,
                         size_t length) {
  if (test->coverage) return take_case(test, file, line, length);
  const char *name = NULL, *difference = NULL;
  const licet_determination *determination = NULL;
  licet_status status =
      licet_check_case(test->session, line, length, &name, &difference, &determination);
  if (status != LICET_OK && status != LICET_BAD_REQUEST) return complain_status(file, status);
  if (status == LICET_OK && !*difference) return test->passed++, EXIT_FINE;
  test->failed++;
  write_failure(test, file, number, name);
  if (status == LICET_BAD_REQUEST) {
    terminal_line(&test->terminal, 2, STYLE_PLAIN,
                  "the case is not a JSON object with request and expect");
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
  while (code != EXIT_WORLD && output_stands() &&
         (result = lines_next(&lines, &line, &length)) == LINES_LINE)
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

static ExitCode run_path(Test *test, const char *path) {
  return is_folder(path) ? run_folder(test, path) : run_file(test, path);
}

/* ---- coverage ---- */

enum { MET_COLUMN = 48, NOT_MET_COLUMN = 65 };

static void put_shown(Terminal *terminal, int shown, int can_be, uint32_t tried) {
  terminal_put(terminal,
               shown    ? STYLE_GOOD
               : can_be ? STYLE_OPEN
                        : STYLE_DIM,
               shown       ? "✓ shown"
               : !can_be   ? "· cannot matter"
               : tried > 0 ? "– not decisive"
                           : "– no case");
}

typedef struct Counted {
  size_t criteria, met, not_met, both,
      never; /* never: shown each way that a case can show, and not both ways */
} Counted;

static int is_settled(const licet_covered *covered) {
  return (covered->shown_met || !covered->can_show_met) &&
         (covered->shown_not_met || !covered->can_show_not_met);
}

static Counted count_policy(const licet_coverage *coverage, size_t from) {
  Counted counted = {0};
  licet_covered first = licet_coverage_at(coverage, from), covered;
  for (size_t i = from; (covered = licet_coverage_at(coverage, i)).policy &&
                        strcmp(covered.policy, first.policy) == 0;
       i++) {
    counted.criteria++;
    counted.met += covered.shown_met != 0;
    counted.not_met += covered.shown_not_met != 0;
    counted.both += covered.shown_met && covered.shown_not_met;
    counted.never += is_settled(&covered) && !(covered.shown_met && covered.shown_not_met);
  }
  return counted;
}

static void write_policy_line(Terminal *terminal, const licet_coverage *coverage, size_t index,
                              const char *policy) {
  const Counted counted = count_policy(coverage, index);
  char numbers[128];
  snprintf(numbers, sizeof numbers, "%zu of %zu criteria decisive both ways; met %zu, not met %zu",
           counted.both, counted.criteria, counted.met, counted.not_met);
  if (index > 0) terminal_gap(terminal);
  terminal_begin(terminal, 0, 2);
  terminal_put(terminal, STYLE_BOLD, policy);
  terminal_put(terminal, STYLE_PLAIN, ": ");
  terminal_put(terminal, STYLE_PLAIN, numbers);
  if (counted.never > 0) {
    snprintf(numbers, sizeof numbers, "; %zu of the others shown as far as possible",
             counted.never);
    terminal_put(terminal, STYLE_PLAIN, numbers);
  }
  terminal_end(terminal);
}

static void write_covered(Terminal *terminal, const licet_covered *covered) {
  terminal_begin(terminal, 2, 4);
  terminal_put_cut(terminal, STYLE_BOLD, covered->criterion.path, 20);
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put_cut(terminal, STYLE_PLAIN, covered->criterion.title,
                   (size_t)(41 - text_width(covered->criterion.path)));
  terminal_column(terminal, MET_COLUMN);
  put_shown(terminal, covered->shown_met, covered->can_show_met, covered->met);
  terminal_column(terminal, NOT_MET_COLUMN);
  put_shown(terminal, covered->shown_not_met, covered->can_show_not_met, covered->not_met);
  terminal_end(terminal);
}

/* What is shown both ways is counted; only what is not is listed. */
static void write_coverage(Terminal *terminal, const licet_coverage *coverage) {
  const char *policy = "";
  licet_covered covered;
  for (size_t i = 0; (covered = licet_coverage_at(coverage, i)).policy; i++) {
    if (strcmp(policy, covered.policy) != 0) {
      write_policy_line(terminal, coverage, i, policy = covered.policy);
      const Counted counted = count_policy(coverage, i);
      if (counted.both < counted.criteria) {
        terminal_begin(terminal, 2, 4);
        terminal_put(terminal, STYLE_DIM, "not shown");
        terminal_column(terminal, MET_COLUMN);
        terminal_put(terminal, STYLE_DIM, "met");
        terminal_column(terminal, NOT_MET_COLUMN);
        terminal_put(terminal, STYLE_DIM, "not met");
        terminal_end(terminal);
      }
    }
    if (!covered.shown_met || !covered.shown_not_met) write_covered(terminal, &covered);
  }
}

static ExitCode report_coverage(Test *test, const Options *options) {
  const char *line;
  if (options_has(options, OPTION_JSON)) {
    const char *json = licet_coverage_json(test->coverage, NULL);
    if (!json) return complain_status("test", LICET_NO_MEMORY);
    puts(json);
  } else if (options_has(options, OPTION_COVERAGE)) {
    if (licet_coverage_prove(test->coverage) != LICET_OK)
      return complain_status("test", LICET_NO_MEMORY);
    write_coverage(&test->terminal, test->coverage);
  }
  if (!options_has(options, OPTION_SUGGEST)) return EXIT_FINE;
  for (size_t i = 0; output_stands() && (line = licet_coverage_suggestion(test->coverage, i)); i++)
    puts(line);
  if (!output_stands()) return EXIT_WORLD;
  for (size_t i = 0; (line = licet_coverage_remark(test->coverage, i)); i++) complain("%s", line);
  return EXIT_FINE;
}

static ExitCode refuse_together(const Options *options) {
  const bool coverage = options_has(options, OPTION_COVERAGE),
             suggest = options_has(options, OPTION_SUGGEST);
  if (coverage && suggest)
    return complain("--coverage and --suggest cannot be used together"), EXIT_USAGE;
  if (options_has(options, OPTION_JSON) && !coverage)
    return complain("--json requires --coverage"), EXIT_USAGE;
  return EXIT_FINE;
}

ExitCode command_test(const Options *options) {
  licet_library *library;
  Options chosen = *options; /* the cases of a folder are tested against the policies beside them */
  bool beside = !options_has(options, OPTION_POLICIES) && options->operand_count > 0 &&
                is_folder(options->operands[0]);
  if (beside) chosen.value[OPTION_POLICIES] = options->operands[0];
  ExitCode code = refuse_together(options);
  if (code == EXIT_FINE) code = policies_open(&chosen, &library);
  if (code != EXIT_FINE) return code;
  Test test = {.library = library,
               .terminal = terminal_open(stdout, options_has(options, OPTION_ASCII))};
  licet_status status =
      licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &test.session);
  const bool covers = options_has(options, OPTION_COVERAGE) || options_has(options, OPTION_SUGGEST);
  if (status == LICET_OK && covers) status = licet_coverage_open(library, &test.coverage);
  if (status != LICET_OK) code = complain_status("test", status);
  for (size_t i = 0; status == LICET_OK && i < options->operand_count; i++)
    code = worse(code, run_path(&test, options->operands[i]));
  if (status == LICET_OK && options->operand_count == 0)
    code = run_path(&test, policies_folder_reported(options));
  if (status == LICET_OK && covers) code = worse(code, report_coverage(&test, options));
  if (status == LICET_OK && !covers) printf("%zu passed, %zu failed\n", test.passed, test.failed);
  licet_coverage_close(test.coverage);
  licet_session_close(test.session);
  licet_library_close(library);
  return code;
}
