#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static Arena arena;

static int open_arena(void **state) {
  (void)state;
  arena_open(&arena);
  return 0;
}

static int close_arena(void **state) {
  (void)state;
  arena_close(&arena);
  return 0;
}

static void texts_are_equal_by_bytes_and_length(void **state) {
  (void)state;
  assert_true(text_equal(TEXT("abc"), text_of("abc")));
  assert_false(text_equal(TEXT("abc"), TEXT("abd")));
  assert_false(text_equal(TEXT("abc"), TEXT("ab")));
  assert_true(text_equal((Text){NULL, 0}, TEXT("")));
  assert_true(text_is(TEXT("abc"), "abc"));
  assert_false(text_is(TEXT("ab\0c"), "ab"));
  assert_true(text_is((Text){NULL, 0}, ""));
}

static void only_ascii_letters_are_compared_without_case(void **state) {
  (void)state;
  assert_true(text_equal_ignoring_case(TEXT("C91.00"), TEXT("c91.00")));
  assert_true(text_equal_ignoring_case(TEXT("aZ"), TEXT("Az")));
  assert_false(text_equal_ignoring_case(TEXT("@"), TEXT("`")));
  assert_false(text_equal_ignoring_case(TEXT("["), TEXT("{")));
  assert_false(text_equal_ignoring_case(TEXT("\xc3\x84"), TEXT("\xc3\xa4")));
  assert_false(text_equal_ignoring_case(TEXT("a"), TEXT("ab")));
}

static void the_order_is_by_unsigned_bytes_with_prefixes_first(void **state) {
  (void)state;
  const Text ordered[] = {TEXT(""),   TEXT("B"), TEXT("a"),       TEXT("aa"),
                          TEXT("ab"), TEXT("b"), TEXT("\xc2\xb5")};
  const int count = sizeof ordered / sizeof *ordered;
  for (int i = 0; i < count; i++) {
    for (int k = 0; k < count; k++) {
      int order = text_compare(ordered[i], ordered[k]);
      assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
    }
  }
}

static void hashes_of_near_names_differ_in_their_low_bits(void **state) {
  (void)state;
  int used[4096] = {0}, taken = 0;
  for (int i = 0; i < 1000; i++) {
    uint32_t slot = text_hash(text_of(arena_format(&arena, "fact_%d", i))) % 4096;
    taken += !used[slot];
    used[slot] = 1;
  }
  assert_true(taken > 850); /* 887 expected of chance */
  assert_int_equal(text_hash(TEXT("abc")), text_hash(text_copy(&arena, TEXT("abc"))));
}

/* Distance by its definition: recursion over all ways. */
static int slow_distance(Text a, Text b) {
  if (a.length == 0 || b.length == 0) return (int)(a.length + b.length);
  Text shorter_a = {a.at + 1, a.length - 1}, shorter_b = {b.at + 1, b.length - 1};
  int best = slow_distance(shorter_a, shorter_b) + (a.at[0] != b.at[0]);
  int deleted = slow_distance(shorter_a, b) + 1, inserted = slow_distance(a, shorter_b) + 1;
  if (deleted < best) best = deleted;
  if (inserted < best) best = inserted;
  if (a.length > 1 && b.length > 1 && a.at[0] == b.at[1] && a.at[1] == b.at[0]) {
    int swapped = slow_distance((Text){a.at + 2, a.length - 2}, (Text){b.at + 2, b.length - 2}) + 1;
    if (swapped < best) best = swapped;
  }
  return best;
}

static Text nth_word(char *letters, unsigned n) {
  uint32_t length = n % 6;
  for (uint32_t i = 0; i < length; i++)
    letters[i] = "abc"[(n / 6) >> (2 * i) & 3 ? ((n / 6) >> (2 * i) & 3) - 1 : 0];
  return (Text){letters, length};
}

static void distance_and_its_limit_agree_with_the_definition(void **state) {
  (void)state;
  char a_letters[8], b_letters[8];
  for (unsigned i = 0; i < 6000; i += 11) {
    for (unsigned k = 0; k < 6000; k += 97) {
      Text a = nth_word(a_letters, i), b = nth_word(b_letters, k);
      int distance = slow_distance(a, b);
      for (int limit = 0; limit < 7; limit++) {
        assert_int_equal(text_distance(a, b, limit), distance <= limit ? distance : limit + 1);
      }
    }
  }
}

