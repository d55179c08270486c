/* code: codes of clinical systems (ICD-10-CM, HCPCS, NDC, …) in one normal form, for the policy and
 * for the request.
 *
 * A code is met however it is written: letters in either case, with or without its dots and
 * hyphens. An NDC is eleven digits in normal form, as on claims: 55513-160-01 and 55513-0160-01 are
 * 55513016001. Ten digits without hyphens are taken as 4-4-2 where the labeler begins with 0, else
 * as 5-3-2.
 */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include "base/text.h"

#define CODE_LONGEST 24 /* characters, as written */

/* The code in normal form, in `arena`. False, and nothing written, where it does not have the shape
 * of its system. */
bool code_normal(Arena *arena, Text system, Text written, Text *normal);
/* May codes of the system be listed as a range? */
bool code_is_ordered(Text system);

/* The codes of a system in order, for whoever tries one code of each kind: the first; and the first
 * that comes after `code` and all that begin with it. Length 0 where there is none. */
Text code_first(Arena *arena, Text system);
Text code_after(Arena *arena, Text system, Text code);

#endif
