/* The explanation: statuses, evidence, interpretations in play; and the JSON beside what the
 * accessors tell. */
#include "decide/fixture.h"

#include "decide/session.h"

#define SHAPES                                              \
  POLICY_HEAD("SHAPES", "Payer")                            \
  "  version 2025-01-01\n"                                  \
  "  version 2026-01-01\n"                                  \
  "  limit 980 units of J9039 every 42 days\n"              \
  "  limit 3 vials every 1 month in cycles 2 to 5\n"        \
  "  limit 1 visit every 7 days until 2025-12-31\n"         \
  "A \"Use\" all of\n"                                      \
  "  approve 6 months\n"                                    \
  "  1 \"Whatever the color\" any of\n"                     \
  "    a \"Red\": color is red\n"                           \
  "    b \"Not red\": not color is red\n"                   \
  "  2 \"Two of three\" at least 2 of\n"                    \
  "    a \"Agreed\": agreed\n"                              \
  "    b \"Calm\": mood is calm\n"                          \
  "    c \"Seen\": last_seen is given\n"                    \
  "  3 \"No harm\" none of\n"                               \
  "    a \"Blue\": color is blue\n"                         \
  "    b \"Many visits\": visits > 3\n"                     \
  "  4 \"Where heavy\" if weight >= 50 kg then all of\n"    \
  "    a \"Judged\": judged\n"                              \
  "    b \"Not warned\": not warned\n"                      \
  "  5 \"Code\" if met A.1 then: icd10 in C91.00, C91.01\n" \
  "    note \"Told with the line.\"\n"                      \
  "    cite \"Label\"\n"                                    \
  "B \"By reading\" all of\n"                               \
  "  approve 1 month\n"                                     \
  "  1 \"One of them\" any of\n"                            \
  "    interpretation R-1 \"The page says one.\"\n"         \
  "      literally all of\n"                                \
  "    a \"Red\": color is red\n"                           \
  "    b \"Milk\": with includes milk\n"                    \
  "  2 \"Heavy\": weight >= 50 kg\n"                        \
  "    interpretation R-2 \"At 50 kg too.\"\n"              \
  "      literally: weight > 50 kg\n"                       \
  "    interpretation R-3 \"Told, without other words.\"\n"

static int open_fixture(void **state) {
  Fixture *f = malloc(sizeof *f);
  assert_non_null(f);
  *state = f;
  fixture_policy(f, SHAPES);
  return 0;
}

static int close_fixture(void **state) {
  fixture_close(*state);
  free(*state);
  return 0;
}

static size_t criterion_at(const licet_determination *d, const char *path) {
  for (size_t i = 0; i < licet_determination_criterion_count(d); i++) {
    if (strcmp(licet_determination_criterion(d, i).criterion.path, path) == 0) return i;
  }
  fail_msg("no criterion %s", path);
  return 0;
}

static const char *status_at(const licet_determination *d, const char *path) {
  return licet_criterion_status_name(
      licet_determination_criterion(d, criterion_at(d, path)).status);
}

static void assert_status(const licet_determination *d, const char *path, const char *status) {
  if (strcmp(status_at(d, path), status) != 0)
    fail_msg("%s is %s, not %s", path, status_at(d, path), status);
}

static void parts_that_are_open_may_leave_no_doubt_together(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "");
  assert_status(d, "A.1", "met");
  assert_status(d, "A.1.a", "unknown");
  assert_status(d, "A.1.b", "unknown");
}

static void at_least_counts_its_parts(void **state) {
  assert_status(decide_by(*state, "SHAPES", "initial", "'mood':'tense','agreed':true"), "A.2",
                "unknown");
  assert_status(decide_by(*state, "SHAPES", "initial", "'mood':'tense','agreed':false"), "A.2",
                "not_met");
  assert_status(decide_by(*state, "SHAPES", "initial", "'agreed':true"), "A.2", "met");
  assert_status(decide_by(*state, "SHAPES", "initial", "'last_seen':'none'"), "A.2.c", "met");
}

static void none_of_fails_where_one_is_met(void **state) {
  assert_status(decide_by(*state, "SHAPES", "initial", "'color':'blue'"), "A.3", "not_met");
  assert_status(decide_by(*state, "SHAPES", "initial", "'color':'red'"), "A.3", "unknown");
  assert_status(decide_by(*state, "SHAPES", "initial", "'color':'red','visits':3"), "A.3", "met");
}

