/* Diagrams against brute force: random small functions are built both as diagrams and as truth
 * tables, and every question is also answered by enumeration.
 */
#include "diagram/scratch.h"

static bool complete; /* of the last search */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_VARIABLES = 7, MOST_CELLS = 4, MOST_POINTS = 500, NODES = 1 << 20 };

/* With tiny limits a search may give up: it then finds fewer sets, never others. */
#ifdef LICET_TINY_LIMITS
static const bool searches_end = false;
#else
static const bool searches_end = true;
#endif

static uint64_t random_state = 0x6C69636574;

static uint32_t random_below(uint32_t n) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 33) % n;
}

/* A space of few points: one cell per variable each. Point p's cells are the digits of p. */
typedef struct Space {
  uint32_t variables, points;
  uint8_t arity[MOST_VARIABLES];
} Space;

/* Redrawn until small enough to try everything. */
static Space space_random(void) {
  Space space;
  do {
    space.variables = 3 + random_below(MOST_VARIABLES - 2);
    space.points = 1;
    for (uint32_t v = 0; v < space.variables; v++) {
      space.arity[v] =
          (uint8_t)(random_below(12) == 0 ? 1 : 2 + random_below(2) * random_below(MOST_CELLS - 1));
      space.points *= space.arity[v];
    }
  } while (space.points > MOST_POINTS);
  return space;
}

static void point_cells(const Space *space, uint32_t point, uint8_t *cells) {
  for (uint32_t v = 0; v < space->variables; v++)
    cells[v] = (uint8_t)(point % space->arity[v]), point /= space->arity[v];
}

static bool point_within(const Space *space, uint32_t point, const uint64_t *cells) {
  uint8_t at[MOST_VARIABLES];
  point_cells(space, point, at);
  for (uint32_t v = 0; v < space->variables; v++)
    if (!(cells[v] >> at[v] & 1)) return false;
  return true;
}

/* A function twice: as a diagram and as a table over the points. */
typedef struct Both {
  DiagramRef ref;
  bool table[MOST_POINTS];
} Both;

static void both_literal(Diagram *diagram, const Space *space, Both *out) {
  const uint32_t variable = random_below(space->variables);
  const uint64_t all = (UINT64_C(1) << space->arity[variable]) - 1;
  const uint64_t cells =
      random_below(20) == 0 ? random_below(2) * all : 1 + random_below((uint32_t)all);
  out->ref = diagram_literal(diagram, variable, cells);
  for (uint32_t p = 0; p < space->points; p++) {
    uint8_t at[MOST_VARIABLES];
    point_cells(space, p, at);
    out->table[p] = cells >> at[variable] & 1;
  }
}

static void both_random(Diagram *diagram, const Space *space, uint32_t depth, Both *out);

static void both_at_least(Diagram *diagram, const Space *space, uint32_t depth, Both *out) {
  const uint32_t count = random_below(6),
                 n = random_below(4) == 0 ? random_below(count + 2) : (count + 1) / 2;
  DiagramRef refs[5] = {0};
  uint32_t holding[MOST_POINTS] = {0};
  Both *part = malloc(sizeof *part);
  for (uint32_t i = 0; i < count; i++) {
    both_random(diagram, space, depth, part);
    refs[i] = part->ref;
    for (uint32_t p = 0; p < space->points; p++) holding[p] += part->table[p];
  }
  free(part);
  out->ref = diagram_at_least(diagram, n, refs, count);
  for (uint32_t p = 0; p < space->points; p++) out->table[p] = holding[p] >= n;
}

