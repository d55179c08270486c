/* Every target's verdicts as gates over literals: which policy a row belongs to, whether the row
 * must be decided alone, then outcome by outcome in the order of decide/outcome.def.
 *
 * A function of a policy is a diagram; it is walked from its roots once per quantifier, each node
 * becoming the OR of its children under the literals of their cells, and kept (memo), so that the
 * gates are about as many as the nodes: the usual way from a decision diagram to a circuit.
 * Invariant: where the gates give a row a verdict, licet_decide gives it the same. */
#include <string.h>

#include "vector/bind_internal.h"
#include "library/uncovered.h"
#include "vector/sole_unmet.h"
#include "base/unreachable.h"
#include "decide/authorization.h"
#include "decide/verdict.h"

typedef enum Pass { PASS_CAN, PASS_CAN_DOCUMENTED, PASS_ENOUGH, PASSES } Pass;

typedef struct ColumnPolicyBinding {
  Binder *b;
  const ColumnPolicy *column_policy;
  const Vocabulary *vocabulary;
  uint32_t *column_tests[2]; /* per variable of the diagram: its cells, and where attested facts are
                                not known; + 1, 0 while not asked */
  Gate *memo[PASSES];        /* per ref; + 1 */
  Gate *sole_unmet;          /* per criterion: where it is the only unmet one */
  bool too_wide;             /* some question is asked of too many columns: row by row */
} ColumnPolicyBinding;

/* ---- Columns of a question ---- */

static int find_column(const Binder *b, Text name, ColumnPlace place) {
  for (uint32_t i = 0; i < b->table->column_count; i++) {
    const Column *column = &b->table->columns[i];
    if (column->place == place && column->form != CODES_ABSENT && text_equal(column->name, name))
      return (int)i;
  }
  return -1;
}

static int column_of_fact(const Binder *b, const Fact *fact) {
  static const HeadColumn heads[BUILTIN_FACTS] = {
      [FACT_KIND] = HEAD_COLUMN_KIND,   [FACT_LINE] = HEAD_COLUMN_LINE,
      [FACT_DRUG] = HEAD_COLUMN_DRUG,   [FACT_URGENCY] = HEAD_COLUMN_URGENCY,
      [FACT_START] = HEAD_COLUMN_START, [FACT_RECEIVED] = HEAD_COLUMN_RECEIVED};
  if (fact->index < BUILTIN_FACTS)
    return find_column(b, head_column_names[heads[fact->index]], COLUMN_OF_HEAD);
  return find_column(b, fact->name, COLUMN_OF_FACTS);
}

/* Fills in inputs and group. False where there are too many columns. */
static bool place_inputs(Binder *b, ColumnTest *column_test, const FactList *facts) {
  uint32_t columns[COLUMN_TEST_COLUMNS_MOST], count = 0;
  if (facts->count > COLUMN_TEST_INPUTS_MOST) return false;
  for (uint32_t i = 0; i < facts->count; i++) {
    int column = column_of_fact(b, facts->items[i]);
    if (column < 0) continue;
    uint32_t at = count;
    for (uint32_t j = 0; j < count; j++)
      if (columns[j] >= (uint32_t)column) {
        at = j;
        break;
      }
    if (at < count && columns[at] == (uint32_t)column) continue;
    if (count == COLUMN_TEST_COLUMNS_MOST) return false;
    memmove(columns + at + 1, columns + at, (count - at) * sizeof *columns);
    columns[at] = (uint32_t)column;
    count++;
  }
  column_test->column_group = bind_column_group(b, columns, count);
  column_test->input_count = facts->count;
  for (uint32_t i = 0; i < facts->count; i++) {
    int column = column_of_fact(b, facts->items[i]), place = -1;
    for (uint32_t j = 0; j < count; j++)
      if (column >= 0 && columns[j] == (uint32_t)column) place = (int)j;
    column_test->inputs[i] =
        (ColumnTestInput){facts->items[i], column < 0 ? 0 : (uint32_t)column, place};
  }
  return true;
}

static bool reads(const FactList *facts, const Fact *fact) {
  for (uint32_t i = 0; i < facts->count; i++)
    if (facts->items[i] == fact) return fact != NULL;
  return false;
}

/* Facts that are not named, but looked at: a list is known to be whole by another fact; a series
 * and a length are looked at from the start; a body surface area that is stated may stand for the
 * computed one (policy/evaluate.h). */
static void add_flags(Arena *arena, FactList *facts, const Vocabulary *vocabulary) {
  const Fact *const *roles = vocabulary->dosing.roles;
  if (roles[DOSING_BODY_SURFACE] != NULL && reads(facts, roles[DOSING_HEIGHT]) &&
      reads(facts, roles[DOSING_WEIGHT]))
    LIST_PUSH(arena, *facts, roles[DOSING_BODY_SURFACE]);
  for (uint32_t i = 0, count = facts->count; i < count; i++) {
    const Fact *flag = facts->items[i]->complete_when;
    if (flag != NULL) LIST_PUSH(arena, *facts, flag);
    if (facts->items[i]->type.kind == TYPE_SERIES || facts->items[i]->type.kind == TYPE_DURATION)
      LIST_PUSH(arena, *facts, (const Fact *)vocabulary->facts.items[FACT_START]);
  }
}

