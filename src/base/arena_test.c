#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdalign.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void allocations_are_zeroed_and_aligned_for_any_type(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  for (int round = 0; round < 2; round++) {
    for (size_t size = 0; size < 3000; size += 7) {
      unsigned char *memory = arena_allocate(&arena, size);
      assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
      for (size_t i = 0; i < size; i++) assert_int_equal(memory[i], 0);
      memset(memory, 0xa5, size);
    }
    arena_reset(&arena); /* the second round gets the dirty blocks */
  }
  arena_close(&arena);
}

static void allocations_of_no_size_have_addresses_of_their_own(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  void *first = arena_allocate(&arena, 0), *second = arena_allocate(&arena, 0);
  assert_non_null(first);
  assert_ptr_not_equal(first, second);
  arena_close(&arena);
}

static void allocations_do_not_overlap(void **state) {
  (void)state;
  enum { COUNT = 500 };
  Arena arena;
  arena_open(&arena);
  unsigned char *pieces[COUNT];
  for (size_t i = 0; i < COUNT; i++) {
    pieces[i] = arena_allocate_raw(&arena, i);
    memset(pieces[i], (int)(i % 251), i);
  }
  for (size_t i = 0; i < COUNT; i++) {
    for (size_t k = 0; k < i; k++) assert_int_equal(pieces[i][k], i % 251);
  }
  arena_close(&arena);
}

static void one_request(Arena *arena) {
  for (size_t i = 0; i < 300; i++) arena_allocate(arena, i * 37 % 901);
  arena_allocate(arena, 100000);
  for (size_t i = 0; i < 300; i++) arena_allocate(arena, i * 53 % 701);
}

static void a_reset_arena_serves_the_same_request_without_asking_the_system(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  one_request(&arena);
  size_t after_first = arena_size(&arena), held = memory_held();
  for (int i = 0; i < 20; i++) {
    arena_reset(&arena);
    one_request(&arena);
    assert_int_equal(arena_size(&arena), after_first);
    assert_int_equal(memory_held(), held);
  }
  arena_close(&arena);
}

static void a_closed_arena_holds_nothing(void **state) {
  (void)state;
  size_t before = memory_held();
  Arena arena;
  arena_open(&arena);
  one_request(&arena);
  assert_true(memory_held() > before);
  arena_reset(&arena);
  arena_close(&arena);
  assert_int_equal(memory_held(), before);
  assert_int_equal(arena_size(&arena), 0);
}

static void resizing_keeps_the_contents_and_the_count(void **state) {
  (void)state;
  size_t before = memory_held();
  char *memory = memory_resize(NULL, 4);
  memcpy(memory, "abc", 4);
  memory = memory_resize(memory, 100000);
  assert_string_equal(memory, "abc");
  assert_true(memory_held() >= before + 100000);
  memory_free(memory);
  memory_free(NULL);
  assert_int_equal(memory_held(), before);
}

static void a_copy_ends_with_a_zero_byte_and_keeps_those_within(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  assert_memory_equal(arena_copy(&arena, "a\0bcd", 4), "a\0bc", 5);
  assert_string_equal(arena_copy(&arena, NULL, 0), "");
  arena_close(&arena);
}

static void formatting_measures_first(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  assert_string_equal(arena_format(&arena, "%s-%d", "x", 42), "x-42");
  assert_int_equal(strlen(arena_format(&arena, "%9000d", 1)), 9000);
  arena_close(&arena);
}

static void the_newest_allocation_grows_where_it_is_and_others_are_copied(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  char *old = arena_copy(&arena, "old", 3);
  char *newest = arena_copy(&arena, "new", 3);
  char *grown = arena_grow(&arena, newest, 4, 200);
  assert_ptr_equal(grown, newest);
  memset(grown + 4, 'x', 196);
  char *moved = arena_grow(&arena, old, 4, 200);
  assert_ptr_not_equal(moved, old);
  assert_string_equal(moved, "old");
  assert_string_equal(arena_grow(&arena, moved, 200, 50000), "old"); /* no room in its block */
  assert_non_null(arena_grow(&arena, NULL, 0, 0));
  arena_close(&arena);
}

