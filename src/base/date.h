/* date: civil dates of the proleptic Gregorian calendar, and calendar lengths.
 *
 * A Date is a number of days since 1970-01-01, so comparing and counting days is arithmetic. A
 * calendar length (Span) keeps months and days apart, because a month is no number of days.
 *
 * Rules (the contract's C1, C2): N months after a day is the same day of the month N months on, or
 * the last day of that month where it has no such day. Ages are completed units: someone born on 29
 * February completes a year on 28 February of a common year.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/text.h"

typedef int32_t Date;
#define DATE_NONE INT32_MIN

typedef struct Span {
  int32_t months; /* years are 12 months */
  int32_t days;   /* weeks are 7 days */
} Span;

/* Years 1 to 9999. DATE_NONE when there is no such day. */
Date date_from_civil(int year, int month, int day);
void date_to_civil(Date date, int *year, int *month, int *day);
/* "2025-09-04" and nothing else: false when the text has another shape or there is no such day. */
bool date_parse(Text text, Date *date);
/* An RFC 3339 time or a plain date: its date as written, without shifting zones. */
bool date_parse_time(Text text, Date *date);
/* Ten characters, no zero byte. */
void date_write(Date date, char out[10]);

/* `date` plus the span: months first, clamped to the month's end, then days. Clamped to the
 * calendar's first and last day. DATE_NONE stays DATE_NONE. */
Date date_add(Date date, Span span);
/* The last day of an authorization of that length that starts on `start` (last day inclusive). */
Date date_last_of(Date start, Span span);
/* "6 months", "2 weeks", "1 year", "90 days": number, one optional space, unit. */
bool span_parse(Text text, Span *span);
bool span_unit(Text word, Span *one);
/* "6 months", "1 year", "28 days"; above six weeks a whole number of weeks is written so ("30
 * weeks"), up to there days are, as treatment cycles are ("42 days"). Reads back as the same span
 * unless it has both months and days ("6 months and 3 days"). */
void span_write(Buffer *out, Span span);

#endif
