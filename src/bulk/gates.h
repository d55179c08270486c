/* gates: yes/no questions to thousands of rows at once, as a straight line of AND, OR and NOT over bits.
 *
 * A plane holds one bit per row. Inputs are planes that are given; every gate makes a new plane of two others. Equal gates are made
 * once, constants vanish as they meet, and what no output needs is left out when the line is drawn:
 *
 *     a = input 0, b = input 1        a AND b → t0        t0 OR NOT a → t1 …
 *
 * Planes come in blocks small enough that all of a program's planes stay in the nearest cache. There is one source for all
 * processors, in plain C over short vectors; it is compiled again for wider registers, and the widest the processor has is chosen
 * when the program runs.
 */
#ifndef BULK_GATES_H
#define BULK_GATES_H

#include "base/arena.h"

/* Rows of a block, and the multiple of rows that planes are padded to. */
#define GATE_BLOCK_ROWS 4096u
#define GATE_BLOCK_WORDS (GATE_BLOCK_ROWS / 64)
#define GATE_PAD_ROWS 512u

typedef uint32_t Gate;
#define GATE_NO 0u
#define GATE_YES 1u

typedef struct Gates Gates;

Gates *gates_open(Arena *arena);
/* Plane `number` of those the program is given when it runs. */
Gate gate_input(Gates *gates, uint32_t number);
Gate gate_and(Gates *gates, Gate a, Gate b);
Gate gate_or(Gates *gates, Gate a, Gate b);
Gate gate_and_not(Gates *gates, Gate a, Gate b);
Gate gate_not(Gates *gates, Gate a);
/* `selector` ? yes : no */
Gate gate_choose(Gates *gates, Gate selector, Gate yes, Gate no);
/* The truth table over `bits` inputs (at most 6): bit i of `table` is the answer where input k is bit k of i. Answers for
 * combinations outside `care` are free. */
Gate gate_table(Gates *gates, const Gate *inputs, uint32_t bits, uint64_t table, uint64_t care);

typedef struct GateStep {
  uint8_t kind;
  uint32_t to, a, b; /* planes: inputs first, then scratch */
} GateStep;

typedef struct GateProgram {
  const GateStep *steps;
  uint32_t step_count, input_count, scratch_count;
  const uint32_t *outputs; /* the plane of each output */
  uint32_t output_count;
} GateProgram;

/* The steps that the outputs need, and where each output is found. Lives in `arena`. */
GateProgram gates_draw(const Gates *gates, const Gate *outputs, uint32_t count, Arena *arena);

/* Which registers to use. */
typedef enum GatePath { GATE_PORTABLE, GATE_AVX2, GATE_AVX512, GATE_PATHS } GatePath;
const char *gate_path_name(GatePath path);
bool gate_path_available(GatePath path);
GatePath gate_path_best(void);

/* planes: input_count inputs, then scratch_count planes of GATE_BLOCK_WORDS words; `words` of each are answered, a multiple of 8.
 * Two more behind them are no longer than that: all bits 0, then all bits 1 (for outputs that are constant). */
void gates_run(const GateProgram *program, GatePath path, uint64_t *const *planes, uint32_t words);
/* Rows as numbers: bit b of codes[r] is bit r of planes[b], for 64 × words rows; at most 8 planes. */
void gates_number(GatePath path, const uint64_t *const *planes, uint32_t count, uint32_t words, uint8_t *codes);
/* Bytes as 16-bit numbers. */
void gates_widen(const uint8_t *bytes, uint32_t count, uint16_t *numbers);
/* The other way round: bit r of planes[b] is bit b of bytes[r], for 64 × words rows; at most 8 planes. */
void gates_split(GatePath path, const uint8_t *bytes, uint32_t count, uint32_t words, uint64_t *const *planes);

#endif
