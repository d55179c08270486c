/* clocks: opens the file of clocks that a command line names; checks one. */
#include <stdlib.h>

#include "clocks/clocks.h"

#include "daemon/state.h"

#define CLOCKS_FILE "plan.clocks" /* in the folder of policies */

ExitCode state_open_clocks(const Options *options, const char *policies, Arena *arena,
                           Clocks **clocks) {
  const char *path = options->values[OPTION_CLOCKS], *report;
  if (path == NULL) path = arena_format(arena, "%s/" CLOCKS_FILE, policies);
  *clocks = clocks_open(path, arena, &report);
  if (*report != '\0') fputs(report, stderr);
  return *clocks == NULL ? EXIT_WORLD : EXIT_FINE;
}

typedef struct ClocksCheck {
  const char *path;
  Arena arena;
  ExitCode code;
} ClocksCheck;

static void check(void *context) {
  ClocksCheck *checking = context;
  const char *report;
  Clocks *clocks = clocks_open(checking->path, &checking->arena, &report);
  unsigned rules = 0;
  fputs(report, stdout);
  checking->code = clocks == NULL ? EXIT_ANSWER : EXIT_FINE;
  if (clocks == NULL) return;
  for (ClockTable table = 0; table < TABLE_COUNT; table++) rules += clocks->tables[table].count;
  printf("%s: %u rules in %d tables, zone %.*s\n", checking->path, rules, TABLE_COUNT,
         TEXT_ARGS(clocks->zone.name));
  clocks_close(clocks);
}

ExitCode command_clocks_check(const Options *options) {
  ClocksCheck checking = {.path = options->operand, .code = EXIT_WORLD};
  arena_open(&checking.arena);
  if (!arena_attempt(&checking.arena, check, &checking)) {
    complain("memory is short");
    checking.code = EXIT_WORLD;
  }
  arena_close(&checking.arena);
  return checking.code;
}
