/* dose_test: what a request's treatment amounts to, through the public header; every finding, every
 * member. */
#include "licet/dose.h"

#include <stdbool.h>

#include "decide/fixture.h"
#include "json/reader.h"
#include "licet/outcome.h"

/* ---- A drug of every shape: tests/dosing/clinic ---- */

static int open_clinic(void **state) {
  static Fixture fixture;
  fixture = (Fixture){0};
  fixture_load(&fixture, "tests/dosing/clinic", NULL);
  *state = &fixture;
  return 0;
}

static int open_policies(void **state) {
  static Fixture fixture;
  fixture = (Fixture){0};
  fixture_load(&fixture, "policies", NULL);
  *state = &fixture;
  return 0;
}

static int close_fixture(void **state) {
  fixture_close(*state);
  return 0;
}

/* The payer is "Payer", whose policy covers alpha and gamma, or another's, who has none. */
static const licet_dose_plan *plan_with(Fixture *f, const char *payer, const char *drug,
                                        const char *facts, const licet_dose_options *options) {
  static char request[16384];
  const licet_dose_plan *plan;
  assert_true(snprintf(request, sizeof request,
                       "{'id':'D-1','payer':'%s','line':'commercial','drug':'%s','kind':'initial','"
                       "received':'2026-11-02','facts':{%s}}",
                       payer, drug, facts) < (int)sizeof request);
  const char *json = quoted(f, request);
  if (licet_dose(f->session, json, strlen(json), options, &plan) != LICET_OK)
    fail_msg("%s: %s", facts, licet_session_error_json(f->session, NULL));
  return plan;
}

static const licet_dose_plan *plan_for(Fixture *f, const char *drug, const char *facts) {
  return plan_with(f, "Nobody", drug, facts, NULL);
}

static const licet_dose_plan *authorized(Fixture *f, const char *facts) {
  static char all[8192];
  snprintf(all, sizeof all, "'agreed':true%s%s", facts[0] == '\0' ? "" : ",", facts);
  return plan_with(f, "Payer", "alpha", all, NULL);
}

/* The finding's message, or NULL. */
static const char *found(const licet_dose_plan *plan, const char *id) {
  licet_dose_finding finding;
  for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message != NULL; i++) {
    if (strcmp(licet_dose_finding_kind_name(finding.kind), id) == 0) return finding.message;
  }
  return NULL;
}

static void assert_finding(const licet_dose_plan *plan, const char *id, const char *message) {
  const char *text = found(plan, id);
  if (text == NULL) fail_msg("no %s in %s", id, licet_dose_json(plan, NULL));
  assert_string_equal(text, message);
}

static void assert_no_finding(const licet_dose_plan *plan, const char *id) {
  if (found(plan, id) != NULL) fail_msg("%s: %s", id, found(plan, id));
}

static void assert_plan_has(const licet_dose_plan *plan, const char *part) {
  static char text[4096];
  assert_true(strlen(part) < sizeof text);
  strcpy(text, part);
  for (char *at = text; *at != '\0'; at++) {
    if (*at == '\'') *at = '"';
  }
  if (strstr(licet_dose_json(plan, NULL), text) == NULL)
    fail_msg("no %s in %s", text, licet_dose_json(plan, NULL));
}

/* One letter a day: D a dose, - none, x interrupted; a cycle's end is |. */
static const char *calendar(const licet_dose_plan *plan) {
  static char text[4096];
  licet_dose_day day;
  uint32_t cycle = 0;
  char *out = text;
  for (size_t i = 0;
       (day = licet_dose_plan_day(plan, i)).date != NULL && out < text + sizeof text - 2; i++) {
    if (i > 0 && day.cycle != cycle) *out++ = '|';
    cycle = day.cycle;
    *out++ = "D-x"[day.kind];
  }
  *out = '\0';
  return text;
}

/* ---- Findings ---- */

