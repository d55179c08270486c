/* Functions of more values than yes and no, against tables: every random function is built as a
 * diagram from a table of its values, and every question is also answered by the tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diagram/diagram.h"

enum { VARIABLES = 4, POINTS = 2 * 3 * 4 * 2, ROUNDS = 300, NODES = 1 << 16 };

static const uint8_t arity[VARIABLES] = {2, 3, 4, 2};
static uint64_t random_state = 0x6D74626464;

static uint32_t random_below(uint32_t n) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 33) % n;
}

/* A point is a cell for each variable; the last variable's cells lie side by side. */
typedef struct Table {
  uint32_t at[POINTS];
} Table;

static uint32_t points_from(uint32_t variable) {
  uint32_t points = 1;
  for (uint32_t v = variable; v < VARIABLES; v++) points *= arity[v];
  return points;
}

/* Few values, and long runs of one: otherwise nothing is ever shared. */
static Table table_random(uint32_t values) {
  Table table;
  uint32_t value = 0;
  for (uint32_t p = 0; p < POINTS; p++) {
    if (p % (1 + random_below(4)) == 0) value = random_below(values);
    table.at[p] = value;
  }
  return table;
}

static DiagramRef build_from(Diagram *diagram, const uint32_t *at, uint32_t variable) {
  DiagramRef children[64];
  if (variable == VARIABLES) return diagram_value(*at);
  for (uint32_t c = 0; c < arity[variable]; c++)
    children[c] = build_from(diagram, at + c * points_from(variable + 1), variable + 1);
  return diagram_node(diagram, variable, children);
}

static DiagramRef build(Diagram *diagram, const Table *table) {
  return build_from(diagram, table->at, 0);
}

static uint32_t value_at(const uint32_t *words, DiagramRef at, uint32_t point) {
  while (!diagram_is_value(at)) {
    const uint32_t variable = words[at];
    at = words[at + 1 + point / points_from(variable + 1) % arity[variable]];
  }
  return diagram_number(at);
}

static void assert_table(const uint32_t *words, DiagramRef function, const Table *table) {
  for (uint32_t p = 0; p < POINTS; p++)
    assert_int_equal(value_at(words, function, p), table->at[p]);
}

typedef struct Fixture {
  Arena arena;
  Diagram *diagram;
} Fixture;

static void open(Fixture *f) {
  arena_open(&f->arena);
  f->diagram = diagram_open(&f->arena, arity, VARIABLES, NODES);
}

static void yes_and_no_are_the_values_1_and_0(void **state) {
  (void)state;
  assert_int_equal(diagram_value(0), DIAGRAM_FALSE);
  assert_int_equal(diagram_value(1), DIAGRAM_TRUE);
  for (uint32_t n = 0; n < 40; n++) {
    assert_true(diagram_is_value(diagram_value(n)));
    assert_int_equal(diagram_number(diagram_value(n)), n);
  }
  assert_int_equal(diagram_number(diagram_value(DIAGRAM_VALUES - 1)), DIAGRAM_VALUES - 1);
  assert_false(diagram_is_value(DIAGRAM_FIRST));
  assert_false(diagram_is_value(DIAGRAM_VALUES - 1));
}

static void two_functions_are_the_same_exactly_when_their_refs_are(void **state) {
  (void)state;
  Fixture f;
  open(&f);
  for (int round = 0; round < ROUNDS; round++) {
    const Table a = table_random(2), b = table_random(5), c = round % 2 == 0 ? a : b;
    const DiagramRef one = build(f.diagram, &a), two = build(f.diagram, &b);
    assert_table(diagram_words(f.diagram), one, &a);
    assert_table(diagram_words(f.diagram), two, &b);
    assert_int_equal(one == two, memcmp(&a, &b, sizeof a) == 0);
    assert_int_equal(build(f.diagram, &c), round % 2 == 0 ? one : two);
  }
  arena_close(&f.arena);
}

/* Numbers as sets of bits. `calls`: how often the join was asked. */
static DiagramRef unite(void *context, DiagramRef a, DiagramRef b) {
  ++*(uint32_t *)context;
  assert_int_not_equal(a, b);
  return diagram_value(diagram_number(a) | diagram_number(b));
}

static void a_join_joins_value_by_value(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    Fixture f;
    uint32_t calls = 0;
    const ValueJoin join = {unite, &calls};
    open(&f);
    const Table a = table_random(8), b = table_random(8);
    Table both;
    for (uint32_t p = 0; p < POINTS; p++) both.at[p] = a.at[p] | b.at[p];
    const DiagramRef one = build(f.diagram, &a), two = build(f.diagram, &b);
    const DiagramRef joined = diagram_join(f.diagram, &join, one, two);
    assert_table(diagram_words(f.diagram), joined, &both);
    assert_int_equal(joined, build(f.diagram, &both));
    assert_int_equal(diagram_join(f.diagram, &join, two, one), joined);
    assert_int_equal(diagram_join(f.diagram, &join, joined, one), joined);
    assert_int_equal(diagram_join(f.diagram, &join, one, DIAGRAM_FALSE), one);
    arena_close(&f.arena);
  }
}

