/* verdict: all that a decision still depends on, as one diagram.
 *
 * A compiled policy has a function for each question to it: does it approve, by which pathway, does
 * another policy govern. Here they are joined into one: the facts that may still be answered lead
 * to a verdict, which stands for everything the interview promises to keep: outcome, reason,
 * pathway, authorization and route.
 *
 *     [disease_status] ── relapsed ─────────────→ approve by A3
 *             └─ remission → [mrd_level] ── … ──→ approve by A1
 *                                   └──────────→ refer: criteria not met
 *
 * Facts that will not be answered (nobody knows them, or another has to state them) are not
 * branches. They stay unknown, and a verdict takes all that they could be into account, just as the
 * decision does. What no patient is like has no verdict.
 *
 * Verdicts are numbered from 1: the values of a multi-terminal diagram (diagram_value), in which 0
 * is no verdict. Of each variable only the cells that are open exist there, numbered from 0.
 */
#ifndef ASK_VERDICT_H
#define ASK_VERDICT_H

#include "decide/session.h"

#define LIMIT_VERDICT_NODES (1u << 18)
#define VERDICT_KEY_WORDS 4

typedef struct Verdicts {
  Arena *arena;
  const CompiledPolicy *compiled;
  Diagram *diagram;
  const uint8_t *arity;
  DiagramRef root;
  LIST(DiagramRef) nodes; /* children first */
  uint32_t count;         /* verdicts are numbered 1 to count */
  const uint32_t *keys;   /* per verdict, from 0 on, VERDICT_KEY_WORDS: what it stands for, the same
                             in every diagram of a policy */
  const uint64_t *authorizations; /* per verdict, from 0 on: the approvals (bits, by index) that its
                                     authorization rests on; 0 where it is not an approval */
} Verdicts;

/* The verdicts over the variables that may still be answered; `closed[v]`: the others. Cells are
 * those that the determination leaves open. NULL where there would be more than
 * LIMIT_VERDICT_NODES. All of it lives in `arena`. */
Verdicts *verdicts_build(Arena *arena, const licet_determination *determination,
                         const bool *closed);

/* The only verdict there can be, or 0 where there are several. */
uint32_t verdicts_certain(const Verdicts *verdicts);
/* Are there two patients who differ in this variable alone and have different verdicts? */
bool verdicts_depend_on(const Verdicts *verdicts, uint32_t variable);
/* Do verdicts of two diagrams of one policy stand for the same? */
bool verdicts_same(const Verdicts *a, uint32_t one, const Verdicts *b, uint32_t other);

/* gain.c: how much knowing each variable would say about the verdict, in bits, were all cells
 * equally likely; `gains`: one for each variable. */
void verdicts_gains(const Verdicts *verdicts, double *gains);

#endif