/* Each finding at least once, with the words that matter. */
static const struct {
  const char *id, *severity, *field, *payer, *drug, *facts, *message;
} findings[] = {
    {"unknown_drug", "error", "drug", "Nobody", "omega", "",
     "no drug \"omega\" is declared in vocabulary clinic"},
    {"no_regimen", "error", "wanted", "Nobody", "alpha", "",
     "no regimen is given; there are: alpha_days, alpha_surface, "
     "alpha_clearance, alpha_light, alpha_response"},
    {"unknown_regimen", "error", "wanted", "Nobody", "alpha", "",
     "Alpha (Alphar) has no regimen \"alpha_dais\"; nearest: alpha_days"},
    {"unknown_preparation", "error", "prepared", "Nobody", "alpha", "'wanted':'alpha_days'",
     "Alpha (Alphar) has no preparation \"one_dya\"; nearest: one_day"},
    {"unknown_preparation", "error", "prepared", "Nobody", "gamma",
     "'prepared':'one_day','weight':'70 kg'", "Gamma has no preparation \"one_day\""},
    {"preparation_not_allowed", "error", "prepared", "Nobody", "alpha",
     "'wanted':'alpha_days','prepared':'three_days','weight':'19.9 kg'",
     "3-day bag is given only if weight >= 20 kg"},
    {"unknown_formula", "error", "formula", "Nobody", "alpha", "'wanted':'alpha_days'",
     "unknown formula \"mostellar\"; nearest: mosteller"},
    {"no_weight", "error", "weight", "Nobody", "gamma", "",
     "weight is required to calculate 8 mg/kg"},
    {"no_weight", "error", "weight", "Nobody", "alpha",
     "'wanted':'alpha_surface','height':'170 cm'",
     "weight is required to calculate the body surface area (BSA) for 10 mg/m2/day"},
    {"no_weight", "error", "weight", "Nobody", "alpha", "'wanted':'alpha_light'",
     "weight is required to calculate the dose"},
    {"no_height", "error", "height", "Nobody", "alpha", "'wanted':'alpha_surface','weight':'70 kg'",
     "height is required to calculate the body surface area (BSA) for 10 mg/m2/day"},
    {"not_given", "error", "clearance", "Nobody", "alpha", "'wanted':'alpha_clearance'",
     "clearance is required to calculate the dose"},
    {"no_rule", "error", "", "Nobody", "alpha", "'wanted':'alpha_light','weight':'10 kg'",
     "For light patients has no doses for this patient in cycle 1"},
    {"no_rule", "error", "", "Nobody", "alpha",
     "'schedule':[{'cycle':2,'first_day':1,'at_once':'5 mg'}]",
     "Stated days has no doses for this patient in cycle 1"},
    {"regimen_ends", "warning", "", "Nobody", "delta", "'agreed':false",
     "Daily has no doses for this patient in cycle 2: the plan ends before it"},
    {"before_authorization", "warning", "first_dose", "Payer", "alpha",
     "'agreed':true,'first_dose':'2026-11-01'",
     "the first dose is on 2026-11-01; the authorization begins on 2026-11-02"},
    {"label_not_compared", "note", "schedule", "Nobody", "alpha",
     "'wanted':'alpha_surface','schedule':[{'first_day':1,'last_day':5,'a_day':'11 mg/day'}]",
     "cycle 1: the doses of alpha_surface cannot be calculated from the facts given"},
    {"interruption_held", "note", "breaks", "Nobody", "alpha",
     "'wanted':'alpha_days','breaks':[{'first_day':'2026-11-04','last_day':'2026-11-05'}]",
     "2026-11-04 to 2026-11-05: the next dose waits 2 days"},
    {"interruption_idle", "note", "breaks", "Nobody", "alpha",
     "'wanted':'alpha_days','breaks':[{'first_day':'2026-11-07','last_day':'2026-11-08'}]",
     "2026-11-07 to 2026-11-08: no dose is due, so nothing changes"},
    {"cycle_out_of_range", "error", "next", "Nobody", "alpha", "'wanted':'alpha_days','next':4",
     "the next cycle is 4, but Five days has 3"},
    {"cycle_out_of_range", "error", "received_so_far", "Nobody", "alpha",
     "'wanted':'alpha_days','received_so_far':3", "the next cycle is 4, but Five days has 3"},
    {"bad_schedule", "error", "schedule[0]", "Nobody", "alpha", "'schedule':[{'a_day':'5 mg/day'}]",
     "`first_day` is missing"},
    {"bad_schedule", "error", "schedule[1]", "Nobody", "alpha",
     "'schedule':[{'first_day':1,'last_day':3,'a_day':'5 mg/day'},{'first_day':3,'a_day':'5 "
     "mg/day'}]",
     "an entry above already has a dose on one of these days"},
    {"bad_schedule", "error", "schedule[0]", "Nobody", "alpha",
     "'schedule':[{'first_day':3,'last_day':2,'a_day':'5 mg/day'}]",
     "the days are in the wrong order, or exceed the longest cycle"},
    {"bad_schedule", "error", "schedule[0]", "Nobody", "alpha", "'schedule':[{'first_day':3}]",
     "the dose is missing"},
    {"bad_schedule", "error", "schedule[0]", "Nobody", "alpha",
     "'schedule':[{'first_day':3,'a_day':'5 mg/day','at_once':'5 mg'}]", "one dose, not several"},
    {"bad_schedule", "error", "schedule[0]", "Nobody", "alpha",
     "'schedule':[{'first_day':9,'cycle_days':8,'a_day':'5 mg/day'}]",
     "a dose falls after the cycle's last day"},
    {"bad_schedule", "error", "schedule[1]", "Nobody", "alpha",
     "'schedule':[{'first_day':1,'cycle_days':8,'at_once':'5 "
     "mg'},{'first_day':2,'cycle_days':9,'at_once':'5 mg'}]",
     "an entry above gives the cycle a different length"},
    {"bad_interruption", "error", "breaks[0]", "Nobody", "alpha",
     "'wanted':'alpha_days','breaks':[{'first_day':'2026-11-05','last_day':'2026-11-04'}]",
     "the last day comes before the first"},
    {"bad_interruption", "error", "breaks[1]", "Nobody", "alpha",
     "'wanted':'alpha_days','breaks':[{'first_day':'2026-11-05','last_day':'2026-11-05'},{'first_"
     "day':'2026-11-04'}]",
     "`last_day` is missing"},
    {"bad_interruption", "error", "breaks[0]", "Nobody", "alpha",
     "'wanted':'alpha_days','breaks':[{'first_day':'2026-11-05','last_day':'2027-12-10'}]",
     "the interruption is too long to plan"},
    {"after_authorization", "error", "first_dose", "Payer", "alpha",
     "'agreed':true,'first_dose':'2026-11-22'",
     "the first dose is on 2026-11-22; the authorization ends on 2026-11-21"},
    {"too_large", "error", "", "Nobody", "alpha",
     "'schedule':[{'first_day':1,'at_once':'1000001 mg'}]",
     "a dose is too large for counting vials"},
    {"body_surface_differs", "warning", "surface", "Nobody", "alpha",
     "'wanted':'alpha_surface','weight':'70 kg','height':'170 cm','surface':'1.91 m2'",
     "stated 1.91 m2; Mosteller gives 1.818118685 m2, which is used"},
    {"body_surface_unchecked", "warning", "surface", "Nobody", "alpha",
     "'wanted':'alpha_surface','surface':'1.7 m2'",
     "1.7 m2 is used as stated: no weight and height are given to check it"},
    {"body_surface_unchecked", "warning", "surface", "Nobody", "alpha",
     "'wanted':'alpha_surface','surface':'1.7 m2','weight':'60 kg'",
     "1.7 m2 is used as stated: no height is given to check it"},
    {"cycles_beyond_regimen", "warning", "asked_for", "Nobody", "alpha",
     "'wanted':'alpha_days','next':2,'asked_for':3",
     "3 cycles are planned starting with cycle 2, but Five days has 3"},
    {"more_than_authorized", "warning", "asked_for", "Payer", "alpha",
     "'agreed':true,'asked_for':3", "3 cycles are requested, 2 authorized"},
    {"record_conflict", "warning", "next", "Nobody", "alpha",
     "'wanted':'alpha_days','next':3,'received_so_far':1",
     "the next cycle is given as 3; cycles received: 1"},
    {"regimen_not_authorized", "warning", "wanted", "Payer", "alpha",
     "'agreed':true,'wanted':'alpha_light','weight':'1 kg'",
     "alpha_light is planned; the authorization is for alpha_days"},
    {"authorization_short", "warning", "", "Payer", "alpha",
     "'agreed':true,'first_dose':'2026-11-12'",
     "authorized until 2026-11-21: a dose falls on 2026-11-22 (cycle 2, day 3)"},
    {"limit_exceeded", "warning", "", "Payer", "alpha",
     "'agreed':true,'schedule':[{'cycle_days':8,'first_day':1,'last_day':5,'a_day':'15 mg/day'}]",
     "60 units of J0001 every 8 days: 80 on 2026-11-05 (cycle 1, day 4)"},
    {"above_regimen", "warning", "schedule", "Nobody", "alpha",
     "'wanted':'alpha_days','schedule':[{'first_day':1,'last_day':5,'a_day':'11 mg/day'}]",
     "cycle 1, days 1 to 5: 11 mg stated, 10 mg by alpha_days"},
    {"above_regimen", "warning", "schedule", "Nobody", "alpha",
     "'wanted':'alpha_days','schedule':[{'cycle_days':7,'first_day':1,'last_day':5,'a_day':'10 "
     "mg/day'}]",
     "cycle 1: 7 days stated, 8 by alpha_days"},
    {"dose_differs", "warning", "highest", "Nobody", "alpha",
     "'wanted':'alpha_days','highest':'9.5 mg/day'",
     "9.5 mg/day stated; Five days gives 10 mg/day"},
    {"dose_differs", "warning", "on_day_1", "Nobody", "gamma",
     "'weight':'50 kg','on_day_1':'7 mg/kg'", "7 mg/kg stated; By weight gives 8 mg/kg"},
    {"assumed", "warning", "responding", "Nobody", "alpha", "'wanted':'alpha_response'",
     "not known: responding; cycle 1 is planned with 21 days"},
    {"interruption_ends_cycle", "warning", "breaks", "Nobody", "alpha",
     "'wanted':'alpha_days','breaks':[{'first_day':'2026-11-04','last_day':'2026-11-06'}]",
     "cycle 1 ends on its day 3, 2026-11-06: the interruption is longer than 2 days"},
    {"below_regimen", "note", "schedule", "Nobody", "alpha",
     "'wanted':'alpha_days','schedule':[{'first_day':1,'last_day':4,'a_day':'10 mg/day'}]",
     "cycle 1, day 5: nothing stated, 10 mg by alpha_days"},
    {"authorization_enough", "note", "", "Payer", "alpha", "'agreed':true",
     "the last dose is on 2026-11-14; the authorization ends on 2026-11-21"},
    {"not_authorized", "note", "", "Nobody", "alpha", "'wanted':'alpha_days'",
     "nothing is authorized; the plan shows what is requested"},
    {"limit_not_checked", "note", "", "Payer", "alpha", "'agreed':true",
     "30 tablets every 30 days: the plan does not count tablets"},
    {"vials_derived", "note", "", "Nobody", "alpha", "'wanted':'alpha_days'",
     "vial counts that no table prints were derived from the usable volume of a vial"},
    {"no_vial", "note", "", "Nobody", "beta", "", "no vial or billing unit is declared for Beta"},
};

/* Names that a request cannot hold, but a caller may ask for. */
static const licet_dose_options *options_of(const char *message) {
  static const licet_dose_options asked[] = {{.regimen = "alpha_dais"},
                                             {.preparation = "one_dya"},
                                             {.formula = "mostellar"},
                                             {.regimen = NULL}};
  size_t i = 0;
  const char *name;
  while ((name = asked[i].regimen       ? asked[i].regimen
                 : asked[i].preparation ? asked[i].preparation
                                        : asked[i].formula) != NULL &&
         strstr(message, name) == NULL)
    i++;
  return &asked[i];
}

static void every_finding_says_what_and_where(void **state) {
  Fixture *f = *state;
  for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
    const licet_dose_plan *plan = plan_with(f, findings[i].payer, findings[i].drug,
                                            findings[i].facts, options_of(findings[i].message));
    licet_dose_finding finding;
    size_t at = 0;
    while ((finding = licet_dose_plan_finding(plan, at)).message != NULL &&
           (strcmp(licet_dose_finding_kind_name(finding.kind), findings[i].id) != 0 ||
            strcmp(finding.message, findings[i].message) != 0))
      at++;
    if (finding.message == NULL)
      fail_msg("no %s \"%s\" in %s", findings[i].id, findings[i].message,
               licet_dose_json(plan, NULL));
    assert_string_equal(licet_severity_name(finding.severity), findings[i].severity);
    assert_string_equal(finding.field, findings[i].field);
    bool is_error = finding.severity == LICET_SEVERITY_ERROR;
    if (is_error != (licet_dose_plan_cycle(plan, 0).title == NULL))
      fail_msg("%s: cycles and errors: %s", findings[i].id, licet_dose_json(plan, NULL));
  }
}

/* ---- Names ---- */

static void assert_name_request_error(Fixture *f, const char *drug, const char *facts,
                                      const char *field, const char *expected,
                                      const char *nearest) {
  char request[1024];
  const licet_determination *d;
  snprintf(request, sizeof request,
           "{'payer':'%s','line':'commercial','drug':'%s','kind':'initial','received':'2026-11-"
           "02','facts':{%s}}",
           strlen(drug) > 8 ? "Centene" : "Payer", drug, facts);
  const char *json = quoted(f, request);
  if (licet_decide(f->session, json, strlen(json), &d) != LICET_BAD_REQUEST)
    fail_msg("no fault: %s", facts);
  licet_request_error request_error = licet_session_error(f->session, 0);
  assert_string_equal(request_error.field, field);
  assert_string_equal(request_error.expected, expected);
  assert_string_equal(request_error.nearest, nearest);
}

/* Names are open words for the language; these must be declared, as the values of an enumeration
 * must. */
static void a_name_that_nobody_declared_is_a_fault(void **state) {
  Fixture *f = *state;
  const char *of_alpha =
      "alpha_days | alpha_surface | alpha_clearance | alpha_light | alpha_response";
  assert_name_request_error(f, "alpha", "'wanted':'alpha_dais'", "wanted", of_alpha, "alpha_days");
  assert_name_request_error(f, "alpha", "'wanted':{'value':'nonsense','document':'d'}", "wanted",
                            of_alpha, "");
  assert_name_request_error(f, "alpha", "'wanted':'delta_daily'", "wanted", of_alpha,
                            ""); /* another drug's */
  assert_name_request_error(f, "delta", "'wanted':'alpha_days'", "wanted", "delta_daily", "");
  assert_name_request_error(f, "alpha", "'prepared':'one_dya'", "prepared", "one_day | three_days",
                            "one_day");
  assert_name_request_error(f, "alpha", "'formula':'mostellar'", "formula",
                            "mosteller | dubois | haycock | gehan_george", "mosteller");
  assert_finding(
      plan_for(f, "ALPHA", "'wanted':'Alpha_Days','prepared':'ONE_DAY','formula':'Du Bois'"),
      "not_authorized", "nothing is authorized; the plan shows what is requested");
}

