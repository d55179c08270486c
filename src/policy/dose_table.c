/* dose_table: drugs, preparations and regimens from syntax to tables: every amount has its
 * dimension, every day its one dose, every cycle its rule.
 *
 * Each line is checked by itself, then what must hold of several: no two dose lines of a cycle fall
 * on one day, every cycle of a regimen has exactly one rule, a preparation's rows rise. Invariant:
 * every mistake is reported, and no library opens with one, so who reads a table finds it complete.
 */
#include "policy/dose_table.h"

#include <string.h>

#include "base/limits.h"
#include "base/unreachable.h"
#include "policy/scope.h"

/* ---- Look-up ---- */

const Drug *dose_table_drug(const DoseTables *tables, Text name) {
  for (uint32_t i = 0; i < tables->drugs.count; i++) {
    if (text_equal_ignoring_case(tables->drugs.items[i]->name, name)) return tables->drugs.items[i];
  }
  return NULL;
}

const Regimen *dose_table_regimen(const DoseTables *tables, Text name) {
  for (uint32_t i = 0; i < tables->regimens.count; i++) {
    if (text_equal_ignoring_case(tables->regimens.items[i]->name, name))
      return tables->regimens.items[i];
  }
  return NULL;
}

bool dose_of_day(Amount *amount, Dimension *dimension) {
  const Dimension by_time = *dimension;
  if (!is_by_time(by_time)) return true;
  return dimension_product(by_time, DIMENSION_TIME, dimension) &&
         amount_multiply(*amount, by_time, AMOUNT_DAY, DIMENSION_TIME, amount, NULL);
}

bool is_by_time(Dimension dimension) {
  return dimension == DIMENSION_MASS_PER_TIME || dimension == DIMENSION_MASS_PER_AREA_TIME ||
         dimension == DIMENSION_MASS_PER_MASS_TIME;
}

bool is_dose_dimension(Dimension dimension) {
  return is_by_time(dimension) || dimension == DIMENSION_MASS ||
         dimension == DIMENSION_MASS_PER_AREA || dimension == DIMENSION_MASS_PER_MASS;
}

Field *dosing_field(const Fact *list, Text name) {
  for (uint32_t i = 0; list != NULL && i < list->field_count; i++) {
    if (text_equal(list->fields[i].name, name)) return &list->fields[i];
  }
  return NULL;
}

/* ---- Reporting errors ---- */

static Diagnostic *report(Scope *scope, SourceSpan span, const char *expected,
                          const char *message) {
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DOSE_TABLE, span, "%s", message);
  diagnostic_expect(scope->diagnostics, d, "%s", expected);
  return d;
}

static SourceSpan measure_span(const MeasureSyntax *measure) {
  SourceSpan span = measure->digits.span;
  if (measure->unit.text.length > 0) span.end = measure->unit.span.end;
  return span;
}

static Text measure_text(Arena *arena, const MeasureSyntax *measure) {
  return text_of(arena_format(arena, "%.*s %.*s", TEXT_ARGS(measure->digits.text),
                              TEXT_ARGS(measure->unit.text)));
}

/* An amount above 0; 0 where it is none (reported). */
static Amount check_measure(Scope *scope, const MeasureSyntax *measure, Dimension *dimension) {
  Amount amount;
  if (quantity_from_unit(measure->digits.text, measure->unit.text, dimension, &amount) !=
      QUANTITY_OK) {
    diagnose(scope->diagnostics, DIAGNOSTIC_BAD_UNIT, measure_span(measure),
             "`%.*s %.*s` is not a quantity", TEXT_ARGS(measure->digits.text),
             TEXT_ARGS(measure->unit.text));
    return 0;
  }
  if (amount > 0) return amount;
  report(scope, measure_span(measure), "an amount above 0",
         "this amount cannot be given, billed or packaged");
  return 0;
}

static Amount check_measure_of(Scope *scope, const MeasureSyntax *measure, Dimension wanted) {
  Dimension dimension;
  Amount amount = check_measure(scope, measure, &dimension);
  if (amount == 0 || dimension == wanted) return amount;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_DIMENSION_MISMATCH, measure_span(measure),
                           "the dimension here must be %s", dimension_name(wanted));
  diagnostic_expect(scope->diagnostics, d, "a unit of %s: %s", dimension_name(wanted),
                    dimension_units(wanted));
  return 0;
}

