/* evaluate: what a term or a condition results in on the facts of one request.
 *
 * Three answers for a condition: it holds, it does not, or the facts do not say. This is plain
 * three-valued logic, connective by connective: good for single tests, authorizations and
 * contradictions. Decisions, which must be exact over what is not known, are the diagram's
 * business; it asks here which cell a value falls into.
 */
#ifndef POLICY_EVALUATE_H
#define POLICY_EVALUATE_H

#include "policy/model.h"

typedef enum Truth { TRUTH_NO, TRUTH_YES, TRUTH_UNKNOWN } Truth;

/* One field of an entry of a list. */
typedef struct EntryField {
  bool known;
  uint32_t choice; /* of an enumeration */
  uint32_t name;   /* vocabulary_name, for names */
  Date date;
  Amount amount; /* of a quantity */
} EntryField;

typedef struct Entry {
  EntryField *fields; /* as many as the list's fact has */
  bool documented;
  uint8_t claimed; /* its source: Supplier + 1; 0 where not said */
} Entry;

/* One dated observation of a series. */
typedef struct Observation {
  Date date;
  Amount value;
  bool has_upper_limit, is_baseline, documented;
  Amount upper_limit;
} Observation;

/* What a request says of one fact. Most say a plain value: the first 64 bytes, which is all that is
 * to be cleared then. */
typedef struct FactValue {
  bool present; /* the request, or a default, says something of it, if only null */
  bool known;
  bool is_none;
  bool documented;
  bool complete;   /* of a list: nothing is missing from it */
  bool defaulted;  /* not said; the vocabulary's default */
  bool computed;   /* not said; follows from the regimen or schedule that is */
  bool elaborate;  /* not plain: something below `raw` is set */
  uint8_t source;  /* Supplier + 1; 0 where not said */
  uint8_t claimed; /* the highest of its own source and those of its entries */
  uint32_t choice;
  uint32_t name;
  Date date;
  uint64_t members;
  Amount amount;
  Span span;
  Text raw;  /* as written in the request, or its text again: only ever shown */
  Text code; /* in normal form */
  Text word; /* of a name, and of the drug: without quotes or escapes */
  Entry *entries;
  Observation *observations;
  uint32_t entry_count;
  uint32_t observation_count;
  Date observed; /* the date of its evidence; 0 with has_observed false */
  bool has_observed;
  Text document, document_raw, source_text; /* as written, but `document` without escapes */
} FactValue;

/* All facts of a vocabulary, in its order. A request says something of few of many, so whoever
 * reads one after another clears only those it touched, and looks first where the last one went on:
 *
 *     values    │ kind │ line │ … │ weight │ height │ cd22 │ …      by index, present or not
 *     touched      weight, cd22                                     touched_count 2
 *     next      │ …              │ → cd22 │        │ NULL │ … │ → weight      the first at the end
 */
typedef struct Facts {
  const Vocabulary *vocabulary;
  FactValue *values;
  uint32_t *touched; /* the facts of which the request says something, by index; for whoever clears
                        the values, may be NULL */
  uint32_t touched_count;
  /* Requests of one sender name their facts in one order: per fact, and for the first at the end,
   * the fact that came next last time, NULL where none did; for whoever reads one request after the
   * other, may itself be NULL. */
  const Fact **next;
} Facts;

/* An amount or a day lies between low and high; a duration runs from one day to another. */
typedef struct TermValue {
  bool known; /* low == high */
  bool none;
  Amount low, high; /* days for dates */
  Date from, to;    /* of a duration */
} TermValue;

TermValue evaluate_term(const Term *term, const Facts *facts);
Truth evaluate_condition(const Condition *condition, const Facts *facts);
/* A condition on one entry of a list. */
Truth evaluate_entry(const Condition *condition, const Entry *entry);
/* The fact by which the request states its body surface area, where the condition reads body
 * surface area and that value stands for it. */
const Fact *surface_fact_read(const Condition *condition, const Facts *facts);
/* The bounds a quantity's values keep: the declared range, or what its dimension implies. */
void fact_bounds(const Fact *fact, Amount *low, Amount *high);
/* Does a duration from one day to another complete `length`? */
bool duration_reaches(Date from, Date to, Span length);
bool code_in(const Condition *condition, Text code);
bool name_in(const Condition *condition, uint32_t name);

#endif
