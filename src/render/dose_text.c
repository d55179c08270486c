/* A plan in 80 columns. Read from the bottom: dose_text_write is the table of contents. Problems
 * stand before numbers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/unreachable.h"
#include "render/amount.h"
#include "render/civil.h"
#include "render/dose_views.h"
#include "render/tree.h"

enum { TEXT_COLUMNS = 80 };

/* Texts of a few words put together; cut where they are longer. */
typedef struct Phrase {
  char text[160];
} Phrase;

static Phrase phrase(const char *format, ...) __attribute__((format(printf, 1, 2)));
static Phrase phrase(const char *format, ...) {
  Phrase made;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(made.text, sizeof made.text, format, arguments);
  va_end(arguments);
  return made;
}

static void put_plain(Terminal *terminal, const char *text) {
  terminal_put(terminal, STYLE_PLAIN, text);
}

static void put_amount(Terminal *terminal, Style style, const char *exact) {
  terminal_put(terminal, style, amount_shown(exact, AMOUNT_DECIMALS).text);
}

static void section(Terminal *terminal, const char *title) {
  terminal_gap(terminal);
  terminal_line(terminal, 0, STYLE_BOLD, title);
}

/* ---- head ---- */

static void put_source(Terminal *terminal, const char *source) {
  if (!*source) return;
  put_plain(terminal, ", ");
  terminal_put(terminal, STYLE_DIM, source);
}

static void write_decision(Terminal *terminal, const licet_determination *determination) {
  licet_authorization authorization = licet_determination_authorization(determination);
  const licet_policy *policy = licet_determination_policy(determination);
  terminal_field(terminal, "Request", licet_determination_request(determination));
  terminal_field_begin(terminal, "Decision");
  put_plain(terminal, licet_outcome_name(licet_determination_outcome(determination)));
  if (policy) put_plain(terminal, phrase(", policy %s", licet_policy_id(policy)).text);
  if (authorization.start) put_plain(terminal, phrase(", from %s", authorization.start).text);
  if (authorization.start && authorization.end)
    put_plain(terminal, phrase(" to %s", authorization.end).text);
  terminal_end(terminal);
}

static void write_drug(Terminal *terminal, licet_dose_drug drug) {
  if (!*drug.vials && !*drug.hcpcs) return;
  terminal_field_begin(terminal, "Vial");
  put_plain(terminal, drug.vials);
  if (*drug.ndcs) put_plain(terminal, phrase("; NDC %s", drug.ndcs).text);
  if (*drug.hcpcs) put_plain(terminal, phrase("; %s, one unit is %s", drug.hcpcs, drug.unit).text);
  terminal_end(terminal);
}

/* "5 cycles in this plan; 9 in the regimen; 0 received before; 4 left after it": as far as known.
 */
static void write_cycle_counts(Terminal *terminal, licet_dose_regimen regimen,
                               licet_dose_record record) {
  const struct {
    int64_t count;
    const char *where;
  } parts[] = {{record.cycles_planned, "in this plan"},
               {regimen.cycles > 0 ? (int64_t)regimen.cycles : -1, "in the regimen"},
               {record.cycles_received, "received before"},
               {record.cycles_left, "left after it"}};
  bool is_first = true;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (parts[i].count < 0) continue;
    if (is_first) terminal_field_begin(terminal, "Cycles");
    put_plain(
        terminal,
        phrase("%s%lld %s", is_first ? "" : "; ", (long long)parts[i].count, parts[i].where).text);
    is_first = false;
  }
  if (!is_first) terminal_end(terminal);
}

static void write_regimen(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_regimen regimen = licet_dose_plan_regimen(plan);
  licet_dose_record record = licet_dose_plan_record(plan);
  if (!*regimen.name && !*regimen.title && regimen.chosen_by == LICET_CHOSEN_BY_NOTHING) return;
  terminal_field_begin(terminal, "Regimen");
  put_plain(terminal, *regimen.title  ? regimen.title
                      : *regimen.name ? regimen.name
                                      : "the schedule stated in the request");
  put_source(terminal, regimen_source_title(regimen));
  terminal_end(terminal);
  write_cycle_counts(terminal, regimen, record);
  if (record.renewals_left < 0) return;
  terminal_field_begin(terminal, "Renewals");
  if (record.renewals_granted >= 0)
    put_plain(terminal, phrase("%ld authorized, ", (long)record.renewals_granted).text);
  put_plain(terminal, phrase("%ld left", (long)record.renewals_left).text);
  terminal_end(terminal);
}

