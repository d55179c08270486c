/* Libraries: what a folder opens to, what is found in it, and what is reported where it does not
 * open.
 */
#include "decide/fixture.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/stat.h>

#define ONE                   \
  POLICY_HEAD("ONE", "Payer") \
  "  version 2026-01-01\n"    \
  "A \"Use\": color is red\n" \
  "  approve 6 months\n"
#define TWO                    \
  POLICY_HEAD("TWO", "Second") \
  "  version 2026-01-01\n"     \
  "A \"Use\": color is blue\n" \
  "  approve 6 months\n"

#define SHOP                          \
  "vocabulary shop \"Other facts\"\n" \
  "  fact price: number\n"            \
  "  fact weight: mass\n"             \
  "  fact seller: near | far\n"
#define SHOP_POLICY                                                                              \
  "policy SHOP \"Other shape\"\n  payer \"Shop\"\n  lines medicare\n  drug gamma\n  vocabulary " \
  "shop\n  version 2026-01-01\n"                                                                 \
  "A \"Use\": price < 10\n"                                                                      \
  "  approve 1 week\n"

static licet_status open_in(Fixture *f, const char *path, licet_library **library,
                            licet_report **report) {
  (void)f;
  const licet_status status = licet_library_open(path, NULL, library, report);
  assert_true((status == LICET_OK) == (*library != NULL));
  assert_non_null(*report);
  return status;
}

static void a_folder_that_is_not_there_is_not_found(void **state) {
  (void)state;
  licet_library *library;
  licet_report *report;
  assert_int_equal(open_in(NULL, "/nowhere/at/all", &library, &report), LICET_NOT_FOUND);
  assert_string_equal(licet_report_text(report),
                      "/nowhere/at/all: error[L504]: no such file or folder\n");
  assert_int_equal(licet_report_count(report), 1);
  assert_int_equal(licet_report_at(report, 0).line, 0);
  licet_report_free(report);
}

static void a_file_that_is_not_there_is_not_found(void **state) {
  (void)state;
  Fixture f;
  char path[64];
  licet_library *library;
  licet_report *report;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  snprintf(path, sizeof path, "%s/none.licet", f.folder);
  assert_int_equal(open_in(&f, path, &library, &report), LICET_NOT_FOUND);
  licet_report_free(report);
  fixture_close(&f);
}

/* Each in a folder of its own beside a sound vocabulary: named, with the reason, and nothing waits.
 */
static void assert_unreadable(const char *name, const char *problem, licet_status expected,
                              int (*make)(const char *path)) {
  Fixture f;
  char path[64], message[160];
  licet_library *library;
  licet_report *report;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  snprintf(path, sizeof path, "%.31s/%s", f.folder, name);
  assert_int_equal(make(path), 0);
  assert_int_equal(open_in(&f, f.folder, &library, &report), expected);
  snprintf(message, sizeof message, "%s: error[%s\n", path, problem);
  assert_string_equal(licet_report_text(report), message);
  licet_report_free(report);
  if (remove(path) != 0) fail();
  fixture_close(&f);
}

static int make_folder(const char *path) { return mkdir(path, 0700); }
static int make_pipe(const char *path) { return mkfifo(path, 0600); }
static int make_device_link(const char *path) { return symlink("/dev/zero", path); }
static int make_dangling_link(const char *path) { return symlink("/nowhere/at/all", path); }
static int make_circular_link(const char *path) { return symlink(path, path); }
static int make_empty(const char *path) {
  FILE *file = fopen(path, "w");
  return file == NULL ? -1 : fclose(file);
}
static int make_unreadable(const char *path) { return make_empty(path) == 0 ? chmod(path, 0) : -1; }

static void what_cannot_be_read_is_reported_by_name_and_reason(void **state) {
  (void)state;
  assert_unreadable("x.licet", "L507]: this is a folder, not a file", LICET_IO, make_folder);
  assert_unreadable("x.licet", "L507]: this is a pipe, not a file", LICET_IO, make_pipe);
  assert_unreadable("x.licet", "L507]: this is a device, not a file", LICET_IO, make_device_link);
  assert_unreadable("x.licet", "L506]: this is a link to a file that does not exist", LICET_IO,
                    make_dangling_link);
  assert_unreadable("x.licet", "L508]: too many symbolic links", LICET_IO, make_circular_link);
  assert_unreadable("x.licet", "L509]: this file is empty", LICET_IO, make_empty);
  assert_unreadable("x.LICET", "L510]: the name of a policy file ends in .licet, in lower case",
                    LICET_IO, make_empty);
  if (geteuid() != 0)
    assert_unreadable("x.licet", "L508]: permission denied", LICET_IO, make_unreadable);
}

