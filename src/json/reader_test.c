/* The reader of requests, from one token to the limits. A document is compared in the notation of
 * `shown`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "json/reader.h"

typedef struct Interpretation {
  JsonReader *reader;
  const JsonToken *tokens;
  uint32_t count;
  const char *message;
  size_t offset;
} Interpretation;

static int open_reader(void **state) {
  Interpretation *interpretation = calloc(1, sizeof *interpretation);
  assert_non_null(interpretation);
  interpretation->reader = json_open();
  assert_non_null(interpretation->reader);
  *state = interpretation;
  return 0;
}

static int close_reader(void **state) {
  Interpretation *interpretation = *state;
  json_close(interpretation->reader);
  free(interpretation);
  return 0;
}

/* Reads from a block of exactly `length` bytes, so that the sanitizer sees a step past its end. */
static JsonStatus read_bytes(Interpretation *interpretation, const char *text, size_t length) {
  char *exact = malloc(length ? length : 1);
  assert_non_null(exact);
  memcpy(exact, text, length);
  const JsonStatus status =
      json_read(interpretation->reader, exact, length, &interpretation->tokens,
                &interpretation->count, &interpretation->message, &interpretation->offset);
  free(exact);
  return status;
}

static JsonStatus read_string(Interpretation *interpretation, const char *text) {
  return read_bytes(interpretation, text, strlen(text));
}

/* The tokens as text: null false true #number "string" [array …] {object key: …}, each container
 * with the index past its end. */
static const char *shown(const Interpretation *interpretation) {
  static char line[4096];
  size_t used = 0;
  line[0] = '\0';
  for (uint32_t i = 0; i < interpretation->count; ++i) {
    const JsonToken *token = &interpretation->tokens[i];
    const int length = (int)token->length;
    const size_t left = sizeof line - used;
    const char *space = i ? " " : "";
    switch ((JsonKind)token->kind) {
      case JSON_NULL:
      case JSON_FALSE:
      case JSON_TRUE:
        used += (size_t)snprintf(line + used, left, "%s%.*s", space, length, token->text);
        break;
      case JSON_NUMBER:
        used += (size_t)snprintf(line + used, left, "%s#%.*s", space, length, token->text);
        break;
      case JSON_STRING:
        used += (size_t)snprintf(line + used, left, "%s\"%.*s\"", space, length, token->text);
        break;
      case JSON_KEY:
        used += (size_t)snprintf(line + used, left, "%s%.*s:", space, length, token->text);
        break;
      case JSON_ARRAY:
        used += (size_t)snprintf(line + used, left, "%s[%u", space, token->end);
        break;
      case JSON_OBJECT:
        used += (size_t)snprintf(line + used, left, "%s{%u", space, token->end);
        break;
    }
  }
  return line;
}

static void assert_reads(Interpretation *interpretation, const char *text, const char *expected) {
  assert_int_equal(read_string(interpretation, text), JSON_OK);
  assert_null(interpretation->message);
  assert_string_equal(shown(interpretation), expected);
}

static void assert_request_error_at(Interpretation *interpretation, const char *text, size_t length,
                                    size_t offset, const char *message) {
  assert_int_equal(read_bytes(interpretation, text, length), JSON_MALFORMED);
  assert_string_equal(interpretation->message, message);
  assert_int_equal(interpretation->offset, offset);
  assert_null(interpretation->tokens);
  assert_int_equal(interpretation->count, 0);
}

static void assert_request_error(Interpretation *interpretation, const char *text, size_t offset,
                                 const char *message) {
  assert_request_error_at(interpretation, text, strlen(text), offset, message);
}

/* ---- what is read ---- */

static void a_document_becomes_a_row_of_tokens(void **state) {
  assert_reads(*state, "{\"a\":[1,\"x\"],\"b\":{}}", "{7 a: [5 #1 \"x\" b: {7");
  assert_reads(*state, " \t\r\n{ \"a\" : [ 1 , \"x\" ] , \"b\" : { } } \n",
               "{7 a: [5 #1 \"x\" b: {7");
}

static void any_value_may_be_the_document(void **state) {
  assert_reads(*state, "null", "null");
  assert_reads(*state, " true ", "true");
  assert_reads(*state, "false", "false");
  assert_reads(*state, "0", "#0");
  assert_reads(*state, "\"\"", "\"\"");
  assert_reads(*state, "[]", "[1");
  assert_reads(*state, "[[],[[]]]", "[4 [2 [4 [4");
}

