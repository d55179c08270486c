/* options: the command line of licetd. */
#ifndef DAEMON_OPTIONS_H
#define DAEMON_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

/* As licet's: 0 fine, 1 the answer is no, 2 the command line, 3 it cannot run. */
typedef enum ExitCode { EXIT_FINE = 0, EXIT_ANSWER = 1, EXIT_USAGE = 2, EXIT_WORLD = 3 } ExitCode;

typedef enum CommandId {
#define COMMAND(symbol, words, operands, summary) COMMAND_##symbol,
#include "daemon/command.def"
#undef COMMAND
  COMMAND_COUNT
} CommandId;

typedef enum OptionId {
#define OPTION(symbol, name, argument, commands, help) OPTION_##symbol,
#include "daemon/command.def"
#undef OPTION
  OPTION_COUNT
} OptionId;

typedef struct Options {
  CommandId command;
  const char *operand;              /* NULL: none */
  const char *values[OPTION_COUNT]; /* "" for a flag that is given; NULL: not given */
} Options;

/* EXIT_USAGE, and a complaint, where the command line cannot be understood. */
ExitCode options_read(Options *options, int count, char **arguments);
void options_help(FILE *out);

void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The commands. */
ExitCode command_serve(const Options *options);
ExitCode command_account_add(const Options *options);
ExitCode command_token_add(const Options *options);
ExitCode command_clocks_check(const Options *options);
ExitCode command_audit_verify(const Options *options);
ExitCode command_audit_checkpoint(const Options *options);
ExitCode command_audit_key(const Options *options);
ExitCode command_audit_prove(const Options *options);
ExitCode command_audit_replay(const Options *options);
ExitCode command_audit_rebuild(const Options *options);

#endif
