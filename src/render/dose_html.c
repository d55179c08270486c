/* The page: what is given and to whom, what a reviewer should see, the calendar month by month,
 * then a table for each thing that is counted, and last every day in a table, for who cannot see
 * the calendar. Read from the bottom: dose_html_write is the table of contents. */
#include <stdlib.h>
#include <string.h>

#include "render/amount.h"
#include "render/dose_svg.h"
#include "render/dose_views.h"
#include "render/output.h"
#include "render/page.h"

/* clang-format off */
static const char more_style[] =
    "th { vertical-align: bottom; line-height: 1.25; }\n"
    "th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; }\n"
    "td.n, td.d { white-space: nowrap; }\n"
    "table { font-size: .875rem; }\n"
    "th, td { padding-right: .6rem; }\n"
    ".wide td:first-child { white-space: normal; }\n"
    "summary h2 { display: inline; }\n"
    "tfoot td, tfoot th { font-weight: 700; border-bottom: 0; }\n"
    "caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }\n"
    ".paper { background: #fff; padding: .75rem; border-radius: 4px; margin: 0; }\n"
    ".paper svg { display: block; width: 100%; height: auto; }\n"
    ".months { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem 1.5rem; margin-top: .75rem; }\n"
    "ul.findings { list-style: none; padding: 0; margin: 0; }\n"
    "ul.findings li { border-left: 4px solid var(--line); padding: .1rem .7rem; }\n"
    "ul.findings .error { border-left-style: double; border-left-width: 8px; border-color: #b3261e; }\n"
    "ul.findings .warning { border-color: #b36b00; }\n"
    ".wide { overflow-x: auto; }\n"
    "@page { margin: 14mm; }\n"
    "@media (max-width: 40rem) { .months { grid-template-columns: 1fr; } }\n"
    "@media print {\n"
    "  .paper { padding: 0; }\n"
    "  .months { gap: 0 1.25rem; grid-template-columns: 1fr 1fr; }\n"
    "  .months svg, tr, li { break-inside: avoid; }\n"
    "  h2 + .note { break-after: avoid; }\n"
    "  thead { display: table-header-group; }\n"
    "  .wide { overflow: visible; }\n"
    "  table { font-size: 8.5pt; }\n"
    "  th, td { padding: .15rem .4rem .15rem 0; }\n"
    "  details:not([open]) { display: none; }\n"
    "}\n";
/* clang-format on */

static const char *drug_title(const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  return *drug.title ? drug.title : drug.name;
}

static const char *first_of(const char *a, const char *b) { return *a ? a : b; }

static const char *shown(ShownAmount *shown_amount, const char *exact) {
  *shown_amount = amount_shown(exact, AMOUNT_DECIMALS);
  return shown_amount->text;
}

/* ---- sections and tables ---- */

