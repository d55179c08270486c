/* audit: what the audit commands share: an open store, memory for a page and for one case, and the
 * errors that were found, each printed with where. */
#ifndef DAEMON_AUDIT_H
#define DAEMON_AUDIT_H

#include "daemon/state.h"

#define AUDIT_PAGE 1000

typedef struct Audit {
  const Options *options;
  Store *store;
  Arena all, page, work; /* of the command, of a page of what is read, of one case */
  size_t cases, events, errors;
  StoreStatus status;
  ExitCode code; /* of what is wrong with the command itself */
  void *context; /* the command's own */
} Audit;

/* Opens the store, runs the command, and says how it ended: EXIT_WORLD where the store or memory
 * fails, EXIT_ANSWER where there are errors. */
ExitCode audit_run(const Options *options, void (*command)(Audit *audit));

/* Counts an error and prints it. */
void audit_fault(Audit *audit, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Calls `one` for each case, with `work` empty, until the store fails. */
void audit_each_case(Audit *audit, void (*one)(Audit *audit, Text id));

/* The whole of a file, in `all`; false, and a complaint, where it cannot be read. */
bool audit_read_file(Audit *audit, const char *path, Text *text);

#endif
