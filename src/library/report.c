/* report: what is wrong with policy files, kept for the caller; and setting a file the one way it
 * looks.
 *
 * Diagnostics point into sources, which belong to the library under construction. Where that fails,
 * the library is closed and the report stays: so a report ends by keeping copies of the sources
 * that its diagnostics point into, and owns all it shows. */
#include "library/report.h"

#include <string.h>

#include "base/limits.h"
#include "language/format.h"

licet_report *report_open(void) {
  licet_report *report = memory_allocate(sizeof *report);
  if (report == NULL) return NULL;
  arena_open(&report->arena);
  report->text = "";
  return report;
}

void report_write(licet_report *report) {
  Buffer text;
  diagnostics_sort(&report->diagnostics);
  buffer_open(&text, &report->arena, 256);
  diagnostics_write(&text, &report->diagnostics);
  report->text = buffer_finish(&text);
}

/* Diagnostics borrow from the sources, which lie in the library's arena; a report may outlive it,
 * so it keeps its own copies. */
void report_keep(licet_report *report) {
  for (uint32_t i = 0; i < report->diagnostics.list.count; i++) {
    Diagnostic *d = report->diagnostics.list.items[i];
    if (d->span.source == NULL) continue;
    Source *source = ARENA_NEW(&report->arena, Source);
    source->name = text_copy(&report->arena, d->span.source->name);
    if (d->span.source->text.at != NULL)
      source->text = text_copy(&report->arena, d->span.source->text);
    for (uint32_t j = i + 1; j < report->diagnostics.list.count; j++) {
      Diagnostic *other = report->diagnostics.list.items[j];
      if (other->span.source == d->span.source) other->span.source = source;
    }
    d->span.source = source;
  }
}

/* ---- Reports and formatting ---- */

const char *licet_report_text(const licet_report *report) { return report->text; }
size_t licet_report_errors(const licet_report *report) { return report->diagnostics.errors; }
size_t licet_report_warnings(const licet_report *report) { return report->diagnostics.warnings; }
size_t licet_report_count(const licet_report *report) { return report->diagnostics.list.count; }

licet_diagnostic licet_report_at(const licet_report *report, size_t index) {
  licet_diagnostic result = {0};
  if (index >= report->diagnostics.list.count) return result;
  const Diagnostic *d = report->diagnostics.list.items[index];
  result.id = diagnostic_code(d->id);
  result.file = d->span.source == NULL ? "" : d->span.source->name.at;
  result.message = d->message.at;
  result.severity = d->severity == SEVERITY_ERROR ? LICET_SEVERITY_ERROR : LICET_SEVERITY_WARNING;
  if (d->span.source != NULL && d->span.source->text.at != NULL)
    source_position(d->span.source, d->span.start, &result.line, &result.column);
  return result;
}

void licet_report_free(licet_report *report) {
  if (report == NULL) return;
  arena_close(&report->arena);
  memory_free(report);
}

typedef struct Formatting {
  const char *name, *source_text;
  size_t length;
  licet_report *report;
  Buffer out; /* in the report's arena, with a zero byte behind it */
  bool is_readable;
} Formatting;

/* Of a file that is too long, a byte more than the limit is kept: enough to see that it is. */
static void format(void *context) {
  Formatting *f = context;
  Arena *arena = &f->report->arena;
  diagnostics_open(&f->report->diagnostics, arena);
  Source *source = ARENA_NEW(arena, Source);
  source->name = text_of(arena_copy(arena, f->name, strlen(f->name)));
  uint32_t kept = f->length > LIMIT_SOURCE_BYTES ? LIMIT_SOURCE_BYTES + 1 : (uint32_t)f->length;
  source->text = (Text){arena_copy(arena, f->source_text, kept), kept};
  buffer_open(&f->out, arena, f->length + 64);
  f->is_readable = format_source(source, arena, &f->report->diagnostics, &f->out);
  buffer_finish(&f->out);
  report_write(f->report);
}

licet_status licet_format(const char *name, const char *source_text, size_t length, char **text,
                          licet_report **report_out) {
  *text = NULL;
  *report_out = NULL;
  Formatting f = {.name = name, .source_text = source_text, .length = length};
  f.report = report_open();
  if (f.report == NULL) return LICET_NO_MEMORY;
  if (!arena_attempt(&f.report->arena, format, &f)) {
    licet_report_free(f.report);
    return LICET_NO_MEMORY;
  }
  *report_out = f.report;
  if (!f.is_readable) return LICET_BAD_POLICY;
  *text = memory_allocate(f.out.length + 1);
  if (*text == NULL) return LICET_NO_MEMORY;
  memcpy(*text, f.out.at, f.out.length + 1);
  return LICET_OK;
}

void licet_text_free(char *text) { memory_free(text); }
