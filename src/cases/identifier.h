/* identifier: names that the service gives. */
#ifndef CASES_IDENTIFIER_H
#define CASES_IDENTIFIER_H

#include "base/text.h"

/* "c-" and 16 characters: 48 bits of time, then 32 random bits, in Crockford's base 32, so that ids
 * sort by receipt and cannot be guessed from one another. */
Text identifier_of_case(Arena *arena, int64_t instant);
/* "A-" and 10 random characters, to be read over the phone. */
Text identifier_of_authorization(Arena *arena);

#endif
