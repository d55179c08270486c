/* parse_outline.c: the outline of a policy: nodes, their marks and connectives, the lines under
 * them.
 *
 * A node's lines stand in any order; the grammar's is attributes first, children after. A line is
 * an attribute where it begins with an attribute's keyword, and a child otherwise, so these seven
 * words are no labels.
 */
#include "base/limits.h"
#include "language/parse_internal.h"

/* ---- Connectives ---- */

static bool is_connective_word(Text text) {
  return text_is(text, "all") || text_is(text, "any") || text_is(text, "none");
}

bool parser_at_connective(const Parser *parser) {
  const Token *token = parser_peek(parser);
  if (token->kind != TOKEN_WORD) return false;
  bool is_group =
      is_connective_word(parser_text(parser, token)) && parser_look(parser, 1)->kind != TOKEN_TEXT;
  return is_group || parser_at_words(parser, "at", "least");
}

static Connective connective_of(Text word) {
  if (text_is(word, "all")) return CONNECTIVE_ALL;
  return text_is(word, "any") ? CONNECTIVE_ANY : CONNECTIVE_NONE;
}

/* Stands at a connective. `*at_least` is set for that one alone. */
static Connective parse_connective(Parser *parser, uint32_t *at_least) {
  Connective connective = CONNECTIVE_AT_LEAST;
  if (parser_accept_words(parser, "at", "least")) {
    *at_least = parser_expect_count(parser, "how many");
  } else {
    connective = connective_of(parser_text(parser, parser_advance(parser)));
  }
  parser_expect_keyword(parser, "of");
  return connective;
}

/* ---- Interpretations ---- */

InterpretationSyntax *parse_interpretation(Parser *parser) {
  InterpretationSyntax *interpretation = ARENA_NEW(parser->arena, InterpretationSyntax);
  uint32_t start = parser_start(parser);
  interpretation->id = parser_expect_word(parser, "the interpretation's name, such as R-H1");
  interpretation->text =
      parser_expect_title(parser, "a text in quotes: why the line is interpreted this way");
  interpretation->span = parser_span(parser, start);
  return interpretation;
}

static void *read_literally(Parser *parser, void *owner) {
  InterpretationSyntax *interpretation = owner;
  if (parser_at_connective(parser)) {
    interpretation->literal_connective =
        parse_connective(parser, &interpretation->literal_at_least);
    interpretation->has_literal_connective = !parser->broken;
    return interpretation;
  }
  parser_expect_token(parser, TOKEN_COLON);
  Expression *literal = parse_condition(parser);
  interpretation->literal = parser->broken ? NULL : literal;
  return interpretation;
}

static const LineRule interpretation_rules[] = {{"literally", LINE_ONCE, read_literally, NULL}};
const LineRules interpretation_lines = {"an interpretation", interpretation_rules, 1};

/* ---- Authorizations and outcomes ---- */

/* amount × one unit: so every amount of a length is a length. */
static Expression *length_of(Parser *parser, Expression *amount, const Token *unit) {
  Expression *one = ARENA_NEW(parser->arena, Expression);
  one->kind = EXPRESSION_SPAN;
  one->date = DATE_NONE;
  one->word = parser_word(parser, unit);
  one->span = one->word.span;
  span_unit(one->word.text, &one->length);
  Expression *product = ARENA_NEW(parser->arena, Expression);
  product->kind = EXPRESSION_MULTIPLY;
  product->date = DATE_NONE;
  product->span = (SourceSpan){parser->source, amount->span.start, unit->end};
  product->height = amount->height + 1;
  LIST_PUSH(parser->arena, product->operands, amount);
  LIST_PUSH(parser->arena, product->operands, one);
  return product;
}

/* The unit word of an authorization's item, where there is one: a length may carry its own. */
static void parse_authorization_unit(Parser *parser, AuthorizationItemSyntax *item) {
  const Token *token = parser_peek(parser);
  Text text = token->kind == TOKEN_WORD ? parser_text(parser, token) : TEXT("");
  Span one;
  item->kind = AUTHORIZATION_LENGTH;
  if (text_is(text, "cycle") || text_is(text, "cycles")) {
    item->kind = AUTHORIZATION_CYCLES;
    parser_advance(parser);
  } else if (text_is(text, "renewal") || text_is(text, "renewals")) {
    item->kind = AUTHORIZATION_RENEWALS;
    parser_advance(parser);
  } else if (span_unit(text, &one)) {
    item->amount = length_of(parser, item->amount, parser_advance(parser));
  } else if (item->amount->kind == EXPRESSION_NUMBER) {
    parser_fail_expecting(parser, DIAGNOSTIC_BAD_UNIT,
                          "`days`, `weeks`, `months`, `years`, `cycles` or `renewals`");
  }
}

