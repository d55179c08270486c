#include "render/output.h"

#include <errno.h>
#include <string.h>

/* Why standard output failed at first; 0: it did not, or nobody looked in time. */
static int first_failure;

bool output_stands(void) {
  if (!ferror(stdout)) return true;
  if (first_failure == 0) first_failure = errno;
  return false;
}

int output_failure(void) { return first_failure; }

void output_flush(void) {
  errno = 0;
  if (fflush(stdout) != 0 && first_failure == 0) first_failure = errno;
}

void complain_with(const char *format, va_list arguments) {
  output_flush();
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
