/* defects: the checks of a policy, version by version and kind by kind.
 *
 * Each check asks questions of the diagram; docs/proofs.md lists what it claims. Their order
 * matters: alternatives leave out what nobody or everybody meets, redundant criteria leave out what
 * is subsumed, and interpretations replace the functions by what is certain, so they come last.
 *
 * Invariant: where the diagram grew too large, nothing found of that version and kind is kept, and
 * the report says that nothing is claimed. */
#include "prove/defects.h"

#include "prove/check.h"

static void report_not_proved(PolicyCheck *check) {
  Defect *defect = add_defect(
      check, LICET_NOT_PROVED, NULL,
      "The conditions depend on each other too much to be examined: nothing is claimed.");
  defect->is_defect = false;
}

static void check_version(PolicyCheck *check) {
  CompileSubject subject = {.policy = check->policy,
                            .version = &check->policy->versions.items[check->version],
                            .kind = check->kind};
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, check->run->passing);
  uint32_t before = check->run->found->count;
  check->space = space_open(&subject, 1, check->run->passing, &diagnostics);
  check->base = check->space == NULL ? NULL : compile_subject(check->space->shared, &subject);
  check->asked = check->base;
  if (check->base != NULL && check->kind == KIND_CONTINUATION)
    check->asked = check_compile(check, (Change){.asked = true});
  if (check->base == NULL || check->asked == NULL) {
    report_not_proved(check);
    return;
  }
  uint32_t count = check->base->criteria.count + 1;
  bool **flags[] = {&check->unsatisfiable, &check->always, &check->redundant, &check->subsumed};
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
    *flags[i] = ARENA_ARRAY(check->run->passing, bool, count);
  check->parent = ARENA_ARRAY(check->run->passing, uint32_t, count);
  find_parents(check);
  check_each(check);
  check_alternatives(check);
  check_branches(check);
  check_outcomes(check);
  make_certain(check, check->base); /* all that follows compares decisions */
  check_interpretations(check);
  if (!diagram_too_large(check->space->diagram)) return;
  check->run->found->count = before; /* a diagram that grew too large answers nothing any more */
  report_not_proved(check);
}

void defects_find(ProofRun *run, const Policy *policy) {
  check_dates(run, policy);
  for (uint32_t v = policy->versions.count; v-- > 0;) {
    for (int kind = 0; kind < KINDS; kind++) {
      arena_reset(run->passing);
      PolicyCheck check = {.run = run, .policy = policy, .version = v, .kind = kind};
      buffer_open(&check.left_out, run->passing, 64);
      if (within_bounds(&check, "every criterion", NULL)) check_version(&check);
      check_labels(&check);
      report_left_out(&check);
    }
  }
  arena_reset(run->passing);
}
