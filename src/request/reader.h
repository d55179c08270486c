/* reader: what the readers of one request's facts share; between the files of this room. */
#ifndef REQUEST_READER_H
#define REQUEST_READER_H

#include "request/request.h"

typedef struct RequestReader {
  const JsonToken *tokens;
  Voucher voucher;
  Facts *facts; /* what is read goes here */
  NotCounted *not_counted;
  RequestErrors *errors;
} RequestReader;

/* The element or key behind `token`, with all that is inside it. */
static inline const JsonToken *token_after(const RequestReader *reader, const JsonToken *token) {
  return reader->tokens + token->end;
}

/* ---- values.c: a single value; false, and an error, where it is none ---- */

bool request_read_choice(const Type *type, const JsonToken *token, const RequestPlace *place,
                         RequestErrors *errors, uint32_t *choice);
bool request_read_date(const JsonToken *token, const RequestPlace *place, RequestErrors *errors,
                       Date *date);
bool request_read_length(const JsonToken *token, const RequestPlace *place, RequestErrors *errors,
                         Span *span);
bool request_read_quantity(const Fact *fact, const JsonToken *token, const RequestPlace *place,
                           RequestErrors *errors, Amount *amount);
bool request_is_positive(Amount amount, const JsonToken *token, const RequestPlace *place,
                         RequestErrors *errors);
/* Of a type alone, without a range: above 0. */
bool request_read_positive(const Type *type, const JsonToken *token, const RequestPlace *place,
                           RequestErrors *errors, Amount *amount);
bool request_read_code(const Type *type, const JsonToken *token, const RequestPlace *place,
                       RequestErrors *errors, Text *code);
/* A text that is not empty, without white space around it: it would be another text. */
bool request_read_text(const JsonToken *token, const char *expected, const RequestPlace *place,
                       RequestErrors *errors);
bool request_read_name(const JsonToken *token, const Vocabulary *vocabulary,
                       const RequestPlace *place, RequestErrors *errors);
/* Supplier + 1, or 0. */
uint8_t request_read_source(const JsonToken *token, const RequestPlace *place,
                            RequestErrors *errors);
/* Empty where there is no document; a blank one is none. */
Text request_read_document(const JsonToken *token, const RequestPlace *place,
                           RequestErrors *errors);
bool request_read_set(const RequestReader *reader, const Type *type, const JsonToken *token,
                      const RequestPlace *place, uint64_t *members);

static inline int find_choice(const Type *type, Text word) {
  for (uint32_t i = 0; i < type->value_count; i++) {
    if (text_equal(type->values[i], word)) return (int)i;
  }
  return -1;
}

/* ---- entries.c: objects and arrays of objects ---- */

/* { "value": …, "document": …, "date": …, "source": … }: the value's token, or NULL where there is
 * none. What stands around it goes into `value`. */
const JsonToken *request_read_evidence(const RequestReader *reader, const JsonToken *object,
                                       const RequestPlace *place, FactValue *value);
bool request_read_list(const RequestReader *reader, const Fact *fact, const JsonToken *token,
                       const RequestPlace *place, FactValue *value);
bool request_read_series(const RequestReader *reader, const Fact *fact, const JsonToken *token,
                         const RequestPlace *place, FactValue *value);

#endif
