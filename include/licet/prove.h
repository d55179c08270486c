/* licet/prove.h: what a policy's wording implies, for every request at once.
 *
 *     licet_proof *proof;
 *     if (licet_prove(library, NULL, &proof) == LICET_OK)
 *       for (size_t i = 0; i < licet_proof_count(proof); i++) puts(licet_proof_finding(proof,
 * i).why); licet_proof_free(proof);
 *
 * docs/proofs.md says exactly what each kind of finding claims, and how it was checked. Texts are
 * UTF-8, never NULL unless said, and live as long as the proof or comparison they come from. A
 * library may be proved by several threads at once.
 */
#ifndef LICET_PROVE_H
#define LICET_PROVE_H

#include <licet/licet.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Defects of policies ---- */

typedef enum licet_finding_kind {
#define LICET_FINDING(symbol, word) LICET_##symbol,
#include <licet/words.def>
} licet_finding_kind;
LICET_API const char *licet_finding_kind_name(licet_finding_kind value);

typedef struct licet_finding {
  licet_finding_kind kind;
  int is_defect; /* something in the adopted wording that its author will want to mend; else worth
                    knowing */
  const char *policy; /* its id; NULL beyond the last finding */
  const char
      *from; /* the date of the first version it holds of, of those that follow one another */
  const char *until; /* the last day of the last of them, "" where that is in force without end */
  licet_request_kind request; /* the requests it concerns */
  const char *path, *title;   /* the criterion */
  const char *other;          /* the path of a second criterion or pathway, or "" */
  const char *interpretation; /* the id of the interpretation, or "" */
  const char *drug,
      *label; /* the drug, and what its label says; "" where the finding is of no label */
  const char *file;
  uint32_t line, column; /* 1-based */
  const char *why;       /* in words */
  const char *common;    /* what all requests concerned have in common: "age: 15 years to under 18
                            years; …", or "" */
  const char *witness;   /* a request (JSON) that shows it, replayed by licet_decide; "" where no
                            request can, or none was found */
  const char *shows; /* what the decision of the witness was when it was replayed, "" without one */
  const char
      *authorization[2]; /* of an overlap: what the two pathways authorize, as written; else "" */
} licet_finding;

typedef struct licet_proof licet_proof;

/* Examines every version of the policy with that id, or of all policies where it is NULL.
 * LICET_NOT_FOUND where there is none. Within the limits below. */
LICET_API licet_status licet_prove(const licet_library *library, const char *policy,
                                   licet_proof **proof);

#define LICET_PROVE_MEMORY (256u << 20)
#define LICET_PROVE_SECONDS 10.0
typedef struct licet_prove_limits {
  size_t memory;  /* bytes for the diagrams of one version and kind of request; 0: 256 MB */
  double seconds; /* for the whole call; 0: 10 */
} licet_prove_limits;
/* The same within other limits; `limits` may be NULL. They are looked at between questions, so a
 * question that is begun is finished. What was not examined then is a finding, LICET_NOT_PROVED,
 * that lists it. */
LICET_API licet_status licet_prove_within(const licet_library *library, const char *policy,
                                          const licet_prove_limits *limits, licet_proof **proof);
LICET_API size_t licet_proof_count(const licet_proof *proof);
LICET_API licet_finding licet_proof_finding(const licet_proof *proof, size_t index);
LICET_API void licet_proof_free(licet_proof *proof);

/* ---- Two policies, or one at two dates ---- */

typedef enum licet_relation {
#define LICET_RELATION(symbol, word) LICET_##symbol,
#include <licet/words.def>
} licet_relation;
LICET_API const char *licet_relation_name(licet_relation value);

typedef enum licet_topic {
#define LICET_TOPIC(symbol, word) LICET_TOPIC_##symbol,
#include <licet/words.def>
} licet_topic;
LICET_API const char *licet_topic_name(licet_topic value);

