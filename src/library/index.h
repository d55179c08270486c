/* index: policies by their id and by their payer, among thousands as fast as among five. */
#ifndef LIBRARY_INDEX_H
#define LIBRARY_INDEX_H

#include "base/arena.h"
#include "base/text.h"

typedef struct licet_policy licet_policy;
typedef LIST(const licet_policy *) PolicyList;

/* Those that share an id (one) or a payer, in the order in which they were added. */
typedef struct PolicyGroup {
  Text key;
  PolicyList policies;
} PolicyGroup;

/* A hash table with open addressing, at most half full. */
typedef struct PolicyIndex {
  LIST(PolicyGroup *) groups;
  uint32_t *slots; /* place in `groups` + 1; 0: empty */
  uint32_t mask;   /* the number of slots, a power of two, less one */
} PolicyIndex;

void index_add(PolicyIndex *index, Arena *arena, Text key, const licet_policy *policy);
/* NULL: none. */
const PolicyGroup *index_find(const PolicyIndex *index, Text key);

#endif
