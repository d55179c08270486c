/* Dose plans as JSON (docs/dosing.md shows one). */
#include "decide/dose.h"

/* ---- Members ---- */

/* Begins a member; the comma is written where something stands before it. */
static void member(Buffer *out, const char *name) {
  if (out->at[out->length - 1] != '{') buffer_character(out, ',');
  buffer_character(out, '"');
  buffer_string(out, name);
  buffer_string(out, "\":");
}

static void text_member(Buffer *out, const char *name, Text text) {
  member(out, name);
  if (text.length == 0) {
    buffer_string(out, "null");
  } else {
    buffer_json_string(out, text);
  }
}

static void string_member(Buffer *out, const char *name, const char *text) {
  text_member(out, name, text_of(text));
}

static void date_member(Buffer *out, const char *name, Date date) {
  char text[10];
  date_write(date, text);
  text_member(out, name, (Text){text, sizeof text});
}

static void integer_member(Buffer *out, const char *name, int64_t value) {
  member(out, name);
  buffer_integer(out, value);
}

/* -1 stands for not known. */
static void count_member(Buffer *out, const char *name, int64_t value) {
  member(out, name);
  if (value < 0) {
    buffer_string(out, "null");
  } else {
    buffer_integer(out, value);
  }
}

static void boolean_member(Buffer *out, const char *name, int value) {
  member(out, name);
  buffer_string(out, value ? "true" : "false");
}

static void open_item(Buffer *out, size_t index) { buffer_string(out, index == 0 ? "{" : ",{"); }

/* ---- Parts ---- */

static void write_named(Buffer *out, const char *key, const char *name, const char *title,
                        const char *source) {
  member(out, key);
  if (title[0] == '\0') {
    buffer_string(out, "null");
    return;
  }
  buffer_character(out, '{');
  string_member(out, "name", name);
  string_member(out, "title", title);
  string_member(out, "named_by", source);
  buffer_character(out, '}');
}

static void write_what(Buffer *out, const licet_dose_plan *plan) {
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  licet_dose_regimen regimen = licet_dose_plan_regimen(plan);
  licet_dose_preparation preparation = licet_dose_plan_preparation(plan);
  member(out, "drug");
  buffer_character(out, '{');
  string_member(out, "name", drug.name);
  string_member(out, "title", drug.title);
  string_member(out, "hcpcs", drug.hcpcs);
  string_member(out, "unit", drug.unit);
  string_member(out, "vials", drug.vials);
  string_member(out, "ndcs", drug.ndcs);
  buffer_character(out, '}');
  write_named(out, "regimen", regimen.name, regimen.title, regimen.source);
  write_named(out, "preparation", preparation.name, preparation.title, preparation.source);
}

static void write_body(Buffer *out, const licet_dose_plan *plan) {
  licet_dose_body body = licet_dose_plan_body(plan);
  member(out, "body");
  buffer_character(out, '{');
  string_member(out, "weight", body.weight);
  string_member(out, "weight_date", body.weight_date);
  string_member(out, "height", body.height);
  string_member(out, "height_date", body.height_date);
  string_member(out, "formula", body.formula);
  string_member(out, "surface_computed", body.computed);
  string_member(out, "surface_stated", body.stated);
  string_member(out, "surface_used", body.used);
  buffer_character(out, '}');
}

static void write_record(Buffer *out, const licet_dose_plan *plan) {
  licet_dose_record record = licet_dose_plan_record(plan);
  member(out, "record");
  buffer_character(out, '{');
  count_member(out, "cycles_received", record.cycles_received);
  count_member(out, "cycles_planned", record.cycles_planned);
  count_member(out, "cycles_left", record.cycles_left);
  count_member(out, "renewals_granted", record.renewals_granted);
  count_member(out, "renewals_left", record.renewals_left);
  buffer_character(out, '}');
}

static void integer_or_null(Buffer *out, const char *name, bool is_known, int64_t value) {
  if (is_known) {
    integer_member(out, name, value);
  } else {
    string_member(out, name, "");
  }
}

/* What is counted in vials or units that nobody declared is null. */
static void write_totals_members(Buffer *out, const licet_dose_plan *plan,
                                 licet_dose_totals totals) {
  const Drug *drug = plan->plan->drug;
  bool has_vials = drug->presentations.count > 0, has_units = drug->unit > 0;
  integer_member(out, "dose_days", totals.dose_days);
  integer_member(out, "preparations", totals.preparations);
  string_member(out, "administered", totals.administered);
  integer_or_null(out, "vials", has_vials, totals.vials);
  integer_or_null(out, "administered_units", has_units, totals.administered_units);
  integer_or_null(out, "billed_units", has_vials && has_units, totals.billed_units);
  integer_or_null(out, "discarded_units", has_vials && has_units, totals.discarded_units);
  if (totals.is_derived) boolean_member(out, "vials_derived", 1);
}

