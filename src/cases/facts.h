/* facts: who may state what. The engine takes the plan's word for a fact's source, so the source is
 * checked here, when the fact comes. */
#ifndef CASES_FACTS_H
#define CASES_FACTS_H

#include "accounts/account.h"
#include "cases/refusal.h"
#include "json/value.h"

/* The facts as they are to be kept, in `*kept` (JSON). A clinician's facts are given the source
 * "reviewer"; everybody else's are the requester's, and one that claims another source is an error,
 * as is one that claims the plan's own records. Pointers begin with `prefix`. */
bool facts_take(Arena *arena, Role role, JsonValue facts, const char *prefix, Text *kept,
                Refusal *refusal);

#endif
