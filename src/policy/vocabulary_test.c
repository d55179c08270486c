/* vocabulary_test: what declarations result in. The mistakes one can make in them are in
 * tests/bad/check. */
#include "policy/fixture.h"

static const Fact *fact(const Fixture *f, const char *name) {
  return vocabulary_fact(f->vocabulary, text_of(name));
}

static void every_vocabulary_knows_the_request_itself(void **state) {
  Fixture *f = vocabulary(*state, "");
  static const char *const names[] = {"kind", "line", "drug", "urgency", "start", "received"};
  for (uint32_t i = 0; i < BUILTIN_FACTS; i++) assert_int_equal(fact(f, names[i])->index, i);
  assert_int_equal(f->vocabulary->facts.count, BUILTIN_FACTS);
  assert_null(fact(f, "starts"));
}

static void a_fact_keeps_what_is_declared_of_it(void **state) {
  Fixture *f = vocabulary(*state,
                          "  fact w: mass  clinical, stated, fixed, from record\n    ask \"How "
                          "heavy?\"\n    range 1 kg to 2 kg\n    code LOINC "
                          "29463-7, "
                          "3141-9\n"
                          "  fact j: yes | no  judgment\n    default no\n  fact r: a | b | c  "
                          "record\n    not known: b, c\n  fact n: name or none\n");
  const Fact *w = fact(f, "w");
  assert_true(w->clinical && w->stated && w->fixed && w->has_range);
  assert_int_equal(w->supplier, SUPPLIER_RECORD);
  assert_int_equal(w->low, amount(f, "w", "1 kg"));
  assert_int_equal(w->high, amount(f, "w", "2 kg"));
  assert_true(text_is(w->question, "How heavy?"));
  assert_true(text_is(w->codes, "LOINC 29463-7, 3141-9"));
  assert_true(text_is(w->range, "1 kg to 2 kg"));
  assert_int_equal(fact(f, "j")->supplier, SUPPLIER_REVIEWER);
  assert_true(fact(f, "j")->has_default);
  assert_int_equal(fact(f, "j")->default_value, 1);
  assert_int_equal(fact(f, "r")->not_known, 6);
  assert_true(fact(f, "n")->type.or_none);
}

static void a_list_keeps_its_fields_and_their_defaults(void **state) {
  Fixture *f = vocabulary(*state,
                          "  fact l: list complete when whole\n    field agent: name\n    field "
                          "class: old | new | unclear\n      "
                          "default new where agent in fresh\n"
                          "      not known: unclear\n  fact whole: yes | no\n  set fresh = a, b\n");
  const Fact *l = fact(f, "l");
  assert_int_equal(l->field_count, 2);
  assert_ptr_equal(l->complete_when, fact(f, "whole"));
  assert_int_equal(l->fields[1].not_known, 4);
  assert_int_equal(l->fields[1].defaults.count, 1);
  assert_int_equal(l->fields[1].defaults.items[0].value, 1);
  assert_non_null(l->fields[1].defaults.items[0].where);
}

static void the_order_of_declarations_does_not_matter(void **state) {
  vocabulary(*state,
             "  derive c: yes | no = b\n  derive b: yes | no = a in s\n  set s = x\n  never c and "
             "k > 5  \"So.\"\n  derive k: "
             "count = n + 1\n  fact a: x | y\n  fact n: count\n");
}

static void what_is_wrong_in_a_derivation_nobody_uses_is_told(void **state) {
  Fixture *f = vocabulary_unchecked(*state, "  fact a: yes | no\n  derive b: yes | no = aa\n");
  assert_string_equal(reported(f), "L301 3:24\n");
}

static void the_bounds_of_a_quantity_follow_from_its_dimension(void **state) {
  Fixture *f = vocabulary(*state,
                          "  fact w: mass\n  fact p: percent\n  fact n: count\n  fact k: count\n   "
                          " range 2 to 3\n  fact x: number\n");
  Amount low, high;
  fact_bounds(fact(f, "w"), &low, &high);
  assert_int_equal(low, 1);
  fact_bounds(fact(f, "p"), &low, &high);
  assert_true(low == 0 && high == 100 * AMOUNT_ONE);
  fact_bounds(fact(f, "n"), &low, &high);
  assert_int_equal(low, 0);
  fact_bounds(fact(f, "k"), &low, &high);
  assert_true(low == 2 * AMOUNT_ONE && high == 3 * AMOUNT_ONE);
  fact_bounds(fact(f, "x"), &low, &high);
  assert_true(low < 0);
}

static void names_are_found_again_however_many_there_are(void **state) {
  Fixture *f = vocabulary(*state, "");
  for (uint32_t i = 0; i < 1000; i++) {
    const char *name = arena_format(&f->arena, "Agent_%u", i);
    assert_int_equal(vocabulary_intern_name(f->vocabulary, &f->arena, text_of(name)), i + 1);
  }
  assert_int_equal(vocabulary_name(f->vocabulary, TEXT("AGENT_999")), 1000);
  assert_int_equal(vocabulary_intern_name(f->vocabulary, &f->arena, TEXT("agent_0")), 1);
  assert_int_equal(vocabulary_name(f->vocabulary, TEXT("agent_1000")), 0);
}

static void as_many_values_as_may_be_are_taken(void **state) {
  Fixture *f = *state;
  Buffer values;
  buffer_open(&values, &f->arena, 512);
  for (int i = 0; i < 64; i++) buffer_format(&values, i == 0 ? "v%d" : " | v%d", i);
  vocabulary(f, arena_format(&f->arena, "  fact e: %s\n", buffer_finish(&values)));
  assert_int_equal(fact(f, "e")->type.value_count, 64);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(every_vocabulary_knows_the_request_itself),
      TEST(a_fact_keeps_what_is_declared_of_it),
      TEST(a_list_keeps_its_fields_and_their_defaults),
      TEST(the_order_of_declarations_does_not_matter),
      TEST(what_is_wrong_in_a_derivation_nobody_uses_is_told),
      TEST(the_bounds_of_a_quantity_follow_from_its_dimension),
      TEST(names_are_found_again_however_many_there_are),
      TEST(as_many_values_as_may_be_are_taken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
