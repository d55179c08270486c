/* A library that grows: 5, 50, 200, 1,000 and 5,000 policies (reference/revisions.c) opened, used
 * and decided by. Each size is measured in a process of its own, so that what one leaves behind is
 * not counted for the next.
 *
 *     make bench BENCH="library"
 *
 *     opening      texts in memory → an open library; the median of three
 *     resident     what the process grew by, the texts aside, before anything was decided
 *     first use    one request to every policy: the time of each, and what the process grew by
 *     decide       the same requests again, in an order that jumps about
 */
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"
#include "reference/revisions.h"

enum { OPENINGS = 3, DECIDED = 20000 };

/* Of the processor, so that what else the machine does is left out. */
static double spent_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double resident_kb(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
  if (file != NULL) fclose(file);
  return (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static licet_library *open_texts(const Revisions *r) {
  licet_library *library = NULL;
  licet_report *report = NULL;
  if (licet_library_open_texts(r->texts, r->count, NULL, &library, &report) != LICET_OK) {
    fputs(licet_report_text(report), stderr);
    exit(1);
  }
  licet_report_free(report);
  return library;
}

typedef struct Asked {
  const char **requests;
  size_t *lengths;
  size_t count;
} Asked;

static Asked write_requests(Arena *arena, size_t policies) {
  Asked asked = {ARENA_ARRAY(arena, const char *, policies), ARENA_ARRAY(arena, size_t, policies),
                 policies};
  for (size_t n = 0; n < policies; n++)
    asked.requests[n] = revisions_request(arena, n, &asked.lengths[n]);
  return asked;
}

static licet_outcome decide(licet_session *session, const Asked *asked, size_t n) {
  const licet_determination *determination = NULL;
  if (licet_decide(session, asked->requests[n], asked->lengths[n], &determination) != LICET_OK) {
    fprintf(stderr, "bench/library: request %zu is refused\n", n);
    exit(1);
  }
  return licet_determination_outcome(determination);
}

static void measure(size_t policies) {
  Arena arena;
  arena_open(&arena);
  const Revisions r = revisions_write(&arena, policies);
  const Asked asked = write_requests(&arena, policies);
  double opening[OPENINGS];
  const double before = resident_kb();
  licet_library *library = NULL;
  double opened = 0;
  for (int i = 0; i < OPENINGS; i++) {
    licet_library_close(library);
    const double begin = spent_ns();
    library = open_texts(&r);
    opening[i] = (spent_ns() - begin) / 1e6;
    if (i == 0) opened = resident_kb() - before; /* later openings reuse what the first left */
  }
  licet_session *session;
  if (licet_session_open(library, NULL, &session) != LICET_OK) exit(1);
  const double unused = resident_kb();
  size_t approved = 0;
  double begin = spent_ns();
  for (size_t n = 0; n < policies; n++) approved += decide(session, &asked, n) == LICET_APPROVE;
  const double first = (spent_ns() - begin) / 1e3 / (double)policies;
  const double used = (resident_kb() - unused) / (double)policies;
  uint64_t state = 1;
  begin = spent_ns();
  for (int i = 0; i < DECIDED; i++)
    decide(session, &asked, random_below(&state, (uint32_t)policies));
  const double again = (spent_ns() - begin) / 1e3 / DECIDED;
  printf("%8zu %8zu %8.1f %9.1f %9.1f %9.1f %10.1f %10.1f %9.2f %8.0f %%\n", policies, r.versions,
         (double)r.bytes / 1e6, median_of(opening, OPENINGS), opened / 1024,
         (double)licet_library_memory(library) / 1048576, first, used, again,
         100.0 * (double)approved / (double)policies);
  licet_session_close(session);
  licet_library_close(library);
  arena_close(&arena);
}

int main(void) {
  static const size_t sizes[] = {5, 50, 200, 1000, 5000};
  printf(
      "aims for 1,000: opening at most 150 ms, 60 MB resident until used, 100 KB for each policy "
      "used\n");
  printf("%8s %8s %8s %9s %9s %9s %10s %10s %9s %10s\n", "policies", "versions", "MB", "opening",
         "resident", "library", "first use", "used", "decide", "approved");
  printf("%8s %8s %8s %9s %9s %9s %10s %10s %9s\n", "", "", "of text", "ms", "MB", "MB", "us each",
         "KB each", "us");
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      measure(sizes[i]);
      fflush(stdout);
      _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return 1;
  }
  return 0;
}