static void write_preparation(Terminal *terminal, licet_dose_preparation preparation) {
  if (!*preparation.name) return;
  terminal_field_begin(terminal, "Given as");
  put_plain(terminal, *preparation.title ? preparation.title : preparation.name);
  put_source(terminal, preparation_source_title(preparation));
  terminal_end(terminal);
}

static void put_measured(Terminal *terminal, const char *name, const char *amount,
                         const char *date) {
  put_plain(terminal, name);
  put_amount(terminal, STYLE_PLAIN, amount);
  if (*date) terminal_put(terminal, STYLE_DIM, phrase(" (%s)", date).text);
}

/* "1.83 m²", as body surface area (BSA) is written; "1.83 m2" where only ASCII is. */
static void put_area(Terminal *terminal, const char *exact) {
  const ShownAmount area = amount_shown(exact, 2);
  put_plain(terminal, terminal->ascii ? area.text : amount_squared(area).text);
}

static void write_body(Terminal *terminal, licet_dose_body body) {
  if (*body.weight || *body.height) {
    terminal_field_begin(terminal, "Body");
    if (*body.weight) put_measured(terminal, "weight ", body.weight, body.weight_date);
    if (*body.height)
      put_measured(terminal, *body.weight ? ", height " : "height ", body.height, body.height_date);
    terminal_end(terminal);
  }
  if (!*body.computed && !*body.stated) return;
  terminal_field_begin(terminal, "BSA");
  if (*body.computed) {
    put_area(terminal, body.computed);
    put_plain(terminal, phrase(" (%s)", formula_title(body.formula)).text);
  }
  if (*body.stated) {
    put_plain(terminal, *body.computed ? ", stated " : "stated ");
    put_area(terminal, body.stated);
  }
  if (*body.stated && *body.used) {
    put_plain(terminal, "; used ");
    put_area(terminal, body.used);
  }
  terminal_end(terminal);
}

static void write_head(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  terminal_begin(terminal, 0, 2);
  terminal_put(terminal, STYLE_BOLD, "Treatment plan");
  if (*drug.name) put_plain(terminal, ": ");
  terminal_put(terminal, STYLE_BOLD, *drug.title ? drug.title : drug.name);
  terminal_end(terminal);
  write_decision(terminal, licet_dose_determination(plan));
  write_drug(terminal, drug);
  write_regimen(terminal, plan);
  write_preparation(terminal, licet_dose_plan_preparation(plan));
  write_body(terminal, licet_dose_plan_body(plan));
}

/* ---- findings ---- */

typedef struct Severity {
  const char *name, *mark;
  Style style;
} Severity;

static Severity severity_of(licet_severity severity) {
  const char *name = licet_severity_name(severity);
  switch (severity) {
    case LICET_SEVERITY_ERROR:
      return (Severity){name, "✗", STYLE_BAD};
    case LICET_SEVERITY_WARNING:
      return (Severity){name, "!", STYLE_OPEN};
    case LICET_SEVERITY_NOTE:
      return (Severity){name, "–", STYLE_DIM};
  }
  UNREACHABLE();
}

static void write_findings(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_finding finding;
  if (!plan_finding(plan, 0).message) return;
  section(terminal, "Findings");
  for (size_t i = 0; (finding = plan_finding(plan, i)).message; i++) {
    Severity severity = severity_of(finding.severity);
    terminal_begin(terminal, 2, 4);
    terminal_put(terminal, severity.style, phrase("%s %s", severity.mark, severity.name).text);
    put_plain(terminal, ": ");
    put_plain(terminal, finding.message);
    terminal_put(terminal, STYLE_DIM,
                 phrase(" [%s%s%s]", licet_dose_finding_kind_name(finding.kind),
                        *finding.field ? ": " : "", finding.field)
                     .text);
    terminal_end(terminal);
  }
}

