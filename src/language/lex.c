/* lex.c: bytes to tokens, one line at a time.
 *
 * Reading order: lex (bottom), lex_line, place (indentation), lex_token. The lexer keeps a stack of
 * the widths of the open blocks. A line that is indented wrongly still opens or closes blocks by
 * its width, so that the parser sees the structure the author saw.
 */
#include "language/lex.h"

#include <string.h>

#include "base/limits.h"

#define LEVEL_WIDTH 2u

typedef struct Lexer {
  const Source *source;
  Arena *arena;
  Diagnostics *diagnostics;
  LIST(Token) tokens;
  uint32_t at;   /* the next byte */
  uint32_t line; /* 1-based */
  /* widths[0] is the file's own level. One more than the limit fits: there the first line that is
   * too deep leaves a BROKEN token, so that the parser knows that its parent does have something
   * under it. */
  uint32_t widths[LIMIT_OUTLINE_DEPTH + 2];
  uint32_t depth;
  uint32_t stray_line; /* where a stray character was last reported: one a line, since an unquoted
                          text has many */
  bool stopped;        /* too many tokens: reported, and no more are made */
} Lexer;

const char *token_description(TokenKind kind) {
  static const char *const descriptions[] = {
#define TOKEN(symbol, description) [TOKEN_##symbol] = description,
#include "language/token.def"
#undef TOKEN
  };
  return descriptions[kind];
}

/* ---- Characters ---- */

static unsigned char byte_at(const Lexer *lexer, uint32_t offset) {
  return offset < lexer->source->text.length ? (unsigned char)lexer->source->text.at[offset] : 0;
}

static bool at_line_end(const Lexer *lexer) {
  if (lexer->at >= lexer->source->text.length) return true;
  unsigned char c = byte_at(lexer, lexer->at);
  bool is_last = lexer->at + 1 == lexer->source->text.length;
  return c == '\n' || (c == '\r' && (is_last || byte_at(lexer, lexer->at + 1) == '\n'));
}

static bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }

/* The micro sign (U+00B5) and the Greek mu (U+03BC), which keyboards give alike. Its length in
 * bytes, or 0. */
static uint32_t micro_length(const Lexer *lexer, uint32_t offset) {
  unsigned char first = byte_at(lexer, offset), second = byte_at(lexer, offset + 1);
  return (first == 0xC2 && second == 0xB5) || (first == 0xCE && second == 0xBC) ? 2 : 0;
}

static uint32_t word_start_length(const Lexer *lexer, uint32_t offset) {
  unsigned char c = byte_at(lexer, offset);
  return is_letter(c) || is_digit(c) ? 1 : micro_length(lexer, offset);
}

static uint32_t word_part_length(const Lexer *lexer, uint32_t offset) {
  unsigned char c = byte_at(lexer, offset);
  if (c != 0 && strchr("_.-/*%", c)) return 1;
  if (c == 0xC2 && byte_at(lexer, offset + 1) == 0xB2) return 2; /* superscript two */
  return word_start_length(lexer, offset);
}

/* The length of the well-formed UTF-8 character at `offset`, or 0. Overlong forms and surrogates
 * are not well formed. */
static uint32_t character_length(const Lexer *lexer, uint32_t offset, uint32_t *code_point) {
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned char first = byte_at(lexer, offset);
  *code_point = first;
  if (first < 0x80) return 1;
  uint32_t length = first >= 0xF0 && first < 0xF5   ? 4
                    : first >= 0xE0 && first < 0xF0 ? 3
                    : first >= 0xC2 && first < 0xE0 ? 2
                                                    : 0;
  if (length == 0) return 0;
  uint32_t value = first & (0x7Fu >> length);
  for (uint32_t i = 1; i < length; i++) {
    unsigned char next = byte_at(lexer, offset + i);
    if ((next & 0xC0) != 0x80) return 0;
    value = value << 6 | (next & 0x3Fu);
  }
  *code_point = value;
  bool well_formed =
      value >= smallest[length] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return well_formed ? length : 0;
}

/* ---- Diagnostics and tokens ---- */

