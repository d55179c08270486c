/* format.c: writes a source again, line by line, from its tokens and its comments.
 *
 * The formatter never looks at the tree: it copies tokens and decides only about the blanks between
 * them, so it cannot change what a file says. Comments are no tokens; what lies between two tokens'
 * lines is read from the source.
 *
 * Columns. Authors line up conditions, attributes and texts to be read down the page. A gap of two
 * blanks or more is therefore kept as written where columns are made: after a line's keyword, after
 * a colon, before a text, and anywhere in a `fact` line.
 */
#include "language/format.h"

#include <string.h>

#include "language/lex.h"

#define LEVEL_WIDTH 2u

typedef struct Formatter {
  const Source *source;
  TokenList tokens;
  uint32_t at;         /* the next token */
  uint32_t read;       /* bytes of the source already dealt with */
  uint32_t depth;      /* of the line being written */
  uint32_t last_depth; /* of the line of code before */
  Buffer *out;
  size_t start;    /* where in `out` this file begins */
  bool owes_blank; /* an empty line stood since the last line written */
} Formatter;

static Text slice(const Formatter *formatter, uint32_t start, uint32_t end) {
  return (Text){formatter->source->text.at + start, end - start};
}

static void write_blanks(Formatter *formatter, uint32_t count) {
  for (; count > 0; count--) buffer_character(formatter->out, ' ');
}

/* The empty line owed, save at the top of the file. */
static void start_line(Formatter *formatter, uint32_t depth) {
  if (formatter->owes_blank && formatter->out->length > formatter->start)
    buffer_character(formatter->out, '\n');
  formatter->owes_blank = false;
  write_blanks(formatter, depth * LEVEL_WIDTH);
}

/* ---- Comments and empty lines ---- */

static Text without_trailing_blanks(Text text) {
  while (text.length > 0 && strchr(" \t\r", text.at[text.length - 1])) text.length--;
  return text;
}

static uint32_t line_end(const Formatter *formatter, uint32_t from) {
  Text text = formatter->source->text;
  const char *newline = memchr(text.at + from, '\n', text.length - from);
  return newline ? (uint32_t)(newline - text.at) : text.length;
}

static uint32_t indentation(Text line) {
  uint32_t blanks = 0;
  while (blanks < line.length && (line.at[blanks] == ' ' || line.at[blanks] == '\t')) blanks++;
  return blanks;
}

/* A comment on its own line goes with the code after it, unless it was written deeper, with the
 * code before it. */
static uint32_t comment_depth(const Formatter *formatter, uint32_t width, uint32_t next_depth) {
  uint32_t depth = (width + 1) / LEVEL_WIDTH;
  uint32_t deepest = formatter->last_depth > next_depth ? formatter->last_depth : next_depth;
  if (depth > deepest) return deepest;
  return depth < next_depth ? next_depth : depth;
}

/* The lines from `read` up to the line that holds `until`: comments and empty ones. */
static void write_between(Formatter *formatter, uint32_t until, uint32_t next_depth) {
  while (formatter->read < until) {
    uint32_t end = line_end(formatter, formatter->read);
    if (end >= until && until < formatter->source->text.length)
      return; /* the line of the next token */
    Text line = without_trailing_blanks(slice(formatter, formatter->read, end));
    uint32_t blanks = indentation(line);
    if (blanks == line.length) {
      formatter->owes_blank = true;
    } else {
      start_line(formatter, comment_depth(formatter, blanks, next_depth));
      buffer_append(formatter->out, line.at + blanks, line.length - blanks);
      buffer_character(formatter->out, '\n');
    }
    formatter->read = end + 1;
  }
}

/* The comment behind the last token of a line, and the line's end. */
static void write_line_end(Formatter *formatter, uint32_t last_end) {
  uint32_t end = line_end(formatter, last_end);
  Text rest = without_trailing_blanks(slice(formatter, last_end, end));
  uint32_t blanks = indentation(rest);
  if (blanks < rest.length) {
    write_blanks(formatter, blanks > 2 ? blanks : 2);
    buffer_append(formatter->out, rest.at + blanks, rest.length - blanks);
  }
  buffer_character(formatter->out, '\n');
  formatter->read = end + 1;
}

/* ---- Blanks between two tokens ---- */

