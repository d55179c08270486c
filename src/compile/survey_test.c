/* survey_test: what the survey finds of all versions at once holds for each by itself. */
#include "compile/survey.h"
#include "policy/fixture.h"

static const char facts[] =
    "  fact a: yes | no  from requester\n    ask \"a?\"\n"
    "  fact b: yes | no  from requester\n    ask \"b?\"\n"
    "  fact c: yes | no  from requester\n    ask \"c?\"\n"
    "  fact born: date  from requester\n    ask \"born?\"\n"
    "  fact n: count  from requester\n    ask \"n?\"\n    range 0 to 9\n"
    "  fact m: count  from requester\n    ask \"m?\"\n    range 0 to 9\n"
    "  derive age: duration = from born to start\n"
    "  never born after start \"Nobody is treated before birth.\"\n"
    "  never a and n >= 8 \"a, and then n is small.\"\n";

static Survey survey(Fixture *f, const Policy *policy) {
  Arena scratch;
  Survey survey = {
      .policy = policy, .arena = &f->arena, .scratch = &scratch, .diagnostics = &f->diagnostics};
  arena_open(&scratch);
  assert_int_equal(survey_policy(&survey), SURVEY_DONE);
  arena_close(&scratch);
  return survey;
}

/* Each version compiles, and has no more nodes than all together. */
static void expect_each_fits(Fixture *f, const Survey *survey) {
  const Policy *policy = survey->policy;
  assert_true(survey->nodes > 0);
  for (uint32_t v = 0; v < policy->versions.count; v++) {
    for (int kind = 0; kind < KINDS; kind++) {
      const CompiledPolicy *compiled = compile_policy(policy, &policy->versions.items[v], kind,
                                                      &f->arena, &f->arena, &f->diagnostics);
      expect_nothing_reported(f);
      assert_true(compiled->diagram.node_count <= survey->nodes);
      for (uint32_t i = 0; i < compiled->set.facts.count; i++) {
        const uint32_t fact = compiled->set.facts.items[i]->index;
        assert_true((survey->reads[fact / 64] >> (fact % 64)) & 1);
      }
    }
  }
}

static bool reads(const Fixture *f, const Survey *survey, const char *name) {
  const uint32_t fact = vocabulary_fact(f->vocabulary, text_of(name))->index;
  return (survey->reads[fact / 64] >> (fact % 64)) & 1;
}

static void versions_that_meet_their_facts_in_different_orders_fit(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f,
         "  version 2025-02-01\n  version 2025-03-01\n"
         "I \"x\" all of\n  approve 6 months\n"
         "  - \"old\" until 2025-01-31: c or n >= 3\n"
         "  - \"newer\" from 2025-02-01: b and age >= 18 years\n"
         "  - \"always\" any of\n    - \"1\": a\n    - \"2\": n >= 5\n    - \"3\": born before "
         "2010-01-01\n"
         "  - \"sum\": n + m <= 7\n"
         "  - \"newest\" from 2025-03-01: c and met II.A\n"
         "II \"y\" all of\n  approve 1 month\n"
         "  A \"old\" until 2025-02-28: m >= 2\n"
         "  A \"new\" from 2025-03-01: m >= 4 or age >= 12 years\n");
  const Survey found = survey(f, f->policy);
  expect_nothing_reported(f);
  expect_each_fits(f, &found);
  assert_true(reads(f, &found, "c"));
  assert_true(reads(f, &found, "born"));
}

static void what_no_version_asks_is_not_read(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f, "A \"x\": b\n  approve 6 months\n");
  const Survey found = survey(f, f->policy);
  assert_true(reads(f, &found, "b"));
  assert_false(reads(f, &found, "a"));
  assert_false(reads(f, &found, "m"));
}

static void a_version_that_cannot_be_compiled_is_told(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f,
         "  version 2025-02-01\n"
         "A \"x\": a and met B\n  approve 6 months\n"
         "B \"y\" until 2025-01-31: b\n");
  survey(f, f->policy);
  assert_int_equal(f->diagnostics.errors, 1);
  assert_int_equal(f->diagnostics.list.items[0]->id, DIAGNOSTIC_UNKNOWN_LABEL);
}

static void a_circle_that_only_all_versions_together_have_is_none(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f,
         "  version 2025-02-01\n"
         "A \"x\" until 2025-01-31: a and met B\n  approve 6 months\n"
         "B \"y\" until 2025-01-31: b\n  approve 1 month\n"
         "A \"x\" from 2025-02-01: a\n  approve 6 months\n"
         "B \"y\" from 2025-02-01: b and met A\n  approve 1 month\n");
  const Survey found = survey(f, f->policy);
  expect_nothing_reported(f);
  expect_each_fits(f, &found);
}

static int at_once(void *context) {
  (void)context;
  return 1;
}

static void a_survey_can_be_interrupted(void **state) {
  Fixture *f = vocabulary(*state, facts);
  Arena scratch;
  policy(f, "A \"x\": b\n  approve 6 months\n");
  Survey survey = {.policy = f->policy,
                   .arena = &f->arena,
                   .scratch = &scratch,
                   .diagnostics = &f->diagnostics,
                   .interrupted = at_once};
  arena_open(&scratch);
  assert_int_equal(survey_policy(&survey), SURVEY_INTERRUPTED);
  arena_close(&scratch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(versions_that_meet_their_facts_in_different_orders_fit),
      TEST(what_no_version_asks_is_not_read),
      TEST(a_version_that_cannot_be_compiled_is_told),
      TEST(a_circle_that_only_all_versions_together_have_is_none),
      TEST(a_survey_can_be_interrupted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
