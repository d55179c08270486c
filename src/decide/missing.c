/* What is missing: the smallest sets of facts that would be enough for a function to hold.
 *
 * Which variables may be chosen, and at the cost of which facts, is said here (offer_supply); the
 * search is the diagram's (diagram/sets.c). Where it would take too long, one set is found by
 * leaving out of all facts whatever can be left out.
 */
#include "decide/missing.h"

#include "decide/bind.h"
#include "decide/judgments.h"

/* ---- Facts as bits ---- */

/* The facts of the policy as bits, in alphabetical order. */
static uint64_t facts_where(const licet_determination *d,
                            bool (*is)(const licet_determination *, const Fact *)) {
  uint64_t bits = 0;
  for (uint32_t i = 0; i < d->compiled->set.facts.count; i++) {
    if (is(d, d->compiled->set.facts.items[i])) bits |= UINT64_C(1) << i;
  }
  return bits;
}

static bool is_judgment(const licet_determination *d, const Fact *fact) {
  (void)d;
  return fact->supplier == SUPPLIER_REVIEWER;
}

static bool is_unknown(const licet_determination *d, const Fact *fact) {
  return !d->facts.values[fact->index].known;
}

bool fact_is_attested(const Fact *fact, const FactValue *value) {
  if (!value->known || value->defaulted || value->documented) return false;
  if (fact->type.kind != TYPE_LIST) return true;
  for (uint32_t i = 0; i < value->entry_count; i++) {
    if (!value->entries[i].documented) return true;
  }
  return value->entry_count == 0;
}

static bool is_attested(const licet_determination *d, const Fact *fact) {
  return fact_is_attested(fact, &d->facts.values[fact->index]);
}

static bool is_attested_clinical(const licet_determination *d, const Fact *fact) {
  return fact->clinical && is_attested(d, fact);
}

uint64_t facts_judged(const licet_determination *d) { return facts_where(d, is_judgment); }
uint64_t facts_unknown(const licet_determination *d) { return facts_where(d, is_unknown); }
uint64_t facts_attested(const licet_determination *d) { return facts_where(d, is_attested); }
uint64_t facts_attested_clinical(const licet_determination *d) {
  return facts_where(d, is_attested_clinical);
}

/* ---- Questions ---- */

Question question_open(licet_determination *d, DiagramRef function, const uint64_t *allowed) {
  Arena *arena = d->arena;
  uint32_t count = d->compiled->set.variables.count;
  Question q = {ARENA_ARRAY(arena, uint64_t, count),
                ARENA_ARRAY(arena, uint64_t, count),
                ARENA_ARRAY(arena, bool, count),
                {0}};
  q.set = (SetQuestion){&d->compiled->diagram,
                        function,
                        d->compiled->possible,
                        allowed,
                        q.choice,
                        q.facts,
                        q.together};
  return q;
}

/* A history or a series can be given and still leave something open. */
static bool is_open_ended(const licet_determination *d, const Fact *fact) {
  (void)d;
  return fact->type.kind == TYPE_LIST || fact->type.kind == TYPE_SERIES;
}

uint64_t facts_to_supply(const licet_determination *d, uint32_t v, uint64_t unknown) {
  const Variable *variable = d->compiled->set.variables.items[v];
  if (cells_single(d->allowed[v])) return 0;
  uint64_t bits = variable->facts & unknown;
  if (bits == 0) bits = variable->facts & facts_where(d, is_open_ended);
  return bits != 0 ? bits : variable->facts;
}

/* The questions: variables that the requester or the plan's records can settle may be chosen, at
 * the cost of their facts. */
static void offer_supply(const licet_determination *d, Question *q) {
  uint64_t judgments = facts_judged(d), unknown = facts_unknown(d);
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    uint64_t bits = facts_to_supply(d, v, unknown);
    if (bits == 0 || (bits & judgments) != 0) continue;
    q->choice[v] = variable_is_flag(d->compiled->set.variables.items[v]) ? 2 : d->allowed[v];
    q->facts[v] = bits;
  }
}

uint64_t question_facts(const licet_determination *d, const Question *q) {
  uint64_t set = 0;
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++)
    set |= q->choice[v] != 0 ? q->facts[v] : 0;
  return set;
}

/* Can every variable that is open be chosen? Then choosing them all leaves one completion, and
 * whether one of those holds needs no search. */
static bool offers_everything(const licet_determination *d, const Question *q) {
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    if (q->choice[v] == 0 && !cells_single(d->allowed[v])) return false;
  }
  return true;
}

static bool holds_by_choice(licet_determination *d, const Question *q) {
  const uint32_t count = d->compiled->set.variables.count;
  uint64_t *cells = ARENA_ARRAY(d->arena, uint64_t, count);
  for (uint32_t v = 0; v < count; v++) cells[v] = q->choice[v] != 0 ? q->choice[v] : d->allowed[v];
  return determination_asks(d, q->set.function, cells) != HOLDS_NEVER;
}

/* Exact where nothing but the requester and the records are asked, as nothing is searched for.
 * Where judgments are left over and the search gave up, the judgments decide (judgments.c). */
static Enough all_are_enough(licet_determination *d, const Question *q) {
  if (offers_everything(d, q)) return holds_by_choice(d, q) ? ENOUGH_YES : ENOUGH_NO;
  const Enough searched = diagram_is_enough(&q->set, question_facts(d, q), d->scratch);
  return searched == ENOUGH_GAVE_UP ? judgments_leave_enough(d, q->set.function) : searched;
}

