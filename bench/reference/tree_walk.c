#include "tree_walk.h"

#include <stdlib.h>

typedef enum NodeKind {
  NODE_CONSTANT,
  NODE_TEST,
  NODE_ALL,
  NODE_ANY,
  NODE_NONE,
  NODE_NOT,
  NODE_AT_LEAST,
  NODE_STATUS,
  NODE_FUNCTION
} NodeKind;

typedef struct Node Node;
struct Node {
  NodeKind kind;
  int32_t criterion; /* whose status it is; -1: nobody's */
  bool keeps; /* statuses under it are kept, so every part is visited; else it stops as soon as it
                 is settled */
  uint32_t variable; /* of a TEST; of a STATUS the criterion; of a CONSTANT its value */
  uint32_t needed;
  uint64_t cells;
  DiagramRef
      function; /* arithmetic over several counts is looked up, as the tests of one fact are */
  LIST(const Node *) parts;
};

struct TreeWalk {
  const CompiledPolicy *compiled;
  Arena *arena;
  CompleteOrder order;
  Diagram *joint;
  DiagramRef joint_roots[64];
  uint32_t joint_count;
  FrozenDiagram joint_frozen;
  LIST(const Node *) top;
  LIST(const Node *) approvals;
  LIST(const Node *) not_renewable;
  LIST(const Node *) routes;
  LIST(const Node *) referrals;
};

/* ---- Building ---- */

static const Node *node_of_criterion(TreeWalk *tree, const Criterion *criterion, int32_t at);

static Node *node_open(TreeWalk *tree, NodeKind kind) {
  Node *node = ARENA_NEW(tree->arena, Node);
  node->kind = kind;
  node->criterion = -1;
  return node;
}

static const Node *constant(TreeWalk *tree, bool value) {
  Node *node = node_open(tree, NODE_CONSTANT);
  node->variable = value;
  return node;
}

static const Node *negation(TreeWalk *tree, const Node *part) {
  Node *node = node_open(tree, NODE_NOT);
  LIST_PUSH(tree->arena, node->parts, part);
  return node;
}

static const Node *node_of(TreeWalk *tree, const Condition *condition) {
  Node *node;
  switch (condition->kind) {
    case CONDITION_TRUE:
      return constant(tree, true);
    case CONDITION_FALSE:
      return constant(tree, false);
    case CONDITION_NOT:
      return negation(tree, node_of(tree, condition->operands.items[0]));
    case CONDITION_MET:
      return node_of_criterion(tree, condition->criterion, -1);
    case CONDITION_AND:
    case CONDITION_OR:
      node = node_open(tree, condition->kind == CONDITION_AND ? NODE_ALL : NODE_ANY);
      for (uint32_t i = 0; i < condition->operands.count; i++)
        LIST_PUSH(tree->arena, node->parts, node_of(tree, condition->operands.items[i]));
      return node;
    default:
      node = node_open(tree, NODE_TEST);
      if (variables_test(&tree->compiled->set, condition, &node->variable, &node->cells))
        return node;
      node->kind = NODE_FUNCTION;
      if (tree->joint_count == 64) abort();
      node->variable = tree->joint_count;
      tree->joint_roots[tree->joint_count++] =
          variables_joint(&tree->compiled->set, condition, tree->joint);
      return node;
  }
}

/* A leaf also holds only where the facts that must be stated are. */
static const Node *node_of_leaf(TreeWalk *tree, const Condition *condition) {
  if (condition == NULL) return constant(tree, true);
  FactList facts = {0};
  Node *all = node_open(tree, NODE_ALL);
  LIST_PUSH(tree->arena, all->parts, node_of(tree, condition));
  facts_of_condition(tree->arena, &facts, condition);
  for (uint32_t i = 0; i < facts.count; i++) {
    if (!facts.items[i]->stated) continue;
    Condition given = {.kind = CONDITION_GIVEN, .fact = facts.items[i]};
    LIST_PUSH(tree->arena, all->parts, node_of(tree, &given));
  }
  return all->parts.count == 1 ? all->parts.items[0] : all;
}

static bool in_force(const TreeWalk *tree, const Criterion *criterion) {
  return in_force_on(criterion->in_force, tree->compiled->version->date) &&
         (criterion->kind < 0 || criterion->kind == tree->compiled->kind);
}

static int32_t index_of_criterion(const TreeWalk *tree, const Criterion *criterion) {
  for (uint32_t i = 0; i < tree->compiled->criteria.count; i++) {
    if (tree->compiled->criteria.items[i].criterion == criterion) return (int32_t)i;
  }
  return -1;
}