/* ---- calendar ---- */

/* A row is a week. Its label, the cycle's days in it, then a cell for each weekday: the dose in
 * AMOUNT_WIDTH columns, its marks behind it. */
enum {
  LABEL_COLUMN = 2,
  DAYS_COLUMN = 16,
  CELLS_COLUMN = 24,
  CELL_WIDTH = 8,
  AMOUNT_WIDTH = 5,
  MARKS_WIDTH = 3
};

static const char free_mark[] = "·", held_mark[] = "hold", begun_mark[] = "•", wide_mark[] = "dose";

/* What the legend explains: only what the calendar shows. */
typedef struct Legend {
  const char *unit;        /* of the doses */
  const char *preparation; /* begun on some day, or NULL */
  bool is_continuous;      /* every dose runs through its day */
  bool free, held, wide, ends, after_end, passes;
} Legend;

static ShownAmount cell_amount(const Legend *legend, const licet_dose_day *day) {
  if (strcmp(amount_unit(day->dose), legend->unit) != 0) return (ShownAmount){""};
  return amount_number(day->dose, AMOUNT_WIDTH);
}

static Legend read_legend(const licet_dose_plan *plan) {
  Legend legend = {.unit = "", .is_continuous = true};
  licet_dose_day day;
  for (size_t i = 0; (day = licet_dose_plan_day(plan, i)).date; i++) {
    DayMarks marks = day_marks(&day);
    legend.is_continuous &= day.kind != LICET_DAY_DOSE || day.is_continuous;
    if (day.kind == LICET_DAY_DOSE && !*legend.unit) legend.unit = amount_unit(day.dose);
    if (day.kind == LICET_DAY_DOSE && !*cell_amount(&legend, &day).text) legend.wide = true;
    if (day_begins_preparation(&day) && !legend.preparation) legend.preparation = day.preparation;
    if (day_begins_preparation(&day) && strcmp(legend.preparation, day.preparation) != 0)
      legend.preparation = "preparation";
    legend.free |= day.kind == LICET_DAY_FREE;
    legend.held |= day.kind == LICET_DAY_INTERRUPTED;
    legend.ends |= marks.ends;
    legend.after_end |= marks.is_after_end;
    legend.passes |= marks.passes;
  }
  return legend;
}

static void put_legend(Terminal *terminal, bool is_shown, Style style, const char *mark,
                       const char *meaning) {
  if (!is_shown) return;
  put_plain(terminal, "; ");
  terminal_put(terminal, style, mark);
  put_plain(terminal, "\u00a0"); /* a mark and its meaning stay together */
  for (const char *at = meaning; *at;) {
    size_t word = strcspn(at, " ");
    terminal_put_span(terminal, STYLE_PLAIN, at, word);
    if (at[word]) put_plain(terminal, "\u00a0");
    at += word + (at[word] == ' ');
  }
}

static void write_legend(Terminal *terminal, const Legend *legend) {
  terminal_begin(terminal, LABEL_COLUMN, LABEL_COLUMN);
  put_plain(terminal, "Doses in ");
  terminal_put(terminal, STYLE_BOLD, *legend->unit ? legend->unit : "the drug's unit");
  put_plain(terminal, legend->is_continuous ? " a day; d is the day of the cycle"
                                            : "; d is the day of the cycle");
  put_legend(terminal, legend->preparation, STYLE_GOOD, begun_mark,
             phrase("%s begun", legend->preparation).text);
  put_legend(terminal, legend->free, STYLE_DIM, free_mark, "no dose");
  put_legend(terminal, legend->held, STYLE_OPEN, held_mark, "interrupted");
  put_legend(terminal, legend->wide, STYLE_PLAIN, wide_mark, "see the table of cycles");
  put_legend(terminal, legend->ends, STYLE_OPEN, "E", "authorization ends");
  put_legend(terminal, legend->after_end, STYLE_BAD, "x", "after its end");
  put_legend(terminal, legend->passes, STYLE_BAD, "!", "exceeds a limit");
  terminal_end(terminal);
}

static int cell_column(int weekday) { return CELLS_COLUMN + CELL_WIDTH * weekday; }

