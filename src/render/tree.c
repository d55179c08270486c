/* Read from the bottom: tree_write is the table of contents. */
#include "base/unreachable.h"
#include "render/tree.h"

#include <stdbool.h>
#include <string.h>

#include "base/unreachable.h"
#include "render/outline.h"

enum { CRITERIA_INDENT = 2, VALUE_CHARACTERS = 160 };

/* ---- headline ---- */

typedef struct Headline {
  const char *mark, *text;
  Style style;
} Headline;

static Headline headline_of(licet_outcome outcome) {
  switch (outcome) {
    case LICET_APPROVE:
      return (Headline){"✓", "APPROVE", STYLE_GOOD};
    case LICET_PEND:
      return (Headline){"?", "PEND", STYLE_OPEN};
    case LICET_REFER:
      return (Headline){"→", "REFER", STYLE_OPEN};
    case LICET_NO_POLICY:
      return (Headline){"–", "NO POLICY", STYLE_DIM};
  }
  return (Headline){"?", "", STYLE_PLAIN};
}

/* What the word on the wire means, in a sentence. */
static const char *reason_sentence(const licet_determination *determination) {
  switch (licet_determination_reason(determination)) {
    case LICET_REASON_NONE:
      break;
    case LICET_REASON_JUDGMENT:
      return "needs clinical review";
    case LICET_REASON_CRITERIA_NOT_MET:
      return "criteria not met; sent to clinical review";
    case LICET_REASON_OTHER_POLICY:
      return "another policy governs";
    case LICET_REASON_CASE_BY_CASE:
      return "case-by-case review";
    case LICET_REASON_NOT_RENEWABLE:
      return "renewal limit reached, or not renewable";
    case LICET_REASON_UNKNOWN_POLICY:
      return "no policy has this ID";
    case LICET_REASON_UNKNOWN_PAYER:
      return "the library has no policy for this payer";
    case LICET_REASON_DRUG_NOT_COVERED:
      return "no policy for this payer covers the drug";
    case LICET_REASON_LINE_NOT_COVERED:
      return "the drug is not covered for this line of business";
    case LICET_REASON_NOT_IN_FORCE:
      return "no policy was in force on the day received";
  }
  switch (licet_determination_outcome(determination)) {
    case LICET_APPROVE:
      return "criteria met";
    case LICET_PEND:
      return "more information is needed";
    case LICET_REFER:
      return "sent to clinical review";
    case LICET_NO_POLICY:
      return "no policy in the library covers the request";
  }
  UNREACHABLE();
}

static void write_headline(Terminal *terminal, const licet_determination *determination) {
  Headline headline = headline_of(licet_determination_outcome(determination));
  const char *request = licet_determination_request(determination);
  terminal_begin(terminal, 0, 2);
  terminal_put(terminal, headline.style, headline.mark);
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, headline.style, headline.text);
  terminal_put(terminal, STYLE_PLAIN, ": ");
  terminal_put(terminal, STYLE_BOLD, reason_sentence(determination));
  terminal_end(terminal);
  terminal_field(terminal, "Request", request);
  const licet_policy *policy = licet_determination_policy(determination);
  if (!policy) return;
  terminal_field_begin(terminal, "Policy");
  terminal_put(terminal, STYLE_BOLD, licet_policy_id(policy));
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_PLAIN, licet_policy_title(policy));
  terminal_put(terminal, STYLE_PLAIN, ", ");
  terminal_put(terminal, STYLE_PLAIN, licet_policy_payer(policy));
  if (*licet_determination_version(determination)) {
    terminal_put(terminal, STYLE_PLAIN, ", version ");
    terminal_put(terminal, STYLE_PLAIN, licet_determination_version(determination));
  }
  terminal_end(terminal);
}

/* ---- who acts next ---- */

