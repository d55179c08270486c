#include "bulk/gates.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

enum { STEP_AND, STEP_OR, STEP_AND_NOT, STEP_NOT, STEP_INPUT, STEP_CONSTANT };

typedef struct GateNode {
  uint8_t kind;
  Gate a, b;
} GateNode;

struct Gates {
  Arena *arena;
  LIST(GateNode) nodes;
  Gate *slots; /* open-addressed: kind, a, b → gate */
  uint32_t slot_count, inputs;
};

/* ---- Building ---------------------------------------------------------------------------------------------------------------- */

Gates *gates_open(Arena *arena) {
  Gates *gates = ARENA_NEW(arena, Gates);
  gates->arena = arena;
  gates->slot_count = 1024;
  gates->slots = ARENA_ARRAY(arena, Gate, gates->slot_count);
  for (int i = 0; i < 2; i++) LIST_PUSH(arena, gates->nodes, ((GateNode){STEP_CONSTANT, 0, 0}));
  return gates;
}

static uint32_t slot_of(const Gates *gates, GateNode node) {
  uint32_t hash = (node.a * 0x9E3779B1u ^ node.b * 0x85EBCA77u ^ node.kind * 0xC2B2AE3Du);
  hash ^= hash >> 15;
  uint32_t at = hash & (gates->slot_count - 1);
  for (;; at = (at + 1) & (gates->slot_count - 1)) {
    if (gates->slots[at] == 0) return at;
    const GateNode *there = &gates->nodes.items[gates->slots[at]];
    if (there->kind == node.kind && there->a == node.a && there->b == node.b) return at;
  }
}

static void widen(Gates *gates) {
  gates->slot_count *= 2;
  gates->slots = ARENA_ARRAY(gates->arena, Gate, gates->slot_count);
  for (Gate g = 2; g < gates->nodes.count; g++) gates->slots[slot_of(gates, gates->nodes.items[g])] = g;
}

static Gate make(Gates *gates, uint8_t kind, Gate a, Gate b) {
  GateNode node = {kind, a, b};
  uint32_t slot = slot_of(gates, node);
  if (gates->slots[slot] != 0) return gates->slots[slot];
  if (2 * gates->nodes.count > gates->slot_count) {
    widen(gates);
    slot = slot_of(gates, node);
  }
  LIST_PUSH(gates->arena, gates->nodes, node);
  return gates->slots[slot] = gates->nodes.count - 1;
}

Gate gate_input(Gates *gates, uint32_t number) {
  if (number >= gates->inputs) gates->inputs = number + 1;
  return make(gates, STEP_INPUT, number, 0);
}

static bool is_not_of(const Gates *gates, Gate a, Gate b) {
  const GateNode *x = &gates->nodes.items[a], *y = &gates->nodes.items[b];
  return (x->kind == STEP_NOT && x->a == b) || (y->kind == STEP_NOT && y->a == a);
}

static void sort(Gate *a, Gate *b) {
  if (*a <= *b) return;
  Gate swap = *a;
  *a = *b;
  *b = swap;
}

static const GateNode *node_if(const Gates *gates, Gate gate, uint8_t kind) {
  const GateNode *node = &gates->nodes.items[gate];
  return node->kind == kind ? node : NULL;
}

Gate gate_and(Gates *gates, Gate a, Gate b) {
  sort(&a, &b);
  if (a == GATE_NO) return GATE_NO;
  if (a == GATE_YES || a == b) return b;
  if (is_not_of(gates, a, b)) return GATE_NO;
  const GateNode *denied;
  if ((denied = node_if(gates, b, STEP_NOT)) != NULL) return gate_and_not(gates, a, denied->a);
  if ((denied = node_if(gates, a, STEP_NOT)) != NULL) return gate_and_not(gates, b, denied->a);
  return make(gates, STEP_AND, a, b);
}

Gate gate_or(Gates *gates, Gate a, Gate b) {
  sort(&a, &b);
  if (a == GATE_YES) return GATE_YES;
  if (a == GATE_NO || a == b) return b;
  if (b == GATE_YES || is_not_of(gates, a, b)) return GATE_YES;
  return make(gates, STEP_OR, a, b);
}

Gate gate_and_not(Gates *gates, Gate a, Gate b) {
  if (a == GATE_NO || b == GATE_YES || a == b) return GATE_NO;
  if (b == GATE_NO) return a;
  if (a == GATE_YES) return gate_not(gates, b);
  if (is_not_of(gates, a, b)) return a;
  const GateNode *denied = node_if(gates, b, STEP_NOT);
  return denied != NULL ? gate_and(gates, a, denied->a) : make(gates, STEP_AND_NOT, a, b);
}

