/* The decision: exact over what is not known, what is missing, documents, authorizations,
 * referrals. */
#include "decide/fixture.h"

#define AUTHORIZATIONS                               \
  POLICY_HEAD("GRANTS", "Payer")                     \
  "  version 2026-01-01\n"                           \
  "A \"By color\" any of\n"                          \
  "  1 \"Red\": color is red\n"                      \
  "    approve 6 months\n"                           \
  "  2 \"Not red\": color in green, blue\n"          \
  "    approve 12 weeks, 3 cycles, 1 renewal\n"      \
  "B \"By stage\" any of\n"                          \
  "  1 \"One\": stage is 1\n"                        \
  "    approve 30 weeks, 5 cycles, 0 renewals\n"     \
  "  2 \"One, renewed\": stage is 1 and score > 0\n" \
  "    approve 30 weeks, 4 cycles, 2 renewals\n"     \
  "  3 \"Ends nowhere\": stage is 2A\n"              \
  "    approve 2 cycles\n"                           \
  "C \"As wanted\": mood is tense\n"                 \
  "  approve least of wanted and 6 months\n"         \
  "D \"Counted\": agreed\n"                          \
  "  approve 10 days, 4 - visits cycles, 5 - visits renewals\n"

#define CYCLES                   \
  POLICY_HEAD("CYCLES", "Other") \
  "  version 2026-01-01\n"       \
  "A \"Counted\": agreed\n"      \
  "  approve 10 days, 4 - visits cycles\n"

#define EVIDENCE                                                               \
  POLICY_HEAD("EVIDENCE", "Payer")                                             \
  "  version 2026-01-01\n"                                                     \
  "  evidence documented for initial\n"                                        \
  "A \"By paper\" all of\n"                                                    \
  "  approve 6 months\n"                                                       \
  "  1 \"Color or level\": color is green or level >= 0.1 %\n"                 \
  "  2 \"Something failed\": (any past where ended is failed) or stage is 1\n" \
  "  3 \"Heavy\": weight >= 50 kg\n"

/* Two ways to the same drug: one rests on clinical facts, the other on what needs no document. */
#define TWO_WAYS                                           \
  POLICY_HEAD("TWO-WAYS", "Payer")                         \
  "  version 2026-01-01\n"                                 \
  "  evidence documented\n"                                \
  "A \"By color\" all of\n"                                \
  "  approve 12 months\n"                                  \
  "  1 \"Green\": color is green\n"                        \
  "  2 \"Agreed\": agreed\n"                               \
  "B \"Any other color\": color is not green and agreed\n" \
  "  approve 6 months\n"                                   \
  "C \"Tense\": mood is tense\n"                           \
  "  approve 1 month\n"                                    \
  "D \"By stage\": stage is 1\n"                           \
  "  approve 3 months\n"                                   \
  "E \"By level\": level >= 1 %\n"                         \
  "  approve 2 months\n"

#define ROUTES                                    \
  POLICY_HEAD("ROUTES", "Payer")                  \
  "  version 2026-01-01\n"                        \
  "A \"Ours\": color is red\n"                    \
  "  approve 1 month\n"                           \
  "B \"Not ours\" pathway all of\n"               \
  "  1 \"Another color\": color in green, blue\n" \
  "  any of\n"                                    \
  "    2 \"Young\": weight < 20 kg\n"             \
  "      route SMALL\n"                           \
  "    3 \"Old\": weight >= 20 kg\n"              \
  "      route LARGE where agreed\n"              \
  "      route OTHER where not agreed\n"

#define CROSSROADS                   \
  POLICY_HEAD("CROSSROADS", "Payer") \
  "  version 2026-01-01\n"           \
  "A \"Ours\": color is red\n"       \
  "  approve 1 month\n"              \
  "B \"Not ours\" any of\n"          \
  "  1 \"Tense\": visits > 3\n"      \
  "    route FAR\n"                  \
  "  2 \"Agreed\": agreed\n"         \
  "    route NEAR\n"

