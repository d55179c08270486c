/* A plan as iCalendar events, all of them of whole days. An event's identity does not rest on its
 * date: when a plan is computed again, say after an interruption, a calendar that takes it in moves
 * its events instead of showing them twice. */
#include <stdarg.h>
#include <string.h>

#include "render/amount.h"
#include "render/civil.h"
#include "render/dose_views.h"
#include "render/ical.h"
#include "render/output.h"

typedef struct Feed {
  FILE *out;
  const licet_dose_plan *plan;
  char owner[24]; /* what the events are of: request and drug, as a number */
  char stamp[24]; /* DTSTAMP */
} Feed;

/* ---- identity ---- */

/* FNV-1a. */
#define HASH_BASIS 14695981039346656037u
static uint64_t hash_octet(uint64_t hash, char octet) {
  return (hash ^ (unsigned char)octet) * 1099511628211u;
}

/* The end included, so that texts do not run together. */
static uint64_t hash_text(uint64_t hash, const char *text) {
  do hash = hash_octet(hash, *text);
  while (*text++);
  return hash;
}

/* "20261109" */
static CivilText basic_date(int number) {
  Civil civil = civil_of(number);
  CivilText shown;
  snprintf(shown.text, sizeof shown.text, "%04u%02u%02u", (unsigned)civil.year % 10000,
           (unsigned)civil.month % 100, (unsigned)civil.day % 100);
  return shown;
}

/* A request without an id is known by all that it says: two patients with one start must not share
 * their events. */
static uint64_t hash_request(const licet_dose_plan *plan, const char *bytes, size_t length) {
  const char *id = licet_determination_request(licet_dose_determination(plan));
  uint64_t hash = hash_text(HASH_BASIS, id);
  if (*id) return hash;
  for (size_t i = 0; i < length; i++) hash = hash_octet(hash, bytes[i]);
  return hash;
}

/* The moment the events were made: no clock is asked, so that the same request gives the same
 * bytes. */
static void set_stamp(Feed *feed) {
  licet_authorization authorization =
      licet_determination_authorization(licet_dose_determination(feed->plan));
  const char *start =
      authorization.start ? authorization.start : licet_dose_plan_cycle(feed->plan, 0).start;
  snprintf(feed->stamp, sizeof feed->stamp, "%sT000000Z", basic_date(civil_number(start)).text);
}

static Feed feed_of(FILE *out, const licet_dose_plan *plan, const char *request, size_t length) {
  Feed feed = {.out = out, .plan = plan};
  uint64_t hash = hash_text(hash_request(plan, request, length), licet_dose_plan_drug(plan).name);
  snprintf(feed.owner, sizeof feed.owner, "%016llx", (unsigned long long)hash);
  set_stamp(&feed);
  return feed;
}

/* ---- events ---- */

typedef struct Event {
  const char *kind;    /* with the place, its identity within the plan */
  uint32_t cycle, day; /* its place */
  const char *first, *last;
} Event;

static void write_uid(const Feed *feed, const Event *event) {
  char uid[96];
  snprintf(uid, sizeof uid, "%s-%u-%u-%s@licet", event->kind, event->cycle, event->day,
           feed->owner);
  ical_property(feed->out, "UID", uid);
}

/* The summary is made of texts, NULL-terminated. */
static void write_event(const Feed *feed, Event event, const char *description, ...)
    __attribute__((sentinel));
static void write_event(const Feed *feed, Event event, const char *description, ...) {
  va_list parts;
  const char *part;
  ical_property(feed->out, "BEGIN", "VEVENT");
  write_uid(feed, &event);
  ical_property(feed->out, "DTSTAMP", feed->stamp);
  ical_property(feed->out, "DTSTART;VALUE=DATE", basic_date(civil_number(event.first)).text);
  ical_property(feed->out, "DTEND;VALUE=DATE",
                basic_date(civil_number(event.last) + 1).text); /* the day after the last */
  IcalLine summary = ical_begin(feed->out, "SUMMARY");
  va_start(parts, description);
  while ((part = va_arg(parts, const char *))) ical_put_text(&summary, part);
  va_end(parts);
  ical_end(&summary);
  if (*description) ical_text_property(feed->out, "DESCRIPTION", description);
  ical_property(feed->out, "TRANSP", "TRANSPARENT"); /* blocks nobody's day */
  ical_property(feed->out, "END", "VEVENT");
}

static const char *drug_title(const Feed *feed) {
  licet_dose_drug drug = licet_dose_plan_drug(feed->plan);
  return drug.title && *drug.title ? drug.title : drug.name ? drug.name : "";
}

typedef struct Place {
  char text[64];
} Place;

/* "cycle 1 day 8" */
static Place place_of(uint32_t cycle, uint32_t day) {
  Place place;
  snprintf(place.text, sizeof place.text, "cycle %u day %u", cycle, day);
  return place;
}

