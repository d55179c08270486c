/* licet/contrast: one request beside others: under every policy for its drug, and as it would have
 * been approved.
 *
 *     licet_panel *panel;
 *     if (licet_decide_all(session, json, length, &panel) == LICET_OK) puts(licet_panel_json(panel,
 * NULL)); licet_panel_close(panel);
 *
 * What these calls give is yours and owns its texts: it stays when the session continues. Whatever
 * is supposed was written out as a request and decided by licet_decide. The rules of licet.h hold
 * here too.
 */
#ifndef LICET_CONTRAST_H
#define LICET_CONTRAST_H

#include "licet/licet.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Under every policy ---- */

typedef struct licet_panel licet_panel;

/* Decides the request under every policy in force for its drug on the day it was received, whoever
 * the payer; the request may name none. Where a policy does not cover the request's line of
 * business, it is decided for the first line that it covers, and `covers_line` is 0.
 * LICET_BAD_REQUEST where the request has errors (licet_session_error_json). */
LICET_API licet_status licet_compare_payers(licet_session *session, const char *json, size_t length,
                                            licet_panel **panel);
LICET_API void licet_panel_close(licet_panel *panel);

/* The determination under one policy. */
typedef struct licet_panel_row {
  const char *policy; /* id; NULL beyond the last */
  const char *title, *payer, *version;
  const char *line; /* decided for */
  int covers_line;  /* it is the request's own */
  int is_own;       /* the policy that decides the request itself */
  licet_outcome outcome;
  licet_reason reason;
  const char *pathway, *route;       /* "" where there is none */
  licet_authorization authorization; /* start is NULL where there is none */
  const char *request_errors; /* JSON, where the policy's vocabulary does not know the facts so; ""
                                 where it was decided */
} licet_panel_row;
/* In order of the policies' ids. */
LICET_API licet_panel_row licet_panel_at(const licet_panel *panel, size_t row);
/* What was asked: the request's id ("" where there is none), its drug, the day it was received. */
LICET_API const char *licet_panel_request(const licet_panel *panel);
LICET_API const char *licet_panel_drug(const licet_panel *panel);
LICET_API const char *licet_panel_received(const licet_panel *panel);
/* Where the library holds no policy for the drug on any day: the drug of a policy whose name is
 * nearest; "" where none is near. */
LICET_API const char *licet_panel_nearest_drug(const licet_panel *panel);
/* The names of one set, NULL-terminated; NULL beyond the last. */
LICET_API const char *const *licet_panel_missing(const licet_panel *panel, size_t row,
                                                 size_t index);
LICET_API const char *const *licet_panel_documents(const licet_panel *panel, size_t row,
                                                   size_t index);
/* {"request","drug","received","policies":[…]}, and "nearest_drug" where there is one, on one line;
 * `length` may be NULL. */
LICET_API const char *licet_panel_json(const licet_panel *panel, size_t *length);

/* ---- As it would have been approved ---- */

typedef struct licet_contrast licet_contrast;

/* The smallest changes of facts that the request states, with which it would have been approved: at
 * most LICET_CHANGES_MAX facts, none that the vocabulary calls `fixed`, none that would make a
 * patient nobody is like. Where further facts would still be missing whatever is changed, the
 * smallest changes after which the request would no longer be refused for what it states. Each
 * alternative was written out as a request and decided. There are none where the request is
 * approved, where no policy covers it, where what it states stands in no way, or where no such
 * change would do. LICET_BAD_REQUEST where it has errors. */
#define LICET_CHANGES_MAX 3
#define LICET_ALTERNATIVES_MAX 24
LICET_API licet_status licet_why_not(licet_session *session, const char *json, size_t length,
                                     licet_contrast **contrast);
LICET_API void licet_contrast_close(licet_contrast *contrast);

/* What the request itself was decided as. */
LICET_API licet_outcome licet_contrast_outcome(const licet_contrast *contrast);
LICET_API licet_reason licet_contrast_reason(const licet_contrast *contrast);
LICET_API const char *licet_contrast_request(const licet_contrast *contrast);
/* Not 0 where every change of up to LICET_CHANGES_MAX facts was tried; 0 where that would have
 * taken too long. */
LICET_API int licet_contrast_is_complete(const licet_contrast *contrast);

typedef struct licet_alternative {
  const char *request; /* the changed request, as licet_decide takes it; NULL beyond the last */
  licet_outcome outcome;
  licet_reason reason;
  const char *pathway; /* "" where there is none */
  licet_authorization authorization;
} licet_alternative;
/* Those that would be approved, or lack documents alone; those that lack facts as well; those that
 * a clinician would have to judge (LICET_REFER). Of each, fewest changes first, then by the names
 * of the facts. */
LICET_API licet_alternative licet_contrast_at(const licet_contrast *contrast, size_t alternative);
LICET_API const char *const *licet_contrast_missing(const licet_contrast *contrast,
                                                    size_t alternative, size_t index);
LICET_API const char *const *licet_contrast_documents(const licet_contrast *contrast,
                                                      size_t alternative, size_t index);

typedef struct licet_change {
  const char *fact;      /* NULL beyond the last */
  const char *from, *to; /* JSON; `to` is one value that does, the nearest */
  const char *words;     /* all values that do, the other changes being as they are: "at most 28
                            mcg/day", "any with tki" */
} licet_change;
LICET_API licet_change licet_contrast_change(const licet_contrast *contrast, size_t alternative,
                                             size_t index);
/* {"request","outcome","reason","alternatives":[…]} on one line; `length` may be NULL. */
LICET_API const char *licet_contrast_json(const licet_contrast *contrast, size_t *length);

#ifdef __cplusplus
}
#endif
#endif
