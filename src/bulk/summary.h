/* summary: a tally, for people and for programs. */
#ifndef BULK_SUMMARY_H
#define BULK_SUMMARY_H

#include "vector/plan.h"
#include "bulk/tally.h"

typedef struct SummarySubject {
  const Plan *plan;
  const Tally *tally;
  uint64_t requests, rejected;
  bool compares, criteria, missing;
} SummarySubject;

const char *summary_text(const SummarySubject *subject, Arena *arena);
const char *summary_json(const SummarySubject *subject, Arena *arena);

#endif