static bool compares_lengths(const Condition *condition) {
  return condition != NULL &&
         ((condition->left != NULL && condition->left->value == VALUE_DURATION) ||
          (condition->right != NULL && condition->right->value == VALUE_DURATION));
}

static FactList facts_of_variable(Arena *arena, const Variable *variable) {
  FactList facts = {0};
  if (variable->kind == VARIABLE_PRODUCT) {
    for (uint32_t i = 0; i < variable->parts.count; i++) {
      FactList part = facts_of_variable(arena, variable->parts.items[i]);
      for (uint32_t f = 0; f < part.count; f++) LIST_PUSH(arena, facts, part.items[f]);
    }
    return facts;
  }
  if (variable->joint != NULL) facts_of_condition(arena, &facts, variable->joint);
  if (variable->term != NULL) facts_of_term(arena, &facts, variable->term);
  if (variable->anchor != NULL) LIST_PUSH(arena, facts, variable->anchor);
  if (variable->fact != NULL) LIST_PUSH(arena, facts, variable->fact);
  for (uint32_t i = 0; i < variable->thresholds.count; i++)
    facts_of_term(arena, &facts, variable->thresholds.items[i].term);
  return facts;
}

static FactList each_once(Arena *arena, const FactList *facts) {
  FactList once = {0};
  for (uint32_t i = 0; i < facts->count; i++) {
    bool there = false;
    for (uint32_t j = 0; j < once.count; j++) there = there || once.items[j] == facts->items[i];
    if (!there) LIST_PUSH(arena, once, facts->items[i]);
  }
  return once;
}

/* ---- Cells ---- */

static uint32_t column_test_of(ColumnPolicyBinding *u, uint32_t variable, bool documented) {
  Binder *b = u->b;
  uint32_t *known = &u->column_tests[documented][variable];
  if (*known != 0) return *known - 1;
  const uint32_t compiled = u->column_policy->variables[variable];
  ColumnTest column_test = {.kind = documented ? COLUMN_TEST_DOCUMENTED_CELLS : COLUMN_TEST_CELLS,
                            .column_policy = u->column_policy,
                            .variable = compiled,
                            .vocabulary = u->vocabulary};
  FactList facts =
      facts_of_variable(&b->built, u->column_policy->compiled->set.variables.items[compiled]);
  add_flags(&b->built, &facts, u->vocabulary);
  if (compares_lengths(u->column_policy->compiled->set.variables.items[compiled]->joint))
    LIST_PUSH(&b->built, facts, (const Fact *)u->vocabulary->facts.items[FACT_START]);
  facts = each_once(&b->built, &facts);
  if (!place_inputs(b, &column_test, &facts)) {
    u->too_wide = true;
    return UINT32_MAX;
  }
  *known = bind_column_test(b, &column_test) + 1;
  return *known - 1;
}

/* Is some cell of `cells` possible? */
static Gate possible_cells(ColumnPolicyBinding *u, uint32_t variable, uint64_t cells, Pass pass) {
  uint32_t column_test = column_test_of(u, variable, pass == PASS_CAN_DOCUMENTED);
  return column_test == UINT32_MAX ? GATE_NO : bind_literal(u->b, column_test, cells);
}

static Gate ask(ColumnPolicyBinding *u, DiagramRef at, Pass pass);

/* A judgment that is open may turn out either way; what others can tell may be answered as is best.
 */
static Gate ask_node(ColumnPolicyBinding *u, DiagramRef at, Pass pass) {
  const FrozenDiagram *diagram = &u->column_policy->diagram;
  const uint32_t variable = diagram->words[at], arity = diagram->arity[variable];
  const bool every = pass == PASS_ENOUGH && u->column_policy->judged[variable];
  if (pass == PASS_ENOUGH && !every && u->column_policy->flagged[variable])
    return ask(u, diagram->words[at + 1 + 1], pass);
  Gate result = every ? GATE_YES : GATE_NO;
  uint64_t left = cells_all(arity);
  while (left != 0) {
    const DiagramRef child = diagram->words[at + 1 + (uint32_t)__builtin_ctzll(left)];
    uint64_t cells = 0;
    for (uint64_t rest = left; rest != 0; rest &= rest - 1)
      if (diagram->words[at + 1 + (uint32_t)__builtin_ctzll(rest)] == child) cells |= rest & -rest;
    left &= ~cells;
    const Gate may = possible_cells(u, variable, cells, pass);
    if (may == GATE_NO) continue;
    const Gate then = ask(u, child, pass);
    result = every ? gate_and_not(u->b->gates, result, gate_and_not(u->b->gates, may, then))
                   : gate_or(u->b->gates, result, gate_and(u->b->gates, may, then));
  }
  return result;
}

static Gate ask(ColumnPolicyBinding *u, DiagramRef at, Pass pass) {
  if (at <= DIAGRAM_TRUE) return at == DIAGRAM_TRUE ? GATE_YES : GATE_NO;
  if (u->memo[pass][at] != 0) return u->memo[pass][at] - 1;
  Gate gate = ask_node(u, at, pass);
  u->memo[pass][at] = gate + 1;
  return gate;
}

