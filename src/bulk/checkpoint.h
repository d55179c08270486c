/* checkpoint: how far a run came, so that another can continue from there. Written whole or not at
 * all. */
#ifndef BULK_CHECKPOINT_H
#define BULK_CHECKPOINT_H

#include "bulk/tally.h"

#define CHECKPOINT_TAIL 4096u

typedef struct Checkpoint {
  uint64_t fingerprint;  /* of input, options, interpretations and policies */
  uint64_t offset, line; /* of the input: all before was decided */
  uint64_t requests, rejected;
  uint64_t output, rejects;           /* bytes written; what lies behind is repeated */
  uint64_t output_tail, rejects_tail; /* hash of the last CHECKPOINT_TAIL of them */
} Checkpoint;

/* False with errno. */
bool checkpoint_save(const char *path, const Checkpoint *checkpoint, const Tally *tally);
/* Whole, and with the checksum it was written with. False where there is none; then, or where it
 * cannot be used, *message is set for all but "there is no such file". Adds to `tally`. */
bool checkpoint_load(const char *path, Checkpoint *checkpoint, Tally *tally, const char **message);

#endif
