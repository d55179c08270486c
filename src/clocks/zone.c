/* zone: see zone.h. Reads TZif files (RFC 8536), version 2 and later, and the rule in their footer
 * (POSIX TZ), which holds behind the last change that the file lists.
 *
 *     changes   |----A----|--B--|----A----|          from the file
 *     rule                                |- A B A B A B ...   computed for the year that is asked
 * for
 *
 * The end of a day is the supremum of the instants whose wall clock has not reached the next
 * midnight. It is looked for stretch by stretch between changes, so that a midnight that is skipped
 * or comes twice is no special case. The invariant: offset is constant between two changes.
 */
#include "clocks/zone.h"

#include <stdio.h>

#define FOLDER "/usr/share/zoneinfo"
#define FILE_MOST (256 << 10)
#define DAY_SECONDS 86400
#define HOUR_SECONDS 3600

/* ---- The file ---- */

static bool is_name(Text name) {
  if (name.length == 0 || name.length > 64 || name.at[0] == '/') return false;
  for (uint32_t i = 0; i < name.length; i++) {
    const char c = name.at[i];
    if (!is_ascii_word(c) && c != '_' && c != '-' && c != '+' && c != '/') return false;
  }
  return true; /* no dot, so nothing above the folder */
}

static bool read_file(Arena *arena, Text name, Text *bytes) {
  if (!is_name(name)) return false;
  FILE *file = fopen(arena_format(arena, FOLDER "/%.*s", TEXT_ARGS(name)), "rb");
  if (file == NULL) return false;
  char *at = arena_allocate_raw(arena, FILE_MOST);
  const size_t length = fread(at, 1, FILE_MOST, file);
  const bool is_whole = !ferror(file) && length < FILE_MOST;
  fclose(file);
  *bytes = (Text){at, (uint32_t)length};
  return is_whole;
}

/* Big-endian, two's complement. */
static int64_t number_at(const char *at, int bytes) {
  uint64_t number = (at[0] & 0x80) != 0 ? UINT64_MAX : 0;
  for (int i = 0; i < bytes; i++) number = number << 8 | (unsigned char)at[i];
  return (int64_t)number;
}

#define HEAD_BYTES 44
#define TYPE_BYTES 6

/* The counts of a block's head, in the file's order. */
typedef struct ZoneHead {
  int64_t utc, standard, leap, time, type, character;
} ZoneHead;

static bool read_head(Text bytes, uint32_t at, ZoneHead *head) {
  if (bytes.length < at + HEAD_BYTES || memcmp(bytes.at + at, "TZif", 4) != 0 ||
      bytes.at[at + 4] < '2')
    return false;
  int64_t *const counts[] = {&head->utc,  &head->standard, &head->leap,
                             &head->time, &head->type,     &head->character};
  for (int i = 0; i < 6; i++) {
    *counts[i] = number_at(bytes.at + at + 20 + 4 * i, 4);
    if (*counts[i] < 0 || *counts[i] > FILE_MOST) return false;
  }
  return head->type > 0;
}

/* Bytes of a block behind its head, where a time takes `width`. */
static int64_t block_length(const ZoneHead *head, int width) {
  return head->time * (width + 1) + head->type * TYPE_BYTES + head->character +
         head->leap * (width + 4) + head->standard + head->utc;
}

static int32_t offset_of_type(const char *types, int64_t type) {
  return (int32_t)number_at(types + type * TYPE_BYTES, 4);
}

static bool take_changes(Zone *zone, Arena *arena, const char *block, const ZoneHead *head) {
  const char *indices = block + head->time * 8, *types = indices + head->time;
  zone->first = offset_of_type(types, 0);
  for (int64_t i = 0; i < head->time; i++) {
    const unsigned char type = (unsigned char)indices[i];
    if (type >= head->type) return false;
    const ZoneChange change = {number_at(block + 8 * i, 8), offset_of_type(types, type)};
    LIST_PUSH(arena, zone->changes, change);
  }
  return true;
}

/* ---- The rule ---- */

static bool take(Text *rest, char c) {
  if (rest->length == 0 || rest->at[0] != c) return false;
  *rest = (Text){rest->at + 1, rest->length - 1};
  return true;
}

