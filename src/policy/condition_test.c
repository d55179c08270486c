/* condition_test: what conditions become in the few kinds of model.h. What is wrong with them is
 * reported in tests/bad/check. */
#include "policy/fixture.h"

static const char facts[] =
    "  fact a: yes | no\n  fact b: yes | no\n  fact color: red | green | blue\n  fact parts: set "
    "of head | hand\n  fact w: mass or "
    "none\n"
    "  fact n: count\n    range 0 to 9\n  fact born: date\n  fact agent: name or none\n  fact "
    "icd10: code ICD-10-CM\n  fact s: "
    "series of mass\n"
    "  fact l: list\n    field class: old | new\n    field agent: name\n  set warm = red\n  codes "
    "listed: ICD-10-CM = C91 to C92\n"
    "  derive age: duration = from born to start\n  derive both: yes | no = a and b\n";

/* A condition as operators and operands: (and a (not b)), (< w 5). */
static void write_term(Buffer *out, const Term *term) {
  static const char *const names[] = {[TERM_ADD] = "+",
                                      [TERM_SUBTRACT] = "-",
                                      [TERM_MULTIPLY] = "*",
                                      [TERM_DIVIDE] = "/",
                                      [TERM_LEAST] = "least",
                                      [TERM_GREATEST] = "greatest",
                                      [TERM_BODY_SURFACE] = "surface",
                                      [TERM_FROM_TO] = "from-to",
                                      [TERM_PERCENT_CHANGE] = "change",
                                      [TERM_UPPER_LIMIT] = "upper",
                                      [TERM_SHIFTED] = "earlier"};
  if (term == NULL) return;
  if (term->kind == TERM_FACT) {
    buffer_text(out, term->fact->name);
  } else if (term->kind == TERM_AMOUNT) {
    amount_write(out, term->amount);
  } else if (term->kind == TERM_SPAN) {
    buffer_format(out, "%dm%dd", term->span.months, term->span.days);
  } else if (term->kind == TERM_DATE) {
    char text[11] = {0};
    date_write(term->date, text);
    buffer_string(out, text);
  } else if (term->kind == TERM_QUERY) {
    buffer_format(out, "(query %.*s)", (int)term->query.series->name.length,
                  term->query.series->name.at);
  } else {
    buffer_format(out, "(%s ", names[term->kind]);
    write_term(out, term->a);
    if (term->b != NULL) buffer_character(out, ' ');
    write_term(out, term->b);
    if (term->kind == TERM_SHIFTED)
      buffer_format(out, " %dm%dd", term->span.months, term->span.days);
    buffer_character(out, ')');
  }
}

static void write_condition(Buffer *out, const Condition *c) {
  static const char *const names[] = {"true",       "false",   "and",      "or",    "not",  "in",
                                      "named",      "coded",   "includes", "is",    "none", "given",
                                      "documented", "reached", "<",        "count", "met"};
  if (c->kind == CONDITION_COMPARE && c->or_equal) {
    buffer_string(out, "(<=");
  } else {
    buffer_format(out, "(%s", names[c->kind]);
  }
  if (c->fact != NULL) buffer_format(out, " %.*s", (int)c->fact->name.length, c->fact->name.at);
  if (c->field != NULL) buffer_format(out, " .%.*s", (int)c->field->name.length, c->field->name.at);
  if (c->mask != 0 || c->kind == CONDITION_SET_IS)
    buffer_format(out, " %llu", (unsigned long long)c->mask);
  for (uint32_t i = 0; i < c->codes.count; i++) {
    buffer_format(out, " %.*s-%.*s", (int)c->codes.items[i].first.length,
                  c->codes.items[i].first.at, (int)c->codes.items[i].last.length,
                  c->codes.items[i].last.at);
  }
  if (c->names.count > 0) buffer_format(out, " %u names", c->names.count);
  if (c->kind == CONDITION_COUNT) buffer_format(out, " %u", c->count);
  if (c->kind == CONDITION_MET)
    buffer_format(out, " %.*s", (int)c->criterion->path.length, c->criterion->path.at);
  if (c->left != NULL) buffer_character(out, ' ');
  write_term(out, c->left);
  if (c->right != NULL) buffer_character(out, ' ');
  write_term(out, c->right);
  for (uint32_t i = 0; i < c->operands.count; i++) {
    buffer_character(out, ' ');
    write_condition(out, c->operands.items[i]);
  }
  buffer_character(out, ')');
}

typedef struct Meaning {
  const char *text, *meaning;
} Meaning;

static void check_meanings(void *state, const Meaning *meanings, size_t count) {
  Fixture *f = vocabulary(state, facts);
  for (size_t i = 0; i < count; i++) {
    Buffer out;
    buffer_open(&out, &f->arena, 64);
    write_condition(&out, condition(f, meanings[i].text));
    const char *found = buffer_finish(&out);
    if (strcmp(found, meanings[i].meaning) != 0)
      fail_msg("%s\n  means %s\n  not   %s", meanings[i].text, found, meanings[i].meaning);
  }
}
#define CHECK_MEANINGS(meanings) \
  check_meanings(*state, meanings, sizeof meanings / sizeof *meanings)

