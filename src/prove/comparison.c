/* comparison: the public calls of a comparison: the two sides are found by name and day, compared
 * for both kinds of request, and read as numbers and texts.
 *
 * Invariant: what a comparison lends lives until it is freed; a comparison that could not be made
 * says why and is empty.
 */
#include <string.h>

#include "prove/compare.h"

static bool find_version(const licet_library *library, const char *id, const char *day,
                         const Policy **policy, const Version **version) {
  const licet_policy *named = library_policy_named(library, text_of(id));
  Date date;
  if (named == NULL) return false;
  *policy = named->model;
  *version = &named->model->versions.items[named->model->versions.count - 1];
  if (day == NULL) return true;
  if (!date_parse(text_of(day), &date)) return false;
  *version = policy_version_on(named->model, date);
  return *version != NULL;
}

static licet_status compare(Comparing *c) {
  licet_comparison *comparison = c->comparison;
  for (int i = 0; i < SIDES; i++) {
    comparison->sides[i] = (licet_side_view){shown(c->arena, c->policies[i]->id),
                                             arena_copy(c->arena, c->versions[i]->text, 10),
                                             shown(c->arena, c->policies[i]->title)};
  }
  if (c->policies[0]->vocabulary != c->policies[1]->vocabulary) {
    comparison->error = "the two policies do not share a vocabulary";
    return LICET_BAD_POLICY;
  }
  for (int kind = 0; kind < KINDS; kind++) {
    if (compare_kind(c, kind)) continue;
    memset(comparison->kinds, 0, sizeof comparison->kinds);
    comparison->terms.count = 0;
    comparison->error =
        "the two policies together distinguish too many cases to be compared exactly";
    return LICET_BAD_POLICY;
  }
  return LICET_OK;
}

/* What licet_compare was asked, and how it went. */
typedef struct Asked {
  const licet_library *library;
  const char *policies[SIDES], *dates[SIDES];
  licet_comparison *comparison;
  licet_status status;
} Asked;

static void compare_asked(void *context) {
  Asked *asked = context;
  licet_comparison *comparison = asked->comparison;
  Replay replay = {.arena = &comparison->arena, .library = asked->library};
  Comparing *c = ARENA_NEW(&comparison->arena, Comparing);
  *c = (Comparing){.comparison = comparison,
                   .arena = &comparison->arena,
                   .passing = &comparison->passing,
                   .replay = &replay};
  asked->status = LICET_NOT_FOUND;
  for (int i = 0; i < SIDES; i++)
    if (!find_version(asked->library, asked->policies[i], asked->dates[i], &c->policies[i],
                      &c->versions[i]))
      return;
  asked->status = compare(c);
}

licet_status licet_compare(const licet_library *library, const char *first, const char *first_date,
                           const char *second, const char *second_date, licet_comparison **out) {
  *out = NULL;
  licet_comparison *comparison = memory_allocate(sizeof *comparison);
  if (comparison == NULL) return LICET_NO_MEMORY;
  memset(comparison, 0, sizeof *comparison);
  arena_open(&comparison->arena);
  arena_open(&comparison->passing);
  comparison->error = comparison->scope = "";
  for (int i = 0; i < SIDES; i++) comparison->sides[i] = (licet_side_view){"", "", ""};
  Arena *const arenas[] = {&comparison->arena, &comparison->passing};
  Asked asked = {library, {first, second}, {first_date, second_date}, comparison, LICET_OK};
  if (!arenas_attempt(arenas, 2, compare_asked, &asked)) {
    licet_comparison_free(comparison);
    return LICET_NO_MEMORY;
  }
  const licet_status status = asked.status;
  if (status == LICET_NOT_FOUND) {
    licet_comparison_free(comparison);
    return status;
  }
  *out = comparison;
  return status;
}

const char *licet_comparison_error(const licet_comparison *comparison) { return comparison->error; }
licet_side_view licet_comparison_side(const licet_comparison *comparison, licet_side side) {
  return comparison->sides[side];
}
licet_unshared licet_comparison_unshared(const licet_comparison *comparison) {
  return comparison->unshared;
}
licet_relation licet_comparison_relation(const licet_comparison *comparison,
                                         licet_request_kind kind) {
  return comparison->kinds[kind].relation;
}
size_t licet_comparison_more(const licet_comparison *comparison, licet_request_kind kind) {
  return comparison->kinds[kind].more;
}

licet_region licet_comparison_region(const licet_comparison *comparison, licet_request_kind kind,
                                     size_t index) {
  const KindView *view = &comparison->kinds[kind];
  return index < view->regions.count ? view->regions.items[index] : (licet_region){0};
}

licet_authorization_difference licet_comparison_authorization(const licet_comparison *comparison,
                                                              licet_request_kind kind,
                                                              size_t index) {
  const KindView *view = &comparison->kinds[kind];
  return index < view->authorizations.count ? view->authorizations.items[index]
                                            : (licet_authorization_difference){0};
}

licet_terms_difference licet_comparison_terms(const licet_comparison *comparison, size_t index) {
  return index < comparison->terms.count ? comparison->terms.items[index]
                                         : (licet_terms_difference){0};
}

const char *licet_comparison_scope(const licet_comparison *comparison) { return comparison->scope; }

void licet_comparison_free(licet_comparison *comparison) {
  if (comparison == NULL) return;
  arena_close(&comparison->passing);
  arena_close(&comparison->arena);
  memory_free(comparison);
}
