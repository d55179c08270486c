/* survey: every version of a policy compiled at once, and forgotten.
 *
 * Versions have most of their lines in common. So all tests of all versions are collected into one
 * set of variables and all functions are built in one diagram, a kind of request at a time: a line
 * that did not change is built once, and what it is a part of is mostly remembered.
 *
 *     version 1 ─┐                    ┌─ functions of version 1 ─┐
 *     version 2 ─┼─ variables of all ─┼─ functions of version 2 ─┼─ one diagram, not too large
 *     version 3 ─┘                    └─ functions of version 3 ─┘
 *
 * That this goes well shows that each version goes well by itself: it has fewer tests, so fewer
 * cells of fewer variables; these stand in the same order (order.c), so what is built of them has
 * no more nodes. Where it does not go well, or where that reasoning has a gap (a product that had
 * to leave a part out), each version is compiled by itself, and what is wrong is diagnosed by that.
 *
 * Invariant: where nothing is diagnosed, compile_policy succeeds for every version and kind, as far
 * as there is memory.
 */
#include "compile/survey.h"

#include "base/limits.h"
#include "compile/compiler.h"

static bool is_interrupted(const Survey *survey) {
  return survey->interrupted != NULL && survey->interrupted(survey->context) != 0;
}

static void note_fact(Survey *survey, const Fact *fact) {
  survey->reads[fact->index / 64] |= UINT64_C(1) << (fact->index % 64);
}

/* An authorization's length and counts may follow from facts: "the duration requested". */
static void note_authorizations(Survey *survey) {
  const Policy *policy = survey->policy;
  FactList facts = {0};
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *criterion = policy->criteria.items[i];
    for (uint32_t o = 0; o < criterion->outcomes.count; o++) {
      const Outcome *outcome = criterion->outcomes.items[o];
      for (uint32_t n = 0; n < outcome->items.count; n++)
        facts_of_term(survey->scratch, &facts, outcome->items.items[n].amount);
    }
  }
  for (uint32_t i = 0; i < facts.count; i++) note_fact(survey, facts.items[i]);
}

/* ---- All versions at once ---- */

typedef struct Together {
  Survey *survey;
  int kind;
  CompiledPolicy *compiled; /* of no version */
  Compiler compiler;
  Diagnostics passing; /* whatever goes wrong is diagnosed by the version alone */
  bool *bears, *changes;
  uint64_t most_of_possible; /* nodes that a version's "possible" may take as well */
} Together;

static bool refers(const Condition *condition) {
  if (condition == NULL) return false;
  if (condition->kind == CONDITION_MET) return true;
  for (uint32_t i = 0; i < condition->operands.count; i++)
    if (refers(condition->operands.items[i])) return true;
  return false;
}

/* Is it another function in another version? Its parts come and go, or it refers to others, which
 * may. */
static bool changes(const Criterion *criterion, bool *found) {
  bool any = refers(criterion->guard) || refers(criterion->condition);
  for (uint32_t i = 0; i < criterion->interpretations.count; i++)
    any = any || refers(criterion->interpretations.items[i]->condition);
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    const Criterion *child = criterion->children.items[i];
    any = changes(child, found) || child->in_force.from != DATE_NONE ||
          child->in_force.until != DATE_NONE || any;
  }
  return found[criterion->index] = any;
}

static CompiledPolicy *compiled_new(const Together *t, const Version *version) {
  CompiledPolicy *compiled = ARENA_NEW(t->survey->scratch, CompiledPolicy);
  compiled->policy = t->survey->policy;
  compiled->version = version;
  compiled->kind = t->kind;
  return compiled;
}

/* No two variables with a "none" of the same fact, but parts of one product: a test for "none"
 * takes the first. */
static bool has_one_none(const VariableSet *set) {
  for (uint32_t i = 0; i < set->plain.count; i++) {
    const Variable *a = set->plain.items[i];
    for (uint32_t j = 0; a->has_none && j < i; j++) {
      const Variable *b = set->plain.items[j];
      if (b->has_none && b->fact == a->fact && (a->product == NULL || a->product != b->product))
        return false;
    }
  }
  return true;
}

/* False: the versions have to be looked at one by one. */
static bool collect_together(Together *t) {
  Survey *survey = t->survey;
  const Policy *policy = survey->policy;
  t->compiled = compiled_new(t, NULL);
  VariableSet *set = &t->compiled->set;
  *set = (VariableSet){.arena = survey->scratch,
                       .diagnostics = &t->passing,
                       .span = policy->syntax->id.span,
                       .policy = policy};
  t->compiler = compiler_open(t->compiled, set, survey->scratch);
  compiler_collect(&t->compiler, t->bears);
  for (uint32_t i = 0; i < set->facts.count; i++) note_fact(survey, set->facts.items[i]);
  if (policy->versions.count > 1) compiler_order(&t->compiler);
  return variables_close(set) && !set->is_unjoined && has_one_none(set);
}

