/* compile: a version of a policy, and a kind of request, as functions in one diagram.
 *
 *     collect    the variables are found in the tests (collect.c), and their cells cut (cut.c)
 *     build      each criterion's condition becomes a function, children before parents; an
 *                outcome's function is its full condition; `possible` is the conjunction of the
 *                vocabulary's `never` lines, negated
 *     freeze     what the functions need is copied into the library; the rest is forgotten
 *
 * The functions are nodes of a reduced ordered multi-valued decision diagram (Bryant 1986; for
 * several values Kam et al. 1998), so two that are equal are the same node. The invariant: a
 * function that is built is TRUE in a completion exactly when the criterion holds in it.
 */
#include "compile/compile.h"

#include "base/limits.h"
#include "compile/compiler.h"
#include "json/writer.h"

/* ---- What stands on the page that day ---- */

static bool stands(const Compiler *c, InForce in_force) {
  return c->day == DATE_NONE || in_force_on(in_force, c->day);
}

static bool present(const Compiler *c, const Criterion *criterion) {
  return stands(c, criterion->in_force) && (criterion->kind < 0 || criterion->kind == c->kind);
}

typedef enum Wording { WORDING_ADOPTED, WORDING_LITERAL } Wording;

/* The literal interpretation that replaces the criterion's condition or connective, or NULL. */
static const Interpretation *literal_interpretation(const Compiler *c, const Criterion *criterion,
                                                    Wording wording) {
  for (uint32_t i = 0; i < criterion->interpretations.count; i++) {
    const Interpretation *interpretation = criterion->interpretations.items[i];
    if (interpretation->condition == NULL && !interpretation->has_connective) continue;
    bool chosen = c->change.literal.length > 0 && text_equal(c->change.literal, interpretation->id);
    if (wording == WORDING_LITERAL || interpretation->is_literal || chosen) return interpretation;
  }
  return NULL;
}

static Connective connective_of(const Compiler *c, const Criterion *criterion, Wording wording,
                                uint32_t *at_least) {
  const Interpretation *interpretation = literal_interpretation(c, criterion, wording);
  *at_least = criterion->at_least;
  if (interpretation == NULL || !interpretation->has_connective) return criterion->connective;
  *at_least = interpretation->at_least;
  return interpretation->connective;
}

/* ---- Collecting tests ---- */

static bool on_page(const Compiler *c, const Criterion *criterion) {
  for (; criterion != NULL; criterion = criterion->parent) {
    if (!in_force_on(criterion->in_force, c->day)) return false;
  }
  return true;
}

/* What `met` refers to that day: a label may stand for one line in one version and for another in
 * the next. NULL, reported, where there is none. */
static const Criterion *referred(Compiler *c, const Criterion *criterion) {
  const Policy *policy = c->compiled->policy;
  if (on_page(c, criterion)) return criterion;
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *other = policy->criteria.items[i];
    if (other->label.length > 0 && text_equal(other->path, criterion->path) && on_page(c, other))
      return other;
  }
  c->failed = true;
  Diagnostic *d =
      diagnose(c->set->diagnostics, DIAGNOSTIC_UNKNOWN_LABEL, criterion->syntax->label.span,
               "`met %.*s` is used in the version dated %s, which does not contain this line",
               (int)criterion->path.length, criterion->path.at, c->compiled->version->text);
  diagnostic_expect(c->set->diagnostics, d,
                    "dates (`from`, `until`) that match those of the line that refers to it");
  return NULL;
}

static void collect_criterion(Compiler *c, const Criterion *criterion);

/* On any day: whatever has stood under that label. */
static void collect_referred(Compiler *c, const Criterion *criterion) {
  const Policy *policy = c->compiled->policy;
  if (c->day != DATE_NONE) {
    criterion = referred(c, criterion);
    if (criterion != NULL) collect_criterion(c, criterion);
    return;
  }
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    if (text_equal(policy->criteria.items[i]->path, criterion->path))
      collect_criterion(c, policy->criteria.items[i]);
  }
}

static void collect(Compiler *c, const Condition *condition) {
  if (condition == NULL) return;
  if (condition->kind == CONDITION_MET) {
    collect_referred(c, condition->criterion);
    return;
  }
  bool inner = condition->kind == CONDITION_AND || condition->kind == CONDITION_OR ||
               condition->kind == CONDITION_NOT;
  if (!inner) {
    variables_collect(c->set, condition);
    return;
  }
  for (uint32_t i = 0; i < condition->operands.count; i++) collect(c, condition->operands.items[i]);
}

