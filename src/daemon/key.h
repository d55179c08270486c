/* key: the key that signs checkpoints: a file that its owner alone may read (--key), made with the
 * first checkpoint. */
#ifndef DAEMON_KEY_H
#define DAEMON_KEY_H

#include "daemon/state.h"
#include "store/note.h"

/* EXIT_WORLD, and a complaint, where it cannot be read or made, or is the key of another ledger. */
ExitCode key_open(const Options *options, Store *store, Arena *arena, NoteKey *key);

#endif
