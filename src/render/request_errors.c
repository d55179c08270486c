/* The errors of a request, for people: the place, what was found, what is expected. */
#include "render/request_errors.h"

static void write_member(Terminal *terminal, const char *name, const char *text) {
  if (!*text) return;
  terminal_begin(terminal, 4, 14);
  terminal_put(terminal, STYLE_DIM, name);
  terminal_column(terminal, 14);
  terminal_put_cut(terminal, STYLE_PLAIN, text, 400);
  terminal_end(terminal);
}

static void write_request_error(Terminal *terminal, const licet_request_error *request_error) {
  terminal_begin(terminal, 2, 4);
  terminal_put(terminal, STYLE_BAD, "✗");
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_BOLD, *request_error->field ? request_error->field : "request");
  if (*request_error->pointer) {
    terminal_put(terminal, STYLE_DIM, " at ");
    terminal_put(terminal, STYLE_DIM, request_error->pointer);
  }
  terminal_end(terminal);
  write_member(terminal, "found", request_error->found);
  write_member(terminal, "expected", request_error->expected);
  write_member(terminal, "nearest", request_error->nearest);
}

void print_request_errors(Terminal *terminal, licet_session *session) {
  licet_request_error request_error;
  for (size_t i = 0; (request_error = licet_session_error(session, i)).field; i++)
    write_request_error(terminal, &request_error);
}