static void a_list_keeps_what_is_pushed_while_others_allocate(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  LIST(int) list = {0};
  for (int i = 0; i < 10000; i++) {
    LIST_PUSH(&arena, list, i);
    if (i % 100 == 0) arena_allocate(&arena, 24);
  }
  assert_int_equal(list.count, 10000);
  for (int i = 0; i < 10000; i++) assert_int_equal(list.items[i], i);
  arena_close(&arena);
}

static char released[8];
static char a[] = "a", b[] = "b", c[] = "c";
static void note_release(void *object) { strcat(released, object); }

static void releases_run_once_newest_first_at_reset_and_at_close(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  released[0] = '\0';
  arena_on_release(&arena, note_release, a);
  arena_on_release(&arena, note_release, b);
  arena_reset(&arena);
  assert_string_equal(released, "ba");
  arena_on_release(&arena, note_release, c);
  arena_close(&arena);
  arena_close(&arena);
  assert_string_equal(released, "bac");
}

static void ask_too_much(void *context) {
  arena_allocate_raw(context, SIZE_MAX - 3);
  fail_msg("came back");
}

static void a_size_that_no_system_serves_abandons_the_attempt(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  assert_false(arena_attempt(&arena, ask_too_much, &arena));
  assert_null(arena.guard);
  arena_close(&arena);
}

static void keep_a_word(void *context) { arena_copy(context, "word", 4); }

static void work_that_is_done_leaves_no_guard_behind(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  assert_true(arena_attempt(&arena, keep_a_word, &arena));
  assert_null(arena.guard);
  arena_close(&arena);
}

/* Attempts within attempts: what the inner one and the outer one came to. */
typedef struct Nested {
  Arena arena, other;
  bool inner, went_on, within;
} Nested;

static void ask_too_much_within(void *context) {
  Nested *nested = context;
  nested->inner = arena_attempt(&nested->arena, ask_too_much, &nested->arena);
  nested->went_on = true;
  arena_exhaust(&nested->arena); /* meets the guard of this attempt, not the dead one's */
}

static void an_inner_attempt_is_abandoned_alone_and_the_outer_guard_stands_again(void **state) {
  (void)state;
  Nested nested = {.inner = true};
  arena_open(&nested.arena);
  assert_false(arena_attempt(&nested.arena, ask_too_much_within, &nested));
  assert_false(nested.inner);
  assert_true(nested.went_on);
  arena_close(&nested.arena);
}

static void exhaust_the_other(void *context) {
  Nested *nested = context;
  arena_copy(&nested->arena, "word", 4);
  arena_exhaust(&nested->other);
}

static void one_attempt_guards_several_arenas(void **state) {
  (void)state;
  Nested nested = {.inner = true};
  arena_open(&nested.arena);
  arena_open(&nested.other);
  Arena *const both[] = {&nested.arena, &nested.other};
  assert_false(arenas_attempt(both, 2, exhaust_the_other, &nested));
  assert_null(nested.arena.guard);
  assert_null(nested.other.guard);
  arena_close(&nested.arena);
  arena_close(&nested.other);
}

static void look_and_go_on(void *context) {
  Nested *nested = context;
  nested->within = arena_attempt_within(&nested->arena, ask_too_much, &nested->arena);
  nested->went_on = true;
}

static void an_attempt_within_another_abandons_the_whole_and_alone_itself(void **state) {
  (void)state;
  Nested nested = {.within = true};
  arena_open(&nested.arena);
  assert_false(arena_attempt(&nested.arena, look_and_go_on, &nested));
  assert_false(nested.went_on);
  assert_false(arena_attempt_within(&nested.arena, ask_too_much, &nested.arena));
  assert_true(arena_attempt_within(&nested.arena, keep_a_word, &nested.arena));
  arena_close(&nested.arena);
}

