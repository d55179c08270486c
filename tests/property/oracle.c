/* Every completion of a draft is evaluated, and what the contract says is read off the table:
 * exhaustive enumeration, bounded by COMPLETIONS_MOST. Slow, and plainly right. */
#include "oracle.h"

/* ---- Lists ---- */

static bool fields_known(const GivenEntry *entry, const Condition *condition, uint32_t fields) {
  bool known = true;
  for (uint32_t f = 0; f < fields; f++)
    known = known && (entry->known[f] || !entry_reads(condition, f));
  return known;
}

/* What an entry says: some values mean "not known", here or in this policy, and a field left out
 * may have a default. */
static GivenEntry entry_as_read(const Subject *s, const Fact *fact, const GivenEntry *entry) {
  GivenEntry full = *entry;
  const uint64_t *open_here = s->model->not_known[fact->index];
  for (uint32_t f = 0; f < fact->field_count; f++) {
    if (fact->fields[f].type.kind == TYPE_ENUMERATION &&
        ((fact->fields[f].not_known >> full.choice[f]) & 1))
      full.known[f] = false;
    for (uint32_t d = 0; d < fact->fields[f].defaults.count && !full.known[f]; d++) {
      const FieldDefault *value = &fact->fields[f].defaults.items[d];
      if (value->where != NULL && !(fields_known(&full, value->where, fact->field_count) &&
                                    entry_holds(value->where, &full)))
        continue;
      full.known[f] = true;
      full.choice[f] = value->value;
    }
  }
  for (uint32_t f = 0; open_here != NULL && f < fact->field_count; f++) {
    if (fact->fields[f].type.kind == TYPE_ENUMERATION && ((open_here[f] >> full.choice[f]) & 1))
      full.known[f] = false;
  }
  return full;
}

static bool list_whole(const Use *use, const Given *given) {
  return use->fact->complete_when == NULL || given->complete == 1;
}

static bool entry_counts(const Given *given, uint32_t entry, Evidence evidence) {
  return evidence == AS_GIVEN || given->documented || given->entries[entry].documented;
}

/* Every list that what is given of it can turn out to be. */
static ItemList list_completions(Arena *arena, const Subject *s, const Use *use, const Given *given,
                                 Evidence evidence) {
  ItemList lists = {0};
  bool whole = list_whole(use, given);
  add_list(arena, &lists, &(Item){.given = true, .documented = true});
  for (uint32_t e = 0; e < given->entry_count; e++) {
    if (!entry_counts(given, e, evidence)) {
      whole = false;
      continue;
    }
    ItemList longer = {0};
    for (uint32_t i = 0; i < lists.count; i++) {
      GivenEntry entry = entry_as_read(s, use->fact, &given->entries[e]);
      Item list = lists.items[i];
      add_entry(arena, s, use->fact, &longer, &list, &entry, 0);
    }
    lists = longer;
  }
  if (!whole) add_any_entries(arena, s, use->fact, &lists);
  return lists;
}

/* ---- Dimensions ---- */

static void add_flagged(Arena *arena, Opening *dim, Item item, bool given, bool documented,
                        uint8_t flags) {
  if (dim->count == dim->capacity)
    dim->items = list_grow(arena, dim->items, dim->count, &dim->capacity, sizeof *dim->items);
  item.given = given;
  item.documented = documented;
  dim->items[dim->count++] = (Flagged){item, flags};
}

/* An unknown fact has any value; where tests ask whether it is given or documented, that is open
 * too unless it is supplied. */
static void add_open(Arena *arena, Opening *dim, Item value) {
  const Use *use = dim->use;
  add_flagged(arena, dim, value, true, true, ITEM_OPEN | ITEM_SUPPLIED);
  if (use->given) add_flagged(arena, dim, value, false, true, ITEM_OPEN);
  if (use->documented) add_flagged(arena, dim, value, true, false, ITEM_OPEN);
  if (use->given && use->documented) add_flagged(arena, dim, value, false, false, ITEM_OPEN);
}

static bool others_known(const Facts_ *facts, const Fact *self, const Item *const *row) {
  bool known = true;
  for (uint32_t i = 0; i < facts->count; i++)
    known = known && (facts->items[i] == self || row[facts->items[i]->index] != NULL);
  return known;
}