static void both_random(Diagram *diagram, const Space *space, uint32_t depth, Both *out) {
  const uint32_t kind = depth == 0 ? 0 : random_below(9);
  if (kind == 0) {
    both_literal(diagram, space, out);
  } else if (kind == 1) {
    both_random(diagram, space, depth - 1, out);
    out->ref = diagram_not(diagram, out->ref);
    for (uint32_t p = 0; p < space->points; p++) out->table[p] = !out->table[p];
  } else if (kind == 2) {
    both_at_least(diagram, space, depth - 1, out);
  } else {
    Both *other = malloc(sizeof *other);
    both_random(diagram, space, depth - 1, out);
    both_random(diagram, space, depth - 1, other);
    const bool conjoin = kind % 2 == 0;
    out->ref = conjoin ? diagram_and(diagram, out->ref, other->ref)
                       : diagram_or(diagram, out->ref, other->ref);
    for (uint32_t p = 0; p < space->points; p++)
      out->table[p] = conjoin ? out->table[p] && other->table[p] : out->table[p] || other->table[p];
    free(other);
  }
}

/* A function and what it is asked among, frozen, with a question about them. */
typedef struct Case {
  Arena arena;
  Space space;
  Diagram *diagram;
  FrozenDiagram frozen;
  Both function, care;
  uint64_t allowed[MOST_VARIABLES], choice[MOST_VARIABLES], facts[MOST_VARIABLES];
  bool together[MOST_VARIABLES];
  uint32_t fact_count;
} Case;

static uint64_t random_cells(uint32_t arity) { return 1 + random_below((1u << arity) - 1); }

/* Mostly one fact each; some share a fact, some cost two, some are free, some cannot be chosen,
 * some choices leave what is allowed, some only confine. */
static void case_ask(Case *c) {
  c->fact_count = c->space.variables - random_below(3);
  for (uint32_t v = 0; v < c->space.variables; v++) {
    const uint32_t arity = c->space.arity[v];
    const uint64_t all = (1u << arity) - 1;
    c->allowed[v] = random_below(5) == 0   ? 1u << random_below(arity)
                    : random_below(2) == 0 ? all
                                           : random_cells(arity);
    c->choice[v] = random_below(6) == 0   ? 0
                   : random_below(4) == 0 ? random_cells(arity)
                                          : c->allowed[v];
    c->facts[v] =
        UINT64_C(1) << (random_below(5) == 0 ? random_below(c->fact_count) : v % c->fact_count);
    if (random_below(8) == 0) c->facts[v] |= UINT64_C(1) << random_below(c->fact_count);
    if (random_below(20) == 0) c->facts[v] = 0;
    c->together[v] = random_below(6) == 0;
  }
}

static Case *case_open(void) {
  Case *c = malloc(sizeof *c);
  arena_open(&c->arena);
  c->space = space_random();
  c->diagram = diagram_open(&c->arena, c->space.arity, c->space.variables, NODES);
  if (random_below(2) == 0) {
    both_random(c->diagram, &c->space, 3 + random_below(3), &c->function);
  } else { /* as policies are: most of a few simple criteria */
    both_at_least(c->diagram, &c->space, random_below(2), &c->function);
  }
  if (random_below(3) == 0) {
    c->care.ref = DIAGRAM_TRUE;
    memset(c->care.table, true, sizeof c->care.table);
  } else {
    both_random(c->diagram, &c->space, 2 + random_below(3), &c->care);
  }
  DiagramRef roots[] = {c->function.ref, c->care.ref};
  c->frozen = diagram_freeze(c->diagram, &c->arena, roots, 2);
  c->function.ref = roots[0];
  c->care.ref = roots[1];
  case_ask(c);
  return c;
}

static void case_close(Case *c) {
  arena_close(&c->arena);
  free(c);
}

static SetQuestion case_question(const Case *c) {
  return (SetQuestion){&c->frozen, c->function.ref, c->care.ref, c->allowed,
                       c->choice,  c->facts,        c->together};
}

static Holds over_by_enumeration(const Case *c, const uint64_t *cells) {
  bool some = false, all = true;
  for (uint32_t p = 0; p < c->space.points; p++) {
    if (!c->care.table[p] || !point_within(&c->space, p, cells)) continue;
    some = some || c->function.table[p];
    all = all && c->function.table[p];
  }
  return !some ? HOLDS_NEVER : all ? HOLDS_ALWAYS : HOLDS_SOMETIMES;
}

