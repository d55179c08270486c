/* The invariants of the contract, on generated requests, against an enumeration of completions.
 *
 *     property_test [--count N] [--seed S] [--jobs J] [--threads T] [FOLDER…]
 *
 * N requests (100,000) over the policies of each FOLDER (policies and tests/good/<each>);
 * LICET_PROPERTY_COUNT and LICET_PROPERTY_SEED say the same. The same seed gives the same requests
 * whatever J is. With --threads, nothing but: T threads that share the library decide the same N
 * requests and compare bytes. A request on which engine and oracle differ is made as small as it
 * can be and printed as `licet decide` takes it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "decide/session.h"
#include "generate.h"

enum { CHUNK = 200, FOLDERS = 64, FAILURES = 400, QUICK = 600 };

#define PROPERTIES(X)                                                                            \
  X(ANSWERED, "a request is answered unless no patient is like that, and then it is an error")   \
  X(OUTCOME,                                                                                     \
    "it is approved exactly where every completion approves, pended or referred as the "         \
    "completions say")                                                                           \
  X(NO_DENIAL, "no determination denies")                                                        \
  X(REASON, "the reason is that of the completions")                                             \
  X(ROUTE, "the route is named exactly where every completion takes it")                         \
  X(PATHWAY, "the pathway and those also met are the ones the completions meet")                 \
  X(AUTHORIZATION,                                                                               \
    "the grant is the best of the certain pathways, or the least of those that cover")           \
  X(MISSING, "missing holds all minimal sufficient sets and no other, smallest first")           \
  X(DOCUMENTS,                                                                                   \
    "documents holds the smallest sets of facts whose documentation restores the approval")      \
  X(STATUS, "every criterion has the status of the completions")                                 \
  X(INTERPRETATIONS,                                                                             \
    "an interpretation is in play exactly where the literal wording gives another status")       \
  X(CITES, "an approval cites a fact for every criterion it counts as met")                      \
  X(SAME_BYTES, "the same request gives the same bytes, in the same session and in another")     \
  X(ALONE, "the outcome asked for alone, of a text or of tokens, is that of the determination")  \
  X(KEY_ORDER, "the order of the keys changes nothing")                                          \
  X(MONOTONE, "a further fact never turns approve or criteria_not_met into something else")      \
  X(ATTESTED,                                                                                    \
    "a clinical fact without a document changes no approval: neither pathway nor authorization") \
  X(ONE_LETTER,                                                                                  \
    "once what is missing and its documents are brought, no further document is asked for")

typedef enum Property {
#define X(name, sentence) PROPERTY_##name,
  PROPERTIES(X)
#undef X
      PROPERTY_COUNT
} Property;

static const char *const sentences[] = {
#define X(name, sentence) sentence,
    PROPERTIES(X)
#undef X
};

typedef struct Failure {
  uint32_t policy, chunk, number;
  Property property;
  char *said, *request;
} Failure;

typedef struct Run {
  const licet_library *library;
  const licet_policy *policies[256];
  uint32_t policy_count;
  uint64_t seed;
  uint32_t count;
  atomic_uint next_chunk;
  atomic_ullong completions, asked, outcomes[8];
  pthread_mutex_t lock;
  Failure failures[FAILURES];
  uint32_t failure_count;
  bool failed[256][PROPERTY_COUNT];
} Run;

/* What one thread works with. */
typedef struct Worker {
  Run *run;
  licet_session *session, *other;
  Arena arena;
} Worker;

/* ---- Comparing ---- */

typedef struct Difference {
  bool found;
  Property property;
  const char *said;
} Difference;

static void differ(Arena *arena, Difference *difference, Property property, const char *expected,
                   const char *got) {
  if (difference->found) return;
  *difference =
      (Difference){true, property, arena_format(arena, "expected %s, got %s", expected, got)};
}

static const char *outcome_words(Arena *arena, const char *outcome, const char *reason) {
  return reason[0] == '\0' ? outcome : arena_format(arena, "%s/%s", outcome, reason);
}

static const char *set_words(Arena *arena, const Subject *s, const uint64_t *sets, uint32_t count) {
  Buffer out;
  buffer_open(&out, arena, 64);
  for (uint32_t i = 0; i < count; i++) {
    buffer_character(&out, '{');
    bool first = true;
    for (uint32_t f = 0; f < s->uses.count; f++) {
      if (!((sets[i] >> f) & 1)) continue;
      if (!first) buffer_character(&out, ',');
      first = false;
      buffer_text(&out, s->uses.items[f].fact->name);
    }
    buffer_character(&out, '}');
  }
  return buffer_finish(&out);
}

