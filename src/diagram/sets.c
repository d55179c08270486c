/* sets: which facts would be enough? The contract is in diagram.h.
 *
 * The minimal sets are the prime implicants of a monotone function of the facts ("these are
 * enough"). That function is found by quantification, kept as a decision diagram, and its primes
 * are read off it (for primes from diagrams see Coudert and Madre, 1992).
 *
 * Choosing comes first, then everything else may happen. So with
 *
 *     claim = function or not care      must be true for every rest
 *     world = care                      must stay possible
 *
 * the family of enough sets follows by going down the variables, x being the first that claim or
 * world asks:
 *
 *     family(claim, world) =  family(AND of claim's branches over allowed[x], OR of world's) x is
 * left alone or (facts of x in the set  and  some c in choice[x]: family(claim_c, world_c))    x is
 * chosen
 *
 * A family grows with more facts, so it is kept as a diagram over the facts ("is it in the set?"),
 * which stays small where a list of sets would not: 10 of 20 criteria have 184,756 minimal sets and
 * 110 nodes. The minimal sets are then read off one by one, the smallest left at a time, its
 * supersets taken out each time (read_sets).
 *
 * Leaving alone a variable that nobody can choose commutes with everything later, so that is done
 * while claim and world are built; what is built asks open variables only. Hostile policies can
 * make the work exponential; it is bounded by SEARCH_WORK and SEARCH_NODES. Where the whole family
 * is too much, families of at most 0, 1, 2, … facts are tried instead, and what they gave is
 * returned.
 *
 * Reading order: diagram_minimal_sets, search_open, family, read_sets, settles.
 */
#include "base/limits.h"
#include "diagram/scratch.h"

#include <assert.h>
#include <string.h>

enum { FACTS = 64, NO_SET = 255 };
/* A millisecond or two each for finding a family and for reading it. Policies of 20 facts, none
 * known, rarely take half of it. */
#define SEARCH_WORK LIMIT(1u << 14, 1u << 7)
#define SEARCH_NODES LIMIT(1u << 14, 1u << 10)

typedef struct Search {
  const SetQuestion *question;
  DiagramScratch *scratch;
  Diagram *conditions, *enough;
  const OpenVariable *open;
  DiagramRef claim, world;
  bool choice_within; /* no choice leads outside what is allowed */
  uint64_t steps, work_limit;
} Search;

static uint64_t work_of(const Search *search) {
  return search->steps + search->conditions->work + search->enough->work;
}

static bool gave_up(const Search *search) {
  return search->conditions->too_large || search->enough->too_large ||
         work_of(search) > search->work_limit;
}

