/* What the public header shows of policies, vocabularies and determinations. */
#include "decide/fixture.h"

#define POLICY                                           \
  "policy V-1 \"Seen from outside\"\n"                   \
  "  payer \"Payer\"\n"                                  \
  "  lines commercial, exchange, medicaid, medicare\n"   \
  "  drug alpha, beta\n"                                 \
  "  vocabulary clinic\n"                                \
  "  source \"The page, revised.\"\n"                    \
  "  version 2026-01-01 \"First\"\n"                     \
  "  version 2026-02-01 reconstructed\n"                 \
  "  interpretation R-0 \"Of the whole page.\"\n"        \
  "I \"First\" for initial\n"                            \
  "  A \"Use\" pathway all of\n"                         \
  "    note \"Of the use.\"\n"                           \
  "    approve 6 months\n"                               \
  "    1 \"Red\" until 2026-01-31: color is red\n"       \
  "      cite \"Label, 2.1\"\n"                          \
  "      cite \"Guideline\"\n"                           \
  "    2 \"One of two\" from 2026-02-01 any of\n"        \
  "      interpretation R-1 \"Either.\"\n"               \
  "        literally all of\n"                           \
  "      - \"Seen\": last_seen is given\n"               \
  "      - \"Tense\": mood is tense\n"                   \
  "    3 \"If heavy\" if weight >= 50 kg then: agreed\n" \
  "      interpretation R-2 \"Agreed will do.\"\n"       \
  "        literally: agreed and visits > 0\n"           \
  "II \"Again\" for continuation all of\n"               \
  "  renew 3 months, 2 renewals\n"                       \
  "  a \"None of these\" none of\n"                      \
  "    - \"Warned\": warned\n"                           \
  "    - \"Judged\": judged\n"                           \
  "  b \"Two\" prerequisite at least 2 of\n"             \
  "    - \"Green\": color is green\n"                    \
  "    - \"Tea\": with includes tea\n"                   \
  "    - \"Mint\": any past where agent is mint\n"

static int open_fixture(void **state) { return fixture_new(state, POLICY); }

static const licet_policy *policy_of(void **state) {
  return licet_library_policy(((Fixture *)*state)->library, 0);
}

static void the_head_of_a_policy_is_shown_as_written(void **state) {
  const licet_policy *policy = policy_of(state);
  static const char *const lines[] = {"commercial", "exchange", "medicaid", "medicare"};
  assert_string_equal(licet_policy_id(policy), "V-1");
  assert_string_equal(licet_policy_title(policy), "Seen from outside");
  assert_string_equal(licet_policy_payer(policy), "Payer");
  assert_string_equal(licet_policy_vocabulary(policy), "clinic");
  assert_string_equal(licet_policy_source(policy), "The page, revised.");
  assert_non_null(strstr(licet_policy_file(policy), "policy.licet"));
  assert_string_equal(licet_policy_drug(policy, 0), "alpha");
  assert_string_equal(licet_policy_drug(policy, 1), "beta");
  assert_null(licet_policy_drug(policy, 2));
  for (size_t i = 0; i < 4; i++) assert_string_equal(licet_policy_line(policy, i), lines[i]);
  assert_null(licet_policy_line(policy, 4));
}

static void versions_stand_in_the_order_of_their_dates(void **state) {
  const licet_policy *policy = policy_of(state);
  const licet_policy_version first = licet_policy_version_at(policy, 0),
                             second = licet_policy_version_at(policy, 1);
  assert_string_equal(first.date, "2026-01-01");
  assert_string_equal(first.note, "First");
  assert_false(first.reconstructed);
  assert_string_equal(second.date, "2026-02-01");
  assert_string_equal(second.note, "");
  assert_true(second.reconstructed);
  assert_null(licet_policy_version_at(policy, 2).date);
}

static void readings_are_told_with_the_criterion_they_concern(void **state) {
  const licet_policy *policy = policy_of(state);
  static const char *const expected[][4] = {
      {"R-0", "Of the whole page.", "", ""},
      {"R-1", "Either.", "all of", "I.A.2"},
      {"R-2", "Agreed will do.", "agreed and visits > 0", "I.A.3"}};
  for (size_t i = 0; i < 3; i++) {
    const licet_interpretation interpretation = licet_policy_interpretation(policy, i);
    assert_string_equal(interpretation.id, expected[i][0]);
    assert_string_equal(interpretation.text, expected[i][1]);
    assert_string_equal(interpretation.literal, expected[i][2]);
    assert_string_equal(interpretation.path, expected[i][3]);
    if (i == 0) assert_int_equal(interpretation.criterion, LICET_WHOLE_POLICY);
    if (i > 0)
      assert_string_equal(licet_policy_criterion(policy, interpretation.criterion).path,
                          expected[i][3]);
  }
  assert_null(licet_policy_interpretation(policy, 3).id);
}

