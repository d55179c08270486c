/* licet show: a policy as its outline. */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "render/policy_html.h"
#include "render/outline.h"
#include "render/output.h"
#include "render/terminal.h"

/* ---- head ---- */

static void write_list(Terminal *terminal, const char *name, const licet_policy *policy,
                       const char *(*at)(const licet_policy *, size_t)) {
  terminal_field_begin(terminal, name);
  for (size_t i = 0; at(policy, i); i++) {
    if (i > 0) terminal_put(terminal, STYLE_PLAIN, ", ");
    terminal_put(terminal, STYLE_PLAIN, at(policy, i));
  }
  terminal_end(terminal);
}

static void write_version(Terminal *terminal, const char *name, licet_policy_version version) {
  terminal_field_begin(terminal, name);
  terminal_put(terminal, STYLE_PLAIN, version.date);
  if (version.reconstructed) terminal_put(terminal, STYLE_PLAIN, " (reconstructed)");
  if (*version.note) {
    terminal_put(terminal, STYLE_PLAIN, " ");
    terminal_put(terminal, STYLE_PLAIN, version.note);
  }
  terminal_end(terminal);
}

static void write_versions(Terminal *terminal, View view) {
  if (view.on) {
    write_version(terminal, "Version", shown_version_on(view.policy, view.on));
    return;
  }
  licet_policy_version version;
  for (size_t i = 0; (version = licet_policy_version_at(view.policy, i)).date; i++)
    write_version(terminal, i == 0 ? "Versions" : "", version);
}

static void write_head(Terminal *terminal, View view) {
  terminal_begin(terminal, 0, 2);
  terminal_put(terminal, STYLE_BOLD, licet_policy_id(view.policy));
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_BOLD, licet_policy_title(view.policy));
  terminal_end(terminal);
  terminal_field(terminal, "Payer", licet_policy_payer(view.policy));
  write_list(terminal, "Lines", view.policy, licet_policy_line);
  write_list(terminal, "Drugs", view.policy, licet_policy_drug);
  write_versions(terminal, view);
  terminal_field(terminal, "Until", licet_policy_until(view.policy));
  terminal_field(terminal, "Source", licet_policy_source(view.policy));
  terminal_field(terminal, "Facts", licet_policy_vocabulary(view.policy));
  terminal_field(terminal, "File", licet_policy_file(view.policy));
  terminal_field(terminal, "Digest", licet_policy_digest(view.policy));
}

/* ---- interpretations ---- */

static void write_interpretation(Terminal *terminal, const licet_interpretation *interpretation,
                                 int indent) {
  terminal_begin(terminal, indent, indent + 2);
  terminal_put(terminal, STYLE_OPEN, interpretation->id);
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_PLAIN, interpretation->text);
  terminal_end(terminal);
  if (!*interpretation->literal) return;
  terminal_begin(terminal, indent + 2, indent + 4);
  terminal_put(terminal, STYLE_DIM, "literally: ");
  terminal_put(terminal, STYLE_PLAIN, interpretation->literal);
  terminal_end(terminal);
}

static void write_general_interpretations(Terminal *terminal, View view) {
  licet_interpretation interpretation;
  bool any = false;
  for (size_t i = 0; (interpretation = licet_policy_interpretation(view.policy, i)).id; i++) {
    if (!interpretation_is_general(&interpretation)) continue;
    if (!any) terminal_gap(terminal);
    any = true;
    write_interpretation(terminal, &interpretation, 0);
  }
}

static void write_interpretations_of(Terminal *terminal, View view,
                                     const licet_criterion *criterion, int indent) {
  licet_interpretation interpretation;
  for (size_t i = 0; (interpretation = licet_policy_interpretation(view.policy, i)).id; i++)
    if (interpretation_concerns(&interpretation, criterion))
      write_interpretation(terminal, &interpretation, indent);
}

/* ---- outline ---- */

static void put_marked(Terminal *terminal, const char *before, const char *text) {
  if (!*text) return;
  terminal_put(terminal, STYLE_DIM, before);
  terminal_put(terminal, STYLE_DIM, text);
}

