/* literals: columns are grouped by what is asked of them together, tests of the same group are kept
 * once, and a test with a mask of its answers is a literal, one plane that is true or false in each
 * row. Literals that no entry distinguishes share a plane, as structural hashing shares gates.
 *
 * Invariant: a literal that shares a plane, or is a constant, agrees with it on every entry and
 * tuple met so far (answers_agree); where a new one breaks that, everything is built again. */
#include <assert.h>
#include <string.h>

#include "base/unreachable.h"
#include "vector/bind_internal.h"

/* ---- Groups: the columns that are asked together ---- */

static uint32_t column_group_codes(const Binder *b, const ColumnGroup *column_group) {
  switch (column_group->kind) {
    case COLUMN_GROUP_NONE:
      return 1;
    case COLUMN_GROUP_PLANES:
      return column_group->combinations;
    case COLUMN_GROUP_COLUMN:
      return b->table->columns[column_group->columns[0]].entry_count;
    case COLUMN_GROUP_TUPLES:
      return column_group->tuples.met.count;
  }
  UNREACHABLE();
}

static void codes_of(const Binder *b, const ColumnGroup *column_group, uint32_t number,
                     uint32_t *codes) {
  for (uint32_t i = 0; i < column_group->column_count; i++) {
    const Column *column = &b->table->columns[column_group->columns[i]];
    switch (column_group->kind) {
      case COLUMN_GROUP_NONE:
        break;
      case COLUMN_GROUP_PLANES:
        codes[i] = number & ((1u << column->bits) - 1);
        number >>= column->bits;
        break;
      case COLUMN_GROUP_COLUMN:
        codes[i] = number;
        break;
      case COLUMN_GROUP_TUPLES:
        codes[i] = column_group->tuples.met.items[number].codes[i];
        break;
    }
  }
}

/* No row has such a combination of bits. */
static bool is_free(const Binder *b, const ColumnGroup *column_group, const uint32_t *codes) {
  for (uint32_t i = 0; i < column_group->column_count; i++)
    if (codes[i] >= b->table->columns[column_group->columns[i]].entry_count ||
        (codes[i] == 0 && b->table->columns[column_group->columns[i]].is_whole))
      return true;
  return false;
}

uint32_t bind_column_group(Binder *b, const uint32_t *columns, uint32_t count) {
  for (uint32_t i = 0; i < b->column_groups.count; i++) {
    const ColumnGroup *column_group = &b->column_groups.items[i];
    if (column_group->column_count == count &&
        (count == 0 || memcmp(column_group->columns, columns, count * sizeof *columns) == 0))
      return i;
  }
  ColumnGroup column_group = {.kind = count == 0   ? COLUMN_GROUP_NONE
                                      : count == 1 ? COLUMN_GROUP_COLUMN
                                                   : COLUMN_GROUP_TUPLES,
                              .column_count = count};
  if (count > 0) memcpy(column_group.columns, columns, count * sizeof *columns);
  uint32_t bits = 0;
  bool planes = count > 0;
  for (uint32_t i = 0; i < count; i++) {
    planes = planes && b->table->columns[columns[i]].form == CODES_PLANES;
    bits += b->table->columns[columns[i]].bits;
  }
  if (planes && bits <= COLUMN_GROUP_BITS_MOST) {
    column_group.kind = COLUMN_GROUP_PLANES;
    column_group.combinations = 1u << bits;
  }
  if (column_group.kind == COLUMN_GROUP_TUPLES) tuples_open(&column_group.tuples, &b->built);
  LIST_PUSH(&b->built, b->column_groups, column_group);
  if (column_group.kind == COLUMN_GROUP_TUPLES)
    bind_recall_tuples(b, &b->column_groups.items[b->column_groups.count - 1]);
  return b->column_groups.count - 1;
}

/* The answers of a test for entries it does not have yet. */
static void extend_column_test(Binder *b, ColumnTest *column_test) {
  const ColumnGroup *column_group = &b->column_groups.items[column_test->column_group];
  const uint32_t count = column_group_codes(b, column_group);
  while (column_test->values.count < count) {
    uint32_t codes[COLUMN_TEST_COLUMNS_MOST] = {0};
    codes_of(b, column_group, column_test->values.count, codes);
    uint64_t value = is_free(b, column_group, codes) ? COLUMN_TEST_FREE
                                                     : bind_evaluate_test(b, column_test, codes);
    LIST_PUSH(&b->built, column_test->values, value);
  }
}

uint32_t bind_column_test(Binder *b, const ColumnTest *wanted) {
  for (uint32_t i = 0; i < b->column_tests.count; i++) {
    const ColumnTest *there = &b->column_tests.items[i];
    if (there->kind == wanted->kind && there->column_policy == wanted->column_policy &&
        there->variable == wanted->variable && there->condition == wanted->condition &&
        there->column_group == wanted->column_group && there->vocabulary == wanted->vocabulary &&
        there->head == wanted->head && there->policy == wanted->policy)
      return i;
  }
  LIST_PUSH(&b->built, b->column_tests, *wanted);
  extend_column_test(b, &b->column_tests.items[b->column_tests.count - 1]);
  return b->column_tests.count - 1;
}

