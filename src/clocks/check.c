/* check: is there one rule for every case on every day?
 *
 * By trying them all. A case is a word of each selector that some rule of the table names, or one
 * that none names; days fall into stretches between the dates of the rules. That is some ten
 * thousand cases and a dozen stretches, each against tens of rules: tens of milliseconds.
 *
 *     odometer    program × benefit × ... × state        one turn a case
 *     breaks      -oo .. 2026-06-10 | 2026-06-11 .. 2026-06-30 | 2026-07-01 .. oo
 *
 * The invariant: what is tried is all that clocks_choose can distinguish.
 */
#include "clocks/clocks.h"

/* Words that are distinguished, of each selector: a bit each. */
typedef struct Space {
  int words[SELECTOR_COUNT][64];
  int counts[SELECTOR_COUNT];
  LIST(Date) breaks; /* the first day of each stretch, ascending */
} Space;

typedef struct TableCheck {
  const ClockRules *rules;
  SourceSpan head;
  ClockTable table;
  Space space;
  bool *is_chosen;
  Diagnostic *gap;       /* the first that was reported */
  uint64_t gap_programs; /* programs of which one was */
  Diagnostics *diagnostics;
} TableCheck;

/* ---- What is distinguished ---- */

static bool is_selector_of(ClockTable table, Selector selector) {
  return table_has(table, column_find(text_of(selector_name(selector))));
}

/* Of a selector with few words all; of states those that are named, and one that is not. */
static bool is_told_apart(const TableCheck *check, Selector selector, int number) {
  if (selector != SELECTOR_STATE) return true;
  for (uint32_t i = 0; i < check->rules->count; i++) {
    const Words takes = check->rules->items[i].takes[selector];
    if (takes != WORDS_ANY && (takes >> number & 1) != 0) return true;
  }
  return false;
}

static void find_words(TableCheck *check, Selector selector) {
  Space *space = &check->space;
  int *count = &space->counts[selector];
  const bool is_asked = is_selector_of(check->table, selector);
  for (int number = 0; is_asked && selector_word(selector, number) != NULL; number++)
    if (is_told_apart(check, selector, number)) space->words[selector][(*count)++] = number;
  if (!is_asked || selector == SELECTOR_STATE) space->words[selector][(*count)++] = WORD_ELSEWHERE;
}

static void add_break(TableCheck *check, Date day) {
  Space *space = &check->space;
  uint32_t at = 0;
  while (at < space->breaks.count && space->breaks.items[at] < day) at++;
  if (at < space->breaks.count && space->breaks.items[at] == day) return;
  LIST_PUSH(check->diagnostics->arena, space->breaks, day);
  for (uint32_t i = space->breaks.count - 1; i > at; i--)
    space->breaks.items[i] = space->breaks.items[i - 1];
  space->breaks.items[at] = day;
}

static void find_breaks(TableCheck *check) {
  add_break(check, DATE_FIRST);
  for (uint32_t i = 0; i < check->rules->count; i++) {
    const ClockRule *rule = &check->rules->items[i];
    if (rule->is_off) continue;
    add_break(check, rule->from);
    if (rule->until != DATE_LAST) add_break(check, rule->until + 1);
  }
}

/* ---- One case on one day ---- */

typedef struct Trial {
  int words[SELECTOR_COUNT];
  uint32_t stretch;
} Trial;

static bool takes(const ClockRule *rule, const Trial *trial, Date day) {
  if (rule->is_off || !rule_is_in_force(rule, day)) return false;
  for (Selector selector = 0; selector < SELECTOR_COUNT; selector++)
    if ((rule->takes[selector] >> trial->words[selector] & 1) == 0) return false;
  return true;
}

/* "program chip, level appeal, state elsewhere". */
static const char *described(const TableCheck *check, const Trial *trial) {
  Buffer out;
  buffer_open(&out, check->diagnostics->arena, 256);
  for (Selector selector = 0; selector < SELECTOR_COUNT; selector++) {
    if (!is_selector_of(check->table, selector)) continue;
    const int number = trial->words[selector];
    buffer_format(&out, "%s%s %s", out.length == 0 ? "" : ", ", selector_name(selector),
                  number == WORD_ELSEWHERE ? "not named" : selector_word(selector, number));
  }
  return buffer_finish(&out);
}

static const char *date_text(Arena *arena, Date date) {
  char *text = arena_allocate(arena, 11);
  date_write(date, text);
  return text;
}

