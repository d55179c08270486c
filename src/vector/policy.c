#include "vector/policy.h"

#include "decide/verdict.h"

#include <string.h>

#include "diagram/builder.h"

typedef struct Copying {
  ColumnPolicy *unit;
  Arena *arena, *scratch;
  Diagram *diagram;
  uint32_t *places;   /* variable of the compiled policy → of the new diagram */
  DiagramRef *copied; /* by ref */
  DiagramRef possible;
  LIST(DiagramRef *) roots;
} Copying;

#define NOT_COPIED UINT32_MAX

static uint64_t judgments(const VariableSet *set) {
  uint64_t bits = 0;
  for (uint32_t i = 0; i < set->facts.count; i++)
    if (set->facts.items[i]->supplier == SUPPLIER_REVIEWER) bits |= UINT64_C(1) << i;
  return bits;
}

/* Judgments last; otherwise the order of the compiled policy, which is a good one. */
static void order_variables(Copying *c) {
  const VariableSet *set = &c->unit->compiled->set;
  const uint64_t judged = judgments(set);
  uint32_t count = set->variables.count, at = 0;
  uint32_t *variables = ARENA_ARRAY(c->arena, uint32_t, count + 1);
  bool *is_judged = ARENA_ARRAY(c->arena, bool, count + 1),
       *is_flag = ARENA_ARRAY(c->arena, bool, count + 1);
  c->places = ARENA_ARRAY(c->scratch, uint32_t, count + 1);
  for (int last = 0; last < 2; last++) {
    for (uint32_t v = 0; v < count; v++) {
      const Variable *variable = set->variables.items[v];
      if (((variable->facts & judged) != 0) != last) continue;
      if (last && (variable->facts & ~judged) != 0) c->unit->judged_mixed = true;
      if (last && c->unit->compiled->bears_on_possible[v]) c->unit->judged_mixed = true;
      is_judged[at] = last;
      is_flag[at] = variable->kind == VARIABLE_GIVEN || variable->kind == VARIABLE_DOCUMENTED;
      if (is_flag[at] && c->unit->compiled->bears_on_possible[v]) c->unit->judged_mixed = true;
      c->places[v] = at;
      variables[at++] = v;
    }
  }
  c->unit->variables = variables;
  c->unit->judged = is_judged;
  c->unit->flagged = is_flag;
}

static DiagramRef copy(Copying *c, DiagramRef at) {
  if (at <= DIAGRAM_TRUE) return at;
  if (c->copied[at] != NOT_COPIED) return c->copied[at];
  const FrozenDiagram *from = &c->unit->compiled->diagram;
  const uint32_t variable = from->words[at], arity = from->arity[variable];
  DiagramRef result = DIAGRAM_FALSE;
  uint64_t left = arity == 64 ? ~UINT64_C(0) : (UINT64_C(1) << arity) - 1;
  while (left != 0) { /* cells that lead to the same place together */
    const DiagramRef child = from->words[at + 1 + (uint32_t)__builtin_ctzll(left)];
    uint64_t cells = 0;
    for (uint64_t rest = left; rest != 0; rest &= rest - 1)
      if (from->words[at + 1 + (uint32_t)__builtin_ctzll(rest)] == child) cells |= rest & -rest;
    left &= ~cells;
    result =
        diagram_or(c->diagram, result,
                   diagram_and(c->diagram, diagram_literal(c->diagram, c->places[variable], cells),
                               copy(c, child)));
  }
  return c->copied[at] = result;
}

static DiagramRef joined(Copying *c, DiagramRef function) {
  return diagram_and(c->diagram, copy(c, function), c->possible);
}
static DiagramRef opposite(Copying *c, DiagramRef function) {
  return diagram_and(c->diagram, diagram_not(c->diagram, copy(c, function)), c->possible);
}

static void copy_routes(Copying *c, const CompiledRoute *routes, uint32_t count, bool referrals) {
  for (uint32_t i = 0; i < count; i++) {
    ColumnPolicyOutcome one = {routes[i].outcome, joined(c, routes[i].holds), DIAGRAM_FALSE};
    if (referrals) {
      LIST_PUSH(c->arena, c->unit->referrals, one);
    } else {
      LIST_PUSH(c->arena, c->unit->routes, one);
    }
  }
}

