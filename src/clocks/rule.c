/* rule: see rule.h. One function reads each kind of cell; column.def names it. The invariant: a
 * cell that holds something else is reported and leaves the rule as it was. */
#include "clocks/rule.h"

/* ---- Words ---- */

static const char *const selectors[] = {
#define SELECTOR(symbol, column) column,
#include "clocks/word.def"
#undef SELECTOR
};

static const struct {
  Selector selector;
  const char *text;
} words[] = {
#define WORD(selector, symbol, text) {SELECTOR_##selector, text},
#define STATE(postal) {SELECTOR_STATE, #postal},
#include "clocks/word.def"
#undef STATE
#undef WORD
};
#define WORD_COUNT (sizeof words / sizeof *words)

static const char *const missed_words[] = {
#define MISSED(symbol, text) text,
#include "clocks/word.def"
#undef MISSED
};

static const char *const counted_words[] = {
#define COUNTED(symbol, text) text,
#include "clocks/word.def"
#undef COUNTED
};

const char *selector_name(Selector selector) { return selectors[selector]; }
const char *missed_name(Missed missed) { return missed_words[missed]; }

const char *selector_word(Selector selector, int number) {
  for (size_t i = 0; i < WORD_COUNT; i++)
    if (words[i].selector == selector && number-- == 0) return words[i].text;
  return NULL;
}

int selector_find(Selector selector, Text word) {
  const char *text;
  for (int number = 0; (text = selector_word(selector, number)) != NULL; number++)
    if (text_is(word, text)) return number;
  return -1;
}

const char *selector_words(Arena *arena, Selector selector) {
  Buffer out;
  const char *text;
  buffer_open(&out, arena, 512);
  for (int number = 0; (text = selector_word(selector, number)) != NULL; number++)
    buffer_format(&out, "%s%s", number == 0 ? "" : ", ", text);
  return buffer_finish(&out);
}

/* ---- Tables and columns ---- */

static const struct {
  const char *name, *columns;
} tables[] = {
#define TABLE(symbol, name, columns, summary) {name, columns},
#include "clocks/column.def"
#undef TABLE
};

const char *table_name(ClockTable table) { return tables[table].name; }

/* Takes the next word off a text; false where it is used up. */
static bool next_word(Text *rest, Text *word) {
  while (rest->length > 0 && (*rest->at == ' ' || *rest->at == ','))
    *rest = (Text){rest->at + 1, rest->length - 1};
  uint32_t length = 0;
  while (length < rest->length && rest->at[length] != ' ' && rest->at[length] != ',') length++;
  *word = (Text){rest->at, length};
  *rest = (Text){rest->at + length, rest->length - length};
  return length > 0;
}

/* ---- Cells ---- */

typedef struct Cell {
  ClockRule *rule;
  ClockColumn column;
  SourceSpan span;
  Text text;
  Diagnostics *diagnostics;
} Cell;

static SourceSpan span_within(SourceSpan span, Text part) {
  const uint32_t start = (uint32_t)(part.at - span.source->text.at);
  return (SourceSpan){span.source, start, start + part.length};
}

static Diagnostic *complain(const Cell *cell, Text word) {
  return diagnose(cell->diagnostics, DIAGNOSTIC_BAD_CELL, span_within(cell->span, word),
                  "`%.*s` does not belong in column %s", TEXT_ARGS(word),
                  column_name(cell->column));
}

/* The word is not one of a list. */
static void complain_of_word(const Cell *cell, Text word, const char *const *list, uint32_t count) {
  Diagnostic *diagnostic = complain(cell, word);
  Arena *arena = cell->diagnostics->arena;
  Text *candidates = ARENA_ARRAY(arena, Text, count);
  Buffer out;
  buffer_open(&out, arena, 512);
  for (uint32_t i = 0; i < count; i++) {
    candidates[i] = text_of(list[i]);
    buffer_format(&out, "%s%s", i == 0 ? "" : ", ", list[i]);
  }
  diagnostic_expect(cell->diagnostics, diagnostic, "%s", buffer_finish(&out));
  diagnostic_nearest(cell->diagnostics, diagnostic, word, candidates, count);
}

static int find_in(const char *const *list, uint32_t count, Text word) {
  for (uint32_t i = 0; i < count; i++)
    if (text_is(word, list[i])) return (int)i;
  return -1;
}

static void complain_of_selector(const Cell *cell, Selector selector, Text word) {
  const char *list[WORD_COUNT + 1] = {"any"};
  uint32_t count = 1;
  for (size_t i = 0; i < WORD_COUNT; i++)
    if (words[i].selector == selector) list[count++] = words[i].text;
  complain_of_word(cell, word, list, count);
}

static Selector selector_of_column(ClockColumn column) {
  Selector selector = 0;
  while (strcmp(selectors[selector], column_name(column)) != 0) selector++;
  return selector;
}

static bool read_selector(const Cell *cell) {
  const Selector selector = selector_of_column(cell->column);
  Words *takes = &cell->rule->takes[selector];
  Text rest = cell->text, word;
  if (text_is(cell->text, "any")) return true;
  *takes = 0;
  while (next_word(&rest, &word)) {
    const int number = selector_find(selector, word);
    if (number >= 0)
      *takes |= (Words)1 << number;
    else
      complain_of_selector(cell, selector, word);
  }
  cell->rule->named++;
  return *takes != 0 || cell->text.length > 0;
}