static SourceSpan span_of(const Lexer *lexer, uint32_t start, uint32_t end) {
  return (SourceSpan){lexer->source, start, end};
}

static void push(Lexer *lexer, TokenKind kind, uint32_t start, uint32_t end) {
  Token token = {kind, start, end, lexer->line};
  LIST_PUSH(lexer->arena, lexer->tokens, token);
}

static void stop_at_too_many(Lexer *lexer) {
  if (lexer->tokens.count < LIMIT_TOKENS || lexer->stopped) return;
  lexer->stopped = true;
  diagnose(lexer->diagnostics, DIAGNOSTIC_TOO_MANY_TOKENS, span_of(lexer, lexer->at, lexer->at),
           "the file has more than %u tokens", (unsigned)LIMIT_TOKENS);
}

static TokenKind kind_before(const Lexer *lexer, uint32_t back) {
  return lexer->tokens.count >= back ? lexer->tokens.items[lexer->tokens.count - back].kind
                                     : TOKEN_END;
}

/* ---- Encoding ---- */

/* Controls have no place in a policy, and those that turn the writing direction could make a line
 * read otherwise than it is. */
static bool is_forbidden_control(uint32_t c) {
  bool turns_direction =
      (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
  return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0) || turns_direction;
}

/* Reports the first unreadable character of a line; the rest of the line would mostly repeat it. */
static void check_encoding_of_line(Lexer *lexer, uint32_t start, uint32_t end) {
  uint32_t code_point = 0;
  for (uint32_t at = start; at < end;) {
    uint32_t length = character_length(lexer, at, &code_point);
    if (length == 0) {
      diagnose(lexer->diagnostics, DIAGNOSTIC_BAD_UTF8, span_of(lexer, at, at + 1),
               "byte 0x%02X is not part of a UTF-8 character", byte_at(lexer, at));
      return;
    }
    bool ends_in_crlf = code_point == '\r' && at + 1 == end;
    if (is_forbidden_control(code_point) && !ends_in_crlf) {
      diagnose(lexer->diagnostics, DIAGNOSTIC_CONTROL_CHARACTER, span_of(lexer, at, at + length),
               "an invisible control character (U+%04X)", code_point);
      return;
    }
    at += length;
  }
}

static void check_encoding(Lexer *lexer) {
  Text text = lexer->source->text;
  for (uint32_t start = 0; start < text.length;) {
    const char *newline = memchr(text.at + start, '\n', text.length - start);
    uint32_t end = newline ? (uint32_t)(newline - text.at) : text.length;
    check_encoding_of_line(lexer, start, end);
    start = end + 1;
  }
}

/* ---- One token ---- */

static void lex_word(Lexer *lexer) {
  uint32_t start = lexer->at, at = start;
  for (uint32_t length; (length = word_part_length(lexer, at)) > 0;) at += length;
  while (byte_at(lexer, at - 1) == '.' || byte_at(lexer, at - 1) == '-') at--; /* "see A.5." */
  lexer->at = at;
  push(lexer, TOKEN_WORD, start, at);
}

/* The opening quote stands at `lexer->at`. A text that does not end with its line is cut there, and
 * the line given up. */
static void lex_text(Lexer *lexer) {
  uint32_t start = lexer->at++;
  while (!at_line_end(lexer) && byte_at(lexer, lexer->at) != '"') {
    if (byte_at(lexer, lexer->at) == '\\') {
      unsigned char escaped = byte_at(lexer, lexer->at + 1);
      bool ends_line = escaped == 0 || escaped == '\n' ||
                       escaped == '\r'; /* then the text is not closed either: reported once */
      if (escaped == '"' || escaped == '\\') {
        lexer->at++;
      } else if (!ends_line) {
        Diagnostic *diagnostic = diagnose(
            lexer->diagnostics, DIAGNOSTIC_BAD_ESCAPE, span_of(lexer, lexer->at, lexer->at + 1),
            "this backslash is not followed by a character that can be escaped");
        diagnostic_expect(lexer->diagnostics, diagnostic, "`\\\"` or `\\\\`");
      }
    }
    lexer->at++;
  }
  if (!at_line_end(lexer)) {
    push(lexer, TOKEN_TEXT, start, ++lexer->at);
    return;
  }
  Diagnostic *diagnostic =
      diagnose(lexer->diagnostics, DIAGNOSTIC_UNTERMINATED_TEXT, span_of(lexer, start, start + 1),
               "this quoted text is not closed on its line");
  diagnostic_expect(lexer->diagnostics, diagnostic, "`\"` before the end of the line");
  push(lexer, TOKEN_BROKEN, start, lexer->at);
}

