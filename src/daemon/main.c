/* licetd: prior-authorization cases as a service. Reads the command line and runs the command. */
#include "base/unreachable.h"
#include "daemon/options.h"

static ExitCode run(const Options *options) {
  switch (options->command) {
    case COMMAND_SERVE:
      return command_serve(options);
    case COMMAND_ACCOUNT_ADD:
      return command_account_add(options);
    case COMMAND_TOKEN_ADD:
      return command_token_add(options);
    case COMMAND_AUDIT_VERIFY:
      return command_audit_verify(options);
    case COMMAND_AUDIT_CHECKPOINT:
      return command_audit_checkpoint(options);
    case COMMAND_AUDIT_KEY:
      return command_audit_key(options);
    case COMMAND_AUDIT_PROVE:
      return command_audit_prove(options);
    case COMMAND_AUDIT_REPLAY:
      return command_audit_replay(options);
    case COMMAND_AUDIT_REBUILD:
      return command_audit_rebuild(options);
    case COMMAND_CLOCKS_CHECK:
      return command_clocks_check(options);
    case COMMAND_HELP:
      options_help(stdout);
      return EXIT_FINE;
    case COMMAND_COUNT:
      break;
  }
  UNREACHABLE();
}

int main(int count, char **arguments) {
  Options options;
  ExitCode code = options_read(&options, count, arguments);
  if (code == EXIT_FINE) code = run(&options);
  if (fflush(stdout) != 0) {
    complain("the standard output cannot be written");
    code = EXIT_WORLD;
  }
  return code;
}
