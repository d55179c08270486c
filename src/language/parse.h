/* parse: text to tree. Reports every mistake of the file in one run; a broken line is skipped,
 * its children are still read.
 *
 * The result is never NULL, but may be partly empty where there were errors: callers look at
 * `diagnostics->errors`.
 */
#ifndef LANGUAGE_PARSE_H
#define LANGUAGE_PARSE_H

#include "language/syntax.h"

/* The tree lives in `arena`; what `scratch` holds may be reset afterwards. */
FileSyntax *parse_file(const Source *source, Arena *arena, Arena *scratch,
                       Diagnostics *diagnostics);

#endif
