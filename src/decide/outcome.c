/* The outcome alone, of a text or of tokens: what include/licet/outcome.h promises. */
#include "licet/outcome.h"

#include "decide/session.h"

static licet_status run(licet_session *session, const Task *task, licet_answer *answer) {
  const licet_status status = session_run(session, task);
  const licet_determination *d = &session->determination;
  *answer = (licet_answer){LICET_NO_POLICY, LICET_REASON_NONE, NULL, ""};
  if (status == LICET_OK)
    *answer = (licet_answer){d->outcome, d->reason, d->policy,
                             d->version == NULL ? "" : d->version->digest};
  return status;
}

licet_status licet_decide_outcome(licet_session *session, const char *json, size_t length,
                                  licet_answer *answer) {
  return run(session,
             &(Task){.json = json == NULL ? "" : json, .length = length, .depth = DEPTH_OUTCOME},
             answer);
}

licet_status licet_decide_tokens(licet_session *session, const licet_token *tokens, size_t count,
                                 licet_answer *answer) {
  return run(session, &(Task){.tokens = tokens, .token_count = count, .depth = DEPTH_OUTCOME},
             answer);
}

void licet_session_decide_by(licet_session *session, const licet_policy *policy) {
  session->by = policy;
  session->by_on = DATE_NONE;
}