static void open_policy(ColumnPolicyBinding *u, Binder *b, const ColumnPolicy *column_policy) {
  *u = (ColumnPolicyBinding){.b = b,
                             .column_policy = column_policy,
                             .vocabulary = column_policy->compiled->policy->vocabulary};
  for (int i = 0; i < 2; i++)
    u->column_tests[i] =
        ARENA_ARRAY(&b->built, uint32_t, column_policy->compiled->set.variables.count + 1);
  for (int i = 0; i < PASSES; i++)
    u->memo[i] = ARENA_ARRAY(&b->built, Gate, column_policy->diagram.word_count + 2);
}

/* ---- Errors ---- */

/* Entries with errors, and facts the vocabulary does not have. */
static Gate exact_entries(ColumnPolicyBinding *u) {
  Binder *b = u->b;
  Gate needs_exact = GATE_NO;
  for (uint32_t i = 0; i < b->table->column_count; i++) {
    const Column *column = &b->table->columns[i];
    if (column->place == COLUMN_OF_HEAD || column->form == CODES_ABSENT) continue;
    Fact *fact = vocabulary_fact(u->vocabulary, column->name);
    bool unknown_fact = fact == NULL || fact->index < BUILTIN_FACTS;
    ColumnTest column_test = {
        .kind = unknown_fact ? COLUMN_TEST_UNKNOWN_FACT : COLUMN_TEST_NEEDS_EXACT,
        .vocabulary = u->vocabulary,
        .input_count = 1};
    column_test.inputs[0] = (ColumnTestInput){fact, i, 0};
    column_test.column_group = bind_column_group(b, &i, 1);
    needs_exact =
        gate_or(b->gates, needs_exact, bind_literal(b, bind_column_test(b, &column_test), 2));
  }
  return needs_exact;
}

typedef struct Truths {
  Gate yes, no;
} Truths;

static Truths truths_of_test(ColumnPolicyBinding *u, const Condition *condition) {
  Binder *b = u->b;
  ColumnTest column_test = {
      .kind = COLUMN_TEST_TRUTH, .vocabulary = u->vocabulary, .condition = condition};
  FactList facts = {0};
  facts_of_condition(&b->built, &facts, condition);
  add_flags(&b->built, &facts, u->vocabulary);
  if (compares_lengths(condition))
    LIST_PUSH(&b->built, facts, (const Fact *)u->vocabulary->facts.items[FACT_START]);
  facts = each_once(&b->built, &facts);
  if (!place_inputs(b, &column_test, &facts)) {
    u->too_wide = true;
    return (Truths){GATE_NO, GATE_NO};
  }
  uint32_t at = bind_column_test(b, &column_test);
  return (Truths){bind_literal(b, at, UINT64_C(1) << TRUTH_YES),
                  bind_literal(b, at, UINT64_C(1) << TRUTH_NO)};
}

/* Connective by connective, as evaluate_condition does. */
static Truths truths_of(ColumnPolicyBinding *u, const Condition *condition) {
  Gates *gates = u->b->gates;
  const bool all = condition->kind == CONDITION_AND;
  if (condition->kind == CONDITION_NOT) {
    Truths negated = truths_of(u, condition->operands.items[0]);
    return (Truths){negated.no, negated.yes};
  }
  if (!all && condition->kind != CONDITION_OR) return truths_of_test(u, condition);
  Truths sum = {all ? GATE_YES : GATE_NO, all ? GATE_NO : GATE_YES};
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    Truths part = truths_of(u, condition->operands.items[i]);
    sum.yes = all ? gate_and(gates, sum.yes, part.yes) : gate_or(gates, sum.yes, part.yes);
    sum.no = all ? gate_or(gates, sum.no, part.no) : gate_and(gates, sum.no, part.no);
  }
  return sum;
}

/* What `possible` does not cover: truths over facts the policy does not read. All of them where
 * there is no policy. */
static Gate contradictions(ColumnPolicyBinding *u) {
  Gate found = GATE_NO;
  for (uint32_t i = 0; i < u->vocabulary->nevers.count; i++) {
    const Condition *condition = u->vocabulary->nevers.items[i]->condition;
    FactList facts = {0};
    bool covered = u->column_policy != NULL;
    facts_of_condition(&u->b->built, &facts, condition);
    for (uint32_t f = 0; f < facts.count; f++)
      covered = covered && (facts.items[f]->index < BUILTIN_FACTS ||
                            variables_fact(&u->column_policy->compiled->set, facts.items[f]) != 0);
    if (!covered) found = gate_or(u->b->gates, found, truths_of(u, condition).yes);
  }
  return found;
}

/* ---- Verdicts ---- */

typedef struct TargetBinding {
  Binder *b;
  uint32_t target;
  Gate exact;                        /* rows left to the exact diagram */
  Gate verdicts[PLAN_VERDICTS_MOST]; /* per number */
} TargetBinding;

