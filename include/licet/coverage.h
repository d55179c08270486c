/* licet/coverage: which criteria the cases of a policy show to matter, and cases that are missing.
 *
 *     licet_coverage *coverage;
 *     licet_coverage_open(library, &coverage);
 *     …licet_coverage_case(coverage, json, length) for every case…
 *     puts(licet_coverage_json(coverage, NULL));
 *     licet_coverage_close(coverage);
 *
 * A criterion (one with a condition of its own) is shown decisive when met by a case in which it is
 * met and in which the decision would be another if that condition alone came out the other way;
 * and likewise when not met. Both are what is called modified condition/decision coverage (MC/DC).
 * The decision is outcome, reason, pathway, route and authorization. docs/cases.md has more.
 */
#ifndef LICET_COVERAGE_H
#define LICET_COVERAGE_H

#include "licet/licet.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct licet_coverage licet_coverage;

LICET_API licet_status licet_coverage_open(const licet_library *library, licet_coverage **coverage);
LICET_API void licet_coverage_close(licet_coverage *coverage);
/* Takes a case into account, or any request: its `request`, where it has one. LICET_BAD_REQUEST
 * where it cannot be decided: it shows nothing. */
LICET_API licet_status licet_coverage_case(licet_coverage *coverage, const char *json,
                                           size_t length);

/* One criterion with a condition of its own, in page order. */
typedef struct licet_covered {
  const char *policy;                 /* id; NULL beyond the last */
  licet_criterion criterion;          /* its index within the policy, its path, title, condition */
  uint32_t met, not_met;              /* how many cases were tried that way; */
  int shown_met, shown_not_met;       /* and whether one showed it decisive */
  int can_show_met, can_show_not_met; /* 0 where no request whatever can (licet_coverage_prove) */
} licet_covered;
/* Works out, for each criterion that is not shown both ways, whether any request could show it:
 * where the policy would decide alike with that criterion the other way, none can. Until then every
 * criterion is taken to be one that a case can show. */
LICET_API licet_status licet_coverage_prove(licet_coverage *coverage);
/* Policies in order of id; only those of which a case was taken into account. */
LICET_API licet_covered licet_coverage_at(const licet_coverage *coverage, size_t index);
/* {"policies":[{"policy","cases","criteria","shown_met","shown_not_met","both","never","open":[…]}]}
 * on one line. It is worked out what no case can show. */
LICET_API const char *licet_coverage_json(licet_coverage *coverage, size_t *length);

/* Cases that are missing: each a line of a .cases file, with the outcome as computed, for the
 * author to confirm. NULL beyond the last; found when the first is asked for. They are the requests
 * taken into account with one fact, or two, changed:
 *
 *   - for each criterion that is not shown decisive one way, a case that does show it;
 *   - for each place where the policy cuts a date or a quantity, the value just before and just
 * after, in a request of which the decision turns there; a side is left out where a case that turns
 * there lies as near. */
LICET_API const char *licet_coverage_suggestion(licet_coverage *coverage, size_t index);
/* What the suggestions leave out, a line for people each: cuts on which no decision turns, and cuts
 * that no case was found to turn on. NULL beyond the last; looked for with the suggestions. */
LICET_API const char *licet_coverage_remark(licet_coverage *coverage, size_t index);

#ifdef __cplusplus
}
#endif
#endif
