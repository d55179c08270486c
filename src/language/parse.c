/* parse.c: a file: a policy with its head and its outline, or a vocabulary. See parse_internal.h
 * for how the parser is laid out. */
#include "language/parse.h"

#include "base/limits.h"
#include "language/parse_internal.h"

/* ---- The head of a policy ---- */

static void *read_payer(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  uint32_t start = parser_start(parser);
  policy->payer = parser_expect_title(parser, "the payer's name in quotes");
  policy->payer_span = parser_span(parser, start);
  return policy;
}

static void *read_lines(Parser *parser, void *owner) {
  static const Text lines[] = {
      {"commercial", 10}, {"exchange", 8}, {"medicaid", 8}, {"medicare", 8}};
  PolicySyntax *policy = owner;
  do {
    Word line = parser_expect_choice(parser, "`commercial`, `exchange`, `medicaid` or `medicare`",
                                     lines, 4);
    if (!parser->broken) LIST_PUSH(parser->arena, policy->lines, line);
  } while (parser_accept(parser, TOKEN_COMMA));
  return policy;
}

static void *read_drug_names(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  parser_expect_word_list(parser, &policy->drugs, "the name of a drug");
  return policy;
}

static void *read_vocabulary_name(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  policy->vocabulary = parser_expect_word(parser, "the name of a vocabulary");
  return policy;
}

static void *read_source(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  policy->source_note = parser_expect_title(parser, "the source document's name, in quotes");
  return policy;
}

/* version DATE [TEXT] ["reconstructed"] */
static void *read_version(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  uint32_t start = parser_start(parser);
  VersionSyntax version = {.date = parser_expect_date(parser), .note = TEXT("")};
  if (parser_at(parser, TOKEN_TEXT)) version.note = parser_expect_title(parser, "what changed");
  version.reconstructed = parser_accept_word(parser, "reconstructed");
  version.span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, policy->versions, version);
  return policy;
}

/* 2025-10: a day of that month exists. */
static bool is_month(Parser *parser, Text text) {
  Date date;
  const char *day = arena_format(parser->arena, "%.*s-01", (int)text.length, text.at);
  return text.length == 7 && date_parse(text_of(day), &date);
}

static void *read_reviewed(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  Date date;
  const Token *token = parser_peek(parser);
  Text text = parser_text(parser, token);
  bool is_date = token->kind == TOKEN_WORD && (is_month(parser, text) || date_parse(text, &date));
  if (is_date) {
    policy->reviewed = parser_word(parser, parser_advance(parser));
  } else {
    parser_fail_expecting(parser, DIAGNOSTIC_BAD_DATE,
                          "a month or a day such as 2025-10 or 2025-10-31");
  }
  return policy;
}

/* evidence documented ["for" KIND] {"from" DATE | "until" DATE} */
static void *read_evidence(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  uint32_t start = parser_start(parser);
  EvidenceSyntax evidence = {.in_force = {.from = DATE_NONE, .until = DATE_NONE}};
  parser_expect_keyword(parser, "documented");
  if (parser_accept_word(parser, "for")) evidence.for_kind = parse_kind(parser);
  while (parser_accept_in_force(parser, &evidence.in_force)) continue;
  evidence.span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, policy->evidence, evidence);
  return policy;
}

/* until DATE */
static void *read_end(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  uint32_t start = parser_start(parser);
  const Date until = parser_expect_date(parser);
  if (parser->broken) return policy;
  policy->until = until;
  policy->until_span = parser_span(parser, start);
  return policy;
}

/* not known FIELD ":" VALUE {"," VALUE} */
static void *read_not_known(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  NotKnownSyntax not_known = {
      .field = parser_expect_word(parser, "a list's field, such as prior_therapies.outcome")};
  parser_expect_colon_list(parser, &not_known.values, "a value");
  if (!parser->broken) LIST_PUSH(parser->arena, policy->not_known, not_known);
  return policy;
}

