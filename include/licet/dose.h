/* dose: a course of treatment, day by day: doses, bags, vials, billing units, and the first day
 * on which a limit is passed.
 *
 *     const licet_dose_plan *plan;
 *     if (licet_dose(session, json, length, NULL, &plan) == LICET_OK) puts(licet_dose_json(plan,
 * NULL));
 *
 * Drugs, vials, preparations and regimens are declared in a vocabulary's file; the body, the cycles
 * so far, interruptions and the regimen wanted are facts of the request (docs/dosing.md).
 * Everything is computed with exact decimals; what is rounded, and how, is said where it is
 * declared below.
 *
 * The rules of licet.h on ownership, threads and failure hold here. Everything a plan shows is
 * borrowed until the session's next call. Texts are never NULL unless said: "" stands for "none".
 * Dates are written "2026-11-09". Amounts are exact decimals with a unit ("11.7 mcg"). Every
 * `..._at` call gives a first member of NULL beyond the last.
 */
#ifndef LICET_DOSE_H
#define LICET_DOSE_H

#include "licet/licet.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Closed sets of values: words.def says what each means ---- */

typedef enum licet_formula {
#define LICET_FORMULA(symbol, word) LICET_FORMULA_##symbol,
#include <licet/words.def>
} licet_formula;
LICET_API const char *licet_formula_name(licet_formula value);

typedef enum licet_chosen_by {
#define LICET_CHOSEN_BY(symbol, word) LICET_CHOSEN_BY_##symbol,
#include <licet/words.def>
} licet_chosen_by;
LICET_API const char *licet_chosen_by_name(licet_chosen_by value);

typedef enum licet_dose_day_kind {
#define LICET_DAY(symbol, word) LICET_DAY_##symbol,
#include <licet/words.def>
} licet_dose_day_kind;
LICET_API const char *licet_dose_day_kind_name(licet_dose_day_kind value);

typedef enum licet_modifier {
#define LICET_MODIFIER(symbol, word) LICET_MODIFIER_##symbol,
#include <licet/words.def>
} licet_modifier;
LICET_API const char *licet_modifier_name(licet_modifier value);

typedef enum licet_limit_kind {
#define LICET_LIMIT(symbol, word) LICET_LIMIT_##symbol,
#include <licet/words.def>
} licet_limit_kind;
LICET_API const char *licet_limit_kind_name(licet_limit_kind value);

/* What a plan can say of itself: dose_finding.def lists it, with the severity and a sentence of
 * each. */
typedef enum licet_dose_finding_kind {
#define LICET_DOSE_FINDING(symbol, word, severity, text) LICET_DOSE_##symbol,
#include <licet/dose_finding.def>
} licet_dose_finding_kind;
LICET_API const char *licet_dose_finding_kind_name(licet_dose_finding_kind value);

/* ---- Plans ---- */

typedef struct licet_dose_plan licet_dose_plan;

/* What to compute with, whatever the request says; every member may be NULL. */
typedef struct licet_dose_options {
  const char *regimen;     /* the name of a regimen */
  const char *preparation; /* the name of a preparation */
  const char *formula;     /* "mosteller", "dubois", "haycock", "gehan_george" */
} licet_dose_options;

/* Decides the request and computes its treatment. LICET_BAD_REQUEST where the request has errors
 * (licet_session_error_json, licet_session_fault). Otherwise there is a plan; where something
 * keeps it from being calculated (an option that names nothing, too), the plan has no cycles,
 * and an error among its findings says why. An option that is "" is as NULL. `options` may be NULL.
 */
LICET_API licet_status licet_dose(licet_session *session, const char *json, size_t length,
                                  const licet_dose_options *options, const licet_dose_plan **plan);
/* The plan of a determination, computed with it. NULL where no policy covers the request, and where
 * neither the request names a regimen or states a schedule nor the authorization pays for a
 * regimen. */
LICET_API const licet_dose_plan *licet_determination_dose(const licet_determination *determination);

/* The determination the plan rests on (its authorization, its outcome). */
LICET_API const licet_determination *licet_dose_determination(const licet_dose_plan *plan);