static int32_t check_days(Scope *scope, Span span, SourceSpan at, int32_t most) {
  if (span.months == 0 && span.days >= 1 && span.days <= most) return span.days;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DOSE_TABLE, at,
                           "this is not a valid number of days for giving a drug");
  diagnostic_expect(scope->diagnostics, d, "days or weeks, at most %d days", most);
  return 0;
}

#define REPORT_TWICE(scope, list, word, what)                                    \
  for (uint32_t i = 0; i < (list).count; i++) {                                  \
    if (text_equal_ignoring_case((list).items[i]->name, (word).text)) {          \
      diagnose((scope)->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, (word).span,     \
               "the " what " `%.*s` is declared twice", TEXT_ARGS((word).text)); \
      return;                                                                    \
    }                                                                            \
  }

/* ---- Drugs ---- */

static void check_presentation(Scope *scope, Drug *drug, const PresentationSyntax *syntax) {
  Presentation presentation = {.syntax = syntax,
                               .text = measure_text(scope->arena, &syntax->content)};
  presentation.content = presentation.usable =
      check_measure_of(scope, &syntax->content, DIMENSION_MASS);
  if (presentation.content == 0) return;
  if (drug->unit > 0 && presentation.content % drug->unit != 0)
    report(scope, measure_span(&syntax->content),
           "a content that is a whole number of billing units",
           "a vial of this content cannot be billed");
  if (syntax->usable.digits.text.length > 0) {
    Amount volume = check_measure_of(scope, &syntax->usable, DIMENSION_VOLUME);
    Amount concentration =
        check_measure_of(scope, &syntax->concentration, DIMENSION_MASS_PER_VOLUME);
    Amount usable = 0;
    if (volume == 0 || concentration == 0) return;
    if (!amount_multiply(volume, DIMENSION_VOLUME, concentration, DIMENSION_MASS_PER_VOLUME,
                         &usable, NULL) ||
        usable > presentation.content || usable < presentation.content / 20)
      report(scope, measure_span(&syntax->usable),
             "at most the vial's content, and at least a twentieth of it",
             "this amount cannot be drawn from the vial");
    presentation.usable = usable > 0 ? usable : presentation.content;
  }
  LIST_PUSH(scope->arena, drug->presentations, presentation);
  for (uint32_t at = drug->presentations.count - 1; at > 0; at--) { /* largest first */
    Presentation *here = &drug->presentations.items[at], swap = *here;
    if (here->content <= here[-1].content) break;
    here[0] = here[-1];
    here[-1] = swap;
  }
}

static void check_drug(Scope *scope, DoseTables *tables, const DrugSyntax *syntax) {
  REPORT_TWICE(scope, tables->drugs, syntax->name, "drug")
  Drug *drug = ARENA_NEW(scope->arena, Drug);
  drug->name = syntax->name.text;
  drug->title = syntax->title;
  drug->hcpcs = syntax->hcpcs.text;
  LIST_PUSH(scope->arena, tables->drugs, drug);
  if (drug->hcpcs.length > 0) {
    drug->unit = check_measure_of(scope, &syntax->unit, DIMENSION_MASS);
    drug->unit_text = measure_text(scope->arena, &syntax->unit);
  }
  for (uint32_t i = 0; i < syntax->labelled.count; i++) {
    const LabelledSyntax *line = &syntax->labelled.items[i];
    Labelled labelled = {check_condition(scope, line->condition), line->text};
    LIST_PUSH(scope->arena, drug->labelled, labelled);
  }
  if (syntax->presentations.count > LIMIT_PRESENTATIONS) {
    Diagnostic *d =
        diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_VALUES, syntax->name.span,
                 "`%.*s` has %u kinds of vial", TEXT_ARGS(drug->name), syntax->presentations.count);
    diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_PRESENTATIONS);
    return;
  }
  for (uint32_t i = 0; i < syntax->presentations.count; i++)
    check_presentation(scope, drug, syntax->presentations.items[i]);
}

