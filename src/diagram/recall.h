/* recall: the last answers of a thread, each with everything that it follows from.
 *
 * Requests that leave the same cells open have the same answers, and requests that say little
 * mostly leave the same cells open. A question is a row of words that holds all the answer depends
 * on; the row is compared whole, so a recalled answer is the one that would be worked out again.
 *
 *     uint64_t *question = recall_question(recall, words);     … write all of it …
 *     const uint64_t *answer = recall_find(recall, &count);
 *     if (answer == NULL) { … work it out …; recall_keep(recall, answer, NULL, count); }
 *
 * 64 places, by the hash of the question; a new answer takes the place of an older one.
 */
#ifndef DIAGRAM_RECALL_H
#define DIAGRAM_RECALL_H

#include "base/arena.h"

typedef struct Recall Recall;

/* Memory is the arena's; a place keeps its own and grows with the largest question put there. */
Recall *recall_open(Arena *arena);
/* `words` words to write the question into, all of them. Valid until the next question. */
uint64_t *recall_question(Recall *recall, uint32_t words);
/* The answer to the question just written, borrowed until recall_keep; NULL where it is not kept.
 */
const uint64_t *recall_find(Recall *recall, uint32_t *count);
/* Keeps the answer to the question last looked for: `count` words, and `more` after them (NULL:
 * none). */
void recall_keep(Recall *recall, const uint64_t *answer, const uint64_t *more, uint32_t count);

#endif