/* What stands before the facts, or the key of the request, that an action is about. */
static const char *next_sentence(const licet_next *next) {
  switch (next->action) {
    case LICET_NEXT_SUPPLY:
      return next->who == LICET_SOURCE_RECORD ? "the plan's records supply "
                                              : "the requester supplies ";
    case LICET_NEXT_DOCUMENT:
      return "the requester attaches documents for ";
    case LICET_NEXT_JUDGE:
      return "a reviewer judges ";
    case LICET_NEXT_REVIEW:
      return "a reviewer reviews the request";
    case LICET_NEXT_REQUEST_UNDER:
      return "the requester submits under policy ";
    case LICET_NEXT_CORRECT:
      return "the requester corrects ";
    case LICET_NEXT_NONE:
      return "";
  }
  UNREACHABLE();
}

static void put_correction(Terminal *terminal, const licet_next *next) {
  if (next->action != LICET_NEXT_CORRECT) {
    terminal_put(terminal, STYLE_BOLD, next->nearest);
    return;
  }
  terminal_put(terminal, STYLE_BOLD, next->key);
  terminal_put(terminal, STYLE_PLAIN, " (found ");
  terminal_put(terminal, STYLE_PLAIN, next->found);
  if (*next->nearest) {
    terminal_put(terminal, STYLE_PLAIN, "; nearest: ");
    terminal_put(terminal, STYLE_PLAIN, next->nearest);
  }
  terminal_put(terminal, STYLE_PLAIN, ")");
}

static void write_next(Terminal *terminal, const licet_determination *determination) {
  licet_next next;
  for (size_t i = 0; (next = licet_determination_next(determination, i)).who != LICET_SOURCE_NONE;
       i++) {
    terminal_field_begin(terminal, i == 0 ? "Next" : "");
    terminal_put(terminal, STYLE_PLAIN, next_sentence(&next));
    for (size_t f = 0; next.facts && next.facts[f]; f++) {
      if (f > 0) terminal_put(terminal, STYLE_PLAIN, ", ");
      terminal_put(terminal, STYLE_BOLD, next.facts[f]);
    }
    if (*next.key) put_correction(terminal, &next);
    terminal_end(terminal);
  }
}

/* ---- authorization ---- */

void put_count(Terminal *terminal, long count, const char *plural) {
  char singular[32];
  size_t length = strlen(plural);
  bool is_one = count == 1 && length > 0 && length < sizeof singular && plural[length - 1] == 's';
  if (is_one) snprintf(singular, sizeof singular, "%.*s", (int)(length - 1), plural);
  terminal_number(terminal, STYLE_PLAIN, count);
  terminal_put(terminal, STYLE_PLAIN, "\u00a0"); /* holds number and unit together */
  terminal_put(terminal, STYLE_PLAIN, is_one ? singular : plural);
}

static void write_authorization(Terminal *terminal, const licet_determination *determination) {
  licet_authorization authorization = licet_determination_authorization(determination);
  if (!authorization.start) return;
  terminal_field_begin(terminal, "Authorization");
  terminal_put(terminal, STYLE_BOLD, authorization.start);
  terminal_put(terminal, STYLE_PLAIN, authorization.end ? " to " : ", no end date");
  if (authorization.end) terminal_put(terminal, STYLE_BOLD, authorization.end);
  if (authorization.length > 0) {
    terminal_put(terminal, STYLE_PLAIN, ", ");
    put_count(terminal, authorization.length, licet_length_unit_name(authorization.unit));
  }
  if (authorization.cycles >= 0) {
    terminal_put(terminal, STYLE_PLAIN, ", ");
    put_count(terminal, authorization.cycles, "cycles");
  }
  if (authorization.renewals_left >= 0) {
    terminal_put(terminal, STYLE_PLAIN, ", ");
    put_count(terminal, authorization.renewals_left, "renewals");
    terminal_put(terminal, STYLE_PLAIN, " left");
  }
  terminal_end(terminal);
}

