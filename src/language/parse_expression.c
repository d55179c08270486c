/* parse_expression.c: values: numbers, measures, lengths, dates, names, queries of series, and what
 * is calculated from them.
 *
 * Conditions and values share one tree and one descent, because `(` may open either: see
 * parse_condition.c, which stands above this file. So every level checks afterwards that its
 * operands are of the sort it joins.
 *
 * Two bounds keep the tree small enough for the recursions of the later rooms: `parser->depth` on
 * the way down (parentheses, `not`, `if`) and `height` on the way up, since a long sum leans to the
 * left without recursion.
 */
#include "base/limits.h"
#include "base/quantity.h"
#include "language/parse_internal.h"

static Expression *factor(Parser *parser);

/* ---- Building ---- */

Expression *expression_make(Parser *parser, ExpressionKind kind, uint32_t start) {
  Expression *expression = ARENA_NEW(parser->arena, Expression);
  expression->kind = kind;
  expression->date = DATE_NONE;
  expression->span = parser_span(parser, start);
  return expression;
}

static void report_too_deep(Parser *parser, SourceSpan span) {
  parser_fail(parser, DIAGNOSTIC_CONDITION_TOO_DEEP, span,
              "this condition is nested more than %d levels deep", (int)LIMIT_CONDITION_DEPTH);
}

void expression_add_operand(Parser *parser, Expression *expression, Expression *operand) {
  LIST_PUSH(parser->arena, expression->operands, operand);
  if (operand->height >= expression->height) expression->height = operand->height + 1;
  if (expression->height > LIMIT_CONDITION_DEPTH) report_too_deep(parser, expression->span);
}

/* Ends the span of a finished expression with the last token read. */
Expression *expression_finish(Parser *parser, Expression *expression) {
  expression->span = parser_span(parser, expression->span.start);
  return expression;
}

Expression *expression_join(Parser *parser, ExpressionKind kind, Expression *left,
                            Expression *right) {
  Expression *expression = expression_make(parser, kind, left->span.start);
  expression_add_operand(parser, expression, left);
  expression_add_operand(parser, expression, right);
  return expression;
}

/* What stands for an expression on a broken line. */
Expression *expression_placeholder(Parser *parser) {
  Expression *expression = expression_make(parser, EXPRESSION_NAME, parser_start(parser));
  expression->word.text = TEXT("");
  return expression;
}

/* False, with the line given up, where the condition is too deep to continue down. */
bool parser_enter(Parser *parser) {
  if (parser->depth < LIMIT_CONDITION_DEPTH) {
    parser->depth++;
    return true;
  }
  report_too_deep(parser, parser_token_span(parser, parser_peek(parser)));
  return false;
}

void parser_leave(Parser *parser) { parser->depth--; }

/* ---- The sort of an expression: a condition, a value, or a name, which can be either ---- */

/* The enumeration lists the values first (syntax.h). */
static bool is_value(const Expression *expression) {
  return expression->kind < EXPRESSION_AND && expression->kind != EXPRESSION_NAME;
}

static bool is_condition(const Expression *expression) {
  return expression->kind >= EXPRESSION_AND;
}

Expression *expression_as_condition(Parser *parser, Expression *expression) {
  if (!is_value(expression)) return expression;
  Diagnostic *diagnostic = parser_fail(parser, DIAGNOSTIC_EXPECTED_CONDITION, expression->span,
                                       "this is a value, but a condition is required");
  if (diagnostic)
    diagnostic_expect(parser->diagnostics, diagnostic,
                      "a comparison such as `age >= 18 years`, or a yes/no fact");
  return expression;
}

Expression *expression_as_value(Parser *parser, Expression *expression) {
  if (!is_condition(expression)) return expression;
  Diagnostic *diagnostic = parser_fail(parser, DIAGNOSTIC_EXPECTED_VALUE, expression->span,
                                       "this is a condition, but a value is required");
  if (diagnostic)
    diagnostic_expect(parser->diagnostics, diagnostic, "a name, number, date or length");
  return expression;
}

/* ---- Words that are reserved here ---- */

/* Words that continue after a value, so cannot be the name that `latest` or `met` is waiting for.
 */
static bool is_operator_word(Text text) {
  static const char *const words[] = {
      "and", "or",    "is",    "in",   "not",   "then",     "within", "before", "after", "on",
      "to",  "where", "while", "from", "until", "includes", "times",  "of",     "if"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (text_is(text, words[i])) return true;
  }
  return false;
}

/* ---- Numbers, measures, lengths ---- */

static bool is_unit(Text spelling) {
  Dimension dimension;
  int64_t numerator, denominator;
  return unit_find(spelling, &dimension, &numerator, &denominator);
}