/* ["in" "cycles" N "to" N] */
static void parse_limit_cycles(Parser *parser, LimitSyntax *limit) {
  if (!parser_accept_word(parser, "in")) return;
  bool is_single = parser_accept_word(parser, "cycle");
  if (!is_single) parser_expect_keyword(parser, "cycles");
  limit->first_cycle = limit->last_cycle = parser_expect_count(parser, "a cycle's number");
  if (is_single) return;
  parser_expect_keyword(parser, "to");
  limit->last_cycle = parser_expect_count(parser, "the last cycle's number");
}

static void *read_limit(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  uint32_t start = parser_start(parser);
  LimitSyntax limit = {.in_force = {.from = DATE_NONE, .until = DATE_NONE}};
  limit.amount =
      parser_expect_measure(parser, "the limited quantity: `units`, `vials` or a unit of measure");
  if (parser_accept_word(parser, "of")) limit.code = parser_expect_word(parser, "a billing code");
  if (parser_accept_word(parser, "every")) limit.every = parser_expect_span(parser);
  parse_limit_cycles(parser, &limit);
  while (parser_accept_in_force(parser, &limit.in_force)) continue;
  limit.span = parser_span(parser, start);
  if (!parser->broken) LIST_PUSH(parser->arena, policy->limits, limit);
  return policy;
}

static void *read_policy_interpretation(Parser *parser, void *owner) {
  PolicySyntax *policy = owner;
  LIST_PUSH(parser->arena, policy->interpretations, parse_interpretation(parser));
  return policy;
}

static void *read_policy_derive(Parser *parser, void *owner) {
  return read_derive(parser, &((PolicySyntax *)owner)->declarations);
}

static void *read_policy_set(Parser *parser, void *owner) {
  return read_set(parser, &((PolicySyntax *)owner)->declarations);
}

static void *read_policy_codes(Parser *parser, void *owner) {
  return read_codes(parser, &((PolicySyntax *)owner)->declarations);
}

static const LineRule head_rules[] = {
    {"payer", LINE_REQUIRED, read_payer, NULL},
    {"lines", LINE_REQUIRED, read_lines, NULL},
    {"drug", LINE_REQUIRED, read_drug_names, NULL},
    {"vocabulary", LINE_REQUIRED, read_vocabulary_name, NULL},
    {"version", LINE_REQUIRED_MANY, read_version, NULL},
    {"source", LINE_ONCE, read_source, NULL},
    {"reviewed", LINE_ONCE, read_reviewed, NULL},
    {"evidence", LINE_ANY, read_evidence, NULL},
    {"until", LINE_ONCE, read_end, NULL},
    {"not known", LINE_ANY, read_not_known, NULL},
    {"limit", LINE_ANY, read_limit, NULL},
    {"interpretation", LINE_ANY, read_policy_interpretation, NULL},
    {"derive", LINE_ANY, read_policy_derive, NULL},
    {"set", LINE_ANY, read_policy_set, NULL},
    {"codes", LINE_ANY, read_policy_codes, NULL},
};
static const LineRules head_lines = {"a policy", head_rules,
                                     sizeof head_rules / sizeof *head_rules};

/* ---- Files ---- */

/* `policy CODE TEXT` again: no node looks so. Reported, and the rest of the file skipped. */
static bool refuse_second_declaration(Parser *parser) {
  bool begins_one = parser_at_word(parser, "policy") || parser_at_word(parser, "vocabulary");
  if (!begins_one || parser_look(parser, 1)->kind != TOKEN_WORD) return false;
  Diagnostic *diagnostic = diagnose(parser->diagnostics, DIAGNOSTIC_SECOND_DECLARATION,
                                    parser_token_span(parser, parser_peek(parser)),
                                    "a file contains one policy or one vocabulary");
  diagnostic_expect(parser->diagnostics, diagnostic, "a file of its own");
  while (!parser_at(parser, TOKEN_END)) parser->at++;
  return true;
}

static void parse_outline(Parser *parser, PolicySyntax *policy) {
  while (parser_in_block(parser) && !refuse_second_declaration(parser)) {
    OutlineNode *node = parse_node(parser);
    LIST_PUSH(parser->arena, policy->nodes, node);
  }
}