/* The drug of that name, or NULL (reported). */
static const Drug *find_drug(Scope *scope, const DoseTables *tables,
                             const Declarations *declarations, Word name) {
  const Drug *drug = dose_table_drug(tables, name.text);
  if (drug == NULL) check_drug_word(scope, declarations, name);
  return drug;
}

/* ---- Preparations ---- */

static void check_row(Scope *scope, Preparation *preparation, const PreparationDose *syntax) {
  Dimension dimension = DIMENSION_MASS_PER_TIME;
  PreparationRow row = {check_measure_of(scope, &syntax->dose, dimension), syntax->vials};
  if (row.dose == 0 || !dose_of_day(&row.dose, &dimension)) return;
  LIST_PUSH(scope->arena, preparation->rows, row);
  for (uint32_t at = preparation->rows.count - 1; at > 0; at--) {
    PreparationRow *here = &preparation->rows.items[at], swap = *here;
    if (here->dose > here[-1].dose) break;
    if (here->dose == here[-1].dose) {
      report(scope, syntax->span, "one line for each dose", "duplicate vial count for this dose");
      preparation->rows.count--;
      return;
    }
    here[0] = here[-1];
    here[-1] = swap;
  }
}

static bool rises(const Preparation *preparation) {
  for (uint32_t i = 0; i < preparation->rows.count; i++) {
    if (preparation->rows.items[i].vials == 0) return false;
    if (i > 0 && preparation->rows.items[i].vials < preparation->rows.items[i - 1].vials)
      return false;
  }
  return true;
}

static Text written(Arena *arena, SourceSpan span) {
  return text_copy(arena, (Text){span.source->text.at + span.start, span.end - span.start});
}

static void check_preparation(Scope *scope, DoseTables *tables, const Declarations *declarations,
                              const PreparationSyntax *syntax) {
  REPORT_TWICE(scope, tables->preparations, syntax->name, "preparation")
  Preparation *preparation = ARENA_NEW(scope->arena, Preparation);
  preparation->name = syntax->name.text;
  preparation->title = syntax->title;
  preparation->drug = find_drug(scope, tables, declarations, syntax->drug);
  preparation->days = check_days(scope, syntax->lasts, syntax->span, LIMIT_CYCLE_DAYS);
  if (syntax->when != NULL) {
    preparation->when = check_condition(scope, syntax->when);
    preparation->when_text = written(scope->arena, syntax->when->span);
  }
  for (uint32_t i = 0; i < syntax->doses.count; i++)
    check_row(scope, preparation, &syntax->doses.items[i]);
  if (!rises(preparation))
    report(scope, syntax->span, "at least one vial, and no fewer for a higher dose",
           "the number of vials does not increase with the dose");
  if (preparation->drug != NULL && preparation->days > 0)
    LIST_PUSH(scope->arena, tables->preparations, preparation);
}

/* ---- Regimens ---- */

static bool is_whole_dose(Dimension dimension) {
  return dimension == DIMENSION_MASS || dimension == DIMENSION_MASS_PER_TIME;
}

static void check_days_of(Scope *scope, const RegimenDose *syntax, const CycleRule *rule) {
  bool within = true;
  for (uint32_t i = 0; i < syntax->days.count; i++) {
    within = within && syntax->days.items[i] >= 1 && syntax->days.items[i] <= (uint32_t)rule->lasts;
    if (i > 0) within = within && syntax->days.items[i] > syntax->days.items[i - 1];
  }
  if (within || rule->lasts == 0) return;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DOSE_TABLE, syntax->span,
                           "these are not days of the cycle in ascending order");
  diagnostic_expect(scope->diagnostics, d, "days from 1 to %d, ascending", rule->lasts);
}

