/* compile_test: policies as functions, asked over what is not known. */
#include "compile/compile.h"
#include "policy/fixture.h"

static CompiledPolicy *compiled(Fixture *f, const char *version, int kind) {
  const Policy *p = f->policy;
  for (uint32_t i = 0; i < p->versions.count; i++) {
    if (strcmp(p->versions.items[i].text, version) != 0) continue;
    CompiledPolicy *result =
        compile_policy(p, &p->versions.items[i], kind, &f->arena, &f->arena, &f->diagnostics);
    expect_nothing_reported(f);
    return result;
  }
  fail_msg("no version %s", version);
  return NULL;
}

/* A function over all that the facts leave open and that is possible. */
static Holds over(Fixture *f, const CompiledPolicy *c, DiagramRef function) {
  uint64_t *allowed = ARENA_ARRAY(&f->arena, uint64_t, c->set.variables.count + 1);
  for (uint32_t v = 0; v < c->set.variables.count; v++) {
    const Variable *variable = c->set.variables.items[v];
    const uint64_t *not_known =
        variable->fact == NULL ? NULL : c->policy->not_known[variable->fact->index];
    allowed[v] = variable_cells(variable, &f->facts, not_known, ENTRIES_ALL);
  }
  return diagram_evaluate(&c->diagram, function, c->possible, allowed,
                          diagram_scratch_open(&f->arena));
}

/* Is an initial request approved by this policy, as the facts stand? */
static Holds approves(Fixture *f, const char *lines) {
  policy(f, lines);
  const CompiledPolicy *c = compiled(f, "2025-01-01", KIND_INITIAL);
  return over(f, c, c->whole.approve);
}

static Holds approves_going_on(Fixture *f, const char *lines) {
  policy(f, lines);
  const CompiledPolicy *c = compiled(f, "2025-01-01", KIND_CONTINUATION);
  return over(f, c, c->whole.approve);
}

static const char facts[] =
    "  fact a: yes | no\n  fact b: yes | no\n  fact c: yes | no\n  fact n: count\n    range 0 to "
    "9\n  fact m: count\n    range 0 "
    "to 9\n"
    "  fact color: red | green | blue\n  fact must: yes | no  stated\n  fact born: date\n  derive "
    "age: duration = from born to "
    "start\n";

static void what_holds_in_every_case_needs_no_answer(void **state) {
  Fixture *f = vocabulary(*state, facts);
  assert_int_equal(approves(f, "A \"x\": a or not a\n  approve 6 months\n"), HOLDS_ALWAYS);
  assert_int_equal(approves(f,
                            "A \"x\": color in red, green\n  approve 6 months\nB \"y\": color in "
                            "green, blue\n  approve 6 months\n"),
                   HOLDS_ALWAYS);
  assert_int_equal(approves(f,
                            "A \"x\": age < 18 years\n  approve 6 months\nB \"y\": age >= 17 "
                            "years\n  approve 6 months\n"),
                   HOLDS_ALWAYS);
  assert_int_equal(approves(f, "A \"x\": color is red and color is green\n  approve 6 months\n"),
                   HOLDS_NEVER);
  assert_int_equal(approves(f, "A \"x\": a\n  approve 6 months\n"), HOLDS_SOMETIMES);
}

static void sums_of_counts_are_exact(void **state) {
  Fixture *f = vocabulary(*state, facts);
  static const char lines[] =
      "A \"x\": n + m <= 6\n  approve 6 months\nB \"y\": n + m > 5\n  approve 6 months\n";
  assert_int_equal(approves(f, lines), HOLDS_ALWAYS);
  assert_int_equal(approves(f, "A \"x\": n + m <= 6 and n > 6\n  approve 6 months\n"), HOLDS_NEVER);
  say_amount(f, "n", "6");
  assert_int_equal(approves(f, "A \"x\": n + m <= 6 and m > 0\n  approve 6 months\n"), HOLDS_NEVER);
  assert_int_equal(approves(f, "A \"x\": n + m <= 6\n  approve 6 months\n"), HOLDS_SOMETIMES);
  assert_int_equal(approves(f, "A \"x\": 6 - n = 0 and n >= 6\n  approve 6 months\n"),
                   HOLDS_ALWAYS);
}

