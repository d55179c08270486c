/* Gates that are read more than once, and outputs, are kept as planes, in the order in which they
 * were made; what lies between them is a cone of gates read once. A cone is worked out along its
 * longest chain: what stands beside the chain is one plane (a plane already, or a smaller cone that
 * is kept first), so nothing but the chain is ever in hand, and cones within cones are few.
 *
 * A denial costs nothing: whether a plane, or what is in hand, says the opposite is kept in mind,
 * and the next step is chosen so.
 *
 * Reading order: count_reads, emit_cone, keep, line_draw.
 */
#include "planes/program.h"

#define NOWHERE UINT32_MAX

/* A plane that is known to the program. */
typedef struct Stand {
  uint32_t plane; /* NOWHERE: not yet */
  bool negated;   /* it says the opposite of what was asked */
} Stand;

typedef struct Drawing {
  const Gates *gates;
  Arena *arena;
  uint32_t *reads; /* per place: by how many gates that are needed, as long as they are to come */
  uint32_t *size;  /* per place: gates of its cone */
  Stand *stands;   /* per place */
  uint8_t *wanted; /* per place: as an output, 1 as it stands, 2 denied */
  Stand *second;   /* per place: the opposite, where both are wanted */
  LIST(uint32_t) free;
  LIST(ProgramStep) steps;
  LIST(uint32_t) inputs_read;
  uint32_t input_count, scratch_count;
  bool negated; /* what is in hand says the opposite */
} Drawing;

static bool is_leaf(const Drawing *d, Gate gate) {
  return d->stands[gate_place(gate)].plane != NOWHERE;
}
static bool stays(const Drawing *d, uint32_t place) {
  return d->wanted[place] != 0 || gates_at(d->gates, place).is_input;
}

/* From the outputs down; places of parts are lower. */
static void count_reads(Drawing *d, uint32_t places) {
  for (uint32_t p = places; p-- > 1;) {
    const GatePlace at = gates_at(d->gates, p);
    if (d->reads[p] == 0 && d->wanted[p] == 0) continue;
    if (at.is_input) {
      LIST_PUSH(d->arena, d->inputs_read, at.input);
      continue;
    }
    d->reads[gate_place(at.a)]++;
    d->reads[gate_place(at.b)]++;
  }
}

static bool is_kept(const Drawing *d, uint32_t place) {
  return d->wanted[place] != 0 || d->reads[place] > 1;
}

static void measure_cones(Drawing *d, uint32_t places) {
  for (uint32_t p = 1; p < places; p++) {
    const GatePlace at = gates_at(d->gates, p);
    if (at.is_input) continue;
    const uint32_t a = gate_place(at.a), b = gate_place(at.b);
    d->size[p] = 1 + (is_kept(d, a) ? 0 : d->size[a]) + (is_kept(d, b) ? 0 : d->size[b]);
  }
}

static uint32_t take_plane(Drawing *d) {
  return d->free.count > 0 ? d->free.items[--d->free.count] : d->input_count + d->scratch_count++;
}

/* The gate's plane is read once more; does it say the opposite of the gate? */
static bool read(Drawing *d, Gate gate, uint32_t *plane) {
  const uint32_t place = gate_place(gate);
  *plane = d->stands[place].plane;
  if (--d->reads[place] == 0 && !stays(d, place)) LIST_PUSH(d->arena, d->free, *plane);
  return d->stands[place].negated != gate_is_complemented(gate);
}

static void step(Drawing *d, StepKind kind, uint32_t a, uint32_t b) {
  LIST_PUSH(d->arena, d->steps, ((ProgramStep){.kind = (uint32_t)kind, .a = a, .b = b}));
}

/* Two planes in hand. */
static void begin(Drawing *d, Gate a, Gate b) {
  uint32_t x, y;
  const bool x_negated = read(d, a, &x), y_negated = read(d, b, &y);
  d->negated = x_negated && y_negated; /* neither: not (x or y) */
  if (d->negated)
    step(d, STEP_EITHER, x, y);
  else if (x_negated)
    step(d, STEP_ONE_ONLY, y, x);
  else
    step(d, y_negated ? STEP_ONE_ONLY : STEP_BOTH, x, y);
}

/* What is in hand, denied or not as `hand` is, AND one more plane. */
static void go_on(Drawing *d, Gate hand, Gate other) {
  uint32_t plane;
  const bool plane_negated = read(d, other, &plane),
             hand_negated = d->negated != gate_is_complemented(hand);
  d->negated = hand_negated && plane_negated;
  if (d->negated)
    step(d, STEP_OR, plane, 0);
  else if (hand_negated)
    step(d, STEP_NOT_AND, plane, 0);
  else
    step(d, plane_negated ? STEP_AND_NOT : STEP_AND, plane, 0);
}

static void keep(Drawing *d, uint32_t place);