/* The facts a leaf reads that must be stated for it to hold, each as the test that it is given. */
static const Condition *stated(Compiler *c, const Condition *condition) {
  FactList facts = {0};
  Condition *all = ARENA_NEW(c->arena, Condition);
  all->kind = CONDITION_AND;
  facts_of_condition(c->arena, &facts, condition);
  for (uint32_t i = 0; i < facts.count; i++) {
    if (!facts.items[i]->stated) continue;
    Condition *given = ARENA_NEW(c->arena, Condition);
    given->kind = CONDITION_GIVEN;
    given->fact = facts.items[i];
    LIST_PUSH(c->arena, all->operands, given);
  }
  return all;
}

/* The facts that an authorization is calculated from; a length that is the least or greatest of two
 * may leave one of them open. */
static FactList facts_of_authorization(Compiler *c, const Outcome *outcome) {
  FactList facts = {0};
  for (uint32_t i = 0; i < outcome->items.count; i++) {
    const Term *amount = outcome->items.items[i].amount;
    bool bounded = amount->value == VALUE_DURATION &&
                   (amount->kind == TERM_LEAST || amount->kind == TERM_GREATEST);
    if (!bounded) facts_of_term(c->arena, &facts, amount);
  }
  return facts;
}

/* What an authorization is calculated from must be given. */
static const Condition *computed_from(Compiler *c, const Outcome *outcome) {
  const FactList facts = facts_of_authorization(c, outcome);
  Condition *all = ARENA_NEW(c->arena, Condition);
  all->kind = CONDITION_AND;
  for (uint32_t i = 0; i < facts.count; i++) {
    if (facts.items[i]->index < BUILTIN_FACTS) continue;
    Condition *given = ARENA_NEW(c->arena, Condition);
    given->kind = CONDITION_GIVEN;
    given->fact = facts.items[i];
    LIST_PUSH(c->arena, all->operands, given);
  }
  return all;
}

static const Condition *at_least_one(Compiler *c, const Term *cycles) {
  Term *one = ARENA_NEW(c->arena, Term);
  *one = (Term){.kind = TERM_AMOUNT,
                .value = VALUE_AMOUNT,
                .dimension = cycles->dimension,
                .amount = AMOUNT_ONE};
  Condition *condition = ARENA_NEW(c->arena, Condition);
  *condition =
      (Condition){.kind = CONDITION_COMPARE, .or_equal = true, .left = one, .right = cycles};
  return condition;
}

/* A calculated number of cycles must leave one: an authorization of none is no approval, and of a
 * use that is renewed the renewals are used up. NULL where no number of cycles is calculated. */
static const Condition *leaves_a_cycle(Compiler *c, const Outcome *outcome) {
  for (uint32_t i = 0; i < outcome->items.count; i++) {
    const AuthorizationItem *item = &outcome->items.items[i];
    if (item->kind == AUTHORIZATION_CYCLES && item->amount->kind != TERM_AMOUNT)
      return at_least_one(c, item->amount);
  }
  return NULL;
}

static void visit_leaf(Compiler *c, const Condition *condition,
                       void (*visit)(Compiler *c, const Condition *condition)) {
  if (condition == NULL) return;
  visit(c, condition);
  visit(c, stated(c, condition));
}

void compiler_each_condition(Compiler *c, const Criterion *criterion,
                             void (*visit)(Compiler *c, const Condition *condition)) {
  visit(c, criterion->guard);
  visit_leaf(c, criterion->condition, visit);
  for (uint32_t i = 0; i < criterion->interpretations.count; i++)
    visit_leaf(c, criterion->interpretations.items[i]->condition, visit);
  for (uint32_t i = 0; i < criterion->outcomes.count; i++) {
    const Outcome *outcome = criterion->outcomes.items[i];
    visit(c, outcome->where);
    visit(c, outcome->whilst);
    if (outcome->none) continue;
    visit(c, computed_from(c, outcome));
    visit(c, leaves_a_cycle(c, outcome));
  }
}

static void collect_criterion(Compiler *c, const Criterion *criterion) {
  if (c->collected[criterion->index] || !stands(c, criterion->in_force)) return;
  c->collected[criterion->index] = true;
  compiler_each_condition(c, criterion, collect);
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    if (present(c, criterion->children.items[i]))
      collect_criterion(c, criterion->children.items[i]);
  }
}

static bool shares_fact(const VariableSet *set, const FactList *facts) {
  for (uint32_t i = 0; i < facts->count; i++) {
    if (variables_fact(set, facts->items[i]) != 0) return true;
    for (uint32_t j = 0; j < set->facts.count; j++) {
      if (set->facts.items[j] == facts->items[i]) return true;
    }
  }
  return false;
}

/* What no patient is like bears on this policy where it speaks of a fact the policy reads, or that
 * another such truth has brought in. */