static void a_line_with_if_holds_where_its_guard_fails(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "'weight':'49 kg'");
  assert_status(d, "A.4", "met");
  assert_status(d, "A.4.a", "unknown");
  d = decide_by(*state, "SHAPES", "initial",
                "'weight':'50 kg','judged':{'value':false,'source':'reviewer'}");
  assert_status(d, "A.4", "not_met");
}

static void parts_stand_behind_their_group_one_deeper(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "");
  const size_t group = criterion_at(d, "A.2");
  const licet_criterion shown = licet_determination_criterion(d, group).criterion;
  assert_int_equal(shown.connective, LICET_CONNECTIVE_AT_LEAST);
  assert_int_equal(shown.at_least, 2);
  assert_string_equal(shown.title, "Two of three");
  assert_int_equal(shown.depth, 1);
  assert_int_equal(licet_determination_criterion(d, group + 1).criterion.depth, 2);
  assert_string_equal(licet_determination_criterion(d, group + 1).criterion.condition, "agreed");
  assert_string_equal(licet_determination_criterion(d, criterion_at(d, "A.4")).criterion.guard,
                      "weight >= 50 kg");
}

static void beyond_the_last_criterion_there_is_nothing(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "");
  const size_t count = licet_determination_criterion_count(d);
  assert_null(licet_determination_criterion(d, count).criterion.label);
  assert_null(licet_determination_evidence(d, count, 0).fact);
  assert_null(licet_determination_evidence(d, criterion_at(d, "A.1.a"), 1).fact);
}

/* ---- Evidence ---- */

static licet_evidence evidence_at(const licet_determination *d, const char *path, size_t index) {
  return licet_determination_evidence(d, criterion_at(d, path), index);
}

static void a_fact_is_shown_as_it_was_given(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial",
                                           "'color':{'value':'red','document':'d-7','source':'"
                                           "requester'},'weight':'154 lb','icd10':'c9100'");
  const licet_evidence color = evidence_at(d, "A.1.a", 0), weight = evidence_at(d, "A.4", 0),
                       code = evidence_at(d, "A.5", 1);
  assert_string_equal(color.fact, "color");
  assert_string_equal(color.value, "\"red\"");
  assert_string_equal(color.document, "d-7");
  assert_int_equal(color.source, LICET_SOURCE_REQUESTER);
  assert_true(color.is_known);
  assert_false(color.is_implied);
  assert_string_equal(weight.value, "\"154 lb\"");
  assert_string_equal(weight.document, "");
  assert_int_equal(weight.source, LICET_SOURCE_NONE);
  assert_string_equal(code.fact, "icd10");
  assert_json_has(d, "{'fact':'color','value':'red','document':'d-7','source':'requester'}");
  assert_json_has(d, "{'fact':'weight','value':'154 lb'}");
}

static void what_is_not_known_is_null(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "'visits':null");
  const licet_evidence visits = evidence_at(d, "A.3.b", 0);
  assert_string_equal(visits.fact, "visits");
  assert_string_equal(visits.value, "");
  assert_false(visits.is_known);
  assert_false(visits.is_implied);
  assert_json_has(d, "{'fact':'visits','value':null}");
}

static void what_follows_from_other_facts_is_implied(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "'color':'red'");
  const licet_evidence agreed = evidence_at(d, "A.2.a", 0);
  assert_string_equal(agreed.value, "");
  assert_false(agreed.is_known);
  assert_true(agreed.is_implied);
  assert_status(d, "A.2.a", "not_met");
  assert_json_has(d, "{'fact':'agreed','value':null,'implied':true}");
}

static void what_is_taken_by_default_says_so(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "");
  const licet_evidence mood = evidence_at(d, "A.2.b", 0), warned = evidence_at(d, "A.4.b", 0);
  assert_true(mood.is_known);
  assert_true(mood.is_default);
  assert_true(warned.is_known);
  assert_json_has(d, "{'fact':'mood','value':'calm','by_default':true}");
  assert_json_has(d, "{'fact':'warned','value':false,'by_default':true}");
}

static void what_does_not_count_is_not_known_and_named(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "'judged':true");
  const licet_evidence judged = evidence_at(d, "A.4.a", 0);
  assert_false(judged.is_known);
  assert_string_equal(judged.value, "");
  assert_json_has(d, "'not_counted':['judged']");
}

/* ---- Interpretations ---- */

