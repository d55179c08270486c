/* cut_proof: cuts on which no decision depends.
 *
 * Two walks side by side down one diagram, of which one takes the cells below the cut and the other
 * those above it wherever the cut makes a difference, and both the same cell elsewhere (the product
 * of Bryant's apply). Where no function of a decision ends differently, no request is decided
 * differently on the two sides.
 *
 * Invariant: a pair of places is walked once. What is not proved within PAIRS_MAX pairs is not
 * claimed.
 */
#include <assert.h>

#include "base/word_map.h"
#include "coverage/cuts.h"

enum { PAIRS_MAX = 1 << 16 };

/* Two walks down one diagram that differ in the cells of the cut's variables alone. */
typedef struct Proof {
  const uint32_t *words;
  const uint8_t *arity;
  const Cut *cut;
  WordMap seen; /* pairs of places that lead to the same */
} Proof;

/* The cells that a walk may take at a variable: those of its side, or any (0) where the cut says
 * nothing of it. */
static uint64_t cells_at(const Cut *cut, uint32_t variable, Side side) {
  for (uint32_t i = 0; i < cut->variable_count; i++) {
    if (cut->variables[i] == variable && cut->cells[BELOW][i] != cut->cells[ABOVE][i])
      return cut->cells[side][i];
  }
  return 0;
}

static bool may_differ(Proof *proof, DiagramRef below, DiagramRef above);

static bool children_may_differ(Proof *proof, DiagramRef below, DiagramRef above,
                                uint32_t variable) {
  const uint64_t is_below = cells_at(proof->cut, variable, BELOW),
                 is_above = cells_at(proof->cut, variable, ABOVE);
  for (uint32_t b = 0; b < proof->arity[variable]; b++) {
    if (is_below == 0) { /* any cell, the same on both sides */
      if (may_differ(proof, node_branch(proof->words, below, variable, b),
                     node_branch(proof->words, above, variable, b)))
        return true;
      continue;
    }
    for (uint32_t a = 0; a < proof->arity[variable]; a++) {
      if (!((is_below >> b) & 1) || !((is_above >> a) & 1)) continue;
      if (may_differ(proof, node_branch(proof->words, below, variable, b),
                     node_branch(proof->words, above, variable, a)))
        return true;
    }
  }
  return false;
}

/* Recursion goes one variable deeper each time. */
static bool may_differ(Proof *proof, DiagramRef below, DiagramRef above) {
  if (below <= DIAGRAM_TRUE && above <= DIAGRAM_TRUE) return below != above;
  const uint32_t pair[2] = {below, above};
  uint32_t seen;
  if (proof->seen.values.count >= PAIRS_MAX) return true;
  if (word_map_find(&proof->seen, pair, &seen)) return false;
  word_map_keep(&proof->seen, pair, 0);
  return children_may_differ(proof, below, above, node_first_variable(proof->words, below, above));
}

static bool is_in_authorization(const Term *term, const Fact *fact) {
  if (term == NULL) return false;
  return term->fact == fact || is_in_authorization(term->a, fact) ||
         is_in_authorization(term->b, fact);
}

/* What is authorized may depend on the value itself, which no diagram has. */
static bool authorizations_read(const CompiledPolicy *compiled, const Fact *fact) {
  for (uint32_t i = 0; i < compiled->approvals.count; i++) {
    const Outcome *outcome = compiled->approvals.items[i].outcome;
    for (uint32_t g = 0; g < outcome->items.count; g++)
      if (is_in_authorization(outcome->items.items[g].amount, fact)) return true;
  }
  return false;
}

bool cut_never_matters(Arena *arena, const Cut *cut) {
  const CompiledPolicy *compiled = cut->compiled;
  Proof proof = {.words = compiled->diagram.words, .arity = compiled->diagram.arity, .cut = cut};
  assert(cut->variable_count <= CELLS);
  if (cut->has_more || authorizations_read(compiled, cut->fact)) return false;
  word_map_open(&proof.seen, arena, 2);
  DiagramRef function;
  for (uint32_t i = 0; decision_function(compiled, i, &function); i++)
    if (may_differ(&proof, function, function)) return false;
  return true;
}