static void collect_nevers(Compiler *c, bool *bears) {
  const Vocabulary *vocabulary = c->compiled->policy->vocabulary;
  for (bool grew = true; grew;) {
    grew = false;
    for (uint32_t i = 0; i < vocabulary->nevers.count; i++) {
      FactList facts = {0};
      facts_of_condition(c->arena, &facts, vocabulary->nevers.items[i]->condition);
      if (bears[i] || !shares_fact(c->set, &facts)) continue;
      bears[i] = grew = true;
      collect(c, vocabulary->nevers.items[i]->condition);
    }
  }
}

/* ---- Building functions ---- */

static DiagramRef build_criterion(Compiler *c, const Criterion *criterion, Wording wording);

static DiagramRef build_referred(Compiler *c, const Criterion *criterion) {
  criterion = referred(c, criterion);
  return criterion == NULL ? DIAGRAM_FALSE : build_criterion(c, criterion, WORDING_ADOPTED);
}

static DiagramRef build(Compiler *c, const Condition *condition);

static DiagramRef build_test(Compiler *c, const Condition *test) {
  uint32_t variable;
  uint64_t cells;
  return variables_test(c->set, test, &variable, &cells)
             ? diagram_literal(c->diagram, variable, cells)
             : variables_joint(c->set, test, c->diagram);
}

static DiagramRef build_all(Compiler *c, const Condition *condition) {
  DiagramRef all = DIAGRAM_TRUE;
  for (uint32_t i = 0; i < condition->operands.count; i++)
    all = diagram_and(c->diagram, all, build(c, condition->operands.items[i]));
  return all;
}

static DiagramRef build_any(Compiler *c, const Condition *condition) {
  DiagramRef any = DIAGRAM_FALSE;
  for (uint32_t i = 0; i < condition->operands.count; i++)
    any = diagram_or(c->diagram, any, build(c, condition->operands.items[i]));
  return any;
}

/* No condition at all always holds. */
static DiagramRef build(Compiler *c, const Condition *condition) {
  if (condition == NULL) return DIAGRAM_TRUE;
  switch (condition->kind) {
    case CONDITION_TRUE:
      return DIAGRAM_TRUE;
    case CONDITION_FALSE:
      return DIAGRAM_FALSE;
    case CONDITION_AND:
      return build_all(c, condition);
    case CONDITION_OR:
      return build_any(c, condition);
    case CONDITION_NOT:
      return diagram_not(c->diagram, build(c, condition->operands.items[0]));
    case CONDITION_MET:
      return build_referred(c, condition->criterion);
    case CONDITION_ENUM_IN:
    case CONDITION_NAME_IN:
    case CONDITION_CODE_IN:
    case CONDITION_INCLUDES:
    case CONDITION_SET_IS:
    case CONDITION_NONE:
    case CONDITION_GIVEN:
    case CONDITION_DOCUMENTED:
    case CONDITION_REACHED:
    case CONDITION_COMPARE:
    case CONDITION_COUNT:
      break;
  }
  return build_test(c, condition);
}

static DiagramRef build_leaf(Compiler *c, const Condition *condition) {
  return condition == NULL
             ? DIAGRAM_TRUE
             : diagram_and(c->diagram, build(c, condition), build(c, stated(c, condition)));
}

static DiagramRef build_group(Compiler *c, const Criterion *criterion, Wording wording) {
  uint32_t needed, count = 0;
  Connective connective = connective_of(c, criterion, wording, &needed);
  DiagramRef *parts = ARENA_ARRAY(c->arena, DiagramRef, criterion->children.count + 1);
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    if (present(c, criterion->children.items[i]) &&
        criterion->children.items[i] != c->change.without)
      parts[count++] = build_criterion(c, criterion->children.items[i], WORDING_ADOPTED);
  }
  switch (connective) {
    case CONNECTIVE_LEAF:
    case CONNECTIVE_ALL:
      needed = count;
      break;
    case CONNECTIVE_ANY:
      needed = 1;
      break;
    case CONNECTIVE_NONE:
      return diagram_not(c->diagram, diagram_at_least(c->diagram, 1, parts, count));
    case CONNECTIVE_AT_LEAST:
      break;
  }
  return diagram_at_least(c->diagram, needed, parts, count);
}

/* The first in which it was too large, so the innermost. */
static void note_outgrown(Compiler *c, const Criterion *criterion) {
  if (c->outgrown == NULL && diagram_too_large(c->diagram)) c->outgrown = criterion;
}

