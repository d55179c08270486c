/* supposing: the values of one fact while they are collected; for this folder only.
 *
 *     variables   those that read the fact, by index           v3   v7   v8
 *     row         the cells they have for a value              │ 1 │ 6 │ 2 │     one word each
 *
 * Two values with the same row are the same case.
 */
#ifndef SUPPOSE_SUPPOSING_H
#define SUPPOSE_SUPPOSING_H

#include "suppose/values.h"

typedef const uint64_t *Row;

typedef struct Supposing {
  Arena *arena;
  const CompiledPolicy *compiled;
  const Fact *fact;
  Facts *facts;  /* the fact's own value is overwritten meanwhile */
  FactValue now; /* it, as if known */
  LIST(uint32_t) variables;
  SupposedList list;
  LIST(Row) rows; /* of each value in the list */
} Supposing;

/* The row of the value that the facts have now. */
Row row_here(const Supposing *supposing);
bool same_row(const Supposing *supposing, Row a, Row b);

typedef enum Novelty { SUPPOSED_NEW, SUPPOSED_BEFORE } Novelty;
/* Adds the value, unless one before it is the same case; *out: that one, or the value's own place.
 */
Novelty suppose_if_new(Supposing *supposing, Supposed value, Supposed **out);
/* Adds the value regardless. */
void suppose_always(Supposing *supposing, Supposed value);

/* A choice as a request states it: yes and no as true and false. */
Text choice_json(Arena *arena, const Type *type, uint32_t choice);

/* Each adds the values of facts of one type to the list. */
void suppose_line(Supposing *supposing);  /* line.c: quantities and dates */
void suppose_sets(Supposing *supposing);  /* sets.c */
void suppose_lists(Supposing *supposing); /* entries.c */

#endif