/* A builder answers yes/no questions and joins, one after the other, without mixing them up. */
static void a_join_and_an_or_of_the_same_functions_agree(void **state) {
  (void)state;
  Fixture f;
  uint32_t calls = 0;
  const ValueJoin join = {unite, &calls};
  open(&f);
  for (int round = 0; round < ROUNDS; round++) {
    const Table a = table_random(2), b = table_random(2);
    const DiagramRef one = build(f.diagram, &a), two = build(f.diagram, &b);
    assert_int_equal(diagram_join(f.diagram, &join, one, two), diagram_or(f.diagram, one, two));
    assert_int_equal(diagram_and(f.diagram, one, diagram_not(f.diagram, one)), DIAGRAM_FALSE);
  }
  assert_int_equal(calls, 0); /* yes and no are all there is: FALSE is the bottom */
  arena_close(&f.arena);
}

static void a_builder_that_is_too_large_joins_to_false(void **state) {
  (void)state;
  Arena arena;
  uint32_t calls = 0;
  const ValueJoin join = {unite, &calls};
  arena_open(&arena);
  Diagram *diagram = diagram_open(&arena, arity, VARIABLES, 2);
  const DiagramRef a = diagram_node(diagram, 3, (DiagramRef[]){diagram_value(2), diagram_value(3)}),
                   b = diagram_node(diagram, 3, (DiagramRef[]){diagram_value(4), diagram_value(2)});
  assert_false(diagram_too_large(diagram));
  assert_int_equal(diagram_join(diagram, &join, a, b), DIAGRAM_FALSE);
  assert_true(diagram_too_large(diagram));
  arena_close(&arena);
}

static DiagramRef halve(void *context, DiagramRef value) {
  ++((uint32_t *)context)[diagram_number(value)];
  return diagram_value(diagram_number(value) / 2);
}

static void a_map_replaces_each_value_once_and_makes_no_node_too_many(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    Fixture f;
    uint32_t calls[8] = {0};
    open(&f);
    Diagram *into = diagram_open(&f.arena, arity, VARIABLES, NODES);
    const Table a = table_random(8);
    Table half;
    for (uint32_t p = 0; p < POINTS; p++) half.at[p] = a.at[p] / 2;
    DiagramRef mapped =
        diagram_map(into, f.diagram, build(f.diagram, &a), &(ValueMap){halve, calls});
    assert_table(diagram_words(into), mapped, &half);
    for (int n = 0; n < 8; n++) assert_true(calls[n] <= 1);
    const uint32_t nodes = diagram_nodes(into);
    assert_int_equal(build(into, &half), mapped);
    assert_int_equal(diagram_freeze(into, &f.arena, &mapped, 1).node_count, nodes);
    arena_close(&f.arena);
  }
}

/* Do two points that differ in the variable alone have different values, neither of them 0? */
static bool table_depends(const Table *table, uint32_t variable) {
  const uint32_t step = points_from(variable + 1);
  for (uint32_t p = 0; p < POINTS; p++) {
    const uint32_t cell = p / step % arity[variable];
    for (uint32_t c = cell + 1; c < arity[variable]; c++) {
      const uint32_t a = table->at[p], b = table->at[p + (c - cell) * step];
      if (a != b && a != 0 && b != 0) return true;
    }
  }
  return false;
}

static void a_function_depends_on_what_changes_its_value(void **state) {
  (void)state;
  uint32_t depending = 0, independent = 0;
  for (int round = 0; round < ROUNDS; round++) {
    Fixture f;
    open(&f);
    Table table = table_random(2 + random_below(3));
    if (round % 2 == 0) { /* mostly impossible, so that little is left to depend on */
      for (uint32_t p = 0; p < POINTS; p++) table.at[p] *= random_below(6) == 0;
    }
    build(f.diagram, &table);
    for (uint32_t v = 0; v < VARIABLES; v++) {
      const bool depends = table_depends(&table, v);
      assert_int_equal(diagram_depends(f.diagram, v), depends);
      ++*(depends ? &depending : &independent);
    }
    arena_close(&f.arena);
  }
  assert_true(depending > 50 && independent > 50);
}

static void freezing_keeps_values(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    Fixture f;
    open(&f);
    const Table a = table_random(3), b = table_random(30);
    DiagramRef roots[3] = {build(f.diagram, &a), build(f.diagram, &b), diagram_value(7)};
    const FrozenDiagram frozen = diagram_freeze(f.diagram, &f.arena, roots, 3);
    assert_table(frozen.words, roots[0], &a);
    assert_table(frozen.words, roots[1], &b);
    assert_int_equal(roots[2], diagram_value(7));
    arena_close(&f.arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(yes_and_no_are_the_values_1_and_0),
      cmocka_unit_test(two_functions_are_the_same_exactly_when_their_refs_are),
      cmocka_unit_test(a_join_joins_value_by_value),
      cmocka_unit_test(a_join_and_an_or_of_the_same_functions_agree),
      cmocka_unit_test(a_builder_that_is_too_large_joins_to_false),
      cmocka_unit_test(a_map_replaces_each_value_once_and_makes_no_node_too_many),
      cmocka_unit_test(a_function_depends_on_what_changes_its_value),
      cmocka_unit_test(freezing_keeps_values),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
