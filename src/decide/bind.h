/* bind: facts → cells; the first step of a decision. */
#ifndef DECIDE_BIND_H
#define DECIDE_BIND_H

#include "decide/determination.h"

static inline bool cells_single(uint64_t cells) { return (cells & (cells - 1)) == 0; }

/* The cells of a variable that the facts leave open; `use`: whether entries of lists need a
 * document to count. */
uint64_t bind_variable(const CompiledPolicy *compiled, const Variable *variable, const Facts *facts,
                       EntryUse use);
/* Those of every variable. */
void bind_facts(const CompiledPolicy *compiled, const Facts *facts, uint64_t *cells);
/* Cells that no possible patient has, given the rest, are no cells: a Ph-like patient's
 * Philadelphia chromosome is negative without being asked. False where no patient is possible. */
bool bind_confine(const CompiledPolicy *compiled, uint64_t *allowed, DiagramScratch *scratch);

/* Does the function hold in every completion that these cells leave, in some, in none? */
Holds determination_asks(const licet_determination *determination, DiagramRef function,
                         const uint64_t *allowed);

#endif