/* ---- From memory ---- */

static void texts_in_memory_open_as_files_do(void **state) {
  (void)state;
  const licet_text texts[] = {{"clinic", CLINIC, sizeof CLINIC - 1}, {"one", ONE, sizeof ONE - 1}};
  licet_library *library;
  licet_report *report;
  assert_int_equal(licet_library_open_texts(texts, 2, NULL, &library, &report), LICET_OK);
  assert_string_equal(licet_policy_id(licet_library_policy(library, 0)), "ONE");
  assert_string_equal(licet_policy_file(licet_library_policy(library, 0)), "one");
  licet_report_free(report);
  licet_library_close(library);
  assert_int_equal(licet_library_open_texts(texts + 1, 1, NULL, &library, &report),
                   LICET_BAD_POLICY);
  assert_non_null(strstr(licet_report_text(report), "one:"));
  licet_report_free(report);
  assert_int_equal(licet_library_open_texts(NULL, 0, NULL, &library, &report), LICET_NOT_FOUND);
  licet_report_free(report);
}

/* ---- Options ---- */

static int count_down(void *context) { return --*(int *)context == 0; }

static void an_opening_stops_when_it_is_asked_to(void **state) {
  (void)state;
  const licet_text texts[] = {{"clinic", CLINIC, sizeof CLINIC - 1}, {"one", ONE, sizeof ONE - 1}};
  int calls = 0, left;
  licet_library_options options = {
      .size = sizeof options, .interrupted = count_down, .context = &left};
  licet_library *library;
  licet_report *report;
  licet_status status;
  do {
    left = ++calls;
    status = licet_library_open_texts(texts, 2, &options, &library, &report);
    licet_report_free(report);
    if (status != LICET_OK) assert_null(library);
  } while (status == LICET_INTERRUPTED);
  assert_int_equal(status, LICET_OK);
  assert_int_equal(calls, 2 + 2 + 1); /* two files, one version for two kinds of request */
  licet_library_close(library);
}

static void options_of_another_size_are_those_of_another_version(void **state) {
  (void)state;
  struct {
    licet_library_options known;
    size_t newer;
  } options = {.known.size = sizeof options};
  const licet_text text = {"clinic", CLINIC, sizeof CLINIC - 1};
  licet_library *library;
  licet_report *report;
  assert_int_equal(licet_library_open_texts(&text, 1, &options.known, &library, &report), LICET_OK);
  licet_report_free(report);
  licet_library_close(library);
  options.newer = 1;
  assert_int_equal(licet_library_open_texts(&text, 1, &options.known, &library, &report),
                   LICET_BAD_OPTIONS);
  options.known.size = sizeof(size_t);
  options.known.interrupted = count_down; /* beyond the size: not looked at */
  assert_int_equal(licet_library_open_texts(&text, 1, &options.known, &library, &report), LICET_OK);
  licet_report_free(report);
  licet_library_close(library);
  options.known.size = 0;
  assert_int_equal(licet_library_open_texts(&text, 1, &options.known, &library, &report),
                   LICET_BAD_OPTIONS);
  assert_null(library);
  assert_null(report);
}

static void an_empty_folder_is_no_library(void **state) {
  (void)state;
  Fixture f;
  fixture_open(&f);
  assert_int_equal(licet_library_open(f.folder, NULL, &f.library, &f.report), LICET_NOT_FOUND);
  assert_null(f.library);
  fixture_close(&f);
}

static void only_files_named_licet_are_read(void **state) {
  (void)state;
  Fixture f;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(&f, "one.licet", ONE);
  fixture_file(&f, ".hidden.licet", "nonsense\n");
  fixture_file(&f, "notes.txt", "nonsense\n");
  fixture_file(&f, ".licet", "nonsense\n");
  fixture_load(&f, f.folder, NULL);
  assert_int_equal(licet_library_policy_count(f.library), 1);
  fixture_close(&f);
}

