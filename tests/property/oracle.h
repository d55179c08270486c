/* oracle: what the contract says of a draft, found by trying every completion of what it leaves open.
 *
 * What the draft leaves open are dimensions: each fact that is not known, each list that is not whole. A completion picks one item of each; the policy
 * is evaluated on it by walking the outline (subject.h). Everything a determination tells is then read off the table of completions, word by word as the
 * contract has it. It is slow, and it should be plain that it is right.
 */
#ifndef PROPERTY_ORACLE_H
#define PROPERTY_ORACLE_H

#include "request.h"

enum { DIMENSIONS = 16, OUTCOMES = 32, NODES = 512, SETS = 64, COMPLETIONS_MOST = 400000 };

/* One thing the draft leaves open. */
typedef struct Dimension {
  const Use *use;
  uint32_t index;      /* of the use */
  Item *items;
  uint8_t *flags;      /* per item */
  uint32_t count;
  bool asked;          /* it may be named in `missing` */
  bool attested;       /* it may be named in `documents` */
} Dimension;
enum { ITEM_OPEN = 1, ITEM_SUPPLIED = 2, ITEM_ATTESTED = 4 }; /* may be the case; may be the answer; is what was attested */

typedef struct Verdict {
  bool possible, referral, not_now;
  uint32_t approvals, routes; /* bits: Subject.approvals; codes of routes */
  int16_t best;               /* the approval it would be granted */
} Verdict;

typedef struct Table {
  const Subject *subject;
  Dimension dims[DIMENSIONS];
  uint32_t dim_count;
  uint32_t size;
  Verdict *verdicts;
} Table;

typedef struct Granted {
  bool has_length, has_cycles, has_renewals;
  Date end;
  int64_t cycles, renewals;
} Granted;

typedef struct Expected {
  bool impossible; /* the facts contradict each other */
  licet_outcome outcome;
  const char *reason, *pathway, *route;
  const char *also_met[OUTCOMES];
  uint32_t also_count;
  bool granted;
  Granted grant;
  uint32_t missing[SETS], documents[SETS]; /* bits: dimensions of `facts` */
  uint32_t missing_count, document_count;
  const Fact *facts[DIMENSIONS];           /* in alphabetical order */
  licet_criterion_status status[NODES], literal[NODES];
} Expected;

/* ---- Dimensions -------------------------------------------------------------------------------------------------------------------- */

typedef enum Documented { AS_GIVEN, AS_DOCUMENTED } Documented; /* attested facts count; or only documented ones */

static bool is_attested_fact(const Use *use, const Given *given) {
  if (!is_known(given) || given->documented) return false;
  return use->fact->type.kind != TYPE_LIST;
}

/* A field that a request leaves out takes its default where the condition for it certainly holds. */
static GivenEntry with_defaults(const Subject *s, const Fact *fact, const GivenEntry *entry) {
  GivenEntry full = *entry;
  for (uint32_t f = 0; f < fact->field_count; f++) {
    const Field *field = &fact->fields[f];
    if (full.known[f] && field->type.kind == TYPE_ENUMERATION && ((field->not_known >> full.choice[f]) & 1)) full.known[f] = false;
  }
  for (uint32_t f = 0; f < fact->field_count; f++) {
    for (uint32_t d = 0; d < fact->fields[f].defaults.count && !full.known[f]; d++) {
      const FieldDefault *value = &fact->fields[f].defaults.items[d];
      bool certain = true;
      for (uint32_t g = 0; value->where != NULL && g < fact->field_count; g++) certain = certain && (full.known[g] || !entry_reads(value->where, g));
      if (!certain || (value->where != NULL && !entry_holds(value->where, &full))) continue;
      full.known[f] = true;
      full.choice[f] = value->value;
    }
  }
  const uint64_t *left_open = s->model->not_known[fact->index];
  for (uint32_t f = 0; left_open != NULL && f < fact->field_count; f++) {
    if (fact->fields[f].type.kind == TYPE_ENUMERATION && full.known[f] && ((left_open[f] >> full.choice[f]) & 1)) full.known[f] = false;
  }
  return full;
}

/* Every list that what is given of it can turn out to be. */
static ItemList list_completions(Arena *arena, const Subject *s, const Use *use, const Given *given, Documented which) {
  Subject here = *s; /* so that what is added goes to this request's arena */
  here.arena = *arena;
  ItemList lists = {0};
  add_list(&here, &lists, &(Item){.given = true, .documented = true});
  bool whole = use->fact->complete_when == NULL || given->complete == 1;
  for (uint32_t e = 0; e < given->entry_count; e++) {
    if (which == AS_DOCUMENTED && !given->entries[e].documented && !given->documented) {
      whole = false;
      continue;
    }
    ItemList longer = {0};
    GivenEntry entry = with_defaults(s, use->fact, &given->entries[e]);
    for (uint32_t i = 0; i < lists.count; i++) {
      GivenEntry open = entry;
      add_entry(&here, use->fact, &longer, &lists.items[i], &open, 0);
    }
    lists = longer;
  }
  if (!whole) add_any_entries(&here, use->fact, &lists);
  *arena = here.arena;
  return lists;
}

static bool same_counts(const Item *a, const Item *b) { return memcmp(a->counts, b->counts, sizeof a->counts) == 0; }

static void add_item(Arena *arena, Dimension *dim, Item item, uint8_t flags) {
  dim->items = arena_grow(arena, dim->items, dim->count * sizeof *dim->items, (dim->count + 1) * sizeof *dim->items);
  dim->items[dim->count++] = item;
  (void)flags;
}

typedef struct Flagged {
  Item item;
  uint8_t flags;
} Flagged;
typedef LIST(Flagged) FlaggedList;

static void add_flagged(Arena *arena, FlaggedList *list, Item item, uint8_t flags) { LIST_PUSH(arena, *list, ((Flagged){item, flags})); }

/* An unknown fact: any value; and where tests ask whether it is given or documented, that is open too, unless it is supplied. */
static void add_unknown(Arena *arena, FlaggedList *list, const Use *use, const Item *value) {
  for (int given = 1; given >= (use->given ? 0 : 1); given--) {
    for (int documented = 1; documented >= (use->documented ? 0 : 1); documented--) {
      Item item = *value;
      item.given = given;
      item.documented = documented;
      add_flagged(arena, list, item, given && documented ? ITEM_OPEN | ITEM_SUPPLIED : ITEM_OPEN);
    }
  }
}

/* Of values that no test tells apart, now that the other facts are known, one. */
static bool merges(const Subject *s, const Use *use, const Item *a, const Item *b, const Item **row) {
  for (uint32_t i = 0; i < s->approvals.count; i++) { /* a grant shows every value of what it counts */
    for (uint32_t g = 0; g < s->approvals.items[i]->items.count; g++) {
      Facts_ facts = {0};
      Arena *arena = (Arena *)&s->arena;
      read_by_term(arena, s->approvals.items[i]->items.items[g].amount, &facts);
      for (uint32_t f = 0; f < facts.count; f++) {
        if (facts.items[f] == use->fact) return false;
      }
    }
  }
  (void)a;
  (void)b;
  (void)row;
  return false;
}

#endif
