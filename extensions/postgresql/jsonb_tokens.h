/* jsonb_tokens: a jsonb value in place as the row of tokens that licet_decide_tokens takes. */
#ifndef LICET_JSONB_TOKENS_H
#define LICET_JSONB_TOKENS_H

#include <postgres.h>
#include <utils/jsonb.h>

#include <licet/outcome.h>

enum { SMALL_NUMBERS = 64, SMALL_DIGITS = 4 };

/* Grows to the largest request a backend reads and stays; made in TopMemoryContext. */
typedef struct TokenRow {
  licet_token *tokens;
  uint32 count, capacity;
  uint32 digits; /* of numbers that are not small */
  uint32 small_count;
  char small[SMALL_NUMBERS][SMALL_DIGITS];
} TokenRow;

/* False where the request is beyond what a request may be (size, depth, number of values): its text
 * is to be decided instead, whose reader says which. Texts point into `request`; those of numbers
 * are made in the current memory context. */
bool jsonb_tokens(const Jsonb *request, TokenRow *row);

#endif
