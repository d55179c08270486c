/* Zones, against the C library's own reading of the same data, minute by minute, and against days
 * worked by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "clocks/zone.h"
#include "store/ledger.h"

static Arena arena;

static int open_arena(void **context) {
  (void)context;
  arena_open(&arena);
  return 0;
}

static int close_arena(void **context) {
  (void)context;
  arena_close(&arena);
  return 0;
}

/* ---- The reference: the C library, in a program of one thread ---- */

static void set_library_zone(const char *name) {
  setenv("TZ", name, 1);
  tzset();
}

static Date library_day(int64_t seconds) {
  const time_t time = (time_t)seconds;
  struct tm tm;
  localtime_r(&time, &tm);
  return date_from_civil(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

/* The last minute whose wall clock shows the day or one before it, then the last second of it. */
static int64_t library_day_end(Date day) {
  const int64_t around = ((int64_t)day + 1) * 86400;
  int64_t last = around - 30 * 3600;
  for (int64_t at = last; at <= around + 30 * 3600; at += 60)
    if (library_day(at) <= day) last = at;
  for (int64_t at = last + 59; at > last; at--)
    if (library_day(at) <= day) return at * 1000 + 999;
  return last * 1000 + 999;
}

static const char *const zones[] = {
    "America/New_York", "America/Chicago",     "America/Los_Angeles", "America/Phoenix",
    "Pacific/Honolulu", "America/Puerto_Rico", "America/Havana",      "Australia/Lord_Howe",
    "Europe/Dublin",    "Asia/Beirut",         "Pacific/Apia",        "UTC"};
#define ZONES (sizeof zones / sizeof *zones)

static uint64_t random_next(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

static void days_end_when_the_c_library_says(void **context) {
  uint64_t state = 20261129;
  (void)context;
  for (size_t z = 0; z < ZONES; z++) {
    Zone zone;
    assert_true(zone_open(&zone, &arena, text_of(zones[z])));
    set_library_zone(zones[z]);
    for (int i = 0; i < 40; i++) {
      const Date day = (Date)(10957 + random_next(&state) % 29220); /* 2000 to 2079 */
      if (zone_day_end(&zone, day) != library_day_end(day)) fail_msg("%s, day %d", zones[z], day);
    }
  }
}

/* Every day near a change, of every year of three decades. */
static void days_of_changes_end_when_the_c_library_says(void **context) {
  (void)context;
  for (size_t z = 0; z < ZONES; z++) {
    Zone zone;
    assert_true(zone_open(&zone, &arena, text_of(zones[z])));
    set_library_zone(zones[z]);
    for (int64_t at = 1577836800; at < 2524608000; at += 6 * 3600) {
      if (zone_offset(&zone, at) == zone_offset(&zone, at + 6 * 3600)) continue;
      const Date day = zone_day(&zone, at * 1000);
      for (Date d = day - 1; d <= day + 1; d++)
        if (zone_day_end(&zone, d) != library_day_end(d)) fail_msg("%s, day %d", zones[z], d);
    }
  }
}

static void instants_fall_on_the_day_that_the_c_library_says(void **context) {
  uint64_t state = 1;
  (void)context;
  for (size_t z = 0; z < ZONES; z++) {
    Zone zone;
    assert_true(zone_open(&zone, &arena, text_of(zones[z])));
    set_library_zone(zones[z]);
    for (int i = 0; i < 20000; i++) {
      const int64_t seconds = (int64_t)(random_next(&state) % 3500000000u);
      if (zone_day(&zone, seconds * 1000) != library_day(seconds))
        fail_msg("%s, %lld", zones[z], (long long)seconds);
    }
  }
}

/* ---- By hand ---- */

static void days_end_as_worked_by_hand(void **context) {
  static const struct {
    const char *zone, *day, *end;
  } days[] = {{"America/Chicago", "2026-11-01", "2026-11-02T05:59:59.999Z"},  /* 25 hours long */
              {"America/Chicago", "2026-10-31", "2026-11-01T04:59:59.999Z"},  /* the day before */
              {"America/New_York", "2026-03-08", "2026-03-09T03:59:59.999Z"}, /* 23 hours long */
              {"America/New_York", "2028-02-29", "2028-03-01T04:59:59.999Z"}, /* a leap day */
              {"America/New_York", "2026-12-31", "2027-01-01T04:59:59.999Z"}, /* a year's end */
              {"America/New_York", "2060-07-04", "2060-07-05T03:59:59.999Z"}, /* by the rule */
              {"America/Havana", "2026-10-31", "2026-11-01T03:59:59.999Z"}, /* 01:00 comes twice */
              {"Asia/Beirut", "2026-03-28", "2026-03-28T21:59:59.999Z"},  /* midnight is skipped */
              {"Pacific/Apia", "2011-12-30", "2011-12-30T09:59:59.999Z"}, /* the day is skipped */
              {"UTC", "2026-12-31", "2026-12-31T23:59:59.999Z"}};
  (void)context;
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
    Zone zone;
    Date day;
    assert_true(zone_open(&zone, &arena, text_of(days[i].zone)));
    assert_true(date_parse(text_of(days[i].day), &day));
    const Text end = instant_text(&arena, zone_day_end(&zone, day));
    if (!text_is(end, days[i].end))
      fail_msg("%s %s: %.*s", days[i].zone, days[i].day, TEXT_ARGS(end));
  }
}

static void a_name_that_is_no_zone_is_refused(void **context) {
  static const char *const names[] = {
      "", "America/Nowhere", "../../etc/passwd", "/etc/tzdata", "America", "zone.tab", "tzdata.zi"};
  Zone zone;
  (void)context;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_false(zone_open(&zone, &arena, text_of(names[i])));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(days_end_when_the_c_library_says),
      cmocka_unit_test(days_of_changes_end_when_the_c_library_says),
      cmocka_unit_test(instants_fall_on_the_day_that_the_c_library_says),
      cmocka_unit_test(days_end_as_worked_by_hand),
      cmocka_unit_test(a_name_that_is_no_zone_is_refused),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
