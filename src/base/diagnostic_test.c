#include "base/diagnostic.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

static Arena arena;
static Diagnostics diagnostics;

static int open_diagnostics(void **state) {
  (void)state;
  arena_open(&arena);
  diagnostics_open(&diagnostics, &arena);
  return 0;
}

static int close_diagnostics(void **state) {
  (void)state;
  arena_close(&arena);
  return 0;
}

static Source source_of(const char *name, const char *text) {
  return (Source){text_of(name), text_of(text)};
}

/* The first place where `words` stand. */
static SourceSpan span_of(const Source *source, const char *words) {
  uint32_t start = (uint32_t)(strstr(source->text.at, words) - source->text.at);
  return (SourceSpan){source, start, start + (uint32_t)strlen(words)};
}

static const char *drawn(void) {
  Buffer buffer;
  buffer_open(&buffer, &arena, 0);
  diagnostics_write(&buffer, &diagnostics);
  return buffer_finish(&buffer);
}

static void positions_count_lines_and_characters_from_one(void **state) {
  (void)state;
  const Source source = source_of("x", "ab\nm\xc2\xb2 \xce\xbcg\n\nz");
  const uint32_t expected[][3] = {{0, 1, 1},  {2, 1, 3},  {3, 2, 1},  {4, 2, 2},
                                  {6, 2, 3},  {9, 2, 5},  {10, 2, 6}, {11, 3, 1},
                                  {12, 4, 1}, {13, 4, 2}, {99, 4, 2}};
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    uint32_t line, column;
    source_position(&source, expected[i][0], &line, &column);
    assert_int_equal(line, expected[i][1]);
    assert_int_equal(column, expected[i][2]);
  }
}

static void ids_are_unique_and_in_order_and_summaries_are_sentences(void **state) {
  (void)state;
  for (int i = 0; i < DIAGNOSTIC_COUNT; i++) {
    const char *code = diagnostic_code((DiagnosticId)i),
               *summary = diagnostic_summary((DiagnosticId)i);
    assert_int_equal(strlen(code), 4);
    assert_int_equal(code[0], 'L');
    assert_int_equal(strspn(code + 1, "0123456789"), 3);
    if (i > 0) assert_true(strcmp(diagnostic_code((DiagnosticId)(i - 1)), code) < 0);
    assert_int_equal(summary[strlen(summary) - 1], '.');
    assert_null(strchr(summary, '\n'));
  }
  assert_string_equal(diagnostic_code(DIAGNOSTIC_UNKNOWN_NAME), "L301");
}

static void a_diagnostic_is_drawn_with_its_line_and_carets(void **state) {
  (void)state;
  const Source policy =
      source_of("policies/x.licet", "policy x\n    4 \"CD20-positive\": cd20 is positive\n");
  const Source vocabulary = source_of("policies/oncology.licet", "vocabulary oncology\n");
  const Text names[] = {TEXT("age"), TEXT("cd19"), TEXT("cd22")};
  Diagnostic *diagnostic = diagnose(&diagnostics, DIAGNOSTIC_UNKNOWN_NAME, span_of(&policy, "cd20"),
                                    "`%s` is not a fact of vocabulary %s", "cd20", "oncology");
  diagnostic_expect(&diagnostics, diagnostic, "the name of a %s, derivation or set", "fact");
  diagnostic_nearest(&diagnostics, diagnostic, TEXT("cd20"), names, 3);
  diagnostic_note(&diagnostics, diagnostic, span_of(&vocabulary, "oncology"),
                  "the vocabulary is declared %s", "here");
  diagnostic_note(&diagnostics, diagnostic, (SourceSpan){0}, "and a second note");
  assert_string_equal(
      drawn(),
      "policies/x.licet:2:24: error[L301]: `cd20` is not a fact of vocabulary oncology\n"
      "    2 |     4 \"CD20-positive\": cd20 is positive\n"
      "      |                        ^^^^\n"
      "      = expected: the name of a fact, derivation or set\n"
      "      = nearest: `cd22`\n"
      "policies/oncology.licet:1:12: note: the vocabulary is declared here\n"
      "note: and a second note\n");
}

static void nothing_near_is_not_offered(void **state) {
  (void)state;
  const Source source = source_of("x", "weight\n");
  const Text names[] = {TEXT("age")};
  Diagnostic *diagnostic =
      diagnose(&diagnostics, DIAGNOSTIC_UNKNOWN_NAME, span_of(&source, "weight"), "who?");
  diagnostic_nearest(&diagnostics, diagnostic, TEXT("weight"), names, 1);
  assert_string_equal(drawn(), "x:1:1: error[L301]: who?\n    1 | weight\n      | ^^^^^^\n");
}

static void carets_stand_below_characters_and_stay_on_the_line(void **state) {
  (void)state;
  const Source source = source_of("x", "\xc2\xb5g\tm\xc2\xb2 ab\r\ncd\n");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&source, "m\xc2\xb2"), "below");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&source, "ab\r\ncd"), "two lines");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED,
           (SourceSpan){&source, source.text.length, source.text.length}, "end");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&source, "\ncd"), "newline");
  assert_string_equal(
      drawn(),
      "x:1:4: error[L201]: below\n    1 | \xc2\xb5g m\xc2\xb2 ab\n      |    ^^\n"
      "x:1:7: error[L201]: two lines\n    1 | \xc2\xb5g m\xc2\xb2 ab\n      |       ^^\n"
      "x:3:1: error[L201]: end\n    3 | \n      | ^\n"
      "x:1:10: error[L201]: newline\n    1 | \xc2\xb5g m\xc2\xb2 ab\xef\xbf\xbd\n      |          "
      "^\n");
}

