/* The space of requests: which cells there are, and walks over functions of them.
 *
 * `possible` is the care set of the field: nothing is asked of a completion outside it. Shares are
 * weighted model counting, certainty is universal quantification over what is not given, and the
 * cheapest completion is a shortest path; each is one walk over the diagram that remembers its
 * nodes (Bryant 1986).
 *
 *     possible = truths of the vocabulary AND cells of the lines, drugs and kind that are shared
 *
 *     requests that exist   ⊆   possible   ⊆   completions
 *
 * Invariant: the left inclusion. So an empty function proves that no request meets it, and one that
 * is not empty proves nothing until a witness was replayed. */
#include "prove/space.h"

#include <string.h>

/* ---- What the subjects share ---- */

static bool has_drug(const Policy *policy, Text drug) {
  for (uint32_t i = 0; i < policy->drugs.count; i++) {
    if (text_equal_ignoring_case(policy->drugs.items[i], drug)) return true;
  }
  return false;
}

static void share_drugs(Space *space) {
  const Policy *first = space->subjects[0].policy;
  for (uint32_t i = 0; i < first->drugs.count; i++) {
    bool shared = true;
    for (uint32_t s = 1; s < space->subject_count; s++)
      shared = shared && has_drug(space->subjects[s].policy, first->drugs.items[i]);
    if (shared) LIST_PUSH(space->arena, space->drugs, first->drugs.items[i]);
  }
  space->shares_drugs = space->drugs.count > 0;
  if (space->shares_drugs) return;
  for (uint32_t s = 0; s < space->subject_count; s++) {
    const Policy *policy = space->subjects[s].policy;
    for (uint32_t i = 0; i < policy->drugs.count; i++)
      LIST_PUSH(space->arena, space->drugs, policy->drugs.items[i]);
  }
}

static void share_lines(Space *space) {
  uint32_t all = 0;
  space->lines = UINT32_MAX;
  for (uint32_t s = 0; s < space->subject_count; s++) {
    space->lines &= space->subjects[s].policy->lines;
    all |= space->subjects[s].policy->lines;
  }
  space->shares_lines = space->lines != 0;
  if (!space->shares_lines) space->lines = all;
}

static Date last_day(const CompileSubject *subject) {
  const Policy *policy = subject->policy;
  for (uint32_t i = 0; i + 1 < policy->versions.count; i++) {
    if (&policy->versions.items[i] == subject->version)
      return policy->versions.items[i + 1].date - 1;
  }
  return policy->until != DATE_NONE ? policy->until
                                    : date_add(subject->version->date, (Span){120, 0});
}

/* ---- Days on which treatment may start ---- */

static void add_start(Space *space, Date day) {
  if (day == DATE_NONE || space->starts.count == SPACE_STARTS) return;
  for (uint32_t i = 0; i < space->starts.count; i++) {
    if (space->starts.items[i] == day) return;
  }
  LIST_PUSH(space->arena, space->starts, day);
}

static bool is_fixed_day(const Threshold *threshold) {
  return threshold->term != NULL && threshold->term->kind == TERM_DATE;
}

/* A fixed day and a length before the start meet where the start is that much later: the days
 * around it are tried as well. */
static void add_starts_around(Space *space, Date day) {
  add_start(space, day - 1);
  add_start(space, day);
  add_start(space, day + 1);
}

static void add_meetings(Space *space, const Variable *fixed) {
  for (uint32_t t = 0; t < fixed->thresholds.count; t++) {
    if (!is_fixed_day(&fixed->thresholds.items[t])) continue;
    Date day = (Date)fixed->thresholds.items[t].amount;
    if (fixed->term->kind == TERM_FACT && fixed->term->fact->index == FACT_START) {
      add_starts_around(space, day);
      continue;
    }
    for (uint32_t i = 0; i < space->set->plain.count; i++) {
      const Variable *other = space->set->plain.items[i];
      if (other == fixed || other->fact != fixed->fact) continue;
      for (uint32_t o = 0; o < other->thresholds.count; o++) {
        const Threshold *at = &other->thresholds.items[o];
        if (other->kind == VARIABLE_LENGTH || other->anchor != NULL)
          add_starts_around(space, date_add(day, at->span));
      }
    }
  }
}