/* `18years`, `20%`: two words written as one. Single letters are left alone: `2A` and `5g` may be
 * names of values. */
static bool is_number_with_unit(Text text) {
  uint32_t digits = 0;
  while (digits < text.length &&
         ((text.at[digits] >= '0' && text.at[digits] <= '9') || text.at[digits] == '.'))
    digits++;
  Text unit = {text.at + digits, text.length - digits};
  Span one;
  bool is_percent = text_is(unit, "%");
  return digits > 0 &&
         (is_percent || (unit.length > 1 && (is_unit(unit) || span_unit(unit, &one))));
}

static void report_missing_space(Parser *parser, const Token *token) {
  Text text = parser_text(parser, token);
  Diagnostic *diagnostic =
      parser_fail(parser, DIAGNOSTIC_BAD_UNIT, parser_token_span(parser, token),
                  "`%.*s` is a single word", (int)text.length, text.at);
  if (diagnostic)
    diagnostic_expect(parser->diagnostics, diagnostic, "a space between the number and its unit");
}

static void report_unknown_unit(Parser *parser, const Token *token) {
  static const Text units[] = {
#define UNIT(spelling, ...) {spelling, sizeof spelling - 1},
#include "base/unit.def"
#undef UNIT
      {"days", 4},
      {"weeks", 5},
      {"months", 6},
      {"years", 5},
  };
  Text text = parser_text(parser, token);
  Diagnostic *diagnostic =
      parser_fail(parser, DIAGNOSTIC_BAD_UNIT, parser_token_span(parser, token),
                  "`%.*s` is not a unit", (int)text.length, text.at);
  if (!diagnostic) return;
  diagnostic_expect(parser->diagnostics, diagnostic, "a unit, or the end of the value");
  diagnostic_nearest(parser->diagnostics, diagnostic, text, units, sizeof units / sizeof *units);
}

Expression *parse_span_value(Parser *parser) {
  uint32_t start = parser_start(parser);
  Expression *expression = expression_make(parser, EXPRESSION_SPAN, start);
  expression->length = parser_expect_span(parser);
  expression_finish(parser, expression);
  expression->word =
      (Word){{parser->source->text.at + start, expression->span.end - start}, expression->span};
  return expression;
}

/* The words of an authorization follow an amount as a unit does; its reader takes them. */
static bool is_authorization_word(Text text) {
  return text_is(text, "cycle") || text_is(text, "cycles") || text_is(text, "renewal") ||
         text_is(text, "renewals");
}

static void accept_unit(Parser *parser, Word *unit) {
  const Token *token = parser_peek(parser);
  if (token->kind != TOKEN_WORD) return;
  Text text = parser_text(parser, token);
  if (is_unit(text)) {
    *unit = parser_word(parser, parser_advance(parser));
  } else if (!is_operator_word(text) && !is_authorization_word(text)) {
    report_unknown_unit(parser, token);
  }
}

/* `minus` is where a minus sign hugs the number, or the number's own start. */
static Expression *number(Parser *parser, uint32_t minus) {
  Expression *expression = expression_make(parser, EXPRESSION_NUMBER, minus);
  const Token *digits = parser_advance(parser);
  expression->word = (Word){{parser->source->text.at + minus, digits->end - minus},
                            {parser->source, minus, digits->end}};
  expression->unit.text = TEXT("");
  accept_unit(parser, &expression->unit);
  return expression_finish(parser, expression);
}

/* ---- Series queries ---- */

static const Text pick_words[] = {
    {"latest", 6}, {"earliest", 8}, {"lowest", 6}, {"highest", 7}, {"baseline", 8}};
#define PICKS (sizeof pick_words / sizeof *pick_words)
_Static_assert(PICK_LATEST == 0 && PICK_BASELINE == PICKS - 1, "in the order of QueryPick");

bool parser_names_something(const Parser *parser, uint32_t ahead) {
  const Token *token = parser_look(parser, ahead);
  return token->kind == TOKEN_WORD && !is_operator_word(parser_text(parser, token));
}

/* Whether a pick stands here; then `*pick` is which. */
static bool at_pick(const Parser *parser, QueryPick *pick) {
  for (uint32_t i = 0; i < PICKS; i++) {
    if (parser_at_word(parser, pick_words[i].at)) {
      *pick = (QueryPick)i;
      return true;
    }
  }
  return false;
}

