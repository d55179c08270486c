/* Determinations side by side, one policy a paragraph: its id, what came out, and what it would
 * still need. */
#include "cli/contrast.h"

#include <string.h>

#include "render/tree.h"

enum { WIDTH = 80, POLICY_COLUMN = 2, OUTCOME_COLUMN = 24, NEEDS_COLUMN = 37 };

typedef struct Mark {
  const char *text;
  Style style;
} Mark;

static Mark mark_of(const licet_panel_row *row) {
  if (*row->request_errors) return (Mark){"✗ ERRORS", STYLE_BAD};
  switch (row->outcome) {
    case LICET_APPROVE:
      return (Mark){"✓ APPROVE", STYLE_GOOD};
    case LICET_PEND:
      return (Mark){"? PEND", STYLE_OPEN};
    case LICET_REFER:
      return (Mark){"→ REFER", STYLE_OPEN};
    case LICET_NO_POLICY:
      return (Mark){"– NONE", STYLE_DIM};
  }
  return (Mark){"", STYLE_PLAIN};
}

static void put(Terminal *terminal, const char *text) { terminal_put(terminal, STYLE_PLAIN, text); }

static void put_authorization(Terminal *terminal, const licet_panel_row *row) {
  const licet_authorization *authorization = &row->authorization;
  put(terminal, "by ");
  put(terminal, row->pathway);
  put(terminal, authorization->end ? ", " : ", with no end date, from ");
  put(terminal, authorization->start);
  if (authorization->end) put(terminal, " to "), put(terminal, authorization->end);
  if (authorization->cycles >= 0)
    put(terminal, ", "), put_count(terminal, authorization->cycles, "cycles");
  if (authorization->renewals_left >= 0)
    put(terminal, ", "), put_count(terminal, authorization->renewals_left, "renewals");
}

static void put_names(Terminal *terminal, const char *const *names) {
  for (size_t i = 0; names[i]; i++) {
    if (i > 0) put(terminal, names[i + 1] ? ", " : " and ");
    put(terminal, names[i]);
  }
}

typedef const char *const *SetAt(const licet_panel *panel, size_t row, size_t index);

/* "needs a and b; or c": false where there are no sets. */
static bool put_sets(Terminal *terminal, const licet_panel *panel, size_t row, SetAt *set_at,
                     const char *lead) {
  const char *const *set;
  for (size_t i = 0; (set = set_at(panel, row, i)); i++) {
    put(terminal, i == 0 ? lead : "; or ");
    put_names(terminal, set);
  }
  return set_at(panel, row, 0) != NULL;
}

static const char *reason_words(licet_reason reason) {
  switch (reason) {
    case LICET_REASON_JUDGMENT:
      return "a clinician's judgment";
    case LICET_REASON_CRITERIA_NOT_MET:
      return "the criteria are not met";
    case LICET_REASON_OTHER_POLICY:
      return "another policy governs";
    case LICET_REASON_CASE_BY_CASE:
      return "reviewed case by case";
    case LICET_REASON_NOT_RENEWABLE:
      return "renewal limit reached";
    case LICET_REASON_NONE:
    case LICET_REASON_UNKNOWN_POLICY:
    case LICET_REASON_UNKNOWN_PAYER:
    case LICET_REASON_DRUG_NOT_COVERED:
    case LICET_REASON_LINE_NOT_COVERED:
    case LICET_REASON_NOT_IN_FORCE:
      break;
  }
  return licet_reason_name(reason);
}

static void put_needs(Terminal *terminal, const licet_panel *panel, size_t index,
                      const licet_panel_row *row) {
  if (*row->request_errors) {
    put(terminal, "its vocabulary rejects these facts");
  } else if (row->outcome == LICET_APPROVE) {
    put_authorization(terminal, row);
  } else {
    put(terminal, reason_words(row->reason));
    if (*row->route) put(terminal, ": "), put(terminal, row->route);
    bool missing = put_sets(terminal, panel, index, licet_panel_missing,
                            row->reason != LICET_REASON_NONE ? "; still needs " : "still needs ");
    put_sets(terminal, panel, index, licet_panel_documents,
             missing ? "; and documents for " : "still needs documents for ");
  }
}

static void write_row(Terminal *terminal, const licet_panel *panel, size_t index,
                      const licet_panel_row *row) {
  Mark mark = mark_of(row);
  terminal_begin(terminal, POLICY_COLUMN, NEEDS_COLUMN);
  terminal_put(terminal, STYLE_BOLD, row->policy);
  if (row->is_own) put(terminal, "*");
  terminal_column(terminal, OUTCOME_COLUMN);
  terminal_put(terminal, mark.style, mark.text);
  terminal_column(terminal, NEEDS_COLUMN);
  put_needs(terminal, panel, index, row);
  terminal_end(terminal);
  terminal_begin(terminal, NEEDS_COLUMN, NEEDS_COLUMN);
  terminal_put(terminal, STYLE_DIM, row->payer);
  terminal_put(terminal, STYLE_DIM, ", ");
  terminal_put(terminal, STYLE_DIM, row->line);
  if (!row->covers_line)
    terminal_put(terminal, STYLE_OPEN, " (it does not cover the request's line of business)");
  terminal_end(terminal);
}

static void write_no_rows(Terminal *terminal, const char *nearest_drug) {
  terminal_begin(terminal, POLICY_COLUMN, POLICY_COLUMN);
  terminal_put(terminal, STYLE_DIM,
               *nearest_drug ? "No policy covers this drug; nearest: "
                             : "No policy in force covers this drug.");
  terminal_put(terminal, STYLE_BOLD, nearest_drug);
  terminal_end(terminal);
}

