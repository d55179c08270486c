/* centene: Centene CP.PHAR.312 as a programmer would write it by hand, for this policy alone, on a
 * plain struct of facts that are all known.
 *
 * What the engine's outcome alone is measured against. It keeps no status, explains nothing and
 * knows nothing of what is not known.
 */
#ifndef BENCH_REFERENCE_CENTENE_H
#define BENCH_REFERENCE_CENTENE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum Specialty {
  ONCOLOGY,
  HEMATOLOGY,
  HEMATOLOGY_ONCOLOGY,
  PEDIATRIC_HEMATOLOGY_ONCOLOGY,
  OTHER_SPECIALTY
} Specialty;
typedef enum Lineage { B_CELL_PRECURSOR, MATURE_B_CELL, T_CELL, OTHER_LINEAGE } Lineage;
typedef enum DiseaseStatus { NEWLY_DIAGNOSED, REMISSION, RELAPSED, REFRACTORY } DiseaseStatus;
typedef enum Mrd { MRD_POSITIVE, MRD_NEGATIVE, MRD_UNAVAILABLE } Mrd;
typedef enum DrugSource {
  PLAN_BENEFIT,
  OTHER_COVERAGE,
  SAMPLES,
  MANUFACTURER_ASSISTANCE
} DrugSource;
typedef enum Agent {
  IMATINIB,
  DASATINIB,
  NILOTINIB,
  BOSUTINIB,
  PONATINIB,
  ASCIMINIB,
  VINCRISTINE,
  AGENTS
} Agent;
typedef enum TherapyOutcome {
  OUTCOME_REFRACTORY,
  OUTCOME_INTOLERANT,
  OUTCOME_RESPONDED
} TherapyOutcome;

typedef struct Therapy {
  uint8_t agent, outcome;
} Therapy;

typedef struct CenteneFacts {
  bool continuation, is_all, philadelphia_positive;
  uint8_t lineage, disease_status, mrd, prescriber, consulted, drug_source, therapy_count;
  Therapy therapies[3];
  bool dose_evidence_submitted, dose_supported, dose_increase, regimen_recommended,
      currently_on_drug, positive_response;
  int32_t days_on_drug, dose_mcg_per_day;
} CenteneFacts;

typedef enum CenteneOutcome {
  CENTENE_CRITERIA_NOT_MET,
  CENTENE_APPROVE,
  CENTENE_OTHER_POLICY
} CenteneOutcome;

CenteneOutcome centene_decide(const CenteneFacts *facts);

#endif
