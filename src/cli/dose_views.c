#include "dose_views.h"

#include <string.h>

typedef struct Word {
  const char *name, *title;
} Word;

static const char *word_title(const Word *words, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(words[i].name, name) == 0) return words[i].title;
  return name;
}

const char *formula_title(const char *formula) {
  static const Word words[] = {
      {"mosteller", "Mosteller"}, {"dubois", "DuBois"}, {"haycock", "Haycock"}, {"gehan_george", "Gehan and George"}};
  return word_title(words, sizeof words / sizeof *words, formula);
}

const char *source_title(const char *source) {
  static const Word words[] = {{"option", "named on the command line"},
                               {"request", "named by the request"},
                               {"grant", "named by the grant"},
                               {"drug", "the drug's first that is allowed"},
                               {"schedule", "the days of the request's own schedule"}};
  return word_title(words, sizeof words / sizeof *words, source);
}

bool plan_has_error(const licet_dose_plan *plan) {
  licet_dose_finding finding;
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).severity; i++)
    if (strcmp(finding.severity, "error") == 0) return true;
  return false;
}

licet_dose_finding plan_finding(const licet_dose_plan *plan, size_t index) {
  static const char *const severities[] = {"error", "warning", "note"};
  licet_dose_finding finding;
  for (size_t severity = 0; severity < sizeof severities / sizeof *severities; severity++)
    for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).severity; i++)
      if (strcmp(finding.severity, severities[severity]) == 0 && index-- == 0) return finding;
  return (licet_dose_finding){0};
}

DayMarks day_marks(const licet_dose_day *day) {
  bool is_after_end = strstr(day->notice, "after the authorization's end") != NULL;
  return (DayMarks){.ends = strstr(day->notice, "authorization ends") != NULL,
                    .is_after_end = is_after_end && day->kind == LICET_DAY_DOSE,
                    .passes = strstr(day->notice, "passes ") != NULL};
}

const char *day_notice(const licet_dose_day *day) {
  DayMarks marks = day_marks(day);
  return day->kind == LICET_DAY_DOSE || marks.ends || marks.passes ? day->notice : "";
}

LineCode line_code(const licet_dose_line *line) {
  LineCode code;
  snprintf(code.text, sizeof code.text, "%s%s%s", line->hcpcs, *line->modifier ? "-" : "", line->modifier);
  return code;
}