/* ---- Literals ---- */

static bool holds(const ColumnTest *column_test, uint32_t code, uint64_t mask) {
  return (column_test->values.items[code] & mask) != 0;
}

/* A truth table over more than six planes, six at a time. `answers`: 0, 1, or 2 for free. */
static Gate wide_table(Binder *b, const Gate *inputs, uint32_t bits, const uint8_t *answers) {
  if (bits <= 6) {
    uint64_t table = 0, care = 0;
    for (uint32_t i = 0; i < 1u << bits; i++) {
      table |= (uint64_t)(answers[i] == 1) << i;
      care |= (uint64_t)(answers[i] != 2) << i;
    }
    return gate_table(b->gates, inputs, bits, table, care);
  }
  Gate no = wide_table(b, inputs, bits - 1, answers),
       yes = wide_table(b, inputs, bits - 1, answers + (1u << (bits - 1)));
  return gate_choose(b->gates, inputs[bits - 1], yes, no);
}

uint32_t bind_input(Binder *b, InputPlane plane) {
  for (uint32_t i = 0; i < b->inputs.count; i++) {
    const InputPlane *there = &b->inputs.items[i];
    if (there->source == plane.source && there->bit == plane.bit && there->kind == plane.kind)
      return i;
  }
  LIST_PUSH(&b->built, b->inputs, plane);
  return b->inputs.count - 1;
}

static Gate planes_literal(Binder *b, const ColumnGroup *column_group,
                           const ColumnTest *column_test, uint64_t mask) {
  Gate inputs[COLUMN_GROUP_BITS_MOST];
  uint8_t answers[1u << COLUMN_GROUP_BITS_MOST];
  uint32_t bits = 0;
  for (uint32_t i = 0; i < column_group->column_count; i++) {
    const Column *column = &b->table->columns[column_group->columns[i]];
    for (uint32_t bit = 0; bit < column->bits; bit++)
      inputs[bits++] = gate_bit(
          b->gates, bind_input(b, (InputPlane){INPUT_COLUMN, column_group->columns[i], bit}),
          column_group->columns[i], bit);
  }
  for (uint32_t i = 0; i < column_group->combinations; i++)
    answers[i] = column_test->values.items[i] == COLUMN_TEST_FREE ? 2 : holds(column_test, i, mask);
  return wide_table(b, inputs, bits, answers);
}

static bool same_answers(const Binder *b, const Literal *a, uint32_t column_test, uint64_t mask) {
  const ColumnTest *x = &b->column_tests.items[a->column_test],
                   *y = &b->column_tests.items[column_test];
  for (uint32_t code = 0; code < y->values.count; code++)
    if (holds(x, code, a->mask) != holds(y, code, mask)) return false;
  return true;
}

/* Literals that no entry distinguishes share a plane, until an entry does. */
static Gate lookup_literal(Binder *b, uint32_t column_group_index, uint32_t column_test,
                           uint64_t mask) {
  ColumnGroup *column_group = &b->column_groups.items[column_group_index];
  Literal literal = {column_test, mask, LITERAL_SAME_AS, 0};
  const ColumnTest *from = &b->column_tests.items[column_test];
  bool any = false, all = true;
  for (uint32_t code = 0; code < from->values.count; code++) {
    bool yes = holds(from, code, mask);
    any = any || yes;
    all = all && yes;
  }
  if (!any || all) {
    literal.kind = any ? LITERAL_ALWAYS : LITERAL_NEVER;
    if (from->values.count == 0) literal.kind = LITERAL_NEVER;
    LIST_PUSH(&b->built, column_group->literals, literal);
    return literal.kind == LITERAL_ALWAYS ? GATE_YES : GATE_NO;
  }
  for (uint32_t p = 0; p < column_group->planes.count; p++) {
    if (!same_answers(b, &column_group->planes.items[p], column_test, mask)) continue;
    literal.plane = p;
    LIST_PUSH(&b->built, column_group->literals, literal);
    return gate_input(b->gates, column_group->planes.items[p].plane);
  }
  const uint32_t input =
      bind_input(b, (InputPlane){INPUT_LOOKUP, column_group_index, column_group->planes.count});
  Literal plane = {column_test, mask, LITERAL_SAME_AS, input};
  literal.plane = column_group->planes.count;
  LIST_PUSH(&b->built, column_group->literals, literal);
  LIST_PUSH(&b->built, column_group->planes, plane);
  return gate_input(b->gates, input);
}

Gate bind_literal(Binder *b, uint32_t column_test, uint64_t mask) {
  const ColumnTest *from = &b->column_tests.items[column_test];
  for (uint32_t i = 0; i < from->asked.count; i++)
    if (from->asked.items[i].mask == mask) return from->asked.items[i].gate;
  const ColumnGroup *column_group = &b->column_groups.items[from->column_group];
  Gate gate;
  if (column_group->kind == COLUMN_GROUP_NONE) {
    gate = holds(from, 0, mask) ? GATE_YES : GATE_NO;
  } else if (column_group->kind == COLUMN_GROUP_PLANES) {
    gate = planes_literal(b, column_group, from, mask);
  } else {
    gate = lookup_literal(b, from->column_group, column_test, mask);
  }
  LIST_PUSH(&b->built, b->column_tests.items[column_test].asked, ((AskedLiteral){mask, gate}));
  b->literals++;
  return gate;
}