static PolicySyntax *parse_policy(Parser *parser) {
  PolicySyntax *policy = ARENA_NEW(parser->arena, PolicySyntax);
  policy->until = DATE_NONE;
  uint32_t start = parser_start(parser);
  parser_advance(parser);
  policy->id = parser_expect_word(parser, "the policy's code");
  policy->title = parser_expect_title(parser, "the policy's title in quotes");
  SourceSpan header = parser_span(parser, start);
  parser_end_line(parser);
  parse_block(parser, &head_lines, policy, header);
  parse_outline(parser, policy);
  policy->dates = parser->dates;
  return policy;
}

/* Declarations stand one level deeper than the header. */
static VocabularySyntax *parse_vocabulary(Parser *parser) {
  VocabularySyntax *vocabulary = ARENA_NEW(parser->arena, VocabularySyntax);
  uint32_t start = parser_start(parser);
  parser_advance(parser);
  vocabulary->name = parser_expect_word(parser, "the vocabulary's name");
  vocabulary->title = TEXT("");
  if (parser_at(parser, TOKEN_TEXT))
    vocabulary->title = parser_expect_title(parser, "the vocabulary's title");
  SourceSpan header = parser_span(parser, start);
  parser_end_line(parser);
  parse_block(parser, &declaration_lines, &vocabulary->declarations, header);
  while (parser_in_block(parser) && !refuse_second_declaration(parser)) {
    const Token *token = parser_peek(parser);
    Diagnostic *diagnostic =
        parser_fail(parser, DIAGNOSTIC_INDENT, parser_token_span(parser, token),
                    "the lines of a vocabulary must be indented under its header");
    if (diagnostic)
      diagnostic_expect(parser->diagnostics, diagnostic, "two spaces before the line");
    parser_end_line(parser);
    parser_skip_block(parser);
  }
  vocabulary->dates = parser->dates;
  return vocabulary;
}

static void report_no_declaration(Parser *parser) {
  static const Text words[] = {{"policy", 6}, {"vocabulary", 10}};
  const Token *token = parser_peek(parser);
  if (token->kind == TOKEN_BROKEN) return; /* reported by the lexer */
  Diagnostic *diagnostic =
      diagnose(parser->diagnostics, DIAGNOSTIC_NO_DECLARATION, parser_token_span(parser, token),
               "the file begins with neither `policy` nor `vocabulary`");
  diagnostic_expect(parser->diagnostics, diagnostic, "`policy` or `vocabulary`");
  if (token->kind == TOKEN_WORD)
    diagnostic_nearest(parser->diagnostics, diagnostic, parser_text(parser, token), words, 2);
}

/* Which of the two the first word is, or is a slip of: 0, 1, or -1. */
static int nearest_declaration(const Parser *parser) {
  static const Text words[] = {{"policy", 6}, {"vocabulary", 10}};
  return parser_at(parser, TOKEN_WORD)
             ? text_nearest(parser_text(parser, parser_peek(parser)), words, 2)
             : -1;
}

FileSyntax *parse_file(const Source *source, Arena *arena, Arena *scratch,
                       Diagnostics *diagnostics) {
  uint32_t errors = diagnostics->errors;
  TokenList tokens = lex(source, scratch, diagnostics);
  Parser parser = {
      .source = source, .tokens = tokens.items, .arena = arena, .diagnostics = diagnostics};
  FileSyntax *file = ARENA_NEW(arena, FileSyntax);
  file->source = source;
  bool begins_rightly = parser_at_word(&parser, "policy") || parser_at_word(&parser, "vocabulary");
  bool is_unreadable =
      tokens.count == 1 && diagnostics->errors > errors; /* too large, which has been reported */
  if (!begins_rightly && !is_unreadable) report_no_declaration(&parser);
  int declaration = nearest_declaration(&parser);
  if (declaration == 0) file->policy = parse_policy(&parser);
  if (declaration == 1) file->vocabulary = parse_vocabulary(&parser);
  return file;
}
