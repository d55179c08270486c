/* parse_cursor.c: walking the token row and reporting errors. See parse_internal.h for how a broken
 * line is given up. */
#include <stdarg.h>
#include <stdio.h>

#include "language/parse_internal.h"

/* ---- Looking ---- */

const Token *parser_peek(const Parser *parser) { return &parser->tokens[parser->at]; }

static bool ends_line(TokenKind kind) {
  return kind == TOKEN_NEWLINE || kind == TOKEN_END || kind == TOKEN_INDENT || kind == TOKEN_DEDENT;
}

const Token *parser_look(const Parser *parser, uint32_t ahead) {
  const Token *token = parser_peek(parser);
  for (; ahead > 0 && !ends_line(token->kind); ahead--) token++;
  return token;
}

Text parser_text(const Parser *parser, const Token *token) {
  return (Text){parser->source->text.at + token->start, token->end - token->start};
}

const Token *parser_advance(Parser *parser) {
  const Token *token = parser_peek(parser);
  if (!ends_line(token->kind)) parser->at++;
  return token;
}

bool parser_at(const Parser *parser, TokenKind kind) { return parser_peek(parser)->kind == kind; }

bool parser_look_is(const Parser *parser, uint32_t ahead, const char *word) {
  const Token *token = parser_look(parser, ahead);
  return token->kind == TOKEN_WORD && text_is(parser_text(parser, token), word);
}

bool parser_at_word(const Parser *parser, const char *word) {
  return parser_look_is(parser, 0, word);
}

bool parser_at_words(const Parser *parser, const char *first, const char *second) {
  return parser_look_is(parser, 0, first) && parser_look_is(parser, 1, second);
}

bool parser_accept(Parser *parser, TokenKind kind) {
  if (!parser_at(parser, kind)) return false;
  parser->at++;
  return true;
}

bool parser_accept_word(Parser *parser, const char *word) {
  if (!parser_at_word(parser, word)) return false;
  parser->at++;
  return true;
}

bool parser_accept_words(Parser *parser, const char *first, const char *second) {
  if (!parser_at_words(parser, first, second)) return false;
  parser->at += 2;
  return true;
}

/* ---- Spans ---- */

uint32_t parser_start(const Parser *parser) { return parser_peek(parser)->start; }

SourceSpan parser_token_span(const Parser *parser, const Token *token) {
  return (SourceSpan){parser->source, token->start, token->end};
}

SourceSpan parser_span(const Parser *parser, uint32_t start) {
  uint32_t end = parser->at > 0 ? parser->tokens[parser->at - 1].end : start;
  return (SourceSpan){parser->source, start, end > start ? end : start};
}

Word parser_word(const Parser *parser, const Token *token) {
  return (Word){parser_text(parser, token), parser_token_span(parser, token)};
}

/* ---- Reporting errors ---- */

/* The lexer has reported the line: what the parser makes of what is left would mostly be reported
 * twice.
 */
static bool rest_is_unreadable(const Parser *parser) {
  const Token *token = parser_peek(parser);
  while (!ends_line(token->kind) && token->kind != TOKEN_BROKEN) token++;
  return token->kind == TOKEN_BROKEN;
}

void parser_give_line_up(Parser *parser) {
  parser->broken = true;
  while (!ends_line(parser_peek(parser)->kind)) parser->at++;
}

Diagnostic *parser_fail(Parser *parser, DiagnosticId id, SourceSpan span, const char *format, ...) {
  bool is_reported = parser->broken || rest_is_unreadable(parser);
  parser_give_line_up(parser);
  if (is_reported) return NULL;
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  return diagnose(parser->diagnostics, id, span, "%s", message);
}

/* "`cd19`", or the token's description where its text says less. */
static const char *found(const Parser *parser, const Token *token) {
  if (token->kind != TOKEN_WORD) return token_description(token->kind);
  Text text = parser_text(parser, token);
  return arena_format(parser->arena, "`%.*s`", (int)text.length, text.at);
}

