/* outcome_line: the outcome of one request by one policy, as a line of NDJSON, a record of CSV or a
 * row of a column file.
 *
 * A line is the request's line number and id, then all that the verdict says:
 *
 *     {"line":1,"request":"O-001"  ,"policy":"OHSU-0382",…,"pathway":"adult.A5"}
 *     └── of the request ────────┘└── the tail: of the verdict, written once per verdict ──┘
 */
#ifndef BULK_OUTCOME_LINE_H
#define BULK_OUTCOME_LINE_H

#include "json/reader.h"
#include "licet/bulk.h"
#include "vector/plan.h"

typedef struct OutcomeLines {
  const Plan *plan;
  licet_bulk_format format;
  Arena *arena;                        /* of the tails */
  JsonReader *reader;                  /* of ids with escapes */
  LIST(Text) tails[PLAN_TARGETS_MOST]; /* by number of the verdict */
} OutcomeLines;

typedef struct OutcomeLine {
  uint64_t line;
  Text id; /* a JSON string as the request has it, or empty */
  uint32_t target;
  uint16_t number; /* of the verdict; the same number is the same verdict */
  const BulkVerdict *verdict;
} OutcomeLine;

/* False where memory is short. The arena outlives the lines. */
bool outcome_lines_open(OutcomeLines *lines, const Plan *plan, licet_bulk_format format,
                        Arena *arena);
void outcome_lines_close(OutcomeLines *lines);
void outcome_line_write(OutcomeLines *lines, const OutcomeLine *line, Buffer *out);

#endif
