/* What would have been approved, held against changing everything there is to change.
 *
 *     contrast_test [--count N] [--seed S] [FOLDER…]
 *
 * N generated requests (1,500) over the policies of each FOLDER (policies and tests/good/<each>).
 * Claims:
 *
 *   - an alternative, decided, comes out as reported, and nothing that is `fixed` or not stated is
 * changed;
 *   - none of its changes can be left out: without it, the request does not get as far;
 *   - no change of one fact is missed: where some value of a fact that may be changed would be
 * approved, the fact alone is reported.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <unistd.h>

#pragma GCC diagnostic ignored \
    "-Wunused-function" /* the generator can do more than is needed here */
#include "generate.h"
#include "licet/contrast.h"
#include "suppose/restate.h"

typedef struct Tally {
  uint64_t requests, alternatives, singles, failed;
} Tally;

typedef struct Check {
  Arena arena;
  licet_session *session;
  JsonReader *reader;
  const JsonToken *tokens;
  const Draft *draft;
  Text json;
  Tally *tally;
} Check;

static void complain(Check *check, const char *what, const char *fact) {
  check->tally->failed++;
  printf("FAILED  %s: %s\n  %.*s\n", what, fact, (int)check->json.length, check->json.at);
}

/* Are the criteria settled in favour of the request? Documents may still be wanting. */
static bool is_approvable(const licet_determination *d) {
  return licet_determination_outcome(d) == LICET_APPROVE ||
         (licet_determination_outcome(d) == LICET_PEND &&
          licet_determination_missing(d, 0) == NULL);
}

static int reached(Check *check, Text request) {
  const licet_determination *d;
  if (licet_decide(check->session, request.at, request.length, &d) != LICET_OK) return -1;
  if (is_approvable(d)) return 2;
  const bool waits = licet_determination_outcome(d) == LICET_PEND ||
                     licet_determination_reason(d) == LICET_REASON_JUDGMENT;
  return waits ? 1 : 0;
}

static Text changed(Check *check, const licet_contrast *contrast, size_t alternative,
                    size_t left_out) {
  Restated facts[LICET_CHANGES_MAX];
  uint32_t count = 0;
  licet_change change;
  for (size_t i = 0; (change = licet_contrast_change(contrast, alternative, i)).fact != NULL; i++) {
    if (i != left_out) facts[count++] = (Restated){text_of(change.fact), text_of(change.to)};
  }
  return restate(&check->arena, check->tokens, &(Restatement){.facts = facts, .fact_count = count});
}

static void check_alternative(Check *check, const licet_contrast *contrast, size_t index) {
  const JsonToken *facts = token_member(check->tokens, check->tokens, TEXT("facts"));
  const int got = reached(check, changed(check, contrast, index, SIZE_MAX));
  licet_change change;
  check->tally->alternatives++;
  if (got < 1)
    complain(check, "an alternative gets further", licet_contrast_at(contrast, index).request);
  for (size_t i = 0; (change = licet_contrast_change(contrast, index, i)).fact != NULL; i++) {
    const Fact *fact = vocabulary_fact(check->draft->subject->vocabulary, text_of(change.fact));
    if (fact->fixed || token_member(check->tokens, facts, fact->name) == NULL)
      complain(check, "only what is stated and not fixed is changed", change.fact);
    if (reached(check, changed(check, contrast, index, i)) >= got)
      complain(check, "no change can be left out", change.fact);
  }
}

static bool is_reported_alone(const licet_contrast *contrast, Text fact) {
  for (size_t a = 0; licet_contrast_at(contrast, a).request != NULL; a++) {
    if (licet_contrast_change(contrast, a, 1).fact == NULL &&
        text_is(fact, licet_contrast_change(contrast, a, 0).fact))
      return true;
  }
  return false;
}

static void check_singles(Check *check, const licet_contrast *contrast) {
  const Subject *s = check->draft->subject;
  for (uint32_t i = 0; i < s->uses.count; i++) {
    const Use *use = &s->uses.items[i];
    const Given *given = &check->draft->uses[i];
    const bool may = is_known(given) && !use->fact->fixed && use->fact->type.kind != TYPE_LIST &&
                     use->fact->type.kind != TYPE_SET;
    for (uint32_t v = 0; may && v < use->values.count; v++) {
      Draft other = draft_copy(&check->arena, check->draft);
      other.uses[i].item = use->values.items[v];
      check->tally->singles++;
      if (reached(check, draft_json(&check->arena, &other, NULL, NULL)) < 2) continue;
      if (!is_reported_alone(contrast, use->fact->name))
        complain(
            check, "no change of one fact is missed",
            arena_format(&check->arena, "%.*s", (int)use->fact->name.length, use->fact->name.at));
      break;
    }
  }
}

