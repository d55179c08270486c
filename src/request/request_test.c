/* Requests: every kind of error, where it stands and what was expected; and what is taken for good.
 */
#include "library/library.h"
#include "decide/fixture.h"

#include "base/limits.h"

#define POLICY                   \
  POLICY_HEAD("T-1", "Payer")    \
  "  version 2026-01-01\n"       \
  "A \"Everything\" all of\n"    \
  "  approve 6 months\n"         \
  "  1 \"Agreed\": agreed\n"     \
  "  2 \"Mood\": mood is calm\n" \
  "  3 \"Judged\": judged or weight >= 50 kg\n"

static int open_fixture(void **state) { return fixture_new(state, POLICY); }

/* ---- The text ---- */

static void a_text_that_is_not_json_is_reported_with_its_place(void **state) {
  assert_string_equal(
      request_errors_of(*state, "{'id':"),
      NO_ERRORS_BUT(
          "{'field':'','pointer':'','line':1,'column':7,'byte':6,'found':'a value is expected "
          "at column 7 (byte 6)','expected':'well-formed JSON'}"));
}

static void an_error_of_the_text_has_line_and_column(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *text, *found;
    uint32_t line, column, byte;
  } texts[] = {
      {"", "a value is expected at column 1 (byte 0)", 1, 1, 0},
      {"{\"id\" 1}", "a colon is expected after the key at column 7 (byte 6)", 1, 7, 6},
      {"{\n  \"id\": \"é\" x\n}", "a comma or } is expected at line 2, column 13 (byte 15)", 2, 13,
       15},
      {"{\"id\":\r\n\r\n  tru}", "a value is expected at line 3, column 3 (byte 12)", 3, 3, 12},
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    const licet_determination *d;
    assert_int_equal(licet_decide(f->session, texts[i].text, strlen(texts[i].text), &d),
                     LICET_BAD_REQUEST);
    const licet_request_error error = licet_session_error(f->session, 0);
    assert_int_equal(error.code, LICET_ERROR_NOT_JSON);
    assert_string_equal(error.found, texts[i].found);
    assert_int_equal(error.line, texts[i].line);
    assert_int_equal(error.column, texts[i].column);
    assert_int_equal(error.byte, texts[i].byte);
  }
  request_errors_of_facts(f, "'agreed':3");
  assert_int_equal(licet_session_error(f->session, 0).line, 0);
}

/* ---- Codes ---- */

/* Of every code but those of bulk (bad_record) and interviews (bad_answer). */
static void each_error_has_the_code_of_its_kind(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *request;
    licet_request_error_code code;
  } requests[] = {
      {"{'id':", LICET_ERROR_NOT_JSON},
      {"{'facts':[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}", LICET_ERROR_TOO_LARGE},
      {"[1]", LICET_ERROR_WRONG_TYPE},
      {"{" HEAD ",'facts':[]}", LICET_ERROR_WRONG_TYPE},
      {"{" HEAD ",'facts':{'with':'tea'}}", LICET_ERROR_WRONG_TYPE},
      {"{" HEAD ",'facts':{'agreed':'yes'}}", LICET_ERROR_WRONG_TYPE},
      {"{}", LICET_ERROR_MISSING},
      {"{" HEAD ",'facts':{'color':{'document':'d'}}}", LICET_ERROR_MISSING},
      {"{" HEAD ",'facts':{'hba1c':[{'value':'7 %'}]}}", LICET_ERROR_MISSING},
      {"{" HEAD ",'recieved':'2026-03-10'}", LICET_ERROR_UNKNOWN_KEY},
      {"{" HEAD ",'facts':{'colour':'red'}}", LICET_ERROR_UNKNOWN_KEY},
      {"{" HEAD ",'facts':{'color':{'value':'red','sauce':'x'}}}", LICET_ERROR_UNKNOWN_KEY},
      {"{" HEAD ",'facts':{'past':[{'agnet':'mint'}]}}", LICET_ERROR_UNKNOWN_KEY},
      {"{" HEAD ",'facts':{'mood':'calm','mood':'calm'}}", LICET_ERROR_REPEATED_KEY},
      {"{" HEAD ",'facts':{'color':'redd'}}", LICET_ERROR_UNKNOWN_VALUE},
      {"{" HEAD ",'facts':{'color':{'value':'red','source':'chart'}}}", LICET_ERROR_UNKNOWN_VALUE},
      {"{" HEAD ",'facts':{'birth_date':'2026-02-30'}}", LICET_ERROR_BAD_DATE},
      {"{" HEAD ",'facts':{'wanted':'soon'}}", LICET_ERROR_BAD_DURATION},
      {"{" HEAD ",'facts':{'weight':'70 stone'}}", LICET_ERROR_BAD_QUANTITY},
      {"{" HEAD ",'facts':{'weight':'700 kg'}}", LICET_ERROR_OUT_OF_RANGE},
      {"{" HEAD ",'facts':{'icd10':'?'}}", LICET_ERROR_BAD_CODE},
      {"{" HEAD ",'facts':{'helper':' Ann'}}", LICET_ERROR_BAD_TEXT},
      {"{" HEAD ",'facts':{'color':'red','agreed':true}}", LICET_ERROR_CONTRADICTION},
  };
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    request_errors_of(f, requests[i].request);
    const licet_request_error error = licet_session_error(f->session, 0);
    if (error.code != requests[i].code)
      fail_msg("%s: %s", requests[i].request, licet_request_error_code_name(error.code));
    char member[64];
    snprintf(member, sizeof member,
             "\"code\":\"%s\",\"field\":", licet_request_error_code_name(error.code));
    assert_non_null(strstr(licet_session_error_json(f->session, NULL), member));
  }
}

static void a_request_is_an_object(void **state) {
  assert_string_equal(
      request_errors_of(*state, "[1]"),
      NO_ERRORS_BUT(
          "{'field':'','pointer':'','found':'[1]','expected':'a request: a JSON object'}"));
}

static void nesting_too_deep_is_told_with_the_limit(void **state) {
  assert_non_null(
      strstr(request_errors_of(*state, "{'facts':[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}"),
             "'expected':'at most 16 levels of nesting'"));
}