static void window(Parser *parser, SeriesQuery *series_query) {
  if (parser_accept_word(parser, "within")) {
    series_query->window = WINDOW_WITHIN_BEFORE_START;
    series_query->length = parser_expect_span(parser);
    parser_expect_keyword(parser, "before");
    parser_expect_keyword(parser, "start");
  } else if (parser_accept_word(parser, "after")) {
    series_query->window = WINDOW_AFTER_AT_LEAST;
    parser_expect_keyword(parser, "at");
    parser_expect_keyword(parser, "least");
    series_query->length = parser_expect_span(parser);
    parser_expect_keyword(parser, "of");
    series_query->anchor = parser_expect_word(parser, "the name of a date");
  } else if (parser_accept_word(parser, "before")) {
    series_query->window = WINDOW_BEFORE;
    series_query->anchor = parser_expect_word(parser, "the name of a date");
  }
}

static Expression *query(Parser *parser, Word series_unless_named) {
  Expression *expression = expression_make(parser, EXPRESSION_QUERY, parser_start(parser));
  if (!at_pick(parser, &expression->query.pick)) {
    parser_fail_choosing(parser, "`latest`, `earliest`, `lowest`, `highest` or `baseline`",
                         pick_words, PICKS);
    return expression;
  }
  parser_advance(parser);
  expression->query.series = series_unless_named;
  bool must_be_named = series_unless_named.text.length == 0;
  if (must_be_named || parser_names_something(parser, 0))
    expression->query.series = parser_expect_word(parser, "the name of a series");
  window(parser, &expression->query);
  return expression_finish(parser, expression);
}

/* A query of `series`, in parentheses or not. */
static Expression *query_of(Parser *parser, Word series) {
  bool is_parenthesised = parser_accept(parser, TOKEN_OPEN_PARENTHESIS);
  Expression *expression = query(parser, series);
  if (is_parenthesised) parser_expect_token(parser, TOKEN_CLOSE_PARENTHESIS);
  return expression;
}

static Expression *percent_change(Parser *parser) {
  Expression *expression = expression_make(parser, EXPRESSION_PERCENT_CHANGE, parser_start(parser));
  parser_accept_words(parser, "percent", "change");
  parser_expect_keyword(parser, "of");
  expression->word = parser_expect_word(parser, "the name of a series");
  parser_expect_keyword(parser, "from");
  expression_add_operand(parser, expression, query_of(parser, expression->word));
  parser_expect_keyword(parser, "to");
  expression_add_operand(parser, expression, query_of(parser, expression->word));
  return expression_finish(parser, expression);
}

static Expression *upper_limit(Parser *parser) {
  Expression *expression = expression_make(parser, EXPRESSION_UPPER_LIMIT, parser_start(parser));
  parser_accept_words(parser, "upper_limit", "of");
  expression_add_operand(parser, expression, query_of(parser, (Word){.text = TEXT("")}));
  return expression_finish(parser, expression);
}

/* ---- Factors ---- */

/* A sum inside a factor, one level deeper. */
static Expression *operand_value(Parser *parser) {
  if (!parser_enter(parser)) return expression_placeholder(parser);
  Expression *expression = expression_as_value(parser, parse_sum(parser));
  parser_leave(parser);
  return expression;
}

static Expression *least_or_greatest(Parser *parser, ExpressionKind kind) {
  Expression *expression = expression_make(parser, kind, parser_start(parser));
  parser->at += 2; /* "least of" */
  expression_add_operand(parser, expression, operand_value(parser));
  parser_expect_keyword(parser, "and");
  expression_add_operand(parser, expression, operand_value(parser));
  return expression_finish(parser, expression);
}

static Expression *body_surface(Parser *parser) {
  Expression *expression = expression_make(parser, EXPRESSION_BODY_SURFACE, parser_start(parser));
  parser->at += 2; /* "body_surface(" */
  expression_add_operand(parser, expression, operand_value(parser));
  parser_expect_token(parser, TOKEN_COMMA);
  expression_add_operand(parser, expression, operand_value(parser));
  parser_expect_token(parser, TOKEN_CLOSE_PARENTHESIS);
  return expression_finish(parser, expression);
}

static Expression *from_to(Parser *parser) {
  Expression *expression = expression_make(parser, EXPRESSION_FROM_TO, parser_start(parser));
  parser_accept_word(parser, "from");
  expression_add_operand(parser, expression, operand_value(parser));
  parser_expect_keyword(parser, "to");
  expression_add_operand(parser, expression, operand_value(parser));
  return expression_finish(parser, expression);
}

static Expression *parenthesised(Parser *parser) {
  uint32_t start = parser_start(parser);
  parser_accept(parser, TOKEN_OPEN_PARENTHESIS);
  Expression *expression = parse_any_expression(parser);
  parser_expect_token(parser, TOKEN_CLOSE_PARENTHESIS);
  expression->span.start = start;
  return expression_finish(parser, expression);
}