static void write_limits(Terminal *terminal, const licet_determination *determination) {
  licet_limit limit;
  for (size_t i = 0; (limit = licet_determination_limit(determination, i)).amount; i++) {
    char cycles[64] = "";
    terminal_field_begin(terminal, i == 0 ? "Limit" : "");
    terminal_put(terminal, STYLE_PLAIN, limit.amount);
    terminal_put(terminal, STYLE_PLAIN, " ");
    terminal_put(terminal, STYLE_PLAIN, limit.unit);
    if (*limit.code) {
      terminal_put(terminal, STYLE_PLAIN, " of ");
      terminal_put(terminal, STYLE_PLAIN, limit.code);
    }
    terminal_put(terminal, STYLE_PLAIN, *limit.every ? " every " : " in total");
    terminal_put(terminal, STYLE_PLAIN, limit.every);
    if (limit.first_cycle)
      snprintf(cycles, sizeof cycles, " in cycles %u to %u", limit.first_cycle, limit.last_cycle);
    terminal_put(terminal, STYLE_PLAIN, cycles);
    terminal_end(terminal);
  }
}

/* ---- dosing ---- */

static void write_treatment(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_regimen regimen = licet_dose_plan_regimen(plan);
  licet_dose_totals totals = licet_dose_plan_totals(plan);
  licet_dose_cycle cycle, last = {0};
  size_t cycles = 0;
  while ((cycle = licet_dose_plan_cycle(plan, cycles)).title != NULL) cycles++, last = cycle;
  terminal_field_begin(terminal, "Dosing");
  terminal_put(terminal, STYLE_BOLD, *regimen.title ? regimen.title : "no regimen");
  if (cycles > 0) {
    terminal_put(terminal, STYLE_PLAIN, ", ");
    put_count(terminal, (long)cycles, "cycles");
    terminal_put(terminal, STYLE_PLAIN, ", last dose ");
    terminal_put(terminal, STYLE_PLAIN, last.last_dose);
  }
  if (totals.vials > 0) {
    terminal_put(terminal, STYLE_PLAIN, "; ");
    put_count(terminal, (long)totals.vials, "vials");
    terminal_put(terminal, STYLE_PLAIN, ", ");
    put_count(terminal, (long)totals.billed_units, "units");
    terminal_put(terminal, STYLE_PLAIN, " billed");
  }
  terminal_end(terminal);
}

static void write_dosing(Terminal *terminal, const licet_determination *determination) {
  const licet_dose_plan *plan = licet_determination_dose(determination);
  licet_dose_finding finding;
  if (plan == NULL) return;
  write_treatment(terminal, plan);
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message != NULL; i++) {
    if (finding.severity == LICET_SEVERITY_NOTE) continue;
    terminal_field_begin(terminal, "");
    terminal_put(terminal, finding.severity == LICET_SEVERITY_ERROR ? STYLE_BAD : STYLE_OPEN,
                 licet_severity_name(finding.severity));
    terminal_put(terminal, STYLE_PLAIN, ": ");
    terminal_put(terminal, STYLE_PLAIN, finding.message);
    terminal_end(terminal);
  }
}

static void write_pathway(Terminal *terminal, const licet_determination *determination) {
  const char *pathway = licet_determination_pathway(determination), *also;
  if (!*pathway) return;
  terminal_field_begin(terminal, "Pathway");
  terminal_put(terminal, STYLE_BOLD, pathway);
  for (size_t i = 0; (also = licet_determination_also_met(determination, i)); i++) {
    terminal_put(terminal, STYLE_PLAIN, i == 0 ? " (also met: " : ", ");
    terminal_put(terminal, STYLE_PLAIN, also);
  }
  if (licet_determination_also_met(determination, 0)) terminal_put(terminal, STYLE_PLAIN, ")");
  terminal_end(terminal);
}

/* ---- what is needed ---- */

typedef struct Vocabulary {
  const licet_library *library;
  const char *name; /* NULL for no_policy */
} Vocabulary;

static licet_fact find_fact(Vocabulary vocabulary, const char *name) {
  licet_fact fact = {0};
  for (size_t i = 0; vocabulary.name &&
                     (fact = licet_vocabulary_fact(vocabulary.library, vocabulary.name, i)).name;
       i++)
    if (strcmp(fact.name, name) == 0) return fact;
  return (licet_fact){0};
}

