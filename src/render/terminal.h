/* terminal: paragraphs for people: wrapped, colored where that is wanted, safe to show.
 *
 *     Terminal terminal = terminal_open(stdout, ascii);
 *     terminal_begin(&terminal, 2, 4);                 first line indented by 2, the others by 4
 *     terminal_put(&terminal, STYLE_BOLD, "A5");
 *     terminal_put(&terminal, STYLE_PLAIN, " Relapsed or refractory");
 *     terminal_end(&terminal);
 *
 * Texts come from requests and policies, and so from anyone: control characters and those that turn
 * the direction of writing never reach the terminal. A space separates words and is where a line
 * may break; a no-break space (U+00A0) is shown as a space and holds. */
#ifndef RENDER_TERMINAL_H
#define RENDER_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum Style {
  STYLE_PLAIN,
  STYLE_BOLD,
  STYLE_DIM,
  STYLE_GOOD,
  STYLE_BAD,
  STYLE_OPEN,
  STYLE_COUNT
} Style;

enum { TERMINAL_WIDTH_MAX = 100, TERMINAL_WORD_BYTES = 2048 };

typedef struct Terminal {
  FILE *out;
  bool color, ascii;
  int width;                      /* columns to use */
  int column;                     /* where the next word starts, a space before it not counted */
  int hang;                       /* indentation of the lines after the first */
  bool space;                     /* a space is due before the next word */
  bool fresh;                     /* nothing stands on this line but indentation */
  char word[TERMINAL_WORD_BYTES]; /* the word being put together, colors included */
  size_t word_length;
  int word_width;
} Terminal;

/* Color only on a terminal, and not where NO_COLOR is set or TERM is dumb. ASCII where asked for,
 * or where `out` is a terminal whose locale has no UTF-8. */
Terminal terminal_open(FILE *out, bool ascii);
/* Is the program's output read by a person at a terminal? */
bool terminal_is(FILE *out);

/* Starts a paragraph. */
void terminal_begin(Terminal *terminal, int indent, int hang);
void terminal_put(Terminal *terminal, Style style, const char *text);
/* At most `characters` of the text, then an ellipsis. */
void terminal_put_cut(Terminal *terminal, Style style, const char *text, size_t characters);
/* The first `length` bytes of the text. */
void terminal_put_span(Terminal *terminal, Style style, const char *text, size_t length);
void terminal_number(Terminal *terminal, Style style, long number);
/* Goes on at `column` at least two spaces further on, without breaking the line: for tables. */
void terminal_column(Terminal *terminal, int column);
/* A table's cell: the text from `column` on, in `width` columns; to their right where `width` is
 * negative. Cut, with an ellipsis, where it is longer. Cells of a line are put from left to right.
 */
void terminal_cell(Terminal *terminal, Style style, const char *text, int column, int width);
void terminal_end(Terminal *terminal);
/* An empty line. */
void terminal_gap(Terminal *terminal);
/* A paragraph of one text. */
void terminal_line(Terminal *terminal, int indent, Style style, const char *text);
/* "  Name      text…", the text hanging at the column where it starts; nothing where text is empty.
 */
void terminal_field(Terminal *terminal, const char *name, const char *text);
/* Starts such a line; the caller puts the text and ends it. */
void terminal_field_begin(Terminal *terminal, const char *name);

/* How many columns the text takes. */
int text_width(const char *text);

#endif
