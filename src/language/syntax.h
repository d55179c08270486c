/* syntax: the tree of a policy or vocabulary file, as written.
 *
 * The parser (parse.h) builds it and knows no names: whether `cd19` is a fact is the checker's
 * business (policy/check.h). Every part keeps its span, so that each later diagnostic can point at
 * it. All of it lives in the compile's arena; the texts borrow from the source, save titles and
 * other quoted texts, which are unescaped copies.
 */
#ifndef LANGUAGE_SYNTAX_H
#define LANGUAGE_SYNTAX_H

#include "base/date.h"
#include "base/diagnostic.h"

/* A word with its place. `text.length == 0` where it is absent. */
typedef struct Word {
  Text text;
  SourceSpan span;
} Word;

typedef LIST(Word) WordList;

/* ---- Expressions and conditions share one tree ---- */

typedef enum ExpressionKind {
  /* values */
  EXPRESSION_NAME,   /* word: a fact, derivation, enumeration value, set, date name …: the checker
                        says which */
  EXPRESSION_NUMBER, /* word: the digits; unit: its unit's spelling or empty */
  EXPRESSION_DATE,   /* date */
  EXPRESSION_SPAN,   /* length: a calendar length such as 18 years; word: as written */
  EXPRESSION_ADD,    /* operands[0] + operands[1], and so on */
  EXPRESSION_SUBTRACT,
  EXPRESSION_MULTIPLY, /* also "3 times x" */
  EXPRESSION_DIVIDE,
  EXPRESSION_LEAST,
  EXPRESSION_GREATEST,
  EXPRESSION_BODY_SURFACE,   /* operands: height, weight */
  EXPRESSION_FROM_TO,        /* operands: the two dates */
  EXPRESSION_QUERY,          /* one observation of a series: query */
  EXPRESSION_PERCENT_CHANGE, /* operands: the two queries; word: the series */
  EXPRESSION_UPPER_LIMIT,    /* operands[0]: the query */
  /* conditions */
  EXPRESSION_AND, /* two or more operands */
  EXPRESSION_OR,
  EXPRESSION_NOT,
  EXPRESSION_IF,      /* operands[0] then operands[1] */
  EXPRESSION_COMPARE, /* operands[0] comparison operands[1]; `is` and `=` are COMPARE_EQUAL */
  EXPRESSION_IN,      /* operands[0] in values ("not in" is NOT of it) */
  EXPRESSION_GIVEN,   /* word: the fact */
  EXPRESSION_DOCUMENTED,
  EXPRESSION_NONE,     /* word is none */
  EXPRESSION_INCLUDES, /* word: the set fact; values[0] */
  EXPRESSION_SET_IS,   /* word: the set fact; values: exactly these */
  EXPRESSION_WITHIN,   /* word: the date; length: "within 2 weeks before start" */
  EXPRESSION_DATED, /* word: the date; comparison (before is LESS, on or before is LESS_EQUAL …);
                       operands[0]: DATE, NAME (start, received) or SPAN, which means that long
                       before the start */
  EXPRESSION_QUANTIFIED, /* word: the list; quantifier, count; operands[0]: the condition on an
                            entry */
  EXPRESSION_MET         /* word: the label path of a criterion */
} ExpressionKind;

typedef enum Comparison {
  COMPARE_EQUAL,
  COMPARE_NOT_EQUAL,
  COMPARE_LESS,
  COMPARE_LESS_EQUAL,
  COMPARE_GREATER,
  COMPARE_GREATER_EQUAL
} Comparison;

typedef enum Quantifier {
  QUANTIFIER_ANY,
  QUANTIFIER_EVERY,
  QUANTIFIER_AT_LEAST,
  QUANTIFIER_AT_MOST,
  QUANTIFIER_EXACTLY
} Quantifier;

typedef enum QueryPick {
  PICK_LATEST,
  PICK_EARLIEST,
  PICK_LOWEST,
  PICK_HIGHEST,
  PICK_BASELINE
} QueryPick;
typedef enum QueryWindow {
  WINDOW_ALL,
  WINDOW_WITHIN_BEFORE_START, /* length */
  WINDOW_AFTER_AT_LEAST, /* length of `anchor` (a date): observations at least that long after it */
  WINDOW_BEFORE          /* before `anchor` */
} QueryWindow;

typedef struct SeriesQuery {
  QueryPick pick;
  Word series;
  QueryWindow window;
  Span length;
  Word anchor;
} SeriesQuery;

typedef struct Expression Expression;
struct Expression {
  ExpressionKind kind;
  SourceSpan span; /* the whole of it */
  uint32_t height; /* levels under it: at most LIMIT_CONDITION_DEPTH, so that recursion over it is
                      bounded */
  Word word;
  Word unit;
  Date date;
  Span length;
  Comparison comparison;
  Quantifier quantifier;
  uint32_t count; /* of a quantifier */
  SeriesQuery query;
  LIST(Expression *) operands;
  WordList values;
};

/* ---- The outline ---- */

