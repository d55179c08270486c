/* parse_internal: what the files of the parser share.
 *
 *   parse.c              files: policy and vocabulary, the head of a policy
 *   parse_cursor.c       walking the token row, reporting errors, the small words every rule needs
 *   parse_lines.c        blocks whose lines each begin with a keyword, driven by tables of
 * LineRules parse_outline.c      nodes, marks, connectives, interpretations, outcomes
 *   parse_condition.c    conditions
 *   parse_expression.c   values, which share the tree of conditions
 *   parse_declaration.c  facts, derivations, sets, codes, nevers
 *   parse_regimen.c      drugs, preparations, regimens
 *
 * How mistakes are handled. A line is the unit: `parser_fail` reports the first mistake of a line,
 * marks the line broken and moves to its end, where every rule finds TOKEN_NEWLINE, fits nothing
 * and returns. Rules therefore need no error paths: what they return on a broken line is half
 * filled but never NULL, and `parser_end_line` says whether to believe it. The next line starts
 * unbroken.
 */
#ifndef LANGUAGE_PARSE_INTERNAL_H
#define LANGUAGE_PARSE_INTERNAL_H

#include "language/lex.h"
#include "language/syntax.h"

typedef struct Parser {
  const Source *source;
  const Token *tokens;
  uint32_t at;
  Arena *arena;
  Diagnostics *diagnostics;
  bool broken;    /* a mistake of this line has been reported */
  uint32_t depth; /* of the condition being read */
  DateMarkList dates;
} Parser;

/* ---- parse_cursor.c ---- */

const Token *parser_peek(const Parser *parser);
/* The token `ahead` places on; never beyond the line's end. */
const Token *parser_look(const Parser *parser, uint32_t ahead);
Text parser_text(const Parser *parser, const Token *token);
const Token *parser_advance(Parser *parser);

bool parser_at(const Parser *parser, TokenKind kind);
bool parser_at_word(const Parser *parser, const char *word);
bool parser_look_is(const Parser *parser, uint32_t ahead, const char *word);
bool parser_at_words(const Parser *parser, const char *first, const char *second);
bool parser_accept(Parser *parser, TokenKind kind);
bool parser_accept_word(Parser *parser, const char *word);
bool parser_accept_words(Parser *parser, const char *first, const char *second);

/* Marks the line broken and moves to its end. */
void parser_give_line_up(Parser *parser);
/* Reports a mistake unless the line is broken already, and gives the line up. NULL where nothing
 * was reported. */
