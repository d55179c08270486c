/* Conditions and expressions, from syntax to meaning: names resolved, types and dimensions checked,
 * everything said in the few kinds of model.h. `a >= b` becomes `b <= a`, `a = b` two comparisons,
 * `if a then b` becomes `not a or b`, `every x where c` "no x where not c". */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "policy/scope.h"

static const Condition *broken(Scope *scope) { return condition_constant(scope->arena, false); }

/* ---- Values ---- */

int check_value(Scope *scope, const Type *type, Word word) {
  if (word.text.length == 0 || type->broken) return -1; /* told already */
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (text_equal(type->values[i], word.text)) return (int)i;
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, word.span,
                           "`%.*s` is none of the values this can take", TEXT_ARGS(word.text));
  Buffer expected;
  buffer_open(&expected, scope->arena, 64);
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (i > 0) buffer_string(&expected, " | ");
    buffer_text(&expected, type->values[i]);
  }
  diagnostic_expect(scope->diagnostics, d, "%s", buffer_finish(&expected));
  diagnostic_nearest(scope->diagnostics, d, word.text, type->values, type->value_count);
  return -1;
}

/* The values `words` stand for, names of sets replaced by their members. */
static WordList members_of(Scope *scope, const WordList *words) {
  WordList members = {0};
  for (uint32_t i = 0; i < words->count; i++) {
    Symbol *symbol = scope_find(scope, words->items[i].text);
    if (symbol != NULL && symbol->kind == SYMBOL_SET) {
      for (uint32_t m = 0; m < symbol->set->values.count; m++) {
        Word member = symbol->set->values.items[m];
        member.span = words->items[i].span;
        LIST_PUSH(scope->arena, members, member);
      }
    } else {
      LIST_PUSH(scope->arena, members, words->items[i]);
    }
  }
  return members;
}

static uint64_t mask_of(Scope *scope, const Type *type, const WordList *words) {
  WordList members = members_of(scope, words);
  uint64_t mask = 0;
  for (uint32_t i = 0; i < members.count; i++) {
    int value = check_value(scope, type, members.items[i]);
    if (value >= 0) mask |= UINT64_C(1) << value;
  }
  return mask;
}

/* A value that stands for "not known" is never found, so asking for it by name is a slip. */
static void check_open_values(Scope *scope, const Symbol *what, const WordList *words) {
  const Type *type = what->kind == SYMBOL_FIELD ? &what->field->type : &what->fact->type;
  uint64_t open = what->kind == SYMBOL_FIELD ? what->field->not_known : what->fact->not_known;
  for (uint32_t i = 0; open != 0 && i < words->count; i++) {
    for (uint32_t v = 0; v < type->value_count; v++) {
      Word word = words->items[i];
      if (((open >> v) & 1) == 0 || !text_equal(type->values[v], word.text)) continue;
      Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_OPEN_VALUE, word.span,
                               "`%.*s` stands for not known, so no condition can ask for it",
                               TEXT_ARGS(word.text));
      diagnostic_note(scope->diagnostics, d, what->span,
                      "`not known` says so beneath this declaration");
    }
  }
}

/* Every system's codes hold digits; those of ICD-10-CM have a shape. A word without is a misspelt
 * name. */
static bool code_is_plausible(Text system, Text code) {
  bool digit = false;
  for (uint32_t i = 0; i < code.length; i++) digit = digit || isdigit((unsigned char)code.at[i]);
  if (!text_is(system, "ICD-10-CM")) return digit;
  return code.length >= 3 && code.length <= 7 && isalpha((unsigned char)code.at[0]) &&
         isdigit((unsigned char)code.at[1]);
}

/* The declared name of that kind nearest to the word. True when there is one near enough to be
 * meant. */
static bool nearest_symbol(Scope *scope, Diagnostic *diagnostic, Text word, SymbolKind kind) {
  LIST(Text) names = {0};
  for (const Scope *s = scope; s != NULL; s = s->outer) {
    for (uint32_t i = 0; i < s->symbols.count; i++) {
      if (s->symbols.items[i]->kind == kind)
        LIST_PUSH(scope->arena, names, s->symbols.items[i]->name);
    }
  }
  if (diagnostic != NULL)
    diagnostic_nearest(scope->diagnostics, diagnostic, word, names.items, names.count);
  return text_nearest(word, names.items, names.count) >= 0;
}

static void add_codes(Scope *scope, Condition *condition, const Type *type, Word word) {
  Symbol *symbol = scope_find(scope, word.text);
  if (symbol != NULL && symbol->kind == SYMBOL_CODES) {
    if (!text_equal(symbol->system, type->system)) {
      Diagnostic *d =
          diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, word.span,
                   "`%.*s` lists %.*s codes", TEXT_ARGS(word.text), TEXT_ARGS(symbol->system));
      diagnostic_expect(scope->diagnostics, d, "a list of %.*s codes", TEXT_ARGS(type->system));
    }
    for (uint32_t i = 0; i < symbol->codes.count; i++)
      LIST_PUSH(scope->arena, condition->codes, symbol->codes.items[i]);
    return;
  }
  Text code = code_normal(scope->arena, word.text);
  if (!code_is_plausible(type->system, code)) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, word.span,
                             "`%.*s` is neither a code of %.*s nor a declared list of codes",
                             TEXT_ARGS(word.text), TEXT_ARGS(type->system));
    nearest_symbol(scope, d, word.text, SYMBOL_CODES);
  }
  LIST_PUSH(scope->arena, condition->codes, ((CodeSpan){code, code}));
}

static int by_id(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

static bool too_many_members(Scope *scope, uint32_t count, SourceSpan span) {
  if (count <= LIMIT_NAMES) return false;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_VALUES, span,
                           "%u values are too many to be compared with", count);
  diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_NAMES);
  return true;
}

/* In order of their ids, which is how they are looked for. */
/* Names are open, so a misspelt set would be one more name that nobody has. */
static void warn_of_near_set(Scope *scope, Word word) {
  if (scope_find(scope, word.text) != NULL || !nearest_symbol(scope, NULL, word.text, SYMBOL_SET))
    return;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_NEARLY_A_SET, word.span,
                           "`%.*s` is taken as a name", TEXT_ARGS(word.text));
  nearest_symbol(scope, d, word.text, SYMBOL_SET);
}