static void put_marks(Terminal *terminal, const licet_dose_day *day, int column) {
  DayMarks marks = day_marks(day);
  if (day_begins_preparation(day)) terminal_cell(terminal, STYLE_GOOD, begun_mark, column++, 1);
  if (marks.passes) terminal_cell(terminal, STYLE_BAD, "!", column++, 1);
  if (marks.ends) terminal_cell(terminal, STYLE_OPEN, "E", column++, 1);
  if (marks.is_after_end) terminal_cell(terminal, STYLE_BAD, "x", column++, 1);
}

static void put_day(Terminal *terminal, const Legend *legend, const licet_dose_day *day) {
  int column = cell_column(civil_weekday(civil_number(day->date)));
  if (day->kind == LICET_DAY_FREE)
    terminal_cell(terminal, STYLE_DIM, free_mark, column, -AMOUNT_WIDTH);
  if (day->kind == LICET_DAY_INTERRUPTED)
    terminal_cell(terminal, STYLE_OPEN, held_mark, column, -AMOUNT_WIDTH);
  if (day->kind == LICET_DAY_DOSE) {
    ShownAmount amount = cell_amount(legend, day);
    terminal_cell(terminal, STYLE_BOLD, *amount.text ? amount.text : wide_mark, column,
                  -AMOUNT_WIDTH);
  }
  put_marks(terminal, day, column + AMOUNT_WIDTH);
}

/* "Nov 09–15", "Nov 30–Dec 06" */
static Phrase span_label(const char *first, const char *last) {
  Civil from = civil_of(civil_number(first)), to = civil_of(civil_number(last));
  const char *month = civil_month_name(from.month);
  if (strcmp(first, last) == 0) return phrase("%.3s %02d", month, from.day);
  if (from.month == to.month) return phrase("%.3s %02d–%02d", month, from.day, to.day);
  return phrase("%.3s %02d–%.3s %02d", month, from.day, civil_month_name(to.month), to.day);
}

/* Days [first, last] of the plan: a week of a cycle, or several without a dose. */
typedef struct Weeks {
  size_t first, last;
  bool is_empty; /* neither dose nor anything to report */
} Weeks;

static bool tells_nothing(const licet_dose_day *day) {
  return day->kind == LICET_DAY_FREE && !*day_notice(day);
}

/* The part of the week from the day `first` on that lies before the day `end`. */
static Weeks week_from(const licet_dose_plan *plan, size_t first, size_t end) {
  Weeks week = {first, first, true};
  for (size_t i = first; i < end; i++) {
    licet_dose_day day = licet_dose_plan_day(plan, i);
    if (i > first && civil_weekday(civil_number(day.date)) == 0) break;
    week.is_empty &= tells_nothing(&day);
    week.last = i;
  }
  return week;
}

static void put_label(Terminal *terminal, const licet_dose_plan *plan, Weeks weeks) {
  licet_dose_day first = licet_dose_plan_day(plan, weeks.first),
                 last = licet_dose_plan_day(plan, weeks.last);
  Phrase days =
      first.day == last.day ? phrase("d%u", first.day) : phrase("d%u–%u", first.day, last.day);
  terminal_begin(terminal, LABEL_COLUMN, LABEL_COLUMN);
  terminal_cell(terminal, STYLE_PLAIN, span_label(first.date, last.date).text, LABEL_COLUMN,
                DAYS_COLUMN - LABEL_COLUMN);
  terminal_cell(terminal, STYLE_DIM, days.text, DAYS_COLUMN, CELLS_COLUMN - DAYS_COLUMN);
}

static void write_weeks(Terminal *terminal, const licet_dose_plan *plan, const Legend *legend,
                        Weeks weeks) {
  put_label(terminal, plan, weeks);
  if (weeks.is_empty) {
    size_t count = weeks.last - weeks.first + 1;
    Phrase said = phrase("%s no dose, %zu day%s", free_mark, count, count == 1 ? "" : "s");
    terminal_cell(terminal, STYLE_DIM, said.text, cell_column(0) + AMOUNT_WIDTH - 1,
                  TEXT_COLUMNS - cell_column(0) - AMOUNT_WIDTH);
  }
  for (size_t i = weeks.first; !weeks.is_empty && i <= weeks.last; i++) {
    licet_dose_day day = licet_dose_plan_day(plan, i);
    put_day(terminal, legend, &day);
  }
  terminal_end(terminal);
}

