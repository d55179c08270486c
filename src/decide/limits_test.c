/* Limits: what is too large is refused with a message of its own, that says how much there may be.
 *
 * The build with LICET_TINY_LIMITS (base/limits.h) makes each of them small; elsewhere these texts
 * would be too large to be worth the time, and what stays is the limits that are the same in every
 * build.
 */
#include "base/limits.h"
#include "decide/fixture.h"
#include "decide/session.h"
#include "licet/outcome.h"

#include <stdbool.h>

/* A text that grows. */
typedef struct Writer {
  char *text;
  size_t length;
  FILE *file;
} Writer;

static void writer_open(Writer *w) {
  *w = (Writer){0};
  w->file = open_memstream(&w->text, &w->length);
  assert_non_null(w->file);
}

static const char *writer_text(Writer *w) {
  assert_int_equal(fflush(w->file), 0);
  return w->text;
}

static void writer_close(Writer *w) {
  fclose(w->file);
  free(w->text);
}

/* Is there a diagnostic with this id whose message and expectation hold these words? */
static void assert_diagnosed(const licet_report *report, const char *id, const char *words) {
  bool found = false;
  for (size_t i = 0; i < licet_report_count(report); i++)
    found = found || strcmp(licet_report_at(report, i).id, id) == 0;
  if (!found) fail_msg("no %s in:\n%.2000s", id, licet_report_text(report));
  if (strstr(licet_report_text(report), words) == NULL)
    fail_msg("no `%s` in:\n%.2000s", words, licet_report_text(report));
}

#define HEAD_LINES "  payer \"A\"\n  lines medicaid\n  drug d\n  vocabulary v\n"
#define HEAD_OF_POLICY "policy p \"P\"\n" HEAD_LINES "  version 2025-01-01\n"
#define SMALL_VOCABULARY "vocabulary v \"V\"\n  fact a: yes | no\n  fact n: count\n"

static void assert_refused(const char *vocabulary, const char *policy, const char *id,
                           const char *words) {
  Fixture f;
  fixture_open(&f);
  fixture_file(&f, "v.licet", vocabulary);
  fixture_file(&f, "p.licet", policy);
  assert_int_equal(licet_library_open(f.folder, NULL, &f.library, &f.report), LICET_BAD_POLICY);
  assert_null(f.library);
  assert_diagnosed(f.report, id, words);
  fixture_close(&f);
}

__attribute__((format(printf, 1, 2))) static const char *words_of(const char *format, ...) {
  static char words[128];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  return words;
}

/* ---- In every build ---- */

/* 44 facts, so many criteria "at least 11 of 22" of them: the search for all sets gives up, and the
 * policy is not yet too large. */
enum { GROUPS_OF_22 = LIMIT(7, 2) };

/* `fact` and `pathway`: lines as well. */
static void assert_pends_though_the_search_gives_up(const char *fact, const char *pathway) {
  Fixture f;
  Writer v, p;
  uint32_t chance = 1;
  licet_answer alone;
  fixture_open(&f);
  writer_open(&v);
  writer_open(&p);
  fprintf(v.file, "vocabulary v \"V\"\n");
  for (int i = 0; i < 44; i++) fprintf(v.file, "  fact x%d: yes | no\n", i);
  fputs(fact, v.file);
  fprintf(p.file, HEAD_OF_POLICY "%sA \"T\" all of\n  approve 6 months\n", pathway);
  for (int group = 1; group <= GROUPS_OF_22; group++) {
    fprintf(p.file, "  %d \"g\" at least 11 of\n", group);
    for (int i = 0, picked = 0; picked < 22; i++) {
      chance = chance * 1103515245u + 12345u;
      if ((chance >> 16) % 44 >= 22 && 44 - i > 22 - picked) continue;
      fprintf(p.file, "    - \"t\": x%d\n", i);
      picked++;
    }
  }
  fixture_file(&f, "v.licet", writer_text(&v));
  fixture_file(&f, "p.licet", writer_text(&p));
  assert_int_equal(licet_library_open(f.folder, NULL, &f.library, &f.report), LICET_OK);
  assert_int_equal(licet_session_open(f.library, NULL, &f.session), LICET_OK);
  const char request[] =
      "{\"policy\":\"p\",\"line\":\"medicaid\",\"drug\":\"d\",\"kind\":"
      "\"initial\",\"received\":\"2026-01-05\",\"facts\":{}}";
  const licet_determination *d;
  assert_int_equal(licet_decide(f.session, request, strlen(request), &d), LICET_OK);
  assert_int_equal(licet_determination_outcome(d), LICET_PEND);
  assert_non_null(licet_determination_missing(d, 0));
  assert_non_null(strstr(licet_determination_json(d, NULL), "\"missing_complete\":false"));
  assert_int_equal(licet_decide_outcome(f.session, request, strlen(request), &alone), LICET_OK);
  assert_int_equal(alone.outcome, LICET_PEND);
  licet_session_close(f.session);
  f.session = NULL;
  writer_close(&v);
  writer_close(&p);
  fixture_close(&f);
}

