/* What is prepared: bags that run for days, or doses drawn up one by one; whole vials for each.
 *
 * The vials of several sizes whose content is least are found by exhaustive search over all sizes
 * but the one that wastes least, bounded by exchange: more of a size than the least common multiple
 * with the best size allows is never needed.
 *
 * The invariant: a day with a preparation is one date of service. Its units are rounded by
 * themselves, and cycles and plans are sums of them.
 */
#include "dosing/plan.h"

/* ---- Vials for an amount ---- */

/* More vials than these of a size that yields less are never tried: a bound on time, met by no
 * sizes that are sold together. */
#define LESSER_TRIED 64

typedef struct VialCount {
  int64_t vials;
  Amount content;
} VialCount;

static int64_t whole_vials(Amount amount, Amount usable) { return (amount + usable - 1) / usable; }

static Amount common_divisor(Amount a, Amount b) {
  while (b != 0) {
    Amount rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/* Of which size is least lost, its content against what can be drawn from it; among equals the
 * largest, which comes first. */
static uint32_t best_size(const Drug *drug) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < drug->presentations.count; i++) {
    const Presentation *here = &drug->presentations.items[i],
                       *other = &drug->presentations.items[best];
    if ((__int128)here->content * other->usable < (__int128)other->content * here->usable) best = i;
  }
  return best;
}

/* Vials of a size that could be exchanged for vials of the best size, which hold as much and cost
 * no more, are never taken. */
static int64_t most_of(const Presentation *size, const Presentation *best, Amount amount) {
  int64_t most = whole_vials(amount, size->usable),
          exchanged = best->usable / common_divisor(best->usable, size->usable) - 1;
  if (most > exchanged) most = exchanged;
  return most < LESSER_TRIED ? most : LESSER_TRIED;
}

/* The sizes from `size` on but the best in every number, and of the best what is then left. */
static VialCount draw_from(const Drug *drug, uint32_t size, uint32_t best, Amount amount) {
  if (amount <= 0) return (VialCount){0, 0};
  if (size == best) size++;
  if (size >= drug->presentations.count) {
    int64_t count = whole_vials(amount, drug->presentations.items[best].usable);
    return (VialCount){count, count * drug->presentations.items[best].content};
  }
  const Presentation *presentation = &drug->presentations.items[size];
  VialCount least = {0, INT64_MAX};
  int64_t most = most_of(presentation, &drug->presentations.items[best], amount);
  for (int64_t count = 0; count <= most; count++) {
    VialCount rest = draw_from(drug, size + 1, best, amount - count * presentation->usable);
    VialCount all = {count + rest.vials, count * presentation->content + rest.content};
    if (all.content < least.content || (all.content == least.content && all.vials < least.vials))
      least = all;
  }
  return least;
}

/* The vials whose content is least among those that hold `amount`; among these the fewest. */
static VialCount draw(const Drug *drug, Amount amount) {
  return draw_from(drug, 0, best_size(drug), amount);
}

/* ---- Bags ---- */

typedef struct Bag {
  VialCount vials;
  bool is_derived;
} Bag;

/* The table's rows on either side of a dose; NULL beyond the table. */
static void find_rows(const Preparation *preparation, Amount dose, const PreparationRow **below,
                      const PreparationRow **above) {
  *below = *above = NULL;
  for (uint32_t i = 0; i < preparation->rows.count; i++) {
    const PreparationRow *row = &preparation->rows.items[i];
    if (row->dose <= dose) *below = row;
    if (row->dose >= dose && *above == NULL) *above = row;
  }
}

/* A whole bag takes what the table prints for its dose, and never fewer than for a lower dose or
 * more than for a higher one. Where that leaves a choice, or the bag is cut short, the vials are
 * derived from what can be drawn from one. */
