/* bind_internal: the binder, which its files share. Private to src/vector.
 *
 *     columns of the table         kind   drug   start   cancer_stage   weight   …
 *        │  columns asked together are a ColumnGroup: one column, or several as tuples
 *        ▼
 *     ColumnGroup                  {cancer_stage}              {weight, start}
 *        │  a ColumnTest asks its group; values: an answer per entry or tuple, as bits
 *        ▼
 *     ColumnTest                   cells of a variable         a condition: false, true, unknown
 *        │  a Literal is "some bit of the mask is in the answer": yes or no
 *        ▼
 *     Literal ──> plane            a column's own bits, gates over them, or a looked-up plane
 *        │  literals that no entry distinguishes share a plane
 *        ▼
 *     Gates                        an and-inverter graph, alike gates shared (planes/gates.h)
 *        │  scheduled and given registers (planes/schedule.c)
 *        ▼
 *     Program ──> planes of verdict numbers ──> a number per row
 *
 * Calls go one way: bind.c → bind_outcomes.c → literals.c → entry_answers.c; bind.c → blocks.c →
 * literals.c; verdict_numbers.c is called by bind.c's callers and bind_outcomes.c.
 *
 * Four arenas, by how long their contents hold; each may refer only to itself and those after it:
 *     built       groups, tests, literals, gates, program, planes: until something is built again
 *     entries     what entries of the table say: until a table of another generation is bound
 *     remembered  tuples met: until they are remembered again; copies, refers to nothing
 *     kept        verdicts, counts, blank facts: as long as the binder; refers to the plan alone
 */
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
  bool needs_exact; /* has an error, or only the request's own reader may tell */
} EntryValue;
typedef LIST(EntryValue) EntryValues;

typedef enum ColumnTestKind {
  COLUMN_TEST_CELLS,            /* the cells of a variable, as bits */
  COLUMN_TEST_DOCUMENTED_CELLS, /* the same where attested clinical facts are not known */
  COLUMN_TEST_TRUTH,            /* a condition: bit TRUTH_… */
  COLUMN_TEST_NEEDS_EXACT,      /* bit 1: the row must be decided alone for this entry */
  COLUMN_TEST_UNKNOWN_FACT, /* bit 1: something is said of a fact the vocabulary does not have */
  COLUMN_TEST_HEAD          /* bits of HeadAnswer */
} ColumnTestKind;

/* What a column of the request itself says of a target's policy. */
enum {
  HEAD_FITS = 1,
  HEAD_ABSENT = 2,
  HEAD_NEEDS_EXACT = 4,
  HEAD_FIRST_VERSION = 8
}; /* then a bit per version or choice */
#define VERSIONS_MOST 60u

typedef struct ColumnTestInput {
  const Fact *fact;
  uint32_t column; /* of the table; unused where place is -1 */
  int place;       /* in the group; -1: no request says anything of it */
} ColumnTestInput;

typedef struct AskedLiteral {
  uint64_t mask;
  Gate gate;
} AskedLiteral;

typedef struct ColumnTest {
  ColumnTestKind kind;
  const ColumnPolicy *column_policy;
  uint32_t variable;
  const Vocabulary *vocabulary;
  const Condition *condition;
  HeadColumn head;
  const licet_policy *policy;
  uint32_t column_group;
  ColumnTestInput inputs[COLUMN_TEST_INPUTS_MOST];
  uint32_t input_count;
  LIST(uint64_t) values; /* per entry or tuple of the group */
  LIST(AskedLiteral) asked;
} ColumnTest;

typedef enum LiteralKind { LITERAL_NEVER, LITERAL_ALWAYS, LITERAL_SAME_AS } LiteralKind;
typedef struct Literal {
  uint32_t column_test;
  uint64_t mask;
  LiteralKind kind;
  uint32_t plane; /* of a group's literal: index into its planes; of a plane: the program's input */
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

typedef enum InputKind { INPUT_COLUMN, INPUT_LOOKUP, INPUT_NEEDS_EXACT } InputKind;
typedef struct InputPlane {
  InputKind kind;
  uint32_t source, bit; /* a column and its bit; a group and its plane; of INPUT_NEEDS_EXACT 0 */
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
  Program program;
  uint64_t **own_planes, **planes;
  const uint64_t **ahead;       /* per input: where the next block has it */
  InputPointer *input_pointers; /* per input, of the table that is run */
  uint32_t *codes[COLUMN_TEST_COLUMNS_MOST];
  uint32_t rebuilds, literals;
};

/* The group of these columns (ascending, each once). */
uint32_t bind_column_group(Binder *binder, const uint32_t *columns, uint32_t count);
void bind_recall_tuples(Binder *binder, ColumnGroup *column_group);
void bind_remember_tuples(Binder *binder, const ColumnGroup *column_groups, uint32_t count);
/* The test that asks the same, made if it is new. */
uint32_t bind_column_test(Binder *binder, const ColumnTest *wanted);
/* Some bit of `mask` in the test's answer? */
Gate bind_literal(Binder *binder, uint32_t column_test, uint64_t mask);
/* The program's input that is this plane, made if it is new. */
uint32_t bind_input(Binder *binder, InputPlane plane);
uint16_t bind_verdict(Binder *binder, uint32_t target, const BulkVerdict *wanted);

/* bind_outcomes.c: every target's verdicts as planes of their numbers. */
void bind_targets(Binder *binder, Gate **outputs, uint32_t *count);

/* entry_answers.c: what these entries answer to the test, as bits. */
uint64_t bind_evaluate_test(Binder *binder, const ColumnTest *column_test, const uint32_t *codes);

/* Tables of answers by entry, for a group whose planes are looked up. */
void bind_open_answers(Binder *binder, ColumnGroup *column_group);
/* Answers for new entries of all groups. False where they distinguish literals that share a plane:
 * then everything is to be built again. */
bool bind_extend(Binder *binder);

/* blocks.c. False where tuples were met that the program does not hold for, or so many that the
 * oldest are to be forgotten. */
bool blocks_number_tuples(Binder *binder, uint32_t first, uint32_t rows);
void blocks_set_inputs(Binder *binder);
/* The block that begins at row `first`; its verdicts go to verdicts[target][done …]. */
void blocks_run(Binder *binder, uint32_t first, uint32_t rows, uint32_t done,
                uint16_t *const *verdicts);

#endif
