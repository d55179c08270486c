/* read: a file of clocks, line by line, into tables.
 *
 *     # a comment
 *     zone NAME
 *     reminders PERCENT ...
 *     table NAME
 *     | column | column |        the head, behind `table`
 *     | cell   | cell   |        a rule a line
 *
 * Every line that is wrong is reported, and the next one read.
 */
#include "clocks/clocks.h"

typedef struct ClockReader {
  Clocks *clocks;
  Diagnostics *diagnostics;
  SourceSpan line; /* without what is white at its ends */

  /* The table that rows belong to. */
  ClockTable table; /* TABLE_COUNT: none */
  bool has_head, is_head_wrong;
  ClockColumn columns[COLUMN_COUNT];
  uint32_t column_count;
} ClockReader;

static Text text_in(SourceSpan span) {
  return (Text){span.source->text.at + span.start, span.end - span.start};
}

static SourceSpan span_of(const Source *source, Text part) {
  const uint32_t start = (uint32_t)(part.at - source->text.at);
  return (SourceSpan){source, start, start + part.length};
}

static SourceSpan trimmed(SourceSpan span) {
  const Text text = text_trim(text_in(span));
  return text.length > 0 ? span_of(span.source, text)
                         : (SourceSpan){span.source, span.start, span.start};
}

/* The next word of a line, and the rest behind it. */
static Text take_word(Text *rest) {
  *rest = text_trim(*rest);
  uint32_t length = 0;
  while (length < rest->length && rest->at[length] != ' ') length++;
  const Text word = {rest->at, length};
  *rest = (Text){rest->at + length, rest->length - length};
  return word;
}

/* ---- Lines of their own ---- */

static void read_zone(ClockReader *reader, Text rest) {
  const Text name = text_trim(rest);
  const SourceSpan span = name.length > 0 ? span_of(reader->line.source, name) : reader->line;
  if (reader->clocks->zone.name.length > 0) {
    diagnose(reader->diagnostics, DIAGNOSTIC_DUPLICATE_LINE, reader->line,
             "the zone is stated twice");
  } else if (!zone_open(&reader->clocks->zone, &reader->clocks->arena, name)) {
    Diagnostic *diagnostic = diagnose(reader->diagnostics, DIAGNOSTIC_BAD_ZONE, span,
                                      "`%.*s` is no time zone of this system", TEXT_ARGS(name));
    diagnostic_expect(reader->diagnostics, diagnostic,
                      "a name of the tz database, such as America/Chicago");
  }
}

static bool read_percent(Text word, uint32_t *percent) {
  *percent = 0;
  for (uint32_t i = 0; i < word.length; i++) {
    if (!is_ascii_digit(word.at[i])) return false;
    *percent = *percent * 10 + (uint32_t)(word.at[i] - '0');
  }
  return word.length <= 2 && *percent > 0;
}

static void read_reminders(ClockReader *reader, Text rest) {
  Clocks *clocks = reader->clocks;
  Text word;
  while ((word = take_word(&rest)).length > 0) {
    const uint32_t count = clocks->reminder_count;
    uint32_t percent;
    if (read_percent(word, &percent) && count < REMINDERS_MOST &&
        (count == 0 || percent > clocks->reminders[count - 1])) {
      clocks->reminders[clocks->reminder_count++] = percent;
      continue;
    }
    Diagnostic *diagnostic =
        diagnose(reader->diagnostics, DIAGNOSTIC_BAD_CELL, span_of(reader->line.source, word),
                 "`%.*s` is no reminder here", TEXT_ARGS(word));
    diagnostic_expect(reader->diagnostics, diagnostic,
                      "at most %d numbers from 1 to 99, ascending: percent of the time",
                      REMINDERS_MOST);
  }
}

static ClockTable find_table(Text name) {
  ClockTable table = 0;
  while (table < TABLE_COUNT && !text_is(name, table_name(table))) table++;
  return table;
}

static void report_unknown_table(ClockReader *reader, Text name) {
  Text names[TABLE_COUNT];
  for (ClockTable table = 0; table < TABLE_COUNT; table++)
    names[table] = text_of(table_name(table));
  const SourceSpan span = name.length > 0 ? span_of(reader->line.source, name) : reader->line;
  Diagnostic *diagnostic = diagnose(reader->diagnostics, DIAGNOSTIC_UNKNOWN_TABLE, span,
                                    "`%.*s` is no table of clocks", TEXT_ARGS(name));
  diagnostic_expect(reader->diagnostics, diagnostic,
                    "decisions, deciders, disclosures, appeals, notices or counting");
  diagnostic_nearest(reader->diagnostics, diagnostic, name, names, TABLE_COUNT);
}

