#include "render/dose_views.h"

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
  static const Word words[] = {{"mosteller", "Mosteller"},
                               {"dubois", "DuBois"},
                               {"haycock", "Haycock"},
                               {"gehan_george", "Gehan and George"}};
  return word_title(words, sizeof words / sizeof *words, formula);
}

static const char *source_title(const char *source) {
  static const Word words[] = {{"option", "named on the command line"},
                               {"request", "named by the request"},
                               {"authorization", "named by the authorization"},
                               {"schedule", "by the request"}};
  return word_title(words, sizeof words / sizeof *words, source);
}

const char *regimen_source_title(licet_dose_regimen regimen) {
  return strcmp(regimen.source, "drug") == 0 ? "the drug's only one" : source_title(regimen.source);
}

const char *preparation_source_title(licet_dose_preparation preparation) {
  return strcmp(preparation.source, "drug") == 0 ? "the first one allowed for the drug"
                                                 : source_title(preparation.source);
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
  return (DayMarks){.ends = day->ends_authorization != 0,
                    .is_after_end = day->after_authorization && day->kind == LICET_DAY_DOSE,
                    .passes = day->passes_limit != 0};
}

const char *day_notice(const licet_dose_day *day) {
  DayMarks marks = day_marks(day);
  return day->kind == LICET_DAY_DOSE || marks.ends || marks.passes ? day->notice : "";
}

DrugCounts drug_counts(const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  return (DrugCounts){.vials = *drug.vials, .units = *drug.unit};
}

LineCode line_code(const licet_dose_line *line) {
  LineCode code;
  snprintf(code.text, sizeof code.text, "%s%s%s", line->hcpcs, *line->modifier ? "-" : "",
           line->modifier);
  return code;
}
