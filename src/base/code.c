/* code: the shape and the normal form of codes. The systems are listed in code_system.def. */
#include "base/code.h"

#include <string.h>

typedef struct CodeSystem {
  const char *name, *shapes;
  uint32_t least;
  bool ordered;
} CodeSystem;

static const CodeSystem systems[] = {
#define CODE_SYSTEM(name, shapes, least, ordered) {name, shapes, least, ordered},
#include "base/code_system.def"
#undef CODE_SYSTEM
};

static const CodeSystem *find_system(Text name) {
  for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
    if (text_is(name, systems[i].name)) return &systems[i];
  }
  return NULL;
}

bool code_is_ordered(Text system) {
  const CodeSystem *known = find_system(system);
  return known == NULL || known->ordered;
}

/* ---- Shapes ---- */

static bool sign_allows(char sign, char c) {
  bool digit = is_ascii_digit(c), letter = is_ascii_capital(c);
  return sign == '9' ? digit : sign == 'A' ? letter : digit || letter;
}

/* `shape` ends at | or the end of the text. */
static bool fits_shape(const char *shape, Text code) {
  for (uint32_t i = 0; i < code.length; i++) {
    if (shape[i] == '\0' || shape[i] == '|' || !sign_allows(shape[i], code.at[i])) return false;
  }
  return true;
}

static bool has_digit(Text code) {
  for (uint32_t i = 0; i < code.length; i++) {
    if (is_ascii_digit(code.at[i])) return true;
  }
  return false;
}

/* Is a text in normal form a code of the system? */
static bool is_code(const CodeSystem *system, Text code) {
  if (system == NULL) return code.length <= CODE_LONGEST && has_digit(code);
  if (code.length < system->least) return false;
  for (const char *shape = system->shapes; shape != NULL;) {
    if (fits_shape(shape, code)) return true;
    const char *next = strchr(shape, '|');
    shape = next == NULL ? NULL : next + 1;
  }
  return false;
}

/* ---- Normal form ---- */

/* The segments of an NDC, each filled up with zeros on the left. Labeler, product and package are
 * of 5, 4 and 2 digits on claims; on a package one of them may be a digit short. */
static uint32_t pad_ndc(Text written, char *normal) {
  static const uint32_t widths[] = {5, 4, 2};
  uint32_t length = 0, at = 0;
  for (int segment = 0; segment < 3; segment++) {
    uint32_t end = at;
    while (end < written.length && written.at[end] != '-') end++;
    const uint32_t width = widths[segment], digits = end - at;
    const bool is_last = segment == 2;
    if (digits + 1 < width || digits > width || digits == 0 || (end == written.length) != is_last)
      return 0;
    if (digits < width) normal[length++] = '0';
    memcpy(normal + length, written.at + at, digits);
    length += digits;
    at = end + 1;
  }
  return length;
}

/* Ten digits are one short, and without hyphens nothing says where: labelers of four digits are
 * those that begin with 0, and of the others most give three digits to the product. */
static uint32_t pad_plain_ndc(Text written, char *normal) {
  const uint32_t at = written.length > 0 && written.at[0] == '0' ? 0 : 5;
  if (written.length != 10) {
    memcpy(normal, written.at, written.length);
    return written.length;
  }
  memcpy(normal, written.at, at);
  normal[at] = '0';
  memcpy(normal + at + 1, written.at + at, written.length - at);
  return written.length + 1;
}

/* Upper case, without dots and hyphens; 0 where another sign stands. */
static uint32_t plain_form(Text written, char *normal) {
  uint32_t length = 0;
  for (uint32_t i = 0; i < written.length; i++) {
    const unsigned char c = (unsigned char)written.at[i];
    if (is_ascii_word((char)c)) {
      normal[length++] = ascii_upper((char)c);
    } else if (c != '.' && c != '-') {
      return 0;
    }
  }
  return length;
}

bool code_normal(Arena *arena, Text system, Text written, Text *normal) {
  if (written.length == 0 || written.length > CODE_LONGEST) return false;
  char *at = arena_allocate_raw(arena, CODE_LONGEST + 2);
  const bool is_ndc = text_is(system, "NDC");
  uint32_t length = !is_ndc                                           ? plain_form(written, at)
                    : memchr(written.at, '-', written.length) != NULL ? pad_ndc(written, at)
                                                                      : pad_plain_ndc(written, at);
  at[length] = '\0';
  const Text code = {at, length};
  if (length == 0 || !is_code(find_system(system), code)) return false;
  *normal = code;
  return true;
}

/* ---- Order ---- */

static const char order[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* The first code that begins with the `length` characters at `code`: zeros do for all that is
 * missing, but where a letter has to stand. False where there is none. */
static bool fill(const CodeSystem *system, char *code, uint32_t *length) {
  for (uint32_t filled = *length; filled <= CODE_LONGEST; filled++) {
    if (is_code(system, (Text){code, filled})) {
      *length = filled;
      return true;
    }
    code[filled] = '0';
  }
  return false;
}

/* The first code from (prefix, character `from` of the order) on. */
static Text first_from(Arena *arena, const CodeSystem *system, Text prefix, size_t from) {
  char *code = arena_allocate_raw(arena, CODE_LONGEST + 2);
  for (size_t next = from; order[next] != '\0'; next++) {
    uint32_t length = prefix.length;
    memcpy(code, prefix.at, prefix.length);
    code[length++] = order[next];
    if (!fill(system, code, &length)) continue;
    code[length] = '\0';
    return (Text){code, length};
  }
  return (Text){NULL, 0};
}

Text code_first(Arena *arena, Text system) {
  return first_from(arena, find_system(system), TEXT(""), 0);
}

Text code_after(Arena *arena, Text system, Text code) {
  for (uint32_t at = code.length; at-- > 0;) {
    const size_t next = (size_t)(strchr(order, code.at[at]) - order) + 1;
    Text found = first_from(arena, find_system(system), (Text){code.at, at}, next);
    if (found.length > 0) return found;
  }
  return (Text){NULL, 0};
}
