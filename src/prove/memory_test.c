/* Memory that runs out: at one allocation after another proving and comparing say so, leak nothing,
 * and continue afterwards.
 *
 * Only the builds with LICET_FAIL_ALLOCATIONS can make an allocation fail (base/arena.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "library/library.h"
#include "base/arena.h"
#include "licet/prove.h"

/* Every allocation at first, then every few: later ones repeat what earlier ones do. */
static long next(long n) { return n < 60 ? n + 1 : n + n / 9; }

static licet_library *open_library(void) {
  licet_library *library;
  licet_report *report;
  assert_int_equal(licet_library_open("policies", NULL, &library, &report), LICET_OK);
  licet_report_free(report);
  licet_session *session; /* simdjson chooses its implementation once, with memory of its own */
  assert_int_equal(licet_session_open(library, SESSION_OF_PLAN, &session), LICET_OK);
  licet_session_close(session);
  return library;
}

/* What versions are compiled by need is the library's, and stays. */
static void prove_and_compare(const licet_library *library) {
  licet_proof *proof;
  licet_comparison *comparison;
  assert_int_equal(licet_prove(library, "CP.PHAR.312", &proof), LICET_OK);
  licet_proof_free(proof);
  assert_int_equal(licet_compare(library, "masshealth-uppl-all", "2023-01-01",
                                 "masshealth-uppl-all", NULL, &comparison),
                   LICET_OK);
  licet_comparison_free(comparison);
}

static void proving_says_that_memory_ran_out(void **state) {
  (void)state;
  licet_library *library = open_library();
  prove_and_compare(library);
  size_t held = memory_held();
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status == LICET_NO_MEMORY; n = next(n)) {
    licet_proof *proof = NULL;
    memory_fail_after(n);
    status = licet_prove(library, "CP.PHAR.312", &proof);
    memory_fail_after(0);
    if (status == LICET_OK) assert_true(licet_proof_count(proof) > 0);
    licet_proof_free(proof);
    assert_int_equal(memory_held(), held);
  }
  assert_int_equal(status, LICET_OK);
  licet_library_close(library);
}

static void comparing_says_that_memory_ran_out(void **state) {
  (void)state;
  licet_library *library = open_library();
  prove_and_compare(library);
  size_t held = memory_held();
  licet_status status = LICET_NO_MEMORY;
  for (long n = 1; status == LICET_NO_MEMORY; n = next(n)) {
    licet_comparison *comparison = NULL;
    memory_fail_after(n);
    status = licet_compare(library, "masshealth-uppl-all", "2023-01-01", "masshealth-uppl-all",
                           NULL, &comparison);
    memory_fail_after(0);
    if (status == LICET_OK)
      assert_int_equal(licet_comparison_relation(comparison, LICET_INITIAL), LICET_IMPLIES);
    licet_comparison_free(comparison);
    assert_int_equal(memory_held(), held);
  }
  assert_int_equal(status, LICET_OK);
  licet_library_close(library);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(proving_says_that_memory_ran_out),
      cmocka_unit_test(comparing_says_that_memory_ran_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
