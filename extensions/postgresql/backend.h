/* backend: the policies by which this process decides, one set for each statement.
 *
 * They are opened when they are first asked for, or, where licet is among shared_preload_libraries,
 * once for the whole server: every backend then inherits them. They are opened again at the next
 * statement after the setting licet.policies changed or after a licet_reload(), whichever backend
 * called it. A folder with errors is an error, and the next call tries it again. */
#ifndef LICET_BACKEND_H
#define LICET_BACKEND_H

#include "opened.h"

/* Called once, when the module is loaded: declares the settings, follows statements. */
void backend_start(void);

/* The policies by which the statement decides. An error where there are none. The backend's own
 * reference: retain it to keep it. */
Opened *backend_opened(void);
/* False where the setting names another folder than `opened` came from. */
bool backend_names(const Opened *opened);

/* The folder is read again, by this backend at once and by every other at its next statement; how
 * many policies there are. What is running continues with what it has. */
size_t backend_reload(void);

#endif
