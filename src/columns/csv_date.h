/* csv_date: days as other programs write them, by a format in the letters of strftime.
 *
 *     %Y %m %d   year of four digits, month, day; the latter two of one digit or two
 *     %b         month by its first three English letters
 *     %H %M %S   hour, minute, second with or without a fraction; %I %p of a clock of twelve hours
 *     %z         offset of the zone: Z, +01, +0100, +01:00
 *
 * Everything else stands for itself. Only the day is taken, as it is written.
 */
#ifndef COLUMNS_CSV_DATE_H
#define COLUMNS_CSV_DATE_H

#include "base/date.h"

/* Does the format name a year, a month and a day, each once, and know all of its letters? */
bool csv_date_format_is_sound(const char *format);
/* False where the text is not written so, or there is no such day. */
bool csv_date_parse(const char *format, Text text, Date *date);

#endif
