/* files: a folder's policy files as sources, or a diagnostic for each that cannot be read. */
#ifndef LIBRARY_FILES_H
#define LIBRARY_FILES_H

#include "library/library.h"

/* Reads the *.licet files of a folder in the order of their names, or one file and its neighbors.
 * LICET_OK only where all of them were read; else LICET_NOT_FOUND (no such path, or nothing to read
 * there) or LICET_IO, and the diagnostics name each file and say why. */
licet_status read_files(const char *path, Arena *arena, Diagnostics *diagnostics,
                        SourceList *sources);

#endif