typedef enum Connective {
  CONNECTIVE_LEAF,
  CONNECTIVE_ALL,
  CONNECTIVE_ANY,
  CONNECTIVE_NONE,
  CONNECTIVE_AT_LEAST
} Connective;

/* Days in force: from `from` up to and including `until`; DATE_NONE where it is open. */
typedef struct InForce {
  Date from, until;
  SourceSpan from_span, until_span;
} InForce;

/* Where a day in force is written, `from` or `until` included: the canonical text leaves it out
 * (policy/canonical.h). */
typedef struct DateMark {
  SourceSpan span;
  InForce in_force; /* one of its two days */
} DateMark;
typedef LIST(DateMark) DateMarkList; /* in the order of the file */

typedef struct InterpretationSyntax {
  Word id;             /* R-H1 */
  Text text;           /* why the adopted interpretation stands */
  Expression *literal; /* the literal condition, or NULL */
  bool has_literal_connective;
  Connective literal_connective;
  uint32_t literal_at_least;
  SourceSpan span;
} InterpretationSyntax;

typedef enum OutcomeKind {
  OUTCOME_APPROVE,
  OUTCOME_RENEW,
  OUTCOME_ROUTE,
  OUTCOME_REFER
} OutcomeKind;
typedef enum AuthorizationItemKind {
  AUTHORIZATION_LENGTH,
  AUTHORIZATION_CYCLES,
  AUTHORIZATION_RENEWALS
} AuthorizationItemKind;

typedef struct AuthorizationItemSyntax {
  AuthorizationItemKind kind;
  Expression *amount; /* for GRANT_LENGTH a SPAN or an expression over durations (LEAST) */
  SourceSpan span;
} AuthorizationItemSyntax;

typedef struct OutcomeSyntax {
  OutcomeKind kind;
  SourceSpan span;
  bool none; /* renew none */
  LIST(AuthorizationItemSyntax) items;
  Word code;          /* of a route or a referral */
  Expression *where;  /* or NULL */
  Expression *whilst; /* "while": or NULL */
  InForce in_force;
} OutcomeSyntax;

typedef struct OutlineNode OutlineNode;
struct OutlineNode {
  SourceSpan span; /* the header line without its indentation and comment */
  Word label;      /* empty for a group without one, and for "-" */
  Text title;
  Word for_kind; /* initial, continuation, or empty */
  bool prerequisite;
  bool pathway;
  InForce in_force;
  Expression *guard;     /* if … then, or NULL */
  Connective connective; /* CONNECTIVE_LEAF: `condition` is set. A label with nothing after it:
                            CONNECTIVE_ANY */
  uint32_t at_least;
  SourceSpan connective_span;
  Expression *condition;
  LIST(InterpretationSyntax *) interpretations;
  LIST(Text) notes;
  LIST(Text) citations;
  LIST(OutcomeSyntax *) outcomes;
  Word dosed_as; /* the regimen that what is authorized here pays for, or empty */
  LIST(OutlineNode *) children;
  bool has_misplaced_children; /* under a leaf: reported, and left out */
};

/* ---- Declarations ---- */

typedef enum TypeKind {
  TYPE_ENUMERATION, /* values; yes | no is an enumeration of these two */
  TYPE_SET,         /* values */
  TYPE_QUANTITY,    /* word: the dimension's name */
  TYPE_DATE,
  TYPE_DURATION,
  TYPE_NAME,  /* an open word, compared without case */
  TYPE_CODE,  /* word: the code system */
  TYPE_LIST,  /* fields; complete_when */
  TYPE_SERIES /* word: the dimension's name */
} TypeKind;

typedef struct TypeSyntax {
  TypeKind kind;
  SourceSpan span;
  Word word;
  WordList values;
  bool or_none;
  Word complete_when;
} TypeSyntax;

typedef struct DefaultSyntax {
  Word value;
  Expression *where; /* or NULL */
} DefaultSyntax;

typedef struct CodeBinding {
  Word system;
  WordList codes;
} CodeBinding;

typedef struct FieldSyntax {
  Word name;
  TypeSyntax type;
  LIST(DefaultSyntax) defaults;
  WordList not_known;
} FieldSyntax;

typedef struct FactSyntax {
  Word name;
  TypeSyntax type;
  bool clinical, judgment, record, stated, fixed;
  Word from; /* requester, reviewer, record, or empty */
  Text question;
  Expression *range_low, *range_high; /* or NULL */
  Word default_value;
  LIST(CodeBinding) codes;
  LIST(Text) notes;
  WordList not_known;
  Word dosing; /* what dosing takes it for: "weight", "dose_on_day" …; empty: nothing */
  uint32_t dosing_day;
  LIST(FieldSyntax *) fields;
  SourceSpan span;
} FactSyntax;

typedef struct DeriveSyntax {
  Word name;
  TypeSyntax type;
  Expression *value;
  SourceSpan span;
} DeriveSyntax;

typedef struct SetSyntax {
  Word name;
  WordList values;
} SetSyntax;

