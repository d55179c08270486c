/* plan: a regimen, a body, a first day → every day's dose, its bag and vials, what is billed, and
 * which limit is exceeded when.
 *
 *     DosePlan *plan = dose_plan(arena, &request);
 *
 * The steps, each a file of its own; each uses the results of those before it:
 *
 *     choose.c     the drug, the regimen or the stated days, the preparation, the body, the record
 *     schedule.c   the days stated by the request, laid out as a regimen and compared with it
 *     calendar.c   one day after the other, cycles and interruptions
 *     vials.c      what is prepared on each day, and the totals
 *     limits.c     what is exceeded, and when
 *
 * Nothing is a silent number: what keeps it from being calculated, and what a reviewer should look
 * at, is a finding. With a finding of severity ERROR the plan has no days. Amounts of drug are mg;
 * units and vials are whole.
 *
 * Rounding, all of it: body surface area down to the ninth place (body_surface.h); a product of
 * dose and surface or weight half to even at the ninth place of a mg; vials up for each
 * preparation; what is administered of each preparation, which is one date of service, up to whole
 * billing units.
 */
#ifndef DOSING_PLAN_H
#define DOSING_PLAN_H

#include "dosing/body_surface.h"
#include "licet/dose.h"
#include "policy/evaluate.h"

/* ---- In ---- */

typedef struct DoseRequest {
  const Facts *facts; /* the vocabulary's dose tables are in force */
  Text drug;
  Date start;
  Text regimen, preparation,
      formula; /* named by the caller: before what the facts say; empty where not */
  /* What was decided. */
  bool is_authorized;
  const Regimen *authorized; /* what the authorization pays for, or NULL */
  bool has_end, has_cycles;
  Date end;
  int64_t cycles;
  LIST(const Limit *) limits; /* of the policy's version */
} DoseRequest;

/* ---- Out ---- */

licet_severity finding_severity(licet_dose_finding_kind kind);

typedef struct Finding {
  licet_dose_finding_kind kind;
  Text field; /* the fact it concerns, or empty */
  const char *message;
} Finding;

/* The body; 0 where not given. */
typedef struct Body {
  Amount weight, height; /* mg, m */
  Formula formula;
  Amount computed, stated, used;              /* m2 */
  const FactValue *weight_fact, *height_fact; /* for their dates; NULL where not given */
} Body;

/* A dose as it falls due: the line of the regimen, and what it amounts to. */
typedef struct DueDose {
  const DoseLine *line; /* NULL: nothing is due */
  Amount given;         /* mg on this day */
  bool is_capped;
  uint32_t run; /* days in a row, this one included, on which the same is given without a break */
} DueDose;

typedef struct PlannedDay {
  uint16_t day; /* of the cycle, from 1; stands still while an interruption lasts */
  uint8_t kind; /* licet_dose_day_kind */
  bool is_derived;
  uint16_t preparation_days; /* what is begun on this day lasts so long; 0: nothing is begun */
  const DueDose *due;        /* what is given, where kind is LICET_DAY_DOSE */
  const Preparation *preparation;
  int64_t vials;
  Amount content; /* mg in these vials */
  Amount infused; /* mg of them that go into the patient, on this day and those after it */
} PlannedDay;

typedef struct DoseTotals {
  uint32_t dose_days, preparations;
  Amount administered;
  int64_t vials, administered_units, billed_units, discarded_units;
  int64_t whole_units; /* of the billed ones: those of dates on which nothing is discarded */
  bool is_derived;
} DoseTotals;

/* A cycle is one date after the other from `start` on. Cycles of one rule that no interruption
 * touches are alike: they share the days, which are laid out once.
 *
 *     cycles   1 ──────┐  2 ──────┐  3 ──────┐     start, number: of each
 *     laid     [ days of 1 ][ days of 2 and 3 ]     3.alike == index of 2
 */
typedef struct PlannedCycle {
  const CycleRule *rule;
  uint32_t number;
  Date start;
  uint32_t first_day, days; /* counted over the plan, cycle after cycle */
  uint32_t first_laid;      /* index of plan->laid */
  uint32_t last_dose;       /* the last day with a dose, from 0; 0 where there is none */
  uint32_t alike;           /* index of the first cycle with these days: itself, or one before it */
  uint32_t first_service, services; /* indices of plan->services */
  bool is_cut_short;
  DoseTotals totals;
} PlannedCycle;

typedef struct LimitCheck {
  licet_limit_kind kind;
  const char *text; /* "980 units of J9039 every 42 days" */
  int64_t bound, reached;
  bool is_passed;
  Date passed;         /* the first day beyond it */
  uint32_t cycle, day; /* its cycle's number, and the day of the cycle */
  int64_t amount;      /* in the period that ends there */
} LimitCheck;

typedef struct DosePlan {
  Arena *arena;
  const DoseRequest *request;
  const DoseTables *tables;
  const Drug *drug;
  const Regimen *regimen;  /* what is laid out: the one named, or one made of the days stated */
  const Regimen *labelled; /* the one named, where the days stated are laid out; else NULL */
  licet_chosen_by regimen_by, preparation_by;
  const Preparation *preparation; /* NULL where the drug has none */
  Body body;
  Date first_dose;
  int64_t received, renewals_granted, requested; /* -1 where not known */
  uint32_t first_cycle, cycle_count;             /* planned */
  bool has_errors;
  LIST(Finding) findings;
  LIST(PlannedCycle) cycles;
  uint32_t day_count;      /* of all cycles */
  LIST(PlannedDay) laid;   /* the days of cycles that are not alike */
  LIST(uint32_t) services; /* of them those on which something is prepared, from 0 in a cycle */
  DoseTotals totals;
  LIST(LimitCheck) limits;
} DosePlan;

