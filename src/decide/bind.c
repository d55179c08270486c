/* Binding: what the facts of a request leave open of every variable, as sets of cells.
 *
 * A variable that is known has one cell left; one that is not has every cell that some patient can
 * have. The cells of each variable are found by themselves (bind_facts); then those that no patient
 * has beside the cells of the others are taken away (bind_confine), by asking the diagram of what
 * is possible once for each.
 */
#include "decide/bind.h"

uint64_t bind_variable(const CompiledPolicy *compiled, const Variable *variable, const Facts *facts,
                       EntryUse use) {
  const uint64_t *not_known =
      variable->fact == NULL ? NULL : compiled->policy->not_known[variable->fact->index];
  if (variable->kind == VARIABLE_PATTERN && !variable->fact->clinical) use = ENTRIES_ALL;
  return variable_cells(variable, facts, not_known, use);
}

void bind_facts(const CompiledPolicy *compiled, const Facts *facts, uint64_t *cells) {
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (!variable_cells_plainly(variable, facts, &cells[v]))
      cells[v] = bind_variable(compiled, variable, facts, ENTRIES_ALL);
  }
}

bool bind_confine(const CompiledPolicy *compiled, uint64_t *allowed, DiagramScratch *scratch) {
  if (compiled->possible == DIAGRAM_TRUE) return true;
  if (diagram_evaluate(&compiled->diagram, compiled->possible, DIAGRAM_TRUE, allowed, scratch) ==
      HOLDS_ALWAYS)
    return true;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    if (cells_single(allowed[v]) || !compiled->bears_on_possible[v]) continue;
    uint64_t open = allowed[v], kept = 0;
    for (uint64_t cells = open; cells != 0; cells &= cells - 1) {
      allowed[v] = cells & -cells;
      if (diagram_evaluate(&compiled->diagram, compiled->possible, DIAGRAM_TRUE, allowed,
                           scratch) != HOLDS_NEVER)
        kept |= allowed[v];
    }
    allowed[v] = kept;
    if (kept == 0) return allowed[v] = open, false;
  }
  return diagram_evaluate(&compiled->diagram, compiled->possible, DIAGRAM_TRUE, allowed, scratch) !=
         HOLDS_NEVER;
}

Holds determination_asks(const licet_determination *d, DiagramRef function,
                         const uint64_t *allowed) {
  return diagram_evaluate(&d->compiled->diagram, function, d->compiled->possible, allowed,
                          d->scratch);
}