static void no_finding_is_left_untested(void **state) {
  (void)state;
  static const char *const ids[] = {
#define LICET_DOSE_FINDING(symbol, word, severity, text) word,
#include "licet/dose_finding.def"
  };
  for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
    size_t at = 0;
    while (at < sizeof findings / sizeof *findings && strcmp(findings[at].id, ids[i]) != 0) at++;
    if (at == sizeof findings / sizeof *findings) fail_msg("no test of %s", ids[i]);
  }
}

/* With an error nothing is a number: every list is empty, and every accessor still answers. */
static void an_error_leaves_no_numbers(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = plan_for(f, "omega", "'weight':'70 kg'");
  assert_null(licet_dose_plan_cycle(plan, 0).title);
  assert_null(licet_dose_plan_day(plan, 0).date);
  assert_null(licet_dose_plan_line(plan, 0).hcpcs);
  assert_null(licet_dose_plan_limit(plan, 0).text);
  assert_null(licet_dose_plan_comparison(plan, 0).preparation);
  assert_string_equal(licet_dose_plan_drug(plan).name, "");
  assert_string_equal(licet_dose_plan_regimen(plan).name, "");
  assert_string_equal(licet_dose_plan_preparation(plan).name, "");
  assert_string_equal(licet_dose_plan_body(plan).used, "");
  assert_int_equal(licet_dose_plan_totals(plan).vials, 0);
  assert_string_equal(licet_dose_plan_totals(plan).administered, "");
  assert_int_equal(licet_dose_plan_record(plan).cycles_planned, -1);
  assert_plan_has(plan, "'drug':{'name':null");
  assert_null(strstr(licet_dose_json(plan, NULL), "\"totals\""));
}

/* ---- The calendar ---- */

static void a_plan_runs_day_by_day(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = plan_for(f, "alpha", "'wanted':'alpha_days','asked_for':2");
  assert_string_equal(calendar(plan), "DDDDD---|DDDDD---");
  licet_dose_day day = licet_dose_plan_day(plan, 8);
  assert_string_equal(day.date, "2026-11-10");
  assert_int_equal(day.cycle, 2);
  assert_int_equal(day.day, 1);
  assert_string_equal(day.dose, "10 mg");
  assert_string_equal(day.ordered, "10 mg/day");
  assert_string_equal(day.preparation, "1-day bag");
  assert_int_equal(day.vials, 1);
  assert_int_equal(day.billed_units, 10);
  licet_dose_cycle cycle = licet_dose_plan_cycle(plan, 1);
  assert_string_equal(cycle.title, "round");
  assert_int_equal(cycle.number, 2);
  assert_int_equal(cycle.first_day, 8);
  assert_int_equal(cycle.days, 8);
  assert_string_equal(cycle.start, "2026-11-10");
  assert_string_equal(cycle.end, "2026-11-17");
  assert_string_equal(cycle.last_dose, "2026-11-14");
  assert_null(licet_dose_plan_cycle(plan, 2).title);
  assert_null(licet_dose_plan_day(plan, 16).date);
}

#define BREAK(first, last) "{'first_day':'2026-11-" first "','last_day':'2026-11-" last "'}"

static void interruptions_stand_still_or_end_the_cycle(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *breaks, *calendar;
  } rows[] = {
      {"", "DDDDD---|DDDDD---"},
      {BREAK("04", "05"), "DDxxDDD---|DDDDD---"}, /* as long as is allowed */
      {BREAK("04", "06"), "DDxxx|DDDDD---"},      /* a day longer */
      {BREAK("07", "09"),
       "DDDDD---|DDDDD---"}, /* in the days without a dose: nothing stands still */
      {BREAK("08", "11"), "DDDDD---|xxDDDDD---"}, /* from there into the next cycle */
      {BREAK("01", "05"),
       "xxxxDDDDD---|DDDDD---"}, /* before the first dose: the cycle has not begun */
      {BREAK("02", "02"), "xDDDDD---|DDDDD---"}, /* on its very day */
      {BREAK("04", "05") "," BREAK("05", "06"),
       "DDxxx|DDDDD---"}, /* overlapping: one, of three days */
      {BREAK("05", "06") "," BREAK("04", "04"),
       "DDxxx|DDDDD---"}, /* side by side, listed in the wrong order */
      {BREAK("04", "08") "," BREAK("05", "05"), "DDxxxxx|DDDDD---"}, /* one within the other */
      {BREAK("03", "04") "," BREAK("06", "07"),
       "DxxDxxDDD---|DDDDD---"},                /* two, each short enough */
      {BREAK("06", "08"), "DDDDxxx|DDDDD---"},  /* on the last day of doses */
      {BREAK("20", "30"), "DDDDD---|DDDDD---"}, /* after the last dose */
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char facts[512];
    snprintf(facts, sizeof facts, "'wanted':'alpha_days','asked_for':2,'breaks':[%s]",
             rows[i].breaks);
    const licet_dose_plan *plan = plan_for(f, "alpha", facts);
    if (strcmp(calendar(plan), rows[i].calendar) != 0)
      fail_msg("%s: %s", rows[i].breaks, calendar(plan));
    assert_int_equal(found(plan, "interruption_ends_cycle") != NULL,
                     strstr(rows[i].calendar, "x|") != NULL);
    assert_int_equal(licet_dose_plan_cycle(plan, 0).is_cut_short,
                     strstr(rows[i].calendar, "x|") != NULL);
  }
}

/* What hangs when the drug is stopped is lost; what is left of the cycle is prepared again. */
static void an_interruption_takes_the_bag_with_it(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = plan_for(f, "alpha",
                                         "'wanted':'alpha_days','asked_for':1,'prepared':'three_"
                                         "days','weight':'70 kg','breaks':[" BREAK("03", "03") "]");
  static const uint32_t begun[] = {3, 0, 3, 0, 0, 1};
  assert_string_equal(calendar(plan), "DxDDDD---");
  for (size_t i = 0; i < sizeof begun / sizeof *begun; i++)
    assert_int_equal(licet_dose_plan_day(plan, i).preparation_days, begun[i]);
  assert_string_equal(licet_dose_plan_day(plan, 5).preparation, "1-day bag");
  assert_string_equal(licet_dose_plan_totals(plan).administered, "50 mg");
  assert_int_equal(licet_dose_plan_totals(plan).vials,
                   3 + 3 + 1); /* 30 mg are three of 10 mg, rather than 10 and 25 with 5 lost */
}

static void a_longer_interruption_of_seven_days_stays_in_the_cycle_and_of_eight_ends_it(
    void **state) {
  Fixture *f = *state;
  char facts[256];
  for (int last = 18; last <= 19; last++) {
    snprintf(facts, sizeof facts,
             "'dose_regimen':'blinatumomab_mrd','weight':'70 kg','cycles_requested':2,"
             "'interruptions':[{'first_day':'2026-11-12','last_day':'2026-11-%d'}]",
             last);
    const licet_dose_plan *plan = plan_for(f, "blinatumomab", facts);
    licet_dose_cycle first = licet_dose_plan_cycle(plan, 0),
                     second = licet_dose_plan_cycle(plan, 1);
    assert_int_equal(first.is_cut_short, last == 19);
    assert_int_equal(first.totals.dose_days, last == 19 ? 10 : 28);
    assert_int_equal(first.length, last == 19 ? 18 : 49);
    assert_string_equal(second.start, last == 19 ? "2026-11-20" : "2026-12-21");
    assert_int_equal(second.totals.dose_days, 28);
  }
}

/* ---- Members ---- */

static void what_is_given_is_named(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = plan_for(f, "ALPHA", "'wanted':'Alpha_Days','weight':'70 kg'");
  licet_dose_drug drug = licet_dose_plan_drug(plan);
  assert_string_equal(drug.name, "alpha");
  assert_string_equal(drug.title, "Alpha (Alphar)");
  assert_string_equal(drug.hcpcs, "J0001");
  assert_string_equal(drug.unit, "1 mg");
  assert_string_equal(drug.vials, "25 mg, 10 mg");
  assert_string_equal(drug.ndcs, "00001-0002-01, 00001-0001-01");
  licet_dose_regimen regimen = licet_dose_plan_regimen(plan);
  assert_string_equal(regimen.name, "alpha_days");
  assert_string_equal(regimen.title, "Five days");
  assert_int_equal(regimen.chosen_by, LICET_CHOSEN_BY_REQUEST);
  assert_int_equal(regimen.cycles, 3);
  licet_dose_preparation preparation = licet_dose_plan_preparation(plan);
  assert_string_equal(preparation.name, "one_day");
  assert_int_equal(preparation.chosen_by, LICET_CHOSEN_BY_DRUG);
  assert_string_equal(
      licet_outcome_name(licet_determination_outcome(licet_dose_determination(plan))), "no_policy");
}

