/* variable: what a policy asks of the facts, and the cells their values fall into.
 *
 * Every test of a policy's conditions belongs to one variable. Two tests of the same thing share
 * it: `age >= 18 years` and `age < 1 month` both cut the line of ages, and the cells are the
 * pieces. That is what makes the diagram exact: a cell answers both tests at once, and no
 * completion can hold that no patient has.
 *
 *     kind       cells                                  from tests like
 *     CHOICE     one per value                          cd22 is positive
 *     ORDERED    (none,) below t1, t1, between t1       mrd_level >= 0.1 %
 *                and t2, t2, …
 *     LENGTH     (none,) t1 not reached, t1 reached,    age >= 18 years
 *                t2 reached, …
 *     PATTERN    one per combination of test results    regimen is {}, regimen includes tki;
 *                that a value can have                  any prior_therapies where …;
 *                                                       icd10 in covered_codes
 *     PRODUCT    one per combination of its parts'      age >= 18 years,
 *                cells                                  birth_date after 2010-01-01
 *     GIVEN,     no, yes                                weight is given
 *     DOCUMENTED
 *     JOINT      no, yes                                dose <= 15 mcg/m2/day *
 *                                                       body_surface(height, weight)
 *
 * A JOINT test relates several facts by arithmetic. Where these are counts with few values, it is
 * worked out over the cells of each and is exact like all others; where they are measured
 * quantities it stands for itself: it is known when its facts are, or when their bounds settle it.
 */
#ifndef COMPILE_VARIABLE_H
#define COMPILE_VARIABLE_H

#include "base/limits.h"
#include "diagram/diagram.h"
#include "policy/evaluate.h"

typedef enum VariableKind {
  VARIABLE_CHOICE,
  VARIABLE_ORDERED,
  VARIABLE_LENGTH,
  VARIABLE_PATTERN,
  VARIABLE_PRODUCT, /* several ORDERED or LENGTH variables on one fact: only together are they exact
                       (product.c) */
  VARIABLE_GIVEN,
  VARIABLE_DOCUMENTED,
  VARIABLE_JOINT
} VariableKind;

/* Where the values are cut: an amount or day, or for dates that follow the request, a term such as
 * "2 weeks before start". */
typedef struct Threshold {
  const Term *term;
  Amount amount;
  Span span; /* of a LENGTH; of an ORDERED date relative to an anchor, how long before it */
} Threshold;

typedef struct Variable Variable;
typedef LIST(Variable *) VariableList;

/* Where it stands among the others of its policy (order.c); 0: not given a place. */
typedef struct VariablePlace {
  uint32_t group, own;
} VariablePlace;

struct Variable {
  VariableKind kind;
  VariablePlace place;
  Variable *product;  /* the PRODUCT it is a part of, or NULL */
  uint32_t stride;    /* of a part: how many cells of the product lie between two of its own */
  VariableList parts; /* of a PRODUCT */
  const Fact *fact;   /* of all kinds but ORDERED, LENGTH and JOINT */
  const Term *term;   /* what is compared: of ORDERED and LENGTH */
  const Fact *anchor; /* ORDERED dates: NULL for fixed days, else the fact (start, received) the
                         thresholds depend on */
  const Condition *joint;
  bool has_none;                 /* cell 0 is "none" */
  LIST(Threshold) thresholds;    /* ascending */
  LIST(const Condition *) tests; /* of a PATTERN */
  uint8_t arity;
  uint64_t cells;     /* all that some value falls into */
  uint64_t *patterns; /* of a PATTERN: per cell the results: a bit per test, or four bits of count
                         for a list */
  uint8_t caps[16];   /* of a list: how far counting each test matters */
  LIST(uint64_t) entries; /* of a list: what a single entry can add */
  LIST(uint32_t) names;   /* of a list: the agents its tests name; every other is like any other */
  uint64_t *reachable;    /* of a list: per cell the cells further entries can lead to, the cell
                             itself included */
  uint64_t facts;         /* the facts it rests on, as bits of VariableSet.facts */
};

