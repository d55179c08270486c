/* account: the commands that add accounts and tokens. */
#include <stdlib.h>
#include <unistd.h>

#include "accounts/account.h"
#include "daemon/state.h"

static Text value_of(const Options *options, OptionId option) {
  const char *value = options->values[option];
  return value == NULL ? (Text){"", 0} : text_of(value);
}

static Account read_account(const Options *options) {
  return (Account){.name = text_of(options->operand),
                   .roles = roles_read(value_of(options, OPTION_ROLE)),
                   .organization = value_of(options, OPTION_ORGANIZATION),
                   .specialty = value_of(options, OPTION_SPECIALTY),
                   .license = value_of(options, OPTION_LICENSE),
                   .reports_to = value_of(options, OPTION_REPORTS_TO)};
}

/* False, and a complaint, where the account may not be. */
static bool check(const Account *account) {
  const char *fault = account_fault(account);
  if (fault != NULL) complain("%.*s: %s", TEXT_ARGS(account->name), fault);
  return fault == NULL;
}

#define PASSWORD_LONGEST 1024

/* The first line of the standard input, never an argument: arguments can be seen by others. */
static bool read_password(Arena *arena, Text *password) {
  char *line = arena_allocate(arena, PASSWORD_LONGEST + 2);
  if (isatty(STDIN_FILENO)) complain("type the password, then Enter");
  if (fgets(line, PASSWORD_LONGEST + 2, stdin) == NULL) return false;
  *password = (Text){line, (uint32_t)strcspn(line, "\r\n")};
  return password->length >= PASSWORD_LEAST && password->length <= PASSWORD_LONGEST;
}

typedef struct Command {
  const Options *options;
  Arena arena;
  ExitCode code;
} Command;

static void add_account(void *context) {
  Command *command = context;
  Arena *arena = &command->arena;
  Store *store;
  Text password;
  Account account = read_account(command->options);
  account.is_person = true;
  command->code = EXIT_USAGE;
  if (!check(&account)) return;
  if (!read_password(arena, &password)) {
    complain("a password has %d to %d characters, in one line", PASSWORD_LEAST, PASSWORD_LONGEST);
    return;
  }
  command->code = state_open(command->options, arena, &store);
  if (command->code != EXIT_FINE) return;
  command->code =
      state_exit(command->options->operand, account_add(store, arena, &account, password));
  store_close(store);
}

#define TOKEN_DAYS 90
#define TOKEN_DAYS_MOST 3660

static void add_token(void *context) {
  Command *command = context;
  Arena *arena = &command->arena;
  Store *store;
  Secret token;
  const Account program = read_account(command->options);
  const char *days = command->options->values[OPTION_DAYS];
  const long count = days == NULL ? TOKEN_DAYS : strtol(days, NULL, 10);
  command->code = EXIT_USAGE;
  if (count < 1 || count > TOKEN_DAYS_MOST) {
    complain("--days takes a number from 1 to %d", TOKEN_DAYS_MOST);
    return;
  }
  if (!check(&program)) return;
  command->code = state_open(command->options, arena, &store);
  if (command->code != EXIT_FINE) return;
  command->code = state_exit(command->options->operand,
                             account_add_token(store, arena, &program, count, &token));
  if (command->code == EXIT_FINE) puts(token.text);
  store_close(store);
}

static ExitCode run(const Options *options, void (*work)(void *context)) {
  Command command = {.options = options, .code = EXIT_WORLD};
  arena_open(&command.arena);
  if (!arena_attempt(&command.arena, work, &command)) {
    complain("memory is short");
    command.code = EXIT_WORLD;
  }
  arena_close(&command.arena);
  return command.code;
}

ExitCode command_account_add(const Options *options) { return run(options, add_account); }
ExitCode command_token_add(const Options *options) { return run(options, add_token); }