static const Node *node_of_group(TreeWalk *tree, const Criterion *criterion, bool kept) {
  static const NodeKind kinds[] = {[CONNECTIVE_LEAF] = NODE_ALL,
                                   [CONNECTIVE_ALL] = NODE_ALL,
                                   [CONNECTIVE_ANY] = NODE_ANY,
                                   [CONNECTIVE_NONE] = NODE_NONE,
                                   [CONNECTIVE_AT_LEAST] = NODE_AT_LEAST};
  Node *node = node_open(tree, kinds[criterion->connective]);
  node->needed = criterion->at_least;
  node->keeps = kept;
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    const Criterion *child = criterion->children.items[i];
    if (in_force(tree, child))
      LIST_PUSH(tree->arena, node->parts,
                node_of_criterion(tree, child, kept ? index_of_criterion(tree, child) : -1));
  }
  return node;
}

/* The guard comes second: what stands under keeps its status whatever the guard says. */
static const Node *guarded(TreeWalk *tree, const Criterion *criterion, const Node *holds) {
  Node *any = node_open(tree, NODE_ANY);
  LIST_PUSH(tree->arena, any->parts, holds);
  LIST_PUSH(tree->arena, any->parts, negation(tree, node_of(tree, criterion->guard)));
  return any;
}

/* at: whose status to keep; -1: a criterion that another refers to, of which only the answer
 * counts. */
static const Node *node_of_criterion(TreeWalk *tree, const Criterion *criterion, int32_t at) {
  bool kept = at >= 0;
  const Node *holds;
  if (criterion->prerequisite && tree->compiled->kind == KIND_CONTINUATION) {
    holds = constant(tree, true);
  } else {
    holds = criterion->connective == CONNECTIVE_LEAF ? node_of_leaf(tree, criterion->condition)
                                                     : node_of_group(tree, criterion, kept);
    if (criterion->guard != NULL) holds = guarded(tree, criterion, holds);
  }
  if (!kept) return holds;
  Node *copy = node_open(tree, holds->kind);
  *copy = *holds;
  copy->criterion = at;
  return copy;
}

static void demand_status(TreeWalk *tree, Node *full, const Criterion *criterion) {
  Node *node = node_open(tree, NODE_STATUS);
  node->variable = (uint32_t)index_of_criterion(tree, criterion);
  LIST_PUSH(tree->arena, full->parts, node);
}

/* An outcome's criterion, and all that the groups above it demand as well: by now all of these have
 * a status. */
static Node *node_of_full(TreeWalk *tree, const Criterion *criterion) {
  Node *full = node_open(tree, NODE_ALL);
  demand_status(tree, full, criterion);
  for (const Criterion *below = criterion, *group = criterion->parent; group != NULL;
       below = group, group = group->parent) {
    if (group->guard != NULL) LIST_PUSH(tree->arena, full->parts, node_of(tree, group->guard));
    if (group->connective != CONNECTIVE_ALL) continue;
    for (uint32_t i = 0; i < group->children.count; i++) {
      const Criterion *sibling = group->children.items[i];
      if (sibling != below && in_force(tree, sibling) && !sibling->holds_outcome)
        demand_status(tree, full, sibling);
    }
  }
  return full;
}

static bool renews(const TreeWalk *tree, const Criterion *criterion) {
  for (uint32_t i = 0; i < criterion->outcomes.count; i++) {
    const Outcome *outcome = criterion->outcomes.items[i];
    if (outcome->kind == OUTCOME_RENEW &&
        in_force_on(outcome->in_force, tree->compiled->version->date))
      return true;
  }
  return false;
}

static void add_approval(TreeWalk *tree, const Outcome *outcome, Node *full) {
  if (outcome->kind == OUTCOME_RENEW)
    LIST_PUSH(tree->arena, tree->not_renewable, full); /* asked only where nothing approves */
  if (outcome->none) return;
  Node *now = node_open(tree, NODE_ALL);
  LIST_PUSH(tree->arena, now->parts, full);
  if (outcome->whilst != NULL) LIST_PUSH(tree->arena, now->parts, node_of(tree, outcome->whilst));
  LIST_PUSH(tree->arena, tree->approvals, now);
}

static void add_outcome(TreeWalk *tree, const Outcome *outcome) {
  bool continuing = tree->compiled->kind == KIND_CONTINUATION;
  if (!in_force_on(outcome->in_force, tree->compiled->version->date)) return;
  if (outcome->kind == OUTCOME_RENEW && !continuing) return;
  if (outcome->kind == OUTCOME_APPROVE && continuing && renews(tree, outcome->criterion)) return;
  Node *full = node_of_full(tree, outcome->criterion);
  if (outcome->where != NULL) LIST_PUSH(tree->arena, full->parts, node_of(tree, outcome->where));
  switch (outcome->kind) {
    case OUTCOME_APPROVE:
    case OUTCOME_RENEW:
      add_approval(tree, outcome, full);
      return;
    case OUTCOME_ROUTE:
      LIST_PUSH(tree->arena, tree->routes, full);
      return;
    case OUTCOME_REFER:
      LIST_PUSH(tree->arena, tree->referrals, full);
      return;
  }
}

