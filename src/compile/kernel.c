/* kernel: the status of every criterion, by OR over a prepared row for each variable.
 *
 * Bit-parallel evaluation in Kleene's three-valued logic (Kleene 1952): a word has 64 tests or
 * groups, `met` and `failed` are its two planes. What that logic leaves open is asked of the
 * diagram. The invariant: a bit in a plane is so in every completion.
 */
#include "compile/kernel.h"

#include "diagram/recall.h"

#include <string.h>

/* The loops over words are short and their number is known for most policies; `words` is a constant
 * in each of the copies that kernel_run makes. */
#define UNROLL _Pragma("GCC unroll 4")
#define INLINE static inline __attribute__((always_inline))

INLINE void add_row(const uint64_t *row, uint32_t words, uint64_t *met, uint64_t *failed) {
  UNROLL for (uint32_t w = 0; w < words; w++) {
    met[w] |= row[w];
    failed[w] |= row[words + w];
  }
}

INLINE bool has_all(const uint64_t *bits, const uint64_t *mask, uint32_t words) {
  uint64_t lacking = 0;
  UNROLL for (uint32_t w = 0; w < words; w++) lacking |= mask[w] & ~bits[w];
  return lacking == 0;
}

INLINE bool has_any(const uint64_t *bits, const uint64_t *mask, uint32_t words) {
  uint64_t found = 0;
  UNROLL for (uint32_t w = 0; w < words; w++) found |= mask[w] & bits[w];
  return found != 0;
}

INLINE uint32_t count(const uint64_t *bits, const uint64_t *mask, uint32_t words) {
  uint32_t found = 0;
  UNROLL for (uint32_t w = 0; w < words; w++) found +=
      (uint32_t)__builtin_popcountll(mask[w] & bits[w]);
  return found;
}

/* Written so that `bits` can stay in registers: no word is addressed by a number that is not known
 * when compiling. */
INLINE void set(uint64_t *bits, uint32_t words, uint32_t bit, bool on) {
  const uint64_t mask = (uint64_t)on << (bit % 64);
  if (words > 4) {
    bits[bit / 64] |= mask;
    return;
  }
  UNROLL for (uint32_t w = 0; w < words; w++) bits[w] |= bit / 64 == w ? mask : 0;
}

INLINE bool holds(const Kernel *kernel, DiagramRef function, const uint8_t *cells) {
  if (kernel->walk == NULL) return diagram_walk(kernel->diagram->words, function, cells);
  return kernel_walk(kernel->walk, kernel_walk_from(kernel->diagram, function), cells);
}

INLINE void step(const Kernel *kernel, const KernelStep *s, const uint8_t *cells, uint32_t words,
                 uint64_t *met, uint64_t *failed) {
  const uint64_t *parts = kernel->masks + s->parts;
  switch ((KernelStepKind)s->kind) {
    case KERNEL_ALL:
      set(met, words, s->bit, has_all(met, parts, words));
      set(failed, words, s->bit, has_any(failed, parts, words));
      return;
    case KERNEL_ANY:
      set(met, words, s->bit, has_any(met, parts, words));
      set(failed, words, s->bit, has_all(failed, parts, words));
      return;
    case KERNEL_NONE:
      set(failed, words, s->bit, has_any(met, parts, words));
      set(met, words, s->bit, has_all(failed, parts, words));
      return;
    case KERNEL_AT_LEAST: {
      uint32_t all = 0, yes = count(met, parts, words), no = count(failed, parts, words);
      UNROLL for (uint32_t w = 0; w < words; w++) all += (uint32_t)__builtin_popcountll(parts[w]);
      set(met, words, s->bit, yes >= s->needed);
      set(failed, words, s->bit, all - no < s->needed);
      return;
    }
    case KERNEL_MET:
      set(met, words, s->bit, true);
      return;
    case KERNEL_FUNCTION:
      if (cells == NULL) return;
      set(holds(kernel, s->function, cells) ? met : failed, words, s->bit, true);
      return;
  }
}

INLINE void run(const Kernel *kernel, const uint8_t *cells, uint32_t words, uint64_t *met,
                uint64_t *failed) {
  UNROLL for (uint32_t w = 0; w < words; w++) met[w] = failed[w] = 0;
  for (uint32_t i = 0; i < kernel->variable_count; i++) {
    const KernelVariable v = kernel->variables[i];
    add_row(kernel->rows + v.first + cells[v.variable] * 2 * (size_t)words, words, met, failed);
  }
  for (uint32_t i = 0; i < kernel->step_count; i++)
    step(kernel, &kernel->steps[i], cells, words, met, failed);
}

