/* dose_table: drugs as they are billed and packed, preparations with their vials, regimens with
 * their days; checked.
 *
 * What they result in for a patient is computed in src/dosing. All amounts are in base units: mg,
 * mg/day, mg/m2, mg/kg … All of it lives in the library's arena.
 */
#ifndef POLICY_DOSE_TABLE_H
#define POLICY_DOSE_TABLE_H

#include "base/quantity.h"
#include "language/syntax.h"

typedef struct Condition Condition;
typedef struct Fact Fact;
typedef struct Scope Scope;

typedef struct Presentation {
  Amount content; /* mg in a vial */
  Amount usable;  /* mg that can be drawn from it: the content where nothing is said */
  Text text;      /* "35 mcg" */
  const PresentationSyntax *syntax;
} Presentation;

/* What the label says about who the drug is for, or how much of it: only the prover reads it. */
typedef struct Labelled {
  const Condition *condition;
  Text text;
} Labelled;

typedef struct Drug {
  Text name, title, hcpcs;
  Text unit_text;                   /* "1 mcg" */
  Amount unit;                      /* mg of one billing unit; 0 where none is declared */
  LIST(Labelled) labelled;          /* as declared */
  LIST(Presentation) presentations; /* largest content first */
} Drug;

/* The table's vials for one bag at a daily dose. */
typedef struct PreparationRow {
  Amount dose; /* of a day, in mg */
  uint32_t vials;
} PreparationRow;

typedef struct Preparation {
  Text name, title;
  const Drug *drug;
  int32_t days;
  const Condition *when; /* for whom it is allowed, or NULL */
  Text when_text;
  LIST(PreparationRow) rows; /* ascending */
} Preparation;

typedef struct DoseLine {
  LIST(uint32_t) days; /* first and last where is_range */
  bool is_range;
  Amount amount, at_most; /* at_most 0: no bound; it is mg, of a day where the dose is by time */
  Dimension dimension;    /* mass, by area or by mass, each also by time */
  const Condition *when;
  Text ordered; /* "15 mcg/m2/day" */
} DoseLine;

typedef struct CycleRule {
  uint32_t first, last;
  Text title;
  int32_t days;  /* until the next cycle begins */
  int32_t lasts; /* of these, the cycle itself; the rest lies between two cycles */
  const Condition *when;
  Text when_text;
  LIST(DoseLine) lines;
} CycleRule;

typedef struct Regimen {
  Text name, title;
  const Drug *drug;
  uint32_t cycles;
  int32_t interruption_days; /* up to which an interruption stays in its cycle; -1: however long */
  LIST(CycleRule) rules;
} Regimen;

/* ROLE(symbol, "name in the language"): what dosing takes a fact for. */
typedef enum DosingRole {
#define ROLE(symbol, name) DOSING_##symbol,
#include "policy/dosing_role.def"
#undef ROLE
  DOSING_ROLES
} DosingRole;

/* The fact is what a day of the schedule says: it may be given, or computed from the regimen named.
 */
typedef struct DoseOnDay {
  const Fact *fact;
  uint32_t day;
} DoseOnDay;

typedef struct DoseTables {
  LIST(Drug *) drugs;
  LIST(Preparation *) preparations;
  LIST(Regimen *) regimens;
  const Fact *roles[DOSING_ROLES]; /* NULL where no fact has the role */
  LIST(DoseOnDay) doses_on_days;
  LIST(const Fact *) highest_doses;
} DoseTables;

/* Without regard to case, as drugs are named in requests. NULL where there is none. */
const Drug *dose_table_drug(const DoseTables *tables, Text name);
const Regimen *dose_table_regimen(const DoseTables *tables, Text name);
/* Is it an amount to be given: mass, by area or by body mass, each also by time? */
bool is_dose_dimension(Dimension dimension);
bool is_by_time(Dimension dimension);
/* What a dose amounts to on a day: of what is by time, so much of it, in the dimension without
 * time. False where that is too large. */
bool dose_of_day(Amount *amount, Dimension *dimension);
/* Is the day of the cycle one of the line's? */
bool dose_line_falls_on(const DoseLine *line, uint32_t day);
/* The field of a list that has this name and this type, or NULL. */
struct Field *dosing_field(const Fact *list, Text name);

/* Within 5 % of what was computed: so far bodies are measured, and doses rounded, otherwise. */
static inline bool is_within_a_twentieth(Amount stated, Amount computed) {
  Amount apart = stated > computed ? stated - computed : computed - stated;
  return apart <= computed / 20;
}

/* Private to src/policy: fills the vocabulary's tables; reports every mistake. */
void check_dose_tables(Scope *scope, const Declarations *declarations);
void check_dosing_role(Scope *scope, const FactSyntax *syntax, Fact *fact);

#endif