/* Does some test that can be answered distinguish them, or is there one that cannot be answered
 * yet?
 */
static bool apart_here(const Table *t, Arena *arena, const Use *use, const Item *a, const Item *b) {
  bool apart = use->counted && !same_value(a, b);
  for (uint32_t i = 0; i < use->tests.count && !apart; i++) {
    Facts_ facts = {0};
    read_by(arena, use->tests.items[i], &facts);
    if (!others_known(&facts, use->fact, t->row)) {
      apart = !same_value(a, b);
      continue;
    }
    t->row[use->fact->index] = a;
    bool first = holds(t->subject, use->tests.items[i], t->row);
    t->row[use->fact->index] = b;
    apart = holds(t->subject, use->tests.items[i], t->row) != first;
  }
  t->row[use->fact->index] = NULL;
  return apart;
}

/* Where a test sets the fact against others that are known, the values around their results. */
static void add_around(Table *t, Arena *arena, const Use *use, ItemList *values) {
  for (uint32_t i = 0; i < use->tests.count; i++) {
    const Condition *test = use->tests.items[i];
    Facts_ facts = {0};
    read_by(arena, test, &facts);
    if (!others_known(&facts, use->fact, t->row)) continue;
    for (int side = 0; side < 2 && test->kind == CONDITION_COMPARE; side++) {
      const Term *own = side ? test->right : test->left, *other = side ? test->left : test->right;
      if (own->kind != TERM_FACT || own->fact != use->fact) continue;
      Number number = number_of(other, t->row);
      for (int step = -1; step <= 1 && !number.none; step++) {
        Item item = {.amount = number.amount + step, .date = (Date)(number.amount + step)};
        if (use->fact->type.kind == TYPE_DATE) item.amount = 0;
        if (use->fact->type.kind == TYPE_QUANTITY) item.date = 0;
        Amount low, high;
        fact_bounds(use->fact, &low, &high);
        bool fits =
            use->fact->type.kind == TYPE_DATE || (item.amount >= low && item.amount <= high &&
                                                  use->fact->type.dimension != DIMENSION_COUNT);
        if (fits) LIST_PUSH(arena, *values, item);
      }
    }
    if (test->kind != CONDITION_REACHED || test->left->kind != TERM_FROM_TO) continue;
    bool is_from = test->left->a->fact == use->fact;
    const Term *other = is_from ? test->left->b : test->left->a;
    Span span = test->right->span;
    Number number = number_of(other, t->row);
    for (int step = -2; step <= 2 && !number.none; step++) {
      Date day =
          date_add((Date)number.amount, is_from ? (Span){-span.months, -span.days} : span) + step;
      LIST_PUSH(arena, *values, ((Item){.date = day}));
    }
  }
}

static void add_joint(Table *t, Arena *arena, Opening *dim) {
  const Use *use = dim->use;
  ItemList values = {0};
  for (uint32_t i = 0; i < use->values.count; i++) LIST_PUSH(arena, values, use->values.items[i]);
  add_around(t, arena, use, &values);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < values.count; i++) {
    bool known = false;
    for (uint32_t j = 0; j < kept && !known; j++)
      known = !apart_here(t, arena, use, &values.items[j], &values.items[i]);
    if (!known) values.items[kept++] = values.items[i];
  }
  for (uint32_t i = 0; i < kept; i++) add_open(arena, dim, values.items[i]);
}

static void add_values(Table *t, Arena *arena, Opening *dim) {
  if (dim->use->joint) {
    add_joint(t, arena, dim);
    return;
  }
  for (uint32_t i = 0; i < dim->use->values.count; i++)
    add_open(arena, dim, dim->use->values.items[i]);
}

static Opening *opening_new(Table *t, uint32_t index) {
  if (t->dim_count == OPENINGS) return NULL;
  Opening *dim = &t->dims[t->dim_count++];
  *dim = (Opening){.use = &t->subject->uses.items[index], .index = index};
  dim->asked = dim->use->fact->supplier != SUPPLIER_REVIEWER;
  return dim;
}