/* One blank stands between any two tokens, save where one of them hugs the other. */
static bool hugs(const Formatter *formatter, const Token *left, const Token *right) {
  bool is_call = right->kind == TOKEN_OPEN_PARENTHESIS &&
                 text_is(slice(formatter, left->start, left->end), "body_surface");
  bool is_minus_of_number =
      left->kind == TOKEN_MINUS && left->end == right->start && right->kind == TOKEN_WORD;
  return is_call || is_minus_of_number || right->kind == TOKEN_COLON ||
         right->kind == TOKEN_COMMA || right->kind == TOKEN_CLOSE_PARENTHESIS ||
         right->kind == TOKEN_CLOSE_BRACE || left->kind == TOKEN_OPEN_PARENTHESIS ||
         left->kind == TOKEN_OPEN_BRACE;
}

/* Whether the author may line up `right` with the lines around it. `first` is the line's first
 * token. */
static bool begins_column(const Formatter *formatter, const Token *first, const Token *left,
                          const Token *right) {
  bool is_not_known =
      left == first + 1 && text_is(slice(formatter, left->start, left->end), "known");
  bool follows_keyword = (left == first && left->kind == TOKEN_WORD) || is_not_known;
  bool is_fact = text_is(slice(formatter, first->start, first->end), "fact");
  return follows_keyword || is_fact || left->kind == TOKEN_COLON || right->kind == TOKEN_TEXT;
}

static uint32_t blanks_between(const Formatter *formatter, const Token *first, const Token *left,
                               const Token *right) {
  if (hugs(formatter, left, right)) return 0;
  uint32_t written = right->start - left->end;
  return written > 1 && begins_column(formatter, first, left, right) ? written : 1;
}

/* ---- Lines ---- */

/* A line of code may continue over lines of the source (see continues_line in lex.c). */
static void write_continuation(Formatter *formatter, const Token *left, const Token *right) {
  write_line_end(formatter, left->end);
  write_between(formatter, right->start, formatter->depth + 2); /* comments inside the line */
  start_line(formatter, formatter->depth + 2);
}

static void write_token(Formatter *formatter, const Token *token) {
  buffer_text(formatter->out, slice(formatter, token->start, token->end));
}

static void write_line(Formatter *formatter) {
  const Token *first = &formatter->tokens.items[formatter->at], *token = first;
  write_between(formatter, first->start, formatter->depth);
  start_line(formatter, formatter->depth);
  write_token(formatter, token);
  for (token++; token->kind != TOKEN_NEWLINE; token++) {
    const Token *left = token - 1;
    if (token->line != left->line) {
      write_continuation(formatter, left, token);
    } else {
      write_blanks(formatter, blanks_between(formatter, first, left, token));
    }
    write_token(formatter, token);
  }
  write_line_end(formatter, token[-1].end);
  formatter->last_depth = formatter->depth;
  formatter->at = (uint32_t)(token - formatter->tokens.items) + 1;
}

static void write_file(Formatter *formatter) {
  for (;;) {
    switch (formatter->tokens.items[formatter->at].kind) {
      case TOKEN_INDENT:
        formatter->depth++, formatter->at++;
        break;
      case TOKEN_DEDENT:
        formatter->depth--, formatter->at++;
        break;
      case TOKEN_END:
        write_between(formatter, formatter->source->text.length, 0);
        return;
      case TOKEN_NEWLINE:
        formatter->at++;
        break;
      case TOKEN_WORD:
      case TOKEN_TEXT:
      case TOKEN_COLON:
      case TOKEN_COMMA:
      case TOKEN_PIPE:
      case TOKEN_OPEN_PARENTHESIS:
      case TOKEN_CLOSE_PARENTHESIS:
      case TOKEN_OPEN_BRACE:
      case TOKEN_CLOSE_BRACE:
      case TOKEN_EQUAL:
      case TOKEN_LESS:
      case TOKEN_LESS_EQUAL:
      case TOKEN_GREATER:
      case TOKEN_GREATER_EQUAL:
      case TOKEN_PLUS:
      case TOKEN_MINUS:
      case TOKEN_TIMES:
      case TOKEN_DIVIDE:
      case TOKEN_BROKEN:
        write_line(formatter);
        break;
      case TOKEN_KINDS:
        return;
    }
  }
}

bool format_source(const Source *source, Arena *scratch, Diagnostics *diagnostics, Buffer *out) {
  uint32_t errors = diagnostics->errors;
  TokenList tokens = lex(source, scratch, diagnostics);
  if (diagnostics->errors > errors) return false;
  Formatter formatter = {.source = source, .tokens = tokens, .out = out, .start = out->length};
  bool has_mark = source->text.length >= 3 && memcmp(source->text.at, "\xEF\xBB\xBF", 3) == 0;
  if (has_mark) formatter.read = 3;
  write_file(&formatter);
  return true;
}