static void too_many_values_are_told_with_the_limit(void **state) {
  Fixture *f = *state;
  size_t length = 2 * (size_t)LIMIT_REQUEST_TOKENS + 20;
  char *json = malloc(length + 3);
  char expected[64];
  assert_non_null(json);
  memset(json, '1', length);
  for (size_t i = 0; i < length; i += 2) json[i] = i == 0 ? '[' : ',';
  strcpy(json + length, "]");
  const licet_determination *d;
  snprintf(expected, sizeof expected, "\"expected\":\"at most %u values\"", LIMIT_REQUEST_TOKENS);
  assert_int_equal(licet_decide(f->session, json, length + 1, &d), LICET_BAD_REQUEST);
  assert_non_null(strstr(licet_session_error_json(f->session, NULL), expected));
  free(json);
}

static void too_long_a_text_is_told_with_the_limit(void **state) {
  Fixture *f = *state;
  size_t length = LIMIT_REQUEST_BYTES + 1;
  char *json = malloc(length);
  char expected[64];
  assert_non_null(json);
  memset(json, ' ', length);
  const licet_determination *d;
  snprintf(expected, sizeof expected, "\"expected\":\"at most %u bytes\"", LIMIT_REQUEST_BYTES);
  assert_int_equal(licet_decide(f->session, json, length, &d), LICET_BAD_REQUEST);
  assert_non_null(strstr(licet_session_error_json(f->session, NULL), expected));
  free(json);
}

/* ---- The head ---- */

static void what_a_request_must_say_is_asked_for_all_at_once(void **state) {
  assert_string_equal(
      request_errors_of(*state, "{}"),
      NO_ERRORS_BUT(
          "{'field':'drug','pointer':'/drug','found':'nothing','expected':'the drug requested'},"
          "{'field':'line','pointer':'/line','found':'nothing','expected':'commercial | exchange | "
          "medicaid | medicare'},"
          "{'field':'kind','pointer':'/kind','found':'nothing','expected':'initial | "
          "continuation'},"
          "{'field':'received','pointer':'/received','found':'nothing','expected':'the day the "
          "request was received'},"
          "{'field':'payer','pointer':'/payer','found':'nothing','expected':'the payer, or the "
          "policy's id as `policy`'}"));
}

static void the_errors_carry_the_id_as_it_was_written(void **state) {
  const char *errors = request_errors_of(*state, "{'id':'R-\\u0031'," HEAD ",'facts':[]}");
  assert_string_equal(errors,
                      "{'request':'R-\\u0031','errors':[{'field':'facts','pointer':'/"
                      "facts','found':'[]','expected':'an object of facts'}]}");
}

static void a_value_of_the_head_outside_its_list_is_told_with_the_nearest(void **state) {
  assert_string_equal(
      request_errors_of(*state,
                        "{'payer':'Payer','line':'comercial','drug':'alpha','kind':'initail','"
                        "urgency':'rush','received':'2026-03-10'}"),
      NO_ERRORS_BUT("{'field':'line','pointer':'/"
                    "line','found':''comercial'','expected':'commercial | exchange | medicaid | "
                    "medicare','nearest':'commercial'},"
                    "{'field':'kind','pointer':'/kind','found':''initail'','expected':'initial | "
                    "continuation','nearest':'initial'},"
                    "{'field':'urgency','pointer':'/urgency','found':''rush'','expected':'standard "
                    "| expedited'}"));
}

static void an_unknown_key_is_told_with_the_nearest(void **state) {
  assert_string_equal(
      request_errors_of(*state, "{" HEAD ",'recieved':'2026-03-10'}"),
      NO_ERRORS_BUT("{'field':'recieved','pointer':'/recieved','found':''recieved'','expected':'id "
                    "| payer | line | drug | kind | urgency | "
                    "received | start | policy | facts','nearest':'received'}"));
}

static void a_key_twice_is_a_fault(void **state) {
  assert_string_equal(
      request_errors_of(*state, "{" HEAD ",'kind':'continuation'}"),
      NO_ERRORS_BUT(
          "{'field':'kind','pointer':'/kind','found':''kind'','expected':'each key once'}"));
}

static void texts_of_the_head_are_texts_and_not_empty(void **state) {
  assert_string_equal(
      request_errors_of(*state,
                        "{'id':'','payer':7,'drug':'','policy':[],'line':'medicaid','kind':'"
                        "initial','received':'2026-03-10'}"),
      NO_ERRORS_BUT(
          "{'field':'id','pointer':'/id','found':'''','expected':'text that is not empty'},"
          "{'field':'payer','pointer':'/payer','found':'7','expected':'text that is not empty'},"
          "{'field':'drug','pointer':'/drug','found':'''','expected':'text that is not empty'},"
          "{'field':'policy','pointer':'/policy','found':'[]','expected':'text that is not "
          "empty'}"));
}

static void dates_of_the_head_exist(void **state) {
  assert_string_equal(
      request_errors_of(*state,
                        "{'payer':'Payer','line':'medicaid','drug':'alpha','kind':'initial','"
                        "received':'2026-02-29','start':'2026-13-01'}"),
      NO_ERRORS_BUT(
          "{'field':'received','pointer':'/"
          "received','found':''2026-02-29'','expected':'an existing date or time, such as "
          "'2026-11-02T15:04:00Z''},"
          "{'field':'start','pointer':'/start','found':''2026-13-01'','expected':'an existing "
          "date, such as '2026-11-09''}"));
}

static void null_in_the_head_is_as_if_it_were_absent(void **state) {
  const licet_determination *d = decide_request(
      *state, "{'id':null," HEAD ",'start':null,'urgency':null,'policy':null,'facts':null}");
  assert_string_equal(licet_determination_request(d), "");
  assert_json_has(d, "{'request':null,");
}

static void a_policy_named_needs_no_payer(void **state) {
  const licet_determination *d = decide_request(
      *state,
      "{'policy':'T-1','line':'medicaid','drug':'BETA','kind':'initial','received':'2026-03-10'}");
  assert_string_equal(licet_policy_id(licet_determination_policy(d)), "T-1");
}

/* ---- Facts ---- */