/* The variables of one policy as in force on one day for one kind of request. */
typedef struct VariableSet {
  Arena *arena;
  Diagnostics *diagnostics;
  SourceSpan span; /* of the policy, for limits */
  const Policy *policy;
  VariableList plain;     /* as tests are collected */
  VariableList variables; /* once closed: those of the diagram, parts replaced by their product */
  LIST(const Fact *)
  facts; /* that tests read, built-in facts aside; in alphabetical order once closed */
  bool closed;
  bool is_unjoined; /* a variable did not fit into the product of its fact */
  uint32_t places;  /* given so far (order.c) */
  uint32_t errors;  /* diagnostics reported before */
  int64_t
      counted; /* values of counts worked out one by one so far: what that may cost is bounded */
} VariableSet;

/* Registers every test of the condition (criteria referred to are the caller's). */
void variables_collect(VariableSet *set, const Condition *condition);
/* Sorts facts, cuts cells. False where a limit was exceeded (diagnosed). */
bool variables_close(VariableSet *set);
/* A single test: its variable and the cells where it holds. False for a joint test over the cells
 * of several counts (see variables_joint). */
bool variables_test(const VariableSet *set, const Condition *test, uint32_t *variable,
                    uint64_t *cells);
/* The function of a joint test over counts. */
DiagramRef variables_joint(const VariableSet *set, const Condition *test, Diagram *diagram);
/* product.c: joins variables that rest on one and the same fact. */
void variables_join(VariableSet *set);
/* The product's cells that the parts' cells allow; and the cells the facts leave open. */
uint64_t product_lift(const Variable *part, uint64_t cells);
uint64_t product_cells(const Variable *product, const Facts *facts);
/* pattern.c: codes that between them meet every cell of a PATTERN on a code. */
typedef LIST(Text) CodeList;
void pattern_codes(const Variable *variable, Arena *arena, CodeList *codes);
/* The bit of a fact, 0 where the policy does not read it. */
uint64_t variables_fact(const VariableSet *set, const Fact *fact);

/* Facts a term or a condition reads, appended once each, in order of appearance (built-in facts
 * too). */
typedef LIST(const Fact *) FactList;
void facts_of_term(Arena *arena, FactList *facts, const Term *term);
void facts_of_condition(Arena *arena, FactList *facts, const Condition *condition);

/* The cells the facts leave open: one where the fact is known. `documented_only`: an entry of a
 * list counts only with a document.
 */
typedef enum EntryUse { ENTRIES_ALL, ENTRIES_DOCUMENTED } EntryUse;
uint64_t variable_cells(const Variable *variable, const Facts *facts, const uint64_t *not_known,
                        EntryUse use);

/* The same, in line, for the variables that most are: a choice, or an amount cut at fixed places.
 * False: another one, and nothing is written. */
static inline bool variable_cells_plainly(const Variable *variable, const Facts *facts,
                                          uint64_t *cells) {
  if (variable->kind == VARIABLE_CHOICE) {
    const FactValue *value = &facts->values[variable->fact->index];
    *cells = value->known ? UINT64_C(1) << value->choice : variable->cells;
    return true;
  }
  const Term *term = variable->term;
  if (variable->kind != VARIABLE_ORDERED || term->kind != TERM_FACT || term->value != VALUE_AMOUNT)
    return false;
  const FactValue *value = &facts->values[term->fact->index];
  if (value->is_none) return false;
  uint32_t cell = variable->has_none;
  for (uint32_t i = 0; i < variable->thresholds.count;
       i++) { /* two cells each: up to it and itself */
    const Amount threshold = variable->thresholds.items[i].amount;
    cell += (value->amount >= threshold) + (value->amount > threshold);
  }
  *cells = value->known ? UINT64_C(1) << cell : variable->cells;
  return true;
}

/* It only says whether something was said, not what: nobody can choose that it was not. */
static inline bool variable_is_flag(const Variable *variable) {
  return variable->kind == VARIABLE_GIVEN || variable->kind == VARIABLE_DOCUMENTED;
}

#endif
