/* nearest: which of several names was meant by a word that is none of them. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

enum { NEAREST_LENGTH_MAX = 63 }; /* longer words are no slips */

/*     Nearest nearest = nearest_to(word);
 *     for (…) nearest_consider(&nearest, name);
 *     const char *meant = nearest_found(&nearest); */
typedef struct Nearest {
  const char *word, *best;
  size_t distance;
} Nearest;

Nearest nearest_to(const char *word);
void nearest_consider(Nearest *nearest, const char *candidate);
/* NULL where no candidate is near: at most a third of the letters may differ, one at least. */
const char *nearest_found(const Nearest *nearest);

#endif
