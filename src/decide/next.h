/* next: who acts next on a request that is not approved, and what they do. */
#ifndef DECIDE_NEXT_H
#define DECIDE_NEXT_H

#include "decide/determination.h"
#include "json/writer.h"

/* Fills determination->next; after deciding. */
void determination_next(licet_determination *determination);
/* Its member `next`. */
void next_write(JsonWriter *json, const licet_determination *determination);

#endif