static DiagramRef build_criterion(Compiler *c, const Criterion *criterion, Wording wording) {
  if (criterion->prerequisite && c->kind == KIND_CONTINUATION && !c->change.asked)
    return DIAGRAM_TRUE;
  if (criterion == c->change.authorized) return DIAGRAM_TRUE;
  if (wording == WORDING_ADOPTED && c->built[criterion->index] != NOT_BUILT)
    return c->built[criterion->index];
  if (c->building[criterion->index]) {
    if (!c->failed) {
      diagnose(c->set->diagnostics, DIAGNOSTIC_CYCLE, criterion->syntax->span,
               "this criterion refers to itself");
      c->failed = true;
    }
    return DIAGRAM_FALSE;
  }
  c->building[criterion->index] = 1;
  const Interpretation *literal = literal_interpretation(c, criterion, wording);
  DiagramRef holds;
  if (literal != NULL && literal->condition != NULL) {
    holds = build_leaf(c, literal->condition);
  } else if (criterion->connective == CONNECTIVE_LEAF) {
    holds = build_leaf(c, criterion->condition);
  } else {
    holds = build_group(c, criterion, wording);
  }
  if (criterion == c->change.negated) holds = diagram_not(c->diagram, holds);
  if (criterion->guard != NULL)
    holds = diagram_or(c->diagram, diagram_not(c->diagram, build(c, criterion->guard)), holds);
  c->building[criterion->index] = 0;
  note_outgrown(c, criterion);
  if (wording == WORDING_ADOPTED) c->built[criterion->index] = holds;
  return holds;
}

/* The criterion, and all that the groups above it demand as well. */
static DiagramRef build_full(Compiler *c, const Criterion *criterion) {
  DiagramRef full = build_criterion(c, criterion, WORDING_ADOPTED);
  /* "if y then …" is met where y does not hold, but an outcome under it is only earned where it
   * does */
  if (criterion->guard != NULL) full = diagram_and(c->diagram, full, build(c, criterion->guard));
  for (const Criterion *below = criterion, *group = criterion->parent; group != NULL;
       below = group, group = group->parent) {
    uint32_t needed;
    Connective connective = connective_of(c, group, WORDING_ADOPTED, &needed);
    bool literal = connective != group->connective;
    if (group->guard != NULL) full = diagram_and(c->diagram, full, build(c, group->guard));
    if (connective != CONNECTIVE_ALL) continue;
    for (uint32_t i = 0; i < group->children.count; i++) {
      const Criterion *sibling = group->children.items[i];
      if (sibling == below || sibling == c->change.without || !present(c, sibling) ||
          (sibling->holds_outcome && !literal))
        continue;
      full = diagram_and(c->diagram, full, build_criterion(c, sibling, WORDING_ADOPTED));
    }
  }
  return full;
}

/* ---- Criteria ---- */

/* What a condition reads, by way of the criteria it refers to as well, each visited once (circles
 * are reported elsewhere). */
static void facts_of_criterion(Compiler *c, FactList *facts, const Condition *condition) {
  if (condition == NULL) return;
  if (condition->kind != CONDITION_MET) {
    facts_of_condition(c->arena, facts, condition);
    if (condition->kind == CONDITION_COUNT) return;
    for (uint32_t i = 0; i < condition->operands.count; i++)
      facts_of_criterion(c, facts, condition->operands.items[i]);
    return;
  }
  const Criterion *criterion = referred(c, condition->criterion);
  if (criterion == NULL || c->walked[criterion->index] == c->walk) return;
  c->walked[criterion->index] = c->walk;
  facts_of_criterion(c, facts, criterion->guard);
  facts_of_criterion(c, facts, criterion->condition);
  for (uint32_t i = 0; i < criterion->children.count; i++) {
    Condition met = {.kind = CONDITION_MET, .criterion = criterion->children.items[i]};
    if (present(c, criterion->children.items[i])) facts_of_criterion(c, facts, &met);
  }
}

static Text json_head(Arena *arena, const Criterion *criterion, const char *status) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 128);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_text_member(&json, "label", criterion->label);
  json_text_member(&json, "path", criterion->path);
  json_text_member(&json, "text", criterion->title);
  const char *words = connective_words(arena, criterion->connective, criterion->at_least);
  if (words[0] != '\0') json_string_member(&json, "connective", words);
  if (criterion->guard_text.length > 0) json_text_member(&json, "if", criterion->guard_text);
  if (criterion->condition_text.length > 0)
    json_text_member(&json, "condition", criterion->condition_text);
  json_string_member(&json, "status", status);
  json_end_object(&json);
  json_writer_close(&json);
  return json_members_of(buffer_contents(&out));
}

static Text json_policy(Arena *arena, const Policy *policy, const Version *version) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 160);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_text_member(&json, "id", policy->id);
  json_string_member(&json, "version", version->text);
  json_string_member(&json, "digest", policy->digest);
  json_end_object(&json);
  json_writer_close(&json);
  return buffer_contents(&out);
}

static void note_stated(Compiler *c, CompiledCriterion *compiled) {
  if (compiled->criterion->condition == NULL) return;
  const Condition *all = stated(c, compiled->criterion->condition);
  for (uint32_t i = 0; i < all->operands.count; i++)
    LIST_PUSH(c->arena, compiled->stated, all->operands.items[i]->fact);
}

