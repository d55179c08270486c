/* sole_unmet: which criterion is the only unmet one, without which an approval fails. What an
 * outcome demands, for columns (bind_outcomes.c); and the answer for one determination, for rows
 * that columns leave to the exact diagram. Both follow the same rule:
 *
 *     the request is not approved; of all that an approving outcome demands one criterion may be
 * unmet, and no other
 *
 * Within a group that demands all its parts, the part is meant.
 */
#ifndef VECTOR_SOLE_UNMET_H
#define VECTOR_SOLE_UNMET_H

#include "decide/session.h"

enum { DEMANDS_MOST = 256 };

/* The criterion of an outcome and what the groups above it demand as well, into `list`; how many,
 * at most DEMANDS_MOST. */
uint32_t sole_unmet_demands(const CompiledPolicy *compiled, const Outcome *outcome, uint32_t *list);
/* Is this criterion meant itself, rather than its parts? */
bool sole_unmet_ends_at(const CompiledCriterion *criterion);
/* Per compiled criterion: is it the only unmet one? NULL where nothing is, or no policy was
 * asked. The arena's. */
bool *sole_unmet_determination(const licet_determination *determination, Arena *arena);

#endif
