/* The file of clocks that is shipped, against due times worked by hand and a walk minute by minute;
 * and files with something wrong in them, against what is said of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "clocks/clocks.h"
#include "store/ledger.h"

#define SHIPPED "policies/plan.clocks"

static Arena arena;
static Clocks *shipped;
static Text shipped_text;

static int open_all(void **context) {
  const char *report;
  (void)context;
  arena_open(&arena);
  shipped = clocks_open(SHIPPED, &arena, &report);
  if (shipped == NULL) fail_msg("%s", report);
  assert_string_equal(report, "");
  shipped_text = shipped->source.text;
  return 0;
}

static int close_all(void **context) {
  (void)context;
  clocks_close(shipped);
  arena_close(&arena);
  return 0;
}

/* ---- Worked due times ---- */

/* "medicare_advantage medical initial standard electronic WA". */
static Selection selection_of(const char *words, int64_t received) {
  static const Selector order[] = {SELECTOR_PROGRAM, SELECTOR_BENEFIT, SELECTOR_LEVEL,
                                   SELECTOR_URGENCY, SELECTOR_CHANNEL, SELECTOR_STATE};
  Selection selection = {.day = zone_day(&shipped->zone, received)};
  selection.words[SELECTOR_ITEM] = TEXT("drug");
  const char *at = words;
  for (size_t i = 0; i < 6; i++) {
    const size_t length = strcspn(at, " ");
    selection.words[order[i]] = (Text){at, (uint32_t)length};
    at += length + (at[length] == ' ');
  }
  return selection;
}

static int64_t instant_of(const char *text) {
  int64_t instant;
  assert_true(instant_parse(text_of(text), &instant));
  return instant;
}

