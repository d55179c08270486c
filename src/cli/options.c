/* The command line, read by the lists of command.def and option.def, and the help made from them.
 *
 * Invariant: what is not understood is refused before anything is done, with the nearest name. */
#include "cli/options.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/nearest.h"
#include "render/output.h"

typedef struct Command {
  const char *name, *operands, *summary, *description, *exits, *example;
} Command;

static const Command commands[] = {
#define COMMAND(symbol, name, operands, summary, description, exits, example) \
  {#name, operands, summary, description, exits, example},
#include "cli/command.def"
#undef COMMAND
};

typedef struct Option {
  const char *name, *argument;
  unsigned commands; /* bit c: command c takes it; bit COMMAND_COUNT: `licet` itself does */
  const char *help;
} Option;

#define ON(symbol) (1u << COMMAND_##symbol)
#define TOP (1u << COMMAND_COUNT)
#define EVERY (~0u)
static const Option option_list[] = {
#define OPTION(symbol, name, argument, commands, help) {name, argument, commands, help},
#include "cli/option.def"
#undef OPTION
};

static bool takes(CommandId command, OptionId option) {
  return option_list[option].commands >> command & 1u;
}

/* ---- parsing ---- */

/* Reports what cannot be understood. */
static ExitCode refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
static ExitCode refuse(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  complain_with(format, arguments);
  va_end(arguments);
  return EXIT_USAGE;
}

CommandId options_command(const char *name) {
  CommandId command = 0;
  while (command < COMMAND_COUNT && strcmp(name, commands[command].name) != 0) command++;
  return command;
}

void options_complain_command(const char *name) {
  Nearest nearest = nearest_to(text_of(name));
  for (CommandId command = 0; command < COMMAND_COUNT; command++)
    nearest_consider(&nearest, commands[command].name);
  const char *found = nearest.found;
  if (found)
    complain("unknown command '%s'; did you mean '%s'?", name, found);
  else
    complain("unknown command '%s'; 'licet help' lists them", name);
}

static ExitCode refuse_option(CommandId command, const char *name, int length) {
  Nearest nearest = nearest_to((Text){name, (uint32_t)length});
  for (OptionId option = 0; option < OPTION_COUNT; option++)
    if (takes(command, option)) nearest_consider(&nearest, option_list[option].name);
  const char *found = nearest.found;
  if (command == COMMAND_COUNT && found)
    return refuse("unknown option --%.*s; did you mean --%s?", length, name, found);
  if (command == COMMAND_COUNT)
    return refuse("--%.*s cannot come before a command; 'licet help' lists the commands", length,
                  name);
  if (found)
    return refuse("%s has no option --%.*s; did you mean --%s?", commands[command].name, length,
                  name, found);
  return refuse("%s has no option --%.*s; 'licet %s --help' lists its options",
                commands[command].name, length, name, commands[command].name);
}

static OptionId find_option(CommandId command, const char *name, size_t length) {
  OptionId option = 0;
  while (option < OPTION_COUNT &&
         !(takes(command, option) && strlen(option_list[option].name) == length &&
           memcmp(option_list[option].name, name, length) == 0))
    option++;
  return option;
}

/* Behind the last of a NULL-terminated list with room. */
static void append(const char **list, const char *argument) {
  while (*list != NULL) list++;
  *list = argument;
}

/* Takes the option at argv[*at], and its argument, which may be the next word. */
static ExitCode take_option(Options *options, int argc, char **argv, int *at,
                            size_t *literal_count) {
  const char *name = argv[*at] + 2;
  size_t length = strcspn(name, "=");
  OptionId option = find_option(options->command, name, length);
  if (option == OPTION_COUNT) return refuse_option(options->command, name, (int)length);
  const char *argument = name[length] == '=' ? name + length + 1 : NULL;
  if (!option_list[option].argument && argument)
    return refuse("--%s takes no argument", option_list[option].name);
  if (option_list[option].argument && !argument) {
    if (*at + 1 >= argc)
      return refuse("--%s requires its %s", option_list[option].name, option_list[option].argument);
    argument = argv[++*at];
  }
  options->value[option] = argument ? argument : "";
  if (option == OPTION_LITERALLY) options->literally[(*literal_count)++] = argument;
  if (option == OPTION_BY) append(options->by, argument);
  options->given[options->given_count++] = (GivenOption){option, argument};
  return EXIT_FINE;
}

/* The words after the command. Operands are moved to the front of argv, so that they need no memory
 * of their own. */
static ExitCode take_words(Options *options, int argc, char **argv, int first) {
  bool only_operands = false;
  size_t literal_count = 0;
  options->operands = argv;
  for (int at = first; at < argc; at++) {
    ExitCode code = EXIT_FINE;
    if (only_operands || argv[at][0] != '-' || argv[at][1] == '\0')
      argv[options->operand_count++] = argv[at];
    else if (strcmp(argv[at], "--") == 0)
      only_operands = true;
    else if (strcmp(argv[at], "-h") == 0)
      options->value[OPTION_HELP] = "";
    else if (argv[at][1] == '-')
      code = take_option(options, argc, argv, &at, &literal_count);
    else
      code = refuse("unknown option '%s' (options start with --)", argv[at]);
    if (code != EXIT_FINE) return code;
  }
  return EXIT_FINE;
}

/* How many operands a command takes can be read off their description. */
static ExitCode check_operands(const Options *options) {
  if (options->command == COMMAND_COUNT || options_has(options, OPTION_HELP)) return EXIT_FINE;
  const char *operands = commands[options->command].operands,
             *name = commands[options->command].name;
  bool needed = operands[0] != '\0' && operands[0] != '[',
       several = strstr(operands, "...") != NULL;
  size_t words = operands[0] != '\0';
  for (const char *at = operands; *at != '\0'; at++) words += *at == ' ';
  if (needed && options->operand_count < (several ? 1 : words))
    return refuse("%s requires its %s; see 'licet %s --help'", name, operands, name);
  size_t most = several ? (size_t)-1 : words;
  if (options->operand_count <= most) return EXIT_FINE;
  return refuse("%s: unexpected argument '%s'; see 'licet %s --help'", name,
                options->operands[most], name);
}

/* PREFIX/bin/licet finds PREFIX/share/licet/policies, wherever it was installed; build/MODE/licet
 * those of its repository. */
static void find_installed_policies(char *path, size_t capacity) {
  static const char *const below[] = {"/share/licet/policies", "/policies"};
  struct stat status;
  ssize_t length = readlink("/proc/self/exe", path, capacity - 32);
  for (int levels = 2; length > 0 && levels > 0; levels--)
    while (length > 0 && path[--length] != '/') continue;
  for (int i = 0; length > 0 && i < 2; i++) {
    snprintf(path + length, capacity - (size_t)length, "%s", below[i]);
    if (stat(path, &status) == 0) return;
    while (length > 0 && path[--length] != '/') continue;
  }
  snprintf(path, capacity, "/usr/local/share/licet/policies");
}

ExitCode options_parse(Options *options, int argc, char **argv) {
  memset(options, 0, sizeof *options);
  options->command = COMMAND_COUNT;
  find_installed_policies(options->installed_policies, sizeof options->installed_policies);
  options->literally = calloc((size_t)argc + 1, sizeof *options->literally);
  options->by = calloc((size_t)argc + 1, sizeof *options->by);
  options->given = calloc((size_t)argc + 1, sizeof *options->given);
  if (!options->literally || !options->by || !options->given)
    return complain("out of memory"), EXIT_WORLD;
  if (argc < 2) return options_help(stderr, COMMAND_COUNT), EXIT_USAGE;
  bool named = argv[1][0] != '-';
  if (named) {
    options->command = options_command(argv[1]);
    if (options->command == COMMAND_COUNT) return options_complain_command(argv[1]), EXIT_USAGE;
  }
  ExitCode code = take_words(options, argc, argv, named ? 2 : 1);
  if (code != EXIT_FINE) return code;
  if (!named && !options_has(options, OPTION_HELP) && !options_has(options, OPTION_VERSION))
    return refuse("a command is required; 'licet help' lists them");
  return check_operands(options);
}

void options_free(Options *options) {
  free(options->literally);
  free(options->by);
  free(options->given);
  options->literally = options->by = NULL;
  options->given = NULL;
}

const char **options_every(const Options *options, OptionId id) {
  const char **list =
      options_has(options, id) ? calloc(options->given_count + 1, sizeof *list) : NULL;
  for (size_t i = 0; list && i < options->given_count; i++)
    if (options->given[i].option == id) append(list, options->given[i].argument);
  return list;
}

/* ---- help ---- */

enum { HELP_WIDTH = 80, HELP_COLUMN = 24 };

/* `text` wrapped between `indent` and HELP_WIDTH; the cursor stands at `indent`. */
static void write_wrapped(FILE *out, int indent, const char *text) {
  int column = indent;
  while (*text) {
    int length = (int)strcspn(text, " ");
    if (column > indent && column + 1 + length > HELP_WIDTH) {
      fprintf(out, "\n%*s", indent, "");
      column = indent;
    } else if (column > indent) {
      fputc(' ', out);
      column++;
    }
    fprintf(out, "%.*s", length, text);
    column += length;
    text += length;
    text += strspn(text, " ");
  }
  fputc('\n', out);
}

static void write_indented_lines(FILE *out, const char *text) {
  while (*text) {
    int length = (int)strcspn(text, "\n");
    fprintf(out, "  %.*s\n", length, text);
    text += length + (text[length] == '\n');
  }
}

static void write_options(FILE *out, CommandId command) {
  fputs("\nOptions\n", out);
  for (OptionId option = 0; option < OPTION_COUNT; option++) {
    if (!takes(command, option)) continue;
    const char *argument = option_list[option].argument;
    int written = fprintf(out, "  --%s%s%s", option_list[option].name, argument ? " " : "",
                          argument ? argument : "");
    if (written >= HELP_COLUMN) { /* the text begins on the next line */
      fputc('\n', out);
      written = 0;
    }
    fprintf(out, "%*s", HELP_COLUMN - written, "");
    write_wrapped(out, HELP_COLUMN, option_list[option].help);
  }
}

static const char exits_everywhere[] =
    "2  the command line is invalid; nothing was done\n"
    "3  policies cannot be loaded, or a file cannot be read or written\n";

static void help_overview(FILE *out) {
  fputs("usage: licet COMMAND [OPTION...] [OPERAND...]\n\n", out);
  write_wrapped(out, 0,
                "Decides prior-authorization requests against coverage policies written as code. "
                "licet approves a request, asks for what is missing, or sends it to clinical "
                "review. It never denies.");
  fputs("\nCommands\n", out);
  for (CommandId command = 0; command < COMMAND_COUNT; command++)
    fprintf(out, "  %-10s %s\n", commands[command].name, commands[command].summary);
  write_options(out, COMMAND_COUNT);
  fputs("\nExit status\n", out);
  write_indented_lines(out, "0  success\n1  bad input, errors, or failing cases\n");
  write_indented_lines(out, exits_everywhere);
  fputs("\n'licet COMMAND --help' shows more.\n", out);
}

void options_help(FILE *out, CommandId command) {
  if (command == COMMAND_COUNT) {
    help_overview(out);
    return;
  }
  const Command *about = &commands[command];
  fprintf(out, "usage: licet %s [OPTION...]%s%s\n\n", about->name, about->operands[0] ? " " : "",
          about->operands);
  write_wrapped(out, 0, about->description);
  write_options(out, command);
  fputs("\nExit status\n", out);
  write_indented_lines(out, about->exits);
  write_indented_lines(out, exits_everywhere);
  fputs("\nExample\n", out);
  write_indented_lines(out, about->example);
}

static void list_option(FILE *out, const char *command, OptionId option) {
  const char *argument = option_list[option].argument;
  fprintf(out, "%s%s--%s\t%s\t%s\n", command, *command ? " " : "", option_list[option].name,
          argument ? argument : "", option_list[option].help);
}

void options_list(FILE *out) {
  for (OptionId option = 0; option < OPTION_COUNT; option++)
    if (takes(COMMAND_COUNT, option)) list_option(out, "", option);
  for (CommandId command = 0; command < COMMAND_COUNT; command++) {
    fprintf(out, "%s\t%s\t%s\n", commands[command].name, commands[command].operands,
            commands[command].summary);
    for (OptionId option = 0; option < OPTION_COUNT; option++)
      if (takes(command, option)) list_option(out, commands[command].name, option);
  }
}
