#define _GNU_SOURCE
#include "render/ical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

typedef void Write(FILE *out, const char *name, const char *value);

static char *written(Write *write, const char *name, const char *value) {
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  assert_non_null(out);
  write(out, name, value);
  fclose(out);
  return text;
}

static void assert_written(Write *write, const char *value, const char *expected) {
  char *text = written(write, "SUMMARY", value);
  assert_string_equal(text, expected);
  free(text);
}

static void texts_are_escaped(void **state) {
  (void)state;
  assert_written(ical_text_property, "28 mcg", "SUMMARY:28 mcg\r\n");
  assert_written(ical_text_property, "a,b;c\\d", "SUMMARY:a\\,b\\;c\\\\d\r\n");
  assert_written(ical_text_property, "one\ntwo", "SUMMARY:one\\ntwo\r\n");
  assert_written(ical_text_property, "", "SUMMARY:\r\n");
}

static void nothing_in_a_text_ends_its_line(void **state) {
  (void)state;
  assert_written(ical_text_property, "a\r\nEND:VEVENT\r\x1b\x7f", "SUMMARY:a\\nEND:VEVENT\r\n");
}

static void values_stand_as_they_are(void **state) {
  (void)state;
  assert_written(ical_property, "20261109,x;y", "SUMMARY:20261109,x;y\r\n");
}

/* The text without its folds. */
static void unfold(char *text) {
  char *to = text;
  for (const char *from = text; *from;) {
    if (strncmp(from, "\r\n ", 3) == 0)
      from += 3;
    else
      *to++ = *from++;
  }
  *to = '\0';
}

/* Lines end within their octets, and between characters. */
static void assert_lines(const char *text) {
  for (const char *line = text; *line;) {
    const char *end = strstr(line, "\r\n");
    assert_non_null(end);
    assert_true(end - line <= ICAL_LINE_OCTETS);
    assert_true(((unsigned char)*line & 0xC0) != 0x80);
    line = end + 2;
    if (*line == ' ') assert_true(((unsigned char)line[1] & 0xC0) != 0x80);
  }
}

static void lines_of_every_length_fold(void **state) {
  (void)state;
  static const char *const characters[] = {"a", "é", "€", "😀"};
  for (size_t kind = 0; kind < sizeof characters / sizeof *characters; kind++)
    for (size_t count = 0; count < 200; count++) {
      char value[1024] = "x", expected[1100];
      for (size_t i = 0; i < count; i++) strcat(value, characters[kind]);
      char *text = written(ical_text_property, "SUMMARY", value);
      assert_lines(text);
      unfold(text);
      snprintf(expected, sizeof expected, "SUMMARY:%s\r\n", value);
      assert_string_equal(text, expected);
      free(text);
    }
}

static void an_escaped_character_is_not_parted(void **state) {
  (void)state;
  char value[100];
  for (size_t before = 60; before < 70; before++) {
    memset(value, 'a', before);
    strcpy(value + before, ",b");
    char *text = written(ical_text_property, "SUMMARY", value);
    assert_null(strstr(text, "\\\r\n"));
    free(text);
  }
}

static void octets_that_are_no_utf8_still_end(void **state) {
  (void)state;
  char *text = written(ical_text_property, "SUMMARY", "\xff\xe2\x82");
  assert_string_equal(text, "SUMMARY:\xff\xe2\x82\r\n");
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_are_escaped),
      cmocka_unit_test(nothing_in_a_text_ends_its_line),
      cmocka_unit_test(values_stand_as_they_are),
      cmocka_unit_test(lines_of_every_length_fold),
      cmocka_unit_test(an_escaped_character_is_not_parted),
      cmocka_unit_test(octets_that_are_no_utf8_still_end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