static void parse_authorization(Parser *parser, OutcomeSyntax *outcome) {
  do {
    uint32_t start = parser_start(parser);
    AuthorizationItemSyntax item = {.amount = parse_expression(parser)};
    parse_authorization_unit(parser, &item);
    item.span = parser_span(parser, start);
    if (!parser->broken) LIST_PUSH(parser->arena, outcome->items, item);
  } while (parser_accept(parser, TOKEN_COMMA));
}

static void set_once(Parser *parser, Expression **place, SourceSpan here) {
  if (*place) {
    Diagnostic *diagnostic =
        parser_fail(parser, DIAGNOSTIC_DUPLICATE_LINE, here, "this is a duplicate");
    if (diagnostic)
      diagnostic_note(parser->diagnostics, diagnostic, (*place)->span, "first stated here");
    return;
  }
  *place = parse_condition(parser);
}

/* where …, while …, from D, until D: in any order, each once. */
static void parse_trailers(Parser *parser, OutcomeSyntax *outcome) {
  for (bool goes_on = true; goes_on;) {
    SourceSpan here = parser_token_span(parser, parser_peek(parser));
    if (parser_accept_word(parser, "where")) {
      set_once(parser, &outcome->where, here);
    } else if (parser_accept_word(parser, "while")) {
      set_once(parser, &outcome->whilst, here);
    } else {
      goes_on = parser_accept_in_force(parser, &outcome->in_force);
    }
  }
}

static OutcomeSyntax *new_outcome(Parser *parser, OutcomeKind kind) {
  OutcomeSyntax *outcome = ARENA_NEW(parser->arena, OutcomeSyntax);
  outcome->kind = kind;
  outcome->in_force.from = outcome->in_force.until = DATE_NONE;
  return outcome;
}

/* The keyword has been read: the span goes back to it. A broken outcome is left out. */
static void *add_outcome(Parser *parser, OutlineNode *node, OutcomeSyntax *outcome,
                         uint32_t start) {
  parse_trailers(parser, outcome);
  if (parser_peek(parser)->kind != TOKEN_NEWLINE) {
    static const Text words[] = {{"where", 5}, {"while", 5}, {"from", 4}, {"until", 5}};
    parser_fail_choosing(parser, "`,`, `where`, `while`, `from`, `until` or the end of the line",
                         words, 4);
  }
  outcome->span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, node->outcomes, outcome);
  return node;
}

static uint32_t keyword_start(const Parser *parser) { return parser->tokens[parser->at - 1].start; }

static void *read_approve(Parser *parser, void *owner) {
  uint32_t start = keyword_start(parser);
  OutcomeSyntax *outcome = new_outcome(parser, OUTCOME_APPROVE);
  parse_authorization(parser, outcome);
  return add_outcome(parser, owner, outcome, start);
}

static void *read_renew(Parser *parser, void *owner) {
  uint32_t start = keyword_start(parser);
  OutcomeSyntax *outcome = new_outcome(parser, OUTCOME_RENEW);
  outcome->none = parser_accept_word(parser, "none");
  if (!outcome->none) parse_authorization(parser, outcome);
  return add_outcome(parser, owner, outcome, start);
}

static void *read_route(Parser *parser, void *owner) {
  uint32_t start = keyword_start(parser);
  OutcomeSyntax *outcome = new_outcome(parser, OUTCOME_ROUTE);
  outcome->code = parser_expect_word(parser, "the code of the policy that governs");
  return add_outcome(parser, owner, outcome, start);
}

static void *read_refer(Parser *parser, void *owner) {
  uint32_t start = keyword_start(parser);
  OutcomeSyntax *outcome = new_outcome(parser, OUTCOME_REFER);
  outcome->code = parser_expect_word(parser, "the kind of referral, such as case_by_case");
  return add_outcome(parser, owner, outcome, start);
}

/* ---- The other lines under a node ---- */

static void *read_interpretation(Parser *parser, void *owner) {
  OutlineNode *node = owner;
  InterpretationSyntax *interpretation = parse_interpretation(parser);
  LIST_PUSH(parser->arena, node->interpretations, interpretation);
  return interpretation;
}

static void *read_note(Parser *parser, void *owner) {
  OutlineNode *node = owner;
  LIST_PUSH(parser->arena, node->notes, parser_expect_title(parser, "a text in quotes"));
  return node;
}

