/* gain: how much the answer to each variable would say about the verdict: the information gain of
 * decision trees (Quinlan 1986), read off a diagram instead of counted in cases.
 *
 * Two walks over the nodes: from the values up, how likely each verdict is below a node; from the
 * root down, how likely a patient comes through it. What a variable leaves open is the entropy of
 * the verdicts under each of its cells.
 *
 * Invariant: all cells of a variable weigh the same, and a way that does not ask a variable learns
 * nothing from it.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "ask/verdict.h"

typedef struct Masses {
  const Verdicts *verdicts;
  const uint32_t *words;
  uint32_t count;   /* verdicts */
  double *below;    /* per node and verdict: how likely from here */
  double *reach;    /* per node: how likely the way from the root leads through it */
  uint32_t *number; /* per word: the node that begins there */
} Masses;

static void add_mass(const Masses *m, DiagramRef ref, double weight, double *into) {
  assert(!diagram_is_value(ref) || diagram_number(ref) <= m->count);
  if (ref == DIAGRAM_FALSE) return;
  if (diagram_is_value(ref)) {
    into[diagram_number(ref) - 1] += weight;
    return;
  }
  const double *from = m->below + (size_t)m->number[ref] * m->count;
  for (uint32_t i = 0; i < m->count; i++) into[i] += weight * from[i];
}

/* The entropy of what is distributed so, times its whole mass: -Σ p log2(p / Σp). */
static double entropy(const double *mass, uint32_t count) {
  double sum = 0, bits = 0;
  for (uint32_t i = 0; i < count; i++) sum += mass[i];
  for (uint32_t i = 0; i < count; i++) {
    if (mass[i] > 0) bits -= mass[i] * log2(mass[i] / sum);
  }
  return bits;
}

static void fill_masses(Masses *m) {
  const Verdicts *verdicts = m->verdicts;
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    const uint32_t at = verdicts->nodes.items[n], arity = verdicts->arity[m->words[at]];
    m->number[at] = n;
    for (uint32_t cell = 0; cell < arity; cell++)
      add_mass(m, m->words[at + 1 + cell], 1.0 / arity, m->below + (size_t)n * m->count);
  }
  if (!diagram_is_value(verdicts->root)) m->reach[m->number[verdicts->root]] = 1;
  for (uint32_t n = verdicts->nodes.count; n-- > 0;) {
    const uint32_t at = verdicts->nodes.items[n], arity = verdicts->arity[m->words[at]];
    for (uint32_t cell = 0; cell < arity; cell++) {
      const DiagramRef child = m->words[at + 1 + cell];
      if (!diagram_is_value(child)) m->reach[m->number[child]] += m->reach[n] / arity;
    }
  }
}

/* How likely each verdict is on the ways that do not ask the variable; false where none does. */
static bool find_passing(const Masses *m, uint32_t variable, const double *root, double *passing) {
  const Verdicts *verdicts = m->verdicts;
  bool is_asked = false;
  memcpy(passing, root, m->count * sizeof *root);
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    if (m->words[verdicts->nodes.items[n]] != variable) continue;
    is_asked = true;
    for (uint32_t i = 0; i < m->count; i++)
      passing[i] -= m->reach[n] * m->below[(size_t)n * m->count + i];
  }
  return is_asked;
}

/* What is left open by cell `cell` of the variable. */
static double entropy_in(const Masses *m, uint32_t variable, uint32_t cell, const double *passing,
                         double *here) {
  const Verdicts *verdicts = m->verdicts;
  const uint32_t arity = verdicts->arity[variable];
  for (uint32_t i = 0; i < m->count; i++) here[i] = passing[i] > 0 ? passing[i] / arity : 0;
  for (uint32_t n = 0; n < verdicts->nodes.count; n++) {
    const uint32_t at = verdicts->nodes.items[n];
    if (m->words[at] == variable) add_mass(m, m->words[at + 1 + cell], m->reach[n] / arity, here);
  }
  return entropy(here, m->count);
}

void verdicts_gains(const Verdicts *verdicts, double *gains) {
  const uint32_t nodes = verdicts->nodes.count, variables = verdicts->compiled->set.variables.count;
  Arena *arena = verdicts->arena;
  Masses m = {.verdicts = verdicts,
              .words = diagram_words(verdicts->diagram),
              .count = verdicts->count,
              .below = ARENA_ARRAY(arena, double, (size_t)nodes * verdicts->count + 1),
              .reach = ARENA_ARRAY(arena, double, nodes + 1),
              .number = ARENA_ARRAY(arena, uint32_t, diagram_word_count(verdicts->diagram))};
  fill_masses(&m);
  double *root = ARENA_ARRAY(arena, double, m.count + 1),
         *here = ARENA_ARRAY(arena, double, m.count + 1),
         *passing = ARENA_ARRAY(arena, double, m.count + 1);
  add_mass(&m, verdicts->root, 1, root);
  const double before = entropy(root, m.count);
  for (uint32_t v = 0; v < variables; v++) {
    gains[v] = 0;
    if (!find_passing(&m, v, root, passing)) continue;
    double after = 0;
    for (uint32_t cell = 0; cell < verdicts->arity[v]; cell++)
      after += entropy_in(&m, v, cell, passing, here);
    gains[v] = before - after;
  }
}