Date space_received(const CompileSubject *subject) {
  Date from = subject->version->date;
  return from + 14 <= last_day(subject) ? from + 14 : from;
}

static void choose_days(Space *space) {
  Date latest = DATE_NONE, last = DATE_NONE;
  space->received_by = ARENA_ARRAY(space->arena, Date, space->subject_count);
  for (uint32_t s = 0; s < space->subject_count; s++) {
    Date received = space_received(&space->subjects[s]), until = last_day(&space->subjects[s]);
    space->received_by[s] = received;
    if (s == 0 || received > latest) latest = received;
    if (s == 0 || until < last) last = until;
  }
  space->earliest = latest;
  for (uint32_t s = 0; s < space->subject_count; s++) {
    if (latest <= last) space->received_by[s] = latest;
    if (space->received_by[s] < space->earliest) space->earliest = space->received_by[s];
  }
  space->received = space->received_by[0];
  add_start(space, latest + 7);
  for (uint32_t i = 0; i < space->set->plain.count; i++) {
    const Variable *variable = space->set->plain.items[i];
    if (variable->kind == VARIABLE_ORDERED && variable->anchor == NULL &&
        variable->term->value == VALUE_DATE)
      add_meetings(space, variable);
  }
}

/* ---- Cells ---- */

static uint64_t product_anywhere(Space *space, const Variable *product) {
  uint64_t cells = 0;
  for (uint32_t i = 0; i < space->starts.count; i++) {
    space->facts.values[FACT_START].date = space->starts.items[i];
    cells |= product_cells(product, &space->facts);
  }
  space->facts.values[FACT_START].date = space->starts.items[0];
  return cells;
}

static uint64_t cells_of_drugs(Space *space, const Variable *variable) {
  uint64_t cells = 0;
  for (uint32_t i = 0; i < space->drugs.count; i++) {
    space->facts.values[FACT_DRUG].name = vocabulary_name(space->vocabulary, space->drugs.items[i]);
    cells |= variable_cells(variable, &space->facts, NULL, ENTRIES_ALL);
  }
  return cells;
}

static uint64_t cells_allowed(Space *space, const Variable *variable) {
  if (variable->kind == VARIABLE_PRODUCT)
    return product_anywhere(space, variable) & variable->cells;
  if (variable->fact == NULL) return variable->cells;
  switch (variable->fact->index) {
    case FACT_KIND:
      return variable->cells & (UINT64_C(1) << space->kind);
    case FACT_LINE:
      return variable->cells & space->lines;
    case FACT_DRUG:
      return variable->kind == VARIABLE_PATTERN ? cells_of_drugs(space, variable) : variable->cells;
    default:
      return variable->cells;
  }
}

static void open_facts_row(Space *space) {
  space->facts =
      (Facts){.vocabulary = space->vocabulary,
              .values = ARENA_ARRAY(space->arena, FactValue, space->vocabulary->facts.count)};
  for (uint32_t i = 0; i < BUILTIN_FACTS; i++)
    space->facts.values[i] = (FactValue){.known = true, .present = true};
  space->facts.values[FACT_KIND].choice = (uint32_t)space->kind;
  space->facts.values[FACT_LINE].choice = (uint32_t)__builtin_ctz(space->lines);
  space->facts.values[FACT_DRUG].name = vocabulary_name(space->vocabulary, space->drugs.items[0]);
  space->facts.values[FACT_RECEIVED].date = space->received;
  space->facts.values[FACT_START].date = space->starts.items[0];
}

static void allow_cells(Space *space) {
  uint32_t count = space->set->variables.count;
  space->allowed = ARENA_ARRAY(space->arena, uint64_t, count + 1);
  space->possible = space->shared->possible;
  for (uint32_t v = 0; v < count; v++) {
    const Variable *variable = space->set->variables.items[v];
    space->allowed[v] = cells_allowed(space, variable);
    space->some_joint = space->some_joint || (variable->facts & (variable->facts - 1)) != 0;
    space->possible = diagram_and(space->diagram, space->possible,
                                  diagram_literal(space->diagram, v, space->allowed[v]));
  }
}

