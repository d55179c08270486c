/* canonical: the text of what decides by one version of a policy, and its digest.
 *
 * The lines of the policy that are in force on the version's first day, and under them those of the
 * vocabulary that it reads, in the order of the files, one blank between words:
 *
 *     policy EX-7
 *       version 2026-07-01
 *       payer "Example Health Plan"
 *       …
 *     A all of
 *       approve 6 months
 *       1 : severe_asthma
 *       …
 *     vocabulary airways
 *       fact birth_date : date from requester
 *       …
 *
 * Left out is what decides nothing: comments, blanks, titles, notes, questions, sources, the names
 * of what changed; lines that are not in force; the words `from` and `until` with their days, since
 * what is in force then is said by being there; and of the declarations, those that nothing reads.
 * So the text of a version stays the same when a later version is added, and two texts that are the
 * same decide the same.
 */
#ifndef POLICY_CANONICAL_H
#define POLICY_CANONICAL_H

#include "policy/model.h"

Text canonical_text(const Policy *policy, const Version *version, Arena *arena);
/* The version digest of a determination: SHA-256 of that text. `scratch` holds what it takes. */
void canonical_digest(const Policy *policy, const Version *version, Arena *scratch,
                      char digest[DIGEST_SIZE]);

#endif
