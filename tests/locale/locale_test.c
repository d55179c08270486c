/* The same answers whichever locale the program that embeds the library has set. The suite gives
 * the names of the locales, which LOCPATH leads to (tests/suites/47-locale.sh).
 *
 *     locale_test LOCALE
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "licet/licet.h"

static const char *locale;

static licet_session *open_session(const char *folder, licet_library **library) {
  licet_session *session;
  licet_report *report;
  assert_int_equal(licet_library_open(folder, NULL, library, &report), LICET_OK);
  licet_report_free(report);
  assert_int_equal(
      licet_session_open(*library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session),
      LICET_OK);
  return session;
}

static size_t check_cases(const char *folder, const char *name) {
  char path[500], *line = NULL;
  size_t capacity = 0, checked = 0;
  licet_library *library;
  licet_session *session = open_session(folder, &library);
  snprintf(path, sizeof path, "%s/%s.cases", folder, name);
  FILE *cases = fopen(path, "r");
  assert_non_null(cases);
  for (ssize_t length; (length = getline(&line, &capacity, cases)) > 0;) {
    const char *title, *difference;
    const licet_determination *d;
    if (line[0] != '{') continue;
    licet_check_case(session, line, (size_t)length, &title, &difference, &d);
    if (difference[0] != '\0') print_error("%s: %s\n%s\n", path, title, difference);
    assert_string_equal(difference, "");
    checked++;
  }
  free(line);
  fclose(cases);
  licet_session_close(session);
  licet_library_close(library);
  return checked;
}

static void the_cases_of_the_policies_are_answered_alike(void **state) {
  static const char *const names[] = {"CP.PHAR.312", "OHSU-0382", "PA.CP.PHAR.359",
                                      "aspirus-blincyto", "masshealth-uppl-all"};
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_true(check_cases("policies", names[i]) > 0);
}

static const char *decided(const char *request) {
  licet_library *library;
  licet_session *session = open_session("policies", &library);
  const licet_determination *d;
  assert_int_equal(licet_decide(session, request, strlen(request), &d), LICET_OK);
  const char *json = licet_determination_json(d, NULL);
  static char kept[100000];
  const char *outcome = strstr(json, "\"outcome\"");
  snprintf(kept, sizeof kept, "%s", outcome == NULL ? json : outcome);
  licet_session_close(session);
  licet_library_close(library);
  return kept;
}

#define REQUEST(agent, icd10)                                                                  \
  "{\"payer\":\"OHSU Health Services\",\"line\":\"medicaid\",\"drug\":\"blinatumomab\","       \
  "\"kind\":\"initial\",\"received\":\"2026-11-02\",\"facts\":{\"birth_date\":\"2001-04-05\"," \
  "\"diagnosis\":\"acute_lymphoblastic_leukemia\",\"icd10\":\"" icd10                          \
  "\","                                                                                        \
  "\"lineage\":\"b_cell_precursor\",\"disease_status\":\"relapsed\","                          \
  "\"philadelphia\":{\"value\":\"positive\",\"document\":\"lab-77\"},\"regimen\":[],"          \
  "\"live_vaccine_last\":\"none\",\"live_vaccine_planned\":false,"                             \
  "\"prior_therapies\":[{\"agent\":\"" agent                                                   \
  "\",\"outcome\":\"refractory\"}],"                                                           \
  "\"prior_therapies_complete\":true}}"

static void a_name_and_a_code_are_the_same_in_capitals(void **state) {
  (void)state;
  char small[100000];
  snprintf(small, sizeof small, "%s", decided(REQUEST("imatinib", "C91.02")));
  assert_non_null(strstr(small, "\"outcome\":\"approve\""));
  const char *capital = decided(REQUEST("IMATINIB", "c91.02"));
  assert_memory_equal(small, capital, strlen("\"outcome\":\"approve\""));
  capital = decided(REQUEST("Imatinib", "C91.02"));
  assert_memory_equal(small, capital, strlen("\"outcome\":\"approve\""));
}

int main(int count, char **words) {
  locale = count > 1 ? words[1] : "C";
  if (setlocale(LC_ALL, locale) == NULL) {
    fprintf(stderr, "locale_test: there is no locale '%s'\n", locale);
    return 2;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_cases_of_the_policies_are_answered_alike),
      cmocka_unit_test(a_name_and_a_code_are_the_same_in_capitals),
  };
  return cmocka_run_group_tests_name(locale, tests, NULL, NULL);
}
