/* csv: records as RFC 4180 has them, turned into requests.
 *
 * Fields stand between commas; or between semicolons or tabs, as many spreadsheets write them,
 * where the header has those instead. The header names a column for each field: keys of the request
 * (id, payer, line, …), facts, `FACT.document`, `FACT.source`, and `LIST[1].FIELD` for a field of
 * an entry of a list. An empty field says nothing. A field that begins with { or [ is JSON; the
 * members of a set may also stand between semicolons.
 */
#ifndef COLUMNS_CSV_H
#define COLUMNS_CSV_H

#include "library/library.h"

#define CSV_COLUMNS_MOST 4096u

typedef struct Csv Csv;

/* What stands between the fields: a comma, semicolon or tab, whichever comes first in this header;
 * a comma where none does. */
char csv_separator(const char *header, size_t length);
/* The bytes of the first record, its line end included; 0 where the text ends before it does
 * (`at_end`: then the rest is the record). A quote opens only at the beginning of a field. Where it
 * closes nothing, because text follows it or the text ends first, the record is its first line:
 * that alone is bad, and the next line begins another. */
size_t csv_record(char separator, const char *text, size_t length, bool at_end);
/* How a file differs from what licet writes; lists end in NULL, and NULL is an empty one. */
typedef struct CsvOptions {
  Text policy; /* what requests that name neither payer nor policy are asked of, or "" */
  const char *const *nulls;   /* unquoted fields that say nothing, in addition to the empty one */
  const char *const *ignored; /* names of columns that are not read; "" is the column without one */
  const char *const *names;   /* "COLUMN=NAME": what a column is called here */
  const char *const *units;   /* "NAME=UNIT": of numbers without a unit */
  const char *date_format;    /* csv_date.h; NULL: days are written YYYY-MM-DD */
} CsvOptions;

/* From the header's record. NULL, with *message set, where it cannot be understood; lives in
 * `arena`, and refers to the options. */
Csv *csv_open(const licet_library *library, const char *header, size_t length,
              const CsvOptions *options, Arena *arena, const char **message);
char csv_separator_of(const Csv *csv);
/* A record as a request. False, with *message set, where it has another number of fields than the
 * header or its quotes do not close; *message and the fields are `scratch`'s. */
bool csv_write_request(const Csv *csv, const char *record, size_t length, Arena *scratch,
                       Buffer *out, const char **message);

/* A text as one field of a file for spreadsheets: quoted where it has to be, a control character as
 * U+FFFD, and an apostrophe in front of a text that a spreadsheet would calculate (one that begins
 * with = + - @, a tab or a carriage return). */
void csv_write_field(Buffer *out, Text text);

#endif