static void a_search_that_gives_up_leaves_the_outcome_as_it_is_and_says_so(void **state) {
  (void)state;
  assert_pends_though_the_search_gives_up("", "");
}

/* Answers of the requester alone would approve: no clinician need judge. */
static void a_search_that_gives_up_is_no_judgment(void **state) {
  (void)state;
  assert_pends_though_the_search_gives_up("  fact judged: yes | no  judgment, from reviewer\n",
                                          "J \"Judged\": judged and x0\n  approve 1 month\n");
}

/* Thirty criteria "a or b or c" over 60 facts: thousands of minimal sets, the smallest of 13. */
static void open_thirty(Fixture *f) {
  Writer v, p;
  uint32_t chance = 7;
  fixture_open(f);
  writer_open(&v);
  writer_open(&p);
  fprintf(v.file, "vocabulary v \"V\"\n");
  for (int i = 0; i < 60; i++) fprintf(v.file, "  fact x%02d: yes | no\n", i);
  fprintf(p.file, HEAD_OF_POLICY "A \"T\" all of\n  approve 6 months\n");
  for (int i = 0; i < LIMIT(30, 6); i++) {
    int of[3];
    for (int n = 0; n < 3; n++) {
      chance = chance * 1103515245u + 12345u;
      of[n] = (int)((chance >> 16) % 20) + 20 * n; /* three facts that are not the same */
    }
    fprintf(p.file, "  - \"c\": x%02d or x%02d or x%02d\n", of[0], of[1], of[2]);
  }
  fixture_file(f, "v.licet", writer_text(&v));
  fixture_file(f, "p.licet", writer_text(&p));
  writer_close(&v);
  writer_close(&p);
  assert_int_equal(licet_library_open(f->folder, NULL, &f->library, &f->report), LICET_OK);
  assert_int_equal(licet_session_open(f->library, NULL, &f->session), LICET_OK);
}

static const char REQUEST_OF_NOTHING[] =
    "{\"policy\":\"p\",\"line\":\"medicaid\",\"drug\":\"d\",\"kind\":"
    "\"initial\",\"received\":\"2026-01-05\",\"facts\":{}}";

/* In one search more than all of them may take (diagram/sets.c), the last may end. */
enum { STEPS_BEYOND = 2 << 14 };

static void the_search_for_what_is_missing_takes_so_many_steps_and_no_more(void **state) {
  (void)state;
  Fixture f;
  const licet_determination *d;
  licet_answer alone;
  open_thirty(&f);
  assert_int_equal(licet_decide(f.session, REQUEST_OF_NOTHING, strlen(REQUEST_OF_NOTHING), &d),
                   LICET_OK);
  const uint64_t spent = diagram_scratch_spent(f.session->scratch);
  assert_true(spent > 0);
  assert_true(spent <= LIMIT_SEARCH_STEPS + STEPS_BEYOND);
  assert_int_equal(licet_determination_outcome(d), LICET_PEND);
  assert_non_null(licet_determination_missing(d, 0));
  assert_int_equal(
      licet_decide_outcome(f.session, REQUEST_OF_NOTHING, strlen(REQUEST_OF_NOTHING), &alone),
      LICET_OK);
  assert_int_equal(alone.outcome, LICET_PEND);
  fixture_close(&f);
}

