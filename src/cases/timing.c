/* timing: see timing.h.
 *
 *     submitted, reopened    a clock of the level initial, from receipt, from the reopening
 *     appealed               a clock of the level appeal
 *     urgency_changed        the clock of the other urgency, from the change. An urgency that the
 *                            case had before has its clock again, and expediting makes none later
 *     extended               more days, once
 *     information_requested  of an urgent request, asked for in time: time to supply, and to decide
 *     facts_supplied         what was asked for so has come: the time to decide runs from now
 *
 * Whatever software alone asks for is not one of these, so it stops no clock. The invariant: a
 * clock that has run out is changed by nothing but a new one (appealed, reopened).
 */
#include "cases/timing.h"

#include "store/limits.h"

#define HOUR_MS INT64_C(3600000)

/* ---- Choosing ---- */

static Text channel_of(Text channel) {
  const bool is_other = text_is(channel, "fax") || text_is(channel, "phone");
  return is_other ? TEXT("other") : TEXT("electronic");
}

Selection timing_selection(const Case *now, const char *level, Text urgency, Date day) {
  Selection selection = {.day = day};
  const JsonValue member = json_member(now->submission, "member");
  selection.words[SELECTOR_PROGRAM] = now->program;
  selection.words[SELECTOR_BENEFIT] = now->benefit;
  selection.words[SELECTOR_ITEM] = TEXT("drug");
  selection.words[SELECTOR_LEVEL] = text_of(level);
  selection.words[SELECTOR_URGENCY] = urgency;
  selection.words[SELECTOR_CHANNEL] = channel_of(now->channel);
  selection.words[SELECTOR_STATE] = json_text_of(json_member(member, "state"));
  return selection;
}

/* The clock of a level and an urgency. The rule is that of the day on which the clock's request,
 * the submission or the appeal, was received. */
static CaseClock started(const Timing *timing, const Case *now, const char *level, Text urgency,
                         int64_t received) {
  const Date day = zone_day(&timing->clocks->zone, received);
  const Selection selection = timing_selection(now, level, urgency, day);
  const ClockRule *rule = clocks_choose(timing->clocks, TABLE_DECISIONS, &selection);
  return rule == NULL ? (CaseClock){.rule = {"", 0}}
                      : clock_start(timing->clocks, timing->now->arena, rule, timing->instant);
}

/* ---- Events ---- */

static CaseClock at_submission(const Timing *timing, JsonValue payload) {
  Case submitted;
  Timing from = *timing;
  case_open(&submitted, timing->now->arena);
  case_take_submission(&submitted, json_member(payload, "submission"), timing->instant);
  from.instant = submitted.received;
  return started(&from, &submitted, "initial", submitted.urgency, submitted.received);
}

static CaseClock at_change(const Timing *timing, JsonValue payload) {
  const Case *now = timing->now;
  const Text urgency = json_text_of(json_member(payload, "urgency"));
  const CaseClock *before = &now->clock_of[case_urgency(urgency)];
  const bool is_appeal = now->state == STATE_APPEALED;
  if (before->rule.length > 0) return *before;
  CaseClock clock = started(timing, now, is_appeal ? "appeal" : "initial", urgency,
                            is_appeal ? now->clock.starts : now->received);
  if (text_is(urgency, "expedited") && now->clock.due > 0 && clock.due > now->clock.due)
    clock.due = now->clock.due;
  return clock;
}

static CaseClock at_extension(const Timing *timing, JsonValue payload) {
  CaseClock clock = timing->now->clock;
  int64_t days;
  if (!json_integer_of(json_member(payload, "days"), &days)) days = 0;
  clock.due = clocks_extended(timing->clocks, clock.due, (uint32_t)days);
  clock.extension_days = 0;
  return clock;
}

/* A person asks; what software asks for never comes here. */
static CaseClock at_request(const Timing *timing, JsonValue payload) {
  CaseClock clock = timing->now->clock;
  Date due;
  if (clock.ask == 0 || timing->instant > clock.starts + clock.ask * HOUR_MS) return clock;
  clock.supply_until = timing->instant + clock.supply * HOUR_MS;
  if (date_parse(json_text_of(json_member(payload, "due")), &due)) {
    const int64_t end = zone_day_end(&timing->clocks->zone, due);
    if (end > clock.supply_until) clock.supply_until = end;
  }
  clock.due = clock.supply_until + clock.decide * HOUR_MS;
  return clock;
}

static CaseClock at_supply(const Timing *timing) {
  CaseClock clock = timing->now->clock;
  const bool is_office = role_kind(timing->role) == OFFICE || timing->role == ROLE_CLERK;
  if (clock.supply_until == 0 || !is_office) return clock;
  if (timing->instant < clock.supply_until) clock.due = timing->instant + clock.decide * HOUR_MS;
  clock.supply_until = 0;
  return clock;
}

/* The clock behind the event. */
static CaseClock clock_behind(const Timing *timing, JsonValue payload) {
  const Case *now = timing->now;
  const bool is_over = clock_is_over(&now->clock, timing->instant);
  if (timing->type == EVENT_SUBMITTED) return at_submission(timing, payload);
  if (timing->type == EVENT_REOPENED)
    return started(timing, now, "initial", now->urgency, timing->instant);
  if (timing->type == EVENT_APPEALED)
    return started(timing, now, "appeal", json_text_of(json_member(payload, "urgency")),
                   timing->instant);
  if (is_over || now->clock.due == 0) return now->clock;
  if (timing->type == EVENT_URGENCY_CHANGED) return at_change(timing, payload);
  if (timing->type == EVENT_EXTENDED) return at_extension(timing, payload);
  if (timing->type == EVENT_INFORMATION_REQUESTED) return at_request(timing, payload);
  if (timing->type == EVENT_FACTS_SUPPLIED || timing->type == EVENT_DOCUMENT_ADDED)
    return at_supply(timing);
  return now->clock;
}

/* Do they run by the same rule to the same end? */
static bool is_same(const CaseClock *a, const CaseClock *b) {
  return text_equal(a->rule, b->rule) && a->starts == b->starts && a->due == b->due &&
         a->supply_until == b->supply_until && a->extension_days == b->extension_days;
}

Text timing_stamp(const Timing *timing, Text payload) {
  Arena *arena = timing->now->arena;
  Buffer out;
  JsonWriter json;
  JsonValue value;
  JsonFault fault;
  if (!json_keep(arena, PAYLOAD_LIMITS, payload, &value, &fault)) return payload;
  const CaseClock clock = clock_behind(timing, value);
  if (clock.rule.length == 0 || is_same(&clock, &timing->now->clock)) return payload;
  buffer_open(&out, arena, payload.length + 1024);
  json_writer_open(&json, &out);
  json_begin_object(&json);
  for (JsonMember m = json_first(value); json_is_there(m.value); m = json_next(m)) {
    json_key_text(&json, m.name);
    json_raw(&json, json_value_raw(m.value));
  }
  json_key(&json, "clock");
  clock_write(&json, &clock);
  json_end_object(&json);
  json_writer_close(&json);
  return buffer_contents(&out);
}
