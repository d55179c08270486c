/* verdict: all that a decision still hangs on, as one diagram.
 *
 * A compiled policy has a function for each question to it: does it approve, by which pathway, does
 * another policy govern. Here they are joined into one: the facts that may still be answered lead
 * to a verdict, which stands for everything the interview promises to keep: outcome, reason,
 * pathway, grant and route.
 *
 *     [disease_status] ── relapsed ─────────────→ approve by A3
 *             └─ remission → [mrd_level] ── … ──→ approve by A1
 *                                   └──────────→ refer: criteria not met
 *
 * Facts that will not be answered (nobody knows them, or another has to say them) are no branches.
 * Whatever they are, they are unknown, and a verdict takes all that they could be into account,
 * just as the decision does. What no patient is like is no verdict.
 *
 * Nodes lie as in a Diagram: node n is words[n] = variable, words[n + 1 + c] = child; children come
 * before their parents. A ref with VERDICT_LEAF set is a verdict: its number, or VERDICT_NONE where
 * no patient is.
 */
#ifndef ASK_VERDICT_H
#define ASK_VERDICT_H

#include "decide/session.h"

typedef uint32_t VerdictRef;
#define VERDICT_LEAF (1u << 31)
#define VERDICT_KEY_WORDS 4
#define VERDICT_NONE (VERDICT_LEAF | 0u)

typedef struct Verdicts {
  Arena *arena;
  const CompiledPolicy *compiled;
  const uint64_t *allowed; /* the cells left open */
  LIST(uint32_t) words;
  LIST(uint32_t) nodes; /* where each begins, children first */
  VerdictRef root;
  uint32_t count;           /* verdicts are numbered 1 to count */
  const uint32_t *keys;     /* per verdict VERDICT_KEY_WORDS: what it stands for, the same in every
                               diagram of a policy */
  uint64_t *authorizations; /* per verdict: the approvals (bits, by index) that its grant rests on;
                               0 where it is no approval */
} Verdicts;

/* The verdicts over the variables that may still be answered; `closed[v]`: the others. Cells are
 * those that the determination leaves open. NULL where there would be more than
 * LIMIT_VERDICT_WORDS. All of it lives in `arena`. */
#define LIMIT_VERDICT_WORDS (1u << 20)
Verdicts *verdicts_build(Arena *arena, const licet_determination *determination,
                         const bool *closed);

/* The only verdict there can be, or 0 where there are several. */
uint32_t verdicts_certain(const Verdicts *verdicts);
/* Are there two patients who differ in this variable alone and come to different verdicts? */
bool verdicts_hang_on(const Verdicts *verdicts, uint32_t variable);
/* How much knowing each variable would tell, in bits, were all cells equally likely; `gains`: one
 * for each variable. */
void verdicts_gains(const Verdicts *verdicts, double *gains);

#endif
