/* judgments: can answers without a judgment make a function hold, exactly? */
#ifndef DECIDE_JUDGMENTS_H
#define DECIDE_JUDGMENTS_H

#include "decide/determination.h"

/* By another way than the search for sets of facts, which gives up where there is too much to try.
 * ENOUGH_GAVE_UP: a judgment and other facts meet in one variable, or the diagram grows too large.
 */
Enough judgments_leave_enough(licet_determination *determination, DiagramRef function);

#endif
