/* json: the door to simdjson.
 *
 * simdjson reads JSON in two stages. The first takes 64 bytes at a time through vector instructions
 * chosen for the machine at run time: it checks UTF-8, finds the strings, and leaves the index of
 * every character that begins something:
 *
 *     text      { " a " :   [ 1 2 . 5 0 ,   " x " ]   }
 *     indexes   ^ ^     ^   ^ ^         ^   ^     ^   ^
 *
 * The second builds a tree, in which 12.50 has become the double 12.5. We use the first stage alone
 * and walk its indexes ourselves, for three reasons: decimals stay as written, since they are exact
 * here; every error has a byte offset, which the tree's errors lack; and the tokens come out as our
 * row at once, sooner than from a visit to simdjson's tree (the numbers: docs/dependencies.md).
 *
 * What stage one promises and the walk relies on: every string is closed and holds no bare control
 * character; between two indexes lies one scalar or bracket and then white space; the closing quote
 * of a string is the last non-white character before the next index.
 *
 * Stage one knows no offsets either, so when it finds an error, `lexical_fault` looks for it byte
 * by byte, and what stands before it is walked: the error that is reported is the first in the
 * text.
 *
 * Reading order: json_read, Walk.
 */
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <simdjson.h>

#include "json/reader.h"

#include "base/limits.h"
extern "C" {
#include "base/arena.h"
}

using simdjson::SIMDJSON_PADDING;
using simdjson::stage1_mode;
using simdjson::internal::dom_parser_implementation;

struct JsonReader {
  std::unique_ptr<dom_parser_implementation> stage_one;
  char
      *text; /* the document, with SIMDJSON_PADDING zeros behind it: stage one reads whole blocks */
  char *unescaped; /* where strings that hold a backslash are written; never longer than the text */
  size_t capacity; /* bytes in each of both */
  JsonToken *tokens;
  uint32_t token_capacity;
  JsonLimits limits;
};