static void conclude(TargetBinding *t, const ColumnPolicyBinding *u, Gate rows,
                     licet_outcome outcome, licet_reason reason, Text pathway) {
  if (rows == GATE_NO) return;
  BulkVerdict verdict = {.outcome = outcome,
                         .reason = reason,
                         .policy = u->column_policy->policy,
                         .version = u->column_policy->compiled->version};
  verdict.pathway = pathway.length == 0 ? "" : arena_copy(&t->b->built, pathway.at, pathway.length);
  uint16_t number = bind_verdict(t->b, t->target, &verdict);
  if (number >= PLAN_VERDICTS_MOST) {
    t->exact = gate_or(t->b->gates, t->exact, rows);
    return;
  }
  t->verdicts[number] = gate_or(t->b->gates, t->verdicts[number], rows);
}

static Text pathway_of(const ColumnPolicyOutcome *outcome) {
  return outcome->outcome->pathway->path;
}

/* Rows that approve for certain: those that the documents do not carry pend; of the others the
 * pathway with the best authorization, among those that are certain by what is documented. */
static void conclude_approved(TargetBinding *t, ColumnPolicyBinding *u, Gate rows) {
  Gates *gates = t->b->gates;
  const ColumnPolicy *column_policy = u->column_policy;
  const uint32_t count = column_policy->approvals.count;
  const bool evidence = column_policy->compiled->version->evidence[column_policy->compiled->kind];
  const Pass pass = evidence ? PASS_CAN_DOCUMENTED : PASS_CAN;
  const Gate attested =
      evidence ? gate_and(gates, rows, ask(u, column_policy->fails.approve, pass)) : GATE_NO;
  conclude(t, u, attested, LICET_PEND, LICET_REASON_NONE, (Text){0});
  rows = gate_and_not(gates, rows, attested);
  Gate *certain = ARENA_ARRAY(&t->b->built, Gate, count + 1), some = GATE_NO;
  for (uint32_t i = 0; i < count; i++) {
    certain[i] = gate_not(ask(u, column_policy->approvals.items[i].fails, pass));
    some = gate_or(gates, some, certain[i]);
  }
  t->exact = gate_or(gates, t->exact, gate_and_not(gates, rows, some));
  rows = gate_and(gates, rows, some);
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t j = i + 1; j < count; j++) {
      if (outcomes_order(column_policy->approvals.items[i].outcome,
                         column_policy->approvals.items[j].outcome) != AUTHORIZATION_OPEN)
        continue;
      Gate both = gate_and(gates, certain[i], certain[j]);
      t->exact = gate_or(gates, t->exact, gate_and(gates, rows, both));
      rows = gate_and_not(gates, rows, both);
    }
  for (uint32_t i = 0; i < count; i++) {
    Gate best = gate_and(gates, rows, certain[i]);
    for (uint32_t j = 0; j < count; j++) {
      const AuthorizationOrder order = outcomes_order(column_policy->approvals.items[i].outcome,
                                                      column_policy->approvals.items[j].outcome);
      const bool beaten = order == AUTHORIZATION_WORSE || (order == AUTHORIZATION_EQUAL && j < i);
      if (i != j && beaten) best = gate_and_not(gates, best, certain[j]);
    }
    conclude(t, u, best, LICET_APPROVE, LICET_REASON_NONE,
             pathway_of(&column_policy->approvals.items[i]));
  }
}

/* Routes under one pathway name it; where those under several are possible there is none. */
static void conclude_routes(TargetBinding *t, ColumnPolicyBinding *u, Gate rows) {
  Gates *gates = t->b->gates;
  const ColumnPolicy *column_policy = u->column_policy;
  Gate named = GATE_NO;
  for (uint32_t i = 0; i < column_policy->routes.count; i++) {
    Gate here = GATE_NO, elsewhere = GATE_NO;
    bool first = true;
    for (uint32_t j = 0; j < column_policy->routes.count; j++) {
      bool same = text_equal(pathway_of(&column_policy->routes.items[i]),
                             pathway_of(&column_policy->routes.items[j]));
      Gate *sum = same ? &here : &elsewhere;
      if (same && j < i) first = false;
      *sum = gate_or(gates, *sum, ask(u, column_policy->routes.items[j].holds, PASS_CAN));
    }
    if (!first) continue;
    Gate only = gate_and(gates, rows, gate_and_not(gates, here, elsewhere));
    conclude(t, u, only, LICET_REFER, LICET_REASON_OTHER_POLICY,
             pathway_of(&column_policy->routes.items[i]));
    named = gate_or(gates, named, only);
  }
  conclude(t, u, gate_and_not(gates, rows, named), LICET_REFER, LICET_REASON_OTHER_POLICY,
           (Text){0});
}

/* The first referral that is possible names the pathway. */
static void conclude_referrals(TargetBinding *t, ColumnPolicyBinding *u, Gate rows) {
  Gates *gates = t->b->gates;
  const ColumnPolicy *column_policy = u->column_policy;
  for (uint32_t i = 0; i < column_policy->referrals.count; i++) {
    Gate here = gate_and(gates, rows, ask(u, column_policy->referrals.items[i].holds, PASS_CAN));
    conclude(t, u, here, LICET_REFER, LICET_REASON_CASE_BY_CASE,
             pathway_of(&column_policy->referrals.items[i]));
    rows = gate_and_not(gates, rows, here);
  }
}

