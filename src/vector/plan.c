/* plan: each version and kind of the policies that the targets may need becomes a column policy
 * once, before the run; workers share the plan and only read it. */
#include "vector/plan.h"

#include <string.h>

static void add_unit(Plan *plan, const licet_policy *policy, const Version *version,
                     Arena *scratch) {
  for (int kind = 0; kind < KINDS; kind++) {
    const CompiledPolicy *compiled = library_compiled(policy, version, kind);
    if (compiled == NULL) arena_exhaust(&plan->arena);
    if (plan_policy(plan, compiled) != NULL) continue;
    ColumnPolicy *column_policy =
        column_policy_open(policy, compiled, plan->with_criteria, &plan->arena, scratch);
    LIST_PUSH(&plan->arena, plan->column_policies, column_policy);
  }
}

static void add_policy(Plan *plan, const licet_policy *policy, Date on, Arena *scratch) {
  const Version *version = on == DATE_NONE ? NULL : policy_version_on(policy->model, on);
  for (uint32_t i = 0; i < policy->model->versions.count; i++) {
    const Version *each = &policy->model->versions.items[i];
    if (on == DATE_NONE || each == version) add_unit(plan, policy, each, scratch);
  }
}

static void fill(Plan *plan, const licet_library *library, const Target *targets, uint32_t count,
                 Arena *scratch) {
  plan->library = library;
  plan->targets = ARENA_ARRAY(&plan->arena, Target, count);
  plan->target_count = count;
  memcpy(plan->targets, targets, count * sizeof *targets);
  for (uint32_t t = 0; t < count; t++) {
    for (uint32_t p = 0; p < library->policies.count; p++) {
      const licet_policy *policy = library->policies.items[p];
      if (targets[t].policy == NULL || targets[t].policy == policy)
        add_policy(plan, policy, targets[t].on, scratch);
    }
  }
}

typedef struct Filling {
  Plan *plan;
  const licet_library *library;
  const Target *targets;
  uint32_t count;
  Arena scratch;
} Filling;

static void fill_plan(void *context) {
  Filling *filling = context;
  fill(filling->plan, filling->library, filling->targets, filling->count, &filling->scratch);
}

Plan *plan_open(const licet_library *library, const Target *targets, uint32_t count,
                bool with_criteria) {
  Plan *plan = memory_allocate(sizeof *plan);
  if (plan == NULL) return NULL;
  memset(plan, 0, sizeof *plan);
  Filling filling = {.plan = plan, .library = library, .targets = targets, .count = count};
  arena_open(&plan->arena);
  arena_open(&filling.scratch);
  plan->with_criteria = with_criteria;
  Arena *const arenas[] = {&plan->arena, &filling.scratch};
  const bool done = arenas_attempt(arenas, 2, fill_plan, &filling);
  arena_close(&filling.scratch);
  if (done) return plan;
  plan_close(plan);
  return NULL;
}

void plan_close(Plan *plan) {
  if (plan == NULL) return;
  arena_close(&plan->arena);
  memory_free(plan);
}

const ColumnPolicy *plan_policy(const Plan *plan, const CompiledPolicy *compiled) {
  for (uint32_t i = 0; i < plan->column_policies.count; i++)
    if (plan->column_policies.items[i]->compiled == compiled) return plan->column_policies.items[i];
  return NULL;
}
