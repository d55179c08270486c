/* licet facts: what a request may state, and how to ask for it. */
#include <stdio.h>
#include <string.h>

#include "base/unreachable.h"
#include "cli/commands.h"
#include "render/output.h"
#include "render/terminal.h"

typedef struct Facts {
  const licet_library *library;
  const licet_policy *policy; /* only what it reads; NULL for everything */
  Terminal terminal;
  size_t written;
} Facts;

static const char *supplier_sentence(const licet_fact *fact) {
  switch (fact->supplier) {
    case LICET_SOURCE_REVIEWER:
      return "a reviewer's judgment";
    case LICET_SOURCE_RECORD:
      return "from the plan's records";
    case LICET_SOURCE_REQUESTER:
    case LICET_SOURCE_NONE:
      return fact->is_clinical ? "clinical" : "";
  }
  UNREACHABLE();
}

static void write_fact(Terminal *terminal, const licet_fact *fact) {
  terminal_begin(terminal, 2, 6);
  terminal_put(terminal, STYLE_BOLD, fact->name);
  terminal_put(terminal, STYLE_PLAIN, ": ");
  terminal_put(terminal, STYLE_PLAIN, fact->values);
  const char *const after[] = {fact->range, supplier_sentence(fact), fact->codes};
  for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
    if (!*after[i]) continue;
    terminal_put(terminal, STYLE_DIM, " · ");
    terminal_put(terminal, STYLE_DIM, after[i]);
  }
  terminal_end(terminal);
  if (*fact->question) terminal_line(terminal, 6, STYLE_PLAIN, fact->question);
}

typedef struct FactOf {
  const char *vocabulary;
  licet_fact fact;
} FactOf;

static void write_json_fact(JsonWriter *json, void *context) {
  const FactOf *of = context;
  json_begin_object(json);
  json_string_member(json, "vocabulary", of->vocabulary);
  json_string_member(json, "name", of->fact.name);
  json_string_member(json, "type", of->fact.values);
  json_string_member(json, "supplier", licet_source_name(of->fact.supplier));
  json_boolean_member(json, "clinical", of->fact.is_clinical);
  json_string_member(json, "question", of->fact.question);
  json_string_member(json, "range", of->fact.range);
  json_string_member(json, "codes", of->fact.codes);
  json_end_object(json);
}

static void list_vocabulary(Facts *facts, const char *vocabulary, bool json) {
  licet_fact fact;
  bool titled = json;
  for (size_t i = 0; (fact = licet_vocabulary_fact(facts->library, vocabulary, i)).name; i++) {
    if (facts->policy && !licet_policy_reads(facts->policy, fact.name)) continue;
    if (facts->written++ > 0) fputs(json ? ",\n" : titled ? "" : "\n", stdout);
    if (!titled) terminal_line(&facts->terminal, 0, STYLE_BOLD, vocabulary);
    titled = true;
    if (json)
      print_json(write_json_fact, &(FactOf){vocabulary, fact});
    else
      write_fact(&facts->terminal, &fact);
  }
}

static void list_all(Facts *facts, bool json) {
  if (json) putchar('[');
  if (facts->policy)
    list_vocabulary(facts, licet_policy_vocabulary(facts->policy), json);
  else
    for (size_t i = 0; i < licet_library_vocabulary_count(facts->library); i++)
      list_vocabulary(facts, licet_library_vocabulary(facts->library, i), json);
  if (json) puts("]");
}

ExitCode command_facts(const Options *options) {
  licet_library *library;
  ExitCode code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  Facts facts = {.library = library,
                 .terminal = terminal_open(stdout, options_has(options, OPTION_ASCII))};
  const char *id = options->value[OPTION_POLICY];
  if (id) facts.policy = policies_find(library, id);
  if (id && !facts.policy)
    code = EXIT_ANSWER;
  else
    list_all(&facts, options_has(options, OPTION_JSON));
  licet_library_close(library);
  return code;
}
