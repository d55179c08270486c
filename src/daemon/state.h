/* state: opening the store that a command line names. */
#ifndef DAEMON_STATE_H
#define DAEMON_STATE_H

#include "daemon/options.h"
#include "store/store.h"

/* EXIT_WORLD, and a complaint, where it cannot be opened. */
ExitCode state_open(const Options *options, Arena *arena, Store **store);
/* Complains of what a store's status says; EXIT_FINE for STORE_OK. */
ExitCode state_exit(const char *what, StoreStatus status);

#endif