/* The zone is that of Los Angeles: UTC-8, and UTC-7 from 8 March to 1 November 2026. */
static const struct {
  const char *words, *received, *rule, *due;
} worked[] = {
    /* Hours are elapsed: over a weekend, and over the nights on which the wall clock jumps. */
    {"medicare_advantage medical initial standard electronic CA", "2026-11-27T20:00:00Z",
     "ma-partb-standard", "2026-11-30T20:00:00.000Z"},
    {"medicare_advantage medical initial standard electronic CA", "2026-10-31T20:00:00-07:00",
     "ma-partb-standard", "2026-11-04T03:00:00.000Z"},
    {"medicare_advantage medical initial expedited other OR", "2026-03-08T01:30:00-08:00",
     "ma-partb-expedited", "2026-03-09T09:30:00.000Z"},
    {"medicare_advantage pharmacy initial expedited electronic OR", "2026-12-31T23:59:59.999Z",
     "ma-partd-expedited", "2027-01-01T23:59:59.999Z"},
    /* Days end with the day, in the plan's zone: over the change of the clock, and the year. */
    {"medicare_advantage medical appeal standard electronic OR", "2026-10-28T23:30:00-07:00",
     "ma-partb-appeal", "2026-11-05T07:59:59.999Z"},
    {"medicare_advantage medical appeal standard electronic OR", "2026-10-29T00:30:00-07:00",
     "ma-partb-appeal", "2026-11-06T07:59:59.999Z"},
    {"medicare_advantage medical appeal expedited electronic OR", "2026-12-30T12:00:00Z",
     "ma-partb-appeal-expedited", "2027-01-02T12:00:00.000Z"},
    {"medicaid_managed_care medical initial standard electronic MA", "2026-11-29T10:00:00Z",
     "medicaid-managed", "2026-11-30T10:00:00.000Z"},
    {"medicaid_managed_care pharmacy initial expedited other MA", "2026-11-29T10:00:00Z",
     "medicaid-managed", "2026-11-30T10:00:00.000Z"},
    {"medicaid_fee_for_service pharmacy initial standard other MA", "2026-11-29T10:00:00Z",
     "medicaid-state", "2026-11-30T10:00:00.000Z"},
    {"medicaid_managed_care medical appeal standard electronic MA", "2028-01-31T12:00:00-08:00",
     "medicaid-managed-appeal", "2028-03-02T07:59:59.999Z"}, /* a leap day between */
    {"medicaid_managed_care medical appeal expedited electronic MA", "2026-11-29T10:00:00Z",
     "medicaid-managed-appeal-expedited", "2026-12-02T10:00:00.000Z"},
    {"medicaid_fee_for_service medical appeal standard electronic MA", "2026-11-29T10:00:00Z",
     "medicaid-state-appeal", NULL},
    {"chip medical initial standard electronic MA", "2026-12-20T10:00:00-08:00", "chip-standard",
     "2027-01-04T07:59:59.999Z"},
    {"employer_erisa medical initial standard electronic OR", "2027-02-20T10:00:00-08:00",
     "erisa-standard", "2027-03-08T07:59:59.999Z"},
    {"employer_erisa medical initial standard electronic OR", "2027-03-01T10:00:00-08:00",
     "erisa-standard", "2027-03-17T06:59:59.999Z"}, /* summer time began on the 14th */
    {"employer_erisa pharmacy initial expedited electronic OR", "2026-11-29T10:00:00Z",
     "erisa-expedited", "2026-12-02T10:00:00.000Z"},
    {"employer_erisa pharmacy appeal standard electronic OR", "2026-12-15T10:00:00-08:00",
     "erisa-appeal", "2027-01-15T07:59:59.999Z"},
    /* The day of receipt decides between a rule and the one before it. */
    {"commercial medical initial standard electronic OR", "2026-06-30T23:59:59-07:00",
     "commercial-standard-before", "2026-07-16T06:59:59.999Z"},
    {"commercial medical initial standard electronic OR", "2026-07-01T00:00:00-07:00",
     "commercial-standard", "2026-07-09T06:59:59.999Z"},
    {"exchange medical initial expedited electronic OR", "2026-11-29T10:00:00Z",
     "commercial-expedited", "2026-12-02T10:00:00.000Z"},
    /* The rule that names more. */
    {"commercial medical initial standard electronic WA", "2026-06-10T12:00:00-07:00",
     "commercial-standard-before", "2026-06-26T06:59:59.999Z"},
    {"commercial medical initial standard electronic WA", "2026-06-11T12:00:00-07:00",
     "wa-standard", "2026-06-15T06:59:59.999Z"},
    {"commercial medical initial standard other WA", "2026-11-29T12:00:00-08:00",
     "commercial-standard", "2026-12-07T07:59:59.999Z"},
    {"commercial medical initial expedited electronic WA", "2026-11-29T23:00:00-08:00",
     "wa-expedited", "2026-12-01T07:59:59.999Z"},
    {"exchange medical initial standard electronic WA", "2026-11-29T12:00:00-08:00",
     "commercial-standard", "2026-12-07T07:59:59.999Z"},
    /* What is proposed is off. */
    {"exchange medical initial standard electronic OR", "2027-11-01T12:00:00-07:00",
     "commercial-standard", "2027-11-09T07:59:59.999Z"},
    /* A member of no state that is named, or who does not say. */
    {"commercial medical initial standard electronic ", "2026-11-29T12:00:00-08:00",
     "commercial-standard", "2026-12-07T07:59:59.999Z"},
};

static void rules_and_due_times_are_as_worked(void **context) {
  (void)context;
  for (size_t i = 0; i < sizeof worked / sizeof *worked; i++) {
    const int64_t received = instant_of(worked[i].received);
    const Selection selection = selection_of(worked[i].words, received);
    const ClockRule *rule = clocks_choose(shipped, TABLE_DECISIONS, &selection);
    assert_non_null(rule);
    const int64_t due = clocks_due(shipped, rule->time, received);
    const Text text = due == 0 ? TEXT("none") : instant_text(&arena, due);
    if (!text_is(rule->name, worked[i].rule) ||
        !text_is(text, worked[i].due == NULL ? "none" : worked[i].due))
      fail_msg("%s, %s: %.*s, %.*s", worked[i].words, worked[i].received, TEXT_ARGS(rule->name),
               TEXT_ARGS(text));
  }
}

static void extensions_end_with_a_day(void **context) {
  (void)context;
  /* 72 hours from Sunday evening end on Wednesday evening; 14 days more, on Wednesday 16 December.
   */
  const int64_t due = instant_of("2026-12-03T03:00:00Z");
  assert_true(
      text_is(instant_text(&arena, clocks_extended(shipped, due, 14)), "2026-12-17T07:59:59.999Z"));
  /* 15 days that ended with 31 October, before the change of the clock, and 15 more. */
  const int64_t end = instant_of("2026-11-01T06:59:59.999Z");
  assert_true(
      text_is(instant_text(&arena, clocks_extended(shipped, end, 15)), "2026-11-16T07:59:59.999Z"));
}