/* Along the longest chain down, keeping what stands beside it; then up again. */
static void emit_cone(Drawing *d, uint32_t place) {
  LIST(uint32_t) chain = {0};
  for (;;) {
    const GatePlace at = gates_at(d->gates, place);
    const uint32_t a = gate_place(at.a), b = gate_place(at.b);
    LIST_PUSH(d->arena, chain, place);
    if (is_leaf(d, at.a) && is_leaf(d, at.b)) break;
    const bool along_a = is_leaf(d, at.b) || (!is_leaf(d, at.a) && d->size[a] >= d->size[b]);
    if (!is_leaf(d, along_a ? at.b : at.a)) keep(d, along_a ? b : a);
    place = along_a ? a : b;
  }
  uint32_t at = chain.items[--chain.count];
  begin(d, gates_at(d->gates, at).a, gates_at(d->gates, at).b);
  while (chain.count > 0) {
    const GatePlace next = gates_at(d->gates, chain.items[--chain.count]);
    const bool hand_is_a = gate_place(next.a) == at;
    go_on(d, hand_is_a ? next.a : next.b, hand_is_a ? next.b : next.a);
    at = chain.items[chain.count];
  }
}

/* Works the place out and stores it; an output as it is wanted. */
static void keep(Drawing *d, uint32_t place) {
  emit_cone(d, place);
  const uint8_t wanted = d->wanted[place];
  const uint8_t in_hand = d->negated ? 2 : 1;
  const bool opposite_only = wanted != 0 && (wanted & in_hand) == 0;
  if (!opposite_only) {
    ProgramStep *last = &d->steps.items[d->steps.count - 1];
    last->kind += STEP_KINDS;
    last->to = take_plane(d);
    d->stands[place] = (Stand){last->to, d->negated};
  }
  if (!opposite_only && wanted != 3) return;
  const Stand opposite = {take_plane(d), !d->negated};
  LIST_PUSH(d->arena, d->steps, ((ProgramStep){.kind = STEP_KEEP_NEGATED, .to = opposite.plane}));
  *(opposite_only ? &d->stands[place] : &d->second[place]) = opposite;
}

/* Inputs are never stored over, so the opposite of one needs a plane of its own. */
static void negate_input(Drawing *d, uint32_t place) {
  if ((d->wanted[place] & 2) == 0) return;
  d->second[place] = (Stand){take_plane(d), true};
  step(d, STEP_LOAD, d->stands[place].plane, 0);
  LIST_PUSH(d->arena, d->steps,
            ((ProgramStep){.kind = STEP_KEEP_NEGATED, .to = d->second[place].plane}));
}

static uint32_t plane_of_output(const Drawing *d, Gate output) {
  const uint32_t place = gate_place(output), constants = d->input_count + d->scratch_count;
  if (place == 0) return output == GATE_YES ? constants + 1 : constants;
  const Stand *stand = &d->stands[place];
  return stand->negated == gate_is_complemented(output) ? stand->plane : d->second[place].plane;
}

/* Memory is asked for as evenly as the steps allow: all at once is more than a processor has on its
 * way at one time. */
static void spread_fetches(Drawing *d) {
  const uint64_t steps = d->steps.count, inputs = d->inputs_read.count;
  for (uint64_t s = 0; s < steps; s++) {
    const uint64_t input = s * inputs / steps;
    const bool first = s == 0 || (s - 1) * inputs / steps != input;
    d->steps.items[s].ahead =
        first && inputs > 0 ? d->inputs_read.items[input] : PROGRAM_FETCHES_NOTHING;
  }
}

Program program_draw(const Gates *gates, uint32_t input_count, const Gate *outputs, uint32_t count,
                     Arena *arena) {
  const uint32_t places = gates_places(gates);
  Drawing d = {.gates = gates, .arena = arena, .input_count = input_count};
  d.reads = ARENA_ARRAY(arena, uint32_t, places);
  d.size = ARENA_ARRAY(arena, uint32_t, places);
  d.wanted = ARENA_ARRAY(arena, uint8_t, places);
  d.stands = ARENA_ARRAY(arena, Stand, places);
  d.second = ARENA_ARRAY(arena, Stand, places);
  for (uint32_t i = 0; i < count; i++)
    d.wanted[gate_place(outputs[i])] |= gate_is_complemented(outputs[i]) ? 2 : 1;
  for (uint32_t p = 0; p < places; p++) {
    const GatePlace at = gates_at(gates, p);
    d.stands[p] = (Stand){at.is_input ? at.input : NOWHERE, false};
  }
  count_reads(&d, places);
  measure_cones(&d, places);
  for (uint32_t p = 1; p < places; p++) {
    if (gates_at(gates, p).is_input)
      negate_input(&d, p);
    else if (is_kept(&d, p))
      keep(&d, p);
  }
  spread_fetches(&d);
  uint32_t *planes = ARENA_ARRAY(arena, uint32_t, count + 1);
  for (uint32_t i = 0; i < count; i++) planes[i] = plane_of_output(&d, outputs[i]);
  return (Program){d.steps.items, d.steps.count, input_count, d.scratch_count, planes, count};
}
