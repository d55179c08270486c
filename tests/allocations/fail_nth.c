/* fail_nth: preloaded, it makes the n-th allocation of a process fail, whoever asks: the command,
 * its libraries, the C++ runtime.
 *
 *     LD_PRELOAD=fail_nth.so LICET_FAIL_NTH=120 licet …      the 120th gives NULL, as without
 * memory LD_PRELOAD=fail_nth.so LICET_COUNT_TO=FILE licet …     all succeed; their number is in
 * FILE
 *
 * The allocator behind it is glibc's, by the names under which it is there without being looked up.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong allocations;
static unsigned long failing; /* 0: none */

__attribute__((constructor)) static void begin(void) {
  const char *nth = getenv("LICET_FAIL_NTH");
  if (nth != NULL) failing = strtoul(nth, NULL, 10);
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("LICET_COUNT_TO");
  const unsigned long count = allocations;
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%lu\n", count);
  fclose(file);
}

static int fails(void) {
  if (++allocations != failing) return 0;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t size) { return fails() ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return fails() ? NULL : __libc_calloc(count, size); }
void *realloc(void *memory, size_t size) { return fails() ? NULL : __libc_realloc(memory, size); }
void *memalign(size_t alignment, size_t size) {
  return fails() ? NULL : __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **memory, size_t alignment, size_t size) {
  void *made = memalign(alignment, size);
  if (made == NULL) return ENOMEM;
  *memory = made;
  return 0;
}
