/* An and-inverter graph with structural hashing (Kuehlmann and Krohm 1997), made canonical: beside
 * each gate stands its function of the columns as a decision diagram (Bryant 1986), so that gates
 * that answer alike are one gate.
 *
 * Invariant: two gates of one number answer alike on every row that may occur.
 */
#include "planes/gates.h"

#include <string.h>

#include "diagram/diagram.h"

/* Inputs of which nothing is known are variables too, as many as this; and functions are kept up to
 * so many nodes. Beyond, gates are distinguished by what they are made of alone: the program is
 * longer, the answers are the same. */
#define FREE_INPUTS_MOST 2048u
#define FUNCTION_NODES_MOST 30000u
#define NO_FUNCTION UINT32_MAX

typedef struct GateNode {
  GatePlace at;
  DiagramRef function, negated; /* NO_FUNCTION: not kept */
} GateNode;

typedef struct GateSlot {
  uint64_t key;
  Gate gate; /* 0: empty */
} GateSlot;

struct Gates {
  Arena *arena;
  LIST(GateNode) nodes;
  GateSlot *slots; /* open-addressed: what a gate is made of → gate, and what it answers → gate */
  uint32_t slot_count, slots_taken;
  Diagram *functions;
  const uint64_t *numbers;
  uint32_t columns;
};

Gates *gates_open(Arena *arena, const uint64_t *numbers, uint32_t columns) {
  Gates *gates = ARENA_NEW(arena, Gates);
  *gates = (Gates){.arena = arena, .slot_count = 1024, .numbers = numbers, .columns = columns};
  gates->slots = ARENA_ARRAY(arena, GateSlot, gates->slot_count);
  uint8_t *arity = ARENA_ARRAY(arena, uint8_t, columns + FREE_INPUTS_MOST);
  for (uint32_t c = 0; c < columns; c++)
    arity[c] = numbers[c] == 0 ? 1 : (uint8_t)__builtin_popcountll(numbers[c]);
  memset(arity + columns, 2, FREE_INPUTS_MOST);
  gates->functions = diagram_open(arena, arity, columns + FREE_INPUTS_MOST, FUNCTION_NODES_MOST);
  LIST_PUSH(arena, gates->nodes, ((GateNode){.function = DIAGRAM_FALSE, .negated = DIAGRAM_TRUE}));
  return gates;
}

GatePlace gates_at(const Gates *gates, uint32_t place) { return gates->nodes.items[place].at; }
uint32_t gates_places(const Gates *gates) { return gates->nodes.count; }

/* ---- Each gate once ---- */

static uint64_t key_of_parts(Gate a, Gate b) {
  return (uint64_t)b << 32 | a | UINT64_C(1) << 63;
} /* a < b */
static uint64_t key_of_input(uint32_t number) { return UINT64_C(3) << 62 | number; }
static uint64_t key_of_function(DiagramRef function) { return UINT64_C(1) << 32 | function; }

static GateSlot *slot_of(const Gates *gates, uint64_t key) {
  uint64_t hash = key * UINT64_C(0x9E3779B97F4A7C15);
  for (uint32_t at = (uint32_t)(hash >> 32);; at++) {
    GateSlot *slot = &gates->slots[at & (gates->slot_count - 1)];
    if (slot->gate == 0 || slot->key == key) return slot;
  }
}

static void remember(Gates *gates, uint64_t key, Gate gate) {
  if (2 * gates->slots_taken >= gates->slot_count) {
    const GateSlot *before = gates->slots;
    const uint32_t count = gates->slot_count;
    gates->slots = ARENA_ARRAY(gates->arena, GateSlot, 2 * (size_t)count);
    gates->slot_count = 2 * count;
    for (uint32_t i = 0; i < count; i++)
      if (before[i].gate != 0) *slot_of(gates, before[i].key) = before[i];
  }
  GateSlot *slot = slot_of(gates, key);
  if (slot->gate != 0) return;
  *slot = (GateSlot){key, gate};
  gates->slots_taken++;
}

static DiagramRef function_of(const Gates *gates, Gate gate) {
  const GateNode *node = &gates->nodes.items[gate_place(gate)];
  return gate_is_complemented(gate) ? node->negated : node->function;
}

