/* The comparison as JSON, in the words of licet_dose_json: a line for each preparation. */
#include "dose_views.h"
#include "output.h"

/* Null where the drug has no measure for it. */
static void write_count(FILE *out, const char *name, bool is_counted, int64_t count) {
  fprintf(out, ",\"%s\":", name);
  if (is_counted)
    fprintf(out, "%lld", (long long)count);
  else
    fputs("null", out);
}

static void write_totals(FILE *out, DrugCounts counted, licet_dose_totals totals) {
  fprintf(out, ",\"dose_days\":%u,\"preparations\":%u", totals.dose_days, totals.preparations);
  write_json_member(out, "administered", totals.administered);
  write_count(out, "vials", counted.vials, totals.vials);
  write_count(out, "administered_units", counted.units, totals.administered_units);
  write_count(out, "billed_units", counted.vials && counted.units, totals.billed_units);
  write_count(out, "discarded_units", counted.vials && counted.units, totals.discarded_units);
  if (totals.is_derived) fputs(",\"vials_derived\":true", out);
}

static void write_compared(FILE *out, DrugCounts counted, const licet_dose_comparison *compared) {
  fputs("{\"name\":", out);
  write_json_string(out, compared->preparation);
  write_json_member(out, "title", compared->title);
  fprintf(out, ",\"chosen\":%s", compared->is_chosen ? "true" : "false");
  if (*compared->not_allowed) {
    write_json_member(out, "not_allowed", compared->not_allowed);
  } else {
    fputs(",\"not_allowed\":null", out);
    write_totals(out, counted, compared->totals);
  }
  fputs("}", out);
}

void dose_comparison_json(FILE *out, const licet_dose_plan *plan) {
  licet_dose_comparison compared;
  fputs("{\"drug\":", out);
  write_json_string(out, licet_dose_plan_drug(plan).name);
  fputs(",\"preparations\":[", out);
  for (size_t i = 0; (compared = licet_dose_plan_comparison(plan, i)).preparation; i++) {
    fputs(i > 0 ? ",\n" : "\n", out);
    write_compared(out, drug_counts(plan), &compared);
  }
  fputs("]}\n", out);
}
