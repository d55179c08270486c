/* licet ask: an interview, typed by a person, or in JSON lines with a program. */
#include <licet/ask.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/unreachable.h"
#include "cli/commands.h"
#include "render/request_errors.h"
#include "cli/input.h"
#include "render/output.h"
#include "render/terminal.h"
#include "render/tree.h"

enum { ANSWER_BYTES_MAX = 64 << 10, WIDTH = 80, REASONS_SHOWN = 4 };

typedef struct Ask {
  const licet_library *library;
  licet_interview *interview;
  Terminal terminal;
  Lines lines;
  const char *save; /* where an interview that is left goes; NULL: the standard output */
  bool as_json;
} Ask;

/* ---- How it begins ---- */

static void put_member(JsonWriter *json, const char *name, const char *value) {
  if (value != NULL) json_string_member(json, name, value);
}

typedef const char *ItemAt(const licet_policy *policy, size_t index);

static bool is_among(const licet_policy *policy, ItemAt *at, const char *name) {
  for (size_t i = 0; at(policy, i); i++)
    if (strcmp(at(policy, i), name) == 0) return true;
  return false;
}

static void list_items(char *into, size_t size, const licet_policy *policy, ItemAt *at) {
  size_t length = 0;
  *into = '\0';
  for (size_t i = 0; at(policy, i) && length < size; i++)
    length +=
        (size_t)snprintf(into + length, size - length, "%s%s", i > 0 ? ", " : "", at(policy, i));
}

/* The policy named, or the payer's where it has one alone. */
static const licet_policy *policy_meant(const Options *options, const licet_library *library) {
  const char *payer = options->value[OPTION_PAYER];
  const licet_policy *found = NULL;
  if (options_has(options, OPTION_POLICY))
    return licet_library_policy_by_id(library, options->value[OPTION_POLICY]);
  for (size_t i = 0; i < licet_library_policy_count(library); i++) {
    const licet_policy *policy = licet_library_policy(library, i);
    if (strcmp(licet_policy_payer(policy), payer) != 0) continue;
    if (found) return NULL;
    found = policy;
  }
  return found;
}

/* What has to be chosen between, and is not named. */
static bool is_settled(const licet_policy *policy, ItemAt *at, const char *given,
                       const char *option) {
  char items[512];
  if (given || !policy || !at(policy, 1)) return true;
  list_items(items, sizeof items, policy, at);
  complain("ask: %s has several; choose one with %s: %s", licet_policy_id(policy), option, items);
  return false;
}

/* Why no policy decides what the options say. */
static ExitCode complain_uncovered(const Options *options, const licet_library *library) {
  const licet_policy *policy = policy_meant(options, library);
  const char *line = options->value[OPTION_LINE], *drug = options->value[OPTION_DRUG];
  char items[512];
  if (policy && line && !is_among(policy, licet_policy_line, line)) {
    list_items(items, sizeof items, policy, licet_policy_line);
    complain("ask: %s does not cover the line of business %s; it covers %s",
             licet_policy_id(policy), line, items);
  } else if (policy && drug && !is_among(policy, licet_policy_drug, drug)) {
    list_items(items, sizeof items, policy, licet_policy_drug);
    complain("ask: %s does not cover the drug %s; it covers %s", licet_policy_id(policy), drug,
             items);
  } else if (policy) {
    complain("ask: %s is not in force on the date", licet_policy_id(policy));
  } else {
    complain("ask: no policy in force covers this payer, drug, line and date");
  }
  return EXIT_ANSWER;
}

typedef struct Head {
  const Options *options;
  const licet_library *library;
  Arena *arena;
  Buffer out;
} Head;

/* A request made of the options; what they leave out and the policy settles is filled in. */
static void write_head(void *context) {
  Head *head = context;
  const char *const *value = (const char *const *)head->options->value;
  const char *drug = value[OPTION_DRUG], *line = value[OPTION_LINE];
  const licet_policy *policy = policy_meant(head->options, head->library);
  if (policy && !drug && !licet_policy_drug(policy, 1)) drug = licet_policy_drug(policy, 0);
  if (policy && !line && !licet_policy_line(policy, 1)) line = licet_policy_line(policy, 0);
  const Today today = date_today();
  JsonWriter json;
  buffer_open(&head->out, head->arena, 512);
  json_writer_open(&json, &head->out);
  json_begin_object(&json);
  put_member(&json, "policy", value[OPTION_POLICY]);
  put_member(&json, "payer", value[OPTION_PAYER]);
  put_member(&json, "line", line);
  put_member(&json, "drug", drug);
  put_member(&json, "kind", value[OPTION_KIND] ? value[OPTION_KIND] : "initial");
  put_member(&json, "received", value[OPTION_ON_DATE] ? value[OPTION_ON_DATE] : today.date);
  put_member(&json, "start", value[OPTION_START]);
  json_object_member(&json, "facts");
  json_end_object(&json);
  json_end_object(&json);
  json_writer_close(&json);
  buffer_finish(&head->out);
}

