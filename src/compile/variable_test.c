/* variable_test: which cells the values of facts fall into. */
#include "compile/variable.h"
#include "policy/fixture.h"

/* The variables of a policy's conditions, all of them (no dates, no kinds). */
static VariableSet *variables(Fixture *f, const char *lines) {
  const Policy *p = policy(f, lines);
  VariableSet *set = ARENA_NEW(&f->arena, VariableSet);
  *set = (VariableSet){
      .arena = &f->arena, .diagnostics = &f->diagnostics, .span = p->syntax->id.span, .policy = p};
  for (uint32_t i = 0; i < p->criteria.count; i++) {
    if (p->criteria.items[i]->condition != NULL)
      variables_collect(set, p->criteria.items[i]->condition);
  }
  return set;
}

/* Of several conditions, one line each. */
static VariableSet *variables_of(Fixture *f, const char *const *conditions) {
  Buffer lines;
  buffer_open(&lines, &f->arena, 128);
  for (uint32_t i = 0; conditions[i] != NULL; i++)
    buffer_format(&lines, "A%u \"x\": %s\n  approve 6 months\n", i, conditions[i]);
  VariableSet *set = variables(f, buffer_finish(&lines));
  if (!variables_close(set)) fail_msg("%s", reported(f));
  return set;
}
#define VARIABLES(f, ...) variables_of(f, (const char *const[]){__VA_ARGS__, NULL})

static const Variable *only(const VariableSet *set) {
  assert_int_equal(set->variables.count, 1);
  return set->variables.items[0];
}

static uint64_t open_cells(const Fixture *f, const VariableSet *set, uint32_t variable) {
  return variable_cells(set->variables.items[variable], &f->facts, NULL, ENTRIES_ALL);
}

static const Condition *test_at(const Fixture *f, uint32_t index) {
  return f->policy->criteria.items[index]->condition;
}

static uint64_t cells_of(const VariableSet *set, const Condition *test) {
  uint32_t variable;
  uint64_t cells;
  assert_true(variables_test(set, test, &variable, &cells));
  return cells;
}

static void a_measure_is_cut_below_at_and_above_each_threshold(void **state) {
  Fixture *f = vocabulary(*state, "  fact w: mass\n");
  VariableSet *set = VARIABLES(f, "w > 5 mg", "w >= 2 mg", "w < 5 mg");
  assert_int_equal(only(set)->arity, 5); /* below 2, 2, between, 5, above */
  assert_int_equal(open_cells(f, set, 0), 31);
  static const char *const values[] = {"1 mg", "2 mg", "3 mg", "5 mg", "6 mg"};
  for (uint32_t cell = 0; cell < 5; cell++) {
    say_amount(f, "w", values[cell]);
    assert_int_equal(open_cells(f, set, 0), 1u << cell);
  }
  assert_int_equal(cells_of(set, test_at(f, 0)), 16);
  assert_int_equal(cells_of(set, test_at(f, 1)), 30);
  assert_int_equal(cells_of(set, test_at(f, 2)), 7);
}

static void cells_no_value_falls_into_are_none(void **state) {
  Fixture *f = vocabulary(*state, "  fact n: count\n    range 1 to 5\n  fact p: percent\n");
  VariableSet *set =
      VARIABLES(f, "n >= 1 and n <= 2 and n > 3 and n <= 5", "p >= 0 % and p > 100 %");
  /* n: (below 1), 1, (1 to 2), 2, (2 to 3), 3, 3 to 5, 5, (above) */
  assert_int_equal(set->variables.items[0]->cells, 1 << 1 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 7);
  /* p: (below 0 %), 0 %, between, 100 %, (above) */
  assert_int_equal(set->variables.items[1]->cells, 14);
}

static void none_is_a_cell_of_its_own(void **state) {
  Fixture *f = vocabulary(
      *state,
      "  fact seen: date or none\n  fact stay: duration or none\n  fact agent: name or none\n");
  VariableSet *set =
      VARIABLES(f, "seen within 2 weeks before start", "seen is none",
                "stay >= 5 days and stay is not none", "agent is x or agent is none");
  assert_int_equal(set->variables.count, 3);
  say_none(f, "seen");
  say_none(f, "stay");
  say_none(f, "agent");
  assert_int_equal(open_cells(f, set, 0), 1);
  assert_int_equal(cells_of(set, test_at(f, 1)), 1);
  assert_int_equal(open_cells(f, set, 1), 1);
  assert_int_equal(set->variables.items[2]->arity, 3); /* any other, x, none */
  say_date(f, "seen", "2025-06-01");                   /* the very first day of the two weeks */
  assert_int_equal(open_cells(f, set, 0), 1 << 2);
}