static bool renews(const Compiler *c, const Criterion *criterion) {
  for (uint32_t i = 0; i < criterion->outcomes.count; i++) {
    const Outcome *outcome = criterion->outcomes.items[i];
    if (outcome->kind == OUTCOME_RENEW && in_force_on(outcome->in_force, c->day)) return true;
  }
  return false;
}

/* Does the outcome bear on requests of this kind and day? A use that is renewed by a line of its
 * own is not approved again. */
static bool applies(const Compiler *c, const Outcome *outcome) {
  const bool continuing = c->kind == KIND_CONTINUATION;
  if (!in_force_on(outcome->in_force, c->day)) return false;
  if (outcome->kind == OUTCOME_RENEW) return continuing;
  return outcome->kind != OUTCOME_APPROVE || !continuing || !renews(c, outcome->criterion);
}

static void cite(Compiler *c, CompiledCriterion *compiled, const Fact *fact) {
  for (uint32_t i = 0; i < compiled->facts.count; i++)
    if (compiled->facts.items[i] == fact) return;
  LIST_PUSH(c->arena, compiled->facts, fact);
}

/* What is authorized here is calculated from facts: they stand with those of the criterion, and
 * whether they allow it is reported beside its status. */
static void explain_authorizations(Compiler *c, CompiledCriterion *compiled) {
  compiled->authorizes = DIAGRAM_TRUE;
  for (uint32_t i = 0; i < compiled->criterion->outcomes.count; i++) {
    const Outcome *outcome = compiled->criterion->outcomes.items[i];
    if (outcome->none || !applies(c, outcome)) continue;
    const FactList facts = facts_of_authorization(c, outcome);
    for (uint32_t f = 0; f < facts.count; f++) cite(c, compiled, facts.items[f]);
    if (facts.count == 0) continue;
    const Condition *cycles = leaves_a_cycle(c, outcome);
    compiled->calculates = true;
    compiled->authorizes =
        diagram_and(c->diagram, compiled->authorizes, build(c, computed_from(c, outcome)));
    if (cycles != NULL)
      compiled->authorizes = diagram_and(c->diagram, compiled->authorizes, build(c, cycles));
  }
}

static void add_criterion(Compiler *c, const Criterion *criterion, uint32_t depth) {
  if (!present(c, criterion)) return;
  CompiledPolicy *compiled = c->compiled;
  uint32_t at = compiled->criteria.count;
  CompiledCriterion one = {.criterion = criterion, .depth = depth};
  one.not_asked = criterion->prerequisite && c->kind == KIND_CONTINUATION;
  one.holds = build_criterion(c, criterion, WORDING_ADOPTED);
  one.literal = literal_interpretation(c, criterion, WORDING_LITERAL) == NULL
                    ? one.holds
                    : build_criterion(c, criterion, WORDING_LITERAL);
  c->walk++;
  if (c->making != MAKE_DIAGRAM) {
    facts_of_criterion(c, &one.facts, criterion->guard);
    facts_of_criterion(c, &one.facts, criterion->condition);
  }
  if (c->making == MAKE_ALL &&
      one.not_asked) { /* what stands under is not shown: it speaks for it */
    Condition all = {.kind = CONDITION_MET, .criterion = criterion};
    facts_of_criterion(c, &one.facts, &all);
  }
  if (c->making != MAKE_FUNCTIONS) explain_authorizations(c, &one);
  static const char *const statuses[] = {"met", "not_met",
                                         "unknown"}; /* as licet_criterion_status */
  for (int i = 0; i < 3 && c->making == MAKE_ALL; i++)
    one.json_head[i] = json_head(c->arena, criterion, statuses[i]);
  one.connective = connective_of(c, criterion, WORDING_ADOPTED, &one.needed);
  const Interpretation *literal = literal_interpretation(c, criterion, WORDING_ADOPTED);
  one.is_replaced = literal != NULL && literal->condition != NULL;
  note_stated(c, &one);
  LIST_PUSH(c->arena, compiled->criteria, one);
  if (!one.not_asked) {
    for (uint32_t i = 0; i < criterion->children.count; i++)
      add_criterion(c, criterion->children.items[i], depth + 1);
  }
  compiled->criteria.items[at].subtree = compiled->criteria.count - at - 1;
}

/* ---- Outcomes ---- */

static void add_route(Compiler *c, const Outcome *outcome, DiagramRef holds) {
  CompiledPolicy *compiled = c->compiled;
  compiled->whole.other_policy = diagram_or(c->diagram, compiled->whole.other_policy, holds);
  for (uint32_t i = 0; i < compiled->routes.count; i++) {
    CompiledRoute *route = &compiled->routes.items[i];
    if (!text_equal(route->code, outcome->code)) continue;
    route->holds = diagram_or(c->diagram, route->holds, holds);
    return;
  }
  LIST_PUSH(c->arena, compiled->routes, ((CompiledRoute){outcome->code, outcome, holds}));
}