/* The gate that answers so; `at` makes one if there is none. */
static Gate make(Gates *gates, GatePlace at, DiagramRef function) {
  if (function == DIAGRAM_FALSE || function == DIAGRAM_TRUE)
    return function == DIAGRAM_TRUE ? GATE_YES : GATE_NO;
  GateSlot *alike = function == NO_FUNCTION ? NULL : slot_of(gates, key_of_function(function));
  if (alike != NULL && alike->gate != 0) return alike->gate;
  GateNode node = {at, function, NO_FUNCTION};
  if (function != NO_FUNCTION) node.negated = diagram_not(gates->functions, function);
  if (diagram_too_large(gates->functions)) node.function = node.negated = NO_FUNCTION;
  LIST_PUSH(gates->arena, gates->nodes, node);
  const Gate gate = 2 * (gates->nodes.count - 1);
  if (node.function != NO_FUNCTION) {
    remember(gates, key_of_function(node.function), gate);
    remember(gates, key_of_function(node.negated), gate_not(gate));
  }
  return gate;
}

/* ---- Inputs ---- */

static Gate input(Gates *gates, uint32_t number, uint32_t variable, uint64_t cells) {
  const GateSlot *there = slot_of(gates, key_of_input(number));
  if (there->gate != 0) return there->gate;
  DiagramRef function = NO_FUNCTION;
  if (variable < gates->columns + FREE_INPUTS_MOST)
    function = diagram_literal(gates->functions, variable, cells);
  if (diagram_too_large(gates->functions)) function = NO_FUNCTION;
  const Gate gate = make(gates, (GatePlace){.is_input = true, .input = number}, function);
  if (gate > GATE_YES) remember(gates, key_of_input(number), gate);
  return gate;
}

Gate gate_input(Gates *gates, uint32_t number) {
  return input(gates, number, gates->columns + number, 2);
}

Gate gate_bit(Gates *gates, uint32_t number, uint32_t column, uint32_t bit) {
  uint64_t cells = 0, cell = 1;
  for (uint64_t left = gates->numbers[column]; left != 0; left &= left - 1, cell <<= 1)
    if (((uint32_t)__builtin_ctzll(left) >> bit) & 1) cells |= cell;
  return input(gates, number, column, cells);
}

/* ---- Gates of gates ---- */

static DiagramRef function_of_and(Gates *gates, Gate a, Gate b) {
  const DiagramRef x = function_of(gates, a), y = function_of(gates, b);
  if (x == NO_FUNCTION || y == NO_FUNCTION || diagram_too_large(gates->functions))
    return NO_FUNCTION;
  const DiagramRef both = diagram_and(gates->functions, x, y);
  return diagram_too_large(gates->functions) ? NO_FUNCTION : both;
}

Gate gate_and(Gates *gates, Gate a, Gate b) {
  if (a > b) return gate_and(gates, b, a);
  if (a == GATE_NO || b == gate_not(a)) return GATE_NO;
  if (a == GATE_YES || a == b) return b;
  const GateSlot *there = slot_of(gates, key_of_parts(a, b));
  if (there->gate != 0) return there->gate;
  const Gate gate = make(gates, (GatePlace){.a = a, .b = b}, function_of_and(gates, a, b));
  if (gate > GATE_YES) remember(gates, key_of_parts(a, b), gate);
  return gate;
}

Gate gate_or(Gates *gates, Gate a, Gate b) {
  return gate_not(gate_and(gates, gate_not(a), gate_not(b)));
}
Gate gate_and_not(Gates *gates, Gate a, Gate b) { return gate_and(gates, a, gate_not(b)); }

Gate gate_choose(Gates *gates, Gate selector, Gate yes, Gate no) {
  if (yes == no) return yes;
  return gate_or(gates, gate_and(gates, selector, yes), gate_and_not(gates, no, selector));
}

Gate gate_table(Gates *gates, const Gate *inputs, uint32_t bits, uint64_t table, uint64_t care) {
  const uint32_t width = 1u << bits;
  const uint64_t all = bits_all(width);
  if ((table & care & all) == 0) return GATE_NO;
  if ((~table & care & all) == 0) return GATE_YES;
  const uint32_t half = width / 2;
  const uint64_t low = (UINT64_C(1) << half) - 1;
  uint64_t low_table = table & low, high_table = (table >> half) & low, low_care = care & low,
           high_care = (care >> half) & low;
  if (((low_table ^ high_table) & low_care & high_care) == 0) /* this input distinguishes nothing */
    return gate_table(gates, inputs, bits - 1, (low_table & low_care) | (high_table & high_care),
                      low_care | high_care);
  Gate no = gate_table(gates, inputs, bits - 1, low_table, low_care),
       yes = gate_table(gates, inputs, bits - 1, high_table, high_care);
  return gate_choose(gates, inputs[bits - 1], yes, no);
}