/* From variable v on, every way to choose or to leave alone; then everything else may happen. */
static bool enough_by_enumeration(const Case *c, uint64_t set, uint32_t v, uint64_t *cells) {
  if (v == c->space.variables) return over_by_enumeration(c, cells) == HOLDS_ALWAYS;
  cells[v] = c->allowed[v];
  if (enough_by_enumeration(c, set, v + 1, cells)) return true;
  if (c->choice[v] == 0 || (c->facts[v] & ~set)) return false;
  if (c->together[v]) {
    cells[v] = c->choice[v];
    return enough_by_enumeration(c, set, v + 1, cells);
  }
  for (uint32_t cell = 0; cell < c->space.arity[v]; cell++) {
    cells[v] = UINT64_C(1) << cell;
    if ((c->choice[v] & cells[v]) && enough_by_enumeration(c, set, v + 1, cells)) return true;
  }
  return false;
}

/* Most random questions are settled before they are asked: draws until one is open. */
static Case *case_open_undecided(void) {
  for (;;) {
    Case *c = case_open();
    for (int draw = 0; draw < 10; draw++, case_ask(c))
      if (over_by_enumeration(c, c->allowed) == HOLDS_SOMETIMES) return c;
    case_close(c);
  }
}

static bool set_before(uint64_t a, uint64_t b) {
  const int size_a = __builtin_popcountll(a), size_b = __builtin_popcountll(b);
  if (size_a != size_b) return size_a < size_b;
  const uint64_t differ = a ^ b;
  return (a & differ & -differ) != 0; /* the first member that only one has is a's */
}

/* In the order promised. */
static uint32_t minimal_by_enumeration(const Case *c, uint64_t *sets) {
  bool enough[1 << MOST_VARIABLES];
  uint32_t count = 0;
  for (uint64_t set = 0; set < UINT64_C(1) << c->fact_count; set++) {
    uint64_t cells[MOST_VARIABLES];
    enough[set] = enough_by_enumeration(c, set, 0, cells);
    bool minimal = enough[set];
    for (uint32_t f = 0; f < c->fact_count; f++)
      if (set >> f & 1 && enough[set & ~(UINT64_C(1) << f)]) minimal = false;
    if (!minimal) continue;
    uint32_t place = count++;
    for (; place > 0 && set_before(set, sets[place - 1]); place--) sets[place] = sets[place - 1];
    sets[place] = set;
  }
  return count;
}

static void operations_agree_with_truth_tables_and_freezing_keeps_them(void **state) {
  (void)state;
  for (int round = 0; round < 4000; round++) {
    Case *c = case_open();
    for (uint32_t p = 0; p < c->space.points; p++) {
      uint8_t cells[MOST_VARIABLES];
      point_cells(&c->space, p, cells);
      assert_int_equal(diagram_walk(c->frozen.words, c->function.ref, cells), c->function.table[p]);
      assert_int_equal(diagram_walk(c->frozen.words, c->care.ref, cells), c->care.table[p]);
    }
    assert_true(c->frozen.node_count <= diagram_nodes(c->diagram));
    assert_false(diagram_too_large(c->diagram));
    case_close(c);
  }
}

static void equal_functions_have_equal_refs_and_only_they(void **state) {
  (void)state;
  enum { FUNCTIONS = 40 };
  Both *functions = malloc(FUNCTIONS * sizeof *functions);
  for (int round = 0; round < 300; round++) {
    Arena arena;
    arena_open(&arena);
    const Space space = space_random();
    Diagram *diagram = diagram_open(&arena, space.arity, space.variables, NODES);
    for (int i = 0; i < FUNCTIONS; i++)
      both_random(diagram, &space, random_below(4), &functions[i]);
    for (int i = 0; i < FUNCTIONS; i++)
      for (int j = 0; j < i; j++)
        assert_int_equal(functions[i].ref == functions[j].ref,
                         memcmp(functions[i].table, functions[j].table, space.points) == 0);
    arena_close(&arena);
  }
  free(functions);
}