/* The whole plan as JSON on one line, of the shape in docs/dosing.md. `length` may be NULL. NULL
 * where memory ran out. */
LICET_API const char *licet_dose_json(const licet_dose_plan *plan, size_t *length);
/* Its preparations side by side alone: { "drug", "preparations": [ … ] }. */
LICET_API const char *licet_dose_comparison_json(const licet_dose_plan *plan, size_t *length);

/* ---- What is given, and how ---- */

typedef struct licet_dose_drug {
  const char *name, *title;
  const char *hcpcs; /* billing code */
  const char *unit;  /* one billing unit: "1 mcg"; "" where none is declared */
  const char *vials; /* contents of the presentations, "35 mcg" or "400 mg, 100 mg"; "" where none
                        is declared */
  const char *ndcs;  /* of the presentations in force at the start: "55513-160-01, 55513-160-21" */
} licet_dose_drug;
LICET_API licet_dose_drug licet_dose_plan_drug(const licet_dose_plan *plan);

typedef struct licet_dose_regimen {
  const char
      *name; /* "" where none could be chosen, or where the request states a schedule alone */
  const char *title; /* for people */
  licet_chosen_by chosen_by;
  uint32_t cycles; /* in the whole regimen */
} licet_dose_regimen;
LICET_API licet_dose_regimen licet_dose_plan_regimen(const licet_dose_plan *plan);

typedef struct licet_dose_preparation {
  const char *name, *title; /* "" where the drug has none: each dose is drawn up by itself */
  licet_chosen_by chosen_by;
} licet_dose_preparation;
LICET_API licet_dose_preparation licet_dose_plan_preparation(const licet_dose_plan *plan);

/* The body the doses rest on. "" where not given or not computed. */
typedef struct licet_dose_body {
  const char *weight, *weight_date;
  const char *height, *height_date;
  licet_formula formula;
  const char *computed; /* by the formula, m2, rounded down to nine places */
  const char *stated;   /* by the requester: used where it is within 5 % of the computed one */
  const char *used;
} licet_dose_body;
LICET_API licet_dose_body licet_dose_plan_body(const licet_dose_plan *plan);

/* Where the treatment stands in the record. -1 where not known or not set. */
typedef struct licet_dose_record {
  int64_t cycles_received, cycles_planned; /* planned: in this plan */
  int64_t cycles_left;                     /* of the regimen, after this plan */
  int64_t renewals_granted, renewals_left;
} licet_dose_record;
LICET_API licet_dose_record licet_dose_plan_record(const licet_dose_plan *plan);

/* ---- The calendar ---- */

/* The totals of a stretch of days. Vials are whole for each preparation. Units are the sums of the
 * dates of service (licet_dose_day): on each, what is administered is rounded up to whole billing
 * units, billed units are the vials' contents, and the difference is discarded. Of a drug without
 * vials, `vials`, `billed_units` and `discarded_units` are 0 and mean nothing; of one without a
 * billing unit, all three counts of units (licet_dose_drug says; the JSON has null for them).
 */
typedef struct licet_dose_totals {
  uint32_t dose_days;       /* days on which the drug runs or is given */
  uint32_t preparations;    /* bags or syringes prepared */
  const char *administered; /* exact: "327.6 mcg" */
  int64_t vials;
  int64_t administered_units, billed_units, discarded_units;
  int is_derived; /* some count of vials is not printed in the tables but derived from the volume */
} licet_dose_totals;
LICET_API licet_dose_totals licet_dose_plan_totals(const licet_dose_plan *plan);

typedef struct licet_dose_cycle {
  const char *title;        /* "induction", or ""; NULL beyond the last */
  uint32_t number;          /* in the regimen */
  uint32_t length;          /* days, the treatment-free interval and interruptions included */
  uint32_t first_day, days; /* until the next begins: licet_dose_plan_day from first_day on */
  const char *start, *end;  /* first and last day */
  const char *last_dose;    /* the last day with a dose */
  int is_cut_short;         /* ended by an interruption longer than the regimen allows */
  licet_dose_totals totals;
} licet_dose_cycle;
LICET_API licet_dose_cycle licet_dose_plan_cycle(const licet_dose_plan *plan, size_t index);