static void add_names(Scope *scope, Condition *condition, const WordList *words) {
  WordList members = members_of(scope, words);
  if (words->count == 0 || too_many_members(scope, members.count, words->items[0].span)) return;
  for (uint32_t i = 0; i < words->count && i < 64; i++) warn_of_near_set(scope, words->items[i]);
  for (uint32_t i = 0; i < members.count; i++) {
    LIST_PUSH(scope->arena, condition->names,
              vocabulary_intern_name(scope->vocabulary, scope->arena, members.items[i].text));
  }
  if (condition->names.count > 0)
    qsort(condition->names.items, condition->names.count, sizeof *condition->names.items, by_id);
  scope->budget->tests += condition->names.count / 16; /* long lists cost too */
}

/* `what` (a fact, or a field of the entry) is one of `words`. */
static const Condition *is_one_of(Scope *scope, const Symbol *what, Word name,
                                  const WordList *words) {
  const Type *type = what->kind == SYMBOL_FIELD ? &what->field->type : &what->fact->type;
  Condition *condition = condition_new(scope->arena, CONDITION_ENUM_IN);
  condition->fact = what->kind == SYMBOL_FIELD ? NULL : what->fact;
  condition->field = what->field;
  switch (type->kind) {
    case TYPE_ENUMERATION:
      condition->mask = mask_of(scope, type, words);
      check_open_values(scope, what, words);
      return condition;
    case TYPE_NAME:
      condition->kind = CONDITION_NAME_IN;
      add_names(scope, condition, words);
      return condition;
    case TYPE_CODE:
      condition->kind = CONDITION_CODE_IN;
      if (words->count > 0 && too_many_members(scope, words->count, words->items[0].span))
        return broken(scope);
      for (uint32_t i = 0; i < words->count; i++)
        add_codes(scope, condition, type, words->items[i]);
      return condition;
    case TYPE_SET:
    case TYPE_LIST:
    case TYPE_SERIES:
    case TYPE_QUANTITY:
    case TYPE_DATE:
    case TYPE_DURATION:
      break;
  }
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span,
               "`%.*s` has no list of values to be compared with", TEXT_ARGS(name.text));
  diagnostic_expect(scope->diagnostics, d,
                    type->kind == TYPE_SET ? "`includes` or `is { … }`, as it is a set"
                    : type->kind == TYPE_LIST
                        ? "`any … where` or another count of its entries, as it is a list"
                        : "an enumeration, a name or a code");
  return broken(scope);
}

/* ---- Symbols ---- */

static const char *term_type(const Term *term);

static void derive_condition(Scope *scope, Symbol *symbol) {
  const TypeSyntax *type = &symbol->derivation->type;
  bool yes_no = type->values.count == 2 && text_is(type->values.items[0].text, "yes") &&
                text_is(type->values.items[1].text, "no");
  if (!yes_no && symbol->derivation->value != NULL) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, type->span,
             "a derivation is yes | no, a quantity, a date or a duration");
  }
  const Condition *condition = check_condition(scope, symbol->derivation->value);
  symbol->condition = symbol->state == 1 ? condition : broken(scope); /* in a circle: told */
}

static bool is_declared_type(const Term *term, const Type *type) {
  static const TypeKind value_types[] = {
      [VALUE_AMOUNT] = TYPE_QUANTITY, [VALUE_DATE] = TYPE_DATE, [VALUE_DURATION] = TYPE_DURATION};
  if (value_types[term->value] != type->kind) return false;
  return type->kind != TYPE_QUANTITY || type->dimension == term->dimension;
}

static void derive_term(Scope *scope, Symbol *symbol) {
  const DeriveSyntax *syntax = symbol->derivation;
  const Term *term = check_term(scope, syntax->value);
  Type type = {0};
  bool known = check_type(scope, &syntax->type, &type);
  if (term == NULL || !known || symbol->state != 1) return;
  symbol->term = term;
  if (is_declared_type(term, &type)) return;
  symbol->term = NULL;
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, syntax->value->span,
               "`%.*s` is not what this comes to: %s", TEXT_ARGS(symbol->name), term_type(term));
  diagnostic_note(scope->diagnostics, d, syntax->type.span, "its type is declared here");
}

/* False, told, where derivations rest on one another too deeply. */
static bool enter_derivation(Scope *scope, const Symbol *symbol) {
  ConditionBudget *budget = scope->budget;
  if (budget->deriving < LIMIT_NESTING) return true;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_TESTS, symbol->span,
                           "the derivations that lead to `%.*s` rest on one another too deeply",
                           TEXT_ARGS(symbol->name));
  diagnostic_expect(scope->diagnostics, d, "at most %u of them", LIMIT_NESTING);
  return false;
}

static void check_derivation(Scope *scope, Symbol *symbol) {
  if (symbol->state == 2) return;
  if (symbol->state == 1) {
    diagnose(scope->diagnostics, DIAGNOSTIC_CYCLE, symbol->span, "`%.*s` is derived from itself",
             TEXT_ARGS(symbol->name));
    symbol->state = 2;
    return;
  }
  bool yes_no = symbol->derivation->type.kind == TYPE_ENUMERATION;
  if (!enter_derivation(scope, symbol)) {
    symbol->state = 2;
    symbol->condition = yes_no ? broken(scope) : NULL;
    return;
  }
  ConditionBudget *budget = scope->budget;
  uint32_t tests = budget->tests, nesting = budget->nesting;
  symbol->state = 1;
  budget->deriving++;
  budget->nesting = 0;
  if (yes_no) {
    derive_condition(scope, symbol);
  } else {
    derive_term(scope, symbol);
  }
  symbol->tests = budget->tests - tests;
  symbol->nesting = budget->nesting + 1;
  budget->nesting = nesting;
  budget->deriving--;
  symbol->state = 2;
}

/* What a use of a derivation adds; false, told, where it is too much. */
static bool use_derivation(Scope *scope, const Symbol *symbol, Word name) {
  ConditionBudget *budget = scope->budget;
  if (symbol->nesting > budget->nesting) budget->nesting = symbol->nesting;
  if (budget->tests + symbol->tests <= LIMIT_TESTS && symbol->nesting < LIMIT_NESTING) {
    budget->tests += symbol->tests;
    return true;
  }
  bool deep = symbol->nesting >= LIMIT_NESTING;
  if (!deep && budget->reported) return false;
  if (!deep) budget->reported = true;
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_TESTS, name.span,
               deep ? "the derivations beneath `%.*s` rest on one another too deeply"
                    : "with all that `%.*s` stands for, the conditions hold too many tests",
               TEXT_ARGS(name.text));
  diagnostic_expect(scope->diagnostics, d, "at most %u", deep ? LIMIT_NESTING : LIMIT_TESTS);
  return false;
}

