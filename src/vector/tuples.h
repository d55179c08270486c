/* tuples: what several columns say together, each combination numbered once, in the order met.
 *
 * An age is a birth date and a start: what is asked of both is worked out for the pairs that occur.
 */
#ifndef VECTOR_TUPLES_H
#define VECTOR_TUPLES_H

#include "base/arena.h"

#define TUPLE_COLUMNS_MOST 4u

/* The codes of the columns, 0 behind the last. */
typedef struct Tuple {
  uint32_t codes[TUPLE_COLUMNS_MOST];
} Tuple;

typedef struct TupleSlot {
  Tuple tuple;
  uint32_t number; /* + 1; 0: empty */
} TupleSlot;

typedef struct Tuples {
  Arena *arena;
  LIST(Tuple) met;
  TupleSlot *slots; /* open-addressed */
  uint32_t slot_count;
} Tuples;

void tuples_open(Tuples *tuples, Arena *arena);
/* The number of a tuple, made if it is new. */
uint32_t tuples_number(Tuples *tuples, const Tuple *tuple);
/* The same for rows: row r's codes are codes[0][r], codes[1][r], …, of `columns` columns. */
void tuples_number_rows(Tuples *tuples, const uint32_t *const *codes, uint32_t columns,
                        uint32_t rows, uint32_t *numbers);

#endif