/* Tables that grew, and answers that are remembered, change neither the steps nor the bytes. */
static void what_is_missing_does_not_depend_on_what_was_asked_before(void **state) {
  (void)state;
  Fixture f;
  const licet_determination *d;
  open_thirty(&f);
  char *first = NULL;
  uint64_t spent = 0;
  for (int round = 0; round < 3; round++) {
    assert_int_equal(licet_decide(f.session, REQUEST_OF_NOTHING, strlen(REQUEST_OF_NOTHING), &d),
                     LICET_OK);
    if (first == NULL) {
      first = strdup(licet_determination_json(d, NULL));
      spent = diagram_scratch_spent(f.session->scratch);
    }
    assert_string_equal(licet_determination_json(d, NULL), first);
    assert_int_equal(diagram_scratch_spent(f.session->scratch), spent);
  }
  free(first);
  fixture_close(&f);
}

/* Each version raises a bound that was the same in all before. */
static void write_versions(FILE *file, int count) {
  for (int i = 0; i < count; i++) fprintf(file, "  version %d-01-01\n", 1700 + i);
  fprintf(file, "A \"T\" all of\n  approve 6 months\n  - \"always\": a\n");
  for (int i = 0; i < count; i++) {
    fprintf(file, "  - \"bound\"");
    if (i > 0) fprintf(file, " from %d-01-01", 1700 + i);
    if (i + 1 < count) fprintf(file, " until %d-12-31", 1700 + i);
    fprintf(file, ": n >= %d\n", i % 30);
  }
}

static void as_many_versions_as_there_may_be_open_and_decide(void **state) {
  (void)state;
  static const char vocabulary_text[] =
      "vocabulary v \"V\"\n  fact a: yes | no\n  fact n: count\n    range 0 to 100\n";
  enum { VERSIONS = LIMIT(300, 8) };
  Fixture f;
  Writer p;
  char request[256], version[32];
  const licet_determination *d;
  fixture_open(&f);
  writer_open(&p);
  fputs("policy p \"P\"\n" HEAD_LINES, p.file);
  write_versions(p.file, VERSIONS);
  fixture_file(&f, "v.licet", vocabulary_text);
  fixture_file(&f, "p.licet", writer_text(&p));
  assert_int_equal(licet_library_open(f.folder, NULL, &f.library, &f.report), LICET_OK);
  assert_int_equal(licet_session_open(f.library, NULL, &f.session), LICET_OK);
  for (int i = 0; i < VERSIONS; i += 1 + i / 4) {
    snprintf(version, sizeof version, "%d-01-01", 1700 + i);
    snprintf(request, sizeof request,
             "{\"policy\":\"p\",\"line\":\"medicaid\",\"drug\":\"d\",\"kind\":\"initial\","
             "\"received\":\"%d-06-01\",\"facts\":{\"a\":true,\"n\":%d}}",
             1700 + i, i % 30);
    assert_int_equal(licet_decide(f.session, request, strlen(request), &d), LICET_OK);
    assert_int_equal(licet_determination_outcome(d), LICET_APPROVE);
    assert_non_null(strstr(licet_determination_json(d, NULL), version));
  }
  writer_close(&p);
  fixture_close(&f);
}

