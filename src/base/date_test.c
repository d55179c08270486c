#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>

static Arena arena;

static int open_arena(void **state) {
  (void)state;
  arena_open(&arena);
  return 0;
}

static int close_arena(void **state) {
  (void)state;
  arena_close(&arena);
  return 0;
}

static Date day(const char *text) {
  Date date = DATE_NONE;
  assert_true(date_parse(text_of(text), &date));
  return date;
}

static const char *written(Date date) {
  char text[10];
  date_write(date, text);
  return arena_copy(&arena, text, sizeof text);
}

#define assert_day(date, expected) assert_string_equal(written(date), expected)

static Date months_after(const char *start, int32_t months) {
  return date_add(day(start), (Span){months, 0});
}

static bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int length_of_month(int year, int month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void every_day_of_the_calendar_follows_the_one_before_and_comes_back(void **state) {
  (void)state;
  Date expected = date_from_civil(1, 1, 1);
  for (int year = 1; year <= 9999; year++) {
    for (int month = 1; month <= 12; month++) {
      for (int d = 1; d <= length_of_month(year, month); d++, expected++) {
        int y, m, dd;
        date_to_civil(expected, &y, &m, &dd);
        if (date_from_civil(year, month, d) != expected || y != year || m != month || dd != d) {
          fail_msg("%04d-%02d-%02d", year, month, d);
        }
      }
    }
  }
  assert_int_equal(date_from_civil(1970, 1, 1), 0);
  assert_int_equal(date_from_civil(2000, 3, 1), 11017);
}

static void every_day_from_1900_to_2100_is_read_as_it_is_written(void **state) {
  (void)state;
  for (Date date = day("1900-01-01"); date <= day("2100-12-31"); date++) {
    char text[10];
    Date back = DATE_NONE;
    date_write(date, text);
    if (!date_parse((Text){text, 10}, &back) || back != date) fail_msg("%.10s", text);
  }
}

static void there_are_no_other_days(void **state) {
  (void)state;
  const int request_errors[][3] = {{0, 1, 1},     {10000, 1, 1}, {2025, 0, 1},  {2025, 13, 1},
                                   {2025, 1, 0},  {2025, 1, 32}, {2025, 2, 29}, {1900, 2, 29},
                                   {2025, 4, 31}, {-1, 1, 1},    {2025, -1, 1}, {2025, 1, -1},
                                   {2024, 2, 30}};
  for (size_t i = 0; i < sizeof request_errors / sizeof *request_errors; i++) {
    assert_int_equal(
        date_from_civil(request_errors[i][0], request_errors[i][1], request_errors[i][2]),
        DATE_NONE);
  }
  assert_int_not_equal(date_from_civil(2000, 2, 29), DATE_NONE);
}

static void a_date_has_one_shape(void **state) {
  (void)state;
  const char *const request_errors[] = {"",
                                        "2025-9-04",
                                        "2025-09-4",
                                        "2025/09/04",
                                        "20250904",
                                        "2025-09-04 ",
                                        " 2025-09-04",
                                        "2025-09-0x",
                                        "+025-09-04",
                                        "2025-02-29",
                                        "0000-01-01",
                                        "2025-13-01",
                                        "2025-09-04T",
                                        "25-09-04",
                                        "2025-09\n04",
                                        "2025--9-04"};
  for (size_t i = 0; i < sizeof request_errors / sizeof *request_errors; i++) {
    Date date = 7;
    if (date_parse(text_of(request_errors[i]), &date)) fail_msg("%s", request_errors[i]);
    assert_int_equal(date, 7);
  }
}

static void a_time_gives_its_date_as_written_whatever_the_zone(void **state) {
  (void)state;
  const char *const times[] = {"2025-09-04",
                               "2025-09-04T00:00:00Z",
                               "2025-09-04T23:59:59-11:00",
                               "2025-09-04T00:30:00+14:00",
                               "2025-09-04t12:00:00z",
                               "2025-09-04T12:00:00.5Z",
                               "2025-09-04T12:00:00.123456789+00:00",
                               "2025-09-04T23:59:60Z"};
  for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
    Date date = DATE_NONE;
    if (!date_parse_time(text_of(times[i]), &date)) fail_msg("%s", times[i]);
    assert_day(date, "2025-09-04");
  }
}

