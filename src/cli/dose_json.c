/* The comparison as JSON: an object with one member, a line of an array for each preparation. */
#include "dose_views.h"
#include "output.h"

static void write_totals(FILE *out, licet_dose_totals totals) {
  fprintf(out, ",\"preparations\":%u", totals.preparations);
  write_json_member(out, "administered", totals.administered);
  fprintf(out, ",\"vials\":%lld,\"derived\":%s,\"administered_units\":%lld,\"billed_units\":%lld,\"discarded_units\":%lld",
          (long long)totals.vials, totals.is_derived ? "true" : "false", (long long)totals.administered_units,
          (long long)totals.billed_units, (long long)totals.discarded_units);
}

static void write_compared(FILE *out, const licet_dose_comparison *compared) {
  fputs("{\"preparation\":", out);
  write_json_string(out, compared->preparation);
  write_json_member(out, "title", compared->title);
  fprintf(out, ",\"chosen\":%s,\"allowed\":%s", compared->is_chosen ? "true" : "false", *compared->not_allowed ? "false" : "true");
  if (*compared->not_allowed)
    write_json_member(out, "needs", compared->not_allowed);
  else
    write_totals(out, compared->totals);
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