static uint64_t lesser(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* Opening: what is open, and under which numbers. */

/* The cells of `kept` counted from 0: the bits of `cells` moved to their new places. */
static uint64_t renumber(uint64_t cells, uint64_t kept) {
  uint64_t result = 0;
  for (uint32_t place = 0; kept != 0; kept &= kept - 1, place++)
    if (cells & kept & -kept) result |= UINT64_C(1) << place;
  return result;
}

/* A choice that the `available` facts cannot pay for is none. */
static OpenVariable open_variable(const SetQuestion *question, uint32_t v, uint64_t available) {
  const uint64_t all = cells_all(question->diagram->arity[v]), allowed = question->allowed[v] & all;
  const uint64_t choice = (question->facts[v] & ~available) == 0 ? question->choice[v] & all : 0;
  const uint64_t kept = allowed | choice;
  const bool together = question->together != NULL && question->together[v];
  return (OpenVariable){
      kept,        renumber(allowed, kept), renumber(choice, kept), question->facts[v], together, 0,
      DIAGRAM_TRUE};
}

static void reserve_open(DiagramScratch *scratch, uint32_t variables) {
  if (variables <= scratch->open_capacity) return;
  scratch->open = ARENA_ARRAY(scratch->arena, OpenVariable, 2 * (size_t)variables);
  scratch->open_arity = ARENA_ARRAY(scratch->arena, uint8_t, 2 * (size_t)variables);
  scratch->open_capacity = 2 * variables;
}

static DiagramRef price(Diagram *enough, uint64_t facts) {
  DiagramRef all = DIAGRAM_TRUE;
  for (uint32_t fact = FACTS; fact-- > 0;)
    if (facts >> fact & 1) all = diagram_node(enough, fact, (DiagramRef[]){DIAGRAM_FALSE, all});
  return all;
}

static void open_facts(const Search *search) {
  uint8_t in_or_out[FACTS];
  memset(in_or_out, 2, sizeof in_or_out);
  diagram_reopen(search->enough, in_or_out, FACTS, SEARCH_NODES);
}

static void open_variables(Search *search, uint64_t available) {
  DiagramScratch *scratch = search->scratch;
  const uint32_t variables = search->question->diagram->variables;
  reserve_open(scratch, variables);
  search->open = scratch->open;
  search->choice_within = true;
  open_facts(search);
  uint64_t paid = 0;
  for (uint32_t v = 0; v < variables; v++) {
    OpenVariable *open = &scratch->open[v];
    *open = open_variable(search->question, v, available);
    scratch->open_arity[v] = (uint8_t)cells_count(open->kept);
    if (open->choice == 0) continue;
    if (open->choice & ~open->allowed) search->choice_within = false;
    open->charge = cells_count(open->facts & ~paid);
    open->price = price(search->enough, open->facts);
    paid |= open->facts;
  }
  diagram_reopen(search->conditions, scratch->open_arity, variables, SEARCH_NODES);
}

static DiagramRef pass_known(const Search *search, DiagramRef at) {
  const uint32_t *words = search->question->diagram->words;
  while (at > DIAGRAM_TRUE && !cells_many(search->open[words[at]].kept))
    at = words[at + 1 + cells_first(search->open[words[at]].kept)];
  return at;
}

static DiagramRef build_claim(Search *search, DiagramRef function, DiagramRef care);

/* Over every cell: a node where the variable can be chosen, else all cells at once, since any may
 * turn out to be the case. */
static DiagramRef build_branches(Search *search, DiagramRef function, DiagramRef care) {
  const uint32_t *words = search->question->diagram->words,
                 variable = node_first_variable(words, function, care);
  const OpenVariable *open = &search->open[variable];
  DiagramRef children[64], all = DIAGRAM_TRUE;
  uint32_t count = 0;
  for (uint64_t cells = open->kept; cells != 0; cells &= cells - 1) {
    const uint32_t cell = cells_first(cells);
    const DiagramRef child = build_claim(search, node_branch(words, function, variable, cell),
                                         node_branch(words, care, variable, cell));
    children[count++] = child;
    if (open->choice != 0) continue;
    all = diagram_and(search->conditions, all, child);
    if (all == DIAGRAM_FALSE) return all;
  }
  return open->choice != 0 ? diagram_node(search->conditions, variable, children) : all;
}

/* "function or not care", for every value of the variables that nobody can choose. */
static DiagramRef build_claim(Search *search, DiagramRef function, DiagramRef care) {
  function = pass_known(search, function);
  care = pass_known(search, care);
  if (function == DIAGRAM_TRUE || care == DIAGRAM_FALSE) return DIAGRAM_TRUE;
  if (function == DIAGRAM_FALSE && care == DIAGRAM_TRUE) return DIAGRAM_FALSE;
  DiagramRef claim;
  if (memo_find(&search->scratch->built, function, care, 0, &claim)) return claim;
  if (gave_up(search)) return DIAGRAM_FALSE;
  claim = build_branches(search, function, care);
  memo_keep(&search->scratch->built, function, care, 0, claim);
  return claim;
}

static Search search_open(const SetQuestion *question, DiagramScratch *scratch,
                          uint64_t available) {
  Search search = {.question = question,
                   .scratch = scratch,
                   .conditions = scratch->conditions,
                   .enough = scratch->enough};
  search.work_limit = SEARCH_WORK;
  open_variables(&search, available);
  memo_forget(&scratch->built);
  memo_forget(&scratch->families);
  memo_forget(&scratch->settled);
  memo_forget(&scratch->least);
  search.claim = build_claim(&search, question->function, question->care);
  /* "FALSE or not care, for all" is: no world at all. */
  search.world =
      diagram_not(search.conditions, build_claim(&search, DIAGRAM_FALSE, question->care));
  return search;
}

/* The two parts of the recursion, shared by family and settles. */

typedef struct Pair {
  DiagramRef claim, world;
} Pair;

static Pair chosen(const Search *search, Pair pair, uint32_t variable, uint32_t cell) {
  const uint32_t *words = search->conditions->words;
  return (Pair){node_branch(words, pair.claim, variable, cell),
                node_branch(words, pair.world, variable, cell)};
}

/* Any of the cells may turn out to be the case. */
static Pair over_cells(const Search *search, Pair pair, uint32_t variable, uint64_t cells) {
  Pair result = {DIAGRAM_TRUE, DIAGRAM_FALSE};
  for (; cells != 0; cells &= cells - 1) {
    const Pair branch = chosen(search, pair, variable, cells_first(cells));
    result.claim = diagram_and(search->conditions, result.claim, branch.claim);
    if (result.claim == DIAGRAM_FALSE) break;
    result.world = diagram_or(search->conditions, result.world, branch.world);
  }
  return result;
}

static Pair left_alone(const Search *search, Pair pair, uint32_t variable) {
  return over_cells(search, pair, variable, search->open[variable].allowed);
}

/* The n-th way to choose, and whether there is one: a cell, or for a variable confined as a whole
 * the only way, all of them. */
static bool next_choice(const Search *search, Pair pair, uint32_t variable, uint64_t *left,
                        Pair *way) {
  if (*left == 0) return false;
  if (search->open[variable].together) {
    *way = over_cells(search, pair, variable, *left);
    *left = 0;
  } else {
    *way = chosen(search, pair, variable, cells_first(*left));
    *left &= *left - 1;
  }
  return true;
}

static bool is_lost(Pair pair) {
  return pair.claim == DIAGRAM_FALSE || pair.world == DIAGRAM_FALSE;
}

/* A world that is only possible by choosing outside what is allowed still needs that choice. */
static bool is_won(const Search *search, Pair pair) {
  return pair.claim == DIAGRAM_TRUE && (pair.world == DIAGRAM_TRUE || search->choice_within);
}

/* Of FACTS, a budget never runs out: it stays the same, so that what is remembered serves however
 * much was spent on the way. */
static uint32_t spend(uint32_t budget, uint32_t charge) {
  return budget == FACTS ? FACTS : budget - charge;
}

/* The sets that are enough, over the facts; those of more than `budget` facts may be missing. */
static DiagramRef family(Search *search, Pair pair, uint32_t budget) {
  if (is_lost(pair)) return DIAGRAM_FALSE;
  if (is_won(search, pair)) return DIAGRAM_TRUE;
  DiagramRef sets;
  if (memo_find(&search->scratch->families, pair.claim, pair.world, budget, &sets)) return sets;
  search->steps++;
  if (gave_up(search)) return DIAGRAM_FALSE;

  const uint32_t variable = node_first_variable(search->conditions->words, pair.claim, pair.world);
  const OpenVariable *open = &search->open[variable];
  sets = family(search, left_alone(search, pair, variable), budget);
  if (open->charge <= budget && sets != DIAGRAM_TRUE) {
    DiagramRef some = DIAGRAM_FALSE;
    uint64_t left = open->choice;
    Pair way;
    while (some != DIAGRAM_TRUE && next_choice(search, pair, variable, &left, &way))
      some = diagram_or(search->enough, some, family(search, way, spend(budget, open->charge)));
    sets = diagram_or(search->enough, sets, diagram_and(search->enough, open->price, some));
  }
  memo_keep(&search->scratch->families, pair.claim, pair.world, budget, sets);
  return sets;
}

/* Is this one set enough? The same recursion answered yes or no, without the diagram over the
 * facts: what family found is checked by it. */
static bool settles_pair(Search *search, Pair pair, uint64_t set) {
  if (is_lost(pair)) return false;
  if (is_won(search, pair)) return true;
  uint32_t known;
  if (memo_find(&search->scratch->settled, pair.claim, pair.world, 0, &known)) return known;
  search->steps++;
  if (gave_up(search)) return false;

  const uint32_t variable = node_first_variable(search->conditions->words, pair.claim, pair.world);
  const OpenVariable *open = &search->open[variable];
  const uint64_t choice = (open->facts & ~set) == 0 ? open->choice : 0;
  bool yes = false;
  uint64_t left = choice;
  Pair way;
  while (!yes && next_choice(search, pair, variable, &left, &way))
    yes = settles_pair(search, way, set);
  /* Where every allowed cell may be chosen, choosing the right one is never worse than leaving it
   * open. */
  if (!yes && ((open->allowed & ~choice) != 0 || open->together))
    yes = settles_pair(search, left_alone(search, pair, variable), set);
  memo_keep(&search->scratch->settled, pair.claim, pair.world, 0, yes);
  return yes;
}

static bool settles(Search *search, uint64_t set) {
  memo_forget(&search->scratch->settled);
  return settles_pair(search, (Pair){search->claim, search->world}, set);
}

/* Reading the sets off. */

/* How many facts the smallest set has. Nodes never change, so what is remembered serves every later
 * family too. */
static uint32_t least(Search *search, DiagramRef sets) {
  if (sets <= DIAGRAM_TRUE) return sets == DIAGRAM_TRUE ? 0 : NO_SET;
  uint32_t size;
  if (memo_find(&search->scratch->least, sets, 0, 0, &size)) return size;
  const DiagramRef without = search->enough->words[sets + 1],
                   with = search->enough->words[sets + 2];
  const uint32_t size_without = least(search, without), size_with = least(search, with) + 1;
  size = size_with < size_without ? size_with : size_without;
  if (size > NO_SET) size = NO_SET;
  memo_keep(&search->scratch->least, sets, 0, 0, size);
  return size;
}

/* The smallest set; among those the first, which takes low bits where it can. Facts not asked are
 * not needed. */
static uint64_t first_smallest(Search *search, DiagramRef sets) {
  uint64_t set = 0;
  while (sets > DIAGRAM_TRUE) {
    const uint32_t fact = search->enough->words[sets];
    const DiagramRef without = search->enough->words[sets + 1],
                     with = search->enough->words[sets + 2];
    const bool take = least(search, with) + 1 == least(search, sets);
    if (take) set |= UINT64_C(1) << fact;
    sets = take ? with : without;
  }
  return set;
}

/* Taking a set's supersets out leaves the other minimal sets, and makes the smallest of what is
 * left minimal again. *complete: nothing within the budget was left out. */
static uint32_t read_sets(Search *search, DiagramRef found, uint32_t budget, uint64_t *sets,
                          uint32_t capacity, bool *complete) {
  uint32_t count = 0;
  while (count < capacity && least(search, found) <= budget) {
    const uint64_t set = first_smallest(search, found);
    const bool is_enough = settles(search, set);
    if (gave_up(search)) break;
    assert(is_enough); /* two ways to the same answer must agree */
    sets[count++] = set;
    const DiagramRef others = diagram_not(search->enough, price(search->enough, set));
    found = diagram_and(search->enough, found, others);
  }
  *complete = !gave_up(search) && least(search, found) > budget;
  return count;
}

/* Another family over the same claim and world: what is remembered of the one before is gone. */
static void forget_family(Search *search) {
  search->steps += search->enough->work; /* it counts on */
  open_facts(search);
  for (uint32_t v = 0; v < search->question->diagram->variables; v++) {
    OpenVariable *open = &search->scratch->open[v];
    if (open->choice != 0) open->price = price(search->enough, open->facts);
  }
  memo_forget(&search->scratch->families);
  memo_forget(&search->scratch->settled);
  memo_forget(&search->scratch->least);
}

static uint32_t read_within(Search *search, uint32_t budget, uint64_t *sets, uint32_t capacity,
                            bool *complete) {
  const DiagramRef found = family(search, (Pair){search->claim, search->world}, budget);
  if (gave_up(search)) return 0;
  search->work_limit =
      lesser(search->work_limit + SEARCH_WORK, diagram_scratch_left(search->scratch));
  return read_sets(search, found, budget, sets, capacity, complete);
}

/* The whole family was too much: those of at most 0, 1, 2 … facts, the last that gave sets. */
static uint32_t read_small(Search *search, uint64_t *sets, uint32_t capacity) {
  uint32_t count = 0;
  bool complete;
  search->work_limit = lesser(2 * SEARCH_WORK, diagram_scratch_left(search->scratch));
  for (uint32_t budget = 0; budget < FACTS && count < capacity; budget++) {
    if (search->conditions->too_large) break;
    forget_family(search);
    const DiagramRef found = family(search, (Pair){search->claim, search->world}, budget);
    if (gave_up(search)) break;
    count = read_sets(search, found, budget, sets, capacity, &complete);
  }
  return count;
}

/* All that the minimal sets follow from:
 *
 *     diagram │ function, care │ capacity │ allowed[v] … │ choice[v] … │ facts[v] … │ together[v] …
 */
static void write_question(const SetQuestion *question, uint32_t capacity, Recall *recall) {
  const uint32_t variables = question->diagram->variables;
  const size_t size = variables * sizeof(uint64_t);
  uint64_t *words = recall_question(recall, 3 + 4 * variables);
  words[0] = (uint64_t)(uintptr_t)question->diagram;
  words[1] = (uint64_t)question->function << 32 | question->care;
  words[2] = capacity;
  words += 3;
  memcpy(words, question->allowed, size);
  memcpy(words + variables, question->choice, size);
  memcpy(words + 2 * (size_t)variables, question->facts, size);
  words += 3 * (size_t)variables;
  for (uint32_t v = 0; v < variables; v++)
    words[v] = question->together != NULL && question->together[v];
}

/* The sets, and two words more: whether these are all, and the steps it took. */
static void keep_sets(Recall *recall, const uint64_t *sets, uint32_t count, bool complete,
                      uint64_t work) {
  uint64_t row[FACTS + 2];
  if (count > FACTS) return;
  memcpy(row, sets, count * sizeof *sets);
  row[count] = complete;
  row[count + 1] = work;
  recall_keep(recall, row, NULL, count + 2);
}

/* What is recalled costs what it cost when it was found, so that what is left for later searches
 * does not depend on what was asked before. */
static bool recall_sets(DiagramScratch *scratch, uint64_t *sets, uint32_t *count, bool *complete) {
  const uint64_t *known = recall_find(scratch->sets, count);
  if (known == NULL || known[*count - 1] > diagram_scratch_left(scratch)) return false;
  *count -= 2;
  memcpy(sets, known, *count * sizeof *sets);
  *complete = known[*count];
  scratch->spent += known[*count + 1];
  return true;
}

uint32_t diagram_minimal_sets(const SetQuestion *question, DiagramScratch *scratch, uint64_t *sets,
                              uint32_t capacity, bool *complete) {
  uint32_t count = 0;
  *complete = false;
  write_question(question, capacity, scratch->sets);
  if (recall_sets(scratch, sets, &count, complete)) return count;
  Search search = search_open(question, scratch, UINT64_MAX);
  search.work_limit = lesser(search.work_limit, diagram_scratch_left(scratch));
  count = read_within(&search, FACTS, sets, capacity, complete);
  if (!gave_up(&search)) {
    keep_sets(scratch->sets, sets, count, *complete, work_of(&search));
  } else if (count == 0) {
    count = read_small(&search, sets, capacity);
  }
  scratch->spent += work_of(&search);
  return count;
}

Enough diagram_is_enough(const SetQuestion *question, uint64_t set, DiagramScratch *scratch) {
  Search search = search_open(question, scratch, set);
  const bool settled = settles(&search, set);
  scratch->spent += work_of(&search);
  if (gave_up(&search)) return ENOUGH_GAVE_UP;
  return settled ? ENOUGH_YES : ENOUGH_NO;
}
