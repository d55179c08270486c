/* parse_condition.c: conditions. Loosest binding first:
 *
 *     parse_any_expression   if … then …
 *     disjunction            or
 *     conjunction            and
 *     negation               not
 *     test                   comparisons, in, is given, within, before …
 *     parse_sum              values: parse_expression.c
 *
 * A `(` may open a condition or a value: `(a or b) and c`, `(a + b) / 2 <= 5`. So parentheses come
 * back here from parse_expression.c, a value may come out of parse_any_expression, and whoever
 * needs the one or the other asks with expression_as_condition or expression_as_value.
 */
#include "language/parse_internal.h"

static Expression *negate(Parser *parser, uint32_t start, Expression *operand) {
  Expression *expression = expression_make(parser, EXPRESSION_NOT, start);
  expression_add_operand(parser, expression, operand);
  return expression;
}

/* ---- Tests ---- */

/* A test of the name `subject`. */
static Expression *about(Parser *parser, ExpressionKind kind, const Expression *subject) {
  Expression *expression = expression_make(parser, kind, subject->span.start);
  expression->word = subject->word;
  return expression;
}

static Expression *comparison(Parser *parser, Comparison relation, Expression *left) {
  Expression *right = expression_as_value(parser, parse_sum(parser));
  Expression *expression =
      expression_join(parser, EXPRESSION_COMPARE, expression_as_value(parser, left), right);
  expression->comparison = relation;
  return expression;
}

static Expression *membership(Parser *parser, Expression *left) {
  Expression *expression = expression_make(parser, EXPRESSION_IN, left->span.start);
  expression_add_operand(parser, expression, expression_as_value(parser, left));
  parser_expect_word_list(parser, &expression->values, "a value");
  return expression_finish(parser, expression);
}

static Expression *set_is(Parser *parser, const Expression *left) {
  Expression *expression = about(parser, EXPRESSION_SET_IS, left);
  parser_accept(parser, TOKEN_OPEN_BRACE);
  if (!parser_at(parser, TOKEN_CLOSE_BRACE))
    parser_expect_word_list(parser, &expression->values, "a value or `}`");
  parser_expect_token(parser, TOKEN_CLOSE_BRACE);
  return expression_finish(parser, expression);
}

/* What follows `is` or `is not`, where it is neither a value nor an expression; NULL otherwise. */
static Expression *special_is(Parser *parser, const Expression *left) {
  if (left->kind != EXPRESSION_NAME) return NULL;
  if (parser_at(parser, TOKEN_OPEN_BRACE)) return set_is(parser, left);
  ExpressionKind kind = EXPRESSION_NAME;
  if (parser_at_word(parser, "given")) kind = EXPRESSION_GIVEN;
  if (parser_at_word(parser, "documented")) kind = EXPRESSION_DOCUMENTED;
  if (parser_at_word(parser, "none")) kind = EXPRESSION_NONE;
  if (kind == EXPRESSION_NAME) return NULL;
  parser_advance(parser);
  return about(parser, kind, left);
}

static Expression *is_test(Parser *parser, Expression *left) {
  bool is_negated = parser_accept_word(parser, "not");
  Expression *special = special_is(parser, left);
  if (special) return is_negated ? negate(parser, left->span.start, special) : special;
  return comparison(parser, is_negated ? COMPARE_NOT_EQUAL : COMPARE_EQUAL, left);
}

static Expression *includes(Parser *parser, const Expression *left) {
  Expression *expression = about(parser, EXPRESSION_INCLUDES, left);
  Word value = parser_expect_word(parser, "a value of the set");
  LIST_PUSH(parser->arena, expression->values, value);
  return expression_finish(parser, expression);
}

static Expression *within(Parser *parser, const Expression *left) {
  Expression *expression = about(parser, EXPRESSION_WITHIN, left);
  expression->length = parser_expect_span(parser);
  parser_expect_keyword(parser, "before");
  parser_expect_keyword(parser, "start");
  return expression_finish(parser, expression);
}