static void open_section(FILE *out, const char *id, const char *title) {
  fprintf(out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", id, id, title);
}

static void close_section(FILE *out) { fputs("</section>\n", out); }

/* Heads of the columns; one that begins with '#' is of numbers. */
static void open_table(FILE *out, const char *const *heads) {
  fputs("<div class=\"wide\"><table>\n<thead><tr>", out);
  for (; *heads; heads++) {
    bool is_number = **heads == '#';
    fprintf(out, "<th scope=\"col\"%s>%s</th>", is_number ? " class=\"n\"" : "",
            *heads + is_number);
  }
  fputs("</tr></thead>\n<tbody>\n", out);
}

static void close_table(FILE *out) { fputs("</tbody>\n</table></div>\n", out); }

static void write_cell(FILE *out, const char *text) {
  fputs("<td>", out);
  write_html_text(out, text);
  fputs("</td>", out);
}

static void write_date_cell(FILE *out, const char *date) {
  fprintf(out, "<td class=\"d\">%s</td>", date);
}

static void write_amount_cell(FILE *out, const char *exact) {
  ShownAmount amount;
  fputs("<td class=\"n\">", out);
  write_html_text(out, shown(&amount, exact));
  fputs("</td>", out);
}

static void write_number_cell(FILE *out, int64_t number) {
  fprintf(out, "<td class=\"n\">%lld</td>", (long long)number);
}

/* A dash for what the drug has no measure for. */
static void write_counted_cell(FILE *out, bool is_counted, int64_t count) {
  if (is_counted)
    write_number_cell(out, count);
  else
    fputs("<td class=\"n\">–</td>", out);
}

static void write_counts_cells(FILE *out, DrugCounts counted, licet_dose_totals totals) {
  if (counted.vials && totals.is_derived)
    fprintf(out, "<td class=\"n\">%lld+</td>", (long long)totals.vials);
  else
    write_counted_cell(out, counted.vials, totals.vials);
  write_counted_cell(out, counted.vials && counted.units, totals.billed_units);
  write_counted_cell(out, counted.units, totals.administered_units);
  write_counted_cell(out, counted.vials && counted.units, totals.discarded_units);
}

/* What marks in these cells mean. */
static void write_counts_note(FILE *out, DrugCounts counted, bool is_derived) {
  if (is_derived)
    fputs(
        "<p class=\"note\">+: some vials are not printed in the drug's tables but derived from the "
        "volume.</p>\n",
        out);
  if (!counted.vials || !counted.units)
    fprintf(out, "<p class=\"note\">–: the drug has no %s declared.</p>\n",
            counted.vials   ? "billing unit"
            : counted.units ? "vial"
                            : "vial and no billing unit");
}

/* ---- head ---- */

static void write_term_of(FILE *out, const char *term, const char *text, const char *separator,
                          const char *more) {
  if (!*text) return;
  fprintf(out, "<dt>%s</dt><dd>", term);
  write_html_text(out, text);
  if (*more) fputs(separator, out);
  write_html_text(out, more);
  fputs("</dd>\n", out);
}

static void write_decision(FILE *out, const licet_determination *determination) {
  licet_authorization authorization = licet_determination_authorization(determination);
  const licet_policy *policy = licet_determination_policy(determination);
  write_term(out, "Request", licet_determination_request(determination));
  write_term_of(out, "Decision", licet_outcome_name(licet_determination_outcome(determination)),
                ", policy ", policy ? licet_policy_id(policy) : "");
  if (authorization.start)
    write_term_of(out, "Authorized", authorization.start, " to ",
                  authorization.end ? authorization.end : "");
}

/* Body surface area (BSA), "1.83 m²". */
static const char *shown_area(ShownAmount *amount, const char *exact) {
  *amount = amount_squared(amount_shown(exact, 2));
  return amount->text;
}

static void write_body_terms(FILE *out, licet_dose_body body) {
  ShownAmount amount;
  write_term_of(out, "Weight", shown(&amount, body.weight), ", measured on ", body.weight_date);
  write_term_of(out, "Height", shown(&amount, body.height), ", measured on ", body.height_date);
  write_term_of(out, "BSA, calculated", shown_area(&amount, body.computed), ", by ",
                formula_title(body.formula));
  write_term(out, "BSA, stated", shown_area(&amount, body.stated));
  if (*body.stated) write_term(out, "BSA, used", shown_area(&amount, body.used));
}

static void write_count_term(FILE *out, const char *term, int64_t count) {
  if (count >= 0) fprintf(out, "<dt>%s</dt><dd>%lld</dd>\n", term, (long long)count);
}

static void write_record_terms(FILE *out, licet_dose_record record, licet_dose_regimen regimen) {
  write_count_term(out, "Cycles in this plan", record.cycles_planned);
  if (regimen.cycles > 0) write_count_term(out, "Cycles of the regimen", regimen.cycles);
  write_count_term(out, "Cycles received before", record.cycles_received);
  write_count_term(out, "Cycles left after it", record.cycles_left);
  write_count_term(out, "Renewals granted", record.renewals_granted);
  write_count_term(out, "Renewals left", record.renewals_left);
}

static void write_head(FILE *out, const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  licet_dose_regimen regimen = licet_dose_plan_regimen(plan);
  licet_dose_preparation preparation = licet_dose_plan_preparation(plan);
  fputs("<header>\n", out);
  write_element(out, "h1", "", drug_title(plan));
  fputs("<p class=\"id\">Treatment plan</p>\n<dl>\n", out);
  write_decision(out, licet_dose_determination(plan));
  write_term_of(out, "Regimen", first_of(regimen.title, regimen.name), ", ",
                regimen_source_title(regimen));
  write_term_of(out, "Given as", first_of(preparation.title, preparation.name), ", ",
                preparation_source_title(preparation));
  write_term_of(out, "Vial", drug.vials, "; NDC ", drug.ndcs);
  write_term_of(out, "Billed as", drug.hcpcs, ", one unit is ", drug.unit);
  write_body_terms(out, licet_dose_plan_body(plan));
  write_record_terms(out, licet_dose_plan_record(plan), regimen);
  fputs("</dl>\n</header>\n<main>\n", out);
}

/* ---- findings ---- */

static void write_findings(FILE *out, const licet_dose_plan *plan) {
  licet_dose_finding finding;
  if (!plan_finding(plan, 0).message) return;
  open_section(out, "findings", "Findings");
  fputs("<ul class=\"findings\">\n", out);
  for (size_t i = 0; (finding = plan_finding(plan, i)).message; i++) {
    fputs("<li", out);
    write_attribute(out, "class", licet_severity_name(finding.severity));
    fputs("><strong>", out);
    write_html_text(out, licet_severity_name(finding.severity));
    fputs(":</strong> ", out);
    write_html_text(out, finding.message);
    fputs(" ", out);
    write_element(out, "span", "mark", licet_dose_finding_kind_name(finding.kind));
    write_element(out, "span", "mark", finding.field);
    fputs("</li>\n", out);
  }
  fputs("</ul>\n", out);
  close_section(out);
}

/* ---- calendar ---- */

static int draw_above(const Picture *picture) {
  int height = picture_overview(picture, 0, 0);
  return height + picture_legend(picture, 0, height);
}

static void open_picture(FILE *out, int width, int height) {
  fprintf(out, "<svg class=\"dc\" viewBox=\"0 0 %d %d\" role=\"img\"", width, height);
}

static void write_overview(const Picture *picture) {
  Drawing drawing;
  FILE *out = picture->out;
  if (picture_drawn(picture, draw_above, &drawing)) {
    open_picture(out, PICTURE_WIDTH, drawing.height);
    fputs(" aria-labelledby=\"dc-title dc-description\">\n<title id=\"dc-title\">", out);
    picture_title(picture);
    fputs("</title>\n<desc id=\"dc-description\">", out);
    picture_description(picture);
    fputs("Every day is in the table at the end.</desc>\n", out);
    picture_definitions(picture);
    fwrite(drawing.text, 1, drawing.length, out);
    fputs("</svg>\n", out);
  }
  free(drawing.text);
}

static void write_month(const Picture *picture, int month) {
  open_picture(picture->out, MONTH_WIDTH + 2, picture_month_height(picture, month));
  fputs(" aria-label=\"", picture->out);
  picture_month_name(picture, month);
  fputs("\">\n", picture->out);
  picture_month(picture, month, 0, 0);
  fputs("</svg>\n", picture->out);
}

static void write_calendar(FILE *out, const licet_dose_plan *plan) {
  if (!licet_dose_plan_cycle(plan, 0).title) return;
  Picture picture = picture_of(out, plan);
  open_section(out, "calendar", "Calendar");
  fputs("<figure class=\"paper\">\n", out);
  write_overview(&picture);
  fputs("<div class=\"months\">\n", out);
  for (int i = 0; i < picture_month_count(&picture); i++) write_month(&picture, i);
  fputs("</div>\n</figure>\n", out);
  close_section(out);
}

/* ---- tables ---- */

static void write_all_cycles(FILE *out, DrugCounts counted, licet_dose_totals totals) {
  fputs("</tbody>\n<tfoot><tr><th scope=\"row\" colspan=\"4\">All cycles</th>", out);
  write_number_cell(out, totals.dose_days);
  write_amount_cell(out, totals.administered);
  write_counts_cells(out, counted, totals);
  fputs("</tr></tfoot>\n<tbody>\n", out);
}

static void write_cycle(FILE *out, DrugCounts counted, const licet_dose_cycle *cycle) {
  fprintf(out, "<tr><td>%u ", cycle->number);
  write_html_text(out, cycle->title);
  if (cycle->is_cut_short) fputs(" <span class=\"mark\">cut short</span>", out);
  fputs("</td>", out);
  write_date_cell(out, cycle->start);
  write_date_cell(out, cycle->last_dose);
  write_date_cell(out, cycle->end);
  write_number_cell(out, cycle->totals.dose_days);
  write_amount_cell(out, cycle->totals.administered);
  write_counts_cells(out, counted, cycle->totals);
  fputs("</tr>\n", out);
}

static void write_cycles(FILE *out, const licet_dose_plan *plan) {
  static const char *const heads[] = {
      "Cycle",  "First day",     "Last dose",   "Last day",         "#Dose days", "#Given",
      "#Vials", "#Units billed", "#Units used", "#Units discarded", NULL};
  DrugCounts counted = drug_counts(plan);
  licet_dose_totals totals = licet_dose_plan_totals(plan);
  licet_dose_cycle cycle;
  if (!licet_dose_plan_cycle(plan, 0).title) return;
  open_section(out, "cycles", "Cycles");
  open_table(out, heads);
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(plan, i)).title; i++)
    write_cycle(out, counted, &cycle);
  write_all_cycles(out, counted, totals);
  close_table(out);
  write_counts_note(out, counted, totals.is_derived);
  close_section(out);
}

