/* state: see state.h. Without --store it is a file in the folder that the system gives a service
 * for its state ($STATE_DIRECTORY, as systemd sets it), or in the current folder. */
#include "daemon/state.h"

#include <stdlib.h>

#include "cases/table.h"

static const char *store_url(const Options *options, Arena *arena) {
  if (options->values[OPTION_STORE] != NULL) return options->values[OPTION_STORE];
  const char *folder = getenv("STATE_DIRECTORY");
  return arena_format(arena, "sqlite:%s/licetd.db",
                      folder == NULL || *folder == '\0' ? "." : folder);
}

ExitCode state_open(const Options *options, Arena *arena, Store **store) {
  const char *why, *url = store_url(options, arena);
  const StoreRules rules = event_rules(arena);
  if (store_open(url, &rules, arena, store, &why) == STORE_OK) return EXIT_FINE;
  complain("%s: %s", url, why);
  return EXIT_WORLD;
}

ExitCode state_exit(const char *what, StoreStatus status) {
  if (status == STORE_OK) return EXIT_FINE;
  complain("%s: %s", what, store_status_text(status));
  return EXIT_WORLD;
}