static void nodes_are_met_in_ascending_order_and_never_pointless(void **state) {
  (void)state;
  for (int round = 0; round < 500; round++) {
    Case *c = case_open();
    uint32_t nodes = 0;
    for (uint32_t at = 2; at < c->frozen.word_count;
         at += 1 + c->frozen.arity[c->frozen.words[at]], nodes++) {
      const uint32_t *node = c->frozen.words + at;
      bool differ = false;
      for (uint32_t i = 1; i <= c->frozen.arity[node[0]]; i++) {
        differ = differ || node[i] != node[1];
        if (node[i] > DIAGRAM_TRUE) assert_true(c->frozen.words[node[i]] > node[0]);
      }
      assert_true(differ);
    }
    assert_int_equal(nodes, c->frozen.node_count);
    case_close(c);
  }
}

static void questions_over_sets_agree_with_enumeration(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  DiagramScratch *scratch = diagram_scratch_open(&arena);
  for (int round = 0; round < 3000; round++) {
    Case *c = case_open();
    for (int again = 0; again < 8; again++) {
      case_ask(c);
      assert_int_equal(
          diagram_evaluate(&c->frozen, c->function.ref, c->care.ref, c->allowed, scratch),
          over_by_enumeration(c, c->allowed));
    }
    case_close(c);
  }
  arena_close(&arena);
}

static void minimal_sets_agree_with_enumeration_in_content_and_order(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  DiagramScratch *scratch = diagram_scratch_open(&arena);
  uint32_t several = 0;
  for (int round = 0; round < 3000; round++) {
    Case *c = round % 8 == 0 ? case_open() : case_open_undecided();
    const SetQuestion question = case_question(c);
    uint64_t expected[1 << MOST_VARIABLES], sets[1 << MOST_VARIABLES];
    const uint32_t count = minimal_by_enumeration(c, expected);
    for (uint32_t capacity = 1 << MOST_VARIABLES; capacity > 0; capacity /= 8) {
      diagram_scratch_allow(scratch);
      const uint32_t found = diagram_minimal_sets(&question, scratch, sets, capacity, &complete),
                     due = capacity < count ? capacity : count;
      assert_true(searches_end ? found == due : found <= due);
      assert_true(searches_end ? complete == (count <= capacity) : !complete || found == count);
      for (uint32_t i = 0; i < found; i++) assert_true(sets[i] == expected[i]);
    }
    several += count > 1;
    case_close(c);
  }
  assert_true(several > 300); /* the cases are worth something */
  arena_close(&arena);
}

static void enough_agrees_with_enumeration_for_every_set(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  DiagramScratch *scratch = diagram_scratch_open(&arena);
  for (int round = 0; round < 500; round++) {
    Case *c = round % 8 == 0 ? case_open() : case_open_undecided();
    const SetQuestion question = case_question(c);
    for (uint64_t set = 0; set < UINT64_C(1) << c->fact_count; set++) {
      uint64_t cells[MOST_VARIABLES];
      const bool enough = enough_by_enumeration(c, set, 0, cells);
      const Enough said = diagram_is_enough(&question, set, scratch);
      assert_true(said == (enough ? ENOUGH_YES : ENOUGH_NO) ||
                  (!searches_end && said == ENOUGH_GAVE_UP));
    }
    case_close(c);
  }
  arena_close(&arena);
}

/* Larger than enumeration can follow: n of count yes/no facts, all unknown. */
typedef struct Threshold {
  Arena arena;
  FrozenDiagram frozen;
  DiagramRef function;
  uint64_t any[64], facts[64];
} Threshold;

