/* options: a caller's structure, of whatever size their header gave it, as one of ours. */
#include "base/options.h"

#include <string.h>

bool options_take(void *own, size_t size, const void *given) {
  memset(own, 0, size);
  size_t given_size = size;
  if (given != NULL) {
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < sizeof given_size) return false;
    for (size_t i = size; i < given_size; i++) {
      if (((const unsigned char *)given)[i] != 0) return false;
    }
    memcpy(own, given, given_size < size ? given_size : size);
  }
  memcpy(own, &size, sizeof size);
  return true;
}