static void a_single_file_is_read_with_the_vocabularies_beside_it(void **state) {
  (void)state;
  Fixture f;
  char path[64];
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(&f, "one.licet", ONE);
  fixture_file(&f, "two.licet", TWO);
  fixture_file(&f, "wrong.licet", "policy\n");
  snprintf(path, sizeof path, "%s/two.licet", f.folder);
  fixture_load(&f, path, NULL);
  assert_int_equal(licet_library_policy_count(f.library), 1);
  assert_string_equal(licet_policy_id(licet_library_policy(f.library, 0)), "TWO");
  fixture_close(&f);
}

static void a_file_in_the_folder_we_stand_in_may_be_named_alone(void **state) {
  (void)state;
  Fixture f;
  char before[4096];
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(&f, "one.licet", ONE);
  assert_non_null(getcwd(before, sizeof before));
  assert_int_equal(chdir(f.folder), 0);
  licet_library *bare, *dotted;
  licet_report *bare_report, *dotted_report;
  const licet_status first = licet_library_open("one.licet", NULL, &bare, &bare_report);
  const licet_status second = licet_library_open("./one.licet", NULL, &dotted, &dotted_report);
  assert_int_equal(chdir(before), 0);
  assert_int_equal(first, LICET_OK);
  assert_int_equal(second, LICET_OK);
  assert_int_equal(licet_library_policy_count(bare), 1);
  licet_library_close(bare);
  licet_library_close(dotted);
  licet_report_free(bare_report);
  licet_report_free(dotted_report);
  fixture_close(&f);
}

/* ---- What is wrong ---- */

static void every_mistake_of_every_file_is_in_the_report(void **state) {
  (void)state;
  Fixture f;
  licet_library *library;
  licet_report *report;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(
      &f, "one.licet",
      POLICY_HEAD("ONE",
                  "Payer") "  version 2026-01-01\nA \"Use\": colour is red\n  approve 6 months\n");
  fixture_file(
      &f, "two.licet",
      POLICY_HEAD("TWO",
                  "Payer") "  version 2026-01-01\nA \"Use\": color is rad\n  approve 6 months\n");
  assert_int_equal(open_in(&f, f.folder, &library, &report), LICET_BAD_POLICY);
  assert_int_equal(licet_report_errors(report), 2);
  assert_int_equal(licet_report_warnings(report), 0);
  assert_int_equal(licet_report_count(report), 2);
  const licet_diagnostic first = licet_report_at(report, 0), second = licet_report_at(report, 1),
                         beyond = licet_report_at(report, 2);
  assert_non_null(strstr(first.file, "one.licet"));
  assert_int_equal(first.line, 7);
  assert_int_equal(first.column, 10);
  assert_int_equal(first.severity, LICET_SEVERITY_ERROR);
  assert_int_equal(first.id[0], 'L');
  assert_non_null(strstr(second.file, "two.licet"));
  assert_non_null(strstr(licet_report_text(report), second.message));
  assert_null(beyond.id);
  assert_null(beyond.message);
  assert_int_equal(beyond.line, 0);
  licet_report_free(report);
  fixture_close(&f);
}

static void assert_refused(const char *first, const char *second, const char *message) {
  Fixture f;
  licet_library *library;
  licet_report *report;
  fixture_open(&f);
  fixture_file(&f, "a.licet", first);
  fixture_file(&f, "b.licet", second);
  assert_int_equal(open_in(&f, f.folder, &library, &report), LICET_BAD_POLICY);
  if (strstr(licet_report_text(report), message) == NULL)
    fail_msg("no \"%s\" in %s", message, licet_report_text(report));
  licet_report_free(report);
  fixture_close(&f);
}

static void a_vocabulary_stands_in_one_file(void **state) {
  (void)state;
  assert_refused(CLINIC, CLINIC, "two files declare the same vocabulary");
}

static void a_policy_names_a_vocabulary_that_is_there(void **state) {
  (void)state;
  assert_refused("vocabulary clinics \"Facts\"\n  fact color: red | blue\n", ONE,
                 "vocabulary `clinic` is not declared in any file");
}

static void a_policy_stands_in_one_file(void **state) {
  (void)state;
  Fixture f;
  licet_library *library;
  licet_report *report;
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(&f, "one.licet", ONE);
  fixture_file(&f, "other.licet", ONE);
  assert_int_equal(open_in(&f, f.folder, &library, &report), LICET_BAD_POLICY);
  assert_non_null(strstr(licet_report_text(report), "two files contain the same policy"));
  licet_report_free(report);
  fixture_close(&f);
}

