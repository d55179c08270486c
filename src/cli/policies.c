/* licet policies: what is in force. */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "render/output.h"
#include "render/outline.h"
#include "render/terminal.h"

typedef const char *ItemAt(const licet_policy *policy, size_t index);

static void put_items(Terminal *terminal, const licet_policy *policy, ItemAt *at) {
  for (size_t i = 0; at(policy, i); i++) {
    if (i > 0) terminal_put(terminal, STYLE_PLAIN, ", ");
    terminal_put(terminal, STYLE_PLAIN, at(policy, i));
  }
}

static void write_policy(Terminal *terminal, const licet_policy *policy,
                         licet_policy_version version) {
  terminal_begin(terminal, 0, 2);
  terminal_put(terminal, STYLE_BOLD, licet_policy_id(policy));
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_PLAIN, licet_policy_title(policy));
  terminal_end(terminal);
  terminal_field(terminal, "Payer", licet_policy_payer(policy));
  terminal_field_begin(terminal, "Lines");
  put_items(terminal, policy, licet_policy_line);
  terminal_end(terminal);
  terminal_field_begin(terminal, "Drugs");
  put_items(terminal, policy, licet_policy_drug);
  terminal_end(terminal);
  terminal_field_begin(terminal, "Version");
  terminal_put(terminal, STYLE_PLAIN, version.date);
  if (version.reconstructed) terminal_put(terminal, STYLE_DIM, " (reconstructed)");
  terminal_end(terminal);
}

static void write_json_items(JsonWriter *json, const char *name, const licet_policy *policy,
                             ItemAt *at) {
  json_array_member(json, name);
  for (size_t i = 0; at(policy, i) != NULL; i++) json_string(json, at(policy, i));
  json_end_array(json);
}

typedef struct Listed {
  const licet_policy *policy;
  licet_policy_version version;
} Listed;

static void write_json_policy(JsonWriter *json, void *context) {
  const Listed *listed = context;
  json_begin_object(json);
  json_string_member(json, "id", licet_policy_id(listed->policy));
  json_string_member(json, "title", licet_policy_title(listed->policy));
  json_string_member(json, "payer", licet_policy_payer(listed->policy));
  write_json_items(json, "lines", listed->policy, licet_policy_line);
  write_json_items(json, "drugs", listed->policy, licet_policy_drug);
  json_string_member(json, "version", listed->version.date);
  json_boolean_member(json, "reconstructed", listed->version.reconstructed);
  json_string_member(json, "digest", licet_policy_digest(listed->policy));
  json_end_object(json);
}

/* A JSON array with one policy a line, or a paragraph for each. */
static void list(const licet_library *library, const char *date, bool json, Terminal *terminal) {
  size_t shown = 0;
  if (json) putchar('[');
  for (size_t i = 0; i < licet_library_policy_count(library); i++) {
    const licet_policy *policy = licet_library_policy(library, i);
    licet_policy_version version = shown_version_on(policy, date);
    if (!version.date) continue;
    if (shown++ > 0) fputs(json ? ",\n" : "\n", stdout);
    if (json)
      print_json(write_json_policy, &(Listed){policy, version});
    else
      write_policy(terminal, policy, version);
  }
  if (json) puts("]");
  if (shown == 0) complain("no policy is in force on %s", date);
}

ExitCode command_policies(const Options *options) {
  licet_library *library;
  ExitCode code = date_check_option(options);
  if (code == EXIT_FINE) code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  Today today = date_today();
  const char *date =
      options_has(options, OPTION_ON_DATE) ? options->value[OPTION_ON_DATE] : today.date;
  Terminal terminal = terminal_open(stdout, options_has(options, OPTION_ASCII));
  if (!options_has(options, OPTION_JSON)) {
    terminal_field(&terminal, "Folder", policies_folder(options));
    terminal_gap(&terminal);
  }
  list(library, date, options_has(options, OPTION_JSON), &terminal);
  licet_library_close(library);
  return EXIT_FINE;
}
