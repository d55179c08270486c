/* bits: sets of up to 64 things as the bits of a word. */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdint.h>

/* The first `count` of them: all where there are 64. */
static inline uint64_t bits_all(uint32_t count) {
  return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

#endif