static bool take_number(Text *rest, int *number) {
  *number = 0;
  if (rest->length == 0 || !is_ascii_digit(rest->at[0])) return false;
  for (int digits = 0; rest->length > 0 && is_ascii_digit(rest->at[0]); digits++) {
    if (digits == 4) return false;
    *number = *number * 10 + (rest->at[0] - '0');
    *rest = (Text){rest->at + 1, rest->length - 1};
  }
  return true;
}

/* "EST" or "<-03>". */
static bool take_abbreviation(Text *rest) {
  const bool is_quoted = take(rest, '<');
  uint32_t length = 0;
  while (length < rest->length &&
         (is_quoted ? rest->at[length] != '>' : is_ascii_letter(rest->at[length])))
    length++;
  *rest = (Text){rest->at + length, rest->length - length};
  return length > 0 && (!is_quoted || take(rest, '>'));
}

/* "5", "-5:30", "26:00:00", in seconds. */
static bool take_time(Text *rest, int32_t *seconds) {
  const bool is_negative = take(rest, '-');
  int hours, minutes = 0, more = 0;
  if (!is_negative) take(rest, '+');
  if (!take_number(rest, &hours)) return false;
  if (take(rest, ':') && !take_number(rest, &minutes)) return false;
  if (take(rest, ':') && !take_number(rest, &more)) return false;
  *seconds = hours * HOUR_SECONDS + minutes * 60 + more;
  if (is_negative) *seconds = -*seconds;
  return true;
}

/* "M3.2.0", "J60" or "59", with "/2" behind. */
static bool take_rule_day(Text *rest, ZoneRuleDay *day) {
  *day = (ZoneRuleDay){.kind = ZONE_DAY_OF_YEAR, .time = 2 * HOUR_SECONDS};
  if (take(rest, 'M')) {
    day->kind = ZONE_WEEKDAY;
    if (!take_number(rest, &day->month) || !take(rest, '.') || !take_number(rest, &day->week) ||
        !take(rest, '.'))
      return false;
    if (day->month < 1 || day->month > 12 || day->week < 1 || day->week > 5) return false;
  } else if (take(rest, 'J')) {
    day->kind = ZONE_JULIAN;
  }
  if (!take_number(rest, &day->day)) return false;
  return !take(rest, '/') || take_time(rest, &day->time);
}

/* A rule counts offsets west of Greenwich. */
static bool take_rule(Text rest, ZoneRule *rule) {
  int32_t west;
  *rule = (ZoneRule){.is_there = true};
  if (!take_abbreviation(&rest) || !take_time(&rest, &west)) return false;
  rule->standard = -west;
  if (rest.length == 0) return true;
  rule->has_summer = true;
  if (!take_abbreviation(&rest)) return false;
  rule->summer = rule->standard + HOUR_SECONDS;
  if (rest.length > 0 && rest.at[0] != ',') {
    if (!take_time(&rest, &west)) return false;
    rule->summer = -west;
  }
  return take(&rest, ',') && take_rule_day(&rest, &rule->begins) && take(&rest, ',') &&
         take_rule_day(&rest, &rule->ends) && rest.length == 0;
}

bool zone_open(Zone *zone, Arena *arena, Text name) {
  Text bytes;
  ZoneHead head;
  *zone = (Zone){.name = name};
  if (!read_file(arena, name, &bytes) || !read_head(bytes, 0, &head)) return false;
  const int64_t second = HEAD_BYTES + block_length(&head, 4);
  if (second > bytes.length || !read_head(bytes, (uint32_t)second, &head)) return false;
  const int64_t footer = second + HEAD_BYTES + block_length(&head, 8);
  if (footer + 2 > bytes.length || bytes.at[footer] != '\n') return false;
  const Text line = {bytes.at + footer + 1, bytes.length - (uint32_t)footer - 1};
  const char *end = memchr(line.at, '\n', line.length);
  if (end == NULL || !take_changes(zone, arena, bytes.at + second + HEAD_BYTES, &head))
    return false;
  /* An empty footer: the last change holds for ever. */
  return end == line.at || take_rule((Text){line.at, (uint32_t)(end - line.at)}, &zone->rule);
}

/* ---- Offsets ---- */

static int year_of(int64_t seconds) {
  int year, month, day;
  const int64_t days = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
  date_to_civil((Date)days, &year, &month, &day);
  return year;
}

static bool is_leap(int year) { return date_from_civil(year, 2, 29) != DATE_NONE; }

