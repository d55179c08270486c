/* nearest: which of several names was meant by a word that is not one of them. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include "base/text.h"

/*     Nearest nearest = nearest_to(word);
 *     for (…) nearest_consider(&nearest, name);
 *     const char *meant = nearest.found; */
typedef struct Nearest {
  Text word;
  const char *found; /* the nearest so far; NULL where none is near enough to be a slip */
} Nearest;

Nearest nearest_to(Text word);
void nearest_consider(Nearest *nearest, const char *candidate);

#endif
