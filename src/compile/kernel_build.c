/* The kernel of a compiled policy: rows from tests, steps from connectives.
 *
 * Bits 0 to n - 1 are the criteria in page order; what stands within a criterion's condition gets
 * bits behind them. Negations are pushed down to the tests, where they only swap cells. What cannot
 * be said so (a criterion referred to, a sum of counts) stays a function that the diagram is asked.
 */
#include "base/unreachable.h"
#include "compile/compile.h"

typedef struct PlannedTest {
  uint32_t bit, variable;
  uint64_t cells;
} PlannedTest;

typedef LIST(uint32_t) BitList;

typedef struct PlannedStep {
  KernelStep step;
  BitList parts;
} PlannedStep;

typedef struct KernelBuilder {
  const CompiledPolicy *compiled;
  Arena *arena;
  uint32_t bits;
  LIST(PlannedTest) tests;
  LIST(PlannedStep) steps;
} KernelBuilder;

/* ---- Planning ---- */

static void plan_test(KernelBuilder *b, uint32_t bit, uint32_t variable, uint64_t cells) {
  LIST_PUSH(b->arena, b->tests, ((PlannedTest){bit, variable, cells}));
}

static void plan_step(KernelBuilder *b, uint32_t bit, KernelStepKind kind, uint32_t needed,
                      const BitList *parts) {
  PlannedStep planned = {.step = {.kind = (uint8_t)kind, .needed = (uint16_t)needed, .bit = bit}};
  if (parts != NULL) planned.parts = *parts;
  LIST_PUSH(b->arena, b->steps, planned);
}

/* Can the condition be taken apart into tests? */
static bool is_plain(const KernelBuilder *b, const Condition *condition) {
  uint32_t variable;
  uint64_t cells;
  switch (condition->kind) {
    case CONDITION_TRUE:
    case CONDITION_FALSE:
    case CONDITION_MET:
      return false;
    case CONDITION_AND:
    case CONDITION_OR:
    case CONDITION_NOT:
      for (uint32_t i = 0; i < condition->operands.count; i++) {
        if (!is_plain(b, condition->operands.items[i])) return false;
      }
      return true;
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
      return variables_test(&b->compiled->set, condition, &variable, &cells);
  }
  UNREACHABLE();
}

typedef enum Sense { SENSE_HOLDS, SENSE_FAILS } Sense;

static void plan_condition(KernelBuilder *b, uint32_t bit, const Condition *condition,
                           Sense sense) {
  if (condition->kind == CONDITION_NOT) {
    plan_condition(b, bit, condition->operands.items[0],
                   sense == SENSE_HOLDS ? SENSE_FAILS : SENSE_HOLDS);
    return;
  }
  if (condition->kind != CONDITION_AND && condition->kind != CONDITION_OR) {
    uint32_t variable = 0;
    uint64_t cells = 0;
    variables_test(&b->compiled->set, condition, &variable, &cells);
    plan_test(b, bit, variable, sense == SENSE_HOLDS ? cells : ~cells);
    return;
  }
  BitList parts = {0};
  for (uint32_t i = 0; i < condition->operands.count; i++) {
    LIST_PUSH(b->arena, parts, b->bits++);
    plan_condition(b, parts.items[i], condition->operands.items[i], sense);
  }
  bool all = (condition->kind == CONDITION_AND) == (sense == SENSE_HOLDS);
  plan_step(b, bit, all ? KERNEL_ALL : KERNEL_ANY, 0, &parts);
}

static KernelStepKind kind_of(Connective connective) {
  switch (connective) {
    case CONNECTIVE_LEAF:
    case CONNECTIVE_ALL:
      return KERNEL_ALL;
    case CONNECTIVE_ANY:
      return KERNEL_ANY;
    case CONNECTIVE_NONE:
      return KERNEL_NONE;
    case CONNECTIVE_AT_LEAST:
      return KERNEL_AT_LEAST;
  }
  UNREACHABLE();
}

static void plan_group(KernelBuilder *b, uint32_t bit, uint32_t at) {
  const CompiledCriterion *criteria = b->compiled->criteria.items;
  BitList parts = {0};
  for (uint32_t i = at + 1; i <= at + criteria[at].subtree; i += criteria[i].subtree + 1)
    LIST_PUSH(b->arena, parts, i);
  plan_step(b, bit, kind_of(criteria[at].connective), criteria[at].needed, &parts);
}

/* A leaf's condition, and that the facts it reads are given where they must be stated. */
static void plan_leaf(KernelBuilder *b, uint32_t bit, const CompiledCriterion *criterion) {
  const Condition *condition = criterion->criterion->condition;
  BitList parts = {0};
  if (criterion->stated.count == 0) {
    plan_condition(b, bit, condition, SENSE_HOLDS);
    return;
  }
  LIST_PUSH(b->arena, parts, b->bits++);
  plan_condition(b, parts.items[0], condition, SENSE_HOLDS);
  for (uint32_t i = 0; i < criterion->stated.count; i++) {
    Condition given = {.kind = CONDITION_GIVEN, .fact = criterion->stated.items[i]};
    LIST_PUSH(b->arena, parts, b->bits++);
    plan_condition(b, parts.items[i + 1], &given, SENSE_HOLDS);
  }
  plan_step(b, bit, KERNEL_ALL, 0, &parts);
}

