/* space, patient, witness: one policy's cells, walks over its functions, and requests made of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "licet/prove.h"
#include "prove/witness.h"
#include "prove/words.h"

static const char vocabulary[] =
    "vocabulary v \"V\"\n"
    "  fact birth_date: date from requester\n"
    "  fact stage: early | late | last from requester\n"
    "  fact level: percent from requester\n"
    "  fact judged: yes | no judgment, from reviewer\n"
    "  fact weight: mass from requester\n    range 1 kg to 300 kg\n"
    "  fact height: length from requester\n    range 20 cm to 300 cm\n"
    "  fact dose: mass/time from requester\n"
    "  fact history: list complete when history_complete from requester\n"
    "    field agent: name\n"
    "    field result: good | bad\n"
    "  fact history_complete: yes | no from requester\n"
    "  fact code: code ICD-10-CM from requester\n"
    "  codes listed: ICD-10-CM = C83.50 to C83.59\n  derive age: duration = from birth_date to "
    "start\n"
    "  never birth_date after start \"b\"\n"
    "  drug d \"D\"\n    hcpcs J0000 = 1 mg\n    vial 1 mg\n";

#define HEAD(lines)                                                                       \
  "policy P \"P\"\n  payer \"X\"\n  lines medicaid\n  drug d\n  vocabulary v\n  version " \
  "2024-01-01 \"a\"\n" lines

typedef struct Fixture {
  char folder[64];
  licet_library *library;
  Arena arena;
  Space *space;
  CompiledPolicy *policy;
  Replay replay;
} Fixture;

static void write_file(const Fixture *f, const char *name, const char *text) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", f->folder, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static Fixture *fixture_open(const char *policy) {
  Fixture *f = calloc(1, sizeof *f);
  licet_report *report = NULL;
  Diagnostics diagnostics;
  assert_non_null(f);
  snprintf(f->folder, sizeof f->folder, "/tmp/licet-space-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  write_file(f, "v.licet", vocabulary);
  write_file(f, "p.licet", policy);
  if (licet_library_open(f->folder, NULL, &f->library, &report) != LICET_OK)
    fail_msg("%s", licet_report_text(report));
  licet_report_free(report);
  arena_open(&f->arena);
  diagnostics_open(&diagnostics, &f->arena);
  const Policy *model = f->library->policies.items[0]->model;
  CompileSubject subject = {.policy = model, .version = &model->versions.items[0]};
  f->space = space_open(&subject, 1, &f->arena, &diagnostics);
  assert_non_null(f->space);
  f->policy = compile_subject(f->space->shared, &subject);
  f->replay = (Replay){.arena = &f->arena, .library = f->library};
  return f;
}

static void fixture_close(Fixture *f) {
  char path[128];
  arena_close(&f->arena);
  licet_library_close(f->library);
  snprintf(path, sizeof path, "%s/v.licet", f->folder);
  unlink(path);
  snprintf(path, sizeof path, "%s/p.licet", f->folder);
  unlink(path);
  rmdir(f->folder);
  free(f);
}

typedef struct Wanted {
  Fixture *f;
  bool approve;
  Text request;
} Wanted;

static bool shows(void *context, const Patient *patient) {
  Wanted *wanted = context;
  wanted->request = patient_request(wanted->f->space, patient, wanted->f->policy->policy,
                                    wanted->f->space->received);
  const licet_determination *determination =
      replay_request(&wanted->f->replay, TEXT(""), wanted->request);
  return determination != NULL &&
         (licet_determination_outcome(determination) == LICET_APPROVE) == wanted->approve;
}

/* A request that is approved; and one of which it is certain that it is not. */
static void assert_witnesses(Fixture *f) {
  Patient patient;
  Wanted wanted = {.f = f, .approve = true};
  DiagramRef approve = space_certain(f->space, f->policy->whole.approve);
  assert_true(witness_find(f->space, approve, approve, (Shows){shows, &wanted}, &patient));
  DiagramRef refuse = diagram_not(f->space->diagram, f->policy->whole.approve);
  wanted.approve = false;
  assert_true(witness_find(f->space, refuse, refuse, (Shows){shows, &wanted}, &patient));
}

/* ---- Walks ---- */

static void shares_weigh_every_cell_the_same(void **state) {
  (void)state;
  Fixture *f = fixture_open(HEAD("all of\n  approve 6 months\n  - \"x\": stage in early, late\n"));
  assert_true(space_share(f->space, f->policy->whole.approve) > 0.66 &&
              space_share(f->space, f->policy->whole.approve) < 0.67);
  assert_true(space_share(f->space, DIAGRAM_TRUE) == 1);
  assert_true(space_share(f->space, DIAGRAM_FALSE) == 0);
  fixture_close(f);
}

