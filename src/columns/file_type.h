/* foreign: files that are neither NDJSON nor CSV nor columns, known by their first bytes, so that
 * they are refused with a word on what they seem to be instead of one fault a line. */
#ifndef COLUMNS_FILE_TYPE_H
#define COLUMNS_FILE_TYPE_H

#include <stddef.h>

/* What the bytes a file begins with seem to be, and what to do; NULL where nothing speaks against
 * requests. */
const char *foreign_kind(const char *bytes, size_t length);

#endif
