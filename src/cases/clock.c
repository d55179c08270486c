/* clock: see clock.h. The invariant: clock_read gives what clock_write wrote, and what the clock
 * has done since is the case's to add. */
#include "cases/clock.h"

#include "store/ledger.h"

static Text file_of(const Clocks *clocks, Arena *arena) {
  char digits[DIGEST_DIGITS + 1];
  digest_write(digest_of(clocks->source.text.at, clocks->source.text.length), digits);
  return text_of(arena_format(arena, "sha256:%s", digits));
}

CaseClock clock_start(const Clocks *clocks, Arena *arena, const ClockRule *rule, int64_t starts) {
  CaseClock clock = {.rule = rule->name,
                     .source = rule->source,
                     .file = file_of(clocks, arena),
                     .missed = text_of(missed_name(rule->missed)),
                     .starts = starts,
                     .due = clocks_due(clocks, rule->time, starts),
                     .extension_days = rule->extension_days,
                     .ask = rule->incomplete.ask,
                     .supply = rule->incomplete.supply,
                     .decide = rule->incomplete.decide,
                     .reminder_count = clocks->reminder_count};
  for (uint32_t i = 0; i < clock.reminder_count; i++) clock.reminders[i] = clocks->reminders[i];
  return clock;
}

/* ---- As JSON ---- */

static void write_instant(JsonWriter *json, const char *key, int64_t instant) {
  if (instant != 0) json_text_member(json, key, instant_text(json->out->arena, instant));
}

static void write_number(JsonWriter *json, const char *key, int64_t number) {
  if (number != 0) json_integer_member(json, key, number);
}

void clock_write(JsonWriter *json, const CaseClock *clock) {
  json_begin_object(json);
  json_text_member(json, "rule", clock->rule);
  json_text_member(json, "source", clock->source);
  json_text_member(json, "file", clock->file);
  json_text_member(json, "missed", clock->missed);
  write_instant(json, "starts", clock->starts);
  write_instant(json, "due", clock->due);
  write_number(json, "extension_days", clock->extension_days);
  write_number(json, "ask_hours", clock->ask);
  write_number(json, "supply_hours", clock->supply);
  write_number(json, "decide_hours", clock->decide);
  write_instant(json, "supply_until", clock->supply_until);
  json_array_member(json, "reminders");
  for (uint32_t i = 0; i < clock->reminder_count; i++) json_integer(json, clock->reminders[i]);
  json_end_array(json);
  json_end_object(json);
}

static int64_t instant_of(JsonValue value) {
  int64_t instant;
  return instant_parse(json_text_of(value), &instant) ? instant : 0;
}

static int64_t number_of(JsonValue value) {
  int64_t number;
  return json_integer_of(value, &number) ? number : 0;
}

CaseClock clock_read(JsonValue value) {
  CaseClock clock = {.rule = json_text_of(json_member(value, "rule")),
                     .source = json_text_of(json_member(value, "source")),
                     .file = json_text_of(json_member(value, "file")),
                     .missed = json_text_of(json_member(value, "missed")),
                     .starts = instant_of(json_member(value, "starts")),
                     .due = instant_of(json_member(value, "due")),
                     .extension_days = number_of(json_member(value, "extension_days")),
                     .ask = number_of(json_member(value, "ask_hours")),
                     .supply = number_of(json_member(value, "supply_hours")),
                     .decide = number_of(json_member(value, "decide_hours")),
                     .supply_until = instant_of(json_member(value, "supply_until"))};
  const JsonValue reminders = json_member(value, "reminders");
  for (JsonMember m = json_first(reminders);
       json_is_there(m.value) && clock.reminder_count < REMINDERS_MOST; m = json_next(m))
    clock.reminders[clock.reminder_count++] = number_of(m.value);
  return clock;
}

/* ---- When it acts ---- */

static int64_t reminder_at(const CaseClock *clock, int64_t percent) {
  return clock->starts + (clock->due - clock->starts) / 100 * percent;
}

int64_t clock_acts_at(const CaseClock *clock) {
  if (clock->due == 0 || clock->is_missed) return 0;
  for (uint32_t i = 0; i < clock->reminder_count; i++)
    if (clock->reminders[i] > clock->reminded) return reminder_at(clock, clock->reminders[i]);
  return clock->due + 1;
}

int64_t clock_reminder(const CaseClock *clock, int64_t instant) {
  int64_t latest = 0;
  for (uint32_t i = 0; i < clock->reminder_count; i++)
    if (clock->reminders[i] > clock->reminded && reminder_at(clock, clock->reminders[i]) <= instant)
      latest = clock->reminders[i];
  return latest;
}
