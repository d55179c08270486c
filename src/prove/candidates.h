/* candidates: values for a fact, from ordinary to odd, when a patient is looked for. */
#ifndef PROVE_CANDIDATES_H
#define PROVE_CANDIDATES_H

#include "prove/space.h"

/* A patient that is being looked for: what of it is chosen so far. */
typedef struct Search {
  Space *space;
  const uint8_t *cells; /* wanted of each variable; NO_CELL: any */
  Facts facts;          /* chosen; what candidates depend on */
  uint32_t tries;
} Search;

typedef LIST(FactValue) ValueList;

/* Values worth trying for the fact, the most ordinary first. Of a series there are none. */
ValueList candidates(Search *search, const Fact *fact);

#endif
