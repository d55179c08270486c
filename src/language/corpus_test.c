/* corpus_test: the files of tests/ against the language.
 *
 *     tests/bad/syntax/  each file must give exactly the diagnostics that its comments state:
 *                        `# expect: L201 column 9` on the line, several joined by `, `. A file
 *                        that cannot have comments (it is empty) states them in its name:
 *                        `L217.licet`
 *     policies/,         must parse without a word, and formatting them must be idempotent and
 *     tests/good/        keep every token
 *
 * Run from the repository's root, or give the root as the first argument.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "language/format.h"
#include "language/lex.h"
#include "language/parse.h"

static const char *root = ".";

typedef LIST(const char *) Paths;

/* ---- Files ---- */

static bool ends_in(const char *path, const char *ending) {
  size_t length = strlen(path), tail = strlen(ending);
  return length >= tail && strcmp(path + length - tail, ending) == 0;
}

static void collect(Arena *arena, const char *folder, Paths *paths) {
  DIR *directory = opendir(folder);
  if (!directory) return;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (entry->d_name[0] == '.') continue;
    const char *path = arena_format(arena, "%s/%s", folder, entry->d_name);
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
      collect(arena, path, paths);
    } else if (ends_in(path, ".licet")) {
      LIST_PUSH(arena, *paths, path);
    }
  }
  closedir(directory);
}

static Source read_source(Arena *arena, const char *path) {
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  struct stat status;
  assert_int_equal(stat(path, &status), 0);
  char *bytes = arena_allocate(arena, (size_t)status.st_size + 1);
  size_t length = fread(bytes, 1, (size_t)status.st_size, file);
  fclose(file);
  return (Source){text_of(path), {bytes, (uint32_t)length}};
}

/* ---- Bad files: what is predicted against what comes out ---- */

/* Both sides are written as lines "12 L201 9" (line, id, column) in the order of the file, so that
 * a failure shows the difference.
 */
static void foretell_line(Buffer *out, const char *line, size_t length, uint32_t number) {
  static const char marker[] = "# expect: ";
  for (size_t i = 0; i + sizeof marker - 1 <= length; i++) {
    if (memcmp(line + i, marker, sizeof marker - 1) != 0) continue;
    char expected[512];
    snprintf(expected, sizeof expected, "%.*s", (int)(length - i - (sizeof marker - 1)),
             line + i + sizeof marker - 1);
    for (char *item = strtok(expected, ","); item; item = strtok(NULL, ",")) {
      char id[8];
      unsigned column;
      if (sscanf(item, " %7s column %u", id, &column) == 2)
        buffer_format(out, "%u %s %u\n", number, id, column);
    }
    return;
  }
}

static const char *foretold_by_comments(Arena *arena, const Source *source) {
  Buffer out;
  buffer_open(&out, arena, 256);
  uint32_t number = 1;
  for (uint32_t start = 0; start < source->text.length; number++) {
    const char *newline = memchr(source->text.at + start, '\n', source->text.length - start);
    uint32_t end = newline ? (uint32_t)(newline - source->text.at) : source->text.length;
    foretell_line(&out, source->text.at + start, end - start, number);
    start = end + 1;
  }
  return buffer_finish(&out);
}

static const char *reported(Arena *arena, Diagnostics *diagnostics) {
  Buffer out;
  buffer_open(&out, arena, 256);
  diagnostics_sort(diagnostics);
  for (uint32_t i = 0; i < diagnostics->list.count; i++) {
    const Diagnostic *diagnostic = diagnostics->list.items[i];
    uint32_t line, column;
    source_position(diagnostic->span.source, diagnostic->span.start, &line, &column);
    buffer_format(&out, "%u %s %u\n", line, diagnostic_code(diagnostic->id), column);
  }
  return buffer_finish(&out);
}

/* The file's name is "L217.licet" or "L217-more.licet": its one diagnostic, wherever it stands. */
static bool foretold_by_name(const char *path, const Diagnostics *diagnostics) {
  const char *name = strrchr(path, '/') + 1;
  return diagnostics->list.count == 1 &&
         strncmp(name, diagnostic_code(diagnostics->list.items[0]->id), 4) == 0;
}