static void criteria_that_refer_to_each_other_in_a_circle_are_refused(void **state) {
  (void)state;
  assert_refused(
      CLINIC,
      POLICY_HEAD(
          "ONE",
          "Payer") "  version 2026-01-01\nA \"Use\" all of\n  approve 6 months\n  1 \"One\": met A.2\n  2 \"Two\": met A.1\n",
      "refers to itself");
}

/* ---- What is found ---- */

static void open_both(Fixture *f) {
  fixture_open(f);
  fixture_file(f, "1-two.licet", TWO);
  fixture_file(f, "2-one.licet", ONE);
  fixture_file(f, "3-shop.licet", SHOP_POLICY);
  fixture_file(f, "clinic.licet", CLINIC);
  fixture_file(f, "shop.licet", SHOP);
  fixture_load(f, f->folder, NULL);
}

static void policies_stand_in_the_order_of_their_ids(void **state) {
  (void)state;
  Fixture f;
  open_both(&f);
  static const char *const ids[] = {"ONE", "SHOP", "TWO"};
  assert_int_equal(licet_library_policy_count(f.library), 3);
  for (size_t i = 0; i < 3; i++)
    assert_string_equal(licet_policy_id(licet_library_policy(f.library, i)), ids[i]);
  assert_null(licet_library_policy(f.library, 3));
  fixture_close(&f);
}

static void a_policy_is_found_by_payer_drug_line_and_day(void **state) {
  (void)state;
  Fixture f;
  open_both(&f);
  assert_string_equal(
      licet_policy_id(licet_library_find(f.library, "Second", "Beta", "medicaid", "2026-01-01")),
      "TWO");
  assert_null(licet_library_find(f.library, "Second", "beta", "medicaid", "2025-12-31"));
  assert_null(licet_library_find(f.library, "Second", "beta", "medicaid", "2026-02-30"));
  assert_null(licet_library_find(f.library, "Second", "beta", "medicare", "2026-01-01"));
  assert_null(licet_library_find(f.library, "Second", "beta", "no line", "2026-01-01"));
  assert_null(licet_library_find(f.library, "Second", "gamma", "medicaid", "2026-01-01"));
  assert_null(licet_library_find(f.library, "Third", "beta", "medicaid", "2026-01-01"));
  assert_string_equal(licet_policy_id(licet_library_policy_by_id(f.library, "SHOP")), "SHOP");
  assert_null(licet_library_policy_by_id(f.library, "shop"));
  fixture_close(&f);
}

enum { ASKING = 8, VERSIONS_ASKED = 64 };

typedef struct Asking {
  const licet_library *library;
  const CompiledPolicy *found[VERSIONS_ASKED];
} Asking;

static void *ask_for_all(void *context) {
  Asking *asking = context;
  uint32_t at = 0;
  for (uint32_t p = 0; p < asking->library->policies.count; p++) {
    const licet_policy *policy = asking->library->policies.items[p];
    for (uint32_t v = 0; v < policy->model->versions.count; v++)
      for (int kind = 0; kind < KINDS && at < VERSIONS_ASKED; kind++)
        asking->found[at++] = library_compiled(policy, &policy->model->versions.items[v], kind);
  }
  return NULL;
}

static void threads_that_need_a_version_first_get_the_same_one(void **state) {
  (void)state;
  static Asking asking[ASKING];
  pthread_t ids[ASKING];
  licet_library *library;
  licet_report *report;
  assert_int_equal(licet_library_open("policies", NULL, &library, &report), LICET_OK);
  licet_report_free(report);
  const size_t unused = licet_library_memory(library);
  for (int i = 0; i < ASKING; i++) {
    asking[i].library = library;
    assert_int_equal(pthread_create(&ids[i], NULL, ask_for_all, &asking[i]), 0);
  }
  for (int i = 0; i < ASKING; i++) pthread_join(ids[i], NULL);
  assert_non_null(asking[0].found[0]);
  for (int i = 1; i < ASKING; i++)
    assert_memory_equal(asking[i].found, asking[0].found, sizeof asking[0].found);
  assert_true(licet_library_memory(library) > unused);
  licet_library_close(library);
}

