/* engine: the library of policies, as the cases need it: the policy that covers a new request, and
 * the policy pinned at receipt for everything later, also when its file is gone.
 *
 * Opening keeps every policy's text and its vocabularies in the store, by digest. A policy that is
 * pinned and no longer in the folder is opened from there.
 */
#ifndef CASES_ENGINE_H
#define CASES_ENGINE_H

#include <licet/licet.h>
#include <licet/outcome.h>

#include "cases/refusal.h"

typedef struct Engine Engine;

/* Opens the policies of a folder. `*why`, in `arena`, where it is not LICET_OK. */
licet_status engine_open(Store *store, const char *folder, Arena *arena, Engine **engine,
                         const char **why);
/* With no policies but those that the store keeps: for what was decided before. */
licet_status engine_open_stored(Store *store, Engine **engine);
void engine_close(Engine *engine);

/* What the engine says of a request: copies, in the arena. */
typedef struct Decision {
  Text outcome;       /* "approve", "pend", "refer", "no_policy" */
  Text determination; /* JSON, as licet_decide writes it */
  Text policy;        /* the policy's digest; empty for no_policy */
} Decision;

/* Decides by the policy with the digest `pinned`; by the one that covers the request where that is
 * empty. False, and why: errors point into the request, behind `prefix`. Any thread, any time. */
bool engine_decide(Engine *engine, Arena *arena, Text pinned, Text request, const char *prefix,
                   Decision *decision, Refusal *refusal);

#endif
