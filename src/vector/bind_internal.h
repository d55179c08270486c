/* bind_internal: what bind.c and bind_unit.c share. Private to src/bulk. */
#ifndef VECTOR_BIND_INTERNAL_H
#define VECTOR_BIND_INTERNAL_H

#include "vector/bind.h"
#include "vector/tuples.h"

#define COLUMN_TEST_COLUMNS_MOST TUPLE_COLUMNS_MOST
#define COLUMN_TEST_INPUTS_MOST 8u
#define COLUMN_GROUP_BITS_MOST 10u
#define REMEMBERED_TUPLES_MOST 65536u /* when everything is built again */
#define TUPLES_MOST 524288u           /* then everything is built again, with the newest */
#define COLUMN_TEST_FREE UINT64_MAX   /* no row has this */

typedef struct EntryValue {
  FactValue value;
  bool needs_exact; /* has a fault, or only the request's own reader may tell */
} EntryValue;
typedef LIST(EntryValue) EntryValues;

typedef enum ColumnTestKind {
  COLUMN_TEST_CELLS,            /* the cells of a variable, as bits */
  COLUMN_TEST_DOCUMENTED_CELLS, /* the same where attested clinical facts are not known */
  COLUMN_TEST_TRUTH,            /* a condition: bit TRUTH_… */
  COLUMN_TEST_ODD,              /* bit 1: the entry has a fault */
  COLUMN_TEST_STRANGE, /* bit 1: something is said of a fact the vocabulary does not have */
  COLUMN_TEST_HEAD     /* bits of HeadAnswer */
} ColumnTestKind;

/* What a column of the request itself says of a target's policy. */
enum {
  HEAD_FITS = 1,
  HEAD_ABSENT = 2,
  HEAD_ODD = 4,
  HEAD_FIRST_VERSION = 8
}; /* then a bit per version or choice */
#define VERSIONS_MOST 60u

typedef struct ColumnTestInput {
  const Fact *fact;
  uint32_t column; /* of the table; unused where place is -1 */
  int place;       /* in the axis; -1: no request says anything of it */
} ColumnTestInput;

typedef struct AskedLiteral {
  uint64_t mask;
  Gate gate;
} AskedLiteral;

typedef struct ColumnTest {
  ColumnTestKind kind;
  const ColumnPolicy *unit;
  uint32_t variable;
  const Vocabulary *vocabulary;
  const Condition *condition;
  HeadColumn head;
  const licet_policy *policy;
  uint32_t column_group;
  ColumnTestInput inputs[COLUMN_TEST_INPUTS_MOST];
  uint32_t input_count;
  LIST(uint64_t) values; /* per number of the axis */
  LIST(AskedLiteral) asked;
} ColumnTest;

typedef enum LiteralKind { LITERAL_NEVER, LITERAL_ALWAYS, LITERAL_SAME_AS } LiteralKind;
typedef struct Literal {
  uint32_t column_test;
  uint64_t mask;
  LiteralKind kind;
  uint32_t plane; /* of an axis's literal: index into its planes; of a plane: the program's input */
} Literal;

typedef struct RememberedTuple {
  uint32_t columns[COLUMN_TEST_COLUMNS_MOST], column_count;
  Tuple tuple;
} RememberedTuple;

typedef enum ColumnGroupKind {
  COLUMN_GROUP_NONE,
  COLUMN_GROUP_PLANES,
  COLUMN_GROUP_COLUMN,
  COLUMN_GROUP_TUPLES
} ColumnGroupKind;
typedef struct ColumnGroup {
  ColumnGroupKind kind;
  uint32_t columns[COLUMN_TEST_COLUMNS_MOST], column_count;
  uint32_t combinations; /* of COLUMN_GROUP_PLANES */
  Tuples tuples;         /* of COLUMN_GROUP_TUPLES */
  uint32_t *numbers;     /* of COLUMN_GROUP_TUPLES: the rows of the block */
  LIST(Literal) literals, planes;
  uint8_t **bytes; /* per eight planes: the answers by number */
  uint32_t capacity, covered;
} ColumnGroup;

typedef enum InputKind { INPUT_COLUMN, INPUT_LOOKUP, INPUT_ODD } InputKind;
typedef struct InputPlane {
  InputKind kind;
  uint32_t source, bit; /* a column and its bit; an axis and its plane; of INPUT_ODD 0 */
} InputPlane;

/* Where an input's plane stands: in block b, at from + b × block_words + bit × (words of a plane in
 * that block). */
typedef struct InputPointer {
  const uint64_t *from;
  uint32_t block_words, bit;
} InputPointer;

typedef struct BoundTarget {
  LIST(BulkVerdict) verdicts;
  uint32_t bits; /* planes of verdict numbers */
} BoundTarget;

/* A plane that is only counted. */
typedef struct SoleUnmetPlane {
  uint32_t target, criterion;
  const CompiledPolicy *compiled;
  bool change; /* only where the other target approves */
  Gate gate;
} SoleUnmetPlane;

struct Binder {
  const Plan *plan;
  ProgramPath path;
  Arena built, entries, kept, remembered;
  JsonReader *reader;
  const BulkTable *table;
  uint64_t generation;
  uint32_t columns;
  bool is_built, has_exact;
  Facts *facts;              /* per vocabulary: blank between questions */
  EntryValues *entry_values; /* per vocabulary and column */
  BoundTarget *targets;
  Gates *gates;
  LIST(ColumnGroup) column_groups;
  LIST(ColumnTest) column_tests;
  LIST(InputPlane) inputs;
  LIST(RememberedTuple) tuples;
  LIST(SoleUnmetPlane) sole_unmet;
  LIST(SoleUnmetCount) counts; /* since they were asked for last */
  Program line;
  uint64_t **own_planes, **planes;
  const uint64_t **ahead;       /* per input: where the next block has it */
  InputPointer *input_pointers; /* per input, of the table that is run */
  uint32_t *codes[COLUMN_TEST_COLUMNS_MOST];
  uint32_t rebuilds, literals;
};

/* The axis of these columns (ascending, each once). */
uint32_t bind_column_group(Binder *binder, const uint32_t *columns, uint32_t count);
void bind_recall_tuples(Binder *binder, ColumnGroup *column_group);
void bind_remember_tuples(Binder *binder, const ColumnGroup *column_groups, uint32_t count);
/* The inquiry that asks the same, made if it is new. */
uint32_t bind_column_test(Binder *binder, const ColumnTest *wanted);
/* Some bit of `mask` in the inquiry's answer? */
Gate bind_literal(Binder *binder, uint32_t column_test, uint64_t mask);
/* The line's input that is this plane, made if it is new. */
uint32_t bind_input(Binder *binder, InputPlane plane);
uint16_t bind_verdict(Binder *binder, uint32_t target, const BulkVerdict *wanted);

/* bind_unit.c: every target's verdicts as planes of their numbers. */
void bind_targets(Binder *binder, Gate **outputs, uint32_t *count);
/* What a head column says: bits of HEAD_…. */
uint64_t bind_head(Binder *binder, const ColumnTest *column_test, uint32_t code);

#endif