/* What is to be reported of the cycle's days, once for days that follow one another. */
static void write_notices(Terminal *terminal, const licet_dose_plan *plan,
                          const licet_dose_cycle *cycle) {
  for (size_t i = cycle->first_day, end = i + cycle->days; i < end; i++) {
    licet_dose_day first = licet_dose_plan_day(plan, i), last = first, next;
    if (!*day_notice(&first)) continue;
    for (; i + 1 < end &&
           (next = licet_dose_plan_day(plan, i + 1), strcmp(day_notice(&next), first.notice) == 0);
         i++)
      last = next;
    terminal_begin(terminal, LABEL_COLUMN, CELLS_COLUMN);
    terminal_put(terminal, STYLE_OPEN, first.date);
    if (strcmp(first.date, last.date) != 0)
      terminal_put(terminal, STYLE_OPEN, phrase(" to %s", last.date).text);
    put_plain(terminal, phrase(": %s", first.notice).text);
    terminal_end(terminal);
  }
}

static void write_cycle_heading(Terminal *terminal, const licet_dose_cycle *cycle) {
  static const char *const weekdays[WEEK_DAYS] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  Phrase title = phrase("Cycle %u, %s", cycle->number, cycle->start);
  terminal_gap(terminal);
  terminal_begin(terminal, 0, 0);
  terminal_cell(terminal, STYLE_BOLD, title.text, 0, CELLS_COLUMN);
  for (int i = 0; i < WEEK_DAYS; i++)
    terminal_cell(terminal, STYLE_DIM, weekdays[i], cell_column(i), -AMOUNT_WIDTH);
  terminal_end(terminal);
}

static void write_cycle_calendar(Terminal *terminal, const licet_dose_plan *plan,
                                 const Legend *legend, const licet_dose_cycle *cycle) {
  size_t end = (size_t)cycle->first_day + cycle->days;
  write_cycle_heading(terminal, cycle);
  for (size_t at = cycle->first_day; at < end;) {
    Weeks weeks = week_from(plan, at, end);
    while (weeks.is_empty && weeks.last + 1 < end) {
      Weeks next = week_from(plan, weeks.last + 1, end);
      if (!next.is_empty) break;
      weeks.last = next.last;
    }
    write_weeks(terminal, plan, legend, weeks);
    at = weeks.last + 1;
  }
  write_notices(terminal, plan, cycle);
}

static void write_calendar(Terminal *terminal, const licet_dose_plan *plan) {
  Legend legend = read_legend(plan);
  licet_dose_cycle cycle;
  if (!licet_dose_plan_cycle(plan, 0).title) return;
  section(terminal, "Calendar");
  write_legend(terminal, &legend);
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(plan, i)).title; i++)
    write_cycle_calendar(terminal, plan, &legend, &cycle);
}

/* ---- tables ---- */

typedef struct Column {
  const char *head;
  int column, width; /* as terminal_cell takes them */
} Column;

static void write_row(Terminal *terminal, Style style, const Column *columns, size_t count,
                      const char *const *cells) {
  terminal_begin(terminal, 0, 0);
  for (size_t i = 0; i < count; i++)
    terminal_cell(terminal, style, cells[i], columns[i].column, columns[i].width);
  terminal_end(terminal);
}

static void write_heads(Terminal *terminal, const Column *columns, size_t count) {
  const char *heads[16];
  for (size_t i = 0; i < count; i++) heads[i] = columns[i].head;
  write_row(terminal, STYLE_DIM, columns, count, heads);
}

static Phrase number(int64_t value) { return phrase("%lld", (long long)value); }

/* Totals as texts, with a dash for what the drug has no measure for. */
typedef struct Counts {
  Phrase vials, billed, used, wasted;
} Counts;

