/* licet check --prove: findings for people or as JSON, witnesses as files. */
#include "cli/prove.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <licet/prove.h>

#include "base/unreachable.h"
#include "cli/commands.h"
#include "render/output.h"
#include "render/terminal.h"

typedef struct Proving {
  const Options *options;
  Terminal terminal;
  size_t defects, notes, witnesses;
  bool json, first; /* first: no JSON finding was written yet */
} Proving;

/* ---- Witness files ---- */

/* "PA.CP.PHAR.359-3.json": the policy and a number of its own, which stays the same while the
 * policy does. */
static char *witness_path(const char *folder, const char *policy, size_t number) {
  size_t size = strlen(folder) + strlen(policy) + 32;
  char *path = malloc(size);
  if (path == NULL) return NULL;
  int written = snprintf(path, size, "%s/%s-%zu.json", folder, policy, number);
  for (char *at = path + strlen(folder) + 1; written > 0 && *at != '\0'; at++) {
    if (*at == '/') *at = '_'; /* an id may hold what a name of a file may not */
  }
  return path;
}

static ExitCode write_witness(const char *path, const char *witness) {
  FILE *file = path == NULL ? NULL : fopen(path, "wb");
  bool fine = file != NULL && fputs(witness, file) >= 0;
  if (file != NULL && fclose(file) != 0) fine = false;
  if (!fine)
    complain("%s cannot be written: %s", path == NULL ? "a witness" : path, strerror(errno));
  return fine ? EXIT_FINE : EXIT_WORLD;
}

/* ---- For people ---- */

static const char *kind_words(const licet_finding *finding) {
  switch (finding->kind) {
    case LICET_UNSATISFIABLE:
      return "no patient can meet it";
    case LICET_CONTRADICTION:
      return "criteria contradict each other";
    case LICET_ALWAYS_MET:
      return "every patient meets it";
    case LICET_REDUNDANT:
      return "redundant";
    case LICET_SUBSUMED:
      return "covered by another alternative";
    case LICET_UNREACHABLE:
      return "cannot be reached";
    case LICET_OVERLAP:
      return "pathways overlap, authorizations differ";
    case LICET_GAP:
      return "gap in dates";
    case LICET_INTERPRETATION_CONTRADICTS:
      return "interpretation: the literal wording contradicts itself";
    case LICET_INTERPRETATION_ALWAYS:
      return "interpretation: the literal wording has no effect";
    case LICET_INTERPRETATION_DIFFERS:
      return "interpretation: decides differently from the literal wording";
    case LICET_INTERPRETATION_SAME:
      return "interpretation: changes no decision";
    case LICET_NOT_PROVED:
      return "not examined";
    case LICET_OUTSIDE_LABEL:
      return "approves outside the label";
  }
  UNREACHABLE();
}

static void put_when(Terminal *t, const licet_finding *finding) {
  terminal_put(t, STYLE_DIM, finding->from);
  terminal_put(t, STYLE_DIM, finding->until[0] == '\0' ? " on" : " to ");
  terminal_put(t, STYLE_DIM, finding->until);
  if (finding->request == LICET_ANY_KIND) return;
  terminal_put(t, STYLE_DIM, ", ");
  terminal_put(t, STYLE_DIM, licet_request_kind_name(finding->request));
}

static void show_head(Terminal *t, const licet_finding *finding) {
  char place[64];
  snprintf(place, sizeof place, ":%u:%u: ", finding->line, finding->column);
  terminal_begin(t, 0, 2);
  terminal_put(t, STYLE_PLAIN, finding->file);
  terminal_put(t, STYLE_PLAIN, place);
  terminal_put(t, finding->is_defect ? STYLE_BAD : STYLE_BOLD, kind_words(finding));
  terminal_put(t, STYLE_PLAIN, " (");
  put_when(t, finding);
  terminal_put(t, STYLE_PLAIN, ")");
  terminal_end(t);
}

static void show_witness(Terminal *t, const licet_finding *finding, const char *path) {
  terminal_field(t, "Patients", finding->common);
  if (finding->witness[0] != '\0')
    terminal_field(t, "Witness", path != NULL ? path : "found and replayed");
  bool happens = finding->kind == LICET_OVERLAP || finding->kind == LICET_INTERPRETATION_DIFFERS ||
                 finding->kind == LICET_OUTSIDE_LABEL;
  if (happens && finding->witness[0] == '\0')
    terminal_field(t, "Witness", "not found; whether it affects any request is unknown");
  terminal_field(t, "Decision", finding->shows);
}

