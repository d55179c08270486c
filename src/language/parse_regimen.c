/* parse_regimen.c: drugs as they are billed and packed, preparations with their vials, regimens
 * with their days. */
#include "language/parse_internal.h"

/* ---- Drugs ---- */

void *read_drug(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  DrugSyntax *drug = ARENA_NEW(parser->arena, DrugSyntax);
  uint32_t start = parser_start(parser);
  drug->name = parser_expect_word(parser, "the drug's name");
  drug->title = parser_expect_title(parser, "the drug's name in quotes, as shown to people");
  drug->span = parser_span(parser, start);
  LIST_PUSH(parser->arena, declarations->drugs, drug);
  return drug;
}

static void *read_hcpcs(Parser *parser, void *owner) {
  DrugSyntax *drug = owner;
  drug->hcpcs = parser_expect_word(parser, "an HCPCS code");
  parser_expect_token(parser, TOKEN_EQUAL);
  drug->unit = parser_expect_measure(parser, "a unit");
  return drug;
}

/* labelled CONDITION TEXT */
static void *read_labelled(Parser *parser, void *owner) {
  DrugSyntax *drug = owner;
  uint32_t start = parser_start(parser);
  LabelledSyntax labelled = {.condition = parse_condition(parser)};
  labelled.text = parser_expect_title(parser, "a text in quotes: what the label says");
  labelled.span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, drug->labelled, labelled);
  return drug;
}

static void *read_vial(Parser *parser, void *owner) {
  DrugSyntax *drug = owner;
  PresentationSyntax *presentation = ARENA_NEW(parser->arena, PresentationSyntax);
  uint32_t start = parser_start(parser);
  presentation->content = parser_expect_measure(parser, "a unit");
  presentation->span = parser_span(parser, start);
  LIST_PUSH(parser->arena, drug->presentations, presentation);
  return presentation;
}

static void *read_usable(Parser *parser, void *owner) {
  PresentationSyntax *presentation = owner;
  presentation->usable = parser_expect_measure(parser, "a unit");
  parser_expect_keyword(parser, "at");
  presentation->concentration = parser_expect_measure(parser, "a unit");
  return presentation;
}

static void *read_ndc(Parser *parser, void *owner) {
  PresentationSyntax *presentation = owner;
  NdcSyntax ndc = {.code = parser_expect_word(parser, "an NDC"),
                   .in_force = {.from = DATE_NONE, .until = DATE_NONE}};
  while (parser_accept_in_force(parser, &ndc.in_force)) continue;
  if (!parser->broken) LIST_PUSH(parser->arena, presentation->ndcs, ndc);
  return presentation;
}

static const LineRule presentation_rules[] = {
    {"usable", LINE_ONCE, read_usable, NULL},
    {"ndc", LINE_ANY, read_ndc, NULL},
};
static const LineRules presentation_lines = {
    "a vial", presentation_rules, sizeof presentation_rules / sizeof *presentation_rules};

static const LineRule drug_rules[] = {
    {"hcpcs", LINE_ONCE, read_hcpcs, NULL},
    {"labelled", LINE_ANY, read_labelled, NULL},
    {"vial", LINE_ANY, read_vial, &presentation_lines},
};
const LineRules drug_lines = {"a drug", drug_rules, sizeof drug_rules / sizeof *drug_rules};

/* ---- Preparations ---- */

void *read_preparation(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  PreparationSyntax *preparation = ARENA_NEW(parser->arena, PreparationSyntax);
  uint32_t start = parser_start(parser);
  preparation->name = parser_expect_word(parser, "the preparation's name");
  preparation->title =
      parser_expect_title(parser, "the preparation's name in quotes, as shown to people");
  parser_expect_keyword(parser, "of");
  preparation->drug = parser_expect_word(parser, "the name of a drug");
  preparation->span = parser_span(parser, start);
  LIST_PUSH(parser->arena, declarations->preparations, preparation);
  return preparation;
}

static void *read_lasts(Parser *parser, void *owner) {
  PreparationSyntax *preparation = owner;
  preparation->lasts = parser_expect_span(parser);
  return preparation;
}

static void *read_when(Parser *parser, void *owner) {
  PreparationSyntax *preparation = owner;
  Expression *when = parse_condition(parser);
  preparation->when = parser->broken ? NULL : when;
  return preparation;
}

/* at NUMBER UNIT ":" N ("vial" | "vials") */
static void *read_at(Parser *parser, void *owner) {
  static const Text vial_words[] = {{"vial", 4}, {"vials", 5}};
  PreparationSyntax *preparation = owner;
  uint32_t start = parser_start(parser);
  PreparationDose dose = {.dose = parser_expect_measure(parser, "a unit")};
  parser_expect_token(parser, TOKEN_COLON);
  dose.vials = parser_expect_count(parser, "the number of vials");
  parser_expect_choice(parser, "`vial` or `vials`", vial_words, 2);
  dose.span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, preparation->doses, dose);
  return preparation;
}

static const LineRule preparation_rules[] = {
    {"lasts", LINE_REQUIRED, read_lasts, NULL},
    {"when", LINE_ONCE, read_when, NULL},
    {"at", LINE_ANY, read_at, NULL},
};
const LineRules preparation_lines = {"a preparation", preparation_rules,
                                     sizeof preparation_rules / sizeof *preparation_rules};