static void check_dose_line(Scope *scope, CycleRule *rule, const RegimenDose *syntax) {
  DoseLine line = {.is_range = syntax->is_range};
  check_days_of(scope, syntax, rule);
  for (uint32_t i = 0; i < syntax->days.count; i++)
    LIST_PUSH(scope->arena, line.days, syntax->days.items[i]);
  line.amount = check_measure(scope, &syntax->dose, &line.dimension);
  line.ordered = measure_text(scope->arena, &syntax->dose);
  if (line.amount > 0 && !is_dose_dimension(line.dimension)) {
    report(scope, measure_span(&syntax->dose), "mg, mg/m2, mg/kg, or one of these per day",
           "this is not a dose");
    return;
  }
  if (syntax->at_most.digits.text.length > 0) {
    Dimension bound = DIMENSION_MASS;
    line.at_most = check_measure(scope, &syntax->at_most, &bound);
    if (line.at_most > 0 &&
        (!is_whole_dose(bound) || is_by_time(bound) != is_by_time(line.dimension)))
      report(scope, measure_span(&syntax->at_most),
             is_by_time(line.dimension) ? "an amount per day" : "an amount",
             "this cannot be a dose limit");
    dose_of_day(&line.at_most, &bound);
  }
  if (syntax->when != NULL) line.when = check_condition(scope, syntax->when);
  LIST_PUSH(scope->arena, rule->lines, line);
}

bool dose_line_falls_on(const DoseLine *line, uint32_t day) {
  if (line->is_range)
    return day >= line->days.items[0] && day <= line->days.items[line->days.count - 1];
  for (uint32_t i = 0; i < line->days.count; i++) {
    if (line->days.items[i] == day) return true;
  }
  return false;
}

static bool share_a_day(const DoseLine *a, const DoseLine *b) {
  const DoseLine *list = a->is_range ? b : a, *other = a->is_range ? a : b;
  for (uint32_t i = 0; i < list->days.count; i++) {
    if (dose_line_falls_on(other, list->days.items[i])) return true;
  }
  return a->is_range && b->is_range &&
         dose_line_falls_on(b, a->days.items[0]); /* the one within the other */
}

static void check_one_dose_a_day(Scope *scope, const CycleRule *rule, const RegimenCycle *syntax) {
  if (rule->lines.count != syntax->doses.count) return; /* reported */
  for (uint32_t i = 0; i < rule->lines.count; i++) {
    for (uint32_t j = 0; j < i; j++) {
      const DoseLine *a = &rule->lines.items[i], *b = &rule->lines.items[j];
      if ((a->when != NULL && b->when != NULL) || !share_a_day(a, b)) continue;
      Diagnostic *d = report(scope, syntax->doses.items[i]->span,
                             "one dose per day, or an `if` on each dose that says when it is given",
                             "two doses are declared for the same day");
      diagnostic_note(scope->diagnostics, d, syntax->doses.items[j]->span, "the other is here");
    }
  }
}

static void check_cycle(Scope *scope, Regimen *regimen, const RegimenCycle *syntax) {
  CycleRule rule = {.first = syntax->first, .last = syntax->last, .title = syntax->title};
  rule.days = check_days(scope, syntax->every, syntax->span, LIMIT_CYCLE_DAYS);
  const bool is_said = syntax->lasts.days != 0 || syntax->lasts.months != 0;
  rule.lasts = is_said ? check_days(scope, syntax->lasts, syntax->span, rule.days) : rule.days;
  if (rule.first < 1 || rule.first > rule.last || rule.last > LIMIT_CYCLES) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DOSE_TABLE, syntax->span,
                             "this is not a range of cycles");
    diagnostic_expect(scope->diagnostics, d, "numbers from 1 to %u, ascending", LIMIT_CYCLES);
    return;
  }
  if (syntax->when != NULL) {
    rule.when = check_condition(scope, syntax->when);
    rule.when_text = written(scope->arena, syntax->when->span);
  }
  for (uint32_t i = 0; i < syntax->doses.count; i++)
    check_dose_line(scope, &rule, syntax->doses.items[i]);
  if (syntax->doses.count == 0)
    report(scope, syntax->span, "`day` or `days` lines under it", "this cycle has no doses");
  check_one_dose_a_day(scope, &rule, syntax);
  if (rule.last > regimen->cycles) regimen->cycles = rule.last;
  LIST_PUSH(scope->arena, regimen->rules, rule);
}

/* Where a line has no `if`, none but it may hold in its cycles. */
static void check_one_rule_a_cycle(Scope *scope, const Regimen *regimen,
                                   const RegimenSyntax *syntax) {
  for (uint32_t i = 0; i < regimen->rules.count; i++) {
    for (uint32_t j = 0; j < i; j++) {
      const CycleRule *a = &regimen->rules.items[i], *b = &regimen->rules.items[j];
      if ((a->when != NULL && b->when != NULL) || a->first > b->last || b->first > a->last)
        continue;
      Diagnostic *d =
          report(scope, syntax->cycles.items[i]->span,
                 "one line for each cycle, or an `if` on each line that says when it applies",
                 "duplicate cycle");
      diagnostic_note(scope->diagnostics, d, syntax->cycles.items[j]->span, "the other is here");
    }
  }
}