static void a_policy_reads_so_many_facts_and_no_more(void **state) {
  (void)state;
  Writer v, p;
  writer_open(&v);
  writer_open(&p);
  fputs("vocabulary v \"V\"\n", v.file);
  fputs(HEAD_OF_POLICY "\nA \"x\" all of\n  approve 6 months\n", p.file);
  for (unsigned i = 0; i <= LIMIT_POLICY_FACTS; i++) {
    fprintf(v.file, "  fact f%u: yes | no\n", i);
    fprintf(p.file, "  - \"x\": f%u\n", i);
  }
  assert_refused(writer_text(&v), writer_text(&p), "L401",
                 words_of("at most %u", LIMIT_POLICY_FACTS));
  writer_close(&v);
  writer_close(&p);
}

static void conditions_tell_so_many_cases_of_a_fact_apart_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "\nA \"x\" any of\n  approve 6 months\n", p.file);
  for (unsigned i = 0; i <= LIMIT_CELLS; i++) fprintf(p.file, "  - \"x\": n <= %u\n", 2 * i);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L403", words_of("at most %u", LIMIT_CELLS));
  writer_close(&p);
}

static void lists_have_so_many_fields_and_no_more(void **state) {
  (void)state;
  Writer v;
  writer_open(&v);
  fputs("vocabulary v \"V\"\n  fact a: yes | no\n  fact l: list\n", v.file);
  for (unsigned i = 0; i <= LIMIT_FIELDS; i++) fprintf(v.file, "    field f%u: name\n", i);
  assert_refused(writer_text(&v), HEAD_OF_POLICY "\nA \"x\": a\n  approve 6 months\n", "L401",
                 words_of("at most %u", LIMIT_FIELDS));
  writer_close(&v);
}

static void entries_are_counted_so_far_and_no_further(void **state) {
  (void)state;
  char policy[512];
  snprintf(policy, sizeof policy,
           HEAD_OF_POLICY "\nA \"x\": at least %u l where b\n  approve 6 months\n",
           LIMIT_COUNTED + 1);
  assert_refused("vocabulary v \"V\"\n  fact l: list\n    field b: yes | no\n", policy, "L410",
                 words_of("at most %u", LIMIT_COUNTED));
}

static void a_request_is_nested_so_deep_and_no_deeper(void **state) {
  (void)state;
  Fixture f;
  char json[64] = {0};
  fixture_policy(
      &f,
      POLICY_HEAD("p", "Payer") "  version 2025-01-01\n\nA \"x\": agreed\n  approve 6 months\n");
  memset(json, '[', LIMIT_REQUEST_DEPTH + 1);
  memset(json + LIMIT_REQUEST_DEPTH + 1, ']', LIMIT_REQUEST_DEPTH + 1);
  assert_non_null(
      strstr(request_errors_of(&f, json), words_of("at most %u levels", LIMIT_REQUEST_DEPTH)));
  fixture_close(&f);
}

#ifdef LICET_TINY_LIMITS

/* ---- Texts of policies ---- */

static void a_file_holds_so_many_bytes_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY, p.file);
  for (size_t i = 0; i <= LIMIT_SOURCE_BYTES / 64; i++)
    fputs("# a comment that says nothing but takes its sixty-four bytes up.\n", p.file);
  fputs("\nA \"x\": a\n  approve 6 months\n", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L106", words_of("%u", LIMIT_SOURCE_BYTES));
  writer_close(&p);
}

static void a_file_holds_so_many_words_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "  set s = a", p.file);
  for (size_t i = 0; i <= LIMIT_TOKENS / 2; i++) fputs(",b", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L107", words_of("%u", LIMIT_TOKENS));
  writer_close(&p);
}

static void an_outline_is_so_deep_and_no_deeper(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "\nA \"x\" all of\n  approve 6 months\n", p.file);
  for (int depth = 1; depth <= LIMIT_OUTLINE_DEPTH + 1; depth++)
    fprintf(p.file, "%*sall of\n", 2 * depth, "");
  fprintf(p.file, "%*s- \"x\": a\n", 2 * (LIMIT_OUTLINE_DEPTH + 2), "");
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L205",
                 words_of("%u levels", LIMIT_OUTLINE_DEPTH));
  writer_close(&p);
}