static void add_outcomes(TreeWalk *tree, const Criterion *criterion) {
  if (!in_force(tree, criterion)) return;
  for (uint32_t i = 0; i < criterion->outcomes.count; i++)
    add_outcome(tree, criterion->outcomes.items[i]);
  for (uint32_t i = 0; i < criterion->children.count; i++)
    add_outcomes(tree, criterion->children.items[i]);
}

TreeWalk *tree_walk_open(const CompiledPolicy *compiled, Arena *arena) {
  TreeWalk *tree = ARENA_NEW(arena, TreeWalk);
  tree->compiled = compiled;
  tree->order = complete_order();
  tree->arena = arena;
  tree->joint = diagram_open(arena, compiled->diagram.arity, compiled->diagram.variables, 1u << 16);
  for (uint32_t i = 0; i < compiled->policy->top.count; i++) {
    const Criterion *criterion = compiled->policy->top.items[i];
    if (in_force(tree, criterion))
      LIST_PUSH(arena, tree->top,
                node_of_criterion(tree, criterion, index_of_criterion(tree, criterion)));
    add_outcomes(tree, criterion);
  }
  tree->joint_frozen = diagram_freeze(tree->joint, arena, tree->joint_roots, tree->joint_count);
  return tree;
}

/* ---- Walking ---- */

static bool walk(const TreeWalk *tree, const Node *node, const uint8_t *cells, uint8_t *status);

static uint32_t count_met(const TreeWalk *tree, const Node *node, const uint8_t *cells,
                          uint8_t *status) {
  uint32_t met = 0;
  for (uint32_t i = 0; i < node->parts.count; i++)
    met += walk(tree, node->parts.items[i], cells, status);
  return met;
}

/* Stops at the first part that results in `settling`; only where no status is kept under. */
static bool settles(const TreeWalk *tree, const Node *node, const uint8_t *cells, uint8_t *status,
                    bool settling) {
  for (uint32_t i = 0; i < node->parts.count; i++) {
    if (walk(tree, node->parts.items[i], cells, status) == settling) return true;
  }
  return false;
}

static bool holds(const TreeWalk *tree, const Node *node, const uint8_t *cells, uint8_t *status) {
  bool stops = !node->keeps;
  switch (node->kind) {
    case NODE_CONSTANT:
      return node->variable;
    case NODE_TEST:
      return (node->cells >> cells[node->variable]) & 1;
    case NODE_STATUS:
      return status[node->variable];
    case NODE_FUNCTION:
      return diagram_walk(tree->joint_frozen.words, tree->joint_roots[node->variable], cells);
    case NODE_NOT:
      return !walk(tree, node->parts.items[0], cells, status);
    case NODE_ALL:
      return stops ? !settles(tree, node, cells, status, false)
                   : count_met(tree, node, cells, status) == node->parts.count;
    case NODE_ANY:
      return stops ? settles(tree, node, cells, status, true)
                   : count_met(tree, node, cells, status) > 0;
    case NODE_NONE:
      return stops ? !settles(tree, node, cells, status, true)
                   : count_met(tree, node, cells, status) == 0;
    case NODE_AT_LEAST:
      return count_met(tree, node, cells, status) >= node->needed;
  }
  return false;
}

static bool walk(const TreeWalk *tree, const Node *node, const uint8_t *cells, uint8_t *status) {
  bool met = holds(tree, node, cells, status);
  if (node->criterion >= 0) status[node->criterion] = met;
  return met;
}

static bool any_of(const TreeWalk *tree, const Node *const *nodes, uint32_t count,
                   const uint8_t *cells, uint8_t *status) {
  for (uint32_t i = 0; i < count; i++) {
    if (walk(tree, nodes[i], cells, status)) return true;
  }
  return false;
}

/* The parts whose statuses make a function of the whole policy. */
static bool function_holds(const TreeWalk *tree, PolicyFunction function, const uint8_t *cells,
                           uint8_t *status) {
  switch (function) {
    case FUNCTION_approve:
      return any_of(tree, tree->approvals.items, tree->approvals.count, cells, status);
    case FUNCTION_case_by_case:
      return any_of(tree, tree->referrals.items, tree->referrals.count, cells, status);
    case FUNCTION_other_policy:
      return any_of(tree, tree->routes.items, tree->routes.count, cells, status);
    case FUNCTION_not_renewable:
      return any_of(tree, tree->not_renewable.items, tree->not_renewable.count, cells, status);
    case POLICY_FUNCTIONS:
      break;
  }
  abort();
}

Conclusion tree_walk(const TreeWalk *tree, const uint8_t *cells, uint8_t *status) {
  for (uint32_t i = 0; i < tree->top.count; i++) walk(tree, tree->top.items[i], cells, status);
  for (uint32_t i = 0; i < tree->order.count; i++) {
    if (function_holds(tree, tree->order.function[i], cells, status))
      return tree->order.conclusion[i];
  }
  return tree->order.otherwise;
}