static bool has_rule(const Regimen *regimen, uint32_t cycle) {
  for (uint32_t i = 0; i < regimen->rules.count; i++) {
    if (cycle >= regimen->rules.items[i].first && cycle <= regimen->rules.items[i].last)
      return true;
  }
  return false;
}

static void check_every_cycle(Scope *scope, const Regimen *regimen, const RegimenSyntax *syntax) {
  if (regimen->rules.count != syntax->cycles.count) return; /* reported */
  check_one_rule_a_cycle(scope, regimen, syntax);
  for (uint32_t cycle = 1; cycle <= regimen->cycles; cycle++) {
    if (has_rule(regimen, cycle)) continue;
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_BAD_DOSE_TABLE, syntax->span,
                             "cycle %u is missing", cycle);
    diagnostic_expect(scope->diagnostics, d, "a `cycle` line for every cycle from 1 to %u",
                      regimen->cycles);
  }
}

static void check_regimen(Scope *scope, DoseTables *tables, const Declarations *declarations,
                          const RegimenSyntax *syntax) {
  REPORT_TWICE(scope, tables->regimens, syntax->name, "regimen")
  Regimen *regimen = ARENA_NEW(scope->arena, Regimen);
  regimen->name = syntax->name.text;
  regimen->title = syntax->title;
  regimen->drug = find_drug(scope, tables, declarations, syntax->drug);
  regimen->interruption_days = syntax->has_interruption ? check_days(scope, syntax->interruption,
                                                                     syntax->span, LIMIT_CYCLE_DAYS)
                                                        : -1;
  for (uint32_t i = 0; i < syntax->cycles.count; i++)
    check_cycle(scope, regimen, syntax->cycles.items[i]);
  if (syntax->cycles.count == 0)
    report(scope, syntax->span, "`cycle` lines under it", "this regimen has no cycles");
  check_every_cycle(scope, regimen, syntax);
  if (regimen->drug != NULL) LIST_PUSH(scope->arena, tables->regimens, regimen);
}

void check_dose_tables(Scope *scope, const Declarations *declarations) {
  DoseTables *tables = &scope->vocabulary->dosing;
  for (uint32_t i = 0; i < declarations->drugs.count; i++)
    check_drug(scope, tables, declarations->drugs.items[i]);
  for (uint32_t i = 0; i < declarations->preparations.count; i++)
    check_preparation(scope, tables, declarations, declarations->preparations.items[i]);
  for (uint32_t i = 0; i < declarations->regimens.count; i++)
    check_regimen(scope, tables, declarations, declarations->regimens.items[i]);
}

/* ---- The facts that dosing reads ---- */

static const Text role_names[DOSING_ROLES] = {
#define ROLE(symbol, name) {name, sizeof(name) - 1},
#include "policy/dosing_role.def"
#undef ROLE
};

static bool is_quantity(const Type *type, Dimension dimension) {
  return type->kind == TYPE_QUANTITY && type->dimension == dimension && !type->or_none;
}

static bool has_field(const Fact *list, Text name, TypeKind kind, Dimension dimension) {
  const Field *field = dosing_field(list, name);
  return field != NULL && field->type.kind == kind &&
         (kind != TYPE_QUANTITY || field->type.dimension == dimension);
}

static bool has_dose_field(const Fact *list) {
  for (uint32_t i = 0; i < list->field_count; i++) {
    if (list->fields[i].type.kind == TYPE_QUANTITY &&
        is_dose_dimension(list->fields[i].type.dimension))
      return true;
  }
  return false;
}

