/* reject: a bad record: a line of the rejects file, and what a strict run tells of it. Both say the
 * same of a request that has faults and of a record that is no request. */
#ifndef BULK_REJECT_H
#define BULK_REJECT_H

#include "decide/session.h"

typedef struct Reject {
  uint64_t line;
  Text input;
  Text request_errors; /* {"request":…,"errors":[…]}, as licet_session_error_json has it */
} Reject;

/* Of the request that the session read last; until it reads another. */
Reject reject_request(licet_session *session, uint64_t line, Text input);
/* Of a record that cannot be understood as a request. */
Reject reject_record(const char *message, uint64_t line, Text input, Arena *arena);
void reject_write(const Reject *reject, Buffer *out);

/* For people: "line 3: facts.lineage: found …, expected …". */
const char *reject_report_request(licet_session *session, uint64_t line, Arena *arena);
const char *reject_report_record(const char *message, uint64_t line, Arena *arena);

#endif
