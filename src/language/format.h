/* format: the one way a file looks. Two spaces a level, one space between tokens, a colon hugs its
 * left, columns of fact attributes and `ask`-like lines left as they are indented, comments kept,
 * at most one empty line in a row, one newline at the end. Idempotent; never changes the tree. A
 * file with lexical errors is left alone (returns false). */
#ifndef LANGUAGE_FORMAT_H
#define LANGUAGE_FORMAT_H

#include "base/diagnostic.h"

bool format_source(const Source *source, Arena *scratch, Diagnostics *diagnostics, Buffer *out);

#endif
