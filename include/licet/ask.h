/* licet/ask: an interview that asks what a decision still depends on, and nothing else.
 *
 *     licet_interview *interview;
 *     if (licet_interview_open(library, json, length, NULL, &interview) != LICET_OK) …
 *     while ((question = licet_interview_question(interview)) != NULL) {
 *       …ask question->text…
 *       licet_interview_answer(interview, "\"relapsed\"", 10);           or NULL, 0: not known
 *     }
 *     licet_determination_json(licet_interview_determination(interview), NULL);
 *     licet_interview_close(interview);
 *
 * It begins with a request that may say little: payer or policy, drug, line, kind and received. It
 * asks what the chosen answerer can say, the fact first that is expected to save the most further
 * questions, cheap ones before costly ones. It ends as soon as outcome, reason, pathway,
 * authorization and route are the same whatever the facts not asked are: further questions could
 * only change which documents or facts a request that pends still needs. docs/asking.md has more.
 *
 * What is borrowed from an interview stays until its next call that takes an answer back, gives
 * one, or closes it. An interview serves one thread at a time. The rules of licet.h hold here too.
 */
#ifndef LICET_ASK_H
#define LICET_ASK_H

#include "licet/licet.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct licet_interview licet_interview;

typedef enum licet_answerer {
  LICET_ASK_REQUESTER, /* asks what the requester can say; judgments and the plan's records stay not
                          known */
  LICET_ASK_REVIEWER   /* a reviewer with the plan's records at hand: asks everything, and states it
                          as theirs */
} licet_answerer;

typedef struct licet_interview_options {
  size_t size;
  licet_answerer answerer;
  /* Who vouches for the request that the interview begins with, and for answers. A reviewer's
   * interview is the plan's, whatever this says. */
  licet_vouched_by vouched_by;
} licet_interview_options;

/* Begins with the request, which may have facts. `options` may be NULL. LICET_BAD_REQUEST where it
 * has errors: then `*interview` is set all the same, licet_interview_error_json lists them, and it
 * can only be closed. */
LICET_API licet_status licet_interview_open(const licet_library *library, const char *json,
                                            size_t length, const licet_interview_options *options,
                                            licet_interview **interview);
LICET_API void licet_interview_close(licet_interview *interview);

typedef struct licet_question {
  const char *fact; /* as in a request */
  const char *text; /* to ask a person; never empty */
  licet_fact_type type;
  const char *values; /* as licet_fact */
  const char *const
      *choices; /* of an enumeration or set, what is no value left out; NULL-terminated */
  const char *const *fields; /* of a list: its fields; NULL-terminated */
  const char *units;         /* "kg, g, …" or "" */
  const char *range;         /* "0.2 kg to 500 kg" or "" */
  licet_source supplier;
  const char *const
      *criteria; /* label paths of the criteria that read it and are not settled; NULL-terminated */
  const char *const *reasons; /* their titles */
  int is_clinical;            /* a policy may want a document for it */
  int is_completeness;        /* asks whether a list given before is whole */
  uint32_t number;            /* from 1: how many were answered, and one */
} licet_question;

/* What to ask next; NULL once nothing more can change the verdict. */
LICET_API const licet_question *licet_interview_question(licet_interview *interview);
/* Answers it with a JSON value, plain or with evidence, as a request states it. NULL, or `null`:
 * not known, and not asked again. LICET_BAD_REQUEST where the value will not do:
 * licet_interview_error_json says why, and the question stays. */
LICET_API licet_status licet_interview_answer(licet_interview *interview, const char *json,
                                              size_t length);
/* The same in words, as people type: "yes", "relapsed", "70kg", "3 May 2001", "-" for not known, "…
 * @ lab-77" to name a document.
 */
LICET_API licet_status licet_interview_answer_text(licet_interview *interview, const char *words);
/* Takes the last answer back; 0 where there is none. */
LICET_API int licet_interview_undo(licet_interview *interview);
/* { "request", "errors": […] } of the last answer that would not do, or "". */
LICET_API const char *licet_interview_error_json(const licet_interview *interview);
/* Its first error in words: what was expected. "" where there is none. */
LICET_API const char *licet_interview_error_text(const licet_interview *interview);

/* The request as it stands, with all answers: what licet_decide takes. */
LICET_API const char *licet_interview_request(const licet_interview *interview, size_t *length);
/* What it would be decided as now; NULL where the request had errors, or memory runs out. */
LICET_API const licet_determination *licet_interview_determination(licet_interview *interview);
/* As licet_session_lacks_memory, of what was shown of its determination. */
LICET_API int licet_interview_lacks_memory(const licet_interview *interview);
/* How many questions were answered, those with "not known" among them. */
LICET_API uint32_t licet_interview_answered(const licet_interview *interview);
/* How many facts the policy reads that the answerer could have been asked for and that the request
 * did not state at first. */
LICET_API uint32_t licet_interview_askable(const licet_interview *interview);

#ifdef __cplusplus
}
#endif
#endif