#define RENEWALS                                                                \
  POLICY_HEAD("RENEWALS", "Payer")                                              \
  "  version 2026-01-01\n"                                                      \
  "A \"Use\" all of\n"                                                          \
  "  - \"Going on is safe\" for continuation: level < 50 %\n"                   \
  "  any of\n"                                                                  \
  "    1 \"Once\": color is red\n"                                              \
  "      approve 6 months, 0 renewals\n"                                        \
  "      renew none\n"                                                          \
  "    2 \"Often\" all of\n"                                                    \
  "      approve 6 months, 2 renewals\n"                                        \
  "      renew 3 months, 1 - visits renewals while visits < 2\n"                \
  "      a \"Green\": color is green\n"                                         \
  "      b \"Something failed\" prerequisite: any past where ended is failed\n" \
  "B \"By hand\": stage is none\n"                                              \
  "  refer case_by_case\n"

#define JUDGED                                       \
  POLICY_HEAD("JUDGED", "Payer")                     \
  "  version 2026-01-01\n"                           \
  "A \"Use\" any of\n"                               \
  "  approve 6 months\n"                             \
  "  1 \"Judged\": judged and color is red\n"        \
  "  2 \"On record\": recorded and color is green\n" \
  "  3 \"Warned\": warned and color is blue\n"

#define VERSIONS                                                 \
  POLICY_HEAD("VERSIONS", "Payer")                               \
  "  version 2026-01-01 \"First\"\n"                             \
  "  version 2026-02-01 \"Second\" reconstructed\n"              \
  "  version 2026-04-01\n"                                       \
  "A \"Use\" all of\n"                                           \
  "  approve 6 months until 2026-01-31\n"                        \
  "  approve 12 months from 2026-02-01\n"                        \
  "  - \"Green, at first\" until 2026-01-31: color is green\n"   \
  "  - \"Not blue, later\" from 2026-04-01: not color is blue\n" \
  "  - \"Agreed\": agreed\n"

static int open_fixture(void **state) {
  Fixture *f = malloc(sizeof *f);
  assert_non_null(f);
  *state = f;
  fixture_open(f);
  fixture_file(f, "clinic.licet", CLINIC);
  fixture_file(f, "grants.licet", AUTHORIZATIONS);
  fixture_file(f, "evidence.licet", EVIDENCE);
  fixture_file(f, "cycles.licet", CYCLES);
  fixture_file(f, "two_ways.licet", TWO_WAYS);
  fixture_file(f, "routes.licet", ROUTES);
  fixture_file(f, "crossroads.licet", CROSSROADS);
  fixture_file(f, "renewals.licet", RENEWALS);
  fixture_file(f, "judged.licet", JUDGED);
  fixture_file(f, "versions.licet", VERSIONS);
  fixture_load(f, f->folder, NULL);
  return 0;
}

static int close_fixture(void **state) {
  fixture_close(*state);
  free(*state);
  return 0;
}

static void assert_authorization(const licet_determination *d, const char *end, int length,
                                 const char *unit, int cycles, int renewals) {
  const licet_authorization authorized = licet_determination_authorization(d);
  assert_outcome(d, "approve", "");
  if (end == NULL) {
    assert_null(authorized.end);
  } else {
    assert_string_equal(authorized.end, end);
  }
  assert_int_equal(authorized.length, length);
  assert_string_equal(licet_length_unit_name(authorized.unit), unit);
  assert_int_equal(authorized.cycles, cycles);
  assert_int_equal(authorized.renewals_left, renewals);
}

/* ---- Exactly ---- */

static void what_holds_for_every_value_needs_no_question(void **state) {
  const licet_determination *d = decide_by(*state, "GRANTS", "initial", "");
  assert_outcome(d, "approve", "");
}

static void pathways_that_only_together_cover_all_are_named_and_the_least_is_granted(void **state) {
  const licet_determination *d =
      decide_by(*state, "GRANTS", "initial", "'stage':'none','mood':'calm','agreed':false");
  assert_string_equal(licet_determination_pathway(d), "A.1");
  assert_string_equal(licet_determination_also_met(d, 0), "A.2");
  assert_null(licet_determination_also_met(d, 1));
  assert_authorization(d, "2026-06-01", 12, "weeks", 3, 1);
}

static void a_single_pathway_met_is_enough_and_its_grant_is_given(void **state) {
  const licet_determination *d = decide_by(*state, "GRANTS", "initial", "'color':'red'");
  assert_string_equal(licet_determination_pathway(d), "A.1");
  assert_null(licet_determination_also_met(d, 0));
  assert_authorization(d, "2026-09-09", 6, "months", -1, -1);
}

