/* survey: can every version of a policy be compiled? Found out when a library is opened, so that
 * compiling by need, at the first request, meets no limit and finds no error any more. */
#ifndef COMPILE_SURVEY_H
#define COMPILE_SURVEY_H

#include "compile/compile.h"

typedef struct Survey {
  const Policy *policy;
  Arena *arena;   /* for what is found: `reads` */
  Arena *scratch; /* may be reset afterwards */
  Diagnostics *diagnostics;
  int (*interrupted)(void *context); /* NULL: never */
  void *context;
  uint64_t *reads; /* found: the facts of the vocabulary that some version reads, as bits */
  uint32_t nodes;  /* found: of the diagram of all versions, for the kind where it is larger; 0
                      where versions had to be looked at one by one */
} Survey;

typedef enum Surveyed { SURVEY_DONE, SURVEY_INTERRUPTED } Surveyed;

/* What is wrong with the policy is diagnosed, as compile_policy would. */
Surveyed survey_policy(Survey *survey);

#endif
