/* case: one request and all that happened to it, as its events tell.
 *
 *     Case now;
 *     case_open(&now, arena);
 *     for each event of the ledger, in order: case_apply(&now, &event);
 *
 * A Case is never stored. It is made from events whenever one is needed, so it cannot differ from
 * them; the row of the worklist is made from it (case_row) and written in the events' transaction.
 */
#ifndef CASES_CASE_H
#define CASES_CASE_H

#include "cases/clock.h"
#include "cases/table.h"
#include "json/value.h"

/* A fact as it was last stated; a later one takes its place, null takes it back. */
typedef struct CaseFact {
  Text name;
  Text value; /* JSON, with its evidence */
} CaseFact;

/* A clinician who acted on the case. */
typedef struct Participant {
  int64_t account;
  Text name;
  int64_t number; /* of the event */
} Participant;

/* Urgencies have a clock each: the one that last ran in the level that the case is in. */
typedef enum CaseUrgency { CASE_STANDARD, CASE_EXPEDITED, CASE_URGENCIES } CaseUrgency;

typedef struct Case {
  Arena *arena;
  Text id;
  State state;
  State before_appeal;
  Event last;       /* its last event; number 0 where it has none */
  int64_t received; /* instant; 0 for a draft */
  int64_t appealed; /* the number of the latest appeal; 0 where there is none */

  /* What was submitted, with what changed since. */
  JsonValue submission;
  Text organization, program, benefit, channel, urgency;
  LIST(CaseFact) facts;

  CaseClock clock; /* it runs while the case is open or appealed */
  CaseClock clock_of[CASE_URGENCIES];

  /* What was decided. */
  JsonValue determination; /* the engine's latest */
  Text policy;             /* digest of the policy pinned at receipt; empty where none covered it */
  Text authorization;      /* JSON; empty where none stands */
  Text authorization_number; /* given once, kept whatever follows */

  /* Who works on it. */
  Text assigned_to, level;
  LIST(Participant) participants;
} Case;

void case_open(Case *now, Arena *arena);
/* The event happened. It is one that the store holds or that was checked: nothing is refused here.
 */
void case_apply(Case *now, const Event *event);

/* A submission that was entered at that instant, into a case that has none. */
void case_take_submission(Case *now, JsonValue submission, int64_t entered);
CaseUrgency case_urgency(Text urgency);
/* Does its clock run? */
bool case_is_timed(const Case *now);

/* Of the submission's request. */
JsonValue case_request(const Case *now);
/* The request as the engine is to decide it, with every fact supplied since. */
Text case_current_request(const Case *now);
/* A clinician has acted on it. */
bool case_is_touched(const Case *now);
/* Did the account act on the case before its latest appeal? */
bool case_took_part(const Case *now, Text account);

/* The case in the worklist. */
CaseRow case_row(const Case *now);

#endif
