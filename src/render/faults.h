/* faults: what is wrong with a request, for people. */
#ifndef CLI_FAULTS_H
#define CLI_FAULTS_H

#include <licet/licet.h>

#include "render/terminal.h"

/* Writes each fault of the request that the session decided last. */
void print_faults(Terminal *terminal, licet_session *session);

#endif
