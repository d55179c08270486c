/* licet dose: a request in, its treatment day by day out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "render/dose_views.h"
#include "render/request_errors.h"
#include "cli/input.h"
#include "render/output.h"

/* The forms of the answer; text where none is named. */
static const OptionId forms[] = {OPTION_JSON, OPTION_HTML, OPTION_SVG, OPTION_ICAL};
static const char *const form_names[] = {"--json", "--html", "--svg", "--ical"};
enum { FORM_COUNT = sizeof forms / sizeof *forms, FORM_JSON = 0, FORM_TEXT = FORM_COUNT };

/* The form asked for; EXIT_USAGE where several are, or one that cannot compare. */
static ExitCode choose_form(const Options *options, size_t *form) {
  *form = FORM_TEXT;
  for (size_t i = 0; i < FORM_COUNT; i++) {
    if (!options_has(options, forms[i])) continue;
    if (*form != FORM_TEXT)
      return complain("%s and %s cannot be used together", form_names[*form], form_names[i]),
             EXIT_USAGE;
    *form = i;
  }
  if (!options_has(options, OPTION_COMPARE) || *form == FORM_TEXT || *form == FORM_JSON)
    return EXIT_FINE;
  return complain("--compare writes text, or JSON with --json; not %s", form_names[*form]),
         EXIT_USAGE;
}

/* An empty name would be as none, which nobody means who writes one. */
static ExitCode refuse_empty_names(const Options *options) {
  static const OptionId names[] = {OPTION_REGIMEN, OPTION_PREPARATION, OPTION_FORMULA};
  static const char *const words[] = {"--regimen", "--preparation", "--formula"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (options_has(options, names[i]) && !*options->value[names[i]])
      return complain("%s requires a name that is not empty", words[i]), EXIT_USAGE;
  return EXIT_FINE;
}

static void write_json(const licet_dose_plan *plan, bool compare) {
  size_t length;
  const char *json =
      compare ? licet_dose_comparison_json(plan, &length) : licet_dose_json(plan, &length);
  if (!json) {
    output_lacks_memory();
    return;
  }
  fwrite(json, 1, length, stdout);
  fputc('\n', stdout);
}

typedef struct Request {
  char *bytes;
  size_t length;
} Request;

static void write_plan(const Options *options, size_t form, const licet_dose_plan *plan,
                       Request request) {
  Terminal terminal = terminal_open(stdout, options_has(options, OPTION_ASCII));
  bool compare = options_has(options, OPTION_COMPARE);
  if (form == FORM_TEXT && compare)
    dose_comparison_write(&terminal, plan);
  else if (form == FORM_TEXT)
    dose_text_write(&terminal, plan);
  else if (forms[form] == OPTION_JSON)
    write_json(plan, compare);
  else if (forms[form] == OPTION_HTML)
    dose_html_write(stdout, plan);
  else if (forms[form] == OPTION_SVG)
    dose_svg_write(stdout, plan);
  else
    dose_ical_write(stdout, plan, request.bytes, request.length);
}

/* Beside JSON the errors are an answer like any other and take the plan's place. */
static void write_request_errors(const Options *options, size_t form, const char *where,
                                 licet_session *session) {
  if (form == FORM_JSON) {
    size_t length;
    const char *json = licet_session_error_json(session, &length);
    fwrite(json, 1, length, stdout);
    fputc('\n', stdout);
    return;
  }
  Terminal complaint = terminal_open(stderr, options_has(options, OPTION_ASCII));
  complain("%s: the request has errors", where);
  print_request_errors(&complaint, session);
}

static ExitCode dose_request(const Options *options, size_t form, licet_session *session,
                             const char *path) {
  Request request;
  if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO))
    complain("reading from the terminal; Ctrl-D ends the input");
  if (!input_whole(path, REQUEST_BYTES_MAX, &request.bytes, &request.length))
    return complain_unreadable(path);
  const licet_dose_plan *plan;
  licet_dose_options wanted = {.regimen = options->value[OPTION_REGIMEN],
                               .preparation = options->value[OPTION_PREPARATION],
                               .formula = options->value[OPTION_FORMULA]};
  licet_status status = licet_dose(session, request.bytes, request.length, &wanted, &plan);
  if (status == LICET_OK) write_plan(options, form, plan, request);
  if (licet_session_lacks_memory(session)) output_lacks_memory();
  free(request.bytes);
  if (status == LICET_BAD_REQUEST)
    return write_request_errors(options, form, input_name(path), session), EXIT_ANSWER;
  if (status != LICET_OK) return complain_status(input_name(path), status);
  return plan_has_error(plan) ? EXIT_ANSWER : EXIT_FINE;
}

ExitCode command_dose(const Options *options) {
  size_t form;
  licet_library *library;
  ExitCode code = choose_form(options, &form);
  if (code == EXIT_FINE) code = refuse_empty_names(options);
  if (code == EXIT_FINE) code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  licet_session *session;
  licet_status status =
      licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session);
  if (status == LICET_OK)
    code = dose_request(options, form, session,
                        options->operand_count > 0 ? options->operands[0] : "-");
  else
    code = complain_status("dose", status);
  licet_session_close(session);
  licet_library_close(library);
  return code;
}
