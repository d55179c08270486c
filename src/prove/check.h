/* check: one version and kind of a policy under examination; shared by the files that look for
 * findings.
 *
 *   defects.c  walks versions and kinds
 *     criteria.c  outcomes.c  interpretations.c  labels.c  gaps.c    the checks, one idea each
 *       claim.c   a witness that shows the finding        core.c    which criteria contradict
 *         check.c   findings, bounds, changed policies
 */
#ifndef PROVE_CHECK_H
#define PROVE_CHECK_H

#include "prove/defects.h"

typedef struct PolicyCheck {
  ProofRun *run;
  Space *space;
  const Policy *policy;
  uint32_t version;
  int kind;
  CompiledPolicy *base;
  CompiledPolicy *asked; /* the same with prerequisites asked: what is only so because they count as
                            met is meant to be so */
  bool *unsatisfiable, *always, *redundant, *subsumed; /* by compiled criterion */
  uint32_t *parent; /* by compiled criterion: UINT32_MAX at the top */
  Buffer left_out;  /* what was not examined, as a bound was reached */
} PolicyCheck;

/* ---- What all checks need ---- */

/* Appends a finding about the criterion, or about the whole policy (NULL). It counts as a defect
 * until the caller says that it is a note. */
Defect *add_defect(PolicyCheck *check, licet_finding_kind kind, const Criterion *criterion,
                   const char *why);
/* The criterion's words in quotation marks. */
const char *check_name(const PolicyCheck *check, const Criterion *criterion);
/* Ask before each question: false once a bound of memory or time is reached. What is left of this
 * version and kind is then listed as not examined, `from` the criterion on (or NULL). */
bool within_bounds(PolicyCheck *check, const char *what, const Criterion *from);
void report_left_out(PolicyCheck *check);
/* The policy with one thing changed, over the same variables; NULL where a limit was exceeded. */
CompiledPolicy *check_compile(PolicyCheck *check, Change change);
/* Do the two have the same outcomes, on the same pathways, in every possible request? */
bool same_outcomes(const PolicyCheck *check, const CompiledPolicy *a, const CompiledPolicy *b);
/* From here on the policy approves whom it approves regardless of what is not given. */
void make_certain(const PolicyCheck *check, CompiledPolicy *policy);
void find_parents(PolicyCheck *check);
bool is_demanded_all(const CompiledCriterion *group);

/* ---- The checks ---- */

void check_each(PolicyCheck *check);         /* criteria.c: what nobody or everybody meets */
void check_alternatives(PolicyCheck *check); /* criteria.c: subsumed */
void check_branches(PolicyCheck *check);     /* criteria.c: redundant */
void check_outcomes(PolicyCheck *check);
void check_interpretations(PolicyCheck *check);
void check_labels(PolicyCheck *check);
void check_dates(ProofRun *run, const Policy *policy); /* gaps.c */

#endif