void check_derivations(Scope *scope) {
  for (uint32_t i = 0; i < scope->symbols.count; i++) {
    if (scope->symbols.items[i]->kind == SYMBOL_DERIVATION)
      check_derivation(scope, scope->symbols.items[i]);
  }
}

/* Within a list's entry only the entry's fields can be tested: the entries of a history are told
 * apart before anything else is known. */
static void report_outside_entry(Scope *scope, SourceSpan span, Text name) {
  Buffer fields;
  buffer_open(&fields, scope->arena, 64);
  for (uint32_t i = 0; i < scope->list->field_count; i++)
    buffer_format(&fields, i == 0 ? "%.*s" : ", %.*s", TEXT_ARGS(scope->list->fields[i].name));
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_OUTSIDE_ENTRY, span,
                           "`%.*s` is no field of an entry of `%.*s`", TEXT_ARGS(name),
                           TEXT_ARGS(scope->list->name));
  diagnostic_expect(scope->diagnostics, d,
                    "a field (%s); put what concerns the whole request before the `where`, or the "
                    "whole in parentheses and it after them",
                    buffer_finish(&fields));
}

static const Type *type_of(const Symbol *symbol) {
  if (symbol->kind == SYMBOL_FACT) return &symbol->fact->type;
  return symbol->kind == SYMBOL_FIELD ? &symbol->field->type : NULL;
}

/* What a name stands for where a fact, field or derivation is wanted. NULL, told, where it is none
 * or broken. */
static Symbol *symbol_of(Scope *scope, Word name, const char *expected) {
  if (name.text.length == 0) return NULL; /* a placeholder of the parser, which has told */
  Symbol *symbol = scope_find(scope, name.text);
  if (symbol == NULL) {
    scope_unknown(scope, name, expected);
    return NULL;
  }
  if (scope->list != NULL && (symbol->kind == SYMBOL_FACT || symbol->kind == SYMBOL_DERIVATION)) {
    report_outside_entry(scope, name.span, name.text);
    return NULL;
  }
  if (type_of(symbol) != NULL && type_of(symbol)->broken) return NULL;
  if (symbol->kind == SYMBOL_DERIVATION) {
    check_derivation(scope, symbol);
    if (!use_derivation(scope, symbol, name)) return NULL;
  }
  return symbol;
}

static bool is_yes_no(const Type *type) { return type->kind == TYPE_ENUMERATION && type->yes_no; }

static const Condition *enum_is(Scope *scope, const Symbol *symbol, uint64_t mask) {
  Condition *condition = condition_new(scope->arena, CONDITION_ENUM_IN);
  condition->fact = symbol->kind == SYMBOL_FACT ? symbol->fact : NULL;
  condition->field = symbol->field;
  condition->mask = mask;
  return condition;
}

/* A name that stands alone as a condition. */
static const Condition *check_name(Scope *scope, const Expression *e) {
  Symbol *symbol = symbol_of(scope, e->word, "a yes/no fact or derivation");
  if (symbol == NULL) return broken(scope);
  if (symbol->kind == SYMBOL_DERIVATION && symbol->condition != NULL) return symbol->condition;
  const Type *type = type_of(symbol);
  if (type != NULL && is_yes_no(type)) return enum_is(scope, symbol, 1);
  if (symbol->kind == SYMBOL_DERIVATION && symbol->term == NULL) return broken(scope); /* told */
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_NOT_A_CONDITION, e->span,
                           "`%.*s` alone is no condition", TEXT_ARGS(e->word.text));
  diagnostic_expect(scope->diagnostics, d, "a comparison, or a yes/no fact or derivation");
  if (symbol->span.source != NULL)
    diagnostic_note(scope->diagnostics, d, symbol->span, "it is declared here");
  return broken(scope);
}

/* A fact named where only a fact will do. */
static Fact *check_fact(Scope *scope, Word name, const char *expected) {
  Symbol *symbol = symbol_of(scope, name, expected);
  if (symbol == NULL) return NULL;
  if (symbol->kind == SYMBOL_FACT) return symbol->fact;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span,
                           "`%.*s` is not a fact", TEXT_ARGS(name.text));
  diagnostic_expect(scope->diagnostics, d, "%s", expected);
  return NULL;
}

static Fact *check_fact_of(Scope *scope, Word name, TypeKind kind, const char *expected) {
  Fact *fact = check_fact(scope, name, expected);
  if (fact == NULL || fact->type.kind == kind) return fact;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span,
                           "`%.*s` is not %s", TEXT_ARGS(name.text), expected);
  if (fact->span.source != NULL)
    diagnostic_note(scope->diagnostics, d, fact->span, "it is declared here");
  return NULL;
}

/* ---- Terms ---- */

static Term *term_new(Scope *scope, TermKind kind, ValueKind value, Dimension dimension) {
  Term *term = ARENA_NEW(scope->arena, Term);
  term->kind = kind;
  term->value = value;
  term->dimension = dimension;
  return term;
}

static const Term *fact_term(Scope *scope, const Expression *e) {
  Symbol *symbol = symbol_of(scope, e->word, "a quantity, a date or a duration");
  if (symbol == NULL) return NULL;
  if (symbol->kind == SYMBOL_DERIVATION && symbol->term != NULL) return symbol->term;
  if (symbol->kind == SYMBOL_FACT) {
    Term *term = term_new(scope, TERM_FACT, VALUE_AMOUNT, symbol->fact->type.dimension);
    term->fact = symbol->fact;
    if (symbol->fact->type.kind == TYPE_QUANTITY) return term;
    if (symbol->fact->type.kind == TYPE_DATE) return term->value = VALUE_DATE, term;
    if (symbol->fact->type.kind == TYPE_DURATION) return term->value = VALUE_DURATION, term;
  }
  if (symbol->kind == SYMBOL_DERIVATION && symbol->condition == NULL)
    return NULL; /* told already */
  const Type *type = type_of(symbol);
  Diagnostic *d;
  if (type != NULL && type->kind == TYPE_SERIES) {
    d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
                 "`%.*s` is a series of observations, not one value", TEXT_ARGS(e->word.text));
    diagnostic_expect(scope->diagnostics, d,
                      "one of them: `latest %.*s`, `earliest`, `lowest`, `highest` or `baseline`",
                      TEXT_ARGS(e->word.text));
  } else if (symbol->kind == SYMBOL_FIELD &&
             (type->kind == TYPE_DATE || type->kind == TYPE_QUANTITY)) {
    bool is_date = type->kind == TYPE_DATE;
    d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
                 "the %s of a list's entries are kept, but cannot be tested",
                 is_date ? "dates" : "quantities");
    diagnostic_expect(scope->diagnostics, d,
                      "a yes/no or enumerated field that says what matters of the %s",
                      is_date ? "date" : "quantity");
  } else {
    d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
                 "`%.*s` is no quantity, date or duration", TEXT_ARGS(e->word.text));
  }
  if (symbol->span.source != NULL)
    diagnostic_note(scope->diagnostics, d, symbol->span, "it is declared here");
  return NULL;
}

