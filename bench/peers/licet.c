/* licet in C for bench/peers: decides each line of a file, in this process.
 *
 *     licet FOLDER FILE outcomes     writes one outcome a line
 *     licet FOLDER FILE outcome      the nanoseconds a request takes: from its text to its outcome
 *     licet FOLDER FILE decide       the same, to the whole determination as JSON
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "licet/outcome.h"

#include "../measure.h"

typedef struct Line {
  char *text;
  size_t length;
} Line;

typedef struct Lines {
  Line *items;
  size_t count, capacity;
} Lines;

static _Noreturn void fail(const char *what, const char *why) {
  fprintf(stderr, "bench/peers/licet: %s: %s\n", what, why);
  exit(1);
}

static Lines read_lines(const char *path) {
  Lines lines = {0};
  FILE *file = fopen(path, "r");
  if (file == NULL) fail(path, "cannot be read");
  char *text = NULL;
  size_t size = 0;
  for (ssize_t length; (length = getline(&text, &size, file)) > 0; text = NULL, size = 0) {
    if (lines.count == lines.capacity) {
      lines.capacity = lines.capacity == 0 ? 1024 : 2 * lines.capacity;
      lines.items = realloc(lines.items, lines.capacity * sizeof *lines.items);
      if (lines.items == NULL) fail(path, "out of memory");
    }
    lines.items[lines.count++] = (Line){text, (size_t)length};
  }
  free(text);
  fclose(file);
  return lines;
}

static licet_outcome outcome_of(licet_session *session, const Line *line) {
  licet_answer answer;
  if (licet_decide_outcome(session, line->text, line->length, &answer) != LICET_OK)
    fail(line->text, licet_session_error_json(session, NULL));
  return answer.outcome;
}

static void decide(licet_session *session, const Line *line) {
  const licet_determination *determination;
  if (licet_decide(session, line->text, line->length, &determination) != LICET_OK)
    fail(line->text, licet_session_error_json(session, NULL));
}

/* The second pass is timed: the first lets the session grow. */
static void measure(licet_session *session, Lines lines, int whole) {
  double begin = 0;
  for (int pass = 0; pass < 2; pass++) {
    begin = now_ns();
    for (size_t i = 0; i < lines.count; i++) {
      if (whole) {
        decide(session, &lines.items[i]);
      } else {
        outcome_of(session, &lines.items[i]);
      }
    }
  }
  printf("%.1f\n", (now_ns() - begin) / (double)lines.count);
}

int main(int count, char **arguments) {
  licet_library *library;
  licet_report *report;
  licet_session *session;
  if (count != 4) fail("usage", "licet FOLDER FILE outcomes|outcome|decide");
  if (licet_library_open(arguments[1], NULL, &library, &report) != LICET_OK)
    fail(arguments[1], "no policies");
  if (licet_session_open(library,
                         &(licet_session_options){.size = sizeof(licet_session_options),
                                                  .vouched_by = LICET_VOUCHED_BY_PLAN},
                         &session) != LICET_OK)
    fail(arguments[1], "out of memory");
  Lines lines = read_lines(arguments[2]);
  if (strcmp(arguments[3], "outcomes") == 0) {
    for (size_t i = 0; i < lines.count; i++)
      puts(licet_outcome_name(outcome_of(session, &lines.items[i])));
  } else {
    measure(session, lines, strcmp(arguments[3], "decide") == 0);
  }
  for (size_t i = 0; i < lines.count; i++) free(lines.items[i].text);
  free(lines.items);
  licet_session_close(session);
  licet_library_close(library);
  licet_report_free(report);
  return 0;
}
