/* The frame of an HTML page: one style sheet, for screen and paper, and elements. */
#include "render/page.h"

#include "render/output.h"

/* clang-format off */
static const char style[] =
    ":root {\n"
    "  color-scheme: light dark;\n"
    "  --ink: #1b1f24; --page: #fff; --soft: #57606a; --line: #d0d7de; --tint: #f6f8fa;\n"
    "  --link: #0550ae; --note: #fff8e5; --authorization: #eef4ff;\n"
    "}\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root {\n"
    "    --ink: #e6edf3; --page: #0d1117; --soft: #9aa4af; --line: #343b44; --tint: #161b22;\n"
    "    --link: #79b8ff; --note: #2b2410; --authorization: #12233d;\n"
    "  }\n"
    "}\n"
    "* { box-sizing: border-box; }\n"
    "body {\n"
    "  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 54rem;\n"
    "  font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page);\n"
    "}\n"
    "h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }\n"
    "h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }\n"
    "a { color: var(--link); }\n"
    ".id { color: var(--soft); margin: 0 0 1rem; }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 0; }\n"
    "dt { color: var(--soft); }\n"
    "dd { margin: 0; overflow-wrap: anywhere; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }\n"
    "td:first-child { white-space: nowrap; }\n"
    "ul.outline, ul.outline ul { list-style: none; margin: 0; padding: 0; }\n"
    "ul.outline ul { margin-left: .6rem; padding-left: 1rem; border-left: 1px solid var(--line); }\n"
    "li { margin: .55rem 0; }\n"
    "li:target > .line { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }\n"
    ".label { font-weight: 700; text-decoration: none; margin-right: .4rem; }\n"
    ".label:hover, .label:focus { text-decoration: underline; }\n"
    ".how { font-style: italic; color: var(--soft); }\n"
    ".mark { font-size: .85em; color: var(--soft); border: 1px solid var(--line); border-radius: 3px; padding: 0 .3rem; white-space: nowrap; }\n"
    "code { font: .875em/1.5 ui-monospace, monospace; background: var(--tint); border-radius: 3px; padding: .1rem .3rem; overflow-wrap: anywhere; }\n"
    ".condition { margin: .15rem 0; }\n"
    ".note, .cite { color: var(--soft); font-size: .92em; margin: .2rem 0; }\n"
    ".interpretation {\n"
    "  background: var(--note); border: 1px solid var(--line); border-left-width: 4px; border-radius: 3px;\n"
    "  padding: .4rem .7rem; margin: .4rem 0;\n"
    "}\n"
    ".interpretation p { margin: .1rem 0; }\n"
    ".authorization { background: var(--authorization); border-left: 4px double var(--link); padding: .25rem .7rem; margin: .35rem 0; }\n"
    "footer { margin-top: 3rem; color: var(--soft); font-size: .85em; overflow-wrap: anywhere; }\n"
    "@media print {\n"
    "  :root {\n"
    "    color-scheme: light;\n"
    "    --ink: #000; --page: #fff; --soft: #333; --line: #999; --tint: #fff; --link: #000; --note: #fff; --authorization: #fff;\n"
    "  }\n"
    "  body { max-width: none; padding: 0; font-size: 10pt; }\n"
    "  .interpretation, .authorization, .line { break-inside: avoid; }\n"
    "  h2 { break-after: avoid; }\n"
    "  a { text-decoration: none; }\n"
    "}\n";
/* clang-format on */

void write_attribute(FILE *out, const char *name, const char *value) {
  fprintf(out, " %s=\"", name);
  write_html_text(out, value);
  fputs("\"", out);
}

void write_element(FILE *out, const char *element, const char *class_name, const char *text) {
  if (!*text) return;
  fprintf(out, "<%s", element);
  if (*class_name) write_attribute(out, "class", class_name);
  fputs(">", out);
  write_html_text(out, text);
  fprintf(out, "</%s>", element);
}

void write_term(FILE *out, const char *term, const char *text) {
  if (!*text) return;
  fprintf(out, "<dt>%s</dt><dd>", term);
  write_html_text(out, text);
  fputs("</dd>\n", out);
}

void page_open(FILE *out, const char *const *title, const char *more_style) {
  fputs(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<title>",
      out);
  for (size_t i = 0; title[i]; i++) {
    if (i > 0) fputs(": ", out);
    write_html_text(out, title[i]);
  }
  fprintf(out, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n", style, more_style);
}

void page_close(FILE *out) { fputs("</body>\n</html>\n", out); }
