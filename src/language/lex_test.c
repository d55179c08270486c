/* lex_test: words, texts, signs, indentation. The token row is compared as a line of short names:
 * see `row`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "language/lex.h"

typedef struct Fixture {
  Arena arena;
  Diagnostics diagnostics;
  Source source;
} Fixture;

static int set_up(void **state) {
  static Fixture fixture;
  arena_open(&fixture.arena);
  diagnostics_open(&fixture.diagnostics, &fixture.arena);
  *state = &fixture;
  return 0;
}

static int tear_down(void **state) {
  arena_close(&((Fixture *)*state)->arena);
  return 0;
}

static TokenList lex_text_of(Fixture *fixture, const char *text) {
  fixture->source = (Source){TEXT("test.licet"), text_of(text)};
  return lex(&fixture->source, &fixture->arena, &fixture->diagnostics);
}

/* Words and texts as written in brackets, `;` for a line's end, `>` and `<` for blocks, `!` for
 * what is unreadable, signs as they are. */
static const char *row(Fixture *fixture, const char *text) {
  TokenList tokens = lex_text_of(fixture, text);
  Buffer out;
  buffer_open(&out, &fixture->arena, 64);
  for (uint32_t i = 0; i < tokens.count; i++) {
    const Token *token = &tokens.items[i];
    Text written = {text + token->start, token->end - token->start};
    if (token->kind == TOKEN_NEWLINE)
      buffer_string(&out, ";");
    else if (token->kind == TOKEN_INDENT)
      buffer_string(&out, ">");
    else if (token->kind == TOKEN_DEDENT)
      buffer_string(&out, "<");
    else if (token->kind == TOKEN_BROKEN)
      buffer_string(&out, "!");
    else if (token->kind != TOKEN_END)
      buffer_format(&out, "[%.*s]", (int)written.length, written.at);
  }
  return buffer_finish(&out);
}

static void expect_only(Fixture *fixture, const char *code) {
  assert_int_equal(fixture->diagnostics.list.count, 1);
  assert_string_equal(diagnostic_code(fixture->diagnostics.list.items[0]->id), code);
}

static void words_hold_points_slashes_stars_and_hyphens(void **state) {
  assert_string_equal(row(*state, "4* 2A R-H1 PA.CP.PHAR.359 mg/m2/day C91.00 2025-09-04 0.8 x^"),
                      "[4*][2A][R-H1][PA.CP.PHAR.359][mg/m2/day]"
                      "[C91.00][2025-09-04][0.8][x]!;");
}

static void a_percent_sign_alone_is_a_word(void **state) {
  assert_string_equal(row(*state, "0.1 %"), "[0.1][%];");
}

static void both_micro_signs_and_the_superscript_two_are_letters(void **state) {
  assert_string_equal(row(*state, "5 \xC2\xB5g/m\xC2\xB2 \xCE\xBCg"),
                      "[5][\xC2\xB5g/m\xC2\xB2][\xCE\xBCg];");
  assert_int_equal(((Fixture *)*state)->diagnostics.errors, 0);
}

static void a_point_or_hyphen_at_the_end_is_no_part_of_a_word(void **state) {
  Fixture *fixture = *state;
  assert_string_equal(row(fixture, "A.5- x"), "[A.5][-][x];");
  assert_int_equal(fixture->diagnostics.errors, 0);
}

static void a_minus_between_blanks_is_a_sign(void **state) {
  assert_string_equal(row(*state, "6 - a-b"), "[6][-][a-b];");
}

static void relations_take_their_equal_sign_with_them(void **state) {
  assert_string_equal(row(*state, "a<=b>=c<d>e=f"), "[a][<=][b][>=][c][<][d][>][e][=][f];");
}

static void comments_are_no_tokens_but_a_hash_in_a_text_is_text(void **state) {
  assert_string_equal(row(*state, "# one\na \"b # c\" # d\n\n  # e\nf"), "[a][\"b # c\"];[f];");
}

static void indentation_opens_and_closes_blocks(void **state) {
  assert_string_equal(row(*state, "a\n  b\n    c\n  d\ne\n  f"), "[a];>[b];>[c];<[d];<[e];>[f];<");
}

