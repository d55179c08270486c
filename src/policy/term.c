/* term: values - quantities, dates, durations - from syntax to meaning.
 *
 * Dimensions are checked here, once and for all: no later room sees a sum of milligrams and days.
 * Arithmetic on constants is done at once, exactly. */
#include <string.h>

#include "policy/condition_internal.h"

Term *term_new(Scope *scope, TermKind kind, ValueKind value, Dimension dimension) {
  Term *term = ARENA_NEW(scope->arena, Term);
  term->kind = kind;
  term->value = value;
  term->dimension = dimension;
  return term;
}

/* The kind of value a fact of the type has; false where it is not a value to compute with. */
static bool value_of_type(TypeKind type, ValueKind *value) {
  if (type != TYPE_QUANTITY && type != TYPE_DATE && type != TYPE_DURATION) return false;
  *value = type == TYPE_QUANTITY ? VALUE_AMOUNT : type == TYPE_DATE ? VALUE_DATE : VALUE_DURATION;
  return true;
}

static const Term *fact_term(Scope *scope, const Expression *e) {
  Symbol *symbol = symbol_of(scope, e->word, "a quantity, a date or a duration");
  if (symbol == NULL) return NULL;
  if (symbol->kind == SYMBOL_DERIVATION && symbol->term != NULL) return symbol->term;
  if (symbol->kind == SYMBOL_FACT) {
    Term *term = term_new(scope, TERM_FACT, VALUE_AMOUNT, symbol->fact->type.dimension);
    term->fact = symbol->fact;
    if (value_of_type(symbol->fact->type.kind, &term->value)) return term;
  }
  if (symbol->kind == SYMBOL_DERIVATION && symbol->condition == NULL)
    return NULL; /* reported already */
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
                 "the %s of a list's entries are recorded, but cannot be tested",
                 is_date ? "dates" : "quantities");
    diagnostic_expect(scope->diagnostics, d,
                      "a yes/no or enumerated field that states what matters about the %s",
                      is_date ? "date" : "quantity");
  } else {
    d = diagnose(scope->diagnostics, DIAGNOSTIC_TYPE_MISMATCH, e->span,
                 "`%.*s` is not a quantity, date or duration", TEXT_ARGS(e->word.text));
  }
  if (symbol->span.source != NULL)
    diagnostic_note(scope->diagnostics, d, symbol->span, "it is declared here");
  return NULL;
}

static void report_number(Scope *scope, SourceSpan span, QuantityError error, Dimension dimension) {
  const bool is_large = error == QUANTITY_TOO_LARGE;
  Diagnostic *d =
      diagnose(scope->diagnostics, DIAGNOSTIC_BAD_NUMBER, span,
               is_large ? "this number is too large" : "this number cannot be stored exactly");
  if (!is_large)
    diagnostic_expect(scope->diagnostics, d, "fewer digits: %s", dimension_precision(dimension));
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
    report_number(scope, e->span, request_error, term->dimension);
  }
  return NULL;
}

/* A plain number takes the dimension of what it is compared or added with where that has no unit.
 */
static bool is_plain(Dimension d) {
  return d == DIMENSION_NUMBER || d == DIMENSION_COUNT || d == DIMENSION_RATIO;
}

bool same_dimension(const Term *a, const Term *b) {
  if (a->value != b->value) return false;
  if (a->value != VALUE_AMOUNT || a->dimension == b->dimension) return true;
  return (is_plain(a->dimension) && b->dimension == DIMENSION_NUMBER) ||
         (is_plain(b->dimension) && a->dimension == DIMENSION_NUMBER);
}

const char *term_type(const Term *term) {
  if (term->value == VALUE_DATE) return "a date";
  return term->value == VALUE_DURATION ? "a duration" : dimension_name(term->dimension);
}

bool check_same(Scope *scope, const Expression *e, const Term *a, const Term *b) {
  if (same_dimension(a, b)) return true;
  Diagnostic *d = diagnose(
      scope->diagnostics,
      a->value == b->value ? DIAGNOSTIC_DIMENSION_MISMATCH : DIAGNOSTIC_TYPE_MISMATCH,
      e->operands.items[1]->span, "%s is compared or combined with %s", term_type(a), term_type(b));
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
             "dates and durations cannot be added or subtracted");
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
                           "body surface area is computed from a height and a weight");
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
           "a duration must run from one date to another");
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

const Term *check_term(Scope *scope, const Expression *e) {
  Term *term;
  if (!charge_test(scope, e)) return NULL;
  switch (e->kind) {
    case EXPRESSION_NAME:
      return fact_term(scope, e);
    case EXPRESSION_NUMBER:
      return number_term(scope, e);
    case EXPRESSION_DATE:
      term = term_new(scope, TERM_DATE, VALUE_DATE, DIMENSION_TIME);
      term->date = e->date;
      return term;
    case EXPRESSION_SPAN:
      term = term_new(scope, TERM_SPAN, VALUE_DURATION, DIMENSION_TIME);
      term->span = e->length;
      /* "18 years" is given in years: the unit is the last word */
      {
        Text word = e->word.text;
        uint32_t at = word.length;
        while (at > 0 && is_ascii_letter(word.at[at - 1])) at--;
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
           "this is a condition, but a value is required");
  return NULL;
}