typedef struct licet_dose_day {
  const char *date; /* NULL beyond the last */
  uint32_t cycle;   /* the number of its cycle */
  uint32_t day;     /* of the cycle, from 1: the regimen's count, which stands still while an
                       interruption lasts */
  licet_dose_day_kind kind;
  const char *dose;    /* "28 mcg", what is given on this day */
  const char *ordered; /* as the regimen has it: "15 mcg/m2/day" */
  int is_capped;       /* the regimen's `at most` was reached */
  int is_continuous;   /* the dose runs through the day ("28 mcg/day"); else it is given at once */
  const char *preparation;     /* the title of the preparation begun on this day, or "" */
  uint32_t preparation_days;   /* how many days it lasts: 0 where none is begun */
  int64_t vials, billed_units; /* of what is begun on this day */
  /* The day as a date of service, for a claim: what of its vials goes into the patient, rounded up
   * to whole units by itself, and what is discarded. */
  int64_t administered_units, discarded_units;
  licet_modifier modifier; /* of what is begun on this day; LICET_MODIFIER_NONE: no units */
  int passes_limit;        /* of the policy: the first day on which it is passed */
  int ends_authorization;  /* the last day authorized */
  int after_authorization; /* later than that */
  const char *notice; /* these in words, joined by "; ": "passes 980 units of J9039 every 42 days;
                         authorization ends"; or "" */
} licet_dose_day;
LICET_API licet_dose_day licet_dose_plan_day(const licet_dose_plan *plan, size_t index);

/* ---- Bills, limits, findings ---- */

/* The claim lines of a cycle's dates of service (licet_dose_day), summed. A date that discards
 * something has a line without a modifier for what is administered and a JW line for what is
 * discarded; a date that discards nothing has one JZ line. */
typedef struct licet_dose_line {
  const char *hcpcs; /* NULL beyond the last */
  licet_modifier modifier;
  uint32_t cycle;
  int64_t units;
} licet_dose_line;
LICET_API licet_dose_line licet_dose_plan_line(const licet_dose_plan *plan, size_t index);

/* A limit the plan was held against, and the first day on which it is passed. Units and vials count
 * on the day they are begun. A period begins with the first vial, and the next with the first vial
 * after it has ended. */
typedef struct licet_dose_limit {
  const char *text; /* "980 units of J9039 every 42 days", "5 cycles authorized", "authorized until
                       2027-06-06"; NULL beyond the last */
  licet_limit_kind kind;
  int64_t bound;       /* units, vials or cycles; 0 for the authorization */
  int64_t reached;     /* the most in any period of the plan */
  const char *passed;  /* the date, or "" */
  uint32_t cycle, day; /* on which it is passed, or 0 */
  int64_t amount;      /* in the period that ends on that day */
} licet_dose_limit;
LICET_API licet_dose_limit licet_dose_plan_limit(const licet_dose_plan *plan, size_t index);

/* What a reviewer should see: never a silent number. */
typedef struct licet_dose_finding {
  licet_dose_finding_kind kind;
  licet_severity severity; /* LICET_SEVERITY_ERROR: nothing was computed */
  const char *field;       /* the fact it concerns, or "" */
  const char *message;     /* a sentence; NULL beyond the last */
} licet_dose_finding;
LICET_API licet_dose_finding licet_dose_plan_finding(const licet_dose_plan *plan, size_t index);

/* The same treatment in each preparation of the drug, in the order declared. */
typedef struct licet_dose_comparison {
  const char *preparation; /* NULL beyond the last */
  const char *title;
  const char *not_allowed; /* why not for this patient: "weight >= 22 kg"; "" where it is allowed */
  int is_chosen;
  licet_dose_totals totals; /* of the whole plan; zero where it is not allowed */
} licet_dose_comparison;
LICET_API licet_dose_comparison licet_dose_plan_comparison(const licet_dose_plan *plan,
                                                           size_t index);

#ifdef __cplusplus
}
#endif
#endif
