/* faults: what is wrong with a request, for people. */
#ifndef CLI_FAULTS_H
#define CLI_FAULTS_H

#include <stddef.h>

#include "terminal.h"

/* Writes each fault of a licet_session_error_json. */
void print_faults(Terminal *terminal, const char *json, size_t length);

#endif
