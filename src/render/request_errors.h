/* request_errors: what is wrong with a request, for people. */
#ifndef RENDER_REQUEST_ERRORS_H
#define RENDER_REQUEST_ERRORS_H

#include <licet/licet.h>

#include "render/terminal.h"

/* Writes each error of the request that the session decided last. */
void print_request_errors(Terminal *terminal, licet_session *session);

#endif
