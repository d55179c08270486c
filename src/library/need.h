/* need: what of a policy is made only when it is first asked for, by whichever thread asks first.
 *
 *     opening     survey (compile/survey.h): every version can be compiled
 *     first use   library_compiled: one version, for one kind of request, is compiled and kept
 *     later       library_compiled: what was kept, without a lock
 *
 * A library of a thousand policies is opened by each process that decides; most of these use few of
 * the policies, and of their versions mostly the newest.
 */
#ifndef LIBRARY_NEED_H
#define LIBRARY_NEED_H

#include "compile/compile.h"

typedef struct licet_policy licet_policy;
typedef struct Needs Needs;

/* For a policy that is sound. `reads`: see Survey. The memory is the arena's, what is made by need
 * is not: needs_close gives it back. */
Needs *needs_open(Arena *arena, const Policy *policy, const uint64_t *reads);
void needs_close(Needs *needs);
/* Bytes held by what was made by need. */
size_t needs_memory(Needs *needs);

/* Borrowed for as long as the library is open, and the same every time. NULL: memory ran out, and
 * it may be asked again. Any thread may ask. */
const CompiledPolicy *library_compiled(const licet_policy *policy, const Version *version,
                                       int kind);
/* The digest of the policy's text and vocabulary, for any thread. */
const char *library_digest(const licet_policy *policy);
/* Of what decides by the version (policy/canonical.h); "" where memory ran out. */
const char *library_version_digest(const licet_policy *policy, uint32_t version);
/* Does some version read the fact? */
bool library_reads(const licet_policy *policy, const Fact *fact);

#endif