static void a_fact_nobody_declared_is_told_with_the_nearest(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'wieght':'70 kg','zzzzzzzz':1"),
      NO_ERRORS_BUT("{'field':'wieght','pointer':'/facts/wieght','found':''wieght'','expected':'a "
                    "fact of vocabulary "
                    "clinic','nearest':'weight'},"
                    "{'field':'zzzzzzzz','pointer':'/facts/"
                    "zzzzzzzz','found':''zzzzzzzz'','expected':'a fact of vocabulary clinic'}"));
}

static void what_the_head_says_is_no_fact(void **state) {
  assert_non_null(strstr(request_errors_of_facts(*state, "'start':'2026-03-10'"),
                         "{'field':'start','pointer':'/facts/start'"));
}

static void a_pointer_escapes_what_json_pointer_escapes(void **state) {
  assert_non_null(strstr(request_errors_of_facts(*state, "'a/b~c':1"),
                         "{'field':'a/b~c','pointer':'/facts/a~1b~0c'"));
}

static void a_fact_twice_is_a_fault(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'weight':'70 kg','weight':'71 kg'"),
                      NO_ERRORS_BUT("{'field':'weight','pointer':'/facts/"
                                    "weight','found':''weight'','expected':'each key once'}"));
}

static void a_fact_twice_is_a_fault_though_the_first_is_null(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'weight':null,'weight':'71 kg'"),
                      NO_ERRORS_BUT("{'field':'weight','pointer':'/facts/"
                                    "weight','found':''weight'','expected':'each key once'}"));
}

static void yes_or_no_is_true_or_false(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'agreed':'yes'"),
                      NO_ERRORS_BUT("{'field':'agreed','pointer':'/facts/"
                                    "agreed','found':''yes'','expected':'true or false'}"));
}

static void a_value_outside_its_list_is_told_with_the_nearest(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'color':'gren','mood':3"),
      NO_ERRORS_BUT(
          "{'field':'color','pointer':'/facts/color','found':''gren'','expected':'red | green | "
          "blue','nearest':'green'},"
          "{'field':'mood','pointer':'/facts/mood','found':'3','expected':'calm | tense'}"));
}

static void a_value_that_is_a_number_may_be_written_as_one(void **state) {
  decide_facts(*state, "'stage':1");
}

static void a_value_that_stands_for_not_known_is_taken_for_that(void **state) {
  decide_facts(*state, "'sex':'unsaid'");
}

static void quantities_carry_a_unit_of_their_dimension(void **state) {
  const char *errors = request_errors_of_facts(
      *state, "'weight':70,'dose':'28 mcg/m2','level':'0.1','visits':'3','score':'7'");
  assert_non_null(strstr(errors,
                         "{'field':'weight','pointer':'/facts/weight','found':'70','expected':'a "
                         "number and a unit of mass: kg, "));
  assert_non_null(strstr(errors,
                         "{'field':'dose','pointer':'/facts/dose','found':''28 "
                         "mcg/m2'','expected':'a number and a unit of mass/time: "));
  assert_non_null(strstr(errors,
                         "{'field':'level','pointer':'/facts/level','found':''0.1'','expected':'a "
                         "number and a unit of percent: %'}"));
  assert_non_null(strstr(
      errors,
      "{'field':'visits','pointer':'/facts/visits','found':''3'','expected':'a whole number'}"));
  assert_non_null(strstr(
      errors,
      "{'field':'score','pointer':'/facts/score','found':''7'','expected':'a decimal number'}"));
}

static void a_count_is_whole(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'visits':2.5"),
                      NO_ERRORS_BUT("{'field':'visits','pointer':'/facts/"
                                    "visits','found':'2.5','expected':'a whole number'}"));
}

static void more_digits_than_can_be_kept_exactly_are_refused(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'score':0.12345678901234"),
      NO_ERRORS_BUT(
          "{'field':'score','pointer':'/facts/score','found':'0.12345678901234','expected':'fewer "
          "digits: numbers are stored to nine decimal places'}"));
}

static void every_quantity_keeps_within_its_bounds(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state,
                              "'weight':'501 kg','dose':'0 mg/day','level':'100.1 %','visits':-1"),
      NO_ERRORS_BUT(
          "{'field':'weight','pointer':'/facts/weight','found':''501 kg'','expected':'0.2 kg to "
          "500 kg'},"
          "{'field':'dose','pointer':'/facts/dose','found':''0 mg/day'','expected':'a value above "
          "0'},"
          "{'field':'level','pointer':'/facts/level','found':''100.1 %'','expected':'0 % to 100 "
          "%'},"
          "{'field':'visits','pointer':'/facts/visits','found':'-1','expected':'0 or more'}"));
}

static void bounds_are_allowed_themselves(void **state) {
  decide_facts(*state, "'weight':'500 kg','level':'100 %','visits':0,'score':-3.5");
  decide_facts(*state, "'weight':'0.2 kg','level':'0 %'");
}

static void a_date_exists(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'birth_date':'2001-02-29','last_seen':20260101"),
      NO_ERRORS_BUT(
          "{'field':'birth_date','pointer':'/facts/"
          "birth_date','found':''2001-02-29'','expected':'an existing date, such as '2026-11-09''},"
          "{'field':'last_seen','pointer':'/facts/"
          "last_seen','found':'20260101','expected':'an existing date, such as '2026-11-09''}"));
}

static void a_length_of_time_is_above_zero(void **state) {
  const char *expected = NO_ERRORS_BUT(
      "{'field':'wanted','pointer':'/facts/wanted','found':''0 days'','expected':'a length above 0 "
      "and up to 100 years, such as '6 "
      "months' or '30 weeks''}");
  assert_string_equal(request_errors_of_facts(*state, "'wanted':'0 days'"), expected);
  assert_non_null(strstr(request_errors_of_facts(*state, "'wanted':6"), "'found':'6'"));
  decide_facts(*state, "'wanted':'6 months'");
}

static void a_name_is_a_text_and_may_be_none(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'helper':7"),
      NO_ERRORS_BUT(
          "{'field':'helper','pointer':'/facts/helper','found':'7','expected':'a name, as text'}"));
  assert_non_null(strstr(request_errors_of_facts(*state, "'helper':''"), "'a name, as text'"));
  decide_facts(*state, "'helper':'none','last_seen':'none'");
}