/* ---- Regimens ---- */

void *read_regimen(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  RegimenSyntax *regimen = ARENA_NEW(parser->arena, RegimenSyntax);
  uint32_t start = parser_start(parser);
  regimen->name = parser_expect_word(parser, "the regimen's name");
  regimen->title = parser_expect_title(parser, "the regimen's name in quotes, as shown to people");
  parser_expect_keyword(parser, "of");
  regimen->drug = parser_expect_word(parser, "the name of a drug");
  regimen->span = parser_span(parser, start);
  LIST_PUSH(parser->arena, declarations->regimens, regimen);
  return regimen;
}

/* ["if" condition] at the end of a line; NULL without one, and on a broken line. */
static Expression *parse_if_clause(Parser *parser) {
  if (!parser_accept_word(parser, "if")) return NULL;
  Expression *condition = parse_condition(parser);
  return parser->broken ? NULL : condition;
}

static void *finish_cycle(Parser *parser, RegimenSyntax *regimen, RegimenCycle *cycle,
                          uint32_t start) {
  if (parser_at(parser, TOKEN_TEXT)) cycle->title = parser_expect_title(parser, "the cycle's name");
  if (parser_accept_word(parser, "of")) cycle->lasts = parser_expect_span(parser);
  parser_expect_keyword(parser, "every");
  cycle->every = parser_expect_span(parser);
  cycle->when = parse_if_clause(parser);
  cycle->span = parser_span(parser, start);
  LIST_PUSH(parser->arena, regimen->cycles, cycle);
  return cycle;
}

static void *read_cycle(Parser *parser, void *owner) {
  uint32_t start = parser_start(parser);
  RegimenCycle *cycle = ARENA_NEW(parser->arena, RegimenCycle);
  cycle->first = cycle->last = parser_expect_count(parser, "the cycle's number");
  return finish_cycle(parser, owner, cycle, start);
}

static void *read_cycles(Parser *parser, void *owner) {
  uint32_t start = parser_start(parser);
  RegimenCycle *cycle = ARENA_NEW(parser->arena, RegimenCycle);
  cycle->first = parser_expect_count(parser, "the first cycle's number");
  parser_expect_keyword(parser, "to");
  cycle->last = parser_expect_count(parser, "the last cycle's number");
  return finish_cycle(parser, owner, cycle, start);
}

/* interruption "at" "most" SPAN */
static void *read_interruption(Parser *parser, void *owner) {
  RegimenSyntax *regimen = owner;
  parser_expect_keyword(parser, "at");
  parser_expect_keyword(parser, "most");
  regimen->interruption = parser_expect_span(parser);
  regimen->has_interruption = !parser->broken;
  return regimen;
}

static void *read_regimen_note(Parser *parser, void *owner) {
  RegimenSyntax *regimen = owner;
  LIST_PUSH(parser->arena, regimen->notes, parser_expect_title(parser, "a text in quotes"));
  return regimen;
}

static void *finish_dose(Parser *parser, RegimenCycle *cycle, RegimenDose *dose, uint32_t start) {
  parser_expect_token(parser, TOKEN_COLON);
  dose->dose = parser_expect_measure(parser, "a unit");
  if (parser_accept_words(parser, "at", "most"))
    dose->at_most = parser_expect_measure(parser, "a unit");
  dose->when = parse_if_clause(parser);
  dose->span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, cycle->doses, dose);
  return dose;
}

static void *read_day(Parser *parser, void *owner) {
  uint32_t start = parser_start(parser);
  RegimenDose *dose = ARENA_NEW(parser->arena, RegimenDose);
  LIST_PUSH(parser->arena, dose->days, parser_expect_count(parser, "the day's number"));
  return finish_dose(parser, owner, dose, start);
}

static void *read_days(Parser *parser, void *owner) {
  uint32_t start = parser_start(parser);
  RegimenDose *dose = ARENA_NEW(parser->arena, RegimenDose);
  LIST_PUSH(parser->arena, dose->days, parser_expect_count(parser, "a day's number"));
  dose->is_range = parser_accept_word(parser, "to");
  if (dose->is_range)
    LIST_PUSH(parser->arena, dose->days, parser_expect_count(parser, "the last day's number"));
  while (!dose->is_range && parser_accept(parser, TOKEN_COMMA)) {
    LIST_PUSH(parser->arena, dose->days, parser_expect_count(parser, "a day's number"));
  }
  return finish_dose(parser, owner, dose, start);
}

static const LineRule cycle_rules[] = {
    {"day", LINE_ANY, read_day, NULL},
    {"days", LINE_ANY, read_days, NULL},
};
static const LineRules cycle_lines = {"a cycle", cycle_rules,
                                      sizeof cycle_rules / sizeof *cycle_rules};

static const LineRule regimen_rules[] = {
    {"cycle", LINE_ANY, read_cycle, &cycle_lines},
    {"cycles", LINE_ANY, read_cycles, &cycle_lines},
    {"interruption", LINE_ONCE, read_interruption, NULL},
    {"note", LINE_ANY, read_regimen_note, NULL},
};
const LineRules regimen_lines = {"a regimen", regimen_rules,
                                 sizeof regimen_rules / sizeof *regimen_rules};
