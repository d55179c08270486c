/* reload: how one backend has all others read their policies again.
 *
 * The mark is a small file in the server's data folder. Whoever opens policies notes the mark of
 * that moment; where it is another one at the beginning of a statement, they are read again. This
 * needs no shared memory, so it works whether or not the server preloads licet. */
#ifndef LICET_RELOAD_H
#define LICET_RELOAD_H

#include <postgres.h>

/* 128 random bits; all zero where nobody has reloaded since the server started. */
typedef struct ReloadMark {
  uint8 bytes[16];
} ReloadMark;

ReloadMark reload_mark(void);
bool reload_mark_equal(ReloadMark a, ReloadMark b);
/* A new mark, for every backend to see; also the result. */
ReloadMark reload_mark_renew(void);

#endif