/* Codes "C83.50 to C83.59, C91.00": last is empty for a single code. */
typedef struct CodeRange {
  Word first, last;
} CodeRange;

typedef struct CodesSyntax {
  Word name;
  Word system;
  LIST(CodeRange) ranges;
} CodesSyntax;

typedef struct NeverSyntax {
  Expression *condition;
  Text text;
  SourceSpan span;
} NeverSyntax;

/* NUMBER UNIT */
typedef struct MeasureSyntax {
  Word digits, unit;
} MeasureSyntax;

typedef struct NdcSyntax {
  Word code;
  InForce in_force;
} NdcSyntax;

typedef struct PresentationSyntax {
  MeasureSyntax content;
  MeasureSyntax usable, concentration; /* of the reconstituted drug; digits empty where not said */
  LIST(NdcSyntax) ndcs;
  SourceSpan span;
} PresentationSyntax;

/* labelled CONDITION TEXT */
typedef struct LabelledSyntax {
  Expression *condition;
  Text text;
  SourceSpan span;
} LabelledSyntax;

typedef struct DrugSyntax {
  Word name;
  Text title;
  Word hcpcs;
  MeasureSyntax unit; /* one billing unit */
  LIST(LabelledSyntax) labelled;
  LIST(PresentationSyntax *) presentations;
  SourceSpan span;
} DrugSyntax;

typedef struct PreparationDose {
  MeasureSyntax dose;
  uint32_t vials;
  SourceSpan span;
} PreparationDose;

typedef struct PreparationSyntax {
  Word name;
  Text title;
  Word drug;
  Span lasts;
  Expression *when;
  LIST(PreparationDose) doses;
  SourceSpan span;
} PreparationSyntax;

typedef struct RegimenDose {
  LIST(uint32_t) days; /* single days, or first and last where is_range */
  bool is_range;
  MeasureSyntax dose, at_most; /* at_most.digits empty where there is none */
  Expression *when;
  SourceSpan span;
} RegimenDose;

typedef struct RegimenCycle {
  uint32_t first, last;
  Text title;
  Span lasts; /* zero where not said: until the next */
  Span every;
  Expression *when;
  LIST(RegimenDose *) doses;
  SourceSpan span;
} RegimenCycle;

typedef struct RegimenSyntax {
  Word name;
  Text title;
  Word drug;
  Span interruption; /* up to which an interruption stays in its cycle */
  bool has_interruption;
  LIST(RegimenCycle *) cycles;
  LIST(Text) notes;
  SourceSpan span;
} RegimenSyntax;

/* ---- Files ---- */

typedef struct Declarations {
  LIST(FactSyntax *) facts;
  LIST(DeriveSyntax *) derivations;
  LIST(SetSyntax *) sets;
  LIST(CodesSyntax *) code_lists;
  LIST(NeverSyntax *) nevers;
  LIST(DrugSyntax *) drugs;
  LIST(PreparationSyntax *) preparations;
  LIST(RegimenSyntax *) regimens;
} Declarations;

typedef struct VersionSyntax {
  Date date;
  Text note;
  bool reconstructed;
  SourceSpan span;
} VersionSyntax;

/* evidence documented [for KIND] */
typedef struct EvidenceSyntax {
  Word for_kind; /* or empty: for both */
  InForce in_force;
  SourceSpan span;
} EvidenceSyntax;

typedef struct LimitSyntax {
  MeasureSyntax amount; /* digits and a word: 980 units, 28 vials */
  Word code;            /* of CODE, or empty */
  Span every;
  uint32_t first_cycle, last_cycle; /* 0 where not said */
  InForce in_force;
  SourceSpan span;
} LimitSyntax;

/* not known prior_therapies.outcome: inadequate_response */
typedef struct NotKnownSyntax {
  Word field; /* "prior_therapies.outcome" */
  WordList values;
} NotKnownSyntax;

typedef struct PolicySyntax {
  Word id;
  Text title;
  Text payer;
  SourceSpan payer_span;
  WordList lines, drugs;
  Word vocabulary;
  Text source_note;
  Word reviewed;
  LIST(EvidenceSyntax) evidence;
  LIST(VersionSyntax) versions;
  Date until; /* the last day on which it decides; DATE_NONE: it has no end */
  SourceSpan until_span;
  LIST(NotKnownSyntax) not_known;
  LIST(LimitSyntax) limits;
  LIST(InterpretationSyntax *) interpretations;
  Declarations declarations;
  LIST(OutlineNode *) nodes;
  DateMarkList dates;
} PolicySyntax;

typedef struct VocabularySyntax {
  Word name;
  Text title;
  Declarations declarations;
  DateMarkList dates;
} VocabularySyntax;

/* Exactly one of the two is set; neither where the file holds no policy or vocabulary (diagnosed).
 */
typedef struct FileSyntax {
  const Source *source;
  PolicySyntax *policy;
  VocabularySyntax *vocabulary;
} FileSyntax;

#endif
