/* prove: licet check --prove. */
#ifndef CLI_PROVE_H
#define CLI_PROVE_H

#include "cli/options.h"

/* Examines the policies of the operands, or of the folder the options name, and reports what was
 * found. */
ExitCode prove_policies(const Options *options);

#endif
