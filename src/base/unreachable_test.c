#include "base/unreachable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void what_is_reached_all_the_same_ends_the_program_and_names_the_place(void **state) {
  (void)state;
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);
    dup2(ends[1], STDERR_FILENO);
    UNREACHABLE();
  }
  close(ends[1]);
  char said[200] = "";
  assert_true(read(ends[0], said, sizeof said - 1) > 0);
  close(ends[0]);
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
  assert_non_null(strstr(said, "unreachable_test.c:"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_reached_all_the_same_ends_the_program_and_names_the_place),
  };
  return cmocka_run_group_tests_name("base/unreachable", tests, NULL, NULL);
}
