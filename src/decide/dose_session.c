/* licet_dose: a treatment planned for its own sake, with a policy or without. */
#include "decide/dose.h"
#include "decide/session.h"

/* Where no policy covers the request, the drug's own vocabulary reads its facts; where none
 * declares it, the first. */
static bool read_without_policy(licet_session *session) {
  const licet_library *library = session->library;
  if (library->vocabularies.count == 0) {
    request_error_add(&session->request_errors, TEXT("drug"), TEXT("/drug"),
                      session->determination.request.drug_raw, "a drug that a vocabulary declares");
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

licet_status licet_dose(licet_session *session, const char *json, size_t length,
                        const licet_dose_options *options, const licet_dose_plan **plan) {
  const licet_determination *determination;
  *plan = NULL;
  licet_status status = licet_decide(session, json, length, &determination);
  if (status != LICET_OK) return status;
  if (ARENA_GUARD(&session->arena)) return session_recover(session);
  arena_guard_with(&session->kept, &session->arena);
  bool sound = determination->compiled != NULL || read_without_policy(session);
  if (sound) {
    session->determination.dose = dose_plan_for(&session->determination, options);
    *plan = session->determination.dose;
  } else {
    session_write_errors(session);
  }
  session->arena.guarded = session->kept.guarded = false;
  return sound ? LICET_OK : LICET_BAD_REQUEST;
}