static void add_approval(Compiler *c, const Outcome *outcome, DiagramRef full) {
  CompiledPolicy *compiled = c->compiled;
  if (!outcome->none) full = diagram_and(c->diagram, full, build(c, computed_from(c, outcome)));
  CompiledOutcome approval = {
      .outcome = outcome, .holds = outcome->none ? DIAGRAM_FALSE : full, .not_now = DIAGRAM_FALSE};
  if (outcome->whilst != NULL)
    approval.holds = diagram_and(c->diagram, full, build(c, outcome->whilst));
  const Condition *cycles = leaves_a_cycle(c, outcome);
  if (cycles != NULL) approval.holds = diagram_and(c->diagram, approval.holds, build(c, cycles));
  if (outcome->kind == OUTCOME_RENEW)
    approval.not_now = diagram_and(c->diagram, full, diagram_not(c->diagram, approval.holds));
  compiled->whole.approve = diagram_or(c->diagram, compiled->whole.approve, approval.holds);
  compiled->whole.not_renewable =
      diagram_or(c->diagram, compiled->whole.not_renewable, approval.not_now);
  LIST_PUSH(c->arena, compiled->approvals, approval);
}

static void add_outcome(Compiler *c, const Outcome *outcome) {
  const Criterion *criterion = outcome->criterion;
  if (!applies(c, outcome)) return;
  DiagramRef full = build_full(c, criterion);
  if (outcome->where != NULL) full = diagram_and(c->diagram, full, build(c, outcome->where));
  switch (outcome->kind) {
    case OUTCOME_APPROVE:
    case OUTCOME_RENEW:
      add_approval(c, outcome, full);
      return;
    case OUTCOME_ROUTE:
      add_route(c, outcome, full);
      return;
    case OUTCOME_REFER:
      c->compiled->whole.case_by_case =
          diagram_or(c->diagram, c->compiled->whole.case_by_case, full);
      LIST_PUSH(c->arena, c->compiled->referrals, ((CompiledRoute){outcome->code, outcome, full}));
      return;
  }
}

static void add_outcomes(Compiler *c, const Criterion *criterion) {
  if (!present(c, criterion)) return;
  for (uint32_t i = 0; i < criterion->outcomes.count; i++)
    add_outcome(c, criterion->outcomes.items[i]);
  note_outgrown(c, criterion);
  for (uint32_t i = 0; i < criterion->children.count; i++)
    add_outcomes(c, criterion->children.items[i]);
}

/* ---- All of it ---- */

void compiler_build_possible(Compiler *c, const bool *bears) {
  const Vocabulary *vocabulary = c->compiled->policy->vocabulary;
  c->compiled->possible = DIAGRAM_TRUE;
  for (uint32_t i = 0; i < vocabulary->nevers.count; i++) {
    if (!bears[i]) continue;
    DiagramRef never = build(c, vocabulary->nevers.items[i]->condition);
    c->compiled->possible =
        diagram_and(c->diagram, c->compiled->possible, diagram_not(c->diagram, never));
  }
}

static void gather_roots(Compiler *c) {
  CompiledPolicy *compiled = c->compiled;
  LIST_PUSH(c->arena, c->roots, &compiled->possible);
  for (uint32_t f = 0; f < POLICY_FUNCTIONS; f++)
    LIST_PUSH(c->arena, c->roots, &compiled->whole.at[f]);
  for (uint32_t i = 0; i < compiled->criteria.count; i++) {
    LIST_PUSH(c->arena, c->roots, &compiled->criteria.items[i].holds);
    LIST_PUSH(c->arena, c->roots, &compiled->criteria.items[i].literal);
    if (compiled->criteria.items[i].calculates)
      LIST_PUSH(c->arena, c->roots, &compiled->criteria.items[i].authorizes);
  }
  for (uint32_t i = 0; i < compiled->approvals.count; i++) {
    LIST_PUSH(c->arena, c->roots, &compiled->approvals.items[i].holds);
    LIST_PUSH(c->arena, c->roots, &compiled->approvals.items[i].not_now);
  }
  for (uint32_t i = 0; i < compiled->routes.count; i++)
    LIST_PUSH(c->arena, c->roots, &compiled->routes.items[i].holds);
  for (uint32_t i = 0; i < compiled->referrals.count; i++)
    LIST_PUSH(c->arena, c->roots, &compiled->referrals.items[i].holds);
}

static void freeze(Compiler *c) {
  gather_roots(c);
  DiagramRef *refs = ARENA_ARRAY(c->arena, DiagramRef, c->roots.count);
  for (uint32_t i = 0; i < c->roots.count; i++) refs[i] = *c->roots.items[i];
  c->compiled->diagram = diagram_freeze(c->diagram, c->arena, refs, c->roots.count);
  for (uint32_t i = 0; i < c->roots.count; i++) *c->roots.items[i] = refs[i];
}

