/* values: what a fact could have been instead, one value for each case that a policy distinguishes.
 *
 *     dose_per_day, cut at 28 mcg/day   →   27.9 mcg/day · 28 mcg/day · 28.1 mcg/day
 *
 * A line of values (quantities, days) is cut where some variable's cell changes, all else as the
 * facts have it; so tests that relate several facts are cut too, where the others are known. Of the
 * values on either side of a cut the plainest is taken, in few digits.
 */
#ifndef SUPPOSE_VALUES_H
#define SUPPOSE_VALUES_H

#include "base/limits.h"
#include "decide/session.h"
#include "suppose/boxes.h"

typedef struct Supposed {
  FactValue value;
  Text json;  /* as a request states it */
  Text words; /* the whole case: "at most 28 mcg/day", "on or before 2008-11-09", "refractory" */
  /* Of a line of values: the first and last value of its case; has_…: there is another case beyond.
   */
  bool is_line, has_from, has_to;
  Amount from, to;
  /* Of a list with one more entry: every such entry that the policy takes for the same
   * (entry_grid). */
  LIST(uint32_t) like;
} Supposed;

typedef struct SupposedList {
  Supposed *items;
  uint32_t count, capacity;
  bool is_cut;   /* there may be more cases than these: there was too much to look at */
  uint32_t work; /* what finding them took: list_cost for each list that was looked at */
} SupposedList;

/* What it takes to find the cells of a list once, in entries whose completions are gone through:
 * those that say the same as the entry before are not (compile/pattern.c). */
uint32_t list_cost(const Fact *list, const FactValue *value);
/* What finding the values of one list may take. Beyond, they are cut. */
#define SUPPOSE_WORK_MAX LIMIT(400000u, 4000u)

/* Values for the fact, in their order on the line or in the vocabulary. The facts are as before
 * when it returns. Series have none. */
SupposedList suppose_values(Arena *arena, const CompiledPolicy *compiled, const Fact *fact,
                            Facts *facts);

/* The entries that a list may have more: the fields that the policy reads, by index, and the grid
 * of their values. */
typedef struct EntryGrid {
  uint32_t fields[GRID_DIMENSIONS];
  Grid grid;
} EntryGrid;
/* False where there are too many to be said together. */
bool entry_grid(const CompiledPolicy *compiled, const Fact *list, EntryGrid *grid);
/* Those entries in words: "with one more entry: class tki, outcome refractory or intolerant". Empty
 * where that takes too many. */
Text suppose_entries(Arena *arena, const CompiledPolicy *compiled, const Fact *list,
                     const EntryGrid *grid, const bool *in);
/* Sets in words, in[members] for each: "any with tki and without interfant; or nothing". Empty
 * likewise. */
Text suppose_members(Arena *arena, const Fact *set, const bool *in);
/* Several cases of a line that lie side by side, in words. */
Text suppose_range(Arena *arena, const Fact *fact, const Supposed *first, const Supposed *last);

#endif
