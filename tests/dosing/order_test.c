/* order_test: nothing that is said of days, interruptions or preparations changes a decision.
 *
 *     order_test [--count N] [--seed N] FOLDER…
 *
 * Each request is a case of a folder (FOLDER/x.cases), with a treatment stated beside it by
 * chance: a regimen, a schedule that may be broken, a dose, a cycle. It is decided as it is, and
 * once more with interruptions, a first day and a preparation added, which only move and cut what
 * is planned. The two determinations must be the same, byte for byte, but for the plan; and
 * so must the outcomes of bulk evaluation, which decides without explaining. The last line is
 * "N passed, N failed", counting requests; the same seed makes the same requests.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "licet/bulk.h"

enum { MOST = 65536, CASES = 4096, ENTRIES = 5 };

/* ---- Chance ---- */

static uint64_t chance;

static uint64_t next_random(void) {
  chance += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t z = chance;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static int between(int low, int high) {
  return low + (int)(next_random() % (uint64_t)(high - low + 1));
}
static bool one_in(int n) { return between(1, n) == 1; }
#define ONE_OF(list) ((list)[between(0, (int)(sizeof(list) / sizeof *(list)) - 1)])

/* ---- Cases ---- */

typedef struct Cases {
  char *requests[CASES];
  int count;
} Cases;

/* The object that begins at `from`, copied; NULL where it does not end. */
static char *object_at(const char *from) {
  int depth = 0;
  bool quoted = false;
  for (const char *at = from; *at != '\0'; at++) {
    if (*at == '"' && (at == from || at[-1] != '\\')) quoted = !quoted;
    if (quoted) continue;
    depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
    if (depth == 0) return strndup(from, (size_t)(at + 1 - from));
  }
  return NULL;
}

static void read_cases(const char *path, Cases *cases) {
  static char line[MOST];
  FILE *file = fopen(path, "r");
  if (file == NULL) exit(1);
  while (cases->count < CASES && fgets(line, sizeof line, file) != NULL) {
    char *request = strstr(line, "\"request\": {");
    char *copy = request == NULL ? NULL : object_at(strchr(request, '{'));
    if (copy == NULL) continue;
    if (strstr(copy, "\"facts\": {") == NULL || strstr(copy, "\"facts\": {}") != NULL) {
      free(copy);
    } else {
      cases->requests[cases->count++] = copy;
    }
  }
  fclose(file);
}

static void read_folder(const char *folder, Cases *cases) {
  DIR *open = opendir(folder);
  if (open == NULL) exit(1);
  for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
    const char *end = strrchr(entry->d_name, '.');
    char path[1024];
    if (end == NULL || strcmp(end, ".cases") != 0) continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    read_cases(path, cases);
  }
  closedir(open);
}

/* ---- What is stated beside a case ---- */

static void add(char *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char *out, const char *format, ...) {
  size_t length = strlen(out);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(out + length, MOST - length, format, arguments);
  va_end(arguments);
}

/* Nothing that the case states itself is stated twice. */
static bool may_state(const licet_library *library, const char *vocabulary, const char *request,
                      const char *fact) {
  char key[64];
  licet_fact declared = {0};
  snprintf(key, sizeof key, "\"%s\":", fact);
  if (strstr(request, key) != NULL) return false;
  for (size_t i = 0; i == 0 || (declared.name != NULL && strcmp(declared.name, fact) != 0); i++)
    declared = licet_vocabulary_fact(library, vocabulary, i);
  return declared.name != NULL;
}

static void add_entry(char *out, int *day) {
  static const char *const by_time[] = {"9 mcg/day", "28 mcg/day", "28.5 mcg/day", "56 mcg/day"};
  static const char *const at_once[] = {"0.5 mg/m2", "0.8 mg/m2", "1.8 mg/m2"};
  int last = *day + between(0, 13);
  add(out, "{\"first_day\": %d, \"last_day\": %d", *day, last);
  if (one_in(4)) add(out, ", \"cycle\": %d", between(1, 3));
  if (one_in(5)) add(out, ", \"cycle_days\": %d", between(20, 60));
  if (one_in(8)) add(out, ", \"dose\": \"%d mcg\"", between(1, 60));
  if (one_in(3)) {
    add(out, ", \"dose_per_area\": \"%s\"", ONE_OF(at_once));
  } else if (!one_in(12)) {
    add(out, ", \"dose_per_day\": \"%s\"", ONE_OF(by_time));
  }
  add(out, "}");
  *day = one_in(10) ? *day : last + between(1, 6); /* rarely a day has two doses */
}