static void a_condition_is_so_deep_and_no_deeper(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "\nA \"x\": ", p.file);
  for (int depth = 0; depth <= LIMIT_CONDITION_DEPTH; depth++) fputs("(", p.file);
  fputs("a", p.file);
  for (int depth = 0; depth <= LIMIT_CONDITION_DEPTH; depth++) fputs(")", p.file);
  fputs("\n  approve 6 months\n", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L213", words_of("%u", LIMIT_CONDITION_DEPTH));
  writer_close(&p);
}

static void so_many_mistakes_are_told_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "\nA \"x\" all of\n  approve 6 months\n", p.file);
  for (unsigned i = 0; i < LIMIT_DIAGNOSTICS + 5; i++)
    fprintf(p.file, "  - \"x\": unknown_%u\n", i);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L301", "unknown_0");
  Fixture f;
  fixture_open(&f);
  fixture_file(&f, "v.licet", SMALL_VOCABULARY);
  fixture_file(&f, "p.licet", writer_text(&p));
  assert_int_equal(licet_library_open(f.folder, NULL, &f.library, &f.report), LICET_BAD_POLICY);
  assert_int_equal(licet_report_count(f.report), LIMIT_DIAGNOSTICS);
  assert_true(licet_report_errors(f.report) > LIMIT_DIAGNOSTICS);
  assert_non_null(strstr(licet_report_text(f.report), "L407"));
  fixture_close(&f);
  writer_close(&p);
}

static void a_vocabulary_declares_so_many_facts_and_no_more(void **state) {
  (void)state;
  Writer v;
  writer_open(&v);
  fputs("vocabulary v \"V\"\n  fact a: yes | no\n", v.file);
  for (unsigned i = 0; i < LIMIT_FACTS; i++) fprintf(v.file, "  fact f%u: yes | no\n", i);
  assert_refused(writer_text(&v), HEAD_OF_POLICY "\nA \"x\": a\n  approve 6 months\n", "L401",
                 "at most");
  writer_close(&v);
}

static void an_enumeration_has_so_many_values_and_no_more(void **state) {
  (void)state;
  Writer v;
  writer_open(&v);
  fputs("vocabulary v \"V\"\n  fact a: yes | no\n  fact e: v0", v.file);
  for (unsigned i = 1; i <= LIMIT_VALUES; i++) fprintf(v.file, " | v%u", i);
  fputs("\n", v.file);
  assert_refused(writer_text(&v), HEAD_OF_POLICY "\nA \"x\": a\n  approve 6 months\n", "L402",
                 words_of("at most %u", LIMIT_VALUES));
  writer_close(&v);
}

static void a_set_has_so_many_members_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "  set s = m", p.file);
  for (unsigned i = 0; i <= LIMIT_NAMES; i++) fprintf(p.file, ", m%u", i);
  fputs("\n\nA \"x\": a\n  approve 6 months\n", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L402", words_of("at most %u", LIMIT_NAMES));
  writer_close(&p);
}

static void a_file_declares_so_many_derivations_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY, p.file);
  for (unsigned i = 0; i <= LIMIT_NAMES; i++) fprintf(p.file, "  derive d%u: yes | no = a\n", i);
  fputs("\nA \"x\": a\n  approve 6 months\n", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L401", words_of("at most %u", LIMIT_NAMES));
  writer_close(&p);
}

static void derivations_rest_on_so_many_others_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "  derive d0: yes | no = a\n", p.file);
  for (unsigned i = 1; i <= LIMIT_NESTING + 1; i++)
    fprintf(p.file, "  derive d%u: yes | no = d%u\n", i, i - 1);
  fprintf(p.file, "\nA \"x\": d%u\n  approve 6 months\n", LIMIT_NESTING + 1);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L409", words_of("at most %u", LIMIT_NESTING));
  writer_close(&p);
}