typedef const char *const *(*SetAt)(const licet_determination *, size_t);

static const char *got_set_words(Arena *arena, const licet_determination *d, SetAt at) {
  Buffer out;
  buffer_open(&out, arena, 64);
  for (size_t i = 0; at(d, i) != NULL; i++) {
    buffer_character(&out, '{');
    const char *const *names = at(d, i);
    for (size_t n = 0; names[n] != NULL; n++) {
      if (n > 0) buffer_character(&out, ',');
      buffer_string(&out, names[n]);
    }
    buffer_character(&out, '}');
  }
  return buffer_finish(&out);
}

static void same_sets(Arena *arena, Difference *difference, Property property, const char *expected,
                      const char *got) {
  if (strcmp(expected, got) != 0) differ(arena, difference, property, expected, got);
}

static const char *pathway_words(Arena *arena, const Expected *e) {
  Buffer out;
  buffer_open(&out, arena, 64);
  buffer_text(&out, e->pathway);
  for (uint32_t i = 0; i < e->also_count; i++) {
    buffer_string(&out, " + ");
    buffer_text(&out, e->also_met[i]);
  }
  return buffer_finish(&out);
}

static const char *got_pathway_words(Arena *arena, const licet_determination *d) {
  Buffer out;
  buffer_open(&out, arena, 64);
  buffer_string(&out, licet_determination_pathway(d));
  for (size_t i = 0; licet_determination_also_met(d, i) != NULL; i++) {
    buffer_string(&out, " + ");
    buffer_string(&out, licet_determination_also_met(d, i));
  }
  return buffer_finish(&out);
}

static const char *authorization_words(Arena *arena, const Expected *e, const Subject *s) {
  char start[11] = {0}, end[11] = {0};
  if (!e->authorized) return "none";
  date_write(s->start, start);
  if (e->authorization.has_length) date_write(e->authorization.end, end);
  return arena_format(arena, "%s to %s, %lld cycles, %lld renewals", start,
                      e->authorization.has_length ? end : "open",
                      e->authorization.has_cycles ? (long long)e->authorization.cycles : -1,
                      e->authorization.has_renewals ? (long long)e->authorization.renewals : -1);
}

static const char *got_authorization_words(Arena *arena, const licet_determination *d) {
  licet_authorization a = licet_determination_authorization(d);
  if (a.start == NULL) return "none";
  return arena_format(arena, "%s to %s, %d cycles, %d renewals", a.start,
                      a.end == NULL ? "open" : a.end, a.cycles, a.renewals_left);
}

static const char *const status_words[] = {"met", "not_met", "unknown"};

static void compare_nodes(Arena *arena, Difference *difference, const Subject *s, const Expected *e,
                          const licet_determination *d) {
  if (licet_determination_criterion_count(d) != s->nodes.count) {
    differ(arena, difference, PROPERTY_STATUS, arena_format(arena, "%u nodes", s->nodes.count),
           arena_format(arena, "%zu", licet_determination_criterion_count(d)));
    return;
  }
  for (uint32_t i = 0; i < s->nodes.count; i++) {
    licet_explanation node = licet_determination_criterion(d, i);
    const char *where = arena_format(arena, "%s `%s%s`", node.criterion.path, node.criterion.title,
                                     node.criterion.condition);
    if (node.status != e->status[i]) {
      differ(arena, difference, PROPERTY_STATUS,
             arena_format(arena, "%s for %s", status_words[e->status[i]], where),
             status_words[node.status]);
    }
    bool in_play = node.interpretations != NULL && node.interpretations[0] != NULL;
    if (in_play != (e->literal[i] != e->status[i])) {
      differ(arena, difference, PROPERTY_INTERPRETATIONS,
             arena_format(arena, "%s literally %s for %s", status_words[e->status[i]],
                          status_words[e->literal[i]], where),
             in_play ? "in play" : "not in play");
    }
    bool leaf = node.criterion.connective == LICET_CONNECTIVE_LEAF;
    if (licet_determination_outcome(d) == LICET_APPROVE && leaf && node.status == LICET_MET &&
        licet_determination_evidence(d, i, 0).fact == NULL) {
      differ(arena, difference, PROPERTY_CITES, arena_format(arena, "a fact for %s", where),
             "none");
    }
  }
}

