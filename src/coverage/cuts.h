/* cuts: the places where a policy cuts a line of values.
 *
 *     weight   ──────────── below ────────────│── above ──────────
 *              cells of v3, v8   { 1 } { 2 }  │  { 2 } { 2 }          45 kg
 *
 * The cells of the fact's variables on both sides say which cut it is: v8 is the same on both and
 * cannot make a difference.
 */
#ifndef COVERAGE_CUTS_H
#define COVERAGE_CUTS_H

#include "coverage/variation.h"

enum { CELLS = 8 };

typedef enum Side { BELOW, ABOVE, SIDES } Side;

/* A cut as a version and kind of the policy make it: known by the cells of the fact's variables on
 * its sides, the first few. */
typedef struct Cut {
  const CompiledPolicy *compiled;
  const Fact *fact;
  uint64_t cells[SIDES][CELLS];
  uint8_t variables[CELLS], variable_count; /* whose cells they are */
  bool has_more;                            /* variables than these */
  bool never_matters;                       /* in no request of this version and kind: proved */
  uint32_t worth;                           /* of the base: 0 where none shows it */
  bool is_there[SIDES];                     /* some case that shows it lies as near */
  Text request[SIDES], value[SIDES], decision[SIDES];
  Text words; /* of the side above: "at least 45 kg" */
} Cut;
typedef LIST(Cut) CutList;

/* Both sides of each place where the policy cuts a date or a quantity and the decision changes. */
void suggest_cuts(Suggest *suggest, Covered *covered);
/* cut_proof.c: can no request be decided differently on the two sides? False where that is not
 * proved. */
bool cut_never_matters(Arena *arena, const Cut *cut);

#endif
