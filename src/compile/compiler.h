/* compiler: one version and kind of a policy on its way into a diagram. Private to compile.c,
 * order.c and survey.c.
 *
 *     compiler_open ── compiler_collect ── (compiler_order) ── variables_close ── compiler_build
 */
#ifndef COMPILE_COMPILER_H
#define COMPILE_COMPILER_H

#include "compile/compile.h"
#include "compile/variable_internal.h"

#define NOT_BUILT UINT32_MAX

/* How much is made: everything; all that the diagram holds, but no texts; or the functions of
 * criteria and outcomes alone, without what the explanation shows. */
typedef enum Making { MAKE_ALL, MAKE_DIAGRAM, MAKE_FUNCTIONS } Making;

typedef struct Compiler {
  CompiledPolicy *compiled;
  VariableSet *set; /* compiled->set, or the one that several policies or versions share */
  Change change;    /* what stands otherwise than on the page */
  Making making;
  Arena *arena;
  Diagram *diagram; /* NULL while tests are collected */
  Date day;         /* DATE_NONE: any, while tests of all versions are collected */
  int kind;
  LIST(DiagramRef *) roots;
  bool *collected;   /* criteria already seen while collecting, by index */
  uint8_t *building; /* by index: guards against circles */
  DiagramRef *built; /* by index: what a criterion came to, NOT_BUILT before; others may refer to it
                        often */
  uint32_t *walked;  /* by index: the walk (facts_of_criterion) that was here last */
  uint32_t walk;
  bool failed;
  const Criterion *outgrown; /* in whose function the diagram became too large; NULL: not so */
} Compiler;

Compiler compiler_open(CompiledPolicy *compiled, VariableSet *set, Arena *arena);
/* Every test that the version asks, and what no patient is like where it bears on them (bears[i]:
 * the i-th `never` of the vocabulary does). */
void compiler_collect(Compiler *c, bool *bears);
/* A policy with several versions has its variables in the order of the page with all its lines, so
 * that what two versions share is built alike (order.c). */
void compiler_order(Compiler *c);
Diagram *compiler_open_diagram(const VariableSet *set, Arena *arena, Arena *scratch);
/* The functions of all criteria and outcomes. */
void compiler_build(Compiler *c);
/* What no patient is like, as compiled->possible. */
void compiler_build_possible(Compiler *c, const bool *bears);
DiagramRef compiler_build_condition(Compiler *c, const Condition *condition);
/* The tests of a criterion, in the order in which they are collected. */
void compiler_each_condition(Compiler *c, const Criterion *criterion,
                             void (*visit)(Compiler *c, const Condition *condition));

#endif