static void write_compared(FILE *out, DrugCounts counted, const licet_dose_comparison *compared) {
  fputs("<tr><td>", out);
  write_html_text(out, compared->title);
  if (compared->is_chosen) fputs(" <span class=\"mark\">chosen</span>", out);
  fputs("</td>", out);
  if (*compared->not_allowed) {
    fputs("<td colspan=\"5\">not for this patient: ", out);
    write_html_text(out, compared->not_allowed);
    fputs("</td>", out);
  } else {
    write_number_cell(out, compared->totals.preparations);
    write_counts_cells(out, counted, compared->totals);
  }
  fputs("</tr>\n", out);
}

static void write_comparison(FILE *out, const licet_dose_plan *plan) {
  static const char *const heads[] = {"Preparation", "#Times started",   "#Vials", "#Units billed",
                                      "#Units used", "#Units discarded", NULL};
  DrugCounts counted = drug_counts(plan);
  bool is_derived = false;
  licet_dose_comparison compared;
  if (!licet_dose_plan_comparison(plan, 0).preparation) return;
  open_section(out, "preparations", "Preparations compared");
  open_table(out, heads);
  for (size_t i = 0; (compared = licet_dose_plan_comparison(plan, i)).preparation; i++) {
    is_derived |= compared.totals.is_derived;
    write_compared(out, counted, &compared);
  }
  close_table(out);
  write_counts_note(out, counted, is_derived);
  close_section(out);
}

