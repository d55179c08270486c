/* The writer: what it writes, and that a bug of ours in what is asked of it ends the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json/writer.h"

typedef struct Fixture {
  Arena arena;
  Buffer out;
  JsonWriter json;
} Fixture;

static int open_fixture(void **state) {
  static Fixture fixture;
  arena_open(&fixture.arena);
  buffer_open(&fixture.out, &fixture.arena, 0);
  json_writer_open(&fixture.json, &fixture.out);
  *state = &fixture;
  return 0;
}

static int close_fixture(void **state) {
  Fixture *f = *state;
  arena_close(&f->arena);
  return 0;
}

static const char *written(Fixture *f) {
  json_writer_close(&f->json);
  return buffer_finish(&f->out);
}

static void commas_stand_between_members_and_between_entries(void **state) {
  JsonWriter *json = &((Fixture *)*state)->json;
  json_begin_object(json);
  json_string_member(json, "drug", "dasatinib");
  json_array_member(json, "cycles");
  json_integer(json, 1);
  json_integer(json, -2);
  json_begin_object(json);
  json_end_object(json);
  json_begin_array(json);
  json_end_array(json);
  json_null(json);
  json_end_array(json);
  json_object_member(json, "body");
  json_raw_member(json, "weight", TEXT("70.50"));
  json_boolean_member(json, "stated", true);
  json_boolean_member(json, "computed", false);
  json_end_object(json);
  json_null_member(json, "route");
  json_end_object(json);
  assert_string_equal(written(*state),
                      "{\"drug\":\"dasatinib\",\"cycles\":[1,-2,{},[],null],\"body\":{\"weight\":"
                      "70.50,\"stated\":true,\"computed\":false},\"route\":null}");
}

static void a_text_that_is_empty_can_be_null(void **state) {
  JsonWriter *json = &((Fixture *)*state)->json;
  json_begin_array(json);
  json_text(json, TEXT(""));
  json_string(json, "");
  json_text_or_null(json, TEXT(""));
  json_string_or_null(json, "");
  json_string_or_null(json, "a");
  json_end_array(json);
  assert_string_equal(written(*state), "[\"\",\"\",null,null,\"a\"]");
}

static void what_strings_and_keys_hold_is_escaped(void **state) {
  JsonWriter *json = &((Fixture *)*state)->json;
  json_begin_object(json);
  json_key_text(json, TEXT("a\"b"));
  json_text(json, TEXT("c\\\n\xff"));
  json_end_object(json);
  assert_string_equal(written(*state), "{\"a\\\"b\":\"c\\\\\\n\xef\xbf\xbd\"}");
}

static void members_written_before_are_copied_into_another_object(void **state) {
  JsonWriter *json = &((Fixture *)*state)->json;
  const Text members = json_members_of(TEXT("{\"id\":\"1\",\"text\":\"a\"}"));
  json_begin_array(json);
  json_begin_object(json);
  json_members(json, members);
  json_string_member(json, "status", "met");
  json_end_object(json);
  json_begin_object(json);
  json_raw_or_null_member(json, "request", TEXT(""));
  json_members(json, members);
  json_end_object(json);
  json_end_array(json);
  assert_string_equal(written(*state),
                      "[{\"id\":\"1\",\"text\":\"a\",\"status\":\"met\"},"
                      "{\"request\":null,\"id\":\"1\",\"text\":\"a\"}]");
}

static void what_was_written_can_be_written_again(void **state) {
  JsonWriter *json = &((Fixture *)*state)->json;
  json_begin_array(json);
  json_integer(json, 1);
  size_t begin = json_span_begin(json);
  json_begin_object(json);
  size_t inner = json_span_begin(json);
  json_string_member(json, "a", "b");
  json_null_member(json, "c");
  const JsonSpan members = json_span_end(json, inner);
  json_end_object(json);
  const JsonSpan value = json_span_end(json, begin);
  json_value_again(json, value);
  json_begin_object(json);
  json_integer_member(json, "d", 2);
  for (int i = 0; i < 40; i++) json_members_again(json, members); /* the buffer grows */
  json_end_object(json);
  json_end_array(json);
  const char *all = written(*state);
  static const char beginning[] =
      "[1,{\"a\":\"b\",\"c\":null},{\"a\":\"b\",\"c\":null},{\"d\":2,\"a\":\"b\",\"c\":null,\"a\"";
  assert_memory_equal(all, beginning, sizeof beginning - 1);
  assert_int_equal(strlen(all),
                   sizeof "[1,{},{},{\"d\":2}]" - 1 + 42 * strlen("\"a\":\"b\",\"c\":null") + 40);
}

