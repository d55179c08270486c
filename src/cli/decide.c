/* licet decide: requests in, determinations out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/contrast.h"
#include "render/request_errors.h"
#include "cli/input.h"
#include "render/output.h"
#include "render/terminal.h"
#include "render/tree.h"

typedef struct Decide {
  const licet_library *library;
  licet_session *session;
  bool as_tree, all_payers, why_not;
  Terminal terminal;  /* where trees go */
  Terminal complaint; /* where errors go beside trees */
  size_t written;     /* trees so far: an empty line stands between them */
} Decide;

static void write_answer(Decide *decide, const licet_determination *determination) {
  if (!decide->as_tree) {
    size_t length;
    const char *json = licet_determination_json(determination, &length);
    fwrite(json, 1, length, stdout);
    fputc('\n', stdout);
    return;
  }
  if (decide->written++ > 0) terminal_gap(&decide->terminal);
  tree_write(&decide->terminal, decide->library, determination);
}

/* Beside JSON the errors are an answer like any other and take the determination's place in the
 * stream. */
static void write_request_errors(Decide *decide, const char *where) {
  if (decide->as_tree) {
    complain("%s: the request has errors", where);
    print_request_errors(&decide->complaint, decide->session);
    return;
  }
  size_t length;
  const char *json = licet_session_error_json(decide->session, &length);
  fwrite(json, 1, length, stdout);
  fputc('\n', stdout);
}

/* Under every policy for the drug, instead of the payer's alone. */
static ExitCode decide_all(Decide *decide, const char *where, const char *json, size_t length) {
  licet_panel *panel;
  licet_status status = licet_compare_payers(decide->session, json, length, &panel);
  if (status == LICET_BAD_REQUEST) return write_request_errors(decide, where), EXIT_ANSWER;
  if (status != LICET_OK) return complain_status(where, status);
  if (decide->as_tree) {
    if (decide->written++ > 0) terminal_gap(&decide->terminal);
    panel_write(&decide->terminal, panel);
  } else {
    puts(licet_panel_json(panel, NULL));
  }
  licet_panel_close(panel);
  return EXIT_FINE;
}

static ExitCode decide_why_not(Decide *decide, const char *where, const char *json, size_t length) {
  licet_contrast *contrast;
  licet_status status = licet_why_not(decide->session, json, length, &contrast);
  if (status == LICET_BAD_REQUEST) return write_request_errors(decide, where), EXIT_ANSWER;
  if (status != LICET_OK) return complain_status(where, status);
  if (decide->as_tree) {
    if (decide->written++ > 0) terminal_gap(&decide->terminal);
    contrast_write(&decide->terminal, contrast);
  } else {
    puts(licet_contrast_json(contrast, NULL));
  }
  licet_contrast_close(contrast);
  return EXIT_FINE;
}

static ExitCode decide_one(Decide *decide, const char *where, const char *json, size_t length) {
  const licet_determination *determination;
  if (decide->all_payers) return decide_all(decide, where, json, length);
  if (decide->why_not) return decide_why_not(decide, where, json, length);
  licet_status status = licet_decide(decide->session, json, length, &determination);
  if (status == LICET_OK) return write_answer(decide, determination), EXIT_FINE;
  if (status == LICET_BAD_REQUEST) return write_request_errors(decide, where), EXIT_ANSWER;
  return complain_status(where, status);
}

static ExitCode decide_file(Decide *decide, const char *path) {
  char *bytes;
  size_t length;
  if (!input_whole(path, REQUEST_BYTES_MAX, &bytes, &length)) return complain_unreadable(path);
  ExitCode code = decide_one(decide, input_name(path), bytes, length);
  free(bytes);
  return code;
}

/* Reports once, at the end, how many lines were bad: the stream itself shows which, and what is
 * wrong with them. */
static void complain_bad_lines(const char *path, size_t bad, size_t first) {
  if (bad == 1)
    complain("%s: 1 request has errors, on line %zu", input_name(path), first);
  else if (bad > 1)
    complain("%s: %zu requests have errors; the first is on line %zu", input_name(path), bad,
             first);
}

static ExitCode decide_stream(Decide *decide, const char *path) {
  Lines lines;
  const char *line;
  size_t length, bad = 0, first_bad = 0;
  char where[32];
  ExitCode code = EXIT_FINE;
  LinesResult result = LINES_END;
  if (!lines_open(&lines, path, REQUEST_BYTES_MAX)) return complain_unreadable(path);
  while (code != EXIT_WORLD && output_stands() &&
         (result = lines_next(&lines, &line, &length)) == LINES_LINE) {
    snprintf(where, sizeof where, "line %zu", lines.number);
    ExitCode answer = decide_one(decide, where, line, length);
    if (answer == EXIT_ANSWER && bad++ == 0) first_bad = lines.number;
    code = worse(code, answer);
  }
  if (result == LINES_FAILED) code = complain_unreadable(path);
  lines_close(&lines);
  complain_bad_lines(path, bad, first_bad);
  return code;
}

static ExitCode decide_inputs(Decide *decide, const Options *options) {
  static char standard_input[] = "-";
  char *nothing[] = {standard_input},
       **paths = options->operand_count > 0 ? options->operands : nothing;
  size_t count = options->operand_count > 0 ? options->operand_count : 1;
  ExitCode code = EXIT_FINE;
  for (size_t i = 0; i < count && output_stands(); i++) {
    if (strcmp(paths[i], "-") == 0 && isatty(STDIN_FILENO))
      complain("reading from the terminal; Ctrl-D ends the input");
    code = worse(code, options_has(options, OPTION_NDJSON) ? decide_stream(decide, paths[i])
                                                           : decide_file(decide, paths[i]));
  }
  return code;
}

ExitCode command_decide(const Options *options) {
  licet_library *library;
  if (options_has(options, OPTION_JSON) && options_has(options, OPTION_TREE)) {
    complain("--json and --tree cannot be used together");
    return EXIT_USAGE;
  }
  if (options_has(options, OPTION_ALL_PAYERS) && options_has(options, OPTION_WHY_NOT)) {
    complain("--all-payers and --why-not cannot be used together");
    return EXIT_USAGE;
  }
  ExitCode code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  bool ascii = options_has(options, OPTION_ASCII);
  Decide decide = {.library = library,
                   .as_tree = options_has(options, OPTION_TREE) ||
                              (!options_has(options, OPTION_JSON) && terminal_is(stdout)),
                   .why_not = options_has(options, OPTION_WHY_NOT),
                   .all_payers = options_has(options, OPTION_ALL_PAYERS),
                   .terminal = terminal_open(stdout, ascii),
                   .complaint = terminal_open(stderr, ascii)};
  licet_status status =
      licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN,
                                                  .request_digest = LICET_REQUEST_DIGEST_SHA256},
                         &decide.session);
  code = status == LICET_OK ? decide_inputs(&decide, options) : complain_status("decide", status);
  if (status == LICET_OK && licet_session_lacks_memory(decide.session)) output_lacks_memory();
  licet_session_close(decide.session);
  licet_library_close(library);
  return code;
}
