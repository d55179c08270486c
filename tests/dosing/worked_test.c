/* worked_test: worked.txt, one example a line, through the public header: what is computed is what
 * was worked out.
 *
 *     worked_test [FILE]
 *
 * Every line of the file is a request of its own to a payer that has no policy, so that nothing but
 * dosing is tested. Run from the repository's root. The last line is "N passed, N failed".
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "licet/dose.h"

enum { COLUMNS = 15, LINE_BYTES = 1024 };

/* As they stand in the file; the last holds the rest of the line. */
typedef enum Column {
  REGIMEN,
  CYCLE,
  WEIGHT,
  HEIGHT,
  PREPARATION,
  STATE,
  DAYS,
  BAGS,
  VIALS,
  BILLED,
  GIVEN,
  LOST,
  ADMINISTERED,
  SOURCE,
  DOSES
} Column;

typedef struct Example {
  const char *drug, *column[COLUMNS];
  int line;
  long first_cycle, cycles;
} Example;

static int passed, failed;
static bool example_fails;

static void differ(const Example *example, const char *what, const char *expected,
                   const char *computed) {
  printf("FAILED  worked.txt:%d %s: %s worked out, %s computed\n", example->line, what, expected,
         computed);
  example_fails = true;
}

static void expect_text(const Example *example, const char *what, const char *expected,
                        const char *computed) {
  if (strcmp(expected, computed) != 0) differ(example, what, expected, computed);
}

static void expect_count(const Example *example, const char *what, const char *expected,
                         int64_t computed) {
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)computed);
  expect_text(example, what, expected, text);
}

/* ---- Reading a line ---- */

static char *trimmed(char *text) {
  while (*text == ' ') text++;
  char *end = text + strlen(text);
  while (end > text && (end[-1] == ' ' || end[-1] == '\n')) end--;
  *end = '\0';
  return text;
}

/* Cuts the line up in place. */
static bool read_example(char *line, Example *example) {
  for (int i = 0; i < COLUMNS; i++) {
    char *bar = strchr(line, '|');
    if ((bar == NULL) != (i == COLUMNS - 1)) return false;
    if (bar != NULL) *bar = '\0';
    example->column[i] = trimmed(line);
    if (bar != NULL) line = bar + 1;
  }
  char *rest;
  example->first_cycle = strtol(example->column[CYCLE], &rest, 10);
  example->cycles = *rest == '-' ? strtol(rest + 1, NULL, 10) - example->first_cycle + 1 : 1;
  return example->first_cycle > 0 && example->cycles > 0;
}

static size_t write_request(const Example *example, char *out, size_t size) {
  const char *state = example->column[STATE];
  char preparation[80] = "", formula[32] = "";
  sscanf(state, "%31s", formula);
  if (strcmp(example->column[PREPARATION], "-") != 0)
    snprintf(preparation, sizeof preparation, ",\"dose_preparation\":\"%s\"",
             example->column[PREPARATION]);
  int length = snprintf(out, size,
                        "{\"payer\":\"Nobody\",\"line\":\"commercial\",\"drug\":\"%s\",\"kind\":"
                        "\"initial\",\"received\":\"2026-11-02\","
                        "\"facts\":{\"dose_regimen\":\"%s\",\"cycle_number\":%ld,\"cycles_"
                        "requested\":%ld,\"weight\":\"%s kg\","
                        "\"height\":\"%s "
                        "cm\",\"body_surface_formula\":\"%s\",\"remission_on_drug\":%s,\"recovery_"
                        "from_toxicity\":%s%s}}",
                        example->drug, example->column[REGIMEN], example->first_cycle,
                        example->cycles, example->column[WEIGHT], example->column[HEIGHT], formula,
                        strstr(state, "remission") != NULL ? "true" : "false",
                        strstr(state, "recovering") != NULL ? "true" : "false", preparation);
  return length < 0 ? 0 : (size_t)length;
}

/* ---- Holding the plan against it ---- */

/* The dose worked out for a day of the cycle: "1-7 9 mcg; 8-28 28 mcg". "" where nothing is given.
 */
static const char *dose_on(const char *doses, unsigned day, char *out, size_t size) {
  out[0] = '\0';
  while (*doses != '\0') {
    unsigned first = 0, last = 0;
    int read = 0;
    if (sscanf(doses, "%u-%u %n", &first, &last, &read) < 2) {
      sscanf(doses, "%u %n", &first, &read);
      last = first;
    }
    size_t length = strcspn(doses + read, ";");
    if (day >= first && day <= last) snprintf(out, size, "%.*s", (int)length, doses + read);
    doses += (size_t)read + length;
    doses += strspn(doses, "; ");
  }
  return out;
}

