/* The comparison as JSON, in the words of licet_dose_json: a line for each preparation. */
#include "dose_views.h"
#include "output.h"

static void write_totals(FILE *out, licet_dose_totals totals) {
  fprintf(out, ",\"dose_days\":%u,\"preparations\":%u", totals.dose_days, totals.preparations);
  write_json_member(out, "administered", totals.administered);
  fprintf(out, ",\"vials\":%lld,\"administered_units\":%lld,\"billed_units\":%lld,\"discarded_units\":%lld",
          (long long)totals.vials, (long long)totals.administered_units, (long long)totals.billed_units,
          (long long)totals.discarded_units);
  if (totals.is_derived) fputs(",\"vials_derived\":true", out);
}

static void write_compared(FILE *out, const licet_dose_comparison *compared) {
  fputs("{\"name\":", out);
  write_json_string(out, compared->preparation);
  write_json_member(out, "title", compared->title);
  fprintf(out, ",\"chosen\":%s", compared->is_chosen ? "true" : "false");
  if (*compared->not_allowed) {
    write_json_member(out, "not_allowed", compared->not_allowed);
  } else {
    fputs(",\"not_allowed\":null", out);
    write_totals(out, compared->totals);
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
    write_compared(out, &compared);
  }
  fputs("]}\n", out);
}
