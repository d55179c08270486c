/* A text as one field of a CSV file that a spreadsheet may open: neither a formula nor a terminal's
 * command comes through. */
#include <string.h>

#include "columns/csv.h"

/* What a terminal would take as a command: control characters, of U+0080 to U+009F too. */
static bool is_control(Text text, uint32_t at) {
  const unsigned char c = (unsigned char)text.at[at];
  if (c == 0xC2 && at + 1 < text.length) return (unsigned char)text.at[at + 1] < 0xA0;
  return (c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7F;
}

static bool needs_care(Text text) {
  for (uint32_t i = 0; i < text.length; i++) {
    const unsigned char c = (unsigned char)text.at[i];
    if (c < 0x20 || c == 0x7F || c == 0xC2 || c == '"' || c == ',') return true;
  }
  return text.length > 0 && memchr("=+-@", text.at[0], 4) != NULL;
}

void csv_write_field(Buffer *out, Text text) {
  if (!needs_care(text)) {
    buffer_put(out, text);
    return;
  }
  bool quoted = false;
  for (uint32_t i = 0; i < text.length; i++)
    quoted = quoted || memchr(",\"\r\n", text.at[i], 4) != NULL;
  if (quoted) buffer_character(out, '"');
  if (memchr("=+-@\t\r", text.at[0], 6) != NULL) buffer_character(out, '\'');
  for (uint32_t i = 0; i < text.length; i++) {
    if (is_control(text, i)) {
      i += (unsigned char)text.at[i] == 0xC2;
      buffer_string(out, "\xEF\xBF\xBD");
    } else {
      if (text.at[i] == '"') buffer_character(out, '"');
      buffer_character(out, text.at[i]);
    }
  }
  if (quoted) buffer_character(out, '"');
}
