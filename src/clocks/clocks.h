/* clocks: a file of clocks: how long decisions may take, and what else differs by program and
 * state, as dated rules.
 *
 *     zone America/Los_Angeles
 *     reminders 50 80
 *     table decisions
 *     | rule | program | ... | time | missed | from | until | source |
 *     | ma-standard | medicare_advantage | ... | 72 hours | deemed_denied | ...
 *
 * Of the rules that take a case on a day, the one that names most is chosen; a file in which two
 * name equally many, or none applies, is refused (check.c). An open file is frozen: any thread
 * reads it.
 */
#ifndef CLOCKS_CLOCKS_H
#define CLOCKS_CLOCKS_H

#include "clocks/rule.h"
#include "clocks/zone.h"

#define REMINDERS_MOST 8

typedef LIST(ClockRule) ClockRules;

typedef struct Clocks {
  Arena arena;
  Source source;
  Zone zone;
  uint32_t reminders[REMINDERS_MOST]; /* percent of the time, ascending */
  uint32_t reminder_count;
  ClockRules tables[TABLE_COUNT];
  SourceSpan heads[TABLE_COUNT]; /* the lines "table NAME" */
} Clocks;

/* What a rule is chosen for: a word of each selector, and the day of receipt. A word that is none
 * of the selector's, or empty, is taken by `any` alone. */
typedef struct Selection {
  Text words[SELECTOR_COUNT];
  Date day;
} Selection;

/* Opens a file. NULL, and in `report` (in the arena) every diagnostic, where it is not one; also
 * where it is one, `report` has what else there is to say. */
Clocks *clocks_open(const char *path, Arena *arena, const char **report);
void clocks_close(Clocks *clocks);

/* The rule of a table for a selection; never NULL for words of the lists, since a file with gaps is
 * none. NULL where a word is none. */
const ClockRule *clocks_choose(const Clocks *clocks, ClockTable table, const Selection *selection);

/* The last instant in time, by a rule whose clock starts at `starts`. 0 where no clock runs. */
int64_t clocks_due(const Clocks *clocks, ClockTime time, int64_t starts);
/* `days` more than a clock that ends at `due`: the end of that day. */
int64_t clocks_extended(const Clocks *clocks, int64_t due, uint32_t days);

/* ---- Between the files of this room ---- */

/* Reads the source into the tables. */
void clocks_read(Clocks *clocks, Diagnostics *diagnostics);
/* Overlaps, gaps, rules that are never chosen. */
void clocks_check(const Clocks *clocks, Diagnostics *diagnostics);

#endif