static void a_container_says_where_its_tokens_end(void **state) {
  Interpretation *interpretation = *state;
  assert_reads(interpretation, "[{\"a\":{\"b\":[]}},7]", "[7 {6 a: {6 b: [6 #7");
  assert_int_equal(interpretation->tokens[6].end, 7);
}

static void a_number_stays_as_it_is_written(void **state) {
  assert_reads(*state, "[-0,12.50,0.1,1e5,1E+05,1.0e-400,123456789012345678901234567890.5]",
               "[8 #-0 #12.50 #0.1 #1e5 #1E+05 #1.0e-400 #123456789012345678901234567890.5");
}

static void raw_is_the_text_as_written(void **state) {
  Interpretation *interpretation = *state;
  assert_int_equal(read_string(interpretation, "{ \"k\\n\" : [ 1.50 , { } ] }"), JSON_OK);
  static const char *const raw[] = {"{ \"k\\n\" : [ 1.50 , { } ] }", "\"k\\n\"", "[ 1.50 , { } ]",
                                    "1.50", "{ }"};
  assert_int_equal(interpretation->count, 5);
  for (uint32_t i = 0; i < 5; ++i) {
    assert_int_equal(interpretation->tokens[i].raw_length, strlen(raw[i]));
    assert_memory_equal(interpretation->tokens[i].raw, raw[i], strlen(raw[i]));
  }
  assert_null(interpretation->tokens[0].text);
  assert_null(interpretation->tokens[2].text);
}

static void a_duplicate_key_is_let_through(void **state) {
  assert_reads(*state, "{\"a\":1,\"a\":2}", "{5 a: #1 a: #2");
}

static void an_escape_is_taken_for_what_it_stands_for(void **state) {
  assert_reads(*state, "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"plain\",\"a\\u0041\\u00e9\\u20ACz\"]",
               "[4 \"\"\\/\b\f\n\r\t\" \"plain\" \"aA\xC3\xA9\xE2\x82\xACz\"");
  assert_reads(*state, "{\"\\u006bey\":\"\\\\\"}", "{3 key: \"\\\"");
}

static void a_surrogate_pair_is_one_character(void **state) {
  assert_reads(*state, "\"\\ud83d\\uDE00\"", "\"\xF0\x9F\x98\x80\"");
  assert_reads(*state, "\"\\uD800\\udc00 \\uDBFF\\uDFFF\"",
               "\"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF\"");
}

static void an_escaped_nul_is_a_byte_like_any_other(void **state) {
  Interpretation *interpretation = *state;
  assert_int_equal(read_string(interpretation, "[\"a\\u0000b\",\"c\"]"), JSON_OK);
  assert_int_equal(interpretation->tokens[1].length, 3);
  assert_memory_equal(interpretation->tokens[1].text, "a\0b", 3);
  assert_int_equal(interpretation->tokens[2].length, 1);
}

static void utf8_passes_unchanged(void **state) {
  assert_reads(*state, "\"\xC2\xB5g \xE2\x82\xAC \xED\x9F\xBF \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF\"",
               "\"\xC2\xB5g \xE2\x82\xAC \xED\x9F\xBF \xF0\x9F\x98\x80 \xF4\x8F\xBF\xBF\"");
}

static void brackets_and_white_space_in_a_string_are_text(void **state) {
  assert_reads(*state, "{\"{[,:]}\":\" ]} \",\"\\\"\":\"  \"}", "{5 {[,:]}: \" ]} \" \": \"  \"");
}

static void a_reader_serves_again_after_a_fault_and_after_a_longer_text(void **state) {
  Interpretation *interpretation = *state;
  char text[20000];
  memset(text, ' ', sizeof text);
  memcpy(text + sizeof text - 4, "[12]", 4);
  assert_int_equal(read_string(interpretation, "{"), JSON_MALFORMED);
  assert_int_equal(read_bytes(interpretation, text, sizeof text), JSON_OK);
  assert_string_equal(shown(interpretation), "[2 #12");
  assert_reads(interpretation, "[3]", "[2 #3");
}

