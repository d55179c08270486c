/* gates: yes/no questions to thousands of rows at once, built up from questions to single columns.
 *
 * A gate answers yes or no for every row. Some are given as planes of bits; all others are made of
 * two gates by AND, and any gate can be denied for nothing. What a gate answers is also kept as a
 * function of the columns (src/diagram), which is canonical: gates that answer alike are one gate,
 * however they were asked for, and a gate that is always yes or always no vanishes. What remains is
 * scheduled as a program, a straight sequence of steps (program.h).
 */
#ifndef PLANES_GATES_H
#define PLANES_GATES_H

#include "base/arena.h"

typedef uint32_t Gate;
#define GATE_NO 0u
#define GATE_YES 1u

typedef struct Gates Gates;

/* Columns that are given as the bits of a number below 64: bit n of `numbers[column]` is set if
 * some row may have n. */
Gates *gates_open(Arena *arena, const uint64_t *numbers, uint32_t columns);
/* Plane `number` of those the program is given when it runs; nothing is known of it. */
Gate gate_input(Gates *gates, uint32_t number);
/* The same, and it is bit `bit` of the column's numbers. */
Gate gate_bit(Gates *gates, uint32_t number, uint32_t column, uint32_t bit);
Gate gate_and(Gates *gates, Gate a, Gate b);
Gate gate_or(Gates *gates, Gate a, Gate b);
Gate gate_and_not(Gates *gates, Gate a, Gate b);
static inline Gate gate_not(Gate a) { return a ^ 1; }
/* `selector` ? yes : no */
Gate gate_choose(Gates *gates, Gate selector, Gate yes, Gate no);
/* The truth table over `bits` inputs (at most 6): bit i of `table` is the answer where input k is
 * bit k of i. Answers for combinations outside `care` are free. */
Gate gate_table(Gates *gates, const Gate *inputs, uint32_t bits, uint64_t table, uint64_t care);

/* What a gate is made of: an input plane, or `a` AND `b`. Two gates, an answer and its denial, are
 * made at one place; places count from 0 (which is no and yes), parts before what is made of them.
 */
typedef struct GatePlace {
  bool is_input;
  uint32_t input;
  Gate a, b;
} GatePlace;
static inline uint32_t gate_place(Gate gate) { return gate >> 1; }
static inline bool gate_is_complemented(Gate gate) { return gate & 1; }
GatePlace gates_at(const Gates *gates, uint32_t place);
uint32_t gates_places(const Gates *gates);

#endif
