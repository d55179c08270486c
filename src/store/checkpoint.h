/* checkpoint: the head of the tree over all events so far, signed, to be kept elsewhere.
 *
 *     licet-ledger-5f3c9a…                      the ledger's name
 *     1042                                      events
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   head of the tree (merkle.h), base64
 *     instant 2026-11-02T15:04:00.123Z          when it was made
 *
 *     — licet-ledger-5f3c9a… AbCd…==            signature (note.h)
 *
 * The form is that of transparency logs (C2SP tlog-checkpoint). Whoever keeps one can show later
 * that an event before it was changed, removed, inserted or moved.
 */
#ifndef STORE_CHECKPOINT_H
#define STORE_CHECKPOINT_H

#include "store/merkle.h"
#include "store/note.h"
#include "store/store.h"

typedef struct Checkpoint {
  Text name;
  uint64_t size;
  Digest head;
  int64_t instant;
} Checkpoint;

Text checkpoint_write(Arena *arena, const Checkpoint *checkpoint);
/* From the text of a note; false where it is none. */
bool checkpoint_read(Text text, Checkpoint *checkpoint);

/* Adds a checkpoint over all events, signed by the key, and keeps the key's public half; STORE_OK
 * and an empty note where there is no event behind the last one. STORE_REFUSED where an event's
 * digest is not that of its contents: what is wrong is not signed. */
StoreStatus checkpoint_make(Store *store, Arena *arena, const NoteKey *key, Text *note);

#endif