static void *read_cite(Parser *parser, void *owner) {
  OutlineNode *node = owner;
  LIST_PUSH(parser->arena, node->citations, parser_expect_title(parser, "a text in quotes"));
  return node;
}

/* dosed "as" NAME */
static void *read_dosed(Parser *parser, void *owner) {
  OutlineNode *node = owner;
  parser_expect_keyword(parser, "as");
  node->dosed_as = parser_expect_word(parser, "the name of a regimen");
  return node;
}

static const LineRule node_rules[] = {
    {"interpretation", LINE_ANY, read_interpretation, &interpretation_lines},
    {"note", LINE_ANY, read_note, NULL},
    {"cite", LINE_ANY, read_cite, NULL},
    {"approve", LINE_ANY, read_approve, NULL},
    {"renew", LINE_ANY, read_renew, NULL},
    {"route", LINE_ANY, read_route, NULL},
    {"refer", LINE_ANY, read_refer, NULL},
    {"dosed", LINE_ONCE, read_dosed, NULL},
};
static const LineRules node_lines = {"a node", node_rules, sizeof node_rules / sizeof *node_rules};

/* ---- Headers ---- */

Word parse_kind(Parser *parser) {
  static const Text kinds[] = {{"initial", 7}, {"continuation", 12}};
  return parser_expect_choice(parser, "`initial` or `continuation`", kinds, 2);
}

static bool is_mark_word(Text text) {
  return text_is(text, "for") || text_is(text, "prerequisite") || text_is(text, "pathway") ||
         text_is(text, "from") || text_is(text, "until");
}

/* A label is any word but those that begin a group without one. `from "…"` is a label; `from
 * 2025-01-01 any of` is a mark. */
static bool at_label(const Parser *parser) {
  const Token *token = parser_peek(parser);
  if (token->kind == TOKEN_MINUS) return true;
  if (token->kind != TOKEN_WORD) return false;
  if (parser_look(parser, 1)->kind == TOKEN_TEXT) return true;
  return !is_mark_word(parser_text(parser, token)) && !parser_at_connective(parser) &&
         !parser_at_word(parser, "if");
}

static void check_label(Parser *parser, const Token *token) {
  Text text = parser_text(parser, token);
  if (!is_connective_word(text) && !text_is(text, "at")) return;
  Diagnostic *diagnostic =
      parser_fail(parser, DIAGNOSTIC_RESERVED_LABEL, parser_token_span(parser, token),
                  "`%.*s` begins a connective and cannot be a label", (int)text.length, text.at);
  if (diagnostic)
    diagnostic_expect(parser->diagnostics, diagnostic,
                      "another word, or `-` if the page gives no label");
}

/* LABEL TEXT. A group may go without its text ("5 any of"), as pages do. */
static void parse_label(Parser *parser, OutlineNode *node) {
  if (!at_label(parser)) return;
  const Token *token = parser_advance(parser);
  if (token->kind == TOKEN_WORD) node->label = parser_word(parser, token);
  node->label.span = parser_token_span(parser, token);
  check_label(parser, token);
  const Token *next = parser_peek(parser);
  bool goes_without = next->kind == TOKEN_WORD &&
                      (parser_at_connective(parser) || is_mark_word(parser_text(parser, next)));
  if (!goes_without) node->title = parser_expect_title(parser, "the line's text in quotes");
}

static bool accept_mark(Parser *parser, OutlineNode *node) {
  if (parser_accept_word(parser, "for")) {
    node->for_kind = parse_kind(parser);
  } else if (parser_accept_word(parser, "prerequisite")) {
    node->prerequisite = true;
  } else if (parser_accept_word(parser, "pathway")) {
    node->pathway = true;
  } else {
    return parser_accept_in_force(parser, &node->in_force);
  }
  return true;
}

static void parse_guard(Parser *parser, OutlineNode *node) {
  if (!parser_accept_word(parser, "if")) return;
  node->guard = parse_condition(parser);
  parser_expect_keyword(parser, "then");
}

static void report_unknown_header(Parser *parser) {
  static const Text words[] = {{"all", 3},           {"any", 3},     {"none", 4}, {"for", 3},
                               {"prerequisite", 12}, {"pathway", 7}, {"from", 4}, {"until", 5}};
  parser_fail_choosing(
      parser, "`:` and a condition, `all of`, `any of`, `none of`, `at least N of`, or a mark",
      words, sizeof words / sizeof *words);
}

