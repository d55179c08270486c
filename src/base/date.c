/* date: the civil calendar as arithmetic on day numbers. */
#include "base/date.h"

#include <assert.h>

#define YEAR_FIRST 1
#define YEAR_LAST 9999
#define DAY_FIRST (-719162) /* 0001-01-01 */
#define DAY_LAST 2932896    /* 9999-12-31 */

static bool leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int month_length(int64_t year, int month) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : lengths[month - 1];
}

/* Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last and
 * the lengths of the months before it follow one line, (153 m + 2) / 5; 400 such years, an era, are
 * always 146097 days. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static int64_t day_number(int64_t year, int month, int day) {
  year -= month <= 2;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

Date date_from_civil(int year, int month, int day) {
  if (year < YEAR_FIRST || year > YEAR_LAST || month < 1 || month > 12) return DATE_NONE;
  if (day < 1 || day > month_length(year, month)) return DATE_NONE;
  return (Date)day_number(year, month, day);
}

void date_to_civil(Date date, int *year, int *month, int *day) {
  assert(date >= DAY_FIRST && date <= DAY_LAST);
  int from_march = date + 719468; /* days since 0000-03-01: never negative here */
  int era = from_march / 146097;
  int day_of_era = from_march % 146097;
  int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int month_from_march = (5 * day_of_year + 2) / 153;
  *day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  *month = month_from_march + (month_from_march < 10 ? 3 : -9);
  *year = year_of_era + era * 400 + (*month <= 2);
}

/* Text. */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Exactly `count` digits at `at`; -1 where there is something else. */
static int digits_at(Text text, uint32_t at, uint32_t count) {
  int value = 0;
  if (text.length < count || at > text.length - count) return -1;
  for (uint32_t i = at; i < at + count; i++) {
    if (!is_digit(text.at[i])) return -1;
    value = value * 10 + (text.at[i] - '0');
  }
  return value;
}

static bool character_at(Text text, uint32_t at, char character) {
  return at < text.length && text.at[at] == character;
}

bool date_parse(Text text, Date *date) {
  if (text.length != 10 || text.at[4] != '-' || text.at[7] != '-') return false;
  Date parsed =
      date_from_civil(digits_at(text, 0, 4), digits_at(text, 5, 2), digits_at(text, 8, 2));
  if (parsed == DATE_NONE) return false;
  *date = parsed;
  return true;
}

static bool two_digits_up_to(Text text, uint32_t at, int most) {
  int value = digits_at(text, at, 2);
  return value >= 0 && value <= most;
}

/* "hh:mm" at `at`. */
static bool hours_and_minutes(Text text, uint32_t at) {
  return two_digits_up_to(text, at, 23) && character_at(text, at + 2, ':') &&
         two_digits_up_to(text, at + 3, 59);
}

/* "Z", "+hh:mm" or "-hh:mm", and then the end. */
static bool zone(Text text, uint32_t at) {
  if (character_at(text, at, 'Z') || character_at(text, at, 'z')) return text.length == at + 1;
  bool sign = character_at(text, at, '+') || character_at(text, at, '-');
  return sign && hours_and_minutes(text, at + 1) && text.length == at + 6;
}

bool date_parse_time(Text text, Date *date) {
  if (text.length <= 10) return date_parse(text, date);
  if (text.at[10] != 'T' && text.at[10] != 't') return false;
  if (!hours_and_minutes(text, 11) || !character_at(text, 16, ':') ||
      !two_digits_up_to(text, 17, 60))
    return false; /* 60: leap second */
  uint32_t at = 19;
  if (character_at(text, at, '.')) {
    uint32_t point = at++;
    while (at < text.length && is_digit(text.at[at])) at++;
    if (at == point + 1) return false;
  }
  return zone(text, at) && date_parse((Text){text.at, 10}, date);
}

static void write_digits(char *out, int count, int value) {
  for (int i = count - 1; i >= 0; i--, value /= 10) out[i] = (char)('0' + value % 10);
}

void date_write(Date date, char out[10]) {
  int year, month, day;
  date_to_civil(date, &year, &month, &day);
  write_digits(out, 4, year);
  write_digits(out + 5, 2, month);
  write_digits(out + 8, 2, day);
  out[4] = out[7] = '-';
}

/* ---- Calculation ---- */

/* The day number `months` on, which may lie outside the calendar. */
static int64_t months_later(Date date, int64_t months) {
  int year, month, day;
  date_to_civil(date, &year, &month, &day);
  int64_t count = (int64_t)year * 12 + (month - 1) + months;
  int64_t year_then = (count >= 0 ? count : count - 11) / 12;
  int month_then = (int)(count - year_then * 12) + 1;
  int last = month_length(year_then, month_then);
  return day_number(year_then, month_then, day < last ? day : last);
}

static Date clamped(int64_t day) {
  return (Date)(day < DAY_FIRST ? DAY_FIRST : day > DAY_LAST ? DAY_LAST : day);
}

Date date_add(Date date, Span span) {
  if (date == DATE_NONE) return DATE_NONE;
  return clamped(months_later(date, span.months) + span.days);
}

Date date_last_of(Date start, Span span) {
  if (start == DATE_NONE) return DATE_NONE;
  return clamped(months_later(start, span.months) + span.days - 1);
}

/* Calendar lengths. */

static const struct {
  const char *one, *many;
  Span span;
} span_units[] = {
    {"day", "days", {0, 1}},
    {"week", "weeks", {0, 7}},
    {"month", "months", {1, 0}},
    {"year", "years", {12, 0}},
};

bool span_unit(Text word, Span *one) {
  for (size_t i = 0; i < sizeof span_units / sizeof *span_units; i++) {
    if (!text_is(word, span_units[i].one) && !text_is(word, span_units[i].many)) continue;
    *one = span_units[i].span;
    return true;
  }
  return false;
}

bool span_parse(Text text, Span *span) {
  uint32_t at = 0;
  int64_t number = 0;
  for (; at < text.length && is_digit(text.at[at]); at++) {
    number = number * 10 + (text.at[at] - '0');
    if (number > INT32_MAX) return false;
  }
  if (at == 0) return false;
  if (character_at(text, at, ' ')) at++;
  Span one;
  if (!span_unit((Text){text.at + at, text.length - at}, &one)) return false;
  if (number * one.months > INT32_MAX || number * one.days > INT32_MAX) return false;
  *span = (Span){(int32_t)(number * one.months), (int32_t)(number * one.days)};
  return true;
}

static void write_count(Buffer *out, int32_t count, const char *unit) {
  buffer_integer(out, count);
  buffer_character(out, ' ');
  buffer_string(out, unit);
  if (count != 1) buffer_character(out, 's');
}

static void write_months(Buffer *out, int32_t months) {
  bool years = months % 12 == 0;
  write_count(out, years ? months / 12 : months, years ? "year" : "month");
}

/* Up to here days read better than weeks: cycles are 28 or 42 days long. */
#define DAYS_AS_DAYS 42

static void write_days(Buffer *out, int32_t days) {
  bool weeks = days % 7 == 0 && days > DAYS_AS_DAYS;
  write_count(out, weeks ? days / 7 : days, weeks ? "week" : "day");
}

void span_write(Buffer *out, Span span) {
  if (span.months) write_months(out, span.months);
  if (span.months && span.days) buffer_string(out, " and ");
  if (span.days || !span.months) write_days(out, span.days);
}
