/* opened: one open library inside the server, with the session that decides by it.
 *
 *     Opened ─┬─ folder      what licet.policies named when it was opened
 *             ├─ library     its policies; its texts are those that were read then, whatever the
 * files say now ├─ session     made when it is first needed ├─ policy      by which the session
 * decides; NULL: as each request names └─ shared      its texts for parallel workers, in dynamic
 * shared memory; made when they are first needed
 *
 * Whoever uses one holds a reference: an expression of a statement that is running (calls.h), and
 * the backend (backend.c). It is closed with the last. So an edited folder, another setting or a
 * reload never takes the policies from under a statement that began with them.
 */
#ifndef LICET_OPENED_H
#define LICET_OPENED_H

#include <postgres.h>

#include <licet/outcome.h>
#include <storage/dsm.h>

typedef struct Opened Opened;

/* With one reference, which is the caller's. Where the policies cannot be opened, that is reported
 * at `level`, and the result is NULL. */
Opened *opened_folder(const char *folder, int level);
/* What opened_share made in another process. An error where it is there no more. */
Opened *opened_shared(dsm_handle handle);

Opened *opened_retain(Opened *opened);
void opened_release(Opened *opened);

const char *opened_folder_name(const Opened *opened);
size_t opened_policy_count(const Opened *opened);

/* The session that decides by the policy with this id (a text of the database), or, where it is
 * NULL, by the one that each request names. An error where there is no such policy. */
licet_session *opened_session(Opened *opened, const text *policy);

/* Its texts in dynamic shared memory, for as long as it is open here. */
dsm_handle opened_share(Opened *opened);

#endif
