/* missing: the smallest sets of facts that would be enough. */
#ifndef DECIDE_MISSING_H
#define DECIDE_MISSING_H

#include "base/limits.h"
#include "decide/determination.h"

/* The facts of the policy as bits, in alphabetical order: those that only a clinician can judge,
 * those that are not known, and those that rest on the requester's word alone. */
uint64_t facts_judged(const licet_determination *determination);
uint64_t facts_unknown(const licet_determination *determination);
uint64_t facts_attested(const licet_determination *determination);
uint64_t facts_attested_clinical(const licet_determination *determination);

/* A question to diagram/sets.c with its tables, blank: which variables may be chosen. */
typedef struct Question {
  uint64_t *choice, *facts;
  bool *together;
  SetQuestion set;
} Question;
Question question_open(licet_determination *determination, DiagramRef function,
                       const uint64_t *allowed);
/* All facts that the question offers. */
uint64_t question_facts(const licet_determination *determination, const Question *question);
/* What must be supplied for the variable to be known: its unknown facts, or, where all are given,
 * those that were left open. 0: it is known. */
uint64_t facts_to_supply(const licet_determination *determination, uint32_t variable,
                         uint64_t unknown);

/* Adds to determination->missing what the requester or the plan's records could supply for
 * `function` to hold; missing_cut, where there may be more. */
void find_missing(licet_determination *determination, DiagramRef function);
/* Is there such a set at all? */
bool is_obtainable(licet_determination *determination, DiagramRef function);

#endif