static Difference compare(Arena *arena, const Draft *draft, const Expected *e, licet_status status,
                          licet_session *session, const licet_determination *d) {
  const Subject *s = draft->subject;
  Difference difference = {0};
  if (e->too_many) return difference;
  if (status != LICET_OK || e->impossible) {
    const char *got = status == LICET_OK ? "an answer" : licet_session_error_json(session, NULL);
    if (status == LICET_OK || !e->impossible)
      differ(arena, &difference, PROPERTY_ANSWERED, e->impossible ? "an error" : "an answer", got);
    return difference;
  }
  const char *outcome = licet_outcome_name(licet_determination_outcome(d)),
             *reason = licet_reason_name(licet_determination_reason(d));
  if (licet_determination_outcome(d) != e->outcome) {
    differ(
        arena, &difference, PROPERTY_OUTCOME,
        arena_format(arena, "%s, missing %s, documents %s",
                     outcome_words(arena, licet_outcome_name(e->outcome), e->reason),
                     set_words(arena, s, e->missing, e->missing_count),
                     set_words(arena, s, e->documents, e->document_count)),
        arena_format(arena, "%s, missing %s, documents %s", outcome_words(arena, outcome, reason),
                     got_set_words(arena, d, licet_determination_missing),
                     got_set_words(arena, d, licet_determination_documents)));
  }
  if (strcmp(reason, e->reason) != 0)
    differ(arena, &difference, PROPERTY_REASON, e->reason, reason);
  if (strcmp(licet_determination_route(d), e->route) != 0)
    differ(arena, &difference, PROPERTY_ROUTE, e->route, licet_determination_route(d));
  same_sets(arena, &difference, PROPERTY_PATHWAY, pathway_words(arena, e),
            got_pathway_words(arena, d));
  same_sets(arena, &difference, PROPERTY_AUTHORIZATION, authorization_words(arena, e, s),
            got_authorization_words(arena, d));
  same_sets(arena, &difference, PROPERTY_MISSING, set_words(arena, s, e->missing, e->missing_count),
            got_set_words(arena, d, licet_determination_missing));
  same_sets(arena, &difference, PROPERTY_DOCUMENTS,
            set_words(arena, s, e->documents, e->document_count),
            got_set_words(arena, d, licet_determination_documents));
  compare_nodes(arena, &difference, s, e, d);
  if (strstr(licet_determination_json(d, NULL), "\"outcome\":\"den") != NULL)
    differ(arena, &difference, PROPERTY_NO_DENIAL, "no denial", "one");
  return difference;
}

/* ---- Asking the engine again ---- */

static licet_status ask(licet_session *session, Text json, const licet_determination **d) {
  return licet_decide(session, json.at, json.length, d);
}

static const char *answer_text(licet_session *session, licet_status status,
                               const licet_determination *d) {
  return status == LICET_OK ? licet_determination_json(d, NULL)
                            : licet_session_error_json(session, NULL);
}

static void check_bytes(Worker *w, Difference *difference, Text json, const char *first) {
  const licet_determination *d;
  licet_status status = ask(w->session, json, &d);
  if (strcmp(answer_text(w->session, status, d), first) != 0)
    differ(&w->arena, difference, PROPERTY_SAME_BYTES, first, answer_text(w->session, status, d));
  status = ask(w->other, json, &d);
  if (strcmp(answer_text(w->other, status, d), first) != 0)
    differ(&w->arena, difference, PROPERTY_SAME_BYTES, first, answer_text(w->other, status, d));
}

/* { "outcome": …, "reason": … } of an answer that was decided, "" of one that has errors. */
static const char *outcome_in(const char *answer) {
  const char *at = strstr(answer, ",\"outcome\":");
  return at == NULL ? "" : at;
}

static const char *reported_alone(Arena *arena, licet_status status, const licet_answer *answer) {
  if (status != LICET_OK) return "";
  const bool has_reason = answer->reason != LICET_REASON_NONE;
  const char *quote = has_reason ? "\"" : "";
  return arena_format(arena, ",\"outcome\":\"%s\",\"reason\":%s%s%s,",
                      licet_outcome_name(answer->outcome), quote,
                      has_reason ? licet_reason_name(answer->reason) : "null", quote);
}