static void lengths_are_cut_in_calendar_units(void **state) {
  Fixture *f =
      vocabulary(*state, "  fact born: date\n  derive age: duration = from born to start\n");
  VariableSet *set = VARIABLES(f, "age >= 18 years and age < 1 month and age <= 30 years");
  assert_int_equal(only(set)->arity, 4);
  static const struct {
    const char *born;
    uint64_t cell;
  } cases[] = {{"2025-05-16", 1}, {"2025-05-15", 2}, {"2007-06-16", 2},
               {"2007-06-15", 4}, {"1994-06-16", 4}, {"1994-06-15", 8}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    say_date(f, "born", cases[i].born);
    assert_int_equal(open_cells(f, set, 0), cases[i].cell);
  }
}

static void days_and_months_together_are_refused_where_their_order_hangs_on_the_month(
    void **state) {
  Fixture *f =
      vocabulary(*state, "  fact born: date\n  derive age: duration = from born to start\n");
  VariableSet *set =
      variables(f, "A \"x\": age >= 1 month and age < 30 days\n  approve 6 months\n");
  assert_false(variables_close(set));
  assert_string_equal(reported(f), "L408 1:8\n");
}

static void days_and_months_far_apart_are_fine(void **state) {
  Fixture *f =
      vocabulary(*state, "  fact born: date\n  derive age: duration = from born to start\n");
  VariableSet *set =
      VARIABLES(f, "age >= 27 days and age < 1 month and age >= 32 days and age < 1 year");
  assert_int_equal(only(set)->arity, 5);
}

static void a_set_falls_into_one_cell_per_pattern_of_answers(void **state) {
  Fixture *f = vocabulary(*state, "  fact parts: set of head | hand | foot | toe\n");
  VariableSet *set = VARIABLES(f, "parts is {}", "parts includes head");
  assert_int_equal(only(set)->arity, 3); /* empty; head and perhaps more; others without head */
  say(f, "parts")->members = 0;
  uint64_t empty = open_cells(f, set, 0);
  say(f, "parts")->members = 9;
  uint64_t head = open_cells(f, set, 0);
  say(f, "parts")->members = 12;
  uint64_t others = open_cells(f, set, 0);
  assert_int_equal(empty | head | others, 7);
  assert_int_equal(cells_of(set, test_at(f, 0)), empty);
  assert_int_equal(cells_of(set, test_at(f, 1)), head);
}

static void names_and_codes_fall_into_those_named_and_all_others(void **state) {
  Fixture *f = vocabulary(
      *state,
      "  fact agent: name\n  fact icd10: code ICD-10-CM\n  codes wide: ICD-10-CM = C80 to C95\n");
  VariableSet *set =
      VARIABLES(f, "agent in x, y", "agent is y", "icd10 in wide", "icd10 is C91.00");
  assert_int_equal(set->variables.items[0]->arity, 3);
  assert_int_equal(set->variables.items[1]->arity, 3); /* outside, inside, C91.00 (inside too) */
  static const char *const codes[] = {"A00", "C9101", "C9100"};
  uint64_t seen = 0;
  for (int i = 0; i < 3; i++) {
    say(f, "icd10")->code = text_of(codes[i]);
    seen |= open_cells(f, set, 1);
  }
  assert_int_equal(seen, 7);
}

static const char history[] =
    "  fact whole: yes | no\n  fact l: list complete when whole\n    field agent: name\n    field "
    "class: old | new | odd\n"
    "    field outcome: good | bad | unclear\n      not known: unclear\n";

/* Does the test hold in every, in some, in no cell that is open? */
static Truth asked(const Fixture *f, const VariableSet *set, const Condition *test,
                   const uint64_t *not_known) {
  uint32_t variable;
  uint64_t cells;
  assert_true(variables_test(set, test, &variable, &cells));
  uint64_t open = variable_cells(set->variables.items[variable], &f->facts, not_known, ENTRIES_ALL);
  assert_true(open != 0);
  return (open & ~cells) == 0 ? TRUTH_YES : (open & cells) == 0 ? TRUTH_NO : TRUTH_UNKNOWN;
}

