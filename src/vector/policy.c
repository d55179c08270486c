/* A compiled policy copied for columns: its functions in a diagram of their own, with the variables
 * that only a clinician judges last (a reordering by copying; Bryant 1986 joins the nodes).
 *
 * Invariant: the copy answers as the original does wherever `possible` holds; elsewhere no row is.
 */
#include "vector/policy.h"

#include "decide/verdict.h"

#include <string.h>

#include "diagram/diagram.h"

typedef struct Copying {
  ColumnPolicy *column_policy;
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
  const VariableSet *set = &c->column_policy->compiled->set;
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
      if (last && (variable->facts & ~judged) != 0) c->column_policy->judged_mixed = true;
      if (last && c->column_policy->compiled->bears_on_possible[v])
        c->column_policy->judged_mixed = true;
      is_judged[at] = last;
      is_flag[at] = variable->kind == VARIABLE_GIVEN || variable->kind == VARIABLE_DOCUMENTED;
      if (is_flag[at] && c->column_policy->compiled->bears_on_possible[v])
        c->column_policy->judged_mixed = true;
      c->places[v] = at;
      variables[at++] = v;
    }
  }
  c->column_policy->variables = variables;
  c->column_policy->judged = is_judged;
  c->column_policy->flagged = is_flag;
}

static DiagramRef copy(Copying *c, DiagramRef at) {
  if (at <= DIAGRAM_TRUE) return at;
  if (c->copied[at] != NOT_COPIED) return c->copied[at];
  const FrozenDiagram *from = &c->column_policy->compiled->diagram;
  const uint32_t variable = from->words[at], arity = from->arity[variable];
  DiagramRef result = DIAGRAM_FALSE;
  uint64_t left = cells_all(arity);
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
      LIST_PUSH(c->arena, c->column_policy->referrals, one);
    } else {
      LIST_PUSH(c->arena, c->column_policy->routes, one);
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
  ColumnPolicy *column_policy = c->column_policy;
  const CompiledPolicy *compiled = column_policy->compiled;
  column_policy->possible = c->possible = copy(c, compiled->possible);
  for (PolicyFunction f = 0; f < POLICY_FUNCTIONS; f++) {
    column_policy->whole.at[f] = joined(c, compiled->whole.at[f]);
    column_policy->fails.at[f] = must_hold(f) ? opposite(c, compiled->whole.at[f]) : DIAGRAM_FALSE;
  }
  for (uint32_t i = 0; i < compiled->approvals.count; i++) {
    const CompiledOutcome *approval = &compiled->approvals.items[i];
    ColumnPolicyOutcome one = {approval->outcome, joined(c, approval->holds),
                               opposite(c, approval->holds)};
    LIST_PUSH(c->arena, column_policy->approvals, one);
  }
  copy_routes(c, compiled->routes.items, compiled->routes.count, false);
  copy_routes(c, compiled->referrals.items, compiled->referrals.count, true);
  if (!with_criteria) return;
  column_policy->criteria = ARENA_ARRAY(c->arena, DiagramRef, compiled->criteria.count + 1);
  for (uint32_t i = 0; i < compiled->criteria.count; i++)
    column_policy->criteria[i] = opposite(c, compiled->criteria.items[i].holds);
}

static void add_roots(Copying *c, ColumnPolicyOutcome *outcomes, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    LIST_PUSH(c->scratch, c->roots, &outcomes[i].holds);
    LIST_PUSH(c->scratch, c->roots, &outcomes[i].fails);
  }
}

static void freeze(Copying *c) {
  ColumnPolicy *column_policy = c->column_policy;
  LIST_PUSH(c->scratch, c->roots, &column_policy->possible);
  for (PolicyFunction f = 0; f < POLICY_FUNCTIONS; f++) {
    LIST_PUSH(c->scratch, c->roots, &column_policy->whole.at[f]);
    LIST_PUSH(c->scratch, c->roots, &column_policy->fails.at[f]);
  }
  add_roots(c, column_policy->approvals.items, column_policy->approvals.count);
  add_roots(c, column_policy->routes.items, column_policy->routes.count);
  add_roots(c, column_policy->referrals.items, column_policy->referrals.count);
  for (uint32_t i = 0;
       column_policy->criteria != NULL && i < column_policy->compiled->criteria.count; i++)
    LIST_PUSH(c->scratch, c->roots, &column_policy->criteria[i]);
  DiagramRef *refs = ARENA_ARRAY(c->scratch, DiagramRef, c->roots.count);
  for (uint32_t i = 0; i < c->roots.count; i++) refs[i] = *c->roots.items[i];
  column_policy->diagram = diagram_freeze(c->diagram, c->arena, refs, c->roots.count);
  for (uint32_t i = 0; i < c->roots.count; i++) *c->roots.items[i] = refs[i];
}

ColumnPolicy *column_policy_open(const licet_policy *policy, const CompiledPolicy *compiled,
                                 bool with_criteria, Arena *arena, Arena *scratch) {
  ColumnPolicy *column_policy = ARENA_NEW(arena, ColumnPolicy);
  column_policy->policy = policy;
  column_policy->compiled = compiled;
  Copying c = {.column_policy = column_policy, .arena = arena, .scratch = scratch};
  order_variables(&c);
  const uint32_t count = compiled->set.variables.count;
  uint8_t *arity = ARENA_ARRAY(arena, uint8_t, count + 1);
  for (uint32_t v = 0; v < count; v++) arity[c.places[v]] = compiled->set.variables.items[v]->arity;
  c.diagram = diagram_open(scratch, arity, count, LIMIT_DIAGRAM_NODES);
  c.copied = ARENA_ARRAY(scratch, DiagramRef, compiled->diagram.word_count + 2);
  memset(c.copied, 0xFF, (compiled->diagram.word_count + 2) * sizeof *c.copied);
  copy_functions(&c, with_criteria);
  column_policy->too_large = diagram_too_large(c.diagram);
  if (!column_policy->too_large) freeze(&c);
  return column_policy;
}
