/* Records and fields as RFC 4180 has them, with the separator of the header.
 *
 * A quote opens only at the beginning of a field. Invariant: a quote that closes nothing spoils its
 * own line and no other. */
#include <string.h>

#include "columns/csv_internal.h"

char csv_separator(const char *header, size_t length) {
  bool quoted = false;
  for (size_t i = 0; i < length && (quoted || header[i] != '\n'); i++) {
    if (header[i] == '"') quoted = !quoted;
    if (!quoted && (header[i] == ',' || header[i] == ';' || header[i] == '\t')) return header[i];
  }
  return ',';
}

/* The record's first line alone; 0 where its end is not there yet. */
static size_t first_line(const char *text, size_t length, bool at_end) {
  const char *end = memchr(text, '\n', length);
  return end != NULL ? (size_t)(end - text) + 1 : at_end ? length : 0;
}

size_t csv_record(char separator, const char *text, size_t length, bool at_end) {
  bool quoted = false, begins = true; /* within quotes; at the first byte of a field */
  for (size_t i = 0; i < length; i++) {
    const char c = text[i], next = i + 1 < length ? text[i + 1] : '\n';
    if (quoted && c == '"') {
      if (i + 1 == length && !at_end) return 0;
      if (next == '"' && i + 1 < length) {
        i++;
        continue;
      }
      quoted = false;
      if (next != separator && next != '\r' && next != '\n')
        return first_line(text, length, at_end); /* it closed nothing */
    } else if (!quoted && c == '\n') {
      return i + 1;
    } else if (begins && c == '"') {
      quoted = true;
    }
    begins = !quoted && c == separator;
  }
  return at_end && quoted ? first_line(text, length, true) : at_end ? length : 0;
}

bool csv_next_field(char separator, const char **at, const char *end, Buffer *out, bool *more) {
  const char *p = *at;
  out->length = 0;
  if (p < end && *p == '"') {
    for (p++;; p++) {
      if (p == end) return false;
      if (*p == '"' && (p + 1 == end || p[1] != '"')) break;
      if (*p == '"') p++;
      buffer_character(out, *p);
    }
    p++;
  } else {
    while (p < end && *p != separator) {
      if (*p == '"') return false;
      buffer_character(out, *p++);
    }
  }
  if (p < end && *p != separator) return false;
  *more = p < end;
  *at = p < end ? p + 1 : p;
  return true;
}

size_t csv_trim(const char *record, size_t length) {
  if (length > 0 && record[length - 1] == '\n') length--;
  if (length > 0 && record[length - 1] == '\r') length--;
  return length;
}