/* What a date is before or after: a day, another date, or a length before the start. */
static Expression *point_in_time(Parser *parser) {
  if (parser_at_span(parser)) {
    Expression *length = parse_span_value(parser);
    parser_expect_keyword(parser, "before");
    parser_expect_keyword(parser, "start");
    return expression_finish(parser, length);
  }
  if (parser_names_something(parser, 0)) return parse_date_or_name(parser);
  parser_fail_expecting(parser, DIAGNOSTIC_EXPECTED_VALUE,
                        "a date, `start`, `received` or a length such as `2 weeks before start`");
  return expression_placeholder(parser);
}

static Expression *dated(Parser *parser, Comparison relation, const Expression *left) {
  Expression *expression = about(parser, EXPRESSION_DATED, left);
  expression->comparison = relation;
  expression_add_operand(parser, expression, point_in_time(parser));
  return expression_finish(parser, expression);
}

/* The relation a sign stands for; false where the token is no such sign. */
static bool sign_relation(TokenKind kind, Comparison *relation) {
  static const struct {
    TokenKind kind;
    Comparison relation;
  } signs[] = {{TOKEN_EQUAL, COMPARE_EQUAL},
               {TOKEN_LESS, COMPARE_LESS},
               {TOKEN_LESS_EQUAL, COMPARE_LESS_EQUAL},
               {TOKEN_GREATER, COMPARE_GREATER},
               {TOKEN_GREATER_EQUAL, COMPARE_GREATER_EQUAL}};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (signs[i].kind != kind) continue;
    *relation = signs[i].relation;
    return true;
  }
  return false;
}

/* `before`, `on or before`, `after`, `on or after`: read where they stand. */
static bool accept_dated(Parser *parser, Comparison *relation) {
  bool is_inclusive = parser_at_words(parser, "on", "or");
  uint32_t ahead = is_inclusive ? 2 : 0;
  bool is_before = parser_look_is(parser, ahead, "before"),
       is_after = parser_look_is(parser, ahead, "after");
  if (!is_before && !is_after) return false;
  parser->at += ahead + 1;
  *relation = is_before ? (is_inclusive ? COMPARE_LESS_EQUAL : COMPARE_LESS)
                        : (is_inclusive ? COMPARE_GREATER_EQUAL : COMPARE_GREATER);
  return true;
}

/* What a name's own operators make of it; the name itself where none follows. */
static Expression *name_test(Parser *parser, Expression *left) {
  Comparison relation;
  if (parser_accept_word(parser, "includes")) return includes(parser, left);
  if (parser_accept_word(parser, "within")) return within(parser, left);
  if (accept_dated(parser, &relation)) return dated(parser, relation, left);
  return left;
}

static Expression *value_test(Parser *parser) {
  uint32_t start = parser_start(parser);
  Expression *left = parse_sum(parser);
  Comparison relation;
  if (sign_relation(parser_peek(parser)->kind, &relation)) {
    parser_advance(parser);
    return comparison(parser, relation, left);
  }
  if (parser_accept_word(parser, "is")) return is_test(parser, left);
  if (parser_accept_word(parser, "in")) return membership(parser, left);
  if (parser_accept_words(parser, "not", "in"))
    return negate(parser, start, membership(parser, left));
  return left->kind == EXPRESSION_NAME ? name_test(parser, left) : left;
}

/* The quantifier that stands here with its list; `*words` is how many words it has, its number
 * included. */
static bool at_quantifier(const Parser *parser, Quantifier *quantifier, uint32_t *words) {
  bool is_counted = false;
  if (parser_at_word(parser, "any") || parser_at_word(parser, "every")) {
    *quantifier = parser_at_word(parser, "any") ? QUANTIFIER_ANY : QUANTIFIER_EVERY;
    *words = 1;
  } else if (parser_at_words(parser, "at", "least") || parser_at_words(parser, "at", "most")) {
    *quantifier = parser_look_is(parser, 1, "least") ? QUANTIFIER_AT_LEAST : QUANTIFIER_AT_MOST;
    *words = 2;
    is_counted = true;
  } else if (parser_at_word(parser, "exactly")) {
    *quantifier = QUANTIFIER_EXACTLY;
    *words = 1;
    is_counted = true;
  } else {
    return false;
  }
  return is_counted || parser_names_something(parser, *words);
}

