/* What the public header shows of a dose plan. Texts are made as they are asked for and live in the
 * session's arena. */
#include <string.h>

#include "base/unreachable.h"
#include "decide/dose.h"
#include "decide/session.h"

/* ---- Making texts ---- */

/* What a view is made from. */
typedef struct Showing {
  const licet_dose_plan *plan;
  size_t index; /* of a row of the plan */
  void *view;
} Showing;

/* Runs `make`, which fills the view with texts. Where memory runs out the view is all zeros; or, if
 * the writer of JSON asked for it, that writer is abandoned. */
static void show(Showing showing, size_t size, void (*make)(void *showing)) {
  if (arena_attempt_within(showing.plan->determination->arena, make, &showing)) return;
  showing.plan->determination->session->lacks_memory = true;
  memory_clear(showing.view, size);
}

static const char *text_at(const licet_dose_plan *plan, Text text) {
  return text.length == 0 ? "" : arena_copy(plan->plan->arena, text.at, text.length);
}

static const char *amount_or_none(const licet_dose_plan *plan, Amount amount, Dimension dimension) {
  return amount == 0 ? "" : amount_text(plan->plan, amount, dimension);
}

static licet_formula formula_of(Formula formula) {
  switch (formula) {
    case FORMULA_MOSTELLER:
      return LICET_FORMULA_MOSTELLER;
    case FORMULA_DUBOIS:
      return LICET_FORMULA_DUBOIS;
    case FORMULA_HAYCOCK:
      return LICET_FORMULA_HAYCOCK;
    case FORMULA_GEHAN_GEORGE:
      return LICET_FORMULA_GEHAN_GEORGE;
    case FORMULAS:
      break;
  }
  UNREACHABLE();
}

/* ---- What is given, and how ---- */

static const char *vial_texts(const licet_dose_plan *plan, const Drug *drug) {
  Buffer out;
  buffer_open(&out, plan->plan->arena, 32);
  for (uint32_t i = 0; i < drug->presentations.count; i++) {
    if (i > 0) buffer_string(&out, ", ");
    buffer_text(&out, drug->presentations.items[i].text);
  }
  return buffer_finish(&out);
}

static const char *ndc_texts(const licet_dose_plan *plan, const Drug *drug) {
  Buffer out;
  buffer_open(&out, plan->plan->arena, 32);
  for (uint32_t i = 0; i < drug->presentations.count; i++) {
    const PresentationSyntax *syntax = drug->presentations.items[i].syntax;
    for (uint32_t n = 0; n < syntax->ndcs.count; n++) {
      if (!in_force_on(syntax->ndcs.items[n].in_force, plan->request.start)) continue;
      if (out.length > 0) buffer_string(&out, ", ");
      buffer_text(&out, syntax->ndcs.items[n].code.text);
    }
  }
  return buffer_finish(&out);
}

static void show_drug(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  const Drug *drug = plan->plan->drug;
  *(licet_dose_drug *)showing->view = (licet_dose_drug){
      text_at(plan, drug->name),      text_at(plan, drug->title), text_at(plan, drug->hcpcs),
      text_at(plan, drug->unit_text), vial_texts(plan, drug),     ndc_texts(plan, drug)};
}

licet_dose_drug licet_dose_plan_drug(const licet_dose_plan *plan) {
  licet_dose_drug view = {"", "", "", "", "", ""};
  if (plan->plan->drug == NULL) return view;
  show((Showing){plan, 0, &view}, sizeof view, show_drug);
  return view;
}

static void show_regimen(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  const Regimen *regimen = plan->plan->regimen, *labelled = plan->plan->labelled;
  licet_dose_regimen *view = showing->view;
  view->name = text_at(plan, labelled == NULL ? regimen->name : labelled->name);
  view->title = text_at(plan, regimen->title);
}

licet_dose_regimen licet_dose_plan_regimen(const licet_dose_plan *plan) {
  licet_dose_regimen view = {"", "", plan->plan->regimen_by, 0};
  const Regimen *regimen = plan->plan->regimen, *labelled = plan->plan->labelled;
  if (regimen == NULL) return view;
  view.cycles = labelled == NULL ? regimen->cycles : labelled->cycles;
  show((Showing){plan, 0, &view}, sizeof view, show_regimen);
  return view;
}

