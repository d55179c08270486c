/* output: what the commands share about writing: complaints, JSON and HTML texts, and knowing that
 * it arrived. */
#ifndef RENDER_OUTPUT_H
#define RENDER_OUTPUT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "json/writer.h"

/* "licet: …" and a line end on stderr, after what stdout still holds, so that both read in order
 * where they meet. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complain_with(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* False once something could not be written to stdout (closed pipe, full disk, no memory). Worth
 * asking in long loops; main asks at the end.
 */
bool output_stands(void);

/* Why standard output failed at first (errno); 0: it did not, or nobody asked in time. */
int output_failure(void);
/* What is on standard output lacks what memory had no room for: output_failure says so. */
void output_lacks_memory(void);
/* Writes what stdout holds. */
void output_flush(void);

/* What `write` writes, on standard output. Where memory is short nothing is, and output_failure
 * says so. */
void print_json(void (*write)(JsonWriter *json, void *context), void *context);
/* An array of strings, up to the NULL. */
void json_strings_member(JsonWriter *json, const char *name, const char *const *items);
/* JSON of several lines, no string of which holds a line end; "" is null. */
void json_one_line_member(JsonWriter *json, const char *name, const char *value);
/* `text` with & < > " ' escaped; a control character is shown as U+FFFD. */
void write_html_text(FILE *out, const char *text);

#endif