static Expression *quantified(Parser *parser, Quantifier quantifier, uint32_t words) {
  Expression *expression = expression_make(parser, EXPRESSION_QUANTIFIED, parser_start(parser));
  bool is_counted = quantifier != QUANTIFIER_ANY && quantifier != QUANTIFIER_EVERY;
  parser->at += words;
  expression->quantifier = quantifier;
  if (is_counted) expression->count = parser_expect_count(parser, "a whole number");
  expression->word = parser_expect_word(parser, "the name of a list");
  parser_expect_keyword(parser, "where");
  expression_add_operand(parser, expression, parse_condition(parser));
  return expression_finish(parser, expression);
}

static Expression *met(Parser *parser) {
  Expression *expression = expression_make(parser, EXPRESSION_MET, parser_start(parser));
  parser_accept_word(parser, "met");
  expression->word = parser_expect_word(parser, "a label path such as I.A.5");
  return expression_finish(parser, expression);
}

static Expression *test(Parser *parser) {
  Quantifier quantifier;
  uint32_t words = 0;
  if (at_quantifier(parser, &quantifier, &words)) return quantified(parser, quantifier, words);
  if (parser_at_word(parser, "met") && parser_names_something(parser, 1)) return met(parser);
  return value_test(parser);
}

/* ---- not, and, or, if ---- */

static Expression *negation(Parser *parser) {
  uint32_t start = parser_start(parser);
  if (!parser_accept_word(parser, "not")) return test(parser);
  if (!parser_enter(parser)) return expression_placeholder(parser);
  Expression *operand = expression_as_condition(parser, negation(parser));
  parser_leave(parser);
  return negate(parser, start, operand);
}

/* operand { word operand }: one operand stands for itself. */
static Expression *chain(Parser *parser, ExpressionKind kind, const char *word,
                         Expression *(*operand)(Parser *)) {
  Expression *first = operand(parser);
  if (!parser_at_word(parser, word)) return first;
  Expression *expression = expression_make(parser, kind, first->span.start);
  expression_add_operand(parser, expression, expression_as_condition(parser, first));
  while (parser_accept_word(parser, word))
    expression_add_operand(parser, expression, expression_as_condition(parser, operand(parser)));
  return expression_finish(parser, expression);
}

static Expression *conjunction(Parser *parser) {
  return chain(parser, EXPRESSION_AND, "and", negation);
}

static Expression *disjunction(Parser *parser) {
  return chain(parser, EXPRESSION_OR, "or", conjunction);
}

static Expression *if_then(Parser *parser) {
  Expression *expression = expression_make(parser, EXPRESSION_IF, parser_start(parser));
  parser_accept_word(parser, "if");
  expression_add_operand(parser, expression, parse_condition(parser));
  parser_expect_keyword(parser, "then");
  expression_add_operand(parser, expression, parse_condition(parser));
  return expression_finish(parser, expression);
}

/* ---- The two doors ---- */

Expression *parse_any_expression(Parser *parser) {
  if (!parser_enter(parser)) return expression_placeholder(parser);
  Expression *expression = parser_at_word(parser, "if") ? if_then(parser) : disjunction(parser);
  parser_leave(parser);
  return expression;
}

Expression *parse_condition(Parser *parser) {
  const Token *token = parser_peek(parser);
  bool is_missing = token->kind == TOKEN_NEWLINE || token->kind == TOKEN_TEXT;
  if (is_missing) {
    parser_fail_expecting(parser, DIAGNOSTIC_EXPECTED_CONDITION, "a condition");
    return expression_placeholder(parser);
  }
  return expression_as_condition(parser, parse_any_expression(parser));
}
