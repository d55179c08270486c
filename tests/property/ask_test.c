/* Interviews with generated patients.
 *
 *     ask_test [--count N] [--seed S] [--table] [FOLDER…]
 *
 * N interviews (2,000) over the policies of each FOLDER (policies and tests/good/<each>): the
 * answers come from a whole request, "not known" where it does not say. Everything is documented:
 * no interview asks which documents are missing. Claims:
 *
 *   - it ends with the outcome, reason, pathway, authorization and route of the whole request;
 *   - nothing is asked twice, and never more than there is to ask;
 *   - every question could still have changed that: two patients, alike in all that was said
 * before, in whom it does. They are looked for among all completions where these are few, else
 * among many of them; how many questions were left without is reported.
 *
 * --table: mean numbers of questions of patients of whom everything is known, against asking
 * everything. The same seed gives the same patients.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <unistd.h>

#pragma GCC diagnostic ignored \
    "-Wunused-function" /* the generator can do more than is needed here */
#include "generate.h"
#include "licet/ask.h"
#include "suppose/restate.h"

enum { ASKED_MOST = 128, TRIES = 4000, EXHAUSTIVE = 20000, CHECKED = 40 };

typedef struct Tally {
  uint64_t interviews, asked, askable, failed, questions_checked, questions_open;
} Tally;

typedef struct Interview {
  Arena *arena;
  const Draft *draft;
  const Pool *pool;
  licet_session *session;
  JsonReader *reader;
  const JsonToken *tokens;
  const char *asked[ASKED_MOST];
  uint32_t count;
  Chance *chance;
} Interview;

/* What the interview promises to keep. */
static const char *verdict_of(Arena *arena, const licet_determination *d) {
  licet_authorization a = licet_determination_authorization(d);
  bool approved = licet_determination_outcome(d) == LICET_APPROVE;
  return arena_format(
      arena, "%s %s %s %s %s %s %d %d", licet_outcome_name(licet_determination_outcome(d)),
      licet_reason_name(licet_determination_reason(d)), licet_determination_pathway(d),
      licet_determination_route(d), approved ? a.start : "-",
      approved && a.end != NULL ? a.end : "-", a.cycles, a.renewals_left);
}

static const char *verdict_for(Arena *arena, licet_session *session, Text json) {
  const licet_determination *d;
  return licet_decide(session, json.at, json.length, &d) == LICET_OK ? verdict_of(arena, d) : NULL;
}

static void say_all(Draft *draft) {
  const Subject *s = draft->subject;
  for (uint32_t i = 0; i < s->uses.count; i++) {
    draft->uses[i].documented = true;
    for (uint32_t e = 0; e < draft->uses[i].entry_count; e++)
      draft->uses[i].entries[e].documented = true;
  }
}

static void know_all(Draft *draft) {
  const Subject *s = draft->subject;
  for (uint32_t i = 0; i < s->uses.count; i++) {
    draft->uses[i].present = true;
    draft->uses[i].no_word = false;
    if (s->uses.items[i].fact->type.kind == TYPE_LIST) draft->uses[i].complete = 1;
  }
  for (uint32_t i = 0; i < s->extra.count; i++) {
    if (s->extra.items[i]->type.kind == TYPE_DURATION) draft->extra[i].present = true;
  }
}

/* A fact with a default is asked of nobody, but the plan's record of the reviewer. */
static bool is_asked(const Fact *fact) {
  return !fact->has_default || fact->supplier == SUPPLIER_RECORD;
}

/* ---- Could the question have mattered? ---- */

static bool was_asked(const Interview *in, Text fact, uint32_t before) {
  for (uint32_t i = 0; i < before; i++) {
    if (text_is(fact, in->asked[i])) return true;
  }
  return false;
}

static void set_value(Interview *in, Given *given, const Use *use, uint32_t item) {
  *given =
      (Given){.present = true, .documented = true, .item = use->values.items[item], .complete = 1};
  given->entry_count = given->item.entry_count;
  given->entries = ARENA_ARRAY(in->arena, GivenEntry, given->entry_count + 1);
  for (uint32_t e = 0; e < given->entry_count; e++) {
    given->entries[e] = given->item.entries[e];
    given->entries[e].documented = true;
  }
}

