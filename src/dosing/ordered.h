/* ordered: the doses as ordered, for the criteria that read them.
 *
 *     OrderedDoses *doses = ordered_doses(arena, &request);
 *     OrderedDose highest = ordered_dose(doses, 0, DIMENSION_MASS_PER_TIME);
 *
 * What a criterion judges is the order: every day of the schedule stated, or else every cycle of
 * the regimen named from the next one on. Nothing that only moves or cuts what is planned (a first
 * day, an interruption, a preparation, a number of cycles asked for) is read here, so stating it
 * hides no dose from a criterion.
 */
#ifndef DOSING_ORDERED_H
#define DOSING_ORDERED_H

#include "dosing/plan.h"

typedef struct OrderedDose {
  Amount least;    /* the order gives no less than this, whatever is not known; 0: nothing known */
  bool is_certain; /* and no more: this is the dose. A criterion is never met by an assumption. */
  bool is_exact;   /* the schedule states it in this dimension: no body is measured in between */
} OrderedDose;

typedef struct OrderedDoses OrderedDoses;

/* Of what the request states: a schedule, or else a regimen. Never NULL. */
OrderedDoses *ordered_doses(Arena *arena, const DoseRequest *request);
/* Of what a plan lays out. */
OrderedDoses *ordered_by_plan(DosePlan *plan);

/* The highest dose on a day of a cycle, or where `day` is 0 on any day. */
OrderedDose ordered_dose(const OrderedDoses *doses, uint32_t day, Dimension dimension);

/* A day with a dose that no fact describes: neither one for that day nor, for a drug that runs by
 * time, the highest dose. 0 where there is none. The facts for single days then do not tell the
 * treatment. */
uint32_t ordered_untold_day(const OrderedDoses *doses);

#endif
