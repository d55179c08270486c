/* request: a request as the generator keeps it (a Draft), and as JSON. */
#ifndef PROPERTY_REQUEST_H
#define PROPERTY_REQUEST_H

#include "values.h"

typedef struct Chance {
  uint64_t state;
} Chance;

uint64_t chance_next(Chance *chance);
uint32_t below(Chance *chance, uint32_t limit);
bool in_100(Chance *chance, uint32_t percent);

/* What a request says of one fact. */
typedef struct Given {
  bool present; /* written at all */
  bool documented;
  bool no_word; /* asserted by someone whose word does not count: it stays not known */
  Item item;
  GivenEntry *entries; /* of a list */
  uint32_t entry_count;
  int complete; /* of a list: what its flag says: 1 yes, 0 no, -1 nothing */
} Given;

typedef struct Draft {
  const Subject *subject;
  Given *uses, *extra; /* as Subject.uses and Subject.extra */
  const Fact *noise;   /* a fact no condition reads, or NULL */
  Item noise_item;
  uint32_t number;
  bool by_id; /* names the policy instead of the payer */
} Draft;

bool is_known(const Given *given);

Draft draft_copy(Arena *arena, const Draft *draft);

enum { MEMBERS_MOST = 128 };

/* The members of an object, each written, put in an order and joined. */
typedef struct Members {
  Text items[MEMBERS_MOST];
  uint32_t count;
} Members;

/* `order` (may be NULL) shuffles the keys of the request, its facts and their evidence; `entries`
 * those of the entries of lists, which the explanation shows as they were written. */
Text draft_json(Arena *arena, const Draft *draft, Chance *order, Chance *entries);

#endif
