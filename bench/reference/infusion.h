/* infusion: the nine cycles of one drug for relapsed disease, as a programmer would write them by
 * hand: what a plan is measured against. Everything that a vocabulary declares stands in the code:
 * the doses, the cycles, the vial, bags of 24 hours. */
#ifndef BENCH_INFUSION_H
#define BENCH_INFUSION_H

#include <stdint.h>

enum { INFUSION_CYCLES = 9, INFUSION_MOST_DAYS = 5 * 42 + 4 * 84 };

typedef struct InfusionDay {
  int32_t date; /* days since the start */
  uint16_t cycle, day;
  int64_t dose; /* billionths of a mg; 0: none */
  int32_t vials;
} InfusionDay;

typedef struct InfusionCycle {
  int64_t dose;
  int32_t dose_days, vials, given_units, billed_units;
} InfusionCycle;

typedef struct InfusionPlan {
  uint32_t days;
  InfusionDay day[INFUSION_MOST_DAYS];
  InfusionCycle cycle[INFUSION_CYCLES];
  int64_t dose;
  int32_t vials, given_units, billed_units;
} InfusionPlan;

/* Weight in mg and surface in m2, both in billionths. */
void infusion_plan(int64_t weight, int64_t surface, InfusionPlan *plan);

#endif
