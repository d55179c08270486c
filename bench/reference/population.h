/* population: requests of all policies of a library, as the property tests generate them: each is
 * meant for one policy, its facts climb towards one of that policy's outcomes, and a few are wrong,
 * left out or without a document. */
#ifndef REFERENCE_POPULATION_H
#define REFERENCE_POPULATION_H

#include "columns/builder.h"

/* Adds `rows` requests. The same seed gives the same requests. */
void population_add(const licet_library *library, Builder *builder, uint32_t rows, uint64_t seed);

#endif
