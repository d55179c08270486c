#include "centene_columns.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FAST __attribute__((optimize("O3"), target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define FAST
#endif

FAST void centene_columns(const CenteneColumns *columns, size_t rows, uint8_t *restrict verdicts) {
  const CenteneColumns c = *columns;
  for (size_t r = 0; r < rows; r++) {
    const uint8_t diagnosis = c.diagnosis[r], lineage = c.lineage[r], status = c.status[r],
                  mrd = c.mrd[r], ph = c.philadelphia[r];
    const uint8_t tki = c.tki[r], dose = c.dose[r], submitted = c.submitted[r],
                  supported = c.supported[r], rec = c.recommended[r];
    const uint8_t prescriber = c.prescriber[r], consulted = c.consulted[r];
    /* yes: certain; may: possible */
    const uint8_t b_cell_yes = (diagnosis == 1) & (lineage == 1),
                  b_cell_may = (diagnosis < 2) & (lineage < 2);
    const uint8_t specialist_yes =
        ((prescriber > 0) & (prescriber < 5)) | ((consulted > 0) & (consulted < 5));
    const uint8_t specialist_may = (prescriber < 5) | (consulted < 5);
    const uint8_t relapsed = status > 2, remission = status == 2, open = status == 0;
    const uint8_t ph_yes = (ph == 2) | (tki == 1), ph_may = (ph != 1) | (tki < 2);
    const uint8_t use_yes = (remission & (mrd == 1)) | (relapsed & ph_yes);
    const uint8_t use_may = ((remission | open) & (mrd < 2)) | ((relapsed | open) & ph_may);
    const uint8_t dose_yes = (dose == 1) | ((submitted == 1) & (supported == 1));
    const uint8_t dose_may = (dose < 2) | ((submitted < 2) & (supported < 2));
    const uint8_t dose_reported =
        (dose < 2) | ((submitted < 2) & (supported == 1)); /* without a judgment */
    const uint8_t yes = b_cell_yes & specialist_yes & use_yes & dose_yes & (rec == 1);
    const uint8_t may = b_cell_may & specialist_may & use_may & (rec < 2);
    const uint8_t listed =
        b_cell_yes & ((remission & (mrd == 1)) | relapsed) & dose_yes & (rec == 1);
    uint8_t verdict = listed ? VERDICT_COLUMN_NOT_MET : VERDICT_COLUMN_OTHER_POLICY;
    verdict = may & dose_may ? VERDICT_COLUMN_JUDGMENT : verdict;
    verdict = may & dose_reported ? VERDICT_COLUMN_PEND : verdict;
    verdicts[r] = yes ? VERDICT_COLUMN_APPROVE : verdict;
  }
}