static void show_finding(Proving *proving, const licet_finding *finding, const char *path) {
  Terminal *t = &proving->terminal;
  show_head(t, finding);
  terminal_line(t, 2, STYLE_PLAIN, finding->why);
  show_witness(t, finding, path);
  terminal_gap(t);
}

/* ---- Overlaps, of which a policy may have many: shown together ---- */

/* Two pathways each, in the same versions of one policy. */
static bool is_one_note(const licet_finding *a, const licet_finding *b) {
  return a->kind == LICET_OVERLAP && b->kind == LICET_OVERLAP &&
         strcmp(a->policy, b->policy) == 0 && strcmp(a->from, b->from) == 0 &&
         strcmp(a->until, b->until) == 0;
}

/* The first of those shown together, and how many they are. */
static size_t first_of_note(const licet_proof *proof, size_t index, size_t *count) {
  const licet_finding finding = licet_proof_finding(proof, index);
  size_t first = index;
  *count = 1;
  if (finding.kind != LICET_OVERLAP) return index;
  *count = 0;
  for (size_t i = licet_proof_count(proof); i-- > 0;) {
    const licet_finding other = licet_proof_finding(proof, i);
    if (!is_one_note(&finding, &other)) continue;
    first = i;
    ++*count;
  }
  return first;
}

static void put_pathway(Terminal *t, const char *path, const char *authorization) {
  terminal_put(t, STYLE_BOLD, path);
  terminal_put(t, STYLE_PLAIN, " (");
  terminal_put(t, STYLE_PLAIN, authorization);
  terminal_put(t, STYLE_PLAIN, ")");
}

static char *path_for(const Proving *proving, const licet_proof *proof, size_t index);

static void show_overlaps(Proving *proving, const licet_proof *proof, size_t first, size_t count) {
  Terminal *t = &proving->terminal;
  const licet_finding head = licet_proof_finding(proof, first);
  char line[160];
  licet_finding shown = head;
  shown.request = LICET_ANY_KIND; /* shown with each pair */
  show_head(t, &shown);
  snprintf(line, sizeof line,
           "One request can meet both pathways of each of these %zu pairs. The longer "
           "authorization is given.",
           count);
  terminal_line(t, 2, STYLE_PLAIN, line);
  for (size_t i = first; i < licet_proof_count(proof); i++) {
    const licet_finding finding = licet_proof_finding(proof, i);
    if (!is_one_note(&head, &finding)) continue;
    terminal_begin(t, 2, 4);
    put_pathway(t, finding.path, finding.authorization[0]);
    terminal_put(t, STYLE_PLAIN, " and ");
    put_pathway(t, finding.other, finding.authorization[1]);
    if (finding.request != LICET_ANY_KIND)
      terminal_put(t, STYLE_DIM, ", "),
          terminal_put(t, STYLE_DIM, licet_request_kind_name(finding.request));
    terminal_end(t);
    char *path = path_for(proving, proof, i);
    show_witness(t, &finding, path);
    free(path);
  }
  terminal_gap(t);
}

/* ---- JSON ---- */

typedef struct FindingAt {
  const licet_finding *finding;
  const char *path; /* of its witness; NULL: there is none */
} FindingAt;

static void write_finding(JsonWriter *json, void *context) {
  const FindingAt *at = context;
  const licet_finding *finding = at->finding;
  json_begin_object(json);
  json_string_member(json, "kind", licet_finding_kind_name(finding->kind));
  json_boolean_member(json, "defect", finding->is_defect);
  json_string_member(json, "policy", finding->policy);
  json_string_member(json, "from", finding->from);
  json_string_member(json, "until", finding->until);
  json_string_member(json, "request", licet_request_kind_name(finding->request));
  json_string_member(json, "path", finding->path);
  json_string_member(json, "title", finding->title);
  json_string_member(json, "other", finding->other);
  json_string_member(json, "interpretation", finding->interpretation);
  json_string_member(json, "file", finding->file);
  json_string_member(json, "drug", finding->drug);
  json_string_member(json, "label", finding->label);
  json_string_member(json, "why", finding->why);
  json_string_member(json, "common", finding->common);
  json_string_member(json, "shows", finding->shows);
  json_string_member(json, "authorization", finding->authorization[0]);
  json_string_member(json, "other_authorization", finding->authorization[1]);
  json_integer_member(json, "line", finding->line);
  json_integer_member(json, "column", finding->column);
  json_one_line_member(json, "witness", finding->witness);
  if (at->path != NULL) json_string_member(json, "witness_file", at->path);
  json_end_object(json);
}