static Bag fill_bag(const Drug *drug, const Preparation *preparation, Amount dose, uint32_t days) {
  const PreparationRow *below, *above;
  Bag bag = {.vials = draw(drug, dose * days), .is_derived = true};
  if (days < (uint32_t)preparation->days || drug->presentations.count != 1) return bag;
  find_rows(preparation, dose, &below, &above);
  if (below != NULL && bag.vials.vials < below->vials) bag.vials.vials = below->vials;
  if (above != NULL && bag.vials.vials > above->vials) bag.vials.vials = above->vials;
  bag.vials.content = bag.vials.vials * drug->presentations.items[0].content;
  bag.is_derived = below == NULL || above == NULL || below->vials != above->vials;
  return bag;
}

/* The preparation for what is left of a dose: the chosen one, or where that would outlast it the
 * longest that does not; where every one would, the chosen one cut short. */
static const Preparation *fitting(const DosePlan *plan, const Preparation *chosen, uint32_t days) {
  const Preparation *best = NULL;
  if ((uint32_t)chosen->days <= days) return chosen;
  for (uint32_t i = 0; i < plan->tables->preparations.count; i++) {
    const Preparation *other = plan->tables->preparations.items[i];
    if (other->drug != plan->drug || (uint32_t)other->days > days ||
        !preparation_is_allowed(other, plan->request->facts))
      continue;
    if (best == NULL || other->days > best->days) best = other;
  }
  return best == NULL ? chosen : best;
}

static void begin_bag(const DosePlan *plan, const Preparation *chosen, PlannedDay *day) {
  const Preparation *preparation = fitting(plan, chosen, day->due->run);
  uint32_t days =
      (uint32_t)preparation->days <= day->due->run ? (uint32_t)preparation->days : day->due->run;
  Bag bag = fill_bag(plan->drug, preparation, day->due->given, days);
  day->preparation = preparation;
  day->preparation_days = (uint16_t)days;
  day->vials = bag.vials.vials;
  day->content = bag.vials.content;
  day->is_derived = bag.is_derived;
}

static void draw_up(const DosePlan *plan, PlannedDay *day) {
  VialCount drawn = draw(plan->drug, day->due->given);
  day->preparation = NULL;
  day->preparation_days = 1;
  day->vials = drawn.vials;
  day->content = drawn.content;
  day->is_derived = false;
}

/* A bag runs day and night until it is empty, its dose changes, or the drug is stopped: what is in
 * it then is lost, since nobody prepares for an interruption. */
static void prepare_cycle(DosePlan *plan, PlannedCycle *cycle, const Preparation *chosen) {
  uint32_t running = 0; /* days the bag that hangs has left */
  PlannedDay *begun = NULL;
  cycle->first_service = plan->services.count;
  for (uint32_t i = 0; i < cycle->days; i++) {
    PlannedDay *day = &plan->laid.items[cycle->first_laid + i];
    day->preparation_days = 0;
    day->preparation = NULL;
    day->vials = day->content = day->infused = 0;
    day->is_derived = false;
    if (day->kind != LICET_DAY_DOSE) {
      running = 0;
      continue;
    }
    if (running == 0) {
      if (chosen != NULL && is_by_time(day->due->line->dimension)) {
        begin_bag(plan, chosen, day);
      } else {
        draw_up(plan, day);
      }
      running = day->preparation_days;
      begun = day;
      LIST_PUSH(plan->arena, plan->services, i);
    }
    begun->infused += day->due->given; /* at most the bag's dose, which was added up before */
    running--;
  }
  cycle->services = plan->services.count - cycle->first_service;
}

/* ---- Totals ---- */

ServiceUnits service_of(const DosePlan *plan, const PlannedDay *day) {
  ServiceUnits units = {0};
  Amount unit = plan->drug->unit,
         given = plan->drug->presentations.count == 0 ? day->due->given : day->infused;
  if (unit == 0) return units;
  units.administered = whole_vials(given, unit);
  units.billed = day->content / unit; /* a vial is a whole number of units */
  units.discarded = units.billed > units.administered ? units.billed - units.administered : 0;
  return units;
}

/* Units of a cycle are those of its dates of service: each is a line of a claim, and is rounded by
 * itself. */
static void add_service(DoseTotals *totals, ServiceUnits units) {
  totals->administered_units += units.administered;
  totals->billed_units += units.billed;
  totals->discarded_units += units.discarded;
  if (units.discarded == 0) totals->whole_units += units.billed;
}

