/* ledger: the events of a case as a chain of digests.
 *
 * An event is one line of a case's history; nothing else changes a case. Its digest is the SHA-256
 * of its head, a canonical JSON object (RFC 8785) that anyone can write and hash again:
 *
 *     {"actor":"dr-lee","case":"c-…","instant":"2026-11-02T15:04:00.123Z","number":3,
 *      "payload":"<SHA-256 of the payload>","previous":"<digest of event 2, or null>",
 *      "role":"physician","type":"denied"}
 *
 * The payload is canonical JSON of its own and enters by its digest, so that contents can be
 * removed when their time has come while the chain still verifies.
 *
 *     event 1          event 2          event 3
 *     previous null    previous d1      previous d2       numbers have no gap,
 *     digest   d1 ---> digest   d2 ---> digest   d3       instants never go back
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include "base/text.h"

#define DIGEST_BYTES 32
#define DIGEST_DIGITS 64

typedef struct Digest {
  uint8_t bytes[DIGEST_BYTES];
} Digest;

typedef struct Event {
  Text case_id;
  int64_t number;  /* 1, 2, ... in the case */
  int64_t instant; /* milliseconds since 1970 UTC */
  Text type;       /* "submitted", ... */
  Text actor;      /* the name of an account, "engine" or "clock" */
  Text role;       /* that the actor acted in */
  int64_t account; /* 0: no account, the engine or the clock */
  Text payload;    /* canonical JSON */
  int64_t place;   /* in the ledger, over all cases: 1, 2, ...; 0 before it is appended */
  Digest previous; /* of the event before; zeros for the first */
  Digest digest;
} Event;

typedef LIST(Event) Events;

Digest digest_of(const void *bytes, size_t length);
/* 64 hexadecimal digits and a zero byte. */
void digest_write(Digest digest, char out[DIGEST_DIGITS + 1]);
bool digest_read(Text digits, Digest *digest);
bool digest_equal(Digest a, Digest b);

/* "2026-11-02T15:04:00.123Z" in the arena, and back from RFC 3339 in any zone. */
Text instant_text(Arena *arena, int64_t instant);
bool instant_parse(Text text, int64_t *instant);
/* Now. */
int64_t instant_now(void);

/* Makes the event the one after `before` (NULL: the first of its case): number, instant, previous
 * and digest. An instant earlier than that of `before` becomes its. */
void ledger_link(Arena *scratch, Event *event, const Event *before);

/* The digest computed from the contents of the event; the one it states is not read. */
Digest ledger_digest(Arena *scratch, const Event *event);

/* What is wrong with an event, as a link behind `before`; NULL where nothing is. */
const char *ledger_fault(Arena *scratch, const Event *event, const Event *before);

/* `text`, one JSON document, in canonical form. NULL text and why (static text) where it has none:
 * a key that is given twice, a number that would lose digits. */
Text ledger_canonical(Arena *arena, Text text, const char **why);

#endif
