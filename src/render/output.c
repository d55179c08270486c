#include "render/output.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

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

/* Control characters would be commands to the terminal: they become U+FFFD. */
static void write_visible(FILE *out, const char *text) {
  for (; *text != '\0'; text++) {
    const unsigned char c = (unsigned char)*text, next = (unsigned char)text[1];
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
      fputs(REPLACEMENT, out);
    } else if (c == 0xC2 && next >= 0x80 && next < 0xA0) {
      fputs(REPLACEMENT, out);
      text++;
    } else {
      fputc(c, out);
    }
  }
}

void complain_with(const char *format, va_list arguments) {
  output_flush();
  fputs("licet: ", stderr);
  char words[4096]; /* what is longer is cut: a name of a file may be as long as it likes */
  vsnprintf(words, sizeof words, format, arguments);
  write_visible(stderr, words);
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
  const Text all = text_of(text);
  bool valid;
  for (uint32_t at = 0, length; at < all.length; at += length) {
    const char *character = all.at + at;
    length = text_next(all, at, &valid);
    if (!valid)
      fputs(REPLACEMENT, out);
    else if (*character == '"' || *character == '\\')
      fprintf(out, "\\%c", *character);
    else if ((unsigned char)*character < 0x20)
      fprintf(out, "\\u%04x", (unsigned)*character);
    else
      fwrite(character, 1, length, out);
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