/* ---- Tables of answers, entry by entry ---- */

/* Do literals that share a plane, or are constant, still agree for the entries from `from` on? */
static bool answers_agree(const Binder *b, const ColumnGroup *column_group, uint32_t from) {
  const uint32_t count = column_group_codes(b, column_group);
  for (uint32_t i = 0; i < column_group->literals.count; i++) {
    const Literal *literal = &column_group->literals.items[i];
    for (uint32_t code = from; code < count; code++) {
      bool yes = holds(&b->column_tests.items[literal->column_test], code, literal->mask),
           expected = literal->kind == LITERAL_ALWAYS;
      if (literal->kind == LITERAL_SAME_AS) {
        const Literal *plane = &column_group->planes.items[literal->plane];
        expected = holds(&b->column_tests.items[plane->column_test], code, plane->mask);
      }
      if (yes != expected) return false;
    }
  }
  return true;
}

static void reserve_answers(Binder *b, ColumnGroup *column_group, uint32_t count) {
  if (count <= column_group->capacity) return;
  const uint32_t capacity = count < 64 ? 64 : 2 * count;
  for (uint32_t g = 0; g < (column_group->planes.count + 7) / 8; g++) {
    uint8_t *bytes = ARENA_ARRAY(&b->built, uint8_t, capacity);
    if (column_group->bytes[g] != NULL)
      memcpy(bytes, column_group->bytes[g], column_group->capacity);
    column_group->bytes[g] = bytes;
  }
  column_group->capacity = capacity;
}

/* Answers for the entries not covered yet, a byte for every eight planes. */
static void extend_answers(Binder *b, ColumnGroup *column_group) {
  const uint32_t count = column_group_codes(b, column_group);
  assert(column_group->covered <= count);
  reserve_answers(b, column_group, count);
  for (uint32_t p = 0; p < column_group->planes.count; p++) {
    const Literal *plane = &column_group->planes.items[p];
    for (uint32_t code = column_group->covered; code < count; code++)
      column_group->bytes[p / 8][code] |=
          (uint8_t)(holds(&b->column_tests.items[plane->column_test], code, plane->mask)
                    << (p % 8));
  }
  column_group->covered = count;
}

void bind_open_answers(Binder *b, ColumnGroup *column_group) {
  const bool looks_up =
      column_group->kind == COLUMN_GROUP_COLUMN || column_group->kind == COLUMN_GROUP_TUPLES;
  column_group->bytes = ARENA_ARRAY(&b->built, uint8_t *, (column_group->planes.count + 7) / 8 + 1);
  if (looks_up) extend_answers(b, column_group);
  if (column_group->kind == COLUMN_GROUP_TUPLES)
    column_group->numbers = ARENA_ARRAY(&b->built, uint32_t, PROGRAM_BLOCK_ROWS);
}

bool bind_extend(Binder *b) {
  for (uint32_t i = 0; i < b->column_tests.count; i++)
    extend_column_test(b, &b->column_tests.items[i]);
  for (uint32_t i = 0; i < b->column_groups.count; i++) {
    ColumnGroup *column_group = &b->column_groups.items[i];
    if (column_group->kind != COLUMN_GROUP_COLUMN && column_group->kind != COLUMN_GROUP_TUPLES)
      continue;
    if (!answers_agree(b, column_group, column_group->covered)) return false;
    extend_answers(b, column_group);
  }
  return true;
}

/* ---- Tuples of earlier builds ---- */

void bind_remember_tuples(Binder *b, const ColumnGroup *column_groups, uint32_t count) {
  arena_reset(&b->remembered);
  memset(&b->tuples, 0, sizeof b->tuples);
  for (uint32_t i = 0; i < count; i++) {
    if (column_groups[i].kind != COLUMN_GROUP_TUPLES) continue;
    const uint32_t tuples = column_groups[i].tuples.met.count;
    for (uint32_t t = tuples < REMEMBERED_TUPLES_MOST ? 0 : tuples - REMEMBERED_TUPLES_MOST;
         t < tuples; t++) { /* the newest */
      RememberedTuple one = {.column_count = column_groups[i].column_count,
                             .tuple = column_groups[i].tuples.met.items[t]};
      memcpy(one.columns, column_groups[i].columns, sizeof one.columns);
      LIST_PUSH(&b->remembered, b->tuples, one);
    }
  }
}

void bind_recall_tuples(Binder *b, ColumnGroup *column_group) {
  for (uint32_t i = 0; i < b->tuples.count; i++) {
    const RememberedTuple *one = &b->tuples.items[i];
    if (one->column_count == column_group->column_count &&
        memcmp(one->columns, column_group->columns,
               column_group->column_count * sizeof *one->columns) == 0)
      tuples_number(&column_group->tuples, &one->tuple);
  }
}