static void of_several_pathways_the_longest_grant_is_given(void **state) {
  const licet_determination *d =
      decide_by(*state, "GRANTS", "initial",
                "'color':'green','stage':1,'score':0,'mood':'calm','agreed':false");
  assert_string_equal(licet_determination_pathway(d), "B.1");
  assert_string_equal(licet_determination_also_met(d, 0), "A.2");
  assert_null(licet_determination_also_met(d, 1));
  assert_authorization(d, "2026-10-05", 30, "weeks", 5, 0);
}

static void among_equal_lengths_more_renewals_win(void **state) {
  const licet_determination *d =
      decide_by(*state, "GRANTS", "initial",
                "'color':'green','stage':1,'score':1,'mood':'calm','agreed':false");
  assert_string_equal(licet_determination_pathway(d), "B.2");
  assert_authorization(d, "2026-10-05", 30, "weeks", 4, 2);
}

static void a_grant_without_a_length_has_no_end(void **state) {
  const licet_determination *d =
      decide_by(*state, "GRANTS", "initial", "'color':'green','stage':'2A'");
  assert_string_equal(licet_determination_pathway(d), "B.3");
  assert_authorization(d, NULL, 0, "", 2, -1);
  assert_json_has(d, "'end':null,'cycles':2,'renewals_left':null,");
}

static void the_least_of_two_lengths_passes_over_what_is_not_known(void **state) {
  const char *base = "'color':'blue','mood':'tense'";
  char facts[128];
  assert_authorization(decide_by(*state, "GRANTS", "initial", base), "2026-09-09", 6, "months", -1,
                       -1);
  snprintf(facts, sizeof facts, "%s,'wanted':'4 months'", base);
  assert_authorization(decide_by(*state, "GRANTS", "initial", facts), "2026-07-09", 4, "months", -1,
                       -1);
  snprintf(facts, sizeof facts, "%s,'wanted':'20 weeks'", base);
  assert_authorization(decide_by(*state, "GRANTS", "initial", facts), "2026-07-27", 20, "weeks", -1,
                       -1);
  snprintf(facts, sizeof facts, "%s,'wanted':'100 days'", base);
  assert_authorization(decide_by(*state, "GRANTS", "initial", facts), "2026-06-17", 100, "days", -1,
                       -1);
  snprintf(facts, sizeof facts, "%s,'wanted':'2 years'", base);
  assert_authorization(decide_by(*state, "GRANTS", "initial", facts), "2026-09-09", 6, "months", -1,
                       -1);
}

static void a_count_that_is_open_is_granted_at_its_least(void **state) {
  Fixture *f = *state;
  char text[512];
  snprintf(text, sizeof text,
           "{'policy':'GRANTS','line':'commercial','drug':'alpha','kind':'initial','received':'"
           "2026-03-10','facts':{'agreed':true,'"
           "color':{'value':null}%s}}",
           "");
  const licet_determination *d = decide_request(f, text);
  assert_outcome(d, "approve", "");
  snprintf(text, sizeof text,
           "{'policy':'GRANTS','line':'commercial','drug':'alpha','kind':'initial','received':'"
           "2026-03-10','facts':{'agreed':true,'"
           "color':{'value':null}%s}}",
           ",'visits':1");
  d = decide_request(f, text);
  assert_outcome(d, "approve", "");
}

/* 4 - visits cycles: whether one is left stands beside the criterion, which is met all the same. */
static void an_authorization_of_no_cycle_is_no_approval(void **state) {
  static const struct {
    const char *facts, *outcome, *reason, *authorization;
  } cases[] = {
      {"'agreed':true,'visits':3", "approve", "", "'status':'met','authorization':'met'"},
      {"'agreed':true,'visits':4", "refer", "criteria_not_met",
       "'status':'met','authorization':'not_met'"},
      {"'agreed':true,'visits':5", "refer", "criteria_not_met",
       "'status':'met','authorization':'not_met'"},
      {"'agreed':true", "pend", "", "'status':'met','authorization':'unknown'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const licet_determination *d = decide_by(*state, "CYCLES", "initial", cases[i].facts);
    assert_outcome(d, cases[i].outcome, cases[i].reason);
    assert_json_has(d, cases[i].authorization);
  }
}

static void months_are_clamped_to_their_last_day(void **state) {
  static const char *const days[][2] = {{"2026-08-31", "2027-02-27"},
                                        {"2027-08-31", "2028-02-28"},
                                        {"2026-03-31", "2026-09-29"},
                                        {"2028-02-29", "2028-08-28"},
                                        {"2026-01-01", "2026-06-30"}};
  char text[512];
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
    snprintf(text, sizeof text,
             "{'policy':'GRANTS','line':'commercial','drug':'alpha','kind':'initial','received':'"
             "2026-03-10','start':'%s','facts':{"
             "'color':'red'}}",
             days[i][0]);
    const licet_determination *d = decide_request(*state, text);
    assert_string_equal(licet_determination_authorization(d).start, days[i][0]);
    assert_authorization(d, days[i][1], 6, "months", -1, -1);
  }
}