Diagnostic *parser_fail_expecting(Parser *parser, DiagnosticId id, const char *expected) {
  const Token *token = parser_peek(parser);
  SourceSpan span = parser_token_span(parser, token);
  Diagnostic *diagnostic =
      token->kind == TOKEN_NEWLINE
          ? parser_fail(parser, id, span, "the line ends too early")
          : parser_fail(parser, id, span, "%s is not valid here", found(parser, token));
  if (diagnostic) diagnostic_expect(parser->diagnostics, diagnostic, "%s", expected);
  return diagnostic;
}

void parser_fail_choosing(Parser *parser, const char *expected, const Text *candidates,
                          uint32_t count) {
  const Token *token = parser_peek(parser);
  Diagnostic *diagnostic = parser_fail_expecting(parser, DIAGNOSTIC_UNEXPECTED, expected);
  if (diagnostic && token->kind == TOKEN_WORD) {
    diagnostic_nearest(parser->diagnostics, diagnostic, parser_text(parser, token), candidates,
                       count);
  }
}

/* ---- The small words of every rule ---- */

void parser_expect_token(Parser *parser, TokenKind kind) {
  if (!parser_accept(parser, kind))
    parser_fail_expecting(parser, DIAGNOSTIC_UNEXPECTED, token_description(kind));
}

void parser_expect_keyword(Parser *parser, const char *keyword) {
  if (parser_accept_word(parser, keyword)) return;
  Text candidate = text_of(keyword);
  parser_fail_choosing(parser, arena_format(parser->arena, "`%s`", keyword), &candidate, 1);
}

Word parser_expect_word(Parser *parser, const char *what) {
  if (parser_at(parser, TOKEN_WORD)) return parser_word(parser, parser_advance(parser));
  const uint32_t here =
      parser_start(parser); /* later rooms may have to point at the name that is not there */
  parser_fail_expecting(parser, DIAGNOSTIC_EXPECTED_NAME, what);
  return (Word){.text = TEXT(""), .span = {parser->source, here, here}};
}

/* The text between the quotes, its two escapes resolved. */
static Text unescape(const Parser *parser, const Token *token) {
  Text quoted = parser_text(parser, token);
  char *out = arena_allocate_raw(parser->arena, quoted.length);
  uint32_t length = 0;
  for (uint32_t i = 1; i + 1 < quoted.length; i++) {
    bool is_escape = quoted.at[i] == '\\' && (quoted.at[i + 1] == '"' || quoted.at[i + 1] == '\\');
    if (is_escape) i++;
    out[length++] = quoted.at[i];
  }
  return (Text){out, length};
}

Text parser_expect_title(Parser *parser, const char *what) {
  if (parser_at(parser, TOKEN_TEXT)) return unescape(parser, parser_advance(parser));
  parser_fail_expecting(parser, DIAGNOSTIC_EXPECTED_TEXT, what);
  return TEXT("");
}

Word parser_expect_choice(Parser *parser, const char *what, const Text *choices, uint32_t count) {
  if (parser_at(parser, TOKEN_WORD)) {
    Text text = parser_text(parser, parser_peek(parser));
    for (uint32_t i = 0; i < count; i++) {
      if (text_equal(text, choices[i])) return parser_word(parser, parser_advance(parser));
    }
  }
  parser_fail_choosing(parser, what, choices, count);
  return (Word){.text = TEXT("")};
}

bool parser_is_number(Text text) {
  uint32_t digits = 0, points = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    bool is_digit = text.at[i] >= '0' && text.at[i] <= '9';
    if (!is_digit && (text.at[i] != '.' || digits == 0)) return false;
    if (is_digit) digits++;
    if (text.at[i] == '.') points++;
  }
  return digits > 0 && points <= 1; /* a word never ends in a point */
}

#define COUNT_MAX 1000000u

