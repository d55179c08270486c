/* determination: a request on its way to an answer, and the answer.
 *
 * Reading, binding, deciding and explaining fill it in, in this order; each step reads what those
 * before it wrote and nothing else, so none of them needs to know the session.
 *
 *     request, facts ──bind──> bound, allowed ──decide──> outcome … documents ──explain──>
 * explained
 */
#ifndef DECIDE_DETERMINATION_H
#define DECIDE_DETERMINATION_H

#include "json/writer.h"
#include "library/uncovered.h"
#include "request/request.h"
#include "licet/dose.h"
#include "licet/outcome.h"

typedef struct Authorization {
  bool has_length;
  Date end;
  Span length, unit;
  bool has_cycles, has_renewals;
  int64_t cycles, renewals;
} Authorization;

/* A criterion of the explanation. */
typedef struct Explained {
  licet_criterion_status status;
  const char *authorization;    /* whether what it authorizes can be calculated: a status, or "" */
  const char **interpretations; /* in play */
} Explained;

typedef LIST(const char *) NameList;

/* Who acts next, and what they do (next.c). */
typedef struct NextStep {
  licet_source who;
  licet_next_action action;
  uint64_t facts;              /* of the policy, as bits; 0: not about facts */
  const char *key;             /* of the request, to be corrected; NULL: none */
  const char *found, *nearest; /* its value, and the one that was perhaps meant; NULL: none */
} NextStep;

struct licet_determination {
  licet_session *session;
  Arena *arena; /* of the request: whatever deciding makes */
  DiagramScratch *scratch;
  Request request;
  const licet_library *library;
  PolicySearch search; /* what the policy was looked up by */
  Uncovered uncovered; /* why there is none, where reason says so */
  const licet_policy *policy;
  const Version *version;
  const CompiledPolicy *compiled; /* NULL: no policy */
  Facts facts;
  char request_digest[DIGEST_SIZE]; /* "": not asked for */
  uint64_t *bound;                  /* per variable: the cells the request leaves open */
  uint64_t *allowed;                /* the same without those that a `never` rules out */
  licet_outcome outcome;
  licet_reason reason;
  const char *pathway, *route; /* "" where there is none */
  bool authorized;
  const Outcome *authorized_by; /* NULL where several pathways together earn it */
  Authorization authorization;
  licet_dose_plan *dose; /* NULL: no regimen is stated or granted */
  LIST(uint64_t) missing, documents;
  bool missing_cut, documents_cut; /* there may be more sets than are listed */
  LIST(NextStep) next;
  NameList also_met, not_counted, interpretations;
  Explained *explained; /* per compiled criterion */
  JsonSpan *fact_json;  /* per fact of the vocabulary: where the explanation shows it first */
  Buffer json;
};

/* The determination as JSON, with the criteria or without. */
typedef enum Detail { DETAIL_ANSWER, DETAIL_CRITERIA } Detail;
void determination_write(Buffer *out, const licet_determination *determination, Detail detail);
/* Written whole, into determination->json. */
void determination_finish(licet_determination *determination);
/* Every criterion's status, and the interpretations in play. */
void determination_explain(licet_determination *determination);
/* Said without a document; or a list with an entry that is. */
bool fact_is_attested(const Fact *fact, const FactValue *value);
/* The fact by which the request states its body surface area, where the criterion was decided by
 * it; else NULL. */
const Fact *surface_cited(const licet_determination *determination,
                          const CompiledCriterion *criterion);
bool fact_is_implied(const licet_determination *determination, const Fact *fact);

#endif
