/* timing: which events start a clock, or change the one that runs, and to what. */
#ifndef CASES_TIMING_H
#define CASES_TIMING_H

#include "cases/case.h"

/* An event that is about to happen. */
typedef struct Timing {
  const Clocks *clocks;
  const Case *now; /* before it */
  EventType type;
  Role role;
  int64_t instant;
} Timing;

/* The event's payload with the member `clock`, the clock behind the event, where the event starts
 * or changes one; else the payload as it is. */
Text timing_stamp(const Timing *timing, Text payload);

/* What a rule of the file is chosen for, of this case. */
Selection timing_selection(const Case *now, const char *level, Text urgency, Date day);

#endif
