/* ical: content lines of RFC 5545: CRLF, folded at 75 octets between characters, texts escaped. */
#ifndef RENDER_ICAL_H
#define RENDER_ICAL_H

#include <stddef.h>
#include <stdio.h>

enum { ICAL_LINE_OCTETS = 75 };

typedef struct IcalLine {
  FILE *out;
  size_t octets; /* on the line so far */
} IcalLine;

/* Starts "NAME:" or, with parameters, "NAME;VALUE=DATE:". */
IcalLine ical_begin(FILE *out, const char *name);
/* What stands as it is: dates, numbers, names. */
void ical_put(IcalLine *line, const char *value);
/* A TEXT value: backslash, comma, semicolon and line ends escaped; other control characters left
 * out. */
void ical_put_text(IcalLine *line, const char *text);
void ical_end(IcalLine *line);

/* A whole line of one value. */
void ical_property(FILE *out, const char *name, const char *value);
void ical_text_property(FILE *out, const char *name, const char *text);

#endif