/* ---- Asking: all rows of a table ---- */

/* The rows of this asker are a gate. */
typedef struct TableAsker {
  TargetBinding *t;
  ColumnPolicyBinding *u;
} TableAsker;

static Rows part_of_rows(void *context, PolicyFunction function, Quantification quantifier,
                         Rows rows) {
  const TableAsker *asker = context;
  ColumnPolicyBinding *u = asker->u;
  Gates *gates = asker->t->b->gates;
  const Gate can =
      gate_and(gates, (Gate)rows, ask(u, u->column_policy->whole.at[function], PASS_CAN));
  switch (quantifier) {
    case QUANTIFY_MUST:
      return gate_and_not(gates, can, ask(u, u->column_policy->fails.at[function], PASS_CAN));
    case QUANTIFY_ENOUGH:
      return u->column_policy
                     ->judged_mixed /* all of them are left to the exact diagram (conclude_open) */
                 ? can
                 : gate_and(gates, can, ask(u, u->column_policy->whole.at[function], PASS_ENOUGH));
    case QUANTIFY_CAN:
      return can;
    case QUANTIFY_OTHERWISE:
      break;
  }
  UNREACHABLE();
}

static Rows rest_of_rows(void *context, Rows rows, Rows part) {
  const TableAsker *asker = context;
  return gate_and_not(asker->t->b->gates, (Gate)rows, (Gate)part);
}

static void conclude_obtainable(TargetBinding *t, ColumnPolicyBinding *u, Gate rows) {
  if (u->column_policy->judged_mixed) {
    t->exact = gate_or(t->b->gates, t->exact, rows);
  } else {
    conclude(t, u, rows, LICET_PEND, LICET_REASON_NONE, (Text){0});
  }
}

static void conclude_rows(void *context, Conclusion conclusion, Rows rows) {
  static void (*const details[CONCLUSIONS])(TargetBinding *, ColumnPolicyBinding *, Gate) = {
      [CONCLUDE_APPROVED] = conclude_approved,
      [CONCLUDE_OBTAINABLE] = conclude_obtainable,
      [CONCLUDE_CASE_BY_CASE] = conclude_referrals,
      [CONCLUDE_OTHER_POLICY] = conclude_routes,
  };
  const TableAsker *asker = context;
  if (details[conclusion] != NULL) {
    details[conclusion](asker->t, asker->u, (Gate)rows);
  } else {
    conclude(asker->t, asker->u, (Gate)rows, conclusions[conclusion].outcome,
             conclusions[conclusion].reason, (Text){0});
  }
}

/* ---- The only unmet criterion ---- */

static Gate unmet(ColumnPolicyBinding *u, uint32_t criterion) {
  return ask(u, u->column_policy->criteria[criterion], PASS_CAN);
}

/* `rows`: where all that else is demanded is met, and this criterion is not. Within a group that
 * demands all its parts, one of them may be the only unmet one. */
static void sole_unmet(TargetBinding *t, ColumnPolicyBinding *u, uint32_t criterion, Gate rows) {
  const CompiledPolicy *compiled = u->column_policy->compiled;
  const CompiledCriterion *at = &compiled->criteria.items[criterion];
  Gates *gates = t->b->gates;
  if (rows == GATE_NO) return;
  if (sole_unmet_ends_at(at)) {
    u->sole_unmet[criterion] = gate_or(gates, u->sole_unmet[criterion], rows);
    return;
  }
  for (uint32_t i = criterion + 1; i <= criterion + at->subtree;
       i += 1 + compiled->criteria.items[i].subtree) {
    Gate here = gate_and(gates, rows, unmet(u, i));
    for (uint32_t j = criterion + 1; j <= criterion + at->subtree;
         j += 1 + compiled->criteria.items[j].subtree)
      if (j != i) here = gate_and_not(gates, here, unmet(u, j));
    sole_unmet(t, u, i, here);
  }
}

static void sole_unmet_outcome(TargetBinding *t, ColumnPolicyBinding *u, const Outcome *outcome,
                               Gate rows) {
  uint32_t list[DEMANDS_MOST];
  const uint32_t count = sole_unmet_demands(u->column_policy->compiled, outcome, list);
  for (uint32_t i = 0; i < count; i++) {
    Gate here = gate_and(t->b->gates, rows, unmet(u, list[i]));
    for (uint32_t j = 0; j < count; j++)
      if (j != i) here = gate_and_not(t->b->gates, here, unmet(u, list[j]));
    sole_unmet(t, u, list[i], here);
  }
}

static void sole_unmet_of_policy(TargetBinding *t, ColumnPolicyBinding *u, Gate rows) {
  const CompiledPolicy *compiled = u->column_policy->compiled;
  u->sole_unmet = ARENA_ARRAY(&t->b->built, Gate, compiled->criteria.count + 1);
  for (uint32_t i = 0; i < u->column_policy->approvals.count; i++)
    sole_unmet_outcome(t, u, u->column_policy->approvals.items[i].outcome, rows);
  for (uint32_t i = 0; i < compiled->criteria.count; i++) {
    SoleUnmetPlane plane = {
        .target = t->target, .compiled = compiled, .criterion = i, .gate = u->sole_unmet[i]};
    if (plane.gate != GATE_NO) LIST_PUSH(&t->b->built, t->b->sole_unmet, plane);
  }
}

