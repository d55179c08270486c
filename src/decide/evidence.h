/* evidence: the second decision, in which only what is documented counts. */
#ifndef DECIDE_EVIDENCE_H
#define DECIDE_EVIDENCE_H

#include "decide/determination.h"

/* The cells on which an approval is judged: those that the documents leave, where the policy
 * demands evidence; where it does not, or nothing is attested, `allowed` itself. */
const uint64_t *evidence_cells(licet_determination *determination);
/* Takes attested clinical facts out of the facts, and puts back those that it took out: what a
 * documented approval authorizes is calculated between the two. */
uint64_t evidence_hide(licet_determination *determination);
void evidence_restore(licet_determination *determination, uint64_t hidden);

/* Fills in determination->documents: the smallest sets that would restore the approval, judged on
 * every pathway; or, beside missing facts, all that the approval would then rest on. */
void find_documents(licet_determination *determination, const uint64_t *documented);
void find_documents_beside_missing(licet_determination *determination);

#endif
