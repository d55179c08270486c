/* output: what the commands share about writing: complaints, JSON and HTML texts, and knowing that
 * it arrived. */
#ifndef RENDER_OUTPUT_H
#define RENDER_OUTPUT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* "licet: …" and a line end on stderr, after what stdout still holds, so that both read in order
 * where they meet. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complain_with(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* False once something could not be written to stdout (closed pipe, full disk). Worth asking in
 * long loops; main asks at the end.
 */
bool output_stands(void);

/* Why standard output failed at first (errno); 0: it did not, or nobody asked in time. */
int output_failure(void);
/* Writes what stdout holds. */
void output_flush(void);

/* `text` as a JSON string, quotes included; what is not UTF-8 becomes U+FFFD. */
void write_json_string(FILE *out, const char *text);
/* ,"name":"value" */
void write_json_member(FILE *out, const char *name, const char *value);
/* `text` with & < > " ' escaped; a control character is shown as U+FFFD. */
void write_html_text(FILE *out, const char *text);

#endif