static void begin_table(ClockReader *reader, Text rest) {
  const Text name = text_trim(rest);
  reader->table = find_table(name);
  reader->has_head = false;
  reader->is_head_wrong = reader->table == TABLE_COUNT;
  reader->column_count = 0;
  if (reader->table == TABLE_COUNT) {
    report_unknown_table(reader, name);
    return;
  }
  SourceSpan *head = &reader->clocks->heads[reader->table];
  if (head->source != NULL) {
    Diagnostic *diagnostic = diagnose(reader->diagnostics, DIAGNOSTIC_DUPLICATE_LINE, reader->line,
                                      "table %s begins twice", table_name(reader->table));
    diagnostic_note(reader->diagnostics, diagnostic, *head, "it began here");
  }
  *head = reader->line;
}

/* ---- Rows ---- */

#define CELLS_MOST (COLUMN_COUNT + 8)

/* The cells between the bars of a line; as many as there are, though only CELLS_MOST are kept. */
static uint32_t split(SourceSpan line, SourceSpan *cells) {
  const char *at = line.source->text.at;
  uint32_t count = 0, start = line.start + 1;
  for (uint32_t i = start; i <= line.end; i++) {
    if (i < line.end && at[i] != '|') continue;
    if (i == line.end && start == line.end) break; /* the closing bar */
    if (count < CELLS_MOST) cells[count] = trimmed((SourceSpan){line.source, start, i});
    count++;
    start = i + 1;
  }
  return count;
}

static void report_column(ClockReader *reader, SourceSpan cell) {
  const Text name = text_in(cell);
  Text names[COLUMN_COUNT];
  uint32_t count = 0;
  for (ClockColumn column = 0; column < COLUMN_COUNT; column++)
    if (table_has(reader->table, column)) names[count++] = text_of(column_name(column));
  Diagnostic *diagnostic = diagnose(reader->diagnostics, DIAGNOSTIC_BAD_COLUMN, cell,
                                    "`%.*s` is no column of table %s, or stands here twice",
                                    TEXT_ARGS(name), table_name(reader->table));
  diagnostic_nearest(reader->diagnostics, diagnostic, name, names, count);
  reader->is_head_wrong = true;
}

static bool has_column(const ClockReader *reader, ClockColumn column) {
  for (uint32_t i = 0; i < reader->column_count; i++)
    if (reader->columns[i] == column) return true;
  return false;
}

static void read_head(ClockReader *reader) {
  SourceSpan cells[CELLS_MOST];
  const uint32_t count = split(reader->line, cells);
  reader->has_head = true;
  for (uint32_t i = 0; i < count && i < CELLS_MOST; i++) {
    const ClockColumn column = column_find(text_in(cells[i]));
    if (column == COLUMN_COUNT || !table_has(reader->table, column) || has_column(reader, column))
      report_column(reader, cells[i]);
    else
      reader->columns[reader->column_count++] = column;
  }
  for (ClockColumn column = 0; column < COLUMN_COUNT; column++) {
    if (!table_has(reader->table, column) || has_column(reader, column)) continue;
    if (!reader->is_head_wrong)
      diagnose(reader->diagnostics, DIAGNOSTIC_BAD_COLUMN, reader->line, "table %s lacks column %s",
               table_name(reader->table), column_name(column));
    reader->is_head_wrong = true;
  }
}

static void check_name(ClockReader *reader, const ClockRule *rule) {
  const ClockRules *rules = &reader->clocks->tables[reader->table];
  for (uint32_t i = 0; i < rules->count; i++) {
    if (!text_equal(rules->items[i].name, rule->name)) continue;
    Diagnostic *diagnostic = diagnose(reader->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, rule->span,
                                      "two rules are named `%.*s`", TEXT_ARGS(rule->name));
    diagnostic_note(reader->diagnostics, diagnostic, rules->items[i].span, "the other is here");
    return;
  }
}