/* Of facts that the requester cannot state. */
static const char *supplier_note(licet_source supplier) {
  switch (supplier) {
    case LICET_SOURCE_RECORD:
      return " (from the plan's records)";
    case LICET_SOURCE_REVIEWER:
      return " (from a reviewer)";
    case LICET_SOURCE_REQUESTER:
    case LICET_SOURCE_NONE:
      return "";
  }
  UNREACHABLE();
}

static void write_asked_fact(Terminal *terminal, Vocabulary vocabulary, const char *name,
                             int indent) {
  licet_fact fact = find_fact(vocabulary, name);
  terminal_begin(terminal, indent, indent + 2);
  terminal_put(terminal, STYLE_BOLD, name);
  if (fact.question && *fact.question) {
    terminal_put(terminal, STYLE_PLAIN, " ");
    terminal_put(terminal, STYLE_PLAIN, fact.question);
  }
  terminal_put(terminal, STYLE_DIM, supplier_note(fact.supplier));
  terminal_end(terminal);
}

typedef const char *const *SetAt(const licet_determination *determination, size_t index);

/* Alternatives, each enough by itself. */
static void write_sets(Terminal *terminal, Vocabulary vocabulary,
                       const licet_determination *determination, SetAt *set_at,
                       const char *const titles[2]) {
  if (!set_at(determination, 0)) return;
  bool several = set_at(determination, 1) != NULL;
  terminal_gap(terminal);
  terminal_line(terminal, 0, STYLE_BOLD, titles[several]);
  const char *const *set;
  for (size_t i = 0; (set = set_at(determination, i)); i++) {
    if (several) {
      terminal_begin(terminal, 2, 4);
      terminal_put(terminal, STYLE_DIM, i == 0 ? "either" : "or");
      terminal_end(terminal);
    }
    for (; *set; set++) write_asked_fact(terminal, vocabulary, *set, several ? 4 : 2);
  }
}

static void write_needed(Terminal *terminal, Vocabulary vocabulary,
                         const licet_determination *determination) {
  static const char *const missing[2] = {
      "Missing (enough to approve if the answers are favorable)",
      "Missing (any one of these is enough to approve if the answers are favorable)"};
  static const char *const documents[2] = {"Documents to attach",
                                           "Documents to attach (any one of these is enough)"};
  write_sets(terminal, vocabulary, determination, licet_determination_missing, missing);
  write_sets(terminal, vocabulary, determination, licet_determination_documents, documents);
}

static void write_not_counted(Terminal *terminal, Vocabulary vocabulary,
                              const licet_determination *determination) {
  const char *name;
  if (!licet_determination_not_counted(determination, 0)) return;
  terminal_gap(terminal);
  terminal_line(terminal, 0, STYLE_BOLD, "Not counted");
  for (size_t i = 0; (name = licet_determination_not_counted(determination, i)); i++) {
    licet_fact fact = find_fact(vocabulary, name);
    bool from_record = fact.supplier == LICET_SOURCE_RECORD;
    terminal_begin(terminal, 2, 4);
    terminal_put(terminal, STYLE_BOLD, name);
    terminal_put(
        terminal, STYLE_PLAIN,
        from_record ? ": only the plan's records can state it" : ": only a reviewer can state it");
    terminal_end(terminal);
  }
}

/* ---- interpretations ---- */

static licet_interpretation find_interpretation(const licet_policy *policy, const char *id) {
  licet_interpretation interpretation = {0};
  for (size_t i = 0; policy && (interpretation = licet_policy_interpretation(policy, i)).id; i++)
    if (strcmp(interpretation.id, id) == 0) return interpretation;
  return (licet_interpretation){0};
}