static void the_digest_changes_with_the_policy_and_with_its_vocabulary(void **state) {
  (void)state;
  static const char *const texts[][2] = {
      {CLINIC, ONE}, {CLINIC, ONE "  note \"More\"\n"}, {CLINIC "  # more\n", ONE}};
  char digests[3][80];
  for (int i = 0; i < 3; i++) {
    Fixture f;
    fixture_open(&f);
    fixture_file(&f, "clinic.licet", texts[i][0]);
    fixture_file(&f, "one.licet", texts[i][1]);
    fixture_load(&f, f.folder, NULL);
    strcpy(digests[i], licet_policy_digest(licet_library_policy(f.library, 0)));
    assert_int_equal(strncmp(digests[i], "sha256:", 7), 0);
    assert_int_equal(strlen(digests[i]), 7 + 64);
    fixture_close(&f);
  }
  assert_string_not_equal(digests[0], digests[1]);
  assert_string_not_equal(digests[0], digests[2]);
}

static void the_memory_a_library_holds_is_told(void **state) {
  (void)state;
  Fixture f;
  open_both(&f);
  assert_in_range(licet_library_memory(f.library), 1000, 64 << 20);
  fixture_close(&f);
}

static int count_open_files(void) {
  int count = 0;
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) return -1;
  while (readdir(folder) != NULL) count++;
  closedir(folder);
  return count;
}

static void an_open_library_keeps_no_file_open(void **state) {
  (void)state;
  Fixture f;
  const int before = count_open_files();
  open_both(&f);
  assert_int_equal(count_open_files(), before);
  fixture_close(&f);
}

/* ---- Its texts ---- */

/* The texts of a library, opened from memory in their own order. */
static licet_library *open_its_texts(const licet_library *library) {
  licet_text texts[8];
  size_t count = 0;
  licet_library *again;
  licet_report *report;
  for (; licet_library_text(library, count).name != NULL; count++)
    texts[count] = licet_library_text(library, count);
  assert_int_equal(licet_library_open_texts(texts, count, NULL, &again, &report), LICET_OK);
  licet_report_free(report);
  return again;
}

static void its_texts_open_the_same_library_without_the_folder(void **state) {
  (void)state;
  Fixture f;
  open_both(&f);
  licet_library *again = open_its_texts(f.library);
  assert_int_equal(licet_library_policy_count(again), licet_library_policy_count(f.library));
  for (size_t i = 0; i < licet_library_policy_count(again); i++)
    assert_string_equal(licet_policy_digest(licet_library_policy(again, i)),
                        licet_policy_digest(licet_library_policy(f.library, i)));
  licet_library_close(again);
  fixture_close(&f);
}

static void a_neighbor_that_went_unused_is_none_of_its_texts(void **state) {
  (void)state;
  Fixture f;
  char path[64];
  fixture_open(&f);
  fixture_file(&f, "clinic.licet", CLINIC);
  fixture_file(&f, "one.licet", ONE);
  fixture_file(&f, "two.licet", TWO);
  snprintf(path, sizeof path, "%.31s/one.licet", f.folder);
  fixture_load(&f, path, NULL);
  licet_library *again = open_its_texts(f.library);
  assert_int_equal(licet_library_policy_count(again), 1);
  assert_null(licet_library_text(again, 2).name);
  licet_library_close(again);
  fixture_close(&f);
}

/* ---- Several vocabularies ---- */

static void each_policy_reads_facts_by_its_own_vocabulary(void **state) {
  (void)state;
  Fixture f;
  open_both(&f);
  const licet_determination *d = decide_request(
      &f,
      "{'payer':'Shop','line':'medicare','drug':'gamma','kind':'initial','received':'"
      "2026-03-10','facts':{'price':9.5,'seller':'near'}}");
  assert_outcome(d, "approve", "");
  assert_string_equal(licet_policy_vocabulary(licet_determination_policy(d)), "shop");
  assert_non_null(strstr(request_errors_of(&f, "{" HEAD ",'facts':{'price':9.5}}"),
                         "'expected':'a fact of vocabulary clinic'"));
  fixture_close(&f);
}

