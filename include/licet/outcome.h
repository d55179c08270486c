/* outcome: the outcome of a request and no more, for whoever asks it of millions: a database, a
 * population.
 *
 * It is the outcome that licet_decide would give, by the same diagram and as exact; what a
 * determination also says (pathway, authorization, missing facts, criteria) is not worked out. The
 * steps left out are most of the time of a request.
 *
 *     licet_answer answer;
 *     if (licet_decide_outcome(session, json, length, &answer) == LICET_OK)
 * puts(licet_outcome_name(answer.outcome));
 */
#ifndef LICET_OUTCOME_H
#define LICET_OUTCOME_H

#include <licet/licet.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct licet_answer {
  licet_outcome outcome;
  licet_reason reason;
  const licet_policy *policy; /* that decided; NULL where none covers the request */
  const char *version_digest; /* of what decided (licet_policy_version_digest), or "" */
} licet_answer;

/* LICET_OK with *answer; or LICET_BAD_REQUEST with every error in licet_session_error_json, as
 * licet_decide. */
LICET_API licet_status licet_decide_outcome(licet_session *session, const char *json, size_t length,
                                            licet_answer *answer);

/* From now on the session decides by this policy, whatever payer or policy its requests name; drug,
 * line and date must still be covered. NULL: as the requests name. Of the session's own library. */
LICET_API void licet_session_decide_by(licet_session *session, const licet_policy *policy);

/* A request that its holder has in another form than text: a row of tokens, in the order of the
 * text. An object or array says where it ends, so that readers can skip it. { "drug": "x",
 * "facts": { "mrd": null } } is
 *
 *     index    0       1     2       3      4       5    6
 *     kind     OBJECT  KEY   STRING  KEY    OBJECT  KEY  NULL
 *     text             drug  x       facts          mrd
 *     end      7       2     3       4      7       6    7
 */
typedef enum licet_token_kind {
  LICET_TOKEN_NULL,
  LICET_TOKEN_FALSE,
  LICET_TOKEN_TRUE,
  LICET_TOKEN_NUMBER,
  LICET_TOKEN_STRING,
  LICET_TOKEN_ARRAY,
  LICET_TOKEN_OBJECT,
  LICET_TOKEN_KEY /* its value follows */
} licet_token_kind;

typedef struct licet_token {
  const char *text; /* strings and keys without quotes or escapes, UTF-8; numbers as decimals in
                       JSON's form */
  const char *raw;  /* what errors tell as found: as it was written, or the text again; not NULL */
  uint32_t length, raw_length; /* in bytes */
  uint32_t end;                /* the index just past the value's last token */
  uint8_t kind;                /* licet_token_kind */
} licet_token;

/* The same as licet_decide_outcome. The row must be well-formed, and stay until the session's next
 * call: that is the caller's to see to. */
LICET_API licet_status licet_decide_tokens(licet_session *session, const licet_token *tokens,
                                           size_t count, licet_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