uint32_t parser_expect_count(Parser *parser, const char *what) {
  const Token *token = parser_peek(parser);
  if (token->kind != TOKEN_WORD || !parser_is_number(parser_text(parser, token))) {
    parser_fail_expecting(parser, DIAGNOSTIC_BAD_NUMBER, what);
    return 0;
  }
  Text digits = parser_text(parser, token);
  uint32_t count = 0;
  for (uint32_t i = 0; i < digits.length; i++) {
    if (digits.at[i] != '.') count = count * 10 + (uint32_t)(digits.at[i] - '0');
    if (digits.at[i] == '.' || count > COUNT_MAX) {
      Diagnostic *diagnostic =
          parser_fail(parser, DIAGNOSTIC_BAD_NUMBER, parser_token_span(parser, token),
                      "`%.*s` is too large for a count", (int)digits.length, digits.at);
      if (diagnostic)
        diagnostic_expect(parser->diagnostics, diagnostic, "a whole number up to %u", COUNT_MAX);
      return 0;
    }
  }
  parser_advance(parser);
  return count;
}

Date parser_expect_date(Parser *parser) {
  const Token *token = parser_peek(parser);
  Date date = DATE_NONE;
  if (token->kind != TOKEN_WORD) {
    parser_fail_expecting(parser, DIAGNOSTIC_BAD_DATE, "a date such as 2025-09-04");
    return DATE_NONE;
  }
  Text text = parser_text(parser, token);
  if (!date_parse(text, &date)) {
    Diagnostic *diagnostic =
        parser_fail(parser, DIAGNOSTIC_BAD_DATE, parser_token_span(parser, token),
                    "`%.*s` is not a date in the calendar", (int)text.length, text.at);
    if (diagnostic) diagnostic_expect(parser->diagnostics, diagnostic, "a date such as 2025-09-04");
    return DATE_NONE;
  }
  parser_advance(parser);
  return date;
}

bool parser_at_span(const Parser *parser) {
  const Token *number = parser_look(parser, 0), *unit = parser_look(parser, 1);
  Span one;
  return number->kind == TOKEN_WORD && unit->kind == TOKEN_WORD &&
         parser_is_number(parser_text(parser, number)) &&
         span_unit(parser_text(parser, unit), &one);
}

Span parser_expect_span(Parser *parser) {
  if (!parser_at_span(parser)) {
    /* The number may be right and the unit wrong: point at what is wrong. */
    const Token *number = parser_peek(parser);
    bool is_number = number->kind == TOKEN_WORD && parser_is_number(parser_text(parser, number));
    if (is_number) parser_advance(parser);
    parser_fail_expecting(
        parser, is_number ? DIAGNOSTIC_BAD_UNIT : DIAGNOSTIC_BAD_NUMBER,
        is_number ? "`days`, `weeks`, `months` or `years`" : "a length such as 6 months");
    return (Span){0, 0};
  }
  uint32_t count = parser_expect_count(parser, "a whole number");
  Span one = {0, 0};
  if (!parser->broken) span_unit(parser_text(parser, parser_advance(parser)), &one);
  return (Span){one.months * (int32_t)count, one.days * (int32_t)count};
}

MeasureSyntax parser_expect_measure(Parser *parser, const char *unit_what) {
  MeasureSyntax measure = {.digits = {.text = TEXT("")}, .unit = {.text = TEXT("")}};
  const Token *token = parser_peek(parser);
  if (token->kind != TOKEN_WORD || !parser_is_number(parser_text(parser, token))) {
    parser_fail_expecting(parser, DIAGNOSTIC_BAD_NUMBER, "a number");
    return measure;
  }
  measure.digits = parser_word(parser, parser_advance(parser));
  measure.unit = parser_expect_word(parser, unit_what);
  return measure;
}

void parser_expect_word_list(Parser *parser, WordList *words, const char *what) {
  do {
    Word word = parser_expect_word(parser, what);
    if (!parser->broken) LIST_PUSH(parser->arena, *words, word);
  } while (parser_accept(parser, TOKEN_COMMA));
}

