/* licet compare, licet diff: two policies side by side, or one at two dates. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <licet/prove.h>

#include "base/unreachable.h"
#include "cli/commands.h"
#include "base/unreachable.h"
#include "render/output.h"
#include "render/outline.h"
#include "render/terminal.h"

typedef struct Operand {
  char *policy;     /* owned */
  const char *date; /* within it, or NULL */
} Operand;

typedef struct Writing {
  const licet_comparison *comparison;
  const char *folder;
  const char *names[2]; /* how the sides are called: "CP.PHAR.312", or the versions' dates */
  Terminal terminal;
  size_t files;
  bool few; /* so little differs that each witness is shown */
  ExitCode code;
  bool differs;
} Writing;

enum {
  REGIONS_SHOWN = 2,
  AUTHORIZATIONS_SHOWN = 2,
  WITNESSES_SHOWN = 4
}; /* on one page; JSON has them all */

/* ---- Witness files ---- */

/* Where write_files just put them. */
static void put_files(Writing *writing, const char *const witness[2]) {
  char line[4096];
  if (writing->folder == NULL || witness[0][0] == '\0') return;
  snprintf(line, sizeof line, "%s/%zu-first.json, %s/%zu-second.json", writing->folder,
           writing->files, writing->folder, writing->files);
  terminal_field(&writing->terminal, "Files", line);
}

/* The request as sent to both sides: two files, "3-first.json" and "3-second.json". */
static void write_files(Writing *writing, const char *const witness[2]) {
  static const char *const sides[] = {"first", "second"};
  if (writing->folder == NULL || witness[0][0] == '\0') return;
  writing->files++;
  for (int i = 0; i < 2; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%zu-%s.json", writing->folder, writing->files, sides[i]);
    FILE *file = fopen(path, "wb");
    bool fine = file != NULL && fputs(witness[i], file) >= 0;
    if (file != NULL && fclose(file) != 0) fine = false;
    if (fine) continue;
    complain("%s cannot be written: %s", path, strerror(errno));
    writing->code = EXIT_WORLD;
  }
}

/* ---- For people ---- */

static const char *relation_words(licet_relation relation) {
  switch (relation) {
    case LICET_EQUIVALENT:
      return "both approve the same requests";
    case LICET_IMPLIES:
      return "the second approves everything the first approves, and more";
    case LICET_IMPLIED:
      return "the first approves everything the second approves, and more";
    case LICET_DISJOINT:
      return "no request is approved by both";
    case LICET_OVERLAPPING:
      return "some requests are approved by both, some by only one";
  }
  UNREACHABLE();
}

static void put_share(Terminal *t, double share) {
  char text[32];
  if (share >= 0.0995)
    snprintf(text, sizeof text, "%.0f %%", 100 * share);
  else if (share >= 0.001)
    snprintf(text, sizeof text, "%.1f %%", 100 * share);
  else
    snprintf(text, sizeof text, "under 0.1 %%");
  terminal_put(t, STYLE_BOLD, text);
}

/* The facts of a request on one line, without its head. */
static void put_facts(Terminal *t, const char *witness) {
  const char *facts = strstr(witness, "\"facts\": ");
  char line[1600];
  size_t length = 0;
  if (facts == NULL) return;
  for (const char *at = facts + 9; *at != '\0' && length + 2 < sizeof line; at++) {
    if (*at != '\n') {
      line[length++] = *at;
      continue;
    }
    if (at[-1] == ',') line[length++] = ' ';
    while (at[1] == ' ') at++; /* the indentation of the next line */
  }
  while (length > 0 && line[length - 1] != '}') length--;
  if (length > 0) length--; /* the request's own brace */
  line[length] = '\0';
  terminal_field(t, "Witness", line);
}

static void put_decisions(Writing *writing, const char *const shows[2]) {
  char line[512];
  if (shows[0][0] == '\0') {
    terminal_field(&writing->terminal, "Witness",
                   "not found; whether the difference affects any request is unknown");
    return;
  }
  snprintf(line, sizeof line, "%s: %s; %s: %s", writing->names[0], shows[0], writing->names[1],
           shows[1]);
  terminal_field(&writing->terminal, "Decided", line);
}