static bool read_name(const Cell *cell) {
  for (uint32_t i = 0; i < cell->text.length; i++)
    if (!is_ascii_word(cell->text.at[i]) && cell->text.at[i] != '-') return false;
  cell->rule->name = cell->text;
  cell->rule->span = cell->span;
  return cell->text.length > 0;
}

static bool read_number(Text text, uint32_t *number) {
  *number = 0;
  if (text.length == 0 || text.length > 4) return false;
  for (uint32_t i = 0; i < text.length; i++) {
    if (!is_ascii_digit(text.at[i])) return false;
    *number = *number * 10 + (uint32_t)(text.at[i] - '0');
  }
  return true;
}

/* "7 days". */
static bool read_count_of(Text text, const char *unit, const char *units, uint32_t *count) {
  Text number, word, more;
  return next_word(&text, &number) && read_number(number, count) && *count > 0 &&
         next_word(&text, &word) && text_is(word, *count == 1 ? unit : units) &&
         !next_word(&text, &more);
}

static bool read_time(const Cell *cell) {
  ClockTime *time = &cell->rule->time;
  uint32_t count;
  if (text_is(cell->text, "none")) return true;
  if (read_count_of(cell->text, "hour", "hours", &count))
    *time = (ClockTime){CLOCK_HOURS, count};
  else if (read_count_of(cell->text, "day", "days", &count))
    *time = (ClockTime){CLOCK_DAYS, count};
  return time->unit != CLOCK_NONE;
}

static bool read_extension(const Cell *cell) {
  return text_is(cell->text, "none") ||
         read_count_of(cell->text, "day", "days", &cell->rule->extension_days);
}

static bool read_incomplete(const Cell *cell) {
  Incomplete *incomplete = &cell->rule->incomplete;
  uint32_t *const hours[] = {&incomplete->ask, &incomplete->supply, &incomplete->decide};
  Text rest = cell->text, word;
  if (text_is(cell->text, "-")) return true;
  for (int i = 0; i < 3; i++)
    if (!next_word(&rest, &word) || !read_number(word, hours[i]) || *hours[i] == 0) return false;
  return !next_word(&rest, &word);
}

static bool read_missed(const Cell *cell) {
  const int number = find_in(missed_words, MISSED_COUNT, cell->text);
  if (number >= 0) cell->rule->missed = (Missed)number;
  if (number < 0) complain_of_word(cell, cell->text, missed_words, MISSED_COUNT);
  return true;
}

static bool read_counted(const Cell *cell) {
  const int number = find_in(counted_words, COUNTED_COUNT, cell->text);
  if (number >= 0) cell->rule->counted = (Counted)number;
  if (number < 0) complain_of_word(cell, cell->text, counted_words, COUNTED_COUNT);
  return true;
}

static bool read_deciders(const Cell *cell) {
  cell->rule->pharmacist_may_deny = text_is(cell->text, "physician pharmacist");
  return cell->rule->pharmacist_may_deny || text_is(cell->text, "physician");
}

/* A credential, a disclosure or a source; a table has one beside the source. */
static bool read_sentence(const Cell *cell) {
  *(cell->column == COLUMN_SOURCE ? &cell->rule->source : &cell->rule->sentence) = cell->text;
  return cell->text.length > 0;
}

static bool read_days(const Cell *cell) { return read_number(cell->text, &cell->rule->days); }

static bool read_from(const Cell *cell) {
  return text_is(cell->text, "-") || date_parse(cell->text, &cell->rule->from);
}
static bool read_until(const Cell *cell) {
  return text_is(cell->text, "-") || date_parse(cell->text, &cell->rule->until);
}

static bool read_use(const Cell *cell) {
  cell->rule->is_off = text_is(cell->text, "off");
  return cell->rule->is_off || text_is(cell->text, "on");
}

static const struct {
  const char *name;
  bool (*read)(const Cell *cell);
  const char *expected;
} columns[] = {
#define COLUMN(symbol, name, reader, expected) {name, read_##reader, expected},
#include "clocks/column.def"
#undef COLUMN
};

const char *column_name(ClockColumn column) { return columns[column].name; }

ClockColumn column_find(Text name) {
  ClockColumn column = 0;
  while (column < COLUMN_COUNT && !text_is(name, columns[column].name)) column++;
  return column;
}

bool table_has(ClockTable table, ClockColumn column) {
  Text rest = text_of(tables[table].columns), word;
  while (next_word(&rest, &word))
    if (text_is(word, columns[column].name)) return true;
  return false;
}

void rule_read_cell(ClockRule *rule, ClockColumn column, SourceSpan span,
                    Diagnostics *diagnostics) {
  const Cell cell = {.rule = rule,
                     .column = column,
                     .span = span,
                     .text = {span.source->text.at + span.start, span.end - span.start},
                     .diagnostics = diagnostics};
  if (columns[column].read(&cell)) return;
  Diagnostic *diagnostic = cell.text.length > 0
                               ? complain(&cell, cell.text)
                               : diagnose(diagnostics, DIAGNOSTIC_BAD_CELL, span,
                                          "column %s is empty here", column_name(column));
  diagnostic_expect(diagnostics, diagnostic, "%s",
                    columns[column].expected != NULL ? columns[column].expected
                                                     : "a word of this column, several, or 'any'");
}
