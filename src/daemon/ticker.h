/* ticker: a thread that lets the clock act: it reminds, and fires missed deadlines. */
#ifndef DAEMON_TICKER_H
#define DAEMON_TICKER_H

#include "cases/cases.h"

typedef struct Ticker Ticker;

/* NULL where it cannot be started. */
Ticker *ticker_start(const Cases *cases);
/* Returns when what it was doing is done; NULL is fine. */
void ticker_stop(Ticker *ticker);

#endif
