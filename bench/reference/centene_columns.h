/* centene_columns: first requests under Centene CP.PHAR.312 as a programmer would fuse them by hand
 * over columns of bytes, facts not known included: one loop, no branches, so that the compiler
 * makes vectors of it. It knows one policy, one kind of request and facts that are all documented;
 * it explains nothing.
 */
#ifndef BENCH_REFERENCE_CENTENE_COLUMNS_H
#define BENCH_REFERENCE_CENTENE_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

/* In each column 0 is "not known". */
typedef struct CenteneColumns {
  const uint8_t *diagnosis;  /* 1 ALL, 2 other */
  const uint8_t *lineage;    /* 1 B-cell precursor, 2 … */
  const uint8_t *prescriber; /* 1 to 4 of oncology or hematology, 5 other */
  const uint8_t *consulted;
  const uint8_t *status;       /* 1 newly diagnosed, 2 remission, 3 relapsed, 4 refractory */
  const uint8_t *mrd;          /* 1 positive, 2, 3 */
  const uint8_t *philadelphia; /* 1 positive, 2 negative */
  const uint8_t *tki;          /* 1 failed one of the list, 2 none */
  const uint8_t *dose;         /* 1 at most 28 mcg/day, 2 more */
  const uint8_t *submitted, *supported, *recommended; /* 1 yes, 2 no */
} CenteneColumns;

enum { CENTENE_COLUMN_COUNT = 12 };
typedef enum CenteneVerdict {
  VERDICT_COLUMN_APPROVE = 1,
  VERDICT_COLUMN_PEND,
  VERDICT_COLUMN_JUDGMENT,
  VERDICT_COLUMN_OTHER_POLICY,
  VERDICT_COLUMN_NOT_MET
} CenteneVerdict;

void centene_columns(const CenteneColumns *columns, size_t rows, uint8_t *verdicts);

#endif
