/* words: cells in the words of a policy: "age: 15 years to under 18 years". */
#ifndef PROVE_WORDS_H
#define PROVE_WORDS_H

#include "prove/space.h"

/* A text that ends where C expects it to. */
static inline const char *shown(Arena *arena, Text text) {
  return arena_copy(arena, text.at, text.length);
}

/* What every request that meets the function has in common, fact by fact: "age: 15 years or more;
 * cd22: positive". Only what distinguishes it from those that meet `among`, and only what can be
 * said in few words. "" where there is nothing such. */
Text words_in_common(const Space *space, DiagramRef function, DiagramRef care);
/* "I.A.5 Relapsed or refractory"; a line without a label by the nearest label above. */
Text words_of_criterion(Arena *arena, const Criterion *criterion);

#endif
