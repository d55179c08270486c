/* refusal: see refusal.h. */
#include "cases/refusal.h"

#include "base/unreachable.h"

static const struct {
  int status;
  const char *name, *title;
} kinds[] = {
    {200, "", ""},
#define REFUSAL(symbol, status, name, title) {status, name, title},
#include "cases/refusal.def"
#undef REFUSAL
};

int refusal_http_status(RefusalKind kind) { return kinds[kind].status; }
const char *refusal_name(RefusalKind kind) { return kinds[kind].name; }
const char *refusal_title(RefusalKind kind) { return kinds[kind].title; }

bool refuse(Refusal *refusal, RefusalKind kind, const char *detail) {
  refusal->kind = kind;
  refusal->detail = detail;
  return false;
}

bool refuse_at(Arena *arena, Refusal *refusal, const char *pointer, Text found,
               const char *expected) {
  const Fault fault = {.pointer = pointer,
                       .found = arena_copy(arena, found.length > 0 ? found.at : "", found.length),
                       .expected = expected,
                       .nearest = ""};
  LIST_PUSH(arena, refusal->errors, fault);
  refusal->kind = REFUSAL_INVALID;
  return false;
}

bool refuse_status(Refusal *refusal, StoreStatus status) {
  switch (status) {
    case STORE_OK:
      return true;
    case STORE_NOT_FOUND:
      return refuse(refusal, REFUSAL_NOT_FOUND, NULL);
    case STORE_STALE:
      return refuse(refusal, REFUSAL_STALE, "Read the case again, then decide.");
    case STORE_TAKEN:
      return refuse(refusal, REFUSAL_CONFLICT, "The name exists already.");
    case STORE_REFUSED:
      return refuse(refusal, REFUSAL_FORBIDDEN, NULL);
    case STORE_FAILED:
      return refuse(refusal, REFUSAL_UNAVAILABLE, NULL);
  }
  UNREACHABLE();
}
