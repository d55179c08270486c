/* backend: the library of policies that this backend decides by.
 *
 * It is opened when it is first asked for, or, where licet is among shared_preload_libraries, once
 * for the whole server: every backend and every parallel worker then inherits it. It is opened
 * again when the setting licet.policies changes, or on licet_reload(). A folder with errors is an
 * error, and the next call tries it again.
 */
#ifndef LICET_BACKEND_H
#define LICET_BACKEND_H

#include <postgres.h>

#include <licet/outcome.h>

/* Called once, when the module is loaded: declares the setting. */
void backend_start(void);

/* The session of this backend, which decides by the policy with this id (a text of the database),
 * or, where it is NULL, by the one that each request names. An error where there is no library or
 * no such policy. */
licet_session *backend_session(const text *policy);
/* The library is read again; how many policies there are. */
size_t backend_reload(void);

/* Texts of licet are UTF-8, those of the database in its encoding. The result is the argument
 * itself where both are one. */
const char *to_database(const char *text);
const char *to_licet(const char *text, size_t *length);

#endif