static void other_tables_answer_too(void **context) {
  Selection selection = selection_of("medicare_advantage medical initial standard electronic OR",
                                     instant_of("2026-11-29T10:00:00Z"));
  (void)context;
  assert_false(clocks_choose(shipped, TABLE_DECIDERS, &selection)->pharmacist_may_deny);
  assert_int_equal(clocks_choose(shipped, TABLE_APPEALS, &selection)->days, 65);
  selection.day = date_from_civil(2024, 12, 31);
  assert_int_equal(clocks_choose(shipped, TABLE_APPEALS, &selection)->days, 60);
  assert_int_equal(clocks_choose(shipped, TABLE_NOTICES, &selection)->days, 30);
  assert_int_equal(clocks_choose(shipped, TABLE_COUNTING, &selection)->counted, COUNTED_APART);
  assert_true(clocks_choose(shipped, TABLE_DISCLOSURES, &selection)->sentence.length > 40);
}

/* ---- Minute by minute ---- */

static Date library_day(int64_t seconds) {
  const time_t time = (time_t)seconds;
  struct tm tm;
  localtime_r(&time, &tm);
  return date_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

/* The last minute of the n-th day behind that of `starts`. */
static int64_t walked(int64_t starts, int days) {
  const Date last_day = library_day(starts / 1000) + days;
  int64_t last = starts / 1000 / 60 * 60;
  for (int64_t at = last; at <= starts / 1000 + (days + 3) * 86400; at += 60)
    if (library_day(at) <= last_day) last = at;
  return last * 1000 + 59999;
}

static void days_are_as_walked_minute_by_minute(void **context) {
  static const int lengths[] = {1, 3, 7, 15, 30};
  uint64_t state = 7;
  (void)context;
  setenv("TZ", "America/Los_Angeles", 1);
  tzset();
  for (int i = 0; i < 150; i++) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const int64_t starts = INT64_C(1767225600000) + (int64_t)(state >> 25) % INT64_C(630720000000);
    const uint32_t days = (uint32_t)lengths[i % 5];
    const int64_t due = clocks_due(shipped, (ClockTime){CLOCK_DAYS, days}, starts);
    if (due != walked(starts, (int)days)) fail_msg("%lld, %u days", (long long)starts, days);
  }
}

/* ---- What is wrong with a file ---- */

/* The shipped file with the first `from` replaced. */
static Text replaced(const char *from, const char *to) {
  Buffer out;
  const char *at = strstr(shipped_text.at, from);
  if (at == NULL) fail_msg("%s is not in the file", from);
  const size_t before = (size_t)(at - shipped_text.at), length = strlen(from);
  buffer_open(&out, &arena, shipped_text.length + 256);
  buffer_append(&out, shipped_text.at, before);
  buffer_string(&out, to);
  buffer_append(&out, at + length, shipped_text.length - before - length);
  return buffer_contents(&out);
}

static const char *report_of(Text text) {
  char path[] = "/tmp/licet-clocks-XXXXXX";
  const char *report;
  const int file = mkstemp(path);
  assert_true(file >= 0 && write(file, text.at, text.length) == (ssize_t)text.length);
  close(file);
  Clocks *clocks = clocks_open(path, &arena, &report);
  unlink(path);
  clocks_close(clocks);
  return report;
}

#define ROW(rule)                                                                                  \
  "| " rule                                                                                        \
  " | chip | any | drug | appeal | any | any | any | 9 days | none | - | escalate | - | - | on | " \
  "x |\n"

