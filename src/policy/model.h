/* model: policies and vocabularies after checking, every name resolved and every type known.
 *
 * What a condition says is a Condition, a small tree of tests over facts; derivations and
 * references to other criteria are already put in place, so equal parts are shared. What a policy
 * says is an outline of Criteria. A policy's history is in its dates: `policy_criteria_in_force`
 * sees it on one day, for one kind of request.
 *
 * All of it lives in the library's arena and is never written again once the library is open.
 */
#ifndef POLICY_MODEL_H
#define POLICY_MODEL_H

#include "base/digest.h"
#include "base/quantity.h"
#include "language/syntax.h"
#include "policy/dose_table.h"

typedef struct Fact Fact;
typedef struct Vocabulary Vocabulary;
typedef struct Policy Policy;
typedef struct Criterion Criterion;

/* ---- Vocabularies ---- */

typedef struct Type {
  TypeKind kind;
  Dimension dimension; /* of a quantity or series */
  bool or_none;
  Text system;  /* of codes */
  Text *values; /* of an enumeration or set, at most 64 */
  uint32_t value_count;
  bool yes_no; /* the values are yes and no: a request writes true and false */
  bool broken; /* reported; what uses it is not reported again */
} Type;

typedef struct Condition Condition;

/* "default tki where agent in listed_tkis": the value a field takes when the request leaves it out.
 */
/* The number of a value by its word; -1: there is no such value. */
static inline int type_value(const Type *type, Text word) {
  for (uint32_t i = 0; i < type->value_count; i++)
    if (text_equal(type->values[i], word)) return (int)i;
  return -1;
}

typedef struct FieldDefault {
  uint32_t value;
  const Condition *where; /* over the entry's other fields, or NULL */
} FieldDefault;

typedef struct Field {
  Text name;
  uint32_t index;
  Type type;
  uint64_t not_known; /* enumeration values that stand for "not known" */
  LIST(FieldDefault) defaults;
} Field;

typedef enum Supplier { SUPPLIER_REQUESTER, SUPPLIER_REVIEWER, SUPPLIER_RECORD } Supplier;

/* Facts every vocabulary has, filled from the request itself; always known. They come first. */
typedef enum BuiltinFact {
  FACT_KIND,
  FACT_LINE,
  FACT_DRUG,
  FACT_URGENCY,
  FACT_START,
  FACT_RECEIVED,
  BUILTIN_FACTS
} BuiltinFact;
enum { KIND_INITIAL, KIND_CONTINUATION, KINDS };

struct Fact {
  Text name;
  uint32_t index; /* in the vocabulary */
  Type type;
  Supplier supplier;
  bool clinical;
  bool stated; /* a criterion that reads it holds only where the request states it: that it is open
                * is never settled by completions
                */
  bool fixed;  /* says who the patient is: an explanation never proposes that it be otherwise */
  Text question;
  Text codes; /* "LOINC 29463-7; …" */
  bool has_range;
  Amount low, high; /* quantities, inclusive where has_range; otherwise doses, masses, lengths must
                       be above 0, counts not negative, percents 0 to 100 */
  Text range;       /* as written */
  bool has_default;
  uint32_t default_value;
  uint64_t not_known;
  Text json_head; /* "fact":"weight" */
  Field *fields;  /* of a list */
  uint32_t field_count;
  Fact *complete_when; /* of a list: the yes/no fact that says the list is whole, or NULL */
  SourceSpan span;
};

typedef struct Never {
  const Condition *condition;
  Text text;
  SourceSpan span;
} Never;

struct Vocabulary {
  Text name, title;
  const Source *source;
  const VocabularySyntax *syntax;
  LIST(Fact *) facts; /* built-in facts first */
  LIST(Never *) nevers;
  LIST(Fact *) defaulted; /* facts with a default */
  LIST(Fact *) lists;
  LIST(Text)
  names; /* lower-case agent names that some condition mentions; id = index + 1, 0 = any other */
  uint32_t *name_slots; /* open-addressed: agent name → id */
  uint32_t name_mask;
  uint32_t *slots; /* open-addressed: name of a fact → index + 1 */
  uint32_t slot_mask;
  DoseTables dosing;
  struct Scope *scope; /* derivations, sets, code lists: while compiling */
};

/* NULL where the vocabulary has no such fact. */
Fact *vocabulary_fact(const Vocabulary *vocabulary, Text name);
/* The id of an agent's name, 0 for one no condition mentions. */
uint32_t vocabulary_name(const Vocabulary *vocabulary, Text name);

/* ---- Conditions ---- */

typedef enum TermKind {
  TERM_FACT,
  TERM_AMOUNT,
  TERM_DATE,
  TERM_SPAN,
  TERM_ADD,
  TERM_SUBTRACT,
  TERM_MULTIPLY,
  TERM_DIVIDE,
  TERM_LEAST,
  TERM_GREATEST,
  TERM_BODY_SURFACE, /* height, weight */
  TERM_FROM_TO,      /* completed calendar units between two dates */
  TERM_SHIFTED,      /* a: a date, minus span */
  TERM_QUERY,
  TERM_PERCENT_CHANGE, /* a: from, b: to */
  TERM_UPPER_LIMIT     /* a: a query */
} TermKind;

typedef enum ValueKind { VALUE_AMOUNT, VALUE_DATE, VALUE_DURATION } ValueKind;

typedef struct Query {
  QueryPick pick;
  const Fact *series;
  QueryWindow window;
  Span length;
  const Fact *anchor;
} Query;