static void check_reported_alone(Worker *w, Difference *difference, licet_status status,
                                 const licet_answer *answer, const char *first) {
  const char *said = reported_alone(&w->arena, status, answer), *whole = outcome_in(first);
  if ((said[0] == '\0') != (whole[0] == '\0') || strncmp(whole, said, strlen(said)) != 0)
    differ(&w->arena, difference, PROPERTY_ALONE, first, said);
}

static void check_alone(Worker *w, Difference *difference, Text json, const char *first) {
  licet_answer answer;
  check_reported_alone(w, difference,
                       licet_decide_outcome(w->session, json.at, json.length, &answer), &answer,
                       first);
  const JsonToken *tokens;
  const char *message;
  uint32_t count;
  size_t offset;
  if (json_read(w->other->reader, json.at, json.length, &tokens, &count, &message, &offset) !=
      JSON_OK)
    return;
  check_reported_alone(w, difference, licet_decide_tokens(w->session, tokens, count, &answer),
                       &answer, first);
}

/* Where the entries' keys stand in another order, the explanation shows them so; up to there all is
 * the same. */
static void check_key_order(Worker *w, Difference *difference, const Draft *draft, uint64_t seed,
                            const char *first) {
  Chance order = {seed}, entries = {seed + 1};
  const licet_determination *d;
  Text json = draft_json(&w->arena, draft, &order, NULL);
  licet_status status = ask(w->session, json, &d);
  const char *answer = answer_text(w->session, status, d);
  if (strcmp(answer, first) != 0) differ(&w->arena, difference, PROPERTY_KEY_ORDER, first, answer);
  json = draft_json(&w->arena, draft, &order, &entries);
  status = ask(w->session, json, &d);
  answer = answer_text(w->session, status, d);
  const char *criteria = strstr(first, ",\"criteria\":[");
  if (status == LICET_OK && criteria != NULL &&
      strncmp(answer, first, (size_t)(criteria - first)) != 0) {
    differ(&w->arena, difference, PROPERTY_KEY_ORDER, first, answer);
  }
}

static bool asks_for_documents_alone(const licet_determination *d) {
  return licet_determination_outcome(d) == LICET_PEND && licet_determination_missing(d, 0) == NULL;
}

static const char *approval_words(Arena *arena, const licet_determination *d) {
  return arena_format(arena, "%s, %s", got_pathway_words(arena, d),
                      got_authorization_words(arena, d));
}

/* Is the use one that a policy which demands evidence does not count as it stands? */
static bool is_only_attested(const Subject *s, const Use *use, const Given *given) {
  return s->version->evidence[s->kind] && use->fact->clinical &&
         use->fact->type.kind != TYPE_LIST && !given->documented;
}

/* Supplies what is open, one fact after the other, and asks each time. */
static void check_monotone(Worker *w, Difference *difference, const Draft *draft, Chance *chance) {
  const Subject *s = draft->subject;
  const licet_determination *d;
  Draft more = draft_copy(&w->arena, draft);
  licet_status status = ask(w->session, draft_json(&w->arena, draft, NULL, NULL), &d);
  if (status != LICET_OK) return;
  licet_outcome outcome = licet_determination_outcome(d);
  bool not_met = licet_determination_reason(d) == LICET_REASON_CRITERIA_NOT_MET;
  if (outcome != LICET_APPROVE && !not_met) return;
  const char *approval = approval_words(&w->arena, d);
  for (uint32_t i = 0; i < s->uses.count; i++) {
    const Use *use = &s->uses.items[i];
    bool list = use->fact->type.kind == TYPE_LIST;
    if (use->fact->has_default ||
        (is_known(&more.uses[i]) && !(list && more.uses[i].complete != 1)))
      continue;
    Given before = more.uses[i];
    if (is_known(&more.uses[i])) {
      more.uses[i].complete = 1;
    } else {
      choose_given(&w->arena, s, chance, use, &use->values.items[below(chance, use->values.count)],
                   &more.uses[i], in_100(chance, 50));
    }
    Text json = draft_json(&w->arena, &more, NULL, NULL);
    status = ask(w->session, json, &d);
    if (status != LICET_OK) { /* contradicts what is known: no further fact of this request */
      more.uses[i] = before;
      continue;
    }
    bool same = licet_determination_outcome(d) == outcome &&
                (!not_met || licet_determination_reason(d) == LICET_REASON_CRITERIA_NOT_MET);
    if (!same) {
      differ(
          &w->arena, difference, PROPERTY_MONOTONE,
          arena_format(&w->arena, "%s after %.*s: %.*s", licet_outcome_name(outcome),
                       (int)use->fact->name.length, use->fact->name.at, (int)json.length, json.at),
          outcome_words(&w->arena, licet_outcome_name(licet_determination_outcome(d)),
                        licet_reason_name(licet_determination_reason(d))));
    }
    const char *approval_now = approval_words(&w->arena, d);
    if (same && is_only_attested(s, use, &more.uses[i]) && strcmp(approval, approval_now) != 0)
      differ(&w->arena, difference, PROPERTY_ATTESTED, approval, approval_now);
    approval = approval_now;
  }
}