static void assert_interpretations(const licet_determination *d, const char *first,
                                   const char *second) {
  const char *found[] = {licet_determination_interpretation(d, 0),
                         licet_determination_interpretation(d, 1)};
  const char *expected[] = {first, second};
  for (int i = 0; i < 2; i++) {
    if (expected[i] == NULL) {
      assert_null(found[i]);
    } else {
      assert_non_null(found[i]);
      assert_string_equal(found[i], expected[i]);
    }
  }
}

static void a_reading_is_in_play_where_the_literal_wording_says_otherwise(void **state) {
  const licet_determination *d =
      decide_by(*state, "SHAPES", "initial", "'color':'red','with':['tea'],'weight':'50 kg'");
  assert_interpretations(d, "R-1", "R-2");
  const licet_explanation group = licet_determination_criterion(d, criterion_at(d, "B.1"));
  assert_string_equal(group.interpretations[0], "R-1");
  assert_null(group.interpretations[1]);
  assert_json_has(d, "'interpretations':['R-1','R-2']");
  assert_json_has(d, "'status':'met','interpretations':['R-1']");
}

static void a_reading_is_not_in_play_where_both_wordings_agree(void **state) {
  const licet_determination *d =
      decide_by(*state, "SHAPES", "initial", "'color':'red','with':['milk'],'weight':'50.1 kg'");
  assert_interpretations(d, NULL, NULL);
  assert_null(licet_determination_criterion(d, criterion_at(d, "B.1")).interpretations[0]);
}

static void a_interpretation_opened_literally_decides(void **state) {
  (void)state;
  Fixture f;
  const char *const literal[] = {"R-1", NULL};
  const licet_library_options options = {.size = sizeof options,
                                         .literal_interpretations = literal};
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(&f, "policy.licet", SHAPES);
  fixture_load(&f, f.folder, &options);
  const licet_determination *d =
      decide_by(&f, "SHAPES", "initial", "'color':'red','with':['tea'],'weight':'50 kg'");
  assert_status(d, "B.1", "not_met");
  assert_interpretations(d, "R-2", NULL);
  fixture_close(&f);
}

#define CENTENE(agent)                                                                             \
  "{'policy':'CP.PHAR.312','line':'commercial','drug':'blinatumomab','kind':'initial','received':" \
  "'2026-03-10','facts':{'prior_"                                                                  \
  "therapies':"                                                                                    \
  "[{'agent':'" agent "','outcome':'refractory'}],'prior_therapies_complete':true}}"

static void imatinib_alone_brings_the_reading_of_the_list_into_play(void **state) {
  (void)state;
  Fixture f = {0};
  fixture_load(&f, "policies", NULL);
  assert_interpretations(decide_request(&f, CENTENE("imatinib")), "R-C1", NULL);
  assert_interpretations(decide_request(&f, CENTENE("dasatinib")), NULL, NULL);
  fixture_close(&f);
}

/* ---- JSON ---- */

#define APPROVED                                           \
  "'agreed':true,'color':'green','visits':1,'weight':'70 " \
  "kg','judged':{'value':true,'source':'reviewer'},'icd10':'C91.00','last_seen':'2026-01-01'"

static void limits_in_force_stand_in_the_authorization(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", APPROVED);
  assert_outcome(d, "approve", "");
  assert_json_has(d,
                  "'authorization':{'start':'2026-03-10','end':'2026-09-09','months':6,'cycles':"
                  "null,'renewals_left':null,"
                  "'limits':[{'units':980,'hcpcs':'J9039','every_days':42},{'vials':3,'every_"
                  "months':1,'cycles':[2,5]}]}");
}

static void limits_are_told_one_by_one_as_well(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", APPROVED);
  const licet_limit units = licet_determination_limit(d, 0),
                    vials = licet_determination_limit(d, 1);
  assert_string_equal(units.amount, "980");
  assert_string_equal(units.unit, "units");
  assert_string_equal(units.code, "J9039");
  assert_string_equal(units.every, "42 days");
  assert_int_equal(units.first_cycle, 0);
  assert_string_equal(vials.amount, "3");
  assert_string_equal(vials.code, "");
  assert_string_equal(vials.every, "1 month");
  assert_int_equal(vials.first_cycle, 2);
  assert_int_equal(vials.last_cycle, 5);
  assert_null(licet_determination_limit(d, 2).amount);
  assert_null(licet_determination_limit(decide_by(*state, "SHAPES", "initial", "'color':'blue'"), 0)
                  .amount);
}