static void strings_of_every_length_up_to_three_blocks_end_where_they_should(void **state) {
  Interpretation *interpretation = *state;
  char text[256];
  for (size_t length = 0; length < 192; ++length) {
    for (size_t escape = 0; escape <= length; escape += 1 + length / 7) {
      size_t at = 0;
      text[at++] = '"';
      for (size_t i = 0; i < length; ++i) {
        if (i == escape) text[at++] = '\\';
        text[at++] = i == escape ? '"' : 'a';
      }
      text[at++] = '"';
      assert_int_equal(read_bytes(interpretation, text, at), JSON_OK);
      assert_int_equal(interpretation->tokens[0].length, length);
    }
  }
}

/* ---- what is refused, and where ---- */

static void an_empty_text_is_malformed(void **state) {
  assert_request_error(*state, "", 0, "a value is expected");
  assert_request_error(*state, " \n ", 3, "a value is expected");
}

static void nothing_may_follow_the_document(void **state) {
  assert_request_error(*state, "{} {}", 3, "nothing may follow the document");
  assert_request_error(*state, "1 2", 2, "nothing may follow the document");
  assert_request_error(*state, "[]]", 2, "nothing may follow the document");
  assert_request_error(*state, "\"a\"b", 3, "nothing may follow the document");
  assert_request_error_at(*state, "1\n\0", 3, 2, "nothing may follow the document");
}

static void a_text_that_stops_early_is_malformed_at_its_end(void **state) {
  assert_request_error(*state, "{", 1, "a key in quotes is expected");
  assert_request_error(*state, "{\"a\"", 4, "a colon is expected after the key");
  assert_request_error(*state, "{\"a\":", 5, "a value is expected");
  assert_request_error(*state, "{\"a\":1", 6, "a comma or } is expected");
  assert_request_error(*state, "{\"a\":1,", 7, "a key in quotes is expected");
  assert_request_error(*state, "[", 1, "a value is expected");
  assert_request_error(*state, "[1", 2, "a comma or ] is expected");
  assert_request_error(*state, "[1, ", 4, "a value is expected");
}

static void what_stands_where_something_else_belongs_is_pointed_at(void **state) {
  assert_request_error(*state, "{1:2}", 1, "a key in quotes is expected");
  assert_request_error(*state, "{\"a\" 1}", 5, "a colon is expected after the key");
  assert_request_error(*state, "{\"a\":}", 5, "a value is expected");
  assert_request_error(*state, "{\"a\":1 \"b\":2}", 7, "a comma or } is expected");
  assert_request_error(*state, "{\"a\":1,}", 7, "a key in quotes is expected");
  assert_request_error(*state, "{\"a\":[1}", 7, "a comma or ] is expected");
  assert_request_error(*state, "[1 2]", 3, "a comma or ] is expected");
  assert_request_error(*state, "[1,]", 3, "a value is expected");
  assert_request_error(*state, "[,1]", 1, "a value is expected");
  assert_request_error(*state, "[\"a\"\x0c,2]", 4, "a comma or ] is expected");
}

static void a_word_that_is_no_value_is_malformed(void **state) {
  assert_request_error(*state, "[tru]", 1, "a value is expected");
  assert_request_error(*state, "[nulll]", 1, "a value is expected");
  assert_request_error(*state, "[falsey]", 1, "a value is expected");
  assert_request_error(*state, "tr", 0, "a value is expected");
  assert_request_error(*state, "NaN", 0, "a value is expected");
  assert_request_error(*state, "[true\"x\"]", 1, "a value is expected");
  assert_request_error(*state, "['a']", 1, "a value is expected");
  assert_request_error(*state, "[/* no */ 1]", 1, "a value is expected");
  assert_request_error(*state, "\xEF\xBB\xBF{]", 4, "a key in quotes is expected");
  assert_request_error(*state, "{}\xEF\xBB\xBF", 2, "nothing may follow the document");
}

