/* suggest: requests of cases there are, with facts said otherwise. Shared by suggest.c and cuts.c.
 */
#ifndef COVERAGE_SUGGEST_H
#define COVERAGE_SUGGEST_H

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
/* Of the request of which the session's determination is. */
SupposedFacts suggest_facts(Suggest *suggest);

/* Makes the request the one at hand. */
bool suggest_base(Suggest *suggest, Text request);
/* The request at hand with these facts said otherwise. */
Text suggest_with(Suggest *suggest, const Restated *changes, uint32_t count);
/* False where it has faults, or no policy covers it; else the session's determination is the
 * request's. */
bool suggest_decide(Suggest *suggest, Text request);
/* Suggests the request, of which the session's determination is. */
void suggest_case(Suggest *suggest, Text request, const char *name, const char *why);
/* What makes a patient who they are lies behind them: nobody is born, or diagnosed, after they ask.
 */
bool is_yet_to_come(const licet_determination *d, const Fact *fact, const Supposed *supposed);

/* Both sides of each place where the policy cuts a date or a quantity and the decision turns
 * (cuts.c). */
void suggest_cuts(Suggest *suggest, Covered *covered);

#endif