static void a_value_can_stand_alone(void **state) {
  json_integer(&((Fixture *)*state)->json, INT64_MIN);
  assert_string_equal(written(*state), "-9223372036854775808");
}

static void the_deepest_outline_fits(void **state) {
  Fixture *f = *state;
  for (int i = 0; i < LIMIT_OUTLINE_DEPTH + 8; i++) {
    json_begin_object(&f->json);
    json_array_member(&f->json, "a");
  }
  for (int i = 0; i < LIMIT_OUTLINE_DEPTH + 8; i++) {
    json_end_array(&f->json);
    json_end_object(&f->json);
  }
  assert_int_equal(strlen(written(f)), 8 * (LIMIT_OUTLINE_DEPTH + 8));
}

/* ---- Bugs of ours ---- */

static void write_a_member_in_an_array(JsonWriter *json) {
  json_begin_array(json);
  json_key(json, "a");
}
static void write_a_value_without_a_key(JsonWriter *json) {
  json_begin_object(json);
  json_integer(json, 1);
}
static void write_two_keys(JsonWriter *json) {
  json_begin_object(json);
  json_key(json, "a");
  json_key(json, "b");
}
static void end_an_object_after_a_key(JsonWriter *json) {
  json_begin_object(json);
  json_key(json, "a");
  json_end_object(json);
}
static void end_an_array_as_an_object(JsonWriter *json) {
  json_begin_array(json);
  json_end_object(json);
}
static void end_what_was_not_begun(JsonWriter *json) { json_end_array(json); }
static void write_two_texts(JsonWriter *json) {
  json_null(json);
  json_null(json);
}
static void close_within_an_object(JsonWriter *json) {
  json_begin_object(json);
  json_writer_close(json);
}
static void close_without_a_value(JsonWriter *json) { json_writer_close(json); }
static void write_nothing_as_a_value(JsonWriter *json) { json_raw(json, TEXT("")); }
static void copy_members_behind_a_key(JsonWriter *json) {
  json_begin_object(json);
  json_key(json, "a");
  json_members(json, TEXT("\"b\":1"));
}
static void nest_too_deeply(JsonWriter *json) {
  for (int i = 0; i < JSON_LEVELS; i++) json_begin_array(json);
}

static void what_would_be_no_json_ends_the_program(void **state) {
  static void (*const bugs[])(JsonWriter *) = {write_a_member_in_an_array,
                                               write_a_value_without_a_key,
                                               write_two_keys,
                                               end_an_object_after_a_key,
                                               end_an_array_as_an_object,
                                               end_what_was_not_begun,
                                               write_two_texts,
                                               close_within_an_object,
                                               close_without_a_value,
                                               write_nothing_as_a_value,
                                               copy_members_behind_a_key,
                                               nest_too_deeply};
  Fixture *f = *state;
  for (size_t i = 0; i < sizeof bugs / sizeof *bugs; i++) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
      signal(SIGABRT, SIG_DFL);
      if (freopen("/dev/null", "w", stderr) == NULL) _exit(2);
      bugs[i](&f->json);
      _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
  }
}

int main(void) {
#define SENTENCE(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
  const struct CMUnitTest tests[] = {
      SENTENCE(commas_stand_between_members_and_between_entries),
      SENTENCE(a_text_that_is_empty_can_be_null),
      SENTENCE(what_strings_and_keys_hold_is_escaped),
      SENTENCE(members_written_before_are_copied_into_another_object),
      SENTENCE(what_was_written_can_be_written_again),
      SENTENCE(a_value_can_stand_alone),
      SENTENCE(the_deepest_outline_fits),
      SENTENCE(what_would_be_no_json_ends_the_program),
  };
  return cmocka_run_group_tests_name("json/writer", tests, NULL, NULL);
}
