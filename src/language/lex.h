/* lex: a source as a row of tokens; indentation becomes INDENT and DEDENT.
 *
 * The lexer never stops: what it cannot read it reports and skips. Comments are no tokens;
 * the formatter reads them from the source. The row ends with NEWLINE, the DEDENTs still owed and
 * one END.
 */
#ifndef LANGUAGE_LEX_H
#define LANGUAGE_LEX_H

#include "base/diagnostic.h"

typedef enum TokenKind {
#define TOKEN(symbol, description) TOKEN_##symbol,
#include "language/token.def"
#undef TOKEN
  TOKEN_KINDS
} TokenKind;

typedef struct Token {
  TokenKind kind;
  uint32_t start, end; /* bytes of the source */
  uint32_t line;       /* 1-based */
} Token;

typedef struct TokenList {
  const Source *source;
  Token *items;
  uint32_t count;
} TokenList;

/* "a word", "`all of`", … for messages. */
const char *token_description(TokenKind kind);
TokenList lex(const Source *source, Arena *arena, Diagnostics *diagnostics);

#endif