static void print_finding(Proving *proving, const licet_finding *finding, const char *path) {
  fputs(proving->first ? "\n" : ",\n", stdout);
  proving->first = false;
  print_json(write_finding, &(FindingAt){finding, path});
}

/* ---- All of it ---- */

/* Where the witness goes: findings of a policy are numbered. NULL where there is none, or no folder
 * for it. */
static char *path_for(const Proving *proving, const licet_proof *proof, size_t index) {
  const char *folder = proving->options->value[OPTION_WITNESSES];
  const licet_finding finding = licet_proof_finding(proof, index);
  size_t number = 1;
  if (folder == NULL || finding.witness[0] == '\0') return NULL;
  while (number <= index &&
         strcmp(licet_proof_finding(proof, index - number).policy, finding.policy) == 0)
    number++;
  return witness_path(folder, finding.policy, number);
}

static ExitCode report_proof(Proving *proving, const licet_proof *proof) {
  ExitCode code = EXIT_FINE;
  for (size_t i = 0; i < licet_proof_count(proof); i++) {
    licet_finding finding = licet_proof_finding(proof, i);
    size_t together;
    const bool is_first = first_of_note(proof, i, &together) == i;
    char *path = path_for(proving, proof, i);
    if (path != NULL) code = worse(code, write_witness(path, finding.witness));
    proving->defects += finding.is_defect != 0;
    proving->notes += finding.is_defect == 0 && is_first;
    proving->witnesses += finding.witness[0] != '\0';
    if (proving->json) {
      print_finding(proving, &finding, path);
    } else if (together == 1) {
      show_finding(proving, &finding, path);
    } else if (is_first) {
      show_overlaps(proving, proof, i, together);
    }
    free(path);
  }
  return code;
}

static ExitCode prove_path(Proving *proving, const char *path) {
  licet_library *library = NULL;
  licet_report *report = NULL;
  licet_proof *proof = NULL;
  licet_status status = licet_library_open(path, NULL, &library, &report);
  ExitCode code = EXIT_FINE;
  if (status == LICET_OK || status == LICET_BAD_POLICY) fputs(licet_report_text(report), stderr);
  if (status == LICET_BAD_POLICY) {
    code = EXIT_ANSWER;
  } else if (status != LICET_OK) {
    code = complain_policies(path, status, report);
  } else if ((status = licet_prove(library, NULL, &proof)) != LICET_OK) {
    code = complain_status(path, status);
  } else {
    code = report_proof(proving, proof);
  }
  licet_proof_free(proof);
  licet_report_free(report);
  licet_library_close(library);
  return code;
}

static ExitCode make_folder(const char *folder) {
  if (folder == NULL || mkdir(folder, 0777) == 0 || (errno == EEXIST && is_folder(folder)))
    return EXIT_FINE;
  complain("%s cannot be created: %s", folder, strerror(errno));
  return EXIT_WORLD;
}

static void write_count(size_t count, const char *singular, const char *after) {
  printf("%zu %s%s%s", count, singular, count == 1 ? "" : "s", after);
}

ExitCode prove_policies(const Options *options) {
  Proving proving = {.options = options,
                     .terminal = terminal_open(stdout, options_has(options, OPTION_ASCII)),
                     .first = true};
  proving.json = options_has(options, OPTION_JSON);
  ExitCode code = make_folder(options->value[OPTION_WITNESSES]);
  if (code != EXIT_FINE) return code;
  if (proving.json) putchar('[');
  for (size_t i = 0; i < options->operand_count; i++)
    code = worse(code, prove_path(&proving, options->operands[i]));
  if (options->operand_count == 0) code = prove_path(&proving, policies_folder_reported(options));
  if (proving.json) {
    fputs("\n]\n", stdout);
  } else if (code == EXIT_FINE) {
    write_count(proving.defects, "defect", ", ");
    write_count(proving.notes, "note", ", ");
    printf("%zu witness%s\n", proving.witnesses, proving.witnesses == 1 ? "" : "es");
  }
  return proving.defects > 0 ? worse(code, EXIT_ANSWER) : code;
}
