/* claim: what a replayed request must show before it is a finding's witness. */
#ifndef PROVE_CLAIM_H
#define PROVE_CLAIM_H

#include "prove/check.h"

/* What a replayed request must show. */
typedef struct Claim {
  PolicyCheck *check;
  Text literal;                         /* decided by this interpretation too */
  const Criterion *met[2], *unmet;      /* statuses */
  const Outcome *pathways[2];           /* both met */
  const Condition *unlike;              /* the patient is known not to meet it */
  bool approved, not_approved, differs; /* differs: the literal decision is another */
  DiagramRef wider;                     /* what the function was narrowed from, or FALSE */
  Text request, shows;
} Claim;

/* Looks for a witness in `function`; what its requests have in common is said by comparison with
 * `care`. False where no request was found that shows the claim. */
bool add_witness(PolicyCheck *check, Defect *defect, DiagramRef function, DiagramRef care,
                 Claim claim);
/* The same, without a reviewer's judgment where there is such a request. */
void add_plain_witness(PolicyCheck *check, Defect *defect, DiagramRef function, DiagramRef care,
                       Claim claim);

#endif