static void sums_with_as_many_cases_as_there_are_agree_with_arithmetic(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f, "A \"x\": 2 * n + m <= 11 and least of n and m >= 2\n  approve 6 months\n");
  const CompiledPolicy *c = compiled(f, "2025-01-01", KIND_INITIAL);
  for (int n = 0; n <= 9; n++) {
    for (int m = 0; m <= 9; m++) {
      say(f, "n")->amount = n * AMOUNT_ONE;
      say(f, "m")->amount = m * AMOUNT_ONE;
      bool expected = 2 * n + m <= 11 && n >= 2 && m >= 2;
      assert_int_equal(over(f, c, c->whole.approve), expected ? HOLDS_ALWAYS : HOLDS_NEVER);
    }
  }
}

static void connectives_join_what_stands_below(void **state) {
  Fixture *f = vocabulary(*state, facts);
  say_choice(f, "a", 0);
  say_choice(f, "b", 1);
  static const char *const below = "  approve 6 months\n  1 \"x\": a\n  2 \"y\": b\n  3 \"z\": c\n";
  static const struct {
    const char *connective;
    Holds expected;
  } cases[] = {{"all of", HOLDS_NEVER},
               {"any of", HOLDS_ALWAYS},
               {"none of", HOLDS_NEVER},
               {"at least 2 of", HOLDS_SOMETIMES},
               {"at least 3 of", HOLDS_NEVER}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(
        approves(f, arena_format(&f->arena, "A \"g\" %s\n%s", cases[i].connective, below)),
        cases[i].expected);
  }
}

static void an_outcome_asks_what_the_groups_above_it_demand_besides(void **state) {
  Fixture *f = vocabulary(*state, facts);
  static const char lines[] =
      "A \"g\" all of\n  1 \"x\": a\n  any of\n    2 \"y\": b\n      approve 6 months\n    3 "
      "\"z\": c\n      approve 6 months\n";
  say_choice(f, "b", 0);
  assert_int_equal(approves(f, lines), HOLDS_SOMETIMES);
  say_choice(f, "a", 0);
  assert_int_equal(approves(f, lines), HOLDS_ALWAYS);
  say_choice(f, "b", 1);
  assert_int_equal(approves(f, lines), HOLDS_SOMETIMES); /* c */
  say_choice(f, "a", 1);
  assert_int_equal(approves(f, lines), HOLDS_NEVER);
}

static void a_guard_that_does_not_hold_asks_nothing(void **state) {
  Fixture *f = vocabulary(*state, facts);
  static const char lines[] =
      "A \"g\" all of\n  approve 6 months\n  1 \"x\" if a then any of\n    i \"y\": b\n  2 \"z\": "
      "if a then not b\n";
  assert_int_equal(approves(f, lines), HOLDS_SOMETIMES);
  say_choice(f, "a", 1);
  assert_int_equal(approves(f, lines), HOLDS_ALWAYS);
  say_choice(f, "a", 0);
  assert_int_equal(approves(f, lines), HOLDS_NEVER);
}

static void a_prerequisite_is_not_asked_again(void **state) {
  Fixture *f = vocabulary(*state, facts);
  static const char lines[] =
      "A \"g\" all of\n  approve 6 months\n  renew 12 months while c\n  1 \"x\": a\n  2 \"y\" "
      "prerequisite: b\n";
  say_choice(f, "a", 0);
  say_choice(f, "b", 1);
  assert_int_equal(approves(f, lines), HOLDS_NEVER);
  assert_int_equal(approves_going_on(f, lines), HOLDS_SOMETIMES); /* while c */
  const CompiledPolicy *c = compiled(f, "2025-01-01", KIND_CONTINUATION);
  assert_int_equal(over(f, c, c->whole.not_renewable), HOLDS_SOMETIMES);
  say_choice(f, "c", 1);
  assert_int_equal(over(f, c, c->whole.not_renewable), HOLDS_ALWAYS);
  assert_true(c->criteria.items[2].not_asked);
}

