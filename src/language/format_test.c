/* format_test: what the formatter makes of small files. That it is idempotent on the real ones is
 * corpus_test's business. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "language/format.h"

static bool format_text(Arena *arena, const char *text, const char **out) {
  Source source = {TEXT("test.licet"), text_of(text)};
  Diagnostics diagnostics;
  Buffer buffer;
  diagnostics_open(&diagnostics, arena);
  buffer_open(&buffer, arena, 64);
  bool is_formatted = format_source(&source, arena, &diagnostics, &buffer);
  *out = buffer_finish(&buffer);
  return is_formatted;
}

static void assert_formats(const char *text, const char *expected) {
  Arena arena;
  const char *once, *twice;
  arena_open(&arena);
  assert_true(format_text(&arena, text, &once));
  assert_string_equal(once, expected);
  assert_true(format_text(&arena, once, &twice));
  assert_string_equal(twice, expected);
  arena_close(&arena);
}

static void tokens_stand_one_blank_apart_and_signs_hug(void **state) {
  (void)state;
  assert_formats("A \"x\" :a  in b ,c and( d+e )<=5 mg and f is{ g,h }",
                 "A \"x\": a in b, c and (d + e) <= 5 mg and f is {g, h}\n");
}

static void columns_made_by_the_author_are_kept(void **state) {
  (void)state;
  assert_formats("policy T \"T\"\n  payer      \"P\"\n  not known  a.b: c\nA \"x\":      b\n",
                 "policy T \"T\"\n  payer      \"P\"\n  not known  a.b: c\nA \"x\":      b\n");
  assert_formats("vocabulary v\n  fact a: b |  c     clinical,  from requester",
                 "vocabulary v\n  fact a: b |  c     clinical,  from requester\n");
}

static void comments_keep_to_the_code_they_belong_to(void **state) {
  (void)state;
  assert_formats(
      "# top\nA \"x\" all of # why\n  1 \"y\": a\n  # of A\n # next\nB \"z\": b\n# end",
      "# top\nA \"x\" all of  # why\n  1 \"y\": a\n  # of A\n  # next\nB \"z\": b\n# end\n");
}

static void empty_lines_stand_one_at_a_time_and_never_at_the_ends(void **state) {
  (void)state;
  assert_formats("\n\na\n\n\n\nb   \n \n\n", "a\n\nb\n");
}

static void a_line_that_goes_on_stays_two_levels_deeper(void **state) {
  (void)state;
  assert_formats("codes l: S = a,  # one\n    # two\n    b\nc",
                 "codes l: S = a,  # one\n    # two\n    b\nc\n");
}

static void negative_numbers_and_calls_stay_together(void **state) {
  (void)state;
  assert_formats("A \"x\": a <= -5 % and b > body_surface (c, d)",
                 "A \"x\": a <= -5 % and b > body_surface(c, d)\n");
}

static void windows_line_ends_and_byte_order_marks_go(void **state) {
  (void)state;
  assert_formats(
      "\xEF\xBB\xBF"
      "a \"b\" # c\r\n\r\n# d\r\n",
      "a \"b\"  # c\n\n# d\n");
  assert_formats("a \"b\"\r", "a \"b\"\n"); /* the last line has lost its line feed */
}

static void a_file_the_lexer_cannot_read_is_left_alone(void **state) {
  (void)state;
  Arena arena;
  const char *out;
  arena_open(&arena);
  assert_false(format_text(&arena, "a \"b\n", &out));
  assert_string_equal(out, "");
  arena_close(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tokens_stand_one_blank_apart_and_signs_hug),
      cmocka_unit_test(columns_made_by_the_author_are_kept),
      cmocka_unit_test(comments_keep_to_the_code_they_belong_to),
      cmocka_unit_test(empty_lines_stand_one_at_a_time_and_never_at_the_ends),
      cmocka_unit_test(a_line_that_goes_on_stays_two_levels_deeper),
      cmocka_unit_test(negative_numbers_and_calls_stay_together),
      cmocka_unit_test(windows_line_ends_and_byte_order_marks_go),
      cmocka_unit_test(a_file_the_lexer_cannot_read_is_left_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