static void write_interpretations(Terminal *terminal, const licet_determination *determination) {
  const char *id;
  if (!licet_determination_interpretation(determination, 0)) return;
  terminal_gap(terminal);
  terminal_line(terminal, 0, STYLE_BOLD, "Interpretations applied");
  for (size_t i = 0; (id = licet_determination_interpretation(determination, i)); i++) {
    licet_interpretation interpretation =
        find_interpretation(licet_determination_policy(determination), id);
    terminal_begin(terminal, 2, 4);
    terminal_put(terminal, STYLE_BOLD, id);
    terminal_put(terminal, STYLE_PLAIN, " ");
    if (interpretation.text) terminal_put(terminal, STYLE_PLAIN, interpretation.text);
    terminal_end(terminal);
  }
}

/* ---- criteria ---- */

static Headline mark_of(licet_criterion_status status) {
  switch (status) {
    case LICET_MET:
      return (Headline){"✓", "met", STYLE_GOOD};
    case LICET_NOT_MET:
      return (Headline){"✗", "not met", STYLE_BAD};
    case LICET_UNKNOWN:
      return (Headline){"?", "not known", STYLE_OPEN};
  }
  return (Headline){"?", "", STYLE_PLAIN};
}

static bool has_label(const licet_criterion *criterion) {
  return *criterion->label && strcmp(criterion->label, "-") != 0;
}

static void write_criterion(Terminal *terminal, const licet_explanation *node, int indent) {
  Headline mark = mark_of(node->status);
  bool named = has_label(&node->criterion) || *node->criterion.title;
  terminal_begin(terminal, indent, indent + 2);
  terminal_put(terminal, mark.style, mark.mark);
  terminal_put(terminal, STYLE_PLAIN, " ");
  if (has_label(&node->criterion)) {
    terminal_put(terminal, STYLE_BOLD, node->criterion.label);
    terminal_put(terminal, STYLE_PLAIN, " ");
  }
  terminal_put(terminal, STYLE_PLAIN, node->criterion.title);
  if (node->criterion.connective != LICET_CONNECTIVE_LEAF) {
    if (named) terminal_put(terminal, STYLE_DIM, ": ");
    terminal_put(terminal, STYLE_DIM, criterion_connective(&node->criterion).text);
  }
  if (node->is_not_asked) terminal_put(terminal, STYLE_DIM, ", not asked again");
  for (const char *const *interpretation = node->interpretations; *interpretation;
       interpretation++) {
    terminal_put(terminal, STYLE_DIM, " [");
    terminal_put(terminal, STYLE_DIM, *interpretation);
    terminal_put(terminal, STYLE_DIM, "]");
  }
  terminal_end(terminal);
}

/* Writes a JSON value as people write: without quotes and brackets, a space after a comma, an
 * object in parentheses. What has no room is left out: more is not shown anyway. */
static void say_plainly(const char *json, char *plain, size_t room) {
  const char *const last = plain + room - 3;
  bool quoted = false;
  for (; *json && plain < last; json++) {
    if (*json == '"')
      quoted = !quoted;
    else if (quoted && *json == '\\' && json[1])
      *plain++ = *json++, *plain++ = *json;
    else if (quoted)
      *plain++ = *json;
    else if (*json == ',')
      *plain++ = ',', *plain++ = ' ';
    else if (*json == ':')
      *plain++ = ' ';
    else if (*json == '{')
      *plain++ = '(';
    else if (*json == '}')
      *plain++ = ')';
    else if (!strchr("[] \t\r\n", *json))
      *plain++ = *json;
  }
  *plain = '\0';
}

static void put_value(Terminal *terminal, const char *json) {
  char plain[8 * VALUE_CHARACTERS]; /* of up to four bytes each */
  say_plainly(json, plain, sizeof plain);
  terminal_put_cut(terminal, STYLE_PLAIN, *plain ? plain : "none", VALUE_CHARACTERS);
}