static const Term *number_term(Scope *scope, const Expression *e) {
  Term *term = term_new(scope, TERM_AMOUNT, VALUE_AMOUNT, DIMENSION_NUMBER);
  QuantityError request_error =
      e->unit.text.length == 0
          ? amount_parse(e->word.text, &term->amount)
          : quantity_from_unit(e->word.text, e->unit.text, &term->dimension, &term->amount);
  if (request_error == QUANTITY_OK) return term;
  if (request_error == QUANTITY_UNKNOWN_UNIT) {
    diagnose(scope->diagnostics, DIAGNOSTIC_BAD_UNIT, e->unit.span, "`%.*s` is not a unit",
             TEXT_ARGS(e->unit.text));
  } else {
    diagnose(scope->diagnostics, DIAGNOSTIC_BAD_NUMBER, e->span,
             "this number cannot be kept exactly");
  }
  return NULL;
}

/* A plain number takes the dimension of what it is compared or added with where that has no unit.
 */
static bool is_plain(Dimension d) {
  return d == DIMENSION_NUMBER || d == DIMENSION_COUNT || d == DIMENSION_RATIO;
}

static bool same_dimension(const Term *a, const Term *b) {
  if (a->value != b->value) return false;
  if (a->value != VALUE_AMOUNT || a->dimension == b->dimension) return true;
  return (is_plain(a->dimension) && b->dimension == DIMENSION_NUMBER) ||
         (is_plain(b->dimension) && a->dimension == DIMENSION_NUMBER);
}

static const char *term_type(const Term *term) {
  if (term->value == VALUE_DATE) return "a date";
  return term->value == VALUE_DURATION ? "a duration" : dimension_name(term->dimension);
}

static bool check_same(Scope *scope, const Expression *e, const Term *a, const Term *b) {
  if (same_dimension(a, b)) return true;
  Diagnostic *d = diagnose(
      scope->diagnostics,
      a->value == b->value ? DIAGNOSTIC_DIMENSION_MISMATCH : DIAGNOSTIC_TYPE_MISMATCH,
      e->operands.items[1]->span, "%s is compared or joined with %s", term_type(a), term_type(b));
  diagnostic_expect(
      scope->diagnostics, d,
      a->value == VALUE_AMOUNT && dimension_units(a->dimension)[0] != '\0' ? "%s in %s" : "%s%.0s",
      term_type(a), a->value == VALUE_AMOUNT ? dimension_units(a->dimension) : "");
  return false;
}

/* Both sides constant: the result now. */
static const Term *fold(Scope *scope, Term *term, const Expression *e) {
  if (term->a->kind != TERM_AMOUNT || term->b->kind != TERM_AMOUNT) return term;
  Amount a = term->a->amount, b = term->b->amount, result = 0;
  bool fits = true;
  switch (term->kind) {
    case TERM_ADD:
      fits = amount_add(a, b, &result);
      break;
    case TERM_SUBTRACT:
      fits = amount_add(a, -b, &result);
      break;
    case TERM_MULTIPLY:
      fits = amount_multiply(a, term->a->dimension, b, term->b->dimension, &result, NULL);
      break;
    case TERM_DIVIDE:
      fits = b != 0 && amount_divide(a, term->a->dimension, b, term->b->dimension, &result, NULL);
      break;
    case TERM_LEAST:
      result = a < b ? a : b;
      break;
    case TERM_GREATEST:
      result = a > b ? a : b;
      break;
    case TERM_FACT:
    case TERM_AMOUNT:
    case TERM_DATE:
    case TERM_SPAN:
    case TERM_BODY_SURFACE:
    case TERM_FROM_TO:
    case TERM_SHIFTED:
    case TERM_QUERY:
    case TERM_PERCENT_CHANGE:
    case TERM_UPPER_LIMIT:
      return term;
  }
  if (!fits) {
    diagnose(scope->diagnostics, DIAGNOSTIC_BAD_NUMBER, e->span,
             "this cannot be computed: it is too large, or divides by zero");
    return NULL;
  }
  Term *constant = term_new(scope, TERM_AMOUNT, VALUE_AMOUNT, term->dimension);
  constant->amount = result;
  return constant;
}

static const Term *arithmetic(Scope *scope, const Expression *e, TermKind kind) {
  const Term *a = check_term(scope, e->operands.items[0]),
             *b = check_term(scope, e->operands.items[1]);
  if (a == NULL || b == NULL) return NULL;
  Term *term = term_new(scope, kind, a->value,
                        a->dimension == DIMENSION_NUMBER ? b->dimension : a->dimension);
  term->a = a;
  term->b = b;
  if (kind == TERM_MULTIPLY || kind == TERM_DIVIDE) {
    bool product =
        a->value == VALUE_AMOUNT && b->value == VALUE_AMOUNT &&
        (kind == TERM_MULTIPLY ? dimension_product(a->dimension, b->dimension, &term->dimension)
                               : dimension_quotient(a->dimension, b->dimension, &term->dimension));
    if (!product) {
      diagnose(scope->diagnostics, DIAGNOSTIC_DIMENSION_MISMATCH, e->span, "%s and %s have no %s",
               term_type(a), term_type(b), kind == TERM_MULTIPLY ? "product" : "quotient");
      return NULL;
    }
  } else if (!check_same(scope, e, a, b)) {
    return NULL;
  } else if (a->value != VALUE_AMOUNT && kind != TERM_LEAST && kind != TERM_GREATEST) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
             "dates and durations are not added with signs");
    return NULL;
  }
  return fold(scope, term, e);
}