void panel_write(Terminal *terminal, const licet_panel *panel) {
  licet_panel_row row;
  bool own = false;
  if (terminal->width > WIDTH) terminal->width = WIDTH;
  terminal_begin(terminal, 0, 2);
  if (*licet_panel_request(panel))
    terminal_put(terminal, STYLE_BOLD, licet_panel_request(panel)), put(terminal, ": ");
  put(terminal, licet_panel_drug(panel));
  put(terminal, ", received ");
  put(terminal, licet_panel_received(panel));
  put(terminal, ", under every policy in force for the drug");
  terminal_end(terminal);
  if (!licet_panel_at(panel, 0).policy) write_no_rows(terminal, licet_panel_nearest_drug(panel));
  for (size_t i = 0; (row = licet_panel_at(panel, i)).policy; i++) {
    write_row(terminal, panel, i, &row);
    own = own || row.is_own;
  }
  if (own)
    terminal_line(terminal, POLICY_COLUMN, STYLE_DIM, "* the policy that applies to this request");
}

/* ---- what would have been approved ---- */

static Mark mark_of_outcome(licet_outcome outcome) {
  const licet_panel_row row = {.request_errors = "", .outcome = outcome};
  return mark_of(&row);
}

static void write_change(Terminal *terminal, const licet_change *change) {
  terminal_begin(terminal, 4, 8);
  terminal_put(terminal, STYLE_BOLD, change->fact);
  put(terminal, ": ");
  put(terminal, change->words);
  terminal_put(terminal, STYLE_DIM, ", instead of ");
  terminal_put_cut(terminal, STYLE_DIM, change->from, 60);
  terminal_end(terminal);
}

static void write_result(Terminal *terminal, const licet_contrast *contrast, size_t index,
                         const licet_alternative *alternative) {
  const licet_authorization *authorization = &alternative->authorization;
  Mark mark = mark_of_outcome(alternative->outcome);
  terminal_begin(terminal, 4, 8);
  terminal_put(terminal, mark.style, mark.text);
  if (alternative->outcome == LICET_APPROVE) {
    put(terminal, " by ");
    put(terminal, alternative->pathway);
    if (authorization->end) put(terminal, ", to "), put(terminal, authorization->end);
  } else {
    put(terminal, ":");
    if (alternative->reason != LICET_REASON_NONE)
      put(terminal, " "), put(terminal, reason_words(alternative->reason));
    const char *const *set;
    for (size_t i = 0; (set = licet_contrast_missing(contrast, index, i)); i++)
      put(terminal, i == 0 ? " then needs " : "; or "), put_names(terminal, set);
    for (size_t i = 0; (set = licet_contrast_documents(contrast, index, i)); i++)
      put(terminal, i == 0 ? " needs documents for " : "; or "), put_names(terminal, set);
  }
  terminal_end(terminal);
}

static const char *nothing_words(const licet_contrast *contrast) {
  switch (licet_contrast_outcome(contrast)) {
    case LICET_APPROVE:
      return "It is approved as submitted.";
    case LICET_NO_POLICY:
      return "No policy covers it.";
    case LICET_PEND:
      return "No stated fact needs to change; the request only lacks information.";
    case LICET_REFER:
      break;
  }
  return "No change of up to three facts would lead to approval without changing who the patient "
         "is.";
}

/* What stands above the alternatives that are left with the same. */
static const char *lead_words(const licet_contrast *contrast, size_t index,
                              const licet_alternative *alternative) {
  static const char approved[] = "It would have been approved with",
                    documents[] = "It would lack only documents with",
                    facts[] = "It would lack only information with",
                    judgment[] = "It would lack only a clinician's judgment with";
  if (alternative->outcome == LICET_APPROVE) return approved;
  if (alternative->outcome != LICET_PEND) return judgment;
  return licet_contrast_missing(contrast, index, 0) ? facts : documents;
}

void contrast_write(Terminal *terminal, const licet_contrast *contrast) {
  licet_alternative alternative;
  licet_change change;
  if (terminal->width > WIDTH) terminal->width = WIDTH;
  Mark mark = mark_of_outcome(licet_contrast_outcome(contrast));
  terminal_begin(terminal, 0, 2);
  if (*licet_contrast_request(contrast))
    terminal_put(terminal, STYLE_BOLD, licet_contrast_request(contrast)), put(terminal, ": ");
  terminal_put(terminal, mark.style, mark.text);
  if (licet_contrast_reason(contrast) != LICET_REASON_NONE)
    put(terminal, ", "), put(terminal, reason_words(licet_contrast_reason(contrast)));
  terminal_end(terminal);
  if (!licet_contrast_at(contrast, 0).request) {
    terminal_line(terminal, 2, STYLE_PLAIN, nothing_words(contrast));
    return;
  }
  const char *reported = "";
  for (size_t i = 0; (alternative = licet_contrast_at(contrast, i)).request; i++) {
    const char *lead = lead_words(contrast, i, &alternative);
    terminal_line(terminal, 2, lead == reported ? STYLE_DIM : STYLE_PLAIN,
                  lead == reported ? "or" : lead);
    reported = lead;
    for (size_t c = 0; (change = licet_contrast_change(contrast, i, c)).fact; c++)
      write_change(terminal, &change);
    write_result(terminal, contrast, i, &alternative);
  }
  if (!licet_contrast_is_complete(contrast))
    terminal_line(terminal, 2, STYLE_DIM, "More exist; not shown.");
}