/* ---- One set ---- */

/* Where the search for all sets would take too long: one set, of which whatever is shown not to be
 * needed is left out, as far as the steps of a request go. All facts together are enough. */

/* The cells of one completion in which the function holds, cell by cell; `cells` are those that
 * choosing everything leaves. */
static void choose_one(licet_determination *d, const Question *q, uint64_t *cells) {
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    const uint64_t open = cells[v];
    for (uint64_t left = open; !cells_single(cells[v]) && left != 0; left &= left - 1) {
      cells[v] = left & -left;
      if (determination_asks(d, q->set.function, cells) == HOLDS_NEVER) cells[v] = open;
      diagram_scratch_charge(d->scratch);
    }
  }
}

/* With every open variable chosen: each fact in turn is left open, and stays open if the function
 * holds for each of its values. */
static uint64_t leave_open(licet_determination *d, const Question *q, uint64_t set) {
  const uint32_t count = d->compiled->set.variables.count;
  uint64_t *chosen = ARENA_ARRAY(d->arena, uint64_t, count),
           *cells = ARENA_ARRAY(d->arena, uint64_t, count);
  for (uint32_t v = 0; v < count; v++) chosen[v] = q->choice[v] != 0 ? q->choice[v] : d->allowed[v];
  choose_one(d, q, chosen);
  for (uint64_t members = set; members != 0; members &= members - 1) {
    const uint64_t without = set & ~(members & -members);
    for (uint32_t v = 0; v < count; v++)
      cells[v] = (q->facts[v] & ~without) == 0 ? chosen[v] : d->allowed[v];
    if (determination_asks(d, q->set.function, cells) == HOLDS_ALWAYS) set = without;
    if (!diagram_scratch_charge(d->scratch)) break;
  }
  return set;
}

/* Where judgments are left over: the search says whether the rest is enough. */
static uint64_t search_without(licet_determination *d, const Question *q, uint64_t set) {
  for (uint64_t members = set; members != 0; members &= members - 1) {
    const uint64_t fact = members & -members;
    if (!diagram_scratch_charge(d->scratch)) break;
    if (diagram_is_enough(&q->set, set & ~fact, d->scratch) == ENOUGH_YES) set &= ~fact;
  }
  return set;
}

static uint64_t find_one_set(licet_determination *d, const Question *q) {
  const uint64_t set = question_facts(d, q);
  return offers_everything(d, q) ? leave_open(d, q, set) : search_without(d, q, set);
}

/* ---- The list ---- */

static bool set_before(uint64_t a, uint64_t b) {
  int size_a = __builtin_popcountll(a), size_b = __builtin_popcountll(b);
  if (size_a != size_b) return size_a < size_b;
  uint64_t differ = a ^ b;
  return (a & differ & -differ) != 0; /* the first fact in which they differ is a's */
}

/* Keeps the list free of supersets and in order. */
static void add_set(licet_determination *d, uint64_t set) {
  for (uint32_t i = 0; i < d->missing.count; i++) {
    if ((d->missing.items[i] & ~set) == 0) return;
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < d->missing.count; i++) {
    if ((set & ~d->missing.items[i]) != 0) d->missing.items[kept++] = d->missing.items[i];
  }
  d->missing.count = kept;
  LIST_PUSH(d->arena, d->missing, set);
  for (uint32_t i = d->missing.count - 1;
       i > 0 && set_before(d->missing.items[i], d->missing.items[i - 1]); i--) {
    uint64_t swap = d->missing.items[i];
    d->missing.items[i] = d->missing.items[i - 1];
    d->missing.items[i - 1] = swap;
  }
}

void find_missing(licet_determination *d, DiagramRef function) {
  uint64_t sets[LIMIT_MISSING_SETS];
  bool complete;
  Question q = question_open(d, function, d->allowed);
  offer_supply(d, &q);
  const uint32_t count =
      diagram_minimal_sets(&q.set, d->scratch, sets, LIMIT_MISSING_SETS, &complete);
  for (uint32_t i = 0; i < count; i++) add_set(d, sets[i]);
  if (!complete) d->missing_cut = true;
  if (count == 0 && !complete && all_are_enough(d, &q) == ENOUGH_YES)
    add_set(d, find_one_set(d, &q));
  if (d->missing.count > LIMIT_MISSING_SETS) {
    d->missing.count = LIMIT_MISSING_SETS;
    d->missing_cut = true;
  }
}

/* Where no fact is a reviewer's and no test asks whether a fact is given, whatever is open can be
 * answered, and one of the answers approves. */
static bool is_answerable(const licet_determination *d) {
  for (uint32_t v = 0; v < d->compiled->set.variables.count; v++) {
    if (variable_is_flag(d->compiled->set.variables.items[v])) return false;
  }
  return facts_judged(d) == 0;
}

/* As find_missing finds a set or none: what it finds is enough, and where it finds none for want of
 * work, all facts are tried. */
bool is_obtainable(licet_determination *d, DiagramRef function) {
  uint64_t set;
  bool complete;
  if (is_answerable(d)) return true;
  Question q = question_open(d, function, d->allowed);
  offer_supply(d, &q);
  switch (all_are_enough(d, &q)) {
    case ENOUGH_YES:
      return true;
    case ENOUGH_NO:
      return false;
    case ENOUGH_GAVE_UP:
      break;
  }
  return diagram_minimal_sets(&q.set, d->scratch, &set, 1, &complete) > 0;
}