static const Term *body_surface(Scope *scope, const Expression *e) {
  Term *term = term_new(scope, TERM_BODY_SURFACE, VALUE_AMOUNT, DIMENSION_AREA);
  term->a = check_term(scope, e->operands.items[0]);
  term->b = check_term(scope, e->operands.items[1]);
  if (term->a == NULL || term->b == NULL) return NULL;
  if (term->a->dimension == DIMENSION_LENGTH && term->b->dimension == DIMENSION_MASS) return term;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_DIMENSION_MISMATCH, e->span,
                           "body surface is computed from a height and a weight");
  diagnostic_expect(scope->diagnostics, d, "body_surface(height, weight)");
  return NULL;
}

static const Term *from_to(Scope *scope, const Expression *e) {
  Term *term = term_new(scope, TERM_FROM_TO, VALUE_DURATION, DIMENSION_TIME);
  term->a = check_term(scope, e->operands.items[0]);
  term->b = check_term(scope, e->operands.items[1]);
  if (term->a == NULL || term->b == NULL) return NULL;
  if (term->a->value == VALUE_DATE && term->b->value == VALUE_DATE) return term;
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
           "a duration runs from one date to another");
  return NULL;
}

static const Term *query_term(Scope *scope, const Expression *e) {
  Fact *series = check_fact_of(scope, e->query.series, TYPE_SERIES, "a series of observations");
  if (series == NULL) return NULL;
  Term *term = term_new(scope, TERM_QUERY, VALUE_AMOUNT, series->type.dimension);
  term->query = (Query){.pick = e->query.pick,
                        .series = series,
                        .window = e->query.window,
                        .length = e->query.length};
  if (e->query.window == WINDOW_AFTER_AT_LEAST || e->query.window == WINDOW_BEFORE) {
    term->query.anchor = check_fact_of(scope, e->query.anchor, TYPE_DATE, "a date");
    if (term->query.anchor == NULL) return NULL;
  }
  return term;
}

static const Term *percent_change(Scope *scope, const Expression *e) {
  Term *term = term_new(scope, TERM_PERCENT_CHANGE, VALUE_AMOUNT, DIMENSION_PERCENT);
  term->a = check_term(scope, e->operands.items[0]);
  term->b = check_term(scope, e->operands.items[1]);
  return term->a != NULL && term->b != NULL ? term : NULL;
}

static const Term *upper_limit(Scope *scope, const Expression *e) {
  const Term *query = check_term(scope, e->operands.items[0]);
  if (query == NULL) return NULL;
  Term *term = term_new(scope, TERM_UPPER_LIMIT, VALUE_AMOUNT, query->dimension);
  term->a = query;
  return term;
}

static bool charge(Scope *scope, const Expression *e);

const Term *check_term(Scope *scope, const Expression *e) {
  Term *term;
  if (!charge(scope, e)) return NULL;
  switch (e->kind) {
    case EXPRESSION_NAME:
      return fact_term(scope, e);
    case EXPRESSION_NUMBER:
      return number_term(scope, e);
    case EXPRESSION_DATE:
      term = term_new(scope, TERM_DATE, VALUE_DATE, DIMENSION_TIME);
      return term->date = e->date, term;
    case EXPRESSION_SPAN:
      term = term_new(scope, TERM_SPAN, VALUE_DURATION, DIMENSION_TIME);
      term->span = e->length;
      /* "18 years" is told in years: the unit is the last word */
      {
        Text word = e->word.text;
        uint32_t at = word.length;
        while (at > 0 && isalpha((unsigned char)word.at[at - 1])) at--;
        if (!span_unit((Text){word.at + at, word.length - at}, &term->unit))
          term->unit = e->length.months != 0 ? (Span){1, 0} : (Span){0, 1};
      }
      return term;
    case EXPRESSION_ADD:
      return arithmetic(scope, e, TERM_ADD);
    case EXPRESSION_SUBTRACT:
      return arithmetic(scope, e, TERM_SUBTRACT);
    case EXPRESSION_MULTIPLY:
      return arithmetic(scope, e, TERM_MULTIPLY);
    case EXPRESSION_DIVIDE:
      return arithmetic(scope, e, TERM_DIVIDE);
    case EXPRESSION_LEAST:
      return arithmetic(scope, e, TERM_LEAST);
    case EXPRESSION_GREATEST:
      return arithmetic(scope, e, TERM_GREATEST);
    case EXPRESSION_BODY_SURFACE:
      return body_surface(scope, e);
    case EXPRESSION_FROM_TO:
      return from_to(scope, e);
    case EXPRESSION_QUERY:
      return query_term(scope, e);
    case EXPRESSION_PERCENT_CHANGE:
      return percent_change(scope, e);
    case EXPRESSION_UPPER_LIMIT:
      return upper_limit(scope, e);
    case EXPRESSION_AND:
    case EXPRESSION_OR:
    case EXPRESSION_NOT:
    case EXPRESSION_IF:
    case EXPRESSION_COMPARE:
    case EXPRESSION_IN:
    case EXPRESSION_GIVEN:
    case EXPRESSION_DOCUMENTED:
    case EXPRESSION_NONE:
    case EXPRESSION_INCLUDES:
    case EXPRESSION_SET_IS:
    case EXPRESSION_WITHIN:
    case EXPRESSION_DATED:
    case EXPRESSION_QUANTIFIED:
    case EXPRESSION_MET:
      break;
  }
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
           "a condition stands where a value is expected");
  return NULL;
}

/* ---- Comparisons ---- */

static const Condition *less(Scope *scope, const Term *left, const Term *right, bool or_equal) {
  Condition *condition = condition_new(scope->arena, CONDITION_COMPARE);
  condition->left = left;
  condition->right = right;
  condition->or_equal = or_equal;
  return condition;
}

