/* reject: a bad record, as the rejects file has it and as a strict run reports it. Both say the
 * same of a request with errors and of a record that is not a request.
 *
 *     NDJSON   {"line":3,"request":"R-7","errors":[{"field":…,…},…],"input":"…"}
 *     CSV      line,column,request,code,field,found,expected,nearest,input      a record for each
 * error
 */
#ifndef BULK_REJECT_H
#define BULK_REJECT_H

#include "decide/session.h"
#include "licet/bulk.h"

typedef struct Rejected {
  uint64_t line;
  Text input; /* as it was read; of a column file, the request put together again */
} Rejected;

/* The first record of a CSV file of rejects. */
extern const char reject_csv_heading[];

/* Of the request that the session read last; until it reads another. */
void reject_write_request(licet_session *session, const Rejected *rejected,
                          licet_bulk_format format, Buffer *out);
/* Of a record that cannot be understood as a request. */
void reject_write_record(const char *message, const Rejected *rejected, licet_bulk_format format,
                         Buffer *out);

/* For people: "line 3: facts.lineage: found …, expected …". */
const char *reject_report_request(licet_session *session, uint64_t line, Arena *arena);
const char *reject_report_record(const char *message, uint64_t line, Arena *arena);

#endif
