/* Reports where the program met what cannot be, and ends it as a failed assert does. */
#include "base/unreachable.h"

#include <stdio.h>
#include <stdlib.h>

void unreachable_reached(const char *file, int line) {
  fprintf(stderr, "licet: %s:%d: a case that the program does not know\n", file, line);
  abort();
}