static Counts counts_of(DrugCounts counted, licet_dose_totals totals) {
  Counts counts = {phrase("–"), phrase("–"), phrase("–"), phrase("–")};
  if (counted.vials)
    counts.vials = phrase("%lld%s", (long long)totals.vials, totals.is_derived ? "+" : "");
  if (counted.units) counts.used = number(totals.administered_units);
  if (!counted.vials || !counted.units) return counts;
  counts.billed = number(totals.billed_units);
  counts.wasted = number(totals.discarded_units);
  return counts;
}

/* What the columns of units count. */
static void put_units_note(Terminal *terminal, Style style, const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  Phrase note = *drug.unit
                    ? phrase("billed, used, wasted: units of %s, %s each", drug.hcpcs, drug.unit)
                    : phrase("–: the drug has no billing unit declared");
  terminal_put(terminal, style, note.text);
  if (*drug.unit && !*drug.vials)
    terminal_put(terminal, style, "; –: the drug has no vial declared");
}

static const Column cycle_columns[] = {
    {"#", 0, -4},       {"", 6, 13},        {"dates", 20, 16},
    {"days", 36, -5},   {"given", 41, -13}, {"vials", 54, -6},
    {"billed", 60, -7}, {"used", 67, -6},   {"wasted", 73, -7},
};
enum { CYCLE_COLUMNS = sizeof cycle_columns / sizeof *cycle_columns };

static void write_totals(Terminal *terminal, const char *cycle, const char *title,
                         const char *dates, DrugCounts counted, licet_dose_totals totals) {
  ShownAmount given = amount_shown(totals.administered, AMOUNT_DECIMALS);
  Phrase days = number(totals.dose_days);
  Counts counts = counts_of(counted, totals);
  const char *const cells[CYCLE_COLUMNS] = {cycle,
                                            title,
                                            dates,
                                            days.text,
                                            given.text,
                                            counts.vials.text,
                                            counts.billed.text,
                                            counts.used.text,
                                            counts.wasted.text};
  write_row(terminal, STYLE_PLAIN, cycle_columns, CYCLE_COLUMNS, cells);
}

static void write_units_note(Terminal *terminal, const licet_dose_plan *plan, bool is_cut_short) {
  terminal_begin(terminal, 2, 2);
  terminal_put(terminal, STYLE_DIM, "days: with a dose; ");
  put_units_note(terminal, STYLE_DIM, plan);
  if (licet_dose_plan_totals(plan).is_derived)
    terminal_put(terminal, STYLE_DIM,
                 "; +: vials not printed in the drug's tables but derived from the volume");
  if (is_cut_short) terminal_put(terminal, STYLE_DIM, "; *: cut short by an interruption");
  terminal_end(terminal);
}

static void write_cycles(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_cycle cycle;
  bool is_cut_short = false;
  uint32_t between = 0; /* days from the beginning of a cycle that ends before, to the next */
  if (!licet_dose_plan_cycle(plan, 0).title) return;
  section(terminal, "Cycles");
  write_heads(terminal, cycle_columns, CYCLE_COLUMNS);
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(plan, i)).title; i++) {
    /* A cycle is shorter than a year: the day it ends on needs none. */
    Phrase dates = phrase("%s–%s", cycle.start, strlen(cycle.end) > 5 ? cycle.end + 5 : cycle.end);
    Phrase name = phrase("%s%u", cycle.is_cut_short ? "*" : "", cycle.number);
    is_cut_short |= cycle.is_cut_short != 0;
    if (cycle.days > cycle.length) between = cycle.days;
    write_totals(terminal, name.text, cycle.title, dates.text, drug_counts(plan), cycle.totals);
  }
  if (licet_dose_plan_cycle(plan, 1).title)
    write_totals(terminal, "", "all", "", drug_counts(plan), licet_dose_plan_totals(plan));
  write_units_note(terminal, plan, is_cut_short);
  if (between == 0) return;
  terminal_begin(terminal, 2, 2);
  terminal_put(terminal, STYLE_DIM,
               phrase("the next cycle begins %u days after the last began", between).text);
  terminal_end(terminal);
}

