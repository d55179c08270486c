/* Paragraphs filled greedily, word by word: a word that does not fit begins the next line.
 *
 * A character's width is its East Asian width (UAX #11) or none, for marks that combine. Invariant:
 * a control character is never written, whatever a text holds. */
#include "render/terminal.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_MIN = 40, FIELD_INDENT = 2, FIELD_COLUMN = 17 };

static const char *const style_codes[STYLE_COUNT] = {
    [STYLE_PLAIN] = "",        [STYLE_BOLD] = "\033[1m", [STYLE_DIM] = "\033[2m",
    [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[31m", [STYLE_OPEN] = "\033[33m",
};

/* ---- what the terminal can do ---- */

bool terminal_is(FILE *out) { return isatty(fileno(out)); }

static bool set(const char *variable) {
  const char *value = getenv(variable);
  return value && *value;
}

static bool wants_color(FILE *out) {
  const char *terminal = getenv("TERM");
  return terminal_is(out) && !set("NO_COLOR") && !(terminal && strcmp(terminal, "dumb") == 0);
}

static bool begins_with(const char *text, Text with) {
  return strlen(text) >= with.length && text_equal_ignoring_case((Text){text, with.length}, with);
}

/* The locale's name is asked, not setlocale, which would change the process. No locale at all says
 * nothing: today's terminals take UTF-8. */
static bool locale_lacks_utf8(void) {
  static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
    if (!set(variables[i])) continue;
    const char *charset = strchr(getenv(variables[i]), '.');
    return !charset ||
           (!begins_with(charset, TEXT(".utf-8")) && !begins_with(charset, TEXT(".utf8")));
  }
  return false;
}

static int width_of(FILE *out) {
  struct winsize size;
  if (!terminal_is(out) || ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return TERMINAL_WIDTH_MAX;
  if (size.ws_col < WIDTH_MIN) return WIDTH_MIN;
  return size.ws_col < TERMINAL_WIDTH_MAX ? size.ws_col : TERMINAL_WIDTH_MAX;
}

Terminal terminal_open(FILE *out, bool ascii) {
  return (Terminal){.out = out,
                    .color = wants_color(out),
                    .ascii = ascii || (terminal_is(out) && locale_lacks_utf8()),
                    .width = width_of(out)};
}

/* ---- characters ---- */

/* The code point at *text, which is moved behind it; U+FFFD for a byte that starts none. */
static uint32_t next_character(const char **text) {
  const unsigned char *at = (const unsigned char *)*text;
  int more = at[0] < 0x80                    ? 0
             : at[0] >= 0xC2 && at[0] < 0xE0 ? 1
             : at[0] >= 0xE0 && at[0] < 0xF0 ? 2
             : at[0] >= 0xF0 && at[0] < 0xF5 ? 3
                                             : -1;
  uint32_t character = more == 0 ? at[0] : more > 0 ? at[0] & (0x3Fu >> more) : 0xFFFD;
  for (int i = 1; i <= more; i++) {
    if ((at[i] & 0xC0) != 0x80) return *text += i, 0xFFFD;
    character = character << 6 | (at[i] & 0x3F);
  }
  *text += more > 0 ? more + 1 : 1;
  return character;
}

static bool within(uint32_t character, uint32_t first, uint32_t last) {
  return first <= character && character <= last;
}

/* Control characters would steer the terminal; the others would show a text in another order than
 * it is read. */
static bool is_unsafe(uint32_t c) {
  return c < 0x20 || within(c, 0x7F, 0x9F) || within(c, 0x200B, 0x200F) ||
         within(c, 0x2028, 0x202E) || within(c, 0x2060, 0x206F) || c == 0xFEFF ||
         within(c, 0xD800, 0xDFFF) || c > 0x10FFFF;
}

static int character_width(uint32_t c) {
  if (within(c, 0x300, 0x36F)) return 0;
  bool wide = within(c, 0x1100, 0x115F) || within(c, 0x2E80, 0xA4CF) || within(c, 0xAC00, 0xD7A3) ||
              within(c, 0xF900, 0xFAFF) || within(c, 0xFE30, 0xFE6F) || within(c, 0xFF00, 0xFF60) ||
              within(c, 0x1F300, 0x1FAFF) || within(c, 0x20000, 0x3FFFD);
  return wide ? 2 : 1;
}

int text_width(const char *text) {
  int width = 0;
  while (*text) width += character_width(next_character(&text));
  return width;
}

static const char *in_ascii(uint32_t character) {
  static const struct {
    uint32_t character;
    const char *ascii;
  } table[] = {
      {0x2713, "Y"},   {0x2717, "N"},   {0x2192, "->"}, {0x2013, "-"},  {0x2014, "-"},
      {0x00B7, "-"},   {0x2026, "..."}, {0x2265, ">="}, {0x2264, "<="}, {0x2260, "!="},
      {0x00D7, "x"},   {0x00B2, "2"},   {0x00B3, "3"},  {0x00B5, "u"},  {0x03BC, "u"},
      {0x00B0, "deg"}, {0x2018, "'"},   {0x2019, "'"},  {0x201C, "\""}, {0x201D, "\""},
      {0x00A0, " "},   {0x2011, "-"},   {0x2020, "+"},  {0x2022, "*"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].character == character) return table[i].ascii;
  return "?";
}

static size_t encode(uint32_t c, char bytes[4]) {
  if (c < 0x80) return bytes[0] = (char)c, 1;
  size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = length - 1; i > 0; i--, c >>= 6) bytes[i] = (char)(0x80 | (c & 0x3F));
  bytes[0] = (char)((0xF00u >> length & 0xF0) | c);
  return length;
}

/* ---- words and lines ---- */

static void new_line(Terminal *terminal) {
  fprintf(terminal->out, "\n%*s", terminal->hang, "");
  terminal->column = terminal->hang;
  terminal->fresh = true;
  terminal->space = false;
}

/* Sets the word down, on the next line where it does not fit on this one. */
static void flush_word(Terminal *terminal) {
  if (terminal->word_length == 0) return;
  if (!terminal->fresh &&
      terminal->column + terminal->space + terminal->word_width > terminal->width)
    new_line(terminal);
  if (terminal->space && !terminal->fresh) {
    fputc(' ', terminal->out);
    terminal->column++;
  }
  fwrite(terminal->word, 1, terminal->word_length, terminal->out);
  terminal->column += terminal->word_width;
  terminal->word_length = 0;
  terminal->word_width = 0;
  terminal->space = false;
  terminal->fresh = false;
}

static void add_bytes(Terminal *terminal, const char *bytes, size_t length) {
  memcpy(terminal->word + terminal->word_length, bytes, length);
  terminal->word_length += length;
}

static void add_style(Terminal *terminal, const char *code) {
  if (terminal->color) add_bytes(terminal, code, strlen(code));
}

/* One character of a word. A word longer than a line is broken where the line ends, so that a
 * word's bytes are bounded. */
static void add_character(Terminal *terminal, uint32_t character) {
  char bytes[4];
  if (terminal->ascii && (character >= 0x80 || is_unsafe(character))) {
    const char *ascii = in_ascii(character);
    add_bytes(terminal, ascii, strlen(ascii));
    terminal->word_width += (int)strlen(ascii);
    return;
  }
  if (is_unsafe(character)) character = 0xFFFD;
  if (character == 0xA0) character = ' ';
  add_bytes(terminal, bytes, encode(character, bytes));
  terminal->word_width += character_width(character);
}

static bool word_is_full(const Terminal *terminal) {
  return terminal->hang + terminal->word_width + 2 > terminal->width ||
         terminal->word_length + 64 > sizeof terminal->word;
}

void terminal_begin(Terminal *terminal, int indent, int hang) {
  int deepest = terminal->width -
                WIDTH_MIN / 2; /* an outline too deep for the width stays at this indentation */
  if (deepest < 0) deepest = 0;
  terminal->hang = hang < deepest ? hang : deepest;
  if (indent > deepest) indent = deepest;
  fprintf(terminal->out, "%*s", indent, "");
  terminal->column = indent;
  terminal->fresh = true;
  terminal->space = false;
}

/* The text up to `end`, of which at most `characters` are shown. */
static void put(Terminal *terminal, Style style, const char *text, const char *end,
                size_t characters) {
  bool styled =
      false; /* the style is put around words, not around the spaces and line ends between them */
  for (size_t count = 0; text < end; count++) {
    uint32_t character = next_character(&text);
    if (character == '\n' || character == '\t') character = ' ';
    bool cut = count == characters;
    if (character == ' ' || word_is_full(terminal)) {
      if (styled) add_style(terminal, "\033[0m");
      styled = false;
      flush_word(terminal);
    }
    if (character == ' ' && !cut) {
      terminal->space = true;
      continue;
    }
    if (!styled && style != STYLE_PLAIN) add_style(terminal, style_codes[style]);
    styled = style != STYLE_PLAIN;
    add_character(terminal, cut ? 0x2026 : character);
    if (cut) break;
  }
  if (styled) add_style(terminal, "\033[0m");
}

void terminal_put(Terminal *terminal, Style style, const char *text) {
  put(terminal, style, text, text + strlen(text), (size_t)-1);
}

void terminal_put_cut(Terminal *terminal, Style style, const char *text, size_t characters) {
  put(terminal, style, text, text + strlen(text), characters);
}

void terminal_put_span(Terminal *terminal, Style style, const char *text, size_t length) {
  put(terminal, style, text, text + length, (size_t)-1);
}

void terminal_number(Terminal *terminal, Style style, long number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%ld", number);
  terminal_put(terminal, style, digits);
}

void terminal_column(Terminal *terminal, int column) {
  flush_word(terminal);
  int spaces = column - terminal->column;
  if (spaces < 2) spaces = 2;
  fprintf(terminal->out, "%*s", spaces, "");
  terminal->column += spaces;
  terminal->space = false;
  terminal->fresh = true; /* what comes next stays on this line */
}

/* Puts the text's characters together as one word of at most `room` columns. */
static void gather_cell(Terminal *terminal, const char *text, int room) {
  int kept = text_width(text) <= room ? room : room - (terminal->ascii ? 3 : 1);
  while (*text) {
    uint32_t character = next_character(&text);
    if (character == ' ' || character == '\n' || character == '\t') character = 0xA0;
    if (terminal->word_width + character_width(character) > kept) {
      add_character(terminal, 0x2026);
      return;
    }
    add_character(terminal, character);
  }
}

void terminal_cell(Terminal *terminal, Style style, const char *text, int column, int width) {
  flush_word(terminal);
  if (!*text) return;
  gather_cell(terminal, text, abs(width));
  int start = width < 0 ? column - width - terminal->word_width : column;
  if (start > terminal->column) fprintf(terminal->out, "%*s", start - terminal->column, "");
  if (terminal->color && style != STYLE_PLAIN) fputs(style_codes[style], terminal->out);
  fwrite(terminal->word, 1, terminal->word_length, terminal->out);
  if (terminal->color && style != STYLE_PLAIN) fputs("\033[0m", terminal->out);
  terminal->column = (start > terminal->column ? start : terminal->column) + terminal->word_width;
  terminal->word_length = 0;
  terminal->word_width = 0;
  terminal->space = false;
  terminal->fresh = true; /* what comes next stays on this line */
}

void terminal_end(Terminal *terminal) {
  flush_word(terminal);
  fputc('\n', terminal->out);
}

void terminal_gap(Terminal *terminal) { fputc('\n', terminal->out); }

void terminal_line(Terminal *terminal, int indent, Style style, const char *text) {
  terminal_begin(terminal, indent, indent);
  terminal_put(terminal, style, text);
  terminal_end(terminal);
}

void terminal_field_begin(Terminal *terminal, const char *name) {
  terminal_begin(terminal, FIELD_INDENT, FIELD_COLUMN);
  terminal_put(terminal, STYLE_DIM, name);
  terminal_column(terminal, FIELD_COLUMN);
}

void terminal_field(Terminal *terminal, const char *name, const char *text) {
  if (!*text) return;
  terminal_field_begin(terminal, name);
  terminal_put(terminal, STYLE_PLAIN, text);
  terminal_end(terminal);
}
