/* values: questions to functions of more values than yes and no (multi-terminal decision diagrams,
 * Clarke and others 1993), and such functions made from others.
 *
 * diagram_map is one recursion down the diagram with a memo of results: a value becomes another, a
 * node is made again over what its children became. diagram_depends walks the
 * branches of each node of its variable side by side, each pair of nodes once (the product of
 * Bryant's apply, without making nodes). FALSE stands for completions that are not possible: it
 * conflicts with nothing.
 *
 * Invariant: into a diagram that is empty, diagram_map makes only nodes that its result needs.
 */
#include <assert.h>

#include "base/word_map.h"
#include "diagram/builder.h"

typedef struct Mapping {
  Diagram *into;
  const Diagram *from;
  const ValueMap *map;
  WordMap done;
} Mapping;

static DiagramRef map_ref(Mapping *mapping, DiagramRef at) {
  DiagramRef result;
  if (word_map_find(&mapping->done, &at, &result)) return result;
  if (diagram_is_value(at)) {
    result = mapping->map->of(mapping->map->context, at);
    assert(diagram_is_value(result));
  } else {
    const uint32_t *node = mapping->from->words + at;
    DiagramRef children[64];
    for (uint32_t c = 0; c < mapping->from->arity[node[0]]; c++)
      children[c] = map_ref(mapping, node[1 + c]);
    result = diagram_node(mapping->into, node[0], children);
  }
  word_map_keep(&mapping->done, &at, result);
  return result;
}

DiagramRef diagram_map(Diagram *into, const Diagram *from, DiagramRef function,
                       const ValueMap *map) {
  assert(into != from && into->variables == from->variables);
  assert(diagram_is_value(function) || function < from->word_count);
  Mapping mapping = {.into = into, .from = from, .map = map};
  word_map_open(&mapping.done, into->arena, 1);
  return map_ref(&mapping, function);
}

/* Is there a completion in which both have a value other than FALSE, and not the same? */
static bool conflict(const Diagram *diagram, DiagramRef a, DiagramRef b, WordMap *met) {
  if (a == b || a == DIAGRAM_FALSE || b == DIAGRAM_FALSE) return false;
  if (diagram_is_value(a) && diagram_is_value(b)) return true;
  const DiagramRef pair[2] = {a < b ? a : b, a < b ? b : a};
  uint32_t before;
  if (word_map_find(met, pair, &before)) return false; /* nothing was found there */
  word_map_keep(met, pair, 0);
  const uint32_t variable = node_first_variable(diagram->words, a, b);
  for (uint32_t c = 0; c < diagram->arity[variable]; c++) {
    if (conflict(diagram, node_branch(diagram->words, a, variable, c),
                 node_branch(diagram->words, b, variable, c), met))
      return true;
  }
  return false;
}

bool diagram_depends(const Diagram *diagram, uint32_t variable) {
  assert(variable < diagram->variables);
  const uint32_t *words = diagram->words, arity = diagram->arity[variable];
  WordMap met;
  word_map_open(&met, diagram->arena, 2);
  for (DiagramRef at = DIAGRAM_FIRST; at < diagram->word_count;
       at += 1 + diagram->arity[words[at]]) {
    if (words[at] != variable) continue;
    for (uint32_t i = 0; i < arity; i++) {
      for (uint32_t j = i + 1; j < arity; j++)
        if (conflict(diagram, words[at + 1 + i], words[at + 1 + j], &met)) return true;
    }
  }
  return false;
}