static Item *keep_item(Arena *arena, Item item, bool documented) {
  Item *kept = ARENA_NEW(arena, Item);
  *kept = item;
  kept->given = true;
  kept->documented = documented;
  return kept;
}

static void flag_lists(Arena *arena, Opening *dim, const ItemList *lists, uint8_t flags) {
  for (uint32_t i = 0; i < lists->count; i++) {
    Flagged *found = NULL;
    for (uint32_t j = 0; j < dim->count; j++) {
      if (memcmp(dim->items[j].item.counts, lists->items[i].counts,
                 sizeof lists->items[i].counts) == 0)
        found = &dim->items[j];
    }
    if (found != NULL) {
      found->flags |= flags;
    } else {
      add_flagged(arena, dim, lists->items[i], true, true, flags);
    }
  }
}

static bool list_attested(const Given *given) {
  bool attested = false;
  for (uint32_t e = 0; e < given->entry_count; e++)
    attested = attested || !entry_counts(given, e, AS_DOCUMENTED);
  return attested;
}

/* A list that is given: open where entries may be missing from it or do not say all. */
static bool place_list(Table *t, Arena *arena, uint32_t index, const Given *given,
                       Evidence evidence) {
  const Use *use = &t->subject->uses.items[index];
  ItemList lists = list_completions(arena, t->subject, use, given, AS_GIVEN);
  bool attested = evidence == AS_DOCUMENTED && use->fact->clinical && list_attested(given);
  if (lists.count == 1 && !attested) {
    t->row[use->fact->index] = keep_item(arena, lists.items[0], true);
    return true;
  }
  Opening *dim = opening_new(t, index);
  if (dim == NULL) return false;
  dim->asked = lists.count > 1;
  dim->attested = attested;
  flag_lists(arena, dim, &lists, ITEM_SUPPLIED | ITEM_ATTESTED | (attested ? 0 : ITEM_OPEN));
  if (!attested) return true;
  lists = list_completions(arena, t->subject, use, given, AS_DOCUMENTED);
  flag_lists(arena, dim, &lists, ITEM_OPEN);
  return true;
}

/* A fact that is only attested, where that is not enough. */
static bool place_attested(Table *t, Arena *arena, uint32_t index, const Given *given) {
  Opening *dim = opening_new(t, index);
  if (dim == NULL) return false;
  dim->asked = false;
  dim->attested = true;
  add_flagged(arena, dim, given->item, true, true, ITEM_OPEN | ITEM_ATTESTED);
  if (dim->use->documented) add_flagged(arena, dim, given->item, true, false, ITEM_OPEN);
  if (!dim->use->fact->clinical) return true;
  uint32_t own = dim->count;
  add_values(t, arena, dim);
  for (uint32_t i = own; i < dim->count; i++) dim->items[i].flags &= ITEM_OPEN;
  return true;
}

static bool place_unknown(Table *t, Arena *arena, uint32_t index) {
  Opening *dim = opening_new(t, index);
  if (dim == NULL) return false;
  add_values(t, arena, dim);
  return true;
}

bool table_open(Table *t, Arena *arena, const Draft *draft, Evidence evidence) {
  const Subject *s = draft->subject;
  *t = (Table){.subject = s, .row = ARENA_ARRAY(arena, const Item *, s->vocabulary->facts.count)};
  for (uint32_t i = 0; i < BUILTIN_FACTS; i++) t->row[i] = &s->builtins[i];
  for (int pass = 0; pass < 2;
       pass++) { /* what is known first: it bears on which values of the rest matter */
    for (uint32_t i = 0; i < s->uses.count; i++) {
      const Use *use = &s->uses.items[i];
      const Given *given = &draft->uses[i];
      bool known = is_known(given), list = use->fact->type.kind == TYPE_LIST;
      bool attested = known && !list && evidence == AS_DOCUMENTED && !given->documented &&
                      (use->fact->clinical || use->documented);
      if (known && !list && !attested && pass == 0)
        t->row[use->fact->index] = keep_item(arena, given->item, true);
      if (!known && use->fact->has_default && pass == 0)
        t->row[use->fact->index] =
            keep_item(arena, (Item){.choice = use->fact->default_value}, true);
      if (pass == 0) continue;
      bool placed = true;
      if (known && list) placed = place_list(t, arena, i, given, evidence);
      if (attested) placed = place_attested(t, arena, i, given);
      if (!known && !use->fact->has_default) placed = place_unknown(t, arena, i);
      if (!placed) return false;
    }
  }
  uint64_t size = 1;
  for (uint32_t i = 0; i < t->dim_count && size <= COMPLETIONS_MOST; i++) size *= t->dims[i].count;
  t->size = (uint32_t)size;
  return size <= COMPLETIONS_MOST;
}

