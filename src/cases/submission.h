/* submission: what an office sends, checked before it becomes a case. */
#ifndef CASES_SUBMISSION_H
#define CASES_SUBMISSION_H

#include "accounts/account.h"
#include "cases/refusal.h"
#include "json/value.h"

/* Is the submission whole? Every error is reported: fields, NPIs by their check digit, the channel
 * and the instant of receipt that the role may state, sources of facts. Pointers begin with
 * `prefix`. The request itself is the engine's to check. */
bool submission_check(Arena *arena, const Account *account, Role role, JsonValue submission,
                      const char *prefix, Refusal *refusal);
/* The same of a draft, which may lack anything but the organization it belongs to. */
bool submission_check_draft(Arena *arena, const Account *account, Role role, JsonValue submission,
                            const char *prefix, Refusal *refusal);
/* The program that a submission names, or that of its request's line of business; empty where there
 * is none. */
Text submission_program(JsonValue submission);
/* Names, as errors, every place where two submissions differ. */
void submission_compare(Arena *arena, JsonValue before, JsonValue after, const char *pointer,
                        Refusal *refusal);

#endif