/* Each derivation doubles the one before. */
static void conditions_hold_so_many_tests_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "  derive d0: yes | no = a or n > 1\n", p.file);
  for (unsigned i = 1; i <= 13; i++)
    fprintf(p.file, "  derive d%u: yes | no = d%u or d%u\n", i, i - 1, i - 1);
  fputs("\nA \"x\": d13\n  approve 6 months\n", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L409", words_of("at most %u", LIMIT_TESTS));
  writer_close(&p);
}

static void a_policy_has_so_many_criteria_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs(HEAD_OF_POLICY "\nA \"x\" all of\n  approve 6 months\n", p.file);
  for (unsigned i = 0; i <= LIMIT_CRITERIA; i++) fputs("  - \"x\": a\n", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L404", words_of("at most %u", LIMIT_CRITERIA));
  writer_close(&p);
}

static void a_policy_has_so_many_versions_and_no_more(void **state) {
  (void)state;
  Writer p;
  writer_open(&p);
  fputs("policy p \"P\"\n" HEAD_LINES, p.file);
  for (unsigned i = 0; i <= LIMIT_VERSIONS; i++) fprintf(p.file, "  version %u-01-01\n", 2000 + i);
  fputs("\nA \"x\": a\n  approve 6 months\n", p.file);
  assert_refused(SMALL_VOCABULARY, writer_text(&p), "L405", words_of("at most %u", LIMIT_VERSIONS));
  writer_close(&p);
}

/* Pairs that an order of the facts by first appearance tears apart: the diagram must remember every
 * first half. */
static void a_diagram_has_so_many_nodes_and_no_more(void **state) {
  (void)state;
  enum { PAIRS = 16 };
  Writer v, p;
  writer_open(&v);
  writer_open(&p);
  fputs("vocabulary v \"V\"\n", v.file);
  for (int i = 0; i < 2 * PAIRS; i++) fprintf(v.file, "  fact f%02d: yes | no\n", i);
  fputs(HEAD_OF_POLICY "\nA \"x\" all of\n  approve 6 months\n  - \"order\": f00", p.file);
  for (int i = 1; i < 2 * PAIRS; i++) fprintf(p.file, " or f%02d", i);
  fputs("\n  any of\n", p.file);
  for (int i = 0; i < PAIRS; i++) fprintf(p.file, "    - \"x\": f%02d and f%02d\n", i, i + PAIRS);
  assert_refused(
      writer_text(&v), writer_text(&p), "L406",
      words_of("at most %u nodes in its decision diagram: write criteria that read the same",
               LIMIT_DIAGRAM_NODES));
  writer_close(&v);
  writer_close(&p);
}

/* ---- Requests ---- */

static const char SMALL_POLICY[] =
    POLICY_HEAD("p", "Payer") "  version 2025-01-01\n\nA \"x\": agreed\n  approve 6 months\n";

/* Decides {HEAD, facts: { <what `w` holds> }}, and looks for the words in its errors. */
static void assert_request_refused(const char *facts, const char *words) {
  Fixture f;
  Writer request;
  const licet_determination *d;
  fixture_policy(&f, SMALL_POLICY);
  writer_open(&request);
  fprintf(request.file,
          "{\"payer\":\"Payer\",\"line\":\"commercial\",\"drug\":\"alpha\",\"kind\":\"initial\","
          "\"received\":\"2026-03-10\","
          "\"facts\":{%s}}",
          facts);
  const char *json = writer_text(&request);
  assert_int_equal(licet_decide(f.session, json, strlen(json), &d), LICET_BAD_REQUEST);
  const char *errors = licet_session_error_json(f.session, NULL);
  if (strstr(errors, words) == NULL) fail_msg("no `%s` in %.1000s", words, errors);
  writer_close(&request);
  fixture_close(&f);
}

static void a_request_holds_so_many_bytes_and_no_more(void **state) {
  (void)state;
  Writer w;
  writer_open(&w);
  fprintf(w.file, "\"agreed\":true%*s", (int)LIMIT_REQUEST_BYTES, "");
  assert_request_refused(writer_text(&w), words_of("at most %u bytes", LIMIT_REQUEST_BYTES));
  writer_close(&w);
}