/* ---- Trying every completion ---- */

static void find_items(const Table *t, uint32_t completion, uint32_t *at) {
  for (uint32_t i = 0; i < t->dim_count; i++) {
    at[i] = completion % t->dims[i].count;
    completion /= t->dims[i].count;
  }
}

static void set_row(const Table *t, const uint32_t *at) {
  for (uint32_t i = 0; i < t->dim_count; i++)
    t->row[t->dims[i].use->fact->index] = &t->dims[i].items[at[i]].item;
}

static Verdict judge(const Subject *s, Row row) {
  Verdict verdict = {.possible = row_possible(s, row)};
  if (!verdict.possible) return verdict;
  for (uint32_t i = 0; i < s->approvals.count; i++) {
    const Outcome *outcome = s->approvals.items[i];
    if (!outcome_reached(s, outcome, row)) continue;
    if (outcome_allows(s, outcome, row)) {
      verdict.approvals |= UINT32_C(1) << i;
    } else if (outcome->kind == OUTCOME_RENEW) {
      verdict.not_now = true;
    }
  }
  for (uint32_t i = 0; i < s->routes.count; i++)
    verdict.routes |= (uint32_t)outcome_reached(s, s->routes.items[i], row) << i;
  for (uint32_t i = 0; i < s->referrals.count; i++)
    verdict.referral = verdict.referral || outcome_reached(s, s->referrals.items[i], row);
  return verdict;
}

static void see_nodes(const Subject *s, Row row, Seen *seen) {
  for (uint32_t i = 0; i < s->nodes.count; i++) {
    bool met = criterion_holds(s, s->nodes.items[i], row);
    bool literal = s->nodes.items[i]->interpretations.count == 0
                       ? met
                       : criterion_worded(s, s->nodes.items[i], true, row);
    seen[i].yes |= met;
    seen[i].no |= !met;
    seen[i].literal_yes |= literal;
    seen[i].literal_no |= !literal;
  }
}

/* `seen` (may be NULL): what each node came to. */
static void table_fill(Table *t, Arena *arena, Seen *seen) {
  uint32_t at[OPENINGS] = {0};
  t->verdicts = arena_allocate_raw(arena, sizeof(Verdict) * t->size);
  for (uint32_t i = 0; i < t->size; i++) {
    set_row(t, at);
    t->verdicts[i] = judge(t->subject, t->row);
    if (seen != NULL && t->verdicts[i].possible) see_nodes(t->subject, t->row, seen);
    for (uint32_t d = 0; d < t->dim_count && ++at[d] == t->dims[d].count; d++) at[d] = 0;
  }
}

/* ---- Which facts would be enough? ---- */

static bool reaches(const Verdict *verdict, Goal goal) {
  return (verdict->approvals & goal.approvals) != 0 || (verdict->routes & goal.routes) != 0;
}

static Answers try_answers(const Table *t, Arena *arena, Goal goal, uint32_t supplied,
                           uint32_t attested) {
  uint32_t at[OPENINGS] = {0};
  Answers answers = {.count = 1};
  for (uint32_t d = 0; d < t->dim_count; d++)
    answers.count *= (supplied >> d) & 1 ? t->dims[d].count : 1;
  answers.state = arena_allocate(arena, answers.count);
  for (uint32_t i = 0; i < t->size; i++) {
    uint32_t way = 0;
    bool counts = t->verdicts[i].possible;
    for (uint32_t d = 0; d < t->dim_count && counts; d++) {
      uint32_t flag = (supplied >> d) & 1   ? ITEM_SUPPLIED
                      : (attested >> d) & 1 ? ITEM_ATTESTED
                                            : ITEM_OPEN;
      counts = (t->dims[d].items[at[d]].flags & flag) != 0;
      if ((supplied >> d) & 1) way = way * t->dims[d].count + at[d];
    }
    if (counts) answers.state[way] |= reaches(&t->verdicts[i], goal) ? 1 : 2;
    for (uint32_t d = 0; d < t->dim_count && ++at[d] == t->dims[d].count; d++) at[d] = 0;
  }
  return answers;
}

