/* The function joined with what is possible, over the cells that the request leaves open; then
 * every judgment quantified away: it must hold whatever the clinician judges (forall). Of what is
 * left, all can be answered as it is best, so it is enough exactly if anything is left (exists).
 *
 *     function, possible ──copy──> joined ──forall judgments──> is it FALSE?
 *
 * The order of variables stays, so that nodes are made over nodes, and Apply (Bryant 1986) runs
 * only where a judgment is quantified. Invariant: where a table's gates are exact (vector/), the
 * answer is theirs.
 */
#include "decide/judgments.h"

#include <string.h>

#include "base/limits.h"
#include "decide/bind.h"
#include "decide/missing.h"

#define NOT_MADE UINT32_MAX

typedef struct Quantifying {
  const licet_determination *d;
  Diagram *diagram;
  uint64_t judged;  /* facts */
  DiagramRef *made; /* by ref of what is walked */
} Quantifying;

static const Variable *variable_at(const Quantifying *q, uint32_t variable) {
  return q->d->compiled->set.variables.items[variable];
}

static bool is_judged(const Quantifying *q, uint32_t variable) {
  return (variable_at(q, variable)->facts & q->judged) != 0;
}

/* A judgment and other facts meet in one variable, or in what is possible: then they are not
 * answered one after the other. */
static bool is_mixed(const Quantifying *q) {
  const CompiledPolicy *compiled = q->d->compiled;
  for (uint32_t v = 0; v < compiled->set.variables.count; v++) {
    const Variable *variable = compiled->set.variables.items[v];
    if (is_judged(q, v) && ((variable->facts & ~q->judged) != 0 || compiled->bears_on_possible[v]))
      return true;
    if (variable_is_flag(variable) && compiled->bears_on_possible[v]) return true;
  }
  return false;
}

static void forget(Quantifying *q, uint32_t word_count) {
  q->made = arena_allocate_raw(q->d->arena, (word_count + 2) * sizeof *q->made);
  memset(q->made, 0xFF, (word_count + 2) * sizeof *q->made);
}

/* What is answered is answered: that it is given, and documented. */
static uint64_t cells_open(const Quantifying *q, uint32_t variable) {
  const bool is_answered = !is_judged(q, variable) && variable_is_flag(variable_at(q, variable));
  return is_answered ? 2 : q->d->allowed[variable];
}

/* A function of the policy, where cells that are not open do not count. */
static DiagramRef copy(Quantifying *q, DiagramRef at) {
  const FrozenDiagram *from = &q->d->compiled->diagram;
  if (at <= DIAGRAM_TRUE) return at;
  if (q->made[at] != NOT_MADE) return q->made[at];
  const uint32_t variable = from->words[at];
  const uint64_t open = cells_open(q, variable);
  DiagramRef children[LIMIT_CELLS], made = DIAGRAM_FALSE;
  if (cells_single(open)) {
    made = copy(q, from->words[at + 1 + (uint32_t)__builtin_ctzll(open)]);
  } else {
    for (uint32_t cell = 0; cell < from->arity[variable]; cell++)
      children[cell] = (open >> cell) & 1 ? copy(q, from->words[at + 1 + cell]) : DIAGRAM_FALSE;
    made = diagram_node(q->diagram, variable, children);
  }
  return q->made[at] = made;
}

static DiagramRef for_every_judgment(Quantifying *q, DiagramRef at) {
  if (at <= DIAGRAM_TRUE || diagram_too_large(q->diagram)) return at;
  if (q->made[at] != NOT_MADE) return q->made[at];
  const uint32_t variable = diagram_words(q->diagram)[at];
  const uint32_t arity = q->d->compiled->diagram.arity[variable];
  DiagramRef children[LIMIT_CELLS], made = DIAGRAM_TRUE;
  for (uint32_t cell = 0; cell < arity; cell++)
    children[cell] = for_every_judgment(q, diagram_words(q->diagram)[at + 1 + cell]);
  if (is_judged(q, variable)) {
    for (uint64_t open = q->d->allowed[variable]; open != 0; open &= open - 1)
      made = diagram_and(q->diagram, made, children[__builtin_ctzll(open)]);
  } else {
    made = diagram_node(q->diagram, variable, children);
  }
  return q->made[at] = made;
}

Enough judgments_leave_enough(licet_determination *d, DiagramRef function) {
  const CompiledPolicy *compiled = d->compiled;
  Quantifying q = {.d = d, .judged = facts_judged(d)};
  if (is_mixed(&q)) return ENOUGH_GAVE_UP;
  q.diagram = diagram_open(d->arena, compiled->diagram.arity, compiled->set.variables.count,
                           LIMIT_DIAGRAM_NODES);
  forget(&q, compiled->diagram.word_count);
  const DiagramRef joined =
      diagram_and(q.diagram, copy(&q, function), copy(&q, compiled->possible));
  forget(&q, diagram_word_count(q.diagram));
  const DiagramRef certain = for_every_judgment(&q, joined);
  if (diagram_too_large(q.diagram)) return ENOUGH_GAVE_UP;
  return certain != DIAGRAM_FALSE ? ENOUGH_YES : ENOUGH_NO;
}
