/* commands: what every command shares: opening the policies its options name, finding one, dates.
 * Each command is a function of its own file. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <licet/licet.h>

#include "cli/options.h"

#define COMMAND(symbol, name, operands, summary, description, exits, example) \
  ExitCode command_##name(const Options *options);
#include "cli/command.def"
#undef COMMAND

/* The worse of two exit codes: a run continues after an error and ends with the worst. */
static inline ExitCode worse(ExitCode a, ExitCode b) { return a > b ? a : b; }

/* The folder of policies the options name: --policies, else $LICET_POLICIES, else ./policies if
 * there is one, else the installed one. */
const char *policies_folder(const Options *options);
/* The same, with a word on the standard error where --verbose asks for it or the choice may
 * surprise. */
const char *policies_folder_reported(const Options *options);
/* Opens it, literal interpretations included; reports on stderr why it cannot be opened. Only
 * EXIT_FINE gives a library. */
ExitCode policies_open(const Options *options, licet_library **library);
/* Reports why a call failed; EXIT_WORLD. `name` is what it was about. */
ExitCode complain_status(const char *name, licet_status status);
/* The report of an opening that failed, and what it amounts to. */
ExitCode complain_policies(const char *path, licet_status status, const licet_report *report);
/* Reports, from errno, why a file, a folder or the standard input cannot be read; EXIT_WORLD. */
ExitCode complain_unreadable(const char *path);
/* The policy of that id, or NULL with the nearest one reported. */
const licet_policy *policies_find(const licet_library *library, const char *id);

/* "YYYY-MM-DD" and a day of the calendar. */
bool date_is_valid(const char *date);
typedef struct Today {
  char date[16];
} Today;
/* By the local clock. */
Today date_today(void);
/* The --on option, checked; EXIT_USAGE where it is no date. */
ExitCode date_check_option(const Options *options);

/* The files of `folder` whose names end with `suffix`, sorted, with the folder before them;
 * NULL-terminated; free with files_free. NULL with errno. */
char **files_within(const char *folder, const char *suffix);
void files_free(char **files);
bool is_folder(const char *path);

#endif
