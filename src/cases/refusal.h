/* refusal: why something was not done, for whoever asked. `refusal.def` lists the kinds. */
#ifndef CASES_REFUSAL_H
#define CASES_REFUSAL_H

#include "store/store.h"

typedef enum RefusalKind {
  REFUSAL_NONE,
#define REFUSAL(symbol, status, name, title) REFUSAL_##symbol,
#include "cases/refusal.def"
#undef REFUSAL
} RefusalKind;

/* What is wrong at one place of what was sent. */
typedef struct Fault {
  const char *pointer; /* JSON pointer */
  const char *found, *expected;
  const char *nearest; /* "" where nothing is near */
} Fault;

typedef struct Refusal {
  RefusalKind kind;
  const char *detail; /* one sentence, or NULL */
  LIST(Fault) errors;
} Refusal;

/* All return false, so that a check that fails is one line. */
bool refuse(Refusal *refusal, RefusalKind kind, const char *detail);
/* Adds an error, which makes it REFUSAL_INVALID. */
bool refuse_at(Arena *arena, Refusal *refusal, const char *pointer, Text found,
               const char *expected);
/* What a store's answer that is not STORE_OK means to whoever asked. */
bool refuse_status(Refusal *refusal, StoreStatus status);

int refusal_http_status(RefusalKind kind);
const char *refusal_name(RefusalKind kind);
const char *refusal_title(RefusalKind kind);

#endif