static const Condition *compare_ordered(Scope *scope, const Term *a, Comparison comparison,
                                        const Term *b) {
  switch (comparison) {
    case COMPARE_LESS:
      return less(scope, a, b, false);
    case COMPARE_LESS_EQUAL:
      return less(scope, a, b, true);
    case COMPARE_GREATER:
      return less(scope, b, a, false);
    case COMPARE_GREATER_EQUAL:
      return less(scope, b, a, true);
    case COMPARE_EQUAL:
      return condition_pair(scope->arena, CONDITION_AND, less(scope, a, b, true),
                            less(scope, b, a, true));
    case COMPARE_NOT_EQUAL:
      return condition_pair(scope->arena, CONDITION_OR, less(scope, a, b, false),
                            less(scope, b, a, false));
  }
  return broken(scope);
}

static const Condition *reached(Scope *scope, const Term *duration, Span length) {
  Condition *condition = condition_new(scope->arena, CONDITION_REACHED);
  Term *bound = term_new(scope, TERM_SPAN, VALUE_DURATION, DIMENSION_TIME);
  bound->span = length;
  condition->left = duration;
  condition->right = bound;
  return condition;
}

static Comparison mirrored(Comparison comparison) {
  switch (comparison) {
    case COMPARE_LESS:
      return COMPARE_GREATER;
    case COMPARE_LESS_EQUAL:
      return COMPARE_GREATER_EQUAL;
    case COMPARE_GREATER:
      return COMPARE_LESS;
    case COMPARE_GREATER_EQUAL:
      return COMPARE_LESS_EQUAL;
    case COMPARE_EQUAL:
    case COMPARE_NOT_EQUAL:
      break;
  }
  return comparison;
}

/* "The facts a duration is reckoned from are none of them none": no comparison holds of what is not
 * there, so what is said by denial (`<`) adds this. */
static const Condition *something(Scope *scope, const Term *term, const Condition *so_far) {
  if (term == NULL) return so_far;
  if (term->kind == TERM_FACT && term->fact->type.or_none) {
    Condition *none = condition_new(scope->arena, CONDITION_NONE);
    none->fact = term->fact;
    so_far = condition_pair(scope->arena, CONDITION_AND, so_far, condition_not(scope->arena, none));
  }
  return something(scope, term->b, something(scope, term->a, so_far));
}

/* Completed units: "<= 30 years" holds until the day before the 31st birthday. */
static const Condition *compare_duration(Scope *scope, const Term *duration, Comparison comparison,
                                         const Term *bound) {
  Arena *arena = scope->arena;
  Span next = {bound->span.months + bound->unit.months, bound->span.days + bound->unit.days};
  const Condition *at_least = reached(scope, duration, bound->span),
                  *more = reached(scope, duration, next);
  switch (comparison) {
    case COMPARE_GREATER_EQUAL:
      return at_least;
    case COMPARE_GREATER:
      return more;
    case COMPARE_LESS:
      return something(scope, duration, condition_not(arena, at_least));
    case COMPARE_LESS_EQUAL:
      return something(scope, duration, condition_not(arena, more));
    case COMPARE_EQUAL:
      return condition_pair(arena, CONDITION_AND, at_least, condition_not(arena, more));
    case COMPARE_NOT_EQUAL:
      return something(scope, duration,
                       condition_pair(arena, CONDITION_OR, condition_not(arena, at_least), more));
  }
  return broken(scope);
}

/* `is` with a value of an enumeration, a name or a code on the right. */
static const Condition *compare_value(Scope *scope, const Expression *e, const Symbol *left) {
  const Expression *right = e->operands.items[1];
  if (right->kind == EXPRESSION_NAME && right->word.text.length == 0) return broken(scope);
  if (right->kind != EXPRESSION_NAME && right->kind != EXPRESSION_NUMBER &&
      right->kind != EXPRESSION_DATE) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, right->span,
             "a single value is expected here");
    return broken(scope);
  }
  const Condition *condition;
  WordList one = {0};
  Word value = right->word;
  if (value.text.length == 0)
    value = (Word){
        {right->span.source->text.at + right->span.start, right->span.end - right->span.start},
        right->span};
  LIST_PUSH(scope->arena, one, value);
  if (left->kind == SYMBOL_DERIVATION) {
    bool yes = text_is(value.text, "yes");
    if (!yes && !text_is(value.text, "no")) {
      Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, value.span,
                               "`%.*s` is none of the values this can take", TEXT_ARGS(value.text));
      diagnostic_expect(scope->diagnostics, d, "yes | no");
    }
    condition = yes ? left->condition : condition_not(scope->arena, left->condition);
  } else {
    condition = is_one_of(scope, left, e->operands.items[0]->word, &one);
  }
  if (e->comparison == COMPARE_EQUAL) return condition;
  if (e->comparison == COMPARE_NOT_EQUAL) return condition_not(scope->arena, condition);
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
           "values of an enumeration, names and codes have no order");
  return broken(scope);
}

static bool is_word_valued(const Symbol *symbol) {
  const Type *type = type_of(symbol);
  if (type == NULL) return symbol->kind == SYMBOL_DERIVATION && symbol->condition != NULL;
  return type->kind == TYPE_ENUMERATION || type->kind == TYPE_NAME || type->kind == TYPE_CODE ||
         type->kind == TYPE_SET || type->kind == TYPE_LIST;
}

static const Condition *check_compare(Scope *scope, const Expression *e) {
  const Expression *left = e->operands.items[0];
  if (left->kind == EXPRESSION_NAME) {
    Symbol *symbol = symbol_of(scope, left->word, "a fact or derivation");
    if (symbol == NULL) return broken(scope);
    if (is_word_valued(symbol)) return compare_value(scope, e, symbol);
  }
  const Term *a = check_term(scope, left), *b = check_term(scope, e->operands.items[1]);
  if (a == NULL || b == NULL || !check_same(scope, e, a, b)) return broken(scope);
  if (a->value != VALUE_DURATION) return compare_ordered(scope, a, e->comparison, b);
  if (b->kind == TERM_SPAN && a->kind != TERM_SPAN)
    return compare_duration(scope, a, e->comparison, b);
  if (a->kind == TERM_SPAN && b->kind != TERM_SPAN)
    return compare_duration(scope, b, mirrored(e->comparison), a);
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span, "two durations are compared");
  diagnostic_expect(scope->diagnostics, d,
                    "a duration on one side and a fixed length such as `18 years` on the other");
  return broken(scope);
}

/* ---- Dates ---- */

static Term *builtin_date(Scope *scope, uint32_t index) {
  Term *term = term_new(scope, TERM_FACT, VALUE_DATE, DIMENSION_TIME);
  term->fact = scope->vocabulary->facts.items[index];
  return term;
}

