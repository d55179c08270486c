/* RFC 8785's own examples, and what a canonical form refuses or says of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "json/canonical.h"

typedef struct Fixture {
  JsonReader *reader;
  Arena arena;
  JsonCanonical status;
} Fixture;

static int open_fixture(void **state) {
  static Fixture fixture;
  fixture.reader = json_open();
  assert_non_null(fixture.reader);
  arena_open(&fixture.arena);
  *state = &fixture;
  return 0;
}

static int close_fixture(void **state) {
  Fixture *f = *state;
  json_close(f->reader);
  arena_close(&f->arena);
  return 0;
}

typedef struct Work {
  Fixture *f;
  const JsonToken *tokens;
  Buffer out;
} Work;

static void canonicalize(void *context) {
  Work *work = context;
  buffer_open(&work->out, &work->f->arena, 0);
  work->f->status = json_canonical(&work->out, work->tokens);
  buffer_finish(&work->out);
}

static const char *canonical_of(Fixture *f, const char *text) {
  Work work = {.f = f};
  uint32_t count;
  const char *message;
  size_t offset;
  assert_int_equal(
      json_read(f->reader, text, strlen(text), &work.tokens, &count, &message, &offset), JSON_OK);
  if (!arena_attempt(&f->arena, canonicalize, &work)) fail_msg("no memory");
  return work.out.at;
}

#define SAME(text, expected) assert_string_equal(canonical_of(*state, text), expected)

static void the_example_of_serialization_is_written_as_the_rfc_writes_it(void **state) {
  SAME(
      "{\n"
      "  \"numbers\": [333333333.33333329, 1E30, 4.50,\n"
      "              2e-3, 0.000000000000000000000000001],\n"
      "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
      "  \"literals\": [null, true, false]\n"
      "}",
      "{\"literals\":[null,true,false],"
      "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
      "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

static void keys_are_sorted_by_their_utf16_code_units(void **state) {
  SAME(
      "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet "
      "With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":"
      "\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\",\"\u00f6\":\"Latin "
      "Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\",\"\U0001F600\":\"Emoji: Grinning "
      "Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
  SAME("{\"aa\":1,\"a\":2,\"\":3,\"A\":4}", "{\"\":3,\"A\":4,\"a\":2,\"aa\":1}");
}

static void members_are_sorted_at_every_level_and_entries_at_none(void **state) {
  SAME("[{\"b\":[3,{\"d\":4,\"c\":[ ]},1],\"a\":{ }},2]",
       "[{\"a\":{},\"b\":[3,{\"c\":[],\"d\":4},1]},2]");
}

/* Appendix B, numbers by their bits; but for NaN and the infinities, which are no JSON. */
static void the_numbers_of_appendix_b_are_written_as_the_rfc_writes_them(void **state) {
  static const struct {
    uint64_t bits;
    const char *written;
  } numbers[] = {{0x0000000000000000, "0"},
                 {0x8000000000000000, "0"},
                 {0x0000000000000001, "5e-324"},
                 {0x8000000000000001, "-5e-324"},
                 {0x7fefffffffffffff, "1.7976931348623157e+308"},
                 {0xffefffffffffffff, "-1.7976931348623157e+308"},
                 {0x4340000000000000, "9007199254740992"},
                 {0xc340000000000000, "-9007199254740992"},
                 {0x4430000000000000, "295147905179352830000"},
                 {0x44b52d02c7e14af5, "9.999999999999997e+22"},
                 {0x44b52d02c7e14af6, "1e+23"},
                 {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
                 {0x444b1ae4d6e2ef4e, "999999999999999700000"},
                 {0x444b1ae4d6e2ef4f, "999999999999999900000"},
                 {0x444b1ae4d6e2ef50, "1e+21"},
                 {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
                 {0x3eb0c6f7a0b5ed8d, "0.000001"},
                 {0x41b3de4355555553, "333333333.3333332"},
                 {0x41b3de4355555554, "333333333.33333325"},
                 {0x41b3de4355555555, "333333333.3333333"},
                 {0x41b3de4355555556, "333333333.3333334"},
                 {0x41b3de4355555557, "333333333.33333343"},
                 {0xbecbf647612f3696, "-0.0000033333333333333333"},
                 {0x43143ff3c1cb0959, "1424953923781206.2"}};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    double value;
    char text[64];
    memcpy(&value, &numbers[i].bits, sizeof value);
    snprintf(text, sizeof text, "%.25e", value);
    SAME(text, numbers[i].written);
    SAME(numbers[i].written, numbers[i].written);
  }
}

static void a_number_that_loses_digits_is_said_to_be_rounded(void **state) {
  static const char *const exact[] = {"0",      "-0.000", "0e5",   "12.50", "0.0070", "1e2",
                                      "100e-2", "1E+30",  "-1.5",  "1000",  "10.010", "0.1",
                                      "5e-324", "10e20",  "1e-07", "2.50e1"};
  static const char *const rounded[] = {"333333333.33333329", "9007199254740993",
                                        "0.1000000000000000055511151231257827"};
  Fixture *f = *state;
  for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
    canonical_of(f, exact[i]);
    assert_int_equal(f->status, JSON_CANONICAL_EXACT);
  }
  for (size_t i = 0; i < sizeof rounded / sizeof *rounded; i++) {
    canonical_of(f, rounded[i]);
    assert_int_equal(f->status, JSON_CANONICAL_ROUNDED);
  }
}

static void what_no_double_comes_near_has_no_canonical_form(void **state) {
  Fixture *f = *state;
  assert_string_equal(canonical_of(f, "{\"a\":[1,1e400]}"), "");
  assert_int_equal(f->status, JSON_CANONICAL_OUT_OF_RANGE);
  assert_string_equal(canonical_of(f, "-1e-400"), "");
  assert_int_equal(f->status, JSON_CANONICAL_OUT_OF_RANGE);
}

static void a_repeated_key_has_no_canonical_form_however_it_is_written(void **state) {
  Fixture *f = *state;
  assert_string_equal(canonical_of(f, "[{\"a\":1,\"b\":2,\"\\u0061\":1}]"), "");
  assert_int_equal(f->status, JSON_CANONICAL_REPEATED_KEY);
}

static void a_canonical_form_is_its_own(void **state) {
  Fixture *f = *state;
  static const char text[] = "{\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f\":[-1.25e-9,{}],\"z\":[]}";
  const char *once = canonical_of(f, text);
  assert_string_equal(canonical_of(f, once), once);
}

int main(void) {
#define SENTENCE(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
  const struct CMUnitTest tests[] = {
      SENTENCE(the_example_of_serialization_is_written_as_the_rfc_writes_it),
      SENTENCE(keys_are_sorted_by_their_utf16_code_units),
      SENTENCE(members_are_sorted_at_every_level_and_entries_at_none),
      SENTENCE(the_numbers_of_appendix_b_are_written_as_the_rfc_writes_them),
      SENTENCE(a_number_that_loses_digits_is_said_to_be_rounded),
      SENTENCE(what_no_double_comes_near_has_no_canonical_form),
      SENTENCE(a_repeated_key_has_no_canonical_form_however_it_is_written),
      SENTENCE(a_canonical_form_is_its_own),
  };
  return cmocka_run_group_tests_name("json/canonical", tests, NULL, NULL);
}
