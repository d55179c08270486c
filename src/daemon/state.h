/* state: opening the store and the file of clocks that a command line names. */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

#include "clocks/clocks.h"
#include "daemon/options.h"
#include "store/store.h"

/* EXIT_WORLD, and a complaint, where it cannot be opened. */
ExitCode state_open(const Options *options, Arena *arena, Store **store);
/* The file of clocks: by default that of the folder of policies. EXIT_WORLD, and every diagnostic,
 * where it is not one. */
ExitCode state_open_clocks(const Options *options, const char *policies, Arena *arena,
                           Clocks **clocks);
/* Complains of what a store's status says; EXIT_FINE for STORE_OK. */
ExitCode state_exit(const char *what, StoreStatus status);

#endif