static void threshold_open(Threshold *t, uint32_t n, uint32_t count) {
  arena_open(&t->arena);
  uint8_t arity[64];
  memset(arity, 2, sizeof arity);
  Diagram *diagram = diagram_open(&t->arena, arity, count, NODES);
  DiagramRef literals[64];
  for (uint32_t v = 0; v < count; v++) {
    literals[v] = diagram_literal(diagram, v, 2);
    t->any[v] = 3;
    t->facts[v] = UINT64_C(1) << (count - 1 - v); /* ranks need not follow the variables */
  }
  t->function = diagram_at_least(diagram, n, literals, count);
  t->frozen = diagram_freeze(diagram, &t->arena, &t->function, 1);
}

static void huge_families_are_read_from_the_front(void **state) {
  (void)state;
  Threshold t;
  threshold_open(&t, 10, 26);
  DiagramScratch *scratch = diagram_scratch_open(&t.arena);
  const SetQuestion question = {
      .diagram = &t.frozen, t.function, DIAGRAM_TRUE, t.any, t.any, t.facts};
  uint64_t sets[16];
  const uint32_t count = diagram_minimal_sets(&question, scratch, sets, 16, &complete);
  assert_int_equal(count, searches_end ? 16 : 0);
  if (count != 0) assert_true(sets[0] == (UINT64_C(1) << 10) - 1);
  for (uint32_t i = 1; i < count; i++)
    assert_true(sets[i] == ((UINT64_C(1) << 9) - 1) + (UINT64_C(1) << (9 + i)));
  arena_close(&t.arena);
}

/* The i-th fact of the first half and the i-th of the second must both be high, for some i, and
 * everything is unknown. In this order of variables every subset of the first half is
 * distinguished, so the search must give up on the whole family and try small sets. */
static void a_search_beyond_all_bounds_ends_with_sets_that_are_right(void **state) {
  (void)state;
  enum { PAIRS = 9 };
  Arena arena;
  arena_open(&arena);
  uint8_t arity[2 * PAIRS];
  uint64_t any[2 * PAIRS], facts[2 * PAIRS];
  memset(arity, 3, sizeof arity);
  Diagram *diagram = diagram_open(&arena, arity, 2 * PAIRS, NODES);
  DiagramRef some = DIAGRAM_FALSE;
  for (uint32_t v = 0; v < 2 * PAIRS; v++) any[v] = 7, facts[v] = UINT64_C(1) << v;
  for (uint32_t v = 0; v < PAIRS; v++)
    some = diagram_or(diagram, some,
                      diagram_and(diagram, diagram_literal(diagram, v, 2),
                                  diagram_literal(diagram, PAIRS + v, 2)));
  const FrozenDiagram frozen = diagram_freeze(diagram, &arena, &some, 1);
  DiagramScratch *scratch = diagram_scratch_open(&arena);
  const SetQuestion question = {.diagram = &frozen, some, DIAGRAM_TRUE, any, any, facts};
  uint64_t sets[16];
  const uint32_t count = diagram_minimal_sets(&question, scratch, sets, 16, &complete);
  assert_true(searches_end ? count > 0 && count <= PAIRS : count == 0);
  for (uint32_t i = 0; i < count; i++)
    assert_true(sets[i] == (UINT64_C(1) << i | UINT64_C(1) << (PAIRS + i)));
  arena_close(&arena);
}