static void add_schedule(char *out) {
  int entries = between(1, ENTRIES), day = between(1, 2);
  add(out, "\"dose_schedule\": [");
  for (int i = 0; i < entries; i++) {
    if (i > 0) add(out, ", ");
    add_entry(out, &day);
  }
  add(out, "], ");
}

static const char *const regimens[] = {"blinatumomab_relapsed",      "blinatumomab_mrd",
                                       "blinatumomab_frontline_tki", "blinatumomab_aall1331",
                                       "inotuzumab_course",          "inotuzumab_to_transplant",
                                       "blinatumomab_interfant",     "trastuzumab_three_weeks"};

/* The facts before those of the case. */
static void add_treatment(const licet_library *library, const char *vocabulary, const char *request,
                          char *out) {
#define MAY(fact) may_state(library, vocabulary, request, fact)
  if (!one_in(4) && MAY("dose_schedule")) add_schedule(out);
  if (one_in(2) && MAY("dose_regimen")) add(out, "\"dose_regimen\": \"%s\", ", ONE_OF(regimens));
  if (one_in(3) && MAY("dose_per_day"))
    add(out, "\"dose_per_day\": \"%d mcg/day\", ", between(26, 30));
  if (one_in(3) && MAY("cycle_number")) add(out, "\"cycle_number\": %d, ", between(1, 11));
}

static int days_in(int month) { return month == 2 ? 28 : 30; }

static void add_date(char *out) {
  int month = between(1, 12);
  if (one_in(30)) {
    add(out, "\"9999-12-31\"");
  } else {
    add(out, "\"202%d-%02d-%02d\"", between(5, 7), month, between(1, days_in(month)));
  }
}

static void add_interruptions(char *out, const char *fact) {
  int count = between(1, 3);
  add(out, "\"%s\": [", fact);
  for (int i = 0; i < count; i++) {
    int month = between(1, 12), first = between(1, 14);
    add(out, "%s{\"first_day\": \"202%d-%02d-%02d\"", i > 0 ? ", " : "", between(5, 7), month,
        first);
    /* rarely without an end, or with one before its beginning */
    if (!one_in(10)) add(out, ", \"last_day\": \"2027-%02d-%02d\"", month, between(first, 28));
    add(out, "}");
  }
  add(out, "], ");
}

/* What moves and cuts the plan, and says nothing of what is ordered. */
static void add_days(const licet_library *library, const char *vocabulary, const char *request,
                     char *out) {
  static const char *const bags[] = {"bag_24_hours", "bag_48_hours", "bag_7_days"};
  if (!one_in(4) && MAY("interruptions")) add_interruptions(out, "interruptions");
  if (!one_in(4) && MAY("pauses")) add_interruptions(out, "pauses");
  if (one_in(2) && MAY("first_dose_date")) {
    add(out, "\"first_dose_date\": ");
    add_date(out);
    add(out, ", ");
  }
  if (one_in(3) && MAY("dose_preparation"))
    add(out, "\"dose_preparation\": \"%s\", ", ONE_OF(bags));
#undef MAY
}

/* The case with facts put before its own. */
static void write_with(const char *request, const char *facts, char *out) {
  const char *at = strstr(request, "\"facts\": {") + strlen("\"facts\": {");
  snprintf(out, MOST, "%.*s%s%s", (int)(at - request), request, facts, at);
}

/* ---- Decided both ways ---- */

/* The determination without its plan, or the request errors. */
static bool decide_without_plan(licet_session *session, const char *request, char *out) {
  const licet_determination *d;
  bool is_decided = licet_decide(session, request, strlen(request), &d) == LICET_OK;
  const char *json =
      is_decided ? licet_determination_json(d, NULL) : licet_session_error_json(session, NULL);
  const char *plan = strstr(json, "\"dosing\":"), *after = strstr(json, "\"missing\":");
  if (plan == NULL || after == NULL) {
    snprintf(out, MOST, "%s", json);
  } else {
    snprintf(out, MOST, "%.*s%s", (int)(plan - json), json, after);
  }
  return is_decided;
}

typedef struct Run {
  licet_library *library;
  licet_session *session;
  FILE *as_they_are, *with_days; /* NDJSON, for bulk evaluation */
  long passed, failed, decided, interrupted;
} Run;