static void an_option_goes_before_the_request_and_the_request_before_the_grant(void **state) {
  Fixture *f = *state;
  const licet_dose_options options = {
      .regimen = "alpha_surface", .preparation = "three_days", .formula = "Du Bois"};
  const char *facts =
      "'wanted':'alpha_days','prepared':'one_day','formula':'haycock','weight':'70 "
      "kg','height':'170 cm'";
  const licet_dose_plan *plan = plan_with(f, "Nobody", "alpha", facts, &options);
  assert_string_equal(licet_dose_plan_regimen(plan).name, "alpha_surface");
  assert_int_equal(licet_dose_plan_regimen(plan).chosen_by, LICET_CHOSEN_BY_OPTION);
  assert_string_equal(licet_dose_plan_preparation(plan).name, "three_days");
  assert_int_equal(licet_dose_plan_preparation(plan).chosen_by, LICET_CHOSEN_BY_OPTION);
  assert_int_equal(licet_dose_plan_body(plan).formula, LICET_FORMULA_DUBOIS);
  assert_string_equal(licet_dose_plan_body(plan).computed, "1.809707801 m2");
  plan = plan_for(f, "alpha", facts);
  assert_int_equal(licet_dose_plan_regimen(plan).chosen_by, LICET_CHOSEN_BY_REQUEST);
  assert_int_equal(licet_dose_plan_preparation(plan).chosen_by, LICET_CHOSEN_BY_REQUEST);
  assert_int_equal(licet_dose_plan_body(plan).formula, LICET_FORMULA_HAYCOCK);
  assert_int_equal(licet_dose_plan_regimen(authorized(f, "")).chosen_by,
                   LICET_CHOSEN_BY_AUTHORIZATION);
  assert_int_equal(licet_dose_plan_regimen(plan_for(f, "gamma", "'weight':'50 kg'")).chosen_by,
                   LICET_CHOSEN_BY_DRUG);
  assert_int_equal(
      licet_dose_plan_regimen(
          plan_for(f, "gamma", "'weight':'50 kg','schedule':[{'first_day':1,'at_once':'50 mg'}]"))
          .chosen_by,
      LICET_CHOSEN_BY_SCHEDULE);
}

static void a_stated_surface_is_used_within_five_percent(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *stated, *used;
  } rows[] = {{"1.9 m2", "1.9 m2"},
              {"1.909024619 m2", "1.909024619 m2"},
              {"1.90902462 m2", "1.818118685 m2"},
              {"1.727212751 m2", "1.727212751 m2"},
              {"1.72721275 m2", "1.818118685 m2"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char facts[256];
    snprintf(facts, sizeof facts,
             "'wanted':'alpha_surface','weight':'70 kg','height':'170 cm','surface':'%s'",
             rows[i].stated);
    const licet_dose_plan *plan = plan_for(f, "alpha", facts);
    assert_string_equal(licet_dose_plan_body(plan).stated, rows[i].stated);
    assert_string_equal(licet_dose_plan_body(plan).used, rows[i].used);
    assert_string_equal(licet_dose_plan_body(plan).computed, "1.818118685 m2");
    assert_int_equal(found(plan, "body_surface_differs") != NULL,
                     strcmp(rows[i].used, rows[i].stated) != 0);
    assert_no_finding(plan, "body_surface_unchecked");
  }
}

static void a_bound_is_told_where_it_is_reached(void **state) {
  Fixture *f = *state;
  licet_dose_day day =
      licet_dose_plan_day(plan_for(f, "alpha", "'wanted':'alpha_surface','surface':'1.81 m2'"), 0);
  assert_true(day.is_capped);
  assert_string_equal(day.dose, "18 mg");
  day = licet_dose_plan_day(plan_for(f, "alpha", "'wanted':'alpha_surface','surface':'1.8 m2'"), 0);
  assert_false(day.is_capped);
  assert_string_equal(day.dose, "18 mg");
}

/* Of two sizes the vials that leave least, and of those the fewest. */
static void vials_leave_least(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *dose;
    int64_t vials, billed;
  } rows[] = {{"1 mg", 1, 10},  {"10 mg", 1, 10}, {"11 mg", 2, 20},   {"21 mg", 1, 25},
              {"25 mg", 1, 25}, {"26 mg", 3, 30}, {"35 mg", 2, 35},   {"36 mg", 4, 40},
              {"50 mg", 2, 50}, {"55 mg", 4, 55}, {"100 mg", 4, 100}, {"251 mg", 12, 255}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char facts[128];
    snprintf(facts, sizeof facts, "'schedule':[{'first_day':1,'at_once':'%s'}],'asked_for':1",
             rows[i].dose);
    licet_dose_totals totals = licet_dose_plan_totals(plan_for(f, "alpha", facts));
    if (totals.vials != rows[i].vials || totals.billed_units != rows[i].billed)
      fail_msg("%s: %lld vials, %lld billed", rows[i].dose, (long long)totals.vials,
               (long long)totals.billed_units);
    assert_string_equal(totals.administered, rows[i].dose);
  }
}

static void what_is_lost_has_a_line_of_its_own(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = plan_for(f, "gamma", "'weight':'50 kg','asked_for':2");
  static const struct {
    const char *modifier;
    uint32_t cycle;
    int64_t units;
  } lines[] = {{"JZ", 1, 40}, {"JZ", 2, 30}};
  for (size_t i = 0; i < 2; i++) {
    licet_dose_line line = licet_dose_plan_line(plan, i);
    assert_string_equal(line.hcpcs, "J0003");
    assert_string_equal(licet_modifier_name(line.modifier), lines[i].modifier);
    assert_int_equal(line.cycle, lines[i].cycle);
    assert_int_equal(line.units, lines[i].units);
  }
  assert_null(licet_dose_plan_line(plan, 2).hcpcs);
  plan = plan_for(f, "gamma",
                  "'weight':'50.1 kg','asked_for':1"); /* 400.8 mg: 41 units of 10 mg, 5 vials */
  assert_int_equal(licet_dose_plan_line(plan, 0).modifier, LICET_MODIFIER_NONE);
  assert_int_equal(licet_dose_plan_line(plan, 0).units, 41);
  assert_int_equal(licet_dose_plan_line(plan, 1).modifier, LICET_MODIFIER_JW);
  assert_int_equal(licet_dose_plan_line(plan, 1).units, 9);
  assert_null(licet_dose_plan_line(plan, 2).hcpcs);
  assert_null(licet_dose_plan_line(plan_for(f, "beta", ""), 0).hcpcs);
}

/* Twice 9.5 mg from a vial of 10 are two dates on which nothing is discarded: a cycle has no JW
 * line that no date has. */
static void the_units_of_a_cycle_are_those_of_its_dates(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = plan_for(
      f, "alpha",
      "'schedule':[{'first_day':1,'at_once':'9.5 mg'},{'first_day':8,'at_once':'9.5 mg'}]");
  assert_plan_has(plan, "'billing':[{'cycle':1,'hcpcs':'J0001','modifier':'JZ','units':20}]");
  assert_int_equal(licet_dose_plan_totals(plan).administered_units, 20);
  assert_int_equal(licet_dose_plan_totals(plan).discarded_units, 0);
  /* a date that discards something, and one that does not */
  plan =
      plan_for(f, "alpha",
               "'schedule':[{'first_day':1,'at_once':'6 mg'},{'first_day':8,'at_once':'9.5 mg'}]");
  assert_plan_has(plan,
                  "'billing':[{'cycle':1,'hcpcs':'J0001','modifier':null,'units':6},{'cycle':1,'"
                  "hcpcs':'J0001','modifier':'JW','units':4},{'cycle':1,'hcpcs':'J0001','modifier':"
                  "'JZ','units':10}]");
}

/* 327.6 mcg in a cycle are 28 dates of 12 units each, not 328 units. */
static void each_date_of_service_is_rounded_up_by_itself(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *facts;
    size_t day;
    int64_t vials, billed, administered, discarded;
    const char *modifier;
  } rows[] = {
      /* 11.25 mg a day, units of 1 mg, vials of 10 and 25 mg; 1-day bags */
      {"'schedule':[{'first_day':1,'last_day':5,'a_day':'11.25 mg/day'}]", 0, 2, 20, 12, 8, "JW"},
      {"'schedule':[{'first_day':1,'last_day':5,'a_day':'11.25 mg/day'}]", 4, 2, 20, 12, 8, "JW"},
      {"'schedule':[{'first_day':1,'at_once':'10 mg'}]", 0, 1, 10, 10, 0, "JZ"},
      {"'schedule':[{'first_day':1,'at_once':'9.5 mg'}]", 0, 1, 10, 10, 0, "JZ"},
      /* 3-day bags of 5 days: the last two days run from 1-day bags */
      {"'prepared':'three_days','weight':'20 "
       "kg','schedule':[{'first_day':1,'last_day':5,'a_day':'3.1 mg/day'}]",
       0, 1, 10, 10, 0, "JZ"},
      {"'prepared':'three_days','weight':'20 "
       "kg','schedule':[{'first_day':1,'last_day':5,'a_day':'3.1 mg/day'}]",
       1, 0, 0, 0, 0, ""},
      {"'prepared':'three_days','weight':'20 "
       "kg','schedule':[{'first_day':1,'last_day':5,'a_day':'3.1 mg/day'}]",
       3, 1, 10, 4, 6, "JW"},
      /* stopped after a day: what hangs is lost */
      {"'prepared':'three_days','weight':'20 "
       "kg','breaks':[{'first_day':'2026-11-03','last_day':'2026-11-04'}],"
       "'schedule':[{'first_day':1,'last_day':3,'a_day':'3.1 mg/day'}]",
       0, 1, 10, 4, 6, "JW"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    licet_dose_day day = licet_dose_plan_day(plan_for(f, "alpha", rows[i].facts), rows[i].day);
    if (day.vials != rows[i].vials || day.billed_units != rows[i].billed ||
        day.administered_units != rows[i].administered ||
        day.discarded_units != rows[i].discarded ||
        strcmp(licet_modifier_name(day.modifier), rows[i].modifier) != 0)
      fail_msg("row %zu: %lld vials, billed %lld, administered %lld, discarded %lld, %s", i,
               (long long)day.vials, (long long)day.billed_units, (long long)day.administered_units,
               (long long)day.discarded_units, licet_modifier_name(day.modifier));
  }
}

