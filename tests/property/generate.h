/* generate: subjects and drafts, by chance but not at random.
 *
 * Random facts almost never meet a policy, and then nothing interesting is open. So each subject
 * gets a pool of assignments that were climbed to, step by step, until they reach one of its
 * outcomes; a draft takes one, changes a little, and leaves a few facts out.
 */
#ifndef PROPERTY_GENERATE_H
#define PROPERTY_GENERATE_H

#include "oracle.h"

enum { POOL = 24, STEPS = 400 };

/* An item for each use. */
typedef struct Pool {
  uint16_t *items[POOL];
} Pool;

/* Close its arena when done. */
Subject *subject_new(const licet_policy *policy, Chance *chance);

void subject_free(Subject *s);

Pool pool_new(Subject *s, Chance *chance);

void choose_given(Arena *arena, const Subject *s, Chance *chance, const Use *use, const Item *value,
                  Given *given, bool all_documented);

Draft draft_new(Arena *arena, const Subject *s, const Pool *pool, Chance *chance, uint32_t number);

/* How many completions the draft and its second decision have. */
uint64_t completions(Arena *arena, const Draft *draft);

void know_measures(Arena *arena, Draft *draft, const Pool *pool, Chance *chance);

/* Documents facts, then knows them, until it can be enumerated quickly. */
void make_small(Arena *arena, Draft *draft, const Pool *pool, Chance *chance, uint64_t most);

#endif