static void try_one(Run *run, const char *request, const char *vocabulary) {
  static char treatment[MOST], facts[MOST], plain[MOST], dated[MOST], one[MOST], other[MOST];
  treatment[0] = facts[0] = '\0';
  add_treatment(run->library, vocabulary, request, treatment);
  write_with(request, treatment, plain);
  add_days(run->library, vocabulary, plain, facts);
  write_with(plain, facts, dated);
  bool is_decided = decide_without_plan(run->session, plain, one);
  /* a preparation of another drug is an error of the request, by name */
  bool both = decide_without_plan(run->session, dated, other) == is_decided;
  bool is_named_wrong = !both && strstr(other, "\"field\":\"dose_preparation\"") != NULL;
  bool is_same = is_named_wrong || strcmp(one, other) == 0;
  *(is_same ? &run->passed : &run->failed) += 1;
  if (!is_same && run->failed < 4)
    printf("FAILED  what is said of days changes the decision\n%s\n%s\n%s\n%s\n", plain, one, dated,
           other);
  if (!is_decided || is_named_wrong) return;
  run->decided++;
  run->interrupted += facts[0] != '\0';
  fprintf(run->as_they_are, "%s\n", plain);
  fprintf(run->with_days, "%s\n", dated);
}

/* ---- In bulk ---- */

static void run_bulk(Run *run, const char *input, const char *output) {
  const licet_bulk_options options = {.input = input, .output = output, .threads = 2};
  licet_bulk_result *result;
  if (licet_bulk_run(run->library, &options, &result) != LICET_OK) {
    printf("FAILED  bulk: %s\n", licet_bulk_result_message(result));
    run->failed++;
  }
  licet_bulk_result_free(result);
}

static void compare_files(Run *run, const char *first, const char *second) {
  static char one[MOST], other[MOST];
  FILE *a = fopen(first, "r"), *b = fopen(second, "r");
  long lines = 0;
  while (a != NULL && b != NULL && fgets(one, sizeof one, a) != NULL) {
    lines++;
    if (fgets(other, sizeof other, b) != NULL && strcmp(one, other) == 0) continue;
    printf("FAILED  in bulk\n%s%s", one, other);
    run->failed++;
  }
  if (lines != run->decided) {
    printf("FAILED  %ld outcomes of %ld requests in bulk\n", lines, run->decided);
    run->failed++;
  }
  if (a != NULL) fclose(a);
  if (b != NULL) fclose(b);
}

/* ---- A folder ---- */

static void try_folder(Run *run, const char *folder, long count) {
  static const char *const names[] = {"plain.ndjson", "dated.ndjson", "plain.out", "dated.out"};
  char work[] = "/tmp/licet-order-XXXXXX", paths[4][64];
  Cases cases = {.count = 0};
  licet_report *report;
  if (mkdtemp(work) == NULL) exit(1);
  for (int i = 0; i < 4; i++) snprintf(paths[i], sizeof paths[i], "%s/%s", work, names[i]);
  read_folder(folder, &cases);
  if (cases.count == 0 || licet_library_open(folder, NULL, &run->library, &report) != LICET_OK ||
      licet_session_open(run->library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &run->session) != LICET_OK)
    exit(1);
  licet_report_free(report);
  run->as_they_are = fopen(paths[0], "w");
  run->with_days = fopen(paths[1], "w");
  run->decided = 0;
  for (long i = 0; i < count; i++)
    try_one(run, cases.requests[between(0, cases.count - 1)],
            licet_library_vocabulary(run->library, 0));
  fclose(run->as_they_are);
  fclose(run->with_days);
  run_bulk(run, paths[0], paths[2]);
  run_bulk(run, paths[1], paths[3]);
  compare_files(run, paths[2], paths[3]);
  for (int i = 0; i < 4; i++) remove(paths[i]);
  rmdir(work);
  for (int i = 0; i < cases.count; i++) free(cases.requests[i]);
  licet_session_close(run->session);
  licet_library_close(run->library);
}

int main(int argc, char **argv) {
  Run run = {0};
  long count = 20000, seed = 1;
  int first = 1;
  for (; first + 1 < argc && argv[first][0] == '-'; first += 2) {
    if (strcmp(argv[first], "--count") == 0) count = strtol(argv[first + 1], NULL, 10);
    if (strcmp(argv[first], "--seed") == 0) seed = strtol(argv[first + 1], NULL, 10);
  }
  chance = (uint64_t)seed;
  for (int i = first; i < argc; i++) try_folder(&run, argv[i], count);
  if (run.interrupted == 0) run.failed++; /* nothing was tried */
  printf("%ld passed, %ld failed\n", run.passed, run.failed);
  return run.failed > 0;
}