/* False for want of memory; `*json` is the caller's to free. */
static bool head_from_options(const Options *options, const licet_library *library, char **json,
                              size_t *length) {
  Arena arena;
  Head head = {.options = options, .library = library, .arena = &arena};
  arena_open(&arena);
  const bool done = arena_attempt(&arena, write_head, &head);
  *json = done ? strdup(head.out.at) : NULL;
  *length = done ? head.out.length : 0;
  arena_close(&arena);
  return *json != NULL;
}

/* ---- A question for people ---- */

static void put_joined(Terminal *terminal, Style style, const char *const *items,
                       const char *between) {
  for (size_t i = 0; items[i]; i++) {
    if (i > 0) terminal_put(terminal, style, between);
    terminal_put(terminal, style, items[i]);
  }
}

/* A choice that begins with a digit would be taken for a number (ask/say.c). */
static bool choices_are_numbered(const licet_question *question) {
  for (size_t i = 0; question->choices[i]; i++) {
    if (question->choices[i][0] >= '0' && question->choices[i][0] <= '9') return false;
  }
  return true;
}

static void put_choices(Terminal *terminal, const licet_question *question) {
  const bool numbered = choices_are_numbered(question);
  char number[16];
  for (size_t i = 0; question->choices[i]; i++) {
    if (i > 0) terminal_put(terminal, STYLE_DIM, numbered ? "  " : " | ");
    snprintf(number, sizeof number, "%zu\u00a0", i + 1);
    if (numbered) terminal_put(terminal, STYLE_DIM, number);
    terminal_put(terminal, STYLE_PLAIN, question->choices[i]);
  }
}

/* "mass in kg, g, 0.2 kg to 500 kg" */
static void put_values(Terminal *terminal, const licet_question *question) {
  terminal_put(terminal, STYLE_DIM, question->values);
  if (*question->units)
    terminal_put(terminal, STYLE_DIM, " in "), terminal_put(terminal, STYLE_DIM, question->units);
  if (*question->range)
    terminal_put(terminal, STYLE_DIM, ", "), terminal_put(terminal, STYLE_DIM, question->range);
}

static void write_form(Terminal *terminal, const licet_question *question) {
  terminal_begin(terminal, 4, 4);
  switch (question->type) {
    case LICET_FACT_YES_NO:
      terminal_put(terminal, STYLE_DIM, "yes or no");
      break;
    case LICET_FACT_SET:
      terminal_put(terminal, STYLE_DIM, "any of these, separated by commas, or none: ");
      put_choices(terminal, question);
      break;
    case LICET_FACT_CHOICE:
      put_choices(terminal, question);
      break;
    case LICET_FACT_LIST:
      terminal_put(terminal, STYLE_DIM,
                   "entries separated by semicolons, fields by commas, or none: ");
      put_joined(terminal, STYLE_DIM, question->fields, "; ");
      break;
    case LICET_FACT_QUANTITY:
    case LICET_FACT_DATE:
    case LICET_FACT_DURATION:
    case LICET_FACT_NAME:
    case LICET_FACT_CODE:
    case LICET_FACT_SERIES:
      put_values(terminal, question);
      break;
  }
  terminal_end(terminal);
}

static void write_question(Terminal *terminal, const licet_question *question) {
  terminal_begin(terminal, 0, 4);
  terminal_number(terminal, STYLE_DIM, (long)question->number);
  terminal_put(terminal, STYLE_DIM, ". ");
  terminal_put(terminal, STYLE_BOLD, question->text);
  terminal_end(terminal);
  write_form(terminal, question);
}

static const char *supplier_words(licet_source supplier) {
  switch (supplier) {
    case LICET_SOURCE_REVIEWER:
      return "a reviewer's judgment";
    case LICET_SOURCE_RECORD:
      return "from the plan's record";
    case LICET_SOURCE_REQUESTER:
    case LICET_SOURCE_NONE:
      return "";
  }
  UNREACHABLE();
}

