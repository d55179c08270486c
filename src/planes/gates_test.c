#include "planes/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

enum { INPUTS = 6, GATES = 400, OUTPUTS = 8 };

static uint64_t chance = 20261102;

static uint64_t next(void) { /* splitmix64 */
  uint64_t z = chance += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

/* What is known of the inputs: nothing; that they are the bits of two columns' numbers, some of
 * which do not occur; nothing, and they are so far behind that no functions of them are kept. */
typedef enum Knowledge { KNOWN_NOTHING, KNOWN_COLUMNS, KNOWN_FAR, KNOWLEDGE } Knowledge;
enum { FAR = 3000 };
static const uint64_t numbers_of_columns[2] = {0x7E, 0x17};

/* A random circuit beside the truth table of each of its gates: 64 rows, one for each combination
 * of six inputs. */
typedef struct Circuit {
  Gates *gates;
  uint32_t first_input;
  uint64_t rows; /* that may occur */
  Gate gate[GATES];
  uint64_t table[GATES];
  uint32_t count;
} Circuit;

static uint64_t input_table(uint32_t input) {
  uint64_t table = 0;
  for (uint32_t row = 0; row < 64; row++) table |= (uint64_t)((row >> input) & 1) << row;
  return table;
}

static void add(Circuit *c, Gate gate, uint64_t table) {
  c->gate[c->count] = gate;
  c->table[c->count++] = table;
}

static void open_circuit(Circuit *c, Knowledge knowledge, Arena *arena) {
  *c = (Circuit){.rows = ~UINT64_C(0), .first_input = knowledge == KNOWN_FAR ? FAR : 0};
  const bool columns = knowledge == KNOWN_COLUMNS;
  c->gates = columns ? gates_open(arena, numbers_of_columns, 2) : gates_open(arena, NULL, 0);
  add(c, GATE_NO, 0);
  add(c, GATE_YES, ~UINT64_C(0));
  for (uint32_t i = 0; i < INPUTS; i++)
    add(c, columns ? gate_bit(c->gates, i, i / 3, i % 3) : gate_input(c->gates, c->first_input + i),
        input_table(i));
  for (uint32_t row = 0; row < 64 && columns; row++)
    if (((numbers_of_columns[0] >> row % 8) & 1) == 0 ||
        ((numbers_of_columns[1] >> row / 8) & 1) == 0)
      c->rows &= ~(UINT64_C(1) << row);
}

static void make_circuit(Circuit *c, Knowledge knowledge, Arena *arena) {
  open_circuit(c, knowledge, arena);
  while (c->count < GATES) {
    const uint32_t a = (uint32_t)(next() % c->count), b = (uint32_t)(next() % c->count),
                   s = (uint32_t)(next() % c->count);
    const uint64_t x = c->table[a], y = c->table[b], z = c->table[s], random = next();
    Gate inputs[INPUTS];
    switch (next() % 6) {
      case 0:
        add(c, gate_and(c->gates, c->gate[a], c->gate[b]), x & y);
        break;
      case 1:
        add(c, gate_or(c->gates, c->gate[a], c->gate[b]), x | y);
        break;
      case 2:
        add(c, gate_and_not(c->gates, c->gate[a], c->gate[b]), x & ~y);
        break;
      case 3:
        add(c, gate_not(c->gate[a]), ~x);
        break;
      case 4:
        add(c, gate_choose(c->gates, c->gate[s], c->gate[a], c->gate[b]), (z & x) | (~z & y));
        break;
      default:
        for (uint32_t i = 0; i < INPUTS; i++) inputs[i] = c->gate[2 + i];
        add(c, gate_table(c->gates, inputs, INPUTS, random, ~UINT64_C(0)), random);
    }
  }
}

static void run_circuit(const Circuit *c, ProgramPath path, Arena *arena) {
  Gate outputs[OUTPUTS];
  uint64_t expected[OUTPUTS];
  for (uint32_t i = 0; i < OUTPUTS; i++) {
    const uint32_t at = (uint32_t)(next() % c->count);
    outputs[i] = c->gate[at];
    expected[i] = c->table[at];
  }
  const Program program = program_draw(c->gates, c->first_input + INPUTS, outputs, OUTPUTS, arena);
  const uint32_t words = (uint32_t)(1 + next() % 8) * 8;
  const uint32_t planes = program.input_count + program.scratch_count + 2;
  uint64_t **plane = ARENA_ARRAY(arena, uint64_t *, planes);
  for (uint32_t i = 0; i < planes; i++) {
    plane[i] = (uint64_t *)(void *)((char *)ARENA_ARRAY(arena, uint64_t, PROGRAM_BLOCK_WORDS + 1) +
                                    8); /* aligned to 8 bytes, not to 64 */
    for (uint32_t w = 0; w < words && i >= c->first_input && i < program.input_count; w++)
      plane[i][w] = input_table(i - c->first_input);
  }
  memset(plane[planes - 1], 0xFF, PROGRAM_BLOCK_WORDS * 8);
  program_run(&program, path, plane, (const uint64_t *const *)plane, words);
  for (uint32_t i = 0; i < OUTPUTS; i++) {
    for (uint32_t w = 0; w < words; w++)
      assert_int_equal(plane[program.outputs[i]][w] & c->rows, expected[i] & c->rows);
  }
}

static void every_path_answers_as_the_truth_tables_do(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  for (int round = 0; round < 60; round++) {
    Circuit *circuit = ARENA_NEW(&arena, Circuit);
    make_circuit(circuit, (Knowledge)(round % KNOWLEDGE), &arena);
    for (ProgramPath path = 0; path < PROGRAM_PATHS; path++)
      if (program_path_available(path)) run_circuit(circuit, path, &arena);
    arena_reset(&arena);
  }
  arena_close(&arena);
}

static void what_need_not_be_told_is_free(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  Gates *gates = gates_open(&arena, NULL, 0);
  const Gate inputs[2] = {gate_input(gates, 0), gate_input(gates, 1)};
  assert_int_equal(gate_table(gates, inputs, 2, 0x6, 0x6), GATE_YES);
  assert_int_equal(gate_table(gates, inputs, 2, 0x6, 0x9), GATE_NO);
  assert_int_equal(gate_table(gates, inputs, 2, 0xA, 0xF), inputs[0]);
  assert_int_equal(gate_and(gates, inputs[0], gate_not(inputs[0])), GATE_NO);
  assert_int_equal(gate_or(gates, inputs[0], gate_not(inputs[0])), GATE_YES);
  arena_close(&arena);
}

/* (a or b) and (a or c) answers as a or (b and c) does; what a column cannot be, no gate asks. */
static void gates_that_answer_alike_are_one(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  Gates *gates = gates_open(&arena, numbers_of_columns, 2);
  const Gate a = gate_input(gates, 10), b = gate_input(gates, 11), c = gate_input(gates, 12);
  assert_int_equal(gate_and(gates, gate_or(gates, a, b), gate_or(gates, a, c)),
                   gate_or(gates, a, gate_and(gates, b, c)));
  assert_int_equal(gate_or(gates, a, gate_and(gates, a, b)), a);
  assert_int_equal(gate_or(gates, a, gate_and_not(gates, b, a)), gate_or(gates, a, b));
  const Gate low = gate_bit(gates, 0, 0, 0), middle = gate_bit(gates, 1, 0, 1),
             high = gate_bit(gates, 2, 0, 2);
  assert_int_equal(gate_and(gates, low, gate_and(gates, middle, high)),
                   GATE_NO); /* 7 does not occur */
  assert_int_equal(gate_or(gates, low, gate_or(gates, middle, high)), GATE_YES); /* nor does 0 */
  arena_close(&arena);
}

static void rows_become_numbers_and_numbers_rows(void **state) {
  (void)state;
  static uint8_t numbers[PROGRAM_BLOCK_ROWS];
  static uint16_t back[PROGRAM_BLOCK_ROWS];
  static uint64_t space[8][PROGRAM_BLOCK_WORDS];
  uint64_t *planes[8];
  const uint64_t *given[8];
  for (ProgramPath path = 0; path < PROGRAM_PATHS; path++) {
    if (!program_path_available(path)) continue;
    for (uint32_t count = 1; count <= 8; count++) {
      for (uint32_t i = 0; i < PROGRAM_BLOCK_ROWS; i++)
        numbers[i] = (uint8_t)(next() & ((1u << count) - 1));
      for (uint32_t i = 0; i < 8; i++) given[i] = planes[i] = space[i];
      program_split(path, numbers, count, PROGRAM_BLOCK_WORDS, planes);
      for (uint32_t r = 0; r < PROGRAM_BLOCK_ROWS; r++)
        for (uint32_t b = 0; b < count; b++)
          assert_int_equal((space[b][r / 64] >> (r % 64)) & 1, (numbers[r] >> b) & 1);
      program_number(path, given, count, PROGRAM_BLOCK_WORDS, back);
      for (uint32_t r = 0; r < PROGRAM_BLOCK_ROWS; r++) assert_int_equal(back[r], numbers[r]);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_path_answers_as_the_truth_tables_do),
      cmocka_unit_test(what_need_not_be_told_is_free),
      cmocka_unit_test(gates_that_answer_alike_are_one),
      cmocka_unit_test(rows_become_numbers_and_numbers_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
