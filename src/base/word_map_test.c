/* Word maps against a list that is searched from its beginning. */
#include "base/word_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { KEYS = 5000 };

static void key_of(uint32_t number, uint32_t *key, uint32_t words) {
  for (uint32_t i = 0; i < words; i++) key[i] = (number >> i) * (i + 1); /* many words are alike */
  key[0] = number;
}

static void a_key_is_found_with_its_own_value(void **state) {
  (void)state;
  for (uint32_t words = 1; words <= 4; words++) {
    Arena arena;
    WordMap map;
    uint32_t key[4], value;
    arena_open(&arena);
    word_map_open(&map, &arena, words);
    for (uint32_t n = 0; n < KEYS; n++) {
      key_of(n, key, words);
      assert_false(word_map_find(&map, key, &value));
      word_map_keep(&map, key, n * 3);
    }
    for (uint32_t n = 0; n < 2 * KEYS; n++) {
      key_of(n, key, words);
      assert_int_equal(word_map_find(&map, key, &value), n < KEYS);
      if (n < KEYS) assert_int_equal(value, n * 3);
    }
    arena_close(&arena);
  }
}

static void keys_keep_the_order_in_which_they_came(void **state) {
  (void)state;
  Arena arena;
  WordMap map;
  arena_open(&arena);
  word_map_open(&map, &arena, 2);
  for (uint32_t n = KEYS; n-- > 0;) word_map_keep(&map, (uint32_t[]){n, n}, 0);
  for (uint32_t n = 0; n < KEYS; n++) assert_int_equal(map.keys.items[2 * n], KEYS - 1 - n);
  arena_close(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_key_is_found_with_its_own_value),
      cmocka_unit_test(keys_keep_the_order_in_which_they_came),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
