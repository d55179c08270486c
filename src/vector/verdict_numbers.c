/* verdict_numbers: each target numbers the verdicts it can give, from 1; 0 is "decide this row
 * alone". Numbers are never given back, so that they mean the same in every table of a run. */
#include <string.h>

#include "vector/bind_internal.h"

const BulkVerdict *binder_verdict(const Binder *b, uint32_t target, uint16_t number) {
  return &b->targets[target].verdicts.items[number];
}

uint16_t bind_verdict(Binder *b, uint32_t target, const BulkVerdict *wanted) {
  BoundTarget *into = &b->targets[target];
  for (uint32_t i = 1; i < into->verdicts.count; i++) {
    const BulkVerdict *there = &into->verdicts.items[i];
    if (there->outcome == wanted->outcome && there->policy == wanted->policy &&
        there->version == wanted->version && there->reason == wanted->reason &&
        strcmp(there->pathway, wanted->pathway) == 0)
      return (uint16_t)i;
  }
  BulkVerdict kept = *wanted;
  kept.pathway = arena_copy(&b->kept, wanted->pathway, strlen(wanted->pathway));
  LIST_PUSH(&b->kept, into->verdicts, kept);
  return (uint16_t)(into->verdicts.count - 1);
}

typedef struct Numbering {
  Binder *b;
  uint32_t target;
  const BulkVerdict *verdict;
  uint16_t number;
} Numbering;

static void number_verdict(void *context) {
  Numbering *numbering = context;
  numbering->number = bind_verdict(numbering->b, numbering->target, numbering->verdict);
}

uint16_t binder_verdict_number(Binder *b, uint32_t target, const BulkVerdict *verdict) {
  Numbering numbering = {b, target, verdict, 0};
  return arena_attempt(&b->kept, number_verdict, &numbering) ? numbering.number : 0;
}
