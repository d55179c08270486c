#include "render/faults.h"

static void write_member(Terminal *terminal, const char *name, const char *text) {
  if (!*text) return;
  terminal_begin(terminal, 4, 14);
  terminal_put(terminal, STYLE_DIM, name);
  terminal_column(terminal, 14);
  terminal_put_cut(terminal, STYLE_PLAIN, text, 400);
  terminal_end(terminal);
}

static void write_fault(Terminal *terminal, const licet_fault *fault) {
  terminal_begin(terminal, 2, 4);
  terminal_put(terminal, STYLE_BAD, "✗");
  terminal_put(terminal, STYLE_PLAIN, " ");
  terminal_put(terminal, STYLE_BOLD, *fault->field ? fault->field : "request");
  if (*fault->pointer) {
    terminal_put(terminal, STYLE_DIM, " at ");
    terminal_put(terminal, STYLE_DIM, fault->pointer);
  }
  terminal_end(terminal);
  write_member(terminal, "found", fault->found);
  write_member(terminal, "expected", fault->expected);
  write_member(terminal, "nearest", fault->nearest);
}

void print_faults(Terminal *terminal, licet_session *session) {
  licet_fault fault;
  for (size_t i = 0; (fault = licet_session_fault(session, i)).field; i++) write_fault(terminal, &fault);
}
