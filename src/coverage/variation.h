/* variation: requests of cases there are, with facts changed. */
#ifndef COVERAGE_VARIATION_H
#define COVERAGE_VARIATION_H

#include "coverage/coverage.h"
#include "suppose/values.h"

typedef struct Suggest {
  licet_coverage *coverage;
  Arena *arena;            /* for one request */
  const JsonToken *tokens; /* of the request at hand */
  uint32_t tries;
} Suggest;

/* The values worth supposing for each fact of the policy, beside the request as it stands. */
typedef struct SupposedFact {
  const Fact *fact;
  SupposedList values;
} SupposedFact;
typedef LIST(SupposedFact) SupposedFacts;
/* Of the request that the session has decided. */
SupposedFacts suggest_facts(Suggest *suggest);

/* Makes the request the one at hand. */
bool suggest_base(Suggest *suggest, Text request);
/* The request at hand with these facts changed. */
Text suggest_with(Suggest *suggest, const Restated *changes, uint32_t count);
/* False where it has errors, or no policy covers it; else the session's determination is the
 * request's. */
bool suggest_decide(Suggest *suggest, Text request);
/* Suggests the request, which the session has decided. */
void suggest_case(Suggest *suggest, Text request, const char *name, const char *why);
/* What makes a patient who they are lies in the past: nobody is born, or diagnosed, after the
 * request. */
bool is_yet_to_come(const licet_determination *d, const Fact *fact, const Supposed *supposed);

#endif
