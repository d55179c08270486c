/* canonical: one spelling for each JSON value, by RFC 8785 (JSON Canonicalization Scheme), so that
 * a digest is one of what is said and not of how it was typed.
 *
 *     { "b": 1.50, "a": "\u20ac" }    becomes    {"a":"€","b":1.5}
 *
 * Members are sorted by the UTF-16 code units of their keys; numbers are written as ECMAScript
 * writes the nearest double, which is where digits can be lost: JSON_CANONICAL_ROUNDED says so, and
 * a caller that may lose none refuses it (or states such a number as a string).
 */
#ifndef JSON_CANONICAL_H
#define JSON_CANONICAL_H

#include "base/text.h"
#include "json/reader.h"

typedef enum JsonCanonical {
  JSON_CANONICAL_EXACT,
  JSON_CANONICAL_ROUNDED,      /* written; a number has more digits than a double keeps */
  JSON_CANONICAL_REPEATED_KEY, /* nothing is written: two members of one object have the same key */
  JSON_CANONICAL_OUT_OF_RANGE  /* nothing is written: a number that no double comes near */
} JsonCanonical;

/* Adds the value whose tokens json_read gave. The buffer's arena holds the working memory too. */
JsonCanonical json_canonical(Buffer *out, const JsonToken *tokens);

#endif
