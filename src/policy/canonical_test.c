/* What of a policy stands in the canonical text, and what does not change it. */
#include "policy/canonical.h"

#include "policy/fixture.h"

static const char vocabulary_lines[] =
    "  fact a: yes | no  clinical, from requester\n"
    "    ask \"Is it?\"\n"
    "  fact unread: yes | no\n"
    "  fact n: count\n"
    "    range 0 to 9\n"
    "  fact linked: yes | no\n"
    "  fact weight: mass\n"
    "    dosing weight\n"
    "  fact l: list\n"
    "    field agent: name\n"
    "  set named = x, y\n"
    "  set unread_set = z\n"
    "  derive big: yes | no = n > 3\n"
    "  never linked and big \"Not both.\"\n"
    "  drug d \"Drug\"\n"
    "    vial 10 mg\n"
    "      ndc 00001-0001-01\n"
    "  drug other_drug \"Other\"\n"
    "    vial 20 mg\n"
    "  regimen weekly \"Weekly\" of d\n"
    "    cycle 1 every 1 week\n"
    "      day 1: 1 mg/kg\n";

static const char policy_lines[] =
    "  evidence documented\n"
    "  derive tried: yes | no = any l where agent in named\n"
    "  derive unused: yes | no = n > 5\n"
    "A \"Both\" all of\n"
    "  note \"For readers.\"\n"
    "  approve 6 months\n"
    "  1 \"Big\": big\n"
    "    interpretation R-1 \"Why.\"\n"
    "      literally: n >= 3\n"
    "  2 \"Tried\": tried or a\n";

static const char expected[] =
    "policy T\n"
    "  version 2025-01-01\n"
    "  payer \"P\"\n"
    "  lines medicaid\n"
    "  drug d\n"
    "  vocabulary v\n"
    "  evidence documented\n"
    "  derive tried : yes | no = any l where agent in named\n"
    "A all of\n"
    "  approve 6 months\n"
    "  1 : big\n"
    "    interpretation R-1\n"
    "      literally : n >= 3\n"
    "  2 : tried or a\n"
    "vocabulary v\n"
    "  fact a : yes | no clinical , from requester\n"
    "  fact n : count\n"
    "    range 0 to 9\n"
    "  fact linked : yes | no\n"
    "  fact weight : mass\n"
    "    dosing weight\n"
    "  fact l : list\n"
    "    field agent : name\n"
    "  set named = x , y\n"
    "  derive big : yes | no = n > 3\n"
    "  never linked and big\n"
    "  drug d\n"
    "    vial 10 mg\n"
    "  regimen weekly of d\n"
    "    cycle 1 every 1 week\n"
    "      day 1 : 1 mg/kg\n";

static const char *canonical(void **state, const char *declarations, const char *lines) {
  Fixture *f = *state;
  const Policy *p = policy(vocabulary(*state, declarations), lines);
  const Text text = canonical_text(p, &p->versions.items[0], &f->arena);
  return arena_copy(&f->arena, text.at, text.length);
}

/* `text` with `from` replaced once by `to`. */
static const char *with(void **state, const char *text, const char *from, const char *to) {
  const char *at = strstr(text, from);
  if (at == NULL) fail_msg("no `%s` in the text", from);
  return arena_format(&((Fixture *)*state)->arena, "%.*s%s%s", (int)(at - text), text, to,
                      at + strlen(from));
}

static void what_decides_stands_in_it_and_nothing_else(void **state) {
  assert_string_equal(canonical(state, vocabulary_lines, policy_lines), expected);
}

static void what_only_readers_see_does_not_change_it(void **state) {
  static const char *const changes[][2] = {
      {"\"For readers.\"", "\"For all readers.\""},
      {"\"Why.\"", "\"Because.\""},
      {"\"Both\"", "\"The two\""},
      {"  2 \"Tried\"", "# new\n  2   \"Tried\""},
      {"= n > 5", "= n > 6"},
      {"  approve", "  cite \"A label\"\n  approve"},
  };
  static const char *const declared[][2] = {
      {"\"Is it?\"", "\"Is it so?\""}, {"fact unread: yes | no", "fact unread: count"},
      {"set unread_set = z", ""},      {"\"Not both.\"", "\"Never both.\""},
      {"vial 20 mg", "vial 30 mg"},    {"00001-0001-01", "00001-0001-02"},
  };
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
    assert_string_equal(
        canonical(state, vocabulary_lines, with(state, policy_lines, changes[i][0], changes[i][1])),
        expected);
  for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
    assert_string_equal(
        canonical(state, with(state, vocabulary_lines, declared[i][0], declared[i][1]),
                  policy_lines),
        expected);
}

static void a_later_version_does_not_change_it(void **state) {
  const char *later = with(state, policy_lines, "  1 \"Big\": big",
                           "  1 \"Huge\" from 2026-01-01: n > 8\n"
                           "  1 \"Big\" until 2025-12-31: big");
  later = with(state, later, "approve 6 months",
               "approve 6 months until 2025-12-31\n  approve 3 months from 2026-01-01");
  later = with(state, later, "  evidence documented\n",
               "  version 2026-01-01 \"Second\"\n  limit 3 visits from 2026-01-01\n"
               "  evidence documented\n");
  assert_string_equal(canonical(state, vocabulary_lines, later), expected);
  const Fixture *f = *state;
  const Text second =
      canonical_text(f->policy, &f->policy->versions.items[1], &((Fixture *)*state)->arena);
  assert_non_null(strstr(second.at, "  version 2026-01-01\n"));
  assert_non_null(strstr(second.at, "  limit 3 visits\n"));
  assert_non_null(strstr(second.at, "  approve 3 months\n  1 : n > 8\n  2 : tried or a\n"));
}

static void whatever_can_decide_changes_it(void **state) {
  static const char *const changes[][2] = {
      {"evidence documented", "evidence documented for initial"},
      {"6 months", "7 months"},
      {"A \"Both\"", "B \"Both\""},
      {"tried or a", "tried and a"},
      {"R-1", "R-2"},
      {"literally: n >= 3", "literally: n >= 2"},
      {"agent in named", "agent in named, z"},
      {"A \"Both\" all of", "A \"Both\" for initial all of"},
  };
  static const char *const declared[][2] = {
      {"range 0 to 9", "range 0 to 8"},
      {"clinical, from requester", "clinical, from record"},
      {"set named = x, y", "set named = x"},
      {"= n > 3", "= n > 2"},
      {"never linked and big", "never linked and not big"},
      {"vial 10 mg", "vial 12 mg"},
      {"1 mg/kg", "2 mg/kg"},
  };
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
    assert_string_not_equal(
        canonical(state, vocabulary_lines, with(state, policy_lines, changes[i][0], changes[i][1])),
        expected);
  for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
    assert_string_not_equal(
        canonical(state, with(state, vocabulary_lines, declared[i][0], declared[i][1]),
                  policy_lines),
        expected);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_decides_stands_in_it_and_nothing_else, fixture_open,
                                      fixture_close),
      cmocka_unit_test_setup_teardown(what_only_readers_see_does_not_change_it, fixture_open,
                                      fixture_close),
      cmocka_unit_test_setup_teardown(a_later_version_does_not_change_it, fixture_open,
                                      fixture_close),
      cmocka_unit_test_setup_teardown(whatever_can_decide_changes_it, fixture_open, fixture_close),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