void parser_expect_colon_list(Parser *parser, WordList *words, const char *what) {
  parser_expect_token(parser, TOKEN_COLON);
  parser_expect_word_list(parser, words, what);
}

/* `end` is where the day was said before, if it was. */
static void set_end_of_force(Parser *parser, uint32_t start, Date *end, SourceSpan *span) {
  bool is_repeated = span->end > 0;
  Date date = parser_expect_date(parser);
  SourceSpan here = parser_span(parser, start);
  if (is_repeated) {
    Diagnostic *diagnostic =
        parser_fail(parser, DIAGNOSTIC_DUPLICATE_LINE, here, "this is a duplicate");
    if (diagnostic) diagnostic_note(parser->diagnostics, diagnostic, *span, "first stated here");
    return;
  }
  *end = date;
  *span = here;
}

static void note_date(Parser *parser, SourceSpan span, InForce in_force) {
  LIST_PUSH(parser->arena, parser->dates, ((DateMark){span, in_force}));
}

bool parser_accept_in_force(Parser *parser, InForce *in_force) {
  uint32_t start = parser_start(parser);
  if (parser_accept_word(parser, "from")) {
    set_end_of_force(parser, start, &in_force->from, &in_force->from_span);
    note_date(parser, in_force->from_span, (InForce){.from = in_force->from, .until = DATE_NONE});
    return true;
  }
  if (parser_accept_word(parser, "until")) {
    set_end_of_force(parser, start, &in_force->until, &in_force->until_span);
    note_date(parser, in_force->until_span, (InForce){.from = DATE_NONE, .until = in_force->until});
    return true;
  }
  return false;
}

/* ---- Lines and blocks ---- */

/* The words that can continue a line: what a word that does not fit may have been meant as. */
static const Text connecting_words[] = {
    {"and", 3},    {"or", 2},     {"is", 2},       {"in", 2},          {"not", 3},
    {"then", 4},   {"where", 5},  {"while", 5},    {"from", 4},        {"until", 5},
    {"to", 2},     {"of", 2},     {"if", 2},       {"every", 5},       {"for", 3},
    {"within", 6}, {"before", 6}, {"after", 5},    {"start", 5},       {"given", 5},
    {"times", 5},  {"given", 5},  {"includes", 8}, {"documented", 10}, {"reconstructed", 13},
};

bool parser_end_line(Parser *parser) {
  if (!ends_line(parser_peek(parser)->kind)) {
    parser_fail_choosing(parser, "the end of the line", connecting_words,
                         sizeof connecting_words / sizeof *connecting_words);
  }
  bool was_right = !parser->broken;
  parser_accept(parser, TOKEN_NEWLINE);
  parser->broken = false;
  return was_right;
}

bool parser_open_block(Parser *parser) { return parser_accept(parser, TOKEN_INDENT); }

bool parser_in_block(const Parser *parser) {
  return !parser_at(parser, TOKEN_DEDENT) && !parser_at(parser, TOKEN_END);
}

void parser_close_block(Parser *parser) { parser_accept(parser, TOKEN_DEDENT); }

void parser_skip_block(Parser *parser) {
  if (!parser_open_block(parser)) return;
  for (uint32_t open = 1; open > 0 && !parser_at(parser, TOKEN_END); parser->at++) {
    if (parser_at(parser, TOKEN_INDENT)) open++;
    if (parser_at(parser, TOKEN_DEDENT)) open--;
  }
}

void parser_refuse_block(Parser *parser, const char *what) {
  if (!parser_at(parser, TOKEN_INDENT)) return;
  const Token *first = parser_peek(parser) + 1;
  if (first->kind != TOKEN_BROKEN) {
    diagnose(parser->diagnostics, DIAGNOSTIC_NOTHING_BENEATH, parser_token_span(parser, first),
             "%s cannot have lines under it", what);
  }
  parser_skip_block(parser);
}