typedef struct Term Term;
struct Term {
  TermKind kind;
  ValueKind value;
  Dimension dimension;
  const Fact *fact;
  Amount amount;
  Date date;
  Span span;
  Span unit; /* of a literal length: one of the unit it was written in */
  const Term *a, *b;
  Query query;
};

typedef enum ConditionKind {
  CONDITION_TRUE,
  CONDITION_FALSE,
  CONDITION_AND,
  CONDITION_OR,
  CONDITION_NOT,
  CONDITION_ENUM_IN,  /* fact (or field) has one of the values in `mask` */
  CONDITION_NAME_IN,  /* fact (or field) is one of the names in `names` */
  CONDITION_CODE_IN,  /* fact's code lies in one of the ranges */
  CONDITION_INCLUDES, /* the set has the member in `mask` */
  CONDITION_SET_IS,   /* the set is exactly `mask` */
  CONDITION_NONE,     /* fact is none */
  CONDITION_GIVEN,
  CONDITION_DOCUMENTED,
  CONDITION_REACHED, /* a duration (left) has completed the length `right` (TERM_SPAN) */
  CONDITION_COMPARE, /* left < right, or left <= right: amounts or dates */
  CONDITION_COUNT,   /* at least `count` entries of the list meet operands[0] */
  CONDITION_MET      /* `criterion` is met */
} ConditionKind;

/* One code, or a range from `first` to `last` with all codes that begin with `last`: E10 to E14
 * holds E14.9 as it holds E10.9. In normal form (base/code.h). */
typedef struct CodeSpan {
  Text first, last;
  bool is_range; /* else both are the one code, and codes that begin with it are others */
} CodeSpan;

struct Condition {
  ConditionKind kind;
  const Fact *fact;
  const Field *field; /* within a list's condition: the entry's field, and fact is NULL */
  uint64_t mask;
  LIST(uint32_t) names;
  LIST(CodeSpan) codes;
  bool or_equal; /* of COMPARE */
  const Term *left, *right;
  uint32_t count;
  const Criterion *criterion;
  LIST(const Condition *) operands;
};

/* ---- Policies ---- */

typedef struct Interpretation {
  Text id, text;
  Text literal;               /* as written, "" where only the text records it */
  const Condition *condition; /* the literal condition, or NULL */
  bool has_connective;
  Connective connective;
  uint32_t at_least;
  bool is_literal; /* the library was opened with this interpretation taken literally */
} Interpretation;

typedef struct AuthorizationItem {
  AuthorizationItemKind kind;
  const Term *amount; /* a duration for GRANT_LENGTH, else a count; LEAST skips what is not known */
  Span unit;          /* the unit the length is given in */
} AuthorizationItem;

typedef struct Outcome {
  OutcomeKind kind;
  Text line; /* as written */
  Criterion *criterion;
  Criterion *pathway; /* the criterion whose label path names the pathway */
  bool none;          /* renew none */
  LIST(AuthorizationItem) items;
  Text code;                       /* of a route or a referral */
  const Condition *where, *whilst; /* NULL: always */
  InForce in_force;
} Outcome;

struct Criterion {
  const OutlineNode *syntax;
  Policy *policy;
  Criterion *parent;
  uint32_t index; /* in page order */
  uint32_t depth;
  Text label, path, title;
  Text condition_text, guard_text;
  bool prerequisite, is_pathway;
  int kind; /* KIND_…, or -1 for both */
  InForce in_force;
  Connective connective;
  uint32_t at_least;
  const Condition *guard;     /* NULL: none */
  const Condition *condition; /* of a leaf */
  LIST(Interpretation *) interpretations;
  LIST(Outcome *) outcomes;
  const Regimen
      *dosed_as; /* what an authorization here, or under, pays for; NULL: see the parent */
  LIST(Criterion *) children;
  bool holds_outcome;  /* it or something under it carries an outcome */
  bool is_referred_to; /* by `met` */
  uint8_t building;    /* guards against criteria that refer to each other in a circle */
};

typedef struct Limit {
  Amount amount;
  Text unit; /* "units", "vials", "cycles" */
  Text code;
  Span every; /* 0: in all */
  uint32_t first_cycle, last_cycle;
  InForce in_force;
} Limit;

/* "all of", "at least 2 of"; "" of a leaf. */
const char *connective_words(Arena *arena, Connective connective, uint32_t at_least);
/* "42 days", "1 month": days stay days, however many, as pages print supplies. */
void limit_write_every(Buffer *out, const Limit *limit);

typedef struct Version {
  Date date;
  char text[11];
  Text note;
  bool reconstructed;
  bool evidence[KINDS];     /* clinical facts must be documented for an approval */
  char digest[DIGEST_SIZE]; /* of what decides by it (canonical.h); "" until it is first needed */
} Version;

struct Policy {
  Text id, title, payer, source_note, file;
  char digest[DIGEST_SIZE]; /* of the files: the policy's text, then its vocabulary's; "" until it
                               is first needed */
  const Source *source;
  const PolicySyntax *syntax;
  Vocabulary *vocabulary;
  LIST(Text) drugs;       /* lower case */
  uint32_t lines;         /* bits */
  LIST(Version) versions; /* ascending */
  Date until;             /* the last day on which it decides; DATE_NONE: it has no end */
  LIST(Limit) limits;
  LIST(Interpretation *) interpretations; /* of the whole policy */
  LIST(Criterion *) criteria;             /* page order */
  LIST(Criterion *) top;
  uint64_t **not_known; /* per fact with fields: per field the extra values that stand for "not
                           known" here; NULL where none */
};

static inline bool in_force_on(InForce in_force, Date day) {
  return (in_force.from == DATE_NONE || day >= in_force.from) &&
         (in_force.until == DATE_NONE || day <= in_force.until);
}

#endif
