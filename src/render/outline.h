/* outline: a policy's criteria as `licet show` walks them: those in force on a date, for a kind of
 * request. */
#ifndef RENDER_OUTLINE_H
#define RENDER_OUTLINE_H

#include <licet/licet.h>
#include <stdbool.h>

typedef struct View {
  const licet_policy *policy;
  const char *on; /* NULL for the whole history */
  licet_request_kind kind;
} View;

/*     Outline outline = outline_of(view);
 *     licet_criterion criterion;
 *     while (outline_next(&outline, &criterion)) … */
typedef struct Outline {
  View view;
  size_t next;
  uint32_t shown_depth; /* lines deeper than this stand under a hidden one */
} Outline;

Outline outline_of(View view);
bool outline_next(Outline *outline, licet_criterion *criterion);

/* Has the line a label of its own? "-" stands where the page gives none. */
bool criterion_has_label(const licet_criterion *criterion);
/* "all of", "at least 2 of"; "" of a line with a condition of its own. */
typedef struct ConnectiveWords {
  char text[32];
} ConnectiveWords;
ConnectiveWords criterion_connective(const licet_criterion *criterion);
/* Is this the first line that is shown under its label path? Lines of several versions share a
 * path; an anchor can stand only once.
 */
bool criterion_is_first(View view, const licet_criterion *criterion, size_t index);
/* Does the interpretation concern this line itself? */
bool interpretation_concerns(const licet_interpretation *interpretation,
                             const licet_criterion *criterion);
/* Does it concern the policy as a whole? */
bool interpretation_is_general(const licet_interpretation *interpretation);

/* The version in force on a date: the latest not after it; `.date` is NULL where none is. */
licet_policy_version shown_version_on(const licet_policy *policy, const char *date);

#endif
