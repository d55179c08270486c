/* page: what HTML pages share: one look, on screen and on paper, and elements whose text is
 * escaped. A page is one file: no scripts, nothing fetched. */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include <stdio.h>

/* From the doctype to <body>. The title's parts, NULL-terminated, are joined by colons;
 * `more_style` is CSS of this page alone. */
void page_open(FILE *out, const char *const *title, const char *more_style);
void page_close(FILE *out);

/*  name="value" */
void write_attribute(FILE *out, const char *name, const char *value);
/* <element class="…">text</element>; nothing where the text is empty. */
void write_element(FILE *out, const char *element, const char *class_name, const char *text);
/* <dt>term</dt><dd>text</dd>; nothing where the text is empty. */
void write_term(FILE *out, const char *term, const char *text);

#endif