/* What "?" shows: why it is asked, and how to answer. */
static void write_reasons(Terminal *terminal, const licet_question *question) {
  terminal_begin(terminal, 4, 6);
  terminal_put(terminal, STYLE_BOLD, question->fact);
  if (question->is_clinical)
    terminal_put(terminal, STYLE_PLAIN,
                 ", clinical: a document may be required (answer @ document)");
  if (*supplier_words(question->supplier))
    terminal_put(terminal, STYLE_PLAIN, ", "),
        terminal_put(terminal, STYLE_PLAIN, supplier_words(question->supplier));
  terminal_end(terminal);
  for (size_t i = 0; question->criteria[i]; i++) {
    terminal_begin(terminal, 4, 6);
    if (i == REASONS_SHOWN && question->criteria[i + 1]) {
      terminal_put(terminal, STYLE_DIM, "and further criteria");
      terminal_end(terminal);
      break;
    }
    terminal_put(terminal, STYLE_PLAIN, "for ");
    terminal_put(terminal, STYLE_BOLD, question->criteria[i]);
    terminal_put(terminal, STYLE_PLAIN, " ");
    terminal_put(terminal, STYLE_PLAIN, question->reasons[i]);
    terminal_end(terminal);
  }
  terminal_line(terminal, 4, STYLE_DIM, "- not known, < previous question, q quit");
}

/* ---- A question for programs ---- */

static void write_step(JsonWriter *json, void *context) {
  const licet_question *question = context;
  json_begin_object(json);
  json_integer_member(json, "step", (int64_t)question->number);
  json_string_member(json, "fact", question->fact);
  json_string_member(json, "question", question->text);
  json_string_member(json, "type", question->values);
  if (question->choices[0]) json_strings_member(json, "choices", question->choices);
  if (question->fields[0]) json_strings_member(json, "fields", question->fields);
  if (*question->units) json_string_member(json, "units", question->units);
  if (*question->range) json_string_member(json, "range", question->range);
  json_string_member(json, "supplier", licet_source_name(question->supplier));
  json_boolean_member(json, "clinical", question->is_clinical);
  json_strings_member(json, "criteria", question->criteria);
  json_strings_member(json, "reasons", question->reasons);
  json_end_object(json);
}

static void print_step(const licet_question *question) {
  licet_question copy = *question;
  print_json(write_step, &copy);
  putchar('\n');
}

/* ---- Answers ---- */

typedef enum Turn { TURN_ON, TURN_LEAVE, TURN_FAILED } Turn;

static bool is_word(const char *line, const char *const *words) {
  for (; *words; words++)
    if (strcmp(line, *words) == 0) return true;
  return false;
}

/* The line without the blanks around it. */
static char *trimmed(const char *line, size_t length) {
  while (length > 0 && strchr(" \t\r", line[length - 1])) length--;
  while (length > 0 && strchr(" \t", *line)) line++, length--;
  char *copy = malloc(length + 1);
  if (copy) memcpy(copy, line, length), copy[length] = '\0';
  return copy;
}

static Turn say(Ask *ask, const char *line) {
  static const char *const leave[] = {"q", "quit", "exit", NULL},
                           *const back[] = {"<", "back", "undo", NULL},
                           *const why[] = {"?", "why", "help", NULL};
  if (is_word(line, leave)) return TURN_LEAVE;
  if (is_word(line, why))
    return write_reasons(&ask->terminal, licet_interview_question(ask->interview)), TURN_ON;
  if (is_word(line, back)) {
    if (!licet_interview_undo(ask->interview))
      terminal_line(&ask->terminal, 4, STYLE_OPEN, "this is the first question");
    return TURN_ON;
  }
  licet_status status = licet_interview_answer_text(ask->interview, line);
  if (status == LICET_OK) return TURN_ON;
  if (status != LICET_BAD_REQUEST) return complain_status("ask", status), TURN_FAILED;
  terminal_begin(&ask->terminal, 4, 6);
  terminal_put(&ask->terminal, STYLE_BAD, "not accepted: ");
  terminal_put(&ask->terminal, STYLE_PLAIN, licet_interview_error_text(ask->interview));
  terminal_end(&ask->terminal);
  return TURN_ON;
}

