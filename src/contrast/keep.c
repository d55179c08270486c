/* keep: copies of what a session lends until its next call.
 *
 * Invariant: a copy holds no pointer into the session; NULL stays NULL. */
#include "contrast/contrast.h"

const char *keep(Arena *arena, const char *text) {
  return text == NULL ? NULL : arena_copy(arena, text, strlen(text));
}

const char *keep_text(Arena *arena, Text text) {
  return arena_copy(arena, text.length == 0 ? "" : text.at, text.length);
}

licet_authorization keep_authorization(Arena *arena, const licet_determination *d) {
  licet_authorization authorization = licet_determination_authorization(d);
  authorization.start = keep(arena, authorization.start);
  authorization.end = keep(arena, authorization.end);
  return authorization;
}

void keep_sets(Arena *arena, const licet_determination *d, SetList *sets,
               const char *const *(*get)(const licet_determination *, size_t)) {
  const char *const *names;
  for (size_t i = 0; (names = get(d, i)) != NULL; i++) {
    size_t count = 0;
    while (names[count] != NULL) count++;
    const char **kept = ARENA_ARRAY(arena, const char *, count + 1);
    for (size_t n = 0; n < count; n++) kept[n] = keep(arena, names[n]);
    LIST_PUSH(arena, *sets, kept);
  }
}
