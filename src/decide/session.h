/* session: what one thread needs to decide, and the determination it last came to.
 *
 * One arena holds everything of one request and is reset by the next; reading, binding and deciding
 * fill the structures below in this order.
 */
#ifndef DECIDE_SESSION_H
#define DECIDE_SESSION_H

#include "decide/determination.h"

/* Three arenas, by how long their contents hold:
 *
 *     arena        a request: its facts' texts, cells, determination, explanation, JSON
 *                      until the session's next call
 *     case_arena   a case of licet_check_case and what differs from it, while requests come and go
 *                      until the session's next case
 *     kept         rows of facts, one a vocabulary; the diagram's scratch; answers it remembers
 *                      until the session is closed, or memory ran out in it
 */
struct licet_session {
  const licet_library *library;
  Voucher voucher;
  bool digests_requests;
  const licet_policy *by; /* decides whatever a request names; NULL: as it names */
  Date by_on;             /* by its version on this day; DATE_NONE: on the day received */
  Arena arena;            /* of the request */
  Arena kept;             /* of the session: scratch tables */
  JsonReader *reader;
  DiagramScratch *scratch;
  Facts *facts; /* per vocabulary of the library: cleared fact by fact between requests */
  RequestErrors request_errors;
  Buffer errors;
  licet_determination determination;
  const JsonToken *tokens;
  uint32_t token_count;
  bool lacks_memory; /* for something that was shown */
  Arena case_arena;  /* of licet_check_case, which decides in between */
  JsonReader *case_reader, *answer_reader;
};

/* The steps of licet_decide; each may be timed alone (bench/). */
bool session_read(licet_session *session, const char *json, size_t length);
bool session_bind(licet_session *session);
void session_decide(licet_session *session);
void session_explain(licet_session *session);
void session_write(licet_session *session);
/* All but reading: for a request that is already tokens (a case's). False: errors. */
bool session_request(licet_session *session, const JsonToken *tokens, uint32_t count);
void session_begin(licet_session *session);
/* The request's facts by another vocabulary than its policy's, or its policy's again. */
void session_read_facts(licet_session *session, const Vocabulary *vocabulary);
/* Runs `work` under a guard of the session's arenas. False: memory ran out, and the session is
 * ready for another call. */
bool session_attempt(licet_session *session, void (*work)(void *context), void *context);
void session_write_errors(licet_session *session);
/* In place of deciding, explaining and writing: the outcome and its reason, without what answers
 * are reported by. */
void session_decide_outcome(licet_session *session);

/* How much is to be said of a request. An interview needs to know what is open, not yet what
 * follows. */
typedef enum Depth {
  DEPTH_DETERMINATION,
  DEPTH_ANSWER,  /* all of it but the criteria, and not written */
  DEPTH_OUTCOME, /* with its reason, without what answers are reported by */
  DEPTH_CRITERIA /* not decided: what the facts leave open, and every criterion's status */
} Depth;

/* A request as a text, or as tokens where `json` is NULL. */
typedef struct Task {
  const char *json;
  size_t length;
  const licet_token *tokens;
  size_t token_count;
  Depth depth;
} Task;
/* All steps: LICET_OK with session->determination, or LICET_BAD_REQUEST with the errors, or
 * LICET_NO_MEMORY. */
licet_status session_run(licet_session *session, const Task *task);

#endif
