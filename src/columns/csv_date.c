/* A format is walked letter by letter beside the text, without the host's locale. */
#include "columns/csv_date.h"

#include <string.h>

#include "base/text.h"

typedef struct DateReader {
  const char *at, *end;
  int year, month, day;
} DateReader;

/* A number of `least` to `most` digits. */
static bool read_number(DateReader *r, int least, int most, int *number) {
  int digits = 0;
  *number = 0;
  while (digits < most && r->at < r->end && *r->at >= '0' && *r->at <= '9') {
    *number = *number * 10 + (*r->at++ - '0');
    digits++;
  }
  return digits >= least;
}

static bool read_month_name(DateReader *r) {
  static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                      "jul", "aug", "sep", "oct", "nov", "dec"};
  if (r->end - r->at < 3) return false;
  for (int i = 0; i < 12; i++) {
    if (!text_equal_ignoring_case((Text){r->at, 3}, text_of(names[i]))) continue;
    r->at += 3;
    r->month = i + 1;
    return true;
  }
  return false;
}

static bool read_half(DateReader *r) {
  if (r->end - r->at < 2) return false;
  const Text half = {r->at, 2};
  r->at += 2;
  return text_equal_ignoring_case(half, TEXT("am")) || text_equal_ignoring_case(half, TEXT("pm"));
}

static bool read_seconds(DateReader *r) {
  int number;
  if (!read_number(r, 1, 2, &number) || number > 60) return false;
  if (r->at == r->end || *r->at != '.') return true;
  r->at++;
  return read_number(r, 1, 9, &number);
}

static bool read_zone(DateReader *r) {
  int number;
  if (r->at < r->end && *r->at == 'Z') {
    r->at++;
    return true;
  }
  if (r->at == r->end || (*r->at != '+' && *r->at != '-')) return false;
  r->at++;
  if (!read_number(r, 2, 2, &number)) return false;
  if (r->at < r->end && *r->at == ':') {
    r->at++;
    return read_number(r, 2, 2, &number);
  }
  return r->at == r->end || *r->at < '0' || *r->at > '9' || read_number(r, 2, 2, &number);
}

static bool read_part(DateReader *r, char letter) {
  int number;
  switch (letter) {
    case 'Y':
      return read_number(r, 4, 4, &r->year);
    case 'm':
      return read_number(r, 1, 2, &r->month);
    case 'b':
      return read_month_name(r);
    case 'd':
      return read_number(r, 1, 2, &r->day);
    case 'H':
      return read_number(r, 1, 2, &number) && number < 25;
    case 'I':
      return read_number(r, 1, 2, &number) && number >= 1 && number <= 12;
    case 'M':
      return read_number(r, 1, 2, &number) && number < 60;
    case 'S':
      return read_seconds(r);
    case 'p':
      return read_half(r);
    case 'z':
      return read_zone(r);
  }
  return false;
}

bool csv_date_format_is_sound(const char *format) {
  int years = 0, months = 0, days = 0;
  for (const char *at = format; *at != '\0'; at++) {
    if (*at != '%') continue;
    if (*++at == '\0' || strchr("YmbdHIMSpz", *at) == NULL) return false;
    years += *at == 'Y';
    months += *at == 'm' || *at == 'b';
    days += *at == 'd';
  }
  return years == 1 && months == 1 && days == 1;
}

bool csv_date_parse(const char *format, Text text, Date *date) {
  DateReader r = {.at = text.at, .end = text.at + text.length};
  for (const char *at = format; *at != '\0'; at++) {
    if (*at == '%') {
      if (!read_part(&r, *++at)) return false;
    } else {
      if (r.at == r.end || *r.at != *at) return false;
      r.at++;
    }
  }
  *date = date_from_civil(r.year, r.month, r.day);
  return r.at == r.end && *date != DATE_NONE;
}