/* The variables that a function asks. Frozen nodes lie behind their children or before them, so
 * each is visited through its parents; `possible` is small. */
static void mark_variables(const FrozenDiagram *diagram, DiagramRef at, bool *asked) {
  if (at <= DIAGRAM_TRUE) return;
  uint32_t variable = diagram->words[at];
  asked[variable] = true;
  for (uint32_t cell = 0; cell < diagram->arity[variable]; cell++) {
    DiagramRef child = diagram->words[at + 1 + cell];
    if (cell == 0 || child != diagram->words[at + cell]) mark_variables(diagram, child, asked);
  }
}

Compiler compiler_open(CompiledPolicy *compiled, VariableSet *set, Arena *arena) {
  const Policy *policy = compiled->policy;
  Compiler c = {.compiled = compiled,
                .set = set,
                .arena = arena,
                .day = compiled->version == NULL ? DATE_NONE : compiled->version->date,
                .kind = compiled->kind};
  c.collected = ARENA_ARRAY(arena, bool, policy->criteria.count + 1);
  c.building = ARENA_ARRAY(arena, uint8_t, policy->criteria.count + 1);
  c.walked = ARENA_ARRAY(arena, uint32_t, policy->criteria.count + 1);
  c.built = ARENA_ARRAY(arena, DiagramRef, policy->criteria.count + 1);
  for (uint32_t i = 0; i < policy->criteria.count; i++) c.built[i] = NOT_BUILT;
  return c;
}

static void collect_policy(Compiler *c) {
  const Policy *policy = c->compiled->policy;
  for (uint32_t i = 0; i < policy->top.count; i++) {
    if (present(c, policy->top.items[i])) collect_criterion(c, policy->top.items[i]);
  }
}

void compiler_collect(Compiler *c, bool *bears) {
  collect_policy(c);
  collect_nevers(c, bears);
}

DiagramRef compiler_build_condition(Compiler *c, const Condition *condition) {
  return build(c, condition);
}

Diagram *compiler_open_diagram(const VariableSet *set, Arena *arena, Arena *scratch) {
  uint8_t *arity = ARENA_ARRAY(arena, uint8_t, set->variables.count + 1);
  for (uint32_t i = 0; i < set->variables.count; i++) arity[i] = set->variables.items[i]->arity;
  return diagram_open(scratch, arity, set->variables.count, LIMIT_DIAGRAM_NODES);
}

void compiler_build(Compiler *c) {
  const Policy *policy = c->compiled->policy;
  for (uint32_t i = 0; i < policy->top.count; i++) {
    add_criterion(c, policy->top.items[i], 0);
    add_outcomes(c, policy->top.items[i]);
  }
}

static void report_too_large(const Compiler *c, const Policy *policy, Diagnostics *diagnostics) {
  Diagnostic *d =
      diagnose(diagnostics, DIAGNOSTIC_DIAGRAM_TOO_LARGE, policy->syntax->id.span,
               "the policy's conditions depend on each other too much to be decided exactly");
  diagnostic_expect(diagnostics, d,
                    "at most %u nodes in its decision diagram: write criteria that read the same "
                    "facts next to each other, or give some pathways a policy of their own",
                    LIMIT_DIAGRAM_NODES);
  if (c->outgrown != NULL)
    diagnostic_note(diagnostics, d, c->outgrown->syntax->span,
                    "this criterion, with those it refers to, makes it too large");
}

static Text json_provenance(Arena *arena, const CompiledPolicy *compiled) {
  Buffer out;
  JsonWriter json;
  buffer_open(&out, arena, 160);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  json_string_member(&json, "version_digest", compiled->version->digest);
  json_boolean_member(&json, "reconstructed", compiled->version->reconstructed);
  json_array_member(&json, "literal");
  for (uint32_t i = 0; i < compiled->literal.count; i++)
    json_text(&json, compiled->literal.items[i]);
  json_end_array(&json);
  json_end_object(&json);
  json_writer_close(&json);
  return json_members_of(buffer_contents(&out));
}

static void note_literal(CompiledPolicy *compiled, const Interpretation *interpretation,
                         Arena *arena) {
  if (!interpretation->is_literal) return;
  for (uint32_t i = 0; i < compiled->literal.count; i++)
    if (text_equal(compiled->literal.items[i], interpretation->id)) return;
  LIST_PUSH(arena, compiled->literal, interpretation->id);
}