static Space *open_space(const CompileSubject *subjects, uint32_t count, Text drug,
                         const Condition *further, Arena *arena, Diagnostics *diagnostics) {
  SharedCompilation *shared = compile_shared(subjects, count, further, arena, diagnostics);
  if (shared == NULL) return NULL;
  Space *space = ARENA_NEW(arena, Space);
  space->arena = arena;
  space->shared = shared;
  space->set = &shared->set;
  space->diagram = shared->diagram;
  space->vocabulary = subjects[0].policy->vocabulary;
  space->scratch = diagram_scratch_open(arena);
  space->kind = subjects[0].kind;
  space->subjects = ARENA_ARRAY(arena, CompileSubject, count);
  memcpy(space->subjects, subjects, count * sizeof *subjects);
  space->subject_count = count;
  for (uint32_t s = 0; s < count; s++)
    space->evidence = space->evidence || subjects[s].version->evidence[space->kind];
  if (drug.length > 0) {
    LIST_PUSH(arena, space->drugs, drug);
    space->shares_drugs = true;
  } else {
    share_drugs(space);
  }
  share_lines(space);
  choose_days(space);
  open_facts_row(space);
  allow_cells(space);
  return space;
}

Space *space_open(const CompileSubject *subjects, uint32_t count, Arena *arena,
                  Diagnostics *diagnostics) {
  return open_space(subjects, count, TEXT(""), NULL, arena, diagnostics);
}

Space *space_open_for(const CompileSubject *subject, Text drug, const Condition *further,
                      Arena *arena, Diagnostics *diagnostics) {
  return open_space(subject, 1, drug, further, arena, diagnostics);
}

FrozenDiagram space_diagram(const Space *space) {
  return (FrozenDiagram){.words = diagram_words(space->diagram),
                         .word_count = diagram_word_count(space->diagram),
                         .variables = space->set->variables.count};
}

/* ---- Answers per node, remembered during one walk ---- */

typedef struct Answer {
  DiagramRef node; /* 0: empty, as FALSE is never looked up */
  uint32_t cost, cell;
  double share;
} Answer;

typedef struct Answers {
  const Space *space;
  const uint32_t *words;
  Answer *slots;
  uint32_t capacity, count;
  uint64_t *seen; /* of a projection */
} Answers;

static void answers_open(Answers *answers, const Space *space) {
  *answers = (Answers){.space = space, .words = diagram_words(space->diagram), .capacity = 256};
  answers->slots = ARENA_ARRAY(space->arena, Answer, answers->capacity);
}

