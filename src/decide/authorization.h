/* authorization: what an outcome grants, and which of two is better. */
#ifndef DECIDE_AUTHORIZATION_H
#define DECIDE_AUTHORIZATION_H

#include "decide/determination.h"

/* What an outcome would grant on the facts as they stand. */
Authorization authorization_of(const licet_determination *determination, const Outcome *outcome);
/* The longer one; among equals the one with more renewals left; then page order. One without an end
 * is the longest. */
bool better_authorization(const Authorization *a, const Authorization *b);

#endif