static void without_an_approval_there_is_no_authorization(void **state) {
  const licet_determination *d = decide_by(*state, "SHAPES", "initial", "'color':'blue'");
  const licet_authorization none = licet_determination_authorization(d);
  assert_json_has(d, "'authorization':null");
  assert_null(none.start);
  assert_null(none.end);
  assert_int_equal(none.unit, LICET_UNIT_NONE);
  assert_int_equal(none.cycles, -1);
}

static void texts_are_escaped_in_json(void **state) {
  Fixture *f = *state;
  const char *json =
      "{\"id\":\"R "
      "\\\"1\\\"\",\"policy\":\"SHAPES\",\"line\":\"commercial\",\"drug\":\"alpha\",\"kind\":"
      "\"initial\",\"received\":\"2026-03-"
      "10\","
      "\"facts\":{\"color\":{\"value\":\"red\",\"document\":\"a \\\"b\\\" \\u0001\"}}}";
  const licet_determination *d;
  assert_int_equal(licet_decide(f->session, json, strlen(json), &d), LICET_OK);
  assert_string_equal(licet_determination_request(d), "R \"1\"");
  assert_non_null(strstr(licet_determination_json(d, NULL), "{\"request\":\"R \\\"1\\\"\","));
  assert_non_null(
      strstr(licet_determination_json(d, NULL), "\"document\":\"a \\\"b\\\" \\u0001\""));
}

/* Every status, in page order, by both doors. */
static void the_json_and_the_accessors_tell_the_same(void **state) {
  static const char *const requests[] = {"", "'color':'red'", APPROVED,
                                         "'color':'blue','visits':9"};
  for (size_t r = 0; r < sizeof requests / sizeof *requests; r++) {
    size_t length, count = 0;
    const licet_determination *d = decide_by(*state, "SHAPES", "initial", requests[r]);
    const char *json = licet_determination_json(d, &length), *at = json;
    assert_int_equal(strlen(json), length);
    while ((at = strstr(at, "\"status\":\"")) != NULL) {
      at += strlen("\"status\":\"");
      const char *status =
          licet_criterion_status_name(licet_determination_criterion(d, count++).status);
      assert_int_equal(strncmp(at, status, strlen(status)), 0);
    }
    assert_int_equal(count, licet_determination_criterion_count(d));
  }
}

static void every_answer_is_json_that_can_be_read(void **state) {
  Fixture *f = *state;
  JsonReader *reader = json_open();
  const licet_determination *d = decide_by(f, "SHAPES", "initial", APPROVED);
  const JsonToken *tokens;
  uint32_t count;
  size_t length, offset;
  const char *message, *json = licet_determination_json(d, &length);
  assert_int_equal(json_read(reader, json, length, &tokens, &count, &message, &offset), JSON_OK);
  json_close(reader);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_that_are_open_may_leave_no_doubt_together),
      cmocka_unit_test(at_least_counts_its_parts),
      cmocka_unit_test(none_of_fails_where_one_is_met),
      cmocka_unit_test(a_line_with_if_holds_where_its_guard_fails),
      cmocka_unit_test(parts_stand_behind_their_group_one_deeper),
      cmocka_unit_test(beyond_the_last_criterion_there_is_nothing),
      cmocka_unit_test(a_fact_is_shown_as_it_was_given),
      cmocka_unit_test(what_is_not_known_is_null),
      cmocka_unit_test(what_follows_from_other_facts_is_implied),
      cmocka_unit_test(what_is_taken_by_default_says_so),
      cmocka_unit_test(what_does_not_count_is_not_known_and_named),
      cmocka_unit_test(a_reading_is_in_play_where_the_literal_wording_says_otherwise),
      cmocka_unit_test(a_reading_is_not_in_play_where_both_wordings_agree),
      cmocka_unit_test(a_interpretation_opened_literally_decides),
      cmocka_unit_test(imatinib_alone_brings_the_reading_of_the_list_into_play),
      cmocka_unit_test(limits_in_force_stand_in_the_authorization),
      cmocka_unit_test(limits_are_told_one_by_one_as_well),
      cmocka_unit_test(without_an_approval_there_is_no_authorization),
      cmocka_unit_test(texts_are_escaped_in_json),
      cmocka_unit_test(the_json_and_the_accessors_tell_the_same),
      cmocka_unit_test(every_answer_is_json_that_can_be_read),
  };
  return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
