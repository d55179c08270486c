/* Content lines of RFC 5545: texts escaped, lines folded at 75 octets.
 *
 * Invariant: a line is folded between characters, never within one. */
#include "render/ical.h"

#include <string.h>

/* Octets of the UTF-8 character at `at`, as far as its continuation octets are there. */
static size_t character_octets(const char *at) {
  size_t octets = 1;
  if ((unsigned char)*at >= 0xC2)
    while (octets < 4 && ((unsigned char)at[octets] & 0xC0) == 0x80) octets++;
  return octets;
}

/* Octets that may not be parted. A line that continues starts with a space, which counts. */
static void put_whole(IcalLine *line, const char *octets, size_t count) {
  if (line->octets + count > ICAL_LINE_OCTETS) {
    fputs("\r\n ", line->out);
    line->octets = 1;
  }
  fwrite(octets, 1, count, line->out);
  line->octets += count;
}

void ical_put(IcalLine *line, const char *value) {
  while (*value) {
    size_t octets = character_octets(value);
    put_whole(line, value, octets);
    value += octets;
  }
}

IcalLine ical_begin(FILE *out, const char *name) {
  IcalLine line = {.out = out};
  ical_put(&line, name);
  ical_put(&line, ":");
  return line;
}

void ical_put_text(IcalLine *line, const char *text) {
  while (*text) {
    size_t octets = character_octets(text);
    unsigned char first = (unsigned char)*text;
    if (first == '\n')
      put_whole(line, "\\n", 2);
    else if (first == '\\' || first == ',' || first == ';')
      put_whole(line, (const char[]){'\\', *text}, 2);
    else if (first >= 0x20 && first != 0x7F)
      put_whole(line, text, octets);
    text += octets;
  }
}

void ical_end(IcalLine *line) { fputs("\r\n", line->out); }

void ical_property(FILE *out, const char *name, const char *value) {
  IcalLine line = ical_begin(out, name);
  ical_put(&line, value);
  ical_end(&line);
}

void ical_text_property(FILE *out, const char *name, const char *text) {
  IcalLine line = ical_begin(out, name);
  ical_put_text(&line, text);
  ical_end(&line);
}