static void what_no_patient_is_like_is_not_possible(void **state) {
  (void)state;
  Fixture *f = fixture_open(
      HEAD("all of\n  approve 6 months\n  - \"x\": birth_date after start or age < 18 years\n"));
  DiagramRef born_late = space_and_not(f->space, DIAGRAM_TRUE, f->policy->whole.approve);
  assert_true(space_some(f->space, born_late));
  assert_false(space_implies(f->space, DIAGRAM_TRUE, f->policy->whole.approve));
  Text words = words_in_common(f->space, f->policy->whole.approve, DIAGRAM_TRUE);
  assert_true(text_is(words, "age: under 18 years"));
  fixture_close(f);
}

static void the_start_is_found_on_which_a_fixed_day_and_an_age_meet(void **state) {
  (void)state;
  Fixture *f =
      fixture_open(HEAD("all of\n  approve 6 months\n  - \"x\": age >= 18 years\n  - \"y\": "
                        "birth_date after 2008-03-01\n"));
  assert_true(space_some(f->space, f->policy->whole.approve));
  assert_witnesses(f);
  fixture_close(f);
}

static void what_is_not_given_must_not_matter(void **state) {
  (void)state;
  Fixture *f = fixture_open(
      HEAD("all of\n  approve 6 months\n  - \"x\": not weight is given or weight >= 10 kg\n"));
  DiagramRef certain = space_certain(f->space, f->policy->whole.approve);
  assert_false(space_implies(f->space, f->policy->whole.approve, certain));
  assert_true(space_implies(f->space, certain, f->policy->whole.approve));
  fixture_close(f);
}

static void judgments_are_left_aside(void **state) {
  (void)state;
  Fixture *f =
      fixture_open(HEAD("any of\n  A \"a\": judged\n    approve 6 months\n  B \"b\": stage is "
                        "last\n    approve 6 months\n"));
  DiagramRef plain = space_without_judgment(f->space, f->policy->whole.approve);
  assert_true(
      text_is(words_in_common(f->space, plain, space_without_judgment(f->space, DIAGRAM_TRUE)),
              "stage: last"));
  fixture_close(f);
}

/* ---- Patients ---- */

static void witnesses_of_every_type_of_fact(void **state) {
  (void)state;
  static const char *const conditions[] = {
      "level >= 5 % and level < 5.1 %",
      "age >= 1 month and age < 2 months",
      "weight > 10 kg and weight <= 10.001 kg",
      "any history where agent is examplin and result is bad",
      "at least 2 history where result is good",
      "every history where result is bad",
      "code in listed",
      "not code in listed",
      "stage is last and judged",
  };
  for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
    char text[1024];
    snprintf(text, sizeof text, HEAD("all of\n  approve 6 months\n  - \"x\": %s\n"), conditions[i]);
    Fixture *f = fixture_open(text);
    assert_witnesses(f);
    fixture_close(f);
  }
}

static void a_dose_against_body_surface_is_tried_until_it_fits(void **state) {
  (void)state;
  Fixture *f =
      fixture_open(HEAD("all of\n  approve 6 months\n  - \"x\": weight < 45 kg and dose <= 15 "
                        "mcg/m2/day * body_surface(height, weight)\n"));
  assert_true(f->space->some_joint);
  assert_witnesses(f);
  fixture_close(f);
}

static void a_witness_states_no_more_than_it_needs(void **state) {
  (void)state;
  Fixture *f =
      fixture_open(HEAD("any of\n  A \"a\" all of\n    approve 6 months\n    - \"x\": stage is "
                        "early\n    - \"y\": level >= 5 %\n"
                        "  B \"b\": stage is last\n    approve 6 months\n"));
  Patient patient;
  Wanted wanted = {.f = f, .approve = true};
  assert_true(witness_find(f->space, f->policy->whole.approve, f->policy->whole.approve,
                           (Shows){shows, &wanted}, &patient));
  assert_null(strstr(wanted.request.at, "level"));
  fixture_close(f);
}

/* ---- Several ---- */

static void a_policy_is_compiled_as_if_a_criterion_were_gone_or_granted(void **state) {
  (void)state;
  Fixture *f = fixture_open(
      HEAD("all of\n  approve 6 months\n  - \"x\": stage is early\n  - \"y\": level >= 5 %\n"));
  CompileSubject subject = f->space->subjects[0];
  const Criterion *first = f->policy->criteria.items[1].criterion;
  subject.change.without = first;
  CompiledPolicy *without = compile_subject(f->space->shared, &subject);
  subject.change = (Change){.authorized = first};
  CompiledPolicy *authorized = compile_subject(f->space->shared, &subject);
  assert_int_equal(
      without->whole.approve,
      authorized->whole.approve); /* one diagram: the same functions are the same node */
  assert_int_not_equal(without->whole.approve, f->policy->whole.approve);
  assert_true(space_implies(f->space, f->policy->whole.approve, without->whole.approve));
  fixture_close(f);
}

