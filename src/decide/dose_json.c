/* Dose plans as JSON (docs/dosing.md shows one). */
#include "decide/dose.h"

/* ---- Members ---- */

static void text_member(JsonWriter *json, const char *name, Text text) {
  json_text_or_null_member(json, name, text);
}

static void string_member(JsonWriter *json, const char *name, const char *text) {
  json_string_or_null_member(json, name, text);
}

static void date_member(JsonWriter *json, const char *name, Date date) {
  char text[10];
  date_write(date, text);
  json_text_member(json, name, (Text){text, sizeof text});
}

static void integer_or_null_member(JsonWriter *json, const char *name, bool is_known,
                                   int64_t value) {
  json_key(json, name);
  if (is_known)
    json_integer(json, value);
  else
    json_null(json);
}

/* -1 stands for not known. */
static void count_member(JsonWriter *json, const char *name, int64_t value) {
  integer_or_null_member(json, name, value >= 0, value);
}

/* ---- Parts ---- */

static void write_named(JsonWriter *json, const char *key, const char *name, const char *title,
                        const char *source) {
  if (title[0] == '\0') {
    json_null_member(json, key);
    return;
  }
  json_object_member(json, key);
  string_member(json, "name", name);
  string_member(json, "title", title);
  string_member(json, "named_by", source);
  json_end_object(json);
}

static void write_what(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  licet_dose_regimen regimen = licet_dose_plan_regimen(plan);
  licet_dose_preparation preparation = licet_dose_plan_preparation(plan);
  json_object_member(json, "drug");
  string_member(json, "name", drug.name);
  string_member(json, "title", drug.title);
  string_member(json, "hcpcs", drug.hcpcs);
  string_member(json, "unit", drug.unit);
  string_member(json, "vials", drug.vials);
  string_member(json, "ndcs", drug.ndcs);
  json_end_object(json);
  write_named(json, "regimen", regimen.name, regimen.title,
              licet_chosen_by_name(regimen.chosen_by));
  write_named(json, "preparation", preparation.name, preparation.title,
              licet_chosen_by_name(preparation.chosen_by));
}

static void write_body(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_body body = licet_dose_plan_body(plan);
  json_object_member(json, "body");
  string_member(json, "weight", body.weight);
  string_member(json, "weight_date", body.weight_date);
  string_member(json, "height", body.height);
  string_member(json, "height_date", body.height_date);
  string_member(json, "formula", licet_formula_name(body.formula));
  string_member(json, "surface_computed", body.computed);
  string_member(json, "surface_stated", body.stated);
  string_member(json, "surface_used", body.used);
  json_end_object(json);
}

static void write_record(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_record record = licet_dose_plan_record(plan);
  json_object_member(json, "record");
  count_member(json, "cycles_received", record.cycles_received);
  count_member(json, "cycles_planned", record.cycles_planned);
  count_member(json, "cycles_left", record.cycles_left);
  count_member(json, "renewals_granted", record.renewals_granted);
  count_member(json, "renewals_left", record.renewals_left);
  json_end_object(json);
}

/* What is counted in vials or units that nobody declared is null. */
static void write_totals_members(JsonWriter *json, const licet_dose_plan *plan,
                                 licet_dose_totals totals) {
  const Drug *drug = plan->plan->drug;
  bool has_vials = drug->presentations.count > 0, has_units = drug->unit > 0;
  json_integer_member(json, "dose_days", totals.dose_days);
  json_integer_member(json, "preparations", totals.preparations);
  string_member(json, "administered", totals.administered);
  integer_or_null_member(json, "vials", has_vials, totals.vials);
  integer_or_null_member(json, "administered_units", has_units, totals.administered_units);
  integer_or_null_member(json, "billed_units", has_vials && has_units, totals.billed_units);
  integer_or_null_member(json, "discarded_units", has_vials && has_units, totals.discarded_units);
  if (totals.is_derived) json_boolean_member(json, "vials_derived", true);
}

/* Ordered alike and given alike, though by two lines of the order. */
static bool is_one_dose(const DueDose *a, const DueDose *b) {
  return a->given == b->given && a->is_capped == b->is_capped &&
         text_equal(a->line->ordered, b->line->ordered);
}