/* NULL where the fact can be what its role says, else what it should be. */
static const char *role_wants(DosingRole role, const Fact *fact) {
  const Type *type = &fact->type;
  switch (role) {
    case DOSING_WEIGHT:
      return is_quantity(type, DIMENSION_MASS) ? NULL : "a mass";
    case DOSING_HEIGHT:
      return is_quantity(type, DIMENSION_LENGTH) ? NULL : "a length";
    case DOSING_BODY_SURFACE:
      return is_quantity(type, DIMENSION_AREA) ? NULL : "an area";
    case DOSING_FORMULA:
    case DOSING_REGIMEN:
    case DOSING_PREPARATION:
      return type->kind == TYPE_NAME ? NULL : "a name";
    case DOSING_FIRST_DOSE:
      return type->kind == TYPE_DATE ? NULL : "a date";
    case DOSING_CYCLES_RECEIVED:
    case DOSING_NEXT_CYCLE:
    case DOSING_CYCLES_REQUESTED:
    case DOSING_RENEWALS_GRANTED:
      return is_quantity(type, DIMENSION_COUNT) ? NULL : "a count";
    case DOSING_INTERRUPTIONS:
      if (type->kind == TYPE_LIST &&
          has_field(fact, TEXT("first_day"), TYPE_DATE, DIMENSION_COUNT) &&
          has_field(fact, TEXT("last_day"), TYPE_DATE, DIMENSION_COUNT))
        return NULL;
      return "a list with the fields `first_day` and `last_day`, each a date";
    case DOSING_SCHEDULE:
      if (type->kind == TYPE_LIST &&
          has_field(fact, TEXT("first_day"), TYPE_QUANTITY, DIMENSION_COUNT) &&
          has_field(fact, TEXT("last_day"), TYPE_QUANTITY, DIMENSION_COUNT) && has_dose_field(fact))
        return NULL;
      return "a list with the fields `first_day` and `last_day`, each a count, and at least one "
             "dose";
    case DOSING_HIGHEST_DOSE:
    case DOSING_DOSE_ON_DAY:
      return type->kind == TYPE_QUANTITY && is_dose_dimension(type->dimension) ? NULL : "a dose";
    case DOSING_ROLES:
      break;
  }
  UNREACHABLE();
}

static void take_role(Scope *scope, DosingRole role, const FactSyntax *syntax, const Fact *fact) {
  DoseTables *tables = &scope->vocabulary->dosing;
  if (role == DOSING_DOSE_ON_DAY) {
    LIST_PUSH(scope->arena, tables->doses_on_days, ((DoseOnDay){fact, syntax->dosing_day}));
  } else if (role == DOSING_HIGHEST_DOSE) {
    LIST_PUSH(scope->arena, tables->highest_doses, fact);
  } else if (tables->roles[role] != NULL) {
    diagnose(scope->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, syntax->dosing.span,
             "`%.*s` already has the role `%.*s`", TEXT_ARGS(tables->roles[role]->name),
             TEXT_ARGS(syntax->dosing.text));
  } else {
    tables->roles[role] = fact;
  }
}

void check_dosing_role(Scope *scope, const FactSyntax *syntax, Fact *fact) {
  if (syntax->dosing.text.length == 0 || fact->type.broken) return;
  int role = 0;
  while (role < DOSING_ROLES && !text_equal(role_names[role], syntax->dosing.text)) role++;
  if (role == DOSING_ROLES) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, syntax->dosing.span,
                             "`%.*s` is not a role in dosing", TEXT_ARGS(syntax->dosing.text));
    diagnostic_expect(scope->diagnostics, d,
                      "weight, height, body_surface, regimen, … (docs/dosing.md)");
    diagnostic_nearest(scope->diagnostics, d, syntax->dosing.text, role_names, DOSING_ROLES);
    return;
  }
  const char *wants = role_wants((DosingRole)role, fact);
  if (wants != NULL) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, syntax->dosing.span,
                             "`%.*s` does not have the type this role in dosing requires",
                             TEXT_ARGS(fact->name));
    diagnostic_expect(scope->diagnostics, d, "%s", wants);
  } else if ((role == DOSING_DOSE_ON_DAY) != (syntax->dosing_day > 0)) {
    report(scope, syntax->dosing.span,
           role == DOSING_DOSE_ON_DAY ? "`dose_on_day` and a day of the cycle" : "the role alone",
           "the day of the cycle is missing, or is stated where it does not belong");
  } else {
    take_role(scope, (DosingRole)role, syntax, fact);
  }
}