static void words_become_the_few_kinds(void **state) {
  static const Meaning meanings[] = {
      {"a", "(in a 1)"},
      {"not not a", "(in a 1)"},
      {"a is no", "(in a 2)"},
      {"if a then b", "(or (not (in a 1)) (in b 1))"},
      {"both", "(and (in a 1) (in b 1))"},
      {"both is no", "(not (and (in a 1) (in b 1)))"},
      {"color is not green", "(not (in color 2))"},
      {"color in warm, blue", "(in color 5)"},
      {"color not in warm", "(not (in color 1))"},
      {"parts includes hand", "(includes parts 2)"},
      {"parts is {}", "(is parts 0)"},
      {"agent in x, y", "(named agent 2 names)"},
      {"agent is none", "(none agent)"},
      {"icd10 in listed, d12.3", "(coded icd10 C91-C92 D123-D123)"},
      {"w is given", "(given w)"},
      {"w is not documented", "(not (documented w))"},
      {"kind is continuation", "(in kind 2)"},
  };
  CHECK_MEANINGS(meanings);
}

static void comparisons_become_less(void **state) {
  static const Meaning meanings[] = {
      {"w > 5 mg", "(< 5 w)"},
      {"5 mg >= w", "(<= w 5)"},
      {"n = 3", "(and (<= n 3) (<= 3 n))"},
      {"n is not 3", "(or (< n 3) (< 3 n))"},
      {"n in 1, 2", "(or (and (<= n 1) (<= 1 n)) (and (<= n 2) (<= 2 n)))"},
      {"(n + 1) in 2", "(or (and (<= (+ n 1) 2) (<= 2 (+ n 1))))"},
      {"n < 2 + 3 * 4", "(< n 14)"},
      {"n > least of 5 and 4", "(< 4 n)"},
      {"2 times n <= 8", "(<= (* 2 n) 8)"},
      {"latest s < 2 times upper_limit of (latest s)", "(< (query s) (* 2 (upper (query s))))"},
  };
  CHECK_MEANINGS(meanings);
}

static void lengths_are_reached_or_not(void **state) {
  static const Meaning meanings[] = {
      {"age >= 18 years", "(reached (from-to born start) 216m0d)"},
      {"age > 18 years", "(reached (from-to born start) 228m0d)"},
      {"age < 2 weeks", "(not (reached (from-to born start) 0m14d))"},
      {"30 years >= age", "(not (reached (from-to born start) 372m0d))"},
      {"age = 1 month",
       "(and (reached (from-to born start) 1m0d) (not (reached (from-to born start) 2m0d)))"},
  };
  CHECK_MEANINGS(meanings);
}

static void dates_hang_on_the_request(void **state) {
  static const Meaning meanings[] = {
      {"born within 2 weeks before start", "(and (<= (earlier start 0m14d) born) (<= born start))"},
      {"born before received", "(< born received)"},
      {"born on or after 2025-02-28", "(<= 2025-02-28 born)"},
      {"born after 3 months before start", "(< (earlier start 3m0d) born)"},
      {"start = received", "(and (<= start received) (<= received start))"},
  };
  CHECK_MEANINGS(meanings);
}

static void quantifiers_become_counts(void **state) {
  static const Meaning meanings[] = {
      {"any l where class is old", "(count l 1 (in .class 1))"},
      {"every l where class is old", "(not (count l 1 (not (in .class 1))))"},
      {"at least 0 l where class is old", "(true)"},
      {"at most 2 l where agent in x", "(not (count l 3 (named .agent 1 names)))"},
      {"exactly 1 l where class is old and agent is x",
       "(and (count l 1 (and (in .class 1) (named .agent 1 names))) (not (count l 2 (and (in "
       ".class 1) (named .agent 1 names)))))"},
      {"(any l where class is new) and a", "(and (count l 1 (in .class 2)) (in a 1))"},
  };
  CHECK_MEANINGS(meanings);
}

static void a_field_hides_a_fact_of_the_same_name(void **state) {
  static const Meaning meanings[] = {
      {"any l where agent is x", "(count l 1 (named .agent 1 names))"},
      {"agent is x", "(named agent 1 names)"}};
  CHECK_MEANINGS(meanings);
}

static void what_is_said_by_denial_asks_that_there_is_something(void **state) {
  Fixture *f = vocabulary(*state,
                          "  fact onset: date or none\n  fact born: date\n  derive age_then: "
                          "duration = from born to onset\n");
  Buffer out;
  buffer_open(&out, &f->arena, 64);
  write_condition(&out, condition(f, "age_then < 1 year"));
  assert_string_equal(buffer_finish(&out),
                      "(and (not (reached (from-to born onset) 12m0d)) (not (none onset)))");
}

static void equal_derivations_are_one_condition(void **state) {
  Fixture *f = vocabulary(*state, facts);
  const Policy *p =
      policy(f, "A \"x\": both\n  approve 6 months\nB \"y\": both\n  approve 6 months\n");
  assert_ptr_equal(p->criteria.items[0]->condition, p->criteria.items[1]->condition);
}

static void a_number_that_cannot_be_reckoned_is_told(void **state) {
  Fixture *f = vocabulary(*state, facts);
  policy_unchecked(f,
                   "A \"x\": n > 9000000000 * 9000000000\n  approve 6 months\nB \"y\": n > 1 / "
                   "0\nC \"z\": w > 1.0000000000001 mg\n",
                   NULL);
  assert_string_equal(reported(f), "L207 7:12\nL207 9:12\nL207 10:12\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_open, fixture_close)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(words_become_the_few_kinds),
      TEST(comparisons_become_less),
      TEST(lengths_are_reached_or_not),
      TEST(dates_hang_on_the_request),
      TEST(quantifiers_become_counts),
      TEST(a_field_hides_a_fact_of_the_same_name),
      TEST(what_is_said_by_denial_asks_that_there_is_something),
      TEST(equal_derivations_are_one_condition),
      TEST(a_number_that_cannot_be_reckoned_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
