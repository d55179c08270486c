/* scratch: the memory of a thread that asks, for this folder only.
 *
 * What a question writes lies here and is forgotten by stepping an epoch, so asking again costs
 * no clearing and, once the tables have met the largest question, no allocation.
 */
#ifndef DIAGRAM_SCRATCH_H
#define DIAGRAM_SCRATCH_H

#include "diagram/builder.h"
#include "diagram/recall.h"

/* Values by a key of two refs and a number. Open addressing; slots of another epoch are empty. */
typedef struct MemoSlot {
  DiagramRef a, b;
  uint32_t number;
  uint32_t epoch;
  uint32_t value;
} MemoSlot;

typedef struct Memo {
  Arena *arena;
  MemoSlot *slots;
  uint32_t capacity; /* a power of two, more than twice count */
  uint32_t count;
  uint32_t epoch;
} Memo;

void memo_forget(Memo *memo);
bool memo_find(const Memo *memo, DiagramRef a, DiagramRef b, uint32_t number, uint32_t *value);
void memo_keep(Memo *memo, DiagramRef a, DiagramRef b, uint32_t number, uint32_t value);
/* False when the pair was here before, since memo_forget. */
bool memo_enter(Memo *memo, DiagramRef a, DiagramRef b);

/* What a variable still leaves open (sets.c). Cells are renumbered: only those in `kept` exist. */
typedef struct OpenVariable {
  uint64_t kept; /* in the frozen diagram's numbering: still possible, or within choice */
  uint64_t allowed, choice; /* in the new numbering */
  uint64_t facts;
  bool together;    /* choosing confines to `choice` instead of picking from it */
  uint32_t charge;  /* facts that no earlier variable could have paid for */
  DiagramRef price; /* "all its facts are in the set" */
} OpenVariable;

struct DiagramScratch {
  Arena *arena;
  uint64_t spent; /* steps that searches took since diagram_scratch_allow */
  Memo visited;   /* question.c */
  Memo built;     /* sets.c, from here on */
  Memo families;
  Memo settled;
  Memo least;
  Diagram *conditions; /* over the open variables */
  Diagram *enough;     /* over the facts: two cells each, not in the set and in it */
  OpenVariable *open;
  uint8_t *open_arity;
  uint32_t open_capacity;
  Recall *sets;   /* minimal sets found before */
  Recall *others; /* of diagram_scratch_recall */
};

/* What searches may still take. */
uint64_t diagram_scratch_left(const DiagramScratch *scratch);

#endif