#define RUN(constant)                                                     \
  case constant: {                                                        \
    uint64_t m[constant], f[constant]; /* in registers, if they can be */ \
    run(kernel, cells, constant, m, f);                                   \
    memcpy(met, m, sizeof m);                                             \
    memcpy(failed, f, sizeof f);                                          \
    return;                                                               \
  }

void kernel_run(const Kernel *kernel, const uint8_t *cells, uint64_t *met, uint64_t *failed) {
  switch (kernel->words) {
    RUN(1)
    RUN(2)
    RUN(3)
    RUN(4)
    default:
      run(kernel, cells, kernel->words, met, failed);
  }
}

/* A test is met, or fails, whatever the variable is, when it does in every cell still possible. */
static void add_open_rows(const Kernel *kernel, KernelVariable v, uint64_t allowed, uint64_t *met,
                          uint64_t *failed) {
  const uint32_t words = kernel->words;
  for (uint32_t w = 0; w < words; w++) {
    uint64_t all_met = ~UINT64_C(0), all_failed = ~UINT64_C(0);
    for (uint64_t cells = allowed; cells != 0; cells &= cells - 1) {
      const uint64_t *row =
          kernel->rows + v.first + (uint32_t)__builtin_ctzll(cells) * 2 * (size_t)words;
      all_met &= row[w];
      all_failed &= row[words + w];
    }
    met[w] |= all_met;
    failed[w] |= all_failed;
  }
}

/* Open, and the diagram may know better. */
static bool is_doubtful(const Kernel *kernel, const KernelStep *s, const uint64_t *met,
                        const uint64_t *failed) {
  if (s->doubt == DOUBT_IGNORED || kernel_bit(met, s->bit) || kernel_bit(failed, s->bit))
    return false;
  if (s->doubt == DOUBT_ASKED) return true;
  uint32_t open = 0;
  for (uint32_t w = 0; w < kernel->words; w++)
    open += (uint32_t)__builtin_popcountll(kernel->masks[s->parts + w] & ~met[w] & ~failed[w]);
  return open > 1;
}

static void ask_diagram(const Kernel *kernel, const KernelStep *s, const uint64_t *allowed,
                        DiagramScratch *scratch, uint64_t *met, uint64_t *failed) {
  switch (diagram_evaluate(kernel->diagram, s->function, kernel->possible, allowed, scratch)) {
    case HOLDS_ALWAYS:
      set(met, kernel->words, s->bit, true);
      return;
    case HOLDS_NEVER:
      set(failed, kernel->words, s->bit, true);
      return;
    case HOLDS_SOMETIMES:
      return;
  }
}

/* What the diagram says of doubtful steps follows from the kernel and the open cells alone. */
static bool recall_statuses(const Kernel *kernel, const uint64_t *allowed, Recall *recall,
                            uint64_t *met, uint64_t *failed) {
  const uint32_t variables = kernel->diagram->variables, words = kernel->words;
  uint64_t *question = recall_question(recall, 1 + variables);
  question[0] = (uint64_t)(uintptr_t)kernel;
  memcpy(question + 1, allowed, variables * sizeof *allowed);
  uint32_t count;
  const uint64_t *known = recall_find(recall, &count);
  if (known == NULL) return false;
  memcpy(met, known, words * sizeof *met);
  memcpy(failed, known + words, words * sizeof *failed);
  return true;
}

void kernel_run_open(const Kernel *kernel, const uint64_t *allowed, DiagramScratch *scratch,
                     uint64_t *met, uint64_t *failed) {
  const uint32_t words = kernel->words;
  Recall *recall = diagram_scratch_recall(scratch);
  bool asked = false;
  memset(met, 0, words * sizeof *met);
  memset(failed, 0, words * sizeof *failed);
  for (uint32_t i = 0; i < kernel->variable_count; i++) {
    const KernelVariable v = kernel->variables[i];
    const uint64_t open = allowed[v.variable];
    if ((open & (open - 1)) == 0) {
      add_row(kernel->rows + v.first + (uint32_t)__builtin_ctzll(open) * 2 * (size_t)words, words,
              met, failed);
    } else {
      add_open_rows(kernel, v, open, met, failed);
    }
  }
  for (uint32_t i = 0; i < kernel->step_count; i++) {
    const KernelStep *s = &kernel->steps[i];
    step(kernel, s, NULL, words, met, failed);
    if (!is_doubtful(kernel, s, met, failed)) continue;
    if (!asked && recall_statuses(kernel, allowed, recall, met, failed)) return;
    asked = true;
    ask_diagram(kernel, s, allowed, scratch, met, failed);
  }
  if (asked) recall_keep(recall, met, failed, words);
}
