/* check_test: what a policy's head and outline result in. What is wrong with them is reported in
 * tests/bad/check. */
#include "policy/fixture.h"

static const char facts[] =
    "  fact a: yes | no\n  fact b: yes | no\n  fact n: count\n    range 0 to 9\n  fact asked: "
    "duration\n  fact whole: yes | no\n"
    "  fact l: list complete when whole\n    field outcome: good | bad | odd\n";

static void paths_join_labels_and_skip_groups_without_one(void **state) {
  const Policy *p = policy(vocabulary(*state, facts),
                           "I \"one\" all of\n  any of\n    A \"x\": a\n    - \"y\" all of\n      "
                           "1 \"z\": b\n  approve 6 months\n");
  static const char *const paths[] = {"I", "I", "I.A", "I", "I.1"};
  assert_int_equal(p->criteria.count, 5);
  for (uint32_t i = 0; i < 5; i++) assert_true(text_is(p->criteria.items[i]->path, paths[i]));
  assert_int_equal(p->criteria.items[4]->depth, 3);
  assert_true(p->criteria.items[0]->holds_outcome && !p->criteria.items[1]->holds_outcome);
}

static void the_pathway_is_the_nearest_that_is_marked_or_the_outcomes_own(void **state) {
  const Policy *p = policy(vocabulary(*state, facts),
                           "I \"one\" pathway all of\n  1 \"x\": a\n    approve 6 months\nII "
                           "\"two\" any of\n  any of\n    approve "
                           "6 months\n    1 \"y\": b\n");
  assert_true(text_is(p->criteria.items[1]->outcomes.items[0]->pathway->path, "I"));
  assert_true(text_is(p->criteria.items[3]->outcomes.items[0]->pathway->path, "II"));
}

static void versions_come_in_order_with_their_notes(void **state) {
  const Policy *p = policy(vocabulary(*state, facts),
                           "  version 2026-01-01 \"Second\" reconstructed\nA \"x\" from "
                           "2026-01-01: a\n  approve 6 months until 2025-12-31\n");
  assert_int_equal(p->versions.count, 2);
  assert_string_equal(p->versions.items[1].text, "2026-01-01");
  assert_true(p->versions.items[1].reconstructed && text_is(p->versions.items[1].note, "Second"));
  assert_false(in_force_on(p->criteria.items[0]->in_force, day("2025-12-31")));
  assert_true(in_force_on(p->criteria.items[0]->in_force, day("2026-01-01")));
  assert_true(in_force_on(p->criteria.items[0]->outcomes.items[0]->in_force, day("2025-12-31")));
}

static void the_head_says_lines_drugs_evidence_and_what_is_not_known(void **state) {
  Fixture *f = vocabulary(*state, facts);
  const Policy *p = policy(f,
                           "  evidence documented for continuation\n  not known l.outcome: odd, "
                           "bad\n  limit 980 units of J9039 "
                           "every 42 days in cycles 2 to 5\nA \"x\": a\n  approve 6 months\n");
  assert_int_equal(p->lines, 4);
  assert_true(text_is(p->drugs.items[0], "d"));
  assert_true(p->versions.items[0].evidence[KIND_CONTINUATION] &&
              !p->versions.items[0].evidence[KIND_INITIAL]);
  assert_int_equal(p->not_known[vocabulary_fact(f->vocabulary, TEXT("l"))->index][0], 6);
  assert_int_equal(p->limits.items[0].amount, 980 * AMOUNT_ONE);
  assert_int_equal(p->limits.items[0].last_cycle, 5);
}

static void a_grant_tells_its_length_in_the_unit_it_was_written_in(void **state) {
  const Policy *p = policy(vocabulary(*state, facts),
                           "A \"x\": a\n  approve 30 weeks, 9 - n cycles, 2 renewals\n  approve "
                           "least of asked and 1 year where "
                           "b\n  renew 28 days while b\n");
  const Criterion *a = p->criteria.items[0];
  const Outcome *first = a->outcomes.items[0], *second = a->outcomes.items[1],
                *third = a->outcomes.items[2];
  assert_int_equal(first->items.count, 3);
  assert_int_equal(first->items.items[0].unit.days, 7);
  assert_int_equal(first->items.items[1].kind, AUTHORIZATION_CYCLES);
  assert_int_equal(first->items.items[2].amount->amount, 2 * AMOUNT_ONE);
  assert_int_equal(second->items.items[0].unit.months, 12);
  assert_non_null(second->where);
  assert_non_null(third->whilst);
}

