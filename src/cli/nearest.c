/* By base's measure of nearness, one candidate after another: the best so far stands before the
 * next, so that of two equally near the first is kept.
 */
#include "cli/nearest.h"

Nearest nearest_to(Text word) { return (Nearest){.word = word}; }

void nearest_consider(Nearest *nearest, const char *candidate) {
  const Text both[2] = {text_of(nearest->found != NULL ? nearest->found : candidate),
                        text_of(candidate)};
  const int which = text_nearest(nearest->word, both, 2);
  if (which >= 0) nearest->found = both[which].at;
}
