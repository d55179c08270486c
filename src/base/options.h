/* options: structures of options that can grow.
 *
 * Every public structure of options begins with `size_t size`, which its user sets to the sizeof of
 * the structure as their header declares it; zero and NULL in any other member is its default. New
 * members are only ever added at the end. So a program built against an older header leaves out the
 * members that it does not know, and they count as zero; and one built against a newer header is
 * accepted as long as it uses none of the members that this library does not have. (The convention
 * of Linux's clone3 and openat2.)
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* Fills `own`, a structure of `size` bytes, from `given` (NULL: all defaults). False where `given`
 * names no size that can be one, or uses a member that this library does not have. */
bool options_take(void *own, size_t size, const void *given);

#endif
