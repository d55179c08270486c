/* clock: the clock of a case: the rule it runs by, since when, until when.
 *
 *     starts          reminders, at percents                due
 *     |---------------------R---------R---------------------|  due + 1 ms: missed
 *
 * The rule is chosen once and written whole into the event that starts the clock, so that a case is
 * read without the file of clocks, and a later file changes nothing.
 */
#ifndef CASES_CLOCK_H
#define CASES_CLOCK_H

#include "clocks/clocks.h"
#include "json/value.h"
#include "json/writer.h"

typedef struct CaseClock {
  Text rule, source; /* empty: no rule */
  Text file;         /* "sha256:..." of the file of clocks */
  Text missed;       /* what follows a missed deadline */
  int64_t starts;
  int64_t due;            /* the last instant in time; 0: the rule lets no clock run */
  int64_t extension_days; /* how many it may still be extended by */
  int64_t ask, supply,
      decide;           /* hours, of an urgent request that lacks something; 0: no such rule */
  int64_t supply_until; /* it was asked in time for what it lacks; 0: it was not, or has supplied */
  int64_t reminders[REMINDERS_MOST];
  uint32_t reminder_count;

  /* What the clock has done. */
  int64_t reminded; /* percent of the last reminder */
  bool is_missed;
} CaseClock;

/* The clock by a rule, from `starts` on. */
CaseClock clock_start(const Clocks *clocks, Arena *arena, const ClockRule *rule, int64_t starts);

/* As an event carries it, and back. */
void clock_write(JsonWriter *json, const CaseClock *clock);
CaseClock clock_read(JsonValue value);

/* When it acts next: at a reminder, or when it is missed. 0: never. */
int64_t clock_acts_at(const CaseClock *clock);
/* The percent of the latest reminder that is due by then and was not given; 0 where there is none.
 */
int64_t clock_reminder(const CaseClock *clock, int64_t instant);
static inline bool clock_is_over(const CaseClock *clock, int64_t instant) {
  return clock->due > 0 && instant > clock->due;
}

#endif