/* Units of each cycle: "J9039 784, J9039-JW 196". */
static void write_lines(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_line line;
  uint32_t cycle = 0;
  if (!licet_dose_plan_line(plan, 0).hcpcs) return;
  section(terminal, "Billing units by cycle (JW: discarded units; JZ: none discarded)");
  for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs; i++) {
    if (i == 0 || line.cycle != cycle) {
      if (i > 0) terminal_end(terminal);
      cycle = line.cycle;
      terminal_field_begin(terminal, phrase("cycle %u", cycle).text);
    } else {
      put_plain(terminal, ",  ");
    }
    put_plain(terminal, line_code(&line).text);
    put_plain(terminal, "\u00a0");
    terminal_number(terminal, STYLE_BOLD, (long)line.units);
  }
  terminal_end(terminal);
}

/* ---- by date of service ---- */

static bool is_same_service(const licet_dose_day *a, const licet_dose_day *b) {
  return a->cycle == b->cycle && a->administered_units == b->administered_units &&
         a->discarded_units == b->discarded_units;
}

static void put_units(Terminal *terminal, const char *code, const char *modifier, int64_t units) {
  put_plain(terminal, phrase("%s%s%s", code, *modifier ? "-" : "", modifier).text);
  put_plain(terminal, "\u00a0");
  terminal_number(terminal, STYLE_BOLD, (long)units);
}

/* "2026-11-11 to 2026-11-17, 4 dates: J9039 8, J9039-JW 27" */
static void write_service(Terminal *terminal, const char *code, const licet_dose_day *first,
                          const char *last, unsigned dates) {
  terminal_begin(terminal, 2, 4);
  put_plain(terminal, dates > 1 ? phrase("%s to %s, %u dates:  ", first->date, last, dates).text
                                : phrase("%s:  ", first->date).text);
  bool has_waste = first->discarded_units > 0;
  put_units(terminal, code, has_waste ? "" : licet_modifier_name(first->modifier),
            has_waste ? first->administered_units : first->billed_units);
  if (has_waste)
    put_plain(terminal, ",  "),
        put_units(terminal, code, licet_modifier_name(first->modifier), first->discarded_units);
  terminal_end(terminal);
}

/* What a claim has: the units of each date on which something is begun; dates in a row with the
 * same units on one line. */
static void write_services(Terminal *terminal, const licet_dose_plan *plan) {
  const char *code = licet_dose_plan_drug(plan).hcpcs, *last = "";
  licet_dose_day day, first = {0};
  unsigned dates = 0;
  if (!licet_dose_plan_line(plan, 0).hcpcs) return;
  section(terminal, "Billing units by date of service, each rounded up separately");
  for (size_t i = 0; (day = licet_dose_plan_day(plan, i)).date; i++) {
    if (day.modifier == LICET_MODIFIER_NONE) continue;
    if (dates > 0 && !is_same_service(&first, &day))
      write_service(terminal, code, &first, last, dates), dates = 0;
    if (dates++ == 0) first = day;
    last = day.date;
  }
  if (dates > 0) write_service(terminal, code, &first, last, dates);
}

/* "1015 units", "3 cycles"; nothing for the authorization's end. */
static Phrase limit_amount(const licet_dose_limit *limit, int64_t amount) {
  if (limit->kind == LICET_LIMIT_AUTHORIZATION) return phrase("%s", "");
  return phrase("%lld\u00a0%s", (long long)amount, licet_limit_kind_name(limit->kind));
}

static void put_limit(Terminal *terminal, const licet_dose_limit *limit) {
  Phrase reached = limit_amount(limit, limit->reached), amount = limit_amount(limit, limit->amount);
  put_plain(terminal, limit->text);
  if (*limit->passed) {
    put_plain(terminal, ": first exceeded on ");
    terminal_put(terminal, STYLE_BOLD, limit->passed);
    if (limit->cycle > 0)
      put_plain(terminal, phrase(" (cycle %u, day %u)", limit->cycle, limit->day).text);
    if (*amount.text) put_plain(terminal, phrase(" with %s", amount.text).text);
    if (limit->reached <= limit->amount) return;
  }
  if (*reached.text)
    terminal_put(terminal, STYLE_DIM,
                 phrase("%s at most %s", *limit->passed ? ";" : ":", reached.text).text);
}