/* One JSON value a line is the answer; {"back":true} and {"quit":true} steer. */
static Turn answer(Ask *ask, const char *line) {
  if (strcmp(line, "{\"quit\":true}") == 0) return TURN_LEAVE;
  if (strcmp(line, "{\"back\":true}") == 0) {
    if (!licet_interview_undo(ask->interview))
      puts("{\"errors\":[{\"expected\":\"an answer: this is the first question\"}]}");
    return TURN_ON;
  }
  licet_status status = licet_interview_answer(ask->interview, line, strlen(line));
  if (status == LICET_OK) return TURN_ON;
  if (status != LICET_BAD_REQUEST) return complain_status("ask", status), TURN_FAILED;
  puts(licet_interview_error_json(ask->interview));
  return TURN_ON;
}

/* ---- The interview ---- */

static ExitCode save_request(const Ask *ask) {
  const char *request = licet_interview_request(ask->interview, NULL);
  if (!ask->save) return puts(request) < 0 ? EXIT_WORLD : EXIT_FINE;
  FILE *file = fopen(ask->save, "w");
  bool failed = !file || fprintf(file, "%s\n", request) < 0;
  if (file && fclose(file) != 0) failed = true;
  return failed ? complain_unreadable(ask->save) : EXIT_FINE;
}

static void put_names(Terminal *terminal, const char *const *names) {
  for (size_t i = 0; names[i]; i++) {
    if (i > 0) terminal_put(terminal, STYLE_PLAIN, names[i + 1] ? ", " : " and ");
    terminal_put(terminal, STYLE_PLAIN, names[i]);
  }
}

/* No question is open. Documents are none: the same answers, documented, may result in more. */
static void put_certainty(Terminal *terminal, const licet_determination *determination) {
  const char *const *set;
  bool waits = licet_determination_outcome(determination) == LICET_PEND &&
               !licet_determination_missing(determination, 0) &&
               licet_determination_documents(determination, 0);
  terminal_put(terminal, STYLE_PLAIN, "; the decision is certain; ");
  if (!waits) terminal_put(terminal, STYLE_PLAIN, "documents may still be required");
  for (size_t i = 0; waits && (set = licet_determination_documents(determination, i)); i++) {
    terminal_put(terminal, STYLE_PLAIN, i == 0 ? "it still needs documents for " : ", or for ");
    put_names(terminal, set);
  }
  terminal_put(terminal, STYLE_PLAIN, ".");
}

static void write_json_end(JsonWriter *json, void *context) {
  const Ask *ask = context;
  const licet_determination *determination = licet_interview_determination(ask->interview);
  json_begin_object(json);
  json_integer_member(json, "asked", (int64_t)licet_interview_answered(ask->interview));
  json_integer_member(json, "askable", (int64_t)licet_interview_askable(ask->interview));
  json_raw_member(json, "request", text_of(licet_interview_request(ask->interview, NULL)));
  json_raw_member(json, "determination", text_of(licet_determination_json(determination, NULL)));
  json_end_object(json);
}

static void write_end(Ask *ask) {
  const licet_determination *determination = licet_interview_determination(ask->interview);
  unsigned asked = (unsigned)licet_interview_answered(ask->interview),
           askable = (unsigned)licet_interview_askable(ask->interview);
  if (!determination) {
    output_lacks_memory();
    return;
  }
  if (ask->as_json) {
    print_json(write_json_end, ask);
    putchar('\n');
    return;
  }
  terminal_begin(&ask->terminal, 0, 2);
  put_count(&ask->terminal, (long)asked, "questions");
  terminal_put(&ask->terminal, STYLE_PLAIN, " of ");
  terminal_number(&ask->terminal, STYLE_PLAIN, (long)askable);
  put_certainty(&ask->terminal, determination);
  terminal_end(&ask->terminal);
  terminal_gap(&ask->terminal);
  tree_write(&ask->terminal, ask->library, determination);
  if (licet_interview_lacks_memory(ask->interview)) output_lacks_memory();
}

