/* Policies by their names, with or without a day. */
#include <string.h>

#include "bulk/run.h"

static licet_status no_such_policy(Run *run, Text id) {
  const uint32_t count = run->library->policies.count;
  Text *ids = ARENA_ARRAY(&run->result->arena, Text, count + 1);
  for (uint32_t i = 0; i < count; i++) ids[i] = run->library->policies.items[i]->model->id;
  const int near = text_nearest(id, ids, count);
  if (near < 0)
    return result_fail(run->result, LICET_NOT_FOUND, "unknown policy '%.*s'", (int)id.length,
                       id.at);
  return result_fail(run->result, LICET_NOT_FOUND, "unknown policy '%.*s'; did you mean '%.*s'?",
                     (int)id.length, id.at, (int)ids[near].length, ids[near].at);
}

static licet_status add_target(Run *run, const char *name) {
  licet_bulk_result *result = run->result;
  const char *at = strrchr(name, '@');
  const Text id = {name, at == NULL ? (uint32_t)strlen(name) : (uint32_t)(at - name)};
  Target target = {library_policy_named(run->library, id), DATE_NONE, name};
  if (run->target_count == PLAN_TARGETS_MOST)
    return result_fail(result, LICET_BAD_OPTIONS, "at most %u policies at once", PLAN_TARGETS_MOST);
  if (at != NULL && !date_parse(text_of(at + 1), &target.on))
    return result_fail(result, LICET_BAD_OPTIONS, "'%s': '%s' is not a date such as 2026-11-02",
                       name, at + 1);
  if (target.policy == NULL) return no_such_policy(run, id);
  if (at != NULL && policy_version_on(target.policy->model, target.on) == NULL)
    return result_fail(result, LICET_NOT_FOUND, "'%s': the policy was not in force on that date",
                       name);
  for (uint32_t i = 0; i < run->target_count; i++)
    if (run->targets[i].policy == target.policy && run->targets[i].on == target.on)
      return result_fail(result, LICET_BAD_OPTIONS, "'%s' is named twice", name);
  run->targets[run->target_count++] = target;
  return LICET_OK;
}

licet_status run_find_targets(Run *run) {
  const licet_bulk_options *options = run->options;
  licet_status status = LICET_OK;
  for (size_t i = 0;
       options->policies != NULL && options->policies[i] != NULL && status == LICET_OK; i++)
    status = add_target(run, options->policies[i]);
  if (status == LICET_OK && run->target_count == 0)
    run->targets[run->target_count++] = (Target){NULL, DATE_NONE, ""};
  if (status != LICET_OK || options->against == NULL) return status;
  if (run->target_count > 1)
    return result_fail(run->result, LICET_BAD_OPTIONS,
                       "only one policy can be compared with another");
  run->order.compares = true;
  return add_target(run, options->against);
}