static void a_code_has_the_shape_of_its_system(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'icd10':'91.02','billed':'J 90'"),
                      NO_ERRORS_BUT("{'field':'icd10','pointer':'/facts/"
                                    "icd10','found':''91.02'','expected':'a code of ICD-10-CM'},"
                                    "{'field':'billed','pointer':'/facts/billed','found':''J "
                                    "90'','expected':'a code of HCPCS'}"));
  assert_non_null(strstr(request_errors_of_facts(*state, "'icd10':910"), "'a code of ICD-10-CM'"));
  assert_non_null(strstr(request_errors_of_facts(*state, "'icd10':'C9'"), "'a code of ICD-10-CM'"));
  assert_non_null(strstr(request_errors_of_facts(*state, "'billed':'..'"), "'a code of HCPCS'"));
  decide_facts(*state, "'icd10':'c91.02','billed':'J9039'");
}

static void a_set_is_an_array_of_its_values(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'with':'tea'"),
      NO_ERRORS_BUT("{'field':'with','pointer':'/facts/with','found':''tea'','expected':'an array "
                    "of tea | milk | sugar'}"));
  assert_string_equal(
      request_errors_of_facts(*state, "'with':['tea','mlik',null]"),
      NO_ERRORS_BUT("{'field':'with[1]','pointer':'/facts/with/1','found':''mlik'','expected':'tea "
                    "| milk | sugar','nearest':'milk'},"
                    "{'field':'with[2]','pointer':'/facts/with/2','found':'null','expected':'tea | "
                    "milk | sugar'}"));
  decide_facts(*state, "'with':[]");
}

/* ---- Evidence ---- */

static void evidence_needs_the_value_it_is_for(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'color':{'document':'d-1'}"),
      NO_ERRORS_BUT(
          "{'field':'color.value','pointer':'/facts/color/value','found':'nothing','expected':'the "
          "fact's value (null where it is not known)'}"));
}

static void evidence_has_four_keys_and_each_has_its_form(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state,
                              "'color':{'value':'green','documnet':'d','document':7,'date':'"
                              "yesterday','source':'reviwer'}"),
      NO_ERRORS_BUT("{'field':'color.documnet','pointer':'/facts/color/"
                    "documnet','found':''documnet'','expected':'value | document | date | "
                    "source','nearest':'document'},"
                    "{'field':'color.document','pointer':'/facts/color/"
                    "document','found':'7','expected':'the name of a document, as text'},"
                    "{'field':'color.date','pointer':'/facts/color/"
                    "date','found':''yesterday'','expected':'an existing date, such as "
                    "'2026-11-09''},"
                    "{'field':'color.source','pointer':'/facts/color/"
                    "source','found':''reviwer'','expected':'requester | reviewer | "
                    "record','nearest':'reviewer'}"));
}

static void a_source_is_one_of_three_words(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'color':{'value':'green','source':1}"),
      NO_ERRORS_BUT("{'field':'color.source','pointer':'/facts/color/"
                    "source','found':'1','expected':'requester | reviewer | record'}"));
}

static void a_key_of_evidence_twice_is_a_fault(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'color':{'value':'green','value':'blue'}"),
                      NO_ERRORS_BUT("{'field':'color.value','pointer':'/facts/color/"
                                    "value','found':''value'','expected':'each key once'}"));
}

static void null_in_evidence_is_as_if_it_were_absent(void **state) {
  decide_facts(*state,
               "'color':{'value':'green','document':null,'date':null,'source':null},'level':{'"
               "value':null,'document':'d'},'weight':null");
}

static void a_fault_in_the_value_of_evidence_stands_at_the_fact(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'color':{'value':'gray'}"),
                      NO_ERRORS_BUT("{'field':'color','pointer':'/facts/color/"
                                    "value','found':''gray'','expected':'red | green | blue'}"));
}

/* ---- Lists and series ---- */

static void a_list_is_an_array_of_objects(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'past':{'value':'mint'}"),
                      NO_ERRORS_BUT("{'field':'past','pointer':'/facts/past/"
                                    "value','found':''mint'','expected':'an array of objects'}"));
  assert_string_equal(
      request_errors_of_facts(*state, "'past':[{},'mint']"),
      NO_ERRORS_BUT(
          "{'field':'past[1]','pointer':'/facts/past/1','found':''mint'','expected':'an object'}"));
}

static void a_fault_in_an_entry_is_told_with_its_path(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state,
                              "'past':[{'agent':'mint'},{'agent':7,'ended':'fialed','clas':'herb','"
                              "document':3,'date':'x','class':null}]"),
      NO_ERRORS_BUT("{'field':'past[1].agent','pointer':'/facts/past/1/"
                    "agent','found':'7','expected':'a name, as text'},"
                    "{'field':'past[1].ended','pointer':'/facts/past/1/"
                    "ended','found':''fialed'','expected':'failed | helped | "
                    "unsaid','nearest':'failed'},"
                    "{'field':'past[1].clas','pointer':'/facts/past/1/"
                    "clas','found':''clas'','expected':'agent | class | ended | when | "
                    "document | date | "
                    "source','nearest':'class'},"
                    "{'field':'past[1].document','pointer':'/facts/past/1/"
                    "document','found':'3','expected':'the name of a "
                    "document, as text'},"
                    "{'field':'past[1].date','pointer':'/facts/past/1/"
                    "date','found':''x'','expected':'an existing date, such as "
                    "'2026-11-09''}"));
}

static void a_field_that_is_a_date_exists(void **state) {
  assert_non_null(strstr(
      request_errors_of_facts(*state, "'past':[{'when':'2026-01-01'},{'when':'2026-02-30'}]"),
      "{'field':'past[1].when','pointer':'/facts/past/1/"
      "when','found':''2026-02-30'','expected':'an "
      "existing date"));
}

static void a_key_of_an_entry_twice_is_a_fault(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'past':[{'agent':'mint','agent':'sage'}]"),
                      NO_ERRORS_BUT("{'field':'past[0].agent','pointer':'/facts/past/0/"
                                    "agent','found':''agent'','expected':'each key once'}"));
}

