/* diagnostic: collecting what is wrong with a text, and drawing it. */
#include "base/diagnostic.h"
#include "base/limits.h"

static const struct {
  const char *code, *summary;
  Severity severity;
} kinds[DIAGNOSTIC_COUNT] = {
#define DIAGNOSTIC(symbol, id, severity, summary) \
  [DIAGNOSTIC_##symbol] = {#id, summary, SEVERITY_##severity},
#include "base/diagnostic.def"
#undef DIAGNOSTIC
};

const char *diagnostic_code(DiagnosticId id) { return kinds[id].code; }
const char *diagnostic_summary(DiagnosticId id) { return kinds[id].summary; }

/* Places. */

static uint32_t clamped_offset(const Source *source, uint32_t offset) {
  return offset < source->text.length ? offset : source->text.length;
}

static uint32_t line_start(const Source *source, uint32_t offset) {
  while (offset > 0 && source->text.at[offset - 1] != '\n') offset--;
  return offset;
}

static uint32_t line_end(const Source *source, uint32_t offset) {
  while (offset < source->text.length && source->text.at[offset] != '\n') offset++;
  return offset;
}

static uint32_t count_characters(Text text) {
  uint32_t count = 0;
  bool valid;
  for (uint32_t at = 0; at < text.length; at += text_next(text, at, &valid)) count++;
  return count;
}

static Text slice(const Source *source, uint32_t start, uint32_t end) {
  return (Text){source->text.at + start, end - start};
}

void source_position(const Source *source, uint32_t offset, uint32_t *line, uint32_t *column) {
  offset = clamped_offset(source, offset);
  *line = 1;
  for (uint32_t i = 0; i < offset; i++) *line += source->text.at[i] == '\n';
  *column = 1 + count_characters(slice(source, line_start(source, offset), offset));
}

/* Collecting. */

void diagnostics_open(Diagnostics *diagnostics, Arena *arena) {
  *diagnostics = (Diagnostics){.arena = arena};
}

static bool already_reported(const Diagnostics *diagnostics, DiagnosticId id, SourceSpan span) {
  for (uint32_t i = 0; i < diagnostics->list.count; i++) {
    const Diagnostic *reported = diagnostics->list.items[i];
    /* Without a source there is no place to be the same. */
    if (span.source && reported->id == id && reported->span.source == span.source &&
        reported->span.start == span.start)
      return true;
  }
  return false;
}

/* What is not kept is written into `discarded`, so that callers need not ask whether theirs was. */
static Diagnostic *discard(Diagnostics *diagnostics, DiagnosticId id, SourceSpan span) {
  diagnostics->discarded = (Diagnostic){.id = id, .severity = kinds[id].severity, .span = span};
  return &diagnostics->discarded;
}

Diagnostic *diagnose(Diagnostics *diagnostics, DiagnosticId id, SourceSpan span, const char *format,
                     ...) {
  if (already_reported(diagnostics, id, span)) return discard(diagnostics, id, span);
  *(kinds[id].severity == SEVERITY_ERROR ? &diagnostics->errors : &diagnostics->warnings) += 1;
  if (diagnostics->list.count >= LIMIT_DIAGNOSTICS) {
    diagnostics->dropped++;
    return discard(diagnostics, id, span);
  }
  Diagnostic *diagnostic = ARENA_NEW(diagnostics->arena, Diagnostic);
  *diagnostic = (Diagnostic){.id = id, .severity = kinds[id].severity, .span = span};
  va_list arguments;
  va_start(arguments, format);
  diagnostic->message = text_of(arena_format_list(diagnostics->arena, format, arguments));
  va_end(arguments);
  LIST_PUSH(diagnostics->arena, diagnostics->list, diagnostic);
  return diagnostic;
}

void diagnostic_expect(Diagnostics *diagnostics, Diagnostic *diagnostic, const char *format, ...) {
  if (diagnostic == &diagnostics->discarded) return;
  va_list arguments;
  va_start(arguments, format);
  diagnostic->expected = text_of(arena_format_list(diagnostics->arena, format, arguments));
  va_end(arguments);
}

void diagnostic_nearest(Diagnostics *diagnostics, Diagnostic *diagnostic, Text word,
                        const Text *candidates, uint32_t count) {
  if (diagnostic == &diagnostics->discarded) return;
  int nearest = text_nearest(word, candidates, count);
  if (nearest >= 0) diagnostic->nearest = text_copy(diagnostics->arena, candidates[nearest]);
}

void diagnostic_note(Diagnostics *diagnostics, Diagnostic *diagnostic, SourceSpan span,
                     const char *format, ...) {
  if (diagnostic == &diagnostics->discarded) return;
  DiagnosticNote *note = ARENA_NEW(diagnostics->arena, DiagnosticNote);
  note->span = span;
  va_list arguments;
  va_start(arguments, format);
  note->message = text_of(arena_format_list(diagnostics->arena, format, arguments));
  va_end(arguments);
  DiagnosticNote **last = &diagnostic->notes;
  while (*last) last = &(*last)->next;
  *last = note;
}

/* Those about no file come first: they say why others are missing. */
static int compare_places(const Diagnostic *a, const Diagnostic *b) {
  if (!a->span.source || !b->span.source)
    return (a->span.source != NULL) - (b->span.source != NULL);
  int order = text_compare(a->span.source->name, b->span.source->name);
  return order ? order : (a->span.start > b->span.start) - (a->span.start < b->span.start);
}

/* By insertion: there are at most LIMIT_DIAGNOSTICS, nearly in order, and what is reported of one
 * place stays in the order it was reported.
 */
void diagnostics_sort(Diagnostics *diagnostics) {
  Diagnostic **items = diagnostics->list.items;
  for (uint32_t i = 1; i < diagnostics->list.count; i++) {
    Diagnostic *moving = items[i];
    uint32_t to = i;
    for (; to > 0 && compare_places(items[to - 1], moving) > 0; to--) items[to] = items[to - 1];
    items[to] = moving;
  }
}

/* Drawing. */

/* C0, DEL and C1 of a hostile source would steer the reader's terminal. */
static bool is_control(Text character) {
  unsigned char first = (unsigned char)character.at[0];
  return first < 0x20 || first == 0x7f ||
         (character.length == 2 && first == 0xc2 && (unsigned char)character.at[1] < 0xa0);
}

/* One column for every character: tabs become a space, what cannot be shown U+FFFD. */
static void write_visible(Buffer *out, Text text) {
  bool valid;
  for (uint32_t at = 0, length; at < text.length; at += length) {
    length = text_next(text, at, &valid);
    Text character = {text.at + at, length};
    if (length == 1 && text.at[at] == '\t') {
      buffer_character(out, ' ');
    } else if (!valid || is_control(character)) {
      buffer_string(out, "\xef\xbf\xbd");
    } else {
      buffer_text(out, character);
    }
  }
}

static void write_place(Buffer *out, SourceSpan span) {
  if (!span.source) return;
  write_visible(out, span.source->name);
  if (!span.source->text.at) {
    buffer_string(out, ": ");
    return;
  }
  uint32_t line, column;
  source_position(span.source, span.start, &line, &column);
  buffer_format(out, ":%u:%u: ", line, column);
}

/* A line is shown whole unless it is a monster; then only the surroundings of the span are, and
 * "..." says so. In bytes. */
#define EXCERPT_BEFORE 100
#define EXCERPT_AFTER 120

static bool inside_character(const Source *source, uint32_t at) {
  return at < source->text.length && ((unsigned char)source->text.at[at] & 0xc0) == 0x80;
}

typedef struct Excerpt {
  uint32_t start, end; /* what is shown of the line */
  uint32_t mark, mark_end;
  bool cut_before, cut_after;
} Excerpt;

static Excerpt excerpt_of(SourceSpan span) {
  const Source *source = span.source;
  uint32_t mark = clamped_offset(source, span.start), start = line_start(source, mark),
           end = line_end(source, mark);
  if (end > start && end > mark && source->text.at[end - 1] == '\r') end--;
  Excerpt excerpt = {start, end, mark, clamped_offset(source, span.end), false, false};
  if (mark - start > EXCERPT_BEFORE) {
    excerpt.cut_before = true;
    excerpt.start = mark - EXCERPT_BEFORE;
    for (int i = 0; i < 3 && inside_character(source, excerpt.start); i++) excerpt.start++;
  }
  if (end - mark > EXCERPT_AFTER) {
    excerpt.cut_after = true;
    excerpt.end = mark + EXCERPT_AFTER;
    for (int i = 0; i < 3 && inside_character(source, excerpt.end); i++) excerpt.end--;
  }
  if (excerpt.mark_end > excerpt.end) excerpt.mark_end = excerpt.end;
  if (excerpt.mark_end < excerpt.mark) excerpt.mark_end = excerpt.mark;
  return excerpt;
}

static void write_repeated(Buffer *out, char character, uint32_t count) {
  while (count-- > 0) buffer_character(out, character);
}

static void write_excerpt(Buffer *out, SourceSpan span) {
  if (!span.source || !span.source->text.at) return;
  Excerpt excerpt = excerpt_of(span);
  uint32_t line, column;
  source_position(span.source, span.start, &line, &column);
  buffer_format(out, "%5u | %s", line, excerpt.cut_before ? "..." : "");
  write_visible(out, slice(span.source, excerpt.start, excerpt.end));
  buffer_string(out, excerpt.cut_after ? "...\n" : "\n");
  uint32_t width = count_characters(slice(span.source, excerpt.mark, excerpt.mark_end));
  buffer_string(out, "      | ");
  write_repeated(out, ' ',
                 (excerpt.cut_before ? 3 : 0) +
                     count_characters(slice(span.source, excerpt.start, excerpt.mark)));
  write_repeated(out, '^', width ? width : 1);
  buffer_character(out, '\n');
}

static void write_one(Buffer *out, const Diagnostic *diagnostic) {
  write_place(out, diagnostic->span);
  buffer_format(out, "%s[%s]: ", diagnostic->severity == SEVERITY_ERROR ? "error" : "warning",
                diagnostic_code(diagnostic->id));
  write_visible(out, diagnostic->message);
  buffer_character(out, '\n');
  write_excerpt(out, diagnostic->span);
  if (diagnostic->expected.length) {
    buffer_string(out, "      = expected: ");
    write_visible(out, diagnostic->expected);
    buffer_character(out, '\n');
  }
  if (diagnostic->nearest.length) {
    buffer_string(out, "      = nearest: `");
    write_visible(out, diagnostic->nearest);
    buffer_string(out, "`\n");
  }
  for (const DiagnosticNote *note = diagnostic->notes; note; note = note->next) {
    write_place(out, note->span);
    buffer_string(out, "note: ");
    write_visible(out, note->message);
    buffer_character(out, '\n');
  }
}

void diagnostics_write(Buffer *out, const Diagnostics *diagnostics) {
  for (uint32_t i = 0; i < diagnostics->list.count; i++) write_one(out, diagnostics->list.items[i]);
  if (diagnostics->dropped) {
    buffer_format(out, "error[%s]: %u more not shown\n",
                  diagnostic_code(DIAGNOSTIC_TOO_MANY_DIAGNOSTICS), diagnostics->dropped);
  }
}
