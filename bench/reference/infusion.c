#include "infusion.h"

#include <stdbool.h>

#define MCG INT64_C(1000000)
#define KG INT64_C(1000000000000000)
#define VIAL (35 * MCG)

static int64_t per_surface(int64_t mcg, int64_t surface, int64_t most) {
  __int128 product = (__int128)mcg * MCG * surface;
  int64_t dose = (int64_t)(product / 1000000000), rest = (int64_t)(product % 1000000000);
  if (rest > 500000000 || (rest == 500000000 && dose % 2 != 0)) dose++;
  return dose > most ? most : dose;
}

static void add_cycle(InfusionPlan *plan, int number, int length, int64_t early, int64_t late) {
  InfusionCycle *cycle = &plan->cycle[number - 1];
  *cycle = (InfusionCycle){0};
  for (int day = 1; day <= length; day++) {
    InfusionDay *out = &plan->day[plan->days];
    int64_t dose = day > 28 ? 0 : number == 1 && day <= 7 ? early : late;
    *out = (InfusionDay){(int32_t)plan->days, (uint16_t)number, (uint16_t)day, dose,
                         (int32_t)((dose + VIAL - 1) / VIAL)};
    plan->days++;
    cycle->dose += dose;
    cycle->dose_days += dose > 0;
    cycle->vials += out->vials;
    cycle->given_units += (int32_t)((dose + MCG - 1) / MCG); /* a bag of 24 hours is a date */
  }
  cycle->billed_units = 35 * cycle->vials;
  plan->dose += cycle->dose;
  plan->vials += cycle->vials;
  plan->given_units += cycle->given_units;
  plan->billed_units += cycle->billed_units;
}

void infusion_plan(int64_t weight, int64_t surface, InfusionPlan *plan) {
  bool is_heavy = weight >= 45 * KG;
  int64_t early = is_heavy ? 9 * MCG : per_surface(5, surface, 9 * MCG),
          late = is_heavy ? 28 * MCG : per_surface(15, surface, 28 * MCG);
  plan->days = 0;
  plan->dose = 0;
  plan->vials = plan->given_units = plan->billed_units = 0;
  for (int number = 1; number <= INFUSION_CYCLES; number++)
    add_cycle(plan, number, number < 6 ? 42 : 84, early, late);
}