Gate gate_not(Gates *gates, Gate a) {
  if (a <= GATE_YES) return a == GATE_NO ? GATE_YES : GATE_NO;
  const GateNode *denied = node_if(gates, a, STEP_NOT);
  return denied != NULL ? denied->a : make(gates, STEP_NOT, a, 0);
}

Gate gate_choose(Gates *gates, Gate selector, Gate yes, Gate no) {
  if (yes == no) return yes;
  return gate_or(gates, gate_and(gates, selector, yes), gate_and_not(gates, no, selector));
}

Gate gate_table(Gates *gates, const Gate *inputs, uint32_t bits, uint64_t table, uint64_t care) {
  const uint32_t width = 1u << bits;
  const uint64_t all = width == 64 ? ~UINT64_C(0) : (UINT64_C(1) << width) - 1;
  if ((table & care & all) == 0) return GATE_NO;
  if ((~table & care & all) == 0) return GATE_YES;
  const uint32_t half = width / 2;
  const uint64_t low = (UINT64_C(1) << half) - 1;
  uint64_t low_table = table & low, high_table = (table >> half) & low, low_care = care & low, high_care = (care >> half) & low;
  if (((low_table ^ high_table) & low_care & high_care) == 0) /* this input tells nothing apart */
    return gate_table(gates, inputs, bits - 1, (low_table & low_care) | (high_table & high_care), low_care | high_care);
  Gate no = gate_table(gates, inputs, bits - 1, low_table, low_care),
       yes = gate_table(gates, inputs, bits - 1, high_table, high_care);
  return gate_choose(gates, inputs[bits - 1], yes, no);
}

/* ---- Drawing the line ----------------------------------------------------------------------------------------------------------
 */

typedef struct Drawing {
  const Gates *gates;
  uint32_t *last_use; /* per gate: the step that uses it last; 0 where none does */
  uint32_t *place;    /* per gate: its plane */
  LIST(uint32_t) free;
  Arena *arena;
} Drawing;

static bool has_two(uint8_t kind) { return kind <= STEP_AND_NOT; }

static void find_uses(Drawing *d, const Gate *outputs, uint32_t count) {
  const Gates *gates = d->gates;
  for (uint32_t i = 0; i < count; i++) d->last_use[outputs[i]] = UINT32_MAX;
  for (Gate g = gates->nodes.count; g-- > 2;) { /* parts come before what is made of them */
    const GateNode *node = &gates->nodes.items[g];
    if (d->last_use[g] == 0 || node->kind >= STEP_INPUT) continue;
    if (d->last_use[node->a] == 0) d->last_use[node->a] = g;
    if (has_two(node->kind) && d->last_use[node->b] == 0) d->last_use[node->b] = g;
  }
}

static void release(Drawing *d, Gate part, Gate user) {
  if (d->last_use[part] == user && d->gates->nodes.items[part].kind != STEP_INPUT) LIST_PUSH(d->arena, d->free, d->place[part]);
}

GateProgram gates_draw(const Gates *gates, const Gate *outputs, uint32_t count, Arena *arena) {
  Drawing d = {.gates = gates, .arena = arena};
  GateProgram program = {.input_count = gates->inputs, .output_count = count};
  d.last_use = ARENA_ARRAY(arena, uint32_t, gates->nodes.count);
  d.place = ARENA_ARRAY(arena, uint32_t, gates->nodes.count);
  find_uses(&d, outputs, count);
  GateStep *steps = ARENA_ARRAY(arena, GateStep, gates->nodes.count);
  for (Gate g = 2; g < gates->nodes.count; g++) {
    const GateNode *node = &gates->nodes.items[g];
    if (d.last_use[g] == 0) continue;
    if (node->kind == STEP_INPUT) {
      d.place[g] = node->a;
      continue;
    }
    GateStep step = {.kind = node->kind, .a = d.place[node->a], .b = has_two(node->kind) ? d.place[node->b] : 0};
    release(&d, node->a, g); /* a step may write where it reads */
    if (has_two(node->kind) && node->b != node->a) release(&d, node->b, g);
    step.to = d.free.count > 0 ? d.free.items[--d.free.count] : program.input_count + program.scratch_count++;
    d.place[g] = step.to;
    steps[program.step_count++] = step;
  }
  d.place[GATE_NO] = program.input_count + program.scratch_count;
  d.place[GATE_YES] = d.place[GATE_NO] + 1;
  uint32_t *places = ARENA_ARRAY(arena, uint32_t, count + 1);
  for (uint32_t i = 0; i < count; i++) places[i] = d.place[outputs[i]];
  program.steps = steps;
  program.outputs = places;
  return program;
}