static void check_request(Check *check) {
  licet_contrast *contrast;
  uint32_t count;
  const char *message;
  size_t offset;
  check->json = draft_json(&check->arena, check->draft, NULL, NULL);
  if (licet_why_not(check->session, check->json.at, check->json.length, &contrast) != LICET_OK)
    return;
  if (json_read(check->reader, check->json.at, check->json.length, &check->tokens, &count, &message,
                &offset) != JSON_OK)
    abort();
  if (reached(check, check->json) < 2) {
    check->tally->requests++;
    for (size_t a = 0; licet_contrast_at(contrast, a).request != NULL; a++)
      check_alternative(check, contrast, a);
    if (licet_contrast_is_complete(contrast)) check_singles(check, contrast);
  }
  licet_contrast_close(contrast);
}

static void run_one(Check *check, const Subject *s, const Pool *pool, Chance *chance,
                    uint32_t number) {
  arena_reset(&check->arena);
  Draft draft = draft_new(&check->arena, s, pool, chance, number);
  know_measures(&check->arena, &draft, pool, chance);
  check->draft = &draft;
  check_request(check);
}

static void run_policy(const licet_library *library, const licet_policy *policy, uint32_t count,
                       uint64_t seed, Tally *tally) {
  Subject *s = NULL;
  Pool pool = {0};
  Chance chance = {seed};
  Check check = {.reader = json_open(), .tally = tally};
  arena_open(&check.arena);
  if (licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &check.session) != LICET_OK)
    abort();
  for (uint32_t n = 0; n < count; n++) {
    if (n % 50 == 0) {
      subject_free(s);
      s = subject_new(policy, &chance);
      if (!s->has_series) pool = pool_new(s, &chance);
    }
    if (!s->has_series) run_one(&check, s, &pool, &chance, n);
  }
  subject_free(s);
  licet_session_close(check.session);
  json_close(check.reader);
  arena_close(&check.arena);
}

static void run_folder(const char *folder, uint32_t count, uint64_t seed, uint32_t *passed,
                       uint32_t *failed) {
  licet_library *library;
  licet_report *report;
  const licet_policy *policy;
  if (licet_library_open(folder, NULL, &library, &report) != LICET_OK) abort();
  for (size_t p = 0; (policy = licet_library_policy(library, p)) != NULL; p++) {
    Tally tally = {0};
    run_policy(library, policy, count, seed + p, &tally);
    printf("%s: %llu requests not approved, %llu alternatives, %llu single changes tried\n",
           licet_policy_id(policy), (unsigned long long)tally.requests,
           (unsigned long long)tally.alternatives, (unsigned long long)tally.singles);
    ++*(tally.failed == 0 ? passed : failed);
  }
  licet_library_close(library);
  licet_report_free(report);
}

int main(int count, char **words) {
  uint32_t requests = 1500, passed = 0, failed = 0, folders = 0;
  uint64_t seed = 20260101;
  for (int i = 1; i < count; i++) {
    if (strcmp(words[i], "--count") == 0 && i + 1 < count)
      requests = (uint32_t)strtoul(words[++i], NULL, 10);
    if (strcmp(words[i], "--seed") == 0 && i + 1 < count) seed = strtoull(words[++i], NULL, 10);
  }
  for (int i = 1; i < count; i++) {
    if (strncmp(words[i], "--", 2) == 0) {
      i++;
    } else {
      run_folder(words[i], requests, seed, &passed, &failed);
      folders++;
    }
  }
  if (folders == 0) run_folder("policies", requests, seed, &passed, &failed);
  DIR *good = folders == 0 ? opendir("tests/good") : NULL;
  for (const struct dirent *entry; good != NULL && (entry = readdir(good)) != NULL;) {
    char path[512];
    snprintf(path, sizeof path, "tests/good/%s", entry->d_name);
    if (entry->d_name[0] != '.') run_folder(path, requests / 10, seed, &passed, &failed);
  }
  if (good != NULL) closedir(good);
  printf("%u passed, %u failed\n", passed, failed);
  return failed > 0;
}