static void entries_of_a_list_are_counted_as_far_as_some_condition_asks(void **state) {
  Fixture *f = vocabulary(*state, history);
  VariableSet *set = VARIABLES(f, "at least 2 l where class is old", "any l where class is old",
                               "any l where agent is x and outcome is bad");
  const Condition *two = test_at(f, 0), *one = test_at(f, 1);
  assert_int_equal(only(set)->tests.count, 2); /* the first two count the same */
  assert_int_equal(only(set)->arity,
                   6); /* none, one, two or more of the one; none or some of the other */
  assert_int_equal(asked(f, set, two, NULL), TRUTH_UNKNOWN);
  add_entry_of(f, "l")->fields[1] = (EntryField){.known = true, .choice = 0};
  assert_int_equal(asked(f, set, one, NULL), TRUTH_YES);
  assert_int_equal(asked(f, set, two, NULL), TRUTH_UNKNOWN);
  say(f, "l")->complete = true;
  assert_int_equal(asked(f, set, two, NULL), TRUTH_NO);
  add_entry_of(f, "l");
  assert_int_equal(asked(f, set, two, NULL), TRUTH_UNKNOWN);
  say(f, "l")->entries[1].fields[1] = (EntryField){.known = true, .choice = 2};
  assert_int_equal(asked(f, set, two, NULL), TRUTH_NO);
}

static void an_open_field_takes_every_value_that_is_one(void **state) {
  Fixture *f = vocabulary(*state, history);
  VariableSet *set = VARIABLES(f, "any l where outcome in good, bad", "any l where agent is x",
                               "every l where class in old, new, odd");
  add_entry_of(f, "l");
  say(f, "l")->complete = true;
  assert_int_equal(asked(f, set, test_at(f, 0), NULL),
                   TRUTH_YES); /* unclear is none: it stands for one of the two */
  assert_int_equal(asked(f, set, test_at(f, 1), NULL), TRUTH_UNKNOWN);
  assert_int_equal(asked(f, set, test_at(f, 2)->operands.items[0], NULL), TRUTH_NO);
}

static void a_policy_may_take_further_values_as_not_known(void **state) {
  Fixture *f = vocabulary(*state, history);
  VariableSet *set = VARIABLES(f, "any l where class is old");
  add_entry_of(f, "l")->fields[1] = (EntryField){.known = true, .choice = 2};
  say(f, "l")->complete = true;
  assert_int_equal(asked(f, set, test_at(f, 0), NULL), TRUTH_NO);
  const uint64_t odd_is_open[] = {0, 4, 0};
  assert_int_equal(asked(f, set, test_at(f, 0), odd_is_open), TRUTH_UNKNOWN);
}

static void only_documented_entries_count_where_asked_so(void **state) {
  Fixture *f = vocabulary(*state, history);
  VariableSet *set = VARIABLES(f, "any l where class is old");
  Entry *entry = add_entry_of(f, "l");
  entry->fields[1] = (EntryField){.known = true, .choice = 0};
  say(f, "l")->complete = true;
  assert_int_equal(variable_cells(only(set), &f->facts, NULL, ENTRIES_DOCUMENTED), 3);
  entry->documented = true;
  assert_int_equal(variable_cells(only(set), &f->facts, NULL, ENTRIES_DOCUMENTED), 2);
}

static void many_names_elsewhere_cost_a_list_nothing(void **state) {
  Fixture *f = vocabulary(*state, history);
  for (uint32_t i = 0; i < 5000; i++) {
    const char *name = arena_format(&f->arena, "n%u", i);
    vocabulary_intern_name(f->vocabulary, &f->arena, text_of(name));
  }
  VariableSet *set = VARIABLES(f, "any l where agent in x, y and class is old and outcome is bad");
  assert_int_equal(only(set)->arity, 2);
  assert_int_equal(only(set)->names.count, 2);
}

static void sums_of_counts_cut_each_count_where_it_matters(void **state) {
  Fixture *f =
      vocabulary(*state, "  fact n: count\n    range 0 to 9\n  fact m: count\n    range 0 to 9\n");
  VariableSet *set = VARIABLES(f, "n + m <= 1");
  assert_int_equal(set->variables.count, 2);
  uint32_t variable;
  uint64_t cells;
  assert_false(
      variables_test(set, test_at(f, 0), &variable, &cells)); /* it is a function over both */
  assert_int_equal(set->variables.items[0]->thresholds.count, 2);
}

static void a_sum_with_constants_is_about_the_count_itself(void **state) {
  Fixture *f = vocabulary(*state, "  fact n: count\n    range 0 to 9\n  fact w: mass\n");
  VariableSet *set =
      VARIABLES(f, "n + 1 <= 7", "6 - n >= 2", "n <= 6", "w + 1 mg <= 3 mg", "w <= 2 mg");
  assert_int_equal(set->variables.count, 2);
  assert_int_equal(set->variables.items[1]->arity, 3);
}

