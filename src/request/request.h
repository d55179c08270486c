/* request: a request's JSON as facts of a vocabulary, or every fault it has.
 *
 * Nothing is guessed: a fact nobody declared, a value outside its type, a unit of another
 * dimension, a day that is none, a key nobody knows: each is a fault with its JSON pointer, what
 * was found and what was expected. All faults are told at once.
 */
#ifndef REQUEST_REQUEST_H
#define REQUEST_REQUEST_H

#include "json/reader.h"
#include "policy/evaluate.h"

typedef struct RequestError {
  Text field;   /* "weight", "prior_therapies[1].outcome", "received" */
  Text pointer; /* "/facts/weight" */
  Text found;   /* as written, cut short */
  Text expected;
  Text nearest; /* a name that exists, or empty */
} RequestError;

typedef struct RequestErrors {
  Arena *arena;
  LIST(RequestError) list;
  uint32_t dropped;
} RequestErrors;

typedef struct Request {
  Text id, id_raw; /* raw: as written, for echoing; empty where absent */
  Text policy, payer, drug;
  int line, kind, urgency; /* -1 where absent or faulty */
  Date received, start;    /* start: the received date where none is given */
  const JsonToken *facts;  /* the token of the facts object, or NULL */
  Text kind_raw, line_raw, drug_raw, urgency_raw, received_raw, start_raw; /* as written */
} Request;

/* Reads what is not facts. Never stops at a fault. `policy`: the id to decide by, whatever the
 * request names; empty: what it names.
 */
void request_read_head(Request *request, const JsonToken *tokens, uint32_t count,
                       const Vocabulary *builtin, Text policy, RequestErrors *request_errors);

/* Reads the facts into `facts->values` (zeroed, one per fact of the vocabulary) and fills the
 * built-in ones; `not_counted` gets facts asserted by someone whose word does not count for them.
 */
typedef LIST(const Fact *) NotCounted;
void request_read_facts(const Request *request, const JsonToken *tokens, Facts *facts,
                        NotCounted *not_counted, RequestErrors *request_errors);

/* The same for one fact alone, whose value is tokens[0]; and what follows for facts not given, and
 * for lists, once all are read. */
void request_read_fact(const Fact *fact, const JsonToken *tokens, Facts *facts,
                       NotCounted *not_counted, RequestErrors *request_errors);
void request_settle(Facts *facts);

RequestError *request_error_add(RequestErrors *request_errors, Text field, Text pointer, Text found,
                                const char *expected, ...) __attribute__((format(printf, 5, 6)));
/* { "request", "errors": [ … ] } */
void request_errors_write(Buffer *out, const RequestErrors *request_errors, Text id_raw);

#endif
