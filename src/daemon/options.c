/* options: see options.h. A command is one or two words; options may stand anywhere behind it. */
#include "daemon/options.h"

#include <stdarg.h>
#include <string.h>

static const struct {
  const char *words, *operands, *summary;
} commands[] = {
#define COMMAND(symbol, words, operands, summary) {words, operands, summary},
#include "daemon/command.def"
#undef COMMAND
};

#define ON(symbol) (1u << COMMAND_##symbol)
#define EVERY (~0u)
static const struct {
  const char *name, *argument;
  unsigned commands;
  const char *help;
} list[] = {
#define OPTION(symbol, name, argument, commands, help) {name, argument, commands, help},
#include "daemon/command.def"
#undef OPTION
};

void complain(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("licetd: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

/* How many arguments the command's words take; 0 where they are others. */
static int words_of(CommandId command, int count, char **arguments) {
  const char *words = commands[command].words, *space = strchr(words, ' ');
  const size_t first = space == NULL ? strlen(words) : (size_t)(space - words);
  if (count < 1 || strlen(arguments[0]) != first || memcmp(arguments[0], words, first) != 0)
    return 0;
  if (space == NULL) return 1;
  return count >= 2 && strcmp(arguments[1], space + 1) == 0 ? 2 : 0;
}

static OptionId find_option(CommandId command, const char *name, size_t length) {
  OptionId option = 0;
  while (option < OPTION_COUNT &&
         !((list[option].commands >> command & 1u) != 0 && strlen(list[option].name) == length &&
           memcmp(list[option].name, name, length) == 0))
    option++;
  return option;
}

/* Takes the option at arguments[*at], and its argument, which may be the next word. */
static ExitCode take_option(Options *options, int count, char **arguments, int *at) {
  const char *name = arguments[*at] + 2;
  const size_t length = strcspn(name, "=");
  const OptionId option = find_option(options->command, name, length);
  if (option == OPTION_COUNT) {
    complain("%s has no option --%.*s; 'licetd help' lists them", commands[options->command].words,
             (int)length, name);
    return EXIT_USAGE;
  }
  const char *value = name[length] == '=' ? name + length + 1 : NULL;
  if (list[option].argument == NULL) {
    options->values[option] = "";
    return EXIT_FINE;
  }
  if (value == NULL && *at + 1 < count) value = arguments[++*at];
  options->values[option] = value;
  if (value != NULL) return EXIT_FINE;
  complain("--%s takes %s", list[option].name, list[option].argument);
  return EXIT_USAGE;
}

static ExitCode take_operand(Options *options, const char *operand) {
  if (*commands[options->command].operands != '\0' && options->operand == NULL) {
    options->operand = operand;
    return EXIT_FINE;
  }
  complain("%s does not take '%s'", commands[options->command].words, operand);
  return EXIT_USAGE;
}

ExitCode options_read(Options *options, int count, char **arguments) {
  int at = 0;
  memset(options, 0, sizeof *options);
  options->command = 0;
  while (options->command < COMMAND_COUNT &&
         (at = words_of(options->command, count - 1, arguments + 1)) == 0)
    options->command++;
  if (options->command == COMMAND_COUNT) {
    if (count > 1)
      complain("there is no command '%s'; 'licetd help' lists them", arguments[1]);
    else
      complain("name a command; 'licetd help' lists them");
    return EXIT_USAGE;
  }
  ExitCode code = EXIT_FINE;
  for (at += 1; at < count && code == EXIT_FINE; at++)
    code = strncmp(arguments[at], "--", 2) == 0 ? take_option(options, count, arguments, &at)
                                                : take_operand(options, arguments[at]);
  const char operand = *commands[options->command].operands; /* '[': it may be left out */
  if (code == EXIT_FINE && options->operand == NULL && operand != '\0' && operand != '[') {
    complain("%s takes %s", commands[options->command].words, commands[options->command].operands);
    code = EXIT_USAGE;
  }
  return code;
}

void options_help(FILE *out) {
  fputs("licetd: prior-authorization cases as a service\n\nCommands\n", out);
  for (CommandId command = 0; command < COMMAND_COUNT; command++)
    fprintf(out, "  %-16s %-6s %s\n", commands[command].words, commands[command].operands,
            commands[command].summary);
  fputs("\nOptions\n", out);
  for (OptionId option = 0; option < OPTION_COUNT; option++)
    fprintf(out, "  --%-13s %-15s %s\n", list[option].name,
            list[option].argument == NULL ? "" : list[option].argument, list[option].help);
}