/* `largest`: of what its side approves alone. */
static void show_region(Writing *writing, const licet_region *region, bool largest) {
  Terminal *t = &writing->terminal;
  terminal_begin(t, 2, 4);
  put_share(t, region->share);
  terminal_put(t, STYLE_PLAIN, " of the cases that differ: approved only by ");
  terminal_put(t, STYLE_BOLD, writing->names[region->approved_by]);
  terminal_put(t, STYLE_PLAIN, " (");
  terminal_put(t, STYLE_PLAIN, region->pathway);
  terminal_put(t, STYLE_PLAIN, "): ");
  if (region->path[0] != '\0' || region->title[0] != '\0') {
    terminal_put(t, STYLE_PLAIN, "“");
    terminal_put(t, STYLE_PLAIN, region->path);
    if (region->path[0] != '\0' && region->title[0] != '\0') terminal_put(t, STYLE_PLAIN, " ");
    terminal_put(t, STYLE_PLAIN, region->title);
    terminal_put(t, STYLE_PLAIN, "” of ");
    terminal_put(t, STYLE_PLAIN, writing->names[!region->approved_by]);
    terminal_put(t, STYLE_PLAIN, " is not met");
  } else {
    terminal_put(t, STYLE_PLAIN, "several criteria of ");
    terminal_put(t, STYLE_PLAIN, writing->names[!region->approved_by]);
    terminal_put(t, STYLE_PLAIN, " are not met");
    if (region->nearest[0] != '\0') {
      terminal_put(t, STYLE_PLAIN, "; the witness is closest to ");
      terminal_put(t, STYLE_PLAIN, region->nearest);
    }
  }
  terminal_end(t);
  terminal_field(t, "Patients", region->common);
  if (writing->few || largest) put_facts(t, region->witness[region->approved_by]);
  put_decisions(writing, region->shows);
  write_files(writing, region->witness);
  put_files(writing, region->witness);
}

static void show_witness(Writing *writing, const char *const witness[2],
                         const char *const shows[2]) {
  if (writing->few) put_facts(&writing->terminal, witness[0]);
  put_decisions(writing, shows);
  write_files(writing, witness);
  put_files(writing, witness);
}

static void show_authorization(Writing *writing,
                               const licet_authorization_difference *authorization) {
  Terminal *t = &writing->terminal;
  char line[1024];
  terminal_begin(t, 2, 4);
  put_share(t, authorization->share);
  terminal_put(t, STYLE_PLAIN, " of those approved by both meet ");
  snprintf(line, sizeof line, "%s (%s) of %s and %s (%s) of %s", authorization->pathway[0],
           authorization->authorization[0], writing->names[0], authorization->pathway[1],
           authorization->authorization[1], writing->names[1]);
  terminal_put(t, STYLE_PLAIN, line);
  terminal_end(t);
  show_witness(writing, authorization->witness, authorization->shows);
}

static const char *topic_title(licet_topic topic) {
  switch (topic) {
    case LICET_TOPIC_LIMITS:
      return "Limits differ";
    case LICET_TOPIC_EVIDENCE:
      return "Required documents differ";
    case LICET_TOPIC_REGIMENS:
      return "Covered regimens differ";
    case LICET_TOPIC_ROUTES:
      return "Referrals and routes differ";
    case LICET_TOPIC_DRUGS:
    case LICET_TOPIC_LINES:
    case LICET_TOPIC_NONE:
      return "";
  }
  UNREACHABLE();
}

/* "Covered by OHSU-0382 alone: medicaid", of each side that covers more. */
static void show_covered(Writing *writing, const licet_terms_difference *terms) {
  Terminal *t = &writing->terminal;
  for (int side = 0; side < 2; side++) {
    if (terms->words[side][0] == '\0') continue;
    terminal_begin(t, 2, 4);
    terminal_put(t, STYLE_PLAIN, "Covered only by ");
    terminal_put(t, STYLE_BOLD, writing->names[side]);
    terminal_put(t, STYLE_PLAIN, ": ");
    terminal_put(t, STYLE_PLAIN, terms->words[side]);
    terminal_end(t);
  }
}

/* "Limits differ: 28 vials every 42 days / 20 vials every 42 days". */
static void show_difference(Writing *writing, const licet_terms_difference *terms) {
  Terminal *t = &writing->terminal;
  terminal_begin(t, 2, 4);
  terminal_put(t, STYLE_BOLD, topic_title(terms->topic));
  terminal_put(t, STYLE_PLAIN, ": ");
  terminal_put(t, STYLE_PLAIN, terms->words[0]);
  terminal_put(t, STYLE_PLAIN, " / ");
  terminal_put(t, STYLE_PLAIN, terms->words[1]);
  terminal_end(t);
  if (terms->topic == LICET_TOPIC_EVIDENCE) show_witness(writing, terms->witness, terms->shows);
}

