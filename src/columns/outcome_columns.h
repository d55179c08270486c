/* outcome_columns: outcomes as a column file.
 *
 * Workers write a line for each outcome, shaped like a request
 * ({"id":"A-1","facts":{"line":1,"outcome":"pend",…}}); here the lines become rows of segments.
 * What an outcome does not have is left out, and so has code 0.
 */
#ifndef COLUMNS_OUTCOME_COLUMNS_H
#define COLUMNS_OUTCOME_COLUMNS_H

#include "columns/builder.h"

typedef struct OutcomeColumns OutcomeColumns;

/* Writes to `fd`, which stays the caller's. NULL where memory is short or writing failed (errno).
 */
OutcomeColumns *outcome_columns_open(const licet_library *library, int fd);
/* Whole lines. False where memory is short or writing failed (errno). */
bool outcome_columns_add(OutcomeColumns *outcomes, const char *lines, size_t length);
/* The last segment and the end, without which the file is refused. */
bool outcome_columns_finish(OutcomeColumns *outcomes);
void outcome_columns_close(OutcomeColumns *outcomes);

#endif