/* ---- What is missing ---- */

static void every_smallest_set_is_named_smallest_first(void **state) {
  const licet_determination *d = decide_by(*state, "EVIDENCE", "continuation", "'weight':'70 kg'");
  assert_outcome(d, "pend", "");
  static const char *const expected[] = {"color past", "color stage", "level past", "level stage",
                                         "-"};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    assert_string_equal(names_of(licet_determination_missing(d, i)), expected[i]);
  }
}

static void nothing_is_asked_whose_answer_cannot_matter(void **state) {
  const licet_determination *d =
      decide_by(*state, "EVIDENCE", "continuation", "'color':'green','stage':1");
  assert_string_equal(names_of(licet_determination_missing(d, 0)), "weight");
  assert_null(licet_determination_missing(d, 1));
}

static void where_only_a_judgment_is_open_a_reviewer_goes_on(void **state) {
  assert_outcome(decide_by(*state, "JUDGED", "initial", "'color':'red'"), "refer", "judgment");
}

static void where_the_record_can_settle_it_the_record_is_asked(void **state) {
  const licet_determination *d = decide_by(*state, "JUDGED", "initial", "'color':'green'");
  assert_outcome(d, "pend", "");
  assert_string_equal(names_of(licet_determination_missing(d, 0)), "recorded");
}

static void a_default_is_taken_where_nothing_is_said(void **state) {
  const licet_determination *d = decide_by(*state, "JUDGED", "initial", "'color':'blue'");
  assert_outcome(d, "refer", "criteria_not_met");
  d = decide_by(*state, "JUDGED", "initial",
                "'color':'blue','warned':{'value':true,'source':'record'}");
  assert_outcome(d, "approve", "");
}

static void a_default_stands_where_the_word_of_another_does_not_count(void **state) {
  const licet_determination *d =
      decide_by(*state, "JUDGED", "initial", "'color':'blue','warned':true");
  assert_outcome(d, "refer", "criteria_not_met");
  assert_string_equal(licet_determination_not_counted(d, 0), "warned");
}

static void what_cannot_be_met_is_not_met(void **state) {
  assert_outcome(decide_by(*state, "EVIDENCE", "initial", "'weight':'49.9 kg'"), "refer",
                 "criteria_not_met");
}

/* ---- Documents ---- */

#define PAPER(value) "{'value':" value ",'document':'d'}"

static void an_approval_that_rests_on_word_alone_waits_for_documents(void **state) {
  const licet_determination *d =
      decide_by(*state, "EVIDENCE", "initial", "'color':'green','stage':1,'weight':'70 kg'");
  assert_outcome(d, "pend", "");
  assert_null(licet_determination_missing(d, 0));
  assert_string_equal(names_of(licet_determination_documents(d, 0)), "color stage");
  assert_null(licet_determination_documents(d, 1));
  assert_null(licet_determination_authorization(d).start);
  assert_string_equal(licet_determination_pathway(d), "");
}

static void several_sets_of_documents_would_do(void **state) {
  const licet_determination *d =
      decide_by(*state, "EVIDENCE", "initial",
                "'color':'green','level':'0.1 %','stage':" PAPER("1") ",'weight':'70 kg'");
  assert_string_equal(names_of(licet_determination_documents(d, 0)), "color");
  assert_string_equal(names_of(licet_determination_documents(d, 1)), "level");
  assert_null(licet_determination_documents(d, 2));
}

static void what_needs_no_paper_is_approved_without(void **state) {
  assert_outcome(decide_by(*state, "EVIDENCE", "initial",
                           "'color':" PAPER("'green'") ",'level':'0.1 %','stage':" PAPER(
                               "1") ",'weight':'70 kg'"),
                 "approve", "");
  assert_outcome(
      decide_by(*state, "EVIDENCE", "continuation", "'color':'green','stage':1,'weight':'70 kg'"),
      "approve", "");
}

