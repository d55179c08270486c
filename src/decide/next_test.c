/* Who acts next. */
#include "decide/fixture.h"

static const char policy[] = POLICY_HEAD("N-1", "Payer")
    "  evidence documented\n"
    "  version 2026-01-01\n"
    "A \"Use\" all of\n"
    "  approve 6 months\n"
    "  1 \"Red\": color is red\n"
    "  2 \"Recorded\": recorded\n"
    "  3 \"Judged\": judged\n";

static int open_policy(void **state) { return fixture_new(state, policy); }

typedef struct Step {
  const char *facts, *next;
} Step;

static void what_is_open_says_who_settles_it(void **state) {
  static const Step steps[] = {
      {"'judged':{'value':true,'source':'reviewer'},'recorded':{'value':true,'source':'record'}",
       "[{'who':'requester','action':'supply','facts':['color']}]"},
      {"'judged':{'value':true,'source':'reviewer'}",
       "[{'who':'requester','action':'supply','facts':['color']},"
       "{'who':'record','action':'supply','facts':['recorded']}]"},
      {"'judged':{'value':true,'source':'reviewer'},'recorded':{'value':true,'source':'record'},"
       "'color':'red'",
       "[{'who':'requester','action':'document','facts':['color']}]"},
      {"'recorded':{'value':true,'source':'record'},'color':{'value':'red','document':'d'}",
       "[{'who':'reviewer','action':'judge','facts':['judged']}]"},
      {"'color':'green'", "[{'who':'reviewer','action':'review'}]"},
      {"'judged':{'value':true,'source':'reviewer'},'recorded':{'value':true,'source':'record'},"
       "'color':{'value':'red','document':'d'}",
       "[]"},
  };
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    char expected[256];
    snprintf(expected, sizeof expected, "'next':%s,", steps[i].next);
    assert_json_has(decide_facts(*state, steps[i].facts), expected);
  }
}

static void the_facts_of_a_step_are_named(void **state) {
  const licet_determination *d = decide_facts(
      *state, "'recorded':{'value':true,'source':'record'},'color':{'value':'red','document':'d'}");
  const licet_next next = licet_determination_next(d, 0);
  assert_int_equal(next.who, LICET_SOURCE_REVIEWER);
  assert_int_equal(next.action, LICET_NEXT_JUDGE);
  assert_string_equal(names_of(next.facts), "judged");
  assert_string_equal(next.key, "");
  assert_int_equal(licet_determination_next(d, 1).who, LICET_SOURCE_NONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_open_says_who_settles_it),
      cmocka_unit_test(the_facts_of_a_step_are_named),
  };
  return cmocka_run_group_tests(tests, open_policy, fixture_free);
}
