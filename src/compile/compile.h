/* compile: one version of a policy, for one kind of request, as functions in one diagram.
 *
 * Every criterion in force becomes a function ("its own condition holds"); every outcome becomes
 * the function of its full condition: its own, and that of every sibling above it that an `all of`
 * demands and that holds no outcome itself. `approve` is the disjunction of the approving outcomes.
 * `possible` says which completions exist at all: those that break no `never` of the vocabulary.
 */
#ifndef COMPILE_COMPILE_H
#define COMPILE_COMPILE_H

#include "compile/kernel.h"
#include "compile/variable.h"

/* A criterion that is in force, in page order. */
typedef struct CompiledCriterion {
  const Criterion *criterion;
  uint32_t depth; /* 0 for the top level */
  DiagramRef holds;
  DiagramRef literal; /* by the literal wording of its interpretations; equal to `holds` where there
                         is none */
  FactList facts;     /* what a leaf reads, built-in facts too; and what authorizations are
                         calculated from */
  bool calculates;    /* an authorization from facts … */
  DiagramRef authorizes; /* … that are given and leave a cycle, for each of its authorizations */
  bool not_asked;        /* a prerequisite in a continuation */
  bool is_replaced;      /* by a literal condition that the library was opened with */
  FactList stated;       /* facts a leaf reads that the request must state */
  Connective connective; /* of a group, by the wording in use */
  uint32_t needed;
  Text json_head[3]; /* its fixed part on the wire for each status:
                        "label":…,"path":…,"text":…,"status":"met" */
  uint32_t subtree;  /* how many compiled criteria follow that stand under it */
} CompiledCriterion;

typedef struct CompiledOutcome {
  const Outcome *outcome;
  DiagramRef holds;   /* its full condition with `where` and `while` */
  DiagramRef not_now; /* a renewal: the full condition without `while`, where it is none or `while`
                         fails */
} CompiledOutcome;

/* Where another policy or a person continues. Routes to the same policy count as one. */
typedef struct CompiledRoute {
  Text code;
  const Outcome *outcome; /* the first in page order */
  DiagramRef holds;
} CompiledRoute;

typedef enum PolicyFunction {
#define FUNCTION(name) FUNCTION_##name,
#include "compile/function.def"
#undef FUNCTION
  POLICY_FUNCTIONS
} PolicyFunction;

/* By name or by number. */
typedef union PolicyFunctions {
  struct {
#define FUNCTION(name) DiagramRef name;
#include "compile/function.def"
#undef FUNCTION
  };
  DiagramRef at[POLICY_FUNCTIONS];
} PolicyFunctions;

typedef struct CompiledPolicy {
  const Policy *policy;
  const Version *version;
  int kind;
  VariableSet set;
  FrozenDiagram diagram;
  DiagramRef possible;
  PolicyFunctions whole;
  LIST(CompiledCriterion) criteria;
  LIST(CompiledOutcome) approvals; /* approve and renew, page order; renew none has holds = FALSE */
  LIST(CompiledRoute) routes;
  LIST(CompiledRoute) referrals;
  Kernel kernel;           /* every criterion's status at once; bit i is criteria[i] */
  bool *bears_on_possible; /* per variable: `possible` asks it */
  size_t json_length;      /* about how long a determination gets */
  Text json_policy;        /* {"id":…,"version":…,"digest":…} */
  Text json_provenance;    /* members: "version_digest":…,"reconstructed":…,"literal":[…] */
  LIST(Text) literal;      /* interpretations that the library was opened with, in page order */
} CompiledPolicy;

/* Prepares compiled->kernel (kernel_build.c). */
void kernel_build(CompiledPolicy *compiled, Arena *arena);

/* NULL where a limit was exceeded (diagnosed). The result lives in `arena`; `scratch` may be reset
 * afterwards. */
CompiledPolicy *compile_policy(const Policy *policy, const Version *version, int kind, Arena *arena,
                               Arena *scratch, Diagnostics *diagnostics);
/* The same with one criterion's own condition denied: what the decision would be if it alone came
 * out the other way. Its variables are those of the policy as it is, in the same order, so what was
 * bound for the one serves the other. */
CompiledPolicy *compile_policy_negating(const Policy *policy, const Version *version, int kind,
                                        const Criterion *negated, Arena *arena, Arena *scratch,
                                        Diagnostics *diagnostics);

/* ---- Several at once: for who compares
 * -----------------------------------------------------------------------------------------
 *
 * Functions of different policies, versions or wordings can be compared where they are built over
 * the same variables: then two are the same exactly when their refs are. The policies share a
 * vocabulary. */

/* How a policy is to stand otherwise than on its page. All of it may be absent. */
typedef struct Change {
  Text literal;                /* the interpretation whose literal wording is taken */
  const Criterion *without;    /* taken out of the group it stands in */
  const Criterion *authorized; /* counts as met */
  const Criterion *negated;    /* its own condition counts as the opposite of what it says */
  bool asked;                  /* prerequisites are asked in a continuation too */
} Change;

typedef struct CompileSubject {
  const Policy *policy;
  const Version *version;
  int kind;
  Change change;
} CompileSubject;

typedef struct SharedCompilation {
  Arena *arena;
  VariableSet set;  /* what any of the subjects asks */
  Diagram *diagram; /* open: the functions of all of them, and what the caller makes of these */
  DiagramRef possible;
} SharedCompilation;

/* NULL where a limit was exceeded (diagnosed). Changes of the subjects do not matter here: all
 * wordings are collected. `besides` (NULL: nothing) is asked as well: a condition of the
 * vocabulary, which no page holds. */
SharedCompilation *compile_shared(const CompileSubject *subjects, uint32_t count,
                                  const Condition *besides, Arena *arena, Diagnostics *diagnostics);
/* That condition, as a function of shared->diagram. */
DiagramRef compile_besides(SharedCompilation *shared, const CompileSubject *subject,
                           const Condition *besides);
/* One of the subjects, with its change: its refs are of shared->diagram. Its set, frozen diagram,
 * kernel and texts stay empty. NULL where a limit was exceeded (diagnosed). */
CompiledPolicy *compile_subject(SharedCompilation *shared, const CompileSubject *subject);

#endif
