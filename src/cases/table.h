/* table: event.def and state.def as types and questions: which event may happen where, by whom, and
 * what it leads to. Pure: it knows no case, no store and no request. */
#ifndef CASES_TABLE_H
#define CASES_TABLE_H

#include "accounts/account.h"

typedef enum State {
#define STATE(symbol, name, who, what, line) STATE_##symbol,
#include "cases/state.def"
#undef STATE
  STATE_COUNT
} State;

typedef uint32_t States;
#define STATE_BIT(state) ((States)1 << (state))

typedef enum EventType {
#define EVENT(symbol, name, from, to, by, carries) EVENT_##symbol,
#include "cases/event.def"
#undef EVENT
  EVENT_TYPE_COUNT
} EventType;

const char *state_name(State state);
/* STATE_COUNT where there is none, or where no case rests in it. */
State state_find(Text name);
/* Who acts next ("" for nobody), what they do, and the state in words for people. */
const char *state_who(State state);
const char *state_what(State state);
const char *state_line(State state);
bool state_is_open(State state);

const char *event_name(EventType type);
/* EVENT_TYPE_COUNT where there is none. */
EventType event_find(Text name);
States event_from(EventType type);
Roles event_by(EventType type);
const char *event_carries(EventType type);
/* A determination against the request, in whole or in part. */
bool event_is_adverse(EventType type);

/* The table's answer for one event × role × state. */
bool event_is_allowed(EventType type, Role role, State from);

/* What decides the state that an event leads to where the event alone does not. */
typedef struct Leading {
  State from;
  State before_appeal;
  Text outcome;     /* of the engine's determination */
  Text consequence; /* of a missed deadline */
} Leading;
State event_leads_to(EventType type, const Leading *leading);

/* Every pair of event and role that the table has, for the store to enforce. */
StoreRules event_rules(Arena *arena);

#endif