/* connective | ":" condition | nothing, which is `any of` */
static void parse_body(Parser *parser, OutlineNode *node) {
  uint32_t start = parser_start(parser);
  node->connective = CONNECTIVE_ANY;
  bool may_say_nothing = node->title.length > 0;
  if (parser_accept(parser, TOKEN_COLON)) {
    node->connective = CONNECTIVE_LEAF;
    node->condition = parse_condition(parser);
  } else if (parser_at_connective(parser)) {
    node->connective = parse_connective(parser, &node->at_least);
    node->connective_span = parser_span(parser, start);
  } else if (!parser_at(parser, TOKEN_NEWLINE) || !may_say_nothing) {
    report_unknown_header(parser);
  }
}

static void parse_header(Parser *parser, OutlineNode *node) {
  parse_label(parser, node);
  while (accept_mark(parser, node)) continue;
  parse_guard(parser, node);
  parse_body(parser, node);
}

/* ---- Nodes ---- */

/* Whether the line is meant as an attribute but misspells its keyword: a label would have its text,
 * a group its connective. */
static const LineRule *slip_of_attribute(const Parser *parser) {
  const LineRule *rule = line_rule_nearest(parser, &node_lines);
  if (!rule) return NULL;
  TokenKind second = parser_look(parser, 1)->kind;
  bool reads_as_node =
      second == TOKEN_TEXT || second == TOKEN_COLON || second == TOKEN_NEWLINE || !at_label(parser);
  return reads_as_node ? NULL : rule;
}

static void report_slip(Parser *parser, const LineRule *rule) {
  const Token *token = parser_peek(parser);
  Text written = parser_text(parser, token), keyword = text_of(rule->keyword);
  Diagnostic *diagnostic =
      diagnose(parser->diagnostics, DIAGNOSTIC_UNKNOWN_LINE, parser_token_span(parser, token),
               "`%.*s` is neither a keyword nor a label (a label is followed by \"text\")",
               (int)written.length, written.at);
  diagnostic_nearest(parser->diagnostics, diagnostic, written, &keyword, 1);
  parser->broken = true;
}

static void parse_child(Parser *parser, OutlineNode *node) {
  const Token *token = parser_peek(parser);
  OutlineNode *child = parse_node(parser);
  if (node->connective != CONNECTIVE_LEAF) {
    LIST_PUSH(parser->arena, node->children, child);
    return;
  }
  bool is_first = !node->has_misplaced_children;
  node->has_misplaced_children = true;
  if (!is_first) return;
  Diagnostic *diagnostic =
      diagnose(parser->diagnostics, DIAGNOSTIC_NOTHING_BENEATH, parser_token_span(parser, token),
               "a line with a condition can have only attribute lines under it");
  diagnostic_note(parser->diagnostics, diagnostic, node->span, "the condition is here");
}

static void parse_node_line(Parser *parser, OutlineNode *node, LinesSeen *seen) {
  const LineRule *rule = line_rule_here(parser, &node_lines);
  if (!rule) {
    rule = slip_of_attribute(parser);
    if (rule) report_slip(parser, rule);
  }
  if (rule) {
    parse_line(parser, &node_lines, rule, node, seen);
  } else {
    parse_child(parser, node);
  }
}

/* Returns whether anything but attributes stood there, right or wrong. */
static bool parse_node_block(Parser *parser, OutlineNode *node) {
  LinesSeen seen = {0};
  bool has_other_lines = false;
  if (!parser_open_block(parser)) return false;
  while (parser_in_block(parser)) {
    has_other_lines |= line_rule_here(parser, &node_lines) == NULL;
    parse_node_line(parser, node, &seen);
  }
  parser_close_block(parser);
  return has_other_lines;
}

OutlineNode *parse_node(Parser *parser) {
  OutlineNode *node = ARENA_NEW(parser->arena, OutlineNode);
  node->in_force.from = node->in_force.until = DATE_NONE;
  uint32_t start = parser_start(parser);
  parse_header(parser, node);
  node->span = parser_span(parser, start);
  bool was_right = parser_end_line(parser);
  /* What follows a broken header is read as a group's children, since that asks the least of it. */
  if (!was_right) node->connective = CONNECTIVE_ANY, node->condition = NULL;
  bool has_lines = parse_node_block(parser, node);
  if (was_right && node->connective != CONNECTIVE_LEAF && !has_lines) {
    Diagnostic *diagnostic =
        diagnose(parser->diagnostics, DIAGNOSTIC_EMPTY_GROUP, node->span, "this group is empty");
    diagnostic_expect(parser->diagnostics, diagnostic, "`:` and a condition, or deeper lines");
  }
  return node;
}
