/* fields: does a payload hold what its event must carry? The rules are the third part of event.def.
 */
#ifndef CASES_FIELDS_H
#define CASES_FIELDS_H

#include "cases/refusal.h"
#include "json/value.h"

/* Every field that is missing, of another type, or not of this event is an error of its own.
 * `carries` is as in event.def; pointers begin with `prefix`. False where there is any. */
bool fields_check(Arena *arena, const char *carries, JsonValue payload, const char *prefix,
                  Refusal *refusal);

#endif