static void long_words_are_compared_where_they_differ(void **state) {
  (void)state;
  char *a = arena_allocate(&arena, 5000), *b = arena_allocate(&arena, 5000);
  memset(a, 'x', 5000);
  memset(b, 'x', 5000);
  b[2500] = 'y';
  assert_int_equal(text_distance((Text){a, 5000}, (Text){b, 5000}, 3), 1);
  memset(b, 'z', 5000);
  assert_int_equal(text_distance((Text){a, 5000}, (Text){b, 5000}, 9000), 9001);
}

static void the_nearest_name_is_the_likely_slip(void **state) {
  (void)state;
  const Text names[] = {TEXT("disease_status"), TEXT("cd19"), TEXT("cd22"), TEXT("age"),
                        TEXT("mrd_level"),      TEXT("mrd")};
  const uint32_t count = sizeof names / sizeof *names;
  assert_int_equal(text_nearest(TEXT("cd20"), names, count), 2);
  assert_int_equal(text_nearest(TEXT("diseasestatus"), names, count), 0);
  assert_int_equal(text_nearest(TEXT("mdr"), names, count), 5);
  assert_int_equal(text_nearest(TEXT("CD19"), names, count), 1);
  assert_int_equal(text_nearest(TEXT("MRD_LEVEL"), names, count), 4);
  assert_int_equal(text_nearest(TEXT("weight"), names, count), -1);
  assert_int_equal(text_nearest(TEXT("ag"), names, count),
                   -1); /* too short to be sure of anything */
  assert_int_equal(text_nearest(TEXT(""), names, count), -1);
  assert_int_equal(text_nearest(TEXT("age"), names, 0), -1);
}

static void of_two_equally_near_the_first_is_told(void **state) {
  (void)state;
  const Text names[] = {TEXT("abcx"), TEXT("abcy")};
  assert_int_equal(text_nearest(TEXT("abcz"), names, 2), 0);
}

static void utf8_is_well_formed_as_unicode_says(void **state) {
  (void)state;
  for (uint32_t code = 0; code < 0x110000;
       code += code < 0x3000 || (code > 0xd700 && code < 0xe100) ? 1 : 61) {
    char bytes[4];
    uint32_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    uint32_t rest = code;
    for (uint32_t i = length - 1; i > 0; i--, rest >>= 6) bytes[i] = (char)(0x80 | (rest & 0x3f));
    bytes[0] = (char)(lead[length] | rest);
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    assert_int_equal(text_character((Text){bytes, length}, 0), surrogate ? 0 : length);
    if (length > 1) assert_int_equal(text_character((Text){bytes, length - 1}, 0), 0);
  }
  assert_int_equal(text_character(TEXT("\xc0\x80"), 0), 0);         /* overlong */
  assert_int_equal(text_character(TEXT("\xe0\x9f\xbf"), 0), 0);     /* overlong */
  assert_int_equal(text_character(TEXT("\xf4\x90\x80\x80"), 0), 0); /* beyond U+10FFFF */
  assert_int_equal(text_character(TEXT("\x80"), 0), 0);             /* no lead */
  assert_int_equal(text_character(TEXT("a\xc2\xb5"), 1), 2);
}

static const char *json(Text text) {
  Buffer buffer;
  buffer_open(&buffer, &arena, 0);
  buffer_json_string(&buffer, text);
  return buffer_finish(&buffer);
}

static void json_strings_escape_what_json_must(void **state) {
  (void)state;
  assert_string_equal(json(TEXT("")), "\"\"");
  assert_string_equal(json(TEXT("plain \xc2\xb5g/m\xc2\xb2 /")), "\"plain \xc2\xb5g/m\xc2\xb2 /\"");
  assert_string_equal(json(TEXT("a\"b\\c\n\r\t\b\f\x01\x1f\x7f")),
                      "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0001\\u001f\x7f\"");
  assert_string_equal(json(TEXT("\0")), "\"\\u0000\"");
}

