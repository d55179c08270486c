/* What proving costs: one implication with its witness where the space of requests is open already,
 * a whole comparison, and `licet check --prove` of the five policies, all versions, both kinds of
 * request.
 *
 *     make bench BENCH="prove"
 */
#include <assert.h>
#include <string.h>

#include "measure.h"
#include "prove/defects.h"

enum { ROUNDS = 201, WHOLE_ROUNDS = 21 };

static const char *const ids[] = {"CP.PHAR.312", "OHSU-0382", "aspirus-blincyto",
                                  "masshealth-uppl-all"};

static licet_library *open_library(void) {
  licet_library *library = NULL;
  licet_report *report = NULL;
  licet_status status = licet_library_open("policies", NULL, &library, &report);
  licet_report_free(report);
  if (status == LICET_OK) return library;
  fprintf(stderr, "policies cannot be opened: run it where they are\n");
  exit(1);
}

/* ---- One implication ---- */

typedef struct Warm {
  Arena arena;
  Replay replay;
  Space *space;
  const Policy *policies[2];
  CompileSubject subjects[2];
  DiagramRef approve[2];
} Warm;

static bool check(void *context, const Patient *patient) {
  Warm *warm = context;
  for (int i = 0; i < 2; i++) {
    Text request = patient_request(warm->space, patient, warm->policies[i],
                                   space_received(&warm->subjects[i]));
    const licet_determination *determination = replay_request(&warm->replay, TEXT(""), request);
    if (determination == NULL ||
        (licet_determination_outcome(determination) == LICET_APPROVE) != (i == 0))
      return false;
  }
  return true;
}

static Warm *warm_open(const licet_library *library, const char *first, const char *second) {
  Warm *warm = calloc(1, sizeof *warm);
  Diagnostics diagnostics;
  const char *named[2] = {first, second};
  assert(warm != NULL);
  arena_open(&warm->arena);
  diagnostics_open(&diagnostics, &warm->arena);
  warm->replay = (Replay){.arena = &warm->arena, .library = library};
  for (int i = 0; i < 2; i++) {
    warm->policies[i] = library_policy_named(library, text_of(named[i]))->model;
    warm->subjects[i] = (CompileSubject){
        .policy = warm->policies[i],
        .version = &warm->policies[i]->versions.items[warm->policies[i]->versions.count - 1]};
  }
  warm->space = space_open(warm->subjects, 2, &warm->arena, &diagnostics);
  for (int i = 0; i < 2; i++)
    warm->approve[i] = space_certain(
        warm->space, compile_subject(warm->space->shared, &warm->subjects[i])->whole.approve);
  return warm;
}

static void measure_implication(const licet_library *library, const char *first,
                                const char *second) {
  static double with[ROUNDS], without[ROUNDS];
  Warm *warm = warm_open(library, first, second);
  bool implied = false, shown = false;
  for (int round = 0; round < ROUNDS; round++) {
    double begin = now_ns();
    implied = space_implies(warm->space, warm->approve[0], warm->approve[1]);
    without[round] = now_ns() - begin;
    begin = now_ns();
    Patient patient;
    DiagramRef only = space_and_not(warm->space, warm->approve[0], warm->approve[1]);
    shown = space_some(warm->space, only) &&
            witness_find(warm->space, only, only, (Shows){check, warm}, &patient);
    with[round] = now_ns() - begin;
  }
  double first_time = without[0]; /* asked again, the answer is remembered */
  printf("  %-20s => %-20s %-4s %10.1f us  %10.1f us %s\n", first, second, implied ? "yes" : "no",
         first_time / 1e3, median_of(with, ROUNDS) / 1e3, shown ? "" : "(no witness)");
  arena_close(&warm->arena);
  free(warm);
}

/* ---- Whole commands ---- */

static void measure_comparison(const licet_library *library, const char *first,
                               const char *second) {
  static double times[WHOLE_ROUNDS];
  for (int round = 0; round < WHOLE_ROUNDS; round++) {
    licet_comparison *comparison = NULL;
    double begin = now_ns();
    licet_status status = licet_compare(library, first, NULL, second, NULL, &comparison);
    times[round] = now_ns() - begin;
    if (status != LICET_OK) abort();
    licet_comparison_free(comparison);
  }
  printf("  %-20s    %-20s %10.1f ms\n", first, second, median_of(times, WHOLE_ROUNDS) / 1e6);
}

static void measure_proof(const licet_library *library) {
  static double times[WHOLE_ROUNDS];
  size_t findings = 0;
  for (int round = 0; round < WHOLE_ROUNDS; round++) {
    licet_proof *proof = NULL;
    double begin = now_ns();
    if (licet_prove(library, NULL, &proof) != LICET_OK) abort();
    times[round] = now_ns() - begin;
    findings = licet_proof_count(proof);
    licet_proof_free(proof);
  }
  printf("  %zu findings %38.1f ms (aim 2000)\n", findings, median_of(times, WHOLE_ROUNDS) / 1e6);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  licet_library *library = open_library();
  printf(
      "\nDoes what the first approves imply that the second approves? Variables and functions at "
      "hand; the answer when first "
      "asked, the witness as the median of %d\n",
      ROUNDS);
  printf("  %-46s %17s  %13s\n", "", "answer", "witness too (aim 1000)");
  for (size_t a = 0; a < sizeof ids / sizeof *ids; a++) {
    for (size_t b = 0; b < sizeof ids / sizeof *ids; b++) {
      if (a != b) measure_implication(library, ids[a], ids[b]);
    }
  }
  printf(
      "\nThe whole comparison, both kinds of request, regions and grants with witnesses; medians "
      "of %d\n",
      WHOLE_ROUNDS);
  for (size_t a = 0; a < sizeof ids / sizeof *ids; a++) {
    for (size_t b = a + 1; b < sizeof ids / sizeof *ids; b++)
      measure_comparison(library, ids[a], ids[b]);
  }
  printf(
      "\nThe five policies examined, all versions, both kinds of request, every witness "
      "replayed\n");
  measure_proof(library);
  licet_library_close(library);
  return 0;
}