/* What people type, or their editors insert, for what the language spells otherwise. */
static const char *spelled_here(Text character) {
  static const struct {
    const char *written, *meant;
  } lookalikes[] = {
      {"\xE2\x80\x9C", "\""},
      {"\xE2\x80\x9D", "\""},
      {"'", "\""},
      {"\xE2\x89\xA4", "<="},
      {"\xE2\x89\xA5", ">="},
      {"\xE2\x89\xA0", "is not"},
      {"!", "is not"},
      {"\xC3\x97", "*"},
      {"\xE2\x88\x92", "-"},
      {"\xE2\x80\x93", "-"},
      {"\xE2\x80\x94", "-"},
      {"&", "and"},
      {";", ","},
      {"[", "("},
      {"]", ")"},
  };
  for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++) {
    if (text_is(character, lookalikes[i].written)) return lookalikes[i].meant;
  }
  return NULL;
}

static void lex_stray(Lexer *lexer) {
  uint32_t code_point = 0, start = lexer->at;
  uint32_t length = character_length(lexer, start, &code_point);
  lexer->at += length ? length : 1;
  push(lexer, TOKEN_BROKEN, start, lexer->at);
  bool is_reported = length == 0 || is_forbidden_control(code_point); /* by check_encoding */
  if (is_reported || lexer->stray_line == lexer->line) return;
  lexer->stray_line = lexer->line;
  Text character = {lexer->source->text.at + start, length};
  Diagnostic *diagnostic =
      diagnose(lexer->diagnostics, DIAGNOSTIC_BAD_CHARACTER, span_of(lexer, start, lexer->at),
               "`%.*s` is not a character of the language", (int)length, character.at);
  const char *meant = spelled_here(character);
  if (meant) diagnostic_expect(lexer->diagnostics, diagnostic, "`%s`", meant);
}

static void lex_sign(Lexer *lexer, TokenKind kind, uint32_t length) {
  push(lexer, kind, lexer->at, lexer->at + length);
  lexer->at += length;
}

static void lex_relation(Lexer *lexer, TokenKind bare, TokenKind with_equal) {
  if (byte_at(lexer, lexer->at + 1) == '=') {
    lex_sign(lexer, with_equal, 2);
  } else {
    lex_sign(lexer, bare, 1);
  }
}

/* `==` is a habit from elsewhere: reported, and read as `=`. */
static void lex_equal(Lexer *lexer) {
  uint32_t start = lexer->at;
  bool is_doubled = byte_at(lexer, start + 1) == '=';
  lex_sign(lexer, TOKEN_EQUAL, is_doubled ? 2 : 1);
  if (!is_doubled) return;
  Diagnostic *diagnostic =
      diagnose(lexer->diagnostics, DIAGNOSTIC_BAD_CHARACTER, span_of(lexer, start, start + 2),
               "`==` is not a sign of the language");
  diagnostic_expect(lexer->diagnostics, diagnostic, "`=` or `is`");
}