/* Days in a row with the same dose are one step: { "days": [8, 28], "dose": "28 mcg/day", "given":
 * "28 mcg" }. */
static void write_steps(JsonWriter *json, const DosePlan *model, const PlannedCycle *cycle) {
  json_array_member(json, "doses");
  for (uint32_t i = 0; i < cycle->days; i++) {
    const PlannedDay *day = day_of_cycle(model, cycle, i), *last = day;
    if (day->kind != LICET_DAY_DOSE) continue;
    for (; i + 1 < cycle->days; i++) {
      const PlannedDay *next = day_of_cycle(model, cycle, i + 1);
      if (next->kind == LICET_DAY_INTERRUPTED) continue;
      if (next->kind != LICET_DAY_DOSE || !is_one_dose(next->due, day->due)) break;
      last = next;
    }
    json_begin_object(json);
    json_array_member(json, "days");
    json_integer(json, day->day);
    json_integer(json, last->day);
    json_end_array(json);
    json_text_member(json, "dose", day->due->line->ordered);
    string_member(json, "given", drug_text(model, day->due->given));
    if (day->due->is_capped) json_boolean_member(json, "capped", true);
    json_end_object(json);
  }
  json_end_array(json);
}

/* What cycles that are alike have in common. */
static void write_contents(JsonWriter *json, const licet_dose_plan *plan,
                           const PlannedCycle *cycle) {
  json_integer_member(json, "length", days_of_cycle(cycle));
  if (days_of_cycle(cycle) != cycle->days) json_integer_member(json, "next_after", cycle->days);
  if (cycle->is_cut_short) json_boolean_member(json, "cut_short", true);
  write_steps(json, plan->plan, cycle);
  write_totals_members(json, plan, dose_totals_view(plan, &cycle->totals));
}