Diagnostic *parser_fail(Parser *parser, DiagnosticId id, SourceSpan span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* "expected …, found …" at the next token. */
Diagnostic *parser_fail_expecting(Parser *parser, DiagnosticId id, const char *expected);
/* The same where one of some words would have been right: names the nearest. */
void parser_fail_choosing(Parser *parser, const char *expected, const Text *candidates,
                          uint32_t count);
void parser_expect_token(Parser *parser, TokenKind kind);
void parser_expect_keyword(Parser *parser, const char *keyword);

/* The rules below tell when the next token is not what they read; `what` is named in the message:
 * "a label". */
Word parser_expect_word(Parser *parser, const char *what);
Text parser_expect_title(Parser *parser, const char *what); /* unescaped */
/* One of a closed list of words. */
Word parser_expect_choice(Parser *parser, const char *what, const Text *choices, uint32_t count);
uint32_t parser_expect_count(Parser *parser, const char *what);
Date parser_expect_date(Parser *parser);
Span parser_expect_span(Parser *parser);
/* NUMBER UNIT; whether the unit exists is the checker's business. */
MeasureSyntax parser_expect_measure(Parser *parser, const char *unit_what);
/* value {"," value} */
void parser_expect_word_list(Parser *parser, WordList *words, const char *what);
/* ":" value {"," value}, as after `not known` */
void parser_expect_colon_list(Parser *parser, WordList *words, const char *what);
/* One `from DATE` or `until DATE`; false where neither stands. */
bool parser_accept_in_force(Parser *parser, InForce *in_force);

bool parser_is_number(Text text);
/* The words `2 months` begin with a number and a calendar unit. */
bool parser_at_span(const Parser *parser);
uint32_t parser_start(const Parser *parser); /* where the next token begins */
SourceSpan parser_span(const Parser *parser,
                       uint32_t start); /* from there to the end of the last token read */
SourceSpan parser_token_span(const Parser *parser, const Token *token);
Word parser_word(const Parser *parser, const Token *token);

/* Reports what stands between the rule's end and the line's, and goes to the next line. True where
 * the line was right. */
bool parser_end_line(Parser *parser);
bool parser_open_block(Parser *parser); /* true, and one step in, where the next line is deeper */
bool parser_in_block(const Parser *parser);
void parser_close_block(Parser *parser);
/* Skips a block without reading it. */
void parser_skip_block(Parser *parser);
/* Reports that nothing may stand under a line, and skips the block; does nothing where there
 * is none. */
void parser_refuse_block(Parser *parser, const char *what);

/* ---- parse_lines.c ---- */

typedef enum LineCount { LINE_ANY, LINE_ONCE, LINE_REQUIRED, LINE_REQUIRED_MANY } LineCount;

typedef struct LineRules LineRules;

/* Reads the rest of a line whose keyword has been read, and returns what the lines under it
 * belong to. */
typedef void *LineRead(Parser *parser, void *owner);

typedef struct LineRule {
  const char *keyword; /* one word, or two: "not known" */
  LineCount count;
  LineRead *read;
  const LineRules *beneath; /* NULL: nothing may stand under it */
} LineRule;

struct LineRules {
  const char *of; /* "a fact", for messages */
  const LineRule *items;
  uint32_t count;
};

#define LINE_RULES_MAX 24u

/* Where each rule's first line stood: reported by a span with an end. */
typedef struct LinesSeen {
  SourceSpan spans[LINE_RULES_MAX];
} LinesSeen;

/* The rule whose keyword the line begins with, or NULL. */
const LineRule *line_rule_here(const Parser *parser, const LineRules *rules);
/* The rule whose keyword the line's first word is a slip of, or NULL. */
const LineRule *line_rule_nearest(const Parser *parser, const LineRules *rules);
void parse_line(Parser *parser, const LineRules *rules, const LineRule *rule, void *owner,
                LinesSeen *seen);
/* Lines up to the end of the block, or of the file. */
void parse_lines(Parser *parser, const LineRules *rules, void *owner, LinesSeen *seen);
/* The block under the line just ended (`header`), which may be missing. */
void parse_block(Parser *parser, const LineRules *rules, void *owner, SourceSpan header);
void check_required_lines(Parser *parser, const LineRules *rules, const LinesSeen *seen,
                          SourceSpan header);

/* ---- parse_expression.c ---- */

/* One deeper in a condition; false, with the line given up, where that is too deep. Each true has
 * its leave. */
bool parser_enter(Parser *parser);
void parser_leave(Parser *parser);
/* Whether the word `ahead` can be a name, and is not one that continues after a value, such as
 * `and`.
 */
bool parser_names_something(const Parser *parser, uint32_t ahead);

Expression *expression_make(Parser *parser, ExpressionKind kind, uint32_t start);
void expression_add_operand(Parser *parser, Expression *expression, Expression *operand);
/* Ends its span with the last token read. */
Expression *expression_finish(Parser *parser, Expression *expression);
Expression *expression_join(Parser *parser, ExpressionKind kind, Expression *left,
                            Expression *right);
/* What stands for an expression on a broken line. */
Expression *expression_placeholder(Parser *parser);
/* The expression itself; reported where it is of the other sort. A name can be either. */
Expression *expression_as_condition(Parser *parser, Expression *expression);
Expression *expression_as_value(Parser *parser, Expression *expression);

Expression *parse_sum(Parser *parser);
Expression *parse_span_value(Parser *parser);
Expression *parse_date_or_name(Parser *parser);

/* ---- The rules of the grammar ---- */

Expression *parse_condition(Parser *parser);
Expression *parse_expression(Parser *parser);
/* Either: a derivation's right side. */
Expression *parse_any_expression(Parser *parser);

bool parser_at_connective(const Parser *parser);
OutlineNode *parse_node(Parser *parser);
/* `interpretation CODE TEXT`, without the block under. */
InterpretationSyntax *parse_interpretation(Parser *parser);
Word parse_kind(Parser *parser);

extern const LineRules interpretation_lines;
extern const LineRules declaration_lines;
extern const LineRules drug_lines, preparation_lines, regimen_lines;

/* Line readers that more than one table names; `owner` is a Declarations. */
LineRead read_derive, read_set, read_codes;
LineRead read_drug, read_preparation, read_regimen;

#endif