static void json_strings_replace_each_maximal_faulty_piece_once(void **state) {
  (void)state;
#define FFFD "\xef\xbf\xbd"
  assert_string_equal(json(TEXT("a\xff"
                                "b")),
                      "\"a" FFFD "b\"");
  assert_string_equal(json(TEXT("\xe2\x82")), "\"" FFFD "\"");
  assert_string_equal(json(TEXT("\xed\xa0\x80")), "\"" FFFD FFFD FFFD "\"");
  /* The example of the Unicode Standard, table 3-8. */
  assert_string_equal(json(TEXT("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64")),
                      "\"a" FFFD FFFD FFFD "b" FFFD "c" FFFD FFFD "d\"");
}

static void integers_are_written_to_their_ends(void **state) {
  (void)state;
  const int64_t values[] = {0, 1, -1, 9, 10, -10, 1234567890123, INT64_MAX, INT64_MIN};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    Buffer buffer;
    buffer_open(&buffer, &arena, 0);
    buffer_integer(&buffer, values[i]);
    assert_string_equal(buffer_finish(&buffer), arena_format(&arena, "%" PRId64, values[i]));
  }
}

static void a_buffer_grows_and_keeps_what_it_has(void **state) {
  (void)state;
  Buffer buffer, other;
  buffer_open(&buffer, &arena, 0);
  buffer_open(&other, &arena, 3);
  for (int i = 0; i < 2000; i++) {
    buffer_format(&buffer, "%04d", i);
    buffer_string(&buffer, "ab");
    buffer_text(&buffer, TEXT("cd"));
    buffer_text(&buffer, (Text){NULL, 0});
    buffer_character(&buffer, '\n');
    buffer_character(&other, 'o'); /* the two grow past one another */
  }
  assert_int_equal(buffer.length, 2000 * 9);
  for (int i = 0; i < 2000; i++)
    assert_memory_equal(buffer.at + i * 9, arena_format(&arena, "%04dabcd\n", i), 9);
  assert_int_equal(strlen(buffer_finish(&buffer)), buffer.length);
  assert_int_equal(strspn(buffer_finish(&other), "o"), 2000);
}

static void an_empty_buffer_finishes_as_an_empty_string(void **state) {
  (void)state;
  Buffer buffer;
  buffer_open(&buffer, &arena, 0);
  assert_string_equal(buffer_finish(&buffer), "");
  assert_int_equal(buffer.length, 0);
}

static void ask_for_too_much(void *buffer) { buffer_reserve(buffer, SIZE_MAX - 2); }

static void room_that_no_system_has_abandons_the_attempt(void **state) {
  (void)state;
  Buffer buffer;
  buffer_open(&buffer, &arena, 8);
  assert_false(arena_attempt(&arena, ask_for_too_much, &buffer));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_are_equal_by_bytes_and_length),
      cmocka_unit_test(only_ascii_letters_are_compared_without_case),
      cmocka_unit_test(the_order_is_by_unsigned_bytes_with_prefixes_first),
      cmocka_unit_test(hashes_of_near_names_differ_in_their_low_bits),
      cmocka_unit_test(distance_and_its_limit_agree_with_the_definition),
      cmocka_unit_test(long_words_are_compared_where_they_differ),
      cmocka_unit_test(the_nearest_name_is_the_likely_slip),
      cmocka_unit_test(of_two_equally_near_the_first_is_told),
      cmocka_unit_test(utf8_is_well_formed_as_unicode_says),
      cmocka_unit_test(json_strings_escape_what_json_must),
      cmocka_unit_test(json_strings_replace_each_maximal_faulty_piece_once),
      cmocka_unit_test(integers_are_written_to_their_ends),
      cmocka_unit_test(a_buffer_grows_and_keeps_what_it_has),
      cmocka_unit_test(an_empty_buffer_finishes_as_an_empty_string),
      cmocka_unit_test(room_that_no_system_has_abandons_the_attempt),
  };
  return cmocka_run_group_tests_name("base/text", tests, open_arena, close_arena);
}
