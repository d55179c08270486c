/* code: one normal form, shapes, and the order of codes. */
#include "base/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int open_arena(void **state) {
  static Arena arena;
  arena_open(&arena);
  *state = &arena;
  return 0;
}

static int close_arena(void **state) {
  arena_close(*state);
  return 0;
}

static const char *normal(void **state, const char *system, const char *written) {
  Text code = {0};
  if (!code_normal(*state, text_of(system), text_of(written), &code)) return "";
  return arena_copy(*state, code.at, code.length);
}

static void a_code_is_the_same_however_it_is_written(void **state) {
  assert_string_equal(normal(state, "ICD-10-CM", "c91.00"), "C9100");
  assert_string_equal(normal(state, "ICD-10-CM", "C9100"), "C9100");
  assert_string_equal(normal(state, "HCPCS", "j9039"), "J9039");
  assert_string_equal(normal(state, "LOINC", "29463-7"), "294637");
  assert_string_equal(normal(state, "NDC", "55513-160-01"), "55513016001");
  assert_string_equal(normal(state, "NDC", "55513-0160-01"), "55513016001");
  assert_string_equal(normal(state, "NDC", "55513016001"), "55513016001");
  assert_string_equal(normal(state, "NDC", "5551316001"), "55513016001");
  assert_string_equal(normal(state, "NDC", "0002-7510-01"), "00002751001");
  assert_string_equal(normal(state, "NDC", "0002751001"), "00002751001");
  assert_string_equal(normal(state, "NDC", "12345-6789-1"), "12345678901");
}

static void what_has_not_the_shape_of_its_system_is_no_code(void **state) {
  static const struct {
    const char *system, *written;
  } none[] = {{"ICD-10-CM", "hello"},
              {"ICD-10-CM", "12345"},
              {"ICD-10-CM", "C9"},
              {"ICD-10-CM", "C9100000"},
              {"HCPCS", "hello"},
              {"HCPCS", "J1"},
              {"CPT", "J9039"},
              {"CPT", "9921"},
              {"NDC", "hello"},
              {"NDC", "555-13-160"},
              {"NDC", "55513-160-01-1"},
              {"NDC", "123456789"},
              {"NDC", "5551-316-001"},
              {"NDC", "-55513-160"},
              {"SNOMED", "12345"},
              {"SNOMED", "hello1"},
              {"LOINC", "A-1"},
              {"RxNorm", "J9"},
              {"OTHER", "hello"},
              {"OTHER", "a 1"},
              {"ICD-10-CM", ""},
              {"ICD-10-CM", "C91.00 "},
              {"RxNorm", "1234567890123456789012345"}};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    if (normal(state, none[i].system, none[i].written)[0] != '\0')
      fail_msg("%s is taken for a code of %s", none[i].written, none[i].system);
  }
}

static const char *after(void **state, const char *system, const char *code) {
  Text next = code_after(*state, text_of(system), text_of(code));
  return next.length == 0 ? "" : arena_copy(*state, next.at, next.length);
}

static void codes_follow_each_other_without_a_gap(void **state) {
  assert_string_equal(code_first(*state, TEXT("ICD-10-CM")).at, "A00");
  assert_string_equal(code_first(*state, TEXT("NDC")).at, "00000000000");
  assert_string_equal(after(state, "ICD-10-CM", "E14"), "E15");
  assert_string_equal(after(state, "ICD-10-CM", "E19"), "E1A");
  assert_string_equal(after(state, "ICD-10-CM", "E9Z"), "F00");
  assert_string_equal(after(state, "ICD-10-CM", "C9109"), "C910A");
  assert_string_equal(after(state, "ICD-10-CM", "Z9Z"), "");
  assert_string_equal(after(state, "HCPCS", "J9039"), "J9040");
  assert_string_equal(after(state, "HCPCS", "99999"), "9999A");
  assert_string_equal(after(state, "NDC", "55513016099"), "55513016100");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_code_is_the_same_however_it_is_written),
      cmocka_unit_test(what_has_not_the_shape_of_its_system_is_no_code),
      cmocka_unit_test(codes_follow_each_other_without_a_gap),
  };
  return cmocka_run_group_tests(tests, open_arena, close_arena);
}