Expression *parse_date_or_name(Parser *parser) {
  const Token *token = parser_peek(parser);
  Text text = parser_text(parser, token);
  /* Only a date has two hyphens after four digits: what looks like one and is none is a slip, not a
   * name. */
  bool looks_like_date = text.length == 10 && text.at[4] == '-' && text.at[7] == '-' &&
                         text.at[0] >= '0' && text.at[0] <= '9';
  Expression *expression =
      expression_make(parser, looks_like_date ? EXPRESSION_DATE : EXPRESSION_NAME, token->start);
  expression->word = parser_word(parser, token);
  if (looks_like_date) {
    expression->date = parser_expect_date(parser);
  } else {
    parser_advance(parser);
  }
  return expression_finish(parser, expression);
}

static Expression *times(Parser *parser) {
  Expression *left = number(parser, parser_start(parser));
  parser_expect_keyword(parser, "times");
  if (!parser_enter(parser)) return left;
  Expression *right = expression_as_value(parser, factor(parser));
  parser_leave(parser);
  return expression_join(parser, EXPRESSION_MULTIPLY, left, right);
}

static Expression *word_factor(Parser *parser) {
  const Token *token = parser_peek(parser);
  Text text = parser_text(parser, token);
  QueryPick pick;
  if (parser_is_number(text)) {
    if (parser_look_is(parser, 1, "times")) return times(parser);
    return parser_at_span(parser) ? parse_span_value(parser) : number(parser, token->start);
  }
  if (parser_at_words(parser, "least", "of")) return least_or_greatest(parser, EXPRESSION_LEAST);
  if (parser_at_words(parser, "greatest", "of"))
    return least_or_greatest(parser, EXPRESSION_GREATEST);
  if (parser_at_words(parser, "percent", "change")) return percent_change(parser);
  if (parser_at_words(parser, "upper_limit", "of")) return upper_limit(parser);
  if (parser_at_word(parser, "from")) return from_to(parser);
  if (parser_at_word(parser, "body_surface") &&
      parser_look(parser, 1)->kind == TOKEN_OPEN_PARENTHESIS)
    return body_surface(parser);
  if (at_pick(parser, &pick) && parser_names_something(parser, 1))
    return query(parser, (Word){.text = TEXT("")});
  if (is_number_with_unit(text)) {
    report_missing_space(parser, token);
    return expression_placeholder(parser);
  }
  return parse_date_or_name(parser);
}

/* A minus sign that hugs its number: `percent change … <= -50 %`. */
static bool at_negative_number(const Parser *parser) {
  const Token *minus = parser_look(parser, 0), *digits = parser_look(parser, 1);
  return minus->kind == TOKEN_MINUS && digits->kind == TOKEN_WORD && digits->start == minus->end &&
         parser_is_number(parser_text(parser, digits));
}

static Expression *factor(Parser *parser) {
  if (parser_at(parser, TOKEN_OPEN_PARENTHESIS)) return parenthesised(parser);
  if (at_negative_number(parser)) {
    const Token *minus = parser_advance(parser);
    return number(parser, minus->start);
  }
  const Token *token = parser_peek(parser);
  bool is_word = token->kind == TOKEN_WORD &&
                 (!is_operator_word(parser_text(parser, token)) || parser_at_word(parser, "from"));
  if (is_word) return word_factor(parser);
  parser_fail_expecting(parser, DIAGNOSTIC_EXPECTED_VALUE, "a name, number, date, length or `(`");
  return expression_placeholder(parser);
}

/* ---- Products and sums ---- */

static Expression *product(Parser *parser) {
  Expression *left = factor(parser);
  while (parser_at(parser, TOKEN_TIMES) || parser_at(parser, TOKEN_DIVIDE)) {
    ExpressionKind kind = parser_at(parser, TOKEN_TIMES) ? EXPRESSION_MULTIPLY : EXPRESSION_DIVIDE;
    parser_advance(parser);
    left = expression_join(parser, kind, expression_as_value(parser, left),
                           expression_as_value(parser, factor(parser)));
  }
  return left;
}

Expression *parse_sum(Parser *parser) {
  Expression *left = product(parser);
  while (parser_at(parser, TOKEN_PLUS) || parser_at(parser, TOKEN_MINUS)) {
    ExpressionKind kind = parser_at(parser, TOKEN_PLUS) ? EXPRESSION_ADD : EXPRESSION_SUBTRACT;
    parser_advance(parser);
    left = expression_join(parser, kind, expression_as_value(parser, left),
                           expression_as_value(parser, product(parser)));
  }
  return left;
}

Expression *parse_expression(Parser *parser) {
  return expression_as_value(parser, parse_sum(parser));
}
