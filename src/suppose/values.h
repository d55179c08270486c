/* values: what a fact could have been instead, one value for each case that a policy tells apart.
 *
 *     dose_per_day, cut at 28 mcg/day   →   27.9 mcg/day · 28 mcg/day · 28.1 mcg/day
 *
 * A line of values (quantities, days) is cut where some variable's cell changes, all else as the facts have it; so tests that
 * relate several facts are cut too, where the others are known. Of the values on either side of a cut the plainest is taken, in few
 * digits.
 */
#ifndef SUPPOSE_VALUES_H
#define SUPPOSE_VALUES_H

#include "decide/session.h"

typedef struct Supposed {
  FactValue value;
  Text json;  /* as a request states it */
  Text words; /* the whole case: "at most 28 mcg/day", "on or before 2008-11-09", "refractory" */
  /* Of a line of values: the first and last value of its case; has_…: there is another case beyond. */
  bool is_line, has_from, has_to;
  Amount from, to;
} Supposed;

typedef LIST(Supposed) SupposedList;

/* Values for the fact, in their order on the line or in the vocabulary. The row of facts is put back as it was. Series have none.
 */
SupposedList suppose_values(Arena *arena, const CompiledPolicy *compiled, const Fact *fact, Facts *facts);
/* Several cases of a line that lie side by side, in words. */
Text suppose_range(Arena *arena, const Fact *fact, const Supposed *first, const Supposed *last);

#endif