static Date last_of_month(int year, int month) {
  return month == 12 ? date_from_civil(year, 12, 31) : date_from_civil(year, month + 1, 1) - 1;
}

/* 0 is Sunday; 1970-01-01 was a Thursday. */
static int weekday(Date date) { return (int)((((int64_t)date + 4) % 7 + 7) % 7); }

/* The n-th such weekday of the month, the last where there is no n-th. */
static Date nth_weekday(int year, const ZoneRuleDay *day) {
  const Date first = date_from_civil(year, day->month, 1);
  Date date = first + (day->day - weekday(first) + 7) % 7 + 7 * (day->week - 1);
  while (date > last_of_month(year, day->month)) date -= 7;
  return date;
}

/* When a rule's change comes in a year, `offset` being what holds until then. */
static int64_t change_of(int year, const ZoneRuleDay *day, int32_t offset) {
  Date date = date_from_civil(year, 1, 1);
  switch (day->kind) {
    case ZONE_WEEKDAY:
      date = nth_weekday(year, day);
      break;
    case ZONE_JULIAN: /* from 1, and 29 February is not counted */
      date += day->day - 1 + (is_leap(year) && day->day >= 60);
      break;
    case ZONE_DAY_OF_YEAR: /* from 0 */
      date += day->day;
      break;
  }
  return (int64_t)date * DAY_SECONDS + day->time - offset;
}

static int32_t offset_by_rule(const ZoneRule *rule, int64_t seconds) {
  if (!rule->has_summer) return rule->standard;
  const int year = year_of(seconds + rule->standard);
  const int64_t begins = change_of(year, &rule->begins, rule->standard),
                ends = change_of(year, &rule->ends, rule->summer);
  const bool is_summer =
      begins < ends ? seconds >= begins && seconds < ends : seconds >= begins || seconds < ends;
  return is_summer ? rule->summer : rule->standard;
}

/* How many of the listed changes have come by then. */
static uint32_t changes_until(const Zone *zone, int64_t seconds) {
  uint32_t low = 0, high = zone->changes.count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (zone->changes.items[middle].at <= seconds)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

int32_t zone_offset(const Zone *zone, int64_t seconds) {
  const uint32_t come = changes_until(zone, seconds);
  if (come == zone->changes.count && zone->rule.is_there)
    return offset_by_rule(&zone->rule, seconds);
  return come == 0 ? zone->first : zone->changes.items[come - 1].offset;
}

/* ---- Days ---- */

static void take_earlier(int64_t change, int64_t after, int64_t *next) {
  if (change > after && change < *next) *next = change;
}

/* The first change behind `after`, or `limit`; the two are days apart. */
static int64_t next_change(const Zone *zone, int64_t after, int64_t limit) {
  const uint32_t come = changes_until(zone, after);
  int64_t next = limit;
  if (come < zone->changes.count) take_earlier(zone->changes.items[come].at, after, &next);
  if (!zone->rule.has_summer || come < zone->changes.count) return next;
  for (int year = year_of(after) - 1; year <= year_of(limit) + 1; year++) {
    take_earlier(change_of(year, &zone->rule.begins, zone->rule.standard), after, &next);
    take_earlier(change_of(year, &zone->rule.ends, zone->rule.summer), after, &next);
  }
  return next;
}

static int64_t seconds_of(int64_t instant) { return instant / 1000 - (instant % 1000 < 0); }

Date zone_day(const Zone *zone, int64_t instant) {
  const int64_t seconds = seconds_of(instant);
  const int64_t wall = seconds + zone_offset(zone, seconds);
  return (Date)(wall / DAY_SECONDS - (wall % DAY_SECONDS < 0));
}

#define WINDOW (2 * DAY_SECONDS) /* more than any offset, on either side of midnight */

int64_t zone_day_end(const Zone *zone, Date day) {
  const int64_t midnight = ((int64_t)day + 1) * DAY_SECONDS; /* as the wall shows it */
  int64_t end = midnight - WINDOW;
  for (int64_t at = midnight - WINDOW, next; at < midnight + WINDOW; at = next) {
    next = next_change(zone, at, midnight + WINDOW);
    const int64_t reached = midnight - zone_offset(zone, at);
    if (reached > at) end = reached < next ? reached : next;
  }
  return end * 1000 - 1;
}
