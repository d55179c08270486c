/* parse_declaration.c: what a vocabulary declares of facts: types, facts and their fields,
 * derivations, sets, codes, and what is never so. */
#include "language/parse_internal.h"

/* ---- Types ---- */

static void parse_alternatives(Parser *parser, WordList *values) {
  do {
    Word value = parser_expect_word(parser, "a value");
    if (!parser->broken) LIST_PUSH(parser->arena, *values, value);
  } while (parser_accept(parser, TOKEN_PIPE));
}

static void parse_list_type(Parser *parser, TypeSyntax *type) {
  type->kind = TYPE_LIST;
  if (!parser_accept_word(parser, "complete")) return;
  parser_expect_keyword(parser, "when");
  type->complete_when = parser_expect_word(parser, "the name of a yes/no fact");
}

/* A type that is one word, or begins with one. */
static void parse_worded_type(Parser *parser, TypeSyntax *type) {
  if (parser_accept_words(parser, "set", "of")) {
    type->kind = TYPE_SET;
    parse_alternatives(parser, &type->values);
  } else if (parser_accept_words(parser, "series", "of")) {
    type->kind = TYPE_SERIES;
    type->word = parser_expect_word(parser, "a dimension");
  } else if (parser_accept_word(parser, "list")) {
    parse_list_type(parser, type);
  } else if (parser_accept_word(parser, "code")) {
    type->kind = TYPE_CODE;
    type->word = parser_expect_word(parser, "a code system such as ICD-10-CM");
  } else if (parser_accept_word(parser, "date")) {
    type->kind = TYPE_DATE;
  } else if (parser_accept_word(parser, "duration")) {
    type->kind = TYPE_DURATION;
  } else if (parser_accept_word(parser, "name")) {
    type->kind = TYPE_NAME;
  } else {
    type->kind = TYPE_QUANTITY;
    type->word = parser_expect_word(
        parser,
        "a type: values joined by `|`, a dimension, `date`, `duration`, `name`, `code`, `list` …");
  }
}

static TypeSyntax parse_type(Parser *parser) {
  TypeSyntax type = {.kind = TYPE_ENUMERATION};
  uint32_t start = parser_start(parser);
  if (parser_look(parser, 1)->kind == TOKEN_PIPE) {
    parse_alternatives(parser, &type.values);
  } else {
    parse_worded_type(parser, &type);
  }
  type.or_none = parser_accept_words(parser, "or", "none");
  type.span = parser_span(parser, start);
  return type;
}

/* ---- Facts ---- */

static void parse_provider(Parser *parser, FactSyntax *fact) {
  static const Text providers[] = {{"requester", 9}, {"reviewer", 8}, {"record", 6}};
  fact->from = parser_expect_choice(parser, "`requester`, `reviewer` or `record`", providers, 3);
}

static void parse_attribute(Parser *parser, FactSyntax *fact) {
  static const Text attributes[] = {{"clinical", 8}, {"judgment", 8}, {"record", 6},
                                    {"stated", 6},   {"fixed", 5},    {"from", 4}};
  Word word = parser_expect_choice(
      parser, "`|`, `or none`, `clinical`, `judgment`, `record`, `stated`, `fixed` or `from`",
      attributes, 6);
  fact->clinical |= text_is(word.text, "clinical");
  fact->judgment |= text_is(word.text, "judgment");
  fact->record |= text_is(word.text, "record");
  fact->stated |= text_is(word.text, "stated");
  fact->fixed |= text_is(word.text, "fixed");
  if (text_is(word.text, "from")) parse_provider(parser, fact);
}

static void *read_fact(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  FactSyntax *fact = ARENA_NEW(parser->arena, FactSyntax);
  uint32_t start = parser_start(parser);
  fact->name = parser_expect_word(parser, "the fact's name");
  parser_expect_token(parser, TOKEN_COLON);
  fact->type = parse_type(parser);
  if (!parser_at(parser, TOKEN_NEWLINE)) {
    do parse_attribute(parser, fact);
    while (parser_accept(parser, TOKEN_COMMA));
  }
  fact->span = parser_span(parser, start);
  LIST_PUSH(parser->arena, declarations->facts, fact);
  return fact;
}

static void *read_ask(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  fact->question = parser_expect_title(parser, "the question in quotes");
  return fact;
}

static void *read_range(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  Expression *low = parse_expression(parser);
  parser_expect_keyword(parser, "to");
  Expression *high = parse_expression(parser);
  if (parser->broken) return fact;
  fact->range_low = low;
  fact->range_high = high;
  return fact;
}

/* A word, or a number with its unit, which then count as one word: "6 months". */
static Word parse_value(Parser *parser) {
  Word value = parser_expect_word(parser, "a value");
  const Token *unit = parser_peek(parser);
  bool has_unit = !parser->broken && unit->kind == TOKEN_WORD && parser_is_number(value.text) &&
                  !parser_at_word(parser, "where");
  if (!has_unit) return value;
  Text spelling = parser_text(parser, parser_advance(parser));
  value.text = text_of(arena_format(parser->arena, "%.*s %.*s", (int)value.text.length,
                                    value.text.at, (int)spelling.length, spelling.at));
  value.span.end = unit->end;
  return value;
}

static void *read_fact_default(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  fact->default_value = parse_value(parser);
  return fact;
}

static void *read_fact_code(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  CodeBinding binding = {.system = parser_expect_word(parser, "a code system such as LOINC")};
  parser_expect_word_list(parser, &binding.codes, "a code");
  if (!parser->broken) LIST_PUSH(parser->arena, fact->codes, binding);
  return fact;
}