static void running_out_outside_of_any_attempt_ends_the_program(void **state) {
  (void)state;
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    Arena arena;
    arena_open(&arena);
    signal(SIGABRT, SIG_DFL);
    if (!freopen("/dev/null", "w", stderr)) _exit(1);
    arena_allocate_raw(&arena, SIZE_MAX);
    _exit(0);
  }
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void grow_an_uncountable_list(void *context) {
  uint32_t capacity = UINT32_MAX / 2 + 1;
  list_grow(context, NULL, capacity, &capacity, 1);
  fail_msg("came back");
}

static void a_list_that_cannot_be_counted_abandons_the_attempt(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  assert_false(arena_attempt(&arena, grow_an_uncountable_list, &arena));
  arena_close(&arena);
}

#ifdef LICET_FAIL_ALLOCATIONS
static void make_one_request(void *context) { one_request(context); }

static void each_failed_allocation_abandons_the_attempt_and_leaves_nothing_behind(void **state) {
  (void)state;
  size_t before = memory_held();
  long failures = 0;
  bool done = false;
  for (long n = 1; !done; n++) {
    Arena arena;
    arena_open(&arena);
    memory_fail_after(n);
    done = arena_attempt(&arena, make_one_request, &arena);
    if (!done) {
      assert_null(memory_allocate(1)); /* and every one after it */
      assert_null(memory_resize(NULL, 1));
      failures++;
    }
    memory_fail_after(0);
    arena_close(&arena);
    assert_int_equal(memory_held(), before);
  }
  assert_true(failures > 3);
}

static void register_a_release(void *context) {
  arena_on_release(context, note_release, a);
  fail_msg("came back");
}

static void what_cannot_be_registered_for_release_is_released_at_once(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  released[0] = '\0';
  memory_fail_after(1);
  assert_false(arena_attempt(&arena, register_a_release, &arena));
  memory_fail_after(0);
  assert_string_equal(released, "a");
  arena_close(&arena);
  assert_string_equal(released, "a");
}
#else
static void in_other_builds_nothing_is_made_to_fail(void **state) {
  (void)state;
  memory_fail_after(1);
  void *memory = memory_allocate(1);
  assert_non_null(memory);
  memory_free(memory);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(allocations_are_zeroed_and_aligned_for_any_type),
      cmocka_unit_test(allocations_of_no_size_have_addresses_of_their_own),
      cmocka_unit_test(allocations_do_not_overlap),
      cmocka_unit_test(a_reset_arena_serves_the_same_request_without_asking_the_system),
      cmocka_unit_test(a_closed_arena_holds_nothing),
      cmocka_unit_test(resizing_keeps_the_contents_and_the_count),
      cmocka_unit_test(a_copy_ends_with_a_zero_byte_and_keeps_those_within),
      cmocka_unit_test(formatting_measures_first),
      cmocka_unit_test(the_newest_allocation_grows_where_it_is_and_others_are_copied),
      cmocka_unit_test(a_list_keeps_what_is_pushed_while_others_allocate),
      cmocka_unit_test(releases_run_once_newest_first_at_reset_and_at_close),
      cmocka_unit_test(a_size_that_no_system_serves_abandons_the_attempt),
      cmocka_unit_test(work_that_is_done_leaves_no_guard_behind),
      cmocka_unit_test(an_inner_attempt_is_abandoned_alone_and_the_outer_guard_stands_again),
      cmocka_unit_test(one_attempt_guards_several_arenas),
      cmocka_unit_test(an_attempt_within_another_abandons_the_whole_and_alone_itself),
      cmocka_unit_test(running_out_outside_of_any_attempt_ends_the_program),
      cmocka_unit_test(a_list_that_cannot_be_counted_abandons_the_attempt),
#ifdef LICET_FAIL_ALLOCATIONS
      cmocka_unit_test(each_failed_allocation_abandons_the_attempt_and_leaves_nothing_behind),
      cmocka_unit_test(what_cannot_be_registered_for_release_is_released_at_once),
#else
      cmocka_unit_test(in_other_builds_nothing_is_made_to_fail),
#endif
  };
  return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
