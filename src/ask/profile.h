/* profile: which functions of a policy can hold together, over the facts that may be answered.
 *
 *     facts that may be answered          those that will not be
 *
 *     [disease_status] ── relapsed ──→ { approve │ approve, A3 }     a set of two profiles
 *             └─ remission ─────────→ { judgment needed }             a set of one
 *
 * A profile is a set of functions, as bits: those that hold for one patient. Where facts will not
 * be answered, several profiles remain; they are kept together as a set, from which a verdict
 * follows (verdict.c). The sets are the values of one diagram (diagram_value):
 *
 *     value 0   no profile: no patient is like that
 *     value n   sets.items[n]
 */
#ifndef ASK_PROFILE_H
#define ASK_PROFILE_H

#include "base/word_map.h"
#include "decide/session.h"

typedef uint64_t Profile;

/* The bits of a profile: the functions of the whole policy by their numbers (function.def), then
 * whether answers can bring an approval about (`enough`), then the approvals, routes and referrals
 * one after another. */
enum { PROFILE_ENOUGH = POLICY_FUNCTIONS, PROFILE_OUTCOMES, PROFILE_BITS = 60, APPROVALS_MAX = 31 };

typedef struct ProfileSet {
  const Profile *items; /* ascending */
  uint32_t count;
} ProfileSet;

typedef struct Profiles {
  Arena *arena;
  Diagram *diagram;
  const uint8_t *arity; /* of each variable only the cells that are open, numbered from 0 */
  DiagramRef root;
  LIST(ProfileSet) sets;
  WordMap set_numbers;
} Profiles;

/* The cells that the determination leaves open; `closed[v]`: the variable will not be answered.
 * False where the policy has more outcomes than PROFILE_BITS, or the diagram more nodes than
 * `node_limit`. */
bool profiles_build(Profiles *profiles, Arena *arena, const licet_determination *determination,
                    const bool *closed, uint32_t node_limit);

#endif