static void write_lines(FILE *out, const licet_dose_plan *plan) {
  static const char *const heads[] = {"Cycle", "Code", "#Units", NULL};
  licet_dose_line line;
  if (!licet_dose_plan_line(plan, 0).hcpcs) return;
  open_section(out, "lines", "Billing units by cycle");
  fputs("<p class=\"note\">JW: units discarded. JZ: none discarded.</p>\n", out);
  open_table(out, heads);
  for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs; i++) {
    fprintf(out, "<tr><td>%u</td>", line.cycle);
    write_cell(out, line_code(&line).text);
    write_number_cell(out, line.units);
    fputs("</tr>\n", out);
  }
  close_table(out);
  close_section(out);
}

static void write_limit(FILE *out, const licet_dose_limit *limit) {
  bool is_amount = limit->kind != LICET_LIMIT_AUTHORIZATION;
  fputs("<tr>", out);
  write_cell(out, limit->text);
  if (is_amount)
    fprintf(out, "<td class=\"n\">%lld</td>", (long long)limit->reached);
  else
    fputs("<td></td>", out);
  fputs(*limit->passed ? "<td>✗ exceeded on <strong>" : "<td>✓ kept", out);
  write_html_text(out, limit->passed);
  if (*limit->passed) fputs("</strong>", out);
  if (limit->cycle > 0) fprintf(out, ", cycle %u, day %u", limit->cycle, limit->day);
  if (*limit->passed && is_amount) fprintf(out, ", with %lld", (long long)limit->amount);
  fputs("</td></tr>\n", out);
}

