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

static void write_json_items(const char *name, const licet_policy *policy, ItemAt *at) {
  printf(",\"%s\":[", name);
  for (size_t i = 0; at(policy, i); i++) {
    if (i > 0) putchar(',');
    write_json_string(stdout, at(policy, i));
  }
  putchar(']');
}

static void write_json_policy(const licet_policy *policy, licet_policy_version version) {
  fputs("{\"id\":", stdout);
  write_json_string(stdout, licet_policy_id(policy));
  write_json_member(stdout, "title", licet_policy_title(policy));
  write_json_member(stdout, "payer", licet_policy_payer(policy));
  write_json_items("lines", policy, licet_policy_line);
  write_json_items("drugs", policy, licet_policy_drug);
  write_json_member(stdout, "version", version.date);
  printf(",\"reconstructed\":%s", version.reconstructed ? "true" : "false");
  write_json_member(stdout, "digest", licet_policy_digest(policy));
  putchar('}');
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
      write_json_policy(policy, version);
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
  list(library, date, options_has(options, OPTION_JSON), &terminal);
  licet_library_close(library);
  return EXIT_FINE;
}
