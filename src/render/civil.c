/* Dates are base/date's; here they get the names that people read.
 */
#include "render/civil.h"

#include <stdio.h>

#include "base/date.h"

int civil_number(const char *date) {
  Date day;
  return date_parse(text_of(date), &day) ? day : 0;
}

Civil civil_of(int number) {
  Civil civil;
  date_to_civil(number, &civil.year, &civil.month, &civil.day);
  return civil;
}

int civil_weekday(int number) {
  return ((number + 3) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS; /* 1970-01-01 was a Thursday */
}

int civil_month_length(int year, int month) {
  Civil next = month == MONTHS ? (Civil){year + 1, 1, 1} : (Civil){year, month + 1, 1};
  return date_from_civil(next.year, next.month, 1) - date_from_civil(year, month, 1);
}

const char *civil_month_name(int month) {
  static const char *const names[MONTHS] = {"January",   "February", "March",    "April",
                                            "May",       "June",     "July",     "August",
                                            "September", "October",  "November", "December"};
  return names[month - 1];
}

const char *civil_weekday_name(int weekday) {
  static const char *const names[WEEK_DAYS] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                               "Friday", "Saturday", "Sunday"};
  return names[weekday];
}

CivilText civil_text(int number) {
  CivilText shown = {""};
  date_write(number, shown.text);
  return shown;
}