static void show_preparation(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  licet_dose_preparation *view = showing->view;
  view->name = text_at(plan, plan->plan->preparation->name);
  view->title = text_at(plan, plan->plan->preparation->title);
}

licet_dose_preparation licet_dose_plan_preparation(const licet_dose_plan *plan) {
  licet_dose_preparation view = {"", "", plan->plan->preparation_by};
  if (plan->plan->preparation == NULL) return view;
  show((Showing){plan, 0, &view}, sizeof view, show_preparation);
  return view;
}

static const char *observed_on(const licet_dose_plan *plan, const FactValue *value) {
  return value == NULL || !value->has_observed ? "" : date_text(plan->plan, value->observed);
}

static void show_body(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  const Body *body = &plan->plan->body;
  *(licet_dose_body *)showing->view = (licet_dose_body){
      .weight = amount_or_none(plan, body->weight, DIMENSION_MASS),
      .weight_date = observed_on(plan, body->weight_fact),
      .height = amount_or_none(plan, body->height, DIMENSION_LENGTH),
      .height_date = observed_on(plan, body->height_fact),
      .formula = body->computed == 0 ? LICET_FORMULA_NONE : formula_of(body->formula),
      .computed = amount_or_none(plan, body->computed, DIMENSION_AREA),
      .stated = amount_or_none(plan, body->stated, DIMENSION_AREA),
      .used = amount_or_none(plan, body->used, DIMENSION_AREA)};
}

licet_dose_body licet_dose_plan_body(const licet_dose_plan *plan) {
  licet_dose_body view = {"", "", "", "", LICET_FORMULA_NONE, "", "", ""};
  show((Showing){plan, 0, &view}, sizeof view, show_body);
  return view;
}

licet_dose_record licet_dose_plan_record(const licet_dose_plan *plan) {
  const DosePlan *model = plan->plan;
  const licet_determination *d = plan->determination;
  licet_dose_record view = {model->received, -1, -1, model->renewals_granted, -1};
  if (d->authorized && d->authorization.has_renewals)
    view.renewals_left = d->authorization.renewals;
  if (model->has_errors || model->regimen == NULL) return view;
  const Regimen *whole = model->labelled == NULL ? model->regimen : model->labelled;
  int64_t after = (int64_t)model->first_cycle - 1 + model->cycles.count;
  view.cycles_planned = model->cycles.count;
  if (whole->name.length > 0) view.cycles_left = after > whole->cycles ? 0 : whole->cycles - after;
  return view;
}

/* ---- The calendar ---- */

licet_dose_totals dose_totals_view(const licet_dose_plan *plan, const DoseTotals *totals) {
  return (licet_dose_totals){totals->dose_days,
                             totals->preparations,
                             drug_text(plan->plan, totals->administered),
                             totals->vials,
                             totals->administered_units,
                             totals->billed_units,
                             totals->discarded_units,
                             totals->is_derived};
}

static void show_totals(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  *(licet_dose_totals *)showing->view = dose_totals_view(plan, &plan->plan->totals);
}

licet_dose_totals licet_dose_plan_totals(const licet_dose_plan *plan) {
  licet_dose_totals view = {0, 0, "", 0, 0, 0, 0, 0};
  if (plan->plan->has_errors) return view;
  show((Showing){plan, 0, &view}, sizeof view, show_totals);
  return view;
}

static void show_cycle(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  const DosePlan *model = plan->plan;
  const PlannedCycle *cycle = &model->cycles.items[showing->index];
  *(licet_dose_cycle *)showing->view =
      (licet_dose_cycle){.title = text_at(plan, cycle->rule->title),
                         .number = cycle->number,
                         .length = days_of_cycle(cycle),
                         .first_day = cycle->first_day,
                         .days = cycle->days,
                         .start = date_text(model, cycle->start),
                         .end = date_text(model, date_of_day(cycle, days_of_cycle(cycle) - 1)),
                         .last_dose = date_text(model, date_of_day(cycle, cycle->last_dose)),
                         .is_cut_short = cycle->is_cut_short,
                         .totals = dose_totals_view(plan, &cycle->totals)};
}

licet_dose_cycle licet_dose_plan_cycle(const licet_dose_plan *plan, size_t index) {
  licet_dose_cycle view = {0};
  const DosePlan *model = plan->plan;
  if (index >= model->cycles.count || model->cycles.items[index].days == 0) return view;
  show((Showing){plan, index, &view}, sizeof view, show_cycle);
  return view;
}