static void measures_that_are_multiplied_stand_for_themselves(void **state) {
  Fixture *f = vocabulary(*state, "  fact d: mass\n  fact w: mass\n");
  VariableSet *set = VARIABLES(f, "d <= 20 mg/kg * w", "d > 20 mg/kg * w");
  assert_int_equal(only(set)->kind, VARIABLE_JOINT); /* the second denies the first */
  assert_int_equal(cells_of(set, test_at(f, 0)) | cells_of(set, test_at(f, 1)), 3);
  say_amount(f, "w", "10 kg");
  assert_int_equal(open_cells(f, set, 0), 3);
  say_amount(f, "d", "201 mg");
  assert_int_equal(open_cells(f, set, 0), cells_of(set, test_at(f, 1)));
}

static void queries_of_a_series_are_variables_of_their_own(void **state) {
  Fixture *f = vocabulary(*state, "  fact s: series of mass\n  fact begun: date or none\n");
  VariableSet *set = VARIABLES(f, "latest s > 5 mg", "latest s <= 7 mg", "lowest s > 5 mg",
                               "latest s after at least 2 weeks of begun > 5 mg");
  assert_int_equal(set->variables.count, 3);
  assert_int_equal(set->variables.items[0]->arity, 5);
  observe_value(f, "s", "2025-06-10", "6 mg", NULL);
  assert_int_equal(open_cells(f, set, 0), 4);
  say_none(f, "begun");
  assert_int_equal(open_cells(f, set, 2), 1);
  assert_int_equal(cells_of(set, test_at(f, 3)) & 1, 0);
}

static void facts_are_in_alphabetical_order_and_each_has_its_bit(void **state) {
  Fixture *f = vocabulary(*state, "  fact z: yes | no\n  fact b: yes | no\n  fact m: yes | no\n");
  VariableSet *set = VARIABLES(f, "z and b");
  assert_int_equal(variables_fact(set, vocabulary_fact(f->vocabulary, TEXT("b"))), 1);
  assert_int_equal(variables_fact(set, vocabulary_fact(f->vocabulary, TEXT("z"))), 2);
  assert_int_equal(variables_fact(set, vocabulary_fact(f->vocabulary, TEXT("m"))), 0);
}

static void given_and_documented_are_asked_of_the_request(void **state) {
  Fixture *f = vocabulary(*state, "  fact w: mass\n");
  VariableSet *set = VARIABLES(f, "w is given", "w is documented");
  assert_int_equal(open_cells(f, set, 0), 3);
  say_amount(f, "w", "5 mg");
  assert_int_equal(open_cells(f, set, 0), 2);
  assert_int_equal(variable_cells(set->variables.items[1], &f->facts, NULL, ENTRIES_DOCUMENTED), 3);
  say(f, "w")->documented = true;
  assert_int_equal(variable_cells(set->variables.items[1], &f->facts, NULL, ENTRIES_DOCUMENTED), 2);
}

static void too_many_cases_are_told_with_the_fact(void **state) {
  Fixture *f = vocabulary(*state, "  fact w: mass\n");
  Buffer text;
  buffer_open(&text, &f->arena, 512);
  buffer_string(&text, "A \"x\": w > 1 mg");
  for (int i = 2; i < 40; i++) buffer_format(&text, " or w > %d mg", i);
  buffer_string(&text, "\n  approve 6 months\n");
  VariableSet *set = variables(f, buffer_finish(&text));
  assert_false(variables_close(set));
  assert_string_equal(reported(f), "L403 1:8\n");
  assert_non_null(strstr(f->diagnostics.list.items[0]->message.at, "`w`"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(a_measure_is_cut_below_at_and_above_each_threshold),
      TEST(cells_no_value_falls_into_are_none),
      TEST(none_is_a_cell_of_its_own),
      TEST(lengths_are_cut_in_calendar_units),
      TEST(days_and_months_together_are_refused_where_their_order_hangs_on_the_month),
      TEST(days_and_months_far_apart_are_fine),
      TEST(a_set_falls_into_one_cell_per_pattern_of_answers),
      TEST(names_and_codes_fall_into_those_named_and_all_others),
      TEST(entries_of_a_list_are_counted_as_far_as_some_condition_asks),
      TEST(an_open_field_takes_every_value_that_is_one),
      TEST(a_policy_may_take_further_values_as_not_known),
      TEST(only_documented_entries_count_where_asked_so),
      TEST(many_names_elsewhere_cost_a_list_nothing),
      TEST(sums_of_counts_cut_each_count_where_it_matters),
      TEST(a_sum_with_constants_is_about_the_count_itself),
      TEST(measures_that_are_multiplied_stand_for_themselves),
      TEST(queries_of_a_series_are_variables_of_their_own),
      TEST(facts_are_in_alphabetical_order_and_each_has_its_bit),
      TEST(given_and_documented_are_asked_of_the_request),
      TEST(too_many_cases_are_told_with_the_fact),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
