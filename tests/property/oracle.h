/* oracle: what the contract says of a draft, found by trying every completion of what it leaves
 * open.
 *
 * What the draft leaves open are its openings: each fact that is not known, each list that is not
 * whole. A completion picks one item of each; on it the policy is evaluated by walking the outline
 * (subject.h). Everything a determination says is then read off the table of completions, word by
 * word as the contract has it. It is slow, and it should be plain that it is right.
 *
 * Reading order: expect, table_fill, enough.
 */
#ifndef PROPERTY_ORACLE_H
#define PROPERTY_ORACLE_H

#include "request.h"

enum { OPENINGS = 10, OUTCOMES = 32, NODES = 512, SETS = 64 };
#define COMPLETIONS_MOST 12000u

enum {
  ITEM_OPEN = 1,
  ITEM_SUPPLIED = 2,
  ITEM_ATTESTED = 4
}; /* may be the case; may be the answer; is what was attested */

typedef struct Flagged {
  Item item;
  uint8_t flags;
} Flagged;

/* One thing the draft leaves open. */
typedef struct Opening {
  const Use *use;
  uint32_t index; /* in Subject.uses: alphabetical */
  Flagged *items;
  uint32_t count, capacity;
  bool asked;    /* may stand in `missing` */
  bool attested; /* may stand in `documents` */
} Opening;

/* One completion. */
typedef struct Verdict {
  bool possible, referral, not_now;
  uint32_t approvals, routes; /* bits, as Subject.approvals and Subject.routes */
} Verdict;

typedef struct Table {
  const Subject *subject;
  const Item **row; /* of what is known; the openings' places change */
  Opening dims[OPENINGS];
  uint32_t dim_count, size;
  Verdict *verdicts; /* the first dimension's item changes fastest */
} Table;

typedef struct Authorized {
  bool has_length, has_cycles, has_renewals;
  Date end;
  int64_t cycles, renewals;
} Authorized;

/* Sets of facts are bits of Subject.uses. */
typedef struct Expected {
  bool impossible; /* no patient is like that: an error */
  bool too_many;   /* completions; nothing is said */
  licet_outcome outcome;
  const char *reason, *route;
  Text pathway, also_met[OUTCOMES];
  uint32_t also_count;
  bool authorized;
  Authorized authorization;
  uint64_t missing[SETS], documents[SETS];
  uint32_t missing_count, document_count;
  licet_criterion_status status[NODES], literal[NODES];
  uint32_t completions;
} Expected;

typedef enum Evidence {
  AS_GIVEN,
  AS_DOCUMENTED
} Evidence; /* attested facts count; or only documented ones */

bool table_open(Table *t, Arena *arena, const Draft *draft, Evidence evidence);

typedef struct Seen {
  bool yes, no, literal_yes, literal_no;
} Seen;

typedef struct Goal {
  uint32_t approvals, routes; /* one of these */
} Goal;

/* Every way to answer the openings `supplied`, with the `attested` ones as they were attested. */
typedef struct Answers {
  uint8_t *state; /* 1: every completion of the others reaches the goal; 0: there is none; else some
                     does not */
  uint32_t count;
} Answers;

/* Is there an answer that is enough? */
bool enough(const Table *t, Arena *arena, Goal goal, uint32_t supplied, uint32_t attested);

typedef struct DimSets {
  uint32_t items[SETS], count;
} DimSets;

void also_met(Expected *e, Text pathway);

Expected *expect(Arena *arena, const Draft *draft);

#endif