static void a_number_keeps_to_the_grammar(void **state) {
  assert_request_error(*state, "[01]", 1, "a number cannot have a leading zero");
  assert_request_error(*state, "-01", 0, "a number cannot have a leading zero");
  assert_request_error(*state, "-", 0, "a minus sign must be followed by a digit");
  assert_request_error(*state, "[1.]", 1, "a decimal point must be followed by a digit");
  assert_request_error(*state, "[.5]", 1, "a value is expected");
  assert_request_error(*state, "[+1]", 1, "a value is expected");
  assert_request_error(*state, "[1e]", 1, "an exponent requires a digit");
  assert_request_error(*state, "[1e+]", 1, "an exponent requires a digit");
  assert_request_error(*state, "[12x]", 1, "not a number");
  assert_request_error(*state, "[0x10]", 1, "not a number");
  assert_request_error(*state, "[1.2.3]", 1, "not a number");
  assert_request_error(*state, "[12\"x\"]", 1, "not a number");
  assert_request_error(*state, "[1\x0c,2]", 1, "not a number");
  assert_request_error(*state, "[1[2]]", 2, "a comma or ] is expected");
}

static void an_escape_that_stands_for_nothing_is_malformed(void **state) {
  assert_request_error(*state, "[\"ok\",\"a\\qb\"]", 8,
                       "a backslash must be followed by one of \" \\ / b f n r t u");
  assert_request_error(*state, "[\"\\n\\u12G4\"]", 4, "\\u requires four hexadecimal digits");
  assert_request_error(*state, "[\"\\u12\"]", 2, "\\u requires four hexadecimal digits");
}

static void half_a_surrogate_pair_is_malformed(void **state) {
  assert_request_error(*state, "\"\\ud800\"", 1, "half of a surrogate pair");
  assert_request_error(*state, "\"\\ud800x\"", 1, "half of a surrogate pair");
  assert_request_error(*state, "\"a\\udc00\"", 2, "half of a surrogate pair");
  assert_request_error(*state, "\"\\ud800\\ud800\"", 1, "half of a surrogate pair");
  assert_request_error(*state, "\"\\ud800\\n\"", 1, "half of a surrogate pair");
  assert_request_error(*state, "\"\\ud800\\u12\"", 1, "half of a surrogate pair");
}

static void a_string_must_be_closed(void **state) {
  assert_request_error(*state, "\"", 0, "a string is not closed");
  assert_request_error(*state, "{\"a\":\"b}", 5, "a string is not closed");
  assert_request_error(*state, "[\"a\\\"]", 1, "a string is not closed");
}

static void a_control_character_in_a_string_must_be_escaped(void **state) {
  assert_request_error(*state, "[\"a\nb\"]", 3, "a control character in a string must be escaped");
  assert_request_error_at(*state, "\"a\0b\"", 5, 2,
                          "a control character in a string must be escaped");
  assert_request_error(*state, "\"\\\n\"", 2, "a control character in a string must be escaped");
}

static void what_is_not_utf8_is_malformed_at_its_first_byte(void **state) {
  static const char *const wrong[] = {"\x80",
                                      "\xC1\x81",
                                      "\xC3",
                                      "\xE0\x80\x80",
                                      "\xED\xA0\x80",
                                      "\xE2\x82",
                                      "\xE2\x82\x41",
                                      "\xF0\x80\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFF"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    char text[32];
    snprintf(text, sizeof text, "[\"a\",\"b%s\"]", wrong[i]);
    assert_request_error(*state, text, 7, "not UTF-8");
  }
  assert_request_error(*state, "\xC3", 0, "not UTF-8");
}

static void the_first_of_several_faults_is_reported(void **state) {
  assert_request_error(*state, "{\"a: 1, \"b\": 2}", 9, "a colon is expected after the key");
  assert_request_error(*state, "[1,,\"\xFF\"]", 3, "a value is expected");
  assert_request_error(*state, "[1 2, \"x\n\"]", 3, "a comma or ] is expected");
  assert_request_error(*state, "[\\\"a\"]", 1, "a value is expected");
  assert_request_error(*state, "[1,2,\"a", 5, "a string is not closed");
}

/* ---- the limits ---- */

static void nesting_is_allowed_to_its_limit_and_no_further(void **state) {
  Interpretation *interpretation = *state;
  char text[4 * LIMIT_REQUEST_DEPTH];
  const size_t depth = LIMIT_REQUEST_DEPTH;
  memset(text, '[', depth);
  memset(text + depth, ']', depth);
  assert_int_equal(read_bytes(interpretation, text, 2 * depth), JSON_OK);
  assert_int_equal(interpretation->count, depth);
  memset(text, '[', depth + 1);
  memset(text + depth + 1, ']', depth + 1);
  assert_int_equal(read_bytes(interpretation, text, 2 * depth + 2), JSON_TOO_DEEP);
  assert_int_equal(interpretation->offset, depth);
  assert_string_equal(interpretation->message, "nested too deeply");
}

