/* plan: what a run decides by, and every answer it can result in.
 *
 * A target is one way to decide each request: by the policy that covers it, or by a policy (and a
 * day) that is named. The plan holds the column policies all targets need, each once. A verdict is
 * what a request results in: outcome, reason, pathway, and who decided. A plan is frozen when a run
 * begins, but for verdicts that only the exact diagram came to; those are each worker's own.
 */
#ifndef VECTOR_PLAN_H
#define VECTOR_PLAN_H

#include "vector/policy.h"

typedef struct Target {
  const licet_policy *policy; /* NULL: the one that covers the request */
  Date on;                    /* the version's day; DATE_NONE: the day received */
  const char *name;           /* "POLICY@DATE" as asked for, "" for the requests' own */
} Target;

typedef struct BulkVerdict {
  licet_outcome outcome;
  licet_reason reason;
  const char *pathway;        /* "" where there is none; lives as long as the library or the plan */
  const licet_policy *policy; /* NULL: none */
  const Version *version;
} BulkVerdict;

#define PLAN_TARGETS_MOST 64u
/* Verdicts are bytes: 0 is "ask the exact diagram". */
#define PLAN_VERDICTS_MOST 256u

typedef struct Plan {
  Arena arena;
  const licet_library *library;
  Target *targets;
  uint32_t target_count;
  LIST(ColumnPolicy *) column_policies;
  bool with_criteria;
} Plan;

/* NULL where memory is short. `targets` is copied. */
Plan *plan_open(const licet_library *library, const Target *targets, uint32_t count,
                bool with_criteria);
void plan_close(Plan *plan);
/* The column policy of a policy's version and kind; NULL where no target needs it. */
const ColumnPolicy *plan_policy(const Plan *plan, const CompiledPolicy *compiled);

#endif
