/* parse: text to tree. Reports every mistake of the file in one run; a broken line is passed over,
 * its children are still read.
 *
 * The result is never NULL, but may be partly empty where there were errors: callers look at
 * `diagnostics->errors`.
 */
#ifndef LANGUAGE_PARSE_H
#define LANGUAGE_PARSE_H

#include "language/syntax.h"

FileSyntax *parse_file(const Source *source, Arena *arena, Diagnostics *diagnostics);

#endif