static void preparations_stand_side_by_side(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan =
      plan_for(f, "alpha", "'wanted':'alpha_days','asked_for':1,'weight':'19 kg'");
  licet_dose_comparison one = licet_dose_plan_comparison(plan, 0),
                        three = licet_dose_plan_comparison(plan, 1);
  assert_string_equal(one.preparation, "one_day");
  assert_true(one.is_chosen);
  assert_string_equal(one.not_allowed, "");
  assert_int_equal(one.totals.preparations, 5);
  assert_int_equal(one.totals.vials, 5);
  assert_string_equal(three.title, "3-day bag");
  assert_string_equal(three.not_allowed, "weight >= 20 kg");
  assert_false(three.is_chosen);
  assert_int_equal(three.totals.vials, 0);
  assert_null(licet_dose_plan_comparison(plan, 2).preparation);
  plan = plan_for(f, "alpha", "'wanted':'alpha_days','asked_for':1,'weight':'20 kg'");
  three = licet_dose_plan_comparison(plan, 1);
  assert_string_equal(three.not_allowed, "");
  assert_int_equal(three.totals.preparations, 3); /* three days, and two of one */
  assert_int_equal(three.totals.vials, 3 + 1 + 1);
  assert_int_equal(three.totals.billed_units, 50);
  assert_int_equal(licet_dose_plan_totals(plan).vials, 5); /* the plan itself is as it was */
}

/* ---- The record, the authorization, the limits ---- */

static void the_record_says_what_is_left(void **state) {
  Fixture *f = *state;
  licet_dose_record record = licet_dose_plan_record(
      plan_for(f, "alpha", "'wanted':'alpha_days','received_so_far':1,'asked_for':1,'renewed':3"));
  assert_int_equal(record.cycles_received, 1);
  assert_int_equal(record.cycles_planned, 1);
  assert_int_equal(record.cycles_left, 1);
  assert_int_equal(record.renewals_granted, 3);
  assert_int_equal(record.renewals_left, -1);
  record = licet_dose_plan_record(authorized(f, ""));
  assert_int_equal(record.cycles_received, -1);
  assert_int_equal(record.cycles_planned, 2);
  assert_int_equal(record.cycles_left, 1);
  assert_int_equal(record.renewals_left, 2);
}

static void an_authorization_bounds_the_plan(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan =
      authorized(f, "'first_dose':'2026-11-12'"); /* until 2026-11-21: day 2 of cycle 2 */
  assert_string_equal(calendar(plan), "DDDDD---|DDDDD---");
  assert_string_equal(licet_dose_plan_day(plan, 8).notice, "");
  assert_string_equal(licet_dose_plan_day(plan, 9).notice, "authorization ends");
  assert_string_equal(licet_dose_plan_day(plan, 10).notice, "after the authorization's end");
  for (size_t i = 8; i <= 10; i++) {
    assert_int_equal(licet_dose_plan_day(plan, i).ends_authorization, i == 9);
    assert_int_equal(licet_dose_plan_day(plan, i).after_authorization, i == 10);
    assert_int_equal(licet_dose_plan_day(plan, i).passes_limit, 0);
  }
  licet_dose_limit limit;
  size_t i = 0;
  while ((limit = licet_dose_plan_limit(plan, i)).text != NULL &&
         limit.kind != LICET_LIMIT_AUTHORIZATION)
    i++;
  assert_string_equal(limit.text, "authorized until 2026-11-21");
  assert_string_equal(limit.passed, "2026-11-22");
  assert_int_equal(limit.cycle, 2);
  assert_int_equal(limit.day, 3);
  assert_no_finding(plan, "authorization_enough");
}

/* Vials are counted, and limited, where no billing unit is declared. */
static void a_limit_of_vials_needs_no_billing_unit(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = plan_with(f, "Payer", "delta", "'agreed':true,'asked_for':2", NULL);
  assert_int_equal(licet_dose_plan_totals(plan).vials, 20);
  assert_int_equal(licet_dose_plan_totals(plan).billed_units, 0);
  assert_string_equal(licet_dose_plan_limit(plan, 0).text, "12 vials in total");
  assert_string_equal(licet_dose_plan_limit(plan, 0).passed, "2026-11-10");
  assert_null(licet_dose_plan_line(plan, 0).hcpcs);
}

static void two_limits_passed_on_one_day_are_both_told(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan = authorized(
      f, "'schedule':[{'cycle_days':8,'first_day':1,'last_day':1,'a_day':'2000 mg/day'}]");
  assert_int_equal(licet_dose_plan_day(plan, 0).passes_limit, 1);
  assert_string_equal(licet_dose_plan_day(plan, 0).notice,
                      "exceeds 60 units of J0001 every 8 days; exceeds 12 vials in total");
}

/* A number that means nothing is no number. */
static void what_has_no_measure_is_null_in_json(void **state) {
  Fixture *f = *state;
  const char *json =
      licet_dose_json(plan_with(f, "Payer", "delta", "'agreed':true,'asked_for':2", NULL), NULL);
  assert_non_null(strstr(
      json,
      "\"vials\":20,\"administered_units\":null,\"billed_units\":null,\"discarded_units\":null"));
  assert_non_null(strstr(json, "\"preparation_days\":1,\"vials\":2,\"billed_units\":null"));
  json = licet_dose_json(plan_for(f, "beta", ""), NULL);
  assert_non_null(strstr(
      json,
      "\"vials\":null,\"administered_units\":null,\"billed_units\":null,\"discarded_units\":null"));
}

static void cycles_received_count_against_a_limit_whatever_cycle_is_next(void **state) {
  Fixture *f = *state;
  assert_plan_has(
      authorized(f, "'received_so_far':20,'next':1"),
      "{'limit':'20 cycles in total','kind':'cycles','bound':20,'reached':22,'exceeded_on':'"
      "2026-11-02','cycle':1,'day':1,'amount':21}");
}

static void a_limit_names_the_day_and_the_amount(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan =
      authorized(f, "'schedule':[{'cycle_days':8,'first_day':1,'last_day':5,'a_day':'15 mg/day'}]");
  licet_dose_limit units = licet_dose_plan_limit(plan, 0), vials = licet_dose_plan_limit(plan, 1),
                   cycles = licet_dose_plan_limit(plan, 2);
  assert_string_equal(units.text, "60 units of J0001 every 8 days");
  assert_int_equal(units.kind, LICET_LIMIT_UNITS);
  assert_int_equal(units.bound, 60);
  assert_int_equal(units.reached, 100); /* 20 mg of vials a day */
  assert_string_equal(units.passed, "2026-11-05");
  assert_int_equal(units.cycle, 1);
  assert_int_equal(units.day, 4);
  assert_int_equal(units.amount, 80);
  assert_string_equal(licet_dose_plan_day(plan, 3).notice,
                      "exceeds 60 units of J0001 every 8 days");
  assert_int_equal(licet_dose_plan_day(plan, 3).passes_limit, 1);
  assert_int_equal(licet_dose_plan_day(plan, 4).passes_limit, 0);
  assert_int_equal(licet_dose_plan_day(plan, 3).is_continuous, 1);
  assert_string_equal(vials.text, "12 vials in total");
  assert_int_equal(vials.reached, 20);
  assert_string_equal(vials.passed, "2026-11-11"); /* the seventh bag of two */
  assert_int_equal(vials.amount, 14);
  assert_int_equal(cycles.kind, LICET_LIMIT_CYCLES);
  assert_string_equal(cycles.passed, "");
  assert_int_equal(cycles.reached, 2);
}

/* ---- In the decision ---- */

static const licet_determination *decided(Fixture *f, const char *drug, const char *facts) {
  static char request[16384];
  snprintf(request, sizeof request,
           "{'payer':'Payer','line':'commercial','drug':'%s','kind':'initial','received':'2026-11-"
           "02','facts':{%s}}",
           drug, facts);
  return decide_request(f, request);
}

static void criteria_read_the_doses_of_what_is_stated(void **state) {
  Fixture *f = *state;
  assert_outcome(decided(f, "alpha", "'agreed':false,'wanted':'alpha_days','weight':'50 kg'"),
                 "approve", "");
  assert_outcome(
      decided(f, "alpha", "'agreed':false,'schedule':[{'first_day':1,'a_day':'10 mg/day'}]"),
      "approve", "");
  assert_outcome(decided(f, "alpha",
                         "'agreed':false,'on_day_1':'9 "
                         "mg/kg','schedule':[{'first_day':1,'a_day':'10.000000001 mg/day'}]"),
                 "refer", "criteria_not_met");
  assert_outcome(
      decided(f, "gamma",
              "'agreed':false,'highest':'11 mg/day','wanted':'gamma_weight','weight':'50 kg'"),
      "approve", "");
  assert_outcome(
      decided(f, "gamma", "'agreed':false,'highest':'11 mg/day','wanted':'gamma_weight'"), "pend",
      "");
  assert_json_has(decided(f, "alpha", "'agreed':false,'wanted':'alpha_days'"),
                  "'named_by':'request'");
}

