/* revisions: as many policies as are asked for, in 12 shapes, each payer's with 24 months of
 * revisions. */
#ifndef BENCH_REFERENCE_REVISIONS_H
#define BENCH_REFERENCE_REVISIONS_H

#include <stddef.h>

#include "base/arena.h"
#include "licet/licet.h"

/* The texts to open: the vocabulary first, then `policies` policies. */
typedef struct Revisions {
  licet_text *texts;
  size_t count;
  size_t bytes;    /* of the policies */
  size_t versions; /* of all policies together */
} Revisions;
Revisions revisions_write(Arena *arena, size_t policies);

/* A request to the n-th policy, all facts stated, decided by its newest version. */
const char *revisions_request(Arena *arena, size_t policy, size_t *length);

#endif
