/* Two policies beside each other: what is authorized differently, and what must be documented. */
#include "decide/fixture.h"
#include "licet/prove.h"

#define FACTS                               \
  "vocabulary clinic \"Facts for tests\"\n" \
  "  fact agreed: yes | no  clinical\n"     \
  "  fact seen: count\n"                    \
  "  fact wanted: count\n"                  \
  "  fact had: count\n"

#define HEADED(id, more, criteria)                                                         \
  "policy " id " \"" id "\"\n  payer \"" id                                                \
  "\"\n  lines commercial\n  drug alpha\n  vocabulary clinic\n  version 2026-01-01\n" more \
      criteria

static licet_comparison *compared(Fixture *f, const char *first, const char *second) {
  licet_comparison *comparison;
  fixture_open(f);
  fixture_file(f, "clinic.licet", FACTS);
  fixture_file(f, "p.licet", first);
  fixture_file(f, "q.licet", second);
  fixture_load(f, f->folder, NULL);
  assert_int_equal(licet_compare(f->library, "P", NULL, "Q", NULL, &comparison), LICET_OK);
  return comparison;
}

static void close_both(Fixture *f, licet_comparison *comparison) {
  licet_comparison_free(comparison);
  fixture_close(f);
}

/* The diagram does not know that nobody is seen both less and more often than wanted. */
static void a_difference_without_a_witness_is_told(void **state) {
  (void)state;
  Fixture f;
  licet_comparison *comparison =
      compared(&f, HEADED("P", "", "A \"Less\": seen < wanted\n  approve 6 months\n"),
               HEADED("Q", "", "A \"More\": wanted < seen\n  approve 12 months\n"));
  licet_authorization_difference authorization =
      licet_comparison_authorization(comparison, LICET_INITIAL, 0);
  assert_string_equal(authorization.pathway[0], "A");
  assert_string_equal(authorization.authorization[0], "approve 6 months");
  assert_string_equal(authorization.authorization[1], "approve 12 months");
  assert_string_equal(authorization.witness[0], "");
  assert_string_equal(authorization.shows[1], "");
  assert_null(licet_comparison_authorization(comparison, LICET_INITIAL, 1).pathway[0]);
  close_both(&f, comparison);
}

/* Only of who received eight is a cycle left. */
static void what_a_grant_is_reckoned_from_is_varied(void **state) {
  (void)state;
  Fixture f;
  licet_comparison *comparison =
      compared(&f,
               HEADED("P", "  derive left: count = least of 2 and 9 - had\n",
                      "A \"Agreed\": agreed and had < 9\n  approve 6 months, left cycles\n"),
               HEADED("Q", "", "A \"Agreed\": agreed\n  approve 6 months, 2 cycles\n"));
  licet_authorization_difference authorization =
      licet_comparison_authorization(comparison, LICET_INITIAL, 0);
  assert_non_null(authorization.pathway[0]);
  assert_non_null(strstr(authorization.witness[0], "\"had\": 8"));
  assert_string_equal(authorization.shows[0], "approve by A for 6 months, 1 cycle");
  assert_string_equal(authorization.shows[1], "approve by A for 6 months, 2 cycles");
  close_both(&f, comparison);
}

/* Whoever meets B meets A, which authorizes more: B's authorization is nobody's. */
static void a_grant_that_nobody_earns_is_not_told(void **state) {
  (void)state;
  Fixture f;
  licet_comparison *comparison =
      compared(&f,
               HEADED("P", "",
                      "A \"Agreed\": agreed\n  approve 12 months\n"
                      "B \"Agreed, and seen\": agreed and seen >= 2\n  approve 6 months\n"),
               HEADED("Q", "", "A \"Agreed\": agreed\n  approve 12 months, 3 cycles\n"));
  assert_string_equal(licet_comparison_authorization(comparison, LICET_INITIAL, 0).pathway[0], "A");
  assert_null(licet_comparison_authorization(comparison, LICET_INITIAL, 1).pathway[0]);
  close_both(&f, comparison);
}