static void readings_are_literal_where_the_library_says_so(void **state) {
  static const char *const literally[] = {"R-2", "R-3", "R-4", NULL};
  Fixture *f = vocabulary(*state, facts);
  const Policy *p = policy_unchecked(f,
                                     "A \"x\" any of\n  approve 6 months\n  interpretation R-3 "
                                     "\"So.\"\n    literally at least 2 of\n  1 \"y\": a\n    "
                                     "interpretation R-1 \"So.\"\n      literally: b\n"
                                     "    interpretation R-2 \"So.\"\n      literally: not b\n  2 "
                                     "\"z\": b\n    interpretation R-4 \"Only told.\"\n",
                                     literally);
  expect_nothing_reported(f);
  const Criterion *group = p->criteria.items[0], *leaf = p->criteria.items[1];
  assert_true(group->interpretations.items[0]->is_literal &&
              group->interpretations.items[0]->has_connective);
  assert_int_equal(group->interpretations.items[0]->at_least, 2);
  assert_true(text_is(group->interpretations.items[0]->literal, "at least 2 of"));
  assert_false(leaf->interpretations.items[0]->is_literal);
  assert_true(leaf->interpretations.items[1]->is_literal);
  assert_true(text_is(leaf->interpretations.items[1]->literal, "not b"));
  assert_false(p->criteria.items[2]->interpretations.items[0]->is_literal); /* there is nothing to
                                                                               take literally */
}

static void marks_guards_and_kinds_are_kept(void **state) {
  const Policy *p = policy(vocabulary(*state, facts),
                           "A \"x\" for continuation prerequisite if a then at least 1 of\n  "
                           "approve 6 months\n  1 \"y\": b\n");
  const Criterion *a = p->criteria.items[0];
  assert_int_equal(a->kind, KIND_CONTINUATION);
  assert_true(a->prerequisite);
  assert_non_null(a->guard);
  assert_true(text_is(a->guard_text, "a"));
  assert_int_equal(a->connective, CONNECTIVE_AT_LEAST);
  assert_int_equal(a->at_least, 1);
  assert_int_equal(p->criteria.items[1]->kind, -1);
  assert_true(text_is(p->criteria.items[1]->condition_text, "b"));
}

static void a_criterion_can_be_referred_to_before_it_is_written(void **state) {
  const Policy *p =
      policy(vocabulary(*state, facts),
             "A \"x\": met B.1 and a\n  approve 6 months\nB \"y\" any of\n  1 \"z\": b\n");
  const Condition *met = p->criteria.items[0]->condition->operands.items[0];
  assert_int_equal(met->kind, CONDITION_MET);
  assert_ptr_equal(met->criterion, p->criteria.items[2]);
}

static void a_policy_that_grants_nothing_is_told_even_beside_one_with_other_faults(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy_unchecked(f, "A \"x\": c\n  approve 6 months\n", NULL);
  policy_unchecked(f, "A \"x\": a\n", NULL);
  assert_string_equal(reported(f), "L301 7:8\nL311 1:8\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(paths_join_labels_and_skip_groups_without_one),
      TEST(the_pathway_is_the_nearest_that_is_marked_or_the_outcomes_own),
      TEST(versions_come_in_order_with_their_notes),
      TEST(the_head_says_lines_drugs_evidence_and_what_is_not_known),
      TEST(a_grant_tells_its_length_in_the_unit_it_was_written_in),
      TEST(readings_are_literal_where_the_library_says_so),
      TEST(marks_guards_and_kinds_are_kept),
      TEST(a_criterion_can_be_referred_to_before_it_is_written),
      TEST(a_policy_that_grants_nothing_is_told_even_beside_one_with_other_faults),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
