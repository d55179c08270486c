/* recall_test: answers come back for the whole question and for nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "diagram/recall.h"

static void ask(Recall *recall, uint64_t a, uint64_t b) {
  uint64_t *question = recall_question(recall, 2);
  question[0] = a;
  question[1] = b;
}

static void an_answer_comes_back_for_the_same_question(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  Recall *recall = recall_open(&arena);
  uint32_t count = 0;
  ask(recall, 3, 4);
  assert_null(recall_find(recall, &count));
  recall_keep(recall, (uint64_t[]){7, 8}, (uint64_t[]){9, 10}, 2);
  ask(recall, 3, 4);
  const uint64_t *answer = recall_find(recall, &count);
  assert_non_null(answer);
  assert_int_equal(count, 4);
  for (uint32_t i = 0; i < 4; i++) assert_int_equal(answer[i], 7 + i);
  arena_close(&arena);
}

/* Far more questions than places: every answer that does come back is the one to its question. */
static void no_answer_comes_back_for_another_question(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  Recall *recall = recall_open(&arena);
  uint32_t count = 0, found = 0;
  for (uint64_t round = 0; round < 3; round++) {
    for (uint64_t a = 0; a < 40; a++) {
      for (uint64_t b = 0; b < 40; b++) {
        const uint64_t right = a * 1000 + b;
        for (int again = 0; again < 2; again++) {
          ask(recall, a, b);
          const uint64_t *answer = recall_find(recall, &count);
          if (answer == NULL) {
            recall_keep(recall, &right, NULL, 1);
            continue;
          }
          found++;
          assert_int_equal(count, 1);
          assert_int_equal(*answer, right);
        }
      }
    }
  }
  assert_true(found >= 3 * 40 * 40);
  arena_close(&arena);
}

static void questions_and_answers_of_every_length_are_kept(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  Recall *recall = recall_open(&arena);
  uint64_t answer[40];
  for (uint32_t length = 1; length < 40; length++) {
    for (uint32_t i = 0; i < length; i++) recall_question(recall, length)[i] = i;
    uint32_t count = 99;
    if (recall_find(recall, &count) == NULL) {
      for (uint32_t i = 0; i < length; i++) answer[i] = length - i;
      recall_keep(recall, answer, NULL, length - 1);
    }
    for (uint32_t i = 0; i < length; i++) recall_question(recall, length)[i] = i;
    const uint64_t *known = recall_find(recall, &count);
    assert_int_equal(count, length - 1);
    for (uint32_t i = 0; i < count; i++) assert_int_equal(known[i], length - i);
  }
  arena_close(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_answer_comes_back_for_the_same_question),
      cmocka_unit_test(no_answer_comes_back_for_another_question),
      cmocka_unit_test(questions_and_answers_of_every_length_are_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