/* By response: 10 mg where there is one, 20 mg where not; which is not known. An assumption plans
 * the supply, and meets no criterion. */
static void an_assumed_dose_meets_no_criterion(void **state) {
  Fixture *f = *state;
  const char *open =
      "'agreed':false,'highest':'11 mg/day','wanted':'alpha_response','weight':'2 kg'"; /* 5 or 10
                                                                                           mg/kg */
  assert_outcome(decided(f, "alpha", open), "pend", "");
  assert_finding(plan_with(f, "Payer", "alpha", open, NULL), "assumed",
                 "not known: responding; cycle 1 is planned with 21 days");
  assert_outcome(decided(f, "alpha",
                         "'agreed':false,'highest':'11 "
                         "mg/day','wanted':'alpha_response','weight':'2 kg','responding':true"),
                 "approve", "");
  assert_outcome(decided(f, "alpha",
                         "'agreed':false,'highest':'11 "
                         "mg/day','wanted':'alpha_response','weight':'2 kg','responding':false"),
                 "refer", "criteria_not_met");
}

static const char *fact_of(const licet_determination *d, const char *fact) {
  for (size_t c = 0; c < licet_determination_criterion_count(d); c++) {
    licet_evidence evidence;
    for (size_t e = 0; (evidence = licet_determination_evidence(d, c, e)).fact != NULL; e++) {
      if (strcmp(evidence.fact, fact) == 0) return evidence.is_known ? evidence.value : "not known";
    }
  }
  return "not read";
}

/* In cycle 2 day 1 brings 0.8 mg/m2, or 0.5 in remission; from cycle 1 on 0.8 is the highest either
 * way. */
static void a_dose_that_is_the_same_either_way_is_no_assumption(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *facts, *day_1, *day_8;
  } rows[] = {{"'cycle_number':1", "\"0.8 mg/m2\"", "\"0.5 mg/m2\""},
              {"'cycle_number':2", "not known", "\"0.5 mg/m2\""},
              {"'cycle_number':2,'remission_on_drug':true", "\"0.5 mg/m2\"", "\"0.5 mg/m2\""},
              {"'cycle_number':2,'remission_on_drug':false", "\"0.8 mg/m2\"", "\"0.5 mg/m2\""}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char request[1024];
    snprintf(request, sizeof request,
             "{'policy':'PA.CP.PHAR.359','line':'medicaid','drug':'inotuzumab_ozogamicin','kind':'"
             "continuation','received':'2026-11-02',"
             "'facts':{'diagnosis':'acute_lymphoblastic_leukemia','dose_regimen':'inotuzumab_"
             "course','weight':'75 kg','height':'160 "
             "cm',%s}}",
             rows[i].facts);
    const licet_determination *d = decide_request(f, request);
    assert_string_equal(fact_of(d, "dose_day_1"), rows[i].day_1);
    assert_string_equal(fact_of(d, "dose_day_8"), rows[i].day_8);
  }
}

/* What is stated, if only as not known, is never replaced by what is computed. */
static void a_stated_dose_stands_and_the_difference_is_told(void **state) {
  Fixture *f = *state;
  assert_outcome(
      decided(f, "alpha",
              "'agreed':false,'wanted':'alpha_days','highest':'10.5 mg/day','on_day_1':'9 mg/kg'"),
      "refer", "criteria_not_met");
  const licet_dose_plan *plan =
      plan_with(f, "Payer", "alpha", "'wanted':'alpha_days','highest':'10.5 mg/day'", NULL);
  assert_finding(plan, "dose_differs", "10.5 mg/day stated; Five days gives 10 mg/day");
  assert_outcome(
      decided(f, "alpha",
              "'agreed':false,'wanted':'alpha_days','highest':null,'on_day_1':'9 mg/kg'"),
      "pend", "");
}

/* More than 5 % off it is a contradiction: neither the dose nor the treatment may decide alone. */
static void a_stated_dose_that_the_treatment_does_not_give_is_a_fault(void **state) {
  Fixture *f = *state;
  assert_string_equal(
      request_errors_of_facts(f, "'wanted':'alpha_days','highest':'10.6 mg/day'"),
      NO_ERRORS_BUT(
          "{'field':'highest','pointer':'/facts/highest','found':''10.6 mg/day'','expected':'a "
          "value consistent with wanted, which gives 10 mg/day'}"));
  assert_string_equal(
      request_errors_of_facts(
          f, "'highest':'5 mg/day','schedule':[{'first_day':1,'last_day':5,'a_day':'60 mg/day'}]"),
      NO_ERRORS_BUT("{'field':'highest','pointer':'/facts/highest','found':''5 "
                    "mg/day'','expected':'a value consistent with schedule, "
                    "which gives 60 mg/day'}"));
}

/* A criterion reads every dose that is ordered, whatever is said beside it: what moves or cuts the
 * plan, breaks it, or contradicts the record takes no ordered dose away. B approves up to 10 mg. */
static void nothing_said_beside_it_hides_an_ordered_dose(void **state) {
  Fixture *f = *state;
#define HIGH_FROM_DAY_4                                                                      \
  "'schedule':[{'first_day':1,'last_day':3,'a_day':'5 mg/day'},{'first_day':4,'last_day':5," \
  "'a_day':'12 mg/day'}]"
#define LATER_HIGH \
  "'schedule':[{'first_day':1,'a_day':'5 mg/day'},{'cycle':2,'first_day':3,'a_day':'12 mg/day'}]"
  static const char *const refused[] = {
      HIGH_FROM_DAY_4,
      HIGH_FROM_DAY_4
      ",'wanted':'alpha_days','breaks':[{'first_day':'2026-11-03','last_day':'"
      "2026-11-20'}]",
      HIGH_FROM_DAY_4 ",'breaks':[{'first_day':'2026-11-03'}]",
      HIGH_FROM_DAY_4 ",'first_dose':'9999-12-30'",
      HIGH_FROM_DAY_4 ",'first_dose':'2020-01-01','prepared':'one_day'",
      HIGH_FROM_DAY_4 ",'wanted':'alpha_days','next':9",
      HIGH_FROM_DAY_4 ",'wanted':'alpha_days','received_so_far':9", LATER_HIGH,
      LATER_HIGH ",'asked_for':1", LATER_HIGH ",'wanted':'alpha_days','next':2",
      LATER_HIGH ",'received_so_far':1,'next':9",
      "'schedule':[{'first_day':9,'cycle_days':8,'a_day':'12 mg/day'}]",
      /* of two statements that differ by no more than a rounding, the larger */
      "'schedule':[{'first_day':1,'a_day':'10.2 mg/day'}],'highest':'10 mg/day'"};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    char facts[1024];
    snprintf(facts, sizeof facts, "'agreed':false,'on_day_1':'9 mg/kg',%s", refused[i]);
    const licet_determination *d = decided(f, "alpha", facts);
    if (licet_determination_outcome(d) != LICET_REFER)
      fail_msg("%s: %s", refused[i], licet_determination_json(d, NULL));
  }
#undef LATER_HIGH
#undef HIGH_FROM_DAY_4
}

/* Where an order cannot be read to its end, what can be read of it still bounds a dose stated. */
static void an_order_that_is_broken_still_bounds_the_dose_stated(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *facts, *given;
  } rows[] = {
      {"'schedule':[{'first_day':1,'a_day':'12 mg/day'},{'first_day':3}]", "at least 12 mg/day"},
      {"'schedule':[{'first_day':1,'a_day':'12 mg/day'},{'a_day':'1 mg/day'}]",
       "at least 12 mg/day"},
      {"'schedule':[{'first_day':1,'last_day':3,'a_day':'8 mg/day'},{'first_day':3,'a_day':'8 "
       "mg/day'}]",
       "at least 16 mg/day"},
      {"'schedule':[{'cycle':1,'first_day':1,'a_day':'12 mg/day'}],'next':2", "at least 12 mg/day"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char facts[1024], expected[1024];
    snprintf(facts, sizeof facts, "'highest':'10 mg/day',%s", rows[i].facts);
    snprintf(expected, sizeof expected, "a value consistent with schedule, which gives %s",
             rows[i].given);
    assert_name_request_error(f, "alpha", facts, "highest", expected, "");
    snprintf(facts, sizeof facts, "'on_day_1':'9 mg/kg',%s", rows[i].facts);
    assert_outcome(decided(f, "alpha", facts), "pend", ""); /* and meets no criterion */
  }
}

/* A drug that only runs by time is given at once, or the other way round: no fact for its own form
 * says that dose, so none of them may pass for the treatment. */
static void a_dose_in_another_form_is_not_hidden_by_the_facts_of_the_usual_one(void **state) {
  Fixture *f = *state;
  assert_name_request_error(
      f, "blinatumomab",
      "'weight':'70 kg','dose_per_day':'28 mcg/day','dose_schedule':[{'first_day':1,'dose':'56 "
      "mcg'}]",
      "dose_per_day", "a value consistent with dose_schedule, which gives at least 56 mcg/day", "");
  assert_name_request_error(
      f, "inotuzumab_ozogamicin",
      "'dose_day_1':'0.5 mg/m2','dose_schedule':[{'first_day':16,'dose_per_area_and_day':'5 "
      "mg/m2/day'}]",
      "dose_day_1", "a value consistent with dose_schedule, which gives a dose on day 16 as well",
      "");
}