static void what_is_no_rfc_3339_time_is_refused(void **state) {
  (void)state;
  const char *const request_errors[] = {"2025-09-04T",
                                        "2025-09-04T12:00Z",
                                        "2025-09-04T12:00:00",
                                        "2025-09-04T24:00:00Z",
                                        "2025-09-04T12:60:00Z",
                                        "2025-09-04T12:00:61Z",
                                        "2025-09-04 12:00:00Z",
                                        "2025-09-04T12:00:00.Z",
                                        "2025-09-04T12:00:00+1:00",
                                        "2025-09-04T12:00:00+01:00x",
                                        "2025-09-04T12:00:00+0100",
                                        "2025-09-04T12:00:00+24:00",
                                        "2025-09-04T12:00:00ZZ",
                                        "2025-02-30T12:00:00Z",
                                        "2025-09-04X12:00:00Z"};
  for (size_t i = 0; i < sizeof request_errors / sizeof *request_errors; i++) {
    Date date;
    if (date_parse_time(text_of(request_errors[i]), &date)) fail_msg("%s", request_errors[i]);
  }
}

static void months_are_clamped_to_the_end_of_the_month(void **state) {
  (void)state;
  assert_day(months_after("2026-01-31", 1), "2026-02-28");
  assert_day(months_after("2024-01-31", 1), "2024-02-29");
  assert_day(months_after("2026-01-31", 3), "2026-04-30");
  assert_day(months_after("2026-03-31", -1), "2026-02-28");
  assert_day(months_after("2026-01-15", -13), "2024-12-15");
  assert_day(months_after("2025-12-01", 1), "2026-01-01");
  assert_day(months_after("2024-02-29", 12), "2025-02-28");
  assert_day(months_after("2024-02-29", 48), "2028-02-29");
}

static void months_come_before_days(void **state) {
  (void)state;
  assert_day(date_add(day("2026-01-31"), (Span){1, 1}), "2026-03-01");
  assert_day(date_add(day("2026-03-01"), (Span){0, -14}), "2026-02-15");
}

static void reckoning_stays_within_the_calendar(void **state) {
  (void)state;
  const Date first = day("0001-01-01"), last = day("9999-12-31");
  assert_int_equal(date_add(last, (Span){0, 1}), last);
  assert_int_equal(date_add(last, (Span){1, 0}), last);
  assert_int_equal(date_add(first, (Span){0, -1}), first);
  assert_int_equal(date_add(first, (Span){INT32_MIN, INT32_MIN}), first);
  assert_int_equal(date_add(first, (Span){INT32_MAX, INT32_MAX}), last);
  assert_int_equal(date_last_of(last, (Span){0, 1}), last);
  assert_int_equal(date_last_of(last, (Span){INT32_MAX, 0}), last);
  assert_int_equal(date_add(DATE_NONE, (Span){1, 0}), DATE_NONE);
  assert_int_equal(date_last_of(DATE_NONE, (Span){1, 0}), DATE_NONE);
}

static void an_authorization_ends_the_day_before_the_same_day(void **state) {
  (void)state;
  assert_day(date_last_of(day("2026-08-31"), (Span){6, 0}), "2027-02-27");
  assert_day(date_last_of(day("2025-11-17"), (Span){6, 0}), "2026-05-16");
  assert_day(date_last_of(day("2026-11-09"), (Span){0, 30 * 7}), "2027-06-06");
  assert_day(date_last_of(day("2024-02-29"), (Span){12, 0}), "2025-02-27");
  assert_day(date_last_of(day("2026-01-01"), (Span){12, 0}), "2026-12-31");
  assert_day(date_last_of(day("2026-01-01"), (Span){0, 1}), "2026-01-01");
}