static void write_criterion_line(Terminal *terminal, const licet_criterion *criterion, int indent) {
  bool labelled = criterion_has_label(criterion);
  terminal_begin(terminal, indent, indent + 2);
  if (labelled) terminal_put(terminal, STYLE_BOLD, criterion->label);
  if (labelled && *criterion->title) terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_PLAIN, criterion->title);
  put_marked(terminal, labelled || *criterion->title ? ": " : "",
             criterion_connective(criterion).text);
  put_marked(terminal, ", for ", licet_request_kind_name(criterion->kind));
  put_marked(terminal, ", from ", criterion->from);
  put_marked(terminal, ", until ", criterion->until);
  if (criterion->prerequisite) terminal_put(terminal, STYLE_DIM, ", prerequisite");
  if (criterion->is_pathway) terminal_put(terminal, STYLE_DIM, ", pathway");
  terminal_end(terminal);
}

static void write_lines(Terminal *terminal, const char *mark, const char *const *lines, int indent,
                        Style style) {
  for (; *lines; lines++) {
    terminal_begin(terminal, indent, indent + 2);
    terminal_put(terminal, style, mark);
    terminal_put(terminal, style, *lines);
    terminal_end(terminal);
  }
}

static void write_condition(Terminal *terminal, const char *before, const char *condition,
                            int indent) {
  if (!*condition) return;
  terminal_begin(terminal, indent, indent + 2);
  put_marked(terminal, "", before);
  terminal_put(terminal, STYLE_PLAIN, condition);
  terminal_end(terminal);
}

static void write_criterion(Terminal *terminal, View view, const licet_criterion *criterion) {
  int indent = 2 * (int)criterion->depth, inner = indent + 4;
  write_criterion_line(terminal, criterion, indent);
  write_condition(terminal, "if ", criterion->guard, inner);
  write_condition(terminal, "", criterion->condition, inner);
  write_interpretations_of(terminal, view, criterion, inner);
  write_lines(terminal, "", criterion->notes, inner, STYLE_DIM);
  write_lines(terminal, "source: ", criterion->citations, inner, STYLE_DIM);
  write_lines(terminal, "→ ", criterion->outcomes, inner, STYLE_GOOD);
  const char *const dosed_as[] = {criterion->dosed_as, NULL};
  if (*criterion->dosed_as) write_lines(terminal, "→ dosed as ", dosed_as, inner, STYLE_GOOD);
}

static void write_text(Terminal *terminal, View view) {
  Outline outline = outline_of(view);
  licet_criterion criterion;
  write_head(terminal, view);
  write_general_interpretations(terminal, view);
  terminal_gap(terminal);
  while (outline_next(&outline, &criterion)) write_criterion(terminal, view, &criterion);
}

/* ---- the command ---- */

/* LICET_ANY_KIND for NULL, and for a word that names no kind. */
static licet_request_kind kind_asked(const char *word) {
  licet_request_kind kind = LICET_INITIAL;
  while (kind != LICET_ANY_KIND &&
         (word == NULL || strcmp(word, licet_request_kind_name(kind)) != 0))
    kind++;
  return kind;
}

static ExitCode check_options(const Options *options) {
  const char *kind = options->value[OPTION_KIND];
  if (kind && kind_asked(kind) == LICET_ANY_KIND) {
    complain("--kind %s: a kind is initial or continuation", kind);
    return EXIT_USAGE;
  }
  return date_check_option(options);
}

static ExitCode show(const Options *options, const licet_library *library) {
  View view = {policies_find(library, options->operands[0]), options->value[OPTION_ON_DATE],
               kind_asked(options->value[OPTION_KIND])};
  if (!view.policy) return EXIT_ANSWER;
  if (view.on && !shown_version_on(view.policy, view.on).date) {
    complain("%s was not yet in force on %s", licet_policy_id(view.policy), view.on);
    return EXIT_ANSWER;
  }
  Terminal terminal = terminal_open(stdout, options_has(options, OPTION_ASCII));
  if (options_has(options, OPTION_HTML))
    html_write(stdout, view);
  else
    write_text(&terminal, view);
  return EXIT_FINE;
}

ExitCode command_show(const Options *options) {
  licet_library *library;
  ExitCode code = check_options(options);
  if (code == EXIT_FINE) code = policies_open(options, &library);
  if (code != EXIT_FINE) return code;
  code = show(options, library);
  licet_library_close(library);
  return code;
}
