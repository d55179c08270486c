/* Documents that stay: kept rows, members, and what is not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "json/value.h"

static Arena arena;
static const JsonLimits limits = {LIMIT_REQUEST_BYTES, LIMIT_REQUEST_TOKENS, LIMIT_REQUEST_DEPTH};

static int open_arena(void **context) {
  (void)context;
  arena_open(&arena);
  return 0;
}
static int close_arena(void **context) {
  (void)context;
  arena_close(&arena);
  return 0;
}

static JsonValue kept(const char *text) {
  JsonValue value;
  JsonFault fault;
  assert_true(json_keep(&arena, limits, text_of(text), &value, &fault));
  return value;
}

static void a_kept_document_outlives_its_text(void **context) {
  char text[] = " {\"a\": {\"b\": \"x\\ny\", \"c\": [1, \"z\"]}} ";
  (void)context;
  const JsonValue value = kept(text);
  memset(text, '?', sizeof text - 1);
  const JsonValue a = json_member(value, "a");
  assert_true(text_is(json_text_of(json_member(a, "b")), "x\ny"));
  assert_true(text_is(json_value_raw(json_member(a, "b")), "\"x\\ny\""));
  assert_true(text_is(json_value_raw(json_member(a, "c")), "[1, \"z\"]"));
}

static void members_and_elements_come_in_order(void **context) {
  (void)context;
  const JsonValue value = kept("{\"a\":{\"skipped\":[1]},\"b\":[10,[],20]}");
  JsonMember member = json_first(value);
  assert_true(text_is(member.name, "a"));
  member = json_next(member);
  assert_true(text_is(member.name, "b") && member.index == 1);
  assert_false(json_is_there(json_next(member).value));
  int64_t sum = 0, number;
  uint32_t count = 0;
  for (JsonMember m = json_first(member.value); json_is_there(m.value); m = json_next(m)) {
    assert_int_equal(m.index, count++);
    if (json_integer_of(m.value, &number)) sum += number;
  }
  assert_int_equal(count, 3);
  assert_int_equal(sum, 30);
}

static void what_is_not_there_has_nothing(void **context) {
  int64_t number;
  (void)context;
  const JsonValue value = kept("{\"a\":null,\"b\":1.5,\"c\":-12}");
  assert_false(json_is_there(json_member(value, "d")));
  assert_false(json_is_there(json_member(json_member(value, "d"), "e")));
  assert_int_equal(json_text_of(json_member(value, "d")).length, 0);
  assert_int_equal(json_value_raw(json_member(value, "d")).length, 0);
  assert_true(json_is_there(json_member(value, "a")));
  assert_false(json_is_stated(json_member(value, "a")));
  assert_false(json_integer_of(json_member(value, "b"), &number));
  assert_true(json_integer_of(json_member(value, "c"), &number));
  assert_int_equal(number, -12);
  assert_false(json_is_there(json_first(json_member(value, "b")).value));
}

static void a_reader_keeps_the_limits_it_was_given(void **context) {
  JsonValue value;
  JsonFault fault;
  (void)context;
  const Text text = TEXT("[[[[1]]]]");
  assert_false(json_keep(&arena, (JsonLimits){100, 100, 3}, text, &value, &fault));
  assert_int_equal(fault.status, JSON_TOO_DEEP);
  assert_false(json_keep(&arena, (JsonLimits){8, 100, 4}, text, &value, &fault));
  assert_int_equal(fault.status, JSON_TOO_LARGE);
  assert_false(json_keep(&arena, (JsonLimits){100, 4, 4}, text, &value, &fault));
  assert_int_equal(fault.status, JSON_TOO_MANY);
  assert_true(json_keep(&arena, (JsonLimits){9, 5, 4}, text, &value, &fault));
}

static void a_text_that_is_no_document_says_where(void **context) {
  JsonValue value;
  JsonFault fault;
  (void)context;
  assert_false(json_keep(&arena, limits, TEXT("{\"a\":}"), &value, &fault));
  assert_int_equal(fault.status, JSON_MALFORMED);
  assert_int_equal(fault.offset, 5);
  assert_false(json_is_there(value));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_kept_document_outlives_its_text),
      cmocka_unit_test(members_and_elements_come_in_order),
      cmocka_unit_test(what_is_not_there_has_nothing),
      cmocka_unit_test(a_reader_keeps_the_limits_it_was_given),
      cmocka_unit_test(a_text_that_is_no_document_says_where),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