/* ---- One letter ---- */

static bool names(const char *const *set, const Fact *fact) {
  for (; *set != NULL; set++)
    if (text_is(fact->name, *set)) return true;
  return false;
}

static void document(Given *given) {
  given->documented = true;
  for (uint32_t e = 0; e < given->entry_count; e++) given->entries[e].documented = true;
}

/* What the letter asks for, brought: the facts of `missing`, with documents, and the documents. */
static Draft bring(Worker *w, const Draft *draft, const char *const *missing,
                   const char *const *documents, Chance *chance) {
  const Subject *s = draft->subject;
  Draft more = draft_copy(&w->arena, draft);
  for (uint32_t i = 0; i < s->uses.count; i++) {
    const Use *use = &s->uses.items[i];
    Given *given = &more.uses[i];
    if (missing != NULL && names(missing, use->fact)) {
      if (is_known(given)) {
        given->complete = 1; /* a list that was given in part */
      } else {
        choose_given(&w->arena, s, chance, use,
                     &use->values.items[below(chance, use->values.count)], given, true);
      }
      document(given);
    }
    if (documents != NULL && is_known(given) && names(documents, use->fact)) document(given);
  }
  return more;
}

enum { LETTERS_TRIED = 4 };

static void check_one_letter(Worker *w, Difference *difference, const Draft *draft,
                             Chance *chance) {
  const licet_determination *d;
  const Text json = draft_json(&w->arena, draft, NULL, NULL);
  if (!draft->subject->version->evidence[draft->subject->kind]) return;
  for (uint32_t n = 0; n < LETTERS_TRIED; n++) {
    if (ask(w->session, json, &d) != LICET_OK || licet_determination_outcome(d) != LICET_PEND)
      return;
    size_t sets = 0;
    while (licet_determination_missing(d, sets) != NULL) sets++;
    const Draft brought =
        bring(w, draft, sets == 0 ? NULL : licet_determination_missing(d, n % sets),
              licet_determination_documents(d, 0), chance);
    const Text answer = draft_json(&w->arena, &brought, NULL, NULL);
    if (ask(w->session, answer, &d) == LICET_OK && asks_for_documents_alone(d))
      differ(
          &w->arena, difference, PROPERTY_ONE_LETTER,
          arena_format(&w->arena, "no further document after %.*s", (int)answer.length, answer.at),
          got_set_words(&w->arena, d, licet_determination_documents));
  }
}

/* ---- One draft ---- */

static Difference check(Worker *w, const Draft *draft, uint64_t seed) {
  Arena *arena = &w->arena;
  Chance chance = {seed};
  const licet_determination *d = NULL;
  Expected *expected = expect(arena, draft);
  Text json = draft_json(arena, draft, NULL, NULL);
  licet_status status = ask(w->session, json, &d);
  const char *answer = answer_text(w->session, status, d);
  const char *first = arena_copy(arena, answer, strlen(answer));
  Difference difference = compare(arena, draft, expected, status, w->session, d);
  w->run->completions += expected->completions;
  if (!expected->too_many && !expected->impossible) w->run->outcomes[expected->outcome]++;
  check_bytes(w, &difference, json, first);
  check_alone(w, &difference, json, first);
  check_key_order(w, &difference, draft, seed, first);
  check_monotone(w, &difference, draft, &chance);
  check_one_letter(w, &difference, draft, &chance);
  return difference;
}

static bool still_fails(Worker *w, const Draft *draft, uint64_t seed, Property property) {
  Difference difference = check(w, draft, seed);
  return difference.found && difference.property == property;
}