/* What the cells, each right by itself, say together. */
static void check_rule(ClockReader *reader, const ClockRule *rule) {
  const int appeal = selector_find(SELECTOR_LEVEL, TEXT("appeal"));
  check_name(reader, rule);
  if (rule->from > rule->until)
    diagnose(reader->diagnostics, DIAGNOSTIC_RANGE, rule->span, "rule `%.*s` ends before it begins",
             TEXT_ARGS(rule->name));
  if (rule->table == TABLE_DECISIONS && rule->time.unit != CLOCK_NONE &&
      rule->missed == MISSED_DEEMED_DENIED && (rule->takes[SELECTOR_LEVEL] >> appeal & 1) != 0)
    diagnose(reader->diagnostics, DIAGNOSTIC_BAD_CELL, rule->span,
             "rule `%.*s` deems an appeal denied, which is denied already", TEXT_ARGS(rule->name));
}

static void read_row(ClockReader *reader) {
  SourceSpan cells[CELLS_MOST];
  const uint32_t count = split(reader->line, cells), before = reader->diagnostics->errors;
  ClockRule rule = {.table = reader->table, .from = DATE_FIRST, .until = DATE_LAST};
  if (reader->is_head_wrong) return; /* reported */
  if (count != reader->column_count) {
    diagnose(reader->diagnostics, DIAGNOSTIC_ROW_CELLS, reader->line,
             "this row has %u cells, and its table %u columns", count, reader->column_count);
    return;
  }
  for (Selector selector = 0; selector < SELECTOR_COUNT; selector++)
    rule.takes[selector] = WORDS_ANY;
  for (uint32_t i = 0; i < count; i++)
    rule_read_cell(&rule, reader->columns[i], cells[i], reader->diagnostics);
  if (reader->diagnostics->errors > before) return;
  check_rule(reader, &rule);
  LIST_PUSH(&reader->clocks->arena, reader->clocks->tables[reader->table], rule);
}

static void read_bar(ClockReader *reader) {
  if (!reader->has_head && !reader->is_head_wrong && reader->table != TABLE_COUNT)
    read_head(reader);
  else if (reader->table != TABLE_COUNT)
    read_row(reader);
  else if (!reader->is_head_wrong)
    diagnose(reader->diagnostics, DIAGNOSTIC_UNKNOWN_TABLE, reader->line,
             "a row stands behind no `table` line");
}

/* ---- The file ---- */

static void read_line(ClockReader *reader) {
  Text rest = text_in(reader->line);
  if (rest.length == 0 || rest.at[0] == '#') return;
  if (rest.at[0] == '|') {
    read_bar(reader);
    return;
  }
  const Text word = take_word(&rest);
  if (text_is(word, "zone")) {
    read_zone(reader, rest);
  } else if (text_is(word, "reminders")) {
    read_reminders(reader, rest);
  } else if (text_is(word, "table")) {
    begin_table(reader, rest);
  } else {
    const Text known[] = {TEXT("zone"), TEXT("reminders"), TEXT("table")};
    Diagnostic *diagnostic =
        diagnose(reader->diagnostics, DIAGNOSTIC_UNKNOWN_LINE, span_of(reader->line.source, word),
                 "a line does not begin with `%.*s`", TEXT_ARGS(word));
    diagnostic_expect(reader->diagnostics, diagnostic,
                      "zone, reminders, table, a row that begins with |, or a comment with #");
    diagnostic_nearest(reader->diagnostics, diagnostic, word, known, 3);
  }
}

static void check_whole(ClockReader *reader) {
  const SourceSpan whole = {&reader->clocks->source, 0, 0};
  Buffer missing;
  buffer_open(&missing, reader->diagnostics->arena, 64);
  for (ClockTable table = 0; table < TABLE_COUNT; table++)
    if (reader->clocks->heads[table].source == NULL)
      buffer_format(&missing, "%s%s", missing.length > 0 ? ", " : "", table_name(table));
  if (missing.length > 0)
    diagnose(reader->diagnostics, DIAGNOSTIC_UNKNOWN_TABLE, whole,
             "tables are missing that the service asks: %s", buffer_finish(&missing));
  if (reader->clocks->zone.name.length == 0)
    diagnose(reader->diagnostics, DIAGNOSTIC_MISSING_LINE, whole,
             "the zone of the plan is missing");
}

void clocks_read(Clocks *clocks, Diagnostics *diagnostics) {
  ClockReader reader = {.clocks = clocks, .diagnostics = diagnostics, .table = TABLE_COUNT};
  const Text text = clocks->source.text;
  for (uint32_t start = 0, end; start < text.length; start = end + 1) {
    end = start;
    while (end < text.length && text.at[end] != '\n') end++;
    reader.line = trimmed((SourceSpan){&clocks->source, start, end});
    read_line(&reader);
  }
  check_whole(&reader);
}
