/* provenance: all that made a determination, as values and on the wire (docs/determination.md). */
#ifndef DECIDE_PROVENANCE_H
#define DECIDE_PROVENANCE_H

#include "decide/determination.h"
#include "json/writer.h"

void provenance_write(JsonWriter *json, const licet_determination *determination);

#endif
