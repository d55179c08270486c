/* The header hands the faults out as JSON only. This reads just that shape,
 *
 *     { "request": "…", "errors": [ { "field": "…", "pointer": "…", "found": …, "expected": "…" }, … ] }
 *
 * as the engine writes it: members are found by their keys at whatever depth, and an object ends a fault. It is no reader of JSON
 * from outside. */
#include "faults.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef enum Member { MEMBER_FIELD, MEMBER_POINTER, MEMBER_FOUND, MEMBER_EXPECTED, MEMBER_COUNT } Member;

static const char *const member_names[MEMBER_COUNT] = {"field", "pointer", "found", "expected"};

typedef struct Fault {
  char *member[MEMBER_COUNT]; /* owned; NULL where absent */
} Fault;

typedef struct Reader {
  const char *at, *end;
} Reader;

static void skip_space(Reader *reader) {
  while (reader->at < reader->end && strchr(" \t\r\n", *reader->at)) reader->at++;
}

static unsigned hexadecimal(const char *at) {
  unsigned value = 0;
  for (int i = 0; i < 4; i++) {
    const char *found = at[i] ? strchr("0123456789abcdef", at[i] | 0x20) : NULL;
    value = value << 4 | (found ? (unsigned)(found - "0123456789abcdef") & 15u : 0u);
  }
  return value;
}

/* A string's text. Escapes of characters beyond ASCII stay as they are: the engine writes such characters plainly. */
static char *read_string(Reader *reader) {
  char *text = malloc((size_t)(reader->end - reader->at) + 1), *to = text;
  if (!text) return NULL;
  for (reader->at++; reader->at < reader->end && *reader->at != '"'; reader->at++) {
    if (*reader->at != '\\' || reader->end - reader->at < 2) {
      *to++ = *reader->at;
      continue;
    }
    reader->at++;
    bool is_short = *reader->at == 'u' && reader->end - reader->at > 4 && hexadecimal(reader->at + 1) < 0x80;
    if (is_short) {
      *to++ = (char)hexadecimal(reader->at + 1);
      if (to[-1] == '\0') to[-1] = ' ';
      reader->at += 4;
    } else if (strchr("nrtbf", *reader->at))
      *to++ = ' ';
    else {
      if (*reader->at == 'u') *to++ = '\\';
      *to++ = *reader->at;
    }
  }
  if (reader->at < reader->end) reader->at++;
  *to = '\0';
  return text;
}

/* Any other value, as written. */
static char *read_raw(Reader *reader) {
  const char *start = reader->at;
  int depth = 0;
  bool quoted = false;
  for (; reader->at < reader->end; reader->at++) {
    char c = *reader->at;
    if (quoted && c == '\\' && reader->end - reader->at > 1)
      reader->at++;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && strchr("[{", c))
      depth++;
    else if (!quoted && strchr("]},", c) && (c == ',' ? depth == 0 : depth-- == 0))
      break;
  }
  return strndup(start, (size_t)(reader->at - start));
}

static void keep(Fault *fault, const char *key, char *value) {
  for (Member member = 0; member < MEMBER_COUNT; member++)
    if (key && strcmp(key, member_names[member]) == 0) {
      free(fault->member[member]);
      fault->member[member] = value;
      return;
    }
  free(value);
}

static void write_member(Terminal *terminal, const char *name, const char *text) {
  if (!text || !*text) return;
  terminal_begin(terminal, 4, 14);
  terminal_put(terminal, STYLE_DIM, name);
  terminal_column(terminal, 14);
  terminal_put_cut(terminal, STYLE_PLAIN, text, 400);
  terminal_end(terminal);
}

static void write_fault(Terminal *terminal, const Fault *fault) {
  const char *field = fault->member[MEMBER_FIELD], *pointer = fault->member[MEMBER_POINTER];
  terminal_begin(terminal, 2, 4);
  terminal_put(terminal, STYLE_BAD, "✗");
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_BOLD, field && *field ? field : "request");
  if (pointer && *pointer) {
    terminal_put(terminal, STYLE_DIM, " at ");
    terminal_put(terminal, STYLE_DIM, pointer);
  }
  terminal_end(terminal);
  write_member(terminal, "found", fault->member[MEMBER_FOUND]);
  write_member(terminal, "expected", fault->member[MEMBER_EXPECTED]);
}

static void clear(Fault *fault) {
  for (Member member = 0; member < MEMBER_COUNT; member++) {
    free(fault->member[member]);
    fault->member[member] = NULL;
  }
}

/* A key with its value; the list of errors is entered instead. A string that is no key is passed over. */
static void read_member(Reader *reader, Fault *fault) {
  char *key = read_string(reader);
  skip_space(reader);
  if (reader->at < reader->end && *reader->at == ':') {
    reader->at++;
    skip_space(reader);
    bool enters = key && strcmp(key, "errors") == 0;
    if (!enters && reader->at < reader->end) keep(fault, key, *reader->at == '"' ? read_string(reader) : read_raw(reader));
  }
  free(key);
}

void print_faults(Terminal *terminal, const char *json, size_t length) {
  Reader reader = {json, json + length};
  Fault fault = {{0}};
  for (skip_space(&reader); reader.at < reader.end; skip_space(&reader)) {
    if (*reader.at == '"') {
      read_member(&reader, &fault);
      continue;
    }
    if (*reader.at++ != '}' || !fault.member[MEMBER_FIELD]) continue;
    write_fault(terminal, &fault);
    clear(&fault);
  }
  clear(&fault);
}