static void documents_that_one_side_wants_are_shown_missing(void **state) {
  (void)state;
  Fixture f;
  licet_comparison *comparison =
      compared(&f,
               HEADED("P", "  evidence documented for initial\n",
                      "A \"Agreed\": agreed\n  approve 6 months\n"),
               HEADED("Q", "", "A \"Agreed\": agreed\n  approve 6 months\n"));
  licet_terms_difference terms = licet_comparison_terms(comparison, 0);
  assert_int_equal(terms.topic, LICET_TOPIC_EVIDENCE);
  assert_int_equal(terms.request, LICET_INITIAL);
  assert_string_equal(terms.shows[0], "pend for documents");
  assert_string_equal(terms.shows[1], "approve by A for 6 months");
  assert_null(strstr(terms.witness[0], "document"));
  close_both(&f, comparison);
}

static void what_is_wanted_of_nobody_has_no_witness(void **state) {
  (void)state;
  Fixture f;
  licet_comparison *comparison =
      compared(&f,
               HEADED("P", "  evidence documented for initial\n",
                      "A \"Seen\": seen >= 2\n  approve 6 months\n"),
               HEADED("Q", "", "A \"Seen\": seen >= 2\n  approve 6 months\n"));
  licet_terms_difference terms = licet_comparison_terms(comparison, 0);
  assert_int_equal(terms.topic, LICET_TOPIC_EVIDENCE);
  assert_string_equal(terms.witness[0], "");
  assert_string_equal(terms.shows[0], "");
  close_both(&f, comparison);
}

/* Two pathways overlap, and whose renewals are calculated from a fact is not ordered beforehand. */
static void a_policy_beside_itself_has_no_differences(void **state) {
  (void)state;
  Fixture f;
  licet_comparison *comparison;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", FACTS);
  fixture_file(&f, "p.licet",
               HEADED("P", "",
                      "A \"Agreed\": agreed and had < 4\n"
                      "  approve 6 months, 3 - had renewals while had < 4\n"
                      "B \"Agreed, and seen\": agreed and seen >= 2 and had < 2\n"
                      "  approve 6 months, 1 - had renewals while had < 2\n"));
  fixture_load(&f, f.folder, NULL);
  assert_int_equal(licet_compare(f.library, "P", NULL, "P", NULL, &comparison), LICET_OK);
  for (int kind = 0; kind < 2; kind++) {
    const licet_request_kind of = (licet_request_kind)kind;
    assert_int_equal(licet_comparison_relation(comparison, of), LICET_EQUIVALENT);
    assert_null(licet_comparison_authorization(comparison, of, 0).pathway[0]);
    assert_null(licet_comparison_region(comparison, of, 0).pathway);
  }
  close_both(&f, comparison);
}

/* A limit that is reached at once: each version and kind says what was not examined. */
static void proving_within_limits_lists_what_is_left(void **state) {
  (void)state;
  Fixture f;
  licet_proof *proof;
  const licet_prove_limits limits[] = {{.memory = 1}, {.seconds = 1e-9}};
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", FACTS);
  fixture_file(&f, "p.licet", HEADED("P", "", "A \"Agreed\": agreed\n  approve 6 months\n"));
  fixture_load(&f, f.folder, NULL);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(licet_prove_within(f.library, "P", &limits[i], &proof), LICET_OK);
    assert_int_equal(licet_proof_count(proof), 1);
    const licet_finding finding = licet_proof_finding(proof, 0);
    assert_int_equal(finding.kind, LICET_NOT_PROVED);
    assert_non_null(strstr(finding.why, "Not examined: every criterion"));
    licet_proof_free(proof);
  }
  fixture_close(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_difference_without_a_witness_is_told),
      cmocka_unit_test(what_a_grant_is_reckoned_from_is_varied),
      cmocka_unit_test(a_grant_that_nobody_earns_is_not_told),
      cmocka_unit_test(documents_that_one_side_wants_are_shown_missing),
      cmocka_unit_test(what_is_wanted_of_nobody_has_no_witness),
      cmocka_unit_test(proving_within_limits_lists_what_is_left),
      cmocka_unit_test(a_policy_beside_itself_has_no_differences),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
