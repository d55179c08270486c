/* cases: the life of requests, as the API and the clock drive it.
 *
 *     const Cases cases = {store, engine, clocks, {NULL, NULL}};
 *     Case now;
 *     Refusal refusal = {REFUSAL_NONE};
 *     cases_submit(&cases, arena, &account, body, &now, &is_new, &refusal);
 *     cases_act(&cases, arena, &account, &act, &now, &refusal);
 *
 * Each call reads the case, checks the event by the table, its fields, the rules; lets the engine
 * decide where the event asks for it; and appends what follows in one transaction. What it returns
 * true for is durable.
 */
#ifndef CASES_CASES_H
#define CASES_CASES_H

#include "cases/case.h"
#include "cases/engine.h"
#include "cases/refusal.h"

/* What time it is, where that is not the system's to say: a test sets its own. */
typedef struct CasesTime {
  int64_t (*now)(void *context); /* NULL: the system's */
  void *context;
} CasesTime;

typedef struct Cases {
  Store *store;
  Engine *engine;
  const Clocks *clocks;
  CasesTime time;
} Cases;

int64_t cases_now(const Cases *cases);

/* A submission, or a draft where it says `"draft": true`. The same id from the same organization
 * with the same contents is the same case, and `*is_new` false. */
bool cases_submit(const Cases *cases, Arena *arena, const Account *account, JsonValue body,
                  Case *now, bool *is_new, Refusal *refusal);

/* One event of the table, on a case that the actor saw with `expected` events. */
typedef struct Act {
  Text case_id;
  int64_t expected;
  Text type;
  JsonValue payload;
} Act;
bool cases_act(const Cases *cases, Arena *arena, const Account *account, const Act *act, Case *now,
               Refusal *refusal);

/* Lets the clock act on a case: a reminder, or the deadline that was missed, whichever is due now.
 * True where it has acted; false, and no refusal, where nothing is due, or another program was
 * first. */
bool cases_clock(const Cases *cases, Arena *arena, Text id, Refusal *refusal);

/* The case and its events, where the account may see it; else REFUSAL_NOT_FOUND, whether or not the
 * case exists. */
bool cases_load(const Cases *cases, Arena *arena, const Account *account, Text id, Case *now,
                Events *events, Refusal *refusal);

/* The worklist, of what the account may see. */
bool cases_list(const Cases *cases, Arena *arena, const Account *account, StoreFilter filter,
                CaseRows *rows, Refusal *refusal);

/* Other open cases for the same member, drug and kind, of those that the account may see. */
bool cases_duplicates(const Cases *cases, const Account *account, const Case *now, Texts *ids,
                      Refusal *refusal);

#endif
