/* bind: a plan's questions, put to the columns of one table.
 *
 * Everything a policy asks of a request is asked of single columns: "is some cell of {relapsed,
 * refractory} still possible for disease_status?" is yes or no for each entry of that column,
 * worked out once per entry. Questions of several columns at once (an age is a birth date and a
 * start) are asked of the pairs that occur. The answers are planes; gates make verdicts of them.
 *
 *     entries ── test: cells or truth, once per entry ──> literal (yes or no) ──> plane ── gates
 * ──> verdict per row
 *
 * A row is left to the exact diagram (verdict 0) where an entry is bad, its facts contradict
 * each other, or several uncertain pathways cover it only together.
 */
#ifndef VECTOR_BIND_H
#define VECTOR_BIND_H

#include "planes/program.h"
#include "vector/plan.h"
#include "columns/table.h"
#include "decide/session.h"

typedef struct Binder Binder;

/* One thread's. NULL where memory is short. */
Binder *binder_open(const Plan *plan, ProgramPath path);
void binder_close(Binder *binder);

/* Prepares for the table's columns; what is bound stays bound while columns and entries are the
 * same or only grow. False where memory is short. */
bool binder_bind(Binder *binder, const BulkTable *table);
/* Decides `rows` rows from `first`, a multiple of LINE_BLOCK_ROWS: verdicts[t][i] is the verdict of
 * row first + i for target t. Each verdicts[t] has room for `rows` rounded up to LINE_PAD_ROWS. */
bool binder_run(Binder *binder, const BulkTable *table, uint32_t first, uint32_t rows,
                uint16_t *const *verdicts);

/* Verdicts by their number. Number 0 is none; it stands for "ask the exact diagram". */
const BulkVerdict *binder_verdict(const Binder *binder, uint32_t target, uint16_t number);
/* The number of a verdict that the exact diagram came to. */
uint16_t binder_verdict_number(Binder *binder, uint32_t target, const BulkVerdict *verdict);

/* How often a criterion was the only one unmet for an approval (of those a plan with criteria
 * decided in columns). `change`: counted only where the other of two targets approves, in columns
 * too. */
typedef struct SoleUnmetCount {
  uint32_t target, criterion; /* of compiled->criteria */
  const CompiledPolicy *compiled;
  bool change;
  uint64_t rows;
} SoleUnmetCount;
/* What was counted since this was called last; borrowed until the next run. */
const SoleUnmetCount *binder_take_counts(Binder *binder, uint32_t *count);

/* How much was built, for benchmarks and documents. */
typedef struct BinderSize {
  uint32_t steps, inputs, lookups, literals;
} BinderSize;
BinderSize binder_size(const Binder *binder);

#endif