static void a_comparison_needs_policies_that_exist(void **state) {
  (void)state;
  Fixture *f = fixture_open(HEAD("all of\n  approve 6 months\n  - \"x\": stage is early\n"));
  licet_comparison *comparison = NULL;
  licet_proof *proof = NULL;
  assert_int_equal(licet_compare(f->library, "P", NULL, "Q", NULL, &comparison), LICET_NOT_FOUND);
  assert_null(comparison);
  assert_int_equal(licet_compare(f->library, "P", "2020-01-01", "P", NULL, &comparison),
                   LICET_NOT_FOUND);
  assert_int_equal(licet_compare(f->library, "P", "soon", "P", NULL, &comparison), LICET_NOT_FOUND);
  assert_int_equal(licet_prove(f->library, "Q", &proof), LICET_NOT_FOUND);
  assert_null(proof);
  assert_int_equal(licet_compare(f->library, "P", NULL, "P", "2024-06-01", &comparison), LICET_OK);
  assert_int_equal(licet_comparison_relation(comparison, LICET_INITIAL), LICET_EQUIVALENT);
  assert_null(licet_comparison_region(comparison, LICET_INITIAL, 0).pathway);
  assert_null(licet_comparison_authorization(comparison, LICET_CONTINUATION, 0).pathway[0]);
  licet_comparison_free(comparison);
  assert_int_equal(licet_prove(f->library, "P", &proof), LICET_OK);
  assert_int_equal(licet_proof_count(proof), 0);
  assert_null(licet_proof_finding(proof, 0).policy);
  licet_proof_free(proof);
  fixture_close(f);
}

/* The first version allows 28 vials, the second 20 and sends others elsewhere; nothing else
 * differs. */
static void limits_and_routes_differ_where_approvals_do_not(void **state) {
  (void)state;
  Fixture *f = fixture_open(
      "policy P \"P\"\n  payer \"X\"\n  lines medicaid\n  drug d\n  vocabulary v\n"
      "  limit 28 vials every 42 days until 2024-12-31\n  limit 20 vials every 42 days from "
      "2025-01-01\n"
      "  version 2024-01-01 \"a\"\n  version 2025-01-01 \"b\"\n"
      "any of\n  A \"a\": stage is early\n    approve 6 months\n"
      "  B \"b\" from 2025-01-01: stage is late\n    route ELSEWHERE\n");
  licet_comparison *comparison = NULL;
  assert_int_equal(licet_compare(f->library, "P", "2024-06-01", "P", "2025-06-01", &comparison),
                   LICET_OK);
  assert_int_equal(licet_comparison_relation(comparison, LICET_INITIAL), LICET_EQUIVALENT);
  licet_terms_difference limits = licet_comparison_terms(comparison, 0),
                         routes = licet_comparison_terms(comparison, 1);
  assert_int_equal(limits.topic, LICET_TOPIC_LIMITS);
  assert_int_equal(limits.request, LICET_ANY_KIND);
  assert_string_equal(limits.words[0], "28 vials every 42 days");
  assert_string_equal(limits.words[1], "20 vials every 42 days");
  assert_int_equal(routes.topic, LICET_TOPIC_ROUTES);
  assert_int_equal(routes.request, LICET_INITIAL);
  assert_string_equal(routes.words[0], "none");
  assert_string_equal(routes.words[1], "ELSEWHERE");
  licet_comparison_free(comparison);
  assert_int_equal(licet_compare(f->library, "P", NULL, "P", NULL, &comparison), LICET_OK);
  assert_int_equal(licet_comparison_terms(comparison, 0).topic, LICET_TOPIC_NONE);
  licet_comparison_free(comparison);
  fixture_close(f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_weigh_every_cell_the_same),
      cmocka_unit_test(what_no_patient_is_like_is_not_possible),
      cmocka_unit_test(the_start_is_found_on_which_a_fixed_day_and_an_age_meet),
      cmocka_unit_test(what_is_not_given_must_not_matter),
      cmocka_unit_test(judgments_are_left_aside),
      cmocka_unit_test(witnesses_of_every_type_of_fact),
      cmocka_unit_test(a_dose_against_body_surface_is_tried_until_it_fits),
      cmocka_unit_test(a_witness_states_no_more_than_it_needs),
      cmocka_unit_test(a_policy_is_compiled_as_if_a_criterion_were_gone_or_granted),
      cmocka_unit_test(limits_and_routes_differ_where_approvals_do_not),
      cmocka_unit_test(a_comparison_needs_policies_that_exist),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
