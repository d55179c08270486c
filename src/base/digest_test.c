/* The examples of FIPS 180-2, appendix B, and the empty message of NIST's SHAVS. */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void expect(const Text *parts, size_t count, const char *hex) {
  char digest[DIGEST_SIZE];
  digest_text(digest, parts, count);
  assert_memory_equal(digest, "sha256:", 7);
  assert_string_equal(digest + 7, hex);
}

static void nists_examples_come_out_as_printed(void **state) {
  (void)state;
  static char million[1000000];
  memset(million, 'a', sizeof million);
  expect(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(&TEXT("abc"), 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(&TEXT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  expect(&TEXT("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
               "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
         1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  expect(&(Text){million, sizeof million}, 1,
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void parts_count_as_one_text(void **state) {
  (void)state;
  expect((const Text[]){TEXT("a"), TEXT(""), TEXT("bc")}, 3,
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nists_examples_come_out_as_printed),
      cmocka_unit_test(parts_count_as_one_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