/* Ordered alike and given alike, though by two lines of the order. */
static bool is_one_dose(const DueDose *a, const DueDose *b) {
  return a->given == b->given && a->is_capped == b->is_capped &&
         text_equal(a->line->ordered, b->line->ordered);
}

/* Days in a row with the same dose are one step: { "days": [8, 28], "dose": "28 mcg/day", "given":
 * "28 mcg" }. */
static void write_steps(Buffer *out, const DosePlan *model, const PlannedCycle *cycle) {
  size_t written = 0;
  member(out, "doses");
  buffer_character(out, '[');
  for (uint32_t i = 0; i < cycle->days; i++) {
    const PlannedDay *day = day_of_cycle(model, cycle, i), *last = day;
    if (day->kind != DAY_DOSE) continue;
    for (; i + 1 < cycle->days; i++) {
      const PlannedDay *next = day_of_cycle(model, cycle, i + 1);
      if (next->kind == DAY_INTERRUPTED) continue;
      if (next->kind != DAY_DOSE || !is_one_dose(next->due, day->due)) break;
      last = next;
    }
    open_item(out, written++);
    member(out, "days");
    buffer_character(out, '[');
    buffer_integer(out, day->day);
    buffer_character(out, ',');
    buffer_integer(out, last->day);
    buffer_character(out, ']');
    member(out, "dose");
    buffer_json_string(out, day->due->line->ordered);
    string_member(out, "given", drug_text(model, day->due->given));
    if (day->due->is_capped) boolean_member(out, "capped", 1);
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

/* What cycles that are alike have in common. */
static void write_contents(Buffer *out, const licet_dose_plan *plan, const PlannedCycle *cycle) {
  integer_member(out, "length", cycle->days);
  if (cycle->is_cut_short) boolean_member(out, "cut_short", 1);
  write_steps(out, plan->plan, cycle);
  write_totals_members(out, plan, dose_totals_view(plan, &cycle->totals));
}

/* A place in what is written. */
typedef struct Stretch {
  size_t first, length;
} Stretch;

static void write_again(Buffer *out, Stretch stretch) {
  buffer_reserve(out, stretch.length);
  buffer_append(out, out->at + stretch.first, stretch.length);
}

static void write_cycles(Buffer *out, const licet_dose_plan *plan) {
  const DosePlan *model = plan->plan;
  Stretch *written = ARENA_ARRAY(model->arena, Stretch, model->cycles.count);
  member(out, "cycles");
  buffer_character(out, '[');
  for (uint32_t i = 0; i < model->cycles.count; i++) {
    const PlannedCycle *cycle = &model->cycles.items[i];
    open_item(out, i);
    integer_member(out, "cycle", cycle->number);
    text_member(out, "title", cycle->rule->title);
    date_member(out, "start", cycle->start);
    date_member(out, "end", last_date(cycle));
    date_member(out, "last_dose", date_of_day(cycle, cycle->last_dose));
    written[i].first = out->length;
    if (cycle->alike == i) {
      write_contents(out, plan, cycle);
    } else {
      write_again(out, written[cycle->alike]);
    }
    written[i].length = out->length - written[i].first;
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

static void write_totals(Buffer *out, const licet_dose_plan *plan) {
  member(out, "totals");
  buffer_character(out, '{');
  write_totals_members(out, plan, licet_dose_plan_totals(plan));
  buffer_character(out, '}');
}

static void write_lines(Buffer *out, const licet_dose_plan *plan) {
  licet_dose_line line;
  member(out, "billing");
  buffer_character(out, '[');
  for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs != NULL; i++) {
    open_item(out, i);
    integer_member(out, "cycle", line.cycle);
    string_member(out, "hcpcs", line.hcpcs);
    string_member(out, "modifier", line.modifier);
    integer_member(out, "units", line.units);
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

static void write_limits(Buffer *out, const licet_dose_plan *plan) {
  licet_dose_limit limit;
  member(out, "limits");
  buffer_character(out, '[');
  for (size_t i = 0; (limit = licet_dose_plan_limit(plan, i)).text != NULL; i++) {
    bool has_bound = plan->plan->limits.items[i].kind != LIMIT_OF_AUTHORIZATION;
    open_item(out, i);
    string_member(out, "limit", limit.text);
    string_member(out, "kind", limit.kind);
    if (has_bound) integer_member(out, "bound", limit.bound);
    if (has_bound) integer_member(out, "reached", limit.reached);
    string_member(out, "passed", limit.passed);
    if (limit.passed[0] != '\0') {
      integer_member(out, "cycle", limit.cycle);
      integer_member(out, "day", limit.day);
      if (has_bound) integer_member(out, "amount", limit.amount);
    }
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

static void write_findings(Buffer *out, const licet_dose_plan *plan) {
  licet_dose_finding finding;
  member(out, "findings");
  buffer_character(out, '[');
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).severity != NULL; i++) {
    open_item(out, i);
    string_member(out, "severity", finding.severity);
    string_member(out, "id", finding.id);
    string_member(out, "field", finding.field);
    string_member(out, "message", finding.message);
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

static void write_days(Buffer *out, const licet_dose_plan *plan) {
  static const char *const kinds[] = {[LICET_DAY_DOSE] = "dose",
                                      [LICET_DAY_FREE] = "free",
                                      [LICET_DAY_INTERRUPTED] = "interrupted"};
  licet_dose_day day;
  member(out, "days");
  buffer_character(out, '[');
  for (size_t i = 0; (day = licet_dose_plan_day(plan, i)).date != NULL; i++) {
    open_item(out, i);
    string_member(out, "date", day.date);
    integer_member(out, "cycle", day.cycle);
    integer_member(out, "day", day.day);
    string_member(out, "kind", kinds[day.kind]);
    if (day.kind == LICET_DAY_DOSE) string_member(out, "given", day.dose);
    if (day.preparation_days > 0) {
      string_member(out, "preparation", day.preparation);
      integer_member(out, "preparation_days", day.preparation_days);
      integer_member(out, "vials", day.vials);
      integer_or_null(out, "billed_units", plan->plan->drug->unit > 0, day.billed_units);
      if (day.modifier[0] != '\0') {
        integer_member(out, "administered_units", day.administered_units);
        integer_member(out, "discarded_units", day.discarded_units);
        string_member(out, "modifier", day.modifier);
      }
    }
    if (day.notice[0] != '\0') string_member(out, "notice", day.notice);
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

static void write_comparison(Buffer *out, const licet_dose_plan *plan) {
  licet_dose_comparison row;
  member(out, "preparations");
  buffer_character(out, '[');
  for (size_t i = 0; (row = licet_dose_plan_comparison(plan, i)).preparation != NULL; i++) {
    open_item(out, i);
    string_member(out, "name", row.preparation);
    string_member(out, "title", row.title);
    boolean_member(out, "chosen", row.is_chosen);
    string_member(out, "not_allowed", row.not_allowed);
    if (row.not_allowed[0] == '\0') write_totals_members(out, plan, row.totals);
    buffer_character(out, '}');
  }
  buffer_character(out, ']');
}

void dose_write(Buffer *out, const licet_dose_plan *plan, DoseDetail detail) {
  const licet_determination *d = plan->determination;
  buffer_character(out, '{');
  if (detail == DOSE_COMPARISON) {
    string_member(out, "drug", licet_dose_plan_drug(plan).name);
    write_comparison(out, plan);
    buffer_character(out, '}');
    return;
  }
  if (detail == DOSE_DAYS) {
    member(out, "request");
    buffer_text(out, d->request.id_raw.length > 0 ? d->request.id_raw : TEXT("null"));
    string_member(out, "outcome", licet_outcome_text(d->outcome));
  }
  write_what(out, plan);
  write_body(out, plan);
  write_record(out, plan);
  if (!plan->plan->has_errors) {
    write_cycles(out, plan);
    write_totals(out, plan);
    write_lines(out, plan);
    write_limits(out, plan);
  }
  write_findings(out, plan);
  if (detail == DOSE_DAYS && !plan->plan->has_errors) {
    write_comparison(out, plan);
    write_days(out, plan);
  }
  buffer_character(out, '}');
}

typedef struct Writing {
  const licet_dose_plan *plan;
  DoseDetail detail;
  Buffer out;
} Writing;

static void write_all(void *context) {
  Writing *writing = context;
  buffer_open(&writing->out, writing->plan->determination->arena, 4096);
  dose_write(&writing->out, writing->plan, writing->detail);
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