static void check_days(const Example *example, const licet_dose_plan *plan) {
  licet_dose_day day;
  long count = 0;
  for (; (day = licet_dose_plan_day(plan, (size_t)count)).date != NULL; count++) {
    char expected[64];
    if (strcmp(example->column[DOSES], "not told") == 0) continue;
    dose_on(example->column[DOSES], day.day, expected, sizeof expected);
    if (day.day != (unsigned)count + 1 || (expected[0] != '\0') != (day.kind == LICET_DAY_DOSE) ||
        strcmp(expected, day.dose) != 0) {
      char what[32];
      snprintf(what, sizeof what, "day %u", day.day);
      differ(example, what, expected, day.dose);
      return;
    }
  }
  licet_dose_cycle cycle;
  long days = 0;
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(plan, i)).title != NULL; i++)
    days += cycle.length;
  expect_count(example, "days", example->column[DAYS], days);
}

static void check_totals(const Example *example, const licet_dose_plan *plan) {
  licet_dose_totals totals = licet_dose_plan_totals(plan);
  expect_count(example, "bags", example->column[BAGS], totals.preparations);
  expect_count(example, "vials", example->column[VIALS], totals.vials);
  expect_count(example, "billed", example->column[BILLED], totals.billed_units);
  expect_count(example, "given", example->column[GIVEN], totals.administered_units);
  expect_count(example, "lost", example->column[LOST], totals.discarded_units);
  expect_text(example, "administered", example->column[ADMINISTERED], totals.administered);
  expect_text(example, "vials are", example->column[SOURCE],
              totals.is_derived ? "derived" : "printed");
}

/* A JW line for what is lost, JZ on what is billed whole. */
static void check_lines(const Example *example, const licet_dose_plan *plan) {
  licet_dose_line line;
  int64_t billed = 0, lost = 0;
  for (size_t i = 0; (line = licet_dose_plan_line(plan, i)).hcpcs != NULL; i++) {
    billed += line.units;
    if (line.modifier == LICET_MODIFIER_JW) lost += line.units;
  }
  expect_count(example, "units on the lines", example->column[BILLED], billed);
  expect_count(example, "units on the JW lines", example->column[LOST], lost);
}

static void check_cycles(const Example *example, const licet_dose_plan *plan) {
  licet_dose_cycle cycle;
  long count = 0;
  for (; (cycle = licet_dose_plan_cycle(plan, (size_t)count)).title != NULL; count++) {
    if (cycle.number != (unsigned)(example->first_cycle + count))
      differ(example, "a cycle's number", example->column[CYCLE], "another");
  }
  if (count != example->cycles) differ(example, "cycles", example->column[CYCLE], "another number");
}

static void check_example(licet_session *session, const Example *example) {
  char request[LINE_BYTES];
  const licet_dose_plan *plan;
  size_t length = write_request(example, request, sizeof request);
  example_fails = false;
  if (licet_dose(session, request, length, NULL, &plan) != LICET_OK) {
    differ(example, "the request", "a plan", licet_session_error_json(session, NULL));
  } else {
    licet_dose_finding finding;
    for (size_t i = 0; (finding = licet_dose_plan_finding(plan, i)).message != NULL; i++) {
      if (finding.severity != LICET_SEVERITY_NOTE)
        differ(example, "findings", "none", finding.message);
    }
    check_cycles(example, plan);
    check_days(example, plan);
    check_totals(example, plan);
    check_lines(example, plan);
  }
  *(example_fails ? &failed : &passed) += 1;
}

static void check_file(licet_session *session, FILE *file) {
  char line[LINE_BYTES], drug[64] = "";
  Example example = {.drug = drug};
  while (fgets(line, sizeof line, file) != NULL) {
    char *text = trimmed(line);
    example.line++;
    if (*text == '\0' || *text == '#' || sscanf(text, "drug %63s", drug) == 1) continue;
    if (read_example(text, &example)) {
      check_example(session, &example);
    } else {
      differ(&example, "the line", "fifteen columns", "others");
      failed++;
    }
  }
}

int main(int argc, char **argv) {
  licet_library *library;
  licet_session *session;
  licet_report *report;
  FILE *file = fopen(argc > 1 ? argv[1] : "tests/dosing/worked.txt", "r");
  if (file == NULL || licet_library_open("policies", NULL, &library, &report) != LICET_OK ||
      licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK) {
    puts("FAILED  worked.txt or the policies cannot be opened");
    puts("0 passed, 1 failed");
    return 1;
  }
  licet_report_free(report);
  check_file(session, file);
  fclose(file);
  licet_session_close(session);
  licet_library_close(library);
  printf("%d passed, %d failed\n", passed, failed);
  return failed > 0 || passed == 0;
}