static void what_is_for_one_kind_is_absent_from_the_other(void **state) {
  Fixture *f = vocabulary(*state, facts);
  static const char lines[] =
      "A \"g\" all of\n  approve 6 months\n  1 \"x\": a\n  2 \"y\" for continuation: b\n";
  say_choice(f, "a", 0);
  assert_int_equal(approves(f, lines), HOLDS_ALWAYS);
  assert_int_equal(approves_going_on(f, lines), HOLDS_SOMETIMES);
}

static void a_version_sees_the_lines_of_its_day(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f,
         "  version 2026-01-01\nA \"g\" all of\n  approve 6 months\n  1 \"x\": a\n  2 \"old\" "
         "until 2025-12-31: b\n  2 \"new\" "
         "from 2026-01-01: c\nB \"refers\": met A.2\n  approve 6 months\n");
  say_choice(f, "a", 0);
  say_choice(f, "b", 0);
  say_choice(f, "c", 1);
  const CompiledPolicy *before = compiled(f, "2025-01-01", KIND_INITIAL),
                       *after = compiled(f, "2026-01-01", KIND_INITIAL);
  assert_int_equal(over(f, before, before->whole.approve), HOLDS_ALWAYS);
  assert_int_equal(over(f, after, after->whole.approve),
                   HOLDS_NEVER); /* `met A.2` speaks of the line of that day */
  assert_int_equal(before->criteria.count, 4);
}

static void a_reference_to_a_line_that_does_not_stand_is_told(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f,
         "  version 2026-01-01\nA \"old\" until 2025-12-31: a\nB \"y\": met A and b\n  approve 6 "
         "months\n");
  compiled(f, "2025-01-01", KIND_INITIAL);
  assert_null(compile_policy(f->policy, &f->policy->versions.items[1], KIND_INITIAL, &f->arena,
                             &f->arena, &f->diagnostics));
  assert_string_equal(reported(f), "L306 8:1\n");
}

static void a_circle_of_references_is_told_once(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f, "A \"x\": met B or a\n  approve 6 months\nB \"y\" any of\n  1 \"z\": met A\n");
  assert_null(compile_policy(f->policy, &f->policy->versions.items[0], KIND_INITIAL, &f->arena,
                             &f->arena, &f->diagnostics));
  assert_string_equal(reported(f), "L308 7:1\n");
}

static void what_no_patient_is_leaves_no_case(void **state) {
  Fixture *f = vocabulary(*state,
                          "  fact a: yes | no\n  fact b: yes | no\n  fact c: yes | no\n  never a "
                          "and b  \"Not both.\"\n  never b "
                          "and not c  \"B is c.\"\n  never c and a  \"Nor these.\"\n");
  assert_int_equal(approves(f, "A \"x\": a and b\n  approve 6 months\n"), HOLDS_NEVER);
  say_choice(f, "b", 0);
  assert_int_equal(approves(f, "A \"x\": not a\n  approve 6 months\n"), HOLDS_ALWAYS);
  assert_int_equal(approves(f, "A \"x\": c\n  approve 6 months\n"), HOLDS_ALWAYS);
}

static void a_fact_that_must_be_stated_is_never_settled_by_completions(void **state) {
  Fixture *f = vocabulary(*state, facts);
  static const char lines[] = "A \"x\": must or not must\n  approve 6 months\n";
  assert_int_equal(approves(f, lines), HOLDS_SOMETIMES);
  say_choice(f, "must", 1);
  assert_int_equal(approves(f, lines), HOLDS_ALWAYS);
}

