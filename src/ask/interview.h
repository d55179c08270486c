/* interview: the state of one, shared by the files of this room. */
#ifndef ASK_INTERVIEW_H
#define ASK_INTERVIEW_H

#include "ask/verdict.h"
#include "licet/ask.h"
#include "suppose/restate.h"

typedef struct Answer {
  const Fact *fact;
  Text json; /* empty: not known */
} Answer;

struct licet_interview {
  const licet_library *library;
  licet_session *session;
  licet_answerer answerer;
  licet_vouched_by vouched_by;
  Arena kept; /* for as long as the interview: the request it began with, the answers */
  Arena step; /* for one question */
  JsonReader *reader, *answer_reader;
  const JsonToken *tokens; /* of the request it began with */
  LIST(Answer) answers;
  Text request; /* as it stands */
  const licet_determination
      *determination; /* bound and explained; decided only once that is asked for */
  bool is_decided;
  const Fact *asked; /* NULL: nothing more */
  licet_question question;
  Text errors, trouble;
  uint32_t askable;
};

/* Finds the next question; the determination is that of the request as it stands. */
void interview_choose(licet_interview *interview);
/* say.c: words as JSON in the step's arena; empty, with `*trouble`, where they will not do.
 * `TEXT("null")`: not known. */
Text say_as_json(Arena *arena, const licet_interview *interview, Text words, const char **trouble);

#endif
