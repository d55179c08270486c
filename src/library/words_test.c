/* The words of the public header's closed sets. */
#include <licet/bulk.h>
#include <licet/dose.h>
#include <licet/prove.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Each list of words.def: what it is called, how many values it has, and its name function. */
typedef struct Set {
  const char *name;
  int count;
  const char *(*word)(int value);
} Set;

#define SET(name) \
  static const char *name##_word(int value) { return name##_name((name)value); }
SET(licet_outcome)
SET(licet_reason)
SET(licet_criterion_status)
SET(licet_request_kind)
SET(licet_connective)
SET(licet_source)
SET(licet_fact_type)
SET(licet_next_action)
SET(licet_length_unit)
SET(licet_severity)
SET(licet_formula)
SET(licet_chosen_by)
SET(licet_dose_day_kind)
SET(licet_modifier)
SET(licet_limit_kind)
SET(licet_dose_finding_kind)
SET(licet_finding_kind)
SET(licet_request_error_code)
SET(licet_relation)
SET(licet_topic)
SET(licet_unshared)
SET(licet_bulk_format)
SET(licet_registers)

static const Set sets[] = {
    {"outcome", 0
#define LICET_OUTCOME(symbol, word) +1
#include <licet/words.def>
     ,
     licet_outcome_word},
    {"reason", 0
#define LICET_REASON(symbol, word) +1
#include <licet/words.def>
     ,
     licet_reason_word},
    {"criterion status", 0
#define LICET_CRITERION_STATUS(symbol, word) +1
#include <licet/words.def>
     ,
     licet_criterion_status_word},
    {"request kind", 0
#define LICET_REQUEST_KIND(symbol, word) +1
#include <licet/words.def>
     ,
     licet_request_kind_word},
    {"connective", 0
#define LICET_CONNECTIVE(symbol, word) +1
#include <licet/words.def>
     ,
     licet_connective_word},
    {"source", 0
#define LICET_SOURCE(symbol, word) +1
#include <licet/words.def>
     ,
     licet_source_word},
    {"fact type", 0
#define LICET_FACT_TYPE(symbol, word) +1
#include <licet/words.def>
     ,
     licet_fact_type_word},
    {"next action", 0
#define LICET_NEXT_ACTION(symbol, word) +1
#include <licet/words.def>
     ,
     licet_next_action_word},
    {"length unit", 0
#define LICET_LENGTH_UNIT(symbol, word) +1
#include <licet/words.def>
     ,
     licet_length_unit_word},
    {"severity", 0
#define LICET_SEVERITY(symbol, word) +1
#include <licet/words.def>
     ,
     licet_severity_word},
    {"formula", 0
#define LICET_FORMULA(symbol, word) +1
#include <licet/words.def>
     ,
     licet_formula_word},
    {"chosen by", 0
#define LICET_CHOSEN_BY(symbol, word) +1
#include <licet/words.def>
     ,
     licet_chosen_by_word},
    {"day", 0
#define LICET_DAY(symbol, word) +1
#include <licet/words.def>
     ,
     licet_dose_day_kind_word},
    {"modifier", 0
#define LICET_MODIFIER(symbol, word) +1
#include <licet/words.def>
     ,
     licet_modifier_word},
    {"limit", 0
#define LICET_LIMIT(symbol, word) +1
#include <licet/words.def>
     ,
     licet_limit_kind_word},
    {"dose finding", 0
#define LICET_DOSE_FINDING(symbol, word, severity, text) +1
#include <licet/dose_finding.def>
     ,
     licet_dose_finding_kind_word},
    {"request error", 0
#define LICET_REQUEST_ERROR(symbol, word, text) +1
#include <licet/request_error.def>
     ,
     licet_request_error_code_word},
    {"finding", 0
#define LICET_FINDING(symbol, word) +1
#include <licet/words.def>
     ,
     licet_finding_kind_word},
    {"relation", 0
#define LICET_RELATION(symbol, word) +1
#include <licet/words.def>
     ,
     licet_relation_word},
    {"topic", 0
#define LICET_TOPIC(symbol, word) +1
#include <licet/words.def>
     ,
     licet_topic_word},
    {"unshared", 0
#define LICET_UNSHARED(symbol, word) +1
#include <licet/words.def>
     ,
     licet_unshared_word},
    {"bulk format", 0
#define LICET_BULK_FORMAT(symbol, word) +1
#include <licet/words.def>
     ,
     licet_bulk_format_word},
    {"registers", 0
#define LICET_REGISTERS(symbol, word) +1
#include <licet/words.def>
     ,
     licet_registers_word},
};

static void every_value_has_a_word_of_its_own(void **state) {
  (void)state;
  for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
    assert_true(sets[s].count > 1);
    for (int a = 0; a < sets[s].count; a++) {
      for (int b = a + 1; b < sets[s].count; b++) {
        if (strcmp(sets[s].word(a), sets[s].word(b)) == 0)
          fail_msg("%s: %d and %d are both \"%s\"", sets[s].name, a, b, sets[s].word(a));
      }
    }
  }
}

static void a_number_that_is_no_value_has_no_word(void **state) {
  (void)state;
  for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
    assert_string_equal(sets[s].word(sets[s].count), "");
    assert_string_equal(sets[s].word(-1), "");
  }
}

/* Numbers are part of the interface, as words are: a value never moves. */
static void values_stand_where_they_stood(void **state) {
  (void)state;
  assert_int_equal(LICET_NO_POLICY, 3);
  assert_string_equal(licet_outcome_name(LICET_NO_POLICY), "no_policy");
  assert_int_equal(LICET_REASON_NOT_IN_FORCE, 10);
  assert_string_equal(licet_reason_name(LICET_REASON_NOT_IN_FORCE), "not_in_force");
  assert_int_equal(LICET_UNKNOWN, 2);
  assert_int_equal(LICET_ANY_KIND, 2);
  assert_int_equal(LICET_SOURCE_RECORD, 3);
  assert_int_equal(LICET_OUTSIDE_LABEL, 13);
  assert_string_equal(licet_chosen_by_name(LICET_CHOSEN_BY_AUTHORIZATION), "authorization");
  assert_string_equal(licet_topic_name(LICET_TOPIC_REGIMENS), "dosed_as");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_value_has_a_word_of_its_own),
      cmocka_unit_test(a_number_that_is_no_value_has_no_word),
      cmocka_unit_test(values_stand_where_they_stood),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