bool enough(const Table *t, Arena *arena, Goal goal, uint32_t supplied, uint32_t attested) {
  Answers answers = try_answers(t, arena, goal, supplied, attested);
  bool found = false;
  for (uint32_t way = 0; way < answers.count; way++) found = found || answers.state[way] == 1;
  return found;
}

static uint64_t facts_of_dims(const Table *t, uint32_t dims) {
  uint64_t facts = 0;
  for (uint32_t d = 0; d < t->dim_count; d++)
    facts |= (uint64_t)((dims >> d) & 1) << t->dims[d].index;
  return facts;
}

static bool set_first(uint64_t a, uint64_t b) {
  int size_a = __builtin_popcountll(a), size_b = __builtin_popcountll(b);
  if (size_a != size_b) return size_a < size_b;
  uint64_t differ = a ^ b;
  return (a & differ & -differ) != 0; /* uses are in the order of their names */
}

/* Keeps the sets minimal and in order. */
static void add_minimal(uint64_t *sets, uint32_t *count, uint64_t set) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < *count; i++) {
    if ((sets[i] & ~set) == 0) return;
  }
  for (uint32_t i = 0; i < *count; i++) {
    if ((set & ~sets[i]) != 0) sets[kept++] = sets[i];
  }
  assert(kept < SETS);
  uint32_t at = kept;
  for (; at > 0 && set_first(set, sets[at - 1]); at--) sets[at] = sets[at - 1];
  sets[at] = set;
  *count = kept + 1;
}

/* The minimal ones among the sets of `offered` dimensions for which `is_enough` holds, by trying
 * all, small ones first. */
static DimSets minimal_sets(const Table *t, Arena *arena, Goal goal, uint32_t offered,
                            bool documents) {
  DimSets found = {.count = 0};
  for (int size = 0; size <= __builtin_popcount(offered); size++) {
    for (uint32_t set = offered;; set = (set - 1) & offered) {
      bool covered = __builtin_popcount(set) != size;
      for (uint32_t i = 0; i < found.count && !covered; i++) covered = (found.items[i] & ~set) == 0;
      if (!covered && enough(t, arena, goal, documents ? 0 : set, documents ? set : 0)) {
        assert(found.count < SETS);
        found.items[found.count++] = set;
      }
      if (set == 0) break;
    }
  }
  return found;
}

static uint32_t offered(const Table *t, bool documents) {
  uint32_t dims = 0;
  for (uint32_t d = 0; d < t->dim_count; d++)
    dims |= (uint32_t)(documents ? t->dims[d].attested : t->dims[d].asked) << d;
  return dims;
}

/* ---- Authorizations ---- */

static const Given *given_of(const Draft *draft, const Fact *fact) {
  const Subject *s = draft->subject;
  for (uint32_t i = 0; i < s->extra.count; i++) {
    if (s->extra.items[i] == fact) return &draft->extra[i];
  }
  for (uint32_t i = 0; i < s->uses.count; i++) {
    if (s->uses.items[i].fact == fact) return &draft->uses[i];
  }
  return NULL;
}

/* A length that is not known is skipped. */
static bool authorization_length(const Draft *draft, Evidence evidence, const Term *term,
                                 Span *length) {
  Span other;
  Date start = draft->subject->start;
  switch (term->kind) {
    case TERM_SPAN:
      *length = term->span;
      return true;
    case TERM_FACT: {
      const Given *given = given_of(draft, term->fact);
      if (given == NULL || !is_known(given) || given->item.none) return false;
      if (evidence == AS_DOCUMENTED && term->fact->clinical && !given->documented) return false;
      *length = given->item.span;
      return true;
    }
    case TERM_LEAST:
    case TERM_GREATEST:
      if (!authorization_length(draft, evidence, term->a, length))
        return authorization_length(draft, evidence, term->b, length);
      if (authorization_length(draft, evidence, term->b, &other) &&
          (date_add(start, other) < date_add(start, *length)) == (term->kind == TERM_LEAST))
        *length = other;
      return true;
    default:
      return false;
  }
}