/* ---- Running ------------------------------------------------------------------------------------------------------------------
 */

/* Eight words; columns of a file need not be aligned to that. */
typedef uint64_t Lane __attribute__((vector_size(64), aligned(8), may_alias));

#define EACH_LANE(expression)                                          \
  for (uint32_t w = 0; w < words; w += 8) {                            \
    const Lane x = *(const Lane *)(a + w), y = *(const Lane *)(b + w); \
    (void)y;                                                           \
    *(Lane *)(to + w) = (expression);                                  \
  }                                                                    \
  break

static inline __attribute__((always_inline)) void run_steps(const GateProgram *program, uint64_t *const *planes, uint32_t words) {
  for (uint32_t s = 0; s < program->step_count; s++) {
    const GateStep step = program->steps[s];
    const uint64_t *a = planes[step.a], *b = planes[step.b];
    uint64_t *to = planes[step.to];
    switch (step.kind) {
      case STEP_AND:
        EACH_LANE(x & y);
      case STEP_OR:
        EACH_LANE(x | y);
      case STEP_AND_NOT:
        EACH_LANE(x & ~y);
      default:
        EACH_LANE(~x);
    }
  }
}

/* byte → its bits as eight bytes of 0 and 1, lowest first */
static inline uint64_t spread(uint64_t byte) {
  const uint64_t picked = (byte * UINT64_C(0x0101010101010101)) & UINT64_C(0x8040201008040201);
  return ((picked + UINT64_C(0x7f7f7f7f7f7f7f7f)) | picked) >> 7 & UINT64_C(0x0101010101010101);
}

static inline __attribute__((always_inline)) void number_rows(const uint64_t *const *planes, uint32_t count, uint32_t words,
                                                              uint8_t *codes) {
  for (uint32_t w = 0; w < words; w++) {
    uint64_t rows[8] = {0};
    for (uint32_t p = 0; p < count; p++)
      for (uint32_t i = 0; i < 8; i++) rows[i] |= spread((planes[p][w] >> (8 * i)) & 255) << p;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (uint32_t i = 0; i < 8; i++) rows[i] = __builtin_bswap64(rows[i]);
#endif
    memcpy(codes + 64 * (size_t)w, rows, sizeof rows);
  }
}

static void run_portable(const GateProgram *program, uint64_t *const *planes, uint32_t words) { run_steps(program, planes, words); }
static void number_portable(const uint64_t *const *planes, uint32_t count, uint32_t words, uint8_t *codes) {
  number_rows(planes, count, words, codes);
}

typedef uint8_t Bytes __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint16_t Numbers __attribute__((vector_size(32), aligned(2), may_alias));

void gates_widen(const uint8_t *bytes, uint32_t count, uint16_t *numbers) {
  uint32_t i = 0;
  for (; i + 16 <= count; i += 16)
    *(Numbers *)(void *)(numbers + i) = __builtin_convertvector(*(const Bytes *)(const void *)(bytes + i), Numbers);
  for (; i < count; i++) numbers[i] = bytes[i];
}

/* Eight rows of eight bits, turned. */
static inline uint64_t turn(uint64_t x) {
  uint64_t t = (x ^ (x >> 7)) & UINT64_C(0x00AA00AA00AA00AA);
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & UINT64_C(0x0000CCCC0000CCCC);
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & UINT64_C(0x00000000F0F0F0F0);
  return x ^ t ^ (t << 28);
}