static void the_source_of_an_entry_is_one_of_three_words(void **state) {
  assert_non_null(strstr(request_errors_of_facts(*state, "'past':[{'agent':'mint','source':3}]"),
                         "{'field':'past[0].source','pointer':'/facts/past/0/"
                         "source','found':'3','expected':'requester | reviewer | record'"));
  assert_non_null(
      strstr(request_errors_of_facts(*state, "'past':[{'agent':'mint','source':'chart'}]"),
             "{'field':'past[0].source','pointer':'/facts/past/0/"
             "source','found':''chart'','expected':'requester | reviewer | record'"));
  decide_facts(*state,
               "'past':[{'agent':'mint','source':'record','document':null,'date':null},{'source':"
               "null,'date':'2026-01-01'}]");
}

static void a_list_has_so_many_entries_and_no_more(void **state) {
  static char facts[16 * 1100], expected[64];
  strcpy(facts, "'past':[{}");
  for (unsigned i = 0; i < LIMIT_LIST_ENTRIES; i++) strcat(facts, ",{}");
  strcat(facts, "]");
  snprintf(expected, sizeof expected, "'expected':'at most %u entries'", LIMIT_LIST_ENTRIES);
  assert_non_null(strstr(request_errors_of_facts(*state, facts), expected));
}

static void a_series_is_an_array_of_dated_values(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'hba1c':[7]"),
                      NO_ERRORS_BUT("{'field':'hba1c[0]','pointer':'/facts/hba1c/"
                                    "0','found':'7','expected':'an object with date and value'}"));
  assert_string_equal(request_errors_of_facts(*state, "'hba1c':'7 %'"),
                      NO_ERRORS_BUT("{'field':'hba1c','pointer':'/facts/hba1c','found':''7 "
                                    "%'','expected':'an array of objects'}"));
  decide_facts(*state,
               "'hba1c':[{'date':'2026-01-01','value':'7 %','upper_limit':'6 "
               "%','role':'baseline','document':'d'}]");
}

static void an_observation_needs_a_day_and_a_value(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state, "'hba1c':[{'value':'7 %'},{'date':'2026-01-01'}]"),
      NO_ERRORS_BUT("{'field':'hba1c[0].date','pointer':'/facts/hba1c/0/"
                    "date','found':'nothing','expected':'the day of the observation'},"
                    "{'field':'hba1c[1].value','pointer':'/facts/hba1c/1/"
                    "value','found':'nothing','expected':'the observed value'}"));
}

static void a_fault_in_an_observation_is_told_with_its_path(void **state) {
  assert_string_equal(
      request_errors_of_facts(*state,
                              "'hba1c':[{'date':'2026-01-32','value':'7','upper_limit':'6 "
                              "kg','role':'latest','when':1,'value':'8 %'}]"),
      NO_ERRORS_BUT(
          "{'field':'hba1c[0].date','pointer':'/facts/hba1c/0/"
          "date','found':''2026-01-32'','expected':'an existing date, such as '2026-11-09''},"
          "{'field':'hba1c[0].value','pointer':'/facts/hba1c/0/"
          "value','found':''7'','expected':'a number and a unit of "
          "percent: %'},"
          "{'field':'hba1c[0].upper_limit','pointer':'/facts/hba1c/0/"
          "upper_limit','found':''6 kg'','expected':'a number "
          "and a unit of percent: %'},"
          "{'field':'hba1c[0].role','pointer':'/facts/hba1c/0/"
          "role','found':''latest'','expected':'baseline'},"
          "{'field':'hba1c[0].when','pointer':'/facts/hba1c/0/"
          "when','found':''when'','expected':'date | value | "
          "upper_limit | role | document'},"
          "{'field':'hba1c[0].value','pointer':'/facts/hba1c/0/"
          "value','found':''value'','expected':'each key once'}"));
}

/* ---- Contradictions, and errors together ---- */

static void facts_that_no_patient_has_together_are_both_named(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'color':'red','agreed':true"),
                      NO_ERRORS_BUT("{'field':'color','pointer':'/facts/"
                                    "color','found':''red'','expected':'a value consistent with "
                                    "agreed: Red is never agreed.'},"
                                    "{'field':'agreed','pointer':'/facts/"
                                    "agreed','found':'true','expected':'a value consistent with "
                                    "color: Red is never agreed.'}"));
}

static void a_contradiction_with_a_start_nobody_gave_points_at_the_received_date(void **state) {
  const char *errors = request_errors_of(*state, "{" HEAD ",'facts':{'birth_date':'2126-03-11'}}");
  assert_non_null(strstr(errors, "{'field':'received','pointer':'/received'"));
  assert_null(strstr(errors, "'pointer':'/start'"));
}

static void a_key_of_the_head_stands_once_even_where_it_is_null(void **state) {
  assert_non_null(
      strstr(request_errors_of(*state, "{" HEAD ",'start':null,'start':'2026-03-09','facts':{}}"),
             "'expected':'each key once'"));
}

static void a_contradiction_with_the_head_points_at_the_head(void **state) {
  const char *errors = request_errors_of(
      *state, "{" HEAD ",'start':'2026-03-09','facts':{'birth_date':'2026-03-11'}}");
  assert_non_null(strstr(errors,
                         "{'field':'start','pointer':'/start','found':''2026-03-09'','expected':'a "
                         "value consistent with birth_date: "));
  assert_non_null(
      strstr(errors,
             "{'field':'birth_date','pointer':'/facts/"
             "birth_date','found':''2026-03-11'','expected':'a value consistent with start: "));
}

static void faults_of_the_head_and_of_facts_are_told_together(void **state) {
  const char *errors =
      request_errors_of(*state,
                        "{'payer':'Payer','drug':'alpha','kind':'initial','received':'2026-03-10','"
                        "facts':{'wieght':1,'color':'red','agreed':true}}");
  assert_non_null(strstr(errors, "{'field':'line'"));
  assert_non_null(strstr(errors, "{'field':'wieght'"));
  assert_non_null(strstr(errors, "{'field':'color'"));
}