/* The least it can be. */
static int64_t authorization_count(const Table *t, const Term *term) {
  uint32_t at[OPENINGS];
  Amount least = INT64_MAX;
  for (uint32_t i = 0; i < t->size; i++) {
    if (!t->verdicts[i].possible) continue;
    find_items(t, i, at);
    set_row(t, at);
    Amount amount = number_of(term, t->row).amount;
    if (amount < least) least = amount;
    if (term->kind == TERM_AMOUNT) break;
  }
  return least < 0 ? 0 : least / AMOUNT_ONE;
}

static Authorized authorization_by(const Table *t, const Draft *draft, Evidence evidence,
                                   const Outcome *outcome) {
  Authorized authorization = {0};
  for (uint32_t i = 0; i < outcome->items.count; i++) {
    const AuthorizationItem *item = &outcome->items.items[i];
    Span length;
    switch (item->kind) {
      case AUTHORIZATION_LENGTH:
        authorization.has_length = authorization_length(draft, evidence, item->amount, &length);
        if (authorization.has_length)
          authorization.end = date_add(draft->subject->start, length) - 1;
        break;
      case AUTHORIZATION_CYCLES:
        authorization.has_cycles = true;
        authorization.cycles = authorization_count(t, item->amount);
        break;
      case AUTHORIZATION_RENEWALS:
        authorization.has_renewals = true;
        authorization.renewals = authorization_count(t, item->amount);
        break;
    }
  }
  return authorization;
}

/* The longest (none: without end), then more renewals. */
static bool authorization_better(const Authorized *a, const Authorized *b) {
  int64_t end_a = a->has_length ? a->end : INT64_MAX, end_b = b->has_length ? b->end : INT64_MAX;
  if (end_a != end_b) return end_a > end_b;
  return (a->has_renewals ? a->renewals : 0) > (b->has_renewals ? b->renewals : 0);
}

/* ---- What the contract says ---- */

static uint32_t approvals_always(const Table *t) {
  uint32_t always = UINT32_MAX;
  for (uint32_t i = 0; i < t->size; i++) {
    if (t->verdicts[i].possible) always &= t->verdicts[i].approvals;
  }
  return always;
}

void also_met(Expected *e, Text pathway) {
  if (text_equal(pathway, e->pathway)) return;
  for (uint32_t i = 0; i < e->also_count; i++) {
    if (text_equal(e->also_met[i], pathway)) return;
  }
  e->also_met[e->also_count++] = pathway;
}

/* The pathway that each completion would be granted, as bits. */
static uint32_t authorized_somewhere(const Table *t, const Authorized *authorizations) {
  uint32_t somewhere = 0;
  for (uint32_t i = 0; i < t->size; i++) {
    int best = -1;
    for (uint32_t a = 0; a < t->subject->approvals.count; a++) {
      if (!t->verdicts[i].possible || !((t->verdicts[i].approvals >> a) & 1)) continue;
      if (best < 0 || authorization_better(&authorizations[a], &authorizations[best]))
        best = (int)a;
    }
    if (best >= 0) somewhere |= UINT32_C(1) << best;
  }
  return somewhere;
}

/* One pathway that all completions meet: the best. Else those that cover them: the first is named,
 * the least is authorized. */