static void split_portable(const uint8_t *bytes, uint32_t count, uint32_t words, uint64_t *const *planes) {
  for (uint32_t w = 0; w < words; w++) {
    uint64_t sum[8] = {0}, rows;
    for (uint32_t i = 0; i < 8; i++) {
      memcpy(&rows, bytes + 64 * (size_t)w + 8 * i, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
      rows = __builtin_bswap64(rows);
#endif
      rows = turn(rows);
      for (uint32_t p = 0; p < count; p++) sum[p] |= ((rows >> (8 * p)) & 255) << (8 * i);
    }
    for (uint32_t p = 0; p < count; p++) planes[p][w] = sum[p];
  }
}

#if defined(__x86_64__) && defined(__GNUC__)

__attribute__((target("avx2"))) static void run_avx2(const GateProgram *program, uint64_t *const *planes, uint32_t words) {
  run_steps(program, planes, words);
}

__attribute__((target("avx512f,avx512bw"))) static void run_avx512(const GateProgram *program, uint64_t *const *planes,
                                                                   uint32_t words) {
  run_steps(program, planes, words);
}

__attribute__((target("avx2"))) static void number_avx2(const uint64_t *const *planes, uint32_t count, uint32_t words,
                                                        uint8_t *codes) {
  const __m256i which = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
  const __m256i bits = _mm256_set1_epi64x((int64_t)UINT64_C(0x8040201008040201));
  for (uint32_t half = 0; half < 2 * words; half++) {
    __m256i sum = _mm256_setzero_si256();
    for (uint32_t p = 0; p < count; p++) {
      const int32_t rows = (int32_t)(planes[p][half / 2] >> (32 * (half % 2)));
      const __m256i picked = _mm256_and_si256(_mm256_shuffle_epi8(_mm256_set1_epi32(rows), which), bits);
      sum = _mm256_or_si256(sum, _mm256_and_si256(_mm256_cmpeq_epi8(picked, bits), _mm256_set1_epi8((char)(1 << p))));
    }
    _mm256_storeu_si256((__m256i *)(void *)(codes + 32 * (size_t)half), sum);
  }
}

__attribute__((target("avx512f,avx512bw"))) static void number_avx512(const uint64_t *const *planes, uint32_t count, uint32_t words,
                                                                      uint8_t *codes) {
  for (uint32_t w = 0; w < words; w++) {
    __m512i sum = _mm512_setzero_si512();
    for (uint32_t p = 0; p < count; p++)
      sum = _mm512_or_si512(sum, _mm512_maskz_set1_epi8((__mmask64)planes[p][w], (char)(1 << p)));
    _mm512_storeu_si512(codes + 64 * (size_t)w, sum);
  }
}

__attribute__((target("avx2"))) static void split_avx2(const uint8_t *bytes, uint32_t count, uint32_t words,
                                                       uint64_t *const *planes) {
  for (uint32_t half = 0; half < 2 * words; half++) {
    const __m256i rows = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32 * (size_t)half));
    for (uint32_t p = 0; p < count; p++) {
      const uint32_t bits = (uint32_t)_mm256_movemask_epi8(_mm256_sll_epi16(rows, _mm_cvtsi32_si128((int)(7 - p))));
      memcpy((char *)(planes[p] + half / 2) + 4 * (half % 2), &bits, 4);
    }
  }
}

__attribute__((target("avx512f,avx512bw"))) static void split_avx512(const uint8_t *bytes, uint32_t count, uint32_t words,
                                                                     uint64_t *const *planes) {
  for (uint32_t w = 0; w < words; w++) {
    const __m512i rows = _mm512_loadu_si512(bytes + 64 * (size_t)w);
    for (uint32_t p = 0; p < count; p++) planes[p][w] = _mm512_test_epi8_mask(rows, _mm512_set1_epi8((char)(1 << p)));
  }
}

void gates_split(GatePath path, const uint8_t *bytes, uint32_t count, uint32_t words, uint64_t *const *planes) {
  (path == GATE_AVX512 ? split_avx512 : path == GATE_AVX2 ? split_avx2 : split_portable)(bytes, count, words, planes);
}

bool gate_path_available(GatePath path) {
  __builtin_cpu_init();
  if (path == GATE_AVX512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
  return path == GATE_PORTABLE || (path == GATE_AVX2 && __builtin_cpu_supports("avx2"));
}

void gates_run(const GateProgram *program, GatePath path, uint64_t *const *planes, uint32_t words) {
  (path == GATE_AVX512 ? run_avx512 : path == GATE_AVX2 ? run_avx2 : run_portable)(program, planes, words);
}

void gates_number(GatePath path, const uint64_t *const *planes, uint32_t count, uint32_t words, uint8_t *codes) {
  (path == GATE_AVX512 ? number_avx512 : path == GATE_AVX2 ? number_avx2 : number_portable)(planes, count, words, codes);
}
#else
bool gate_path_available(GatePath path) { return path == GATE_PORTABLE; }

void gates_run(const GateProgram *program, GatePath path, uint64_t *const *planes, uint32_t words) {
  (void)path;
  run_portable(program, planes, words);
}

void gates_split(GatePath path, const uint8_t *bytes, uint32_t count, uint32_t words, uint64_t *const *planes) {
  (void)path;
  split_portable(bytes, count, words, planes);
}

void gates_number(GatePath path, const uint64_t *const *planes, uint32_t count, uint32_t words, uint8_t *codes) {
  (void)path;
  number_portable(planes, count, words, codes);
}
#endif

const char *gate_path_name(GatePath path) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  return names[path];
}

GatePath gate_path_best(void) {
  return gate_path_available(GATE_AVX512) ? GATE_AVX512 : gate_path_available(GATE_AVX2) ? GATE_AVX2 : GATE_PORTABLE;
}