static void *read_fact_note(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  LIST_PUSH(parser->arena, fact->notes, parser_expect_title(parser, "a text in quotes"));
  return fact;
}

static void *read_fact_not_known(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  parser_expect_colon_list(parser, &fact->not_known, "a value");
  return fact;
}

/* dosing ROLE [N] */
static void *read_dosing(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  fact->dosing = parser_expect_word(parser, "the fact's role in dosing, such as `weight`");
  if (parser_is_number(parser_text(parser, parser_peek(parser))))
    fact->dosing_day = parser_expect_count(parser, "a day's number");
  return fact;
}

/* ---- Fields of a list ---- */

static void *read_field(Parser *parser, void *owner) {
  FactSyntax *fact = owner;
  FieldSyntax *field = ARENA_NEW(parser->arena, FieldSyntax);
  field->name = parser_expect_word(parser, "the field's name");
  parser_expect_token(parser, TOKEN_COLON);
  field->type = parse_type(parser);
  LIST_PUSH(parser->arena, fact->fields, field);
  return field;
}

static void *read_field_default(Parser *parser, void *owner) {
  FieldSyntax *field = owner;
  DefaultSyntax value = {.value = parse_value(parser)};
  if (parser_accept_word(parser, "where")) value.where = parse_condition(parser);
  if (!parser->broken) LIST_PUSH(parser->arena, field->defaults, value);
  return field;
}

static void *read_field_not_known(Parser *parser, void *owner) {
  FieldSyntax *field = owner;
  parser_expect_colon_list(parser, &field->not_known, "a value");
  return field;
}

static const LineRule field_rules[] = {
    {"default", LINE_ANY, read_field_default, NULL},
    {"not known", LINE_ONCE, read_field_not_known, NULL},
};
static const LineRules field_lines = {"a field", field_rules,
                                      sizeof field_rules / sizeof *field_rules};

static const LineRule fact_rules[] = {
    {"ask", LINE_ONCE, read_ask, NULL},
    {"range", LINE_ONCE, read_range, NULL},
    {"default", LINE_ONCE, read_fact_default, NULL},
    {"code", LINE_ANY, read_fact_code, NULL},
    {"note", LINE_ANY, read_fact_note, NULL},
    {"not known", LINE_ONCE, read_fact_not_known, NULL},
    {"dosing", LINE_ONCE, read_dosing, NULL},
    {"field", LINE_ANY, read_field, &field_lines},
};
static const LineRules fact_lines = {"a fact", fact_rules, sizeof fact_rules / sizeof *fact_rules};

/* ---- Derivations, sets, codes, nevers ---- */

void *read_derive(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  DeriveSyntax *derive = ARENA_NEW(parser->arena, DeriveSyntax);
  uint32_t start = parser_start(parser);
  derive->name = parser_expect_word(parser, "the derivation's name");
  parser_expect_token(parser, TOKEN_COLON);
  derive->type = parse_type(parser);
  parser_expect_token(parser, TOKEN_EQUAL);
  Expression *value = parse_any_expression(parser);
  derive->value = parser->broken ? NULL : value;
  derive->span = parser_span(parser, start);
  LIST_PUSH(parser->arena, declarations->derivations, derive);
  return derive;
}

void *read_set(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  SetSyntax *set = ARENA_NEW(parser->arena, SetSyntax);
  set->name = parser_expect_word(parser, "the set's name");
  parser_expect_token(parser, TOKEN_EQUAL);
  parser_expect_word_list(parser, &set->values, "a value");
  LIST_PUSH(parser->arena, declarations->sets, set);
  return set;
}

static CodeRange parse_code_range(Parser *parser) {
  CodeRange range = {.first = parser_expect_word(parser, "a code"), .last = {.text = TEXT("")}};
  if (parser_accept_word(parser, "to"))
    range.last = parser_expect_word(parser, "the last code of the range");
  return range;
}

void *read_codes(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  CodesSyntax *codes = ARENA_NEW(parser->arena, CodesSyntax);
  codes->name = parser_expect_word(parser, "the code list's name");
  parser_expect_token(parser, TOKEN_COLON);
  codes->system = parser_expect_word(parser, "a code system such as ICD-10-CM");
  parser_expect_token(parser, TOKEN_EQUAL);
  do {
    CodeRange range = parse_code_range(parser);
    if (!parser->broken) LIST_PUSH(parser->arena, codes->ranges, range);
  } while (parser_accept(parser, TOKEN_COMMA));
  LIST_PUSH(parser->arena, declarations->code_lists, codes);
  return codes;
}

static void *read_never(Parser *parser, void *owner) {
  Declarations *declarations = owner;
  NeverSyntax *never = ARENA_NEW(parser->arena, NeverSyntax);
  uint32_t start = parser_start(parser);
  never->condition = parse_condition(parser);
  never->text = parser_expect_title(parser, "a text in quotes: the message for the requester");
  never->span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, declarations->nevers, never);
  return never;
}

static const LineRule declaration_rules[] = {
    {"fact", LINE_ANY, read_fact, &fact_lines},
    {"derive", LINE_ANY, read_derive, NULL},
    {"set", LINE_ANY, read_set, NULL},
    {"codes", LINE_ANY, read_codes, NULL},
    {"never", LINE_ANY, read_never, NULL},
    {"drug", LINE_ANY, read_drug, &drug_lines},
    {"preparation", LINE_ANY, read_preparation, &preparation_lines},
    {"regimen", LINE_ANY, read_regimen, &regimen_lines},
};
const LineRules declaration_lines = {"a vocabulary", declaration_rules,
                                     sizeof declaration_rules / sizeof *declaration_rules};