static bool add_up(const DosePlan *plan, const PlannedCycle *cycle, DoseTotals *totals) {
  bool has_vials = plan->drug->presentations.count > 0;
  const PlannedDay *last = NULL;
  ServiceUnits units = {0};
  *totals = (DoseTotals){0};
  for (uint32_t i = 0; i < cycle->days; i++) {
    const PlannedDay *day = day_of_cycle(plan, cycle, i);
    if (day->kind != LICET_DAY_DOSE) continue;
    totals->dose_days++;
    if (!amount_add(totals->administered, day->due->given, &totals->administered)) return false;
    if (has_vials && day->preparation_days == 0) continue;
    if (last == NULL || day->infused != last->infused || day->content != last->content ||
        !has_vials)
      units = service_of(plan, day); /* else as on the date before: most are alike */
    last = day;
    add_service(totals, units);
    if (!has_vials) continue;
    totals->preparations++;
    totals->vials += day->vials;
    totals->is_derived = totals->is_derived || day->is_derived;
  }
  return true;
}

static bool add_totals(DoseTotals *all, const DoseTotals *one) {
  all->dose_days += one->dose_days;
  all->preparations += one->preparations;
  all->vials += one->vials;
  all->administered_units += one->administered_units;
  all->billed_units += one->billed_units;
  all->discarded_units += one->discarded_units;
  all->whole_units += one->whole_units;
  all->is_derived = all->is_derived || one->is_derived;
  return amount_add(all->administered, one->administered, &all->administered);
}

/* 1 kg a day: so much in a bag for the longest cycle, in vials of which a twentieth can be drawn,
 * still fits an Amount. */
#define MOST_A_DAY (INT64_C(1000000) * AMOUNT_ONE)

static bool fits(const DosePlan *plan) {
  for (uint32_t i = 0; i < plan->laid.count; i++) {
    const DueDose *due = plan->laid.items[i].due;
    if (due != NULL && due->given > MOST_A_DAY) return false;
  }
  return true;
}

static bool supply_cycle(DosePlan *plan, PlannedCycle *cycle, const Preparation *preparation) {
  const PlannedCycle *model = &plan->cycles.items[cycle->alike];
  if (model == cycle) {
    if (plan->drug->presentations.count > 0) prepare_cycle(plan, cycle, preparation);
    return add_up(plan, cycle, &cycle->totals);
  }
  cycle->first_service = model->first_service;
  cycle->services = model->services;
  cycle->totals = model->totals;
  return true;
}

void plan_vials(DosePlan *plan, const Preparation *preparation) {
  bool sound = fits(plan);
  plan->totals = (DoseTotals){0};
  for (uint32_t i = 0; sound && i < plan->cycles.count; i++) {
    PlannedCycle *cycle = &plan->cycles.items[i];
    sound = supply_cycle(plan, cycle, preparation) && add_totals(&plan->totals, &cycle->totals);
  }
  if (!sound)
    plan_find(plan, LICET_DOSE_TOO_LARGE, (Text){0}, "a dose is too large for counting vials");
  if (sound && plan->totals.is_derived)
    plan_find(plan, LICET_DOSE_VIALS_DERIVED, (Text){0},
              "vial counts that no table prints were derived from the usable volume of a vial");
}

DoseTotals dose_totals_with(Arena *arena, const DosePlan *plan, const Preparation *preparation) {
  DosePlan other = *plan;
  other.arena = arena;
  other.findings.items = NULL;
  other.findings.count = other.findings.capacity = 0;
  other.services.items = NULL;
  other.services.count = other.services.capacity = 0;
  other.laid.items = ARENA_ARRAY(arena, PlannedDay, plan->laid.count);
  other.cycles.items = ARENA_ARRAY(arena, PlannedCycle, plan->cycles.count);
  for (uint32_t i = 0; i < plan->laid.count; i++) other.laid.items[i] = plan->laid.items[i];
  for (uint32_t i = 0; i < plan->cycles.count; i++) other.cycles.items[i] = plan->cycles.items[i];
  plan_vials(&other, preparation);
  return other.totals;
}
