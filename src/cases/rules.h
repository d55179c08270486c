/* rules: what the table of events cannot say in a row: who may decide which case, and why. */
#ifndef CASES_RULES_H
#define CASES_RULES_H

#include "cases/case.h"
#include "cases/refusal.h"

/* One event that somebody wants to cause, after the table has allowed it. */
typedef struct Intent {
  Arena *arena;
  Store *store;
  const Clocks *clocks;
  int64_t instant;
  const Case *now;
  const Account *account;
  Role role;
  EventType type;
  JsonValue payload;
} Intent;

bool rules_check(const Intent *intent, Refusal *refusal);

/* May the account see the case? An office sees its organization's; who has no business with cases
 * sees none. */
bool rules_may_see(const Account *account, Text organization);

#endif