static void show_terms(Writing *writing, licet_request_kind request) {
  licet_terms_difference terms;
  for (size_t i = 0;
       (terms = licet_comparison_terms(writing->comparison, i)).topic != LICET_TOPIC_NONE; i++) {
    writing->differs = true;
    if (terms.request != request) continue;
    if (terms.topic == LICET_TOPIC_DRUGS || terms.topic == LICET_TOPIC_LINES) {
      show_covered(writing, &terms);
    } else {
      show_difference(writing, &terms);
    }
  }
}

static void show_kind(Writing *writing, licet_request_kind kind) {
  Terminal *t = &writing->terminal;
  const licet_comparison *comparison = writing->comparison;
  licet_relation relation = licet_comparison_relation(comparison, kind);
  terminal_gap(t);
  terminal_begin(t, 0, 2);
  terminal_put(t, STYLE_BOLD,
               kind == LICET_INITIAL ? "Initial requests: " : "Continuation requests: ");
  terminal_put(t, STYLE_PLAIN, relation_words(relation));
  terminal_end(t);
  writing->differs = writing->differs || relation != LICET_EQUIVALENT;
  show_terms(writing, kind);
  size_t left_out = licet_comparison_more(comparison, kind), shown[2] = {0, 0}, authorizations = 0;
  for (size_t i = 0;; i++) {
    licet_region region = licet_comparison_region(comparison, kind, i);
    if (region.pathway == NULL) break;
    if (shown[region.approved_by]++ < REGIONS_SHOWN) {
      show_region(writing, &region, shown[region.approved_by] == 1);
    } else {
      left_out++;
    }
  }
  for (;; authorizations++) {
    licet_authorization_difference authorization =
        licet_comparison_authorization(comparison, kind, authorizations);
    if (authorization.pathway[0] == NULL) break;
    writing->differs = true;
    if (authorizations < AUTHORIZATIONS_SHOWN) {
      show_authorization(writing, &authorization);
    } else {
      left_out++;
    }
  }
  if (left_out == 0) return;
  terminal_begin(t, 2, 4);
  terminal_put(t, STYLE_DIM, "smaller groups not shown: ");
  terminal_number(t, STYLE_DIM, (long)left_out);
  terminal_end(t);
}

static bool differs_little(const licet_comparison *comparison) {
  size_t count = 0;
  for (int kind = 0; kind < 2; kind++) {
    for (size_t i = 0;
         licet_comparison_region(comparison, (licet_request_kind)kind, i).pathway != NULL; i++)
      count++;
    for (size_t i = 0;
         licet_comparison_authorization(comparison, (licet_request_kind)kind, i).pathway[0] != NULL;
         i++)
      count++;
  }
  return count <= WITNESSES_SHOWN;
}

static void show(Writing *writing) {
  Terminal *t = &writing->terminal;
  static const char *const sides[] = {"First", "Second"};
  for (int i = 0; i < 2; i++) {
    licet_side_view side = licet_comparison_side(writing->comparison, (licet_side)i);
    char line[512];
    snprintf(line, sizeof line, "%s %s, version %s", side.policy, side.title, side.version);
    terminal_field(t, sides[i], line);
  }
  const licet_unshared unshared = licet_comparison_unshared(writing->comparison);
  if (unshared != LICET_UNSHARED_NOTHING) {
    char line[128];
    snprintf(line, sizeof line, "The two policies have no %s in common; each decides only its own.",
             licet_unshared_name(unshared));
    terminal_line(t, 2, STYLE_DIM, line);
  }
  if (strcmp(licet_comparison_side(writing->comparison, LICET_FIRST).policy,
             licet_comparison_side(writing->comparison, LICET_SECOND).policy) != 0 &&
      unshared == LICET_UNSHARED_NOTHING)
    terminal_field(t, "Compared for", licet_comparison_scope(writing->comparison));
  show_terms(writing, LICET_ANY_KIND);
  writing->few = differs_little(writing->comparison);
  show_kind(writing, LICET_INITIAL);
  show_kind(writing, LICET_CONTINUATION);
}

/* ---- JSON ---- */

static void share_member(JsonWriter *json, double share) {
  char text[32];
  snprintf(text, sizeof text, "%.6f", share);
  json_raw_member(json, "share", text_of(text));
}

static void write_both(JsonWriter *json, const char *const witness[2], const char *const shows[2]) {
  json_one_line_member(json, "first", witness[0]);
  json_one_line_member(json, "second", witness[1]);
  json_string_member(json, "first_decided", shows[0]);
  json_string_member(json, "second_decided", shows[1]);
}