static void a_line_that_ends_in_a_colon_a_comma_or_an_equal_sign_goes_on_two_levels_deeper(
    void **state) {
  Fixture *fixture = *state;
  assert_string_equal(row(fixture, "  a:\n      b,\n      c\n    d"), "[a][:][b][,][c];>[d];<");
  assert_string_equal(row(fixture, "a =\n    b\nc"), "[a][=][b];[c];");
}

static void windows_line_ends_are_line_ends(void **state) {
  Fixture *fixture = *state;
  assert_string_equal(row(fixture, "a \"b\"\r\n  c\r\n"), "[a][\"b\"];>[c];<");
  assert_int_equal(fixture->diagnostics.errors, 0);
}

static void an_empty_file_is_nothing_but_its_end(void **state) {
  assert_string_equal(row(*state, ""), "");
}

static void a_text_that_does_not_end_leaves_a_broken_token(void **state) {
  assert_string_equal(row(*state, "a \"b\nc"), "[a]!;[c];");
  expect_only(*state, "L103");
}

static void an_unquoted_text_is_told_once(void **state) {
  lex_text_of(*state, "note what? why? how?");
  expect_only(*state, "L104");
}

static void an_overlong_utf8_form_is_no_character(void **state) {
  lex_text_of(*state, "a \"\xC0\xAF\"");
  expect_only(*state, "L105");
}

static void a_file_that_is_too_large_is_told_and_not_read(void **state) {
  Fixture *fixture = *state;
  size_t length = (size_t)LIMIT_SOURCE_BYTES + 1;
  char *text = arena_allocate(&fixture->arena, length + 1);
  memset(text, 'a', length);
  assert_int_equal(lex_text_of(fixture, text).count, 1);
  expect_only(fixture, "L106");
}

static void a_file_of_too_many_tokens_is_told_once(void **state) {
  Fixture *fixture = *state;
  size_t length = (size_t)LIMIT_TOKENS * 2;
  char *text = arena_allocate(&fixture->arena, length + 1);
  for (size_t i = 0; i < length; i += 2) memcpy(text + i, ",\n", 2);
  lex_text_of(fixture, text);
  expect_only(fixture, "L107");
}

static void blocks_are_balanced_however_deep_the_file(void **state) {
  Fixture *fixture = *state;
  Buffer text;
  buffer_open(&text, &fixture->arena, 64);
  for (int depth = 0; depth < 3 * LIMIT_OUTLINE_DEPTH; depth++)
    buffer_format(&text, "%*sa\n", depth * 2, "");
  TokenList tokens = lex_text_of(fixture, buffer_finish(&text));
  int open = 0;
  for (uint32_t i = 0; i < tokens.count; i++)
    open += tokens.items[i].kind == TOKEN_INDENT   ? 1
            : tokens.items[i].kind == TOKEN_DEDENT ? -1
                                                   : 0;
  assert_int_equal(open, 0);
  expect_only(fixture, "L205");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(words_hold_points_slashes_stars_and_hyphens),
      TEST(a_percent_sign_alone_is_a_word),
      TEST(both_micro_signs_and_the_superscript_two_are_letters),
      TEST(a_point_or_hyphen_at_the_end_is_no_part_of_a_word),
      TEST(a_minus_between_blanks_is_a_sign),
      TEST(relations_take_their_equal_sign_with_them),
      TEST(comments_are_no_tokens_but_a_hash_in_a_text_is_text),
      TEST(indentation_opens_and_closes_blocks),
      TEST(a_line_that_ends_in_a_colon_a_comma_or_an_equal_sign_goes_on_two_levels_deeper),
      TEST(windows_line_ends_are_line_ends),
      TEST(an_empty_file_is_nothing_but_its_end),
      TEST(a_text_that_does_not_end_leaves_a_broken_token),
      TEST(an_unquoted_text_is_told_once),
      TEST(an_overlong_utf8_form_is_no_character),
      TEST(a_file_that_is_too_large_is_told_and_not_read),
      TEST(a_file_of_too_many_tokens_is_told_once),
      TEST(blocks_are_balanced_however_deep_the_file),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