static void a_hostile_source_does_not_steer_the_terminal(void **state) {
  (void)state;
  const Source source = source_of("x\x1b[2J",
                                  "a\x1b[31m\xc2\x9b"
                                  "b\xff\n");
  diagnose(&diagnostics, DIAGNOSTIC_BAD_CHARACTER, (SourceSpan){&source, 1, 2}, "no \x07 bell");
  assert_string_equal(drawn(),
                      "x"
                      "\xef\xbf\xbd"
                      "[2J:1:2: error[L104]: no \xef\xbf\xbd bell\n"
                      "    1 | a\xef\xbf\xbd[31m\xef\xbf\xbd"
                      "b\xef\xbf\xbd\n"
                      "      |  ^\n");
}

static void of_a_monstrous_line_the_surroundings_are_shown(void **state) {
  (void)state;
  char *line = arena_allocate(&arena, 6002);
  for (int i = 0; i < 3000; i++) memcpy(line + 2 * i, "\xc2\xb5", 2);
  const Source source = source_of("x", line);
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, (SourceSpan){&source, 3000, 3004}, "there");
  const char *text = drawn();
  assert_true(strlen(text) < 500);
  const char *shown = strstr(text, "1 | ...\xc2\xb5"), *end = strstr(text, "\xc2\xb5...\n"),
             *caret = strstr(text, "^^\n");
  assert_non_null(shown);
  assert_non_null(end);
  assert_non_null(caret);
  const char *caret_line = strstr(end, "\n") + 1;
  assert_int_equal(caret - caret_line,
                   8 + 3 + 50); /* the gutter, the dots, and a hundred bytes of two each */
}

static void the_same_fault_at_the_same_place_is_told_once(void **state) {
  (void)state;
  const Source source = source_of("x", "a b\n"), other = source_of("y", "a b\n");
  Diagnostic *first = diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&source, "a"), "first");
  Diagnostic *again = diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&source, "a"), "again");
  diagnostic_expect(&diagnostics, again, "lost");
  diagnostic_nearest(&diagnostics, again, TEXT("aaa"), &(Text){"aaa", 3}, 1);
  diagnostic_note(&diagnostics, again, span_of(&source, "b"), "lost");
  assert_int_equal(first->expected.length, 0);
  assert_null(first->notes);
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&source, "b"), "another place");
  diagnose(&diagnostics, DIAGNOSTIC_EXPECTED_NAME, span_of(&source, "a"), "another fault");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&other, "a"), "another file");
  diagnose(&diagnostics, DIAGNOSTIC_DUPLICATE_POLICY, (SourceSpan){0}, "no place");
  diagnose(&diagnostics, DIAGNOSTIC_DUPLICATE_POLICY, (SourceSpan){0}, "another without a place");
  assert_int_equal(diagnostics.list.count, 6);
  assert_int_equal(diagnostics.errors, 6);
  assert_int_equal(diagnostics.dropped, 0);
}

static void what_is_too_much_is_counted(void **state) {
  (void)state;
  const Source source = source_of("x", "a\n");
  for (uint32_t i = 0; i < LIMIT_DIAGNOSTICS + 7; i++) {
    Diagnostic *diagnostic =
        diagnose(&diagnostics, DIAGNOSTIC_DUPLICATE_POLICY, (SourceSpan){0}, "file %u", i);
    diagnostic_note(&diagnostics, diagnostic, span_of(&source, "a"), "from here");
  }
  assert_int_equal(diagnostics.list.count, LIMIT_DIAGNOSTICS);
  assert_int_equal(diagnostics.errors, LIMIT_DIAGNOSTICS + 7);
  assert_int_equal(diagnostics.dropped, 7);
  assert_non_null(strstr(drawn(), "\nerror[L407]: 7 more not shown\n"));
}

static void sorting_is_by_file_and_place_and_keeps_the_order_told(void **state) {
  (void)state;
  const Source first = source_of("a", "one two\n"), second = source_of("b", "one two\n");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&second, "one"), "4");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&first, "two"), "3");
  diagnose(&diagnostics, DIAGNOSTIC_UNKNOWN_NAME, span_of(&first, "one"), "1");
  diagnose(&diagnostics, DIAGNOSTIC_UNEXPECTED, span_of(&first, "one"), "2");
  diagnose(&diagnostics, DIAGNOSTIC_DUPLICATE_POLICY, (SourceSpan){0}, "0");
  diagnostics_sort(&diagnostics);
  for (uint32_t i = 0; i < 5; i++)
    assert_int_equal(diagnostics.list.items[i]->message.at[0], '0' + (char)i);
}

static void nothing_wrong_draws_nothing(void **state) {
  (void)state;
  diagnostics_sort(&diagnostics);
  assert_string_equal(drawn(), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_diagnostics, close_diagnostics)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(positions_count_lines_and_characters_from_one),
      TEST(ids_are_unique_and_in_order_and_summaries_are_sentences),
      TEST(a_diagnostic_is_drawn_with_its_line_and_carets),
      TEST(nothing_near_is_not_offered),
      TEST(carets_stand_below_characters_and_stay_on_the_line),
      TEST(a_hostile_source_does_not_steer_the_terminal),
      TEST(of_a_monstrous_line_the_surroundings_are_shown),
      TEST(the_same_fault_at_the_same_place_is_told_once),
      TEST(what_is_too_much_is_counted),
      TEST(sorting_is_by_file_and_place_and_keeps_the_order_told),
      TEST(nothing_wrong_draws_nothing),
  };
  return cmocka_run_group_tests_name("base/diagnostic", tests, NULL, NULL);
}