static void an_entry_of_a_list_carries_its_own_document(void **state) {
  const char *rest = ",'color':" PAPER("'green'") ",'weight':'70 kg'";
  char facts[512];
  snprintf(facts, sizeof facts, "'past':[{'ended':'failed'}]%s", rest);
  assert_string_equal(
      names_of(licet_determination_documents(decide_by(*state, "EVIDENCE", "initial", facts), 0)),
      "past");
  snprintf(facts, sizeof facts, "'past':[{'ended':'helped'},{'ended':'failed','document':'d'}]%s",
           rest);
  assert_outcome(decide_by(*state, "EVIDENCE", "initial", facts), "approve", "");
  snprintf(facts, sizeof facts, "'past':{'value':[{'ended':'failed'}],'document':'d'}%s", rest);
  assert_outcome(decide_by(*state, "EVIDENCE", "initial", facts), "approve", "");
}

static void beside_questions_one_set_of_documents_is_named(void **state) {
  const licet_determination *d =
      decide_by(*state, "EVIDENCE", "initial", "'color':'green','level':'1 %','stage':1");
  assert_outcome(d, "pend", "");
  assert_string_equal(names_of(licet_determination_missing(d, 0)), "weight");
  assert_string_equal(names_of(licet_determination_documents(d, 0)), "color level stage");
  assert_null(licet_determination_documents(d, 1));
}

/* Whatever the color is, it is approved: so it is with a color that is stated and not documented.
 */
static void a_fact_without_a_document_leaves_an_approval_as_it_is(void **state) {
  static const char *const facts[] = {"'agreed':true", "'agreed':true,'color':'green'",
                                      "'agreed':true,'color':'blue'"};
  for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
    const licet_determination *d = decide_by(*state, "TWO-WAYS", "initial", facts[i]);
    assert_authorization(d, "2026-09-09", 6, "months", -1, -1);
    assert_string_equal(licet_determination_pathway(d), "A");
    assert_string_equal(licet_determination_also_met(d, 0), "B");
    assert_null(licet_determination_also_met(d, 1));
  }
  assert_authorization(
      decide_by(*state, "TWO-WAYS", "initial", "'agreed':true,'color':" PAPER("'green'")),
      "2027-03-09", 12, "months", -1, -1);
}

/* The best pathway is attested, and another is documented: that one carries the approval. */
static void the_pathway_that_is_documented_is_authorized(void **state) {
  const licet_determination *d =
      decide_by(*state, "TWO-WAYS", "initial", "'stage':1,'mood':'tense'");
  assert_authorization(d, "2026-04-09", 1, "months", -1, -1);
  assert_string_equal(licet_determination_pathway(d), "C");
  assert_null(licet_determination_also_met(d, 0));
}

/* Any set of documents by which some pathway, not the first one alone, would be approved. */
static void documents_are_sought_on_every_pathway(void **state) {
  const licet_determination *d =
      decide_by(*state, "TWO-WAYS", "initial", "'stage':1,'level':'2 %'");
  assert_outcome(d, "pend", "");
  assert_string_equal(names_of(licet_determination_documents(d, 0)), "level");
  assert_string_equal(names_of(licet_determination_documents(d, 1)), "stage");
  assert_null(licet_determination_documents(d, 2));
}

static void what_speaks_against_the_request_needs_no_document(void **state) {
  assert_outcome(decide_by(*state, "EVIDENCE", "initial", "'color':'blue','level':'0 %'"), "refer",
                 "criteria_not_met");
}

/* ---- Lists ---- */

static void a_list_that_may_go_on_leaves_the_question_open(void **state) {
  const char *rest = "'color':'green','weight':'70 kg','stage':'2A'";
  char facts[512];
  snprintf(facts, sizeof facts, "'past':[{'ended':'helped'}],%s", rest);
  assert_string_equal(names_of(licet_determination_missing(
                          decide_by(*state, "EVIDENCE", "continuation", facts), 0)),
                      "past");
  snprintf(facts, sizeof facts, "'past':[{'ended':'helped'}],'past_complete':true,%s", rest);
  assert_outcome(decide_by(*state, "EVIDENCE", "continuation", facts), "refer", "criteria_not_met");
  snprintf(facts, sizeof facts, "'past':[{'ended':'unsaid'}],'past_complete':true,%s", rest);
  assert_string_equal(names_of(licet_determination_missing(
                          decide_by(*state, "EVIDENCE", "continuation", facts), 0)),
                      "past");
}

