/* decide: cells → outcome. */
#ifndef DECIDE_DECIDE_H
#define DECIDE_DECIDE_H

#include "decide/determination.h"

/* All that is said of an outcome: reason, pathway, authorization, what is missing. */
void decide(licet_determination *determination);
/* The outcome and its reason, without what answers are reported by. */
void decide_outcome(licet_determination *determination);

#endif