static void lex_token(Lexer *lexer) {
  switch (byte_at(lexer, lexer->at)) {
    case '"':
      lex_text(lexer);
      return;
    case ':':
      lex_sign(lexer, TOKEN_COLON, 1);
      return;
    case ',':
      lex_sign(lexer, TOKEN_COMMA, 1);
      return;
    case '|':
      lex_sign(lexer, TOKEN_PIPE, 1);
      return;
    case '(':
      lex_sign(lexer, TOKEN_OPEN_PARENTHESIS, 1);
      return;
    case ')':
      lex_sign(lexer, TOKEN_CLOSE_PARENTHESIS, 1);
      return;
    case '{':
      lex_sign(lexer, TOKEN_OPEN_BRACE, 1);
      return;
    case '}':
      lex_sign(lexer, TOKEN_CLOSE_BRACE, 1);
      return;
    case '=':
      lex_equal(lexer);
      return;
    case '<':
      lex_relation(lexer, TOKEN_LESS, TOKEN_LESS_EQUAL);
      return;
    case '>':
      lex_relation(lexer, TOKEN_GREATER, TOKEN_GREATER_EQUAL);
      return;
    case '+':
      lex_sign(lexer, TOKEN_PLUS, 1);
      return;
    case '-':
      lex_sign(lexer, TOKEN_MINUS, 1);
      return;
    case '*':
      lex_sign(lexer, TOKEN_TIMES, 1);
      return;
    case '/':
      lex_sign(lexer, TOKEN_DIVIDE, 1);
      return;
    case '%':
      lex_sign(lexer, TOKEN_WORD, 1);
      return;
  }
  if (word_start_length(lexer, lexer->at) > 0) {
    lex_word(lexer);
  } else {
    lex_stray(lexer);
  }
}

/* ---- Lines and indentation ---- */

static void skip_line(Lexer *lexer) {
  while (!at_line_end(lexer)) lexer->at++;
}

static void skip_newline(Lexer *lexer) {
  if (byte_at(lexer, lexer->at) == '\r') lexer->at++;
  if (lexer->at < lexer->source->text.length) lexer->at++;
  lexer->line++;
}

/* The line's width in spaces. A tab is reported and counts as one level. */
static uint32_t measure_indentation(Lexer *lexer) {
  uint32_t width = 0, first_tab = UINT32_MAX;
  for (;; lexer->at++) {
    unsigned char c = byte_at(lexer, lexer->at);
    if (c != ' ' && c != '\t') break;
    if (c == '\t' && first_tab == UINT32_MAX) first_tab = lexer->at;
    width += c == '\t' ? LEVEL_WIDTH : 1;
  }
  bool is_blank = at_line_end(lexer);
  if (first_tab != UINT32_MAX && !is_blank) {
    Diagnostic *diagnostic =
        diagnose(lexer->diagnostics, DIAGNOSTIC_TAB_INDENT,
                 span_of(lexer, first_tab, first_tab + 1), "a tab in the indentation");
    diagnostic_expect(lexer->diagnostics, diagnostic, "two spaces per level");
  }
  return width;
}

static void report_wrong_indentation(Lexer *lexer, uint32_t width, uint32_t expected) {
  Diagnostic *diagnostic =
      diagnose(lexer->diagnostics, DIAGNOSTIC_INDENT, span_of(lexer, lexer->at, lexer->at + 1),
               "this line is indented by %u spaces", width);
  diagnostic_expect(lexer->diagnostics, diagnostic, "%u spaces: two per level", expected);
}

/* A line that ends in `:`, `,` or `=` may continue in the next one, two levels deeper: no block can
 * stand there. */
static bool continues_line(const Lexer *lexer, uint32_t width) {
  TokenKind last = kind_before(lexer, 2);
  bool is_open = kind_before(lexer, 1) == TOKEN_NEWLINE &&
                 (last == TOKEN_COLON || last == TOKEN_COMMA || last == TOKEN_EQUAL);
  return is_open && width == lexer->widths[lexer->depth] + 2 * LEVEL_WIDTH;
}

static void open_block(Lexer *lexer, uint32_t width) {
  if (width != lexer->widths[lexer->depth] + LEVEL_WIDTH)
    report_wrong_indentation(lexer, width, lexer->depth * LEVEL_WIDTH + LEVEL_WIDTH);
  lexer->widths[++lexer->depth] = width;
  push(lexer, TOKEN_INDENT, lexer->at, lexer->at);
}