static void a_request_holds_so_many_values_and_no_more(void **state) {
  (void)state;
  Writer w;
  writer_open(&w);
  fputs("\"with\":[1", w.file);
  for (unsigned i = 0; i <= LIMIT_REQUEST_TOKENS; i++) fputs(",1", w.file);
  fputs("]", w.file);
  assert_request_refused(writer_text(&w), words_of("at most %u values", LIMIT_REQUEST_TOKENS));
  writer_close(&w);
}

static void a_list_has_so_many_entries_and_no_more(void **state) {
  (void)state;
  Writer w;
  writer_open(&w);
  fputs("\"past\":[{}", w.file);
  for (unsigned i = 0; i < LIMIT_LIST_ENTRIES; i++) fputs(",{}", w.file);
  fputs("]", w.file);
  assert_request_refused(writer_text(&w), words_of("at most %u entries", LIMIT_LIST_ENTRIES));
  writer_close(&w);
}

static void so_many_faults_of_a_request_are_told_and_the_others_counted(void **state) {
  (void)state;
  Writer w;
  writer_open(&w);
  fputs("\"x\":1", w.file);
  for (unsigned i = 1; i < LIMIT_REQUEST_ERRORS + 5; i++) fprintf(w.file, ",\"x%u\":1", i);
  assert_request_refused(writer_text(&w), "\"more_errors\":5");
  writer_close(&w);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_search_for_what_is_missing_takes_so_many_steps_and_no_more),
      cmocka_unit_test(what_is_missing_does_not_depend_on_what_was_asked_before),
      cmocka_unit_test(as_many_versions_as_there_may_be_open_and_decide),
      cmocka_unit_test(a_policy_reads_so_many_facts_and_no_more),
      cmocka_unit_test(conditions_tell_so_many_cases_of_a_fact_apart_and_no_more),
      cmocka_unit_test(lists_have_so_many_fields_and_no_more),
      cmocka_unit_test(entries_are_counted_so_far_and_no_further),
      cmocka_unit_test(a_request_is_nested_so_deep_and_no_deeper),
      cmocka_unit_test(a_search_that_gives_up_leaves_the_outcome_as_it_is_and_says_so),
      cmocka_unit_test(a_search_that_gives_up_is_no_judgment),
#ifdef LICET_TINY_LIMITS
      cmocka_unit_test(a_file_holds_so_many_bytes_and_no_more),
      cmocka_unit_test(a_file_holds_so_many_words_and_no_more),
      cmocka_unit_test(an_outline_is_so_deep_and_no_deeper),
      cmocka_unit_test(a_condition_is_so_deep_and_no_deeper),
      cmocka_unit_test(so_many_mistakes_are_told_and_no_more),
      cmocka_unit_test(a_vocabulary_declares_so_many_facts_and_no_more),
      cmocka_unit_test(an_enumeration_has_so_many_values_and_no_more),
      cmocka_unit_test(a_set_has_so_many_members_and_no_more),
      cmocka_unit_test(a_file_declares_so_many_derivations_and_no_more),
      cmocka_unit_test(derivations_rest_on_so_many_others_and_no_more),
      cmocka_unit_test(conditions_hold_so_many_tests_and_no_more),
      cmocka_unit_test(a_policy_has_so_many_criteria_and_no_more),
      cmocka_unit_test(a_policy_has_so_many_versions_and_no_more),
      cmocka_unit_test(a_diagram_has_so_many_nodes_and_no_more),
      cmocka_unit_test(a_request_holds_so_many_bytes_and_no_more),
      cmocka_unit_test(a_request_holds_so_many_values_and_no_more),
      cmocka_unit_test(a_list_has_so_many_entries_and_no_more),
      cmocka_unit_test(so_many_faults_of_a_request_are_told_and_the_others_counted),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
