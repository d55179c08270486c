/* One way to run a program: as many words at a time as TILE_EACH names lanes of TILE_LANE, in
 * registers. Included by program.c once for each, with TILE_NAME, TILE_TARGET, TILE_LANE,
 * TILE_EACH(what) and TILE_WORDS defined; they are undefined again here. */

#define TILE_LOAD(i) x##i = a[i];
#define TILE_BOTH(i) x##i = a[i] & b[i];
#define TILE_ONE_ONLY(i) x##i = a[i] & ~b[i];
#define TILE_EITHER(i) x##i = a[i] | b[i];
#define TILE_AND(i) x##i &= a[i];
#define TILE_AND_NOT(i) x##i &= ~a[i];
#define TILE_NOT_AND(i) x##i = a[i] & ~x##i;
#define TILE_OR(i) x##i |= a[i];
#define TILE_KEEP(i) to[i] = x##i;
#define TILE_KEEP_NEGATED(i) to[i] = ~x##i;
#define TILE_NOTHING(i) x##i = (TILE_LANE){0};
#define TILE_DECLARE(i) TILE_LANE x##i;

#define TILE_STEP(kind, what) \
  case kind:                  \
    TILE_EACH(what)           \
    break;                    \
  case STEP_KINDS + kind:     \
    TILE_EACH(what)           \
    TILE_EACH(TILE_KEEP)      \
    break;

/* The words from `first` to `end`, a multiple of TILE_WORDS of them. */
TILE_TARGET static void TILE_NAME(const Program *program, uint64_t *const *planes,
                                  const uint64_t *const *ahead, uint32_t first, uint32_t end) {
  const ProgramStep *const last = program->steps + program->step_count;
  for (uint32_t w = first; w < end; w += TILE_WORDS) {
    TILE_EACH(TILE_DECLARE)
    TILE_EACH(TILE_NOTHING)
    for (const ProgramStep *step = program->steps; step < last; step++) {
      const TILE_LANE *a = (const TILE_LANE *)(planes[step->a] + w),
                      *b = (const TILE_LANE *)(planes[step->b] + w);
      TILE_LANE *to = (TILE_LANE *)(planes[step->to] + w);
      for (uint32_t i = 0; i < TILE_WORDS && step->ahead != PROGRAM_FETCHES_NOTHING; i += 8)
        __builtin_prefetch(ahead[step->ahead] + w + i);
      switch (step->kind) {
        TILE_STEP(STEP_BOTH, TILE_BOTH)
        TILE_STEP(STEP_ONE_ONLY, TILE_ONE_ONLY)
        TILE_STEP(STEP_EITHER, TILE_EITHER)
        TILE_STEP(STEP_AND, TILE_AND)
        TILE_STEP(STEP_AND_NOT, TILE_AND_NOT)
        TILE_STEP(STEP_NOT_AND, TILE_NOT_AND)
        TILE_STEP(STEP_OR, TILE_OR)
        TILE_STEP(STEP_LOAD, TILE_LOAD)
        case STEP_KEEP_NEGATED:
          TILE_EACH(TILE_KEEP_NEGATED)
          break;
        default: /* there are no others */
          __builtin_unreachable();
      }
    }
  }
}

#undef TILE_STEP
#undef TILE_LOAD
#undef TILE_BOTH
#undef TILE_ONE_ONLY
#undef TILE_EITHER
#undef TILE_AND
#undef TILE_AND_NOT
#undef TILE_NOT_AND
#undef TILE_OR
#undef TILE_KEEP
#undef TILE_KEEP_NEGATED
#undef TILE_NOTHING
#undef TILE_DECLARE
#undef TILE_NAME
#undef TILE_TARGET
#undef TILE_LANE
#undef TILE_EACH
#undef TILE_WORDS