/* Leaves out one thing after the other as long as the same property fails. */
static Draft shrink(Worker *w, const Draft *draft, uint64_t seed, Property property) {
  const Subject *s = draft->subject;
  Draft small = draft_copy(&w->arena, draft);
  small.noise = NULL;
  if (!still_fails(w, &small, seed, property)) small.noise = draft->noise;
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (uint32_t i = 0; i < s->uses.count; i++) {
      for (int way = 0; way < 3; way++) {
        Draft next = draft_copy(&w->arena, &small);
        Given *given = &next.uses[i];
        if (!given->present) continue;
        if (way == 0) given->present = false;
        if (way == 1 && given->entry_count > 0) given->entry_count--;
        if (way == 1 && small.uses[i].entry_count == 0) continue;
        if (way == 2) given->documented = false;
        if (way == 2 && !small.uses[i].documented) continue;
        if (!still_fails(w, &next, seed, property)) continue;
        small = next;
        smaller = true;
      }
    }
  }
  for (uint32_t i = 0; i < s->extra.count; i++) {
    Draft next = draft_copy(&w->arena, &small);
    next.extra[i].present = false;
    if (still_fails(w, &next, seed, property)) small = next;
  }
  return small;
}

static void report(Worker *w, uint32_t policy, uint32_t chunk, const Draft *draft, uint64_t seed,
                   const Difference *difference) {
  Run *run = w->run;
  pthread_mutex_lock(&run->lock);
  bool first = !run->failed[policy][difference->property] && run->failure_count < FAILURES;
  run->failed[policy][difference->property] = true;
  pthread_mutex_unlock(&run->lock);
  if (!first) return;
  Draft small = shrink(w, draft, seed, difference->property);
  Difference again = check(w, &small, seed);
  Text json = draft_json(&w->arena, &small, NULL, NULL);
  Failure failure = {policy,
                     chunk,
                     draft->number,
                     difference->property,
                     strdup(again.said == NULL ? "?" : again.said),
                     strndup(json.at, json.length)};
  pthread_mutex_lock(&run->lock);
  run->failures[run->failure_count++] = failure;
  pthread_mutex_unlock(&run->lock);
}

/* ---- Running ---- */

static uint64_t chunk_seed(const Run *run, uint32_t chunk) {
  Chance chance = {run->seed * UINT64_C(0x9E3779B97F4A7C15) + chunk};
  return chance_next(&chance);
}

static void run_chunk(Worker *w, uint32_t chunk) {
  Run *run = w->run;
  Chance chance = {chunk_seed(run, chunk)};
  uint32_t policy = chunk % run->policy_count;
  Subject *s = subject_new(run->policies[policy], &chance);
  if (s->has_series) {
    subject_free(s);
    return;
  }
  Pool pool = pool_new(s, &chance);
  for (uint32_t n = 0; n < CHUNK; n++) {
    arena_reset(&w->arena);
    Draft draft = draft_new(&w->arena, s, &pool, &chance, chunk * CHUNK + n);
    make_small(&w->arena, &draft, &pool, &chance, in_100(&chance, 90) ? QUICK : 8 * QUICK);
    uint64_t seed = chance_next(&chance);
    Difference difference = check(w, &draft, seed);
    run->asked++;
    if (difference.found) report(w, policy, chunk, &draft, seed, &difference);
  }
  subject_free(s);
}

static void *work(void *argument) {
  Worker w = {.run = argument};
  Run *run = w.run;
  uint32_t chunks = (run->count + CHUNK - 1) / CHUNK;
  if (licet_session_open(run->library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &w.session) != LICET_OK)
    abort();
  arena_open(&w.arena);
  for (uint32_t chunk = run->next_chunk++; chunk < chunks; chunk = run->next_chunk++) {
    if (licet_session_open(run->library,
                           &(licet_session_options){.size = sizeof(licet_session_options),
                                                    .vouched_by = LICET_VOUCHED_BY_PLAN},
                           &w.other) != LICET_OK)
      abort();
    run_chunk(&w, chunk);
    licet_session_close(w.other);
  }
  licet_session_close(w.session);
  arena_close(&w.arena);
  return NULL;
}

/* ---- One library, many threads ---- */

typedef struct Shared {
  const licet_library *library;
  char **requests, **answers;
  uint32_t count, first, wrong;
} Shared;

