#include "render/output.h"

#include <string.h>

void complain_with(const char *format, va_list arguments) {
  fflush(stdout);
  fputs("licet: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

void complain(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  complain_with(format, arguments);
  va_end(arguments);
}

bool output_stands(void) { return !ferror(stdout); }

void write_json_string(FILE *out, const char *text) {
  fputc('"', out);
  for (; *text; text++) {
    unsigned char byte = (unsigned char)*text;
    if (byte == '"' || byte == '\\')
      fprintf(out, "\\%c", byte);
    else if (byte < 0x20)
      fprintf(out, "\\u%04x", byte);
    else
      fputc(byte, out);
  }
  fputc('"', out);
}

void write_json_member(FILE *out, const char *name, const char *value) {
  fprintf(out, ",\"%s\":", name);
  write_json_string(out, value);
}

void write_html_text(FILE *out, const char *text) {
  for (; *text; text++) switch (*text) {
      case '&':
        fputs("&amp;", out);
        break;
      case '<':
        fputs("&lt;", out);
        break;
      case '>':
        fputs("&gt;", out);
        break;
      case '"':
        fputs("&quot;", out);
        break;
      case '\'':
        fputs("&#39;", out);
        break;
      default:
        /* control characters stand in no page, also not escaped */
        if ((unsigned char)*text < 0x20 && !strchr("\t\r\n", *text))
          fputs("\uFFFD", out);
        else
          fputc(*text, out);
    }
}
