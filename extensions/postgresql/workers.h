/* workers: parallel workers decide by the texts that their leader read.
 *
 * Before it starts workers, the leader puts its texts into dynamic shared memory and the handle
 * into the setting `licet.leader`, which PostgreSQL hands to each worker with all other settings. A
 * worker opens those texts and never looks at the folder, which may have been edited meanwhile. */
#ifndef LICET_WORKERS_H
#define LICET_WORKERS_H

#include "opened.h"

/* Called once, when the module is loaded: declares the setting. */
void workers_start(void);

/* At the start of a server that preloads licet: its processes all have this one, and need no texts.
 */
void workers_inherit(Opened *opened);

/* In a leader, before workers start: they will decide by `opened`; by none where it is NULL. */
void workers_follow(Opened *opened);

/* In a worker: the leader's library, opened once. An error where the leader has none, or where the
 * worker is asked for another folder than its leader had. */
Opened *workers_opened(const char *folder);

#endif
