/* clock: time that passes, for what is done twice a second or must end in time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/* Seconds since some moment of this machine; never fewer than before, whatever the date is set to.
 */
double clock_seconds(void);

#endif