/* depth label|path|title|connective|condition|guard|kind|from|until */
static const char *line_of(licet_criterion c) {
  static char text[512];
  char at_least[16] = "";
  if (c.at_least > 0) snprintf(at_least, sizeof at_least, " %u", c.at_least);
  snprintf(text, sizeof text, "%u %s|%s|%s|%s%s|%s|%s|%s|%s|%s%s%s", c.depth, c.label, c.path,
           c.title, licet_connective_name(c.connective), at_least, c.condition, c.guard,
           licet_request_kind_name(c.kind), c.from, c.until, c.prerequisite ? " prerequisite" : "",
           c.is_pathway ? " pathway" : "");
  return text;
}

static void the_outline_is_shown_line_by_line(void **state) {
  static const char *const expected[] = {
      "0 I|I|First|any of|||initial||",
      "1 A|I.A|Use|all of||||| pathway",
      "2 1|I.A.1|Red||color is red||||2026-01-31",
      "2 2|I.A.2|One of two|any of||||2026-02-01|",
      "3 |I.A.2|Seen||last_seen is given||||",
      "3 |I.A.2|Tense||mood is tense||||",
      "2 3|I.A.3|If heavy||agreed|weight >= 50 kg|||",
      "0 II|II|Again|all of|||continuation||",
      "1 a|II.a|None of these|none of|||||",
      "2 |II.a|Warned||warned||||",
      "2 |II.a|Judged||judged||||",
      "1 b|II.b|Two|at least 2||||| prerequisite",
      "2 |II.b|Green||color is green||||",
      "2 |II.b|Tea||with includes tea||||",
      "2 |II.b|Mint||any past where agent is mint||||",
  };
  const licet_policy *policy = policy_of(state);
  assert_int_equal(licet_policy_criterion_count(policy), sizeof expected / sizeof *expected);
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
    assert_string_equal(line_of(licet_policy_criterion(policy, i)), expected[i]);
  assert_null(licet_policy_criterion(policy, sizeof expected / sizeof *expected).label);
}

static void outcomes_notes_and_citations_stand_with_their_line(void **state) {
  const licet_policy *policy = policy_of(state);
  const licet_criterion use = licet_policy_criterion(policy, 1),
                        red = licet_policy_criterion(policy, 2);
  assert_string_equal(use.outcomes[0], "approve 6 months");
  assert_null(use.outcomes[1]);
  assert_string_equal(use.notes[0], "Of the use.");
  assert_null(use.notes[1]);
  assert_null(use.citations[0]);
  assert_string_equal(red.citations[0], "Label, 2.1");
  assert_string_equal(red.citations[1], "Guideline");
  assert_null(red.citations[2]);
  assert_string_equal(licet_policy_criterion(policy, 7).outcomes[0], "renew 3 months, 2 renewals");
}

static void the_facts_a_policy_reads_are_known(void **state) {
  const licet_policy *policy = policy_of(state);
  static const char *const read[] = {"color",  "last_seen", "mood",   "weight",
                                     "agreed", "warned",    "judged", "visits"};
  for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
    if (!licet_policy_reads(policy, read[i])) fail_msg("%s is not read", read[i]);
  }
  assert_false(licet_policy_reads(policy, "hba1c"));
  assert_false(licet_policy_reads(policy, "no such fact"));
}

/* ---- Vocabularies ---- */

static licet_fact fact_named(void **state, const char *name) {
  const licet_library *library = ((Fixture *)*state)->library;
  licet_fact fact;
  for (size_t i = 0; (fact = licet_vocabulary_fact(library, "clinic", i)).name != NULL; i++) {
    if (strcmp(fact.name, name) == 0) return fact;
  }
  fail_msg("no fact %s", name);
  return fact;
}

static void a_vocabulary_shows_its_facts_in_page_order(void **state) {
  const licet_library *library = ((Fixture *)*state)->library;
  assert_int_equal(licet_library_vocabulary_count(library), 1);
  assert_string_equal(licet_library_vocabulary(library, 0), "clinic");
  assert_null(licet_library_vocabulary(library, 1));
  assert_string_equal(licet_vocabulary_fact(library, "clinic", 0).name, "birth_date");
  assert_string_equal(licet_vocabulary_fact(library, "clinic", 1).name, "weight");
  assert_null(licet_vocabulary_fact(library, "clinic", 1000).name);
  assert_null(licet_vocabulary_fact(library, "none", 0).name);
}

