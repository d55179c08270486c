/* audit: see audit.h. */
#include "daemon/audit.h"

#include <errno.h>
#include <stdarg.h>

typedef struct Running {
  Audit audit;
  void (*command)(Audit *audit);
} Running;

static void run(void *context) {
  Running *running = context;
  running->command(&running->audit);
}

ExitCode audit_run(const Options *options, void (*command)(Audit *audit)) {
  Running running = {.audit = {.options = options}, .command = command};
  Audit *audit = &running.audit;
  Arena *const arenas[] = {&audit->all, &audit->page, &audit->work};
  for (size_t i = 0; i < sizeof arenas / sizeof *arenas; i++) arena_open(arenas[i]);
  ExitCode code = state_open(options, &audit->all, &audit->store);
  if (code == EXIT_FINE && !arenas_attempt(arenas, sizeof arenas / sizeof *arenas, run, &running)) {
    complain("memory is short");
    code = EXIT_WORLD;
  }
  if (code == EXIT_FINE) code = audit->code;
  if (code == EXIT_FINE) code = state_exit("the ledger", audit->status);
  if (code == EXIT_FINE && audit->errors > 0) code = EXIT_ANSWER;
  store_close(audit->store);
  for (size_t i = 0; i < sizeof arenas / sizeof *arenas; i++) arena_close(arenas[i]);
  return code;
}

void audit_fault(Audit *audit, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  audit->errors++;
}

void audit_each_case(Audit *audit, void (*one)(Audit *audit, Text id)) {
  char last[128] = "";
  Texts ids;
  do {
    arena_reset(&audit->page);
    audit->status = store_case_ids(audit->store, &audit->page, text_of(last), AUDIT_PAGE, &ids);
    for (uint32_t i = 0; i < ids.count && audit->status == STORE_OK; i++) {
      arena_reset(&audit->work);
      one(audit, ids.items[i]);
    }
    if (ids.count > 0) snprintf(last, sizeof last, "%.*s", TEXT_ARGS(ids.items[ids.count - 1]));
  } while (ids.count == AUDIT_PAGE && audit->status == STORE_OK);
}

bool audit_read_file(Audit *audit, const char *path, Text *text) {
  Buffer out;
  char piece[4096];
  size_t length;
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    complain("%s: %s", path, strerror(errno));
    audit->code = EXIT_WORLD;
    return false;
  }
  buffer_open(&out, &audit->all, sizeof piece);
  while ((length = fread(piece, 1, sizeof piece, file)) > 0 && out.length < (1u << 20))
    buffer_append(&out, piece, length);
  fclose(file);
  *text = (Text){out.at, (uint32_t)out.length};
  return true;
}
