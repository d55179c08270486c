/* diagnostic: what is wrong with a text, reported so that its author can mend it.
 *
 * A diagnostic has a stable id (one line each in diagnostic.def), a severity, a span in a source, a
 * message, what was expected, the nearest thing that exists, and notes that point at other places.
 * The compiler reports and continues; one mistake is reported once.
 *
 *     policies/x.licet:12:24: error[L301]: `cd20` is not a fact of vocabulary oncology
 *        12 |     4 "CD20-positive": cd20 is positive
 *           |                        ^^^^
 *           = expected: the name of a fact, derivation or set
 *           = nearest: `cd22`
 *     policies/oncology.licet:1:12: note: the vocabulary is declared here
 */
#ifndef BASE_DIAGNOSTIC_H
#define BASE_DIAGNOSTIC_H

#include "base/text.h"

/* A file's text with its name; lines are found when asked for. `text.at[text.length]` is a zero
 * byte. `text.at` is NULL for a file that could not be read: what is said of it is said of the
 * whole file. */
typedef struct Source {
  Text name;
  Text text;
} Source;

/* Bytes [start, end) of a source. */
typedef struct SourceSpan {
  const Source *source;
  uint32_t start, end;
} SourceSpan;

/* 1-based; columns count characters (code points), not bytes. */
void source_position(const Source *source, uint32_t offset, uint32_t *line, uint32_t *column);

typedef enum DiagnosticId {
#define DIAGNOSTIC(symbol, id, severity, summary) DIAGNOSTIC_##symbol,
#include "base/diagnostic.def"
#undef DIAGNOSTIC
  DIAGNOSTIC_COUNT
} DiagnosticId;

typedef enum Severity { SEVERITY_ERROR, SEVERITY_WARNING } Severity;

typedef struct DiagnosticNote {
  SourceSpan span;
  Text message;
  struct DiagnosticNote *next;
} DiagnosticNote;

typedef struct Diagnostic {
  DiagnosticId id;
  Severity severity;
  SourceSpan span;
  Text message;
  Text expected; /* empty when there is nothing to say */
  Text nearest;
  DiagnosticNote *notes;
} Diagnostic;

/* At most LIMIT_DIAGNOSTICS are kept (limits.h); the rest are counted, in `dropped` as in `errors`
 * or `warnings`. The same id at the same place is kept and counted once. */
typedef struct Diagnostics {
  Arena *arena;
  LIST(Diagnostic *) list;
  uint32_t errors, warnings, dropped;
  Diagnostic
      discarded; /* what `diagnose` returns for one that is not kept; nothing is added to it */
} Diagnostics;

void diagnostics_open(Diagnostics *diagnostics, Arena *arena);
/* Adds one and returns it, so that expected, nearest and notes can be filled in; never NULL. */
Diagnostic *diagnose(Diagnostics *diagnostics, DiagnosticId id, SourceSpan span, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));
void diagnostic_expect(Diagnostics *diagnostics, Diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The candidate nearest to `word`, if near enough. */
void diagnostic_nearest(Diagnostics *diagnostics, Diagnostic *diagnostic, Text word,
                        const Text *candidates, uint32_t count);
void diagnostic_note(Diagnostics *diagnostics, Diagnostic *diagnostic, SourceSpan span,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* In order of file name and place; of one place, in the order reported. */
void diagnostics_sort(Diagnostics *diagnostics);
const char *diagnostic_code(DiagnosticId id);    /* "L301" */
const char *diagnostic_summary(DiagnosticId id); /* one line, for the documentation */
/* All of them as drawn above. */
void diagnostics_write(Buffer *out, const Diagnostics *diagnostics);

#endif