static void sixty_four_cells_and_the_last_fact_bit_work(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  const uint8_t arity[] = {64, 64};
  Diagram *diagram = diagram_open(&arena, arity, 2, NODES);
  assert_int_equal(diagram_literal(diagram, 0, UINT64_MAX), DIAGRAM_TRUE);
  const uint64_t last = UINT64_C(1) << 63;
  DiagramRef both = diagram_and(diagram, diagram_literal(diagram, 0, last),
                                diagram_literal(diagram, 1, last | 1));
  const FrozenDiagram frozen = diagram_freeze(diagram, &arena, &both, 1);
  const uint64_t any[] = {UINT64_MAX, UINT64_MAX}, known[] = {last, 1}, facts[] = {last, 1};
  DiagramScratch *scratch = diagram_scratch_open(&arena);
  assert_int_equal(diagram_evaluate(&frozen, both, DIAGRAM_TRUE, any, scratch), HOLDS_SOMETIMES);
  assert_int_equal(diagram_evaluate(&frozen, both, DIAGRAM_TRUE, known, scratch), HOLDS_ALWAYS);
  const SetQuestion question = {.diagram = &frozen, both, DIAGRAM_TRUE, any, any, facts};
  uint64_t set = 0;
  assert_int_equal(diagram_minimal_sets(&question, scratch, &set, 1, &complete), 1);
  assert_true(set == (last | 1));
  arena_close(&arena);
}

static void beyond_the_node_limit_every_operation_says_false(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  uint8_t arity[20];
  memset(arity, 2, sizeof arity);
  Diagram *diagram = diagram_open(&arena, arity, 20, 50);
  DiagramRef literals[20];
  for (uint32_t v = 0; v < 20; v++) literals[v] = diagram_literal(diagram, v, 2);
  assert_false(diagram_too_large(diagram));
  assert_int_equal(diagram_at_least(diagram, 10, literals, 20), DIAGRAM_FALSE);
  assert_true(diagram_too_large(diagram));
  assert_int_equal(diagram_nodes(diagram), 50);
  assert_int_equal(diagram_or(diagram, DIAGRAM_TRUE, DIAGRAM_TRUE), DIAGRAM_FALSE);
  assert_int_equal(diagram_not(diagram, DIAGRAM_FALSE), DIAGRAM_FALSE);
  assert_int_equal(diagram_literal(diagram, 0, 3), DIAGRAM_FALSE);
  assert_int_equal(diagram_at_least(diagram, 0, literals, 20), DIAGRAM_FALSE);
  arena_close(&arena);
}

static void scratch_allocates_no_more_once_it_has_met_the_largest_question(void **state) {
  (void)state;
  enum { CASES = 60 };
  Case *cases[CASES];
  for (int i = 0; i < CASES; i++) cases[i] = case_open_undecided();
  Arena arena;
  arena_open(&arena);
  DiagramScratch *scratch = diagram_scratch_open(&arena);
  size_t held = 0;
  for (int round = 0; round < 30; round++) {
    for (int i = 0; i < CASES; i++) {
      const SetQuestion question = case_question(cases[i]);
      uint64_t sets[16];
      diagram_evaluate(&cases[i]->frozen, question.function, question.care, question.allowed,
                       scratch);
      diagram_minimal_sets(&question, scratch, sets, 16, &complete);
      diagram_is_enough(&question, 1, scratch);
    }
    if (round == 0) held = memory_held();
    assert_int_equal(memory_held(), held);
  }
  arena_close(&arena);
  for (int i = 0; i < CASES; i++) case_close(cases[i]);
}

/* An epoch is a number that ends some day. */
static void epochs_that_start_over_bring_nothing_old_back(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  DiagramScratch *scratch = diagram_scratch_open(&arena), *fresh = diagram_scratch_open(&arena);
  for (int round = 0; round < 200; round++) {
    Case *c = case_open();
    const SetQuestion question = case_question(c);
    uint64_t sets[16], expected[16];
    scratch->visited.epoch = scratch->families.epoch = scratch->built.epoch = UINT32_MAX;
    scratch->conditions->epoch = scratch->enough->epoch = (1u << 30) - 1;
    assert_int_equal(
        diagram_evaluate(&c->frozen, c->function.ref, c->care.ref, c->allowed, scratch),
        over_by_enumeration(c, c->allowed));
    const uint32_t count = diagram_minimal_sets(&question, scratch, sets, 16, &complete);
    assert_int_equal(count, diagram_minimal_sets(&question, fresh, expected, 16, &complete));
    for (uint32_t i = 0; i < count; i++) assert_true(sets[i] == expected[i]);
    case_close(c);
  }
  arena_close(&arena);
}