static bool must_hold(PolicyFunction function) {
  for (Conclusion i = 0; i < CONCLUSIONS; i++)
    if (conclusions[i].function == function && conclusions[i].quantifier == QUANTIFY_MUST)
      return true;
  return false;
}

static void copy_functions(Copying *c, bool with_criteria) {
  ColumnPolicy *unit = c->unit;
  const CompiledPolicy *compiled = unit->compiled;
  unit->possible = c->possible = copy(c, compiled->possible);
  for (PolicyFunction f = 0; f < POLICY_FUNCTIONS; f++) {
    unit->whole.at[f] = joined(c, compiled->whole.at[f]);
    unit->fails.at[f] = must_hold(f) ? opposite(c, compiled->whole.at[f]) : DIAGRAM_FALSE;
  }
  for (uint32_t i = 0; i < compiled->approvals.count; i++) {
    const CompiledOutcome *approval = &compiled->approvals.items[i];
    ColumnPolicyOutcome one = {approval->outcome, joined(c, approval->holds),
                               opposite(c, approval->holds)};
    LIST_PUSH(c->arena, unit->approvals, one);
  }
  copy_routes(c, compiled->routes.items, compiled->routes.count, false);
  copy_routes(c, compiled->referrals.items, compiled->referrals.count, true);
  if (!with_criteria) return;
  unit->criteria = ARENA_ARRAY(c->arena, DiagramRef, compiled->criteria.count + 1);
  for (uint32_t i = 0; i < compiled->criteria.count; i++)
    unit->criteria[i] = opposite(c, compiled->criteria.items[i].holds);
}

static void add_roots(Copying *c, ColumnPolicyOutcome *outcomes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    LIST_PUSH(c->scratch, c->roots, &outcomes[i].holds);
    LIST_PUSH(c->scratch, c->roots, &outcomes[i].fails);
  }
}

static void freeze(Copying *c) {
  ColumnPolicy *unit = c->unit;
  LIST_PUSH(c->scratch, c->roots, &unit->possible);
  for (PolicyFunction f = 0; f < POLICY_FUNCTIONS; f++) {
    LIST_PUSH(c->scratch, c->roots, &unit->whole.at[f]);
    LIST_PUSH(c->scratch, c->roots, &unit->fails.at[f]);
  }
  add_roots(c, unit->approvals.items, unit->approvals.count);
  add_roots(c, unit->routes.items, unit->routes.count);
  add_roots(c, unit->referrals.items, unit->referrals.count);
  for (uint32_t i = 0; unit->criteria != NULL && i < unit->compiled->criteria.count; i++)
    LIST_PUSH(c->scratch, c->roots, &unit->criteria[i]);
  DiagramRef *refs = ARENA_ARRAY(c->scratch, DiagramRef, c->roots.count);
  for (uint32_t i = 0; i < c->roots.count; i++) refs[i] = *c->roots.items[i];
  unit->diagram = diagram_freeze(c->diagram, c->arena, refs, c->roots.count);
  for (uint32_t i = 0; i < c->roots.count; i++) *c->roots.items[i] = refs[i];
}

ColumnPolicy *column_policy_open(const licet_policy *policy, const CompiledPolicy *compiled,
                                 bool with_criteria, Arena *arena, Arena *scratch) {
  ColumnPolicy *unit = ARENA_NEW(arena, ColumnPolicy);
  unit->policy = policy;
  unit->compiled = compiled;
  Copying c = {.unit = unit, .arena = arena, .scratch = scratch};
  order_variables(&c);
  const uint32_t count = compiled->set.variables.count;
  uint8_t *arity = ARENA_ARRAY(arena, uint8_t, count + 1);
  for (uint32_t v = 0; v < count; v++) arity[c.places[v]] = compiled->set.variables.items[v]->arity;
  c.diagram = diagram_open(scratch, arity, count, LIMIT_DIAGRAM_NODES);
  c.copied = ARENA_ARRAY(scratch, DiagramRef, compiled->diagram.word_count + 2);
  memset(c.copied, 0xFF, (compiled->diagram.word_count + 2) * sizeof *c.copied);
  copy_functions(&c, with_criteria);
  unit->too_large = diagram_too_large(c.diagram);
  if (!unit->too_large) freeze(&c);
  return unit;
}