static Answer *answer_slot(const Answers *answers, DiagramRef node) {
  uint32_t mask = answers->capacity - 1,
           slot = (uint32_t)(node * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
  while (answers->slots[slot].node != 0 && answers->slots[slot].node != node)
    slot = (slot + 1) & mask;
  return &answers->slots[slot];
}

static void answer_keep(Answers *answers, Answer answer) {
  if (2 * (answers->count + 1) > answers->capacity) {
    Answer *old = answers->slots;
    uint32_t count = answers->capacity;
    answers->capacity *= 2;
    answers->slots = ARENA_ARRAY(answers->space->arena, Answer, answers->capacity);
    for (uint32_t i = 0; i < count; i++) {
      if (old[i].node != 0) *answer_slot(answers, old[i].node) = old[i];
    }
  }
  *answer_slot(answers, answer.node) = answer;
  answers->count++;
}

/* ---- Walks ---- */

bool space_some(const Space *space, DiagramRef function) {
  return diagram_and(space->diagram, function, space->possible) != DIAGRAM_FALSE;
}

bool space_always(const Space *space, DiagramRef function, const uint64_t *bound) {
  FrozenDiagram diagram = space_diagram(space);
  uint8_t *arity = ARENA_ARRAY(space->arena, uint8_t, diagram.variables + 1);
  for (uint32_t v = 0; v < diagram.variables; v++) arity[v] = space->set->variables.items[v]->arity;
  diagram.arity = arity;
  return diagram_evaluate(&diagram, function, space->possible, bound, space->scratch) ==
         HOLDS_ALWAYS;
}

static double share(Answers *answers, DiagramRef node) {
  if (node <= DIAGRAM_TRUE) return node == DIAGRAM_TRUE ? 1 : 0;
  const Answer *before = answer_slot(answers, node);
  if (before->node == node) return before->share;
  uint32_t variable = answers->words[node];
  double sum = 0;
  for (uint64_t cells = answers->space->allowed[variable]; cells != 0; cells &= cells - 1)
    sum += share(answers, answers->words[node + 1 + (uint32_t)__builtin_ctzll(cells)]);
  sum /= __builtin_popcountll(answers->space->allowed[variable]);
  answer_keep(answers, (Answer){.node = node, .share = sum});
  return sum;
}

double space_share(const Space *space, DiagramRef function) {
  Answers answers;
  DiagramRef care = diagram_and(space->diagram, function, space->possible);
  answers_open(&answers, space);
  double of = share(&answers, space->possible);
  return of == 0 ? 0 : share(&answers, care) / of;
}

/* What stating a cell costs: few facts, no judgments, ordinary values. */
static uint32_t cell_cost(const Space *space, uint32_t v, uint32_t cell) {
  const Variable *variable = space->set->variables.items[v];
  switch (variable->kind) {
    case VARIABLE_GIVEN:
    case VARIABLE_DOCUMENTED:
      return cell == 1 ? 1 : 400;
    case VARIABLE_JOINT:
      return 25;
    case VARIABLE_ORDERED:
      if (variable->fact != NULL && variable->fact->index < BUILTIN_FACTS) return 1;
      if (variable->has_none)
        return cell == 0       ? 9
               : cell % 2 == 0 ? 13
                               : 11; /* exactly at a threshold is less ordinary */
      return cell % 2 == 1 ? 13 : 11;
    case VARIABLE_CHOICE:
    case VARIABLE_LENGTH:
    case VARIABLE_PATTERN:
    case VARIABLE_PRODUCT:
      break;
  }
  if (variable->fact == NULL || variable->fact->index < BUILTIN_FACTS) return 1;
  if (variable->fact->has_default && variable->fact->default_value == cell) return 1;
  return variable->fact->supplier == SUPPLIER_REVIEWER ? 35 : 10 + (cell > 9 ? 9 : cell) / 5;
}

#define COST_NONE UINT32_MAX

static uint32_t cheapest(Answers *answers, DiagramRef node) {
  if (node <= DIAGRAM_TRUE) return node == DIAGRAM_TRUE ? 0 : COST_NONE;
  const Answer *before = answer_slot(answers, node);
  if (before->node == node) return before->cost;
  Answer best = {.node = node, .cost = COST_NONE};
  uint32_t variable = answers->words[node];
  for (uint64_t cells = answers->space->allowed[variable]; cells != 0; cells &= cells - 1) {
    uint32_t cell = (uint32_t)__builtin_ctzll(cells),
             rest = cheapest(answers, answers->words[node + 1 + cell]);
    if (rest == COST_NONE) continue;
    uint32_t cost = rest + cell_cost(answers->space, variable, cell);
    if (cost >= best.cost) continue;
    best.cost = cost;
    best.cell = cell;
  }
  answer_keep(answers, best);
  return best.cost;
}

bool space_cheapest(const Space *space, DiagramRef function, uint8_t *cells) {
  Answers answers;
  DiagramRef node = diagram_and(space->diagram, function, space->possible);
  answers_open(&answers, space);
  memset(cells, NO_CELL, space->set->variables.count);
  if (cheapest(&answers, node) == COST_NONE) return false;
  while (node > DIAGRAM_TRUE) {
    uint32_t cell = answer_slot(&answers, node)->cell;
    cells[answers.words[node]] = (uint8_t)cell;
    node = answers.words[node + 1 + cell];
  }
  return true;
}

/* Every variable between two neighbors on a path may be anything. */
static void skip_variables(Answers *answers, uint32_t from, uint32_t to) {
  for (uint32_t v = from; v < to; v++) answers->seen[v] = answers->space->allowed[v];
}

static void project(Answers *answers, DiagramRef node) {
  if (node <= DIAGRAM_TRUE || answer_slot(answers, node)->node == node) return;
  answer_keep(answers, (Answer){.node = node});
  uint32_t variable = answers->words[node], all = answers->space->set->variables.count;
  for (uint64_t cells = answers->space->allowed[variable]; cells != 0; cells &= cells - 1) {
    uint32_t cell = (uint32_t)__builtin_ctzll(cells);
    DiagramRef child = answers->words[node + 1 + cell];
    if (child == DIAGRAM_FALSE)
      continue; /* the function keeps within what is possible, so any other node leads to TRUE */
    answers->seen[variable] |= UINT64_C(1) << cell;
    skip_variables(answers, variable + 1, child == DIAGRAM_TRUE ? all : answers->words[child]);
    project(answers, child);
  }
}

void space_project(const Space *space, DiagramRef function, uint64_t *cells) {
  Answers answers;
  DiagramRef care = diagram_and(space->diagram, function, space->possible);
  uint32_t all = space->set->variables.count;
  answers_open(&answers, space);
  answers.seen = cells;
  memset(cells, 0, all * sizeof *cells);
  if (care == DIAGRAM_FALSE) return;
  skip_variables(&answers, 0, care == DIAGRAM_TRUE ? all : answers.words[care]);
  project(&answers, care);
}

static uint64_t facts_asked(Answers *answers, DiagramRef node) {
  if (node <= DIAGRAM_TRUE || answer_slot(answers, node)->node == node) return 0;
  answer_keep(answers, (Answer){.node = node});
  const Variable *variable = answers->space->set->variables.items[answers->words[node]];
  uint64_t asked = 0;
  DiagramRef one = DIAGRAM_FALSE;
  bool first = true;
  for (uint64_t cells = answers->space->allowed[answers->words[node]]; cells != 0;
       cells &= cells - 1) {
    DiagramRef child = answers->words[node + 1 + (uint32_t)__builtin_ctzll(cells)];
    if (!first && child != one) asked |= variable->facts;
    one = child;
    first = false;
    asked |= facts_asked(answers, child);
  }
  return asked;
}

uint64_t space_facts_asked(const Space *space, DiagramRef function) {
  Answers answers;
  answers_open(&answers, space);
  return facts_asked(&answers, function);
}

DiagramRef space_without_judgment(const Space *space, DiagramRef function) {
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    const Variable *variable = space->set->variables.items[v];
    if (variable->kind != VARIABLE_CHOICE || variable->fact->supplier != SUPPLIER_REVIEWER ||
        variable->arity != 2)
      continue;
    uint64_t no = text_is(variable->fact->type.values[0], "no") ? 1 : 2;
    function = diagram_and(space->diagram, function, diagram_literal(space->diagram, v, no));
  }
  return function;
}

