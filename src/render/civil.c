#include "render/civil.h"

#include <stdio.h>

/* Years are counted from March, so that the leap day is a year's last; 400 of them, an era, are
 * always as long. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, DAYS_TO_1970 = 719468 };

static int number_of(Civil civil) {
  int year = civil.year - (civil.month <= 2);
  int era = year / ERA_YEARS, year_of_era = year % ERA_YEARS;
  int day_of_year = (153 * (civil.month + (civil.month > 2 ? -3 : 9)) + 2) / 5 + civil.day - 1;
  return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         DAYS_TO_1970;
}

int civil_number(const char *date) {
  Civil civil;
  if (sscanf(date, "%4d-%2d-%2d", &civil.year, &civil.month, &civil.day) != 3) return 0;
  return number_of(civil);
}

Civil civil_of(int number) {
  int from_march = number + DAYS_TO_1970;
  int era = from_march / ERA_DAYS, day_of_era = from_march % ERA_DAYS;
  int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (ERA_DAYS - 1)) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int month_from_march = (5 * day_of_year + 2) / 153;
  int month = month_from_march + (month_from_march < 10 ? 3 : -9);
  return (Civil){era * ERA_YEARS + year_of_era + (month <= 2), month,
                 day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

int civil_weekday(int number) {
  return ((number + 3) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS; /* 1970-01-01 was a Thursday */
}

int civil_month_length(int year, int month) {
  Civil next = month == MONTHS ? (Civil){year + 1, 1, 1} : (Civil){year, month + 1, 1};
  return number_of(next) - number_of((Civil){year, month, 1});
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
  Civil civil = civil_of(number);
  CivilText shown;
  snprintf(shown.text, sizeof shown.text, "%04u-%02u-%02u", (unsigned)civil.year % 10000,
           (unsigned)civil.month % 100, (unsigned)civil.day % 100);
  return shown;
}
