/* clocks: see clocks.h. Choosing is a walk over a table's rules: there are tens. The invariant:
 * what is open has passed its checks, so a case has one rule on every day. */
#include "clocks/clocks.h"

#include <stdio.h>

#include "base/limits.h"
#include "base/unreachable.h"

/* ---- Opening ---- */

static bool read_source(Clocks *clocks, const char *path) {
  FILE *file = fopen(path, "rb");
  clocks->source.name = text_of(arena_format(&clocks->arena, "%s", path));
  if (file == NULL) return false;
  char *at = arena_allocate_raw(&clocks->arena, LIMIT_SOURCE_BYTES + 1);
  const size_t length = fread(at, 1, LIMIT_SOURCE_BYTES, file);
  const bool is_read = !ferror(file);
  fclose(file);
  at[length] = '\0';
  if (is_read) clocks->source.text = (Text){at, (uint32_t)length};
  return is_read;
}

typedef struct Opening {
  const char *path;
  Clocks *clocks;
  Diagnostics diagnostics;
} Opening;

static void open_file(void *context) {
  Opening *opening = context;
  Clocks *clocks = opening->clocks;
  Diagnostics *diagnostics = &opening->diagnostics;
  diagnostics_open(diagnostics, &clocks->arena);
  const SourceSpan whole = {&clocks->source, 0, 0};
  if (!read_source(clocks, opening->path)) {
    diagnose(diagnostics, DIAGNOSTIC_UNREADABLE_FILE, whole, "the file of clocks cannot be read");
    return;
  }
  if (clocks->source.text.length == LIMIT_SOURCE_BYTES) {
    diagnose(diagnostics, DIAGNOSTIC_SOURCE_TOO_LARGE, whole, "the file is too large");
    return;
  }
  clocks_read(clocks, diagnostics);
  if (diagnostics->errors == 0) clocks_check(clocks, diagnostics);
}

/* Copied, since the file's own memory may go. */
static const char *written(Arena *arena, Diagnostics *diagnostics) {
  Buffer out;
  diagnostics_sort(diagnostics);
  buffer_open(&out, arena, 1024);
  diagnostics_write(&out, diagnostics);
  return buffer_finish(&out);
}

Clocks *clocks_open(const char *path, Arena *arena, const char **report) {
  Clocks *clocks = memory_allocate(sizeof *clocks);
  if (clocks == NULL) arena_exhaust(arena);
  memset(clocks, 0, sizeof *clocks);
  arena_open(&clocks->arena);
  Opening opening = {.path = path, .clocks = clocks};
  const bool is_done = arena_attempt(&clocks->arena, open_file, &opening);
  *report = is_done ? written(arena, &opening.diagnostics) : "";
  if (is_done && opening.diagnostics.errors == 0) return clocks;
  clocks_close(clocks);
  if (!is_done) arena_exhaust(arena);
  return NULL;
}

void clocks_close(Clocks *clocks) {
  if (clocks == NULL) return;
  arena_close(&clocks->arena);
  memory_free(clocks);
}

/* ---- Choosing ---- */

static Words word_of(Selector selector, Text text) {
  const int number = selector_find(selector, text);
  return (Words)1 << (number >= 0 ? number : WORD_ELSEWHERE);
}

static bool takes(const ClockRule *rule, const Words *words, Date day) {
  if (rule->is_off || !rule_is_in_force(rule, day)) return false;
  for (Selector selector = 0; selector < SELECTOR_COUNT; selector++)
    if ((rule->takes[selector] & words[selector]) == 0) return false;
  return true;
}

const ClockRule *clocks_choose(const Clocks *clocks, ClockTable table, const Selection *selection) {
  const ClockRules *rules = &clocks->tables[table];
  const ClockRule *best = NULL;
  Words words[SELECTOR_COUNT];
  for (Selector selector = 0; selector < SELECTOR_COUNT; selector++)
    words[selector] = word_of(selector, selection->words[selector]);
  for (uint32_t i = 0; i < rules->count; i++) {
    const ClockRule *rule = &rules->items[i];
    if (takes(rule, words, selection->day) && (best == NULL || rule->named > best->named))
      best = rule;
  }
  return best;
}

/* ---- Due times ---- */

#define HOUR_MS INT64_C(3600000)

int64_t clocks_due(const Clocks *clocks, ClockTime time, int64_t starts) {
  switch (time.unit) {
    case CLOCK_NONE:
      return 0;
    case CLOCK_HOURS:
      return starts + (int64_t)time.count * HOUR_MS;
    case CLOCK_DAYS:
      return zone_day_end(&clocks->zone, zone_day(&clocks->zone, starts) + (Date)time.count);
  }
  UNREACHABLE();
}

int64_t clocks_extended(const Clocks *clocks, int64_t due, uint32_t days) {
  return clocks_due(clocks, (ClockTime){CLOCK_DAYS, days}, due);
}