static void write_cycle(const Feed *feed, const licet_dose_cycle *cycle) {
  char name[32];
  const char *before = *cycle->title ? ", " : "";
  snprintf(name, sizeof name, "Cycle %u", cycle->number);
  write_event(feed, (Event){"cycle-begins", cycle->number, 1, cycle->start, cycle->start}, "", name,
              before, cycle->title, ": first day, ", drug_title(feed), NULL);
  if (*cycle->last_dose)
    write_event(feed, (Event){"last-dose", cycle->number, 1, cycle->last_dose, cycle->last_dose},
                "", name, before, cycle->title, ": last dose, ", drug_title(feed), NULL);
  write_event(feed, (Event){"cycle-ends", cycle->number, 1, cycle->end, cycle->end}, "", name,
              before, cycle->title,
              cycle->is_cut_short ? ": ends, cut short by an interruption, " : ": last day, ",
              drug_title(feed), NULL);
}

static void write_stretch(const Feed *feed, const licet_dose_day *first,
                          const licet_dose_day *last) {
  Place place = place_of(first->cycle, first->day);
  if (first->kind == LICET_DAY_DOSE)
    write_event(feed, (Event){"dose", first->cycle, first->day, first->date, last->date},
                place.text, drug_title(feed), " ", amount_shown(first->dose, AMOUNT_DECIMALS).text,
                first->is_continuous ? " a day" : "", *first->ordered ? " (" : "", first->ordered,
                *first->ordered ? ")" : "", NULL);
  if (first->kind == LICET_DAY_INTERRUPTED)
    write_event(feed, (Event){"interruption", first->cycle, first->day, first->date, last->date},
                place.text, drug_title(feed), ": interrupted", NULL);
}

/* Days that follow one another with the same to do are one event. */
static bool goes_on(const licet_dose_day *day, const licet_dose_day *next) {
  return next->date && next->cycle == day->cycle && next->kind == day->kind &&
         strcmp(next->dose, day->dose) == 0;
}

static void write_stretches(const Feed *feed) {
  licet_dose_day day;
  for (size_t i = 0; (day = licet_dose_plan_day(feed->plan, i)).date; i++) {
    licet_dose_day last = day, next;
    for (; (next = licet_dose_plan_day(feed->plan, i + 1), goes_on(&day, &next)); i++) last = next;
    write_stretch(feed, &day, &last);
  }
}

static void write_preparation(const Feed *feed, const licet_dose_day *day) {
  char said[128], lasts[48];
  snprintf(lasts, sizeof lasts, day->preparation_days == 1 ? "for one day" : "for %u days",
           day->preparation_days);
  snprintf(said, sizeof said, "%s; %s, vials: %lld", place_of(day->cycle, day->day).text, lasts,
           (long long)day->vials);
  write_event(feed, (Event){"preparation", day->cycle, day->day, day->date, day->date}, said,
              drug_title(feed), ": begin ", day->preparation, NULL);
}

static void write_preparations(const Feed *feed) {
  licet_dose_day day;
  for (size_t i = 0; (day = licet_dose_plan_day(feed->plan, i)).date; i++)
    if (day_begins_preparation(&day)) write_preparation(feed, &day);
}

static void write_limits(const Feed *feed) {
  licet_dose_limit limit;
  for (uint32_t i = 0; (limit = licet_dose_plan_limit(feed->plan, i)).text; i++)
    if (*limit.passed)
      write_event(feed, (Event){"limit", i, 0, limit.passed, limit.passed},
                  limit.cycle ? place_of(limit.cycle, limit.day).text : "",
                  "Limit exceeded: ", limit.text, ", ", drug_title(feed), NULL);
}

static void write_authorization(const Feed *feed) {
  licet_authorization authorization =
      licet_determination_authorization(licet_dose_determination(feed->plan));
  if (!authorization.start || !authorization.end) return;
  write_event(feed, (Event){"authorization-ends", 0, 0, authorization.end, authorization.end}, "",
              "Authorization ends: ", drug_title(feed), NULL);
}

void dose_ical_write(FILE *out, const licet_dose_plan *plan, const char *request, size_t length) {
  licet_dose_cycle cycle;
  if (!licet_dose_plan_cycle(plan, 0).title) { /* a calendar without events is none */
    complain("nothing was calculated, so there is no calendar; the text output says why");
    return;
  }
  Feed feed = feed_of(out, plan, request, length);
  ical_property(out, "BEGIN", "VCALENDAR");
  ical_property(out, "VERSION", "2.0");
  ical_property(out, "PRODID", "-//licet//dose//EN");
  ical_property(out, "CALSCALE", "GREGORIAN");
  for (size_t i = 0; (cycle = licet_dose_plan_cycle(plan, i)).title; i++)
    write_cycle(&feed, &cycle);
  write_stretches(&feed);
  write_preparations(&feed);
  write_authorization(&feed);
  write_limits(&feed);
  ical_property(out, "END", "VCALENDAR");
}
