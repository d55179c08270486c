/* The walk over a policy's criteria in preorder, without those that are not in force or not of the
 * kind that is asked for. */
#include "render/outline.h"

#include <stdio.h>
#include <string.h>

Outline outline_of(View view) {
  return (Outline){.view = view, .next = 0, .shown_depth = UINT32_MAX};
}

static bool is_shown(const View *view, const licet_criterion *criterion) {
  if (view->kind != LICET_ANY_KIND && criterion->kind != LICET_ANY_KIND &&
      criterion->kind != view->kind)
    return false;
  if (!view->on) return true;
  if (*criterion->from && strcmp(view->on, criterion->from) < 0) return false;
  return !*criterion->until || strcmp(view->on, criterion->until) <= 0;
}

bool outline_next(Outline *outline, licet_criterion *criterion) {
  size_t count = licet_policy_criterion_count(outline->view.policy);
  while (outline->next < count) {
    *criterion = licet_policy_criterion(outline->view.policy, outline->next++);
    if (criterion->depth > outline->shown_depth) continue; /* under a hidden line */
    bool shown = is_shown(&outline->view, criterion);
    outline->shown_depth = shown ? UINT32_MAX : criterion->depth;
    if (shown) return true;
  }
  return false;
}

bool criterion_has_label(const licet_criterion *criterion) {
  return *criterion->label && strcmp(criterion->label, "-") != 0;
}

ConnectiveWords criterion_connective(const licet_criterion *criterion) {
  ConnectiveWords words;
  const char *name = licet_connective_name(criterion->connective);
  if (criterion->connective == LICET_CONNECTIVE_AT_LEAST) {
    snprintf(words.text, sizeof words.text, "%s %u of", name, (unsigned)criterion->at_least);
  } else {
    snprintf(words.text, sizeof words.text, "%s", name);
  }
  return words;
}

bool criterion_is_first(View view, const licet_criterion *criterion, size_t index) {
  Outline outline = outline_of(view);
  licet_criterion earlier;
  while (outline_next(&outline, &earlier) && outline.next - 1 < index)
    if (criterion_has_label(&earlier) && strcmp(earlier.path, criterion->path) == 0) return false;
  return true;
}

bool interpretation_concerns(const licet_interpretation *interpretation,
                             const licet_criterion *criterion) {
  return interpretation->criterion == criterion->index;
}

bool interpretation_is_general(const licet_interpretation *interpretation) {
  return interpretation->criterion == LICET_WHOLE_POLICY;
}

licet_policy_version shown_version_on(const licet_policy *policy, const char *date) {
  licet_policy_version found = {0}, version;
  const char *until = licet_policy_until(policy);
  if (until[0] != '\0' && strcmp(date, until) > 0) return found;
  for (size_t i = 0; (version = licet_policy_version_at(policy, i)).date; i++)
    if (strcmp(version.date, date) <= 0 && (!found.date || strcmp(version.date, found.date) > 0))
      found = version;
  return found;
}