/* Each thread starts elsewhere, so that they meet over the same policies at different requests. */
static void *decide_all(void *argument) {
  Shared *shared = argument;
  licet_session *session;
  const licet_determination *d;
  if (licet_session_open(shared->library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK)
    abort();
  for (uint32_t n = 0; n < shared->count; n++) {
    uint32_t i = (shared->first + n) % shared->count;
    licet_status status =
        licet_decide(session, shared->requests[i], strlen(shared->requests[i]), &d);
    shared->wrong += strcmp(answer_text(session, status, d), shared->answers[i]) != 0;
  }
  licet_session_close(session);
  return NULL;
}

static void make_requests(const Run *run, char **requests, uint32_t count) {
  Arena arena;
  arena_open(&arena);
  for (uint32_t made = 0, chunk = 0; made < count; chunk++) {
    Chance chance = {chunk_seed(run, chunk)};
    Subject *s = subject_new(run->policies[chunk % run->policy_count], &chance);
    Pool pool = pool_new(s, &chance);
    for (uint32_t n = 0; n < CHUNK && made < count && !s->has_series; n++) {
      arena_reset(&arena);
      Draft draft = draft_new(&arena, s, &pool, &chance, made);
      Text json = draft_json(&arena, &draft, NULL, NULL);
      requests[made++] = strndup(json.at, json.length);
    }
    subject_free(s);
  }
  arena_close(&arena);
}

/* What one thread decides by run->library, the threads decide by `fresh`, which nobody has used:
 * they meet where versions are compiled by need, too. */
static uint32_t run_threads(const Run *run, const licet_library *fresh, uint32_t threads) {
  uint32_t count = run->count, wrong = 0;
  char **requests = calloc(count, sizeof *requests), **answers = calloc(count, sizeof *answers);
  Shared *shared = calloc(threads, sizeof *shared);
  pthread_t *ids = calloc(threads, sizeof *ids);
  licet_session *session;
  const licet_determination *d;
  make_requests(run, requests, count);
  if (licet_session_open(run->library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK)
    abort();
  for (uint32_t i = 0; i < count; i++) {
    licet_status status = licet_decide(session, requests[i], strlen(requests[i]), &d);
    answers[i] = strdup(answer_text(session, status, d));
  }
  licet_session_close(session);
  for (uint32_t t = 0; t < threads; t++) {
    shared[t] = (Shared){fresh, requests, answers, count, t * (count / threads), 0};
    pthread_create(&ids[t], NULL, decide_all, &shared[t]);
  }
  for (uint32_t t = 0; t < threads; t++) {
    pthread_join(ids[t], NULL);
    wrong += shared[t].wrong;
  }
  for (uint32_t i = 0; i < count; i++) {
    free(requests[i]);
    free(answers[i]);
  }
  free(requests);
  free(answers);
  free(shared);
  free(ids);
  return wrong;
}

/* ---- Telling ---- */

static int by_place(const void *a, const void *b) {
  const Failure *x = a, *y = b;
  if (x->chunk != y->chunk) return x->chunk < y->chunk ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

static void report_totals(Run *run, uint32_t *passed, uint32_t *failed) {
  qsort(run->failures, run->failure_count, sizeof *run->failures, by_place);
  for (uint32_t i = 0; i < run->failure_count; i++) {
    const Failure *failure = &run->failures[i];
    printf("FAILED  %s: %s\n        %.3000s\n        %s\n",
           licet_policy_id(run->policies[failure->policy]), sentences[failure->property],
           failure->said, failure->request);
    free(failure->said);
    free(failure->request);
  }
  for (uint32_t p = 0; p < run->policy_count; p++) {
    for (int property = 0; property < PROPERTY_COUNT; property++) {
      if (run->failed[p][property]) {
        ++*failed;
      } else {
        ++*passed;
      }
    }
  }
}

/* ---- Starting ---- */

typedef struct Options {
  const char *folders[FOLDERS];
  uint32_t folder_count, count, jobs, threads;
  uint64_t seed;
} Options;

static bool holds_policies(const char *folder) {
  DIR *directory = opendir(folder);
  bool found = false;
  for (const struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
    size_t length = strlen(entry->d_name);
    found = found || (length > 6 && strcmp(entry->d_name + length - 6, ".licet") == 0);
  }
  if (directory != NULL) closedir(directory);
  return found;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void usual_folders(Options *options) {
  options->folders[options->folder_count++] = strdup("policies");
  DIR *good = opendir("tests/good");
  for (const struct dirent *entry; good != NULL && (entry = readdir(good)) != NULL;) {
    char path[512];
    snprintf(path, sizeof path, "tests/good/%s", entry->d_name);
    if (entry->d_name[0] != '.' && options->folder_count < FOLDERS && holds_policies(path))
      options->folders[options->folder_count++] = strdup(path);
  }
  if (good != NULL) closedir(good);
  qsort(options->folders, options->folder_count, sizeof *options->folders, by_name);
}

static Options read_options(int count, char **words) {
  Options options = {
      .count = 100000, .seed = 20260101, .jobs = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN)};
  if (getenv("LICET_PROPERTY_COUNT") != NULL)
    options.count = (uint32_t)strtoul(getenv("LICET_PROPERTY_COUNT"), NULL, 10);
  if (getenv("LICET_PROPERTY_SEED") != NULL)
    options.seed = strtoull(getenv("LICET_PROPERTY_SEED"), NULL, 10);
  for (int i = 1; i < count; i++) {
    bool more = i + 1 < count;
    if (strcmp(words[i], "--count") == 0 && more) {
      options.count = (uint32_t)strtoul(words[++i], NULL, 10);
    } else if (strcmp(words[i], "--seed") == 0 && more) {
      options.seed = strtoull(words[++i], NULL, 10);
    } else if (strcmp(words[i], "--jobs") == 0 && more) {
      options.jobs = (uint32_t)strtoul(words[++i], NULL, 10);
    } else if (strcmp(words[i], "--threads") == 0 && more) {
      options.threads = (uint32_t)strtoul(words[++i], NULL, 10);
    } else if (options.folder_count < FOLDERS) {
      options.folders[options.folder_count++] = strdup(words[i]);
    }
  }
  if (options.folder_count == 0) usual_folders(&options);
  if (options.jobs == 0) options.jobs = 1;
  if (options.jobs > 64) options.jobs = 64;
  return options;
}

static void run_folder(const Options *options, const char *folder, uint32_t count, uint32_t *passed,
                       uint32_t *failed) {
  static Run run;
  licet_library *library;
  licet_report *opened;
  memset(&run, 0, sizeof run);
  licet_status status = licet_library_open(folder, NULL, &library, &opened);
  if (status != LICET_OK) {
    printf("FAILED  %s opens: %s\n%s", folder, licet_status_text(status),
           opened == NULL ? "" : licet_report_text(opened));
    licet_report_free(opened);
    ++*failed;
    return;
  }
  run.library = library;
  run.seed = options->seed;
  run.count = count;
  pthread_mutex_init(&run.lock, NULL);
  while (run.policy_count < 256 && licet_library_policy(library, run.policy_count) != NULL) {
    run.policies[run.policy_count] = licet_library_policy(library, run.policy_count);
    run.policy_count++;
  }
  pthread_t ids[64];
  if (options->threads > 0) {
    licet_library *fresh;
    licet_report *again;
    if (licet_library_open(folder, NULL, &fresh, &again) != LICET_OK) abort();
    uint32_t wrong = run_threads(&run, fresh, options->threads);
    licet_library_close(fresh);
    licet_report_free(again);
    printf("%s: %u threads, %u requests each, %u answers differ\n", folder, options->threads, count,
           wrong);
    ++*(wrong == 0 ? passed : failed);
  } else {
    for (uint32_t j = 0; j < options->jobs; j++) pthread_create(&ids[j], NULL, work, &run);
    for (uint32_t j = 0; j < options->jobs; j++) pthread_join(ids[j], NULL);
    printf("%s: %llu requests, %llu completions; approve %llu, pend %llu, refer %llu\n", folder,
           (unsigned long long)run.asked, (unsigned long long)run.completions,
           (unsigned long long)run.outcomes[LICET_APPROVE],
           (unsigned long long)run.outcomes[LICET_PEND],
           (unsigned long long)run.outcomes[LICET_REFER]);
    report_totals(&run, passed, failed);
  }
  pthread_mutex_destroy(&run.lock);
  licet_library_close(library);
  licet_report_free(opened);
}

int main(int count, char **words) {
  Options options = read_options(count, words);
  uint32_t passed = 0, failed = 0;
  printf("seed %llu\n", (unsigned long long)options.seed);
  for (uint32_t i = 0; i < options.folder_count; i++) {
    /* the policies themselves get the whole count, each further folder a tenth */
    run_folder(&options, options.folders[i],
               i == 0 || options.count < 1000 ? options.count : options.count / 10, &passed,
               &failed);
    free((void *)(uintptr_t)options.folders[i]);
  }
  printf("%u passed, %u failed\n", passed, failed);
  return failed > 0;
}