/* Facts for single days tell a treatment only where there is no dose on another day. */
static void a_dose_on_a_day_nobody_asks_for_leaves_the_others_open(void **state) {
  Fixture *f = *state;
#define ONE_DOSE "{'first_day':1,'at_once':'80 mg'}"
#define TREATED(doses) \
  "'weight':'10 kg','agreed':false,'highest':'11 mg/day','schedule':[" doses "]"
  assert_outcome(decided(f, "alpha", TREATED(ONE_DOSE)), "approve", "");
  assert_outcome(decided(f, "alpha", TREATED(ONE_DOSE ",{'first_day':4,'at_once':'80 mg'}")),
                 "pend", "");
  const char *request_errors = request_errors_of(
      f,
      "{'payer':'Payer','line':'commercial','drug':'alpha','kind':'initial','received':'2026-11-02'"
      ",'facts':{" TREATED(ONE_DOSE
                           ",{'first_day':4,'at_once':'80 mg'}") ",'on_day_1':'8 mg/kg'}}");
  assert_non_null(strstr(request_errors, "which gives a dose on day 4 as well"));
#undef TREATED
#undef ONE_DOSE
}

static void a_determination_carries_its_treatment(void **state) {
  Fixture *f = *state;
  const licet_determination *d = decided(f, "alpha", "'agreed':true");
  assert_outcome(d, "approve", "");
  assert_non_null(licet_determination_dose(d));
  assert_int_equal(licet_dose_plan_regimen(licet_determination_dose(d)).chosen_by,
                   LICET_CHOSEN_BY_AUTHORIZATION);
  assert_json_has(d, "'dosing':{'drug':{'name':'alpha'");
  assert_json_has(d,
                  "'totals':{'dose_days':10,'preparations':10,'administered':'100 mg','vials':10");
  d = decided(f, "alpha", "'agreed':false,'highest':'5 mg/day'");
  assert_outcome(d, "approve", "");
  assert_null(licet_determination_dose(d)); /* no regimen is given by request or authorization */
  assert_json_has(d, "'dosing':null");
}

/* ---- However it is written ---- */

/* By tokens whose `raw` is the text again, as a caller has them who never had quotes. */
static const char *outcome_by_tokens(Fixture *f, const char *json) {
  JsonReader *reader = json_open();
  const JsonToken *tokens;
  licet_token row[128];
  licet_answer answer;
  uint32_t count;
  const char *message;
  size_t offset;
  assert_int_equal(json_read(reader, json, strlen(json), &tokens, &count, &message, &offset),
                   JSON_OK);
  assert_in_range(count, 1, sizeof row / sizeof *row);
  for (uint32_t i = 0; i < count; i++) {
    row[i] = tokens[i];
    row[i].raw = row[i].text == NULL ? "" : row[i].text;
    row[i].raw_length = row[i].length;
  }
  const licet_status status = licet_decide_tokens(f->session, row, count, &answer);
  json_close(reader);
  return status == LICET_OK ? licet_outcome_name(answer.outcome) : licet_status_text(status);
}

/* 120 cm and 30.5 kg are 1.008 m2 by Mosteller, 0.988 m2 by Du Bois: above and below 10 mg a day.
 */
static void a_name_is_what_it_says_however_it_is_written(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *drug, *facts, *outcome;
  } rows[] = {
      {"alpha", "'wanted':'alpha_days'", "approve"},
      {"alph\\u0061", "'wanted':'alpha_days'", "approve"},
      {"alpha", "'wanted':'alpha_day\\u0073'", "approve"},
      {"alpha", "'wanted':{'value':'alpha_day\\u0073','document':'d'}", "approve"},
      {"alpha", "'wanted':'gamma_weight','agreed':true", "bad request"},
      {"alph\\u0061", "'wanted':'gamma_weight','agreed':true", "bad request"},
      {"alpha", "'wanted':'alpha_surface','height':'120 cm','weight':'30.5 kg'", "pend"},
      {"alpha", "'wanted':'alpha_surface','height':'120 cm','weight':'30.5 kg','formula':'Du Bois'",
       "approve"},
      {"alpha",
       "'wanted':'alpha_surface','height':'120 cm','weight':'30.5 kg','formula':'Du\\u0020Bois'",
       "approve"},
      {"alpha", "'prepared':'one_da\\u0079','agreed':true", "approve"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char request[1024];
    const licet_determination *d;
    snprintf(request, sizeof request,
             "{'payer':'Payer','line':'commercial','drug':'%s','kind':'initial','received':'2026-"
             "11-02','facts':{%s}}",
             rows[i].drug, rows[i].facts);
    const licet_status status = decide_status(f, request, &d);
    const char *by_text = status == LICET_OK ? licet_outcome_name(licet_determination_outcome(d))
                                             : licet_status_text(status);
    const char *by_tokens = outcome_by_tokens(f, quoted(f, request));
    if (strcmp(by_text, rows[i].outcome) != 0 || strcmp(by_tokens, rows[i].outcome) != 0)
      fail_msg("%s: by its text %s, by its tokens %s, not %s", request, by_text, by_tokens,
               rows[i].outcome);
  }
}

static void a_plan_names_what_is_written_with_escapes(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan =
      plan_for(f, "alph\\u0061",
               "'wanted':'alpha_day\\u0073','prepared':'three_da\\u0079s','weight':'70 kg'");
  assert_string_equal(licet_dose_plan_regimen(plan).name, "alpha_days");
  assert_plan_has(plan, "'name':'three_days','title':'3-day bag','chosen':true");
}

static void the_same_request_gives_the_same_bytes(void **state) {
  Fixture *f = *state;
  const char *facts =
      "'agreed':true,'prepared':'three_days','weight':'70 kg','breaks':[" BREAK("04", "06") "]";
  char *first = strdup(licet_dose_json(plan_with(f, "Payer", "alpha", facts, NULL), NULL));
  size_t length;
  const licet_dose_plan *plan = plan_with(f, "Payer", "alpha", facts, NULL);
  assert_string_equal(licet_dose_json(plan, &length), first);
  assert_int_equal(strlen(first), length);
  assert_string_equal(licet_dose_json(plan, NULL), first);
  free(first);
}

static void json_shows_the_days_and_the_preparations(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan =
      plan_for(f, "alpha",
               "'wanted':'alpha_days','asked_for':1,'breaks':[" BREAK(
                   "03", "03") "],'weight':{'value':'70 kg','date':'2026-10-30'}");
  assert_plan_has(plan,
                  "{'request':'D-1','outcome':'no_policy','drug':{'name':'alpha','title':'Alpha "
                  "(Alphar)','hcpcs':'J0001','unit':'1 mg'");
  assert_plan_has(plan,
                  "'weight':'70 kg','weight_date':'2026-10-30','height':null,'height_date':null");
  assert_plan_has(plan, "'doses':[{'days':[1,5],'dose':'10 mg/day','given':'10 mg'}]");
  assert_plan_has(plan, "{'date':'2026-11-03','cycle':1,'day':2,'kind':'interrupted'}");
  assert_plan_has(plan, "{'date':'2026-11-09','cycle':1,'day':7,'kind':'free'}");
  assert_plan_has(
      plan,
      "'preparations':[{'name':'one_day','title':'1-day bag','chosen':true,'not_allowed':null,");
  assert_plan_has(plan, "'billing':[{'cycle':1,'hcpcs':'J0001','modifier':'JZ','units':50}]");
}

/* ---- The policies of this repository ---- */

/* Policy M's label: below 45 kg at most 15 mcg/m2 a day. 20 kg and 110 cm are 0.7817 m2 by
 * Mosteller, 11.73 mcg a day. */
static void criteria_and_plan_rest_on_one_body_surface(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *facts;
    bool is_within, is_cited;
  } rows[] = {
      {"'dose_per_day':'11.7 mcg/day'", true, false},
      {"'dose_per_day':'11.9 mcg/day'", false, false},
      {"'dose_per_day':'11.9 mcg/day','body_surface_area':'0.8 m2'", true, true},
      {"'dose_per_day':'12.1 mcg/day','body_surface_area':'0.8 m2'", false, true},
      {"'dose_per_day':'11.7 mcg/day','body_surface_area':'0.77 m2'", false, true},
      {"'dose_per_day':'12.1 mcg/day','body_surface_area':'0.83 m2'", false,
       false}, /* more than 5 % off */
      {"'dose_per_day':'11.7 mcg/day','body_surface_area':'0.7 m2'", true, false},
      {"'dose_regimen':'blinatumomab_mrd','body_surface_area':'0.8 m2'", true, true},
      {"'dose_regimen':'blinatumomab_mrd','body_surface_area':'0.76 m2'", true, true},
      {"'dose_regimen':'blinatumomab_mrd','body_surface_area':'0.9 m2'", true, false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char request[2048];
    snprintf(request, sizeof request,
             "{'policy':'masshealth-uppl-all','line':'medicaid','drug':'blinatumomab','kind':'"
             "initial','received':'2026-11-02',"
             "'facts':{'weight':'20 kg','height':'110 cm',%s}}",
             rows[i].facts);
    const licet_determination *d = decide_request(f, request);
    const char *json = licet_determination_json(d, NULL),
               *within = strstr(json, "\"Within the label\"");
    assert_non_null(within);
    char criterion[1024];
    snprintf(criterion, sizeof criterion, "%s", within);
    *strchr(criterion, ']') = '\0';
    if ((strstr(criterion, "\"not_met\"") == NULL) != rows[i].is_within)
      fail_msg("%s: %s", rows[i].facts, criterion);
    if ((strstr(criterion, "body_surface_area") != NULL) != rows[i].is_cited)
      fail_msg("%s: %s", rows[i].facts, criterion);
  }
}

