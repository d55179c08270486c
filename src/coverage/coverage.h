/* coverage: the tally of a run of cases, and the policies with one criterion negated. Shared by the
 * files of this room.
 *
 *     policies   │ Covered ─ tallies, one per criterion; requests taken
 *                      └─ turned: version and kind │ flipped[c]: the policy with criterion c
 * negated
 */
#ifndef COVERAGE_COVERAGE_H
#define COVERAGE_COVERAGE_H

#include "decide/session.h"
#include "licet/coverage.h"
#include "suppose/restate.h"

/* A criterion of a policy, over all its versions and kinds. */
typedef struct Tally {
  uint32_t met, not_met;
  bool shown_met, shown_not_met;
  bool is_proved;                      /* the next two are known */
  bool can_show_met, can_show_not_met; /* some request might */
} Tally;

/* A version and kind of a policy, and what it is like with each criterion flipped, made when first
 * needed. */
typedef struct Turned {
  const CompiledPolicy *compiled;
  const CompiledPolicy **flipped; /* per compiled criterion */
} Turned;

typedef struct Covered {
  const licet_policy *policy;
  Tally *tallies; /* per criterion of the policy */
  LIST(Turned) turned;
  LIST(Text) requests; /* that were taken into account */
} Covered;

struct licet_coverage {
  const licet_library *library;
  licet_session *session;
  JsonReader *reader, *base_reader;
  Arena arena;    /* for as long as the coverage */
  Arena scratch;  /* for one compilation */
  Arena supposed; /* for one request that is varied */
  LIST(Covered) policies;
  LIST(const char *) suggestions, remarks;
  bool has_suggested;
  Buffer json;
};

/* What makes two decisions the same. */
typedef struct Decision {
  licet_outcome outcome;
  licet_reason reason;
  const char *pathway, *route;
  bool authorized;
  Authorization authorization;
} Decision;

/* The functions that a decision is made from, by number; false beyond the last. */
bool decision_function(const CompiledPolicy *compiled, uint32_t index, DiagramRef *function);
uint32_t decision_function_count(const CompiledPolicy *compiled);
bool is_leaf(const CompiledCriterion *criterion);
Covered *coverage_of(licet_coverage *coverage, const licet_policy *policy);
/* Of the session's determination: would the decision be another with this criterion flipped? The
 * determination is as before. */
bool coverage_is_decisive(licet_coverage *coverage, Covered *covered, uint32_t criterion);
/* Of the session's determination: counts each criterion whose status is known, and whether it is
 * decisive. */
void coverage_tally(licet_coverage *coverage, Covered *covered);
/* never.c: fills in what no case can show, of criteria that are not shown both ways. */
void coverage_prove(licet_coverage *coverage);
static inline bool may_show_met(const Tally *tally) {
  return !tally->is_proved || tally->shown_met || tally->can_show_met;
}
static inline bool may_show_not_met(const Tally *tally) {
  return !tally->is_proved || tally->shown_not_met || tally->can_show_not_met;
}
/* suggest.c */
void coverage_suggest(licet_coverage *coverage);

#endif