static void write_limits(FILE *out, const licet_dose_plan *plan) {
  static const char *const heads[] = {"Limit", "#Highest in this plan", "", NULL};
  licet_dose_limit limit;
  if (!licet_dose_plan_limit(plan, 0).text) return;
  open_section(out, "limits", "Limits");
  open_table(out, heads);
  for (size_t i = 0; (limit = licet_dose_plan_limit(plan, i)).text; i++) write_limit(out, &limit);
  close_table(out);
  close_section(out);
}

/* ---- every day ---- */

static void write_day(FILE *out, const licet_dose_day *day) {
  ShownAmount amount;
  fputs("<tr>", out);
  write_date_cell(out, day->date);
  fprintf(out, "<td class=\"n\">%u</td><td class=\"n\">%u</td>", day->cycle, day->day);
  write_cell(out, day->kind == LICET_DAY_DOSE   ? shown(&amount, day->dose)
                  : day->kind == LICET_DAY_FREE ? "no dose"
                                                : "interrupted");
  fputs("<td>", out);
  write_html_text(out, day->ordered);
  if (day->is_capped) fputs(" (at its maximum)", out);
  fputs("</td>", out);
  write_cell(out, day_begins_preparation(day) ? day->preparation : "");
  if (day->preparation_days > 0)
    write_number_cell(out, day->vials);
  else
    fputs("<td></td>", out);
  write_cell(out, day->notice);
  fputs("</tr>\n", out);
}

static void write_days(FILE *out, const licet_dose_plan *plan) {
  static const char *const heads[] = {"Date",  "#Cycle", "#Day",    "Dose", "Ordered",
                                      "Begun", "#Vials", "To note", NULL};
  licet_dose_day day;
  if (!licet_dose_plan_day(plan, 0).date) return;
  /* The heading stands within, so that it is not printed over nothing where the table is closed. */
  fputs(
      "<section aria-labelledby=\"days\">\n<details>\n<summary><h2 id=\"days\">Day by day</h2> "
      "every day of the calendar, as a "
      "table</summary>\n",
      out);
  open_table(out, heads);
  for (size_t i = 0; (day = licet_dose_plan_day(plan, i)).date; i++) write_day(out, &day);
  close_table(out);
  fputs("</details>\n", out);
  close_section(out);
}

static void write_foot(FILE *out, const licet_dose_plan *plan) {
  const licet_policy *policy = licet_determination_policy(licet_dose_determination(plan));
  fprintf(out, "</main>\n<footer>\n<p>Written by licet %s", licet_version());
  if (policy) {
    fputs(" from policy ", out);
    write_html_text(out, licet_policy_id(policy));
    fputs(", version of ", out);
    write_html_text(out, licet_determination_version(licet_dose_determination(plan)));
    fputs(", ", out);
    write_html_text(out, licet_policy_digest(policy));
  }
  fputs(
      ". Amounts are shown with three decimals at most and computed with all. The plan is no "
      "order: who treats "
      "decides.</p>\n</footer>\n",
      out);
}

void dose_html_write(FILE *out, const licet_dose_plan *plan) {
  const char *const title[] = {drug_title(plan), "treatment plan", NULL};
  page_open(out, title, more_style);
  write_head(out, plan);
  write_findings(out, plan);
  write_calendar(out, plan);
  write_cycles(out, plan);
  write_comparison(out, plan);
  write_lines(out, plan);
  write_limits(out, plan);
  write_days(out, plan);
  write_foot(out, plan);
  page_close(out);
}