static void expect_authorization(Expected *e, const Table *t, const Draft *draft,
                                 Evidence evidence) {
  const Subject *s = t->subject;
  Authorized authorizations[OUTCOMES];
  for (uint32_t a = 0; a < s->approvals.count; a++)
    authorizations[a] = authorization_by(t, draft, evidence, s->approvals.items[a]);
  uint32_t always = approvals_always(t),
           named = always == 0 ? authorized_somewhere(t, authorizations) : always;
  int first = -1, chosen = -1;
  for (uint32_t a = 0; a < s->approvals.count; a++) {
    if (!((named >> a) & 1)) continue;
    if (first < 0) first = (int)a;
    if (chosen < 0 ||
        (always != 0 ? authorization_better(&authorizations[a], &authorizations[chosen])
                     : authorization_better(&authorizations[chosen], &authorizations[a])))
      chosen = (int)a;
  }
  e->outcome = LICET_APPROVE;
  e->authorized = true;
  e->authorization = authorizations[chosen];
  e->pathway = s->approvals.items[always != 0 ? chosen : first]->pathway->path;
  for (uint32_t a = 0; a < s->approvals.count; a++) {
    if ((named >> a) & 1) also_met(e, s->approvals.items[a]->pathway->path);
  }
}

/* The first decision approves. The second knows what is documented alone; where it approves too, it
 * is the one that counts, whichever pathways it takes; else its documents are missing. */
static void expect_approved(Expected *e, const Table *t, const Draft *draft, Arena *arena) {
  Table documented;
  if (!t->subject->version->evidence[t->subject->kind]) {
    expect_authorization(e, t, draft, AS_GIVEN);
    return;
  }
  if (!table_open(&documented, arena, draft, AS_DOCUMENTED)) {
    e->too_many = true;
    return;
  }
  table_fill(&documented, arena, NULL);
  e->completions += documented.size;
  DimSets sets = minimal_sets(&documented, arena, (Goal){.approvals = UINT32_MAX},
                              offered(&documented, true), true);
  if (sets.count == 1 && sets.items[0] == 0) {
    expect_authorization(e, &documented, draft, AS_DOCUMENTED);
    return;
  }
  for (uint32_t i = 0; i < sets.count; i++)
    add_minimal(e->documents, &e->document_count, facts_of_dims(&documented, sets.items[i]));
  e->outcome = LICET_PEND;
}

/* The minimal sets of documents for one answer, all of them together. */
static uint32_t documents_for(const Answers *tried, uint32_t documents, uint32_t way) {
  uint32_t all = 0;
  for (uint32_t set = documents;; set = (set - 1) & documents) {
    bool minimal = tried[set].state[way] == 1;
    for (uint32_t less = (set - 1) & set; minimal && set != 0; less = (less - 1) & set) {
      minimal = tried[less].state[way] != 1;
      if (less == 0) break;
    }
    if (minimal) all |= set;
    if (set == 0) return all;
  }
}

/* For every answer to what is missing that would be enough: the documents on which the approval
 * would then rest. What is supplied counts as documented. */
static uint32_t documents_beside(const Table *t, Arena *arena, uint32_t supplied) {
  Goal goal = {.approvals = UINT32_MAX};
  uint32_t documents = offered(t, true) & ~supplied, all = 0;
  Answers *tried = ARENA_ARRAY(arena, Answers, documents + 1);
  for (uint32_t set = documents;; set = (set - 1) & documents) {
    tried[set] = try_answers(t, arena, goal, supplied, set);
    if (set == 0) break;
  }
  for (uint32_t way = 0; way < tried[documents].count; way++) {
    if (tried[documents].state[way] == 1) all |= documents_for(tried, documents, way);
  }
  return all;
}

/* Beside what is missing, one set, so that one letter asks for everything. */
static void expect_documents_beside(Expected *e, const Table *t, const Draft *draft, Arena *arena) {
  Table documented;
  if (!t->subject->version->evidence[t->subject->kind]) return;
  if (!table_open(&documented, arena, draft, AS_DOCUMENTED)) {
    e->too_many = true;
    return;
  }
  table_fill(&documented, arena, NULL);
  e->completions += documented.size;
  uint64_t all = 0;
  for (uint32_t m = 0; m < e->missing_count; m++) {
    uint32_t supplied = 0;
    for (uint32_t d = 0; d < documented.dim_count; d++)
      supplied |= (uint32_t)((e->missing[m] >> documented.dims[d].index) & 1) << d;
    all |= facts_of_dims(&documented, documents_beside(&documented, arena, supplied));
  }
  if (all != 0) e->documents[e->document_count++] = all;
}

