/* civil: dates as calendars show them: day numbers, weekdays, months. */
#ifndef RENDER_CIVIL_H
#define RENDER_CIVIL_H

enum { WEEK_DAYS = 7, MONTHS = 12 };

typedef struct Civil {
  int year, month, day; /* month and day from 1 */
} Civil;

/* Days since 1970-01-01 of "2026-11-09". Zero for what has not that form: dates of the library
 * always have it. */
int civil_number(const char *date);
Civil civil_of(int number);
/* 0 for Monday to 6 for Sunday. */
int civil_weekday(int number);
int civil_month_length(int year, int month);
/* "November"; its first three letters are the short name. */
const char *civil_month_name(int month);
/* "Monday". */
const char *civil_weekday_name(int weekday);

/* "2026-11-09". */
typedef struct CivilText {
  char text[16];
} CivilText;
CivilText civil_text(int number);

#endif