static void close_blocks(Lexer *lexer, uint32_t width) {
  while (lexer->depth > 0 && width < lexer->widths[lexer->depth]) {
    lexer->depth--;
    push(lexer, TOKEN_DEDENT, lexer->at, lexer->at);
  }
  if (width == lexer->widths[lexer->depth]) return;
  report_wrong_indentation(lexer, width, lexer->depth * LEVEL_WIDTH);
  if (lexer->depth == 0) lexer->widths[0] = width; /* the file began too far to the right */
}

/* Opens and closes blocks for a line of that width. False where the line is too deep to be read. */
static bool place(Lexer *lexer, uint32_t width) {
  bool is_too_deep = lexer->depth == LIMIT_OUTLINE_DEPTH + 1;
  if (is_too_deep && width >= lexer->widths[lexer->depth]) return false;
  if (width <= lexer->widths[lexer->depth]) {
    close_blocks(lexer, width);
    return true;
  }
  open_block(lexer, width);
  if (lexer->depth <= LIMIT_OUTLINE_DEPTH) return true;
  diagnose(lexer->diagnostics, DIAGNOSTIC_TOO_DEEP, span_of(lexer, lexer->at, lexer->at + 1),
           "this line is more than %d levels deep", (int)LIMIT_OUTLINE_DEPTH);
  push(lexer, TOKEN_BROKEN, lexer->at, lexer->at);
  push(lexer, TOKEN_NEWLINE, lexer->at, lexer->at);
  return false;
}

static void start_line(Lexer *lexer, uint32_t width) {
  bool is_first = lexer->tokens.count == 0;
  if (continues_line(lexer, width)) {
    lexer->tokens.count--;
  } else if (is_first && width > 0) {
    report_wrong_indentation(lexer, width, 0);
    lexer->widths[0] = width;
  } else if (!place(lexer, width)) {
    skip_line(lexer);
  }
}

static void skip_blanks(Lexer *lexer) {
  while (byte_at(lexer, lexer->at) == ' ' || byte_at(lexer, lexer->at) == '\t') lexer->at++;
}

static void lex_line(Lexer *lexer) {
  uint32_t width = measure_indentation(lexer);
  if (at_line_end(lexer) || byte_at(lexer, lexer->at) == '#') {
    skip_line(lexer);
    skip_newline(lexer);
    return;
  }
  start_line(lexer, width);
  uint32_t first = lexer->tokens.count;
  for (skip_blanks(lexer); !at_line_end(lexer) && byte_at(lexer, lexer->at) != '#';
       skip_blanks(lexer))
    lex_token(lexer);
  skip_line(lexer);
  if (lexer->tokens.count > first) {
    uint32_t end = lexer->tokens.items[lexer->tokens.count - 1].end;
    push(lexer, TOKEN_NEWLINE, end, end);
  }
  skip_newline(lexer);
  stop_at_too_many(lexer);
}

static void skip_byte_order_mark(Lexer *lexer) {
  if (byte_at(lexer, 0) == 0xEF && byte_at(lexer, 1) == 0xBB && byte_at(lexer, 2) == 0xBF)
    lexer->at = 3;
}

static bool is_too_large(Lexer *lexer) {
  if (lexer->source->text.length <= LIMIT_SOURCE_BYTES) return false;
  diagnose(lexer->diagnostics, DIAGNOSTIC_SOURCE_TOO_LARGE, span_of(lexer, 0, 0),
           "the file has %u bytes, more than %u", lexer->source->text.length,
           (unsigned)LIMIT_SOURCE_BYTES);
  return true;
}

TokenList lex(const Source *source, Arena *arena, Diagnostics *diagnostics) {
  Lexer lexer = {.source = source, .arena = arena, .diagnostics = diagnostics, .line = 1};
  if (!is_too_large(&lexer)) {
    check_encoding(&lexer);
    skip_byte_order_mark(&lexer);
    while (lexer.at < source->text.length && !lexer.stopped) lex_line(&lexer);
  }
  uint32_t end = source->text.length;
  for (; lexer.depth > 0; lexer.depth--) push(&lexer, TOKEN_DEDENT, end, end);
  push(&lexer, TOKEN_END, end, end);
  return (TokenList){source, lexer.tokens.items, lexer.tokens.count};
}