static const Term *before_start(Scope *scope, Span length) {
  Term *term = term_new(scope, TERM_SHIFTED, VALUE_DATE, DIMENSION_TIME);
  term->a = builtin_date(scope, FACT_START);
  term->span = length;
  return term;
}

static const Term *date_named(Scope *scope, Word name) {
  Expression e = {.kind = EXPRESSION_NAME, .span = name.span, .word = name};
  const Term *term = check_term(scope, &e);
  if (term == NULL || term->value == VALUE_DATE) return term;
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, name.span, "`%.*s` is not a date",
           TEXT_ARGS(name.text));
  return NULL;
}

static const Condition *check_within(Scope *scope, const Expression *e) {
  const Term *date = date_named(scope, e->word);
  if (date == NULL) return broken(scope);
  return condition_pair(scope->arena, CONDITION_AND,
                        less(scope, before_start(scope, e->length), date, true),
                        less(scope, date, builtin_date(scope, FACT_START), true));
}

static const Condition *check_dated(Scope *scope, const Expression *e) {
  const Term *date = date_named(scope, e->word);
  const Expression *bound = e->operands.items[0];
  const Term *right = bound->kind == EXPRESSION_SPAN ? before_start(scope, bound->length)
                                                     : check_term(scope, bound);
  if (date == NULL || right == NULL) return broken(scope);
  if (right->value == VALUE_DATE) return compare_ordered(scope, date, e->comparison, right);
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, bound->span,
           "a date is compared with something that is no date");
  return broken(scope);
}

/* ---- Facts as a whole ---- */

/* `x is none` where none is one of the values x can take. */
static const Condition *none_value(Scope *scope, const Expression *e) {
  Symbol *symbol = scope_find(scope, e->word.text);
  const Type *type = symbol == NULL ? NULL : type_of(symbol);
  if (type == NULL || type->kind != TYPE_ENUMERATION || type->broken) return NULL;
  if (symbol->kind == SYMBOL_FACT && scope->list != NULL) return NULL; /* told by check_fact */
  WordList one = {0};
  LIST_PUSH(scope->arena, one, ((Word){TEXT("none"), e->span}));
  return is_one_of(scope, symbol, e->word, &one);
}

static const Condition *check_flag(Scope *scope, const Expression *e, ConditionKind kind) {
  const Condition *value = kind == CONDITION_NONE ? none_value(scope, e) : NULL;
  if (value != NULL) return value;
  Symbol *field = scope_find(scope, e->word.text);
  if (field != NULL && field->kind == SYMBOL_FIELD) {
    diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
             "within a list's entry only values are tested");
    return broken(scope);
  }
  Fact *fact = check_fact(scope, e->word, "a fact");
  if (fact == NULL) return broken(scope);
  if (kind == CONDITION_NONE && !fact->type.or_none) {
    Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
                             "`%.*s` is never none", TEXT_ARGS(e->word.text));
    if (fact->span.source != NULL)
      diagnostic_note(scope->diagnostics, d, fact->span, "declare it `or none` here");
    return broken(scope);
  }
  Condition *condition = condition_new(scope->arena, kind);
  condition->fact = fact;
  return condition;
}

static const Condition *check_set(Scope *scope, const Expression *e, ConditionKind kind) {
  Fact *fact = check_fact_of(scope, e->word, TYPE_SET, "a set");
  if (fact == NULL) return broken(scope);
  Condition *condition = condition_new(scope->arena, kind);
  condition->fact = fact;
  condition->mask = mask_of(scope, &fact->type, &e->values);
  return condition;
}

static const Condition *at_least_entries(Scope *scope, const Fact *list, uint32_t count,
                                         const Condition *where) {
  if (count == 0) return condition_constant(scope->arena, true);
  Condition *condition = condition_new(scope->arena, CONDITION_COUNT);
  condition->fact = list;
  condition->count = count;
  LIST_PUSH(scope->arena, condition->operands, where);
  return condition;
}

/* Entries are counted up to LIMIT_COUNTED; "at most n" and "exactly n" must tell n from n + 1. */
static bool check_counted(Scope *scope, const Expression *e) {
  bool beyond = e->quantifier == QUANTIFIER_AT_MOST || e->quantifier == QUANTIFIER_EXACTLY;
  uint32_t most = beyond ? LIMIT_COUNTED - 1 : LIMIT_COUNTED;
  if (e->count <= most) return true;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_COUNTED, e->span,
                           "%u entries of a list are too many to be counted", e->count);
  diagnostic_expect(scope->diagnostics, d, "at most %u here", most);
  return false;
}

static const Condition *check_quantified(Scope *scope, const Expression *e) {
  Arena *arena = scope->arena;
  Fact *list = check_fact_of(scope, e->word, TYPE_LIST, "a list");
  if (list == NULL || !check_counted(scope, e)) return broken(scope);
  Scope entry;
  scope_open(&entry, scope, arena, scope->diagnostics, scope->vocabulary);
  entry.list = list;
  for (uint32_t i = 0; i < list->field_count; i++) {
    Symbol *symbol = scope_add(&entry, SYMBOL_FIELD, (Word){list->fields[i].name, list->span});
    if (symbol != NULL) symbol->field = &list->fields[i];
  }
  const Condition *where = check_condition(&entry, e->operands.items[0]);
  switch (e->quantifier) {
    case QUANTIFIER_ANY:
      return at_least_entries(scope, list, 1, where);
    case QUANTIFIER_EVERY:
      return condition_not(arena, at_least_entries(scope, list, 1, condition_not(arena, where)));
    case QUANTIFIER_AT_LEAST:
      return at_least_entries(scope, list, e->count, where);
    case QUANTIFIER_AT_MOST:
      return condition_not(arena, at_least_entries(scope, list, e->count + 1, where));
    case QUANTIFIER_EXACTLY:
      return condition_pair(
          arena, CONDITION_AND, at_least_entries(scope, list, e->count, where),
          condition_not(arena, at_least_entries(scope, list, e->count + 1, where)));
  }
  return broken(scope);
}

