/* errors: what is wrong with a request, and where.
 *
 *     {"field":"prior_therapies[1].outcome",             a person's name for the place
 *      "pointer":"/facts/prior_therapies/1/outcome",     a program's (RFC 6901)
 *      "found":"\"fialed\"","expected":"failed | intolerant | responded","nearest":"failed"}
 *
 * Reading continues after an error, so all errors are reported at once.
 */
#ifndef REQUEST_ERRORS_H
#define REQUEST_ERRORS_H

#include "json/text.h"
#include "licet/licet.h"

typedef struct RequestError {
  licet_request_error_code code;
  Text field;   /* "weight", "prior_therapies[1].outcome", "received" */
  Text pointer; /* "/facts/weight" */
  Text found;   /* as written, cut short */
  Text expected;
  Text nearest; /* what exists and is near, or empty */
  /* Of a text that is not JSON: where, counted from 1, and the byte, from 0; line 0: of no text. */
  uint32_t line, column, byte;
} RequestError;

typedef struct RequestErrors {
  Arena *arena;
  LIST(RequestError) list;
  uint32_t dropped;
} RequestErrors;

RequestError *request_error_add(RequestErrors *errors, licet_request_error_code code, Text field,
                                Text pointer, Text found, const char *expected, ...)
    __attribute__((format(printf, 6, 7)));
/* { "request", "errors": [ … ] } */
void request_errors_write(Buffer *out, const RequestErrors *errors, Text id_raw);

/* A place in the request, from the inside out. Places live on the stack of the readers; the field's
 * name and the pointer are written out only where there is an error to report.
 *
 *     "/facts/past/1/agent"     {key agent} → {index 1} → {key past, is_fact} → {key facts}
 */
typedef struct RequestPlace {
  const struct RequestPlace *above;
  Text key;      /* of an object's member */
  int64_t index; /* of an array's element; -1 for a member */
  bool is_fact;  /* field names start here */
  bool unnamed;  /* part of the pointer, not of the name: the value that evidence is for */
} RequestPlace;

static inline RequestPlace place_of_key(const RequestPlace *above, Text key) {
  return (RequestPlace){.above = above, .key = key, .index = -1};
}
static inline RequestPlace place_of_element(const RequestPlace *above, int64_t index) {
  return (RequestPlace){.above = above, .index = index};
}

/* What a place should have held, and which error it is that it does not. */
typedef struct Expectation {
  licet_request_error_code code;
  const char *words;
} Expectation;
#define EXPECT(symbol, words) ((Expectation){LICET_ERROR_##symbol, words})

/* `token`: what was found there, or NULL where nothing was. The caller may set `nearest`. */
RequestError *request_error_at(RequestErrors *errors, const RequestPlace *place,
                               const JsonToken *token, Expectation expected);
/* The same, with the nearest of the names that are expected. */
void request_error_nearest(RequestErrors *errors, const RequestPlace *place, const JsonToken *token,
                           Expectation expected, const Text *names, uint32_t count);
/* "red | green | blue" */
const char *request_choices(Arena *arena, const Text *values, uint32_t count);

#endif