/* What every determination by it says is written once. */
static void prepare_json(CompiledPolicy *compiled, Arena *arena) {
  compiled->json_length = 4096;
  for (uint32_t i = 0; i < compiled->criteria.count; i++) {
    const CompiledCriterion *one = &compiled->criteria.items[i];
    compiled->json_length += one->json_head[0].length + 128 * (1 + one->facts.count);
    for (uint32_t n = 0; n < one->criterion->interpretations.count; n++)
      note_literal(compiled, one->criterion->interpretations.items[n], arena);
  }
  compiled->json_policy = json_policy(arena, compiled->policy, compiled->version);
  compiled->json_provenance = json_provenance(arena, compiled);
}

CompiledPolicy *compile_policy(const Policy *policy, const Version *version, int kind, Arena *arena,
                               Arena *scratch, Diagnostics *diagnostics) {
  return compile_policy_negating(policy, version, kind, NULL, arena, scratch, diagnostics);
}

CompiledPolicy *compile_policy_negating(const Policy *policy, const Version *version, int kind,
                                        const Criterion *negated, Arena *arena, Arena *scratch,
                                        Diagnostics *diagnostics) {
  CompiledPolicy *compiled = ARENA_NEW(arena, CompiledPolicy);
  compiled->policy = policy;
  compiled->version = version;
  compiled->kind = kind;
  compiled->set = (VariableSet){.arena = arena,
                                .diagnostics = diagnostics,
                                .span = policy->syntax->id.span,
                                .policy = policy,
                                .errors = diagnostics->errors};
  Compiler c = compiler_open(compiled, &compiled->set, arena);
  c.change.negated = negated;
  bool *bears = ARENA_ARRAY(arena, bool, policy->vocabulary->nevers.count + 1);
  compiler_collect(&c, bears);
  if (policy->versions.count > 1) compiler_order(&c);
  if (!variables_close(&compiled->set)) return NULL;
  c.diagram = compiler_open_diagram(&compiled->set, arena, scratch);
  compiler_build_possible(&c, bears);
  compiler_build(&c);
  if (diagram_too_large(c.diagram)) {
    report_too_large(&c, policy, diagnostics);
    return NULL;
  }
  if (c.failed) return NULL;
  freeze(&c);
  kernel_build(compiled, arena);
  compiled->bears_on_possible = ARENA_ARRAY(arena, bool, compiled->set.variables.count + 1);
  mark_variables(&compiled->diagram, compiled->possible, compiled->bears_on_possible);
  prepare_json(compiled, arena);
  return compiled;
}

/* ---- Several at once ---- */

static CompiledPolicy *subject_new(const CompileSubject *subject, Arena *arena) {
  CompiledPolicy *compiled = ARENA_NEW(arena, CompiledPolicy);
  compiled->policy = subject->policy;
  compiled->version = subject->version;
  compiled->kind = subject->kind;
  return compiled;
}

SharedCompilation *compile_shared(const CompileSubject *subjects, uint32_t count,
                                  const Condition *besides, Arena *arena,
                                  Diagnostics *diagnostics) {
  SharedCompilation *shared = ARENA_NEW(arena, SharedCompilation);
  const Policy *first = subjects[0].policy;
  shared->arena = arena;
  shared->set = (VariableSet){.arena = arena,
                              .diagnostics = diagnostics,
                              .span = first->syntax->id.span,
                              .policy = first,
                              .errors = diagnostics->errors};
  Compiler c = {0};
  for (uint32_t i = 0; i < count; i++) {
    c = compiler_open(subject_new(&subjects[i], arena), &shared->set, arena);
    collect_policy(&c);
    if (c.failed) return NULL;
  }
  collect(&c, besides);
  bool *bears = ARENA_ARRAY(arena, bool, first->vocabulary->nevers.count + 1);
  collect_nevers(&c, bears);
  if (!variables_close(&shared->set)) return NULL;
  c.diagram = shared->diagram = compiler_open_diagram(&shared->set, arena, arena);
  compiler_build_possible(&c, bears);
  shared->possible = c.compiled->possible;
  return shared;
}

CompiledPolicy *compile_subject(SharedCompilation *shared, const CompileSubject *subject) {
  Compiler c = compiler_open(subject_new(subject, shared->arena), &shared->set, shared->arena);
  c.diagram = shared->diagram;
  c.change = subject->change;
  c.making = MAKE_FUNCTIONS;
  compiler_build(&c);
  c.compiled->possible = shared->possible;
  if (!diagram_too_large(c.diagram) && !c.failed) return c.compiled;
  if (!c.failed) report_too_large(&c, subject->policy, shared->set.diagnostics);
  return NULL;
}

DiagramRef compile_besides(SharedCompilation *shared, const CompileSubject *subject,
                           const Condition *besides) {
  Compiler c = compiler_open(subject_new(subject, shared->arena), &shared->set, shared->arena);
  c.diagram = shared->diagram;
  return build(&c, besides);
}
