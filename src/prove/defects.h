/* defects: what a policy's wording implies, version by version and kind by kind. */
#ifndef PROVE_DEFECTS_H
#define PROVE_DEFECTS_H

#include "licet/prove.h"
#include "prove/witness.h"

/* A finding of one version and kind; defects_merge joins those that say the same. */
typedef struct Defect {
  licet_finding_kind kind;
  bool is_defect;
  const Policy *policy;
  uint32_t first, last;       /* versions, by index */
  uint32_t kinds;             /* bits */
  const Criterion *criterion; /* NULL: the whole policy */
  Text other, interpretation;
  Text drug, label;      /* a line of the drug's label, else "" */
  Text authorization[2]; /* of an overlap */
  SourceSpan span;
  Text why, common, witness, shows;
} Defect;

typedef LIST(Defect) DefectList;

typedef struct ProofRun {
  Arena *arena;   /* of what is found */
  Arena *passing; /* of one version and kind; reset in between */
  Replay *replay;
  DefectList *found;
  size_t memory;   /* bytes that one version and kind may take in `passing` */
  double seconds;  /* that all of it may take */
  double began_at; /* by clock_seconds */
} ProofRun;

/* Appends what is found of the policy, later versions first. */
void defects_find(ProofRun *run, const Policy *policy);
/* Joins the same finding of neighboring versions and of both kinds; sorts by policy, place on the
 * page, kind. */
void defects_merge(DefectList *found);

#endif