static void write_limits(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_limit limit;
  if (!licet_dose_plan_limit(plan, 0).text) return;
  section(terminal, "Limits");
  for (size_t i = 0; (limit = licet_dose_plan_limit(plan, i)).text; i++) {
    bool is_kept = !*limit.passed;
    terminal_begin(terminal, 2, 4);
    terminal_put(terminal, is_kept ? STYLE_GOOD : STYLE_BAD, is_kept ? "✓" : "✗");
    put_plain(terminal, " ");
    put_limit(terminal, &limit);
    terminal_end(terminal);
  }
}

void dose_text_write(Terminal *terminal, const licet_dose_plan *plan) {
  if (terminal->width > TEXT_COLUMNS) terminal->width = TEXT_COLUMNS;
  write_head(terminal, plan);
  write_findings(terminal, plan);
  write_calendar(terminal, plan);
  write_cycles(terminal, plan);
  write_lines(terminal, plan);
  write_services(terminal, plan);
  write_limits(terminal, plan);
}

/* ---- the preparations side by side ---- */

static const Column comparison_columns[] = {
    {"preparation", 5, 30}, {"changes", 35, -8}, {"vials", 43, -8},
    {"billed", 51, -9},     {"used", 60, -9},    {"wasted", 69, -9},
};
enum { COMPARISON_COLUMNS = sizeof comparison_columns / sizeof *comparison_columns };

static void write_compared(Terminal *terminal, DrugCounts counted,
                           const licet_dose_comparison *compared) {
  Phrase changes = phrase("%u", compared->totals.preparations);
  Counts counts = counts_of(counted, compared->totals);
  const char *const cells[COMPARISON_COLUMNS] = {compared->title,   changes.text,
                                                 counts.vials.text, counts.billed.text,
                                                 counts.used.text,  counts.wasted.text};
  terminal_begin(terminal, 0, 0);
  if (compared->is_chosen) terminal_cell(terminal, STYLE_GOOD, "→", 2, 2);
  for (size_t i = 0; i < COMPARISON_COLUMNS; i++) {
    const Column *column = &comparison_columns[i];
    terminal_cell(terminal, compared->is_chosen ? STYLE_BOLD : STYLE_PLAIN, cells[i],
                  column->column, column->width);
  }
  terminal_end(terminal);
}

static void write_not_allowed(Terminal *terminal, const licet_dose_comparison *compared) {
  terminal_begin(terminal, 5, 7);
  put_plain(terminal, compared->title);
  put_plain(terminal, " ");
  terminal_put(terminal, STYLE_OPEN,
               phrase("not for this patient: requires %s", compared->not_allowed).text);
  terminal_end(terminal);
}

static void write_comparison_notes(Terminal *terminal, const licet_dose_plan *plan,
                                   bool is_derived) {
  terminal_begin(terminal, 2, 2);
  put_plain(terminal, "→ chosen; changes: how often one is started; ");
  put_units_note(terminal, STYLE_PLAIN, plan);
  if (is_derived)
    put_plain(terminal, "; +: vials not printed in the drug's tables but derived from the volume");
  terminal_end(terminal);
}

void dose_comparison_write(Terminal *terminal, const licet_dose_plan *plan) {
  licet_dose_comparison compared;
  bool is_derived = false;
  if (terminal->width > TEXT_COLUMNS) terminal->width = TEXT_COLUMNS;
  write_head(terminal, plan);
  write_findings(terminal, plan);
  section(terminal, "Preparations compared, over the whole plan");
  if (!licet_dose_plan_comparison(plan, 0).preparation) {
    terminal_line(terminal, 2, STYLE_PLAIN, "There is nothing to compare.");
    return;
  }
  write_heads(terminal, comparison_columns, COMPARISON_COLUMNS);
  for (size_t i = 0; (compared = licet_dose_plan_comparison(plan, i)).preparation; i++) {
    is_derived |= compared.totals.is_derived;
    if (*compared.not_allowed)
      write_not_allowed(terminal, &compared);
    else
      write_compared(terminal, drug_counts(plan), &compared);
  }
  write_comparison_notes(terminal, plan, is_derived);
}
