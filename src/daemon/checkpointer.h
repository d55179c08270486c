/* checkpointer: while the service runs, a thread signs a checkpoint every minute in which there
 * were new events, and a last one when the service stops. */
#ifndef DAEMON_CHECKPOINTER_H
#define DAEMON_CHECKPOINTER_H

#include "store/note.h"
#include "store/store.h"

typedef struct Checkpointer Checkpointer;

/* NULL where the thread cannot be started. `key` is copied; its name must outlive the thread. */
Checkpointer *checkpointer_start(Store *store, const NoteKey *key);
/* Signs what is new, then ends the thread. */
void checkpointer_stop(Checkpointer *checkpointer);

#endif