/* Never NULL. The plan lives in the arena, and borrows from the request. */
DosePlan *dose_plan(Arena *arena, const DoseRequest *request);
/* The cycle into which a day of the plan falls; `day` is below plan->day_count. */
const PlannedCycle *cycle_of_day(const DosePlan *plan, uint32_t day);
/* A day of a cycle, from 0. */
static inline const PlannedDay *day_of_cycle(const DosePlan *plan, const PlannedCycle *cycle,
                                             uint32_t day) {
  return &plan->laid.items[cycle->first_laid + day];
}
static inline Date date_of_day(const PlannedCycle *cycle, uint32_t day) {
  return cycle->start + (Date)day;
}
/* The days of the cycle itself: what lies between two cycles is not among them, unless an
 * interruption reaches into it. */
static inline uint32_t days_of_cycle(const PlannedCycle *cycle) {
  const uint32_t lasts = (uint32_t)cycle->rule->lasts, days = (uint32_t)cycle->rule->days;
  return cycle->days == days && lasts > 0 ? lasts : cycle->days;
}

static inline Date last_date(const PlannedCycle *cycle) {
  return date_of_day(cycle, cycle->days - 1);
}
/* The same plan with another preparation, already allowed: for comparing. */
DoseTotals dose_totals_with(Arena *arena, const DosePlan *plan, const Preparation *preparation);
bool preparation_is_allowed(const Preparation *preparation, const Facts *facts);

/* What is given and to whom, as far as the request states it: nothing is laid out, and what was
 * decided is not read. */
DosePlan *plan_stated(Arena *arena, const DoseRequest *request);

/* ---- The steps; private to src/dosing ---- */

/* A plan with nothing chosen. */
DosePlan *dose_plan_open(Arena *arena, const DoseRequest *request);
void plan_choose(DosePlan *plan);
void plan_calendar(DosePlan *plan);
void plan_vials(DosePlan *plan, const Preparation *preparation);
void plan_limits(DosePlan *plan);

/* What is begun on a day with a dose, as a date of service: units of its vials, of what goes into
 * the patient, rounded up by itself, and of what is left. */
typedef struct ServiceUnits {
  int64_t billed, administered, discarded;
} ServiceUnits;
ServiceUnits service_of(const DosePlan *plan, const PlannedDay *day);
/* What a labelled regimen gives where the days stated are laid out: findings for each day that
 * differs. */
void plan_compare_label(DosePlan *plan);

void plan_find(DosePlan *plan, licet_dose_finding_kind kind, Text field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
Text role_field(const DosePlan *plan, DosingRole role);
/* "11.7 mcg/day", in the arena. */
const char *amount_text(const DosePlan *plan, Amount amount, Dimension dimension);
/* An amount of the drug, in the unit its vials are labelled in: "327.6 mcg". */
const char *drug_text(const DosePlan *plan, Amount amount);
const char *date_text(const DosePlan *plan, Date date);
/* The days stated as a regimen; `labelled` is the one named, or NULL. */
const Regimen *schedule_read(DosePlan *plan);
/* The doses due in a cycle of the regimen, day by day from index 1 to rule->days; NULL where that
 * cannot be worked out. Reports nothing. */
const DueDose *cycle_due(DosePlan *plan, const Regimen *regimen, uint32_t number,
                         const CycleRule **rule);
/* How long a cycle of the regimen lasts, which never depends on the body; where that is open, the
 * shortest it may last; 0 where the regimen has no such cycle. Reports nothing. */
int32_t cycle_length(const DosePlan *plan, const Regimen *regimen, uint32_t number);
Truth plan_holds(const DosePlan *plan, const Condition *when);

/* What a line gives to this body. */
typedef enum LineDose {
  LINE_WEIGHED,
  LINE_NEEDS_WEIGHT,
  LINE_NEEDS_HEIGHT,
  LINE_TOO_LARGE
} LineDose;
LineDose line_dose(const DosePlan *plan, const DoseLine *line, DueDose *due);

/* The schedule stated, or NULL: one without entries says nothing, and a regimen that the caller
 * names goes before it. */
const FactValue *plan_schedule(const DosePlan *plan);
/* The count that the request states; -1 where it states none. */
int64_t plan_count(const DosePlan *plan, DosingRole role);
/* A treatment that continues does not begin again because nobody said how far it has come. */
bool plan_must_know_cycle(const DosePlan *plan);

/* The fields of the schedule's list; -1 where the vocabulary declares none. */
typedef struct ScheduleFields {
  int cycle, cycle_days, first_day, last_day;
} ScheduleFields;
ScheduleFields schedule_fields(const Fact *list);
/* A whole number of an entry: 0 where it states none, and at most LIMIT_PLAN_DAYS + 1. */
uint32_t schedule_count(const Entry *entry, int field);

#endif
