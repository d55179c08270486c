/* One step of an interview: an answer taken, the request decided again as far as its facts go, the
 * next question chosen. The aim is at most 1 ms. Interviews go through the cases of the policies:
 * each is asked what its request says.
 *
 *     build/release/bench/ask
 */
#include <string.h>

#include "licet/ask.h"
#include "measure.h"
#include "suppose/restate.h"

enum { STEPS_MAX = 1 << 16, LINE_MAX_BYTES = 1 << 16, ROUNDS = 5 };

typedef struct Steps {
  double first[STEPS_MAX], later[STEPS_MAX];
  size_t firsts, laters;
} Steps;

typedef struct Case {
  Arena arena;
  JsonReader *reader;
  const JsonToken *tokens, *facts;
  Text head;
} Case;

/* Of the processor, so that what else the machine does is left out. */
static double spent_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* A case's request without its facts; they are the answers. */
static int read_case(Case *c, const char *line) {
  uint32_t count;
  const char *message;
  size_t offset;
  Restated without[256];
  if (json_read(c->reader, line, strlen(line), &c->tokens, &count, &message, &offset) != JSON_OK)
    return 0;
  const JsonToken *request = token_member(c->tokens, c->tokens, TEXT("request"));
  if (request == NULL) return 0;
  const char *copy = arena_copy(&c->arena, request->raw, request->raw_length);
  if (json_read(c->reader, copy, strlen(copy), &c->tokens, &count, &message, &offset) != JSON_OK)
    return 0;
  c->facts = token_member(c->tokens, c->tokens, TEXT("facts"));
  if (c->facts == NULL || c->facts->kind != JSON_OBJECT) return 0;
  Restatement nothing = {.facts = without};
  for (const JsonToken *key = c->facts + 1;
       key < c->tokens + c->facts->end && nothing.fact_count < 256;
       key = c->tokens + (key + 1)->end)
    without[nothing.fact_count++] = (Restated){token_text(key), {0}};
  c->head = restate(&c->arena, c->tokens, &nothing);
  return 1;
}

static void interview(const licet_library *library, const Case *c, Steps *steps) {
  licet_interview *interview;
  const licet_interview_options options = {
      .size = sizeof options, .answerer = LICET_ASK_REVIEWER, .vouched_by = LICET_VOUCHED_BY_PLAN};
  double begin = spent_ns();
  licet_status status =
      licet_interview_open(library, c->head.at, c->head.length, &options, &interview);
  if (steps->firsts < STEPS_MAX) steps->first[steps->firsts++] = spent_ns() - begin;
  const licet_question *question;
  while (status == LICET_OK && (question = licet_interview_question(interview)) != NULL) {
    const JsonToken *value = token_member(c->tokens, c->facts, text_of(question->fact));
    begin = spent_ns();
    status = licet_interview_answer(interview, value == NULL ? NULL : value->raw,
                                    value == NULL ? 0 : value->raw_length);
    if (steps->laters < STEPS_MAX) steps->later[steps->laters++] = spent_ns() - begin;
  }
  licet_interview_close(interview);
}

static double at(const double *sorted, size_t count, double part) {
  return sorted[(size_t)((double)(count - 1) * part)] / 1e3;
}

static void report(const char *policy, Steps *steps) {
  if (steps->laters == 0) return;
  qsort(steps->first, steps->firsts, sizeof *steps->first, by_size);
  qsort(steps->later, steps->laters, sizeof *steps->later, by_size);
  printf("%-22s %10.0f %10zu %10.0f %10.0f %10.0f\n", policy, at(steps->first, steps->firsts, 0.5),
         steps->laters, at(steps->later, steps->laters, 0.5), at(steps->later, steps->laters, 0.99),
         at(steps->later, steps->laters, 1));
}

static void measure(const licet_library *library, const char *policy) {
  static Steps steps;
  static char line[LINE_MAX_BYTES];
  char path[256];
  Case c = {.reader = json_open()};
  steps.firsts = steps.laters = 0;
  arena_open(&c.arena);
  snprintf(path, sizeof path, "policies/%s.cases", policy);
  for (int round = 0; round < ROUNDS; round++) {
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
      arena_reset(&c.arena);
      if (read_case(&c, line)) interview(library, &c, &steps);
    }
    if (file != NULL) fclose(file);
  }
  report(policy, &steps);
  json_close(c.reader);
  arena_close(&c.arena);
}

int main(void) {
  licet_library *library;
  licet_report *report;
  const licet_policy *policy;
  if (licet_library_open("policies", NULL, &library, &report) != LICET_OK) {
    fputs("bench/ask: run it from the top of the repository, where policies/ is\n", stderr);
    return 1;
  }
  printf("one step, in microseconds of processor time (aim: at most 1000)\n");
  printf("%-22s %10s %10s %10s %10s %10s\n", "policy", "opening", "steps", "median", "99 of 100",
         "longest");
  for (size_t p = 0; (policy = licet_library_policy(library, p)) != NULL; p++)
    measure(library, licet_policy_id(policy));
  licet_library_close(library);
  licet_report_free(report);
  return 0;
}