static void spans_are_read_with_one_optional_space(void **state) {
  (void)state;
  const struct {
    const char *text;
    Span span;
  } cases[] = {
      {"6 months", {6, 0}}, {"1 month", {1, 0}},
      {"2 weeks", {0, 14}}, {"1 year", {12, 0}},
      {"90 days", {0, 90}}, {"90days", {0, 90}},
      {"0 days", {0, 0}},   {"1 day", {0, 1}},
      {"1 week", {0, 7}},   {"2147483647 days", {0, INT32_MAX}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    Span span;
    if (!span_parse(text_of(cases[i].text), &span)) fail_msg("%s", cases[i].text);
    assert_int_equal(span.months, cases[i].span.months);
    assert_int_equal(span.days, cases[i].span.days);
  }
}

static void other_spans_are_refused(void **state) {
  (void)state;
  const char *const request_errors[] = {
      "",          "6",         "months",          "6  months",       "6 months ",
      "-6 months", "1.5 years", "6 Months",        "6 cycles",        " 6 days",
      "six days",  "6 d",       "2147483648 days", "400000000 years", "99999999999999999999 days"};
  for (size_t i = 0; i < sizeof request_errors / sizeof *request_errors; i++) {
    Span span;
    if (span_parse(text_of(request_errors[i]), &span)) fail_msg("%s", request_errors[i]);
  }
}

static const char *span_written(Span span) {
  Buffer buffer;
  buffer_open(&buffer, &arena, 0);
  span_write(&buffer, span);
  return buffer_finish(&buffer);
}

static void spans_are_written_as_a_reader_expects(void **state) {
  (void)state;
  assert_string_equal(span_written((Span){6, 0}), "6 months");
  assert_string_equal(span_written((Span){1, 0}), "1 month");
  assert_string_equal(span_written((Span){12, 0}), "1 year");
  assert_string_equal(span_written((Span){18, 0}), "18 months");
  assert_string_equal(span_written((Span){0, 210}), "30 weeks");
  assert_string_equal(span_written((Span){0, 28}), "28 days");
  assert_string_equal(span_written((Span){0, 42}), "42 days");
  assert_string_equal(span_written((Span){0, 90}), "90 days");
  assert_string_equal(span_written((Span){0, 0}), "0 days");
  assert_string_equal(span_written((Span){6, 3}), "6 months and 3 days");
}

static void spans_are_read_as_they_are_written(void **state) {
  (void)state;
  for (int32_t n = 0; n < 3000; n++) {
    const Span spans[] = {{n, 0}, {0, n}};
    for (int i = 0; i < 2; i++) {
      Span back;
      assert_true(span_parse(text_of(span_written(spans[i])), &back));
      assert_int_equal(back.months, spans[i].months);
      assert_int_equal(back.days, spans[i].days);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_day_of_the_calendar_follows_the_one_before_and_comes_back),
      cmocka_unit_test(every_day_from_1900_to_2100_is_read_as_it_is_written),
      cmocka_unit_test(there_are_no_other_days),
      cmocka_unit_test(a_date_has_one_shape),
      cmocka_unit_test(a_time_gives_its_date_as_written_whatever_the_zone),
      cmocka_unit_test(what_is_no_rfc_3339_time_is_refused),
      cmocka_unit_test(months_are_clamped_to_the_end_of_the_month),
      cmocka_unit_test(months_come_before_days),
      cmocka_unit_test(reckoning_stays_within_the_calendar),
      cmocka_unit_test(an_authorization_ends_the_day_before_the_same_day),
      cmocka_unit_test(spans_are_read_with_one_optional_space),
      cmocka_unit_test(other_spans_are_refused),
      cmocka_unit_test(spans_are_written_as_a_reader_expects),
      cmocka_unit_test(spans_are_read_as_they_are_written),
  };
  return cmocka_run_group_tests_name("base/date", tests, open_arena, close_arena);
}
