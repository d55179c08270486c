/* policy: one version of a policy for one kind of request, as functions that planes can be asked
 * of.
 *
 * The functions of the compiled policy are copied into a diagram of the bulk's own, with the
 * variables that only a clinician can judge moved last, and each joined with `possible`. Then two
 * passes up the diagram answer, for all rows at once and exactly:
 *
 *     can      is there a completion that some patient has, in which the function holds?
 *     enough   can what the requester and the records do not state yet be stated so that every
 * judgment approves?
 *
 * A function holds in every completion where it can hold and its opposite cannot.
 */
#ifndef VECTOR_POLICY_H
#define VECTOR_POLICY_H

#include "library/library.h"

typedef struct ColumnPolicyOutcome {
  const Outcome *outcome;
  DiagramRef holds, fails; /* joined with possible */
} ColumnPolicyOutcome;

typedef struct ColumnPolicy {
  const licet_policy *policy;
  const CompiledPolicy *compiled;
  bool too_large;    /* row by row only */
  bool judged_mixed; /* a judgment and other facts meet in one variable, or in what is possible:
                        `enough` cannot be asked */
  FrozenDiagram diagram;
  const uint32_t *variables;    /* of the diagram → of the compiled policy */
  const bool *judged, *flagged; /* per variable of the diagram: a judgment; GIVEN or DOCUMENTED */
  DiagramRef possible;
  PolicyFunctions whole, fails; /* joined with possible; `fails` only of functions that some
                                   conclusion asks with MUST, else FALSE */
  LIST(ColumnPolicyOutcome) approvals, routes, referrals;
  DiagramRef *criteria; /* per compiled criterion: it fails and a patient is possible; only where
                           asked for */
} ColumnPolicy;

/* `scratch` may be reset afterwards. */
ColumnPolicy *column_policy_open(const licet_policy *policy, const CompiledPolicy *compiled,
                                 bool with_criteria, Arena *arena, Arena *scratch);

#endif