static void plan_criterion(KernelBuilder *b, uint32_t at) {
  const CompiledCriterion *criterion = &b->compiled->criteria.items[at];
  const Condition *guard = criterion->criterion->guard,
                  *condition = criterion->criterion->condition;
  bool leaf = criterion->criterion->connective == CONNECTIVE_LEAF;
  if (criterion->not_asked) {
    plan_step(b, at, KERNEL_MET, 0, NULL);
    return;
  }
  bool plain = !criterion->is_replaced &&
               (!leaf || (condition != NULL && is_plain(b, condition))) &&
               (guard == NULL || is_plain(b, guard));
  if (!plain) {
    plan_step(b, at, KERNEL_FUNCTION, 0, NULL);
    return;
  }
  uint32_t bit = at;
  BitList either = {0};
  if (guard != NULL) { /* if … then: not the one, or the other */
    LIST_PUSH(b->arena, either, b->bits++);
    LIST_PUSH(b->arena, either, bit = b->bits++);
    plan_condition(b, either.items[0], guard, SENSE_FAILS);
  }
  if (leaf) {
    plan_leaf(b, bit, criterion);
  } else {
    plan_group(b, bit, at);
  }
  if (guard != NULL) plan_step(b, at, KERNEL_ANY, 0, &either);
}

/* ---- Laying out ---- */

/* Only variables that are tested get rows. */
static void lay_out_rows(const KernelBuilder *b, Kernel *kernel) {
  const VariableSet *set = &b->compiled->set;
  const uint32_t row_words = 2 * kernel->words;
  uint32_t total = 0, *first = ARENA_ARRAY(b->arena, uint32_t, set->variables.count);
  KernelVariable *variables = ARENA_ARRAY(b->arena, KernelVariable, set->variables.count);
  bool *tested = ARENA_ARRAY(b->arena, bool, set->variables.count);
  for (uint32_t i = 0; i < b->tests.count; i++) tested[b->tests.items[i].variable] = true;
  for (uint32_t v = 0; v < set->variables.count; v++) {
    if (!tested[v]) continue;
    variables[kernel->variable_count++] = (KernelVariable){v, total};
    first[v] = total;
    total += set->variables.items[v]->arity * row_words;
  }
  uint64_t *rows = ARENA_ARRAY(b->arena, uint64_t, total);
  for (uint32_t i = 0; i < b->tests.count; i++) {
    const PlannedTest *test = &b->tests.items[i];
    for (uint32_t cell = 0; cell < set->variables.items[test->variable]->arity; cell++) {
      uint64_t *row = rows + first[test->variable] + (size_t)cell * row_words;
      if (!((test->cells >> cell) & 1)) row += kernel->words; /* what is not met fails */
      row[test->bit / 64] |= UINT64_C(1) << (test->bit % 64);
    }
  }
  kernel->variables = variables;
  kernel->rows = rows;
}

static uint8_t doubt_of(const KernelBuilder *b, const PlannedStep *planned) {
  if (planned->step.kind == KERNEL_FUNCTION || planned->step.kind == KERNEL_AT_LEAST)
    return DOUBT_ASKED;
  for (uint32_t i = 0; i < planned->parts.count; i++) {
    if (planned->parts.items[i] >= b->compiled->criteria.count)
      return DOUBT_ASKED; /* that part could not ask for itself */
  }
  return DOUBT_ASKED_OF_SEVERAL;
}

static void lay_out_steps(const KernelBuilder *b, Kernel *kernel) {
  KernelStep *steps = ARENA_ARRAY(b->arena, KernelStep, b->steps.count);
  uint64_t *masks = ARENA_ARRAY(b->arena, uint64_t, (size_t)b->steps.count * kernel->words);
  for (uint32_t i = 0; i < b->steps.count; i++) {
    const PlannedStep *planned = &b->steps.items[i];
    steps[i] = planned->step;
    steps[i].parts = i * kernel->words;
    if (planned->step.bit < b->compiled->criteria.count) {
      steps[i].function = b->compiled->criteria.items[planned->step.bit].holds;
      steps[i].doubt = doubt_of(b, planned);
    }
    for (uint32_t p = 0; p < planned->parts.count; p++) {
      masks[steps[i].parts + planned->parts.items[p] / 64] |= UINT64_C(1)
                                                              << (planned->parts.items[p] % 64);
    }
  }
  kernel->steps = steps;
  kernel->masks = masks;
  kernel->step_count = b->steps.count;
}

static const uint32_t *lay_out_walk(const FrozenDiagram *diagram, Arena *arena) {
  if (diagram->variables > WALK_VARIABLES || diagram->word_count >= WALK_WORDS) return NULL;
  uint32_t *walk = ARENA_ARRAY(arena, uint32_t, diagram->word_count);
  for (uint32_t at = 2; at < diagram->word_count;) { /* refs 0 and 1 are no nodes */
    const uint32_t arity = diagram->arity[diagram->words[at]];
    for (uint32_t cell = 1; cell <= arity; cell++)
      walk[at + cell] = kernel_walk_from(diagram, diagram->words[at + cell]);
    at += 1 + arity;
  }
  return walk;
}

void kernel_build(CompiledPolicy *compiled, Arena *arena) {
  KernelBuilder b = {.compiled = compiled, .arena = arena, .bits = compiled->criteria.count};
  for (uint32_t i = compiled->criteria.count; i-- > 0;)
    plan_criterion(&b, i); /* parts stand behind their group */
  Kernel *kernel = &compiled->kernel;
  kernel->words = (b.bits + 63) / 64;
  kernel->diagram = &compiled->diagram;
  kernel->possible = compiled->possible;
  lay_out_rows(&b, kernel);
  lay_out_steps(&b, kernel);
  kernel->walk = lay_out_walk(&compiled->diagram, arena);
}