static void what_was_found_is_cut_short_between_two_characters(void **state) {
  char facts[512] = "'color':'x";
  for (int i = 0; i < 60; i++) strcat(facts, "é");
  strcat(facts, "'");
  const char *found = strstr(request_errors_of_facts(*state, facts), "'found':'");
  assert_non_null(found);
  const char *cut = strstr(found, "…");
  assert_non_null(cut);
  assert_in_range(cut - found, 80, 95);
}

static void faults_beyond_the_limit_are_counted(void **state) {
  static char facts[32 * 200], expected[64];
  facts[0] = '\0';
  for (unsigned i = 0; i < LIMIT_REQUEST_ERRORS + 7; i++)
    sprintf(facts + strlen(facts), "%s'q%u':1", i == 0 ? "" : ",", i);
  snprintf(expected, sizeof expected, "],'more_errors':7}");
  const char *errors = request_errors_of_facts(*state, facts);
  assert_non_null(strstr(errors, expected));
}

static void faults_are_told_one_by_one_as_well(void **state) {
  Fixture *f = *state;
  request_errors_of_facts(f, "'past':[{'ended':'fialed'}],'weight':70");
  const licet_request_error first = licet_session_error(f->session, 0),
                            second = licet_session_error(f->session, 1);
  assert_string_equal(first.field, "past[0].ended");
  assert_string_equal(first.pointer, "/facts/past/0/ended");
  assert_string_equal(first.found, "\"fialed\"");
  assert_string_equal(first.expected, "failed | helped | unsaid");
  assert_string_equal(first.nearest, "failed");
  assert_string_equal(second.field, "weight");
  assert_string_equal(second.nearest, "");
  assert_null(licet_session_error(f->session, 2).field);
  decide_facts(f, "");
  assert_null(licet_session_error(f->session, 0).field);
}

static void a_request_with_faults_leaves_no_trace_in_the_next(void **state) {
  Fixture *f = *state;
  request_errors_of_facts(f, "'color':'gray'");
  decide_facts(f, "'agreed':true,'weight':'70 kg'");
  assert_string_equal(licet_session_error_json(f->session, NULL), "");
}

/* ---- Whose word counts ---- */

/* What a session of its own says of the second request after the first (NULL: none). To be freed.
 */
static char *second_of(Fixture *f, const char *first, const char *second) {
  licet_session *before = f->session;
  assert_int_equal(licet_session_open(f->library, SESSION_OF_PLAN, &f->session), LICET_OK);
  if (first != NULL) decide_facts(f, first);
  char *json = strdup(licet_determination_json(decide_facts(f, second), NULL));
  licet_session_close(f->session);
  f->session = before;
  return json;
}

static void what_one_request_said_of_a_fact_is_forgotten_by_the_next(void **state) {
  static const char *const facts[] = {
      "",
      "'agreed':true,'mood':'calm','visits':3,'score':2,'stage':1",
      "'agreed':null,'mood':null,'visits':null",
      "'agreed':{'value':false,'document':'d','date':'2026-01-02','source':'record'},'visits':{'"
      "value':4,'document':'d'}",
      "'agreed':{'value':null,'document':'d','date':'2026-01-02'},'mood':{'value':'tense','source':"
      "'requester'}",
      "'icd10':'c91.02','billed':{'value':'J9039','document':'d'},'weight':'70 kg'",
      "'icd10':null,'helper':'none','last_seen':'none','sex':'unsaid'",
  };
  enum { COUNT = sizeof facts / sizeof *facts };
  for (size_t second = 0; second < COUNT; second++) {
    char *alone = second_of(*state, NULL, facts[second]);
    for (size_t first = 0; first < COUNT; first++) {
      char *after = second_of(*state, facts[first], facts[second]);
      assert_string_equal(after, alone);
      free(after);
    }
    free(alone);
  }
}

/* Those of five facts whose bit is set, beginning with the one named. */
static const char *some_facts(uint32_t set, uint32_t first) {
  static const char *const facts[] = {"'agreed':true", "'mood':'calm'", "'visits':3",
                                      "'weight':'70 kg'", "'color':'green'"};
  static char text[256];
  text[0] = '\0';
  for (uint32_t i = 0; i < 5; i++) {
    const uint32_t fact = (first + i) % 5;
    if (((set >> fact) & 1) == 0) continue;
    if (text[0] != '\0') strcat(text, ",");
    strcat(text, facts[fact]);
  }
  return text;
}

static void facts_are_found_whichever_came_before_and_in_whatever_order(void **state) {
  Fixture *f = *state;
  for (uint32_t round = 0; round < 4 * 32; round++) {
    char *alone = second_of(f, NULL, some_facts(round * 11 % 32, 0));
    assert_string_equal(
        licet_determination_json(decide_facts(f, some_facts(round * 11 % 32, round % 3)), NULL),
        alone);
    free(alone);
  }
}

static void a_judgment_counts_from_a_reviewer_alone(void **state) {
  const licet_determination *d =
      decide_facts(*state, "'agreed':true,'judged':true,'weight':'40 kg'");
  assert_outcome(d, "refer", "judgment");
  assert_string_equal(licet_determination_not_counted(d, 0), "judged");
  assert_null(licet_determination_not_counted(d, 1));
  d = decide_facts(*state,
                   "'agreed':true,'judged':{'value':true,'source':'requester'},'weight':'40 kg'");
  assert_outcome(d, "refer", "judgment");
  d = decide_facts(*state,
                   "'agreed':true,'judged':{'value':true,'source':'record'},'weight':'40 kg'");
  assert_outcome(d, "refer", "judgment");
  d = decide_facts(*state,
                   "'agreed':true,'judged':{'value':true,'source':'reviewer'},'weight':'40 kg'");
  assert_outcome(d, "approve", "");
  assert_null(licet_determination_not_counted(d, 0));
}

static void a_record_counts_from_the_record_alone(void **state) {
  const licet_determination *d =
      decide_facts(*state, "'recorded':{'value':true,'source':'reviewer'},'warned':true");
  assert_string_equal(licet_determination_not_counted(d, 0), "recorded");
  assert_string_equal(licet_determination_not_counted(d, 1), "warned");
  d = decide_facts(
      *state,
      "'recorded':{'value':true,'source':'record'},'warned':{'value':true,'source':'record'}");
  assert_null(licet_determination_not_counted(d, 0));
}

