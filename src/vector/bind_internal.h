/* bind_internal: what bind.c and bind_unit.c share. Private to src/bulk. */
#ifndef BULK_BIND_INTERNAL_H
#define BULK_BIND_INTERNAL_H

#include "vector/bind.h"
#include "vector/tuples.h"

#define INQUIRY_COLUMNS_MOST TUPLE_COLUMNS_MOST
#define INQUIRY_INPUTS_MOST 8u
#define AXIS_BITS_MOST 10u
#define REMEMBERED_TUPLES_MOST 65536u /* when everything is built again */
#define TUPLES_MOST 524288u           /* then everything is built again, with the newest */
#define INQUIRY_FREE UINT64_MAX       /* no row has this */

typedef struct EntryValue {
  FactValue value;
  bool odd; /* has a fault, or only the request's own reader may tell */
} EntryValue;
typedef LIST(EntryValue) EntryValues;

typedef enum InquiryKind {
  INQUIRY_CELLS,            /* the cells of a variable, as bits */
  INQUIRY_DOCUMENTED_CELLS, /* the same where attested clinical facts are not known */
  INQUIRY_TRUTH,            /* a condition: bit TRUTH_… */
  INQUIRY_ODD,              /* bit 1: the entry has a fault */
  INQUIRY_STRANGE,          /* bit 1: something is said of a fact the vocabulary does not have */
  INQUIRY_HEAD              /* bits of HeadAnswer */
} InquiryKind;

/* What a column of the request itself says of a target's policy. */
enum { HEAD_FITS = 1, HEAD_ABSENT = 2, HEAD_ODD = 4, HEAD_FIRST_VERSION = 8 }; /* then a bit per version or choice */
#define VERSIONS_MOST 60u

typedef struct InquiryInput {
  const Fact *fact;
  uint32_t column; /* of the table; unused where place is -1 */
  int place;       /* in the axis; -1: no request says anything of it */
} InquiryInput;

typedef struct AskedLiteral {
  uint64_t mask;
  Gate gate;
} AskedLiteral;

typedef struct Inquiry {
  InquiryKind kind;
  const Unit *unit;
  uint32_t variable;
  const Vocabulary *vocabulary;
  const Condition *condition;
  HeadColumn head;
  const licet_policy *policy;
  uint32_t axis;
  InquiryInput inputs[INQUIRY_INPUTS_MOST];
  uint32_t input_count;
  LIST(uint64_t) values; /* per number of the axis */
  LIST(AskedLiteral) asked;
} Inquiry;

typedef enum LiteralKind { LITERAL_NEVER, LITERAL_ALWAYS, LITERAL_SAME_AS } LiteralKind;
typedef struct Literal {
  uint32_t inquiry;
  uint64_t mask;
  LiteralKind kind;
  uint32_t plane; /* of an axis's literal: index into its planes; of a plane: the program's input */
} Literal;

typedef struct RememberedTuple {
  uint32_t columns[INQUIRY_COLUMNS_MOST], column_count;
  Tuple tuple;
} RememberedTuple;

typedef enum AxisKind { AXIS_NONE, AXIS_PLANES, AXIS_COLUMN, AXIS_TUPLES } AxisKind;
typedef struct Axis {
  AxisKind kind;
  uint32_t columns[INQUIRY_COLUMNS_MOST], column_count;
  uint32_t combinations; /* of AXIS_PLANES */
  Tuples tuples;         /* of AXIS_TUPLES */
  uint32_t *numbers;     /* of AXIS_TUPLES: the rows of the block */
  LIST(Literal) literals, planes;
  uint8_t **bytes; /* per eight planes: the answers by number */
  uint32_t capacity, covered;
} Axis;

typedef enum InputKind { INPUT_COLUMN, INPUT_LOOKUP, INPUT_ODD } InputKind;
typedef struct InputPlane {
  InputKind kind;
  uint32_t source, bit; /* a column and its bit; an axis and its plane; of INPUT_ODD 0 */
} InputPlane;

/* Where an input's plane stands: in block b, at from + b × block_words + bit × (words of a plane in that block). */
typedef struct Feed {
  const uint64_t *from;
  uint32_t block_words, bit;
} Feed;

typedef struct BoundTarget {
  LIST(BulkVerdict) verdicts;
  uint32_t bits; /* planes of verdict numbers */
} BoundTarget;

/* A plane that is only counted. */
typedef struct BlamedPlane {
  uint32_t target, criterion;
  const CompiledPolicy *compiled;
  bool change; /* only where the other target approves */
  Gate gate;
} BlamedPlane;

struct Binder {
  const Plan *plan;
  LinePath path;
  Arena built, entries, kept, remembered;
  JsonReader *reader;
  const BulkTable *table;
  uint64_t generation;
  uint32_t columns;
  bool is_built, has_odd;
  Facts *facts;              /* per vocabulary: blank between questions */
  EntryValues *entry_values; /* per vocabulary and column */
  BoundTarget *targets;
  Gates *gates;
  LIST(Axis) axes;
  LIST(Inquiry) inquiries;
  LIST(InputPlane) inputs;
  LIST(RememberedTuple) tuples;
  LIST(BlamedPlane) blamed;
  LIST(BlamedCount) counts; /* since they were asked for last */
  Line line;
  uint64_t **own_planes, **planes;
  const uint64_t **ahead; /* per input: where the next block has it */
  Feed *feeds;            /* per input, of the table that is run */
  uint32_t *codes[INQUIRY_COLUMNS_MOST];
  uint32_t rebuilds, literals;
};

/* The axis of these columns (ascending, each once). */
uint32_t bind_axis(Binder *binder, const uint32_t *columns, uint32_t count);
void bind_recall_tuples(Binder *binder, Axis *axis);
void bind_remember_tuples(Binder *binder, const Axis *axes, uint32_t count);
/* The inquiry that asks the same, made if it is new. */
uint32_t bind_inquiry(Binder *binder, const Inquiry *wanted);
/* Some bit of `mask` in the inquiry's answer? */
Gate bind_literal(Binder *binder, uint32_t inquiry, uint64_t mask);
/* The line's input that is this plane, made if it is new. */
uint32_t bind_input(Binder *binder, InputPlane plane);
uint16_t bind_verdict(Binder *binder, uint32_t target, const BulkVerdict *wanted);

/* bind_unit.c: every target's verdicts as planes of their numbers. */
void bind_targets(Binder *binder, Gate **outputs, uint32_t *count);
/* What a head column says: bits of HEAD_…. */
uint64_t bind_head(Binder *binder, const Inquiry *inquiry, uint32_t code);

#endif
