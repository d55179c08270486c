/* restate: the same request with something changed, as text.
 *
 * What is supposed is always decided the way a request is: it is written out and goes through
 * licet_decide. So nothing that explains or suggests can result in another answer than the one a
 * requester would get.
 */
#ifndef SUPPOSE_RESTATE_H
#define SUPPOSE_RESTATE_H

#include "json/text.h"
#include "policy/model.h"

/* A member of the request, or a fact, by name; `json` empty: left out. */
typedef struct Restated {
  Text name, json;
} Restated;

typedef struct Restatement {
  const Restated *head; /* policy, line, … */
  uint32_t head_count;
  const Restated *facts; /* a fact that had evidence keeps it around its new value, unless that
                            comes with its own ({"value":…}) */
  uint32_t fact_count;
} Restatement;

/* `tokens` are those of a request whose head could be read. Members that are not there yet come
 * last. The text lives in `arena`. */
Text restate(Arena *arena, const JsonToken *tokens, const Restatement *changes);

/* A judgment counts from a reviewer, the plan's record from the plan: `value` as theirs. */
Text supplied_json(Arena *arena, const Fact *fact, Text value);

/* The value of a member of an object, or NULL. */
const JsonToken *token_member(const JsonToken *tokens, const JsonToken *object, Text name);

#endif
