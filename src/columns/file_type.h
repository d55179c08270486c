/* file_type: files that are neither NDJSON nor CSV nor columns, known by their first bytes, so that
 * they are refused with what they seem to be and what to do, instead of one error a line. */
#ifndef COLUMNS_FILE_TYPE_H
#define COLUMNS_FILE_TYPE_H

#include <stddef.h>

/* What the bytes a file begins with seem to be, and what to do; NULL where nothing speaks against
 * requests. */
const char *kind_not_read(const char *bytes, size_t length);

/* What is wrong with NDJSON that begins like this, and the remedy: one JSON array, or requests of
 * several lines each. NULL: nothing. */
const char *json_layout(const char *bytes, size_t length);
/* Why a file of this name is not written, and the remedy; NULL where it is: names that end as files
 * of a kind that licet does not write (".gz", ".parquet"). */
const char *ending_not_written(const char *path);

#endif