/* ---- Referrals ---- */

static void another_policy_is_named_with_its_route(void **state) {
  const licet_determination *d =
      decide_by(*state, "ROUTES", "initial", "'color':'green','weight':'10 kg'");
  assert_outcome(d, "refer", "other_policy");
  assert_string_equal(licet_determination_route(d), "SMALL");
  assert_string_equal(licet_determination_pathway(d), "B");
}

static void a_route_that_hangs_on_an_open_fact_asks_for_it(void **state) {
  const licet_determination *d = decide_by(*state, "ROUTES", "initial", "'color':'green'");
  assert_outcome(d, "refer", "other_policy");
  assert_string_equal(licet_determination_route(d), "");
  assert_string_equal(names_of(licet_determination_missing(d, 0)), "weight");
  assert_string_equal(names_of(licet_determination_missing(d, 1)), "-");
  d = decide_by(*state, "ROUTES", "initial", "'color':'green','weight':'20 kg'");
  assert_string_equal(names_of(licet_determination_missing(d, 0)), "agreed");
  assert_json_has(d, "'route':null");
}

static void what_several_routes_hang_on_is_asked_in_one_order(void **state) {
  const licet_determination *d = decide_by(*state, "CROSSROADS", "initial", "'color':'blue'");
  assert_outcome(d, "refer", "other_policy");
  assert_string_equal(licet_determination_route(d), "");
  assert_string_equal(names_of(licet_determination_missing(d, 0)), "agreed");
  assert_string_equal(names_of(licet_determination_missing(d, 1)), "visits");
  assert_null(licet_determination_missing(d, 2));
}

static void what_a_person_must_decide_is_referred(void **state) {
  const licet_determination *d =
      decide_by(*state, "RENEWALS", "initial", "'stage':'none','color':'blue'");
  assert_outcome(d, "refer", "case_by_case");
  assert_string_equal(licet_determination_pathway(d), "B");
}

static void a_use_is_renewed_with_the_grant_for_renewals(void **state) {
  const licet_determination *d = decide_by(*state, "RENEWALS", "continuation",
                                           "'stage':1,'color':'green','level':'1 %','visits':1");
  assert_authorization(d, "2026-06-09", 3, "months", -1, 0);
  assert_string_equal(licet_determination_pathway(d), "A.2");
}

static void a_prerequisite_is_asked_at_first_and_not_again(void **state) {
  const licet_determination *d =
      decide_by(*state, "RENEWALS", "initial", "'stage':1,'color':'green'");
  assert_string_equal(names_of(licet_determination_missing(d, 0)), "past");
  d = decide_by(*state, "RENEWALS", "continuation",
                "'stage':1,'color':'green','level':'1 %','visits':0");
  assert_outcome(d, "approve", "");
  assert_json_has(d, "'status':'met','not_asked_again':true");
  int not_asked = 0;
  for (size_t i = 0; i < licet_determination_criterion_count(d); i++)
    not_asked += licet_determination_criterion(d, i).is_not_asked;
  assert_int_equal(not_asked, 1);
}

static void a_use_without_renewals_left_is_not_renewable(void **state) {
  assert_outcome(
      decide_by(*state, "RENEWALS", "continuation", "'stage':1,'color':'red','level':'1 %'"),
      "refer", "not_renewable");
  assert_outcome(decide_by(*state, "RENEWALS", "continuation",
                           "'stage':1,'color':'green','level':'1 %','visits':2"),
                 "refer", "not_renewable");
  assert_outcome(decide_by(*state, "RENEWALS", "continuation",
                           "'stage':1,'color':'green','level':'50 %','visits':2"),
                 "refer", "criteria_not_met");
}

/* ---- Contradictions and versions ---- */

static void a_truth_of_the_vocabulary_settles_what_is_not_given(void **state) {
  /* red is never agreed: agreed leaves green and blue, and so A.2 alone */
  const licet_determination *d = decide_by(*state, "GRANTS", "initial", "'agreed':true,'visits':0");
  assert_string_equal(licet_determination_pathway(d), "A.2");
  assert_string_equal(licet_determination_also_met(d, 0), "D");
}