static void expect_missing(Expected *e, const Table *t, Arena *arena, Goal goal) {
  DimSets sets = minimal_sets(t, arena, goal, offered(t, false), false);
  for (uint32_t i = 0; i < sets.count; i++)
    add_minimal(e->missing, &e->missing_count, facts_of_dims(t, sets.items[i]));
}

static void expect_open(Expected *e, const Table *t, const Draft *draft, Arena *arena) {
  expect_missing(e, t, arena, (Goal){.approvals = UINT32_MAX});
  e->outcome = e->missing_count > 0 ? LICET_PEND : LICET_REFER;
  if (e->missing_count == 0) e->reason = "judgment";
  if (e->missing_count > 0) expect_documents_beside(e, t, draft, arena);
}

static uint32_t routes_to(const Subject *s, Text code) {
  uint32_t same = 0;
  for (uint32_t i = 0; i < s->routes.count; i++)
    same |= (uint32_t)text_equal(s->routes.items[i]->code, code) << i;
  return same;
}

static void expect_route(Expected *e, const Table *t, Arena *arena) {
  const Subject *s = t->subject;
  uint32_t ever = 0;
  for (uint32_t i = 0; i < t->size; i++) ever |= t->verdicts[i].routes;
  uint32_t same = routes_to(s, s->routes.items[__builtin_ctz(ever)]->code);
  bool certain = (ever & ~same) == 0;
  for (uint32_t i = 0; i < t->size; i++)
    certain = certain && (!t->verdicts[i].possible || (t->verdicts[i].routes & same) != 0);
  e->reason = "other_policy";
  e->pathway = s->routes.items[__builtin_ctz(ever)]->pathway->path;
  if (certain) {
    const Text code = s->routes.items[__builtin_ctz(ever)]->code;
    e->route = arena_copy(arena, code.at, code.length);
    return;
  }
  for (uint32_t i = 0; i < s->routes.count; i++)
    expect_missing(e, t, arena, (Goal){.routes = routes_to(s, s->routes.items[i]->code)});
}

static void expect_closed(Expected *e, const Table *t, Arena *arena) {
  bool referral = false, route = false, not_now = false;
  for (uint32_t i = 0; i < t->size; i++) {
    referral = referral || t->verdicts[i].referral;
    route = route || t->verdicts[i].routes != 0;
    not_now = not_now || t->verdicts[i].not_now;
  }
  e->outcome = LICET_REFER;
  if (referral) {
    e->reason = "case_by_case";
    e->pathway = t->subject->referrals.items[0]->pathway->path;
  } else if (route) {
    expect_route(e, t, arena);
  } else {
    e->reason = not_now ? "not_renewable" : "criteria_not_met";
  }
}

static void expect_nodes(Expected *e, const Subject *s, const Seen *seen) {
  for (uint32_t i = 0; i < s->nodes.count; i++) {
    e->status[i] = seen[i].yes && seen[i].no ? LICET_UNKNOWN
                   : seen[i].yes             ? LICET_MET
                                             : LICET_NOT_MET;
    e->literal[i] = seen[i].literal_yes && seen[i].literal_no ? LICET_UNKNOWN
                    : seen[i].literal_yes                     ? LICET_MET
                                                              : LICET_NOT_MET;
  }
}

Expected *expect(Arena *arena, const Draft *draft) {
  Expected *e = ARENA_NEW(arena, Expected);
  e->reason = e->route = "";
  e->pathway = TEXT("");
  Table table;
  if (!table_open(&table, arena, draft, AS_GIVEN)) {
    e->too_many = true;
    return e;
  }
  Seen *seen = ARENA_ARRAY(arena, Seen, draft->subject->nodes.count + 1);
  table_fill(&table, arena, seen);
  e->completions = table.size;
  expect_nodes(e, draft->subject, seen);
  uint32_t possible = 0, approved = 0;
  for (uint32_t i = 0; i < table.size; i++) {
    possible += table.verdicts[i].possible;
    approved += table.verdicts[i].approvals != 0;
  }
  if (possible == 0) {
    e->impossible = true;
  } else if (approved == possible) {
    expect_approved(e, &table, draft, arena);
  } else if (approved > 0) {
    expect_open(e, &table, draft, arena);
  } else {
    expect_closed(e, &table, arena);
  }
  return e;
}
