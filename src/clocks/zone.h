/* zone: a time zone of the system's tzdata: which day an instant falls on, and when a day ends.
 *
 *     Zone zone;
 *     if (!zone_open(&zone, arena, TEXT("America/Chicago"))) ... no such zone here ...
 *     Date day = zone_day(&zone, instant);
 *     int64_t last = zone_day_end(&zone, day + 7);
 *
 * A zone is a value that is read once and then asked by any thread: nothing of the C library's own
 * zone (TZ, tzset), which belongs to the whole program, is read or set.
 */
#ifndef CLOCKS_ZONE_H
#define CLOCKS_ZONE_H

#include "base/date.h"

/* From an instant on, so many seconds are added to UTC. */
typedef struct ZoneChange {
  int64_t at; /* seconds since 1970 UTC */
  int32_t offset;
} ZoneChange;

/* The day of a year on which a rule changes the offset. */
typedef struct ZoneRuleDay {
  enum { ZONE_WEEKDAY, ZONE_JULIAN, ZONE_DAY_OF_YEAR } kind;
  int month, week, day; /* of ZONE_WEEKDAY, week 5 is the last; else `day` alone */
  int32_t time;         /* seconds of the wall clock, which may lie outside of the day */
} ZoneRuleDay;

/* What holds behind the last change of the list: the same each year. */
typedef struct ZoneRule {
  bool is_there, has_summer;
  int32_t standard, summer; /* offsets */
  ZoneRuleDay begins, ends; /* summer time */
} ZoneRule;

typedef struct Zone {
  Text name;
  int32_t first; /* the offset before the first change */
  LIST(ZoneChange) changes;
  ZoneRule rule;
} Zone;

/* False where the system has no such zone. `name` is kept. */
bool zone_open(Zone *zone, Arena *arena, Text name);

/* Seconds that are added to UTC at an instant, in seconds. */
int32_t zone_offset(const Zone *zone, int64_t seconds);
/* The day, in the zone, of an instant in milliseconds. */
Date zone_day(const Zone *zone, int64_t instant);
/* The last millisecond of a day. */
int64_t zone_day_end(const Zone *zone, Date day);

#endif