/* A version may be without some of what no patient is like. Whichever are left, "none of these" has
 * no more nodes than all combinations of theirs. */
static void build_possible(Together *t) {
  const Vocabulary *vocabulary = t->survey->policy->vocabulary;
  uint64_t most = 4; /* with what comes on the way: each "none of these" so far, and its parts */
  if (t->survey->policy->versions.count == 1) {
    compiler_build_possible(&t->compiler, t->bears);
    return;
  }
  for (uint32_t i = 0; i < vocabulary->nevers.count && most <= LIMIT_DIAGRAM_NODES; i++) {
    if (!t->bears[i]) continue;
    const uint32_t before = diagram_nodes(t->compiler.diagram);
    compiler_build_condition(&t->compiler, vocabulary->nevers.items[i]->condition);
    most *= 2 + (diagram_nodes(t->compiler.diagram) - before);
  }
  t->most_of_possible = most;
}

static void build_version(Together *t, const Version *version) {
  Compiler c = t->compiler;
  c.compiled = compiled_new(t, version);
  c.day = version->date;
  c.making = MAKE_DIAGRAM;
  for (uint32_t i = 0; i < t->survey->policy->criteria.count; i++)
    if (t->changes[i]) c.built[i] = NOT_BUILT;
  compiler_build(&c);
  t->compiler.walk = c.walk;
  t->compiler.failed = t->compiler.failed || c.failed;
}

typedef enum Found { FOUND_SOUND, FOUND_DOUBTFUL, FOUND_INTERRUPTED } Found;

static bool fits(Together *t) {
  const uint32_t nodes = diagram_nodes(t->compiler.diagram);
  return !t->compiler.failed && !diagram_too_large(t->compiler.diagram) &&
         nodes + t->most_of_possible <= LIMIT_DIAGRAM_NODES;
}

static Found look_together(Survey *survey, int kind) {
  const Policy *policy = survey->policy;
  Together t = {.survey = survey, .kind = kind};
  diagnostics_open(&t.passing, survey->scratch);
  t.bears = ARENA_ARRAY(survey->scratch, bool, policy->vocabulary->nevers.count + 1);
  t.changes = ARENA_ARRAY(survey->scratch, bool, policy->criteria.count + 1);
  if (!collect_together(&t)) return FOUND_DOUBTFUL;
  t.compiler.diagram = compiler_open_diagram(&t.compiled->set, survey->scratch, survey->scratch);
  build_possible(&t);
  for (uint32_t i = 0; i < policy->top.count; i++) changes(policy->top.items[i], t.changes);
  for (uint32_t v = 0; v < policy->versions.count; v++) {
    if (is_interrupted(survey)) return FOUND_INTERRUPTED;
    build_version(&t, &policy->versions.items[v]);
    if (!fits(&t)) return FOUND_DOUBTFUL;
  }
  const uint32_t nodes = diagram_nodes(t.compiler.diagram);
  if (nodes > survey->nodes) survey->nodes = nodes;
  return FOUND_SOUND;
}

/* ---- One by one ---- */

static Surveyed look_one_by_one(Survey *survey) {
  const Policy *policy = survey->policy;
  const uint32_t errors = survey->diagnostics->errors;
  for (uint32_t v = 0; v < policy->versions.count; v++) {
    for (int kind = 0; kind < KINDS && survey->diagnostics->errors == errors; kind++) {
      if (is_interrupted(survey)) return SURVEY_INTERRUPTED;
      compile_policy(policy, &policy->versions.items[v], kind, survey->scratch, survey->scratch,
                     survey->diagnostics);
      arena_reset(survey->scratch);
    }
  }
  return SURVEY_DONE;
}

Surveyed survey_policy(Survey *survey) {
  const uint32_t facts = survey->policy->vocabulary->facts.count;
  bool is_doubtful = false;
  survey->reads = ARENA_ARRAY(survey->arena, uint64_t, (facts + 63) / 64);
  note_authorizations(survey);
  for (int kind = 0; kind < KINDS; kind++) {
    const Found found = look_together(survey, kind);
    arena_reset(survey->scratch);
    if (found == FOUND_INTERRUPTED) return SURVEY_INTERRUPTED;
    is_doubtful = is_doubtful || found == FOUND_DOUBTFUL;
  }
  if (is_doubtful) survey->nodes = 0;
  return is_doubtful ? look_one_by_one(survey) : SURVEY_DONE;
}