static void the_version_in_force_on_the_day_received_decides(void **state) {
  static const char *const days[][4] = {
      {"2025-12-31", "no_policy", "not_in_force", ""},
      {"2026-01-01", "refer", "criteria_not_met", "2026-01-01"},
      {"2026-01-31T23:59:59Z", "refer", "criteria_not_met", "2026-01-01"},
      {"2026-02-01", "approve", "", "2026-02-01"},
      {"2026-03-31", "approve", "", "2026-02-01"},
      {"2026-04-01", "refer", "criteria_not_met", "2026-04-01"}};
  char text[512];
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
    snprintf(text, sizeof text,
             "{'policy':'VERSIONS','line':'commercial','drug':'alpha','kind':'initial','received':'"
             "%s','start':'2026-03-01','facts'"
             ":{'agreed':true,'color':'blue'}}",
             days[i][0]);
    const licet_determination *d = decide_request(*state, text);
    assert_outcome(d, days[i][1], days[i][2]);
    assert_string_equal(licet_determination_version(d), days[i][3]);
  }
}

static void where_no_policy_covers_a_request_it_says_why_and_what_is_near(void **state) {
  static const char *const cases[][3] = {
      {"'payer':'Payer','line':'medicare','drug':'alpha'", "line_not_covered",
       "'key':'line','found':'medicare','nearest':'commercial | medicaid'}"},
      {"'payer':'Payer','line':'medicaid','drug':'alfa'", "drug_not_covered",
       "'key':'drug','found':'alfa'"},
      {"'payer':'Payer','line':'medicaid','drug':'betta'", "drug_not_covered",
       "'key':'drug','found':'betta','nearest':'beta'}"},
      {"'payer':'payer','line':'medicaid','drug':'alpha'", "unknown_payer",
       "'key':'payer','found':'payer','nearest':'Payer'}"},
      {"'payer':'Nobody','line':'medicaid','drug':'alpha'", "unknown_payer",
       "'key':'payer','found':'Nobody'}"},
      {"'policy':'NONE','line':'medicaid','drug':'alpha'", "unknown_policy",
       "'key':'policy','found':'NONE'}"},
      {"'payer':'Nobody','policy':'NONE','line':'medicaid','drug':'alpha'", "unknown_policy",
       "'key':'policy','found':'NONE'}"},
  };
  char text[256];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    snprintf(text, sizeof text,
             "{%s,'kind':'initial','received':'2026-03-10','facts':{'judged':true}}", cases[i][0]);
    const licet_determination *d = decide_request(*state, text);
    assert_outcome(d, "no_policy", cases[i][1]);
    assert_json_has(d, cases[i][2]);
    assert_null(licet_determination_policy(d));
    assert_string_equal(licet_determination_not_counted(d, 0), "judged");
    assert_json_has(d, "'policy':null");
    assert_json_has(d, "'criteria':[]");
    assert_int_equal(licet_determination_criterion_count(d), 0);
    const licet_next next = licet_determination_next(d, 0);
    assert_int_equal(next.who, LICET_SOURCE_REQUESTER);
    assert_int_equal(next.action, LICET_NEXT_CORRECT);
    assert_int_equal(licet_determination_next(d, 1).who, LICET_SOURCE_NONE);
  }
}

static void facts_are_checked_where_no_policy_covers_the_request(void **state) {
  assert_non_null(
      strstr(request_errors_of(*state,
                               "{'payer':'Nobody','line':'medicaid','drug':'alpha','kind':'initial'"
                               ",'received':'2026-03-10','facts':{'wieght':1}}"),
             "'nearest':'weight'"));
}

/* Which of them decides is not for licet to choose. */
static void a_request_that_several_policies_cover_names_one(void **state) {
  Fixture f;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(&f, "first.licet", POLICY_HEAD("FIRST", "Payer") "  version 2026-01-01\n"
                                  "A \"Many\": visits >= 10\n  approve 1 month\n");
  fixture_file(&f, "second.licet", POLICY_HEAD("SECOND", "Payer") "  version 2026-02-01\n"
                                   "A \"Some\": visits >= 5\n  approve 1 month\n");
  fixture_load(&f, f.folder, NULL);
  (void)state;
  assert_string_equal(request_errors_of_facts(&f, "'visits':7"),
                      NO_ERRORS_BUT("{'field':'policy','pointer':'/policy','found':'','expected':"
                                    "'the policy that is meant, since several cover the request: "
                                    "FIRST, SECOND'}"));
  assert_outcome(decide_by(&f, "SECOND", "initial", "'visits':7"), "approve", "");
  assert_outcome(decide_by(&f, "FIRST", "initial", "'visits':7"), "refer", "criteria_not_met");
  assert_outcome(decide_request(&f,
                                "{'payer':'Payer','line':'commercial','drug':'alpha','kind':"
                                "'initial','received':'2026-01-20','facts':{'visits':12}}"),
                 "approve", "");
  assert_null(licet_library_find(f.library, "Payer", "alpha", "commercial", "2026-03-10"));
  assert_non_null(licet_library_find(f.library, "Payer", "alpha", "commercial", "2026-01-20"));
  fixture_close(&f);
}

