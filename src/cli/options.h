/* options: what the command line asks for, and the help that says what it may ask for. Both come
 * from command.def and option.def.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum CommandId {
#define COMMAND(symbol, name, operands, summary, description, exits, example) COMMAND_##symbol,
#include "cli/command.def"
#undef COMMAND
  COMMAND_COUNT
} CommandId;

typedef enum OptionId {
#define OPTION(symbol, name, argument, commands, help) OPTION_##symbol,
#include "cli/option.def"
#undef OPTION
  OPTION_COUNT
} OptionId;

/* The same in every command; `--help` says what they mean there. */
typedef enum ExitCode {
  EXIT_FINE = 0,   /* done */
  EXIT_ANSWER = 1, /* done, and the answer is: bad input, errors, failing cases */
  EXIT_USAGE = 2,  /* the command line cannot be understood; nothing was done */
  EXIT_WORLD = 3   /* policies cannot be loaded; a file cannot be read or written; no memory */
} ExitCode;

/* An option that was given, in order. */
typedef struct GivenOption {
  OptionId option;
  const char *argument;
} GivenOption;

typedef struct Options {
  CommandId command;               /* COMMAND_COUNT for `licet --help` and `licet --version` */
  const char *value[OPTION_COUNT]; /* NULL where not given; "" for an option without argument; the
                                      last one where repeated */
  const char **literally;          /* every --literally in order, NULL-terminated; owned */
  const char **by;                 /* every --by, likewise */
  GivenOption *given;              /* owned */
  size_t given_count;
  char **operands; /* borrowed from argv */
  size_t operand_count;
  char installed_policies[512]; /* where `make install` put them */
} Options;

/* Reads the command line; reports on stderr what cannot be understood (EXIT_USAGE). Reorders argv.
 * Free in any case. */
ExitCode options_parse(Options *options, int argc, char **argv);
void options_free(Options *options);
static inline bool options_has(const Options *options, OptionId id) {
  return options->value[id] != NULL;
}

/* Every argument of a repeated option in order, NULL-terminated; free it. NULL where there is none
 * or memory is short. */
const char **options_every(const Options *options, OptionId id);

/* How `licet` or one command is used; COMMAND_COUNT for `licet` itself. */
void options_help(FILE *out, CommandId command);
/* "decide", then "decide --ndjson", …: every command and option. */
void options_list(FILE *out);
/* The command of that name, COMMAND_COUNT if there is none. */
CommandId options_command(const char *name);
/* Reports that there is no such command, and the nearest. */
void options_complain_command(const char *name);

#endif