static void conclude_column_policy(TargetBinding *t, const ColumnPolicy *column_policy,
                                   Gate members) {
  Gates *gates = t->b->gates;
  if (members == GATE_NO) return;
  if (column_policy->too_large) {
    t->exact = gate_or(gates, t->exact, members);
    return;
  }
  ColumnPolicyBinding u;
  open_policy(&u, t->b, column_policy);
  Gate fine = gate_and(gates, ask(&u, column_policy->possible, PASS_CAN),
                       gate_not(gate_or(gates, exact_entries(&u), contradictions(&u))));
  t->exact = gate_or(gates, t->exact, gate_and_not(gates, members, fine));
  Gate rows = gate_and(gates, members, fine);
  TableAsker asker = {t, &u};
  verdict_walk(&(Asker){&asker, GATE_NO, part_of_rows, rest_of_rows, conclude_rows}, rows);
  if (column_policy->criteria != NULL) {
    const Gate approved = (Gate)part_of_rows(&asker, FUNCTION_approve, QUANTIFY_MUST, rows);
    sole_unmet_of_policy(t, &u, gate_and_not(gates, rows, approved));
  }
  if (u.too_wide) t->exact = gate_or(gates, t->exact, members);
}

/* ---- Which policy ---- */

static Gate head(Binder *b, const licet_policy *policy, HeadColumn which, uint64_t answers) {
  int column = find_column(b, head_column_names[which], COLUMN_OF_HEAD);
  if (column < 0) return answers & HEAD_ABSENT ? GATE_YES : GATE_NO;
  const uint32_t at = (uint32_t)column;
  ColumnTest column_test = {.kind = COLUMN_TEST_HEAD,
                            .head = which,
                            .policy = policy,
                            .column_group = bind_column_group(b, &at, 1),
                            .input_count = 1};
  column_test.inputs[0] = (ColumnTestInput){NULL, at, 0};
  return bind_literal(b, bind_column_test(b, &column_test), answers);
}

/* What the exact reader is asked for where a row does not say it. A request starts when it was
 * received unless it says otherwise: rows that are packed say so, and of one that does not the
 * reader knows. */
static bool is_needed(HeadColumn which) {
  return which == HEAD_COLUMN_LINE || which == HEAD_COLUMN_DRUG || which == HEAD_COLUMN_KIND ||
         which == HEAD_COLUMN_RECEIVED || which == HEAD_COLUMN_START;
}

static Gate exact_heads(Binder *b, const licet_policy *policy) {
  Gates *gates = b->gates;
  Gate needs_exact = gate_and(gates, head(b, policy, HEAD_COLUMN_PAYER, HEAD_ABSENT),
                              head(b, policy, HEAD_COLUMN_POLICY, HEAD_ABSENT));
  for (HeadColumn which = 0; which < HEAD_COLUMNS; which++)
    needs_exact =
        gate_or(gates, needs_exact,
                head(b, policy, which,
                     is_needed(which) ? HEAD_NEEDS_EXACT | HEAD_ABSENT : HEAD_NEEDS_EXACT));
  return needs_exact;
}

/* Requests that the policy covers. */
static Gate covered(Binder *b, const Target *target, const licet_policy *policy) {
  Gates *gates = b->gates;
  Gate found = gate_and(gates, head(b, policy, HEAD_COLUMN_LINE, HEAD_FITS),
                        head(b, policy, HEAD_COLUMN_DRUG, HEAD_FITS));
  if (target->policy != NULL) return found;
  Gate named = head(b, policy, HEAD_COLUMN_POLICY, HEAD_FITS),
       unnamed = head(b, policy, HEAD_COLUMN_POLICY, HEAD_ABSENT);
  Gate payer = gate_and(gates, unnamed, head(b, policy, HEAD_COLUMN_PAYER, HEAD_FITS));
  return gate_and(gates, found, gate_or(gates, named, payer));
}

static Gate conclude_policy(TargetBinding *t, const Target *target, const licet_policy *policy,
                            Gate open) {
  Binder *b = t->b;
  const Policy *model = policy->model;
  const Version *fixed = target->on == DATE_NONE ? NULL : policy_version_on(model, target->on);
  Gate found = GATE_NO, rows = gate_and(b->gates, open, covered(b, target, policy));
  if (model->versions.count > VERSIONS_MOST) { /* more than have bits */
    t->exact = gate_or(b->gates, t->exact, rows);
    return rows;
  }
  for (uint32_t v = 0; v < model->versions.count; v++) {
    const Version *version = &model->versions.items[v];
    if (target->on != DATE_NONE && version != fixed) continue;
    Gate in_force = fixed != NULL
                        ? GATE_YES
                        : head(b, policy, HEAD_COLUMN_RECEIVED, (uint64_t)HEAD_FIRST_VERSION << v);
    in_force = gate_and(b->gates, rows, in_force);
    found = gate_or(b->gates, found, in_force);
    for (uint32_t kind = 0; kind < KINDS; kind++) {
      const ColumnPolicy *column_policy =
          plan_policy(b->plan, library_compiled(policy, version, (int)kind));
      Gate members =
          gate_and(b->gates, in_force,
                   head(b, policy, HEAD_COLUMN_KIND, (uint64_t)HEAD_FIRST_VERSION << kind));
      if (column_policy != NULL) conclude_column_policy(t, column_policy, members);
    }
  }
  return found;
}

