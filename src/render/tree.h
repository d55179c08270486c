/* tree: a determination for people: what came out, what is still needed, and every criterion with
 * what it rests on. */
#ifndef RENDER_TREE_H
#define RENDER_TREE_H

#include <licet/dose.h>

#include "render/terminal.h"

/* The library is the one the session decides with: it knows the questions that belong to what is
 * missing. */
void tree_write(Terminal *terminal, const licet_library *library,
                const licet_determination *determination);

/* "18 months", "1 month" … */
void put_count(Terminal *terminal, long count, const char *plural);

#endif