static void the_same_request_gives_the_same_bytes(void **state) {
  Fixture *f = *state;
  const char *facts = "'color':'green','level':'1 %','judged':true";
  const licet_determination *d = decide_by(f, "EVIDENCE", "initial", facts);
  char *first = strdup(licet_determination_json(d, NULL));
  decide_by(f, "RENEWALS", "continuation", "");
  d = decide_by(f, "EVIDENCE", "initial", facts);
  assert_string_equal(licet_determination_json(d, NULL), first);
  free(first);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_holds_for_every_value_needs_no_question),
      cmocka_unit_test(pathways_that_only_together_cover_all_are_named_and_the_least_is_granted),
      cmocka_unit_test(a_single_pathway_met_is_enough_and_its_grant_is_given),
      cmocka_unit_test(of_several_pathways_the_longest_grant_is_given),
      cmocka_unit_test(among_equal_lengths_more_renewals_win),
      cmocka_unit_test(a_grant_without_a_length_has_no_end),
      cmocka_unit_test(the_least_of_two_lengths_passes_over_what_is_not_known),
      cmocka_unit_test(a_count_that_is_open_is_granted_at_its_least),
      cmocka_unit_test(an_authorization_of_no_cycle_is_no_approval),
      cmocka_unit_test(a_request_that_several_policies_cover_names_one),
      cmocka_unit_test(months_are_clamped_to_their_last_day),
      cmocka_unit_test(every_smallest_set_is_named_smallest_first),
      cmocka_unit_test(nothing_is_asked_whose_answer_cannot_matter),
      cmocka_unit_test(where_only_a_judgment_is_open_a_reviewer_goes_on),
      cmocka_unit_test(where_the_record_can_settle_it_the_record_is_asked),
      cmocka_unit_test(a_default_is_taken_where_nothing_is_said),
      cmocka_unit_test(a_default_stands_where_the_word_of_another_does_not_count),
      cmocka_unit_test(what_cannot_be_met_is_not_met),
      cmocka_unit_test(an_approval_that_rests_on_word_alone_waits_for_documents),
      cmocka_unit_test(several_sets_of_documents_would_do),
      cmocka_unit_test(what_needs_no_paper_is_approved_without),
      cmocka_unit_test(an_entry_of_a_list_carries_its_own_document),
      cmocka_unit_test(beside_questions_one_set_of_documents_is_named),
      cmocka_unit_test(a_fact_without_a_document_leaves_an_approval_as_it_is),
      cmocka_unit_test(the_pathway_that_is_documented_is_authorized),
      cmocka_unit_test(documents_are_sought_on_every_pathway),
      cmocka_unit_test(what_speaks_against_the_request_needs_no_document),
      cmocka_unit_test(a_list_that_may_go_on_leaves_the_question_open),
      cmocka_unit_test(another_policy_is_named_with_its_route),
      cmocka_unit_test(a_route_that_hangs_on_an_open_fact_asks_for_it),
      cmocka_unit_test(what_several_routes_hang_on_is_asked_in_one_order),
      cmocka_unit_test(what_a_person_must_decide_is_referred),
      cmocka_unit_test(a_use_is_renewed_with_the_grant_for_renewals),
      cmocka_unit_test(a_prerequisite_is_asked_at_first_and_not_again),
      cmocka_unit_test(a_use_without_renewals_left_is_not_renewable),
      cmocka_unit_test(a_truth_of_the_vocabulary_settles_what_is_not_given),
      cmocka_unit_test(the_version_in_force_on_the_day_received_decides),
      cmocka_unit_test(where_no_policy_covers_a_request_it_says_why_and_what_is_near),
      cmocka_unit_test(facts_are_checked_where_no_policy_covers_the_request),
      cmocka_unit_test(the_same_request_gives_the_same_bytes),
  };
  return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
