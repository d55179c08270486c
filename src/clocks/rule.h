/* rule: one row of a file of clocks: which cases it takes, on which days, and what it says.
 *
 *     takes     one set of words for each selector; `any` is all of them
 *     from      the first day in force,   until   the last
 *
 * A rule is chosen for a Selection, one word for each selector and a day.
 */
#ifndef CLOCKS_RULE_H
#define CLOCKS_RULE_H

#include "base/date.h"
#include "base/diagnostic.h"

typedef enum Selector {
#define SELECTOR(symbol, column) SELECTOR_##symbol,
#include "clocks/word.def"
#undef SELECTOR
  SELECTOR_COUNT
} Selector;

/* A set of a selector's words, one bit each; a state of none of the list is the last bit. */
typedef uint64_t Words;
#define WORDS_ANY UINT64_MAX
#define WORD_ELSEWHERE 63

typedef enum Missed {
#define MISSED(symbol, text) MISSED_##symbol,
#include "clocks/word.def"
#undef MISSED
  MISSED_COUNT
} Missed;

typedef enum Counted {
#define COUNTED(symbol, text) COUNTED_##symbol,
#include "clocks/word.def"
#undef COUNTED
  COUNTED_COUNT
} Counted;

typedef enum ClockTable {
#define TABLE(symbol, name, columns, summary) TABLE_##symbol,
#include "clocks/column.def"
#undef TABLE
  TABLE_COUNT
} ClockTable;

typedef enum ClockColumn {
#define COLUMN(symbol, name, reader, expected) COLUMN_##symbol,
#include "clocks/column.def"
#undef COLUMN
  COLUMN_COUNT
} ClockColumn;

typedef enum ClockUnit { CLOCK_NONE, CLOCK_HOURS, CLOCK_DAYS } ClockUnit;

typedef struct ClockTime {
  ClockUnit unit;
  uint32_t count;
} ClockTime;

/* Of an urgent request that lacks something, in hours; `ask` 0: the rule has no such times. */
typedef struct Incomplete {
  uint32_t ask, supply, decide;
} Incomplete;

#define DATE_FIRST INT32_MIN
#define DATE_LAST INT32_MAX

typedef struct ClockRule {
  ClockTable table;
  SourceSpan span; /* its name */
  Text name, source;
  Words takes[SELECTOR_COUNT];
  uint32_t named; /* how many selectors are not `any` */
  Date from, until;
  bool is_off;

  /* What it says, as far as its table has it. */
  ClockTime time;
  uint32_t extension_days; /* 0: none */
  Incomplete incomplete;
  Missed missed;
  bool pharmacist_may_deny;
  uint32_t days;
  Counted counted;
  Text sentence; /* the disclosure; the credential */
} ClockRule;

const char *selector_name(Selector selector);
/* The number of a selector's word; -1 where there is none. */
int selector_find(Selector selector, Text word);
/* The n-th word of a selector; NULL behind the last. */
const char *selector_word(Selector selector, int number);
/* All of them, "a, b, c", and `any`: for people. */
const char *selector_words(Arena *arena, Selector selector);
const char *missed_name(Missed missed);
const char *table_name(ClockTable table);
const char *column_name(ClockColumn column);
ClockColumn column_find(Text name);
bool table_has(ClockTable table, ClockColumn column);

/* Reads a cell of a column into the rule. A diagnostic where it holds something else. */
void rule_read_cell(ClockRule *rule, ClockColumn column, SourceSpan cell, Diagnostics *diagnostics);

static inline bool rule_is_in_force(const ClockRule *rule, Date day) {
  return rule->from <= day && day <= rule->until;
}

#endif