/* The policies that a row asks for: by its id, or by its payer. */
static Gate asked_for(Binder *b, const Target *target, const licet_policy *policy) {
  if (target->policy != NULL) return target->policy == policy ? GATE_YES : GATE_NO;
  Gate unnamed = head(b, policy, HEAD_COLUMN_POLICY, HEAD_ABSENT);
  Gate payer = gate_and(b->gates, unnamed, head(b, policy, HEAD_COLUMN_PAYER, HEAD_FITS));
  return gate_or(b->gates, head(b, policy, HEAD_COLUMN_POLICY, HEAD_FITS), payer);
}

static void conclude_uncovered(TargetBinding *t, Uncovered uncovered, Gate rows) {
  const BulkVerdict verdict = {
      .outcome = LICET_NO_POLICY, .reason = uncovered_reason(uncovered), .pathway = ""};
  if (rows == GATE_NO) return;
  const uint16_t number = bind_verdict(t->b, t->target, &verdict);
  Gate *into = number < PLAN_VERDICTS_MOST ? &t->verdicts[number] : &t->exact;
  *into = gate_or(t->b->gates, *into, rows);
}

/* The steps of library_uncovered, for all rows at once. */
static void uncovered_by_reason(TargetBinding *t, const Target *target, Gate rows) {
  Binder *b = t->b;
  Gates *gates = b->gates;
  Gate asked = GATE_NO, for_drug = GATE_NO, for_line = GATE_NO;
  for (uint32_t i = 0; i < b->plan->library->policies.count && rows != GATE_NO; i++) {
    const licet_policy *policy = b->plan->library->policies.items[i];
    Gate fits = asked_for(b, target, policy);
    asked = gate_or(gates, asked, fits);
    fits = gate_and(gates, fits, head(b, policy, HEAD_COLUMN_DRUG, HEAD_FITS));
    for_drug = gate_or(gates, for_drug, fits);
    fits = gate_and(gates, fits, head(b, policy, HEAD_COLUMN_LINE, HEAD_FITS));
    for_line = gate_or(gates, for_line, fits);
  }
  if (rows == GATE_NO) return;
  const licet_policy *any = b->plan->library->policies.items[0];
  const Gate unasked = gate_and_not(gates, rows, asked);
  const Gate unnamed = head(b, any, HEAD_COLUMN_POLICY, HEAD_ABSENT);
  conclude_uncovered(t, UNCOVERED_POLICY, gate_and_not(gates, unasked, unnamed));
  conclude_uncovered(t, UNCOVERED_PAYER, gate_and(gates, unasked, unnamed));
  rows = gate_and(gates, rows, asked);
  conclude_uncovered(t, UNCOVERED_DRUG, gate_and_not(gates, rows, for_drug));
  rows = gate_and(gates, rows, for_drug);
  conclude_uncovered(t, UNCOVERED_LINE, gate_and_not(gates, rows, for_line));
  conclude_uncovered(t, UNCOVERED_DATE, gate_and(gates, rows, for_line));
}

/* Rows whose payer is another than that of the policy they name are in error: the exact reader says
 * so. */
static Gate contradicted_payers(Binder *b) {
  const licet_library *library = b->plan->library;
  Gate rows = GATE_NO;
  for (uint32_t i = 0; i < library->policies.count; i++) {
    const licet_policy *policy = library->policies.items[i];
    const Gate agrees = head(b, policy, HEAD_COLUMN_PAYER, HEAD_FITS | HEAD_ABSENT);
    const Gate named = head(b, policy, HEAD_COLUMN_POLICY, HEAD_FITS);
    rows = gate_or(b->gates, rows, gate_and_not(b->gates, named, agrees));
  }
  return rows;
}

/* Requests that no policy covers are read all the same, by the vocabulary that fits. */
static void conclude_no_policy(TargetBinding *t, const Target *target, Gate rows) {
  Binder *b = t->b;
  Gate fine = GATE_NO;
  for (uint32_t i = 0; i < b->plan->library->vocabularies.count && rows != GATE_NO; i++) {
    ColumnPolicyBinding u = {.b = b, .vocabulary = b->plan->library->vocabularies.items[i]};
    Gate request_errors = gate_or(b->gates, exact_entries(&u), contradictions(&u));
    if (!u.too_wide) fine = gate_or(b->gates, fine, gate_not(request_errors));
  }
  uncovered_by_reason(t, target, gate_and(b->gates, rows, fine));
  t->exact = gate_or(b->gates, t->exact, gate_and_not(b->gates, rows, fine));
}

