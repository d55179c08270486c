/* terms: what two policies lay down beside their criteria: limits, documents, regimens, routes,
 * whom they cover. */
#ifndef PROVE_TERMS_H
#define PROVE_TERMS_H

#include "licet/prove.h"
#include "prove/space.h"

enum { SIDES = 2 }; /* of a comparison */

typedef LIST(licet_terms_difference) TermsList;

/* Two sides, one kind of request; `sides` compiled over the space of both. Texts live in `arena`.
 */
typedef struct TermsSides {
  Arena *arena;
  const Space *space;
  CompiledPolicy *const *sides;
  TermsList *found;
} TermsSides;

/* What holds of all requests: the drugs and lines covered, the limits in force. */
void terms_of_policies(const CompileSubject *subjects, Arena *arena, TermsList *found);
/* What holds of one kind: whether documents are demanded, the regimen an authorization pays for,
 * where those not approved are sent. */
void terms_of_kind(const TermsSides *terms);
/* "blinatumomab; commercial, medicaid": the drugs and lines that the space's subjects share. */
const char *terms_scope(const Space *space, Arena *arena);

#endif
