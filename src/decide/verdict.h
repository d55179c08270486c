/* verdict: the decision's order of questions, once (outcome.def), for every way to ask them.
 *
 * What is decided is a set of rows: the one request of a session (a set of one, or empty), the rows
 * of a table (a gate), the completions of an interview's leaf. An asker answers a question with the
 * part of the rows for which it is so, and learns which rows lead to which conclusion. Rows that a
 * question has answered are asked nothing more:
 *
 *     rows ── APPROVED? ──yes──→ conclude
 *               └ no ── OBTAINABLE? ──yes──→ conclude
 *                          └ no ── JUDGMENT? … ── CRITERIA_NOT_MET ──→ conclude
 */
#ifndef DECIDE_VERDICT_H
#define DECIDE_VERDICT_H

#include "compile/compile.h"
#include "licet/licet.h"

typedef enum Conclusion {
#define OUTCOME(symbol, outcome, reason, function, quantifier) CONCLUDE_##symbol,
#include "decide/outcome.def"
#undef OUTCOME
  CONCLUSIONS
} Conclusion;

typedef enum Quantification {
  QUANTIFY_MUST,
  QUANTIFY_ENOUGH,
  QUANTIFY_CAN,
  QUANTIFY_OTHERWISE
} Quantification;

typedef struct ConclusionText {
  licet_outcome outcome;
  licet_reason reason;
  PolicyFunction function;
  Quantification quantifier;
} ConclusionText;
extern const ConclusionText conclusions[CONCLUSIONS];

/* A set of rows, in the asker's own terms: a truth, a gate. */
typedef uint64_t Rows;

typedef struct Asker {
  void *context;
  Rows none; /* no rows */
  /* The part of `rows` for which it is so. */
  Rows (*part)(void *context, PolicyFunction function, Quantification quantifier, Rows rows);
  Rows (*without)(void *context, Rows rows, Rows part);
  void (*conclude)(void *context, Conclusion conclusion, Rows rows);
} Asker;

/* Every row results in one conclusion. Only questions that some row is left for are asked. */
void verdict_walk(const Asker *asker, Rows rows);

#endif
