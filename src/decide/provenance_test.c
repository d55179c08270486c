/* What a determination says of its own making. */
#include "decide/fixture.h"

#include "base/digest.h"

#define POLICY                               \
  POLICY_HEAD("T-1", "Payer")                \
  "  version 2026-01-01 reconstructed\n"     \
  "A \"Use\" all of\n"                       \
  "  approve 6 months\n"                     \
  "  1 \"Red\": color is red\n"              \
  "    interpretation R-1 \"Red counts.\"\n" \
  "      literally: color is green\n"        \
  "  2 \"Judged\": judged or recorded or not warned\n"

#define REQUEST                                                                       \
  "{'id':'R-1','payer':'Payer','line':'medicaid','drug':'alpha','kind':'initial',"    \
  "'received':'2026-02-01T10:00:00Z','facts':{'color':'red','judged':{'value':false," \
  "'source':'reviewer'},'recorded':{'value':true,'source':'record'},'weight':null,"   \
  "'agreed':{'value':false,'source':'requester'}}}"

static int open_fixture(void **state) { return fixture_new(state, POLICY); }

static const char *with_quotes(const char *json) {
  static char text[2048];
  snprintf(text, sizeof text, "%s", json);
  for (char *c = text; *c != '\0'; c++) *c = *c == '\'' ? '"' : *c;
  return text;
}

/* Decided by a session that makes the request's digest. */
static const licet_determination *decide_digested(Fixture *f, const char *json) {
  const licet_session_options options = {.size = sizeof options,
                                         .vouched_by = LICET_VOUCHED_BY_PLAN,
                                         .request_digest = LICET_REQUEST_DIGEST_SHA256};
  const licet_determination *d;
  licet_session_close(f->session);
  assert_int_equal(licet_session_open(f->library, &options, &f->session), LICET_OK);
  assert_int_equal(licet_decide(f->session, json, strlen(json), &d), LICET_OK);
  return d;
}

static void the_digest_of_the_request_is_of_its_bytes(void **state) {
  char digest[DIGEST_SIZE];
  const char *json = with_quotes(REQUEST);
  digest_text(digest, &(Text){json, (uint32_t)strlen(json)}, 1);
  const licet_determination *d = decide_digested(*state, json);
  assert_string_equal(licet_determination_provenance(d).request_digest, digest);
  char key[256];
  snprintf(key, sizeof key,
           "'request_digest':'%s','received':'2026-02-01T10:00:00Z','sources':", digest);
  assert_json_has(d, key);
}

static void no_digest_of_the_request_is_made_unless_asked_for(void **state) {
  const licet_determination *d = decide_request(*state, REQUEST);
  assert_string_equal(licet_determination_provenance(d).request_digest, "");
  assert_json_has(d, "'request_digest':null,'received':'2026-02-01T10:00:00Z','sources':");
}

static void a_digest_that_does_not_exist_is_a_bad_option(void **state) {
  const Fixture *f = *state;
  licet_session *session;
  const licet_session_options options = {.size = sizeof options,
                                         .request_digest = (licet_request_digest)2};
  assert_int_equal(licet_session_open(f->library, &options, &session), LICET_BAD_OPTIONS);
}

static void what_made_it_is_shown_as_values_and_on_the_wire(void **state) {
  const licet_determination *d = decide_request(*state, REQUEST);
  const licet_policy *policy = licet_determination_policy(d);
  const licet_provenance made = licet_determination_provenance(d);
  assert_string_equal(made.received, "2026-02-01T10:00:00Z");
  assert_string_equal(made.version_digest, licet_policy_version_digest(policy, 0));
  assert_string_equal(made.file_digest, licet_policy_digest(policy));
  assert_string_not_equal(made.version_digest, made.file_digest);
  assert_string_equal(made.engine, "licet " LICET_VERSION);
  assert_true(made.reconstructed);
  assert_null(licet_determination_literal(d, 0));
  assert_null(licet_policy_version_digest(policy, 1));
  assert_json_has(d, "'reconstructed':true,'literal':[],'request_digest':");
}

static void every_fact_that_is_used_has_a_source(void **state) {
  static const licet_fact_source expected[] = {{"color", "requester"}, {"judged", "reviewer"},
                                               {"recorded", "record"}, {"agreed", "requester"},
                                               {"warned", "default"},  {"mood", "default"}};
  const licet_determination *d = decide_request(*state, REQUEST);
  for (size_t i = 0; i < 6; i++) {
    assert_string_equal(licet_determination_source(d, i).fact, expected[i].fact);
    assert_string_equal(licet_determination_source(d, i).source, expected[i].source);
  }
  assert_null(licet_determination_source(d, 6).fact);
  assert_json_has(d,
                  "'sources':{'reviewer':['judged'],'record':"
                  "['recorded'],'default':['warned','mood']}}");
}

static void a_literal_interpretation_in_use_is_named(void **state) {
  Fixture *f = *state;
  static const char *const literal[] = {"R-1", "R-2", NULL};
  const licet_library_options options = {.size = sizeof options,
                                         .literal_interpretations = literal};
  licet_session_close(f->session);
  licet_library_close(f->library);
  licet_report_free(f->report);
  fixture_load(f, f->folder, &options);
  const licet_determination *d = decide_request(f, REQUEST);
  assert_string_equal(licet_determination_literal(d, 0), "R-1");
  assert_null(licet_determination_literal(d, 1));
  assert_json_has(d, "'literal':['R-1'],");
}

static void without_a_policy_there_is_no_version_to_digest(void **state) {
  const licet_determination *d = decide_request(
      *state,
      "{'payer':'Nobody','line':'medicaid','drug':'alpha','kind':'initial','received':'2026-02-01',"
      "'facts':{'color':'red'}}");
  assert_string_equal(licet_determination_provenance(d).version_digest, "");
  assert_string_equal(licet_determination_provenance(d).file_digest, "");
  assert_json_has(d, "'provenance':{'version_digest':null,'reconstructed':false,'literal':[],");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_digest_of_the_request_is_made_unless_asked_for),
      cmocka_unit_test(the_digest_of_the_request_is_of_its_bytes),
      cmocka_unit_test(a_digest_that_does_not_exist_is_a_bad_option),
      cmocka_unit_test(what_made_it_is_shown_as_values_and_on_the_wire),
      cmocka_unit_test(every_fact_that_is_used_has_a_source),
      cmocka_unit_test(without_a_policy_there_is_no_version_to_digest),
      cmocka_unit_test(a_literal_interpretation_in_use_is_named),
  };
  return cmocka_run_group_tests(tests, open_fixture, fixture_free);
}