static void a_deep_text_that_is_never_closed_is_too_deep(void **state) {
  Interpretation *interpretation = *state;
  char text[1000];
  memset(text, '[', sizeof text);
  assert_int_equal(read_bytes(interpretation, text, sizeof text), JSON_TOO_DEEP);
  text[sizeof text - 1] = '"'; /* nor does a string that is not closed hide it */
  assert_int_equal(read_bytes(interpretation, text, sizeof text), JSON_TOO_DEEP);
}

/* "[0,0,…]" with `values` zeros */
static char *zeros(size_t values, size_t *length) {
  char *text = malloc(2 * values + 1);
  assert_non_null(text);
  for (size_t i = 0; i < values; ++i) memcpy(text + 2 * i, ",0", 2);
  text[0] = '[';
  text[2 * values] = ']';
  *length = 2 * values + 1;
  return text;
}

static void as_many_values_as_the_limit_are_read_and_no_more(void **state) {
  Interpretation *interpretation = *state;
  size_t length;
  char *text = zeros(LIMIT_REQUEST_TOKENS - 1, &length);
  assert_int_equal(read_bytes(interpretation, text, length), JSON_OK);
  assert_int_equal(interpretation->count, LIMIT_REQUEST_TOKENS);
  free(text);
  text = zeros(LIMIT_REQUEST_TOKENS, &length);
  assert_int_equal(read_bytes(interpretation, text, length), JSON_TOO_MANY);
  assert_int_equal(interpretation->offset, length - 2);
  free(text);
}

static void every_kind_of_value_counts_against_the_limit(void **state) {
  static const char *const last[] = {"\"x\"", "[]", "{}", "null"};
  Interpretation *interpretation = *state;
  size_t length;
  char *text = zeros(LIMIT_REQUEST_TOKENS - 1, &length);
  char *longer = malloc(length + 8);
  assert_non_null(longer);
  memcpy(longer, text, length - 1);
  for (size_t i = 0; i < sizeof last / sizeof *last; ++i) {
    const int more = snprintf(longer + length - 1, 9, ",%s]", last[i]);
    assert_int_equal(read_bytes(interpretation, longer, length - 1 + (size_t)more), JSON_TOO_MANY);
  }
  free(longer);
  free(text);
}

static void a_text_of_the_greatest_length_is_read_and_one_byte_more_is_not(void **state) {
  Interpretation *interpretation = *state;
  char *text = malloc(LIMIT_REQUEST_BYTES + 1);
  assert_non_null(text);
  memset(text, 'a', LIMIT_REQUEST_BYTES + 1);
  text[0] = '"';
  text[LIMIT_REQUEST_BYTES - 1] = '"';
  assert_int_equal(read_bytes(interpretation, text, LIMIT_REQUEST_BYTES), JSON_OK);
  assert_int_equal(interpretation->tokens[0].length, LIMIT_REQUEST_BYTES - 2);
  text[LIMIT_REQUEST_BYTES] = ' ';
  assert_int_equal(read_bytes(interpretation, text, LIMIT_REQUEST_BYTES + 1), JSON_TOO_LARGE);
  assert_int_equal(interpretation->offset, LIMIT_REQUEST_BYTES);
  assert_string_equal(interpretation->message, "the text is too long");
  free(text);
}

static void a_long_string_of_escapes_is_unescaped(void **state) {
  Interpretation *interpretation = *state;
  const size_t escapes = LIMIT_REQUEST_BYTES / 2 - 1;
  char *text = malloc(LIMIT_REQUEST_BYTES);
  assert_non_null(text);
  text[0] = '"';
  for (size_t i = 0; i < escapes; ++i) memcpy(text + 1 + 2 * i, "\\n", 2);
  text[1 + 2 * escapes] = '"';
  assert_int_equal(read_bytes(interpretation, text, 2 + 2 * escapes), JSON_OK);
  assert_int_equal(interpretation->tokens[0].length, escapes);
  assert_int_equal(interpretation->tokens[0].text[escapes - 1], '\n');
  free(text);
}

static void closing_no_reader_does_nothing(void **state) {
  (void)state;
  json_close(NULL);
}