typedef enum licet_unshared {
#define LICET_UNSHARED(symbol, word) LICET_UNSHARED_##symbol,
#include <licet/words.def>
} licet_unshared;
LICET_API const char *licet_unshared_name(licet_unshared value);

typedef enum licet_side { LICET_FIRST, LICET_SECOND } licet_side;

/* Requests that one side approves and the other does not. */
typedef struct licet_region {
  licet_side approved_by;   /* the side that approves */
  const char *pathway;      /* by which of its pathways; NULL beyond the last region */
  const char *path, *title; /* the criterion of the other side that is unmet; "" where
                               several do at once */
  const char *nearest;      /* then the other side's pathway of which the witness leaves the fewest
                               criteria unmet, and these; else "" */
  const char *file;
  uint32_t line, column;
  double share; /* of the requests distinguished by the two sides, every case weighing the same: 0
                   to 1 */
  const char *common;     /* what they have in common, or "" */
  const char *witness[2]; /* the request as sent to the first and to the second side; "" where none
                             was found */
  const char *shows[2];   /* what each decided */
} licet_region;

/* Requests that both sides approve with different authorizations; without a witness, authorizations
 * written otherwise that some request may earn together, where none was found to show that they
 * differ. */
typedef struct licet_authorization_difference {
  const char *pathway[2];       /* NULL beyond the last */
  const char *authorization[2]; /* as written */
  double share;
  const char *witness[2], *shows[2]; /* "" where none was found */
} licet_authorization_difference;

/* What the two lay down otherwise beside their criteria; each in the policies' words. */
typedef struct licet_terms_difference {
  licet_topic topic; /* LICET_TOPIC_NONE beyond the last */
  licet_request_kind request;
  const char *words[2]; /* of the first side and of the second */
  /* Of LICET_TOPIC_EVIDENCE: a request without documents that one side approves and the other
   * would, and what each decided; "" where none was found, and of all else, for which none is
   * sought. */
  const char *witness[2], *shows[2];
} licet_terms_difference;

typedef struct licet_side_view {
  const char *policy, *version, *title;
} licet_side_view;

typedef struct licet_comparison licet_comparison;

/* Compares the versions in force on the two dates ("2026-11-02"; NULL: the latest). LICET_NOT_FOUND
 * where a policy does not exist or was not in force; LICET_BAD_POLICY where the two do not share a
 * vocabulary or are too large to be compared, *comparison then holds nothing but
 * licet_comparison_error. */
LICET_API licet_status licet_compare(const licet_library *library, const char *first,
                                     const char *first_date, const char *second,
                                     const char *second_date, licet_comparison **comparison);
LICET_API const char *licet_comparison_error(const licet_comparison *comparison);
LICET_API licet_side_view licet_comparison_side(const licet_comparison *comparison,
                                                licet_side side);
/* What the two do not share, so that each decides a patient for its own. */
LICET_API licet_unshared licet_comparison_unshared(const licet_comparison *comparison);
LICET_API licet_relation licet_comparison_relation(const licet_comparison *comparison,
                                                   licet_request_kind kind);
/* Largest first, one direction after the other. */
LICET_API licet_region licet_comparison_region(const licet_comparison *comparison,
                                               licet_request_kind kind, size_t index);
/* What the regions reported leave out: how many more there were, in all directions. */
LICET_API size_t licet_comparison_more(const licet_comparison *comparison, licet_request_kind kind);
LICET_API licet_authorization_difference licet_comparison_authorization(
    const licet_comparison *comparison, licet_request_kind kind, size_t index);
/* First what holds of all requests, then initial requests, then continuation requests. Limits are
 * those in force with the versions. */
LICET_API licet_terms_difference licet_comparison_terms(const licet_comparison *comparison,
                                                        size_t index);
/* "blinatumomab; commercial, medicaid": the drugs and lines compared. */
LICET_API const char *licet_comparison_scope(const licet_comparison *comparison);
LICET_API void licet_comparison_free(licet_comparison *comparison);

#ifdef __cplusplus
}
#endif
#endif