static void write_cycles(JsonWriter *json, const licet_dose_plan *plan) {
  const DosePlan *model = plan->plan;
  JsonSpan *written = ARENA_ARRAY(model->arena, JsonSpan, model->cycles.count);
  json_array_member(json, "cycles");
  for (uint32_t i = 0; i < model->cycles.count; i++) {
    const PlannedCycle *cycle = &model->cycles.items[i];
    json_begin_object(json);
    json_integer_member(json, "cycle", cycle->number);
    text_member(json, "title", cycle->rule->title);
    date_member(json, "start", cycle->start);
    date_member(json, "end", date_of_day(cycle, days_of_cycle(cycle) - 1));
    date_member(json, "last_dose", date_of_day(cycle, cycle->last_dose));
    const size_t begin = json_span_begin(json);
    if (cycle->alike == i)
      write_contents(json, plan, cycle);
    else
      json_members_again(json, written[cycle->alike]);
    written[i] = json_span_end(json, begin);
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_totals(JsonWriter *json, const licet_dose_plan *plan) {
  json_object_member(json, "totals");
  write_totals_members(json, plan, licet_dose_plan_totals(plan));
  json_end_object(json);
}

static void write_lines(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_line line;
  json_array_member(json, "billing");
  for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs != NULL; i++) {
    json_begin_object(json);
    json_integer_member(json, "cycle", line.cycle);
    string_member(json, "hcpcs", line.hcpcs);
    string_member(json, "modifier", licet_modifier_name(line.modifier));
    json_integer_member(json, "units", line.units);
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_limits(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_limit limit;
  json_array_member(json, "limits");
  for (size_t i = 0; (limit = licet_dose_plan_limit(plan, i)).text != NULL; i++) {
    bool has_bound = plan->plan->limits.items[i].kind != LICET_LIMIT_AUTHORIZATION;
    json_begin_object(json);
    string_member(json, "limit", limit.text);
    string_member(json, "kind", licet_limit_kind_name(limit.kind));
    if (has_bound) json_integer_member(json, "bound", limit.bound);
    if (has_bound) json_integer_member(json, "reached", limit.reached);
    string_member(json, "exceeded_on", limit.passed);
    if (limit.passed[0] != '\0') {
      json_integer_member(json, "cycle", limit.cycle);
      json_integer_member(json, "day", limit.day);
      if (has_bound) json_integer_member(json, "amount", limit.amount);
    }
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_findings(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_finding finding;
  json_array_member(json, "findings");
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message != NULL; i++) {
    json_begin_object(json);
    string_member(json, "severity", licet_severity_name(finding.severity));
    string_member(json, "id", licet_dose_finding_kind_name(finding.kind));
    string_member(json, "field", finding.field);
    string_member(json, "message", finding.message);
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_days(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_day day;
  json_array_member(json, "days");
  for (size_t i = 0; (day = licet_dose_plan_day(plan, i)).date != NULL; i++) {
    json_begin_object(json);
    string_member(json, "date", day.date);
    json_integer_member(json, "cycle", day.cycle);
    json_integer_member(json, "day", day.day);
    string_member(json, "kind", licet_dose_day_kind_name(day.kind));
    if (day.kind == LICET_DAY_DOSE) string_member(json, "given", day.dose);
    if (day.preparation_days > 0) {
      string_member(json, "preparation", day.preparation);
      json_integer_member(json, "preparation_days", day.preparation_days);
      json_integer_member(json, "vials", day.vials);
      integer_or_null_member(json, "billed_units", plan->plan->drug->unit > 0, day.billed_units);
      if (day.modifier != LICET_MODIFIER_NONE) {
        json_integer_member(json, "administered_units", day.administered_units);
        json_integer_member(json, "discarded_units", day.discarded_units);
        string_member(json, "modifier", licet_modifier_name(day.modifier));
      }
    }
    if (day.notice[0] != '\0') string_member(json, "notice", day.notice);
    json_end_object(json);
  }
  json_end_array(json);
}

static void write_comparison(JsonWriter *json, const licet_dose_plan *plan) {
  licet_dose_comparison row;
  json_array_member(json, "preparations");
  for (size_t i = 0; (row = licet_dose_plan_comparison(plan, i)).preparation != NULL; i++) {
    json_begin_object(json);
    string_member(json, "name", row.preparation);
    string_member(json, "title", row.title);
    json_boolean_member(json, "chosen", row.is_chosen);
    string_member(json, "not_allowed", row.not_allowed);
    if (row.not_allowed[0] == '\0') write_totals_members(json, plan, row.totals);
    json_end_object(json);
  }
  json_end_array(json);
}

void dose_write(JsonWriter *json, const licet_dose_plan *plan, DoseDetail detail) {
  const licet_determination *d = plan->determination;
  json_begin_object(json);
  if (detail == DOSE_COMPARISON) {
    string_member(json, "drug", licet_dose_plan_drug(plan).name);
    write_comparison(json, plan);
    json_end_object(json);
    return;
  }
  if (detail == DOSE_DAYS) {
    json_raw_or_null_member(json, "request", d->request.id_raw);
    string_member(json, "outcome", licet_outcome_name(d->outcome));
  }
  write_what(json, plan);
  write_body(json, plan);
  write_record(json, plan);
  if (!plan->plan->has_errors) {
    write_cycles(json, plan);
    write_totals(json, plan);
    write_lines(json, plan);
    write_limits(json, plan);
  }
  write_findings(json, plan);
  if (detail == DOSE_DAYS && !plan->plan->has_errors) {
    write_comparison(json, plan);
    write_days(json, plan);
  }
  json_end_object(json);
}

typedef struct Writing {
  const licet_dose_plan *plan;
  DoseDetail detail;
  Buffer out;
} Writing;

static void write_all(void *context) {
  Writing *writing = context;
  JsonWriter json;
  buffer_open(&writing->out, writing->plan->determination->arena, 4096);
  json_writer_open(&json, &writing->out);
  dose_write(&json, writing->plan, writing->detail);
  json_writer_close(&json);
  buffer_finish(&writing->out);
}

static const char *json_of(const licet_dose_plan *plan, DoseDetail detail, size_t *length) {
  Writing writing = {.plan = plan, .detail = detail};
  const bool done = arena_attempt(plan->determination->arena, write_all, &writing);
  if (length != NULL) *length = done ? writing.out.length : 0;
  return done ? writing.out.at : NULL;
}

const char *licet_dose_json(const licet_dose_plan *plan, size_t *length) {
  return json_of(plan, DOSE_DAYS, length);
}

const char *licet_dose_comparison_json(const licet_dose_plan *plan, size_t *length) {
  return json_of(plan, DOSE_COMPARISON, length);
}
