/* licet_dose: a treatment planned for its own sake, with a policy or without. */
#include "decide/dose.h"
#include "decide/session.h"

/* Where no policy covers the request, the drug's own vocabulary reads its facts; where none
 * declares it, the first. */
static bool read_without_policy(licet_session *session) {
  const licet_library *library = session->library;
  if (library->vocabularies.count == 0) {
    request_error_add(&session->request_errors, LICET_ERROR_UNKNOWN_VALUE, TEXT("drug"),
                      TEXT("/drug"), session->determination.request.drug_raw,
                      "a drug declared in a vocabulary");
    return false;
  }
  const Vocabulary *vocabulary = library->vocabularies.items[0];
  for (uint32_t i = 0; i < library->vocabularies.count; i++) {
    if (dose_table_drug(&library->vocabularies.items[i]->dosing,
                        session->determination.request.drug) == NULL)
      continue;
    vocabulary = library->vocabularies.items[i];
    break;
  }
  session_read_facts(session, vocabulary);
  return session->request_errors.list.count == 0;
}

typedef struct Planning {
  licet_session *session;
  const licet_dose_options *options;
  const licet_dose_plan *plan; /* NULL: the request has errors */
} Planning;

static void plan_doses(void *context) {
  Planning *planning = context;
  licet_session *session = planning->session;
  licet_determination *determination = &session->determination;
  if (determination->compiled == NULL && !read_without_policy(session)) {
    session_write_errors(session);
    return;
  }
  determination->dose = dose_plan_for(determination, planning->options);
  planning->plan = determination->dose;
}

licet_status licet_dose(licet_session *session, const char *json, size_t length,
                        const licet_dose_options *options, const licet_dose_plan **plan) {
  const licet_determination *determination;
  *plan = NULL;
  licet_status status = licet_decide(session, json, length, &determination);
  if (status != LICET_OK) return status;
  Planning planning = {session, options, NULL};
  if (!session_attempt(session, plan_doses, &planning)) return LICET_NO_MEMORY;
  *plan = planning.plan;
  return *plan == NULL ? LICET_BAD_REQUEST : LICET_OK;
}