static void what_is_not_counted_is_still_checked(void **state) {
  assert_string_equal(request_errors_of_facts(*state, "'judged':'yes'"),
                      NO_ERRORS_BUT("{'field':'judged','pointer':'/facts/"
                                    "judged','found':''yes'','expected':'true or false'}"));
}

static void a_payer_that_contradicts_the_policy_is_an_error(void **state) {
  assert_string_equal(
      request_errors_of(*state,
                        "{'policy':'T-1','payer':'Another','line':'medicaid','drug':'alpha',"
                        "'kind':'initial','received':'2026-03-10'}"),
      NO_ERRORS_BUT(
          "{'field':'payer','pointer':'/payer','found':'Another','expected':'the payer of "
          "policy T-1, or none: Payer','nearest':'Payer'}"));
}

/* ---- Kinds of mistakes, each whole ---- */

typedef struct Mistake {
  const char *facts, *expected, *nearest; /* of the first error */
} Mistake;

static void assert_mistakes(Fixture *f, const Mistake *mistakes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    request_errors_of_facts(f, mistakes[i].facts);
    const licet_request_error error = licet_session_error(f->session, 0);
    if (strstr(error.expected, mistakes[i].expected) == NULL ||
        strcmp(error.nearest, mistakes[i].nearest) != 0)
      fail_msg("%s: expected \"%s\", nearest \"%s\"", mistakes[i].facts, error.expected,
               error.nearest);
  }
}
#define ASSERT_MISTAKES(state, mistakes) \
  assert_mistakes(*(state), mistakes, sizeof(mistakes) / sizeof *(mistakes))

static void white_space_around_a_name_or_a_document_is_refused(void **state) {
  static const char *const spaces[] = {" ",        "\\t",          "\\n",
                                       "\xC2\xA0", "\xE2\x80\x89", "\xEF\xBB\xBF"};
  static const char *const places[] = {
      "'helper':'@'", "'past':[{'agent':'@'}]", "'color':{'value':'green','document':'@'}",
      "'past':[{'document':'@'}]", "'hba1c':[{'date':'2026-01-01','value':'7 %','document':'@'}]"};
  for (size_t s = 0; s < sizeof spaces / sizeof *spaces; s++) {
    for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
      for (int side = 0; side < 2; side++) {
        char facts[256];
        const char *name = strchr(places[p], '@');
        snprintf(facts, sizeof facts, "%.*s%s%s%s%s", (int)(name - places[p]), places[p],
                 side == 0 ? spaces[s] : "", "the mint", side == 0 ? "" : spaces[s], name + 1);
        const Mistake mistake = {facts, "without white space around it", "the mint"};
        assert_mistakes(*state, &mistake, 1);
      }
    }
  }
}

static void white_space_around_a_text_of_the_head_is_refused(void **state) {
  const char *errors = request_errors_of(
      *state,
      "{'payer':' Payer','policy':'T-1 ','line':'medicaid','drug':'alpha\\u00a0','kind':"
      "'initial','received':'2026-03-10'}");
  assert_non_null(strstr(errors, "'nearest':'Payer'}"));
  assert_non_null(strstr(errors, "'nearest':'T-1'}"));
  assert_non_null(strstr(errors, "'nearest':'alpha'}"));
}

static void a_blank_document_is_no_document(void **state) {
  static const char *const blanks[] = {"", " ", "\\t \\n", "\xC2\xA0"};
  for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
    char facts[128];
    snprintf(facts, sizeof facts, "'color':{'value':'green','document':'%s'}", blanks[i]);
    assert_outcome(
        decide_facts(*state, facts),
        licet_outcome_name(licet_determination_outcome(decide_facts(*state, "'color':'green'"))),
        "");
  }
}

static void none_is_none_however_it_is_spelled(void **state) {
  static const char *const words[] = {"none", "None", "NONE", "no", "No", "never", "Nothing"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    char facts[128];
    snprintf(facts, sizeof facts, "'helper':'%s','last_seen':'%s'", words[i], words[i]);
    decide_facts(*state, facts);
    snprintf(facts, sizeof facts, "'past':[{'agent':'%s'}]", words[i]);
    const Mistake mistake = {facts, "a word that means none is not a name", ""};
    assert_mistakes(*state, &mistake, 1);
  }
}

static void a_number_says_what_is_wrong_with_it(void **state) {
  static const Mistake mistakes[] = {
      {"'score':9007199254740993", "too large", ""},
      {"'visits':9007199254740993", "too large", ""},
      {"'weight':'9999999999999 kg'", "too large", ""},
      {"'score':3e-1", "a decimal number without an exponent", ""},
      {"'visits':1E2", "a whole number without an exponent", ""},
      {"'weight':'7e1 kg'", "a number without an exponent and a unit of mass", ""},
      {"'score':true", "a decimal number", ""},
  };
  ASSERT_MISTAKES(state, mistakes);
}

static void a_unit_that_is_near_is_named(void **state) {
  static const Mistake mistakes[] = {
      {"'weight':'45 KG'", "a unit of mass: kg", "45 kg"},
      {"'weight':'100 lbs'", "a unit of mass: kg", "100 lb"},
      {"'weight':'45  kg'", "a unit of mass: kg", "45 kg"},
      {"'dose':'28 MCG / Day'", "a unit of mass/time", "28 mcg/day"},
      {"'weight':'45 cm'", "a unit of mass: kg", ""},
      {"'weight':'45'", "a unit of mass: kg", ""},
      {"'weight':'heavy'", "a unit of mass: kg", ""},
  };
  ASSERT_MISTAKES(state, mistakes);
}

static void an_upper_limit_is_above_0(void **state) {
  static const Mistake mistakes[] = {
      {"'hba1c':[{'date':'2026-01-01','value':'7 %','upper_limit':'0 %'}]", "a value above 0", ""},
      {"'hba1c':[{'date':'2026-01-01','value':'7 %','upper_limit':'-1 %'}]", "0 % to 100 %", ""},
  };
  ASSERT_MISTAKES(state, mistakes);
}