static bool passes_on(const LimitCheck *check, Date date) {
  return check->kind != LICET_LIMIT_AUTHORIZATION && check->is_passed && check->passed == date;
}

/* What the day marks. */
static void set_marks(licet_dose_day *view, const licet_dose_plan *plan, Date date) {
  const DosePlan *model = plan->plan;
  const DoseRequest *request = &plan->request;
  bool has_end = request->is_authorized && request->has_end;
  for (uint32_t i = 0; i < model->limits.count; i++)
    view->passes_limit |= passes_on(&model->limits.items[i], date);
  view->ends_authorization = has_end && date == request->end;
  view->after_authorization = has_end && date > request->end;
}

static void add_notice(Buffer *out, const char *before, const char *text) {
  if (out->length > 0) buffer_string(out, "; ");
  buffer_string(out, before);
  buffer_string(out, text);
}

/* The marks in words. */
static const char *notice_text(const licet_dose_plan *plan, const licet_dose_day *view, Date date) {
  const DosePlan *model = plan->plan;
  Buffer out;
  if (!view->passes_limit && !view->ends_authorization && !view->after_authorization) return "";
  buffer_open(&out, model->arena, 64);
  for (uint32_t i = 0; i < model->limits.count; i++)
    if (passes_on(&model->limits.items[i], date))
      add_notice(&out, "exceeds ", model->limits.items[i].text);
  if (view->ends_authorization) add_notice(&out, "", "authorization ends");
  if (view->after_authorization) add_notice(&out, "", "after the authorization's end");
  return buffer_finish(&out);
}

static void set_service(licet_dose_day *view, const DosePlan *model, const PlannedDay *day) {
  if (day->preparation_days == 0 || model->drug->unit == 0 || day->content == 0) return;
  ServiceUnits units = service_of(model, day);
  view->billed_units = units.billed;
  view->administered_units = units.administered;
  view->discarded_units = units.discarded;
  view->modifier = units.discarded > 0 ? LICET_MODIFIER_JW : LICET_MODIFIER_JZ;
}

static void show_day(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  const DosePlan *model = plan->plan;
  const PlannedCycle *cycle = cycle_of_day(model, (uint32_t)showing->index);
  const uint32_t index = (uint32_t)showing->index - cycle->first_day;
  const PlannedDay *day = day_of_cycle(model, cycle, index);
  const Date date = date_of_day(cycle, index);
  licet_dose_day *view = showing->view;
  if (day->due != NULL) {
    view->dose = drug_text(model, day->due->given);
    view->ordered = text_at(plan, day->due->line->ordered);
  }
  if (day->preparation_days > 0 && day->preparation != NULL)
    view->preparation = text_at(plan, day->preparation->title);
  view->notice = notice_text(plan, view, date);
  view->date = date_text(model, date);
}

licet_dose_day licet_dose_plan_day(const licet_dose_plan *plan, size_t index) {
  licet_dose_day view = {0};
  const DosePlan *model = plan->plan;
  if (index >= model->day_count) return view;
  const PlannedCycle *cycle = cycle_of_day(model, (uint32_t)index);
  const uint32_t of_cycle = (uint32_t)index - cycle->first_day;
  const PlannedDay *day = day_of_cycle(model, cycle, of_cycle);
  view.cycle = cycle->number;
  view.day = day->day;
  view.kind = (licet_dose_day_kind)day->kind;
  view.dose = view.ordered = view.preparation = view.notice = "";
  view.is_capped = day->due != NULL && day->due->is_capped;
  view.is_continuous = day->due != NULL && is_by_time(day->due->line->dimension);
  set_marks(&view, plan, date_of_day(cycle, of_cycle));
  view.preparation_days = day->preparation_days;
  view.vials = day->vials;
  set_service(&view, model, day);
  show((Showing){plan, index, &view}, sizeof view, show_day);
  return view;
}

/* ---- Bills, limits, findings ---- */

/* A cycle's lines are the sums of its dates' lines: what is administered on dates that discard
 * something, what they discard (JW), and all of the dates that discard nothing (JZ). A sum of 0 is
 * no line: then false. */
