/* What the forms of a plan have in common: titles of its words, marks of its days, codes of its
 * billing lines. */
#include "render/dose_views.h"

#include <stdio.h>

#include "base/unreachable.h"

const char *formula_title(licet_formula formula) {
  switch (formula) {
    case LICET_FORMULA_NONE:
      return "";
    case LICET_FORMULA_MOSTELLER:
      return "Mosteller";
    case LICET_FORMULA_DUBOIS:
      return "DuBois";
    case LICET_FORMULA_HAYCOCK:
      return "Haycock";
    case LICET_FORMULA_GEHAN_GEORGE:
      return "Gehan and George";
  }
  UNREACHABLE();
}

static const char *chosen_by_title(licet_chosen_by chosen_by, const char *by_drug) {
  switch (chosen_by) {
    case LICET_CHOSEN_BY_NOTHING:
      return "";
    case LICET_CHOSEN_BY_OPTION:
      return "named on the command line";
    case LICET_CHOSEN_BY_REQUEST:
      return "named by the request";
    case LICET_CHOSEN_BY_AUTHORIZATION:
      return "named by the authorization";
    case LICET_CHOSEN_BY_DRUG:
      return by_drug;
    case LICET_CHOSEN_BY_SCHEDULE:
      return "by the request";
  }
  UNREACHABLE();
}

const char *regimen_source_title(licet_dose_regimen regimen) {
  return chosen_by_title(regimen.chosen_by, "the drug's only one");
}

const char *preparation_source_title(licet_dose_preparation preparation) {
  return chosen_by_title(preparation.chosen_by, "the first one allowed for the drug");
}

bool plan_has_error(const licet_dose_plan *plan) {
  licet_dose_finding finding;
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message; i++)
    if (finding.severity == LICET_SEVERITY_ERROR) return true;
  return false;
}

licet_dose_finding plan_finding(const licet_dose_plan *plan, size_t index) {
  static const licet_severity severities[] = {LICET_SEVERITY_ERROR, LICET_SEVERITY_WARNING,
                                              LICET_SEVERITY_NOTE};
  licet_dose_finding finding;
  for (size_t severity = 0; severity < sizeof severities / sizeof *severities; severity++)
    for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message; i++)
      if (finding.severity == severities[severity] && index-- == 0) return finding;
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
  snprintf(code.text, sizeof code.text, "%s%s%s", line->hcpcs,
           line->modifier == LICET_MODIFIER_NONE ? "" : "-", licet_modifier_name(line->modifier));
  return code;
}