/* A history that was stated in part: what it holds, and more. */
static void extend_list(Interview *in, Given *given, const Given *reported, const Use *use,
                        uint32_t item) {
  Given more;
  set_value(in, &more, use, item);
  *given = *reported;
  given->complete = 1;
  given->entries = ARENA_ARRAY(in->arena, GivenEntry, reported->entry_count + more.entry_count + 1);
  memcpy(given->entries, reported->entries, reported->entry_count * sizeof *given->entries);
  memcpy(given->entries + reported->entry_count, more.entries,
         more.entry_count * sizeof *given->entries);
  given->entry_count = reported->entry_count + more.entry_count;
}

/* The uses whose values are still open once `before` questions were answered. */
static uint32_t open_uses(const Interview *in, uint32_t before, uint32_t *open) {
  const Subject *s = in->draft->subject;
  uint32_t count = 0;
  for (uint32_t i = 0; i < s->uses.count; i++) {
    const Fact *fact = s->uses.items[i].fact;
    bool settled = was_asked(in, fact->name, before);
    if (settled && fact->complete_when != NULL && in->draft->uses[i].present &&
        !in->draft->uses[i].no_word)
      settled = was_asked(in, fact->complete_when->name, before);
    if (!settled && is_asked(fact)) open[count++] = i;
  }
  return count;
}

static void choose_value(Interview *in, Draft *other, uint32_t use, uint32_t item,
                         uint32_t before) {
  const Use *of = &in->draft->subject->uses.items[use];
  bool reported = of->fact->type.kind == TYPE_LIST && was_asked(in, of->fact->name, before);
  if (reported) {
    extend_list(in, &other->uses[use], &in->draft->uses[use], of, item);
  } else {
    set_value(in, &other->uses[use], of, item);
  }
}

/* With everything else as drawn: do two values of the fact asked result in different verdicts? */
static bool differs(Interview *in, Draft *other, uint32_t asked, uint32_t before) {
  const Use *use = &in->draft->subject->uses.items[asked];
  const char *first = NULL;
  if (use->given || use->counted) { /* that it is stated at all may be what is asked */
    other->uses[asked].present = false;
    first = verdict_for(in->arena, in->session, draft_json(in->arena, other, NULL, NULL));
  }
  for (uint32_t v = 0; v < use->values.count; v++) {
    choose_value(in, other, asked, v, before);
    const char *verdict =
        verdict_for(in->arena, in->session, draft_json(in->arena, other, NULL, NULL));
    if (verdict == NULL) continue;
    if (first != NULL && strcmp(first, verdict) != 0) return true;
    first = verdict;
  }
  return false;
}

static bool could_matter(Interview *in, uint32_t question, bool *tried_all) {
  const Subject *s = in->draft->subject;
  uint32_t open[256], count = open_uses(in, question, open), asked = UINT32_MAX;
  uint64_t cases = 1;
  for (uint32_t i = 0; i < count; i++) {
    const Fact *fact = s->uses.items[open[i]].fact;
    bool is_it =
        text_is(fact->name, in->asked[question]) ||
        (fact->complete_when != NULL && text_is(fact->complete_when->name, in->asked[question]));
    if (is_it) asked = open[i];
    if (!is_it && cases <= EXHAUSTIVE) cases *= s->uses.items[open[i]].values.count;
  }
  if (asked == UINT32_MAX) return true; /* a length that an authorization is the least of */
  *tried_all = cases <= EXHAUSTIVE;
  Draft other = draft_copy(in->arena, in->draft);
  uint64_t most = *tried_all ? cases : TRIES;
  for (uint64_t n = 0; n < most; n++) {
    uint64_t left = n;
    const uint16_t *pool = in->pool->items[below(in->chance, POOL)];
    bool as_pool = in_100(in->chance, 80);
    for (uint32_t i = 0; i < count; i++) {
      if (open[i] == asked) continue;
      uint32_t values = s->uses.items[open[i]].values.count, item = (uint32_t)(left % values);
      if (!*tried_all)
        item = as_pool && in_100(in->chance, 90) ? pool[open[i]] : below(in->chance, values);
      choose_value(in, &other, open[i], item, question);
      left /= values;
    }
    if (differs(in, &other, asked, question)) return true;
  }
  return false;
}

