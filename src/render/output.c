/* Standard output and error, and the texts that go there: complaints, JSON, HTML.
 *
 * Invariant: no control character of a text that came from outside reaches a terminal or a page. */
#include "render/output.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Why standard output failed at first, or lacks what memory had no room for; 0: it did not, or
 * nobody looked in time. */
static int first_failure;

bool output_stands(void) {
  if (!ferror(stdout)) return first_failure == 0;
  if (first_failure == 0) first_failure = errno;
  return false;
}

int output_failure(void) { return first_failure; }

void output_lacks_memory(void) {
  if (first_failure == 0) first_failure = ENOMEM;
}

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

/* ---- JSON ---- */

typedef struct Printed {
  void (*write)(JsonWriter *json, void *context);
  void *context;
  Arena arena;
} Printed;

static void print_whole(void *context) {
  Printed *printed = context;
  Buffer out;
  JsonWriter json;
  buffer_open(&out, &printed->arena, 4096);
  json_writer_open(&json, &out);
  printed->write(&json, printed->context);
  json_writer_close(&json);
  fwrite(out.at, 1, out.length, stdout);
}

void print_json(void (*write)(JsonWriter *json, void *context), void *context) {
  Printed printed = {.write = write, .context = context};
  arena_open(&printed.arena);
  if (!arena_attempt(&printed.arena, print_whole, &printed)) output_lacks_memory();
  arena_close(&printed.arena);
}

void json_strings_member(JsonWriter *json, const char *name, const char *const *items) {
  json_array_member(json, name);
  for (size_t i = 0; items[i] != NULL; i++) json_string(json, items[i]);
  json_end_array(json);
}

void json_one_line_member(JsonWriter *json, const char *name, const char *value) {
  Buffer line;
  buffer_open(&line, json->out->arena, strlen(value) + 1);
  for (const char *at = value; *at != '\0'; at++)
    if (*at != '\n') buffer_character(&line, *at);
  json_raw_or_null_member(json, name, buffer_contents(&line));
}

/* ---- HTML ---- */

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