#ifdef LICET_FAIL_ALLOCATIONS
/* Opens, reads a short and a long text and closes, with the n-th allocation failing. True where
 * nothing failed. */
static bool survives(long n, const char *text, size_t length) {
  Interpretation interpretation = {0};
  memory_fail_after(n);
  interpretation.reader = json_open();
  bool whole = interpretation.reader != NULL;
  if (whole) {
    const JsonStatus brief =
        json_read(interpretation.reader, "[1]", 3, &interpretation.tokens, &interpretation.count,
                  &interpretation.message, &interpretation.offset);
    const JsonStatus lengthy =
        json_read(interpretation.reader, text, length, &interpretation.tokens,
                  &interpretation.count, &interpretation.message, &interpretation.offset);
    assert_true(brief == JSON_OK || brief == JSON_NO_MEMORY);
    assert_true(lengthy == JSON_OK || lengthy == JSON_NO_MEMORY);
    if (lengthy == JSON_NO_MEMORY) assert_string_equal(interpretation.message, "out of memory");
    whole = brief == JSON_OK && lengthy == JSON_OK;
    memory_fail_after(0);
    assert_reads(&interpretation, "[2]", "[2 #2");
  }
  memory_fail_after(0);
  json_close(interpretation.reader);
  return whole;
}

static void every_allocation_may_fail_and_the_reader_serves_again_afterwards(void **state) {
  (void)state;
  size_t length;
  char *text = zeros(3000, &length);
  const size_t held = memory_held();
  long n = 1;
  while (!survives(n, text, length)) ++n;
  assert_true(n > 8);
  assert_int_equal(memory_held(), held);
  free(text);
}
#endif

#define SENTENCE(name) cmocka_unit_test_setup_teardown(name, open_reader, close_reader)

int main(void) {
  const struct CMUnitTest tests[] = {
      SENTENCE(a_document_becomes_a_row_of_tokens),
      SENTENCE(any_value_may_be_the_document),
      SENTENCE(a_container_says_where_its_tokens_end),
      SENTENCE(a_number_stays_as_it_is_written),
      SENTENCE(raw_is_the_text_as_written),
      SENTENCE(a_duplicate_key_is_let_through),
      SENTENCE(an_escape_is_taken_for_what_it_stands_for),
      SENTENCE(a_surrogate_pair_is_one_character),
      SENTENCE(an_escaped_nul_is_a_byte_like_any_other),
      SENTENCE(utf8_passes_unchanged),
      SENTENCE(brackets_and_white_space_in_a_string_are_text),
      SENTENCE(a_reader_serves_again_after_a_fault_and_after_a_longer_text),
      SENTENCE(strings_of_every_length_up_to_three_blocks_end_where_they_should),
      SENTENCE(an_empty_text_is_malformed),
      SENTENCE(nothing_may_follow_the_document),
      SENTENCE(a_text_that_stops_early_is_malformed_at_its_end),
      SENTENCE(what_stands_where_something_else_belongs_is_pointed_at),
      SENTENCE(a_word_that_is_no_value_is_malformed),
      SENTENCE(a_number_keeps_to_the_grammar),
      SENTENCE(an_escape_that_stands_for_nothing_is_malformed),
      SENTENCE(half_a_surrogate_pair_is_malformed),
      SENTENCE(a_string_must_be_closed),
      SENTENCE(a_control_character_in_a_string_must_be_escaped),
      SENTENCE(what_is_not_utf8_is_malformed_at_its_first_byte),
      SENTENCE(the_first_of_several_faults_is_reported),
      SENTENCE(nesting_is_allowed_to_its_limit_and_no_further),
      SENTENCE(a_deep_text_that_is_never_closed_is_too_deep),
      SENTENCE(as_many_values_as_the_limit_are_read_and_no_more),
      SENTENCE(every_kind_of_value_counts_against_the_limit),
      SENTENCE(a_text_of_the_greatest_length_is_read_and_one_byte_more_is_not),
      SENTENCE(a_long_string_of_escapes_is_unescaped),
      cmocka_unit_test(closing_no_reader_does_nothing),
#ifdef LICET_FAIL_ALLOCATIONS
      cmocka_unit_test(every_allocation_may_fail_and_the_reader_serves_again_afterwards),
#endif
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
