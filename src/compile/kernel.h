/* kernel: every criterion's status at once, as bits.
 *
 * A compiled policy's tests and groups each own one bit. For each variable and cell a prepared row
 * says which tests that cell meets and which it fails; the rows of all variables, OR-ed together,
 * answer every test. Groups follow in an order in which parts come first: an `all of` is met when
 * its parts' bits are all in `met`, and fails when one is in `failed`. A bit in neither is not
 * known.
 *
 *     bits     0 group │ 1 group │ 2 test │ 3 test │ …
 *     rows     a row per variable and cell, `met` and `failed` side by side:
 *                  age   cell 2   met ....   failed ..1.
 *                  age   cell 3   met ..1.   failed ....
 *                  cd22  cell 1   met ...1   failed ....
 *     cells    age = 3, cd22 = 1, …    rows OR-ed    →  met    ..11…
 *     steps    bit 0 = all of 2, 3     parts 0011…   →  met    1.11…
 *
 * Where all is known, that is all. Where it is not, three-valued logic, connective by connective,
 * is not enough: parts may be open that together leave no doubt. A group left open by two or more
 * parts is therefore asked of the diagram before what rests on it.
 */
#ifndef COMPILE_KERNEL_H
#define COMPILE_KERNEL_H

#include "diagram/diagram.h"

typedef enum KernelStepKind {
  KERNEL_ALL,
  KERNEL_ANY,
  KERNEL_NONE,
  KERNEL_AT_LEAST,
  KERNEL_MET,
  KERNEL_FUNCTION
} KernelStepKind;

/* A connective within a condition has no function of its own. A group with one open part is as open
 * as that part. */
typedef enum KernelDoubt { DOUBT_IGNORED, DOUBT_ASKED, DOUBT_ASKED_OF_SEVERAL } KernelDoubt;

typedef struct KernelStep {
  uint8_t kind;
  uint8_t doubt;   /* KernelDoubt: what to do when it stays open */
  uint16_t needed; /* of KERNEL_AT_LEAST */
  uint32_t bit;
  uint32_t parts; /* where its parts' mask begins in `masks` */
  DiagramRef
      function; /* the same criterion in the diagram; of KERNEL_FUNCTION the only way to tell */
} KernelStep;

/* A variable that some test asks. Others bear on the criteria only through what no patient is like.
 */
typedef struct KernelVariable {
  uint32_t variable;
  uint32_t first; /* where its rows begin in `rows` */
} KernelVariable;

typedef struct Kernel {
  uint32_t words; /* 64 bits each: met takes so many, failed as many */
  uint32_t variable_count;
  const KernelVariable *variables;
  const uint64_t *rows; /* per variable and cell: words of met, words of failed */
  const uint64_t *masks;
  const KernelStep *steps;
  uint32_t step_count;
  const FrozenDiagram *diagram;
  DiagramRef possible;
  const uint32_t *walk; /* the diagram laid out for walking, see kernel_walk */
} Kernel;

/* The same diagram, one load shorter a step: a walking ref carries its variable in the upper 8 bits
 * and the place of its children in the lower 24, so that the cell is fetched while the node still
 * is. 0 and 1 are FALSE and TRUE. Only where the diagram fits; NULL table otherwise. */
#define WALK_VARIABLES 255
#define WALK_WORDS (1u << 24)
static inline bool kernel_walk(const uint32_t *walk, uint32_t at, const uint8_t *cells) {
  while (at > DIAGRAM_TRUE) at = walk[(at & (WALK_WORDS - 1)) + cells[at >> 24]];
  return at == DIAGRAM_TRUE;
}
/* Where a walk of `function` begins. */
static inline uint32_t kernel_walk_from(const FrozenDiagram *diagram, DiagramRef function) {
  return function <= DIAGRAM_TRUE ? function : diagram->words[function] << 24 | (function + 1);
}

/* Everything known: cells[v] is the cell of variable v. `met` and `failed`: kernel->words words
 * each, overwritten. */
void kernel_run(const Kernel *kernel, const uint8_t *cells, uint64_t *met, uint64_t *failed);
/* allowed[v]: the cells still possible. Exact: met in every possible completion, or failed in every
 * one. */
void kernel_run_open(const Kernel *kernel, const uint64_t *allowed, DiagramScratch *scratch,
                     uint64_t *met, uint64_t *failed);

static inline bool kernel_bit(const uint64_t *words, uint32_t bit) {
  return (words[bit / 64] >> (bit % 64)) & 1;
}

#endif