/* What a request to OHSU states beside 20 or 28 mcg a day. */
static const licet_dose_plan *ohsu_plan(Fixture *f, const char *facts) {
  static char request[2048];
  const licet_dose_plan *plan;
  snprintf(request, sizeof request,
           "{'payer':'OHSU Health Services','line':'medicaid','drug':'blinatumomab','kind':'initial"
           "','received':'2026-11-09','facts':{'birth_date':'2001-04-05','diagnosis':'acute_"
           "lymphoblastic_leukemia','lineage':'b_cell_precursor','disease_status':'relapsed','live_"
           "vaccine_last':'none','live_vaccine_planned':false,%s}}",
           facts);
  const char *json = quoted(f, request);
  if (licet_dose(f->session, json, strlen(json), NULL, &plan) != LICET_OK)
    fail_msg("%s: %s", facts, licet_session_error_json(f->session, NULL));
  return plan;
}

static void a_schedule_keeps_what_the_drug_and_its_regimen_declare(void **state) {
  Fixture *f = *state;
  /* the cycle's length is the regimen's, though no dose of it can be computed without a height */
  licet_dose_cycle cycle = licet_dose_plan_cycle(
      ohsu_plan(f,
                "'icd10':'C91.02','weight':'40 kg','dose_schedule':[{'first_day':1,'last_day':28,"
                "'dose_per_day':'20 mcg/day'}]"),
      0);
  assert_int_equal(cycle.length, 42);
  /* without a regimen, an interruption ends a cycle as it does in every regimen of the drug */
  cycle = licet_dose_plan_cycle(
      ohsu_plan(f,
                "'weight':'70 kg','dose_schedule':[{'first_day':1,'last_day':28,'dose_per_day':'20 "
                "mcg/day'}],'interruptions':[{'first_day':'2026-11-16','last_day':'2026-11-30'}]"),
      0);
  assert_int_equal(cycle.length, 22);
  assert_true(cycle.is_cut_short);
  /* neighboring entries with one dose are one row */
  assert_plan_has(
      ohsu_plan(f,
                "'icd10':'C91.02','weight':'70 kg','dose_schedule':[{'first_day':1,'last_day':14,"
                "'dose_per_day':'28 mcg/day'},{'first_day':15,'last_day':28,'dose_per_day':'28 "
                "mcg/day'}]"),
      "'doses':[{'days':[1,28],'dose':'28 mcg/day','given':'28 mcg'}]");
}

static void cycles_are_within_the_authorization_where_fewer_are_planned(void **state) {
  Fixture *f = *state;
  const licet_dose_plan *plan =
      ohsu_plan(f, "'icd10':'C91.02','weight':'70 kg','cycle_number':8,'cycles_requested':6");
  assert_plan_has(plan,
                  "{'limit':'5 cycles authorized','kind':'cycles','bound':5,'reached':2,"
                  "'exceeded_on':null}");
  plan = ohsu_plan(f, "'icd10':'C91.02','weight':'70 kg','cycles_requested':6");
  assert_plan_has(plan, "'bound':5,'reached':6,'exceeded_on':'");
}

static void a_regimen_stands_in_for_the_dose_a_policy_limits(void **state) {
  Fixture *f = *state;
  static const struct {
    const char *drug, *facts, *fact, *value;
  } rows[] = {
      {"blinatumomab", "'cycle_number':1,'dose_regimen':'blinatumomab_relapsed','weight':'70 kg'",
       "dose_per_day", "\"28 mcg/day\""},
      {"blinatumomab",
       "'cycle_number':1,'dose_regimen':'blinatumomab_relapsed','weight':'20 kg','height':'109.512 "
       "cm'",
       "dose_per_day", "\"11.7 mcg/day\""},
      {"blinatumomab",
       "'cycle_number':1,'dose_schedule':[{'first_day':1,'last_day':28,'dose_per_day':'28.1 "
       "mcg/day'}]",
       "dose_per_day", "\"28.1 mcg/day\""},
      {"inotuzumab_ozogamicin",
       "'cycle_number':1,'dose_regimen':'inotuzumab_course','weight':'75 kg','height':'160 cm'",
       "dose_day_1", "\"0.8 mg/m2\""},
      {"inotuzumab_ozogamicin",
       "'cycle_number':1,'dose_regimen':'inotuzumab_course','weight':'75 kg','height':'160 cm'",
       "dose_day_8", "\"0.5 mg/m2\""},
      {"inotuzumab_ozogamicin",
       "'dose_regimen':'inotuzumab_course','cycle_number':2,'remission_on_drug':true,'weight':'75 "
       "kg','height':'160 cm'",
       "dose_day_1", "\"0.5 mg/m2\""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char request[2048];
    bool is_ino = rows[i].drug[0] == 'i';
    snprintf(request, sizeof request,
             "{'policy':'%s','line':'medicaid','drug':'%s','kind':'continuation','received':'2026-"
             "11-02','facts':{"
             "'diagnosis':'acute_lymphoblastic_leukemia',%s}}",
             is_ino ? "PA.CP.PHAR.359" : "CP.PHAR.312", rows[i].drug, rows[i].facts);
    const licet_determination *d = decide_request(f, request);
    bool seen = false;
    for (size_t c = 0; c < licet_determination_criterion_count(d); c++) {
      licet_evidence evidence;
      for (size_t e = 0; (evidence = licet_determination_evidence(d, c, e)).fact != NULL; e++) {
        if (strcmp(evidence.fact, rows[i].fact) != 0) continue;
        seen = true;
        if (evidence.value == NULL || strcmp(evidence.value, rows[i].value) != 0)
          fail_msg("%s: %s is %s, not %s", rows[i].facts, rows[i].fact,
                   evidence.is_known ? evidence.value : "not known", rows[i].value);
      }
    }
    if (!seen) fail_msg("no criterion reads %s", rows[i].fact);
  }
}

int main(void) {
  const struct CMUnitTest clinic[] = {
      cmocka_unit_test(every_finding_says_what_and_where),
      cmocka_unit_test(a_name_that_nobody_declared_is_a_fault),
      cmocka_unit_test(no_finding_is_left_untested),
      cmocka_unit_test(an_error_leaves_no_numbers),
      cmocka_unit_test(a_plan_runs_day_by_day),
      cmocka_unit_test(interruptions_stand_still_or_end_the_cycle),
      cmocka_unit_test(an_interruption_takes_the_bag_with_it),
      cmocka_unit_test(what_is_given_is_named),
      cmocka_unit_test(an_option_goes_before_the_request_and_the_request_before_the_grant),
      cmocka_unit_test(a_stated_surface_is_used_within_five_percent),
      cmocka_unit_test(a_bound_is_told_where_it_is_reached),
      cmocka_unit_test(vials_leave_least),
      cmocka_unit_test(what_is_lost_has_a_line_of_its_own),
      cmocka_unit_test(the_units_of_a_cycle_are_those_of_its_dates),
      cmocka_unit_test(each_date_of_service_is_rounded_up_by_itself),
      cmocka_unit_test(preparations_stand_side_by_side),
      cmocka_unit_test(the_record_says_what_is_left),
      cmocka_unit_test(an_authorization_bounds_the_plan),
      cmocka_unit_test(two_limits_passed_on_one_day_are_both_told),
      cmocka_unit_test(what_has_no_measure_is_null_in_json),
      cmocka_unit_test(a_limit_names_the_day_and_the_amount),
      cmocka_unit_test(cycles_received_count_against_a_limit_whatever_cycle_is_next),
      cmocka_unit_test(a_limit_of_vials_needs_no_billing_unit),
      cmocka_unit_test(criteria_read_the_doses_of_what_is_stated),
      cmocka_unit_test(an_assumed_dose_meets_no_criterion),
      cmocka_unit_test(a_stated_dose_stands_and_the_difference_is_told),
      cmocka_unit_test(a_stated_dose_that_the_treatment_does_not_give_is_a_fault),
      cmocka_unit_test(nothing_said_beside_it_hides_an_ordered_dose),
      cmocka_unit_test(an_order_that_is_broken_still_bounds_the_dose_stated),
      cmocka_unit_test(a_dose_on_a_day_nobody_asks_for_leaves_the_others_open),
      cmocka_unit_test(a_determination_carries_its_treatment),
      cmocka_unit_test(a_name_is_what_it_says_however_it_is_written),
      cmocka_unit_test(a_plan_names_what_is_written_with_escapes),
      cmocka_unit_test(the_same_request_gives_the_same_bytes),
      cmocka_unit_test(json_shows_the_days_and_the_preparations),
  };
  const struct CMUnitTest policies[] = {
      cmocka_unit_test(a_longer_interruption_of_seven_days_stays_in_the_cycle_and_of_eight_ends_it),
      cmocka_unit_test(a_dose_that_is_the_same_either_way_is_no_assumption),
      cmocka_unit_test(a_dose_in_another_form_is_not_hidden_by_the_facts_of_the_usual_one),
      cmocka_unit_test(a_schedule_keeps_what_the_drug_and_its_regimen_declare),
      cmocka_unit_test(cycles_are_within_the_authorization_where_fewer_are_planned),
      cmocka_unit_test(criteria_and_plan_rest_on_one_body_surface),
      cmocka_unit_test(a_regimen_stands_in_for_the_dose_a_policy_limits),
  };
  return cmocka_run_group_tests(clinic, open_clinic, close_fixture) +
         cmocka_run_group_tests(policies, open_policies, close_fixture);
}