static void a_reading_taken_literally_replaces_the_adopted_one(void **state) {
  static const char *const literally[] = {"R-1", "R-2", NULL};
  static const char lines[] =
      "A \"g\" any of\n  approve 6 months\n  interpretation R-1 \"So.\"\n    literally at least 2 "
      "of\n  1 \"x\": a\n    interpretation R-2 "
      "\"So.\"\n      literally: not a\n  2 \"y\": b\n";
  Fixture *f = vocabulary(*state, facts);
  say_choice(f, "a", 0);
  say_choice(f, "b", 0);
  assert_int_equal(approves(f, lines), HOLDS_ALWAYS);
  const CompiledPolicy *adopted = compiled(f, "2025-01-01", KIND_INITIAL);
  assert_int_equal(over(f, adopted, adopted->criteria.items[0].literal),
                   HOLDS_ALWAYS); /* the interpretation of the group alone */
  assert_int_equal(over(f, adopted, adopted->criteria.items[1].literal), HOLDS_NEVER);
  policy_unchecked(f, lines, literally);
  expect_nothing_reported(f);
  const CompiledPolicy *literal = compiled(f, "2025-01-01", KIND_INITIAL);
  assert_int_equal(over(f, literal, literal->whole.approve), HOLDS_NEVER); /* 2 of: `not a` fails */
  assert_int_equal(literal->criteria.items[0].connective, CONNECTIVE_AT_LEAST);
  assert_int_equal(literal->criteria.items[0].needed, 2);
}

static void routes_to_one_policy_are_one(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f,
         "A \"x\": a\n  route P-1\nB \"y\": b\n  route P-1\n  route P-2 where c\nC \"z\": c\n  "
         "refer case_by_case\n");
  const CompiledPolicy *c = compiled(f, "2025-01-01", KIND_INITIAL);
  assert_int_equal(c->routes.count, 2);
  say_choice(f, "b", 0);
  assert_int_equal(over(f, c, c->whole.other_policy), HOLDS_ALWAYS);
  assert_int_equal(over(f, c, c->routes.items[1].holds), HOLDS_SOMETIMES);
  assert_int_equal(over(f, c, c->whole.case_by_case), HOLDS_SOMETIMES);
  assert_int_equal(over(f, c, c->whole.approve), HOLDS_NEVER);
}

static void the_facts_of_a_criterion_include_those_of_what_it_refers_to(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy(f,
         "A \"x\": a and met B\n  approve 6 months\nB \"y\" any of\n  1 \"z\" if c then any of\n   "
         " i \"w\": b\n");
  const CompiledPolicy *c = compiled(f, "2025-01-01", KIND_INITIAL);
  assert_int_equal(c->criteria.items[0].facts.count, 3);
  assert_int_equal(c->set.facts.count, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(what_holds_in_every_case_needs_no_answer),
      TEST(sums_of_counts_are_exact),
      TEST(sums_with_as_many_cases_as_there_are_agree_with_arithmetic),
      TEST(connectives_join_what_stands_below),
      TEST(an_outcome_asks_what_the_groups_above_it_demand_besides),
      TEST(a_guard_that_does_not_hold_asks_nothing),
      TEST(a_prerequisite_is_not_asked_again),
      TEST(what_is_for_one_kind_is_absent_from_the_other),
      TEST(a_version_sees_the_lines_of_its_day),
      TEST(a_reference_to_a_line_that_does_not_stand_is_told),
      TEST(a_circle_of_references_is_told_once),
      TEST(what_no_patient_is_leaves_no_case),
      TEST(a_fact_that_must_be_stated_is_never_settled_by_completions),
      TEST(a_reading_taken_literally_replaces_the_adopted_one),
      TEST(routes_to_one_policy_are_one),
      TEST(the_facts_of_a_criterion_include_those_of_what_it_refers_to),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