static const struct {
  const char *from, *to; /* in the shipped file */
  const char *says[3];
} wrong[] = {
    {"zone America/Los_Angeles",
     "zone America/Los_Angles",
     {"error[L608]", "a name of the tz database"}},
    {"zone America/Los_Angeles", "", {"error[L210]", "the zone of the plan is missing"}},
    {"zone America/Los_Angeles", "zone UTC\nzone UTC", {"error[L209]"}},
    {"reminders 50 80", "reminders 80 50", {"`50` is no reminder here"}},
    {"reminders 50 80", "reminders 50 100", {"`100` is no reminder here"}},
    {"reminders 50 80", "remindes 50 80", {"error[L208]", "nearest: `reminders`"}},
    {"table notices", "table notice", {"error[L601]", "nearest: `notices`"}},
    {"table notices", "table appeals", {"error[L209]", "it began here"}},
    {"table decisions", "| x |\ntable decisions", {"a row stands behind no `table` line"}},
    {"| rule   | program | state | days |",
     "| rule | program | state | dais |",
     {"error[L602]", "nearest: `days`"}},
    {"| rule   | program | state | days |", "| rule | program | state | state |", {"error[L602]"}},
    {"| rule   | program | state | days | from | until | source |",
     "| rule | program | state | days | from | until |",
     {"lacks column source"}},
    {"| notice | any     | any   | 30   | -",
     "| notice | any | any | 30",
     {"error[L603]", "6 cells", "7 columns"}},
    {"| medicare_advantage    | any   | physician |",
     "| medicare_advantage | Oregon | physician |",
     {"`Oregon` does not belong in column state"}},
    {"medicare_advantage", "medicare_advantge", {"error[L604]", "nearest: `medicare_advantage`"}},
    {"72 hours | none", "72 hour | none", {"`72 hour` does not belong in column time", "'7 days'"}},
    {"72 hours | none", "0 hours | none", {"`0 hours`"}},
    {"24 48 48", "24 48", {"`24 48` does not belong in column incomplete"}},
    {"| deemed_denied ", "| deemed_denyed ", {"nearest: `deemed_denied`"}},
    {"2026-06-30", "2026-06-31", {"`2026-06-31` does not belong in column until"}},
    {"2026-06-30",
     "2026-06-29",
     {"error[L606]", "from 2026-06-30 to 2026-06-30", "program commercial"}},
    {"| 2026-07-01 ",
     "| 2026-06-30 ",
     {"error[L605]", "`commercial-standard-before` and `commercial-standard`"}},
    {"| medicaid-state ", "| medicaid-managed ", {"error[L302]", "the other is here"}},
    {"| chip-appeal ",
     ROW("same") "| chip-appeal ",
     {"warning[L607]: rule `same` is never chosen"}},
    {"| physician |", "| nurse |", {"'physician', or 'physician pharmacist'"}},
    {"CMS-0062-P, as proposed", "", {"column source is empty here"}},
    {"| forward_to_review_entity", "| deemed_denied", {"deems an appeal denied"}},
};

static void what_is_wrong_is_said_with_its_place(void **context) {
  (void)context;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *report = report_of(replaced(wrong[i].from, wrong[i].to));
    for (int j = 0; j < 3 && wrong[i].says[j] != NULL; j++)
      if (strstr(report, wrong[i].says[j]) == NULL)
        fail_msg("%s -> %s:\n%s", wrong[i].from, wrong[i].to, report);
  }
}

static void a_rule_that_is_never_chosen_is_a_warning(void **context) {
  (void)context;
  const char *report = report_of(replaced(
      "| notice | any     | any   |",
      "| one | any | OR | 10 | - | - | x |\n| two | any | any | 5 | - | - | x |\n"
      "| three | medicare_advantage medicaid_managed_care medicaid_fee_for_service chip exchange"
      " employer_erisa commercial | any | 30 | - | - | x |\n| notice | any | WA |"));
  assert_non_null(strstr(report, "warning[L607]: rule `two` is never chosen"));
}

static void a_file_that_cannot_be_read_is_said_so(void **context) {
  const char *report;
  (void)context;
  assert_null(clocks_open("/no/such/file", &arena, &report));
  assert_non_null(strstr(report, "error[L508]"));
  clocks_close(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rules_and_due_times_are_as_worked),
      cmocka_unit_test(extensions_end_with_a_day),
      cmocka_unit_test(other_tables_answer_too),
      cmocka_unit_test(days_are_as_walked_minute_by_minute),
      cmocka_unit_test(what_is_wrong_is_said_with_its_place),
      cmocka_unit_test(a_rule_that_is_never_chosen_is_a_warning),
      cmocka_unit_test(a_file_that_cannot_be_read_is_said_so),
  };
  return cmocka_run_group_tests(tests, open_all, close_all);
}
