/* request: a request's JSON as facts of a vocabulary, or every error it has.
 *
 *     head.c      who asks which payer for which drug, and when            → Request
 *     facts.c     the facts: each by its name, settled, held together    → Facts
 *       entries.c   the shapes of a fact: evidence around it, lists, series
 *       values.c    a single value: a choice, a day, an amount, a name
 *     errors.c    what is wrong, and where                               → RequestErrors
 *
 * Nothing is guessed: a fact that nobody declared, a value outside its type, a unit of another
 * dimension, a day that does not exist, a key that nobody knows: each is an error with its JSON
 * pointer, what was found and what was expected.
 */
#ifndef REQUEST_REQUEST_H
#define REQUEST_REQUEST_H

#include "policy/evaluate.h"
#include "request/errors.h"

typedef struct Request {
  Text id, id_raw; /* raw: as written, for echoing; empty where absent */
  Text policy, payer, drug;
  int line, kind, urgency; /* -1 where absent or not understood */
  Date received, start;    /* start: the received date where none is given */
  const JsonToken *facts;  /* the token of the facts object, or NULL */
  Text kind_raw, line_raw, drug_raw, urgency_raw, received_raw, start_raw; /* as written */
} Request;

/* Reads what is not facts. Never stops at an error. `policy`: the id to decide by, regardless of
 * what the request names; empty: what it names.
 */
void request_read_head(Request *request, const JsonToken *tokens, uint32_t count,
                       const Vocabulary *builtin, Text policy, RequestErrors *errors);

/* Whose word a request is. The bytes of a requester can claim any `source`; only what the plan
 * itself vouches for is believed when it names a reviewer or the plan's records. */
typedef enum Voucher { VOUCHER_REQUESTER, VOUCHER_PLAN } Voucher;

/* Reads the facts into `facts->values` (zeroed, one per fact of the vocabulary) and fills the
 * built-in ones; `not_counted` gets facts asserted by someone whose word does not count for them.
 */
typedef LIST(const Fact *) NotCounted;
void request_read_facts(const Request *request, const JsonToken *tokens, Voucher voucher,
                        Facts *facts, NotCounted *not_counted, RequestErrors *errors);

/* The same for one fact alone, whose value is tokens[0]; and what follows for facts not given, and
 * for lists, once all are read. */
void request_read_fact(const Fact *fact, const JsonToken *tokens, Voucher voucher, Facts *facts,
                       NotCounted *not_counted, RequestErrors *errors);
void request_settle(Facts *facts);

#endif
