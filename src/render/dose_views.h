/* dose_views: a treatment's plan in the forms people and programs read. Each writes the whole plan
 * to `out`. */
#ifndef RENDER_DOSE_VIEWS_H
#define RENDER_DOSE_VIEWS_H

#include <licet/dose.h>
#include <stdbool.h>
#include <stdio.h>

#include "render/terminal.h"

/* For people at a terminal or printer: 80 columns, weeks from Monday to Sunday. */
void dose_text_write(Terminal *terminal, const licet_dose_plan *plan);
/* The preparations of the drug side by side. */
void dose_comparison_write(Terminal *terminal, const licet_dose_plan *plan);
/* One self-contained page with the calendar and every table. */
void dose_html_write(FILE *out, const licet_dose_plan *plan);
/* The calendar as one SVG picture. */
void dose_svg_write(FILE *out, const licet_dose_plan *plan);
/* RFC 5545 iCalendar. `request`, as it was read, is what the events belong to where it has no id.
 */
void dose_ical_write(FILE *out, const licet_dose_plan *plan, const char *request, size_t length);

/* ---- What the forms share ---- */

/* "Mosteller" for "mosteller"; the name itself where it is another. */
const char *formula_title(licet_formula formula);
/* Who chose it: "named by the request", "the drug's only one" …; "" where nobody did. */
const char *regimen_source_title(licet_dose_regimen regimen);
const char *preparation_source_title(licet_dose_preparation preparation);
/* What can be counted: where the drug has no vial or no billing unit, a dash stands for the number.
 */
typedef struct DrugCounts {
  bool vials, units;
} DrugCounts;
DrugCounts drug_counts(const licet_dose_plan *plan);
/* Is there an error that keeps the plan from being calculated: an error among its findings? */
bool plan_has_error(const licet_dose_plan *plan);
/* The plan's findings with the worst first, otherwise in the plan's order; `message` is NULL
 * beyond the last. */
licet_dose_finding plan_finding(const licet_dose_plan *plan, size_t index);
/* What a day marks; several may be true. */
typedef struct DayMarks {
  bool ends, is_after_end, passes; /* is_after_end: a dose is given */
} DayMarks;
DayMarks day_marks(const licet_dose_day *day);
/* The day's notice; "" where it says no more than that nothing is given after the authorization's
 * end. */
const char *day_notice(const licet_dose_day *day);
/* Is a bag, a syringe or the like begun on the day? */
static inline bool day_begins_preparation(const licet_dose_day *day) {
  return day->preparation_days > 0 && *day->preparation;
}
/* "J9039" or "J9039-JW". */
typedef struct LineCode {
  char text[64];
} LineCode;
LineCode line_code(const licet_dose_line *line);

#endif
