/* contrast: what this room shares. */
#ifndef CONTRAST_CONTRAST_H
#define CONTRAST_CONTRAST_H

#include <string.h>

#include "decide/session.h"
#include "suppose/restate.h"

/* A text as JSON, quotes included. */
static inline Text json_text(Arena *arena, Text text) {
  Buffer out;
  buffer_open(&out, arena, text.length + 2);
  buffer_json_string(&out, text);
  buffer_finish(&out);
  return (Text){out.at, (uint32_t)out.length};
}

#endif
