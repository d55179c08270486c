/* evidence: the second decision, in which only what is documented counts. */
#ifndef DECIDE_EVIDENCE_H
#define DECIDE_EVIDENCE_H

#include "decide/determination.h"

/* Is the approval by `function` documented? If not, *without holds the cells that the documents
 * leave. */
bool is_documented(licet_determination *determination, DiagramRef function,
                   const uint64_t **without);
/* Fills in determination->documents: the smallest sets that would restore the approval; or, beside
 * missing facts, all that the approval would then rest on. */
void find_documents(licet_determination *determination, DiagramRef function,
                    const uint64_t *without);
void find_documents_beside_missing(licet_determination *determination);

#endif