static void a_byte_order_mark_says_nothing(void **state) {
  decide_request(*state, "\xEF\xBB\xBF{" HEAD "}");
  assert_non_null(strstr(request_errors_of(*state, "\xEF\xBB\xBF{]"), "at column 3 (byte 4)"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_text_that_is_not_json_is_reported_with_its_place),
      cmocka_unit_test(an_error_of_the_text_has_line_and_column),
      cmocka_unit_test(each_error_has_the_code_of_its_kind),
      cmocka_unit_test(a_request_is_an_object),
      cmocka_unit_test(nesting_too_deep_is_told_with_the_limit),
      cmocka_unit_test(too_many_values_are_told_with_the_limit),
      cmocka_unit_test(too_long_a_text_is_told_with_the_limit),
      cmocka_unit_test(what_a_request_must_say_is_asked_for_all_at_once),
      cmocka_unit_test(the_errors_carry_the_id_as_it_was_written),
      cmocka_unit_test(a_value_of_the_head_outside_its_list_is_told_with_the_nearest),
      cmocka_unit_test(an_unknown_key_is_told_with_the_nearest),
      cmocka_unit_test(a_key_twice_is_a_fault),
      cmocka_unit_test(texts_of_the_head_are_texts_and_not_empty),
      cmocka_unit_test(dates_of_the_head_exist),
      cmocka_unit_test(null_in_the_head_is_as_if_it_were_absent),
      cmocka_unit_test(a_policy_named_needs_no_payer),
      cmocka_unit_test(a_fact_nobody_declared_is_told_with_the_nearest),
      cmocka_unit_test(what_the_head_says_is_no_fact),
      cmocka_unit_test(a_pointer_escapes_what_json_pointer_escapes),
      cmocka_unit_test(a_fact_twice_is_a_fault),
      cmocka_unit_test(a_fact_twice_is_a_fault_though_the_first_is_null),
      cmocka_unit_test(yes_or_no_is_true_or_false),
      cmocka_unit_test(a_value_outside_its_list_is_told_with_the_nearest),
      cmocka_unit_test(a_value_that_is_a_number_may_be_written_as_one),
      cmocka_unit_test(a_value_that_stands_for_not_known_is_taken_for_that),
      cmocka_unit_test(quantities_carry_a_unit_of_their_dimension),
      cmocka_unit_test(a_count_is_whole),
      cmocka_unit_test(more_digits_than_can_be_kept_exactly_are_refused),
      cmocka_unit_test(every_quantity_keeps_within_its_bounds),
      cmocka_unit_test(bounds_are_allowed_themselves),
      cmocka_unit_test(a_date_exists),
      cmocka_unit_test(a_length_of_time_is_above_zero),
      cmocka_unit_test(a_name_is_a_text_and_may_be_none),
      cmocka_unit_test(a_code_has_the_shape_of_its_system),
      cmocka_unit_test(a_set_is_an_array_of_its_values),
      cmocka_unit_test(evidence_needs_the_value_it_is_for),
      cmocka_unit_test(evidence_has_four_keys_and_each_has_its_form),
      cmocka_unit_test(a_source_is_one_of_three_words),
      cmocka_unit_test(a_key_of_evidence_twice_is_a_fault),
      cmocka_unit_test(null_in_evidence_is_as_if_it_were_absent),
      cmocka_unit_test(a_fault_in_the_value_of_evidence_stands_at_the_fact),
      cmocka_unit_test(a_list_is_an_array_of_objects),
      cmocka_unit_test(a_fault_in_an_entry_is_told_with_its_path),
      cmocka_unit_test(a_field_that_is_a_date_exists),
      cmocka_unit_test(a_key_of_an_entry_twice_is_a_fault),
      cmocka_unit_test(the_source_of_an_entry_is_one_of_three_words),
      cmocka_unit_test(a_list_has_so_many_entries_and_no_more),
      cmocka_unit_test(a_series_is_an_array_of_dated_values),
      cmocka_unit_test(an_observation_needs_a_day_and_a_value),
      cmocka_unit_test(a_fault_in_an_observation_is_told_with_its_path),
      cmocka_unit_test(facts_that_no_patient_has_together_are_both_named),
      cmocka_unit_test(a_contradiction_with_a_start_nobody_gave_points_at_the_received_date),
      cmocka_unit_test(a_key_of_the_head_stands_once_even_where_it_is_null),
      cmocka_unit_test(a_contradiction_with_the_head_points_at_the_head),
      cmocka_unit_test(faults_of_the_head_and_of_facts_are_told_together),
      cmocka_unit_test(what_was_found_is_cut_short_between_two_characters),
      cmocka_unit_test(faults_beyond_the_limit_are_counted),
      cmocka_unit_test(faults_are_told_one_by_one_as_well),
      cmocka_unit_test(a_request_with_faults_leaves_no_trace_in_the_next),
      cmocka_unit_test(what_one_request_said_of_a_fact_is_forgotten_by_the_next),
      cmocka_unit_test(facts_are_found_whichever_came_before_and_in_whatever_order),
      cmocka_unit_test(a_judgment_counts_from_a_reviewer_alone),
      cmocka_unit_test(a_record_counts_from_the_record_alone),
      cmocka_unit_test(what_is_not_counted_is_still_checked),
      cmocka_unit_test(a_payer_that_contradicts_the_policy_is_an_error),
      cmocka_unit_test(white_space_around_a_name_or_a_document_is_refused),
      cmocka_unit_test(white_space_around_a_text_of_the_head_is_refused),
      cmocka_unit_test(a_blank_document_is_no_document),
      cmocka_unit_test(none_is_none_however_it_is_spelled),
      cmocka_unit_test(a_number_says_what_is_wrong_with_it),
      cmocka_unit_test(a_unit_that_is_near_is_named),
      cmocka_unit_test(an_upper_limit_is_above_0),
      cmocka_unit_test(a_byte_order_mark_says_nothing),
  };
  return cmocka_run_group_tests(tests, open_fixture, fixture_free);
}