static void write_region(JsonWriter *json, const licet_region *region) {
  json_begin_object(json);
  json_string_member(json, "approved_by", region->approved_by == LICET_FIRST ? "first" : "second");
  share_member(json, region->share);
  json_string_member(json, "pathway", region->pathway);
  json_string_member(json, "path", region->path);
  json_string_member(json, "title", region->title);
  json_string_member(json, "nearest", region->nearest);
  json_string_member(json, "file", region->file);
  json_integer_member(json, "line", region->line);
  json_integer_member(json, "column", region->column);
  json_string_member(json, "common", region->common);
  write_both(json, region->witness, region->shows);
  json_end_object(json);
}

static void write_authorization(JsonWriter *json,
                                const licet_authorization_difference *difference) {
  json_begin_object(json);
  share_member(json, difference->share);
  json_string_member(json, "first_pathway", difference->pathway[0]);
  json_string_member(json, "first_authorization", difference->authorization[0]);
  json_string_member(json, "second_pathway", difference->pathway[1]);
  json_string_member(json, "second_authorization", difference->authorization[1]);
  write_both(json, difference->witness, difference->shows);
  json_end_object(json);
}

static void write_kind(JsonWriter *json, Writing *writing, licet_request_kind kind) {
  const licet_comparison *comparison = writing->comparison;
  licet_relation relation = licet_comparison_relation(comparison, kind);
  writing->differs = writing->differs || relation != LICET_EQUIVALENT;
  json_object_member(json, licet_request_kind_name(kind));
  json_string_member(json, "relation", licet_relation_name(relation));
  json_array_member(json, "regions");
  for (size_t i = 0;; i++) {
    licet_region region = licet_comparison_region(comparison, kind, i);
    if (region.pathway == NULL) break;
    write_region(json, &region);
    write_files(writing, region.witness);
  }
  json_end_array(json);
  json_array_member(json, "authorizations");
  for (size_t i = 0;; i++) {
    licet_authorization_difference difference = licet_comparison_authorization(comparison, kind, i);
    if (difference.pathway[0] == NULL) break;
    writing->differs = true;
    write_authorization(json, &difference);
    write_files(writing, difference.witness);
  }
  json_end_array(json);
  json_integer_member(json, "more", (int64_t)licet_comparison_more(comparison, kind));
  json_end_object(json);
}

static void write_side(JsonWriter *json, const char *name, licet_side_view view) {
  json_object_member(json, name);
  json_string_member(json, "policy", view.policy);
  json_string_member(json, "version", view.version);
  json_string_member(json, "title", view.title);
  json_end_object(json);
}

