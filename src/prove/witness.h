/* witness: a request that shows a claim, found from the diagram and believed only once the
 * library's own decision has shown it. */
#ifndef PROVE_WITNESS_H
#define PROVE_WITNESS_H

#include "library/library.h"
#include "prove/patient.h"

/* A library to ask: as it is, or by the literal wording of one interpretation. */
typedef struct Replayer {
  Text literal; /* "" for the library as it is */
  licet_library *own;
  licet_session *session;
} Replayer;

typedef struct Replay {
  Arena *arena;
  const licet_library *library;
  LIST(Replayer *) list; /* kept open until the arena is released */
} Replay;

/* Decides the request. NULL where the library cannot be asked (again): then nothing is shown.
 * Borrowed until that judge's next. */
const licet_determination *replay_request(Replay *replay, Text literal, Text request);
/* "approve by adult.A1", "refer (criteria_not_met)". */
Text replay_words(Arena *arena, const licet_determination *determination);
/* The status of a criterion (Criterion.index) in the determination; false where it is not shown. */
bool replay_status(const licet_determination *determination, uint32_t criterion,
                   licet_criterion_status *status);

typedef struct Shows {
  /* Does the patient's decision show what is claimed? May keep what it saw in the context. */
  bool (*check)(void *context, const Patient *patient);
  void *context;
} Shows;

/* A patient that the function describes and that shows the claim, with as few facts as keep
 * `claimed` true for every rest: the function itself, or what it was narrowed from. */
bool witness_find(Space *space, DiagramRef function, DiagramRef claimed, Shows shows,
                  Patient *patient);

#endif
