/* gaps: days on which neither a line that ended nor the line that replaces it is in force.
 *
 * No diagram is needed: the dates stand on the lines. Invariant: a gap covers whole versions, the
 * first and the last of which the finding names. */
#include "prove/check.h"
#include "prove/words.h"

/* A line that ends, and the next of the same label, or the next beside it, that begins more than a
 * day later. */
static bool replaces(const Criterion *ended, const Criterion *next) {
  if (ended->parent != next->parent || next->in_force.from == DATE_NONE ||
      next->in_force.from <= ended->in_force.until)
    return false;
  if (ended->label.length > 0 || next->label.length > 0)
    return text_equal(ended->label, next->label);
  return next->index == ended->index + 1;
}

static const Criterion *successor(const Policy *policy, const Criterion *ended) {
  const Criterion *best = NULL;
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *next = policy->criteria.items[i];
    if (replaces(ended, next) && (best == NULL || next->in_force.from < best->in_force.from))
      best = next;
  }
  return best;
}

void check_dates(ProofRun *run, const Policy *policy) {
  for (uint32_t i = 0; i < policy->criteria.count; i++) {
    const Criterion *ended = policy->criteria.items[i];
    if (ended->in_force.until == DATE_NONE) continue;
    const Criterion *next = successor(policy, ended);
    if (next == NULL || next->in_force.from == ended->in_force.until + 1) continue;
    char from[10], until[10];
    date_write(ended->in_force.until + 1, from);
    date_write(next->in_force.from - 1, until);
    PolicyCheck check = {.run = run, .policy = policy};
    Text words = words_of_criterion(run->passing, ended);
    const char *why = arena_format(
        run->passing, "From %.10s until %.10s neither “%.*s” nor its replacement is in force.",
        from, until, (int)words.length, words.at);
    Defect *defect = add_defect(&check, LICET_GAP, ended, why);
    defect->kinds = (1u << KINDS) - 1;
    while (defect->first + 1 < policy->versions.count &&
           policy->versions.items[defect->first].date <= ended->in_force.until)
      defect->first++;
    defect->last = defect->first;
    while (defect->last + 1 < policy->versions.count &&
           policy->versions.items[defect->last + 1].date < next->in_force.from)
      defect->last++;
  }
}