static void put_evidence(Terminal *terminal, const licet_evidence *evidence) {
  terminal_put(terminal, STYLE_DIM, evidence->fact);
  terminal_put(terminal, STYLE_DIM,
               evidence->is_known     ? ": "
               : evidence->is_implied ? ": follows from other facts"
                                      : ": not\u00a0known");
  if (!evidence->is_known) return;
  put_value(terminal, evidence->value);
  if (*evidence->document) {
    terminal_put(terminal, STYLE_DIM, " (document ");
    terminal_put_cut(terminal, STYLE_DIM, evidence->document, VALUE_CHARACTERS);
    terminal_put(terminal, STYLE_DIM, ")");
  }
  if (evidence->is_default) terminal_put(terminal, STYLE_DIM, " (by default)");
  if (evidence->is_computed) terminal_put(terminal, STYLE_DIM, " (from the regimen)");
  if (evidence->source == LICET_SOURCE_REVIEWER || evidence->source == LICET_SOURCE_RECORD) {
    terminal_put(terminal, STYLE_DIM, " (from ");
    terminal_put(terminal, STYLE_DIM, licet_source_name(evidence->source));
    terminal_put(terminal, STYLE_DIM, ")");
  }
}

static void write_evidence(Terminal *terminal, const licet_determination *determination,
                           size_t index, int indent) {
  licet_evidence evidence = licet_determination_evidence(determination, index, 0);
  if (!evidence.fact) return;
  terminal_begin(terminal, indent, indent + 2);
  for (size_t i = 0; (evidence = licet_determination_evidence(determination, index, i)).fact; i++) {
    if (i > 0) terminal_put(terminal, STYLE_DIM, "; ");
    put_evidence(terminal, &evidence);
  }
  terminal_end(terminal);
}

/* An authorization that cannot be calculated, or of which nothing is left, stands as a line of its
 * own: its criterion may be met all the same. */
static void write_authorizations(Terminal *terminal, const licet_explanation *node, int indent) {
  if (*node->authorization == '\0' || strcmp(node->authorization, "met") == 0) return;
  const Headline mark =
      mark_of(strcmp(node->authorization, "unknown") == 0 ? LICET_UNKNOWN : LICET_NOT_MET);
  for (const char *const *line = node->criterion.outcomes; *line; line++) {
    terminal_begin(terminal, indent, indent + 2);
    terminal_put(terminal, mark.style, mark.mark);
    terminal_put(terminal, STYLE_PLAIN, " ");
    terminal_put(terminal, STYLE_PLAIN, *line);
    terminal_end(terminal);
  }
}

static void write_criteria(Terminal *terminal, const licet_determination *determination) {
  size_t count = licet_determination_criterion_count(determination);
  if (count == 0) return;
  terminal_gap(terminal);
  terminal_line(terminal, 0, STYLE_BOLD, "Criteria");
  for (size_t i = 0; i < count; i++) {
    licet_explanation node = licet_determination_criterion(determination, i);
    int indent = CRITERIA_INDENT + 2 * (int)node.criterion.depth;
    write_criterion(terminal, &node, indent);
    /* What a group rests on stands with its children; only a group's own guard is shown here. */
    write_authorizations(terminal, &node, indent + 4);
    if (*node.criterion.condition || *node.criterion.guard || *node.authorization)
      write_evidence(terminal, determination, i, indent + 4);
    for (const char *const *note = node.criterion.notes; *note; note++)
      terminal_line(terminal, indent + 4, STYLE_DIM, *note);
  }
}

void tree_write(Terminal *terminal, const licet_library *library,
                const licet_determination *determination) {
  const licet_policy *policy = licet_determination_policy(determination);
  Vocabulary vocabulary = {library, policy ? licet_policy_vocabulary(policy) : NULL};
  write_headline(terminal, determination);
  write_pathway(terminal, determination);
  write_authorization(terminal, determination);
  write_limits(terminal, determination);
  write_dosing(terminal, determination);
  terminal_field(terminal, "Route", licet_determination_route(determination));
  write_next(terminal, determination);
  write_needed(terminal, vocabulary, determination);
  write_not_counted(terminal, vocabulary, determination);
  write_interpretations(terminal, determination);
  write_criteria(terminal, determination);
}