/* Rows that the policy decides, if they ask for it. */
static Gate governed(Binder *b, const Target *target, const licet_policy *policy) {
  const uint32_t versions = policy->model->versions.count;
  const uint64_t all = versions > VERSIONS_MOST ? 0 : (UINT64_C(1) << versions) - 1;
  const Gate rows = covered(b, target, policy);
  if (all == 0) return rows; /* more than have bits: in force or not */
  return gate_and(b->gates, rows,
                  head(b, policy, HEAD_COLUMN_RECEIVED, (uint64_t)HEAD_FIRST_VERSION * all));
}

/* Rows that several policies cover are in error: the exact reader says so. */
static Gate rivaled(Binder *b, const Target *target) {
  const licet_library *library = b->plan->library;
  Gate rows = GATE_NO;
  for (uint32_t i = 0; i < library->policies.count; i++)
    for (uint32_t j = 0; j < i; j++) {
      const licet_policy *one = library->policies.items[i], *other = library->policies.items[j];
      if (!policies_overlap(one->model, other->model)) continue;
      const Gate both = gate_and(b->gates, governed(b, target, one), governed(b, target, other));
      rows = gate_or(b->gates, rows, both);
    }
  return rows;
}

static void conclude_target(TargetBinding *t, const Target *target) {
  Binder *b = t->b;
  const licet_library *library = b->plan->library;
  Gate left = GATE_NO;
  t->exact = GATE_YES;
  if (library->policies.count > 0) {
    Gate needs_exact = exact_heads(b, library->policies.items[0]);
    if (b->table->needs_exact != NULL)
      needs_exact =
          gate_or(b->gates, needs_exact,
                  gate_input(b->gates, bind_input(b, (InputPlane){INPUT_NEEDS_EXACT, 0, 0})));
    if (target->policy == NULL) {
      needs_exact = gate_or(b->gates, needs_exact, contradicted_payers(b));
      needs_exact = gate_or(b->gates, needs_exact, rivaled(b, target));
    }
    t->exact = needs_exact;
    left = gate_not(needs_exact);
  }
  for (uint32_t p = 0; p < library->policies.count; p++) {
    const licet_policy *policy = library->policies.items[p];
    if (target->policy != NULL && target->policy != policy) continue;
    left = gate_and_not(b->gates, left, conclude_policy(t, target, policy, left));
  }
  conclude_no_policy(t, target, left);
}

static Gate approved(const TargetBinding *t) {
  Gate sum = GATE_NO;
  for (uint32_t v = 1; v < PLAN_VERDICTS_MOST; v++)
    if (t->verdicts[v] != GATE_NO &&
        binder_verdict(t->b, t->target, (uint16_t)v)->outcome == LICET_APPROVE)
      sum = gate_or(t->b->gates, sum, t->verdicts[v]);
  return gate_and_not(t->b->gates, sum, t->exact);
}

/* Rows that are left to the exact diagram are counted by who asks it. */
static void sole_unmet_decided(const TargetBinding *t, uint32_t first) {
  for (uint32_t i = first; i < t->b->sole_unmet.count; i++)
    t->b->sole_unmet.items[i].gate =
        gate_and_not(t->b->gates, t->b->sole_unmet.items[i].gate, t->exact);
}

/* With two targets to compare: criteria that alone are unmet of one, where the other
 * approves. */
static void sole_unmet_changes(Binder *b, TargetBinding *const *targets) {
  for (uint32_t i = 0, count = b->sole_unmet.count; i < count; i++) {
    SoleUnmetPlane plane = b->sole_unmet.items[i];
    plane.change = true;
    plane.gate = gate_and(b->gates, plane.gate, approved(targets[1 - plane.target]));
    if (plane.gate != GATE_NO) LIST_PUSH(&b->built, b->sole_unmet, plane);
  }
}

void bind_targets(Binder *b, Gate **outputs, uint32_t *count) {
  LIST(Gate) list = {0};
  TargetBinding *targets[2] = {NULL, NULL};
  for (uint32_t i = 0; i < b->plan->target_count; i++) {
    TargetBinding *t = ARENA_NEW(&b->built, TargetBinding);
    t->b = b;
    t->target = i;
    const uint32_t sole_unmet = b->sole_unmet.count;
    conclude_target(t, &b->plan->targets[i]);
    sole_unmet_decided(t, sole_unmet);
    if (i < 2) targets[i] = t;
    uint32_t most = 0;
    for (uint32_t v = 1; v < PLAN_VERDICTS_MOST; v++)
      if (t->verdicts[v] != GATE_NO) most = v;
    b->targets[i].bits = most == 0 ? 0 : 32 - (uint32_t)__builtin_clz(most);
    for (uint32_t bit = 0; bit < b->targets[i].bits; bit++) {
      Gate sum = GATE_NO;
      for (uint32_t v = 1; v <= most; v++)
        if ((v >> bit) & 1)
          sum = gate_or(b->gates, sum, gate_and_not(b->gates, t->verdicts[v], t->exact));
      LIST_PUSH(&b->built, list, sum);
    }
  }
  if (b->plan->with_criteria && b->plan->target_count == 2) sole_unmet_changes(b, targets);
  for (uint32_t i = 0; i < b->sole_unmet.count; i++)
    LIST_PUSH(&b->built, list, b->sole_unmet.items[i].gate);
  *outputs = list.items;
  *count = list.count;
}