static void write_terms(JsonWriter *json, Writing *writing) {
  json_array_member(json, "terms");
  for (size_t i = 0;; i++) {
    licet_terms_difference terms = licet_comparison_terms(writing->comparison, i);
    if (terms.topic == LICET_TOPIC_NONE) break;
    writing->differs = true;
    json_begin_object(json);
    json_string_member(json, "topic", licet_topic_name(terms.topic));
    json_string_member(json, "request", licet_request_kind_name(terms.request));
    json_string_member(json, "first", terms.words[0]);
    json_string_member(json, "second", terms.words[1]);
    if (terms.topic == LICET_TOPIC_EVIDENCE) {
      json_one_line_member(json, "first_request", terms.witness[0]);
      json_one_line_member(json, "second_request", terms.witness[1]);
      json_string_member(json, "first_decided", terms.shows[0]);
      json_string_member(json, "second_decided", terms.shows[1]);
      write_files(writing, terms.witness);
    }
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_json(JsonWriter *json, void *context) {
  Writing *writing = context;
  json_begin_object(json);
  write_side(json, "first", licet_comparison_side(writing->comparison, LICET_FIRST));
  write_side(json, "second", licet_comparison_side(writing->comparison, LICET_SECOND));
  json_string_member(json, "unshared",
                     licet_unshared_name(licet_comparison_unshared(writing->comparison)));
  json_string_member(json, "scope", licet_comparison_scope(writing->comparison));
  write_terms(json, writing);
  write_kind(json, writing, LICET_INITIAL);
  write_kind(json, writing, LICET_CONTINUATION);
  json_end_object(json);
}

/* ---- Both commands ---- */

static ExitCode make_folder(const char *folder) {
  if (folder == NULL || mkdir(folder, 0777) == 0 || (errno == EEXIST && is_folder(folder)))
    return EXIT_FINE;
  complain("%s cannot be created: %s", folder, strerror(errno));
  return EXIT_WORLD;
}

/* EXIT_ANSWER says that the two differ; all that keeps them from being compared is trouble. */
static ExitCode open_policies(const Options *options, licet_library **library) {
  ExitCode code = policies_open(options, library);
  return code == EXIT_ANSWER ? EXIT_WORLD : code;
}

static ExitCode check_side(const licet_library *library, const Operand *operand) {
  const licet_policy *policy = policies_find(library, operand->policy);
  if (policy == NULL) return EXIT_WORLD;
  if (operand->date == NULL || shown_version_on(policy, operand->date).date != NULL)
    return EXIT_FINE;
  complain("%s was not in force on %s; its first version is dated %s", operand->policy,
           operand->date, licet_policy_version_at(policy, 0).date);
  return EXIT_WORLD;
}

static ExitCode write_comparison(const Options *options, const licet_comparison *comparison) {
  Writing writing = {.comparison = comparison, .folder = options->value[OPTION_WITNESSES]};
  licet_side_view first = licet_comparison_side(comparison, LICET_FIRST),
                  second = licet_comparison_side(comparison, LICET_SECOND);
  bool same = strcmp(first.policy, second.policy) == 0;
  writing.names[0] = same ? first.version : first.policy;
  writing.names[1] = same ? second.version : second.policy;
  writing.terminal = terminal_open(stdout, options_has(options, OPTION_ASCII));
  if (options_has(options, OPTION_JSON)) {
    print_json(write_json, &writing);
    putchar('\n');
  } else {
    show(&writing);
  }
  return writing.differs ? worse(writing.code, EXIT_ANSWER) : writing.code;
}

static ExitCode compare(const Options *options, const Operand *first, const Operand *second) {
  licet_library *library = NULL;
  licet_comparison *comparison = NULL;
  ExitCode code = make_folder(options->value[OPTION_WITNESSES]);
  if (code == EXIT_FINE) code = open_policies(options, &library);
  if (code == EXIT_FINE) code = check_side(library, first);
  if (code == EXIT_FINE) code = check_side(library, second);
  if (code == EXIT_FINE) {
    licet_status status = licet_compare(library, first->policy, first->date, second->policy,
                                        second->date, &comparison);
    if (status == LICET_OK) {
      code = write_comparison(options, comparison);
    } else if (status == LICET_BAD_POLICY) {
      complain("%s and %s: %s", first->policy, second->policy, licet_comparison_error(comparison));
      code = EXIT_WORLD;
    } else {
      code = complain_status(first->policy, status);
    }
  }
  licet_comparison_free(comparison);
  licet_library_close(library);
  return code;
}

static ExitCode check_date(const char *date) {
  if (date == NULL || date_is_valid(date)) return EXIT_FINE;
  complain("%s is not a date: dates are written YYYY-MM-DD", date);
  return EXIT_USAGE;
}

static bool operand_open(Operand *operand, const char *text) {
  operand->policy = strdup(text);
  if (operand->policy == NULL) return false;
  char *at = strrchr(operand->policy, '@');
  if (at != NULL) *at = '\0';
  operand->date = at == NULL ? NULL : at + 1;
  return true;
}

ExitCode command_compare(const Options *options) {
  Operand operands[2] = {{0}};
  ExitCode code = EXIT_FINE;
  for (int i = 0; i < 2 && code == EXIT_FINE; i++)
    code = operand_open(&operands[i], options->operands[i])
               ? check_date(operands[i].date)
               : complain_status("compare", LICET_NO_MEMORY);
  if (code == EXIT_FINE) code = compare(options, &operands[0], &operands[1]);
  for (int i = 0; i < 2; i++) free(operands[i].policy);
  return code;
}

ExitCode command_diff(const Options *options) {
  Operand first = {.policy = options->operands[0], .date = options->value[OPTION_FROM]};
  Operand second = {.policy = options->operands[0], .date = options->value[OPTION_TO]};
  ExitCode code = worse(check_date(first.date), check_date(second.date));
  if (code != EXIT_FINE) return code;
  if (first.date != NULL) return compare(options, &first, &second);
  /* without a date to start from, the first version */
  licet_library *library = NULL;
  code = open_policies(options, &library);
  if (code != EXIT_FINE) return code;
  const licet_policy *policy = policies_find(library, first.policy);
  char date[16] = "";
  if (policy != NULL) snprintf(date, sizeof date, "%s", licet_policy_version_at(policy, 0).date);
  licet_library_close(library);
  first.date = date;
  return policy == NULL ? EXIT_WORLD : compare(options, &first, &second);
}