static void where_no_policy_covers_the_vocabulary_that_fits_best_is_asked(void **state) {
  (void)state;
  Fixture f;
  open_both(&f);
  const licet_determination *d = decide_request(
      &f,
      "{'payer':'Nobody','line':'medicare','drug':'gamma','kind':'initial','received':'"
      "2026-03-10','facts':{'price':9.5,'weight':'2 kg'}}");
  assert_outcome(d, "no_policy", "unknown_payer");
  const char *errors = request_errors_of(&f,
                                         "{'payer':'Nobody','line':'medicare','drug':'gamma','kind'"
                                         ":'initial','received':'2026-03-10','"
                                         "facts':{'price':9.5,'seller':'neer','weight':'2 m'}}");
  assert_null(strstr(errors, "'field':'price'"));
  assert_non_null(strstr(errors, "'nearest':'near'"));
  assert_non_null(strstr(errors, "'field':'weight'"));
  errors = request_errors_of(&f,
                             "{'payer':'Nobody','line':'medicare','drug':'gamma','kind':'nonsense',"
                             "'received':'2026-03-10','facts':{'color':'rad'}}");
  assert_non_null(strstr(errors, "'field':'kind'"));
  assert_non_null(strstr(errors, "'nearest':'red'"));
  assert_ptr_equal(strstr(strstr(errors, "'field':'kind'") + 1, "'field':'kind'"), NULL);
  fixture_close(&f);
}

/* ---- Formatting ---- */

static void a_file_is_set_the_one_way_it_looks(void **state) {
  (void)state;
  static const char *const source = "vocabulary v \"V\"\n  fact a:yes|no # why\n";
  char *text, *again;
  licet_report *report;
  assert_int_equal(licet_format("v.licet", source, strlen(source), &text, &report), LICET_OK);
  assert_int_equal(licet_report_errors(report), 0);
  assert_non_null(strstr(text, "fact a: yes | no"));
  assert_non_null(strstr(text, "# why"));
  licet_report_free(report);
  assert_int_equal(licet_format("v.licet", text, strlen(text), &again, &report), LICET_OK);
  assert_string_equal(again, text);
  licet_report_free(report);
  licet_text_free(text);
  licet_text_free(again);
}

static void a_file_that_cannot_be_read_is_not_formatted(void **state) {
  (void)state;
  char *text;
  licet_report *report;
  assert_int_equal(licet_format("v.licet", "policy X \"open\n", 15, &text, &report),
                   LICET_BAD_POLICY);
  assert_null(text);
  assert_true(licet_report_errors(report) > 0);
  assert_non_null(strstr(licet_report_text(report), "v.licet:1:"));
  licet_report_free(report);
}

static void nothing_may_be_closed_and_freed(void **state) {
  (void)state;
  licet_library_close(NULL);
  licet_report_free(NULL);
  licet_session_close(NULL);
  licet_text_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_folder_that_is_not_there_is_not_found),
      cmocka_unit_test(a_file_that_is_not_there_is_not_found),
      cmocka_unit_test(what_cannot_be_read_is_reported_by_name_and_reason),
      cmocka_unit_test(texts_in_memory_open_as_files_do),
      cmocka_unit_test(its_texts_open_the_same_library_without_the_folder),
      cmocka_unit_test(a_neighbor_that_went_unused_is_none_of_its_texts),
      cmocka_unit_test(an_opening_stops_when_it_is_asked_to),
      cmocka_unit_test(options_of_another_size_are_those_of_another_version),
      cmocka_unit_test(an_empty_folder_is_no_library),
      cmocka_unit_test(only_files_named_licet_are_read),
      cmocka_unit_test(a_single_file_is_read_with_the_vocabularies_beside_it),
      cmocka_unit_test(a_file_in_the_folder_we_stand_in_may_be_named_alone),
      cmocka_unit_test(every_mistake_of_every_file_is_in_the_report),
      cmocka_unit_test(a_vocabulary_stands_in_one_file),
      cmocka_unit_test(a_policy_names_a_vocabulary_that_is_there),
      cmocka_unit_test(a_policy_stands_in_one_file),
      cmocka_unit_test(criteria_that_refer_to_each_other_in_a_circle_are_refused),
      cmocka_unit_test(policies_stand_in_the_order_of_their_ids),
      cmocka_unit_test(a_policy_is_found_by_payer_drug_line_and_day),
      cmocka_unit_test(threads_that_need_a_version_first_get_the_same_one),
      cmocka_unit_test(the_digest_changes_with_the_policy_and_with_its_vocabulary),
      cmocka_unit_test(the_memory_a_library_holds_is_told),
      cmocka_unit_test(an_open_library_keeps_no_file_open),
      cmocka_unit_test(each_policy_reads_facts_by_its_own_vocabulary),
      cmocka_unit_test(where_no_policy_covers_the_vocabulary_that_fits_best_is_asked),
      cmocka_unit_test(a_file_is_set_the_one_way_it_looks),
      cmocka_unit_test(a_file_that_cannot_be_read_is_not_formatted),
      cmocka_unit_test(nothing_may_be_closed_and_freed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