/* "from 2026-07-01 to 2026-07-31". */
static const char *stretch_text(const TableCheck *check, uint32_t stretch) {
  Arena *arena = check->diagnostics->arena;
  const Date *breaks = check->space.breaks.items;
  const bool has_end = stretch + 1 < check->space.breaks.count;
  const char *end = has_end ? date_text(arena, breaks[stretch + 1] - 1) : "";
  if (breaks[stretch] == DATE_FIRST)
    return has_end ? arena_format(arena, "until %s", end) : "on any day";
  const char *start = date_text(arena, breaks[stretch]);
  return has_end ? arena_format(arena, "from %s to %s", start, end)
                 : arena_format(arena, "from %s on", start);
}

static void report_overlap(const TableCheck *check, const Trial *trial, const ClockRule *a,
                           const ClockRule *b) {
  Diagnostic *diagnostic = diagnose(
      check->diagnostics, DIAGNOSTIC_RULES_OVERLAP, b->span,
      "rules `%.*s` and `%.*s` name equally many things and both take: %s, %s", TEXT_ARGS(a->name),
      TEXT_ARGS(b->name), described(check, trial), stretch_text(check, trial->stretch));
  diagnostic_note(check->diagnostics, diagnostic, a->span, "the other rule is here");
}

/* A program once: its first gap shows what is missing. */
static void report_gap(TableCheck *check, const Trial *trial) {
  const uint64_t program = (uint64_t)1 << trial->words[SELECTOR_PROGRAM];
  const char *gap = arena_format(check->diagnostics->arena, "%s, %s", described(check, trial),
                                 stretch_text(check, trial->stretch));
  if ((check->gap_programs & program) != 0) return;
  check->gap_programs |= program;
  if (check->gap != NULL) {
    diagnostic_note(check->diagnostics, check->gap, check->head, "nor: %s", gap);
    return;
  }
  check->gap = diagnose(check->diagnostics, DIAGNOSTIC_RULES_GAP, check->head,
                        "no rule of table %s takes: %s", table_name(check->table), gap);
  diagnostic_expect(check->diagnostics, check->gap,
                    "a rule for every case on every day; where no clock runs, one that says so");
}

static void try_one(TableCheck *check, const Trial *trial) {
  const Date day = check->space.breaks.items[trial->stretch];
  const ClockRule *best = NULL, *equal = NULL;
  for (uint32_t i = 0; i < check->rules->count; i++) {
    const ClockRule *rule = &check->rules->items[i];
    if (!takes(rule, trial, day)) continue;
    if (best == NULL || rule->named > best->named) {
      best = rule;
      equal = NULL;
    } else if (rule->named == best->named) {
      equal = rule;
    }
  }
  if (best == NULL) {
    report_gap(check, trial);
    return;
  }
  check->is_chosen[best - check->rules->items] = true;
  if (equal == NULL) return;
  check->is_chosen[equal - check->rules->items] = true;
  report_overlap(check, trial, best, equal);
}

/* ---- All of them ---- */

/* The next case; false behind the last. */
static bool turn(const Space *space, int *places) {
  for (Selector selector = 0; selector < SELECTOR_COUNT; selector++) {
    if (++places[selector] < space->counts[selector]) return true;
    places[selector] = 0;
  }
  return false;
}

static void try_all(TableCheck *check) {
  int places[SELECTOR_COUNT] = {0};
  do {
    Trial trial;
    for (Selector selector = 0; selector < SELECTOR_COUNT; selector++)
      trial.words[selector] = check->space.words[selector][places[selector]];
    for (trial.stretch = 0; trial.stretch < check->space.breaks.count; trial.stretch++)
      try_one(check, &trial);
  } while (turn(&check->space, places));
}

static void report_never(const TableCheck *check) {
  for (uint32_t i = 0; i < check->rules->count; i++) {
    const ClockRule *rule = &check->rules->items[i];
    if (!check->is_chosen[i] && !rule->is_off)
      diagnose(check->diagnostics, DIAGNOSTIC_RULE_NEVER, rule->span,
               "rule `%.*s` is never chosen: rules that name more take all its cases",
               TEXT_ARGS(rule->name));
  }
}

void clocks_check(const Clocks *clocks, Diagnostics *diagnostics) {
  for (ClockTable table = 0; table < TABLE_COUNT; table++) {
    TableCheck check = {.rules = &clocks->tables[table],
                        .head = clocks->heads[table],
                        .table = table,
                        .diagnostics = diagnostics};
    check.is_chosen = ARENA_ARRAY(diagnostics->arena, bool, check.rules->count + 1);
    for (Selector selector = 0; selector < SELECTOR_COUNT; selector++) find_words(&check, selector);
    find_breaks(&check);
    try_all(&check);
    report_never(&check);
  }
}