/* Whether the file gives what it states; prints both where not. */
static bool check_bad_file(const char *path) {
  Arena arena;
  arena_open(&arena);
  Source source = read_source(&arena, path);
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, &arena);
  parse_file(&source, &arena, &arena, &diagnostics);
  const char *expected = foretold_by_comments(&arena, &source),
             *came_out = reported(&arena, &diagnostics);
  bool fits = expected[0] ? strcmp(expected, came_out) == 0 : foretold_by_name(path, &diagnostics);
  if (!fits) print_error("%s\nforetold:\n%scame out:\n%s", path, expected, came_out);
  arena_close(&arena);
  return fits;
}

static void every_bad_file_gives_exactly_the_diagnostics_it_foretells(void **state) {
  (void)state;
  Arena arena;
  arena_open(&arena);
  Paths paths = {0};
  collect(&arena, arena_format(&arena, "%s/tests/bad/syntax", root), &paths);
  assert_true(paths.count > 0);
  uint32_t wrong = 0;
  for (uint32_t i = 0; i < paths.count; i++) wrong += check_bad_file(paths.items[i]) ? 0 : 1;
  arena_close(&arena);
  assert_int_equal(wrong, 0);
}

/* ---- Good files ---- */

static void check_good_file(const char *path) {
  Arena arena;
  arena_open(&arena);
  Source source = read_source(&arena, path);
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, &arena);
  parse_file(&source, &arena, &arena, &diagnostics);
  Buffer out;
  buffer_open(&out, &arena, 256);
  diagnostics_write(&out, &diagnostics);
  if (diagnostics.errors > 0) fail_msg("%s", buffer_finish(&out));
  arena_close(&arena);
}

static Source formatted(Arena *arena, const Source *source, Diagnostics *diagnostics) {
  Buffer *out = ARENA_NEW(arena, Buffer);
  buffer_open(out, arena, source->text.length + 1);
  assert_true(format_source(source, arena, diagnostics, out));
  buffer_finish(out);
  return (Source){source->name, {out->at, (uint32_t)out->length}};
}

static void check_same_tokens(const TokenList *a, const TokenList *b) {
  if (a->count != b->count)
    fail_msg("%.*s: formatting changed the number of tokens", (int)a->source->name.length,
             a->source->name.at);
  for (uint32_t i = 0; i < a->count; i++) {
    const Token *left = &a->items[i], *right = &b->items[i];
    Text left_text = {a->source->text.at + left->start, left->end - left->start};
    Text right_text = {b->source->text.at + right->start, right->end - right->start};
    bool is_same = left->kind == right->kind && text_equal(left_text, right_text);
    if (!is_same)
      fail_msg("%.*s:%u: formatting changed a token", (int)a->source->name.length,
               a->source->name.at, left->line);
  }
}

static void check_formatting(const char *path) {
  Arena arena;
  arena_open(&arena);
  Diagnostics diagnostics;
  diagnostics_open(&diagnostics, &arena);
  Source source = read_source(&arena, path);
  Source once = formatted(&arena, &source, &diagnostics),
         twice = formatted(&arena, &once, &diagnostics);
  if (!text_equal(once.text, twice.text))
    fail_msg("%s: formatting twice is not formatting once", path);
  TokenList before = lex(&source, &arena, &diagnostics), after = lex(&once, &arena, &diagnostics);
  check_same_tokens(&before, &after);
  arena_close(&arena);
}

static void for_every_good_file(void (*check)(const char *path)) {
  Arena arena;
  arena_open(&arena);
  Paths paths = {0};
  collect(&arena, arena_format(&arena, "%s/policies", root), &paths);
  collect(&arena, arena_format(&arena, "%s/tests/good", root), &paths);
  assert_true(paths.count > 0);
  for (uint32_t i = 0; i < paths.count; i++) check(paths.items[i]);
  arena_close(&arena);
}

static void every_good_file_parses_without_a_diagnostic(void **state) {
  (void)state;
  for_every_good_file(check_good_file);
}

static void formatting_is_idempotent_and_keeps_every_token(void **state) {
  (void)state;
  for_every_good_file(check_formatting);
}

int main(int argc, char **argv) {
  if (argc > 1) root = argv[1];
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_bad_file_gives_exactly_the_diagnostics_it_foretells),
      cmocka_unit_test(every_good_file_parses_without_a_diagnostic),
      cmocka_unit_test(formatting_is_idempotent_and_keeps_every_token),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