/* Where the flag says that a fact is not stated, every variable that rests on it is open, and the
 * flag too: the fact may yet be stated. What is not documented may yet be. */
static DiagramRef certain_of(const Space *space, DiagramRef function, uint32_t given) {
  const VariableSet *set = space->set;
  uint64_t *cells = ARENA_ARRAY(space->arena, uint64_t, set->variables.count + 1);
  uint64_t bit = set->variables.items[given]->facts;
  bool is_given = set->variables.items[given]->kind == VARIABLE_GIVEN;
  for (uint32_t v = 0; v < set->variables.count; v++) {
    const Variable *variable = set->variables.items[v];
    bool flag = variable->kind == VARIABLE_GIVEN || variable->kind == VARIABLE_DOCUMENTED;
    if (is_given && !flag && (variable->facts & bit) != 0) cells[v] = space->allowed[v];
  }
  cells[given] = space->allowed[given];
  DiagramRef stated = diagram_literal(space->diagram, given, 2);
  DiagramRef open =
      diagram_or(space->diagram, function, diagram_not(space->diagram, space->possible));
  open = diagram_forall(space->diagram, open, cells, space->scratch);
  open = diagram_and(space->diagram, open, diagram_not(space->diagram, stated));
  return diagram_or(space->diagram, open, diagram_and(space->diagram, function, stated));
}

DiagramRef space_certain(const Space *space, DiagramRef function) {
  for (uint32_t v = 0; v < space->set->variables.count; v++) {
    VariableKind kind = space->set->variables.items[v]->kind;
    if (kind == VARIABLE_GIVEN || kind == VARIABLE_DOCUMENTED)
      function = certain_of(space, function, v);
  }
  return function;
}
