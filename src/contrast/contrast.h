/* contrast: what this room shares. */
#ifndef CONTRAST_CONTRAST_H
#define CONTRAST_CONTRAST_H

#include <string.h>

#include "decide/session.h"
#include "suppose/restate.h"

/* keep.c: what a determination says, copied, so that the session may continue. */
typedef LIST(const char *const *) SetList;
const char *keep(Arena *arena, const char *text); /* NULL stays NULL */
const char *keep_text(Arena *arena, Text text);
licet_authorization keep_authorization(Arena *arena, const licet_determination *determination);
void keep_sets(Arena *arena, const licet_determination *determination, SetList *sets,
               const char *const *(*get)(const licet_determination *, size_t));
static inline const char *const *set_at(const SetList *sets, size_t index) {
  return index < sets->count ? sets->items[index] : NULL;
}

#endif