#ifdef LICET_FAIL_ALLOCATIONS
typedef struct Asked {
  const Threshold *threshold;
  DiagramScratch *scratch;
} Asked;

static void ask_large(void *asked) {
  const Asked *a = asked;
  const Threshold *t = a->threshold;
  const SetQuestion question = {
      .diagram = &t->frozen, t->function, DIAGRAM_TRUE, t->any, t->any, t->facts};
  uint64_t sets[4];
  diagram_evaluate(&t->frozen, t->function, DIAGRAM_TRUE, t->any, a->scratch);
  const uint32_t count = diagram_minimal_sets(&question, a->scratch, sets, 4, &complete);
  for (uint32_t i = 0; i < count; i++) assert_int_equal(__builtin_popcountll(sets[i]), 10);
  assert_int_equal(count, searches_end ? 4 : 0);
}

/* Other questions, smaller, on what is there. */
static void ask_small(void *asked) {
  const Asked *a = asked;
  const Threshold *t = a->threshold;
  uint64_t some[64];
  for (uint32_t v = 0; v < 26; v++) some[v] = v < 22 ? 1u + (v & 1) : 3;
  assert_int_equal(diagram_evaluate(&t->frozen, t->function, DIAGRAM_TRUE, some, a->scratch),
                   HOLDS_ALWAYS);
  for (uint32_t v = 1; v < 6; v += 2) some[v] = 1;
  assert_int_equal(diagram_evaluate(&t->frozen, t->function, DIAGRAM_TRUE, some, a->scratch),
                   HOLDS_SOMETIMES);
}

/* Memory fails at the first, the second, … allocation; the scratch lives on and must not be left
 * half grown. */
static void a_scratch_that_ran_out_of_memory_answers_rightly_afterwards(void **state) {
  (void)state;
  Threshold t;
  threshold_open(&t, 10, 26);
  Arena arena;
  arena_open(&arena);
  Asked asked = {&t, diagram_scratch_open(&arena)};
  bool done = false;
  for (long failures = 0; !done; failures++) {
    memory_fail_after(1 + failures % 3);
    done = arena_attempt(&arena, ask_large, &asked);
    memory_fail_after(0);
    if (!done) assert_true(arena_attempt(&arena, ask_small, &asked));
  }
  arena_close(&arena);
  arena_close(&t.arena);
}
#endif

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(operations_agree_with_truth_tables_and_freezing_keeps_them),
      cmocka_unit_test(equal_functions_have_equal_refs_and_only_they),
      cmocka_unit_test(nodes_are_met_in_ascending_order_and_never_pointless),
      cmocka_unit_test(questions_over_sets_agree_with_enumeration),
      cmocka_unit_test(minimal_sets_agree_with_enumeration_in_content_and_order),
      cmocka_unit_test(enough_agrees_with_enumeration_for_every_set),
      cmocka_unit_test(huge_families_are_read_from_the_front),
      cmocka_unit_test(a_search_beyond_all_bounds_ends_with_sets_that_are_right),
      cmocka_unit_test(sixty_four_cells_and_the_last_fact_bit_work),
      cmocka_unit_test(beyond_the_node_limit_every_operation_says_false),
      cmocka_unit_test(scratch_allocates_no_more_once_it_has_met_the_largest_question),
      cmocka_unit_test(epochs_that_start_over_bring_nothing_old_back),
#ifdef LICET_FAIL_ALLOCATIONS
      cmocka_unit_test(a_scratch_that_ran_out_of_memory_answers_rightly_afterwards),
#endif
  };
  return cmocka_run_group_tests_name("diagram", tests, NULL, NULL);
}