static ExitCode interview(Ask *ask) {
  const licet_question *question;
  const char *line;
  size_t length;
  Turn turn = TURN_ON;
  uint32_t shown = 0;
  while (turn == TURN_ON && (question = licet_interview_question(ask->interview)) != NULL) {
    if (ask->as_json) print_step(question);
    if (!ask->as_json && shown != question->number) write_question(&ask->terminal, question);
    shown = question->number;
    if (!ask->as_json) fputs("> ", stdout);
    LinesResult result = lines_next(&ask->lines, &line, &length);
    if (result == LINES_FAILED) return complain_unreadable("-");
    if (!ask->as_json && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
      printf("%.*s\n", result == LINES_LINE ? (int)length : 0, result == LINES_LINE ? line : "");
    if (result == LINES_END) turn = TURN_LEAVE;
    if (turn == TURN_LEAVE) break;
    char *typed = trimmed(line, length);
    if (!typed) return complain_status("ask", LICET_NO_MEMORY);
    uint32_t before = licet_interview_answered(ask->interview);
    turn = ask->as_json ? answer(ask, typed) : say(ask, typed);
    if (licet_interview_answered(ask->interview) != before) shown = 0;
    free(typed);
  }
  if (turn == TURN_FAILED) return EXIT_WORLD;
  if (turn == TURN_LEAVE) return save_request(ask);
  ExitCode code = ask->save ? save_request(ask) : EXIT_FINE;
  return write_end(ask), code;
}

static ExitCode begin(Ask *ask, const Options *options, const char *json, size_t length) {
  const bool reviews = options_has(options, OPTION_REVIEWER);
  licet_interview_options how = {.size = sizeof how,
                                 .answerer = reviews ? LICET_ASK_REVIEWER : LICET_ASK_REQUESTER,
                                 .vouched_by = LICET_VOUCHED_BY_PLAN};
  licet_status status = licet_interview_open(ask->library, json, length, &how, &ask->interview);
  if (status == LICET_BAD_REQUEST) {
    complain("ask: the request has errors");
    puts(licet_interview_error_json(ask->interview));
    return EXIT_ANSWER;
  }
  if (status != LICET_OK) return complain_status("ask", status);
  const licet_determination *determination = licet_interview_determination(ask->interview);
  if (!determination) return complain_status("ask", LICET_NO_MEMORY);
  bool uncovered = licet_determination_outcome(determination) == LICET_NO_POLICY;
  if (uncovered && options->operand_count == 0) return complain_uncovered(options, ask->library);
  if (!lines_open(&ask->lines, "-", ANSWER_BYTES_MAX)) return complain_unreadable("-");
  ExitCode code = interview(ask);
  lines_close(&ask->lines);
  return code;
}

static ExitCode open_and_begin(Ask *ask, const Options *options) {
  char *json = NULL;
  size_t length;
  const licet_policy *policy =
      options->operand_count == 0 ? policy_meant(options, ask->library) : NULL;
  if (!is_settled(policy, licet_policy_drug, options->value[OPTION_DRUG], "--drug"))
    return EXIT_ANSWER;
  if (!is_settled(policy, licet_policy_line, options->value[OPTION_LINE], "--line"))
    return EXIT_ANSWER;
  bool read = options->operand_count > 0
                  ? input_whole(options->operands[0], REQUEST_BYTES_MAX, &json, &length)
                  : head_from_options(options, ask->library, &json, &length);
  ExitCode code =
      read ? begin(ask, options, json, length)
           : complain_unreadable(options->operand_count > 0 ? options->operands[0] : "ask");
  free(json);
  return code;
}

ExitCode command_ask(const Options *options) {
  licet_library *library;
  bool named = options_has(options, OPTION_POLICY) || options_has(options, OPTION_PAYER);
  if (options->operand_count == 0 && !named) {
    complain(
        "ask requires a FILE to begin with, or --policy, or --payer, --drug and --line; see 'licet "
        "ask --help'");
    return EXIT_USAGE;
  }
  if (options->operand_count > 0 && strcmp(options->operands[0], "-") == 0) {
    complain("ask: answers are read from standard input; the request must be a file");
    return EXIT_USAGE;
  }
  ExitCode code = date_check_option(options);
  if (code == EXIT_FINE) code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  Ask ask = {.library = library,
             .terminal = terminal_open(stdout, options_has(options, OPTION_ASCII)),
             .save = options->value[OPTION_SAVE],
             .as_json = options_has(options, OPTION_JSON)};
  if (ask.terminal.width > WIDTH) ask.terminal.width = WIDTH;
  if (options_has(options, OPTION_POLICY) &&
      !policies_find(library, options->value[OPTION_POLICY])) {
    code = EXIT_ANSWER;
  } else {
    code = open_and_begin(&ask, options);
  }
  licet_interview_close(ask.interview);
  licet_library_close(library);
  return code;
}