namespace {

struct RequestError {
  JsonStatus status;
  const char *message;
  size_t offset;
};

bool is_white(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool ends_scalar(char c) {
  return c == ',' || c == ']' || c == '}' || is_white(c) || c == ':' || c == '[' || c == '{';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* ---- escapes ---- */

/* Four hexadecimal digits, or -1. */
int hexadecimal(const char *at, const char *end) {
  if (end - at < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const char lower = (char)(c | 0x20);
    if (is_digit(c))
      value = value * 16 + (c - '0');
    else if (lower >= 'a' && lower <= 'f')
      value = value * 16 + (lower - 'a' + 10);
    else
      return -1;
  }
  return value;
}

bool is_high_surrogate(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

char *write_utf8(char *out, int point) {
  if (point < 0x80) {
    *out++ = (char)point;
    return out;
  }
  if (point < 0x800) {
    *out++ = (char)(0xC0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      *out++ = (char)(0xE0 | (point >> 12));
    } else {
      *out++ = (char)(0xF0 | (point >> 18));
      *out++ = (char)(0x80 | ((point >> 12) & 0x3F));
    }
    *out++ = (char)(0x80 | ((point >> 6) & 0x3F));
  }
  *out++ = (char)(0x80 | (point & 0x3F));
  return out;
}

/* What the letter after a backslash stands for; 0 where it stands for nothing by itself. */
char simple_escape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

/* One escape at *at (on its backslash), moved past it. NULL, or what is wrong. */
const char *unescape_one(const char **at, const char *end, char **out) {
  const char *p = *at + 1;
  if (*p != 'u') {
    const char meaning = simple_escape(*p);
    if (!meaning) return "a backslash must be followed by one of \" \\ / b f n r t u";
    *(*out)++ = meaning;
    *at = p + 1;
    return nullptr;
  }
  int point = hexadecimal(p + 1, end);
  if (point < 0) return "\\u requires four hexadecimal digits";
  p += 5;
  if (is_low_surrogate(point)) return "half of a surrogate pair";
  if (is_high_surrogate(point)) {
    const int low = end - p >= 2 && p[0] == '\\' && p[1] == 'u' ? hexadecimal(p + 2, end) : -1;
    if (!is_low_surrogate(low)) return "half of a surrogate pair";
    point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    p += 6;
  }
  *out = write_utf8(*out, point);
  *at = p;
  return nullptr;
}

/* ---- the walk over stage one's indexes ---- */

class Walk {
 public:
  Walk(JsonReader *reader, uint32_t length)
      : base(reader->text),
        next(reader->stage_one->structural_indexes.get()),
        last(next + reader->stage_one->n_structural_indexes),
        end(length),
        tokens(reader->tokens),
        limit(reader->token_capacity),
        deepest(reader->limits.depth),
        out(reader->unescaped) {
    reader->stage_one->structural_indexes[reader->stage_one->n_structural_indexes] = length;
    find_backslash(base);
  }

  /* False with `error` set where the text is not one document. */
  bool document() {
    return value() && (next == last || malformed("nothing may follow the document", *next));
  }

  uint32_t count = 0;
  RequestError request_error = {JSON_OK, nullptr, 0};

 private:
  const char *const base;
  const uint32_t *next; /* where the next thing begins; nothing that is read is a zero, so this
                           never passes `last` */
  const uint32_t *const last; /* the end of the text, where a zero stands */
  const uint32_t end;         /* the length of the text */
  JsonToken *const tokens;
  const uint32_t limit, deepest;
  uint32_t depth = 0;
  const char *backslash; /* the first at or after the last string read; the text's end where there
                            is none */
  char *out;             /* where the next unescaped string goes */

  char peek() const { return base[*next]; }

  bool fail(JsonStatus status, const char *message, size_t offset) {
    request_error = {status, message, offset};
    return false;
  }
  bool malformed(const char *message, size_t offset) {
    return fail(JSON_MALFORMED, message, offset);
  }
  /* The text ended, or something else came. */
  bool expected(const char *message) { return malformed(message, *next); }

  void find_backslash(const char *from) {
    const void *found = memchr(from, '\\', (size_t)(base + end - from));
    backslash = found ? (const char *)found : base + end;
  }

  JsonToken *push(JsonKind kind, uint32_t offset) {
    if (count == limit) {
      fail(JSON_TOO_MANY, "too many values", offset);
      return nullptr;
    }
    JsonToken *token = &tokens[count++];
    token->text = nullptr;
    token->raw = base + offset;
    token->length = token->raw_length = 0;
    token->end = count;
    token->kind = (uint8_t)kind;
    return token;
  }

  bool value() {
    switch (peek()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return string(JSON_STRING);
      case 't':
        return literal(JSON_TRUE, "true", 4);
      case 'f':
        return literal(JSON_FALSE, "false", 5);
      case 'n':
        return literal(JSON_NULL, "null", 4);
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
        return number();
      default:
        return expected("a value is expected");
    }
  }

  bool object() {
    uint32_t self;
    if (!open(JSON_OBJECT, &self)) return false;
    if (peek() == '}') return close(self);
    for (;;) {
      if (peek() != '"') return expected("a key in quotes is expected");
      if (!string(JSON_KEY)) return false;
      if (peek() != ':') return expected("a colon is expected after the key");
      ++next;
      if (!value()) return false;
      if (peek() == '}') return close(self);
      if (peek() != ',') return expected("a comma or } is expected");
      ++next;
    }
  }

  bool array() {
    uint32_t self;
    if (!open(JSON_ARRAY, &self)) return false;
    if (peek() == ']') return close(self);
    for (;;) {
      if (!value()) return false;
      if (peek() == ']') return close(self);
      if (peek() != ',') return expected("a comma or ] is expected");
      ++next;
    }
  }

  bool open(JsonKind kind, uint32_t *self) {
    if (depth == deepest) return fail(JSON_TOO_DEEP, "nested too deeply", *next);
    *self = count;
    if (!push(kind, *next)) return false;
    ++depth;
    ++next;
    return true;
  }

  bool close(uint32_t self) {
    JsonToken *token = &tokens[self];
    token->raw_length = (uint32_t)(base + *next + 1 - token->raw);
    token->end = count;
    --depth;
    ++next;
    return true;
  }

  bool string(JsonKind kind) {
    JsonToken *token = push(kind, *next);
    if (!token) return false;
    ++next;
    const char *start = token->raw + 1, *quote = base + *next - 1;
    while (is_white(*quote)) --quote;
    token->raw_length = (uint32_t)(quote + 1 - token->raw);
    token->text = start;
    token->length = (uint32_t)(quote - start);
    return backslash >= quote || unescape(token, start, quote);
  }

  bool unescape(JsonToken *token, const char *start, const char *quote) {
    token->text = out;
    const char *from = start;
    while (backslash < quote) {
      memcpy(out, from, (size_t)(backslash - from));
      out += backslash - from;
      from = backslash;
      if (const char *wrong = unescape_one(&from, quote, &out))
        return malformed(wrong, (size_t)(backslash - base));
      find_backslash(from);
    }
    memcpy(out, from, (size_t)(quote - from));
    out += quote - from;
    token->length = (uint32_t)(out - token->text);
    return true;
  }

  /* A scalar reaches to `stop`. Stage one begins nothing inside a run such as 12x or 12"x", so what
   * stands behind must be looked at. */
  bool scalar(JsonKind kind, const char *stop, const char *wrong) {
    const uint32_t offset = *next++;
    if (stop != base + end && !ends_scalar(*stop)) return malformed(wrong, offset);
    JsonToken *token = push(kind, offset);
    if (!token) return false;
    token->text = token->raw;
    token->length = token->raw_length = (uint32_t)(stop - token->raw);
    return true;
  }

  bool literal(JsonKind kind, const char *word, size_t length) {
    const char *start =
        base + *next; /* the zeros behind the text end a comparison that runs past it */
    if (memcmp(start, word, length) != 0) return expected("a value is expected");
    return scalar(kind, start + length, "a value is expected");
  }

  bool number() {
    const char *p = base + *next;
    if (*p == '-') ++p;
    const char *whole = p;
    while (is_digit(*p)) ++p;
    if (p == whole) return expected("a minus sign must be followed by a digit");
    if (*whole == '0' && p - whole > 1) return expected("a number cannot have a leading zero");
    if (*p == '.') {
      const char *fraction = ++p;
      while (is_digit(*p)) ++p;
      if (p == fraction) return expected("a decimal point must be followed by a digit");
    }
    if (*p == 'e' || *p == 'E') {
      ++p;
      if (*p == '+' || *p == '-') ++p;
      const char *exponent = p;
      while (is_digit(*p)) ++p;
      if (p == exponent) return expected("an exponent requires a digit");
    }
    return scalar(JSON_NUMBER, p, "not a number");
  }
};

/* ---- errors that stage one finds ---- */

/* How many bytes the UTF-8 sequence at `at` has, 0 where it is none (Unicode 15, table 3-7). */
size_t utf8_length(const unsigned char *at, size_t left) {
  const unsigned char lead = at[0];
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                        : (lead & 0xF0) == 0xE0        ? 3
                        : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                       : 0;
  if (length == 0 || length > left) return 0;
  const unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (at[1] < lowest || at[1] > highest) return 0;
  for (size_t i = 2; i < length; ++i)
    if ((at[i] & 0xC0) != 0x80) return 0;
  return length;
}

/* The first error of the kind that stage one reports, JSON_OK where there is none. What stands
 * before `*sound` is free of them: the string with the error inside does not belong to it. */
RequestError lexical_error(const char *text, size_t length, size_t *sound) {
  bool inside = false; /* a string, which began at `start` */
  bool escaped = false;
  size_t start = 0;
  for (size_t i = 0; i < length;) {
    const char c = text[i];
    const size_t step = utf8_length((const unsigned char *)text + i, length - i);
    *sound = inside ? start : i;
    if (step == 0) return {JSON_MALFORMED, "not UTF-8", i};
    if (inside && (unsigned char)c < 0x20)
      return {JSON_MALFORMED, "a control character in a string must be escaped", i};
    if (escaped) {
      escaped = false;
    } else if (c == '\\') { /* stage one lets it escape a quote outside strings too */
      escaped = true;
    } else if (c == '"') {
      inside = !inside;
      start = i;
    }
    i += step;
  }
  *sound = inside ? start : length;
  if (inside) return {JSON_MALFORMED, "a string is not closed", start};
  return {JSON_OK, nullptr, 0};
}

/* ---- memory ---- */

/* Room for a document of `length` bytes. Where memory is short, the next read tries again. */
bool reserve_text(JsonReader *reader, size_t length) {
  if (length <= reader->capacity) return true;
  size_t capacity = 4096;
  while (capacity < length) capacity *= 2;
  char *text = (char *)memory_allocate(capacity + SIMDJSON_PADDING);
  char *unescaped = (char *)memory_allocate(capacity + SIMDJSON_PADDING);
  if (!text || !unescaped ||
      reader->stage_one->set_capacity(capacity + JSON_INDEX_BEHIND) != simdjson::SUCCESS) {
    memory_free(text);
    memory_free(unescaped);
    reader->capacity = 0; /* stage one may have lost its indexes */
    return false;
  }
  memory_free(reader->text);
  memory_free(reader->unescaped);
  reader->text = text;
  reader->unescaped = unescaped;
  reader->capacity = capacity;
  return true;
}

/* Every token has an index of its own, so that many tokens are enough. */
bool reserve_tokens(JsonReader *reader, uint32_t indexes) {
  const uint32_t most = reader->limits.tokens;
  const uint32_t needed = indexes < most ? indexes : most;
  if (needed <= reader->token_capacity) return true;
  uint32_t capacity = 256;
  while (capacity < needed) capacity *= 2;
  if (capacity > most) capacity = most;
  JsonToken *tokens = (JsonToken *)memory_allocate(capacity * sizeof(JsonToken));
  if (!tokens) return false;
  memory_free(reader->tokens);
  reader->tokens = tokens;
  reader->token_capacity = capacity;
  return true;
}

/* ---- reading ---- */

/* Reads the first `length` bytes of the reader's text. JSON_MALFORMED without a message: stage one
 * found the error. */
RequestError read_text(JsonReader *reader, size_t length, uint32_t *count) {
  dom_parser_implementation *stage_one = reader->stage_one.get();
  const simdjson::error_code error =
      stage_one->stage1((const uint8_t *)reader->text, length, stage1_mode::regular);
  if (error == simdjson::EMPTY) return {JSON_MALFORMED, "a value is expected", length};
  if (error != simdjson::SUCCESS) return {JSON_MALFORMED, nullptr, 0};
  if (!reserve_tokens(reader, stage_one->n_structural_indexes))
    return {JSON_NO_MEMORY, "out of memory", 0};
  Walk walk(reader, (uint32_t)length);
  walk.document();
  *count = walk.count;
  return walk.request_error;
}

/* Of a text known to be malformed. `walked` is what the walk found, without a message where stage
 * one found an error before it. simdjson's implementations differ in what they notice, so the
 * lexical errors are looked for in either case: every machine answers alike. */
RequestError first_request_error(JsonReader *reader, size_t length, RequestError walked) {
  size_t sound;
  const RequestError lexical = lexical_error(reader->text, length, &sound);
  if (lexical.status == JSON_OK) return walked;
  if (!walked.message) {
    uint32_t count = 0;
    memset(reader->text + sound, 0, SIMDJSON_PADDING);
    walked = read_text(reader, sound, &count);
  }
  const bool earlier = walked.status == JSON_MALFORMED ? walked.message && walked.offset < sound
                                                       : walked.status != JSON_OK;
  return earlier ? walked : lexical;
}

/* ---- simdjson's first use ---- */

/* When it is first asked for the implementation for this machine, simdjson makes the list of all,
 * whose names are strings: operator new throws where memory is short, through functions that
 * promise not to throw, which ends the process. So memory is set aside before, and given back when
 * operator new asks for some (std::set_new_handler); then it tries again. */
constexpr size_t SET_ASIDE = 16384; /* many times what the list takes */

struct FirstUse {
  std::mutex one_at_a_time;
  std::atomic<void *> set_aside{nullptr};
  std::atomic<std::new_handler> before{nullptr};
};
FirstUse first_use; /* the only state of a process: a handler takes no arguments */

void give_back() {
  void *memory = first_use.set_aside.exchange(nullptr);
  if (memory)
    std::free(memory);
  else /* another thread's, or still too little: as it was without us */
    std::set_new_handler(first_use.before);
}

bool create_stage_one(JsonReader *reader) {
  const std::lock_guard<std::mutex> alone(first_use.one_at_a_time);
  first_use.set_aside = std::malloc(SET_ASIDE);
  if (!first_use.set_aside) return false;
  first_use.before = std::set_new_handler(give_back);
  /* The depth is that of simdjson's second stage, which we do not use. */
  const simdjson::error_code error =
      simdjson::get_active_implementation()->create_dom_parser_implementation(0, 1,
                                                                              reader->stage_one);
  std::set_new_handler(first_use.before);
  std::free(first_use.set_aside.exchange(nullptr));
  return error == simdjson::SUCCESS;
}

}  // namespace

JsonReader *json_open(void) {
  void *memory = memory_allocate(sizeof(JsonReader));
  if (!memory) return nullptr;
  JsonReader *reader = new (memory) JsonReader();
  reader->limits = {LIMIT_REQUEST_BYTES, LIMIT_REQUEST_TOKENS, LIMIT_REQUEST_DEPTH};
  if (!create_stage_one(reader) || !reserve_text(reader, 1)) {
    json_close(reader);
    return nullptr;
  }
  return reader;
}

void json_set_limits(JsonReader *reader, JsonLimits limits) { reader->limits = limits; }

void json_close(JsonReader *reader) {
  if (!reader) return;
  memory_free(reader->text);
  memory_free(reader->unescaped);
  memory_free(reader->tokens);
  reader->~JsonReader();
  memory_free(reader);
}

static_assert(SIMDJSON_PADDING >= JSON_INDEX_PADDING,
              "json_index promises what stage one requires");

static JsonStatus index_text(JsonReader *reader, const char *text, size_t length,
                             JsonIndex *index) {
  dom_parser_implementation *stage_one = reader->stage_one.get();
  /* This comes first: it is the quicker in fetching the text from memory. */
  const void *escape = memchr(text, '\\', length);
  if (stage_one->stage1((const uint8_t *)text, length, stage1_mode::regular) != simdjson::SUCCESS)
    return JSON_MALFORMED;
  uint32_t *at = stage_one->structural_indexes.get();
  const uint32_t count = stage_one->n_structural_indexes;
  for (uint32_t i = 0; i < JSON_INDEX_BEHIND; i++) at[count + i] = (uint32_t)length;
  *index = {text, escape ? (const char *)escape : text + length, at, count};
  return JSON_OK;
}

JsonStatus json_index(JsonReader *reader, const char *text, size_t length, JsonIndex *index) {
  if (length > reader->limits.bytes) return JSON_TOO_LARGE;
  if (length == 0) return JSON_MALFORMED;
  if (!reserve_text(reader, length)) return JSON_NO_MEMORY;
  memcpy(reader->text, text, length);
  memset(reader->text + length, 0, SIMDJSON_PADDING);
  return index_text(reader, reader->text, length, index);
}

JsonStatus json_index_lines(JsonReader *reader, const char *text, size_t length, JsonIndex *index) {
  return reserve_text(reader, length) ? index_text(reader, text, length, index) : JSON_NO_MEMORY;
}

bool json_escapes_are_sound(const char *at, const char *end) {
  while ((at = (const char *)memchr(at, '\\', (size_t)(end - at)))) {
    char unescaped[4], *out = unescaped;
    if (unescape_one(&at, end - 1, &out)) return false;
  }
  return true;
}

/* A byte order mark before the text says nothing, and editors write it (RFC 8259, 8.1). */
static const size_t MARK_LENGTH = 3;

static bool begins_with_mark(const char *text, size_t length) {
  return length >= MARK_LENGTH && memcmp(text, "\xEF\xBB\xBF", MARK_LENGTH) == 0;
}

JsonStatus json_read(JsonReader *reader, const char *text, size_t length, const JsonToken **tokens,
                     uint32_t *count, const char **message, size_t *offset) {
  RequestError request_error = {JSON_OK, nullptr, 0};
  const size_t mark = begins_with_mark(text, length) ? MARK_LENGTH : 0;
  *tokens = nullptr;
  *count = 0;
  text += mark;
  length -= mark;
  if (length > reader->limits.bytes) {
    request_error = {JSON_TOO_LARGE, "the text is too long", reader->limits.bytes};
  } else if (!reserve_text(reader, length)) {
    request_error = {JSON_NO_MEMORY, "out of memory", 0};
  } else {
    if (length > 0) memcpy(reader->text, text, length);
    memset(reader->text + length, 0, SIMDJSON_PADDING);
    request_error = read_text(reader, length, count);
    if (request_error.status == JSON_MALFORMED)
      request_error = first_request_error(reader, length, request_error);
  }
  *message = request_error.message;
  *offset = request_error.offset + mark;
  if (request_error.status == JSON_OK)
    *tokens = reader->tokens;
  else
    *count = 0;
  return request_error.status;
}

#ifdef LICET_FAIL_ALLOCATIONS
/* simdjson allocates through new; in the build whose allocations fail, that goes through the same
 * door as ours. */
void *operator new(size_t size, const std::nothrow_t &) noexcept { return memory_allocate(size); }
void *operator new[](size_t size, const std::nothrow_t &) noexcept { return memory_allocate(size); }
void *operator new(size_t size) {
  void *memory = memory_allocate(size);
  if (!memory) __builtin_trap();
  return memory;
}
void *operator new[](size_t size) { return operator new(size); }
void operator delete(void *memory) noexcept { memory_free(memory); }
void operator delete[](void *memory) noexcept { memory_free(memory); }
void operator delete(void *memory, size_t) noexcept { memory_free(memory); }
void operator delete[](void *memory, size_t) noexcept { memory_free(memory); }
#endif
