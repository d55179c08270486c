#include "centene.h"

static bool is_specialist(uint8_t specialty) { return specialty != OTHER_SPECIALTY; }

/* R-C1: imatinib is on the list. */
static bool failed_listed_tki(const CenteneFacts *f) {
  for (int i = 0; i < f->therapy_count; i++) {
    if (f->therapies[i].agent <= PONATINIB && f->therapies[i].outcome <= OUTCOME_INTOLERANT)
      return true;
  }
  return false;
}

static bool covered_use(const CenteneFacts *f) {
  if (f->disease_status == REMISSION) return f->mrd == MRD_POSITIVE;
  if (f->disease_status != RELAPSED && f->disease_status != REFRACTORY) return false;
  return !f->philadelphia_positive || failed_listed_tki(f);
}

static bool listed_disease(const CenteneFacts *f) {
  return f->disease_status == REMISSION ? f->mrd == MRD_POSITIVE
                                        : f->disease_status != NEWLY_DIAGNOSED;
}

static CenteneOutcome first_request(const CenteneFacts *f, bool b_cell_all, bool dose) {
  if (!(b_cell_all && listed_disease(f) && dose && f->regimen_recommended))
    return CENTENE_OTHER_POLICY;
  return (is_specialist(f->prescriber) || is_specialist(f->consulted)) && covered_use(f)
             ? CENTENE_APPROVE
             : CENTENE_CRITERIA_NOT_MET;
}

static CenteneOutcome request_to_go_on(const CenteneFacts *f, bool b_cell_all, bool dose) {
  if (!(b_cell_all && (!f->dose_increase || dose) && f->regimen_recommended))
    return CENTENE_OTHER_POLICY;
  const bool already = f->currently_on_drug && (f->drug_source == PLAN_BENEFIT ||
                                                (f->days_on_drug >= 30 && covered_use(f)));
  return already && f->positive_response ? CENTENE_APPROVE : CENTENE_CRITERIA_NOT_MET;
}

CenteneOutcome centene_decide(const CenteneFacts *f) {
  const bool b_cell_all = f->is_all && f->lineage == B_CELL_PRECURSOR;
  const bool dose = f->dose_mcg_per_day <= 28 || (f->dose_evidence_submitted && f->dose_supported);
  return f->continuation ? request_to_go_on(f, b_cell_all, dose)
                         : first_request(f, b_cell_all, dose);
}
