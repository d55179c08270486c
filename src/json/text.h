/* text: what a token says, as Texts. Apart from reader.h, which C++ reads too. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include "base/text.h"
#include "json/reader.h"

/* A string or key without quotes and escapes; else as written. */
static inline Text token_text(const JsonToken *token) { return (Text){token->text, token->length}; }
static inline Text token_raw(const JsonToken *token) {
  return (Text){token->raw, token->raw_length};
}

#endif
