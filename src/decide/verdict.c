/* verdict: walks outcome.def from the top. The walk knows neither requests nor gates: what a
 * question means for a set of rows is the asker's. */
#include "decide/verdict.h"

const ConclusionText conclusions[CONCLUSIONS] = {
#define OUTCOME(symbol, outcome, reason, function, quantifier)                        \
  [CONCLUDE_##symbol] = {LICET_##outcome, LICET_REASON_##reason, FUNCTION_##function, \
                         QUANTIFY_##quantifier},
#include "decide/outcome.def"
#undef OUTCOME
};

void verdict_walk(const Asker *asker, Rows rows) {
  for (Conclusion at = 0; at < CONCLUSIONS && rows != asker->none; at++) {
    const ConclusionText *question = &conclusions[at];
    const Rows part =
        question->quantifier == QUANTIFY_OTHERWISE
            ? rows
            : asker->part(asker->context, question->function, question->quantifier, rows);
    if (part == asker->none) continue;
    asker->conclude(asker->context, at, part);
    rows = asker->without(asker->context, rows, part);
  }
}