/* ---- One interview ---- */

static Text answer_for(const Interview *in, const char *fact) {
  const JsonToken *facts = token_member(in->tokens, in->tokens, TEXT("facts"));
  const JsonToken *value = token_member(in->tokens, facts, text_of(fact));
  return value == NULL ? TEXT("null") : token_raw(value);
}

static void complain(const Draft *draft, Arena *arena, Tally *tally, const char *what,
                     const char *expected, const char *got) {
  Text json = draft_json(arena, draft, NULL, NULL);
  tally->failed++;
  printf("FAILED  %s\n  expected %s\n  got      %s\n  %.*s\n", what, expected, got,
         (int)json.length, json.at);
}

static void run_interview(Interview *in, Tally *tally, const licet_library *library,
                          bool check_questions) {
  Text whole = draft_json(in->arena, in->draft, NULL, NULL);
  const char *message, *expected = verdict_for(in->arena, in->session, whole);
  uint32_t tokens;
  size_t offset;
  if (expected == NULL) return; /* no patient is like that */
  if (json_read(in->reader, whole.at, whole.length, &in->tokens, &tokens, &message, &offset) !=
      JSON_OK)
    abort();
  Restatement nothing = {0};
  const JsonToken *facts = token_member(in->tokens, in->tokens, TEXT("facts"));
  Restated *none = ARENA_ARRAY(in->arena, Restated, MEMBERS_MOST);
  for (const JsonToken *key = facts + 1; key < in->tokens + facts->end;
       key = in->tokens + (key + 1)->end) {
    const Fact *fact = vocabulary_fact(in->draft->subject->vocabulary, token_text(key));
    if (is_asked(fact)) none[nothing.fact_count++] = (Restated){token_text(key), {0}};
  }
  nothing.facts = none;
  Text head = restate(in->arena, in->tokens, &nothing);
  licet_interview *interview;
  const licet_interview_options options = {
      .size = sizeof options, .answerer = LICET_ASK_REVIEWER, .vouched_by = LICET_VOUCHED_BY_PLAN};
  if (licet_interview_open(library, head.at, head.length, &options, &interview) != LICET_OK)
    abort();
  tally->interviews++;
  tally->askable += licet_interview_askable(interview);
  const licet_question *question;
  in->count = 0;
  while ((question = licet_interview_question(interview)) != NULL) {
    if (was_asked(in, text_of(question->fact), in->count) || in->count + 1 == ASKED_MOST) {
      complain(in->draft, in->arena, tally, "nothing is asked twice", "", question->fact);
      break;
    }
    in->asked[in->count++] = arena_copy(in->arena, question->fact, strlen(question->fact));
    Text answer = answer_for(in, question->fact);
    if (licet_interview_answer(interview, answer.at, answer.length) != LICET_OK) {
      complain(in->draft, in->arena, tally, "an answer of a request that can be decided is taken",
               question->fact, licet_interview_error_json(interview));
      break;
    }
  }
  tally->asked += in->count;
  const char *got = verdict_of(in->arena, licet_interview_determination(interview));
  if (strcmp(expected, got) != 0) {
    complain(in->draft, in->arena, tally, "it ends as the whole request is decided", expected, got);
    printf("  ended as %s\n", licet_interview_request(interview, NULL));
    for (uint32_t i = 0; i < in->count; i++) printf("  asked    %s\n", in->asked[i]);
  }
  licet_interview_close(interview);
  for (uint32_t q = 0; check_questions && q < in->count; q++) {
    bool tried_all = false, could = could_matter(in, q, &tried_all);
    tally->questions_checked++;
    if (!could && tried_all)
      complain(in->draft, in->arena, tally, "every question could still change the verdict",
               in->asked[q], "");
    if (!could && !tried_all) tally->questions_open++;
  }
}

/* ---- A folder ---- */

