/* compare: what the files of a comparison share.
 *
 *     licet_compare (comparison.c) ── for each kind of request ──> compare_kind (compare.c)
 *         ├─ compare_regions.c          what one side alone approves
 *         ├─ compare_authorizations.c   what both approve, for different authorizations
 *         └─ side_witness.c             a request that both sides decide as claimed
 *
 * The two sides are policies, or two versions of one, in one space: their functions stand in one
 * diagram, so "this side alone" is an operation on it.
 */
#ifndef PROVE_COMPARE_H
#define PROVE_COMPARE_H

#include "licet/prove.h"
#include "prove/terms.h"
#include "prove/witness.h"
#include "prove/words.h"

typedef struct KindView {
  licet_relation relation;
  LIST(licet_region) regions;
  LIST(licet_authorization_difference) authorizations;
  size_t more;
} KindView;

struct licet_comparison {
  Arena arena, passing;
  const char *error, *scope;
  licet_unshared unshared;
  TermsList terms;
  licet_side_view sides[SIDES];
  KindView kinds[KINDS];
};

typedef struct Comparing {
  licet_comparison *comparison;
  Arena *arena, *passing;
  Replay *replay;
  const Policy *policies[SIDES];
  const Version *versions[SIDES];
  /* of one kind of request */
  Space *space;
  CompileSubject subjects[SIDES];
  CompiledPolicy *sides[SIDES];
  double distinguished; /* the share of all that one side alone approves */
  KindView *view;
} Comparing;

/* What a witness shows: the same facts, as a request to each side. */
typedef struct SideClaim {
  Comparing *c;
  bool approved[SIDES];
  const Outcome *pathways[SIDES]; /* that the decision must name first, or NULL */
  bool authorizations_differ;
  bool undocumented[SIDES]; /* pends there for documents alone, none being given */
  const char *requests[SIDES], *shows[SIDES];
  licet_authorization authorizations[SIDES];
} SideClaim;
/* A patient in `function` (and in `claimed`, for every completion) whose requests both sides decide
 * as claimed; fills in requests, shows and authorizations. */
bool find_sides(Comparing *c, DiagramRef function, DiagramRef claimed, SideClaim *claim);

/* What the side alone approves, by the criteria of the other that are unmet. False where the
 * diagram grew too large. */
bool find_regions(Comparing *c, int side, DiagramRef only);
/* Pairs of authorizations that differ; `both`: what both sides approve. */
void find_authorizations(Comparing *c, DiagramRef both);
/* All of one kind of request. False where the sides distinguish too many cases. */
bool compare_kind(Comparing *c, int kind);

#endif