static bool line_of(const PlannedCycle *cycle, size_t index, licet_dose_line *line) {
  static const licet_modifier modifiers[] = {LICET_MODIFIER_NONE, LICET_MODIFIER_JW,
                                             LICET_MODIFIER_JZ};
  const DoseTotals *totals = &cycle->totals;
  const int64_t units[] = {totals->billed_units - totals->discarded_units - totals->whole_units,
                           totals->discarded_units, totals->whole_units};
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    if (units[i] == 0 || index-- > 0) continue;
    *line = (licet_dose_line){.modifier = modifiers[i], .cycle = cycle->number, .units = units[i]};
    return true;
  }
  return false;
}

static size_t lines_of(const PlannedCycle *cycle) {
  licet_dose_line line;
  size_t count = 0;
  while (line_of(cycle, count, &line)) count++;
  return count;
}

static void show_line(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  ((licet_dose_line *)showing->view)->hcpcs = text_at(plan, plan->plan->drug->hcpcs);
}

licet_dose_line licet_dose_plan_line(const licet_dose_plan *plan, size_t index) {
  licet_dose_line view = {0};
  const DosePlan *model = plan->plan;
  if (model->drug == NULL || model->drug->unit == 0) return view;
  for (uint32_t i = 0; i < model->cycles.count; i++) {
    const PlannedCycle *cycle = &model->cycles.items[i];
    if (!line_of(cycle, index, &view)) {
      index -= lines_of(cycle);
      continue;
    }
    show((Showing){plan, index, &view}, sizeof view, show_line);
    return view;
  }
  return view;
}

static void show_limit(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  const DosePlan *model = plan->plan;
  ((licet_dose_limit *)showing->view)->passed =
      date_text(model, model->limits.items[showing->index].passed);
}

licet_dose_limit licet_dose_plan_limit(const licet_dose_plan *plan, size_t index) {
  licet_dose_limit view = {0};
  const DosePlan *model = plan->plan;
  if (index >= model->limits.count) return view;
  const LimitCheck *check = &model->limits.items[index];
  view = (licet_dose_limit){.text = check->text,
                            .kind = check->kind,
                            .bound = check->bound,
                            .reached = check->reached,
                            .passed = "",
                            .amount = check->amount};
  if (!check->is_passed) return view;
  view.cycle = check->cycle;
  view.day = check->day;
  show((Showing){plan, index, &view}, sizeof view, show_limit);
  return view;
}

static void show_finding(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  ((licet_dose_finding *)showing->view)->field =
      text_at(plan, plan->plan->findings.items[showing->index].field);
}

licet_dose_finding licet_dose_plan_finding(const licet_dose_plan *plan, size_t index) {
  licet_dose_finding view = {0};
  if (index >= plan->plan->findings.count) return view;
  const Finding *finding = &plan->plan->findings.items[index];
  view = (licet_dose_finding){finding->kind, finding_severity(finding->kind), "", finding->message};
  show((Showing){plan, index, &view}, sizeof view, show_finding);
  return view;
}

static void show_comparison(void *context) {
  const Showing *showing = context;
  const licet_dose_plan *plan = showing->plan;
  const DosePlan *model = plan->plan;
  const Preparation *preparation = model->tables->preparations.items[showing->index];
  const bool is_allowed = preparation_is_allowed(preparation, &plan->determination->facts);
  licet_dose_comparison *view = showing->view;
  DoseTotals totals = {0};
  if (is_allowed) totals = dose_totals_with(model->arena, model, preparation);
  view->totals = dose_totals_view(plan, &totals);
  view->not_allowed = is_allowed ? "" : text_at(plan, preparation->when_text);
  view->title = text_at(plan, preparation->title);
  view->preparation = text_at(plan, preparation->name);
}

licet_dose_comparison licet_dose_plan_comparison(const licet_dose_plan *plan, size_t index) {
  licet_dose_comparison view = {0};
  const DosePlan *model = plan->plan;
  if (model->has_errors) return view;
  for (uint32_t i = 0; i < model->tables->preparations.count; i++) {
    const Preparation *preparation = model->tables->preparations.items[i];
    if (preparation->drug != model->drug || index-- > 0) continue;
    view.is_chosen = preparation == model->preparation;
    show((Showing){plan, i, &view}, sizeof view, show_comparison);
    return view;
  }
  return view;
}
