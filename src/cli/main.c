/* licet: the command. Reads the command line, runs the command, and sees to it that what was
 * written arrived. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "render/output.h"

typedef ExitCode Run(const Options *options);

static Run *const runs[] = {
#define COMMAND(symbol, name, operands, summary, description, exits, example) command_##name,
#include "cli/command.def"
#undef COMMAND
};

ExitCode command_help(const Options *options) {
  CommandId about = COMMAND_COUNT;
  if (options_has(options, OPTION_LIST)) return options_list(stdout), EXIT_FINE;
  if (options->operand_count > 0) {
    about = options_command(options->operands[0]);
    if (about == COMMAND_COUNT) return options_complain_command(options->operands[0]), EXIT_USAGE;
  }
  options_help(stdout, about);
  return EXIT_FINE;
}

static ExitCode run(const Options *options) {
  if (options_has(options, OPTION_VERSION))
    return printf("licet %s\n", licet_version()) < 0 ? EXIT_WORLD : EXIT_FINE;
  if (options_has(options, OPTION_HELP)) return options_help(stdout, options->command), EXIT_FINE;
  return runs[options->command](options);
}

/* A determination that did not arrive must not look like one that did. */
static ExitCode finish_output(ExitCode code) {
  errno = 0;
  bool failed = fflush(stdout) != 0 || ferror(stdout) || output_failure() != 0;
  int why = output_failure() != 0 ? output_failure() : errno;
  if (fclose(stdout) != 0 && !failed) {
    failed = true;
    why = errno;
  }
  if (!failed) return code;
  fprintf(stderr, "licet: standard output: %s\n", why ? strerror(why) : "cannot be written");
  return EXIT_WORLD;
}

/* A standard file that was closed is opened the wrong way round: using it fails as before, but no
 * other file takes its number, to have messages written into it. */
static void occupy_standard_files(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0) open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv) {
  Options options;
  occupy_standard_files();
  signal(SIGPIPE, SIG_IGN); /* a closed pipe becomes a write error, which is reported */
  ExitCode code = options_parse(&options, argc, argv);
  if (code == EXIT_FINE) code = run(&options);
  options_free(&options);
  return finish_output(code);
}