static void every_type_is_shown_as_a_value_and_in_words(void **state) {
  static const struct {
    const char *fact;
    licet_fact_type type;
    const char *values;
  } types[] = {{"birth_date", LICET_FACT_DATE, "date"},
               {"weight", LICET_FACT_QUANTITY, "mass"},
               {"dose", LICET_FACT_QUANTITY, "mass/time"},
               {"visits", LICET_FACT_QUANTITY, "count"},
               {"color", LICET_FACT_CHOICE, "red | green | blue"},
               {"agreed", LICET_FACT_YES_NO, "yes | no"},
               {"with", LICET_FACT_SET, "set of tea | milk | sugar"},
               {"helper", LICET_FACT_NAME, "name or none"},
               {"icd10", LICET_FACT_CODE, "code ICD-10-CM"},
               {"last_seen", LICET_FACT_DATE, "date or none"},
               {"wanted", LICET_FACT_DURATION, "duration"},
               {"past", LICET_FACT_LIST, "list of {agent, class, ended, when}"},
               {"hba1c", LICET_FACT_SERIES, "series of percent"}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    assert_int_equal(fact_named(state, types[i].fact).type, types[i].type);
    assert_string_equal(fact_named(state, types[i].fact).values, types[i].values);
  }
}

static void a_fact_says_who_supplies_it_and_how_it_is_asked(void **state) {
  const licet_fact weight = fact_named(state, "weight"), color = fact_named(state, "color");
  assert_string_equal(weight.question, "How heavy is the patient?");
  assert_string_equal(weight.range, "0.2 kg to 500 kg");
  assert_string_equal(weight.codes, "LOINC 29463-7");
  assert_int_equal(weight.supplier, LICET_SOURCE_REQUESTER);
  assert_false(weight.is_clinical);
  assert_true(color.is_clinical);
  assert_string_equal(color.question, "");
  assert_string_equal(color.range, "");
  assert_string_equal(color.codes, "");
  assert_int_equal(fact_named(state, "judged").supplier, LICET_SOURCE_REVIEWER);
  assert_int_equal(fact_named(state, "recorded").supplier, LICET_SOURCE_RECORD);
}

/* ---- Determinations ---- */

static void a_determination_shows_what_its_json_says(void **state) {
  const licet_determination *d =
      decide_request(*state,
                     "{'id':'R-1','payer':'Payer','line':'exchange','drug':'beta','kind':'initial',"
                     "'received':'2026-01-31','start':'2026-02-28',"
                     "'facts':{'color':'red','weight':'40 kg','judged':true}}");
  assert_int_equal(licet_determination_outcome(d), LICET_APPROVE);
  assert_string_equal(licet_determination_request(d), "R-1");
  assert_string_equal(licet_determination_pathway(d), "I.A");
  assert_string_equal(licet_determination_route(d), "");
  assert_string_equal(licet_determination_version(d), "2026-01-01");
  assert_ptr_equal(licet_determination_policy(d), policy_of(state));
  assert_string_equal(licet_determination_authorization(d).start, "2026-02-28");
  assert_string_equal(licet_determination_authorization(d).end, "2026-08-27");
  assert_json_has(d,
                  "{'request':'R-1','policy':{'id':'V-1','version':'2026-01-01','digest':'sha256:");
  assert_json_has(d,
                  "'outcome':'approve','reason':null,'pathway':'I.A','also_met':[],'authorization':"
                  "{'start':'2026-02-28','end':'2026-08-27',");
  assert_json_has(d,
                  "'missing':[],'documents':[],'route':null,'next':[],'not_counted':['judged'],");
}

static void sets_end_with_a_null_and_so_does_the_row_of_them(void **state) {
  const licet_determination *d =
      decide_request(*state,
                     "{'payer':'Payer','line':'exchange','drug':'beta','kind':'initial','received':"
                     "'2026-01-31','facts':{}}");
  assert_int_equal(licet_determination_outcome(d), LICET_PEND);
  assert_string_equal(names_of(licet_determination_missing(d, 0)),
                      "color weight"); /* red is never agreed */
  assert_null(licet_determination_missing(d, 99));
  assert_null(licet_determination_documents(d, 0));
  assert_null(licet_determination_also_met(d, 0));
  assert_null(licet_determination_interpretation(d, 0));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_head_of_a_policy_is_shown_as_written),
      cmocka_unit_test(versions_stand_in_the_order_of_their_dates),
      cmocka_unit_test(readings_are_told_with_the_criterion_they_concern),
      cmocka_unit_test(the_outline_is_shown_line_by_line),
      cmocka_unit_test(outcomes_notes_and_citations_stand_with_their_line),
      cmocka_unit_test(the_facts_a_policy_reads_are_known),
      cmocka_unit_test(a_vocabulary_shows_its_facts_in_page_order),
      cmocka_unit_test(every_type_is_shown_as_a_value_and_in_words),
      cmocka_unit_test(a_fact_says_who_supplies_it_and_how_it_is_asked),
      cmocka_unit_test(a_determination_shows_what_its_json_says),
      cmocka_unit_test(sets_end_with_a_null_and_so_does_the_row_of_them),
  };
  return cmocka_run_group_tests(tests, open_fixture, fixture_free);
}
