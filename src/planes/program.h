/* program: gates scheduled as a straight sequence of steps, run over thousands of rows at once.
 *
 * A plane holds one bit per row. The program works on one thing at a time, as a pocket calculator
 * does: a step begins with two planes, or continues with what was found and one more plane, and may
 * keep the result as a plane of its own:
 *
 *     x = input 0 AND input 1;   x = x OR scratch 2;   x = input 3 AND NOT x, kept as scratch 2; …
 *
 * While it works, what was found stays in the registers of the processor, eight of them. Planes
 * come in blocks small enough that all of a line's planes stay in the nearest cache. There is one
 * source for all processors, in plain C over short vectors (line_tile.h); it is compiled again for
 * wider registers, and the widest the processor has is chosen when the program runs.
 */
#ifndef PLANES_PROGRAM_H
#define PLANES_PROGRAM_H

#include "planes/gates.h"

/* Rows of a block, and the multiple of rows that planes are padded to. */
#define PROGRAM_BLOCK_ROWS 4096u
#define PROGRAM_BLOCK_WORDS (PROGRAM_BLOCK_ROWS / 64)
#define PROGRAM_PAD_ROWS 512u

/* What a step does to x, what was found so far; _KEPT: and stores it. */
typedef enum StepKind {
  STEP_BOTH,                         /* x = a AND b */
  STEP_ONE_ONLY,                     /* x = a AND NOT b */
  STEP_EITHER,                       /* x = a OR b */
  STEP_AND,                          /* x = x AND a */
  STEP_AND_NOT,                      /* x = x AND NOT a */
  STEP_NOT_AND,                      /* x = a AND NOT x */
  STEP_OR,                           /* x = x OR a */
  STEP_LOAD,                         /* x = a */
  STEP_KINDS,                        /* the same kinds again, and x is kept */
  STEP_KEEP_NEGATED = 2 * STEP_KINDS /* NOT x is kept, x stays */
} StepKind;

typedef struct ProgramStep {
  uint32_t kind, a, b, to; /* planes: inputs first, then scratch */
  uint32_t ahead;          /* the input of the next block that is fetched meanwhile */
} ProgramStep;
#define PROGRAM_FETCHES_NOTHING UINT32_MAX

typedef struct Program {
  const ProgramStep *steps;
  uint32_t step_count, input_count, scratch_count;
  const uint32_t *outputs; /* the plane of each output */
  uint32_t output_count;
} Program;

/* The steps that the outputs need, and where each output is found. `input_count`: how many planes
 * are given, at least as many as gates ask for. Lives in `arena`. */
Program program_draw(const Gates *gates, uint32_t input_count, const Gate *outputs, uint32_t count,
                     Arena *arena);

/* Which registers to use. */
typedef enum ProgramPath {
  PROGRAM_PORTABLE,
  PROGRAM_AVX2,
  PROGRAM_AVX512,
  PROGRAM_PATHS
} ProgramPath;
const char *program_path_name(ProgramPath path);
bool program_path_available(ProgramPath path);
ProgramPath program_path_best(void);

/* planes: input_count inputs, then scratch_count planes of LINE_BLOCK_WORDS words; `words` of each
 * are answered, a multiple of 8. Two more behind them are no longer than that: all bits 0, then all
 * bits 1 (for outputs that are constant). ahead: input_count places that will be read next, so that
 * they are on their way from memory meanwhile (they are not read now). */
void program_run(const Program *program, ProgramPath path, uint64_t *const *planes,
                 const uint64_t *const *ahead, uint32_t words);
/* Rows as numbers: bit b of numbers[r] is bit r of planes[b], for 64 × words rows; at most 8
 * planes. */
void program_number(ProgramPath path, const uint64_t *const *planes, uint32_t count, uint32_t words,
                    uint16_t *numbers);
/* The other way round: bit r of planes[b] is bit b of bytes[r], for 64 × words rows; at most 8
 * planes. */
void program_split(ProgramPath path, const uint8_t *bytes, uint32_t count, uint32_t words,
                   uint64_t *const *planes);

#endif