static const Condition *check_met(Scope *scope, const Expression *e) {
  if (e->word.text.length == 0) return broken(scope);
  if (scope->list != NULL) {
    report_outside_entry(scope, e->span, e->word.text);
    return broken(scope);
  }
  Condition *condition = condition_new(scope->arena, CONDITION_MET);
  LIST(Text) paths = {0};
  for (uint32_t i = 0; scope->policy != NULL && i < scope->policy->criteria.count; i++) {
    Criterion *criterion = scope->policy->criteria.items[i];
    if (criterion->label.length == 0) continue;
    if (text_equal(criterion->path, e->word.text))
      return condition->criterion = criterion, condition;
    LIST_PUSH(scope->arena, paths, criterion->path);
  }
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_UNKNOWN_LABEL, e->word.span,
                           "no criterion has the label path `%.*s`", TEXT_ARGS(e->word.text));
  diagnostic_expect(scope->diagnostics, d, "the labels from the top, joined by dots");
  diagnostic_nearest(scope->diagnostics, d, e->word.text, paths.items, paths.count);
  return broken(scope);
}

/* `remission_number in 1, 2`: one comparison each. */
static const Condition *one_of_numbers(Scope *scope, const Expression *e, const Term *left) {
  Condition *any = condition_new(scope->arena, CONDITION_OR);
  for (uint32_t i = 0; i < e->values.count; i++) {
    Word word = e->values.items[i];
    Expression number = {.kind = EXPRESSION_NUMBER, .span = word.span, .word = word};
    Amount amount;
    if (amount_parse(word.text, &amount) == QUANTITY_NOT_A_NUMBER) {
      diagnose(scope->diagnostics, DIAGNOSTIC_VALUE_OUTSIDE, word.span, "`%.*s` is no number",
               TEXT_ARGS(word.text));
      continue;
    }
    const Term *right = check_term(scope, &number);
    if (right == NULL) return broken(scope);
    if (!same_dimension(left, right)) {
      diagnose(scope->diagnostics, DIAGNOSTIC_DIMENSION_MISMATCH, number.span,
               "%s is compared with %s", term_type(left), term_type(right));
      return broken(scope);
    }
    LIST_PUSH(scope->arena, any->operands, compare_ordered(scope, left, COMPARE_EQUAL, right));
  }
  return any;
}

static const Condition *check_in(Scope *scope, const Expression *e) {
  const Expression *left = e->operands.items[0];
  if (left->kind == EXPRESSION_NAME) {
    Symbol *symbol = symbol_of(scope, left->word, "a fact");
    if (symbol == NULL) return broken(scope);
    bool quantity = type_of(symbol) != NULL && type_of(symbol)->kind == TYPE_QUANTITY;
    if (!quantity && (symbol->kind == SYMBOL_FACT || symbol->kind == SYMBOL_FIELD))
      return is_one_of(scope, symbol, left->word, &e->values);
  }
  const Term *term = check_term(scope, left);
  if (term == NULL) return broken(scope);
  if (term->value == VALUE_AMOUNT) return one_of_numbers(scope, e, term);
  diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, left->span,
           "a date or a duration is not one of several values");
  return broken(scope);
}

static const Condition *join(Scope *scope, const Expression *e, ConditionKind kind) {
  Condition *condition = condition_new(scope->arena, kind);
  for (uint32_t i = 0; i < e->operands.count; i++)
    LIST_PUSH(scope->arena, condition->operands, check_condition(scope, e->operands.items[i]));
  return condition;
}

/* One more test or value; false, told once, where there are too many. */
static bool charge(Scope *scope, const Expression *e) {
  ConditionBudget *budget = scope->budget;
  if (e == NULL) return false; /* the parser gave the line up */
  if (budget->tests < LIMIT_TESTS) return budget->tests++, true;
  if (budget->reported) return false;
  budget->reported = true;
  Diagnostic *d = diagnose(scope->diagnostics, DIAGNOSTIC_TOO_MANY_TESTS, e->span,
                           "the conditions hold too many tests");
  diagnostic_expect(scope->diagnostics, d, "at most %u", LIMIT_TESTS);
  return false;
}

const Condition *check_condition(Scope *scope, const Expression *e) {
  const Condition *left;
  if (!charge(scope, e)) return broken(scope);
  switch (e->kind) {
    case EXPRESSION_NAME:
      return check_name(scope, e);
    case EXPRESSION_AND:
      return join(scope, e, CONDITION_AND);
    case EXPRESSION_OR:
      return join(scope, e, CONDITION_OR);
    case EXPRESSION_NOT:
      return condition_not(scope->arena, check_condition(scope, e->operands.items[0]));
    case EXPRESSION_IF:
      left = condition_not(scope->arena, check_condition(scope, e->operands.items[0]));
      return condition_pair(scope->arena, CONDITION_OR, left,
                            check_condition(scope, e->operands.items[1]));
    case EXPRESSION_COMPARE:
      return check_compare(scope, e);
    case EXPRESSION_IN:
      return check_in(scope, e);
    case EXPRESSION_GIVEN:
      return check_flag(scope, e, CONDITION_GIVEN);
    case EXPRESSION_DOCUMENTED:
      return check_flag(scope, e, CONDITION_DOCUMENTED);
    case EXPRESSION_NONE:
      return check_flag(scope, e, CONDITION_NONE);
    case EXPRESSION_INCLUDES:
      return check_set(scope, e, CONDITION_INCLUDES);
    case EXPRESSION_SET_IS:
      return check_set(scope, e, CONDITION_SET_IS);
    case EXPRESSION_WITHIN:
      return check_within(scope, e);
    case EXPRESSION_DATED:
      return check_dated(scope, e);
    case EXPRESSION_QUANTIFIED:
      return check_quantified(scope, e);
    case EXPRESSION_MET:
      return check_met(scope, e);
    case EXPRESSION_NUMBER:
    case EXPRESSION_DATE:
    case EXPRESSION_SPAN:
    case EXPRESSION_ADD:
    case EXPRESSION_SUBTRACT:
    case EXPRESSION_MULTIPLY:
    case EXPRESSION_DIVIDE:
    case EXPRESSION_LEAST:
    case EXPRESSION_GREATEST:
    case EXPRESSION_BODY_SURFACE:
    case EXPRESSION_FROM_TO:
    case EXPRESSION_QUERY:
    case EXPRESSION_PERCENT_CHANGE:
    case EXPRESSION_UPPER_LIMIT:
      break;
  }
  diagnose(scope->diagnostics, DIAGNOSTIC_NOT_A_CONDITION, e->span,
           "a value stands where a condition is expected");
  return broken(scope);
}
