/* table: see table.h. The invariant: every question is answered from event.def and state.def, and
 * from nothing else. */
#include "cases/table.h"

#include "base/unreachable.h"

/* ---- States ---- */

static const struct {
  const char *name, *who, *what, *line;
} states[] = {
#define STATE(symbol, name, who, what, line) {name, who, what, line},
#include "cases/state.def"
#undef STATE
};

const char *state_name(State state) { return states[state].name; }
const char *state_who(State state) { return states[state].who; }
const char *state_what(State state) { return states[state].what; }
const char *state_line(State state) { return states[state].line; }

State state_find(Text name) {
  for (State state = 0; state < STATE_COUNT; state++)
    if (*states[state].line != '\0' && text_is(name, states[state].name)) return state;
  return STATE_COUNT;
}

/* ---- The words of event.def ---- */

#define IN(state) STATE_BIT(STATE_##state)
#define NOWHERE STATE_BIT(STATE_NOTHING)
#define OPEN (IN(INFORMATION_REQUESTED) | IN(IN_REVIEW))
#define REVIEWABLE (IN(IN_REVIEW) | IN(DENIED) | IN(PARTIALLY_APPROVED))
#define ANY ((STATE_BIT(STATE_COUNT) - 1) & ~(NOWHERE | IN(SUBMITTED)))

#define BY(role) ROLE_BIT(ROLE_##role)
#define CLINICIANS (BY(NURSE) | BY(PHARMACIST) | BY(PHYSICIAN))
#define STAFF_ROLES (CLINICIANS | BY(CLERK) | BY(LEAD))

/* Where an event leads: a state, or one of these. */
typedef enum Destination {
#define STATE(symbol, name, who, what, line) TO_##symbol,
#include "cases/state.def"
#undef STATE
  TO_SAME,
  TO_BY_OUTCOME,
  TO_AS_BEFORE,
  TO_BY_CONSEQUENCE
} Destination;

static const struct {
  const char *name;
  States from;
  Destination to;
  Roles by;
  const char *carries;
} events[] = {
#define EVENT(symbol, name, from, to, by, carries) {name, from, TO_##to, by, carries},
#include "cases/event.def"
#undef EVENT
};

bool state_is_open(State state) { return (STATE_BIT(state) & OPEN) != 0; }

/* ---- Events ---- */

const char *event_name(EventType type) { return events[type].name; }
States event_from(EventType type) { return events[type].from; }
Roles event_by(EventType type) { return events[type].by; }
const char *event_carries(EventType type) { return events[type].carries; }

EventType event_find(Text name) {
  EventType type = 0;
  while (type < EVENT_TYPE_COUNT && !text_is(name, events[type].name)) type++;
  return type;
}

bool event_is_adverse(EventType type) {
  return type == EVENT_DENIED || type == EVENT_PARTIALLY_APPROVED || type == EVENT_UPHELD ||
         type == EVENT_PARTIALLY_OVERTURNED;
}

bool event_is_allowed(EventType type, Role role, State from) {
  return (events[type].by & ROLE_BIT(role)) != 0 && (events[type].from & STATE_BIT(from)) != 0;
}

static State by_outcome(Text outcome) {
  if (text_is(outcome, "approve")) return STATE_APPROVED;
  if (text_is(outcome, "pend")) return STATE_INFORMATION_REQUESTED;
  return STATE_IN_REVIEW; /* refer, no_policy: a person continues */
}

State event_leads_to(EventType type, const Leading *leading) {
  switch (events[type].to) {
#define STATE(symbol, name, who, what, line) \
  case TO_##symbol:                          \
    return STATE_##symbol;
#include "cases/state.def"
#undef STATE
    case TO_SAME:
      return leading->from;
    case TO_BY_OUTCOME:
      return by_outcome(leading->outcome);
    case TO_AS_BEFORE:
      return leading->before_appeal;
    case TO_BY_CONSEQUENCE:
      return text_is(leading->consequence, "deemed_denied") ? STATE_DENIED : leading->from;
  }
  UNREACHABLE();
}

/* ---- Rules for the store ---- */

StoreRules event_rules(Arena *arena) {
  LIST(StoreRule) rules = {NULL, 0, 0};
  for (EventType type = 0; type < EVENT_TYPE_COUNT; type++) {
    for (Role role = 0; role < ROLE_COUNT; role++) {
      const StoreRule rule = {events[type].name, role_name(role)};
      if ((events[type].by & ROLE_BIT(role)) != 0) LIST_PUSH(arena, rules, rule);
    }
  }
  return (StoreRules){rules.items, rules.count};
}