static void run_one(Interview *in, const Subject *s, uint32_t number, bool know, Tally *tally,
                    const licet_library *library, bool check_questions) {
  arena_reset(in->arena);
  Draft draft = draft_new(in->arena, s, in->pool, in->chance, number);
  say_all(&draft);
  if (know || in_100(in->chance, 50)) know_all(&draft);
  know_measures(in->arena, &draft, in->pool, in->chance);
  in->draft = &draft;
  run_interview(in, tally, library, check_questions);
}

static void run_policy(const licet_library *library, const licet_policy *policy, uint32_t count,
                       uint64_t seed, bool table, Tally *tally) {
  Arena arena;
  Subject *s = NULL;
  Pool pool = {0};
  Chance chance = {seed};
  Interview in = {.arena = &arena, .chance = &chance, .pool = &pool, .reader = json_open()};
  arena_open(&arena);
  if (licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &in.session) != LICET_OK)
    abort();
  for (uint32_t n = 0; n < count; n++) {
    if (n % 50 == 0) {
      subject_free(s);
      s = subject_new(policy, &chance);
      if (!s->has_series) pool = pool_new(s, &chance);
    }
    if (!s->has_series)
      run_one(&in, s, n, table, tally, library, !table && n % (count / CHECKED + 1) == 0);
  }
  subject_free(s);
  licet_session_close(in.session);
  json_close(in.reader);
  arena_close(&arena);
}

static void report_policy(const licet_policy *policy, const Tally *tally, bool table) {
  double interviews = tally->interviews == 0 ? 1 : (double)tally->interviews;
  if (table) {
    printf("%-22s %10.1f %12.1f\n", licet_policy_id(policy), (double)tally->asked / interviews,
           (double)tally->askable / interviews);
    return;
  }
  printf(
      "%s: %llu interviews, %.1f questions of %.1f; %llu questions held against other patients, "
      "%llu of them without finding two\n",
      licet_policy_id(policy), (unsigned long long)tally->interviews,
      (double)tally->asked / interviews, (double)tally->askable / interviews,
      (unsigned long long)tally->questions_checked, (unsigned long long)tally->questions_open);
}

static void run_folder(const char *folder, uint32_t count, uint64_t seed, bool table,
                       uint32_t *passed, uint32_t *failed) {
  licet_library *library;
  licet_report *report;
  const licet_policy *policy;
  if (licet_library_open(folder, NULL, &library, &report) != LICET_OK) abort();
  for (size_t p = 0; (policy = licet_library_policy(library, p)) != NULL; p++) {
    Tally tally = {0};
    run_policy(library, policy, count, seed + p, table, &tally);
    report_policy(policy, &tally, table);
    ++*(tally.failed == 0 ? passed : failed);
  }
  licet_library_close(library);
  licet_report_free(report);
}

int main(int count, char **words) {
  uint32_t interviews = 2000, passed = 0, failed = 0, folders = 0;
  uint64_t seed = 20260101;
  bool table = false;
  const char *named[64];
  for (int i = 1; i < count; i++) {
    if (strcmp(words[i], "--table") == 0) {
      table = true;
    } else if (strcmp(words[i], "--count") == 0 && i + 1 < count) {
      interviews = (uint32_t)strtoul(words[++i], NULL, 10);
    } else if (strcmp(words[i], "--seed") == 0 && i + 1 < count) {
      seed = strtoull(words[++i], NULL, 10);
    } else if (folders < 64) {
      named[folders++] = words[i];
    }
  }
  if (table) printf("%-22s %10s %12s\n", "policy", "asked", "everything");
  for (uint32_t f = 0; f < folders; f++)
    run_folder(named[f], interviews, seed, table, &passed, &failed);
  if (folders == 0) run_folder("policies", interviews, seed, table, &passed, &failed);
  DIR *good = folders == 0 && !table ? opendir("tests/good") : NULL;
  for (const struct dirent *entry; good != NULL && (entry = readdir(good)) != NULL;) {
    char path[512];
    snprintf(path, sizeof path, "tests/good/%s", entry->d_name);
    if (entry->d_name[0] != '.') run_folder(path, interviews / 10, seed, table, &passed, &failed);
  }
  if (good != NULL) closedir(good);
  if (!table) printf("%u passed, %u failed\n", passed, failed);
  return failed > 0;
}
